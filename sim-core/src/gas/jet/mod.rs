//! Jets: gas that leaves at speed and mixes with the air that it drags along.
//!
//! In the order of a calculation: [`source`] (the state where the jet has the
//! air's pressure), [`integral`] (the path, width and concentration, by
//! integrating fluxes along the axis), [`flammable`] (reach and mass between the
//! flammable limits). Where its own speed is spent a jet hands over to a plume or puffs.

pub mod flammable;
pub mod integral;
pub mod source;

pub use integral::{Ambient, End, Jet, Section};
pub use source::Source;

#[cfg(test)]
mod tests;
