//! A place of the run beside what was read there.

use crate::flood::comparison::goodness::{Pair, bias, nash_sutcliffe, root_mean_square_error};
use crate::series::{GaugeQuantity, Readings};

/// What a run has recorded of a place.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceRecord {
    /// Name of the place.
    pub name: String,
    /// Ground level of its cell, m.
    pub ground: f64,
    /// Largest depth of all steps, m, and the time of it, s.
    pub peak: (f64, f64),
    /// Time, s, depth, m, and speed, m/s, from the start to the end of the run.
    pub series: Vec<[f64; 3]>,
}

impl PlaceRecord {
    /// Depth at a time on straight lines between the samples; none outside of them.
    fn depth_at(&self, time: f64) -> Option<f64> {
        let after = self.series.partition_point(|sample| sample[0] < time);
        let next = self.series.get(after)?;
        if next[0] == time {
            return Some(next[1]);
        }
        let before = self.series[after.checked_sub(1)?];
        let share = (time - before[0]) / (next[0] - before[0]);
        Some(before[1] + share * (next[1] - before[1]))
    }

    /// What is added to a depth to get the quantity.
    fn datum(&self, quantity: GaugeQuantity) -> f64 {
        match quantity {
            GaugeQuantity::Depth => 0.0,
            GaugeQuantity::Level => self.ground,
        }
    }

    /// Longest time between two samples, s.
    pub fn interval(&self) -> f64 {
        self.series.windows(2).map(|pair| pair[1][0] - pair[0][0]).fold(0.0, f64::max)
    }

    /// The series of a quantity, time, s, and value, m.
    pub fn values(&self, quantity: GaugeQuantity) -> Vec<(f64, f64)> {
        let datum = self.datum(quantity);
        self.series.iter().map(|sample| (sample[0], datum + sample[1])).collect()
    }
}

/// How a place of the run and a gauge agree.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// Name of the place.
    pub place: String,
    /// What was read.
    pub quantity: GaugeQuantity,
    /// Readings inside the run with the model at their times.
    pub pairs: Vec<Pair>,
    /// Readings before the start or after the end.
    pub outside: usize,
    /// Lines of the file without a value.
    pub gaps: usize,
    /// Readings of a level below the ground of the cell.
    pub below_ground: usize,
    /// The measures; none where there is no pair.
    pub fit: Option<Fit>,
}

/// Measures of a fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Largest reading, m, and the first time of it, s.
    pub observed_peak: (f64, f64),
    /// Largest value of the model between the first and the last reading, m, and the time of it, s.
    pub modelled_peak: (f64, f64),
    /// Nash-Sutcliffe efficiency; none where the readings do not vary.
    pub nash_sutcliffe: Option<f64>,
    /// Root mean square error, m.
    pub root_mean_square_error: f64,
    /// Mean of modelled minus observed, m.
    pub bias: f64,
}

/// Holds a place of a run against the readings of its gauge.
///
/// The model is taken at the times of the readings, on straight lines between its
/// samples; nothing is extrapolated. Its peak is that of all time steps where it falls
/// between the first and the last reading, and of the samples otherwise.
pub fn agreement(readings: &Readings, record: &PlaceRecord) -> Agreement {
    let datum = record.datum(readings.quantity);
    let mut pairs = Vec::new();
    for &(time, observed) in &readings.samples {
        let depth = record.depth_at(time);
        pairs.extend(depth.map(|depth| Pair { time, observed, modelled: datum + depth }));
    }
    let below_ground = match readings.quantity {
        GaugeQuantity::Depth => 0,
        GaugeQuantity::Level => pairs.iter().filter(|pair| pair.observed < record.ground).count(),
    };
    Agreement {
        place: readings.place.clone(),
        quantity: readings.quantity,
        outside: readings.samples.len() - pairs.len(),
        gaps: readings.gaps,
        below_ground,
        fit: fit(&pairs, record, datum),
        pairs,
    }
}

