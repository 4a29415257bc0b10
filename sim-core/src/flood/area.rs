//! Connected areas of cells and their outlines.
//!
//! Two cells belong together when they share a **side**: water flows through
//! sides only, so two ponds that touch at a corner are two ponds. Outlines are
//! then simple rings (no ring passes a point twice), as map formats ask for.

use std::collections::BTreeMap;

use geo_types::{Coord, LineString, Polygon};
use ndarray::Array2;

use crate::grid::Grid;

/// One connected area: its cells (row, column) in the order in which they were reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Cells, never empty.
    pub cells: Vec<(usize, usize)>,
}

/// Areas of a mask, and for every cell the number of its area counted from one (zero: none).
#[derive(Debug, Clone, PartialEq)]
pub struct Areas {
    /// Number of the area of every cell.
    pub labels: Array2<u32>,
    /// The areas; number k is at position k - 1.
    pub list: Vec<Area>,
}

/// Connected areas of the cells that are true, in the order of their first cell.
pub fn connected(mask: &Array2<bool>) -> Areas {
    let mut labels = Array2::<u32>::zeros(mask.dim());
    let mut list = Vec::new();
    for (start, &inside) in mask.indexed_iter() {
        if !inside || labels[start] != 0 {
            continue;
        }
        let label = list.len() as u32 + 1;
        labels[start] = label;
        let mut cells = vec![start];
        let mut next = 0;
        while next < cells.len() {
            for neighbour in neighbours(cells[next], mask.dim()) {
                if mask[neighbour] && labels[neighbour] == 0 {
                    labels[neighbour] = label;
                    cells.push(neighbour);
                }
            }
            next += 1;
        }
        list.push(Area { cells });
    }
    Areas { labels, list }
}

/// Cells that share a side with a cell.
pub(super) fn neighbours(
    (row, column): (usize, usize),
    (rows, columns): (usize, usize),
) -> impl Iterator<Item = (usize, usize)> {
    let south = row.checked_sub(1).map(|row| (row, column));
    let west = column.checked_sub(1).map(|column| (row, column));
    let north = (row + 1 < rows).then_some((row + 1, column));
    let east = (column + 1 < columns).then_some((row, column + 1));
    [south, west, east, north].into_iter().flatten()
}

/// A corner of cells: row and column of the cell north-east of it.
type Corner = (usize, usize);

/// Directions of the sides of cells, anticlockwise.
const EAST: usize = 0;
const NORTH: usize = 1;
const WEST: usize = 2;
const SOUTH: usize = 3;

impl Areas {
    /// Outline of an area in the grid's reference: an outer ring anticlockwise, holes clockwise.
    ///
    /// Every side between a cell of the area and one that is not runs with the
    /// area on its left. Where two cells of the area meet only at a corner, the
    /// walk turns right, round the cell that is not part of it: the area is
    /// connected elsewhere, so the two cells outside lie in different rings and no
    /// ring touches itself.
    pub fn outline(&self, number: usize, grid: &Grid) -> Polygon<f64> {
        let mut sides = self.sides(number);
        let mut rings = Vec::new();
        while let Some((&corner, directions)) = sides.first_key_value() {
            let direction = directions[0];
            rings.push(walk(&mut sides, corner, direction, grid));
        }
        // The southernmost corner of all lies on the outer ring, and corners come in order.
        let outer = rings.remove(0);
        Polygon::new(outer, rings)
    }

    /// Directed sides of an area by the corner at which they start.
    fn sides(&self, number: usize) -> BTreeMap<Corner, Vec<usize>> {
        let label = number as u32 + 1;
        let (rows, columns) = self.labels.dim();
        let is_part = |row: Option<usize>, column: Option<usize>| match (row, column) {
            (Some(r), Some(c)) if r < rows && c < columns => self.labels[(r, c)] == label,
            _ => false,
        };
        let mut sides: BTreeMap<Corner, Vec<usize>> = BTreeMap::new();
        for &(row, column) in &self.list[number].cells {
            let (r, c) = (Some(row), Some(column));
            let mut side = |corner: Corner, direction| sides.entry(corner).or_default().push(direction);
            if !is_part(row.checked_sub(1), c) {
                side((row, column), EAST);
            }
            if !is_part(r, Some(column + 1)) {
                side((row, column + 1), NORTH);
            }
            if !is_part(Some(row + 1), c) {
                side((row + 1, column + 1), WEST);
            }
            if !is_part(r, column.checked_sub(1)) {
                side((row + 1, column), SOUTH);
            }
        }
        sides
    }
}

