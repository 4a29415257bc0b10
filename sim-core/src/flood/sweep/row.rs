//! The loops over one row: differences, faces, cells.
//!
//! Every array that is written is a parameter of its own, all slices are cut to
//! one length first, and no value decides a jump: only so does the compiler turn
//! the loops into vector instructions. Loops are short, so that the steps of one
//! column, which wait for each other, overlap with those of the next ones. Sums and
//! extremes go column by column into row buffers and are folded once per tile.
//!
//! The state is read in double precision; what goes from loop to loop is in single
//! precision ([`crate::flood::reconstruction`] tells why that is enough), and twice as
//! many numbers fit an instruction and a cache. Sums that live on, depth and velocity,
//! are formed in double precision again.

use std::hint::select_unpredictable;

use crate::flood::extreme::larger;
use crate::flood::flux::half_step::{Cell, Slopes, half_step_from};
use crate::flood::flux::{Riemann, Side, face_flux};
use crate::flood::friction::{Slowing, root_of_depth, slowing};
use crate::flood::params::{DRY_DEPTH, STILL_SPEED};
use crate::flood::reconstruction::{Banks, Three, depth_and_surface, velocity_along, velocity_towards};
use crate::flood::time_step::{about_square_root, crossing_speed};
use crate::flood::{loss, rain};
use crate::units::GRAVITY;

pub(super) use crate::layer::row::{
    Column, Rises, Sides, StateRow, StepNumbers, Steps, Water, face_row, tilt_row, widen_row,
};

/// What changes the momentum of a row of cells: the slope of the water surface within
/// them and the depth that lies on it.
#[derive(Clone, Copy)]
pub(super) struct Carried<'a> {
    pub(super) depth: &'a [f32],
    pub(super) slope_x: &'a [f32],
    pub(super) slope_y: &'a [f32],
}

impl Carried<'_> {
    /// n of the cells from one of them on.
    #[inline(always)]
    pub(super) fn from(self, from: usize, n: usize) -> Self {
        let here = from..from + n;
        Self {
            depth: &self.depth[here.clone()],
            slope_x: &self.slope_x[here.clone()],
            slope_y: &self.slope_y[here],
        }
    }
}

/// Change of the momentum of a row of cells, m²/s, by fluxes and weight.
#[inline(always)]
pub(super) fn momentum_row(
    carried: Carried<'_>,
    sides: Sides<'_>,
    numbers: StepNumbers,
    change_x: &mut [f32],
    change_y: &mut [f32],
) {
    let n = change_x.len();
    let (depth, slope_x, slope_y) = (&carried.depth[..n], &carried.slope_x[..n], &carried.slope_y[..n]);
    let (west, east) = (sides.west.cut(n), sides.east.cut(n));
    let (south, north) = (sides.south.cut(n), sides.north.cut(n));
    let change_y = &mut change_y[..n];
    let (dt_dx, dt_dy) = (numbers.dt_dx as f32, numbers.dt_dy as f32);
    for i in 0..n {
        let weight = GRAVITY as f32 * depth[i];
        let x_from_x = (west.right[i] - east.left[i]) - weight * slope_x[i];
        let y_from_y = (south.right[i] - north.left[i]) - weight * slope_y[i];
        let (x_from_y, y_from_x) = (south.along[i] - north.along[i], west.along[i] - east.along[i]);
        change_x[i] = dt_dx * x_from_x + dt_dy * x_from_y;
        change_y[i] = dt_dy * y_from_y + dt_dx * y_from_x;
    }
}

