//! Water that enters at given cells: a river, a burst main, a pump outlet.

use crate::series::Series;

/// A discharge spread evenly over some cells; the water arrives without momentum.
#[derive(Debug, Clone, PartialEq)]
pub struct Inflow {
    /// Name for messages.
    pub name: String,
    /// Row (0 in the south) and column of every cell that receives water.
    pub cells: Vec<(usize, usize)>,
    /// Discharge, m³/s, not negative.
    pub discharge: Series,
}

impl Inflow {
    /// Volume from `start` to `end`, m³: the exact integral of the series.
    pub fn volume(&self, start: f64, end: f64) -> f64 {
        self.discharge.integral(start, end)
    }
}

/// Depth that a cell receives in one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CellInflow {
    /// Row of the cell.
    pub(crate) row: usize,
    /// Column of the cell.
    pub(crate) column: usize,
    /// Position of its [`Inflow`] in the list; roofs and then manholes come after them.
    pub(crate) source: usize,
    /// Depth in the current step, m.
    pub(crate) depth: f64,
}

/// One entry per cell of every inflow and those of others, in the order of rows and columns.
pub(crate) fn cells_in_order(
    inflows: &[Inflow],
    others: impl Iterator<Item = CellInflow>,
) -> Vec<CellInflow> {
    let mut cells: Vec<CellInflow> = inflows
        .iter()
        .enumerate()
        .flat_map(|(source, inflow)| {
            inflow.cells.iter().map(move |&(row, column)| CellInflow { row, column, source, depth: 0.0 })
        })
        .chain(others)
        .collect();
    cells.sort_by_key(|cell| (cell.row, cell.column, cell.source));
    cells
}
