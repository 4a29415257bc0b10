//! The recipe: which stages a step has, and in which order.

pub mod lent;
mod parts;
mod span;

pub use crate::flood::arrays::Arrays;
use crate::flood::barrier::Barriers;
use crate::flood::boundary::rim::Rim;
use crate::flood::boundary::{self, Edge, Side};
use crate::flood::breach::{Breach, Progress};
use crate::flood::inflow::{self, CellInflow, Inflow};
use crate::flood::params::{DRY_DEPTH, Params, Setup};
use crate::flood::part::{Part, Slab};
use crate::flood::rain;
use crate::flood::rain::{Rain, Rates};
use crate::flood::record::{HazardPeak, Peaks, Threshold};
use crate::flood::roofs::Roofs;
use crate::flood::state::{Ground, Layout, State, Terrain};
use crate::flood::structure::{self, Heads, Service, Structure};
use crate::flood::sweep::{self, Extent, Inputs, Outputs, Scratch, Span, Sums};
use crate::flood::time_step::crossing_speed;
use crate::flood::volumes::{Account, Volumes};
use crate::grid::{Field, Grid};
use crate::layer::buffers::ScratchPool;
pub use crate::layer::time_step::Stop;
use crate::series::Series;

/// The water of one run and everything that moves it.
#[derive(Debug)]
pub struct Solver {
    pub(super) layout: Layout,
    pub(super) slab: Slab,
    /// The other parts; none where the solver has the whole grid.
    pub(super) part: Option<Part>,
    pub(super) dx: f64,
    pub(super) dy: f64,
    params: Params,
    terrain: Terrain,
    pub(super) rim: Rim,
    rain: Rain,
    /// Rain by cell, where it differs from cell to cell.
    rates: Option<Rates>,
    /// Roofs whose rain does not stay.
    roofs: Roofs,
    roof_bytes: u64,
    loss: Series,
    pub(super) ground: Ground,
    pub(super) inflows: Vec<Inflow>,
    pub(super) inflow_cells: Vec<CellInflow>,
    /// What spills from each manhole, m³/s.
    pub(super) returns: Vec<f64>,
    structures: Vec<Structure>,
    breaches: Vec<(Breach, Progress)>,
    pub(super) services: Vec<Service>,
    pub(super) barriers: Barriers,
    pub(super) state: State,
    pub(super) next: State,
    pub(super) peaks: Peaks,
    pub(super) thresholds: Vec<Threshold>,
    pub(super) hazards: Vec<HazardPeak>,
    /// Where the present water is, and what may change in the next step, tile by tile.
    pub(super) wet: Vec<Extent>,
    areas: Vec<Extent>,
    /// What of the present and of the next state is not zero, tile by tile.
    pub(super) written: Vec<Extent>,
    pub(super) next_written: Vec<Extent>,
    scratch: ScratchPool<Scratch>,
    pub(super) volumes: Volumes,
    pub(super) time: f64,
    pub(super) steps: u64,
    pub(super) wave_rate: f64,
    pub(super) wet_cells: f64,
    pub(super) last_step: f64,
    broken_from_the_start: Option<Stop>,
}

impl Solver {
    /// A solver at time zero; the rayon pool of the caller does the work.
    ///
    /// The setup must be sound: shapes of the grid, finite numbers, inflow cells
    /// inside the grid ([`crate::run::flood::simulate`] sees to that).
    pub fn new(setup: &Setup<'_>) -> Self {
        let slab = Slab::whole(Layout { rows: setup.grid.rows, columns: setup.grid.columns });
        Self::on(setup, slab, None)
    }

