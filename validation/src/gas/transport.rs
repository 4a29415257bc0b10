//! Cases of transport that ends or turns: calm air, short releases, trains of puffs, jets.

use std::f64::consts::{FRAC_PI_4, PI};
use std::time::Instant;

use nalgebra::Vector2;
use sim_core::error::Result;
use sim_core::gas::calm::{Calm, PlacedCalm, growth};
use sim_core::gas::integrated_puff::IntegratedPuff;
use sim_core::gas::jet::{Ambient, Jet, Section, Source as JetSource};
use sim_core::gas::plume::{Plume, vertical_factor};
use sim_core::gas::puff::source::Steady;
use sim_core::gas::puff::train::longest_step;
use sim_core::gas::puff::{
    Air, Losses, PointRecord, Remember, Settings as PuffSettings, Source, Spread, Train,
};
use sim_core::gas::sigma::SigmaSet;
use sim_core::gas::sigma::briggs_rural::BriggsRural;
use sim_core::gas::source::known_rate;
use sim_core::gas::substance::find;
use sim_core::gas::weather::{LIGHT_WIND, Stability, Surroundings, Weather, WindProfile};
use sim_core::units::{GAS_CONSTANT, GRAVITY, MOLAR_MASS_AIR, STANDARD_PRESSURE};

use super::sources::{difference, findings};
use crate::{Answer, Case, Reading, Settings, case};

/// Cases in the order in which they are printed.
pub(crate) const CASES: [Case; 4] = [
    case!("calm", "gas", Quick, calm_air),
    case!("integrated-puff", "gas", Quick, integrated_puff),
    case!("puffs", "gas", Quick, puffs),
    case!("jet", "gas", Quick, free_jet),
];

/// Rate of the releases, kg/s.
const RATE: f64 = 2.0;

/// Intervals of Simpson's rule.
const INTERVALS: u32 = 20_000;

/// The integral of a function by Simpson's rule.
fn integral(from: f64, to: f64, value: impl Fn(f64) -> f64) -> f64 {
    let step = (to - from) / f64::from(INTERVALS);
    let weight = |i: u32| match i {
        0 => 1.0,
        i if i == INTERVALS => 1.0,
        i if i % 2 == 1 => 4.0,
        _ => 2.0,
    };
    (0..=INTERVALS).map(|i| weight(i) * value(from + f64::from(i) * step)).sum::<f64>() * step / 3.0
}

/// Largest size of some numbers; infinite where one is none.
fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    let size = |value: f64| if value.is_nan() { f64::INFINITY } else { value.abs() };
    values.into_iter().map(size).fold(0.0, f64::max)
}

fn calm(wind: (f64, f64), height: f64, duration: f64) -> Calm {
    let growth = growth(Stability::D, wind.0.hypot(wind.1));
    Calm { rate: RATE, duration, height, wind, growth, pure_gas: f64::INFINITY }
}

/// The sum over the puffs of a release in calm air, over the logarithm of their age.
fn sum_of_calm_puffs(calm: &Calm, [x, y, z]: [f64; 3], time: f64) -> f64 {
    integral((time - calm.duration).max(1e-3).ln(), time.ln(), |log_age| {
        let age = log_age.exp();
        let (wide, high) = (calm.growth.horizontal * age, calm.growth.vertical * age);
        let (dx, dy) = (x - calm.wind.0 * age, y - calm.wind.1 * age);
        let flat = -(dx * dx + dy * dy) / (2.0 * wide * wide);
        let bell = |above: f64| (flat - 0.5 * (above / high).powi(2)).exp();
        age * calm.rate * (bell(calm.height - z) + bell(calm.height + z))
            / ((2.0 * PI).powf(1.5) * wide * wide * high)
    })
}

