//! Sets a flood up from formulas, runs it and keeps what cases compare.

use sim_core::error::Result;
use sim_core::flood::boundary::{self, Boundary, Face, Kind, Side};
use sim_core::flood::flux::{self, Scheme};
use sim_core::flood::place::Places;
use sim_core::flood::{Edge, Edges, Inflow, ProductSettings, Soils, Solver};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::run::Unobserved;
use sim_core::run::flood::{FloodCase, FloodOutcome, Probe, simulate_probed};
use sim_core::series::Series;

use crate::{Effort, Reading, Settings};

/// Largest relative error of the water balance in any case.
///
/// # Source
/// The project's own bar; the best codes in double precision publish 3e-8 to 1e-6.
const BALANCE_TOLERANCE: f64 = 1e-9;

/// Depth from which a front counts as arrived unless a case says otherwise, m.
const USUAL_ARRIVAL: f64 = 0.01;

/// Steps between two looks at the speed of all cells.
const STEPS_PER_SPEED: u64 = 50;

/// Rows of a flow that depends on x alone: the least that has an inner row.
const CHANNEL_ROWS: usize = 3;

/// Width of a cell across a channel over its length: across it nothing happens,
/// and wide cells leave the time step to the waves along it.
const CHANNEL_WIDTH: f64 = 10.0;

/// What happens at a side of the grid where that is more than a wall or an open edge.
#[derive(Debug, Clone)]
pub(crate) enum Rim {
    /// Level of the water at the western side, m, in time.
    WesternStage(Series),
    /// Level of the water at the eastern side, m, in time.
    EasternStage(Series),
    /// Discharge over the western side, m³/s, in time; the slope of the channel that brings it
    /// gives the depth of inflow that is faster than its waves.
    WesternDischarge(Series, Option<f64>),
    /// Fall of the ground beyond the southern side, metres per metre.
    SouthernSlope(f64),
    /// Discharge that leaves over the eastern side at each level.
    EasternRating(boundary::Curve),
}

impl Rim {
    /// The boundary of the engine, over the whole side.
    fn boundary(&self, grid: &Grid) -> Boundary {
        let (side, kind) = match self {
            Self::WesternStage(level) => (Side::West, Kind::Stage { level: level.clone() }),
            Self::EasternStage(level) => (Side::East, Kind::Stage { level: level.clone() }),
            Self::WesternDischarge(discharge, slope) => {
                (Side::West, Kind::Discharge { discharge: discharge.clone(), slope: *slope })
            }
            Self::SouthernSlope(slope) => (Side::South, Kind::Slope { slope: *slope }),
            Self::EasternRating(curve) => (Side::East, Kind::Rating { curve: curve.clone() }),
        };
        let count = if side == Side::South { grid.columns } else { grid.rows };
        let faces = (0..count).map(|index| Face { side, index }).collect();
        Boundary { name: side.name().into(), faces, kind }
    }
}

/// A flood to be run.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) grid: Grid,
    pub(crate) bed: Field,
    pub(crate) depth: Field,
    /// Manning's n everywhere, s/m^(1/3).
    pub(crate) manning_n: f64,
    /// Manning's n of every cell, where it differs.
    pub(crate) rough: Option<Field>,
    /// Velocity at the start along x and y, m/s; still water where absent.
    pub(crate) velocity: Option<(Field, Field)>,
    pub(crate) rain: Series,
    pub(crate) loss: Series,
    pub(crate) inflows: Vec<Inflow>,
    pub(crate) edges: Edges,
    /// What happens at parts of the rim.
    pub(crate) rims: Vec<Rim>,
    pub(crate) duration: f64,
    /// Times at which all the water is kept, s; the end is always kept.
    pub(crate) marks: Vec<f64>,
    /// Cells whose water is kept after every step.
    pub(crate) gauges: Vec<(usize, usize)>,
    /// Depth that counts as arrival, m.
    pub(crate) arrival_depth: f64,
    /// Whether the largest speed of all cells is looked for.
    pub(crate) wants_speed: bool,
}

