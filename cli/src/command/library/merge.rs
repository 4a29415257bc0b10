//! `tuiyan library merge`: parts of a library become one.

use std::path::PathBuf;

use sim_core::error::{Problem, Problems};
use sim_core::input::library::Library;
use sim_core::library::stored::Ending;
use sim_core::output::library::LibraryWriter;

use super::{accuracy, needed_out, status};
use crate::args::Shared;
use crate::command::Outcome;

/// Joins libraries of one plan; in which order does not matter, nor which were joined before.
pub(crate) fn merge(parts: &[PathBuf], shared: &Shared) -> Outcome {
    let out = needed_out(shared, "library merge")?;
    let libraries: Vec<Library> = parts.iter().map(|part| Library::open(part)).collect::<Result<_, _>>()?;
    for (other, path) in libraries.iter().zip(parts).skip(1) {
        refuse_another_plan(&libraries[0], other, path)?;
    }
    for (i, library) in libraries.iter().enumerate() {
        libraries[..i].iter().try_for_each(|before| refuse_contradiction(before, library))?;
    }
    let mut writer = LibraryWriter::open(&out, &libraries[0].manifest)?;
    for library in &libraries {
        library.batches()?.iter().try_for_each(|batch| writer.adopt(batch))?;
    }
    writer.take_up()?;
    accuracy::note(&out, &writer)?;
    drop(writer);
    status::tell(&out, shared)
}

fn refuse_another_plan(one: &Library, other: &Library, path: &std::path::Path) -> Result<(), Problems> {
    if one.manifest == other.manifest {
        return Ok(());
    }
    let same_engine = one.manifest.engine == other.manifest.engine;
    let what = if same_engine { "another plan or base scenario" } else { "another engine" };
    Err(Problem::error(8621, format!("is a library of {what} than the first"))
        .in_file(path.display().to_string())
        .why("a line of the plan would mean two members")
        .fix("merge parts that were built from one plan by one version of the engine")
        .into())
}

/// Refuses two libraries that have one member with two results.
fn refuse_contradiction(one: &Library, other: &Library) -> Result<(), Problems> {
    let (first, second) = (one.result_hashes()?, other.result_hashes()?);
    let differs = first.iter().find(|(id, hash)| second.get(*id).is_some_and(|other| other != *hash));
    let Some((id, _)) = differs else { return Ok(()) };
    let rows = other.all_rows()?;
    let is_of = |ending: &Ending| matches!(ending, Ending::Done { result, .. } if result == id);
    let line = rows.iter().find(|row| is_of(&row.ending)).map_or(0, |row| row.line);
    Err(Problem::error(8622, format!("line {line} has two different results"))
        .why("the same inputs give the same bytes; one of the two stores is damaged, or was built on another kind of processor")
        .fix("build one of the two again")
        .into())
}
