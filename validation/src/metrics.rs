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

impl Agreement {
    /// The measures in the order FAC2, MG, VG, FB, NMSE.
    pub fn figures(&self) -> [f64; 5] {
        [
            self.factor_of_two,
            self.geometric_mean,
            self.geometric_variance,
            self.fractional_bias,
            self.mean_square_error,
        ]
    }
}

/// Resamples of a bootstrap.
const RESAMPLES: u64 = 2000;

/// Share of the resamples inside an interval.
const CONFIDENCE: f64 = 0.95;

/// Intervals of the measures of [`Agreement::figures`] that hold 95 % of the resamples; none for fewer than two trials.
///
/// Whole trials are drawn with replacement, not single points: the points of a
/// trial share its weather and its source, and go wrong together. The random numbers are counted,
/// so that the intervals are always the same.
///
/// # Units
/// - `trials`: pairs of an observation and a prediction, by trial
///
/// # Source
/// The percentile bootstrap; that trials are the blocks is Chang and Hanna's 2004 advice (remembered).
///
/// # Example
/// ```
/// use validation::bootstrap;
/// // Trials that are all alike leave nothing to chance.
/// let trial = vec![(2.0, 1.0), (1.0, 1.0)];
/// let intervals = bootstrap(&[trial.clone(), trial.clone(), trial]).expect("three trials");
/// assert_eq!(intervals[0], [1.0, 1.0]);
/// ```
pub fn bootstrap(trials: &[Vec<(f64, f64)>]) -> Option<[[f64; 2]; 5]> {
    if trials.len() < 2 {
        return None;
    }
    let resample = |number: u64| {
        let drawn = |k: u64| &trials[drawn(number * trials.len() as u64 + k, trials.len())];
        let pairs: Vec<(f64, f64)> =
            (0..trials.len() as u64).flat_map(|k| drawn(k).iter().copied()).collect();
        Agreement::of(&pairs).figures()
    };
    let samples: Vec<[f64; 5]> = (0..RESAMPLES).map(resample).collect();
    Some(std::array::from_fn(|figure| {
        let mut values: Vec<f64> = samples.iter().map(|sample| sample[figure]).collect();
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
        [at(0.5 * (1.0 - CONFIDENCE)), at(0.5 * (1.0 + CONFIDENCE))]
    }))
}

/// The random number of a counter: one of `0..count`, by SplitMix64's mixing.
///
/// # Source
/// Steele, Lea and Flood 2014, Fast splittable pseudorandom number generators: the constants.
fn drawn(counter: u64, count: usize) -> usize {
    let mut bits = counter.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^= bits >> 31;
    ((u128::from(bits) * count as u128) >> 64) as usize
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trial_is_drawn_equally_often() {
        let mut counts = [0_u32; 7];
        for counter in 0..70_000 {
            counts[drawn(counter, 7)] += 1;
        }
        // Four standard deviations of a fair draw, √(70000 · 1/7 · 6/7) = 93.
        assert!(counts.iter().all(|&count| count.abs_diff(10_000) < 370), "{counts:?}");
    }

    #[test]
    fn the_interval_of_a_mean_is_that_of_the_normal_law() {
        // Forty trials, half of them e^0.5 too low, half too high: ln MG has the standard error 0.5/√40.
        let trial =
            |k: usize| vec![(1.0, if k.is_multiple_of(2) { 0.5_f64.exp() } else { (-0.5_f64).exp() })];
        let trials: Vec<Vec<(f64, f64)>> = (0..40).map(trial).collect();
        let [low, high] = bootstrap(&trials).expect("many trials")[1];
        let expected = 1.96 * 0.5 / 40_f64.sqrt();
        assert!((high.ln() / expected - 1.0).abs() < 0.12 && (low.ln() / expected + 1.0).abs() < 0.12);
    }

    #[test]
    fn points_of_one_trial_are_not_taken_for_many() {
        // The same two trials, once with one point each and once with ten: no more is known.
        let few = [vec![(1.0, 1.0)], vec![(1.0, 3.0)]];
        let many = [vec![(1.0, 1.0); 10], vec![(1.0, 3.0); 10]];
        assert_eq!(bootstrap(&few).map(|i| i[1]), bootstrap(&many).map(|i| i[1]).map(|i| i.map(|v| v)));
        assert!(bootstrap(&few[..1]).is_none());
    }
}
