//! Indoor air while a cloud passes, and whether to stay or to leave.

use crate::error::{Problem, Result};
use crate::gas::hazard::bounds::{Bound, none_of, refuse};
use crate::gas::hazard::toxic_load::{History, toxic_load};
use crate::units::{HOUR, MINUTE};

/// How fast a kind of house changes its air.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AirChange {
    /// Name by which it is asked for.
    pub name: &'static str,
    /// Chinese name.
    pub name_zh: &'static str,
    /// Air changes per hour, doors and windows closed.
    pub air_changes_per_hour: f64,
}

/// Houses in towns, doors and windows closed.
///
/// The wind and the difference of temperature change these by a factor of some
/// three either way; an open window by far more.
///
/// # Source
/// chef, table 12-7 (typical ventilation rate for houses in urban settings).
pub const PRESETS: [AirChange; 4] = [
    AirChange { name: "tight", name_zh: "密闭", air_changes_per_hour: 0.25 },
    AirChange { name: "average", name_zh: "一般", air_changes_per_hour: 0.5 },
    AirChange { name: "leaky", name_zh: "漏风", air_changes_per_hour: 1.0 },
    AirChange { name: "very_leaky", name_zh: "严重漏风", air_changes_per_hour: 2.0 },
];

/// Most air changes per hour that are taken for a closed building.
const MOST_AIR_CHANGES: f64 = 60.0;

/// Refuses what is not an air-change rate.
///
/// # Errors
/// E4510 not above 0 up to 60 per hour.
pub fn check(air_changes_per_hour: f64) -> Result<()> {
    let bound = Bound::above("air-change rate", air_changes_per_hour, 0.0, MOST_AIR_CHANGES, "per hour");
    none_of(refuse(4510, &[bound], "give air changes per hour; a closed house has 0.2 to 2"))
}

/// Indoor concentration at the end of a stretch over which the outdoor one is a straight line.
///
/// $$ \frac{dC_i}{dt} = \lambda (C_o - C_i) \;\Rightarrow\;
///    C_i = C_{i,0} e^{-x} + C_{o,0} (1 - e^{-x}) + (C_{o,1} - C_{o,0})\left(1 - \frac{1 - e^{-x}}{x}\right), \quad x = \lambda \Delta t $$
///
/// Exact, so that no step is too long.
///
/// # Units
/// - `indoor`, `first`, `last`: any one unit of concentration; `exchange`: λ Δt, a pure number
///
/// # Valid for
/// One well-mixed room without sinks: gas that sticks to walls makes it less.
///
/// # Source
/// lees section 15.51 (the differential equation); its solution for a straight line.
pub fn after(indoor: f64, first: f64, last: f64, exchange: f64) -> f64 {
    let taken = -(-exchange).exp_m1();
    indoor * (-exchange).exp() + first * taken + (last - first) * lag(exchange)
}

/// Exchange below which the lag is taken from its series; the term left out is below 1e-17.
const SMALL: f64 = 1e-4;

/// 1 − (1 − e^−x)/x.
fn lag(exchange: f64) -> f64 {
    if exchange < SMALL {
        exchange * (0.5 - exchange * (1.0 / 6.0 - exchange / 24.0))
    } else {
        1.0 + (-exchange).exp_m1() / exchange
    }
}

/// Indoor concentrations at the times of an outdoor history, ppm.
///
/// Between the samples the indoor air follows a curve; take more samples, or
/// [`indoor_load`], where that matters.
///
/// # Errors
/// E4510 an air-change rate that cannot be.
///
/// # Example
/// ```
/// use sim_core::gas::hazard::{indoor::indoor_history, toxic_load::History};
/// // 100 ppm outside, half an air change per hour: after two hours 100 (1 − 1/e) inside.
/// let inside = indoor_history(&History::constant(100.0, 7200.0)?, 0.5)?;
/// assert!((inside.ppm[1] - 63.212).abs() < 1e-3);
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
pub fn indoor_history(outdoor: &History, air_changes_per_hour: f64) -> Result<History> {
    check(air_changes_per_hour)?;
    let rate = air_changes_per_hour / HOUR;
    let mut ppm = vec![0.0];
    let mut indoor = 0.0;
    for (span, first, last) in outdoor.pieces() {
        indoor = after(indoor, first, last, rate * span);
        ppm.push(indoor);
    }
    Ok(History { times: outdoor.times.clone(), ppm })
}

