//! Tests 1 to 4 of the UK Environment Agency, built from formulas.

use std::f64::consts::{PI, TAU};

use sim_core::error::Result;
use sim_core::grid::Field;
use sim_core::series::Series;

use super::scene::{Played, Rim, Scene, column_cells, grid_at, line};
use crate::exact::RadialFlow;
use crate::figure::{Curve, Figure, Stroke};
use crate::{Answer, Case, Findings, Reading, Settings, case};

pub(super) const CASES: [Case; 4] = [
    case!("ea-1", "flood", Quick, test_1),
    case!("ea-2", "flood", Quick, test_2),
    case!("ea-3", "flood", Quick, test_3),
    case!("ea-4", "flood", Long, test_4),
];

const MINUTE: f64 = 60.0;

/// Samples in minutes as a line through seconds.
fn minutes(samples: &[(f64, f64)]) -> Series {
    line(&samples.iter().map(|&(minute, value)| (minute * MINUTE, value)).collect::<Vec<_>>())
}

fn gauge_curve(played: &Played, gauge: usize, label: &str, bed: f64) -> Curve {
    let points = played.gauges[gauge].iter().map(|s| (s.time, bed + s.depth)).collect();
    Curve::new(label, Stroke::Computed, points)
}

/// Bed of test 1, m; it depends on x alone.
fn bed_1(x: f64) -> f64 {
    if x <= 263.5 {
        9.6487 + 0.00213 * x
    } else if x <= 600.0 {
        10.0 + 0.25 * (TAU * (x - 300.0) / 400.0).cos()
    } else {
        10.0 + PI / 800.0 * (x - 600.0)
    }
}

/// Test 1: a tide over a crest fills a hollow behind it.
pub(crate) fn scene_1() -> Scene {
    let tide = minutes(&[(0.0, 9.7), (5.0, 9.7), (60.0, 10.35), (660.0, 10.35), (720.0, 9.7), (1200.0, 9.7)]);
    Scene::new(grid_at(0.0, 0.0, 70, 10, 10.0), |x, _| bed_1(x), 20.0 * 60.0 * MINUTE)
        .with_level(9.7)
        .with_roughness(0.03)
        .with_rim(Rim::WesternStage(tide))
}

fn test_1(settings: &Settings) -> Result<Answer> {
    let sill = 10.25;
    let points = [(400.0, 50.0), (600.0, 50.0)];
    let scene = scene_1().with_gauges(&points);
    let played = scene.play(settings)?;
    let mut findings = Findings::default();
    let mut curves = Vec::new();
    for (gauge, (x, y)) in points.into_iter().enumerate() {
        let bed = played.bed_at(x, y);
        let level = bed + played.gauge_at(gauge, scene.duration).depth;
        let name = format!("level at x = {x} m after 20 h");
        findings.readings.push(Reading::within(name, level, "m", sill, 0.005).of(played.effort()));
        curves.push(gauge_curve(&played, gauge, &format!("x = {x} m"), bed));
    }
    findings.readings.push(played.balance());
    findings.figures.push(Figure::plot("Level", "time, s", "level, m", curves));
    Ok(Ok(findings))
}

/// Bed of test 2, m.
fn bed_2(x: f64, y: f64) -> f64 {
    let (along, across) = (PI * x / 500.0, PI * y / 500.0);
    10.0 - x / 2000.0 - (2000.0 - y) / 1500.0 + 0.125 * along.cos().powi(2) * across.cos().powi(2)
        - 0.5 * along.sin().powi(2) * across.sin().powi(2)
}

/// How far below the crest the way out of a pond of test 2 must lead to count as out, m: more
/// than the ground within a pond can fall on the way up, less than any pond is deep.
const WAY_OUT: f64 = 0.05;

/// Level of the lowest way out of a hollow, m, on the grid of the run: the ground is flooded
/// from the bottom of the hollow, always over the lowest cell at the shore.
fn sill(bed: &Field, bottom: (usize, usize)) -> f64 {
    let (rows, columns) = bed.dim();
    let mut seen = vec![bottom];
    let mut shore = vec![bottom];
    let mut highest = f64::NEG_INFINITY;
    while let Some(next) = (0..shore.len()).min_by(|&a, &b| bed[shore[a]].total_cmp(&bed[shore[b]])) {
        let (row, column) = shore.swap_remove(next);
        highest = highest.max(bed[(row, column)]);
        if bed[(row, column)] < highest - WAY_OUT {
            break;
        }
        let beside = [
            (row.wrapping_sub(1), column),
            (row + 1, column),
            (row, column.wrapping_sub(1)),
            (row, column + 1),
        ];
        for cell in beside {
            if cell.0 < rows && cell.1 < columns && !seen.contains(&cell) {
                seen.push(cell);
                shore.push(cell);
            }
        }
    }
    highest
}

