//! Cases with a known answer, and how far the models are from it.
//!
//! A case is a folder `cases/NAME/` that reads as a page (problem, exact
//! solution, source, metric, tolerance) and a function in the file of its family
//! that runs it. `tuiyan validate` prints the table, also where a model fails;
//! [`report`] writes a page per case with plots.
//!
//! To add a case: a folder with its page, a function in a file below `flood`,
//! `gas` or `dense`, and a line in the list `CASES` of that file.

mod dense;
mod device_gas;
mod devices;
mod effects;
pub mod exact;
pub mod figure;
mod flood;
mod gas;
mod harm;
mod metrics;
mod observed;
pub mod report;
mod svg;
mod svg_panels;

use std::path::PathBuf;

use serde::Serialize;
use sim_core::error::Result;

use figure::Figure;
pub use flood::{DEFAULT_SCHEME, SCHEMES};
pub use metrics::{Agreement, bootstrap, observed_order, relative_l1, root_mean_square};

/// What a value is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The size of the value is at most the tolerance.
    AtMost,
    /// The value is at least the tolerance.
    AtLeast,
    /// The value differs from the target by at most the tolerance.
    Within,
    /// The value is shown beside others and held against nothing but being a number.
    Shown,
}

/// One number with its tolerance.
#[derive(Debug, Clone, Serialize)]
pub struct Measure {
    /// Case it belongs to.
    pub case: &'static str,
    /// Numerical scheme or model.
    pub scheme: &'static str,
    /// Device it ran on.
    pub device: &'static str,
    /// What is measured.
    pub measure: String,
    /// Its value.
    pub value: f64,
    /// Between what it lies with 95 % confidence, where trials were drawn again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<[f64; 2]>,
    /// Unit of the value.
    pub unit: &'static str,
    /// How the value is held against the tolerance.
    pub bound: Bound,
    /// What it should be, for [`Bound::Within`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// The bound.
    pub tolerance: f64,
    /// Best value another code has published, where known.
    pub best_published: Option<f64>,
    /// Whether the value keeps the bound; a value that is no number does not.
    pub passed: bool,
    /// Cells of the grid.
    pub cells: usize,
    /// Time steps.
    pub steps: u64,
    /// Wall time, s.
    pub wall_seconds: f64,
}

/// A case that could not run, and why.
#[derive(Debug, Clone, Serialize)]
pub struct Skipped {
    /// Name of the case.
    pub case: &'static str,
    /// Scheme it should have run with.
    pub scheme: &'static str,
    /// Reason in words.
    pub reason: String,
}

/// How long a case takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// Seconds; runs whenever its group does.
    Quick,
    /// Longer; runs when it is named, or with all others if long ones are wanted.
    Long,
}

/// What a case is given.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Root of data the project does not carry.
    pub data: Option<PathBuf>,
    /// Scheme of the flood solver, one of [`SCHEMES`].
    pub scheme: &'static str,
}

/// One number of a case before it knows where it belongs.
#[derive(Debug, Clone)]
pub struct Reading {
    name: String,
    value: f64,
    unit: &'static str,
    bound: Bound,
    target: Option<f64>,
    tolerance: f64,
    best: Option<f64>,
    effort: Effort,
    model: Option<&'static str>,
    interval: Option<[f64; 2]>,
}

/// What a run cost.
#[derive(Debug, Clone, Copy, Default)]
pub struct Effort {
    /// Cells of the grid.
    pub cells: usize,
    /// Time steps.
    pub steps: u64,
    /// Wall time, s.
    pub wall_seconds: f64,
}

impl Reading {
    fn new(name: impl Into<String>, value: f64, unit: &'static str, bound: Bound, tolerance: f64) -> Self {
        let effort = Effort::default();
        Self {
            name: name.into(),
            value,
            unit,
            bound,
            target: None,
            tolerance,
            best: None,
            effort,
            model: None,
            interval: None,
        }
    }

    /// A size that should be at most the tolerance.
    pub fn at_most(name: impl Into<String>, value: f64, unit: &'static str, tolerance: f64) -> Self {
        Self::new(name, value, unit, Bound::AtMost, tolerance)
    }

    /// A value that should be at least the tolerance.
    pub fn at_least(name: impl Into<String>, value: f64, unit: &'static str, tolerance: f64) -> Self {
        Self::new(name, value, unit, Bound::AtLeast, tolerance)
    }

    /// A value that should be the target, give or take the tolerance.
    pub fn within(
        name: impl Into<String>,
        value: f64,
        unit: &'static str,
        target: f64,
        tolerance: f64,
    ) -> Self {
        Self { target: Some(target), ..Self::new(name, value, unit, Bound::Within, tolerance) }
    }

