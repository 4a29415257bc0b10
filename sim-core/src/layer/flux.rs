//! What crosses a face: water and momentum, from the states at both sides.
//!
//! To add a Riemann solver: a file with a type that implements [`Riemann`].

use crate::layer::extreme::larger;
use crate::layer::reconstruction::face_water;
use crate::units::GRAVITY;

pub use crate::layer::hllc::{Hllc, NO_WAVES};

/// Water at one side of a face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Facing {
    /// Depth at the face, m, not negative.
    pub depth: f32,
    /// Velocity normal to the face, m/s.
    pub normal: f32,
}

/// What a Riemann solver finds, per metre of face and positive from left to right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Through {
    /// Water, m²/s.
    pub water: f32,
    /// Normal momentum less the pressure g/2 h² of still water as deep as that on the left, m³/s².
    pub left: f32,
    /// The same less the pressure of the water on the right.
    pub right: f32,
}

/// Most water that can leave one side through a face, m²/s.
///
/// Subcritical water leaves fastest where it spreads out as far as its waves allow. On a
/// rarefaction $u + 2c$ is kept, so that it flows at $u = c = (u_0 + 2 c_0)/3$ when it is
/// critical at the face, and never more passes:
///
/// $$ q \le \frac{1}{g} \Big( \frac{u_0 + 2 c_0}{3} \Big)^3 \quad (u_0 < c_0), \qquad q \le h_0 u_0 \quad \text{else} $$
///
/// # Units
/// - `side`: the water; `towards`: its velocity towards the face, m/s; `c`: speed of its waves, m/s
///
/// # Source
/// Toro 2001 (`toro2001`), ch. 5 and 6: left rarefaction and its critical point, dry bed.
///
/// # Example
/// ```
/// use sim_core::layer::flux::{Facing, most_water};
/// // Ritter's dam break: 8/27 h c.
/// let still = Facing { depth: 1.0, normal: 0.0 };
/// let c = 9.80665_f32.sqrt();
/// assert!((most_water(still, 0.0, c) - 8.0 / 27.0 * c).abs() < 1e-6);
/// ```
#[inline(always)]
pub fn most_water(side: Facing, towards: f32, c: f32) -> f32 {
    let critical = larger(towards + 2.0 * c, 0.0) * (1.0 / 3.0);
    let spread_out = critical * critical * critical * (1.0 / GRAVITY as f32);
    if towards < c { spread_out } else { side.depth * towards }
}

/// Fluxes of water and of momentum across a face from the states at both sides.
pub trait Riemann {
    /// Flux through one face.
    ///
    /// `rise` is the depth on the right less that on the left, m: formed from levels
    /// in double precision, it tells more than the two depths do.
    fn flux(left: Facing, right: Facing, rise: f32) -> Through;
}

/// A cell as a face sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Side {
    /// Depth at the face, m.
    pub depth: f32,
    /// Velocity across the face, positive from left to right, m/s.
    pub normal: f32,
    /// Velocity along the face, m/s.
    pub along: f32,
}

/// What crosses one metre of a face.
///
/// Momentum is told less the pressure g/2 h² of each cell's own water at the face:
/// what is left of the pressures of its two faces in a cell is the weight of its water
/// along the slope of its surface, and nothing where the water is still.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceFlux {
    /// Water, m²/s, positive from left to right.
    pub water: f32,
    /// Normal momentum that the left cell loses beyond its own pressure, m³/s².
    pub left: f32,
    /// Normal momentum that the right cell gains beyond its own pressure, m³/s².
    pub right: f32,
    /// Momentum along the face, m³/s².
    pub along: f32,
}

