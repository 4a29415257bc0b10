//! Distances of guidebooks and company rules that stand beside the model's.

use geo_types::{MultiPolygon, Polygon};
use nalgebra::Vector2;

use crate::error::{Problems, Result};
use crate::gas::dispersion::Dispersion;
use crate::gas::hazard::user_distance::UserDistance;
use crate::gas::hazard::zones::{circle, polygon, union};

/// Distances that somebody publishes for such a release.
#[derive(Debug, Clone, PartialEq)]
pub struct Preset {
    /// Name of the rule.
    pub name: String,
    /// Edition or year.
    pub edition: String,
    /// Book, page or row.
    pub source: String,
    /// First isolation in all directions, m.
    pub isolate: Option<f64>,
    /// Protection downwind, m.
    pub protect: Option<f64>,
}

impl Preset {
    /// # Errors
    /// E4513 for a distance without name, edition or source, or one that cannot be.
    pub fn check(&self) -> Result<()> {
        let distance = |distance: f64| {
            let Self { name, edition, source, .. } = self.clone();
            UserDistance { name, edition, source, distance }.check()
        };
        let mut problems = Vec::new();
        for given in [self.isolate, self.protect].into_iter().flatten() {
            problems.extend(distance(given).err().map(|found| found.0).unwrap_or_default());
        }
        problems.dedup_by(|a, b| a.text == b.text);
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }
}

/// Area of the first isolation: a circle.
pub fn isolation(dispersion: &Dispersion, distance: f64) -> MultiPolygon<f64> {
    MultiPolygon::new(vec![circle(source(dispersion), distance)])
}

/// Area of the protection downwind: a square of the side of the distance in the wind of every row,
/// as the guidebooks draw it; a circle where the direction is not known.
pub fn protection(dispersion: &Dispersion, distance: f64) -> MultiPolygon<f64> {
    if !dispersion.direction_holds() {
        return isolation(dispersion, distance);
    }
    let squares: Vec<Polygon<f64>> = dispersion
        .weather
        .iter()
        .map(|row| {
            let (sine, cosine) = row.heading().sin_cos();
            let (along, across) =
                (Vector2::new(cosine, sine) * distance, Vector2::new(-sine, cosine) * (0.5 * distance));
            let from = source(dispersion);
            polygon(
                [from - across, from + along - across, from + along + across, from + across, from - across]
                    .into_iter(),
            )
        })
        .collect();
    union(&squares)
}

fn source(dispersion: &Dispersion) -> Vector2<f64> {
    Vector2::new(dispersion.release.x, dispersion.release.y)
}
