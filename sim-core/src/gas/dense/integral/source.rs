//! What feeds a heavy cloud: a pool, a jet after its expansion, or all at once.

use crate::error::{Problems, Result};
use crate::units::GRAVITY;

use super::mixture::Material;
use super::surface_air::outside;

/// Where and how the gas comes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Vapour from the ground.
    Pool {
        /// Rate, kg/s.
        rate: f64,
        /// Area, m².
        area: f64,
    },
    /// A jet along the wind, after its expansion to the pressure of the air.
    HorizontalJet {
        /// Rate, kg/s.
        rate: f64,
        /// Area of the expanded jet, m², **not** of the hole: [`expand_liquid`].
        area: f64,
        /// Height of the axis, m.
        height: f64,
    },
    /// A jet upwards, after its expansion, of a gas heavier than air.
    VerticalJet {
        /// Rate, kg/s.
        rate: f64,
        /// Area of the expanded jet, m².
        area: f64,
        /// Height of the outlet, m.
        height: f64,
    },
    /// All at once, at rest on the ground.
    Instantaneous {
        /// Mass, kg.
        mass: f64,
        /// Area that it covers, m².
        area: f64,
    },
}

/// A release.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IntegralRelease {
    /// The substance.
    pub material: Material,
    /// Temperature as it enters the cloud, K; at most the boiling point where a part is liquid.
    pub temperature: f64,
    /// Mass share of drops.
    pub liquid_share: f64,
    /// Duration, s; infinite for a release that does not end, without meaning for an instantaneous one.
    pub duration: f64,
    /// Where and how.
    pub kind: Kind,
}

impl IntegralRelease {
    /// Rate, kg/s; zero for an instantaneous release.
    pub fn rate(&self) -> f64 {
        match self.kind {
            Kind::Pool { rate, .. } | Kind::HorizontalJet { rate, .. } | Kind::VerticalJet { rate, .. } => {
                rate
            }
            Kind::Instantaneous { .. } => 0.0,
        }
    }

    /// Mass, kg; infinite where the release does not end.
    pub fn mass(&self) -> f64 {
        match self.kind {
            Kind::Instantaneous { mass, .. } => mass,
            _ => self.rate() * self.duration,
        }
    }

    /// Area through which it enters, m².
    pub fn area(&self) -> f64 {
        match self.kind {
            Kind::Pool { area, .. }
            | Kind::HorizontalJet { area, .. }
            | Kind::VerticalJet { area, .. }
            | Kind::Instantaneous { area, .. } => area,
        }
    }

    /// Density as it enters, kg/m³.
    pub fn density(&self, air_pressure: f64) -> f64 {
        self.material.density(self.temperature, self.liquid_share, air_pressure)
    }

    /// Enthalpy above that of the vapour at a temperature, J/kg.
    pub fn enthalpy(&self, reference: f64, air_pressure: f64) -> f64 {
        self.material.enthalpy(self.temperature, self.liquid_share, reference, air_pressure)
    }

    /// Whether the numbers can be.
    ///
    /// # Errors
    /// E4703 a number out of range.
    pub fn check(&self, air_pressure: f64) -> Result<()> {
        let (amount, name, unit) = match self.kind {
            Kind::Instantaneous { mass, .. } => (mass, "mass", "kg"),
            _ => (self.rate(), "rate", "kg/s"),
        };
        let height = match self.kind {
            Kind::HorizontalJet { height, .. } | Kind::VerticalJet { height, .. } => height,
            _ => 0.0,
        };
        let (least, most) =
            if matches!(self.kind, Kind::Instantaneous { .. }) { (1e-3, 1e8) } else { (1e-5, 1e5) };
        let area_most =
            if matches!(self.kind, Kind::Pool { .. } | Kind::Instantaneous { .. }) { 1e6 } else { 1e4 };
        let mut problems = outside(
            4703,
            &[
                (name, amount, least, most, unit),
                ("area of the source", self.area(), 1e-6, area_most, "m²"),
                ("height of the jet", height, 0.0, 200.0, "m"),
                ("temperature of the release", self.temperature, 20.0, 1500.0, "K"),
                ("share of drops", self.liquid_share, 0.0, 1.0, ""),
                ("duration", self.duration.min(1e9), 1.0, 1e9, "s"),
                ("molar mass", self.material.molar_mass, 0.001, 1.0, "kg/mol"),
            ],
        );
        if problems.is_empty() && !matches!(self.kind, Kind::Instantaneous { .. } | Kind::Pool { .. }) {
            let speed = amount / (self.density(air_pressure) * self.area());
            problems.extend(outside(4703, &[("speed of the expanded jet", speed, 1e-3, 2000.0, "m/s")]));
        }
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }
}

