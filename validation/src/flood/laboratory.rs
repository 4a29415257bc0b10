//! Laboratory experiments: a dam break against a building, a wave on a beach, a tsunami in a tank.

use sim_core::error::Result;
use sim_core::series::Series;

use super::scene::{Played, Rim, Scene, channel, grid_at, line};
use crate::exact::SolitaryWave;
use crate::figure::{Curve, Figure, Stroke};
use crate::metrics::root_mean_square;
use crate::observed::Folder;
use crate::{Answer, Case, Findings, Reading, Settings, case};

pub(super) const CASES: [Case; 4] = [
    case!("ea-6a", "flood", Quick, ea_6a),
    case!("isolated-building", "flood", Quick, isolated_building),
    case!("solitary-beach", "flood", Quick, solitary_beach),
    case!("monai-valley", "flood", Long, monai_valley),
];

/// Gauges of the dam break against a building, m.
const GAUGES: [(f64, f64); 6] =
    [(10.20, 2.95), (10.20, 1.20), (11.55, 2.95), (11.55, 1.00), (12.75, 2.10), (5.68, 2.90)];

/// Corners of the building, m, in order.
const BUILDING: [(f64, f64); 4] =
    [(10.99, 1.75), (11.340_697, 2.469_035), (11.700_215, 2.293_687), (11.349_518, 1.574_652)];

/// Measured depths, m: time, s, then gauges 1 to 5; NaN where the water had not come.
///
/// # Source
/// Soares-Frazão and Zech 2007 (`soaresfrazao2007`), the gauge file of the experiment.
const MEASURED: [(f64, [f64; 5]); 9] = [
    (1.0, [f64::NAN, 0.056, f64::NAN, f64::NAN, f64::NAN]),
    (2.0, [0.083, 0.035, 0.059, 0.057, f64::NAN]),
    (3.0, [0.073, 0.037, 0.096, 0.066, 0.030]),
    (5.0, [0.071, 0.039, 0.106, 0.120, 0.089]),
    (10.0, [0.102, 0.036, 0.111, 0.093, 0.078]),
    (15.0, [0.096, 0.060, 0.080, 0.095, 0.072]),
    (20.0, [0.080, 0.104, 0.077, 0.080, 0.062]),
    (25.0, [0.069, 0.105, 0.074, 0.075, 0.058]),
    (29.9, [0.051, 0.097, 0.081, 0.073, 0.049]),
];

/// Root mean square error of the depth, averaged over the five gauges, that passes, m.
const GAUGE_TOLERANCE: f64 = 0.015;

/// What a plain first-order code reaches at cells of 0.05 m, m: mean of 15.0, 33.2, 17.3, 19.1, 14.7 mm.
const FIRST_ORDER: f64 = 0.0199;

/// True inside the building: on the same side of all its edges.
fn in_building(x: f64, y: f64) -> bool {
    (0..4).all(|k| {
        let ((ax, ay), (bx, by)) = (BUILDING[k], BUILDING[(k + 1) % 4]);
        (bx - ax) * (y - ay) - (by - ay) * (x - ax) <= 0.0
    })
}

/// The flume: ground, gate blocks and building, reservoir full.
fn flume(cell: f64) -> Scene {
    let (length, width) = (35.8, 3.6);
    let grid = grid_at(0.0, 0.0, (length / cell).round() as usize, (width / cell).round() as usize, cell);
    let ground = move |x: f64, y: f64| {
        let in_block = (6.75..7.55).contains(&x) && !(1.3..2.3).contains(&y);
        let from_wall = y.min(width - y);
        if in_block || in_building(x, y) { f64::NAN } else { (0.155 * (0.34 - from_wall) / 0.34).max(0.0) }
    };
    let mut scene = Scene::new(grid, ground, 30.0).with_roughness(0.01);
    let bed = scene.bed.clone();
    scene.depth = sim_core::grid::Field::from_shape_fn(bed.dim(), |(row, column)| {
        let level = if scene.grid.x(column) < 6.75 { 0.40 } else { 0.02 };
        let depth = level - bed[(row, column)];
        if depth > 0.0 { depth } else { 0.0 }
    });
    scene.with_gauges(&GAUGES)
}

/// Mean over gauges 1 to 5 of the root mean square error, with one reading per gauge count.
fn gauge_readings(played: &Played, measured: &[(f64, Vec<f64>)]) -> Vec<Reading> {
    let errors: Vec<f64> = (0..5)
        .map(|gauge| {
            let differences: Vec<f64> = measured
                .iter()
                .filter(|(_, depths)| depths[gauge] > 0.0)
                .map(|(time, depths)| played.gauge_at(gauge, *time).depth - depths[gauge])
                .collect();
            root_mean_square(&differences)
        })
        .collect();
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    let worst = errors.iter().copied().fold(0.0, f64::max);
    vec![
        Reading::at_most("RMSE(h), mean of 5 gauges", mean, "m", GAUGE_TOLERANCE)
            .best(FIRST_ORDER)
            .of(played.effort()),
        Reading::at_most("RMSE(h), worst gauge", worst, "m", 0.0332).best(0.0332).of(played.effort()),
    ]
}

