//! The side of the surface: cells that give to manholes and receive from them.

use crate::flood::inflow::CellInflow;
use crate::flood::step::Solver;
use crate::flood::sweep;

impl Solver {
    /// Lets cells receive what spills from manholes, one per manhole; until it is told otherwise, nothing.
    pub(super) fn join(&mut self, cells: impl Iterator<Item = (usize, usize)>) {
        let first = self.first_manhole();
        let new = cells.enumerate().map(|(number, (row, column))| CellInflow {
            row,
            column,
            source: first + number,
            depth: 0.0,
        });
        self.inflow_cells.extend(new);
        self.inflow_cells.sort_by_key(|cell| (cell.row, cell.column, cell.source));
        let count = self.inflow_cells.iter().filter(|cell| cell.source >= first).count();
        self.returns = vec![0.0; count];
    }

    /// From now on this much spills from each manhole, m³/s.
    pub(super) fn set_returns(&mut self, discharges: &[f64]) {
        self.returns.copy_from_slice(discharges);
    }

    /// Takes a volume of water, m³, out of a cell that holds it.
    pub(super) fn give_to_sewer(&mut self, (row, column): (usize, usize), volume: f64) {
        self.state.gain(self.layout.at(row, column), -volume / self.cell_area());
        sweep::wake(self.layout, (row, column), &mut self.wet);
        sweep::wake(self.layout, (row, column), &mut self.written);
        self.volumes.to_sewer.add(volume);
    }

    /// Largest discharge that spills from one manhole, m³/s.
    pub(in crate::flood) fn largest_return(&self) -> f64 {
        self.returns.iter().copied().fold(0.0, f64::max)
    }

    /// Area of a cell, m².
    pub(super) fn cell_area(&self) -> f64 {
        self.dx * self.dy
    }
}
