//! Libraries of scenarios from the command line: they resume, join, answer, and refuse what is wrong.

mod faults;
mod harness;
mod python;
mod questions;
mod store;
