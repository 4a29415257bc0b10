//! Lakes at rest: still water must stay still.

use sim_core::error::Result;
use sim_core::flood::params::LARGEST_COURANT;
use sim_core::grid::Grid;
use sim_core::units::GRAVITY;

use super::scene::{Scene, channel, grid_at};
use crate::exact::bump_bed;
use crate::figure::{Curve, Figure, Stroke};
use crate::{Answer, Case, Findings, Reading, Settings, case};

pub(super) const CASES: [Case; 4] = [
    case!("lake-immersed-bump", "flood", Quick, immersed),
    case!("lake-emerged-bump", "flood", Quick, emerged),
    case!("lake-islands", "flood", Quick, islands),
    case!("lake-steep-bowl", "flood", Quick, steep_bowl),
];

/// Steps that the water must stay still.
const STEPS: f64 = 1e5;

/// Largest speed that passes, m/s.
const SPEED_TOLERANCE: f64 = 1e-12;

/// Largest speed that codes in double precision publish, m/s.
const BEST_SPEED: f64 = 1e-15;

/// A time in which a lake of this depth takes at least [`STEPS`] steps, s.
fn duration(grid: &Grid, depth: f64) -> f64 {
    let rate = (GRAVITY * depth).sqrt() * (1.0 / grid.dx + 1.0 / grid.dy);
    // One per mille more, for the rounding of the sum of the steps.
    1.001 * STEPS * LARGEST_COURANT / rate
}

fn still(settings: &Settings, grid: Grid, bed: impl Fn(f64, f64) -> f64, level: f64) -> Result<Answer> {
    let mut scene = Scene::new(grid, bed, 1.0).with_level(level).with_roughness(0.03);
    let deepest = scene.depth.iter().copied().fold(0.0, f64::max);
    scene.duration = duration(&scene.grid, deepest);
    scene.wants_speed = true;
    let played = scene.play(settings)?;
    let change = (&played.end().depth - &scene.depth).iter().map(|d| d.abs()).fold(0.0, f64::max);
    let surface: Vec<f64> =
        played.bed_row().iter().zip(played.end().depth_row()).map(|(bed, depth)| bed + depth).collect();
    let x = played.x();
    let readings = vec![
        Reading::at_most("largest speed", played.fastest, "m/s", SPEED_TOLERANCE)
            .best(BEST_SPEED)
            .of(played.effort()),
        Reading::at_most("largest change of depth", change, "m", SPEED_TOLERANCE).of(played.effort()),
        Reading::at_least("steps", played.outcome.steps as f64, "1", STEPS).of(played.effort()),
        played.balance(),
    ];
    let figures = vec![Figure::plot(
        "Surface at the end, middle row",
        "x, m",
        "level, m",
        vec![
            Curve::over("ground", Stroke::Ground, &x, &played.bed_row()),
            Curve::over("water", Stroke::Computed, &x, &surface),
        ],
    )];
    Ok(Ok(Findings { readings, figures }))
}

fn immersed(settings: &Settings) -> Result<Answer> {
    still(settings, channel(0.0, 25.0, 100), |x, _| bump_bed(x), 0.5)
}

fn emerged(settings: &Settings) -> Result<Answer> {
    still(settings, channel(0.0, 25.0, 100), |x, _| bump_bed(x), 0.1)
}

fn islands(settings: &Settings) -> Result<Answer> {
    // Rough ground: some cells stand above the level of 1 m.
    let bed =
        |x: f64, y: f64| 0.7 + 0.6 * (x * 0.7).sin() * (y * 0.9).cos() + 0.3 * (x * 2.3 + y * 1.7).sin();
    still(settings, grid_at(0.0, 0.0, 24, 24, 1.0), bed, 1.0)
}

fn steep_bowl(settings: &Settings) -> Result<Answer> {
    // A square bowl with sides of 25 % on ground that tilts by 4 %.
    let bed = |x: f64, y: f64| 0.25 * (x - 24.0).abs().max((y - 24.0).abs()) + 0.04 * x;
    still(settings, grid_at(0.0, 0.0, 24, 24, 2.0), bed, 3.0)
}
