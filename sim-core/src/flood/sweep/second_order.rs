//! A tile of the second-order scheme: slopes and half a step ahead in every cell,
//! then the faces between them, in one read of the state.
//!
//! Each row is taken half a step ahead once, two rows are held at a time. A tile
//! repeats this for one row and one column of its neighbours all round, which
//! in turn look at the cells beyond.

use std::marker::PhantomData;

use crate::flood::flux::Riemann;
use crate::flood::sweep::cells::{self, Carried, Place};
use crate::flood::sweep::extent::Extent;
use crate::flood::sweep::scratch::{FaceBuffers, Predicted, Scratch, SlopeBuffers};
use crate::flood::sweep::{Band, Inputs, Sums, Tile, rim, row};

/// One tile: row after row half a step ahead, faces, cells, records.
pub(super) struct SecondOrder<R>(PhantomData<R>);

impl<R: Riemann> Tile for SecondOrder<R> {
    #[inline(always)]
    fn sweep(inputs: &Inputs<'_>, band: &mut Band<'_>, scratch: &mut Scratch, area: Extent) -> Sums {
        let (first, n) = (area.columns.0, area.columns.1 - area.columns.0);
        scratch.sums.start(n, inputs.span.rain);
        let Scratch { faces, sums, here, beyond, .. } = scratch;
        // The row south of the first one goes through `here`, as if it were below it.
        predict(inputs, area.rows.0 + 1, (first, n), beyond);
        if area.rows.0 == 0 {
            continue_beyond(inputs, Edge::South, (first, n), beyond, here);
        } else {
            predict(inputs, area.rows.0, (first, n), here);
        }
        faces_between::<R>(inputs, area.rows.0, (first, n), (here, beyond), &mut faces.north);
        if area.rows.0 == 0 {
            rim::settle_south(inputs, band, &mut faces.north, (first, n));
        }
        faces.turn();
        std::mem::swap(here, beyond);
        for row in area.rows.0..area.rows.1 {
            let padded = row + 1;
            let place = Place { row, first, n };
            faces_within::<R>(inputs, padded, (first, n), here, &mut faces.across);
            rim::settle_ends(inputs, band, &mut faces.across, place);
            if row + 1 == inputs.layout.rows {
                continue_beyond(inputs, Edge::North, (first, n), here, beyond);
            } else {
                predict(inputs, padded + 1, (first, n), beyond);
            }
            faces_between::<R>(inputs, padded, (first, n), (here, beyond), &mut faces.north);
            if padded == inputs.layout.rows {
                rim::settle_north(inputs, band, &mut faces.north, (first, n));
            }
            let carried = Carried {
                depth: &here.depth[1..n + 1],
                tilt_x: &here.x.bed[1..n + 1],
                tilt_y: &here.y.bed[1..n + 1],
            };
            cells::update_row(inputs, band, (sums, faces), place, carried);
            faces.turn();
            std::mem::swap(here, beyond);
        }
        sums.total(n)
    }
}

/// Slopes and half a step of the cells of a padded row, from one before the area
/// to one behind it.
#[inline(always)]
fn predict(inputs: &Inputs<'_>, padded: usize, (first, n): (usize, usize), out: &mut Predicted) {
    let stride = inputs.layout.stride();
    let (at_west, at_east) = (first == 0, first + n == inputs.layout.columns);
    let (from, to) = (usize::from(at_west), n + 2 - usize::from(at_east));
    let at = padded * stride + first + from;
    let (old, bed, m) = (inputs.old, &inputs.terrain.bed, to - from);
    let along_x = |at: usize| row::Water {
        depth: &old.depth[at..at + m],
        bed: &bed[at..at + m],
        normal: &old.u[at..at + m],
        along: &old.v[at..at + m],
    };
    let along_y = |at: usize| {
        let water = along_x(at);
        row::Water { normal: water.along, along: water.normal, ..water }
    };
    let x = row::Line { before: along_x(at - 1), here: along_x(at), behind: along_x(at + 1) };
    let y = row::Line { before: along_y(at - stride), here: along_y(at), behind: along_y(at + stride) };
    let friction = &inputs.terrain.friction.row(inputs.layout, padded)[first + from..first + from + m];
    let Predicted { depth, u, v, root, x: across_x, y: across_y } = out;
    for (line, slopes) in [(x, &mut *across_x), (y, &mut *across_y)] {
        row::slope_row(
            line,
            &mut slopes.depth[from..to],
            &mut slopes.bed[from..to],
            &mut slopes.normal[from..to],
            &mut slopes.along[from..to],
        );
    }
    row::root_row(x.here.depth, x.here.depth, &mut root[from..to]);
    row::ahead_row(
        x.here,
        &root[from..to],
        across_x.row(from, to),
        across_y.row(from, to),
        friction,
        cells::step_numbers(inputs),
        &mut depth[from..to],
        &mut u[from..to],
        &mut v[from..to],
    );
    let start = padded * stride + first;
    if at_west {
        ghost_along_x(inputs, (start, 0), (start + 1, 1), out);
    }
    if at_east {
        ghost_along_x(inputs, (start + n + 1, n + 1), (start + n, n), out);
    }
}

