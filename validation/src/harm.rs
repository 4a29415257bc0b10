//! Cases of harm: fires, blasts, poisoning, gas that can burn.

use std::time::Instant;

use nalgebra::Vector3;
use sim_core::error::Result;
use sim_core::gas::hazard::blast::overpressure::{BlastReach, distance_to};
use sim_core::gas::hazard::blast::{Blast, tnt::Tnt};
use sim_core::gas::hazard::fire::Fire;
use sim_core::gas::hazard::fire::fireball::{SizeRule, Vessel};
use sim_core::gas::hazard::fire::harm::DOSE_EXPONENT;
use sim_core::gas::hazard::fire::jet_fire::{JetFire, expanded_jet};
use sim_core::gas::hazard::fire::pool_fire::{Brightness, LengthRule, PoolFire};
use sim_core::gas::hazard::fire::radiation::Air;
use sim_core::gas::hazard::flammable::flammable_mass;
use sim_core::gas::hazard::indoor::{indoor_history, indoor_load};
use sim_core::gas::hazard::toxic_data;
use sim_core::gas::hazard::toxic_load::{History, steady_ppm, toxic_load};
use sim_core::gas::plume::Plume;
use sim_core::gas::sigma::{Curve, Curves, Growth};
use sim_core::units::{CELSIUS_ZERO, HOUR, heading_from_wind_direction};

use crate::observed::Folder;
use crate::{Answer, Case, Effort, Findings, Reading, Settings, case};

/// Cases in the order in which they are printed.
pub(crate) const CASES: [Case; 7] = [
    case!("chlorine-probit", "gas", Quick, chlorine_probit),
    case!("indoor-air", "gas", Quick, indoor_air),
    case!("flammable-mass", "gas", Quick, flammable_mass_of_a_plume),
    case!("tnt-blast", "gas", Quick, tnt_blast),
    case!("pool-fire-lng", "gas", Quick, pool_fire_lng),
    case!("jet-fire", "gas", Quick, jet_fire),
    case!("fireball-lng", "gas", Quick, fireball_lng),
];

pub(crate) fn findings(readings: Vec<Reading>, begun: Instant, cells: usize) -> Answer {
    let effort = Effort { cells, steps: 1, wall_seconds: begun.elapsed().as_secs_f64() };
    let readings = readings.into_iter().map(|reading| reading.of(effort)).collect();
    Ok(Findings { readings, figures: Vec::new() })
}

/// Heat of combustion of methane, J/kg: its lower heating value.
const METHANE_HEAT: f64 = 50.0e6;

/// Share within a factor of two from which a model of a field trial is called acceptable.
///
/// Hanna and Chang 2012: at least half.
const WITHIN_TWO: f64 = 0.5;

/// Logarithm of the mean ratio up to which a model is called acceptable: a factor of two.
const MEAN_RATIO: f64 = std::f64::consts::LN_2;

/// Share of the ratios within a factor of two, and the logarithm of their geometric mean.
fn agreement(pairs: &[(f64, f64)]) -> (f64, f64) {
    let ratios: Vec<f64> = pairs.iter().map(|(model, seen)| model / seen).collect();
    let count = ratios.len() as f64;
    let within = ratios.iter().filter(|ratio| (0.5..=2.0).contains(*ratio)).count() as f64;
    (within / count, ratios.iter().map(|ratio| ratio.max(1e-6).ln()).sum::<f64>() / count)
}

fn agreement_readings(name: &str, pairs: &[(f64, f64)]) -> [Reading; 2] {
    let (within, mean) = agreement(pairs);
    [
        Reading::at_least(format!("{name}, share within a factor of two"), within, "1", WITHIN_TWO),
        Reading::at_most(format!("{name}, logarithm of the mean ratio model/seen"), mean, "1", MEAN_RATIO),
    ]
}

