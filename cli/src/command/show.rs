//! `tuiyan show SUBSTANCE`.

use serde_json::json;
use sim_core::gas::substance;

use crate::args::Shared;
use crate::command::Outcome;
use crate::report;

/// Prints the sheet of a substance.
pub(crate) fn show(name: &str, shared: &Shared) -> Outcome {
    let found = substance::find(name)?;
    let sheet = found.sheet();
    if shared.json {
        let lines: Vec<_> = sheet
            .iter()
            .map(|line| {
                json!({ "name": line.name, "name_zh": line.name_zh, "text": line.text, "source": line.source })
            })
            .collect();
        report::say(&report::json(&json!({ "substance": found.id, "lines": lines })));
        return Ok(report::DONE);
    }
    for line in &sheet {
        let source = if line.source.is_empty() { String::new() } else { format!("  [{}]", line.source) };
        report::say(&format!("{} / {}: {}{source}", line.name, line.name_zh, line.text));
    }
    Ok(report::DONE)
}