/// Exchange of one stretch of the integral of the indoor load: with the rule below its error is below 1e-10.
const STRETCH: f64 = 0.25;

/// Toxic load indoors over an outdoor history, ppm^n min, from clean air at its beginning.
///
/// The indoor curve is exact; its power is integrated by the Gauss rule of five
/// points over stretches of at most a quarter of an air change.
///
/// # Errors
/// E4510 an air-change rate that cannot be.
pub fn indoor_load(outdoor: &History, air_changes_per_hour: f64, exponent: f64) -> Result<f64> {
    check(air_changes_per_hour)?;
    let rate = air_changes_per_hour / HOUR;
    let (mut indoor, mut load) = (0.0, 0.0);
    for (span, first, last) in outdoor.pieces() {
        // A first stretch from clean air is short: the power of a small number has a steep beginning.
        let pieces = ((rate * span / STRETCH).ceil().max(1.0)) as usize * MORE;
        let step = span / pieces as f64;
        for piece in 0..pieces {
            let share = |part: f64| (piece as f64 + part) / pieces as f64;
            let outside = |part: f64| first + share(part) * (last - first);
            for (node, weight) in GAUSS {
                let value = after(indoor, outside(0.0), outside(node), rate * step * node);
                load += weight * step / MINUTE * value.max(0.0).powf(exponent);
            }
            indoor = after(indoor, outside(0.0), outside(1.0), rate * step);
        }
    }
    Ok(load)
}

/// Parts of a stretch: keeps the error of exponents below one, whose power is steep at zero, below 1e-4.
const MORE: usize = 4;

/// Nodes and weights of the Gauss rule of five points on 0 to 1 (Abramowitz and Stegun, table 25.4).
const GAUSS: [(f64, f64); 5] = [
    (0.046_910_077_030_668, 0.118_463_442_528_094_5),
    (0.230_765_344_947_158_5, 0.239_314_335_249_683_2),
    (0.5, 0.284_444_444_444_444_4),
    (0.769_234_655_052_841_5, 0.239_314_335_249_683_2),
    (0.953_089_922_969_332, 0.118_463_442_528_094_5),
];

/// When to open the windows: the first time at which the air outside is cleaner
/// than that inside, s, on the clock of the history; nothing if it never is.
///
/// Found between samples by taking both as straight lines there.
///
/// # Errors
/// E4510 an air-change rate that cannot be.
pub fn time_to_air(outdoor: &History, air_changes_per_hour: f64) -> Result<Option<f64>> {
    let inside = indoor_history(outdoor, air_changes_per_hour)?;
    let excess: Vec<f64> = outdoor.ppm.iter().zip(&inside.ppm).map(|(out, inside)| out - inside).collect();
    let falls = excess.windows(2).position(|pair| pair[0] > 0.0 && pair[1] <= 0.0);
    Ok(falls.map(|index| {
        let share = excess[index] / (excess[index] - excess[index + 1]);
        outdoor.times[index] + share * (outdoor.times[index + 1] - outdoor.times[index])
    }))
}

/// What the comparison says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The load indoors is clearly the smaller.
    Stay,
    /// The load on the way out is clearly the smaller.
    Leave,
    /// The loads differ by less than the models can tell.
    NoClearDifference,
}

/// Loads of staying and of leaving, and what follows from them.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// Load of somebody who stays inside up to the end of the history, ppm^n min.
    pub indoor_load: f64,
    /// Load of somebody who walks the way out, ppm^n min.
    pub leaving_load: f64,
    /// What follows.
    pub verdict: Verdict,
    /// Time at which to air the rooms, s, where there is one.
    pub time_to_air: Option<f64>,
    /// The rule and its numbers, one sentence.
    pub reason: String,
}

