//! Three rows of the state in single precision, moving north with the sweep.

use crate::flood::sweep::scratch::{Narrow, RiseBuffers, Window};
use crate::flood::sweep::{Inputs, row};

/// Starts with `here` at a padded row.
#[inline(always)]
pub(super) fn load(inputs: &Inputs<'_>, padded: usize, columns: (usize, usize), window: &mut Window) {
    let Window { here, north, beyond, to_north, to_beyond } = window;
    narrow(inputs, padded, columns, here);
    narrow(inputs, padded + 1, columns, north);
    rises_to_next(inputs, padded, columns, to_north);
    look_beyond(inputs, padded, columns, (beyond, to_beyond));
}

/// Moves one row to the north: `here` becomes a padded row.
#[inline(always)]
pub(super) fn advance(inputs: &Inputs<'_>, padded: usize, columns: (usize, usize), window: &mut Window) {
    window.turn();
    look_beyond(inputs, padded, columns, (&mut window.beyond, &mut window.to_beyond));
}

/// The row two rows north of a padded row, if there is one.
#[inline(always)]
fn look_beyond(
    inputs: &Inputs<'_>,
    padded: usize,
    columns: (usize, usize),
    (beyond, to_beyond): (&mut Narrow, &mut RiseBuffers),
) {
    if padded < inputs.layout.rows {
        narrow(inputs, padded + 2, columns, beyond);
        rises_to_next(inputs, padded + 1, columns, to_beyond);
    }
}

/// Depth and velocity from two cells before the area to two behind it, as far as there are any.
#[inline(always)]
fn narrow(inputs: &Inputs<'_>, padded: usize, (first, n): (usize, usize), out: &mut Narrow) {
    let stride = inputs.layout.stride();
    let (from, to) = (first.saturating_sub(1), (first + n + 3).min(stride));
    let at = padded * stride + from;
    // The padded column `first` is place 0.
    let here = Narrow::at(0) + from - first..Narrow::at(0) + to - first;
    let (old, m) = (inputs.old, to - from);
    let state = row::StateRow { depth: &old.depth[at..at + m], u: &old.u[at..at + m], v: &old.v[at..at + m] };
    row::narrow_row(state, &mut out.depth[here.clone()], &mut out.u[here.clone()], &mut out.v[here]);
}

/// Bed and depth of m cells from a place in the padded arrays on.
#[inline(always)]
pub(super) fn column<'a>(inputs: &Inputs<'a>, at: usize, m: usize) -> row::Column<'a> {
    row::Column { bed: &inputs.terrain.bed[at..at + m], depth: &inputs.old.depth[at..at + m] }
}

/// Rises from a padded row to the next one, from one cell before the area to one behind it.
#[inline(always)]
fn rises_to_next(inputs: &Inputs<'_>, padded: usize, (first, n): (usize, usize), out: &mut RiseBuffers) {
    let stride = inputs.layout.stride();
    let (at, m) = (padded * stride + first, n + 2);
    row::rise_row(
        column(inputs, at, m),
        column(inputs, at + stride, m),
        &mut out.ground[..m],
        &mut out.surface[..m],
    );
}

/// Places of the cells of a row that are cells of the grid, from one before the area to
/// one behind it: the first, and behind the last.
#[inline(always)]
pub(super) fn inside(inputs: &Inputs<'_>, (first, n): (usize, usize)) -> (usize, usize) {
    let (at_west, at_east) = (first == 0, first + n == inputs.layout.columns);
    (usize::from(at_west), n + 2 - usize::from(at_east))
}

/// Rises along a padded row: all that the cells of [`inside`] have on both sides.
#[inline(always)]
pub(super) fn rises_along(
    inputs: &Inputs<'_>,
    padded: usize,
    columns: (usize, usize),
    out: &mut RiseBuffers,
) {
    let (from, to) = inside(inputs, columns);
    let (at, m) = (padded * inputs.layout.stride() + columns.0 + from, to + 1 - from);
    row::rise_row(
        column(inputs, at - 1, m),
        column(inputs, at, m),
        &mut out.ground[from..to + 1],
        &mut out.surface[from..to + 1],
    );
}
