//! Gas heavier than air: it slumps, spreads by its own weight and hinders the air from mixing in.
//!
//! [`britter_mcquaid`] screens: curves through experiments, a distance by hand. It knows
//! neither roughness nor receptor height nor averaging time.

pub mod britter_mcquaid;
