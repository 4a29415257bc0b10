//! One flood from start to end: check the case, step, watch, balance, make products.

pub mod backend;
mod barriers;
mod boundaries;
mod buildings;
mod check;
mod observed;
mod outcome;
mod parts;
mod probe;
mod report;
mod sewers;

use std::sync::Arc;
use std::time::{Duration as WallDuration, Instant};

use ndarray::Array2;

use crate::error::{Problem, Problems, Result};
use crate::flood::comparison::gauge::PlaceRecord;
use crate::flood::drainage::{Exchange, Sewers, Shares};
use crate::flood::exposure::Exposed;
use crate::flood::part::Halo;
use crate::flood::place::{Diary, Places};
use crate::flood::reservoir::Release;
use crate::flood::snapshot::Tape;
use crate::flood::step::Arrays;
use crate::flood::{Params, Setup, Solver, Stop};
use crate::grid::{Field, Grid};
use crate::product::Products;
use crate::run::checkpoint::{self, Checkpoints, Player};
use crate::run::{Ledger, Observer, Progress, Ranks, guard};
use crate::series::Series;

pub use backend::{Backend, Processor};
pub use observed::hold_against;
pub use parts::{
    check_parts, lacks_in_parts, memory_bytes_of_part, refused, simulate_in_parts, simulate_part,
};
pub use probe::{Probe, Unprobed};

pub use crate::flood::flux::Scheme;
pub use crate::run::guard::LARGEST_LEDGER_ERROR;

pub use crate::flood::params::DEFAULT_COURANT;
pub use crate::flood::product::{DepthClass, ProductSettings};
pub use crate::flood::{
    Barrier, Boundary, Breach, Buildings, Edge, Edges, Inflow, Rain, Soil, Soils, Structure,
};

/// Steps between two looks at the water balance: a pass over the depths every
/// thousand steps costs less than 0.1 %.
const STEPS_PER_BALANCE: u64 = 1000;

/// Steps between two looks at the clock on the wall.
const STEPS_PER_LOOK: u64 = 16;

/// Wall time between two calls of the observer.
const WATCH_INTERVAL: WallDuration = WallDuration::from_millis(200);

/// A flood to be computed; all numbers SI.
#[derive(Debug, Clone)]
pub struct FloodCase {
    /// Title on maps and in records.
    pub title: String,
    /// Where the cells are.
    pub grid: Grid,
    /// Ground level, m; NaN outside the area.
    pub bed: Field,
    /// Depth at the start, m; what lies outside the area does not count.
    pub initial_depth: Field,
    /// Manning's n, s/m^(1/3).
    pub manning_n: Field,
    /// Rain on the area.
    pub rain: Rain,
    /// Constant loss (sewers, soil) from every cell of the area, m/s.
    pub loss: Series,
    /// What the ground takes.
    pub soils: Soils,
    /// Water that enters at given cells.
    pub inflows: Vec<Inflow>,
    /// How the releases of reservoirs among the inflows came about.
    pub releases: Vec<Release>,
    /// Buildings, which [`FloodCase::bed`] already has as holes or higher ground.
    pub buildings: Arc<Buildings>,
    /// Pumps, weirs, gates and culverts.
    pub structures: Vec<Structure>,
    /// Levees thinner than a cell and bridges.
    pub barriers: Vec<Barrier>,
    /// Ground that sinks.
    pub breaches: Vec<Breach>,
    /// Sewers under the area.
    pub sewers: Option<Sewers>,
    /// What happens at parts of the rim; goes before the edges.
    pub boundaries: Vec<Boundary>,
    /// The four edges of the grid.
    pub edges: Edges,
    /// Courant number; [`Scheme::courant`] unless there is a reason.
    pub courant: f64,
    /// Scheme; [`crate::flood::flux::DEFAULT`] unless there is a reason.
    pub scheme: Scheme,
    /// Simulated time, s.
    pub duration: f64,
    /// Times of the frames, s, rising; empty for none.
    pub frame_times: Vec<f64>,
    /// Places that matter.
    pub places: Places,
    /// Things that may be hit.
    pub exposure: Vec<Arc<Exposed>>,
    /// Products and thresholds.
    pub settings: ProductSettings,
}

