//! A rate that falls from its first to its last value as the ground fills.

use super::{StepNumbers, Uptake};

/// The law.
///
/// Under water that always stands there, the rate at the time $t$ and what has been
/// taken by then are
///
/// $$ f = f_c + (f_0 - f_c)\, e^{-k t}, \qquad F = f_c t + \frac{f_0 - f_c}{k} (1 - e^{-k t}) $$
///
/// Where less water comes than the ground could take, the clock of the ground runs
/// slower: $t$ is then the time after which ponded ground would have taken as much. The
/// store is $1 - e^{-k t}$ of that time. A step takes the exact integral; in a step with
/// too little water the clock runs so far that the integral is what there was, but for
/// terms of the third order in $k \Delta t$.
///
/// # Source
/// Horton 1940 (`horton1940`), as equations 2-42 and 2-43 of Bedient, Huber & Vieux 2013
/// (`bedient2013`); the clock of the ground follows from them.
#[derive(Debug, Clone, Copy)]
pub struct Horton;

/// Numbers for a step: the last rate times its length, m; what it takes more while the
/// ground is new, m; and $k \Delta t$.
///
/// # Units
/// - `first_rate`, `last_rate`: m/s; `decay`: 1/s, positive; `dt`: time step, s
pub fn for_step(first_rate: f64, last_rate: f64, decay: f64, dt: f64) -> StepNumbers {
    let turn = decay * dt;
    [last_rate * dt, (first_rate - last_rate) / decay * (1.0 - exp_minus(turn)), turn]
}

/// $e^{-x}$ without a call, the same on every machine.
///
/// The third Padé approximant of an eighth of the exponent, squared three times.
///
/// # Valid for
/// x from 0 to 6; the relative error is below 2e-5 there and below 1e-12 up to 0.5.
///
/// # Example
/// ```
/// use sim_core::flood::infiltration::horton::exp_minus;
/// assert!((exp_minus(0.5) - (-0.5f64).exp()).abs() < 1e-12);
/// assert_eq!(exp_minus(0.0), 1.0);
/// ```
#[inline(always)]
pub fn exp_minus(x: f64) -> f64 {
    let r = 0.125 * x;
    let even = 120.0 + 12.0 * r * r;
    let odd = r * (60.0 + r * r);
    let eighth = (even - odd) / (even + odd);
    let fourth = eighth * eighth;
    let half = fourth * fourth;
    half * half
}

impl Uptake for Horton {
    #[inline(always)]
    fn capacity([last, more, _]: StepNumbers, store: f64, _: f64) -> f64 {
        last + more * (1.0 - store)
    }

    #[inline(always)]
    fn store_after([last, _, turn]: StepNumbers, store: f64, _: f64, (taken, capacity): (f64, f64)) -> f64 {
        let whole = capacity.max(f64::MIN_POSITIVE);
        let (share, falling) = (taken / whole, (capacity - last) / whole);
        // The first part of a step takes more than the last one.
        let clock = share / (1.0 + 0.5 * falling * turn * (1.0 - share));
        1.0 - (1.0 - store) * exp_minus(turn * clock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::infiltration::Soil;
    use crate::units::{INCH, from_mm_h};

    fn soil() -> Soil {
        Soil::Horton { first_rate: from_mm_h(76.2), last_rate: from_mm_h(12.7), decay: 4.14 / 3600.0 }
    }

    /// What is taken in two hours with water that comes at a rate, in steps of `dt`.
    fn taken_in_two_hours(rate: f64, dt: f64) -> f64 {
        let (mut store, mut sum) = (0.0, 0.0);
        for _ in 0..(7200.0 / dt) as usize {
            let (taken, next) = soil().take(store, rate * dt, rate * dt, dt);
            (store, sum) = (next, sum + taken);
        }
        sum
    }

    #[test]
    fn ponded_ground_takes_the_closed_form_for_every_step() {
        let Soil::Horton { first_rate, last_rate, decay } = soil() else { unreachable!() };
        let exact = last_rate * 7200.0 + (first_rate - last_rate) / decay * (1.0 - (-decay * 7200.0).exp());
        for dt in [1.0, 10.0, 60.0] {
            let found = taken_in_two_hours(1.0, dt);
            assert!((found / exact - 1.0).abs() < 1e-10, "dt {dt}: {found} {exact}");
        }
    }

    #[test]
    fn rain_below_the_last_rate_is_taken_whole() {
        let rain = from_mm_h(10.0);
        assert!((taken_in_two_hours(rain, 10.0) / (rain * 7200.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn steady_rain_ponds_when_the_law_says_so() {
        // Rain of 40 mm/h is taken whole until the rate has fallen to it, when as much has
        // been taken as ponded ground takes until then; afterwards the ground is ponded.
        let Soil::Horton { first_rate, last_rate, decay } = soil() else { unreachable!() };
        let rain = from_mm_h(40.0);
        let clock = -((rain - last_rate) / (first_rate - last_rate)).ln() / decay;
        let law = |t: f64| last_rate * t + (first_rate - last_rate) / decay * (1.0 - (-decay * t).exp());
        let ponding = law(clock) / rain;
        assert!(ponding > 600.0 && ponding < 3600.0);
        let exact = law(clock + 7200.0 - ponding);
        for (dt, bound) in [(1.0, 1e-6), (30.0, 5e-5)] {
            let found = taken_in_two_hours(rain, dt);
            assert!((found / exact - 1.0).abs() < bound, "dt {dt}: {}", found / exact - 1.0);
        }
    }

    #[test]
    fn the_rates_of_a_published_example_come_out() {
        // Bedient, Huber & Vieux 2013, example 2-10: 1.5 in/h, 0.2 in/h, 0.35 per hour.
        let per_hour = INCH / 3600.0;
        let numbers = for_step(1.5 * per_hour, 0.2 * per_hour, 0.35 / 3600.0, 1.0);
        for (hours, rate) in [(1.0 / 6.0, 1.43), (0.5, 1.29), (1.0, 1.12), (2.0, 0.85), (6.0, 0.36)] {
            let store = 1.0 - (-0.35f64 * hours).exp();
            let found = Horton::capacity(numbers, store, 0.0) / per_hour;
            assert!((found - rate).abs() < 0.005, "{hours} h: {found}");
        }
    }

    #[test]
    fn the_exponential_is_as_close_as_it_says() {
        for i in 0..=600 {
            let x = f64::from(i) * 0.01;
            let error = (exp_minus(x) / (-x).exp() - 1.0).abs();
            assert!(error < if x <= 0.5 { 1e-12 } else { 2e-5 }, "{x}: {error:e}");
        }
    }
}
