//! Cells of a polygon.
//!
//! A cell belongs to a polygon if its **centre** lies inside. Inside is decided by
//! the even-odd rule: a ray from the centre to the east meets the rings an odd number
//! of times. Ties are broken in one direction everywhere: a side holds its lower end
//! and not its upper one, and a centre on a side belongs to the polygon to the east
//! of it. The point at which a side meets a row is reckoned from its lower end
//! whichever way the ring runs. So two polygons that share a side share no cell and
//! leave none out, wherever the side lies.
//!
//! That holds to the last bit for sides with the same two ends in both polygons. Where
//! one polygon has a vertex in the middle of the slanting side of its neighbour, the
//! two sides differ by rounding, as they do in the file.

use rayon::prelude::*;

use super::Grid;
use super::vector::{Coord, Path};

/// Cells of one row, side by side: columns `from..to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Row.
    pub row: usize,
    /// First column.
    pub from: usize,
    /// Column after the last.
    pub to: usize,
}

/// Rows that are worked on together: enough to be worth a task, few enough to spread
/// one large polygon over all threads.
const BLOCK_ROWS: usize = 64;

/// Cells whose centres lie inside an odd number of the rings, from south to north and from west to east.
///
/// Scanline rasterisation: every row has its crossings with the sides, and cells lie
/// between the first and the second, the third and the fourth, and so on. Blocks of rows
/// are shared among threads; the result does not depend on their number.
///
/// # Example
/// ```
/// use sim_core::grid::{Crs, Grid};
/// use sim_core::grid::polygon_cells::{Span, cells_inside};
/// use sim_core::grid::vector::Coord;
/// let grid = Grid { columns: 4, rows: 2, dx: 10.0, dy: 10.0, west: 0.0, south: 0.0, crs: Crs::local() };
/// // From the centre of the second cell to the centre of the fourth: the first of the two belongs.
/// let ring = [(15.0, 0.0), (35.0, 0.0), (35.0, 10.0), (15.0, 10.0), (15.0, 0.0)];
/// let ring = ring.map(|(x, y)| Coord { x, y }).to_vec();
/// assert_eq!(cells_inside(&grid, &[ring]), [Span { row: 0, from: 1, to: 3 }]);
/// ```
pub fn cells_inside(grid: &Grid, rings: &[Path]) -> Vec<Span> {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for at in rings.iter().flatten() {
        (low, high) = (low.min(at.y), high.max(at.y));
    }
    let (first, end) = (first_row(grid, low), first_row(grid, high));
    if end <= first {
        return Vec::new();
    }
    if end - first <= BLOCK_ROWS {
        return block(grid, rings, first, end);
    }
    let blocks: Vec<usize> = (first..end).step_by(BLOCK_ROWS).collect();
    let spans = |&from: &usize| block(grid, rings, from, (from + BLOCK_ROWS).min(end));
    let found: Vec<Vec<Span>> = blocks.par_iter().map(spans).collect();
    found.concat()
}

/// Spans of the rows `first..end`.
fn block(grid: &Grid, rings: &[Path], first: usize, end: usize) -> Vec<Span> {
    let mut crossings: Vec<(usize, f64)> = Vec::new();
    let (south, north) = (grid.y(first), grid.y(end - 1));
    for side in rings.iter().flat_map(|ring| ring.windows(2)) {
        let (low, high) = if side[0].y <= side[1].y { (side[0], side[1]) } else { (side[1], side[0]) };
        if high.y <= south || low.y > north {
            continue;
        }
        let rows = first_row(grid, low.y).max(first)..first_row(grid, high.y).min(end);
        crossings.extend(rows.map(|row| (row, crossing(low, high, grid.y(row)))));
    }
    crossings.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    // Closed rings meet every row an even number of times.
    let pairs = crossings.chunks_exact(2);
    let spans = pairs.map(|pair| Span {
        row: pair[0].0,
        from: first_column(grid, pair[0].1),
        to: first_column(grid, pair[1].1),
    });
    spans.filter(|span| span.from < span.to).collect()
}

/// x at which a side that rises from `low` to `high` meets a height; `low.y` ≤ `y` < `high.y`.
fn crossing(low: Coord<f64>, high: Coord<f64>, y: f64) -> f64 {
    low.x + (y - low.y) / (high.y - low.y) * (high.x - low.x)
}

/// First row whose centre is not south of `y`; the number of rows if there is none.
fn first_row(grid: &Grid, y: f64) -> usize {
    first(grid.rows, (y - grid.south) / grid.dy, |row| grid.y(row) >= y)
}

/// First column whose centre is not west of `x`; the number of columns if there is none.
fn first_column(grid: &Grid, x: f64) -> usize {
    first(grid.columns, (x - grid.west) / grid.dx, |column| grid.x(column) >= x)
}

