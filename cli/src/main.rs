//! tuiyan
fn main() {}
