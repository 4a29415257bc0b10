//! A fireball: liquefied gas that burns all at once when its vessel bursts.

use std::f64::consts::PI;

use nalgebra::Vector3;

use crate::error::Result;
use crate::gas::hazard::bounds::{Bound, none_of, refuse};
use crate::gas::hazard::fire::harm::DOSE_EXPONENT;
use crate::gas::hazard::fire::radiation::Air;
use crate::gas::hazard::fire::view_factor::of_sphere;
use crate::gas::hazard::fire::{Fire, FireKind};

/// The burst of a vessel of liquefied gas.
pub struct FireballKind;

impl FireKind for FireballKind {
    fn name(&self) -> &'static str {
        "fireball"
    }

    fn meaning(&self) -> &'static str {
        "a vessel of liquefied gas that bursts and burns all at once (BLEVE; TNO)"
    }
}

/// Which published sizes are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizeRule {
    /// TNO: D = 6.48 m^0.325, t = 0.852 m^0.26.
    Tno,
    /// CCPS: D = 5.8 m^(1/3), t = 0.45 m^(1/3), up to 30 t.
    Ccps,
}

/// What is known about a vessel that bursts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vessel {
    /// Mass that burns, kg.
    pub mass: f64,
    /// Heat of combustion, J/kg.
    pub heat_of_combustion: f64,
    /// Pressure in the vessel when it bursts, Pa absolute.
    pub burst_pressure: f64,
    /// Rule of size and duration.
    pub size_rule: SizeRule,
}

/// The fireball.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fireball {
    /// Greatest diameter, m.
    pub diameter: f64,
    /// Duration, s.
    pub duration: f64,
    /// Share of the heat of combustion that is radiated.
    pub radiant_fraction: f64,
    /// Surface emissive power, W/m².
    pub emissive_power: f64,
}

/// Largest mass of the CCPS rule, kg: above it another rule holds for the duration.
const CCPS_LARGEST: f64 = 30_000.0;

/// Share of its duration after which a fireball has its full size.
///
/// # Source
/// assael2010 equation C-2.34.
const GROWING_SHARE: f64 = 1.0 / 3.0;

/// Mean of its area over its greatest one.
///
/// # Source
/// assael2010 page 100: the divisor 0.888. It is the mean of a diameter that grows
/// with the fourth root of time over a third of the duration: 1/3 · 2/3 + 2/3 = 8/9.
const MEAN_AREA: f64 = 8.0 / 9.0;

/// Power of time with which the diameter grows; see [`MEAN_AREA`].
const GROWTH: f64 = 0.25;

impl Vessel {
    /// Refuses what cannot be.
    ///
    /// # Errors
    /// E4536 a value out of range, or a mass beyond the rule that was asked for.
    pub fn check(&self) -> Result<()> {
        let largest = if self.size_rule == SizeRule::Ccps { CCPS_LARGEST } else { 5e6 };
        let bounds = [
            Bound::above("mass that burns", self.mass, 0.0, largest, "kg"),
            Bound::above("heat of combustion", self.heat_of_combustion, 0.0, 150e6, "J/kg"),
            Bound::from("burst pressure", self.burst_pressure, 101_325.0, 6e6, "Pa"),
        ];
        none_of(refuse(4536, &bounds, "pressures are absolute; above 30 t take the TNO rule"))
    }

    /// The fireball.
    ///
    /// $$ D = 6.48\,m^{0.325}, \quad t = 0.852\,m^{0.26}, \quad F_s = 0.00325\,p^{0.32}, \quad
    ///    E = \frac{F_s\, m\, \Delta H_c}{0.888\,\pi D^2\, t} $$
    ///
    /// # Valid for
    /// Liquefied gas under pressure that flashes as it bursts. The whole mass is taken
    /// to burn; what rains out or burns later makes it less. The radiated share was
    /// found for bursts between some 0.4 and 4 MPa.
    ///
    /// # Errors
    /// E4536 a value that cannot be.
    ///
    /// # Source
    /// assael2010 equations C-2.33 to C-2.41 (TNO); neqsim class BLEVECalculator (CCPS).
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::hazard::fire::fireball::{SizeRule, Vessel};
    /// // 10 t of LPG: 6.48 · 10 000^0.325 = 129 m, 0.852 · 10 000^0.26 = 9.3 s.
    /// let vessel = Vessel { mass: 10_000.0, heat_of_combustion: 46e6, burst_pressure: 1.5e6, size_rule: SizeRule::Tno };
    /// let ball = vessel.fireball()?;
    /// assert!((ball.diameter - 129.3).abs() < 0.1 && (ball.duration - 9.34).abs() < 0.01);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn fireball(&self) -> Result<Fireball> {
        self.check()?;
        let (diameter, duration) = match self.size_rule {
            SizeRule::Tno => (6.48 * self.mass.powf(0.325), 0.852 * self.mass.powf(0.26)),
            SizeRule::Ccps => (5.8 * self.mass.cbrt(), 0.45 * self.mass.cbrt()),
        };
        let radiant_fraction = 0.003_25 * self.burst_pressure.powf(0.32);
        let heat = radiant_fraction * self.mass * self.heat_of_combustion;
        let emissive_power = heat / (MEAN_AREA * PI * diameter * diameter * duration);
        Ok(Fireball { diameter, duration, radiant_fraction, emissive_power })
    }
}

/// Steps in which a dose is summed over the life of a fireball.
const STEPS: usize = 300;

impl Fireball {
    /// Diameter some time after the burst, s: it grows over a third of its life, then stays.
    pub fn diameter_at(&self, time: f64) -> f64 {
        if !(0.0..=self.duration).contains(&time) {
            return 0.0;
        }
        let share = time / (GROWING_SHARE * self.duration);
        self.diameter * share.min(1.0).powf(GROWTH)
    }