/// What a flood run leaves.
#[derive(Debug, Clone)]
pub struct FloodOutcome {
    /// Layers and maps.
    pub products: Products,
    /// Water balance, m³.
    pub ledger: Ledger,
    /// Steps taken.
    pub steps: u64,
    /// Share of cell-steps (cells of the area times steps) that held water.
    pub wet_share: f64,
    /// Wall time of the steps, s.
    pub wall_seconds: f64,
    /// Bytes of the arrays of the solver.
    pub memory_bytes: u64,
    /// Bytes that one cell-step must move at least.
    pub bytes_per_cell_step: f64,
    /// Five lines for the responder.
    pub summary: Vec<String>,
    /// Warnings.
    pub warnings: Vec<Problem>,
    /// What was recorded of the places that matter.
    pub places: Vec<PlaceRecord>,
    /// Simulated time, s.
    pub duration: f64,
    /// What its parts told each other, where it was computed in parts.
    pub ranks: Option<Ranks>,
}

/// Bytes of the arrays of a run, for a look before it starts; frames come on top with
/// 4 bytes per cell and frame.
pub fn memory_bytes(case: &FloodCase) -> u64 {
    arrays(case).bytes(case.grid.rows, case.grid.columns)
}

/// Which arrays a run has.
fn arrays(case: &FloodCase) -> Arrays {
    let first = case.manning_n.iter().next();
    Arrays {
        thresholds: case.settings.thresholds().len(),
        hazards: case.settings.hazards().len(),
        varied_friction: case.manning_n.iter().any(|n| Some(n) != first),
        rain_by_cell: case.rain.everywhere().is_none() || buildings::keep_rain_by_cell(&case.buildings),
        lists: Arrays::lists(&case.buildings),
        soils: !case.soils.is_none(),
        scheme: case.scheme,
    }
}

/// Computes a flood on the current thread pool.
///
/// The result has the same bits for any number of threads.
///
/// # Errors
/// E5001-E5012, E5040-E5046, E5050-E5052 and E5055-E5057 for a case that is not sound, all of them at once; E5101 when a
/// number is no longer finite, E5102 when the time step collapses, E5103 when the
/// water balance does not close; E7001 when the observer stops the run.
pub fn simulate(case: &FloodCase, observer: &mut dyn Observer) -> Result<FloodOutcome> {
    simulate_probed(case, observer, &mut Unprobed, Checkpoints::default())
}

/// Computes a flood, keeps its state now and then, and goes on from a state that was kept.
///
/// A run that goes on ends in the same bits as one that was never stopped.
///
/// # Errors
/// As [`simulate`], and E6317 when the state cannot be read back.
pub fn simulate_from(
    case: &FloodCase,
    observer: &mut dyn Observer,
    checkpoints: Checkpoints<'_>,
) -> Result<FloodOutcome> {
    simulate_probed(case, observer, &mut Unprobed, checkpoints)
}

/// As [`simulate_from`], with a probe that sees the water after every step.
///
/// # Errors
/// Those of [`simulate_from`].
pub fn simulate_probed(
    case: &FloodCase,
    observer: &mut dyn Observer,
    probe: &mut dyn Probe,
    checkpoints: Checkpoints<'_>,
) -> Result<FloodOutcome> {
    play(case, observer, probe, checkpoints, &mut Processor::default())
}

/// As [`simulate`], with a back end of choice.
///
/// # Errors
/// Those of [`simulate`]; E6250 when the back end lacks something that the case asks for, and its own failures.
pub fn simulate_on(
    case: &FloodCase,
    observer: &mut dyn Observer,
    backend: &mut dyn Backend,
) -> Result<FloodOutcome> {
    let lacks = backend.lacks(case);
    if !lacks.is_empty() {
        let text = format!("{} does not compute {}", backend.name(), lacks.join(", "));
        return Err(Problem::error(6250, text)
            .why("a run without them would be another one than was asked for")
            .fix("use --device cpu, which computes everything, or --device auto")
            .into());
    }
    play(case, observer, &mut Unprobed, Checkpoints::default(), backend)
}

