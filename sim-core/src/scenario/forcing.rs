//! Forcing in time: constant values, blocks, and samples from tables.

use crate::error::Problems;
use crate::flood::inflow::Inflow;
use crate::flood::rain::Rain;
use crate::series::Series;
use crate::units::to_mm_h;

use super::Context;
use super::design_storm;
use super::quantity::Dimension;
use super::resolver::{SampleMeaning, SeriesKind};
use super::section::Section;

/// Ways in which samples of a rate can be meant.
const SAMPLE_MEANINGS: [&str; 3] = ["interval_start", "interval_end", "line"];

/// Largest rain rate that is believed, m/s: the one-minute world record of
/// 31.2 mm (Unionville, Maryland, 1956) is 1872 mm/h.
///
/// # Source
/// World Meteorological Organization, *World Weather & Climate Extremes Archive*.
pub(super) const LARGEST_RAIN_RATE: f64 = 1900.0 / 3.6e6;

/// Reads the keys of `[rain]` that say how the rain goes in time; no rain when the section is absent.
pub(super) fn rain(section: &Section<'_>, context: &mut Context<'_, '_>) -> Option<Series> {
    let intensity = section
        .quantity("intensity", Dimension::RainRate, "constant intensity from the start on")
        .between(0.0, LARGEST_RAIN_RATE)
        .optional();
    let length = section
        .quantity("duration", Dimension::Time, "how long it rains (with intensity)")
        .between(1.0, 1e8)
        .optional();
    let file = section
        .text("hyetograph", "CSV with a time column and an intensity column whose header names the unit");
    let meaning = read_meaning(section);
    let storm = design_storm::read(section, context);
    if !section.is_present() && !section.describing() {
        return Some(Series::constant(0.0));
    }
    if section.has("storm") {
        if section.has("intensity") || section.has("hyetograph") {
            let text = "the rain is given by a storm and in another way";
            section.report(1020, "storm", text, "keep one of storm, intensity and hyetograph");
            return None;
        }
        return storm.flatten().filter(|series| rain_is_plausible(section, "storm", series));
    }
    storm?;
    match (intensity, length, file) {
        (Some(rate), Some(length), None) => Some(Series::block(rate, length)),
        (Some(_), None, None) if !section.has("duration") => {
            section.report(1012, "duration", "missing beside rain.intensity", "add duration = \"1 h\"");
            None
        }
        (None, None, Some(file)) => {
            let series = sampled(section, "hyetograph", file, SeriesKind::Rain, meaning, context)?;
            rain_is_plausible(section, "hyetograph", &series).then_some(series)
        }
        _ if section.describing() || section.has("intensity") != section.has("hyetograph") => None,
        _ => {
            section.report(
                1020,
                "intensity",
                "rain needs one of intensity with duration, hyetograph, and storm",
                "keep one of the three",
            );
            None
        }
    }
}

/// What one rain gauge measured; `meaning` is that of the samples of all gauges.
pub(super) fn gauge(
    section: &Section<'_>,
    file: &str,
    meaning: Option<SampleMeaning>,
    context: &mut Context<'_, '_>,
) -> Option<Series> {
    let series = sampled(section, "hyetograph", file, SeriesKind::Rain, meaning, context)?;
    rain_is_plausible(section, "hyetograph", &series).then_some(series)
}

/// Reads `[losses]`; none when the section is absent.
pub(super) fn losses(root: &Section<'_>, context: &mut Context<'_, '_>) -> Option<Series> {
    let section =
        root.section("losses", "water taken from the surface at a constant rate: sewers, infiltration");
    let rate = section
        .quantity("rate", Dimension::RainRate, "constant rate over the whole area")
        .between(0.0, LARGEST_RAIN_RATE)
        .optional();
    let file = section.text("series", "CSV with a time column and a rate column whose header names the unit");
    let meaning = read_meaning(&section);
    section.finish();
    if !section.is_present() && !section.describing() {
        return Some(Series::constant(0.0));
    }
    match (rate, file) {
        (Some(rate), None) => Some(Series::constant(rate)),
        (None, Some(file)) => sampled(&section, "series", file, SeriesKind::Loss, meaning, context),
        _ if section.describing() || section.has("rate") != section.has("series") => None,
        _ => {
            section.report(1020, "rate", "losses need either rate or series", "keep one of the two");
            None
        }
    }
}

