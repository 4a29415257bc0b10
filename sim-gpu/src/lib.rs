//! sim-gpu
