//! A million releases and weathers drawn from all that the engine accepts.
//!
//! Draws are counted, not remembered: a number that fails is drawn again by its number alone.

mod leak;

use leak::leak;
use std::f64::consts::TAU;

use rayon::prelude::*;

use sim_core::gas::hazard::zones::extent;
use sim_core::gas::plume::Plume;
use sim_core::gas::sigma;
use sim_core::gas::source::gas_hole::GasHole;
use sim_core::gas::source::{Release, known_rate};
use sim_core::gas::substance::{self, Substance};
use sim_core::gas::sweep::Placed;
use sim_core::gas::weather::{Stability, Surroundings, Weather, WindProfile};
use sim_core::run::Unobserved;
use sim_core::run::gas::{GasCase, Transport, disperse, transport_of};

/// Scenarios that are drawn.
const SCENARIOS: u64 = 1_000_000;

/// Every so many of them the zones are looked for, too, which takes a thousand times as long.
const BETWEEN_ZONES: u64 = 20;

/// Whole runs with grids, zones and summary.
const RUNS: u64 = 3_000;

/// Numbers of one scenario, from its number and how many were drawn before.
struct Draw {
    state: u64,
}

impl Draw {
    fn new(scenario: u64) -> Self {
        Self { state: scenario.wrapping_mul(0x2545_f491_4f6c_dd1d) }
    }

    /// Evenly between 0 and 1 (Steele, Lea & Flood 2014, splitmix).
    fn share(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    /// Every factor of ten as often.
    fn over_decades(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.share())
    }

    /// One of the ends now and then, else between them.
    fn with_ends(&mut self, low: f64, high: f64) -> f64 {
        match self.share() {
            share if share < 0.05 => low,
            share if share > 0.95 => high,
            _ => self.between(low, high),
        }
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[((self.share() * all.len() as f64) as usize).min(all.len() - 1)]
    }

    fn chance(&mut self, share: f64) -> bool {
        self.share() < share
    }
}

fn weather(draw: &mut Draw) -> Weather {
    Weather {
        wind_speed: draw.over_decades(1.0, 60.0),
        reference_height: draw.with_ends(2.0, 200.0),
        wind_direction_deg: draw.with_ends(0.0, 360.0),
        stability: draw.one_of(&Stability::ALL),
        air_temperature: draw.with_ends(223.15, 333.15),
        pressure: draw.with_ends(45_000.0, 110_000.0),
        mixing_height: draw.chance(0.3).then(|| draw.over_decades(20.0, 10_000.0)),
        surroundings: draw.one_of(&[Surroundings::Rural, Surroundings::Urban]),
        profile: WindProfile::Power,
        direction_spread_deg: draw.with_ends(0.0, 180.0),
    }
}

/// A hole with the rate it gives, and with that of a hole half as wide again.
fn hole(draw: &mut Draw, gas: &Substance, air_pressure: f64) -> Option<(Release, f64)> {
    let hole = GasHole::round(
        draw.over_decades(1e-4, 1.5),
        air_pressure * draw.over_decades(1.000_01, 900.0),
        draw.with_ends(150.0, 700.0),
    );
    let out = hole.outflow(gas, air_pressure).ok()?;
    let wider = GasHole { diameter: 1.5 * hole.diameter, ..hole }.outflow(gas, air_pressure).ok()?;
    let mut release = known_rate::release((0.0, 0.0), 0.0, out.rate, 600.0);
    release.exit = Some(out.exit);
    Some((release, wider.rate))
}

struct Scenario {
    gas: &'static Substance,
    release: Release,
    /// Rate of a wider hole, or of a larger known rate, kg/s.
    larger_rate: f64,
    weather: Weather,
    receptor_height: f64,
    averaging_time: f64,
    set: &'static dyn sigma::SigmaSet,
}

