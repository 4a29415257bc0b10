//! Gas in the atmosphere: what leaks, how the wind carries it, who is in danger.
//!
//! In the order of a calculation: [`substance`] (what it is and which levels
//! harm), [`source`] (how much comes out, how fast), [`weather`] (wind and
//! stability); how it spreads: [`sigma`] and [`plume`] (steadily),
//! [`integrated_puff`] and [`calm`] (in closed form, for a while), [`puff`] (in a
//! wind that changes), [`jet`] and [`plume_rise`] (by its own speed and weight), [`terrain`] (over rising ground),
//! [`similarity`] (by measured turbulence), [`dense`] (gas heavier than air); [`validity`] and [`relief`] (where the model may be
//! believed), [`hazard`] (zones and radius), [`effect`] (fires, explosions, advice), [`product`] (what is left for people).
//!
//! A kind of release is one file in `source/` and one line in its `ALL`; a set
//! of dispersion coefficients the same in `sigma/`; a product the same in `product/`.

pub mod advice;
pub mod calm;
pub mod dense;
pub mod dispersion;
pub mod effect;
pub mod exponential;
pub mod exposure;
pub mod hazard;
pub mod integrated_puff;
pub mod jet;
pub mod line_receptor;
pub mod normal;
pub mod plume;
pub mod plume_rise;
pub mod product;
pub mod puff;
pub mod receptor;
pub mod relief;
pub mod sigma;
pub mod similarity;
pub mod source;
pub mod substance;
pub mod sweep;
pub mod terrain;
pub mod validity;
pub mod weather;
