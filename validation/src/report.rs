//! The validation book as a folder: a page per case with its numbers and plots.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use sim_core::error::{Problem, Problems, Result};

use crate::figure::Figure;
use crate::svg::{draw, escaped};
use crate::{Bound, Case, Measure};

/// What is known of one case with one scheme.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The case.
    pub case: &'a Case,
    /// Name of the scheme.
    pub scheme: &'a str,
    /// Its measures; empty for a case that was skipped.
    pub measures: &'a [Measure],
    /// Its plots.
    pub figures: &'a [Figure],
    /// Why it was skipped.
    pub skipped: Option<&'a str>,
}

const STYLE: &str = "body{font:15px/1.45 sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#222}\
table{border-collapse:collapse;margin:1em 0}td,th{padding:.25em .7em;border-bottom:1px solid #ddd;text-align:right}\
td:first-child,th:first-child{text-align:left}.failed{color:#b00020;font-weight:bold}.passed{color:#1b6e2c}\
svg{max-width:100%;display:block;margin:1.5em 0}";

/// Writes `index.html` and a page per case and scheme into a folder, which is made where it is missing.
///
/// Small plots side by side are also written as a picture of their own, `CASE.svg`.
///
/// Every file is written aside and moved to its name when it is whole.
///
/// # Errors
/// E8001 when the folder or a page cannot be written.
pub fn write(dir: &Path, entries: &[Entry<'_>]) -> Result<Vec<PathBuf>> {
    std::fs::create_dir_all(dir).map_err(|reason| unwritable(dir, &reason))?;
    let mut written = Vec::new();
    for entry in entries {
        written.push(write_page(dir, &file_name(entry), &page(entry))?);
        let panels = entry.figures.iter().filter(|figure| matches!(figure, Figure::Panels { .. }));
        for figure in panels.take(1) {
            written.push(write_page(dir, &format!("{}.svg", entry.case.name), &draw(figure))?);
        }
    }
    written.push(write_page(dir, "index.html", &index(entries))?);
    Ok(written)
}

fn write_page(dir: &Path, name: &str, text: &str) -> Result<PathBuf> {
    let (aside, path) = (dir.join(format!(".{name}.part")), dir.join(name));
    std::fs::write(&aside, text)
        .and_then(|()| std::fs::rename(&aside, &path))
        .map_err(|reason| unwritable(&path, &reason))?;
    Ok(path)
}

fn unwritable(path: &Path, reason: &std::io::Error) -> Problems {
    Problem::error(8001, format!("the page cannot be written: {reason}"))
        .in_file(path.display().to_string())
        .fix("give --report a folder in which you may write")
        .into()
}

fn file_name(entry: &Entry<'_>) -> String {
    format!("{}-{}.html", entry.case.name, entry.scheme)
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title><style>{STYLE}</style></head>\n<body>\n{body}</body></html>\n",
        escaped(title)
    )
}

fn page(entry: &Entry<'_>) -> String {
    let mut body = String::from("<p><a href=\"index.html\">all cases</a></p>\n");
    body.push_str(&markdown(entry.case.page));
    let _ = writeln!(body, "<h2>Scheme {}</h2>", escaped(entry.scheme));
    if let Some(reason) = entry.skipped {
        let _ = writeln!(body, "<p>Skipped: {}</p>", escaped(reason));
    } else {
        body.push_str(&table(entry.measures));
    }
    for figure in entry.figures {
        body.push_str(&draw(figure));
    }
    document(entry.case.name, &body)
}

/// The bound of a measure in words, e.g. `<= 0.01` or `4.86 ± 0.005`.
pub fn bound_words(measure: &Measure) -> String {
    match (measure.bound, measure.target) {
        (Bound::AtMost, _) => format!("<= {}", number(measure.tolerance)),
        (Bound::AtLeast, _) => format!(">= {}", number(measure.tolerance)),
        (Bound::Shown, _) => "shown".to_owned(),
        (Bound::Within, target) => {
            format!("{} ± {}", number(target.unwrap_or(f64::NAN)), number(measure.tolerance))
        }
    }
}

/// What is measured, with the interval in which it lies, e.g. `FAC2 (95 %: 0.64 to 1)`.
pub fn measure_words(measure: &Measure) -> String {
    match measure.interval {
        Some([low, high]) => format!("{} (95 %: {low:.2} to {high:.2})", measure.measure),
        None => measure.measure.clone(),
    }
}

