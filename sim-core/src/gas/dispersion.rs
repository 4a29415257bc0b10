//! The result of a gas run, from which products are made.

use crate::gas::hazard::{Evacuation, Zone};
use crate::gas::source::Release;
use crate::gas::substance::Substance;
use crate::gas::sweep::Placed;
use crate::gas::validity::Verdict;
use crate::gas::weather::Weather;
use crate::grid::{Field, Grid};

/// Everything that is known after a plume has been computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispersion {
    /// Title of the case.
    pub title: String,
    /// The grid of the fields and the reference of the outlines.
    pub grid: Grid,
    /// What leaks.
    pub substance: Substance,
    /// How.
    pub release: Release,
    /// Weather rows.
    pub weather: Vec<Weather>,
    /// False where nobody knows where the wind comes from: fields and zones then hold for every direction.
    pub direction_known: bool,
    /// One plume per weather row.
    pub plumes: Vec<Placed>,
    /// Averaging time, s.
    pub averaging_time: f64,
    /// Height of the receptors, m.
    pub receptor_height: f64,
    /// Largest concentration over the weather rows, kg/m³.
    pub concentration: Field,
    /// Earliest arrival of the mildest level, s; NaN where it is never reached.
    pub arrival: Field,
    /// Zones, the most severe level first.
    pub zones: Vec<Zone>,
    /// What was judged of the model's validity.
    pub verdicts: Vec<Verdict>,
    /// True where the gas is too dense for the model and the case accepted that.
    pub is_invalid: bool,
    /// Whom to move.
    pub evacuation: Evacuation,
}

impl Dispersion {
    /// What a title begins with: a mark where the model is not valid.
    pub fn mark(&self) -> &'static str {
        if self.is_invalid { "NOT VALID (dense gas): " } else { "" }
    }

    /// The same in Chinese.
    pub fn mark_zh(&self) -> &'static str {
        if self.is_invalid { "结果无效（重气）：" } else { "" }
    }

    /// Volume fraction in ppm of a mass concentration in the thinnest air of the weather rows.
    ///
    /// The same mass is a larger share of thinner air, so with several rows this is an upper bound.
    pub fn ppm(&self, concentration: f64) -> f64 {
        self.weather.iter().map(|air| self.ppm_in(air, concentration)).fold(0.0, f64::max)
    }

    /// Volume fraction in ppm of a mass concentration in the air of a weather row.
    pub fn ppm_in(&self, air: &Weather, concentration: f64) -> f64 {
        let fraction = crate::units::volume_fraction(
            concentration,
            self.substance.molar_mass.value,
            air.air_temperature,
            air.pressure,
        );
        // The pure gas of warmer air is thinner: never more than all of it.
        (fraction * 1e6).min(1e6)
    }
}

/// What the plume leaves out, one short phrase each.
pub const NOT_MODELLED: [&str; 9] = [
    "buildings and street canyons",
    "terrain",
    "gas that migrates through soil, sewers and ducts into basements and buildings",
    "infiltration into buildings",
    "rise of light gas and slumping of heavy gas",
    "the jet near the hole",
    "deposition, washout and chemical reactions",
    "changes of the rate during the release",
    "fire and explosion effects",
];
