//! Depths at a face between two cells of different ground level.
//!
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
//! et al. 2012 (`delestre2012`).

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

#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[inline(always)]
fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
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

    #[test]
    fn a_wall_leaves_no_water_at_the_face() {
        let face = face_depths(3.0, 0.0, crate::flood::params::OUTSIDE_BED);
        assert_eq!((face.left, face.right), (0.0, 0.0));
        assert_eq!(face.above_left, 3.0);
    }
}
