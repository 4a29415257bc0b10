//! What gauges read at the places of a scenario, from CSV.
//!
//! Two forms of table are understood:
//!
//! | form | header | a line |
//! |---|---|---|
//! | wide | `time,underpass_depth_m,mill_level_m` | one time, one cell per gauge |
//! | long | `time,place,depth_m,level_m` | one time of one place |
//!
//! The name of a gauge is that of its `[[place]]` in lower case with `_` between
//! the words, then `depth` (water above the ground) or `level` (on the datum of the
//! terrain; also `water_level`, `stage`), then the unit: a place called
//! `Mill gate` has the columns `mill_gate_depth_m` and `Mill gate level (cm)`.
//! An empty cell is a gap: it is counted and never filled.

use std::path::Path;

use jiff::Timestamp;

use crate::error::{Problem, Result};
use crate::series::{GaugeQuantity, Readings};

use super::column_name::{self, Dimension, Unit};
use super::problem_list::ProblemList;
use super::table::{self, Row, Table};
use super::time_column::{self, Times};

/// Endings of the name of a column, the longest of each kind first.
const ENDINGS: [(&str, GaugeQuantity); 9] = [
    ("water_depth", GaugeQuantity::Depth),
    ("depth", GaugeQuantity::Depth),
    ("积水深度", GaugeQuantity::Depth),
    ("水深", GaugeQuantity::Depth),
    ("water_level", GaugeQuantity::Level),
    ("water_stage", GaugeQuantity::Level),
    ("level", GaugeQuantity::Level),
    ("stage", GaugeQuantity::Level),
    ("水位", GaugeQuantity::Level),
];

/// Names of the column that tells the place in the long form.
const PLACE_NAMES: [&str; 8] = ["place", "gauge", "station", "site", "name", "部位", "站点", "测站"];

/// What stands in a cell without a value besides nothing at all.
const GAP_MARKS: [&str; 5] = ["nan", "na", "n/a", "-", "--"];

/// Water levels that are believed, m: a little beyond the lowest and the highest ground on land.
const LEVELS: std::ops::RangeInclusive<f64> = -500.0..=9000.0;

/// Depths that are believed, m; the deepest lake, Baikal, has 1642 m.
const DEEPEST: f64 = 1700.0;

/// The run that the readings are for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Names of the places of the scenario.
    pub places: &'a [&'a str],
    /// Start of the run, ISO 8601, if the scenario has one.
    pub start: Option<&'a str>,
    /// Time that is simulated, s.
    pub duration: f64,
}

/// The readings of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedFile {
    /// One entry per place and quantity, in the order of the file.
    pub gauges: Vec<Readings>,
    /// SHA-256 of the bytes of the file, hexadecimal.
    pub sha256: String,
    /// What the user should know.
    pub warnings: Vec<Problem>,
}

/// Reads what gauges read.
///
/// # Errors
/// Every mistake of the file at once: 3001-3021 the table and its times, 1022 dates
/// without a start of the run, 2430-2436 gauges, places and values.
pub fn read_observed(path: &Path, shown_as: &str, request: &Request<'_>) -> Result<ObservedFile> {
    let mut problems = ProblemList::new(shown_as, table::MORE);
    let table = Table::read(path, shown_as, &mut problems)?;
    let by_place = table.fitting(|name| name.unit.is_none() && PLACE_NAMES.contains(&name.name.as_str()));
    let times = match by_place.is_empty() {
        true => time_column::times(&table, &mut problems),
        false => time_column::times_in_any_order(&table, &mut problems),
    };
    let reader = Reader { table: &table, request, times: times.as_ref() };
    let mut gauges = match by_place.as_slice() {
        [] => reader.wide(&mut problems),
        &[place] => reader.long(place, &mut problems),
        several => {
            problems.add(table.not_one(2434, "the place", several));
            Vec::new()
        }
    };
    if let Some(shift) = times.and_then(|times| shift(times.start, request.start, &mut problems)) {
        gauges.iter_mut().flat_map(|gauge| &mut gauge.samples).for_each(|sample| sample.0 += shift);
        if !problems.has_errors() {
            check_overlap(&gauges, request.duration, &mut problems);
        }
    }
    let sha256 = table.sha256.clone();
    Ok(ObservedFile { gauges, sha256, warnings: problems.finish()? })
}

