//! `tuiyan library status`: how far a library has come.

use std::path::Path;

use serde_json::json;
use sim_core::input::library::{Library, Status};

use crate::args::Shared;
use crate::command::Outcome;
use crate::progress::span;
use crate::report::{self, say};

/// Exit code where members failed: the numerical stop of a single run.
const SOME_FAILED: u8 = 5;

/// Prints how far a library has come.
pub(crate) fn status(dir: &Path, shared: &Shared) -> Outcome {
    tell(dir, shared).map(|_| report::DONE)
}

/// The same after a build, whose exit code tells of failed members.
pub(crate) fn tell(dir: &Path, shared: &Shared) -> Outcome {
    let library = Library::open(dir)?;
    let status = library.status()?;
    let eta = eta_seconds(&status);
    if shared.json {
        let failures: Vec<_> =
            status.failures.iter().map(|(line, message)| json!({"line": line, "message": message})).collect();
        say(&report::json(&json!({
            "title": library.manifest.plan.title, "engine": library.manifest.engine, "members": status.members,
            "done": status.done, "failed": status.failed, "results": status.results, "bytes": status.bytes,
            "content_hash": status.content_hash, "members_per_second": status.rate, "eta_seconds": eta, "failures": failures,
        })));
    } else if !shared.quiet {
        say(&library.manifest.plan.title);
        let left =
            eta.map_or_else(|| "remaining time unknown".to_owned(), |eta| format!("{} left", span(eta)));
        say(&format!(
            "  {} of {} members done, {} failed, {left}",
            status.done, status.members, status.failed
        ));
        say(&format!("  {} results that differ, {:.1} MB", status.results, status.bytes as f64 / 1e6));
        say(&format!("  content {}", status.content_hash));
        for (line, message) in &status.failures {
            say(&format!("  line {line} failed: {}", message.lines().next().unwrap_or_default()));
        }
        if status.failed > status.failures.len() as u64 {
            say("  more in the catalogue: SELECT line, message FROM member WHERE state = 'failed'");
        }
    }
    Ok(if status.failed > 0 { SOME_FAILED } else { report::DONE })
}

/// Remaining time, s, at the rate of the last build; none where there was none yet.
fn eta_seconds(status: &Status) -> Option<f64> {
    let left = status.members - status.done - status.failed;
    if left == 0 {
        return Some(0.0);
    }
    status.rate.filter(|&rate| rate > 0.0).map(|rate| left as f64 / rate)
}
