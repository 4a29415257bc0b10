//! `tuiyan validate`.

use serde_json::json;
use sim_core::error::{Problem, Problems};
use validation::{Case, Measure, Outcome as CaseOutcome, Skipped, cases};

use crate::args::Shared;
use crate::command::Outcome;
use crate::command::run::in_pool;
use crate::report::{self, say};

/// Runs the cases asked for and prints error beside tolerance, also where a model fails.
pub(crate) fn validate(names: &[String], shared: &Shared) -> Outcome {
    let all = cases();
    let known = |name: &str| all.iter().any(|case| case.name == name || case.group == name);
    let unknown: Vec<Problem> = names
        .iter()
        .filter(|name| !known(name))
        .map(|name| {
            let known: Vec<&str> = all.iter().map(|case| case.name).collect();
            Problem::error(1005, format!("there is no case or group {name}"))
                .fix(format!("groups: flood, gas; cases: {}", known.join(", ")))
        })
        .collect();
    if !unknown.is_empty() {
        return Err(Problems(unknown));
    }
    let wanted =
        |case: &&Case| names.is_empty() || names.iter().any(|name| case.name == name || case.group == name);
    let mut measures: Vec<Measure> = Vec::new();
    let mut skipped: Vec<Skipped> = Vec::new();
    for case in all.iter().filter(wanted) {
        let data = shared.data.clone();
        match in_pool(shared, || (case.run)(data.as_deref()))?? {
            CaseOutcome::Measured(found) => {
                if !shared.json {
                    found.iter().for_each(say_measure);
                }
                measures.extend(found);
            }
            CaseOutcome::Skipped(reason) => {
                if !shared.json {
                    say(&format!("{:<18} skipped: {reason}", case.name));
                }
                skipped.push(Skipped { case: case.name, reason });
            }
        }
    }
    let failed = measures.iter().filter(|measure| !measure.passed).count();
    if shared.json {
        say(&report::json(&json!({ "measures": measures, "skipped": skipped })));
    } else {
        say(&format!("{} passed, {failed} failed, {} skipped", measures.len() - failed, skipped.len()));
    }
    Ok(if failed == 0 { report::DONE } else { 5 })
}

fn say_measure(measure: &Measure) {
    say(&format!(
        "{:<18} {:<8} {:<38} {:>11.3e} {:<4} tolerance {:>8.1e}  {}  {:.2} s",
        measure.case,
        measure.scheme,
        measure.measure,
        measure.value,
        measure.unit,
        measure.tolerance,
        if measure.passed { "passed" } else { "FAILED" },
        measure.wall_seconds
    ));
}
