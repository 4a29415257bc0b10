//! The larger and the smaller of two numbers, each as one machine instruction.
//!
//! `f64::max` has to look for numbers that are not finite first; here such a number
//! goes through or not as it comes, and the sums of a step find it.

/// The larger of two numbers.
#[inline(always)]
pub(crate) fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// The smaller of two numbers.
#[inline(always)]
pub(crate) fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}
