//! `tuiyan explain CODE`.

use sim_core::error::{Problem, catalogue};

use crate::args::Shared;
use crate::command::Outcome;
use crate::report;

/// Prints the page of a message.
pub(crate) fn explain(code: &str, shared: &Shared) -> Outcome {
    let digits = code.trim_start_matches(['E', 'e', 'W', 'w']);
    let number: Option<u16> = digits.parse().ok();
    let pages = catalogue();
    let Some(page) = pages.iter().find(|page| Some(page.code) == number) else {
        return Err(Problem::error(1005, format!("there is no message {code}"))
            .fix("tuiyan list messages shows them all")
            .into());
    };
    if shared.json {
        report::say(&report::json(&serde_json::json!({
            "code": page.code, "title": page.title, "title_zh": page.title_zh, "text": page.text,
        })));
    } else {
        report::say(&format!(
            "{}  {}\n      {}\n\n{}",
            page.code,
            page.title,
            page.title_zh,
            page.text.trim()
        ));
    }
    Ok(report::DONE)
}
