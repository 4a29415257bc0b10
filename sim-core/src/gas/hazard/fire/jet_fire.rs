//! A burning jet: Chamberlain's flame.

use std::f64::consts::PI;

use nalgebra::Vector3;

use crate::error::{Problem, Result};
use crate::gas::hazard::bounds::{Bound, none_of, refuse};
use crate::gas::hazard::fire::radiation::Air;
use crate::gas::hazard::fire::view_factor::Frustum;
use crate::gas::hazard::fire::{Fire, FireKind};
use crate::units::{GAS_CONSTANT, GRAVITY};

/// Gas that burns as it leaves under pressure.
pub struct JetFireKind;

impl FireKind for JetFireKind {
    fn name(&self) -> &'static str {
        "jet_fire"
    }

    fn meaning(&self) -> &'static str {
        "gas that burns as it leaves under pressure: Chamberlain's frustum"
    }
}

/// A jet after it has expanded to the pressure of the air.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpandedJet {
    /// Velocity, m/s.
    pub velocity: f64,
    /// Temperature, K.
    pub temperature: f64,
}

/// Velocity and temperature of a gas that expands from rest to the air.
///
/// $$ T_j = T_0 \left(\frac{p_a}{p_0}\right)^{(\gamma-1)/\gamma}, \qquad
///    u_j = \sqrt{\frac{2\gamma}{\gamma-1}\frac{R}{M}(T_0 - T_j)} $$
///
/// Isentropic all the way, also outside the hole: for choked flow it is the Mach
/// number of the published form, for slower flow its usual one.
///
/// # Units
/// - pressures Pa absolute, temperature K, molar mass kg/mol
///
/// # Source
/// assael2010 page 108 (T_j and M_j of the expanding jet).
pub fn expanded_jet(
    pressure: f64,
    temperature: f64,
    gamma: f64,
    molar_mass: f64,
    air_pressure: f64,
) -> ExpandedJet {
    let power = (gamma - 1.0) / gamma;
    let cooled = temperature * (air_pressure / pressure).min(1.0).powf(power);
    let velocity = (2.0 / power * GAS_CONSTANT / molar_mass * (temperature - cooled)).sqrt();
    ExpandedJet { velocity, temperature: cooled }
}

/// What is known about a burning jet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JetFire {
    /// Mass rate, kg/s.
    pub rate: f64,
    /// Velocity of the jet once it has the pressure of the air, m/s.
    pub jet_velocity: f64,
    /// Temperature of the jet there, K.
    pub jet_temperature: f64,
    /// Molar mass, kg/mol.
    pub molar_mass: f64,
    /// Heat of combustion, J/kg.
    pub heat_of_combustion: f64,
    /// Height of the hole, m.
    pub height: f64,
    /// Direction in which the hole points; need not be a unit vector.
    pub axis: Vector3<f64>,
    /// Wind as a vector along which it blows, m/s, level.
    pub wind: Vector3<f64>,
}

/// The flame: its shape and its surface emissive power.
#[derive(Debug, Clone, PartialEq)]
pub struct JetFlame {
    /// Its shape.
    pub frustum: Frustum,
    /// Distance from the hole to the tip, m.
    pub length: f64,
    /// Distance from the hole to where the flame begins, m.
    pub lift_off: f64,
    /// Share of the heat of combustion that is radiated.
    pub radiant_fraction: f64,
    /// Surface emissive power, W/m².
    pub emissive_power: f64,
    /// What is doubtful.
    pub warnings: Vec<Problem>,
}

/// Angle between jet and wind below which the flame is not one for which the model was made, degrees.
const FLARE_ANGLE: f64 = 45.0;

/// Wind over jet velocity at which one formula of the lean takes over from the other.
const BENT: f64 = 0.05;

impl JetFire {
    /// Refuses what cannot be.
    ///
    /// # Errors
    /// E4533 a value out of range, or a hole that points nowhere.
    pub fn check(&self) -> Result<()> {
        let bounds = [
            Bound::above("mass rate", self.rate, 0.0, 1e5, "kg/s"),
            Bound::above("jet velocity", self.jet_velocity, 0.0, 3500.0, "m/s"),
            Bound::from("jet temperature", self.jet_temperature, 20.0, 1000.0, "K"),
            Bound::above("molar mass", self.molar_mass, 0.0, 0.3, "kg/mol"),
            Bound::above("heat of combustion", self.heat_of_combustion, 0.0, 150e6, "J/kg"),
            Bound::from("height of the hole", self.height, 0.0, 500.0, "m"),
            Bound::above("length of the vector along which the hole points", self.axis.norm(), 0.0, 1e6, ""),
            Bound::from("wind", self.wind.norm(), 0.0, 60.0, "m/s"),
        ];
        none_of(refuse(
            4533,
            &bounds,
            "check the unit; velocities are metres per second, temperatures kelvin",
        ))
    }

