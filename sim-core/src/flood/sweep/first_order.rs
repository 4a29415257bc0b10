//! A tile of the first-order scheme: one value per cell, ground tilted within it.

use std::marker::PhantomData;

use crate::flood::flux::Riemann;
use crate::flood::sweep::cells::{self, Place};
use crate::flood::sweep::scratch::{RiseBuffers, Scratch, Window, whole_turns};
use crate::flood::sweep::{Band, Inputs, Sums, Tile, barriers, rim, row};
use crate::layer::extent::Extent;
use crate::layer::window;

/// One tile: faces row by row, cells, records.
pub(super) struct FirstOrder<R>(PhantomData<R>);

impl<R: Riemann> Tile for FirstOrder<R> {
    #[inline(always)]
    fn sweep(inputs: &Inputs<'_>, band: &mut Band<'_>, scratch: &mut Scratch, area: Extent) -> Sums {
        let (first, n) = (area.columns.0, area.columns.1 - area.columns.0);
        let columns = (first, n);
        scratch.sums.start(n, inputs.span.rain, inputs.span.loss);
        // Padded rows: the cells of grid row r are in padded row r + 1.
        let south = area.rows.0;
        if south == 0 {
            window::load(inputs.seen(), 0, columns, &mut scratch.window);
            tilt_north(inputs, 1, columns, scratch);
            scratch.tilt_y[..n].copy_from_slice(&scratch.tilt_north[..n]);
        } else {
            window::load(inputs.seen(), south - 1, columns, &mut scratch.window);
            tilt_north(inputs, south, columns, scratch);
            std::mem::swap(&mut scratch.tilt_y, &mut scratch.tilt_north);
            window::advance(inputs.seen(), south, columns, &mut scratch.window);
            tilt_north(inputs, south + 1, columns, scratch);
        }
        faces_between::<R>(inputs, south, columns, scratch);
        if south == 0 {
            rim::settle_south(inputs, band, &mut scratch.faces.north, columns);
        }
        turn(scratch);
        for row in area.rows.0..area.rows.1 {
            let padded = row + 1;
            window::advance(inputs.seen(), padded, columns, &mut scratch.window);
            window::rises_along(inputs.seen(), padded, columns, &mut scratch.rises);
            tilt_along_x(inputs, row, columns, &scratch.rises, &mut scratch.tilt_x);
            let place = Place { row, first, n };
            faces_within::<R>(inputs, place, scratch);
            rim::settle_ends(inputs, band, &mut scratch.faces.across, place);
            tilt_north(inputs, padded + 1, columns, scratch);
            faces_between::<R>(inputs, padded, columns, scratch);
            if padded == inputs.layout.rows {
                rim::settle_north(inputs, band, &mut scratch.faces.north, columns);
            }
            let Scratch { sums, faces, cells, tilt_x, tilt_y, window, .. } = &mut *scratch;
            let m = whole_turns(n);
            let carried = row::Carried {
                depth: window.here.along_x(1, m).depth,
                slope_x: &tilt_x[1..m + 1],
                slope_y: &tilt_y[..m],
            };
            cells::update_row(inputs, band, (sums, cells, faces), place, carried);
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

/// Tilt along y of the cells of the padded row in the north of the window; a ghost row is
/// tilted as the row beside it.
#[inline(always)]
fn tilt_north(inputs: &Inputs<'_>, padded: usize, columns: (usize, usize), scratch: &mut Scratch) {
    let n = columns.1;
    let Scratch { window: Window { to_north, to_beyond, .. }, tilt_y, tilt_north, .. } = scratch;
    if padded > inputs.layout.rows {
        tilt_north[..n].copy_from_slice(&tilt_y[..n]);
    } else {
        let m = whole_turns(n);
        row::tilt_row(to_north.row(1, m), to_beyond.row(1, m), &mut tilt_north[..m]);
        barriers::level_y(inputs, padded - 1, columns, tilt_north);
    }
}

/// Tilt along x of the cells of a row from one before the area to one behind it; a ghost
/// is tilted as the cell beside it.
#[inline(always)]
fn tilt_along_x(
    inputs: &Inputs<'_>,
    row: usize,
    columns: (usize, usize),
    rises: &RiseBuffers,
    out: &mut [f32],
) {
    let (from, to) = window::inside(inputs.seen(), columns);
    let (last, m) = (columns.1 + 1, whole_turns(to - from));
    row::tilt_row(rises.row(from, m), rises.row(from + 1, m), &mut out[from..from + m]);
    barriers::level_x(inputs, row, columns.0, from..to, out);
    if from == 1 {
        out[0] = out[1];
    }
    if to == last {
        out[last] = out[last - 1];
    }
}

/// Faces between the columns of the row in the window: n + 1 of them.
#[inline(always)]
fn faces_within<R: Riemann>(inputs: &Inputs<'_>, place: Place, scratch: &mut Scratch) {
    let n = place.n;
    let Scratch { window: Window { here, .. }, rises, tilt_x, faces, .. } = scratch;
    let m = whole_turns(n + 1);
    let steps = row::Steps { surface: &rises.surface[1..m + 1], tilt: (&tilt_x[..m], &tilt_x[1..m + 1]) };
    let out = &mut faces.across;
    row::face_row::<R>(
        (here.along_x(0, m), here.along_x(1, m)),
        steps,
        &mut out.found[..m],
        &mut out.left[..m],
        &mut out.right[..m],
        &mut out.along[..m],
    );
    row::widen_row(&out.found, &mut out.water[..m]);
    barriers::write_over_x::<R>(inputs, place, (here.along_x(0, m), here.along_x(1, m)), out);
}

/// Faces between the row in the window and the one north of it, whose number in the grid is `row`.
#[inline(always)]
fn faces_between<R: Riemann>(
    inputs: &Inputs<'_>,
    row: usize,
    columns: (usize, usize),
    scratch: &mut Scratch,
) {
    let Scratch { window: Window { here, north, to_north, .. }, tilt_y, tilt_north, faces, .. } = scratch;
    let n = whole_turns(columns.1);
    let steps = row::Steps { surface: &to_north.surface[1..n + 1], tilt: (&tilt_y[..n], &tilt_north[..n]) };
    let out = &mut faces.north;
    row::face_row::<R>(
        (here.along_y(1, n), north.along_y(1, n)),
        steps,
        &mut out.found[..n],
        &mut out.left[..n],
        &mut out.right[..n],
        &mut out.along[..n],
    );
    row::widen_row(&out.found, &mut out.water[..n]);
    barriers::write_over_y::<R>(inputs, row, columns, (here.along_y(1, n), north.along_y(1, n)), out);
}
