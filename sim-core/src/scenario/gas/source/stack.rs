//! A chimney: the keys of a plume that rises.

use crate::gas::plume_rise::Exit;
use crate::gas::source::term::Fact;
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;
use crate::units::MOLAR_MASS_AIR;

use super::Reading;

/// Keys that belong to a chimney.
const KEYS: [&str; 4] = ["exit_diameter", "exit_velocity", "exit_temperature", "exit_gas"];

/// Fastest flow out of a chimney, m/s: a jet from a vessel is no chimney, and the formulas were not made for it.
const FASTEST: f64 = 100.0;

/// Difference of a rate from that of the exit which rounding explains.
const ROUNDED: f64 = 0.05;

impl Reading<'_, '_> {
    /// The chimney of a known rate: `Some(None)` where no rise is asked for, `None` where something is wrong.
    pub(super) fn stack(&self, rate: Option<f64>) -> Option<Option<Exit>> {
        let section = self.section;
        let rise = section.choice_or(
            "plume_rise",
            &["none", "briggs"],
            "none",
            "briggs: the plume of a chimney rises by its heat and speed, straight up (with known_rate)",
        );
        let part = |key: &str,
                    dimension: Dimension,
                    meaning: &str,
                    (low, high): (f64, f64),
                    example: &str| {
            let value = section.quantity(key, dimension, meaning).between(low, high).optional();
            if rise == "briggs" && !section.has(key) {
                section.report(1012, key, "missing beside plume_rise", format!("add {key} = \"{example}\""));
            }
            value
        };
        let diameter = part(
            "exit_diameter",
            Dimension::Length,
            "inner diameter of the chimney (with plume_rise)",
            (0.01, 30.0),
            "1 m",
        );
        let velocity = part(
            "exit_velocity",
            Dimension::Speed,
            "speed of the gas at its top, upwards (with plume_rise)",
            (0.1, FASTEST),
            "12 m/s",
        );
        let temperature = part(
            "exit_temperature",
            Dimension::Temperature,
            "its temperature there (with plume_rise)",
            (200.0, 2500.0),
            "150 °C",
        );
        let gas = section.choice(
            "exit_gas",
            &["air", "substance"],
            "what leaves besides the rate: air, as in flue gas, or the substance alone (with plume_rise)",
        );
        if section.describing() {
            return None;
        }
        if rise == "none" {
            return self.without_rise();
        }
        if gas.is_none() && !section.has("exit_gas") {
            section.report(
                1012,
                "exit_gas",
                "missing beside plume_rise",
                "add exit_gas = \"air\" for flue gas, \"substance\" for a vent of the pure gas",
            );
        }
        let substance = self.substance?;
        let molar_mass = if gas? == "air" { MOLAR_MASS_AIR } else { substance.molar_mass.value };
        let exit = Exit { diameter: diameter?, velocity: velocity?, temperature: temperature?, molar_mass };
        self.check_rate(rate?, &exit, gas? == "air")?;
        Some(Some(exit))
    }

    /// Keys of a chimney say nothing where no plume rises.
    fn without_rise(&self) -> Option<Option<Exit>> {
        let said = KEYS.iter().find(|key| self.section.has(key));
        if let Some(key) = said {
            let fix = "add plume_rise = \"briggs\", or remove the keys that begin with exit_";
            self.section.report(1192, key, "it counts only for a plume that rises", fix);
            return None;
        }
        Some(None)
    }

    /// The rate must be part of what flows out of the chimney, or all of it.
    fn check_rate(&self, rate: f64, exit: &Exit, is_part: bool) -> Option<()> {
        let area = 0.25 * std::f64::consts::PI * exit.diameter * exit.diameter;
        let flow = exit.density(self.air_pressure) * area * exit.velocity;
        let is_too_much = rate > flow * (1.0 + ROUNDED);
        let is_too_little = !is_part && rate < flow * (1.0 - ROUNDED);
        if !is_too_much && !is_too_little {
            return Some(());
        }
        let text = format!(
            "{rate} kg/s are to leave, but {:.1} m/s through {} m carry {flow:.3} kg/s",
            exit.velocity, exit.diameter
        );
        let fix = if is_too_much {
            "correct the rate, exit_diameter, exit_velocity or exit_temperature"
        } else {
            "correct them, or exit_gas = \"air\" where most of what leaves is flue gas or air"
        };
        self.section.report(1191, "exit_velocity", text, fix);
        None
    }
}

/// A chimney's keys are of a known rate: what a hole or a valve lets go is a jet.
pub(super) fn refuse_elsewhere(section: &Section<'_>, kind: Option<&str>) {
    if section.describing() || kind.is_none_or(|kind| kind == "known_rate") {
        return;
    }
    if section.has("plume_rise") {
        section.know("plume_rise");
        KEYS.iter().for_each(|key| section.know(key));
        let fix = "remove plume_rise; table jets tells how far the jet reaches; for a chimney or a slow vent use kind = \"known_rate\" with exit_diameter, exit_velocity and exit_temperature";
        section.report(
            1190,
            "plume_rise",
            "only a known rate out of a chimney rises by Briggs' formulas",
            fix,
        );
    }
}

/// The exit, for a report.
pub(super) fn facts(exit: &Exit) -> [Fact; 4] {
    const GIVEN: &str = "as given";
    [
        Fact::number("diameter of the exit", exit.diameter, "m", GIVEN),
        Fact::number("speed at the exit", exit.velocity, "m/s", GIVEN),
        Fact::number("temperature at the exit", exit.temperature, "K", GIVEN),
        Fact::number("molar mass of all that leaves", exit.molar_mass, "kg/mol", "as said by exit_gas"),
    ]
}
