//! A burning pool: a leaning cylinder of flame.

use std::f64::consts::PI;

use nalgebra::Vector3;

use crate::error::{Problem, Result};
use crate::gas::hazard::bounds::{Bound, none_of, refuse};
use crate::gas::hazard::fire::radiation::Air;
use crate::gas::hazard::fire::view_factor::Frustum;
use crate::gas::hazard::fire::{Fire, FireKind};
use crate::gas::substance::Substance;
use crate::units::GRAVITY;

/// Liquid that burns where it lies.
pub struct PoolFireKind;

impl FireKind for PoolFireKind {
    fn name(&self) -> &'static str {
        "pool_fire"
    }

    fn meaning(&self) -> &'static str {
        "liquid that burns where it lies: a leaning cylinder of flame (Thomas, Pritchard and Binding)"
    }
}

/// How long the flame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthRule {
    /// Pritchard and Binding: fires with or without wind, found on large LNG fires too.
    PritchardBinding,
    /// Thomas, without wind; made for wood cribs.
    Thomas,
}

/// How bright its surface is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Brightness {
    /// A known surface emissive power, W/m².
    Known(f64),
    /// A share of the heat of combustion, spread over the side and the top of the flame.
    RadiantFraction(f64),
    /// Mudan and Croce: bright flame behind black smoke, for sooty liquids such as petrol.
    Smoky,
}

/// What is known about a burning pool.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PoolFire {
    /// Diameter, m; of a pool of another shape that of the circle of the same area.
    pub diameter: f64,
    /// Burning rate, kg/(m² s).
    pub burning_rate: f64,
    /// Heat of combustion, J/kg.
    pub heat_of_combustion: f64,
    /// Wind near the flame as a vector along which it blows, m/s, level.
    pub wind: Vector3<f64>,
    /// Rule of the length.
    pub length_rule: LengthRule,
    /// Rule of the brightness.
    pub brightness: Brightness,
}

/// The flame: its shape and its surface emissive power.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PoolFlame {
    /// Its shape.
    pub frustum: Frustum,
    /// Length along its axis, m.
    pub length: f64,
    /// Lean from the upright, degrees.
    pub lean: f64,
    /// Surface emissive power, W/m².
    pub emissive_power: f64,
}

/// Kinematic viscosity of air at some 15 °C, m²/s.
///
/// # Source
/// ISO 2533:1975, 1.46e-5 at 15 °C; the lean depends on its 0.117th power.
const VISCOSITY: f64 = 1.46e-5;

/// Emissive powers of clear flame and of smoke, W/m², and how fast the smoke closes with the diameter, 1/m.
///
/// # Source
/// assael2010 page 90 (Mudan and Croce).
const CLEAR_FLAME: f64 = 140e3;
const SMOKE: f64 = 20e3;
const CLOSING: f64 = 0.12;

impl PoolFire {
    /// Refuses what cannot be.
    ///
    /// # Errors
    /// E4535 a value out of range.
    pub fn check(&self) -> Result<()> {
        let mut bounds = vec![
            Bound::above("diameter of the pool", self.diameter, 0.0, 2000.0, "m"),
            Bound::above("burning rate", self.burning_rate, 0.0, 1.0, "kg/(m² s)"),
            Bound::above("heat of combustion", self.heat_of_combustion, 0.0, 150e6, "J/kg"),
            Bound::from("wind", self.wind.norm(), 0.0, 60.0, "m/s"),
        ];
        match self.brightness {
            Brightness::Known(power) => {
                bounds.push(Bound::above("emissive power", power, 0.0, 500e3, "W/m²"))
            }
            Brightness::RadiantFraction(share) => {
                bounds.push(Bound::above("radiated share", share, 0.0, 1.0, ""))
            }
            Brightness::Smoky => {}
        }
        none_of(refuse(4535, &bounds, "check the unit; petrol burns 0.055 kg/(m² s), LNG 0.08 to 0.15"))
    }

