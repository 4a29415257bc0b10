//! One pass over the grid: every face, every cell, every record, every sum.
//!
//! The grid is cut into bands of [`BAND_ROWS`] rows, which threads share, and
//! bands into strips of [`STRIP_COLUMNS`] columns, whose row buffers stay in
//! the caches of a core. Of every tile (a strip of a band) only the smallest rectangle is
//! computed in which something can happen: the water and the cells beside it, or
//! everything while it rains. Bands are the same for any number of threads and
//! their sums are added in the order of rows, so that the result has the same
//! bits for any number of threads.
//!
//! The inner loops are compiled for several instruction sets and the best one is
//! chosen when the program runs. Products and sums are never fused, so that all
//! of them give the same bits.

mod barriers;
mod cells;
mod first_order;
mod inertial;
mod rim;
mod row;
mod scratch;
mod second_order;
mod soil_row;
mod staggered_row;

use multiversion::multiversion;
use rayon::prelude::*;

use crate::flood::flux::{Hllc, Scheme};
use crate::flood::hazard;
use crate::flood::inflow::CellInflow;
use crate::flood::record::{HazardPeak, Peaks, Threshold};
use crate::flood::state::{Layout, State, Terrain};
use crate::layer::buffers::ScratchPool;
use crate::layer::extent::{self, band_rows};
pub use crate::layer::extent::{BAND_ROWS, STRIP_COLUMNS};
pub(crate) use crate::layer::extent::{Extent, areas, tiles, wake, whole_tiles};
use crate::layer::rim::{self as faces_of_rim, BandRim, PerFace};
use crate::layer::window::Seen;
pub(crate) use barriers::{BarrierFaces, Passed, parts as barrier_parts};
pub(crate) use scratch::Scratch;
pub(crate) use soil_row::SoilStep;

/// One step as the sweep sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Span {
    /// Length, s.
    pub(crate) dt: f64,
    /// Time at its end, s.
    pub(crate) end: f64,
    /// Rain on every cell, m; none where rain differs from cell to cell.
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
    /// Rain by cell, padded, in `rain_unit`; none where it is the same everywhere.
    pub(crate) rates: Option<&'a [f32]>,
    /// Depth in the step for which a one stands in `rates`, m: its length in seconds for
    /// rates in m/s, the rain where they say which cells it reaches.
    pub(crate) rain_unit: f64,
    /// Soils; none where the ground takes nothing.
    pub(crate) soils: Option<SoilStep<'a>>,
    /// Unit discharge out over each face of the rim, NaN where the scheme decides.
    pub(crate) given: &'a PerFace,
    /// What levees and bridges do.
    pub(crate) barriers: BarrierFaces<'a>,
    /// For every tile where something can happen; empty for tiles to skip.
    pub(crate) areas: &'a [Extent],
}

impl Inputs<'_> {
    /// What every layer shows to its sweep.
    #[inline(always)]
    fn seen(&self) -> Seen<'_> {
        let State { depth, u, v, .. } = self.old;
        Seen { layout: self.layout, bed: &self.terrain.bed, depth, u, v }
    }

    /// Rain on one cell in the step, m.
    fn rain_on(&self, row: usize, column: usize) -> f64 {
        match self.rates {
            None => self.span.rain,
            Some(rates) => self.rain_unit * f64::from(rates[self.layout.at(row, column)]),
        }
    }
}

/// What the sweep writes.
pub(crate) struct Outputs<'a> {
    pub(crate) new: &'a mut State,
    pub(crate) peaks: &'a mut Peaks,
    pub(crate) thresholds: &'a mut [Threshold],
    /// Ratings of hazard that were asked for.
    pub(crate) hazards: &'a mut [HazardPeak],
    /// What the ground remembers, padded; empty where it takes nothing.
    pub(crate) store: &'a mut [f64],
    /// For every tile the smallest rectangle with all its water.
    pub(crate) wet: &'a mut [Extent],
    /// For every tile the part of the new state that is not zero: before the sweep
    /// what was written two steps ago, after it the area.
    pub(crate) written: &'a mut [Extent],
    /// Unit discharge that left over each face of the rim, m²/s.
    pub(crate) passed: &'a mut PerFace,
    /// The same for every face of levees and bridges, towards the east and the north.
    pub(crate) crossed: Passed<'a>,
}

/// What one band, or the whole grid, adds up to in one step.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Sums {
    /// Largest rate at which water crosses a cell ([`crate::flood::time_step`]), 1/s.
    pub(crate) wave_rate: f64,
    /// Sum of the same: not finite as soon as any cell is not.
    pub(crate) wave_rate_sum: f64,
    /// Depths lost, m.
    pub(crate) lost: f64,
    /// What of it the ground took, m.
    pub(crate) infiltrated: f64,
    /// Depths added where the balance of a cell came out negative, m.
    pub(crate) clipped: f64,
    /// Cells that hold water.
    pub(crate) wet: f64,
}

