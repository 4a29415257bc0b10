//! Flux of water and momentum through a face.
//!
//! Three schemes can be chosen ([`ALL`]). Two of them solve the Riemann problem
//! between the depths and velocities at both sides of a face: `hllc-1` takes one
//! value per cell, `hllc-2` slopes within the cells, half a step ahead
//! ([`half_step`]). Reconstruction of the depths, thrust of the bed and momentum
//! along the face are the same for both ([`face_flux`]). The third, `inertial`,
//! leaves out the transport of momentum ([`local_inertia`]).
//!
//! To add a Riemann solver: a file with a type that implements [`Riemann`]. To add
//! a scheme: a variant of [`Scheme`], a line in [`ALL`], and its tile in
//! [`crate::flood::sweep`].

pub mod half_step;
mod hllc;
pub mod local_inertia;

pub use hllc::Hllc;

use crate::flood::reconstruction::face_depths;
use crate::units::GRAVITY;

/// A scheme that a scenario can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Godunov's with one value per cell; [`Hllc`].
    FirstOrder,
    /// Second order in space and time; [`half_step`] and [`Hllc`].
    SecondOrder,
    /// Local inertia; [`local_inertia`].
    Inertial,
}

/// Every scheme with its name in scenarios and one sentence about it.
pub const ALL: [(Scheme, &str, &str); 3] = [
    (Scheme::FirstOrder, "hllc-1", "full equations, first order: the most robust, blurs waves"),
    (Scheme::SecondOrder, "hllc-2", "full equations, second order in space and time"),
    (
        Scheme::Inertial,
        "inertial",
        "local inertia, without transport of momentum: fast, for slow and wide floods (Froude number below 0.5)",
    ),
];

/// Scheme used unless the scenario says otherwise.
pub const DEFAULT: Scheme = Scheme::SecondOrder;

impl Scheme {
    /// The scheme of this name, if there is one.
    ///
    /// # Example
    /// ```
    /// use sim_core::flood::flux::Scheme;
    /// assert_eq!(Scheme::find("hllc-1"), Some(Scheme::FirstOrder));
    /// assert_eq!(Scheme::find("hllc-1").map(Scheme::name), Some("hllc-1"));
    /// ```
    pub fn find(name: &str) -> Option<Self> {
        ALL.iter().find(|entry| entry.1 == name).map(|entry| entry.0)
    }

    /// Its name in scenarios and records.
    pub fn name(self) -> &'static str {
        ALL.iter().find(|entry| entry.0 == self).map_or("", |entry| entry.1)
    }

    /// True if discharges through the faces are part of the state.
    pub fn is_staggered(self) -> bool {
        self == Self::Inertial
    }
}

/// Fluxes of water and of momentum across a face from the states at both sides.
pub trait Riemann {
    /// Water (m²/s) and normal momentum (m³/s²) per metre of face, positive from left to right.
    ///
    /// # Units
    /// - `depth_left`, `depth_right`: depths at the face, m, not negative
    /// - `left`, `right`: velocities normal to the face, m/s
    fn flux(depth_left: f64, left: f64, depth_right: f64, right: f64) -> (f64, f64);
}

/// A cell as a face sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Side {
    /// Depth, m.
    pub depth: f64,
    /// Velocity across the face, positive from left to right, m/s.
    pub normal: f64,
    /// Velocity along the face, m/s.
    pub along: f64,
    /// Bed level in the middle of the cell, m.
    pub bed: f64,
    /// Rise of the bed across the cell in the direction of `normal`, m;
    /// [`crate::flood::reconstruction::tilt`].
    pub tilt: f64,
}

/// What crosses one metre of a face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceFlux {
    /// Water, m²/s, positive from left to right.
    pub water: f64,
    /// Normal momentum that the left cell loses, m³/s²: flux less the thrust of the bed.
    pub left: f64,
    /// Normal momentum that the right cell gains, m³/s².
    pub right: f64,
    /// Momentum along the face, m³/s².
    pub along: f64,
}

