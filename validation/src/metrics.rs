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

/// How predictions compare with observations at the same places.
///
/// # Source
/// Chang and Hanna 2004, Meteorology and Atmospheric Physics 87, 167: definitions and the values
/// that a good model keeps (FAC2 ≥ 0.5, |FB| ≤ 0.3, 0.7 ≤ MG ≤ 1.3, NMSE ≤ 4, VG ≤ 1.6).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Share of predictions within a factor of two of the observation.
    pub factor_of_two: f64,
    /// Geometric mean bias, exp⟨ln(Co/Cp)⟩: above one the model predicts too little.
    pub geometric_mean: f64,
    /// Geometric variance, exp⟨ln²(Co/Cp)⟩.
    pub geometric_variance: f64,
    /// Fractional bias, 2 (⟨Co⟩ − ⟨Cp⟩)/(⟨Co⟩ + ⟨Cp⟩).
    pub fractional_bias: f64,
    /// Normalised mean square error, ⟨(Co − Cp)²⟩/(⟨Co⟩⟨Cp⟩).
    pub mean_square_error: f64,
}

impl Agreement {
    /// The measures of pairs of an observation and a prediction, all above zero.
    ///
    /// # Example
    /// ```
    /// use validation::Agreement;
    /// // Half of what was seen everywhere: ln 2 in every pair.
    /// let half = Agreement::of(&[(2.0, 1.0), (6.0, 3.0)]);
    /// assert_eq!(half.factor_of_two, 1.0);
    /// assert!((half.geometric_mean - 2.0).abs() < 1e-12);
    /// assert!((half.geometric_variance - (2.0_f64.ln().powi(2)).exp()).abs() < 1e-12);
    /// assert!((half.fractional_bias - 2.0 / 3.0).abs() < 1e-12);
    /// assert!((half.mean_square_error - 5.0 / 8.0).abs() < 1e-12);
    /// ```
    pub fn of(pairs: &[(f64, f64)]) -> Self {
        let mean = |of: &dyn Fn(f64, f64) -> f64| {
            pairs.iter().map(|&(seen, told)| of(seen, told)).sum::<f64>() / pairs.len() as f64
        };
        let (seen, told) = (mean(&|seen, _| seen), mean(&|_, told| told));
        // A rounding error does not push a ratio of exactly two out of the factor of two.
        let within = |ratio: f64| (0.5 - 1e-12..=2.0 + 1e-12).contains(&ratio);
        Self {
            factor_of_two: mean(&|seen, told| f64::from(u8::from(within(told / seen)))),
            geometric_mean: mean(&|seen, told| (seen / told).ln()).exp(),
            geometric_variance: mean(&|seen, told| (seen / told).ln().powi(2)).exp(),
            fractional_bias: 2.0 * (seen - told) / (seen + told),
            mean_square_error: mean(&|seen, told| (seen - told).powi(2)) / (seen * told),
        }
    }
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
