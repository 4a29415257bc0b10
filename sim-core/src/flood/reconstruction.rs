//! Ground and depths at a face between two cells of different ground level.
//!
//! **Within a cell** the ground is tilted as far as water surface and ground agree
//! ([`tilt`]), and the depth is one number. On a slope the ground of neighbours
//! then meets at the face, and uniform flow is exact at any depth and Froude
//! number. Ground in flat steps instead lets thin water fall from step to step as
//! over weirs: on mild slopes it runs off up to twice as fast as it should.
//!
//! **At the face** what is left of the step is treated as follows.
//! The bed of the face is chosen so that still water stays still, no water is
//! invented, and a film on a steep step feels the whole drop:
//!
//! $$ z_\* = \min(\max(z_L, z_R),\ \min(h_L + z_L,\ h_R + z_R)) $$
//! $$ h^\*_L = \min(h_L + z_L - z_\*,\ h_L), \qquad h^\*_R = \min(h_R + z_R - z_\*,\ h_R) $$
//!
//! The thrust of the bed between cell centre and face is
//!
//! $$ S_L = \tfrac g2 (h_L + h^\*_L)(z_L - z_\*), \qquad S_R = \tfrac g2 (h_R + h^\*_R)(z_\* - z_R) $$
//!
//! Where the water stands above the bed of the face, $z_L - z_\* = h^\*_L - h_L$
//! and $S_L$ is the familiar $\tfrac g2 (h^{\*2}_L - h_L^2)$ that cancels the
//! pressure of still water. Where a film of water stands above a drop,
//! $z_\*$ lies below $z_L$, $h^\*_L = h_L$, and $S_L = g h_L (z_L - z_\*)$ is the
//! weight of the film along the drop, which the older form without the
//! second $\min$ loses.
//!
//! Everything is relative to one of the two beds: water levels are never
//! formed, and the pair $(L, R)$ seen in a mirror gives the same bits.
//!
//! # Source
//! Chen & Noelle 2017 (`chen2017`); first-order use as in
//! Buttinger-Kreuzhuber et al. 2019 (`buttinger2019`); the form it replaces:
//! Audusse et al. 2004 (`audusse2004`), and its limit on steep films: Delestre
//! et al. 2012 (`delestre2012`). A slope shared by surface and ground under a
//! constant depth is the idea of the surface reconstruction of Xia et al. 2017
//! (`xia2017`); the limiter used here is ours and also looks at the ground.

use crate::flood::extreme::{larger, smaller};
use crate::flood::params::DRY_DEPTH;

/// Depths on both sides of a face, and the height of its bed over the two cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceDepths {
    /// Depth of the left cell that takes part, m: zero if the cell is dry.
    pub left_cell: f64,
    /// Depth of the right cell that takes part, m.
    pub right_cell: f64,
    /// Depth left of the face, m.
    pub left: f64,
    /// Depth right of the face, m.
    pub right: f64,
    /// Bed of the face above the bed of the left cell, m; negative over a drop.
    pub above_left: f64,
    /// Bed of the face above the bed of the right cell, m.
    pub above_right: f64,
}

/// Depths at a face from the depths of its cells and the step of the ground.
///
/// # Units
/// - `left`, `right`: depths of the cells, m; below [`DRY_DEPTH`] they count as zero
/// - `rise`: bed of the right cell minus bed of the left cell, m
///
/// # Example
/// ```
/// use sim_core::flood::reconstruction::face_depths;
/// // Still water, 2 m and 0.5 m deep, over a step of 1.5 m: both sides see 0.5 m.
/// let face = face_depths(2.0, 0.5, 1.5);
/// assert_eq!((face.left, face.right), (0.5, 0.5));
/// // A film at the edge of a roof of 10 m: the whole drop drives it.
/// let roof = face_depths(0.001, 0.0, -10.0);
/// assert_eq!((roof.left, roof.above_left), (0.001, -10.0));
/// ```
#[inline(always)]
pub fn face_depths(left: f64, right: f64, rise: f64) -> FaceDepths {
    let left_cell = if left < DRY_DEPTH { 0.0 } else { left };
    let right_cell = if right < DRY_DEPTH { 0.0 } else { right };
    let above_left = smaller(larger(rise, 0.0), smaller(left_cell, right_cell + rise));
    let above_right = smaller(larger(-rise, 0.0), smaller(right_cell, left_cell - rise));
    FaceDepths {
        left_cell,
        right_cell,
        left: left_cell - larger(above_left, 0.0),
        right: right_cell - larger(above_right, 0.0),
        above_left,
        above_right,
    }
}