    /// The flame in some air.
    ///
    /// A frustum whose length follows from the jet's momentum and buoyancy, shortened
    /// and bent by the wind:
    ///
    /// $$ 0.024\left(\frac{g D_s}{u_j^2}\right)^{1/3} Y^{5/3} + 0.2\,Y^{2/3} = \left(\frac{2.85}{W}\right)^{2/3}, \qquad
    ///    D_s = \sqrt{\frac{4 \dot m}{\pi \rho_a u_j}} $$
    ///
    /// $$ L_b = Y D_s (0.51 e^{-0.4 u} + 0.49)(1 - 0.00607(\theta_j - 90)), \qquad
    ///    F_s = 0.21 e^{-0.00323 u_j} + 0.11 $$
    ///
    /// The lean for a wind of more than a twentieth of the jet is quoted with 1.334 and
    /// 1.726 in the toolbox from which it was read; 134 and 1726 are taken, with which
    /// both branches meet (400 and 401) and which the lead of 8000 demands. The lift-off
    /// is 0.185 e^(−20R) + 0.015 of the lean, which makes it the published 0.2 L_b in
    /// still air (the toolbox has 0.187). A flame that the formula would bend
    /// downwards is bent upwards by the same angle: its gas is light.
    ///
    /// # Valid for
    /// Gas flares of hydrocarbons (the stoichiometric share is that of alkanes), wind
    /// across the jet. For jets along the wind it overrates the length in calm air
    /// (the factor of the angle reaches 1.55) and says so by a warning.
    ///
    /// # Errors
    /// E4533 a value that cannot be; those of [`Air::check`].
    ///
    /// # Returns
    /// Warnings: W4534 the jet lies along the wind.
    ///
    /// # Source
    /// chamberlain1987 as in assael2010 pages 108 to 117.
    pub fn flame(&self, air: &Air) -> Result<JetFlame> {
        self.check()?;
        air.check()?;
        let source_diameter = (4.0 * self.rate / (PI * air.density() * self.jet_velocity)).sqrt();
        let wind = self.wind.norm();
        let ratio = wind / self.jet_velocity;
        let angle = self.angle_to_wind();
        let still = still_length(source_diameter, self.jet_velocity, self.molar_mass);
        let length = still * (0.51 * (-0.4 * wind).exp() + 0.49) * (1.0 - 6.07e-3 * (angle - 90.0));
        let buoyancy = (GRAVITY / (source_diameter * self.jet_velocity).powi(2)).cbrt();
        let lean = lean(ratio, angle, buoyancy * still);
        let (lift_off, frustum_length) = lift_off(ratio, lean, length);
        let base_width = self.base_width(source_diameter, ratio, buoyancy, air);
        let tip_width = length * (0.18 * (-1.5 * ratio).exp() + 0.31) * (1.0 - 0.47 * (-25.0 * ratio).exp());
        let frustum = self.place(angle, lean, lift_off, frustum_length, base_width, tip_width);
        let radiant_fraction = 0.21 * (-0.00323 * self.jet_velocity).exp() + 0.11;
        let emissive_power = radiant_fraction * self.rate * self.heat_of_combustion / frustum.area();
        let warnings = self.warnings(angle, wind);
        Ok(JetFlame { frustum, length, lift_off, radiant_fraction, emissive_power, warnings })
    }

    /// Angle between the direction of the hole and that of the wind, degrees; 90 in still air.
    fn angle_to_wind(&self) -> f64 {
        if self.wind.norm() == 0.0 {
            return 90.0;
        }
        let cosine = self.axis.normalize().dot(&self.wind.normalize());
        cosine.clamp(-1.0, 1.0).acos().to_degrees()
    }

    fn base_width(&self, source_diameter: f64, ratio: f64, buoyancy: f64, air: &Air) -> f64 {
        let jet_density = air.pressure * self.molar_mass / (GAS_CONSTANT * self.jet_temperature);
        let density_factor = (air.density() / jet_density).sqrt() / 15.0;
        let spread = 1000.0 * (-100.0 * ratio).exp() + 0.8;
        let decay = (-70.0 * buoyancy * source_diameter * ratio * spread).exp();
        source_diameter * (13.5 * (-6.0 * ratio).exp() + 1.5) * (1.0 - (1.0 - density_factor) * decay)
    }

