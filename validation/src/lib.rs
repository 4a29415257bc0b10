//! Cases with a known answer, and how far the models are from it.
//!
//! A case is a folder `cases/NAME/` that reads as a page (problem, source,
//! metric, tolerance) and a function here that runs it. `tuiyan validate`
//! prints the table, also where a model fails.

pub mod exact;
mod flood;
mod gas;
mod metrics;

use std::path::Path;

use serde::Serialize;
use sim_core::error::Result;

pub use metrics::{observed_order, relative_l1};

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
    /// Unit of the value.
    pub unit: &'static str,
    /// Largest value that passes.
    pub tolerance: f64,
    /// Best value another code has published, where known.
    pub best_published: Option<f64>,
    /// Whether the value is within the tolerance.
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
    /// Reason in words.
    pub reason: String,
}

/// One case: a problem with a known answer.
pub struct Case {
    /// Name of the case and of its folder.
    pub name: &'static str,
    /// `flood` or `gas`.
    pub group: &'static str,
    /// The page of the case.
    pub page: &'static str,
    /// Runs it; the path is the root of data the project does not carry.
    pub run: fn(Option<&Path>) -> Result<Outcome>,
}

/// What a case has to say.
pub enum Outcome {
    /// Its measures.
    Measured(Vec<Measure>),
    /// It could not run, with the reason.
    Skipped(String),
}

/// All cases in the order in which they are printed.
pub fn cases() -> Vec<Case> {
    let mut all = flood::cases();
    all.extend(gas::cases());
    all
}
