//! One pass over the grid: every face, every cell, every record, every sum.
//!
//! The grid is cut into bands of [`BAND_ROWS`] rows, which threads share, and
//! bands into strips of [`STRIP_COLUMNS`] columns, whose row buffers fit the
//! nearest cache. A tile (a strip of a band) that is dry, whose neighbours are
//! dry, and on which nothing falls, is skipped. Bands are the same for any
//! number of threads and their sums are added in the order of rows, so that the
//! result has the same bits for any number of threads.
//!
//! The inner loops are compiled for several instruction sets and the best one is
//! chosen when the program runs. Products and sums are never fused, so that all
//! of them give the same bits.

mod rim;
mod row;
mod scratch;

use multiversion::multiversion;
use rayon::prelude::*;

use crate::flood::boundary::rim::PerFace;
use crate::flood::flux::{Hllc, Riemann, Scheme};
use crate::flood::inflow::CellInflow;
use crate::flood::record::{self, Peaks, Threshold};
use crate::flood::state::{Layout, State, Terrain};
use scratch::Scratch;
pub(crate) use scratch::ScratchPool;

/// Rows of a band: enough that the faces shared by two bands, which both compute, cost 3 %.
pub const BAND_ROWS: usize = 32;

/// Columns of a strip: 21 row buffers of 256 numbers are 42 KiB.
pub const STRIP_COLUMNS: usize = 256;

/// One step as the sweep sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Span {
    /// Length, s.
    pub(crate) dt: f64,
    /// Time at its end, s.
    pub(crate) end: f64,
    /// Rain on every cell, m.
    pub(crate) rain: f64,
    /// Loss from every cell that holds enough, m.
    pub(crate) loss: f64,
}

/// What the sweep reads.
pub(crate) struct Inputs<'a> {
    pub(crate) layout: Layout,
    pub(crate) dx: f64,
    pub(crate) dy: f64,
    pub(crate) scheme: Scheme,
    pub(crate) terrain: &'a Terrain,
    pub(crate) old: &'a State,
    pub(crate) span: Span,
    pub(crate) inflow: &'a [CellInflow],
    /// Unit discharge out over each face of the rim, NaN where the scheme decides.
    pub(crate) given: &'a PerFace,
    /// One flag per tile: something happens there.
    pub(crate) active: &'a [bool],
}

/// What the sweep writes.
pub(crate) struct Outputs<'a> {
    pub(crate) new: &'a mut State,
    pub(crate) peaks: &'a mut Peaks,
    pub(crate) thresholds: &'a mut [Threshold],
    /// One flag per tile of the new state: it may hold water.
    pub(crate) wet_tiles: &'a mut [bool],
    /// Unit discharge that left over each face of the rim, m²/s.
    pub(crate) passed: &'a mut PerFace,
}

/// What one band, or the whole grid, adds up to in one step.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Sums {
    /// Largest (|u|+c)/Δx + (|v|+c)/Δy, 1/s.
    pub(crate) wave_rate: f64,
    /// Sum of the same: not finite as soon as any cell is not.
    pub(crate) wave_rate_sum: f64,
    /// Depths lost, m.
    pub(crate) lost: f64,
    /// Depths added where the balance of a cell came out negative, m.
    pub(crate) clipped: f64,
    /// Cells that hold water.
    pub(crate) wet: f64,
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.wave_rate = if other.wave_rate > self.wave_rate { other.wave_rate } else { self.wave_rate };
        self.wave_rate_sum += other.wave_rate_sum;
        self.lost += other.lost;
        self.clipped += other.clipped;
        self.wet += other.wet;
    }
}

/// Numbers of bands and strips of a grid.
pub(crate) fn tiles(layout: Layout) -> (usize, usize) {
    (layout.rows.div_ceil(BAND_ROWS), layout.columns.div_ceil(STRIP_COLUMNS))
}

/// Position of the tile that holds a cell.
pub(crate) fn tile_of(layout: Layout, (row, column): (usize, usize)) -> usize {
    row / BAND_ROWS * tiles(layout).1 + column / STRIP_COLUMNS
}

/// One flag per tile: it or one of its four neighbours holds water, or something falls on it.
pub(crate) fn active_tiles(
    layout: Layout,
    wet: &[bool],
    raining: bool,
    inflow: &[CellInflow],
    active: &mut [bool],
) {
    let (bands, strips) = tiles(layout);
    for band in 0..bands {
        for strip in 0..strips {
            let here = band * strips + strip;
            active[here] = raining
                || wet[here]
                || (band > 0 && wet[here - strips])
                || (band + 1 < bands && wet[here + strips])
                || (strip > 0 && wet[here - 1])
                || (strip + 1 < strips && wet[here + 1]);
        }
    }
    for cell in inflow.iter().filter(|cell| cell.depth > 0.0) {
        active[tile_of(layout, (cell.row, cell.column))] = true;
    }
}

