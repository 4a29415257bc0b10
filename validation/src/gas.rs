//! Gas cases: set up, run, measure.

use std::path::Path;
use std::time::Instant;

use sim_core::error::Result;
use sim_core::gas::source::gas_hole::GasHole;
use sim_core::gas::substance;
use sim_core::units::{CELSIUS_ZERO, STANDARD_PRESSURE};

use crate::{Case, Measure, Outcome};

/// Gas cases in the order in which they are printed.
pub(crate) fn cases() -> Vec<Case> {
    vec![Case {
        name: "choked-methane",
        group: "gas",
        page: include_str!("../cases/choked-methane/README.md"),
        run: choked_methane,
    }]
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
