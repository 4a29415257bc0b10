//! A tile of the second-order scheme: slopes and half a step ahead in every cell,
//! then the faces between them, in one read of the state.
//!
//! Each row is taken half a step ahead once, two rows are held at a time. A tile
//! repeats this for one row and one column of its neighbours all round, which
//! in turn look at the cells beyond.

use std::marker::PhantomData;

use crate::flood::flux::Riemann;
use crate::flood::sweep::cells::{self, Place};
use crate::flood::sweep::scratch::{
    FaceBuffers, Narrow, Predicted, Scratch, SlopeBuffers, Window, whole_turns,
};
use crate::flood::sweep::{Band, Inputs, Sums, Tile, barriers, rim, row, soil_row};
use crate::layer::extent::Extent;
use crate::layer::window;

/// One tile: slopes and half a step row by row, faces, cells, records.
pub(super) struct SecondOrder<R>(PhantomData<R>);

impl<R: Riemann> Tile for SecondOrder<R> {
    #[inline(always)]
    fn sweep(inputs: &Inputs<'_>, band: &mut Band<'_>, scratch: &mut Scratch, area: Extent) -> Sums {
        let (first, n) = (area.columns.0, area.columns.1 - area.columns.0);
        let columns = (first, n);
        scratch.sums.start(n, inputs.span.rain, inputs.span.loss);
        let Scratch { faces, sums, cells, window, here, beyond, .. } = scratch;
        // The row south of the first one goes through `here`, as if it were below it.
        let south = area.rows.0;
        if south == 0 {
            window::load(inputs.seen(), 0, columns, window);
            predict(inputs, 1, columns, window, beyond);
            continue_beyond(inputs, Edge::South, columns, beyond, here);
        } else {
            window::load(inputs.seen(), south - 1, columns, window);
            predict(inputs, south, columns, window, here);
            window::advance(inputs.seen(), south, columns, window);
            predict(inputs, south + 1, columns, window, beyond);
        }
        let north = (south, &window.to_north.surface[..]);
        faces_between::<R>(inputs, north, columns, (here, beyond), &mut faces.north);
        if south == 0 {
            rim::settle_south(inputs, band, &mut faces.north, columns);
        }
        faces.turn();
        std::mem::swap(here, beyond);
        for row in area.rows.0..area.rows.1 {
            let padded = row + 1;
            let place = Place { row, first, n };
            window::advance(inputs.seen(), padded, columns, window);
            faces_within::<R>(inputs, place, here, &mut faces.across);
            rim::settle_ends(inputs, band, &mut faces.across, place);
            if padded == inputs.layout.rows {
                continue_beyond(inputs, Edge::North, columns, here, beyond);
            } else {
                predict(inputs, padded + 1, columns, window, beyond);
            }
            let north = (padded, &window.to_north.surface[..]);
            faces_between::<R>(inputs, north, columns, (here, beyond), &mut faces.north);
            if padded == inputs.layout.rows {
                rim::settle_north(inputs, band, &mut faces.north, columns);
            }
            let m = whole_turns(n);
            let carried = row::Carried {
                depth: here.water.along_x(1, m).depth,
                slope_x: &here.x.surface[1..m + 1],
                slope_y: &here.y.surface[1..m + 1],
            };
            cells::update_row(inputs, band, (sums, cells, faces), place, carried);
            faces.turn();
            std::mem::swap(here, beyond);
        }
        sums.total(n)
    }
}

/// Slopes and half a step of the cells of the padded row in the north of the window, from
/// one before the area to one behind it.
#[inline(always)]
fn predict(
    inputs: &Inputs<'_>,
    padded: usize,
    columns: (usize, usize),
    window: &Window,
    out: &mut Predicted,
) {
    let (first, n) = columns;
    let (from, to) = window::inside(inputs.seen(), columns);
    // Loops over the state stop at `to`, loops over buffers at the end of a turn.
    let (m, end) = (whole_turns(to - from), from + whole_turns(to - from));
    window::rises_along(inputs.seen(), padded, columns, &mut out.rises);
    let Window { here: south, north: cells, beyond: north, to_north: from_south, to_beyond: to_north } =
        window;
    let Predicted { water, gain, root, half_rain, x: across_x, y: across_y, rises } = out;
    let x = row::Line {
        before: cells.before_x(from, m),
        here: cells.along_x(from, m),
        behind: cells.along_x(from + 1, m),
        rises: (rises.row(from, m), rises.row(from + 1, m)),
    };
    let y = row::Line {
        before: south.along_y(from, m),
        here: cells.along_y(from, m),
        behind: north.along_y(from, m),
        rises: (from_south.row(from, m), to_north.row(from, m)),
    };
    for (line, slopes) in [(x, &mut *across_x), (y, &mut *across_y)] {
        row::slope_row(
            line,
            &mut slopes.depth[from..end],
            &mut slopes.surface[from..end],
            &mut slopes.normal[from..end],
            &mut slopes.along[from..end],
        );
    }
    barriers::flatten(inputs, padded - 1, first, from..to, (&mut *across_x, &mut *across_y));
    let at = padded * inputs.layout.stride() + first + from;
    rain_ahead(inputs, at, &mut half_rain[from..to]);
    let friction = &inputs.terrain.friction.row(inputs.layout, padded)[first + from..];
    let m = m.min(friction.len());
    let (here, end) = (Narrow::at(from)..Narrow::at(from) + m, from + m);
    let depth = &cells.depth[here.clone()];
    row::root_row(depth, &mut root[from..end]);
    let old = row::Hindered {
        depth,
        u: &cells.u[here.clone()],
        v: &cells.v[here.clone()],
        root: &root[from..end],
        friction,
    };
    row::ahead_row(
        old,
        across_x.row(from, m),
        across_y.row(from, m),
        &half_rain[from..end],
        cells::step_numbers(inputs),
        &mut water.depth[here.clone()],
        &mut gain[from..end],
        &mut water.u[here.clone()],
        &mut water.v[here],
    );
    let start = padded * inputs.layout.stride() + first;
    if from == 1 {
        ghost_along_x(inputs, (start, 0), (start + 1, 1), out);
    }
    if to == n + 1 {
        ghost_along_x(inputs, (start + n + 1, n + 1), (start + n, n), out);
    }
}

