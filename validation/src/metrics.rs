//! Error norms.

/// L1 error relative to the exact field: Σ|a − e| / Σ|e|.
///
/// # Example
/// ```
/// assert_eq!(validation::relative_l1(&[1.0, 3.0], &[2.0, 2.0]), 0.5);
/// ```
pub fn relative_l1(computed: &[f64], exact: &[f64]) -> f64 {
    let error: f64 = computed.iter().zip(exact).map(|(a, e)| (a - e).abs()).sum();
    error / exact.iter().map(|e| e.abs()).sum::<f64>()
}

/// Root of the mean square of differences; NaN for none.
///
/// # Example
/// ```
/// assert_eq!(validation::root_mean_square(&[3.0, -3.0]), 3.0);
/// ```
pub fn root_mean_square(differences: &[f64]) -> f64 {
    (differences.iter().map(|d| d * d).sum::<f64>() / differences.len() as f64).sqrt()
}

/// Observed order of convergence from two errors on grids whose cell sizes differ by `ratio`.
///
/// # Example
/// ```
/// assert_eq!(validation::observed_order(4.0, 1.0, 2.0), 2.0);
/// ```
pub fn observed_order(coarse: f64, fine: f64, ratio: f64) -> f64 {
    (coarse / fine).ln() / ratio.ln()
}

/// Largest difference by absolute value; infinite where a difference is no number.
pub(crate) fn largest_difference(computed: &[f64], exact: &[f64]) -> f64 {
    let size = |(a, e): (&f64, &f64)| if (a - e).is_nan() { f64::INFINITY } else { (a - e).abs() };
    computed.iter().zip(exact).map(size).fold(0.0, f64::max)
}

/// Mean difference by absolute value.
pub(crate) fn mean_difference(computed: &[f64], exact: &[f64]) -> f64 {
    computed.iter().zip(exact).map(|(a, e)| (a - e).abs()).sum::<f64>() / computed.len() as f64
}
