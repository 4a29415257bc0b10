//! Breaches: ground along a line that sinks, as a levee or a dam does when it gives way.

use crate::flood::state::Layout;

/// When a breach begins.
#[derive(Debug, Clone, PartialEq)]
pub enum Trigger {
    /// At a time, s.
    Time(f64),
    /// As soon as the water level at a cell reaches a value, m.
    Level {
        /// Row and column.
        cell: (usize, usize),
        /// m.
        level: f64,
    },
}

/// A breach.
///
/// From its begin on, both the gap and its depth grow evenly until they are complete
/// (the linear growth of most dam-break models): after the share $p$ of its time, ground
/// within $p\,W/2$ of the middle of the line has sunk to $z_{top} - p\,(z_{top} -
/// z_{bottom})$, or stays where it is if it is lower. Sides are vertical and the width
/// is that of whole cells; water keeps its depth while the ground under it sinks.
#[derive(Debug, Clone, PartialEq)]
pub struct Breach {
    /// Name in messages.
    pub name: String,
    /// When it begins.
    pub trigger: Trigger,
    /// Width in the end, m.
    pub width: f64,
    /// Level of its bottom in the end, m.
    pub bottom: f64,
    /// From begin to end, s.
    pub duration: f64,
    /// Row and column of the cells along its line, with their distance from its middle, m.
    pub cells: Vec<((usize, usize), f64)>,
}

/// Ground of a breach as it was, and when it began.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Progress {
    /// Levels of the cells before, m.
    before: Vec<f64>,
    /// Highest of them, m.
    top: f64,
    /// Begin, s; infinite before it.
    pub(super) begun: f64,
}

impl Progress {
    pub(super) fn new(breach: &Breach, bed: &[f64], layout: Layout) -> Self {
        let before: Vec<f64> =
            breach.cells.iter().map(|&((row, column), _)| bed[layout.at(row, column)]).collect();
        let top = before.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Self { before, top, begun: f64::INFINITY }
    }

    /// Begins the breach if it is time; `level` gives the water level of a cell.
    pub(super) fn look(&mut self, breach: &Breach, time: f64, level: impl Fn((usize, usize)) -> f64) {
        if self.begun.is_finite() {
            return;
        }
        let begins = match breach.trigger {
            Trigger::Time(begin) => time >= begin,
            Trigger::Level { cell, level: limit } => level(cell) >= limit,
        };
        if begins {
            self.begun = match breach.trigger {
                Trigger::Time(begin) => begin,
                Trigger::Level { .. } => time,
            };
        }
    }

    /// Lets the ground sink to what it is at a time; true if any cell may have changed.
    pub(super) fn sink(&self, breach: &Breach, time: f64, bed: &mut [f64], layout: Layout) -> bool {
        let share = ((time - self.begun) / breach.duration).min(1.0);
        if share <= 0.0 || !self.begun.is_finite() {
            return false;
        }
        let level = self.top - share * (self.top - breach.bottom);
        for (&((row, column), distance), &before) in breach.cells.iter().zip(&self.before) {
            if distance <= 0.5 * share * breach.width {
                bed[layout.at(row, column)] = level.min(before);
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ground_sinks_from_the_middle_outwards_and_never_rises() {
        let layout = Layout { rows: 1, columns: 5 };
        let mut bed = vec![5.0; layout.len()];
        bed[layout.at(0, 4)] = 1.0;
        let cells = (0..5).map(|column| ((0, column), (column as f64 - 2.0).abs() * 10.0)).collect();
        let breach = Breach {
            name: "b".into(),
            trigger: Trigger::Time(100.0),
            width: 40.0,
            bottom: 2.0,
            duration: 60.0,
            cells,
        };
        let mut progress = Progress::new(&breach, &bed, layout);
        progress.look(&breach, 50.0, |_| 0.0);
        assert!(!progress.sink(&breach, 50.0, &mut bed, layout));
        progress.look(&breach, 130.0, |_| 0.0);
        progress.sink(&breach, 130.0, &mut bed, layout);
        let levels = |bed: &[f64]| (0..5).map(|column| bed[layout.at(0, column)]).collect::<Vec<f64>>();
        assert_eq!(levels(&bed), [5.0, 3.5, 3.5, 3.5, 1.0]);
        progress.sink(&breach, 1000.0, &mut bed, layout);
        assert_eq!(levels(&bed), [2.0, 2.0, 2.0, 2.0, 1.0]);
    }
}
