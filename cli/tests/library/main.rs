//! Libraries of scenarios from the command line: they resume, join, answer, and refuse what is wrong.

#![allow(clippy::print_stdout, reason = "a test says why it was skipped, and where kills fell")]

#[path = "../gpu/mod.rs"]
mod gpu;

mod engines;
mod faults;
mod harness;
mod python;
mod questions;
mod store;