    /// A value that is only shown.
    pub fn shown(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self::new(name, value, unit, Bound::Shown, 0.0)
    }

    /// With the model that it belongs to, where a case compares several.
    #[must_use]
    pub fn by(self, model: &'static str) -> Self {
        Self { model: Some(model), ..self }
    }

    /// With the interval in which it lies.
    #[must_use]
    pub fn between(self, interval: Option<[f64; 2]>) -> Self {
        Self { interval, ..self }
    }

    /// With the best value that another code has published.
    #[must_use]
    pub fn best(self, published: f64) -> Self {
        Self { best: Some(published), ..self }
    }

    /// With what the run cost.
    #[must_use]
    pub fn of(self, effort: Effort) -> Self {
        Self { effort, ..self }
    }

    fn passed(&self) -> bool {
        match self.bound {
            Bound::AtMost => self.value.abs() <= self.tolerance,
            Bound::AtLeast => self.value >= self.tolerance && self.value.is_finite(),
            Bound::Shown => self.value.is_finite(),
            Bound::Within => self.target.is_some_and(|target| (self.value - target).abs() <= self.tolerance),
        }
    }
}

/// What a case found.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Numbers.
    pub readings: Vec<Reading>,
    /// Plots.
    pub figures: Vec<Figure>,
}

/// What a case has to say.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Its measures and plots.
    Measured(Vec<Measure>, Vec<Figure>),
    /// It could not run, with the reason.
    Skipped(String),
}

/// What the function of a case returns: findings, or the reason why it cannot run.
type Answer = std::result::Result<Findings, String>;

/// One case: a problem with a known answer.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Name of the case and of its folder.
    pub name: &'static str,
    /// One of [`GROUPS`].
    pub group: &'static str,
    /// How long it takes.
    pub length: Length,
    /// The page of the case.
    pub page: &'static str,
    run: fn(&Settings) -> Result<Answer>,
}

impl Case {
    /// True if the case runs by the scheme of the settings; others have their own, or all.
    pub fn takes_scheme(&self) -> bool {
        self.group == "flood" || self.group == "devices" && self.length == Length::Long
    }

    /// The scheme or model that the case exercises.
    pub fn scheme(&self, settings: &Settings) -> &'static str {
        match self.group {
            _ if self.takes_scheme() => settings.scheme,
            "gas-dense" => "dense",
            "devices" => "shaders",
            _ => "plume",
        }
    }

    /// Runs the case on the current thread pool.
    ///
    /// # Errors
    /// Those of the engine, where a run does not come to its end; E8002 and E8003 for data
    /// that cannot be read.
    pub fn run(&self, settings: &Settings) -> Result<Outcome> {
        let findings = match (self.run)(settings)? {
            Ok(findings) => findings,
            Err(reason) => return Ok(Outcome::Skipped(reason)),
        };
        let measure = |reading: Reading| Measure {
            case: self.name,
            scheme: reading.model.unwrap_or(self.scheme(settings)),
            device: if self.group == "devices" { "gpu" } else { "cpu" },
            passed: reading.passed(),
            measure: reading.name,
            value: reading.value,
            interval: reading.interval,
            unit: reading.unit,
            bound: reading.bound,
            target: reading.target,
            tolerance: reading.tolerance,
            best_published: reading.best,
            cells: reading.effort.cells,
            steps: reading.effort.steps,
            wall_seconds: reading.effort.wall_seconds,
        };
        Ok(Outcome::Measured(findings.readings.into_iter().map(measure).collect(), findings.figures))
    }
}

/// Names of the groups, in the order in which they are printed.
pub const GROUPS: [&str; 4] = ["flood", "gas", "gas-dense", "devices"];

/// All cases in the order in which they are printed.
pub fn cases() -> Vec<Case> {
    [
        flood::cases(),
        gas::CASES.to_vec(),
        gas::spread::CASES.to_vec(),
        gas::air::CASES.to_vec(),
        gas::transport::CASES.to_vec(),
        gas::layer::CASES.to_vec(),
        gas::sources::CASES.to_vec(),
        harm::CASES.to_vec(),
        effects::CASES.to_vec(),
        dense::CASES.to_vec(),
        devices::CASES.to_vec(),
        device_gas::CASES.to_vec(),
    ]
    .concat()
}

/// Reads the page of a case and lists it: `case!(name, group, length, function)`.
macro_rules! case {
    ($name:literal, $group:literal, $length:ident, $run:path) => {
        $crate::Case {
            name: $name,
            group: $group,
            length: $crate::Length::$length,
            page: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/cases/", $name, "/README.md")),
            run: $run,
        }
    };
}
pub(crate) use case;
