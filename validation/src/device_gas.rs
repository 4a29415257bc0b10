//! Clouds of puffs on the graphics devices of this machine.

use sim_core::error::Result;
use sim_core::gas::hazard::levels::level;
use sim_core::gas::source::known_rate;
use sim_core::gas::substance::find;
use sim_core::gas::weather::{Stability, Surroundings, Weather, WindProfile};
use sim_core::grid::{Crs, Grid};
use sim_core::product::{Layer, Value};
use sim_core::run::Unobserved;
use sim_core::run::gas::backend::{Processor, PuffBackend};
use sim_core::run::gas::{GasCase, GasOutcome, HeavyAir, Transport, Wishes, disperse_on};
use sim_gpu::gas::PuffDevice;

use crate::{Answer, Case, Effort, Findings, Reading, Settings, case};

/// The case.
pub(crate) const CASES: [Case; 1] = [case!("device-puffs", "devices", Quick, clouds)];

/// Largest difference of a concentration, as a share of the largest.
const CONCENTRATION_TOLERANCE: f64 = 1e-4;

/// Largest difference of the area of a zone, as a share of it.
const AREA_TOLERANCE: f64 = 1e-3;

/// Share of the cells at most in which a level arrives on one and not on the other.
const ARRIVAL_TOLERANCE: f64 = 1e-3;

/// Whole clouds on every device beside the same clouds of the engine.
fn clouds(_: &Settings) -> Result<Answer> {
    let adapters = sim_gpu::adapters();
    if adapters.is_empty() {
        return Ok(Err("this machine has no Vulkan, Metal or Direct3D device".into()));
    }
    let mut findings = Findings::default();
    for index in 0..adapters.len() {
        let mut device = PuffDevice::open(index)?;
        for (name, case) in [turning_wind()?, under_a_lid()?, through_a_calm()?] {
            findings.readings.extend(beside(name, &case, &mut device)?);
        }
    }
    Ok(Ok(findings))
}

/// What one cloud gives on one device.
fn beside(name: &str, case: &GasCase, device: &mut PuffDevice) -> Result<Vec<Reading>> {
    let expected = run(case, &mut Processor::default())?;
    let found = run(case, device)?;
    let again = run(case, device)?;
    let effort = Effort { cells: case.grid.cells(), steps: found.steps, wall_seconds: found.wall_seconds };
    let label = |measure: &str| format!("{name}, {measure}: {}", device.name());
    let (ours, theirs) = (raster(&found, "concentration_ppm"), raster(&expected, "concentration_ppm"));
    let largest = theirs.iter().copied().filter(|value| !value.is_nan()).fold(0.0, f64::max);
    let off = |(a, b): (&f64, &f64)| if a.is_nan() && b.is_nan() { 0.0 } else { (a - b).abs() };
    let concentration = worst(ours.iter().zip(&theirs).map(off)) / largest;
    // A level that is reached nowhere has no area on either.
    let off = |(ours, theirs): (f64, f64)| if ours == theirs { 0.0 } else { ours / theirs - 1.0 };
    let areas = areas(&found).into_iter().zip(areas(&expected)).map(off);
    let (ours, theirs) = (raster(&found, "arrival_time"), raster(&expected, "arrival_time"));
    let apart = ours.iter().zip(&theirs).filter(|(a, b)| a.is_nan() != b.is_nan()).count();
    let bits = |outcome: &GasOutcome, name: &str| {
        raster(outcome, name).iter().map(|value| value.to_bits()).collect::<Vec<u64>>()
    };
    let moved = |name: &str| {
        let (first, second) = (bits(&found, name), bits(&again, name));
        first.iter().zip(&second).filter(|(a, b)| a != b).count()
    };
    let changed = moved("concentration_ppm") + moved("arrival_time");
    let readings = vec![
        Reading::at_most(label("concentrations"), concentration, "1", CONCENTRATION_TOLERANCE),
        Reading::at_most(label("areas of zones"), worst(areas), "1", AREA_TOLERANCE),
        Reading::at_most(label("arrivals"), apart as f64 / case.grid.cells() as f64, "1", ARRIVAL_TOLERANCE),
        Reading::at_most(label("cells changed by a second run"), changed as f64, "1", 0.0),
    ];
    Ok(readings.into_iter().map(|reading| reading.of(effort)).collect())
}

