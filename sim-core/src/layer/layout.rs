//! Plain vectors, one per quantity, with one ghost cell all round.

use crate::grid::Field;

/// How padded arrays are laid out: row after row from the south, each with one
/// ghost cell at both ends; one ghost row in the south and one in the north.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Rows of the grid.
    pub rows: usize,
    /// Columns of the grid.
    pub columns: usize,
}

impl Layout {
    /// Numbers from one row to the next.
    pub fn stride(self) -> usize {
        self.columns + 2
    }

    /// Length of a padded array.
    pub fn len(self) -> usize {
        (self.rows + 2) * self.stride()
    }

    /// True for a grid without cells.
    pub fn is_empty(self) -> bool {
        self.rows == 0 || self.columns == 0
    }

    /// Place of a cell of the grid in a padded array.
    pub fn at(self, row: usize, column: usize) -> usize {
        (row + 1) * self.stride() + column + 1
    }

    /// Padded copy of a field; ghosts hold zero.
    pub fn pad(self, field: &Field, value: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut padded = vec![0.0; self.len()];
        for ((row, column), &number) in field.indexed_iter() {
            padded[self.at(row, column)] = value(number);
        }
        padded
    }

    /// Field without the ghosts.
    pub fn unpad<T: Copy + Into<f64>>(self, padded: &[T]) -> Field {
        Field::from_shape_fn((self.rows, self.columns), |(row, column)| padded[self.at(row, column)].into())
    }
}
