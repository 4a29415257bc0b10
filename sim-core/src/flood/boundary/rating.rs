//! A rating curve: the discharge that leaves is known for every level, as over a weir.

use crate::flood::boundary::{Water, characteristic, wall};

/// Name in scenarios and one sentence.
pub const ABOUT: (&str, &str) =
    ("rating", "discharge that leaves at each water level: a weir, a gauge, a culvert below the area");

/// Discharge over level; straight lines between the points.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    levels: Vec<f64>,
    discharges: Vec<f64>,
}

impl Curve {
    /// A curve from (level, discharge) points, or `None` unless there are two or
    /// more, levels rise, discharges do not fall and the first is zero.
    pub fn new(points: &[(f64, f64)]) -> Option<Self> {
        let finite = points.iter().all(|point| point.0.is_finite() && point.1.is_finite());
        let rises = points.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1);
        let begins_at_zero = points.first().is_some_and(|first| first.1 == 0.0);
        (finite && rises && begins_at_zero && points.len() > 1).then(|| Self {
            levels: points.iter().map(|point| point.0).collect(),
            discharges: points.iter().map(|point| point.1).collect(),
        })
    }

    /// Discharge at a level, m³/s; above the last point the last line goes on.
    ///
    /// # Example
    /// ```
    /// use sim_core::flood::boundary::Curve;
    /// let weir = Curve::new(&[(10.0, 0.0), (11.0, 4.0)]).unwrap();
    /// assert_eq!((weir.at(9.0), weir.at(10.5), weir.at(12.0)), (0.0, 2.0, 8.0));
    /// assert!(Curve::new(&[(10.0, 1.0), (11.0, 4.0)]).is_none(), "it must begin with no flow");
    /// ```
    pub fn at(&self, level: f64) -> f64 {
        let first = self.levels[0];
        if level <= first {
            return 0.0;
        }
        let above = self.levels.partition_point(|&known| known <= level).clamp(1, self.levels.len() - 1);
        let (z0, z1) = (self.levels[above - 1], self.levels[above]);
        let (q0, q1) = (self.discharges[above - 1], self.discharges[above]);
        q0 + (level - z0) / (z1 - z0) * (q1 - q0)
    }

    /// Its points: level and discharge.
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        self.levels.iter().copied().zip(self.discharges.iter().copied())
    }

    /// Highest level that the curve knows, m.
    pub fn highest(&self) -> f64 {
        self.levels[self.levels.len() - 1]
    }

    /// Level from which water leaves, m.
    pub fn lowest(&self) -> f64 {
        self.levels[0]
    }
}

/// Largest unit discharge that can leave a cell, m²/s: that of a free fall.
pub fn most_that_leaves(inside: Water) -> f64 {
    let fall = characteristic::falling_out(inside);
    if characteristic::is_leaving_fast(inside) {
        inside.depth * inside.outward
    } else {
        fall.depth * fall.outward
    }
}

/// Ghost beside a cell that a given unit discharge leaves.
///
/// # Units
/// - `inside`: the cell
/// - `outflow`: unit discharge out of the grid, m²/s, from 0 to [`most_that_leaves`]
///
/// # Example
/// ```
/// use sim_core::flood::boundary::{Water, rating};
/// let inside = Water { depth: 2.0, outward: 0.5 };
/// let ghost = rating::ghost(inside, 1.0);
/// assert!((ghost.depth - 2.0).abs() < 1e-9, "what the flow carries already leaves unnoticed");
/// ```
pub fn ghost(inside: Water, outflow: f64) -> Water {
    if outflow <= 0.0 {
        wall::ghost(inside)
    } else if characteristic::is_leaving_fast(inside) {
        inside
    } else {
        characteristic::with_outflow(inside, outflow)
    }
}