/// A scenario that the engine accepts; none where the draw is one that it refuses.
fn scenario(draw: &mut Draw) -> Option<Scenario> {
    let gases = substance::all();
    let gas = &gases[((draw.share() * gases.len() as f64) as usize).min(gases.len() - 1)];
    let weather = weather(draw);
    weather.check(0).ok()?;
    let (mut release, larger_rate) = if draw.chance(0.5) {
        hole(draw, gas, weather.pressure)?
    } else {
        let rate = draw.over_decades(1e-9, 25_000.0);
        (known_rate::release((0.0, 0.0), 0.0, rate, draw.over_decades(1.0, 1e6)), 2.0 * rate)
    };
    release.height = if draw.chance(0.3) { 0.0 } else { draw.over_decades(0.01, 500.0) };
    release.check().ok()?;
    let receptor_height = if draw.chance(0.3) { 0.0 } else { draw.over_decades(0.01, 500.0) };
    if weather.lid().is_some_and(|lid| lid <= release.height.max(receptor_height)) {
        return None;
    }
    let averaging_time = draw.over_decades(1.0, 3600.0);
    let set = draw.one_of(&sigma::ALL);
    Some(Scenario { gas, release, larger_rate, weather, receptor_height, averaging_time, set })
}

impl Scenario {
    fn plume(&self, rate: f64) -> Plume {
        let release = Release { rate, ..self.release.clone() };
        let Self { gas, weather, receptor_height, averaging_time, set, .. } = self;
        Plume::with_set(*set, &release, gas, weather, *receptor_height, *averaging_time)
    }
}

/// Concentrations at some places, of the scenario and of those that differ from it in one thing.
fn check_places(number: u64, case: &Scenario, draw: &mut Draw) {
    let plume = case.plume(case.release.rate);
    let (stronger, larger) = (case.plume(2.0 * case.release.rate), case.plume(case.larger_rate));
    let (heading, turned_by) = (draw.between(0.0, TAU), draw.between(0.0, TAU));
    let placed = Placed::new(plume.clone(), 0.0, 0.0, heading);
    let turned = Placed::new(plume.clone(), 0.0, 0.0, heading + turned_by);
    let top = plume.pure_gas;
    for _ in 0..4 {
        let x = draw.over_decades(0.01, 1e5) * draw.one_of(&[1.0, 1.0, 1.0, -1.0]);
        let y = x.abs() * draw.between(-0.5, 0.5);
        let (c, at) =
            (plume.concentration(x, y, case.receptor_height), format!("scenario {number} at {x}, {y}"));
        assert!(c.is_finite() && c >= 0.0 && c <= top, "{at}: {c}");
        assert!(c == 0.0 || x > 0.0, "{at}: {c} upwind");
        // Doubling is exact in floating point, up to the pure gas and down to denormal numbers.
        let double = stronger.concentration(x, y, case.receptor_height);
        let expected = (2.0 * c).min(top).max(c);
        assert!(double == expected || double < 1e-300, "{at}: {double} at twice the rate of {c}");
        assert!(larger.concentration(x, y, case.receptor_height) >= c, "{at}: a wider hole");
        let (here, there) = (placed.on_grid(x, y), turned.on_grid(x, y));
        let (before, after) = (placed.concentration(here.x, here.y), turned.concentration(there.x, there.y));
        // Turning moves a place by rounding, which counts where the plume is steep.
        let steep =
            1e-9 * before.max(after) * (1.0 + (y / plume.curves.crosswind.at(x.abs())).powi(2)) + 1e-300;
        assert!(x < 0.0 || (before - after).abs() <= steep, "{at}: {before} turned is {after}");
    }
}

