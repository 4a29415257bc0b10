//! Cases of the plume: its coefficients, its shape, its rise, and how far it reaches.

use std::f64::consts::{FRAC_PI_4, PI};
use std::time::Instant;

use sim_core::error::Result;
use sim_core::gas::hazard::zones::extent;
use sim_core::gas::plume::Plume;
use sim_core::gas::plume_rise::{Layering, Stack};
use sim_core::gas::sigma::pasquill_gifford::PasquillGifford;
use sim_core::gas::sigma::turner::Turner;
use sim_core::gas::sigma::{self, Curve, Curves, Growth, SigmaSet};
use sim_core::gas::source::gas_hole::GasHole;
use sim_core::gas::source::{hj169, known_rate};
use sim_core::gas::substance;
use sim_core::gas::weather::{Stability, Surroundings, Weather, WindProfile};
use sim_core::units::{GRAVITY, STANDARD_PRESSURE};

use super::sources::{difference, findings};
use crate::{Answer, Case, Reading, Settings, case};

/// Cases in the order in which they are printed.
pub(crate) const CASES: [Case; 4] = [
    case!("sigma-sets", "gas", Quick, sigma_sets),
    case!("plume-textbook", "gas", Quick, plume_textbook),
    case!("plume-rise", "gas", Quick, plume_rise),
    case!("shopping-street", "gas", Quick, shopping_street),
];

/// Widths and depths of class D at 1 km, m, by the published formula or table of each set.
const AT_ONE_KILOMETRE: [(&str, f64, f64); 8] = [
    // boubel1994 table 19-7.
    ("briggs_rural", 76.28, 37.95),
    // boubel1994 table 19-6.
    ("briggs_urban", 135.22, 122.79),
    // isc3 table 1-1: 465.11628 tan(8.3330°); boubel1994 table 19-5 prints 32.1.
    ("pasquill_gifford", 68.13, 32.1),
    // Lees's fits: 0.128 x^0.90, log10 = −1.22 + 1.08·3 − 0.061·9.
    ("turner", 64.15, 29.58),
    // cpr14e: 0.128 x^0.905, 0.20 x^0.76.
    ("tno", 66.41, 38.11),
    // gbt3840, row D: 0.146669 x^0.888723, 0.400167 x^0.632023.
    ("gbt_3840", 68.0, 31.5),
    // Row C-D: 0.189396 x^0.88694, 0.126152 x^0.838628.
    ("gbt_3840_plain", 86.73, 41.38),
    // Row C: 0.232123 x^0.885157, 0.106803 x^0.917595.
    ("gbt_3840_built_up", 105.0, 60.45),
];

/// Factor between the distances at which growth is looked at: 120 to a decade.
const DISTANCE_RATIO: f64 = 1.019_377;

/// Largest step down of any curve from 1 m to 10 km, as a share.
fn largest_step_down() -> f64 {
    let mut worst = f64::NEG_INFINITY;
    for set in sigma::ALL {
        for class in Stability::ALL {
            let Curves { crosswind, vertical } = set.curves(class);
            for curve in [crosswind, vertical] {
                for i in 0..480 {
                    let near = DISTANCE_RATIO.powi(i);
                    let step = curve.at(near) / curve.at(DISTANCE_RATIO * near) - 1.0;
                    worst = worst.max(if step.is_nan() { f64::INFINITY } else { step });
                }
            }
        }
    }
    worst
}

/// Least width or depth of a class over that of the next stabler class at 1 km.
fn least_ratio_of_classes() -> f64 {
    let mut least = f64::INFINITY;
    for set in sigma::ALL {
        for pair in Stability::ALL.windows(2) {
            let (unstable, stable) = (set.curves(pair[0]), set.curves(pair[1]));
            least = least
                .min(unstable.crosswind.at(1000.0) / stable.crosswind.at(1000.0))
                .min(unstable.vertical.at(1000.0) / stable.vertical.at(1000.0));
        }
    }
    least
}

/// Largest differences of the two readings of the Pasquill-Gifford graph, across and upwards.
fn between_two_readings() -> (f64, f64) {
    let (mut across, mut upwards) = (0.0_f64, 0.0_f64);
    for class in Stability::ALL {
        let (one, other) = (Turner.curves(class), PasquillGifford.curves(class));
        for distance in [200.0, 1000.0, 3000.0] {
            across = across.max((one.crosswind.at(distance) / other.crosswind.at(distance) - 1.0).abs());
            upwards = upwards.max((one.vertical.at(distance) / other.vertical.at(distance) - 1.0).abs());
        }
    }
    (across, upwards)
}

