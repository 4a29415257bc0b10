//! Ground and depths at a face between two cells of different ground level.
//!
//! **Within a cell** the ground is tilted as far as water surface and ground agree
//! ([`tilt`]), and the depth is one number. On a slope the ground of neighbours
//! then meets at the face, and uniform flow is exact at any depth and Froude
//! number. Ground in flat steps instead lets thin water fall from step to step as
//! over weirs: on mild slopes it runs off up to twice as fast as it should.
//!
//! **At the face** what is left of the step is treated as follows. With the rise
//! $\Delta\eta$ of the water surface from left to right, the depths that meet there are
//!
//! $$ h^\*_L = \min(h_L,\ \max(0,\ h_R - \Delta\eta)), \qquad h^\*_R = \min(h_R,\ \max(0,\ h_L + \Delta\eta)) $$
//!
//! (the bed of the face is the higher of the two, and water below it stays back), and
//! where the surface on one side lies below the bed of the other, the film above the
//! drop is driven by its weight along it:
//!
//! $$ T_L = g h_L \min(0,\ h_L + \Delta\eta), \qquad T_R = g h_R \min(0,\ h_R - \Delta\eta) $$
//!
//! Everything else that the bed does to the water is the pressure of the water that it
//! holds back, and the fluxes are told without that ([`crate::layer::flux::FaceFlux`]).
//! So still water stays still, no water is invented, and a film on a steep step feels
//! the whole drop.
//!
//! **Precision.** Depths, velocities and levels are doubles. What is formed here is in
//! single precision, from depths and from *differences* of levels that are taken in
//! double precision first: a surface that rises by 1e-12 m under 10 m of water still
//! moves it, and all that is lost is the eighth digit of a flux. As the flux that one
//! cell loses is the flux that its neighbour gains, water is kept to the last bit of a
//! double. The pair $(L, R)$ seen in a mirror gives the same bits.
//!
//! # Source
//! The depths and the weight are those of Chen & Noelle 2017 (`chen2017`), written with
//! the rise of the surface; first-order use as in
//! Buttinger-Kreuzhuber et al. 2019 (`buttinger2019`); the form it replaces:
//! Audusse et al. 2004 (`audusse2004`), and its limit on steep films: Delestre
//! et al. 2012 (`delestre2012`). A slope shared by surface and ground under a
//! constant depth is the idea of the surface reconstruction of Xia et al. 2017
//! (`xia2017`); the limiter used here is ours and also looks at the ground.

use crate::layer::extreme::{larger, smaller};
use crate::layer::limits::DRY_DEPTH;
use crate::units::GRAVITY;

/// Rise of the water surface from one cell to the next, m, from their beds and depths.
///
/// # Example
/// ```
/// use sim_core::layer::reconstruction::surface_rise;
/// assert_eq!(surface_rise((700.0, 700.5), (2.0, 1.5)), 0.0, "a level lake in the mountains");
/// ```
#[inline(always)]
pub fn surface_rise(bed: (f64, f64), depth: (f64, f64)) -> f32 {
    ((bed.1 - bed.0) + (depth.1 - depth.0)) as f32
}

/// The water at a face: depths on both sides, and the weight of films above a drop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceWater {
    /// Depth left of the face, m.
    pub left: f32,
    /// Depth right of the face, m.
    pub right: f32,
    /// Right less left depth, m, from the rise of the surface where both hold water.
    pub rise: f32,
    /// Weight along the drop, of the water on the left, m³/s²; not positive.
    pub left_weight: f32,
    /// The same of the water on the right; not positive.
    pub right_weight: f32,
}

