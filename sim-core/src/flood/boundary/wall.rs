//! A wall on part of a side: water is thrown back as by a mirror.

use crate::flood::boundary::Water;

/// Name in scenarios and one sentence.
pub const ABOUT: (&str, &str) = ("wall", "closed: nothing passes");

/// Ghost beside a cell at a wall.
///
/// # Example
/// ```
/// use sim_core::flood::boundary::{Water, wall};
/// assert_eq!(wall::ghost(Water { depth: 1.0, outward: 2.0 }).outward, -2.0);
/// ```
pub fn ghost(inside: Water) -> Water {
    Water { outward: -inside.outward, ..inside }
}
