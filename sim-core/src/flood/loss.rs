//! Constant loss: what sewers and soil take, at one rate for every cell of the area.

use crate::series::Series;

/// Depth that would be lost from `start` to `end`, m: the exact integral of the series.
pub fn depth(loss: &Series, start: f64, end: f64) -> f64 {
    loss.integral(start, end)
}

/// Depth that a cell really loses, m: never more than is there.
///
/// # Example
/// ```
/// use sim_core::flood::loss::from_cell;
/// assert_eq!(from_cell(0.002, 0.5), 0.002);
/// assert_eq!(from_cell(0.002, 0.0005), 0.0005);
/// ```
#[inline(always)]
pub fn from_cell(wanted: f64, there: f64) -> f64 {
    if wanted < there { wanted } else { there }
}
