//! A blast along a curve of scaled pressure over scaled distance.

use crate::error::{Problem, Result};
use crate::gas::hazard::blast::{Blast, BlastKind};
use crate::gas::hazard::bounds::{Bound, none_of, refuse};
use crate::units::GAS_CONSTANT;

/// A blast along the user's own curve.
pub struct ScaledCurveKind;

impl BlastKind for ScaledCurveKind {
    fn name(&self) -> &'static str {
        "scaled_curve"
    }

    fn meaning(&self) -> &'static str {
        "the blast of an energy along a curve the user gives with its source"
    }
}

/// Scaled overpressure over scaled distance, as published.
#[derive(Debug, Clone, PartialEq)]
pub struct ScaledCurve {
    /// What it is, e.g. `multi-energy, strength 7`.
    pub name: String,
    /// Where it is published.
    pub source: String,
    /// Scaled distance r (p_a/E)^(1/3), rising, and scaled overpressure Δp/p_a.
    pub rows: Vec<(f64, f64)>,
}

impl ScaledCurve {
    /// A curve of published rows.
    ///
    /// # Errors
    /// E4541 fewer than two rows, distances that do not rise, values not above zero,
    /// or no source.
    pub fn new(name: impl Into<String>, source: impl Into<String>, rows: Vec<(f64, f64)>) -> Result<Self> {
        let (name, source) = (name.into(), source.into());
        let mut problems = Vec::new();
        let fix = "give two or more rows (scaled distance, scaled overpressure), distances rising, all above zero, and the source";
        if source.trim().is_empty() {
            problems.push(Problem::error(4541, format!("the blast curve \"{name}\" has no source")).fix(fix));
        }
        if rows.len() < 2 {
            problems.push(
                Problem::error(4541, format!("the blast curve \"{name}\" has {} rows", rows.len())).fix(fix),
            );
        }
        let is_sound =
            |row: &(f64, f64)| row.0 > 0.0 && row.1 > 0.0 && row.0.is_finite() && row.1.is_finite();
        for (index, row) in rows.iter().enumerate() {
            let rises = index == 0 || rows[index - 1].0 < row.0;
            if !is_sound(row) || !rises {
                let text = format!("row {index} of the blast curve \"{name}\" is ({}, {})", row.0, row.1);
                problems.push(Problem::error(4541, text).fix(fix));
            }
        }
        none_of(problems)?;
        Ok(Self { name, source, rows })
    }

    /// Scaled overpressure at a scaled distance: straight between rows on logarithmic
    /// scales; nothing outside them.
    pub fn at(&self, scaled: f64) -> Option<f64> {
        let last = self.rows.len() - 1;
        if !(scaled >= self.rows[0].0 && scaled <= self.rows[last].0) {
            return None;
        }
        let next = self.rows.partition_point(|row| row.0 <= scaled).min(last);
        let ((near, before), (far, after)) = (self.rows[next - 1], self.rows[next]);
        let share = (scaled / near).ln() / (far / near).ln();
        Some(before * (after / before).powf(share))
    }
}

/// An energy that explodes along a curve.
#[derive(Debug, Clone, PartialEq)]
pub struct ScaledBlast {
    /// Energy of the gas that takes part, J.
    pub energy: f64,
    /// Factor on the energy for the ground: 2 where the curve is of a blast in free
    /// air and the cloud lies on the ground, 1 where the curve has the ground in it.
    pub ground_factor: f64,
    /// Pressure of the air, Pa.
    pub air_pressure: f64,
    /// The curve.
    pub curve: ScaledCurve,
}

impl ScaledBlast {
    /// Refuses what cannot be.
    ///
    /// # Errors
    /// E4542 an energy, factor or pressure out of range.
    pub fn check(&self) -> Result<()> {
        let bounds = [
            Bound::above("energy", self.energy, 0.0, 1e17, "J"),
            Bound::from("ground factor", self.ground_factor, 1.0, 2.0, ""),
            Bound::from("air pressure", self.air_pressure, 40_000.0, 110_000.0, "Pa"),
        ];
        none_of(refuse(4542, &bounds, "check the unit; the energy is mass times heat of combustion, joules"))
    }

