//! What is said to the person at the terminal, and in which exit code.

use std::io::Write;
use std::sync::Mutex;

use sim_core::error::{Problem, Problems};

use crate::args::Shared;

/// Output that could not be written for another reason than a closed pipe.
static LOST: Mutex<Option<String>> = Mutex::new(None);

/// The command line is not understood.
pub(crate) const USAGE: u8 = 2;
/// Done; nothing was changed.
pub(crate) const DONE: u8 = 0;
/// Done, but inputs were changed on the user's behalf.
pub(crate) const DONE_WITH_CHANGES: u8 = 3;

/// The exit code that belongs to what went wrong; the gravest kind wins.
pub(crate) fn exit_code(problems: &Problems) -> u8 {
    let code = |problem: &Problem| match problem.code.0 {
        1003 | 1005 | 1066 | 1067 => USAGE,
        // Below 5100 a case is not sound: that is input, found before the first step.
        5100..=5999 => 5,
        6000..=6999 | 8609 | 8610 => 6,
        7000..=7999 => 7,
        9000..=9999 => 70,
        _ => 4,
    };
    problems.0.iter().filter(|problem| problem.is_error()).map(code).max().unwrap_or(70)
}

/// Writes a line to standard output; a closed pipe is nobody's mistake.
pub(crate) fn say(text: &str) {
    let mut output = std::io::stdout().lock();
    let written = writeln!(output, "{text}").and_then(|()| output.flush());
    if let Err(reason) = written
        && reason.kind() != std::io::ErrorKind::BrokenPipe
        && let Ok(mut lost) = LOST.lock()
    {
        *lost = Some(reason.to_string());
    }
}

/// What went wrong with standard output, if anything did.
pub(crate) fn lost_output() -> Option<Problem> {
    let reason = LOST.lock().ok()?.take()?;
    Some(
        Problem::error(6000, format!("standard output cannot be written: {reason}"))
            .fix("check free space and permissions where it is redirected to, then run again"),
    )
}

/// Writes a line to standard error.
pub(crate) fn remark(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Prints all problems: words on standard error, and JSON on standard output if asked for.
pub(crate) fn problems(problems: &Problems, shared: &Shared) {
    if shared.json {
        document(problems);
    }
    for problem in &problems.0 {
        remark(&problem.to_string());
    }
    let count = problems.0.iter().filter(|problem| problem.is_error()).count();
    if count > 1 {
        remark(&format!("{count} mistakes; nothing was run and no result was written"));
    }
}

/// Prints what went wrong as one JSON document.
pub(crate) fn document(problems: &Problems) {
    say(&json(&serde_json::json!({ "status": "error", "problems": problems.0 })));
}

/// Prints warnings, a line each, unless the user wants quiet.
pub(crate) fn warnings(warnings: &[Problem], shared: &Shared) {
    if shared.quiet || warnings.is_empty() {
        return;
    }
    for warning in warnings {
        let words = warning.to_string();
        wrapped(words.lines().next().unwrap_or_default(), 2).iter().for_each(|line| remark(line));
    }
    remark("  why and what to do: run.json, or tuiyan explain with the number");
}

/// JSON text of a value.
pub(crate) fn json(value: &serde_json::Value) -> String {
    format!("{value:#}")
}

/// Columns of the narrowest terminal that is in use.
pub(crate) const WIDTH: usize = 80;

/// Columns that a character takes: the characters of Chinese take two.
///
/// # Source
/// Unicode Standard Annex 11, *East Asian Width*: the wide blocks that occur in messages.
fn columns_of(character: char) -> usize {
    match character {
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' => 2,
        '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' => 2,
        '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Columns that a text takes on a terminal.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// A text in lines of at most [`WIDTH`] columns, the first and the others with their indent.
///
/// Lines end at blanks, and after any wide character, since Chinese has no blanks.
pub(crate) fn wrapped(text: &str, indent: usize) -> Vec<String> {
    let start = text.len() - text.trim_start().len();
    let mut lines = vec![" ".repeat(start)];
    let mut used = start;
    for piece in pieces(text.trim_start()) {
        let needed = width(piece.trim_end());
        if used + needed > WIDTH && used > start + indent {
            used = start + indent;
            lines.push(" ".repeat(used));
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(piece);
        }
        used += width(piece);
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// Pieces after each of which a line may end.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut begun = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let end = at + character.len_utf8();
        let next = characters.peek().map(|entry| entry.1);
        // A line never begins with a closing sign.
        let closes = next.is_some_and(|next| "，。；：！？）、".contains(next));
        if character == ' ' && next != Some(' ') || columns_of(character) == 2 && !closes && next != Some(' ')
        {
            pieces.push(&text[begun..end]);
            begun = end;
        }
    }
    pieces.push(&text[begun..]);
    pieces
}

/// Writes a text to standard output in lines that fit on a terminal.
pub(crate) fn say_wrapped(text: &str) {
    wrapped(text, 2).iter().for_each(|line| say(line));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_a_terminal_and_no_word_is_lost() {
        let english = "  ".to_owned() + &"who must move and how far, ".repeat(12);
        let chinese = "  先测地下室、管沟和室内：渗入室内的燃气不在此结果中；".repeat(5);
        for text in [english, chinese, "short".into(), String::new()] {
            let lines = wrapped(&text, 2);
            assert!(lines.iter().all(|line| width(line) <= WIDTH), "{lines:#?}");
            let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(plain(&lines.concat()), plain(&text));
        }
        let long = "x".repeat(200);
        assert_eq!(wrapped(&long, 2), [long], "a path stays whole, so that it can be copied");
    }

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!(width("严重积水 x"), 10);
    }
}
