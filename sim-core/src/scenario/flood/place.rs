//! Lines and polygons in map coordinates: which faces of the rim and which cells they touch.

use crate::flood::boundary::{Face, Side};
use crate::grid::{Field, Grid};

/// A line may lie this many cells off the rim and still mean it: drawn by hand
/// along the middles of the outermost cells, or just outside of them.
const REACH: f64 = 1.0;

/// Steps per cell in which a line is walked: no cell that it crosses for more
/// than a quarter of its width is missed.
const STEPS_PER_CELL: f64 = 4.0;

/// Part of a cell by which the point that decides lies inside the rim, so that a
/// polygon drawn along the rim itself has its faces.
const INSIDE: f64 = 0.25;

/// The first points of a line in words.
pub(super) fn shown(line: &[(f64, f64)]) -> String {
    let points: Vec<String> = line.iter().take(3).map(|(x, y)| format!("({x}, {y})")).collect();
    let more = if line.len() > 3 { format!(" and {} more", line.len() - 3) } else { String::new() };
    format!("{}{more}", points.join(", "))
}

/// Faces of the rim with ground on their inner side, side by side.
fn faces<'g>(grid: &'g Grid, bed: &'g Field) -> impl Iterator<Item = Face> + 'g {
    Side::ALL.into_iter().flat_map(move |side| {
        let count = if is_across_x(side) { grid.rows } else { grid.columns };
        let all = (0..count).map(move |index| Face { side, index });
        all.filter(move |face| !bed[face.cell(grid.shape())].is_nan())
    })
}

fn is_across_x(side: Side) -> bool {
    matches!(side, Side::West | Side::East)
}

/// Middle of a face and the direction out of the grid.
fn middle(grid: &Grid, face: Face) -> ((f64, f64), (f64, f64)) {
    match face.side {
        Side::West => ((grid.west, grid.y(face.index)), (-1.0, 0.0)),
        Side::East => ((grid.east(), grid.y(face.index)), (1.0, 0.0)),
        Side::South => ((grid.x(face.index), grid.south), (0.0, -1.0)),
        Side::North => ((grid.x(face.index), grid.north()), (0.0, 1.0)),
    }
}

/// Faces of the rim that a polygon (first point repeated at the end) or a line marks.
///
/// A polygon takes every face whose middle, moved a quarter of a cell inwards,
/// lies in it. A line takes every face that it passes along: not across, within
/// one cell, and beside the middle of the face. A line shorter than a cell takes
/// the face beside its own middle.
pub(super) fn faces_along(grid: &Grid, bed: &Field, line: &[(f64, f64)]) -> Vec<Face> {
    let is_polygon = line.len() > 3 && line.first() == line.last();
    if is_polygon {
        return faces(grid, bed).filter(|&face| contains(line, inner_point(grid, face))).collect();
    }
    let along: Vec<Face> = faces(grid, bed)
        .filter(|&face| line.windows(2).any(|ends| passes(grid, face, (ends[0], ends[1]), 0.0)))
        .collect();
    if !along.is_empty() {
        return along;
    }
    // Half a face of slack finds the one that a short line lies beside; the first of two equals stays.
    let short = |face: &Face| line.windows(2).any(|ends| passes(grid, *face, (ends[0], ends[1]), 0.5));
    faces(grid, bed).filter(short).take(1).collect()
}

/// Faces of one side between two coordinates along it.
pub(super) fn faces_between(grid: &Grid, bed: &Field, side: Side, from: f64, to: f64) -> Vec<Face> {
    let coordinate = |face: &Face| if is_across_x(side) { grid.y(face.index) } else { grid.x(face.index) };
    let (low, high) = (from.min(to), from.max(to));
    faces(grid, bed).filter(|face| face.side == side && (low..=high).contains(&coordinate(face))).collect()
}

fn inner_point(grid: &Grid, face: Face) -> (f64, f64) {
    let ((x, y), (out_x, out_y)) = middle(grid, face);
    (x - INSIDE * grid.dx * out_x, y - INSIDE * grid.dy * out_y)
}

/// True where a piece of a line runs along a face; `slack` lengthens it at both ends, in faces.
fn passes(grid: &Grid, face: Face, (a, b): ((f64, f64), (f64, f64)), slack: f64) -> bool {
    let ((x, y), (out_x, _)) = middle(grid, face);
    // Seen along the side: s runs along it, t out of the grid.
    let turned = out_x != 0.0;
    let (s, t) = if turned { (y, x) } else { (x, y) };
    let seen = |point: (f64, f64)| if turned { (point.1, point.0) } else { point };
    let ((s0, t0), (s1, t1)) = (seen(a), seen(b));
    let (along, across) = (s1 - s0, t1 - t0);
    if across.abs() > along.abs() {
        return false;
    }
    let (length, size) = if turned { (grid.dy, grid.dx) } else { (grid.dx, grid.dy) };
    let (low, high) = (s0.min(s1) - slack * length, s0.max(s1) + slack * length);
    let share = if along == 0.0 { 0.0 } else { ((s - s0) / along).clamp(0.0, 1.0) };
    (low..=high).contains(&s) && (t0 + share * across - t).abs() <= REACH * size
}

