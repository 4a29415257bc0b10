//! A substance as a boiling liquid: what flashing, pools and two-phase flow need.

use super::{Substance, Tabulated};
use crate::error::{Problem, Problems, Result};
use crate::units::{GAS_CONSTANT, STANDARD_PRESSURE, to_celsius};

/// The properties of a liquid and its vapour, all of them known.
#[derive(Debug, Clone, Copy)]
pub struct Liquid<'a> {
    substance: &'a Substance,
    pressure: &'a Tabulated,
    heat: &'a Tabulated,
    density: &'a Tabulated,
    capacity: &'a Tabulated,
}

impl Substance {
    /// Its properties as a liquid.
    ///
    /// # Errors
    /// E4043 for each property that is not known.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::substance;
    /// let propane = substance::find("propane")?.liquid()?;
    /// // Propane at 20 °C: 8.36 bar, 500 kg/m³ (lemmon2009).
    /// assert!((propane.vapour_pressure(293.15) / 8.36e5 - 1.0).abs() < 0.01);
    /// assert!((propane.density(293.15) / 500.0 - 1.0).abs() < 0.01);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn liquid(&self) -> Result<Liquid<'_>> {
        let tables = [
            ("vapour pressure", &self.vapour_pressure),
            ("heat of vaporization", &self.heat_of_vaporization),
            ("density of the liquid", &self.liquid_density),
            ("heat capacity of the liquid", &self.liquid_heat_capacity),
        ];
        if let [Some(pressure), Some(heat), Some(density), Some(capacity)] =
            tables.map(|entry| entry.1.as_ref())
        {
            return Ok(Liquid { substance: self, pressure, heat, density, capacity });
        }
        let missing = tables.iter().filter(|entry| entry.1.is_none());
        Err(Problems(missing.map(|entry| self.missing(entry.0)).collect()))
    }

    /// E4043: a property that a formula needs and the table does not have.
    pub fn missing(&self, property: &str) -> Problem {
        Problem::error(4043, format!("the {property} of {} is not known", self.name))
            .why("the formula cannot be evaluated without it, and nothing is guessed")
            .fix("add the value with its source to the table of substances, or give a known rate")
    }
}

