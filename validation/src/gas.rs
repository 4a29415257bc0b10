//! Gas cases: set up, run, measure.

use std::path::Path;
use std::time::Instant;

use sim_core::error::Result;
use sim_core::gas::plume::Plume;
use sim_core::gas::source::gas_hole::GasHole;
use sim_core::gas::source::known_rate;
use sim_core::gas::substance;
use sim_core::gas::weather::{Stability, Surroundings, Weather};
use sim_core::units::{CELSIUS_ZERO, STANDARD_PRESSURE};

use crate::{Case, Measure, Outcome};

/// Gas cases in the order in which they are printed.
pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case {
            name: "plume-mass-flux",
            group: "gas",
            page: include_str!("../cases/plume-mass-flux/README.md"),
            run: plume_mass_flux,
        },
        Case {
            name: "choked-methane",
            group: "gas",
            page: include_str!("../cases/choked-methane/README.md"),
            run: choked_methane,
        },
    ]
}

fn measure(case: &'static str, name: &str, value: f64, tolerance: f64, begun: Instant) -> Measure {
    Measure {
        case,
        scheme: "plume",
        device: "cpu",
        measure: name.to_owned(),
        value,
        unit: "1",
        tolerance,
        best_published: None,
        passed: value.abs() <= tolerance,
        cells: 1,
        steps: 1,
        wall_seconds: begun.elapsed().as_secs_f64(),
    }
}

fn plume_mass_flux(_: Option<&Path>) -> Result<Outcome> {
    let begun = Instant::now();
    let carbon_monoxide = substance::find("carbon monoxide")?;
    let mut worst = 0.0f64;
    for surroundings in [Surroundings::Rural, Surroundings::Urban] {
        for class in Stability::ALL {
            for mixing_height in [None, Some(400.0)] {
                let weather = air(class, surroundings, mixing_height);
                let release = known_rate::release((0.0, 0.0), 10.0, RATE, 3600.0);
                let plume = Plume::new(&release, carbon_monoxide, &weather, 1.5, 600.0);
                for distance in [100.0, 1000.0, 5000.0] {
                    let flux = weather.wind_at(10.0) * through_plane(&plume, distance, weather.lid());
                    worst = worst.max((flux / RATE - 1.0).abs());
                }
            }
        }
    }
    let name = "largest difference from the release";
    Ok(Outcome::Measured(vec![measure("plume-mass-flux", name, worst, 1e-6, begun)]))
}

/// Release of the mass-flux case, kg/s.
const RATE: f64 = 2.0;

fn air(stability: Stability, surroundings: Surroundings, mixing_height: Option<f64>) -> Weather {
    Weather {
        wind_speed: 4.0,
        reference_height: 10.0,
        wind_direction_deg: 270.0,
        stability,
        air_temperature: CELSIUS_ZERO + 15.0,
        pressure: STANDARD_PRESSURE,
        mixing_height,
        surroundings,
        direction_spread_deg: 30.0,
    }
}

/// Integral of the concentration over a plane across the wind, kg/m: Simpson's rule
/// upwards, the trapezium rule sideways, to where a bell curve has no mass left.
fn through_plane(plume: &Plume, distance: f64, lid: Option<f64>) -> f64 {
    const UP: usize = 2000;
    const ASIDE: i32 = 160;
    // No set of coefficients is wider than half the distance or deeper than all of it here.
    let top = lid.unwrap_or(8.0 * distance);
    let (dz, dy) = (top / UP as f64, 4.0 * distance / f64::from(ASIDE));
    let column = |y: f64| -> f64 {
        (0..=UP)
            .map(|i| {
                let weight = if i == 0 || i == UP {
                    1.0
                } else if i % 2 == 1 {
                    4.0
                } else {
                    2.0
                };
                weight * plume.concentration(distance, y, i as f64 * dz) * dz / 3.0
            })
            .sum()
    };
    (-ASIDE..=ASIDE).map(|i| column(f64::from(i) * dy) * dy).sum()
}

fn choked_methane(_: Option<&Path>) -> Result<Outcome> {
    let begun = Instant::now();
    let methane = substance::find("methane")?;
    let hole = GasHole::round(0.020, 0.4e6 + STANDARD_PRESSURE, CELSIUS_ZERO + 14.85);
    let rate = hole.outflow(methane, STANDARD_PRESSURE)?.rate;
    let difference = rate / 0.27 - 1.0;
    Ok(Outcome::Measured(vec![measure(
        "choked-methane",
        "difference from 0.27 kg/s",
        difference,
        0.03,
        begun,
    )]))
}