/// A boiling jet after its expansion to the pressure of the air.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expanded {
    /// Speed, m/s.
    pub velocity: f64,
    /// Temperature, K: the boiling point where a part is liquid.
    pub temperature: f64,
    /// Mass share of drops.
    pub liquid_share: f64,
    /// Density, kg/m³.
    pub density: f64,
    /// Area, m².
    pub area: f64,
}

/// A liquid in the hole of a vessel under pressure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Throat {
    /// Rate, kg/s.
    pub rate: f64,
    /// Area of the hole, m².
    pub area: f64,
    /// Speed in it, m/s.
    pub velocity: f64,
    /// Pressure in it, Pa.
    pub pressure: f64,
    /// Temperature of the liquid, K.
    pub temperature: f64,
}

/// The jet of a liquid that boils as it leaves, where it has come to the pressure of the air.
///
/// No air enters on so short a way. Mass, momentum and enthalpy stay:
///
/// $$ u_e = u + \frac{(p-p_a)A}{\dot m},\qquad
/// x = \frac{c_l(T-T_b) + \tfrac12(u^2-u_e^2)}{h_{lg}},\qquad A_e = \frac{\dot m}{\rho_e u_e} $$
///
/// The area is some ten to fifty times that of the hole: with the hole's the speed of the cloud
/// and so its mixing come out wrong by a factor, 2.6 in the concentration of ammonia.
///
/// # Source
/// epa450 section 5 (what the wrong area does); the balances as in ccps1999.
///
/// # Example
/// ```
/// use sim_core::gas::dense::integral::{mixture::Material, source::{expand_liquid, Throat}};
/// use sim_core::gas::substance;
/// // Ammonia of 21 °C through 81 mm at 81 kg/s: a jet of a fifth of a square metre, 19 % vapour.
/// let air = 90_900.0;
/// let ammonia = Material::of(substance::find("ammonia")?, air)?;
/// let throat = Throat { rate: 81.0, area: 0.0052, velocity: 26.0, pressure: 9.0e5, temperature: 294.65 };
/// let jet = expand_liquid(&ammonia, &throat, air);
/// assert!((jet.liquid_share - 0.81).abs() < 0.02 && jet.area > 0.15 && jet.area < 0.35);
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
pub fn expand_liquid(material: &Material, throat: &Throat, air_pressure: f64) -> Expanded {
    let over = (throat.pressure - air_pressure).max(0.0);
    let velocity = throat.velocity + over * throat.area / throat.rate;
    let kinetic = 0.5 * (velocity * velocity - throat.velocity * throat.velocity);
    let heat = material.liquid_heat_capacity * (throat.temperature - material.boiling_point) - kinetic;
    let vapour = (heat / material.heat_of_vaporization).clamp(0.0, 1.0);
    // What is left when all has boiled warms the vapour; what was never hot enough stays as it was.
    let left = heat - vapour * material.heat_of_vaporization;
    let capacity = if vapour > 0.0 { material.vapour_heat_capacity } else { material.liquid_heat_capacity };
    let temperature = material.boiling_point + left / capacity;
    let density = material.density(temperature, 1.0 - vapour, air_pressure);
    let area = throat.rate / (density * velocity);
    Expanded { velocity, temperature, liquid_share: 1.0 - vapour, density, area }
}

/// Where a heavy jet upwards has its highest point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Apex {
    /// Rise above the outlet, m.
    pub rise: f64,
    /// Distance downwind, m.
    pub distance: f64,
    /// Volume fraction in the middle.
    pub fraction: f64,
}