    /// Length by which distances are scaled, m.
    ///
    /// $$ r_0 = \left(\frac{f E}{p_a}\right)^{1/3} $$
    pub fn length(&self) -> f64 {
        (self.ground_factor * self.energy / self.air_pressure).cbrt()
    }
}

impl Blast for ScaledBlast {
    fn overpressure(&self, distance: f64) -> Option<f64> {
        Some(self.curve.at(distance / self.length())? * self.air_pressure)
    }

    fn distances(&self) -> (f64, f64) {
        let (rows, length) = (&self.curve.rows, self.length());
        (rows[0].0 * length, rows[rows.len() - 1].0 * length)
    }
}

/// Energy of a space full of a stoichiometric mixture, J.
///
/// $$ E = y_{st} \frac{p_a V}{R T} \Delta H_c $$
///
/// For clouds in congested parts of a plant: what burns fast is what lies between
/// the obstacles, whatever leaked outside.
///
/// # Units
/// - `volume`: m³; `stoichiometric`: volume fraction; `molar_heat`: J/mol
/// - `temperature`: K; `pressure`: Pa
///
/// # Source
/// ccps2000 as quoted by A. Farrell, *VCE Example*.
///
/// # Example
/// ```
/// use sim_core::gas::hazard::blast::scaled_curve::stoichiometric_energy;
/// // A. Farrell's butane cloud: 136 857 m³, 3.1219 %, 272.55 K, 14.7 psi: 5.078e11 J.
/// let energy = stoichiometric_energy(136_857.0, 0.031_219, 2_657_320.0, 272.55, 101_353.0);
/// assert!((energy / 5.078e11 - 1.0).abs() < 1e-3);
/// ```
pub fn stoichiometric_energy(
    volume: f64,
    stoichiometric: f64,
    molar_heat: f64,
    temperature: f64,
    pressure: f64,
) -> f64 {
    stoichiometric * pressure * volume / (GAS_CONSTANT * temperature) * molar_heat
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve() -> ScaledCurve {
        ScaledCurve::new(
            "test",
            "a straight line on logarithmic scales",
            vec![(0.5, 2.0), (2.0, 0.5), (8.0, 0.125)],
        )
        .expect("sound")
    }

    #[test]
    fn between_its_rows_a_power_law_is_met_exactly() {
        for scaled in [0.5, 0.7, 2.0, 5.0, 8.0] {
            assert!((curve().at(scaled).expect("inside") * scaled - 1.0).abs() < 1e-12, "{scaled}");
        }
        assert_eq!((curve().at(0.4), curve().at(8.1), curve().at(f64::NAN)), (None, None, None));
    }

    #[test]
    fn eight_times_the_energy_reaches_twice_as_far() {
        let blast =
            |energy: f64| ScaledBlast { energy, ground_factor: 2.0, air_pressure: 101_325.0, curve: curve() };
        let (small, large) = (blast(1e9), blast(8e9));
        let distance = 2.0 * small.length();
        assert!(
            (small.overpressure(distance).expect("inside")
                / large.overpressure(2.0 * distance).expect("inside")
                - 1.0)
                .abs()
                < 1e-12
        );
    }

    #[test]
    fn a_curve_without_source_or_order_is_refused() {
        for rows in [vec![(1.0, 1.0)], vec![(1.0, 1.0), (0.5, 2.0)], vec![(0.0, 1.0), (1.0, -1.0)]] {
            assert!(
                ScaledCurve::new("x", "y", rows)
                    .expect_err("refused")
                    .0
                    .iter()
                    .all(|problem| problem.code.0 == 4541)
            );
        }
        assert!(ScaledCurve::new("x", " ", vec![(1.0, 1.0), (2.0, 0.5)]).is_err());
    }

    #[test]
    fn a_blast_that_cannot_be_is_refused() {
        let wrong = ScaledBlast { energy: 0.0, ground_factor: 3.0, air_pressure: 101.3, curve: curve() };
        let problems = wrong.check().expect_err("three mistakes");
        assert!(problems.0.len() == 3 && problems.0.iter().all(|problem| problem.code.0 == 4542));
    }
}
