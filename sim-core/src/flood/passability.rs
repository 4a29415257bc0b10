//! Who gets through water of a depth and a speed.
//!
//! Published limits for people and vehicles that stand or move in a flood. They are
//! limits of stability or operation, not of safety: an open manhole or a kerb under
//! brown water is in none of them.

use crate::units::GRAVITY;

/// Limits of one kind of traveller.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Traveller {
    /// Name in columns.
    pub name: &'static str,
    /// Name in texts.
    pub title: &'static str,
    /// Name in texts, Chinese.
    pub title_zh: &'static str,
    /// Where the limits are from.
    pub source: &'static str,
    limits: Limits,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Limits {
    /// Largest depth, m, depth times speed, m²/s, and speed, m/s.
    DepthSpeed { depth: f64, product: f64, speed: f64 },
    /// Largest depth plus velocity head, m.
    Head { head: f64 },
}

/// Speed above which nobody stands, m/s.
///
/// # Source
/// Cox, Shand & Blacka 2010 (`cox2010`) and Shand et al. 2011 (`shand2011`), both as quoted
/// by public tools that use them.
const LARGEST_SPEED: f64 = 3.0;

/// Travellers from the weakest to the strongest.
///
/// # Source
/// People: Cox, Shand & Blacka 2010 (`cox2010`), low hazard for children and for adults.
/// Cars: Shand et al. 2011 (`shand2011`), table 3, draft limits for stationary vehicles.
/// Both reports were read in transcriptions. Fire engine: total head of 0.6 m for emergency
/// vehicles, Kramer et al. 2016 (`kramer2016`), read in its abstract; some fire services
/// do not drive through more than 0.2 m.
pub const ALL: [Traveller; 5] = [
    Traveller {
        name: "child",
        title: "a child on foot",
        title_zh: "步行儿童",
        source: "Cox, Shand & Blacka 2010: 0.5 m, 0.4 m2/s",
        limits: Limits::DepthSpeed { depth: 0.5, product: 0.4, speed: LARGEST_SPEED },
    },
    Traveller {
        name: "walker",
        title: "an adult on foot",
        title_zh: "步行成人",
        source: "Cox, Shand & Blacka 2010: 1.2 m, 0.6 m2/s",
        limits: Limits::DepthSpeed { depth: 1.2, product: 0.6, speed: LARGEST_SPEED },
    },
    Traveller {
        name: "car",
        title: "a small car",
        title_zh: "小型汽车",
        source: "Shand et al. 2011: 0.3 m, 0.3 m2/s",
        limits: Limits::DepthSpeed { depth: 0.3, product: 0.3, speed: LARGEST_SPEED },
    },
    Traveller {
        name: "off_road_car",
        title: "a large off-road car",
        title_zh: "大型越野车",
        source: "Shand et al. 2011: 0.5 m, 0.6 m2/s",
        limits: Limits::DepthSpeed { depth: 0.5, product: 0.6, speed: LARGEST_SPEED },
    },
    Traveller {
        name: "fire_engine",
        title: "a fire engine",
        title_zh: "消防车",
        source: "Kramer et al. 2016: total head 0.6 m",
        limits: Limits::Head { head: 0.6 },
    },
];

impl Traveller {
    /// True if the traveller gets through.
    ///
    /// # Units
    /// - `depth`: m; `speed`: of the water, m/s
    ///
    /// # Example
    /// ```
    /// use sim_core::flood::passability::ALL;
    /// let car = ALL.iter().find(|traveller| traveller.name == "car").expect("a car");
    /// assert!(car.passes(0.25, 0.5) && !car.passes(0.35, 0.0) && !car.passes(0.25, 1.5));
    /// ```
    pub fn passes(&self, depth: f64, speed: f64) -> bool {
        match self.limits {
            Limits::DepthSpeed { depth: deepest, product, speed: fastest } => {
                // A film that rushes by takes nobody along.
                depth <= deepest && depth * speed <= product && (speed <= fastest || depth <= SHALLOW)
            }
            Limits::Head { head } => depth + speed * speed / (2.0 * GRAVITY) <= head || depth <= SHALLOW,
        }
    }
}

/// Depth below which the speed does not count, m: what a sole or a tyre stands in.
const SHALLOW: f64 = 0.02;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn still_water_stops_each_at_its_depth() {
        for (traveller, depth) in ALL.iter().zip([0.5, 1.2, 0.3, 0.5, 0.6]) {
            assert!(
                traveller.passes(depth, 0.0) && !traveller.passes(depth + 1e-6, 0.0),
                "{}",
                traveller.name
            );
        }
    }

    #[test]
    fn water_at_three_metres_per_second_stops_cars_at_the_published_depths() {
        // Shand et al. 2011, table 3: 0.1 m for a small car, 0.2 m for a large off-road car.
        for (traveller, depth) in [(&ALL[2], 0.1), (&ALL[3], 0.2)] {
            assert!(traveller.passes(depth, 2.999) && !traveller.passes(depth + 0.001, 3.0));
        }
    }

    #[test]
    fn more_water_and_faster_water_never_help() {
        for traveller in ALL {
            for i in 0..100 {
                for j in 0..60 {
                    let (depth, speed) = (f64::from(i) * 0.02, f64::from(j) * 0.1);
                    let passes = traveller.passes(depth, speed);
                    assert!(passes || !traveller.passes(depth + 0.02, speed));
                    assert!(passes || !traveller.passes(depth, speed + 0.1));
                }
            }
        }
    }
}
