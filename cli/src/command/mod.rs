//! One file per command; each returns its exit code or what went wrong.

pub(crate) mod bench;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod demo;
pub(crate) mod explain;
pub(crate) mod library;
pub(crate) mod list;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod show;
pub(crate) mod validate;

use sim_core::error::Problems;

/// Outcome of a command.
pub(crate) type Outcome = Result<u8, Problems>;