fn play(
    case: &FloodCase,
    observer: &mut dyn Observer,
    probe: &mut dyn Probe,
    checkpoints: Checkpoints<'_>,
    backend: &mut dyn Backend,
) -> Result<FloodOutcome> {
    check::check(case)?;
    let mut run = Run::new(case, checkpoints, backend, None)?;
    let (ledger, wall_seconds) = run.finish(observer, probe)?;
    Ok(run.outcome(ledger, wall_seconds))
}

/// A run under way.
struct Run<'a, 'k> {
    case: &'a FloodCase,
    solver: Solver,
    backend: &'a mut dyn Backend,
    frames: Vec<Array2<f32>>,
    wet_cell_steps: f64,
    /// What happened at the places that matter.
    diaries: Vec<Diary>,
    /// Depths shortly before the end, to see whether the water still rises.
    late_depth: Option<Field>,
    exchange: Option<Exchange>,
    shares: Option<Shares>,
    begun: Instant,
    watched: Instant,
    checkpoints: Checkpoints<'k>,
    /// Simulated time of the last checkpoint, s.
    kept: Option<f64>,
    /// The last checkpoint that could not be kept.
    not_kept: Option<Problem>,
}

impl<'a, 'k> Run<'a, 'k> {
    fn new(
        case: &'a FloodCase,
        checkpoints: Checkpoints<'k>,
        backend: &'a mut dyn Backend,
        halo: Option<Box<dyn Halo>>,
    ) -> Result<Self> {
        let begun = Instant::now();
        let setup = Setup {
            grid: &case.grid,
            bed: &case.bed,
            initial_depth: &case.initial_depth,
            manning_n: &case.manning_n,
            rain: &case.rain,
            loss: &case.loss,
            soils: &case.soils,
            inflows: &case.inflows,
            buildings: &case.buildings,
            structures: &case.structures,
            barriers: &case.barriers,
            breaches: &case.breaches,
            boundaries: &case.boundaries,
            thresholds: &case.settings.thresholds(),
            params: Params { courant: case.courant, scheme: case.scheme, edges: case.edges },
        };
        let mut solver = match halo {
            None => Solver::new(&setup),
            Some(halo) => Solver::part(&setup, halo),
        };
        solver.rate_hazards(&case.settings.hazards());
        let exchange = sewers::begin(case, &mut solver)?;
        Ok(Self {
            case,
            solver,
            backend,
            exchange,
            shares: None,
            frames: Vec::new(),
            wet_cell_steps: 0.0,
            diaries: case.places.list.iter().map(|_| Diary::new(&case.places)).collect(),
            late_depth: None,
            begun,
            watched: Instant::now(),
            checkpoints,
            kept: None,
            not_kept: None,
        })
    }

    /// Steps until the end; the water balance there, and the wall time, s.
    fn finish(&mut self, observer: &mut dyn Observer, probe: &mut dyn Probe) -> Result<(Ledger, f64)> {
        probe.start(&mut self.solver);
        self.go_on()?;
        let watched: Vec<_> = self.case.places.list.iter().map(|place| place.cell).collect();
        self.solver.watch(&watched);
        self.backend.begin(&mut self.solver, &watched)?;
        probe.look(&self.solver);
        self.play(observer, probe)?;
        self.close_sewers()?;
        self.backend.bring_back(&mut self.solver)?;
        let wall_seconds = self.begun.elapsed().as_secs_f64();
        Ok((self.balance()?, wall_seconds))
    }

