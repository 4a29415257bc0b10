//! What a plume and a puff have in common: the laws they obey and how a state is read.

use super::averaging::width_share;
use super::entrainment::{
    self, Exchange, Friction, SideEntrainment, Slab, TopEntrainment, crosswind_stability, side_entrainment,
    top_entrainment,
};
use super::mixture::{Balance, Composition, Material, balance};
use super::spreading::{Front, frontal_entrainment};
use super::surface_air::{Stratification, SurfaceAir};
use crate::units::GRAVITY;

/// Which published laws a cloud obeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Laws {
    /// Entrainment at the top.
    pub top: TopEntrainment,
    /// Entrainment at the sides of a cloud that is faster than the wind.
    pub side: SideEntrainment,
    /// How the stratification of the air changes with height.
    pub stratification: Stratification,
    /// What limits the spreading by weight.
    pub front: Front,
    /// Whether a cloud that has become lighter than the air rises at once, as in SLAB; else only
    /// where its buoyancy beats the wind ([`LIFT_OFF`]).
    pub lifts_at_once: bool,
}

impl Laws {
    /// What is recommended: entrainment by similarity that weight damps as in HEGADAS, jets as they were measured, a front
    /// that the air resists and that rolls air in, no rising before the wind lets go.
    pub const STANDARD: Self = Self {
        top: TopEntrainment::Hegadas,
        side: SideEntrainment::WallJet,
        stratification: Stratification::Fading,
        front: Front::Resisted,
        lifts_at_once: false,
    };

    /// SLAB's own choices, to compare with it.
    pub const SLAB: Self = Self {
        top: TopEntrainment::Slab,
        side: SideEntrainment::Slab,
        stratification: Stratification::Fading,
        front: Front::Free,
        lifts_at_once: true,
    };
}

/// Buoyancy g (ρa − ρ)/ρa h over the square of the wind below which a light cloud stays on the ground.
///
/// # Source
/// hallwalker2000: lift-off at F/(W u³) ≈ 0.035, second-hand after the notes of a public program.
pub const LIFT_OFF: f64 = 0.035;

/// A cross-section of a cloud, or a puff as it passes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Station {
    /// Distance downwind from the middle of the source, m.
    pub x: f64,
    /// Mean age of its gas since the release, s; of a puff the time since the release began.
    pub time: f64,
    /// Half width B of the uniform slab, m; $B^2 = b^2 + 3\beta^2$.
    pub half_width: f64,
    /// Half width b of the flat core, m.
    pub core: f64,
    /// Half length of a puff along the wind, m; zero for a section of a plume.
    pub half_length: f64,
    /// Half length of its flat core, m.
    pub core_length: f64,
    /// Thickness, m.
    pub height: f64,
    /// Height of the centre, m; zero on the ground.
    pub centre: f64,
    /// Speed downwind, m/s.
    pub velocity: f64,
    /// Speed of the edges to the sides, m/s.
    pub spreading: f64,
    /// Speed of its centre upwards, m/s.
    pub rising: f64,
    /// Mean temperature, K.
    pub temperature: f64,
    /// Mean density, kg/m³.
    pub density: f64,
    /// Mean heat capacity, J/(kg K).
    pub heat_capacity: f64,
    /// Mean mass fraction of the substance, drops included.
    pub mass_fraction: f64,
    /// Mean volume fraction of the substance, drops taken as vapour.
    pub fraction: f64,
    /// Mass fraction of drops of the substance.
    pub drops: f64,
    /// Enthalpy above that of air and vapour at the air's temperature, J/kg.
    pub enthalpy: f64,
    /// Mean wind over its thickness, m/s.
    pub wind: f64,
    /// Half the mass flux of a plume, kg/s, or a quarter of the mass of a puff, kg, with the air.
    pub flux: f64,
    /// Mass of the substance between the source and here, kg.
    pub carried: f64,
    /// Friction velocity of the cloud, m/s.
    pub friction_velocity: f64,
    /// Speed of the growth of width by turbulence, m/s.
    pub widening: f64,
    /// How near its weight is to outrunning the wind: 1 where gas begins to creep upwind.
    pub crowding: f64,
}

impl Station {
    /// Width β of the slopes across the wind, m.
    pub fn slope(&self) -> f64 {
        ((self.half_width * self.half_width - self.core * self.core).max(0.0) / 3.0).sqrt()
    }

    /// Width of the slopes along the wind of a puff, m.
    pub fn slope_length(&self) -> f64 {
        ((self.half_length * self.half_length - self.core_length * self.core_length).max(0.0) / 3.0).sqrt()
    }

    /// True where its base is off the ground.
    pub fn is_lofted(&self) -> bool {
        self.centre > 0.5 * self.height
    }

    /// Richardson number g (ρ − ρa)/ρa h/u*² of the cloud.
    pub fn richardson(&self, air: &SurfaceAir) -> f64 {
        GRAVITY * (self.density - air.density) / air.density * self.height
            / (self.friction_velocity * self.friction_velocity)
    }