fn sigma_sets(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let mut readings = vec![
        // Where every curve grows the step is negative, and its size would be that of the growth.
        Reading::at_most("largest step down with distance", largest_step_down().max(0.0), "1", 0.02),
        Reading::at_least("class over the next stabler one, least", least_ratio_of_classes(), "1", 1.0),
    ];
    for set in sigma::ALL {
        let published = AT_ONE_KILOMETRE.into_iter().find(|row| row.0 == set.name());
        // A set without a published value fails its case.
        let (name, width, depth) = published.unwrap_or((set.name(), f64::NAN, f64::NAN));
        let curves = set.curves(Stability::D);
        let (across, upwards) = (curves.crosswind.at(1000.0), curves.vertical.at(1000.0));
        readings.push(difference(&format!("{name}: width, D, 1 km"), across, width, 2e-3));
        readings.push(difference(&format!("{name}: depth, D, 1 km"), upwards, depth, 2e-3));
    }
    let (across, upwards) = between_two_readings();
    readings.push(Reading::at_most("turner against pasquill_gifford, width", across, "1", 0.15));
    readings.push(Reading::at_most("turner against pasquill_gifford, depth", upwards, "1", 0.20));
    let hour = sigma::averaging_factor(3600.0, Stability::D);
    readings.push(difference("width of an hour over ten minutes", hour, 6.0_f64.powf(0.2), 1e-12));
    findings(readings, begun)
}

/// The textbook's plume, with linear coefficients through one of its widths and depths.
fn through(width: f64, depth: f64, distance: f64) -> Plume {
    let curve = |value: f64| Curve::new(value / distance, 0.0, Growth::Linear);
    Plume {
        rise: None,
        rate: 0.37e-3,
        wind: 2.0,
        front_wind: 2.0,
        height: 40.0,
        receptor_height: 0.0,
        curves: Curves { crosswind: curve(width), vertical: curve(depth) },
        lid: None,
        pure_gas: f64::INFINITY,
        ahead: Default::default(),
    }
}

fn plume_textbook(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    // boubel1994 section 19.III.D: distance, σy, σz in m, concentration in g/m³.
    let table = [(260.0, 45.9, 26.2, 1.53e-5), (280.0, 49.0, 28.2, 1.56e-5), (300.0, 52.2, 30.1, 1.55e-5)];
    let mut readings: Vec<Reading> = table
        .into_iter()
        .map(|(distance, width, depth, grams)| {
            let value = through(width, depth, distance).on_axis(distance);
            difference(&format!("concentration at {distance} m"), value, grams / 1e3, 0.01)
        })
        .collect();
    let mut lidded = through(1.0, 1.0, 1.0);
    lidded.curves = sigma::of(Surroundings::Rural).curves(Stability::B);
    lidded.lid = Some(300.0);
    let passing =
        [100.0, 1000.0, 10_000.0, 40_000.0].map(|x| (lidded.mass_flux(x) / lidded.rate - 1.0).abs());
    let lost = passing.into_iter().fold(0.0, f64::max);
    readings.push(Reading::at_most("mass under a lid at 300 m, relative", lost, "1", 1e-6));
    let mixed =
        lidded.rate / ((2.0 * PI).sqrt() * lidded.curves.crosswind.at(20_000.0) * lidded.wind * 300.0);
    readings.push(difference(
        "evenly mixed under the lid at 20 km",
        lidded.concentration(20_000.0, 0.0, 150.0),
        mixed,
        1e-9,
    ));
    findings(readings, begun)
}

