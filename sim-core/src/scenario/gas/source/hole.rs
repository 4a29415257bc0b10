//! Gas through a hole: the hole, the gas behind it, the pressure classes of city gas.

use crate::gas::source::city_gas::{self, Damage};
use crate::gas::source::gas_hole::{GasHole, ROUND_HOLE_COEFFICIENT};
use crate::gas::source::hj169;
use crate::gas::source::term::Fact;
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;

use super::{Outflow, Reading};

/// A hole as it was read.
pub(super) struct Hole {
    pub(super) hole: GasHole,
    pub(super) full_bore: bool,
}

impl Reading<'_, '_> {
    /// A steady leak through a hole.
    pub(super) fn gas_hole(&self) -> Option<Outflow> {
        let Hole { hole, full_bore } = self.hole()?;
        self.through(&hole, if full_bore { "full bore" } else { "hole" })
    }

    /// A main of a pressure class, hit by an excavator.
    pub(super) fn city_gas(&self) -> Option<Outflow> {
        let section = self.section;
        let classes: Vec<&str> = city_gas::ALL.iter().map(|class| class.name).collect();
        let class = section.required_choice(
            "pressure_class",
            &classes,
            "pressure class of the main (with city_gas); the highest pressure of the class is taken",
        );
        let damage = section.required_choice(
            "damage",
            &["full_bore", "fifth_of_diameter"],
            "what the excavator did: torn off, or a hole a fifth as wide as the pipe",
        );
        if section.describing() {
            return None;
        }
        let pipe = self.length("pipe_diameter", "inner diameter of the pipe");
        let (diameter, temperature) = (self.one(pipe, "pipe_diameter"), self.temperature());
        let damage = match damage? {
            "full_bore" => Damage::FullBore,
            _ => Damage::FifthOfDiameter,
        };
        let class = self.sound(city_gas::find(class?))?;
        let hole = class.damaged(diameter?, damage, temperature?, self.air_pressure);
        let words = match damage {
            Damage::FullBore => "torn off",
            Damage::FifthOfDiameter => "holed over a fifth of its diameter",
        };
        self.through(&hole, &format!("{} main {words}", class.name))
    }

    /// The steady flow through a hole.
    fn through(&self, hole: &GasHole, words: &str) -> Option<Outflow> {
        let substance = self.substance?;
        let outflow = self.sound(hole.outflow(substance, self.air_pressure))?;
        self.warn(&outflow.warnings, if self.section.has("full_bore") { "full_bore" } else { "kind" });
        let description = format!(
            "{words} through {:.0} mm at {:.3} MPa absolute, {}",
            hole.diameter * 1e3,
            hole.pressure / 1e6,
            if outflow.exit.choked { "choked" } else { "subsonic" }
        );
        let mut facts = vec![hj169::gas_fact(hole, substance, self.air_pressure)];
        facts.extend(Fact::of_exit(&outflow.exit));
        Some(Outflow {
            rate: outflow.rate,
            duration: self.duration?,
            exit: Some(outflow.exit),
            pool_diameter: None,
            stack: None,
            history: None,
            facts,
            description,
        })
    }

    /// A hole and the gas behind it.
    pub(super) fn hole(&self) -> Option<Hole> {
        let section = self.section;
        let pipe = self.length("pipe_diameter", "inner diameter of the pipe");
        let hole = self.length("hole_diameter", "diameter of the hole");
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
        let temperature = self.temperature();
        let discharge_coefficient = section
            .number(
                "discharge_coefficient",
                "share of the ideal flow; 1.00 for a round hole after HJ 169-2018 F.2, an upper bound",
            )
            .between(0.1, 1.0)
            .or(ROUND_HOLE_COEFFICIENT, "1.0");
        let compressibility = section
            .number(
                "compressibility",
                "compressibility factor of the gas behind the hole; 1 for an ideal gas",
            )
            .between(0.1, 3.0)
            .or(1.0, "1.0");
        if section.describing() {
            return None;
        }
        let pressure = one_pressure(section, gauge, absolute, self.air_pressure);
        let diameter = one_diameter(section, hole, pipe, full_bore);
        let (pressure, diameter, temperature) = (pressure?, diameter?, temperature?);
        let hole = GasHole {
            diameter,
            pressure,
            temperature,
            discharge_coefficient,
            compressibility,
            pipe_diameter: pipe,
        };
        Some(Hole { hole, full_bore })
    }

    pub(super) fn length(&self, key: &str, meaning: &str) -> Option<f64> {
        self.section.quantity(key, Dimension::Length, meaning).between(1e-4, 3.0).optional()
    }

    pub(super) fn temperature(&self) -> Option<f64> {
        self.section
            .quantity(
                "temperature",
                Dimension::Temperature,
                "temperature of what leaks, in its pipe, vessel or tank",
            )
            .between(150.0, 700.0)
            .required()
    }

    /// A diameter that must be there.
    pub(super) fn one(&self, diameter: Option<f64>, key: &str) -> Option<f64> {
        if !self.section.has(key) {
            self.section.report(1012, key, "the size is missing", format!("add {key} = \"100 mm\""));
        }
        diameter
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
