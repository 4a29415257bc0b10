//! One rate, however much the ground has taken.

use super::{StepNumbers, Uptake};

/// The law.
#[derive(Debug, Clone, Copy)]
pub struct Constant;

/// Numbers for a step: what can be taken in it, m.
///
/// # Units
/// - `rate`: m/s; `dt`: time step, s
pub fn for_step(rate: f64, dt: f64) -> StepNumbers {
    [rate * dt, 0.0, 0.0]
}

impl Uptake for Constant {
    #[inline(always)]
    fn capacity([depth, ..]: StepNumbers, _: f64, _: f64) -> f64 {
        depth
    }

    #[inline(always)]
    fn store_after(_: StepNumbers, store: f64, _: f64, (taken, _): (f64, f64)) -> f64 {
        store + taken
    }
}

#[cfg(test)]
mod tests {
    use crate::flood::infiltration::Soil;

    #[test]
    fn takes_its_rate_or_what_is_there() {
        let soil = Soil::Constant { rate: 1e-6 };
        assert_eq!(soil.take(0.0, 0.0, 1.0, 100.0), (1e-6 * 100.0, 1e-6 * 100.0));
        assert_eq!(soil.take(0.0, 0.0, 5e-5, 100.0).0, 5e-5);
    }

    #[test]
    fn sealed_ground_takes_nothing() {
        assert_eq!(Soil::Sealed.take(0.0, 0.1, 1.0, 60.0), (0.0, 0.0));
    }
}
