//! Drops in the air: how much of it they need until they are dry, and what has become of the gas then.

use super::{DenseRelease, ScreeningAir};
use crate::units::{GAS_CONSTANT, MOLAR_MASS_AIR};

/// Heat capacity of dry air, J/(kg K).
///
/// # Source
/// Ideal gas, 3.5 R/M.
const AIR_HEAT_CAPACITY: f64 = 3.5 * GAS_CONSTANT / MOLAR_MASS_AIR;

/// Halvings of the range in which the temperature lies; it ends below the digits of a number.
const HALVINGS: usize = 60;

/// Share of the boiling point below which no mixture dries out: the saturated vapour is then less
/// than a millionth of the air.
const COLDEST: f64 = 0.4;

/// A liquefied gas right behind its opening: drops and vapour at the boiling point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drops {
    /// What is set free, kg/s.
    pub rate: f64,
    /// Share of it that is liquid, by mass.
    pub liquid_share: f64,
    /// Boiling point at the air's pressure, K.
    pub temperature: f64,
    /// Heat of vaporization there, J/kg.
    pub heat_of_vaporization: f64,
    /// Heat capacity of the vapour, J/(kg K).
    pub vapour_capacity: f64,
    /// Molar mass, kg/mol.
    pub molar_mass: f64,
    /// How long it lasts, s.
    pub duration: f64,
}

impl Drops {
    /// Air that brings the vapour of a kilogram to a temperature, kg/kg.
    fn air_share(&self, temperature: f64, air_temperature: f64) -> f64 {
        let heat = self.liquid_share * self.heat_of_vaporization
            - self.vapour_capacity * (self.temperature - temperature);
        heat / (AIR_HEAT_CAPACITY * (air_temperature - temperature))
    }

    /// Volume fraction of the vapour with so much air per kilogram.
    fn fraction(&self, air_share: f64) -> f64 {
        1.0 / (1.0 + air_share * self.molar_mass / MOLAR_MASS_AIR)
    }

    /// The mixture in which the last drop is gone, as a release that the curves understand.
    ///
    /// Air warms the drops until they are vapour; the mixture is as cold as vapour of
    /// its fraction can be:
    ///
    /// $$ x_l\,h_{fg} - c_p\,(T_b - T) = r\,c_{pa}\,(T_a - T), \qquad y(r)\,p_a = p_{sat}(T) $$
    ///
    /// # Units
    /// - `vapour_pressure`: Pa of the temperature in K; `air_pressure`: Pa
    ///
    /// # Valid for
    /// Drops that stay in the air; water in the air and its heat are left out, and so are vapours whose molecules
    /// cluster (hydrogen fluoride).
    ///
    /// # Source
    /// The rule is brittermcquaid1988's (second-hand); the balance is that of degali's source for ammonia.
    pub fn dried(
        &self,
        vapour_pressure: impl Fn(f64) -> f64,
        air: &ScreeningAir,
        air_pressure: f64,
    ) -> DenseRelease {
        let (mut low, mut high) = (COLDEST * self.temperature, self.temperature);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            let share = self.air_share(middle, air.temperature);
            // Too cold: more vapour than the air can hold, or more heat than the drops can take.
            if share <= 0.0 || self.fraction(share) * air_pressure > vapour_pressure(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        let temperature = 0.5 * (low + high);
        let share = self.air_share(temperature, air.temperature).max(0.0);
        let fraction = self.fraction(share);
        let flow = self.rate / self.molar_mass / fraction * GAS_CONSTANT * temperature / air_pressure;
        DenseRelease {
            flow,
            density: self.rate * (1.0 + share) / flow,
            temperature,
            fraction,
            duration: self.duration,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::substance;
    use crate::units::STANDARD_PRESSURE;

    /// Desert Tortoise 1: 81 kg/s of ammonia, 83 % of it liquid, 0.897 atm, 302.39 K.
    fn tortoise() -> (Drops, DenseRelease, ScreeningAir) {
        let ammonia = substance::find("ammonia").expect("in the table");
        let liquid = ammonia.liquid().expect("a liquid");
        let pressure = 0.897 * STANDARD_PRESSURE;
        let boiling = liquid.boiling_temperature(pressure);
        let drops = Drops {
            rate: 81.0,
            liquid_share: 0.83,
            temperature: boiling,
            heat_of_vaporization: liquid.heat_of_vaporization(boiling),
            vapour_capacity: ammonia.gas_heat_capacity(boiling),
            molar_mass: ammonia.molar_mass.value,
            duration: 126.0,
        };
        let air = ScreeningAir { wind: 8.0, density: 1.047, temperature: 302.39 };
        (drops, drops.dried(|t| liquid.vapour_pressure(t), &air, pressure), air)
    }

    #[test]
    fn the_mixture_holds_the_heat_and_the_mass_of_what_went_in() {
        let (drops, mixture, air) = tortoise();
        let gas = mixture.flow * mixture.fraction * 0.897 * STANDARD_PRESSURE
            / (GAS_CONSTANT * mixture.temperature);
        assert!((gas * drops.molar_mass / drops.rate - 1.0).abs() < 1e-12);
        let share = mixture.density * mixture.flow / drops.rate - 1.0;
        let taken = drops.liquid_share * drops.heat_of_vaporization
            - drops.vapour_capacity * (drops.temperature - mixture.temperature);
        let given = share * AIR_HEAT_CAPACITY * (air.temperature - mixture.temperature);
        assert!((taken / given - 1.0).abs() < 1e-9);
    }

    #[test]
    fn ammonia_dries_at_the_published_fraction_and_temperature() {
        // degali: 13.6 % at 204.9 K for this trial; another group's 13 % at 205 K.
        let (_, mixture, air) = tortoise();
        assert!((mixture.fraction - 0.136).abs() < 0.004, "{}", mixture.fraction);
        assert!((mixture.temperature - 204.9).abs() < 1.0, "{}", mixture.temperature);
        assert!(mixture.density > air.density);
    }

    #[test]
    fn vapour_without_drops_stays_as_it_is() {
        let (drops, _, air) = tortoise();
        let vapour = Drops { liquid_share: 0.0, ..drops };
        let ammonia = substance::find("ammonia").expect("in the table").liquid().expect("a liquid");
        let mixture = vapour.dried(|t| ammonia.vapour_pressure(t), &air, 0.897 * STANDARD_PRESSURE);
        assert!(
            (mixture.fraction - 1.0).abs() < 1e-6 && (mixture.temperature - drops.temperature).abs() < 1e-3
        );
    }
}