fn fit(pairs: &[Pair], record: &PlaceRecord, datum: f64) -> Option<Fit> {
    let span = pairs.first()?.time..=pairs.last()?.time;
    let observed = pairs.iter().map(|pair| (pair.observed, pair.time));
    let at_pairs = pairs.iter().map(|pair| (pair.modelled, pair.time));
    let at_samples = record.series.iter().map(|sample| (datum + sample[1], sample[0]));
    let all_steps = (datum + record.peak.0, record.peak.1);
    let modelled = at_pairs.chain(at_samples).chain([all_steps]).filter(|value| span.contains(&value.1));
    Some(Fit {
        observed_peak: peak(observed)?,
        modelled_peak: peak(modelled)?,
        nash_sutcliffe: nash_sutcliffe(pairs),
        root_mean_square_error: root_mean_square_error(pairs),
        bias: bias(pairs),
    })
}

/// The largest value and the earliest time of it.
fn peak(values: impl Iterator<Item = (f64, f64)>) -> Option<(f64, f64)> {
    values.reduce(|best, value| {
        let is_better = value.0 > best.0 || value.0 == best.0 && value.1 < best.1;
        if is_better { value } else { best }
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Ground at 10 m; depth 0, 1, 3, 2 m at 0, 60, 120, 180 s; deepest 3.2 m at 130 s.
    pub(crate) fn record() -> PlaceRecord {
        PlaceRecord {
            name: "mill".into(),
            ground: 10.0,
            peak: (3.2, 130.0),
            series: vec![[0.0, 0.0, 0.0], [60.0, 1.0, 0.0], [120.0, 3.0, 0.0], [180.0, 2.0, 0.0]],
        }
    }

    pub(crate) fn readings(quantity: GaugeQuantity, samples: &[(f64, f64)]) -> Readings {
        Readings { place: "mill".into(), quantity, samples: samples.to_vec(), gaps: 2 }
    }

    #[test]
    fn a_model_against_itself_is_perfect_and_has_the_same_peak() {
        for quantity in [GaugeQuantity::Depth, GaugeQuantity::Level] {
            let record = PlaceRecord { peak: (3.0, 120.0), ..record() };
            let agreement = agreement(&readings(quantity, &record.values(quantity)), &record);
            let fit = agreement.fit.expect("there are pairs");
            assert_eq!(agreement.pairs.len(), 4);
            assert_eq!((fit.nash_sutcliffe, fit.root_mean_square_error, fit.bias), (Some(1.0), 0.0, 0.0));
            assert_eq!(fit.observed_peak, fit.modelled_peak);
        }
    }

    #[test]
    fn measures_are_those_reckoned_by_hand() {
        // Model at 30, 90, 150 s: 10.5, 12.0, 12.5 m; errors +0.5, 0, -0.5.
        // Observed mean 11.6667, squares about it 2.7778 + 0.1111 + 1.7778 = 4.6667.
        let samples = [(-5.0, 10.0), (30.0, 10.0), (90.0, 12.0), (150.0, 13.0), (181.0, 12.0)];
        let agreement = agreement(&readings(GaugeQuantity::Level, &samples), &record());
        assert_eq!((agreement.pairs.len(), agreement.outside, agreement.gaps), (3, 2, 2));
        let fit = agreement.fit.expect("there are pairs");
        assert!((fit.nash_sutcliffe.expect("it varies") - (1.0 - 0.5 / (14.0 / 3.0))).abs() < 1e-12);
        assert!((fit.root_mean_square_error - (0.5_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert!(fit.bias.abs() < 1e-12);
        assert_eq!((fit.observed_peak, fit.modelled_peak), ((13.0, 150.0), (13.2, 130.0)));
    }

    #[test]
    fn the_peak_of_the_model_is_sought_where_the_gauge_was_read() {
        let agreement = agreement(&readings(GaugeQuantity::Depth, &[(10.0, 0.1), (70.0, 1.1)]), &record());
        let peak = agreement.fit.expect("there are pairs").modelled_peak;
        assert!((peak.0 - (1.0 + 2.0 / 6.0)).abs() < 1e-12 && peak.1 == 70.0, "{peak:?}");
    }

    #[test]
    fn readings_below_the_ground_and_outside_the_run_are_counted() {
        let level = agreement(&readings(GaugeQuantity::Level, &[(0.0, 9.0), (60.0, 11.0)]), &record());
        assert_eq!(level.below_ground, 1);
        let late = agreement(&readings(GaugeQuantity::Depth, &[(500.0, 9.0)]), &record());
        assert_eq!((late.fit, late.outside), (None, 1));
    }
}
