//! How long a library will take and how large it will be, from a few members.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sim_core::error::{Problem, Problems};
use sim_core::input::library::Library;
use sim_core::library::stored::{Batch, Body, Ending, Row};
use sim_core::output::library::LibraryWriter;
use sim_core::run::{Observer, Progress};
use sim_core::scenario::Case;

use super::member::CANCELLED;
use super::prepared::{Prepared, Survey};
use crate::memory;

/// Members that are measured: the first, the middle and the last line.
const SAMPLES: u64 = 3;

/// Longest time that one member is followed for the estimate.
const LONGEST_LOOK: Duration = Duration::from_secs(8);

/// A run as short as this is measured a second time.
const SHORT_LOOK: Duration = Duration::from_secs(1);

/// Bytes of one row in catalogue and batch.
const ROW_BYTES: f64 = 700.0;

/// What a library will need.
pub(crate) struct Estimate {
    /// Work of one thread, s.
    pub seconds: f64,
    /// Bytes of the store.
    pub bytes: f64,
    /// Members that were measured.
    pub measured: usize,
}

/// Stops a member after a while and remembers how far it has come.
struct Glance {
    begun: Instant,
    share: f64,
}

impl Observer for Glance {
    fn progress(&mut self, progress: &Progress) -> bool {
        self.share = progress.share;
        self.begun.elapsed() < LONGEST_LOOK
    }
}

/// Runs a few members and reckons up.
///
/// # Errors
/// E6000 where no temporary library can be written.
pub(crate) fn estimate(prepared: &Prepared, survey: &Survey) -> Result<Estimate, Problems> {
    let members = prepared.plan.members();
    let mut lines: Vec<u64> = (0..SAMPLES).map(|i| i * (members - 1) / (SAMPLES - 1)).collect();
    lines.dedup();
    let grid = prepared.manifest(&survey.first).grid;
    let (mut seconds, mut batch, mut measured) = (0.0, Batch::default(), 0);
    let begun = Instant::now();
    for &line in &lines {
        if measured > 0 && begun.elapsed() >= LONGEST_LOOK {
            break;
        }
        // A member that fails says nothing about the others; the build records it.
        let Ok((scenario, inputs)) = prepared.scenario(&prepared.plan.overrides(line)) else { continue };
        let work = prepared.work(&scenario.case, &inputs);
        let run = || {
            let mut glance = Glance { begun: Instant::now(), share: 0.0 };
            let outcome = prepared.place.compute(&work, grid, &mut glance);
            (outcome, glance.begun.elapsed(), glance.share)
        };
        let (mut outcome, mut took, mut share) = run();
        // A short first run is mostly what it loads for all others.
        if measured == 0 && took < SHORT_LOOK {
            (outcome, took, share) = run();
        }
        let took = took.as_secs_f64();
        measured += 1;
        match outcome {
            Ok(stored) => {
                seconds += took;
                let ending = Ending::Done { result: stored.id.clone(), pose: work.pose };
                batch.rows.push(Row { line, id: work.id, ending, seconds: took });
                batch.results.push(stored);
            }
            Err(problems) if problems.0.iter().all(|problem| problem.code.0 == CANCELLED) => {
                seconds += took / share.max(1e-6);
            }
            Err(_) => measured -= 1,
        }
    }
    let run = seconds / measured.max(1) as f64;
    let total = survey.reading_seconds * members as f64 + run * survey.distinct;
    let bytes = survey.distinct * result_bytes(prepared, survey, batch)? + ROW_BYTES * members as f64;
    Ok(Estimate { seconds: total, bytes, measured })
}