fn chlorine_probit(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let data = toxic_data::all().lethality_of("chlorine");
    let Some(row) = data.first() else { return Ok(Err("no probit of chlorine".into())) };
    let Some(load) = row.probit.dose(0.5) else { return Ok(Err("no median load".into())) };
    let readings = [(600.0, 433.0), (1800.0, 250.0)].map(|(seconds, published)| {
        let found = steady_ppm(load, row.exponent, seconds);
        Reading::at_most(
            format!("median concentration for {seconds} s, relative difference"),
            found / published - 1.0,
            "1",
            0.01,
        )
    });
    Ok(findings(readings.to_vec(), begun, 2))
}

/// Samples of the direct summation of indoor air.
const SAMPLES: usize = 400_000;

fn indoor_air(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let cloud =
        History::new(vec![0.0, 300.0, 1500.0, 3600.0, 20.0 * HOUR], vec![0.0, 300.0, 120.0, 0.0, 0.0])?;
    let (rate, exponent) = (0.5, 2.75);
    let inside = indoor_history(&cloud, rate)?;
    let load = indoor_load(&cloud, rate, exponent)?;
    // The same by small steps of the midpoint rule, which knows nothing of the closed form.
    let step = 20.0 * HOUR / SAMPLES as f64;
    let (mut indoor, mut summed, mut at_an_hour) = (0.0, 0.0, 0.0);
    for index in 0..SAMPLES {
        let middle = (index as f64 + 0.5) * step;
        let half = indoor + 0.5 * step * rate / HOUR * (cloud.at(middle - 0.5 * step) - indoor);
        summed += step / 60.0 * f64::powf(half.max(0.0), exponent);
        indoor += step * rate / HOUR * (cloud.at(middle) - half);
        if middle < HOUR {
            at_an_hour = indoor;
        }
    }
    let whole =
        indoor_load(&History::new(vec![0.0, 600.0, 1200.0, 4e6], vec![0.0, 100.0, 0.0, 0.0])?, rate, 1.0)?;
    let outside = toxic_load(&History::new(vec![0.0, 600.0, 1200.0], vec![0.0, 100.0, 0.0])?, 1.0);
    let readings = vec![
        Reading::at_most(
            "concentration after an hour against small steps, relative",
            inside.ppm[3] / at_an_hour - 1.0,
            "1",
            1e-3,
        ),
        Reading::at_most("toxic load against small steps, relative", load / summed - 1.0, "1", 1e-3),
        Reading::at_most(
            "load indoors less that outdoors, n = 1, relative",
            whole / outside - 1.0,
            "1",
            1e-6,
        ),
    ];
    Ok(findings(readings, begun, SAMPLES))
}

fn flammable_mass_of_a_plume(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let line = |slope: f64| Curve::new(slope, 0.0, Growth::Linear);
    let plume = Plume {
        rise: None,
        rate: 3.0,
        wind: 4.0,
        front_wind: 4.0,
        height: 0.0,
        receptor_height: 0.0,
        curves: Curves { crosswind: line(0.08), vertical: line(0.05) },
        lid: None,
        pure_gas: f64::MAX,
        ahead: Default::default(),
    };
    let (rich, lean) = (plume.on_axis(30.0), plume.on_axis(90.0));
    let cloud = flammable_mass(&plume, lean, rich)?;
    let published = 3.0 / 4.0 * (90.0 - 30.0) * 2.0 / 3.0;
    let readings = vec![
        Reading::at_most(
            "mass between the limits, relative difference",
            cloud.mass / published - 1.0,
            "1",
            5e-3,
        ),
        Reading::at_most(
            "reach of the lower limit, relative difference",
            cloud.reach / 90.0 - 1.0,
            "1",
            1e-6,
        ),
    ];
    Ok(findings(readings, begun, 1))
}

