//! Three rows of the state in single precision, moving north with the sweep.

use crate::layer::buffers::{Narrow, RiseBuffers, Window};
use crate::layer::layout::Layout;
use crate::layer::row;

/// The arrays of a layer as a sweep reads them, padded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub(crate) layout: Layout,
    /// Level of the ground, m.
    pub(crate) bed: &'a [f64],
    /// Depth, m.
    pub(crate) depth: &'a [f64],
    /// Velocity along x and y, m/s.
    pub(crate) u: &'a [f64],
    pub(crate) v: &'a [f64],
}

/// Starts with `here` at a padded row.
#[inline(always)]
pub(crate) fn load(seen: Seen<'_>, padded: usize, columns: (usize, usize), window: &mut Window) {
    let Window { here, north, beyond, to_north, to_beyond } = window;
    narrow(seen, padded, columns, here);
    narrow(seen, padded + 1, columns, north);
    rises_to_next(seen, padded, columns, to_north);
    look_beyond(seen, padded, columns, (beyond, to_beyond));
}

/// Moves one row to the north: `here` becomes a padded row.
#[inline(always)]
pub(crate) fn advance(seen: Seen<'_>, padded: usize, columns: (usize, usize), window: &mut Window) {
    window.turn();
    look_beyond(seen, padded, columns, (&mut window.beyond, &mut window.to_beyond));
}

/// The row two rows north of a padded row, if there is one.
#[inline(always)]
fn look_beyond(
    seen: Seen<'_>,
    padded: usize,
    columns: (usize, usize),
    (beyond, to_beyond): (&mut Narrow, &mut RiseBuffers),
) {
    if padded < seen.layout.rows {
        narrow(seen, padded + 2, columns, beyond);
        rises_to_next(seen, padded + 1, columns, to_beyond);
    }
}

/// Depth and velocity from two cells before the area to two behind it, as far as there are any.
#[inline(always)]
fn narrow(seen: Seen<'_>, padded: usize, (first, n): (usize, usize), out: &mut Narrow) {
    let stride = seen.layout.stride();
    let (from, to) = (first.saturating_sub(1), (first + n + 3).min(stride));
    let at = padded * stride + from;
    // The padded column `first` is place 0.
    let here = Narrow::at(0) + from - first..Narrow::at(0) + to - first;
    let (old, m) = (seen, to - from);
    let state = row::StateRow { depth: &old.depth[at..at + m], u: &old.u[at..at + m], v: &old.v[at..at + m] };
    row::narrow_row(state, &mut out.depth[here.clone()], &mut out.u[here.clone()], &mut out.v[here]);
}

/// Bed and depth of m cells from a place in the padded arrays on.
#[inline(always)]
pub(crate) fn column<'a>(seen: Seen<'a>, at: usize, m: usize) -> row::Column<'a> {
    row::Column { bed: &seen.bed[at..at + m], depth: &seen.depth[at..at + m] }
}

/// Rises from a padded row to the next one, from one cell before the area to one behind it.
#[inline(always)]
fn rises_to_next(seen: Seen<'_>, padded: usize, (first, n): (usize, usize), out: &mut RiseBuffers) {
    let stride = seen.layout.stride();
    let (at, m) = (padded * stride + first, n + 2);
    row::rise_row(
        column(seen, at, m),
        column(seen, at + stride, m),
        &mut out.ground[..m],
        &mut out.surface[..m],
    );
}

/// Places of the cells of a row that are cells of the grid, from one before the area to
/// one behind it: the first, and behind the last.
#[inline(always)]
pub(crate) fn inside(seen: Seen<'_>, (first, n): (usize, usize)) -> (usize, usize) {
    let (at_west, at_east) = (first == 0, first + n == seen.layout.columns);
    (usize::from(at_west), n + 2 - usize::from(at_east))
}

/// Rises along a padded row: all that the cells of [`inside`] have on both sides.
#[inline(always)]
pub(crate) fn rises_along(seen: Seen<'_>, padded: usize, columns: (usize, usize), out: &mut RiseBuffers) {
    let (from, to) = inside(seen, columns);
    let (at, m) = (padded * seen.layout.stride() + columns.0 + from, to + 1 - from);
    row::rise_row(
        column(seen, at - 1, m),
        column(seen, at, m),
        &mut out.ground[from..to + 1],
        &mut out.surface[from..to + 1],
    );
}