/// Water of all cells at one time.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    pub(crate) depth: Field,
    /// Velocity along x, m/s.
    pub(crate) u: Field,
}

/// Water at a gauge at one time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) time: f64,
    pub(crate) depth: f64,
    pub(crate) u: f64,
    pub(crate) v: f64,
}

/// A flood that was run.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) grid: Grid,
    pub(crate) bed: Field,
    pub(crate) outcome: FloodOutcome,
    /// Marks and the end, in order.
    pub(crate) snapshots: Vec<Snapshot>,
    /// One record per gauge.
    pub(crate) gauges: Vec<Vec<Sample>>,
    pub(crate) max_depth: Field,
    /// First time above the arrival depth, s; infinite if never.
    pub(crate) arrival: Field,
    /// Largest speed that was seen in any cell, m/s, where it was looked for.
    pub(crate) fastest: f64,
}

impl Scene {
    /// Dry ground within walls; `bed` gives the level at x and y.
    pub(crate) fn new(grid: Grid, bed: impl Fn(f64, f64) -> f64, duration: f64) -> Self {
        let bed = over(&grid, bed);
        Self {
            depth: grid.filled(0.0),
            bed,
            manning_n: 0.0,
            rough: None,
            velocity: None,
            rain: Series::constant(0.0),
            loss: Series::constant(0.0),
            inflows: Vec::new(),
            edges: Edges::all(Edge::Wall),
            rims: Vec::new(),
            duration,
            marks: Vec::new(),
            gauges: Vec::new(),
            arrival_depth: USUAL_ARRIVAL,
            wants_speed: false,
            grid,
        }
    }

    /// With a depth that depends on x and y.
    pub(crate) fn with_depth(mut self, depth: impl Fn(f64, f64) -> f64) -> Self {
        self.depth = over(&self.grid, depth);
        self
    }

    /// With still water up to a level wherever the bed is below it.
    pub(crate) fn with_level(mut self, level: f64) -> Self {
        self.depth = self.bed.mapv(|bed| if bed.is_nan() { 0.0 } else { (level - bed).max(0.0) });
        self
    }

    /// With Manning's n, s/m^(1/3).
    pub(crate) fn with_roughness(mut self, manning_n: f64) -> Self {
        self.manning_n = manning_n;
        self
    }

    /// With a velocity at the start that depends on x and y.
    pub(crate) fn with_velocity(mut self, u: impl Fn(f64, f64) -> f64, v: impl Fn(f64, f64) -> f64) -> Self {
        self.velocity = Some((over(&self.grid, u), over(&self.grid, v)));
        self
    }

    /// With an inflow over cells, m³/s in time.
    pub(crate) fn with_inflow(mut self, cells: Vec<(usize, usize)>, discharge: Series) -> Self {
        self.inflows.push(Inflow { name: format!("inflow {}", self.inflows.len() + 1), cells, discharge });
        self
    }

    /// With something at a part of the rim.
    pub(crate) fn with_rim(mut self, rim: Rim) -> Self {
        self.rims.push(rim);
        self
    }

    /// With all the water kept at these times, s.
    pub(crate) fn with_marks(mut self, marks: &[f64]) -> Self {
        self.marks = marks.to_vec();
        self
    }

    /// With gauges at places, m; a gauge outside the grid is a mistake of the case.
    pub(crate) fn with_gauges(mut self, places: &[(f64, f64)]) -> Self {
        let cell = |&(x, y): &(f64, f64)| self.grid.cell_at(x, y);
        self.gauges = places.iter().filter_map(cell).collect();
        assert_eq!(self.gauges.len(), places.len(), "every gauge lies on the grid");
        self
    }

