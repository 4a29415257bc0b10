//! Free outflow onto ground of a given slope: the water leaves at normal depth.

use crate::flood::boundary::{Water, characteristic};

/// Name in scenarios and one sentence.
pub const ABOUT: (&str, &str) =
    ("slope", "water leaves at the normal depth of a given slope, as into a long uniform channel");

/// Ghost beside a cell from which water runs off down a uniform slope.
///
/// Speed follows from the depth by Manning's formula for wide flow,
/// $u = \sqrt S\, h^{2/3} / n$; the depth from the invariant that leaves the
/// cell. A slope so steep that its normal flow is faster than its waves lets the
/// water leave at critical depth, and flow that already is faster as it is.
///
/// # Units
/// - `inside`: the cell
/// - `slope`: metres per metre, positive
/// - `manning_n`: Manning's n of the cell, s/m^(1/3), positive
///
/// # Source
/// The zero-depth-gradient outlet of hydrologic overland flow, e.g. Panday &
/// Huyakorn 2004 (`panday2004`), here joined to the outgoing characteristic.
///
/// # Example
/// ```
/// use sim_core::flood::boundary::{Water, slope};
/// // Uniform flow: q = 1 m2/s, S = 0.001, n = 0.03 is 0.968886 m deep and stays so.
/// let inside = Water { depth: 0.968_886, outward: 1.0 / 0.968_886 };
/// let ghost = slope::ghost(inside, 0.001, 0.03);
/// assert!((ghost.depth - 0.968_886).abs() < 1e-5);
/// ```
pub fn ghost(inside: Water, slope: f64, manning_n: f64) -> Water {
    characteristic::leaving_uniformly(inside, slope.sqrt() / manning_n)
}
