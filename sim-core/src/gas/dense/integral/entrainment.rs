//! How fast a slab takes in air at its top, base and sides, and what rubs it.

use super::surface_air::{KARMAN, SurfaceAir, mixing_resistance};
use crate::units::GRAVITY;

/// A cross-section of the cloud, as the laws of mixing see it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slab {
    /// Half width, m.
    pub half_width: f64,
    /// Thickness, m.
    pub height: f64,
    /// Height of the centre, m; zero on the ground.
    pub centre: f64,
    /// Speed downwind, m/s.
    pub velocity: f64,
    /// Speed of the edges apart, m/s.
    pub spreading: f64,
    /// Speed of the centre upwards, m/s.
    pub rising: f64,
    /// Temperature, K.
    pub temperature: f64,
    /// Density, kg/m³.
    pub density: f64,
    /// Heat capacity, J/(kg K).
    pub heat_capacity: f64,
    /// Mean wind over its thickness, m/s.
    pub wind: f64,
    /// Speed with which gas leaves the ground under it, m/s.
    pub blowing: f64,
    /// Temperature with which it exchanges heat below, K: [`felt_ground`].
    pub ground_temperature: f64,
}

/// Temperature of the ground as a mixture feels it, K.
///
/// The air in it was in balance with the ground before: the heat that flows between the two is
/// part of the weather and goes on beside the cloud. Only what the mixture takes beyond it counts:
///
/// $$ (T_g - T) - (1-m)(T_g - T_a) = \left[T_a + m\,(T_g - T_a)\right] - T $$
///
/// so that a cloud that has become air is neither warmed nor cooled any more.
pub fn felt_ground(mass_fraction: f64, air: &SurfaceAir) -> f64 {
    air.temperature + mass_fraction * (air.ground_temperature - air.temperature)
}

impl Slab {
    /// True where its base is off the ground.
    pub fn is_lofted(&self) -> bool {
        self.centre > 0.5 * self.height
    }

    /// Height of its top, m.
    pub fn top(&self) -> f64 {
        if self.is_lofted() { self.centre + 0.5 * self.height } else { self.height }
    }
}

/// How the top takes in air.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TopEntrainment {
    /// The law of SLAB: a mixing velocity damped by the local Obukhov length.
    Slab,
    /// A law measured in wind tunnels: 0.65/(1 + 0.2 Ri*).
    Robins,
    /// The growth of a passive cloud by similarity, damped by the local Obukhov length as in SLAB.
    Similarity,
    /// The same growth, damped by the cloud's weight as in HEGADAS: √(1 + 0.8 Ri*).
    Hegadas,
}

/// Factor of the entrainment at the top, in κ u*.
///
/// # Source
/// ermak1990 equation 35a: 1.5, second-hand after a public program.
const TOP: f64 = 1.5;

/// Height whose wind the entrainment at the top is referred to, m.
///
/// # Source
/// ermak1990 equation 35a as coded in a public program.
const TOP_REFERENCE: f64 = 4.0;

/// Drag coefficient between cloud and air, and share of it in the friction velocity.
///
/// # Source
/// ermak1990 equations 35c to 38: 0.02, second-hand after a public program.
const SURFACE_DRAG: f64 = 0.02;

/// Share of the gas' speed out of the ground in the friction.
///
/// # Source
/// ermak1990 equation 35c: 0.05, second-hand after a public program.
const BLOWING: f64 = 0.05;

/// Factor of the turbulence by a warm ground.
///
/// # Source
/// ermak1990 equation 35e: 0.14, second-hand after a public program.
const HEATING: f64 = 0.14;

/// Damping by the cloud's own stratification, in 1/L: half of μ = 0.05.
///
/// # Source
/// ermak1990 equation 35d: 0.025, second-hand after a public program.
const STRATIFICATION: f64 = 0.025;

/// Constants of the law measured in wind tunnels, and the Richardson number up to which it was.
///
/// # Source
/// robins2001: 0.65 and 0.2, Ri* below 15, second-hand after a public program.
const ROBINS: (f64, f64) = (0.65, 0.2);

/// Damping of the same by the cloud's weight in HEGADAS: under a root before Ri*.
///
/// # Source
/// witlox1994: 0.8, after experiments in wind tunnels and in the field; remembered, not opened.
const HEGADAS: f64 = 0.8;