fn calm_air(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let steady = calm((0.0, 0.0), 0.0, f64::INFINITY);
    let at = |radius: f64| steady.concentration(radius, 0.0, 0.0, 1e9);
    let mut off = Vec::new();
    for wind in [(0.0, 0.0), (0.3, 0.0), (0.7, -0.6)] {
        let calm = calm(wind, 10.0, 300.0);
        for point in [[40.0, 0.0, 1.5], [-20.0, 15.0, 1.5], [30.0, -10.0, 12.0]] {
            for time in [120.0, 300.0, 500.0] {
                let [x, y, z] = point;
                off.push(calm.concentration(x, y, z, time) / sum_of_calm_puffs(&calm, point, time) - 1.0);
            }
        }
    }
    let mut least = f64::INFINITY;
    for surroundings in [Surroundings::Urban, Surroundings::Rural] {
        for class in Stability::ALL {
            for distance in [50.0, 200.0, 1000.0] {
                least = least.min(plume_over_calm(class, surroundings, distance)?);
            }
        }
    }
    let urban_neutral = plume_over_calm(Stability::D, Surroundings::Urban, 200.0)?;
    findings(
        vec![
            // hj22, class D below 0.5 m/s, ground to ground, steady: 2 Q/((2π)^1.5·0.12·r²).
            difference(
                "steady value at 100 m, no wind",
                at(100.0),
                2.0 * RATE / (15.7496 * 0.12 * 1e4),
                1e-4,
            ),
            difference("ratio of 50 m to 100 m, no wind", at(50.0) / at(100.0), 4.0, 1e-6),
            Reading::at_most("closed form less the sum of its puffs, relative", largest(off), "1", 1e-8),
            // Taking the larger of both below 1.5 m/s leaves no jump down where the plume is larger.
            Reading::at_least("plume over calm rule at 1.5 m/s, smallest of all classes", least, "1", 0.5),
            Reading::at_most("the same in urban D at 200 m", urban_neutral, "1", 2.0),
        ],
        begun,
    )
}

/// Plume over the calm rule on the axis, ground to ground, at the wind where one takes over from the other.
fn plume_over_calm(class: Stability, surroundings: Surroundings, distance: f64) -> Result<f64> {
    let release = known_rate::release((0.0, 0.0), 0.0, 1.0, 36_000.0);
    let gas = find("CO")?;
    let weather = |wind_speed| Weather {
        wind_speed,
        reference_height: 10.0,
        wind_direction_deg: 270.0,
        stability: class,
        air_temperature: 288.15,
        pressure: STANDARD_PRESSURE,
        mixing_height: None,
        surroundings,
        direction_spread_deg: 20.0,
        profile: WindProfile::Power,
    };
    // The calm rule is a mean over half an hour; so is this plume.
    let plume = Plume::new(&release, gas, &weather(LIGHT_WIND), 0.0, 1800.0);
    let calm = PlacedCalm::new(&release, gas, &weather(LIGHT_WIND - 1e-9), 0.0);
    let beside = calm.map_or(f64::NAN, |cloud| cloud.largest(Vector2::new(distance, 0.0), 0.0).0);
    Ok(plume.on_axis(distance) / beside)
}

fn plume(class: Stability, wind: f64, height: f64) -> Plume {
    Plume {
        rise: None,
        rate: RATE,
        wind,
        front_wind: wind,
        height,
        receptor_height: 1.5,
        curves: BriggsRural.curves(class),
        lid: None,
        pure_gas: f64::INFINITY,
        ahead: Default::default(),
    }
}

fn integrated_puff(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let puff = IntegratedPuff { plume: plume(Stability::D, 3.0, 10.0), duration: 240.0 };
    let (x, y, z) = (800.0, 20.0, 1.5);
    let (width, depth) = (puff.plume.curves.crosswind.at(x), puff.plume.curves.vertical.at(x));
    // Every puff has the coefficients of the receptor, as the closed form has.
    let summed = |time: f64| {
        let bells = integral(0.0, puff.duration.min(time), |age| {
            (-0.5 * ((x - puff.plume.wind * (time - age)) / width).powi(2)).exp()
        });
        RATE * bells / ((2.0 * PI).powf(1.5) * width * width * depth)
            * (-0.5 * (y / width).powi(2)).exp()
            * vertical_factor(depth, 10.0, z, None)
    };
    let off = [100.0, 240.0, 270.0, 400.0, 520.0]
        .map(|time| puff.concentration(x, y, z, time) / summed(time) - 1.0);
    let steady = puff.plume.concentration(x, y, z);
    let long = IntegratedPuff { duration: 1e5, ..puff.clone() };
    let dose = integral(0.0, 2000.0, |time| puff.concentration(x, y, z, time));
    findings(
        vec![
            Reading::at_most("closed form less the sum of its puffs, relative", largest(off), "1", 1e-10),
            difference("long release against the plume", long.concentration(x, y, z, 9e4), steady, 1e-12),
            difference("share when the front is due", puff.share(x, x / 3.0), 0.5, 1e-9),
            difference("dose against plume times duration", dose, steady * puff.duration, 1e-6),
        ],
        begun,
    )
}

/// Concentrations at points when a point release at a height has gone on for a time.
fn by_puffs(
    source: Source<'_>,
    class: Stability,
    wind: f64,
    step: f64,
    points: &[[f64; 3]],
    until: f64,
) -> Result<Vec<f64>> {
    let settings = PuffSettings { set: &BriggsRural, averaging_time: 600.0, step, losses: Losses::default() };
    let sources = [source];
    let mut train = Train::new(&sources, settings)?;
    let nothing = Remember { threshold: f64::INFINITY, exponent: 1.0, pure_gas: f64::INFINITY };
    let mut record = PointRecord::new(points, nothing);
    let field = move |_: f64, _: f64, _: f64, _: f64| Air {
        east: wind,
        north: 0.0,
        class,
        lid: None,
        spread: Spread::WithWay,
    };
    while train.time() < until - 1e-9 {
        train.step(&field);
        record.observe(&train);
    }
    Ok(record.seen().concentration.clone())
}

