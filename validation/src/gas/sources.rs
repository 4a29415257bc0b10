//! Cases of sources: what leaks, how fast, for how long, against laws and published numbers.

use std::f64::consts::{FRAC_PI_4, PI};
use std::time::Instant;

use sim_core::error::Result;
use sim_core::gas::source::city_gas::{self, Damage};
use sim_core::gas::source::evaporation::{Mass, Wind};
use sim_core::gas::source::fanno::{FedPipe, stagnation_ratio};
use sim_core::gas::source::flash::flash_share;
use sim_core::gas::source::gas_hole::{GasHole, critical_pressure_ratio};
use sim_core::gas::source::history::{History, State};
use sim_core::gas::source::hj169::{self, CONCRETE};
use sim_core::gas::source::liquid_outflow::{LiquidOutflow, Tank};
use sim_core::gas::source::nozzle::Stagnation;
use sim_core::gas::source::pipeline_blowdown::{Feed, Opening, PipelineBlowdown, rough_friction_factor};
use sim_core::gas::source::pool::{Bed, Pool, Radiation};
use sim_core::gas::source::relief_valve::relief_rate;
use sim_core::gas::source::two_phase::{OmegaInlet, TwoPhaseDischarge};
use sim_core::gas::source::vessel_blowdown::{HeatExchange, VesselBlowdown};
use sim_core::gas::substance;
use sim_core::units::{FOOT, GAS_CONSTANT, GRAVITY, STANDARD_PRESSURE};

use crate::{Answer, Case, Effort, Findings, Reading, Settings, case};

/// Cases in the order in which they are printed.
pub(crate) const CASES: [Case; 12] = [
    case!("weak-methane", "gas", Quick, weak_methane),
    case!("real-gas-hole", "gas", Quick, real_gas_hole),
    case!("pipe-friction", "gas", Quick, pipe_friction),
    case!("pipeline-blowdown", "gas", Quick, pipeline_blowdown),
    case!("vessel-blowdown", "gas", Quick, vessel_blowdown),
    case!("liquid-outflow", "gas", Quick, liquid_outflow),
    case!("two-phase", "gas", Quick, two_phase),
    case!("flash-share", "gas", Quick, flashed),
    case!("pool-boiling", "gas", Quick, pool_boiling),
    case!("pool-evaporation", "gas", Quick, pool_evaporation),
    case!("relief-valve", "gas", Quick, relief_valve),
    case!("city-gas", "gas", Quick, city_mains),
];

const AIR: f64 = STANDARD_PRESSURE;

/// The trials of Desert Tortoise: orifice, m²; temperature, K; air pressure, atm; rate, kg/s (epa450).
const DESERT_TORTOISE: [(f64, f64, f64, f64); 3] =
    [(0.0052, 294.65, 0.897, 81.0), (0.0070, 293.25, 0.898, 117.3), (0.0070, 297.25, 0.891, 107.9)];

pub(super) fn findings(readings: Vec<Reading>, begun: Instant) -> Result<Answer> {
    let effort = Effort { cells: 1, steps: 1, wall_seconds: begun.elapsed().as_secs_f64() };
    let readings = readings.into_iter().map(|reading| reading.of(effort)).collect();
    Ok(Ok(Findings { readings, figures: Vec::new() }))
}

/// A relative difference that must stay below a bound.
pub(super) fn difference(name: &str, value: f64, exact: f64, tolerance: f64) -> Reading {
    Reading::at_most(format!("{name}, relative difference"), value / exact - 1.0, "1", tolerance)
}

