//! The Chicago design storm: rain whose hardest part of any length is as hard as the formula says.

use crate::series::{Between, Series};

use super::intensity_formula::IntensityCurve;

/// Most intervals of a storm; more would be a slip of units.
const MOST_INTERVALS: f64 = 1e6;

/// Part of an interval below which the last one is joined to the one before: rounding.
const NO_INTERVAL: f64 = 1e-9;

/// A design storm of one curve.
///
/// Rain rises to one peak and falls again. Around the peak, a window of any length D
/// of which the share r lies before the peak holds just the depth H(D) of the curve,
/// and no other window of that length holds more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChicagoStorm {
    curve: IntensityCurve,
    duration: f64,
    peak_ratio: f64,
}

impl ChicagoStorm {
    /// A storm, or `None` where the curve does not hold for the duration or the
    /// ratio is not one.
    ///
    /// # Units
    /// - `duration`: s
    /// - `peak_ratio`: share of the duration before the peak, 0 to 1
    pub fn new(curve: IntensityCurve, duration: f64, peak_ratio: f64) -> Option<Self> {
        let sound = curve.covers(duration) && (0.0..=1.0).contains(&peak_ratio);
        sound.then_some(Self { curve, duration, peak_ratio })
    }

    /// Depth of rain from the start of the storm to a time, m, in closed form.
    ///
    /// $$ H_r(t) = \begin{cases}
    ///   r\,[H(T) - H(\tfrac{rT - t}{r})] & t \le rT \\\\
    ///   r\,H(T) + (1 - r)\,H(\tfrac{t - rT}{1 - r}) & t > rT
    /// \end{cases}, \qquad H(t) = \frac{a\,t}{(t + b)^n} $$
    ///
    /// Its slope is the rule of Keifer and Chu, \\(a [(1-n) \tau + b]/(\tau + b)^{n+1}\\)
    /// with \\(\tau = t_b/r\\) before and \\(t_a/(1-r)\\) after the peak. The integral is
    /// used because the slope has a sharp tip that samples miss.
    ///
    /// # Units
    /// - `time`: s from the start of the storm
    ///
    /// # Source
    /// `keifer1957`.
    pub fn depth_until(&self, time: f64) -> f64 {
        let (t, r) = (time.clamp(0.0, self.duration), self.peak_ratio);
        let peak = r * self.duration;
        if t < peak {
            r * (self.curve.depth(self.duration) - self.curve.depth((peak - t) / r))
        } else if t < self.duration {
            r * self.curve.depth(self.duration) + (1.0 - r) * self.curve.depth((t - peak) / (1.0 - r))
        } else {
            self.curve.depth(self.duration)
        }
    }

    /// Mean intensity of every interval, m/s, exact for any length of interval.
    ///
    /// The last interval is shorter where the duration is no multiple of the step.
    /// `None` where the step is not positive, longer than the storm, or so short that
    /// the storm would have more than a million of them.
    ///
    /// # Units
    /// - `step`: s
    ///
    /// # Example
    /// ```
    /// use sim_core::flood::rain::chicago::ChicagoStorm;
    /// use sim_core::flood::rain::intensity_formula::{IntensityFormula, Strength};
    /// let strength = Strength { at_one_year: 1e-3, per_decade: 5e-4 };
    /// let formula = IntensityFormula::new(strength, 600.0, 0.7, (1.0, 100.0), (300.0, 10_800.0));
    /// let curve = formula.and_then(|formula| formula.curve(10.0)).expect("inside the range");
    /// let storm = ChicagoStorm::new(curve, 7200.0, 0.4).expect("inside the range");
    /// let rain = storm.hyetograph(300.0).expect("steps of five minutes");
    /// // 1.5e-3 × 7200/(7200 + 600)^0.7 m, whatever the step.
    /// assert!((rain.integral(0.0, 7200.0) / curve.depth(7200.0) - 1.0).abs() < 1e-12);
    /// ```
    pub fn hyetograph(&self, step: f64) -> Option<Series> {
        let count = (self.duration / step - NO_INTERVAL).ceil();
        if !(step > 0.0 && step <= self.duration && count <= MOST_INTERVALS) {
            return None;
        }
        let mut times: Vec<f64> = (0..count as usize).map(|i| i as f64 * step).collect();
        times.push(self.duration);
        let depths: Vec<f64> = times.iter().map(|&time| self.depth_until(time)).collect();
        let mut intensities: Vec<f64> = (times.windows(2).zip(depths.windows(2)))
            // Rounding may turn the last drop of a flat tail round.
            .map(|(t, depth)| ((depth[1] - depth[0]) / (t[1] - t[0])).max(0.0))
            .collect();
        intensities.push(0.0);
        Series::new(times, intensities, Between::Step)
    }
}

