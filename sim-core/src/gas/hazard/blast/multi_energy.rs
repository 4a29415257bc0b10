//! A vapour cloud by the strength of its explosion: TNO's multi-energy method.

use crate::error::Result;
use crate::gas::hazard::blast::{Blast, BlastKind};
use crate::gas::hazard::bounds::{Bound, none_of, refuse};

/// TNO's multi-energy method.
pub struct MultiEnergyKind;

impl BlastKind for MultiEnergyKind {
    fn name(&self) -> &'static str {
        "tno"
    }

    fn meaning(&self) -> &'static str {
        "a vapour cloud by a class of strength from 1 to 10 (TNO's multi-energy method)"
    }
}

/// A piece of a curve: factor, power, scaled distance up to which it holds.
type Piece = (f64, f64, f64);

/// A curve: its pieces from the middle outwards.
type Curve = &'static [Piece];

/// Fast explosions are one and the same from afar.
const AFAR: [Piece; 2] = [(0.47, -1.46, 3.21), (0.32, -1.13, f64::INFINITY)];

/// Scaled overpressure of the classes 1 to 10.
const PRESSURES: [Curve; 10] = [
    &[(0.01, 0.0, 0.69), (0.007, -0.98, f64::INFINITY)],
    &[(0.02, 0.0, 0.64), (0.013, -0.97, f64::INFINITY)],
    &[(0.05, 0.0, 0.61), (0.031, -0.96, f64::INFINITY)],
    &[(0.1, 0.0, 0.63), (0.064, -0.97, f64::INFINITY)],
    &[(0.2, 0.0, 0.60), (0.12, -1.0, f64::INFINITY)],
    &[(0.5, 0.0, 0.64), (0.32, -1.01, 2.35), AFAR[0], AFAR[1]],
    &[(1.0, 0.0, 0.48), (0.48, -1.0, 0.96), AFAR[0], AFAR[1]],
    &[(2.0, 0.0, 0.37), AFAR[0], AFAR[1]],
    &[(5.0, 0.0, 0.20), AFAR[0], AFAR[1]],
    &[(0.43, -2.35, 0.90), AFAR[0], AFAR[1]],
];

/// Scaled duration of the classes 1 to 10.
const DURATIONS: [Curve; 10] = [
    &[(3.83, -0.34, 0.50), (4.85, 0.0, f64::INFINITY)],
    &[(2.44, -0.34, 0.54), (3.0, 0.0, f64::INFINITY)],
    &[(1.56, -0.38, 0.52), (2.0, 0.0, f64::INFINITY)],
    &[(1.02, -0.38, 0.53), (1.3, 0.0, f64::INFINITY)],
    &[(0.52, -0.44, 0.51), (0.7, 0.0, f64::INFINITY)],
    &[(0.26, -0.46, 0.49), (0.38, 0.07, 7.81), (0.35, 0.11, f64::INFINITY)],
    &[
        (0.21, -0.46, 0.62),
        (0.30, 0.29, 1.59),
        (0.32, 0.15, 9.40),
        (0.29, 0.19, 10.49),
        (0.35, 0.11, f64::INFINITY),
    ],
    &[(0.17, -0.40, 0.58), (0.27, 0.45, 1.32), (0.29, 0.19, 10.49), (0.35, 0.11, f64::INFINITY)],
    &[(0.13, -0.51, 0.53), (0.24, 0.46, 2.02), (0.29, 0.19, 10.49), (0.35, 0.11, f64::INFINITY)],
    &[(0.13, -0.22, 0.51), (0.22, 0.57, 2.07), (0.29, 0.19, 10.49), (0.35, 0.11, f64::INFINITY)],
];

/// Nearest scaled distance of the curve of class 10, which has no flat part: nearer than this it
/// would exceed the 20 times the pressure of the air that a detonation has inside.
const NEAREST: f64 = 0.2;

/// Nearest scaled distance of the others, which are flat inside the cloud.
const INSIDE: f64 = 1e-3;

/// Scaled overpressure down to which the curves are published.
const FAINTEST: f64 = 1e-3;

/// Speed of sound to which durations are scaled, m/s (15 °C).
const SOUND: f64 = 340.3;

/// The blast of a vapour cloud on the ground, by the class of its strength.
///
/// The energy is that of the gas in the part of the cloud where obstacles stand, or of
/// the whole cloud where it is not known which part that is. The curves are those of a
/// half sphere on the ground, so that no factor for the ground enters:
///
/// $$ r' = r (p_a/E)^{1/3}, \qquad \Delta p = p_a\, a\, r'^{\,b} $$
///
/// # Units
/// - `energy`: J; `air_pressure`: Pa; `class`: 1 (weak) to 10 (detonation)
///
/// # Valid for
/// Scaled distances (for class 10 from 0.2) to where the overpressure is a thousandth of that of the air;
/// the fits lie within a few per cent of the curves.
///
/// # Source
/// Curves of vandenberg1985; fitted powers of msb2017, tables 4.2 and 4.3.
///
/// # Example
/// ```
/// use sim_core::gas::hazard::blast::{Blast, multi_energy::MultiEnergy};
/// // 1 GJ of class 7 at scaled distance 2: 0.47 · 2^-1.46 = 0.171 of the air's pressure, 42.9 m away.
/// let cloud = MultiEnergy::new(1e9, 101_325.0, 7)?;
/// let place = 2.0 * cloud.length();
/// assert!((place - 42.9).abs() < 0.1);
/// assert!((cloud.overpressure(place).expect("within the curves") / 101_325.0 - 0.171).abs() < 1e-3);
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MultiEnergy {
    energy: f64,
    air_pressure: f64,
    class: usize,
}

