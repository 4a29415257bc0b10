//! Threat zones of heavy clouds: from the model's sections, not from the cells of a grid.

use std::f64::consts::PI;

use geo::Area;
use geo_types::{MultiPolygon, Polygon};
use nalgebra::Vector2;

use crate::gas::dense::PlacedHeavy;
use crate::gas::hazard::levels::{Level, LevelKind};
use crate::gas::hazard::zones::{Zone, circle, polygon};

/// Halvings of the interval in which the edge of a zone lies.
const HALVINGS: usize = 40;

/// Places between two sections of the cloud at which its width is looked for.
const BETWEEN: usize = 4;

/// Places between the last one where a level is met and the edge, as shares of the way: the tip is round.
const TOWARDS_THE_EDGE: [f64; 6] = [0.3, 0.55, 0.75, 0.88, 0.95, 0.99];

/// What a level is held against at a point, kg/m³: the largest average, or for a load the steady
/// concentration that gives it while the release lasts.
fn felt(cloud: &PlacedHeavy, level: &Level, at: Vector2<f64>) -> f64 {
    match level.kind {
        LevelKind::Load { exponent, .. } => cloud.steady_of_load(at, cloud.receptor_height, exponent),
        LevelKind::Toxic { .. } | LevelKind::Flammable { .. } => cloud.largest(at, cloud.receptor_height),
    }
}

/// Half width at a distance, m; zero where the level is not met on the axis.
fn half_width(cloud: &PlacedHeavy, level: &Level, threshold: f64, x: f64) -> f64 {
    let meets = |y: f64| felt(cloud, level, Vector2::new(x, y)) >= threshold;
    if !meets(0.0) {
        return 0.0;
    }
    let mut outside = 1.0;
    while meets(outside) {
        outside *= 2.0;
    }
    let mut inside = 0.0;
    for _ in 0..HALVINGS {
        let middle = 0.5 * (inside + outside);
        if meets(middle) { inside = middle } else { outside = middle }
    }
    inside
}

/// The edge on the axis between a distance where a level is met and one where it is not.
fn edge(cloud: &PlacedHeavy, level: &Level, threshold: f64, (met, not): (f64, f64)) -> f64 {
    let (mut inside, mut outside) = (met, not);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (inside + outside);
        let meets = felt(cloud, level, Vector2::new(middle, 0.0)) >= threshold;
        if meets { inside = middle } else { outside = middle }
    }
    inside
}

/// One side of a zone: distance and half width, from the edge upwind to the one downwind, m;
/// empty where the level is nowhere met. The flag tells that it goes on beyond the last section.
fn side(cloud: &PlacedHeavy, level: &Level, threshold: f64) -> (Vec<(f64, f64)>, bool) {
    let mut sections: Vec<f64> = cloud.cloud.stations().map(|station| station.x).collect();
    // A puff that slumps around its source has its edge upwind of it.
    let back = cloud.cloud.stations().map(|station| station.x - station.half_length);
    sections.push(back.fold(f64::INFINITY, f64::min));
    sections.retain(|x| x.is_finite());
    sections.sort_by(f64::total_cmp);
    sections.dedup_by(|after, before| *after - *before < 1e-6);
    let finer = sections.windows(2).flat_map(|pair| {
        (0..BETWEEN).map(move |i| pair[0] + (pair[1] - pair[0]) * i as f64 / BETWEEN as f64)
    });
    let places: Vec<f64> = finer.chain(sections.last().copied()).collect();
    let widths: Vec<f64> = places.iter().map(|&x| half_width(cloud, level, threshold, x)).collect();
    let Some(first) = widths.iter().position(|&width| width > 0.0) else { return (Vec::new(), false) };
    let last = widths.iter().rposition(|&width| width > 0.0).unwrap_or(first);
    let mut side = Vec::with_capacity(last - first + 3);
    let half = |x: f64| (x, half_width(cloud, level, threshold, x));
    if first > 0 {
        let end = edge(cloud, level, threshold, (places[first], places[first - 1]));
        side.push((end, 0.0));
        let way = places[first] - end;
        side.extend(TOWARDS_THE_EDGE.iter().rev().map(|share| half(places[first] - share * way)));
    }
    side.extend((first..=last).map(|i| (places[i], widths[i])));
    let goes_on = last + 1 == places.len();
    if !goes_on {
        let end = edge(cloud, level, threshold, (places[last], places[last + 1]));
        side.extend(TOWARDS_THE_EDGE.iter().map(|share| half(places[last] + share * (end - places[last]))));
        side.push((end, 0.0));
    }
    (side, goes_on)
}