    /// Greatest radiation at a place on the ground some time after the burst, W/m².
    ///
    /// The fireball is taken to touch the ground all its life, which is the nearest
    /// and so the hottest it can be; real ones rise.
    ///
    /// # Units
    /// - `distance` on the ground from the vessel, m; `time`: s
    pub fn irradiance_at(&self, distance: f64, time: f64, air: &Air) -> f64 {
        let radius = 0.5 * self.diameter_at(time);
        let far = distance.hypot(radius);
        self.emissive_power * of_sphere(radius, far) * air.transmissivity(far - radius)
    }

    /// Thermal dose at a place on the ground over its life, (W/m²)^(4/3) s.
    ///
    /// # Units
    /// - `distance` on the ground from the vessel, m
    pub fn dose_at(&self, distance: f64, air: &Air) -> f64 {
        let step = self.duration / STEPS as f64;
        let dose = |index: usize| {
            self.irradiance_at(distance, (index as f64 + 0.5) * step, air).powf(DOSE_EXPONENT) * step
        };
        (0..STEPS).map(dose).sum()
    }
}

impl Fire for Fireball {
    fn irradiance(&self, target: Vector3<f64>, air: &Air) -> f64 {
        let radius = 0.5 * self.diameter;
        let far = (target - Vector3::new(0.0, 0.0, radius)).norm();
        self.emissive_power * of_sphere(radius, far) * air.transmissivity(far - radius)
    }

    fn irradiance_facing(&self, target: Vector3<f64>, facing: Vector3<f64>, air: &Air) -> f64 {
        let line = Vector3::new(0.0, 0.0, 0.5 * self.diameter) - target;
        self.irradiance(target, air) * (line.dot(&facing) / line.norm()).max(0.0)
    }

    fn extent(&self) -> f64 {
        self.diameter
    }

    fn bounding_power(&self) -> f64 {
        self.emissive_power * PI * self.diameter * self.diameter
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::hazard::fire::radiation::{TARGET_HEIGHT, distance_to};

    const AIR: Air = Air { temperature: 288.15, pressure: 101_325.0, humidity: 0.7 };

    fn vessel(mass: f64) -> Vessel {
        Vessel { mass, heat_of_combustion: 46e6, burst_pressure: 1.5e6, size_rule: SizeRule::Tno }
    }

    #[test]
    fn over_its_life_it_radiates_the_radiated_share_of_its_heat() {
        let ball = vessel(5000.0).fireball().expect("sound");
        let steps = 200_000;
        let step = ball.duration / f64::from(steps);
        let sum: f64 = (0..steps)
            .map(|index| {
                PI * ball.diameter_at((f64::from(index) + 0.5) * step).powi(2) * ball.emissive_power * step
            })
            .sum();
        assert!((sum / (ball.radiant_fraction * 5000.0 * 46e6) - 1.0).abs() < 1e-5);
    }

    #[test]
    fn a_radiated_share_of_a_quarter_belongs_to_a_megapascal() {
        // The same rule in other works: 0.27 (p in MPa)^0.32.
        let one = Vessel { burst_pressure: 1e6, ..vessel(1000.0) }.fireball().expect("sound");
        assert!((one.radiant_fraction - 0.27).abs() < 0.001);
    }

    #[test]
    fn more_mass_makes_it_larger_longer_and_hotter_farther_away() {
        let reach = |mass: f64| {
            let ball = vessel(mass).fireball().expect("sound");
            distance_to(&ball, 0.0, 5000.0, &AIR).expect("sound").distance
        };
        assert!(reach(500.0) < reach(5000.0) && reach(5000.0) < reach(50_000.0));
    }

    #[test]
    fn both_rules_give_nearly_the_same_ball() {
        for mass in [100.0, 1000.0, 20_000.0] {
            let (tno, ccps) = (vessel(mass), Vessel { size_rule: SizeRule::Ccps, ..vessel(mass) });
            let (tno, ccps) = (tno.fireball().expect("sound"), ccps.fireball().expect("sound"));
            assert!((tno.diameter / ccps.diameter - 1.0).abs() < 0.12, "{mass}");
            assert!((tno.duration / ccps.duration - 1.0).abs() < 0.4, "{mass}");
        }
    }

    #[test]
    fn it_is_hottest_at_its_full_size_and_gone_at_its_end() {
        let ball = vessel(1000.0).fireball().expect("sound");
        let at = |time: f64| ball.irradiance_at(100.0, time, &AIR);
        assert!(at(0.1) < at(1.0) && at(1.0) < at(0.5 * ball.duration));
        assert_eq!(at(ball.duration * 1.01), 0.0);
        let full = ball.irradiance(Vector3::new(100.0, 0.0, TARGET_HEIGHT), &AIR);
        assert!((at(0.5 * ball.duration) / full - 1.0).abs() < 0.02);
    }

    #[test]
    fn a_dose_is_less_than_full_size_all_along() {
        let ball = vessel(1000.0).fireball().expect("sound");
        let full = ball.irradiance_at(100.0, ball.duration, &AIR).powf(DOSE_EXPONENT) * ball.duration;
        let dose = ball.dose_at(100.0, &AIR);
        assert!(dose < full && dose > 0.7 * full, "{dose} {full}");
    }

    #[test]
    fn a_vessel_that_cannot_be_is_refused() {
        let large = Vessel { size_rule: SizeRule::Ccps, ..vessel(50_000.0) };
        assert_eq!(large.fireball().expect_err("beyond the rule").0[0].code.0, 4536);
        let gauge = Vessel { burst_pressure: 0.0, mass: -1.0, ..vessel(1.0) };
        assert_eq!(gauge.fireball().expect_err("two mistakes").0.len(), 2);
    }
}
