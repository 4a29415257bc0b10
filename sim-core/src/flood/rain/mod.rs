//! Rain: the same rate on every cell of the area.

pub mod chicago;
pub mod intensity_formula;

use crate::flood::params::HIGHEST_GROUND;
use crate::series::Series;

/// Depth of rain from `start` to `end`, m: the exact integral of the series.
///
/// # Example
/// ```
/// use sim_core::{flood::rain, series::Series, units::from_mm_h};
/// let storm = Series::block(from_mm_h(60.0), 3600.0);
/// assert!((rain::depth(&storm, 0.0, 7200.0) - 0.060).abs() < 1e-15);
/// ```
pub fn depth(rain: &Series, start: f64, end: f64) -> f64 {
    rain.integral(start, end)
}

/// Depth that a cell receives, m: all of it on ground, nothing outside the area.
#[inline(always)]
pub fn on_cell(depth: f64, bed: f64) -> f64 {
    if bed < HIGHEST_GROUND { depth } else { 0.0 }
}