impl<'a> Liquid<'a> {
    /// The substance.
    pub fn substance(&self) -> &'a Substance {
        self.substance
    }

    /// Vapour pressure, Pa.
    pub fn vapour_pressure(&self, temperature: f64) -> f64 {
        self.pressure.at_reciprocal(temperature)
    }

    /// Heat of vaporization, J/kg.
    pub fn heat_of_vaporization(&self, temperature: f64) -> f64 {
        self.heat.at(temperature)
    }

    /// Density of the liquid, kg/m³.
    pub fn density(&self, temperature: f64) -> f64 {
        self.density.at(temperature)
    }

    /// Heat capacity of the liquid, J/(kg K).
    pub fn heat_capacity(&self, temperature: f64) -> f64 {
        self.capacity.at(temperature)
    }

    /// Density of the saturated vapour, kg/m³, from the slope of the vapour
    /// pressure, so that heat, volume and pressure agree with one another:
    ///
    /// $$ \frac{1}{\rho_g} = \frac{1}{\rho_l} + \frac{h_{fg}}{T\,dp/dT} $$
    ///
    /// # Source
    /// Clausius-Clapeyron equation; leung1986 uses the same identity.
    pub fn vapour_density(&self, temperature: f64) -> f64 {
        let step = SLOPE_STEP * temperature;
        let rise = self.vapour_pressure(temperature + step) - self.vapour_pressure(temperature - step);
        let slope = rise / (2.0 * step);
        1.0 / (1.0 / self.density(temperature)
            + self.heat_of_vaporization(temperature) / (temperature * slope))
    }

    /// Density of the vapour as an ideal gas, kg/m³.
    pub fn ideal_vapour_density(&self, temperature: f64, pressure: f64) -> f64 {
        pressure * self.substance.molar_mass.value / (GAS_CONSTANT * temperature)
    }

    /// Temperature at which the liquid boils at a pressure, K.
    ///
    /// At the standard pressure it is the table's boiling point; else the vapour
    /// pressure is inverted by halving.
    ///
    /// # Units
    /// - `pressure`: Pa (absolute)
    pub fn boiling_temperature(&self, pressure: f64) -> f64 {
        if pressure == STANDARD_PRESSURE {
            return self.substance.boiling_point.value;
        }
        let (mut low, mut high) = (LOWEST_SHARE * self.substance.boiling_point.value, self.critical());
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if self.vapour_pressure(middle) < pressure {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    }

    fn critical(&self) -> f64 {
        self.substance.critical_temperature.value
    }

    /// # Errors
    /// E4600 if the substance is no liquid at any pressure, E4045 if a table ends before the temperature.
    pub fn check_temperature(&self, temperature: f64) -> Result<()> {
        self.refuse_gas(temperature)?;
        let tables = [
            ("vapour pressure", self.pressure),
            ("heat of vaporization", self.heat),
            ("density of the liquid", self.density),
            ("heat capacity of the liquid", self.capacity),
        ];
        let problems: Vec<Problem> = tables
            .iter()
            .filter(|entry| !entry.1.covers(temperature))
            .map(|&(name, table)| {
                let (first, last) = (table.temperatures[0], table.temperatures[table.temperatures.len() - 1]);
                let text = format!(
                    "{} at {:.1} °C: its {name} is known from {:.1} to {:.1} °C",
                    self.substance.name,
                    to_celsius(temperature),
                    to_celsius(first),
                    to_celsius(last)
                );
                Problem::error(4045, text).fix(if temperature < first {
                    "check the temperature and its unit; so cold it may be frozen, and then nothing runs out"
                } else {
                    "check the temperature and its unit; where it is right, use kind = \"flashing\""
                })
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }

    fn refuse_gas(&self, temperature: f64) -> Result<()> {
        let (name, critical) = (&self.substance.name, self.critical());
        if temperature < critical {
            return Ok(());
        }
        let text = format!(
            "{name} at {:.1} °C is a gas at every pressure: its critical temperature is {:.1} °C",
            to_celsius(temperature),
            to_celsius(critical)
        );
        Err(Problem::error(4600, text)
            .why("above its critical temperature a substance has no liquid that could run out, boil or lie in a pool")
            .fix("use a source of gas (gas_hole, vessel_blowdown), or give the temperature of the cold liquid")
            .into())
    }
}

/// Half the step of the slope of the vapour pressure, as a share of the temperature.
const SLOPE_STEP: f64 = 1e-3;

/// Lowest temperature searched for a boiling temperature, as a share of the normal boiling point.
const LOWEST_SHARE: f64 = 0.5;

/// Halvings of the search: 300 K over 2^60 is below the rounding of a temperature.
const HALVINGS: usize = 60;

#[cfg(test)]
mod tests {
    use crate::gas::substance::{all, find};

    #[test]
    fn a_liquid_boils_at_its_boiling_point_at_the_standard_pressure() {
        for substance in all() {
            let Ok(liquid) = substance.liquid() else { continue };
            let pressure = liquid.vapour_pressure(substance.boiling_point.value);
            // Below the triple point of CO2, SF6 and acetylene the table boiling point is that of the solid.
            let sublimes =
                ["carbon_dioxide", "sulphur_hexafluoride", "acetylene"].contains(&substance.id.as_str());
            assert!(sublimes || (pressure / 101_325.0 - 1.0).abs() < 0.03, "{} {pressure}", substance.id);
        }
    }

    #[test]
    fn boiling_temperature_and_vapour_pressure_undo_each_other() {
        for name in ["chlorine", "ammonia", "propane"] {
            let liquid = find(name).expect("in the table").liquid().expect("a liquid");
            for pressure in [5e4, 2e5, 6e5] {
                let temperature = liquid.boiling_temperature(pressure);
                assert!((liquid.vapour_pressure(temperature) / pressure - 1.0).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn the_vapour_density_agrees_with_reference_equations() {
        // lemmon2009, gao2020, thol2021 with CoolProp 8.0.0: saturated vapour at 293.15 K.
        for (name, density) in [("propane", 18.08), ("ammonia", 6.698), ("chlorine", 21.785)] {
            let liquid = find(name).expect("in the table").liquid().expect("a liquid");
            let found = liquid.vapour_density(293.15);
            assert!((found / density - 1.0).abs() < 0.03, "{name} {found}");
        }
    }

    #[test]
    fn a_substance_without_a_liquid_table_names_what_is_missing() {
        let problems = find("arsine").expect("in the table").liquid().expect_err("no liquid data");
        assert!(problems.0.iter().all(|problem| problem.code.0 == 4043) && problems.0.len() == 2);
    }

    #[test]
    fn a_temperature_outside_the_tables_is_refused() {
        let liquid = find("propane").expect("in the table").liquid().expect("a liquid");
        assert!(liquid.check_temperature(293.15).is_ok());
        assert_eq!(liquid.check_temperature(100.0).expect_err("too cold").0[0].code.0, 4045);
        // Propane is critical at 369.9 K.
        assert_eq!(liquid.check_temperature(369.0).err().map(|found| found.0[0].code.0), Some(4045));
        assert_eq!(liquid.check_temperature(370.0).expect_err("a gas").0[0].code.0, 4600);
    }
}
