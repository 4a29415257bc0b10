//! A crest between two places: a kerb, a sill, the top of a levee.

use super::{Heads, Law};

/// Coefficient of a broad crest, m^(1/2)/s: $(2/3)^{3/2} \sqrt g$, the discharge at
/// critical depth.
pub const BROAD_CRESTED: f64 = 1.704_6;

/// Exponent of the correction for submergence.
///
/// # Source
/// Villemonte 1947 (`villemonte1947`), as equation 6-26 of Rossman 2017 (`rossman2017`).
const SUBMERGENCE_EXPONENT: f64 = 0.385;

/// Exponent of the head over a straight crest.
const HEAD_EXPONENT: f64 = 1.5;

/// A weir.
///
/// $$ Q = C L H_1^{3/2} \Big( 1 - \Big(\frac{H_2}{H_1}\Big)^{3/2} \Big)^{0.385} $$
///
/// with the heads over the crest of the higher and of the lower side. The head of the
/// velocity is left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Weir {
    /// Level of the crest, m.
    pub crest: f64,
    /// Length of the crest, m.
    pub length: f64,
    /// Coefficient C, m^(1/2)/s.
    pub coefficient: f64,
}

/// Discharge over a crest from the higher side, m³/s.
///
/// # Units
/// - `upper`, `lower`: heads over the crest, m
/// - `length`: m; `coefficient`: m^(1/2)/s
///
/// # Source
/// Villemonte 1947 (`villemonte1947`).
///
/// # Example
/// ```
/// use sim_core::flood::structure::weir::{BROAD_CRESTED, over_crest};
/// // A head of 1 m over 10 m of crest.
/// assert!((over_crest(1.0, -0.5, 10.0, BROAD_CRESTED) - 17.046).abs() < 1e-9);
/// assert_eq!(over_crest(1.0, 1.0, 10.0, BROAD_CRESTED), 0.0);
/// ```
pub fn over_crest(upper: f64, lower: f64, length: f64, coefficient: f64) -> f64 {
    if upper <= 0.0 {
        return 0.0;
    }
    let free = coefficient * length * upper.powf(HEAD_EXPONENT);
    let share = (lower.max(0.0) / upper).min(1.0).powf(HEAD_EXPONENT);
    free * (1.0 - share).powf(SUBMERGENCE_EXPONENT)
}

impl Law for Weir {
    fn discharge(&self, heads: Heads, _: &mut bool) -> f64 {
        let (from, to) = (heads.from_level - self.crest, heads.to_level - self.crest);
        if from >= to {
            over_crest(from, to, self.length, self.coefficient)
        } else {
            -over_crest(to, from, self.length, self.coefficient)
        }
    }

    fn is_driven_by_levels(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::GRAVITY;

    #[test]
    fn the_coefficient_is_that_of_critical_flow() {
        assert!((BROAD_CRESTED - (2.0f64 / 3.0).powf(1.5) * GRAVITY.sqrt()).abs() < 5e-4);
    }

    #[test]
    fn submergence_only_takes_away_and_takes_all_when_the_levels_meet() {
        let mut last = f64::INFINITY;
        for i in 0..=100 {
            let found = over_crest(1.0, f64::from(i) * 0.01, 1.0, BROAD_CRESTED);
            assert!(found <= last && found >= 0.0);
            last = found;
        }
        assert_eq!(last, 0.0);
        // Villemonte's factor at half the head: (1 - 0.5^1.5)^0.385.
        let half = over_crest(1.0, 0.5, 1.0, 1.0);
        assert!((half - (1.0 - 0.5f64.powf(1.5)).powf(0.385)).abs() < 1e-12);
    }
}
