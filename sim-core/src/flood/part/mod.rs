//! One large flood in parts: each part computes some rows of the grid and hears from the others.
//!
//! A part owns whole bands of the sweep ([`BAND_ROWS`] rows), counted on the whole grid, and holds
//! beside them what the sweep of its own rows reads: the band south of them and
//! [`LIVE_ROWS`] rows north of them. Before every step neighbours swap [`LIVE_ROWS`] rows of the
//! state and where the water is in their outermost bands; after it every part hears the sums of
//! all bands and adds them in the order of rows. So each part takes the steps that one process
//! alone would take, and the water, the records and the ledger have the same bits.
//!
//! How parts reach each other is a [`Halo`]: nothing to do for one part ([`Alone`]), channels
//! between threads ([`Threads`]), or messages between processes.

mod halo;
mod slab;

pub use halo::{Alone, Halo, Threads};
pub use slab::{LIVE_ROWS, Slab};

use crate::flood::inflow::CellInflow;
use crate::layer::layout::Layout;
use crate::layer::rim::PerFace;

pub use crate::layer::extent::BAND_ROWS;

/// What a solver that computes a part knows of the others.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) halo: Box<dyn Halo>,
    /// Inflow to its own rows, counted from its first row.
    pub(crate) inflow: Vec<CellInflow>,
    /// Cells whose water every part knows, and their depth and velocity.
    pub(crate) watched: Vec<(usize, usize)>,
    pub(crate) water: Vec<(f64, f64, f64)>,
    /// What passed every face of the rim of the whole grid in the last step, m²/s.
    pub(crate) passed: PerFace,
    /// Bytes sent to neighbours, and to all others.
    pub(crate) sent: (u64, u64),
}

impl Part {
    /// A part that has heard nothing yet.
    pub(crate) fn new(halo: Box<dyn Halo>, whole: Layout) -> Self {
        Self {
            halo,
            inflow: Vec::new(),
            watched: Vec::new(),
            water: Vec::new(),
            passed: PerFace::new(whole, 0.0),
            sent: (0, 0),
        }
    }

    /// Swaps numbers with the neighbours ([`Halo::swap`]).
    pub(crate) fn swap(&mut self, south: &[f64], north: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (rank, ranks) = (self.halo.rank(), self.halo.ranks());
        let sent = if rank > 0 { size_of_val(south) } else { 0 };
        self.sent.0 += (sent + if rank + 1 < ranks { size_of_val(north) } else { 0 }) as u64;
        self.halo.swap(south, north)
    }

    /// Everyone's numbers ([`Halo::gather`]).
    pub(crate) fn gather(&mut self, mine: &[f64]) -> Vec<Vec<f64>> {
        self.sent.1 += (size_of_val(mine) * (self.halo.ranks() - 1)) as u64;
        self.halo.gather(mine)
    }

    /// The water of a watched cell; nothing where nobody watches.
    pub(crate) fn water_at(&self, cell: (usize, usize)) -> Option<(f64, f64, f64)> {
        let at = self.watched.iter().position(|&watched| watched == cell)?;
        self.water.get(at).copied()
    }
}

/// Everyone's numbers in the order of parts; one's own where there are no others.
pub(crate) fn gather(part: &mut Option<Part>, mine: Vec<f64>) -> Vec<Vec<f64>> {
    match part {
        Some(part) => part.gather(&mine),
        None => vec![mine],
    }
}
