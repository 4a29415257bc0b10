//! The loops over one row of the layer; rules as in [`crate::layer::row`].

use std::hint::select_unpredictable;

use crate::gas::dense::shallow::air::Air;
use crate::gas::dense::shallow::face::{Beside, Shape, flux_between, relative_gravity};
use crate::gas::dense::shallow::logarithm::{exp2, log2};
use crate::gas::dense::shallow::mixing::{Column, front_resistance, mix};
use crate::gas::dense::shallow::profile::share_at;
use crate::layer::extreme::{larger, larger_of_positive, smaller};
use crate::layer::flux::Riemann;
use crate::layer::limits::DRY_DEPTH;
use crate::layer::row::{Sides, StateRow, StepNumbers, Steps, Water};
use crate::layer::time_step::{about_square_root, crossing_speed};
use crate::units::GRAVITY;

/// Share of the released gas below which a layer is air again: it is taken out of the grid and
/// stands in the balance.
pub(super) const FAINT_SHARE: f64 = 1e-9;

/// Numbers that are the same for all cells of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fluid {
    /// (ρ - ρa)/ρa of what is released.
    pub(super) excess: f64,
    /// Shape of the vertical profile.
    pub(super) shape: f32,
    /// Froude number of the edge.
    pub(super) froude: f32,
}

impl Fluid {
    /// What the faces need of it.
    #[inline(always)]
    pub(super) fn at_faces(self) -> Shape {
        Shape { profile: self.shape, front: self.froude / self.shape.sqrt() }
    }
}

/// Excess densities of a row of cells.
#[inline(always)]
pub(super) fn excess_row(share: &[f64], of_released: f64, excess: &mut [f32]) {
    let n = excess.len();
    let share = &share[..n];
    for i in 0..n {
        excess[i] = (share[i] * of_released) as f32;
    }
}

/// Depths of the neighbours of a row of cells on one side, and the rise of the surface of the layer
/// between them and the cells.
#[derive(Clone, Copy)]
pub(super) struct Neighbours<'a> {
    pub(super) depth: &'a [f32],
    pub(super) rise: &'a [f32],
}

/// Depth that a neighbour would have on the ground of a cell: of a pool in a pit only what
/// stands above the rim.
#[inline(always)]
fn seen_depth(here: f32, neighbour: f32, higher: f32) -> f32 {
    smaller(neighbour, here + higher)
}

/// Largest depth of a cell and, on its ground, of its neighbours; rises are from the west and
/// the south, and to the east and the north.
#[inline(always)]
pub(super) fn crest_row(
    here: &[f32],
    (west, east): (Neighbours<'_>, Neighbours<'_>),
    (south, north): (Neighbours<'_>, Neighbours<'_>),
    crest: &mut [f32],
) {
    let n = crest.len();
    let here = &here[..n];
    let (depth_west, from_west) = (&west.depth[..n], &west.rise[..n]);
    let (depth_east, to_east) = (&east.depth[..n], &east.rise[..n]);
    let (depth_south, from_south) = (&south.depth[..n], &south.rise[..n]);
    let (depth_north, to_north) = (&north.depth[..n], &north.rise[..n]);
    for i in 0..n {
        let (west, east) = (
            seen_depth(here[i], depth_west[i], -from_west[i]),
            seen_depth(here[i], depth_east[i], to_east[i]),
        );
        let (south, north) = (
            seen_depth(here[i], depth_south[i], -from_south[i]),
            seen_depth(here[i], depth_north[i], to_north[i]),
        );
        crest[i] = larger(larger(larger(west, east), larger(south, north)), here[i]);
    }
}

/// What faces see of a row of cells besides their motion.
#[derive(Clone, Copy)]
pub(super) struct Gas<'a> {
    pub(super) excess: &'a [f32],
    pub(super) crest: &'a [f32],
}

