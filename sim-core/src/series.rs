//! Quantities that vary in time: hyetographs, hydrographs, losses.

/// What happens between two samples of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// The value of a sample holds until the next one: intensities per interval.
    Step,
    /// A straight line from sample to sample: discharges, stages.
    Line,
}

/// Samples of one quantity at rising times; after the last sample its value
/// holds, before the first one the quantity is zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    times: Vec<f64>,
    values: Vec<f64>,
    between: Between,
}

impl Series {
    /// A series from samples, or `None` if there are none, times do not rise
    /// strictly, or a number is not finite.
    pub fn new(times: Vec<f64>, values: Vec<f64>, between: Between) -> Option<Self> {
        let rising = times.windows(2).all(|pair| pair[0] < pair[1]);
        let finite = times.iter().chain(&values).all(|number| number.is_finite());
        let sound = !times.is_empty() && times.len() == values.len() && rising && finite;
        sound.then_some(Self { times, values, between })
    }

    /// One value from time zero to `end` and zero afterwards.
    pub fn block(value: f64, end: f64) -> Self {
        Self { times: vec![0.0, end], values: vec![value, 0.0], between: Between::Step }
    }

    /// One value for ever from time zero on.
    pub fn constant(value: f64) -> Self {
        Self { times: vec![0.0], values: vec![value], between: Between::Step }
    }

    /// The same series with every sample `seconds` later.
    #[must_use]
    pub fn shifted(mut self, seconds: f64) -> Self {
        self.times.iter_mut().for_each(|time| *time += seconds);
        self
    }

    /// Sample times, s.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// Sample values.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Value at a time.
    pub fn at(&self, time: f64) -> f64 {
        let after = self.times.partition_point(|&sample| sample <= time);
        if after == 0 {
            return 0.0;
        }
        let before = after - 1;
        if after == self.times.len() || self.between == Between::Step {
            return self.values[before];
        }
        let share = (time - self.times[before]) / (self.times[after] - self.times[before]);
        self.values[before] + share * (self.values[after] - self.values[before])
    }

    /// Value just before a time: a jump of a stepped series at that time does not count yet.
    ///
    /// # Example
    /// ```
    /// use sim_core::series::Series;
    /// let rain = Series::block(2.0, 3600.0);
    /// assert_eq!((rain.at(3600.0), rain.before(3600.0)), (0.0, 2.0));
    /// ```
    pub fn before(&self, time: f64) -> f64 {
        let reached = self.times.partition_point(|&sample| sample < time);
        if reached == 0 {
            return 0.0;
        }
        if reached == self.times.len() || self.between == Between::Step {
            return self.values[reached - 1];
        }
        self.left_limit(reached, time)
    }

    /// Exact integral from `start` to `end`, in value times seconds.
    ///
    /// # Example
    /// ```
    /// use sim_core::series::Series;
    /// let rain = Series::block(2.0, 3600.0);
    /// assert_eq!(rain.integral(1800.0, 7200.0), 3600.0);
    /// ```
    pub fn integral(&self, start: f64, end: f64) -> f64 {
        let mut sum = 0.0;
        for (i, &value) in self.values.iter().enumerate() {
            let next = self.times.get(i + 1).copied().unwrap_or(f64::INFINITY);
            let (from, to) = (self.times[i].max(start), next.min(end));
            if to <= from {
                continue;
            }
            sum += match self.between {
                Between::Line if next.is_finite() => {
                    0.5 * (to - from) * (self.at(from) + self.left_limit(i + 1, to))
                }
                _ => (to - from) * value,
            };
        }
        sum
    }

    /// First sample time after `time`: a step should end there.
    pub fn next_sample_after(&self, time: f64) -> Option<f64> {
        self.times.get(self.times.partition_point(|&sample| sample <= time)).copied()
    }

    /// Largest sample value.
    pub fn peak(&self) -> f64 {
        self.values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// Value at `time` inside the interval that ends at sample `next`.
    fn left_limit(&self, next: usize, time: f64) -> f64 {
        let (t0, t1) = (self.times[next - 1], self.times[next]);
        let (v0, v1) = (self.values[next - 1], self.values[next]);
        v0 + (time - t0) / (t1 - t0) * (v1 - v0)
    }
}

/// What a gauge of water reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GaugeQuantity {
    /// Depth of water above the ground, m.
    Depth,
    /// Level of the water on the datum of the terrain, m.
    Level,
}

impl GaugeQuantity {
    /// One word for tables and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Depth => "depth",
            Self::Level => "level",
        }
    }
}

/// What was read at one place; times may have gaps.
#[derive(Debug, Clone, PartialEq)]
pub struct Readings {
    /// Name of the place.
    pub place: String,
    /// What was read.
    pub quantity: GaugeQuantity,
    /// Time after the start of the run, s, rising, and the value, m.
    pub samples: Vec<(f64, f64)>,
    /// Lines of the file without a value.
    pub gaps: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrals_add_up_over_any_split() {
        for between in [Between::Step, Between::Line] {
            let series =
                Series::new(vec![0.0, 10.0, 30.0], vec![1.0, 5.0, 2.0], between).expect("sound samples");
            let whole = series.integral(-5.0, 50.0);
            for cut in [-1.0, 0.0, 3.3, 10.0, 17.0, 30.0, 41.0] {
                let parts = series.integral(-5.0, cut) + series.integral(cut, 50.0);
                assert!((whole - parts).abs() < 1e-12, "{between:?} {cut}");
            }
        }
    }

    #[test]
    fn a_line_integrates_as_a_trapezium() {
        let series = Series::new(vec![0.0, 10.0], vec![0.0, 4.0], Between::Line).expect("sound samples");
        assert!((series.integral(0.0, 10.0) - 20.0).abs() < 1e-12);
        assert!((series.at(5.0) - 2.0).abs() < 1e-15);
    }

    #[test]
    fn times_that_do_not_rise_are_refused() {
        assert!(Series::new(vec![0.0, 0.0], vec![1.0, 2.0], Between::Step).is_none());
    }
}
