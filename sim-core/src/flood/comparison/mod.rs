//! What a flood run is held against: readings of gauges, and another run.
//!
//! | file | holds |
//! |---|---|
//! | [`goodness`] | how well a series fits another one |
//! | [`gauge`] | a place of the run beside what was read there |
//! | [`gauge_report`] | table, pictures, lines and warnings about it |
//! | [`extent`] | how two maps of depth overlap |
//! | [`runs`] | two runs on one grid: differences, tables, maps, lines (`run_lines`, `run_tables`) |

pub mod extent;
pub mod gauge;
pub mod gauge_report;
pub mod goodness;
mod run_lines;
mod run_tables;
pub mod runs;