/// What crosses a face between two cells, with the thrust of the ground between them.
///
/// Momentum along the face travels with the water: it comes from the side that
/// the water comes from, which restores the contact wave.
///
/// # Example
/// ```
/// use sim_core::flood::flux::{Hllc, Side, face_flux};
/// use sim_core::units::GRAVITY;
/// let low = Side { depth: 2.0, normal: 0.0, along: 0.0, bed: 0.0, tilt: 0.0 };
/// let high = Side { depth: 0.5, normal: 0.0, along: 0.0, bed: 1.5, tilt: 0.0 };
/// let flux = face_flux::<Hllc>(low, high);
/// assert_eq!(flux.water, 0.0, "still water stays");
/// assert_eq!(flux.left, 0.5 * GRAVITY * 4.0, "and presses on the step with its whole depth");
/// ```
#[inline(always)]
pub fn face_flux<R: Riemann>(left: Side, right: Side) -> FaceFlux {
    let rise = (right.bed - left.bed) - 0.5 * (left.tilt + right.tilt);
    let face = face_depths(left.depth, right.depth, rise);
    let (water, momentum) = R::flux(face.left, left.normal, face.right, right.normal);
    let half_g = 0.5 * GRAVITY;
    FaceFlux {
        water,
        left: momentum + half_g * ((face.left_cell + face.left) * face.above_left),
        right: momentum + half_g * ((face.right_cell + face.right) * face.above_right),
        along: water * if water > 0.0 { left.along } else { right.along },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::params::OUTSIDE_BED;
    use proptest::prelude::*;

    fn side(depth: f64, normal: f64, bed: f64) -> Side {
        Side { depth, normal, along: 0.3, bed, tilt: 0.0 }
    }

    proptest! {
        #[test]
        fn still_water_presses_as_its_own_depth_and_does_not_move(
            level in 0.1..6.0f64, bed_left in -3.0..6.0f64, bed_right in -3.0..6.0f64
        ) {
            let depth = |bed: f64| (level - bed).max(0.0);
            let (left, right) = (side(depth(bed_left), 0.0, bed_left), side(depth(bed_right), 0.0, bed_right));
            let flux = face_flux::<Hllc>(left, right);
            prop_assert!(flux.water.abs() < 1e-13);
            prop_assert!((flux.left - 0.5 * GRAVITY * left.depth.powi(2)).abs() < 1e-12);
            prop_assert!((flux.right - 0.5 * GRAVITY * right.depth.powi(2)).abs() < 1e-12);
        }

        #[test]
        fn the_outside_takes_and_gives_nothing(
            depth in 0.0..5.0f64, normal in -4.0..4.0f64, bed in -100.0..9000.0f64
        ) {
            let flux = face_flux::<Hllc>(side(depth, normal, bed), side(0.0, 0.0, OUTSIDE_BED));
            prop_assert_eq!(flux.water, 0.0);
            prop_assert_eq!(flux.along, 0.0);
            prop_assert_eq!(flux.right, 0.0);
        }

        #[test]
        fn a_mirror_turns_the_flux_and_keeps_its_bits(
            hl in 0.0..5.0f64, hr in 0.0..5.0f64, ul in -4.0..4.0f64, ur in -4.0..4.0f64, rise in -3.0..3.0f64
        ) {
            let there = face_flux::<Hllc>(side(hl, ul, 0.0), side(hr, ur, rise));
            let back = face_flux::<Hllc>(side(hr, -ur, rise), side(hl, -ul, 0.0));
            prop_assert_eq!(there.water, -back.water);
            prop_assert_eq!(there.left.to_bits(), back.right.to_bits());
            prop_assert_eq!(there.right.to_bits(), back.left.to_bits());
        }

        #[test]
        fn water_leaves_a_still_cell_no_faster_than_two_thirds_of_its_wave(
            depth in 0.001..5.0f64, drop in 0.0..5.0f64
        ) {
            let flux = face_flux::<Hllc>(side(depth, 0.0, 0.0), side(0.0, 0.0, -drop));
            let bound = 2.0 / 3.0 * depth * (GRAVITY * depth).sqrt();
            prop_assert!(flux.water <= bound * (1.0 + 1e-12));
        }
    }

    #[test]
    fn a_film_on_tilted_ground_flows_as_on_a_plane() {
        let cell = |bed: f64| Side { depth: 0.01, normal: 0.1, along: 0.0, bed, tilt: -0.05 };
        let flux = face_flux::<Hllc>(cell(1.0), cell(0.95));
        assert!(
            (flux.water - 0.001).abs() < 1e-12,
            "depth times speed, though 10 mm stand on steps of 50 mm"
        );
        assert!((flux.left - flux.right).abs() < 1e-12, "no step is left at the face");
    }

    #[test]
    fn a_film_at_the_edge_of_a_roof_is_driven_by_the_whole_drop() {
        let flux = face_flux::<Hllc>(side(0.001, 0.0, 10.0), side(0.0, 0.0, 0.0));
        let pressure = face_flux::<Hllc>(side(0.001, 0.0, 0.0), side(0.0, 0.0, 0.0)).left;
        let weight = GRAVITY * 0.001 * 10.0;
        assert!((pressure - flux.left - weight).abs() < 1e-15);
    }
}