/// Bytes of one result, compressed; of floods that were stopped what their grid has without compression.
fn result_bytes(prepared: &Prepared, survey: &Survey, batch: Batch) -> Result<f64, Problems> {
    if batch.results.is_empty() {
        let cells = match &survey.first.case {
            Case::Flood(case) => case.grid.cells(),
            Case::Gas(_) => 0,
        };
        return Ok((cells * size_of::<u16>()) as f64);
    }
    let manifest = prepared.manifest(&survey.first);
    let with = file_bytes(&manifest, &batch)?;
    let bare = batch.results.iter().map(|stored| {
        let body = match &stored.body {
            Body::Outlines(zones) => Body::Outlines(vec![Vec::new(); zones.len()]),
            Body::Depths(depths) => Body::Depths(depths.mapv(|_| 0)),
        };
        sim_core::library::stored::Stored { body, ..stored.clone() }
    });
    let without = file_bytes(&manifest, &Batch { rows: batch.rows.clone(), results: bare.collect() })?;
    // Figures in the catalogue come on top, as large as a row.
    Ok(with.saturating_sub(without) as f64 / batch.results.len() as f64 + ROW_BYTES)
}

/// Bytes of the batch in a library of its own.
fn file_bytes(manifest: &sim_core::library::stored::Manifest, batch: &Batch) -> Result<u64, Problems> {
    let folder = tempfile::tempdir().map_err(|mistake| {
        Problems::from(
            Problem::error(6000, format!("no temporary folder: {mistake}"))
                .fix("make room in the folder for temporary files (TMPDIR)"),
        )
    })?;
    LibraryWriter::open(folder.path(), manifest)?.add(batch)?;
    let entries = std::fs::read_dir(folder.path().join("batches")).into_iter().flatten().flatten();
    Ok(entries.filter_map(|entry| entry.metadata().ok()).map(|about| about.len()).sum())
}

/// Refuses a plan whose members do not fit into the memory side by side.
pub(crate) fn check_memory(case: &Case, threads: usize) -> Result<(), Problems> {
    memory::check_many(case, threads)
}

/// Free bytes on the disk of a folder that may not exist yet, where the system tells.
fn free_bytes(folder: &Path) -> Option<u64> {
    let whole = std::path::absolute(folder).ok()?;
    let existing: PathBuf = whole.ancestors().find_map(|path| path.canonicalize().ok())?;
    let disks = sysinfo::Disks::new_with_refreshed_list().ok()?;
    let on = disks.iter().filter(|disk| existing.starts_with(disk.mount_point()));
    on.max_by_key(|disk| disk.mount_point().as_os_str().len()).map(sysinfo::Disk::available_space)
}

/// Refuses a build that the disk has no room for.
///
/// # Errors
/// E8609, and E6000 where no temporary library can be written.
pub(crate) fn check_disk(
    prepared: &Prepared,
    survey: &Survey,
    share: f64,
    out: &Path,
) -> Result<(), Problems> {
    let Some(free) = free_bytes(out) else { return Ok(()) };
    let estimate = estimate(prepared, survey)?;
    refuse_small(share * estimate.bytes, prepared.plan.leave_free_bytes, free, out)
}

/// Refuses to go on where the disk has no room for the rest, each member as large as those before it.
///
/// # Errors
/// E8609; E8620 and E8615 where the library cannot be read.
pub(crate) fn check_rest(
    prepared: &Prepared,
    (ended, left): (usize, usize),
    out: &Path,
) -> Result<(), Problems> {
    let Some(free) = free_bytes(out) else { return Ok(()) };
    let bytes = Library::open(out)?.status()?.bytes as f64;
    refuse_small(bytes * left as f64 / ended as f64, prepared.plan.leave_free_bytes, free, out)
}

/// Refuses what does not fit.
fn refuse_small(needed: f64, leave: u64, free: u64, out: &Path) -> Result<(), Problems> {
    if needed + leave as f64 <= free as f64 {
        return Ok(());
    }
    let gigabytes = |bytes: f64| bytes / 1e9;
    Err(Problem::error(
        8609,
        format!(
            "the library needs about {:.2} GB and {:.2} GB must stay free; the disk has {:.2} GB",
            gigabytes(needed),
            gigabytes(leave as f64),
            gigabytes(free as f64)
        ),
    )
    .in_file(out.display().to_string())
    .fix("choose a larger disk with --out, take fewer values, or lower leave_free_gb in the plan")
    .into())
}
