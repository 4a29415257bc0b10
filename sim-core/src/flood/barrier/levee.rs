//! A crest thinner than a cell: levees, kerbs, flood walls.

use super::{Beside, Crossing, Face, Flow};
use crate::flood::structure::weir::over_crest;

/// Head of the lower water over the crest, as a share of the height of the crest above the
/// ground, from which the crest counts less as a weir and more as a sill under a stream,
/// and from which the scheme alone decides.
///
/// A weir has a head of the order of its height or less. Deeper down, the law of a weir
/// would take a drop for a kerb under metres of water that a stream does not notice.
const DROWNS: (f64, f64) = (1.0, 1.5);

/// A line of crest.
///
/// Per metre of face, with the heads over the crest of the higher and the lower water,
///
/// $$ q = C H_1^{3/2} \Big( 1 - \Big(\frac{H_2}{H_1}\Big)^{3/2} \Big)^{0.385} $$
///
/// as a weir between two places ([`crate::flood::structure::weir`]).
#[derive(Debug, Clone, PartialEq)]
pub struct Levee {
    /// Coefficient C, m^(1/2)/s, at most [`LARGEST_COEFFICIENT`].
    pub coefficient: f64,
    /// Where and when the crest sinks.
    pub gap: Option<Gap>,
}

/// Largest coefficient of a crest, m^(1/2)/s: two thirds of the root of g, with which a
/// cell loses no more over the crest than the time step allows for ([`super::limited`]).
pub const LARGEST_COEFFICIENT: f64 = 2.08;

/// When a gap begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Trigger {
    /// At a time, s.
    Time(f64),
    /// As soon as water runs over the crest anywhere.
    Overtopped,
}

/// A stretch of the crest that sinks, from its middle outwards, as a
/// [breach](crate::flood::breach) of the ground does.
///
/// After the share $p$ of its time the crest within $p\,W/2$ of the middle has sunk to
/// $z_{top} - p\,(z_{top} - z_{bottom})$ with the level $z_{top}$ of the highest crest of
/// the stretch, or stays where it is if it is lower.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// When it begins.
    pub trigger: Trigger,
    /// From begin to end, s.
    pub duration: f64,
    /// Its middle, as the distance along the line, m.
    pub middle: f64,
    /// Width in the end, m.
    pub width: f64,
    /// Level of the crest in the end, m.
    pub bottom: f64,
    /// Highest crest of the stretch, m.
    pub top: f64,
}