/// Largest size; infinite where one is no number.
fn worst(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|value| if value.is_nan() { f64::INFINITY } else { value.abs() }).fold(0.0, f64::max)
}

fn run(case: &GasCase, backend: &mut dyn PuffBackend) -> Result<GasOutcome> {
    disperse_on(case, &mut Unobserved, backend)
}

fn raster(outcome: &GasOutcome, name: &str) -> Vec<f64> {
    match outcome.products.layer(name) {
        Some(Layer::Raster(raster)) => raster.values.iter().copied().collect(),
        _ => Vec::new(),
    }
}

/// Areas of the zones, m².
fn areas(outcome: &GasOutcome) -> Vec<f64> {
    let Some(Layer::Table(table)) = outcome.products.layer("zones") else { return vec![f64::NAN] };
    let Some(column) = table.columns.iter().position(|column| column.name == "area_m2") else {
        return vec![f64::NAN];
    };
    let area = |row: &Vec<Value>| match row[column] {
        Value::Number(area) => area,
        _ => f64::NAN,
    };
    table.rows.iter().map(area).collect()
}

/// A cloud with its name.
type Named = (&'static str, GasCase);

fn wind(speed: f64, from_deg: f64, stability: Stability) -> Weather {
    Weather {
        wind_speed: speed,
        reference_height: 10.0,
        wind_direction_deg: from_deg,
        stability,
        air_temperature: 288.15,
        pressure: 101_325.0,
        mixing_height: None,
        surroundings: Surroundings::Rural,
        profile: WindProfile::Power,
        direction_spread_deg: 20.0,
    }
}

/// A release of ten minutes at a height, amid a kilometre of receptors.
fn release(substance: &str, (rate, height): (f64, f64), levels: &[&str]) -> Result<GasCase> {
    let substance = find(substance)?.clone();
    Ok(GasCase {
        title: String::new(),
        grid: Grid {
            columns: 133,
            rows: 101,
            dx: 8.0,
            dy: 8.0,
            west: 412_300.0,
            south: 3_456_700.0,
            crs: Crs::local(),
        },
        levels: levels.iter().map(|name| level(&substance, name)).collect::<Result<_>>()?,
        source: known_rate::release((412_700.0, 3_457_000.0), height, rate, 600.0),
        substance,
        weather: Vec::new(),
        weather_times: Vec::new(),
        transport: Transport::Puffs,
        coefficients: None,
        deposition_velocity: 0.0,
        ground: None,
        compare: false,
        heavy: HeavyAir {
            roughness: 0.03,
            relative_humidity: 0.5,
            ground_temperature: None,
            hands_over: false,
        },
        receptor_height: 1.5,
        averaging_time: 600.0,
        accept_invalid: true,
        direction_known: true,
        receptors: Vec::new(),
        exposure: Vec::new(),
        wishes: Wishes::default(),
        wanted: ["concentration_ppm", "arrival_time", "zones"].map(str::to_owned).to_vec(),
    })
}

fn turning_wind() -> Result<Named> {
    let mut case = release("carbon monoxide", (1.0, 2.0), &["AEGL-2 10 min", "AEGL-3 10 min"])?;
    for (row, from_deg) in [270.0, 250.0, 230.0, 200.0, 180.0].into_iter().enumerate() {
        case.weather.push(wind(3.0, from_deg, Stability::D));
        case.weather_times.push(120.0 * row as f64);
    }
    Ok(("turning wind", case))
}

fn under_a_lid() -> Result<Named> {
    let mut case = release("ammonia", (4.0, 30.0), &["100 ppm", "lethality 1 %", "AEGL-2 10 min"])?;
    case.weather = vec![Weather { mixing_height: Some(90.0), ..wind(2.5, 250.0, Stability::B) }];
    case.weather_times = vec![0.0];
    Ok(("under a lid", case))
}

fn through_a_calm() -> Result<Named> {
    let mut case = release("SO2", (0.5, 1.0), &["AEGL-2 10 min", "AEGL-3 10 min"])?;
    case.weather =
        vec![wind(2.0, 240.0, Stability::F), wind(0.2, 240.0, Stability::F), wind(2.5, 300.0, Stability::E)];
    case.weather_times = vec![0.0, 200.0, 320.0];
    Ok(("through a calm", case))
}
