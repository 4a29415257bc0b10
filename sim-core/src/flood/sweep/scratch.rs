//! Row buffers of one thread.

use crate::flood::sweep::{Sums, row};
use crate::layer::extent;

pub(super) use crate::layer::buffers::{
    FaceBuffers, Narrow, RiseBuffers, RowFaces, Window, whole_turns, zeros,
};

/// Sources and sums, column by column.
#[derive(Debug, Clone)]
pub(super) struct RowSums {
    /// Depth that falls or flows in during the step, m.
    pub(super) source: Vec<f64>,
    /// Depth that is lost where there is enough, m.
    pub(super) wanted: Vec<f64>,
    pub(super) soil: SoilBuffers,
    /// Depth of the current row before the loss, m.
    pub(super) before_loss: Vec<f64>,
    pub(super) wave_rate: Vec<f32>,
    pub(super) wave_rate_sum: Vec<f32>,
    pub(super) lost: Vec<f64>,
    /// What of it the ground took.
    pub(super) infiltrated: Vec<f64>,
    pub(super) clipped: Vec<f64>,
    /// Rows in which the column held water.
    pub(super) wet: Vec<f64>,
}

/// Soils of the current row: law and numbers, what can be taken and what is, m.
#[derive(Debug, Clone)]
pub(super) struct SoilBuffers {
    pub(super) law: Vec<f64>,
    pub(super) a: Vec<f64>,
    pub(super) b: Vec<f64>,
    pub(super) c: Vec<f64>,
    pub(super) capacity: Vec<f64>,
    pub(super) taken: Vec<f64>,
}

impl SoilBuffers {
    fn new() -> Self {
        Self { law: zeros(), a: zeros(), b: zeros(), c: zeros(), capacity: zeros(), taken: zeros() }
    }
}

/// What goes from loop to loop over the current row of cells.
#[derive(Debug, Clone)]
pub(super) struct CellBuffers {
    /// Change of the momentum, m²/s.
    pub(super) change_x: Vec<f32>,
    pub(super) change_y: Vec<f32>,
    /// Depth, its inverse cube root and velocity before friction.
    pub(super) depth: Vec<f32>,
    pub(super) root: Vec<f32>,
    pub(super) u: Vec<f32>,
    pub(super) v: Vec<f32>,
    /// Shares of the velocity that friction leaves and takes.
    pub(super) kept: Vec<f32>,
    pub(super) lost: Vec<f32>,
}

impl CellBuffers {
    fn new() -> Self {
        Self {
            change_x: zeros(),
            change_y: zeros(),
            depth: zeros(),
            root: zeros(),
            u: zeros(),
            v: zeros(),
            kept: zeros(),
            lost: zeros(),
        }
    }
}

impl RowSums {
    /// Clears the sums and spreads rain and loss that are the same everywhere.
    pub(super) fn start(&mut self, n: usize, rain: f64, loss: f64) {
        self.source[..n].fill(rain);
        self.wanted[..n].fill(loss);
        for sums in [&mut self.wave_rate, &mut self.wave_rate_sum] {
            sums[..n].fill(0.0);
        }
        for sums in [&mut self.lost, &mut self.infiltrated, &mut self.clipped, &mut self.wet] {
            sums[..n].fill(0.0);
        }
    }

    /// The sums over the columns of the tile.
    pub(super) fn total(&self, n: usize) -> Sums {
        fn total<T: Copy + Into<f64>>(numbers: &[T]) -> f64 {
            numbers.iter().map(|&number| number.into()).sum()
        }
        Sums {
            wave_rate: f64::from(self.wave_rate[..n].iter().fold(0.0, |a, &b| if b > a { b } else { a })),
            wave_rate_sum: total(&self.wave_rate_sum[..n]),
            lost: total(&self.lost[..n]),
            infiltrated: total(&self.infiltrated[..n]),
            clipped: total(&self.clipped[..n]),
            wet: total(&self.wet[..n]),
        }
    }

    /// First and behind the last of n columns that hold water.
    pub(super) fn wet_columns(&self, n: usize) -> Option<(usize, usize)> {
        extent::wet_columns(&self.wet[..n])
    }
}

/// Differences across a row of cells in one direction, from one side of each to the other.
#[derive(Debug, Clone)]
pub(super) struct SlopeBuffers {
    pub(super) depth: Vec<f32>,
    pub(super) surface: Vec<f32>,
    /// Velocity in this direction.
    pub(super) normal: Vec<f32>,
    /// Velocity across it.
    pub(super) along: Vec<f32>,
}

