//! Gas in the atmosphere: what leaks, how the wind carries it, who is in danger.
//!
//! In the order of a calculation: [`substance`] (what it is and which levels
//! harm), [`source`] (how much comes out, how fast), [`weather`] (wind and
//! stability), [`sigma`] and [`plume`] (how it spreads), [`validity`] (where the
//! model may be believed), [`hazard`] (zones and radius), [`product`] (what is
//! left for people).
//!
//! A kind of release is one file in `source/` and one line in its `ALL`; a set
//! of dispersion coefficients the same in `sigma/`; a product the same in `product/`.

pub mod advice;
pub mod dispersion;
pub mod exponential;
pub mod hazard;
pub mod plume;
pub mod product;
pub mod sigma;
pub mod source;
pub mod substance;
pub mod sweep;
pub mod validity;
pub mod weather;
