//! Faces at the rim of the grid: what is given is put in place of what the scheme
//! found, and what passes is written down.

use crate::flood::boundary::Side;
use crate::flood::state::Layout;
use crate::flood::sweep::cells::Place;
use crate::flood::sweep::scratch::FaceBuffers;
use crate::flood::sweep::{Band, Inputs};

/// One face: `sign` is positive where the face looks along x or y, `velocity` is
/// that of the cell along the face. Returns what leaves, m²/s.
#[inline(always)]
fn settle(faces: &mut FaceBuffers, at: usize, sign: f64, given: f64, velocity: f64) -> f64 {
    if !given.is_nan() {
        faces.water[at] = sign * given;
        faces.along[at] = if given > 0.0 { (faces.water[at] * velocity) as f32 } else { 0.0 };
    }
    sign * faces.water[at]
}

/// Unit discharge along x or y that the rim prescribes at one of its faces, or what the scheme found.
#[inline(always)]
pub(super) fn prescribed(inputs: &Inputs<'_>, side: Side, index: usize, found: impl Fn() -> f64) -> f64 {
    let given = inputs.given.0[side as usize][index];
    let sign = if side.is_far() { 1.0 } else { -1.0 };
    if given.is_nan() { found() } else { sign * given }
}

/// The western and the eastern face of a row, if the cells reach them.
#[inline(always)]
pub(super) fn settle_ends(inputs: &Inputs<'_>, band: &mut Band<'_>, faces: &mut FaceBuffers, place: Place) {
    let layout = inputs.layout;
    let velocity = |column: usize| inputs.old.v[layout.at(place.row, column)];
    let given = |side: Side| inputs.given.0[side as usize][place.row];
    if place.first == 0 {
        settle(faces, 0, -1.0, given(Side::West), velocity(0));
    }
    if place.first + place.n == layout.columns {
        settle(faces, place.n, 1.0, given(Side::East), velocity(layout.columns - 1));
    }
    note_ends(layout, band, (faces.water[0], faces.water[place.n]), place);
}

/// Writes down what passes the western and the eastern face of a row, m²/s along x.
#[inline(always)]
pub(super) fn note_ends(layout: Layout, band: &mut Band<'_>, ends: (f64, f64), place: Place) {
    let row = place.row - band.first_row();
    band.rim.note_ends(row, (place.first, place.n), layout, ends);
}

/// The faces south of the first row of the grid.
#[inline(always)]
pub(super) fn settle_south(
    inputs: &Inputs<'_>,
    band: &mut Band<'_>,
    faces: &mut FaceBuffers,
    (first, n): (usize, usize),
) {
    settle_row(inputs, (Side::South, 0), faces, (first, n));
    band.rim.note_south(&faces.water[..n], first);
}

/// The faces north of the last row of the grid.
#[inline(always)]
pub(super) fn settle_north(
    inputs: &Inputs<'_>,
    band: &mut Band<'_>,
    faces: &mut FaceBuffers,
    (first, n): (usize, usize),
) {
    settle_row(inputs, (Side::North, inputs.layout.rows - 1), faces, (first, n));
    band.rim.note_north(&faces.water[..n], first);
}

#[inline(always)]
fn settle_row(
    inputs: &Inputs<'_>,
    (side, row): (Side, usize),
    faces: &mut FaceBuffers,
    (first, n): (usize, usize),
) {
    let given = &inputs.given.0[side as usize][first..first + n];
    let at = inputs.layout.at(row, first);
    let velocity = &inputs.old.u[at..at + n];
    let sign = if side.is_far() { 1.0 } else { -1.0 };
    for i in 0..n {
        settle(faces, i, sign, given[i], velocity[i]);
    }
}
