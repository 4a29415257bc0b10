//! A release over time: how much comes out at each moment, and in what state.

use crate::error::{Problem, Problems, Result};

/// What comes out at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Time since the start of the release, s.
    pub time: f64,
    /// Mass rate, kg/s.
    pub rate: f64,
    /// State of what comes out.
    pub state: State,
}

/// State of what comes out, once it has reached the pressure of the air.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State {
    /// Temperature at which it comes to rest, K.
    pub temperature: f64,
    /// Share of the mass that is vapour, 0 to 1.
    pub vapour_share: f64,
    /// Speed, m/s; 0 where it rises from a pool or is not known.
    pub velocity: f64,
    /// Density at rest, kg/m³, of vapour and drops together.
    pub density: f64,
}

impl State {
    fn between(&self, other: &Self, share: f64) -> Self {
        let mix = |a: f64, b: f64| a + share * (b - a);
        Self {
            temperature: mix(self.temperature, other.temperature),
            vapour_share: mix(self.vapour_share, other.vapour_share),
            velocity: mix(self.velocity, other.velocity),
            density: mix(self.density, other.density),
        }
    }
}

/// A release over time: straight lines between samples, nothing before the
/// first and nothing after the last.
///
/// A jump is two samples of the same time; at the jump the later one counts.
///
/// # Example
/// ```
/// use sim_core::gas::source::history::{History, State};
/// let state = State { temperature: 288.15, vapour_share: 1.0, velocity: 0.0, density: 0.68 };
/// // 2 kg/s for ten minutes: 1200 kg, of which 120 kg within the first minute.
/// let history = History::steady(2.0, 600.0, state)?;
/// assert_eq!(history.total(), 1200.0);
/// assert_eq!(history.mass_between(0.0, 60.0), 120.0);
/// assert!(history.is_steady() && history.rate_at(700.0) == 0.0);
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    samples: Vec<Sample>,
}

/// Most samples a user may give.
const MOST_SAMPLES: usize = 100_000;

/// Largest mass rate of a sample, kg/s (an instantaneous release of the largest tanks within a second).
const LARGEST_RATE: f64 = 1e8;

impl History {
    /// A history from samples.
    ///
    /// # Errors
    /// E4040 for each sample that cannot be: times that fall, more than two
    /// samples of one time, negative or infinite numbers; or too few samples.
    pub fn from_samples(samples: Vec<Sample>) -> Result<Self> {
        let history = Self { samples };
        history.check()?;
        Ok(history)
    }

    /// One rate for a duration.
    ///
    /// # Units
    /// - `rate`: kg/s; `duration`: s
    ///
    /// # Errors
    /// E4040 for a rate, duration or state that cannot be.
    pub fn steady(rate: f64, duration: f64, state: State) -> Result<Self> {
        let sample = |time| Sample { time, rate, state };
        Self::from_samples(vec![sample(0.0), sample(duration)])
    }

    /// The samples, in the order of time.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// Time of the first sample, s.
    pub fn start(&self) -> f64 {
        self.samples[0].time
    }

    /// Time of the last sample, s.
    pub fn end(&self) -> f64 {
        self.samples[self.samples.len() - 1].time
    }

    /// Mass rate at a time, kg/s.
    pub fn rate_at(&self, time: f64) -> f64 {
        self.at(time).map_or(0.0, |(rate, _)| rate)
    }

    /// State at a time; none while nothing comes out.
    pub fn state_at(&self, time: f64) -> Option<State> {
        self.at(time).map(|(_, state)| state)
    }

    fn at(&self, time: f64) -> Option<(f64, State)> {
        if !(self.start()..=self.end()).contains(&time) {
            return None;
        }
        let after = self.samples.partition_point(|sample| sample.time <= time);
        let left = &self.samples[after - 1];
        let Some(right) = self.samples.get(after) else { return Some((left.rate, left.state)) };
        let share = (time - left.time) / (right.time - left.time);
        Some((left.rate + share * (right.rate - left.rate), left.state.between(&right.state, share)))
    }

