//! A depth first, then one rate: wetting and hollows, then seepage.

use std::hint::select_unpredictable;

use super::{StepNumbers, Uptake};

/// The law.
///
/// The first depth that reaches the ground is taken whole; when it is gone, water is
/// taken at one rate. The store is what has been taken, m.
///
/// # Valid for
/// Urban surfaces and flat catchments, where hollows and leaves hold the first
/// millimetres.
#[derive(Debug, Clone, Copy)]
pub struct InitialContinuing;

/// Numbers for a step: the first depth, m, and what can be taken in the step afterwards, m.
///
/// # Units
/// - `initial`: m; `rate`: m/s; `dt`: time step, s
pub fn for_step(initial: f64, rate: f64, dt: f64) -> StepNumbers {
    [initial, rate * dt, 0.0]
}

impl Uptake for InitialContinuing {
    #[inline(always)]
    fn capacity([initial, continuing, _]: StepNumbers, store: f64, _: f64) -> f64 {
        let left = initial - store;
        select_unpredictable(left > 0.0, left, continuing)
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
    fn sixty_millimetres_in_an_hour_lose_five_and_then_two_per_hour() {
        let soil = Soil::InitialContinuing { initial: 0.005, rate: 0.002 / 3600.0 };
        let (mut store, mut lost) = (0.0, 0.0);
        for _ in 0..3600 {
            let rain = 0.060 / 3600.0;
            let (taken, next) = soil.take(store, rain, rain, 1.0);
            (store, lost) = (next, lost + taken);
        }
        // 5 mm are gone after 300 s; the other 3300 s take 2 mm/h.
        let expected = 0.005 + 0.002 * 3300.0 / 3600.0;
        assert!((lost - expected).abs() < 0.002 * 2.0 / 3600.0, "{lost}");
    }
}
