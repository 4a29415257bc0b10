//! Keys of `[weather]`: wind and air.

use geo::{Distance, Haversine};
use geo_types::Point;

use crate::error::Problems;
use crate::gas::weather::{CALM_WIND, CLASS_WIND_HEIGHT, Stability, Surroundings, Weather};
use crate::grid::LonLat;
use crate::scenario::Context;
use crate::scenario::gas::sky::{self, AskedProfile, Turbulence, Under};
use crate::scenario::quantity::Dimension;
use crate::scenario::resolver::WeatherSample;
use crate::scenario::section::Section;
use crate::scenario::site::{Place, read_place};
use crate::units::{CELSIUS_ZERO, STANDARD_PRESSURE};

/// Spread of the wind direction to either side, degrees: a planning preset, to be edited.
const DIRECTION_SPREAD_DEG: f64 = 30.0;

/// Distance of a weather station from the leak from which its wind may be another one, m: ours.
const FARTHEST_STATION: f64 = 30_000.0;

/// Temperature of the standard atmosphere at sea level, K (ISO 2533:1975).
pub(super) const STANDARD_TEMPERATURE: f64 = CELSIUS_ZERO + 15.0;

/// What the air is like, the same for all rows of weather.
pub(super) struct Air {
    pub(super) temperature: f64,
    pub(super) pressure: f64,
    pub(super) surroundings: Option<Surroundings>,
    pub(super) mixing_height: Option<f64>,
    pub(super) spread_deg: f64,
    pub(super) wind_height: f64,
}

pub(super) fn read_air(root: &Section<'_>) -> Option<Air> {
    let section = root.section("weather", "wind and air");
    let temperature = section
        .quantity("air_temperature", Dimension::Temperature, "temperature of the air")
        .between(223.15, 333.15)
        .or(STANDARD_TEMPERATURE, "15 °C (standard atmosphere)");
    let pressure = section
        .quantity("air_pressure", Dimension::Pressure, "pressure of the air")
        .between(45_000.0, 110_000.0)
        .or(STANDARD_PRESSURE, "101325 Pa (standard atmosphere)");
    let surroundings = section
        .required_choice("surroundings", &["urban", "rural"], "what the land around is like: urban or rural")
        .map(|word| if word == "urban" { Surroundings::Urban } else { Surroundings::Rural });
    let mixing_height = section
        .quantity("mixing_height", Dimension::Length, "height of the mixing lid; no lid when absent")
        .between(20.0, 10_000.0)
        .optional();
    let spread_deg = section
        .quantity(
            "direction_spread",
            Dimension::Angle,
            "how far the wind may turn to either side; a planning preset",
        )
        .between(0.0, 180.0)
        .or(DIRECTION_SPREAD_DEG, "30 deg");
    let wind_height = section
        .quantity("wind_height", Dimension::Length, "height at which the wind is measured")
        .between(2.0, 200.0)
        .or(CLASS_WIND_HEIGHT, "10 m");
    Some(Air { temperature, pressure, surroundings, mixing_height, spread_deg, wind_height })
}

pub(super) struct WeatherRows {
    pub(super) rows: Vec<Weather>,
    /// When each begins to hold, s after the start.
    pub(super) times: Vec<f64>,
    pub(super) direction_known: bool,
}

pub(super) fn read_weather(
    root: &Section<'_>,
    air: Option<&Air>,
    (duration, place): (Option<f64>, Option<Place>),
    context: &mut Context<'_, '_>,
) -> Option<WeatherRows> {
    let section = root.section("weather", "wind and air");
    let speed =
        section.quantity("wind_speed", Dimension::Speed, "mean wind speed").between(0.0, 115.0).optional();
    let unknown = section.is_word("wind_from", "unknown");
    let from = (!unknown)
        .then(|| {
            section
                .quantity(
                    "wind_from",
                    Dimension::Direction,
                    "direction the wind comes FROM, or \"unknown\": then a circle is drawn",
                )
                .between(0.0, 360.0)
                .optional()
        })
        .flatten();
    let place = place.and_then(|place| if let Place::LonLat(at) = place { Some(at) } else { None });
    let under = place.zip(context.start).map(|(place, start)| Under { place, start });
    let sky::Said { turbulence, profile } = sky::read(&section, under);
    if let (Some(turbulence), Some(under)) = (turbulence, under) {
        sky::warn_of_the_hour(&section, turbulence, under);
    }
    let station = (section.describing() || section.has("station"))
        .then(|| read_place(&section, "station", "where the wind was measured"))
        .flatten();
    if let (Some(Place::LonLat(station)), Some(place)) = (station, place) {
        warn_of_a_far_station(&section, station, place);
    }
    if section.has("wind_to") {
        section.know("wind_to");
        section.report(
            1168,
            "wind_to",
            "the direction in which the wind blows",
            "give wind_from: where the wind comes from, half a turn from it",
        );
    }
    let file = section
        .text("file", "CSV of weather rows instead of wind_speed and wind_from; the zones cover all rows");
    for known in [
        "air_temperature",
        "air_pressure",
        "surroundings",
        "mixing_height",
        "direction_spread",
        "wind_height",
        "station",
    ] {
        section.know(known);
    }
    section.finish();
    if section.describing() {
        return None;
    }
    let air = air?;
    let still = speed.is_some_and(|speed| speed < CALM_WIND) && from.is_none();
    let samples = match file {
        Some(path) => rows_of_file(&section, path, duration, context)?,
        None => vec![constant_row(&section, speed, from, unknown)?],
    };
    let rows: Option<Vec<Weather>> =
        samples.iter().map(|row| weather_row(&section, row, (turbulence, profile, under), air)).collect();
    let times = samples.iter().map(|row| row.time).collect();
    Some(WeatherRows { rows: rows?, times, direction_known: !(unknown || still && file.is_none()) })
}

