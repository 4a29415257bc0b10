//! What receptors remember of the puffs that passed.

use rayon::prelude::*;

use crate::gas::puff::kernel::{Points, Profile, add_puff, add_scaled, runs};
use crate::gas::puff::train::Train;
use crate::grid::Grid;

/// Points that are computed together by one thread.
const POINT_BLOCK: usize = 256;

/// What is remembered besides the largest concentration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Remember {
    /// Concentration whose first time is kept, kg/m³.
    pub threshold: f64,
    /// n of the dose ∫ cⁿ dt.
    pub exponent: f64,
    /// Concentration of the pure gas, kg/m³, to which the bells are cut near the source;
    /// infinite for no cut.
    pub pure_gas: f64,
}

/// What every receptor has seen so far, one array for each quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Concentration at the last time, kg/m³.
    pub concentration: Vec<f64>,
    /// Largest concentration, kg/m³.
    pub largest: Vec<f64>,
    /// When it was, s; NaN where nothing came.
    pub time_of_largest: Vec<f64>,
    /// First time at which the threshold was reached, s, to within a step; NaN where it never was.
    pub arrival: Vec<f64>,
    /// ∫ cⁿ dt, (kg/m³)ⁿ s.
    pub dose: Vec<f64>,
}

impl Seen {
    fn new(receptors: usize) -> Self {
        Self {
            concentration: vec![0.0; receptors],
            largest: vec![0.0; receptors],
            time_of_largest: vec![f64::NAN; receptors],
            arrival: vec![f64::NAN; receptors],
            dose: vec![0.0; receptors],
        }
    }

    /// Cuts it into parts of equal length that can be worked on at the same time.
    fn parts(&mut self, length: usize) -> Vec<Part<'_>> {
        self.concentration
            .chunks_mut(length)
            .zip(self.largest.chunks_mut(length))
            .zip(self.time_of_largest.chunks_mut(length))
            .zip(self.arrival.chunks_mut(length))
            .zip(self.dose.chunks_mut(length))
            .map(|((((concentration, largest), time_of_largest), arrival), dose)| Part {
                concentration,
                largest,
                time_of_largest,
                arrival,
                dose,
            })
            .collect()
    }
}

/// A part of the receptors.
struct Part<'a> {
    concentration: &'a mut [f64],
    largest: &'a mut [f64],
    time_of_largest: &'a mut [f64],
    arrival: &'a mut [f64],
    dose: &'a mut [f64],
}

impl Part<'_> {
    /// Takes the present concentrations of some receptors into what they remember.
    fn remember(&mut self, which: std::ops::Range<usize>, time: f64, step: f64, what: Remember) {
        for i in which {
            let value = self.concentration[i].min(what.pure_gas);
            self.concentration[i] = value;
            if value > self.largest[i] {
                self.largest[i] = value;
                self.time_of_largest[i] = time;
            }
            if value >= what.threshold && self.arrival[i].is_nan() {
                self.arrival[i] = time;
            }
            if value > 0.0 {
                let power = if what.exponent == 1.0 { value } else { value.powf(what.exponent) };
                self.dose[i] += power * step;
            }
        }
    }
}

/// Receptors on a grid, all at one height.
#[derive(Debug, Clone, PartialEq)]
pub struct GridRecord {
    grid: Grid,
    height: f64,
    remember: Remember,
    seen: Seen,
}

impl GridRecord {
    /// A record that has seen nothing.
    ///
    /// # Units
    /// - `height`: of the receptors above ground, m
    pub fn new(grid: Grid, height: f64, remember: Remember) -> Self {
        let seen = Seen::new(grid.cells());
        Self { grid, height, remember, seen }
    }

    /// Where the receptors are.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// What was seen, row after row.
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// Takes in the present state of a train; to be called after each of its steps.
    ///
    /// Rows are independent of each other and puffs are added in their order, so
    /// the result does not depend on the number of threads. Returns the number of
    /// pairs of a puff and a receptor that were computed.
    pub fn observe(&mut self, train: &Train<'_>) -> usize {
        let (grid, height, what) = (&self.grid, self.height, self.remember);
        let (time, step) = (train.time(), train.step_length());
        let profiles: Vec<Profile> = (0..train.len())
            .into_par_iter()
            .filter_map(|i| Profile::new(&train.puffs, i, grid, height))
            .collect();
        let rows = self.seen.parts(grid.columns);
        rows.into_par_iter()
            .enumerate()
            .map(|(row, mut part)| {
                part.concentration.fill(0.0);
                let y = grid.y(row);
                let (mut first, mut last, mut pairs) = (grid.columns, 0, 0);
                for profile in &profiles {
                    if let Some(factor) = profile.at_row(y) {
                        let end = profile.first + profile.values.len();
                        add_scaled(&mut part.concentration[profile.first..end], &profile.values, factor);
                        (first, last) = (first.min(profile.first), last.max(end));
                        pairs += profile.values.len();
                    }
                }
                part.remember(first..last, time, step, what);
                pairs
            })
            .sum()
    }
}

/// Receptors at points of any height.
#[derive(Debug, Clone, PartialEq)]
pub struct PointRecord {
    x: Vec<f64>,
    y: Vec<f64>,
    height: Vec<f64>,
    ground: Vec<f64>,
    remember: Remember,
    seen: Seen,
}

impl PointRecord {
    /// A record that has seen nothing; points are (x, y, height above ground), m.
    pub fn new(points: &[[f64; 3]], remember: Remember) -> Self {
        let part = |axis: usize| points.iter().map(|point| point[axis]).collect();
        let ground = vec![0.0; points.len()];
        Self { x: part(0), y: part(1), height: part(2), ground, remember, seen: Seen::new(points.len()) }
    }

    /// The same points, the first of them on ground that lies so much higher than that of the sources, m.
    #[must_use]
    pub fn on_ground(mut self, ground: &[f64]) -> Self {
        self.ground.iter_mut().zip(ground).for_each(|(here, &ground)| *here = ground);
        self
    }

    /// What was seen, in the order of the points.
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// Takes in the present state of a train; to be called after each of its steps.
    ///
    /// Fastest where points of one height follow each other.
    pub fn observe(&mut self, train: &Train<'_>) {
        let (time, step, what) = (train.time(), train.step_length(), self.remember);
        let (x, y, height, ground) = (&self.x, &self.y, &self.height, &self.ground);
        self.seen.parts(POINT_BLOCK).into_par_iter().enumerate().for_each(|(block, mut part)| {
            let from = block * POINT_BLOCK;
            let to = from + part.concentration.len();
            let points = Points {
                x: &x[from..to],
                y: &y[from..to],
                height: &height[from..to],
                ground: &ground[from..to],
            };
            let runs = runs(points.height, points.ground);
            part.concentration.fill(0.0);
            for i in 0..train.len() {
                add_puff(&train.puffs, i, points, &runs, part.concentration);
            }
            part.remember(0..to - from, time, step, what);
        });
    }
}
