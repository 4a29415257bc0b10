//! How fast a machine is: water on a trial area, and its memory.

use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;

use crate::error::Result;
use crate::flood::Rain;
use crate::flood::boundary::{Edge, Edges};
use crate::flood::place::Places;
use crate::grid::{Crs, Field, Grid};
use crate::run::Unobserved;
use crate::run::flood::{
    Backend, Buildings, FloodCase, FloodOutcome, ProductSettings, Scheme, Soils, simulate_on,
};
use crate::series::Series;
use crate::units::{GRAVITY, from_mm_h};

/// What a trial found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Cells of the trial area.
    pub cells: usize,
    /// Steps that were timed.
    pub steps: u64,
    /// Wall time of these, s.
    pub seconds: f64,
    /// Cells times steps per second.
    pub cell_steps_per_second: f64,
    /// Bytes that these must move at least, per second.
    pub bytes_per_second: f64,
    /// Share of the cells that held water, over all steps.
    pub wet_share: f64,
}

impl Rate {
    /// Steps per second.
    pub fn steps_per_second(&self) -> f64 {
        self.steps as f64 / self.seconds
    }
}

/// Size of the cells of the trial area, m.
const CELL: f64 = 2.0;

/// Water on both sides of the dam, m.
const LEVELS: [f64; 2] = [3.0, 1.0];

/// Steps of the first run, which pays for the start of the back end.
const FIRST_STEPS: f64 = 16.0;

/// By how much a run becomes longer while it is too short to be timed.
const GROWTH: f64 = 4.0;

/// Cell-steps per second of a scheme on a back end; nothing if it does not have the scheme.
///
/// A dam breaks over waves of the ground, under rain and loss, wet everywhere. The time of a short
/// run is taken from that of one that lasts `seconds` at least, so that starting costs nothing.
///
/// # Errors
/// Those of the back end.
pub fn rate(scheme: Scheme, side: usize, seconds: f64, backend: &mut dyn Backend) -> Result<Option<Rate>> {
    rate_of(dam_break(scheme, side), seconds, backend)
}

/// The same where only a share of the area is wet: the dam breaks in a basin, the land around it is
/// high, and neither rain nor loss reaches it.
///
/// # Errors
/// Those of the back end.
pub fn rate_in_basin(
    scheme: Scheme,
    side: usize,
    share: f64,
    seconds: f64,
    backend: &mut dyn Backend,
) -> Result<Option<Rate>> {
    rate_of(basin(scheme, side, share), seconds, backend)
}

fn rate_of(mut case: FloodCase, seconds: f64, backend: &mut dyn Backend) -> Result<Option<Rate>> {
    if !backend.lacks(&case).is_empty() {
        return Ok(None);
    }
    let (cells, scheme) = (case.grid.cells(), case.scheme);
    let mut timed = |duration: f64| -> Result<FloodOutcome> {
        case.duration = duration;
        simulate_on(&case, &mut Unobserved, backend)
    };
    let mut duration = FIRST_STEPS * typical_step(LEVELS[0], scheme, CELL);
    let first = timed(duration)?;
    loop {
        duration *= GROWTH;
        let found = timed(duration)?;
        let (steps, taken) = (found.steps - first.steps, found.wall_seconds - first.wall_seconds);
        if taken >= seconds {
            let per_second = cells as f64 * steps as f64 / taken;
            return Ok(Some(Rate {
                cells,
                steps,
                seconds: taken,
                cell_steps_per_second: per_second,
                bytes_per_second: per_second * found.bytes_per_cell_step,
                wet_share: found.wet_share,
            }));
        }
    }
}

/// A step for water of a depth that flows as fast as its waves, s.
///
/// # Units
/// - `depth`: m; `spacing`: size of the cells, m
pub fn typical_step(depth: f64, scheme: Scheme, spacing: f64) -> f64 {
    let speed = 2.0 * (GRAVITY * depth).sqrt();
    scheme.courant() * spacing / (2.0 * speed)
}

