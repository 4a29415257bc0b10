//! Flood cases, one file per family.

mod bump;
mod channels;
mod dam_break;
pub(crate) mod environment_agency;
pub(crate) mod events;
mod laboratory;
mod lakes;
pub(crate) mod runoff;
pub(crate) mod scene;
mod smooth;
mod swing;

use crate::Case;

/// Schemes of the solver by the name under which results are printed.
pub const SCHEMES: [&str; 3] = ["hllc-2", "hllc-1", "inertial"];

/// Scheme that is run where none is named: the default of the solver.
pub const DEFAULT_SCHEME: &str = SCHEMES[0];

/// Flood cases in the order in which they are printed.
pub(crate) fn cases() -> Vec<Case> {
    [
        &lakes::CASES[..],
        &bump::CASES,
        &channels::CASES,
        &dam_break::CASES,
        &swing::CASES,
        &smooth::CASES,
        &runoff::CASES,
        &environment_agency::CASES,
        &laboratory::CASES,
        &events::CASES,
    ]
    .concat()
}
