//! One pass over the grid: every face, every cell, every record, every sum; the tiles are
//! those of [`crate::layer::extent`].

use multiversion::multiversion;
use rayon::prelude::*;

use crate::gas::dense::shallow::air::Air;
use crate::gas::dense::shallow::row::{self, Fluid, Neighbours};
use crate::gas::dense::shallow::scratch::{CellBuffers, Scratch};
use crate::gas::dense::shallow::state::{Load, Record, State};
use crate::layer::buffers::{RiseBuffers, ScratchPool, Window, whole_turns};
use crate::layer::extent::{self, BAND_ROWS, Extent, band_rows, tiles};
use crate::layer::flux::{Hllc, Riemann};
use crate::layer::layout::Layout;
use crate::layer::rim::{self, BandRim, PerFace};
use crate::layer::row::{Sides, StateRow, StepNumbers, Steps, Water, tilt_row, widen_row};
use crate::layer::window::{self, Seen};

/// Cells that go through all loops together, so that what passes between them stays in the first cache.
const PIECE: usize = 128;

/// What is released into one cell during a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct CellRelease {
    pub(super) row: usize,
    pub(super) column: usize,
    /// Depth of the released fluid, m.
    pub(super) depth: f64,
}

/// What the sweep reads.
pub(super) struct Inputs<'a> {
    pub(super) layout: Layout,
    pub(super) numbers: StepNumbers,
    /// Time at the end of the step, s.
    pub(super) end: f64,
    pub(super) bed: &'a [f64],
    pub(super) old: &'a State,
    pub(super) air: Air,
    pub(super) fluid: Fluid,
    /// In the order of rows and columns.
    pub(super) released: &'a [CellRelease],
    /// Height of receptors, m, and the load that is added up there.
    pub(super) height: f64,
    pub(super) load: Option<Load>,
    pub(super) areas: &'a [Extent],
}

impl Inputs<'_> {
    #[inline(always)]
    fn seen(&self) -> Seen<'_> {
        let State { depth, u, v, .. } = self.old;
        Seen { layout: self.layout, bed: self.bed, depth, u, v }
    }
}

/// What the sweep writes.
pub(super) struct Outputs<'a> {
    pub(super) new: &'a mut State,
    pub(super) record: &'a mut Record,
    pub(super) wet: &'a mut [Extent],
    pub(super) written: &'a mut [Extent],
    pub(super) passed: &'a mut PerFace,
}

/// What one band, or the whole grid, adds up to in one step.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sums {
    pub(super) wave_rate: f64,
    /// Not finite as soon as any cell is not.
    pub(super) wave_rate_sum: f64,
    /// Depths of released fluid that were added where a balance came out negative, m.
    pub(super) clipped: f64,
    /// Depths of released fluid in layers that became faint, m.
    pub(super) faded: f64,
    /// Cells that hold gas.
    pub(super) wet: f64,
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.wave_rate = if other.wave_rate > self.wave_rate { other.wave_rate } else { self.wave_rate };
        self.wave_rate_sum += other.wave_rate_sum;
        self.clipped += other.clipped;
        self.faded += other.faded;
        self.wet += other.wet;
    }
}

/// Rows of a level that belong to one band.
struct LevelRows<'a> {
    share: f32,
    first_above: &'a mut [f32],
    time_above: &'a mut [f64],
}

/// The part of the outputs that belongs to one band.
struct Band<'a> {
    index: usize,
    depth: &'a mut [f64],
    share: &'a mut [f64],
    u: &'a mut [f64],
    v: &'a mut [f64],
    peak: &'a mut [f32],
    time_of_peak: &'a mut [f32],
    max_depth: &'a mut [f32],
    load: &'a mut [f64],
    levels: Vec<LevelRows<'a>>,
    wet: &'a mut [Extent],
    written: &'a mut [Extent],
    rim: BandRim<'a>,
    wet_rows: Option<(usize, usize)>,
    sums: Sums,
}