    /// Runs it.
    ///
    /// # Errors
    /// Those of the engine.
    pub(crate) fn play(&self, settings: &Settings) -> Result<Played> {
        let scheme = Scheme::find(settings.scheme).unwrap_or(flux::DEFAULT);
        let mut recorder = Recorder {
            scene: self,
            snapshots: Vec::new(),
            gauges: vec![Vec::new(); self.gauges.len()],
            fastest: 0.0,
        };
        let outcome =
            simulate_probed(&self.case(scheme), &mut Unobserved, &mut recorder, Default::default())?;
        let Recorder { snapshots, gauges, fastest, .. } = recorder;
        let layer = |name: &str| match outcome.products.layer(name) {
            Some(sim_core::product::Layer::Raster(raster)) => raster.values.clone(),
            _ => self.grid.filled(f64::NAN),
        };
        Ok(Played {
            max_depth: layer("max_depth").mapv(|depth| if depth.is_nan() { 0.0 } else { depth }),
            arrival: layer("arrival_time").mapv(|time| if time.is_nan() { f64::INFINITY } else { time }),
            grid: self.grid.clone(),
            bed: self.bed.clone(),
            outcome,
            snapshots,
            gauges,
            fastest,
        })
    }

    /// As the engine takes it.
    pub(crate) fn case(&self, scheme: Scheme) -> FloodCase {
        FloodCase {
            title: "validation".into(),
            grid: self.grid.clone(),
            bed: self.bed.clone(),
            initial_depth: self.depth.clone(),
            manning_n: self.rough.clone().unwrap_or_else(|| self.grid.filled(self.manning_n)),
            rain: self.rain.clone().into(),
            soils: Soils::none(),
            loss: self.loss.clone(),
            inflows: self.inflows.clone(),
            releases: Vec::new(),
            buildings: Default::default(),
            structures: Vec::new(),
            barriers: Vec::new(),
            breaches: Vec::new(),
            sewers: None,
            boundaries: self.rims.iter().map(|rim| rim.boundary(&self.grid)).collect(),
            edges: self.edges,
            courant: scheme.courant(),
            scheme,
            duration: self.duration,
            frame_times: self.marks.clone(),
            places: Places::default(),
            exposure: Vec::new(),
            settings: ProductSettings {
                arrival_depth: self.arrival_depth,
                waterlogging_depth: self.arrival_depth,
                waterlogging_area: 0.0,
                classes: Vec::new(),
                wanted: vec!["max_depth".into(), "arrival_time".into()],
            },
        }
    }
}

impl Played {
    /// What the run cost.
    pub(crate) fn effort(&self) -> Effort {
        Effort {
            cells: self.grid.cells(),
            steps: self.outcome.steps,
            wall_seconds: self.outcome.wall_seconds,
        }
    }

    /// The water balance as a reading: every case has one.
    pub(crate) fn balance(&self) -> Reading {
        Reading::at_most("water balance", self.outcome.ledger.relative_error, "1", BALANCE_TOLERANCE)
            .of(self.effort())
    }

    /// The water at the end.
    pub(crate) fn end(&self) -> &Snapshot {
        match self.snapshots.last() {
            Some(snapshot) => snapshot,
            None => unreachable!("the end of a run is always kept"),
        }
    }

    /// x of every column, m.
    pub(crate) fn x(&self) -> Vec<f64> {
        (0..self.grid.columns).map(|column| self.grid.x(column)).collect()
    }

    /// Bed along the middle row, m.
    pub(crate) fn bed_row(&self) -> Vec<f64> {
        self.bed.row(self.grid.rows / 2).to_vec()
    }

    /// Level of the water at a gauge and time, m, between the steps around it.
    pub(crate) fn gauge_at(&self, gauge: usize, time: f64) -> Sample {
        let record = &self.gauges[gauge];
        let after = record.partition_point(|sample| sample.time < time).min(record.len() - 1);
        let (a, b) = (record[after.saturating_sub(1)], record[after]);
        let share = if b.time > a.time { ((time - a.time) / (b.time - a.time)).clamp(0.0, 1.0) } else { 0.0 };
        let mix = |a: f64, b: f64| a + share * (b - a);
        Sample { time, depth: mix(a.depth, b.depth), u: mix(a.u, b.u), v: mix(a.v, b.v) }
    }

