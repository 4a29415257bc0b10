//! Problems: what is wrong, where, what is allowed, and how to mend it.
//!
//! Every message has a number that never changes its meaning. The catalogue
//! `data/messages.toml` holds the page that `tuiyan explain` prints for it.
//! The thousands digit is the part of the engine that speaks:
//!
//! | number | about |
//! |---|---|
//! | 1xxx | the text of a scenario |
//! | 2xxx | rasters and grids |
//! | 3xxx | series and weather |
//! | 4xxx | sources and substances |
//! | 5xxx | numerics during a run |
//! | 6xxx | disk, memory, devices |
//! | 7xxx | the run was cancelled |
//! | 8xxx | validation and its data |
//! | 9xxx | a mistake of ours |

use std::fmt;

use serde::{Deserialize, Serialize};

/// The number of a message, printed as `E2107` or `W3010`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Code(pub u16);

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The run goes on; the result says so.
    Warning,
    /// There is no result.
    Error,
}

/// Where in the user's input a problem lies; every part that is known is filled in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// File, as the user wrote its path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// Dotted key of the scenario, e.g. `terrain.dem`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Cell, sample or coordinate, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spot: Option<String>,
}

/// One mistake, complete enough to be mended without reading the manual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// Number of the message.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What was found and what is allowed, one sentence.
    pub text: String,
    /// Why it matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

/// All that was wrong, in the order in which it was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Problems(pub Vec<Problem>);

/// Result of anything that can fail for a reason the user should read.
pub type Result<T> = std::result::Result<T, Problems>;

impl Problem {
    /// An error with its number and its one-sentence text.
    pub fn error(code: u16, text: impl Into<String>) -> Self {
        Self {
            code: Code(code),
            severity: Severity::Error,
            place: Place::default(),
            text: text.into(),
            why: None,
            fix: None,
        }
    }

    /// A warning with its number and its one-sentence text.
    pub fn warning(code: u16, text: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, text) }
    }

    /// Adds the file.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.place.file = Some(file.into());
        self
    }

    /// Adds line and column, both from 1.
    #[must_use]
    pub fn at_line(mut self, line: usize, column: usize) -> Self {
        self.place.line = Some(line);
        self.place.column = Some(column);
        self
    }

    /// Adds the dotted key of the scenario.
    #[must_use]
    pub fn at_key(mut self, key: impl Into<String>) -> Self {
        self.place.key = Some(key.into());
        self
    }

    /// Adds the cell, sample or coordinate in words.
    #[must_use]
    pub fn at_spot(mut self, spot: impl Into<String>) -> Self {
        self.place.spot = Some(spot.into());
        self
    }

    /// Adds why it matters.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// True for an error, false for a warning.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Number with its letter, e.g. `E2107`.
    pub fn label(&self) -> String {
        let letter = if self.is_error() { 'E' } else { 'W' };
        format!("{letter}{}", self.code.0)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = if self.is_error() { "error" } else { "warning" };
        write!(f, "{severity}[{}]", self.label())?;
        let place = &self.place;
        let mut wrote_place = false;
        if let Some(file) = &place.file {
            write!(f, " {file}")?;
            wrote_place = true;
        }
        if let (Some(line), Some(column)) = (place.line, place.column) {
            write!(f, ":{line}:{column}")?;
        }
        if let Some(key) = &place.key {
            write!(f, " {key}")?;
            wrote_place = true;
        }
        write!(f, "{} {}", if wrote_place { ":" } else { "" }, self.text)?;
        for (name, text) in [("at", &place.spot), ("why", &self.why), ("fix", &self.fix)] {
            if let Some(text) = text {
                write!(f, "\n   {name:<4} {text}")?;
            }
        }
        write!(f, "\n   more tuiyan explain {}", self.label())
    }
}

impl std::error::Error for Problem {}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

/// The page of the catalogue for one message number.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Number of the message.
    pub code: u16,
    /// One line, English.
    pub title: String,
    /// One line, Chinese.
    pub title_zh: String,
    /// The whole story: when it comes, why it matters, what to do.
    pub text: String,
}

/// Every message of the engine, in the order of its number.
pub fn catalogue() -> Vec<Page> {
    #[derive(Deserialize)]
    struct Catalogue {
        page: Vec<Page>,
    }
    let text = include_str!("../data/messages.toml");
    match toml::from_str::<Catalogue>(text) {
        Ok(catalogue) => catalogue.page,
        Err(mistake) => unreachable!("data/messages.toml is part of the program: {mistake}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_prints_place_why_and_fix() {
        let text = Problem::error(2107, "3 cells are NaN inside the active area")
            .in_file("dem.tif")
            .at_spot("row 812 column 145")
            .why("a NaN would spread")
            .fix("fill them")
            .to_string();
        assert_eq!(
            text,
            "error[E2107] dem.tif: 3 cells are NaN inside the active area\n   \
             at   row 812 column 145\n   why  a NaN would spread\n   fix  fill them\n   \
             more tuiyan explain E2107"
        );
    }

    #[test]
    fn the_catalogue_is_sorted_and_has_no_number_twice() {
        let pages = catalogue();
        assert!(pages.windows(2).all(|pair| pair[0].code < pair[1].code));
    }
}