/// A number as short as it can be read: plain where it is neither tiny nor huge.
pub fn number(value: f64) -> String {
    if value == 0.0 || (1e-3..1e5).contains(&value.abs()) {
        let text = format!("{value:.5}");
        let short = text.trim_end_matches('0').trim_end_matches('.');
        short.to_owned()
    } else {
        format!("{value:.2e}")
    }
}

fn verdict(measure: &Measure) -> &'static str {
    match (measure.bound, measure.passed) {
        (Bound::Shown, true) => "shown",
        (_, true) => "passed",
        (_, false) => "failed",
    }
}

fn table(measures: &[Measure]) -> String {
    let mut out = String::from(
        "<table><tr><th>measure</th><th>model</th><th>value</th><th>unit</th><th>bound</th><th>best published</th>\
         <th>cells</th><th>steps</th><th>wall, s</th><th></th></tr>\n",
    );
    for measure in measures {
        let best = measure.best_published.map_or(String::new(), number);
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{best}</td><td>{}</td><td>{}</td>\
             <td>{:.2}</td><td class=\"{8}\">{8}</td></tr>",
            escaped(&measure_words(measure)),
            escaped(measure.scheme),
            number(measure.value),
            escaped(measure.unit),
            escaped(&bound_words(measure)),
            measure.cells,
            measure.steps,
            measure.wall_seconds,
            verdict(measure),
        );
    }
    out.push_str("</table>\n");
    out
}

fn index(entries: &[Entry<'_>]) -> String {
    let mut body = String::from(
        "<h1>Validation book</h1>\n<table><tr><th>case</th><th>scheme</th><th>passed</th><th>failed</th><th></th></tr>\n",
    );
    for entry in entries {
        let passed = entry.measures.iter().filter(|measure| measure.passed).count();
        let failed = entry.measures.len() - passed;
        let class = if failed > 0 { "failed" } else { "passed" };
        let words = match entry.skipped {
            Some(_) => "skipped",
            None => class,
        };
        let _ = writeln!(
            body,
            "<tr><td><a href=\"{}\">{}</a></td><td>{}</td><td>{passed}</td><td>{failed}</td><td class=\"{class}\">{words}</td></tr>",
            escaped(&file_name(entry)),
            escaped(entry.case.name),
            escaped(entry.scheme),
        );
    }
    body.push_str("</table>\n");
    document("Validation book", &body)
}

/// The little Markdown that pages of cases use: headings, bold words and paragraphs.
fn markdown(page: &str) -> String {
    let mut out = String::new();
    for paragraph in page.split("\n\n") {
        for block in split_heads(paragraph) {
            match block.strip_prefix("# ") {
                Some(title) => {
                    let _ = writeln!(out, "<h1>{}</h1>", escaped(title));
                }
                None => {
                    let _ = writeln!(out, "<p>{}</p>", emphasised(&escaped(&block)));
                }
            }
        }
    }
    out
}

/// Lines that begin with a bold word or a heading begin a block.
fn split_heads(paragraph: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    for line in paragraph.lines() {
        match blocks.last_mut() {
            Some(last) if !line.starts_with("**") => {
                last.push('\n');
                last.push_str(line);
            }
            _ => blocks.push(line.to_owned()),
        }
    }
    blocks.retain(|block| !block.trim().is_empty());
    blocks
}

fn emphasised(text: &str) -> String {
    let parts: Vec<&str> = text.split("**").collect();
    let mut out = String::new();
    for (number, part) in parts.iter().enumerate() {
        if number % 2 == 1 {
            let _ = write!(out, "<b>{part}</b>");
        } else {
            out.push_str(part);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_keep_their_size() {
        assert_eq!([0.0, 4.86, -0.005, 1e-12].map(number), ["0", "4.86", "-0.005", "1.00e-12"]);
        assert_eq!(number(100.0), "100");
    }

    #[test]
    fn a_page_becomes_headings_and_paragraphs() {
        let html = markdown("# Title\n\n**Problem.** a < b\nand c.\n**Source.** d");
        assert_eq!(
            html,
            "<h1>Title</h1>\n<p><b>Problem.</b> a &lt; b\nand c.</p>\n<p><b>Source.</b> d</p>\n"
        );
    }
}
