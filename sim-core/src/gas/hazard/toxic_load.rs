//! Toxic load: how much harm a changing concentration does.

use crate::error::{Problem, Result};
use crate::gas::hazard::bounds::none_of;
use crate::gas::substance::ExposureLevel;
use crate::units::MINUTE;

/// What somebody breathes, at rising times; between them the concentration is linear.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// Times, s, rising.
    pub times: Vec<f64>,
    /// Concentration at each time, ppm by volume.
    pub ppm: Vec<f64>,
}

impl History {
    /// A history whose times rise and whose concentrations can be.
    ///
    /// # Errors
    /// E4500 fewer than two samples, times that do not rise, a concentration that
    /// is negative, above pure gas or no number.
    pub fn new(times: Vec<f64>, ppm: Vec<f64>) -> Result<Self> {
        let mut problems = Vec::new();
        let mut complain = |text: String, spot: String| {
            let fix =
                "give one concentration for each time, times in seconds and rising, ppm from 0 to 1000000";
            problems.push(Problem::error(4500, text).at_spot(spot).fix(fix));
        };
        if times.len() != ppm.len() || times.len() < 2 {
            let text = format!(
                "{} times and {} concentrations; at least two of each, as many as the other, are needed",
                times.len(),
                ppm.len()
            );
            complain(text, "the whole history".into());
        }
        let rises = |pair: &[f64]| pair[0].is_finite() && pair[1].is_finite() && pair[0] < pair[1];
        for (index, pair) in times.windows(2).enumerate().filter(|(_, pair)| !rises(pair)) {
            complain(
                format!("time {} s is followed by {} s", pair[0], pair[1]),
                format!("sample {}", index + 1),
            );
        }
        for (index, value) in ppm.iter().enumerate().filter(|(_, value)| !(0.0..=PURE).contains(*value)) {
            complain(format!("concentration is {value} ppm"), format!("sample {index}"));
        }
        none_of(problems)?;
        Ok(Self { times, ppm })
    }

    /// A constant concentration for some time, s.
    pub fn constant(ppm: f64, duration: f64) -> Result<Self> {
        Self::new(vec![0.0, duration], vec![ppm, ppm])
    }

    /// Concentration at a time, ppm; that at the nearer end before and after the samples.
    pub fn at(&self, time: f64) -> f64 {
        let last = self.times.len() - 1;
        if time <= self.times[0] {
            return self.ppm[0];
        }
        if time >= self.times[last] {
            return self.ppm[last];
        }
        let next = self.times.partition_point(|&sample| sample <= time);
        let share = (time - self.times[next - 1]) / (self.times[next] - self.times[next - 1]);
        self.ppm[next - 1] + share * (self.ppm[next] - self.ppm[next - 1])
    }

    /// The pieces between samples: duration in s, concentration at both ends in ppm.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = (f64, f64, f64)> + '_ {
        let spans = self.times.windows(2).map(|pair| pair[1] - pair[0]);
        spans.zip(self.ppm.windows(2)).map(|(span, ends)| (span, ends[0], ends[1]))
    }
}

/// Pure gas, ppm.
const PURE: f64 = 1e6;

/// Toxic load of a history, ppm^n min.
///
/// $$ L = \int C^n \, dt $$
///
/// Exact for the history, which is linear between its samples: no step is too
/// long, and a peak between samples is lost only where the samples lose it.
///
/// # Units
/// - `history`: s and ppm; `exponent`: n, above 0
/// - returns: ppm^n min, the unit in which toxic loads are published
///
/// # Valid for
/// Exposures about as long as those on which the exponent rests, most often five
/// minutes to some hours. A load does not know that people recover.
///
/// # Source
/// ten Berge, Zwart and Appelman 1986 (cited by withers1985 and hse_dtl); the
/// integral of a power of a straight line.
///
/// # Example
/// ```
/// use sim_core::gas::hazard::toxic_load::{History, toxic_load};
/// // 100 ppm for ten minutes with n = 2: 100² · 10 = 1e5 ppm² min.
/// let steady = History::constant(100.0, 600.0)?;
/// assert!((toxic_load(&steady, 2.0) - 1e5).abs() < 1e-6);
/// // Rising from nothing to 100 ppm over the same time: a third of it.
/// let rising = History::new(vec![0.0, 600.0], vec![0.0, 100.0])?;
/// assert!((toxic_load(&rising, 2.0) - 1e5 / 3.0).abs() < 1e-6);
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
pub fn toxic_load(history: &History, exponent: f64) -> f64 {
    history.pieces().map(|(span, first, last)| span / MINUTE * mean_power(first, last, exponent)).sum()
}

/// Relative difference of the ends below which the mean power is taken from its series:
/// the term left out is then below 1e-16.
const ALMOST_EQUAL: f64 = 1e-3;

