//! The loops over one row that every layer has: differences, faces.
//!
//! Every array that is written is a parameter of its own, all slices are cut to
//! one length first, and no value decides a jump: only so does the compiler turn
//! the loops into vector instructions. Loops are short, so that the steps of one
//! column, which wait for each other, overlap with those of the next ones.
//!
//! The state is read in double precision; what goes from loop to loop is in single
//! precision ([`crate::layer::reconstruction`] tells why that is enough), and twice as
//! many numbers fit an instruction and a cache.

use crate::layer::flux::{Riemann, Side, face_flux};
use crate::layer::reconstruction::{self, surface_rise};

/// Numbers that are the same for all cells of a step.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StepNumbers {
    pub(crate) dt: f64,
    pub(crate) dt_dx: f64,
    pub(crate) dt_dy: f64,
    pub(crate) inverse_dx: f64,
    pub(crate) inverse_dy: f64,
}

/// Depth and velocity of a row of cells as the state holds them.
#[derive(Clone, Copy)]
pub(crate) struct StateRow<'a> {
    pub(crate) depth: &'a [f64],
    pub(crate) u: &'a [f64],
    pub(crate) v: &'a [f64],
}

/// The same in single precision.
#[inline(always)]
pub(crate) fn narrow_row(state: StateRow<'_>, depth: &mut [f32], u: &mut [f32], v: &mut [f32]) {
    let n = depth.len();
    let (h, state_u, state_v) = (&state.depth[..n], &state.u[..n], &state.v[..n]);
    let (u, v) = (&mut u[..n], &mut v[..n]);
    for i in 0..n {
        depth[i] = h[i] as f32;
        u[i] = state_u[i] as f32;
        v[i] = state_v[i] as f32;
    }
}

/// Bed and depth of a row of cells.
#[derive(Clone, Copy)]
pub(crate) struct Column<'a> {
    pub(crate) bed: &'a [f64],
    pub(crate) depth: &'a [f64],
}

/// Rise of ground and water surface from a row of cells to the cells behind them.
#[inline(always)]
pub(crate) fn rise_row(here: Column<'_>, behind: Column<'_>, ground: &mut [f32], surface: &mut [f32]) {
    let n = ground.len();
    let (z0, h0) = (&here.bed[..n], &here.depth[..n]);
    let (z1, h1) = (&behind.bed[..n], &behind.depth[..n]);
    let surface = &mut surface[..n];
    for i in 0..n {
        ground[i] = (z1[i] - z0[i]) as f32;
        surface[i] = surface_rise((z0[i], z1[i]), (h0[i], h1[i]));
    }
}

/// What [`rise_row`] found.
#[derive(Clone, Copy)]
pub(crate) struct Rises<'a> {
    pub(crate) ground: &'a [f32],
    pub(crate) surface: &'a [f32],
}

impl Rises<'_> {
    #[inline(always)]
    pub(crate) fn cut(self, n: usize) -> Self {
        Self { ground: &self.ground[..n], surface: &self.surface[..n] }
    }
}

/// Rise of the ground across each cell, from the rises before and behind it.
#[inline(always)]
pub(crate) fn tilt_row(before: Rises<'_>, behind: Rises<'_>, out: &mut [f32]) {
    let n = out.len();
    let (ground_before, ground_behind) = (&before.ground[..n], &behind.ground[..n]);
    let (surface_before, surface_behind) = (&before.surface[..n], &behind.surface[..n]);
    for i in 0..n {
        let ground = (ground_before[i], ground_behind[i]);
        out[i] = reconstruction::tilt(ground, (surface_before[i], surface_behind[i]));
    }
}

/// Depth and velocity of a row of cells in one direction.
#[derive(Clone, Copy)]
pub(crate) struct Water<'a> {
    pub(crate) depth: &'a [f32],
    /// Velocity in the direction that is looked at, or across the faces.
    pub(crate) normal: &'a [f32],
    /// Velocity across it, or along the faces.
    pub(crate) along: &'a [f32],
}

impl<'a> Water<'a> {
    #[inline(always)]
    pub(crate) fn cut(self, n: usize) -> Self {
        Self { depth: &self.depth[..n], normal: &self.normal[..n], along: &self.along[..n] }
    }

    #[inline(always)]
    pub(crate) fn side(&self, i: usize) -> Side {
        Side { depth: self.depth[i], normal: self.normal[i], along: self.along[i] }
    }
}

/// Fluxes through a row of faces; the fields are those of [`crate::layer::flux::FaceFlux`].
#[derive(Clone, Copy)]
pub(crate) struct Faces<'a> {
    /// In double precision, so that what a boundary gives is given to the last bit.
    pub(crate) water: &'a [f64],
    pub(crate) left: &'a [f32],
    pub(crate) right: &'a [f32],
    pub(crate) along: &'a [f32],
}

impl Sides<'_> {
    /// The water through them: west, east, south, north.
    #[inline(always)]
    pub(crate) fn water(&self) -> [&[f64]; 4] {
        [self.west, self.east, self.south, self.north].map(|faces| faces.water)
    }
}

impl<'a> Faces<'a> {
    #[inline(always)]
    pub(crate) fn cut(self, n: usize) -> Self {
        Self {
            water: &self.water[..n],
            left: &self.left[..n],
            right: &self.right[..n],
            along: &self.along[..n],
        }
    }
}

/// The four sides of a row of cells.
#[derive(Clone, Copy)]
pub(crate) struct Sides<'a> {
    pub(crate) west: Faces<'a>,
    pub(crate) east: Faces<'a>,
    pub(crate) south: Faces<'a>,
    pub(crate) north: Faces<'a>,
}

/// The same numbers in double precision. A loop of its own: beside doubles the loops over
/// the faces would take half as many numbers at once.
#[inline(always)]
pub(crate) fn widen_row(single: &[f32], double: &mut [f64]) {
    let n = double.len();
    let single = &single[..n];
    for i in 0..n {
        double[i] = f64::from(single[i]);
    }
}

/// Rise of the water surface at the faces between two rows of tilted cells (or one row
/// and itself, shifted): what is left of the rise from middle to middle.
#[derive(Clone, Copy)]
pub(crate) struct Steps<'a> {
    /// From middle to middle.
    pub(crate) surface: &'a [f32],
    /// Within the cells on the left and on the right.
    pub(crate) tilt: (&'a [f32], &'a [f32]),
}

/// Fluxes through the faces between two rows of cells that hold one value each.
#[inline(always)]
pub(crate) fn face_row<R: Riemann>(
    (left, right): (Water<'_>, Water<'_>),
    steps: Steps<'_>,
    water: &mut [f32],
    lost: &mut [f32],
    gained: &mut [f32],
    along: &mut [f32],
) {
    let n = water.len();
    let (left, right) = (left.cut(n), right.cut(n));
    let (surface, tilt_left, tilt_right) = (&steps.surface[..n], &steps.tilt.0[..n], &steps.tilt.1[..n]);
    let (lost, gained, along) = (&mut lost[..n], &mut gained[..n], &mut along[..n]);
    for i in 0..n {
        let rise = surface[i] - 0.5 * (tilt_left[i] + tilt_right[i]);
        let flux = face_flux::<R>(left.side(i), right.side(i), rise);
        water[i] = flux.water;
        lost[i] = flux.left;
        gained[i] = flux.right;
        along[i] = flux.along;
    }
}
