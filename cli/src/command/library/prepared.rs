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

use super::folder_of;
use super::member::Work;
use super::workplace::{Workplace, lacks};
use crate::args::Shared;
use crate::files::{Files, read_text};

/// Time for which the values of one axis are read before the build, s of one thread.
const LONGEST_READING: f64 = 30.0;

/// Values of an axis that are read before the build however long that takes.
const ALWAYS_READ: usize = 256;

/// Rows of an axis that are held against the base scenario before the build: all of them, of an axis whose reading
/// would take too long so many that it does not, at equal distances. The rest is judged when its members run.
fn looked_at(rows: usize, reading_seconds: f64) -> Vec<usize> {
    let affordable = (LONGEST_READING / reading_seconds.max(f64::MIN_POSITIVE)) as usize;
    let looks = rows.min(affordable.max(ALWAYS_READ));
    (0..looks).map(|look| if looks < 2 { 0 } else { look * (rows - 1) / (looks - 1) }).collect()
}

/// Adds problems that are not known yet, at their spot.
fn note(problems: &mut Vec<Problem>, found: Vec<Problem>, spot: &str) {
    for problem in found.into_iter().filter(Problem::is_error) {
        let is_known = problems.iter().any(|known| {
            (&known.text, &known.place.key, known.code) == (&problem.text, &problem.place.key, problem.code)
        });
        if !is_known {
            problems.push(if problem.place.spot.is_none() { problem.at_spot(spot) } else { problem });
        }
    }
}

/// What a look at a member shows.
#[derive(Clone)]
struct Look {
    /// Id of its result.
    id: String,
    /// What no device computes of it.
    lacks: BTreeSet<String>,
}

impl Look {
    fn at(case: &Case, inputs: &[InputFile]) -> Self {
        // Ids are only told apart here, so that the engine does not matter.
        Self { id: Work::of(case, inputs, "").result_id, lacks: lacks(case).into_iter().collect() }
    }
}

/// A plan and its base scenario.
pub(crate) struct Prepared {
    pub plan: Plan,
    pub base_text: String,
    pub base_sha256: String,
    folder: PathBuf,
    shared: Shared,
    /// Where its members are computed; the processor until the survey has chosen.
    pub place: Workplace,
}

/// What a look at every axis has found.
pub(crate) struct Survey {
    /// The scenario of the first line.
    pub first: Scenario,
    /// Results that differ, as far as the axes do not depend on each other.
    pub distinct: f64,
    /// Time to read one member, s.
    pub reading_seconds: f64,
    /// What members ask for that no device computes.
    missing: BTreeSet<String>,
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
        let place = Workplace::default();
        Ok(Self { plan, base_text, base_sha256, folder: folder_of(&base), shared, place })
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
        let read = || {
            let begun = Instant::now();
            let read = self.scenario(&self.plan.overrides(0))?;
            Ok::<_, Problems>((read, begun.elapsed().as_secs_f64()))
        };
        // The first reading also loads what all others find in memory.
        read()?;
        let ((first, inputs), reading_seconds) = read()?;
        let first_look = Look::at(&first.case, &inputs);
        let mut missing = first_look.lacks.clone();
        let mut distinct = 1.0;
        let mut problems: Vec<Problem> = Vec::new();
        for (place, axis) in self.plan.axes.iter().enumerate() {
            let rows = looked_at(axis.rows.len(), reading_seconds);
            let outcomes: Vec<Result<Look, Problems>> =
                rows.par_iter().map(|&row| self.look(place, row, &first_look)).collect();
            let mut ids = BTreeSet::new();
            for (outcome, &row) in outcomes.into_iter().zip(&rows) {
                match outcome {
                    Ok(look) => {
                        ids.insert(look.id);
                        missing.extend(look.lacks);
                    }
                    Err(Problems(found)) => {
                        let spot = format!(
                            "axis \"{}\", value {}: {}",
                            axis.name,
                            row + 1,
                            axis.overrides(row).join(", ")
                        );
                        note(&mut problems, found, &spot);
                    }
                }
            }
            distinct *= ids.len() as f64 * axis.rows.len() as f64 / rows.len() as f64;
        }
        if !problems.is_empty() {
            return Err(Problems(problems));
        }
        Ok(Survey { first, distinct, reading_seconds, missing })
    }

    /// Chooses where members are computed.
    ///
    /// # Errors
    /// Those of [`Workplace::choose`].
    pub(crate) fn choose(&mut self, survey: &Survey) -> Result<(), Problems> {
        self.place = Workplace::choose(&survey.first.case, &survey.missing, &self.shared)?;
        Ok(())
    }

    /// Looks at the member with one axis moved.
    fn look(&self, place: usize, row: usize, first: &Look) -> Result<Look, Problems> {
        if row == 0 {
            return Ok(first.clone());
        }
        let mut rows = vec![0; self.plan.axes.len()];
        rows[place] = row;
        let (scenario, inputs) = self.scenario(&self.plan.overrides(self.plan.line_of(&rows)))?;
        Ok(Look::at(&scenario.case, &inputs))
    }

    /// The work of a member.
    pub(crate) fn work(&self, case: &Case, inputs: &[InputFile]) -> Work {
        Work::of(case, inputs, &self.place.engine)
    }

    /// What the store of this plan says of itself.
    pub(crate) fn manifest(&self, first: &Scenario) -> Manifest {
        let (hazard, grid, crs) = match &first.case {
            Case::Flood(case) => ("flood", Some(StoredGrid::of(&case.grid)), &case.grid.crs),
            Case::Gas(case) => ("gas", None, &case.grid.crs),
        };
        Manifest {
            layout: LAYOUT,
            engine: self.place.engine.clone(),
            hazard: hazard.to_owned(),
            plan: self.plan.clone(),
            base_sha256: self.base_sha256.clone(),
            grid,
            epsg: crs.epsg(),
            credits: first.credits.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_an_axis_is_read_where_that_is_quick() {
        assert_eq!(looked_at(1, 1.0), [0]);
        assert_eq!(looked_at(5000, 1e-3), (0..5000).collect::<Vec<_>>());
        let some = looked_at(5000, 1.0);
        assert_eq!((some.len(), some[0], some[255]), (256, 0, 4999));
    }
}
