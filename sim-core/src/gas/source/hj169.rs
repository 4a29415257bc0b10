//! The formulas of HJ 169-2018, appendix F, as the guideline prints them.
//!
//! They stand beside this engine's own sources, so that a report can name both.
//! The text was read through an open implementation that cites the equation
//! numbers, not in the printed standard.

use std::f64::consts::PI;

use crate::gas::source::gas_hole::GasHole;
use crate::gas::source::term::Fact;
use crate::gas::substance::Substance;

/// Gravity as the guideline sets it below equation F.1, m/s².
const GRAVITY: f64 = 9.81;

/// Gas constant, J/(mol K); the guideline gives none.
const GAS_CONSTANT: f64 = 8.314;

/// Share of the storage pressure at which two-phase flow chokes. The guideline
/// prints "0.55 Pa" for the critical pressure, which can only mean 0.55 P.
const CRITICAL_SHARE: f64 = 0.55;

/// Shape of an opening, table F.1 and the note of F.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Circle or polygon.
    Circle,
    /// Triangle.
    Triangle,
    /// Rectangle.
    Rectangle,
}

impl Shape {
    /// Discharge coefficient of a liquid, table F.1.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::source::hj169::Shape;
    /// assert_eq!(Shape::Circle.liquid_coefficient(5e4), 0.65);
    /// assert_eq!(Shape::Rectangle.liquid_coefficient(80.0), 0.40);
    /// ```
    pub fn liquid_coefficient(self, reynolds: f64) -> f64 {
        let (turbulent, laminar) = match self {
            Self::Circle => (0.65, 0.50),
            Self::Triangle => (0.60, 0.45),
            Self::Rectangle => (0.55, 0.40),
        };
        if reynolds > LAMINAR_REYNOLDS { turbulent } else { laminar }
    }

    /// Discharge coefficient of a gas, note of F.4.
    pub fn gas_coefficient(self) -> f64 {
        match self {
            Self::Circle => 1.00,
            Self::Triangle => 0.95,
            Self::Rectangle => 0.90,
        }
    }
}

/// Reynolds number up to which table F.1 takes a flow as laminar.
const LAMINAR_REYNOLDS: f64 = 100.0;

/// Liquid outflow, kg/s, F.1.
///
/// $$ Q_L = C_d A \rho \sqrt{2(P-P_0)/\rho + 2gh} $$
///
/// # Units
/// - `area`: m²; `density`: kg/m³; `overpressure`: P - P₀, Pa; `head`: m
pub fn liquid_rate(coefficient: f64, area: f64, density: f64, overpressure: f64, head: f64) -> f64 {
    coefficient * area * density * (2.0 * overpressure / density + 2.0 * GRAVITY * head).max(0.0).sqrt()
}

/// Gas outflow, kg/s, F.2 to F.5.
///
/// $$ Q_G = Y C_d A P \sqrt{\frac{M\gamma}{R T_G}\left(\frac{2}{\gamma+1}\right)^{\frac{\gamma+1}{\gamma-1}}} $$
///
/// # Units
/// - `area`: m²; `pressure`, `air_pressure`: Pa (absolute); `molar_mass`: kg/mol; `temperature`: K
///
/// # Example
/// ```
/// // Methane of 4 bar absolute through 20 mm at 15 °C: 0.218 kg/s.
/// let area = std::f64::consts::FRAC_PI_4 * 0.02 * 0.02;
/// let rate = sim_core::gas::source::hj169::gas_rate(1.0, area, 4e5, 101_325.0, 0.016043, 1.31, 288.15);
/// assert!((rate - 0.218).abs() < 0.001);
/// ```
pub fn gas_rate(
    coefficient: f64,
    area: f64,
    pressure: f64,
    air_pressure: f64,
    molar_mass: f64,
    gamma: f64,
    temperature: f64,
) -> f64 {
    let ratio = (air_pressure / pressure).min(1.0);
    let critical = (2.0 / (gamma + 1.0)).powf(gamma / (gamma - 1.0));
    let power = (gamma + 1.0) / (gamma - 1.0);
    let y = if ratio <= critical {
        1.0
    } else {
        ratio.powf(1.0 / gamma)
            * (1.0 - ratio.powf((gamma - 1.0) / gamma)).sqrt()
            * (2.0 / (gamma - 1.0) * ((gamma + 1.0) / 2.0).powf(power)).sqrt()
    };
    let root = molar_mass * gamma / (GAS_CONSTANT * temperature) * (2.0 / (gamma + 1.0)).powf(power);
    y * coefficient * area * pressure * root.sqrt()
}