/// Cuts the outputs into bands.
fn cut<'a>(outputs: Outputs<'a>, layout: Layout) -> Vec<Band<'a>> {
    let strips = tiles(layout).1;
    let Outputs { new, record, wet, written, passed } = outputs;
    let mut depth = band_rows(&mut new.depth, layout);
    let mut share = band_rows(&mut new.share, layout);
    let mut u = band_rows(&mut new.u, layout);
    let mut v = band_rows(&mut new.v, layout);
    let mut peak = band_rows(&mut record.peak, layout);
    let mut time_of_peak = band_rows(&mut record.time_of_peak, layout);
    let mut max_depth = band_rows(&mut record.max_depth, layout);
    let mut load = band_rows(&mut record.load, layout);
    let (mut wet, mut written) = (wet.chunks_mut(strips), written.chunks_mut(strips));
    let mut cut: Vec<Band<'_>> = rim::bands(passed)
        .enumerate()
        .map(|(index, rim)| Band {
            index,
            depth: depth.next().unwrap_or_default(),
            share: share.next().unwrap_or_default(),
            u: u.next().unwrap_or_default(),
            v: v.next().unwrap_or_default(),
            peak: peak.next().unwrap_or_default(),
            time_of_peak: time_of_peak.next().unwrap_or_default(),
            max_depth: max_depth.next().unwrap_or_default(),
            load: load.next().unwrap_or_default(),
            levels: Vec::new(),
            wet: wet.next().unwrap_or_default(),
            written: written.next().unwrap_or_default(),
            rim,
            wet_rows: None,
            sums: Sums::default(),
        })
        .collect();
    for level in &mut record.levels {
        let rows = band_rows(&mut level.first_above, layout).zip(band_rows(&mut level.time_above, layout));
        for (band, (first_above, time_above)) in cut.iter_mut().zip(rows) {
            band.levels.push(LevelRows { share: level.share, first_above, time_above });
        }
    }
    cut
}

