//! `[rain]` as a design storm: a storm-intensity formula, a return period and a pattern.

use serde_json::json;

use crate::error::{Problem, Problems};
use crate::flood::rain::chicago::ChicagoStorm;
use crate::flood::rain::intensity_formula::IntensityCurve;
use crate::series::Series;
use crate::units::MINUTE;

use super::Context;
use super::quantity::Dimension;
use super::section::Section;
use super::storm_formula::{self, StormFormula, storm_formulas};
use super::word::nearest;

/// Keys that only a design storm has.
pub(super) const KEYS: [&str; 6] =
    ["return_period", "storm_duration", "time_step", "pattern", "peak_ratio", "allow_unsourced"];

/// Keys of rain given in another way.
const OTHER_KEYS: [&str; 2] = ["duration", "samples"];

/// How the rain is spread over the storm.
const PATTERNS: [&str; 2] = ["chicago", "uniform"];

/// Intervals of the hyetograph where the scenario does not say: what rain gauges of
/// cities report and drainage models take.
const USUAL_STEP: f64 = 5.0 * MINUTE;

/// Intervals that are believed, s: radar and gauges at the finest, a day at the coarsest.
const SHORTEST_STEP: f64 = 1.0;
const LONGEST_STEP: f64 = 86_400.0;

/// Storms that are believed, s: a minute to a month.
const SHORTEST_STORM: f64 = 60.0;
const LONGEST_STORM: f64 = 31.0 * 86_400.0;

/// Return periods that are believed, years; a formula has a narrower range.
const SHORTEST_RETURN_PERIOD: f64 = 0.01;
const LONGEST_RETURN_PERIOD: f64 = 1e6;

/// What the keys of a design storm say, each where it is there and sound.
struct Asked<'t> {
    return_period_years: Option<f64>,
    duration: Option<f64>,
    step: Option<f64>,
    pattern: Option<&'t str>,
    peak_ratio: Option<f64>,
    allow_unsourced: bool,
}

/// Reads the keys of a design storm; `Some(None)` where `[rain]` has none, `None`
/// where there is a mistake in it.
pub(super) fn read(section: &Section<'_>, context: &mut Context<'_, '_>) -> Option<Option<Series>> {
    let storm = section.text(
        "storm",
        "design storm instead of intensity or hyetograph: a storm formula of `tuiyan list storms`, or the path of a file (.toml) with one",
    );
    let asked = ask(section);
    if section.describing() {
        return Some(None);
    }
    if !section.has("storm") {
        let lost: Vec<&str> = KEYS.into_iter().filter(|key| section.has(key)).collect();
        for key in &lost {
            let text = format!("{key} belongs to a design storm, and there is no storm");
            section.report(1077, key, text, "add storm = \"NAME\", or remove the key");
        }
        return lost.is_empty().then_some(None);
    }
    let complete = is_complete(section);
    let formula = storm.and_then(|storm| find(section, storm, context));
    let sourced = match (&formula, storm) {
        (Some(formula), Some(storm)) => judge_source(section, storm, formula, asked.allow_unsourced),
        _ => true,
    };
    let curve = formula.as_ref().and_then(|formula| {
        let curve = curve(section, formula, &asked)?;
        understand(section, formula, &curve, asked.duration?);
        Some(curve)
    });
    let series = hyetograph(section, &curve?, &asked)?;
    (complete && sourced).then_some(Some(series))
}

fn ask<'t>(section: &Section<'t>) -> Asked<'t> {
    let wanted = section.has("storm") || section.describing();
    let return_period = section
        .number("return_period", "years between storms as hard as this one or harder (with storm)")
        .between(SHORTEST_RETURN_PERIOD, LONGEST_RETURN_PERIOD)
        .optional();
    let duration = section
        .quantity("storm_duration", Dimension::Time, "length of the storm (with storm)")
        .between(SHORTEST_STORM, LONGEST_STORM)
        .optional();
    let step = section
        .quantity("time_step", Dimension::Time, "length of the intervals of the hyetograph (with storm)")
        .between(SHORTEST_STEP, LONGEST_STEP);
    let pattern = section.choice(
        "pattern",
        &PATTERNS,
        "how rain is spread over the storm: chicago (one peak; every part of it as hard as the formula says) or uniform (with storm)",
    );
    let peak_ratio = section
        .quantity(
            "peak_ratio",
            Dimension::Fraction,
            "share of the storm before its peak (with pattern = chicago)",
        )
        .between(0.0, 1.0)
        .optional();
    // Only where a design storm asks for them do the defaults count as understood.
    let step = if wanted { Some(step.or(USUAL_STEP, "5 min")) } else { step.optional() };
    let meaning = "accept a storm formula whose file names no source; the result then says so";
    let allow_unsourced = if wanted {
        section.flag("allow_unsourced", false, meaning)
    } else {
        section.know("allow_unsourced");
        false
    };
    Asked { return_period_years: return_period, duration, step, pattern, peak_ratio, allow_unsourced }
}

