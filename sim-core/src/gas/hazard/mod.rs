//! Who is in danger: levels of concern, threat zones, the evacuation radius.

pub mod evacuation;
pub mod levels;
pub mod zones;

pub use evacuation::Evacuation;
pub use levels::{Level, LevelKind};
pub use zones::Zone;