/// True for a point inside a ring, by the number of its sides that lie to the east.
fn contains(ring: &[(f64, f64)], (x, y): (f64, f64)) -> bool {
    let crosses = |ends: &&[(f64, f64)]| {
        let ((x0, y0), (x1, y1)) = (ends[0], ends[1]);
        (y0 > y) != (y1 > y) && x < x0 + (y - y0) / (y1 - y0) * (x1 - x0)
    };
    ring.windows(2).filter(crosses).count() % 2 == 1
}

/// Cells that a line passes through, in the order of rows and columns.
pub(super) fn cells_along(grid: &Grid, line: &[(f64, f64)]) -> Vec<(usize, usize)> {
    let mut cells = Vec::new();
    for ends in line.windows(2) {
        let ((x0, y0), (x1, y1)) = (ends[0], ends[1]);
        let widths = ((x1 - x0) / grid.dx).hypot((y1 - y0) / grid.dy);
        // A line beyond the grid is no reason to walk for ever.
        let steps = (widths * STEPS_PER_CELL).ceil().clamp(1.0, 1e7);
        for step in 0..=steps as usize {
            let share = step as f64 / steps;
            cells.extend(grid.cell_at(x0 + share * (x1 - x0), y0 + share * (y1 - y0)));
        }
    }
    cells.sort_unstable();
    cells.dedup();
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Crs;

    fn ground() -> (Grid, Field) {
        let grid =
            Grid { columns: 6, rows: 4, dx: 10.0, dy: 10.0, west: 100.0, south: 200.0, crs: Crs::local() };
        let mut bed = grid.filled(1.0);
        bed[(0, 0)] = f64::NAN;
        (grid, bed)
    }

    fn list(faces: Vec<Face>) -> Vec<(&'static str, usize)> {
        faces.iter().map(|face| (face.side.name(), face.index)).collect()
    }

    #[test]
    fn a_line_along_a_side_has_the_faces_whose_middles_it_passes() {
        let (grid, bed) = ground();
        let along = |line: &[(f64, f64)]| list(faces_along(&grid, &bed, line));
        assert_eq!(along(&[(100.0, 200.0), (100.0, 240.0)]), [("west", 1), ("west", 2), ("west", 3)]);
        assert_eq!(along(&[(105.0, 212.0), (104.0, 226.0)]), [("west", 1), ("west", 2)], "drawn by hand");
        assert_eq!(along(&[(122.0, 240.0), (128.0, 240.0)]), [("north", 2)], "shorter than a cell");
        assert_eq!(along(&[(120.0, 200.0), (160.0, 200.0), (160.0, 220.0)]).len(), 6, "round a corner");
        assert!(along(&[(100.0, 260.0), (160.0, 260.0)]).is_empty(), "two cells off");
        assert!(along(&[(125.0, 205.0), (125.0, 235.0)]).is_empty(), "across the middle");
    }

    #[test]
    fn a_polygon_has_the_faces_in_it() {
        let (grid, bed) = ground();
        let ring = [(130.0, 190.0), (150.0, 190.0), (150.0, 215.0), (130.0, 215.0), (130.0, 190.0)];
        assert_eq!(list(faces_along(&grid, &bed, &ring)), [("south", 3), ("south", 4)]);
        let on_the_rim = [(100.0, 200.0), (160.0, 200.0), (160.0, 240.0), (100.0, 240.0), (100.0, 200.0)];
        assert_eq!(
            faces_along(&grid, &bed, &on_the_rim).len(),
            4 + 4 + 6 + 6 - 2,
            "all but those of the empty cell"
        );
    }

    #[test]
    fn part_of_a_side_lies_between_two_coordinates() {
        let (grid, bed) = ground();
        assert_eq!(list(faces_between(&grid, &bed, Side::East, 240.0, 220.0)), [("east", 2), ("east", 3)]);
        assert_eq!(list(faces_between(&grid, &bed, Side::South, 100.0, 121.0)), [("south", 1)]);
    }

    #[test]
    fn a_line_of_cells_has_no_gaps() {
        let (grid, _) = ground();
        assert_eq!(cells_along(&grid, &[(105.0, 225.0), (135.0, 225.0)]), [(2, 0), (2, 1), (2, 2), (2, 3)]);
        let diagonal = cells_along(&grid, &[(100.0, 200.0), (139.9, 239.9)]);
        assert!(diagonal.len() >= 4);
        assert!(cells_along(&grid, &[(0.0, 0.0), (50.0, 50.0)]).is_empty());
    }
}
