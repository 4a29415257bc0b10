//! Who is in danger: levels of concern, threat zones, the evacuation radius.
//!
//! What gas does to people: poisoning ([`toxic_load`], [`toxic_data`], [`probit`],
//! [`indoor`]), gas in rooms ([`indoor_leak`]), gas that can burn ([`flammable`]),
//! burns ([`fire`]) or explodes ([`blast`]).
//! [`user_distance`] holds what guidebooks say beside it.

pub mod blast;
mod bounds;
pub mod calm_zone;
pub mod cloud;
pub mod evacuation;
pub mod fire;
pub mod flammable;
pub mod heavy_zone;
pub mod indoor;
pub mod indoor_leak;
pub mod jet_zone;
pub mod levels;
pub mod over_pool;
pub mod probit;
mod swept;
pub mod toxic_data;
pub mod toxic_load;
pub mod user_distance;
pub mod zones;

pub use evacuation::Evacuation;
pub use levels::{Level, LevelKind};
pub use zones::Zone;