/// Rise of the ground from one side of a cell to the other, m.
///
/// Four differences are at hand: of the ground and of the water surface, to the
/// neighbour before and to the one behind. Where all have one sign the smallest
/// counts, otherwise the cell is flat. Three consequences: still water has a level
/// surface, so its cells are flat and it stays still; level ground stays level
/// under waves; and the tilted ground of a dry cell never reaches below the water
/// beside it.
///
/// # Units
/// - `ground_before`, `ground_behind`: bed of this cell minus bed of the one
///   before, bed of the one behind minus bed of this, m
/// - `depth_before`, `depth_behind`: the same differences of the depth, m
///
/// # Example
/// ```
/// use sim_core::flood::reconstruction::tilt;
/// // A film of constant depth on a slope that falls 5 cm from cell to cell.
/// assert_eq!(tilt(-0.05, -0.05, 0.0, 0.0), -0.05);
/// // Still water over the same ground.
/// assert_eq!(tilt(-0.05, -0.05, 0.05, 0.05), 0.0);
/// ```
#[inline(always)]
pub fn tilt(ground_before: f64, ground_behind: f64, depth_before: f64, depth_behind: f64) -> f64 {
    let surface_before = ground_before + depth_before;
    let surface_behind = ground_behind + depth_behind;
    let least = smaller(smaller(ground_before, ground_behind), smaller(surface_before, surface_behind));
    let most = larger(larger(ground_before, ground_behind), larger(surface_before, surface_behind));
    larger(least, 0.0) + smaller(most, 0.0)
}

/// How much steeper than the smaller of its two differences a slope may be: 1 is
/// the most careful, 2 the steepest that makes no new extremes.
///
/// Values above 1 are sharper at crests and shocks. Chosen by trial on the smooth
/// and the dam-break cases, which gain little beyond it.
pub const STEEPNESS: f64 = 1.5;

/// Steps of the ground, as a share of the shallowest water on them, from which
/// slopes are as careful as can be: steeper ones would let the ground of two
/// neighbours cross at the face, a dam of up to half a step in the way of the water.
pub const LARGEST_STEP: f64 = 0.5;

/// Difference across a cell from the differences to the cell before and the one
/// behind: their mean where the profile is smooth, zero at an extreme.
///
/// $$ \operatorname{minmod}(\theta a,\ \tfrac12(a + b),\ \theta b), \qquad 1 \le \theta \le 2 $$
///
/// # Source
/// van Leer 1979 (`vanleer1979`) for limited slopes; the family in $\theta$ is common since.
///
/// # Example
/// ```
/// use sim_core::flood::reconstruction::limited;
/// assert_eq!(limited(1.5, 1.0, 2.0), 1.5);
/// assert_eq!(limited(1.0, 1.0, 2.0), 1.0);
/// assert_eq!(limited(1.5, 1.0, -2.0), 0.0);
/// ```
#[inline(always)]
pub fn limited(steepness: f64, before: f64, behind: f64) -> f64 {
    let centred = 0.5 * (before + behind);
    let (steep_before, steep_behind) = (steepness * before, steepness * behind);
    let least = smaller(centred, smaller(steep_before, steep_behind));
    let most = larger(centred, larger(steep_before, steep_behind));
    larger(least, 0.0) + smaller(most, 0.0)
}

/// Share of the depth of a cell below which a neighbour on higher ground is a bank:
/// a film that the shore left behind is not part of the water surface.
pub const BANK_SHARE: f64 = 1e-2;

/// Share of its slope with which the surface goes on beside a bank. With the whole of it
/// the surfaces of two cells between banks would meet without a step, and nothing would
/// damp their swing.
pub const BESIDE_BANK: f64 = 0.6;

