//! The air that carries puffs.

use crate::gas::weather::Stability;

/// The air at a place and a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Air {
    /// Wind towards the grid's x, m/s.
    pub east: f64,
    /// Wind towards the grid's y, m/s.
    pub north: f64,
    /// Stability class.
    pub class: Stability,
    /// Height of a lid above which nothing mixes, m, where one acts.
    pub lid: Option<f64>,
}

impl Air {
    /// Wind speed, m/s.
    pub fn speed(&self) -> f64 {
        self.east.hypot(self.north)
    }
}

/// What the air does at any place and time.
///
/// A closure `|time, x, y, height| Air { .. }` is one.
pub trait AirField: Sync {
    /// The air at a time (s) and a place (m; height above ground).
    fn air(&self, time: f64, x: f64, y: f64, height: f64) -> Air;
}

impl<F: Fn(f64, f64, f64, f64) -> Air + Sync> AirField for F {
    fn air(&self, time: f64, x: f64, y: f64, height: f64) -> Air {
        self(time, x, y, height)
    }
}
