//! A plan with its base scenario, read and held against each other.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rayon::prelude::*;
use sim_core::error::{Problem, Problems};
use sim_core::input::plan_table::read_text_table;
use sim_core::library::fingerprint::Fingerprint;
use sim_core::library::plan::Plan;
use sim_core::library::stored::{LAYOUT, Manifest, StoredGrid};
use sim_core::run::record::InputFile;
use sim_core::scenario::{self, Case, PlanTable, Scenario};

use super::member::Work;
use super::{engine, folder_of};
use crate::args::Shared;
use crate::files::{Files, read_text};

/// Rows of an axis that are held against the base scenario before the build; the rest of a longer axis is
/// judged when its members run.
const MOST_CHECKED: usize = 256;

/// A plan and its base scenario.
pub(crate) struct Prepared {
    pub plan: Plan,
    pub base_text: String,
    pub base_sha256: String,
    folder: PathBuf,
    shared: Shared,
}

/// What a look at every axis has found.
pub(crate) struct Survey {
    /// The scenario of the first line.
    pub first: Scenario,
    /// Results that differ, as far as the axes do not depend on each other.
    pub distinct: f64,
    /// Time to read one member, s.
    pub reading_seconds: f64,
}

impl Prepared {
    /// Reads a plan, its tables and its base scenario.
    ///
    /// # Errors
    /// All mistakes of the plan at once; then those of the base scenario.
    pub(crate) fn read(path: &Path, shared: &Shared) -> Result<Self, Problems> {
        let text = read_text(path)?;
        let plan_folder = folder_of(path);
        let files = Files::new(plan_folder.clone(), shared);
        let mut tables = |name: &str| {
            let table = read_text_table(&files.locate(name)?, name)?;
            Ok(PlanTable { columns: table.columns, rows: table.rows })
        };
        let plan = scenario::read_plan(&text, &path.display().to_string(), &mut tables)?;
        let base = files.locate(&plan.base)?;
        let base_text = read_text(&base)?;
        let base_sha256 = Fingerprint::default().text(&base_text).end();
        let shared = Shared { overrides: Vec::new(), ..shared.clone() };
        Ok(Self { plan, base_text, base_sha256, folder: folder_of(&base), shared })
    }

    /// The scenario of a line with the files it read.
    pub(crate) fn scenario(&self, overrides: &[String]) -> Result<(Scenario, Vec<InputFile>), Problems> {
        let mut files = Files::new(self.folder.clone(), &self.shared);
        let scenario = scenario::read(&self.base_text, &self.plan.base, overrides, &mut files)?;
        Ok((scenario, files.inputs()))
    }

    /// Holds the values of every axis against the base scenario, the others at their first value.
    ///
    /// # Errors
    /// All mistakes of all axes at once, each once.
    pub(crate) fn survey(&self) -> Result<Survey, Problems> {
        let begun = Instant::now();
        let (first, inputs) = self.scenario(&self.plan.overrides(0))?;
        let reading_seconds = begun.elapsed().as_secs_f64();
        let first_id = Work::of(&first.case, &inputs).result_id;
        let mut distinct = 1.0;
        let mut problems: Vec<Problem> = Vec::new();
        for (place, axis) in self.plan.axes.iter().enumerate() {
            let count = axis.rows.len();
            let looks = count.min(MOST_CHECKED);
            let rows: Vec<usize> =
                (0..looks).map(|i| if looks < 2 { 0 } else { i * (count - 1) / (looks - 1) }).collect();
            let outcomes: Vec<Result<String, Problems>> =
                rows.par_iter().map(|&row| self.look(place, row, &first_id)).collect();
            let mut ids = BTreeSet::new();
            for (outcome, &row) in outcomes.into_iter().zip(&rows) {
                match outcome {
                    Ok(id) => drop(ids.insert(id)),
                    Err(Problems(found)) => {
                        let spot = format!(
                            "axis \"{}\", value {}: {}",
                            axis.name,
                            row + 1,
                            axis.overrides(row).join(", ")
                        );
                        for problem in found.into_iter().filter(Problem::is_error) {
                            let is_known = problems.iter().any(|known| {
                                (&known.text, &known.place.key, known.code)
                                    == (&problem.text, &problem.place.key, problem.code)
                            });
                            if !is_known {
                                problems.push(if problem.place.spot.is_none() {
                                    problem.at_spot(&spot)
                                } else {
                                    problem
                                });
                            }
                        }
                    }
                }
            }
            distinct *= ids.len() as f64 * count as f64 / looks as f64;
        }
        if problems.is_empty() {
            Ok(Survey { first, distinct, reading_seconds })
        } else {
            Err(Problems(problems))
        }
    }

    /// Id of the result with one axis moved.
    fn look(&self, place: usize, row: usize, first_id: &str) -> Result<String, Problems> {
        if row == 0 {
            return Ok(first_id.to_owned());
        }
        let mut rows = vec![0; self.plan.axes.len()];
        rows[place] = row;
        let (scenario, inputs) = self.scenario(&self.plan.overrides(self.plan.line_of(&rows)))?;
        Ok(Work::of(&scenario.case, &inputs).result_id)
    }

    /// What the store of this plan says of itself.
    pub(crate) fn manifest(&self, first: &Scenario) -> Manifest {
        let (hazard, grid, crs) = match &first.case {
            Case::Flood(case) => ("flood", Some(StoredGrid::of(&case.grid)), &case.grid.crs),
            Case::Gas(case) => ("gas", None, &case.grid.crs),
        };
        Manifest {
            layout: LAYOUT,
            engine: engine(),
            hazard: hazard.to_owned(),
            plan: self.plan.clone(),
            base_sha256: self.base_sha256.clone(),
            grid,
            epsg: crs.epsg(),
            credits: first.credits.clone(),
        }
    }
}
