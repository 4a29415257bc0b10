//! A tile of the local-inertia scheme: discharges through faces, limited to what
//! the cells hold, then the cells.
//!
//! A cell cannot give more than it has: all discharges out of it are cut by one
//! factor ([`row::share_row`]). For that the faces of one row and one column of
//! the neighbouring tiles are computed too. Faces at the edges of the grid carry
//! the HLLC flux between cell and ghost, so that every kind of edge means the
//! same for all schemes.

use crate::flood::boundary::Side;
use crate::flood::flux::local_inertia::ROOM;
use crate::flood::flux::{self, Hllc, face_flux};
use crate::flood::reconstruction::surface_rise;
use crate::flood::sweep::cells::{self, Place};
use crate::flood::sweep::extent::Extent;
use crate::flood::sweep::row::{Column, balance_row, root_row};
use crate::flood::sweep::scratch::{OpeningBuffers, RowSums, Scratch, Staggered};
use crate::flood::sweep::staggered_row as row;
use crate::flood::sweep::{Band, Inputs, Sums, Tile, barriers, rim};
use crate::units::GRAVITY;

/// One tile: faces row by row, cells, records.
pub(super) struct Inertial;

impl Tile for Inertial {
    #[inline(always)]
    fn sweep(inputs: &Inputs<'_>, band: &mut Band<'_>, scratch: &mut Scratch, area: Extent) -> Sums {
        let (first, n) = (area.columns.0, area.columns.1 - area.columns.0);
        let columns = (first, n);
        scratch.sums.start(n, inputs.span.rain, inputs.span.loss);
        let Scratch { staggered, sums, .. } = scratch;
        // The row south of the first one goes through `beyond`, then the first one.
        begin(inputs, area.rows.0, columns, staggered);
        for row in area.rows.0..area.rows.1 {
            let padded = row + 1;
            look_beyond(inputs, padded + 1, columns, staggered);
            limit_across(n, staggered);
            limit_north(n, staggered);
            let Staggered { limited, south, limited_north, .. } = &*staggered;
            let place = Place { row, first, n };
            rim::note_ends(inputs.layout, band, (limited[1], limited[n + 1]), place);
            if row == 0 {
                band.rim.note_south(&south[1..n + 1], first);
            }
            if padded == inputs.layout.rows {
                band.rim.note_north(&limited_north[1..n + 1], first);
            }
            let sides = [&limited[1..n + 1], &limited[2..n + 2], &south[1..n + 1], &limited_north[1..n + 1]];
            update_row(inputs, band, sums, place, sides);
            staggered.turn();
        }
        let total = sums.total(n);
        Sums { wave_rate: wave_rate(total.wave_rate, inputs), ..total }
    }
}

/// Rate at which waves cross a cell, 1/s: 4/3 c √(1/Δx² + 1/Δy²) at the greatest depth.
///
/// The forward-backward scheme on staggered faces is stable on even water while the step
/// times three quarters of this rate is below 1 ([`crate::flood::time_step`]).
fn wave_rate(depth: f64, inputs: &Inputs<'_>) -> f64 {
    let per_length = 1.0 / (inputs.dx * inputs.dx) + 1.0 / (inputs.dy * inputs.dy);
    ROOM * (GRAVITY * depth * per_length).sqrt()
}

/// Faces and shares of the first row of the area, and what enters it from the south.
#[inline(always)]
fn begin(inputs: &Inputs<'_>, first_row: usize, columns: (usize, usize), staggered: &mut Staggered) {
    let n = columns.1;
    // Padded numbers: the row before the area is `first_row`, the first one `first_row + 1`.
    faces_south_of(inputs, first_row, columns, &mut staggered.openings, &mut staggered.north);
    faces_south_of(inputs, first_row + 1, columns, &mut staggered.openings, &mut staggered.beyond);
    shares(inputs, first_row, columns, staggered);
    staggered.turn_shares();
    look_beyond(inputs, first_row + 1, columns, staggered);
    limit_north(n, staggered);
    staggered.turn();
}

/// Limits the discharges across the current row.
#[inline(always)]
fn limit_across(n: usize, staggered: &mut Staggered) {
    let Staggered { across, limited, share, .. } = staggered;
    if share.whole {
        std::mem::swap(across, limited);
    } else {
        let share = &share.values;
        row::limit_row(&across[1..n + 2], &share[..n + 1], &share[1..n + 2], &mut limited[1..n + 2]);
    }
}

