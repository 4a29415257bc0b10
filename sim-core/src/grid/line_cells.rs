//! Pieces of a line, one for every cell that it passes through.

use super::Grid;
use super::vector::Coord;

/// The part of a line inside one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// Row and column.
    pub cell: (usize, usize),
    /// Where the line enters the cell or begins.
    pub start: Coord<f64>,
    /// Where the line leaves the cell or ends.
    pub end: Coord<f64>,
    /// Length in the plane of the grid, m.
    pub length: f64,
}

/// The pieces of a line in the cells of a grid, in the order of the line.
///
/// Every straight part is cut where it crosses the sides of cells; the cell of a piece
/// is the one that holds its middle, so that a line along a side belongs to the cell to
/// the east or to the north of it. What lies outside the grid has no piece.
///
/// # Example
/// ```
/// use sim_core::grid::{Crs, Grid};
/// use sim_core::grid::line_cells::pieces;
/// use sim_core::grid::vector::Coord;
/// let grid = Grid { columns: 4, rows: 2, dx: 10.0, dy: 10.0, west: 0.0, south: 0.0, crs: Crs::local() };
/// let pieces = pieces(&grid, &[Coord { x: 5.0, y: 5.0 }, Coord { x: 25.0, y: 5.0 }]);
/// let lengths: Vec<f64> = pieces.iter().map(|piece| piece.length).collect();
/// assert_eq!(lengths, [5.0, 10.0, 5.0]);
/// ```
pub fn pieces(grid: &Grid, line: &[Coord<f64>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut cuts = Vec::new();
    for ends in line.windows(2) {
        cut(grid, (ends[0], ends[1]), &mut cuts, &mut pieces);
    }
    pieces
}

/// Adds the pieces of one straight part; `cuts` is room to work in.
fn cut(grid: &Grid, (a, b): (Coord<f64>, Coord<f64>), cuts: &mut Vec<f64>, pieces: &mut Vec<Piece>) {
    let along = Coord { x: b.x - a.x, y: b.y - a.y };
    let whole = along.x.hypot(along.y);
    let across = (grid.west, grid.east(), grid.dx, grid.columns);
    let up = (grid.south, grid.north(), grid.dy, grid.rows);
    // Shares of the part at which it enters and leaves the grid.
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    for (start, step, (low, high, ..)) in [(a.x, along.x, across), (a.y, along.y, up)] {
        if step == 0.0 {
            if start < low || start > high {
                return;
            }
            continue;
        }
        let (one, other) = ((low - start) / step, (high - start) / step);
        enters = enters.max(one.min(other));
        leaves = leaves.min(one.max(other));
    }
    if enters >= leaves {
        return;
    }
    cuts.clear();
    cuts.extend([enters, leaves]);
    for (start, step, (low, _, size, count)) in [(a.x, along.x, across), (a.y, along.y, up)] {
        if step == 0.0 {
            continue;
        }
        // Numbers of the lines between cells that lie between entry and exit.
        let number = |share: f64| (start + share * step - low) / size;
        let (one, other) = (number(enters), number(leaves));
        let first = one.min(other).floor().max(0.0) as usize;
        let last = (one.max(other).ceil().max(0.0) as usize).min(count);
        let shares = (first..=last).map(|line| (low + line as f64 * size - start) / step);
        cuts.extend(shares.filter(|&share| share > enters && share < leaves));
    }
    cuts.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| match share {
        0.0 => a,
        1.0 => b,
        _ => Coord { x: a.x + share * along.x, y: a.y + share * along.y },
    };
    for ends in cuts.windows(2).filter(|ends| ends[0] < ends[1]) {
        let middle = at(0.5 * (ends[0] + ends[1]));
        let Some(cell) = grid.cell_at(middle.x, middle.y) else { continue };
        let length = (ends[1] - ends[0]) * whole;
        pieces.push(Piece { cell, start: at(ends[0]), end: at(ends[1]), length });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Crs;
    use proptest::prelude::*;

    fn grid() -> Grid {
        Grid { columns: 9, rows: 7, dx: 2.0, dy: 3.0, west: 10.0, south: -4.0, crs: Crs::local() }
    }

    fn line(points: &[(f64, f64)]) -> Vec<Coord<f64>> {
        points.iter().map(|&(x, y)| Coord { x, y }).collect()
    }

    proptest! {
        #[test]
        fn pieces_follow_each_other_and_have_the_length_of_a_line_inside(
            points in proptest::collection::vec((10.0..28.0, -4.0..17.0), 2..8)
        ) {
            let line = line(&points);
            let pieces = pieces(&grid(), &line);
            let whole: f64 = line.windows(2).map(|ends| (ends[1].x - ends[0].x).hypot(ends[1].y - ends[0].y)).sum();
            let sum: f64 = pieces.iter().map(|piece| piece.length).sum();
            prop_assert!((whole - sum).abs() <= 1e-9 * whole.max(1.0), "{whole} {sum}");
            for pair in pieces.windows(2) {
                prop_assert_eq!(pair[0].end, pair[1].start);
            }
        }
    }

    #[test]
    fn a_line_through_the_grid_has_pieces_inside_only() {
        let pieces = pieces(&grid(), &line(&[(0.0, 0.0), (100.0, 0.0)]));
        assert_eq!(pieces.len(), 9);
        assert!(pieces.iter().all(|piece| (piece.length - 2.0).abs() < 1e-9 && piece.cell.0 == 1));
        assert!(super::pieces(&grid(), &line(&[(0.0, 50.0), (100.0, 50.0)])).is_empty());
    }

    #[test]
    fn a_line_along_a_side_belongs_to_the_cells_east_of_it() {
        let pieces = pieces(&grid(), &line(&[(14.0, -4.0), (14.0, 17.0)]));
        assert_eq!(pieces.len(), 7);
        assert!(pieces.iter().all(|piece| piece.cell.1 == 2 && (piece.length - 3.0).abs() < 1e-9));
    }
}
