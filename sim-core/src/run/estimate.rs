//! How long a run will take, roughly, before it is started.

use std::time::Instant;

use crate::error::Result;
use crate::run::flood::{FloodCase, Scheme, simulate};
use crate::run::{Unobserved, trial};
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
    let trial = still_water(case.scheme);
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

/// The trial area of the machine's own trial, its ground level and its water still.
fn still_water(scheme: Scheme) -> FloodCase {
    let area = trial::dam_break(scheme, TRIAL_SIDE);
    FloodCase {
        bed: area.grid.filled(0.0),
        initial_depth: area.grid.filled(TYPICAL_DEPTH),
        rain: Series::constant(1e-5).into(),
        loss: Series::constant(0.0),
        duration: TRIAL_TIME,
        ..area
    }
}