/// One ring from a corner on; the sides that it uses are taken out.
fn walk(
    sides: &mut BTreeMap<Corner, Vec<usize>>,
    start: Corner,
    first: usize,
    grid: &Grid,
) -> LineString<f64> {
    let point = |(row, column): Corner| Coord {
        x: grid.west + column as f64 * grid.dx,
        y: grid.south + row as f64 * grid.dy,
    };
    let (mut corner, mut direction) = (start, first);
    let mut ring = vec![point(start)];
    loop {
        take(sides, corner, direction);
        corner = match direction {
            EAST => (corner.0, corner.1 + 1),
            NORTH => (corner.0 + 1, corner.1),
            WEST => (corner.0, corner.1 - 1),
            _ => (corner.0 - 1, corner.1),
        };
        let onward = sides.get(&corner).and_then(|open| {
            let right_straight_left = [(direction + 3) % 4, direction, (direction + 1) % 4];
            right_straight_left.into_iter().find(|turn| open.contains(turn))
        });
        let Some(turn) = onward.filter(|_| corner != start) else {
            ring.push(point(start));
            return LineString(ring);
        };
        if turn != direction {
            ring.push(point(corner));
        }
        direction = turn;
    }
}

/// Takes a side out of the open ones.
fn take(sides: &mut BTreeMap<Corner, Vec<usize>>, corner: Corner, direction: usize) {
    if let Some(open) = sides.get_mut(&corner) {
        open.retain(|&other| other != direction);
        if open.is_empty() {
            sides.remove(&corner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Crs;
    use geo::{Area as _, Validation};
    use proptest::prelude::*;

    fn grid(rows: usize, columns: usize) -> Grid {
        Grid { columns, rows, dx: 2.0, dy: 3.0, west: 10.0, south: -5.0, crs: Crs::local() }
    }

    fn mask(picture: &[&str]) -> Array2<bool> {
        let rows = picture.len();
        Array2::from_shape_fn((rows, picture[0].len()), |(row, column)| {
            picture[rows - 1 - row].as_bytes()[column] == b'#'
        })
    }

    #[test]
    fn ponds_that_touch_at_a_corner_are_two() {
        let areas = connected(&mask(&["#.", ".#"]));
        assert_eq!(areas.list.len(), 2);
    }

    #[test]
    fn a_ring_of_cells_has_one_hole() {
        let areas = connected(&mask(&["###", "#.#", "###"]));
        let outline = areas.outline(0, &grid(3, 3));
        assert_eq!(outline.interiors().len(), 1);
        assert_eq!(outline.exterior().0.len(), 5, "straight sides have no points between");
        assert!((outline.signed_area() - 8.0 * 6.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn outlines_are_valid_and_have_the_area_of_their_cells(
            cells in proptest::collection::vec(proptest::bool::weighted(0.6), 12 * 9)
        ) {
            let mask = Array2::from_shape_vec((12, 9), cells).expect("12 times 9");
            let grid = grid(12, 9);
            let areas = connected(&mask);
            let total: usize = areas.list.iter().map(|area| area.cells.len()).sum();
            prop_assert_eq!(total, mask.iter().filter(|&&inside| inside).count());
            for number in 0..areas.list.len() {
                let outline = areas.outline(number, &grid);
                let area = areas.list[number].cells.len() as f64 * grid.cell_area();
                prop_assert!((outline.signed_area() - area).abs() < 1e-9);
                prop_assert!(outline.is_valid());
            }
        }
    }
}