/// The highest point of a heavy jet upwards, and how thin it is there.
///
/// $$ \Delta h_d = 1.32\,D\left(\tfrac wu\right)^{1/3}\left(\tfrac{\rho}{\rho_a}\right)^{1/3}
/// \left[\frac{\rho w^2}{g D(\rho-\rho_a)}\right]^{1/3},\quad
/// \Delta h_m = 3 D \tfrac wu \sqrt{\tfrac{\rho}{\rho_a}},\quad
/// \Delta h = \frac{\Delta h_m \Delta h_d}{\sqrt{\Delta h_m^2+\Delta h_d^2}},\quad
/// c = 1.69\,\tfrac wu\left(\tfrac{\Delta h}D\right)^{-1.85} $$
///
/// # Units
/// - `diameter`: of the expanded jet, m; `velocity`: of it, m/s; `wind`: at its outlet, m/s
///
/// # Source
/// hootmeroneypeterka1973; second-hand after a public program, as is the combination with the
/// rise by momentum (briggs1969).
pub fn apex(diameter: f64, velocity: f64, density: f64, wind: f64, air_density: f64) -> Apex {
    let ratio = velocity / wind;
    let by_momentum = 3.0 * diameter * ratio * (density / air_density).sqrt();
    let excess = density - air_density;
    let rise = if excess > 0.0 {
        let weight = density * velocity * velocity / (GRAVITY * diameter * excess);
        let by_weight = 1.32 * diameter * (ratio * density / air_density * weight).cbrt();
        by_momentum * by_weight / by_momentum.hypot(by_weight)
    } else {
        by_momentum
    };
    let relative = rise / diameter;
    let fraction = (1.69 * ratio * relative.powf(-1.85)).min(1.0);
    // The time up, at half of the speed of the outlet on average, in the wind.
    let distance = 2.0 * rise / velocity * wind;
    Apex { rise, distance, fraction }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::substance::find;

    #[test]
    fn an_expanded_jet_has_the_rate_the_thrust_and_the_heat_of_its_hole() {
        let air = 101_325.0;
        let chlorine = Material::of(find("chlorine").expect("in the table"), air).expect("a liquid");
        let throat = Throat { rate: 5.0, area: 5e-4, velocity: 7.1, pressure: 6.0e5, temperature: 293.15 };
        let jet = expand_liquid(&chlorine, &throat, air);
        assert!((jet.density * jet.velocity * jet.area / throat.rate - 1.0).abs() < 1e-12);
        let thrust = throat.rate * throat.velocity + (throat.pressure - air) * throat.area;
        assert!((throat.rate * jet.velocity / thrust - 1.0).abs() < 1e-12);
        let vapour = 1.0 - jet.liquid_share;
        let before = chlorine.liquid_heat_capacity * (throat.temperature - chlorine.boiling_point)
            + 0.5 * throat.velocity.powi(2);
        let after = vapour * chlorine.heat_of_vaporization + 0.5 * jet.velocity.powi(2);
        assert!((after / before - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_cold_liquid_stays_liquid() {
        let air = 101_325.0;
        let ammonia = Material::of(find("ammonia").expect("in the table"), air).expect("a liquid");
        let throat = Throat { rate: 5.0, area: 5e-4, velocity: 15.0, pressure: 3.0e5, temperature: 230.0 };
        let jet = expand_liquid(&ammonia, &throat, air);
        assert!(jet.liquid_share == 1.0 && jet.temperature < 231.0);
    }

    #[test]
    fn weight_takes_from_the_rise_of_a_jet() {
        // Below twice the density of air weight grows faster than momentum.
        let rise = |density: f64| apex(0.5, 20.0, density, 4.0, 1.2).rise;
        assert!(rise(2.0) < rise(1.3) && rise(1.3) < rise(1.2));
        // hootmeroneypeterka1973 far below the rise by momentum: D 1 m, w = u, ρ/ρa 2, a Froude number of 1 each.
        let found = apex(1.0, 1.0, 2.4, 1.0, 1.2);
        let by_weight = 1.32 * (2.0 * 2.4 / (GRAVITY * 1.2)).cbrt();
        assert!(found.rise < by_weight && found.rise > 0.9 * by_weight);
    }

    #[test]
    fn the_area_of_the_hole_is_refused_for_the_jet() {
        // Desert Tortoise 1 (epa450): 81 kg/s of ammonia, 83 % liquid, through 52 cm² would need 3400 m/s.
        let ammonia = Material::of(find("ammonia").expect("in the table"), 90_900.0).expect("a liquid");
        let release = IntegralRelease {
            material: ammonia,
            temperature: ammonia.boiling_point,
            liquid_share: 0.83,
            duration: 126.0,
            kind: Kind::HorizontalJet { rate: 81.0, area: 0.0052, height: 0.79 },
        };
        assert_eq!(release.check(90_900.0).expect_err("too fast").0[0].code.0, 4703);
    }
}