#[cfg(test)]
mod tests {
    use super::super::intensity_formula::{IntensityFormula, Strength};
    use super::*;
    use crate::units::{MINUTE, from_litres_s_hectare};

    /// A (1 + C lg P) / (t + b)^n in L/(s hm²) and minutes, at one return period.
    fn curve(a: f64, c: f64, b: f64, n: f64, return_period_years: f64) -> IntensityCurve {
        let unit = from_litres_s_hectare(a) * MINUTE.powf(n);
        let strength = Strength { at_one_year: unit, per_decade: unit * c };
        IntensityFormula::new(strength, b * MINUTE, n, (1.0, 100.0), (MINUTE, 360.0 * MINUTE))
            .and_then(|formula| formula.curve(return_period_years))
            .expect("a formula inside its range")
    }

    /// Curves of every kind: flat and steep, without offset, with an exponent above one.
    fn curves() -> [IntensityCurve; 4] {
        [
            curve(1312.0, 0.971, 7.739, 0.631, 10.0),
            curve(10_174.0, 0.844, 25.0, 1.038, 50.0),
            curve(1108.0, 0.95, 0.0, 0.623, 2.0),
            curve(4860.0 / 0.36, 0.0, 39.0, 1.0, 7.0),
        ]
    }

    fn storms() -> Vec<ChicagoStorm> {
        let ratios = [0.0, 0.35, 0.4, 0.5, 0.9, 1.0];
        let all = curves().into_iter().flat_map(|curve| ratios.map(|r| (curve, r)));
        all.map(|(curve, r)| ChicagoStorm::new(curve, 7200.0, r).expect("a storm")).collect()
    }

    #[test]
    fn the_total_is_that_of_the_formula_for_any_step() {
        for storm in storms() {
            let whole = storm.curve.depth(storm.duration);
            for step in [1.0, 7.0, 60.0, 300.0, 1000.0, 3599.0, 7200.0] {
                let rain = storm.hyetograph(step).expect("a step");
                let total = rain.integral(0.0, storm.duration);
                assert!((total / whole - 1.0).abs() < 1e-9, "{step} s: {total} m for {whole} m");
                assert_eq!(rain.at(storm.duration), 0.0, "it stops");
            }
        }
    }

    #[test]
    fn the_window_around_the_peak_holds_the_depth_of_the_formula_for_every_duration() {
        for storm in storms() {
            // Seconds meet the ends of these windows; seven seconds do not.
            let (fine, coarse) = (storm.hyetograph(1.0), storm.hyetograph(7.0));
            let (fine, coarse) = (fine.expect("a step"), coarse.expect("a step"));
            let peak = storm.peak_ratio * storm.duration;
            for minutes in 1..=120 {
                let length = f64::from(minutes) * MINUTE;
                let (start, end) =
                    (peak - storm.peak_ratio * length, peak + (1.0 - storm.peak_ratio) * length);
                let wanted = storm.curve.depth(length);
                let exact = storm.depth_until(end) - storm.depth_until(start);
                assert!((exact / wanted - 1.0).abs() < 1e-12, "{exact} {wanted}");
                let sampled = fine.integral(start, end);
                assert!((sampled / wanted - 1.0).abs() < 1e-9, "{minutes} min: {sampled} {wanted}");
                let sampled = coarse.integral(start, end);
                assert!(
                    minutes < 10 || (sampled / wanted - 1.0).abs() < 1e-3,
                    "{minutes} min: {sampled} {wanted}"
                );
            }
        }
    }

    #[test]
    fn no_other_window_of_the_same_length_holds_more() {
        for storm in storms() {
            for length in [60.0, 600.0, 1800.0, 5400.0] {
                let most = storm.curve.depth(length) * (1.0 + 1e-12);
                for start in (0..).map(|i| f64::from(i) * 30.0).take_while(|s| s + length <= storm.duration) {
                    let depth = storm.depth_until(start + length) - storm.depth_until(start);
                    assert!(depth <= most, "{start} {length}: {depth} {most}");
                }
            }
        }
    }

