//! A discharge that comes in over the rim: a river, a canal, a breach upstream.
//!
//! The discharge is spread over the faces of the boundary as an even water
//! surface would carry it, in proportion to the conveyance $h^{5/3}/n$, and enters with the
//! momentum that belongs to it. The water that passes is exactly the integral of
//! the series.

use crate::flood::boundary::{Water, characteristic, wall};

/// Name in scenarios and one sentence.
pub const ABOUT: (&str, &str) =
    ("discharge", "discharge in time that comes in, spread over the faces by conveyance, with its momentum");

/// Height of the water that spreads a discharge over dry faces, m: a film above
/// the lowest ground of the boundary, so that a dry river bed takes the first water.
pub const FIRST_FILM: f64 = 0.01;

/// Smallest Manning's n in a conveyance, s/m^(1/3): smooth glass, so that
/// frictionless ground carries a finite share.
///
/// # Source
/// Chow 1959 (`chow1959`), table 5-6: glass 0.009 to 0.013; below all of them.
pub const SMOOTHEST: f64 = 0.005;

/// Conveyance of one metre of face: what it carries at unit slope, m²/s.
///
/// # Example
/// ```
/// use sim_core::flood::boundary::discharge::conveyance;
/// assert!((conveyance(1.0, 0.02) - 50.0).abs() < 1e-12);
/// assert_eq!(conveyance(0.0, 0.02), 0.0);
/// ```
pub fn conveyance(depth: f64, manning_n: f64) -> f64 {
    let root = depth.max(0.0).cbrt();
    depth.max(0.0) * (root * root) / manning_n.max(SMOOTHEST)
}

/// Ghost beside a cell into which a given unit discharge comes.
///
/// Depth from the outgoing invariant; at least critical depth, since inflow faster
/// than its waves needs a second number. That number is the normal depth of the
/// slope of the channel, where one is given and the flow on it is that fast.
///
/// # Units
/// - `inside`: the cell
/// - `inflow`: unit discharge into the grid, m²/s, not negative
/// - `normal_depth`: depth of uniform flow in the channel that brings the water, m
///
/// # Example
/// ```
/// use sim_core::flood::boundary::{Water, discharge};
/// let inside = Water { depth: 2.0, outward: -2.21 };
/// let ghost = discharge::ghost(inside, 4.42, None);
/// assert!((ghost.depth - 2.0).abs() < 1e-12, "steady flow stays as it is");
/// let onto_dry = discharge::ghost(Water::default(), 1.0, None);
/// assert!((onto_dry.depth - 0.4672).abs() < 1e-4, "critical depth of 1 m2/s");
/// ```
pub fn ghost(inside: Water, inflow: f64, normal_depth: Option<f64>) -> Water {
    if inflow <= 0.0 {
        return wall::ghost(inside);
    }
    let critical = characteristic::critical_depth(inflow);
    if let Some(depth) = normal_depth.filter(|&depth| depth > 0.0 && depth < critical) {
        return Water { depth, outward: -inflow / depth };
    }
    characteristic::with_inflow(inside, inflow)
}

/// Depth of uniform wide flow, m.
///
/// # Units
/// - `discharge`: unit discharge, m²/s
/// - `slope`: metres per metre
/// - `manning_n`: Manning's n, s/m^(1/3)
///
/// # Example
/// ```
/// let h = sim_core::flood::boundary::discharge::normal_depth(1.0, 0.001, 0.03);
/// assert!((h - 0.968_886).abs() < 1e-6);
/// ```
pub fn normal_depth(discharge: f64, slope: f64, manning_n: f64) -> f64 {
    (discharge * manning_n / slope.sqrt()).powf(0.6)
}
