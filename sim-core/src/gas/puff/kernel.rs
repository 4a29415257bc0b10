//! The loops over puffs and receptors.
//!
//! On a grid a puff is the product of a column profile and a row profile, so
//! that a receptor costs one multiplication and one addition. At scattered
//! points it costs one exponential.

use std::ops::Range;

use multiversion::multiversion;

use crate::gas::exponential::exponential;
use crate::gas::plume::vertical_factor;
use crate::gas::puff::train::Puffs;
use crate::gas::terrain::height_over_ground;
use crate::grid::Grid;

/// Coefficients beyond which a puff is cut, in either direction: outside lies 1.3e-4 of its mass.
pub(crate) const REACH: f64 = 4.0;

/// Ground of a grid above that of the sources, m: it is level.
const LEVEL: f64 = 0.0;

/// (2π)^(3/2).
pub const NORMALISER: f64 = 15.749_609_945_722_419;

/// The strength of a puff at a height over ground that lies higher than that of its source, without its
/// two horizontal bells, kg/m³.
pub(crate) fn strength(puffs: &Puffs, i: usize, height: f64, ground: f64) -> f64 {
    let axis = height_over_ground(puffs.height[i], ground, puffs.is_in_stable_air[i]);
    let lid = Some(puffs.lid[i]).filter(|lid| lid.is_finite());
    strength_of(puffs.mass[i], (puffs.width[i], puffs.depth[i]), (axis, height), lid)
}

/// Concentration of a puff over its middle at a height: what its two horizontal bells are multiplied by.
///
/// $$ \frac{M}{(2\pi)^{3/2}\,\sigma^2\,\sigma_z}\, V(z) $$
///
/// # Units
/// - `mass`: kg; `width` and `depth`: coefficients, m; `axis` and `height`: above ground, m; returns kg/m³
///
/// # Source
/// The Gaussian puff as in ccps1999 section 2.3.1, with the vertical shape of [`vertical_factor`].
///
/// # Example
/// ```
/// use sim_core::gas::puff::kernel::strength_of;
/// // 1 kg on the ground, 10 m wide and deep: 2/((2π)^(3/2) 1000 m³) = 1.27e-4 kg/m³.
/// let strength = strength_of(1.0, (10.0, 10.0), (0.0, 0.0), None);
/// assert!((strength - 1.2699e-4).abs() < 1e-8);
/// ```
pub fn strength_of(
    mass: f64,
    (width, depth): (f64, f64),
    (axis, height): (f64, f64),
    lid: Option<f64>,
) -> f64 {
    mass / (NORMALISER * width * width * depth) * vertical_factor(depth, axis, height, lid)
}

/// Columns of a grid within reach of a puff; none where it reaches none.
pub(crate) fn columns_within(x: f64, width: f64, grid: &Grid) -> Option<Range<usize>> {
    let reach = REACH * width;
    // One column more on either side, then those that lie outside are left out.
    let column = |at: f64| ((at - grid.x(0)) / grid.dx).clamp(-1.0, grid.columns as f64);
    let low = (column(x - reach).floor().max(0.0)) as usize;
    let high = (column(x + reach).ceil().max(0.0) as usize + 1).min(grid.columns);
    let within = |c: &usize| (grid.x(*c) - x).abs() <= reach;
    let first = (low..high).find(within)?;
    let last = (first..high).rev().find(within)?;
    Some(first..last + 1)
}

/// Rows of a grid within reach of a puff; none where it reaches none.
pub(crate) fn rows_within(y: f64, width: f64, grid: &Grid) -> Option<Range<usize>> {
    let reach = REACH * width;
    let row = |at: f64| ((at - grid.y(0)) / grid.dy).clamp(-1.0, grid.rows as f64);
    let low = (row(y - reach).floor().max(0.0)) as usize;
    let high = (row(y + reach).ceil().max(0.0) as usize + 1).min(grid.rows);
    let within = |r: &usize| is_row_near(grid.y(*r), y, width);
    let first = (low..high).find(within)?;
    let last = (first..high).rev().find(within)?;
    Some(first..last + 1)
}

