//! A water level that is known in time: a tide, a surge, a river, a lake.

use crate::flood::boundary::{Water, characteristic};

/// Name in scenarios and one sentence.
pub const ABOUT: (&str, &str) =
    ("stage", "water level in time: tide, surge, river or lake; water passes both ways");

/// Ghost beside a cell where the water outside has a given depth over the ground of the rim.
///
/// Flow slower than its waves takes the depth from outside and the velocity from
/// the outgoing invariant. A level below critical depth is not felt: the water
/// falls out at critical depth. Flow that leaves faster than its waves is stopped
/// only by a level above the conjugate depth of its jump. Water enters at most as
/// fast as its waves.
///
/// # Units
/// - `inside`: the cell
/// - `depth`: level outside minus ground of the rim, m; negative counts as dry
///
/// # Source
/// Conjugate depth of a hydraulic jump: Chow 1959 (`chow1959`), ch. 3.
///
/// # Example
/// ```
/// use sim_core::flood::boundary::{Water, stage};
/// let lake = Water { depth: 1.2, outward: 0.0 };
/// assert_eq!(stage::ghost(lake, 1.2), lake, "a lake at its own level is at rest");
/// assert!(stage::ghost(lake, 1.3).outward < 0.0, "a higher level outside flows in");
/// // A level far below: critical outflow, c = 2/3 of the wave speed of still water.
/// let fall = stage::ghost(lake, -5.0);
/// assert!((fall.depth - 1.2 * 4.0 / 9.0).abs() < 1e-12);
/// ```
pub fn ghost(inside: Water, depth: f64) -> Water {
    let depth = depth.max(0.0);
    if characteristic::is_leaving_fast(inside) {
        return if depth > characteristic::conjugate_depth(inside) {
            Water { depth, outward: inside.outward * inside.depth / depth }
        } else {
            inside
        };
    }
    characteristic::with_depth(inside, depth)
}