/// Largest difference of the depth across a cell beside a bank, over its depth: with
/// more, water can leave through the deeper side faster than the time step allows for.
pub const LARGEST_BESIDE_BANK: f64 = 1.2;

/// A number of a cell and of its neighbours in one direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Three {
    /// Of the neighbour before it.
    pub before: f64,
    /// Of the cell.
    pub here: f64,
    /// Of the neighbour behind it.
    pub behind: f64,
}

impl Three {
    /// Differences to the neighbour before and to the one behind.
    #[inline(always)]
    pub fn differences(self) -> (f64, f64) {
        (self.here - self.before, self.behind - self.here)
    }

    #[inline(always)]
    fn smallest(self) -> f64 {
        smaller(smaller(self.before, self.behind), self.here)
    }
}

/// Which neighbours are banks: they hold next to no water, on ground above the
/// surface of the cell, so that they are shore and have no surface to go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Banks {
    /// The neighbour before the cell.
    pub before: bool,
    /// The neighbour behind it.
    pub behind: bool,
}

impl Banks {
    /// The banks of a cell.
    ///
    /// # Units
    /// - `ground`: differences of the bed to the cell before and to the one behind, m
    /// - `depth`: m
    #[inline(always)]
    pub fn of(ground: (f64, f64), depth: Three) -> Self {
        let film = BANK_SHARE * depth.here;
        Self {
            before: depth.before < film && -ground.0 >= depth.here,
            behind: depth.behind < film && ground.1 >= depth.here,
        }
    }

    /// True if there is any.
    #[inline(always)]
    pub fn any(self) -> bool {
        self.before || self.behind
    }
}

/// Differences of depth and of the ground across a cell, m.
///
/// Depth and water surface are limited on their own and the ground gets the
/// difference of the two, so that a level surface stays level whatever the ground
/// does; but the ground is never steeper than its own limited difference, nor does
/// it turn round: at the foot of a wall it would otherwise become a pit.
///
/// Beside a bank the surface goes on as on the other side of the cell, and the depth
/// falls as much as the ground under it rises, within [`LARGEST_BESIDE_BANK`]. Where the cell itself is dry, the depth is one number and the
/// ground takes the [`tilt`].
///
/// # Units
/// - `ground`: differences of the bed to the cell before and to the one behind, m
/// - `depth`: m
///
/// # Source
/// Audusse & Bristeau 2005 (`audusse2005`) for the pairing of the slopes; the bound on the
/// ground and the banks are ours.
///
/// # Example
/// ```
/// use sim_core::flood::reconstruction::{Banks, Three, depth_and_ground};
/// // Still water on rising ground.
/// let (ground, depth) = ((0.25, 0.5), Three { before: 2.75, here: 2.5, behind: 2.0 });
/// let none = Banks::of(ground, depth);
/// assert_eq!(depth_and_ground(ground, depth, none), (-0.375, 0.375));
/// // Its shore: as flat, and the depth runs out.
/// let (ground, depth) = ((0.25, 0.5), Three { before: 0.5, here: 0.25, behind: 0.0 });
/// let bank = Banks::of(ground, depth);
/// assert!(bank.behind && !bank.before);
/// assert_eq!(depth_and_ground(ground, depth, bank), (-0.25, 0.25));
/// // A film on a plane.
/// let (ground, depth) = ((-0.05, -0.05), Three { before: 0.001, here: 0.001, behind: 0.001 });
/// assert_eq!(depth_and_ground(ground, depth, Banks::of(ground, depth)), (0.0, -0.05));
/// ```
#[inline(always)]
pub fn depth_and_ground(ground: (f64, f64), depth: Three, banks: Banks) -> (f64, f64) {
    let water = depth.differences();
    let step = larger(ground.0.abs(), ground.1.abs());
    let steepness = if step > LARGEST_STEP * depth.smallest() { 1.0 } else { STEEPNESS };
    let surface = (ground.0 + water.0, ground.1 + water.1);
    let seen_before = if banks.before { BESIDE_BANK * surface.1 } else { surface.0 };
    let seen_behind = if banks.behind { BESIDE_BANK * surface.0 } else { surface.1 };
    let is_enclosed = banks.before && banks.behind;
    let surface = if is_enclosed { 0.0 } else { limited(steepness, seen_before, seen_behind) };
    let steepest = limited(steepness, ground.0, ground.1);
    let largest = LARGEST_BESIDE_BANK * depth.here;
    let beside_bank = larger(smaller(surface - steepest, largest), -largest);
    let across = if banks.any() { beside_bank } else { limited(steepness, water.0, water.1) };
    let paired = surface - across;
    let bounded = larger(smaller(paired, larger(steepest, 0.0)), smaller(steepest, 0.0));
    let on_shore = tilt(ground.0, ground.1, water.0, water.1);
    let is_wet = depth.here >= DRY_DEPTH;
    (if is_wet { across } else { 0.0 }, if is_wet { bounded } else { on_shore })
}

