//! A field trial: what was set free into which air, and what was measured where.

use sim_core::gas::weather::surface_layer::Profile;
use sim_core::units::{GAS_CONSTANT, MOLAR_MASS_AIR};

/// How the gas came out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Origin {
    /// It boiled off a pool of this radius, m.
    Pool { radius: f64 },
    /// A level jet of liquefied gas.
    Jet {
        /// Area of the opening, m²; of the jet after its expansion where `is_expanded`.
        opening: f64,
        /// Whether `opening` is that of the expanded jet.
        is_expanded: bool,
        /// Height, m.
        height: f64,
        /// Temperature of the store, or of the expanded jet, K.
        store_temperature: f64,
        /// Share of drops by mass once it is at the air's pressure.
        liquid_share: f64,
    },
}

/// The air of a trial.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TrialAir {
    /// Wind, m/s, and the height it is told for, m: the height nearest to that of the cloud that was measured.
    pub(crate) wind: (f64, f64),
    /// Wind at 10 m, m/s, measured or by the profile.
    pub(crate) high_wind: f64,
    /// Roughness length, m.
    pub(crate) roughness: f64,
    /// 1/L, 1/m.
    pub(crate) inverse_length: f64,
    /// Friction velocity where it was measured, m/s.
    pub(crate) friction_velocity: Option<f64>,
    /// Index of stability that was given to SLAB, 1 for class A to 6 for F, where it is told.
    pub(crate) slab_index: Option<f64>,
    /// K.
    pub(crate) temperature: f64,
    /// 0 to 1.
    pub(crate) relative_humidity: f64,
    /// Pa.
    pub(crate) pressure: f64,
    /// Temperature of the ground where it is told, K.
    pub(crate) ground_temperature: Option<f64>,
}

impl TrialAir {
    /// Density of the dry air, kg/m³.
    pub(crate) fn density(&self) -> f64 {
        self.pressure * MOLAR_MASS_AIR / (GAS_CONSTANT * self.temperature)
    }

    /// The profile through the measured wind.
    pub(crate) fn profile(&self) -> Profile {
        Profile::through(self.wind.0, self.wind.1, self.roughness, self.inverse_length)
    }
}

/// One receptor: the largest value along an arc.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Arc {
    /// m downwind.
    pub(crate) distance: f64,
    /// Volume fraction that was measured, or that another program printed.
    pub(crate) seen: f64,
    /// What other programs printed, by the names in [`Trial::others`].
    pub(crate) others: Vec<Option<f64>>,
}

/// A trial.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trial {
    /// Series of trials, e.g. `Burro`.
    pub(crate) programme: String,
    /// Name, e.g. `Burro8`.
    pub(crate) name: String,
    /// Name in the table of substances.
    pub(crate) substance: &'static str,
    /// How it came out.
    pub(crate) origin: Origin,
    /// kg/s.
    pub(crate) rate: f64,
    /// s.
    pub(crate) duration: f64,
    /// The air.
    pub(crate) air: TrialAir,
    /// Averaging time, s.
    pub(crate) averaging: f64,
    /// Height of the receptors, m.
    pub(crate) receptor_height: f64,
    /// Programs whose printed values stand beside.
    pub(crate) others: Vec<String>,
    /// Receptors, nearest first.
    pub(crate) arcs: Vec<Arc>,
}

/// Trials that can be computed, and what was left out with its reason.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trials {
    /// Trials with all that a model needs.
    pub(crate) trials: Vec<Trial>,
    /// Name and reason.
    pub(crate) left_out: Vec<(String, String)>,
}

impl Trials {
    /// These and others.
    pub(crate) fn and(mut self, more: Self) -> Self {
        self.trials.extend(more.trials);
        self.left_out.extend(more.left_out);
        self
    }
}

/// Height of the receptors of all trials here, m.
pub(crate) const RECEPTOR_HEIGHT: f64 = 1.0;