/// Ratio of the concentrations behind the loads from which one choice is called better.
///
/// A choice of ours: concentrations are known within a factor of two at best, so a
/// smaller difference is no ground for sending people into a cloud or keeping them in it.
pub const CLEAR_DIFFERENCE: f64 = 2.0;

/// Whether to stay inside or to leave: the rule, written out.
///
/// 1. The load indoors is that of a closed house with this air-change rate over
///    the whole history outside it.
/// 2. The load of leaving is that of the history of the way, as the caller gives it.
/// 3. Where one is smaller by more than $2^n$, the ratio of loads to which a factor of
///    two in the concentration leads, it is advised; else neither is.
///
/// Staying needs that somebody airs the rooms when [`Advice::time_to_air`] comes:
/// without that the house keeps the gas. Fire and explosion are not weighed here.
///
/// # Errors
/// E4510 an air-change rate that cannot be.
pub fn stay_or_leave(
    at_the_house: &History,
    on_the_way: &History,
    air_changes_per_hour: f64,
    exponent: f64,
) -> Result<Advice> {
    let indoor_load = indoor_load(at_the_house, air_changes_per_hour, exponent)?;
    let leaving_load = toxic_load(on_the_way, exponent);
    let clear = CLEAR_DIFFERENCE.powf(exponent);
    let verdict = if indoor_load * clear < leaving_load {
        Verdict::Stay
    } else if leaving_load * clear < indoor_load {
        Verdict::Leave
    } else {
        Verdict::NoClearDifference
    };
    let reason = format!(
        "toxic load {indoor_load:.3e} ppm^n min indoors at {air_changes_per_hour} air changes per hour up to the end of the history, {leaving_load:.3e} on the way out, n = {exponent}; one choice is called better from a ratio of {clear:.2}, a factor of {CLEAR_DIFFERENCE} in the concentration"
    );
    Ok(Advice {
        indoor_load,
        leaving_load,
        verdict,
        time_to_air: time_to_air(at_the_house, air_changes_per_hour)?,
        reason,
    })
}

