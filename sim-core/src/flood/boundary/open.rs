//! Free outflow: depth, speed and fall of the ground go on as in the last cells.

use crate::flood::boundary::Water;

/// Name in scenarios and one sentence.
pub const ABOUT: (&str, &str) =
    ("open", "water leaves as if ground and flow went on as in the last cells; none comes in");

/// Ghost beside a cell at an open face: the cell itself, a mirror to inward flow.
///
/// # Example
/// ```
/// use sim_core::flood::boundary::{Water, open};
/// assert_eq!(open::ghost(Water { depth: 1.0, outward: 2.0 }).outward, 2.0);
/// assert_eq!(open::ghost(Water { depth: 1.0, outward: -2.0 }).outward, 2.0);
/// ```
pub fn ghost(inside: Water) -> Water {
    Water { outward: inside.outward.abs(), ..inside }
}
