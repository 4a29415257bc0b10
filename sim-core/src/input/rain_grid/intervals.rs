//! The intervals to which the values of a rain grid belong.

use crate::error::Problem;
use crate::input::series::{GAP_FACTOR, SampleMeaning};

/// Edges of the intervals: value `i` belongs to the time from edge `i` to edge `i + 1`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Intervals {
    /// s, strictly rising; one more than there are values.
    pub(super) edges: Vec<f64>,
    /// True where the length of the last interval is not in the file.
    pub(super) assumes_last: bool,
}

/// Why times give no intervals.
pub(super) fn mistake(times: &[f64]) -> Option<Problem> {
    if times.len() < 2 {
        let text = format!("the grid has {} times; the length of an interval needs two", times.len());
        return Some(Problem::error(3346, text).fix("add the next time, with zeros if it is dry"));
    }
    let wrong = times.windows(2).position(|pair| pair[0] >= pair[1] || !pair[1].is_finite())?;
    let (before, after) = (times[wrong], times[wrong + 1]);
    let text = if before == after {
        format!("times {} and {} are the same", wrong + 1, wrong + 2)
    } else {
        format!("time {} is not later than the one before it", wrong + 2)
    };
    Some(
        Problem::error(3346, text)
            .at_spot(format!("{before} s and {after} s on the clock of the file"))
            .why("rain is read in the order of time")
            .fix("sort the times and keep each once"),
    )
}

impl Intervals {
    /// Intervals of times that [`mistake`] has passed; `None` for values at instants.
    ///
    /// `has_stamps` is false for times that count from the start of the run: the first
    /// interval then begins at zero at the earliest.
    pub(super) fn new(times: &[f64], meaning: SampleMeaning, has_stamps: bool) -> Option<Self> {
        let (first, last) = (*times.first()?, *times.last()?);
        let mut edges = times.to_vec();
        match meaning {
            SampleMeaning::IntervalStart => {
                edges.push(last + (last - times[times.len() - 2]));
                Some(Self { edges, assumes_last: true })
            }
            SampleMeaning::IntervalEnd => {
                let begin = first - (times[1] - first);
                let begin = if !has_stamps && first > 0.0 { begin.max(0.0) } else { begin };
                edges.insert(0, begin);
                Some(Self { edges, assumes_last: false })
            }
            SampleMeaning::Instant => None,
        }
    }

    /// W3033 for the first interval that is much longer than usual.
    pub(super) fn gap(&self) -> Option<Problem> {
        let lengths: Vec<f64> = self.edges.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let mut sorted = lengths.clone();
        sorted.sort_by(f64::total_cmp);
        let usual = sorted[sorted.len() / 2];
        let long = lengths.iter().position(|&length| length > GAP_FACTOR * usual)?;
        let text =
            format!("{:.0} s without a grid, more than {GAP_FACTOR} times the usual distance", lengths[long]);
        Some(
            Problem::warning(3033, text)
                .at_spot(format!("interval {} of {}", long + 1, lengths.len()))
                .why("one value stands for all of that time")
                .fix("check that no times are missing"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_belongs_to_the_interval_before_or_after_its_time() {
        let times = [3600.0, 7200.0, 9000.0];
        let starts = Intervals::new(&times, SampleMeaning::IntervalStart, true).expect("intervals");
        assert_eq!(starts.edges, [3600.0, 7200.0, 9000.0, 10_800.0]);
        let ends = Intervals::new(&times, SampleMeaning::IntervalEnd, true).expect("intervals");
        assert_eq!(ends.edges, [0.0, 3600.0, 7200.0, 9000.0]);
        assert_eq!(Intervals::new(&times, SampleMeaning::Instant, true), None);
        let early = Intervals::new(&[600.0, 7200.0], SampleMeaning::IntervalEnd, false).expect("intervals");
        assert_eq!(early.edges[0], 0.0, "nothing is known before the run");
    }

    #[test]
    fn times_that_do_not_rise_are_a_mistake() {
        assert!(mistake(&[0.0, 1.0, 2.0]).is_none());
        for times in [&[0.0][..], &[], &[0.0, 0.0], &[1.0, 0.0], &[0.0, f64::NAN]] {
            assert!(mistake(times).is_some(), "{times:?}");
        }
    }

    #[test]
    fn three_lost_grids_are_a_gap() {
        let of = |times: &[f64]| {
            Intervals::new(times, SampleMeaning::IntervalStart, true).expect("intervals").gap()
        };
        assert!(of(&[0.0, 1.0, 2.0, 5.0, 6.0]).is_none());
        assert!(of(&[0.0, 1.0, 2.0, 6.0, 7.0]).is_some());
    }
}
