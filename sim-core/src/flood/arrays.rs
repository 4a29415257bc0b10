//! What the arrays of a solver take in memory.

use crate::flood::flux::Scheme;

/// Which arrays a solver has.
#[derive(Debug, Clone, Copy)]
pub struct Arrays {
    /// Number of thresholds.
    pub thresholds: usize,
    /// Manning's n differs from cell to cell.
    pub varied_friction: bool,
    /// Rain differs from cell to cell.
    pub rain_by_cell: bool,
    /// The ground takes water.
    pub soils: bool,
    /// Scheme.
    pub scheme: Scheme,
}

impl Arrays {
    /// Their bytes: two states of three numbers (five with discharges through the faces),
    /// the ground and what it remembers, the records. Friction, rain and peaks are
    /// singles, classes of soil bytes.
    ///
    /// # Example
    /// ```
    /// use sim_core::flood::{flux::Scheme, step::Arrays};
    /// let arrays = Arrays {
    ///     thresholds: 0,
    ///     varied_friction: false,
    ///     rain_by_cell: false,
    ///     soils: false,
    ///     scheme: Scheme::SecondOrder,
    /// };
    /// assert_eq!(arrays.bytes(998, 998), 68_000_000, "68 bytes per cell and ghost");
    /// ```
    pub fn bytes(self, rows: usize, columns: usize) -> u64 {
        let cells = (rows as u64 + 2) * (columns as u64 + 2);
        let state = if self.scheme.is_staggered() { 5 } else { 3 };
        let doubles = 2 * state + 1 + 2 * self.thresholds as u64 + u64::from(self.soils);
        let singles = u64::from(self.varied_friction) + u64::from(self.rain_by_cell) + 3;
        cells * (8 * doubles + 4 * singles + u64::from(self.soils))
    }
}
