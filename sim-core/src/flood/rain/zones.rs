//! Rain by zones: every cell lies in one zone, every zone has one series.
//!
//! A zone is what is nearest to a gauge (Thiessen 1911, `thiessen1911`), or the cell of a
//! coarser grid, such as a radar's, in which the cell lies.

use ndarray::Array2;

use super::{Spread, all_times, between_marks, mean};
use crate::series::Series;

/// Rain by zones.
#[derive(Debug, Clone)]
pub struct Zones {
    zone_of: Array2<u32>,
    series: Vec<Series>,
    marks: Vec<f64>,
}

impl Zones {
    /// Rain by zones, or `None` if a cell names a zone without series.
    pub fn new(zone_of: Array2<u32>, series: Vec<Series>) -> Option<Self> {
        let known = zone_of.iter().all(|&zone| (zone as usize) < series.len());
        let marks = all_times(series.iter());
        known.then_some(Self { zone_of, series, marks })
    }
}

impl Spread for Zones {
    fn interval(&self, time: f64) -> (f64, f64) {
        between_marks(&self.marks, time)
    }

    fn fits(&self, shape: (usize, usize)) -> bool {
        self.zone_of.dim() == shape
    }

    fn rates(&self, interval: (f64, f64), row: usize, out: &mut [f32]) {
        // A row meets few zones, one after another.
        let mut last = None;
        for (rate, &zone) in out.iter_mut().zip(self.zone_of.row(row)) {
            let found = match last {
                Some((known, found)) if known == zone => found,
                _ => mean(&self.series[zone as usize], interval) as f32,
            };
            last = Some((zone, found));
            *rate = found;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Between;

    #[test]
    fn every_cell_has_the_rain_of_its_zone() {
        let series = |values: [f64; 2]| {
            Series::new(vec![0.0, 600.0], values.to_vec(), Between::Step).expect("sound samples")
        };
        let zones = ndarray::array![[0, 1, 1], [1, 0, 0]];
        let zones = Zones::new(zones, vec![series([1.0, 2.0]), series([3.0, 4.0])]).expect("known zones");
        assert_eq!(zones.interval(10.0), (0.0, 600.0));
        let mut row = [0.0; 3];
        zones.rates((0.0, 600.0), 0, &mut row);
        assert_eq!(row, [1.0, 3.0, 3.0]);
        zones.rates(zones.interval(600.0), 1, &mut row);
        assert_eq!(row, [4.0, 2.0, 2.0]);
    }

    #[test]
    fn a_zone_without_series_is_refused() {
        assert!(Zones::new(ndarray::array![[1]], vec![Series::constant(0.0)]).is_none());
    }
}
