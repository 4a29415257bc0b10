//! Sources: how much comes out, and in what state.
//!
//! One file per kind of release. A source that changes in time hands on a
//! [`term::SourceTerm`]: a [`history::History`] with the numbers it was found
//! from. A kind that scenarios may ask for joins by one line in [`ALL`].
//!
//! | file | what leaks |
//! |---|---|
//! | [`known_rate`], [`gas_hole`] | gas at a steady rate |
//! | [`known_course`] | a given mass, or given rates over time |
//! | [`vessel_blowdown`], [`pipeline_blowdown`], [`relief_valve`] | gas whose pressure falls, or that a valve lets go |
//! | [`liquid_outflow`], [`two_phase`] | liquid that stays liquid, liquid that boils as it leaves |
//! | [`flash`], [`pool`] | what drifts and what falls; the vapour of a pool ([`evaporation`]) |
//! | [`spill`] | liquid outside its tank: what drifts at once and what rises from its pool |
//! | [`city_gas`] | pressure classes and the usual damage of mains |
//!
//! [`nozzle`], [`fanno`] and [`compressibility`] are the gas dynamics they share;
//! [`hj169`] has the guideline's own numbers to set beside them.

pub mod city_gas;
pub mod compressibility;
pub mod evaporation;
pub mod fanno;
pub mod flash;
pub mod gas_hole;
pub mod history;
pub mod hj169;
pub mod known_course;
pub mod known_rate;
pub mod liquid_outflow;
pub mod nozzle;
pub mod pipeline_blowdown;
pub mod pool;
pub mod relief_valve;
pub mod spill;
pub mod term;
pub mod two_phase;
pub mod vessel_blowdown;

use crate::error::{Problem, Problems, Result};
use crate::gas::jet::Axis;
use crate::gas::plume_rise;
use crate::gas::source::history::History;
use crate::gas::source::term::Fact;
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
    /// Where a free jet points; none where the hole is hidden, or nobody knows: the plume then begins at the hole.
    pub jet: Option<Axis>,
    /// Diameter of the pool from which some or all of it rises, m; none without a pool.
    pub pool_diameter: Option<f64>,
    /// The chimney, where its plume is to rise; then there is no jet.
    pub stack: Option<plume_rise::Exit>,
    /// The rate over time where it changes; the rate above is then its largest.
    pub history: Option<History>,
    /// Numbers from which it was found, for a report.
    pub facts: Vec<Fact>,
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
        self.history.as_ref().map_or(self.rate * self.duration, History::total)
    }

    /// When the last of it has left, s after the start.
    pub fn end(&self) -> f64 {
        self.history.as_ref().map_or(self.duration, History::end)
    }

    /// Density of what leaves at the pressure of the air, kg/m³, cold and with its
    /// drops: after expansion where the exit is known, else as it rises from a pool, else
    /// gas at the temperature of the air.
    pub fn density(&self, molar_mass: f64, weather: &Weather) -> f64 {
        if let Some(stack) = self.stack {
            return stack.density(weather.pressure);
        }
        let at_rest = units::ideal_gas_density(molar_mass, weather.air_temperature, weather.pressure);
        let rises = self.pool_diameter.and(self.history.as_ref()).map(|history| history.peak().state.density);
        self.exit.map(|exit| exit.expanded_density).or(rises).unwrap_or(at_rest)
    }

    /// Diameter of the pool from which all of it rises, m; none where a jet blows beside it, as the narrower
    /// source is the stronger one.
    pub fn pool_alone(&self) -> Option<f64> {
        self.pool_diameter.filter(|_| self.exit.is_none())
    }

    /// True where temperature and speed of what leaves are known, not only its rate.
    pub fn state_is_known(&self) -> bool {
        self.exit.is_some() || self.pool_diameter.is_some() || self.stack.is_some()
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
pub const ALL: [&dyn SourceKind; 11] = [
    &gas_hole::GasHoleKind,
    &known_rate::KnownRateKind,
    &known_course::KnownMassKind,
    &known_course::RateSeriesKind,
    &city_gas::CityGasKind,
    &pipeline_blowdown::PipelineBlowdownKind,
    &vessel_blowdown::VesselBlowdownKind,
    &relief_valve::ReliefValveKind,
    &liquid_outflow::LiquidTankKind,
    &two_phase::FlashingKind,
    &pool::PoolKind,
];
