//! Models beside measurements: pairs, measures with their intervals, tables and the figure.

use std::time::Instant;

use super::models::DenseModel;
use super::trial::{Trial, Trials};
use crate::figure::{Curve, Figure, Panel, Stroke};
use crate::metrics::{Agreement, bootstrap};
use crate::{Effort, Findings, Reading};

/// Least volume fraction that a prediction is counted with, 1 ppm: a logarithm of nothing says nothing.
pub(super) const FLOOR: f64 = 1e-6;

/// Names of the measures in the order of [`Agreement::figures`].
const NAMES: [&str; 5] = ["FAC2", "MG", "VG", "FB", "NMSE"];

/// Points of a model's line in the figure.
const POINTS: usize = 40;

/// How far the lines reach beyond the receptors.
const BEYOND: f64 = 1.3;

/// What all trials are called together.
const ALL: &str = "all";

/// A bound for one measure of one model in one programme (or in all together).
pub(super) struct Rule {
    /// Name of the model.
    pub(super) model: &'static str,
    /// Where it holds.
    pub(super) scope: Scope,
    /// Name of the measure, of [`NAMES`].
    pub(super) measure: &'static str,
    /// Least and largest value; from zero or below, the largest size.
    pub(super) range: (f64, f64),
}

/// For which trials a rule holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// All trials together.
    Together,
    /// Each programme on its own.
    Each,
}

/// Models, bounds and what they are held against.
pub(super) struct Judgement<'a> {
    /// The models.
    pub(super) models: &'a [&'a dyn DenseModel],
    /// Bounds; a measure without one is only shown.
    pub(super) rules: &'a [Rule],
    /// Largest difference at a receptor as a share of the reference, where that is asked for.
    pub(super) largest: Option<f64>,
    /// What the models are held against: `measured`, or the name of a program.
    pub(super) reference: &'static str,
}

/// What a model says of one trial.
struct Answer<'a> {
    trial: &'a Trial,
    model: &'static str,
    /// By arc; or the reason why there is nothing.
    told: Result<Vec<f64>, String>,
    line: Vec<(f64, f64)>,
}

fn answer<'a>(model: &dyn DenseModel, trial: &'a Trial) -> Answer<'a> {
    let name = model.name();
    match model.ready(trial) {
        Err(reason) => Answer { trial, model: name, told: Err(reason), line: Vec::new() },
        Ok(predict) => {
            let at = |distance: f64| predict(distance, trial.receptor_height, trial.averaging);
            let told = Ok(trial.arcs.iter().map(|arc| at(arc.distance)).collect());
            let ends = (trial.arcs.first(), trial.arcs.last());
            let line = match ends {
                (Some(first), Some(last)) => {
                    let (from, to) = (first.distance / BEYOND, last.distance * BEYOND);
                    let place = |k: usize| from * (to / from).powf(k as f64 / (POINTS - 1) as f64);
                    (0..POINTS).map(place).map(|distance| (distance, 100.0 * at(distance))).collect()
                }
                _ => Vec::new(),
            };
            Answer { trial, model: name, told, line }
        }
    }
}

/// Pairs of a measurement and what a model says, where something was measured.
fn pairs(answer: &Answer<'_>) -> Vec<(f64, f64)> {
    let told = answer.told.as_deref().unwrap_or_default();
    let arcs = answer.trial.arcs.iter().zip(told);
    arcs.filter(|(arc, _)| arc.seen > 0.0).map(|(arc, &told)| (arc.seen, told.max(FLOOR))).collect()
}

/// Programmes in the order in which they turn up.
pub(super) fn programmes(trials: &[Trial]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for trial in trials {
        if !names.contains(&trial.programme.as_str()) {
            names.push(&trial.programme);
        }
    }
    names
}

