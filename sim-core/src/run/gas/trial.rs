//! How fast a machine sums puffs.

use std::time::Instant;

use crate::error::Result;
use crate::gas::puff::lent::window;
use crate::gas::puff::source::Steady;
use crate::gas::puff::{Air, Losses, Settings, Source, Spread, Train};
use crate::gas::sigma::briggs_rural::BriggsRural;
use crate::gas::weather::Stability;
use crate::grid::{Crs, Grid};
use crate::run::gas::backend::{Mark, PuffBackend, Watched};

/// What a trial found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PuffRate {
    /// Receptors of the grid.
    pub receptors: usize,
    /// Puffs in the air.
    pub puffs: usize,
    /// Steps that were timed.
    pub steps: u64,
    /// Their wall time, s.
    pub seconds: f64,
    /// Pairs of a puff and a receptor within its reach that were summed.
    pub pairs: u64,
}

impl PuffRate {
    /// Pairs per second.
    pub fn pairs_per_second(&self) -> f64 {
        self.pairs as f64 / self.seconds
    }
}

/// Length of each side of the area, m.
const SIDE: f64 = 4000.0;

/// Wind, m/s, and the steps that the source has given off: the last puffs have left the area.
const WIND: f64 = 4.0;
const STEPS_BEFORE: usize = 500;

/// Length of a step, s.
const STEP: f64 = 2.0;

/// Concentrations of the two levels whose arrival is kept, kg/m³.
const THRESHOLDS: [f64; 2] = [1e-5, 1e-4];

/// By how much a trial becomes longer while it is too short to be timed.
const GROWTH: u64 = 4;

/// Pairs per second of a back end: a release of class B into a slanting wind, `side` receptors along each
/// side of 4 km, each puff summed in every cell within its reach.
///
/// # Errors
/// Those of the back end.
pub fn rate(side: usize, seconds: f64, backend: &mut dyn PuffBackend) -> Result<PuffRate> {
    let cell = SIDE / side as f64;
    let grid =
        Grid { columns: side, rows: side, dx: cell, dy: cell, west: 0.0, south: 0.0, crs: Crs::local() };
    let steady = Steady { rate: 1.0, begin: 0.0, end: f64::INFINITY };
    let sources = [Source::point(0.1 * SIDE, 0.3 * SIDE, 5.0, &steady)];
    let settings =
        Settings { set: &BriggsRural, averaging_time: 600.0, step: STEP, losses: Losses::default() };
    let air = |_: f64, _: f64, _: f64, _: f64| Air {
        east: WIND,
        north: 0.2 * WIND,
        class: Stability::B,
        lid: None,
        spread: Spread::WithWay,
    };
    let mut train = Train::new(&sources, settings)?;
    (0..STEPS_BEFORE).for_each(|_| train.step(&air));
    let of_step: usize =
        (0..train.len()).filter_map(|i| window(train.lent(), i, &grid)).map(|w| w.cells()).sum();
    let levels = THRESHOLDS.map(|threshold| Mark { threshold, load: None }).to_vec();
    let watched = Watched { grid, heights: vec![1.5], pure_gas: f64::INFINITY, levels };
    let mut timed = |steps: u64| -> Result<f64> {
        backend.begin(&watched)?;
        backend.look(&train)?;
        let begun = Instant::now();
        for _ in 0..steps {
            backend.look(&train)?;
        }
        backend.remembered()?;
        Ok(begun.elapsed().as_secs_f64())
    };
    // Reading what is remembered is not part of it.
    let first = timed(1)?;
    let mut steps = 1;
    loop {
        steps *= GROWTH;
        let taken = timed(steps)? - first;
        if taken >= seconds {
            let receptors = watched.grid.cells();
            let steps = steps - 1;
            let pairs = of_step as u64 * steps;
            return Ok(PuffRate { receptors, puffs: train.len(), steps, seconds: taken, pairs });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::gas::backend::Processor;

    #[test]
    fn the_puffs_of_a_trial_reach_a_good_part_of_its_receptors() {
        let found = rate(50, 0.0, &mut Processor::default()).expect("it runs");
        let share = found.pairs as f64 / (found.steps as f64 * (found.puffs * found.receptors) as f64);
        assert!((0.05..0.9).contains(&share), "{share}");
        assert!(found.pairs_per_second() > 0.0);
    }
}
