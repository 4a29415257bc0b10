//! The recipe of a layer of heavy gas that flows over the ground: released, moved and watched, until it is thin.

use crate::error::{Problem, Problems, Result};
use crate::gas::dense::placed::release_of;
use crate::gas::dense::shallow::{self, Params, Receptors, Setup, Solver, Wind};
use crate::gas::dispersion::Dispersion;
use crate::gas::hazard::LevelKind;
use crate::gas::hazard::cloud::{self, Trace};
use crate::gas::hazard::toxic_load::History as Breathed;
use crate::gas::receptor::Seen;
use crate::gas::weather::surface_layer::inverse_obukhov_length;
use crate::gas::weather::{Weather, WindProfile};
use crate::grid::Field;
use crate::layer::time_step::Stop;
use crate::run::gas::puffs::Drifted;
use crate::run::gas::{GasCase, cells_of};
use crate::run::{Ledger, Observer, Progress};
use crate::series::{Between, Series};

/// How often the weakest wind may cross the grid before what lingers is no longer followed.
const CROSSINGS: f64 = 5.0;

/// Steps between two looks at how thin the layer has become.
const STEPS_BETWEEN: u64 = 100;

/// Time between two samples of the named places, s.
const SAMPLING: f64 = 2.0;

/// Weakest wind with which the patience is reckoned, m/s: heavy gas flows also without any.
const LEAST_WIND: f64 = 0.5;

/// Largest ratio of the ground's concentration to the layer's mean, with room: 2 by the profile.
const OVER_MEAN: f64 = 4.0;

/// Follows the layer and puts its fields and zones in the place of those of the plume.
///
/// # Errors
/// E5101 and E5102 where the numbers fail, E7001 where the observer stopped it, and those of
/// [`release_of`].
pub(super) fn flow(
    case: &GasCase,
    dispersion: &mut Dispersion,
    observer: &mut dyn Observer,
) -> Result<Drifted> {
    let Some(bed) = &case.ground else { unreachable!("a layer without a ground is refused before") };
    let taken = release_of(&case.source, &case.substance, &case.weather[0])?;
    let density = taken.density(case.weather[0].pressure);
    check(case, bed, density)?;
    let release = shallow::Release { density, gas: density, air_density: case.weather[0].air_density() };
    let source = shallow::Source { cells: source_cells(case), rate: volume_rate(case, density)? };
    let shares: Vec<f64> = dispersion.zones.iter().map(|zone| zone.threshold / density).collect();
    let receptors = Receptors {
        height: case.receptor_height,
        levels: shares.clone(),
        load: load(case, dispersion, density),
    };
    let empty = case.grid.filled(0.0);
    let wind = wind(case)?;
    let sources = [source];
    let mut solver = Solver::new(&Setup {
        grid: &case.grid,
        bed,
        initial_depth: &empty,
        release,
        sources: &sources,
        wind: &wind,
        receptors: &receptors,
        params: Params::default(),
    });
    let places: Vec<Option<(usize, usize)>> =
        case.receptors.iter().map(|place| case.grid.cell_at(place.x, place.y)).collect();
    let mut series: Vec<Vec<f64>> = vec![vec![0.0]; places.len()];
    let mut times = vec![0.0];
    let ends = case.source.end();
    let patience = ends + CROSSINGS * diagonal(case) / weakest_wind(case);
    let mildest = shares.iter().copied().fold(f64::INFINITY, f64::min);
    while solver.time() < patience {
        let next = times.last().copied().unwrap_or(0.0) + SAMPLING;
        solver.step(next.min(patience)).map_err(|stop| stopped(&stop, case))?;
        if solver.time() >= next - 1e-9 {
            times.push(solver.time());
            for (series, place) in series.iter_mut().zip(&places) {
                series.push(place.map_or(0.0, |(row, column)| solver.sample(row, column).breathed));
            }
        }
        if solver.steps().is_multiple_of(STEPS_BETWEEN) {
            let progress = Progress {
                share: solver.time() / patience,
                time: solver.time(),
                steps: solver.steps(),
                time_step: solver.last_step(),
                wet_share: solver.wet_cells() / case.grid.cells() as f64,
            };
            if !observer.progress(&progress) {
                return Err(Problem::error(7001, "the run was cancelled").into());
            }
            let thickest = solver.share().iter().copied().fold(0.0, f64::max);
            if solver.time() > ends && OVER_MEAN * thickest < mildest {
                break;
            }
        }
    }
    take_over(case, dispersion, &solver, density);
    let seen = case.receptors.iter().zip(series).map(|(place, series)| {
        let ppm = series.iter().map(|&value| dispersion.ppm_in(&case.weather[0], value)).collect();
        Seen::new(place.clone(), Breathed::new(times.clone(), ppm)?)
    });
    dispersion.receptors = seen.collect::<Result<_>>()?;
    Ok(Drifted { ledger: ledger(&solver), steps: solver.steps() })
}

