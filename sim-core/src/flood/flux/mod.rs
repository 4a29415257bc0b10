//! Flux of water and momentum through a face.
//!
//! Three schemes can be chosen ([`ALL`]). Two of them solve the Riemann problem
//! between the depths and velocities at both sides of a face: `hllc-1` takes one
//! value per cell, `hllc-2` slopes within the cells, half a step ahead
//! ([`half_step`]). Reconstruction of the depths, thrust of the bed and momentum
//! along the face are the same for both ([`face_flux`]). The third, `inertial`,
//! leaves out the transport of momentum ([`local_inertia`]).
//!
//! Riemann solvers are those of every layer that flows ([`crate::layer::flux`]). To add
//! a scheme: a variant of [`Scheme`], a line in [`ALL`], and its tile in
//! [`crate::flood::sweep`].

pub mod half_step;
pub mod local_inertia;

pub use crate::layer::flux::{FaceFlux, Facing, Hllc, Riemann, Side, Through, face_flux, most_water};

use crate::flood::params::DEFAULT_COURANT;

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

    /// Courant number used unless the scenario says otherwise.
    ///
    /// The slopes of the second order make faces deeper and faster than their cells: above
    /// 0.8 thin water at a shore gives more than it has, now and then, by parts in 1e10 of
    /// all water. The first order keeps a tenth for the waves that roll down steep films: the less
    /// a step leaves to 1, the less the scheme damps them.
    pub fn courant(self) -> f64 {
        match self {
            Self::SecondOrder => DEFAULT_COURANT,
            Self::FirstOrder | Self::Inertial => 0.9,
        }
    }

    /// True if discharges through the faces are part of the state.
    pub fn is_staggered(self) -> bool {
        self == Self::Inertial
    }
}