/// True where gas lies on all of a row of cells, so that no layer ends between them.
#[inline(always)]
pub(super) fn is_covered(depth: &[f32]) -> bool {
    // Counted, as whole numbers may be added in any order and so by vectors.
    depth.iter().map(|&depth| u32::from(depth < DRY_DEPTH as f32)).sum::<u32>() == 0
}

/// Fluxes through the faces between two rows of cells; without `EDGES` where both are covered.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "arrays that are written must be parameters to vectorise")]
pub(super) fn face_row<R: Riemann, const EDGES: bool>(
    (left, right): (Water<'_>, Water<'_>),
    (gas_left, gas_right): (Gas<'_>, Gas<'_>),
    steps: Steps<'_>,
    shape: Shape,
    volume: &mut [f32],
    lost: &mut [f32],
    gained: &mut [f32],
    along: &mut [f32],
    edge: &mut [f32],
) {
    let n = volume.len();
    let (left, right) = (left.cut(n), right.cut(n));
    let (excess_left, excess_right) = (&gas_left.excess[..n], &gas_right.excess[..n]);
    let (crest_left, crest_right) = (&gas_left.crest[..n], &gas_right.crest[..n]);
    let (surface, tilt_left, tilt_right) = (&steps.surface[..n], &steps.tilt.0[..n], &steps.tilt.1[..n]);
    let (lost, gained, along, edge) = (&mut lost[..n], &mut gained[..n], &mut along[..n], &mut edge[..n]);
    for i in 0..n {
        let rise = surface[i] - 0.5 * (tilt_left[i] + tilt_right[i]);
        let on_left = Beside { side: left.side(i), excess: excess_left[i], crest: crest_left[i] };
        let on_right = Beside { side: right.side(i), excess: excess_right[i], crest: crest_right[i] };
        let flux = flux_between::<R, EDGES>(on_left, on_right, rise, shape);
        volume[i] = flux.volume;
        lost[i] = flux.left;
        gained[i] = flux.right;
        along[i] = flux.along;
        edge[i] = flux.edge;
    }
}

/// What lies on the tilted ground of a row of cells.
#[derive(Clone, Copy)]
pub(super) struct Carried<'a> {
    pub(super) depth: &'a [f32],
    pub(super) excess: &'a [f32],
    pub(super) slope_x: &'a [f32],
    pub(super) slope_y: &'a [f32],
}

/// Change of the momentum of a row of cells, m²/s, by fluxes and weight.
#[inline(always)]
pub(super) fn momentum_row(
    carried: Carried<'_>,
    sides: Sides<'_>,
    numbers: StepNumbers,
    shape: f32,
    change_x: &mut [f32],
    change_y: &mut [f32],
) {
    let n = change_x.len();
    let (depth, excess) = (&carried.depth[..n], &carried.excess[..n]);
    let (slope_x, slope_y) = (&carried.slope_x[..n], &carried.slope_y[..n]);
    let (west, east) = (sides.west.cut(n), sides.east.cut(n));
    let (south, north) = (sides.south.cut(n), sides.north.cut(n));
    let change_y = &mut change_y[..n];
    let (dt_dx, dt_dy) = (numbers.dt_dx as f32, numbers.dt_dy as f32);
    for i in 0..n {
        let weight = GRAVITY as f32 * relative_gravity(excess[i], shape) * depth[i];
        let x_from_x = (west.right[i] - east.left[i]) - weight * slope_x[i];
        let y_from_y = (south.right[i] - north.left[i]) - weight * slope_y[i];
        let (x_from_y, y_from_x) = (south.along[i] - north.along[i], west.along[i] - east.along[i]);
        change_x[i] = dt_dx * x_from_x + dt_dy * x_from_y;
        change_y[i] = dt_dy * y_from_y + dt_dx * y_from_x;
    }
}

