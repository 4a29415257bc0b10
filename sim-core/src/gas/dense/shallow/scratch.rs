//! Row buffers of one thread.

use crate::gas::dense::shallow::row::Gas;
use crate::gas::dense::shallow::sweep::Sums;
use crate::layer::buffers::{RiseBuffers, RowFaces, Window, zeros};

/// Gas of a row as faces see it; place 0 is the cell before the first of the area.
#[derive(Debug, Clone)]
pub(super) struct GasBuffers {
    pub(super) excess: Vec<f32>,
    pub(super) crest: Vec<f32>,
}

impl GasBuffers {
    fn new() -> Self {
        Self { excess: zeros(), crest: zeros() }
    }

    #[inline(always)]
    pub(super) fn row(&self, from: usize, n: usize) -> Gas<'_> {
        Gas { excess: &self.excess[from..from + n], crest: &self.crest[from..from + n] }
    }
}

/// Edges at the faces around a row.
#[derive(Debug, Clone)]
pub(super) struct EdgeBuffers {
    pub(super) across: Vec<f32>,
    pub(super) south: Vec<f32>,
    pub(super) north: Vec<f32>,
}

/// What goes from loop to loop over the current row of cells.
#[derive(Debug, Clone)]
pub(super) struct CellBuffers {
    pub(super) change_x: Vec<f32>,
    pub(super) change_y: Vec<f32>,
    pub(super) before_release: Vec<f64>,
    pub(super) depth: Vec<f32>,
    pub(super) excess: Vec<f32>,
    pub(super) u: Vec<f32>,
    pub(super) v: Vec<f32>,
    pub(super) entrained: Vec<f32>,
    pub(super) new_u: Vec<f32>,
    pub(super) new_v: Vec<f32>,
    pub(super) breathed: Vec<f32>,
}

/// Releases and sums, column by column.
#[derive(Debug, Clone)]
pub(super) struct RowSums {
    pub(super) released: Vec<f64>,
    pub(super) wave_rate: Vec<f32>,
    pub(super) wave_rate_sum: Vec<f32>,
    pub(super) clipped: Vec<f64>,
    pub(super) faded: Vec<f64>,
    pub(super) wet: Vec<f64>,
}

impl RowSums {
    pub(super) fn start(&mut self, n: usize) {
        self.released.fill(0.0);
        [&mut self.wave_rate, &mut self.wave_rate_sum].into_iter().for_each(|sums| sums.fill(0.0));
        [&mut self.clipped, &mut self.faded, &mut self.wet].into_iter().for_each(|sums| sums[..n].fill(0.0));
    }

    pub(super) fn total(&self, n: usize) -> Sums {
        Sums {
            wave_rate: f64::from(self.wave_rate[..n].iter().fold(0.0, |a, &b| if b > a { b } else { a })),
            wave_rate_sum: self.wave_rate_sum[..n].iter().map(|&rate| f64::from(rate)).sum(),
            clipped: self.clipped[..n].iter().sum(),
            faded: self.faded[..n].iter().sum(),
            wet: self.wet[..n].iter().sum(),
        }
    }
}

/// All row buffers that a tile needs.
#[derive(Debug, Clone)]
pub(super) struct Scratch {
    pub(super) faces: RowFaces,
    pub(super) edges: EdgeBuffers,
    pub(super) window: Window,
    pub(super) rises: RiseBuffers,
    pub(super) rises_north: RiseBuffers,
    pub(super) tilt_x: Vec<f32>,
    pub(super) tilt_y: Vec<f32>,
    pub(super) tilt_north: Vec<f32>,
    pub(super) gas: GasBuffers,
    pub(super) gas_north: GasBuffers,
    pub(super) cells: CellBuffers,
    pub(super) sums: RowSums,
}

impl Scratch {
    /// Buffers full of zeros.
    pub(super) fn new() -> Self {
        Self {
            faces: RowFaces::new(),
            edges: EdgeBuffers { across: zeros(), south: zeros(), north: zeros() },
            window: Window::new(),
            rises: RiseBuffers::new(),
            rises_north: RiseBuffers::new(),
            tilt_x: zeros(),
            tilt_y: zeros(),
            tilt_north: zeros(),
            gas: GasBuffers::new(),
            gas_north: GasBuffers::new(),
            cells: CellBuffers {
                change_x: zeros(),
                change_y: zeros(),
                before_release: zeros(),
                depth: zeros(),
                excess: zeros(),
                u: zeros(),
                v: zeros(),
                entrained: zeros(),
                new_u: zeros(),
                new_v: zeros(),
                breathed: zeros(),
            },
            sums: RowSums {
                released: zeros(),
                wave_rate: zeros(),
                wave_rate_sum: zeros(),
                clipped: zeros(),
                faded: zeros(),
                wet: zeros(),
            },
        }
    }

    /// What lies north of this row lies south of the next one.
    pub(super) fn turn(&mut self) {
        self.faces.turn();
        std::mem::swap(&mut self.edges.south, &mut self.edges.north);
        self.turn_cells();
    }

    /// The row in the north becomes the current one.
    pub(super) fn turn_cells(&mut self) {
        std::mem::swap(&mut self.tilt_y, &mut self.tilt_north);
        std::mem::swap(&mut self.gas, &mut self.gas_north);
        std::mem::swap(&mut self.rises, &mut self.rises_north);
    }
}
