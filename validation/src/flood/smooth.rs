//! Order of accuracy on a smooth flow over smooth ground, before any wave breaks.

use sim_core::error::Result;
use sim_core::grid::Field;

use super::scene::{Played, Scene, grid_at};
use crate::figure::{Curve, Figure, Stroke};
use crate::metrics::observed_order;
use crate::{Answer, Case, Findings, Reading, Settings, case};

pub(super) const CASES: [Case; 1] = [case!("smooth-order", "flood", Quick, smooth_order)];

/// Side of the basin, m.
const SIDE: f64 = 10.0;

/// Time, s: the waves have crossed a third of the basin and are still smooth.
const TIME: f64 = 1.0;

/// Order that is asked for, and the mean order that another code asks of itself.
const LEAST_ORDER: f64 = 1.9;
const BEST_ORDER: f64 = 1.8;

fn bed(x: f64, y: f64) -> f64 {
    let wave = |s: f64| (std::f64::consts::TAU * s / SIDE).cos();
    0.1 * wave(x) * wave(y)
}

fn surface(x: f64, y: f64) -> f64 {
    let half_wave = |s: f64| (std::f64::consts::PI * s / SIDE).cos();
    1.0 + 0.05 * half_wave(x) + 0.05 * half_wave(y)
}

fn play(settings: &Settings, cells: usize) -> Result<Played> {
    let grid = grid_at(0.0, 0.0, cells, cells, SIDE / cells as f64);
    Scene::new(grid, bed, TIME).with_depth(|x, y| surface(x, y) - bed(x, y)).play(settings)
}

/// Means over two by two cells.
fn halved(fine: &Field) -> Field {
    Field::from_shape_fn((fine.nrows() / 2, fine.ncols() / 2), |(row, column)| {
        let at = |r: usize, c: usize| fine[(2 * row + r, 2 * column + c)];
        0.25 * (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1))
    })
}

fn smooth_order(settings: &Settings) -> Result<Answer> {
    let runs: Vec<Played> =
        [25, 50, 100, 200].into_iter().map(|cells| play(settings, cells)).collect::<Result<_>>()?;
    let mut changes = Vec::new();
    for pair in runs.windows(2) {
        let (coarse, fine) = (&pair[0].end().depth, halved(&pair[1].end().depth));
        changes.push((coarse - &fine).iter().map(|d| d.abs()).sum::<f64>() / coarse.len() as f64);
    }
    let sizes: Vec<f64> = runs.iter().map(|run| run.grid.dx).take(changes.len()).collect();
    let finest = &runs[runs.len() - 1];
    let order = observed_order(changes[1], changes[2], 2.0);
    let steepest = finest.end().depth_row();
    let readings = vec![
        Reading::at_least("order of h, 50 to 200 cells", order, "1", LEAST_ORDER)
            .best(BEST_ORDER)
            .of(finest.effort()),
        finest.balance(),
    ];
    let figures = vec![
        Figure::convergence("the depth, change by halving the cells", &sizes, &changes, LEAST_ORDER),
        Figure::plot(
            "Depth at the end, middle row",
            "x, m",
            "depth, m",
            vec![Curve::over("200 cells", Stroke::Computed, &finest.x(), &steepest)],
        ),
    ];
    Ok(Ok(Findings { readings, figures }))
}
