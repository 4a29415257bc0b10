//! Keys of a gas scenario.

use crate::error::{Problem, Problems};
use crate::gas::hazard::levels::{self, Level};
use crate::gas::product;
use crate::gas::source::gas_hole::{GasHole, ROUND_HOLE_COEFFICIENT};
use crate::gas::source::{self, ExitState, Release};
use crate::gas::substance::{self, Substance};
use crate::gas::weather::{
    CLASS_WIND_HEIGHT, Sky, Stability, Surroundings, Weather, stability, wind_exponent,
};
use crate::grid::{Crs, Grid};
use crate::run::gas::{GasCase, reach};
use crate::units::{CELSIUS_ZERO, STANDARD_PRESSURE};

use super::Context;
use super::quantity::Dimension;
use super::resolver::WeatherSample;
use super::section::Section;
use super::site::{Place, Site, read_place};

/// Cells along one side of the receptor grid when the scenario names none.
const DEFAULT_CELLS: f64 = 500.0;

/// Spread of the wind direction to either side, degrees: a planning preset, to be edited.
const DIRECTION_SPREAD_DEG: f64 = 30.0;

/// Temperature of the standard atmosphere at sea level, K (ISO 2533:1975).
const STANDARD_TEMPERATURE: f64 = CELSIUS_ZERO + 15.0;

/// Reads all sections of a gas scenario.
pub(super) fn read(
    root: &Section<'_>,
    site: Option<&Site>,
    context: &mut Context<'_, '_>,
) -> Option<GasCase> {
    let air = read_air(root);
    let pressure = air.as_ref().map_or(STANDARD_PRESSURE, |air| air.pressure);
    let source = read_source(root, pressure);
    let duration = source.as_ref().and_then(|source| source.duration);
    let weather = read_weather(root, air.as_ref(), duration, context);
    let zones = read_zones(root, source.as_ref().and_then(|source| source.substance));
    let receptors = read_receptors(root);
    let wanted = read_wanted(root);
    let (source, weather, zones, receptors) = (source?, weather?, zones?, receptors?);
    let place = source.place?;
    let crs = plane_of(root, site?, place)?;
    let (x, y) = place.in_crs(&crs)?;
    let release = Release {
        x,
        y,
        height: source.height,
        rate: source.rate?,
        duration: source.duration?,
        exit: source.exit,
        description: source.description,
    };
    // The grid is laid out last, because its default size follows from the reach of the cloud.
    let mut case = GasCase {
        title: context.title.clone(),
        grid: Grid { columns: 1, rows: 1, dx: 1.0, dy: 1.0, west: x, south: y, crs },
        substance: source.substance?.clone(),
        source: release,
        weather: weather.rows,
        receptor_height: receptors.height,
        averaging_time: zones.averaging_time,
        levels: zones.levels,
        accept_invalid: zones.accept_invalid,
        direction_known: weather.direction_known,
        wanted,
    };
    match receptors.extent.map_or_else(|| reach(&case).map(round_up), Ok) {
        Ok(extent) => case.grid = lay_out(&case, extent, receptors.cell),
        Err(Problems(problems)) => {
            problems.into_iter().for_each(|problem| root.reading.report(placed(root, problem)));
            return None;
        }
    }
    Some(case)
}

/// A mistake that the physics found, with the file it comes from.
fn placed(root: &Section<'_>, mut problem: Problem) -> Problem {
    problem.place.file.get_or_insert_with(|| root.reading.document.file.clone());
    problem
}

struct Source {
    substance: Option<&'static Substance>,
    place: Option<Place>,
    height: f64,
    rate: Option<f64>,
    duration: Option<f64>,
    exit: Option<ExitState>,
    description: String,
}

