//! A release whose mass rate is known, from a meter or from another model.

use crate::gas::source::{Release, SourceKind};

/// A given mass rate; nothing is known about the exit.
pub struct KnownRateKind;

impl SourceKind for KnownRateKind {
    fn name(&self) -> &'static str {
        "known_rate"
    }

    fn meaning(&self) -> &'static str {
        "a mass rate that is already known, kg/s"
    }
}

/// A release at a known rate.
///
/// Its exit state is unknown, so that the plume cannot be judged against the
/// momentum of a jet; the outcome says so.
///
/// # Units
/// - `position`: x and y in the grid's reference, m; `height`: m above ground
/// - `rate`: kg/s; `duration`: s
pub fn release(position: (f64, f64), height: f64, rate: f64, duration: f64) -> Release {
    Release {
        x: position.0,
        y: position.1,
        height,
        rate,
        duration,
        exit: None,
        jet: None,
        pool_diameter: None,
        stack: None,
        history: None,
        facts: Vec::new(),
        description: format!("{rate:.4} kg/s, as given"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_that_cannot_be_is_refused() {
        assert!(release((0.0, 0.0), 0.0, 1.0, 600.0).check().is_ok());
        for (rate, duration, height) in
            [(0.0, 600.0, 0.0), (1.0, -1.0, 0.0), (1.0, 600.0, -2.0), (f64::NAN, 1.0, 0.0)]
        {
            let problems = release((0.0, 0.0), height, rate, duration).check().expect_err("it cannot be");
            assert_eq!(problems.0[0].code.0, 4020);
        }
    }
}
