//! Hazard to people, United Kingdom: depth, speed and debris.

use std::hint::select_unpredictable;
use std::marker::PhantomData;

use super::{Class, Rating};

/// Depth up to which the water carries no debris, m.
pub const SHALLOW: f32 = 0.25;
/// Depth above which it carries most, m.
pub const DEEP: f32 = 0.75;

/// Speed above which it carries most at any depth, m/s.
pub const FAST: f32 = 2.0;

/// Speed that still water counts with, m/s.
pub const STILL: f32 = 0.5;

/// Classes by the rating.
///
/// # Source
/// Surendran et al. 2008 (`surendran2008`), the supplementary note on FD2320 and FD2321, thresholds
/// of the hazard rating.
pub(super) const CLASSES: [Class; 4] = [
    class(0.0, "low (caution)", "低（注意）", [127, 205, 187]),
    class(0.75, "danger for some (children, the elderly)", "对部分人员危险（儿童、老人）", [254, 217, 118]),
    class(1.25, "danger for most people", "对多数人员危险", [253, 141, 60]),
    class(2.0, "danger for all", "对所有人员危险", [189, 0, 38]),
];

const fn class(from: f32, name: &'static str, name_zh: &'static str, colour: [u8; 3]) -> Class {
    Class { from, name, name_zh, colour }
}

/// A land use with its debris factors.
pub(crate) trait LandUse {
    /// Debris factor between [`SHALLOW`] and [`DEEP`].
    const MIDDLE: f32;
    /// Debris factor of deeper or faster water.
    const MOST: f32;
}

/// Pasture and arable land.
pub(crate) struct Pasture;
/// Woodland.
pub(crate) struct Woodland;
/// Towns.
pub(crate) struct Urban;

impl LandUse for Pasture {
    const MIDDLE: f32 = 0.0;
    const MOST: f32 = 0.5;
}

impl LandUse for Woodland {
    const MIDDLE: f32 = 0.5;
    const MOST: f32 = 1.0;
}

impl LandUse for Urban {
    const MIDDLE: f32 = 1.0;
    const MOST: f32 = 1.0;
}

/// The hazard rating
///
/// $$ HR = d\,(v + 0.5) + DF $$
///
/// with a debris factor DF that depends on depth, speed and land use; zero on dry ground.
///
/// # Valid for
/// People on foot in the water, not in cars or buildings.
///
/// # Source
/// HR Wallingford et al. 2006 (`defra2006`), hazard rating and its table of debris factors.
pub(crate) struct Defra<L>(PhantomData<L>);

impl<L: LandUse> Rating for Defra<L> {
    #[inline(always)]
    fn rate(depth: f32, speed: f32) -> f32 {
        let middle = select_unpredictable(depth > SHALLOW, L::MIDDLE, 0.0);
        let debris = select_unpredictable((depth > DEEP) | (speed > FAST), L::MOST, middle);
        let rating = depth * (speed + STILL) + debris;
        select_unpredictable(depth > 0.0, rating, 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debris_counts_by_land_use_depth_and_speed() {
        let debris = |rating: f32, depth: f32, speed: f32| rating - depth * (speed + STILL);
        for (depth, speed, factors) in [
            (0.25, 1.0, [0.0, 0.0, 0.0]),
            (0.26, 1.0, [0.0, 0.5, 1.0]),
            (0.75, 2.0, [0.0, 0.5, 1.0]),
            (0.76, 1.0, [0.5, 1.0, 1.0]),
            (0.10, 2.1, [0.5, 1.0, 1.0]),
        ] {
            let found = [
                Defra::<Pasture>::rate(depth, speed),
                Defra::<Woodland>::rate(depth, speed),
                Defra::<Urban>::rate(depth, speed),
            ];
            for (rating, factor) in found.into_iter().zip(factors) {
                assert!((debris(rating, depth, speed) - factor).abs() < 1e-6, "{depth} m at {speed} m/s");
            }
        }
    }

    #[test]
    fn still_water_of_a_metre_and_a_half_is_a_danger_for_some_on_pasture_and_most_in_towns() {
        assert_eq!(Defra::<Pasture>::rate(1.5, 0.0), 1.25);
        assert_eq!(Defra::<Pasture>::rate(1.0, 0.0), 1.0);
        assert_eq!(Defra::<Urban>::rate(1.0, 0.0), 1.5);
    }
}
