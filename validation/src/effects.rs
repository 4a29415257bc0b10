//! Cases of explosions, loads, burns and rooms, and of the radius of a whole run.

use std::time::Instant;

use sim_core::error::Result;
use sim_core::gas::effect::Wishes;
use sim_core::gas::hazard::blast::Blast;
use sim_core::gas::hazard::blast::baker_strehlow;
use sim_core::gas::hazard::blast::flame_speed::{Confinement, Congestion, Reactivity, flame_speed};
use sim_core::gas::hazard::blast::multi_energy::MultiEnergy;
use sim_core::gas::hazard::blast::scaled_curve::stoichiometric_energy;
use sim_core::gas::hazard::fire::flash_fire::flash_zones;
use sim_core::gas::hazard::fire::harm::{BURNS, thermal_dose};
use sim_core::gas::hazard::indoor_leak::RoomLeak;
use sim_core::gas::hazard::levels::level;
use sim_core::gas::hazard::toxic_data;
use sim_core::gas::hazard::toxic_load::{History, toxic_load};
use sim_core::gas::plume::Plume;
use sim_core::gas::sigma::{Curve, Curves, Growth};
use sim_core::gas::source::known_rate;
use sim_core::gas::substance;
use sim_core::gas::weather::{Stability, Surroundings, Weather, WindProfile};
use sim_core::grid::{Crs, Grid};
use sim_core::run::Unobserved;
use sim_core::run::gas::{GasCase, HeavyAir, Transport, disperse};
use sim_core::units::{HOUR, MINUTE, mass_concentration};

use crate::harm::findings;
use crate::{Answer, Case, Reading, Settings, case};

/// Cases in the order in which they are printed.
pub(crate) const CASES: [Case; 7] = [
    case!("tno-multi-energy", "gas", Quick, tno_multi_energy),
    case!("baker-strehlow-tang", "gas", Quick, baker_strehlow_tang),
    case!("toxic-load", "gas", Quick, dangerous_loads),
    case!("flash-fire", "gas", Quick, flash_fire),
    case!("radiation-harm", "gas", Quick, radiation_harm),
    case!("indoor-leak", "gas", Quick, indoor_leak),
    case!("evacuation-radius", "gas", Quick, evacuation_radius),
];

/// Pressure of the air, Pa.
const AIR: f64 = 101_325.0;

/// The largest size among some differences.
fn worst(differences: impl IntoIterator<Item = f64>) -> f64 {
    differences
        .into_iter()
        .map(f64::abs)
        .fold(0.0, |worst, next| if next > worst || next.is_nan() { next } else { worst })
}

/// Scaled overpressure of a class at a scaled distance.
fn scaled(class: u8, distance: f64) -> Result<f64> {
    let cloud = MultiEnergy::new(1e9, AIR, class)?;
    Ok(cloud.overpressure(distance * cloud.length()).unwrap_or(f64::NAN) / AIR)
}

/// Overpressure inside by class, kPa.
const INSIDE: [(u8, f64); 9] =
    [(1, 1.0), (2, 2.0), (3, 5.0), (4, 10.0), (5, 20.0), (6, 50.0), (7, 100.0), (8, 200.0), (9, 500.0)];

/// Another fit of four classes: factor and power, from scaled distance 0.6 on.
const OTHER_FIT: [(u8, f64, f64); 4] =
    [(1, 0.0064, -0.97), (4, 0.0644, -0.99), (5, 0.117, -0.99), (6, 0.301, -1.11)];

fn tno_multi_energy(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let (mut inside, mut others, mut afar) = (Vec::new(), Vec::new(), Vec::new());
    for (class, pressure) in INSIDE {
        inside.push(scaled(class, 0.15)? * AIR / (pressure * 1e3) - 1.0);
    }
    for (class, factor, power) in OTHER_FIT {
        for distance in [0.8_f64, 1.0, 2.0, 5.0] {
            others.push(scaled(class, distance)? / (factor * distance.powf(power)) - 1.0);
        }
    }
    for class in 6..=9 {
        for distance in [2.5, 5.0, 20.0] {
            afar.push(scaled(class, distance)? / scaled(10, distance)? - 1.0);
        }
    }
    // The distances at which the classes meet, of 100 MJ and of 1 GJ.
    let meet = [(1e8, 20.0), (1e9, 43.0)].map(|(energy, published)| {
        MultiEnergy::new(energy, AIR, 7).map(|cloud| 2.0 * cloud.length() / published - 1.0)
    });
    let mut distances = Vec::new();
    for found in meet {
        distances.push(found?);
    }
    let readings = vec![
        Reading::at_most(
            "overpressure inside by class, worst relative difference",
            worst(inside),
            "1",
            0.015,
        ),
        Reading::at_most("distance at r' = 2, worst relative difference", worst(distances), "1", 0.01),
        Reading::at_most("another fit of the curves, worst relative difference", worst(others), "1", 0.15),
        Reading::at_most("classes 6 to 10 from afar, worst relative difference", worst(afar), "1", 1e-12),
    ];
    Ok(findings(readings, begun, 9))
}