/// Difference across a cell of the velocity in the direction of the three cells, m/s.
///
/// A bank is a wall as long as it is not overtopped: it throws the velocity back as
/// a mirror does. A dry neighbour that is no bank has no velocity to go by.
///
/// # Units
/// - `depth`: m; `velocity`: m/s
///
/// # Example
/// ```
/// use sim_core::flood::reconstruction::{Banks, Three, velocity_towards};
/// let (depth, velocity) = (Three { before: 0.5, here: 0.25, behind: 0.0 }, Three { before: 0.3, here: 0.1, behind: 0.0 });
/// let bank = Banks { before: false, behind: true };
/// assert_eq!(velocity_towards(depth, velocity, bank), -0.2, "it falls towards the bank");
/// ```
#[inline(always)]
pub fn velocity_towards(depth: Three, velocity: Three, banks: Banks) -> f64 {
    let (before, behind) = velocity.differences();
    let mirrored = 2.0 * velocity.here;
    let change = limited(
        STEEPNESS,
        if banks.before { mirrored } else { before },
        if banks.behind { -mirrored } else { behind },
    );
    // A bank counts as wet as the cell itself.
    let known = Three {
        before: if banks.before { depth.here } else { depth.before },
        here: depth.here,
        behind: if banks.behind { depth.here } else { depth.behind },
    };
    if known.smallest() >= DRY_DEPTH { change } else { 0.0 }
}

