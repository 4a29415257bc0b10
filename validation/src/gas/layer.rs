//! Cases of the layer of heavy gas: at rest, a dam break, a slope, a cloud like those of Thorney Island.

use std::time::Instant;

use sim_core::error::Result;
use sim_core::gas::dense::shallow::{Params, Receptors, Release, Setup, Solver, Source, Wind};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::layer::time_step::Stop;
use sim_core::series::Series;
use sim_core::units::GRAVITY;

use crate::{Answer, Case, Effort, Findings, Reading, Settings, case};

/// Cases in the order in which they are printed.
pub(crate) const CASES: [Case; 4] = [
    case!("layer-at-rest", "gas-dense", Quick, at_rest),
    case!("layer-dam-break", "gas-dense", Quick, dam_break),
    case!("layer-slope", "gas-dense", Quick, slope),
    case!("layer-thorney-island", "gas-dense", Quick, thorney_island),
];

/// Density of the air, kg/m³.
const AIR: f64 = 1.2;

/// A run to be set up.
struct Scene {
    grid: Grid,
    bed: Field,
    depth: Field,
    /// (ρ - ρa)/ρa of the gas.
    excess: f64,
    sources: Vec<Source>,
    wind: Wind,
}

impl Scene {
    /// Flat ground without gas.
    fn new((columns, rows): (usize, usize), spacing: f64, excess: f64, wind: Wind) -> Self {
        let grid = Grid { columns, rows, dx: spacing, dy: spacing, west: 0.0, south: 0.0, crs: Crs::local() };
        let (bed, depth) = (grid.filled(0.0), grid.filled(0.0));
        Self { grid, bed, depth, excess, sources: Vec::new(), wind }
    }

    fn solver(&self) -> Solver {
        let density = AIR * (1.0 + self.excess);
        Solver::new(&Setup {
            grid: &self.grid,
            bed: &self.bed,
            initial_depth: &self.depth,
            release: Release { density, gas: density, air_density: AIR },
            sources: &self.sources,
            wind: &self.wind,
            receptors: &Receptors { height: 0.4, levels: Vec::new(), load: None },
            params: Params::default(),
        })
    }
}

/// Steps until a time; the error is of a run that broke.
fn run_to(solver: &mut Solver, until: f64) -> std::result::Result<(), Stop> {
    while solver.time() < until {
        solver.step(until)?;
    }
    Ok(())
}

/// Readings of runs with what they cost; a run that broke is told instead.
fn answer(
    begun: Instant,
    run: impl FnOnce() -> std::result::Result<(Vec<Reading>, Solver), Stop>,
) -> Result<Answer> {
    let (readings, solver) = match run() {
        Ok(found) => found,
        Err(stop) => return Ok(Err(format!("the run broke: {stop:?}"))),
    };
    let layout = solver.layout();
    let effort = Effort {
        cells: (layout.rows * layout.columns) as _,
        steps: solver.steps() as _,
        wall_seconds: begun.elapsed().as_secs_f64(),
    };
    let balance = Reading::at_most("balance of the gas", solver.balance().relative_error(), "1", 1e-12);
    let readings = readings.into_iter().chain([balance]).map(|reading| reading.of(effort)).collect();
    Ok(Ok(Findings { readings, figures: Vec::new() }))
}

fn at_rest(_: &Settings) -> Result<Answer> {
    answer(Instant::now(), || {
        let mut scene = Scene::new((60, 40), 3.0, 1.7, Wind::calm(0.02));
        scene.bed = Field::from_shape_fn(scene.grid.shape(), |(row, column)| {
            let is_rim = row == 0 || column == 0 || row == 39 || column == 59;
            if is_rim { 9.0 } else { 1.5 + 1.4 * (0.9 * row as f64).sin() * (1.3 * column as f64).cos() }
        });
        scene.depth = scene.bed.mapv(|level| (2.2 - level).max(0.0));
        let mut solver = scene.solver();
        run_to(&mut solver, 300.0)?;
        let (u, v) = solver.velocity();
        let fastest = u.iter().chain(&v).fold(0.0f64, |most, speed| most.max(speed.abs()));
        let moved =
            (&solver.depth() - &scene.depth).iter().fold(0.0f64, |most, change| most.max(change.abs()));
        let readings = vec![
            Reading::at_most("largest speed", fastest, "m/s", 1e-12),
            Reading::at_most("largest change of the depth", moved, "m", 1e-12),
        ];
        Ok((readings, solver))
    })
}

/// Where the layer ends along the middle row, m: in the cell that it has not filled.
fn front(solver: &Solver, spacing: f64) -> f64 {
    let depth = solver.depth();
    let row = depth.row(depth.nrows() / 2);
    let last = row.iter().rposition(|&depth| depth > 1e-6).unwrap_or(0);
    let behind = row[last.saturating_sub(1)].max(row[last]);
    spacing * (last as f64 + (row[last] / behind).min(1.0))
}

/// Mean speed of the front between two times, m/s.
fn front_speed(
    solver: &mut Solver,
    spacing: f64,
    (early, late): (f64, f64),
) -> std::result::Result<f64, Stop> {
    run_to(solver, early)?;
    let first = front(solver, spacing);
    run_to(solver, late)?;
    Ok((front(solver, spacing) - first) / (late - early))
}

/// Depth behind the dam, m.
const DAM: f64 = 4.0;

