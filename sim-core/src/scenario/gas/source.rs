//! Keys of `[source]`: what leaks, where, how much.

mod blowdown;
mod course;
mod hole;
mod jet;
mod liquid;
mod stack;
mod surface;
mod valve;

use crate::error::{Problem, Problems, Result};
use crate::gas::jet::Axis;
use crate::gas::plume_rise::Exit;
use crate::gas::source::ExitState;
use crate::gas::source::history::History;
use crate::gas::source::term::{Fact, SourceTerm};
use crate::gas::source::{self};
use crate::gas::substance::{self, Substance};
use crate::gas::weather::Weather;
use crate::scenario::Context;
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;
use crate::scenario::site::{Place, read_place};
use crate::units::STANDARD_PRESSURE;

use super::weather::{Air, STANDARD_TEMPERATURE};
use liquid::Waiting;

/// A release as it was read; what is missing or wrong is `None`.
pub(super) struct Source {
    pub(super) substance: Option<&'static Substance>,
    pub(super) place: Option<Place>,
    pub(super) height: f64,
    pub(super) outflow: Option<Outflow>,
    /// Where a free jet points.
    pub(super) jet: Option<Axis>,
    /// A spill that becomes gas once the weather is known.
    waiting: Option<Waiting>,
    gas_only: bool,
}

/// What comes out.
pub(super) struct Outflow {
    /// Mass rate, kg/s: the largest where it changes.
    pub(super) rate: f64,
    pub(super) duration: f64,
    pub(super) exit: Option<ExitState>,
    /// Diameter of the pool from which it rises, m.
    pub(super) pool_diameter: Option<f64>,
    /// The chimney, where its plume is to rise.
    pub(super) stack: Option<Exit>,
    pub(super) history: Option<History>,
    pub(super) facts: Vec<Fact>,
    pub(super) description: String,
}

/// What every kind of release needs to be read.
struct Reading<'s, 'a> {
    section: &'s Section<'a>,
    substance: Option<&'static Substance>,
    air_pressure: f64,
    air_temperature: f64,
    /// Until the leak is stopped, s.
    duration: Option<f64>,
    /// All there is to leak, kg.
    inventory: Option<f64>,
}

/// What a kind of release gives: gas, or a spill that waits for the weather.
enum Found {
    Gas(Outflow),
    Spill(Waiting),
}

/// Kinds from which gas alone comes.
const GAS_ONLY: [&str; 5] = ["gas_hole", "city_gas", "pipeline_blowdown", "vessel_blowdown", "relief_valve"];

/// Kinds that end by themselves, so that they need no duration.
const ENDING: [&str; 6] =
    ["pipeline_blowdown", "vessel_blowdown", "series", "liquid_tank", "flashing", "pool"];

pub(super) fn read_source(
    root: &Section<'_>,
    air: Option<&Air>,
    context: &mut Context<'_, '_>,
) -> Option<Source> {
    let section = root.section("source", "what leaks, where, how much");
    let kinds: Vec<&str> = source::ALL.iter().map(|kind| kind.name()).collect();
    let kind = section.required_choice("kind", &kinds, "kind of release");
    let substance = read_substance(&section);
    let place = read_place(&section, "at", "where the gas leaves");
    let height = section
        .quantity("height", Dimension::Length, "height of the leak above ground")
        .between(0.0, 500.0)
        .or(0.0, "0 m");
    let (duration, inventory) = read_limits(&section, kind);
    let reading = Reading {
        section: &section,
        substance,
        air_pressure: air.map_or(STANDARD_PRESSURE, |air| air.pressure),
        air_temperature: air.map_or(STANDARD_TEMPERATURE, |air| air.temperature),
        duration,
        inventory,
    };
    let found = reading.found(kind, context);
    stack::refuse_elsewhere(&section, kind);
    let jet = jet::read(&section, kind);
    if kind.is_some() {
        section.finish();
    }
    if let (Some(found), Some(inventory)) = (&found, inventory) {
        check_inventory(&section, found, inventory);
    }
    let (outflow, waiting) = match found {
        Some(Found::Gas(outflow)) => (Some(outflow), None),
        Some(Found::Spill(waiting)) => (None, Some(waiting)),
        None => (None, None),
    };
    Some(Source {
        substance,
        place,
        height,
        outflow,
        jet,
        waiting,
        gas_only: kind.is_some_and(|kind| GAS_ONLY.contains(&kind)),
    })
}

/// When the leak is stopped, and how much there is.
fn read_limits(section: &Section<'_>, kind: Option<&str>) -> (Option<f64>, Option<f64>) {
    let duration = section
        .quantity(
            "duration",
            Dimension::Time,
            "until the leak is stopped or empty; a blowdown, a tank and a series end by themselves when absent",
        )
        .between(SHORTEST_DURATION, 1e7);
    let ends = kind.is_some_and(|kind| ENDING.contains(&kind));
    let duration = if ends { duration.optional() } else { duration.required() };
    if kind == Some("pool") && section.has("duration") {
        let fix = "remove it; source.pool.followed_for says how long the pool is followed";
        section.report(1176, "duration", "a spill at once has no duration", fix);
    }
    let inventory = section
        .quantity("inventory", Dimension::Mass, "all there is to leak; a longer leak is a mistake")
        .between(1e-6, 1e12);
    let boils = kind == Some("flashing");
    (duration, if boils { inventory.required() } else { inventory.optional() })
}

