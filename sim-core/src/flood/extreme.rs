//! The larger and the smaller of two numbers, each as one machine instruction.
//!
//! `f64::max` has to look for numbers that are not finite first; here such a number
//! goes through or not as it comes, and the sums of a step find it.

/// The larger of two numbers.
#[inline(always)]
pub(crate) fn larger<T: PartialOrd>(a: T, b: T) -> T {
    if a > b { a } else { b }
}

/// The smaller of two numbers.
#[inline(always)]
pub(crate) fn smaller<T: PartialOrd>(a: T, b: T) -> T {
    if a < b { a } else { b }
}