/// Limits the discharges from the current row to the one beyond.
#[inline(always)]
fn limit_north(n: usize, staggered: &mut Staggered) {
    let Staggered { north, share, share_beyond, limited_north, .. } = staggered;
    if share.whole && share_beyond.whole {
        std::mem::swap(north, limited_north);
        return;
    }
    for shares in [&mut *share, &mut *share_beyond] {
        if shares.whole {
            shares.values[..n + 2].fill(1.0);
        }
    }
    row::limit_row(
        &north[1..n + 1],
        &share.values[1..n + 1],
        &share_beyond.values[1..n + 1],
        &mut limited_north[1..n + 1],
    );
}

/// Faces around and shares of a padded row, of which the southern faces are known (`north`).
#[inline(always)]
fn look_beyond(inputs: &Inputs<'_>, padded: usize, columns: (usize, usize), staggered: &mut Staggered) {
    faces_south_of(inputs, padded + 1, columns, &mut staggered.openings, &mut staggered.beyond);
    shares(inputs, padded, columns, staggered);
}

/// Faces across a padded row and the share that its cells can give, from `north` and `beyond`.
#[inline(always)]
fn shares(inputs: &Inputs<'_>, padded: usize, (first, n): (usize, usize), staggered: &mut Staggered) {
    let Staggered { across_beyond, north, beyond, share_beyond, openings, .. } = staggered;
    share_beyond.whole = true;
    if padded == 0 || padded > inputs.layout.rows {
        return;
    }
    faces_across(inputs, padded, (first, n), openings, across_beyond);
    let at = padded * inputs.layout.stride() + first;
    let depth = &inputs.old.depth[at..at + n + 2];
    let share = &mut share_beyond.values[..n + 2];
    let exceeds = row::leaving_row(
        depth,
        (&across_beyond[..n + 2], &across_beyond[1..n + 3]),
        (&north[..n + 2], &beyond[..n + 2]),
        cells::step_numbers(inputs),
        share,
    );
    if exceeds {
        row::share_row(depth, share);
        share_beyond.whole = false;
        if first == 0 {
            share[0] = 1.0;
        }
        if first + n == inputs.layout.columns {
            share[n + 1] = 1.0;
        }
    }
}

/// Discharges between the columns of a padded row; place j is the western face of
/// the cell j - 1 of the area.
#[inline(always)]
fn faces_across(
    inputs: &Inputs<'_>,
    padded: usize,
    (first, n): (usize, usize),
    buffers: &mut OpeningBuffers,
    out: &mut [f64],
) {
    let (stride, last) = (inputs.layout.stride(), inputs.layout.columns);
    let (from, to) = (first.max(2), (first + n + 2).min(last));
    let here = from - first..to + 1 - first;
    let m = here.len();
    let (at, old) = (padded * stride + from, inputs.old);
    let friction = inputs.terrain.friction.row(inputs.layout, padded);
    if to >= from {
        let faces = Faces {
            depth: row::Pair { before: &old.depth[at - 1..at - 1 + m], behind: &old.depth[at..at + m] },
            bed: row::Pair {
                before: &inputs.terrain.bed[at - 1..at - 1 + m],
                behind: &inputs.terrain.bed[at..at + m],
            },
            friction: row::Pair {
                before: &friction[from - 1..from - 1 + m],
                behind: &friction[from..from + m],
            },
            own: &old.across[at..at + m],
            neighbours: row::Pair {
                before: &old.across[at - 1..at - 1 + m],
                behind: &old.across[at + 1..at + 1 + m],
            },
            around: [at - 1, at, at + stride - 1, at + stride].map(|at| &old.northward[at..at + m]),
        };
        discharges(faces, (inputs.span.dt / inputs.dx, inputs.span.dt), buffers, &mut out[here.clone()]);
        barriers::replace_x(inputs, padded - 1, first, here, out);
    }
    let rim = |side: Side, face: usize| {
        let at = padded * stride + face;
        let found = || rim_flux(inputs, (at - 1, at), |at| old.u[at]);
        rim::prescribed(inputs, side, padded - 1, found)
    };
    if first <= 1 {
        out[1 - first] = rim(Side::West, 1);
    }
    if first + n + 2 > last {
        out[last + 1 - first] = rim(Side::East, last + 1);
    }
}

