//! From a dose to the share of people it harms, and back.

use std::f64::consts::{FRAC_2_SQRT_PI, PI, SQRT_2};

/// A probit: the normal distribution over the logarithm of a dose.
///
/// $$ Y = a + b \ln D, \qquad P = \tfrac12\left[1 + \operatorname{erf}\frac{Y - 5}{\sqrt 2}\right] $$
///
/// The unit of the dose belongs to the constants; wherever a probit is kept, its
/// unit is said.
///
/// # Valid for
/// Shares between some 1 % and 99 %: outside, the tail of a normal distribution
/// is an assumption that no experiment supports.
///
/// # Source
/// Finney's convention (mean 5, standard deviation 1), as in withers1985 and neqsim.
///
/// # Example
/// ```
/// use sim_core::gas::hazard::probit::Probit;
/// // Withers and Lees 1985 for chlorine: half of those who breathe 250 ppm for 30 min die.
/// let chlorine = Probit { intercept: -8.29, slope: 0.92 };
/// let half = chlorine.probability(250.0_f64.powi(2) * 30.0);
/// assert!((half - 0.5).abs() < 0.02);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Probit {
    /// Intercept a.
    pub intercept: f64,
    /// Slope b, above zero, per natural logarithm of the dose.
    pub slope: f64,
}

/// Probit at which half of the people are harmed.
const MEDIAN: f64 = 5.0;

impl Probit {
    /// The probit of a dose; negative infinity without a dose.
    pub fn value(&self, dose: f64) -> f64 {
        if dose > 0.0 { self.intercept + self.slope * dose.ln() } else { f64::NEG_INFINITY }
    }

    /// Share of the people who are harmed by a dose, 0 to 1.
    pub fn probability(&self, dose: f64) -> f64 {
        normal_probability(self.value(dose) - MEDIAN)
    }

    /// The dose that harms a share of the people; the inverse of [`Probit::probability`].
    ///
    /// Nothing for a share of 0 or less, or 1 or more.
    pub fn dose(&self, probability: f64) -> Option<f64> {
        let probit = MEDIAN + normal_quantile(probability)?;
        Some(((probit - self.intercept) / self.slope).exp())
    }
}

/// Share of the standard normal distribution below a value.
///
/// # Example
/// ```
/// use sim_core::gas::hazard::probit::normal_probability;
/// assert_eq!(normal_probability(0.0), 0.5);
/// // Abramowitz and Stegun, table 26.1: P(1) = 0.841344746.
/// assert!((normal_probability(1.0) - 0.841_344_746_068_543).abs() < 1e-14);
/// ```
pub fn normal_probability(value: f64) -> f64 {
    0.5 * complementary_error_function(-value / SQRT_2)
}

/// Bound of the search for a quantile: beyond it the share is 0 or 1 in double precision.
const FARTHEST: f64 = 40.0;

/// Halvings of the search interval: 80 / 2^64 is below the spacing of numbers near one.
const HALVINGS: usize = 64;

/// The value below which a share of the standard normal distribution lies.
pub fn normal_quantile(share: f64) -> Option<f64> {
    if !(share > 0.0 && share < 1.0) {
        return None;
    }
    let (mut low, mut high) = (-FARTHEST, FARTHEST);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if normal_probability(middle) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(0.5 * (low + high))
}

/// Value from which the continued fraction takes over from the series.
const SWITCH: f64 = 2.5;

/// The error function erf.
///
/// Near zero the series all of whose terms are positive, so that nothing cancels;
/// farther out the continued fraction of the complement.
///
/// # Source
/// Abramowitz and Stegun 1964, equations 7.1.6 and 7.1.14.
///
/// # Example
/// ```
/// use sim_core::gas::hazard::probit::error_function;
/// // Abramowitz and Stegun, table 7.1.
/// assert!((error_function(0.5) - 0.520_499_877_813_047).abs() < 1e-14);
/// ```
pub fn error_function(value: f64) -> f64 {
    if value.abs() < SWITCH { series(value) } else { value.signum() * (1.0 - fraction(value.abs())) }
}

