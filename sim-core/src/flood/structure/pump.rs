//! A pump: starts and stops by the depth at its sump, and may fail.

use super::{Heads, Law};

/// A pump.
///
/// It starts when the depth at its sump rises above one value and stops when it falls
/// below another; in between it goes on with what it did. While it has failed it
/// does nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Pump {
    /// Discharge, m³/s.
    pub capacity: f64,
    /// Depth at the sump at which it starts, m.
    pub on_depth: f64,
    /// Depth at which it stops, m.
    pub off_depth: f64,
    /// From and to, s, when it has failed; none if it does not fail.
    pub failed: Option<(f64, f64)>,
}

impl Law for Pump {
    fn discharge(&self, heads: Heads, running: &mut bool) -> f64 {
        if heads.from_depth >= self.on_depth {
            *running = true;
        }
        if heads.from_depth <= self.off_depth {
            *running = false;
        }
        let has_failed = self.failed.is_some_and(|(from, to)| heads.time >= from && heads.time < to);
        if *running && !has_failed { self.capacity } else { 0.0 }
    }

    fn is_driven_by_levels(&self) -> bool {
        false
    }

    fn capacity(&self) -> f64 {
        self.capacity
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_high_stops_low_and_fails_on_time() {
        let pump = Pump { capacity: 0.2, on_depth: 0.3, off_depth: 0.1, failed: Some((50.0, 70.0)) };
        let mut running = false;
        let mut discharge = |depth: f64, time: f64| {
            let heads = Heads { from_level: depth, from_depth: depth, to_level: 9.0, to_depth: 0.0, time };
            pump.discharge(heads, &mut running)
        };
        let story = [
            (0.2, 0.0, 0.0),
            (0.3, 1.0, 0.2),
            (0.2, 2.0, 0.2),
            (0.1, 3.0, 0.0),
            (0.2, 4.0, 0.0),
            (0.4, 49.0, 0.2),
            (0.4, 50.0, 0.0),
            (0.4, 69.0, 0.0),
            (0.4, 70.0, 0.2),
        ];
        for (depth, time, expected) in story {
            assert_eq!(discharge(depth, time), expected, "{depth} m at {time} s");
        }
    }
}
