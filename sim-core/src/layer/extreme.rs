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

/// The larger of two numbers of which none is below zero, by their bits: those of positive
/// numbers are in the order of the numbers.
///
/// For extremes that are kept in place. A comparison of numbers is turned into a store of
/// chosen lanes there, which is slow on many processors.
#[inline(always)]
pub(crate) fn larger_of_positive(a: f32, b: f32) -> f32 {
    let (a, b) = (a.to_bits().cast_signed(), b.to_bits().cast_signed());
    f32::from_bits(a.max(b).cast_unsigned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_of_positive_numbers_are_in_their_order() {
        let rising = [0.0, f32::MIN_POSITIVE, 1e-9, 0.3, 1.0, 7.5e8, f32::INFINITY];
        for pair in rising.windows(2) {
            assert_eq!(larger_of_positive(pair[0], pair[1]), pair[1]);
            assert_eq!(larger_of_positive(pair[1], pair[0]), pair[1]);
        }
        assert_eq!(larger_of_positive(-0.0, 0.0).to_bits(), 0, "a zero with a sign is the smaller one");
    }
}