/// Computes the new state from the old one and returns what it adds up to.
pub(super) fn sweep(inputs: &Inputs<'_>, outputs: Outputs<'_>, pool: &ScratchPool<Scratch>) -> Sums {
    let mut bands = cut(outputs, inputs.layout);
    bands.par_iter_mut().for_each(|band| sweep_band(inputs, band, &mut pool.mine()));
    let mut total = Sums::default();
    for band in &bands {
        total.add(&band.sums);
    }
    total
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+bmi1+bmi2", "x86_64+avx"))]
fn sweep_band(inputs: &Inputs<'_>, band: &mut Band<'_>, scratch: &mut Scratch) {
    for strip in 0..band.wet.len() {
        let area = inputs.areas[band.index * band.wet.len() + strip];
        let first_row = band.index * BAND_ROWS;
        let arrays = [&mut *band.depth, &mut *band.share, &mut *band.u, &mut *band.v];
        extent::clear(inputs.layout, first_row, arrays, band.written[strip], area);
        band.wet[strip] = Extent::EMPTY;
        if !area.is_empty() {
            sweep_tile::<Hllc>(inputs, band, scratch, area);
            close_tile(band, scratch, strip, area);
        }
        band.written[strip] = area;
    }
}

/// Books the sums of a tile and where its gas is.
fn close_tile(band: &mut Band<'_>, scratch: &Scratch, strip: usize, area: Extent) {
    let n = area.columns.1 - area.columns.0;
    if let (Some(rows), Some((from, to))) =
        (band.wet_rows.take(), extent::wet_columns(&scratch.sums.wet[..n]))
    {
        band.wet[strip] = Extent { rows, columns: (area.columns.0 + from, area.columns.0 + to) };
    }
    band.sums.add(&scratch.sums.total(n));
}

/// Columns of an area: the first, and how many.
type Columns = (usize, usize);

/// One tile: faces row by row, cells, records.
#[inline(always)]
fn sweep_tile<R: Riemann>(inputs: &Inputs<'_>, band: &mut Band<'_>, scratch: &mut Scratch, area: Extent) {
    let columns = (area.columns.0, area.columns.1 - area.columns.0);
    scratch.sums.start(columns.1);
    let south = area.rows.0;
    // Padded rows: the cells of grid row r are in padded row r + 1.
    if south == 0 {
        window::load(inputs.seen(), 0, columns, &mut scratch.window);
        look_north(inputs, 1, columns, scratch);
        scratch.turn_cells();
        look_north(inputs, 1, columns, scratch);
    } else {
        window::load(inputs.seen(), south - 1, columns, &mut scratch.window);
        look_north(inputs, south, columns, scratch);
        scratch.turn_cells();
        window::advance(inputs.seen(), south, columns, &mut scratch.window);
        look_north(inputs, south + 1, columns, scratch);
    }
    faces_between::<R>(inputs, columns, scratch);
    if south == 0 {
        band.rim.note_south(&scratch.faces.north.water[..columns.1], columns.0);
    }
    scratch.turn();
    for row in area.rows.0..area.rows.1 {
        let padded = row + 1;
        window::advance(inputs.seen(), padded, columns, &mut scratch.window);
        tilt_along_x(inputs, columns, &scratch.rises, &mut scratch.tilt_x);
        faces_within::<R>(inputs, columns, scratch);
        let ends = (scratch.faces.across.water[0], scratch.faces.across.water[columns.1]);
        band.rim.note_ends(row - band.index * BAND_ROWS, columns, inputs.layout, ends);
        look_north(inputs, padded + 1, columns, scratch);
        faces_between::<R>(inputs, columns, scratch);
        if padded == inputs.layout.rows {
            band.rim.note_north(&scratch.faces.north.water[..columns.1], columns.0);
        }
        update_row(inputs, band, scratch, row, columns);
        scratch.turn();
    }
}

/// Tilt, excess density and crest of the padded row in the north of the window; a ghost row is
/// tilted as the row beside it.
#[inline(always)]
fn look_north(inputs: &Inputs<'_>, padded: usize, (first, n): Columns, scratch: &mut Scratch) {
    let Scratch { window, rises_north, tilt_y, tilt_north, gas, gas_north, .. } = scratch;
    let Window { here, north, beyond, to_north, to_beyond } = window;
    let at = padded * inputs.layout.stride() + first;
    let share = &inputs.old.share[at..at + n + 2];
    row::excess_row(share, inputs.fluid.excess, &mut gas_north.excess[..n + 2]);
    let m = whole_turns(n + 2);
    if padded > inputs.layout.rows {
        tilt_north[..n].copy_from_slice(&tilt_y[..n]);
        gas_north.crest[..m].copy_from_slice(&gas.crest[..m]);
    } else {
        let k = whole_turns(n);
        tilt_row(to_north.row(1, k), to_beyond.row(1, k), &mut tilt_north[..k]);
        window::rises_along(inputs.seen(), padded, (first, n), rises_north);
        let surface = &rises_north.surface;
        row::crest_row(
            north.along_x(0, m).depth,
            (
                Neighbours { depth: north.before_x(0, m).depth, rise: &surface[..m] },
                Neighbours { depth: north.along_x(1, m).depth, rise: &surface[1..m + 1] },
            ),
            (
                Neighbours { depth: here.along_x(0, m).depth, rise: &to_north.surface[..m] },
                Neighbours { depth: beyond.along_x(0, m).depth, rise: &to_beyond.surface[..m] },
            ),
            &mut gas_north.crest[..m],
        );
    }
}

/// Tilt along x of the cells of a row from one before the area to one behind it; a ghost
/// is tilted as the cell beside it.
#[inline(always)]
fn tilt_along_x(inputs: &Inputs<'_>, columns: Columns, rises: &RiseBuffers, out: &mut [f32]) {
    let (from, to) = window::inside(inputs.seen(), columns);
    let (last, m) = (columns.1 + 1, whole_turns(to - from));
    tilt_row(rises.row(from, m), rises.row(from + 1, m), &mut out[from..from + m]);
    if from == 1 {
        out[0] = out[1];
    }
    if to == last {
        out[last] = out[last - 1];
    }
}

/// Faces between the columns of the row in the window: n + 1 of them.
#[inline(always)]
fn faces_within<R: Riemann>(inputs: &Inputs<'_>, columns: Columns, scratch: &mut Scratch) {
    if row::is_covered(scratch.window.here.along_x(0, columns.1 + 2).depth) {
        pass_within::<R, false>(inputs, columns, scratch);
    } else {
        pass_within::<R, true>(inputs, columns, scratch);
    }
}

#[inline(always)]
fn pass_within<R: Riemann, const EDGES: bool>(inputs: &Inputs<'_>, (_, n): Columns, scratch: &mut Scratch) {
    let Scratch { window: Window { here, .. }, rises, tilt_x, faces, edges, gas, .. } = scratch;
    let m = whole_turns(n + 1);
    let steps = Steps { surface: &rises.surface[1..m + 1], tilt: (&tilt_x[..m], &tilt_x[1..m + 1]) };
    let out = &mut faces.across;
    row::face_row::<R, EDGES>(
        (here.along_x(0, m), here.along_x(1, m)),
        (gas.row(0, m), gas.row(1, m)),
        steps,
        inputs.fluid.at_faces(),
        &mut out.found[..m],
        &mut out.left[..m],
        &mut out.right[..m],
        &mut out.along[..m],
        &mut edges.across[..m],
    );
    widen_row(&out.found, &mut out.water[..m]);
}

/// Faces between the row in the window and the one north of it.
#[inline(always)]
fn faces_between<R: Riemann>(inputs: &Inputs<'_>, columns: Columns, scratch: &mut Scratch) {
    let Window { here, north, .. } = &scratch.window;
    let covered = |cells: Water<'_>| row::is_covered(cells.depth);
    if covered(here.along_y(1, columns.1)) && covered(north.along_y(1, columns.1)) {
        pass_between::<R, false>(inputs, columns, scratch);
    } else {
        pass_between::<R, true>(inputs, columns, scratch);
    }
}

#[inline(always)]
fn pass_between<R: Riemann, const EDGES: bool>(inputs: &Inputs<'_>, (_, n): Columns, scratch: &mut Scratch) {
    let Scratch { window, tilt_y, tilt_north, faces, edges, gas, gas_north, .. } = scratch;
    let Window { here, north, to_north, .. } = window;
    let m = whole_turns(n);
    let steps = Steps { surface: &to_north.surface[1..m + 1], tilt: (&tilt_y[..m], &tilt_north[..m]) };
    let out = &mut faces.north;
    row::face_row::<R, EDGES>(
        (here.along_y(1, m), north.along_y(1, m)),
        (gas.row(1, m), gas_north.row(1, m)),
        steps,
        inputs.fluid.at_faces(),
        &mut out.found[..m],
        &mut out.left[..m],
        &mut out.right[..m],
        &mut out.along[..m],
        &mut edges.north[..m],
    );
    widen_row(&out.found, &mut out.water[..m]);
}

/// New cells of one row from its faces, then its records.
#[inline(always)]
fn update_row(
    inputs: &Inputs<'_>,
    band: &mut Band<'_>,
    scratch: &mut Scratch,
    row: usize,
    (first, n): Columns,
) {
    for cell in released_in(inputs.released, row, (first, n)) {
        scratch.sums.released[cell.column - first] = cell.depth;
    }
    let mut is_wet = false;
    for from in (0..n).step_by(PIECE) {
        let piece = (first + from, PIECE.min(n - from));
        carry_piece(inputs, band, scratch, row, piece, from);
        let here = in_band(inputs, band, row, piece);
        mix_piece(inputs, band, scratch, here.clone(), from);
        // By bits, so that what is no number counts and is found.
        is_wet |= band.depth[here.clone()].iter().fold(0, |bits, depth| bits | (depth.to_bits() << 1)) != 0;
        note_piece(inputs, band, &mut scratch.cells, here);
    }
    for cell in released_in(inputs.released, row, (first, n)) {
        scratch.sums.released[cell.column - first] = 0.0;
    }
    if is_wet {
        let from = band.wet_rows.map_or(row, |rows| rows.0);
        band.wet_rows = Some((from, row + 1));
    }
}

/// Where n cells of a row lie in the rows of a band.
#[inline(always)]
fn in_band(inputs: &Inputs<'_>, band: &Band<'_>, row: usize, (first, n): Columns) -> std::ops::Range<usize> {
    let at = (row - band.index * BAND_ROWS) * inputs.layout.stride() + first + 1;
    at..at + n
}

/// Fluxes and release act on a piece of a row, which begins `from` cells behind the beginning of the area.
#[inline(always)]
fn carry_piece(
    inputs: &Inputs<'_>,
    band: &mut Band<'_>,
    scratch: &mut Scratch,
    row: usize,
    (first, n): Columns,
    from: usize,
) {
    let Scratch { faces, window, tilt_x, tilt_y, gas, cells, sums, .. } = scratch;
    let (old, stride, numbers) = (inputs.old, inputs.layout.stride(), inputs.numbers);
    let (at, here) = (inputs.layout.at(row, first), in_band(inputs, band, row, (first, n)));
    // Loops over the state stop at n, loops over buffers at the end of a turn.
    let m = whole_turns(n);
    let sides = Sides {
        west: faces.across.faces(from, m),
        east: faces.across.faces(from + 1, m),
        south: faces.south.faces(from, m),
        north: faces.north.faces(from, m),
    };
    let place = from + 1;
    let carried = row::Carried {
        depth: window.here.along_x(place, m).depth,
        excess: &gas.excess[place..place + m],
        slope_x: &tilt_x[place..place + m],
        slope_y: &tilt_y[from..from + m],
    };
    row::momentum_row(
        carried,
        sides,
        numbers,
        inputs.fluid.shape,
        &mut cells.change_x[..m],
        &mut cells.change_y[..m],
    );
    let share = |at: usize| &old.share[at..at + n];
    let shares = row::Shares {
        here: share(at),
        west: share(at - 1),
        east: share(at + 1),
        south: share(at - stride),
        north: share(at + stride),
    };
    row::balance_row(
        &old.depth[at..at + n],
        shares,
        &sums.released[from..],
        sides.water(),
        numbers,
        &mut band.depth[here.clone()],
        &mut band.share[here.clone()],
        &mut cells.before_release,
        &mut sums.clipped[from..],
    );
    row::velocity_row(
        StateRow { depth: &old.depth[at..at + n], u: &old.u[at..at + n], v: &old.v[at..at + n] },
        (&cells.change_x[..n], &cells.change_y[..n]),
        (&band.depth[here.clone()], &band.share[here.clone()], &cells.before_release),
        inputs.fluid.excess,
        &mut cells.depth[..n],
        &mut cells.excess,
        &mut cells.u,
        &mut cells.v,
    );
}

/// Air and ground act on a piece of a row, which begins `from` cells behind the beginning of the area.
#[inline(always)]
fn mix_piece(
    inputs: &Inputs<'_>,
    band: &mut Band<'_>,
    scratch: &mut Scratch,
    here: std::ops::Range<usize>,
    from: usize,
) {
    let Scratch { edges, gas, cells, sums, .. } = scratch;
    let (place, m) = (from + 1, whole_turns(here.len()));
    let layer = row::Unmixed {
        depth: &cells.depth,
        excess: &cells.excess,
        u: &cells.u,
        v: &cells.v,
        crest: &gas.crest[place..],
        edges: [&edges.across[from..], &edges.across[from + 1..], &edges.south[from..], &edges.north[from..]],
    };
    row::mixing_row(
        layer,
        inputs.air,
        inputs.fluid,
        inputs.numbers,
        &mut cells.entrained[..m],
        &mut cells.new_u,
        &mut cells.new_v,
        &mut sums.wave_rate[from..],
        &mut sums.wave_rate_sum[from..],
    );
    row::thinning_row(
        &cells.entrained,
        (&cells.new_u, &cells.new_v),
        &mut band.depth[here.clone()],
        &mut band.share[here.clone()],
        &mut band.u[here.clone()],
        &mut band.v[here],
        &mut sums.faded[from..],
        &mut sums.wet[from..],
    );
}

/// Records of a piece of a row, while it is still in the cache.
#[inline(always)]
fn note_piece(
    inputs: &Inputs<'_>,
    band: &mut Band<'_>,
    cells: &mut CellBuffers,
    here: std::ops::Range<usize>,
) {
    let (time, dt) = (inputs.end as f32, inputs.numbers.dt);
    let breathed = &mut cells.breathed[..here.len()];
    row::peak_row(
        (&band.depth[here.clone()], &band.share[here.clone()]),
        (time, inputs.height as f32, inputs.fluid.shape),
        breathed,
        &mut band.peak[here.clone()],
        &mut band.time_of_peak[here.clone()],
        &mut band.max_depth[here.clone()],
    );
    if let Some(load) = inputs.load {
        let law = (load.exponent as f32, load.per_share as f32, dt);
        row::load_row(breathed, law, &mut band.load[here.clone()]);
    }
    for level in &mut band.levels {
        let law = (level.share, time, dt);
        row::level_row(
            breathed,
            law,
            &mut level.first_above[here.clone()],
            &mut level.time_above[here.clone()],
        );
    }
}

/// Releases into cells of a row.
fn released_in(released: &[CellRelease], row: usize, (first, n): Columns) -> &[CellRelease] {
    let from = released.partition_point(|cell| (cell.row, cell.column) < (row, first));
    let to = released.partition_point(|cell| (cell.row, cell.column) < (row, first + n));
    &released[from..to]
}