/// Turbulence in a slab.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Friction {
    /// Friction velocity of the cloud, m/s.
    pub velocity: f64,
    /// Its part by the ground, m/s.
    pub ground: f64,
    /// Speed with which heat is exchanged with the ground, m/s.
    pub exchange: f64,
    /// What the wind exceeds the cloud's speed by, times the ratio of densities, m/s.
    pub shear: f64,
    /// u*/ū of the air.
    pub share: f64,
    /// 1/L in the cloud, 1/m.
    pub inverse_length: f64,
    /// Speed at which a free jet takes in air at each face by its own speed, m/s; zero of any other cloud.
    pub free_jet: f64,
}

/// Turbulence in a slab: by the ground, the shear to the air, and warmth from below.
///
/// $$ U_*^2 = U_g^2 + 0.02\left[\Delta U^2 + \left(\tfrac{\rho_a}{\rho}\tfrac{V_g}{2}\right)^2\right] + U_t^2,\quad
/// U_g^2 = \left(\tfrac{u_*}{\bar u}\right)^2\!\left(U^2 + \tfrac{V_g^2}4\right) + 0.05\, w_s \bar u,\quad
/// \tfrac1L = \frac{u_*^2/L_a + 0.025\,g(\rho-\rho_a)/\rho}{U_*^2} $$
///
/// The shear of a free jet has its own law ([`SideEntrainment::WallJet`]) and is not counted here.
///
/// # Source
/// ermak1990 equations 35c to 35e.
pub fn friction(law: SideEntrainment, slab: &Slab, air: &SurfaceAir) -> Friction {
    let ratio = air.density / slab.density;
    let shear = ratio * (slab.wind - slab.velocity);
    let sideways = 0.5 * ratio * slab.spreading;
    let share = air.friction_velocity / slab.wind.max(f64::MIN_POSITIVE);
    let free_jet = law.free_jet(slab, ratio);
    let felt = if free_jet > 0.0 { 0.0 } else { shear };
    let by_shear = SURFACE_DRAG * (felt * felt + sideways * sideways);
    let by_ground = if slab.is_lofted() {
        air.friction_velocity * air.friction_velocity + by_shear
    } else {
        let half = 0.5 * slab.spreading;
        share * share * (slab.velocity * slab.velocity + half * half) + BLOWING * slab.blowing * slab.wind
    };
    let ground = by_ground.sqrt();
    let exchange = share * ground;
    let warmer = slab.ground_temperature - slab.temperature;
    let by_heat = if slab.is_lofted() || warmer <= 0.0 {
        0.0
    } else {
        let mean = 0.5 * (slab.ground_temperature + slab.temperature);
        (HEATING * GRAVITY * warmer * exchange * slab.height / mean).powf(2.0 / 3.0)
    };
    let square = by_ground + by_shear + by_heat;
    let ambient = air.inverse_length_at(slab.top());
    let own = (STRATIFICATION * GRAVITY * (slab.density - air.density) / slab.density).max(0.0);
    let inverse_length = if square > 0.0 {
        (air.friction_velocity * air.friction_velocity * ambient + own) / square
    } else {
        0.0
    };
    Friction { velocity: square.sqrt(), ground, exchange, shear, share, inverse_length, free_jet }
}

