//! Which rows of the grid a part computes and which it holds.

use std::ops::Range;

use crate::grid::Field;
use crate::layer::extent::BAND_ROWS;
use crate::layer::layout::Layout;

/// Rows of a neighbour that a part must know: two for slopes and half a step of the second-order
/// scheme, three for the discharges of local inertia.
pub const LIVE_ROWS: usize = 3;

/// Rows of a grid that a part computes (`own`) and that its arrays hold (`held`).
///
/// What is held south of the own rows is one whole band, of which only the last
/// [`LIVE_ROWS`] rows are kept up to date: so the bands of the part are bands of the whole
/// grid, and the sweep need not know that it works on a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slab {
    /// The whole grid.
    pub whole: Layout,
    /// Rows that are computed.
    pub own: Range<usize>,
    /// Rows in the arrays.
    pub held: Range<usize>,
}

impl Slab {
    /// All of a grid.
    pub fn whole(whole: Layout) -> Self {
        Self { whole, own: 0..whole.rows, held: 0..whole.rows }
    }

    /// Most parts that a grid of so many rows can be cut into.
    ///
    /// # Example
    /// ```
    /// use sim_core::flood::part::Slab;
    /// assert_eq!((Slab::most(31), Slab::most(64), Slab::most(67)), (1, 2, 3));
    /// assert_eq!(Slab::most(66), 2, "two rows are too few for a part of their own");
    /// ```
    pub fn most(rows: usize) -> usize {
        let (bands, rest) = (rows / BAND_ROWS, rows % BAND_ROWS);
        (bands + usize::from(rest >= LIVE_ROWS)).max(1)
    }

    /// One of `parts` parts that differ by one band at most; `parts` is at most [`Slab::most`].
    ///
    /// # Example
    /// ```
    /// use sim_core::flood::part::Slab;
    /// use sim_core::flood::state::Layout;
    /// let slab = Slab::cut(Layout { rows: 100, columns: 10 }, 1, 2);
    /// assert_eq!((slab.own, slab.held), (64..100, 32..100));
    /// ```
    pub fn cut(whole: Layout, part: usize, parts: usize) -> Self {
        let bands = Self::most(whole.rows);
        let begin = |part: usize| {
            if part >= parts { whole.rows } else { part * bands / parts * BAND_ROWS }
        };
        let own = begin(part)..begin(part + 1);
        let held = own.start.saturating_sub(BAND_ROWS)..(own.end + LIVE_ROWS).min(whole.rows);
        Self { whole, own, held }
    }

    /// How the arrays of the part are laid out.
    pub fn layout(&self) -> Layout {
        Layout { rows: self.held.len(), columns: self.whole.columns }
    }

    /// Own rows as the arrays count them.
    pub fn own_here(&self) -> Range<usize> {
        self.own.start - self.held.start..self.own.end - self.held.start
    }

    /// Bands of the own rows as the arrays count them.
    pub fn own_bands(&self) -> Range<usize> {
        let own = self.own_here();
        own.start / BAND_ROWS..own.end.div_ceil(BAND_ROWS)
    }

    /// True for a row that is computed, or whose state is that of the neighbour.
    pub(crate) fn is_live(&self, row: usize) -> bool {
        row + LIVE_ROWS >= self.own.start && row < self.own.end + LIVE_ROWS
    }

    /// Padded copy of the held rows of a field of the whole grid; ghosts hold zero.
    pub(crate) fn pad(&self, field: &Field, value: impl Fn(f64) -> f64) -> Vec<f64> {
        let layout = self.layout();
        let mut padded = vec![0.0; layout.len()];
        for row in 0..layout.rows {
            let at = layout.at(row, 0);
            let numbers = field.row(self.held.start + row);
            for (here, &number) in padded[at..at + layout.columns].iter_mut().zip(numbers) {
                *here = value(number);
            }
        }
        padded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_own_every_row_once_and_hold_all_that_a_sweep_reads() {
        for rows in 1..300 {
            let whole = Layout { rows, columns: 2 };
            for parts in 1..=Slab::most(rows) {
                let slabs: Vec<Slab> = (0..parts).map(|part| Slab::cut(whole, part, parts)).collect();
                let mut next = 0;
                for slab in &slabs {
                    assert_eq!(slab.own.start, next, "{rows} rows in {parts} parts");
                    assert!(slab.own.len() >= LIVE_ROWS.min(rows));
                    assert_eq!(slab.held.start % BAND_ROWS, 0, "bands are those of the whole grid");
                    assert!(slab.held.start == 0 || slab.held.start + LIVE_ROWS <= slab.own.start);
                    assert!(slab.held.end == rows || slab.held.end == slab.own.end + LIVE_ROWS);
                    next = slab.own.end;
                }
                assert_eq!(next, rows);
            }
        }
    }

    #[test]
    fn a_part_pads_the_rows_that_it_holds() {
        let whole = Layout { rows: 100, columns: 3 };
        let field = Field::from_shape_fn((100, 3), |(row, column)| (10 * row + column) as f64);
        let slab = Slab::cut(whole, 1, 3);
        let padded = slab.pad(&field, |number| number + 0.5);
        let layout = slab.layout();
        assert_eq!(padded[layout.at(0, 2)], 10.0 * slab.held.start as f64 + 2.5);
        assert_eq!(padded[0], 0.0);
        assert_eq!(Slab::whole(whole).pad(&field, |n| n), whole.pad(&field, |n| n));
    }
}