/// Mean of C^n along a straight line from `first` to `last`.
fn mean_power(first: f64, last: f64, exponent: f64) -> f64 {
    let mean = 0.5 * (first + last);
    if mean <= 0.0 {
        return 0.0;
    }
    let skew = (last - first) / (last + first);
    if skew.abs() < ALMOST_EQUAL {
        let (n, square) = (exponent, skew * skew);
        let second = n * (n - 1.0) / 6.0;
        let fourth = n * (n - 1.0) * (n - 2.0) * (n - 3.0) / 120.0;
        return mean.powf(n) * (1.0 + square * (second + square * fourth));
    }
    (last.powf(exponent + 1.0) - first.powf(exponent + 1.0)) / ((exponent + 1.0) * (last - first))
}

/// Halvings with which a time is found within one piece: 2^-50 of it.
const HALVINGS: usize = 50;

/// Time at which a load is reached, s, on the clock of the history; nothing if it never is.
pub fn time_of_load(history: &History, exponent: f64, load: f64) -> Option<f64> {
    let mut gathered = 0.0;
    for (index, (span, first, last)) in history.pieces().enumerate() {
        let within = |share: f64| {
            let end = first + share * (last - first);
            share * span / MINUTE * mean_power(first, end, exponent)
        };
        let whole = within(1.0);
        if gathered + whole >= load && whole > 0.0 {
            let (mut low, mut high) = (0.0, 1.0);
            for _ in 0..HALVINGS {
                let middle = 0.5 * (low + high);
                if gathered + within(middle) < load { low = middle } else { high = middle }
            }
            return Some(history.times[index] + high * span);
        }
        gathered += whole;
    }
    None
}

/// The steady concentration that gives a load within a time, ppm.
///
/// # Units
/// - `load`: ppm^n min; `duration`: s
///
/// # Example
/// ```
/// use sim_core::gas::hazard::toxic_load::steady_ppm;
/// // hse_dtl: for sulphur dioxide (n = 2, 4.66e6) it is 965 ppm for 5 min, 395 ppm for 30 min.
/// assert!((steady_ppm(4.66e6, 2.0, 300.0) - 965.0).abs() < 1.0);
/// assert!((steady_ppm(4.66e6, 2.0, 1800.0) - 395.0).abs() < 1.0);
/// ```
pub fn steady_ppm(load: f64, exponent: f64, duration: f64) -> f64 {
    (load / (duration / MINUTE)).powf(1.0 / exponent)
}