/// Speed at which air enters through the top (and, of a lofted slab, the base), m/s; times √3 it
/// is the volume per area.
///
/// $$ W_e = 1.5\,\kappa U_*\,\frac{u_a(4\,\mathrm m)}{u_a(h)}\,\frac{1-h/H}{\phi_h(h/L)} $$
///
/// after measurements, with $\mathrm{Ri}_* = g(\rho-\rho_a)h/(\rho_a U_*^2)$ and the volume per area
/// taken for that of the layer with the ground's concentration (its depth is $\sqrt{\pi/2}\,\sigma$),
///
/// $$ \sqrt{\tfrac\pi2}\,W_e = \frac{0.65\,U_*}{1+0.2\,\mathrm{Ri}_*}\,\frac{1-h/H}{\phi_h(h/L_a)} $$
///
/// or by similarity, as the mean height $\bar z$ of the gas of a passive cloud grows with
/// $d\bar z/dx = \kappa u_*/[u(0.6\,\bar z)\,\phi_h(1.55\,\bar z/L)]$,
///
/// $$ \sqrt{\tfrac2\pi}\,W_e = \kappa U_*\,\frac{\bar u}{u(0.6\,\bar z)}\,\frac{1-h/H}{\phi_h(1.55\,\bar z/L)} $$
///
/// Only this growth is right where the cloud has become passive in stable air: SLAB's grows at half
/// of the accepted rate there, and contains a length of 4 m. HEGADAS damps it by the cloud's own
/// weight otherwise, $1/\phi_h(1.55\,\bar z/L_a)/\sqrt{1+0.8\,\mathrm{Ri}_*}$: more where the
/// weight is small, less where it is large.
///
/// # Source
/// ermak1990 equation 35a; robins2001; vanulden1978; witlox1994.
pub fn top_entrainment(law: TopEntrainment, slab: &Slab, air: &SurfaceAir, friction: &Friction) -> f64 {
    let top = slab.top();
    let lofted = slab.is_lofted();
    let bottom = top - slab.height;
    // Each face with its height: resistance there, and room below the lid.
    let faces = |share: f64, inverse_length: f64| {
        let face = |height: f64| {
            (1.0 - height / air.mixing_height).max(0.0) / mixing_resistance(share * height, inverse_length)
        };
        face(top) + if lofted { face(bottom) } else { 0.0 }
    };
    let by_turbulence = match law {
        TopEntrainment::Slab => {
            let reference = air.wind_at(TOP_REFERENCE) / air.wind_at(top);
            TOP * KARMAN * friction.velocity * reference * faces(1.0, friction.inverse_length)
        }
        TopEntrainment::Robins => {
            let (factor, weight) = ROBINS;
            let damping = 1.0 + weight * cloud_richardson(slab, air, friction);
            factor / BELL_OVER_DEPTH * friction.velocity * faces(1.0, air_alone(slab, air, friction))
                / damping
        }
        TopEntrainment::Similarity | TopEntrainment::Hegadas => {
            let mean = MEAN_HEIGHT * slab.height;
            let slower =
                if lofted { 1.0 } else { slab.wind / air.wind_at(WIND_SHARE * mean).max(0.1 * slab.wind) };
            let share = RESISTANCE_SHARE * MEAN_HEIGHT;
            let damped = if law == TopEntrainment::Similarity {
                faces(share, friction.inverse_length)
            } else {
                let damping = (1.0 + HEGADAS * cloud_richardson(slab, air, friction)).sqrt();
                faces(share, air_alone(slab, air, friction)) / damping
            };
            BELL_OVER_DEPTH * KARMAN * friction.velocity * slower * damped
        }
    };
    // Top and base of a free jet.
    by_turbulence.hypot(2.0 * friction.free_jet)
}

/// Richardson number of a cloud heavier than the air, g (ρ − ρa)/ρa h/U*²; zero of a lighter one.
fn cloud_richardson(slab: &Slab, air: &SurfaceAir, friction: &Friction) -> f64 {
    let excess = (slab.density - air.density).max(0.0) / air.density;
    GRAVITY * excess * slab.height / (friction.velocity * friction.velocity)
}

/// 1/L of the air's own stratification in the turbulence of the cloud, where its weight is in Ri* already.
fn air_alone(slab: &Slab, air: &SurfaceAir, friction: &Friction) -> f64 {
    let share = air.friction_velocity / friction.velocity;
    air.inverse_length_at(slab.top()) * share * share
}

/// Depth of the layer with the ground's concentration that holds a bell's gas, over its σ: √(π/2);
/// also σ over the mean height of its gas.
const BELL_OVER_DEPTH: f64 = 1.253_314_137_315_500_3;

/// Mean height of the gas of a slab on the ground over its thickness: √(2/π) σ with σ = h/√3.
const MEAN_HEIGHT: f64 = 0.460_658_865_961_780_6;

/// Height over the mean height whose wind carries the cloud.
///
/// # Source
/// vanulden1978: 0.6, remembered.
const WIND_SHARE: f64 = 0.6;

/// Height over the mean height whose turbulence mixes the cloud.
///
/// # Source
/// vanulden1978: p = 1.55, remembered.
const RESISTANCE_SHARE: f64 = 1.55;

/// Angle of the growth in width of a passive cloud of no averaging, before stability.
///
/// # Source
/// ermak1990 equation 36a: 0.08, the neutral value of briggs1973, second-hand after a public program.
pub const CROSSWIND: f64 = 0.08;

/// Bending of the growth in width with the distance, 1/m: σy = a x/√(1 + 4·10⁻⁴ x) to first order.
///
/// # Source
/// ermak1990 equation 36a: 4·10⁻⁴, second-hand after a public program.
pub const CROSSWIND_BENDING: f64 = 4e-4;

