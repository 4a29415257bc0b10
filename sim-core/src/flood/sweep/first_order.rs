//! A tile of the first-order scheme: one value per cell, ground tilted within it.

use std::marker::PhantomData;

use crate::flood::flux::Riemann;
use crate::flood::sweep::cells::{self, Carried, Place};
use crate::flood::sweep::extent::Extent;
use crate::flood::sweep::scratch::Scratch;
use crate::flood::sweep::{Band, Inputs, Sums, Tile, rim, row};

/// One tile: faces row by row, cells, records.
pub(super) struct FirstOrder<R>(PhantomData<R>);

impl<R: Riemann> Tile for FirstOrder<R> {
    #[inline(always)]
    fn sweep(inputs: &Inputs<'_>, band: &mut Band<'_>, scratch: &mut Scratch, area: Extent) -> Sums {
        let (first, n) = (area.columns.0, area.columns.1 - area.columns.0);
        scratch.sums.start(n, inputs.span.rain);
        // Padded rows: the cells of grid row r are in padded row r + 1.
        tilt_along_y(inputs, area.rows.0, first, &mut scratch.tilt_y[..n]);
        tilt_along_y(inputs, area.rows.0 + 1, first, &mut scratch.tilt_north[..n]);
        faces_between::<R>(inputs, area.rows.0, first, n, scratch);
        if area.rows.0 == 0 {
            rim::settle_south(inputs, band, &mut scratch.faces.north, (first, n));
        }
        turn(scratch);
        for row in area.rows.0..area.rows.1 {
            let padded = row + 1;
            tilt_along_x(inputs, padded, first, n, &mut scratch.tilt_x);
            faces_within::<R>(inputs, padded, first, n, scratch);
            let place = Place { row, first, n };
            rim::settle_ends(inputs, band, &mut scratch.faces.across, place);
            tilt_along_y(inputs, padded + 1, first, &mut scratch.tilt_north[..n]);
            faces_between::<R>(inputs, padded, first, n, scratch);
            if padded == inputs.layout.rows {
                rim::settle_north(inputs, band, &mut scratch.faces.north, (first, n));
            }
            let at = place.padded(inputs.layout);
            let Scratch { sums, faces, tilt_x, tilt_y, .. } = &mut *scratch;
            let carried = Carried {
                depth: &inputs.old.depth[at..at + n],
                tilt_x: &tilt_x[1..n + 1],
                tilt_y: &tilt_y[..n],
            };
            cells::update_row(inputs, band, (sums, faces), place, carried);
            turn(scratch);
        }
        scratch.sums.total(n)
    }
}

/// What lies north of this row lies south of the next one.
#[inline(always)]
fn turn(scratch: &mut Scratch) {
    scratch.faces.turn();
    std::mem::swap(&mut scratch.tilt_y, &mut scratch.tilt_north);
}

/// Bed and depth of n cells from a place in the padded arrays on.
#[inline(always)]
fn column<'a>(inputs: &Inputs<'a>, at: usize, n: usize) -> row::Column<'a> {
    row::Column { bed: &inputs.terrain.bed[at..at + n], depth: &inputs.old.depth[at..at + n] }
}

/// Tilt along y of the cells of a padded row; a ghost row is tilted as the row beside it.
#[inline(always)]
fn tilt_along_y(inputs: &Inputs<'_>, padded: usize, first: usize, out: &mut [f64]) {
    let stride = inputs.layout.stride();
    let at = padded.clamp(1, inputs.layout.rows) * stride + first + 1;
    let row = |at: usize| column(inputs, at, out.len());
    row::tilt_row(row(at - stride), row(at), row(at + stride), out);
}

/// Tilt along x of the cells of a padded row from one before the area to one
/// behind it; a ghost is tilted as the cell beside it.
#[inline(always)]
fn tilt_along_x(inputs: &Inputs<'_>, padded: usize, first: usize, n: usize, out: &mut [f64]) {
    let at = padded * inputs.layout.stride() + first;
    let (at_west, at_east) = (first == 0, first + n == inputs.layout.columns);
    let (from, to) = (usize::from(at_west), n + 2 - usize::from(at_east));
    let cells = |shifted: usize| column(inputs, shifted + from, to - from);
    row::tilt_row(cells(at - 1), cells(at), cells(at + 1), &mut out[from..to]);
    if at_west {
        out[0] = out[1];
    }
    if at_east {
        out[n + 1] = out[n];
    }
}

/// Faces between the columns of a padded row: n + 1 of them.
#[inline(always)]
fn faces_within<R: Riemann>(
    inputs: &Inputs<'_>,
    padded: usize,
    first: usize,
    n: usize,
    scratch: &mut Scratch,
) {
    let left = padded * inputs.layout.stride() + first;
    let (old, bed, tilt) = (inputs.old, &inputs.terrain.bed, &scratch.tilt_x);
    let cells = |from: usize| row::Cells {
        depth: &old.depth[left + from..left + from + n + 1],
        normal: &old.u[left + from..left + from + n + 1],
        along: &old.v[left + from..left + from + n + 1],
        bed: &bed[left + from..left + from + n + 1],
        tilt: &tilt[from..from + n + 1],
    };
    let out = &mut scratch.faces.across;
    row::face_row::<R>(
        cells(0),
        cells(1),
        &mut out.water[..n + 1],
        &mut out.left[..n + 1],
        &mut out.right[..n + 1],
        &mut out.along[..n + 1],
    );
}

/// Faces between a padded row and the one north of it: n of them.
#[inline(always)]
fn faces_between<R: Riemann>(
    inputs: &Inputs<'_>,
    padded: usize,
    first: usize,
    n: usize,
    scratch: &mut Scratch,
) {
    let stride = inputs.layout.stride();
    let south = padded * stride + first + 1;
    let (old, bed) = (inputs.old, &inputs.terrain.bed);
    let Scratch { tilt_y, tilt_north, faces, .. } = scratch;
    let out = &mut faces.north;
    let cells = |at: usize, tilt| row::Cells {
        depth: &old.depth[at..at + n],
        normal: &old.v[at..at + n],
        along: &old.u[at..at + n],
        bed: &bed[at..at + n],
        tilt,
    };
    row::face_row::<R>(
        cells(south, tilt_y),
        cells(south + stride, tilt_north),
        &mut out.water[..n],
        &mut out.left[..n],
        &mut out.right[..n],
        &mut out.along[..n],
    );
}