/// Difference across a cell of the velocity along its sides, m/s: none beside dry cells.
#[inline(always)]
pub fn velocity_along(depth: Three, velocity: Three) -> f64 {
    let (before, behind) = velocity.differences();
    let change = limited(STEEPNESS, before, behind);
    if depth.smallest() >= DRY_DEPTH { change } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn depths_at_the_face_are_never_negative_nor_deeper_than_the_cell(
            left in 0.0..5.0f64, right in 0.0..5.0f64, rise in -8.0..8.0f64
        ) {
            let face = face_depths(left, right, rise);
            prop_assert!(face.left >= 0.0 && face.left <= left);
            prop_assert!(face.right >= 0.0 && face.right <= right);
        }

        #[test]
        fn a_mirror_gives_the_same_bits(
            left in 0.0..5.0f64, right in 0.0..5.0f64, rise in -8.0..8.0f64
        ) {
            let (a, b) = (face_depths(left, right, rise), face_depths(right, left, -rise));
            prop_assert_eq!(a.left.to_bits(), b.right.to_bits());
            prop_assert_eq!(a.above_left.to_bits(), b.above_right.to_bits());
        }

        #[test]
        fn both_sides_agree_on_the_bed_of_the_face(
            left in 0.0..5.0f64, right in 0.0..5.0f64, rise in -8.0..8.0f64
        ) {
            let face = face_depths(left, right, rise);
            prop_assert!((face.above_left - rise - face.above_right).abs() < 1e-14);
        }
    }

    proptest! {
        #[test]
        fn the_tilt_is_no_steeper_than_any_difference_and_turns_in_a_mirror(
            z in proptest::array::uniform3(-2.0..2.0f64), h in proptest::array::uniform3(0.0..2.0f64)
        ) {
            let here = tilt(z[1] - z[0], z[2] - z[1], h[1] - h[0], h[2] - h[1]);
            let mirrored = tilt(z[1] - z[2], z[0] - z[1], h[1] - h[2], h[0] - h[1]);
            prop_assert_eq!(here, -mirrored);
            prop_assert!(here.abs() <= (z[1] - z[0]).abs().min((z[2] - z[1]).abs()));
        }

        #[test]
        fn a_dry_cell_keeps_above_the_water_beside_it(
            water in -1.0..1.0f64, above in 0.001..2.0f64, next in -1.0..3.0f64
        ) {
            let (bed, depth) = (-1.5, water + 1.5);
            let dry = water + above;
            let side = dry - 0.5 * tilt(dry - bed, next - dry, -depth, 0.0);
            prop_assert!(side > water);
        }
    }

    proptest! {
        #[test]
        fn a_limited_depth_never_gets_negative_at_a_face(h in proptest::array::uniform3(0.0..2.0f64)) {
            let across = limited(2.0, h[1] - h[0], h[2] - h[1]);
            prop_assert!(0.5 * across.abs() <= h[1]);
            prop_assert_eq!(across, -limited(2.0, h[1] - h[2], h[0] - h[1]));
        }

        #[test]
        fn a_straight_profile_keeps_its_slope_and_still_water_its_level(
            slope in -1.0..1.0f64, z in proptest::array::uniform3(-0.2..0.2f64)
        ) {
            prop_assert_eq!(limited(STEEPNESS, slope, slope), slope);
            let ground = (z[1] - z[0], z[2] - z[1]);
            let still = Three { before: 0.5 + ground.0, here: 0.5, behind: 0.5 - ground.1 };
            let (depth, bed) = depth_and_ground(ground, still, Banks::of(ground, still));
            prop_assert!((depth + bed).abs() < 1e-15, "the depths themselves are rounded");
        }

        #[test]
        fn the_ground_of_neighbours_under_a_film_never_crosses(
            z in proptest::array::uniform4(-2.0..2.0f64), h in proptest::array::uniform4(1e-6..1e-3f64)
        ) {
            let across = |i: usize| {
                let ground = (z[i] - z[i - 1], z[i + 1] - z[i]);
                let depth = Three { before: h[i - 1], here: h[i], behind: h[i + 1] };
                depth_and_ground(ground, depth, Banks::of(ground, depth)).1
            };
            let (left, right) = (z[1] + 0.5 * across(1), z[2] - 0.5 * across(2));
            prop_assert!((right - left) * (z[2] - z[1]) >= -1e-15);
        }
    }

    proptest! {
        #[test]
        fn a_shore_of_still_water_is_level_and_nowhere_less_than_dry(
            foot in -1.0..0.0f64, here in -0.5..0.0f64, bank in 0.0..3.0f64
        ) {
            let depth = Three { before: -foot, here: -here, behind: 0.0 };
            let ground = (here - foot, bank - here);
            let banks = Banks::of(ground, depth);
            prop_assert!(banks.behind);
            let (across, bed) = depth_and_ground(ground, depth, banks);
            prop_assert!((across + bed).abs() < 1e-15, "the surface is level");
            prop_assert!(0.5 * across.abs() <= depth.here);
        }

        #[test]
        fn slopes_turn_in_a_mirror(
            z in proptest::array::uniform3(-1.0..1.0f64), h in proptest::array::uniform3(0.0..0.5f64)
        ) {
            let depth = Three { before: h[0], here: h[1], behind: h[2] };
            let seen = Three { before: h[2], here: h[1], behind: h[0] };
            let (ground, back) = ((z[1] - z[0], z[2] - z[1]), (z[1] - z[2], z[0] - z[1]));
            let there = depth_and_ground(ground, depth, Banks::of(ground, depth));
            let mirrored = depth_and_ground(back, seen, Banks::of(back, seen));
            prop_assert_eq!(there, (-mirrored.0, -mirrored.1));
        }
    }

    #[test]
    fn a_wall_leaves_no_water_at_the_face() {
        let face = face_depths(3.0, 0.0, crate::flood::params::OUTSIDE_BED);
        assert_eq!((face.left, face.right), (0.0, 0.0));
        assert_eq!(face.above_left, 3.0);
    }
}
