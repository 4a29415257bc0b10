//! The share of the rain that the SCS curve number keeps back.

use super::{StepNumbers, Uptake};
use crate::units::INCH;

/// The law.
///
/// Of a rain of depth $P$ runs off
///
/// $$ Q = \frac{(P - I_a)^2}{P - I_a + S}, \qquad S = 25.4\,\mathrm{mm} \Big(\frac{1000}{CN} - 10\Big), \qquad I_a = \lambda S $$
///
/// and nothing before $P$ has reached $I_a$. What is kept back, $P - Q$, is taken as the rain
/// falls: the store is $P$, m, and a step takes the difference of $P - Q$ over it. Water
/// that comes from elsewhere is not taken: the law knows only rain.
///
/// # Valid for
/// One storm; curve numbers from 30 to 100.
///
/// # Source
/// USDA 1986 (`tr55`), equations 2-1 to 2-4, with λ = 0.2.
#[derive(Debug, Clone, Copy)]
pub struct CurveNumber;

/// Share of the potential retention that is kept back before anything runs off.
///
/// # Source
/// USDA 1986 (`tr55`), equation 2-2.
pub const INITIAL_SHARE: f64 = 0.2;

/// Potential retention $S$, m.
///
/// # Example
/// ```
/// use sim_core::flood::infiltration::curve_number::retention;
/// assert!((retention(80.0) - 0.0635).abs() < 1e-12, "2.5 inches");
/// ```
pub fn retention(number: f64) -> f64 {
    INCH * (1000.0 / number - 10.0)
}

/// Numbers for a step: initial abstraction and potential retention, m.
pub fn for_step(number: f64, initial_share: f64) -> StepNumbers {
    let retention = retention(number);
    [initial_share * retention, retention, 0.0]
}

/// What is kept back of a depth of rain, m.
#[inline(always)]
fn kept_back(initial: f64, retention: f64, rain: f64) -> f64 {
    let beyond = (rain - initial).max(0.0);
    rain.min(initial) + retention * beyond / (beyond + retention).max(f64::MIN_POSITIVE)
}

impl Uptake for CurveNumber {
    #[inline(always)]
    fn capacity([initial, retention, _]: StepNumbers, store: f64, rain: f64) -> f64 {
        kept_back(initial, retention, store + rain) - kept_back(initial, retention, store)
    }

    #[inline(always)]
    fn store_after(_: StepNumbers, store: f64, rain: f64, _: (f64, f64)) -> f64 {
        store + rain
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::infiltration::Soil;
    use proptest::prelude::*;

    /// Runoff of a rain that falls in so many steps, m.
    fn runoff(number: f64, rain: f64, steps: usize) -> f64 {
        let soil = Soil::CurveNumber { number, initial_share: INITIAL_SHARE };
        let piece = rain / steps as f64;
        let (mut store, mut ran) = (0.0, 0.0);
        for _ in 0..steps {
            let (taken, next) = soil.take(store, piece, piece, 1.0);
            (store, ran) = (next, ran + piece - taken);
        }
        ran
    }

    proptest! {
        #[test]
        fn runoff_is_the_closed_form_however_the_rain_is_cut(
            number in 31.0..99.0f64, rain in 0.001..0.4f64, steps in 1usize..400
        ) {
            let s = retention(number);
            let beyond = (rain - 0.2 * s).max(0.0);
            let exact = beyond * beyond / (beyond + s);
            prop_assert!((runoff(number, rain, steps) - exact).abs() < 1e-12);
        }
    }

    #[test]
    fn six_inches_on_a_curve_number_of_75_leave_the_published_runoff() {
        // USDA 1986, example 2-2: 3.28 inches.
        assert!((runoff(75.0, 6.0 * INCH, 100) / INCH - 3.28).abs() < 0.005);
    }

    #[test]
    fn all_rain_runs_off_a_curve_number_of_one_hundred() {
        assert!((runoff(100.0, 0.05, 100) - 0.05).abs() < 1e-15);
    }
}
