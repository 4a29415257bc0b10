//! Row buffers of one thread.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::flood::sweep::{STRIP_COLUMNS, Sums, row};

/// Cells and ghosts of a row of a strip, and faces beyond both.
const LONGEST_ROW: usize = STRIP_COLUMNS + 4;

fn zeros() -> Vec<f64> {
    vec![0.0; LONGEST_ROW]
}

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

/// Faces around a row of cells.
#[derive(Debug, Clone)]
pub(super) struct RowFaces {
    /// Faces between the columns of the row.
    pub(super) across: FaceBuffers,
    /// Faces south of the row.
    pub(super) south: FaceBuffers,
    /// Faces north of it.
    pub(super) north: FaceBuffers,
}

impl RowFaces {
    /// What lies north of this row lies south of the next one.
    pub(super) fn turn(&mut self) {
        std::mem::swap(&mut self.south, &mut self.north);
    }
}

/// Sources and sums, column by column.
#[derive(Debug, Clone)]
pub(super) struct RowSums {
    /// Depth that falls or flows in during the step, m.
    pub(super) source: Vec<f64>,
    /// Depth of the current row before the loss, m, and its inverse cube root, m^(-1/3).
    pub(super) before_loss: Vec<f64>,
    pub(super) root: Vec<f64>,
    pub(super) wave_rate: Vec<f64>,
    pub(super) wave_rate_sum: Vec<f64>,
    pub(super) lost: Vec<f64>,
    pub(super) clipped: Vec<f64>,
    pub(super) wet: Vec<f64>,
}

impl RowSums {
    /// Clears the sums and spreads the rain.
    pub(super) fn start(&mut self, n: usize, rain: f64) {
        self.source[..n].fill(rain);
        for sums in
            [&mut self.wave_rate, &mut self.wave_rate_sum, &mut self.lost, &mut self.clipped, &mut self.wet]
        {
            sums[..n].fill(0.0);
        }
    }

    /// The sums over the columns of the tile.
    pub(super) fn total(&self, n: usize) -> Sums {
        let total = |numbers: &[f64]| numbers[..n].iter().sum::<f64>();
        Sums {
            wave_rate: self.wave_rate[..n].iter().fold(0.0, |a, &b| if b > a { b } else { a }),
            wave_rate_sum: total(&self.wave_rate_sum),
            lost: total(&self.lost),
            clipped: total(&self.clipped),
            wet: total(&self.wet),
        }
    }

    /// First and behind the last of n columns that hold water.
    pub(super) fn wet_columns(&self, n: usize) -> Option<(usize, usize)> {
        let wet = &self.wet[..n];
        let from = wet.iter().position(|&rows| rows > 0.0)?;
        let to = wet.iter().rposition(|&rows| rows > 0.0)?;
        Some((from, to + 1))
    }
}

/// Differences across a row of cells in one direction, from one side of each to the other.
#[derive(Debug, Clone)]
pub(super) struct SlopeBuffers {
    pub(super) depth: Vec<f64>,
    pub(super) bed: Vec<f64>,
    /// Velocity in this direction.
    pub(super) normal: Vec<f64>,
    /// Velocity across it.
    pub(super) along: Vec<f64>,
}

impl SlopeBuffers {
    fn new() -> Self {
        Self { depth: zeros(), bed: zeros(), normal: zeros(), along: zeros() }
    }

    /// The differences from one place to before another.
    #[inline(always)]
    pub(super) fn row(&self, from: usize, to: usize) -> row::SlopeRow<'_> {
        row::SlopeRow {
            depth: &self.depth[from..to],
            bed: &self.bed[from..to],
            normal: &self.normal[from..to],
            along: &self.along[from..to],
        }
    }
}

/// A row of cells half a step ahead, with the differences across them; place 0
/// is the cell before the first of the area.
#[derive(Debug, Clone)]
pub(super) struct Predicted {
    pub(super) depth: Vec<f64>,
    pub(super) u: Vec<f64>,
    pub(super) v: Vec<f64>,
    /// Inverse cube root of the depth before the half step.
    pub(super) root: Vec<f64>,
    pub(super) x: SlopeBuffers,
    pub(super) y: SlopeBuffers,
}

impl Predicted {
    fn new() -> Self {
        Self {
            depth: zeros(),
            u: zeros(),
            v: zeros(),
            root: zeros(),
            x: SlopeBuffers::new(),
            y: SlopeBuffers::new(),
        }
    }
}

/// Discharges through faces; place i of cells and y faces is the cell i - 1 of the
/// area, place j of x faces the western face of cell j - 1.
#[derive(Debug, Clone)]
pub(super) struct Staggered {
    /// Through the faces across the current row and the one beyond, not yet limited.
    pub(super) across: Vec<f64>,
    pub(super) across_beyond: Vec<f64>,
    /// Across the current row, limited.
    pub(super) limited: Vec<f64>,
    /// Through the southern faces of the current row, limited.
    pub(super) south: Vec<f64>,
    /// Through its northern faces, not yet limited.
    pub(super) north: Vec<f64>,
    /// The same, limited.
    pub(super) limited_north: Vec<f64>,
    /// Through the northern faces of the row beyond, not yet limited.
    pub(super) beyond: Vec<f64>,
    /// Share of its discharges that each cell of the current row can give.
    pub(super) share: Vec<f64>,
    /// The same of the row beyond.
    pub(super) share_beyond: Vec<f64>,
}

impl Staggered {
    fn new() -> Self {
        Self {
            across: zeros(),
            across_beyond: zeros(),
            limited: zeros(),
            south: zeros(),
            north: zeros(),
            limited_north: zeros(),
            beyond: zeros(),
            share: zeros(),
            share_beyond: zeros(),
        }
    }

    /// The row beyond becomes the current one.
    pub(super) fn turn(&mut self) {
        std::mem::swap(&mut self.south, &mut self.limited_north);
        self.turn_shares();
    }

    /// The same, without what is limited.
    pub(super) fn turn_shares(&mut self) {
        std::mem::swap(&mut self.across, &mut self.across_beyond);
        std::mem::swap(&mut self.north, &mut self.beyond);
        std::mem::swap(&mut self.share, &mut self.share_beyond);
    }
}

/// All row buffers that a tile needs.
#[derive(Debug, Clone)]
pub(crate) struct Scratch {
    pub(super) faces: RowFaces,
    pub(super) sums: RowSums,
    /// Tilt along x of the cells from one before the tile to one behind it.
    pub(super) tilt_x: Vec<f64>,
    /// Tilt along y of the current row.
    pub(super) tilt_y: Vec<f64>,
    /// Tilt along y of the row north of it.
    pub(super) tilt_north: Vec<f64>,
    /// The current row half a step ahead.
    pub(super) here: Predicted,
    /// The row north of it.
    pub(super) beyond: Predicted,
    pub(super) staggered: Staggered,
}

impl Scratch {
    fn new() -> Self {
        Self {
            faces: RowFaces {
                across: FaceBuffers::new(),
                south: FaceBuffers::new(),
                north: FaceBuffers::new(),
            },
            sums: RowSums {
                source: zeros(),
                before_loss: zeros(),
                root: zeros(),
                wave_rate: zeros(),
                wave_rate_sum: zeros(),
                lost: zeros(),
                clipped: zeros(),
                wet: zeros(),
            },
            tilt_x: zeros(),
            tilt_y: zeros(),
            tilt_north: zeros(),
            here: Predicted::new(),
            beyond: Predicted::new(),
            staggered: Staggered::new(),
        }
    }
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
