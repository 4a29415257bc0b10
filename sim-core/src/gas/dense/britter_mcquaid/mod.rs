//! Screening of heavy gas by the curves of Britter and McQuaid's workbook.
//!
//! Everything is one number: how strongly the gas weighs against the wind. [`Plume`]
//! reads the distance of a lasting release from it, [`Puff`] that of a sudden one, and
//! [`DenseRelease::largest_fraction`] takes the one that fits the duration, or both.
//! The curves are drawn through experiments, so they hold averages of about ten
//! minutes near the ground; surface roughness, obstacles, slopes and the height of a
//! receptor are not in them. A liquefied gas is first mixed with the air that dries its
//! drops ([`Drops`]). On trials of LNG the model says two to six times too much on average: a
//! screening, not a forecast; but where it takes a release for a puff it may also say too little.
//!
//! # Source
//! brittermcquaid1988 and ccps1999, neither of which was opened: curves and formulas
//! are second-hand after the digitised ones of a public library (gasdispersion), in whose
//! tests the worked examples of both books come out.

mod curves;
mod dried;
mod plume;
mod puff;

pub use curves::{ALPHA_RANGE, Curve, PLUME_CURVES, PUFF_CURVES};
pub use dried::Drops;
pub use plume::Plume;
pub use puff::Puff;

use crate::gas::validity::BRITTER_MCQUAID_THRESHOLD;
use crate::units::GRAVITY;

/// Number of Britter and McQuaid from which a sudden release is dense.
///
/// # Source
/// Second-hand after brittermcquaid1988 (remembered; the sources that could be opened do not print it).
pub const DENSE_PUFF_THRESHOLD: f64 = 0.20;

/// u t/x from which a release counts as lasting.
///
/// # Source
/// ccps1999, as quoted by a public page.
pub const LASTING: f64 = 2.5;

/// u t/x up to which a release counts as sudden.
///
/// # Source
/// Second-hand after ccps1999 (remembered).
pub const SUDDEN: f64 = 0.6;

/// What is set free at the ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DenseRelease {
    /// Volume set free per second at the source's temperature and the air's pressure, m³/s.
    pub flow: f64,
    /// Density of it there, kg/m³.
    pub density: f64,
    /// Its temperature, K.
    pub temperature: f64,
    /// Volume fraction of the substance in it: 1, or less where air has been drawn in before.
    pub fraction: f64,
    /// How long it lasts, s; infinite where it does not end.
    pub duration: f64,
}

/// The air into which it is set free.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScreeningAir {
    /// Wind at 10 m, m/s, above zero.
    pub wind: f64,
    /// Density, kg/m³.
    pub density: f64,
    /// Temperature, K.
    pub temperature: f64,
}

/// Whether a release is a plume or a puff where the observer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regime {
    /// It lasts much longer than the gas is under way.
    Plume,
    /// Neither: both are computed and the larger fraction is taken.
    Between,
    /// It is over long before the gas arrives.
    Puff,
}

/// Whether a release is a plume or a puff at a distance, by u t/x.
///
/// # Units
/// - `wind`: at 10 m, m/s; `duration`: s; `distance`: m
///
/// # Source
/// ccps1999: plume from 2.5, puff up to 0.6 ([`LASTING`], [`SUDDEN`]).
///
/// # Example
/// ```
/// use sim_core::gas::dense::britter_mcquaid::{Regime, regime};
/// // 10.9 m/s for 174 s over 367 m: 5.2.
/// assert_eq!(regime(10.9, 174.0, 367.0), Regime::Plume);
/// assert_eq!(regime(2.0, 10.0, 100.0), Regime::Puff);
/// ```
pub fn regime(wind: f64, duration: f64, distance: f64) -> Regime {
    let ratio = wind * duration / distance;
    if ratio >= LASTING {
        Regime::Plume
    } else if ratio <= SUDDEN {
        Regime::Puff
    } else {
        Regime::Between
    }
}

