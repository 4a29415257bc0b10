//! The normal distribution: shares of a bell curve.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Argument from which the continued fraction is used in place of the series.
const SWITCH: f64 = 2.5;

/// Terms of the series: at [`SWITCH`] the first left out is below 1e-17 of the sum.
const SERIES_TERMS: usize = 80;

/// Levels of the continued fraction: at [`SWITCH`] it has converged to rounding.
const FRACTION_LEVELS: usize = 80;

/// Share of a normal distribution below an argument, Φ(x).
///
/// With a relative error below 1e-12 also where the share is as small as 1e-300,
/// so that a difference of two tails keeps its digits.
///
/// # Source
/// abramowitz1964 equations 7.1.6 (series) and 7.1.14 (continued fraction).
///
/// # Example
/// ```
/// use sim_core::gas::normal::normal_share;
/// assert_eq!(normal_share(0.0), 0.5);
/// assert!((normal_share(1.959_963_984_540_054) - 0.975).abs() < 1e-14);
/// ```
pub fn normal_share(x: f64) -> f64 {
    0.5 * complementary_error(-x * FRAC_1_SQRT_2)
}

/// erfc(x).
fn complementary_error(x: f64) -> f64 {
    if x.abs() < SWITCH {
        return 1.0 - error_series(x);
    }
    let tail = error_tail(x.abs());
    if x > 0.0 { tail } else { 2.0 - tail }
}

/// erf(x) = 2/√π e^(−x²) Σ 2ⁿ x^(2n+1)/(2n+1)!!: no term cancels another.
fn error_series(x: f64) -> f64 {
    let mut term = x;
    let mut sum = x;
    for n in 1..SERIES_TERMS {
        term *= 2.0 * x * x / (2 * n + 1) as f64;
        sum += term;
    }
    2.0 / PI.sqrt() * (-x * x).exp() * sum
}

/// erfc(x) for x of [`SWITCH`] and above, from the innermost level outwards.
fn error_tail(x: f64) -> f64 {
    let mut level = x;
    for n in (1..=FRACTION_LEVELS).rev() {
        level = x + 0.5 * n as f64 / level;
    }
    (-x * x).exp() / (PI.sqrt() * level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tails_make_one() {
        for i in -60..=60 {
            let x = 0.1 * f64::from(i);
            assert!((normal_share(x) + normal_share(-x) - 1.0).abs() < 1e-15);
        }
    }

    #[test]
    fn series_and_fraction_agree_where_one_takes_over() {
        let (series, tail) = (1.0 - error_series(SWITCH), error_tail(SWITCH));
        assert!((series / tail - 1.0).abs() < 1e-11, "{series} {tail}");
    }

    #[test]
    fn reproduces_tabulated_shares() {
        // abramowitz1964 table 26.1 (x = 1, 2) and table 26.2 (−log10 of the tail beyond 10: 23.11805).
        assert!((normal_share(1.0) - 0.841_344_746_068_543).abs() < 1e-14);
        assert!((normal_share(2.0) - 0.977_249_868_051_821).abs() < 1e-14);
        assert!((-normal_share(-10.0).log10() - 23.118_05).abs() < 1e-5);
    }
}
