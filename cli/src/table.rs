//! A table on the terminal.

use sim_core::product::{Table, Value};

use crate::report::say;

/// Rows that fit on a screen; the file has all of them.
const MOST_ROWS: usize = 20;

/// Widest column of text.
const WIDEST: usize = 18;

/// Prints the head of a table, columns aligned.
pub(crate) fn print(table: &Table) {
    if table.rows.is_empty() {
        return;
    }
    let header: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let rows: Vec<Vec<String>> =
        table.rows.iter().take(MOST_ROWS).map(|row| row.iter().zip(&header).map(words).collect()).collect();
    let widths: Vec<usize> = (0..header.len())
        .map(|i| {
            rows.iter()
                .map(|row| row[i].chars().count())
                .chain([header[i].chars().count()])
                .max()
                .unwrap_or(0)
        })
        .collect();
    say(&format!("  {}", table.info.title));
    for row in std::iter::once(&header).chain(&rows) {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:>width$}")).collect();
        say(&format!("  {}", cells.join("  ")));
    }
    if table.rows.len() > MOST_ROWS {
        say(&format!("  and {} more in {}.csv", table.rows.len() - MOST_ROWS, table.info.name));
    }
}

fn words((value, column): (&Value, &String)) -> String {
    match value {
        Value::Text(text) => text.chars().take(WIDEST).collect(),
        // Five decimals of a degree are a metre.
        Value::Number(number) if matches!(column.as_str(), "lon" | "lat") => format!("{number:.5}"),
        Value::Number(number) if number.abs() >= 100.0 => format!("{number:.0}"),
        Value::Number(number) if number.abs() >= 10.0 => format!("{number:.1}"),
        Value::Number(number) => format!("{number:.2}"),
        Value::Integer(number) => number.to_string(),
        Value::Flag(flag) => if *flag { "yes" } else { "no" }.into(),
        Value::Missing => "-".into(),
    }
}
