//! A layer that flows over the ground under its own weight: what water and heavy gas share.
//!
//! Both are solved on the same padded arrays, by the same faces and in the same tiles; what
//! they are made of, and what happens to them in a cell, is theirs
//! ([`crate::flood::sweep`], [`crate::gas::dense::shallow`]).
//!
//! | file | holds |
//! |---|---|
//! | [`layout`], [`limits`] | the padded arrays; where a layer and the ground end |
//! | [`edge`], `rim` | the four edges of the grid, what passes them |
//! | [`extent`] | bands, strips and the part of each in which something can happen |
//! | [`reconstruction`] | the tilt of the ground in a cell, the depths that meet at a face |
//! | [`flux`], `hllc` | Riemann solvers and what crosses a face |
//! | `row`, `buffers`, `window` | the loops over a row, and what goes from one to the next |
//! | [`time_step`] | how long a step may be |
//! | [`account`] | sums that lose nothing |

pub mod account;
pub(crate) mod buffers;
pub mod edge;
pub mod extent;
pub(crate) mod extreme;
pub mod flux;
mod hllc;
pub mod layout;
pub mod limits;
pub mod reconstruction;
pub(crate) mod rim;
pub(crate) mod row;
pub mod time_step;
pub(crate) mod window;