/// Whether there is a layer: of gas heavier than the air, from a place where it can lie.
fn check(case: &GasCase, bed: &Field, density: f64) -> Result<()> {
    let mut problems = Vec::new();
    let air = case.weather.iter().map(|row| row.air_density()).fold(0.0, f64::max);
    if density <= air {
        let text = format!(
            "{} of {density:.2} kg/m³ is not heavier than the air of {air:.2} kg/m³",
            case.substance.name
        );
        problems.push(
            Problem::error(4742, text)
                .why("a layer over the ground is held there by its weight")
                .fix("use transport = \"auto\", \"plume\" or \"puffs\""),
        );
    }
    let walled = |&(row, column): &(usize, usize)| !bed[(row, column)].is_finite();
    if let Some((row, column)) = source_cells(case).into_iter().find(walled) {
        problems.push(
            Problem::error(4023, "the source lies where the ground has no level")
                .at_spot(case.grid.spot(row, column))
                .fix("move the source, or give the ground there"),
        );
    }
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}

/// The load that the first level of a load asks for.
fn load(case: &GasCase, dispersion: &Dispersion, density: f64) -> Option<shallow::state::Load> {
    let exponent = dispersion.zones.iter().find_map(|zone| match zone.level.kind {
        LevelKind::Load { exponent, .. } => Some(exponent),
        _ => None,
    })?;
    Some(shallow::state::Load { exponent, per_share: dispersion.ppm_in(&case.weather[0], density) })
}

/// Cells that the pool covers, or the one in which the release lies.
fn source_cells(case: &GasCase) -> Vec<(usize, usize)> {
    let (grid, source) = (&case.grid, &case.source);
    let radius = 0.5 * source.pool_diameter.unwrap_or(0.0);
    let covers =
        |row: usize, column: usize| (grid.x(column) - source.x).hypot(grid.y(row) - source.y) <= radius;
    let mut cells: Vec<(usize, usize)> = (0..grid.rows)
        .flat_map(|row| (0..grid.columns).map(move |column| (row, column)))
        .filter(|&(row, column)| covers(row, column))
        .collect();
    if cells.is_empty() {
        cells.extend(grid.cell_at(source.x, source.y));
    }
    cells
}

/// Volume of gas and drops over time, m³/s.
fn volume_rate(case: &GasCase, density: f64) -> Result<Series> {
    /// Samples of a release that changes.
    const SAMPLES: usize = 200;
    let (source, end) = (&case.source, case.source.end());
    let Some(history) = &source.history else {
        let rate = source.rate / density;
        return Ok(Series::block(rate, end));
    };
    let time = |i: usize| end * i as f64 / SAMPLES as f64;
    let times: Vec<f64> = (0..=SAMPLES).map(time).collect();
    // The mean over each step, so that all of the mass comes.
    let mut rates: Vec<f64> = times
        .windows(2)
        .map(|pair| history.mass_between(pair[0], pair[1]) / (pair[1] - pair[0]) / density)
        .collect();
    rates.push(0.0);
    steps(times, rates)
}

/// A series whose samples hold until the next one.
fn steps(times: Vec<f64>, values: Vec<f64>) -> Result<Series> {
    Series::new(times, values, Between::Step).ok_or_else(|| {
        let text = "the times of the rate or of the weather do not rise";
        Problem::error(4020, text).fix("check the times of the release and of the weather rows").into()
    })
}