/// The water at a face from the depths beside it and the rise of its surface.
///
/// # Units
/// - `left`, `right`: depths of the cells, m; below [`DRY_DEPTH`] they count as zero
/// - `rise`: level of the surface on the right less that on the left, m; where a cell is
///   dry the surface is its ground
///
/// # Example
/// ```
/// use sim_core::layer::reconstruction::face_water;
/// // Still water, 2 m and 0.5 m deep, over a step of 1.5 m: both sides see 0.5 m.
/// let face = face_water(2.0, 0.5, 0.0);
/// assert_eq!((face.left, face.right, face.rise), (0.5, 0.5, 0.0));
/// // A film at the edge of a roof of 10 m: the whole drop drives it.
/// let roof = face_water(0.001, 0.0, -10.001);
/// assert_eq!(roof.left, 0.001);
/// assert!((roof.left_weight + 9.80665 * 0.001 * 10.0).abs() < 1e-6);
/// ```
#[inline(always)]
pub fn face_water(left: f32, right: f32, rise: f32) -> FaceWater {
    let dry = DRY_DEPTH as f32;
    let g = GRAVITY as f32;
    let left_cell = if left < dry { 0.0 } else { left };
    let right_cell = if right < dry { 0.0 } else { right };
    // Level of each surface above the bed of the other side.
    let (over_left, over_right) = (right_cell - rise, left_cell + rise);
    let left = smaller(left_cell, larger(over_left, 0.0));
    let right = smaller(right_cell, larger(over_right, 0.0));
    let both_wet = smaller(left, right) > 0.0;
    FaceWater {
        left,
        right,
        rise: if both_wet { rise } else { right - left },
        left_weight: (g * left_cell) * smaller(over_right, 0.0),
        right_weight: (g * right_cell) * smaller(over_left, 0.0),
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
/// - `ground`: bed of this cell minus bed of the one before, bed of the one behind
///   minus bed of this, m
/// - `surface`: the same differences of the level of the water, m
///
/// # Example
/// ```
/// use sim_core::layer::reconstruction::tilt;
/// // A film of constant depth on a slope that falls 5 cm from cell to cell.
/// assert_eq!(tilt((-0.05, -0.05), (-0.05, -0.05)), -0.05);
/// // Still water over the same ground.
/// assert_eq!(tilt((-0.05, -0.05), (0.0, 0.0)), 0.0);
/// ```
#[inline(always)]
pub fn tilt(ground: (f32, f32), surface: (f32, f32)) -> f32 {
    let least = smaller(smaller(ground.0, ground.1), smaller(surface.0, surface.1));
    let most = larger(larger(ground.0, ground.1), larger(surface.0, surface.1));
    larger(least, 0.0) + smaller(most, 0.0)
}

/// How much steeper than the smaller of its two differences a slope may be: 1 is
/// the most careful, 2 the steepest that makes no new extremes.
///
/// Values above 1 are sharper at crests and shocks. Chosen by trial on the smooth
/// and the dam-break cases, which gain little beyond it.
pub const STEEPNESS: f32 = 1.5;

/// Steps of the ground, as a share of the shallowest water on them, from which
/// slopes are as careful as can be: steeper ones would let the ground of two
/// neighbours cross at the face, a dam of up to half a step in the way of the water.
pub const LARGEST_STEP: f32 = 0.5;

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
/// use sim_core::layer::reconstruction::limited;
/// assert_eq!(limited(1.5, 1.0, 2.0), 1.5);
/// assert_eq!(limited(1.0, 1.0, 2.0), 1.0);
/// assert_eq!(limited(1.5, 1.0, -2.0), 0.0);
/// ```
#[inline(always)]
pub fn limited(steepness: f32, before: f32, behind: f32) -> f32 {
    let centred = 0.5 * (before + behind);
    let (steep_before, steep_behind) = (steepness * before, steepness * behind);
    let least = smaller(centred, smaller(steep_before, steep_behind));
    let most = larger(centred, larger(steep_before, steep_behind));
    larger(least, 0.0) + smaller(most, 0.0)
}

/// Share of the depth of a cell below which a neighbour on higher ground is a bank:
/// a film that the shore left behind is not part of the water surface.
pub const BANK_SHARE: f32 = 1e-2;

/// Share of its slope with which the surface goes on beside a bank. With the whole of it
/// the surfaces of two cells between banks would meet without a step, and nothing would
/// damp their swing.
pub const BESIDE_BANK: f32 = 0.6;

/// Largest difference of the depth across a cell beside a bank, over its depth: with
/// more, water can leave through the deeper side faster than the time step allows for.
pub const LARGEST_BESIDE_BANK: f32 = 1.2;

/// What rounding makes of differences in single precision, as a share of the depths: a few last digits.
pub const ROUNDING: f32 = 5e-7;

/// A number of a cell and of its neighbours in one direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Three {
    /// Of the neighbour before it.
    pub before: f32,
    /// Of the cell.
    pub here: f32,
    /// Of the neighbour behind it.
    pub behind: f32,
}

impl Three {
    /// Differences to the neighbour before and to the one behind.
    #[inline(always)]
    pub fn differences(self) -> (f32, f32) {
        (self.here - self.before, self.behind - self.here)
    }

    #[inline(always)]
    fn smallest(self) -> f32 {
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
    pub fn of(ground: (f32, f32), depth: Three) -> Self {
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

/// Differences across a cell of the depth and of the water surface, m.
///
/// Depth and water surface are limited on their own and the ground gets the
/// difference of the two, so that a level surface stays level whatever the ground
/// does; but the ground is never steeper than its own limited difference, nor does
/// it turn round: at the foot of a wall it would otherwise become a pit. There the
/// surface follows the bounded ground.
///
/// Beside a bank the surface goes on as on the other side of the cell, and the depth
/// falls as much as the ground under it rises, within [`LARGEST_BESIDE_BANK`]. Where the
/// cell itself is dry, the depth is one number and surface and ground take the [`tilt`].
///
/// # Units
/// - `ground`, `surface`: differences of the bed and of the level of the water to the
///   cell before and to the one behind, m
/// - `depth`: m
///
/// # Source
/// Audusse & Bristeau 2005 (`audusse2005`) for the pairing of the slopes; the bound on the
/// ground and the banks are ours.
///
/// # Example
/// ```
/// use sim_core::layer::reconstruction::{Banks, Three, depth_and_surface};
/// // Still water on rising ground.
/// let (ground, depth) = ((0.25, 0.5), Three { before: 2.75, here: 2.5, behind: 2.0 });
/// let none = Banks::of(ground, depth);
/// assert_eq!(depth_and_surface(ground, (0.0, 0.0), depth, none), (-0.375, 0.0));
/// // Its shore: as flat, and the depth runs out.
/// let (ground, depth) = ((0.25, 0.5), Three { before: 0.5, here: 0.25, behind: 0.0 });
/// let bank = Banks::of(ground, depth);
/// assert!(bank.behind && !bank.before);
/// assert_eq!(depth_and_surface(ground, (0.0, 0.25), depth, bank), (-0.25, 0.0));
/// // A film on a plane.
/// let (ground, depth) = ((-0.05, -0.05), Three { before: 0.001, here: 0.001, behind: 0.001 });
/// assert_eq!(depth_and_surface(ground, ground, depth, Banks::of(ground, depth)), (0.0, -0.05));
/// ```
#[inline(always)]
pub fn depth_and_surface(ground: (f32, f32), surface: (f32, f32), depth: Three, banks: Banks) -> (f32, f32) {
    let water = depth.differences();
    let step = larger(ground.0.abs(), ground.1.abs());
    let steepness = if step > LARGEST_STEP * depth.smallest() { 1.0 } else { STEEPNESS };
    let seen_before = if banks.before { BESIDE_BANK * surface.1 } else { surface.0 };
    let seen_behind = if banks.behind { BESIDE_BANK * surface.0 } else { surface.1 };
    let is_enclosed = banks.before && banks.behind;
    let level = if is_enclosed { 0.0 } else { limited(steepness, seen_before, seen_behind) };
    let steepest = limited(steepness, ground.0, ground.1);
    let largest = LARGEST_BESIDE_BANK * depth.here;
    let beside_bank = larger(smaller(level - steepest, largest), -largest);
    let across = if banks.any() { beside_bank } else { limited(steepness, water.0, water.1) };
    let paired = level - across;
    let bounded = larger(smaller(paired, larger(steepest, 0.0)), smaller(steepest, 0.0));
    // A bound that differs only by rounding must not tilt the level of still water.
    let is_bounded = (bounded - paired).abs() > ROUNDING * (depth.before + depth.here + depth.behind);
    let over_bounded = if is_bounded { across + bounded } else { level };
    let on_shore = tilt(ground, surface);
    let is_wet = depth.here >= DRY_DEPTH as f32;
    (if is_wet { across } else { 0.0 }, if is_wet { over_bounded } else { on_shore })
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
/// use sim_core::layer::reconstruction::{Banks, Three, velocity_towards};
/// let (depth, velocity) = (Three { before: 0.5, here: 0.25, behind: 0.0 }, Three { before: 0.3, here: 0.1, behind: 0.0 });
/// let bank = Banks { before: false, behind: true };
/// assert!((velocity_towards(depth, velocity, bank) + 0.2).abs() < 1e-7, "it falls towards the bank");
/// ```
#[inline(always)]
pub fn velocity_towards(depth: Three, velocity: Three, banks: Banks) -> f32 {
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
    if known.smallest() >= DRY_DEPTH as f32 { change } else { 0.0 }
}

/// Difference across a cell of the velocity along its sides, m/s: none beside dry cells.
#[inline(always)]
pub fn velocity_along(depth: Three, velocity: Three) -> f32 {
    let (before, behind) = velocity.differences();
    let change = limited(STEEPNESS, before, behind);
    if depth.smallest() >= DRY_DEPTH as f32 { change } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Differences of the level from those of the ground and of the depth.
    fn levels(ground: (f32, f32), depth: Three) -> (f32, f32) {
        let water = depth.differences();
        (ground.0 + water.0, ground.1 + water.1)
    }

    proptest! {
        #[test]
        fn depths_at_the_face_are_never_negative_nor_deeper_than_the_cell(
            left in 0.0..5.0f32, right in 0.0..5.0f32, rise in -8.0..8.0f32
        ) {
            let face = face_water(left, right, rise);
            prop_assert!(face.left >= 0.0 && face.left <= left);
            prop_assert!(face.right >= 0.0 && face.right <= right);
            prop_assert!((face.right - face.left - face.rise).abs() < 2e-6);
        }

        #[test]
        fn a_mirror_gives_the_same_bits(
            left in 0.0..5.0f32, right in 0.0..5.0f32, rise in -8.0..8.0f32
        ) {
            let (a, b) = (face_water(left, right, rise), face_water(right, left, -rise));
            prop_assert_eq!(a.left.to_bits(), b.right.to_bits());
            prop_assert_eq!(a.rise, -b.rise);
            prop_assert_eq!(a.left_weight.to_bits(), b.right_weight.to_bits());
        }

        #[test]
        fn water_below_the_bed_of_the_other_side_stays_back(
            left in 0.0..5.0f64, right in 0.0..5.0f64, step in -8.0..8.0f64
        ) {
            let face = face_water(left as f32, right as f32, (right - left + step) as f32);
            let bed = step.max(0.0);
            prop_assert!((f64::from(face.left) - (left - bed).max(0.0)).abs() < 2e-6);
            prop_assert!((f64::from(face.right) - (right + step - bed).max(0.0).min(right)).abs() < 2e-6);
        }
    }

    proptest! {
        #[test]
        fn the_tilt_is_no_steeper_than_any_difference_and_turns_in_a_mirror(
            z in proptest::array::uniform2(-2.0..2.0f32), w in proptest::array::uniform2(-2.0..2.0f32)
        ) {
            let here = tilt((z[0], z[1]), (w[0], w[1]));
            prop_assert_eq!(here, -tilt((-z[1], -z[0]), (-w[1], -w[0])));
            prop_assert!(here.abs() <= z[0].abs().min(z[1].abs()));
        }

        #[test]
        fn a_dry_cell_keeps_above_the_water_beside_it(
            water in -1.0..1.0f32, above in 0.001..2.0f32, next in -1.0..3.0f32
        ) {
            let bed = -1.5;
            let dry = water + above;
            let ground = (dry - bed, next - dry);
            let side = dry - 0.5 * tilt(ground, (dry - water, next - dry));
            prop_assert!(side > water);
        }
    }

    proptest! {
        #[test]
        fn a_limited_depth_never_gets_negative_at_a_face(h in proptest::array::uniform3(0.0..2.0f32)) {
            let across = limited(2.0, h[1] - h[0], h[2] - h[1]);
            prop_assert!(0.5 * across.abs() <= h[1] * (1.0 + 1e-6));
            prop_assert_eq!(across, -limited(2.0, h[1] - h[2], h[0] - h[1]));
        }

        #[test]
        fn a_straight_profile_keeps_its_slope_and_still_water_its_level(
            slope in -1.0..1.0f32, z in proptest::array::uniform3(-0.2..0.2f32)
        ) {
            prop_assert_eq!(limited(STEEPNESS, slope, slope), slope);
            let ground = (z[1] - z[0], z[2] - z[1]);
            let still = Three { before: 0.5 + ground.0, here: 0.5, behind: 0.5 - ground.1 };
            let (_, surface) = depth_and_surface(ground, (0.0, 0.0), still, Banks::of(ground, still));
            prop_assert_eq!(surface, 0.0, "to the last bit");
        }

        #[test]
        fn the_ground_of_neighbours_under_a_film_never_crosses(
            z in proptest::array::uniform4(-2.0..2.0f32), h in proptest::array::uniform4(1e-6..1e-3f32)
        ) {
            let across = |i: usize| {
                let ground = (z[i] - z[i - 1], z[i + 1] - z[i]);
                let depth = Three { before: h[i - 1], here: h[i], behind: h[i + 1] };
                let (water, surface) =
                    depth_and_surface(ground, levels(ground, depth), depth, Banks::of(ground, depth));
                surface - water
            };
            let (left, right) = (z[1] + 0.5 * across(1), z[2] - 0.5 * across(2));
            prop_assert!((right - left) * (z[2] - z[1]) >= -1e-6);
        }
    }

    proptest! {
        #[test]
        fn a_shore_of_still_water_is_level_and_nowhere_less_than_dry(
            foot in -1.0..0.0f32, here in -0.5..-1e-6f32, bank in 0.0..3.0f32
        ) {
            let depth = Three { before: -foot, here: -here, behind: 0.0 };
            let ground = (here - foot, bank - here);
            let banks = Banks::of(ground, depth);
            prop_assert!(banks.behind);
            let (across, surface) = depth_and_surface(ground, (0.0, bank), depth, banks);
            prop_assert_eq!(surface, 0.0, "the surface is level");
            prop_assert!(0.5 * across.abs() <= depth.here);
        }

        #[test]
        fn slopes_turn_in_a_mirror(
            z in proptest::array::uniform3(-1.0..1.0f32), h in proptest::array::uniform3(0.0..0.5f32)
        ) {
            let depth = Three { before: h[0], here: h[1], behind: h[2] };
            let seen = Three { before: h[2], here: h[1], behind: h[0] };
            let (ground, back) = ((z[1] - z[0], z[2] - z[1]), (z[1] - z[2], z[0] - z[1]));
            let there = depth_and_surface(ground, levels(ground, depth), depth, Banks::of(ground, depth));
            let mirrored = depth_and_surface(back, levels(back, seen), seen, Banks::of(back, seen));
            prop_assert_eq!(there, (-mirrored.0, -mirrored.1));
        }
    }

    #[test]
    fn a_wall_leaves_no_water_at_the_face() {
        let face = face_water(3.0, 0.0, crate::layer::limits::OUTSIDE_BED as f32);
        assert_eq!((face.left, face.right), (0.0, 0.0));
        assert_eq!((face.left_weight, face.right_weight), (0.0, 0.0));
    }
}
