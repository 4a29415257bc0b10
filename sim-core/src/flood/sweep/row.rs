//! The loops over one row: faces, then cells.
//!
//! Every array that is written is a parameter of its own, all slices are cut to
//! one length first, and no value decides a jump: only so does the compiler turn
//! the loops into vector instructions. Sums and extremes go column by column
//! into row buffers and are folded once per tile.

use std::hint::select_unpredictable;

use crate::flood::extreme::larger;
use crate::flood::flux::half_step::{Cell, Slopes, half_step_from};
use crate::flood::flux::{Riemann, Side, face_flux};
use crate::flood::friction::{inverse_cube_root, slowing};
use crate::flood::params::DRY_DEPTH;
use crate::flood::reconstruction::{self, Banks, Three, depth_and_ground, velocity_along, velocity_towards};
use crate::flood::{loss, rain};
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
    /// Depth that falls on every cell, m.
    pub(super) rain: f64,
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

/// Water and momentum of a row of cells after fluxes, rain, inflow and loss; the
/// momentum, m²/s, is left where the velocity will be.
///
/// In order: water and momentum from the four faces and the tilt of the ground
/// (x in `cells`, y in `carried` beside the depth that rests on it); rain and
/// inflow, which bring no momentum; the loss, which takes its momentum along:
/// `before_loss` is the depth that the momentum belongs to.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "arrays that are written must be parameters to vectorise")]
pub(super) fn balance_row(
    cells: Cells<'_>,
    carried: (&[f64], &[f64]),
    source: &[f64],
    sides: Sides<'_>,
    numbers: StepNumbers,
    new_depth: &mut [f64],
    momentum_x: &mut [f64],
    momentum_y: &mut [f64],
    before_loss: &mut [f64],
    lost: &mut [f64],
    clipped: &mut [f64],
) {
    let n = new_depth.len();
    let Cells { depth, normal: u, along: v, bed, tilt: tilt_x } = cells.cut(n);
    let (resting, tilt_y, source) = (&carried.0[..n], &carried.1[..n], &source[..n]);
    let (west, east) = (sides.west.cut(n), sides.east.cut(n));
    let (south, north) = (sides.south.cut(n), sides.north.cut(n));
    let (momentum_x, momentum_y) = (&mut momentum_x[..n], &mut momentum_y[..n]);
    let (before_loss, lost, clipped) = (&mut before_loss[..n], &mut lost[..n], &mut clipped[..n]);
    let StepNumbers { dt_dx, dt_dy, loss: wanted, .. } = numbers;
    for i in 0..n {
        let (across_x, across_y) = (west.water[i] - east.water[i], south.water[i] - north.water[i]);
        let arrived = rain::on_cell(source[i], bed[i]);
        let raw = depth[i] + (dt_dx * across_x + dt_dy * across_y) + arrived;
        // What is no number goes through, so that the run finds the cell.
        let holds = select_unpredictable(raw < 0.0, 0.0, raw);
        let taken = loss::from_cell(wanted, holds);
        let weight = GRAVITY * resting[i];
        let x_from_x = west.right[i] - east.left[i] - weight * tilt_x[i];
        let y_from_y = south.right[i] - north.left[i] - weight * tilt_y[i];
        let (x_from_y, y_from_x) = (south.along[i] - north.along[i], west.along[i] - east.along[i]);
        momentum_x[i] = depth[i] * u[i] + (dt_dx * x_from_x + dt_dy * x_from_y);
        momentum_y[i] = depth[i] * v[i] + (dt_dy * y_from_y + dt_dx * y_from_x);
        before_loss[i] = holds;
        new_depth[i] = holds - taken;
        lost[i] += taken;
        clipped[i] += holds - raw;
    }
}

/// Inverse cube roots of the depths of a row of cells; one where the water does not move.
///
/// A loop of its own, and short: its steps wait for each other, and only so do
/// many cells go through them at once.
#[inline(always)]
pub(super) fn root_row(new_depth: &[f64], before_loss: &[f64], root: &mut [f64]) {
    let n = root.len();
    let (new_depth, before_loss) = (&new_depth[..n], &before_loss[..n]);
    for i in 0..n {
        let moves = new_depth[i] >= DRY_DEPTH;
        root[i] = inverse_cube_root(select_unpredictable(moves, before_loss[i], 1.0));
    }
}

