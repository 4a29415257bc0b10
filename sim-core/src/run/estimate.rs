//! How long a run will take, roughly, before it is started.

use std::sync::Arc;
use std::time::Instant;

use crate::error::Result;
use crate::flood::boundary::{Edge, Edges};
use crate::flood::place::Places;
use crate::grid::{Crs, Grid};
use crate::run::Unobserved;
use crate::run::flood::{Buildings, FloodCase, ProductSettings, Scheme, Soils, simulate};
use crate::series::Series;
use crate::units::GRAVITY;

/// A rough forecast of a flood run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Time steps.
    pub steps: f64,
    /// Wall time, s.
    pub wall_seconds: f64,
    /// Measured rate it rests on, cell-steps per second.
    pub cell_steps_per_second: f64,
}

/// Depth that sets the time step in the forecast, m: the deepest water of a
/// city flood is of this order; a run with deeper water takes longer.
const TYPICAL_DEPTH: f64 = 1.0;

/// Side of the trial area, cells: large enough to keep the threads busy.
const TRIAL_SIDE: usize = 256;

/// Seconds simulated on the trial area.
const TRIAL_TIME: f64 = 10.0;

/// Forecast of a flood run from a short trial on this machine.
///
/// The trial is a still, fully wet square; the time step of the real run is
/// taken from water of 1 m that flows as fast as its waves. Expect a factor of two.
///
/// # Errors
/// Those of [`simulate`], which the trial does not meet on a sound build.
pub fn flood(case: &FloodCase) -> Result<Estimate> {
    let trial = trial(case.scheme);
    let begun = Instant::now();
    let outcome = simulate(&trial, &mut Unobserved)?;
    let seconds = begun.elapsed().as_secs_f64().max(1e-6);
    let rate = trial.grid.cells() as f64 * outcome.steps as f64 / seconds;

    let deepest = case.initial_depth.iter().copied().fold(TYPICAL_DEPTH, f64::max);
    let speed = 2.0 * (GRAVITY * deepest).sqrt();
    let time_step = case.courant / (speed / case.grid.dx + speed / case.grid.dy);
    let steps = case.duration / time_step;
    Ok(Estimate { steps, wall_seconds: steps * case.grid.cells() as f64 / rate, cell_steps_per_second: rate })
}

fn trial(scheme: Scheme) -> FloodCase {
    let grid = Grid {
        columns: TRIAL_SIDE,
        rows: TRIAL_SIDE,
        dx: 2.0,
        dy: 2.0,
        west: 0.0,
        south: 0.0,
        crs: Crs::local(),
    };
    FloodCase {
        title: "trial".into(),
        bed: grid.filled(0.0),
        initial_depth: grid.filled(TYPICAL_DEPTH),
        manning_n: grid.filled(0.03),
        rain: Series::constant(1e-5).into(),
        loss: Series::constant(0.0),
        soils: Soils::none(),
        inflows: Vec::new(),
        releases: Vec::new(),
        buildings: Arc::new(Buildings::none()),
        structures: Vec::new(),
        barriers: Vec::new(),
        breaches: Vec::new(),
        sewers: None,
        boundaries: Vec::new(),
        edges: Edges { west: Edge::Wall, east: Edge::Wall, south: Edge::Wall, north: Edge::Wall },
        courant: scheme.courant(),
        scheme,
        duration: TRIAL_TIME,
        frame_times: Vec::new(),
        places: Places::default(),
        exposure: Vec::new(),
        settings: ProductSettings {
            arrival_depth: 0.15,
            waterlogging_depth: 0.15,
            waterlogging_area: 20.0,
            classes: Vec::new(),
            wanted: Vec::new(),
        },
        grid,
    }
}
