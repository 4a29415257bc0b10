//! Releases that are known beforehand: a mass within a time, a rate over time.

use crate::error::{Problem, Result};
use crate::gas::source::SourceKind;
use crate::gas::source::history::{History, Sample, State};
use crate::gas::source::term::{Fact, SourceTerm};
use crate::gas::substance::Substance;

/// A known mass that leaves within a known time.
pub struct KnownMassKind;

impl SourceKind for KnownMassKind {
    fn name(&self) -> &'static str {
        "known_mass"
    }

    fn meaning(&self) -> &'static str {
        "a mass that leaves evenly within a time; a short one drifts as a cloud of puffs"
    }
}

/// A known rate over time.
pub struct RateSeriesKind;

impl SourceKind for RateSeriesKind {
    fn name(&self) -> &'static str {
        "series"
    }

    fn meaning(&self) -> &'static str {
        "mass rates over time, from a table or from lists"
    }
}

/// The state of a gas of which only the rate is known: at rest, as warm as the air.
///
/// # Units
/// - `temperature`: of the air, K; `pressure`: of the air, Pa
pub fn at_rest(substance: &Substance, temperature: f64, pressure: f64) -> State {
    let density = substance.gas_density(temperature, pressure);
    State { temperature, vapour_share: 1.0, velocity: 0.0, density }
}

/// A mass that leaves at one rate within a time.
///
/// # Units
/// - `mass`: kg; `duration`: s
///
/// # Errors
/// E4040 for a mass, time or state that cannot be.
///
/// # Source
/// The mass balance.
///
/// # Example
/// ```
/// use sim_core::gas::{source::known_course, substance};
/// let state = known_course::at_rest(substance::find("chlorine")?, 288.15, 101_325.0);
/// // 900 kg within a minute: 15 kg/s.
/// let term = known_course::of_mass(900.0, 60.0, state)?;
/// assert_eq!((term.history.rate_at(30.0), term.history.total()), (15.0, 900.0));
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
pub fn of_mass(mass: f64, duration: f64, state: State) -> Result<SourceTerm> {
    let history = History::steady(mass / duration, duration, state)?;
    Ok(term(history, format!("{mass} kg within {duration} s, as given")))
}

/// A rate that runs along straight lines between points.
///
/// # Units
/// - `points`: time, s, and mass rate, kg/s; two points of one time make a jump
///
/// # Errors
/// E4040 for each point that cannot be; E4601 if nothing comes out.
pub fn of_rates(points: &[(f64, f64)], state: State) -> Result<SourceTerm> {
    let samples = points.iter().map(|&(time, rate)| Sample { time, rate, state }).collect();
    let history = History::from_samples(samples)?;
    if history.total() <= 0.0 {
        return Err(Problem::error(4601, "every rate of the series is zero")
            .fix("give the rates of the release; a leak that is over needs no run")
            .into());
    }
    let found = format!("{} rates over {} s, as given", points.len(), history.end() - history.start());
    Ok(term(history, found))
}

fn term(history: History, found: String) -> SourceTerm {
    let facts = vec![
        Fact::number("mass released", history.total(), "kg", "as given"),
        Fact::number("largest rate", history.peak().rate, "kg/s", "as given"),
    ];
    SourceTerm { history, found, facts, warnings: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: State = State { temperature: 288.15, vapour_share: 1.0, velocity: 0.0, density: 3.0 };

    #[test]
    fn a_mass_is_the_same_however_fast_it_leaves() {
        for duration in [1.0, 60.0, 3600.0] {
            let term = of_mass(900.0, duration, STATE).expect("a release");
            assert!((term.history.total() - 900.0).abs() < 1e-9);
        }
        assert_eq!(of_mass(-1.0, 60.0, STATE).expect_err("no mass").0[0].code.0, 4040);
    }

    #[test]
    fn rates_keep_their_jumps_and_a_series_of_nothing_is_refused() {
        let term = of_rates(&[(0.0, 2.0), (60.0, 2.0), (60.0, 1.0), (120.0, 1.0)], STATE).expect("a release");
        assert_eq!((term.history.total(), term.fact("largest rate")), (180.0, Some(2.0)));
        assert_eq!(of_rates(&[(0.0, 0.0), (60.0, 0.0)], STATE).expect_err("nothing").0[0].code.0, 4601);
        assert_eq!(of_rates(&[(0.0, 1.0), (-5.0, 1.0)], STATE).expect_err("falls").0[0].code.0, 4040);
    }
}