impl Source {
    /// How long gas comes out, s.
    pub(super) fn lasts(&self) -> Option<f64> {
        let waiting = self.waiting.as_ref().map(Waiting::lasts);
        self.outflow.as_ref().map(|outflow| outflow.duration).or(waiting)
    }

    /// True for a source that is known to give no liquid; what a given rate or mass is, nobody says.
    pub(super) fn leaks_gas_only(&self) -> bool {
        self.gas_only
    }

    /// Lets a spill become gas in the weather.
    pub(super) fn evaporate(&mut self, root: &Section<'_>, weather: &[Weather]) {
        if let Some(waiting) = self.waiting.take() {
            self.outflow = waiting.outflow(&root.section("source", ""), weather);
        }
    }
}

impl<'s, 'a> Reading<'s, 'a> {
    /// What the kind of release gives; every kind is read where the keys are described.
    fn found(&self, kind: Option<&str>, context: &mut Context<'_, '_>) -> Option<Found> {
        let describing = self.section.describing();
        let is = |name: &str| describing || kind == Some(name);
        let mut gas = None;
        if is("gas_hole") {
            gas = gas.or(self.gas_hole());
        }
        if is("known_rate") {
            gas = gas.or(self.known_rate());
        }
        if is("known_mass") {
            gas = gas.or(self.known_mass());
        }
        if is("series") {
            gas = gas.or(self.series(context));
        }
        if is("city_gas") {
            gas = gas.or(self.city_gas());
        }
        if is("pipeline_blowdown") {
            gas = gas.or(self.pipeline_blowdown());
        }
        if is("vessel_blowdown") {
            gas = gas.or(self.vessel_blowdown());
        }
        if is("relief_valve") {
            gas = gas.or(self.relief_valve());
        }
        gas.map(Found::Gas).or(self.spill(kind).map(Found::Spill))
    }

    /// What a kind of spill gives.
    fn spill(&self, kind: Option<&str>) -> Option<Waiting> {
        let describing = self.section.describing();
        let is = |name: &str| describing || kind == Some(name);
        let mut spill = None;
        if is("liquid_tank") {
            spill = spill.or(self.liquid_tank());
        }
        if is("flashing") {
            spill = spill.or(self.flashing());
        }
        if is("pool") {
            spill = spill.or(self.pool_at_once());
        }
        spill
    }

    fn known_rate(&self) -> Option<Outflow> {
        let rate = self
            .section
            .quantity("rate", Dimension::MassRate, "mass per time (with known_rate)")
            .between(1e-9, 5e4)
            .required();
        let stack = self.stack(rate);
        let (rate, stack) = (rate?, stack?);
        Some(Outflow {
            rate,
            duration: self.duration?,
            exit: None,
            pool_diameter: None,
            facts: stack.map(|exit| stack::facts(&exit)).into_iter().flatten().collect(),
            stack,
            history: None,
            description: format!("given rate of {rate} kg/s"),
        })
    }

    /// A release over time, cut where the leak is stopped.
    fn over_time(&self, term: Result<SourceTerm>, exit: Option<ExitState>) -> Option<Outflow> {
        let SourceTerm { history, found, mut facts, warnings } = self.sound(term)?;
        facts.extend(exit.iter().flat_map(Fact::of_exit));
        self.warn(&warnings, "kind");
        let history = match self.duration {
            Some(stopped) if stopped < history.end() => history.until(stopped),
            _ => history,
        };
        Some(Outflow {
            rate: history.peak().rate,
            duration: history.end() - history.start(),
            exit,
            pool_diameter: None,
            stack: None,
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

    /// A reading for what is only known with the weather.
    fn after_weather(section: &'s Section<'a>, substance: &'static Substance, weather: &Weather) -> Self {
        Self {
            section,
            substance: Some(substance),
            air_pressure: weather.pressure,
            air_temperature: weather.air_temperature,
            duration: None,
            inventory: None,
        }
    }

    fn warn(&self, warnings: &[Problem], key: &str) {
        for warning in warnings {
            let place = self.section.warning(warning.code.0, key, warning.text.clone()).place;
            self.section.reading.report(Problem { place, ..warning.clone() });
        }
    }
}

/// Shortest duration of a leak, s.
const SHORTEST_DURATION: f64 = 1.0;

/// Rounding of a mass that is all there is.
const ROUNDING: f64 = 1e-9;

fn check_inventory(section: &Section<'_>, found: &Found, inventory: f64) {
    let (mass, rate, end) = match found {
        Found::Gas(outflow) => {
            let mass = outflow.history.as_ref().map_or(outflow.rate * outflow.duration, History::total);
            (mass, outflow.rate, outflow.duration)
        }
        Found::Spill(waiting) => {
            let (mass, end) = (waiting.spill.mass(), waiting.spill.end());
            (mass, mass / end, end)
        }
    };
    if mass > inventory * (1.0 + ROUNDING) {
        let holds = inventory / rate;
        // A leak that is empty before the shortest duration cannot be mended by one.
        let remedy = if holds >= SHORTEST_DURATION {
            format!("set source.duration to {:.0} s or less, or correct the inventory", holds.floor())
        } else {
            format!(
                "all of it is gone in {holds:.2} s at this rate: use kind = \"known_mass\", or correct rate or inventory"
            )
        };
        section.report(
            4321,
            "inventory",
            format!("{mass:.1} kg leave in {end:.0} s, at most {rate:.3} kg/s: more than the {inventory} kg there are"),
            remedy,
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