/// Depth of a row of cells after fluxes, rain, inflow and loss; `source` arrives and `wanted`
/// is lost where there is enough, m; `sides` is the water through their west, east, south
/// and north, m²/s.
///
/// The loss takes its momentum along: `before_loss` is the depth that the momentum
/// belongs to.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "arrays that are written must be parameters to vectorise")]
pub(super) fn balance_row(
    ground: Column<'_>,
    (source, wanted): (&[f64], &[f64]),
    sides: [&[f64]; 4],
    numbers: StepNumbers,
    new_depth: &mut [f64],
    before_loss: &mut [f64],
    lost: &mut [f64],
    clipped: &mut [f64],
    wet: &mut [f64],
) {
    let n = new_depth.len();
    let (bed, depth) = (&ground.bed[..n], &ground.depth[..n]);
    let (source, wanted) = (&source[..n], &wanted[..n]);
    let [west, east, south, north] = sides.map(|side| &side[..n]);
    let (before_loss, lost, clipped) = (&mut before_loss[..n], &mut lost[..n], &mut clipped[..n]);
    let wet = &mut wet[..n];
    let StepNumbers { dt_dx, dt_dy, .. } = numbers;
    for i in 0..n {
        let (across_x, across_y) = (west[i] - east[i], south[i] - north[i]);
        let arrived = rain::on_cell(source[i], bed[i]);
        let raw = depth[i] + (dt_dx * across_x + dt_dy * across_y) + arrived;
        // What is no number goes through, so that the run finds the cell.
        let holds = select_unpredictable(raw < 0.0, 0.0, raw);
        let taken = loss::from_cell(wanted[i], holds);
        let left = holds - taken;
        before_loss[i] = holds;
        new_depth[i] = left;
        lost[i] += taken;
        clipped[i] += holds - raw;
        wet[i] += select_unpredictable(left > 0.0, 1.0, 0.0);
    }
}

/// A velocity, or none where it is below [`STILL_SPEED`].
#[inline(always)]
fn still_or(velocity: f64) -> f64 {
    select_unpredictable(velocity.abs() < STILL_SPEED, 0.0, velocity)
}

/// Velocity of a row of cells from their momentum, before friction: exact in `u` and `v`,
/// and in single precision with the depth, all zero where the water does not move.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "arrays that are written must be parameters to vectorise")]
pub(super) fn velocity_row(
    old: StateRow<'_>,
    change: (&[f32], &[f32]),
    (new_depth, before_loss): (&[f64], &[f64]),
    u: &mut [f64],
    v: &mut [f64],
    depth_star: &mut [f32],
    u_star: &mut [f32],
    v_star: &mut [f32],
) {
    let n = u.len();
    let (depth, old_u, old_v) = (&old.depth[..n], &old.u[..n], &old.v[..n]);
    let (change_x, change_y) = (&change.0[..n], &change.1[..n]);
    let (new_depth, before_loss) = (&new_depth[..n], &before_loss[..n]);
    let (v, depth_star) = (&mut v[..n], &mut depth_star[..n]);
    let (u_star, v_star) = (&mut u_star[..n], &mut v_star[..n]);
    for i in 0..n {
        let moves = new_depth[i] >= DRY_DEPTH;
        let held = select_unpredictable(moves, before_loss[i], 0.0);
        let inverse = select_unpredictable(moves, 1.0, 0.0) / select_unpredictable(moves, held, 1.0);
        let along_x = still_or((depth[i] * old_u[i] + f64::from(change_x[i])) * inverse);
        let along_y = still_or((depth[i] * old_v[i] + f64::from(change_y[i])) * inverse);
        u[i] = along_x;
        v[i] = along_y;
        depth_star[i] = held as f32;
        u_star[i] = along_x as f32;
        v_star[i] = along_y as f32;
    }
}

/// Inverse cube roots of the depths of a row of cells; one where the water does not move.
#[inline(always)]
pub(super) fn root_row(depth: &[f32], root: &mut [f32]) {
    let n = root.len();
    let depth = &depth[..n];
    for i in 0..n {
        root[i] = root_of_depth(depth[i]);
    }
}

/// Depth and velocity of a row of cells before friction, and what friction depends on.
#[derive(Clone, Copy)]
pub(super) struct Hindered<'a> {
    pub(super) depth: &'a [f32],
    pub(super) u: &'a [f32],
    pub(super) v: &'a [f32],
    /// What [`root_row`] made of the depth.
    pub(super) root: &'a [f32],
    /// g n².
    pub(super) friction: &'a [f32],
}

