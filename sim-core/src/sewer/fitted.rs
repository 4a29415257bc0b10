//! A copy of a network that fits the run of a surface.

use std::path::Path;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};

use super::inp::{Line, lines};
use crate::error::{Problem, Result};

/// What the copy must do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit<'a> {
    /// Step of the routing, s.
    pub interval: f64,
    /// Time to route, s.
    pub duration: f64,
    /// Rain falls on the surface, so that the network's own must not fall.
    pub rain_on_surface: bool,
    /// Folder of the original, from which it names its files.
    pub folder: &'a Path,
}

/// Time that is routed beyond the end of the run, s: an engine that reaches its end is closed.
const REST: f64 = 3600.0;

/// Options that the copy sets itself.
const OWN: [&str; 12] = [
    "END_DATE",
    "END_TIME",
    "REPORT_START_DATE",
    "REPORT_START_TIME",
    "ROUTING_STEP",
    "VARIABLE_STEP",
    "ALLOW_PONDING",
    "SKIP_STEADY_STATE",
    "IGNORE_RAINFALL",
    "IGNORE_QUALITY",
    "IGNORE_ROUTING",
    "THREADS",
];

/// The text of the copy: a fixed step, an end behind that of the run, no ponding at nodes (the
/// surface does that), no rain of its own where the surface has it; relative paths made whole.
///
/// # Errors
/// E2470 where the start of the network cannot be read.
pub fn fitted(text: &str, start: DateTime, fit: &Fit<'_>) -> Result<String> {
    let whole = (fit.duration + REST).ceil() as i64;
    let end = start
        .checked_add(SignedDuration::from_secs(whole))
        .map_err(|_| Problem::error(2470, "the run would end beyond the last year that is known"))?;
    let mut copy = String::with_capacity(text.len() + 512);
    let mut has_options = false;
    for line in lines(text) {
        let words = line.words();
        let is_option = line.is_in("OPTION") && !line.is_title();
        if is_option && words.first().is_some_and(|name| is_own(name)) {
            continue;
        }
        copy.push_str(&with_whole_path(&line, &words, fit.folder));
        copy.push('\n');
        if line.is_in("OPTION") && line.is_title() && !has_options {
            has_options = true;
            copy.push_str(&own_options(start, end, fit));
        }
    }
    Ok(copy)
}

fn is_own(name: &str) -> bool {
    OWN.iter().any(|own| own.eq_ignore_ascii_case(name))
}

fn own_options(start: DateTime, end: DateTime, fit: &Fit<'_>) -> String {
    let date = |at: DateTime| format!("{:02}/{:02}/{:04}", at.month(), at.day(), at.year());
    let time = |at: DateTime| format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second());
    let rain = if fit.rain_on_surface { "YES" } else { "NO" };
    format!(
        "END_DATE {}\nEND_TIME {}\nREPORT_START_DATE {}\nREPORT_START_TIME {}\nROUTING_STEP {}\n\
         VARIABLE_STEP 0\nALLOW_PONDING NO\nSKIP_STEADY_STATE NO\nIGNORE_RAINFALL {rain}\n\
         IGNORE_QUALITY YES\nTHREADS 1\n",
        date(end),
        time(end),
        date(start),
        time(start),
        fit.interval
    )
}

/// When a network starts: START_DATE and START_TIME of its options.
///
/// # Errors
/// E2470 for a date or a time that cannot be read.
pub fn start(date: Option<&str>, time: Option<&str>) -> Result<DateTime> {
    let wrong = |key: &str, text: &str, fix: &str| {
        Problem::error(2470, format!("{key} '{text}' cannot be read")).at_key(key).fix(fix)
    };
    // Without a date SWMM begins on the first day of 2004.
    let date = date.unwrap_or("01/01/2004");
    let day = parse_date(date).ok_or_else(|| wrong("START_DATE", date, "write MM/DD/YYYY"))?;
    let time = time.unwrap_or("00:00:00");
    let clock = parse_time(time).ok_or_else(|| wrong("START_TIME", time, "write HH:MM:SS"))?;
    Ok(day.to_datetime(clock))
}