/// Rows of the metric table: scaled distance m/kg^(1/3), arrival ms, pressure kPa, duration ms, impulse kPa ms.
const SWISDAK: [[f64; 5]; 7] = [
    [0.5, 0.143, 4888.0, 0.281, 166.2],
    [1.0, 0.467, 1354.0, 1.72, 236.3],
    [2.0, 1.693, 283.7, 2.053, 134.6],
    [5.0, 8.242, 43.23, 3.793, 59.31],
    [10.0, 21.66, 14.89, 4.779, 31.04],
    [20.0, 49.93, 6.102, 5.94, 15.89],
    [40.0, 107.8, 2.375, 7.162, 7.885],
];

fn tnt_blast(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let charge = Tnt { mass: 1.0 };
    let mut worst = 0.0_f64;
    for [scaled, arrival, pressure, duration, impulse] in SWISDAK {
        let found = [
            (charge.arrival(scaled), arrival * 1e-3),
            (charge.overpressure(scaled), pressure * 1e3),
            (charge.duration(scaled), duration * 1e-3),
            (charge.impulse(scaled), impulse),
        ];
        for (value, expected) in found {
            let difference = value.map_or(f64::INFINITY, |value| (value / expected - 1.0).abs());
            worst = worst.max(difference);
        }
    }
    let example = Tnt::equivalent(1.0, 1e9, 1.0)?;
    let reach = match distance_to(&example, 6894.76)? {
        BlastReach::At(distance) => distance,
        BlastReach::NearerThan(_) | BlastReach::FartherThan(_) => f64::NAN,
    };
    let readings = vec![
        Reading::at_most("worst difference from the published table, relative", worst, "1", 0.005),
        Reading::at_most("distance to 1 psi of 1 GJ against 108 m, relative", reach / 108.0 - 1.0, "1", 0.03),
    ];
    Ok(findings(readings, begun, SWISDAK.len()))
}

/// One stretch of a Montoir fire: burning rate kg/(m² s), direction the wind comes from, wind m/s, length m, lean degrees.
type Stretch = [f64; 5];

/// The Montoir fires by stretches, and their air: temperature °C, humidity, pressure Pa.
const MONTOIR: [(&str, [f64; 3], &[Stretch]); 3] = [
    ("Montoir01", [25.0, 0.53, 102_200.0], &[[0.12, 59.0, 2.5, 89.0, 40.0], [0.13, 70.0, 4.8, 72.0, 54.0]]),
    (
        "Montoir02",
        [21.0, 0.54, 101_500.0],
        &[
            [0.14, 268.0, 6.8, 80.0, 56.0],
            [0.15, 263.0, 9.8, 72.0, 62.0],
            [0.16, 260.0, 10.3, 83.0, 55.0],
            [0.15, 257.0, 9.1, 80.5, 56.5],
        ],
    ),
    (
        "Montoir03",
        [14.0, 0.85, 100_900.0],
        &[[0.11, 87.0, 1.9, 74.0, 39.0], [0.13, 79.0, 3.5, 72.0, 41.0], [0.13, 82.0, 4.2, 68.0, 42.0]],
    ),
];

/// Bearings of the lines of radiometers of Montoir, degrees clockwise from north.
const LINES: [f64; 8] = [0.0, 33.0, 61.0, 90.0, 120.0, 225.0, 270.0, 315.0];

/// Radiated shares: the field estimate with which the trials are modelled by others, and EPA's cautious one.
const MONTOIR_SHARE: f64 = 0.14;
const PHOENIX_SHARE: f64 = 0.25;
const CAUTIOUS_SHARE: f64 = 0.4;

fn wind_vector(from: f64, speed: f64) -> Vector3<f64> {
    let heading = heading_from_wind_direction(from);
    Vector3::new(heading.cos(), heading.sin(), 0.0) * speed
}

fn lng_pool(diameter: f64, burning_rate: f64, wind: Vector3<f64>, share: f64) -> PoolFire {
    PoolFire {
        diameter,
        burning_rate,
        heat_of_combustion: METHANE_HEAT,
        wind,
        length_rule: LengthRule::PritchardBinding,
        brightness: Brightness::RadiantFraction(share),
    }
}

