//! A shallow layer of heavy gas over ground and buildings.
//!
//! Unknowns are the depth $h$ of the layer, the share $c$ of the released gas in it and its
//! velocity $(u, v)$, in every cell of a grid; the ground $z$ does not move. With the density
//! $\rho = \rho_a (1 + d)$, $d = c\,(\rho_s - \rho_a)/\rho_a$:
//!
//! $$ \partial_t h + \partial_x (hu) + \partial_y (hv) = w_e + w_s $$
//! $$ \partial_t (hc) + \partial_x (hcu) + \partial_y (hcv) = w_s $$
//! $$ \partial_t (hu) + \partial_x (hu^2) + \partial_y (huv) = \frac{1}{\rho}\Big[
//!    -\partial_x \big(\tfrac12 S_1 g \rho_a d\, h^2\big) - S_1 g \rho_a d\, h\, \partial_x z
//!    + \rho_a w_e u_a + \tau_{top} - \tau_{ground} - \text{front}\Big] $$
//!
//! (and the same for $v$), with the air $w_e$ that is mixed in, the release $w_s$ and the wind
//! $u_a$. It is a second set of equations on the recipe of the flood solver: arrays, tiles,
//! reconstruction and Riemann solver stand once, in [`crate::layer`].
//!
//! | file | holds |
//! |---|---|
//! | [`face`] | what crosses a face; where the layer ends |
//! | [`mixing`] | air mixed in, stresses, the air in front of an edge |
//! | [`air`] | the wind in the layer |
//! | [`profile`] | from the mean of the layer to a receptor |
//! | [`state`] | the arrays |
//! | `row`, `scratch`, `sweep` | one pass over the grid |
//! | [`solver`] | the stages of a step; the balance of the gas |
//! | [`handover`] | columns that have become too light for this model |
//! | [`logarithm`] | logarithm and power for the loops |
//!
//! # Valid for
//! Layers much wider than deep, heavier than air, on ground of any shape. Mixing is isothermal
//! or with equal molar heats: excess mass is kept. What is released is one fluid.
//!
//! # Source
//! Hankin & Britter 1999 (`hankin1999`) and Folch, Costa & Hankin 2009 (`folch2009`); neither was
//! opened: equations and coefficients are second-hand, from notes and from settings that the
//! author of the former publishes.

pub mod air;
pub mod face;
pub mod handover;
pub mod logarithm;
pub mod mixing;
pub mod profile;
mod row;
mod scratch;
pub mod solver;
pub mod state;
mod sweep;
#[cfg(test)]
mod tests;

pub use air::Wind;
pub use handover::{Handover, Passive};
pub use solver::{Balance, Params, Release, Setup, Solver, Source};
pub use state::{Level, Load, Receptors, Record};

/// What the model leaves out, for every result.
pub const NOT_MODELLED: [&str; 7] = [
    "heat: gas that is colder than air after mixing, heat from the ground, droplets",
    "gas inside buildings; wind that turns round buildings and hills; wakes",
    "spread across the wind by eddies once the gas is no longer heavy",
    "jets and fast releases: what is released comes without speed",
    "several gases of different weight in one run",
    "deposition and reaction",
    "fluctuations: concentrations are means over the eddies of the layer",
];
