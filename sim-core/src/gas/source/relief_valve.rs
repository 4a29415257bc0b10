//! A relief valve that blows gas into the air.

use crate::error::{Problem, Result};
use crate::gas::source::history::{History, State};
use crate::gas::source::nozzle::Stagnation;
use crate::gas::source::term::{Fact, Range, SourceTerm, refuse_outside, settle};
use crate::gas::source::{ExitState, SourceKind};
use crate::gas::substance::Substance;
use crate::units::GAS_CONSTANT;

/// A relief valve that blows.
pub struct ReliefValveKind;

impl SourceKind for ReliefValveKind {
    fn name(&self) -> &'static str {
        "relief_valve"
    }

    fn meaning(&self) -> &'static str {
        "gas that a relief valve lets into the air while it blows"
    }
}

/// Discharge coefficient of a relief valve where its maker gives none, api520.
pub const RELIEF_COEFFICIENT: f64 = 0.975;

/// A relief valve for gas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReliefValve {
    /// Flow area, m².
    pub area: f64,
    /// Set pressure above that of the air, Pa.
    pub set_pressure: f64,
    /// Rise above the set pressure while it blows, share of the set pressure (0.1 is usual).
    pub accumulation: f64,
    /// Absolute pressure behind the valve, Pa; that of the air where it blows openly.
    pub back_pressure: f64,
    /// Temperature of the gas, K.
    pub temperature: f64,
    /// Compressibility factor.
    pub compressibility: f64,
    /// Discharge coefficient, e.g. [`RELIEF_COEFFICIENT`].
    pub discharge_coefficient: f64,
    /// How long it blows, s.
    pub duration: f64,
}

/// Mass rate of a relief valve for gas, kg/s.
///
/// The standard's critical and subcritical equations are isentropic flow with
/// constants for its units; here they are one nozzle.
///
/// # Units
/// - `area`: m²; `back_pressure`: Pa (absolute)
///
/// # Source
/// api520 part I, section 5.6, equations for critical and subcritical flow.
///
/// # Example
/// ```
/// use sim_core::gas::source::{nozzle::Stagnation, relief_valve::relief_rate};
/// // Example of the standard: 24270 kg/h of M 51, k 1.11, Z 0.9 at 348 K and 670 kPa need 3698 mm².
/// let gas = Stagnation {
///     pressure: 670e3, temperature: 348.0, heat_capacity_ratio: 1.11, gas_constant: 0.9 * 8.31446 / 0.051,
/// };
/// let rate = relief_rate(&gas, 0.003698, 0.975, 101_325.0);
/// assert!((rate * 3600.0 / 24_270.0 - 1.0).abs() < 0.002);
/// ```
pub fn relief_rate(gas: &Stagnation, area: f64, coefficient: f64, back_pressure: f64) -> f64 {
    coefficient * area * gas.throat(back_pressure).mass_flux()
}

impl ReliefValve {
    /// The state at the exit, for the reach of the jet.
    ///
    /// # Units
    /// - `air_pressure`: Pa
    ///
    /// # Source
    /// api520 for the throat; birch1987 for the expansion outside.
    pub fn exit(&self, substance: &Substance, air_pressure: f64) -> ExitState {
        let throat = self.stagnation(substance, air_pressure).throat(self.back_pressure);
        ExitState {
            velocity: throat.velocity,
            temperature: throat.temperature,
            pressure: throat.pressure,
            density: throat.density,
            diameter: (4.0 * self.area / std::f64::consts::PI).sqrt(),
            choked: throat.choked,
            expanded_velocity: throat.expanded_velocity(air_pressure),
            expanded_density: substance.gas_density(self.temperature, air_pressure),
        }
    }

    fn stagnation(&self, substance: &Substance, air_pressure: f64) -> Stagnation {
        Stagnation {
            pressure: air_pressure + self.set_pressure * (1.0 + self.accumulation),
            temperature: self.temperature,
            heat_capacity_ratio: substance.heat_capacity_ratio.at(self.temperature),
            gas_constant: self.compressibility * GAS_CONSTANT / substance.molar_mass.value,
        }
    }