fn weak_methane(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let methane = substance::find("methane")?;
    let rate = |pressure: f64| Ok(GasHole::round(0.02, pressure, 288.15).outflow(methane, AIR)?.rate);
    let (area, gamma) = (FRAC_PI_4 * 0.02 * 0.02, methane.heat_capacity_ratio.at(288.15));
    let weak: Result<f64> = rate(AIR + 2000.0);
    let guideline = hj169::gas_rate(1.0, area, AIR + 2000.0, AIR, methane.molar_mass.value, gamma, 288.15);
    let slow = area * (2.0 * 2000.0 * methane.gas_density(288.15, AIR)).sqrt();
    let critical = AIR / critical_pressure_ratio(gamma);
    let (below, above): (Result<f64>, Result<f64>) =
        (rate(critical * (1.0 - 1e-9)), rate(critical * (1.0 + 1e-9)));
    let weak = weak?;
    findings(
        vec![
            difference("rate against HJ 169 F.2 to F.5", weak, guideline, 1e-3),
            difference("rate against slow flow", weak, slow, 0.02),
            difference("step of the rate where it chokes", below?, above?, 1e-7),
        ],
        begun,
    )
}

fn real_gas_hole(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let mut readings = Vec::new();
    for (name, published) in [("methane", 0.218_77), ("propane", 0.351_97)] {
        let gas = substance::find(name)?;
        let hole = GasHole::round(0.02, 400_000.0, 288.15).with_real_gas(gas)?;
        readings.push(difference(&format!("rate of {name}"), hole.outflow(gas, AIR)?.rate, published, 0.02));
    }
    findings(readings, begun)
}

fn pipe_friction(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let source =
        Stagnation { pressure: 4e6, temperature: 288.15, heat_capacity_ratio: 1.31, gas_constant: 518.3 };
    let pipe = FedPipe { source, pipe_area: 0.2, friction: 2000.0, hole_area: 0.03 * 0.2 };
    let flow = pipe.flow(AIR);
    let squares = source.pressure.powi(2) - flow.pressure_at_hole.powi(2);
    let isothermal =
        pipe.pipe_area * (squares / (pipe.friction * source.gas_constant * source.temperature)).sqrt();
    findings(
        vec![
            difference("rate against isothermal flow", flow.rate, isothermal, 0.005),
            difference("stagnation pressure ratio at Mach 0.2", stagnation_ratio(0.2, 1.4), 2.9635, 1e-4),
            difference("stagnation pressure ratio at Mach 0.5", stagnation_ratio(0.5, 1.4), 1.3398, 1e-4),
        ],
        begun,
    )
}

fn pipeline_blowdown(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let methane = substance::find("methane")?;
    let line = PipelineBlowdown {
        pipe_diameter: 0.5,
        roughness: 5e-5,
        upstream_length: 100_000.0,
        downstream_length: 0.0,
        pressure: 4e6,
        temperature: 288.15,
        compressibility: 1.0,
        opening: Opening::Rupture,
        discharge_coefficient: 1.0,
        feed: Feed::ShutOff,
    };
    let history = line.release(methane, AIR)?.history;
    let gamma = methane.heat_capacity_ratio.at(288.15);
    let gas_constant = GAS_CONSTANT / methane.molar_mass.value;
    let sound = (gamma * gas_constant * 288.15).sqrt();
    let friction = rough_friction_factor(5e-5 / 0.5);
    let constant = 0.67 * (gamma * friction * 100_000.0 / 0.5).sqrt() * 100_000.0 / sound;
    // Long after the first exponential is gone the logarithm of the rate falls along a straight line.
    let (early, late) = (0.5 * constant, 1.5 * constant);
    let read = (late - early) / (history.rate_at(early) / history.rate_at(late)).ln();
    let content = 4e6 / (gas_constant * 288.15) * FRAC_PI_4 * 0.25 * 100_000.0;
    findings(
        vec![
            difference("time constant", read, constant, 0.03),
            difference("mass released", history.total(), content * (1.0 - AIR / 4e6), 1e-3),
        ],
        begun,
    )
}

