//! Where things are: regular grids, coordinate references, fields on a grid.
//!
//! Row 0 is the **southernmost** row, so that y grows with the row number as x
//! grows with the column number. Rasters in files start in the north; they are
//! turned over once when they are read and once when they are written.

mod crs;
pub mod line_cells;
pub mod line_faces;
pub mod polygon_cells;
pub mod shape_geometry;
pub mod vector;

pub use crs::{Crs, LonLat, WGS84};

use geo_types::{Polygon, Rect};
use ndarray::Array2;

/// Values on a grid, shape (rows, columns), row 0 in the south; NaN means no value.
pub type Field = Array2<f64>;

/// A regular grid of square or rectangular cells in a projected coordinate reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Number of columns (cells along x).
    pub columns: usize,
    /// Number of rows (cells along y).
    pub rows: usize,
    /// Cell size along x, m.
    pub dx: f64,
    /// Cell size along y, m.
    pub dy: f64,
    /// Western edge (not the centre of the first column), m.
    pub west: f64,
    /// Southern edge (not the centre of the first row), m.
    pub south: f64,
    /// Coordinate reference of x and y.
    pub crs: Crs,
}

impl Grid {
    /// Number of cells.
    pub fn cells(&self) -> usize {
        self.rows * self.columns
    }

    /// Shape of a [`Field`] on this grid.
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// Area of one cell, m².
    pub fn cell_area(&self) -> f64 {
        self.dx * self.dy
    }

    /// Eastern edge, m.
    pub fn east(&self) -> f64 {
        self.west + self.columns as f64 * self.dx
    }

    /// Northern edge, m.
    pub fn north(&self) -> f64 {
        self.south + self.rows as f64 * self.dy
    }

    /// x of the centre of a column, m.
    pub fn x(&self, column: usize) -> f64 {
        self.west + (column as f64 + 0.5) * self.dx
    }

    /// y of the centre of a row, m.
    pub fn y(&self, row: usize) -> f64 {
        self.south + (row as f64 + 0.5) * self.dy
    }

    /// Row and column of the cell that holds a point, if the point is inside.
    ///
    /// # Example
    /// ```
    /// use sim_core::grid::{Crs, Grid};
    /// let grid = Grid { columns: 4, rows: 2, dx: 10.0, dy: 10.0, west: 0.0, south: 0.0, crs: Crs::local() };
    /// assert_eq!(grid.cell_at(35.0, 15.0), Some((1, 3)));
    /// assert_eq!(grid.cell_at(-1.0, 15.0), None);
    /// ```
    pub fn cell_at(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        Some((self.row_at(y)?, self.column_at(x)?))
    }

    /// Column of the cells at an x, if there are any.
    pub fn column_at(&self, x: f64) -> Option<usize> {
        place((x - self.west) / self.dx, self.columns)
    }

    /// Row of the cells at a y, if there are any.
    pub fn row_at(&self, y: f64) -> Option<usize> {
        place((y - self.south) / self.dy, self.rows)
    }

    /// Longitude and latitude of a cell's centre, where the reference is known on Earth.
    pub fn lon_lat(&self, row: usize, column: usize) -> Option<LonLat> {
        self.crs.to_lon_lat(self.x(column), self.y(row))
    }

    /// A cell in words for a message: row and column as in the file (row 1 in
    /// the north), and where it lies.
    pub fn spot(&self, row: usize, column: usize) -> String {
        let (x, y) = (self.x(column), self.y(row));
        let place = format!("row {} column {} (x {x:.1}, y {y:.1}", self.rows - row, column + 1);
        match self.lon_lat(row, column) {
            Some(at) => format!("{place}; lon {:.6}, lat {:.6})", at.lon, at.lat),
            None => format!("{place})"),
        }
    }

    /// The outline of a cell.
    pub fn cell_outline(&self, (row, column): (usize, usize)) -> Polygon<f64> {
        let (x, y) = (self.x(column), self.y(row));
        let (half_x, half_y) = (0.5 * self.dx, 0.5 * self.dy);
        Rect::new((x - half_x, y - half_y), (x + half_x, y + half_y)).to_polygon()
    }

    /// A field of one value on this grid.
    pub fn filled(&self, value: f64) -> Field {
        Field::from_elem(self.shape(), value)
    }
}

/// The cell, of so many, at a distance in cells from the edge of the first.
fn place(cells: f64, count: usize) -> Option<usize> {
    let cell = cells.floor();
    (cell >= 0.0 && cell < count as f64).then_some(cell as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_centre_lies_in_its_cell() {
        let grid = Grid { columns: 7, rows: 5, dx: 2.0, dy: 3.0, west: 10.0, south: -4.0, crs: Crs::local() };
        for row in 0..grid.rows {
            for column in 0..grid.columns {
                assert_eq!(grid.cell_at(grid.x(column), grid.y(row)), Some((row, column)));
            }
        }
        assert_eq!(grid.cell_at(grid.east(), grid.south), None, "edges belong to the next cell");
    }
}
