//! Many scenarios computed ahead, and what may be asked of them.
//!
//! | file | holds |
//! |---|---|
//! | [`plan`] | a base scenario and axes; which member stands on which line |
//! | [`draw`] | random draws by counter |
//! | [`fingerprint`] | which member is which: a hash of everything that it computes with |
//! | [`gas`], [`flood`] | what a library keeps of one run |
//! | [`stored`] | rows and results as they lie in a store, and the hash of its content |
//! | [`question`] | nearest members, the members around a question, refusal outside the hull |
//! | [`statistics`] | probabilities of exceedance, percentiles, colours of risk |
//!
//! A member is a pure function of its line in the plan: any part of a library can be
//! computed anywhere, in any order, and joined. This folder knows no file; stores are
//! written by `output` and read by `input`.

pub mod draw;
pub mod fingerprint;
pub mod flood;
pub mod gas;
pub mod plan;
pub mod question;
pub mod statistics;
pub mod stored;