impl Sums {
    /// Of bands in the order of rows.
    pub(crate) fn of(bands: impl IntoIterator<Item = Self>) -> Self {
        let mut total = Self::default();
        bands.into_iter().for_each(|band| total.add(&band));
        total
    }

    /// The sums as a row of numbers.
    pub(crate) fn numbers(self) -> [f64; 6] {
        let Self { wave_rate, wave_rate_sum, lost, infiltrated, clipped, wet } = self;
        [wave_rate, wave_rate_sum, lost, infiltrated, clipped, wet]
    }

    /// The sums that stand in a row of numbers.
    pub(crate) fn from_numbers(numbers: [f64; 6]) -> Self {
        let [wave_rate, wave_rate_sum, lost, infiltrated, clipped, wet] = numbers;
        Self { wave_rate, wave_rate_sum, lost, infiltrated, clipped, wet }
    }

    fn add(&mut self, other: &Self) {
        self.wave_rate = if other.wave_rate > self.wave_rate { other.wave_rate } else { self.wave_rate };
        self.wave_rate_sum += other.wave_rate_sum;
        self.lost += other.lost;
        self.infiltrated += other.infiltrated;
        self.clipped += other.clipped;
        self.wet += other.wet;
    }
}

/// What a scheme does with one tile.
///
/// A type and not a function that is handed on: only so is the code compiled anew,
/// and inlined, for every instruction set.
trait Tile {
    /// Faces, cells and records of an area of a tile, and what they add up to.
    fn sweep(inputs: &Inputs<'_>, band: &mut Band<'_>, scratch: &mut Scratch, area: Extent) -> Sums;
}

/// Rows of a [`Threshold`] that belong to one band.
struct ThresholdRows<'a> {
    depth: f64,
    first_above: &'a mut [f64],
    time_above: &'a mut [f64],
}

/// Rows of a [`HazardPeak`] that belong to one band.
struct HazardRows<'a> {
    scheme: hazard::Scheme,
    worst: &'a mut [f32],
}

/// The part of the outputs that belongs to one band.
struct Band<'a> {
    index: usize,
    depth: &'a mut [f64],
    u: &'a mut [f64],
    v: &'a mut [f64],
    max_depth: &'a mut [f32],
    time_of_maximum: &'a mut [f32],
    max_speed_squared: &'a mut [f32],
    thresholds: Vec<ThresholdRows<'a>>,
    hazards: Vec<HazardRows<'a>>,
    /// Discharges through western and southern faces; empty unless the scheme is staggered.
    across: &'a mut [f64],
    northward: &'a mut [f64],
    /// Empty unless the ground takes water.
    store: &'a mut [f64],
    wet: &'a mut [Extent],
    written: &'a mut [Extent],
    rim: BandRim<'a>,
    passed: barriers::BandPassed<'a>,
    /// Rows with water of the tile that is being swept.
    wet_rows: Option<(usize, usize)>,
    sums: Sums,
}

impl Band<'_> {
    /// First row of the grid in the band.
    fn first_row(&self) -> usize {
        self.index * BAND_ROWS
    }

    /// Notes that a row of the grid holds water; rows come in rising order.
    fn note_wet(&mut self, row: usize) {
        let from = self.wet_rows.map_or(row, |rows| rows.0);
        self.wet_rows = Some((from, row + 1));
    }
}