/// Discharge of an inflow: a constant or a hydrograph.
pub(super) fn discharge(section: &Section<'_>, context: &mut Context<'_, '_>) -> Option<Series> {
    let constant = section
        .quantity("discharge", Dimension::Discharge, "constant discharge")
        .between(0.0, 1e6)
        .optional();
    let file = section
        .text("hydrograph", "CSV with a time column and a discharge column whose header names the unit");
    match (constant, file) {
        (Some(rate), None) => Some(Series::constant(rate)),
        (None, Some(file)) => hydrograph(section, "hydrograph", file, context),
        _ if section.describing() || section.has("discharge") != section.has("hydrograph") => None,
        _ => {
            section.report(
                1020,
                "discharge",
                "water that enters needs either discharge or hydrograph",
                "keep one of the two",
            );
            None
        }
    }
}

/// Discharge from the table that a key names; straight lines between its samples.
pub(super) fn hydrograph(
    section: &Section<'_>,
    key: &str,
    file: &str,
    context: &mut Context<'_, '_>,
) -> Option<Series> {
    sampled(section, key, file, SeriesKind::Discharge, Some(SampleMeaning::Line), context)
}

/// Water level of a boundary: a constant or a series.
pub(super) fn stage(section: &Section<'_>, context: &mut Context<'_, '_>) -> Option<Series> {
    let constant = section
        .quantity(
            "level",
            Dimension::Length,
            "constant water level on the datum of the terrain (with kind = stage)",
        )
        .a_level()
        .optional();
    let file = section.text(
        "stage",
        "CSV with a time column and a water level column whose header names the unit (with kind = stage)",
    );
    match (constant, file) {
        (Some(level), None) => Some(Series::constant(level)),
        (None, Some(file)) => {
            sampled(section, "stage", file, SeriesKind::Stage, Some(SampleMeaning::Line), context)
        }
        _ if section.describing() || section.has("level") != section.has("stage") => None,
        _ => {
            section.report(1020, "level", "a stage needs either level or stage", "keep one of the two");
            None
        }
    }
}

/// What the samples of a table mean, where the scenario says so.
pub(super) fn read_meaning(section: &Section<'_>) -> Option<SampleMeaning> {
    let text = section.choice(
        "samples",
        &SAMPLE_MEANINGS,
        "what a sample means: interval_start (holds until the next sample), interval_end (held since the last one), line (straight lines between)",
    )?;
    Some(match text {
        "interval_start" => SampleMeaning::IntervalStart,
        "interval_end" => SampleMeaning::IntervalEnd,
        _ => SampleMeaning::Line,
    })
}

pub(super) fn sampled(
    section: &Section<'_>,
    key: &str,
    file: &str,
    kind: SeriesKind,
    meaning: Option<SampleMeaning>,
    context: &mut Context<'_, '_>,
) -> Option<Series> {
    let Some(meaning) = meaning else {
        if !section.has("samples") {
            section.report(
                1021,
                key,
                "it is not said what the samples mean; the total would be a guess",
                "add samples = \"interval_start\", \"interval_end\" or \"line\"",
            );
        }
        return None;
    };
    match context.resolver.as_mut()?.series(file, kind, meaning) {
        Ok(read) => {
            read.warnings.iter().for_each(|warning| section.reading.report(warning.clone()));
            Some(read.series.shifted(shift_to_start(section, key, read.start, context)?))
        }
        Err(Problems(problems)) => {
            problems.into_iter().for_each(|problem| section.reading.report(problem));
            None
        }
    }
}