fn gauge_figures(played: &Played, measured: &[(f64, Vec<f64>)], gauges: usize) -> Vec<Figure> {
    (0..gauges)
        .map(|gauge| {
            let seen = measured.iter().filter(|(_, depths)| depths[gauge] > 0.0);
            let seen = seen.map(|(time, depths)| (*time, depths[gauge])).collect();
            let computed = played.gauges[gauge].iter().map(|s| (s.time, s.depth)).collect();
            Figure::plot(
                format!("Depth at gauge {}", gauge + 1),
                "time, s",
                "depth, m",
                vec![
                    Curve::new("measured", Stroke::Dots, seen),
                    Curve::new("computed", Stroke::Computed, computed),
                ],
            )
        })
        .collect()
}

fn ea_6a(settings: &Settings) -> Result<Answer> {
    let played = flume(0.1).play(settings)?;
    let measured: Vec<(f64, Vec<f64>)> =
        MEASURED.iter().map(|(time, depths)| (*time, depths.to_vec())).collect();
    let mut readings = gauge_readings(&played, &measured);
    readings.push(played.balance());
    Ok(Ok(Findings { readings, figures: gauge_figures(&played, &measured, 5) }))
}

fn isolated_building(settings: &Settings) -> Result<Answer> {
    let folder = match Folder::find(settings, "flood/ucl_isolated_building") {
        Ok(folder) => folder,
        Err(reason) => return Ok(Err(reason)),
    };
    let rows = folder.columns("building_gauges_h.txt")?.numbers([0, 1, 2, 3, 4, 5, 6])?;
    let measured: Vec<(f64, Vec<f64>)> =
        rows.iter().filter(|row| row[0] <= 30.0).map(|row| (row[0], row[1..].to_vec())).collect();
    let played = flume(0.05).play(settings)?;
    let mut readings = gauge_readings(&played, &measured);
    readings.push(played.balance());
    // Every tenth sample is enough for the eye.
    let thinned: Vec<(f64, Vec<f64>)> = measured.into_iter().step_by(10).collect();
    Ok(Ok(Findings { readings, figures: gauge_figures(&played, &thinned, 6) }))
}

/// Still water, height of the wave and slope of the beach of the first benchmark: lengths in depths.
const STILL: f64 = 1.0;
const HEIGHT: f64 = 0.019;
const COT_BEACH: f64 = 19.85;

/// Times of the published profiles, in units of sqrt(d/g).
const PROFILE_TIMES: [f64; 8] = [35.0, 40.0, 45.0, 50.0, 55.0, 60.0, 65.0, 70.0];

/// Error of the run-up that passes, and the one another code reaches.
const RUN_UP_TOLERANCE: f64 = 0.05;
const BEST_RUN_UP: f64 = 0.013;

/// Depth from which the beach counts as wet: a twentieth of the wave.
const SHORE_DEPTH: f64 = 0.05 * HEIGHT;

/// Root mean square error of the profiles that passes, over the height of the wave.
const PROFILE_TOLERANCE: f64 = 0.10;

fn solitary_beach(settings: &Settings) -> Result<Answer> {
    // Half a wave length from the toe: where the surface has fallen to a twentieth of the crest.
    let steepness = SolitaryWave { still: STILL, height: HEIGHT, crest: 0.0 }.steepness();
    let crest = COT_BEACH * STILL + 20.0_f64.sqrt().acosh() / steepness;
    let wave = SolitaryWave { still: STILL, height: HEIGHT, crest };
    let unit = (STILL / sim_core::units::GRAVITY).sqrt();
    let bed = |x: f64, _: f64| if x < COT_BEACH { -x / COT_BEACH } else { -STILL };
    let marks: Vec<f64> = PROFILE_TIMES.iter().map(|time| time * unit).collect();
    let duration = 1.01 * marks[marks.len() - 1];
    // The waves do not come back from the deep end before the last profile.
    let scene = Scene::new(channel(-5.0, 105.0, 4200), bed, duration)
        .with_depth(|x, y| (wave.surface(x) - bed(x, y)).max(0.0))
        .with_velocity(|x, _| wave.velocity(x), |_, _| 0.0)
        .with_marks(&marks);
    let played = scene.play(settings)?;
    let wet = played.max_depth.row(1).iter().position(|&depth| depth > SHORE_DEPTH);
    let run_up = wet.map_or(f64::NAN, |column| played.bed_row()[column] + SHORE_DEPTH);
    let exact = wave.run_up(COT_BEACH);
    let mut findings = Findings::default();
    findings.readings.extend([
        Reading::at_most("run-up, error over the run-up", run_up / exact - 1.0, "1", RUN_UP_TOLERANCE)
            .best(BEST_RUN_UP)
            .of(played.effort()),
        played.balance(),
    ]);
    if let Ok(folder) = Folder::find(settings, "flood/solitary_beach_lab") {
        compare_profiles(&folder, &played, &mut findings)?;
    }
    Ok(Ok(findings))
}