/// What friction leaves of the velocity, with the sums that the step needs.
#[inline(always)]
pub(super) fn friction_row(
    water: Hindered<'_>,
    numbers: StepNumbers,
    kept: &mut [f32],
    lost: &mut [f32],
    wave_rate: &mut [f32],
    wave_rate_sum: &mut [f32],
) {
    let n = kept.len();
    let (depth, u, v) = (&water.depth[..n], &water.u[..n], &water.v[..n]);
    let (root, friction) = (&water.root[..n], &water.friction[..n]);
    let (lost, wave_rate, wave_rate_sum) = (&mut lost[..n], &mut wave_rate[..n], &mut wave_rate_sum[..n]);
    let dt = numbers.dt as f32;
    let (inverse_dx, inverse_dy) = (numbers.inverse_dx as f32, numbers.inverse_dy as f32);
    for i in 0..n {
        let speed = (u[i] * u[i] + v[i] * v[i]).sqrt();
        let slowed = slowing(speed, root[i], dt * friction[i]);
        let c = about_square_root(GRAVITY as f32 * depth[i]);
        let (across_x, across_y) =
            (crossing_speed(u[i] * slowed.kept, c), crossing_speed(v[i] * slowed.kept, c));
        let rate = across_x * inverse_dx + across_y * inverse_dy;
        kept[i] = slowed.kept;
        lost[i] = slowed.lost;
        wave_rate[i] = larger(rate, wave_rate[i]);
        wave_rate_sum[i] += rate;
    }
}

/// Velocities times what friction leaves of them.
#[inline(always)]
pub(super) fn slow_row((kept, lost): (&[f32], &[f32]), u: &mut [f64], v: &mut [f64]) {
    let n = u.len();
    let (kept, lost, v) = (&kept[..n], &lost[..n], &mut v[..n]);
    for i in 0..n {
        let factor = Slowing { kept: kept[i], lost: lost[i] }.factor();
        u[i] *= factor;
        v[i] *= factor;
    }
}

/// Cells, the cells before and the cells behind them in one direction.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) before: Water<'a>,
    pub(super) here: Water<'a>,
    pub(super) behind: Water<'a>,
    /// Rises from the cells before, and to the cells behind.
    pub(super) rises: (Rises<'a>, Rises<'a>),
}

impl Line<'_> {
    #[inline(always)]
    fn cut(self, n: usize) -> Self {
        Self {
            before: self.before.cut(n),
            here: self.here.cut(n),
            behind: self.behind.cut(n),
            rises: (self.rises.0.cut(n), self.rises.1.cut(n)),
        }
    }

    #[inline(always)]
    fn depth(&self, i: usize) -> Three {
        Three { before: self.before.depth[i], here: self.here.depth[i], behind: self.behind.depth[i] }
    }

    #[inline(always)]
    fn ground(&self, i: usize) -> (f32, f32) {
        (self.rises.0.ground[i], self.rises.1.ground[i])
    }

    #[inline(always)]
    fn surface(&self, i: usize) -> (f32, f32) {
        (self.rises.0.surface[i], self.rises.1.surface[i])
    }
}

/// Differences across each cell of a row in one direction.
#[inline(always)]
pub(super) fn slope_row(
    line: Line<'_>,
    depth: &mut [f32],
    surface: &mut [f32],
    normal: &mut [f32],
    along: &mut [f32],
) {
    let n = depth.len();
    let line = line.cut(n);
    let (surface, normal, along) = (&mut surface[..n], &mut normal[..n], &mut along[..n]);
    let Line { before, here, behind, .. } = line;
    for i in 0..n {
        let (ground, h) = (line.ground(i), line.depth(i));
        let banks = Banks::of(ground, h);
        let across = Three { before: before.normal[i], here: here.normal[i], behind: behind.normal[i] };
        let beside = Three { before: before.along[i], here: here.along[i], behind: behind.along[i] };
        (depth[i], surface[i]) = depth_and_surface(ground, line.surface(i), h, banks);
        normal[i] = velocity_towards(h, across, banks);
        along[i] = velocity_along(h, beside);
    }
}

/// Differences across a row of cells in one direction.
#[derive(Clone, Copy)]
pub(super) struct SlopeRow<'a> {
    pub(super) depth: &'a [f32],
    pub(super) surface: &'a [f32],
    pub(super) normal: &'a [f32],
    pub(super) along: &'a [f32],
}

impl<'a> SlopeRow<'a> {
    #[inline(always)]
    fn cut(self, n: usize) -> Self {
        Self {
            depth: &self.depth[..n],
            surface: &self.surface[..n],
            normal: &self.normal[..n],
            along: &self.along[..n],
        }
    }
}

