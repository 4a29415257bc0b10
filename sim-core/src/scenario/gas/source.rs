//! Keys of `[source]`: what leaks, where, how much.

use crate::error::{Problem, Problems};
use crate::gas::source::gas_hole::{GasHole, ROUND_HOLE_COEFFICIENT};
use crate::gas::source::{self, ExitState};
use crate::gas::substance::{self, Substance};
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;
use crate::scenario::site::{Place, read_place};

/// A release as it was read; what is missing or wrong is `None`.
pub(super) struct Source {
    pub(super) substance: Option<&'static Substance>,
    pub(super) place: Option<Place>,
    pub(super) height: f64,
    pub(super) rate: Option<f64>,
    pub(super) duration: Option<f64>,
    pub(super) exit: Option<ExitState>,
    pub(super) description: String,
}

pub(super) fn read_source(root: &Section<'_>, air_pressure: f64) -> Option<Source> {
    let section = root.section("source", "what leaks, where, how much");
    let kinds: Vec<&str> = source::ALL.iter().map(|kind| kind.name()).collect();
    let kind = section.required_choice("kind", &kinds, "kind of release");
    let substance = read_substance(&section);
    let place = read_place(&section, "at", "where the gas leaves");
    let height = section
        .quantity("height", Dimension::Length, "height of the leak above ground")
        .between(0.0, 500.0)
        .or(0.0, "0 m");
    let duration = section
        .quantity("duration", Dimension::Time, "until the leak is stopped or empty")
        .between(1.0, 1e7)
        .required();
    let inventory = section
        .quantity("inventory", Dimension::Mass, "all there is to leak; a longer leak is a mistake")
        .between(1e-6, 1e12)
        .optional();
    let describing = section.describing();
    let hole = (describing || kind == Some("gas_hole"))
        .then(|| read_hole(&section, substance, air_pressure))
        .flatten();
    let known = (describing || kind == Some("known_rate"))
        .then(|| {
            section
                .quantity("rate", Dimension::MassRate, "mass per time (with known_rate)")
                .between(1e-9, 5e4)
                .required()
        })
        .flatten();
    if kind.is_some() {
        section.finish();
    }
    let (rate, exit, description) = match (hole, known) {
        (Some((rate, exit, words)), _) => (Some(rate), Some(exit), words),
        (None, Some(rate)) => (Some(rate), None, format!("given rate of {rate} kg/s")),
        _ => (None, None, String::new()),
    };
    if let (Some(rate), Some(duration), Some(inventory)) = (rate, duration, inventory)
        && rate * duration > inventory
    {
        section.report(
            4321,
            "inventory",
            format!(
                "{rate:.3} kg/s for {duration} s is {:.1} kg, more than the {inventory} kg there are",
                rate * duration
            ),
            format!("the leak lasts at most {:.0} s: set source.duration to that", inventory / rate),
        );
    }
    Some(Source { substance, place, height, rate, duration, exit, description })
}

fn read_substance(section: &Section<'_>) -> Option<&'static Substance> {
    let name = section.required_text(
        "substance",
        "name, Chinese name or CAS number; see tuiyan list substances",
        "natural gas",
    )?;
    match substance::find(name) {
        Ok(substance) => Some(substance),
        Err(Problems(problems)) => {
            for problem in problems {
                let placed = section.problem(problem.code.0, "substance", problem.text.clone());
                section.reading.report(Problem { fix: problem.fix.clone(), ..placed });
            }
            None
        }
    }
}

fn read_hole(
    section: &Section<'_>,
    substance: Option<&'static Substance>,
    air_pressure: f64,
) -> Option<(f64, ExitState, String)> {
    let length = |key: &str, meaning: &str| {
        section.quantity(key, Dimension::Length, meaning).between(1e-4, 3.0).optional()
    };
    let pipe = length("pipe_diameter", "inner diameter of the pipe");
    let hole = length("hole_diameter", "diameter of the hole");
    let full_bore =
        section.flag("full_bore", false, "the pipe is broken right through: the hole is the pipe");
    let gauge = section
        .quantity("gauge_pressure", Dimension::Pressure, "pressure above the air's, as a gauge shows it")
        .between(1.0, 1e8)
        .optional();
    let absolute = section
        .quantity("absolute_pressure", Dimension::Pressure, "pressure above vacuum")
        .between(1.0, 1e8)
        .optional();
    let temperature = section
        .quantity(
            "temperature",
            Dimension::Temperature,
            "temperature of the gas behind the hole (with gas_hole)",
        )
        .between(150.0, 700.0)
        .required();
    let coefficient = section
        .number(
            "discharge_coefficient",
            "share of the ideal flow; 1.00 for a round hole after HJ 169-2018 F.2, an upper bound",
        )
        .between(0.1, 1.0)
        .or(ROUND_HOLE_COEFFICIENT, "1.0");
    let compressibility = section
        .number("compressibility", "compressibility factor of the gas behind the hole; 1 for an ideal gas")
        .between(0.1, 3.0)
        .or(1.0, "1.0");
    if section.describing() {
        return None;
    }
    let pressure = one_pressure(section, gauge, absolute, air_pressure);
    let diameter = one_diameter(section, hole, pipe, full_bore);
    let (substance, pressure, diameter, temperature) = (substance?, pressure?, diameter?, temperature?);
    let hole = GasHole {
        diameter,
        pressure,
        temperature,
        discharge_coefficient: coefficient,
        compressibility,
        pipe_diameter: pipe,
    };
    match hole.outflow(substance, air_pressure) {
        Ok(outflow) => {
            for warning in &outflow.warnings {
                let placed = section.warning(warning.code.0, "full_bore", warning.text.clone());
                let place = placed.place;
                section.reading.report(Problem { place, ..warning.clone() });
            }
            let words = format!(
                "{} through {:.0} mm at {:.3} MPa absolute, {}",
                if full_bore { "full bore" } else { "hole" },
                diameter * 1e3,
                pressure / 1e6,
                if outflow.exit.choked { "choked" } else { "subsonic" }
            );
            Some((outflow.rate, outflow.exit, words))
        }
        Err(Problems(problems)) => {
            for problem in problems {
                let place = section.problem(problem.code.0, "kind", "").place;
                section.reading.report(Problem { place, ..problem });
            }
            None
        }
    }
}

fn one_pressure(section: &Section<'_>, gauge: Option<f64>, absolute: Option<f64>, air: f64) -> Option<f64> {
    if section.has("gauge_pressure") == section.has("absolute_pressure") {
        section.report(
            1020,
            "gauge_pressure",
            "the pressure is missing or given twice",
            "add gauge_pressure = \"0.4 MPa\" (as a gauge shows it) or absolute_pressure = \"0.5 MPa\"",
        );
        return None;
    }
    gauge.map(|gauge| gauge + air).or(absolute)
}

fn one_diameter(section: &Section<'_>, hole: Option<f64>, pipe: Option<f64>, full_bore: bool) -> Option<f64> {
    if full_bore && section.has("hole_diameter") {
        section.report(
            1020,
            "hole_diameter",
            "the hole is given twice: full_bore is true",
            "keep one of the two",
        );
        return None;
    }
    let (key, diameter) = if full_bore { ("pipe_diameter", pipe) } else { ("hole_diameter", hole) };
    if !section.has(key) {
        section.report(1012, key, "the size of the hole is missing", format!("add {key} = \"20 mm\""));
    }
    diameter
}