    /// A station between two, the share of the way from this to the other.
    pub(super) fn between(&self, other: &Self, share: f64) -> Self {
        let line = |a: f64, b: f64| a + share * (b - a);
        let power = |a: f64, b: f64| if a > 0.0 && b > 0.0 { a * (b / a).powf(share) } else { line(a, b) };
        Self {
            x: line(self.x, other.x),
            time: line(self.time, other.time),
            half_width: power(self.half_width, other.half_width),
            core: power(self.core, other.core),
            half_length: power(self.half_length, other.half_length),
            core_length: power(self.core_length, other.core_length),
            height: power(self.height, other.height),
            centre: line(self.centre, other.centre),
            velocity: power(self.velocity, other.velocity),
            spreading: line(self.spreading, other.spreading),
            rising: line(self.rising, other.rising),
            temperature: line(self.temperature, other.temperature),
            density: line(self.density, other.density),
            heat_capacity: line(self.heat_capacity, other.heat_capacity),
            mass_fraction: power(self.mass_fraction, other.mass_fraction),
            fraction: power(self.fraction, other.fraction),
            drops: line(self.drops, other.drops),
            enthalpy: line(self.enthalpy, other.enthalpy),
            wind: line(self.wind, other.wind),
            flux: power(self.flux, other.flux),
            carried: line(self.carried, other.carried),
            friction_velocity: line(self.friction_velocity, other.friction_velocity),
            widening: line(self.widening, other.widening),
            crowding: line(self.crowding, other.crowding),
        }
    }

    /// As the laws of mixing see it.
    pub(super) fn slab(&self, blowing: f64, air: &SurfaceAir) -> Slab {
        Slab {
            half_width: self.half_width,
            height: self.height,
            centre: self.centre,
            velocity: self.velocity,
            spreading: self.spreading,
            rising: self.rising,
            temperature: self.temperature,
            density: self.density,
            heat_capacity: self.heat_capacity,
            wind: self.wind,
            blowing,
            ground_temperature: entrainment::felt_ground(self.mass_fraction, air),
        }
    }
}

/// The air, the substance and the laws: what does not change along a cloud.
#[derive(Debug, Clone)]
pub(super) struct Setting<'a> {
    pub(super) material: Material,
    pub(super) air: &'a SurfaceAir,
    pub(super) laws: Laws,
    /// Slope of the growth of width at an instant.
    pub(super) growth: f64,
}

/// How a section mixes.
pub(super) struct Mixing {
    pub(super) top: f64,
    pub(super) side: f64,
    /// Air that each edge rolls in, m³/s per metre.
    pub(super) front: f64,
    pub(super) friction: Friction,
    pub(super) exchange: Exchange,
}

impl<'a> Setting<'a> {
    pub(super) fn new(material: Material, air: &'a SurfaceAir, laws: Laws) -> Self {
        let growth = entrainment::CROSSWIND * width_share(0.0) * crosswind_stability(air);
        Self { material, air, laws, growth }
    }

    /// The mixture of a mass fraction and an enthalpy.
    pub(super) fn balance(&self, substance: f64, enthalpy: f64, guess: f64) -> Balance {
        let mixture = Composition::of(substance, self.air.water);
        balance(&self.material, &mixture, enthalpy, self.air.temperature, self.air.pressure, guess)
    }

    /// Volume fraction of a mass fraction, drops taken as vapour.
    pub(super) fn volume_fraction(&self, mass_fraction: f64) -> f64 {
        let gas = mass_fraction / self.material.molar_mass;
        gas / (gas + (1.0 - mass_fraction) / self.air.molar_mass)
    }

    /// Mass fraction of a volume fraction.
    pub(super) fn mass_fraction(&self, fraction: f64) -> f64 {
        let gas = fraction * self.material.molar_mass;
        gas / (gas + (1.0 - fraction) * self.air.molar_mass)
    }

    /// Mean wind over a slab, m/s.
    pub(super) fn wind_over(&self, centre: f64, height: f64) -> f64 {
        if centre > 0.5 * height {
            self.air.mean_wind(centre - 0.5 * height, centre + 0.5 * height)
        } else {
            self.air.mean_wind(0.0, height)
        }
    }

    pub(super) fn mixing(&self, slab: &Slab) -> Mixing {
        let friction = entrainment::friction(self.laws.side, slab, self.air);
        Mixing {
            top: top_entrainment(self.laws.top, slab, self.air, &friction),
            side: side_entrainment(self.laws.side, slab, slab.half_width, self.growth, &friction),
            front: frontal_entrainment(self.laws.front, slab.height, slab.spreading),
            exchange: entrainment::exchange(slab, self.air, &friction),
            friction,
        }
    }

    /// Whether a section moves up and down by its weight: off the ground, or lighter than the wind can hold down.
    pub(super) fn is_free(&self, lofted: bool, density: f64, height: f64, wind: f64) -> bool {
        let buoyancy = GRAVITY * (self.air.density - density) / self.air.density * height;
        lofted || (buoyancy > 0.0 && (self.laws.lifts_at_once || buoyancy > LIFT_OFF * wind * wind))
    }
}

/// Share of the way towards the first next guess, in powers: SLAB's geometric damping.
const TOWARDS: f64 = 2.0 / 3.0;

/// Closeness of speed and thickness to each other.
const CLOSE: f64 = 1e-7;

/// Most rounds in which they are matched.
const ROUNDS: usize = 60;

/// Matches a speed and what depends on it: repeats `next` from a first speed until it stays,
/// by secants of the logarithms where they are steep enough.
pub(super) fn matched(first: f64, mut next: impl FnMut(f64) -> f64) -> f64 {
    let mut logarithm = first.ln();
    let (mut before, mut change_before) = (f64::NAN, f64::NAN);
    for _ in 0..ROUNDS {
        let change = next(logarithm.exp()).max(f64::MIN_POSITIVE).ln() - logarithm;
        if change.abs() < CLOSE {
            break;
        }
        let slope = (change - change_before) / (logarithm - before);
        let way = if slope < -0.1 { -change / slope } else { TOWARDS * change };
        (before, change_before) = (logarithm, change);
        logarithm += way.clamp(-1.0, 1.0);
    }
    logarithm.exp()
}
