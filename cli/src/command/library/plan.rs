//! `tuiyan library plan`: what a library will be, before anything is built.

use std::path::Path;

use serde_json::json;

use super::prepared::Prepared;
use super::{estimate, refuse_overrides};
use crate::args::Shared;
use crate::command::Outcome;
use crate::progress::span;
use crate::report::{self, say};

/// Checks a plan, measures a few members, prints number, size and time.
pub(crate) fn plan(path: &Path, shared: &Shared) -> Outcome {
    refuse_overrides(shared)?;
    let mut prepared = Prepared::read(path, shared)?;
    let survey = crate::command::run::in_pool(shared, || prepared.survey())??;
    prepared.choose(&survey)?;
    let estimate = estimate::estimate(&prepared, &survey)?;
    let plan = &prepared.plan;
    let threads = shared
        .threads
        .map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
    let seconds = estimate.seconds / prepared.place.workers(threads) as f64;
    if shared.json {
        let axes: Vec<_> = plan
            .axes
            .iter()
            .map(|axis| {
                let keys: Vec<&str> = axis.keys.iter().map(|key| key.path.as_str()).collect();
                json!({"name": axis.name, "keys": keys, "values": axis.rows.len()})
            })
            .collect();
        say(&report::json(&json!({
            "title": plan.title, "members": plan.members(), "axes": axes, "distinct_results": survey.distinct.round(),
            "estimated_seconds": seconds, "estimated_bytes": estimate.bytes.round(), "threads": threads,
            "measured_members": estimate.measured,
        })));
        return Ok(report::DONE);
    }
    say(&plan.title);
    for axis in &plan.axes {
        let keys: Vec<&str> = axis.keys.iter().map(|key| key.path.as_str()).collect();
        let first = axis.rows.first().map(|row| row.join(", ")).unwrap_or_default();
        let last = axis.rows.last().map(|row| row.join(", ")).unwrap_or_default();
        say(&format!(
            "  {:<16} {:>8} values of {}: {first} to {last}",
            axis.name,
            axis.rows.len(),
            keys.join(", ")
        ));
    }
    say(&format!("  {} members, about {:.0} results that differ", plan.members(), survey.distinct));
    say(&format!(
        "  about {} on {threads} threads, {:.1} MB (measured on {} members)",
        span(seconds),
        estimate.bytes / 1e6,
        estimate.measured
    ));
    Ok(report::DONE)
}
