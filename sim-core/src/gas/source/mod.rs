//! Sources: how much comes out, and in what state.
//!
//! One file per kind of release; it joins by one line in [`ALL`].

pub mod gas_hole;
pub mod known_rate;

use crate::error::{Problem, Problems, Result};
use crate::gas::weather::Weather;
use crate::units;

/// The state of gas where it leaves a hole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExitState {
    /// Speed in the throat, m/s.
    pub velocity: f64,
    /// Temperature in the throat, K.
    pub temperature: f64,
    /// Pressure in the throat, Pa; above the air's where the flow is choked.
    pub pressure: f64,
    /// Density in the throat, kg/m³.
    pub density: f64,
    /// Diameter of the hole, m.
    pub diameter: f64,
    /// True where the flow leaves at the speed of sound.
    pub choked: bool,
    /// Speed after the gas has expanded to the pressure of the air, m/s.
    pub expanded_velocity: f64,
    /// Density after it has expanded and come to rest at its temperature upstream, kg/m³.
    pub expanded_density: f64,
}

impl ExitState {
    /// Thrust of the jet, N: the momentum it carries each second.
    pub fn momentum_flux(&self, rate: f64) -> f64 {
        rate * self.expanded_velocity
    }

    /// Diameter of the jet where it has reached the pressure of the air, m.
    ///
    /// # Source
    /// birch1987: mass conserved at the expanded speed and density.
    pub fn expanded_diameter(&self, rate: f64) -> f64 {
        let area = rate / (self.expanded_density * self.expanded_velocity);
        (4.0 * area / std::f64::consts::PI).sqrt()
    }
}

/// A release of gas at a steady rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    /// x in the grid's reference, m.
    pub x: f64,
    /// y in the grid's reference, m.
    pub y: f64,
    /// Height above the ground, m.
    pub height: f64,
    /// Mass rate, kg/s.
    pub rate: f64,
    /// How long it lasts, s.
    pub duration: f64,
    /// State at the exit, where it is known.
    pub exit: Option<ExitState>,
    /// How the rate was found, in words.
    pub description: String,
}

/// Highest release that is taken for one near the ground, m.
const HIGHEST_RELEASE: f64 = 500.0;

/// Longest release, s (thirty days).
const LONGEST_RELEASE: f64 = 30.0 * 86_400.0;

/// Largest mass rate, kg/s (a rupture of the largest gas pipelines).
const LARGEST_RATE: f64 = 50_000.0;

impl Release {
    /// Mass released in all, kg.
    pub fn mass(&self) -> f64 {
        self.rate * self.duration
    }

    /// Density of the gas at the pressure of the air, kg/m³: after expansion
    /// where the exit is known, else at the temperature of the air.
    pub fn density(&self, molar_mass: f64, weather: &Weather) -> f64 {
        let at_rest = units::ideal_gas_density(molar_mass, weather.air_temperature, weather.pressure);
        self.exit.map_or(at_rest, |exit| exit.expanded_density)
    }

    /// # Errors
    /// E4020 for a rate, duration or height that cannot be.
    pub fn check(&self) -> Result<()> {
        let smallest = f64::MIN_POSITIVE;
        let rows = [
            ("mass rate", self.rate, smallest, LARGEST_RATE, "kg/s"),
            ("duration of the release", self.duration, smallest, LONGEST_RELEASE, "s"),
            ("height of the release", self.height, 0.0, HIGHEST_RELEASE, "m"),
        ];
        let problems: Vec<Problem> = rows
            .iter()
            .filter(|row| !(row.2..=row.3).contains(&row.1))
            .map(|&(name, value, _, high, unit)| {
                Problem::error(
                    4020,
                    format!("{name} is {value} {unit}; allowed is above 0 up to {high} {unit}"),
                )
                .fix("check the unit; a height may be 0")
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }
}

/// A kind of release, for lists and messages.
pub trait SourceKind: Sync {
    /// Name by which scenarios ask for it.
    fn name(&self) -> &'static str;

    /// One sentence.
    fn meaning(&self) -> &'static str;
}

/// Every kind of release.
pub const ALL: [&dyn SourceKind; 2] = [&gas_hole::GasHoleKind, &known_rate::KnownRateKind];
