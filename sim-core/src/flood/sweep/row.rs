//! The loops over one row: faces, then cells.
//!
//! Every array that is written is a parameter of its own, all slices are cut to
//! one length first, and no value decides a jump: only so does the compiler turn
//! the loops into vector instructions. Sums and extremes go column by column
//! into row buffers and are folded once per tile.

use crate::flood::flux::{Riemann, Side, face_flux};
use crate::flood::friction::{inverse_cube_root, slowing};
use crate::flood::params::DRY_DEPTH;
use crate::flood::{loss, rain, reconstruction};
use crate::units::GRAVITY;

/// A row of cells as a row of faces sees it.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    pub(super) depth: &'a [f64],
    /// Velocity across the faces.
    pub(super) normal: &'a [f64],
    /// Velocity along the faces.
    pub(super) along: &'a [f64],
    pub(super) bed: &'a [f64],
    /// Rise of the bed across each cell in the direction of `normal`.
    pub(super) tilt: &'a [f64],
}

/// Fluxes through a row of faces; the fields are those of [`crate::flood::flux::FaceFlux`].
#[derive(Clone, Copy)]
pub(super) struct Faces<'a> {
    pub(super) water: &'a [f64],
    pub(super) left: &'a [f64],
    pub(super) right: &'a [f64],
    pub(super) along: &'a [f64],
}

/// The four sides of a row of cells.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) west: Faces<'a>,
    pub(super) east: Faces<'a>,
    pub(super) south: Faces<'a>,
    pub(super) north: Faces<'a>,
}

/// Numbers that are the same for all cells of a step.
#[derive(Debug, Clone, Copy)]
pub(super) struct StepNumbers {
    pub(super) dt: f64,
    pub(super) dt_dx: f64,
    pub(super) dt_dy: f64,
    pub(super) inverse_dx: f64,
    pub(super) inverse_dy: f64,
    /// Depth lost where there is enough water, m.
    pub(super) loss: f64,
}

impl<'a> Cells<'a> {
    #[inline(always)]
    fn cut(self, n: usize) -> Self {
        Self {
            depth: &self.depth[..n],
            normal: &self.normal[..n],
            along: &self.along[..n],
            bed: &self.bed[..n],
            tilt: &self.tilt[..n],
        }
    }

    #[inline(always)]
    fn side(&self, i: usize) -> Side {
        Side {
            depth: self.depth[i],
            normal: self.normal[i],
            along: self.along[i],
            bed: self.bed[i],
            tilt: self.tilt[i],
        }
    }
}

impl<'a> Faces<'a> {
    #[inline(always)]
    fn cut(self, n: usize) -> Self {
        Self {
            water: &self.water[..n],
            left: &self.left[..n],
            right: &self.right[..n],
            along: &self.along[..n],
        }
    }
}

/// Bed and depth of a row of cells.
#[derive(Clone, Copy)]
pub(super) struct Column<'a> {
    pub(super) bed: &'a [f64],
    pub(super) depth: &'a [f64],
}

/// Rise of the bed across each cell, from the cells before and behind it.
#[inline(always)]
pub(super) fn tilt_row(before: Column<'_>, here: Column<'_>, behind: Column<'_>, out: &mut [f64]) {
    let n = out.len();
    let (z0, h0) = (&before.bed[..n], &before.depth[..n]);
    let (z1, h1) = (&here.bed[..n], &here.depth[..n]);
    let (z2, h2) = (&behind.bed[..n], &behind.depth[..n]);
    for i in 0..n {
        out[i] = reconstruction::tilt(z1[i] - z0[i], z2[i] - z1[i], h1[i] - h0[i], h2[i] - h1[i]);
    }
}

/// Fluxes through the faces between two rows of cells (or one row and itself, shifted).
#[inline(always)]
pub(super) fn face_row<R: Riemann>(
    left: Cells<'_>,
    right: Cells<'_>,
    water: &mut [f64],
    lost: &mut [f64],
    gained: &mut [f64],
    along: &mut [f64],
) {
    let n = water.len();
    let (left, right) = (left.cut(n), right.cut(n));
    let (lost, gained, along) = (&mut lost[..n], &mut gained[..n], &mut along[..n]);
    for i in 0..n {
        let flux = face_flux::<R>(left.side(i), right.side(i));
        water[i] = flux.water;
        lost[i] = flux.left;
        gained[i] = flux.right;
        along[i] = flux.along;
    }
}