fn vessel_blowdown(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let methane = substance::find("methane")?;
    let gamma = methane.heat_capacity_ratio.at(300.0);
    let full = 10.0 * methane.gas_density(300.0, 3e6);
    let mut readings = Vec::new();
    for (name, heat_exchange) in
        [("isothermal", HeatExchange::Isothermal), ("adiabatic", HeatExchange::Adiabatic)]
    {
        let vessel = VesselBlowdown { volume: 10.0, hole: GasHole::round(0.02, 3e6, 300.0), heat_exchange };
        let history = vessel.release(methane, AIR)?.history;
        let first = history.rate_at(0.0);
        let exact = |share: f64| match heat_exchange {
            HeatExchange::Isothermal => (-share).exp(),
            HeatExchange::Adiabatic => {
                (1.0 + 0.5 * (gamma - 1.0) * share).powf(-(gamma + 1.0) / (gamma - 1.0))
            }
        };
        let off = |share: f64| (history.rate_at(share * full / first) / first / exact(share) - 1.0).abs();
        let worst = [0.2, 0.7, 1.3].map(off).into_iter().fold(0.0, f64::max);
        let left = match heat_exchange {
            HeatExchange::Isothermal => AIR / 3e6,
            HeatExchange::Adiabatic => (AIR / 3e6_f64).powf(1.0 / gamma),
        };
        readings.push(Reading::at_most(
            format!("{name}, largest relative difference of the rate"),
            worst,
            "1",
            2e-3,
        ));
        readings.push(difference(&format!("{name}, mass"), history.total(), full * (1.0 - left), 1e-9));
    }
    findings(readings, begun)
}

fn liquid_outflow(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let tank = LiquidOutflow {
        tank: Tank::Upright { diameter: 3.0, height: 5.0 },
        level: 4.0,
        hole_height: 0.5,
        hole_diameter: 0.04,
        discharge_coefficient: 0.62,
        overpressure: 0.0,
        temperature: 298.15,
        stopped_after: None,
    };
    let toluene = substance::find("toluene")?;
    let history = tank.release(toluene, AIR)?.history;
    let empty_after = (3.0_f64 / 0.04).powi(2) / 0.62 * (2.0 * 3.5 / GRAVITY).sqrt();
    let density = toluene.liquid()?.density(298.15);
    let guideline = hj169::liquid_rate(0.62, FRAC_PI_4 * 0.04 * 0.04, density, 0.0, 3.5);
    let first = history.rate_at(0.0);
    findings(
        vec![
            difference("time until it is empty", history.end(), empty_after, 1e-9),
            difference("rate at half time", history.rate_at(0.5 * history.end()), 0.5 * first, 1e-9),
            difference("first rate against HJ 169 F.1", first, guideline, 2e-4),
        ],
        begun,
    )
}

fn two_phase(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    // api520 annex C.2.2: 5.564 bar, 0.01945 m³/kg, 0.02265 m³/kg at nine tenths of it, against 2.045 bar.
    let mixture = OmegaInlet {
        pressure: 556_400.0,
        saturation_pressure: 556_400.0,
        volume: 0.01945,
        omega: 9.0 * (0.022_65 / 0.019_45 - 1.0),
    };
    let boiling = 216_560.0 / 3600.0 / (0.85 * mixture.flow(204_500.0).mass_flux);
    // Annex C.2.3: 20.733 bar, saturation 7.419 bar, 511.3 and 262.7 kg/m³, 378.5 l/min.
    let cold = OmegaInlet {
        pressure: 2_073_300.0,
        saturation_pressure: 741_900.0,
        volume: 1.0 / 511.3,
        omega: 9.0 * (511.3 / 262.7 - 1.0),
    };
    let subcooled = 0.3785 / 60.0 * 511.3 / (0.65 * cold.flow(170_300.0).mass_flux);
    let ammonia = substance::find("ammonia")?;
    let mut between = 0;
    for (area, temperature, atmospheres, seen) in DESERT_TORTOISE {
        let hole = TwoPhaseDischarge {
            hole_diameter: (4.0 * area / PI).sqrt(),
            discharge_coefficient: 0.85,
            pressure: None,
            temperature,
            inventory: 4e4,
            stopped_after: None,
        };
        let term = hole.release(ammonia, atmospheres * AIR)?;
        let most = term.fact("rate if it does not boil in the hole").unwrap_or(f64::NAN);
        between += usize::from(term.history.rate_at(0.0) < seen && seen < most);
    }
    let share = between as f64 / DESERT_TORTOISE.len() as f64;
    findings(
        vec![
            difference("area for a boiling mixture", boiling, 0.0245, 0.005),
            difference("area for a subcooled liquid", subcooled, 135e-6, 0.01),
            Reading::at_least("share of Desert Tortoise between the bounds", share, "1", 1.0),
        ],
        begun,
    )
}

