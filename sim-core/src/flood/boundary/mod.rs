//! What happens at the rim of the grid.
//!
//! Every side of the grid is a row of ghost cells that the flux treats as any
//! other cell: a depth, a velocity and a ground that make the rim what it is. A
//! whole side is a wall or open ([`Edges`]); a [`Boundary`] lays something else
//! over some of its faces.
//!
//! Flow that is slower than its waves carries one piece of news out of the grid,
//! the outgoing invariant $R = u_n + 2\sqrt{gh}$ ([`characteristic`]); a
//! boundary adds exactly one piece of its own (a level, a discharge, a slope, a
//! rating) and solves for the ghost that has both. Where flow is faster than its
//! waves the boundary has nothing to say, and the ghost is the cell.
//!
//! The ground goes on beyond the rim as far as ground and water surface agree
//! ([`crate::flood::reconstruction::tilt`]): uniform flow does not notice the
//! rim, and still water sees level ground.
//!
//! To add a kind: one file with its ghost as a function of the cell, a variant of
//! [`Kind`], a line in [`ALL`], and its arm in `rim`.

pub mod characteristic;
pub mod discharge;
pub mod open;
pub mod rating;
pub(crate) mod rim;
pub mod slope;
pub mod stage;
pub mod wall;

pub use crate::layer::edge::{Edge, Edges, Face, Side, fill_bed, fill_ghosts, ghost_bed, ghost_velocity};
pub use rating::Curve;

use crate::series::Series;

/// Every kind with its name in scenarios and one sentence about it.
pub const ALL: [(&str, &str); 6] =
    [wall::ABOUT, open::ABOUT, slope::ABOUT, stage::ABOUT, discharge::ABOUT, rating::ABOUT];

/// What happens at some faces of the rim; it goes before [`Edges`].
#[derive(Debug, Clone, PartialEq)]
pub struct Boundary {
    /// Name in messages and in the water balance.
    pub name: String,
    /// Its faces, never empty, each in one boundary only.
    pub faces: Vec<Face>,
    /// What happens there.
    pub kind: Kind,
}

/// What a boundary does.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// [`wall`]
    Wall,
    /// [`open`]
    Open,
    /// [`slope`]
    Slope {
        /// Fall of the ground beyond the rim, metres per metre.
        slope: f64,
    },
    /// [`stage`]
    Stage {
        /// Level of the water, m, on the datum of the ground.
        level: Series,
    },
    /// [`discharge`]
    Discharge {
        /// Water that comes in over all faces together, m³/s, not negative.
        discharge: Series,
        /// Slope of the channel that brings it, metres per metre; it gives the depth of inflow
        /// that is faster than its waves.
        slope: Option<f64>,
    },
    /// [`rating`]
    Rating {
        /// Discharge that leaves at each level.
        curve: Curve,
    },
}

impl Kind {
    /// The series that drives it.
    pub(crate) fn series(&self) -> Option<&Series> {
        match self {
            Self::Stage { level } => Some(level),
            Self::Discharge { discharge, .. } => Some(discharge),
            Self::Wall | Self::Open | Self::Slope { .. } | Self::Rating { .. } => None,
        }
    }
}

/// Water beside a face of the rim, inside or outside of it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Water {
    /// Depth, m.
    pub depth: f64,
    /// Velocity out of the grid, m/s.
    pub outward: f64,
}
