//! A gate: an opening above a sill, open for a time, with or without a flap.

use super::weir::{BROAD_CRESTED, over_crest};
use super::{Heads, Law};
use crate::units::GRAVITY;

/// Coefficient of discharge of a sharp opening.
///
/// # Source
/// Rossman 2017 (`rossman2017`), section 6.2: the value most often cited; tests lie between
/// 0.59 and 0.67, and 0.4 is recommended for ragged edges.
pub const USUAL_COEFFICIENT: f64 = 0.6;

/// A gate or a flap valve.
///
/// Below the upper edge of the opening water runs over the sill as over a weir; above it
/// the smaller of that and of what goes through the opening counts:
///
/// $$ Q = C_d\, b\, a \sqrt{2 g\, \Delta H} $$
///
/// with the head over the middle of the opening, or the difference of the levels where
/// the other side stands higher than that.
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    /// Level of the sill, m.
    pub sill: f64,
    /// Width of the opening, m.
    pub width: f64,
    /// Height of the opening, m.
    pub height: f64,
    /// Coefficient of discharge.
    pub coefficient: f64,
    /// True if a flap lets water through from the giving to the receiving end only.
    pub has_flap: bool,
    /// From and to, s, when it is open.
    pub open: (f64, f64),
}

impl Gate {
    /// Discharge from the higher side, m³/s; heads over the sill, m.
    fn through(&self, upper: f64, lower: f64) -> f64 {
        let head = (upper - lower.max(0.5 * self.height)).max(0.0);
        let opening = self.coefficient * self.width * self.height * (2.0 * GRAVITY * head).sqrt();
        let crest = over_crest(upper, lower, self.width, BROAD_CRESTED);
        if upper <= self.height { crest } else { crest.min(opening) }
    }
}

impl Law for Gate {
    fn discharge(&self, heads: Heads, _: &mut bool) -> f64 {
        if heads.time < self.open.0 || heads.time >= self.open.1 {
            return 0.0;
        }
        let (from, to) = (heads.from_level - self.sill, heads.to_level - self.sill);
        if from >= to {
            self.through(from, to)
        } else if self.has_flap {
            0.0
        } else {
            -self.through(to, from)
        }
    }

    fn is_driven_by_levels(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(has_flap: bool) -> Gate {
        Gate { sill: 1.0, width: 2.0, height: 0.5, coefficient: 0.6, has_flap, open: (10.0, 20.0) }
    }

    fn discharge(gate: &Gate, from: f64, to: f64, time: f64) -> f64 {
        let heads = Heads { from_level: from, from_depth: 1.0, to_level: to, to_depth: 1.0, time };
        gate.discharge(heads, &mut false)
    }

    #[test]
    fn a_drowned_opening_follows_the_difference_of_the_levels() {
        let expected = 0.6 * 2.0 * 0.5 * (2.0 * GRAVITY * 0.4f64).sqrt();
        assert!((discharge(&gate(false), 3.0, 2.6, 15.0) - expected).abs() < 1e-12);
        assert_eq!(discharge(&gate(false), 2.6, 3.0, 15.0), -discharge(&gate(false), 3.0, 2.6, 15.0));
    }

    #[test]
    fn a_flap_lets_nothing_back_and_a_closed_gate_nothing_at_all() {
        assert_eq!(discharge(&gate(true), 2.6, 3.0, 15.0), 0.0);
        assert!(discharge(&gate(true), 3.0, 2.6, 15.0) > 0.0);
        assert_eq!(
            (discharge(&gate(false), 3.0, 2.6, 5.0), discharge(&gate(false), 3.0, 2.6, 20.0)),
            (0.0, 0.0)
        );
    }

    #[test]
    fn discharge_grows_with_the_level_and_does_not_jump() {
        let mut last = 0.0;
        for i in 0..3000 {
            let found = discharge(&gate(false), 1.0 + f64::from(i) * 0.001, 0.0, 15.0);
            assert!(found >= last - 1e-12 && found - last < 0.02, "{i}: {last} {found}");
            last = found;
        }
    }
}