/// Measures, tables and the figure of models beside trials.
pub(super) fn judge(title: &str, found: &Trials, how: &Judgement<'_>) -> Findings {
    let begun = Instant::now();
    let mut findings = Findings::default();
    let mut answers = Vec::new();
    for model in how.models {
        let of_model: Vec<Answer<'_>> = found.trials.iter().map(|trial| answer(*model, trial)).collect();
        findings.readings.extend(readings(&of_model, &found.trials, how.rules, begun));
        findings.readings.extend(how.largest.into_iter().flat_map(|largest| differences(&of_model, largest)));
        answers.extend(of_model);
    }
    for other in others(&found.trials) {
        findings.readings.extend(readings(&printed(&found.trials, &other), &found.trials, &[], begun));
    }
    findings.figures.push(panels(title, how.reference, &found.trials, &answers));
    findings.figures.push(table(how.reference, &found.trials, &answers));
    let without = left_out(found, &answers);
    if !without.is_empty() {
        let columns = ["trial", "model", "why it is left out"].map(str::to_owned).to_vec();
        findings.figures.push(Figure::Table { title: "Left out".into(), columns, rows: without });
    }
    findings
}

/// Trials and models that say nothing, with the reason.
fn left_out(found: &Trials, answers: &[Answer<'_>]) -> Vec<Vec<String>> {
    let trials = found.left_out.iter().map(|(name, reason)| vec![name.clone(), "all".into(), reason.clone()]);
    let silent = answers.iter().filter_map(|answer| {
        let reason = answer.told.as_ref().err()?;
        Some(vec![answer.trial.name.clone(), answer.model.to_owned(), reason.clone()])
    });
    trials.chain(silent).collect()
}

/// Programs whose values were printed by others.
fn others(trials: &[Trial]) -> Vec<&'static str> {
    let known = ["SLAB, run by others", "SLAB, EPA 1991", "DEGADIS, EPA 1991"];
    known
        .into_iter()
        .filter(|name| trials.iter().any(|trial| trial.others.iter().any(|o| o == name)))
        .collect()
}

/// The printed values of another program as answers; arcs for which none is printed are not counted.
fn printed<'a>(trials: &'a [Trial], program: &&'static str) -> Vec<Answer<'a>> {
    let of = |trial: &'a Trial| {
        let place = trial.others.iter().position(|other| other == program);
        let values =
            |place: usize| trial.arcs.iter().map(move |arc| arc.others.get(place).copied().flatten());
        let told: Option<Vec<f64>> = place.and_then(|place| values(place).collect());
        Answer { trial, model: program, told: told.ok_or_else(String::new), line: Vec::new() }
    };
    trials.iter().map(of).collect()
}