fn baker_strehlow_tang(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    // Butane among some equipment in the open: 136,857 m³ at the stoichiometric share of 1/(1 + 6.5/0.20946).
    let speed = flame_speed(Reactivity::of("n_butane"), Congestion::Medium, Confinement::ThreeDimensional);
    let pressure = 14.7 * 6_894.757;
    let energy = stoichiometric_energy(136_857.236_6, 0.031_218_6, 2_657_320.0, 273.15 - 0.6, pressure);
    let at_one = |speed: f64| {
        let blast = baker_strehlow::blast(energy, pressure, speed)?;
        Ok::<f64, sim_core::error::Problems>(
            blast.overpressure(blast.length()).unwrap_or(f64::NAN) / pressure,
        )
    };
    let (slow, asked, fast) = (at_one(0.25)?, at_one(speed)?, at_one(0.5)?);
    let readings = vec![
        Reading::at_most("Mach number of the flame less 0.44", speed - 0.44, "1", 1e-12),
        Reading::at_most("energy against 5.078e11 J, relative", energy / 5.077_864e11 - 1.0, "1", 1e-3),
        Reading::at_most("Mach 0.25 at r' = 1 against 0.107, relative", slow / 0.107 - 1.0, "1", 0.005),
        Reading::at_most("Mach 0.5 at r' = 1 against 0.282, relative", fast / 0.282 - 1.0, "1", 0.005),
        Reading::at_least(
            "between them: least ratio of neighbours",
            (asked / slow).min(fast / asked),
            "1",
            1.0,
        ),
    ];
    Ok(findings(readings, begun, 1))
}

fn dangerous_loads(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let mut differences = Vec::new();
    // Substance, then ppm and minutes that each give the dangerous load.
    for (id, pairs) in [
        ("sulphur_dioxide", [(965.0, 5.0), (395.0, 30.0)]),
        ("methyl_isocyanate", [(150.0, 5.0), (25.0, 30.0)]),
    ] {
        let Some(row) = toxic_data::all().dangerous_load_of(id) else {
            return Ok(Err(format!("no dangerous load of {id}")));
        };
        for (ppm, minutes) in pairs {
            let load = toxic_load(&History::constant(ppm, minutes * MINUTE)?, row.exponent);
            differences.push(load / row.slot - 1.0);
        }
    }
    // A ramp to c within t: cⁿ t/(n + 1).
    let ramps = [1.0, 2.0, 2.75].map(|exponent: f64| {
        let ramp = History::new(vec![0.0, 600.0], vec![0.0, 200.0]);
        ramp.map(|ramp| {
            toxic_load(&ramp, exponent) / (200_f64.powf(exponent) * 10.0 / (exponent + 1.0)) - 1.0
        })
    });
    let mut exact = Vec::new();
    for ramp in ramps {
        exact.push(ramp?);
    }
    let readings = vec![
        Reading::at_most(
            "published pairs against the dangerous load, worst relative",
            worst(differences),
            "1",
            0.005,
        ),
        Reading::at_most("load of a ramp, worst relative difference", worst(exact), "1", 1e-12),
    ];
    Ok(findings(readings, begun, 7))
}

fn flash_fire(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let line = |slope: f64| Curve::new(slope, 0.0, Growth::Linear);
    let (rate, wind, across, up, limit) = (3.0, 4.0, 0.08, 0.05, 0.033);
    let plume = Plume {
        rise: None,
        rate,
        wind,
        front_wind: wind,
        height: 0.0,
        receptor_height: 0.0,
        curves: Curves { crosswind: line(across), vertical: line(up) },
        lid: None,
        pure_gas: f64::MAX,
        ahead: Default::default(),
    };
    let (mut reaches, mut widths) = (Vec::new(), Vec::new());
    for zone in flash_zones(&plume, limit)? {
        let reach = (rate / (std::f64::consts::PI * wind * across * up * zone.share * limit)).sqrt();
        reaches.push(zone.reach / reach - 1.0);
        widths.push(zone.half_width / (across * reach * (2.0 / std::f64::consts::E).sqrt()) - 1.0);
    }
    let readings = vec![
        Reading::at_most("reach, worst relative difference", worst(reaches), "1", 1e-6),
        Reading::at_most("half the greatest width, worst relative difference", worst(widths), "1", 1e-4),
    ];
    Ok(findings(readings, begun, 5))
}

fn radiation_harm(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    // Radiation W/m² and time s until burns of the second degree.
    let burns = [(6_000.0, 30.0), (10_000.0, 14.0)];
    let share =
        |row: usize, (flux, time): (f64, f64)| BURNS[row].probit.probability(thermal_dose(flux, time));
    let first = burns.map(|burn| share(0, burn)).into_iter().fold(1.0, f64::min);
    let eisenberg =
        [1e6, 1e7, 1e8_f64].map(|dose| BURNS[3].probit.value(dose) - (-14.9 + 2.56 * (dose / 1e4).ln()));
    let median = |row: usize| BURNS[row].probit.dose(0.5).unwrap_or(f64::NAN);
    let readings = vec![
        Reading::at_least(
            "share with burns of the first degree at published times of the second",
            first,
            "1",
            0.5,
        ),
        Reading::at_most("two ways of writing Eisenberg's probit", worst(eisenberg), "1", 1e-3),
        Reading::at_most(
            "half die of 1.047e7 (W/m²)^(4/3) s, relative difference",
            median(2) / ((5.0 + 36.38) / 2.56_f64).exp() - 1.0,
            "1",
            1e-9,
        ),
        Reading::at_least(
            "dose that kills half over that of burns of the second degree",
            median(2) / median(1),
            "1",
            1.0,
        ),
    ];
    Ok(findings(readings, begun, 8))
}

