//! How the wind takes vapour and heat from a liquid surface.

use std::f64::consts::PI;

use crate::gas::source::hj169::Air;
use crate::gas::source::pool::Pool;
use crate::gas::substance::Liquid;
use crate::units::GAS_CONSTANT;

/// Wind over a pool.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wind {
    /// Speed at 10 m, m/s.
    pub speed: f64,
    /// Exponent of its power law.
    pub exponent: f64,
}

impl Wind {
    /// Friction velocity, m/s.
    ///
    /// # Source
    /// aloha2013 (after Deacon), read through pyELDQM: 0.03 u at 10 m.
    pub fn friction_velocity(&self) -> f64 {
        FRICTION_SHARE * self.speed
    }
}

/// Friction velocity over wind at 10 m, aloha2013.
const FRICTION_SHARE: f64 = 0.03;

/// Roughness length of the liquid's surface, m: the one of which the logarithmic wind has the
/// friction velocity of [`FRICTION_SHARE`], $10\,e^{-\kappa/0.03}$, as smooth as water.
const LIQUID_ROUGHNESS: f64 = 1.6196e-5;

/// How the wind takes vapour away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mass {
    /// Brighton's turbulent boundary layer, as in ALOHA.
    Brighton,
    /// Equation F.12 of HJ 169-2018.
    Hj169(Air),
}

/// Kinematic viscosity of air, m²/s, aloha2013.
const AIR_VISCOSITY: f64 = 1.5e-5;

/// Diffusivity of heat in air, m²/s, aloha2013.
const HEAT_DIFFUSIVITY: f64 = 2.12e-5;

/// Diffusivity of water vapour in air, m²/s, from which Graham's law gives others, aloha2013.
const WATER_DIFFUSIVITY: f64 = 2.39e-5;

/// Molar mass of water, kg/mol.
const WATER_MOLAR_MASS: f64 = 0.018;

/// Schmidt number of turbulence, brighton1985.
const TURBULENT_SCHMIDT: f64 = 0.85;

/// Constant of von Kármán.
const KARMAN: f64 = 0.4;

/// Constant of Euler.
const EULER: f64 = 0.577_215_664_901_532_9;

/// Roughness Reynolds numbers below which a surface is smooth and above which it is rough.
const SMOOTH: f64 = 0.13;
const ROUGH: f64 = 2.0;

/// What the wind moves from a pool.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transfer {
    /// Velocity at which heat is carried, m/s.
    pub heat: f64,
    velocity: f64,
    mass: Mass,
    wind_speed: f64,
}

impl Mass {
    /// Where it comes from, for reports.
    pub fn equation(self) -> &'static str {
        match self {
            Self::Brighton => "brighton1985 as in aloha2013",
            Self::Hj169(_) => "HJ 169 F.12",
        }
    }

    /// Transfer from a pool of a radius.
    ///
    /// Heat goes by the analogy of Chilton and Colburn, with Brighton's law for
    /// the mass whichever formula takes the vapour.
    pub fn transfer(self, wind: &Wind, molar_mass: f64, radius: f64) -> Transfer {
        let diffusivity = WATER_DIFFUSIVITY * (WATER_MOLAR_MASS / molar_mass).sqrt();
        let velocity = wind.friction_velocity() * brighton(wind, diffusivity, 2.0 * radius);
        let heat = velocity * (HEAT_DIFFUSIVITY / diffusivity).powf(2.0 / 3.0);
        Transfer { heat, velocity, mass: self, wind_speed: wind.speed }
    }
}

impl Transfer {
    /// Mass rate of the vapour, kg/s.
    pub(super) fn mass_rate(
        &self,
        pool: &Pool,
        liquid: &Liquid<'_>,
        t: f64,
        pressure: f64,
        area: f64,
    ) -> f64 {
        let molar_mass = liquid.substance().molar_mass.value;
        match self.mass {
            Mass::Brighton => {
                let share = pressure / pool.air_pressure;
                if share >= 1.0 {
                    return f64::INFINITY;
                }
                // Vapour that leaves pushes air away: it carries more of itself, the closer to boiling.
                let carried = -(-share).ln_1p() * pool.air_pressure * molar_mass / (GAS_CONSTANT * t);
                area * self.velocity * carried
            }
            Mass::Hj169(air) => {
                let radius = (area / PI).sqrt();
                crate::gas::source::hj169::mass_evaporation(
                    air,
                    pressure,
                    molar_mass,
                    pool.air_temperature,
                    self.wind_speed,
                    radius,
                )
            }
        }
    }
}

