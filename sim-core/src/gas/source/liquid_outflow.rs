//! Liquid that runs out of a tank while its level falls.

use std::f64::consts::{FRAC_PI_4, PI};

use crate::error::{Problem, Result};
use crate::gas::source::SourceKind;
use crate::gas::source::history::{History, Sample, State};
use crate::gas::source::hj169;
use crate::gas::source::term::{Fact, Range, SourceTerm, refuse_outside, settle};
use crate::gas::substance::{Liquid, Substance};
use crate::units::{GRAVITY, to_celsius};

/// A tank of liquid with a hole.
pub struct LiquidTankKind;

impl SourceKind for LiquidTankKind {
    fn name(&self) -> &'static str {
        "liquid_tank"
    }

    fn meaning(&self) -> &'static str {
        "liquid that does not boil runs out of a tank and evaporates from its pool"
    }
}

/// Shape of a tank.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tank {
    /// A cylinder that stands.
    Upright {
        /// Diameter, m.
        diameter: f64,
        /// Height, m.
        height: f64,
    },
    /// A cylinder that lies.
    Lying {
        /// Diameter, m.
        diameter: f64,
        /// Length, m.
        length: f64,
    },
    /// A sphere.
    Sphere {
        /// Diameter, m.
        diameter: f64,
    },
}

impl Tank {
    /// Volume below a level, m³.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::source::liquid_outflow::Tank;
    /// // A half-full sphere of 2 m: half of 4.19 m³.
    /// assert!((Tank::Sphere { diameter: 2.0 }.volume_below(1.0) - 2.094).abs() < 0.001);
    /// ```
    pub fn volume_below(&self, level: f64) -> f64 {
        match *self {
            Self::Upright { diameter, .. } => FRAC_PI_4 * diameter * diameter * level,
            Self::Lying { diameter, length } => {
                let (radius, above) = (0.5 * diameter, 0.5 * diameter - level);
                let half_chord = (radius * radius - above * above).max(0.0).sqrt();
                length * (radius * radius * (above / radius).clamp(-1.0, 1.0).acos() - above * half_chord)
            }
            Self::Sphere { diameter } => PI * level * level * (1.5 * diameter - level) / 3.0,
        }
    }

    /// Highest level, m.
    pub fn top(&self) -> f64 {
        match *self {
            Self::Upright { height, .. } => height,
            Self::Lying { diameter, .. } | Self::Sphere { diameter } => diameter,
        }
    }

    fn lengths(&self) -> Vec<(&'static str, f64)> {
        match *self {
            Self::Upright { diameter, height } => vec![("tank diameter", diameter), ("tank height", height)],
            Self::Lying { diameter, length } => vec![("tank diameter", diameter), ("tank length", length)],
            Self::Sphere { diameter } => vec![("tank diameter", diameter)],
        }
    }
}

/// A tank of liquid with a hole below its level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LiquidOutflow {
    /// The tank.
    pub tank: Tank,
    /// Level above the bottom at the start, m.
    pub level: f64,
    /// Height of the hole above the bottom, m.
    pub hole_height: f64,
    /// Diameter of the hole, m.
    pub hole_diameter: f64,
    /// Discharge coefficient, e.g. [`hj169::Shape::liquid_coefficient`].
    pub discharge_coefficient: f64,
    /// Pressure above that of the air in the space over the liquid, Pa; it is kept up.
    pub overpressure: f64,
    /// Temperature of the liquid, K.
    pub temperature: f64,
    /// When the leak is stopped, s after the start; none if it runs dry.
    pub stopped_after: Option<f64>,
}

/// Steps of the level.
const STEPS: usize = 400;

/// Vapour pressure over that of the air up to which a liquid counts as not boiling.
const BOILING_MARGIN: f64 = 1.02;