    /// The flame in some air.
    ///
    /// # Errors
    /// E4535 a value that cannot be; those of [`Air::check`].
    pub fn flame(&self, air: &Air) -> Result<PoolFlame> {
        self.check()?;
        air.check()?;
        let wind = self.wind.norm();
        let length = match self.length_rule {
            LengthRule::PritchardBinding => {
                pritchard_binding(self.diameter, self.burning_rate, air.density(), wind)
            }
            LengthRule::Thomas => thomas(self.diameter, self.burning_rate, air.density()),
        };
        let lean = lean(wind, self.diameter);
        let downwind = if wind > 0.0 { self.wind / wind } else { Vector3::zeros() };
        let radius = 0.5 * self.diameter;
        let frustum = Frustum {
            base: Vector3::zeros(),
            tip: downwind * (length * lean.sin()) + Vector3::z() * (length * lean.cos()),
            base_radius: radius,
            tip_radius: radius,
            normal: Vector3::z(),
        };
        let emissive_power = match self.brightness {
            Brightness::Known(power) => power,
            Brightness::RadiantFraction(share) => self.evenly_radiated(share, length),
            Brightness::Smoky => smoky(self.diameter),
        };
        Ok(PoolFlame { frustum, length, lean: lean.to_degrees(), emissive_power })
    }

    /// Emissive power where a share of the heat leaves through side and top, W/m².
    ///
    /// $$ E = \frac{\chi\,\dot m''\Delta H_c}{1 + 4 L/D} $$
    ///
    /// # Source
    /// assael2010 page 89.
    fn evenly_radiated(&self, share: f64, length: f64) -> f64 {
        share * self.burning_rate * self.heat_of_combustion / (1.0 + 4.0 * length / self.diameter)
    }
}

/// Length of a flame over a pool without wind, m.
///
/// $$ L = 42\,D \left(\frac{\dot m''}{\rho_a\sqrt{g D}}\right)^{0.61} $$
///
/// # Units
/// - `diameter`: m; `burning_rate`: kg/(m² s); `air_density`: kg/m³
///
/// # Source
/// Thomas 1963 as in assael2010 page 86.
///
/// # Example
/// ```
/// use sim_core::gas::hazard::fire::pool_fire::thomas;
/// // Petrol, 10 m, 0.055 kg/(m² s), air of 1.2 kg/m³: 42 · 10 · (0.055/(1.2 · 9.903))^0.61 = 15.8 m.
/// assert!((thomas(10.0, 0.055, 1.2) - 15.8).abs() < 0.1);
/// ```
pub fn thomas(diameter: f64, burning_rate: f64, air_density: f64) -> f64 {
    42.0 * diameter * rise(diameter, burning_rate, air_density).powf(0.61)
}

/// Length of a flame over a pool, with or without wind, m.
///
/// $$ L = 10.615\,D \left(\frac{\dot m''}{\rho_a\sqrt{g D}}\right)^{0.305} u^{*\,-0.03}, \qquad
///    u^* = \max\left(1,\; u \left(\frac{g \dot m'' D}{\rho_a}\right)^{-1/3}\right) $$
///
/// The toolbox it was read in leaves the air's density out of u*; it is taken in as
/// in Thomas's form, because u* has no unit only with it. Its 0.03rd power changes
/// the length by 1 % at most.
///
/// # Source
/// Pritchard and Binding 1992 as in assael2010 page 86.
pub fn pritchard_binding(diameter: f64, burning_rate: f64, air_density: f64, wind: f64) -> f64 {
    let scale = (GRAVITY * burning_rate * diameter / air_density).cbrt();
    let wind_number = (wind / scale).max(1.0);
    10.615 * diameter * rise(diameter, burning_rate, air_density).powf(0.305) * wind_number.powf(-0.03)
}

/// Burning rate over the momentum of buoyant air, a pure number.
fn rise(diameter: f64, burning_rate: f64, air_density: f64) -> f64 {
    burning_rate / (air_density * (GRAVITY * diameter).sqrt())
}

