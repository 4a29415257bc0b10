//! Rain: one rate on every cell of the area, or a rate of its own for every cell.
//!
//! Rain that differs from place to place is a [`Spread`]. It is asked for the mean rates
//! of one interval at a time, which are kept as an array; so it may be slow, and the
//! sweep costs the same for every kind. What falls is exact: intervals end where the
//! rain changes, and the ledger sums the same numbers that the cells receive.
//!
//! | file | a [`Spread`] that is |
//! |---|---|
//! | [`zones`] | one series per zone: the nearest gauge, or the cell of a coarser grid |
//! | [`inverse_distance`] | gauges, weighted by their distance |
//! | [`moving`] | one series that sweeps over the area at a velocity |
//!
//! Design storms are series of their own: [`intensity_formula`] says how hard it rains how
//! often, [`chicago`] spreads that over a storm.

pub mod chicago;
pub mod intensity_formula;
pub mod inverse_distance;
pub mod moving;
pub mod zones;

use std::fmt::Debug;
use std::sync::Arc;

use rayon::prelude::*;

use crate::flood::params::HIGHEST_GROUND;
use crate::flood::part::{Part, Slab, gather};
use crate::flood::roofs::Roofs;
use crate::flood::state::Layout;
use crate::flood::sweep::{self, Extent};
use crate::grid::Grid;
use crate::series::Series;

/// Rain on the area.
#[derive(Debug, Clone)]
pub enum Rain {
    /// The same rate everywhere, m/s.
    Everywhere(Series),
    /// Rates by place.
    Spread(Arc<dyn Spread>),
}

impl From<Series> for Rain {
    fn from(series: Series) -> Self {
        Self::Everywhere(series)
    }
}

impl Rain {
    /// No rain.
    pub fn none() -> Self {
        Self::Everywhere(Series::constant(0.0))
    }

    /// The series, if it rains the same everywhere.
    pub fn everywhere(&self) -> Option<&Series> {
        match self {
            Self::Everywhere(series) => Some(series),
            Self::Spread(_) => None,
        }
    }

    /// True if it has a rate for every cell of a grid of so many rows and columns.
    pub fn fits(&self, shape: (usize, usize)) -> bool {
        match self {
            Self::Everywhere(_) => true,
            Self::Spread(spread) => spread.fits(shape),
        }
    }

    /// What is to come, to be looked at before a run.
    ///
    /// # Units
    /// - `duration`: s
    /// - returns: mean depth over the grid, m, and largest rate, m/s; of rain that differs
    ///   from place to place those of [`OUTLOOK_ROWS`] rows
    pub fn outlook(&self, grid: &Grid, duration: f64) -> (f64, f64) {
        let spread = match self {
            Self::Everywhere(series) => return (series.integral(0.0, duration), series.peak()),
            Self::Spread(spread) => spread,
        };
        let stride = grid.rows.div_ceil(OUTLOOK_ROWS);
        let rows: Vec<usize> = (stride / 2..grid.rows).step_by(stride).collect();
        let (mut depth, mut peak, mut time) = (0.0, 0.0f64, 0.0);
        let mut rates = vec![0.0; grid.columns];
        while time < duration {
            let interval = spread.interval(time);
            let length = interval.1.min(duration) - time;
            for &row in &rows {
                spread.rates(interval, row, &mut rates);
                depth += length * rates.iter().map(|&rate| f64::from(rate)).sum::<f64>();
                peak = rates.iter().fold(peak, |peak, &rate| peak.max(f64::from(rate)));
            }
            time = interval.1;
        }
        (depth / (rows.len() * grid.columns).max(1) as f64, peak)
    }
}

/// Rows of the grid at most that an outlook looks at.
pub const OUTLOOK_ROWS: usize = 16;

/// Rain that differs from place to place.
pub trait Spread: Debug + Send + Sync {
    /// Interval that holds a time, s: from and to; rates are constant in it, or their mean
    /// is taken. It depends on nothing but the time, and the next one begins where it ends.
    fn interval(&self, time: f64) -> (f64, f64);

    /// True if it has a rate for every cell of a grid of so many rows and columns.
    fn fits(&self, shape: (usize, usize)) -> bool;

    /// Mean rates of the cells of one row of the grid over an interval, m/s.
    fn rates(&self, interval: (f64, f64), row: usize, out: &mut [f32]);
}

/// Depth of rain from `start` to `end`, m: the exact integral of the series.
///
/// # Example
/// ```
/// use sim_core::{flood::rain, series::Series, units::from_mm_h};
/// let storm = Series::block(from_mm_h(60.0), 3600.0);
/// assert!((rain::depth(&storm, 0.0, 7200.0) - 0.060).abs() < 1e-15);
/// ```
pub fn depth(rain: &Series, start: f64, end: f64) -> f64 {
    rain.integral(start, end)
}