/// Shares of a row of cells and of the cells around them.
#[derive(Clone, Copy)]
pub(super) struct Shares<'a> {
    pub(super) here: &'a [f64],
    pub(super) west: &'a [f64],
    pub(super) east: &'a [f64],
    pub(super) south: &'a [f64],
    pub(super) north: &'a [f64],
}

/// Depth and share of a row of cells after fluxes and release.
///
/// What flows out has the share of the cell; what flows in pulls it towards its own. So even
/// gas stays even to the last bit, no share leaves the range of those around it, and
/// what one cell gives its neighbour gets, to the rounding of a double.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "arrays that are written must be parameters to vectorise")]
pub(super) fn balance_row(
    depth: &[f64],
    shares: Shares<'_>,
    released: &[f64],
    sides: [&[f64]; 4],
    numbers: StepNumbers,
    new_depth: &mut [f64],
    new_share: &mut [f64],
    before_release: &mut [f64],
    clipped: &mut [f64],
) {
    let n = new_depth.len();
    let (depth, released) = (&depth[..n], &released[..n]);
    let Shares { here, west, east, south, north } = shares;
    let (here, west, east, south, north) = (&here[..n], &west[..n], &east[..n], &south[..n], &north[..n]);
    let [from_west, to_east, from_south, to_north] = sides.map(|side| &side[..n]);
    let (new_share, before_release) = (&mut new_share[..n], &mut before_release[..n]);
    let clipped = &mut clipped[..n];
    let StepNumbers { dt_dx, dt_dy, .. } = numbers;
    for i in 0..n {
        let (across_x, across_y) = (from_west[i] - to_east[i], from_south[i] - to_north[i]);
        let raw = depth[i] + (dt_dx * across_x + dt_dy * across_y);
        // What is no number goes through, so that the run finds the cell.
        let holds = select_unpredictable(raw < 0.0, 0.0, raw);
        let share = here[i];
        let in_x =
            larger(from_west[i], 0.0) * (west[i] - share) - smaller(to_east[i], 0.0) * (east[i] - share);
        let in_y =
            larger(from_south[i], 0.0) * (south[i] - share) - smaller(to_north[i], 0.0) * (north[i] - share);
        let pull = (dt_dx * in_x + dt_dy * in_y) + released[i] * (1.0 - share);
        let total = holds + released[i];
        let is_there = total > 0.0;
        let mixed = share + pull / select_unpredictable(is_there, total, 1.0);
        before_release[i] = holds;
        new_depth[i] = total;
        new_share[i] = select_unpredictable(is_there, mixed, 0.0);
        clipped[i] += (holds - raw) * share;
    }
}

/// Velocity of a row of cells from their momentum, before air and ground act, in single precision
/// with depth and excess density; what is released has none. All zero where the layer does not move.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "arrays that are written must be parameters to vectorise")]
pub(super) fn velocity_row(
    old: StateRow<'_>,
    change: (&[f32], &[f32]),
    (new_depth, new_share, before_release): (&[f64], &[f64], &[f64]),
    released_excess: f64,
    depth_star: &mut [f32],
    excess_star: &mut [f32],
    u_star: &mut [f32],
    v_star: &mut [f32],
) {
    let n = depth_star.len();
    let (depth, old_u, old_v) = (&old.depth[..n], &old.u[..n], &old.v[..n]);
    let (change_x, change_y) = (&change.0[..n], &change.1[..n]);
    let (new_depth, new_share, before) = (&new_depth[..n], &new_share[..n], &before_release[..n]);
    let (excess_star, u_star, v_star) = (&mut excess_star[..n], &mut u_star[..n], &mut v_star[..n]);
    for i in 0..n {
        let moves = before[i] >= DRY_DEPTH;
        let (total, flown) = (new_depth[i], before[i]);
        // Masses over that of air: of the layer, and of the layer less what was released into it.
        let mass = total * (1.0 + released_excess * new_share[i]);
        let moving = mass - (total - flown) * (1.0 + released_excess);
        // Differences in double, their quotient in single precision, as the velocity is.
        let kept = select_unpredictable(moves, moving, 0.0) as f32
            / select_unpredictable(moves, mass * flown, 1.0) as f32;
        depth_star[i] = total as f32;
        excess_star[i] = (released_excess * new_share[i]) as f32;
        u_star[i] = (depth[i] * old_u[i] + f64::from(change_x[i])) as f32 * kept;
        v_star[i] = (depth[i] * old_v[i] + f64::from(change_y[i])) as f32 * kept;
    }
}

