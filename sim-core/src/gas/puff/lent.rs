//! What a device needs to sum the puffs of a train in the place of the engine.
//!
//! The train keeps the clock, the puffs and the ledger; a device is told after every step where
//! the puffs are ([`Train::lent`]) and which receptors of a grid each of them reaches ([`window`]).

use std::ops::Range;

use crate::gas::puff::Train;
use crate::gas::puff::kernel::{columns_within, rows_within};
use crate::grid::Grid;

/// The puffs of a train, one array for each of their properties.
#[derive(Debug, Clone, Copy)]
pub struct Lent<'a> {
    /// Places, m.
    pub x: &'a [f64],
    /// Places, m.
    pub y: &'a [f64],
    /// Heights of the middles above ground, m.
    pub height: &'a [f64],
    /// Masses, kg.
    pub mass: &'a [f64],
    /// Horizontal coefficients, m.
    pub width: &'a [f64],
    /// Vertical coefficients, m.
    pub depth: &'a [f64],
    /// Lids, m; infinite where none acts.
    pub lid: &'a [f64],
}

/// Cells of a grid within reach of a puff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Columns.
    pub columns: Range<usize>,
    /// Rows.
    pub rows: Range<usize>,
}

impl Window {
    /// Number of its cells.
    pub fn cells(&self) -> usize {
        self.columns.len() * self.rows.len()
    }
}

/// Cells of a grid to which a puff adds gas; none where it reaches no cell.
///
/// It is cut at the same cells as in the engine's own sums, whatever the precision of a device.
///
/// # Example
/// ```
/// use sim_core::gas::puff::lent::window;
/// use sim_core::gas::puff::source::Steady;
/// use sim_core::gas::puff::{Air, Losses, Settings, Source, Spread, Train};
/// use sim_core::gas::sigma::briggs_rural::BriggsRural;
/// use sim_core::gas::weather::Stability;
/// use sim_core::grid::{Crs, Grid};
/// let steady = Steady { rate: 1.0, begin: 0.0, end: 2.0 };
/// let sources = [Source { width: 5.0, depth: 2.0, ..Source::point(50.0, 50.0, 1.0, &steady) }];
/// let settings = Settings { set: &BriggsRural, averaging_time: 600.0, step: 2.0, losses: Losses::default() };
/// let mut train = Train::new(&sources, settings)?;
/// let still = |_: f64, _: f64, _: f64, _: f64| Air {
///     east: 0.0, north: 0.0, class: Stability::D, lid: None, spread: Spread::WithWay,
/// };
/// train.step(&still);
/// let grid = Grid { columns: 100, rows: 100, dx: 1.0, dy: 1.0, west: 0.0, south: 0.0, crs: Crs::local() };
/// // Four widths of 5 m to either side of 50 m: the middles of 40 cells, from 30.5 to 69.5 m.
/// assert_eq!(window(train.lent(), 0, &grid).map(|found| found.columns), Some(30..70));
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
pub fn window(puffs: Lent<'_>, i: usize, grid: &Grid) -> Option<Window> {
    let (x, y, width) = (puffs.x[i], puffs.y[i], puffs.width[i]);
    if !(width > 0.0 && puffs.depth[i] > 0.0 && puffs.mass[i] > 0.0) {
        return None;
    }
    Some(Window { rows: rows_within(y, width, grid)?, columns: columns_within(x, width, grid)? })
}

impl Train<'_> {
    /// The puffs in the air.
    pub fn lent(&self) -> Lent<'_> {
        let puffs = &self.puffs;
        Lent {
            x: &puffs.x,
            y: &puffs.y,
            height: &puffs.height,
            mass: &puffs.mass,
            width: &puffs.width,
            depth: &puffs.depth,
            lid: &puffs.lid,
        }
    }
}