/// Depth that a cell receives, m: all of it on ground, nothing outside the area.
#[inline(always)]
pub fn on_cell(depth: f64, bed: f64) -> f64 {
    if bed < HIGHEST_GROUND { depth } else { 0.0 }
}

/// The rates of the present interval, cell by cell.
#[derive(Debug)]
pub(super) struct Rates {
    spread: Arc<dyn Spread>,
    interval: (f64, f64),
    /// m/s, padded; zero outside the area and on roofs whose rain does not stay.
    pub(super) of_cell: Vec<f32>,
    /// Whether any rain falls on a tile.
    pub(super) falls: Vec<bool>,
    /// Sum over the cells, m/s.
    pub(super) sum: f64,
    /// Largest rate, m/s.
    pub(super) largest: f64,
}

impl Rates {
    /// The rates at time zero.
    pub(super) fn new(
        spread: &Arc<dyn Spread>,
        (slab, bed): (&Slab, &[f64]),
        roofs: &mut Roofs,
        part: &mut Option<Part>,
    ) -> Self {
        let mut rates = Self {
            spread: Arc::clone(spread),
            interval: (f64::NEG_INFINITY, f64::NEG_INFINITY),
            of_cell: vec![0.0; slab.layout().len()],
            falls: Vec::new(),
            sum: 0.0,
            largest: 0.0,
        };
        rates.look(0.0, (slab, bed), roofs, part);
        rates
    }

    /// Takes the rates of the interval that holds a time; the rain on roofs goes to them.
    pub(super) fn look(
        &mut self,
        time: f64,
        (slab, bed): (&Slab, &[f64]),
        roofs: &mut Roofs,
        part: &mut Option<Part>,
    ) {
        if time >= self.interval.0 && time < self.interval.1 {
            return;
        }
        self.interval = self.spread.interval(time);
        let layout = slab.layout();
        let (stride, columns, interval) = (layout.stride(), layout.columns, self.interval);
        let inner = stride..(layout.rows + 1) * stride;
        let first_row = slab.held.start;
        let sums: Vec<[f64; 2]> = self.of_cell[inner.clone()]
            .par_chunks_mut(stride)
            .zip(bed[inner].par_chunks(stride))
            .zip(roofs.rows[slab.held.clone()].par_iter_mut())
            .enumerate()
            .map(|(row, ((rates, bed), roofs))| {
                let (rates, bed) = (&mut rates[1..=columns], &bed[1..=columns]);
                self.spread.rates(interval, first_row + row, rates);
                roofs.take(rates);
                for (rate, &bed) in rates.iter_mut().zip(bed) {
                    *rate = on_cell(f64::from(*rate), bed) as f32;
                }
                let sum = rates.iter().map(|&rate| f64::from(rate)).sum();
                [sum, f64::from(rates.iter().copied().fold(0.0, f32::max))]
            })
            .collect();
        let sums = gather(part, sums[slab.own_here()].as_flattened().to_vec()).concat();
        let caught = gather(part, roofs.caught(slab.own.clone()).collect());
        roofs.hear(caught.into_iter().flatten());
        roofs.share();
        let rows = sums.as_chunks::<2>().0;
        self.sum = rows.iter().map(|row| row[0]).sum();
        self.largest = rows.iter().fold(0.0, |largest, row| row[1].max(largest));
        self.falls = sweep::whole_tiles(layout).into_iter().map(|tile| self.falls_on(tile, layout)).collect();
    }

    fn falls_on(&self, tile: Extent, layout: Layout) -> bool {
        (tile.rows.0..tile.rows.1).any(|row| {
            let (from, to) = (layout.at(row, tile.columns.0), layout.at(row, tile.columns.1));
            self.of_cell[from..to].iter().any(|&rate| rate > 0.0)
        })
    }

    /// Start of the interval, s.
    pub(super) fn since(&self) -> f64 {
        self.interval.0
    }

    /// End of the interval, s.
    pub(super) fn until(&self) -> f64 {
        self.interval.1
    }
}

/// Interval between two neighbouring marks that holds a time.
fn between_marks(marks: &[f64], time: f64) -> (f64, f64) {
    let after = marks.partition_point(|&mark| mark <= time);
    let from = if after == 0 { f64::NEG_INFINITY } else { marks[after - 1] };
    (from, marks.get(after).copied().unwrap_or(f64::INFINITY))
}

/// Times at which any of the series changes, rising, each once.
fn all_times<'a>(series: impl Iterator<Item = &'a Series>) -> Vec<f64> {
    let mut marks: Vec<f64> = series.flat_map(|series| series.times().iter().copied()).collect();
    marks.sort_by(f64::total_cmp);
    marks.dedup();
    marks
}

/// Mean of a series over an interval; the value itself where the interval has no end.
fn mean(series: &Series, (from, to): (f64, f64)) -> f64 {
    match (from.is_finite(), to.is_finite()) {
        (true, true) => series.integral(from, to) / (to - from),
        (true, false) => series.at(from),
        _ => 0.0,
    }
}
