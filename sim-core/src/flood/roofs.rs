//! Rain on roofs during a run: what it amounts to and what every cell of the street gets.
//!
//! The rain of a roof comes to its street as an inflow does: it brings no momentum, and for
//! the ground it is water that runs on and not rain. Where rain is the same everywhere a
//! share is a number of cells, to be multiplied by the depth of the rain; where it differs
//! from cell to cell a share is a rate, to be multiplied by the time.

use std::ops::Range;

use crate::flood::buildings::{Buildings, RoofRain};
use crate::flood::inflow::CellInflow;
use crate::flood::params::HIGHEST_GROUND;
use crate::flood::part::Slab;
use crate::grid::Field;

/// Roof cells of one row of the grid.
#[derive(Debug, Default)]
pub(super) struct RoofRow {
    /// Column and building, from west to east.
    cells: Vec<(usize, usize)>,
    /// Rain on each of them, m/s.
    caught: Vec<f32>,
}

impl RoofRow {
    /// Takes the rain off the roofs of a row whose rates these are, m/s.
    pub(super) fn take(&mut self, rates: &mut [f32]) {
        for (&(column, _), caught) in self.cells.iter().zip(&mut self.caught) {
            *caught = std::mem::take(&mut rates[column]);
        }
    }
}

/// Roofs whose rain does not stay.
#[derive(Debug)]
pub(super) struct Roofs {
    /// One for every row of the grid.
    pub(super) rows: Vec<RoofRow>,
    rain: RoofRain,
    /// Cells that share the rain of each building.
    sharers: Vec<f64>,
    /// What each of them gets, in cells or m/s.
    shares: Vec<f64>,
    /// Who gets it: row, column and building, in order.
    street: Vec<(usize, usize, usize)>,
    /// Rain of all roofs, in cells or m/s.
    pub(super) sum: f64,
    /// Most that one cell of the street gets, in cells or m/s.
    pub(super) largest: f64,
    /// Roof cells that are part of the area.
    pub(super) inside: usize,
    /// One on ground that keeps its rain, zero elsewhere, padded; empty where the ground of
    /// the roofs is no part of the area, and where rain differs from cell to cell.
    pub(super) open: Vec<f32>,
}

impl Roofs {
    /// The roofs of some buildings; until rain by cell is taken from them, each cell has caught a one.
    ///
    /// # Units
    /// - `levels`: ground level with the buildings, m, NaN outside the area
    /// - `bed`: the same of the rows that a part holds, padded
    pub(super) fn new(
        buildings: &Buildings,
        levels: &Field,
        (slab, bed): (&Slab, &[f64]),
        rains_by_cell: bool,
    ) -> Self {
        let mut roofs = Self {
            rows: (0..slab.whole.rows).map(|_| RoofRow::default()).collect(),
            rain: buildings.roof_rain(),
            sharers: Vec::new(),
            shares: Vec::new(),
            street: Vec::new(),
            sum: 0.0,
            largest: 0.0,
            inside: 0,
            open: Vec::new(),
        };
        if !buildings.move_rain() {
            return roofs;
        }
        let mut cells = Vec::new();
        for (number, building) in buildings.list().iter().enumerate() {
            cells.extend(building.cells.iter().map(|&(row, column)| (row, column, number)));
            if roofs.rain == RoofRain::ToStreet {
                roofs.street.extend(building.street.iter().map(|&(row, column)| (row, column, number)));
            }
            roofs.sharers.push(building.street.len() as f64);
            roofs.shares.push(0.0);
        }
        cells.sort_unstable();
        roofs.street.sort_unstable();
        for (row, column, building) in cells {
            roofs.rows[row].cells.push((column, building));
            roofs.rows[row].caught.push(1.0);
            roofs.inside += usize::from(levels[(row, column)] < HIGHEST_GROUND);
        }
        roofs.share();
        if roofs.inside > 0 && !rains_by_cell {
            roofs.open = roofs.open_ground(slab, bed);
        }
        roofs
    }

    /// One on every cell of the area that is no roof.
    fn open_ground(&self, slab: &Slab, bed: &[f64]) -> Vec<f32> {
        let layout = slab.layout();
        let is_ground = |&bed: &f64| f32::from(u8::from(bed < HIGHEST_GROUND));
        let mut open: Vec<f32> = bed.iter().map(is_ground).collect();
        for (row, roofs) in self.rows[slab.held.clone()].iter().enumerate() {
            roofs.cells.iter().for_each(|&(column, _)| open[layout.at(row, column)] = 0.0);
        }
        open
    }