impl MultiEnergy {
    /// The blast of an energy, J, of a class of strength in air of some pressure, Pa.
    ///
    /// # Errors
    /// E4657 for a class, an energy or a pressure that cannot be.
    pub fn new(energy: f64, air_pressure: f64, class: u8) -> Result<Self> {
        let bounds = [
            Bound::above("energy", energy, 0.0, 1e17, "J"),
            Bound::from("air pressure", air_pressure, 40_000.0, 110_000.0, "Pa"),
            Bound::from("class of strength", f64::from(class), 1.0, 10.0, ""),
        ];
        none_of(refuse(4657, &bounds, "classes run from 1 (weak, in the open) to 10 (detonation)"))?;
        Ok(Self { energy, air_pressure, class: usize::from(class) })
    }

    /// Distance to which others are scaled, m.
    pub fn length(&self) -> f64 {
        (self.energy / self.air_pressure).cbrt()
    }

    /// Duration of the overpressure at a distance, s; none outside the curves.
    ///
    /// # Source
    /// msb2017, table 4.3.
    pub fn duration(&self, distance: f64) -> Option<f64> {
        self.overpressure(distance)?;
        let scaled = distance / self.length();
        Some(at(DURATIONS[self.class - 1], scaled) * self.length() / SOUND)
    }
}

/// A curve at a scaled distance.
fn at(curve: Curve, scaled: f64) -> f64 {
    let piece = curve.iter().find(|piece| scaled <= piece.2).unwrap_or(&curve[curve.len() - 1]);
    piece.0 * scaled.powf(piece.1)
}

impl Blast for MultiEnergy {
    fn overpressure(&self, distance: f64) -> Option<f64> {
        let (nearest, farthest) = self.distances();
        let is_published = (nearest..=farthest).contains(&distance);
        is_published.then(|| self.air_pressure * at(PRESSURES[self.class - 1], distance / self.length()))
    }

    fn distances(&self) -> (f64, f64) {
        let curve = PRESSURES[self.class - 1];
        let (factor, power, _) = curve[curve.len() - 1];
        let farthest = (FAINTEST / factor).powf(1.0 / power);
        let nearest = if curve[0].1 == 0.0 { INSIDE } else { NEAREST };
        (nearest * self.length(), farthest * self.length())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blast(class: u8) -> MultiEnergy {
        MultiEnergy::new(1e9, 101_325.0, class).expect("sound")
    }

    fn scaled(class: u8, distance: f64) -> f64 {
        let blast = blast(class);
        blast.overpressure(distance * blast.length()).expect("published") / 101_325.0
    }

    #[test]
    fn a_stronger_class_is_nowhere_weaker_and_pressure_never_rises_outwards() {
        let places: Vec<f64> = (0..60).map(|i| 0.21 * 1.05_f64.powi(i)).collect();
        for class in 1..=10 {
            for pair in places.windows(2) {
                assert!(scaled(class, pair[1]) <= 1.01 * scaled(class, pair[0]), "{class} at {}", pair[1]);
            }
            for &place in &places {
                // Class 9 is drawn flat to where class 10 falls below it.
                assert!(
                    class == 1 || scaled(class, place) >= 0.99 * scaled(class - 1, place),
                    "{class} {place}"
                );
            }
        }
    }

    #[test]
    fn the_pieces_of_a_curve_meet() {
        for curve in PRESSURES.iter().chain(&DURATIONS) {
            for pair in curve.windows(2) {
                let end = pair[0].2;
                let (before, after) = (pair[0].0 * end.powf(pair[0].1), pair[1].0 * end.powf(pair[1].1));
                assert!((before / after - 1.0).abs() < 0.06, "{before} {after} at {end}");
            }
        }
    }

    #[test]
    fn the_weak_classes_have_the_published_pressure_inside() {
        // msb2017, table 4.1, over 101.3 kPa.
        for (class, inside) in [(1, 0.01), (2, 0.02), (3, 0.05), (4, 0.1), (5, 0.2), (6, 0.5)] {
            assert_eq!(scaled(class, 0.3), inside);
        }
    }

    #[test]
    fn other_fits_of_the_same_curves_lie_near() {
        // alonso2006 as quoted: 0.0064 r^-0.97, 0.0644 r^-0.99, 0.117 r^-0.99, 0.301 r^-1.11.
        for (class, factor, power) in
            [(1, 0.0064, -0.97), (4, 0.0644, -0.99), (5, 0.117, -0.99), (6, 0.301, -1.11)]
        {
            for place in [1.0_f64, 2.0, 5.0] {
                let other = factor * place.powf(power);
                assert!((scaled(class, place) / other - 1.0).abs() < 0.15, "{class} {place}");
            }
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert_eq!(MultiEnergy::new(1e9, 101_325.0, 11).expect_err("no class").0[0].code.0, 4657);
        assert_eq!(MultiEnergy::new(0.0, 1.0, 0).expect_err("nothing right").0.len(), 3);
    }
}
