//! Liquid under pressure that boils as it leaves: flashing discharge.

use std::f64::consts::FRAC_PI_4;

use crate::error::{Problem, Result};
use crate::gas::source::flash;
use crate::gas::source::history::{History, State};
use crate::gas::source::hj169;
use crate::gas::source::term::{Fact, Range, SourceTerm, refuse_outside, settle};
use crate::gas::source::{ExitState, SourceKind};
use crate::gas::substance::{Liquid, Substance};

/// A vessel of liquefied gas with a hole below its level.
pub struct FlashingKind;

impl SourceKind for FlashingKind {
    fn name(&self) -> &'static str {
        "flashing"
    }

    fn meaning(&self) -> &'static str {
        "liquefied gas that boils as it leaves: vapour and drops in the air, the rest in a pool"
    }
}

/// A hole below the level of a liquid that is warmer than its boiling point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoPhaseDischarge {
    /// Diameter of the hole, m.
    pub hole_diameter: f64,
    /// Discharge coefficient; api520 takes 0.85, hj169 0.8.
    pub discharge_coefficient: f64,
    /// Absolute pressure at the hole inside, Pa; at least the vapour pressure.
    /// None for a liquid under its own vapour pressure.
    pub pressure: Option<f64>,
    /// Temperature of the liquid, K.
    pub temperature: f64,
    /// Liquid that can come out, kg.
    pub inventory: f64,
    /// When the leak is stopped, s after the start; none if it runs dry.
    pub stopped_after: Option<f64>,
}

/// What the omega method needs of a liquid ahead of a nozzle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OmegaInlet {
    /// Absolute pressure, Pa.
    pub pressure: f64,
    /// Saturation pressure, Pa; at most the pressure.
    pub saturation_pressure: f64,
    /// Specific volume ahead of the nozzle, m³/kg.
    pub volume: f64,
    /// Omega: how fast the mixture swells below saturation.
    pub omega: f64,
}

/// Flow of the omega method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OmegaFlow {
    /// Mass rate per area, kg/(m² s).
    pub mass_flux: f64,
    /// Pressure in the throat, Pa.
    pub throat_pressure: f64,
    /// Specific volume in the throat, m³/kg.
    pub throat_volume: f64,
    /// True where a lower pressure outside draws no more.
    pub choked: bool,
}

/// Search steps for the throat pressure of the greatest flow (golden section): below rounding.
const SECTIONS: usize = 90;

/// Golden section.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

impl OmegaInlet {
    /// A liquid, saturated or colder.
    ///
    /// $$ \omega = \rho_l\,c_p T_0\,p_s \left(\frac{v_{fg}}{h_{fg}}\right)^2 $$
    ///
    /// # Source
    /// leung1986; api520 annex C uses the same omega for a saturated liquid.
    pub fn of_liquid(liquid: &Liquid<'_>, temperature: f64, pressure: f64) -> Self {
        let saturation_pressure = liquid.vapour_pressure(temperature).min(pressure);
        let density = liquid.density(temperature);
        let swelling = 1.0 / liquid.vapour_density(temperature) - 1.0 / density;
        let ratio = swelling / liquid.heat_of_vaporization(temperature);
        let omega =
            density * liquid.heat_capacity(temperature) * temperature * saturation_pressure * ratio * ratio;
        Self { pressure, saturation_pressure, volume: 1.0 / density, omega }
    }

    /// Volume at a pressure below saturation, as a multiple of that ahead of the nozzle.
    fn swelling(&self, pressure: f64) -> f64 {
        1.0 + self.omega * (self.saturation_pressure / pressure - 1.0).max(0.0)
    }

    /// Square of the mass flux for a throat pressure.
    fn flux_squared(&self, pressure: f64) -> f64 {
        let saturation = self.saturation_pressure.max(pressure);
        let below = (self.saturation_pressure - pressure).max(0.0);
        let boiling = if below > 0.0 {
            self.omega * self.saturation_pressure * (self.saturation_pressure / pressure).ln()
                - (self.omega - 1.0) * below
        } else {
            0.0
        };
        2.0 * (self.pressure - saturation + boiling) / (self.volume * self.swelling(pressure).powi(2))
    }

