//! Field trials of a passive gas. Nothing here is fitted to them.

use std::f64::consts::PI;
use std::time::Instant;

use sim_core::error::Result;
use sim_core::gas::line_receptor::path_mean;
use sim_core::gas::plume::{Plume, vertical_factor};
use sim_core::gas::sigma::{self, Curve, Curves, Growth, SigmaSet};
use sim_core::gas::similarity::{SimilarityPlume, SurfaceAir};
use sim_core::gas::weather::surface_layer::Profile;
use sim_core::gas::weather::{Stability, Surroundings};
use sim_core::units::{GAS_CONSTANT, STANDARD_PRESSURE};

use crate::figure::{Curve as Line, Figure, Stroke};
use crate::metrics::{Agreement, root_mean_square};
use crate::observed::Folder;
use crate::{Answer, Effort, Findings, Reading, Settings};

/// Heights of release and samplers of Prairie Grass, m.
const PRAIRIE_HEIGHTS: (f64, f64) = (0.46, 1.5);

/// Averaging time of Prairie Grass, s.
const PRAIRIE_AVERAGE: f64 = 600.0;

/// The set whose figures are held against the bounds.
const PRAIRIE_SET: &str = "gbt_3840";

/// One arc of Prairie Grass.
struct Arc {
    /// kg/s and m/s at 2 m.
    rate: f64,
    wind: f64,
    /// One class, or the two between which it lies.
    classes: Vec<Stability>,
    distance: f64,
    /// kg/m³.
    seen: f64,
}

/// Largest concentration on an arc; between two classes the coefficients are their geometric means.
fn arc_maximum(set: &dyn SigmaSet, arc: &Arc) -> f64 {
    let mean = |of: &dyn Fn(Stability) -> f64| {
        let logs: f64 = arc.classes.iter().map(|&class| of(class).ln()).sum();
        (logs / arc.classes.len() as f64).exp()
    };
    let width = mean(&|class| {
        set.averaging_factor(PRAIRIE_AVERAGE, class) * set.curves(class).crosswind.at(arc.distance)
    });
    let depth = mean(&|class| set.curves(class).vertical.at(arc.distance));
    let (release, sampler) = PRAIRIE_HEIGHTS;
    arc.rate / (2.0 * PI * arc.wind * width * depth) * vertical_factor(depth, release, sampler, None)
}

pub(super) fn prairie_grass(settings: &Settings) -> Result<Answer> {
    let folder = match Folder::find(settings, "gas") {
        Ok(folder) => folder,
        Err(reason) => return Ok(Err(reason)),
    };
    let begun = Instant::now();
    let table = folder.columns("prairie_grass_secondary.csv")?;
    let letters = table.words(3);
    let numbers = table.numbers([1, 2, 5, 6])?;
    let arcs: Vec<Arc> = numbers
        .iter()
        // The first line is the heading.
        .zip(&letters[1..])
        .map(|(&[grams, wind, distance, milligrams], letters)| Arc {
            rate: grams / 1e3,
            wind,
            classes: letters.split('-').filter_map(|l| Stability::from_letter(l.chars().next()?)).collect(),
            distance,
            seen: milligrams / 1e6,
        })
        .collect();
    let mut findings = Findings::default();
    let effort = |begun: Instant| Effort { cells: 25, steps: 1, wall_seconds: begun.elapsed().as_secs_f64() };
    let rural = sigma::ALL.into_iter().filter(|set| set.surroundings() == Surroundings::Rural);
    let mut lines = Vec::new();
    for set in rural {
        let pairs: Vec<(f64, f64)> = arcs.iter().map(|arc| (arc.seen, arc_maximum(set, arc))).collect();
        findings.readings.extend(prairie_readings(set.name(), &Agreement::of(&pairs), effort(begun)));
        if set.name() == PRAIRIE_SET {
            let milligrams = pairs.iter().map(|&(seen, told)| (1e6 * seen, 1e6 * told)).collect();
            lines.push(Line::new("computed", Stroke::Dots, milligrams));
        }
    }
    lines.push(Line::new("equal", Stroke::Reference, vec![(0.0, 0.0), (700.0, 700.0)]));
    let title = "Arc maxima of Prairie Grass, mg/m³";
    findings.figures.push(Figure::plot(title, "measured", "computed", lines));
    Ok(Ok(findings))
}

