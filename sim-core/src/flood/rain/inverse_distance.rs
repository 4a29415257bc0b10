//! Rain from gauges, weighted by their distance.

use super::{Spread, all_times, between_marks, mean};
use crate::grid::Grid;
use crate::series::Series;

/// Exponent of the distance.
///
/// # Source
/// Shepard 1968 (`shepard1968`): two gives smooth surfaces and is what is usually taken.
pub const POWER: i32 = 2;

/// Square of the distance at which a gauge stands in the middle of a cell, m².
const AT_THE_GAUGE: f64 = 1e-12;

/// A rain gauge.
#[derive(Debug, Clone, PartialEq)]
pub struct Gauge {
    /// Where it stands, m, in the reference of the grid.
    pub x: f64,
    /// Likewise.
    pub y: f64,
    /// What it measured, m/s.
    pub rain: Series,
}

/// Rain between gauges.
///
/// $$ R = \frac{\sum_i R_i\, d_i^{-2}}{\sum_i d_i^{-2}} $$
///
/// with the distances $d_i$ of the middle of the cell to the gauges; at a gauge, what the
/// gauge measured.
#[derive(Debug, Clone)]
pub struct InverseDistance {
    gauges: Vec<Gauge>,
    grid: Grid,
    marks: Vec<f64>,
}

impl InverseDistance {
    /// Rain between gauges, or `None` if there are none.
    pub fn new(gauges: Vec<Gauge>, grid: Grid) -> Option<Self> {
        let marks = all_times(gauges.iter().map(|gauge| &gauge.rain));
        (!gauges.is_empty()).then_some(Self { gauges, grid, marks })
    }
}

impl Spread for InverseDistance {
    fn interval(&self, time: f64) -> (f64, f64) {
        between_marks(&self.marks, time)
    }

    fn fits(&self, shape: (usize, usize)) -> bool {
        self.grid.shape() == shape
    }

    fn rates(&self, interval: (f64, f64), row: usize, out: &mut [f32]) {
        let y = self.grid.y(row);
        let gauges: Vec<(f64, f64, f64)> = self
            .gauges
            .iter()
            .map(|gauge| (gauge.x, (gauge.y - y).powi(POWER), mean(&gauge.rain, interval)))
            .collect();
        for (column, rate) in out.iter_mut().enumerate() {
            let x = self.grid.x(column);
            let (mut sum, mut weights) = (0.0, 0.0);
            for &(gauge_x, across, rain) in &gauges {
                // A gauge in the middle of a cell weighs more than all others together.
                let weight = 1.0 / ((gauge_x - x).powi(POWER) + across).max(AT_THE_GAUGE);
                sum += weight * rain;
                weights += weight;
            }
            *rate = (sum / weights) as f32;
        }
    }
}

/// Number of the gauge nearest to each cell; of several at the same distance the first.
pub fn nearest(gauges: &[Gauge], grid: &Grid) -> ndarray::Array2<u32> {
    ndarray::Array2::from_shape_fn(grid.shape(), |(row, column)| {
        let distance = |gauge: &Gauge| (gauge.x - grid.x(column)).hypot(gauge.y - grid.y(row));
        let mut best = (0, f64::INFINITY);
        for (number, gauge) in gauges.iter().enumerate() {
            let away = distance(gauge);
            best = if away < best.1 { (number as u32, away) } else { best };
        }
        best.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Crs;

    fn grid() -> Grid {
        Grid { columns: 4, rows: 1, dx: 1.0, dy: 1.0, west: 0.0, south: 0.0, crs: Crs::local() }
    }

    fn gauge(x: f64, rain: f64) -> Gauge {
        Gauge { x, y: 0.5, rain: Series::constant(rain) }
    }

    #[test]
    fn weights_fall_with_the_square_of_the_distance() {
        let rain = InverseDistance::new(vec![gauge(0.5, 8.0), gauge(3.5, 2.0)], grid()).expect("two gauges");
        let mut row = [0.0; 4];
        rain.rates(rain.interval(0.0), 0, &mut row);
        // At 1 m and 2 m from the gauges the weights are 4/5 and 1/5.
        for (found, expected) in row.into_iter().zip([8.0, 6.8, 3.2, 2.0]) {
            assert!((found - expected).abs() < 1e-6, "{row:?}");
        }
    }

    #[test]
    fn one_gauge_rains_everywhere() {
        let rain = InverseDistance::new(vec![gauge(100.0, 3.0)], grid()).expect("a gauge");
        let mut row = [0.0; 4];
        rain.rates(rain.interval(0.0), 0, &mut row);
        assert_eq!(row, [3.0; 4]);
    }

    #[test]
    fn the_nearest_gauge_is_found() {
        let found = nearest(&[gauge(0.0, 1.0), gauge(4.0, 1.0)], &grid());
        assert_eq!(found, ndarray::array![[0, 0, 1, 1]]);
    }
}
