//! The curves of Britter and McQuaid against worked examples; no data is needed.

use std::time::Instant;

use sim_core::error::Result;
use sim_core::gas::dense::britter_mcquaid::{
    DenseRelease, PLUME_CURVES, PUFF_CURVES, Plume, Puff, ScreeningAir,
};

use crate::{Answer, Effort, Findings, Reading, Settings};

/// A spill of LNG, the example of ccps1999 page 122, in air of a density and a temperature.
fn spill(density: f64, temperature: f64) -> Plume {
    let vapour = 1.76;
    let flow = 0.23 * 425.6 / vapour;
    let release = DenseRelease { flow, density: vapour, temperature: 111.15, fraction: 1.0, duration: 174.0 };
    Plume::of(&release, &ScreeningAir { wind: 10.9, density, temperature })
}

fn found(begun: Instant, readings: Vec<Reading>) -> Findings {
    let effort = Effort { cells: readings.len(), steps: 1, wall_seconds: begun.elapsed().as_secs_f64() };
    let readings = readings.into_iter().map(|reading| reading.by("britter-mcquaid").of(effort)).collect();
    Findings { readings, figures: Vec::new() }
}

pub(super) fn lng(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let (guidelines, page) = (spill(1.184_9, 298.0), spill(1.225, 288.15));
    Ok(Ok(found(
        begun,
        vec![
            Reading::within("air of 298 K: distance to 5 %", guidelines.distance_to(0.05), "m", 367.0, 7.4),
            Reading::within("air of 298 K: scale of length", guidelines.length, "m", 2.26, 0.005),
            Reading::within("air of 288.15 K: distance to 5 %", page.distance_to(0.05), "m", 354.56, 0.2),
            Reading::within("air of 288.15 K: alpha", page.alpha, "1", -0.435_7, 1e-4),
            Reading::within("air of 288.15 K: upwind reach", page.upwind_reach(), "m", 1.497_3, 1e-3),
            Reading::within("air of 288.15 K: half width at x = 0", page.half_width(0.0), "m", 3.730_3, 1e-3),
        ],
    )))
}

pub(super) fn puff(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let fraction = 1.0 / 16.4;
    let release = DenseRelease { flow: 7.25e4, density: 1.434, temperature: 293.15, fraction, duration: 1.0 };
    let air = ScreeningAir { wind: 2.0, density: 1.204_1, temperature: 293.15 };
    let puff = Puff::of(&release, &air);
    let front = |time: f64| puff.middle(time) + puff.radius(time);
    Ok(Ok(found(
        begun,
        vec![
            Reading::within("front after 124 s", front(124.0), "m", 333.0, 3.3),
            Reading::within("fraction there", puff.fraction(front(124.0)), "1", 0.006_098, 1e-5),
            Reading::within(
                "fraction at the front after 1396 s",
                puff.fraction(front(1396.0)),
                "1",
                1.85e-4,
                1.9e-6,
            ),
        ],
    )))
}

pub(super) fn curves(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    // Published corners: α and β of each curve, thickest cloud first.
    let plumes: [(f64, [f64; 6]); 3] = [
        (-0.75, [1.75, 1.92, 2.08, 2.25, 2.40, 2.60]),
        (-0.40, [1.784, 2.016, 2.21, 2.394, 2.564, 2.714]),
        (0.0, [1.78, 1.96, 2.16, 2.35, 2.56, 2.71]),
    ];
    let puffs: [(f64, [f64; 7]); 3] = [
        (-0.75, [0.70, 0.85, 0.95, 1.15, 1.48, 1.83, 2.075]),
        (0.0, [0.81, 1.00, 1.19, 1.39, 1.62, 1.83, 2.05]),
        (0.75, [0.93, 1.03, 1.185, 1.375, 1.525, 1.68, 1.847_5]),
    ];
    let mut worst = [0.0_f64; 2];
    for (alpha, betas) in plumes {
        for (curve, beta) in PLUME_CURVES.iter().zip(betas) {
            worst[0] = worst[0].max((curve.beta(alpha) - beta).abs());
        }
    }
    for (alpha, betas) in puffs {
        for (curve, beta) in PUFF_CURVES.iter().zip(betas) {
            worst[1] = worst[1].max((curve.beta(alpha) - beta).abs());
        }
    }
    Ok(Ok(found(
        begun,
        vec![
            Reading::at_most("largest difference in beta, plume", worst[0], "1", 1e-9),
            Reading::at_most("largest difference in beta, puff", worst[1], "1", 1e-9),
        ],
    )))
}