/// A dam that breaks over waves of the ground, walls around it.
pub(super) fn dam_break(scheme: Scheme, side: usize) -> FloodCase {
    let grid =
        Grid { columns: side, rows: side, dx: CELL, dy: CELL, west: 0.0, south: 0.0, crs: Crs::local() };
    let wave = |cell: usize| (cell as f64 * 0.05).sin();
    let bed = Field::from_shape_fn(grid.shape(), |(row, column)| 0.3 * wave(row) * wave(column));
    let level = |column: usize| LEVELS[usize::from(column >= side / 2)];
    FloodCase {
        title: "trial".into(),
        initial_depth: Field::from_shape_fn(grid.shape(), |cell| level(cell.1) - bed[cell]),
        bed,
        manning_n: grid.filled(0.03),
        rain: Series::constant(from_mm_h(50.0)).into(),
        loss: Series::constant(from_mm_h(10.0)),
        soils: Soils::none(),
        inflows: Vec::new(),
        releases: Vec::new(),
        buildings: Arc::new(Buildings::none()),
        structures: Vec::new(),
        barriers: Vec::new(),
        breaches: Vec::new(),
        sewers: None,
        boundaries: Vec::new(),
        edges: Edges::all(Edge::Wall),
        courant: scheme.courant(),
        scheme,
        duration: 1.0,
        frame_times: Vec::new(),
        places: Places::default(),
        exposure: Vec::new(),
        settings: ProductSettings {
            arrival_depth: 0.15,
            waterlogging_depth: 0.15,
            waterlogging_area: 20.0,
            classes: Vec::new(),
            wanted: Vec::new(),
        },
        grid,
    }
}

/// Height of the land around a basin above its bottom, m: far above its water.
const LAND: f64 = 20.0;

/// A dam that breaks in a basin that holds a share of the area, in its corner.
fn basin(scheme: Scheme, side: usize, share: f64) -> FloodCase {
    let whole = dam_break(scheme, side);
    let across = ((side as f64 * share.sqrt()) as usize).clamp(1, side);
    let is_inside = |(row, column): (usize, usize)| row < across && column < across;
    let bed = Field::from_shape_fn(whole.grid.shape(), |cell| {
        whole.bed[cell] + if is_inside(cell) { 0.0 } else { LAND }
    });
    let level = |column: usize| LEVELS[usize::from(column >= across / 2)];
    let depth = |cell: (usize, usize)| if is_inside(cell) { level(cell.1) - bed[cell] } else { 0.0 };
    FloodCase {
        initial_depth: Field::from_shape_fn(whole.grid.shape(), depth),
        bed,
        rain: Rain::none(),
        loss: Series::constant(0.0),
        ..whole
    }
}

/// Numbers of each array of the memory trial: far more than any cache holds.
const ARRAY: usize = 1 << 24;

/// Numbers that a thread takes at once.
const CHUNK: usize = 1 << 16;

/// Bytes per second that the threads of the current pool read and write in a sum of two arrays: the
/// best of a few times.
///
/// # Source
/// The triad of McCalpin 1995 (`mccalpin1995`), without what a cache reads before it writes.
pub fn memory_bandwidth() -> f64 {
    let (a, b) = (vec![1.0_f64; ARRAY], vec![2.0_f64; ARRAY]);
    let mut sum = vec![0.0_f64; ARRAY];
    let mut best = 0.0_f64;
    for _ in 0..5 {
        let begun = Instant::now();
        sum.par_chunks_mut(CHUNK).zip(a.par_chunks(CHUNK).zip(b.par_chunks(CHUNK))).for_each(
            |(sum, (a, b))| {
                for ((sum, a), b) in sum.iter_mut().zip(a).zip(b) {
                    *sum = a + 3.0 * b;
                }
            },
        );
        let bytes = 3 * ARRAY * size_of::<f64>();
        best = best.max(bytes as f64 / begun.elapsed().as_secs_f64());
    }
    std::hint::black_box(&sum);
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::flood::Processor;

    #[test]
    fn a_basin_holds_its_share_of_the_water_and_keeps_it() {
        let case = basin(Scheme::FirstOrder, 200, 0.05);
        let wet = case.initial_depth.iter().filter(|depth| **depth > 0.0).count();
        assert_eq!(wet, 44 * 44, "the largest square below a twentieth of 40,000 cells");
        let found = rate_of(case, 0.0, &mut Processor::default()).expect("it runs").expect("it has it");
        assert!((found.wet_share - 0.0484).abs() < 1e-9, "{}", found.wet_share);
        assert!(found.steps_per_second() > 0.0);
    }
}
