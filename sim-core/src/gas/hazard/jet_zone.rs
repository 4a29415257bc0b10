//! The zone of a jet up to where a plume or puffs take over.

use std::f64::consts::{PI, TAU};

use geo::{Area, ConvexHull};
use geo_types::{Coord, MultiPoint, MultiPolygon, Point, Polygon};
use nalgebra::{Rotation2, Vector2};

use crate::gas::hazard::levels::Level;
use crate::gas::hazard::zones::{Zone, circle, union};
use crate::gas::jet::Lead;
use crate::gas::sweep::Placed;

/// Corners of a disc.
const CORNERS: usize = 36;

/// Angle between the places of a disc that the wind swings about the hole, rad (5 degrees).
const SWING: f64 = 5.0 * PI / 180.0;

/// The zone of the jet that a plume begins at the end of; nowhere for a plume from a hole.
///
/// Every cross-section is a disc on the map, at the height of the receptors or at any height. A
/// jet that goes with the wind swings with it; one that blows to a point of the compass stays, and the
/// plume behind it swings about the place where it begins.
///
/// # Units
/// - `threshold`: kg/m³; `spread`: of the wind, rad to either side
///
/// # Example
/// See [`Lead`]: a plume placed by [`Placed::after`] has its jet's zone joined to its own.
pub fn zone(level: &Level, placed: &Placed, threshold: f64, spread: f64) -> Zone {
    let nowhere = Zone::nowhere(level, threshold);
    let Some(lead) = &placed.lead else { return nowhere };
    let height = placed.plume.receptor_height;
    let (here, anywhere) = (lead.discs(threshold, Some(height)), lead.discs(threshold, None));
    let reach = |discs: &[([f64; 2], f64)]| {
        discs.iter().map(|(place, radius)| place[0].hypot(place[1]) + radius).fold(0.0, f64::max)
    };
    let swing = if lead.turns_with_the_wind { spread } else { 0.0 };
    let shape = |discs: &[([f64; 2], f64)], swing: f64| {
        if swing >= PI && !discs.is_empty() {
            return MultiPolygon::new(vec![circle(placed.hole(), reach(discs))]);
        }
        union(&hulls(placed, lead, discs, swing))
    };
    let outline = shape(&here, 0.0);
    // Nothing is carried on where the jet has thinned it below the level.
    let stays = lead.turns_with_the_wind || lead.concentration < threshold;
    let carry = if stays { 0.0 } else { 2.0 * (0.5 * spread.min(PI)).sin() };
    Zone {
        wedge: shape(&here, swing),
        clearing: shape(&anywhere, swing),
        distance: reach(&here),
        any_height: reach(&anywhere),
        width: 2.0 * here.iter().map(|disc| disc.1).fold(0.0, f64::max),
        area: outline.unsigned_area(),
        arrival: 0.0,
        jet_reach: Some(reach(&anywhere)),
        jet_carry: carry * placed.offset().norm(),
        outline,
        ..nowhere
    }
}

/// Discs joined to their neighbours, each swung to both sides.
fn hulls(placed: &Placed, lead: &Lead, discs: &[([f64; 2], f64)], swing: f64) -> Vec<Polygon<f64>> {
    let [x, y, _] = lead.begin.place;
    let steps = (swing / SWING).ceil() as i32;
    let points = |&([along, across], radius): &([f64; 2], f64)| {
        let mut points = Vec::new();
        for step in -steps..=steps {
            let turn =
                Rotation2::new(if steps > 0 { swing * f64::from(step) / f64::from(steps) } else { 0.0 });
            let middle = turn * Vector2::new(along, across);
            // Circumscribed, as are all discs on a map.
            let drawn = radius / (PI / CORNERS as f64).cos();
            points.extend((0..CORNERS).map(|corner| {
                let angle = TAU * corner as f64 / CORNERS as f64;
                let at = middle + drawn * Vector2::new(angle.cos(), angle.sin());
                let place = placed.on_grid(at.x - x, at.y - y);
                Point::from(Coord { x: place.x, y: place.y })
            }));
        }
        points
    };
    let hull =
        |pair: &[([f64; 2], f64)]| MultiPoint::new(pair.iter().flat_map(points).collect()).convex_hull();
    match discs {
        [] => Vec::new(),
        [one] => vec![hull(std::slice::from_ref(one))],
        many => many.windows(2).map(hull).collect(),
    }
}
