//! Liquid that leaves: out of a tank, boiling, or spilled at once.

use crate::gas::source::ExitState;
use crate::gas::source::flash::RainOut;
use crate::gas::source::hj169::Shape;
use crate::gas::source::liquid_outflow::{LiquidOutflow, Tank};
use crate::gas::source::spill::{Spill, Surface};
use crate::gas::source::two_phase::TwoPhaseDischarge;
use crate::gas::substance::Substance;
use crate::gas::weather::{CLASS_WIND_HEIGHT, Weather};
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;

use super::{Outflow, Reading};

/// A spill that becomes gas once the weather is known.
pub(super) struct Waiting {
    pub(super) spill: Spill,
    surface: Option<Surface>,
    exit: Option<ExitState>,
    substance: &'static Substance,
}

/// Reynolds number of every hole that matters: table F.1 of the guideline has one value above 100.
const TURBULENT: f64 = 1e5;

/// Discharge coefficient of a boiling liquid, api520.
const BOILING_COEFFICIENT: f64 = 0.85;

impl Reading<'_, '_> {
    /// A tank of liquid that does not boil.
    pub(super) fn liquid_tank(&self) -> Option<Waiting> {
        let section = self.section;
        let shapes = ["upright", "lying", "sphere"];
        let shape = section.required_choice("tank", &shapes, "shape of the tank (with liquid_tank)");
        let length =
            |key: &str, meaning: &str| section.quantity(key, Dimension::Length, meaning).between(0.0, 200.0);
        let diameter = length("tank_diameter", "inner diameter of the tank (with liquid_tank)").required();
        let height = length("tank_height", "height of an upright tank").optional();
        let long = length("tank_length", "length of a lying tank").optional();
        let level =
            length("liquid_level", "level of the liquid above the bottom (with liquid_tank)").required();
        let hole_height =
            length("hole_height", "height of the hole above the bottom of the tank (with liquid_tank)")
                .required();
        let overpressure = section
            .quantity(
                "overpressure",
                Dimension::Pressure,
                "pressure over the liquid above that of the air, kept up; none for a vented tank",
            )
            .between(-1e5, 2e7)
            .or(0.0, "0 Pa");
        let surface = self.surface();
        if section.describing() {
            return None;
        }
        let hole = self.needed_hole();
        let temperature = self.temperature();
        let discharge_coefficient = section
            .number(
                "discharge_coefficient",
                "share of the ideal flow; 0.65 for a round hole after HJ 169-2018 table F.1",
            )
            .between(0.1, 1.0)
            .or(Shape::Circle.liquid_coefficient(TURBULENT), "0.65");
        let other = |key: &str, value: Option<f64>| self.part_of_tank(key, value);
        let tank = match shape? {
            "upright" => Tank::Upright { diameter: diameter?, height: other("tank_height", height)? },
            "lying" => Tank::Lying { diameter: diameter?, length: other("tank_length", long)? },
            _ => Tank::Sphere { diameter: diameter? },
        };
        let outflow = LiquidOutflow {
            tank,
            level: level?,
            hole_height: hole_height?,
            hole_diameter: hole?,
            discharge_coefficient,
            overpressure,
            temperature: temperature?,
            stopped_after: self.duration,
        };
        let substance = self.substance?;
        let spill = self.sound(Spill::of_tank(&outflow, substance, self.air_pressure))?;
        self.waiting(spill, surface, None, substance)
    }

    /// A vessel of liquefied gas.
    pub(super) fn flashing(&self) -> Option<Waiting> {
        let section = self.section;
        let rule = section.choice_or(
            "rain_out",
            &["nothing", "beyond_twice_the_flash"],
            "nothing",
            "what falls out of the boiling jet: nothing (all drifts: the most gas), or all beyond as much liquid as vapour (a rule of thumb)",
        );
        let share = section
            .quantity(
                "rain_out_share",
                Dimension::Fraction,
                "share of the liquid part that falls out, instead of rain_out",
            )
            .between(0.0, 1.0)
            .optional();
        // Described with liquid_tank.
        let surface = if section.describing() { None } else { self.surface() };
        if section.describing() {
            return None;
        }
        if section.has("rain_out") && section.has("rain_out_share") {
            section.report(1020, "rain_out_share", "rain-out is given twice", "keep one of the two");
            return None;
        }
        let rule = match (share, rule) {
            (Some(share), _) => RainOut::Share(share),
            (None, "beyond_twice_the_flash") => RainOut::BeyondTwiceTheFlash,
            _ => RainOut::Nothing,
        };
        let hole = self.needed_hole();
        let temperature = self.temperature();
        let pressure = section
            .quantity(
                "absolute_pressure",
                Dimension::Pressure,
                "pressure above vacuum; the vapour pressure when absent",
            )
            .between(5e4, 3e7)
            .optional();
        let discharge_coefficient = section
            .number("discharge_coefficient", "share of the ideal flow; 0.85 after API 520")
            .between(0.1, 1.0)
            .or(BOILING_COEFFICIENT, "0.85");
        let discharge = TwoPhaseDischarge {
            hole_diameter: hole?,
            discharge_coefficient,
            pressure,
            temperature: temperature?,
            inventory: self.inventory?,
            stopped_after: self.duration,
        };
        let substance = self.substance?;
        let spill = self.sound(Spill::of_flashing(&discharge, rule, substance, self.air_pressure))?;
        let mut exit = self.sound(discharge.exit(substance, self.air_pressure))?;
        if let Some(airborne) = &spill.airborne {
            // What has rained out no longer weighs on the jet.
            exit.expanded_density = airborne.peak().state.density;
        }
        let exit = spill.airborne.is_some().then_some(exit);
        self.waiting(spill, surface, exit, substance)
    }