/// The preset of a name.
///
/// # Errors
/// E4511 with the names there are.
pub fn preset(name: &str) -> Result<AirChange> {
    PRESETS.into_iter().find(|preset| preset.name == name).ok_or_else(|| {
        let names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
        Problem::error(4511, format!("\"{name}\" is no known kind of house"))
            .fix(format!("take one of {}, or give air changes per hour", names.join(", ")))
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cloud() -> History {
        History::new(vec![0.0, 300.0, 900.0, 1800.0, 36_000.0], vec![0.0, 200.0, 150.0, 0.0, 0.0])
            .expect("sound")
    }

    #[test]
    fn what_goes_in_is_what_was_outside_whatever_the_house() {
        // With n = 1 the load indoors tends to that outdoors: the house only delays it.
        let long = History::new(vec![0.0, 600.0, 1200.0, 4e6], vec![0.0, 100.0, 0.0, 0.0]).expect("sound");
        for rate in [0.25, 1.0, 5.0] {
            let ratio = indoor_load(&long, rate, 1.0).expect("sound") / toxic_load(&long, 1.0);
            assert!((ratio - 1.0).abs() < 1e-9, "{rate}: {ratio}");
        }
    }

    #[test]
    fn a_house_never_makes_a_load_worse_where_the_exponent_is_one_or_more() {
        for exponent in [1.0, 1.43, 2.0, 2.75] {
            let outside = toxic_load(&cloud(), exponent);
            let mut last = 0.0;
            for rate in [0.1, 0.25, 0.5, 1.0, 2.0, 10.0, 60.0] {
                let inside = indoor_load(&cloud(), rate, exponent).expect("sound");
                assert!(
                    inside <= outside * (1.0 + 1e-6) && inside >= last * (1.0 - 1e-9),
                    "n = {exponent}, {rate}"
                );
                last = inside;
            }
        }
    }

    #[test]
    fn the_exact_step_does_not_depend_on_how_it_is_cut() {
        for exchange in [1e-6, 1e-3, 0.5, 4.0] {
            let whole = after(20.0, 10.0, 90.0, exchange);
            let half = after(20.0, 10.0, 50.0, 0.5 * exchange);
            let cut = after(half, 50.0, 90.0, 0.5 * exchange);
            assert!((whole / cut - 1.0).abs() < 1e-13, "{exchange}");
        }
    }

    #[test]
    fn the_lag_is_continuous_where_its_series_ends() {
        let (below, above) = (lag(SMALL * (1.0 - 1e-6)), lag(SMALL * (1.0 + 1e-6)));
        assert!((above / below - 1.0 - 2e-6).abs() < 1e-7, "{below} {above}");
    }

    #[test]
    fn a_step_outside_is_met_within_its_air_changes() {
        // A block of 15 h at a quarter of an air change per hour: 1 − e^−3.75 (lees section 15.51).
        let block = History::constant(1000.0, 15.0 * HOUR).expect("sound");
        let inside = indoor_history(&block, 0.25).expect("sound");
        assert!((inside.ppm[1] / 1000.0 - (1.0 - (-3.75_f64).exp())).abs() < 1e-12);
    }

    #[test]
    fn the_integral_of_the_load_is_exact_for_a_closed_form() {
        // Constant outside, n = 2: ∫ (1 − e^−x)² dx = x − 2 (1 − e^−x) + (1 − e^−2x)/2.
        let block = History::constant(10.0, 2.0 * HOUR).expect("sound");
        let x = 2.0_f64;
        let expected = 100.0 * 60.0 * (x - 2.0 * (1.0 - (-x).exp()) + 0.5 * (1.0 - (-2.0 * x).exp()));
        let found = indoor_load(&block, 1.0, 2.0).expect("sound");
        assert!((found / expected - 1.0).abs() < 1e-10, "{found} {expected}");
    }

    #[test]
    fn the_rooms_are_aired_when_the_cloud_has_gone() {
        let time = time_to_air(&cloud(), 0.5).expect("sound").expect("it goes");
        assert!((900.0..1800.0).contains(&time), "{time}");
        let rising = History::new(vec![0.0, 600.0], vec![0.0, 50.0]).expect("sound");
        assert_eq!(time_to_air(&rising, 0.5).expect("sound"), None);
    }

    #[test]
    fn the_smaller_load_is_advised_only_where_the_difference_is_clear() {
        let short_way = History::constant(5.0, 120.0).expect("sound");
        let through_the_cloud = History::constant(300.0, 900.0).expect("sound");
        let verdict = |way: &History| stay_or_leave(&cloud(), way, 0.5, 2.0).expect("sound").verdict;
        assert_eq!(verdict(&short_way), Verdict::Leave);
        assert_eq!(verdict(&through_the_cloud), Verdict::Stay);
        let inside = indoor_load(&cloud(), 0.5, 2.0).expect("sound");
        let way = |factor: f64| History::constant(factor * (inside / 10.0).sqrt(), 600.0).expect("sound");
        for (factor, expected) in [
            (0.48, Verdict::Leave),
            (0.52, Verdict::NoClearDifference),
            (1.0, Verdict::NoClearDifference),
            (1.92, Verdict::NoClearDifference),
            (2.08, Verdict::Stay),
        ] {
            assert_eq!(verdict(&way(factor)), expected, "{factor}");
        }
    }

    #[test]
    fn a_rate_that_cannot_be_is_refused() {
        for rate in [0.0, -1.0, 100.0, f64::NAN] {
            assert_eq!(indoor_history(&cloud(), rate).expect_err("refused").0[0].code.0, 4510);
        }
        assert_eq!(preset("draughty").expect_err("unknown").0[0].code.0, 4511);
        assert_eq!(preset("average").expect("known").air_changes_per_hour, 0.5);
    }
}
