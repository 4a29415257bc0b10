//! A table on the terminal.

use sim_core::product::{Table, Value};

use crate::report::{WIDTH, say, width};

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
        .map(|i| rows.iter().map(|row| width(&row[i])).chain([width(&header[i])]).max().unwrap_or(0))
        .collect();
    let shown = columns_that_fit(&header, &widths);
    say(&format!("  {}", table.info.title));
    for row in std::iter::once(&header).chain(&rows) {
        let pad = |i: usize| " ".repeat(widths[i] - width(&row[i]));
        let cells: Vec<String> = shown.iter().map(|&i| format!("{}{}", pad(i), row[i])).collect();
        say(&format!("  {}", cells.join("  ")));
    }
    if shown.len() < header.len() {
        say(&format!("  all {} columns are in {}.csv", header.len(), table.info.name));
    }
    if table.rows.len() > MOST_ROWS {
        say(&format!("  and {} more in {}.csv", table.rows.len() - MOST_ROWS, table.info.name));
    }
}

/// Columns that a responder misses least, the least first; the file has them all.
const LEAST_WANTED: [&str; 11] = [
    "caveat",
    "source",
    "depth_class_zh",
    "y",
    "x",
    "time_of_peak_min",
    "mean_depth_m",
    "recedes_min",
    "volume_m3",
    "duration_min",
    "depth_class",
];

/// Columns that fit beside each other on a terminal, in their order.
fn columns_that_fit(header: &[String], widths: &[usize]) -> Vec<usize> {
    let mut shown: Vec<usize> = (0..header.len()).collect();
    let is_placed = header.iter().any(|name| name == "lon");
    // On a plane without a place on Earth x and y are all there is.
    let least_wanted = LEAST_WANTED.iter().filter(|name| is_placed || !matches!(**name, "x" | "y"));
    for name in least_wanted {
        if shown.iter().map(|&i| widths[i] + 2).sum::<usize>() <= WIDTH {
            break;
        }
        shown.retain(|&i| header[i] != *name);
    }
    shown
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