/// What stability does to the growth in width.
///
/// $$ S = \frac1{1 + 10 r/L}\ (L>0),\qquad 1 - 10 r/L\ (L<0),\qquad r = \sqrt{\frac{u_*/u(2\,\mathrm m)}{0.086}} $$
///
/// # Source
/// ermak1990 equation 36a, second-hand after a public program.
pub fn crosswind_stability(air: &SurfaceAir) -> f64 {
    /// Length that goes with 1/L, m; share u*/u(2 m) of the trials behind it.
    const LENGTH: f64 = 10.0;
    const SHARE: f64 = 0.086;
    let ratio = (air.friction_velocity / air.wind_at(2.0) / SHARE).sqrt();
    let slope = LENGTH * ratio * air.inverse_length;
    if slope < 0.0 { 1.0 - slope } else { 1.0 / (1.0 + slope) }
}

/// How a cloud that is faster than the wind widens by its own speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SideEntrainment {
    /// As SLAB's, on the ground and off it: √0.02 · 1.5 κ ΔU.
    Slab,
    /// As jets were measured. On the ground as one along a wall, which spreads several times faster
    /// to the sides than a free one. Off the ground as a free jet: it takes in air at all its faces, and
    /// the air that it drags along is in the cloud, so that no momentum is lost. (With SLAB's law it
    /// takes in more than was measured and loses momentum to the air.)
    WallJet,
}

/// Speed at which a free jet takes in air at each of four faces, over its excess of speed.
///
/// $$ \frac{d\dot m}{ds} = 0.282\sqrt{\rho_a J} $$ of a jet of thrust J: a square of even speed, each of whose
/// faces takes in √3 times this, has it with $0.282/(4\sqrt3)\,\sqrt{\rho/\rho_a}$.
///
/// # Source
/// ricouspalding1961.
const FREE_JET: f64 = 0.282 / (4.0 * 1.732_050_807_568_877_2);

/// Growth with the distance of the half width of a round jet along a wall where its speed is half
/// that of the middle.
///
/// # Source
/// launderrodi1983: 0.26, remembered, not opened.
const WALL_JET: f64 = 0.26;

/// Standard deviation of a bell over its half width at half of the middle: 1/√(2 ln 2).
const DEVIATION_OVER_HALF: f64 = 0.849_321_800_288_019_3;

impl SideEntrainment {
    /// Speed at which a free jet takes in air at each face, m/s; zero where there is none.
    fn free_jet(self, slab: &Slab, ratio: f64) -> f64 {
        let excess = slab.velocity - slab.wind;
        if self == Self::WallJet && slab.is_lofted() && excess > 0.0 {
            FREE_JET * excess / ratio.sqrt()
        } else {
            0.0
        }
    }

    /// Speed at which air enters through the sides by the cloud's own speed, m/s.
    ///
    /// Of a jet along a wall the deviation of the width grows with $0.26/\sqrt{2\ln2}$ of the share
    /// by which it is faster than the wind.
    fn own(self, is_lofted: bool, friction: &Friction) -> f64 {
        let shear = friction.shear;
        match self {
            Self::WallJet if friction.free_jet > 0.0 => friction.free_jet,
            Self::WallJet if shear < 0.0 && !is_lofted => WALL_JET * DEVIATION_OVER_HALF * shear,
            Self::Slab | Self::WallJet => SURFACE_DRAG.sqrt() * TOP * KARMAN * shear,
        }
    }
}

/// Speed at which air enters through the sides, m/s; times √3 it widens the cloud.
///
/// $$ V_e^2 = \left[\frac{a\,\bar u}{1 + 2\cdot10^{-4}\,B/(\sqrt3 a)}\right]^2 + V_\mathrm{own}^2,\qquad
/// V_\mathrm{own} = \sqrt{0.02}\cdot1.5\,\kappa\,\Delta U \ \text{or}\ 0.22\,\Delta U $$
///
/// the second of a cloud on the ground that is faster than the wind; off the ground it is a free jet's
/// ([`SideEntrainment::WallJet`]).
///
/// # Units
/// - `growth`: a, the slope of σy at the source for no averaging
///
/// # Source
/// ermak1990 equation 36a; launderrodi1983; ricouspalding1961.
pub fn side_entrainment(
    law: SideEntrainment,
    slab: &Slab,
    half_width: f64,
    growth: f64,
    friction: &Friction,
) -> f64 {
    let bent = 1.0 + 0.5 * CROSSWIND_BENDING / growth * half_width / 3.0_f64.sqrt();
    let ambient = growth * slab.wind / bent;
    ambient.hypot(law.own(slab.is_lofted(), friction))
}

