//! Sums of what came and went.

/// The sum of two numbers and what rounding took from it: together exact.
///
/// # Source
/// Neumaier 1974 (`neumaier1974`).
///
/// # Example
/// ```
/// use sim_core::layer::account::sum_and_rest;
/// assert_eq!(sum_and_rest(1e16, 1.0), (1e16, 1.0));
/// ```
pub fn sum_and_rest(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let rest = if a.abs() >= b.abs() { (a - sum) + b } else { (b - sum) + a };
    (sum, rest)
}

/// A sum that keeps what rounding would lose.
///
/// # Source
/// Neumaier 1974 (`neumaier1974`), the improved Kahan-Babuška sum.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Account {
    sum: f64,
    carried: f64,
}

impl Account {
    /// Adds a number.
    pub fn add(&mut self, number: f64) {
        let (sum, rest) = sum_and_rest(self.sum, number);
        self.carried += rest;
        self.sum = sum;
    }

    /// The sum.
    pub fn total(&self) -> f64 {
        self.sum + self.carried
    }

    /// Both numbers behind the sum.
    pub(crate) fn parts(self) -> [f64; 2] {
        [self.sum, self.carried]
    }

    /// The account with these numbers behind it.
    pub(crate) fn from_parts([sum, carried]: [f64; 2]) -> Self {
        Self { sum, carried }
    }
}