/// Seconds from the start of the run to time zero of the table.
fn shift(table: Option<Timestamp>, run: Option<&str>, problems: &mut ProblemList) -> Option<f64> {
    let Some(table) = table else { return Some(0.0) };
    let Some(run) = run.and_then(|run| run.parse::<Timestamp>().ok()) else {
        problems.add(
            Problem::error(1022, "the table has dates but the scenario has no start")
                .fix("add start = \"2026-07-01T08:30:00+08:00\" at the top of the scenario"),
        );
        return None;
    };
    Some(table.duration_since(run).as_secs_f64())
}

/// Reports a file none of whose readings falls into the run.
fn check_overlap(gauges: &[Readings], duration: f64, problems: &mut ProblemList) {
    let times = || gauges.iter().flat_map(|gauge| &gauge.samples).map(|sample| sample.0);
    if times().any(|time| (0.0..=duration).contains(&time)) {
        return;
    }
    let text = format!("no reading lies between 0 s and {duration} s, the time of the run");
    let mut problem = Problem::error(2435, text);
    if times().next().is_some() {
        let (first, last) =
            (times().fold(f64::INFINITY, f64::min), times().fold(f64::NEG_INFINITY, f64::max));
        problem = problem.at_spot(format!("its readings stand from {first} s to {last} s after the start"));
    }
    problems.add(
        problem
            .why("there would be nothing to compare")
            .fix("check start, the offset from UTC, the times of the table and run.duration"),
    );
}

struct Reader<'a> {
    table: &'a Table,
    request: &'a Request<'a>,
    times: Option<&'a Times>,
}

