//! Clouds heavier than air: they slump, creep upwind, stay thin and mix slowly.
//!
//! | folder | holds |
//! |---|---|
//! | [`integral`] | a cloud as one slab whose means are integrated along the wind or in time; flat ground, a millisecond |
//!
//! A model that resolves the ground is a folder beside it.

pub mod integral;