/// What the radiometers of one fire saw and what the model gives, for each stretch; columns
/// are eight times a distance and one value per stretch.
fn montoir_pairs<const N: usize>(
    folder: &Folder,
    fire: &(&str, [f64; 3], &[Stretch]),
    share: f64,
) -> Result<Vec<(f64, f64)>> {
    let (name, [celsius, humidity, pressure], stretches) = *fire;
    let air = Air { temperature: CELSIUS_ZERO + celsius, pressure, humidity };
    let rows =
        folder.columns(&format!("Montoir_LNG_Fires/{name}.csv"))?.numbers::<N>(std::array::from_fn(|i| i))?;
    let mut pairs = Vec::new();
    for (index, &[rate, from, speed, ..]) in stretches.iter().enumerate() {
        let flame = lng_pool(35.0, rate, wind_vector(from, speed), share).flame(&air)?;
        for row in &rows {
            for (line, bearing) in LINES.iter().enumerate() {
                let first = line * (stretches.len() + 1);
                let (distance, seen) = (row[first], row[first + 1 + index]);
                if distance.is_nan() || seen.is_nan() {
                    continue;
                }
                let (east, north) = bearing.to_radians().sin_cos();
                let place = Vector3::new(east, north, 0.0) * distance + Vector3::z();
                let model = flame.irradiance_facing(place, Vector3::new(-east, -north, 0.0), &air);
                pairs.push((model / 1e3, seen));
            }
        }
    }
    Ok(pairs)
}

fn montoir(folder: &Folder, share: f64) -> Result<Vec<(f64, f64)>> {
    let first = montoir_pairs::<24>(folder, &MONTOIR[0], share)?;
    let second = montoir_pairs::<40>(folder, &MONTOIR[1], share)?;
    let third = montoir_pairs::<32>(folder, &MONTOIR[2], share)?;
    Ok([first, second, third].concat())
}

/// The Phoenix fires: diameter m, wind direction, wind m/s, air temperature °C, humidity, pressure Pa,
/// and the length of the flame m.
const PHOENIX: [(&str, [f64; 6], f64); 2] = [
    ("Phoenix01_HF.csv", [20.7, 336.0, 4.77, 4.0, 0.32, 84_943.0], 70.0),
    ("Phoenix02_HF.csv", [56.1, 319.0, 1.6, -2.0, 0.59, 84_047.0], 146.0),
];

/// Pairs of radiation, and the worst relative difference of the lengths.
fn phoenix(folder: &Folder) -> Result<(Vec<(f64, f64)>, f64)> {
    let (mut pairs, mut lengths) = (Vec::new(), 0.0_f64);
    for (file, [diameter, from, speed, celsius, humidity, pressure], length) in PHOENIX {
        let air = Air { temperature: CELSIUS_ZERO + celsius, pressure, humidity };
        let flame = lng_pool(diameter, 0.147, wind_vector(from, speed), PHOENIX_SHARE).flame(&air)?;
        lengths = lengths.max((flame.length / length - 1.0).abs());
        let rows = folder.columns(&format!("Phoenix_LNG_Fires/{file}"))?.numbers([0, 1, 2, 3, 4, 5, 6, 7])?;
        for row in rows {
            for (line, (east, north)) in
                [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0)].into_iter().enumerate()
            {
                let (distance, seen) = (row[2 * line], row[2 * line + 1]);
                if seen.is_nan() {
                    continue;
                }
                // These radiometers are aimed at the flame.
                let place = Vector3::new(east * distance, north * distance, 2.0);
                pairs.push((flame.irradiance(place, &air) / 1e3, seen));
            }
        }
    }
    Ok((pairs, lengths))
}