/// Velocity of a row of cells from their momentum, slowed by friction, with the sums
/// that the step needs; `u` and `v` come in as the momentum that [`balance_row`] left.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "arrays that are written must be parameters to vectorise")]
pub(super) fn friction_row(
    new_depth: &[f64],
    root: &[f64],
    friction: &[f64],
    numbers: StepNumbers,
    u: &mut [f64],
    v: &mut [f64],
    wave_rate: &mut [f64],
    wave_rate_sum: &mut [f64],
    wet: &mut [f64],
) {
    let n = u.len();
    let (new_depth, root, friction) = (&new_depth[..n], &root[..n], &friction[..n]);
    let (v, wet) = (&mut v[..n], &mut wet[..n]);
    let (wave_rate, wave_rate_sum) = (&mut wave_rate[..n], &mut wave_rate_sum[..n]);
    let StepNumbers { dt, inverse_dx, inverse_dy, .. } = numbers;
    for i in 0..n {
        let h = new_depth[i];
        let moves = h >= DRY_DEPTH;
        // Cheaper than a division, and as exact but for the last bit.
        let inverse_depth = root[i] * (root[i] * root[i]);
        let (u_star, v_star) = (u[i] * inverse_depth, v[i] * inverse_depth);
        let speed = (u_star * u_star + v_star * v_star).sqrt();
        let factor = slowing(speed, inverse_depth, root[i], dt * friction[i]);
        let u_new = select_unpredictable(moves, u_star * factor, 0.0);
        let v_new = select_unpredictable(moves, v_star * factor, 0.0);
        let c = (GRAVITY * select_unpredictable(moves, h, 0.0)).sqrt();
        let rate = (u_new.abs() + c) * inverse_dx + (v_new.abs() + c) * inverse_dy;
        u[i] = u_new;
        v[i] = v_new;
        wave_rate[i] = larger(rate, wave_rate[i]);
        wave_rate_sum[i] += rate;
        wet[i] += select_unpredictable(h > 0.0, 1.0, 0.0);
    }
}

/// The water of a row of cells and the ground under it.
#[derive(Clone, Copy)]
pub(super) struct Water<'a> {
    pub(super) depth: &'a [f64],
    pub(super) bed: &'a [f64],
    /// Velocity in the direction that is looked at.
    pub(super) normal: &'a [f64],
    /// Velocity across it.
    pub(super) along: &'a [f64],
}

impl<'a> Water<'a> {
    #[inline(always)]
    fn cut(self, n: usize) -> Self {
        Self {
            depth: &self.depth[..n],
            bed: &self.bed[..n],
            normal: &self.normal[..n],
            along: &self.along[..n],
        }
    }
}

/// Cells, the cells before and the cells behind them in one direction.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) before: Water<'a>,
    pub(super) here: Water<'a>,
    pub(super) behind: Water<'a>,
}

impl Line<'_> {
    #[inline(always)]
    fn cut(self, n: usize) -> Self {
        Self { before: self.before.cut(n), here: self.here.cut(n), behind: self.behind.cut(n) }
    }

    #[inline(always)]
    fn depth(&self, i: usize) -> Three {
        Three { before: self.before.depth[i], here: self.here.depth[i], behind: self.behind.depth[i] }
    }

    /// Differences of the bed to the cell before and to the one behind.
    #[inline(always)]
    fn ground(&self, i: usize) -> (f64, f64) {
        (self.here.bed[i] - self.before.bed[i], self.behind.bed[i] - self.here.bed[i])
    }
}

/// Differences across each cell of a row in one direction.
#[inline(always)]
pub(super) fn slope_row(
    line: Line<'_>,
    depth: &mut [f64],
    bed: &mut [f64],
    normal: &mut [f64],
    along: &mut [f64],
) {
    let n = depth.len();
    let line = line.cut(n);
    let (bed, normal, along) = (&mut bed[..n], &mut normal[..n], &mut along[..n]);
    let Line { before, here, behind } = line;
    for i in 0..n {
        let (ground, h) = (line.ground(i), line.depth(i));
        let banks = Banks::of(ground, h);
        let across = Three { before: before.normal[i], here: here.normal[i], behind: behind.normal[i] };
        let beside = Three { before: before.along[i], here: here.along[i], behind: behind.along[i] };
        (depth[i], bed[i]) = depth_and_ground(ground, h, banks);
        normal[i] = velocity_towards(h, across, banks);
        along[i] = velocity_along(h, beside);
    }
}

