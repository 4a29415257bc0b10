//! What the arrays of a solver take.

use crate::flood::buildings::Buildings;
use crate::flood::flux::Scheme;
use crate::flood::roofs::Roofs;

/// Which arrays a solver has.
#[derive(Debug, Clone, Copy)]
pub struct Arrays {
    /// Number of thresholds.
    pub thresholds: usize,
    /// Number of ratings of hazard.
    pub hazards: usize,
    /// Manning's n differs from cell to cell.
    pub varied_friction: bool,
    /// Rain differs from cell to cell.
    pub rain_by_cell: bool,
    /// Bytes of lists of cells: roofs and the streets that get their rain ([`Arrays::lists`]).
    pub lists: u64,
    /// The ground takes water.
    pub soils: bool,
    /// Scheme.
    pub scheme: Scheme,
}

impl Arrays {
    /// Their bytes: two states of three numbers (five with discharges through the faces),
    /// the ground and what it remembers, the records. Friction, rain, peaks and ratings are
    /// singles, classes of soil bytes.
    ///
    /// # Example
    /// ```
    /// use sim_core::flood::{flux::Scheme, step::Arrays};
    /// let arrays = Arrays {
    ///     thresholds: 0,
    ///     hazards: 0,
    ///     varied_friction: false,
    ///     rain_by_cell: false,
    ///     lists: 0,
    ///     soils: false,
    ///     scheme: Scheme::SecondOrder,
    /// };
    /// assert_eq!(arrays.bytes(998, 998), 68_000_000, "68 bytes per cell and ghost");
    /// ```
    pub fn bytes(self, rows: usize, columns: usize) -> u64 {
        let cells = (rows as u64 + 2) * (columns as u64 + 2);
        let state = if self.scheme.is_staggered() { 5 } else { 3 };
        let doubles = 2 * state + 1 + 2 * self.thresholds as u64 + u64::from(self.soils);
        let singles =
            u64::from(self.varied_friction) + u64::from(self.rain_by_cell) + 3 + self.hazards as u64;
        cells * (8 * doubles + 4 * singles + u64::from(self.soils)) + self.lists
    }

    /// Bytes of the lists of some buildings.
    pub fn lists(buildings: &Buildings) -> u64 {
        Roofs::bytes(buildings)
    }
}
