//! Rows of a weather station, from CSV: the numbers as they were measured, nothing derived.
//!
//! Wind speed needs its unit in the header (`wind_speed (m/s)`,
//! `wind_speed_km_h`). Wind direction is where the wind comes **from**, in
//! degrees or as one of 16 points (`NNE`, `北东北`). All other columns are optional.

use std::path::Path;

use jiff::Timestamp;

use crate::error::{Problem, Result};

use super::column_name::{ColumnName, Dimension, Unit};
use super::problem_list::ProblemList;
use super::table::{self, Row, Table};
use super::time_column;

/// Wind speed above which a sample is probably in another unit, m/s.
///
/// Ten-minute means of 60 m/s occur only near the centre of the strongest typhoons.
///
/// # Source
/// GB/T 19201-2006, *Grade of tropical cyclones*: the highest grade, super
/// typhoon, begins at 51.0 m/s.
pub const IMPLAUSIBLE_WIND: f64 = 60.0;

/// Largest wind speed that has been measured near the ground outside tornadoes, m/s.
///
/// # Source
/// WMO World Weather and Climate Extremes Archive: 113.2 m/s (408 km/h), Barrow
/// Island, Australia, 10 April 1996.
pub const STRONGEST_WIND: f64 = 113.2;

/// Air temperatures near the ground, K.
///
/// # Source
/// WMO World Weather and Climate Extremes Archive: −89.2 °C (Vostok, 1983) to
/// 56.7 °C (Furnace Creek, 1913).
pub const AIR_TEMPERATURES: (f64, f64) = (183.95, 329.85);

/// Air pressures at stations, Pa: sea-level record highs to 5000 m above the sea.
///
/// # Source
/// WMO World Weather and Climate Extremes Archive: 1083.8 hPa (Agata, 1968);
/// ISO 2533:1975: 540 hPa at 5000 m.
pub const AIR_PRESSURES: (f64, f64) = (50_000.0, 109_000.0);

/// Solar irradiance on a level surface, W/m²; the upper end is the solar constant.
///
/// # Source
/// G. Kopp and J. L. Lean, *Geophys. Res. Lett.* 38, L01706, 2011,
/// doi:10.1029/2010GL045777: 1361 W/m².
pub const IRRADIANCES: (f64, f64) = (0.0, 1361.0);

/// Mixing heights, m; the deepest dry convection over deserts reaches 6 km.
///
/// # Source
/// L. Garcia-Carreras et al., *J. Atmos. Sci.* 72, 693–713, 2015: Saharan
/// boundary layers of 5 to 6 km.
pub const MIXING_HEIGHTS: (f64, f64) = (1.0, 6500.0);

/// One line of a weather file, in SI.
#[derive(Debug, Clone, PartialEq)]
pub struct WeatherRow {
    /// Line of the file, from 1.
    pub line: usize,
    /// Time as in the file, s; with stamps seconds after the first one.
    pub time: f64,
    /// Wind speed, m/s.
    pub wind_speed: f64,
    /// Where the wind comes from, degrees clockwise from north, 0 to below 360; `None` in a calm.
    pub wind_direction: Option<f64>,
    /// Air temperature, K.
    pub air_temperature: Option<f64>,
    /// Air pressure at the station, Pa.
    pub pressure: Option<f64>,
    /// Relative humidity, 0 to 1.
    pub relative_humidity: Option<f64>,
    /// Pasquill stability class, A to F.
    pub stability: Option<char>,
    /// Share of the sky under cloud, 0 to 1.
    pub cloud_cover: Option<f64>,
    /// Solar irradiance on a level surface, W/m².
    pub solar_irradiance: Option<f64>,
    /// Mixing height, m.
    pub mixing_height: Option<f64>,
}

/// All rows of a weather file.
#[derive(Debug, Clone, PartialEq)]
pub struct WeatherFile {
    /// Rows at strictly rising times.
    pub rows: Vec<WeatherRow>,
    /// The first stamp, if the file has stamps.
    pub start: Option<Timestamp>,
    /// SHA-256 of the bytes of the file, hexadecimal.
    pub sha256: String,
    /// What the user should know.
    pub warnings: Vec<Problem>,
}