fn plume_rise(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let neutral = Layering::UnstableOrNeutral;
    let stable = Layering::Stable(6.7e-4);
    let hot = Stack::hot(2.0, 12.0, 420.0, 293.0, 1.2);
    let cold = Stack::hot(2.0, 20.0, 293.0, 293.0, 1.2);
    // The buoyancy at which the exponents change, from both sides.
    let around = |buoyancy: f64| {
        let lift = buoyancy / (GRAVITY * 12.0);
        Stack::hot(2.0, 12.0, 293.0 / (1.0 - lift), 293.0, 1.2).final_rise(4.0, neutral)
    };
    let mut readings = vec![
        // Fb = g 12 (127/420) = 35.58 m⁴/s³, by hand.
        difference("buoyancy flux", hot.buoyancy_flux(), 35.584, 1e-4),
        difference("neutral rise by buoyancy", hot.final_rise(5.0, neutral), 62.43, 1e-3),
        difference("distance of the neutral rise", hot.distance_of_final_rise(5.0, neutral), 456.8, 1e-3),
        difference("stable rise by buoyancy", hot.final_rise(5.0, stable), 57.15, 1e-3),
        difference("neutral rise by speed", cold.final_rise(5.0, neutral), 24.0, 1e-9),
        difference("stable rise by speed", cold.final_rise(5.0, stable), 21.86, 1e-3),
        difference("step where the exponents change", around(54.99), around(55.01), 0.01),
    ];
    for (name, layering) in [("neutral", neutral), ("stable", stable)] {
        let end = hot.distance_of_final_rise(5.0, layering);
        let (before, after) = (hot.rise(0.999 * end, 5.0, layering), hot.rise(end, 5.0, layering));
        readings.push(difference(&format!("step at the end of the {name} rise"), before, after, 0.01));
    }
    findings(readings, begun)
}

/// Bounding figures for methane on the ground: rate, class, wind at 2 m, distances to the whole, a
/// half and a fifth of the lower limit.
const STREET: [(f64, Stability, f64, [f64; 3]); 4] = [
    (1.3, Stability::D, 3.0, [27.0, 40.0, 66.0]),
    (5.4, Stability::D, 3.0, [59.0, 86.0, 139.0]),
    (1.3, Stability::F, 1.5, [104.0, 157.0, 259.0]),
    (5.4, Stability::F, 1.5, [234.0, 340.0, 560.0]),
];

/// Shares of the lower flammable limit.
const SHARES: [f64; 3] = [1.0, 0.5, 0.2];

/// Distances to the shares of the lower flammable limit of methane, m.
fn street_distances(rate: f64, stability: Stability, wind_speed: f64) -> Result<[f64; 3]> {
    let methane = substance::find("methane")?;
    let weather = Weather {
        wind_speed,
        reference_height: 2.0,
        wind_direction_deg: 270.0,
        stability,
        air_temperature: 288.15,
        pressure: STANDARD_PRESSURE,
        mixing_height: None,
        surroundings: Surroundings::Rural,
        profile: WindProfile::Power,
        direction_spread_deg: 0.0,
    };
    let release = known_rate::release((0.0, 0.0), 0.0, rate, 600.0);
    let plume = Plume::new(&release, methane, &weather, 0.0, 600.0);
    let limit = methane.lower_flammable_limit.as_ref().map_or(f64::NAN, |limit| limit.value);
    let reach = |share: f64| extent(&plume, share * limit * plume.pure_gas).map_or(f64::NAN, |e| e.far);
    Ok(SHARES.map(reach))
}

fn shopping_street(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let methane = substance::find("methane")?;
    let mut readings = Vec::new();
    for (rate, class, wind, bounding) in STREET {
        let ours = street_distances(rate, class, wind)?;
        for ((share, our), theirs) in SHARES.into_iter().zip(ours).zip(bounding) {
            let name = format!("{rate} kg/s, {} {wind} m/s: {:.0} % LEL", class.letter(), 100.0 * share);
            readings.push(difference(&name, our, theirs, 0.10));
        }
    }
    let gamma = methane.heat_capacity_ratio.at(288.15);
    let pressure = 0.4e6 + STANDARD_PRESSURE;
    for (name, diameter) in [("hole of 20 mm", 0.02_f64), ("full bore of 100 mm", 0.1)] {
        let ours = GasHole::round(diameter, pressure, 288.15).outflow(methane, STANDARD_PRESSURE)?.rate;
        let area = FRAC_PI_4 * diameter * diameter;
        let molar_mass = methane.molar_mass.value;
        let guideline = hj169::gas_rate(1.0, area, pressure, STANDARD_PRESSURE, molar_mass, gamma, 288.15);
        readings.push(difference(&format!("{name}: rate against HJ 169 F.2 to F.5"), ours, guideline, 1e-3));
    }
    findings(readings, begun)
}
