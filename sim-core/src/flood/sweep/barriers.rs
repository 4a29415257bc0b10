//! Faces with a barrier: after the scheme has found the fluxes of a row, those of the listed
//! faces are written over.
//!
//! The lists are short and in the order of rows and columns. Where there are none,
//! nothing is done; the loops over rows know nothing of them.

use std::ops::Range;

use crate::flood::barrier::{Barriers, FaceNow, flux_past, pier_drag};
use crate::flood::flux::{FaceFlux, Riemann};
use crate::flood::params::DRY_DEPTH;
use crate::flood::sweep::cells::Place;
use crate::flood::sweep::row::Water;
use crate::flood::sweep::scratch::{FaceBuffers, SlopeBuffers};
use crate::flood::sweep::{BAND_ROWS, Band, Inputs};

/// What the barriers do in this step: faces across x, faces across y.
#[derive(Clone, Copy)]
pub(crate) struct BarrierFaces<'a> {
    across_x: &'a [FaceNow],
    across_y: &'a [FaceNow],
}

/// What passes them, m²/s, in the same order.
pub(crate) struct Passed<'a> {
    across_x: &'a mut [f64],
    across_y: &'a mut [f64],
}

/// The two parts of the barriers that a sweep reads and writes.
pub(crate) fn parts(barriers: &mut Barriers) -> (BarrierFaces<'_>, Passed<'_>) {
    let Barriers { across_x, across_y, .. } = barriers;
    (
        BarrierFaces { across_x: &across_x.now, across_y: &across_y.now },
        Passed { across_x: &mut across_x.passed, across_y: &mut across_y.passed },
    )
}

/// What passes the faces of one band, and where these begin in the lists.
#[derive(Default)]
pub(super) struct BandPassed<'a> {
    across_x: &'a mut [f64],
    across_y: &'a mut [f64],
    first: (usize, usize),
}

/// The barriers band by band.
pub(super) fn bands<'a>(faces: BarrierFaces<'_>, passed: Passed<'a>, bands: usize) -> Vec<BandPassed<'a>> {
    let Passed { mut across_x, mut across_y } = passed;
    let mut cut = Vec::with_capacity(bands);
    let mut first = (0, 0);
    for band in 0..bands {
        let behind = (band + 1) * BAND_ROWS;
        let end = |list: &[FaceNow]| list.partition_point(|face| face.cell.0 < behind);
        let ends = (end(faces.across_x), end(faces.across_y));
        let (here_x, rest_x) = across_x.split_at_mut(ends.0 - first.0);
        let (here_y, rest_y) = across_y.split_at_mut(ends.1 - first.1);
        (across_x, across_y) = (rest_x, rest_y);
        cut.push(BandPassed { across_x: here_x, across_y: here_y, first });
        first = ends;
    }
    cut
}

/// Positions of the faces of a row whose columns lie in a range.
#[inline(always)]
fn of_row(list: &[FaceNow], row: usize, columns: Range<usize>) -> Range<usize> {
    if list.is_empty() {
        return 0..0;
    }
    let before = |column: usize| list.partition_point(|face| face.cell < (row, column));
    before(columns.start)..before(columns.end)
}

/// Calls for the places of cells that have a barrier across x beside them; place 0 is the
/// cell before the first column of the area.
#[inline(always)]
fn beside_x(
    inputs: &Inputs<'_>,
    row: usize,
    first: usize,
    places: Range<usize>,
    mut call: impl FnMut(usize),
) {
    let list = inputs.barriers.across_x;
    // The eastern face of the last place is the western face of the one behind it.
    let columns = first + places.start - 1..first + places.end;
    for face in &list[of_row(list, row, columns)] {
        if face.share > 0.0 {
            let east = face.cell.1 + 1 - first;
            [east.wrapping_sub(1), east]
                .into_iter()
                .filter(|place| places.contains(place))
                .for_each(&mut call);
        }
    }
}

/// The same for barriers across y.
#[inline(always)]
fn beside_y(
    inputs: &Inputs<'_>,
    row: usize,
    first: usize,
    places: Range<usize>,
    mut call: impl FnMut(usize),
) {
    let list = inputs.barriers.across_y;
    for row in [row, row + 1] {
        let columns = first + places.start - 1..first + places.end - 1;
        for face in list[of_row(list, row, columns)].iter().filter(|face| face.share > 0.0) {
            call(face.cell.1 + 1 - first);
        }
    }
}

/// Lays the cells beside barriers level along x: places of a row.
#[inline(always)]
pub(super) fn level_x(inputs: &Inputs<'_>, row: usize, first: usize, places: Range<usize>, tilt: &mut [f32]) {
    beside_x(inputs, row, first, places, |place| tilt[place] = 0.0);
}

/// The same along y; number 0 is the first column of the area.
#[inline(always)]
pub(super) fn level_y(inputs: &Inputs<'_>, row: usize, (first, n): (usize, usize), tilt: &mut [f32]) {
    beside_y(inputs, row, first, 1..n + 1, |place| tilt[place - 1] = 0.0);
}