/// A column with numbers: what it is called, what it measures, what it may be.
struct Measure {
    names: &'static [&'static str],
    dimension: Dimension,
    example: &'static str,
    range: (f64, f64),
}

const SPEED: Measure = Measure {
    names: &["wind_speed", "windspeed", "ws", "wspd", "u10", "风速"],
    dimension: Dimension::Speed,
    example: "wind_speed_m_s",
    range: (0.0, STRONGEST_WIND),
};
const DIRECTIONS: [&str; 8] =
    ["wind_direction", "wind_from", "wind_from_direction", "wind_dir", "winddir", "wd", "wdir", "风向"];
const TEMPERATURE: Measure = Measure {
    names: &["air_temperature", "temperature", "temp", "t", "气温", "温度"],
    dimension: Dimension::Temperature,
    example: "air_temperature (degC)",
    range: AIR_TEMPERATURES,
};
const PRESSURE: Measure = Measure {
    names: &["pressure", "air_pressure", "station_pressure", "p", "气压"],
    dimension: Dimension::Pressure,
    example: "pressure (hPa)",
    range: AIR_PRESSURES,
};
const HUMIDITY: Measure = Measure {
    names: &["relative_humidity", "humidity", "rh", "相对湿度", "湿度"],
    dimension: Dimension::Share,
    example: "relative_humidity (%)",
    range: (0.0, 1.0),
};
const CLOUD: Measure = Measure {
    names: &["cloud", "clouds", "cloud_cover", "total_cloud", "云量", "总云量"],
    dimension: Dimension::Share,
    example: "cloud_cover (tenths)",
    range: (0.0, 1.0),
};
const SUN: Measure = Measure {
    names: &["solar_irradiance", "solar_radiation", "radiation", "太阳辐射"],
    dimension: Dimension::Irradiance,
    example: "solar_irradiance (W/m2)",
    range: IRRADIANCES,
};
const MIXING: Measure = Measure {
    names: &["mixing_height", "mixing_layer_height", "混合层高度"],
    dimension: Dimension::Length,
    example: "mixing_height_m",
    range: MIXING_HEIGHTS,
};
const STABILITIES: [&str; 5] = ["stability", "stability_class", "pasquill", "稳定度", "大气稳定度"];

/// The 16 points of the compass from north clockwise, in English and Chinese.
const POINTS: [(&str, &str); 16] = [
    ("N", "北"),
    ("NNE", "北东北"),
    ("NE", "东北"),
    ("ENE", "东东北"),
    ("E", "东"),
    ("ESE", "东东南"),
    ("SE", "东南"),
    ("SSE", "南东南"),
    ("S", "南"),
    ("SSW", "南西南"),
    ("SW", "西南"),
    ("WSW", "西西南"),
    ("W", "西"),
    ("WNW", "西西北"),
    ("NW", "西北"),
    ("NNW", "北西北"),
];

/// A column that was found.
#[derive(Clone, Copy)]
struct Found {
    column: usize,
    unit: Unit,
    range: (f64, f64),
}

/// The columns of a weather file.
struct Columns {
    speed: Option<Found>,
    direction: Option<usize>,
    stability: Option<usize>,
    temperature: Option<Found>,
    pressure: Option<Found>,
    humidity: Option<Found>,
    cloud: Option<Found>,
    sun: Option<Found>,
    mixing: Option<Found>,
}

/// Reads the rows of a weather station from CSV.
///
/// # Errors
/// Every mistake of the file at once: 3001–3020 as in
/// [`super::series::read_series`], 3101 missing columns, 3102 wind direction,
/// 3103 wind speed, 3104 stability class, 3105 other values out of their range.
///
/// # Example
/// ```
/// use sim_core::input::weather::read_weather;
/// let path = std::env::temp_dir().join("sim-core-example-weather.csv");
/// std::fs::write(&path, "time_min,wind_speed_km_h,wind_direction\n0,18,NNE\n10,36,270\n")?;
/// let rows = read_weather(&path, "weather.csv")?.rows;
/// assert!((rows[0].wind_speed - 5.0).abs() < 1e-12);
/// assert_eq!(rows[0].wind_direction, Some(22.5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_weather(path: &Path, shown_as: &str) -> Result<WeatherFile> {
    let mut problems = ProblemList::new(shown_as, table::MORE);
    let table = Table::read(path, shown_as, &mut problems)?;
    let times = time_column::times(&table, &mut problems);
    let columns = Columns::find(&table, &mut problems);
    let mut rows = Vec::new();
    for (index, row) in table.rows.iter().enumerate() {
        let time = times.as_ref().map_or(f64::NAN, |times| times.seconds[index]);
        rows.extend(columns.row(row, time, &mut problems));
    }
    if let (Some(times), false) = (&times, problems.has_errors()) {
        table.warn_unused(&columns.used(times.column), &mut problems);
    }
    let warnings = problems.finish()?;
    Ok(WeatherFile { rows, start: times.and_then(|times| times.start), sha256: table.sha256, warnings })
}