/// The published analytic profiles beside the computed ones.
fn compare_profiles(folder: &Folder, played: &Played, findings: &mut Findings) -> Result<()> {
    let rows = folder.columns("canonical_profiles.txt")?.numbers([0, 1, 2, 3, 4, 5, 6, 7, 8])?;
    let (x, bed) = (played.x(), played.bed_row());
    let mut differences = Vec::new();
    for (number, time) in PROFILE_TIMES.iter().enumerate() {
        let depth = played.snapshots[number].depth_row();
        let at = |place: f64| played.grid.cell_at(place, 0.5 * played.grid.dy).map(|cell| cell.1);
        let known = rows.iter().filter(|row| row[number + 1].is_finite());
        differences.extend(known.clone().filter_map(|row| {
            let column = at(row[0])?;
            Some((bed[column] + depth[column] - row[number + 1]) / HEIGHT)
        }));
        let shown = |k: &usize| x[*k] < 20.0 && depth[*k] > SHORE_DEPTH;
        let computed = (0..x.len()).filter(shown).map(|k| (x[k], bed[k] + depth[k])).collect();
        let analytic = known.map(|row| (row[0], row[number + 1])).collect();
        findings.figures.push(Figure::plot(
            format!("Surface at {time} times sqrt(d/g)"),
            "x/d",
            "level/d",
            vec![
                Curve::new("analytic", Stroke::Reference, analytic),
                Curve::new("computed", Stroke::Computed, computed),
            ],
        ));
    }
    findings.readings.push(
        Reading::at_most(
            "RMSE of the profiles over the wave",
            root_mean_square(&differences),
            "1",
            PROFILE_TOLERANCE,
        )
        .of(played.effort()),
    );
    Ok(())
}

/// Gauges of the tank, m.
const TANK_GAUGES: [(f64, f64); 3] = [(4.521, 1.196), (4.521, 1.696), (4.521, 2.196)];

/// Time that is computed, s.
const TANK_TIME: f64 = 25.0;

fn monai_valley(settings: &Settings) -> Result<Answer> {
    let folder = match Folder::find(settings, "flood/monai_valley") {
        Ok(folder) => folder,
        Err(reason) => return Ok(Err(reason)),
    };
    let raster = folder.raster("monai_bed_0.014m.asc")?;
    let wave = folder.columns("Benchmark_2_input.txt")?.numbers([0, 1])?;
    let measured = folder.columns("output_ch5-7-9.csv")?.numbers([0, 1, 2, 3])?;
    let samples: Vec<(f64, f64)> = wave.iter().map(|row| (row[0], row[1])).collect();
    let mut scene = Scene::new(raster.info.grid(), |_, _| 0.0, TANK_TIME);
    scene.bed = raster.values;
    let stage: Series = line(&samples);
    let scene = scene
        .with_level(0.0)
        .with_roughness(0.01)
        .with_rim(Rim::WesternStage(stage))
        .with_gauges(&TANK_GAUGES);
    let played = scene.play(settings)?;
    Ok(Ok(tank_findings(&played, &measured)))
}

fn tank_findings(played: &Played, measured: &[[f64; 4]]) -> Findings {
    let mut findings = Findings::default();
    for (gauge, (&(x, y), best)) in TANK_GAUGES.iter().zip([0.0038, 0.0033, 0.0034]).enumerate() {
        let bed = played.bed_at(x, y);
        let seen = measured.iter().filter(|row| row[0] <= TANK_TIME && row[0] > 0.0);
        let centimetre = 0.01;
        let differences: Vec<f64> = seen
            .clone()
            .map(|row| bed + played.gauge_at(gauge, row[0]).depth - centimetre * row[gauge + 1])
            .collect();
        let name = format!("RMSE of the level at channel {}", 5 + 2 * gauge);
        findings.readings.push(
            Reading::at_most(name, root_mean_square(&differences), "m", 0.004).best(best).of(played.effort()),
        );
        let dots = seen.map(|row| (row[0], centimetre * row[gauge + 1])).collect();
        let computed = played.gauges[gauge].iter().map(|s| (s.time, bed + s.depth)).collect();
        findings.figures.push(Figure::plot(
            format!("Level at channel {}", 5 + 2 * gauge),
            "time, s",
            "level, m",
            vec![
                Curve::new("measured", Stroke::Dots, dots),
                Curve::new("computed", Stroke::Computed, computed),
            ],
        ));
    }
    findings.readings.push(played.balance());
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_building_has_its_published_size_and_hides_no_gauge() {
        let cell = 0.005;
        let inside = (0..400)
            .flat_map(|row| {
                (0..400).map(move |column| (10.0 + cell * f64::from(column), 1.0 + cell * f64::from(row)))
            })
            .filter(|&(x, y)| in_building(x, y))
            .count() as f64;
        assert!((inside * cell * cell - 0.8 * 0.4).abs() < 0.005, "0.8 m by 0.4 m");
        assert!(GAUGES.iter().all(|&(x, y)| !in_building(x, y)));
    }
}
