//! Row buffers of one thread.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::layer::extent::STRIP_COLUMNS;
use crate::layer::row;

/// Numbers that one turn of a loop takes at once, at most: loops over buffers run to a
/// multiple of it, into numbers that nobody reads, and need no turns of one number each.
const TURN: usize = 16;

/// Cells and ghosts of a row of a strip, faces beyond both, and a turn to spare.
const LONGEST_ROW: usize = STRIP_COLUMNS + 4 + TURN;

/// Length of a loop over n places of buffers.
#[inline(always)]
pub(crate) fn whole_turns(n: usize) -> usize {
    n.next_multiple_of(TURN)
}

pub(crate) fn zeros<T: Clone + Default>() -> Vec<T> {
    vec![T::default(); LONGEST_ROW]
}

/// A row of cells in single precision, from two before the area on. Place 0 is, as in all
/// buffers, the cell before the first of the area; [`Narrow::at`] says where it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Narrow {
    pub(crate) depth: Vec<f32>,
    pub(crate) u: Vec<f32>,
    pub(crate) v: Vec<f32>,
}

impl Narrow {
    pub(crate) fn new() -> Self {
        Self { depth: zeros(), u: zeros(), v: zeros() }
    }

    /// Where the cell of a place is kept.
    #[inline(always)]
    pub(crate) fn at(place: usize) -> usize {
        place + 1
    }

    #[inline(always)]
    fn from(&self, from: usize, n: usize) -> row::Water<'_> {
        let here = from..from + n;
        row::Water { depth: &self.depth[here.clone()], normal: &self.u[here.clone()], along: &self.v[here] }
    }

    /// As faces or slopes across x see n cells from a place on.
    #[inline(always)]
    pub(crate) fn along_x(&self, place: usize, n: usize) -> row::Water<'_> {
        self.from(Self::at(place), n)
    }

    /// The cells west of those.
    #[inline(always)]
    pub(crate) fn before_x(&self, place: usize, n: usize) -> row::Water<'_> {
        self.from(Self::at(place) - 1, n)
    }

    /// As faces or slopes across y see n cells from a place on.
    #[inline(always)]
    pub(crate) fn along_y(&self, place: usize, n: usize) -> row::Water<'_> {
        let water = self.along_x(place, n);
        row::Water { normal: water.along, along: water.normal, ..water }
    }

    /// Writes depth and velocity of one cell.
    #[inline(always)]
    pub(crate) fn set(&mut self, place: usize, (depth, u, v): (f64, f64, f64)) {
        let at = Self::at(place);
        (self.depth[at], self.u[at], self.v[at]) = (depth as f32, u as f32, v as f32);
    }

    /// Copies one cell to another place.
    #[inline(always)]
    pub(crate) fn copy(&mut self, from: usize, to: usize) {
        let (from, to) = (Self::at(from), Self::at(to));
        (self.depth[to], self.u[to], self.v[to]) = (self.depth[from], self.u[from], self.v[from]);
    }
}

/// Rises of ground and water surface; place k is that from cell k - 1 to cell k, or from
/// one row to the next at cell k.
#[derive(Debug, Clone)]
pub(crate) struct RiseBuffers {
    pub(crate) ground: Vec<f32>,
    pub(crate) surface: Vec<f32>,
}

impl RiseBuffers {
    pub(crate) fn new() -> Self {
        Self { ground: zeros(), surface: zeros() }
    }

    /// n rises from a place on.
    #[inline(always)]
    pub(crate) fn row(&self, from: usize, n: usize) -> row::Rises<'_> {
        row::Rises { ground: &self.ground[from..from + n], surface: &self.surface[from..from + n] }
    }
}

/// Three rows of cells one after another, from the south, and the rises between them.
#[derive(Debug, Clone)]
pub(crate) struct Window {
    pub(crate) here: Narrow,
    pub(crate) north: Narrow,
    pub(crate) beyond: Narrow,
    /// From `here` to the row north of it.
    pub(crate) to_north: RiseBuffers,
    /// From there to the row beyond.
    pub(crate) to_beyond: RiseBuffers,
}

impl Window {
    pub(crate) fn new() -> Self {
        Self {
            here: Narrow::new(),
            north: Narrow::new(),
            beyond: Narrow::new(),
            to_north: RiseBuffers::new(),
            to_beyond: RiseBuffers::new(),
        }
    }

    /// One row to the north; what was in the south is free to be overwritten as `beyond`.
    pub(crate) fn turn(&mut self) {
        std::mem::swap(&mut self.here, &mut self.north);
        std::mem::swap(&mut self.north, &mut self.beyond);
        std::mem::swap(&mut self.to_north, &mut self.to_beyond);
    }
}

/// Fluxes through a row of faces.
#[derive(Debug, Clone)]
pub(crate) struct FaceBuffers {
    /// Water as the Riemann solver finds it, and in double precision.
    pub(crate) found: Vec<f32>,
    pub(crate) water: Vec<f64>,
    pub(crate) left: Vec<f32>,
    pub(crate) right: Vec<f32>,
    pub(crate) along: Vec<f32>,
}

impl FaceBuffers {
    fn new() -> Self {
        Self { found: zeros(), water: zeros(), left: zeros(), right: zeros(), along: zeros() }
    }

    /// n faces from one of them on.
    #[inline(always)]
    pub(crate) fn faces(&self, from: usize, n: usize) -> row::Faces<'_> {
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
pub(crate) struct RowFaces {
    /// Faces between the columns of the row.
    pub(crate) across: FaceBuffers,
    /// Faces south of the row.
    pub(crate) south: FaceBuffers,
    /// Faces north of it.
    pub(crate) north: FaceBuffers,
}

impl RowFaces {
    pub(crate) fn new() -> Self {
        Self { across: FaceBuffers::new(), south: FaceBuffers::new(), north: FaceBuffers::new() }
    }

    /// What lies north of this row lies south of the next one.
    pub(crate) fn turn(&mut self) {
        std::mem::swap(&mut self.south, &mut self.north);
    }
}

/// One set of buffers per thread of the pool, owned by the solver.
#[derive(Debug)]
pub(crate) struct ScratchPool<S>(Vec<Mutex<S>>);

impl<S> ScratchPool<S> {
    /// Buffers for the threads of the current pool, and one set for a thread outside it.
    pub(crate) fn new(one: impl Fn() -> S) -> Self {
        Self((0..=rayon::current_num_threads()).map(|_| Mutex::new(one())).collect())
    }

    /// The buffers of the current thread. They carry nothing from tile to tile,
    /// so that it does not matter whose they are nor how their last user ended.
    pub(crate) fn mine(&self) -> MutexGuard<'_, S> {
        let last = self.0.len() - 1;
        let index = rayon::current_thread_index().map_or(last, |index| index.min(last));
        self.0[index].lock().unwrap_or_else(PoisonError::into_inner)
    }
}