/// What is missing from the ledger of two sources in a turning wind with every loss, and the share deposited.
fn balance_with_losses() -> Result<(f64, f64)> {
    let always = Steady { rate: 0.5, begin: 20.0, end: 500.0 };
    let once = |from: f64, to: f64| (to.min(300.0).powi(2) - from.min(300.0).powi(2)) * 1e-3;
    let sources = [Source::point(0.0, 0.0, 10.0, &once), Source::point(50.0, -20.0, 0.0, &always)];
    let losses = Losses { deposition_velocity: 0.02, settling_velocity: 0.05, decay_rate: 1e-4 };
    let settings = PuffSettings { set: &BriggsRural, averaging_time: 600.0, step: 2.0, losses };
    let turning = |time: f64, _: f64, _: f64, _: f64| {
        let class = if time < 200.0 { Stability::B } else { Stability::F };
        let (north, east) = (0.01 * time).sin_cos();
        Air { east: 3.0 * east, north: 3.0 * north, class, lid: Some(400.0), spread: Spread::WithWay }
    };
    let mut train = Train::new(&sources, settings)?;
    while train.time() < 600.0 {
        train.step(&turning);
        train.leave(-100.0, 100.0, -100.0, 100.0);
    }
    let ledger = train.ledger();
    Ok((ledger.relative_error(), ledger.deposited / ledger.released))
}

fn puffs(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let mut readings = Vec::new();
    let steady = Steady { rate: RATE, begin: 0.0, end: 1e9 };
    let points = [[300.0, 0.0, 1.5], [700.0, 20.0, 1.5], [1500.0, -30.0, 10.0]];
    for (class, tolerance) in [(Stability::D, 0.02), (Stability::F, 0.01)] {
        let step = longest_step(&BriggsRural, class, 200.0, 4.0);
        let seen = by_puffs(Source::point(0.0, 0.0, 3.0, &steady), class, 4.0, step, &points, 900.0)?;
        let plume = plume(class, 4.0, 3.0);
        let off =
            points.iter().zip(seen).map(|(&[x, y, z], value)| value / plume.concentration(x, y, z) - 1.0);
        let name = format!("long release against the plume, {}, relative", class.letter());
        readings.push(Reading::at_most(name, largest(off), "1", tolerance));
    }
    let short = Steady { rate: RATE, begin: 0.0, end: 120.0 };
    let closed = IntegratedPuff { plume: plume(Stability::F, 5.0, 5.0), duration: 120.0 };
    let mut off = Vec::new();
    for time in [160.0, 200.0, 240.0, 280.0] {
        let source = Source::point(0.0, 0.0, 5.0, &short);
        let seen = by_puffs(source, Stability::F, 5.0, 1.0, &[[1000.0, 5.0, 1.5]], time)?;
        off.push((seen[0] - closed.concentration(1000.0, 5.0, 1.5, time)) / closed.largest(1000.0, 5.0, 1.5));
    }
    readings.push(Reading::at_most(
        "short release against the closed form, of its peak",
        largest(off),
        "1",
        0.015,
    ));
    let (missing, deposited) = balance_with_losses()?;
    readings.push(Reading::at_most("mass that is missing with deposition, relative", missing, "1", 1e-9));
    readings.push(Reading::at_least("share that is deposited meanwhile", deposited, "1", 0.003));
    findings(readings, begun)
}

/// Still or moving air of the jets.
fn air(wind: f64) -> Ambient {
    Ambient { wind, temperature: 288.15, pressure: STANDARD_PRESSURE }
}

/// A jet of 20 mm at the air's temperature, 50 m above ground.
fn nozzle(molar_mass: f64, velocity: f64, direction: [f64; 3]) -> JetSource {
    let density = STANDARD_PRESSURE * molar_mass / (GAS_CONSTANT * 288.15);
    JetSource {
        rate: density * velocity * FRAC_PI_4 * 4e-4,
        velocity,
        temperature: 288.15,
        molar_mass,
        heat_capacity: 1500.0,
        height: 50.0,
        direction,
    }
}

