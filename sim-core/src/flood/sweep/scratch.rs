//! Row buffers of one thread.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::flood::inflow::CellInflow;
use crate::flood::sweep::{STRIP_COLUMNS, Sums, row};

/// Fluxes through a row of faces.
#[derive(Debug, Clone)]
pub(super) struct FaceBuffers {
    pub(super) water: Vec<f64>,
    pub(super) left: Vec<f64>,
    pub(super) right: Vec<f64>,
    pub(super) along: Vec<f64>,
}

impl FaceBuffers {
    fn new() -> Self {
        let zeros = || vec![0.0; STRIP_COLUMNS + 1];
        Self { water: zeros(), left: zeros(), right: zeros(), along: zeros() }
    }

    /// n faces from one of them on.
    #[inline(always)]
    pub(super) fn faces(&self, from: usize, n: usize) -> row::Faces<'_> {
        row::Faces {
            water: &self.water[from..from + n],
            left: &self.left[from..from + n],
            right: &self.right[from..from + n],
            along: &self.along[from..from + n],
        }
    }
}

/// All row buffers that a tile needs.
#[derive(Debug, Clone)]
pub(crate) struct Scratch {
    /// Faces between the columns of the current row.
    pub(super) across: FaceBuffers,
    /// Faces south of the current row.
    pub(super) south: FaceBuffers,
    /// Faces north of it.
    pub(super) north: FaceBuffers,
    /// Tilt along x of the cells from one before the tile to one behind it.
    pub(super) tilt_x: Vec<f64>,
    /// Tilt along y of the current row.
    pub(super) tilt_y: Vec<f64>,
    /// Tilt along y of the row north of it.
    pub(super) tilt_north: Vec<f64>,
    /// Depth that falls or flows in during the step, m.
    pub(super) source: Vec<f64>,
    pub(super) wave_rate: Vec<f64>,
    pub(super) wave_rate_sum: Vec<f64>,
    pub(super) lost: Vec<f64>,
    pub(super) clipped: Vec<f64>,
    pub(super) wet: Vec<f64>,
}

impl Scratch {
    fn new() -> Self {
        let zeros = || vec![0.0; STRIP_COLUMNS];
        Self {
            across: FaceBuffers::new(),
            south: FaceBuffers::new(),
            north: FaceBuffers::new(),
            tilt_x: vec![0.0; STRIP_COLUMNS + 2],
            tilt_y: zeros(),
            tilt_north: zeros(),
            source: zeros(),
            wave_rate: zeros(),
            wave_rate_sum: zeros(),
            lost: zeros(),
            clipped: zeros(),
            wet: zeros(),
        }
    }

    /// Clears the sums and spreads the rain.
    pub(super) fn start(&mut self, n: usize, rain: f64) {
        self.source[..n].fill(rain);
        for sums in
            [&mut self.wave_rate, &mut self.wave_rate_sum, &mut self.lost, &mut self.clipped, &mut self.wet]
        {
            sums[..n].fill(0.0);
        }
    }

    /// What lies north of this row lies south of the next one.
    pub(super) fn turn(&mut self) {
        std::mem::swap(&mut self.south, &mut self.north);
        std::mem::swap(&mut self.tilt_y, &mut self.tilt_north);
    }

    /// Adds what flows in at the cells of a row.
    pub(super) fn add_inflow(&mut self, inflow: &[CellInflow], row: usize, first: usize, n: usize) {
        for cell in inflow_of(inflow, row, first, n) {
            self.source[cell.column - first] += cell.depth;
        }
    }

    /// Leaves only the rain again.
    pub(super) fn remove_inflow(
        &mut self,
        inflow: &[CellInflow],
        row: usize,
        first: usize,
        n: usize,
        rain: f64,
    ) {
        for cell in inflow_of(inflow, row, first, n) {
            self.source[cell.column - first] = rain;
        }
    }

    /// The sums over the columns of the tile.
    pub(super) fn sums(&self, n: usize) -> Sums {
        let total = |numbers: &[f64]| numbers[..n].iter().sum::<f64>();
        Sums {
            wave_rate: self.wave_rate[..n].iter().fold(0.0, |a, &b| if b > a { b } else { a }),
            wave_rate_sum: total(&self.wave_rate_sum),
            lost: total(&self.lost),
            clipped: total(&self.clipped),
            wet: total(&self.wet),
        }
    }
}

/// Inflow cells of a row within a strip; the list is in the order of rows and columns.
fn inflow_of(inflow: &[CellInflow], row: usize, first: usize, n: usize) -> &[CellInflow] {
    if inflow.is_empty() {
        return inflow;
    }
    let from = inflow.partition_point(|cell| (cell.row, cell.column) < (row, first));
    let to = inflow.partition_point(|cell| (cell.row, cell.column) < (row, first + n));
    &inflow[from..to]
}

/// One set of buffers per thread of the pool, owned by the solver.
#[derive(Debug)]
pub(crate) struct ScratchPool(Vec<Mutex<Scratch>>);

impl ScratchPool {
    /// Buffers for the threads of the current pool, and one set for a thread outside it.
    pub(crate) fn new() -> Self {
        Self((0..=rayon::current_num_threads()).map(|_| Mutex::new(Scratch::new())).collect())
    }

    /// The buffers of the current thread. They carry nothing from tile to tile,
    /// so that it does not matter whose they are nor how their last user ended.
    pub(super) fn mine(&self) -> MutexGuard<'_, Scratch> {
        let last = self.0.len() - 1;
        let index = rayon::current_thread_index().map_or(last, |index| index.min(last));
        self.0[index].lock().unwrap_or_else(PoisonError::into_inner)
    }
}