    /// The flow out of an ideal nozzle.
    ///
    /// Homogeneous equilibrium flow with the specific volume that follows
    /// omega's straight line below saturation:
    ///
    /// $$ G^2 v_0 = 2\frac{p_0 - p_s + \omega p_s \ln(p_s/p) - (\omega-1)(p_s-p)}
    ///    {\left[\omega(p_s/p-1)+1\right]^2} $$
    ///
    /// at the pressure of the air or at the one of the greatest flow, whichever
    /// is higher. The greatest flow is searched, so that weakly and strongly
    /// subcooled liquids need no cases.
    ///
    /// # Units
    /// - `air_pressure`: Pa (absolute)
    ///
    /// # Source
    /// leung1986; api520 annex C.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::source::two_phase::OmegaInlet;
    /// // Cold liquid: sqrt(2 · 1000 · 9·10^5) = 42.4 t/(m² s), as Bernoulli says.
    /// let water = OmegaInlet { pressure: 1e6, saturation_pressure: 2e3, volume: 1e-3, omega: 50.0 };
    /// assert!((water.flow(1e5).mass_flux - 42_426.0).abs() < 1.0);
    /// ```
    pub fn flow(&self, air_pressure: f64) -> OmegaFlow {
        let critical = self.critical_pressure();
        let choked = air_pressure <= critical;
        let throat_pressure = air_pressure.max(critical).min(self.pressure);
        OmegaFlow {
            mass_flux: self.flux_squared(throat_pressure).max(0.0).sqrt(),
            throat_pressure,
            throat_volume: self.volume * self.swelling(throat_pressure),
            choked,
        }
    }

    /// Throat pressure of the greatest flow, Pa; at most the saturation pressure.
    pub fn critical_pressure(&self) -> f64 {
        let (mut low, mut high) = (LOWEST_RATIO * self.saturation_pressure, self.saturation_pressure);
        for _ in 0..SECTIONS {
            let left = high - GOLDEN * (high - low);
            let right = low + GOLDEN * (high - low);
            if self.flux_squared(left) > self.flux_squared(right) {
                high = right;
            } else {
                low = left;
            }
        }
        0.5 * (low + high)
    }
}

/// Lowest throat pressure searched, as a share of the saturation pressure.
const LOWEST_RATIO: f64 = 1e-3;

/// Mass flux of a saturated liquid that boils in equilibrium, kg/(m² s).
///
/// $$ G = \frac{h_{fg}}{v_{fg}} \frac{1}{\sqrt{c_p T}} $$
///
/// The upper end of the omega method for a liquid that swells much.
///
/// # Source
/// crowl2011 equation 4-91 (Fauske).
pub fn equilibrium_rate(liquid: &Liquid<'_>, temperature: f64) -> f64 {
    let swelling = 1.0 / liquid.vapour_density(temperature) - 1.0 / liquid.density(temperature);
    let root = (liquid.heat_capacity(temperature) * temperature).sqrt();
    liquid.heat_of_vaporization(temperature) / (swelling * root)
}

