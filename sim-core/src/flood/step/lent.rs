//! What a device needs to take the steps of a solver in its place, and what it gives back.
//!
//! The solver keeps the clock, the ledger and all that depends on the time alone; the device
//! has the arrays. It is told for an interval how hard it rains ([`Solver::forcing`]), reports
//! how far it came ([`Solver::book_steps`]), now and then what left the cells
//! ([`Solver::book_tallies`]), and writes its arrays back where they are looked at
//! ([`Solver::arrays`]).

use super::{Solver, Stop};
use crate::flood::boundary::Kind;
use crate::flood::params::{HIGHEST_GROUND, Params};
use crate::flood::rain;
use crate::flood::record::{HazardPeak, Peaks, Threshold};
use crate::flood::state::{Layout, State, Terrain};
use crate::flood::time_step;
use crate::layer::edge::{Edge, Side};
use crate::layer::rim::PerFace;
use crate::series::Series;

/// Depth, as a multiple of the rounding of its ground, from which water keeps its surface and not
/// its depth: a film changes by a hundredth at most, and the surface of a lake stays level up to
/// a shore of 0.01 mm where the ground rises by a few metres, of 12 mm from the sea to the highest
/// mountain.
const SURFACE_DEPTH: f64 = 100.0;

/// Water, ground and records of a solver; arrays are padded.
#[derive(Debug, Clone, Copy)]
pub struct Lent<'a> {
    /// How the arrays are laid out.
    pub layout: Layout,
    /// Size of the cells along x and y, m.
    pub spacing: (f64, f64),
    /// Constants of the model.
    pub params: Params,
    /// The ground.
    pub terrain: &'a Terrain,
    /// The water.
    pub state: &'a State,
    /// Largest depths and speeds so far.
    pub peaks: &'a Peaks,
    /// Thresholds with what is known of them.
    pub thresholds: &'a [Threshold],
    /// Largest ratings of hazard so far.
    pub hazards: &'a [HazardPeak],
    /// Rate at which the fastest water crosses its cell, 1/s.
    pub wave_rate: f64,
    /// How rain reaches the cells.
    pub falling: Falling,
}

/// How rain reaches the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Falling {
    /// The same on all.
    Everywhere,
    /// A rate by cell, m/s.
    Rates,
    /// The same, on cells that have a one and not a zero: roofs give theirs away.
    Shares,
}

/// A cell that receives water from a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fed {
    /// Row and column.
    pub cell: (usize, usize),
    /// Position of the source among [`Forcing::inflows`].
    pub source: usize,
}

/// A rate during an interval: a straight line.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Line {
    /// At the start of the interval, m/s.
    pub first: f64,
    /// What it grows by, m/s².
    pub growth: f64,
}

impl Line {
    /// Of a series between two of its samples, divided by an area.
    fn of(series: &Series, (start, end): (f64, f64), area: f64) -> Self {
        let first = series.at(start);
        let growth = if end.is_finite() { (series.before(end) - first) / (end - start) } else { 0.0 };
        Self { first: first / area, growth: growth / area }
    }

    fn times(self, factor: f64) -> Self {
        Self { first: factor * self.first, growth: factor * self.growth }
    }
}

/// What drives the water in an interval without samples of any series.
#[derive(Debug, Clone)]
pub struct Forcing<'a> {
    /// From and to, s.
    pub interval: (f64, f64),
    /// Rain on every cell, m/s; nothing where each has its own rate.
    pub rain: Line,
    /// What differs from cell to cell of the rain, as [`Falling`] tells, padded, and the time from
    /// which on it holds, s.
    pub rates: Option<(&'a [f32], f64)>,
    /// Loss from every cell, m/s.
    pub loss: Line,
    /// Depth per second that each inflow, then each roof, brings to each of its cells, m/s.
    pub inflows: Vec<Line>,
    /// Longest step that the sources allow, s.
    pub longest: f64,
}