fn dam_break(_: &Settings) -> Result<Answer> {
    answer(Instant::now(), || {
        let spacing = 0.25;
        let mut readings = Vec::new();
        let mut last = None;
        for excess in [0.02, 0.5, 2.0] {
            let mut scene = Scene::new((280, 3), spacing, excess, Wind::calm(1e-6));
            scene.depth =
                Field::from_shape_fn(scene.grid.shape(), |(_, column)| if column < 120 { DAM } else { 0.0 });
            let Params { shape, front_froude, .. } = Params::default();
            let waves = (shape * GRAVITY * excess / (1.0 + excess) * DAM).sqrt();
            let per_wave = front_froude * ((1.0 + excess) / shape).sqrt();
            let exact = per_wave * 2.0 * waves / (2.0 + per_wave);
            let mut solver = scene.solver();
            let speed = front_speed(&mut solver, spacing, (6.0 / exact, 24.0 / exact))?;
            let name = format!("front speed, {excess} heavier than air, relative difference");
            readings.push(Reading::at_most(name, speed / exact - 1.0, "1", 0.08));
            last = Some(solver);
        }
        Ok((readings, last.unwrap_or_else(|| Scene::new((1, 1), 1.0, 1.0, Wind::calm(0.01)).solver())))
    })
}

fn slope(_: &Settings) -> Result<Answer> {
    answer(Instant::now(), || {
        let (spacing, line, excess) = (1.0, 0.5, 0.05);
        let mut readings = Vec::new();
        let mut last = Scene::new((1, 1), 1.0, 1.0, Wind::calm(0.01)).solver();
        // At 5° the model is known to lie below the band, which its page tells.
        for (degrees, band) in [(5.0f64, 0.3), (10.0, 0.2), (20.0, 0.2)] {
            let mut scene = Scene::new((300, 3), spacing, excess, Wind::calm(1e-4));
            scene.bed = Field::from_shape_fn(scene.grid.shape(), |(_, column)| {
                -spacing * column as f64 * degrees.to_radians().tan()
            });
            let cells = (0..3).flat_map(|row| [(row, 4), (row, 5)]).collect();
            scene.sources.push(Source { cells, rate: Series::constant(line * 3.0 * spacing) });
            let mut solver = scene.solver();
            let speed = front_speed(&mut solver, spacing, (60.0, 160.0))?;
            let scaled = speed / (GRAVITY * excess * line).cbrt();
            readings.push(Reading::within(format!("head speed at {degrees}°"), scaled, "1", 1.5, band));
            last = solver;
        }
        Ok((readings, last))
    })
}

/// Wind at 10 m, m/s; volume, m³; radius of the cylinder, m; from the western edge to it, m.
const TRIAL: (f64, f64, f64, f64) = (2.4, 2000.0, 7.0, 200.0);

fn thorney_island(_: &Settings) -> Result<Answer> {
    answer(Instant::now(), || {
        let (wind, volume, radius, upwind) = TRIAL;
        let (spacing, excess) = (2.5, 0.63);
        let air = Wind { east: Series::constant(wind), ..Wind::calm(0.01) };
        let mut scene = Scene::new((280, 140), spacing, excess, air);
        scene.depth = Field::from_shape_fn(scene.grid.shape(), |(row, column)| {
            let (x, y) = ((column as f64 + 0.5) * spacing - upwind, (row as f64 + 0.5) * spacing - 175.0);
            if x.hypot(y) < radius + 0.2 { 1.0 } else { 0.0 }
        });
        scene.depth *= volume / (scene.depth.sum() * spacing * spacing);
        let mut solver = scene.solver();
        let column = |x: f64| ((x + upwind) / spacing) as usize;
        let distances = [65.0, 125.0, 210.0, 330.0, 480.0];
        let mut arrivals = [f64::INFINITY; 5];
        let faint = 1e-3 * AIR * (1.0 + excess);
        while solver.time() < 400.0 {
            solver.step(400.0)?;
            for (arrival, x) in arrivals.iter_mut().zip(distances) {
                if solver.sample(70, column(x)).breathed > faint {
                    *arrival = arrival.min(solver.time());
                }
            }
        }
        let reduced = GRAVITY * excess;
        let reach = |t: f64| 0.4 * wind * t + (radius * radius + 1.2 * t * (reduced * volume).sqrt()).sqrt();
        let due = |x: f64| (0..10_000).map(|tenth| 0.1 * f64::from(tenth)).find(|&t| reach(t) >= x);
        let mut readings: Vec<Reading> = arrivals
            .into_iter()
            .zip(distances)
            .map(|(arrival, x)| {
                let ratio = arrival / due(x).unwrap_or(f64::NAN);
                Reading::within(format!("arrival at {x} m over the published one"), ratio, "1", 1.0, 0.3)
            })
            .collect();
        let size = volume.cbrt();
        let alpha = 0.5 * (reduced * size / (wind * wind)).log10();
        let curves = [
            (0.10, 0.93),
            (0.05, 1.12 - 0.12 * alpha),
            (0.02, 1.38 - 0.26 * alpha),
            (0.01, 1.66 - 0.38 * alpha),
        ];
        for (share, decades) in curves {
            let place = solver.layout().at(70, column(size * 10f64.powf(decades)));
            let ratio = f64::from(solver.record().peak[place]) / share;
            let name = format!("factor between the peak where {} % is published and that", 100.0 * share);
            readings.push(Reading::at_most(name, ratio.max(1.0 / ratio), "1", 2.0));
        }
        Ok((readings, solver))
    })
}
