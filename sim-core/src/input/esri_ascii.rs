//! ESRI ASCII grids: a header of six or seven words and numbers, then one number per cell.
//!
//! Header words may come in any case and order. `dx` and `dy` may stand for
//! `cellsize`, and either corner may be given as the centre of the cell
//! (`xllcenter`). A grid without `NODATA_value` takes −9999, as the format
//! says; the result tells so when such a cell is met.
//!
//! # Source
//! Esri, *ArcGIS Desktop: Esri ASCII raster format*.

use std::collections::BTreeMap;

use crate::error::{Problem, Result};
use crate::grid::Field;

use super::bytes;
use super::problem_list::ProblemList;
use super::raster::{self, RasterInfo, SampleKind};
use super::tiff_layout::too_many_cells;

/// Value of a cell without data where the header is silent.
///
/// # Source
/// Esri, *ArcGIS Desktop: Esri ASCII raster format*: "the default is -9999".
const DEFAULT_NO_DATA: f64 = -9999.0;

/// Fewest bytes that one number takes: a digit and a separator.
const FEWEST_BYTES_PER_NUMBER: usize = 2;

/// Longest piece of a wrong word that is repeated in a message.
const SHOWN_CHARACTERS: usize = 24;

const KEYS: [&str; 10] = [
    "ncols",
    "nrows",
    "xllcorner",
    "xllcenter",
    "yllcorner",
    "yllcenter",
    "cellsize",
    "dx",
    "dy",
    "nodata_value",
];

/// One word of the text and where it stands.
#[derive(Debug, Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    line: usize,
    column: usize,
}

/// Words of a text between white space, with line and column.
#[derive(Clone)]
struct Words<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    line_start: usize,
}

impl<'a> Words<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, at: 0, line: 1, line_start: 0 }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at).filter(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
            if byte == b'\n' {
                self.line += 1;
                self.line_start = self.at;
            }
        }
        let start = self.at;
        while bytes.get(self.at).is_some_and(|byte| !byte.is_ascii_whitespace()) {
            self.at += 1;
        }
        let word =
            Word { text: &self.text[start..self.at], line: self.line, column: start - self.line_start + 1 };
        (start < self.at).then_some(word)
    }
}

struct Header {
    info: RasterInfo,
    /// False where the header is silent about cells without data.
    declares_no_data: bool,
}

/// Header of an ESRI ASCII grid from the first bytes of the file.
///
/// `text_length` is the length of the whole file; a header that promises more
/// numbers than that could hold is refused.
pub(super) fn probe(head: &[u8], text_length: u64, shown_as: &str, cell_limit: usize) -> Result<RasterInfo> {
    let mut problems = ProblemList::new(shown_as, raster::MORE);
    let text = text_of(head, &mut problems);
    let header = header(&mut Words::of(text), &mut problems);
    if let Some(header) = &header {
        check_size(&header.info, text_length, cell_limit, &mut problems);
    }
    let warnings = problems.finish()?;
    let Some(Header { mut info, .. }) = header else {
        unreachable!("a header is missing only with an error")
    };
    info.warnings = warnings;
    Ok(info)
}

/// Reads an ESRI ASCII grid from all bytes of a file.
pub(super) fn read(data: &[u8], shown_as: &str, cell_limit: usize) -> Result<(RasterInfo, Field)> {
    let mut problems = ProblemList::new(shown_as, raster::MORE);
    let text = text_of(data, &mut problems);
    let mut words = Words::of(text);
    let header = header(&mut words, &mut problems);
    let Some(Header { mut info, declares_no_data }) = header else {
        return Err(finish_with_errors(problems));
    };
    check_size(&info, data.len() as u64, cell_limit, &mut problems);
    if problems.has_errors() {
        return Err(finish_with_errors(problems));
    }
    let values = cells(&mut words, &info, declares_no_data, &mut problems);
    raster::report_undeclared_marks(&values, &info, &mut problems);
    info.warnings = problems.finish()?;
    Ok((info, values))
}

fn finish_with_errors(problems: ProblemList) -> crate::error::Problems {
    match problems.finish() {
        Err(problems) => problems,
        Ok(_) => unreachable!("only called after an error was found"),
    }
}

/// The bytes as text; what is not UTF-8 is reported and gives an empty text.
fn text_of<'a>(data: &'a [u8], problems: &mut ProblemList) -> &'a str {
    if let Some(mistake) = bytes::encoding_mistake(data) {
        problems.add(
            Problem::error(2015, format!("not a text grid: {mistake}"))
                .fix("save it as plain text (ASCII or UTF-8)"),
        );
        return "";
    }
    std::str::from_utf8(bytes::without_mark(data)).unwrap_or_default()
}

/// True if a word begins the numbers of the body.
fn starts_body(word: &str) -> bool {
    word.parse::<f64>().is_ok()
        || word.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first))
}

