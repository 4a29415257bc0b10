//! What is said to the person at the terminal, and in which exit code.

use std::io::Write;

use sim_core::error::{Problem, Problems};

use crate::args::Shared;

/// Done; nothing was changed.
pub(crate) const DONE: u8 = 0;
/// Done, but inputs were changed on the user's behalf.
pub(crate) const DONE_WITH_CHANGES: u8 = 3;

/// The exit code that belongs to what went wrong; the gravest kind wins.
pub(crate) fn exit_code(problems: &Problems) -> u8 {
    let code = |problem: &Problem| match problem.code.0 {
        1003 | 1005 => 2,
        // Below 5100 a case is not sound: that is input, found before the first step.
        5100..=5999 => 5,
        6000..=6999 => 6,
        7000..=7999 => 7,
        9000..=9999 => 70,
        _ => 4,
    };
    problems.0.iter().filter(|problem| problem.is_error()).map(code).max().unwrap_or(70)
}

/// Writes a line to standard output; a closed pipe is nobody's mistake.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Writes a line to standard error.
pub(crate) fn remark(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Prints all problems: words on standard error, and JSON on standard output if asked for.
pub(crate) fn problems(problems: &Problems, shared: &Shared) {
    if shared.json {
        say(&json(&serde_json::json!({ "status": "error", "problems": problems.0 })));
    }
    for problem in &problems.0 {
        remark(&problem.to_string());
    }
    let count = problems.0.iter().filter(|problem| problem.is_error()).count();
    if count > 1 {
        remark(&format!("{count} mistakes; nothing was run and no result was written"));
    }
}

/// Prints warnings, a line each, unless the user wants quiet.
pub(crate) fn warnings(warnings: &[Problem], shared: &Shared) {
    if shared.quiet || warnings.is_empty() {
        return;
    }
    for warning in warnings {
        let words = warning.to_string();
        remark(words.lines().next().unwrap_or_default());
    }
    remark("  why and what to do: run.json, or tuiyan explain with the number");
}

/// JSON text of a value.
pub(crate) fn json(value: &serde_json::Value) -> String {
    format!("{value:#}")
}
