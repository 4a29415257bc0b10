//! A CSV file as text cells with their lines, and the mistakes that any table can have.
//!
//! Columns are separated by a comma, a semicolon or a tab, whichever the
//! header has most of. Decimals have a point in every case: in a file with
//! semicolons `0,5` is refused like everywhere else, because the next file
//! would mean something else by it. Lines that begin with `#` are remarks.

use std::path::Path;

use crate::error::{Problem, Result};

use super::bytes::{self, FileCodes};
use super::column_name::{self, ColumnName, Dimension, Unit};
use super::problem_list::ProblemList;

/// Message that counts the mistakes of a table that are not shown.
pub(super) const MORE: u16 = 3099;

/// Largest table, bytes: a year of one-second samples has 32 million lines of some twenty bytes.
const MAX_TABLE_BYTES: u64 = 1 << 30;

/// Longest piece of a wrong cell that is repeated in a message.
const SHOWN_CHARACTERS: usize = 32;

const CODES: FileCodes = FileCodes { unreadable: 3001, empty: 3002, too_long: 3004 };

/// One line of a table.
#[derive(Debug)]
pub(super) struct Row {
    /// Line of the file, from 1.
    pub(super) line: usize,
    cells: csv::StringRecord,
}

impl Row {
    /// Text of a cell without blanks around it.
    pub(super) fn text(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default()
    }

    /// Number of a cell; a mistake is reported.
    pub(super) fn number(&self, column: usize, problems: &mut ProblemList) -> Option<f64> {
        let text = self.text(column);
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => return Some(number),
            _ if text.contains(',') => problems
                .add(self.mistake(3014, column, "has a decimal comma").fix("write decimals with a point")),
            _ if text.is_empty() => problems.add(
                self.mistake(3015, column, "is empty")
                    .why("an empty cell is not zero")
                    .fix("write the number, or leave the whole line out"),
            ),
            _ => problems.add(
                self.mistake(3015, column, "is not a finite number")
                    .fix("write a number with a decimal point"),
            ),
        }
        None
    }

    /// A mistake about a cell: "'text' what".
    pub(super) fn mistake(&self, code: u16, column: usize, what: &str) -> Problem {
        let shown: String = self.text(column).chars().take(SHOWN_CHARACTERS).collect();
        Problem::error(code, format!("'{shown}' {what}")).at_line(self.line, column + 1)
    }
}

/// A table whose rows all have as many cells as the header.
#[derive(Debug)]
pub(super) struct Table {
    /// Headers.
    pub(super) columns: Vec<ColumnName>,
    /// Line of the header.
    pub(super) header_line: usize,
    /// Rows that hold something.
    pub(super) rows: Vec<Row>,
    /// SHA-256 of the file.
    pub(super) sha256: String,
}

impl Table {
    /// Reads a table; mistakes of single rows go to `problems`.
    ///
    /// # Errors
    /// What leaves no table at all: 3001–3006.
    pub(super) fn read(path: &Path, shown_as: &str, problems: &mut ProblemList) -> Result<Self> {
        let data = bytes::read(path, shown_as, MAX_TABLE_BYTES, &CODES)?;
        if let Some(mistake) = bytes::encoding_mistake(&data) {
            return Err(Problem::error(3003, format!("not UTF-8 text: {mistake}"))
                .in_file(shown_as)
                .fix("save it as 'CSV UTF-8' (Excel) or convert it: iconv -f GB18030 -t UTF-8 IN > OUT")
                .into());
        }
        let (separator, header_line) = separator(bytes::without_mark(&data), shown_as)?;
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .trim(csv::Trim::All)
            .from_reader(bytes::without_mark(&data));
        let mut records = reader.records();
        let Some(Ok(header)) = records.next() else {
            return Err(Problem::error(3005, "the file has no header line").in_file(shown_as).into());
        };
        let columns = columns(&header, header_line, shown_as, problems)?;
        let mut rows = Vec::new();
        for record in records {
            match record {
                Ok(record) => rows.extend(row(record, columns.len(), problems)),
                Err(reason) => problems.add(
                    Problem::error(3013, format!("the line cannot be read: {reason}"))
                        .fix("check the quotation marks"),
                ),
            }
        }
        if rows.is_empty() && !problems.has_errors() {
            problems.add(
                Problem::error(3021, "there is a header but no line of numbers")
                    .fix("export the table again"),
            );
        }
        Ok(Self { columns, header_line, rows, sha256: bytes::sha256(&data) })
    }

    /// Columns whose header fits.
    pub(super) fn fitting(&self, fits: impl Fn(&ColumnName) -> bool) -> Vec<usize> {
        (0..self.columns.len()).filter(|&column| fits(&self.columns[column])).collect()
    }

