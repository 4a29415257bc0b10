//! A jet in a cross-wind, by integrating its fluxes along the axis.

use std::f64::consts::PI;

use crate::error::Result;
use crate::gas::jet::Source;
use crate::units::{GAS_CONSTANT, GRAVITY, MOLAR_MASS_AIR};

/// The air around a jet, the same everywhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ambient {
    /// Wind along x, m/s; zero in still air.
    pub wind: f64,
    /// Temperature, K.
    pub temperature: f64,
    /// Pressure, Pa.
    pub pressure: f64,
}

impl Ambient {
    /// Density, kg/m³.
    pub fn density(&self) -> f64 {
        self.pressure * MOLAR_MASS_AIR / (GAS_CONSTANT * self.temperature)
    }
}

/// Heat capacity of dry air at constant pressure, J/(kg K): 7/2 R/M of a diatomic gas.
const HEAT_CAPACITY_AIR: f64 = 3.5 * GAS_CONSTANT / MOLAR_MASS_AIR;

/// Entrainment of a jet by its own speed, for bell-shaped profiles.
///
/// # Source
/// jirka2004, α₁ = 0.055, as coded in a public program; 0.057 in ooms1974. In the measure of
/// Ricou and Spalding, dm/ds = C √(ρa J), it is C = 0.276 (they measured 0.282).
const JET_ENTRAINMENT: f64 = 0.055;

/// Entrainment by buoyancy: this over the square of the local Froude number.
///
/// # Source
/// jirka2004, α₂ = 0.6, as coded in a public program; in a pure plume the sum becomes 0.08
/// (0.082 in houfschefer2008).
const PLUME_ENTRAINMENT: f64 = 0.6;

/// Entrainment by the wind across the axis, as a share of it, for the radius of uniform profiles.
///
/// # Source
/// briggs1975: β = 0.6 of bent-over plumes, which is the 1.60 = (3/2β²)^(1/3) of isc3 section 1.1.4, gradual rise.
const WIND_ENTRAINMENT: f64 = 0.6;

/// Width of the concentration's bell over that of the speed's.
///
/// # Source
/// jirka2004: 1.20; 1.16 in ooms1974 and houfschefer2008.
const SPREADING_RATIO: f64 = 1.20;

/// Excess of speed, as a share of the wind, below which the jet is spent.
///
/// # Source
/// The customary hand-over; with it the mixing by the jet is no more than that by the wind's turbulence.
pub const SPENT: f64 = 0.1;

/// Step along the axis in radii: a tenth keeps the fluxes to 1e-6.
const STEP: f64 = 0.1;

/// Most steps: the radius grows by at least half a per cent in each, e^100 in all.
const MOST_STEPS: usize = 20_000;

/// What passes through a cross-section.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Flux {
    place: [f64; 3],
    /// kg/s.
    mass: f64,
    /// N.
    momentum: [f64; 3],
}

impl Flux {
    fn moved(&self, by: &Self, step: f64) -> Self {
        let add = |a: [f64; 3], b: [f64; 3]| [0, 1, 2].map(|i| a[i] + step * b[i]);
        Self {
            place: add(self.place, by.place),
            mass: self.mass + step * by.mass,
            momentum: add(self.momentum, by.momentum),
        }
    }
}

/// A cross-section of a jet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Section {
    /// Distance along the axis, m.
    pub along: f64,
    /// Place of the axis from the foot of the source: downwind, across, up, m.
    pub place: [f64; 3],
    /// Mean speed, m/s.
    pub velocity: f64,
    /// Radius of the uniform profile that carries the same fluxes, m.
    pub radius: f64,
    /// Mass flux of gas and air, kg/s.
    pub mass: f64,
    /// Momentum flux, N.
    pub momentum: [f64; 3],
    /// Mean density, kg/m³.
    pub density: f64,
    /// Mean mass fraction of the gas.
    pub mass_fraction: f64,
    /// Mass fraction on the axis.
    pub centre_mass_fraction: f64,
    /// Volume fraction on the axis.
    pub centre_volume_fraction: f64,
    /// Radius at which the mass fraction is 1/e of that on the axis, m.
    pub concentration_radius: f64,
}

impl Section {
    /// Radius at which the mass fraction is half of that on the axis, m.
    pub fn half_radius(&self) -> f64 {
        self.concentration_radius * std::f64::consts::LN_2.sqrt()
    }

    /// Standard deviation of the concentration across the axis, m: what a plume or puff begins with.
    pub fn sigma(&self) -> f64 {
        self.concentration_radius * std::f64::consts::FRAC_1_SQRT_2
    }
}

/// Why a jet ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Its own speed is below a tenth of the wind: a plume or puffs take over.
    Spent,
    /// The axis came down to the ground.
    Ground,
    /// It reached the length that was asked for.
    Length,
}