    /// Leads a tape over everything that changes during the run.
    fn pass(&mut self, tape: &mut dyn Tape) {
        let (mut frames, mut late) = (self.frames.len() as u64, [self.late_depth.is_some()]);
        tape.count(&mut frames);
        tape.flags(&mut late);
        let empty = || Array2::zeros(self.case.grid.shape());
        self.frames.resize_with(frames as usize, empty);
        self.late_depth =
            late[0].then(|| self.late_depth.take().unwrap_or_else(|| self.case.grid.filled(0.0)));
        self.frames.iter_mut().filter_map(Array2::as_slice_mut).for_each(|frame| tape.singles(frame));
        self.late_depth.iter_mut().filter_map(Field::as_slice_mut).for_each(|depth| tape.doubles(depth));
        tape.doubles(std::slice::from_mut(&mut self.wet_cell_steps));
        for diary in &mut self.diaries {
            for number in diary.numbers() {
                tape.doubles(std::slice::from_mut(number));
            }
            let mut samples = diary.series.len() as u64;
            tape.count(&mut samples);
            diary.series.resize(samples as usize, [0.0; 3]);
            diary.series.iter_mut().for_each(|sample| tape.doubles(sample));
        }
        self.exchange.iter_mut().for_each(|exchange| exchange.pass(tape));
    }

    /// Puts back the state of a checkpoint, if there is one.
    fn go_on(&mut self) -> Result<()> {
        let Some(mut input) = self.checkpoints.resume.take() else { return Ok(()) };
        let mut player = Player::new(&mut *input);
        self.pass(&mut player);
        self.solver.restore(&mut player);
        match player.failure() {
            Some(problem) => Err(problem.into()),
            None => {
                self.kept = Some(self.solver.time());
                sewers::go_on(self)?;
                self.balance().map(|_| ())
            }
        }
    }

    /// Keeps the state, if there is a keeper; a failure is remembered and tried again later.
    fn keep(&mut self) -> Result<()> {
        // What is kept must be good: a lost balance stops the run here.
        self.balance()?;
        let Some(keeper) = self.checkpoints.keeper.take() else { return Ok(()) };
        let Some(identity) = self.checkpoints.identity.clone() else { return Ok(()) };
        let now = (self.solver.time(), self.solver.steps());
        let outcome = keeper.keep(&mut |out| {
            checkpoint::write(out, &identity, now, &mut |tape| {
                self.pass(tape);
                self.solver.pass(tape);
            })
        });
        self.checkpoints.keeper = Some(keeper);
        match outcome {
            Ok(()) => (self.kept, self.not_kept) = (Some(now.0), None),
            Err(Problems(mut problems)) => self.not_kept = problems.pop(),
        }
        Ok(())
    }

    fn moment(&self) -> guard::Moment {
        guard::Moment { time: self.solver.time(), kept: self.kept }
    }

    /// Steps until the end, frame by frame.
    fn play(&mut self, observer: &mut dyn Observer, probe: &mut dyn Probe) -> Result<()> {
        self.watch(observer)?;
        if self.solver.steps() == 0 {
            self.visit_places();
        }
        // A run that goes on has its first frames already.
        let marks = self.case.frame_times.iter().chain([&self.case.duration]).skip(self.frames.len());
        for &mark in marks {
            while self.solver.time() < mark {
                let until = self.meet_sewers(mark)?;
                let before = self.solver.steps();
                self.advance(until)?;
                self.after_steps(before, observer)?;
                probe.look(&self.solver);
            }
            if self.frames.len() < self.case.frame_times.len() {
                self.backend.bring_back(&mut self.solver)?;
                self.frames.push(self.solver.depth_of_all().mapv(|depth| depth as f32));
            }
        }
        self.watch(observer)
    }

    /// One step or many, to a mark at the latest; every one of them is noted.
    fn advance(&mut self, until: f64) -> Result<()> {
        let Self { case, solver, backend, diaries, wet_cell_steps, .. } = self;
        let stop = backend.advance(solver, until, &mut |moment| {
            *wet_cell_steps += moment.wet_cells;
            let places = case.places.list.iter().zip(diaries.iter_mut()).zip(moment.watched);
            for ((place, diary), &water) in places {
                diary.note(&case.places, place, (moment.time, moment.dt), water);
            }
        })?;
        stop.map_or(Ok(()), |stop| Err(self.problem(stop)))
    }