/// Takes the slopes of the cells beside barriers away: places of a row.
#[inline(always)]
pub(super) fn flatten(
    inputs: &Inputs<'_>,
    row: usize,
    first: usize,
    places: Range<usize>,
    (x, y): (&mut SlopeBuffers, &mut SlopeBuffers),
) {
    beside_x(inputs, row, first, places.clone(), |place| x.clear(place));
    beside_y(inputs, row, first, places, |place| y.clear(place));
}

/// Writes over the fluxes between the columns of a row.
#[inline(always)]
pub(super) fn write_over_x<R: Riemann>(
    inputs: &Inputs<'_>,
    Place { row, first, n }: Place,
    sides: (Water<'_>, Water<'_>),
    out: &mut FaceBuffers,
) {
    let list = inputs.barriers.across_x;
    write_over::<R>(&list[of_row(list, row, first..first + n + 1)], first, sides, out);
}

/// Writes over the fluxes south of a row.
#[inline(always)]
pub(super) fn write_over_y<R: Riemann>(
    inputs: &Inputs<'_>,
    row: usize,
    (first, n): (usize, usize),
    sides: (Water<'_>, Water<'_>),
    out: &mut FaceBuffers,
) {
    let list = inputs.barriers.across_y;
    write_over::<R>(&list[of_row(list, row, first..first + n)], first, sides, out);
}

/// Writes over the fluxes of some faces; face i of the buffers is that of column first + i.
fn write_over<R: Riemann>(
    list: &[FaceNow],
    first: usize,
    (left, right): (Water<'_>, Water<'_>),
    out: &mut FaceBuffers,
) {
    for face in list.iter().filter(|face| !face.is_free()) {
        let at = face.cell.1 - first;
        let (left, right) = (left.side(at), right.side(at));
        let found =
            FaceFlux { water: out.found[at], left: out.left[at], right: out.right[at], along: out.along[at] };
        let mean_depth = 0.5 * (f64::from(left.depth) + f64::from(right.depth));
        // Half of the drag on each side.
        let drag = (0.5 * pier_drag(f64::from(found.water), mean_depth, face.drag)) as f32;
        let given = flux_past::<R>(left, right, face.water as f32);
        let share = face.share as f32;
        let mix = |free: f32, given: f32| (1.0 - share) * free + share * given;
        out.water[at] = (1.0 - face.share) * f64::from(found.water) + face.share * face.water;
        out.left[at] = mix(found.left + drag, given.left);
        out.right[at] = mix(found.right - drag, given.right);
        out.along[at] = mix(found.along, given.along);
    }
}

/// Writes over unlimited discharges of the local-inertia scheme across x; place j is the
/// western face of the cell j - 1 of the area.
#[inline(always)]
pub(super) fn replace_x(
    inputs: &Inputs<'_>,
    row: usize,
    first: usize,
    places: Range<usize>,
    out: &mut [f64],
) {
    replace(inputs, inputs.barriers.across_x, (row, first), places, (1, inputs.dx), out);
}

/// The same across y; place i is the southern face of the cell i - 1 of the area.
#[inline(always)]
pub(super) fn replace_y(
    inputs: &Inputs<'_>,
    row: usize,
    first: usize,
    places: Range<usize>,
    out: &mut [f64],
) {
    replace(inputs, inputs.barriers.across_y, (row, first), places, (inputs.layout.stride(), inputs.dy), out);
}

fn replace(
    inputs: &Inputs<'_>,
    list: &[FaceNow],
    (row, first): (usize, usize),
    places: Range<usize>,
    (step, spacing): (usize, f64),
    out: &mut [f64],
) {
    let columns = (first + places.start).saturating_sub(1)..(first + places.end).saturating_sub(1);
    for face in list[of_row(list, row, columns)].iter().filter(|face| !face.is_free()) {
        let place = face.cell.1 + 1 - first;
        let at = inputs.layout.at(face.cell.0, face.cell.1);
        let depth = 0.5 * (inputs.old.depth[at - step] + inputs.old.depth[at]);
        let free = out[place];
        // The drag of piers is taken implicitly, as friction is.
        let braked = if depth < DRY_DEPTH {
            free
        } else {
            free / (1.0 + inputs.span.dt * 0.5 * face.drag * free.abs() / (depth * spacing))
        };
        out[place] = (1.0 - face.share) * braked + face.share * face.water;
    }
}

/// Notes what passes the western and southern faces of a row of cells.
#[inline(always)]
pub(super) fn note(
    inputs: &Inputs<'_>,
    band: &mut Band<'_>,
    (west, south): (&[f64], &[f64]),
    Place { row, first, n }: Place,
) {
    let BarrierFaces { across_x, across_y } = inputs.barriers;
    let columns = first..first + n;
    let passed = &mut band.passed;
    for (list, passed, from, water) in [
        (across_x, &mut *passed.across_x, passed.first.0, west),
        (across_y, &mut *passed.across_y, passed.first.1, south),
    ] {
        for at in of_row(list, row, columns.clone()) {
            passed[at - from] = water[list[at].cell.1 - first];
        }
    }
}