/// A row of cells before air and ground act.
#[derive(Clone, Copy)]
pub(super) struct Unmixed<'a> {
    pub(super) depth: &'a [f32],
    pub(super) excess: &'a [f32],
    pub(super) u: &'a [f32],
    pub(super) v: &'a [f32],
    pub(super) crest: &'a [f32],
    /// Edges at the western, eastern, southern and northern faces.
    pub(super) edges: [&'a [f32]; 4],
}

/// Air and ground act on a row of cells.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "arrays that are written must be parameters to vectorise")]
pub(super) fn mixing_row(
    layer: Unmixed<'_>,
    air: Air,
    fluid: Fluid,
    numbers: StepNumbers,
    entrained: &mut [f32],
    u: &mut [f32],
    v: &mut [f32],
    wave_rate: &mut [f32],
    wave_rate_sum: &mut [f32],
) {
    let n = entrained.len();
    let (depth, excess, crest) = (&layer.depth[..n], &layer.excess[..n], &layer.crest[..n]);
    let (old_u, old_v) = (&layer.u[..n], &layer.v[..n]);
    let [west, east, south, north] = layer.edges.map(|edges| &edges[..n]);
    let (u, v) = (&mut u[..n], &mut v[..n]);
    let (wave_rate, wave_rate_sum) = (&mut wave_rate[..n], &mut wave_rate_sum[..n]);
    let (dt, inverse_dx, inverse_dy) =
        (numbers.dt as f32, numbers.inverse_dx as f32, numbers.inverse_dy as f32);
    let Fluid { shape, froude, .. } = fluid;
    let resistance = front_resistance(shape, froude);
    for i in 0..n {
        let height = larger(crest[i], depth[i]);
        // An edge looks east (or north) at the far face, or west (or south) at the near one.
        let (far_x, near_x) = (larger(east[i], 0.0), larger(-west[i], 0.0));
        let (far_y, near_y) = (larger(north[i], 0.0), larger(-south[i], 0.0));
        let ends = larger(larger(far_x, near_x), larger(far_y, near_y));
        let covered = depth[i] / larger(height, DRY_DEPTH as f32);
        let (steep_x, steep_y) = (height * inverse_dx, height * inverse_dy);
        let column = Column {
            depth: depth[i],
            excess: excess[i],
            u: old_u[i],
            v: old_v[i],
            cover: if ends > 0.0 { covered } else { 1.0 },
            edges: [near_x * steep_x, far_x * steep_x, near_y * steep_y, far_y * steep_y],
        };
        let mixed = mix(column, air, resistance, dt);
        let moves = depth[i] >= DRY_DEPTH as f32;
        let (new_u, new_v) = (if moves { mixed.u } else { 0.0 }, if moves { mixed.v } else { 0.0 });
        let c = about_square_root(GRAVITY as f32 * relative_gravity(excess[i], shape) * depth[i]);
        // In this order what is no number goes through, so that the run finds the cell.
        let fastest = |own: f32, wind: f32| larger(if moves { wind.abs() } else { 0.0 }, own.abs());
        let rate = crossing_speed(fastest(new_u, mixed.wind.0), c) * inverse_dx
            + crossing_speed(fastest(new_v, mixed.wind.1), c) * inverse_dy;
        entrained[i] = if moves { mixed.entrained } else { 0.0 };
        u[i] = new_u;
        v[i] = new_v;
        wave_rate[i] = larger(rate, wave_rate[i]);
        wave_rate_sum[i] += rate;
    }
}

