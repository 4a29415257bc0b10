//! Gas heavier than air: it slumps, creeps upwind, stays thin and hinders the air from mixing in.
//!
//! | | what it is |
//! |---|---|
//! | [`britter_mcquaid`] | screening: curves through experiments, a distance by hand; knows neither roughness nor receptor height nor averaging time |
//! | [`integral`] | a cloud as one slab whose means are integrated along the wind or in time; flat ground, a millisecond |
//! | [`shallow`] | a layer over ground and buildings, cell by cell |
//!
//! [`PlacedHeavy`] is a slab's cloud at its place on the grid. A model joins as a folder.

pub mod britter_mcquaid;
pub mod integral;
pub mod placed;
pub mod shallow;

pub use placed::{HeavyAir, PlacedHeavy};
