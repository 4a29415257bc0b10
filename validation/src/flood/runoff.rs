//! Rain and runoff: planes, a valley of two slopes, uniform flow.

use sim_core::error::Result;
use sim_core::flood::{Edge, Edges};
use sim_core::series::Series;
use sim_core::units::from_mm_h;

use super::scene::{Played, Scene, channel, column_cells, grid_at, line};
use crate::exact::{Plane, normal_depth};
use crate::figure::{Curve, Figure, Stroke};
use crate::metrics::{largest_difference, relative_l1};
use crate::{Answer, Case, Findings, Reading, Settings, case};

pub(super) const CASES: [Case; 4] = [
    case!("rain-on-a-plane", "flood", Quick, steep_plane),
    case!("rain-on-turf", "flood", Quick, turf),
    case!("tilted-v", "flood", Quick, tilted_v),
    case!("uniform-flow", "flood", Quick, uniform_flow),
];

/// Relative L1 error of depth and hydrograph that passes.
const TOLERANCE: f64 = 0.02;

/// Times at which hydrographs are compared.
const SAMPLES: usize = 240;

/// A plane under rain until well after equilibrium, then as long without.
fn plane(settings: &Settings, plane: Plane) -> Result<Answer> {
    let rain_ends = 2.0 * plane.equilibrium_time();
    let duration = 2.0 * rain_ends;
    let grid = channel(0.0, plane.length, 100);
    let (last, foot) = (grid.columns - 1, grid.x(grid.columns - 1));
    let mut scene = Scene::new(grid, |x, _| plane.slope * (plane.length - x), duration)
        .with_roughness(plane.manning_n)
        .with_marks(&[rain_ends]);
    scene.edges = Edges { east: Edge::Open, ..scene.edges };
    scene.rain = Series::block(plane.rain, rain_ends);
    scene.gauges = vec![(1, last)];
    let played = scene.play(settings)?;
    let x = played.x();
    let steady: Vec<f64> = x.iter().map(|&x| plane.depth(x, rain_ends)).collect();
    let depth = played.snapshots[0].depth_row();
    // What passes the middle of the last cell: a plane of that length.
    let upto = Plane { length: foot, ..plane };
    let times: Vec<f64> = (1..=SAMPLES).map(|k| duration * k as f64 / SAMPLES as f64).collect();
    let exact: Vec<f64> = times.iter().map(|&t| upto.discharge_at_foot(t, rain_ends)).collect();
    let discharge = |&time: &f64| {
        let sample = played.gauge_at(0, time);
        sample.depth * sample.u
    };
    let computed: Vec<f64> = times.iter().map(discharge).collect();
    let readings = vec![
        Reading::at_most("L1(h) at equilibrium", relative_l1(&depth, &steady), "1", TOLERANCE)
            .of(played.effort()),
        Reading::at_most("L1(q) at the foot, rise and fall", relative_l1(&computed, &exact), "1", TOLERANCE)
            .of(played.effort()),
        played.balance(),
    ];
    let figures = vec![
        hydrograph("Discharge at the foot", "q, m2/s", &times, &computed, &exact),
        Figure::plot(
            "Depth at equilibrium",
            "distance from the crest, m",
            "depth, m",
            vec![
                Curve::over("kinematic wave", Stroke::Reference, &x, &steady),
                Curve::over("computed", Stroke::Computed, &x, &depth),
            ],
        ),
    ];
    Ok(Ok(Findings { readings, figures }))
}

fn hydrograph(title: &str, y: &'static str, times: &[f64], computed: &[f64], exact: &[f64]) -> Figure {
    Figure::plot(
        title,
        "time, s",
        y,
        vec![
            Curve::over("kinematic wave", Stroke::Reference, times, exact),
            Curve::over("computed", Stroke::Computed, times, computed),
        ],
    )
}

fn steep_plane(settings: &Settings) -> Result<Answer> {
    plane(settings, Plane { length: 100.0, slope: 0.05, manning_n: 0.02, rain: from_mm_h(100.0) })
}

fn turf(settings: &Settings) -> Result<Answer> {
    plane(settings, Plane { length: 21.945, slope: 0.04, manning_n: 0.5, rain: from_mm_h(50.8) })
}

/// Rain on the valley, m/s, and the time it lasts, s.
const VALLEY_RAIN: f64 = 3e-6;
const VALLEY_RAIN_ENDS: f64 = 5400.0;
/// Cell of the valley, m; the channel is one cell wide.
const VALLEY_CELL: f64 = 20.0;
/// Columns of the valley; the channel is the middle one.
const VALLEY_COLUMNS: usize = 81;
/// Rows of the valley proper.
const VALLEY_ROWS: usize = 50;
/// Time over which the discharge at the end of the rain is taken, s: long, because the
/// marks at its ends change the time step a little, and with it the water that is stored.
const VALLEY_WINDOW: f64 = 600.0;

