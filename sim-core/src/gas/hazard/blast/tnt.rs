//! A blast as that of a charge of TNT on the ground.

use crate::error::Result;
use crate::gas::hazard::blast::{Blast, BlastKind};
use crate::gas::hazard::bounds::{Bound, none_of, refuse};

/// The blast of a charge of TNT.
pub struct TntKind;

impl BlastKind for TntKind {
    fn name(&self) -> &'static str {
        "tnt"
    }

    fn meaning(&self) -> &'static str {
        "the blast of the TNT that has a share of the cloud's energy (Kingery and Bulmash, on the ground)"
    }
}

/// Energy of TNT, J/kg.
///
/// # Source
/// chef section 13.4: 4600 kJ/kg. Other works have 4184 to 4680.
pub const TNT_ENERGY: f64 = 4.6e6;

/// A charge of TNT on the ground, and the blast of its half sphere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tnt {
    /// Mass, kg.
    pub mass: f64,
}

/// One stretch of a curve: up to which scaled distance it holds, and its coefficients.
type Stretch = (f64, [f64; 7]);

/// Metric fits ln y = Σ a_i (ln Z)^i; Z in m/kg^(1/3).
///
/// # Source
/// swisdak1994, as in kingerybulmash: incident pressure in kPa, impulse in kPa ms/kg^(1/3),
/// duration of the positive phase and arrival in ms/kg^(1/3).
const PRESSURE: (f64, [Stretch; 3]) = (
    0.2,
    [
        (2.9, [7.2106, -2.1069, -0.3229, 0.1117, 0.0685, 0.0, 0.0]),
        (23.8, [7.5938, -3.0523, 0.40977, 0.0261, -0.01267, 0.0, 0.0]),
        (198.5, [6.0536, -1.4066, 0.0, 0.0, 0.0, 0.0, 0.0]),
    ],
);

const IMPULSE: (f64, [Stretch; 4]) = (
    0.2,
    [
        (0.96, [5.522, 1.117, 0.6, -0.292, -0.087, 0.0, 0.0]),
        (2.38, [5.465, -0.308, -1.464, 1.362, -0.432, 0.0, 0.0]),
        (33.7, [5.2749, -0.4677, -0.2499, 0.0588, -0.00554, 0.0, 0.0]),
        (158.7, [5.9825, -1.062, 0.0, 0.0, 0.0, 0.0, 0.0]),
    ],
);

const DURATION: (f64, [Stretch; 3]) = (
    0.2,
    [
        (1.02, [0.5426, 3.2299, -1.5931, -5.9667, -4.0815, -0.9149, 0.0]),
        (2.8, [0.5440, 2.7082, -9.7354, 14.3425, -9.7791, 2.8535, 0.0]),
        (40.0, [-2.4608, 7.1639, -5.6215, 2.2711, -0.44994, 0.03486, 0.0]),
    ],
);

const ARRIVAL: (f64, [Stretch; 2]) = (
    0.06,
    [
        (1.5, [-0.7604, 1.8058, 0.1257, -0.0437, -0.0310, -0.00669, 0.0]),
        (40.0, [-0.7137, 1.5732, 0.5561, -0.4213, 0.1054, -0.00929, 0.0]),
    ],
);

/// The value of a fit; nothing outside its scaled distances.
fn fit(start: f64, stretches: &[Stretch], scaled: f64) -> Option<f64> {
    if scaled < start {
        return None;
    }
    let coefficients = stretches.iter().find(|stretch| scaled <= stretch.0)?.1;
    let log = scaled.ln();
    Some(coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * log + coefficient).exp())
}

impl Tnt {
    /// The charge that has a share of a cloud's heat of combustion.
    ///
    /// $$ W = \frac{\eta\, m\, \Delta H_c}{\Delta H_{TNT}} $$
    ///
    /// # Units
    /// - `fuel`: mass of gas that takes part, kg; `heat_of_combustion`: J/kg
    /// - `yield_share`: 0.01 to 0.1 for most clouds that exploded
    ///
    /// # Valid for
    /// Far away: a cloud does not burst like TNT, and near it the method overrates the
    /// pressure many times.
    ///
    /// # Errors
    /// E4540 a value out of range.
    ///
    /// # Source
    /// ccps2000 (yields of 1 to 10 %, as quoted by A. Farrell); chef section 13.4.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::hazard::blast::{Blast, tnt::Tnt};
    /// // chef section 13.4: 1e6 kJ are 217 kg of TNT and give 1 psi (6.9 kPa) at 108 m.
    /// let charge = Tnt::equivalent(1.0, 1e9, 1.0)?;
    /// assert!((charge.mass - 217.0).abs() < 0.5);
    /// assert!((charge.overpressure(108.0).expect("on the curve") / 6895.0 - 1.0).abs() < 0.03);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn equivalent(fuel: f64, heat_of_combustion: f64, yield_share: f64) -> Result<Self> {
        let bounds = [
            Bound::above("mass of gas", fuel, 0.0, 1e9, "kg"),
            Bound::above("heat of combustion", heat_of_combustion, 0.0, 2e9, "J/kg"),
            Bound::above("yield", yield_share, 0.0, 1.0, ""),
        ];
        none_of(refuse(4540, &bounds, "check the unit; the yield is a share of 1"))?;
        Ok(Self { mass: yield_share * fuel * heat_of_combustion / TNT_ENERGY })
    }

    fn scaled(&self, distance: f64) -> f64 {
        distance / self.mass.cbrt()
    }

    /// Impulse of the positive phase, Pa s; nothing outside 0.2 to 158.7 m/kg^(1/3).
    pub fn impulse(&self, distance: f64) -> Option<f64> {
        // kPa ms is Pa s.
        Some(fit(IMPULSE.0, &IMPULSE.1, self.scaled(distance))? * self.mass.cbrt())
    }

    /// Duration of the positive phase, s; nothing outside 0.2 to 40 m/kg^(1/3).
    pub fn duration(&self, distance: f64) -> Option<f64> {
        Some(fit(DURATION.0, &DURATION.1, self.scaled(distance))? * self.mass.cbrt() * MILLI)
    }

    /// Time at which the wave arrives, s; nothing outside 0.06 to 40 m/kg^(1/3).
    pub fn arrival(&self, distance: f64) -> Option<f64> {
        Some(fit(ARRIVAL.0, &ARRIVAL.1, self.scaled(distance))? * self.mass.cbrt() * MILLI)
    }
}

