//! The evacuation radius and the area to clear.

use geo::Buffer;
use geo::algorithm::buffer::{BufferStyle, LineJoin};
use geo_types::{MultiPolygon, Polygon};
use nalgebra::Vector2;

use crate::gas::hazard::zones::{self, Zone, circle};

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
/// wind's spread at whatever height the level is met; where the jet carries gas
/// above a level to its end, the plume may begin anywhere on that circle, and the
/// wedge is widened by its radius on all sides. Otherwise the area is the circle.
pub fn evacuation(zones: &[Zone], x: f64, y: f64, direction_known: bool) -> Evacuation {
    let radius = zones.iter().map(Zone::reach).fold(0.0, f64::max);
    let jet_reach = zones.iter().filter_map(|zone| zone.jet_reach).fold(0.0, f64::max);
    let mut parts: Vec<Polygon<f64>> = Vec::new();
    if direction_known {
        parts.extend(zones.iter().flat_map(widened));
        parts.extend((jet_reach > 0.0).then(|| circle(Vector2::new(x, y), jet_reach)));
    } else if radius > 0.0 {
        parts.push(circle(Vector2::new(x, y), radius));
    }
    Evacuation {
        radius,
        jet_reach,
        area: zones::union(&parts),
        is_circle: !direction_known,
        is_cut: zones.iter().any(|zone| zone.is_cut),
    }
}

/// Angle between the corners of a rounded edge, rad: its chords lie within 0.1 % of the arc.
const ROUNDED: f64 = 0.05;

/// The area that a zone may sweep, with all places to which the jet may carry its beginning.
fn widened(zone: &Zone) -> MultiPolygon<f64> {
    if zone.jet_carry <= 0.0 {
        return zone.clearing.clone();
    }
    let style = BufferStyle::new(zone.jet_carry).line_join(LineJoin::Round(ROUNDED));
    zone.clearing.buffer_with_style(style)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    use crate::gas::hazard::levels::level;
    use crate::gas::plume::Plume;
    use crate::gas::source::known_rate;
    use crate::gas::substance::find;
    use crate::gas::sweep::Placed;
    use crate::gas::weather::tests::neutral;
    use geo::{Area, Contains};
    use geo_types::Point;

    /// A zone of hydrogen in a west wind from the origin, and its plume.
    fn zone(jet_carry: f64) -> (Zone, Placed) {
        let release = known_rate::release((0.0, 0.0), 0.0, 1.0, 600.0);
        let gas = find("hydrogen").expect("in the table");
        let placed = Placed::new(Plume::new(&release, gas, &neutral(3.0), 1.5, 600.0), 0.0, 0.0, 0.0);
        let limit = level(gas, "20% LEL").expect("it burns");
        let threshold = crate::units::mass_concentration(limit.fraction, 0.00201588, 288.15, 101_325.0);
        let zone = zones::zone(&limit, std::slice::from_ref(&placed), &[threshold], &[0.05]);
        (Zone { jet_carry, jet_reach: (jet_carry > 0.0).then_some(jet_carry), ..zone }, placed)
    }

    #[test]
    fn the_drawn_circle_is_nowhere_inside_the_radius() {
        let drawn = circle(Vector2::new(10.0, -5.0), 300.0);
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

    #[test]
    fn a_plume_that_begins_at_the_end_of_a_jet_lies_in_the_area_whichever_way_the_jet_points() {
        let (zone, placed) = zone(100.0);
        let plan = evacuation(std::slice::from_ref(&zone), 0.0, 0.0, true);
        for degrees in (0..360).step_by(15) {
            let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
            for distance in [0.5, 0.9, 0.98] {
                let axis = placed.on_grid(distance * zone.any_height, 0.0);
                let met = Point::new(axis.x + 99.8 * cos, axis.y + 99.8 * sin);
                assert!(plan.area.contains(&met), "{degrees} {distance}");
            }
        }
    }

    #[test]
    fn the_area_reaches_as_far_as_the_radius_and_no_farther() {
        for carry in [0.0, 100.0] {
            let (zone, _) = zone(carry);
            let plan = evacuation(&[zone], 0.0, 0.0, true);
            let corners = plan.area.iter().flat_map(|polygon| polygon.exterior().points());
            let farthest = corners.map(|at| at.x().hypot(at.y())).fold(0.0, f64::max);
            assert!((farthest / plan.radius - 1.0).abs() < 0.01, "{carry} {farthest} {}", plan.radius);
        }
    }
}
