//! What a device needs to take the steps of a solver in its place, and what it gives back.
//!
//! The solver keeps the clock, the ledger and all that depends on the time alone; the device
//! has the arrays. It is told for an interval how hard it rains ([`Solver::forcing`]), reports
//! how far it came ([`Solver::book_steps`]), now and then what left the cells
//! ([`Solver::book_tallies`]), and writes its arrays back where they are looked at
//! ([`Solver::arrays`]).

use super::{Solver, Stop};
use crate::flood::boundary::Kind;
pub use crate::flood::boundary::rim::LentFace;
use crate::flood::params::{HIGHEST_GROUND, Params};
use crate::flood::rain;
use crate::flood::record::{HazardPeak, Peaks, Threshold};
use crate::flood::state::{Ground, Layout, State, Terrain};
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
    /// What the ground takes and has taken.
    pub ground: &'a Ground,
    /// How rain reaches the cells.
    pub falling: Falling,
    /// True if any part of the rim is more than a wall or an open edge.
    pub has_boundaries: bool,
}

/// What a face of the rim is to whoever steps the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AtRim {
    /// A mirror.
    Wall,
    /// An open edge.
    Open,
    /// A ghost with water of its own.
    Ghost,
    /// A ghost with water of its own, and a discharge that is given.
    Given,
}

impl AtRim {
    fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Wall => Self::Wall,
            Kind::Open => Self::Open,
            Kind::Slope { .. } | Kind::Stage { .. } => Self::Ghost,
            Kind::Discharge { .. } | Kind::Rating { .. } => Self::Given,
        }
    }
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
    /// At the start of the interval, m/s, or what else is driven.
    pub first: f64,
    /// What it grows by in a second.
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
    /// Longest step that the sources allow but for the discharges over the rim, s.
    pub longest: f64,
    /// Depth per second that sources within the grid may bring to a cell, m/s.
    pub source_rate: f64,
    /// The same of a level at the rim that rises.
    pub rising_rate: f64,
    /// What drives each boundary: a level, m, or a discharge, m³/s; nothing where no series does.
    pub boundaries: Vec<Line>,
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
    /// What of it the ground took, m.
    pub infiltrated: f64,
    /// Depths added where the balance of a cell came out negative, m.
    pub clipped: f64,
    /// Depth of a cell at the rim that left over its face, m, for each face of each side in the
    /// order of [`Side::ALL`].
    pub outward: [Vec<f64>; 4],
    /// Depth that came in there, m.
    pub inward: [Vec<f64>; 4],
    /// For each boundary whether a level was above its rating curve.
    pub above_curve: Vec<bool>,
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
    /// The store of every cell of ground that takes water.
    pub store: &'a mut [f64],
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
            ground: &self.ground,
            falling: match &self.rates {
                Some(_) => Falling::Rates,
                None if self.roofs.open.is_empty() => Falling::Everywhere,
                None => Falling::Shares,
            },
            has_boundaries: self.rim.kinds().any(|kind| AtRim::of(kind) > AtRim::Open),
        }
    }

    /// Boundaries in the order of the setup, with their faces.
    pub fn boundaries(&self) -> impl Iterator<Item = (&Kind, Vec<LentFace>)> {
        self.rim.lent(&self.terrain.bed)
    }

    /// Cells that receive water, in the order of rows and columns.
    pub fn fed_cells(&self) -> Vec<Fed> {
        let fed = |cell: &crate::flood::inflow::CellInflow| Fed {
            cell: (cell.row, cell.column),
            source: cell.source,
        };
        self.inflow_cells.iter().map(fed).collect()
    }

    /// What each face of the rim is, side by side in the order of [`Side::ALL`].
    pub fn faces_at_rim(&self) -> [Vec<AtRim>; 4] {
        let edges = self.params.edges;
        let own = [edges.west, edges.east, edges.south, edges.north].map(|edge| match edge {
            Edge::Wall => AtRim::Wall,
            Edge::Open => AtRim::Open,
        });
        Side::ALL.map(|side| {
            let owners = self.rim.owners(side);
            owners.map(|owner| owner.map_or(own[side as usize], AtRim::of)).collect()
        })
    }

    /// The cell, inside or beside a ghost, whose waves allow the shortest step now, and that step, s.
    pub fn shortest_step(&mut self) -> ((usize, usize), f64) {
        self.rim.fill(&mut self.state, &mut self.terrain, self.layout, self.time);
        let outside = self.rim.wave_rate > self.wave_rate;
        let cell = if outside { self.rim.fastest } else { self.fastest_cell() };
        (cell, time_step::for_waves(self.params.courant, self.wave_rate.max(self.rim.wave_rate)))
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
        let source_rate = self.source_rate(end);
        let rising_rate = self.rim.source_rate(self.time, end, |kind| matches!(kind, Kind::Stage { .. })).0;
        let longest = self.longest_for(source_rate + rising_rate, end)?.min(time_step::LONGEST_STEP);
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
            source_rate,
            rising_rate,
            boundaries: self
                .rim
                .kinds()
                .map(|kind| {
                    kind.series().map_or_else(Line::default, |series| Line::of(series, interval, 1.0))
                })
                .collect(),
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
        self.volumes.loss.add((tallies.lost - tallies.infiltrated) * dx * dy);
        self.volumes.infiltration.add(tallies.infiltrated * dx * dy);
        self.volumes.clipped.add(tallies.clipped * dx * dy);
        let per_width = |side: Side| if side.is_across_x() { dx } else { dy };
        for (depths, sign) in [(&tallies.outward, 1.0), (&tallies.inward, -1.0)] {
            let passed = Side::ALL.map(|side| {
                depths[side as usize].iter().map(|depth| sign * depth * per_width(side)).collect()
            });
            let (sides, boundaries) = self.rim.sorted(&PerFace(passed), (dx, dy));
            for (account, volume) in self.volumes.outflow.iter_mut().zip(sides) {
                account.add(volume);
            }
            for ((inwards, outwards), volume) in self.volumes.boundaries.iter_mut().zip(boundaries) {
                inwards.add(volume.0);
                outwards.add(volume.1);
            }
        }
        self.rim.note_above_curve(&tallies.above_curve);
    }

    /// The arrays that a device writes back.
    pub fn arrays(&mut self) -> ArraysOf<'_> {
        ArraysOf {
            state: &mut self.state,
            peaks: &mut self.peaks,
            thresholds: &mut self.thresholds,
            hazards: &mut self.hazards,
            store: &mut self.ground.store,
        }
    }
}