/// The wind of the weather rows.
fn wind(case: &GasCase) -> Result<Wind> {
    let part = |of: fn(f64) -> f64| {
        let values = case.weather.iter().map(|row| row.wind_speed * of(row.heading())).collect();
        if case.weather.len() == 1 {
            return Ok(Series::constant(case.weather[0].wind_speed * of(case.weather[0].heading())));
        }
        steps(case.weather_times.clone(), values)
    };
    let first: &Weather = &case.weather[0];
    let (roughness, inverse_length) = match first.profile {
        WindProfile::Log { roughness, inverse_length } => (roughness, inverse_length),
        WindProfile::Power => {
            (case.heavy.roughness, inverse_obukhov_length(first.stability, case.heavy.roughness))
        }
    };
    Ok(Wind {
        east: part(f64::cos)?,
        north: part(f64::sin)?,
        height: first.reference_height,
        roughness,
        inverse_length,
        convective_velocity: 0.0,
    })
}

fn weakest_wind(case: &GasCase) -> f64 {
    case.weather.iter().map(|row| row.wind_speed).fold(f64::INFINITY, f64::min).max(LEAST_WIND)
}

fn diagonal(case: &GasCase) -> f64 {
    (case.grid.east() - case.grid.west).hypot(case.grid.north() - case.grid.south)
}

/// Fields and zones of what was recorded.
fn take_over(case: &GasCase, dispersion: &mut Dispersion, solver: &Solver, density: f64) {
    let (layout, record) = (solver.layout(), solver.record());
    let field = |value: &dyn Fn(usize) -> f64| {
        let mut field = case.grid.filled(0.0);
        let columns = case.grid.columns;
        for (i, cell) in cells_of(&mut field).iter_mut().enumerate() {
            *cell = value(layout.at(i / columns, i % columns));
        }
        field
    };
    let largest = field(&|at| f64::from(record.peak[at]) * density);
    let spread = case.weather.iter().map(|row| row.direction_spread_deg).fold(0.0, f64::max).to_radians();
    let source = (case.source.x, case.source.y);
    let duration = case.source.duration;
    let mut arrivals: Vec<Field> = Vec::new();
    for (zone, level) in dispersion.zones.iter_mut().zip(&record.levels) {
        let arrival = field(&|at| {
            let first = f64::from(level.first_above[at]);
            if first.is_finite() { first } else { f64::NAN }
        });
        let felt = match zone.level.kind {
            // The load in ppm as the steady concentration that gives it while the release lasts.
            LevelKind::Load { exponent, .. } if !record.load.is_empty() => {
                let steady = |load: f64| (load / duration).powf(1.0 / exponent);
                let per_ppm = zone.threshold / (zone.level.fraction * 1e6);
                field(&|at| steady(record.load[at]) * per_ppm)
            }
            _ => largest.clone(),
        };
        let trace = Trace::new(&case.grid, source, (&felt, &felt), spread);
        *zone = cloud::zone(&trace, &zone.level, zone.threshold, &arrival);
        arrivals.push(arrival);
    }
    if let Some(mildest) = arrivals.pop() {
        dispersion.arrival = mildest;
    }
    dispersion.concentration = largest;
    dispersion.plumes.clear();
    dispersion.calm.clear();
}

/// Where the mass is.
fn ledger(solver: &Solver) -> Ledger {
    let balance = solver.balance();
    let entries = vec![
        ("released".to_owned(), balance.released),
        ("left the grid".to_owned(), -balance.left.iter().sum::<f64>()),
        ("fainter than a part in 1e9".to_owned(), -balance.faded),
        ("added where a cell came out negative".to_owned(), balance.clipped),
    ];
    Ledger::close("kg", balance.initial, balance.held, entries)
}

fn stopped(stop: &Stop, case: &GasCase) -> Problem {
    let (cell, problem) = match *stop {
        Stop::NotFinite { cell } => {
            (cell, Problem::error(5101, "a depth or velocity of the layer of gas is no longer a number"))
        }
        Stop::StepTooShort { cell, dt } => {
            (cell, Problem::error(5102, format!("the time step of the layer of gas fell to {dt:.1e} s")))
        }
    };
    problem
        .at_spot(case.grid.spot(cell.0, cell.1))
        .why("the layer at this cell can no longer be computed")
        .fix("look at the ground around the cell; use larger cells there, or the slab model")
}