/// Speed at which a puff takes in air at its front and back by the shear of the wind, m/s.
///
/// $$ V_x = 0.6\,\frac{u_*}{\kappa}\,\frac{z}{z+z_0}\,\phi_m(z)\left(1-\frac zH\right) $$
/// at half a depth σ above the centre.
///
/// # Source
/// ermak1990 equation 36b, second-hand after a public program.
pub fn shear_entrainment(centre: f64, depth: f64, air: &SurfaceAir) -> f64 {
    let z = centre + 0.5 * depth;
    0.6 * air.friction_velocity / KARMAN * z / (z + air.roughness)
        * air.gradient(z)
        * (1.0 - z / air.mixing_height).max(0.0)
}

/// Forces and heat on a slab, per length of a plume's half (times the half length of a puff).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exchange {
    /// Force downwind, N/m.
    pub downwind: f64,
    /// Force against the spreading, N/m; at most zero.
    pub crosswind: f64,
    /// Force against the rising or sinking, N/m.
    pub vertical: f64,
    /// Heat from the ground, W/m.
    pub heat: f64,
}

/// What ground and air do to a slab.
///
/// # Source
/// ermak1990 equations 37 to 39.
pub fn exchange(slab: &Slab, air: &SurfaceAir, friction: &Friction) -> Exchange {
    let (b, h, density) = (slab.half_width, slab.height, slab.density);
    let drag = |speed: f64| SURFACE_DRAG * speed * speed.abs();
    if slab.is_lofted() {
        let held_back = if friction.free_jet > 0.0 { 0.0 } else { drag(friction.shear) };
        return Exchange {
            downwind: density * (2.0 * b + h) * held_back,
            crosswind: 0.0,
            vertical: -density * h * drag(slab.rising),
            heat: 0.0,
        };
    }
    let half = 0.5 * slab.spreading;
    let rubbed = friction.share * slab.velocity;
    let free = air.friction_velocity * air.friction_velocity;
    let sideways = friction.share * half;
    Exchange {
        downwind: density * ((b + h) * drag(friction.shear) - b * (rubbed * rubbed - free)),
        crosswind: -density * b * (sideways * sideways + drag(half * air.density / density)),
        vertical: 0.0,
        heat: density
            * b
            * friction.exchange
            * slab.heat_capacity
            * (slab.ground_temperature - slab.temperature),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::dense::integral::surface_air::{Ambient, Stratification, Turbulence};

    fn air(index: f64) -> SurfaceAir {
        let ambient = Ambient {
            wind: 5.0,
            wind_height: 10.0,
            turbulence: Turbulence::Class { index, roughness: 0.01 },
            temperature: 288.15,
            pressure: 101_325.0,
            relative_humidity: 0.0,
            ground_temperature: None,
            mixing_height: None,
        };
        SurfaceAir::of(&ambient, Stratification::Fading).expect("sound air")
    }

    fn slab(air: &SurfaceAir, density: f64) -> Slab {
        let wind = air.mean_wind(0.0, 2.0);
        Slab {
            half_width: 20.0,
            height: 2.0,
            centre: 0.0,
            velocity: wind,
            spreading: 0.0,
            rising: 0.0,
            temperature: 288.15,
            density,
            heat_capacity: 1005.0,
            wind,
            blowing: 0.0,
            ground_temperature: 288.15,
        }
    }

    const LAWS: [TopEntrainment; 4] =
        [TopEntrainment::Slab, TopEntrainment::Robins, TopEntrainment::Similarity, TopEntrainment::Hegadas];

    #[test]
    fn a_passive_slab_has_the_friction_of_the_air_and_no_force() {
        let air = air(4.0);
        let slab = slab(&air, air.density);
        let friction = friction(SideEntrainment::WallJet, &slab, &air);
        assert!((friction.velocity / air.friction_velocity - 1.0).abs() < 1e-12);
        let exchange = exchange(&slab, &air, &friction);
        assert!(exchange.downwind.abs() < 1e-12 && exchange.heat == 0.0);
    }

    #[test]
    fn weight_and_night_slow_the_mixing_and_day_speeds_it() {
        for law in LAWS {
            let entrained = |index: f64, density: f64| {
                let air = air(index);
                let slab = slab(&air, density * air.density);
                let friction = friction(SideEntrainment::WallJet, &slab, &air);
                top_entrainment(law, &slab, &air, &friction) / air.friction_velocity
            };
            assert!(entrained(4.0, 1.5) < 0.5 * entrained(4.0, 1.0), "{law:?}");
            assert!(entrained(6.0, 1.0) < entrained(4.0, 1.0) && entrained(4.0, 1.0) < entrained(2.0, 1.0));
        }
    }

    #[test]
    fn a_passive_slab_grows_by_half_the_friction_velocity() {
        // Similarity: σz grows with √(π/2) κ u* over the wind at 0.6 mean heights.
        let air = air(4.0);
        let slab = slab(&air, air.density);
        let friction = friction(SideEntrainment::WallJet, &slab, &air);
        let mean = MEAN_HEIGHT * slab.height;
        let grown = BELL_OVER_DEPTH * KARMAN * air.friction_velocity / air.wind_at(0.6 * mean);
        for law in [TopEntrainment::Similarity, TopEntrainment::Hegadas] {
            let found = top_entrainment(law, &slab, &air, &friction) / slab.wind;
            assert!((found / grown - 1.0).abs() < 0.01, "{law:?}");
        }
    }

    #[test]
    fn weight_damps_as_the_root_of_its_richardson_number() {
        // witlox1994: √(1 + 0.8 Ri*), 3 at Ri* = 10.
        let air = air(4.0);
        let light = slab(&air, air.density);
        let friction = friction(SideEntrainment::WallJet, &light, &air);
        let excess = 10.0 * friction.velocity.powi(2) / (GRAVITY * light.height);
        let heavy = Slab { density: air.density * (1.0 + excess), ..light };
        let at = |slab: &Slab| top_entrainment(TopEntrainment::Hegadas, slab, &air, &friction);
        assert!((at(&light) / at(&heavy) - 3.0).abs() < 1e-9);
    }

    #[test]
    fn robins_measurements_are_met() {
        // robins2001: 0.65 at no weight, 0.65/3 at Ri* = 10, for the layer with the ground's concentration.
        let air = air(4.0);
        let light = slab(&air, air.density);
        let friction = friction(SideEntrainment::WallJet, &light, &air);
        let per_area = |slab: &Slab| {
            BELL_OVER_DEPTH * top_entrainment(TopEntrainment::Robins, slab, &air, &friction)
                / friction.velocity
        };
        let room = 1.0 - light.height / air.mixing_height;
        assert!((per_area(&light) / room - 0.65).abs() < 1e-9);
        let excess = 10.0 * friction.velocity.powi(2) / (GRAVITY * light.height);
        let heavy = Slab { density: air.density * (1.0 + excess), ..light };
        assert!((per_area(&heavy) / room - 0.65 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn a_jet_on_the_ground_widens_as_one_along_a_wall() {
        let air = air(4.0);
        let fast = Slab { velocity: 40.0, ..slab(&air, air.density) };
        let friction = friction(SideEntrainment::WallJet, &fast, &air);
        let at = |slab: &Slab| side_entrainment(SideEntrainment::WallJet, slab, 20.0, 1e-9, &friction);
        // launderrodi1983: half widths grow by 0.26 of the way, their bell's deviation by 0.85 of that.
        let excess = 1.0 - fast.wind / fast.velocity;
        assert!(
            (at(&fast) / fast.velocity / (0.26 * excess / (2.0 * 2.0_f64.ln()).sqrt()) - 1.0).abs() < 1e-9
        );
        let as_slab = side_entrainment(SideEntrainment::Slab, &fast, 20.0, 1e-9, &friction);
        assert!(as_slab < at(&fast));
        // What the wind pushes on is no jet.
        let slow = Slab { velocity: 0.1, ..fast };
        let behind = super::friction(SideEntrainment::WallJet, &slow, &air);
        let by = |law| side_entrainment(law, &slow, 20.0, 1e-9, &behind);
        assert_eq!(by(SideEntrainment::WallJet), by(SideEntrainment::Slab));
    }

    #[test]
    fn a_slow_slab_is_pushed_and_a_fast_one_held_back() {
        let air = air(4.0);
        let still = Slab { velocity: 0.0, ..slab(&air, 1.5) };
        let fast = Slab { velocity: 40.0, ..still };
        let force =
            |slab: &Slab| exchange(slab, &air, &friction(SideEntrainment::WallJet, slab, &air)).downwind;
        assert!(force(&still) > 0.0 && force(&fast) < 0.0);
    }
}