    /// First time at which a gauge was deeper than `depth`, s; infinite if never.
    pub(crate) fn gauge_arrival(&self, gauge: usize, depth: f64) -> f64 {
        self.gauges[gauge].iter().find(|sample| sample.depth > depth).map_or(f64::INFINITY, |s| s.time)
    }

    /// Cell of a gauge's bed, m.
    pub(crate) fn bed_at(&self, x: f64, y: f64) -> f64 {
        self.grid.cell_at(x, y).map_or(f64::NAN, |cell| self.bed[cell])
    }
}

impl Snapshot {
    /// Depth along the middle row, m.
    pub(crate) fn depth_row(&self) -> Vec<f64> {
        self.depth.row(self.depth.nrows() / 2).to_vec()
    }

    /// Unit discharge along the middle row, m²/s.
    pub(crate) fn discharge_row(&self) -> Vec<f64> {
        let row = self.depth.nrows() / 2;
        self.depth.row(row).iter().zip(self.u.row(row)).map(|(h, u)| h * u).collect()
    }
}

/// Keeps what a case compares while the water moves.
struct Recorder<'s> {
    scene: &'s Scene,
    snapshots: Vec<Snapshot>,
    gauges: Vec<Vec<Sample>>,
    fastest: f64,
}

impl Probe for Recorder<'_> {
    fn start(&mut self, solver: &mut Solver) {
        if let Some((u, v)) = &self.scene.velocity {
            solver.set_in_motion(u, v);
        }
    }

    fn look(&mut self, solver: &Solver) {
        let (time, is_end) = (solver.time(), solver.time() >= self.scene.duration);
        for (record, &(row, column)) in self.gauges.iter_mut().zip(&self.scene.gauges) {
            let (depth, u, v) = solver.water_at(row, column);
            record.push(Sample { time, depth, u, v });
        }
        let is_mark = self.scene.marks.get(self.snapshots.len()).is_some_and(|&mark| time >= mark);
        let looks = self.scene.wants_speed && solver.steps().is_multiple_of(STEPS_PER_SPEED);
        if !(is_mark || is_end || looks) {
            return;
        }
        let (u, v) = solver.velocity();
        for (u, v) in u.iter().zip(&v) {
            self.fastest = self.fastest.max(u.hypot(*v));
        }
        if is_mark || is_end {
            self.snapshots.push(Snapshot { depth: solver.depth(), u });
        }
    }
}

/// A field from a function of x and y.
pub(crate) fn over(grid: &Grid, value: impl Fn(f64, f64) -> f64) -> Field {
    Field::from_shape_fn(grid.shape(), |(row, column)| value(grid.x(column), grid.y(row)))
}

/// A grid whose south-western corner is at a place.
pub(crate) fn grid_at(west: f64, south: f64, columns: usize, rows: usize, cell: f64) -> Grid {
    Grid { columns, rows, dx: cell, dy: cell, west, south, crs: Crs::local() }
}

/// A grid for a flow that depends on x alone.
pub(crate) fn channel(west: f64, length: f64, columns: usize) -> Grid {
    let cell = length / columns as f64;
    Grid {
        columns,
        rows: CHANNEL_ROWS,
        dx: cell,
        dy: CHANNEL_WIDTH * cell,
        west,
        south: 0.0,
        crs: Crs::local(),
    }
}

/// All cells of a column.
pub(crate) fn column_cells(grid: &Grid, column: usize) -> Vec<(usize, usize)> {
    (0..grid.rows).map(|row| (row, column)).collect()
}

/// A straight line through times, s, and values.
pub(crate) fn line(samples: &[(f64, f64)]) -> Series {
    let (times, values) = samples.iter().copied().unzip();
    match Series::new(times, values, sim_core::series::Between::Line) {
        Some(series) => series,
        None => unreachable!("the samples of a case rise in time"),
    }
}
