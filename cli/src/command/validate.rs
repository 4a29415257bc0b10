//! `tuiyan validate`.

use std::path::PathBuf;

use serde_json::json;
use sim_core::error::{Problem, Problems};
use validation::figure::Figure;
use validation::report::{Entry, bound_words, measure_words, number, write};
use validation::{
    Bound, Case, DEFAULT_SCHEME, GROUPS, Length, Measure, Outcome as CaseOutcome, SCHEMES, Settings, Skipped,
    cases,
};

use crate::args::Shared;
use crate::command::Outcome;
use crate::command::run::in_pool;
use crate::report::{self, remark, say};

/// Exit code where a measure does not keep its bound.
const FAILED: u8 = 5;

/// What the user asked for.
pub(crate) struct Wish {
    /// Groups and cases; empty for all.
    pub(crate) names: Vec<String>,
    /// Scheme of the flood solver, or `all`.
    pub(crate) scheme: Option<String>,
    /// Whether long cases run without being named.
    pub(crate) long: bool,
    /// Folder of the report.
    pub(crate) report: Option<PathBuf>,
}

/// A case that was run with one scheme.
struct Done {
    case: Case,
    scheme: &'static str,
    measures: Vec<Measure>,
    figures: Vec<Figure>,
    skipped: Option<String>,
}

/// Runs the cases asked for and prints error beside tolerance, also where a model fails.
pub(crate) fn validate(wish: &Wish, shared: &Shared) -> Outcome {
    let all = cases();
    let schemes = understand(wish, &all)?;
    let mut done: Vec<Done> = Vec::new();
    if !shared.json {
        say(&header());
    }
    for case in all.iter().filter(|case| is_named(wish, case)) {
        for &scheme in if case.takes_scheme() { &schemes[..] } else { &schemes[..1] } {
            let settings = Settings { data: shared.data.clone(), scheme };
            let entry = run(case, &settings, wish, shared)?;
            if !shared.json {
                say_entry(&entry);
            } else if !shared.quiet {
                remark(&format!("{} {} done", entry.case.name, entry.scheme));
            }
            done.push(entry);
        }
    }
    finish(wish, shared, &done)
}

/// Schemes to run; every name that is not known is a mistake.
fn understand(wish: &Wish, all: &[Case]) -> Result<Vec<&'static str>, Problems> {
    let known = |name: &str| all.iter().any(|case| case.name == name || case.group == name);
    let mut mistakes: Vec<Problem> = wish
        .names
        .iter()
        .filter(|name| !known(name))
        .map(|name| {
            let known: Vec<&str> = all.iter().map(|case| case.name).collect();
            Problem::error(1005, format!("there is no case or group {name}")).fix(format!(
                "groups: {}; cases: {}",
                GROUPS.join(", "),
                known.join(", ")
            ))
        })
        .collect();
    let schemes: Vec<&'static str> = match wish.scheme.as_deref() {
        None => vec![DEFAULT_SCHEME],
        Some("all") => SCHEMES.to_vec(),
        Some(name) => SCHEMES.iter().copied().filter(|scheme| *scheme == name).collect(),
    };
    if schemes.is_empty() {
        let name = wish.scheme.as_deref().unwrap_or_default();
        mistakes.push(
            Problem::error(1005, format!("there is no scheme {name}"))
                .fix(format!("schemes: {}, or all", SCHEMES.join(", "))),
        );
    }
    if mistakes.is_empty() { Ok(schemes) } else { Err(Problems(mistakes)) }
}

/// True for the cases that were asked for, by their name, by their group or by none.
fn is_named(wish: &Wish, case: &Case) -> bool {
    wish.names.is_empty() || wish.names.iter().any(|name| case.name == name || case.group == name)
}

fn run(case: &Case, settings: &Settings, wish: &Wish, shared: &Shared) -> Result<Done, Problems> {
    let scheme = case.scheme(settings);
    let nothing = |reason: String| Done {
        case: *case,
        scheme,
        measures: Vec::new(),
        figures: Vec::new(),
        skipped: Some(reason),
    };
    let is_wanted = case.length == Length::Quick || wish.long || wish.names.iter().any(|n| n == case.name);
    if !is_wanted {
        return Ok(nothing("takes long: name it or add --long".into()));
    }
    Ok(match in_pool(shared, || case.run(settings))?? {
        CaseOutcome::Measured(measures, figures) => {
            Done { case: *case, scheme, measures, figures, skipped: None }
        }
        CaseOutcome::Skipped(reason) => nothing(reason),
    })
}

/// The last words, the report and the exit code.
fn finish(wish: &Wish, shared: &Shared, done: &[Done]) -> Outcome {
    let measures: Vec<&Measure> = done.iter().flat_map(|entry| &entry.measures).collect();
    let skipped: Vec<Skipped> = done
        .iter()
        .filter_map(|entry| {
            let reason = entry.skipped.clone()?;
            Some(Skipped { case: entry.case.name, scheme: entry.scheme, reason })
        })
        .collect();
    let failed = measures.iter().filter(|measure| !measure.passed).count();
    if shared.json {
        say(&report::json(&json!({ "measures": measures, "skipped": skipped })));
    } else {
        say(&format!("{} passed, {failed} failed, {} cases skipped", measures.len() - failed, skipped.len()));
    }
    if let Some(dir) = &wish.report {
        let entries: Vec<Entry<'_>> = done
            .iter()
            .map(|entry| Entry {
                case: &entry.case,
                scheme: entry.scheme,
                measures: &entry.measures,
                figures: &entry.figures,
                skipped: entry.skipped.as_deref(),
            })
            .collect();
        let written = write(dir, &entries)?;
        if !shared.quiet {
            remark(&format!("{} pages in {}", written.len(), dir.display()));
        }
    }
    Ok(if failed == 0 { report::DONE } else { FAILED })
}

fn header() -> String {
    format!(
        "{:<24} {:<8} {:>7} {:>8} {:>7}  {:<50} {:>10} {:<5} {:<17} {:>9}",
        "case", "scheme", "cells", "steps", "wall s", "measure", "value", "unit", "bound", "published"
    )
}

fn verdict(measure: &Measure) -> &'static str {
    match (measure.bound, measure.passed) {
        (Bound::Shown, true) => "",
        (_, true) => "passed",
        (_, false) => "FAILED",
    }
}

fn say_entry(entry: &Done) {
    if let Some(reason) = &entry.skipped {
        say(&format!("{:<24} {:<8} skipped: {reason}", entry.case.name, entry.scheme));
    }
    for measure in &entry.measures {
        say(&format!(
            "{:<24} {:<8} {:>7} {:>8} {:>7.2}  {:<50} {:>10} {:<5} {:<17} {:>9}  {}",
            measure.case,
            measure.scheme,
            measure.cells,
            measure.steps,
            measure.wall_seconds,
            measure_words(measure),
            number(measure.value),
            measure.unit,
            bound_words(measure),
            measure.best_published.map_or("-".to_owned(), number),
            verdict(measure),
        ));
    }
}
