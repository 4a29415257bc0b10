//! `run.json`: the record of the run, the last file of the folder.

use super::{Job, cannot_write};
use crate::error::Result;

/// Name of the file that makes a folder a result.
pub(super) const RUN_JSON: &str = "run.json";

/// Writes the record as JSON.
///
/// # Errors
/// E6000.
pub(super) fn write(job: &Job<'_>) -> Result<()> {
    let mut text =
        serde_json::to_string_pretty(&job.record).map_err(|mistake| cannot_write(RUN_JSON, &mistake))?;
    text.push('\n');
    job.write_file(RUN_JSON, text.as_bytes())
}