/// Rows of a weather table that hold at some time of the release.
fn rows_of_file(
    section: &Section<'_>,
    path: &str,
    duration: Option<f64>,
    context: &mut Context<'_, '_>,
) -> Option<Vec<WeatherSample>> {
    for constant in ["wind_speed", "wind_from"] {
        if section.has(constant) {
            section.report(
                1020,
                constant,
                "weather is given twice: there is also a file",
                "keep one of the two",
            );
        }
    }
    let read = match context.resolver.as_mut()?.weather(path) {
        Ok(read) => read,
        Err(Problems(problems)) => {
            problems.into_iter().for_each(|problem| section.reading.report(problem));
            return None;
        }
    };
    read.warnings.iter().for_each(|warning| section.reading.report(warning.clone()));
    let shift = crate::scenario::forcing::shift_to_start(section, "file", read.start, context)?;
    let duration = duration?;
    let begins = |row: &WeatherSample| row.time + shift;
    // A row holds until the next one.
    let first = read.rows.iter().rposition(|row| begins(row) <= 0.0);
    let rows: Vec<WeatherSample> = read
        .rows
        .iter()
        .enumerate()
        .filter(|(i, row)| begins(row) < duration && first.is_none_or(|first| *i >= first))
        .map(|(_, row)| WeatherSample { time: begins(row), ..row.clone() })
        .collect();
    if first.is_none() || rows.is_empty() {
        section.report(
            3308,
            "file",
            "no row of the table holds at the start of the release",
            "the first row must be at or before the start; check start and the offset from UTC",
        );
        return None;
    }
    warn_of_held_row(section, &read.rows, shift, duration);
    let adrift = rows.iter().find(|row| row.wind_direction_deg.is_none() && row.wind_speed >= CALM_WIND);
    if let Some(row) = adrift {
        section.report(
            3309,
            "file",
            format!("{} m/s without a direction {} s after the start", row.wind_speed, row.time),
            "give the direction the wind comes from; only below 0.5 m/s the air is calm and needs none",
        );
        return None;
    }
    Some(rows)
}

/// Warns where the leak lasts longer than the table speaks of the weather.
fn warn_of_held_row(section: &Section<'_>, rows: &[WeatherSample], shift: f64, duration: f64) {
    let widest = rows.windows(2).map(|pair| pair[1].time - pair[0].time).fold(0.0, f64::max);
    let Some(last) = rows.last().map(|row| row.time + shift) else { return };
    if rows.len() > 1 && duration - last > widest {
        let text =
            format!("the last row, {last} s after the start, is held until the leak ends at {duration} s");
        let warning = section.warning(1065, "file", text);
        section.reading.report(warning.fix("add rows up to the end of the leak"));
    }
}

fn constant_row(
    section: &Section<'_>,
    speed: Option<f64>,
    from: Option<f64>,
    unknown: bool,
) -> Option<WeatherSample> {
    let calm = speed.is_some_and(|speed| speed < CALM_WIND);
    for (key, example) in [("wind_speed", "\"2 m/s\""), ("wind_from", "\"NNE\", or \"unknown\"")] {
        // Calm air comes from nowhere.
        if !(section.has(key) || calm && key == "wind_from") {
            section.report(1012, key, "missing in [weather]", format!("add {key} = {example}"));
        }
    }
    let direction = if unknown || (calm && !section.has("wind_from")) { 0.0 } else { from? };
    Some(WeatherSample {
        wind_speed: speed?,
        wind_direction_deg: Some(direction),
        ..WeatherSample::default()
    })
}

fn weather_row(
    section: &Section<'_>,
    row: &WeatherSample,
    (turbulence, profile, under): (Option<Turbulence>, Option<AskedProfile>, Option<Under>),
    air: &Air,
) -> Option<Weather> {
    let surroundings = air.surroundings?;
    let speed = row.wind_speed;
    let own = row.stability.and_then(Stability::from_letter).map(Turbulence::Class);
    let Some(turbulence) = own.or(turbulence) else {
        sky::report_missing(section);
        return None;
    };
    let stability = sky::class(turbulence, under, row.time, (speed, air.wind_height), surroundings);
    Some(Weather {
        wind_speed: speed,
        reference_height: air.wind_height,
        // Rows without a direction are calm; others were refused.
        wind_direction_deg: row.wind_direction_deg.unwrap_or(0.0),
        stability,
        air_temperature: row.air_temperature.unwrap_or(air.temperature),
        pressure: row.air_pressure.unwrap_or(air.pressure),
        mixing_height: row.mixing_height.or(air.mixing_height),
        surroundings,
        direction_spread_deg: air.spread_deg,
        profile: profile?.of(stability),
    })
}

/// Warns where the wind was measured so far away that it may be another one.
fn warn_of_a_far_station(section: &Section<'_>, station: LonLat, place: LonLat) {
    let point = |at: LonLat| Point::new(at.lon, at.lat);
    let far = Haversine.distance(point(station), point(place));
    if far > FARTHEST_STATION {
        let text = format!("the wind was measured {:.0} km from the leak", far / 1000.0);
        let fix = "use a station nearby, or a wind read at the site; check lon and lat of the station";
        section.reading.report(section.warning(1169, "station", text).fix(fix));
    }
}