/// Volume fraction of a gas that was released cold, from the curve's fraction, which knows no temperature.
///
/// $$ c = \frac{c'}{c' + (1-c')\,T_0/T_a} $$
///
/// The curve tells how much air joins a volume of source gas. Cold gas holds more
/// moles in that volume than the air does, in the ratio of the temperatures upside down; where both have the
/// same molar heat, volumes add up on mixing. With T0/Ta upside down, as some books
/// print it, a cold gas would be thinner than a warm one.
///
/// # Units
/// - fractions by volume; `source_temperature`, `air_temperature`: K
///
/// # Source
/// ccps1999 (derived anew: it is an identity of moles).
///
/// # Example
/// ```
/// use sim_core::gas::dense::britter_mcquaid::cold_fraction;
/// // LNG vapour at 111 K in air at 298 K: 1.92 % of the curve are 5 % of methane.
/// assert!((cold_fraction(0.0192, 111.0, 298.0) - 0.05).abs() < 2e-4);
/// ```
pub fn cold_fraction(curve_fraction: f64, source_temperature: f64, air_temperature: f64) -> f64 {
    let air_moles = (1.0 - curve_fraction) * source_temperature / air_temperature;
    curve_fraction / (curve_fraction + air_moles)
}

/// The curve's fraction for a volume fraction of a gas that was released cold: [`cold_fraction`] upside down.
///
/// # Example
/// ```
/// use sim_core::gas::dense::britter_mcquaid::{cold_fraction, curve_fraction};
/// assert!((curve_fraction(cold_fraction(0.1, 111.0, 298.0), 111.0, 298.0) - 0.1).abs() < 1e-12);
/// ```
pub fn curve_fraction(fraction: f64, source_temperature: f64, air_temperature: f64) -> f64 {
    cold_fraction(fraction, air_temperature, source_temperature)
}

impl DenseRelease {
    /// Reduced gravity of the source, g (ρ0 − ρa)/ρa, m/s²; negative for a light gas.
    pub fn reduced_gravity(&self, air: &ScreeningAir) -> f64 {
        GRAVITY * (self.density - air.density) / air.density
    }

    /// True where the gas weighs enough against the wind for the curves of a plume to be those of a heavy gas.
    ///
    /// $$ \left(\frac{g'_0\,q_0}{u_{10}^3 D}\right)^{1/3} \ge 0.15, \qquad D = \sqrt{q_0/u_{10}} $$
    ///
    /// # Source
    /// brittermcquaid1988; ccps1999 equation 2.66.
    pub fn is_dense_plume(&self, air: &ScreeningAir) -> bool {
        let length = (self.flow / air.wind).sqrt();
        let ratio = self.reduced_gravity(air) * self.flow / (air.wind.powi(3) * length);
        ratio.cbrt() >= BRITTER_MCQUAID_THRESHOLD
    }

    /// The same for a puff: $\sqrt{g'_0 V_0}/(u_{10} V_0^{1/3}) \ge 0.20$ ([`DENSE_PUFF_THRESHOLD`]).
    pub fn is_dense_puff(&self, air: &ScreeningAir) -> bool {
        let volume = self.flow * self.duration;
        let spreading = (self.reduced_gravity(air).max(0.0) * volume).sqrt();
        spreading / (air.wind * volume.cbrt()) >= DENSE_PUFF_THRESHOLD
    }

    /// Largest volume fraction of the substance at a distance, by the plume, by the puff, or the larger of both.
    ///
    /// Where the regime changes the value steps, down by a factor of up to four and sometimes up: the curves of
    /// plumes and puffs do not meet. Who wants the safe side asks the [`Plume`] everywhere.
    ///
    /// # Units
    /// - `distance`: downwind of the source's middle, m, above zero; near the ground, mean of about ten minutes
    ///
    /// # Source
    /// ccps1999 ([`regime`]; that both are computed in between is remembered).
    pub fn largest_fraction(&self, air: &ScreeningAir, distance: f64) -> f64 {
        let lasting = || Plume::of(self, air).fraction(distance);
        let sudden = || Puff::of(self, air).fraction(distance);
        match regime(air.wind, self.duration, distance) {
            Regime::Plume => lasting(),
            Regime::Puff => sudden(),
            Regime::Between => lasting().max(sudden()),
        }
    }
}

/// Fractions over scaled distances: points joined by straight lines over the logarithm of the
/// distance, and a decay with the square of the distance behind the last one.
#[derive(Debug, Clone, PartialEq)]
struct Decay {
    /// Scaled distance and fraction; distances grow, fractions fall.
    nodes: Vec<(f64, f64)>,
}