/// The valley with one row more in the south, in which only the channel goes on.
pub(crate) fn valley() -> Scene {
    let middle = VALLEY_COLUMNS / 2;
    let west = -0.5 * VALLEY_COLUMNS as f64 * VALLEY_CELL;
    let grid = grid_at(west, -VALLEY_CELL, VALLEY_COLUMNS, VALLEY_ROWS + 1, VALLEY_CELL);
    let ground = |x: f64, y: f64| {
        let in_channel = x.abs() < 0.5 * VALLEY_CELL;
        if y < 0.0 && !in_channel { f64::NAN } else { 0.05 * x.abs() + 0.02 * y }
    };
    let mut scene = Scene::new(grid, ground, 2.0 * VALLEY_RAIN_ENDS);
    scene.rough =
        Some(super::scene::over(&scene.grid, |x, _| if x.abs() < 0.5 * VALLEY_CELL { 0.15 } else { 0.015 }));
    scene.edges = Edges { south: Edge::Open, ..scene.edges };
    scene.rain = Series::block(VALLEY_RAIN, VALLEY_RAIN_ENDS);
    scene.gauges = vec![(0, middle)];
    scene.with_marks(&[VALLEY_RAIN_ENDS - VALLEY_WINDOW, VALLEY_RAIN_ENDS])
}

fn tilted_v(settings: &Settings) -> Result<Answer> {
    let scene = valley();
    let played = scene.play(settings)?;
    let area = VALLEY_CELL * VALLEY_CELL;
    // What fell less what stayed, on the valley proper: the water that crossed y = 0.
    let stored = |index: usize| played.snapshots[index].depth.iter().skip(VALLEY_COLUMNS).sum::<f64>() * area;
    let rows = (VALLEY_COLUMNS * VALLEY_ROWS) as f64;
    let fell = VALLEY_RAIN * rows * area;
    let outflow = fell - (stored(1) - stored(0)) / VALLEY_WINDOW;
    let record: Vec<(f64, f64)> =
        played.gauges[0].iter().map(|s| (s.time, -s.depth * s.v * VALLEY_CELL)).collect();
    let readings = vec![
        // MODFLOW 6 asserts 4.8595 ± 0.001 in its own test of this valley.
        Reading::within("outflow at 5400 s", outflow, "m3/s", 4.86, 0.005).best(4.8595).of(played.effort()),
        played.balance(),
    ];
    let figures = vec![Figure::plot(
        "Discharge at the end of the channel",
        "time, s",
        "discharge, m3/s",
        vec![Curve::new("computed", Stroke::Computed, record)],
    )];
    Ok(Ok(Findings { readings, figures }))
}

fn uniform_flow(settings: &Settings) -> Result<Answer> {
    let (length, discharge, slope, manning_n) = (1000.0, 1.0, 0.001, 0.03);
    let grid = channel(0.0, length, 100);
    let width = grid.rows as f64 * grid.dy;
    let cells = column_cells(&grid, 0);
    let inflow = line(&[(0.0, discharge * width), (1.0, discharge * width)]);
    let mut scene = Scene::new(grid, |x, _| slope * (length - x), 4.0 * 3600.0)
        .with_depth(|_, _| 0.5)
        .with_roughness(manning_n)
        .with_inflow(cells, inflow);
    scene.edges = Edges { east: Edge::Open, ..scene.edges };
    let played = scene.play(settings)?;
    Ok(Ok(uniform_findings(&played, normal_depth(discharge, slope, manning_n))))
}

fn uniform_findings(played: &Played, normal: f64) -> Findings {
    let (x, depth) = (played.x(), played.end().depth_row());
    // The inflow comes without momentum and needs some cells to gather speed.
    let reach = depth.len() / 10..depth.len();
    let exact = vec![normal; reach.len()];
    let error = largest_difference(&depth[reach], &exact) / normal;
    let readings = vec![
        Reading::at_most("largest error of h over h", error, "1", 0.002).best(0.0059).of(played.effort()),
        played.balance(),
    ];
    let figures = vec![Figure::plot(
        "Depth in the steady state",
        "x, m",
        "depth, m",
        vec![
            Curve::new("normal depth", Stroke::Reference, x.iter().map(|&x| (x, normal)).collect()),
            Curve::over("computed", Stroke::Computed, &x, &depth),
        ],
    )];
    Findings { readings, figures }
}