/// Slope of a quantity against another between cross-sections at which a coordinate is reached; no
/// number where the jet ends before.
fn slope(
    jet: &Jet,
    ends: [f64; 2],
    coordinate: fn(&Section) -> f64,
    quantity: impl Fn(&Section) -> f64,
) -> f64 {
    let at = |end: f64| {
        let found = jet.sections.iter().find(|section| coordinate(section) >= end);
        found.map_or((f64::NAN, f64::NAN), |section| (coordinate(section), quantity(section)))
    };
    let [near, far] = ends.map(at);
    (far.1 - near.1) / (far.0 - near.0)
}

/// Distance along the axis, m.
fn along(section: &Section) -> f64 {
    section.along
}

/// Volume fraction on the axis times x/d √(ρ0/ρa) far from the source, where no buoyancy tells.
fn decay_constant(molar_mass: f64) -> Result<f64> {
    let jet = Jet::new(nozzle(molar_mass, 3000.0, [1.0, 0.0, 0.0]), air(0.0), 6.0)?;
    let root = (molar_mass / MOLAR_MASS_AIR).sqrt();
    Ok(jet.sections.last().map_or(f64::NAN, |s| s.centre_volume_fraction * s.along / 0.02 * root))
}

/// Mass between two mass fractions of the self-similar jet of air into air, Y = a/s, b = k s, kg.
fn similar_flammable_mass(jet: &Jet, low: f64, high: f64) -> f64 {
    let reach = jet.reach(low).map_or(f64::NAN, |(_, along)| along);
    let spread = jet.sections.last().map_or(f64::NAN, |wide| wide.concentration_radius / wide.along);
    // ∫ (min(a/s, high) − low) s² ds up to a/low.
    let strength = reach * low;
    let inner = strength / high;
    let within = (high - low) * inner.powi(3) / 3.0;
    let beyond =
        strength * (reach * reach - inner * inner) / 2.0 - low * (reach.powi(3) - inner.powi(3)) / 3.0;
    PI * spread * spread * jet.ambient.density() * (within + beyond)
}

/// Growth of z^(3/2) of a bent-over plume over that of Briggs's 1.60 (Fb x²/u³)^(1/3).
fn bent_over_growth() -> Result<f64> {
    let narrow = nozzle(0.004, 4.0, [0.0, 0.0, 1.0]);
    // 1 m wide in place of 20 mm.
    let wide = JetSource { rate: 2500.0 * narrow.rate, ..narrow };
    let buoyancy = GRAVITY * (1.0 - 0.004 / MOLAR_MASS_AIR) * 4.0 / 4.0;
    let jet = Jet::new(wide, air(5.0), 200.0)?;
    let growth = slope(&jet, [30.0, 60.0], |s| s.place[0], |s| (s.place[2] - 50.0).powf(1.5));
    Ok(growth / (1.60_f64.powf(1.5) * (buoyancy / 125.0).sqrt()))
}

fn free_jet(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let mut readings = Vec::new();
    for (gas, molar_mass) in [("hydrogen", 0.002), ("methane", 0.016), ("chlorine", 0.071)] {
        let constant = decay_constant(molar_mass)?;
        readings.push(Reading::within(format!("decay constant, {gas}"), constant, "1", 5.5, 0.5));
    }
    let jet = Jet::new(nozzle(MOLAR_MASS_AIR, 100.0, [1.0, 0.0, 0.0]), air(0.0), 12.0)?;
    let momentum = jet.sections[0].momentum[0];
    let entrained = slope(&jet, [4.0, 10.0], along, |s| s.mass) / (air(0.0).density() * momentum).sqrt();
    let kept = largest(jet.sections.iter().map(|s| s.momentum[0] / momentum - 1.0));
    let reach = |fraction: f64| jet.reach(fraction).map_or(f64::NAN, |(_, along)| along);
    let light = Jet::new(nozzle(0.004, 0.5, [0.0, 0.0, 1.0]), air(0.0), 40.0)?;
    let rising = |from: f64, to: f64| slope(&light, [from, to], along, |s| s.mass.powf(0.6));
    readings.extend([
        difference("entrainment against 0.282", entrained, 0.282, 0.03),
        Reading::at_most("momentum in still air, relative change", kept, "1", 1e-12),
        difference("reach of 2 % over that of 4 %", reach(0.02) / reach(0.04), 2.0, 0.025),
        difference(
            "flammable mass against the similar jet",
            jet.flammable_mass(0.02, 0.06),
            similar_flammable_mass(&jet, 0.02, 0.06),
            0.05,
        ),
        difference("pure plume, growth of m^(3/5)", rising(10.0, 20.0), rising(20.0, 39.0), 0.01),
        Reading::within("bent-over plume, growth over Briggs's", bent_over_growth()?, "1", 1.0, 0.15),
    ]);
    findings(readings, begun)
}