/// Depth below which a pond of test 2 counts as dry, m.
const FILM: f64 = 0.001;

/// Test 2: a river spills from pond to pond.
pub(crate) fn scene_2() -> Scene {
    let grid = grid_at(0.0, 0.0, 100, 100, 20.0);
    let river = minutes(&[(0.0, 0.0), (5.0, 0.0), (10.0, 20.0), (86.0, 20.0), (91.0, 0.0), (2880.0, 0.0)]);
    let inlet: Vec<(usize, usize)> =
        (0..grid.rows).filter(|&row| grid.y(row) > 1900.0).map(|row| (row, 0)).collect();
    Scene::new(grid, bed_2, 48.0 * 60.0 * MINUTE).with_roughness(0.03).with_inflow(inlet, river)
}

fn test_2(settings: &Settings) -> Result<Answer> {
    let ponds: Vec<(f64, f64)> =
        (0..16).map(|p| (250.0 + 500.0 * f64::from(p / 4), 250.0 + 500.0 * f64::from(p % 4))).collect();
    let played = scene_2().play(settings)?;
    let end = &played.end().depth;
    let cells: Vec<(usize, usize)> = ponds.iter().filter_map(|&(x, y)| played.grid.cell_at(x, y)).collect();
    let sills: Vec<f64> = cells.iter().map(|&cell| sill(&played.bed, cell)).collect();
    let level = |pond: usize| played.bed[cells[pond]] + end[cells[pond]];
    let above = |pond: usize| level(pond) - sills[pond];
    let highest = (0..16).map(above).fold(f64::NEG_INFINITY, f64::max);
    let eastern = cells[12..].iter().map(|&cell| end[cell]).fold(0.0, f64::max);
    let readings = vec![
        Reading::at_most("highest pond above its sill", highest.max(0.0), "m", 0.01)
            .best(0.007)
            .of(played.effort()),
        Reading::within("level of pond 4", level(3), "m", sills[3], 0.01).of(played.effort()),
        Reading::at_most("depth in the eastern column", eastern, "m", FILM).of(played.effort()),
        played.balance(),
    ];
    let numbers: Vec<f64> = (1..=16).map(f64::from).collect();
    let figures = vec![
        Figure::Map { title: "Depth after 48 h".into(), unit: "m", values: played.end().depth.clone() },
        Figure::plot(
            "Level above the sill",
            "pond",
            "m",
            vec![Curve::over("computed", Stroke::Dots, &numbers, &(0..16).map(above).collect::<Vec<_>>())],
        ),
    ];
    Ok(Ok(Findings { readings, figures }))
}

/// Bed of test 3, m; it depends on x alone.
fn bed_3(x: f64) -> f64 {
    let hollow = |around: f64, middle: f64, height: f64| middle - height * (TAU * (x - around) / 100.0).cos();
    if x < 144.844 {
        10.7326 - 0.005 * (x + 49.0)
    } else if x < 148.0 {
        hollow(150.0, 10.0, 0.25)
    } else if x <= 250.0 {
        hollow(150.0, 9.875, 0.125)
    } else if x < 275.0 {
        hollow(250.0, 10.0, 0.25)
    } else {
        10.0 + PI / 200.0 * (x - 275.0)
    }
}

/// Crest between the two pits of test 3, m along x.
const CREST_3: f64 = 200.0;

/// How far below the crest the control of test 3 is filled, m.
const BELOW_CREST: f64 = 0.001;

/// The two pits of test 3, dry.
fn ground_3() -> Scene {
    Scene::new(grid_at(0.0, 0.0, 60, 20, 5.0), |x, _| bed_3(x), 900.0).with_roughness(0.01)
}

/// Test 3: a wave runs over the crest between two pits.
pub(crate) fn scene_3() -> Scene {
    let wave = line(&[(0.0, 0.0), (5.0, 0.0), (15.0, 65.5), (25.0, 65.5), (35.0, 0.0), (900.0, 0.0)]);
    let scene = ground_3();
    let inlet = column_cells(&scene.grid, 0);
    scene.with_inflow(inlet, wave)
}