/// Lean of the flame from the upright, radians.
///
/// $$ \frac{\tan\theta}{\cos\theta} = 0.666\,Fr^{0.333} Re^{0.117}, \qquad Fr = \frac{u^2}{gD}, \quad Re = \frac{uD}{\nu} $$
///
/// Solved in closed form: with w the right side, sin θ is the positive root of w sin² θ + sin θ = w.
///
/// # Units
/// - `wind`: m/s; `diameter`: m
///
/// # Source
/// Pritchard and Binding 1992 as in assael2010 page 93.
pub fn lean(wind: f64, diameter: f64) -> f64 {
    if wind <= 0.0 {
        return 0.0;
    }
    let froude = wind * wind / (GRAVITY * diameter);
    let reynolds = wind * diameter / VISCOSITY;
    let right = 0.666 * froude.powf(0.333) * reynolds.powf(0.117);
    // (−1 + √(1 + 4w²))/(2w), written so that nothing cancels for light winds.
    (2.0 * right / (1.0 + (1.0 + 4.0 * right * right).sqrt())).asin()
}

/// Surface emissive power of a sooty flame, W/m².
///
/// $$ E = 140\,e^{-0.12 D} + 20\,(1 - e^{-0.12 D}) \;\; \mathrm{kW/m^2} $$
///
/// # Valid for
/// Petrol, kerosene and other liquids that smoke; never for LNG or methanol, whose
/// flames stay clear: it would underrate them by ten times.
///
/// # Source
/// assael2010 page 90 (Mudan and Croce).
pub fn smoky(diameter: f64) -> f64 {
    let clear = (-CLOSING * diameter).exp();
    CLEAR_FLAME * clear + SMOKE * (1.0 - clear)
}

/// What burns of a large pool of a liquid, kg/(m² s).
///
/// The heat that the flame sends back boils the liquid; over its heat of vaporization and,
/// for one that boils above the temperature of the air, the heat to warm it up:
///
/// $$ \dot m'' = 0.001\,\frac{\Delta H_c}{\Delta H_v + c_p \max(T_b - T_a, 0)} $$
///
/// # Units
/// - `heat_of_combustion`: J/kg; `air_temperature`: K
///
/// # Valid for
/// Pools of more than about a metre; on water a cold liquid burns faster (LNG 0.11 to 0.16
/// at Montoir and on the Phoenix lake).
///
/// # Errors
/// E4653 where the heat of vaporization, or the heat capacity it then needs, is not known.
///
/// # Source
/// cpr14e, chapter 6, after Burgess and Hertzberg 1974.
///
/// # Example
/// ```
/// use sim_core::gas::{hazard::fire::pool_fire::burning_rate, substance};
/// // Methane: 0.001 · 50.03e6/510829 = 0.098 kg/(m² s).
/// let rate = burning_rate(substance::find("methane")?, 50.03e6, 288.15)?;
/// assert!((rate - 0.0979).abs() < 1e-4);
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
pub fn burning_rate(substance: &Substance, heat_of_combustion: f64, air_temperature: f64) -> Result<f64> {
    /// Share of the heat that comes back to the pool.
    const BACK: f64 = 0.001;
    let boils = substance.boiling_point.value;
    let unknown = |what: &str| {
        Problem::error(4653, format!("{what} of {} is not known, so its burning rate is not", substance.name))
            .fix("give fire.pool_burning_rate_kg_m2_s from a handbook")
    };
    let vaporization = substance.heat_of_vaporization.as_ref();
    let vaporization = vaporization.ok_or_else(|| unknown("the heat of vaporization"))?.at(boils);
    let warming = if boils > air_temperature {
        let capacity = substance.liquid_heat_capacity.as_ref();
        capacity.ok_or_else(|| unknown("the heat capacity of the liquid"))?.at(boils)
            * (boils - air_temperature)
    } else {
        0.0
    };
    Ok(BACK * heat_of_combustion / (vaporization + warming))
}

impl Fire for PoolFlame {
    fn irradiance(&self, target: Vector3<f64>, air: &Air) -> f64 {
        self.emissive_power * self.frustum.seen(target, air)
    }

    fn irradiance_facing(&self, target: Vector3<f64>, facing: Vector3<f64>, air: &Air) -> f64 {
        self.emissive_power * self.frustum.seen_facing(target, facing, air)
    }

    fn extent(&self) -> f64 {
        self.frustum.extent()
    }