/// Rows of a [`Threshold`] that belong to one band.
struct ThresholdRows<'a> {
    depth: f64,
    first_above: &'a mut [f64],
    time_above: &'a mut [f64],
}

/// The part of the outputs that belongs to one band.
struct Band<'a> {
    index: usize,
    depth: &'a mut [f64],
    u: &'a mut [f64],
    v: &'a mut [f64],
    max_depth: &'a mut [f64],
    time_of_maximum: &'a mut [f64],
    max_speed_squared: &'a mut [f64],
    thresholds: Vec<ThresholdRows<'a>>,
    wet_tiles: &'a mut [bool],
    rim: rim::BandRim<'a>,
    sums: Sums,
}

/// Rows of a padded array, band by band, without the ghost rows.
fn band_rows(padded: &mut [f64], layout: Layout) -> impl Iterator<Item = &mut [f64]> {
    let stride = layout.stride();
    padded[stride..(layout.rows + 1) * stride].chunks_mut(BAND_ROWS * stride)
}

/// Cuts the outputs into bands.
fn cut(outputs: Outputs<'_>, layout: Layout) -> Vec<Band<'_>> {
    let (_, strips) = tiles(layout);
    let Outputs { new, peaks, thresholds, wet_tiles, passed } = outputs;
    let mut bands: Vec<Band<'_>> = band_rows(&mut new.depth, layout)
        .zip(band_rows(&mut new.u, layout))
        .zip(band_rows(&mut new.v, layout))
        .zip(band_rows(&mut peaks.max_depth, layout))
        .zip(band_rows(&mut peaks.time_of_maximum, layout))
        .zip(band_rows(&mut peaks.max_speed_squared, layout))
        .zip(wet_tiles.chunks_mut(strips))
        .zip(rim::bands(passed))
        .enumerate()
        .map(|(index, (arrays, rim))| {
            let ((((((depth, u), v), max_depth), time_of_maximum), max_speed_squared), wet_tiles) = arrays;
            let thresholds = Vec::new();
            let sums = Sums::default();
            Band {
                index,
                depth,
                u,
                v,
                max_depth,
                time_of_maximum,
                max_speed_squared,
                thresholds,
                wet_tiles,
                rim,
                sums,
            }
        })
        .collect();
    for Threshold { depth, first_above, time_above } in thresholds {
        let rows = band_rows(first_above, layout).zip(band_rows(time_above, layout));
        for (band, (first_above, time_above)) in bands.iter_mut().zip(rows) {
            band.thresholds.push(ThresholdRows { depth: *depth, first_above, time_above });
        }
    }
    bands
}

/// Computes the new state from the old one and returns what it adds up to.
pub(crate) fn sweep(inputs: &Inputs<'_>, outputs: Outputs<'_>, pool: &ScratchPool) -> Sums {
    let mut bands = cut(outputs, inputs.layout);
    bands.par_iter_mut().for_each(|band| {
        let mut scratch = pool.mine();
        match inputs.scheme {
            Scheme::Hllc => band_hllc(inputs, band, &mut scratch),
        }
    });
    let mut total = Sums::default();
    for band in &bands {
        total.add(&band.sums);
    }
    total
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+bmi1+bmi2", "x86_64+avx"))]
fn band_hllc(inputs: &Inputs<'_>, band: &mut Band<'_>, scratch: &mut Scratch) {
    sweep_band::<Hllc>(inputs, band, scratch);
}

/// All strips of one band.
#[inline(always)]
fn sweep_band<R: Riemann>(inputs: &Inputs<'_>, band: &mut Band<'_>, scratch: &mut Scratch) {
    let (_, strips) = tiles(inputs.layout);
    for strip in 0..strips {
        let first = strip * STRIP_COLUMNS;
        let n = (inputs.layout.columns - first).min(STRIP_COLUMNS);
        if inputs.active[band.index * strips + strip] {
            let sums = sweep_tile::<R>(inputs, band, scratch, first, n);
            band.wet_tiles[strip] = sums.wet > 0.0;
            band.sums.add(&sums);
        } else if band.wet_tiles[strip] {
            dry_out(inputs.layout, band, first, n);
            band.wet_tiles[strip] = false;
        }
    }
}

/// Clears a tile of the new state, which still holds the state of two steps ago.
#[inline(always)]
fn dry_out(layout: Layout, band: &mut Band<'_>, first: usize, n: usize) {
    let stride = layout.stride();
    for array in [&mut *band.depth, &mut *band.u, &mut *band.v] {
        for row in array.chunks_mut(stride) {
            row[first + 1..first + 1 + n].fill(0.0);
        }
    }
}

/// One tile: faces row by row, cells, records.
#[inline(always)]
fn sweep_tile<R: Riemann>(
    inputs: &Inputs<'_>,
    band: &mut Band<'_>,
    scratch: &mut Scratch,
    first: usize,
    n: usize,
) -> Sums {
    let (layout, span) = (inputs.layout, inputs.span);
    let stride = layout.stride();
    let rows = band.depth.len() / stride;
    let first_row = band.index * BAND_ROWS;
    scratch.start(n, span.rain);
    // Padded rows: the cells of grid row r are in padded row r + 1.
    tilt_along_y(inputs, first_row, first, &mut scratch.tilt_y[..n]);
    tilt_along_y(inputs, first_row + 1, first, &mut scratch.tilt_north[..n]);
    faces_between::<R>(inputs, first_row, first, n, scratch);
    rim::settle_south(inputs, band, &mut scratch.north, first, n);
    scratch.turn();
    for row in 0..rows {
        let padded = first_row + row + 1;
        tilt_along_x(inputs, padded, first, n, &mut scratch.tilt_x);
        faces_within::<R>(inputs, padded, first, n, scratch);
        rim::settle_ends(inputs, band, &mut scratch.across, row, (first, n));
        tilt_along_y(inputs, padded + 1, first, &mut scratch.tilt_north[..n]);
        faces_between::<R>(inputs, padded, first, n, scratch);
        if padded == layout.rows {
            rim::settle_north(inputs, band, &mut scratch.north, first, n);
        }
        scratch.add_inflow(inputs.inflow, first_row + row, first, n);
        let at = row * stride + first + 1;
        let here = at..at + n;
        cells_of_row(inputs, band, scratch, (padded, first), here.clone());
        scratch.remove_inflow(inputs.inflow, first_row + row, first, n, span.rain);
        records_of_row(band, span, here);
        scratch.turn();
    }
    scratch.sums(n)
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

/// Tilt along x of the cells of a padded row from one before the strip to one
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
    let out = &mut scratch.across;
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
    let Scratch { tilt_y, tilt_north, north: out, .. } = scratch;
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

/// The numbers of a step that all cells share.
#[inline(always)]
fn step_numbers(inputs: &Inputs<'_>) -> row::StepNumbers {
    row::StepNumbers {
        dt: inputs.span.dt,
        dt_dx: inputs.span.dt / inputs.dx,
        dt_dy: inputs.span.dt / inputs.dy,
        inverse_dx: 1.0 / inputs.dx,
        inverse_dy: 1.0 / inputs.dy,
        loss: inputs.span.loss,
    }
}

/// New cells of one row from the faces in the scratch; `here` is their place in the band.
#[inline(always)]
fn cells_of_row(
    inputs: &Inputs<'_>,
    band: &mut Band<'_>,
    scratch: &mut Scratch,
    (padded, first): (usize, usize),
    here: std::ops::Range<usize>,
) {
    let n = here.len();
    let at = padded * inputs.layout.stride() + first + 1;
    let (old, terrain) = (inputs.old, inputs.terrain);
    let friction = &terrain.friction.row(inputs.layout, padded)[first + 1..first + 1 + n];
    let Scratch {
        across,
        south,
        north,
        tilt_x,
        tilt_y,
        tilt_north: _,
        source,
        wave_rate,
        wave_rate_sum,
        lost,
        clipped,
        wet,
    } = scratch;
    let cells = row::Cells {
        depth: &old.depth[at..at + n],
        normal: &old.u[at..at + n],
        along: &old.v[at..at + n],
        bed: &terrain.bed[at..at + n],
        tilt: &tilt_x[1..n + 1],
    };
    let sides = row::Sides {
        west: across.faces(0, n),
        east: across.faces(1, n),
        south: south.faces(0, n),
        north: north.faces(0, n),
    };
    row::cell_row(
        cells,
        tilt_y,
        friction,
        source,
        sides,
        step_numbers(inputs),
        &mut band.depth[here.clone()],
        &mut band.u[here.clone()],
        &mut band.v[here],
        wave_rate,
        wave_rate_sum,
        lost,
        clipped,
        wet,
    );
}

/// Records of one row, while it is still in the cache.
#[inline(always)]
fn records_of_row(band: &mut Band<'_>, span: Span, here: std::ops::Range<usize>) {
    let depth = &band.depth[here.clone()];
    record::note_peaks(
        (depth, &band.u[here.clone()], &band.v[here.clone()]),
        span.end,
        &mut band.max_depth[here.clone()],
        &mut band.time_of_maximum[here.clone()],
        &mut band.max_speed_squared[here.clone()],
    );
    for rows in &mut band.thresholds {
        record::note_threshold(
            depth,
            (rows.depth, span.end, span.dt),
            &mut rows.first_above[here.clone()],
            &mut rows.time_above[here.clone()],
        );
    }
}