    /// A solver of some rows of the grid.
    fn on(setup: &Setup<'_>, slab: Slab, mut part: Option<Part>) -> Self {
        let (grid, layout) = (setup.grid, slab.layout());
        let mut terrain = Terrain::new(setup, &slab);
        let rim = Rim::new(setup, &slab, &mut terrain);
        let is_staggered = setup.params.scheme.is_staggered();
        let mut state = State::dry(layout, is_staggered);
        state.depth = slab.pad(setup.initial_depth, |depth| if depth.is_nan() { 0.0 } else { depth });
        for (depth, &bed) in state.depth.iter_mut().zip(&terrain.bed) {
            *depth = rain::on_cell(*depth, bed);
        }
        let (bands, strips) = sweep::tiles(layout);
        let rains_by_cell = setup.rain.everywhere().is_none();
        let mut roofs = Roofs::new(setup.buildings, setup.bed, (&slab, &terrain.bed), rains_by_cell);
        let rates = match setup.rain {
            Rain::Spread(spread) => Some(Rates::new(spread, (&slab, &terrain.bed), &mut roofs, &mut part)),
            Rain::Everywhere(_) => None,
        };
        let mut solver = Self {
            layout,
            dx: grid.dx,
            dy: grid.dy,
            params: setup.params,
            next: State::dry(layout, is_staggered),
            peaks: Peaks::new(layout),
            thresholds: setup.thresholds.iter().map(|&depth| Threshold::new(layout, depth)).collect(),
            hazards: Vec::new(),
            rain: setup.rain.clone(),
            rates,
            inflow_cells: inflow::cells_in_order(setup.inflows, roofs.inflows(setup.inflows.len())),
            roofs,
            roof_bytes: Roofs::bytes(setup.buildings),
            ground: Ground::new(setup.soils, &slab),
            loss: setup.loss.clone(),
            inflows: setup.inflows.to_vec(),
            structures: setup.structures.to_vec(),
            breaches: setup
                .breaches
                .iter()
                .map(|breach| (breach.clone(), Progress::new(breach, &terrain.bed, layout)))
                .collect(),
            services: vec![Service::new(); setup.structures.len()],
            barriers: Barriers::new(setup.barriers, layout, &terrain),
            returns: Vec::new(),
            wet: sweep::whole_tiles(layout),
            areas: sweep::whole_tiles(layout),
            written: sweep::whole_tiles(layout),
            next_written: vec![Extent::EMPTY; bands * strips],
            scratch: ScratchPool::new(Scratch::new),
            volumes: Volumes {
                boundaries: vec![Default::default(); setup.boundaries.len()],
                ..Volumes::default()
            },
            time: 0.0,
            steps: 0,
            wave_rate: 0.0,
            wet_cells: 0.0,
            last_step: 0.0,
            broken_from_the_start: None,
            terrain,
            rim,
            state,
            slab,
            part,
        };
        solver.begin();
        solver
    }

    /// Takes the initial state into the records: a step of no duration.
    pub(super) fn begin(&mut self) {
        self.volumes.initial = self.volume_of_all();
        let sums = self.advance(Span { dt: 0.0, end: 0.0, rain: 0.0, loss: 0.0 });
        self.wave_rate = sums.wave_rate;
        self.wet_cells = sums.wet;
        // What broke before stays broken: such cells may count as dry by now.
        let broken = self.check(&sums).err();
        self.broken_from_the_start = self.broken_from_the_start.or(broken);
    }

    /// One step that ends at `mark` at the latest.
    ///
    /// # Errors
    /// [`Stop`] when a number is no longer finite or the step has collapsed.
    pub fn step(&mut self, mark: f64) -> Result<(), Stop> {
        if let Some(stop) = self.broken_from_the_start {
            return Err(stop);
        }
        self.sink_ground();
        self.fill_rim(self.time);
        self.find_fastest_ghost();
        self.look_at_rain();
        let span = self.choose_span(mark)?;
        self.run_structures(span);
        self.gather_inflow(span);
        let sums = self.advance(span);
        self.check(&sums)?;
        self.book(span, &sums);
        Ok(())
    }

    /// Takes the rates of the interval that has begun, where rain differs from cell to cell.
    pub(super) fn look_at_rain(&mut self) {
        if let Some(rates) = &mut self.rates {
            let ground = (&self.slab, self.terrain.bed.as_slice());
            rates.look(self.time, ground, &mut self.roofs, &mut self.part);
        }
    }

    /// Depths that the inflows and the roofs bring during the step.
    fn gather_inflow(&mut self, span: Span) {
        let (area, unit, first_manhole) = (self.dx * self.dy, self.rain_unit(span), self.first_manhole());
        for cell in &mut self.inflow_cells {
            cell.depth = match self.inflows.get(cell.source) {
                Some(inflow) => inflow.volume(self.time, span.end) / (inflow.cells.len() as f64 * area),
                None if cell.source < first_manhole => {
                    self.roofs.share_of(cell.source - self.inflows.len()) * unit
                }
                None => self.returns[cell.source - first_manhole] * span.dt / area,
            };
        }
    }

    /// Where manholes begin among the sources of inflow: after the inflows and the roofs.
    pub(super) fn first_manhole(&self) -> usize {
        self.inflows.len() + self.roofs.len()
    }

    /// Depth for which a one stands in the rain by cell and in the shares of roofs, m.
    fn rain_unit(&self, span: Span) -> f64 {
        if self.rates.is_some() { span.dt } else { span.rain }
    }