fn flashed(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let ammonia = substance::find("ammonia")?.liquid()?;
    let readings = DESERT_TORTOISE.map(|(_, temperature, atmospheres, _)| {
        let share = flash_share(&ammonia, temperature, atmospheres * AIR);
        Reading::within(format!("share of vapour from {temperature} K"), share, "1", 0.17, 0.015)
    });
    findings(readings.to_vec(), begun)
}

/// A pool of LNG that is fed for some time.
fn lng(bed: Bed, rate: f64, duration: f64, wind_speed: f64) -> Result<Pool> {
    let state = State { temperature: 111.6, vapour_share: 0.0, velocity: 0.0, density: 420.0 };
    Ok(Pool {
        feed: History::steady(rate, duration, state)?,
        bed,
        bed_temperature: 293.15,
        bund_area: Some(100.0),
        wind: Wind { speed: wind_speed, exponent: 0.142 },
        mass: Mass::Brighton,
        air_temperature: 293.15,
        air_pressure: AIR,
        radiation: Radiation::NONE,
        duration: 3600.0,
    })
}

fn pool_boiling(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let methane = substance::find("methane")?;
    let water = lng(Bed::Water { least_depth: 0.002 }, 500.0, 60.0, 3.0)?.release(methane)?;
    let ground =
        lng(Bed::Land { ground: CONCRETE, least_depth: 0.005 }, 1000.0, 10.0, 0.1)?.release(methane)?;
    let boiling = methane.boiling_point.value;
    let latent = methane.liquid()?.heat_of_vaporization(boiling);
    let by_heat = hj169::heat_evaporation(&CONCRETE, 100.0, 293.15, boiling, latent, 100.0);
    let kept = |term: &sim_core::gas::source::term::SourceTerm| {
        let part = |name: &str| term.fact(name).unwrap_or(f64::NAN);
        (term.history.total() + part("liquid left")) / part("liquid fed") - 1.0
    };
    let lost = kept(&water).abs().max(kept(&ground).abs());
    findings(
        vec![
            // 0.085 to 0.2 kg/(m² s) was measured.
            Reading::within(
                "rate per area on water",
                water.history.rate_at(30.0) / 100.0,
                "kg m-2 s-1",
                0.1425,
                0.0575,
            ),
            difference("rate on concrete after 100 s", ground.history.rate_at(100.0), by_heat, 0.05),
            Reading::at_most("mass that is lost, relative", lost, "1", 1e-9),
        ],
        begun,
    )
}

/// A pound, kg (exact).
const POUND: f64 = 0.453_592_37;

/// Evaporation of a warm, deep pool at its first temperature, kg/s.
fn first_evaporation(name: &str, density: f64, radius: f64, wind: Wind, mass: Mass) -> Result<f64> {
    let state = State { temperature: 298.15, vapour_share: 0.0, velocity: 0.0, density };
    // A minute's feed that keeps the pool deep and warm: the first rates compare.
    let pool = Pool {
        feed: History::steady(200.0 * radius * radius, 10.0, state)?,
        bed: Bed::Land { ground: CONCRETE, least_depth: 0.005 },
        bed_temperature: 298.15,
        bund_area: Some(PI * radius * radius),
        wind,
        mass,
        air_temperature: 298.15,
        air_pressure: AIR,
        radiation: Radiation::NONE,
        duration: 120.0,
    };
    Ok(pool.release(substance::find(name)?)?.history.rate_at(60.0))
}

