//! Classes H1 to H6 of the general flood hazard curves, Australia.

use std::hint::select_unpredictable;

use super::{Class, Rating};

/// Largest depth times speed, m²/s, depth, m, and speed, m/s, that each class but the last still holds.
///
/// # Source
/// Australian Institute for Disaster Resilience 2017 (`aidr2017`), table of the limits of the combined
/// hazard curves; the curves are those of Smith, Davey & Cox 2014 (`smith2014`).
pub const LIMITS: [(f32, f32, f32); 5] =
    [(0.3, 0.3, 2.0), (0.6, 0.5, 2.0), (0.6, 1.2, 2.0), (1.0, 2.0, 2.0), (4.0, 4.0, 4.0)];

/// Classes; their numbers are the ratings.
pub(super) const CLASSES: [Class; 6] = [
    class(1.0, "H1 generally safe", "H1 一般安全", [127, 205, 187]),
    class(2.0, "H2 unsafe for small vehicles", "H2 小型车辆不安全", [199, 233, 180]),
    class(
        3.0,
        "H3 unsafe for vehicles, children and the elderly",
        "H3 车辆、儿童和老人不安全",
        [254, 217, 118],
    ),
    class(4.0, "H4 unsafe for people and vehicles", "H4 人员和车辆不安全", [253, 141, 60]),
    class(5.0, "H5 also unsafe for weaker buildings", "H5 较弱建筑物亦不安全", [227, 26, 28]),
    class(6.0, "H6 also unsafe for all buildings", "H6 各类建筑物均不安全", [128, 0, 38]),
];

const fn class(from: f32, name: &'static str, name_zh: &'static str, colour: [u8; 3]) -> Class {
    Class { from, name, name_zh, colour }
}

/// The number of the class, 1 to 6; zero on dry ground.
///
/// Each class holds all that the one before it holds, so that the number is one more than the
/// number of classes whose limits the water exceeds.
///
/// # Valid for
/// Water without debris; people and vehicles as the curves of the source take them.
///
/// # Source
/// As the limits.
pub(crate) struct Aidr;

impl Rating for Aidr {
    #[inline(always)]
    fn rate(depth: f32, speed: f32) -> f32 {
        let product = depth * speed;
        let mut class = select_unpredictable(depth > 0.0, 1.0, 0.0);
        for (most_product, most_depth, most_speed) in LIMITS {
            // No short circuit: all comparisons are made, for many cells at a time.
            let exceeds = (product > most_product) | (depth > most_depth) | (speed > most_speed);
            class += select_unpredictable(exceeds & (depth > 0.0), 1.0, 0.0);
        }
        class
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_holds_its_corners_and_nothing_beyond_them() {
        const BEYOND: f32 = 1.001;
        for (number, (product, depth, speed)) in LIMITS.into_iter().enumerate() {
            let class = number as f32 + 1.0;
            assert_eq!(Aidr::rate(depth, 0.0), class, "still water of {depth} m");
            assert!(Aidr::rate(depth * BEYOND, 0.0) > class);
            assert!(Aidr::rate(depth, product / depth) <= class, "where depth and product meet");
            assert!(Aidr::rate(depth, BEYOND * product / depth) > class);
            assert!(Aidr::rate(product / speed, speed) <= class, "where speed and product meet");
            assert!(Aidr::rate(BEYOND * product / speed, speed) > class);
            assert!(Aidr::rate(0.01, speed * BEYOND) > class);
        }
    }

    #[test]
    fn points_read_off_the_curves_have_their_class() {
        for (depth, speed, class) in [
            (0.2, 1.0, 1.0),
            (0.3, 1.0, 1.0),
            (0.3, 1.01, 2.0),
            (0.5, 1.0, 2.0),
            (1.0, 0.5, 3.0),
            (1.2, 0.6, 4.0),
            (1.9, 0.5, 4.0),
            (0.5, 2.0, 4.0),
            (0.1, 2.1, 5.0),
            (2.0, 2.0, 5.0),
            (1.0, 4.0, 5.0),
            (1.1, 4.0, 6.0),
            (0.1, 4.1, 6.0),
            (4.1, 0.0, 6.0),
            (0.0, 5.0, 0.0),
        ] {
            assert_eq!(Aidr::rate(depth, speed), class, "{depth} m at {speed} m/s");
        }
    }
}