fn test_3(settings: &Settings) -> Result<Answer> {
    let points = [(150.0, 50.0), (250.0, 50.0)];
    let played = scene_3().with_gauges(&points).play(settings)?;
    let at_rest = ground_3().with_gauges(&points);
    let level = bed_3(CREST_3 - 0.5 * at_rest.grid.dx) - BELOW_CREST;
    let control = at_rest
        .with_depth(|x, _| if x < CREST_3 { (level - bed_3(x)).max(0.0) } else { 0.0 })
        .play(settings)?;
    let second = |run: &Played| run.gauge_at(1, 900.0).depth;
    let speed = played.gauges[0].iter().map(|s| s.u).fold(0.0, f64::max);
    let readings = vec![
        Reading::within("depth in the second pit", second(&played), "m", 0.055, 0.015)
            .best(0.047)
            .of(played.effort()),
        Reading::at_most("the same with the pit full at rest", second(&control), "m", FILM)
            .of(control.effort()),
        Reading::at_least("largest speed in the first pit", speed, "m/s", 0.5).of(played.effort()),
        played.balance(),
    ];
    let curves = points
        .iter()
        .enumerate()
        .map(|(gauge, &(x, y))| gauge_curve(&played, gauge, &format!("x = {x} m"), played.bed_at(x, y)));
    let figures = vec![Figure::plot("Level", "time, s", "level, m", curves.collect())];
    Ok(Ok(Findings { readings, figures }))
}

/// Distance from the inflow, m, at which test 4 compares arrivals.
const POINTS_4: [(f64, f64); 6] =
    [(50.0, 1000.0), (100.0, 1000.0), (200.0, 1000.0), (300.0, 1000.0), (400.0, 1000.0), (300.0, 1300.0)];

/// Depth that counts as arrival in test 4, m.
const ARRIVAL_4: f64 = 0.01;

/// Time at which depths are compared, s, and the end.
const LATE_4: f64 = 3.0 * 3600.0;

/// Width of the rings of the reference, m: halving it changes arrivals by less than 0.3 %.
const RING_4: f64 = 1.0;

/// Arrivals at given radii and the water at the end.
fn reference_4(radii: &[f64]) -> (Vec<f64>, RadialFlow) {
    // The western wall mirrors the half circle: the whole one carries twice the discharge.
    let river = minutes(&[(0.0, 0.0), (5.0, 0.0), (60.0, 40.0), (240.0, 40.0), (300.0, 0.0)]);
    let mut flow = RadialFlow::new(1000.0, RING_4, 0.05, |_| 0.0).with_source(10.0, river);
    let mut arrivals = vec![f64::INFINITY; radii.len()];
    let look = 5.0;
    let mut time = 0.0;
    while time < LATE_4 {
        time += look;
        flow.run_to(time);
        for (arrival, &radius) in arrivals.iter_mut().zip(radii) {
            if arrival.is_infinite() && flow.depth_at(radius) > ARRIVAL_4 {
                *arrival = time - 0.5 * look;
            }
        }
    }
    (arrivals, flow)
}

/// Test 4: a river spreads over a plain.
pub(crate) fn scene_4() -> Scene {
    let grid = grid_at(0.0, 0.0, 200, 400, 5.0);
    let river = minutes(&[(0.0, 0.0), (5.0, 0.0), (60.0, 20.0), (240.0, 20.0), (300.0, 0.0)]);
    let inlet: Vec<(usize, usize)> =
        (0..grid.rows).filter(|&row| (grid.y(row) - 1000.0).abs() < 10.0).map(|row| (row, 0)).collect();
    Scene::new(grid, |_, _| 0.0, LATE_4).with_roughness(0.05).with_inflow(inlet, river)
}

fn test_4(settings: &Settings) -> Result<Answer> {
    let scene = scene_4().with_gauges(&POINTS_4);
    let played = scene.play(settings)?;
    // The reference is taken where the middle of the cell of each point is.
    let radius = |&(row, column): &(usize, usize)| played.grid.x(column).hypot(played.grid.y(row) - 1000.0);
    let radii: Vec<f64> = scene.gauges.iter().map(radius).collect();
    let (arrivals, flow) = reference_4(&radii);
    let mut worst = 0.0_f64;
    for (gauge, &exact) in arrivals.iter().enumerate() {
        worst = worst.max((played.gauge_arrival(gauge, ARRIVAL_4) / exact - 1.0).abs());
    }
    let (mut error, mut sum) = (0.0, 0.0);
    for (cell, &depth) in played.end().depth.indexed_iter() {
        let exact = flow.depth_at(radius(&cell));
        // The cells beside the inflow see its shape: 20 m of wall and not a disc.
        if radius(&cell) > 50.0 {
            error += (depth - exact).abs();
            sum += exact;
        }
    }
    let skew = isotropy(&played);
    let readings = vec![
        Reading::at_most("latest or earliest arrival, relative", worst, "1", 0.02)
            .best(0.063)
            .of(played.effort()),
        Reading::at_most("L1(h) at 3 h", error / sum, "1", 0.005).best(0.026).of(played.effort()),
        Reading::at_most("diagonal less axis at r = 424 m", skew, "m", 0.002).best(0.001).of(played.effort()),
        played.balance(),
    ];
    Ok(Ok(Findings { readings, figures: figures_4(&played, &flow) }))
}