/// Reports keys that are missing beside `storm`, and keys that mean nothing beside it.
fn is_complete(section: &Section<'_>) -> bool {
    let mut missing =
        vec![("return_period", "50"), ("storm_duration", "\"2 h\""), ("pattern", "\"chicago\"")];
    let mut useless = OTHER_KEYS.map(|key| (key, "a design storm")).to_vec();
    if section.is_word("pattern", "chicago") {
        missing.push(("peak_ratio", "0.4"));
    }
    if section.is_word("pattern", "uniform") {
        useless.push(("peak_ratio", "uniform rain"));
    }
    missing.retain(|(key, _)| !section.has(key));
    useless.retain(|(key, _)| section.has(key));
    for (key, example) in &missing {
        section.report(1012, key, "missing beside rain.storm", format!("add {key} = {example}"));
    }
    for (key, rain) in &useless {
        section.report(1077, key, format!("{key} means nothing beside {rain}"), "remove the key");
    }
    missing.is_empty() && useless.is_empty()
}

/// The formula that is asked for: one that comes with the program, or a file.
fn find(section: &Section<'_>, storm: &str, context: &mut Context<'_, '_>) -> Option<StormFormula> {
    let known = storm_formulas();
    if let Some((_, formula)) = known.iter().find(|(name, _)| *name == storm) {
        return Some(formula.clone());
    }
    if !storm.ends_with(".toml") {
        let names = known.iter().map(|(name, _)| *name);
        let meant =
            nearest(storm, names).map_or_else(String::new, |name| format!("did you mean \"{name}\"? "));
        section.report(
            1070,
            "storm",
            format!("\"{storm}\" is not a storm formula that comes with the program"),
            format!("{meant}`tuiyan list storms` shows them; for one of your own give the path of its file, ending in .toml"),
        );
        return None;
    }
    let read = context.resolver.as_mut()?.storm_formula(storm);
    match read.and_then(|text| storm_formula::parse(&text, storm)) {
        Ok(formula) => Some(formula),
        Err(Problems(problems)) => {
            problems.into_iter().for_each(|problem| section.reading.report(problem));
            None
        }
    }
}

/// Refuses a formula without source, or warns of it where the scenario accepts it.
fn judge_source(section: &Section<'_>, storm: &str, formula: &StormFormula, allowed: bool) -> bool {
    if formula.source.is_some() {
        return true;
    }
    let text = format!("unsourced storm formula \"{storm}\"");
    let problem = if allowed {
        section.warning(1072, "storm", text)
    } else {
        Problem::error(1071, text)
            .in_file(storm)
            .fix("add source_title and source_url to the file, or write allow_unsourced = true in [rain]")
    };
    let why = "formulas that go round for one city differ by half of the rain, and nobody can check this one";
    section.reading.report(problem.why(why));
    allowed
}

/// The curve of the return period, if the formula holds for it and for the duration.
fn curve(section: &Section<'_>, formula: &StormFormula, asked: &Asked<'_>) -> Option<IntensityCurve> {
    let curve = asked.return_period_years.and_then(|years| {
        let curve = formula.formula.curve(years);
        if curve.is_none() {
            let (low, high) = formula.formula.return_periods_years();
            section.report(
                1073,
                "return_period",
                format!("{years} years is outside the range of the formula for {}", formula.place),
                format!("allowed: {} years, or another formula", span(low, high)),
            );
        }
        curve
    });
    let duration = asked.duration.filter(|duration| {
        let (shortest, longest) = formula.formula.durations();
        let inside = (shortest..=longest).contains(duration);
        if !inside {
            section.report(
                1073,
                "storm_duration",
                format!(
                    "{} min is outside the range of the formula for {}",
                    duration / MINUTE,
                    formula.place
                ),
                format!("allowed: {} min, or another formula", span(shortest / MINUTE, longest / MINUTE)),
            );
        }
        inside
    });
    duration.and(curve)
}

/// A range for a message.
fn span(low: f64, high: f64) -> String {
    if low == high { low.to_string() } else { format!("{low} to {high}") }
}

/// Notes formula, source and depth among what was understood.
fn understand(section: &Section<'_>, formula: &StormFormula, curve: &IntensityCurve, duration: f64) {
    let source = formula.source.as_ref().map(|source| {
        let page = source.page.as_ref().map_or_else(String::new, |page| format!(", {page}"));
        format!("{}{page}, {}", source.title, source.url)
    });
    let about = json!({
        "place": formula.place,
        "equation": formula.equation,
        "source": source,
        "sha256": formula.sha256,
    });
    section.reading.understand(section.path_of("storm_formula"), about);
    let depth = json!({ "value": curve.depth(duration), "unit": "m" });
    section.reading.understand(section.path_of("storm_depth"), depth);
}

fn hyetograph(section: &Section<'_>, curve: &IntensityCurve, asked: &Asked<'_>) -> Option<Series> {
    let (duration, step) = (asked.duration?, asked.step?);
    if asked.pattern? == "uniform" {
        return Some(Series::block(curve.intensity(duration), duration));
    }
    let storm = ChicagoStorm::new(*curve, duration, asked.peak_ratio?)?;
    let series = storm.hyetograph(step);
    if series.is_none() {
        section.report(
            1076,
            "time_step",
            format!("intervals of {step} s do not fit into a storm of {duration} s"),
            "choose intervals shorter than the storm, 1 to 10 min as a rule",
        );
    }
    series
}
