//! The air that carries puffs.

use crate::gas::calm::Growth;
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
    /// How puffs grow in it.
    pub spread: Spread,
}

/// How puffs grow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spread {
    /// With their way, on the curves of the class.
    WithWay,
    /// With their way as if the wind were at least so strong, m/s: light air, in which the way
    /// says too little.
    WithWayAtLeast(f64),
    /// With time, in calm air.
    WithTime(Growth),
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
