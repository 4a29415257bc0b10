//! Dispersion coefficients: how wide and how high a plume is at a distance.
//!
//! One file per published set; it joins by one line in [`ALL`]. A set gives
//! curves of one shape, s(x) = a x (1 + b x)^p, so that the row kernel can
//! evaluate any set without asking which it is.

pub mod briggs_rural;
pub mod briggs_urban;

use crate::gas::weather::{Stability, Surroundings};

/// Power of the bracket in s(x) = a x (1 + b x)^p.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growth {
    /// p = 0.
    Linear,
    /// p = −1/2.
    InverseRoot,
    /// p = −1.
    Inverse,
    /// p = +1/2.
    Root,
}

/// One coefficient against distance: s(x) = a x (1 + b x)^p.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curve {
    /// Slope at the source, m/m.
    pub slope: f64,
    /// Inverse of the distance at which growth changes, 1/m.
    pub bend: f64,
    /// Power of the bracket.
    pub growth: Growth,
}

impl Curve {
    /// A curve from its three parts.
    pub const fn new(slope: f64, bend: f64, growth: Growth) -> Self {
        Self { slope, bend, growth }
    }

    /// The coefficient at a distance, m.
    pub fn at(&self, distance: f64) -> f64 {
        let bracket = 1.0 + self.bend * distance;
        let factor = match self.growth {
            Growth::Linear => 1.0,
            Growth::InverseRoot => 1.0 / bracket.sqrt(),
            Growth::Inverse => 1.0 / bracket,
            Growth::Root => bracket.sqrt(),
        };
        self.slope * distance * factor
    }
}

/// The two coefficients of one stability class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curves {
    /// Across the wind; its growth is [`Growth::InverseRoot`].
    pub crosswind: Curve,
    /// Upwards.
    pub vertical: Curve,
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

    /// Its curves for a class.
    fn curves(&self, class: Stability) -> Curves;
}

/// Every set.
pub const ALL: [&dyn SigmaSet; 2] = [&briggs_rural::BriggsRural, &briggs_urban::BriggsUrban];

/// The set for surroundings.
pub fn of(surroundings: Surroundings) -> &'static dyn SigmaSet {
    match surroundings {
        Surroundings::Rural => &briggs_rural::BriggsRural,
        Surroundings::Urban => &briggs_urban::BriggsUrban,
    }
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
    fn every_curve_grows_with_distance_and_with_instability() {
        for set in ALL {
            let (mut wider, mut higher) = (f64::INFINITY, f64::INFINITY);
            for class in Stability::ALL {
                let curves = set.curves(class);
                let distances = [1.0, 10.0, 100.0, 1e3, 1e4];
                for pair in distances.windows(2) {
                    assert!(curves.crosswind.at(pair[0]) < curves.crosswind.at(pair[1]));
                    assert!(curves.vertical.at(pair[0]) < curves.vertical.at(pair[1]));
                }
                let (width, height) = (curves.crosswind.at(1000.0), curves.vertical.at(1000.0));
                assert!(width <= wider && height <= higher, "{} {class:?}", set.name());
                assert_eq!(curves.crosswind.growth, Growth::InverseRoot, "the row kernel relies on it");
                (wider, higher) = (width, height);
            }
        }
    }

    #[test]
    fn each_set_serves_its_surroundings() {
        for set in ALL {
            assert_eq!(of(set.surroundings()).name(), set.name());
        }
    }
}
