//! Roots of functions of one variable.

/// Halvings that exhaust the digits of a double, whatever the bracket.
const HALVINGS: usize = 200;

/// Root of a function between two places at which it has different signs, by bisection.
///
/// Slow and certain: exact solutions are computed once, and a wrong root would
/// be a wrong reference.
///
/// # Example
/// ```
/// let root = validation::exact::bisect(0.0, 2.0, |x| x * x - 2.0);
/// assert!((root - 2.0_f64.sqrt()).abs() < 1e-15);
/// ```
pub fn bisect(low: f64, high: f64, function: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (low, high);
    let rises = function(high) > 0.0;
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if (function(middle) > 0.0) == rises {
            high = middle;
        } else {
            low = middle;
        }
    }
    0.5 * (low + high)
}