    #[test]
    fn it_is_symmetric_with_the_peak_in_the_middle() {
        for curve in curves() {
            let rain = ChicagoStorm::new(curve, 7200.0, 0.5).and_then(|storm| storm.hyetograph(60.0));
            let rain = rain.expect("a storm");
            let (last, values) = rain.values().split_last().expect("samples");
            assert_eq!((*last, values.len()), (0.0, 120));
            for (early, late) in values.iter().zip(values.iter().rev()) {
                assert!((early / late - 1.0).abs() < 1e-9, "{early} {late}");
            }
        }
    }

    #[test]
    fn rain_rises_to_the_peak_and_falls_after_it_and_is_never_negative() {
        for storm in storms() {
            let rain = storm.hyetograph(10.0).expect("a step");
            let peak = storm.peak_ratio * storm.duration;
            assert!(rain.values().iter().all(|&value| value >= 0.0));
            for (times, values) in rain.times().windows(3).zip(rain.values().windows(2)) {
                // Rounding of two nearly equal slopes is no turn.
                let slack = 1e-9 * values[0];
                assert!(times[2] > peak || values[1] >= values[0] - slack, "before the peak: {values:?}");
                assert!(times[0] < peak || values[1] <= values[0] + slack, "after the peak: {values:?}");
            }
        }
    }

    #[test]
    fn the_intensity_is_continuous_along_both_limbs_and_equal_on_both_sides_of_the_peak() {
        let storm =
            ChicagoStorm::new(curve(1312.0, 0.971, 7.739, 0.631, 10.0), 7200.0, 0.35).expect("a storm");
        let slope = |time: f64| (storm.depth_until(time + 0.05) - storm.depth_until(time - 0.05)) / 0.1;
        let peak = 0.35 * 7200.0;
        for second in 1..7199 {
            let time = f64::from(second);
            let jump = slope(time + 0.5) - slope(time);
            assert!(jump.abs() < 0.01 * slope(time), "a jump of {jump} m/s at {time} s");
        }
        // At the very tip both limbs have the intensity a/b^n.
        let (before, after) = (slope(peak - 0.1), slope(peak + 0.1));
        assert!((before / after - 1.0).abs() < 1e-3, "{before} {after}");
    }

    #[test]
    fn what_is_outside_the_range_is_refused() {
        let [curve, ..] = curves();
        assert!(ChicagoStorm::new(curve, 30.0, 0.4).is_none(), "too short for the formula");
        assert!(ChicagoStorm::new(curve, 361.0 * MINUTE, 0.4).is_none(), "too long for the formula");
        assert!(ChicagoStorm::new(curve, 7200.0, 1.1).is_none());
        assert!(ChicagoStorm::new(curve, 7200.0, -0.1).is_none());
        assert!(ChicagoStorm::new(curve, f64::NAN, 0.4).is_none());
        let storm = ChicagoStorm::new(curve, 7200.0, 0.4).expect("a storm");
        for step in [0.0, -1.0, 7201.0, 1e-4, f64::NAN] {
            assert!(storm.hyetograph(step).is_none(), "{step}");
        }
    }

    /// A widely copied tool takes 1 L/(s hm²) for 0.4 mm/h and stretches both limbs by r.
    ///
    /// # Source
    /// github.com/maoyu92/Chicago_rain_pattern, `main.py` and the row 永川区 of its table
    /// (A = 1312, b = 7.739, C = 0.971, n = 0.631): 58.7 mm where its formula gives 65.1 mm.
    #[test]
    fn the_error_of_a_known_tool_is_not_made() {
        let (a, c, b, n, minutes) = (1312.0, 0.971, 7.739, 0.631, 60_u32);
        let storm = ChicagoStorm::new(curve(a, c, b, n, 10.0), f64::from(minutes) * MINUTE, 0.35);
        let storm = storm.expect("a storm");
        for step in [MINUTE, 5.0 * MINUTE] {
            let rain = storm.hyetograph(step).expect("a step");
            let total_mm = 1000.0 * rain.integral(0.0, storm.duration);
            assert!((total_mm - 65.11).abs() < 0.005, "{total_mm} mm");
        }
        let peak = 0.35 * f64::from(minutes);
        let wrong_mm: f64 = (0..minutes)
            .map(|minute| (f64::from(minute) - peak).abs() / 0.35)
            .map(|t| a * (1.0 + c) * 0.4 / 60.0 * ((1.0 - n) * t + b) / (t + b).powf(n + 1.0))
            .sum();
        assert!((wrong_mm - 58.70).abs() < 0.005, "the two mistakes give {wrong_mm} mm");
    }
}
