//! `tuiyan library`: many scenarios computed ahead, and what may be asked of them.

mod accuracy;
mod build;
mod estimate;
mod export;
mod member;
mod merge;
mod people;
mod plan;
mod point;
mod prepared;
mod products;
mod progress;
mod query;
mod risk;
mod sites;
mod status;
mod submit;
mod workplace;

use std::path::{Path, PathBuf};

use sim_core::error::{Problem, Problems};

use crate::args::{LibraryCommand, Shared};
use crate::command::Outcome;

pub(crate) use export::{FOUR_COLOURS, FOUR_COLOURS_TEXT};
pub(crate) use query::named_axes;

/// Runs one of the commands about libraries.
pub(crate) fn library(command: LibraryCommand, shared: &Shared) -> Outcome {
    match command {
        LibraryCommand::Plan { plan } => plan::plan(&plan, shared),
        LibraryCommand::Build { plan, range, shard } => build::build(&plan, range, shard, shared),
        LibraryCommand::Status { dir } => status::status(&dir, shared),
        LibraryCommand::Query { dir, at, nearest } => query::query(&dir, at, nearest, shared),
        LibraryCommand::Merge { parts } => merge::merge(&parts, shared),
        LibraryCommand::Export(wish) => export::export(&wish, shared),
        LibraryCommand::Submit(wish) => submit::submit(&wish, shared),
    }
}

/// Version and commit of this engine, as libraries keep it.
fn engine() -> String {
    format!("{} ({})", env!("CARGO_PKG_VERSION"), env!("TUIYAN_COMMIT"))
}

/// The folder of `--out`, which a command cannot do without.
fn needed_out(shared: &Shared, of: &str) -> Result<PathBuf, Problems> {
    shared.out.clone().ok_or_else(|| {
        Problem::error(1066, format!("{of} needs --out DIR"))
            .fix("add --out DIR with the folder to write")
            .into()
    })
}

/// Refuses overrides where a plan says what changes.
fn refuse_overrides(shared: &Shared) -> Result<(), Problems> {
    let Some(first) = shared.overrides.first() else { return Ok(()) };
    Err(Problem::error(8617, format!("--set {first}: the plan alone says what its members change"))
        .why("a library must be the same whoever builds a part of it")
        .fix("write the value into the base scenario, or make it an axis with one value")
        .into())
}

/// Folder to which the paths of a file are relative.
fn folder_of(path: &Path) -> PathBuf {
    path.parent().map(Path::to_path_buf).unwrap_or_default()
}