impl SlopeBuffers {
    fn new() -> Self {
        Self { depth: zeros(), surface: zeros(), normal: zeros(), along: zeros() }
    }

    /// Makes a cell level and its velocity even.
    pub(super) fn clear(&mut self, place: usize) {
        for slopes in [&mut self.depth, &mut self.surface, &mut self.normal, &mut self.along] {
            slopes[place] = 0.0;
        }
    }

    /// The differences across n cells from a place on.
    #[inline(always)]
    pub(super) fn row(&self, from: usize, n: usize) -> row::SlopeRow<'_> {
        let here = from..from + n;
        row::SlopeRow {
            depth: &self.depth[here.clone()],
            surface: &self.surface[here.clone()],
            normal: &self.normal[here.clone()],
            along: &self.along[here],
        }
    }
}

/// A row of cells half a step ahead, with the differences across them; place 0
/// is the cell before the first of the area.
#[derive(Debug, Clone)]
pub(super) struct Predicted {
    pub(super) water: Narrow,
    /// What the depth has gained in the half step.
    pub(super) gain: Vec<f32>,
    /// Inverse cube root of the depth before the half step.
    pub(super) root: Vec<f32>,
    pub(super) half_rain: Vec<f32>,
    pub(super) x: SlopeBuffers,
    pub(super) y: SlopeBuffers,
    /// Rises along the row.
    pub(super) rises: RiseBuffers,
}

impl Predicted {
    fn new() -> Self {
        Self {
            water: Narrow::new(),
            gain: zeros(),
            root: zeros(),
            half_rain: zeros(),
            x: SlopeBuffers::new(),
            y: SlopeBuffers::new(),
            rises: RiseBuffers::new(),
        }
    }
}

/// What goes from loop to loop over a row of faces under local inertia; names as in
/// [`crate::flood::sweep::staggered_row`].
#[derive(Debug, Clone)]
pub(super) struct OpeningBuffers {
    pub(super) rise: Vec<f32>,
    pub(super) flow: Vec<f32>,
    pub(super) root: Vec<f32>,
    pub(super) along: Vec<f32>,
    pub(super) push: Vec<f32>,
    pub(super) kept: Vec<f32>,
    pub(super) lost: Vec<f32>,
}

impl OpeningBuffers {
    fn new() -> Self {
        Self {
            rise: zeros(),
            flow: zeros(),
            root: zeros(),
            along: zeros(),
            push: zeros(),
            kept: zeros(),
            lost: zeros(),
        }
    }
}

/// Share of its discharges that each cell of a row can give.
#[derive(Debug, Clone)]
pub(super) struct Shares {
    /// True if every cell holds enough; then the values say nothing.
    pub(super) whole: bool,
    pub(super) values: Vec<f64>,
}

impl Shares {
    fn new() -> Self {
        Self { whole: true, values: zeros() }
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
    pub(super) share: Shares,
    /// The same of the row beyond.
    pub(super) share_beyond: Shares,
    pub(super) openings: OpeningBuffers,
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
            share: Shares::new(),
            share_beyond: Shares::new(),
            openings: OpeningBuffers::new(),
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
    pub(super) cells: CellBuffers,
    pub(super) window: Window,
    /// Rises along the current row.
    pub(super) rises: RiseBuffers,
    /// Tilt along x of the cells from one before the tile to one behind it.
    pub(super) tilt_x: Vec<f32>,
    /// Tilt along y of the current row.
    pub(super) tilt_y: Vec<f32>,
    /// Tilt along y of the row north of it.
    pub(super) tilt_north: Vec<f32>,
    /// The current row half a step ahead.
    pub(super) here: Predicted,
    /// The row north of it.
    pub(super) beyond: Predicted,
    pub(super) staggered: Staggered,
}

impl Scratch {
    /// Buffers full of zeros.
    pub(crate) fn new() -> Self {
        Self {
            faces: RowFaces::new(),
            sums: RowSums {
                source: zeros(),
                wanted: zeros(),
                soil: SoilBuffers::new(),
                before_loss: zeros(),
                wave_rate: zeros(),
                wave_rate_sum: zeros(),
                lost: zeros(),
                infiltrated: zeros(),
                clipped: zeros(),
                wet: zeros(),
            },
            cells: CellBuffers::new(),
            window: Window::new(),
            rises: RiseBuffers::new(),
            tilt_x: zeros(),
            tilt_y: zeros(),
            tilt_north: zeros(),
            here: Predicted::new(),
            beyond: Predicted::new(),
            staggered: Staggered::new(),
        }
    }
}
