//! Looks at the water itself while time passes.

use crate::flood::Solver;

/// Whoever looks at the water itself while time passes: gauges, profiles, comparisons with other results.
pub trait Probe {
    /// Called once before the first step; may set the water in motion.
    fn start(&mut self, _solver: &mut Solver) {}

    /// Called at time zero and after every step.
    fn look(&mut self, solver: &Solver);
}

/// A probe that looks at nothing.
#[derive(Debug, Default, Clone, Copy)]
pub struct Unprobed;

impl Probe for Unprobed {
    fn look(&mut self, _: &Solver) {}
}
