//! Events: a dam that broke and a city in the rain.

use sim_core::error::Result;
use sim_core::series::{Between, Series};
use sim_core::units::from_mm_h;

use super::scene::{Played, Scene};
use crate::figure::{Curve, Figure, Stroke};
use crate::metrics::root_mean_square;
use crate::observed::Folder;
use crate::{Answer, Case, Findings, Reading, Settings, case};

pub(super) const CASES: [Case; 2] =
    [case!("malpasset", "flood", Long, malpasset), case!("newcastle", "flood", Long, newcastle)];

/// Depth that counts as arrival of the wave of Malpasset, m.
const ARRIVAL: f64 = 0.05;

/// Relative error of an arrival that passes.
const ARRIVAL_TOLERANCE: f64 = 0.15;

/// Errors of the largest level that pass at police marks and gauges, m: those of a plain
/// first-order code, and the best published ones (George 2011).
const POLICE_TOLERANCE: f64 = 3.30;
const POLICE_BEST: f64 = 3.09;
const GAUGE_TOLERANCE: f64 = 3.9;
const GAUGE_BEST: f64 = 3.89;

fn malpasset(settings: &Settings) -> Result<Answer> {
    let folder = match Folder::find(settings, "flood/malpasset") {
        Ok(folder) => folder,
        Err(reason) => return Ok(Err(reason)),
    };
    let ground = folder.raster("malpasset_dem_20m.asc")?;
    let water = folder.raster("malpasset_h0_20m.asc")?;
    let police = folder.columns("police_survey_points.csv")?.numbers([1, 2, 3])?;
    let gauges = folder.columns("physical_model_gauges.csv")?.numbers([1, 2, 3, 4])?;
    let transformers = folder.columns("transformers.csv")?.numbers([1, 2, 3])?;
    let mut scene = Scene::new(ground.info.grid(), |_, _| 0.0, 4000.0).with_roughness(0.033);
    scene.depth = water.values.mapv(|depth| if depth.is_nan() { 0.0 } else { depth });
    scene.bed = ground.values;
    scene.arrival_depth = ARRIVAL;
    let played = scene.play(settings)?;
    let mut findings = Findings::default();
    levels(&played, &police, &gauges, &mut findings);
    arrivals(&played, &gauges, &transformers, &mut findings);
    findings.readings.push(played.balance());
    findings.figures.push(Figure::Map {
        title: "Largest depth".into(),
        unit: "m",
        values: played.max_depth.clone(),
    });
    Ok(Ok(findings))
}

/// Largest level and first arrival at a place; a place that stayed dry has neither.
fn seen_at(played: &Played, x: f64, y: f64) -> Option<(f64, f64)> {
    let cell = played.grid.cell_at(x, y)?;
    let depth = played.max_depth[cell];
    (depth > ARRIVAL).then(|| (played.bed[cell] + depth, played.arrival[cell]))
}

fn levels(played: &Played, police: &[[f64; 3]], gauges: &[[f64; 4]], findings: &mut Findings) {
    let marks: Vec<[f64; 3]> = police.to_vec();
    let tubes: Vec<[f64; 3]> = gauges.iter().map(|row| [row[0], row[1], row[2]]).collect();
    for (name, places, tolerance, best) in [
        ("police marks", marks, POLICE_TOLERANCE, POLICE_BEST),
        ("gauges of the model", tubes, GAUGE_TOLERANCE, GAUGE_BEST),
    ] {
        let both: Vec<(f64, f64)> =
            places.iter().filter_map(|&[x, y, level]| Some((level, seen_at(played, x, y)?.0))).collect();
        let error = root_mean_square(&both.iter().map(|(a, b)| b - a).collect::<Vec<f64>>());
        let words = format!("RMSE of the largest level, {} of {} {name}", both.len(), places.len());
        findings.readings.push(Reading::at_most(words, error, "m", tolerance).best(best).of(played.effort()));
        findings.figures.push(Figure::plot(
            format!("Largest level at the {name}"),
            "observed, m",
            "computed, m",
            vec![
                Curve::new("equal", Stroke::Reference, vec![(10.0, 10.0), (90.0, 90.0)]),
                Curve::new("computed", Stroke::Dots, both),
            ],
        ));
    }
}

fn arrivals(played: &Played, gauges: &[[f64; 4]], transformers: &[[f64; 3]], findings: &mut Findings) {
    let tubes: Vec<[f64; 3]> = gauges.iter().map(|row| [row[0], row[1], row[3]]).collect();
    for (name, places) in [("gauges", &tubes[..]), ("transformers", transformers)] {
        let worst = places
            .iter()
            .map(|&[x, y, time]| {
                seen_at(played, x, y).map_or(f64::INFINITY, |(_, arrival)| (arrival / time - 1.0).abs())
            })
            .fold(0.0, f64::max);
        let words = format!("worst arrival at the {name}, relative");
        findings.readings.push(Reading::at_most(words, worst, "1", ARRIVAL_TOLERANCE).of(played.effort()));
    }
}

/// The cloudburst over Newcastle, or why it cannot be set up.
pub(crate) fn city(settings: &Settings) -> Result<std::result::Result<Scene, String>> {
    let folder = match Folder::find(settings, "flood/newcastle_pluvial_2m") {
        Ok(folder) => folder,
        Err(reason) => return Ok(Err(reason)),
    };
    let raster = folder.raster("newcastle_centre_dem_2m.asc")?;
    let rain = folder.columns("rainfall.csv")?.numbers([0, 1])?;
    let (times, rates) = rain.iter().map(|row| (row[0], from_mm_h(row[1]))).unzip();
    let mut scene = Scene::new(raster.info.grid(), |_, _| 0.0, 7200.0).with_roughness(0.03);
    scene.bed = raster.values;
    let Some(rain) = Series::new(times, rates, Between::Step) else {
        return Ok(Err("the rain of newcastle_pluvial_2m does not rise in time".into()));
    };
    scene.rain = rain;
    scene.loss = Series::constant(from_mm_h(12.0));
    Ok(Ok(scene))
}

fn newcastle(settings: &Settings) -> Result<Answer> {
    let scene = match city(settings)? {
        Ok(scene) => scene,
        Err(reason) => return Ok(Err(reason)),
    };
    let played = scene.play(settings)?;
    // 70 mm fell; where the sewers took all they can, 46 mm are left on average.
    let deepest = played.end().depth.iter().copied().fold(0.0, f64::max);
    let readings = vec![
        played.balance(),
        Reading::at_least("deepest water after 2 h", deepest, "m", 0.5).of(played.effort()),
    ];
    let map = played.max_depth.mapv(|depth| if depth > 0.05 { depth } else { f64::NAN });
    let figures = vec![Figure::Map { title: "Largest depth".into(), unit: "m", values: map }];
    Ok(Ok(Findings { readings, figures }))
}
