//! Where a jet begins: at the pressure of the air.

use crate::error::{Problem, Problems, Result};
use crate::gas::source::ExitState;
use crate::gas::substance::Substance;
use crate::units::GAS_CONSTANT;

/// A round jet at the pressure of the air.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Mass rate, kg/s.
    pub rate: f64,
    /// Speed, m/s.
    pub velocity: f64,
    /// Temperature, K.
    pub temperature: f64,
    /// Molar mass, kg/mol.
    pub molar_mass: f64,
    /// Heat capacity at constant pressure, J/(kg K).
    pub heat_capacity: f64,
    /// Height above ground, m.
    pub height: f64,
    /// Direction of the axis: towards the wind's x, across and up; of any length.
    pub direction: [f64; 3],
}

impl Source {
    /// The jet of a hole: the notional source behind the shocks of an under-expanded jet.
    ///
    /// It has the rate and the momentum of the hole, the pressure of the air and
    /// the temperature of the gas at rest upstream.
    ///
    /// # Source
    /// birch1987.
    pub fn from_hole(
        exit: &ExitState,
        rate: f64,
        substance: &Substance,
        air_pressure: f64,
        height: f64,
        direction: [f64; 3],
    ) -> Self {
        let molar_mass = substance.molar_mass.value;
        let temperature = air_pressure * molar_mass / (GAS_CONSTANT * exit.expanded_density);
        let gamma = substance.heat_capacity_ratio.at(temperature);
        let heat_capacity = gamma / (gamma - 1.0) * GAS_CONSTANT / molar_mass;
        Self {
            rate,
            velocity: exit.expanded_velocity,
            temperature,
            molar_mass,
            heat_capacity,
            height,
            direction,
        }
    }

    /// Whether the numbers can be.
    ///
    /// # Errors
    /// E4551 a value out of range, or an axis that points nowhere.
    pub fn check(&self) -> Result<()> {
        let length = self.direction.iter().map(|part| part * part).sum::<f64>().sqrt();
        let rows = [
            ("mass rate", self.rate, 0.0, 1e6, "kg/s"),
            ("speed of the jet", self.velocity, 0.0, 5000.0, "m/s"),
            ("temperature of the jet", self.temperature, 20.0, 3000.0, "K"),
            ("molar mass", self.molar_mass, 0.0, 1.0, "kg/mol"),
            ("heat capacity", self.heat_capacity, 0.0, 2e4, "J/(kg K)"),
            ("length of the axis of the jet", length, 0.0, 1e6, ""),
        ];
        let mut problems: Vec<Problem> = rows
            .iter()
            .filter(|row| !(row.1 > row.2 && row.1 <= row.3))
            .map(|&(name, value, low, high, unit)| {
                let text = format!("{name} is {value} {unit}; allowed is above {low} up to {high} {unit}");
                Problem::error(4551, text).fix("check the unit and the value")
            })
            .collect();
        if !(0.0..=1000.0).contains(&self.height) {
            let text = format!("height of the jet is {} m; allowed is 0 to 1000 m", self.height);
            problems.push(Problem::error(4551, text).fix("heights are above ground"));
        }
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }
}