    /// Rain on the roofs of some rows, m/s, row by row.
    pub(super) fn caught(&self, rows: Range<usize>) -> impl Iterator<Item = f64> + '_ {
        self.rows[rows].iter().flat_map(|row| &row.caught).map(|&rate| f64::from(rate))
    }

    /// Takes in the rain on all roofs, row by row.
    pub(super) fn hear(&mut self, rates: impl Iterator<Item = f64>) {
        let caught = self.rows.iter_mut().flat_map(|row| &mut row.caught);
        caught.zip(rates).for_each(|(caught, rate)| *caught = rate as f32);
    }

    /// Shares out what the roofs have caught.
    pub(super) fn share(&mut self) {
        self.shares.fill(0.0);
        for row in &self.rows {
            for (&(_, building), &caught) in row.cells.iter().zip(&row.caught) {
                self.shares[building] += f64::from(caught);
            }
        }
        self.sum = self.shares.iter().sum();
        for (share, sharers) in self.shares.iter_mut().zip(&self.sharers) {
            *share /= sharers;
        }
        self.largest = 0.0;
        for same_cell in self.street.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let gets = same_cell.iter().map(|&(_, _, building)| self.shares[building]).sum();
            self.largest = self.largest.max(gets);
        }
    }

    /// Entries of the list of inflows, which count the buildings from `first`.
    pub(super) fn inflows(&self, first: usize) -> impl Iterator<Item = CellInflow> + '_ {
        self.street.iter().map(move |&(row, column, building)| CellInflow {
            row,
            column,
            source: first + building,
            depth: 0.0,
        })
    }

    /// Number of buildings whose rain does not stay.
    pub(super) fn len(&self) -> usize {
        self.sharers.len()
    }

    /// What each cell of the street gets from a building, in cells or m/s.
    pub(super) fn share_of(&self, building: usize) -> f64 {
        self.shares[building]
    }

    /// True if their rain leaves the model.
    pub(super) fn lose_rain(&self) -> bool {
        self.rain == RoofRain::Lost
    }

    /// Bytes of the lists.
    pub(super) fn bytes(buildings: &Buildings) -> u64 {
        if !buildings.move_rain() {
            return 0;
        }
        let is_led = buildings.roof_rain() == RoofRain::ToStreet;
        let (mut roofs, mut street) = (0, 0);
        for building in buildings.list() {
            roofs += building.cells.len();
            street += if is_led { building.street.len() } else { 0 };
        }
        let roof = size_of::<(usize, usize)>() + size_of::<f32>();
        let led = size_of::<(usize, usize, usize)>() + size_of::<CellInflow>();
        (roofs * roof + street * led) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::buildings::Treatment;
    use crate::flood::state::Layout;

    #[test]
    fn shares_add_up_to_the_rain_of_the_roofs_also_where_streets_are_shared() {
        let bed = Field::zeros((3, 5));
        let footprints = [vec![(1, 1)], vec![(1, 3)]];
        let kind = (Treatment::Raised, RoofRain::ToStreet);
        let buildings = Buildings::new(kind, &footprints, &bed).expect("streets are left");
        let layout = Layout { rows: 3, columns: 5 };
        let slab = Slab::whole(layout);
        let mut roofs = Roofs::new(&buildings, &bed, (&slab, &layout.pad(&bed, |bed| bed)), false);
        assert_eq!((roofs.sum, roofs.largest, roofs.inside), (2.0, 0.5, 2));
        assert_eq!(
            roofs.open.iter().sum::<f32>(),
            (layout.len() - 2) as f32,
            "ghosts lie at level zero here"
        );
        let mut rates = [0.5, 1.0, 0.5, 3.0, 0.5];
        roofs.rows[1].take(&mut rates);
        roofs.share();
        assert_eq!(rates, [0.5, 0.0, 0.5, 0.0, 0.5]);
        assert_eq!((roofs.sum, roofs.largest), (4.0, 1.0), "the cell between them gets 0.25 and 0.75");
        let given: f64 = roofs.inflows(0).map(|cell| roofs.share_of(cell.source)).sum();
        assert_eq!(given, roofs.sum);
    }
}
