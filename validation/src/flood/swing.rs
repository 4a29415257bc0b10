//! Water that swings in parabolic basins (Thacker): moving shores without friction.

use sim_core::error::Result;

use super::scene::{Played, Scene, channel, grid_at, over};
use crate::exact::{Bowl, Canal};
use crate::figure::{Curve, Figure, Stroke};
use crate::metrics::{observed_order, relative_l1};
use crate::{Answer, Case, Effort, Findings, Reading, Settings, case};

pub(super) const CASES: [Case; 3] = [
    case!("thacker-canal", "flood", Quick, canal),
    case!("thacker-radial", "flood", Quick, radial),
    case!("thacker-planar", "flood", Quick, planar),
];

/// Periods that the water swings.
const PERIODS: f64 = 3.0;

/// Relative L1 error of the depth that passes on the finest grid.
const TOLERANCE: f64 = 0.01;

/// Error that other codes reach, of the range of the level.
const BEST: f64 = 0.01;

/// Order that is asked for.
const LEAST_ORDER: f64 = 1.5;

const CANAL: Canal = Canal { middle: 2.0, half_width: 1.0, depth: 0.5 };
const BOWL: Bowl = Bowl { radius: 1.0, depth: 0.1 };
/// Radius of the shore of the radial swing at time zero, m.
const RIM: f64 = 0.8;
/// Radius on which the middle of the planar swing runs, m.
const REACH: f64 = 0.5;

/// Errors and orders over rising resolutions; the last run is shown.
fn converge(
    cells: &[usize],
    run: impl Fn(usize) -> Result<Played>,
    exact: impl Fn(f64, f64) -> f64,
) -> Result<Answer> {
    let (mut sizes, mut errors, mut findings) = (Vec::new(), Vec::new(), Findings::default());
    let mut effort = Effort::default();
    for &cells in cells {
        let played = run(cells)?;
        effort = played.effort();
        let truth = over(&played.grid, &exact);
        let flat = |field: &sim_core::grid::Field| field.iter().copied().collect::<Vec<f64>>();
        let error = relative_l1(&flat(&played.end().depth), &flat(&truth));
        sizes.push(played.grid.dx);
        errors.push(error);
        findings.figures = vec![profile(&played, &exact)];
        let name = format!("L1(h), cells of {:.3} m", played.grid.dx);
        findings.readings = vec![
            Reading::at_most(name, error, "1", TOLERANCE).best(BEST).of(played.effort()),
            played.balance(),
        ];
    }
    let last = errors.len() - 1;
    let order = observed_order(errors[0], errors[last], sizes[0] / sizes[last]);
    findings.readings.push(Reading::at_least("order of h", order, "1", LEAST_ORDER).of(effort));
    findings.figures.push(Figure::convergence("the depth, L1", &sizes, &errors, LEAST_ORDER));
    Ok(Ok(findings))
}

fn profile(played: &Played, exact: impl Fn(f64, f64) -> f64) -> Figure {
    let row = played.grid.rows / 2;
    let y = played.grid.y(row);
    let (x, bed) = (played.x(), played.bed_row());
    let depth = played.end().depth_row();
    let level = |depths: &[f64]| bed.iter().zip(depths).map(|(z, h)| z + h).collect::<Vec<f64>>();
    let truth: Vec<f64> = x.iter().map(|&x| exact(x, y)).collect();
    Figure::plot(
        format!("Level after {PERIODS} periods, middle row"),
        "x, m",
        "level, m",
        vec![
            Curve::over("ground", Stroke::Ground, &x, &bed),
            Curve::over("computed", Stroke::Computed, &x, &level(&depth)),
            Curve::over("exact", Stroke::Reference, &x, &level(&truth)),
        ],
    )
}

fn canal(settings: &Settings) -> Result<Answer> {
    let time = PERIODS * CANAL.period();
    let run = |cells: usize| {
        Scene::new(channel(0.0, 4.0, cells), |x, _| CANAL.bed(x), time)
            .with_depth(|x, _| CANAL.depth_at(x, 0.0))
            .play(settings)
    };
    converge(&[100, 200, 400], run, |x, _| CANAL.depth_at(x, time))
}

fn bowl_grid(cells: usize) -> sim_core::grid::Grid {
    grid_at(-2.0, -2.0, cells, cells, 4.0 / cells as f64)
}

fn radial(settings: &Settings) -> Result<Answer> {
    let time = PERIODS * BOWL.radial_period();
    let run = |cells: usize| {
        Scene::new(bowl_grid(cells), |x, y| BOWL.bed(x, y), time)
            .with_depth(|x, y| BOWL.radial_depth(x, y, RIM, 0.0))
            .play(settings)
    };
    converge(&[50, 100, 200], run, |x, y| BOWL.radial_depth(x, y, RIM, time))
}

fn planar(settings: &Settings) -> Result<Answer> {
    let time = PERIODS * BOWL.planar_period();
    let at = |x: f64, y: f64, time: f64| BOWL.planar(x, y, REACH, time);
    let run = |cells: usize| {
        Scene::new(bowl_grid(cells), |x, y| BOWL.bed(x, y), time)
            .with_depth(|x, y| at(x, y, 0.0).0)
            .with_velocity(|x, y| at(x, y, 0.0).1, |x, y| at(x, y, 0.0).2)
            .play(settings)
    };
    converge(&[50, 100, 200], run, |x, y| at(x, y, time).0)
}
