//! Compute devices: what this machine offers besides its processor.
//!
//! Devices are found through Vulkan, Metal or Direct3D 12. A machine without a
//! driver has none; that is an empty list, never a failure.

mod adapter;
pub mod compute;
pub mod flood;
pub mod gas;
mod limits;
pub mod parity;
pub mod shader;
pub mod stages;

pub use adapter::{AdapterInfo, AdapterKind, adapters};