    /// Why these columns are not the one that gives something: none or several fit.
    pub(super) fn not_one(&self, code_of_none: u16, what: &str, found: &[usize]) -> Problem {
        if found.len() < 2 {
            return Problem::error(code_of_none, format!("no column gives {what}"))
                .at_line(self.header_line, 1)
                .at_spot(format!("columns: {}", self.names(0..self.columns.len())));
        }
        let names = self.names(found.iter().copied());
        Problem::error(3010, format!("{} columns give {what}: {names}", found.len()))
            .at_line(self.header_line, found[1] + 1)
            .fix("keep one of them in the file")
    }

    /// Names of some columns as written.
    pub(super) fn names(&self, columns: impl IntoIterator<Item = usize>) -> String {
        let names: Vec<_> =
            columns.into_iter().map(|column| format!("'{}'", self.columns[column].text)).collect();
        names.join(", ")
    }

    /// The unit of a column if it measures what is needed.
    ///
    /// # Errors
    /// E3011 without a unit, E3012 with another one.
    pub(super) fn unit(&self, column: usize, wanted: Dimension, example: &str) -> Result<Unit> {
        let name = &self.columns[column];
        let problem = match (name.unit, &name.remark) {
            (Some(unit), _) if unit.dimension == wanted => return Ok(unit),
            (None, None) => Problem::error(3011, format!("column '{}' has no unit", name.text))
                .why("a number without unit can be wrong by 60, 1000 or 3600")
                .fix(format!("write the unit into the header, e.g. '{example}'")),
            _ => Problem::error(3012, format!("the unit of column '{}' is not understood here", name.text))
                .fix(format!("write it like '{example}'")),
        };
        Err(problem.at_line(self.header_line, column + 1).into())
    }

    /// W3036 for the columns that nobody read.
    pub(super) fn warn_unused(&self, used: &[usize], problems: &mut ProblemList) {
        let unused: Vec<_> = (0..self.columns.len()).filter(|column| !used.contains(column)).collect();
        if !unused.is_empty() {
            let names = self.names(unused.iter().copied());
            problems.add(
                Problem::warning(3036, format!("columns that were not used: {names}"))
                    .at_line(self.header_line, unused[0] + 1)
                    .fix("check their names if they should matter"),
            );
        }
    }
}

/// Separator of the columns, and the line of the header.
fn separator(data: &[u8], shown_as: &str) -> Result<(u8, usize)> {
    let lines = data.split(|&byte| byte == b'\n').enumerate();
    let mut content = lines.filter(|(_, line)| !line.trim_ascii().is_empty() && !line.starts_with(b"#"));
    let Some((index, header)) = content.next() else {
        let problem = Problem::error(3002, "the file holds no table, only blanks or remarks");
        return Err(problem.in_file(shown_as).fix("export the table again").into());
    };
    let count = |separator: u8| header.iter().filter(|&&byte| byte == separator).count();
    // On a tie the last one wins: a comma inside a semicolon table is likelier than the reverse.
    let best = [b',', b'\t', b';'].into_iter().max_by_key(|&separator| count(separator)).unwrap_or(b',');
    if count(best) == 0 {
        return Err(Problem::error(3006, "the table has one column; time and values are needed")
            .in_file(shown_as)
            .at_line(index + 1, 1)
            .fix("separate the columns by commas")
            .into());
    }
    Ok((best, index + 1))
}

/// Headers of the columns; empty ones at the end are left out.
fn columns(
    header: &csv::StringRecord,
    line: usize,
    shown_as: &str,
    problems: &mut ProblemList,
) -> Result<Vec<ColumnName>> {
    if header.iter().next().is_some_and(|first| first.parse::<f64>().is_ok()) {
        let text = "the first line holds numbers; a header with names and units is needed";
        return Err(Problem::error(3005, text)
            .in_file(shown_as)
            .at_line(line, 1)
            .fix("add a first line like 'time_s,rain_mm_h'")
            .into());
    }
    let used = cells_in_use(header);
    let columns: Vec<_> = header.iter().take(used).map(column_name::parse).collect();
    for (column, name) in columns.iter().enumerate() {
        if columns[..column].iter().any(|earlier| earlier.text == name.text) {
            problems.add(
                Problem::error(3007, format!("the column '{}' comes twice", name.text))
                    .at_line(line, column + 1)
                    .fix("give every column its own name"),
            );
        }
    }
    Ok(columns)
}

/// Cells up to the last one that is not empty.
fn cells_in_use(record: &csv::StringRecord) -> usize {
    (0..record.len()).rev().find(|&cell| !record[cell].is_empty()).map_or(0, |last| last + 1)
}

/// A row if it holds anything; a wrong number of cells is reported.
fn row(record: csv::StringRecord, columns: usize, problems: &mut ProblemList) -> Option<Row> {
    let used = cells_in_use(&record);
    if used == 0 {
        return None;
    }
    let line = record.position().map_or(0, csv::Position::line) as usize;
    if used > columns || record.len() < columns {
        problems.add(
            Problem::error(3013, format!("the line has {} cells; the header has {columns}", record.len()))
                .at_line(line, 1)
                .why("the cells cannot be told apart; a decimal comma is the usual cause")
                .fix("write decimals with a point, one cell per column"),
        );
        return None;
    }
    Some(Row { line, cells: record })
}
