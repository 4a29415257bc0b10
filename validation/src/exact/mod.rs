//! Exact and quasi-exact solutions of the shallow-water equations.
//!
//! One file per family; every function is pure, states its source and an example
//! that can be checked by hand or against a published number.

mod bump;
mod channel;
mod dam_break;
mod radial;
mod root;
mod runoff;
mod solitary;
mod thacker;

pub use bump::{BumpFlow, bernoulli_depth, bump_bed};
pub use channel::Channel;
pub use dam_break::{ritter_depth, ritter_front, stoker_depth, stoker_middle};
pub use radial::{RadialFlow, RadialState};
pub use root::bisect;
pub use runoff::{Plane, normal_depth};
pub use solitary::SolitaryWave;
pub use thacker::{Bowl, Canal};
