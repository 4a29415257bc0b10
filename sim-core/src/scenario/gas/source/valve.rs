//! A relief valve.

use crate::gas::source::gas_hole::GasHole;
use crate::gas::source::hj169;
use crate::gas::source::relief_valve::{RELIEF_COEFFICIENT, ReliefValve};
use crate::scenario::quantity::Dimension;

use super::{Outflow, Reading};

impl Reading<'_, '_> {
    /// A relief valve that blows gas.
    pub(super) fn relief_valve(&self) -> Option<Outflow> {
        let section = self.section;
        let area = section
            .quantity("valve_area", Dimension::Area, "flow area of the valve (with relief_valve)")
            .between(1e-7, 1.0)
            .required_as("\"500 mm2\"");
        let set_pressure = section
            .quantity(
                "set_pressure",
                Dimension::Pressure,
                "gauge pressure at which it opens (with relief_valve)",
            )
            .between(1e3, 1e8)
            .required();
        let accumulation = section
            .quantity(
                "accumulation",
                Dimension::Fraction,
                "rise above the set pressure while it blows, share of it; 10 % is usual for one valve (with relief_valve)",
            )
            .between(0.0, 0.5)
            .required_as("\"10 %\"");
        let back_pressure = section
            .quantity(
                "back_pressure",
                Dimension::Pressure,
                "absolute pressure behind the valve; that of the air when absent",
            )
            .between(5e4, 1e8)
            .optional();
        if section.describing() {
            return None;
        }
        let temperature = self.temperature();
        let discharge_coefficient = section
            .number("discharge_coefficient", "share of the ideal flow")
            .between(0.1, 1.0)
            .or(RELIEF_COEFFICIENT, "0.975");
        let compressibility = section
            .number("compressibility", "compressibility factor of the gas")
            .between(0.2, 3.0)
            .or(1.0, "1.0");
        let valve = ReliefValve {
            area: area?,
            set_pressure: set_pressure?,
            accumulation: accumulation?,
            back_pressure: back_pressure.unwrap_or(self.air_pressure),
            temperature: temperature?,
            compressibility,
            discharge_coefficient,
            duration: self.duration?,
        };
        let substance = self.substance?;
        let term = self.sound(valve.release(substance, self.air_pressure))?;
        // A hole of the same area behind which the valve's pressure stands: it is refused where
        // the substance is liquid there, and the guideline has a figure for it.
        let exit = valve.exit(substance, self.air_pressure);
        let hole = GasHole {
            discharge_coefficient,
            compressibility,
            ..GasHole::round(
                exit.diameter,
                self.air_pressure + valve.set_pressure * (1.0 + valve.accumulation),
                valve.temperature,
            )
        };
        self.sound(hole.outflow(substance, self.air_pressure))?;
        let mut outflow = self.over_time(Ok(term), Some(exit))?;
        outflow.facts.push(hj169::gas_fact(&hole, substance, self.air_pressure));
        Some(outflow)
    }
}
