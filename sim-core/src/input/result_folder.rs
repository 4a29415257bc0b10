//! A result folder of a run, read back.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Problem, Result};
use crate::product::{Column, FieldInfo, Table, Value};

use super::bytes::{self, FileCodes};
use super::raster::{Limits, RasterFile, read_raster};

/// Largest `run.json` that is read, bytes; one with a thousand products has about 1 MB.
const MAX_RECORD_BYTES: u64 = 64 << 20;

/// Largest table that is read, bytes.
const MAX_TABLE_BYTES: u64 = 1 << 30;

const RECORD: FileCodes = FileCodes { unreadable: 1102, empty: 1102, too_long: 1102 };
const TABLE: FileCodes = FileCodes { unreadable: 1105, empty: 1105, too_long: 1105 };

/// What is read of `run.json`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ResultRecord {
    /// `done` or `done_with_changes`.
    pub status: String,
    /// `flood` or `gas`.
    pub hazard: String,
    /// Title of the scenario.
    pub title: String,
    /// SHA-256 of the scenario with its overrides.
    pub scenario_sha256: String,
    /// Keys overridden on the command line.
    #[serde(default)]
    pub overrides: Vec<String>,
    /// What was understood of the scenario.
    #[serde(default)]
    pub understood: serde_json::Value,
    products: Vec<ResultFile>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct ResultFile {
    name: String,
    path: String,
    kind: String,
}

/// A finished result.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultFolder {
    /// What its record says.
    pub record: ResultRecord,
    /// SHA-256 of its `run.json`, hexadecimal.
    pub sha256: String,
    folder: PathBuf,
    shown_as: String,
}

impl ResultFolder {
    /// Opens a folder that a run has finished.
    ///
    /// # Errors
    /// E1102 when it holds no `run.json` of a run that is done.
    pub fn open(folder: &Path, shown_as: &str) -> Result<Self> {
        let refused = |text: String| {
            Problem::error(1102, text)
                .in_file(shown_as)
                .fix("name the folder that tuiyan run has written (its --out), with run.json in it")
        };
        if !folder.is_dir() {
            return Err(refused("is not a folder".into()).into());
        }
        let path = folder.join("run.json");
        if !path.exists() {
            return Err(refused("holds no run.json: it is not a finished result".into()).into());
        }
        let data = bytes::read(&path, &format!("{shown_as}/run.json"), MAX_RECORD_BYTES, &RECORD)?;
        let record: ResultRecord = serde_json::from_slice(&data)
            .map_err(|mistake| refused(format!("its run.json is not the record of a run: {mistake}")))?;
        if !record.status.starts_with("done") {
            return Err(refused(format!("its run is not done: status \"{}\"", record.status)).into());
        }
        Ok(Self { record, sha256: bytes::sha256(&data), folder: folder.into(), shown_as: shown_as.into() })
    }

    /// Path of a file of the result; none if the run did not write it.
    fn file(&self, name: &str, kind: &str) -> Option<&str> {
        let files = &self.record.products;
        let file = files.iter().find(|file| file.name == name && file.kind == kind)?;
        // A record that was tampered with must not lead out of the folder.
        (!file.path.contains(['/', '\\']) && !file.path.starts_with('.')).then_some(file.path.as_str())
    }

    /// A raster of the result; none if the run did not write it as GeoTIFF.
    ///
    /// # Errors
    /// Those of [`read_raster`].
    pub fn raster(&self, name: &str) -> Result<Option<RasterFile>> {
        let Some(path) = self.file(name, "geotiff") else { return Ok(None) };
        let shown = format!("{}/{path}", self.shown_as);
        read_raster(&self.folder.join(path), &shown, &Limits::default()).map(Some)
    }

    /// A table of the result; none if the run did not write it as CSV.
    ///
    /// # Errors
    /// E1105 when the file cannot be read as the table that a run writes.
    pub fn table(&self, name: &str) -> Result<Option<Table>> {
        let Some(path) = self.file(name, "csv") else { return Ok(None) };
        let shown = format!("{}/{path}", self.shown_as);
        let data = bytes::read(&self.folder.join(path), &shown, MAX_TABLE_BYTES, &TABLE)?;
        let table = parse(name, &data);
        table.map(Some).map_err(|mistake| {
            Problem::error(1105, format!("is not the table that a run writes: {mistake}"))
                .in_file(shown)
                .fix("run the scenario again")
                .into()
        })
    }
}

/// A table as `output` writes it: units in square brackets behind the names.
fn parse(name: &str, data: &[u8]) -> std::result::Result<Table, csv::Error> {
    let mut reader = csv::Reader::from_reader(bytes::without_mark(data));
    let column = |header: &str| match header.strip_suffix(']').and_then(|rest| rest.rsplit_once(" [")) {
        Some((name, unit)) => Column::new(name, unit, ""),
        None => Column::new(header, "", ""),
    };
    let columns: Vec<Column> = reader.headers()?.iter().map(column).collect();
    let value = |cell: &str| match cell.parse::<f64>() {
        _ if cell.is_empty() => Value::Missing,
        Ok(number) if number.is_finite() => Value::Number(number),
        _ => Value::Text(cell.into()),
    };
    let rows: std::result::Result<Vec<Vec<Value>>, csv::Error> =
        reader.records().map(|record| Ok(record?.iter().map(value).collect())).collect();
    let info = FieldInfo { name: name.into(), ..FieldInfo::default() };
    Ok(Table { info, columns, rows: rows? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DONE: &str = r#"{"status": "done", "hazard": "flood", "title": "t", "scenario_sha256": "0",
        "products": [{"name": "places", "path": "places.csv", "kind": "csv", "unit": ""},
                     {"name": "evil", "path": "../evil.csv", "kind": "csv", "unit": ""}]}"#;

    #[test]
    fn a_table_comes_back_with_names_units_and_gaps() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("run.json"), DONE).expect("writable");
        std::fs::write(
            folder.path().join("places.csv"),
            "\u{feff}name,max_depth_m [m]\r\nmill,0.5\r\ngate,\r\n",
        )
        .expect("writable");
        let result = ResultFolder::open(folder.path(), "r").expect("a result");
        let table = result.table("places").expect("readable").expect("listed");
        assert_eq!((table.columns[1].name.as_str(), table.columns[1].unit.as_str()), ("max_depth_m", "m"));
        assert_eq!(table.rows[0], [Value::Text("mill".into()), Value::Number(0.5)]);
        assert_eq!(table.rows[1][1], Value::Missing);
        assert_eq!(result.table("evil"), Ok(None), "a record cannot lead out of its folder");
        assert_eq!(result.raster("max_depth"), Ok(None));
    }

    #[test]
    fn what_is_not_a_finished_result_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let code = |path: &Path| ResultFolder::open(path, "r").expect_err("refused").0[0].code.0;
        assert_eq!(code(&folder.path().join("none")), 1102);
        assert_eq!(code(folder.path()), 1102);
        for text in ["", "{}", "no", &DONE.replace("done", "running")] {
            std::fs::write(folder.path().join("run.json"), text).expect("writable");
            assert_eq!(code(folder.path()), 1102, "{text}");
        }
    }
}
