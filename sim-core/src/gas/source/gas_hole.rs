//! Gas through a hole in a pipe or a vessel.

use crate::error::{Problem, Problems, Result};
use crate::gas::source::compressibility::PengRobinson;
use crate::gas::source::nozzle::Stagnation;
pub use crate::gas::source::nozzle::critical_pressure_ratio;
use crate::gas::source::{ExitState, SourceKind};
use crate::gas::substance::Substance;
use crate::units::GAS_CONSTANT;

/// A hole in a pipe or vessel that stays at its pressure.
pub struct GasHoleKind;

impl SourceKind for GasHoleKind {
    fn name(&self) -> &'static str {
        "gas_hole"
    }

    fn meaning(&self) -> &'static str {
        "gas through a hole of a given diameter in a pipe or vessel of a given pressure"
    }
}

/// Discharge coefficient of a round hole in a gas line.
///
/// The upper bound: a sharp-edged hole passes 0.6 to 0.85 of it.
///
/// # Source
/// hj169, appendix F, equation F.2: 1.00 for a round hole (0.95 triangular, 0.90 rectangular).
pub const ROUND_HOLE_COEFFICIENT: f64 = 1.0;

/// What is known about the gas behind the hole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GasHole {
    /// Diameter of the hole, m.
    pub diameter: f64,
    /// Absolute pressure behind it, Pa.
    pub pressure: f64,
    /// Temperature behind it, K.
    pub temperature: f64,
    /// Discharge coefficient, above 0 up to 1.
    pub discharge_coefficient: f64,
    /// Compressibility factor behind it; 1 for an ideal gas.
    pub compressibility: f64,
    /// Diameter of the pipe, m, where the hole is in one.
    pub pipe_diameter: Option<f64>,
}

/// What comes out.
#[derive(Debug, Clone, PartialEq)]
pub struct Outflow {
    /// Mass rate, kg/s.
    pub rate: f64,
    /// State at the exit.
    pub exit: ExitState,
    /// Pressure ratio (air over pipe) below which the flow is choked.
    pub critical_ratio: f64,
    /// What is doubtful.
    pub warnings: Vec<Problem>,
}

impl GasHole {
    /// A round hole in an ideal gas, nothing known about the pipe.
    pub fn round(diameter: f64, pressure: f64, temperature: f64) -> Self {
        Self {
            diameter,
            pressure,
            temperature,
            discharge_coefficient: ROUND_HOLE_COEFFICIENT,
            compressibility: 1.0,
            pipe_diameter: None,
        }
    }

    /// The broken end of a pipe: a hole as wide as the pipe.
    pub fn full_bore(pipe_diameter: f64, pressure: f64, temperature: f64) -> Self {
        Self { pipe_diameter: Some(pipe_diameter), ..Self::round(pipe_diameter, pressure, temperature) }
    }

    /// The same hole with the compressibility factor of the real gas behind it.
    ///
    /// # Errors
    /// E4043 the acentric factor of the substance is not known.
    pub fn with_real_gas(self, substance: &Substance) -> Result<Self> {
        let equation = PengRobinson::of(substance)?;
        Ok(Self { compressibility: equation.gas_factor(self.temperature, self.pressure), ..self })
    }