impl TwoPhaseDischarge {
    /// The release until the liquid is out or the leak is stopped.
    ///
    /// The rate of [`OmegaInlet::flow`] times coefficient and area, kept up as
    /// long as there is liquid. Boiling cools what stays and lowers the pressure
    /// with time; that is left out, so that rate and peak are upper bounds and the
    /// duration is a lower one.
    ///
    /// Outside, the mixture expands to the pressure of the air, boils down to its
    /// boiling point there, and is speeded up by the pressure left in the throat.
    ///
    /// # Valid for
    /// A pipe stub or thick wall in which vapour has 0.1 m or more to form. A
    /// hole in a thin plate passes up to the rate of the fact "if it does not
    /// boil in the hole".
    ///
    /// # Errors
    /// E4041 an input that cannot be, E4042 the liquid does not boil at the
    /// pressure of the air, E4043 and E4045 as for the properties of the liquid.
    ///
    /// # Source
    /// leung1986, api520; beside it hj169 F.6 to F.8 and crowl2011.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::{source::two_phase::TwoPhaseDischarge, substance};
    /// let hole = TwoPhaseDischarge {
    ///     hole_diameter: 0.01, discharge_coefficient: 0.85, pressure: None, temperature: 298.15,
    ///     inventory: 1000.0, stopped_after: None,
    /// };
    /// // Chlorine of a warm day through 10 mm: about half a kilogram each second, 18 % of it vapour.
    /// let term = hole.release(substance::find("chlorine")?, 101_325.0)?;
    /// assert!((term.history.rate_at(0.0) - 0.5).abs() < 0.2);
    /// assert!((term.history.total() - 1000.0).abs() < 1e-6);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn release(&self, substance: &Substance, air_pressure: f64) -> Result<SourceTerm> {
        settle(self.problems(air_pressure))?;
        let liquid = substance.liquid()?;
        liquid.check_temperature(self.temperature)?;
        let saturation = liquid.vapour_pressure(self.temperature);
        let pressure = self.pressure.unwrap_or(saturation);
        self.refuse_still(&liquid, saturation, pressure, air_pressure)?;
        let flow = OmegaInlet::of_liquid(&liquid, self.temperature, pressure).flow(air_pressure);
        let rate = self.discharge_coefficient * self.area() * flow.mass_flux;
        let state = self.state(&liquid, &flow, air_pressure);
        let dry_after = self.inventory / rate;
        let duration = self.stopped_after.map_or(dry_after, |time| time.min(dry_after));
        let history = History::steady(rate, duration, state)?;
        let facts = self.facts(&liquid, &flow, rate, pressure, air_pressure);
        let found =
            format!("boiling liquid through {:.1} mm at {:.0} kPa", 1e3 * self.hole_diameter, pressure / 1e3);
        Ok(SourceTerm { history, found, facts, warnings: Vec::new() })
    }

    /// The state at the exit, for the reach of the jet.
    ///
    /// # Errors
    /// As [`TwoPhaseDischarge::release`].
    ///
    /// # Source
    /// leung1986 for the throat; the momentum balance over the expansion outside.
    pub fn exit(&self, substance: &Substance, air_pressure: f64) -> Result<ExitState> {
        let state = self.release(substance, air_pressure)?.history.peak().state;
        let liquid = substance.liquid()?;
        let pressure = self.pressure.unwrap_or_else(|| liquid.vapour_pressure(self.temperature));
        let flow = OmegaInlet::of_liquid(&liquid, self.temperature, pressure).flow(air_pressure);
        Ok(ExitState {
            velocity: flow.mass_flux * flow.throat_volume,
            temperature: liquid.boiling_temperature(flow.throat_pressure).min(self.temperature),
            pressure: flow.throat_pressure,
            density: 1.0 / flow.throat_volume,
            diameter: self.hole_diameter,
            choked: flow.choked,
            expanded_velocity: state.velocity,
            expanded_density: state.density,
        })
    }

    fn area(&self) -> f64 {
        FRAC_PI_4 * self.hole_diameter * self.hole_diameter
    }

    fn state(&self, liquid: &Liquid<'_>, flow: &OmegaFlow, air_pressure: f64) -> State {
        let boiling = liquid.boiling_temperature(air_pressure);
        let share = flash::flash_share(liquid, self.temperature, air_pressure);
        let volume = share / liquid.ideal_vapour_density(boiling, air_pressure)
            + (1.0 - share) / liquid.density(boiling);
        let push = (flow.throat_pressure - air_pressure).max(0.0) / flow.mass_flux;
        State {
            temperature: boiling,
            vapour_share: share,
            velocity: flow.mass_flux * flow.throat_volume + push,
            density: 1.0 / volume,
        }
    }

    fn facts(
        &self,
        liquid: &Liquid<'_>,
        flow: &OmegaFlow,
        rate: f64,
        pressure: f64,
        air_pressure: f64,
    ) -> Vec<Fact> {
        let (area, density) = (self.area(), liquid.density(self.temperature));
        let guideline = guideline(liquid, area, pressure, self.temperature);
        let flashed = flash::straight_flash_share(liquid, self.temperature, air_pressure);
        let plain = SHARP_EDGE * area * (2.0 * density * (pressure - air_pressure)).sqrt();
        let equilibrium = self.discharge_coefficient * area * equilibrium_rate(liquid, self.temperature);
        vec![
            Fact::number("rate at the start", rate, "kg/s", "leung1986, api520 annex C"),
            Fact::claim("choked at the start", flow.choked, "leung1986"),
            Fact::number("pressure in the throat", flow.throat_pressure, "Pa", "leung1986"),
            Fact::number("equilibrium rate", equilibrium, "kg/s", "crowl2011 4-91"),
            Fact::number("rate if it does not boil in the hole", plain, "kg/s", "Bernoulli, Cd 0.61"),
            hj169::fact("HJ 169 evaporated share", guideline.evaporated_share(), "", "HJ 169 F.8"),
            hj169::fact("HJ 169 two-phase outflow", guideline.rate(), "kg/s", "HJ 169 F.6, F.7"),
            hj169::fact("HJ 169 flashed share", flashed, "", "HJ 169 F.9"),
            hj169::fact("HJ 169 flash rate", hj169::flash_rate(rate, flashed), "kg/s", "HJ 169 F.10"),
        ]
    }

    fn problems(&self, air_pressure: f64) -> Vec<Problem> {
        let mut ranges = vec![
            Range::new("hole diameter", self.hole_diameter, 1e-4, 3.0, "m"),
            Range::new("discharge coefficient", self.discharge_coefficient, 0.01, 1.0, ""),
            Range::new("liquid that can come out", self.inventory, 1e-3, 1e9, "kg"),
            Range::new("air pressure", air_pressure, 5e4, 1.1e5, "Pa"),
        ];
        ranges.extend(self.pressure.map(|value| Range::new("pressure", value, air_pressure, 3e7, "Pa")));
        ranges.extend(
            self.stopped_after
                .map(|time| Range::new("time until it is stopped", time, 1.0, 30.0 * 86_400.0, "s")),
        );
        refuse_outside(&ranges)
    }

    fn refuse_still(
        &self,
        liquid: &Liquid<'_>,
        saturation: f64,
        pressure: f64,
        air_pressure: f64,
    ) -> Result<()> {
        let name = &liquid.substance().name;
        let kpa = saturation / 1e3;
        if saturation <= air_pressure {
            let text = format!(
                "{name} at {:.1} K does not boil in the air: its vapour pressure is {kpa:.0} kPa",
                self.temperature
            );
            return Err(Problem::error(4042, text)
                .fix("use the liquid outflow of a tank: kind = \"liquid_tank\"")
                .into());
        }
        // A rounded pressure just below saturation still means a saturated liquid.
        if pressure < SATURATION_ROUNDING * saturation {
            let text = format!(
                "{name} at {:.1} K is gas below {kpa:.0} kPa; {:.0} kPa is given",
                self.temperature,
                pressure / 1e3
            );
            return Err(Problem::error(4042, text)
                .why("a liquid cannot be under less than its vapour pressure")
                .fix("leave the pressure out for a liquid under its own vapour pressure, or use a gas source")
                .into());
        }
        Ok(())
    }
}

