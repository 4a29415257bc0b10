//! Jets: gas that leaves at speed and mixes with the air that it drags along.
//!
//! In the order of a calculation: [`source`] (the state where the jet has the
//! air's pressure), [`integral`] (the path, width and concentration, by
//! integrating fluxes along the axis), [`flammable`] (reach and mass between the
//! flammable limits), [`handover`] (where its own speed is spent and a plume or puffs take over).

pub mod flammable;
pub mod handover;
pub mod integral;
pub mod source;

pub use handover::{Axis, Begin, Lead};
pub use integral::{Ambient, End, Jet, Section};
pub use source::Source;

#[cfg(test)]
mod tests;
