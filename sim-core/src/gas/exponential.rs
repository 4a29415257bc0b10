//! An exponential for kernels: no branches, so that a loop of it becomes vector code.
//!
//! The library's `exp` is a call per value. This one is arithmetic only, and
//! uses no fused multiply-add, so that every processor gives the same bytes.

/// log2(e).
const LOG2_E: f64 = std::f64::consts::LOG2_E;

/// High part of ln 2: its last 21 bits are zero, so that `n * LN2_HIGH` is exact for |n| < 2^20.
const LN2_HIGH: f64 = f64::from_bits(0x3FE6_2E42_FEE0_0000);

/// ln 2 − [`LN2_HIGH`].
const LN2_LOW: f64 = f64::from_bits(0x3DEA_39EF_3579_3C76);

/// 1.5 · 2^52: adding it leaves the nearest integer in the low bits of the mantissa.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// Below this argument the result is zero: exp(−708) is the last normal number.
const SMALLEST_ARGUMENT: f64 = -708.0;

/// e^x for x ≤ 0, with a relative error below 1e-15; zero below −708.
///
/// x is written as n ln 2 + r with |r| ≤ ln 2 / 2; e^r is the Taylor polynomial
/// of degree 12 (remainder below r^13/13! = 2e-16), and 2^n is set in the exponent bits.
///
/// # Valid for
/// −∞ ≤ x ≤ 0; a positive argument up to 700 also works.
///
/// # Source
/// Textbook range reduction (W. J. Cody and W. Waite, *Software Manual for the
/// Elementary Functions*, 1980).
///
/// # Example
/// ```
/// use sim_core::gas::exponential::exponential;
/// assert!((exponential(-1.0) * std::f64::consts::E - 1.0).abs() < 1e-15);
/// ```
#[inline(always)]
pub fn exponential(x: f64) -> f64 {
    let clamped = if x > SMALLEST_ARGUMENT { x } else { SMALLEST_ARGUMENT };
    let shifted = clamped * LOG2_E + ROUNDER;
    let n = shifted - ROUNDER;
    let r = (clamped - n * LN2_HIGH) - n * LN2_LOW;
    // 1023 is the exponent bias; the low bits of `shifted` hold n.
    let scale = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    let value = taylor(r) * scale;
    if x > SMALLEST_ARGUMENT { value } else { 0.0 }
}

/// Taylor polynomial of e^r of degree 12, even and odd powers apart for shorter chains.
#[inline(always)]
fn taylor(r: f64) -> f64 {
    let s = r * r;
    let even = 1.0
        + s * (1.0 / 2.0
            + s * (1.0 / 24.0
                + s * (1.0 / 720.0
                    + s * (1.0 / 40_320.0 + s * (1.0 / 3_628_800.0 + s * (1.0 / 479_001_600.0))))));
    let odd = 1.0
        + s * (1.0 / 6.0
            + s * (1.0 / 120.0 + s * (1.0 / 5_040.0 + s * (1.0 / 362_880.0 + s * (1.0 / 39_916_800.0)))));
    even + r * odd
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_library_to_1e_14_over_its_whole_range() {
        let mut worst: f64 = 0.0;
        for i in 0..2_000_000 {
            let x = -708.0 * f64::from(i) / 2_000_000.0 + 1e-9 * f64::from(i % 97);
            let x = x.min(0.0);
            if x <= SMALLEST_ARGUMENT {
                continue;
            }
            worst = worst.max((exponential(x) / x.exp() - 1.0).abs());
        }
        assert!(worst < 1e-14, "{worst:e}");
    }

    #[test]
    fn is_exactly_one_at_zero_and_zero_far_below() {
        assert_eq!(exponential(0.0), 1.0);
        assert_eq!(exponential(-0.0), 1.0);
        assert_eq!(exponential(-709.0), 0.0);
        assert_eq!(exponential(f64::NEG_INFINITY), 0.0);
    }
}