    /// Mass released from one time to another, kg: the exact integral of the straight lines.
    pub fn mass_between(&self, from: f64, to: f64) -> f64 {
        let piece = |pair: &[Sample]| {
            let (left, right) = (&pair[0], &pair[1]);
            let (start, end) = (left.time.max(from), right.time.min(to));
            if end <= start {
                return 0.0;
            }
            let slope = (right.rate - left.rate) / (right.time - left.time);
            let middle = 0.5 * (start + end);
            (end - start) * (left.rate + slope * (middle - left.time))
        };
        self.samples.windows(2).map(piece).sum()
    }

    /// Mass released in all, kg.
    pub fn total(&self) -> f64 {
        self.mass_between(self.start(), self.end())
    }

    /// The sample of the highest rate, the earliest if there are several.
    pub fn peak(&self) -> Sample {
        let higher = |best: Sample, next: &Sample| if next.rate > best.rate { *next } else { best };
        self.samples.iter().fold(self.samples[0], higher)
    }

    /// Mean rate from the start of the release until a time, kg/s.
    ///
    /// # Units
    /// - `time`: s after the first sample's time base; at or before the start it is the first rate
    pub fn mean_rate_until(&self, time: f64) -> f64 {
        if time <= self.start() {
            return self.samples[0].rate;
        }
        self.mass_between(self.start(), time) / (time - self.start())
    }

    /// True if rate and state never change.
    pub fn is_steady(&self) -> bool {
        let first = &self.samples[0];
        self.samples.iter().all(|sample| sample.rate == first.rate && sample.state == first.state)
    }

    /// The same release with every rate multiplied, e.g. by the share that does not rain out.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Self {
        self.samples.iter_mut().for_each(|sample| sample.rate *= factor);
        self
    }

    /// The part until a time; unchanged if it ends earlier.
    #[must_use]
    pub fn until(self, time: f64) -> Self {
        let Some((rate, state)) = self.at(time) else { return self };
        let mut samples: Vec<Sample> = self.samples.into_iter().filter(|sample| sample.time < time).collect();
        samples.push(Sample { time, rate, state });
        Self { samples }
    }

    /// Both releases at once: rates add up, states mix by mass.
    ///
    /// Between the samples of both the mixed state runs along straight lines, as
    /// everything does here; mass is exact.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut times: Vec<f64> =
            self.samples.iter().chain(&other.samples).map(|sample| sample.time).collect();
        times.sort_by(f64::total_cmp);
        times.dedup();
        let last = times.len() - 1;
        let mut samples = Vec::with_capacity(2 * times.len());
        for (i, &time) in times.iter().enumerate() {
            let before = mixed(self.before(time), other.before(time));
            let after = mixed(self.after(time), other.after(time));
            let sample = |(rate, state): (f64, State)| Sample { time, rate, state };
            match (before, after) {
                (Some(before), Some(after)) if before == after => samples.push(sample(after)),
                (Some(before), Some(after)) => samples.extend([sample(before), sample(after)]),
                // Nothing comes out between the end of one and the beginning of the other.
                (Some(before), None) if i < last => samples.extend([sample(before), sample((0.0, before.1))]),
                (None, Some(after)) if i > 0 => samples.extend([sample((0.0, after.1)), sample(after)]),
                (Some(only), None) | (None, Some(only)) => samples.push(sample(only)),
                (None, None) => {}
            }
        }
        Self { samples }
    }

    /// Rate and state just before a time; none where nothing came out before it.
    fn before(&self, time: f64) -> Option<(f64, State)> {
        let reached = self.samples.partition_point(|sample| sample.time < time);
        let (left, right) = (self.samples.get(reached.checked_sub(1)?)?, self.samples.get(reached)?);
        let share = (time - left.time) / (right.time - left.time);
        Some((left.rate + share * (right.rate - left.rate), left.state.between(&right.state, share)))
    }

    /// Rate and state just after a time; none where nothing comes out after it.
    fn after(&self, time: f64) -> Option<(f64, State)> {
        if time < self.end() { self.at(time) } else { None }
    }

    /// # Errors
    /// E4040 for each quantity of the samples that cannot be.
    pub fn check(&self) -> Result<()> {
        let mut problems = self.sample_problems();
        let count = self.samples.len();
        if !(2..=MOST_SAMPLES).contains(&count) {
            let text = format!("a release over time has {count} samples; allowed are 2 to {MOST_SAMPLES}");
            problems.push(Problem::error(4040, text).fix("give at least its start and its end"));
        }
        problems.extend(self.order_problems());
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }

    /// What is wrong with samples: each quantity once, at its first, with how many more there are.
    fn sample_problems(&self) -> Vec<Problem> {
        let all: Vec<(&str, Problem)> = self.samples.iter().enumerate().flat_map(sample_problems).collect();
        let mut told: Vec<(&str, Problem)> = Vec::new();
        for (name, problem) in &all {
            if told.iter().all(|known| known.0 != *name) {
                let more = all.iter().filter(|other| other.0 == *name).count() - 1;
                let text = if more == 0 {
                    problem.text.clone()
                } else {
                    format!("{}; so in {more} more samples", problem.text)
                };
                told.push((name, Problem { text, ..problem.clone() }));
            }
        }
        told.into_iter().map(|(_, problem)| problem).collect()
    }

    fn order_problems(&self) -> Vec<Problem> {
        let samples = &self.samples;
        let falls = |i: usize| samples[i].time < samples[i - 1].time;
        let thrice = |i: usize| i > 1 && samples[i].time == samples[i - 2].time;
        let mut problems: Vec<Problem> = (1..samples.len())
            .filter(|&i| falls(i) || thrice(i))
            .map(|i| {
                let text = format!("time {} s follows {} s", samples[i].time, samples[i - 1].time);
                Problem::error(4040, text)
                    .at_spot(format!("sample {}", i + 1))
                    .fix("sort the samples by time; two samples of one time make a jump, three cannot be")
            })
            .collect();
        if let [first, .., last] = samples.as_slice()
            && first.time == last.time
        {
            let text = "the release lasts no time";
            problems.push(Problem::error(4040, text).fix("give an end after the start"));
        }
        problems
    }
}

