//! The recipe: which stages a step has, and in which order; the balance of the gas.

use crate::gas::dense::shallow::air::Wind;
use crate::gas::dense::shallow::profile::{DEFAULT_SHAPE, share_at};
use crate::gas::dense::shallow::row::Fluid;
use crate::gas::dense::shallow::scratch::Scratch;
use crate::gas::dense::shallow::state::{Receptors, Record, State};
use crate::gas::dense::shallow::sweep::{self, CellRelease, Inputs, Outputs, Sums};
use crate::grid::{Field, Grid};
use crate::layer::account::Account;
use crate::layer::buffers::ScratchPool;
use crate::layer::edge::{self, Edge, Edges, Side};
use crate::layer::extent::{self, Extent};
use crate::layer::layout::Layout;
use crate::layer::limits::OUTSIDE_BED;
use crate::layer::rim::PerFace;
use crate::layer::row::StepNumbers;
use crate::layer::time_step::{self, Stop};
use crate::series::Series;

/// Constants of the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Params {
    /// Courant number, at most one.
    pub courant: f64,
    /// Shape S1 of the vertical profile.
    pub shape: f64,
    /// Froude number of an edge, over the depth of the layer behind it.
    pub front_froude: f64,
}

/// Froude number of an edge unless there is a reason for another.
///
/// # Source
/// The middle of 1.0 to 1.15, which box models have for heavy clouds (second-hand).
pub const FRONT_FROUDE: f64 = 1.1;

impl Default for Params {
    fn default() -> Self {
        Self { courant: 0.9, shape: DEFAULT_SHAPE, front_froude: FRONT_FROUDE }
    }
}

/// What is released: one fluid, gas and what came along with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Release {
    /// Density of the fluid as it lies on the ground, kg/m³.
    pub density: f64,
    /// Gas in it that harms, kg/m³; the density, where it is pure.
    pub gas: f64,
    /// Density of the air, kg/m³.
    pub air_density: f64,
}

impl Release {
    /// (ρ - ρa)/ρa of the fluid.
    pub fn excess(self) -> f64 {
        self.density / self.air_density - 1.0
    }
}

/// A release from some cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Rows and columns; each gets the same part.
    pub cells: Vec<(usize, usize)>,
    /// Volume of the fluid, m³/s.
    pub rate: Series,
}

/// All that a [`Solver`] starts from.
#[derive(Debug, Clone)]
pub struct Setup<'a> {
    /// Where the cells are.
    pub grid: &'a Grid,
    /// Ground level, m, buildings as high ground; NaN outside the area.
    pub bed: &'a Field,
    /// Depth of the fluid that stands on the ground at the start, m.
    pub initial_depth: &'a Field,
    /// What is released.
    pub release: Release,
    /// Where and how fast.
    pub sources: &'a [Source],
    /// The wind.
    pub wind: &'a Wind,
    /// What is recorded.
    pub receptors: &'a Receptors,
    /// Constants.
    pub params: Params,
}

/// The balance of the gas, kg.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Balance {
    /// On the ground at the start.
    pub initial: f64,
    /// Released since.
    pub released: f64,
    /// In the grid now.
    pub held: f64,
    /// Left over the western, eastern, southern and northern edge.
    pub left: [f64; 4],
    /// In layers that became fainter than a part in 1e9, which are air again.
    pub faded: f64,
    /// Handed over to another model.
    pub handed_over: f64,
    /// Added where the balance of a cell came out negative.
    pub clipped: f64,
}

impl Balance {
    /// What is missing or too much, over all gas.
    pub fn relative_error(&self) -> f64 {
        let came = self.initial + self.released + self.clipped;
        let went = self.left.iter().sum::<f64>() + self.faded + self.handed_over + self.held;
        if came > 0.0 { (went - came) / came } else { 0.0 }
    }
}

/// One column of the layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Depth, m.
    pub depth: f64,
    /// Mean concentration of the gas, kg/m³.
    pub mean: f64,
    /// Concentration at the height of the receptors, kg/m³.
    pub breathed: f64,
    /// Velocity along x and y, m/s.
    pub velocity: (f64, f64),
}