/// Rain of half a step on a row of cells from a place in the padded arrays on, m.
#[inline(always)]
fn rain_ahead(inputs: &Inputs<'_>, at: usize, out: &mut [f32]) {
    let here = at..at + out.len();
    match inputs.rates {
        None => row::half_rain_row(&inputs.terrain.bed[here], inputs.span.rain, out),
        Some(rates) => soil_row::half_rain_row(&rates[here], 0.5 * inputs.rain_unit, out),
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
    let mirror = is_mirror((old.depth[ghost.0], old.depth[cell.0]), (old.u[ghost.0], old.u[cell.0]));
    let (g, c) = (ghost.1, cell.1);
    let Predicted { water, gain, x, .. } = out;
    if mirror {
        water.copy(c, g);
        water.u[Narrow::at(g)] = -water.u[Narrow::at(g)];
        gain[g] = gain[c];
    } else {
        water.set(g, (old.depth[ghost.0], old.u[ghost.0], old.v[ghost.0]));
        gain[g] = 0.0;
    }
    ghost_slopes(mirror, g, c, x);
}

/// Slopes of a ghost in the direction of the edge. A mirror turns all but the
/// normal velocity. Other ghosts hold one value, on ground as tilted as beside them.
#[inline(always)]
fn ghost_slopes(mirror: bool, ghost: usize, cell: usize, slopes: &mut SlopeBuffers) {
    let SlopeBuffers { depth, surface, normal, along } = slopes;
    (depth[ghost], surface[ghost], normal[ghost], along[ghost]) = if mirror {
        (-depth[cell], -surface[cell], normal[cell], -along[cell])
    } else {
        (0.0, surface[cell] - depth[cell], 0.0, 0.0)
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
        let at = Narrow::at(i);
        if mirror {
            let beside = &cells.water;
            (out.water.depth[at], out.water.u[at], out.water.v[at]) =
                (beside.depth[at], beside.u[at], -beside.v[at]);
            out.gain[i] = cells.gain[i];
        } else {
            out.water.set(i, (old.depth[ghost], old.u[ghost], old.v[ghost]));
            out.gain[i] = 0.0;
        }
        let y = &mut out.y;
        (y.depth[i], y.surface[i], y.normal[i], y.along[i]) =
            (cells.y.depth[i], cells.y.surface[i], cells.y.normal[i], cells.y.along[i]);
        ghost_slopes(mirror, i, i, y);
    }
}

/// Faces between the columns of a row: n + 1 of them.
#[inline(always)]
fn faces_within<R: Riemann>(inputs: &Inputs<'_>, place: Place, cells: &Predicted, out: &mut FaceBuffers) {
    let m = whole_turns(place.n + 1);
    let side = |from: usize| row::Sloped {
        water: cells.water.along_x(from, m),
        gain: &cells.gain[from..from + m],
        slope: cells.x.row(from, m),
    };
    row::sloped_face_row::<R>(
        (side(0), side(1)),
        &cells.rises.surface[1..m + 1],
        &mut out.found[..m],
        &mut out.left[..m],
        &mut out.right[..m],
        &mut out.along[..m],
    );
    row::widen_row(&out.found, &mut out.water[..m]);
    let sides = (cells.water.along_x(0, m), cells.water.along_x(1, m));
    barriers::write_over_x::<R>(inputs, place, sides, out);
}

/// Faces between a row and the one north of it, whose number in the grid is `row`; `surface`
/// rises from one to the other.
#[inline(always)]
fn faces_between<R: Riemann>(
    inputs: &Inputs<'_>,
    (row, surface): (usize, &[f32]),
    columns: (usize, usize),
    (south, north): (&Predicted, &Predicted),
    out: &mut FaceBuffers,
) {
    let n = whole_turns(columns.1);
    let side = |cells| {
        let Predicted { water, gain, y, .. }: &Predicted = cells;
        row::Sloped { water: water.along_y(1, n), gain: &gain[1..n + 1], slope: y.row(1, n) }
    };
    row::sloped_face_row::<R>(
        (side(south), side(north)),
        &surface[1..n + 1],
        &mut out.found[..n],
        &mut out.left[..n],
        &mut out.right[..n],
        &mut out.along[..n],
    );
    row::widen_row(&out.found, &mut out.water[..n]);
    let sides = (south.water.along_y(1, n), north.water.along_y(1, n));
    barriers::write_over_y::<R>(inputs, row, columns, sides, out);
}
