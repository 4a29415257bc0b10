//! A table whose headers are keys of a scenario: an axis of a plan, or sites.

use std::path::Path;

use super::bytes::{self, FileCodes};
use crate::error::{Problem, Result};

/// Largest table, bytes.
const MAX_BYTES: u64 = 1 << 28;

const CODES: FileCodes = FileCodes { unreadable: 8608, empty: 8608, too_long: 8608 };

/// Headers and cells as text.
#[derive(Debug, Clone, PartialEq)]
pub struct TextTable {
    /// Headers.
    pub columns: Vec<String>,
    /// Cells without blanks around them, as many in every row as there are headers.
    pub rows: Vec<Vec<String>>,
}

/// Reads a table with commas between its cells; lines that begin with `#` are remarks.
///
/// # Errors
/// E8608 when it cannot be read, is not UTF-8, or a row has not as many cells as the header.
pub fn read_text_table(path: &Path, shown_as: &str) -> Result<TextTable> {
    let data = bytes::read(path, shown_as, MAX_BYTES, &CODES)?;
    let refuse = |text: String| {
        Problem::error(8608, text).in_file(shown_as).fix("write a header with one key per column, then one line per row, with commas between; save it as UTF-8")
    };
    if let Some(mistake) = bytes::encoding_mistake(&data) {
        return Err(refuse(format!("not UTF-8 text: {mistake}")).into());
    }
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(bytes::without_mark(&data));
    let headers = reader.headers().map_err(|mistake| refuse(mistake.to_string()))?.clone();
    let columns: Vec<String> = headers.iter().map(str::to_owned).collect();
    if let Some(place) = columns.iter().position(String::is_empty) {
        return Err(refuse(format!("column {} has no header", place + 1)).into());
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|mistake| refuse(mistake.to_string()))?;
        rows.push(record.iter().map(str::to_owned).collect());
    }
    Ok(TextTable { columns, rows })
}