/// A column by its names, with a usable unit; mistakes are reported.
fn find(table: &Table, measure: &Measure, problems: &mut ProblemList) -> Option<Found> {
    let column = find_named(table, measure.names, measure.dimension, problems)?;
    let unit = problems.value_of(table.unit(column, measure.dimension, measure.example))?;
    Some(Found { column, unit, range: measure.range })
}

fn find_named(
    table: &Table,
    names: &[&str],
    dimension: Dimension,
    problems: &mut ProblemList,
) -> Option<usize> {
    // A `t` in seconds is a time, not a temperature.
    let is_other =
        |name: &ColumnName| name.unit.is_some_and(|unit| unit.dimension != dimension) && name.name.len() == 1;
    let fits = |name: &ColumnName| names.contains(&name.name.as_str()) && !is_other(name);
    match table.fitting(fits).as_slice() {
        [] => None,
        &[column] => Some(column),
        several => {
            problems.add(table.not_one(3101, names[0], several));
            None
        }
    }
}

impl Columns {
    fn find(table: &Table, problems: &mut ProblemList) -> Self {
        let has = |names: &[&str]| table.columns.iter().any(|name| names.contains(&name.name.as_str()));
        for (what, names, example) in [
            ("wind speed", SPEED.names, SPEED.example),
            ("wind direction", &DIRECTIONS[..], "wind_direction_deg"),
        ] {
            if !has(names) {
                problems.add(
                    Problem::error(3101, format!("no column gives the {what}"))
                        .at_line(table.header_line, 1)
                        .at_spot(format!("columns: {}", table.names(0..table.columns.len())))
                        .fix(format!("name it like '{example}'")),
                );
            }
        }
        if let Some(column) = table.columns.iter().position(|name| name.name.contains("wind_to")) {
            problems.add(
                Problem::error(
                    3102,
                    format!("column '{}' says where the wind goes", table.columns[column].text),
                )
                .at_line(table.header_line, column + 1)
                .why("directions are where the wind comes from; turned round, the gas goes the wrong way")
                .fix("add 180 degrees and name the column 'wind_direction_deg'"),
            );
        }
        let direction = find_named(table, &DIRECTIONS, Dimension::Angle, problems).filter(|&column| {
            let unit = table.columns[column].unit;
            let sound = unit.is_none_or(|unit| unit.dimension == Dimension::Angle);
            if !sound {
                problems.value_of(table.unit(column, Dimension::Angle, "wind_direction_deg"));
            }
            sound
        });
        Self {
            speed: find(table, &SPEED, problems),
            direction,
            stability: find_named(table, &STABILITIES, Dimension::Share, problems),
            temperature: find(table, &TEMPERATURE, problems),
            pressure: find(table, &PRESSURE, problems),
            humidity: find(table, &HUMIDITY, problems),
            cloud: find(table, &CLOUD, problems),
            sun: find(table, &SUN, problems),
            mixing: find(table, &MIXING, problems),
        }
    }

    fn used(&self, time: usize) -> Vec<usize> {
        let measures =
            [self.speed, self.temperature, self.pressure, self.humidity, self.cloud, self.sun, self.mixing];
        let measures = measures.into_iter().flatten().map(|found| found.column);
        measures.chain(self.direction).chain(self.stability).chain([time]).collect()
    }