    fn place(
        &self,
        angle: f64,
        lean: f64,
        lift_off: f64,
        length: f64,
        base_width: f64,
        tip_width: f64,
    ) -> Frustum {
        let axis = self.axis.normalize();
        let direction = if self.wind.norm() == 0.0 {
            axis
        } else {
            let wind = self.wind.normalize();
            let sideways = axis - wind * axis.dot(&wind);
            // A jet straight along the wind can only bend up.
            let up = if sideways.norm() < 1e-6 { Vector3::z() } else { sideways.normalize() };
            let leaning = (angle - lean).abs().to_radians();
            wind * leaning.cos() + up * leaning.sin()
        };
        let base = Vector3::new(0.0, 0.0, self.height) + axis * lift_off;
        Frustum {
            base,
            tip: base + direction * length,
            base_radius: 0.5 * base_width,
            tip_radius: 0.5 * tip_width,
            normal: direction,
        }
    }

    fn warnings(&self, angle: f64, wind: f64) -> Vec<Problem> {
        if wind == 0.0 || (FLARE_ANGLE..=180.0 - FLARE_ANGLE).contains(&angle) {
            return Vec::new();
        }
        let text = format!(
            "the jet points {angle:.0}° from the wind; the model was made for flares across the wind"
        );
        vec![
            Problem::warning(4534, text)
                .why("the length of such a flame is less certain, in light winds it is overrated by up to a half")
                .fix("compare with the point source; take the farther of both"),
        ]
    }
}

/// Length of the flame in still air, m.
fn still_length(source_diameter: f64, jet_velocity: f64, molar_mass: f64) -> f64 {
    let stoichiometric = molar_mass / (15.816 * molar_mass + 0.0395);
    let right = (2.85 / stoichiometric).powf(2.0 / 3.0);
    let first = 0.024 * (GRAVITY * source_diameter / (jet_velocity * jet_velocity)).cbrt();
    // The left side rises with Y: halving in cannot miss the root. Without the first term
    // the root is an upper bound.
    let (mut low, mut high) = (0.0, (right / 0.2).powf(1.5));
    for _ in 0..HALVINGS {
        let middle: f64 = 0.5 * (low + high);
        let left = first * middle.powf(5.0 / 3.0) + 0.2 * middle.powf(2.0 / 3.0);
        if left < right { low = middle } else { high = middle }
    }
    low * source_diameter
}

/// Halvings of the interval of Y.
const HALVINGS: usize = 60;

/// Angle between the hole's axis and the flame's, degrees.
fn lean(ratio: f64, angle: f64, richardson: f64) -> f64 {
    let turned = (angle - 90.0) * (1.0 - (-25.6 * ratio).exp());
    if ratio <= BENT {
        turned + 8000.0 * ratio / richardson
    } else {
        turned + (134.0 + 1726.0 * (ratio - 0.026).sqrt()) / richardson
    }
}

/// Lift-off and length of the frustum, m, from the distance between hole and tip.
fn lift_off(ratio: f64, lean: f64, length: f64) -> (f64, f64) {
    let share = 0.185 * (-20.0 * ratio).exp() + 0.015;
    let (sine, cosine) = lean.to_radians().sin_cos();
    let lift_off =
        if sine.abs() < 1e-9 { share * length } else { length * (share * lean.to_radians()).sin() / sine };
    let inside = length * length - (lift_off * sine).powi(2);
    (lift_off, inside.max(0.0).sqrt() - lift_off * cosine)
}

impl Fire for JetFlame {
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
        self.emissive_power * self.frustum.area()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AIR: Air = Air { temperature: 288.15, pressure: 101_325.0, humidity: 0.5 };

    /// Natural gas at 60 bar through 20 mm, straight up, in a wind.
    fn flare(wind: f64) -> JetFire {
        let jet = expanded_jet(6.1e6, 288.15, 1.3, 0.0165, 101_325.0);
        JetFire {
            rate: 2.9,
            jet_velocity: jet.velocity,
            jet_temperature: jet.temperature,
            molar_mass: 0.0165,
            heat_of_combustion: 48.3e6,
            height: 3.25,
            axis: Vector3::z(),
            wind: Vector3::new(wind, 0.0, 0.0),
        }
    }