/// The complement 1 − erf, without loss in the tail.
pub fn complementary_error_function(value: f64) -> f64 {
    if value >= SWITCH {
        fraction(value)
    } else if value <= -SWITCH {
        2.0 - fraction(-value)
    } else {
        1.0 - series(value)
    }
}

/// Terms of the series: at the switch the last is below 1e-17 of the sum.
const TERMS: usize = 60;

fn series(value: f64) -> f64 {
    let square = value * value;
    let (mut term, mut sum) = (value, value);
    for n in 1..TERMS {
        term *= 2.0 * square / (2.0 * n as f64 + 1.0);
        sum += term;
    }
    FRAC_2_SQRT_PI * (-square).exp() * sum
}

/// Levels of the continued fraction: enough for 1e-16 from the switch on.
const LEVELS: usize = 120;

fn fraction(value: f64) -> f64 {
    let mut below = 0.0;
    for level in (1..=LEVELS).rev() {
        below = 0.5 * level as f64 / (value + below);
    }
    (-value * value).exp() / (PI.sqrt() * (value + below))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHLORINE: Probit = Probit { intercept: -8.29, slope: 0.92 };

    #[test]
    fn the_two_forms_of_the_error_function_meet_and_mirror() {
        assert!((series(SWITCH) + fraction(SWITCH) - 1.0).abs() < 1e-15);
        for value in [0.0, 0.3, 1.7, 2.4999, 2.5001, 5.0] {
            assert!((error_function(value) + error_function(-value)).abs() < 1e-16);
            let sum = error_function(value) + complementary_error_function(value);
            assert!((sum - 1.0).abs() < 1e-15, "{value}");
        }
    }

    #[test]
    fn tabulated_values_of_the_error_function_are_met() {
        // Abramowitz and Stegun 1964, table 7.1 (and erfc(4) = 1.541726e-8).
        for (value, expected) in
            [(0.1, 0.112_462_916_0), (1.0, 0.842_700_792_9), (1.5, 0.966_105_146_5), (2.0, 0.995_322_265_0)]
        {
            assert!((error_function(value) - expected).abs() < 1e-10, "{value}");
        }
        assert!((complementary_error_function(4.0) / 1.541_725_790e-8 - 1.0).abs() < 1e-8);
    }

    #[test]
    fn more_dose_never_harms_fewer() {
        let mut last = 0.0;
        for exponent in -20..40 {
            let share = CHLORINE.probability(f64::from(exponent).exp());
            assert!(share >= last && (0.0..=1.0).contains(&share));
            last = share;
        }
        assert_eq!(CHLORINE.probability(0.0), 0.0);
        assert_eq!(CHLORINE.probability(-1.0), 0.0);
    }

    #[test]
    fn the_dose_of_a_share_harms_that_share() {
        for share in [1e-6, 0.01, 0.1, 0.5, 0.9, 0.99, 1.0 - 1e-6] {
            let dose = CHLORINE.dose(share).expect("between 0 and 1");
            assert!((CHLORINE.probability(dose) - share).abs() < 1e-12 + 1e-12 * share, "{share}");
        }
        for share in [0.0, 1.0, -0.5, f64::NAN] {
            assert_eq!(CHLORINE.dose(share), None);
        }
    }

    #[test]
    fn one_per_cent_is_the_probit_2_67() {
        // The usual table of probits: 1 % 2.67, 10 % 3.72, 50 % 5.00, 75 % 5.67, 99 % 7.33.
        for (share, probit) in [(0.01, 2.67), (0.1, 3.72), (0.5, 5.0), (0.75, 5.67), (0.99, 7.33)] {
            let found = 5.0 + normal_quantile(share).expect("inside");
            assert!((found - probit).abs() < 0.005, "{share}: {found}");
        }
    }

    #[test]
    fn withers_and_lees_published_median_concentrations_are_met() {
        // withers1985, abstract: 433 ppm for 10 min and 250 ppm for 30 min kill half of the
        // regular population. The rounded constants give 434.5 and 250.9 ppm.
        let load = CHLORINE.dose(0.5).expect("inside");
        for (minutes, ppm) in [(10.0, 433.0), (30.0, 250.0)] {
            let found = (load / minutes).sqrt();
            assert!((found / ppm - 1.0_f64).abs() < 0.01, "{minutes} min: {found} ppm");
        }
    }
}