/// The measures of one set: bounds for the one that is held against them, wide ones that only
/// catch a mistake for the others.
fn prairie_readings(set: &str, figures: &Agreement, effort: Effort) -> Vec<Reading> {
    let held = set == PRAIRIE_SET;
    let (share, bias, variance) = if held { (0.8, 0.3, 1.6) } else { (0.4, 0.5, 2.0) };
    [
        Reading::at_least(format!("{set}: FAC2"), figures.factor_of_two, "1", share),
        Reading::within(format!("{set}: MG"), figures.geometric_mean, "1", 1.0, bias),
        Reading::at_most(format!("{set}: VG"), figures.geometric_variance, "1", variance),
        Reading::at_most(format!("{set}: FB"), figures.fractional_bias, "1", 0.67),
        Reading::at_most(format!("{set}: NMSE"), figures.mean_square_error, "1", 6.0),
    ]
    .into_iter()
    .map(|reading| reading.of(effort))
    .collect()
}

/// Molar mass of methane, kg/mol.
const METHANE: f64 = 0.016_043;

/// Air temperature at Chilbolton, K: the data have none; 5 K more is 2 % more ppm.
const CHILBOLTON_TEMPERATURE: f64 = 288.15;

/// Enhancement from which a minute counts for the factor of two, ppm.
const ENHANCEMENT: f64 = 0.3;

/// Panels of a laser path: 5 m at most, the width of the plume where it is crossed.
const PANELS: usize = 20;

/// A minute's wind at Chilbolton as a plume: both coefficients grow in proportion to the distance
/// by the measured tangents of the turbulence angles.
fn measured_plume(rate: f64, wind: f64, tangents: (f64, f64), height: f64) -> Plume {
    Plume {
        rise: None,
        rate,
        wind,
        front_wind: wind,
        height,
        receptor_height: height,
        curves: Curves {
            crosswind: Curve::new(tangents.0, 0.0, Growth::Linear),
            vertical: Curve::new(tangents.1, 0.0, Growth::Linear),
        },
        lid: None,
        pure_gas: f64::INFINITY,
        ahead: Default::default(),
    }
}