/// Discharges through the southern faces of a padded row; place i is the cell i - 1 of the area.
#[inline(always)]
fn faces_south_of(
    inputs: &Inputs<'_>,
    padded: usize,
    (first, n): (usize, usize),
    buffers: &mut OpeningBuffers,
    out: &mut [f64],
) {
    let (layout, old) = (inputs.layout, inputs.old);
    if padded == 0 || padded > layout.rows + 1 {
        return;
    }
    let stride = layout.stride();
    let (from, to) = (first.max(1), (first + n + 1).min(layout.columns));
    let here = from - first..to + 1 - first;
    let (m, at) = (here.len(), padded * stride + from);
    if padded == 1 || padded == layout.rows + 1 {
        let side = if padded == 1 { Side::South } else { Side::North };
        for (i, discharge) in out[here].iter_mut().enumerate() {
            let found = || rim_flux(inputs, (at + i - stride, at + i), |at| old.v[at]);
            *discharge = rim::prescribed(inputs, side, from - 1 + i, found);
        }
        return;
    }
    let south = at - stride;
    let friction = |padded: usize| &inputs.terrain.friction.row(layout, padded)[from..from + m];
    let bed = &inputs.terrain.bed;
    let faces = Faces {
        depth: row::Pair { before: &old.depth[south..south + m], behind: &old.depth[at..at + m] },
        bed: row::Pair { before: &bed[south..south + m], behind: &bed[at..at + m] },
        friction: row::Pair { before: friction(padded - 1), behind: friction(padded) },
        own: &old.northward[at..at + m],
        neighbours: row::Pair {
            before: &old.northward[south..south + m],
            behind: &old.northward[at + stride..at + stride + m],
        },
        around: [south, at, south + 1, at + 1].map(|at| &old.across[at..at + m]),
    };
    discharges(faces, (inputs.span.dt / inputs.dy, inputs.span.dt), buffers, &mut out[here.clone()]);
    barriers::replace_y(inputs, padded - 1, first, here, out);
}

/// A row of faces: what lies on both sides of them and the discharges around them.
#[derive(Clone, Copy)]
struct Faces<'a> {
    depth: row::Pair<'a>,
    bed: row::Pair<'a>,
    friction: row::Pair<'a, f32>,
    own: &'a [f64],
    neighbours: row::Pair<'a>,
    around: [&'a [f64]; 4],
}

/// Discharges through a row of faces, before they are limited.
#[inline(always)]
fn discharges(faces: Faces<'_>, steps: (f64, f64), buffers: &mut OpeningBuffers, out: &mut [f64]) {
    let m = out.len();
    let OpeningBuffers { rise, flow, root, along, push, kept, lost } = buffers;
    row::opening_row(faces.depth, faces.bed, &mut rise[..m], flow);
    root_row(flow, &mut root[..m]);
    row::mixed_row(faces.own, faces.neighbours, faces.around, out, along);
    let openings = row::Openings { rise, flow, root, mixed: out, along, friction: faces.friction };
    row::hindrance_row(openings, steps, &mut push[..m], kept, lost);
    row::discharge_row(push, (kept, lost), out);
}

/// Unit discharge through a face of the rim, between a cell and a ghost.
#[inline(always)]
fn rim_flux(inputs: &Inputs<'_>, (left, right): (usize, usize), normal: impl Fn(usize) -> f64) -> f64 {
    let (depth, bed) = (&inputs.old.depth, &inputs.terrain.bed);
    let side = |at: usize| flux::Side { depth: depth[at] as f32, normal: normal(at) as f32, along: 0.0 };
    let rise = surface_rise((bed[left], bed[right]), (depth[left], depth[right]));
    f64::from(face_flux::<Hllc>(side(left), side(right), rise).water)
}

/// New cells of one row from the discharges through its sides, then its records.
#[inline(always)]
fn update_row(
    inputs: &Inputs<'_>,
    band: &mut Band<'_>,
    sums: &mut RowSums,
    place: Place,
    sides: [&[f64]; 4],
) {
    let n = place.n;
    let at = place.padded(inputs.layout);
    let here = place.in_band(inputs.layout, band);
    barriers::note(inputs, band, (sides[0], sides[2]), place);
    cells::before_balance(inputs, band, sums, place);
    balance_row(
        Column { bed: &inputs.terrain.bed[at..at + n], depth: &inputs.old.depth[at..at + n] },
        (&sums.source, &sums.wanted),
        sides,
        cells::step_numbers(inputs),
        &mut band.depth[here.clone()],
        &mut sums.before_loss,
        &mut sums.lost,
        &mut sums.clipped,
        &mut sums.wet,
    );
    cells::after_balance(inputs, band, sums, place);
    row::velocity_row(
        &band.depth[here.clone()],
        sides,
        &mut band.u[here.clone()],
        &mut band.v[here.clone()],
        &mut band.across[here.clone()],
        &mut band.northward[here.clone()],
        &mut sums.wave_rate,
        &mut sums.wave_rate_sum,
    );
    cells::note_row(band, inputs.span, place, here);
}