impl Reader<'_> {
    /// One column per gauge.
    fn wide(&self, problems: &mut ProblemList) -> Vec<Readings> {
        let time_column = self.times.map(|times| times.column);
        let (mut gauges, mut unused) = (Vec::<Readings>::new(), Vec::new());
        let mut sources: Vec<usize> = Vec::new();
        let mut gauge_columns = 0;
        for column in (0..self.table.columns.len()).filter(|&column| Some(column) != time_column) {
            let header = &self.table.columns[column];
            let Some((base, quantity)) = ending(&header.name) else {
                let measures_length = header.unit.is_some_and(|unit| unit.dimension == Dimension::Length);
                if measures_length || self.is_place(&header.name) {
                    gauge_columns += 1;
                    problems.add(self.neither_depth_nor_level(column));
                } else {
                    unused.push(column);
                }
                continue;
            };
            gauge_columns += 1;
            let unit =
                problems.value_of(self.table.unit(column, Dimension::Length, &example(&base, quantity)));
            let place = self.place(&base, quantity, problems, |problem| {
                problem.at_line(self.table.header_line, column + 1)
            });
            let (Some(unit), Some(place)) = (unit, place) else { continue };
            if let Some(known) = gauges.iter().position(|g| g.place == place && g.quantity == quantity) {
                let names = self.table.names([sources[known], column]);
                problems.add(
                    Problem::error(
                        2432,
                        format!("two columns give the {} at '{place}': {names}", quantity.name()),
                    )
                    .at_line(self.table.header_line, column + 1)
                    .fix("keep one of them in the file"),
                );
                continue;
            }
            let (samples, gaps) = self.column(column, (quantity, unit), problems);
            gauges.push(Readings { place, quantity, samples, gaps });
            sources.push(column);
        }
        if gauge_columns == 0 {
            problems.add(self.no_gauge());
        } else if let Some(&first) = unused.first() {
            let names = self.table.names(unused.iter().copied());
            problems.add(
                Problem::warning(3036, format!("columns that were not used: {names}"))
                    .at_line(self.table.header_line, first + 1)
                    .fix("check their names if they should matter"),
            );
        }
        gauges
    }

    /// Samples of one column and its gaps.
    fn column(
        &self,
        column: usize,
        (quantity, unit): (GaugeQuantity, Unit),
        problems: &mut ProblemList,
    ) -> (Vec<(f64, f64)>, usize) {
        let (mut samples, mut gaps) = (Vec::new(), 0);
        for (at, row) in self.table.rows.iter().enumerate() {
            match value(row, column, (quantity, unit), problems) {
                Cell::Value(value) => samples.push((self.time(at), value)),
                Cell::Gap => gaps += 1,
                Cell::Mistake => {}
            }
        }
        (samples, gaps)
    }

    /// One line per time and place.
    fn long(&self, place_column: usize, problems: &mut ProblemList) -> Vec<Readings> {
        let quantities: Vec<(usize, GaugeQuantity)> = (0..self.table.columns.len())
            .filter(|&column| column != place_column)
            .filter_map(|column| {
                let (base, quantity) = ending(&self.table.columns[column].name)?;
                base.is_empty().then_some((column, quantity))
            })
            .collect();
        if quantities.is_empty() {
            problems.add(self.table.not_one(2434, "the depth or the level", &[]).fix(
                "name a column 'depth_m' (above the ground) or 'level_m' (on the datum of the terrain)",
            ));
        }
        let mut gauges = Vec::new();
        for (column, quantity) in quantities {
            let unit = self.table.unit(column, Dimension::Length, &example("", quantity));
            let Some(unit) = problems.value_of(unit) else { continue };
            gauges.extend(self.long_column((place_column, column), (quantity, unit), problems));
        }
        if !problems.has_errors() {
            self.warn_of_unused(place_column, problems);
        }
        gauges
    }

    /// The gauges of one quantity of the long form, in the order in which they come.
    fn long_column(
        &self,
        (place_column, column): (usize, usize),
        (quantity, unit): (GaugeQuantity, Unit),
        problems: &mut ProblemList,
    ) -> Vec<Readings> {
        // Names as written with the position of their gauge; none where the place is unknown.
        let mut names: Vec<(&str, Option<usize>)> = Vec::new();
        let mut gauges: Vec<(Readings, Vec<usize>)> = Vec::new();
        for (at, row) in self.table.rows.iter().enumerate() {
            let written = row.text(place_column);
            let known = names.iter().find(|entry| entry.0 == written).map(|entry| entry.1);
            let gauge = known.unwrap_or_else(|| {
                let at_cell = |problem: Problem| problem.at_line(row.line, place_column + 1);
                let place = self.place(&column_name::plain(written), quantity, problems, at_cell);
                let gauge = place.map(|place| position_of(&mut gauges, place, quantity));
                names.push((written, gauge));
                gauge
            });
            let Some((gauge, lines)) = gauge.map(|gauge| &mut gauges[gauge]) else { continue };
            match value(row, column, (quantity, unit), problems) {
                Cell::Value(value) => gauge.samples.push((self.time(at), value)),
                Cell::Gap => gauge.gaps += 1,
                Cell::Mistake => continue,
            }
            lines.push(at);
        }
        if let Some(times) = self.times {
            for (_, lines) in &gauges {
                let rows = lines.iter().map(|&at| (&self.table.rows[at], times.seconds[at]));
                time_column::check_order(times.column, rows, problems);
            }
        }
        // In a table with depth and level a place may have readings of one only.
        gauges.into_iter().map(|entry| entry.0).filter(|gauge| !gauge.samples.is_empty()).collect()
    }

    /// A warning about columns of the long form that nobody read.
    fn warn_of_unused(&self, place_column: usize, problems: &mut ProblemList) {
        let mut used = vec![place_column];
        used.extend(self.times.map(|times| times.column));
        used.extend(self.table.fitting(|name| ending(&name.name).is_some_and(|(base, _)| base.is_empty())));
        self.table.warn_unused(&used, problems);
    }

    fn time(&self, row: usize) -> f64 {
        self.times.map_or(f64::NAN, |times| times.seconds[row])
    }

    fn is_place(&self, name: &str) -> bool {
        self.request.places.iter().any(|place| column_name::plain(place) == name)
    }

    /// The place of a name in the spelling of headers; a mistake is reported.
    fn place(
        &self,
        name: &str,
        quantity: GaugeQuantity,
        problems: &mut ProblemList,
        located: impl Fn(Problem) -> Problem,
    ) -> Option<String> {
        let places = self.request.places;
        let fitting: Vec<&str> =
            places.iter().copied().filter(|place| column_name::plain(place) == name).collect();
        match fitting.as_slice() {
            &[place] => return Some(place.to_owned()),
            [] => problems.add(located(self.unknown_place(name, quantity))),
            several => {
                let text = format!("'{name}' may be any of the places {}", quoted(several));
                problems.add(located(
                    Problem::error(2433, text).fix("give the places names that differ in letters or digits"),
                ));
            }
        }
        None
    }

    fn unknown_place(&self, name: &str, quantity: GaugeQuantity) -> Problem {
        let places = self.request.places;
        let problem = Problem::error(2431, format!("the scenario has no place '{name}'"))
            .at_spot(format!("places: {}", quoted(places)));
        /// Below this similarity a suggestion would confuse more than it helps.
        const NEAR_ENOUGH: f64 = 0.75;
        let likeness = |place: &str| strsim::jaro_winkler(&column_name::plain(place), name);
        let nearest = places.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        match nearest.filter(|place| likeness(place) >= NEAR_ENOUGH) {
            Some(place) => {
                let header = example(&column_name::plain(place), quantity);
                problem
                    .fix(format!("if '{place}' is meant, write '{header}' (in a column of places '{place}')"))
            }
            None => problem
                .fix("add a [[place]] with this name to the scenario, or take the gauge out of the file"),
        }
    }

    fn neither_depth_nor_level(&self, column: usize) -> Problem {
        let header = &self.table.columns[column];
        let text = format!("column '{}' says neither depth nor level", header.text);
        let (depth, level) =
            (example(&header.name, GaugeQuantity::Depth), example(&header.name, GaugeQuantity::Level));
        Problem::error(2430, text)
            .at_line(self.table.header_line, column + 1)
            .why("a depth counts from the ground, a level from the datum of the terrain")
            .fix(format!("name it '{depth}' or '{level}'"))
    }

    fn no_gauge(&self) -> Problem {
        let place = self.request.places.first().map_or_else(|| "underpass".into(), |p| column_name::plain(p));
        Problem::error(2430, "no column is a gauge")
            .at_line(self.table.header_line, 1)
            .at_spot(format!("columns: {}", self.table.names(0..self.table.columns.len())))
            .fix(format!(
                "name a column by its place, its quantity and its unit, e.g. '{}' or '{}'",
                example(&place, GaugeQuantity::Depth),
                example(&place, GaugeQuantity::Level)
            ))
    }
}

