//! Times as the CF conventions write them: `hours since 2018-09-13 00:00:00`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

use crate::units;

/// Times are rounded to so many parts of a second: days in double precision are
/// good to a tenth of a microsecond, hours in single precision to a second.
const PARTS_OF_A_SECOND: f64 = 1000.0;

/// Calendars in which a day of today is the day of every clock.
const CALENDARS: [&str; 4] = ["", "standard", "gregorian", "proleptic_gregorian"];

/// Year of the first day of the Gregorian calendar and a bit; before it calendars differ.
const FIRST_YEAR: i16 = 1583;

/// What a time of a CF file counts and from when.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Clock {
    /// Seconds in one unit.
    seconds_per_unit: f64,
    /// Seconds since 1970 of the number zero.
    zero: f64,
    /// False where the text names no offset from UTC; CF then means UTC.
    pub(super) names_its_offset: bool,
}

impl Clock {
    /// The clock of the attributes `units` and `calendar`, or what cannot be understood.
    ///
    /// # Source
    /// CF conventions 1.11, section 4.4: the default offset is UTC, as in UDUNITS.
    pub(super) fn parse(text: &str, calendar: &str) -> std::result::Result<Self, String> {
        if !CALENDARS.contains(&calendar.trim().to_lowercase().as_str()) {
            return Err(format!("the calendar '{calendar}' is not that of clocks"));
        }
        let not_understood = || format!("the units of the time are '{text}'");
        let words: Vec<&str> = text.split_whitespace().collect();
        let [unit, since, rest @ ..] = words.as_slice() else { return Err(not_understood()) };
        if !since.eq_ignore_ascii_case("since") {
            return Err(not_understood());
        }
        let seconds_per_unit = seconds_in(unit).ok_or_else(not_understood)?;
        let (at, offset) = moment(rest).ok_or_else(not_understood)?;
        if at.year() < FIRST_YEAR {
            return Err(format!(
                "the times count from the year {}, in which calendars differ by days",
                at.year()
            ));
        }
        let zone = TimeZone::fixed(offset.unwrap_or(Offset::UTC));
        let stamp: Timestamp = at.to_zoned(zone).map_err(|_| not_understood())?.timestamp();
        Ok(Self {
            seconds_per_unit,
            zero: stamp.as_duration().as_secs_f64(),
            names_its_offset: offset.is_some(),
        })
    }

    /// Seconds since 1970 of a time of the file.
    pub(super) fn seconds(&self, time: f64) -> f64 {
        let seconds = self.zero + time * self.seconds_per_unit;
        (seconds * PARTS_OF_A_SECOND).round() / PARTS_OF_A_SECOND
    }
}

fn seconds_in(unit: &str) -> Option<f64> {
    match unit.to_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1.0),
        "min" | "mins" | "minute" | "minutes" => Some(units::MINUTE),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(units::HOUR),
        "d" | "day" | "days" => Some(24.0 * units::HOUR),
        _ => None,
    }
}

/// Date, time of day and offset: `2018-9-13`, `2018-09-13 6:00:0.0 +08:00`, `2018-09-13T06:00Z`.
fn moment(words: &[&str]) -> Option<(DateTime, Option<Offset>)> {
    let (first, mut rest) = words.split_first()?;
    let (date, glued) = match first.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (*first, None),
    };
    let date = date_of(date)?;
    let clock = glued.or_else(|| {
        let (clock, after) = rest.split_first()?;
        rest = after;
        Some(clock)
    });
    let Some(clock) = clock else { return Some((date.to_datetime(Time::midnight()), None)) };
    // A sign or a letter ends the time of day.
    let end = clock.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at(end);
    let time = time_of(clock)?;
    let offset = match (zone, rest) {
        ("", []) => None,
        ("", [zone]) => Some(offset_of(zone)?),
        (zone, []) => Some(offset_of(zone)?),
        _ => return None,
    };
    Some((date.to_datetime(time), offset))
}

fn date_of(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let date =
        Date::new(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(date.ok()).flatten()
}

fn time_of(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let hour = parts.next()?.parse().ok()?;
    let minute = parts.next().unwrap_or("0").parse().ok()?;
    let second: f64 = parts.next().unwrap_or("0").parse().ok()?;
    let whole = second.floor();
    let parts_left = parts.next().is_some();
    let nanosecond = ((second - whole) * 1e9).round() as i32;
    (!parts_left).then(|| Time::new(hour, minute, whole as i8, nanosecond).ok()).flatten()
}

fn offset_of(text: &str) -> Option<Offset> {
    if ["Z", "UTC", "GMT"].iter().any(|name| text.eq_ignore_ascii_case(name)) {
        return Some(Offset::UTC);
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        // +0800 and +8
        None if digits.len() == 4 && digits.is_ascii() => digits.split_at(2),
        None => (digits, "0"),
    };
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    Offset::from_seconds(sign * seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_of_one_moment_are_the_same() {
        // 2018-09-13T06:00:00Z is 1536818400 s after 1970.
        for text in [
            "hours since 2018-09-13 06:00:00",
            "hours since 2018-9-13 6:0:0.0",
            "hours since 2018-09-13T06:00:00Z",
            "h since 2018-09-13 06:00 UTC",
            "hours since 2018-09-13 14:00:00 +08:00",
            "hours since 2018-09-13 14:00:00+0800",
            "hours since 2018-09-13 14:00:00 +8",
            "hours since 2018-09-13T01:00:00-05:00",
        ] {
            let clock = Clock::parse(text, "").unwrap_or_else(|mistake| panic!("{text}: {mistake}"));
            assert_eq!(clock.seconds(0.0), 1_536_818_400.0, "{text}");
            assert_eq!(clock.seconds(1.5), 1_536_823_800.0, "{text}");
        }
        let days = Clock::parse("days since 1900-01-01", "standard").expect("a sound text");
        assert_eq!(days.seconds(25_567.0), 0.0);
        assert_eq!(days.seconds(25_567.0 + 1.0 / 24.0), 3600.0, "rounded to a millisecond");
    }

    #[test]
    fn a_time_without_offset_is_utc_and_is_known_to_have_none() {
        let clock = Clock::parse("seconds since 1970-01-01 00:00:00", "").expect("a sound text");
        assert!(!clock.names_its_offset && clock.seconds(7.0) == 7.0);
        assert!(Clock::parse("seconds since 1970-01-01 00:00:00Z", "").expect("sound").names_its_offset);
    }

    #[test]
    fn other_calendars_and_units_are_refused() {
        for (text, calendar) in [
            ("hours since 2018-09-13", "noleap"),
            ("months since 2018-09-13", ""),
            ("hours since 1-1-1 00:00:00", "standard"),
            ("hours", ""),
            ("hours before 2018-09-13", ""),
            ("hours since yesterday", ""),
            ("hours since 2018-02-30", ""),
            ("", ""),
        ] {
            assert!(Clock::parse(text, calendar).is_err(), "{text} {calendar}");
        }
    }
}
