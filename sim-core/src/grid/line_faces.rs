//! Faces between cells that a line cuts: the closed chain that follows it.
//!
//! A face is cut where the line passes between the centres of its two cells. Whoever
//! walks from centre to centre and gets from one side of the line to the other must
//! cross it, so the chain has no gap at the steps of a slanting line, and a closed
//! line has a closed chain.

use super::Grid;
use super::vector::Coord;

/// By how much of a cell a line is moved to the east and to the north: one that runs
/// through centres of cells has a side for each of them then. Far above rounding, far
/// below what anybody draws, and of no simple ratio.
const OFF_THE_CENTRES: (f64, f64) = (0.754_878e-6, 0.569_840e-6);

/// A face that a line cuts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cut {
    /// Row and column of the cell east (or north) of the face.
    pub cell: (usize, usize),
    /// True for the western face of that cell, false for its southern face.
    pub is_across_x: bool,
    /// Number of the straight part of the line, from 0.
    pub part: usize,
    /// Share of that part at which it cuts the face.
    pub share: f64,
    /// True if the cell west (or south) of the face lies left of the line.
    pub from_left: bool,
}

/// The faces between two cells of the grid that a line cuts, in the order of the line.
///
/// Faces at the rim of the grid are not among them. A line that turns back cuts a face
/// more than once.
///
/// # Example
/// ```
/// use sim_core::grid::{Crs, Grid, line_faces::cuts, vector::Coord};
/// let grid = Grid { columns: 4, rows: 3, dx: 10.0, dy: 10.0, west: 0.0, south: 0.0, crs: Crs::local() };
/// let cuts = cuts(&grid, &[Coord { x: 20.0, y: 0.0 }, Coord { x: 20.0, y: 30.0 }]);
/// let cells: Vec<_> = cuts.iter().map(|cut| cut.cell).collect();
/// assert_eq!(cells, [(0, 2), (1, 2), (2, 2)], "the western faces of the third column");
/// assert!(cuts.iter().all(|cut| cut.is_across_x && cut.from_left));
/// ```
pub fn cuts(grid: &Grid, line: &[Coord<f64>]) -> Vec<Cut> {
    // In numbers of cells, so that centres are whole numbers.
    let place = |point: &Coord<f64>| Coord {
        x: (point.x - grid.west) / grid.dx - 0.5 + OFF_THE_CENTRES.0,
        y: (point.y - grid.south) / grid.dy - 0.5 + OFF_THE_CENTRES.1,
    };
    let mut all = Vec::new();
    let points: Vec<Coord<f64>> = line.iter().map(place).collect();
    for (part, ends) in points.windows(2).enumerate() {
        let from = all.len();
        for is_across_x in [true, false] {
            cut_part(grid.shape(), (ends[0], ends[1]), (part, is_across_x), &mut all);
        }
        all[from..].sort_by(|a, b| a.share.total_cmp(&b.share));
    }
    all
}

/// True if a centre lies left of a straight part: one answer for every centre, whichever
/// of its faces asks.
fn is_left((a, b): (Coord<f64>, Coord<f64>), (x, y): (f64, f64)) -> bool {
    (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x) >= 0.0
}