/// Position of the gauge of a place, which joins the list if it is new.
fn position_of(gauges: &mut Vec<(Readings, Vec<usize>)>, place: String, quantity: GaugeQuantity) -> usize {
    gauges.iter().position(|entry| entry.0.place == place).unwrap_or_else(|| {
        gauges.push((Readings { place, quantity, samples: Vec::new(), gaps: 0 }, Vec::new()));
        gauges.len() - 1
    })
}

/// Name of the place and the quantity in the name of a column.
fn ending(name: &str) -> Option<(String, GaugeQuantity)> {
    ENDINGS.iter().find_map(|&(ending, quantity)| {
        let base = name.strip_suffix(ending)?;
        // 'bathymetricdepth' is a word of its own; Chinese has no blanks between words.
        let is_apart = base.is_empty() || base.ends_with('_') || !ending.is_ascii();
        is_apart.then(|| (base.trim_end_matches('_').to_owned(), quantity))
    })
}

/// How the header of a gauge is written.
fn example(place: &str, quantity: GaugeQuantity) -> String {
    let gap = if place.is_empty() { "" } else { "_" };
    format!("{place}{gap}{}_m", quantity.name())
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
}

/// What stands in a cell.
enum Cell {
    Value(f64),
    Gap,
    Mistake,
}

