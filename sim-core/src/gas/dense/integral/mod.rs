//! A heavy cloud as one slab: its mean values integrated along the wind or in time.
//!
//! In the order of a calculation: [`surface_air`] (wind and turbulence), [`source`] (pool, jet,
//! all at once), [`mixture`] (how cold and heavy gas, air, drops and fog are together),
//! [`entrainment`] (what mixes and rubs), [`spreading`] (what the weight does), [`section`] (a
//! state and its laws), the steady plume and the puff (recipes of those laws), [`profile`] and
//! [`averaging`] (from means to a point), [`cloud`] (what is asked of it).
//!
//! A law with more than one published form is a choice in [`Laws`].

pub mod averaging;
pub mod cloud;
pub mod entrainment;
pub mod mixture;
mod plume;
pub mod profile;
mod puff;
pub mod section;
pub mod source;
pub mod spreading;
mod step;
pub mod surface_air;
#[cfg(test)]
mod tests;

pub use cloud::{Cloud, Handover, Ledger};
pub use section::{Laws, Station};
pub use source::{IntegralRelease, Kind};
pub use surface_air::{Ambient, SurfaceAir, Turbulence};