    /// What is looked at between steps, of which `before` had been taken at the last look.
    fn after_steps(&mut self, before: u64, observer: &mut dyn Observer) -> Result<()> {
        let after = self.solver.steps();
        let is_due = |interval: u64| before / interval != after / interval;
        if self.late_depth.is_none() && self.solver.time() >= report::LATE_SHARE * self.case.duration {
            self.backend.bring_back(&mut self.solver)?;
            self.late_depth = Some(self.solver.depth_of_all());
        }
        if is_due(STEPS_PER_BALANCE) {
            self.balance()?;
        }
        if is_due(STEPS_PER_LOOK) {
            let is_time = self.watched.elapsed() >= WATCH_INTERVAL;
            if self.solver.is_anywhere(is_time) {
                self.watch(observer)?;
            }
            if self.checkpoints.keeper.as_mut().is_some_and(|keeper| keeper.is_due()) {
                self.keep()?;
            }
        }
        Ok(())
    }

    /// Notes the water at the places that matter at the start.
    fn visit_places(&mut self) {
        let places = &self.case.places;
        for (place, diary) in places.list.iter().zip(&mut self.diaries) {
            let water = self.solver.water_at(place.cell.0, place.cell.1);
            diary.note(places, place, (self.solver.time(), 0.0), water);
        }
    }

    /// Tells the observer how far the run has come.
    fn watch(&mut self, observer: &mut dyn Observer) -> Result<()> {
        self.watched = Instant::now();
        let progress = Progress {
            share: self.solver.time() / self.case.duration,
            time: self.solver.time(),
            steps: self.solver.steps(),
            time_step: self.solver.last_step(),
            wet_share: self.solver.wet_cells() / self.cells_inside(),
        };
        let goes_on = observer.progress(&progress);
        if !self.solver.is_anywhere(!goes_on) {
            return Ok(());
        }
        self.keep()?;
        let text = format!("the run was cancelled after {:.0} s of simulated time", self.solver.time());
        let fix = match self.kept {
            Some(kept) => format!("go on with --resume from {kept:.3} s; no result was written"),
            None => "start it again; nothing was written".into(),
        };
        Err(Problem::error(7001, text).fix(fix).into())
    }

    fn cells_inside(&self) -> f64 {
        self.case.bed.iter().filter(|level| !level.is_nan()).count() as f64
    }

    /// Why the solver stopped, for the user.
    fn problem(&self, stop: Stop) -> Problems {
        guard::stopped(self.case, stop, self.moment()).into()
    }

    /// The water balance now.
    fn balance(&mut self) -> Result<Ledger> {
        let stored = self.backend.stored_volume(&mut self.solver)?;
        let volumes = self.solver.volumes();
        let mut entries = vec![
            ("rain".to_string(), volumes.rain.total()),
            ("inflow".to_string(), volumes.inflow.total()),
            ("loss".to_string(), -volumes.loss.total()),
            ("infiltration".to_string(), -volumes.infiltration.total()),
            ("structures_out".to_string(), -volumes.taken_out.total()),
            ("clipped".to_string(), volumes.clipped.total()),
        ];
        if self.exchange.is_some() {
            entries.push((sewers::TAKEN.to_string(), -volumes.to_sewer.total()));
            entries.push((sewers::SPILLED.to_string(), volumes.from_sewer.total()));
        }
        if self.solver.roofs_lose_rain() {
            entries.push(("roof_rain_lost".into(), -volumes.roof.total()));
        }
        for (edge, volume) in self.solver.open_edges() {
            entries.push((format!("outflow_{edge}"), -volume));
        }
        for (boundary, (inwards, outwards)) in self.case.boundaries.iter().zip(&volumes.boundaries) {
            entries.push((format!("{}_in", boundary.name), inwards.total()));
            entries.push((format!("{}_out", boundary.name), -outwards.total()));
        }
        let ledger = Ledger::close("m3", volumes.initial, stored, entries);
        match guard::lost_balance(&ledger, self.moment()) {
            None => Ok(ledger),
            Some(problem) => Err(problem.into()),
        }
    }
}