/// Seconds in a millisecond, kilopascals to pascals by its inverse.
const MILLI: f64 = 1e-3;

impl Blast for Tnt {
    fn overpressure(&self, distance: f64) -> Option<f64> {
        Some(fit(PRESSURE.0, &PRESSURE.1, self.scaled(distance))? / MILLI)
    }

    fn distances(&self) -> (f64, f64) {
        let scale = self.mass.cbrt();
        (PRESSURE.0 * scale, PRESSURE.1[2].0 * scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KILOGRAM: Tnt = Tnt { mass: 1.0 };

    #[test]
    fn the_pressure_falls_all_the_way_and_its_stretches_meet() {
        let mut last = f64::INFINITY;
        let mut scaled = 0.2;
        while scaled < 198.0 {
            let value = KILOGRAM.overpressure(scaled).expect("on the curve");
            assert!(value < last * 1.002, "{scaled}");
            last = value;
            scaled *= 1.01;
        }
        for end in [2.9, 23.8] {
            let (below, above) = (KILOGRAM.overpressure(end), KILOGRAM.overpressure(end * (1.0 + 1e-9)));
            assert!((below.expect("inside") / above.expect("inside") - 1.0).abs() < 0.02, "{end}");
        }
    }

    #[test]
    fn eight_times_the_charge_reaches_twice_as_far() {
        let heavy = Tnt { mass: 8.0 };
        for distance in [1.0, 5.0, 50.0] {
            let (near, far) = (KILOGRAM.overpressure(distance), heavy.overpressure(2.0 * distance));
            assert!((near.expect("inside") / far.expect("inside") - 1.0).abs() < 1e-12);
            assert!(
                (2.0 * KILOGRAM.impulse(distance).expect("inside")
                    / heavy.impulse(2.0 * distance).expect("inside")
                    - 1.0)
                    .abs()
                    < 1e-12
            );
        }
    }

    #[test]
    fn the_published_table_is_met() {
        // swisdak1994, metric table: scaled distance, arrival ms, pressure kPa, duration ms, impulse kPa ms.
        let table = [
            (0.5, 0.143, 4888.0, 0.281, 166.2),
            (1.0, 0.467, 1354.0, 1.72, 236.3),
            (2.0, 1.693, 283.7, 2.053, 134.6),
            (5.0, 8.242, 43.23, 3.793, 59.31),
            (10.0, 21.66, 14.89, 4.779, 31.04),
            (20.0, 49.93, 6.102, 5.94, 15.89),
            (40.0, 107.8, 2.375, 7.162, 7.885),
        ];
        for (scaled, arrival, pressure, duration, impulse) in table {
            let near =
                |found: Option<f64>, expected: f64| (found.expect("inside") / expected - 1.0).abs() < 0.005;
            assert!(near(KILOGRAM.overpressure(scaled), pressure * 1e3), "{scaled}");
            assert!(near(KILOGRAM.impulse(scaled), impulse), "{scaled}");
            assert!(near(KILOGRAM.duration(scaled), duration * 1e-3), "{scaled}");
            assert!(near(KILOGRAM.arrival(scaled), arrival * 1e-3), "{scaled}");
        }
        assert!((KILOGRAM.overpressure(100.0).expect("inside") / 654.0 - 1.0).abs() < 0.005);
    }

    #[test]
    fn beyond_the_curve_nothing_is_made_up() {
        for distance in [0.1, 250.0, f64::NAN] {
            assert_eq!(KILOGRAM.overpressure(distance), None);
        }
    }

    #[test]
    fn a_cloud_that_cannot_be_is_refused() {
        let problems = Tnt::equivalent(0.0, 50e6, 1.5).expect_err("two mistakes");
        assert!(problems.0.len() == 2 && problems.0.iter().all(|problem| problem.code.0 == 4540));
    }
}
