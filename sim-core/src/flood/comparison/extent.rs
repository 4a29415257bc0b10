//! How two maps of depth overlap.

use crate::grid::Field;

/// Cells by what each of two maps says of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Overlap {
    /// Wet in both.
    pub both: u64,
    /// Wet in the first alone.
    pub only_first: u64,
    /// Wet in the second alone.
    pub only_second: u64,
    /// Dry in both.
    pub neither: u64,
}

impl Overlap {
    /// Counts the cells that reach a depth; a cell without value is dry.
    ///
    /// # Units
    /// Depths and `depth` in m.
    pub fn of(first: &Field, second: &Field, depth: f64) -> Self {
        let mut counts = Self::default();
        for (&a, &b) in first.iter().zip(second) {
            match (a >= depth, b >= depth) {
                (true, true) => counts.both += 1,
                (true, false) => counts.only_first += 1,
                (false, true) => counts.only_second += 1,
                (false, false) => counts.neither += 1,
            }
        }
        counts
    }

    /// Critical success index: cells wet in both over cells wet in any; none where no cell is wet.
    ///
    /// It does not change when the two maps change places.
    ///
    /// $$ C = \frac{\text{both}}{\text{both} + \text{only first} + \text{only second}} $$
    ///
    /// # Source
    /// Wing et al. 2017, Water Resources Research 53, 7968-7986, DOI 10.1002/2017WR020917 (`wing2017`).
    ///
    /// # Example
    /// ```
    /// use sim_core::flood::comparison::extent::Overlap;
    /// let overlap = Overlap { both: 6, only_first: 2, only_second: 4, neither: 100 };
    /// assert_eq!(overlap.critical_success_index(), Some(0.5));
    /// assert_eq!(overlap.hit_rate(), Some(0.75));
    /// assert_eq!(overlap.false_alarm_ratio(), Some(0.4));
    /// ```
    pub fn critical_success_index(&self) -> Option<f64> {
        share(self.both, self.both + self.only_first + self.only_second)
    }

    /// Hit rate: share of the wet cells of the first that are wet in the second too; none where
    /// the first has no wet cell.
    ///
    /// # Source
    /// As [`Self::critical_success_index`], the first map being the benchmark.
    pub fn hit_rate(&self) -> Option<f64> {
        share(self.both, self.both + self.only_first)
    }

    /// False alarm ratio: share of the wet cells of the second that are dry in the first; none
    /// where the second has no wet cell.
    ///
    /// # Source
    /// As [`Self::critical_success_index`], the first map being the benchmark.
    pub fn false_alarm_ratio(&self) -> Option<f64> {
        share(self.only_second, self.both + self.only_second)
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn every_cell_is_counted_once_and_no_value_is_dry() {
        let first = array![[0.3, 0.2, f64::NAN], [0.1, 0.15, 0.0]];
        let second = array![[0.15, 0.0, 0.4], [f64::NAN, 0.2, 0.1]];
        let overlap = Overlap::of(&first, &second, 0.15);
        assert_eq!(overlap, Overlap { both: 2, only_first: 1, only_second: 1, neither: 2 });
    }

    #[test]
    fn a_map_against_itself_is_a_full_hit_and_swapping_keeps_the_index() {
        let first = array![[0.3, 0.2, 0.0]];
        let second = array![[0.3, 0.0, 0.2]];
        let same = Overlap::of(&first, &first, 0.1);
        assert_eq!((same.critical_success_index(), same.hit_rate()), (Some(1.0), Some(1.0)));
        assert_eq!(same.false_alarm_ratio(), Some(0.0));
        let (one, other) = (Overlap::of(&first, &second, 0.1), Overlap::of(&second, &first, 0.1));
        assert_eq!(one.critical_success_index(), other.critical_success_index());
        // What one calls a hit, the other calls no false alarm.
        assert_eq!(one.hit_rate(), other.false_alarm_ratio().map(|ratio| 1.0 - ratio));
    }

    #[test]
    fn two_dry_maps_have_no_index() {
        let dry = array![[0.0, f64::NAN]];
        let overlap = Overlap::of(&dry, &dry, 0.1);
        assert_eq!((overlap.critical_success_index(), overlap.hit_rate()), (None, None));
    }
}
