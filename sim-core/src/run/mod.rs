//! Time passes: the loop drives, observers receive.
//!
//! A run turns a case (plain arrays and parameters) into products and a
//! [`Record`]. It knows the physics and the clock; it knows no file and no terminal.

pub mod checkpoint;
pub mod estimate;
pub mod flood;
pub mod gas;
pub mod guard;
pub mod record;
pub mod trial;

pub use record::{Change, Ledger, ObservedGauge, Ranks, Record, WrittenProduct};

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Share of the work that is done, 0 to 1.
    pub share: f64,
    /// Simulated time, s.
    pub time: f64,
    /// Steps taken.
    pub steps: u64,
    /// Current time step, s.
    pub time_step: f64,
    /// Share of the cells that are wet.
    pub wet_share: f64,
}

/// Whoever watches a run: a progress bar, a log, a cancel button.
pub trait Observer {
    /// Called several times a second; returns false to stop the run.
    fn progress(&mut self, progress: &Progress) -> bool;
}

/// An observer that watches nothing.
#[derive(Debug, Default, Clone, Copy)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn progress(&mut self, _: &Progress) -> bool {
        true
    }
}
