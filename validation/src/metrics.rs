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

/// Observed order of convergence from two errors on grids whose cell sizes differ by `ratio`.
///
/// # Example
/// ```
/// assert_eq!(validation::observed_order(4.0, 1.0, 2.0), 2.0);
/// ```
pub fn observed_order(coarse: f64, fine: f64, ratio: f64) -> f64 {
    (coarse / fine).ln() / ratio.ln()
}
