//! The arrays of the layer and of what is remembered of it.

use crate::layer::edge::Moving;
use crate::layer::layout::Layout;

/// The layer in every cell at one time; padded arrays.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Depth, m.
    pub depth: Vec<f64>,
    /// Share of what was released in the layer, by volume, 0 to 1.
    pub share: Vec<f64>,
    /// Velocity along x, m/s.
    pub u: Vec<f64>,
    /// Velocity along y, m/s.
    pub v: Vec<f64>,
}

impl State {
    /// Clean air.
    pub fn clean(layout: Layout) -> Self {
        let zeros = || vec![0.0; layout.len()];
        Self { depth: zeros(), share: zeros(), u: zeros(), v: zeros() }
    }

    /// What every layer has that flows.
    pub(crate) fn moving(&mut self) -> Moving<'_> {
        Moving { depth: &mut self.depth, u: &mut self.u, v: &mut self.v }
    }
}

/// What is remembered of every cell; padded arrays in single precision, but for what is added up.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Largest concentration at the height of receptors, as a share of what was released.
    pub peak: Vec<f32>,
    /// When it came, s.
    pub time_of_peak: Vec<f32>,
    /// Largest depth, m.
    pub max_depth: Vec<f32>,
    /// Toxic load at the height of receptors: the integral of the n-th power of the
    /// concentration in its unit ([`Receptors`]), unit^n · s; empty where none is asked for.
    pub load: Vec<f64>,
    /// When each level was reached and for how long.
    pub levels: Vec<Level>,
}

/// When a concentration was first exceeded, and for how long; padded arrays.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// The concentration, as a share of what was released.
    pub share: f32,
    /// End of the first step above it, s; infinite if there was none.
    pub first_above: Vec<f32>,
    /// Sum of the steps above it, s.
    pub time_above: Vec<f64>,
}

/// Where people breathe and what is asked about them.
#[derive(Debug, Clone, PartialEq)]
pub struct Receptors {
    /// Height above the ground, m.
    pub height: f64,
    /// Concentrations whose first exceedance and duration are recorded, as shares of what was released.
    pub levels: Vec<f64>,
    /// Toxic load, if one is asked for.
    pub load: Option<Load>,
}

/// Which toxic load is added up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// The exponent n of the concentration.
    pub exponent: f64,
    /// Concentrations in the unit of the load for a share of one.
    pub per_share: f64,
}

impl Record {
    /// Nothing has happened yet.
    pub fn new(layout: Layout, receptors: &Receptors) -> Self {
        let zeros = || vec![0.0f32; layout.len()];
        let level = |&share: &f64| Level {
            share: share as f32,
            first_above: vec![f32::INFINITY; layout.len()],
            time_above: vec![0.0; layout.len()],
        };
        Self {
            peak: zeros(),
            time_of_peak: zeros(),
            max_depth: zeros(),
            load: if receptors.load.is_some() { vec![0.0; layout.len()] } else { Vec::new() },
            levels: receptors.levels.iter().map(level).collect(),
        }
    }
}