/// Steps by which a room is followed.
const STEPS: usize = 400_000;

fn indoor_leak(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let room = RoomLeak::well_mixed(30.0, 0.5, 0.001);
    let limit = 0.05;
    let mut differences = Vec::new();
    for (share, time) in room.times_to_shares(limit)? {
        let Some(time) = time else { return Ok(Err("the room does not come to its limit".into())) };
        // V dy/dt = q − (λ V + q) y by the midpoint rule.
        let step = time / STEPS as f64;
        let change = |y: f64| (room.leak - (0.5 / HOUR * room.volume + room.leak) * y) / room.volume;
        let mut fraction = 0.0;
        for _ in 0..STEPS {
            let half = fraction + 0.5 * step * change(fraction);
            fraction += step * change(half);
        }
        differences.push(fraction / (share * limit) - 1.0);
    }
    let air = 0.5 / HOUR * room.volume;
    let readings = vec![
        Reading::at_most(
            "fraction at the times to 10, 20 and 100 % LEL by small steps, worst relative",
            worst(differences),
            "1",
            1e-6,
        ),
        Reading::at_most(
            "steady fraction against leak over leak and air, relative",
            room.steady_fraction()? / (0.001 / (air + 0.001)) - 1.0,
            "1",
            1e-12,
        ),
    ];
    Ok(findings(readings, begun, STEPS))
}

fn evacuation_radius(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let weather = Weather {
        wind_speed: 3.0,
        reference_height: 10.0,
        wind_direction_deg: 270.0,
        stability: Stability::D,
        air_temperature: 288.15,
        pressure: AIR,
        mixing_height: None,
        surroundings: Surroundings::Rural,
        profile: WindProfile::Power,
        direction_spread_deg: 30.0,
    };
    let mut differences = Vec::new();
    for (gas, rate, name) in [("CO", 1.0, "AEGL-2"), ("SO2", 0.5, "AEGL-3"), ("CO", 20.0, "AEGL-3")] {
        let substance = substance::find(gas)?.clone();
        let molar_mass = substance.molar_mass.value;
        let asked = level(&substance, name)?;
        let threshold = mass_concentration(asked.fraction, molar_mass, weather.air_temperature, AIR);
        let source = known_rate::release((0.0, 0.0), 0.0, rate, 3600.0);
        let wind = Plume::new(&source, &substance, &weather, 0.0, 600.0).wind;
        let outcome = disperse(&case_of(substance, source, asked, &weather), &mut Unobserved)?;
        differences.push(outcome.evacuation_radius / radius(rate, wind, threshold) - 1.0);
    }
    let readings = vec![Reading::at_most(
        "radius against the root of the formula, worst relative difference",
        worst(differences),
        "1",
        1e-4,
    )];
    Ok(findings(readings, begun, 3))
}

/// Distance at which a plume on the ground has a concentration: Q = π u σy σz c with Briggs'
/// coefficients for the open country in class D, m.
fn radius(rate: f64, wind: f64, threshold: f64) -> f64 {
    let at = |x: f64| {
        let across = 0.08 * x / (1.0 + 1e-4 * x).sqrt();
        let up = 0.06 * x / (1.0 + 1.5e-3 * x).sqrt();
        rate / (std::f64::consts::PI * wind * across * up)
    };
    let (mut near, mut far) = (1.0, 1e6);
    for _ in 0..100 {
        let middle = 0.5 * (near + far);
        if at(middle) > threshold { near = middle } else { far = middle }
    }
    near
}

/// A release on a plane, receptors on the ground.
fn case_of(
    substance: substance::Substance,
    source: sim_core::gas::source::Release,
    level: sim_core::gas::hazard::Level,
    weather: &Weather,
) -> GasCase {
    GasCase {
        title: "radius".into(),
        grid: Grid {
            columns: 11,
            rows: 11,
            dx: 10.0,
            dy: 10.0,
            west: -55.0,
            south: -55.0,
            crs: Crs::local(),
        },
        substance,
        source,
        weather: vec![weather.clone()],
        weather_times: vec![0.0],
        transport: Transport::Plume,
        coefficients: None,
        deposition_velocity: 0.0,
        compare: false,
        ground: None,
        heavy: HeavyAir {
            roughness: 0.03,
            relative_humidity: 0.5,
            ground_temperature: None,
            hands_over: false,
        },
        receptor_height: 0.0,
        averaging_time: 600.0,
        levels: vec![level],
        accept_invalid: true,
        direction_known: false,
        receptors: Vec::new(),
        exposure: Vec::new(),
        wishes: Wishes::default(),
        wanted: Vec::new(),
    }
}
