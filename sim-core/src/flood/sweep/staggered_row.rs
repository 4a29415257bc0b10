//! The loops over one row of the local-inertia scheme; rules as in [`super::row`].

use std::hint::select_unpredictable;

use crate::flood::extreme::larger;
use crate::flood::flux::local_inertia::{Discharges, discharge, flow_depth, hindrance, push};
use crate::flood::friction::Slowing;
use crate::flood::params::DRY_DEPTH;
use crate::flood::reconstruction::surface_rise;
use crate::flood::sweep::row::StepNumbers;

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

/// Rise of the water surface at a row of faces and the depth that can flow through them.
#[inline(always)]
pub(super) fn opening_row(depth: Pair<'_>, bed: Pair<'_>, rise: &mut [f32], flow: &mut [f32]) {
    let n = rise.len();
    let (h0, h1) = (&depth.before[..n], &depth.behind[..n]);
    let (z0, z1) = (&bed.before[..n], &bed.behind[..n]);
    let flow = &mut flow[..n];
    for i in 0..n {
        let surface = surface_rise((z0[i], z1[i]), (h0[i], h1[i]));
        rise[i] = surface;
        flow[i] = flow_depth(h0[i] as f32, h1[i] as f32, surface);
    }
}

/// Mean of each discharge and its neighbours along the flow, and the discharge along the face.
///
/// `around` are the discharges through the four faces that meet the ends of each
/// face: the two on one side of it, then the two on the other.
#[inline(always)]
pub(super) fn mixed_row(
    own: &[f64],
    neighbours: Pair<'_>,
    around: [&[f64]; 4],
    mixed: &mut [f64],
    along: &mut [f32],
) {
    let n = mixed.len();
    let (own, before, behind) = (&own[..n], &neighbours.before[..n], &neighbours.behind[..n]);
    let [a, b, c, d] = around.map(|row| &row[..n]);
    let along = &mut along[..n];
    for i in 0..n {
        mixed[i] = Discharges { before: before[i], own: own[i], behind: behind[i] }.mixed();
        along[i] = (0.25 * ((a[i] + b[i]) + (c[i] + d[i]))) as f32;
    }
}

/// What [`hindrance_row`] looks at.
#[derive(Clone, Copy)]
pub(super) struct Openings<'a> {
    pub(super) rise: &'a [f32],
    pub(super) flow: &'a [f32],
    pub(super) root: &'a [f32],
    pub(super) mixed: &'a [f64],
    pub(super) along: &'a [f32],
    /// g n² of the cells on both sides.
    pub(super) friction: Pair<'a, f32>,
}

/// What gravity adds to a row of discharges and what friction leaves of them; `steps` are
/// the time step over the distance of the cells, and the time step.
#[inline(always)]
pub(super) fn hindrance_row(
    faces: Openings<'_>,
    steps: (f64, f64),
    pushes: &mut [f32],
    kept: &mut [f32],
    lost: &mut [f32],
) {
    let n = pushes.len();
    let (rise, flow, root) = (&faces.rise[..n], &faces.flow[..n], &faces.root[..n]);
    let (mixed, along, friction) = (&faces.mixed[..n], &faces.along[..n], faces.friction.cut(n));
    let (kept, lost) = (&mut kept[..n], &mut lost[..n]);
    let (dt_over_spacing, dt) = (steps.0 as f32, steps.1 as f32);
    for i in 0..n {
        let pushed = push(flow[i], rise[i], dt_over_spacing);
        let g_n2 = 0.5 * (friction.before[i] + friction.behind[i]);
        let slowed = hindrance(flow[i], root[i], mixed[i] as f32 + pushed, along[i], dt * g_n2);
        pushes[i] = pushed;
        kept[i] = slowed.kept;
        lost[i] = slowed.lost;
    }
}

/// Discharges through a row of faces, before they are limited, in place of their means.
#[inline(always)]
pub(super) fn discharge_row(pushes: &[f32], (kept, lost): (&[f32], &[f32]), mixed: &mut [f64]) {
    let n = mixed.len();
    let (pushes, kept, lost) = (&pushes[..n], &kept[..n], &lost[..n]);
    for i in 0..n {
        mixed[i] = discharge(mixed[i], pushes[i], Slowing { kept: kept[i], lost: lost[i] });
    }
}

/// Water that would leave each cell of a row in the step, m, and whether any holds less than that.
#[inline(always)]
pub(super) fn leaving_row(
    depth: &[f64],
    (west, east): (&[f64], &[f64]),
    (south, north): (&[f64], &[f64]),
    numbers: StepNumbers,
    leaving: &mut [f64],
) -> bool {
    let n = leaving.len();
    let depth = &depth[..n];
    let (west, east, south, north) = (&west[..n], &east[..n], &south[..n], &north[..n]);
    let positive = |x: f64| if x > 0.0 { x } else { 0.0 };
    // Signs are joined as bits: a jump, or a sum, would keep the loop from vectorising.
    let mut signs = 0;
    for i in 0..n {
        let leaving_x = positive(east[i]) + positive(-west[i]);
        let leaving_y = positive(north[i]) + positive(-south[i]);
        let wanted = numbers.dt_dx * leaving_x + numbers.dt_dy * leaving_y;
        leaving[i] = wanted;
        signs |= (LARGEST_SHARE * depth[i] - wanted).to_bits();
    }
    signs >> 63 != 0
}

/// Share of the discharges out of each cell that its water suffices for, at most 1, in place of
/// the water that would leave it.
#[inline(always)]
pub(super) fn share_row(depth: &[f64], leaving: &mut [f64]) {
    let n = leaving.len();
    let depth = &depth[..n];
    for i in 0..n {
        let holds = LARGEST_SHARE * depth[i];
        let exceeds = leaving[i] > holds;
        let share = holds / select_unpredictable(exceeds, leaving[i], 1.0);
        leaving[i] = select_unpredictable(exceeds, share, 1.0);
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

/// Velocity in the middle of a row of cells, the discharges that the state keeps (those through
/// the western and southern faces) and the sums that the step needs.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "arrays that are written must be parameters to vectorise")]
pub(super) fn velocity_row(
    depth: &[f64],
    sides: [&[f64]; 4],
    u: &mut [f64],
    v: &mut [f64],
    across: &mut [f64],
    northward: &mut [f64],
    deepest: &mut [f32],
    finite_sum: &mut [f32],
) {
    let n = depth.len();
    let [west, east, south, north] = sides.map(|side| &side[..n]);
    let (u, v) = (&mut u[..n], &mut v[..n]);
    let (across, northward) = (&mut across[..n], &mut northward[..n]);
    let (deepest, finite_sum) = (&mut deepest[..n], &mut finite_sum[..n]);
    for i in 0..n {
        let h = depth[i];
        let moves = h >= DRY_DEPTH;
        let half_inverse = select_unpredictable(moves, 0.5, 0.0) / select_unpredictable(moves, h, 1.0);
        let (q_x, q_y) = (west[i] + east[i], south[i] + north[i]);
        u[i] = q_x * half_inverse;
        v[i] = q_y * half_inverse;
        across[i] = west[i];
        northward[i] = south[i];
        let single = h as f32;
        deepest[i] = larger(single, deepest[i]);
        finite_sum[i] += single + (q_x + q_y) as f32;
    }
}
