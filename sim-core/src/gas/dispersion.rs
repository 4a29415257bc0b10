//! The result of a gas run, from which products are made.

use std::sync::Arc;

use crate::gas::calm::PlacedCalm;
use crate::gas::dense::PlacedHeavy;
use crate::gas::effect::Effects;
use crate::gas::exposure::Exposed;
use crate::gas::hazard::{Evacuation, Zone};
use crate::gas::jet::Lead;
use crate::gas::receptor::Seen;
use crate::gas::sigma::{self, SigmaSet};
use crate::gas::source::Release;
use crate::gas::substance::Substance;
use crate::gas::sweep::Placed;
use crate::gas::validity::Verdict;
use crate::gas::weather::{Regime, Weather};
use crate::grid::{Field, Grid};

/// How the gas is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// A steady plume for each weather row; the worst of them counts.
    Plume,
    /// Puffs in the weather as it changes, from a release as it changes.
    Puffs,
    /// A heavy cloud as one slab for each weather row; the worst of them counts.
    Slab,
    /// A layer of heavy gas that flows over the ground in the weather as it changes.
    Layer,
}

/// The zones of another model for the same case.
#[derive(Debug, Clone, PartialEq)]
pub struct OtherModel {
    /// Which.
    pub transport: Transport,
    /// Its zones, the most severe level first.
    pub zones: Vec<Zone>,
    /// True where a criterion says that it does not hold for this gas.
    pub is_invalid: bool,
}

impl Transport {
    /// Its name in scenarios and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plume => "plume",
            Self::Puffs => "puffs",
            Self::Slab => "slab",
            Self::Layer => "layer",
        }
    }
}

/// Everything that is known after a plume or a cloud has been computed.
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
    /// How the gas was carried.
    pub transport: Transport,
    /// Set of dispersion coefficients by its name; none for that of the surroundings.
    pub coefficients: Option<&'static str>,
    /// One plume per weather row; none where puffs were followed. That of a calm row is no
    /// answer, but the bound of what a drift of the air may bring ([`Dispersion::plume_of`]).
    pub plumes: Vec<Placed>,
    /// The free jet of each weather row that hands over to its plume or puffs; none where gas begins at the hole.
    pub jets: Vec<Option<Arc<Lead>>>,
    /// What spreads in the weak wind of a row, one per plume; none where the wind is stronger.
    pub calm: Vec<Option<PlacedCalm>>,
    /// One heavy cloud per weather row where the slab model carries the gas; else none.
    pub heavy: Vec<PlacedHeavy>,
    /// Zones by the other models, where they were asked for.
    pub others: Vec<OtherModel>,
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
    /// What named places have seen.
    pub receptors: Vec<Seen>,
    /// Who may be harmed.
    pub exposure: Vec<Exposed>,
    /// Whom to move.
    pub evacuation: Evacuation,
    /// Speed with which the ground takes up the gas, m/s.
    pub deposition_velocity: f64,
    /// Fires, explosions, paths of light, advice.
    pub effects: Effects,
}

impl Dispersion {
    /// The plume of a weather row; none where the air is calm.
    pub fn plume_of(&self, row: usize) -> Option<&Placed> {
        let is_calm = self.weather.get(row).is_some_and(|air| air.regime() == Regime::Calm);
        self.plumes.get(row).filter(|_| !is_calm)
    }

    /// True where every weather row has a free jet that hands over.
    pub fn follows_the_jet(&self) -> bool {
        !self.jets.is_empty() && self.jets.iter().all(Option::is_some)
    }

    /// True where the jet of every weather row has thinned the gas below a concentration, kg/m³, before a plume
    /// begins: no coefficients had a part in its zone.
    pub fn ends_in_the_jet(&self, concentration: f64) -> bool {
        self.follows_the_jet() && self.jets.iter().flatten().all(|lead| lead.concentration < concentration)
    }

    /// What spreads in the weak wind of a weather row; none where the wind is stronger.
    pub fn calm_of(&self, row: usize) -> Option<&PlacedCalm> {
        self.calm.get(row).and_then(Option::as_ref)
    }