fn pool_fire_lng(settings: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let folder = match Folder::find(settings, "gas/fires") {
        Ok(folder) => folder,
        Err(reason) => return Ok(Err(reason)),
    };
    let (mut lengths, mut leans) = (0.0_f64, 0.0_f64);
    for (_, [celsius, humidity, pressure], stretches) in MONTOIR {
        let air = Air { temperature: CELSIUS_ZERO + celsius, pressure, humidity };
        for &[rate, from, speed, length, lean] in stretches {
            let flame = lng_pool(35.0, rate, wind_vector(from, speed), MONTOIR_SHARE).flame(&air)?;
            lengths = lengths.max((flame.length / length - 1.0).abs());
            leans = leans.max((flame.lean - lean).abs());
        }
    }
    let pairs = montoir(&folder, MONTOIR_SHARE)?;
    let cautious = montoir(&folder, CAUTIOUS_SHARE)?;
    let not_half =
        cautious.iter().filter(|(model, seen)| *model >= 0.5 * seen).count() as f64 / cautious.len() as f64;
    let mut readings = agreement_readings("Montoir, radiated share 0.14", &pairs).to_vec();
    readings.push(Reading::at_least(
        "Montoir, cautious share 0.4: not below half of what was seen",
        not_half,
        "1",
        0.9,
    ));
    let (phoenix_pairs, phoenix_lengths) = phoenix(&folder)?;
    readings.extend(agreement_readings("Phoenix, radiated share 0.25", &phoenix_pairs));
    readings.push(Reading::at_most(
        "Phoenix, worst length of the flame, relative",
        phoenix_lengths,
        "1",
        0.25,
    ));
    readings.push(Reading::at_most("Montoir, worst length of the flame, relative", lengths, "1", 0.25));
    readings.push(Reading::at_most("Montoir, worst lean of the flame", leans, "degrees", 10.0));
    Ok(findings(readings, begun, pairs.len()))
}