/// Share of the saturation pressure down to which a given pressure counts as rounded.
const SATURATION_ROUNDING: f64 = 0.97;

/// Discharge coefficient of a sharp-edged hole that runs full of liquid, crowl2011 section 4-2.
const SHARP_EDGE: f64 = 0.61;

/// The guideline's discharge of the same liquid.
fn guideline(liquid: &Liquid<'_>, area: f64, pressure: f64, temperature: f64) -> hj169::TwoPhase {
    let critical = hj169::TwoPhase::critical_pressure(pressure);
    let boiling = liquid.boiling_temperature(critical);
    hj169::TwoPhase {
        coefficient: GUIDELINE_COEFFICIENT,
        area,
        pressure,
        temperature,
        boiling_temperature: boiling,
        heat_capacity: liquid.heat_capacity(temperature),
        heat_of_vaporization: liquid.heat_of_vaporization(boiling),
        vapour_density: liquid.vapour_density(boiling),
        liquid_density: liquid.density(boiling),
    }
}

/// Discharge coefficient of F.6.
const GUIDELINE_COEFFICIENT: f64 = 0.8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::substance::find;

    const AIR: f64 = 101_325.0;
    const HOLE: TwoPhaseDischarge = TwoPhaseDischarge {
        hole_diameter: 0.02,
        discharge_coefficient: 0.85,
        pressure: None,
        temperature: 293.15,
        inventory: 5000.0,
        stopped_after: None,
    };

    fn release(name: &str, hole: &TwoPhaseDischarge) -> SourceTerm {
        hole.release(find(name).expect("in the table"), AIR).expect("a release")
    }

    #[test]
    fn the_throat_pressure_solves_the_equation_of_leung() {
        // leung1986: eta² + (w²-2w)(1-eta)² + 2 w² ln eta + 2 w² (1-eta) = 0.
        for omega in [0.5, 1.5, 8.0, 40.0] {
            let inlet = OmegaInlet { pressure: 1e6, saturation_pressure: 1e6, volume: 0.002, omega };
            let eta = inlet.critical_pressure() / 1e6;
            let square = omega * omega;
            let rest = eta * eta
                + (square - 2.0 * omega) * (1.0 - eta).powi(2)
                + 2.0 * square * eta.ln()
                + 2.0 * square * (1.0 - eta);
            // The maximum is flat: half the digits of the search remain.
            assert!(rest.abs() < 1e-5 * square.max(1.0), "{omega} {eta} {rest}");
            let flux = eta * (1e6_f64 / (0.002 * omega)).sqrt();
            assert!((inlet.flow(AIR).mass_flux / flux - 1.0).abs() < 1e-6, "{omega}");
        }
    }

    #[test]
    fn a_boiling_mixture_meets_the_example_of_the_standard() {
        // api520 annex C.2.2: 216560 kg/h, 5.564 bar, v1 0.01945, v9 0.02265 m³/kg, Kd 0.85: 2.45·10^4 mm², 3.65 bar.
        let omega = 9.0 * (0.02265 / 0.01945 - 1.0);
        let inlet =
            OmegaInlet { pressure: 556_400.0, saturation_pressure: 556_400.0, volume: 0.01945, omega };
        let flow = inlet.flow(204_500.0);
        let area = 216_560.0 / 3600.0 / (0.85 * flow.mass_flux);
        assert!(flow.choked && (area / 0.0245 - 1.0).abs() < 0.005, "{area}");
        assert!((flow.throat_pressure / 3.65e5 - 1.0).abs() < 0.005, "{}", flow.throat_pressure);
    }

    #[test]
    fn a_subcooled_liquid_meets_the_example_of_the_standard() {
        // api520 annex C.2.3: 378.5 l/min, 20.733 bar, saturation 7.419 bar, 511.3 and 262.7 kg/m³, Kd 0.65: 135 mm².
        let omega = 9.0 * (511.3 / 262.7 - 1.0);
        let inlet =
            OmegaInlet { pressure: 2_073_300.0, saturation_pressure: 741_900.0, volume: 1.0 / 511.3, omega };
        let rate = 0.3785 / 60.0 * 511.3;
        let area = rate / (0.65 * inlet.flow(170_300.0).mass_flux);
        assert!((area / 135e-6 - 1.0).abs() < 0.01, "{area}");
    }

    #[test]
    fn the_equilibrium_rate_is_the_omega_rate_divided_by_its_pressure_ratio() {
        // Both are the same thermodynamics: G = eta · h/(v sqrt(cp T)).
        for name in ["chlorine", "ammonia", "propane"] {
            let liquid = find(name).expect("in the table").liquid().expect("a liquid");
            let saturation = liquid.vapour_pressure(293.15);
            let inlet = OmegaInlet::of_liquid(&liquid, 293.15, saturation);
            let flow = inlet.flow(AIR);
            let eta = flow.throat_pressure / saturation;
            assert!(
                (flow.mass_flux / (eta * equilibrium_rate(&liquid, 293.15)) - 1.0).abs() < 1e-5,
                "{name}"
            );
        }
    }

    #[test]
    fn the_omega_line_is_as_good_as_the_equation_of_state() {
        // Homogeneous equilibrium flow of saturated liquid at 293.15 K, the greatest rho sqrt(2 dh) along
        // the isentrope, with CoolProp 8.0.0 (bell2014): 8656, 5798 and 6075 kg/(m² s).
        for (name, flux) in [("chlorine", 8656.0), ("ammonia", 5798.0), ("propane", 6075.0)] {
            let liquid = find(name).expect("in the table").liquid().expect("a liquid");
            let inlet = OmegaInlet::of_liquid(&liquid, 293.15, liquid.vapour_pressure(293.15));
            let found = inlet.flow(AIR).mass_flux / flux - 1.0;
            assert!(found.abs() < 0.02, "{name} {found}");
        }
    }

    #[test]
    fn flashing_flow_lies_between_gas_and_liquid() {
        for name in ["chlorine", "ammonia", "propane"] {
            let substance = find(name).expect("in the table");
            let liquid = substance.liquid().expect("a liquid");
            let pressure = liquid.vapour_pressure(293.15);
            let term = release(name, &HOLE);
            let rate = term.history.rate_at(0.0);
            let gas = crate::gas::source::gas_hole::GasHole {
                discharge_coefficient: 0.85,
                ..crate::gas::source::gas_hole::GasHole::round(0.02, pressure, 293.15)
            };
            let gas = gas.outflow(substance, AIR).expect("gas").rate;
            let plain = term.fact("rate if it does not boil in the hole").expect("a fact");
            assert!(gas < rate && rate < plain, "{name} {gas} {rate} {plain}");
        }
    }

    #[test]
    fn more_pressure_than_saturation_drives_more_flow() {
        let saturated = release("propane", &HOLE).history.rate_at(0.0);
        let pressed =
            release("propane", &TwoPhaseDischarge { pressure: Some(1.5e6), ..HOLE }).history.rate_at(0.0);
        assert!(pressed > saturated);
        let stopped = release("propane", &TwoPhaseDischarge { stopped_after: Some(60.0), ..HOLE });
        assert!((stopped.history.total() - 60.0 * saturated).abs() < 1e-6);
    }

    #[test]
    fn liquids_that_do_not_boil_or_are_gas_are_refused() {
        let code = |hole: TwoPhaseDischarge, name: &str| {
            hole.release(find(name).expect("in the table"), AIR).expect_err("refused").0[0].code.0
        };
        assert_eq!(code(HOLE, "toluene"), 4042);
        assert_eq!(code(TwoPhaseDischarge { pressure: Some(3e5), ..HOLE }, "propane"), 4042);
        assert_eq!(code(TwoPhaseDischarge { inventory: -1.0, ..HOLE }, "propane"), 4041);
    }

    #[test]
    fn the_rates_of_desert_tortoise_lie_between_boiling_and_not_boiling_in_the_hole() {
        // epa450: ammonia through an orifice of 0.0052 m² at 294.65 K, 81 kg/s; 0.0070 m² at 293.25 K,
        // 117.3 kg/s; 0.0070 m² at 297.25 K, 107.9 kg/s. Nitrogen pressed the tanks to a pressure that the
        // report does not give; at vapour pressure alone the omega rate is the lower bound.
        for (area, temperature, observed) in
            [(0.0052, 294.65, 81.0), (0.0070, 293.25, 117.3), (0.0070, 297.25, 107.9)]
        {
            let diameter = (4.0_f64 * area / std::f64::consts::PI).sqrt();
            let hole = TwoPhaseDischarge { hole_diameter: diameter, temperature, inventory: 4e4, ..HOLE };
            let term = hole.release(find("ammonia").expect("in the table"), 0.897 * AIR).expect("a release");
            let least = term.history.rate_at(0.0);
            let most = term.fact("rate if it does not boil in the hole").expect("a fact");
            assert!(least < observed && observed < most, "{least} {observed} {most}");
        }
    }
}