/// What F.6 to F.8 need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoPhase {
    /// Discharge coefficient; the guideline takes 0.8.
    pub coefficient: f64,
    /// Area of the opening, m².
    pub area: f64,
    /// Absolute pressure, Pa.
    pub pressure: f64,
    /// Temperature of the mixture, K.
    pub temperature: f64,
    /// Boiling temperature at the critical pressure 0.55 P, K.
    pub boiling_temperature: f64,
    /// Heat capacity of the liquid, J/(kg K).
    pub heat_capacity: f64,
    /// Heat of vaporization, J/kg.
    pub heat_of_vaporization: f64,
    /// Density of the vapour, kg/m³.
    pub vapour_density: f64,
    /// Density of the liquid, kg/m³.
    pub liquid_density: f64,
}

impl TwoPhase {
    /// Pressure at which the flow chokes, Pa.
    pub fn critical_pressure(pressure: f64) -> f64 {
        CRITICAL_SHARE * pressure
    }

    /// Evaporated share, F.8; above 1 the guideline takes the gas formula, far
    /// below it that of a liquid.
    pub fn evaporated_share(&self) -> f64 {
        flash_share(self.heat_capacity, self.temperature, self.boiling_temperature, self.heat_of_vaporization)
    }

    /// Mean density of the mixture, kg/m³, F.7.
    pub fn mean_density(&self) -> f64 {
        let share = self.evaporated_share().clamp(0.0, 1.0);
        1.0 / (share / self.vapour_density + (1.0 - share) / self.liquid_density)
    }

    /// Mass rate, kg/s, F.6.
    pub fn rate(&self) -> f64 {
        let drop = self.pressure - Self::critical_pressure(self.pressure);
        self.coefficient * self.area * (2.0 * self.mean_density() * drop).sqrt()
    }
}

/// Flashed share of a superheated liquid, F.8 and F.9.
///
/// # Units
/// - `heat_capacity`: J/(kg K); temperatures: K; `heat_of_vaporization`: J/kg
pub fn flash_share(
    heat_capacity: f64,
    temperature: f64,
    boiling_temperature: f64,
    heat_of_vaporization: f64,
) -> f64 {
    heat_capacity * (temperature - boiling_temperature) / heat_of_vaporization
}

/// Rate of flashing, kg/s, F.10.
pub fn flash_rate(liquid_rate: f64, flash_share: f64) -> f64 {
    liquid_rate * flash_share.clamp(0.0, 1.0)
}

/// Ground under a pool, table F.2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ground {
    /// Name.
    pub name: &'static str,
    /// Name in Chinese.
    pub name_zh: &'static str,
    /// Thermal conductivity, W/(m K).
    pub conductivity: f64,
    /// Thermal diffusivity, m²/s.
    pub diffusivity: f64,
}

/// Concrete, table F.2.
pub const CONCRETE: Ground =
    Ground { name: "concrete", name_zh: "水泥", conductivity: 1.1, diffusivity: 1.29e-7 };
/// Soil with 8 % water, table F.2.
pub const MOIST_SOIL: Ground =
    Ground {
        name: "soil with 8 % water", name_zh: "土地（含水8%）", conductivity: 0.9, diffusivity: 4.3e-7
    };
