//! A field turned about its source over the spread of the wind.

use std::f64::consts::TAU;

use crate::grid::{Field, Grid};

/// Rings and rays per cell: between them nothing is lost but parts of a cell.
const PER_CELL: f64 = 2.0;

/// The largest value that comes to each cell while a field turns about a source, and the grid of
/// it, which is wide enough for every corner of the field however it is turned.
///
/// The field is read along rings about the source, the largest value within the spread is kept
/// on each ring, and the cells read the rings. No cell has less than the field itself.
///
/// # Units
/// - `source`: m on the grid; `spread`: rad to either side, at least 0
pub(super) fn turned(grid: &Grid, field: &Field, source: (f64, f64), spread: f64) -> (Grid, Field) {
    let cell = grid.dx.min(grid.dy);
    let farthest =
        corners(grid).map(|(x, y)| (x - source.0).hypot(y - source.1)).into_iter().fold(0.0, f64::max);
    let rings = (PER_CELL * farthest / cell).ceil() as usize + 1;
    let rays = ((PER_CELL * TAU * farthest / cell).ceil() as usize).max(8);
    let (between, angle) = (farthest / (rings - 1).max(1) as f64, TAU / rays as f64);
    let reach = ((spread / angle).ceil() as usize).min(rays / 2);
    let largest: Vec<Vec<f64>> = (0..rings)
        .map(|ring| {
            let radius = ring as f64 * between;
            let along: Vec<f64> = (0..rays)
                .map(|ray| {
                    let (sine, cosine) = (ray as f64 * angle).sin_cos();
                    at(field, grid, source.0 + radius * cosine, source.1 + radius * sine)
                })
                .collect();
            largest_within(&along, reach)
        })
        .collect();
    let wide = widened(grid, source, farthest);
    let shift = cells_before(grid, &wide);
    let turned = Field::from_shape_fn(wide.shape(), |(row, column)| {
        let (east, north) = (wide.x(column) - source.0, wide.y(row) - source.1);
        let (ring, ray) = (east.hypot(north) / between, (north.atan2(east) + TAU) / angle);
        let (inner, before) = (ring.floor(), ray.floor());
        let (outwards, onwards) = (ring - inner, ray - before);
        let value = |ring: usize, ray: usize| largest.get(ring).map_or(0.0, |along| along[ray % rays]);
        let (inner, before) = (inner as usize, before as usize);
        let on = |ring: usize| (1.0 - onwards) * value(ring, before) + onwards * value(ring, before + 1);
        let own = row.checked_sub(shift.0).zip(column.checked_sub(shift.1));
        let own = own.and_then(|cell| field.get(cell)).copied().unwrap_or(0.0);
        own.max((1.0 - outwards) * on(inner) + outwards * on(inner + 1))
    });
    (wide, turned)
}

fn corners(grid: &Grid) -> [(f64, f64); 4] {
    let (west, east, south, north) = (grid.west, grid.east(), grid.south, grid.north());
    [(west, south), (west, north), (east, south), (east, north)]
}

/// The grid with as many cells more on all sides as a circle about the source needs.
fn widened(grid: &Grid, source: (f64, f64), radius: f64) -> Grid {
    let more = |inside: f64, cell: f64| ((radius - inside) / cell).ceil().max(0.0) as usize + 1;
    let (west, east) = (more(source.0 - grid.west, grid.dx), more(grid.east() - source.0, grid.dx));
    let (south, north) = (more(source.1 - grid.south, grid.dy), more(grid.north() - source.1, grid.dy));
    Grid {
        columns: grid.columns + west + east,
        rows: grid.rows + south + north,
        west: grid.west - west as f64 * grid.dx,
        south: grid.south - south as f64 * grid.dy,
        ..grid.clone()
    }
}

/// Rows and columns of the wide grid before the first of the narrow one.
fn cells_before(grid: &Grid, wide: &Grid) -> (usize, usize) {
    let cells = |distance: f64, cell: f64| (distance / cell).round() as usize;
    (cells(grid.south - wide.south, grid.dy), cells(grid.west - wide.west, grid.dx))
}

/// A field between the middles of its cells; zero outside.
fn at(field: &Field, grid: &Grid, x: f64, y: f64) -> f64 {
    let (column, row) = ((x - grid.x(0)) / grid.dx, (y - grid.y(0)) / grid.dy);
    let (first, lower) = (column.floor(), row.floor());
    let (onwards, upwards) = (column - first, row - lower);
    let value = |row: f64, column: f64| {
        let inside = row >= 0.0 && column >= 0.0;
        inside.then(|| field.get((row as usize, column as usize))).flatten().copied().unwrap_or(0.0)
    };
    let on = |row: f64| (1.0 - onwards) * value(row, first) + onwards * value(row, first + 1.0);
    (1.0 - upwards) * on(lower) + upwards * on(lower + 1.0)
}

/// Largest value among each and its neighbours on a ring, up to `reach` on both sides.
fn largest_within(ring: &[f64], reach: usize) -> Vec<f64> {
    let n = ring.len();
    // Of spans that double in length, two overlapping ones cover any window.
    let length = (2 * reach + 1).min(n);
    let mut spans = ring.to_vec();
    let mut covered = 1;
    while 2 * covered <= length {
        spans = (0..n).map(|i| spans[i].max(spans[(i + covered) % n])).collect();
        covered *= 2;
    }
    (0..n)
        .map(|i| {
            let first = (i + n - reach % n) % n;
            spans[first].max(spans[(first + length - covered) % n])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Crs;
    use std::f64::consts::PI;

    #[test]
    fn the_largest_within_a_window_is_that_of_a_plain_search() {
        let ring: Vec<f64> = (0..37).map(|i| f64::from((i * 7919) % 101)).collect();
        for reach in [0, 1, 2, 5, 17, 18] {
            let found = largest_within(&ring, reach);
            for (i, &largest) in found.iter().enumerate() {
                let plain = (0..=2 * reach).map(|k| ring[(i + 37 + k - reach) % 37]).fold(0.0, f64::max);
                assert_eq!(largest, plain, "at {i} of {reach}");
            }
        }
    }

    #[test]
    fn a_spot_becomes_an_arc_as_long_as_the_spread() {
        let grid =
            Grid { columns: 61, rows: 61, dx: 1.0, dy: 1.0, west: -30.5, south: -30.5, crs: Crs::local() };
        let mut field = Field::zeros(grid.shape());
        field[(30, 50)] = 1.0;
        let (wide, swept) = turned(&grid, &field, (0.0, 0.0), 0.5);
        let value = |x: f64, y: f64| swept[wide.cell_at(x, y).expect("inside")];
        // Twenty cells to the east, turned by half a radian to either side.
        for angle in [-0.45_f64, -0.2, 0.0, 0.3, 0.45] {
            assert!(value(20.0 * angle.cos(), 20.0 * angle.sin()) > 0.4, "{angle}");
        }
        for angle in [-0.65_f64, 0.65, PI] {
            assert_eq!(value(20.0 * angle.cos(), 20.0 * angle.sin()), 0.0, "{angle}");
        }
        assert!(swept.iter().all(|value| (0.0..=1.0).contains(value)));
    }
}