fn shown(word: &str) -> String {
    word.chars().take(SHOWN_CHARACTERS).collect()
}

/// Reads words and numbers up to the first number of the body.
fn header(words: &mut Words<'_>, problems: &mut ProblemList) -> Option<Header> {
    let mut found: BTreeMap<String, f64> = BTreeMap::new();
    if problems.has_errors() {
        return None;
    }
    let mut last_line = 1;
    while let Some(key) = words.clone().next().filter(|word| !starts_body(word.text)) {
        words.next();
        last_line = key.line;
        let name = key.text.to_ascii_lowercase();
        let number = words.clone().next().filter(|word| word.line == key.line);
        if number.is_some() {
            words.next();
        }
        if !KEYS.contains(&name.as_str()) {
            problems.add(unknown_key(&key));
            if found.is_empty() {
                // A text that does not begin like a grid is no grid; one message is enough.
                return None;
            }
            continue;
        }
        match number.map(|word| (word, word.text.parse::<f64>())) {
            Some((_, Ok(number))) if found.insert(name, number).is_none() => {}
            Some((_, Ok(_))) => problems.add(bad_header(&key, "comes twice")),
            Some((word, Err(_))) if word.text.contains(',') => problems.add(decimal_comma(&word)),
            Some((word, Err(_))) => {
                problems.add(bad_header(&key, &format!("is '{}', not a number", shown(word.text))));
            }
            None => problems.add(bad_header(&key, "has no number on its line")),
        }
    }
    info_of(&found, last_line, problems)
}

fn unknown_key(key: &Word<'_>) -> Problem {
    let name = key.text.to_ascii_lowercase();
    let nearest =
        KEYS.iter().max_by(|a, b| strsim::jaro_winkler(&name, a).total_cmp(&strsim::jaro_winkler(&name, b)));
    let fix = format!("did you mean '{}'? known are {}", nearest.unwrap_or(&KEYS[0]), KEYS.join(", "));
    Problem::error(
        2010,
        format!("the header has the word '{}', which is not part of the format", shown(key.text)),
    )
    .at_line(key.line, key.column)
    .fix(fix)
}

fn bad_header(key: &Word<'_>, what: &str) -> Problem {
    Problem::error(2010, format!("header: {} {what}", key.text))
        .at_line(key.line, key.column)
        .fix("write one line per word, e.g. 'cellsize 5'")
}

fn decimal_comma(word: &Word<'_>) -> Problem {
    Problem::error(2014, format!("'{}' has a comma", shown(word.text)))
        .at_line(word.line, word.column)
        .why("a comma can be a decimal sign or a separator; both give numbers")
        .fix("write decimals with a point and separate numbers with blanks")
}

/// The grid that the words and numbers of a header describe.
fn info_of(found: &BTreeMap<String, f64>, line: usize, problems: &mut ProblemList) -> Option<Header> {
    let missing = |what: &str| {
        Problem::error(2010, format!("the header lacks {what}"))
            .at_line(line, 1)
            .fix("a header has ncols, nrows, xllcorner, yllcorner, cellsize and NODATA_value")
    };
    let get = |key: &str| found.get(key).copied();
    let mut count = |key: &str| match get(key) {
        Some(number) if number >= 1.0 && number.fract() == 0.0 && number <= f64::from(u32::MAX) => {
            Some(number as usize)
        }
        Some(number) => {
            let text = format!("header: {key} is {number}; a whole number from 1 on is needed");
            problems.add(
                Problem::error(2010, text).at_line(line, 1).fix("count the rows and columns of the file"),
            );
            None
        }
        None => {
            problems.add(missing(key));
            None
        }
    };
    let (columns, rows) = (count("ncols"), count("nrows"));
    let mut size = |own: &str| match get(own).or(get("cellsize")) {
        Some(size) if size > 0.0 && size.is_finite() => Some(size),
        Some(size) => {
            let text = format!("header: the cell size is {size}; it must be positive");
            problems.add(
                Problem::error(2010, text)
                    .at_line(line, 1)
                    .fix("give the size of a cell in units of the map"),
            );
            None
        }
        None => {
            problems.add(missing(&format!("cellsize (or {own})")));
            None
        }
    };
    let (dx, dy) = (size("dx"), size("dy"));
    let mut edge = |axis: &str, size: Option<f64>| {
        let (corner, centre) = (get(&format!("{axis}llcorner")), get(&format!("{axis}llcenter")));
        match (corner, centre) {
            (Some(edge), None) if edge.is_finite() => Some(edge),
            (None, Some(centre)) if centre.is_finite() => Some(centre - size? / 2.0),
            (Some(_), Some(_)) => {
                let text = format!("header: both {axis}llcorner and {axis}llcenter are given");
                problems.add(Problem::error(2010, text).at_line(line, 1).fix("keep one of them"));
                None
            }
            _ => {
                problems.add(missing(&format!("{axis}llcorner (or {axis}llcenter), a finite number")));
                None
            }
        }
    };
    let (west, south) = (edge("x", dx), edge("y", dy));
    let info = RasterInfo {
        columns: columns?,
        rows: rows?,
        dx: dx?,
        dy: dy?,
        west: west?,
        south: south?,
        crs: None,
        sample_kind: SampleKind::Text,
        no_data_value: Some(get("nodata_value").unwrap_or(DEFAULT_NO_DATA)),
        warnings: Vec::new(),
    };
    Some(Header { info, declares_no_data: get("nodata_value").is_some() })
}

