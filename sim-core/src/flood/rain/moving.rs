//! One storm that sweeps over the area at a velocity.

use super::Spread;
use crate::grid::Grid;
use crate::series::Series;

/// Length of the intervals over which rates are averaged, s: a storm of 10 m/s moves 300 m.
const INTERVAL: f64 = 30.0;

/// A storm whose rain comes later the farther a place lies downstream.
///
/// A cell has the rain of the series at the time $t - \mathbf{d} \cdot (\mathbf{x} - \mathbf{x}_0) / c$
/// with the direction $\mathbf{d}$ and the speed $c$ of the storm: the pattern moves and
/// does not change. Rates are exact means over intervals of half a minute, so that no rain
/// is lost between them.
#[derive(Debug, Clone)]
pub struct Moving {
    times: Vec<f64>,
    /// Integral of the rain up to those times, m.
    fallen: Vec<f64>,
    rain: Series,
    grid: Grid,
    /// Delay per metre along x and y, s/m.
    slowness: (f64, f64),
    origin: (f64, f64),
}

impl Moving {
    /// A storm whose series holds at the origin.
    ///
    /// # Units
    /// - `velocity`: of the pattern along x and y, m/s; not zero
    /// - `origin`: x and y where the series holds as it is, m
    pub fn new(rain: Series, velocity: (f64, f64), origin: (f64, f64), grid: Grid) -> Option<Self> {
        let square = velocity.0 * velocity.0 + velocity.1 * velocity.1;
        if !(square > 0.0 && square.is_finite()) {
            return None;
        }
        let times = rain.times().to_vec();
        let mut fallen = vec![0.0];
        for pair in times.windows(2) {
            let before = fallen[fallen.len() - 1];
            fallen.push(before + rain.integral(pair[0], pair[1]));
        }
        let slowness = (velocity.0 / square, velocity.1 / square);
        Some(Self { times, fallen, rain, grid, slowness, origin })
    }

    /// Rain of the series up to a time, m.
    fn until(&self, time: f64) -> f64 {
        let after = self.times.partition_point(|&sample| sample <= time);
        if after == 0 {
            return 0.0;
        }
        let from = self.times[after - 1];
        // A value between two samples lies on a line or a step: half the sum of both ends.
        let (start, end) = (self.rain.at(from), self.rain.before(time).max(0.0));
        let rate = if time > from { 0.5 * (start + end) } else { 0.0 };
        self.fallen[after - 1] + rate * (time - from)
    }
}

impl Spread for Moving {
    fn interval(&self, time: f64) -> (f64, f64) {
        let number = (time / INTERVAL).floor();
        (number * INTERVAL, (number + 1.0) * INTERVAL)
    }

    fn fits(&self, shape: (usize, usize)) -> bool {
        self.grid.shape() == shape
    }

    fn rates(&self, (from, to): (f64, f64), row: usize, out: &mut [f32]) {
        let along_y = self.slowness.1 * (self.grid.y(row) - self.origin.1);
        for (column, rate) in out.iter_mut().enumerate() {
            let delay = self.slowness.0 * (self.grid.x(column) - self.origin.0) + along_y;
            let fallen = self.until(to - delay) - self.until(from - delay);
            *rate = (fallen / (to - from)).max(0.0) as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Crs;
    use crate::series::Between;

    fn grid() -> Grid {
        Grid { columns: 100, rows: 2, dx: 10.0, dy: 10.0, west: 0.0, south: 0.0, crs: Crs::local() }
    }

    #[test]
    fn every_place_gets_the_whole_storm_at_its_own_time() {
        for between in [Between::Step, Between::Line] {
            let rain = Series::new(vec![0.0, 100.0, 250.0, 300.0], vec![1.0, 3.0, 2.0, 0.0], between)
                .expect("sound samples");
            let whole = rain.integral(0.0, 300.0);
            let storm = Moving::new(rain.clone(), (5.0, 0.0), (5.0, 5.0), grid()).expect("it moves");
            let mut fallen = [0.0; 100];
            let mut early = [0.0; 100];
            for number in 0..40 {
                let interval = storm.interval(30.0 * f64::from(number) + 1.0);
                let mut row = [0.0; 100];
                storm.rates(interval, 0, &mut row);
                for (i, rate) in row.into_iter().enumerate() {
                    fallen[i] += 30.0 * f64::from(rate);
                    early[i] += if number < 4 { 30.0 * f64::from(rate) } else { 0.0 };
                }
            }
            assert!(fallen.iter().all(|sum| (sum / whole - 1.0).abs() < 1e-6), "{between:?}");
            // 250 m on, the storm is 50 s late.
            assert!((early[25] - rain.integral(0.0, 70.0)).abs() < 1e-4 * whole);
        }
    }

    #[test]
    fn a_storm_that_stands_still_is_refused() {
        assert!(Moving::new(Series::constant(1.0), (0.0, 0.0), (0.0, 0.0), grid()).is_none());
    }
}
