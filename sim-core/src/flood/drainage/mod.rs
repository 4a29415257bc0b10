//! Sewers: water that a network under the streets takes at its inlets and gives back where it is full.
//!
//! The network is routed by an engine of its own, behind [`Network`] and [`Engine`]. Surface and
//! network meet at manholes, at the end of every interval of [`Sewers::interval`]:
//!
//! 1. A manhole takes what its [`Inlet`] lets through, at most [`LARGEST_SHARE`] of the water
//!    of its cell; one that was full, no more than its pipes accepted then, and from there
//!    more and more until it is full again.
//! 2. The engine routes one interval with that inflow.
//! 3. What spilled from a full manhole in that interval flows out of its cell during the
//!    interval of the surface that follows.
//!
//! So every drop is in one of the two ledgers: no cell is drained below dry, and what the
//! engine gives up at a manhole is what the street receives.

mod exchange;
pub mod inlet;
mod surface;

use std::fmt::Debug;
use std::sync::Arc;

use crate::error::Result;

pub use exchange::{Exchange, Shares};
pub use inlet::Inlet;

/// Share of the water of a cell that a manhole may take at once; the rest is left to the
/// faces of the cell and to other manholes.
pub const LARGEST_SHARE: f64 = 0.25;

/// Discharge from which a manhole counts as spilling, m³/s: a tenth of a litre per second.
const SMALLEST_SPILL: f64 = 1e-4;

/// A place where surface and network meet.
#[derive(Debug, Clone, PartialEq)]
pub struct Manhole {
    /// Its name in the network.
    pub name: String,
    /// Its position in the list of the engine.
    pub node: usize,
    /// Row and column of its cell.
    pub cell: (usize, usize),
    /// Its openings.
    pub inlet: Inlet,
}

/// A network under the area.
#[derive(Debug, Clone)]
pub struct Sewers {
    /// Where surface and network meet.
    pub manholes: Vec<Manhole>,
    /// Number of nodes in the list of the engine.
    pub nodes: usize,
    /// Time from exchange to exchange, s; the engine routes with this step.
    pub interval: f64,
    /// The network itself.
    pub network: Arc<dyn Network>,
}

/// A network that can be set to its start.
pub trait Network: Debug + Send + Sync {
    /// An engine at time zero.
    ///
    /// # Errors
    /// Why the network cannot be routed.
    fn open(&self) -> Result<Box<dyn Engine>>;
}

/// A network under way.
pub trait Engine {
    /// Routes one interval with these inflows from the surface, m³/s, one per node.
    ///
    /// Inflows change from interval to interval; the engine counts the mean of the last two.
    ///
    /// # Errors
    /// Why the engine stopped.
    fn advance(&mut self, inflows: &[f64]) -> Result<()>;

    /// What the network does now.
    fn now(&self) -> Now<'_>;

    /// Ends the run; what the engine lost (positive) or made (negative) on its way, m³.
    ///
    /// # Errors
    /// Why the engine cannot say.
    fn close(&mut self) -> Result<f64>;
}

/// What a network does at the end of an interval, m³/s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Now<'a> {
    /// Spilled from each node during the interval.
    pub spilled: &'a [f64],
    /// Through all outfalls, out of the network.
    pub outfalls: f64,
    /// Own inflow of the network: dry weather flow, catchments that are not on the surface.
    pub own: f64,
}

/// What happened at a manhole: per interval it either takes or gives, whichever is more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ManholeRecord {
    /// Taken from the surface, m³.
    pub taken: f64,
    /// Given back, m³.
    pub spilled: f64,
    /// Largest discharge taken, m³/s.
    pub largest_taken: f64,
    /// Largest discharge given back, m³/s.
    pub largest_spilled: f64,
    /// Begin of the first interval in which it spilled, s; infinite if never.
    pub first_spill: f64,
    /// End of the last one, s.
    pub last_spill: f64,
    /// Time in which it spilled, s.
    pub spilling: f64,
}

impl ManholeRecord {
    /// Nothing has happened yet.
    pub fn new() -> Self {
        Self {
            taken: 0.0,
            spilled: 0.0,
            largest_taken: 0.0,
            largest_spilled: 0.0,
            first_spill: f64::INFINITY,
            last_spill: f64::NEG_INFINITY,
            spilling: 0.0,
        }
    }

    /// Notes what it gave (positive) or took (negative) in an interval from `start`, m³/s.
    fn note(&mut self, given: f64, start: f64, interval: f64) {
        if given > SMALLEST_SPILL {
            self.spilled += given * interval;
            self.largest_spilled = self.largest_spilled.max(given);
            self.first_spill = self.first_spill.min(start);
            self.last_spill = start + interval;
            self.spilling += interval;
        } else {
            self.taken -= given * interval;
            self.largest_taken = self.largest_taken.max(-given);
        }
    }

    /// True if it gave water to the street.
    pub fn has_spilled(&self) -> bool {
        self.first_spill.is_finite()
    }

    /// Every number in it, in a fixed order.
    pub(crate) fn numbers(&mut self) -> [&mut f64; 7] {
        [
            &mut self.taken,
            &mut self.spilled,
            &mut self.largest_taken,
            &mut self.largest_spilled,
            &mut self.first_spill,
            &mut self.last_spill,
            &mut self.spilling,
        ]
    }
}

impl Default for ManholeRecord {
    fn default() -> Self {
        Self::new()
    }
}
