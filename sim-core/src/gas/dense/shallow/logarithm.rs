//! Logarithm and power of two without branch or call, so that they vectorise.

/// Logarithm to the base two, to within 1e-6.
///
/// The exponent is read from the bits; the rest, between 2/3 and 4/3 about, by the series of
/// the inverse hyperbolic tangent.
///
/// # Valid for
/// Normal positive numbers.
///
/// # Example
/// ```
/// use sim_core::gas::dense::shallow::logarithm::log2;
/// assert!((log2(8.0) - 3.0).abs() < 1e-6);
/// ```
#[inline(always)]
pub fn log2(x: f32) -> f32 {
    /// Bits of 2/3, so that what is left of the number lies around one.
    const TWO_THIRDS: u32 = 0x3f2a_aaab;
    let shifted = x.to_bits().wrapping_sub(TWO_THIRDS).cast_signed() >> 23;
    let rest = f32::from_bits(x.to_bits().wrapping_sub((shifted << 23).cast_unsigned()));
    let t = (rest - 1.0) / (rest + 1.0);
    let squared = t * t;
    // 2/ln 2 times 1, 1/3, 1/5, 1/7.
    let series = 2.885_39 + squared * (0.961_796_7 + squared * (0.577_078 + squared * 0.412_198_6));
    shifted as f32 + t * series
}

/// Two to a power, to within 1e-6 of itself; zero from -126 down.
///
/// # Valid for
/// Powers below 127.
///
/// # Example
/// ```
/// use sim_core::gas::dense::shallow::logarithm::exp2;
/// assert!((exp2(0.5) - 2f32.sqrt()).abs() < 2e-6);
/// assert_eq!(exp2(-200.0), 0.0);
/// ```
#[inline(always)]
pub fn exp2(power: f32) -> f32 {
    /// Added and taken away again it rounds to a whole number, which stands in the last bits.
    const ROUND: f32 = 12_582_912.0;
    let is_there = power > -126.0;
    let power = if is_there { power } else { 0.0 };
    let rounded = power + ROUND;
    let rest = (power - (rounded - ROUND)) * std::f32::consts::LN_2;
    let whole = rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    let series = 1.0
        + rest
            * (1.0
                + rest
                    * (0.5
                        + rest
                            * (1.0 / 6.0
                                + rest * (1.0 / 24.0 + rest * (1.0 / 120.0 + rest * (1.0 / 720.0))))));
    if is_there { f32::from_bits(whole) * series } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_logarithm_agrees_with_the_standard_library(exponent in -20.0..20.0f32) {
            let x = exponent.exp2();
            prop_assert!((log2(x) - x.log2()).abs() < 1e-6 + 3e-7 * exponent.abs());
        }

        #[test]
        fn the_power_agrees_with_the_standard_library(power in -120.0..100.0f32) {
            prop_assert!((exp2(power) / power.exp2() - 1.0).abs() < 2e-6);
        }
    }
}
