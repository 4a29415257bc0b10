//! How well a modelled series fits an observed one.
//!
//! The Kling-Gupta efficiency is left out on purpose: it divides by the mean of the
//! observation, so that for water levels it changes with the datum.

/// A reading and the model at the same time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Time after the start, s.
    pub time: f64,
    /// What was read, m.
    pub observed: f64,
    /// What the model has, m.
    pub modelled: f64,
}

impl Pair {
    /// Modelled minus observed.
    pub fn difference(&self) -> f64 {
        self.modelled - self.observed
    }
}

/// Root of the mean square difference, in the unit of the values; NaN for no pair.
///
/// # Example
/// ```
/// use sim_core::flood::comparison::goodness::{Pair, root_mean_square_error};
/// let pair = |observed, modelled| Pair { time: 0.0, observed, modelled };
/// assert_eq!(root_mean_square_error(&[pair(1.0, 4.0), pair(2.0, -1.0)]), 3.0);
/// ```
pub fn root_mean_square_error(pairs: &[Pair]) -> f64 {
    mean(pairs, |pair| pair.difference().powi(2)).sqrt()
}

/// Mean of modelled minus observed, in the unit of the values; NaN for no pair.
///
/// # Example
/// ```
/// use sim_core::flood::comparison::goodness::{Pair, bias};
/// let pair = |observed, modelled| Pair { time: 0.0, observed, modelled };
/// assert_eq!(bias(&[pair(1.0, 2.0), pair(2.0, 1.5)]), 0.25);
/// ```
pub fn bias(pairs: &[Pair]) -> f64 {
    mean(pairs, Pair::difference)
}

/// Nash-Sutcliffe efficiency: 1 for a perfect fit, 0 for a model as good as the mean of the
/// observation, negative for a worse one.
///
/// `None` where the observation does not vary, or there is no pair: the mean is then perfect
/// and nothing can be measured against it.
///
/// $$ E = 1 - \frac{\sum (o - m)^2}{\sum (o - \bar o)^2} $$
///
/// # Units
/// `o` observed, `m` modelled, in the same unit; returns a pure number.
///
/// # Source
/// J. E. Nash and J. V. Sutcliffe, River flow forecasting through conceptual models part I,
/// Journal of Hydrology 10 (1970) 282-290, DOI 10.1016/0022-1694(70)90255-6 (`nash1970`).
///
/// # Example
/// ```
/// use sim_core::flood::comparison::goodness::{Pair, nash_sutcliffe};
/// let pair = |observed, modelled| Pair { time: 0.0, observed, modelled };
/// // Squares of the errors 1 + 0 + 1, about the mean 4 + 0 + 4.
/// let pairs = [pair(1.0, 2.0), pair(3.0, 3.0), pair(5.0, 4.0)];
/// assert_eq!(nash_sutcliffe(&pairs), Some(0.75));
/// ```
pub fn nash_sutcliffe(pairs: &[Pair]) -> Option<f64> {
    let first = pairs.first()?.observed;
    if pairs.iter().all(|pair| pair.observed == first) {
        return None;
    }
    let middle = mean(pairs, |pair| pair.observed);
    let errors: f64 = pairs.iter().map(|pair| pair.difference().powi(2)).sum();
    let spread: f64 = pairs.iter().map(|pair| (pair.observed - middle).powi(2)).sum();
    Some(1.0 - errors / spread)
}

fn mean(pairs: &[Pair], of: impl Fn(&Pair) -> f64) -> f64 {
    pairs.iter().map(of).sum::<f64>() / pairs.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(observed: &[f64], modelled: &[f64]) -> Vec<Pair> {
        let both = observed.iter().zip(modelled);
        both.map(|(&observed, &modelled)| Pair { time: 0.0, observed, modelled }).collect()
    }

    #[test]
    fn a_model_against_itself_is_perfect() {
        let values = [0.1, 0.7, 0.3, 0.35];
        let same = pairs(&values, &values);
        assert_eq!(nash_sutcliffe(&same), Some(1.0));
        assert_eq!((root_mean_square_error(&same), bias(&same)), (0.0, 0.0));
    }

    #[test]
    fn the_mean_of_the_observation_scores_zero() {
        let observed = [1.0, 2.0, 6.0];
        let score = nash_sutcliffe(&pairs(&observed, &[3.0; 3])).expect("it varies");
        assert!(score.abs() < 1e-15, "{score}");
    }

    #[test]
    fn a_shift_of_both_by_a_datum_changes_nothing() {
        let (observed, modelled) = ([1.0, 2.0, 6.0, 4.0], [1.5, 2.5, 5.0, 4.0]);
        let raised = |values: [f64; 4]| values.map(|value| value + 1024.0);
        let (low, high) = (pairs(&observed, &modelled), pairs(&raised(observed), &raised(modelled)));
        assert_eq!(nash_sutcliffe(&low), nash_sutcliffe(&high));
        assert_eq!(root_mean_square_error(&low), root_mean_square_error(&high));
    }

    #[test]
    fn a_constant_observation_has_no_efficiency() {
        // The mean of three tenths is not a tenth in floating point.
        assert_eq!(nash_sutcliffe(&pairs(&[0.1; 3], &[0.1, 0.2, 0.3])), None);
        assert_eq!(nash_sutcliffe(&[]), None);
        assert!(root_mean_square_error(&[]).is_nan());
    }
}
