//! From where to come near a leak: against the wind.

use std::f64::consts::PI;

use geo_types::{MultiPolygon, Polygon};
use nalgebra::Vector2;

use crate::gas::dispersion::Dispersion;
use crate::gas::hazard::zones::polygon;
use crate::gas::weather::compass_point;

/// Bearings that lie upwind of the source in every weather row.
#[derive(Debug, Clone, PartialEq)]
pub struct Sector {
    /// Middle of the sector, degrees clockwise from north, as seen from the source.
    pub middle_deg: f64,
    /// Half its angle, degrees.
    pub half_angle_deg: f64,
    /// The area in the grid's reference: from the edge of the area to clear outwards.
    pub area: MultiPolygon<f64>,
}

impl Sector {
    /// The point of the compass of its middle.
    pub fn compass(&self) -> &'static str {
        compass_point(self.middle_deg)
    }
}

/// Bearings that are looked at.
const BEARINGS: usize = 360;

/// Narrowest sector that is worth naming, degrees.
const NARROWEST: f64 = 20.0;

/// Shortest way that is drawn, m.
const SHORTEST: f64 = 50.0;

/// The sector from which it is safe to approach; nothing where there is none or the wind is not known.
///
/// A bearing counts as safe where it lies on the upwind side, at least a right angle from where
/// the wind blows to, in every weather row, and the spread of the wind besides. This rule is the
/// engine's own; it makes exact what guidebooks say in words, to come from upwind and, where that
/// cannot be, from the side. The sector begins where the area to clear ends.
pub fn sector(dispersion: &Dispersion) -> Option<Sector> {
    if !dispersion.direction_holds() {
        return None;
    }
    let away = |a: f64, b: f64| {
        let turn = (a - b).rem_euclid(2.0 * PI);
        turn.min(2.0 * PI - turn)
    };
    let bearing = |i: usize| 2.0 * PI * (i % BEARINGS) as f64 / BEARINGS as f64;
    let is_safe = |i: usize| {
        dispersion.weather.iter().all(|row| {
            away(bearing(i), row.heading()) >= 0.5 * PI + row.direction_spread_deg.to_radians() - 1e-9
        })
    };
    let run = |from: usize| (0..BEARINGS).take_while(|&step| is_safe(from + step)).count();
    let (count, from) =
        (0..BEARINGS).map(|from| (run(from), from)).max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)))?;
    let width = count.saturating_sub(1) as f64 * 360.0 / BEARINGS as f64;
    if width < NARROWEST {
        return None;
    }
    let (first, last) = (bearing(from), bearing(from) + width.to_radians());
    let middle = 0.5 * (first + last);
    Some(Sector {
        // From east anticlockwise to north clockwise.
        middle_deg: (90.0 - middle.to_degrees()).rem_euclid(360.0),
        half_angle_deg: 0.5 * width,
        area: MultiPolygon::new(vec![ring(dispersion, first, last)]),
    })
}

/// The part of a ring around the source between two bearings.
fn ring(dispersion: &Dispersion, first: f64, last: f64) -> Polygon<f64> {
    /// Corners of each arc.
    const CORNERS: usize = 60;
    let source = Vector2::new(dispersion.release.x, dispersion.release.y);
    let plan = &dispersion.evacuation;
    // Upwind the area to clear ends with the reach of the jet.
    let inner = plan.jet_reach.max(1.0);
    let outer = inner + plan.radius.max(SHORTEST);
    let at = |radius: f64, step: usize| {
        let (sine, cosine) = (first + (last - first) * step as f64 / CORNERS as f64).sin_cos();
        source + radius * Vector2::new(cosine, sine)
    };
    let outwards = (0..=CORNERS).map(|step| at(outer, step));
    let back = (0..=CORNERS).rev().map(|step| at(inner, step));
    polygon(outwards.chain(back).chain(std::iter::once(at(outer, 0))))
}