fn read_source(root: &Section<'_>, air_pressure: f64) -> Option<Source> {
    let section = root.section("source", "what leaks, where, how much");
    let kinds: Vec<&str> = source::ALL.iter().map(|kind| kind.name()).collect();
    let kind = section.required_choice("kind", &kinds, "kind of release");
    let substance = read_substance(&section);
    let place = read_place(&section, "at", "where the gas leaves");
    let height = section
        .quantity("height", Dimension::Length, "height of the leak above ground")
        .between(0.0, 500.0)
        .or(0.0, "0 m");
    let duration = section
        .quantity("duration", Dimension::Time, "until the leak is stopped or empty")
        .between(1.0, 1e7)
        .required();
    let inventory = section
        .quantity("inventory", Dimension::Mass, "all there is to leak; a longer leak is a mistake")
        .between(1e-6, 1e12)
        .optional();
    let describing = section.describing();
    let hole = (describing || kind == Some("gas_hole"))
        .then(|| read_hole(&section, substance, air_pressure))
        .flatten();
    let known = (describing || kind == Some("known_rate"))
        .then(|| {
            section
                .quantity("rate", Dimension::MassRate, "mass per time (with known_rate)")
                .between(1e-9, 5e4)
                .required()
        })
        .flatten();
    if kind.is_some() {
        section.finish();
    }
    let (rate, exit, description) = match (hole, known) {
        (Some((rate, exit, words)), _) => (Some(rate), Some(exit), words),
        (None, Some(rate)) => (Some(rate), None, format!("given rate of {rate} kg/s")),
        _ => (None, None, String::new()),
    };
    if let (Some(rate), Some(duration), Some(inventory)) = (rate, duration, inventory)
        && rate * duration > inventory
    {
        section.report(
            4321,
            "inventory",
            format!(
                "{rate:.3} kg/s for {duration} s is {:.1} kg, more than the {inventory} kg there are",
                rate * duration
            ),
            format!("the leak lasts at most {:.0} s: set source.duration to that", inventory / rate),
        );
    }
    Some(Source { substance, place, height, rate, duration, exit, description })
}