/// Adds the faces of one direction that a straight part cuts. The rows (or columns) of
/// centres that it passes are looked at one by one.
fn cut_part(
    (rows, columns): (usize, usize),
    ends: (Coord<f64>, Coord<f64>),
    (part, is_across_x): (usize, bool),
    all: &mut Vec<Cut>,
) {
    let (a, b) = ends;
    // `over` counts the lines of centres, `along` the centres on them.
    let (from, to, lines, count) =
        if is_across_x { (a.y, b.y, rows, columns) } else { (a.x, b.x, columns, rows) };
    let first = from.min(to).ceil().max(0.0) as usize;
    let behind = (from.max(to).ceil().max(0.0) as usize).min(lines);
    for over in first..behind {
        let share = (over as f64 - from) / (to - from);
        let start = if is_across_x { a.x + share * (b.x - a.x) } else { a.y + share * (b.y - a.y) };
        let centre = |along: usize| {
            if is_across_x { (along as f64, over as f64) } else { (over as f64, along as f64) }
        };
        // Rounding may have put the place one face off: the centres decide.
        let nearest = start.floor().max(0.0) as usize;
        let around = nearest.saturating_sub(1)..(nearest + 2).min(count.saturating_sub(1));
        for along in around {
            let from_left = is_left(ends, centre(along));
            if from_left != is_left(ends, centre(along + 1)) {
                let cell = if is_across_x { (over, along + 1) } else { (along + 1, over) };
                all.push(Cut { cell, is_across_x, part, share, from_left });
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Crs;
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn grid() -> Grid {
        Grid { columns: 23, rows: 19, dx: 2.0, dy: 3.0, west: 10.0, south: -4.0, crs: Crs::local() }
    }

    /// Cells that can be reached from one without crossing a cut face.
    fn reached(grid: &Grid, cuts: &[Cut], from: (usize, usize)) -> HashSet<(usize, usize)> {
        let walls: HashSet<_> = cuts.iter().map(|cut| (cut.cell, cut.is_across_x)).collect();
        let (mut seen, mut open) = (HashSet::from([from]), vec![from]);
        while let Some((row, column)) = open.pop() {
            let mut visit = |cell: (usize, usize), wall: ((usize, usize), bool)| {
                if !walls.contains(&wall) && seen.insert(cell) {
                    open.push(cell);
                }
            };
            if column > 0 {
                visit((row, column - 1), ((row, column), true));
            }
            if column + 1 < grid.columns {
                visit((row, column + 1), ((row, column + 1), true));
            }
            if row > 0 {
                visit((row - 1, column), ((row, column), false));
            }
            if row + 1 < grid.rows {
                visit((row + 1, column), ((row + 1, column), false));
            }
        }
        seen
    }

    /// A star around the middle of the grid; `snap` puts its corners on centres (1) or corners (2) of cells.
    fn star(grid: &Grid, radii: &[f64], snap: u8) -> Vec<Coord<f64>> {
        let middle = (grid.x(grid.columns / 2), grid.y(grid.rows / 2));
        let mut line: Vec<Coord<f64>> = radii
            .iter()
            .enumerate()
            .map(|(i, radius)| {
                let angle = i as f64 / radii.len() as f64 * std::f64::consts::TAU;
                let shift = if snap == 1 { 0.5 } else { 0.0 };
                let on = |x: f64, west: f64, size: f64| {
                    if snap == 0 { x } else { west + size * (((x - west) / size - shift).round() + shift) }
                };
                Coord {
                    x: on(middle.0 + radius * angle.cos(), grid.west, grid.dx),
                    y: on(middle.1 + radius * angle.sin(), grid.south, grid.dy),
                }
            })
            .collect();
        line.push(line[0]);
        line
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn nothing_leaks_out_of_a_closed_line(
            radii in proptest::collection::vec(6.0..19.0f64, 3..12), snap in 0u8..3
        ) {
            let grid = grid();
            let line = star(&grid, &radii, snap);
            let cuts = cuts(&grid, &line);
            // A triangle may leave the middle outside: the cells inside are those that a ray says are.
            let inside = |(row, column): (usize, usize)| {
                let (x, y) = (grid.x(column) - OFF_THE_CENTRES.0 * grid.dx, grid.y(row) - OFF_THE_CENTRES.1 * grid.dy);
                line.windows(2).filter(|ends| {
                    let (a, b) = (ends[0], ends[1]);
                    (a.y > y) != (b.y > y) && x < a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)
                }).count() % 2 == 1
            };
            let out = reached(&grid, &cuts, (0, 0));
            for row in 0..grid.rows {
                for column in 0..grid.columns {
                    prop_assert!(!(inside((row, column)) && out.contains(&(row, column))), "{row} {column}");
                }
            }
        }

        #[test]
        fn a_line_from_edge_to_edge_parts_the_grid(
            heights in proptest::collection::vec(-3.0..52.0f64, 2..9), snap in 0u8..2
        ) {
            let grid = grid();
            let last = (heights.len() - 1) as f64;
            let line: Vec<Coord<f64>> = heights.iter().enumerate().map(|(i, &y)| {
                let x = grid.west - 1.0 + i as f64 / last * (grid.east() - grid.west + 2.0);
                let y = if snap == 1 { grid.south + grid.dy * (((y - grid.south) / grid.dy).floor() + 0.5) } else { y };
                Coord { x, y }
            }).collect();
            let cuts = cuts(&grid, &line);
            let above = |row: usize, column: usize| {
                let x = grid.x(column) - OFF_THE_CENTRES.0 * grid.dx;
                let ends = line.windows(2).find(|ends| ends[0].x <= x && x < ends[1].x).expect("a part");
                let y = ends[0].y + (x - ends[0].x) / (ends[1].x - ends[0].x) * (ends[1].y - ends[0].y);
                grid.y(row) - OFF_THE_CENTRES.1 * grid.dy > y
            };
            let start = (0..grid.rows).flat_map(|row| (0..grid.columns).map(move |column| (row, column)));
            if let Some(from) = start.clone().find(|&(row, column)| above(row, column)) {
                let seen = reached(&grid, &cuts, from);
                for (row, column) in start {
                    prop_assert!(above(row, column) || !seen.contains(&(row, column)), "{row} {column}");
                }
            }
        }
    }

    #[test]
    fn sides_of_a_line_that_turns_are_told_face_by_face() {
        // Eastwards between two rows, then northwards between two columns.
        let line = [(10.0, 2.0), (20.0, 2.0), (20.0, 53.0)].map(|(x, y)| Coord { x, y });
        let cuts = cuts(&grid(), &line);
        let eastwards: Vec<_> = cuts.iter().filter(|cut| !cut.is_across_x).collect();
        let northwards: Vec<_> = cuts.iter().filter(|cut| cut.is_across_x).collect();
        assert_eq!((eastwards.len(), northwards.len()), (5, 17));
        assert!(
            eastwards.iter().all(|cut| cut.part == 0 && cut.cell.0 == 2 && !cut.from_left),
            "the right is south"
        );
        assert!(
            northwards.iter().all(|cut| cut.part == 1 && cut.cell.1 == 5 && cut.from_left),
            "the left is west"
        );
        assert!(cuts.windows(2).all(|pair| (pair[0].part, pair[0].share) <= (pair[1].part, pair[1].share)));
    }
}