/// What crosses a face between two cells, with the thrust of the ground between them.
///
/// `rise` is that of the water surface from the left of the face to its right, m (of
/// the ground, where a side is dry). Momentum along the face travels with the water:
/// it comes from the side that the water comes from, which restores the contact wave.
///
/// # Example
/// ```
/// use sim_core::layer::flux::{Hllc, Side, face_flux};
/// let low = Side { depth: 2.0, normal: 0.0, along: 0.0 };
/// let high = Side { depth: 0.5, normal: 0.0, along: 0.0 };
/// let flux = face_flux::<Hllc>(low, high, 0.0);
/// assert_eq!((flux.water, flux.left, flux.right), (0.0, 0.0, 0.0), "still water stays");
/// ```
#[inline(always)]
pub fn face_flux<R: Riemann>(left: Side, right: Side, rise: f32) -> FaceFlux {
    let face = face_water(left.depth, right.depth, rise);
    let (on_left, on_right) = (
        Facing { depth: face.left, normal: left.normal },
        Facing { depth: face.right, normal: right.normal },
    );
    let through = R::flux(on_left, on_right, face.rise);
    FaceFlux {
        water: through.water,
        left: through.left + face.left_weight,
        right: through.right + face.right_weight,
        along: through.water * if through.water > 0.0 { left.along } else { right.along },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::limits::OUTSIDE_BED;
    use crate::units::GRAVITY;
    use proptest::prelude::*;

    fn side(depth: f32, normal: f32) -> Side {
        Side { depth, normal, along: 0.3 }
    }

    /// Rise of the surface between cells of these depths on ground that rises so much.
    fn surface(left: f32, right: f32, rise: f32) -> f32 {
        (f64::from(right) - f64::from(left) + f64::from(rise)) as f32
    }

    proptest! {
        #[test]
        fn still_water_does_not_move_and_feels_no_force(
            level in 0.1..6.0f64, bed_left in -3.0..6.0f64, bed_right in -3.0..6.0f64
        ) {
            let depth = |bed: f64| (level - bed).max(0.0);
            let rise = (depth(bed_right) + bed_right) - (depth(bed_left) + bed_left);
            // The surfaces differ only where one of them is ground.
            let rise = if depth(bed_left).min(depth(bed_right)) > 0.0 { 0.0 } else { rise as f32 };
            let flux = face_flux::<Hllc>(side(depth(bed_left) as f32, 0.0), side(depth(bed_right) as f32, 0.0), rise);
            prop_assert_eq!(flux.water.abs(), 0.0);
            prop_assert_eq!((flux.left.abs(), flux.right.abs()), (0.0, 0.0));
        }

        #[test]
        fn the_outside_takes_and_gives_nothing(
            depth in 0.0..5.0f32, normal in -4.0..4.0f32, bed in -100.0..9000.0f64
        ) {
            let rise = (OUTSIDE_BED - bed) as f32 - depth;
            let flux = face_flux::<Hllc>(side(depth, normal), side(0.0, 0.0), rise);
            prop_assert_eq!(flux.water, 0.0);
            prop_assert_eq!(flux.along, 0.0);
            prop_assert_eq!(flux.right, 0.0);
        }

        #[test]
        fn a_mirror_turns_the_flux_and_keeps_its_bits(
            hl in 0.0..5.0f32, hr in 0.0..5.0f32, ul in -4.0..4.0f32, ur in -4.0..4.0f32, rise in -3.0..3.0f32
        ) {
            let there = face_flux::<Hllc>(side(hl, ul), side(hr, ur), surface(hl, hr, rise));
            let back = face_flux::<Hllc>(side(hr, -ur), side(hl, -ul), -surface(hl, hr, rise));
            prop_assert_eq!(there.water, -back.water);
            prop_assert_eq!(there.left.to_bits(), back.right.to_bits());
            prop_assert_eq!(there.right.to_bits(), back.left.to_bits());
        }

        #[test]
        fn water_leaves_a_still_cell_no_faster_than_in_ritters_solution(
            depth in 0.001..5.0f32, drop in 0.0..5.0f32
        ) {
            let flux = face_flux::<Hllc>(side(depth, 0.0), side(0.0, 0.0), surface(depth, 0.0, -drop));
            let bound = 8.0 / 27.0 * depth * (GRAVITY as f32 * depth).sqrt();
            prop_assert!(flux.water <= bound * (1.0 + 1e-6));
        }
    }

    #[test]
    fn a_film_on_tilted_ground_flows_as_on_a_plane() {
        // Ground and surface fall 50 mm from cell to cell and are tilted as much within them.
        let flux = face_flux::<Hllc>(side(0.01, 0.1), side(0.01, 0.1), 0.0);
        assert!((flux.water - 0.001).abs() < 1e-9, "depth times speed, though 10 mm stand on steps of 50 mm");
        assert_eq!(flux.left, flux.right, "no step is left at the face");
    }

    #[test]
    fn a_film_at_the_edge_of_a_roof_is_driven_by_the_whole_drop() {
        let roof = face_flux::<Hllc>(side(0.001, 0.0), side(0.0, 0.0), -10.001);
        let level = face_flux::<Hllc>(side(0.001, 0.0), side(0.0, 0.0), -0.001);
        let weight = GRAVITY as f32 * 0.001 * 10.0;
        assert!((level.left - roof.left - weight).abs() < 1e-6 * weight);
    }
}