    #[test]
    fn expansion_keeps_the_energy_and_no_pressure_drives_no_jet() {
        let jet = expanded_jet(6.1e6, 288.15, 1.3, 0.0165, 101_325.0);
        let heat_capacity = 1.3 / 0.3 * GAS_CONSTANT / 0.0165;
        let energy = 0.5 * jet.velocity * jet.velocity + heat_capacity * jet.temperature;
        assert!((energy / (heat_capacity * 288.15) - 1.0).abs() < 1e-12);
        assert_eq!(expanded_jet(101_325.0, 288.15, 1.3, 0.0165, 101_325.0).velocity, 0.0);
    }

    #[test]
    fn expansion_meets_the_published_mach_number() {
        // assael2010 page 108: M_j² = ((γ+1)(p_c/p_a)^((γ−1)/γ) − 2)/(γ−1), p_c the throat's pressure.
        let (gamma, molar_mass, ratio) = (1.3_f64, 0.0165, 60.2);
        let throat = ratio * (2.0 / (gamma + 1.0)).powf(gamma / (gamma - 1.0));
        let mach = (((gamma + 1.0) * throat.powf((gamma - 1.0) / gamma) - 2.0) / (gamma - 1.0)).sqrt();
        let jet = expanded_jet(ratio * 101_325.0, 288.15, gamma, molar_mass, 101_325.0);
        let sound = (gamma * GAS_CONSTANT * jet.temperature / molar_mass).sqrt();
        assert!((jet.velocity / sound / mach - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_two_formulas_of_the_lean_meet() {
        let (below, above) = (lean(BENT, 90.0, 2.0), lean(BENT + 1e-12, 90.0, 2.0));
        assert!((above / below - 1.0).abs() < 0.004, "{below} {above}");
    }

    #[test]
    fn in_still_air_the_flame_stands_on_a_fifth_of_its_length() {
        let flame = flare(0.0).flame(&AIR).expect("sound");
        assert!((flame.lift_off / flame.length - 0.2).abs() < 1e-12);
        assert!((flame.frustum.tip.z - 3.25 - flame.length).abs() < 1e-9, "it points straight up");
    }

    #[test]
    fn wind_shortens_and_bends_the_flame() {
        let flames: Vec<JetFlame> =
            [0.0, 2.0, 6.0, 15.0].iter().map(|&wind| flare(wind).flame(&AIR).expect("sound")).collect();
        for pair in flames.windows(2) {
            assert!(pair[0].length > pair[1].length);
            assert!(pair[0].frustum.tip.x < pair[1].frustum.tip.x);
        }
        // The tip is as far from the hole as the length says.
        for flame in &flames {
            let distance = (flame.frustum.tip - Vector3::new(0.0, 0.0, 3.25)).norm();
            assert!((distance / flame.length - 1.0).abs() < 1e-9, "{distance} {}", flame.length);
        }
    }

    #[test]
    fn what_the_surface_sends_out_is_the_radiated_share_of_the_heat() {
        let flame = flare(6.0).flame(&AIR).expect("sound");
        let power = flame.emissive_power * flame.frustum.area();
        assert!((power / (flame.radiant_fraction * 2.9 * 48.3e6) - 1.0).abs() < 1e-12);
        // Chamberlain's limits: 0.11 for the fastest jets, 0.32 for the slowest.
        assert!(flame.radiant_fraction > 0.11 && flame.radiant_fraction < 0.32);
    }

    #[test]
    fn more_gas_makes_a_longer_flame() {
        let length = |rate: f64| JetFire { rate, ..flare(3.0) }.flame(&AIR).expect("sound").length;
        assert!(length(1.0) < length(3.0) && length(3.0) < length(30.0));
    }

    #[test]
    fn a_jet_along_the_wind_is_flagged_and_one_across_is_not() {
        let along = JetFire { axis: Vector3::x(), ..flare(6.0) }.flame(&AIR).expect("sound");
        assert_eq!(along.warnings[0].code.0, 4534);
        assert!(along.frustum.tip.z >= 3.25, "it does not bend into the ground");
        assert!(flare(6.0).flame(&AIR).expect("sound").warnings.is_empty());
    }

    #[test]
    fn a_jet_that_cannot_be_is_refused_with_every_mistake() {
        let wrong = JetFire { rate: -1.0, axis: Vector3::zeros(), ..flare(6.0) };
        let problems = wrong.flame(&AIR).expect_err("two mistakes");
        assert!(problems.0.len() == 2 && problems.0.iter().all(|problem| problem.code.0 == 4533));
    }
}
