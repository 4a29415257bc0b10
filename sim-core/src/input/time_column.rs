//! The times of a table: seconds, minutes or hours from the start, or time stamps with their offset.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use super::column_name::{ColumnName, Dimension};
use super::problem_list::ProblemList;
use super::table::{Row, Table};

/// Names of a time column, lower case, words joined by `_`.
const NAMES: [&str; 18] = [
    "time",
    "t",
    "elapsed",
    "elapsed_time",
    "date",
    "datetime",
    "date_time",
    "timestamp",
    "utc",
    "time_utc",
    "utc_time",
    "utc_end",
    "time_end",
    "end_time",
    "local_time",
    "时间",
    "时刻",
    "日期",
];

/// Hours between Chinese standard time and UTC.
const CHINA_OFFSET_HOURS: i8 = 8;

/// Times of all rows.
pub(super) struct Times {
    /// Column they stand in.
    pub(super) column: usize,
    /// Seconds after the start of the file's clock, one per row; NaN where the cell was wrong.
    pub(super) seconds: Vec<f64>,
    /// The first stamp, if the times are stamps.
    pub(super) start: Option<Timestamp>,
}

/// Reads the time column; mistakes are reported, and so are times that do not rise.
pub(super) fn times(table: &Table, problems: &mut ProblemList) -> Option<Times> {
    let times = times_in_any_order(table, problems)?;
    check_order(times.column, table.rows.iter().zip(times.seconds.iter().copied()), problems);
    Some(times)
}

/// Reads the time column of a table whose rows need not rise in time; mistakes are reported.
pub(super) fn times_in_any_order(table: &Table, problems: &mut ProblemList) -> Option<Times> {
    let found = table.fitting(is_time);
    let &[column] = found.as_slice() else {
        let fix = "one column named 'time_s', 'time_min', 'time_h', or 'time' with stamps like 2021-07-20T16:00:00+08:00";
        problems.add(table.not_one(3008, "the time", &found).fix(fix));
        return None;
    };
    let name = &table.columns[column];
    let mut start = None;
    let seconds: Vec<f64> = if name.unit.is_some() {
        let read =
            |row: &Row| name.unit.zip(row.number(column, problems)).map(|(unit, value)| unit.to_si(value));
        table.rows.iter().map(read).map(|time| time.unwrap_or(f64::NAN)).collect()
    } else {
        if holds_numbers(table, column) {
            problems.value_of(table.unit(column, Dimension::Time, "time_s"))?;
        }
        let zone = zone(name);
        let stamps: Vec<_> = table.rows.iter().map(|row| stamp(row, column, zone, problems)).collect();
        start = stamps.iter().flatten().next().copied();
        let since = |stamp: Option<Timestamp>| match (stamp, start) {
            (Some(stamp), Some(start)) => stamp.duration_since(start).as_secs_f64(),
            _ => f64::NAN,
        };
        stamps.into_iter().map(since).collect()
    };
    Some(Times { column, seconds, start })
}

fn is_time(name: &ColumnName) -> bool {
    NAMES.contains(&name.name.as_str()) && name.unit.is_none_or(|unit| unit.dimension == Dimension::Time)
}

/// True if the first cell is a plain number.
fn holds_numbers(table: &Table, column: usize) -> bool {
    table.rows.first().is_some_and(|row| row.text(column).parse::<f64>().is_ok())
}

/// The offset that a header declares: `utc`, `Time (UTC+8)`, `时间(北京时间)`.
fn zone(name: &ColumnName) -> Option<Offset> {
    if name.name.split('_').any(|word| word == "utc") {
        return Some(Offset::UTC);
    }
    let remark = name.remark.as_ref()?.to_lowercase().replace(' ', "");
    if remark.contains("北京时间") || remark == "bjt" {
        return Offset::from_hours(CHINA_OFFSET_HOURS).ok();
    }
    let hours = remark.strip_prefix("utc").or_else(|| remark.strip_prefix("gmt"))?;
    if hours.is_empty() {
        return Some(Offset::UTC);
    }
    let (hours, minutes) = hours.split_once(':').unwrap_or((hours, "0"));
    // Half-hour zones keep the sign of their hours.
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let sign = if hours < 0 { -1 } else { 1 };
    Offset::from_seconds(hours * 3600 + sign * minutes * 60).ok()
}

fn stamp(row: &Row, column: usize, zone: Option<Offset>, problems: &mut ProblemList) -> Option<Timestamp> {
    let text = row.text(column);
    if let Ok(stamp) = text.parse::<Timestamp>() {
        return Some(stamp);
    }
    let local = text.parse::<DateTime>();
    match (local, zone) {
        (Ok(local), Some(zone)) => local.to_zoned(TimeZone::fixed(zone)).ok().map(|zoned| zoned.timestamp()),
        (Ok(_), None) => {
            problems.add(
                row.mistake(3020, column, "does not say which clock it is")
                    .why("Chinese stations report local time, models and satellites UTC: a shift of 8 hours")
                    .fix("add the offset, e.g. 2021-07-20T16:00:00+08:00 or …Z, or name the column 'time (UTC+8)'"),
            );
            None
        }
        _ => {
            problems.add(
                row.mistake(3019, column, "is not a time stamp")
                    .fix("write it like 2021-07-20T16:00:00+08:00; for times since the start write numbers and name the column 'time_min'"),
            );
            None
        }
    }
}

/// Reports every row that is not later than the one before it.
pub(super) fn check_order<'t>(
    column: usize,
    rows: impl Iterator<Item = (&'t Row, f64)>,
    problems: &mut ProblemList,
) {
    let mut before: Option<(usize, f64)> = None;
    for (row, time) in rows.filter(|(_, time)| time.is_finite()) {
        match before {
            Some((line, earlier)) if time == earlier => problems.add(
                row.mistake(3018, column, &format!("is the same time as in line {line}"))
                    .fix("keep one of the two lines; after a change to winter time use offsets"),
            ),
            Some((line, earlier)) if time < earlier => problems.add(
                row.mistake(3017, column, &format!("is earlier than line {line}"))
                    .why("a series is read in the order of time")
                    .fix("sort the lines by time"),
            ),
            _ => {}
        }
        before = Some((row.line, time));
    }
}
