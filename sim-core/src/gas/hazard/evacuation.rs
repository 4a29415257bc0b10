//! The evacuation radius and the area to clear.

use std::f64::consts::PI;

use geo::Scale;
use geo_types::{Coord, MultiPolygon, Polygon};
use nalgebra::Vector2;

use crate::gas::hazard::zones::{self, Zone};

/// Corners of a circle on a map.
const CORNERS: usize = 180;

/// The radius is rounded up to a whole multiple of this, m.
pub const ROUNDING: f64 = 10.0;

/// Whom to move.
#[derive(Debug, Clone, PartialEq)]
pub struct Evacuation {
    /// Greatest distance over all levels, by plume or on the axis of the jet, m.
    pub radius: f64,
    /// Greatest distance on the axis of the jet over all levels, m; zero where the exit is unknown.
    pub jet_reach: f64,
    /// Area to clear in the grid's reference: a circle, or the wedges and the jet's circle.
    pub area: MultiPolygon<f64>,
    /// True where the direction of the wind is not known, so that the area is a circle.
    pub is_circle: bool,
    /// True where some distance is only known to be at least so far.
    pub is_cut: bool,
}

impl Evacuation {
    /// The radius rounded up for a message, m.
    pub fn rounded_radius(&self) -> f64 {
        (self.radius / ROUNDING).ceil() * ROUNDING
    }
}

/// The area to clear around a source.
///
/// The radius is the greatest distance at which any level of the case may be
/// met. A jet can point anywhere, also against the wind, so its reach is a circle
/// in every case. With a known direction the plume's part is the wedge of the
/// wind's spread, stretched where the jet carries gas above a level to its end;
/// otherwise the circle.
pub fn evacuation(zones: &[Zone], x: f64, y: f64, direction_known: bool) -> Evacuation {
    let radius = zones.iter().map(Zone::reach).fold(0.0, f64::max);
    let jet_reach = zones.iter().filter_map(|zone| zone.jet_reach).fold(0.0, f64::max);
    let mut parts: Vec<Polygon<f64>> = Vec::new();
    if direction_known {
        parts.extend(zones.iter().flat_map(|zone| stretched(zone, x, y)));
        parts.extend((jet_reach > 0.0).then(|| circle(x, y, jet_reach)));
    } else if radius > 0.0 {
        parts.push(circle(x, y, radius));
    }
    Evacuation {
        radius,
        jet_reach,
        area: zones::union(&parts),
        is_circle: !direction_known,
        is_cut: zones.iter().any(|zone| zone.is_cut),
    }
}

/// The wedge of a zone, stretched away from the source by what the jet adds to its reach.
fn stretched(zone: &Zone, x: f64, y: f64) -> Vec<Polygon<f64>> {
    let factor = if zone.distance > 0.0 { 1.0 + zone.jet_carry / zone.distance } else { 1.0 };
    let origin = Coord { x, y };
    zone.wedge.iter().map(|wedge| wedge.scale_around_point(factor, factor, origin)).collect()
}

/// A circle drawn around, not inside, its true outline.
fn circle(x: f64, y: f64, radius: f64) -> Polygon<f64> {
    let drawn = radius / (PI / CORNERS as f64).cos();
    zones::polygon((0..=CORNERS).map(|i| {
        let angle = 2.0 * PI * (i % CORNERS) as f64 / CORNERS as f64;
        Vector2::new(x + drawn * angle.cos(), y + drawn * angle.sin())
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Area;

    #[test]
    fn the_drawn_circle_is_nowhere_inside_the_radius() {
        let drawn = circle(10.0, -5.0, 300.0);
        for line in drawn.exterior().lines() {
            let (x, y) = (0.5 * (line.start.x + line.end.x) - 10.0, 0.5 * (line.start.y + line.end.y) + 5.0);
            assert!(x.hypot(y) >= 300.0 * (1.0 - 1e-12));
        }
        assert!(drawn.signed_area() / (PI * 9e4) - 1.0 < 1e-3 && drawn.signed_area() > 0.0);
    }

    #[test]
    fn no_zone_means_no_area() {
        let none = evacuation(&[], 0.0, 0.0, false);
        assert_eq!((none.radius, none.area.0.len()), (0.0, 0));
    }
}
