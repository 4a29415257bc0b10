//! The loops over one row of the local-inertia scheme; rules as in [`super::row`].

use std::hint::select_unpredictable;

use crate::flood::flux::local_inertia::{self, Discharges, discharge, flow_depth, hindrance, push};
use crate::flood::params::DRY_DEPTH;
use crate::flood::sweep::row::StepNumbers;
use crate::flood::{loss, rain};

/// Share of its water that a cell may give in one step: all but what rounding
/// could turn into less than nothing.
const LARGEST_SHARE: f64 = 1.0 - 1e-12;

/// Numbers of the cells on both sides of a row of faces.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a, T = f64> {
    pub(super) before: &'a [T],
    pub(super) behind: &'a [T],
}

impl<T> Pair<'_, T> {
    #[inline(always)]
    fn cut(self, n: usize) -> Self {
        Self { before: &self.before[..n], behind: &self.behind[..n] }
    }
}

/// Discharges through a row of faces, before they are limited.
///
/// `around` are the discharges through the four faces that meet the ends of each
/// face: the two on one side of it, then the two on the other. `steps` are the
/// time step over the distance of the cells, and the time step.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "arrays that are read and written must be seen to vectorise")]
pub(super) fn face_row(
    depth: Pair<'_>,
    bed: Pair<'_>,
    friction: Pair<'_, f32>,
    own: &[f64],
    neighbours: Pair<'_>,
    around: [&[f64]; 4],
    steps: (f64, f64),
    out: &mut [f64],
) {
    let n = out.len();
    let (depth, bed, friction, neighbours) = (depth.cut(n), bed.cut(n), friction.cut(n), neighbours.cut(n));
    let own = &own[..n];
    let [a, b, c, d] = around.map(|row| &row[..n]);
    let (dt_over_spacing, dt) = (steps.0 as f32, steps.1 as f32);
    for i in 0..n {
        let rise = (bed.behind[i] - bed.before[i] + (depth.behind[i] - depth.before[i])) as f32;
        let flow = flow_depth(depth.before[i] as f32, depth.behind[i] as f32, rise);
        let old = Discharges { before: neighbours.before[i], own: own[i], behind: neighbours.behind[i] };
        let push = push(flow, rise, dt_over_spacing);
        let along = (0.25 * ((a[i] + b[i]) + (c[i] + d[i]))) as f32;
        let g_n2 = 0.5 * (friction.before[i] + friction.behind[i]);
        let q_star = old.mixed() as f32 + push;
        out[i] = discharge(old, push, hindrance(flow, local_inertia::root(flow), q_star, along, dt * g_n2));
    }
}

/// Share of the discharges out of each cell that its water suffices for, at most 1.
#[inline(always)]
pub(super) fn share_row(
    depth: &[f64],
    (west, east): (&[f64], &[f64]),
    (south, north): (&[f64], &[f64]),
    numbers: StepNumbers,
    out: &mut [f64],
) {
    let n = out.len();
    let depth = &depth[..n];
    let (west, east, south, north) = (&west[..n], &east[..n], &south[..n], &north[..n]);
    let positive = |x: f64| if x > 0.0 { x } else { 0.0 };
    for i in 0..n {
        let leaving_x = positive(east[i]) + positive(-west[i]);
        let leaving_y = positive(north[i]) + positive(-south[i]);
        let leaving = numbers.dt_dx * leaving_x + numbers.dt_dy * leaving_y;
        let holds = LARGEST_SHARE * depth[i];
        let exceeds = leaving > holds;
        let share = holds / select_unpredictable(exceeds, leaving, 1.0);
        out[i] = select_unpredictable(exceeds, share, 1.0);
    }
}

/// Discharges times the share of the cell that each comes from.
#[inline(always)]
pub(super) fn limit_row(raw: &[f64], share_before: &[f64], share_behind: &[f64], out: &mut [f64]) {
    let n = out.len();
    let (raw, share_before, share_behind) = (&raw[..n], &share_before[..n], &share_behind[..n]);
    for i in 0..n {
        let (before, behind) = (share_before[i], share_behind[i]);
        out[i] = raw[i] * select_unpredictable(raw[i] > 0.0, before, behind);
    }
}

/// New depth of a row of cells, the velocity in their middle, their discharges,
/// and the sums that the step needs. `sides` are the limited discharges in the
/// west, east, south and north.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "arrays that are written must be parameters to vectorise")]
pub(super) fn cell_row(
    depth: &[f64],
    bed: &[f64],
    source: &[f64],
    sides: [&[f64]; 4],
    numbers: StepNumbers,
    new_depth: &mut [f64],
    new_u: &mut [f64],
    new_v: &mut [f64],
    new_across: &mut [f64],
    new_northward: &mut [f64],
    deepest: &mut [f32],
    finite_sum: &mut [f32],
    lost: &mut [f64],
    clipped: &mut [f64],
    wet: &mut [f32],
) {
    let n = new_depth.len();
    let (depth, bed, source) = (&depth[..n], &bed[..n], &source[..n]);
    let [west, east, south, north] = sides.map(|side| &side[..n]);
    let (new_u, new_v) = (&mut new_u[..n], &mut new_v[..n]);
    let (new_across, new_northward) = (&mut new_across[..n], &mut new_northward[..n]);
    let (deepest, finite_sum) = (&mut deepest[..n], &mut finite_sum[..n]);
    let (lost, clipped, wet) = (&mut lost[..n], &mut clipped[..n], &mut wet[..n]);
    for i in 0..n {
        let arrived = rain::on_cell(source[i], bed[i]);
        let balance = numbers.dt_dx * (west[i] - east[i]) + numbers.dt_dy * (south[i] - north[i]);
        let raw = (depth[i] + balance) + arrived;
        let before_loss = if raw < 0.0 { 0.0 } else { raw };
        let taken = loss::from_cell(numbers.loss, before_loss);
        let h = before_loss - taken;
        let moves = h >= DRY_DEPTH;
        let half_inverse = 0.5 / select_unpredictable(moves, h, 1.0);
        let (q_x, q_y) = ((west[i] + east[i]) * half_inverse, (south[i] + north[i]) * half_inverse);
        new_depth[i] = h;
        new_u[i] = select_unpredictable(moves, q_x, 0.0);
        new_v[i] = select_unpredictable(moves, q_y, 0.0);
        new_across[i] = west[i];
        new_northward[i] = south[i];
        let (so_far, single) = (deepest[i], h as f32);
        deepest[i] = select_unpredictable(single > so_far, single, so_far);
        finite_sum[i] += (h + (q_x.abs() + q_y.abs())) as f32;
        lost[i] += taken;
        clipped[i] += before_loss - raw;
        wet[i] += if h > 0.0 { 1.0 } else { 0.0 };
    }
}