/// Rain of half a step on a row of cells, m.
#[inline(always)]
pub(super) fn half_rain_row(bed: &[f64], rain: f64, out: &mut [f32]) {
    let n = out.len();
    let bed = &bed[..n];
    for i in 0..n {
        out[i] = rain::on_cell(0.5 * rain, bed[i]) as f32;
    }
}

/// A row of cells half a step ahead, with what the depth has gained; `water` looks along x.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "arrays that are written must be parameters to vectorise")]
pub(super) fn ahead_row(
    water: Hindered<'_>,
    x: SlopeRow<'_>,
    y: SlopeRow<'_>,
    half_rain: &[f32],
    numbers: StepNumbers,
    depth: &mut [f32],
    gain: &mut [f32],
    u: &mut [f32],
    v: &mut [f32],
) {
    let n = depth.len();
    let (x, y) = (x.cut(n), y.cut(n));
    let (old_depth, old_u, old_v) = (&water.depth[..n], &water.u[..n], &water.v[..n]);
    let (root, friction, half_rain) = (&water.root[..n], &water.friction[..n], &half_rain[..n]);
    let (gain, u, v) = (&mut gain[..n], &mut u[..n], &mut v[..n]);
    let shares = ((0.5 * numbers.dt_dx) as f32, (0.5 * numbers.dt_dy) as f32);
    let half_dt = (0.5 * numbers.dt) as f32;
    for i in 0..n {
        let across_x = Slopes { depth: x.depth[i], surface: x.surface[i], u: x.normal[i], v: x.along[i] };
        let across_y = Slopes { depth: y.depth[i], surface: y.surface[i], u: y.along[i], v: y.normal[i] };
        let cell = Cell { depth: old_depth[i], u: old_u[i], v: old_v[i] };
        let ahead =
            half_step_from(cell, root[i], across_x, across_y, shares, half_rain[i], half_dt * friction[i]);
        depth[i] = cell.depth + ahead.gain;
        gain[i] = ahead.gain;
        u[i] = ahead.u;
        v[i] = ahead.v;
    }
}

/// A row of cells with differences across them, as a row of faces sees it.
#[derive(Clone, Copy)]
pub(super) struct Sloped<'a> {
    pub(super) water: Water<'a>,
    /// What the depth has gained since the levels were read.
    pub(super) gain: &'a [f32],
    pub(super) slope: SlopeRow<'a>,
}

impl<'a> Sloped<'a> {
    #[inline(always)]
    fn cut(self, n: usize) -> Self {
        Self { water: self.water.cut(n), gain: &self.gain[..n], slope: self.slope.cut(n) }
    }

    /// The cell at its far (`half` = 1/2) or near (-1/2) side.
    #[inline(always)]
    fn side(&self, i: usize, half: f32) -> Side {
        let (middle, slope) = (self.water.side(i), self.slope);
        Side {
            depth: middle.depth + half * slope.depth[i],
            normal: middle.normal + half * slope.normal[i],
            along: middle.along + half * slope.along[i],
        }
    }
}

/// Fluxes through the faces between two rows of cells with slopes; `surface` is the rise
/// of the water surface from middle to middle before the half step.
#[inline(always)]
pub(super) fn sloped_face_row<R: Riemann>(
    (left, right): (Sloped<'_>, Sloped<'_>),
    surface: &[f32],
    water: &mut [f32],
    lost: &mut [f32],
    gained: &mut [f32],
    along: &mut [f32],
) {
    let n = water.len();
    let (left, right, surface) = (left.cut(n), right.cut(n), &surface[..n]);
    let (lost, gained, along) = (&mut lost[..n], &mut gained[..n], &mut along[..n]);
    for i in 0..n {
        let within = 0.5 * (left.slope.surface[i] + right.slope.surface[i]);
        let rise = (surface[i] - within) + (right.gain[i] - left.gain[i]);
        let flux = face_flux::<R>(left.side(i, 0.5), right.side(i, -0.5), rise);
        water[i] = flux.water;
        lost[i] = flux.left;
        gained[i] = flux.right;
        along[i] = flux.along;
    }
}