/// The gas of one run and everything that moves it.
#[derive(Debug)]
pub struct Solver {
    pub(super) layout: Layout,
    pub(super) grid: Grid,
    params: Params,
    pub(super) release: Release,
    bed: Vec<f64>,
    sources: Vec<Source>,
    /// What each cell gets, with the number of its source, in the order of rows and columns.
    released: Vec<(CellRelease, usize)>,
    pub(super) wind: Wind,
    receptors: Receptors,
    pub(super) state: State,
    next: State,
    record: Record,
    wet: Vec<Extent>,
    areas: Vec<Extent>,
    written: Vec<Extent>,
    next_written: Vec<Extent>,
    passed: PerFace,
    scratch: ScratchPool<Scratch>,
    /// Volumes of the released fluid, m³.
    initial: f64,
    came: Account,
    left: [Account; 4],
    faded: Account,
    clipped: Account,
    pub(super) handed_over: Account,
    pub(super) time: f64,
    steps: u64,
    last_step: f64,
    wave_rate: f64,
    wet_cells: f64,
}

/// Every edge of the grid is open: gas leaves and none comes in.
fn edges() -> Edges {
    Edges::all(Edge::Open)
}

impl Solver {
    /// A solver at time zero; the rayon pool of the caller does the work.
    ///
    /// The setup must be sound: shapes of the grid, finite numbers, cells inside the grid, a
    /// fluid heavier than air.
    pub fn new(setup: &Setup<'_>) -> Self {
        let grid = setup.grid;
        let layout = Layout { rows: grid.rows, columns: grid.columns };
        let mut bed = layout.pad(setup.bed, |level| if level.is_nan() { OUTSIDE_BED } else { level });
        edge::fill_bed(&mut bed, layout, edges());
        let mut state = State::clean(layout);
        state.depth = layout.pad(setup.initial_depth, |depth| depth);
        for ((depth, share), &bed) in state.depth.iter_mut().zip(&mut state.share).zip(&bed) {
            *depth = if bed < OUTSIDE_BED { *depth } else { 0.0 };
            *share = if *depth > 0.0 { 1.0 } else { 0.0 };
        }
        let mut solver = Self {
            layout,
            grid: grid.clone(),
            params: setup.params,
            release: setup.release,
            bed,
            sources: setup.sources.to_vec(),
            released: cells_in_order(setup.sources),
            wind: setup.wind.clone(),
            receptors: setup.receptors.clone(),
            next: State::clean(layout),
            state,
            record: Record::new(layout, setup.receptors),
            wet: extent::whole_tiles(layout),
            areas: extent::whole_tiles(layout),
            written: extent::whole_tiles(layout),
            next_written: vec![Extent::EMPTY; extent::whole_tiles(layout).len()],
            passed: PerFace::new(layout, 0.0),
            scratch: ScratchPool::new(Scratch::new),
            initial: 0.0,
            came: Account::default(),
            left: Default::default(),
            faded: Account::default(),
            clipped: Account::default(),
            handed_over: Account::default(),
            time: 0.0,
            steps: 0,
            last_step: 0.0,
            wave_rate: 0.0,
            wet_cells: 0.0,
        };
        solver.initial = solver.held_volume();
        // A step of no duration takes the start into the records.
        let sums = solver.advance(0.0, 0.0);
        (solver.wave_rate, solver.wet_cells) = (sums.wave_rate, sums.wet);
        solver
    }

    /// One step that ends at `mark` at the latest.
    ///
    /// # Errors
    /// [`Stop`] when a number is no longer finite or the step has collapsed.
    pub fn step(&mut self, mark: f64) -> Result<(), Stop> {
        let (dt, end) = self.choose_span(mark)?;
        self.gather_releases(end);
        let sums = self.advance(dt, end);
        self.check(&sums)?;
        self.book(dt, end, &sums);
        Ok(())
    }

    /// Length and end of the next step, s.
    fn choose_span(&self, mark: f64) -> Result<(f64, f64), Stop> {
        let samples = self.sources.iter().filter_map(|source| source.rate.next_sample_after(self.time));
        let mark = samples.fold(self.wind.next_sample_after(self.time).min(mark), f64::min);
        let for_waves = time_step::for_waves(self.params.courant, self.wave_rate);
        let per_metre = 1.0 / self.grid.dx + 1.0 / self.grid.dy;
        let rising: f64 = self.sources.iter().map(|source| self.rising(source, mark)).sum();
        let for_sources = time_step::for_sources(self.params.courant, rising, per_metre);
        let longest = for_waves.min(for_sources).min(time_step::LONGEST_STEP);
        if longest < time_step::SHORTEST_STEP {
            return Err(Stop::StepTooShort { cell: self.fastest_cell(), dt: longest });
        }
        let (dt, is_last) = time_step::divide(mark - self.time, longest);
        Ok((dt, if is_last { mark } else { self.time + dt }))
    }