    /// True where the wind keeps its direction: it is known, and strong enough in every row.
    pub fn direction_holds(&self) -> bool {
        self.direction_known && self.weather.iter().all(|air| air.regime() == Regime::Steady)
    }

    /// What the zones are of, in words.
    pub fn carried_in_words(&self) -> &'static str {
        let has = |regime: Regime| self.weather.iter().any(|air| air.regime() == regime);
        match (self.transport, has(Regime::Calm), has(Regime::Light) || has(Regime::Steady)) {
            (Transport::Puffs, _, _) => "a cloud of puffs",
            (Transport::Layer, _, _) => "a layer of heavy gas over the ground",
            (Transport::Slab, _, _) => "a heavy cloud (slab model)",
            (_, true, false) => "gas in calm air",
            (_, true, true) => "gas in calm air, or a steady plume,",
            (_, false, _) if has(Regime::Light) => "a steady plume, or gas that spreads in light air,",
            _ => "a steady plume",
        }
    }

    /// Over what a concentration is a mean, in words.
    pub fn mean_in_words(&self) -> String {
        match self.transport {
            Transport::Layer => "mean over the eddies of the layer".to_owned(),
            _ => format!("mean over {} s", self.averaging_time),
        }
    }

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

impl Dispersion {
    /// The set of dispersion coefficients in some weather.
    pub fn coefficients_in(&self, weather: &Weather) -> &'static dyn SigmaSet {
        sigma::asked_or_of(self.coefficients, weather.surroundings)
    }

    /// True where a named place lies on other ground than the source.
    pub fn has_ground(&self) -> bool {
        self.receptors.iter().any(|seen| seen.receptor.ground != 0.0)
    }

    /// What the model leaves out, one short phrase each.
    pub fn not_modelled(&self) -> Vec<&'static str> {
        let mut phrases = NOT_MODELLED.to_vec();
        if self.transport == Transport::Slab {
            phrases.truncate(2);
            phrases.extend(BESIDE_A_SLAB);
        }
        if self.transport == Transport::Layer {
            phrases = crate::gas::dense::shallow::NOT_MODELLED.to_vec();
            phrases.push(
                "houses that are not in the raster of the ground; gas that migrates through soil and sewers",
            );
        }
        if self.follows_the_jet() {
            phrases.iter_mut().filter(|phrase| **phrase == THE_JET).for_each(|phrase| {
                *phrase = "ground, walls and obstacles in the way of the jet";
            });
        }
        if self.has_ground() {
            phrases.iter_mut().filter(|phrase| **phrase == "terrain").for_each(|phrase| {
                *phrase = "terrain, but for the height of the ground at the named places that have one";
            });
        }
        let closed_houses = self.receptors.iter().any(|seen| seen.indoors.is_some());
        phrases.push(if closed_houses {
            "infiltration into buildings other than the named places"
        } else {
            "infiltration into buildings"
        });
        phrases.push(if self.deposition_velocity > 0.0 {
            "washout and chemical reactions"
        } else {
            "deposition, washout and chemical reactions"
        });
        phrases.extend(match (self.effects.fire.is_empty(), self.effects.blast.is_empty()) {
            (true, true) => Some("fire and explosion effects"),
            (true, false) => Some("fire effects, fragments and fires that follow"),
            (false, true) => Some("explosion effects and fires that spread"),
            (false, false) => Some("fragments, reflected waves and fires that spread"),
        });
        phrases.extend((self.transport == Transport::Plume).then_some(STEADY));
        phrases
    }
}

/// What a steady plume leaves out besides.
const STEADY: &str = "changes of the rate and of the wind during the release";

/// What the slab of a heavy cloud leaves out, besides buildings and terrain.
const BESIDE_A_SLAB: [&str; 3] = [
    "slopes and hollows, along which heavy gas flows and in which it stays",
    "gas that migrates through soil, sewers and ducts into basements and buildings",
    STEADY,
];

/// What every model leaves out.
const NOT_MODELLED: [&str; 5] = [
    "buildings and street canyons",
    "terrain",
    "gas that migrates through soil, sewers and ducts into basements and buildings",
    "rise of light gas and slumping of heavy gas",
    THE_JET,
];

/// What a plume or puffs from a hole leave out.
const THE_JET: &str = "the jet near the hole";