/// Two flows as one: temperature, vapour and speed by mass, volumes add up.
fn mixed(first: Option<(f64, State)>, second: Option<(f64, State)>) -> Option<(f64, State)> {
    let (Some((a, of_a)), Some((b, of_b))) = (first, second) else { return first.or(second) };
    let rate = a + b;
    if rate <= 0.0 {
        return Some((0.0, of_a));
    }
    let share = b / rate;
    let volume = (1.0 - share) / of_a.density + share / of_b.density;
    Some((rate, State { density: 1.0 / volume, ..of_a.between(&of_b, share) }))
}

fn sample_problems((index, sample): (usize, &Sample)) -> Vec<(&'static str, Problem)> {
    let state = &sample.state;
    let rows = [
        ("time", sample.time, 0.0, 1e9, "s"),
        ("mass rate", sample.rate, 0.0, LARGEST_RATE, "kg/s"),
        ("temperature", state.temperature, 1.0, 3000.0, "K"),
        ("vapour share", state.vapour_share, 0.0, 1.0, ""),
        ("speed", state.velocity, 0.0, 10_000.0, "m/s"),
        ("density", state.density, 1e-3, 30_000.0, "kg/m³"),
    ];
    rows.iter()
        .filter(|row| !(row.2..=row.3).contains(&row.1))
        .map(|&(name, value, low, high, unit)| {
            let text = format!("{name} is {value} {unit}; allowed is {low} to {high} {unit}");
            let problem = Problem::error(4040, text)
                .at_spot(format!("sample {}", index + 1))
                .fix("check the unit and the column");
            (name, problem)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: State = State { temperature: 288.15, vapour_share: 1.0, velocity: 10.0, density: 0.7 };

    fn history(points: &[(f64, f64)]) -> History {
        let samples = points.iter().map(|&(time, rate)| Sample { time, rate, state: STATE }).collect();
        History::from_samples(samples).expect("sound samples")
    }

    #[test]
    fn the_same_mistake_in_many_samples_is_told_once() {
        let sample = |i: u32| Sample { time: f64::from(i), rate: -1.0, state: STATE };
        let problems = History::from_samples((0..500).map(sample).collect()).expect_err("no rate");
        assert_eq!(problems.0.len(), 1, "{problems}");
        assert!(problems.0[0].text.ends_with("so in 499 more samples"), "{problems}");
    }

    #[test]
    fn the_parts_of_a_release_add_up_to_the_whole() {
        let release = history(&[(0.0, 0.0), (3.0, 7.0), (3.0, 4.0), (11.0, 1.0), (40.0, 0.0)]);
        let cuts = [-5.0, 0.0, 1.7, 3.0, 3.1, 10.9, 11.0, 25.0, 40.0, 99.0];
        let sum: f64 = cuts.windows(2).map(|pair| release.mass_between(pair[0], pair[1])).sum();
        assert!((sum - release.total()).abs() < 1e-12);
        // 3 s · 3.5 + 8 s · 2.5 + 29 s · 0.5 kg/s.
        assert!((release.total() - 45.0).abs() < 1e-12);
    }

    #[test]
    fn the_mass_is_the_integral_of_the_rate() {
        let release = history(&[(0.0, 5.0), (2.0, 3.0), (9.0, 8.0)]);
        let steps = 90_000;
        let width = 9.0 / f64::from(steps);
        let sum: f64 = (0..steps).map(|i| release.rate_at((f64::from(i) + 0.5) * width) * width).sum();
        assert!((sum / release.total() - 1.0).abs() < 1e-8);
    }

    #[test]
    fn nothing_comes_out_before_the_start_and_after_the_end() {
        let release = history(&[(2.0, 5.0), (4.0, 5.0)]);
        assert_eq!((release.rate_at(1.9), release.rate_at(4.1)), (0.0, 0.0));
        assert_eq!((release.rate_at(2.0), release.rate_at(4.0)), (5.0, 5.0));
        assert!(release.state_at(5.0).is_none());
        assert_eq!(release.mean_rate_until(12.0), 1.0);
    }

    #[test]
    fn at_a_jump_the_later_sample_counts() {
        let release = history(&[(0.0, 5.0), (2.0, 5.0), (2.0, 1.0), (4.0, 1.0)]);
        assert_eq!(release.rate_at(2.0), 1.0);
        assert_eq!(release.peak().rate, 5.0);
        assert!(!release.is_steady());
        assert_eq!(release.until(3.0).total(), 11.0);
    }

    #[test]
    fn two_releases_at_once_carry_the_mass_of_both_at_every_moment() {
        let first = history(&[(0.0, 5.0), (2.0, 5.0), (2.0, 1.0), (4.0, 1.0)]);
        for other in [
            history(&[(1.0, 0.0), (3.0, 6.0), (9.0, 0.0)]),
            history(&[(4.0, 2.0), (8.0, 2.0)]),
            history(&[(6.0, 2.0), (8.0, 2.0)]),
            history(&[(0.0, 2.0), (4.0, 3.0)]),
        ] {
            for both in [first.and(&other), other.and(&first)] {
                both.check().expect("a sound release");
                for step in 0..40 {
                    let (from, to) = (0.25 * f64::from(step), 0.25 * f64::from(step + 1));
                    let apart = first.mass_between(from, to) + other.mass_between(from, to);
                    assert!((both.mass_between(from, to) - apart).abs() < 1e-12, "{from} {both:?}");
                }
            }
        }
    }

    #[test]
    fn cold_drops_and_warm_vapour_mix_by_mass_and_volume() {
        let cold = State { temperature: 240.0, vapour_share: 0.2, velocity: 50.0, density: 12.0 };
        let both =
            History::steady(3.0, 10.0, cold).expect("a release").and(&history(&[(0.0, 1.0), (10.0, 1.0)]));
        let state = both.state_at(5.0).expect("it flows");
        assert!((state.temperature - (0.75 * 240.0 + 0.25 * 288.15)).abs() < 1e-12);
        assert!((1.0 / state.density - (0.75 / 12.0 + 0.25 / 0.7)).abs() < 1e-12);
    }

    #[test]
    fn samples_that_cannot_be_are_refused_all_at_once() {
        let sample = |time, rate| Sample { time, rate, state: STATE };
        let wrong = vec![sample(0.0, -1.0), sample(5.0, 1.0), sample(4.0, f64::NAN)];
        let problems = History::from_samples(wrong).expect_err("three mistakes");
        // Two rates that cannot be are told as one, with how many more there are; and the order.
        assert_eq!(problems.0.len(), 2);
        assert!(problems.0[0].text.contains("so in 1 more"), "{}", problems.0[0].text);
        assert!(problems.0.iter().all(|problem| problem.code.0 == 4040));
        assert!(History::from_samples(vec![sample(0.0, 1.0)]).is_err());
        assert!(History::from_samples(vec![sample(0.0, 1.0); 3]).is_err());
        assert!(History::steady(1.0, 0.0, STATE).is_err());
    }
}