    /// Mass rate and exit state.
    ///
    /// Isentropic flow of a gas of constant heat-capacity ratio from rest behind
    /// the hole to the air. Where the air's pressure is below the critical ratio
    /// the throat is at the speed of sound and its own pressure; the gas then
    /// expands outside and is faster still.
    ///
    /// # Errors
    /// E4030 a value that cannot be, E4031 no pressure to drive gas out, E4032
    /// the substance is liquid behind the hole.
    ///
    /// # Returns
    /// Warnings: W4410 full bore.
    ///
    /// # Source
    /// ccps1999 section 2.1.2; hj169 equations F.2 to F.5; expansion outside: birch1987.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::{source::gas_hole::GasHole, substance};
    /// let methane = substance::find("methane")?;
    /// // 0.4 MPa gauge, 20 mm, 15 °C: choked, 0.27 kg/s.
    /// let out = GasHole::round(0.020, 501_325.0, 288.15).outflow(methane, 101_325.0)?;
    /// assert!(out.exit.choked && (out.rate - 0.27).abs() < 0.01);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn outflow(&self, substance: &Substance, air_pressure: f64) -> Result<Outflow> {
        self.check(substance, air_pressure)?;
        let gamma = substance.heat_capacity_ratio.at(self.temperature);
        let gas_constant = self.compressibility * GAS_CONSTANT / substance.molar_mass.value;
        let critical_ratio = critical_pressure_ratio(gamma);
        let throat = Stagnation {
            pressure: self.pressure,
            temperature: self.temperature,
            heat_capacity_ratio: gamma,
            gas_constant,
        }
        .throat(air_pressure);
        let area = std::f64::consts::FRAC_PI_4 * self.diameter * self.diameter;
        let flow_area = self.discharge_coefficient * area;
        let rate = flow_area * throat.mass_flux();
        let exit = ExitState {
            velocity: throat.velocity,
            temperature: throat.temperature,
            pressure: throat.pressure,
            density: throat.density,
            diameter: self.diameter,
            choked: throat.choked,
            expanded_velocity: throat.expanded_velocity(air_pressure),
            expanded_density: substance.gas_density(self.temperature, air_pressure),
        };
        Ok(Outflow { rate, exit, critical_ratio, warnings: self.warnings() })
    }

    fn warnings(&self) -> Vec<Problem> {
        if self.pipe_diameter.is_none_or(|pipe| self.diameter < FULL_BORE_SHARE * pipe) {
            return Vec::new();
        }
        let text = "full-bore rupture: the pipe is taken to keep its pressure right up to the break";
        vec![
            Problem::warning(4410, text)
                .why("friction and the emptying of a long pipe lower the rate within seconds to minutes: this is an upper bound")
                .fix("give a measured rate, or the rate of a pipeline model, as a known rate"),
        ]
    }

    fn check(&self, substance: &Substance, air_pressure: f64) -> Result<()> {
        let rows = [
            ("hole diameter", self.diameter, 0.0, 3.0, "m"),
            ("pressure", self.pressure, 0.0, 100e6, "Pa"),
            ("gas temperature", self.temperature, 150.0, 700.0, "K"),
            ("discharge coefficient", self.discharge_coefficient, 0.0, 1.0, ""),
            ("compressibility factor", self.compressibility, 0.0, 3.0, ""),
            ("air pressure", air_pressure, 0.0, 110_000.0, "Pa"),
        ];
        let mut problems: Vec<Problem> = rows
            .iter()
            .filter(|row| !(row.1 > row.2 && row.1 <= row.3))
            .map(|&(name, value, low, high, unit)| {
                let text = format!("{name} is {value} {unit}; allowed is above {low} up to {high} {unit}");
                Problem::error(4030, text).fix("check the unit; pressures are absolute")
            })
            .collect();
        if self.pipe_diameter.is_some_and(|pipe| self.diameter > pipe) {
            problems.push(
                Problem::error(4030, "the hole is wider than the pipe").fix("swap or correct the diameters"),
            );
        }
        if self.pressure <= air_pressure {
            let text =
                format!("{} Pa behind the hole is not above the air's {air_pressure} Pa", self.pressure);
            let fix = "pressures are absolute: add 101325 Pa to a gauge pressure";
            problems.push(Problem::error(4031, text).fix(fix));
        }
        problems.extend(self.liquid(substance));
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }

    /// The mistake of treating a liquefied gas as gas.
    fn liquid(&self, substance: &Substance) -> Option<Problem> {
        let saturation = saturation_pressure(substance, self.temperature)?;
        let text = format!(
            "{} at {:.0} K is liquid above about {:.0} kPa; {:.0} kPa is behind the hole",
            substance.name,
            self.temperature,
            saturation / 1e3,
            self.pressure / 1e3
        );
        (self.pressure > SATURATION_MARGIN * saturation).then(|| {
            Problem::error(4032, text)
                .why("a hole in the liquid or boiling space releases many times more mass than the gas formula gives")
                .fix("use kind = \"flashing\" (liquid that boils as it leaves) or \"liquid_tank\", or give the pressure of the gas")
        })
    }
}