/// Differences across a row of cells in one direction.
#[derive(Clone, Copy)]
pub(super) struct SlopeRow<'a> {
    pub(super) depth: &'a [f64],
    pub(super) bed: &'a [f64],
    pub(super) normal: &'a [f64],
    pub(super) along: &'a [f64],
}

impl<'a> SlopeRow<'a> {
    #[inline(always)]
    fn cut(self, n: usize) -> Self {
        Self {
            depth: &self.depth[..n],
            bed: &self.bed[..n],
            normal: &self.normal[..n],
            along: &self.along[..n],
        }
    }
}

/// A row of cells half a step ahead; `here` looks along x, `root` is that of [`root_row`].
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "arrays that are written must be parameters to vectorise")]
pub(super) fn ahead_row(
    here: Water<'_>,
    root: &[f64],
    x: SlopeRow<'_>,
    y: SlopeRow<'_>,
    friction: &[f64],
    numbers: StepNumbers,
    depth: &mut [f64],
    u: &mut [f64],
    v: &mut [f64],
) {
    let n = depth.len();
    let (here, x, y) = (here.cut(n), x.cut(n), y.cut(n));
    let (root, friction) = (&root[..n], &friction[..n]);
    let (u, v) = (&mut u[..n], &mut v[..n]);
    let shares = (0.5 * numbers.dt_dx, 0.5 * numbers.dt_dy);
    for i in 0..n {
        let across_x = Slopes { depth: x.depth[i], bed: x.bed[i], u: x.normal[i], v: x.along[i] };
        let across_y = Slopes { depth: y.depth[i], bed: y.bed[i], u: y.along[i], v: y.normal[i] };
        let cell = Cell { depth: here.depth[i], u: here.normal[i], v: here.along[i] };
        let half_rain = 0.5 * rain::on_cell(numbers.rain, here.bed[i]);
        let dt_g_n2 = 0.5 * numbers.dt * friction[i];
        let ahead = half_step_from(cell, root[i], across_x, across_y, shares, half_rain, dt_g_n2);
        (depth[i], u[i], v[i]) = (ahead.depth, ahead.u, ahead.v);
    }
}

/// A row of cells with differences across them, as a row of faces sees it.
#[derive(Clone, Copy)]
pub(super) struct Sloped<'a> {
    pub(super) depth: &'a [f64],
    /// Velocity across the faces.
    pub(super) normal: &'a [f64],
    /// Velocity along the faces.
    pub(super) along: &'a [f64],
    pub(super) bed: &'a [f64],
    pub(super) depth_slope: &'a [f64],
    pub(super) normal_slope: &'a [f64],
    pub(super) along_slope: &'a [f64],
    pub(super) tilt: &'a [f64],
}

impl<'a> Sloped<'a> {
    #[inline(always)]
    fn cut(self, n: usize) -> Self {
        Self {
            depth: &self.depth[..n],
            normal: &self.normal[..n],
            along: &self.along[..n],
            bed: &self.bed[..n],
            depth_slope: &self.depth_slope[..n],
            normal_slope: &self.normal_slope[..n],
            along_slope: &self.along_slope[..n],
            tilt: &self.tilt[..n],
        }
    }

    /// The cell at its far (`half` = 1/2) or near (-1/2) side.
    #[inline(always)]
    fn side(&self, i: usize, half: f64) -> Side {
        Side {
            depth: self.depth[i] + half * self.depth_slope[i],
            normal: self.normal[i] + half * self.normal_slope[i],
            along: self.along[i] + half * self.along_slope[i],
            bed: self.bed[i],
            tilt: self.tilt[i],
        }
    }
}

/// Fluxes through the faces between two rows of cells with slopes.
#[inline(always)]
pub(super) fn sloped_face_row<R: Riemann>(
    left: Sloped<'_>,
    right: Sloped<'_>,
    water: &mut [f64],
    lost: &mut [f64],
    gained: &mut [f64],
    along: &mut [f64],
) {
    let n = water.len();
    let (left, right) = (left.cut(n), right.cut(n));
    let (lost, gained, along) = (&mut lost[..n], &mut gained[..n], &mut along[..n]);
    for i in 0..n {
        let flux = face_flux::<R>(left.side(i, 0.5), right.side(i, -0.5));
        water[i] = flux.water;
        lost[i] = flux.left;
        gained[i] = flux.right;
        along[i] = flux.along;
    }
}