    /// The release at a steady rate while the valve blows.
    ///
    /// # Errors
    /// E4041 an input that cannot be, E4042 the back pressure holds the valve shut.
    ///
    /// # Source
    /// api520 part I, section 5.6.
    pub fn release(&self, substance: &Substance, air_pressure: f64) -> Result<SourceTerm> {
        settle(refuse_outside(&[
            Range::new("flow area", self.area, 1e-7, 1.0, "m²"),
            Range::new("set pressure", self.set_pressure, 1e3, 1e8, "Pa"),
            Range::new("accumulation", self.accumulation, 0.0, 0.5, ""),
            Range::new("back pressure", self.back_pressure, 5e4, 1e8, "Pa"),
            Range::new("gas temperature", self.temperature, 100.0, 1000.0, "K"),
            Range::new("compressibility factor", self.compressibility, 0.2, 3.0, ""),
            Range::new("discharge coefficient", self.discharge_coefficient, 0.01, 1.0, ""),
            Range::new("duration", self.duration, 1e-3, 30.0 * 86_400.0, "s"),
            Range::new("air pressure", air_pressure, 5e4, 1.1e5, "Pa"),
        ]))?;
        let gas = self.stagnation(substance, air_pressure);
        if self.back_pressure >= gas.pressure {
            let text = format!(
                "{} Pa behind the valve is not below the {} Pa before it",
                self.back_pressure, gas.pressure
            );
            return Err(Problem::error(4042, text).fix("the back pressure is absolute; lower it").into());
        }
        let throat = gas.throat(self.back_pressure);
        let rate = relief_rate(&gas, self.area, self.discharge_coefficient, self.back_pressure);
        let state = State {
            temperature: self.temperature,
            vapour_share: 1.0,
            velocity: throat.expanded_velocity(air_pressure),
            density: substance.gas_density(self.temperature, air_pressure),
        };
        let facts = vec![
            Fact::number("rate at the start", rate, "kg/s", "api520 section 5.6"),
            Fact::claim("choked at the start", throat.choked, "api520 section 5.6"),
            Fact::number("relieving pressure", gas.pressure, "Pa", "set pressure with accumulation"),
        ];
        let found = format!("relief valve of {:.0} mm² at {:.0} kPa", 1e6 * self.area, gas.pressure / 1e3);
        Ok(SourceTerm {
            history: History::steady(rate, self.duration, state)?,
            found,
            facts,
            warnings: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::substance::find;

    const GAS: Stagnation = Stagnation {
        pressure: 670e3,
        temperature: 348.0,
        heat_capacity_ratio: 1.11,
        gas_constant: 0.9 * GAS_CONSTANT / 0.051,
    };

    #[test]
    fn the_examples_of_the_standard_are_met() {
        // api520 examples 1 and 2 as computed by fluids 1.3.1: 24270 kg/h need 3699.0 mm² into the air and
        // 4248.4 mm² against 532 kPa.
        for (area, back_pressure) in [(0.003_699_05, 101_325.0), (0.004_248_36, 532e3)] {
            let rate = relief_rate(&GAS, area, 0.975, back_pressure) * 3600.0;
            assert!((rate / 24_270.0 - 1.0).abs() < 0.002, "{back_pressure} {rate}");
        }
    }

    #[test]
    fn a_valve_is_a_hole_of_its_coefficient() {
        let methane = find("methane").expect("in the table");
        let valve = ReliefValve {
            area: 5e-4,
            set_pressure: 1e6,
            accumulation: 0.1,
            back_pressure: 101_325.0,
            temperature: 300.0,
            compressibility: 1.0,
            discharge_coefficient: RELIEF_COEFFICIENT,
            duration: 120.0,
        };
        let term = valve.release(methane, 101_325.0).expect("a release");
        let diameter = (4.0_f64 * 5e-4 / std::f64::consts::PI).sqrt();
        let hole = crate::gas::source::gas_hole::GasHole {
            discharge_coefficient: RELIEF_COEFFICIENT,
            ..crate::gas::source::gas_hole::GasHole::round(diameter, 1_201_325.0, 300.0)
        };
        let rate = hole.outflow(methane, 101_325.0).expect("gas").rate;
        assert!((term.history.rate_at(60.0) / rate - 1.0).abs() < 1e-12);
        let shut = ReliefValve { back_pressure: 2e6, ..valve };
        assert_eq!(shut.release(methane, 101_325.0).expect_err("shut").0[0].code.0, 4042);
        let wrong = ReliefValve { area: -1.0, ..valve };
        assert_eq!(wrong.release(methane, 101_325.0).expect_err("no area").0[0].code.0, 4041);
    }
}