/// Steps that a device has taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Taken {
    /// Time at the end of the last one, s.
    pub end: f64,
    /// How many.
    pub steps: u64,
    /// Length of the last one, s.
    pub last_step: f64,
    /// Rate at which the fastest water now crosses its cell, 1/s.
    pub wave_rate: f64,
    /// Cells that hold water now.
    pub wet_cells: f64,
}

/// What left the cells since the last tallies.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tallies {
    /// Depths lost, summed over the cells, m.
    pub lost: f64,
    /// Depths added where the balance of a cell came out negative, m.
    pub clipped: f64,
    /// Depth of a cell at the rim that left over its face, m, for each face of each side in the
    /// order of [`Side::ALL`].
    pub outward: [Vec<f64>; 4],
}

/// The arrays of a solver, to be written; padded.
#[derive(Debug)]
pub struct ArraysOf<'a> {
    /// The water.
    pub state: &'a mut State,
    /// Largest depths and speeds.
    pub peaks: &'a mut Peaks,
    /// What is known of the thresholds.
    pub thresholds: &'a mut [Threshold],
    /// Largest ratings of hazard.
    pub hazards: &'a mut [HazardPeak],
}

impl Solver {
    /// Water, ground and records now.
    pub fn lent(&self) -> Lent<'_> {
        Lent {
            layout: self.layout,
            spacing: (self.dx, self.dy),
            params: self.params,
            terrain: &self.terrain,
            state: &self.state,
            peaks: &self.peaks,
            thresholds: &self.thresholds,
            wave_rate: self.wave_rate,
            hazards: &self.hazards,
            falling: match &self.rates {
                Some(_) => Falling::Rates,
                None if self.roofs.open.is_empty() => Falling::Everywhere,
                None => Falling::Shares,
            },
        }
    }

    /// Cells that receive water, in the order of rows and columns.
    pub fn fed_cells(&self) -> Vec<Fed> {
        let fed = |cell: &crate::flood::inflow::CellInflow| Fed {
            cell: (cell.row, cell.column),
            source: cell.source,
        };
        self.inflow_cells.iter().map(fed).collect()
    }

    /// For each face of the rim whether water can leave there, side by side in the order of [`Side::ALL`].
    pub fn open_faces(&self) -> [Vec<bool>; 4] {
        let edges = self.params.edges;
        let own = [edges.west, edges.east, edges.south, edges.north];
        Side::ALL.map(|side| {
            let owners = self.rim.owners(side);
            let opens = |owner: Option<&Kind>| {
                owner.map_or(own[side as usize] == Edge::Open, |kind| matches!(kind, Kind::Open))
            };
            owners.map(opens).collect()
        })
    }

    /// Rounds the ground to single precision above a datum, which is returned, m.
    ///
    /// Deep water keeps its surface, so that a lake stays level; films keep their depth. The
    /// water must not have taken a step yet: its records begin anew.
    pub fn round_ground(&mut self) -> f64 {
        let levels = self.cells().map(|(row, column)| self.terrain.bed[self.layout.at(row, column)]);
        let (lowest, highest) = levels
            .filter(|bed| bed.abs() <= HIGHEST_GROUND)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), bed| (low.min(bed), high.max(bed)));
        let datum = (0.5 * (lowest + highest)).round();
        for (bed, depth) in self.terrain.bed.iter_mut().zip(&mut self.state.depth) {
            if bed.abs() > HIGHEST_GROUND {
                continue;
            }
            let rounded = datum + f64::from((*bed - datum) as f32);
            let moved = *bed - rounded;
            if *depth > SURFACE_DEPTH * moved.abs() {
                *depth += moved;
            }
            *bed = rounded;
        }
        self.peaks = Peaks::new(self.layout);
        for threshold in &mut self.thresholds {
            *threshold = Threshold::new(self.layout, threshold.depth);
        }
        for hazard in &mut self.hazards {
            *hazard = HazardPeak::new(self.layout, hazard.scheme);
        }
        self.begin();
        datum
    }

    /// What drives the water from now to the next sample of any series, to `mark` at the latest.
    ///
    /// # Errors
    /// [`Stop`] when a source would make the step collapse.
    pub fn forcing(&mut self, mark: f64) -> Result<Forcing<'_>, Stop> {
        self.look_at_rain();
        let end = self.next_sample().min(mark);
        let longest = self.longest_for_sources(end)?.min(time_step::LONGEST_STEP);
        let interval = (self.time, end);
        let area = self.dx * self.dy;
        let inflow = |inflow: &crate::flood::inflow::Inflow| {
            Line::of(&inflow.discharge, interval, inflow.cells.len() as f64 * area)
        };
        let rain = self.rain.everywhere().map_or_else(Line::default, |rain| Line::of(rain, interval, 1.0));
        // A share is a number of cells under the common rain, or a rate.
        let unit = if self.rates.is_some() { Line { first: 1.0, growth: 0.0 } } else { rain };
        let roof = |building: usize| unit.times(self.roofs.share_of(building));
        let open = Some(self.roofs.open.as_slice()).filter(|open| !open.is_empty());
        Ok(Forcing {
            interval,
            rain,
            rates: match &self.rates {
                Some(rates) => Some((rates.of_cell.as_slice(), rates.since())),
                None => open.map(|open| (open, 0.0)),
            },
            loss: Line::of(&self.loss, interval, 1.0),
            inflows: self.inflows.iter().map(inflow).chain((0..self.roofs.len()).map(roof)).collect(),
            longest,
        })
    }

    /// Sets the clock and books what came in during steps that a device took within one interval of
    /// [`Solver::forcing`].
    pub fn book_steps(&mut self, taken: &Taken) {
        let area = self.dx * self.dy;
        let (start, end) = (self.time, taken.end);
        let everywhere = self.rain.everywhere().map_or(0.0, |rain| rain::depth(rain, start, end));
        let (rain, unit) = match &self.rates {
            Some(rates) => ((end - start) * rates.sum, end - start),
            None => (everywhere * (self.terrain.inside - self.roofs.inside) as f64, everywhere),
        };
        let on_roofs = self.roofs.sum * unit * area;
        self.volumes.rain.add(rain * area);
        self.volumes.rain.add(on_roofs);
        self.volumes.roof.add(on_roofs);
        for inflow in &self.inflows {
            self.volumes.inflow.add(inflow.volume(start, end));
        }
        self.time = end;
        self.steps += taken.steps;
        self.last_step = taken.last_step;
        self.wave_rate = taken.wave_rate;
        self.wet_cells = taken.wet_cells;
    }

    /// Books what left the cells.
    pub fn book_tallies(&mut self, tallies: &Tallies) {
        let (dx, dy) = (self.dx, self.dy);
        self.volumes.loss.add(tallies.lost * dx * dy);
        self.volumes.clipped.add(tallies.clipped * dx * dy);
        let per_width = |side: Side, depth: &f64| depth * if side.is_across_x() { dx } else { dy };
        let passed = Side::ALL
            .map(|side| tallies.outward[side as usize].iter().map(|depth| per_width(side, depth)).collect());
        let (sides, boundaries) = self.rim.sorted(&PerFace(passed), (dx, dy));
        for (account, volume) in self.volumes.outflow.iter_mut().zip(sides) {
            account.add(volume);
        }
        for ((inwards, outwards), volume) in self.volumes.boundaries.iter_mut().zip(boundaries) {
            inwards.add(volume.0);
            outwards.add(volume.1);
        }
    }

    /// The arrays that a device writes back.
    pub fn arrays(&mut self) -> ArraysOf<'_> {
        ArraysOf {
            state: &mut self.state,
            peaks: &mut self.peaks,
            thresholds: &mut self.thresholds,
            hazards: &mut self.hazards,
        }
    }
}