    /// Lets the ground of breaches sink to where it is now.
    pub(super) fn sink_ground(&mut self) {
        let (layout, depth) = (self.layout, &self.state.depth);
        let mut sank = false;
        for (breach, progress) in &mut self.breaches {
            let bed = &mut self.terrain.bed;
            let level =
                |(row, column): (usize, usize)| bed[layout.at(row, column)] + depth[layout.at(row, column)];
            progress.look(breach, self.time, level);
            sank |= progress.sink(breach, self.time, bed, layout);
        }
        if sank {
            boundary::fill_bed(&mut self.terrain.bed, layout, self.params.edges);
        }
    }

    /// When each breach began, s; infinite where it has not.
    pub fn begun(&self) -> impl Iterator<Item = f64> + '_ {
        self.breaches.iter().map(|(_, progress)| progress.begun)
    }

    /// Begins of the breaches, to be kept and put back.
    pub(super) fn begins(&mut self) -> impl Iterator<Item = &mut f64> {
        self.breaches.iter_mut().map(|(_, progress)| &mut progress.begun)
    }

    /// Lets every structure move its water, one after another.
    fn run_structures(&mut self, span: Span) {
        let area = self.dx * self.dy;
        for (structure, service) in self.structures.iter().zip(&mut self.services) {
            let water = |cell: Option<(usize, usize)>| match cell {
                None => (f64::NEG_INFINITY, 0.0),
                Some((row, column)) => {
                    let at = self.layout.at(row, column);
                    (self.terrain.bed[at] + self.state.depth[at], self.state.depth[at])
                }
            };
            let ((from_level, from_depth), (to_level, to_depth)) =
                (water(Some(structure.from)), water(structure.to));
            let heads = Heads { from_level, from_depth, to_level, to_depth, time: self.time };
            let volume = structure::moved(structure, heads, (span.dt, area), service);
            let depth = volume / area;
            for (cell, gain) in [(Some(structure.from), -depth), (structure.to, depth)] {
                let Some((row, column)) = cell.filter(|_| gain != 0.0) else { continue };
                self.state.gain(self.layout.at(row, column), gain);
                sweep::wake(self.layout, (row, column), &mut self.wet);
                sweep::wake(self.layout, (row, column), &mut self.written);
            }
            if structure.to.is_none() {
                self.volumes.taken_out.add(volume);
            }
        }
    }

    /// Ghosts, tiles, sweep, and the new state becomes the present one.
    fn advance(&mut self, span: Span) -> Sums {
        let start = span.end - span.dt;
        self.meet_neighbours();
        self.fill_rim(start + 0.5 * span.dt);
        self.rim.give(self.time, span.end);
        self.rim.clear();
        let flows = |cell: &&CellInflow| cell.depth > 0.0;
        let inflow_cells = self.part.as_ref().map_or(&self.inflow_cells, |part| &part.inflow);
        let inflow = inflow_cells.iter().filter(flows).map(|cell| (cell.row, cell.column));
        let raining = |tile: usize| match &self.rates {
            Some(rates) => span.dt > 0.0 && rates.falls[tile],
            None => span.rain > 0.0,
        };
        sweep::areas(self.layout, &self.state.depth, &self.wet, raining, inflow, &mut self.areas);
        parts::keep_own(&self.slab, &mut self.areas);
        let rain_unit = self.rain_unit(span);
        let Ground { soils, store } = &mut self.ground;
        self.barriers.look(&self.state, &self.terrain, (self.dx, self.dy), span);
        let (barriers, crossed) = sweep::barrier_parts(&mut self.barriers);
        let inputs = Inputs {
            layout: self.layout,
            dx: self.dx,
            dy: self.dy,
            scheme: self.params.scheme,
            terrain: &self.terrain,
            old: &self.state,
            span,
            inflow: inflow_cells,
            rates: match &self.rates {
                Some(rates) => Some(rates.of_cell.as_slice()),
                None => Some(self.roofs.open.as_slice()).filter(|open| !open.is_empty()),
            },
            rain_unit,
            soils: soils.for_step(span.dt),
            given: &self.rim.given,
            barriers,
            areas: &self.areas,
        };
        let outputs = Outputs {
            new: &mut self.next,
            peaks: &mut self.peaks,
            thresholds: &mut self.thresholds,
            hazards: &mut self.hazards,
            store,
            wet: &mut self.wet,
            written: &mut self.next_written,
            passed: &mut self.rim.passed,
            crossed,
        };
        let bands = sweep::sweep(&inputs, outputs, &self.scratch);
        std::mem::swap(&mut self.state, &mut self.next);
        std::mem::swap(&mut self.written, &mut self.next_written);
        self.sum_up(bands)
    }

    /// Stops at the first number that is not finite.
    fn check(&mut self, sums: &Sums) -> Result<(), Stop> {
        let finite = sums.wave_rate_sum.is_finite() && sums.clipped.is_finite();
        if finite {
            return Ok(());
        }
        let state = &self.state;
        let broken =
            |at: usize| !(state.depth[at].is_finite() && state.u[at].is_finite() && state.v[at].is_finite());
        let found = self.own_cells().find(|&(r, c)| broken(self.layout.at(r, c)));
        Err(Stop::NotFinite { cell: self.first_of_all(found).unwrap_or((0, 0)) })
    }

    /// Clock and ledger.
    fn book(&mut self, span: Span, sums: &Sums) {
        let area = self.dx * self.dy;
        let rain = match &self.rates {
            Some(rates) => span.dt * rates.sum,
            None => span.rain * (self.terrain.inside - self.roofs.inside) as f64,
        };
        self.volumes.rain.add(rain * area);
        let on_roofs = self.roofs.sum * self.rain_unit(span) * area;
        self.volumes.rain.add(on_roofs);
        self.volumes.roof.add(on_roofs);
        let first_manhole = self.first_manhole();
        for cell in &self.inflow_cells {
            let Volumes { inflow, from_sewer, .. } = &mut self.volumes;
            if cell.source < self.inflows.len() {
                inflow.add(cell.depth * area);
            } else if cell.source >= first_manhole {
                from_sewer.add(cell.depth * area);
            }
        }
        self.volumes.loss.add((sums.lost - sums.infiltrated) * area);
        self.volumes.infiltration.add(sums.infiltrated * area);
        self.volumes.clipped.add(sums.clipped * area);
        let passed = self.part.as_ref().map_or(&self.rim.passed, |part| &part.passed);
        let (sides, boundaries) = self.rim.sorted(passed, (self.dx, self.dy));
        for (account, rate) in self.volumes.outflow.iter_mut().zip(sides) {
            account.add(rate * span.dt);
        }
        for ((inwards, outwards), rate) in self.volumes.boundaries.iter_mut().zip(boundaries) {
            inwards.add(rate.0 * span.dt);
            outwards.add(rate.1 * span.dt);
        }
        self.barriers.book((self.dx, self.dy), span);
        self.time = span.end;
        self.steps += 1;
        self.wave_rate = sums.wave_rate;
        self.wet_cells = sums.wet;
        self.last_step = span.dt;
    }

    /// Every cell in the order of rows and columns.
    fn cells(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let columns = self.layout.columns;
        (0..self.layout.rows).flat_map(move |row| (0..columns).map(move |column| (row, column)))
    }

    /// Those of them that are computed here.
    fn own_cells(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let own = self.slab.own_here();
        self.cells().filter(move |cell| own.contains(&cell.0))
    }

    /// The cell whose waves cross it in the shortest time.
    pub fn fastest_cell(&self) -> (usize, usize) {
        self.fastest_of(self.cells()).map_or((0, 0), |fastest| fastest.1)
    }

    /// The fastest of some cells with its rate, 1/s.
    fn fastest_of(&self, cells: impl Iterator<Item = (usize, usize)>) -> Option<(f64, (usize, usize))> {
        let rate = |(row, column): (usize, usize)| {
            let at = self.layout.at(row, column);
            let c = (crate::units::GRAVITY * self.state.depth[at]).sqrt() as f32;
            let speed = |velocity: f64| f64::from(crossing_speed(velocity as f32, c));
            speed(self.state.u[at]) / self.dx + speed(self.state.v[at]) / self.dy
        };
        cells.map(|cell| (rate(cell), cell)).max_by(|a, b| a.0.total_cmp(&b.0))
    }

    /// Volume of water in all cells now, m³, summed row by row.
    pub fn stored_volume(&self) -> f64 {
        self.add_depths(Account::default()).total() * (self.dx * self.dy)
    }

    /// Adds the depths of the own rows to a sum, row by row.
    fn add_depths(&self, mut sum: Account) -> Account {
        for row in self.slab.own_here() {
            let at = self.layout.at(row, 0);
            for &depth in &self.state.depth[at..at + self.layout.columns] {
                sum.add(depth);
            }
        }
        sum
    }

    /// What each structure of the setup has done.
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// Volumes that came and went.
    pub fn volumes(&self) -> &Volumes {
        &self.volumes
    }

    /// Edges over which water may leave, with the volume that did, m³.
    pub fn open_edges(&self) -> Vec<(&'static str, f64)> {
        let edges = self.params.edges;
        Side::ALL
            .map(Side::name)
            .into_iter()
            .zip([edges.west, edges.east, edges.south, edges.north])
            .zip(&self.volumes.outflow)
            .filter(|((_, edge), _)| *edge == Edge::Open)
            .map(|((name, _), volume)| (name, volume.total()))
            .collect()
    }

    /// Positions of the boundaries with a rating curve that the water has topped.
    pub fn above_curve(&self) -> impl Iterator<Item = usize> + '_ {
        self.rim.above_curve.iter().enumerate().filter(|(_, above)| **above).map(|(number, _)| number)
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

    /// Number of cells that hold water.
    pub fn wet_cells(&self) -> f64 {
        self.wet_cells
    }

    /// Depth now, m.
    pub fn depth(&self) -> Field {
        self.layout.unpad(&self.state.depth)
    }

    /// Velocity now along x and y, m/s.
    pub fn velocity(&self) -> (Field, Field) {
        (self.layout.unpad(&self.state.u), self.layout.unpad(&self.state.v))
    }

    /// Depth, m, and velocity along x and y, m/s, of one cell now. A part of a flood knows its own
    /// cells and those that are watched ([`Solver::watch`]).
    pub fn water_at(&self, row: usize, column: usize) -> (f64, f64, f64) {
        if let Some(part) = &self.part
            && !self.slab.own.contains(&row)
        {
            return part.water_at((row, column)).unwrap_or_default();
        }
        let at = self.layout.at(row - self.slab.held.start, column);
        (self.state.depth[at], self.state.u[at], self.state.v[at])
    }

    /// Sets water that has not taken a step yet in motion; dry cells stay still.
    ///
    /// # Units
    /// - `u`, `v`: velocity along x and y, m/s, finite numbers on the grid of the setup
    pub fn set_in_motion(&mut self, u: &Field, v: &Field) {
        for (row, column) in self.cells() {
            let at = self.layout.at(row, column);
            let is_wet = self.state.depth[at] > DRY_DEPTH;
            self.state.u[at] = if is_wet { u[(row, column)] } else { 0.0 };
            self.state.v[at] = if is_wet { v[(row, column)] } else { 0.0 };
        }
        self.begin();
    }

    /// Largest depth so far, when it came, and largest speed so far.
    pub fn peaks(&self) -> &Peaks {
        &self.peaks
    }

    /// What is known about each threshold of the setup.
    pub fn thresholds(&self) -> &[Threshold] {
        &self.thresholds
    }

    /// How the padded arrays are laid out.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Bytes of the arrays.
    pub fn memory_bytes(&self) -> u64 {
        let Layout { rows, columns } = self.layout;
        let arrays = Arrays {
            thresholds: self.thresholds.len(),
            hazards: self.hazards.len(),
            varied_friction: self.varied_friction(),
            rain_by_cell: self.has_rain_by_cell(),
            lists: self.roof_bytes,
            soils: !self.ground.store.is_empty(),
            scheme: self.params.scheme,
        };
        arrays.bytes(rows, columns)
    }

    /// Bytes that one cell-step must at least read and write: every array once.
    pub fn bytes_per_cell_step(&self) -> f64 {
        let single = 4 * usize::from(self.varied_friction());
        // Depth and two velocities or discharges are read; both are written where both are kept.
        let written = if self.params.scheme.is_staggered() { 5 } else { 3 };
        let peaks = 2 * 4 * (3 + self.hazards.len());
        let thresholds = 2 * 8 * 2 * self.thresholds.len();
        let rain = if self.has_rain_by_cell() { 4 } else { 0 };
        let soils = if self.ground.store.is_empty() { 0 } else { 2 * 8 + 1 };
        (8 * (1 + 3 + written) + single + peaks + thresholds + rain + soils) as f64
    }

    /// True if discharges through the faces are part of the state.
    pub(super) fn is_staggered(&self) -> bool {
        self.params.scheme.is_staggered()
    }

    /// True if the sweep reads the rain of every cell.
    fn has_rain_by_cell(&self) -> bool {
        self.rates.is_some() || !self.roofs.open.is_empty()
    }

    /// True if rain on roofs leaves the model.
    pub fn roofs_lose_rain(&self) -> bool {
        self.roofs.lose_rain()
    }

    fn varied_friction(&self) -> bool {
        matches!(self.terrain.friction, crate::flood::state::Friction::Field(_))
    }

    /// A grid that this solver can run on.
    pub fn fits(grid: &Grid, field: &Field) -> bool {
        field.dim() == grid.shape()
    }
}