/// Depth and share of a row of cells with the air that was mixed in; gas that is faint is gone.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "arrays that are written must be parameters to vectorise")]
pub(super) fn thinning_row(
    entrained: &[f32],
    (new_u, new_v): (&[f32], &[f32]),
    depth: &mut [f64],
    share: &mut [f64],
    u: &mut [f64],
    v: &mut [f64],
    faded: &mut [f64],
    wet: &mut [f64],
) {
    let n = depth.len();
    let (entrained, new_u, new_v) = (&entrained[..n], &new_u[..n], &new_v[..n]);
    let (share, u, v) = (&mut share[..n], &mut u[..n], &mut v[..n]);
    let (faded, wet) = (&mut faded[..n], &mut wet[..n]);
    for i in 0..n {
        let total = depth[i] + f64::from(entrained[i]);
        let thinned = share[i] * (depth[i] / select_unpredictable(total > 0.0, total, 1.0));
        let is_faint = thinned < FAINT_SHARE;
        faded[i] += select_unpredictable(thinned >= FAINT_SHARE, 0.0, total * thinned);
        depth[i] = select_unpredictable(is_faint, 0.0, total);
        share[i] = select_unpredictable(is_faint, 0.0, thinned);
        u[i] = select_unpredictable(is_faint, 0.0, f64::from(new_u[i]));
        v[i] = select_unpredictable(is_faint, 0.0, f64::from(new_v[i]));
        wet[i] += select_unpredictable(is_faint, 0.0, 1.0);
    }
}

/// Concentrations of a row of cells at the height of receptors, and the records of the layer.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "arrays that are written must be parameters to vectorise")]
pub(super) fn peak_row(
    (depth, share): (&[f64], &[f64]),
    (time, height, shape): (f32, f32, f32),
    breathed: &mut [f32],
    peak: &mut [f32],
    time_of_peak: &mut [f32],
    max_depth: &mut [f32],
) {
    let n = peak.len();
    let (depth, share, breathed) = (&depth[..n], &share[..n], &mut breathed[..n]);
    let (time_of_peak, max_depth) = (&mut time_of_peak[..n], &mut max_depth[..n]);
    for i in 0..n {
        let (deep, mean) = (depth[i] as f32, share[i] as f32);
        let there = share_at(mean, deep, height, shape);
        let (highest, its_time) = (peak[i], time_of_peak[i]);
        breathed[i] = there;
        peak[i] = larger_of_positive(there, highest);
        time_of_peak[i] = select_unpredictable(there > highest, time, its_time);
        max_depth[i] = larger_of_positive(deep, max_depth[i]);
    }
}

/// Adds up the toxic load of a row: the power of the concentration, times the step.
#[inline(always)]
pub(super) fn load_row(breathed: &[f32], (exponent, per_share, dt): (f32, f32, f64), load: &mut [f64]) {
    let n = load.len();
    let breathed = &breathed[..n];
    for i in 0..n {
        let concentration = larger(breathed[i] * per_share, f32::MIN_POSITIVE);
        load[i] += f64::from(exp2(exponent * log2(concentration))) * dt;
    }
}

/// Notes a row where a level is exceeded.
#[inline(always)]
pub(super) fn level_row(
    breathed: &[f32],
    (level, time, dt): (f32, f32, f64),
    first_above: &mut [f32],
    time_above: &mut [f64],
) {
    let n = first_above.len();
    let (breathed, time_above) = (&breathed[..n], &mut time_above[..n]);
    for i in 0..n {
        let above = breathed[i] > level;
        let candidate = if above { time } else { f32::INFINITY };
        first_above[i] = smaller(candidate, first_above[i]);
        time_above[i] += select_unpredictable(above, dt, 0.0);
    }
}