    /// Depth per second that a source gives each of its cells at most until `mark`, m/s.
    fn rising(&self, source: &Source, mark: f64) -> f64 {
        let later = if mark.is_finite() { source.rate.before(mark) } else { 0.0 };
        source.rate.at(self.time).max(later) / (source.cells.len() as f64 * self.cell_area())
    }

    fn cell_area(&self) -> f64 {
        self.grid.dx * self.grid.dy
    }

    /// Depths that the sources bring during the step.
    fn gather_releases(&mut self, end: f64) {
        let area = self.cell_area();
        for (cell, number) in &mut self.released {
            let source = &self.sources[*number];
            cell.depth = source.rate.integral(self.time, end) / (source.cells.len() as f64 * area);
        }
    }

    /// Ghosts, tiles, sweep, and the new state becomes the present one.
    fn advance(&mut self, dt: f64, end: f64) -> Sums {
        let layout = self.layout;
        edge::fill_ghosts(&mut self.state.moving(), layout, edges());
        mirror_shares(&mut self.state.share, layout);
        self.passed.fill(0.0);
        let released: Vec<CellRelease> = merged(&self.released);
        let woken = released.iter().filter(|cell| cell.depth > 0.0).map(|cell| (cell.row, cell.column));
        extent::areas(layout, &self.state.depth, &self.wet, |_| false, woken, &mut self.areas);
        let Grid { dx, dy, .. } = self.grid;
        let inputs = Inputs {
            layout,
            numbers: StepNumbers {
                dt,
                dt_dx: dt / dx,
                dt_dy: dt / dy,
                inverse_dx: 1.0 / dx,
                inverse_dy: 1.0 / dy,
            },
            end,
            bed: &self.bed,
            old: &self.state,
            air: self.wind.at(end - 0.5 * dt),
            fluid: Fluid {
                excess: self.release.excess(),
                shape: self.params.shape as f32,
                froude: self.params.front_froude as f32,
            },
            released: &released,
            height: self.receptors.height,
            load: self.receptors.load,
            areas: &self.areas,
        };
        let outputs = Outputs {
            new: &mut self.next,
            record: &mut self.record,
            wet: &mut self.wet,
            written: &mut self.next_written,
            passed: &mut self.passed,
        };
        let sums = sweep::sweep(&inputs, outputs, &self.scratch);
        std::mem::swap(&mut self.state, &mut self.next);
        std::mem::swap(&mut self.written, &mut self.next_written);
        sums
    }

    /// Stops at the first number that is not finite.
    fn check(&self, sums: &Sums) -> Result<(), Stop> {
        if sums.wave_rate_sum.is_finite() && sums.clipped.is_finite() && sums.faded.is_finite() {
            return Ok(());
        }
        let state = &self.state;
        let is_broken = |&(row, column): &(usize, usize)| {
            let at = self.layout.at(row, column);
            ![state.depth[at], state.share[at], state.u[at], state.v[at]]
                .iter()
                .all(|number| number.is_finite())
        };
        Err(Stop::NotFinite { cell: self.cells().find(is_broken).unwrap_or((0, 0)) })
    }

    /// Clock and balance.
    fn book(&mut self, dt: f64, end: f64, sums: &Sums) {
        let (area, layout) = (self.cell_area(), self.layout);
        for source in &self.sources {
            self.came.add(source.rate.integral(self.time, end));
        }
        self.clipped.add(sums.clipped * area);
        self.faded.add(sums.faded * area);
        // What flowed out had the share of the state before the step.
        for side in Side::ALL {
            let length = if side.is_across_x() { self.grid.dy } else { self.grid.dx };
            for (index, &volume) in self.passed.0[side as usize].iter().enumerate() {
                let (row, column) = edge::Face { side, index }.cell((layout.rows, layout.columns));
                self.left[side as usize].add(volume * length * dt * self.next.share[layout.at(row, column)]);
            }
        }
        self.time = end;
        self.steps += 1;
        self.last_step = dt;
        (self.wave_rate, self.wet_cells) = (sums.wave_rate, sums.wet);
    }

    /// Every cell in the order of rows and columns.
    pub(super) fn cells(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let columns = self.layout.columns;
        (0..self.layout.rows).flat_map(move |row| (0..columns).map(move |column| (row, column)))
    }

    /// The cell with the largest speed.
    fn fastest_cell(&self) -> (usize, usize) {
        let speed = |&(row, column): &(usize, usize)| {
            let at = self.layout.at(row, column);
            self.state.u[at].hypot(self.state.v[at])
        };
        self.cells().max_by(|a, b| speed(a).total_cmp(&speed(b))).unwrap_or((0, 0))
    }