/// Checks what the header promises against the limit and against the bytes that are there.
fn check_size(info: &RasterInfo, text_length: u64, cell_limit: usize, problems: &mut ProblemList) {
    let cells = info.rows as u64 * info.columns as u64;
    if cells > cell_limit as u64 {
        problems.add(too_many_cells(info.columns as u64, info.rows as u64, cell_limit));
    } else if cells > text_length.div_ceil(FEWEST_BYTES_PER_NUMBER as u64) {
        problems.add(
            Problem::error(
                2012,
                format!(
                    "the header promises {} x {} = {cells} numbers; a file of {text_length} bytes cannot hold them",
                    info.columns, info.rows
                ),
            )
            .why("the file was cut off, or ncols and nrows are wrong")
            .fix("copy the file again; check ncols and nrows"),
        );
    }
}

/// Reads the numbers of the body into a field with row 0 in the south.
fn cells(words: &mut Words<'_>, info: &RasterInfo, declared: bool, problems: &mut ProblemList) -> Field {
    let wanted = info.rows * info.columns;
    let no_data = info.no_data_value.unwrap_or(DEFAULT_NO_DATA);
    let mut values = Field::from_elem((info.rows, info.columns), f64::NAN);
    let (mut found, mut by_default, mut line_mistake) = (0, 0_usize, None);
    let mut line = (0, 0);
    for word in words {
        if word.line == line.0 {
            line.1 += 1;
        } else {
            note_line(line, info.columns, &mut line_mistake);
            line = (word.line, 1);
        }
        if found < wanted {
            let value = number(&word, no_data, problems);
            values[(info.rows - 1 - found / info.columns, found % info.columns)] = value.unwrap_or(f64::NAN);
            by_default += usize::from(!declared && value.is_none());
        }
        found += 1;
    }
    note_line(line, info.columns, &mut line_mistake);
    if found != wanted {
        problems.add(wrong_count(found, info, line_mistake));
    }
    if by_default > 0 && !problems.has_errors() {
        let text = format!("{by_default} cells are {DEFAULT_NO_DATA} and taken as cells without data");
        problems.add(
            Problem::warning(2034, text)
                .why("the header has no NODATA_value; the format's own default is -9999")
                .fix("add the line 'NODATA_value -9999' to the header"),
        );
    }
    values
}

/// Remembers the first line that does not hold one row.
fn note_line((line, numbers): (usize, usize), columns: usize, first: &mut Option<(usize, usize)>) {
    if line > 0 && numbers != columns && first.is_none() {
        *first = Some((line, numbers));
    }
}

/// The number of a cell; `None` for a cell without data and for a mistake, which is reported.
fn number(word: &Word<'_>, no_data: f64, problems: &mut ProblemList) -> Option<f64> {
    let place = |problem: Problem| problem.at_line(word.line, word.column);
    match word.text.parse::<f64>() {
        Ok(value) if value == no_data || value.is_nan() && no_data.is_nan() => None,
        Ok(value) if value.is_finite() && value.abs() < raster::IMPOSSIBLE_VALUE => Some(value),
        Ok(_) => {
            problems.add(place(raster::not_a_height(&shown(word.text))));
            None
        }
        Err(_) if word.text.contains(',') => {
            problems.add(decimal_comma(word));
            None
        }
        // What C libraries print for a number that is none: 1.#QNAN, -1.#IND, 1.#INF.
        Err(_) if word.text.contains('#') => {
            problems.add(place(raster::not_a_height(&shown(word.text))));
            None
        }
        Err(_) => {
            problems.add(
                place(Problem::error(2011, format!("'{}' is not a number", shown(word.text))))
                    .fix("replace the word by a number or by NODATA_value"),
            );
            None
        }
    }
}

fn wrong_count(found: usize, info: &RasterInfo, line_mistake: Option<(usize, usize)>) -> Problem {
    let (columns, rows) = (info.columns, info.rows);
    let text =
        format!("the header promises {columns} x {rows} = {} numbers; {found} are there", columns * rows);
    let problem = Problem::error(2012, text)
        .why("a missing or extra number moves all cells after it")
        .fix("export the grid again; check ncols and nrows");
    match line_mistake {
        Some((line, numbers)) => problem
            .at_line(line, 1)
            .at_spot(format!("line {line} is the first without {columns} numbers: it has {numbers}")),
        None => problem,
    }
}