/// Cuts the outputs into bands.
fn cut<'a>(outputs: Outputs<'a>, layout: Layout, barriers: BarrierFaces<'_>) -> Vec<Band<'a>> {
    let (bands, strips) = tiles(layout);
    let Outputs { new, peaks, thresholds, hazards, store, wet, written, passed, crossed } = outputs;
    let mut crossed = barriers::bands(barriers, crossed, bands).into_iter();
    let mut depth = band_rows(&mut new.depth, layout);
    let mut u = band_rows(&mut new.u, layout);
    let mut v = band_rows(&mut new.v, layout);
    let mut across = band_rows(&mut new.across, layout);
    let mut northward = band_rows(&mut new.northward, layout);
    let mut store = band_rows(store, layout);
    let mut max_depth = band_rows(&mut peaks.max_depth, layout);
    let mut time_of_maximum = band_rows(&mut peaks.time_of_maximum, layout);
    let mut max_speed_squared = band_rows(&mut peaks.max_speed_squared, layout);
    let (mut wet, mut written) = (wet.chunks_mut(strips), written.chunks_mut(strips));
    let mut cut: Vec<Band<'_>> = faces_of_rim::bands(passed)
        .enumerate()
        .map(|(index, rim)| Band {
            index,
            depth: depth.next().unwrap_or_default(),
            u: u.next().unwrap_or_default(),
            v: v.next().unwrap_or_default(),
            across: across.next().unwrap_or_default(),
            northward: northward.next().unwrap_or_default(),
            store: store.next().unwrap_or_default(),
            max_depth: max_depth.next().unwrap_or_default(),
            time_of_maximum: time_of_maximum.next().unwrap_or_default(),
            max_speed_squared: max_speed_squared.next().unwrap_or_default(),
            thresholds: Vec::new(),
            hazards: Vec::new(),
            wet: wet.next().unwrap_or_default(),
            written: written.next().unwrap_or_default(),
            rim,
            passed: crossed.next().unwrap_or_default(),
            wet_rows: None,
            sums: Sums::default(),
        })
        .collect();
    for Threshold { depth, first_above, time_above } in thresholds {
        let rows = band_rows(first_above, layout).zip(band_rows(time_above, layout));
        for (band, (first_above, time_above)) in cut.iter_mut().zip(rows) {
            band.thresholds.push(ThresholdRows { depth: *depth, first_above, time_above });
        }
    }
    for HazardPeak { scheme, worst } in hazards {
        for (band, worst) in cut.iter_mut().zip(band_rows(worst, layout)) {
            band.hazards.push(HazardRows { scheme: *scheme, worst });
        }
    }
    cut
}

/// Computes the new state from the old one and returns what each band adds up to.
pub(crate) fn sweep(inputs: &Inputs<'_>, outputs: Outputs<'_>, pool: &ScratchPool<Scratch>) -> Vec<Sums> {
    let mut bands = cut(outputs, inputs.layout, inputs.barriers);
    bands.par_iter_mut().for_each(|band| {
        let mut scratch = pool.mine();
        match inputs.scheme {
            Scheme::FirstOrder => band_first_order(inputs, band, &mut scratch),
            Scheme::SecondOrder => band_second_order(inputs, band, &mut scratch),
            Scheme::Inertial => band_inertial(inputs, band, &mut scratch),
        }
    });
    bands.iter().map(|band| band.sums).collect()
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+bmi1+bmi2", "x86_64+avx"))]
fn band_first_order(inputs: &Inputs<'_>, band: &mut Band<'_>, scratch: &mut Scratch) {
    sweep_strips::<first_order::FirstOrder<Hllc>>(inputs, band, scratch);
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+bmi1+bmi2", "x86_64+avx"))]
fn band_second_order(inputs: &Inputs<'_>, band: &mut Band<'_>, scratch: &mut Scratch) {
    sweep_strips::<second_order::SecondOrder<Hllc>>(inputs, band, scratch);
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+bmi1+bmi2", "x86_64+avx"))]
fn band_inertial(inputs: &Inputs<'_>, band: &mut Band<'_>, scratch: &mut Scratch) {
    sweep_strips::<inertial::Inertial>(inputs, band, scratch);
}

/// The strips of a band one after another.
#[inline(always)]
fn sweep_strips<T: Tile>(inputs: &Inputs<'_>, band: &mut Band<'_>, scratch: &mut Scratch) {
    for strip in 0..band.wet.len() {
        let area = inputs.areas[band.index * band.wet.len() + strip];
        clear(inputs.layout, band, band.written[strip], area);
        if !area.is_empty() {
            let sums = T::sweep(inputs, band, scratch, area);
            close_tile(band, scratch, strip, area, sums);
        }
        band.written[strip] = area;
    }
}

/// Clears what was written two steps ago and will not be written now.
fn clear(layout: Layout, band: &mut Band<'_>, written: Extent, area: Extent) {
    let first_row = band.first_row();
    let arrays = [&mut *band.depth, &mut *band.u, &mut *band.v, &mut *band.across, &mut *band.northward];
    extent::clear(layout, first_row, arrays, written, area);
}

/// Books the sums of a tile and where its water is.
fn close_tile(band: &mut Band<'_>, scratch: &Scratch, strip: usize, area: Extent, sums: Sums) {
    let n = area.columns.1 - area.columns.0;
    band.wet[strip] = match (band.wet_rows.take(), scratch.sums.wet_columns(n)) {
        (Some(rows), Some((from, to))) => {
            Extent { rows, columns: (area.columns.0 + from, area.columns.0 + to) }
        }
        _ => Extent::EMPTY,
    };
    band.sums.add(&sums);
}
