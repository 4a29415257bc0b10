//! Where puffs come from.

use crate::gas::plume_rise::Rise;

/// The mass that a source gives off.
///
/// A closure `|from, to| mass` is one; so any course of a rate can be integrated
/// exactly, however long the step.
pub trait Emission: Sync {
    /// Mass given off between two times, kg.
    fn mass(&self, from: f64, to: f64) -> f64;
}

impl<F: Fn(f64, f64) -> f64 + Sync> Emission for F {
    fn mass(&self, from: f64, to: f64) -> f64 {
        self(from, to)
    }
}

/// A source of puffs.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// Place on the grid, m.
    pub x: f64,
    /// Place on the grid, m.
    pub y: f64,
    /// Height above ground, m.
    pub height: f64,
    /// Crosswind coefficient at the source, m: zero for a point, the width of an opening or pool over 4.3.
    pub width: f64,
    /// Vertical coefficient at the source, m.
    pub depth: f64,
    /// How the puffs of a time rise from a chimney; none where they stay at the height.
    pub rise: Option<&'a (dyn Fn(f64) -> Rise + Sync)>,
    /// Where the puffs of a time begin instead, at the end of a free jet; none at the source itself.
    pub begin: Option<&'a (dyn Fn(f64) -> Option<Start> + Sync)>,
    /// What comes out.
    pub emission: &'a dyn Emission,
}

impl<'a> Source<'a> {
    /// A point source.
    pub fn point(x: f64, y: f64, height: f64, emission: &'a dyn Emission) -> Self {
        Self { x, y, height, width: 0.0, depth: 0.0, rise: None, begin: None, emission }
    }
}

/// With what a puff begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Start {
    /// Place on the grid, m.
    pub x: f64,
    /// Place on the grid, m.
    pub y: f64,
    /// Height above ground, m.
    pub height: f64,
    /// Crosswind and vertical coefficient, m.
    pub size: (f64, f64),
}

/// A rate that is the same from one time to another, kg/s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Steady {
    /// Mass rate, kg/s.
    pub rate: f64,
    /// When it begins, s.
    pub begin: f64,
    /// When it ends, s.
    pub end: f64,
}

impl Emission for Steady {
    fn mass(&self, from: f64, to: f64) -> f64 {
        self.rate * (to.min(self.end) - from.max(self.begin)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_rate_gives_off_no_more_than_its_time_allows() {
        let steady = Steady { rate: 2.0, begin: 10.0, end: 25.0 };
        assert_eq!(steady.mass(0.0, 10.0), 0.0);
        assert_eq!(steady.mass(0.0, 12.0), 4.0);
        assert_eq!(steady.mass(20.0, 90.0), 10.0);
        assert_eq!(steady.mass(0.0, 5.0) + steady.mass(5.0, 100.0), 30.0);
    }
}