/// The measures of one model, by programme and over all.
fn readings(answers: &[Answer<'_>], trials: &[Trial], rules: &[Rule], begun: Instant) -> Vec<Reading> {
    let names = programmes(trials);
    let mut scopes: Vec<(String, Option<&str>)> =
        names.iter().map(|name| ((*name).to_owned(), Some(*name))).collect();
    if names.len() > 1 {
        scopes.push((ALL.to_owned(), None));
    }
    let mut readings = Vec::new();
    for (label, programme) in scopes {
        let inside = |answer: &&Answer<'_>| programme.is_none_or(|name| answer.trial.programme == name);
        let by_trial: Vec<Vec<(f64, f64)>> =
            answers.iter().filter(inside).map(pairs).filter(|pairs| !pairs.is_empty()).collect();
        let flat = by_trial.concat();
        if flat.is_empty() {
            continue;
        }
        let (figures, intervals) = (Agreement::of(&flat).figures(), bootstrap(&by_trial));
        let model = answers[0].model;
        let is_together = programme.is_none() || names.len() == 1;
        let effort = Effort { cells: flat.len(), steps: 1, wall_seconds: begun.elapsed().as_secs_f64() };
        readings.push(Reading::shown(format!("{label}: pairs"), flat.len() as f64, "1").by(model).of(effort));
        for (place, name) in NAMES.iter().enumerate() {
            let rule = rules.iter().find(|rule| {
                let fits = match rule.scope {
                    Scope::Together => is_together,
                    Scope::Each => programme.is_some(),
                };
                rule.model == model && rule.measure == *name && fits
            });
            let reading = held(format!("{label}: {name}"), figures[place], rule);
            readings.push(reading.by(model).between(intervals.map(|all| all[place])).of(effort));
        }
    }
    readings
}

/// A measure with its bound, or only shown.
fn held(name: String, value: f64, rule: Option<&Rule>) -> Reading {
    match rule.map(|rule| rule.range) {
        None => Reading::shown(name, value, "1"),
        Some((low, high)) if high.is_infinite() => Reading::at_least(name, value, "1", low),
        Some((low, high)) if low <= 0.0 => Reading::at_most(name, value, "1", high),
        Some((low, high)) => Reading::within(name, value, "1", 0.5 * (low + high), 0.5 * (high - low)),
    }
}

/// For each trial the largest difference of a model from what stands for the measurement, relative to that.
fn differences(answers: &[Answer<'_>], tolerance: f64) -> Vec<Reading> {
    let of = |answer: &Answer<'_>| {
        let pairs = pairs(answer);
        let worst = pairs.iter().map(|(seen, told)| (told / seen - 1.0).abs()).fold(0.0, f64::max);
        let name = format!("{}: largest difference", answer.trial.name);
        (!pairs.is_empty()).then(|| Reading::at_most(name, worst, "1", tolerance).by(answer.model))
    };
    answers.iter().filter_map(of).collect()
}

fn percent(fraction: f64) -> String {
    let digits = if fraction >= 0.01 { 2 } else { 4 };
    format!("{:.digits$}", 100.0 * fraction)
}

/// Every receptor with what was measured and what each model says, volume per cent.
fn table(reference: &str, trials: &[Trial], answers: &[Answer<'_>]) -> Figure {
    let mut models: Vec<&str> = Vec::new();
    for answer in answers {
        if !models.contains(&answer.model) {
            models.push(answer.model);
        }
    }
    let printed = others(trials);
    let seen = format!("{reference}, %");
    let heads = ["trial", "programme", "average, s", "height, m", "distance, m", &seen];
    let columns =
        heads.iter().copied().chain(models.iter().copied()).chain(printed.iter().copied()).map(str::to_owned);
    let mut rows = Vec::new();
    for trial in trials {
        for (place, arc) in trial.arcs.iter().enumerate() {
            let mut row = vec![
                trial.name.clone(),
                trial.programme.clone(),
                format!("{}", trial.averaging),
                format!("{}", trial.receptor_height),
                format!("{}", arc.distance),
                percent(arc.seen),
            ];
            for model in &models {
                let own = answers.iter().find(|a| a.model == *model && std::ptr::eq(a.trial, trial));
                let told = own.and_then(|answer| answer.told.as_ref().ok()?.get(place));
                row.push(told.map_or("-".to_owned(), |&told| percent(told)));
            }
            for program in &printed {
                let place = trial.others.iter().position(|other| other == program);
                let told = place.and_then(|place| arc.others.get(place).copied().flatten());
                row.push(told.map_or("-".to_owned(), percent));
            }
            rows.push(row);
        }
    }
    let title = "Receptors, volume per cent".to_owned();
    Figure::Table { title, columns: columns.collect(), rows }
}

/// Small plots, one for each trial: measurements as discs, models as lines, other programs as crosses.
fn panels(title: &str, reference: &str, trials: &[Trial], answers: &[Answer<'_>]) -> Figure {
    let panel = |trial: &Trial| {
        let dots = |of: &dyn Fn(&super::trial::Arc) -> Option<f64>| -> Vec<(f64, f64)> {
            trial.arcs.iter().filter_map(|arc| Some((arc.distance, 100.0 * of(arc)?))).collect()
        };
        let mut curves = vec![Curve::new(reference, Stroke::Dots, dots(&|arc| Some(arc.seen)))];
        for answer in answers.iter().filter(|answer| std::ptr::eq(answer.trial, trial)) {
            if !answer.line.is_empty() {
                curves.push(Curve::new(answer.model, Stroke::Computed, answer.line.clone()));
            }
        }
        for (place, other) in trial.others.iter().enumerate() {
            let points = dots(&|arc| arc.others.get(place).copied().flatten());
            if !points.is_empty() {
                curves.push(Curve::new(other.clone(), Stroke::Dots, points));
            }
        }
        Panel { title: format!("{}, mean of {} s", trial.name, trial.averaging), curves }
    };
    Figure::Panels {
        title: title.to_owned(),
        x: "distance, m",
        y: "largest volume fraction on the arc, %",
        panels: trials.iter().map(panel).collect(),
    }
}