/// First of `count` cells that has reached a coordinate, from a guess in cells that rounding may have moved.
fn first(count: usize, guess: f64, has_reached: impl Fn(usize) -> bool) -> usize {
    // A cast of a float stops at the ends of the range.
    let mut cell = ((guess - 0.5).ceil().max(0.0) as usize).min(count);
    while cell > 0 && has_reached(cell - 1) {
        cell -= 1;
    }
    while cell < count && !has_reached(cell) {
        cell += 1;
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Crs;
    use proptest::prelude::*;

    fn grid() -> Grid {
        Grid { columns: 23, rows: 150, dx: 2.0, dy: 0.5, west: -7.0, south: 3.0, crs: Crs::local() }
    }

    fn ring(points: &[(f64, f64)]) -> Path {
        let mut ring: Path = points.iter().map(|&(x, y)| Coord { x, y }).collect();
        ring.push(ring[0]);
        ring
    }

    /// The rule, point by point.
    fn is_inside(rings: &[Path], x: f64, y: f64) -> bool {
        let crosses = |side: &&[Coord<f64>]| {
            let (low, high) = if side[0].y <= side[1].y { (side[0], side[1]) } else { (side[1], side[0]) };
            low.y <= y && y < high.y && low.x + (y - low.y) / (high.y - low.y) * (high.x - low.x) > x
        };
        rings.iter().flat_map(|ring| ring.windows(2)).filter(crosses).count() % 2 == 1
    }

    fn by_point(grid: &Grid, rings: &[Path]) -> Vec<(usize, usize)> {
        let cells = (0..grid.rows).flat_map(|row| (0..grid.columns).map(move |column| (row, column)));
        cells.filter(|&(row, column)| is_inside(rings, grid.x(column), grid.y(row))).collect()
    }

    fn by_span(grid: &Grid, rings: &[Path]) -> Vec<(usize, usize)> {
        let cells = |span: Span| (span.from..span.to).map(move |column| (span.row, column));
        cells_inside(grid, rings).into_iter().flat_map(cells).collect()
    }

    /// Points beyond the grid, inside of it, and exactly on centres of cells.
    fn point() -> impl Strategy<Value = (f64, f64)> {
        let anywhere = (-20.0..60.0, -10.0..100.0);
        let centre = (0_usize..23, 0_usize..150).prop_map(|(column, row)| {
            let grid = grid();
            (grid.x(column), grid.y(row))
        });
        prop_oneof![anywhere, centre]
    }

    fn rings() -> impl Strategy<Value = Vec<Path>> {
        let ring = proptest::collection::vec(point(), 3..12).prop_map(|points| ring(&points));
        proptest::collection::vec(ring, 1..5)
    }

    proptest! {
        #[test]
        fn spans_are_the_cells_whose_centres_lie_inside_in_the_same_order(rings in rings()) {
            let grid = grid();
            prop_assert_eq!(by_span(&grid, &rings), by_point(&grid, &rings));
        }

        #[test]
        fn the_direction_of_a_ring_does_not_matter(rings in rings()) {
            let turned: Vec<Path> = rings.iter().map(|ring| ring.iter().rev().copied().collect()).collect();
            prop_assert_eq!(cells_inside(&grid(), &rings), cells_inside(&grid(), &turned));
        }

        #[test]
        fn triangles_round_a_point_share_no_cell_and_lose_none(
            outline in proptest::collection::vec(point(), 4), middle in point()
        ) {
            // A fan covers its outline once where the even-odd rule says so: count every cell's triangles.
            let grid = grid();
            let mut times = ndarray::Array2::<usize>::zeros(grid.shape());
            for corner in 0..outline.len() {
                let triangle = ring(&[outline[corner], outline[(corner + 1) % outline.len()], middle]);
                by_span(&grid, &[triangle]).into_iter().for_each(|cell| times[cell] += 1);
            }
            let whole = by_span(&grid, &[ring(&outline)]);
            for (cell, &times) in times.indexed_iter() {
                prop_assert_eq!(times % 2 == 1, whole.contains(&cell), "{:?}", cell);
            }
        }
    }

    #[test]
    fn neighbours_share_a_border_of_cell_centres_without_sharing_cells() {
        let grid = Grid { columns: 10, rows: 10, dx: 1.0, dy: 1.0, west: 0.0, south: 0.0, crs: Crs::local() };
        let mut owners = ndarray::Array2::<usize>::zeros(grid.shape());
        for (west, south) in [(0.5, 0.5), (4.5, 0.5), (0.5, 4.5), (4.5, 4.5)] {
            let square =
                ring(&[(west, south), (west + 4.0, south), (west + 4.0, south + 4.0), (west, south + 4.0)]);
            by_span(&grid, &[square]).into_iter().for_each(|cell| owners[cell] += 1);
        }
        assert!(owners.iter().all(|&owners| owners <= 1));
        assert_eq!(
            owners.sum(),
            64,
            "an area of 8 by 8 cells has 64 centres with the western and southern border"
        );
    }

    #[test]
    fn a_hole_is_left_out_and_an_island_in_it_is_not() {
        let square = |inset: f64| {
            let (low, high) = (inset, 20.0 - inset);
            ring(&[(low, low), (high, low), (high, high), (low, high)])
        };
        let grid = Grid { columns: 20, rows: 20, dx: 1.0, dy: 1.0, west: 0.0, south: 0.0, crs: Crs::local() };
        let cells = by_span(&grid, &[square(0.0), square(4.0), square(8.0)]);
        assert_eq!(cells.len(), 400 - 144 + 16);
    }

    #[test]
    fn one_thread_finds_the_same_cells_as_four() {
        let spiral: Vec<(f64, f64)> = (0..2000)
            .map(|i| {
                let angle = f64::from(i) * 0.1;
                (10.0 + 0.01 * f64::from(i) * angle.cos(), 40.0 + 0.02 * f64::from(i) * angle.sin())
            })
            .collect();
        let rings = [ring(&spiral)];
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| cells_inside(&grid(), &rings))
        };
        assert_eq!(with(1), with(4));
    }
}