    /// Liquid that is spilled at once.
    pub(super) fn pool_at_once(&self) -> Option<Waiting> {
        let section = self.section;
        let mass = section
            .quantity("mass", Dimension::Mass, "mass that is spilled (with known_mass, pool)")
            .between(1e-3, 1e8)
            .required();
        if section.describing() {
            return None;
        }
        let temperature = self.temperature();
        let surface = self.surface();
        let substance = self.substance?;
        let spill = self.sound(Spill::at_once(substance, mass?, temperature?))?;
        self.waiting(spill, surface, None, substance)
    }

    /// The spill with what it lies on; a surface that is missing or not used is reported.
    fn waiting(
        &self,
        spill: Spill,
        surface: Option<Surface>,
        exit: Option<ExitState>,
        substance: &'static Substance,
    ) -> Option<Waiting> {
        let section = self.section;
        let falls = spill.into_pool.is_some();
        if falls && surface.is_none() {
            if !section.has("pool") {
                section.report(
                    1173,
                    "pool",
                    "liquid falls to the ground, and it is not said what it falls on",
                    "add [source.pool] with ground = \"concrete\" and least_depth = \"5 mm\"",
                );
            }
            return None;
        }
        if !falls && section.has("pool") {
            section.report(
                1174,
                "pool",
                "nothing rains out of the jet, so that there is no pool",
                "remove [source.pool], or set rain_out = \"beyond_twice_the_flash\"",
            );
            return None;
        }
        Some(Waiting { spill, surface, exit, substance })
    }

    /// The diameter of a hole in liquid.
    fn needed_hole(&self) -> Option<f64> {
        let hole = self.length("hole_diameter", "diameter of the hole");
        let pipe = self.length("pipe_diameter", "inner diameter of the pipe, if the hole is in one");
        if let (Some(hole), Some(pipe)) = (hole, pipe)
            && hole > pipe
        {
            let text = format!("a hole of {hole} m in a pipe of {pipe} m");
            self.section.report(4030, "hole_diameter", text, "swap or correct the diameters");
            return None;
        }
        self.one(hole, "hole_diameter")
    }

    fn part_of_tank(&self, key: &str, value: Option<f64>) -> Option<f64> {
        if !self.section.has(key) {
            let text = "the size of the tank is not complete";
            self.section.report(1012, key, text, format!("add {key} = \"6 m\""));
        }
        value
    }
}

impl Waiting {
    /// When nothing more comes and the pool is no longer followed, s.
    pub(super) fn lasts(&self) -> f64 {
        self.spill.end() + self.surface.map_or(0.0, |surface| surface.followed_for)
    }

    /// What becomes gas in the strongest wind of the weather, in which most of it does.
    pub(super) fn outflow(&self, section: &Section<'_>, weather: &[Weather]) -> Option<Outflow> {
        let speed = |row: &Weather| row.wind_at(CLASS_WIND_HEIGHT);
        let strongest = weather.iter().max_by(|a, b| speed(a).total_cmp(&speed(b)))?;
        let weakest = weather.iter().map(speed).fold(f64::INFINITY, f64::min);
        let reading = Reading::after_weather(section, self.substance, strongest);
        let released = self.spill.release(self.substance, self.surface.as_ref(), strongest);
        let (term, pool_diameter) = reading.sound(released)?;
        if pool_diameter.is_some() && weakest < speed(strongest) {
            let text = format!(
                "the pool evaporates all the time in the strongest wind of the rows, {:.1} m/s",
                speed(strongest)
            );
            let fix = "split the weather into runs if the wind changes much";
            section.reading.report(section.warning(1175, "kind", text).fix(fix));
        }
        let outflow = reading.over_time(Ok(term), self.exit)?;
        Some(Outflow { pool_diameter, ..outflow })
    }
}