/// Seconds from the run's start to a table's time zero.
pub(super) fn shift_to_start(
    section: &Section<'_>,
    key: &str,
    table_start: Option<i64>,
    context: &Context<'_, '_>,
) -> Option<f64> {
    let Some(table_start) = table_start else { return Some(0.0) };
    let Some(start) = context.start else {
        section.report(
            1022,
            key,
            "the table has dates but the scenario has no start",
            "add start = \"2026-07-01T08:30:00+08:00\" at the top of the scenario",
        );
        return None;
    };
    Some((table_start - start.as_second()) as f64)
}

/// Reports tables of rain or discharge that bring nothing while the run lasts,
/// and warns of rain that the run leaves out; false where there is a mistake.
pub(super) fn falls_into_the_run(
    root: &Section<'_>,
    duration: f64,
    rain: Option<&Rain>,
    inflows: Option<&[Inflow]>,
) -> bool {
    let section = root.section("rain", "");
    let mut sound = true;
    let key = ["hyetograph", "storm"].into_iter().find(|key| section.has(key));
    let series = rain.and_then(Rain::everywhere);
    if let (Some(rain), Some(key)) = (series, key) {
        sound &= falls_in_time(&section, key, duration, rain);
    }
    let sections = root.sections("inflow", "");
    for (section, inflow) in sections.iter().zip(inflows.into_iter().flatten()) {
        let from_table = section.has("hydrograph");
        let discharge = &inflow.discharge;
        sound &= !(from_table && nothing(section, "hydrograph", "the inflow brings", duration, discharge));
    }
    sound
}

/// Reports rain that brings nothing while the run lasts, and warns of rain that the run leaves out;
/// false where there is a mistake.
pub(super) fn falls_in_time(section: &Section<'_>, key: &str, duration: f64, rain: &Series) -> bool {
    if nothing(section, key, "the rain brings", duration, rain) {
        return false;
    }
    warn_of_rain_left_out(section, key, duration, rain);
    true
}

/// Reports a series that brings nothing while the run lasts; true if it does not.
fn nothing(section: &Section<'_>, key: &str, what: &str, duration: f64, series: &Series) -> bool {
    if series.peak() <= 0.0 || series.integral(0.0, duration) > 0.0 {
        return false;
    }
    let from = series.times().first().copied().unwrap_or(0.0);
    let to = series.times().last().copied().unwrap_or(0.0);
    let problem = section
        .problem(1063, key, format!("{what} nothing between 0 s and {duration} s, the time of the run"))
        .at_spot(format!("its samples stand from {from} s to {to} s after the start"))
        .why("the run would show a dry city and look right")
        .fix("check start, the offset from UTC, the times of the table and run.duration");
    section.reading.report(problem);
    true
}

/// Warns where part of a hyetograph or storm falls before or after the run.
fn warn_of_rain_left_out(section: &Section<'_>, key: &str, duration: f64, rain: &Series) {
    /// Share of the rain from which it is worth a warning: below the error of a gauge.
    const WORTH_TELLING: f64 = 0.01;
    let (Some(&first), Some(&last)) = (rain.times().first(), rain.times().last()) else { return };
    let (all, counted) = (rain.integral(first, last.max(duration)), rain.integral(0.0, duration));
    if all - counted > WORTH_TELLING * all {
        let text = format!(
            "{:.1} of {:.1} mm fall before the start or after the end of the run",
            1000.0 * (all - counted),
            1000.0 * all
        );
        let warning = section.warning(1064, key, text);
        section.reading.report(warning.fix("choose start and run.duration so that the run covers the rain"));
    }
}

fn rain_is_plausible(section: &Section<'_>, key: &str, series: &Series) -> bool {
    let plausible = series.peak() <= LARGEST_RAIN_RATE;
    if !plausible {
        section.report(
            3306,
            key,
            format!("peak of {:.0} mm/h is above the world record", to_mm_h(series.peak())),
            "check the unit in the header: mm/min is 60 times mm/h",
        );
    }
    plausible
}
