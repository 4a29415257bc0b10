//! A sudden release: distances, and the cloud as it drifts and slumps.

use std::f64::consts::PI;

use super::{ALPHA_RANGE, Decay, DenseRelease, PUFF_CURVES, ScreeningAir, cold_fraction};

/// Constant of the near field, c'/c0 = 3.24/(3.24 + (x/V0^(1/3))²).
///
/// # Source
/// brittermcquaid1988, second-hand after gasdispersion.
const NEAR: f64 = 3.24;

/// Share of the wind at 10 m with which the cloud drifts.
///
/// # Source
/// brittermcquaid1988, second-hand after gasdispersion.
const DRIFT: f64 = 0.4;

/// Constant of the slumping, R² = R0² + 1.2 t √(g0' V0).
///
/// # Source
/// brittermcquaid1988, second-hand after gasdispersion.
const SLUMPING: f64 = 1.2;

/// A sudden release of a heavy gas, ready to be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Puff {
    /// Volume at the start, m³.
    pub volume: f64,
    /// The number on which the curves stand, 0.5 log10(g0' V0^(1/3)/u10²).
    pub alpha: f64,
    gravity: f64,
    wind: f64,
    source_fraction: f64,
    temperatures: (f64, f64),
    decay: Decay,
}

impl Puff {
    /// The puff of a release: all of it at once, so that its duration must be finite.
    ///
    /// A gas that is no heavier than the air is taken at the lower end of the curves.
    pub fn of(release: &DenseRelease, air: &ScreeningAir) -> Self {
        let gravity = release.reduced_gravity(air).max(0.0);
        let volume = release.flow * release.duration;
        let alpha = 0.5 * (gravity * volume.cbrt() / (air.wind * air.wind)).log10();
        let curves = PUFF_CURVES.iter().map(|curve| (10_f64.powf(curve.beta(alpha)), curve.fraction));
        Self {
            volume,
            alpha,
            gravity,
            wind: air.wind,
            source_fraction: release.fraction,
            temperatures: (release.temperature, air.temperature),
            decay: Decay { nodes: curves.collect() },
        }
    }

    /// True where α lies where curves were drawn; beyond it the nearer end was taken.
    pub fn is_within_curves(&self) -> bool {
        (ALPHA_RANGE.0..=ALPHA_RANGE.1).contains(&self.alpha)
    }

    /// Volume of source gas per volume of cloud when it comes to a distance.
    ///
    /// Before the first curve $3.24/(3.24+x'^2)$, but not below its 0.1: at the first curve of
    /// a light cloud this is a step of up to 13 %, the safe way.
    fn share(&self, distance: f64) -> f64 {
        let scaled = distance / self.volume.cbrt();
        if scaled <= 0.0 {
            return 1.0;
        }
        let (first, most) = self.decay.nodes[0];
        if scaled < first { (NEAR / (NEAR + scaled * scaled)).max(most) } else { self.decay.at(scaled) }
    }

    /// Largest volume fraction of the substance at a distance while the cloud passes.
    ///
    /// # Units
    /// - `distance`: downwind, m
    ///
    /// # Valid for
    /// α up to 1 ([`Puff::is_within_curves`]); open, level ground.
    ///
    /// # Source
    /// brittermcquaid1988, ccps1999 (see the module's head); [`cold_fraction`] after the curve.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::dense::britter_mcquaid::{DenseRelease, Puff, ScreeningAir};
    /// // 1000 m³ twice as dense as the air, 3 m/s: α = 0.5 log10(9.80665 · 10/9) = 0.519;
    /// // a hundredth of it at 10 m · 10^(−0.38 α + 1.66) = 290 m.
    /// let release = DenseRelease { flow: 1000.0, density: 2.4, temperature: 288.0, fraction: 1.0, duration: 1.0 };
    /// let puff = Puff::of(&release, &ScreeningAir { wind: 3.0, density: 1.2, temperature: 288.0 });
    /// assert!((puff.fraction(290.3) - 0.01).abs() < 1e-5);
    /// ```
    pub fn fraction(&self, distance: f64) -> f64 {
        self.source_fraction * cold_fraction(self.share(distance), self.temperatures.0, self.temperatures.1)
    }

    /// Where the middle of the cloud is after a time, 0.4 u10 t, m.
    pub fn middle(&self, time: f64) -> f64 {
        DRIFT * self.wind * time
    }

    /// Radius of the cloud after a time, m.
    ///
    /// $$ R^2 = R_0^2 + 1.2\,t\,\sqrt{g'_0 V_0}, \qquad R_0 = \left(\frac{3 V_0}{4\pi}\right)^{1/3} $$
    pub fn radius(&self, time: f64) -> f64 {
        let start = (3.0 * self.volume / (4.0 * PI)).cbrt();
        (start * start + SLUMPING * time * (self.gravity * self.volume).sqrt()).sqrt()
    }

    /// Height of the cloud after a time so that no gas is lost, m.
    pub fn height(&self, time: f64) -> f64 {
        let radius = self.radius(time);
        self.volume / (PI * radius * radius * self.share(self.middle(time) + radius))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// brittermcquaid1988: the accident of Potchefstroom, ammonia that has drawn in air.
    fn potchefstroom() -> Puff {
        let release = DenseRelease {
            flow: 7.25e4,
            density: 1.434,
            temperature: 293.15,
            fraction: 1.0 / 16.4,
            duration: 1.0,
        };
        Puff::of(&release, &ScreeningAir { wind: 2.0, density: 1.204_1, temperature: 293.15 })
    }

    #[test]
    fn no_gas_is_lost_as_the_cloud_slumps() {
        let puff = potchefstroom();
        for time in [0.0, 10.0, 124.0, 1396.0] {
            let radius = puff.radius(time);
            let gas = PI * radius * radius * puff.height(time) * puff.share(puff.middle(time) + radius);
            assert!((gas / puff.volume - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn fractions_fall_with_the_distance() {
        let puff = potchefstroom();
        let mut before = puff.fraction(1.0);
        for k in 1..4000 {
            let found = puff.fraction(10_f64.powf(0.0012 * f64::from(k)));
            assert!(found > 0.0 && found <= before, "step {k}");
            before = found;
        }
    }

    #[test]
    fn far_away_the_fraction_falls_with_the_square_of_the_distance() {
        let puff = potchefstroom();
        assert!((puff.fraction(20_000.0) / puff.fraction(40_000.0) - 4.0).abs() < 1e-9);
    }

    #[test]
    fn the_workbooks_accident_comes_out_as_in_a_public_library() {
        let puff = potchefstroom();
        // gasdispersion: at 124 s the front is at 333 m and a tenth of the source's fraction is left.
        let front = puff.middle(124.0) + puff.radius(124.0);
        assert!((front / 333.0 - 1.0).abs() < 0.01, "{front}");
        assert!((puff.fraction(front) - 0.1 / 16.4).abs() < 1e-9);
        // The same at 1396 s: 1.85e-4, at 3200 s (2500 m and the radius): 4.43e-5.
        let at = |time: f64| puff.fraction(puff.middle(time) + puff.radius(time));
        assert!((at(1396.0) / 1.849_76e-4 - 1.0).abs() < 0.01, "{}", at(1396.0));
        assert!((at(3125.0) / (7.26e-4 / 16.4) - 1.0).abs() < 0.01, "{}", at(3125.0));
    }
}
