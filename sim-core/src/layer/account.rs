//! Sums of what came and went.

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
        let sum = self.sum + number;
        self.carried += if self.sum.abs() >= number.abs() {
            (self.sum - sum) + number
        } else {
            (number - sum) + self.sum
        };
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