    /// Volume of the released fluid in the grid now, m³.
    fn held_volume(&self) -> f64 {
        let mut sum = Account::default();
        for row in 0..self.layout.rows {
            let at = self.layout.at(row, 0);
            let here = at..at + self.layout.columns;
            for (&depth, &share) in self.state.depth[here.clone()].iter().zip(&self.state.share[here]) {
                sum.add(depth * share);
            }
        }
        sum.total() * self.cell_area()
    }

    /// The balance of the gas now.
    pub fn balance(&self) -> Balance {
        let gas = self.release.gas;
        Balance {
            initial: self.initial * gas,
            released: self.came.total() * gas,
            held: self.held_volume() * gas,
            left: self.left.map(|side| side.total() * gas),
            faded: self.faded.total() * gas,
            handed_over: self.handed_over.total() * gas,
            clipped: self.clipped.total() * gas,
        }
    }

    /// The layer in one cell now.
    pub fn sample(&self, row: usize, column: usize) -> Sample {
        let at = self.layout.at(row, column);
        let (depth, share) = (self.state.depth[at], self.state.share[at]);
        let breathed =
            share_at(share as f32, depth as f32, self.receptors.height as f32, self.params.shape as f32);
        Sample {
            depth,
            mean: share * self.release.gas,
            breathed: f64::from(breathed) * self.release.gas,
            velocity: (self.state.u[at], self.state.v[at]),
        }
    }

    /// Shape of the vertical profile.
    pub(super) fn shape(&self) -> f64 {
        self.params.shape
    }

    /// Sets a layer that has not taken a step yet in motion, m/s.
    pub fn set_in_motion(&mut self, u: &Field, v: &Field) {
        for (row, column) in self.cells() {
            let at = self.layout.at(row, column);
            let is_there = self.state.depth[at] > 0.0;
            self.state.u[at] = if is_there { u[(row, column)] } else { 0.0 };
            self.state.v[at] = if is_there { v[(row, column)] } else { 0.0 };
        }
        self.wave_rate = self.advance(0.0, 0.0).wave_rate;
    }

    /// Depth now, m.
    pub fn depth(&self) -> Field {
        self.layout.unpad(&self.state.depth)
    }

    /// Mean share of the released fluid in the layer now.
    pub fn share(&self) -> Field {
        self.layout.unpad(&self.state.share)
    }

    /// Velocity now along x and y, m/s.
    pub fn velocity(&self) -> (Field, Field) {
        (self.layout.unpad(&self.state.u), self.layout.unpad(&self.state.v))
    }

    /// What is remembered of every cell, padded as [`Solver::layout`] says.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// How the padded arrays are laid out.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Simulated time, s.
    pub fn time(&self) -> f64 {
        self.time
    }

    /// Steps taken.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Length of the last step, s.
    pub fn last_step(&self) -> f64 {
        self.last_step
    }

    /// Number of cells that hold gas.
    pub fn wet_cells(&self) -> f64 {
        self.wet_cells
    }
}

/// The cells of all sources in the order of rows and columns.
fn cells_in_order(sources: &[Source]) -> Vec<(CellRelease, usize)> {
    let mut cells: Vec<(CellRelease, usize)> = Vec::new();
    for (number, source) in sources.iter().enumerate() {
        let cell = |&(row, column): &(usize, usize)| (CellRelease { row, column, depth: 0.0 }, number);
        cells.extend(source.cells.iter().map(cell));
    }
    cells.sort_by_key(|(cell, number)| (cell.row, cell.column, *number));
    cells
}

/// One entry per cell, where several sources have it.
fn merged(released: &[(CellRelease, usize)]) -> Vec<CellRelease> {
    let mut merged: Vec<CellRelease> = Vec::with_capacity(released.len());
    for (cell, _) in released {
        match merged.last_mut() {
            Some(last) if (last.row, last.column) == (cell.row, cell.column) => last.depth += cell.depth,
            _ => merged.push(*cell),
        }
    }
    merged
}

/// Writes the ghosts of the shares.
fn mirror_shares(share: &mut [f64], layout: Layout) {
    let (stride, rows, columns) = (layout.stride(), layout.rows, layout.columns);
    for row in 1..=rows {
        share[row * stride] = share[row * stride + 1];
        share[row * stride + columns + 1] = share[row * stride + columns];
    }
    for column in 1..=columns {
        share[column] = share[stride + column];
        share[(rows + 1) * stride + column] = share[rows * stride + column];
    }
}
