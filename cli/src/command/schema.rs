//! `tuiyan schema`.

use crate::command::Outcome;
use crate::report;

/// Prints the JSON Schema of the scenario file.
pub(crate) fn schema() -> Outcome {
    report::say(&report::json(&sim_core::scenario::schema()));
    Ok(report::DONE)
}