/// Mean mass transfer coefficient of a pool over the friction velocity.
///
/// The turbulent boundary layer over a plane surface of power-law wind: with
/// $$ \Lambda = \tfrac1n + 1 + 2\ln(1+n) - 2\gamma_E + \tfrac{\kappa}{Sc_T}(1+n) f(Sc), \qquad
///    X_1 = \frac{n\kappa^2 D}{Sc_T z_0 e^{1/n}}, \qquad l = \ln(e^\Lambda X_1) $$
/// $$ \bar j = \frac{\kappa}{Sc_T}(1+n)\left[\tfrac12 - \tfrac1\pi\arctan\tfrac l\pi
///    + \frac{1-\gamma_E}{l^2+\pi^2} + \frac{(1+(1-\gamma_E)^2+\pi^2/6)\,l}{(l^2+\pi^2)^2}\right] $$
///
/// # Units
/// - `diffusivity`: of the vapour in air, m²/s; `width`: of the pool along the wind, m
///
/// # Source
/// brighton1985 as given by aloha2013, read through pyELDQM.
///
/// # Example
/// ```
/// use sim_core::gas::source::evaporation::{Wind, brighton};
/// // A pool of 10 m: a few hundredths of the friction velocity, less for a wider pool.
/// let wind = Wind { speed: 5.0, exponent: 0.142 };
/// let (small, wide) = (brighton(&wind, 8e-6, 10.0), brighton(&wind, 8e-6, 100.0));
/// assert!(small > wide && (0.01..0.1).contains(&small), "{small} {wide}");
/// ```
pub fn brighton(wind: &Wind, diffusivity: f64, width: f64) -> f64 {
    let n = wind.exponent;
    let schmidt = AIR_VISCOSITY / diffusivity;
    let roughness = wind.friction_velocity() * LIQUID_ROUGHNESS / AIR_VISCOSITY;
    let lambda = 1.0 / n + 1.0 + 2.0 * (1.0 + n).ln() - 2.0 * EULER
        + KARMAN / TURBULENT_SCHMIDT * (1.0 + n) * sublayer(schmidt, roughness);
    let x1 = n * KARMAN * KARMAN * width / (TURBULENT_SCHMIDT * LIQUID_ROUGHNESS * (1.0 / n).exp());
    let l = lambda + x1.ln();
    let ring = l * l + PI * PI;
    let rest = 1.0 - EULER;
    let bracket =
        0.5 - (l / PI).atan() / PI + rest / ring + (1.0 + rest * rest + PI * PI / 6.0) * l / (ring * ring);
    KARMAN / TURBULENT_SCHMIDT * (1.0 + n) * bracket
}

/// Resistance of the layer next to the surface, brighton1985: smooth, rough, or between them.
fn sublayer(schmidt: f64, roughness: f64) -> f64 {
    let smooth = (3.85 * schmidt.cbrt() - 1.3).powi(2) + TURBULENT_SCHMIDT / KARMAN * (0.13 * schmidt).ln();
    let rough = |number: f64| 7.3 * number.powf(0.25) * schmidt.sqrt() - 5.0 * TURBULENT_SCHMIDT;
    if roughness < SMOOTH {
        smooth
    } else if roughness > ROUGH {
        rough(roughness)
    } else {
        smooth + (rough(ROUGH) - smooth) * (roughness - SMOOTH) / (ROUGH - SMOOTH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sublayer_is_continuous_between_smooth_and_rough() {
        for edge in [SMOOTH, ROUGH] {
            let (below, above) = (sublayer(1.5, edge * (1.0 - 1e-9)), sublayer(1.5, edge * (1.0 + 1e-9)));
            assert!((below - above).abs() < 1e-6, "{edge}");
        }
    }

    #[test]
    fn brighton_and_the_guideline_agree_within_a_factor_of_three() {
        // Benzene at 25 °C, 12.7 kPa, 3 m/s, D: two formulas of different make.
        for radius in [2.0, 10.0, 30.0] {
            let wind = Wind { speed: 3.0, exponent: 0.142 };
            let transfer = Mass::Brighton.transfer(&wind, 0.0781, radius);
            let ours = PI * radius * radius * transfer.velocity * 12_700.0 * 0.0781 / (GAS_CONSTANT * 298.15);
            let theirs = crate::gas::source::hj169::mass_evaporation(
                Air::Neutral,
                12_700.0,
                0.0781,
                298.15,
                3.0,
                radius,
            );
            let ratio = ours / theirs;
            assert!((1.0 / 3.0..3.0).contains(&ratio), "{radius} {ratio}");
        }
    }

    #[test]
    fn the_liquid_is_as_rough_as_its_friction_says() {
        assert!((LIQUID_ROUGHNESS / (10.0 * (-KARMAN / FRICTION_SHARE).exp()) - 1.0).abs() < 1e-4);
    }

    #[test]
    fn a_wider_pool_gives_less_per_area_and_a_stronger_wind_more() {
        let at = |speed, width| {
            let wind = Wind { speed, exponent: 0.142 };
            wind.friction_velocity() * brighton(&wind, 8e-6, width)
        };
        assert!(at(3.0, 100.0) < at(3.0, 10.0) && at(6.0, 10.0) > at(3.0, 10.0));
    }
}