pub(super) fn chilbolton(settings: &Settings) -> Result<Answer> {
    let folder = match Folder::find(settings, "gas/chilbolton_source1") {
        Ok(folder) => folder,
        Err(reason) => return Ok(Err(reason)),
    };
    let begun = Instant::now();
    let winds = folder.columns("wind_1min_source1.csv")?.numbers([0, 1, 2, 3])?;
    let seen = folder.columns("ch4_ppm_1min_source1.csv")?.numbers([0, 1, 2, 3, 4, 5, 6])?;
    let [_, x, y, z, rate] = folder.columns("sources.csv")?.numbers([0, 1, 2, 3, 4])?[0];
    // The laser head is called by three words, a reflector by one.
    let geometry = folder.columns("geometry.csv")?;
    let (head, reflectors) = (geometry.numbers([4, 5, 6])?[0], geometry.numbers([2, 3, 4])?);
    // Each path has its own background: the lowest minute of the record.
    let background: Vec<f64> =
        (0..7).map(|path| seen.iter().map(|row| row[path]).fold(f64::INFINITY, f64::min)).collect();
    let ppm = GAS_CONSTANT * CHILBOLTON_TEMPERATURE / (STANDARD_PRESSURE * METHANE) * 1e6;
    let mut pairs = Vec::new();
    for (&[wind, towards, horizontal, vertical], row) in winds.iter().zip(&seen) {
        let plume = measured_plume(rate, wind, (horizontal, vertical), z);
        let (sin, cos) = towards.to_radians().sin_cos();
        for (path, &[rx, ry, rz]) in reflectors.iter().enumerate() {
            let mean = path_mean(head, [rx, ry, rz], PANELS, |px, py, pz| {
                let (dx, dy) = (px - x, py - y);
                plume.concentration(dx * cos + dy * sin, dy * cos - dx * sin, pz)
            });
            pairs.push((row[path] - background[path], ppm * mean));
        }
    }
    let effort =
        Effort { cells: pairs.len() * PANELS * 5, steps: 1, wall_seconds: begun.elapsed().as_secs_f64() };
    let differences: Vec<f64> = pairs.iter().map(|(seen, told)| told - seen).collect();
    let clear: Vec<(f64, f64)> = pairs.iter().copied().filter(|pair| pair.0 > ENHANCEMENT).collect();
    let within = clear.iter().filter(|(seen, told)| (0.5..=2.0).contains(&(told / seen))).count();
    let share = within as f64 / clear.len() as f64;
    let lines = vec![
        Line::new("computed", Stroke::Dots, pairs),
        Line::new("equal", Stroke::Reference, vec![(0.0, 0.0), (6.0, 6.0)]),
    ];
    let readings = vec![
        Reading::at_least("FAC2 of minutes above 0.3 ppm", share, "1", 0.75).of(effort),
        Reading::at_most("RMSE of all minutes", root_mean_square(&differences), "ppm", 0.7)
            .best(0.61)
            .of(effort),
    ];
    let title = "Methane above background over a minute and a path, ppm";
    Ok(Ok(Findings { readings, figures: vec![Figure::plot(title, "measured", "computed", lines)] }))
}

pub(super) fn aermod_surface(settings: &Settings) -> Result<Answer> {
    let folder = match Folder::find(settings, "gas") {
        Ok(folder) => folder,
        Err(reason) => return Ok(Err(reason)),
    };
    let begun = Instant::now();
    let table = folder.columns("aermod24142_built_here_reference.csv")?;
    // By day w* and both mixing heights are given; the night has an empty cell, which is no column.
    let by_day = table.numbers([1, 2, 3, 4, 5, 8, 9])?;
    let by_night = table.numbers([1, 2, 4, 7, 8])?;
    let mut factors = Vec::new();
    for [friction, length, convective, heated, mechanical, x, told] in by_day {
        let air = surface_air(friction, length, convective, heated.max(mechanical));
        factors.push((x, surface_factor(air, x, told)));
    }
    for [friction, length, mechanical, x, told] in by_night.into_iter().filter(|row| row[1] > 0.0) {
        factors.push((x, surface_factor(surface_air(friction, length, 0.0, mechanical), x, told)));
    }
    let effort = Effort { cells: factors.len(), steps: 1, wall_seconds: begun.elapsed().as_secs_f64() };
    let worst = factors.iter().map(|&(_, factor)| factor.max(1.0 / factor)).fold(0.0, f64::max);
    let readings = vec![Reading::at_most("largest factor, 50 m to 3 km", worst, "1", 1.5).of(effort)];
    let title = "Computed over AERMOD against the distance, m";
    let figures =
        vec![Figure::plot(title, "distance", "factor", vec![Line::new("computed", Stroke::Dots, factors)])];
    Ok(Ok(Findings { readings, figures }))
}

fn surface_air(
    friction_velocity: f64,
    length: f64,
    convective_velocity: f64,
    mixing_height: f64,
) -> SurfaceAir {
    let profile = Profile { friction_velocity, roughness: 0.006, inverse_length: 1.0 / length };
    SurfaceAir { profile, convective_velocity, mixing_height }
}

/// The plume's concentration over AERMOD's; `told` in µg/m³ for 100 g/s.
fn surface_factor(air: SurfaceAir, distance: f64, told: f64) -> f64 {
    let (height, receptor_height) = PRAIRIE_HEIGHTS;
    let plume = SimilarityPlume { rate: 0.1, height, receptor_height, air };
    plume.concentration(distance, 0.0, receptor_height) / (told * 1e-9)
}
