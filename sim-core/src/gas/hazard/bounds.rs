//! What a user may give: one value with the interval it must lie in.

use crate::error::{Problem, Problems, Result};

/// A value with what is allowed for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bound {
    name: &'static str,
    value: f64,
    low: f64,
    high: f64,
    unit: &'static str,
    low_is_allowed: bool,
}

impl Bound {
    /// Above the lower end, up to the upper.
    pub(crate) fn above(name: &'static str, value: f64, low: f64, high: f64, unit: &'static str) -> Self {
        Self { name, value, low, high, unit, low_is_allowed: false }
    }

    /// From the lower end to the upper.
    pub(crate) fn from(name: &'static str, value: f64, low: f64, high: f64, unit: &'static str) -> Self {
        Self { low_is_allowed: true, ..Self::above(name, value, low, high, unit) }
    }

    fn is_kept(&self) -> bool {
        let above = if self.low_is_allowed { self.value >= self.low } else { self.value > self.low };
        above && self.value <= self.high
    }
}

/// One error for each value outside its interval.
pub(crate) fn refuse(code: u16, bounds: &[Bound], fix: &str) -> Vec<Problem> {
    let text = |bound: &Bound| {
        let Bound { name, value, low, high, unit, .. } = bound;
        let word = if bound.low_is_allowed { "from" } else { "above" };
        format!("{name} is {value} {unit}; allowed is {word} {low} up to {high} {unit}")
    };
    bounds
        .iter()
        .filter(|bound| !bound.is_kept())
        .map(|bound| Problem::error(code, text(bound)).fix(fix))
        .collect()
}

/// Nothing, or all problems at once.
pub(crate) fn none_of(problems: Vec<Problem>) -> Result<()> {
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_is_no_number_is_refused_as_one_outside() {
        for value in [f64::NAN, -1.0, 2.5, f64::INFINITY] {
            assert_eq!(refuse(4510, &[Bound::from("x", value, 0.0, 2.0, "m")], "mend it").len(), 1);
        }
        assert!(refuse(4510, &[Bound::from("x", 0.0, 0.0, 2.0, "m")], "").is_empty());
        assert!(!refuse(4510, &[Bound::above("x", 0.0, 0.0, 2.0, "m")], "").is_empty());
    }
}
