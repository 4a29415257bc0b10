//! The arrays of the solver: plain vectors, one per quantity, one ghost cell all round.

use crate::flood::boundary;
use crate::flood::infiltration::{Soil, Soils};
use crate::flood::params::{OUTSIDE_BED, Setup};
use crate::flood::part::Slab;
use crate::flood::sweep::SoilStep;
use crate::layer::edge::Moving;
use crate::units::GRAVITY;

pub use crate::layer::layout::Layout;

/// Water in every cell at one time.
///
/// Velocities are kept instead of unit discharges: each is divided out once,
/// when it changes, and not again by every face that reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Depth, m.
    pub depth: Vec<f64>,
    /// Velocity along x (columns), m/s.
    pub u: Vec<f64>,
    /// Velocity along y (rows), m/s.
    pub v: Vec<f64>,
    /// Unit discharge through the western face of every cell, m²/s; empty unless
    /// the scheme is staggered.
    pub across: Vec<f64>,
    /// Unit discharge through the southern face of every cell, m²/s; empty likewise.
    pub northward: Vec<f64>,
}

impl State {
    /// A dry state, with room for the discharges through the faces if these are
    /// part of it ([`crate::flood::flux::Scheme::is_staggered`]).
    pub fn dry(layout: Layout, is_staggered: bool) -> Self {
        let zeros = || vec![0.0; layout.len()];
        let faces = || if is_staggered { zeros() } else { Vec::new() };
        Self { depth: zeros(), u: zeros(), v: zeros(), across: faces(), northward: faces() }
    }
}

impl State {
    /// What every layer has that flows.
    pub(super) fn moving(&mut self) -> Moving<'_> {
        Moving { depth: &mut self.depth, u: &mut self.u, v: &mut self.v }
    }

    /// Continues the discharges through the faces of a staggered state onto the faces
    /// of the edges; what goes through these in the next step follows from the ghosts.
    pub(super) fn fill_face_ghosts(&mut self, layout: Layout) {
        if self.across.is_empty() {
            return;
        }
        let (stride, rows, columns) = (layout.stride(), layout.rows, layout.columns);
        for row in 1..=rows {
            let first = row * stride + 1;
            self.across[first] = self.across[first + 1];
            self.across[first + columns] = self.across[first + columns - 1];
        }
        for column in 1..=columns {
            let first = stride + column;
            self.northward[first] = self.northward[first + stride];
            self.northward[first + rows * stride] = self.northward[first + (rows - 1) * stride];
        }
    }

    /// Adds a depth of still water to a cell, m, or takes one away with its momentum.
    pub(super) fn gain(&mut self, at: usize, depth: f64) {
        let before = self.depth[at];
        let after = before + depth;
        if depth > 0.0 {
            let share = if after > 0.0 { before / after } else { 0.0 };
            self.u[at] *= share;
            self.v[at] *= share;
        }
        self.depth[at] = after;
    }
}

/// What the ground takes and what it remembers of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// Soils with the class of every cell, padded.
    pub soils: PaddedSoils,
    /// The store of every cell ([`crate::flood::infiltration::Uptake`]), padded; empty where
    /// the ground takes nothing.
    pub store: Vec<f64>,
}

/// Soils by class; one byte per cell says which.
#[derive(Debug, Clone, PartialEq)]
pub struct PaddedSoils {
    classes: Vec<Soil>,
    /// Empty where one soil lies everywhere.
    class_of: Vec<u8>,
}

impl PaddedSoils {
    /// Soils by class.
    pub fn classes(&self) -> &[Soil] {
        &self.classes
    }

    /// Class of every cell, padded; empty where one soil lies everywhere.
    pub fn class_of(&self) -> &[u8] {
        &self.class_of
    }

    /// The soils in a step of this length; none where the ground takes nothing or no time passes.
    pub(crate) fn for_step(&self, dt: f64) -> Option<SoilStep<'_>> {
        if self.classes.is_empty() || dt <= 0.0 {
            return None;
        }
        let table: Vec<_> = self.classes.iter().map(|soil| (soil.law(), soil.for_step(dt))).collect();
        let mut laws = Vec::new();
        for &(law, _) in &table {
            if !laws.contains(&law) {
                laws.push(law);
            }
        }
        Some(SoilStep { class_of: &self.class_of, table, laws })
    }
}

impl Ground {
    /// Ground that has taken nothing yet, in the rows that a part holds.
    pub fn new(soils: &Soils, slab: &Slab) -> Self {
        let layout = slab.layout();
        if soils.is_none() {
            let soils = PaddedSoils { classes: Vec::new(), class_of: Vec::new() };
            return Self { soils, store: Vec::new() };
        }
        let mut class_of = Vec::new();
        if soils.classes().len() > 1 {
            class_of.resize(layout.len(), 0);
            for row in 0..layout.rows {
                for column in 0..layout.columns {
                    class_of[layout.at(row, column)] = soils.class(slab.held.start + row, column);
                }
            }
        }
        let soils = PaddedSoils { classes: soils.classes().to_vec(), class_of };
        Self { soils, store: vec![0.0; layout.len()] }
    }
}

/// The ground: it does not change during a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Terrain {
    /// Bed level, m; [`OUTSIDE_BED`] outside the area; ghosts as in [`boundary::fill_bed`].
    pub bed: Vec<f64>,
    /// g n² with Manning's n, m^(1/3)/s² · m: one padded array, or one row that serves all rows.
    pub friction: Friction,
    /// Number of cells inside the area of the whole grid.
    pub inside: usize,
}

/// g n² of every cell, or of all cells at once.
#[derive(Debug, Clone, PartialEq)]
pub enum Friction {
    /// The same everywhere: one row is read again and again and stays in the cache.
    Uniform(Vec<f32>),
    /// A padded array.
    Field(Vec<f32>),
}

/// g n² of a cell.
pub(crate) fn friction(manning_n: f64) -> f32 {
    (GRAVITY * manning_n * manning_n) as f32
}

impl Friction {
    /// g n² of a whole padded row (0 is the southern ghost row).
    pub fn row(&self, layout: Layout, padded_row: usize) -> &[f32] {
        match self {
            Self::Uniform(row) => row,
            Self::Field(all) => &all[padded_row * layout.stride()..(padded_row + 1) * layout.stride()],
        }
    }
}

impl Terrain {
    /// The ground of a setup, in the rows that a part of it holds.
    pub fn new(setup: &Setup<'_>, slab: &Slab) -> Self {
        let layout = slab.layout();
        let mut bed = slab.pad(setup.bed, |level| if level.is_nan() { OUTSIDE_BED } else { level });
        boundary::fill_bed(&mut bed, layout, setup.params.edges);
        let inside = setup.bed.iter().filter(|level| !level.is_nan()).count();
        let first = setup.manning_n.iter().next().copied().unwrap_or(0.0);
        let friction = if setup.manning_n.iter().all(|&n| n == first) {
            Friction::Uniform(vec![friction(first); layout.stride()])
        } else {
            let padded = slab.pad(setup.manning_n, |n| f64::from(friction(n)));
            Friction::Field(padded.into_iter().map(|g_n2| g_n2 as f32).collect())
        };
        Self { bed, friction, inside }
    }
}