fn parse_date(text: &str) -> Option<Date> {
    let parts: Vec<i16> = text.split(['/', '-']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [month, day, year] = parts.as_slice() else { return None };
    Date::new(*year, i8::try_from(*month).ok()?, i8::try_from(*day).ok()?).ok()
}

fn parse_time(text: &str) -> Option<Time> {
    let mut parts = text.split(':').map(|part| part.parse::<i8>().ok());
    let mut next = || parts.next().unwrap_or(Some(0));
    Time::new(next()?, next()?, next()?, 0).ok()
}

/// The file that a line names, if it names one that is read.
pub(super) fn named_file<'w>(line: &Line<'_>, words: &[&'w str]) -> Option<&'w str> {
    let after = |key: &str| {
        let at = words.iter().position(|word| word.eq_ignore_ascii_case(key))?;
        words.get(at + 1).copied()
    };
    if line.is_in("TIMESERIES") || line.is_in("TEMP") {
        after("FILE")
    } else if line.is_in("FILE") && words.first().is_some_and(|word| word.eq_ignore_ascii_case("USE")) {
        words.get(2).copied()
    } else {
        None
    }
}

/// The line with the path of the file that it names seen from everywhere.
fn with_whole_path(line: &Line<'_>, words: &[&str], folder: &Path) -> String {
    let Some(path) = named_file(line, words).filter(|path| Path::new(path).is_relative()) else {
        return line.text.to_owned();
    };
    let whole = format!("\"{}\"", folder.join(path).display());
    let quoted = format!("\"{path}\"");
    let found = if line.text.contains(&quoted) { quoted } else { path.to_owned() };
    line.text.replacen(&found, &whole, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NET: &str = "[TITLE]\nx\n[OPTIONS]\nSTART_DATE 12/31/2020\nSTART_TIME 23:00\nEND_DATE 01/01/2020\n\
        ALLOW_PONDING YES\nMIN_SLOPE 0\n[TIMESERIES]\nq FILE \"a b.dat\"\n[JUNCTIONS]\nEND_DATE 3 4\n";

    fn fit(rain_on_surface: bool) -> Fit<'static> {
        Fit { interval: 0.5, duration: 3600.0, rain_on_surface, folder: Path::new("/nets") }
    }

    #[test]
    fn the_copy_routes_beyond_the_end_with_a_fixed_step_and_leaves_the_rest_alone() {
        let start = start(Some("12/31/2020"), Some("23:00")).expect("a date");
        let copy = fitted(NET, start, &fit(true)).expect("fits");
        for wanted in [
            "END_DATE 01/01/2021\nEND_TIME 01:00:00",
            "ROUTING_STEP 0.5\nVARIABLE_STEP 0\nALLOW_PONDING NO",
            "IGNORE_RAINFALL YES",
            "MIN_SLOPE 0",
            "q FILE \"/nets/a b.dat\"",
            "[JUNCTIONS]\nEND_DATE 3 4",
        ] {
            assert!(copy.contains(wanted), "{wanted} in {copy}");
        }
        assert!(!copy.contains("ALLOW_PONDING YES") && !copy.contains("END_DATE 01/01/2020"));
        assert!(fitted(NET, start, &fit(false)).expect("fits").contains("IGNORE_RAINFALL NO"));
    }

    #[test]
    fn dates_that_are_none_are_refused_by_key() {
        for (date, time, key) in
            [("2020/01/01", "00:00", "START_DATE"), ("01/01/2020", "25:00", "START_TIME")]
        {
            let problems = start(Some(date), Some(time)).expect_err("no date");
            assert_eq!(problems.0[0].place.key.as_deref(), Some(key));
        }
    }
}
