//! How long a step may be.

use super::{Solver, Stop};
use crate::flood::inflow::Inflow;
use crate::flood::rain::{self, Rates};
use crate::flood::structure::Structure;
use crate::flood::sweep::Span;
use crate::flood::{loss, time_step};
use crate::series::Series;

impl Solver {
    /// How long the step is and what falls during it.
    pub(super) fn choose_span(&mut self, mark: f64) -> Result<Span, Stop> {
        let mark = self.next_sample().min(mark);
        let for_waves = time_step::for_waves(self.params.courant, self.wave_rate.max(self.rim.wave_rate));
        if for_waves < time_step::SHORTEST_STEP {
            let outside = self.rim.wave_rate > self.wave_rate;
            let cell = if outside { self.rim.fastest } else { self.fastest_of_all() };
            return Err(Stop::StepTooShort { cell, dt: for_waves });
        }
        let for_sources = self.longest_for_sources(mark)?;
        let longest = for_waves.min(for_sources).min(time_step::LONGEST_STEP);
        let (dt, last) = time_step::divide(mark - self.time, longest);
        let end = if last { mark } else { self.time + dt };
        let rain = self.rain.everywhere().map_or(0.0, |rain| rain::depth(rain, self.time, end));
        let loss = loss::depth(&self.loss, self.time, end);
        Ok(Span { dt, end, rain, loss })
    }

    /// Longest step that the sources until `mark` allow, s.
    fn longest_for_sources(&self, mark: f64) -> Result<f64, Stop> {
        let at_rim = self.rim.source_rate(self.time, mark, |_| true).0;
        self.longest_for(self.source_rate(mark) + at_rim, mark)
    }

    /// Longest step that a source of so many metres per second allows, s.
    pub(super) fn longest_for(&self, rate: f64, mark: f64) -> Result<f64, Stop> {
        let per_metre = 1.0 / self.dx + 1.0 / self.dy;
        let longest = time_step::for_sources(self.params.courant, rate, per_metre);
        if longest < time_step::SHORTEST_STEP {
            return Err(Stop::StepTooShort { cell: self.strongest_source(mark), dt: longest });
        }
        Ok(longest)
    }

    /// First sample of any series after the present.
    pub(super) fn next_sample(&self) -> f64 {
        let discharges = self.inflows.iter().map(|inflow| &inflow.discharge);
        let until = self.rates.as_ref().map_or(f64::INFINITY, Rates::until);
        [&self.loss]
            .into_iter()
            .chain(self.rain.everywhere())
            .chain(discharges)
            .chain(self.rim.series())
            .filter_map(|series| series.next_sample_after(self.time))
            .fold(until, f64::min)
    }

    /// Larger of the values of a series now and just before `mark`, where the step ends at the latest.
    fn peak(&self, series: &Series, mark: f64) -> f64 {
        series.at(self.time).max(if mark.is_finite() { series.before(mark) } else { 0.0 })
    }

    /// Largest depth per second that an inflow may bring to each of its cells until `mark`, m/s.
    fn inflow_rate(&self, inflow: &Inflow, mark: f64) -> f64 {
        self.peak(&inflow.discharge, mark) / (inflow.cells.len() as f64 * (self.dx * self.dy))
    }

    /// Largest depth per second that any cell may receive until `mark` other than over the rim, m/s.
    pub(super) fn source_rate(&self, mark: f64) -> f64 {
        let inflow = self.inflows.iter().map(|inflow| self.inflow_rate(inflow, mark)).sum::<f64>();
        let rain = match &self.rates {
            Some(rates) => rates.largest + self.roofs.largest,
            None => {
                let rain = self.rain.everywhere().map_or(0.0, |rain| self.peak(rain, mark));
                rain * (1.0 + self.roofs.largest)
            }
        };
        let pumped = self.structures.iter().map(Structure::capacity).fold(0.0, f64::max);
        let at_points = pumped.max(self.largest_return()) / (self.dx * self.dy);
        rain + at_points + inflow
    }

    /// A cell of the inflow or boundary that brings most until `mark`.
    fn strongest_source(&self, mark: f64) -> (usize, usize) {
        let inflows = self
            .inflows
            .iter()
            .filter_map(|inflow| inflow.cells.first().map(|&cell| (self.inflow_rate(inflow, mark), cell)));
        inflows
            .chain([self.rim.source_rate(self.time, mark, |_| true)])
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map_or((0, 0), |strongest| strongest.1)
    }
}