/// Depth on the diagonal less depth on the axis at the same distance from the inflow, m.
fn isotropy(played: &Played) -> f64 {
    let depth = &played.end().depth;
    let middle = played.grid.rows / 2;
    let diagonal = |k: usize| depth[(middle + k, k)];
    let (dx, k) = (played.grid.dx, 60);
    let radius = std::f64::consts::SQRT_2 * (k as f64 + 0.5) * dx;
    // The axis runs between two rows that mirror each other.
    let place = (radius * radius - 0.25 * dx * dx).sqrt() / dx - 0.5;
    let (before, share) = (place as usize, place.fract());
    let axis = depth[(middle, before)] * (1.0 - share) + depth[(middle, before + 1)] * share;
    diagonal(k) - axis
}

fn figures_4(played: &Played, flow: &RadialFlow) -> Vec<Figure> {
    let x = played.x();
    let exact: Vec<f64> = x.iter().map(|&x| flow.depth_at(x)).collect();
    vec![
        Figure::plot(
            "Depth along the axis after 3 h",
            "distance from the inflow, m",
            "depth, m",
            vec![
                Curve::over("radial reference", Stroke::Reference, &x, &exact),
                Curve::over("computed", Stroke::Computed, &x, &played.end().depth_row()),
            ],
        ),
        Figure::Map { title: "Depth after 3 h".into(), unit: "m", values: played.end().depth.clone() },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::bisect;

    #[test]
    fn beds_join_without_steps_and_hold_the_published_volumes() {
        let step = |bed: &dyn Fn(f64) -> f64, x: f64| (bed(x - 1e-9) - bed(x + 1e-9)).abs();
        for x in [263.5, 600.0] {
            assert!(step(&bed_1, x) < 1e-3, "test 1 at {x}");
        }
        for x in [144.844, 148.0, 250.0, 275.0] {
            assert!(step(&bed_3, x) < 1e-3, "test 3 at {x}");
        }
        // The first pit of test 3 holds 1,311.6 m³ up to its crest, on 100 m of width.
        let volume: f64 = (0..20_000)
            .map(|k| (f64::from(k) + 0.5) * 0.01)
            .map(|x| (10.0 - bed_3(x)).max(0.0) * 0.01 * 100.0)
            .sum();
        assert!((volume - 1311.6).abs() < 1.0, "{volume}");
        // The pond of test 1 holds 9,887 m³ at the level of its sill.
        let shore = bisect(600.0, 700.0, |x| bed_1(x) - 10.25);
        let pond: f64 = (0..40_000)
            .map(|k| 300.0 + (f64::from(k) + 0.5) * 0.01)
            .filter(|&x| x < shore)
            .map(|x| (10.25 - bed_1(x)) * 0.01 * 100.0)
            .sum();
        assert!((pond - 9887.0).abs() < 5.0, "{pond}");
    }

    #[test]
    fn sills_are_those_derived_on_a_fine_grid() {
        let grid = grid_at(0.0, 0.0, 100, 100, 20.0);
        let bed = super::super::scene::over(&grid, bed_2);
        // Derived on cells of 5 m: 9.5347 m for pond 4, 8.8680 m for pond 2; pond 1 has no
        // neighbour in the south and spills to the east, at 8.5564 m.
        for (row, expected) in [(87, 9.5347), (37, 8.8680), (12, 8.5564)] {
            let found = sill(&bed, (row, 12));
            assert!((found - expected).abs() < 0.005, "{found} for {expected}");
        }
    }

    #[test]
    fn the_radial_reference_repeats_the_published_one() {
        // Published for rings of 0.5 m: 10.18 min at 50 m, 16.50 at 100 m; h 0.3099 m and 0.2479 m at 1 h.
        let river = minutes(&[(0.0, 0.0), (5.0, 0.0), (60.0, 40.0), (240.0, 40.0), (300.0, 0.0)]);
        let mut flow = RadialFlow::new(450.0, 2.0, 0.05, |_| 0.0).with_source(10.0, river);
        flow.run_to(10.18 * MINUTE);
        assert!(flow.depth_at(48.0) > ARRIVAL_4 && flow.depth_at(53.0) < ARRIVAL_4);
        flow.run_to(60.0 * MINUTE);
        assert!((flow.depth_at(50.0) - 0.3099).abs() < 0.002, "{}", flow.depth_at(50.0));
        assert!((flow.depth_at(100.0) - 0.2479).abs() < 0.002, "{}", flow.depth_at(100.0));
        assert!((flow.velocity_at(100.0) - 0.2470).abs() < 0.004, "{}", flow.velocity_at(100.0));
    }
}
