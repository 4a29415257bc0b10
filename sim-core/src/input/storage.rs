//! Tables of a reservoir: storage over stage, from CSV.

use std::path::Path;

use crate::error::{Problem, Result};

use super::column_name::Dimension;
use super::problem_list::ProblemList;
use super::table::{self, Table};

/// Stage and storage of a reservoir.
#[derive(Debug, Clone, PartialEq)]
pub struct StorageFile {
    /// Stage, m, and volume, m³, in the order of the lines.
    pub points: Vec<(f64, f64)>,
    /// SHA-256 of the bytes of the file, hexadecimal.
    pub sha256: String,
    /// What the user should know.
    pub warnings: Vec<Problem>,
}

/// Reads a table of storage over stage; one column is a length, one a volume.
///
/// # Errors
/// Every mistake of the file at once: 3001-3007 the file and its header, 3009 and 3010 columns,
/// 3013-3021 lines.
///
/// # Example
/// ```
/// use sim_core::input::storage::read_storage;
/// let path = std::env::temp_dir().join("sim-core-example-storage.csv");
/// std::fs::write(&path, "stage_m,storage_m3\n100,0\n105,2e6\n")?;
/// assert_eq!(read_storage(&path, "storage.csv")?.points, [(100.0, 0.0), (105.0, 2e6)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_storage(path: &Path, shown_as: &str) -> Result<StorageFile> {
    let mut problems = ProblemList::new(shown_as, table::MORE);
    let table = Table::read(path, shown_as, &mut problems)?;
    let stage = column(&table, Dimension::Length, ("a stage", "stage_m"), &mut problems);
    let storage = column(&table, Dimension::Volume, ("a storage", "storage_m3"), &mut problems);
    let mut points = Vec::new();
    if let (Some((stage, stage_unit)), Some((storage, storage_unit))) = (stage, storage) {
        for row in &table.rows {
            let (level, volume) = (row.number(stage, &mut problems), row.number(storage, &mut problems));
            points.extend(level.zip(volume).map(|(level, volume)| (stage_unit(level), storage_unit(volume))));
        }
        table.warn_unused(&[stage, storage], &mut problems);
    }
    let warnings = problems.finish()?;
    Ok(StorageFile { points, sha256: table.sha256.clone(), warnings })
}

/// The column of a dimension with its way to SI; its absence is reported.
fn column(
    table: &Table,
    dimension: Dimension,
    (what, example): (&str, &str),
    problems: &mut ProblemList,
) -> Option<(usize, impl Fn(f64) -> f64 + use<>)> {
    let found = table.fitting(|name| name.unit.is_some_and(|unit| unit.dimension == dimension));
    let &[column] = found.as_slice() else {
        problems.add(table.not_one(3009, what, &found).fix(format!("name one column like '{example}'")));
        return None;
    };
    let unit = table.columns[column].unit?;
    Some((column, move |value| unit.to_si(value)))
}
