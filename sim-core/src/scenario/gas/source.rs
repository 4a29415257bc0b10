//! Keys of `[source]`: what leaks, where, how much.

mod blowdown;
mod hole;

use crate::error::{Problem, Problems, Result};
use crate::gas::source::ExitState;
use crate::gas::source::history::History;
use crate::gas::source::term::{Fact, SourceTerm};
use crate::gas::source::{self};
use crate::gas::substance::{self, Substance};
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;
use crate::scenario::site::{Place, read_place};

/// A release as it was read; what is missing or wrong is `None`.
pub(super) struct Source {
    pub(super) substance: Option<&'static Substance>,
    pub(super) place: Option<Place>,
    pub(super) height: f64,
    pub(super) outflow: Option<Outflow>,
}

/// What comes out.
pub(super) struct Outflow {
    /// Mass rate, kg/s: the largest where it changes.
    pub(super) rate: f64,
    pub(super) duration: f64,
    pub(super) exit: Option<ExitState>,
    pub(super) history: Option<History>,
    pub(super) facts: Vec<Fact>,
    pub(super) description: String,
}

/// What every kind of release needs to be read.
struct Reading<'s, 'a> {
    section: &'s Section<'a>,
    substance: Option<&'static Substance>,
    air_pressure: f64,
    /// Until the leak is stopped, s.
    duration: Option<f64>,
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
    let empties = kind.is_some_and(|kind| kind.ends_with("_blowdown"));
    let duration = section
        .quantity(
            "duration",
            Dimension::Time,
            "until the leak is stopped or empty; a blowdown ends by itself when absent",
        )
        .between(1.0, 1e7);
    let duration = if empties { duration.optional() } else { duration.required() };
    let inventory = section
        .quantity("inventory", Dimension::Mass, "all there is to leak; a longer leak is a mistake")
        .between(1e-6, 1e12)
        .optional();
    let reading = Reading { section: &section, substance, air_pressure, duration };
    let outflow = reading.outflow(kind);
    if kind.is_some() {
        section.finish();
    }
    if let (Some(outflow), Some(inventory)) = (&outflow, inventory) {
        check_inventory(&section, outflow, inventory);
    }
    Some(Source { substance, place, height, outflow })
}

impl Reading<'_, '_> {
    /// What the kind of release gives; every kind is read where the keys are described.
    fn outflow(&self, kind: Option<&str>) -> Option<Outflow> {
        let describing = self.section.describing();
        let is = |name: &str| describing || kind == Some(name);
        let mut found = None;
        if is("gas_hole") {
            found = found.or(self.gas_hole());
        }
        if is("known_rate") {
            found = found.or(self.known_rate());
        }
        if is("city_gas") {
            found = found.or(self.city_gas());
        }
        if is("pipeline_blowdown") {
            found = found.or(self.pipeline_blowdown());
        }
        if is("vessel_blowdown") {
            found = found.or(self.vessel_blowdown());
        }
        found
    }

    fn known_rate(&self) -> Option<Outflow> {
        let rate = self
            .section
            .quantity("rate", Dimension::MassRate, "mass per time (with known_rate)")
            .between(1e-9, 5e4)
            .required()?;
        let description = format!("given rate of {rate} kg/s");
        let (history, facts) = (None, Vec::new());
        Some(Outflow { rate, duration: self.duration?, exit: None, history, facts, description })
    }

    /// A release over time, cut where the leak is stopped.
    fn over_time(&self, term: Result<SourceTerm>, exit: Option<ExitState>) -> Option<Outflow> {
        let SourceTerm { history, found, facts, warnings } = self.sound(term)?;
        self.warn(&warnings, "kind");
        let history = match self.duration {
            Some(stopped) if stopped < history.end() => history.until(stopped),
            _ => history,
        };
        Some(Outflow {
            rate: history.peak().rate,
            duration: history.end() - history.start(),
            exit,
            history: Some(history),
            facts,
            description: found,
        })
    }

    /// What the physics found; what it says against the input is reported.
    fn sound<T>(&self, found: Result<T>) -> Option<T> {
        match found {
            Ok(found) => Some(found),
            Err(Problems(problems)) => {
                for problem in problems {
                    let place = self.section.problem(problem.code.0, "kind", "").place;
                    self.section.reading.report(Problem { place, ..problem });
                }
                None
            }
        }
    }

    fn warn(&self, warnings: &[Problem], key: &str) {
        for warning in warnings {
            let place = self.section.warning(warning.code.0, key, warning.text.clone()).place;
            self.section.reading.report(Problem { place, ..warning.clone() });
        }
    }
}

fn check_inventory(section: &Section<'_>, outflow: &Outflow, inventory: f64) {
    let Outflow { rate, duration, history, .. } = outflow;
    let mass = history.as_ref().map_or(rate * duration, History::total);
    if mass > inventory {
        section.report(
            4321,
            "inventory",
            format!(
                "{rate:.3} kg/s for {duration} s is {mass:.1} kg, more than the {inventory} kg there are"
            ),
            format!("the leak lasts at most {:.0} s: set source.duration to that", inventory / rate),
        );
    }
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