/// What a ghost is: the mirror image of the cell beside it, or water of its own.
#[inline(always)]
fn is_mirror(depth: (f64, f64), normal: (f64, f64)) -> bool {
    depth.0 == depth.1 && normal.0 == -normal.1
}

/// A ghost at the western or eastern end of a row: places in the state and in the buffers.
#[inline(always)]
fn ghost_along_x(inputs: &Inputs<'_>, ghost: (usize, usize), cell: (usize, usize), out: &mut Predicted) {
    let old = inputs.old;
    let (g, c) = (ghost.1, cell.1);
    let mirror = is_mirror((old.depth[ghost.0], old.depth[cell.0]), (old.u[ghost.0], old.u[cell.0]));
    let Predicted { depth, u, v, x, .. } = out;
    (depth[g], u[g], v[g]) =
        if mirror { (depth[c], -u[c], v[c]) } else { (old.depth[ghost.0], old.u[ghost.0], old.v[ghost.0]) };
    ghost_slopes(mirror, g, c, x);
}

/// Slopes of a ghost in the direction of the edge. A mirror turns all but the
/// normal velocity. Other ghosts hold one value, on ground as tilted as beside them.
#[inline(always)]
fn ghost_slopes(mirror: bool, ghost: usize, cell: usize, slopes: &mut SlopeBuffers) {
    let SlopeBuffers { depth, bed, normal, along } = slopes;
    (depth[ghost], bed[ghost], normal[ghost], along[ghost]) = if mirror {
        (-depth[cell], -bed[cell], normal[cell], -along[cell])
    } else {
        (0.0, bed[cell], 0.0, 0.0)
    };
}

/// Edges along rows.
#[derive(Clone, Copy)]
enum Edge {
    South,
    North,
}

/// The ghost row beyond the southern or northern edge, from the row beside it.
#[inline(always)]
fn continue_beyond(
    inputs: &Inputs<'_>,
    edge: Edge,
    (first, n): (usize, usize),
    cells: &Predicted,
    out: &mut Predicted,
) {
    let (layout, old) = (inputs.layout, inputs.old);
    let stride = layout.stride();
    let (ghost_row, cell_row) = match edge {
        Edge::South => (0, 1),
        Edge::North => (layout.rows + 1, layout.rows),
    };
    for i in 1..=n {
        let (ghost, cell) = (ghost_row * stride + first + i, cell_row * stride + first + i);
        let mirror = is_mirror((old.depth[ghost], old.depth[cell]), (old.v[ghost], old.v[cell]));
        (out.depth[i], out.u[i], out.v[i]) = if mirror {
            (cells.depth[i], cells.u[i], -cells.v[i])
        } else {
            (old.depth[ghost], old.u[ghost], old.v[ghost])
        };
        let y = &mut out.y;
        (y.depth[i], y.bed[i], y.normal[i], y.along[i]) =
            (cells.y.depth[i], cells.y.bed[i], cells.y.normal[i], cells.y.along[i]);
        ghost_slopes(mirror, i, i, y);
    }
}

/// Faces between the columns of a padded row: n + 1 of them.
#[inline(always)]
fn faces_within<R: Riemann>(
    inputs: &Inputs<'_>,
    padded: usize,
    (first, n): (usize, usize),
    cells: &Predicted,
    out: &mut FaceBuffers,
) {
    let at = padded * inputs.layout.stride() + first;
    let bed = &inputs.terrain.bed;
    let side = |from: usize| {
        let here = from..from + n + 1;
        row::Sloped {
            depth: &cells.depth[here.clone()],
            normal: &cells.u[here.clone()],
            along: &cells.v[here.clone()],
            bed: &bed[at + from..at + from + n + 1],
            depth_slope: &cells.x.depth[here.clone()],
            normal_slope: &cells.x.normal[here.clone()],
            along_slope: &cells.x.along[here.clone()],
            tilt: &cells.x.bed[here],
        }
    };
    row::sloped_face_row::<R>(
        side(0),
        side(1),
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
    (first, n): (usize, usize),
    (south, north): (&Predicted, &Predicted),
    out: &mut FaceBuffers,
) {
    let stride = inputs.layout.stride();
    let at = padded * stride + first + 1;
    let bed = &inputs.terrain.bed;
    let here = || 1..n + 1;
    let side = |at: usize, cells| {
        let Predicted { depth, u, v, y, .. }: &Predicted = cells;
        row::Sloped {
            depth: &depth[here()],
            normal: &v[here()],
            along: &u[here()],
            bed: &bed[at..at + n],
            depth_slope: &y.depth[here()],
            normal_slope: &y.normal[here()],
            along_slope: &y.along[here()],
            tilt: &y.bed[here()],
        }
    };
    row::sloped_face_row::<R>(
        side(at, south),
        side(at + stride, north),
        &mut out.water[..n],
        &mut out.left[..n],
        &mut out.right[..n],
        &mut out.along[..n],
    );
}
