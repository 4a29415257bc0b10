//! What a source hands on: its release over time and what its formula says.

use crate::error::{Problem, Problems, Result};
use crate::gas::source::ExitState;
use crate::gas::source::history::{History, State};
use crate::gas::substance::{Sourced, Substance};

/// A release over time with the numbers from which it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceTerm {
    /// What comes out, over time.
    pub history: History,
    /// How it was found, in words.
    pub found: String,
    /// Numbers that a report shows beside it.
    pub facts: Vec<Fact>,
    /// What is doubtful.
    pub warnings: Vec<Problem>,
}

/// One number of a source, for a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// What it is.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// Its unit; empty for a pure number, `yes/no` for 1 and 0.
    pub unit: &'static str,
    /// The equation it comes from.
    pub equation: &'static str,
}

impl Fact {
    /// A number with unit and equation.
    pub fn number(name: &'static str, value: f64, unit: &'static str, equation: &'static str) -> Self {
        Self { name, value, unit, equation }
    }

    /// A claim: 1 if it holds, else 0.
    pub fn claim(name: &'static str, holds: bool, equation: &'static str) -> Self {
        Self::number(name, f64::from(u8::from(holds)), "yes/no", equation)
    }
}

impl Fact {
    /// The state of what comes out where the rate is largest, at the pressure of the air.
    pub fn of_state(state: &State) -> [Self; 4] {
        const WHERE: &str = "state at the largest rate";
        [
            Self::number("temperature", state.temperature, "K", WHERE),
            Self::number("share of vapour", state.vapour_share, "", WHERE),
            Self::number("speed", state.velocity, "m/s", WHERE),
            Self::number("density", state.density, "kg/m3", WHERE),
        ]
    }

    /// The state of what comes out in the hole and after it has expanded.
    pub fn of_exit(exit: &ExitState) -> [Self; 6] {
        const HOLE: &str = "state in the throat";
        const EXPANDED: &str = "expanded to the pressure of the air, birch1987";
        [
            Self::number("temperature in the hole", exit.temperature, "K", HOLE),
            Self::number("pressure in the hole", exit.pressure, "Pa", HOLE),
            Self::number("speed in the hole", exit.velocity, "m/s", HOLE),
            Self::number("density in the hole", exit.density, "kg/m3", HOLE),
            Self::number("speed after expansion", exit.expanded_velocity, "m/s", EXPANDED),
            Self::number("density after expansion", exit.expanded_density, "kg/m3", EXPANDED),
        ]
    }
}

impl SourceTerm {
    /// The value of the fact of a name.
    pub fn fact(&self, name: &str) -> Option<f64> {
        self.facts.iter().find(|fact| fact.name == name).map(|fact| fact.value)
    }
}

/// One number of the input: name, value, lowest (excluded unless `from_zero`), highest, unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    pub(super) name: &'static str,
    pub(super) value: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) unit: &'static str,
}

impl Range {
    pub(super) const fn new(name: &'static str, value: f64, low: f64, high: f64, unit: &'static str) -> Self {
        Self { name, value, low, high, unit }
    }
}

/// E4041 for each number outside its range, both ends allowed.
pub(super) fn refuse_outside(ranges: &[Range]) -> Vec<Problem> {
    ranges
        .iter()
        .filter(|range| !(range.low..=range.high).contains(&range.value))
        .map(|range| {
            let Range { name, value, low, high, unit } = *range;
            Problem::error(4041, format!("{name} is {value} {unit}; allowed is {low} to {high} {unit}"))
                .fix("check the unit; pressures are absolute, temperatures kelvin")
        })
        .collect()
}

/// The problems as an error, if there are any.
pub(super) fn settle(problems: Vec<Problem>) -> Result<()> {
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}

/// A property that a formula needs.
pub(super) fn needed<'a>(
    substance: &Substance,
    property: &str,
    value: &'a Option<Sourced>,
) -> Result<&'a Sourced> {
    value.as_ref().ok_or_else(|| substance.missing(property).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_not_one_is_refused() {
        let problems = refuse_outside(&[
            Range::new("height", f64::NAN, 0.0, 1.0, "m"),
            Range::new("width", 0.5, 0.0, 1.0, "m"),
            Range::new("length", 2.0, 0.0, 1.0, "m"),
        ]);
        assert_eq!(problems.len(), 2);
        assert!(problems.iter().all(|problem| problem.code.0 == 4041));
    }
}
