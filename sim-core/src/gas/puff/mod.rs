//! Trains of puffs: gas in a wind that changes, from sources that open and close.
//!
//! In the order of a calculation: [`air`] (what the wind does, asked for each
//! puff), [`source`] (what comes out, when), [`train`] (the puffs, one step after
//! another), [`record`] (what receptors remember). The loops over puffs and
//! receptors are in [`kernel`]; [`lent`] is what a device reads that takes their place.

pub mod air;
pub mod kernel;
pub mod lent;
pub mod record;
pub mod source;
pub mod train;

pub use air::{Air, AirField, Spread};
pub use record::{GridRecord, PointRecord, Remember};
pub use source::{Emission, Source};
pub use train::{Ledger, Losses, Settings, Train};

#[cfg(test)]
mod tests;
