//! Faces at the rim of the grid: what is given is put in place of what the scheme
//! found, and what passes is written down.

use crate::flood::boundary::Side;
use crate::flood::boundary::rim::PerFace;
use crate::flood::sweep::scratch::FaceBuffers;
use crate::flood::sweep::{BAND_ROWS, Band, Inputs};

/// What leaves over the faces of the rim that belong to one band, m²/s.
pub(super) struct BandRim<'a> {
    west: &'a mut [f64],
    east: &'a mut [f64],
    /// Only in the first band.
    south: Option<&'a mut [f64]>,
    /// Only in the last band.
    north: Option<&'a mut [f64]>,
}

/// The rim band by band.
pub(super) fn bands(passed: &mut PerFace) -> impl Iterator<Item = BandRim<'_>> {
    let [west, east, south, north] = &mut passed.0;
    let (count, mut south, mut north) = (west.len().div_ceil(BAND_ROWS), Some(south), Some(north));
    let ends = west.chunks_mut(BAND_ROWS).zip(east.chunks_mut(BAND_ROWS));
    ends.enumerate().map(move |(index, (west, east))| BandRim {
        west,
        east,
        south: south.take().map(Vec::as_mut_slice),
        north: if index + 1 == count { north.take().map(Vec::as_mut_slice) } else { None },
    })
}

/// One face: `sign` is positive where the face looks along x or y, `velocity` is
/// that of the cell along the face. Returns what leaves, m²/s.
#[inline(always)]
fn settle(faces: &mut FaceBuffers, at: usize, sign: f64, given: f64, velocity: f64) -> f64 {
    if !given.is_nan() {
        faces.water[at] = sign * given;
        faces.along[at] = if given > 0.0 { faces.water[at] * velocity } else { 0.0 };
    }
    sign * faces.water[at]
}

/// The western and the eastern face of a row of the band, if the tile reaches them.
#[inline(always)]
pub(super) fn settle_ends(
    inputs: &Inputs<'_>,
    band: &mut Band<'_>,
    faces: &mut FaceBuffers,
    row: usize,
    (first, n): (usize, usize),
) {
    let layout = inputs.layout;
    let row_of_grid = band.index * BAND_ROWS + row;
    let velocity = |column: usize| inputs.old.v[layout.at(row_of_grid, column)];
    let given = |side: Side| inputs.given.0[side as usize][row_of_grid];
    if first == 0 {
        band.rim.west[row] = settle(faces, 0, -1.0, given(Side::West), velocity(0));
    }
    if first + n == layout.columns {
        band.rim.east[row] = settle(faces, n, 1.0, given(Side::East), velocity(layout.columns - 1));
    }
}

/// The faces south of the first row of the grid, if the band has it.
#[inline(always)]
pub(super) fn settle_south(
    inputs: &Inputs<'_>,
    band: &mut Band<'_>,
    faces: &mut FaceBuffers,
    first: usize,
    n: usize,
) {
    if let Some(passed) = &mut band.rim.south {
        settle_row(inputs, (Side::South, 0), faces, &mut passed[first..first + n], first);
    }
}

/// The faces north of the last row of the grid.
#[inline(always)]
pub(super) fn settle_north(
    inputs: &Inputs<'_>,
    band: &mut Band<'_>,
    faces: &mut FaceBuffers,
    first: usize,
    n: usize,
) {
    if let Some(passed) = &mut band.rim.north {
        let row = inputs.layout.rows - 1;
        settle_row(inputs, (Side::North, row), faces, &mut passed[first..first + n], first);
    }
}

#[inline(always)]
fn settle_row(
    inputs: &Inputs<'_>,
    (side, row): (Side, usize),
    faces: &mut FaceBuffers,
    passed: &mut [f64],
    first: usize,
) {
    let n = passed.len();
    let given = &inputs.given.0[side as usize][first..first + n];
    let at = inputs.layout.at(row, first);
    let velocity = &inputs.old.u[at..at + n];
    let sign = if side == Side::North { 1.0 } else { -1.0 };
    for i in 0..n {
        passed[i] = settle(faces, i, sign, given[i], velocity[i]);
    }
}