/// Reads a cell, m; a mistake is reported.
fn value(
    row: &Row,
    column: usize,
    (quantity, unit): (GaugeQuantity, Unit),
    problems: &mut ProblemList,
) -> Cell {
    let text = row.text(column).to_lowercase();
    if text.is_empty() || GAP_MARKS.contains(&text.as_str()) {
        return Cell::Gap;
    }
    let Some(value) = row.number(column, problems).map(|value| unit.to_si(value)) else {
        return Cell::Mistake;
    };
    let what = match quantity {
        GaugeQuantity::Depth if !(0.0..=DEEPEST).contains(&value) => {
            format!("is no depth (0 to {DEEPEST} m)")
        }
        GaugeQuantity::Level if !LEVELS.contains(&value) => {
            format!("is no water level ({} to {} m)", LEVELS.start(), LEVELS.end())
        }
        _ => return Cell::Value(value),
    };
    problems.add(
        row.mistake(2436, column, &what)
            .why("a mark for missing data taken for a reading would spoil every measure")
            .fix("leave the cell empty where there is no reading; check the unit in the header"),
    );
    Cell::Mistake
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: [&str; 3] = ["Mill gate", "underpass", "下穿通道"];

    fn read(text: &str) -> Result<ObservedFile> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("gauges.csv");
        std::fs::write(&path, text).expect("writable");
        let request = Request { places: &PLACES, start: Some("2026-07-01T00:00:00Z"), duration: 3600.0 };
        read_observed(&path, "gauges.csv", &request)
    }

    fn codes(text: &str) -> Vec<u16> {
        read(text).expect_err("refused").0.iter().map(|problem| problem.code.0).collect()
    }

    #[test]
    fn every_spelling_of_a_gauge_gives_the_same_readings() {
        let wanted = vec![(0.0, 1.5), (600.0, 1.75)];
        for header in
            ["mill_gate_level_m", "Mill gate level (m)", "Mill gate water level [m]", "MILL_GATE_STAGE_M"]
        {
            let file = read(&format!("time_min,{header}\n0,1.5\n10,1.75\n")).expect("sound");
            assert_eq!(file.gauges[0].place, "Mill gate", "{header}");
            assert_eq!((file.gauges[0].quantity, &file.gauges[0].samples), (GaugeQuantity::Level, &wanted));
        }
        let file = read("time_s,下穿通道水深（厘米）\n0,1\n");
        assert_eq!(file.expect_err("the unit is not known").0[0].code.0, 3012);
        let file = read("time_s,下穿通道水深（米）\n0,1\n").expect("sound");
        assert_eq!(
            (file.gauges[0].place.as_str(), file.gauges[0].quantity),
            ("下穿通道", GaugeQuantity::Depth)
        );
        let file = read("time_s,underpass_depth_cm\n0,50\n").expect("sound");
        assert_eq!(file.gauges[0].samples, [(0.0, 0.5)]);
    }

    #[test]
    fn wide_and_long_tables_are_the_same() {
        let wide =
            read("time_s,underpass_depth_m,mill_gate_depth_m\n0,0,1\n60,,2\n120,0.4,\n").expect("sound");
        let long = "time_s,place,depth_m\n0,underpass,0\n60,underpass,\n120,underpass,0.4\n\
                    0,Mill gate,1\n60,mill_gate,2\n120,Mill gate,nan\n";
        let long = read(long).expect("sound");
        assert_eq!(wide.gauges, long.gauges);
        assert_eq!((wide.gauges[0].gaps, wide.gauges[1].gaps), (1, 1));
    }

    #[test]
    fn stamps_count_from_the_start_of_the_run() {
        let file = read("time,underpass_depth_m\n2026-07-01T08:10:00+08:00,0.1\n").expect("sound");
        assert_eq!(file.gauges[0].samples, [(600.0, 0.1)]);
    }

    #[test]
    fn all_mistakes_come_at_once() {
        let text = "time_s,undrpass_depth_m,mill_gate_m,mill_gate_level_m,mill_gate_stage_m\n\
                    0,0,1,-9999,1\n60,0,1,2,x\n";
        assert_eq!(codes(text), [2431, 2430, 2436, 2432]);
        let problems = read(text).expect_err("refused").0;
        assert!(problems[0].fix.as_deref().is_some_and(|fix| fix.contains("underpass_depth_m")));
    }

    #[test]
    fn what_cannot_be_compared_is_refused() {
        assert_eq!(codes("time_s,rain_mm_h\n0,1\n"), [2430]);
        assert_eq!(codes("time_s,underpass_depth_m\n7200,1\n"), [2435]);
        assert_eq!(codes("time_s,underpass_depth_m\n0,-1\n"), [2436]);
        assert_eq!(codes("time_s,underpass_depth\n0,1\n"), [3011]);
        assert_eq!(codes("time_s,place,flow_m3_s\n0,underpass,1\n"), [2434]);
        assert_eq!(codes("time_s,place,depth_m\n60,underpass,1\n0,underpass,1\n"), [3017]);
    }
}