/// True for a row within reach of a puff.
fn is_row_near(row: f64, y: f64, width: f64) -> bool {
    ((row - y) / width).abs() <= REACH
}

/// A puff's profile along the columns of a grid, and what a row needs.
pub(crate) struct Profile {
    /// First column that it reaches.
    pub(crate) first: usize,
    /// Bell at each column from there on, times the strength.
    pub(crate) values: Vec<f64>,
    y: f64,
    width: f64,
}

impl Profile {
    /// The profile of a puff; none where it reaches no column or no row.
    pub(crate) fn new(puffs: &Puffs, i: usize, grid: &Grid, height: f64) -> Option<Self> {
        let (x, y, width) = (puffs.x[i], puffs.y[i], puffs.width[i]);
        let reach = REACH * width;
        let (south, north) = (grid.y(0).min(grid.y(grid.rows - 1)), grid.y(0).max(grid.y(grid.rows - 1)));
        if !(width > 0.0 && puffs.mass[i] > 0.0) || y + reach < south || y - reach > north {
            return None;
        }
        let columns = columns_within(x, width, grid)?;
        let first = columns.start;
        let scale = strength(puffs, i, height, LEVEL);
        let values: Vec<f64> =
            columns.map(|c| scale * exponential(-0.5 * ((grid.x(c) - x) / width).powi(2))).collect();
        Some(Self { first, values, y, width })
    }

    /// Its bell at a row, where the row is within reach.
    pub(crate) fn at_row(&self, y: f64) -> Option<f64> {
        let ratio = (y - self.y) / self.width;
        is_row_near(y, self.y, self.width).then(|| exponential(-0.5 * ratio * ratio))
    }
}

/// row += factor · profile.
#[multiversion(targets(
    "x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx2+fma",
    "x86_64+avx2+fma",
    "aarch64+neon"
))]
pub(crate) fn add_scaled(row: &mut [f64], profile: &[f64], factor: f64) {
    for (value, &shape) in row.iter_mut().zip(profile) {
        *value += factor * shape;
    }
}

/// Scattered points side by side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Points<'a> {
    pub(crate) x: &'a [f64],
    pub(crate) y: &'a [f64],
    pub(crate) height: &'a [f64],
    /// Ground of each above that of the sources, m.
    pub(crate) ground: &'a [f64],
}

/// Where runs of points of one height over one ground end: the vertical shape of a puff is found once for each.
pub(crate) fn runs(height: &[f64], ground: &[f64]) -> Vec<usize> {
    let mut ends: Vec<usize> =
        (1..height.len()).filter(|&j| height[j] != height[j - 1] || ground[j] != ground[j - 1]).collect();
    ends.push(height.len());
    ends
}

/// Adds a puff to the concentrations at points.
pub(crate) fn add_puff(puffs: &Puffs, i: usize, points: Points<'_>, runs: &[usize], values: &mut [f64]) {
    let (width, depth) = (puffs.width[i], puffs.depth[i]);
    if !(width > 0.0 && depth > 0.0 && puffs.mass[i] > 0.0) {
        return;
    }
    let mut from = 0;
    for &to in runs {
        let bell = Bell {
            x: puffs.x[i],
            y: puffs.y[i],
            strength: strength(puffs, i, points.height[from], points.ground[from]),
            flat: 0.5 / (width * width),
            reach: REACH * width,
        };
        add_bell(&bell, &points.x[from..to], &points.y[from..to], &mut values[from..to]);
        from = to;
    }
}

/// A puff at one height, ready for the loop.
struct Bell {
    x: f64,
    y: f64,
    strength: f64,
    flat: f64,
    reach: f64,
}

#[multiversion(targets(
    "x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx2+fma",
    "x86_64+avx2+fma",
    "aarch64+neon"
))]
fn add_bell(bell: &Bell, x: &[f64], y: &[f64], values: &mut [f64]) {
    for ((value, &x), &y) in values.iter_mut().zip(x).zip(y) {
        let (dx, dy) = (x - bell.x, y - bell.y);
        let share = exponential(-bell.flat * (dx * dx + dy * dy));
        let is_near = dx.abs().max(dy.abs()) <= bell.reach;
        *value += if is_near { bell.strength * share } else { 0.0 };
    }
}
