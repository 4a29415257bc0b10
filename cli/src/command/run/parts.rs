//! `tuiyan run` of one flood in parts.

use std::sync::Arc;

use sim_core::error::{Problem, Problems};
use sim_core::input::observed::ObservedFile;
use sim_core::output::FolderLock;
use sim_core::run::flood::{self, Backend, FloodCase, Processor};
use sim_core::scenario::{self, Case, Scenario};

use super::{Finished, Job, Outcomes, in_pool, options, record, tables};
use crate::args::{Device, Shared};
use crate::command::Outcome;
use crate::files::Files;
use crate::progress::{Bar, cancel_on_interrupt, cancel_quietly};
use crate::team::Team;
use crate::{memory, observed, report};

/// A scenario that can be run.
struct Prepared {
    scenario: Scenario,
    readings: Option<ObservedFile>,
    /// The folder of the results, where this process writes them.
    folder: Option<FolderLock>,
}

/// Runs a scenario in parts. Every process of the team comes here and leaves with the same exit
/// code; one of them tells the user what there is to tell.
pub(super) fn run(job: &Job<'_>, team: &Team, shared: &Shared) -> Outcome {
    let threads = shared.threads.unwrap_or_else(|| team.usual_threads());
    let shared = &Shared { threads: Some(threads), ..shared.clone() };
    match in_steps(job, team, shared) {
        Ok(Some(finished)) => {
            finished.tell(shared);
            Ok(finished.exit_code())
        }
        Ok(None) => Ok(report::DONE),
        Err(outcome) => outcome,
    }
}

/// Reads, checks, runs, writes; after each the team hears whether all went well.
fn in_steps(job: &Job<'_>, team: &Team, shared: &Shared) -> Result<Option<Finished>, Outcome> {
    let mut files = Files::new(job.folder.clone(), shared);
    let Prepared { scenario, readings, folder } =
        team.settle(prepare(job, team, shared, &mut files), shared)?;
    let outcomes = team.settle(compute(&scenario, readings.as_ref(), team, shared), shared)?;
    let (Some(outcomes), Some(folder)) = (outcomes, folder) else {
        return team.settle(Ok(()), shared).map(|()| None);
    };
    let options = options(&scenario, job.text);
    let (mut record, products) = record(scenario, outcomes, &files, None, shared);
    team.settle(folder.write_run(&products, &mut record, &options), shared)?;
    Ok(Some(Finished { record, out: job.out.clone(), tables: tables(products) }))
}

/// All that is done before the first step.
fn prepare(job: &Job<'_>, team: &Team, shared: &Shared, files: &mut Files) -> Result<Prepared, Problems> {
    let scenario = scenario::read(job.text, job.file, &shared.overrides, files)?;
    let readings = match job.observed {
        Some(path) => Some(observed::read(path, &scenario, files)?),
        None => None,
    };
    let Case::Flood(case) = &scenario.case else {
        return Err(flood::refused("only a flood is cut into parts; this scenario is a release of gas")
            .in_file(job.file)
            .into());
    };
    flood::check_parts(case, team.parts(), also_lacking(job, shared))?;
    if team.processes_here() > 1 {
        let here = memory_of_process(case, team) * team.processes_here() as u64;
        memory::check_bytes(here)?;
    } else {
        memory::check(&scenario.case)?;
    }
    let folder = if team.is_first() { Some(FolderLock::take(&job.out)?) } else { None };
    Ok(Prepared { scenario, readings, folder })
}

/// What the command line asks for that is not done in parts.
fn also_lacking(job: &Job<'_>, shared: &Shared) -> Vec<String> {
    let is_gpu = matches!(shared.device, Device::Gpu(_));
    [(job.keeping.is_some(), "checkpoints"), (is_gpu, "graphics devices")]
        .into_iter()
        .filter(|(is_asked, _)| *is_asked)
        .map(|(_, what)| what.to_owned())
        .collect()
}

/// Bytes of one process: its part, the case, and on the first one the frames.
fn memory_of_process(case: &FloodCase, team: &Team) -> u64 {
    let cells = case.grid.cells() as u64;
    let fields = 3 * size_of::<f64>() as u64;
    let frames = case.frame_times.len() as u64 * size_of::<f32>() as u64;
    let first = if team.is_first() { frames * cells } else { 0 };
    flood::memory_bytes_of_part(case, team.parts()) + fields * cells + first
}

/// The flood; nothing where another process has the result.
fn compute(
    scenario: &Scenario,
    readings: Option<&ObservedFile>,
    team: &Team,
    shared: &Shared,
) -> Result<Option<Outcomes>, Problems> {
    let Case::Flood(case) = &scenario.case else {
        return Err(Problem::error(9001, "only floods come in parts").into());
    };
    let is_first = team.is_first();
    let cancelled = if is_first { cancel_on_interrupt() } else { cancel_quietly() };
    let parts = team.parts();
    let halo = team.halo();
    let found = in_pool(shared, || {
        let mut bar = Bar::new(&scenario.title, shared.quiet || !is_first, Arc::clone(&cancelled));
        match halo {
            Some(halo) => flood::simulate_part(case, &mut bar, halo),
            None => flood::simulate_in_parts(case, &mut bar, parts).map(Some),
        }
    })??;
    let name = Processor::default().name();
    Ok(found.map(|found| Outcomes::of_flood(case, found, name, readings)))
}