/// Dry soil, table F.2.
pub const DRY_SOIL: Ground =
    Ground { name: "dry soil", name_zh: "干涸土地", conductivity: 0.3, diffusivity: 2.3e-7 };
/// Wet land, table F.2.
pub const WET_LAND: Ground =
    Ground { name: "wet land", name_zh: "湿地", conductivity: 0.6, diffusivity: 3.3e-7 };
/// Gravel, table F.2.
pub const GRAVEL: Ground =
    Ground { name: "gravel", name_zh: "砂砾地", conductivity: 2.5, diffusivity: 11.0e-7 };

/// Every ground of table F.2.
pub const GROUNDS: [Ground; 5] = [CONCRETE, MOIST_SOIL, DRY_SOIL, WET_LAND, GRAVEL];

/// Evaporation by heat from the ground, kg/s, F.11.
///
/// $$ Q_2 = \frac{\lambda S (T_0 - T_b)}{H \sqrt{\pi \alpha t}} $$
///
/// # Units
/// - `area`: m²; temperatures: K; `heat_of_vaporization`: J/kg; `time`: s
pub fn heat_evaporation(
    ground: &Ground,
    area: f64,
    ground_temperature: f64,
    boiling_temperature: f64,
    heat_of_vaporization: f64,
    time: f64,
) -> f64 {
    let excess = (ground_temperature - boiling_temperature).max(0.0);
    ground.conductivity * area * excess / (heat_of_vaporization * (PI * ground.diffusivity * time).sqrt())
}

/// Stability as table F.3 groups it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Air {
    /// Classes A and B.
    Unstable,
    /// Class D. The guideline has no row for C.
    Neutral,
    /// Classes E and F.
    Stable,
}

impl Air {
    /// Exponent n and factor α of table F.3.
    pub fn constants(self) -> (f64, f64) {
        match self {
            Self::Unstable => (0.2, 3.846e-3),
            Self::Neutral => (0.25, 4.685e-3),
            Self::Stable => (0.3, 5.285e-3),
        }
    }
}

/// Evaporation by wind, kg/s, F.12.
///
/// $$ Q_3 = \alpha \frac{p M}{R T_0} u^{\frac{2-n}{2+n}} r^{\frac{4+n}{2+n}} $$
///
/// # Units
/// - `vapour_pressure`: Pa; `molar_mass`: kg/mol; `temperature`: of the air, K
/// - `wind_speed`: m/s; `radius`: of the pool, m
pub fn mass_evaporation(
    air: Air,
    vapour_pressure: f64,
    molar_mass: f64,
    temperature: f64,
    wind_speed: f64,
    radius: f64,
) -> f64 {
    let (n, factor) = air.constants();
    factor * vapour_pressure * molar_mass / (GAS_CONSTANT * temperature)
        * wind_speed.powf((2.0 - n) / (2.0 + n))
        * radius.powf((4.0 + n) / (2.0 + n))
}

/// Mass evaporated in all, kg, F.13: the sum of rate times time of the three kinds.
pub fn total_evaporation(parts: [(f64, f64); 3]) -> f64 {
    parts.iter().map(|(rate, time)| rate * time).sum()
}

/// A line of a report: the guideline's number for one of its equations.
pub fn fact(name: &'static str, value: f64, unit: &'static str, equation: &'static str) -> Fact {
    Fact::number(name, value, unit, equation)
}