    fn bounding_power(&self) -> f64 {
        // A sheared side has at most the area of its length around.
        let radius = self.frustum.base_radius;
        self.emissive_power * 2.0 * PI * radius * (radius + self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::hazard::fire::radiation::distance_to;

    const AIR: Air = Air { temperature: 288.15, pressure: 101_325.0, humidity: 0.6 };

    fn pool(wind: f64) -> PoolFire {
        PoolFire {
            diameter: 35.0,
            burning_rate: 0.14,
            heat_of_combustion: 50e6,
            wind: Vector3::new(wind, 0.0, 0.0),
            length_rule: LengthRule::PritchardBinding,
            brightness: Brightness::RadiantFraction(0.2),
        }
    }

    #[test]
    fn without_wind_a_flame_stands_and_with_it_it_leans_more_and_more() {
        assert_eq!(lean(0.0, 35.0), 0.0);
        let mut last = 0.0;
        for wind in [0.1, 1.0, 5.0, 20.0, 60.0] {
            let angle = lean(wind, 35.0);
            assert!(angle > last && angle < 0.5 * PI);
            last = angle;
        }
    }

    #[test]
    fn the_lean_solves_its_equation() {
        for wind in [0.01, 2.0, 10.0] {
            let angle = lean(wind, 20.0);
            let right =
                0.666 * (wind * wind / (GRAVITY * 20.0)).powf(0.333) * (wind * 20.0 / VISCOSITY).powf(0.117);
            assert!((angle.tan() / angle.cos() / right - 1.0).abs() < 1e-12, "{wind}");
        }
    }

    #[test]
    fn an_upright_flame_sends_out_the_radiated_share_of_its_heat() {
        let flame = pool(0.0).flame(&AIR).expect("sound");
        let (radius, area) = (17.5, PI * 17.5 * 17.5);
        let surface = 2.0 * PI * radius * flame.length + area;
        assert!((flame.emissive_power * surface / (0.2 * 0.14 * area * 50e6) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn downwind_is_hotter_than_across_and_across_hotter_than_upwind() {
        let flame = pool(8.0).flame(&AIR).expect("sound");
        let reach = |bearing: f64| distance_to(&flame, bearing, 5000.0, &AIR).expect("sound").distance;
        assert!(reach(0.0) > reach(0.5 * PI) && reach(0.5 * PI) > reach(PI));
        assert!((reach(0.5 * PI) / reach(-0.5 * PI) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn large_smoky_fires_are_dark() {
        // assael2010 page 90: 140 kW/m² for the smallest, towards 20 kW/m² for the largest.
        assert!((smoky(0.0) - 140e3).abs() < 1e-9 && (smoky(500.0) - 20e3).abs() < 1.0);
        assert!(smoky(5.0) > smoky(10.0));
    }

    #[test]
    fn large_lng_fires_have_the_length_and_lean_that_were_measured() {
        // nedelka1990 as in fdsvalidation: Montoir, 35 m; wind, burning rate, length, lean. The
        // rules meet all lengths within 16 % and all leans within 7 degrees.
        let measured = [
            (2.5, 0.12, 89.0, 40.0),
            (4.8, 0.13, 72.0, 54.0),
            (6.8, 0.14, 80.0, 56.0),
            (9.8, 0.15, 72.0, 62.0),
            (10.3, 0.16, 83.0, 55.0),
            (9.1, 0.15, 80.5, 56.5),
            (1.9, 0.11, 74.0, 39.0),
            (3.5, 0.13, 72.0, 41.0),
            (4.2, 0.13, 68.0, 42.0),
        ];
        for (wind, burning_rate, length, lean) in measured {
            let flame = PoolFire { burning_rate, ..pool(wind) }.flame(&AIR).expect("sound");
            assert!((flame.length / length - 1.0).abs() < 0.16, "{wind}: {} {length}", flame.length);
            assert!((flame.lean - lean).abs() < 7.0, "{wind}: {} {lean}", flame.lean);
        }
    }

    #[test]
    fn a_pool_that_cannot_be_is_refused_with_every_mistake() {
        let wrong = PoolFire {
            diameter: 0.0,
            burning_rate: -1.0,
            brightness: Brightness::RadiantFraction(2.0),
            ..pool(3.0)
        };
        let problems = wrong.flame(&AIR).expect_err("three mistakes");
        assert!(problems.0.len() == 3 && problems.0.iter().all(|problem| problem.code.0 == 4535));
    }
}