impl Gap {
    /// Share of its growth at a time.
    fn share(&self, time: f64, crossing: &Crossing) -> f64 {
        let begun = match self.trigger {
            Trigger::Time(begin) => begin,
            Trigger::Overtopped => crossing.first_over,
        };
        if begun.is_finite() { ((time - begun) / self.duration).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// When it begins or began, s; infinite as long as that is not known.
    pub fn begun(&self, crossing: &Crossing) -> f64 {
        match self.trigger {
            Trigger::Time(begin) => begin,
            Trigger::Overtopped => crossing.first_over,
        }
    }
}

impl Levee {
    /// Level of the crest at one of its faces at a time, m.
    pub fn crest(&self, face: &Face, time: f64, crossing: &Crossing) -> f64 {
        let Some(gap) = &self.gap else { return face.top };
        let share = gap.share(time, crossing);
        if share > 0.0 && (face.along - gap.middle).abs() <= 0.5 * share * gap.width {
            face.top.min(gap.top - share * (gap.top - gap.bottom))
        } else {
            face.top
        }
    }
}

/// Discharge over one metre of a crest from left to right, m²/s, by the heads over it, m.
pub(super) fn weir((left, right): (f64, f64), coefficient: f64) -> f64 {
    if left >= right {
        over_crest(left, right, 1.0, coefficient)
    } else {
        -over_crest(right, left, 1.0, coefficient)
    }
}

/// What passes over a crest.
///
/// # Units
/// - `crest`: its level, m; `ground`: the higher ground of both sides, m
/// - `coefficient`: m^(1/2)/s
///
/// # Source
/// Villemonte 1947 (`villemonte1947`) for the weir; the passage to the free flow of the
/// scheme over a crest far under water is ours.
///
/// # Example
/// ```
/// use sim_core::flood::barrier::{Beside, levee::over};
/// let still = |level: f64| Beside { level, depth: level, towards: 0.0 };
/// // A head of 0.25 m over a crest 2 m above the ground, free fall: 1.7 × 0.25^1.5.
/// let flow = over(2.0, 0.0, (still(2.25), still(1.0)), 1.7);
/// assert!((flow.water - 0.2125).abs() < 1e-12 && flow.share == 1.0);
/// ```
pub fn over(crest: f64, ground: f64, (left, right): (Beside, Beside), coefficient: f64) -> Flow {
    let height = crest - ground;
    if height <= 0.0 {
        return Flow::FREE;
    }
    let (on_left, on_right) = (left.level - crest, right.level - crest);
    let drowned = (on_left.min(on_right) / height - DROWNS.0) / (DROWNS.1 - DROWNS.0);
    Flow {
        water: weir((on_left, on_right), coefficient),
        head: left.level - right.level,
        heights: (on_left.max(0.0), on_right.max(0.0)),
        share: 1.0 - drowned.clamp(0.0, 1.0),
        drag: 0.0,
        is_over: on_left.max(on_right) > 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::structure::weir::BROAD_CRESTED;
    use crate::units::GRAVITY;

    fn still(level: f64) -> Beside {
        Beside { level, depth: level, towards: 0.0 }
    }

    #[test]
    fn nothing_passes_below_the_crest_and_all_is_symmetric() {
        assert_eq!(over(3.0, 0.0, (still(3.0), still(0.0)), 1.7).water, 0.0);
        let there = over(3.0, 0.0, (still(3.4), still(3.1)), 1.7);
        let back = over(3.0, 0.0, (still(3.1), still(3.4)), 1.7);
        assert_eq!(there.water, -back.water);
        assert!(there.water > 0.0 && there.is_over);
    }

    #[test]
    fn a_crest_far_under_water_is_left_to_the_scheme_without_a_jump() {
        let share = |depth: f64| over(0.15, 0.0, (still(depth), still(depth)), 1.7).share;
        assert_eq!((share(0.3), share(0.38)), (1.0, 0.0));
        assert!((share(0.3375) - 0.5).abs() < 1e-12);
        assert_eq!(over(0.15, 0.2, (still(1.0), still(0.5)), 1.7), Flow::FREE, "ground above the crest");
    }

    #[test]
    fn the_largest_coefficient_is_within_the_bound_of_the_time_step() {
        assert!(LARGEST_COEFFICIENT <= 2.0 / 3.0 * GRAVITY.sqrt());
        const { assert!(BROAD_CRESTED < LARGEST_COEFFICIENT) };
    }

    #[test]
    fn a_gap_opens_from_its_middle_and_when_it_is_overtopped() {
        let gap = Gap {
            trigger: Trigger::Overtopped,
            duration: 100.0,
            middle: 50.0,
            width: 40.0,
            bottom: 1.0,
            top: 3.0,
        };
        let levee = Levee { coefficient: 1.7, gap: Some(gap) };
        let face = |along: f64| Face {
            cell: (0, 1),
            is_across_x: true,
            from_left: true,
            top: if along > 60.0 { 1.5 } else { 3.0 },
            soffit: 3.0,
            along,
        };
        let held = Crossing::NONE;
        assert_eq!(levee.crest(&face(50.0), 1e6, &held), 3.0);
        let topped = Crossing { first_over: 1000.0, ..held };
        let crest = |along: f64, time: f64| levee.crest(&face(along), time, &topped);
        assert_eq!([crest(50.0, 1050.0), crest(59.0, 1050.0), crest(39.0, 1050.0)], [2.0, 2.0, 3.0]);
        assert_eq!([crest(50.0, 2000.0), crest(69.0, 2000.0), crest(75.0, 2000.0)], [1.0, 1.0, 1.5]);
    }
}