/// Share of the pipe's diameter from which a hole counts as full bore.
const FULL_BORE_SHARE: f64 = 0.9;

/// Margin on the estimate of the saturation pressure, which is good to some 10 %.
const SATURATION_MARGIN: f64 = 1.15;

/// Saturation pressure, Pa, below the critical temperature: the straight line of
/// ln p against 1/T through the boiling point and the critical point.
fn saturation_pressure(substance: &Substance, temperature: f64) -> Option<f64> {
    let (boiling, critical) = (substance.boiling_point.value, substance.critical_temperature.value);
    if temperature >= critical {
        return None;
    }
    let span = (substance.critical_pressure.value / crate::units::STANDARD_PRESSURE).ln();
    let share = (1.0 / boiling - 1.0 / temperature) / (1.0 / boiling - 1.0 / critical);
    Some(crate::units::STANDARD_PRESSURE * (share * span).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::substance::find;

    const AIR: f64 = 101_325.0;

    fn rate(name: &str, diameter: f64, pressure: f64, temperature: f64) -> f64 {
        let substance = find(name).expect("in the table");
        GasHole::round(diameter, pressure, temperature).outflow(substance, AIR).expect("gas").rate
    }

    #[test]
    fn the_flow_is_continuous_where_it_becomes_choked() {
        let methane = find("methane").expect("in the table");
        let critical = AIR / critical_pressure_ratio(methane.heat_capacity_ratio.at(288.15));
        let (below, above) = (critical * (1.0 - 1e-9), critical * (1.0 + 1e-9));
        let out = |pressure| GasHole::round(0.02, pressure, 288.15).outflow(methane, AIR).expect("gas");
        assert!(!out(below).exit.choked && out(above).exit.choked);
        assert!((out(below).rate / out(above).rate - 1.0).abs() < 1e-8);
        assert!((out(below).exit.expanded_velocity / out(above).exit.expanded_velocity - 1.0).abs() < 1e-8);
    }

    #[test]
    fn no_pressure_difference_drives_no_flow() {
        // Bernoulli: a quarter of a small pressure difference drives half the flow.
        let (small, quarter) =
            (rate("methane", 0.02, AIR + 4.0, 288.15), rate("methane", 0.02, AIR + 1.0, 288.15));
        assert!((small / quarter - 2.0).abs() < 1e-4);
        let methane = find("methane").expect("in the table");
        let problems = GasHole::round(0.02, AIR, 288.15).outflow(methane, AIR).expect_err("no drive");
        assert_eq!(problems.0[0].code.0, 4031);
    }

    #[test]
    fn choked_flow_leaves_at_the_speed_of_sound() {
        let methane = find("methane").expect("in the table");
        let exit = GasHole::round(0.02, 5.0 * AIR, 288.15).outflow(methane, AIR).expect("gas").exit;
        let gamma = methane.heat_capacity_ratio.at(288.15);
        let sound = (gamma * GAS_CONSTANT / methane.molar_mass.value * exit.temperature).sqrt();
        assert!((exit.velocity / sound - 1.0).abs() < 1e-12);
        assert!(exit.expanded_velocity > exit.velocity);
    }

    #[test]
    fn the_closed_formula_of_choked_flow_is_met() {
        // ccps1999 eq. 2.18: m = Cd A p sqrt(gamma M/(R T) (2/(gamma+1))^((gamma+1)/(gamma-1)))
        let methane = find("methane").expect("in the table");
        let gamma = methane.heat_capacity_ratio.at(288.15);
        let area = std::f64::consts::FRAC_PI_4 * 0.02 * 0.02;
        let power = (2.0 / (gamma + 1.0)).powf((gamma + 1.0) / (gamma - 1.0));
        let expected =
            area * 501_325.0 * (gamma * methane.molar_mass.value / (GAS_CONSTANT * 288.15) * power).sqrt();
        assert!((rate("methane", 0.02, 501_325.0, 288.15) / expected - 1.0).abs() < 1e-12);
    }

    #[test]
    fn methane_and_propane_agree_with_a_real_gas_code() {
        // hyram 6.1: 4 bar absolute, 20 mm, 288.15 K, Cd 1: CH4 0.21877, C3H8 0.35197 kg/s.
        // The ideal gas is 0.5 % and (heavier, less ideal) 5 % below.
        assert!((rate("methane", 0.02, 400_000.0, 288.15) / 0.21877 - 1.0).abs() < 0.01);
        assert!((rate("propane", 0.02, 400_000.0, 288.15) / 0.35197 - 1.0).abs() < 0.06);
    }

    #[test]
    fn hydrogen_at_350_bar_lies_between_the_ideal_gas_and_one_with_its_compressibility() {
        // hyram 6.1: H2, 350 bar, 3.56 mm, 288.15 K: 0.21081 kg/s. Z behind the hole is 1.227 (leachman2009).
        // The ideal gas gives 4 % more; the factor at rest, which falls towards the throat, 6 % less.
        let hydrogen = find("hydrogen").expect("in the table");
        let ideal = GasHole::round(0.003_56, 35e6, 288.15);
        let real = GasHole { compressibility: 1.227, ..ideal };
        let (ideal, real) =
            (ideal.outflow(hydrogen, AIR).expect("gas").rate, real.outflow(hydrogen, AIR).expect("gas").rate);
        assert!(real < 0.21081 && 0.21081 < ideal);
        assert!(
            (ideal / 0.21081 - 1.0).abs() < 0.05 && (real / 0.21081 - 1.0).abs() < 0.07,
            "{real} {ideal}"
        );
    }

    #[test]
    fn the_real_gas_is_an_option_that_changes_little_at_low_pressure() {
        // hyram 6.1: C3H8, 4 bar absolute, 20 mm, 288.15 K: 0.35197 kg/s. The ideal gas is 5 % below.
        let propane = find("propane").expect("in the table");
        let ideal = GasHole::round(0.02, 400_000.0, 288.15);
        assert_eq!(ideal.compressibility, 1.0);
        let real = ideal.with_real_gas(propane).expect("acentric factor known");
        let rate = real.outflow(propane, AIR).expect("gas").rate;
        assert!((rate / 0.35197 - 1.0).abs() < 0.02, "{rate}");
        let weak =
            GasHole::round(0.02, AIR + 2000.0, 288.15).with_real_gas(find("methane").expect("in the table"));
        assert!((weak.expect("acentric factor known").compressibility - 1.0).abs() < 0.003);
    }

    #[test]
    fn a_full_bore_break_is_flagged_as_an_upper_bound() {
        let methane = find("methane").expect("in the table");
        let out = GasHole::full_bore(0.2, 501_325.0, 288.15).outflow(methane, AIR).expect("gas");
        assert_eq!(out.warnings[0].code.0, 4410);
        assert!((out.rate / 27.0 - 1.0).abs() < 0.03, "{}", out.rate);
    }

    #[test]
    fn liquefied_chlorine_is_not_treated_as_gas() {
        let chlorine = find("chlorine").expect("in the table");
        let problems = GasHole::round(0.01, 1.5e6, 293.15).outflow(chlorine, AIR).expect_err("liquid");
        assert_eq!(problems.0[0].code.0, 4032);
        assert!(GasHole::round(0.01, 3e5, 293.15).outflow(chlorine, AIR).is_ok());
    }

    #[test]
    fn the_saturation_estimate_is_good_to_ten_per_cent() {
        // thol2021, lemmon2009, gao2020 at 293.15 K: 6.76, 8.36, 8.57 bar.
        for (name, bar) in [("chlorine", 6.76), ("propane", 8.36), ("ammonia", 8.57)] {
            let estimate =
                saturation_pressure(find(name).expect("in the table"), 293.15).expect("below critical");
            assert!((estimate / (bar * 1e5) - 1.0).abs() < 0.1, "{name} {estimate}");
        }
    }
}
