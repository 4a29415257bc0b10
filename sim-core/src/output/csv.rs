//! Tables as CSV (RFC 4180) that Excel opens by a double click.
//!
//! UTF-8 with a byte-order mark: without it Excel on a Chinese system reads GBK
//! and shows rubbish. In pandas use `encoding="utf-8-sig"`. The unit stands in
//! the header behind the name, in square brackets.

use super::{Format, Job, cannot_write};
use crate::error::Result;
use crate::product::{Column, Layer, Table, Value};

/// Byte-order mark of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A text that begins with one of these is run as a formula by spreadsheets.
///
/// # Source
/// OWASP, *CSV Injection*.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Writes a table; other layers are none of its business.
///
/// # Errors
/// E6000.
pub(super) fn write(job: &mut Job<'_>, layer: &Layer) -> Result<()> {
    let Layer::Table(table) = layer else { return Ok(()) };
    let path = format!("{}.csv", table.info.name);
    let bytes = bytes(table).map_err(|mistake| cannot_write(&path, &mistake))?;
    job.write_file(&path, &bytes)?;
    job.list(&table.info.name, &path, Format::Csv, &table.info.unit);
    Ok(())
}

fn bytes(table: &Table) -> std::result::Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(table.columns.iter().map(header))?;
    for row in &table.rows {
        writer.write_record(row.iter().map(cell))?;
    }
    Ok(writer.into_inner()?)
}

fn header(column: &Column) -> String {
    match column.unit.as_str() {
        "" | "1" => column.name.clone(),
        unit => format!("{} [{unit}]", column.name),
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Text(text) if text.starts_with(FORMULA_STARTS) => format!("'{text}"),
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Missing => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::FieldInfo;

    #[test]
    fn quotes_commas_line_breaks_and_formulas_stay_text() {
        let columns = vec![Column::new("name", "", "Name."), Column::new("depth", "m", "Depth.")];
        let awkward = "5\" pipe, \"old\"\nnorth";
        let rows = vec![
            vec![Value::Text(awkward.into()), Value::Number(0.1 + 0.2)],
            vec![Value::Text("=cmd|' /C calc'!A0".into()), Value::Missing],
        ];
        let written =
            bytes(&Table { info: FieldInfo::default(), columns, rows }).expect("memory is writable");
        let text = written.strip_prefix(BYTE_ORDER_MARK).expect("the mark comes first");
        let mut reader = csv::Reader::from_reader(text);
        assert_eq!(reader.headers().expect("a header"), vec!["name", "depth [m]"]);
        let read: Vec<_> = reader.records().map(|record| record.expect("sound")).collect();
        assert_eq!(&read[0][0], awkward);
        assert_eq!(read[0][1].parse::<f64>().expect("a number"), 0.1 + 0.2, "no digit is lost");
        assert!(read[1][0].starts_with('\'') && read[1][1].is_empty());
    }
}