/// New depth and velocity of a row of cells, with the sums that the step needs.
///
/// In order: water and momentum from the four faces and the tilt of the ground
/// (x in `cells`, y beside it); rain and inflow, which bring
/// no momentum; the loss, which takes its momentum along; friction.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "arrays that are written must be parameters to vectorise")]
pub(super) fn cell_row(
    cells: Cells<'_>,
    tilt_y: &[f64],
    friction: &[f64],
    source: &[f64],
    sides: Sides<'_>,
    numbers: StepNumbers,
    new_depth: &mut [f64],
    new_u: &mut [f64],
    new_v: &mut [f64],
    wave_rate: &mut [f64],
    wave_rate_sum: &mut [f64],
    lost: &mut [f64],
    clipped: &mut [f64],
    wet: &mut [f64],
) {
    let n = new_depth.len();
    let Cells { depth, normal: u, along: v, bed, tilt: tilt_x } = cells.cut(n);
    let (tilt_y, friction, source) = (&tilt_y[..n], &friction[..n], &source[..n]);
    let (west, east) = (sides.west.cut(n), sides.east.cut(n));
    let (south, north) = (sides.south.cut(n), sides.north.cut(n));
    let (new_u, new_v) = (&mut new_u[..n], &mut new_v[..n]);
    let (wave_rate, wave_rate_sum) = (&mut wave_rate[..n], &mut wave_rate_sum[..n]);
    let (lost, clipped, wet) = (&mut lost[..n], &mut clipped[..n], &mut wet[..n]);
    let StepNumbers { dt, dt_dx, dt_dy, inverse_dx, inverse_dy, loss: wanted } = numbers;
    for i in 0..n {
        let (across_x, across_y) = (west.water[i] - east.water[i], south.water[i] - north.water[i]);
        let arrived = rain::on_cell(source[i], bed[i]);
        let raw = depth[i] + (dt_dx * across_x + dt_dy * across_y) + arrived;
        let before_loss = if raw < 0.0 { 0.0 } else { raw };
        let taken = loss::from_cell(wanted, before_loss);
        let h = before_loss - taken;
        let weight = GRAVITY * depth[i];
        let x_from_x = west.right[i] - east.left[i] - weight * tilt_x[i];
        let y_from_y = south.right[i] - north.left[i] - weight * tilt_y[i];
        let (x_from_y, y_from_x) = (south.along[i] - north.along[i], west.along[i] - east.along[i]);
        let q_x = depth[i] * u[i] + (dt_dx * x_from_x + dt_dy * x_from_y);
        let q_y = depth[i] * v[i] + (dt_dy * y_from_y + dt_dx * y_from_x);
        let moves = h >= DRY_DEPTH;
        let inverse_depth = 1.0 / if moves { before_loss } else { 1.0 };
        let (u_star, v_star) = (q_x * inverse_depth, q_y * inverse_depth);
        let speed = (u_star * u_star + v_star * v_star).sqrt();
        let root = inverse_cube_root(if moves { before_loss } else { 1.0 });
        let factor = slowing(speed, inverse_depth, root, dt * friction[i]);
        let u_new = if moves { u_star * factor } else { 0.0 };
        let v_new = if moves { v_star * factor } else { 0.0 };
        let c = (GRAVITY * if moves { h } else { 0.0 }).sqrt();
        let rate = (u_new.abs() + c) * inverse_dx + (v_new.abs() + c) * inverse_dy;
        new_depth[i] = h;
        new_u[i] = u_new;
        new_v[i] = v_new;
        wave_rate[i] = if rate > wave_rate[i] { rate } else { wave_rate[i] };
        wave_rate_sum[i] += rate;
        lost[i] += taken;
        clipped[i] += before_loss - raw;
        wet[i] += if h > 0.0 { 1.0 } else { 0.0 };
    }
}