/// The guideline's number for a hole in gas; it knows no compressibility factor.
pub fn gas_fact(hole: &GasHole, substance: &Substance, air_pressure: f64) -> Fact {
    let rate = gas_rate(
        hole.discharge_coefficient,
        std::f64::consts::FRAC_PI_4 * hole.diameter * hole.diameter,
        hole.pressure,
        air_pressure,
        substance.molar_mass.value,
        substance.heat_capacity_ratio.at(hole.temperature),
        hole.temperature,
    );
    fact("HJ 169 gas outflow", rate, "kg/s", "HJ 169 F.2 to F.5")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gas_flow_is_continuous_where_it_becomes_choked() {
        let gamma: f64 = 1.4;
        let critical = (2.0 / 2.4_f64).powf(3.5);
        let rate = |pressure| gas_rate(1.0, 1e-4, pressure, 101_325.0, 0.029, gamma, 300.0);
        let edge = 101_325.0 / critical;
        assert!((rate(edge * (1.0 - 1e-9)) / rate(edge * (1.0 + 1e-9)) - 1.0).abs() < 1e-8);
        assert_eq!(rate(101_325.0), 0.0);
    }

    #[test]
    fn liquid_without_pressure_falls_as_torricelli_says() {
        let rate = liquid_rate(0.65, 1e-3, 1000.0, 0.0, 5.0);
        assert!((rate - 0.65 * (2.0_f64 * 9.81 * 5.0).sqrt()).abs() < 1e-12);
        assert_eq!(liquid_rate(0.65, 1e-3, 1000.0, -1e6, 5.0), 0.0);
    }

    #[test]
    fn a_mixture_without_vapour_has_the_density_of_the_liquid() {
        let mixture = TwoPhase {
            coefficient: 0.8,
            area: 1e-4,
            pressure: 8e5,
            temperature: 290.0,
            boiling_temperature: 290.0,
            heat_capacity: 2500.0,
            heat_of_vaporization: 3.5e5,
            vapour_density: 10.0,
            liquid_density: 500.0,
        };
        assert_eq!(mixture.evaporated_share(), 0.0);
        assert!((mixture.mean_density() - 500.0).abs() < 1e-9);
        // 0.8 · 10^-4 · sqrt(2 · 500 · 0.45 · 8·10^5) = 1.518 kg/s.
        assert!((mixture.rate() - 1.518).abs() < 1e-3);
    }

    #[test]
    fn evaporation_by_heat_falls_with_the_root_of_time() {
        let at = |time| heat_evaporation(&CONCRETE, 100.0, 298.15, 239.2, 2.9e5, time);
        assert!((at(4.0) / at(16.0) - 2.0).abs() < 1e-12);
        // 1.1 · 100 · 58.95/(2.9·10^5 · sqrt(π · 1.29·10^-7 · 60)) = 4.53 kg/s.
        assert!((at(60.0) - 4.534).abs() < 0.01, "{}", at(60.0));
        assert_eq!(heat_evaporation(&CONCRETE, 100.0, 230.0, 239.2, 2.9e5, 60.0), 0.0);
    }

    #[test]
    fn evaporation_by_wind_grows_with_wind_and_pool() {
        let rate = |wind, radius| mass_evaporation(Air::Neutral, 1e4, 0.078, 298.15, wind, radius);
        assert!((rate(4.0, 1.0) / rate(2.0, 1.0) - 2.0_f64.powf(1.75 / 2.25)).abs() < 1e-12);
        assert!((rate(2.0, 2.0) / rate(2.0, 1.0) - 2.0_f64.powf(4.25 / 2.25)).abs() < 1e-12);
        assert_eq!(total_evaporation([(1.0, 10.0), (2.0, 5.0), (0.5, 100.0)]), 70.0);
    }

    #[test]
    fn the_guideline_and_this_engine_agree_on_a_hole_in_an_ideal_gas() {
        // The same formula; the guideline's gas constant is 8.314.
        let methane = crate::gas::substance::find("methane").expect("in the table");
        for pressure in [1.2e5, 5e5, 4e6] {
            let hole = GasHole::round(0.02, pressure, 288.15);
            let ours = hole.outflow(methane, 101_325.0).expect("gas").rate;
            assert!((gas_fact(&hole, methane, 101_325.0).value / ours - 1.0).abs() < 1e-4, "{pressure}");
        }
    }
}