/// A published level at any duration between those it was published for, ppm.
///
/// Between two tabulated durations the level keeps its toxic load, with the
/// exponent that both rows share, so that the curve goes through every row:
///
/// $$ C = C_1 \left(\frac{t}{t_1}\right)^{-1/n}, \qquad n = \frac{\ln t_2/t_1}{\ln C_1/C_2} $$
///
/// Where two rows are equal, the level between them is that value. Beyond the
/// table the exponent is not known, and nothing is made up.
///
/// # Units
/// - `minutes`: duration of the exposure, min; returns ppm
///
/// # Errors
/// E4501 a duration outside the table, with the durations it has.
///
/// # Source
/// nrc2001 section 2.7 (C^n t = k between durations); the exponent from the rows themselves.
///
/// # Example
/// ```
/// use sim_core::gas::{hazard::toxic_load::level_at, substance};
/// let chlorine = substance::find("chlorine")?;
/// let aegl_3 = chlorine.levels.iter().find(|level| level.name == "AEGL-3").expect("in the table");
/// // 20 ppm for 60 min, 10 ppm for 240 min: n = 2, so 120 min bear 20/√2.
/// assert!((level_at(aegl_3, 120.0)? - 20.0 / 2.0_f64.sqrt()).abs() < 1e-9);
/// assert!(level_at(aegl_3, 5.0).is_err());
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
pub fn level_at(level: &ExposureLevel, minutes: f64) -> Result<f64> {
    let rows: Vec<(f64, f64)> =
        level.minutes.iter().map(|&minutes| f64::from(minutes)).zip(level.ppm.iter().copied()).collect();
    if let Some(row) = rows.iter().find(|row| row.0 == minutes) {
        return Ok(row.1);
    }
    let pair = rows.windows(2).find(|pair| pair[0].0 < minutes && minutes < pair[1].0);
    let Some(&[(start, first), (end, last)]) = pair.and_then(|pair| pair.first_chunk::<2>()) else {
        let known: Vec<String> = level.minutes.iter().map(u32::to_string).collect();
        let text = format!("{} is not published for {minutes} minutes", level.name);
        let fix = format!(
            "it is published for {} minutes; between them any duration can be asked for",
            known.join(", ")
        );
        return Err(Problem::error(4501, text)
            .why("beyond the table its change with time is not known")
            .fix(fix)
            .into());
    };
    Ok(first * (last / first).powf((minutes / start).ln() / (end / start).ln()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::substance::all;

    fn history(times: &[f64], ppm: &[f64]) -> History {
        History::new(times.to_vec(), ppm.to_vec()).expect("a sound history")
    }

    #[test]
    fn a_load_is_the_sum_of_the_loads_of_its_parts() {
        let whole = history(&[0.0, 60.0, 300.0, 900.0], &[0.0, 80.0, 20.0, 0.0]);
        let split =
            history(&[0.0, 60.0, 120.0, 300.0, 500.0, 900.0], &[0.0, 80.0, 65.0, 20.0, 40.0 / 3.0, 0.0]);
        for exponent in [0.653, 1.0, 1.43, 2.0, 2.75, 4.0, 8.0] {
            let (one, other) = (toxic_load(&whole, exponent), toxic_load(&split, exponent));
            assert!((one / other - 1.0).abs() < 1e-13, "n = {exponent}");
        }
    }

    #[test]
    fn with_exponent_one_it_is_the_area_below_the_history() {
        let line = history(&[0.0, 120.0, 600.0], &[10.0, 50.0, 0.0]);
        assert!((toxic_load(&line, 1.0) - (30.0 * 2.0 + 25.0 * 8.0)).abs() < 1e-12);
    }

    #[test]
    fn a_peak_weighs_more_than_its_mean_where_the_exponent_is_above_one() {
        let peak = history(&[0.0, 300.0, 600.0], &[0.0, 100.0, 0.0]);
        let mean = History::constant(50.0, 600.0).expect("sound");
        assert!(toxic_load(&peak, 2.0) > toxic_load(&mean, 2.0));
        assert!((toxic_load(&peak, 1.0) / toxic_load(&mean, 1.0) - 1.0).abs() < 1e-14);
        assert!(toxic_load(&peak, 0.5) < toxic_load(&mean, 0.5));
    }

    #[test]
    fn the_series_meets_the_closed_form_where_one_takes_over() {
        for exponent in [0.653, 1.43, 2.75, 8.0] {
            let last = 100.0 * (1.0 + ALMOST_EQUAL) / (1.0 - ALMOST_EQUAL);
            let (below, above) = (
                mean_power(100.0, last * (1.0 - 1e-9), exponent),
                mean_power(100.0, last * (1.0 + 1e-9), exponent),
            );
            assert!((below / above - 1.0).abs() < 1e-7, "n = {exponent}");
        }
    }

    #[test]
    fn the_time_of_a_load_is_when_it_has_been_breathed() {
        let line = history(&[0.0, 600.0, 1200.0], &[0.0, 100.0, 100.0]);
        for load in [1.0, 1e4, 3e4, 6e4] {
            let time = time_of_load(&line, 2.0, load).expect("reached");
            let until = history(
                &[0.0, time.min(600.0), time.max(600.0 + 1e-9)],
                &[0.0, line.at(time.min(600.0)), line.at(time)],
            );
            let gathered = if time < 600.0 {
                toxic_load(&history(&[0.0, time], &[0.0, line.at(time)]), 2.0)
            } else {
                toxic_load(&until, 2.0)
            };
            assert!((gathered / load - 1.0).abs() < 1e-6, "{load}: {gathered}");
        }
        assert_eq!(time_of_load(&line, 2.0, 1e9), None);
    }

    #[test]
    fn published_pairs_of_the_hse_are_met() {
        // hse_dtl: methyl isocyanate, n = 1, 750 ppm min: 150 ppm for 5 min, 25 ppm for 30 min.
        for (ppm, seconds) in [(150.0, 300.0), (25.0, 1800.0)] {
            let load = toxic_load(&History::constant(ppm, seconds).expect("sound"), 1.0);
            assert!((load - 750.0).abs() < 1e-9);
        }
    }

    #[test]
    fn a_level_between_two_durations_lies_between_them_and_goes_through_both() {
        for substance in all() {
            for level in &substance.levels {
                for (&minutes, &ppm) in level.minutes.iter().zip(&level.ppm) {
                    assert_eq!(level_at(level, f64::from(minutes)).expect("tabulated"), ppm);
                }
                for (minutes, ppm) in level.minutes.windows(2).zip(level.ppm.windows(2)) {
                    let between = level_at(level, f64::from(minutes[0] + minutes[1]) / 2.0).expect("inside");
                    assert!(between <= ppm[0] && between >= ppm[1], "{} {}", substance.id, level.name);
                }
            }
        }
    }

    #[test]
    fn a_duration_outside_the_table_is_an_error_with_those_it_has() {
        let level = &all().iter().find(|s| s.id == "chlorine").expect("in the table").levels[0];
        for minutes in [5.0, 481.0, f64::NAN] {
            let text = level_at(level, minutes).expect_err("outside").to_string();
            assert!(text.contains("E4501") && text.contains("480"), "{text}");
        }
    }

    #[test]
    fn a_history_that_cannot_be_is_refused_with_every_mistake() {
        let problems = History::new(vec![0.0, 60.0, 30.0], vec![1.0, -2.0, 2e6]).expect_err("three mistakes");
        assert_eq!(problems.0.len(), 3);
        assert!(problems.0.iter().all(|problem| problem.code.0 == 4500));
        assert!(History::new(vec![0.0], vec![1.0]).is_err());
        assert!(History::new(vec![0.0, f64::NAN], vec![1.0, 1.0]).is_err());
    }
}