/// Mass transfer from pools in the open, m/s: the fit of Kawamura and Mackay to their measurements.
fn measured_transfer(wind: f64, diameter: f64, schmidt: f64) -> f64 {
    0.0048 * wind.powf(7.0 / 9.0) * diameter.powf(-1.0 / 9.0) * schmidt.powf(-2.0 / 3.0)
}

fn pool_evaporation(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let factor = |ratio: f64| ratio.max(1.0 / ratio);
    let (mut beside, mut fitted) = (1.0_f64, 1.0_f64);
    for radius in [2.0, 10.0, 30.0] {
        let wind = Wind { speed: 3.0, exponent: 0.142 };
        let rate = |mass| first_evaporation("benzene", 873.0, radius, wind, mass);
        let ours = rate(Mass::Brighton)?;
        beside = beside.max(factor(ours / rate(Mass::Hj169(hj169::Air::Neutral))?));
        // Benzene at 25 degrees C: 12.69 kPa, 0.0781 kg/mol, diffusivity in air 8.8e-6 m2/s.
        let thick = 12_690.0 * 0.078_11 / (GAS_CONSTANT * 298.15);
        let told = measured_transfer(3.0, 2.0 * radius, 1.5e-5 / 8.8e-6) * thick * PI * radius * radius;
        fitted = fitted.max(factor(ours / told));
    }
    let wind = Wind { speed: 1.5, exponent: 0.142 };
    let radius = (12_200.0 * FOOT * FOOT / PI).sqrt();
    let ours = first_evaporation("acrylonitrile", 806.0, radius, wind, Mass::Brighton)?;
    findings(
        vec![
            Reading::at_most("largest ratio to HJ 169 F.12", beside, "1", 3.0),
            Reading::at_most("largest ratio to the fit of measurements", fitted, "1", 2.0),
            Reading::at_most(
                "over EPA's screening rate, 307 lb/min",
                ours / (307.0 * POUND / 60.0),
                "1",
                1.0,
            ),
        ],
        begun,
    )
}

fn relief_valve(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let gas = Stagnation {
        pressure: 670e3,
        temperature: 348.0,
        heat_capacity_ratio: 1.11,
        gas_constant: 0.9 * GAS_CONSTANT / 0.051,
    };
    let rate = |area: f64, behind: f64| relief_rate(&gas, area, 0.975, behind) * 3600.0;
    findings(
        vec![
            difference("rate into the air, kg/h", rate(0.003_699_05, AIR), 24_270.0, 0.002),
            difference("rate against 532 kPa, kg/h", rate(0.004_248_36, 532e3), 24_270.0, 0.002),
        ],
        begun,
    )
}

fn city_mains(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let methane = substance::find("methane")?;
    let gamma = methane.heat_capacity_ratio.at(288.15);
    let area = FRAC_PI_4 * 0.2 * 0.2;
    let (mut from_guideline, mut from_ratio) = (0.0_f64, 0.0_f64);
    for class in &city_gas::ALL {
        let rate = |damage| Ok(class.damaged(0.2, damage, 288.15, AIR).outflow(methane, AIR)?.rate);
        let (torn, holed): (Result<f64>, Result<f64>) =
            (rate(Damage::FullBore), rate(Damage::FifthOfDiameter));
        let (torn, holed) = (torn?, holed?);
        let guideline =
            hj169::gas_rate(1.0, area, AIR + class.highest, AIR, methane.molar_mass.value, gamma, 288.15);
        from_guideline = from_guideline.max((torn / guideline - 1.0).abs());
        from_ratio = from_ratio.max((torn / holed / 25.0 - 1.0).abs());
    }
    findings(
        vec![
            Reading::at_most("torn mains against HJ 169 F.2 to F.5, largest", from_guideline, "1", 1e-3),
            Reading::at_most("torn over holed against 25, largest", from_ratio, "1", 1e-9),
        ],
        begun,
    )
}