impl Decay {
    /// Fraction at a scaled distance that is not before the first node.
    fn at(&self, scaled: f64) -> f64 {
        let after = self.nodes.partition_point(|node| node.0 <= scaled);
        match (self.nodes.get(after.wrapping_sub(1)), self.nodes.get(after)) {
            (Some(&(from, high)), Some(&(to, low))) => {
                high + (low - high) * (scaled / from).ln() / (to / from).ln()
            }
            (Some(&(last, low)), None) => low * (last / scaled).powi(2),
            (None, next) => next.map_or(0.0, |node| node.1),
        }
    }

    /// Scaled distance at which a fraction that is not above the first node's is reached.
    fn distance_to(&self, fraction: f64) -> f64 {
        let after = self.nodes.partition_point(|node| node.1 > fraction);
        match (self.nodes.get(after.wrapping_sub(1)), self.nodes.get(after)) {
            (Some(&(from, high)), Some(&(to, low))) => {
                from * (to / from).powf((high - fraction) / (high - low))
            }
            (Some(&(last, low)), None) => last * (low / fraction).sqrt(),
            (None, next) => next.map_or(0.0, |node| node.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ccps1999 page 122: LNG on water, 0.23 m³/s of liquid for 174 s in 10.9 m/s.
    pub(super) fn lng() -> (DenseRelease, ScreeningAir) {
        let density = 1.76;
        let flow = 0.23 * 425.6 / density;
        let release = DenseRelease { flow, density, temperature: 111.15, fraction: 1.0, duration: 174.0 };
        (release, ScreeningAir { wind: 10.9, density: 1.184_9, temperature: 298.0 })
    }

    #[test]
    fn mixing_cold_gas_keeps_the_moles_of_both() {
        // One litre of gas at 111 K and three of air at 298 K.
        let (gas, air) = (1.0 / 111.0, 3.0 / 298.0);
        assert!((cold_fraction(0.25, 111.0, 298.0) - gas / (gas + air)).abs() < 1e-12);
        assert_eq!(cold_fraction(0.25, 298.0, 298.0), 0.25);
        assert_eq!((cold_fraction(0.0, 111.0, 298.0), cold_fraction(1.0, 111.0, 298.0)), (0.0, 1.0));
    }

    #[test]
    fn in_between_the_larger_of_plume_and_puff_is_taken() {
        let (release, air) = lng();
        for (distance, expected) in
            [(500.0, Regime::Plume), (1500.0, Regime::Between), (4000.0, Regime::Puff)]
        {
            assert_eq!(regime(air.wind, release.duration, distance), expected);
            let plume = Plume::of(&release, &air).fraction(distance);
            let puff = Puff::of(&release, &air).fraction(distance);
            let found = release.largest_fraction(&air, distance);
            match expected {
                Regime::Plume => assert_eq!(found, plume),
                Regime::Puff => assert_eq!(found, puff),
                Regime::Between => assert_eq!(found, plume.max(puff)),
            }
        }
    }

    #[test]
    fn heavy_gas_in_a_light_wind_is_dense_and_in_a_storm_it_is_not() {
        let (release, air) = lng();
        assert!(release.is_dense_plume(&air) && release.is_dense_puff(&air));
        let storm = ScreeningAir { wind: 80.0, ..air };
        assert!(!release.is_dense_plume(&storm) && !release.is_dense_puff(&storm));
        let light = DenseRelease { density: 0.6, ..release };
        assert!(!light.is_dense_plume(&air) && !light.is_dense_puff(&air));
    }

    #[test]
    fn the_criterion_is_the_one_that_judges_the_passive_plume() {
        let (release, air) = lng();
        for wind in [5.0, 10.9, 20.0, 30.0, 40.0] {
            let air = ScreeningAir { wind, ..air };
            let rate = release.flow * release.density;
            let number =
                crate::gas::validity::britter_mcquaid_number(release.density, air.density, rate, wind);
            assert_eq!(release.is_dense_plume(&air), number >= BRITTER_MCQUAID_THRESHOLD);
        }
    }
}