/// The outline of a side and its image.
fn outline(cloud: &PlacedHeavy, side: &[(f64, f64)]) -> Polygon<f64> {
    let right = side.iter().map(|&(x, y)| (x, -y));
    let left = side.iter().rev().map(|&(x, y)| (x, y));
    let ring = right.chain(left);
    polygon(ring.chain(side.first().map(|&(x, y)| (x, -y))).map(|(x, y)| cloud.on_grid(x, y)))
}

/// A zone swept over the wind's spread, with all ground between it and the source.
///
/// At the distance r of a point of the outline the swept zone reaches to the greatest angle off the
/// wind that the outline has at r or farther, and the spread.
pub(super) fn swept(cloud: &PlacedHeavy, side: &[(f64, f64)], spread: f64) -> Option<Polygon<f64>> {
    let mut polar: Vec<(f64, f64)> = side.iter().map(|&(x, y)| (x.hypot(y), y.atan2(x))).collect();
    polar.sort_by(|a, b| b.0.total_cmp(&a.0));
    let reach = polar.first()?.0;
    if spread >= PI {
        return Some(circle(cloud.source, reach));
    }
    let mut widest = 0.0_f64;
    let edge: Vec<(f64, f64)> = polar
        .into_iter()
        .map(|(radius, angle)| {
            widest = widest.max(angle + spread).min(PI);
            (radius, widest)
        })
        .collect();
    let tip = edge[0].1;
    // Circumscribed, so that no chord of the arc cuts into the zone.
    let arcs = ((2.0 * tip).to_degrees().ceil() as usize).max(2);
    let bulge = 1.0 / (tip / arcs as f64).cos();
    let at = |radius: f64, angle: f64| cloud.on_grid(radius * angle.cos(), radius * angle.sin());
    let arc = (0..=arcs).map(|i| at(reach * bulge, tip * (2.0 * i as f64 / arcs as f64 - 1.0)));
    let left = edge.iter().map(|&(radius, angle)| at(radius, angle));
    let right = edge.iter().rev().map(|&(radius, angle)| at(radius, -angle));
    // Where the zone does not close around the source, the source is its corner.
    let corner = (widest < PI).then_some(cloud.source);
    Some(polygon(arc.chain(left).chain(corner).chain(right)))
}

/// The zone of a level in a heavy cloud.
///
/// # Units
/// - `threshold`: the level as kg/m³ in this air; `spread`: of the wind, rad to either side, π where
///   its direction is not known
pub fn zone(level: &Level, cloud: &PlacedHeavy, threshold: f64, spread: f64) -> Zone {
    let direction_known = spread < PI;
    let (at_receptors, is_cut) = side(cloud, level, threshold);
    let mut zone = Zone::nowhere(level, threshold);
    zone.is_cut = is_cut;
    let mut heights = vec![0.0];
    if let crate::gas::dense::integral::Kind::HorizontalJet { height, .. } = cloud.cloud.release.kind {
        heights.push(height);
    }
    let mut everywhere = vec![at_receptors.clone()];
    for height in heights.into_iter().filter(|&height| height != cloud.receptor_height) {
        let (side, goes_on) = side(&cloud.at_height(height), level, threshold);
        zone.is_cut |= goes_on;
        everywhere.push(side);
    }
    let reach = |side: &[(f64, f64)]| side.iter().map(|&(x, y)| x.hypot(y)).fold(0.0, f64::max);
    zone.any_height = everywhere.iter().map(|side| reach(side)).fold(0.0, f64::max);
    let clearings: Vec<Polygon<f64>> =
        everywhere.iter().filter_map(|side| swept(cloud, side, spread)).collect();
    zone.clearing = super::zones::union(&clearings);
    let (Some(&(far, _)), Some(wedge)) = (at_receptors.last(), swept(cloud, &at_receptors, spread)) else {
        return zone;
    };
    let drawn = if direction_known { outline(cloud, &at_receptors) } else { wedge.clone() };
    zone.distance = reach(&at_receptors);
    zone.width = 2.0 * at_receptors.iter().map(|&(_, y)| y).fold(0.0, f64::max);
    zone.area = drawn.unsigned_area();
    zone.arrival = cloud.cloud.arrival(far).unwrap_or(f64::NAN);
    zone.outline = MultiPolygon::new(vec![drawn]);
    zone.wedge = MultiPolygon::new(vec![wedge]);
    zone
}
