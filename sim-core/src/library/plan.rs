//! A plan: a base scenario and the axes that multiply over it.

use serde::{Deserialize, Serialize};

/// Most members of one library: their catalogue then has some gigabytes.
pub const MOST_MEMBERS: u64 = 10_000_000;

/// Values of one key along an axis as numbers that can be compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// SI unit of the numbers; empty for pure numbers.
    pub unit: String,
    /// True for directions, which close after 360 degrees.
    pub is_circle: bool,
    /// One number per row of the axis.
    pub numbers: Vec<f64>,
}

/// One scenario key along an axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// Dotted key of the scenario.
    pub path: String,
    /// Numbers behind its values, where they are numbers of one kind.
    pub scale: Option<Scale>,
}

/// Values that one or several keys take together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// Name in questions.
    pub name: String,
    /// The keys; several only for a table.
    pub keys: Vec<Key>,
    /// Values as a scenario would have them, one per key in each row.
    pub rows: Vec<Vec<String>>,
    /// Share of each row in probabilities; together one.
    pub weights: Vec<f64>,
}

/// A base scenario and its axes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Title of the library.
    pub title: String,
    /// Path of the base scenario as the plan wrote it.
    pub base: String,
    /// The axes; the last one runs fastest.
    pub axes: Vec<Axis>,
    /// How often the event that the members describe happens, per year.
    pub event_frequency_per_year: Option<f64>,
    /// Bytes that must stay free on the disk.
    pub leave_free_bytes: u64,
}

impl Plan {
    /// Number of members; a float, so that a plan of any size has one.
    pub fn size(&self) -> f64 {
        self.axes.iter().map(|axis| axis.rows.len() as f64).product()
    }

    /// Number of members of a plan that is not too large.
    pub fn members(&self) -> u64 {
        self.axes.iter().map(|axis| axis.rows.len() as u64).product()
    }

    /// Row of every axis for a line.
    ///
    /// # Example
    /// ```
    /// use sim_core::library::plan::{Axis, Plan};
    /// let axis = |count: usize| Axis { name: String::new(), keys: Vec::new(),
    ///     rows: vec![Vec::new(); count], weights: vec![1.0 / count as f64; count] };
    /// let plan = Plan { title: String::new(), base: String::new(), axes: vec![axis(2), axis(3)],
    ///     event_frequency_per_year: None, leave_free_bytes: 0 };
    /// assert_eq!(plan.members(), 6);
    /// assert_eq!(plan.rows_of(4), [1, 1]);
    /// assert_eq!(plan.line_of(&[1, 1]), 4);
    /// ```
    pub fn rows_of(&self, line: u64) -> Vec<usize> {
        let mut rest = line;
        let mut rows = vec![0; self.axes.len()];
        for (row, axis) in rows.iter_mut().zip(&self.axes).rev() {
            let count = axis.rows.len() as u64;
            *row = (rest % count) as usize;
            rest /= count;
        }
        rows
    }

    /// Line of a row of every axis.
    pub fn line_of(&self, rows: &[usize]) -> u64 {
        rows.iter().zip(&self.axes).fold(0, |line, (&row, axis)| line * axis.rows.len() as u64 + row as u64)
    }

    /// What a line changes in the base scenario, as `key=value`.
    pub fn overrides(&self, line: u64) -> Vec<String> {
        let rows = self.rows_of(line);
        let pairs = self.axes.iter().zip(rows).flat_map(|(axis, row)| axis.overrides(row));
        pairs.collect()
    }

    /// Share of a line in probabilities.
    pub fn weight(&self, line: u64) -> f64 {
        self.rows_of(line).into_iter().zip(&self.axes).map(|(row, axis)| axis.weights[row]).product()
    }
}

impl Axis {
    /// What a row changes in the base scenario, as `key=value`.
    pub fn overrides(&self, row: usize) -> Vec<String> {
        self.keys.iter().zip(&self.rows[row]).map(|(key, value)| format!("{}={value}", key.path)).collect()
    }
}

/// Lines of one part of a library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// First line.
    pub first: u64,
    /// One past the last line.
    pub end: u64,
}

impl Part {
    /// Part `number` (from 1) of `count` parts that differ by at most one line.
    ///
    /// # Example
    /// ```
    /// use sim_core::library::plan::Part;
    /// assert_eq!(Part::shard(10, 1, 3), Part { first: 0, end: 3 });
    /// assert_eq!(Part::shard(10, 3, 3), Part { first: 6, end: 10 });
    /// ```
    pub fn shard(members: u64, number: u64, count: u64) -> Self {
        let edge = |i: u64| (u128::from(members) * u128::from(i) / u128::from(count)) as u64;
        Self { first: edge(number - 1), end: edge(number) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_cover_every_line_once() {
        for (members, count) in [(10, 3), (7, 7), (3, 5), (100_001, 16)] {
            let parts: Vec<Part> = (1..=count).map(|i| Part::shard(members, i, count)).collect();
            assert_eq!((parts[0].first, parts[parts.len() - 1].end), (0, members));
            assert!(parts.windows(2).all(|pair| pair[0].end == pair[1].first));
        }
    }
}
