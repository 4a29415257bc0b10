//! Heavy clouds that hand over to puffs where they have become passive.

use crate::error::{Problem, Result};
use crate::gas::dense::PlacedHeavy;
use crate::gas::dense::integral::Handover;
use crate::gas::hazard::{Level, Zone, heavy_zone};
use crate::gas::puff::source::{Start, Steady};
use crate::gas::validity::{HANDED_OVER, Judgement, Verdict};
use crate::grid::{Field, Grid};
use crate::run::gas::{GasCase, jets};

/// Time in which a cloud that has been let out at once is handed over, s.
const AT_ONCE: f64 = 1.0;

/// A heavy cloud up to its hand-over, in the wind of one weather row.
#[derive(Debug, Clone)]
struct Slab {
    cloud: PlacedHeavy,
    over: Handover,
    start: Start,
}

/// The heavy clouds of the weather rows in which gas leaves, and what puffs begin with.
pub(super) struct Slabs {
    /// One per weather row; none where no gas leaves.
    rows: Vec<Option<Slab>>,
}

impl Slabs {
    /// Cuts the clouds of a run where they become passive.
    ///
    /// # Errors
    /// E4745 for a cloud that stays heavy as far as it is followed.
    pub(super) fn new(case: &GasCase, clouds: &[PlacedHeavy]) -> Result<Self> {
        let of_row = |(row, cloud): (usize, &PlacedHeavy)| -> Result<Option<Slab>> {
            // The first row stands for what has left before any other begins.
            if row > 0 && !jets::holds_while_it_leaves(case, row) {
                return Ok(None);
            }
            let Some(over) = cloud.cloud.handover() else {
                return Err(never_passive().at_spot(format!("weather row {}", row + 1)).into());
            };
            let place = cloud.on_grid(over.x, 0.0);
            let across = cloud.cloud.swung_width(&over, cloud.averaging_time);
            // A puff is as long as it is wide: the area that the cloud covers is kept.
            let wide = if over.mass > 0.0 { (across * over.sigma_x).sqrt() } else { across };
            let start = Start { x: place.x, y: place.y, height: over.height, size: (wide, over.sigma_z) };
            let cut = PlacedHeavy { cloud: cloud.cloud.up_to(&over), ..cloud.clone() };
            Ok(Some(Slab { cloud: cut, over, start }))
        };
        Ok(Self { rows: clouds.iter().enumerate().map(of_row).collect::<Result<_>>()? })
    }

    fn at_row(&self, row: usize) -> Option<&Slab> {
        self.rows.get(row)?.as_ref().or(self.rows.first()?.as_ref())
    }

    fn first(&self) -> &Slab {
        match self.at_row(0) {
            Some(slab) => slab,
            None => unreachable!("the first row always has a cloud"),
        }
    }

    /// Time between the release and the hand-over, s: that of the first row.
    pub(super) fn delay(&self) -> f64 {
        self.first().over.time
    }

    /// What puffs take over, and when.
    pub(super) fn emission(&self) -> Steady {
        let slab = self.first();
        let begin = slab.over.time;
        if slab.over.mass > 0.0 {
            return Steady { rate: slab.over.mass / AT_ONCE, begin, end: begin + AT_ONCE };
        }
        Steady { rate: slab.over.rate, begin, end: begin + slab.cloud.cloud.release.duration }
    }

    /// With what the puffs of a weather row begin.
    pub(super) fn start(&self, row: usize) -> Option<Start> {
        self.at_row(row).map(|slab| slab.start)
    }

    /// Concentration before the hand-over at a place and time, kg/m³.
    pub(super) fn at(&self, row: usize, [x, y, height]: [f64; 3], time: f64) -> f64 {
        self.at_row(row).map_or(0.0, |slab| {
            let at = slab.cloud.in_wind(x, y, true);
            let share = slab.cloud.cloud.concentration(at.x, at.y, height, time, slab.cloud.averaging_time);
            slab.cloud.pure_gas * share
        })
    }

    /// Takes the clouds into the largest concentrations of a grid.
    pub(super) fn add_to_field(&self, grid: &Grid, largest: &mut Field) {
        for Slab { cloud, .. } in self.rows.iter().flatten() {
            largest.indexed_iter_mut().for_each(|((row, column), value)| {
                let at = cloud.in_wind(grid.x(column), grid.y(row), true);
                *value = value.max(cloud.largest(at, cloud.receptor_height));
            });
        }
    }

    /// Takes the clouds into the arrivals of a level.
    pub(super) fn note_arrivals(&self, grid: &Grid, threshold: f64, arrivals: &mut Field) {
        for Slab { cloud, .. } in self.rows.iter().flatten() {
            arrivals.indexed_iter_mut().for_each(|((row, column), arrival)| {
                let at = cloud.in_wind(grid.x(column), grid.y(row), true);
                if cloud.largest(at, cloud.receptor_height) >= threshold {
                    *arrival = arrival.min(cloud.cloud.arrival(at.x).unwrap_or(f64::INFINITY));
                }
            });
        }
    }

    /// The zone of a level before the hand-over, over all rows.
    pub(super) fn zone(&self, level: &Level, threshold: f64, spread: f64) -> Option<Zone> {
        let zones =
            self.rows.iter().flatten().map(|slab| heavy_zone::zone(level, &slab.cloud, threshold, spread));
        zones.reduce(|all, zone| all.with(&zone))
    }

    /// The verdict that tells where puffs take over.
    pub(super) fn verdict(&self) -> Verdict {
        let over = &self.first().over;
        Verdict {
            name: HANDED_OVER,
            criterion: "m downwind: Ri* below 0.15, spread by weight below half of that by turbulence, speed within a tenth of the wind's",
            value: over.x,
            threshold: crate::gas::dense::placed::FOLLOWED,
            judgement: Judgement::Passed,
            meaning: format!(
                "{:.0} s after it left the gas is passive; from there puffs carry it through the weather as it changes",
                over.time
            ),
        }
    }
}

fn never_passive() -> Problem {
    Problem::error(4745, "the heavy cloud does not become passive within 50 km")
        .why("puffs know nothing of weight, so that they may only take over where it no longer counts")
        .fix("remove heavy_gas.hand_over: the slab model goes on to the end")
}
