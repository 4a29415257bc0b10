#![doc = include_str!("../ARCHITECTURE.md")]

pub mod units;

pub mod error;

pub mod series;

pub mod grid;

pub mod product;

pub mod layer;

pub mod gas;

pub mod flood;

pub mod run;

pub mod library;

pub mod sewer;

pub mod scenario;

pub mod input;

pub mod output;