    fn row(&self, row: &Row, time: f64, problems: &mut ProblemList) -> Option<WeatherRow> {
        let wind_speed = self.speed.and_then(|found| wind_speed(row, found, problems));
        let wind_direction = self.direction.and_then(|column| direction(row, column, wind_speed, problems));
        let mut optional = |found: Option<Found>| found.and_then(|found| measured(row, found, problems));
        let (air_temperature, pressure) = (optional(self.temperature), optional(self.pressure));
        let (relative_humidity, cloud_cover) = (optional(self.humidity), optional(self.cloud));
        let (solar_irradiance, mixing_height) = (optional(self.sun), optional(self.mixing));
        Some(WeatherRow {
            line: row.line,
            time,
            wind_speed: wind_speed?,
            wind_direction,
            air_temperature,
            pressure,
            relative_humidity,
            stability: self.stability.and_then(|column| stability(row, column, problems)),
            cloud_cover,
            solar_irradiance,
            mixing_height,
        })
    }
}

fn wind_speed(row: &Row, found: Found, problems: &mut ProblemList) -> Option<f64> {
    let speed = found.unit.to_si(row.number(found.column, problems)?);
    if !(found.range.0..=found.range.1).contains(&speed) {
        problems.add(
            row.mistake(
                3103,
                found.column,
                &format!("is {speed:.1} m/s; winds are 0 to {STRONGEST_WIND} m/s"),
            )
            .fix("check the unit in the header; a mark like 999 for missing data is not a value"),
        );
        return None;
    }
    if speed > IMPLAUSIBLE_WIND {
        let text = format!("the wind speed is {speed:.1} m/s, more than {IMPLAUSIBLE_WIND} m/s");
        problems.add(
            Problem::warning(3110, text)
                .at_line(row.line, found.column + 1)
                .fix("check the unit in the header: km/h and m/s differ by 3.6"),
        );
    }
    Some(speed)
}

/// Direction in degrees; `None` in a calm and for a mistake, which is reported.
fn direction(row: &Row, column: usize, speed: Option<f64>, problems: &mut ProblemList) -> Option<f64> {
    let text = row.text(column);
    let is_calm = speed == Some(0.0);
    if ["c", "calm", "静风"].contains(&text.to_lowercase().as_str()) || text.is_empty() {
        if !is_calm {
            problems.add(
                row.mistake(3102, column, "is no direction although there is wind")
                    .fix("give the direction the wind comes from, or the speed 0 for a calm"),
            );
        }
        return None;
    }
    let point = POINTS.iter().position(|(name, chinese)| text.eq_ignore_ascii_case(name) || text == *chinese);
    let degrees = match point {
        // 16 points of 22.5 degrees each.
        Some(point) => point as f64 * 22.5,
        None if text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => {
            row.number(column, problems)?
        }
        None => {
            problems.add(
                row.mistake(3102, column, "is none of the 16 points of the compass")
                    .fix("write degrees from 0 to 360, or N, NNE, … (北, 北东北, …)"),
            );
            return None;
        }
    };
    if !(0.0..=360.0).contains(&degrees) {
        problems.add(
            row.mistake(3102, column, "is outside 0 to 360 degrees")
                .why("directions are degrees clockwise from north; marks like 999 mean missing data")
                .fix("correct it, or leave the line out"),
        );
        return None;
    }
    (!is_calm).then_some(degrees % 360.0)
}

fn stability(row: &Row, column: usize, problems: &mut ProblemList) -> Option<char> {
    let text = row.text(column);
    match text.to_ascii_uppercase().as_str() {
        "" => None,
        class @ ("A" | "B" | "C" | "D" | "E" | "F") => class.chars().next(),
        _ => {
            problems.add(
                row.mistake(3104, column, "is not a stability class").fix("write one of A, B, C, D, E, F"),
            );
            None
        }
    }
}

