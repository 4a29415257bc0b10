//! Steady flow over a bump without friction.

use sim_core::error::Result;
use sim_core::flood::{Edge, Edges};
use sim_core::series::Series;

use super::scene::{Played, Rim, Scene, channel};
use crate::exact::{BumpFlow, bump_bed};
use crate::figure::{Curve, Figure, Stroke};
use crate::metrics::relative_l1;
use crate::{Answer, Case, Findings, Reading, Settings, case};

pub(super) const CASES: [Case; 3] = [
    case!("bump-subcritical", "flood", Quick, subcritical),
    case!("bump-transcritical", "flood", Quick, transcritical),
    case!("bump-shock", "flood", Quick, shock),
];

/// Length of the channel, m, and its cells.
const LENGTH: f64 = 25.0;
const COLUMNS: usize = 500;

/// Time in which the scheme finds its own steady state, s.
const TIME: f64 = 300.0;

/// Relative error from which the discharge of a cell counts as wrong.
const DISCHARGE_TOLERANCE: f64 = 1e-3;

/// Cells whose discharge may be wrong: the one in the jump.
const WRONG_CELLS: f64 = 1.0;

/// Relative L1 error of the depth that passes.
const DEPTH_TOLERANCE: f64 = 0.005;

fn run(settings: &Settings, flow: BumpFlow, outlet: Option<f64>) -> Result<Answer> {
    let grid = channel(0.0, LENGTH, COLUMNS);
    let inflow = Series::constant(flow.discharge() * grid.rows as f64 * grid.dy);
    let mut scene = Scene::new(grid, |x, _| bump_bed(x), TIME)
        .with_depth(|x, _| flow.depth(x))
        .with_velocity(|x, _| flow.discharge() / flow.depth(x), |_, _| 0.0)
        .with_rim(Rim::WesternDischarge(inflow, None));
    match outlet {
        Some(level) => scene = scene.with_rim(Rim::EasternStage(Series::constant(level))),
        None => scene.edges = Edges { east: Edge::Open, ..scene.edges },
    }
    let played = scene.play(settings)?;
    Ok(Ok(findings(&played, flow)))
}

fn findings(played: &Played, flow: BumpFlow) -> Findings {
    let x = played.x();
    let exact: Vec<f64> = x.iter().map(|&x| flow.depth(x)).collect();
    let (depth, discharge) = (played.end().depth_row(), played.end().discharge_row());
    let is_wrong = |q: &&f64| (*q / flow.discharge() - 1.0).abs() > DISCHARGE_TOLERANCE || q.is_nan();
    let wrong = discharge.iter().filter(is_wrong).count() as f64;
    let error = relative_l1(&depth, &exact);
    let mut readings = vec![
        Reading::at_most("cells with a discharge off by > 0.1 %", wrong, "1", WRONG_CELLS)
            .of(played.effort()),
        Reading::at_most("L1(h)", error, "1", DEPTH_TOLERANCE).of(played.effort()),
        played.balance(),
    ];
    if let Some(jump) = flow.jump() {
        let between = 0.5 * (flow.depth(jump - 1e-9) + flow.depth(jump + 1e-9));
        let computed = x.iter().zip(&depth).find(|(x, h)| **x > 10.0 && **h > between);
        // The jump lies between the first deep cell and the one before it.
        let place = computed.map_or(f64::NAN, |(x, _)| x - 0.5 * played.grid.dx);
        readings
            .push(Reading::within("place of the jump", place, "m", jump, played.grid.dx).of(played.effort()));
    }
    let bed = played.bed_row();
    let level = |depths: &[f64]| bed.iter().zip(depths).map(|(z, h)| z + h).collect::<Vec<f64>>();
    let figures = vec![
        Figure::plot(
            "Level",
            "x, m",
            "level, m",
            vec![
                Curve::over("ground", Stroke::Ground, &x, &bed),
                Curve::over("computed", Stroke::Computed, &x, &level(&depth)),
                Curve::over("exact", Stroke::Reference, &x, &level(&exact)),
            ],
        ),
        Figure::plot(
            "Unit discharge",
            "x, m",
            "q, m2/s",
            vec![
                Curve::new("exact", Stroke::Reference, x.iter().map(|&x| (x, flow.discharge())).collect()),
                Curve::over("computed", Stroke::Computed, &x, &discharge),
            ],
        ),
    ];
    Findings { readings, figures }
}

fn subcritical(settings: &Settings) -> Result<Answer> {
    run(settings, BumpFlow::Subcritical { discharge: 4.42, outlet: 2.0 }, Some(2.0))
}

fn transcritical(settings: &Settings) -> Result<Answer> {
    run(settings, BumpFlow::Transcritical { discharge: 1.53 }, None)
}

fn shock(settings: &Settings) -> Result<Answer> {
    run(settings, BumpFlow::Shock { discharge: 0.18, outlet: 0.33 }, Some(0.33))
}