/// A jet: its cross-sections from the source on.
#[derive(Debug, Clone, PartialEq)]
pub struct Jet {
    /// The source.
    pub source: Source,
    /// The air.
    pub ambient: Ambient,
    /// Cross-sections.
    pub sections: Vec<Section>,
    /// Why the last one is the last.
    pub end: End,
}

impl Jet {
    /// A jet from its source to where it is spent, comes to the ground or has a length.
    ///
    /// Mass, momentum and gas are conserved along the axis s of a round jet:
    ///
    /// $$ \frac{dm}{ds} = E,\quad \frac{d\vec P}{ds} = E\,\vec u_a + g(\rho_a-\rho)\pi B^2\,\hat z,\quad
    /// \frac{d(mY)}{ds} = 0,\quad \frac{d\vec x}{ds} = \frac{\vec P}{|\vec P|} $$
    ///
    /// $$ E = 2\pi B\left[\sqrt2\left(\alpha_1 + \alpha_2\frac{\sin\theta}{F^2}\right)
    /// |u - u_a\cos\theta|\sqrt{\rho\rho_a} + \beta\, u_a \sin\theta_a\,\rho_a\right] $$
    ///
    /// with the local Froude number F of the bell-shaped profiles that carry the
    /// same fluxes, θ the angle to the horizontal and θa that to the wind. The
    /// root of the densities is Ricou and Spalding's. Gas and air mix as ideal
    /// gases without condensation. The axis' concentration follows from the
    /// profile; it stays that of the pure gas for the first five diameters or so.
    ///
    /// # Units
    /// - `length`: along the axis, m, at most
    ///
    /// # Valid for
    /// Open air: no ground, wall or obstacle within the jet's radius, a wind that does not
    /// change with height over its rise. Calm to strong wind along x. Drag and the
    /// pressure in the wake are not modelled.
    ///
    /// # Errors
    /// E4551 a source or air that cannot be.
    ///
    /// # Source
    /// Fluxes as in ooms1974; entrainment: jirka2004, ricouspalding1961, briggs1975.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::jet::{Ambient, Jet, Source};
    /// // Air into still air, 10 mm, 100 m/s: the law of the free jet, c/c0 = 5.4 d/x.
    /// let air = Ambient { wind: 0.0, temperature: 288.15, pressure: 101_325.0 };
    /// let rate = air.density() * 100.0 * std::f64::consts::FRAC_PI_4 * 1e-4;
    /// let source = Source { rate, velocity: 100.0, temperature: 288.15, molar_mass: 0.028_964_42,
    ///     heat_capacity: 1004.6, height: 5.0, direction: [1.0, 0.0, 0.0] };
    /// let jet = Jet::new(source, air, 2.0)?;
    /// let last = jet.sections.last().expect("some");
    /// assert!((last.centre_mass_fraction * last.along / 0.01 - 5.4).abs() < 0.15);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn new(source: Source, ambient: Ambient, length: f64) -> Result<Self> {
        source.check()?;
        let start = start(&source);
        let mut jet = Self { source, ambient, sections: Vec::new(), end: End::Length };
        let (mut flux, mut along) = (start, 0.0);
        for _ in 0..MOST_STEPS {
            let section = jet.section(&flux, along);
            jet.sections.push(section);
            if flux.place[2] < 0.0 {
                jet.end = End::Ground;
                break;
            }
            if jet.excess(&section) < SPENT * ambient.wind {
                jet.end = End::Spent;
                break;
            }
            if along >= length {
                break;
            }
            let step = (STEP * section.radius).min(length - along);
            flux = jet.stepped(&flux, step);
            // The last step ends at the length to the bit, so that it is not followed by a step of nothing.
            along = if step < length - along { along + step } else { length };
        }
        Ok(jet)
    }

    /// What its axis' speed exceeds the air's by, as a vector's length, m/s.
    fn excess(&self, section: &Section) -> f64 {
        let difference = [0, 1, 2]
            .map(|i| section.momentum[i] / section.mass - if i == 0 { self.ambient.wind } else { 0.0 });
        norm(difference)
    }

    /// One step of the classical method of Runge and Kutta.
    fn stepped(&self, flux: &Flux, step: f64) -> Flux {
        let first = self.slope(flux);
        let second = self.slope(&flux.moved(&first, 0.5 * step));
        let third = self.slope(&flux.moved(&second, 0.5 * step));
        let fourth = self.slope(&flux.moved(&third, step));
        flux.moved(&first, step / 6.0)
            .moved(&second, step / 3.0)
            .moved(&third, step / 3.0)
            .moved(&fourth, step / 6.0)
    }

    /// Change of the fluxes along the axis.
    fn slope(&self, flux: &Flux) -> Flux {
        let section = self.section(flux, 0.0);
        let (air, wind) = (self.ambient.density(), self.ambient.wind);
        let strength = norm(flux.momentum);
        let axis = flux.momentum.map(|part| part / strength);
        let with_wind = wind * axis[0];
        let across_wind = wind * (1.0 - axis[0] * axis[0]).max(0.0).sqrt();
        let excess = (section.velocity - with_wind).abs();
        let lift = GRAVITY * (air - section.density);
        let own = self.own_entrainment(&section, excess, lift, axis[2]);
        let entrained = 2.0
            * PI
            * section.radius
            * (own * excess * (section.density * air).sqrt() + WIND_ENTRAINMENT * across_wind * air);
        let area = PI * section.radius * section.radius;
        Flux { place: axis, mass: entrained, momentum: [entrained * wind, 0.0, lift * area] }
    }

    /// Entrainment by speed and buoyancy, for the radius of uniform profiles.
    fn own_entrainment(&self, section: &Section, excess: f64, lift: f64, steepness: f64) -> f64 {
        // Bell-shaped profiles: twice the mean excess on the axis, radius over √2.
        let speed = 2.0 * excess;
        let width = section.radius * std::f64::consts::FRAC_1_SQRT_2;
        let square = SPREADING_RATIO * SPREADING_RATIO;
        let pull = lift / self.ambient.density() * (1.0 + square) / square * width;
        let buoyant = if speed > 0.0 { PLUME_ENTRAINMENT * pull * steepness / (speed * speed) } else { 0.0 };
        std::f64::consts::SQRT_2 * (JET_ENTRAINMENT + buoyant.clamp(0.0, LARGEST_BUOYANT_ENTRAINMENT))
    }

    /// Everything that is known about a cross-section.
    fn section(&self, flux: &Flux, along: f64) -> Section {
        let strength = norm(flux.momentum);
        let velocity = strength / flux.mass;
        let mass_fraction = self.source.rate / flux.mass;
        let density = self.density(mass_fraction);
        let radius = (flux.mass / (PI * density * velocity)).sqrt();
        let centre_mass_fraction =
            (mass_fraction * self.centre_over_mean(velocity, flux.momentum[0] / strength)).min(1.0);
        Section {
            along,
            place: flux.place,
            velocity,
            radius,
            mass: flux.mass,
            momentum: flux.momentum,
            density,
            mass_fraction,
            centre_mass_fraction,
            centre_volume_fraction: self.volume_fraction(centre_mass_fraction),
            concentration_radius: SPREADING_RATIO * radius * std::f64::consts::FRAC_1_SQRT_2,
        }
    }

    /// Mass fraction on the axis over the mean of the flux, for bell-shaped profiles on top of the wind.
    fn centre_over_mean(&self, velocity: f64, cosine: f64) -> f64 {
        let carried = (self.ambient.wind * cosine).clamp(0.0, velocity);
        let peak = 2.0 * (velocity - carried);
        let square = SPREADING_RATIO * SPREADING_RATIO;
        (2.0 * carried + peak) / (square * (carried + peak / (1.0 + square)))
    }

    /// Density of a mixture, kg/m³, by its enthalpy and mean molar mass.
    pub fn density(&self, mass_fraction: f64) -> f64 {
        let (gas, air) = (mass_fraction, 1.0 - mass_fraction);
        let (heat_gas, heat_air) = (gas * self.source.heat_capacity, air * HEAT_CAPACITY_AIR);
        let temperature = (heat_gas * self.source.temperature + heat_air * self.ambient.temperature)
            / (heat_gas + heat_air);
        let moles = gas / self.source.molar_mass + air / MOLAR_MASS_AIR;
        self.ambient.pressure / (GAS_CONSTANT * temperature * moles)
    }

    /// Volume fraction of a mass fraction.
    pub fn volume_fraction(&self, mass_fraction: f64) -> f64 {
        let gas = mass_fraction / self.source.molar_mass;
        gas / (gas + (1.0 - mass_fraction) / MOLAR_MASS_AIR)
    }

    /// Mass fraction of a volume fraction.
    pub fn mass_fraction(&self, volume_fraction: f64) -> f64 {
        let gas = volume_fraction * self.source.molar_mass;
        gas / (gas + (1.0 - volume_fraction) * MOLAR_MASS_AIR)
    }
}

/// Most that buoyancy adds: where a jet has nearly stopped the Froude number says nothing, and a
/// lazy plume entrains no more than twice a pure one.
const LARGEST_BUOYANT_ENTRAINMENT: f64 = 0.1;

fn norm(vector: [f64; 3]) -> f64 {
    vector.iter().map(|part| part * part).sum::<f64>().sqrt()
}

/// The fluxes of the source.
fn start(source: &Source) -> Flux {
    let length = norm(source.direction);
    Flux {
        place: [0.0, 0.0, source.height],
        mass: source.rate,
        momentum: source.direction.map(|part| source.rate * source.velocity * part / length),
    }
}