/// An optional number inside its range; an empty cell is nothing.
fn measured(row: &Row, found: Found, problems: &mut ProblemList) -> Option<f64> {
    if row.text(found.column).is_empty() {
        return None;
    }
    let value = found.unit.to_si(row.number(found.column, problems)?);
    let (least, most) = found.range;
    if (least..=most).contains(&value) {
        return Some(value);
    }
    problems.add(
        row.mistake(3105, found.column, &format!("is {value} in SI units; allowed are {least} to {most}"))
            .fix("check the unit in the header; leave the cell empty if it was not measured"),
    );
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Problems;

    fn read(text: &str) -> Result<WeatherFile> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("weather.csv");
        std::fs::write(&path, text).expect("a temporary file");
        read_weather(&path, "weather.csv")
    }

    fn sound(text: &str) -> WeatherFile {
        read(text).unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn codes(text: &str) -> Vec<(usize, u16)> {
        let Problems(problems) = read(text).expect_err("a mistake");
        problems.iter().map(|problem| (problem.place.line.unwrap_or(0), problem.code.0)).collect()
    }

    #[test]
    fn a_full_row_comes_in_si_units() {
        let file = sound(
            "time (UTC+8),风速(km/h),风向,气温(℃),pressure (hPa),rh (%),stability,cloud (tenths),\
             solar_radiation (W/m2),mixing_height_m\n\
             2026-01-01 08:00,36,北东北,10,1013.25,50,d,10,500,800\n",
        );
        let row = &file.rows[0];
        assert!((row.wind_speed - 10.0).abs() < 1e-12);
        assert_eq!(row.wind_direction, Some(22.5));
        assert_eq!(row.air_temperature, Some(283.15));
        assert!(row.pressure.is_some_and(|pressure| (pressure - 101_325.0).abs() < 1e-6));
        assert_eq!((row.relative_humidity, row.cloud_cover), (Some(0.5), Some(1.0)));
        assert_eq!(
            (row.stability, row.solar_irradiance, row.mixing_height),
            (Some('D'), Some(500.0), Some(800.0))
        );
        assert_eq!(file.start.map(|start| start.to_string()).as_deref(), Some("2026-01-01T00:00:00Z"));
        assert!(file.warnings.is_empty(), "{:?}", file.warnings);
    }

    #[test]
    fn sixteen_points_go_round_the_compass_in_both_languages() {
        for (index, (english, chinese)) in POINTS.iter().enumerate() {
            let text =
                format!("time_s,ws_m_s,wd\n0,1,{english}\n1,1,{chinese}\n2,1,{}\n", english.to_lowercase());
            for row in sound(&text).rows {
                assert_eq!(row.wind_direction, Some(index as f64 * 22.5), "{english} {chinese}");
            }
        }
    }

    #[test]
    fn a_calm_has_no_direction_and_north_is_zero() {
        let rows = sound("time_s,ws_m_s,wd\n0,0,\n1,0,C\n2,0,90\n3,1,360\n").rows;
        let found: Vec<_> = rows.iter().map(|row| row.wind_direction).collect();
        assert_eq!(found, [None, None, None, Some(0.0)]);
    }

    #[test]
    fn all_mistakes_are_told_at_once_with_their_lines() {
        let text = "time_s,wind_speed_m_s,wind_direction_deg,temp (degC),stability\n\
                    0,-1,90,20,D\n1,5,361,20,D\n2,5,north,20,D\n3,5,,20,D\n4,5,10,200,D\n5,5,10,,G\n6,200,10,20,A\n";
        let found = codes(text);
        assert_eq!(found, [(2, 3103), (3, 3102), (4, 3102), (5, 3102), (6, 3105), (7, 3104), (8, 3103)]);
    }

    #[test]
    fn missing_columns_and_units_are_named() {
        assert_eq!(codes("time_s,x\n0,1\n"), [(1, 3101), (1, 3101)]);
        assert_eq!(codes("time_s,wind_speed,wind_direction\n0,1,90\n"), [(1, 3011)]);
        assert_eq!(codes("time_s,wind_speed_m_s,wind_direction (m/s)\n0,1,90\n"), [(1, 3012)]);
        assert_eq!(codes("time_s,ws_m_s,wind_to_direction\n0,1,90\n"), [(1, 3101), (1, 3102)]);
    }

    #[test]
    fn a_speed_that_looks_like_another_unit_warns() {
        let file = sound("time_s,ws_m_s,wd,gust_m_s\n0,72,90,80\n");
        let found: Vec<_> = file.warnings.iter().map(|problem| problem.code.0).collect();
        assert_eq!(found, [3110, 3036]);
    }
}
