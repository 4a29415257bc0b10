//! A sound leak of a gas on open ground, for tests to change.

use sim_core::gas::hazard::levels::level;
use sim_core::gas::source::known_rate;
use sim_core::gas::substance::find;
use sim_core::gas::weather::{Stability, Surroundings, Weather, WindProfile};
use sim_core::grid::{Crs, Grid};
use sim_core::run::gas::{GasCase, HeavyAir, Transport};

pub(crate) fn weather(wind_speed: f64, stability: Stability) -> Weather {
    Weather {
        wind_speed,
        reference_height: 10.0,
        wind_direction_deg: 0.0,
        stability,
        air_temperature: 288.15,
        pressure: 101_325.0,
        mixing_height: None,
        surroundings: Surroundings::Rural,
        profile: WindProfile::Power,
        direction_spread_deg: 30.0,
    }
}

/// A release at the ground at a known rate for half an hour, 3 m/s, class D.
pub(crate) fn leak(substance: &str, rate: f64, levels: &[&str]) -> GasCase {
    let substance = find(substance).expect("in the table").clone();
    GasCase {
        title: "test".into(),
        grid: Grid {
            columns: 201,
            rows: 201,
            dx: 10.0,
            dy: 10.0,
            west: -1005.0,
            south: -1005.0,
            crs: Crs::local(),
        },
        levels: levels.iter().map(|name| level(&substance, name).expect(name)).collect(),
        source: known_rate::release((0.0, 0.0), 0.0, rate, 1800.0),
        substance,
        weather: vec![weather(3.0, Stability::D)],
        compare: false,
        ground: None,
        heavy: HeavyAir {
            roughness: 0.03,
            relative_humidity: 0.5,
            ground_temperature: None,
            hands_over: false,
        },
        receptor_height: 1.5,
        averaging_time: 600.0,
        accept_invalid: false,
        direction_known: true,
        weather_times: vec![0.0],
        transport: Transport::Plume,
        coefficients: None,
        deposition_velocity: 0.0,
        receptors: Vec::new(),
        exposure: Vec::new(),
        wishes: sim_core::run::gas::Wishes::default(),
        wanted: Vec::new(),
    }
}