/// A Loughborough jet: mass rate kg/s, wind direction, wind m/s, hole x m, length of the flame m,
/// and where its nine radiometers stand and the way along y that they face.
type Jet = (&'static str, [f64; 4], f64, [(f64, f64, f64); 9]);

const SHORT: [(f64, f64, f64); 9] = [
    (5.0, 20.0, -1.0),
    (0.0, 15.0, -1.0),
    (5.0, 15.0, -1.0),
    (0.0, -15.0, 1.0),
    (5.0, -15.0, 1.0),
    (0.0, -20.0, 1.0),
    (5.0, -20.0, 1.0),
    (0.0, -25.0, 1.0),
    (0.0, -30.0, 1.0),
];

const WIDE: [(f64, f64, f64); 9] = [
    (0.0, 30.0, -1.0),
    (0.0, 20.0, -1.0),
    (5.0, 20.0, -1.0),
    (0.0, -15.0, 1.0),
    (0.0, -20.0, 1.0),
    (5.0, -20.0, 1.0),
    (0.0, -30.0, 1.0),
    (5.0, -30.0, 1.0),
    (0.0, -40.0, 1.0),
];

const JETS: [Jet; 3] = [
    ("jet1", [2.9, 271.0, 6.3, -9.45], 19.8, SHORT),
    ("jet2", [9.6, 297.0, 6.2, -15.45], 37.8, WIDE),
    ("jet3", [19.5, 267.0, 3.6, -21.61], 49.9, SHORT),
];

/// Heat of combustion of the natural gas of the trials, J/kg: 140 MW from 2.9 kg/s.
const NATURAL_GAS_HEAT: f64 = 140e6 / 2.9;

/// Columns of the nine radiometers.
const RADIOMETERS: [usize; 9] = [45, 46, 47, 48, 49, 50, 51, 52, 53];

fn jet_fire(settings: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let folder = match Folder::find(settings, "gas/fires") {
        Ok(folder) => folder,
        Err(reason) => return Ok(Err(reason)),
    };
    let air = Air { temperature: 288.15, pressure: 101_325.0, humidity: 0.5 };
    let (mut pairs, mut lengths) = (Vec::new(), Vec::new());
    for (name, [rate, from, speed, hole], length, places) in JETS {
        let expanded = expanded_jet(6.1e6, 288.15, 1.3, 0.0165, air.pressure);
        let jet = JetFire {
            rate,
            jet_velocity: expanded.velocity,
            jet_temperature: expanded.temperature,
            molar_mass: 0.0165,
            heat_of_combustion: NATURAL_GAS_HEAT,
            height: 3.25,
            axis: Vector3::x(),
            wind: wind_vector(from, speed),
        };
        let flame = jet.flame(&air)?;
        lengths.push((flame.length, length));
        let seen = folder.columns(&format!("Loughborough_Jet_Fires/{name}.csv"))?.numbers(RADIOMETERS)?[0];
        for ((x, y, facing), seen) in places.into_iter().zip(seen) {
            let place = Vector3::new(x - hole, y, 1.0);
            let model = flame.irradiance_facing(place, Vector3::new(0.0, facing, 0.0), &air);
            pairs.push((model / 1e3, seen));
        }
    }
    let worst = lengths.iter().map(|(model, seen)| (model / seen - 1.0_f64).abs()).fold(0.0, f64::max);
    let mut readings = agreement_readings("radiation", &pairs).to_vec();
    readings.push(Reading::at_most("worst length of the flame, relative", worst, "1", 0.5));
    Ok(findings(readings, begun, pairs.len()))
}

/// The Shell fireballs: mass kg, burst pressure Pa, and the distances of the radiometers.
const FIREBALLS: [(&str, f64, f64, &[f64]); 3] = [
    ("Exp_2.csv", 681.0, 13.01e5, &[100.0]),
    ("Exp_3.csv", 1306.0, 6.07e5, &[100.0]),
    ("Exp_4.csv", 1251.0, 13.62e5, &[40.0, 70.0, 100.0]),
];

/// Peak, kW/m², and thermal dose, (W/m²)^(4/3) s, of measured pairs of time and radiation.
fn measured(history: &[(f64, f64)]) -> (f64, f64) {
    let peak = history.iter().map(|sample| sample.1).fold(0.0, f64::max);
    let power = |flux: f64| (1e3 * flux).powf(DOSE_EXPONENT);
    let dose = history
        .windows(2)
        .map(|pair| (pair[1].0 - pair[0].0) * 0.5 * (power(pair[0].1) + power(pair[1].1)))
        .sum();
    (peak, dose)
}

fn fireball_lng(settings: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let folder = match Folder::find(settings, "gas/fires") {
        Ok(folder) => folder,
        Err(reason) => return Ok(Err(reason)),
    };
    // The humidity of the trials is not published; from 40 to 90 % the radiation changes by 7 %.
    let air = Air { temperature: 283.15, pressure: 101_325.0, humidity: 0.7 };
    let (mut peaks, mut doses) = (Vec::new(), Vec::new());
    for (file, mass, burst_pressure, distances) in FIREBALLS {
        let vessel =
            Vessel { mass, heat_of_combustion: METHANE_HEAT, burst_pressure, size_rule: SizeRule::Tno };
        let ball = vessel.fireball()?;
        for (column, &distance) in distances.iter().enumerate() {
            let rows = folder.columns(&format!("Shell_LNG_Fireballs/{file}"))?.numbers([0, column + 1])?;
            let history: Vec<(f64, f64)> = rows.iter().map(|row| (row[0], row[1])).collect();
            let (peak, dose) = measured(&history);
            peaks.push((ball.irradiance_at(distance, 0.9 * ball.duration, &air) / 1e3, peak));
            doses.push((ball.dose_at(distance, &air), dose));
        }
    }
    let mut readings = agreement_readings("peak radiation", &peaks).to_vec();
    readings.extend(agreement_readings("thermal dose", &doses));
    Ok(findings(readings, begun, peaks.len()))
}