/// Zones of rising thresholds lie within each other, and a larger rate reaches no less far.
fn check_zones(number: u64, case: &Scenario, draw: &mut Draw) {
    let (plume, stronger) = (case.plume(case.release.rate), case.plume(2.0 * case.release.rate));
    let mild = plume.pure_gas * draw.over_decades(1e-9, 0.1);
    let severe = mild * draw.between(1.0, 5.0);
    let (outer, inner) = (extent(&plume, mild), extent(&plume, severe));
    if let Some(inner) = inner {
        let outer = outer.unwrap_or_else(|| panic!("scenario {number}: only the severe zone"));
        assert!(
            inner.far <= outer.far && inner.near >= outer.near,
            "scenario {number}: {inner:?} in {outer:?}"
        );
        assert!(inner.near.is_finite() && inner.far.is_finite() && inner.near >= 0.0);
    }
    if let (Some(zone), more) = (outer, extent(&stronger, mild)) {
        let more = more.unwrap_or_else(|| panic!("scenario {number}: no zone at twice the rate"));
        assert!(
            more.far >= zone.far * (1.0 - 1e-12),
            "scenario {number}: {more:?} at twice the rate of {zone:?}"
        );
    }
}

#[test]
fn a_million_scenarios_have_no_wrong_number() {
    let accepted: u64 = (0..SCENARIOS)
        .into_par_iter()
        .map(|number| {
            let mut draw = Draw::new(number);
            // What is refused is drawn again, so that a million are looked at.
            let case = (0..1000).find_map(|_| scenario(&mut draw));
            let Some(case) = case else { return 0 };
            check_places(number, &case, &mut draw);
            if number % BETWEEN_ZONES == 0 {
                check_zones(number, &case, &mut draw);
            }
            1
        })
        .sum();
    assert_eq!(accepted, SCENARIOS);
}

/// Whole runs: every number of every grid and zone, by plume and by puffs.
#[test]
fn whole_runs_have_no_wrong_number() {
    use sim_core::gas::hazard::levels::usual_levels;
    use sim_core::grid::{Crs, Grid};
    use sim_core::product::Layer;
    let puffs: u64 = (0..RUNS)
        .into_par_iter()
        .map(|number| {
            let mut draw = Draw::new(SCENARIOS + number);
            let drawn =
                (0..1000).find_map(|_| scenario(&mut draw).filter(|case| !usual_levels(case.gas).is_empty()));
            let drawn = drawn.expect("one in a thousand is accepted");
            let cell = draw.over_decades(0.5, 50.0);
            let half = 10.5 * cell;
            let mut case = GasCase {
                grid: Grid {
                    columns: 21,
                    rows: 21,
                    dx: cell,
                    dy: cell,
                    west: -half,
                    south: -half,
                    crs: Crs::local(),
                },
                levels: usual_levels(drawn.gas),
                substance: drawn.gas.clone(),
                weather: vec![drawn.weather],
                coefficients: Some(drawn.set.name()),
                receptor_height: drawn.receptor_height,
                averaging_time: drawn.averaging_time,
                accept_invalid: true,
                source: drawn.release,
                ..leak("carbon monoxide", 1.0, &["AEGL-2"])
            };
            if number % 10 == 0 {
                case.source.duration = case.source.duration.min(60.0);
                case.transport = Transport::Puffs;
            } else {
                case.transport = transport_of(&case);
            }
            let by_puffs = u64::from(case.transport == Transport::Puffs);
            let outcome =
                disperse(&case, &mut Unobserved).unwrap_or_else(|problems| panic!("{number}: {problems:?}"));
            assert!(outcome.evacuation_radius.is_finite() && outcome.evacuation_radius >= 0.0, "{number}");
            assert!(
                outcome.ledger.relative_error.abs() < 1e-6,
                "{number}: {}",
                outcome.ledger.relative_error
            );
            for layer in &outcome.products.layers {
                if let Layer::Raster(raster) = layer {
                    let wrong = raster.values.iter().find(|value| value.is_infinite() || **value < 0.0);
                    assert!(wrong.is_none(), "{number}: {wrong:?} in {}", raster.info.name);
                }
            }
            by_puffs
        })
        .sum();
    assert!(puffs >= RUNS / 10, "{puffs} by puffs");
}