impl LiquidOutflow {
    /// The release until the level is at the hole or the leak is stopped.
    ///
    /// Torricelli's law with overpressure, and the volume of the tank:
    ///
    /// $$ m = C_d A \rho \sqrt{\frac{2\Delta p}{\rho} + 2gh} $$
    ///
    /// The level is stepped down; each step lasts as long as its mass takes at
    /// the mean of the rates at both ends. The mass is exact; in an upright tank
    /// without overpressure the time is exact, too.
    ///
    /// # Valid for
    /// A liquid that does not boil at the pressure of the air. What the gas does
    /// after the level is at the hole is another source.
    ///
    /// # Errors
    /// E4041 an input that cannot be, E4042 the liquid boils or nothing drives it
    /// out, E4043 and E4045 as for the properties of the liquid.
    ///
    /// # Source
    /// hj169 equation F.1 for each level; crowl2011 chapter 4 for the falling level.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::{source::liquid_outflow::*, substance};
    /// let tank = LiquidOutflow {
    ///     tank: Tank::Upright { diameter: 4.0, height: 6.0 }, level: 5.0, hole_height: 0.0,
    ///     hole_diameter: 0.05, discharge_coefficient: 0.65, overpressure: 0.0, temperature: 293.15,
    ///     stopped_after: None,
    /// };
    /// // t = (A/(Cd a)) sqrt(2 h/g) = 12.57/(0.65 · 0.0019635) · sqrt(10/9.80665) = 9943 s.
    /// let term = tank.release(substance::find("benzene")?, 101_325.0)?;
    /// assert!((term.history.end() - 9943.0).abs() < 2.0);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn release(&self, substance: &Substance, air_pressure: f64) -> Result<SourceTerm> {
        settle(self.problems(air_pressure))?;
        let liquid = substance.liquid()?;
        liquid.check_temperature(self.temperature)?;
        self.refuse_boiling(&liquid, air_pressure)?;
        let density = liquid.density(self.temperature);
        let head = self.level - self.hole_height;
        if self.drive(density, head) <= 0.0 {
            let text = format!(
                "the level is {head:.2} m above the hole and the overpressure {} Pa",
                self.overpressure
            );
            return Err(Problem::error(4042, text)
                .why("nothing drives the liquid out")
                .fix("a hole above the level is a leak of gas: use a vessel or a hole")
                .into());
        }
        let whole = History::from_samples(self.samples(density))?;
        let dry_after = whole.end();
        let history = self.stopped_after.map_or_else(|| whole.clone(), |time| whole.clone().until(time));
        let guideline =
            hj169::liquid_rate(self.discharge_coefficient, self.area(), density, self.overpressure, head);
        let facts = vec![
            Fact::number("rate at the start", history.rate_at(0.0), "kg/s", "Torricelli"),
            hj169::fact("HJ 169 liquid outflow", guideline, "kg/s", "HJ 169 F.1"),
            Fact::number("time until the level is at the hole", dry_after, "s", "mass balance"),
            Fact::number("liquid above the hole", whole.total(), "kg", "volume of the tank"),
        ];
        let found =
            format!("liquid from a hole of {:.1} mm, {head:.2} m below the level", 1e3 * self.hole_diameter);
        Ok(SourceTerm { history, found, facts, warnings: Vec::new() })
    }

    fn area(&self) -> f64 {
        FRAC_PI_4 * self.hole_diameter * self.hole_diameter
    }

    /// Square of the speed of the jet, m²/s²; negative where nothing drives it.
    fn drive(&self, density: f64, head: f64) -> f64 {
        2.0 * self.overpressure / density + 2.0 * GRAVITY * head
    }

    /// Level above the hole at which the flow ends: zero, or above it under suction.
    fn last_head(&self, density: f64) -> f64 {
        (-self.overpressure / (density * GRAVITY)).max(0.0)
    }

    fn samples(&self, density: f64) -> Vec<Sample> {
        let first = self.level - self.hole_height;
        let last = self.last_head(density);
        let (mut time, mut before) = (0.0, None);
        (0..=STEPS)
            .map(|i| {
                // Ever smaller steps where the flow dies out.
                let left = 1.0 - i as f64 / STEPS as f64;
                let head = last + (first - last) * left * left;
                let speed = self.drive(density, head).max(0.0).sqrt();
                let rate = self.discharge_coefficient * self.area() * density * speed;
                let mass = density * self.tank.volume_below(self.hole_height + head);
                if let Some((last_mass, last_rate)) = before {
                    let mean: f64 = 0.5 * (last_rate + rate);
                    time += (last_mass - mass) / mean;
                }
                before = Some((mass, rate));
                let state =
                    State { temperature: self.temperature, vapour_share: 0.0, velocity: speed, density };
                Sample { time, rate, state }
            })
            .collect()
    }

    fn problems(&self, air_pressure: f64) -> Vec<Problem> {
        let mut ranges: Vec<Range> = self
            .tank
            .lengths()
            .into_iter()
            .map(|(name, value)| Range::new(name, value, 0.05, 200.0, "m"))
            .collect();
        let top = self.tank.top();
        ranges.extend([
            Range::new("level of the liquid", self.level, 0.0, top, "m"),
            Range::new("height of the hole", self.hole_height, 0.0, top, "m"),
            Range::new("hole diameter", self.hole_diameter, 1e-4, top, "m"),
            Range::new("discharge coefficient", self.discharge_coefficient, 0.01, 1.0, ""),
            Range::new("overpressure", self.overpressure, -air_pressure, 2e7, "Pa"),
            Range::new("air pressure", air_pressure, 5e4, 1.1e5, "Pa"),
        ]);
        if let Some(time) = self.stopped_after {
            ranges.push(Range::new("time until it is stopped", time, 1.0, 30.0 * 86_400.0, "s"));
        }
        refuse_outside(&ranges)
    }

    fn refuse_boiling(&self, liquid: &Liquid<'_>, air_pressure: f64) -> Result<()> {
        let pressure = liquid.vapour_pressure(self.temperature);
        if pressure <= BOILING_MARGIN * air_pressure {
            return Ok(());
        }
        let text = format!(
            "{} boils at {:.1} °C: its vapour pressure is {:.0} kPa",
            liquid.substance().name,
            to_celsius(self.temperature),
            pressure / 1e3
        );
        Err(Problem::error(4042, text)
            .why("it flashes as it leaves, so that liquid outflow does not describe it")
            .fix("use kind = \"flashing\"")
            .into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::substance::find;

    const AIR: f64 = 101_325.0;
    const TANK: LiquidOutflow = LiquidOutflow {
        tank: Tank::Upright { diameter: 3.0, height: 5.0 },
        level: 4.0,
        hole_height: 0.5,
        hole_diameter: 0.04,
        discharge_coefficient: 0.62,
        overpressure: 0.0,
        temperature: 298.15,
        stopped_after: None,
    };

    fn release(tank: &LiquidOutflow) -> SourceTerm {
        tank.release(find("toluene").expect("in the table"), AIR).expect("a release")
    }

    #[test]
    fn all_liquid_above_the_hole_comes_out_of_every_tank() {
        let density = find("toluene").expect("in the table").liquid().expect("a liquid").density(298.15);
        for tank in [TANK.tank, Tank::Lying { diameter: 4.5, length: 10.0 }, Tank::Sphere { diameter: 6.0 }] {
            let expected = density * (tank.volume_below(4.0) - tank.volume_below(0.5));
            let total = release(&LiquidOutflow { tank, ..TANK }).history.total();
            assert!((total / expected - 1.0).abs() < 1e-12, "{tank:?}");
        }
    }

    #[test]
    fn full_tanks_hold_their_volume() {
        assert!((Tank::Sphere { diameter: 3.0 }.volume_below(3.0) / (PI * 27.0 / 6.0) - 1.0).abs() < 1e-12);
        let lying = Tank::Lying { diameter: 2.0, length: 5.0 };
        assert!((lying.volume_below(2.0) / (PI * 5.0) - 1.0).abs() < 1e-12);
        assert!((lying.volume_below(1.0) / (PI * 2.5) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn an_upright_tank_drains_in_the_time_of_torricelli_and_its_rate_is_a_straight_line() {
        let history = release(&TANK).history;
        let ratio = (3.0_f64 / 0.04).powi(2);
        let expected = ratio / 0.62 * (2.0 * 3.5 / GRAVITY).sqrt();
        assert!((history.end() / expected - 1.0).abs() < 1e-12);
        let half = history.rate_at(0.5 * history.end()) / history.rate_at(0.0);
        assert!((half - 0.5).abs() < 1e-12);
    }

    #[test]
    fn overpressure_speeds_and_suction_ends_the_flow() {
        let pressed = release(&LiquidOutflow { overpressure: 5e4, ..TANK });
        let sucked = release(&LiquidOutflow { overpressure: -1e4, ..TANK });
        let plain = release(&TANK);
        assert!(pressed.history.end() < plain.history.end());
        assert!(sucked.history.total() < plain.history.total());
    }

    #[test]
    fn the_guideline_agrees_to_its_rounding_of_gravity() {
        let term = release(&TANK);
        let (ours, guideline) = (term.fact("rate at the start"), term.fact("HJ 169 liquid outflow"));
        assert!((ours.expect("a fact") / guideline.expect("a fact") - 1.0).abs() < 2e-4);
    }

    #[test]
    fn a_stopped_leak_ends_and_impossible_tanks_are_refused() {
        let stopped = release(&LiquidOutflow { stopped_after: Some(600.0), ..TANK });
        assert_eq!(stopped.history.end(), 600.0);
        let code = |tank: LiquidOutflow, name: &str| {
            tank.release(find(name).expect("in the table"), AIR).expect_err("refused").0[0].code.0
        };
        assert_eq!(code(LiquidOutflow { level: 9.0, ..TANK }, "toluene"), 4041);
        assert_eq!(code(LiquidOutflow { level: 0.2, ..TANK }, "toluene"), 4042);
        assert_eq!(code(TANK, "propane"), 4042);
        assert_eq!(code(TANK, "arsine"), 4043);
        assert_eq!(code(LiquidOutflow { temperature: 25.0, ..TANK }, "toluene"), 4045);
    }
}
