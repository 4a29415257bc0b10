//! Open paths of light: the mean concentration that a laser between two posts measures.

use nalgebra::Vector2;

use crate::error::Result;
use crate::gas::dense::PlacedHeavy;
use crate::gas::dispersion::Dispersion;
use crate::gas::hazard::toxic_load::History;
use crate::gas::line_receptor::path_mean;
use crate::gas::weather::Weather;

/// A path of light.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// One end: x, y in the grid's reference and height above ground, m.
    pub from: [f64; 3],
    /// The other end.
    pub to: [f64; 3],
}

/// What a path of light has seen.
#[derive(Debug, Clone, PartialEq)]
pub struct LineSeen {
    /// The path.
    pub line: Line,
    /// Mean along the path, ppm by volume, over time; the steady one where a plume stands.
    pub history: History,
}

impl Line {
    /// Length of the path, m.
    pub fn length(&self) -> f64 {
        let square = |axis: usize| (self.to[axis] - self.from[axis]).powi(2);
        (square(0) + square(1) + square(2)).sqrt()
    }

    /// Pieces of about a length, m, into which the path is cut, at most as many as given.
    pub fn panels(&self, length: f64, most: usize) -> usize {
        ((self.length() / length).ceil() as usize).clamp(8, most)
    }

    /// The points at which the path is looked at, in the order in which [`Line::mean`] takes them.
    pub fn points(&self, panels: usize) -> Vec<[f64; 3]> {
        let points = std::cell::RefCell::new(Vec::new());
        path_mean(self.from, self.to, panels, |x, y, z| {
            points.borrow_mut().push([x, y, z]);
            0.0
        });
        points.into_inner()
    }

    /// Mean along the path of values at [`Line::points`].
    pub fn mean(&self, panels: usize, values: &[f64]) -> f64 {
        let next = std::cell::Cell::new(0);
        path_mean(self.from, self.to, panels, |_, _, _| {
            let value = values.get(next.get()).copied().unwrap_or(0.0);
            next.set(next.get() + 1);
            value
        })
    }
}

/// Pieces of a path, m, and the most of them: the plume of a hole is a metre wide.
const PIECES: (f64, usize) = (0.5, 4000);

/// What each path sees of the heavy cloud that brings it most: the mean of the largest values along
/// it, which is the largest mean where the cloud stands and more than it where the cloud passes.
///
/// # Errors
/// None that a sound case has.
pub fn under_heavy(lines: &[Line], dispersion: &Dispersion) -> Result<Vec<LineSeen>> {
    let seen = lines.iter().map(|line| {
        let panels = line.panels(PIECES.0, PIECES.1);
        let mean = |(cloud, row): (&PlacedHeavy, &Weather)| {
            let at =
                |x: f64, y: f64, z: f64| cloud.largest(cloud.in_wind(x, y, dispersion.direction_known), z);
            dispersion.ppm_in(row, path_mean(line.from, line.to, panels, at))
        };
        let worst = dispersion.heavy.iter().zip(&dispersion.weather).map(mean).fold(0.0, f64::max);
        Ok(LineSeen { line: line.clone(), history: History::constant(worst, dispersion.release.duration)? })
    });
    seen.collect()
}

/// What each path sees of the plume that brings it most.
///
/// # Errors
/// None that a sound case has.
pub fn under_plumes(lines: &[Line], dispersion: &Dispersion) -> Result<Vec<LineSeen>> {
    let seen = lines.iter().map(|line| {
        let panels = line.panels(PIECES.0, PIECES.1);
        let mean = |row: usize| {
            let (plume, calm) = (dispersion.plume_of(row), dispersion.calm_of(row));
            let at = |x: f64, y: f64, z: f64| {
                let of_plume = plume.map_or(0.0, |placed| {
                    let axis = |along: f64| placed.plume.height_at(along);
                    placed.concentration_at(Vector2::new(x, y), z, dispersion.direction_known, &axis)
                });
                // In weak wind the largest of all times.
                calm.map_or(of_plume, |cloud| {
                    let place = cloud.in_wind(x, y, dispersion.direction_known);
                    cloud.largest(place, z).0.max(of_plume)
                })
            };
            dispersion.ppm_in(&dispersion.weather[row], path_mean(line.from, line.to, panels, at))
        };
        let worst = (0..dispersion.plumes.len()).map(mean).fold(0.0, f64::max);
        Ok(LineSeen { line: line.clone(), history: History::constant(worst, dispersion.release.duration)? })
    });
    seen.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_at_the_points_of_a_path_give_the_mean_of_the_function() {
        let line = Line { name: "gate".into(), from: [0.0, 0.0, 1.0], to: [30.0, 40.0, 1.0] };
        assert_eq!(line.length(), 50.0);
        let value = |point: &[f64; 3]| point[0] * point[0] + point[1];
        let values: Vec<f64> = line.points(8).iter().map(value).collect();
        // Mean of (30 s)² + 40 s for s from 0 to 1: 300 + 20.
        assert!((line.mean(8, &values) - 320.0).abs() < 1e-9);
    }
}
