//! Clouds heavier than air: they slump, creep upwind, stay thin and mix slowly.
//!
//! | folder | holds |
//! |---|---|
//! | [`shallow`] | a layer over ground and buildings, cell by cell |

pub mod shallow;
