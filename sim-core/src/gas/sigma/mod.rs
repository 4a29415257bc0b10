//! Dispersion coefficients: how wide and how high a plume is at a distance.
//!
//! One file per published set; it joins by one line in [`ALL`]. A set gives one
//! [`Curve`] across the wind and one upwards for each class. Curves of the
//! bracket shape have a row kernel of their own; every other shape is evaluated
//! once per receptor before the vector part of the row.

pub mod briggs_rural;
pub mod briggs_urban;
mod curve;
pub mod gbt_3840;
pub mod pasquill_gifford;
pub mod tno;
pub mod turner;

pub use curve::{Curve, Growth, LogSquare, Piece};

use crate::gas::weather::{Stability, Surroundings};

/// The two coefficients of one stability class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curves {
    /// Across the wind.
    pub crosswind: Curve,
    /// Upwards.
    pub vertical: Curve,
}

impl Curves {
    /// The same with the crosswind coefficient times a factor.
    pub fn widened(self, factor: f64) -> Self {
        Self { crosswind: self.crosswind.scaled(factor), ..self }
    }
}

/// A published set of dispersion coefficients.
pub trait SigmaSet: Sync {
    /// Name by which scenarios ask for it.
    fn name(&self) -> &'static str;

    /// One sentence with the source.
    fn meaning(&self) -> &'static str;

    /// Surroundings it was fitted for.
    fn surroundings(&self) -> Surroundings;

    /// Distances for which it was published, m.
    fn valid_distances(&self) -> (f64, f64);

    /// Its curves for a class, over the ground for which it was published.
    fn curves(&self, class: Stability) -> Curves;

    /// Averaging time for which its crosswind curves stand, s.
    fn base_averaging_time(&self) -> f64 {
        BASE_AVERAGING_TIME
    }

    /// Factor on the crosswind coefficient for an averaging time, s.
    fn averaging_factor(&self, averaging_time: f64, class: Stability) -> f64 {
        averaging_factor(averaging_time, class)
    }
}

/// Every set.
pub const ALL: [&dyn SigmaSet; 8] = [
    &briggs_rural::BriggsRural,
    &briggs_urban::BriggsUrban,
    &pasquill_gifford::PasquillGifford,
    &turner::Turner,
    &tno::Tno,
    &gbt_3840::Gbt3840::AS_TABULATED,
    &gbt_3840::Gbt3840::PLAIN,
    &gbt_3840::Gbt3840::BUILT_UP,
];

/// The set for surroundings where none is asked for by name.
pub fn of(surroundings: Surroundings) -> &'static dyn SigmaSet {
    match surroundings {
        Surroundings::Rural => &briggs_rural::BriggsRural,
        Surroundings::Urban => &briggs_urban::BriggsUrban,
    }
}

/// The set of a name that was asked for, or else that for the surroundings.
pub fn asked_or_of(asked: Option<&str>, surroundings: Surroundings) -> &'static dyn SigmaSet {
    asked.and_then(find).unwrap_or_else(|| of(surroundings))
}

/// The set of a name.
///
/// # Example
/// ```
/// use sim_core::gas::sigma::find;
/// assert_eq!(find("turner").unwrap().name(), "turner");
/// assert!(find("turnip").is_none());
/// ```
pub fn find(name: &str) -> Option<&'static dyn SigmaSet> {
    ALL.into_iter().find(|set| set.name() == name)
}

/// Averaging time of the published curves, s.
///
/// # Source
/// gifford1976: the curves stand for releases of about ten minutes.
pub const BASE_AVERAGING_TIME: f64 = 600.0;

/// Exponent with which a plume widens with the averaging time.
///
/// # Source
/// ccps1999, the one-fifth power law of the crosswind coefficient.
pub const AVERAGING_EXPONENT: f64 = 0.2;

/// Averaging time below which the crosswind coefficient shrinks no further, s, classes A to F.
///
/// # Source
/// Spicer and Havens 1989, DEGADIS user's guide (EPA-450/4-89-019), instantaneous plume widths,
/// as quoted in a public code; not checked in the guide itself.
pub const LOWEST_AVERAGING_TIMES: [f64; 6] = [18.4, 18.4, 18.4, 18.3, 11.4, 4.6];

/// Factor on the crosswind coefficient for an averaging time.
///
/// $$ \sigma_y(t) = \sigma_y(600\,\mathrm s) \left(\frac{\max(t, t_{min})}{600\,\mathrm s}\right)^{0.2} $$
///
/// The vertical coefficient does not change with the averaging time.
///
/// # Example
/// ```
/// use sim_core::gas::sigma::averaging_factor;
/// use sim_core::gas::weather::Stability;
/// assert_eq!(averaging_factor(600.0, Stability::D), 1.0);
/// assert!((averaging_factor(3600.0, Stability::D) - 1.431).abs() < 1e-3);
/// ```
pub fn averaging_factor(averaging_time: f64, class: Stability) -> f64 {
    let time = averaging_time.max(LOWEST_AVERAGING_TIMES[class as usize]);
    (time / BASE_AVERAGING_TIME).powf(AVERAGING_EXPONENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_curve_grows_with_distance() {
        for set in ALL {
            for class in Stability::ALL {
                let curves = set.curves(class);
                let distances = (0..=480).map(|i| 10.0_f64.powf(f64::from(i) / 120.0));
                let distances: Vec<f64> = distances.collect();
                for pair in distances.windows(2) {
                    for curve in [curves.crosswind, curves.vertical] {
                        let (near, far) = (curve.at(pair[0]), curve.at(pair[1]));
                        // Published pieces meet to four digits: a step down of 2 % at a joint is theirs.
                        assert!(near > 0.0 && near < 1.02 * far, "{} {class:?} {pair:?}", set.name());
                    }
                }
            }
        }
    }

    #[test]
    fn unstable_air_spreads_more_at_one_kilometre() {
        for set in ALL {
            let (mut wider, mut higher) = (f64::INFINITY, f64::INFINITY);
            for class in Stability::ALL {
                let curves = set.curves(class);
                let (width, height) = (curves.crosswind.at(1000.0), curves.vertical.at(1000.0));
                assert!(width <= wider && height <= higher, "{} {class:?}", set.name());
                (wider, higher) = (width, height);
            }
        }
    }

    #[test]
    fn the_distance_of_a_coefficient_gives_the_coefficient_back() {
        for set in ALL {
            for class in Stability::ALL {
                let curves = set.curves(class).widened(0.7);
                for curve in [curves.crosswind, curves.vertical] {
                    for distance in [3.0, 90.0, 700.0, 6000.0] {
                        let sigma = curve.at(distance);
                        let back = curve.at(curve.distance_of(sigma));
                        // Where pieces do not meet, a coefficient lies between the two sides of the joint.
                        assert!((back / sigma - 1.0).abs() < 1e-9, "{} {class:?} {distance}", set.name());
                    }
                }
            }
        }
    }

    #[test]
    fn a_factor_multiplies_the_whole_curve() {
        for set in ALL {
            let curve = set.curves(Stability::D).crosswind;
            for distance in [10.0, 500.0, 20_000.0] {
                assert!((curve.scaled(1.3).at(distance) / curve.at(distance) / 1.3 - 1.0).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn each_set_has_a_name_of_its_own_and_a_default_serves_its_surroundings() {
        for set in ALL {
            assert_eq!(find(set.name()).map(SigmaSet::name), Some(set.name()));
            assert_eq!(of(set.surroundings()).surroundings(), set.surroundings());
            assert!((set.averaging_factor(set.base_averaging_time(), Stability::D) - 1.0).abs() < 1e-14);
        }
    }
}