fn read_substance(section: &Section<'_>) -> Option<&'static Substance> {
    let name = section.required_text(
        "substance",
        "name, Chinese name or CAS number; see tuiyan list substances",
        "natural gas",
    )?;
    match substance::find(name) {
        Ok(substance) => Some(substance),
        Err(Problems(problems)) => {
            for problem in problems {
                let placed = section.problem(problem.code.0, "substance", problem.text.clone());
                section.reading.report(Problem { fix: problem.fix.clone(), ..placed });
            }
            None
        }
    }
}

fn read_hole(
    section: &Section<'_>,
    substance: Option<&'static Substance>,
    air_pressure: f64,
) -> Option<(f64, ExitState, String)> {
    let length = |key: &str, meaning: &str| {
        section.quantity(key, Dimension::Length, meaning).between(1e-4, 3.0).optional()
    };
    let pipe = length("pipe_diameter", "inner diameter of the pipe");
    let hole = length("hole_diameter", "diameter of the hole");
    let full_bore =
        section.flag("full_bore", false, "the pipe is broken right through: the hole is the pipe");
    let gauge = section
        .quantity("gauge_pressure", Dimension::Pressure, "pressure above the air's, as a gauge shows it")
        .between(1.0, 1e8)
        .optional();
    let absolute = section
        .quantity("absolute_pressure", Dimension::Pressure, "pressure above vacuum")
        .between(1.0, 1e8)
        .optional();
    let temperature = section
        .quantity(
            "temperature",
            Dimension::Temperature,
            "temperature of the gas behind the hole (with gas_hole)",
        )
        .between(150.0, 700.0)
        .required();
    let coefficient = section
        .number(
            "discharge_coefficient",
            "share of the ideal flow; 1.00 for a round hole after HJ 169-2018 F.2, an upper bound",
        )
        .between(0.1, 1.0)
        .or(ROUND_HOLE_COEFFICIENT, "1.0");
    let compressibility = section
        .number("compressibility", "compressibility factor of the gas behind the hole; 1 for an ideal gas")
        .between(0.1, 3.0)
        .or(1.0, "1.0");
    if section.describing() {
        return None;
    }
    let pressure = one_pressure(section, gauge, absolute, air_pressure);
    let diameter = one_diameter(section, hole, pipe, full_bore);
    let (substance, pressure, diameter, temperature) = (substance?, pressure?, diameter?, temperature?);
    let hole = GasHole {
        diameter,
        pressure,
        temperature,
        discharge_coefficient: coefficient,
        compressibility,
        pipe_diameter: pipe,
    };
    match hole.outflow(substance, air_pressure) {
        Ok(outflow) => {
            for warning in &outflow.warnings {
                let placed = section.warning(warning.code.0, "full_bore", warning.text.clone());
                let place = placed.place;
                section.reading.report(Problem { place, ..warning.clone() });
            }
            let words = format!(
                "{} through {:.0} mm at {:.3} MPa absolute, {}",
                if full_bore { "full bore" } else { "hole" },
                diameter * 1e3,
                pressure / 1e6,
                if outflow.exit.choked { "choked" } else { "subsonic" }
            );
            Some((outflow.rate, outflow.exit, words))
        }
        Err(Problems(problems)) => {
            for problem in problems {
                let place = section.problem(problem.code.0, "kind", "").place;
                section.reading.report(Problem { place, ..problem });
            }
            None
        }
    }
}

fn one_pressure(section: &Section<'_>, gauge: Option<f64>, absolute: Option<f64>, air: f64) -> Option<f64> {
    if section.has("gauge_pressure") == section.has("absolute_pressure") {
        section.report(
            1020,
            "gauge_pressure",
            "the pressure is missing or given twice",
            "add gauge_pressure = \"0.4 MPa\" (as a gauge shows it) or absolute_pressure = \"0.5 MPa\"",
        );
        return None;
    }
    gauge.map(|gauge| gauge + air).or(absolute)
}

fn one_diameter(section: &Section<'_>, hole: Option<f64>, pipe: Option<f64>, full_bore: bool) -> Option<f64> {
    if full_bore && section.has("hole_diameter") {
        section.report(
            1020,
            "hole_diameter",
            "the hole is given twice: full_bore is true",
            "keep one of the two",
        );
        return None;
    }
    let (key, diameter) = if full_bore { ("pipe_diameter", pipe) } else { ("hole_diameter", hole) };
    if !section.has(key) {
        section.report(1012, key, "the size of the hole is missing", format!("add {key} = \"20 mm\""));
    }
    diameter
}

/// What the air is like, the same for all rows of weather.
struct Air {
    temperature: f64,
    pressure: f64,
    surroundings: Option<Surroundings>,
    mixing_height: Option<f64>,
    spread_deg: f64,
    wind_height: f64,
}

fn read_air(root: &Section<'_>) -> Option<Air> {
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

struct WeatherRows {
    rows: Vec<Weather>,
    direction_known: bool,
}

fn read_weather(
    root: &Section<'_>,
    air: Option<&Air>,
    duration: Option<f64>,
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
    let sky = read_sky(&section);
    let file = section
        .text("file", "CSV of weather rows instead of wind_speed and wind_from; the zones cover all rows");
    for known in [
        "air_temperature",
        "air_pressure",
        "surroundings",
        "mixing_height",
        "direction_spread",
        "wind_height",
    ] {
        section.know(known);
    }
    section.finish();
    if section.describing() {
        return None;
    }
    let air = air?;
    let samples = match file {
        Some(path) => rows_of_file(&section, path, duration, context)?,
        None => vec![constant_row(&section, speed, from, unknown)?],
    };
    let rows: Option<Vec<Weather>> = samples.iter().map(|row| weather_row(&section, row, sky, air)).collect();
    Some(WeatherRows { rows: rows?, direction_known: !unknown })
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
    let shift = super::forcing::shift_to_start(section, "file", read.start, context)?;
    let duration = duration?;
    let begins = |row: &WeatherSample| row.time + shift;
    // A row holds until the next one.
    let first = read.rows.iter().rposition(|row| begins(row) <= 0.0);
    let rows: Vec<WeatherSample> = read
        .rows
        .iter()
        .enumerate()
        .filter(|(i, row)| begins(row) < duration && first.is_none_or(|first| *i >= first))
        .map(|(_, row)| row.clone())
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
    let calm = rows.iter().find(|row| row.wind_direction_deg.is_none());
    if let Some(row) = calm {
        section.report(
            3309,
            "file",
            format!("calm at {} s: a plume needs a wind", row.time),
            "treat it as calm: keep people away on all sides",
        );
        return None;
    }
    Some(rows)
}

fn constant_row(
    section: &Section<'_>,
    speed: Option<f64>,
    from: Option<f64>,
    unknown: bool,
) -> Option<WeatherSample> {
    for (key, example) in [("wind_speed", "\"2 m/s\""), ("wind_from", "\"NNE\", or \"unknown\"")] {
        if !section.has(key) {
            section.report(1012, key, "missing in [weather]", format!("add {key} = {example}"));
        }
    }
    let direction = if unknown { 0.0 } else { from? };
    Some(WeatherSample {
        wind_speed: speed?,
        wind_direction_deg: Some(direction),
        ..WeatherSample::default()
    })
}

/// The stability class, or the sky it follows from.
#[derive(Debug, Clone, Copy)]
enum Turbulence {
    Class(Stability),
    Sky(Sky),
}

fn read_sky(section: &Section<'_>) -> Option<Turbulence> {
    let letters = ["A", "B", "C", "D", "E", "F"];
    let class = section.choice("stability", &letters, "Pasquill class, if it is known");
    let sun = section.choice(
        "sun",
        &["strong", "moderate", "slight", "overcast"],
        "by day: strength of the sun, or overcast; gives the class with the wind",
    );
    let cloud = section
        .number(
            "night_cloud_eighths",
            "by night: share of the sky under cloud, 0 to 8; gives the class with the wind",
        )
        .between(0.0, 8.0)
        .optional();
    let given = ["stability", "sun", "night_cloud_eighths"].iter().filter(|key| section.has(key)).count();
    if given > 1 {
        section.report(
            1020,
            "stability",
            "more than one of stability, sun, night_cloud_eighths",
            "keep one of the three",
        );
        return None;
    }
    class
        .and_then(|letter| letter.chars().next())
        .and_then(Stability::from_letter)
        .map(Turbulence::Class)
        .or_else(|| {
            sun.map(|sun| {
                Turbulence::Sky(match sun {
                    "strong" => Sky::StrongSun,
                    "moderate" => Sky::ModerateSun,
                    "slight" => Sky::SlightSun,
                    _ => Sky::Overcast,
                })
            })
        })
        .or_else(|| cloud.map(|cloud_eighths| Turbulence::Sky(Sky::Night { cloud_eighths })))
}

fn weather_row(
    section: &Section<'_>,
    row: &WeatherSample,
    sky: Option<Turbulence>,
    air: &Air,
) -> Option<Weather> {
    let surroundings = air.surroundings?;
    let speed = row.wind_speed;
    let own = row.stability.and_then(Stability::from_letter).map(Turbulence::Class);
    let class = match own.or(sky) {
        Some(Turbulence::Class(class)) => class,
        Some(Turbulence::Sky(sky)) => {
            // The table of classes wants the wind at 10 m; neutral air is a fair profile for that step.
            let exponent = wind_exponent(Stability::D, surroundings);
            stability(speed * (CLASS_WIND_HEIGHT / air.wind_height).powf(exponent), sky)
        }
        None => {
            if !["stability", "sun", "night_cloud_eighths"].iter().any(|key| section.has(key)) {
                section.report(
                    1012,
                    "stability",
                    "it is not said how turbulent the air is",
                    "add sun = \"slight\" (strong, moderate, slight, overcast), night_cloud_eighths = 2, or stability = \"D\"",
                );
            }
            return None;
        }
    };
    Some(Weather {
        wind_speed: speed,
        reference_height: air.wind_height,
        wind_direction_deg: row.wind_direction_deg?,
        stability: class,
        air_temperature: row.air_temperature.unwrap_or(air.temperature),
        pressure: row.air_pressure.unwrap_or(air.pressure),
        mixing_height: row.mixing_height.or(air.mixing_height),
        surroundings,
        direction_spread_deg: air.spread_deg,
    })
}

struct Zones {
    levels: Vec<Level>,
    averaging_time: f64,
    accept_invalid: bool,
}

fn read_zones(root: &Section<'_>, substance: Option<&'static Substance>) -> Option<Zones> {
    let section = root.section("zones", "levels of concern");
    let names = section.texts(
        "levels",
        &[],
        "e.g. \"AEGL-2 60 min\", \"ERPG-2\", \"IDLH\", \"20 % LEL\", \"100 % LEL\"",
    );
    let averaging_time = section
        .quantity(
            "averaging_time",
            Dimension::Time,
            "over which the concentration is a mean; longer is wider and weaker",
        )
        .between(1.0, 3600.0)
        .or(600.0, "10 min");
    let accept_invalid = section.flag(
        "accept_invalid",
        false,
        "draw zones although the model does not hold for this cloud; they are marked as not valid",
    );
    section.finish();
    if section.describing() {
        return None;
    }
    if names.as_ref().is_none_or(Vec::is_empty) {
        section.report(
            1012,
            "levels",
            "no level of concern",
            "add [zones] levels = [\"20 % LEL\", \"100 % LEL\"]",
        );
        return None;
    }
    let substance = substance?;
    let mut found = Vec::new();
    for (name, place) in names? {
        match levels::level(substance, &name) {
            Ok(level) => found.push(level),
            Err(Problems(problems)) => {
                for problem in problems {
                    section.reading.report(Problem { place: place.place.clone(), ..problem });
                }
            }
        }
    }
    (!found.is_empty()).then_some(Zones { levels: found, averaging_time, accept_invalid })
}

struct Receptors {
    height: f64,
    extent: Option<f64>,
    cell: Option<f64>,
}

fn read_receptors(root: &Section<'_>) -> Option<Receptors> {
    let section = root.section("receptors", "where the concentration is computed");
    let height = section
        .quantity("height", Dimension::Length, "height of a breathing person")
        .between(0.0, 200.0)
        .or(1.5, "1.5 m");
    let extent = section
        .quantity(
            "extent",
            Dimension::Length,
            "half the side of the square around the source; follows from the reach of the cloud when absent",
        )
        .between(10.0, 50_000.0)
        .optional();
    let cell = section
        .quantity("cell", Dimension::Length, "cell size; a 500th of the side when absent")
        .between(0.1, 1000.0)
        .optional();
    section.finish();
    if let (Some(extent), Some(cell)) = (extent, cell)
        && 2.0 * extent / cell > MOST_CELLS_PER_SIDE
    {
        section.report(
            1018,
            "cell",
            format!("{:.0} cells along one side", 2.0 * extent / cell),
            format!("at most {MOST_CELLS_PER_SIDE}: use larger cells or a smaller extent"),
        );
        return None;
    }
    Some(Receptors { height, extent, cell })
}

/// Cells along one side that still fit into a computer's memory and a picture.
const MOST_CELLS_PER_SIDE: f64 = 20_000.0;

fn read_wanted(root: &Section<'_>) -> Vec<String> {
    let section = root.section("products", "what to make of the run");
    let names: Vec<&str> = product::ALL.iter().map(|product| product.name()).collect();
    let wanted = section.texts("wanted", &names, "products to make; all when absent");
    if !section.describing() {
        section.finish();
    }
    wanted.map_or_else(
        || names.iter().map(|&name| name.to_owned()).collect(),
        |wanted| wanted.into_iter().map(|name| name.0).collect(),
    )
}

/// The plane in metres in which the receptors lie.
fn plane_of(root: &Section<'_>, site: &Site, place: Place) -> Option<Crs> {
    match (&site.crs, place) {
        (Some(crs), Place::LonLat(at)) if crs.is_geographic() => Crs::utm_zone_of(at).ok(),
        (None, Place::LonLat(at)) => Crs::utm_zone_of(at).ok(),
        (Some(crs), _) if !crs.is_geographic() => Some(crs.clone()),
        _ => {
            root.report(
                2202,
                "site",
                "x_m and y_m need a coordinate reference in metres",
                "add [site] crs = \"EPSG:32649\" (or \"local\"), or give lon and lat",
            );
            None
        }
    }
}

/// A square grid around the source, its centre cell on the source.
fn lay_out(case: &GasCase, extent: f64, cell: Option<f64>) -> Grid {
    let cell = cell.unwrap_or(2.0 * extent / DEFAULT_CELLS);
    let half = (extent / cell).ceil().max(1.0);
    let side = 2 * half as usize + 1;
    let (x, y) = (case.source.x, case.source.y);
    let corner = (half + 0.5) * cell;
    Grid {
        columns: side,
        rows: side,
        dx: cell,
        dy: cell,
        west: x - corner,
        south: y - corner,
        crs: case.grid.crs.clone(),
    }
}

/// Next number of the form 1, 2, 2.5 or 5 times a power of ten.
fn round_up(value: f64) -> f64 {
    let power = 10f64.powf(value.max(1.0).log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|step| step * power)
        .find(|&step| step >= value)
        .unwrap_or(10.0 * power)
}
