//! Gas cases: set up, run, measure.

pub(crate) mod air;
pub(crate) mod layer;
pub(crate) mod sources;
pub(crate) mod spread;
pub(crate) mod transport;
mod trials;

use std::time::Instant;

use sim_core::error::Result;
use sim_core::gas::plume::Plume;
use sim_core::gas::sigma;
use sim_core::gas::source::gas_hole::GasHole;
use sim_core::gas::substance;
use sim_core::gas::weather::Stability;
use sim_core::units::{CELSIUS_ZERO, STANDARD_PRESSURE};

use crate::{Answer, Case, Effort, Findings, Reading, Settings, case};

/// Gas cases in the order in which they are printed.
pub(crate) const CASES: [Case; 5] = [
    case!("choked-methane", "gas", Quick, choked_methane),
    case!("plume-mass-flux", "gas", Quick, plume_mass_flux),
    case!("prairie-grass", "gas", Quick, trials::prairie_grass),
    case!("chilbolton", "gas", Quick, trials::chilbolton),
    case!("aermod-surface", "gas", Quick, trials::aermod_surface),
];

fn choked_methane(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let methane = substance::find("methane")?;
    let hole = GasHole::round(0.020, 0.4e6 + STANDARD_PRESSURE, CELSIUS_ZERO + 14.85);
    let rate = hole.outflow(methane, STANDARD_PRESSURE)?.rate;
    let effort = Effort { cells: 1, steps: 1, wall_seconds: begun.elapsed().as_secs_f64() };
    let reading = Reading::at_most("difference from 0.27 kg/s", rate / 0.27 - 1.0, "1", 0.03).of(effort);
    Ok(Ok(Findings { readings: vec![reading], figures: Vec::new() }))
}

/// Distances at which the plume is cut, m.
const PLANES: [f64; 3] = [100.0, 1000.0, 10_000.0];

/// Standard deviations that are integrated: the rest holds less than 1e-14.
const REACH: f64 = 8.0;

/// Panels of the trapezoidal rule, which converges faster than any power for these functions.
const PANELS: usize = 400;

/// What passes through a plane across the wind, kg/s.
fn mass_flux(plume: &Plume, distance: f64) -> f64 {
    let across = plume.curves.crosswind.at(distance);
    let top = plume.lid.unwrap_or(plume.height + REACH * plume.curves.vertical.at(distance));
    let (dy, dz) = (2.0 * REACH * across / PANELS as f64, top / PANELS as f64);
    let mut sum = 0.0;
    for k in 0..=PANELS {
        let z = k as f64 * dz;
        let weight = if k == 0 || k == PANELS { 0.5 } else { 1.0 };
        for j in 0..=PANELS {
            sum += weight * plume.concentration(distance, j as f64 * dy - REACH * across, z);
        }
    }
    sum * dy * dz * plume.wind
}

fn plume_mass_flux(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let (mut worst, mut planes) = (0.0_f64, 0);
    for set in sigma::ALL {
        for stability in Stability::ALL {
            for lid in [None, Some(300.0)] {
                // So much pure gas that no concentration is cut to it.
                let plume = Plume {
                    rise: None,
                    rate: 2.0,
                    wind: 3.0,
                    front_wind: 3.0,
                    height: 10.0,
                    receptor_height: 1.5,
                    curves: set.curves(stability),
                    lid,
                    pure_gas: f64::MAX,
                    ahead: Default::default(),
                };
                for distance in PLANES {
                    let difference = mass_flux(&plume, distance) / plume.rate - 1.0;
                    worst = worst.max(if difference.is_nan() { f64::INFINITY } else { difference.abs() });
                    planes += 1;
                }
            }
        }
    }
    let cells = planes * (PANELS + 1) * (PANELS + 1);
    let effort = Effort { cells, steps: 1, wall_seconds: begun.elapsed().as_secs_f64() };
    let reading =
        Reading::at_most("mass through planes less the rate, relative", worst, "1", 1e-6).of(effort);
    Ok(Ok(Findings { readings: vec![reading], figures: Vec::new() }))
}
