//! Threat zones: where a level of concern is exceeded.
//!
//! Zones are found from the formula, not from the cells of the grid: distances
//! are roots of the concentration on the axis, outlines are isopleths. So a zone
//! smaller than a cell is right too, and one that leaves the grid is whole.

use std::f64::consts::PI;

use geo::orient::{Direction, Orient};
use geo::{Area, unary_union};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use nalgebra::Vector2;

use crate::gas::hazard::jet_zone;
use crate::gas::hazard::levels::Level;
use crate::gas::plume::Plume;
use crate::gas::sweep::Placed;

/// Farthest distance that is searched, m: ten times as far as the coefficients were published for.
pub const FARTHEST: f64 = 100_000.0;

/// Nearest distance that is searched, m.
const NEAREST: f64 = 0.01;

/// Distances searched per factor of ten.
const PER_DECADE: usize = 100;

/// Points on each side of an outline.
const SIDE_POINTS: usize = 200;

/// Steps of the numerical area and width; the rule converges faster than any power of them.
const AREA_STEPS: usize = 2000;

/// The part of the axis where a concentration is exceeded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// Nearest distance, m.
    pub near: f64,
    /// Greatest distance, m.
    pub far: f64,
    /// True where the search ended before the concentration fell below the threshold.
    pub is_cut: bool,
}

/// Where on the axis, at the receptors' height, a concentration is exceeded.
///
/// # Units
/// - `threshold`: kg/m³; distances in m
pub fn extent(plume: &Plume, threshold: f64) -> Option<Extent> {
    let decades = (FARTHEST / NEAREST).log10();
    let count = (decades * PER_DECADE as f64).round() as usize;
    let distance = |i: usize| NEAREST * 10_f64.powf(decades * i as f64 / count as f64);
    let exceeds = |x: f64| plume.on_axis(x) >= threshold;
    let first = (0..=count).find(|&i| exceeds(distance(i)));
    let Some(first) = first else {
        return peak_between(plume, threshold, &distance, count);
    };
    let last = (first..=count).rev().find(|&i| exceeds(distance(i))).unwrap_or(first);
    let near =
        if first == 0 { 0.0 } else { crossing(plume, threshold, distance(first), distance(first - 1)) };
    let is_cut = last == count;
    let far = if is_cut { FARTHEST } else { crossing(plume, threshold, distance(last), distance(last + 1)) };
    Some(Extent { near, far, is_cut })
}

/// A peak so narrow that it lies between two searched distances.
fn peak_between(
    plume: &Plume,
    threshold: f64,
    distance: &dyn Fn(usize) -> f64,
    count: usize,
) -> Option<Extent> {
    let value = |i: &usize| plume.on_axis(distance(*i));
    let top = (1..count).max_by(|a, b| value(a).total_cmp(&value(b)))?;
    let (mut low, mut high) = (distance(top - 1), distance(top + 1));
    // Golden sections: 60 shrink the interval by 1e-12.
    let golden = 0.5 * (5.0_f64.sqrt() - 1.0);
    for _ in 0..60 {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if plume.on_axis(left) < plume.on_axis(right) { low = left } else { high = right }
    }
    let peak = 0.5 * (low + high);
    (plume.on_axis(peak) >= threshold).then(|| Extent {
        near: crossing(plume, threshold, peak, distance(top - 1)),
        far: crossing(plume, threshold, peak, distance(top + 1)),
        is_cut: false,
    })
}

/// The distance between one that exceeds a threshold and one that does not, to rounding.
fn crossing(plume: &Plume, threshold: f64, above: f64, below: f64) -> f64 {
    let (mut above, mut below) = (above, below);
    for _ in 0..60 {
        let middle = 0.5 * (above + below);
        if plume.on_axis(middle) >= threshold { above = middle } else { below = middle }
    }
    0.5 * (above + below)
}

/// Distances from `near` to `far`, crowded at both ends, where an outline turns.
fn crowded(extent: Extent, i: usize, count: usize) -> f64 {
    extent.near + (extent.far - extent.near) * 0.5 * (1.0 - (PI * i as f64 / count as f64).cos())
}

/// Area above a threshold, m²: twice the integral of the half-width.
pub fn area(plume: &Plume, threshold: f64, extent: Extent) -> f64 {
    let span = extent.far - extent.near;
    let step = PI / AREA_STEPS as f64;
    // Trapezium rule in the angle of `crowded`; the ends contribute nothing.
    let sum: f64 = (1..AREA_STEPS)
        .map(|i| {
            let slope = 0.5 * span * (step * i as f64).sin();
            plume.half_width(crowded(extent, i, AREA_STEPS), threshold) * slope
        })
        .sum();
    2.0 * sum * step
}

/// Greatest width above a threshold, m.
pub fn width(plume: &Plume, threshold: f64, extent: Extent) -> f64 {
    let half = (0..=AREA_STEPS).map(|i| plume.half_width(crowded(extent, i, AREA_STEPS), threshold));
    2.0 * half.fold(0.0, f64::max)
}

/// Outline of one side of a zone: distance and half-width, from near to far, m.
pub fn side(plume: &Plume, threshold: f64, extent: Extent) -> Vec<(f64, f64)> {
    let inner = (1..SIDE_POINTS).map(|i| {
        let x = crowded(extent, i, SIDE_POINTS);
        (x, plume.half_width(x, threshold))
    });
    std::iter::once((extent.near, 0.0)).chain(inner).chain(std::iter::once((extent.far, 0.0))).collect()
}

/// Outline of a zone in the grid's reference.
pub fn outline(placed: &Placed, threshold: f64, extent: Extent) -> Polygon<f64> {
    let side = side(&placed.plume, threshold, extent);
    let right = side.iter().map(|&(x, y)| (x, -y));
    let left = side.iter().rev().skip(1).map(|&(x, y)| (x, y));
    polygon(right.chain(left).map(|(x, y)| placed.on_grid(x, y)))
}

/// A zone swept over the wind's spread to both sides, in the grid's reference.
///
/// At every distance r from the source the zone reaches to an angle φ(r) off the
/// axis; turned by the spread it reaches to φ(r) + spread. The area between
/// source and zone is included.
///
/// # Units
/// - `spread`: radians to either side
pub fn swept(placed: &Placed, threshold: f64, extent: Extent, spread: f64) -> Polygon<f64> {
    let polar: Vec<(f64, f64)> =
        side(&placed.plume, threshold, extent).iter().map(|&(x, y)| polar(placed, x, y)).collect();
    let reach = polar.iter().map(|point| point.0).fold(0.0, f64::max);
    let radii: Vec<f64> = (1..=SIDE_POINTS).map(|i| reach * i as f64 / SIDE_POINTS as f64).collect();
    if spread >= PI {
        return circle(placed.hole(), reach);
    }
    let edge: Vec<(f64, f64)> =
        radii.iter().map(|&r| (r, (widest_angle(&polar, r) + spread).min(PI))).collect();
    let off = placed.offset();
    let at = |r: f64, angle: f64| placed.on_grid(r * angle.cos() - off.x, r * angle.sin() - off.y);
    let tip = edge.last().map_or(0.0, |point| point.1);
    // The arc at the greatest distance; circumscribed, so that no chord cuts into the zone.
    let arcs = ((2.0 * tip).to_degrees().ceil() as usize).max(2);
    let bulge = 1.0 / (tip / arcs as f64).cos();
    let right = edge.iter().map(|&(r, angle)| at(r, -angle));
    let arc = (0..=arcs).map(|i| at(reach * bulge, tip * (2.0 * i as f64 / arcs as f64 - 1.0)));
    let left = edge.iter().rev().map(|&(r, angle)| at(r, angle));
    let source = std::iter::once(placed.hole());
    polygon(source.chain(right).chain(arc).chain(left))
}

/// Distance from the hole and angle off the wind of a point beside the axis; a plume that begins beside
/// the wind's line through the hole is taken to lie on both sides of it.
fn polar(placed: &Placed, x: f64, y: f64) -> (f64, f64) {
    if placed.lead.is_none() {
        return (x.hypot(y), y.atan2(x.max(f64::MIN_POSITIVE)));
    }
    let (along, across) = (x + placed.offset().x, y + placed.offset().y.abs());
    (along.hypot(across), across.atan2(along))
}

/// Corners of a circle on a map.
const CORNERS: usize = 180;

/// A circle drawn around, not inside, its true outline.
pub(crate) fn circle(centre: Vector2<f64>, radius: f64) -> Polygon<f64> {
    let drawn = radius / (PI / CORNERS as f64).cos();
    polygon((0..=CORNERS).map(|i| {
        let angle = 2.0 * PI * (i % CORNERS) as f64 / CORNERS as f64;
        centre + drawn * Vector2::new(angle.cos(), angle.sin())
    }))
}

/// Greatest angle off the axis at which an outline crosses a radius, rad.
fn widest_angle(polar: &[(f64, f64)], radius: f64) -> f64 {
    let crossings = polar.windows(2).filter_map(|pair| {
        let ((r0, a0), (r1, a1)) = (pair[0], pair[1]);
        let crosses = (r0 <= radius) != (r1 <= radius);
        crosses.then(|| a0 + (a1 - a0) * (radius - r0) / (r1 - r0))
    });
    crossings.fold(0.0, f64::max)
}

pub(crate) fn polygon(points: impl Iterator<Item = Vector2<f64>>) -> Polygon<f64> {
    let mut ring: Vec<Coord<f64>> = points.map(|point| Coord { x: point.x, y: point.y }).collect();
    ring.dedup();
    Polygon::new(LineString::new(ring), Vec::new())
}

/// The union of outlines; one outline stays as it is.
///
/// All are turned the same way round first: where outlines of both ways overlap, the windings
/// would cancel, and the parts be lost.
pub fn union(polygons: &[Polygon<f64>]) -> MultiPolygon<f64> {
    match polygons {
        [one] => MultiPolygon::new(vec![one.clone()]),
        many => {
            let oriented: Vec<Polygon<f64>> =
                many.iter().map(|polygon| polygon.orient(Direction::Default)).collect();
            unary_union(&oriented)
        }
    }
}

/// The zone of one level over all weather rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// The level.
    pub level: Level,
    /// The level as a mass concentration, kg/m³: the lowest over the air of the weather rows.
    pub threshold: f64,
    /// Outline in the grid's reference; empty where the level is nowhere exceeded.
    pub outline: MultiPolygon<f64>,
    /// Outline swept over the spread of the wind.
    pub wedge: MultiPolygon<f64>,
    /// Outline swept over the spread of the wind, at whatever height the level is exceeded.
    pub clearing: MultiPolygon<f64>,
    /// Greatest downwind distance at the receptors' height, m.
    pub distance: f64,
    /// Greatest downwind distance at any height, m: at the ground, at the release, at the receptors, or
    /// on the axis of a plume that rises.
    ///
    /// A thin plume on the ground burns although nobody's nose is in it.
    pub any_height: f64,
    /// Greatest width across the wind, m.
    pub width: f64,
    /// Area, m².
    pub area: f64,
    /// Time for the wind to carry gas to the greatest distance, s; in calm and light air that by which
    /// half the level is there, as the edge has the whole of it only at the end.
    pub arrival: f64,
    /// Distance at which the free jet still has this concentration on its axis, m, where the exit is known.
    pub jet_reach: Option<f64>,
    /// How far the jet may carry gas above the level before the wind takes it, m; zero where the
    /// jet thins it below the level first.
    pub jet_carry: f64,
    /// How far gas may go if calm air drifts one way unseen, at [`LOWEST_WIND`](crate::gas::weather::LOWEST_WIND),
    /// m; zero where no air is calm.
    pub drift_reach: f64,
    /// True where the search for the distance ended before the level did: at least this far.
    pub is_cut: bool,
    /// Why the zone is not valid; empty where it is.
    pub doubts: Vec<String>,
}

impl Zone {
    /// True where no criterion speaks against it.
    pub fn is_valid(&self) -> bool {
        self.doubts.is_empty()
    }

    /// Greatest distance at which the level may be met, m: by the plume, which may
    /// begin where the jet ends, by calm air that drifts after all, or on the axis of the jet.
    pub fn reach(&self) -> f64 {
        let carried = self.any_height.max(self.distance).max(self.drift_reach);
        (carried + self.jet_carry).max(self.jet_reach.unwrap_or(0.0))
    }

    /// The zone of a level that is nowhere met.
    ///
    /// # Units
    /// - `threshold`: kg/m³
    pub fn nowhere(level: &Level, threshold: f64) -> Self {
        let nothing = || MultiPolygon::new(Vec::new());
        Self {
            level: level.clone(),
            threshold,
            outline: nothing(),
            wedge: nothing(),
            clearing: nothing(),
            distance: 0.0,
            any_height: 0.0,
            width: 0.0,
            area: 0.0,
            arrival: f64::NAN,
            drift_reach: 0.0,
            jet_reach: None,
            jet_carry: 0.0,
            is_cut: false,
            doubts: Vec::new(),
        }
    }

    /// This zone and another of the same level together: what either covers, the farther of both.
    #[must_use]
    pub fn with(self, other: &Self) -> Self {
        let join = |one: &MultiPolygon<f64>, two: &MultiPolygon<f64>| {
            union(&one.iter().chain(two).cloned().collect::<Vec<_>>())
        };
        let outline = join(&self.outline, &other.outline);
        Self {
            threshold: self.threshold.min(other.threshold),
            wedge: join(&self.wedge, &other.wedge),
            clearing: join(&self.clearing, &other.clearing),
            arrival: if other.distance > self.distance { other.arrival } else { self.arrival },
            distance: self.distance.max(other.distance),
            any_height: self.any_height.max(other.any_height),
            jet_carry: self.jet_carry.max(other.jet_carry),
            jet_reach: [self.jet_reach, other.jet_reach].into_iter().flatten().reduce(f64::max),
            width: self.width.max(other.width),
            area: outline.unsigned_area(),
            drift_reach: self.drift_reach.max(other.drift_reach),
            is_cut: self.is_cut || other.is_cut,
            outline,
            ..self
        }
    }
}

/// How far a plume reaches at whatever height, m, and whether the search ended before it did.
///
/// # Units
/// - `threshold`: kg/m³
pub fn reach_at_any_height(placed: &Placed, threshold: f64) -> (f64, bool) {
    at_every_height(placed, threshold)
        .iter()
        .fold((0.0, false), |(far, cut), (_, extent)| (extent.far.max(far), cut || extent.is_cut))
}

/// Height of the axis of a rising plume where it last exceeds a threshold, m; none for a plume that
/// does not rise or never exceeds it.
fn height_at_the_end_of_the_axis(plume: &Plume, threshold: f64) -> Option<f64> {
    plume.rise?;
    let decades = (FARTHEST / NEAREST).log10();
    let count = (decades * PER_DECADE as f64).round() as usize;
    let distance = |i: usize| NEAREST * 10_f64.powf(decades * i as f64 / count as f64);
    let exceeds = |x: f64| plume.concentration(x, 0.0, plume.height_at(x)) >= threshold;
    let last = (0..=count).rev().find(|&i| exceeds(distance(i)))?;
    let (mut above, mut below) = (distance(last), distance((last + 1).min(count)));
    for _ in 0..60 {
        let middle = 0.5 * (above + below);
        if exceeds(middle) { above = middle } else { below = middle }
    }
    Some(plume.height_at(above))
}

/// The plume at the ground, at the release, at the receptors and, where it rises, at the end of its
/// rise and of its axis, each where it exceeds a threshold.
fn at_every_height(placed: &Placed, threshold: f64) -> Vec<(Placed, Extent)> {
    let plume = &placed.plume;
    let mut heights = vec![0.0, plume.height, plume.height_at(f64::MAX), plume.receptor_height];
    heights.extend(height_at_the_end_of_the_axis(plume, threshold));
    heights.sort_by(f64::total_cmp);
    heights.dedup();
    let there = |&height: &f64| {
        let plume = plume.at_height(height);
        extent(&plume, threshold).map(|extent| (Placed { plume, ..placed.clone() }, extent))
    };
    heights.iter().filter_map(there).collect()
}

/// A level's zone over all plumes.
///
/// # Units
/// - `thresholds`: the level as kg/m³ in the air of each plume
/// - `spreads`: radians to either side, one per plume
pub fn zone(level: &Level, plumes: &[Placed], thresholds: &[f64], spreads: &[f64]) -> Zone {
    let rows = plumes
        .iter()
        .zip(thresholds)
        .zip(spreads)
        .map(|((placed, &threshold), &spread)| (placed, threshold, spread));
    let (mut outlines, mut wedges, mut clearings) = (Vec::new(), Vec::new(), Vec::new());
    let mut zone = Zone::nowhere(level, thresholds.iter().copied().fold(f64::INFINITY, f64::min));
    for (placed, threshold, spread) in rows {
        for extent_at in at_every_height(placed, threshold) {
            zone.any_height = zone.any_height.max(placed.from_hole(extent_at.1.far));
            zone.is_cut |= extent_at.1.is_cut;
            clearings.push(swept(&extent_at.0, threshold, extent_at.1, spread));
        }
        let Some(extent) = extent(&placed.plume, threshold) else { continue };
        if placed.from_hole(extent.far) > zone.distance {
            zone.distance = placed.from_hole(extent.far);
            zone.arrival = placed.arrival(extent.far);
        }
        zone.width = zone.width.max(width(&placed.plume, threshold, extent));
        outlines.push(outline(placed, threshold, extent));
        wedges.push(swept(placed, threshold, extent, spread));
        zone.area = area(&placed.plume, threshold, extent);
    }
    zone.clearing = union(&clearings);
    if !outlines.is_empty() {
        zone.outline = union(&outlines);
        zone.wedge = union(&wedges);
    }
    if outlines.len() > 1 {
        zone.area = zone.outline.unsigned_area();
    }
    let jets = plumes.iter().zip(thresholds).zip(spreads);
    jets.fold(zone, |zone, ((placed, &threshold), &spread)| match &placed.lead {
        Some(_) => zone.with(&jet_zone::zone(level, placed, threshold, spread)),
        None => zone,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::hazard::levels::level;
    use crate::gas::plume_rise::Exit;
    use crate::gas::source::{Release, known_rate};
    use crate::gas::substance::find;
    use crate::gas::weather::tests::neutral;
    use crate::gas::weather::{Stability, Weather};
    use geo::{Contains, Intersects};
    use geo_types::Point;

    #[test]
    fn a_rising_plume_reaches_at_any_height_as_far_as_its_axis() {
        let exit = Exit { diameter: 2.0, velocity: 15.0, temperature: 423.15, molar_mass: 0.029 };
        let release = Release { stack: Some(exit), ..known_rate::release((0.0, 0.0), 40.0, 10.0, 1200.0) };
        let plume = Plume::new(&release, find("CO").expect("in the table"), &neutral(3.0), 1.5, 600.0);
        let placed = Placed::new(plume.clone(), 0.0, 0.0, 0.0);
        for threshold in [3e-5, 1e-4, 3.8e-4, 3e-3] {
            let axis = |x: &f64| plume.concentration(*x, 0.0, plume.height_at(*x)) >= threshold;
            let seen = (1..20_000).map(|i| 0.5 * f64::from(i)).filter(axis).fold(0.0, f64::max);
            let (far, is_cut) = reach_at_any_height(&placed, threshold);
            assert!(seen > 0.0 && !is_cut);
            assert!(far >= seen && far < 1.05 * seen + 1.0, "{threshold}: {far} and {seen} on the axis");
        }
    }

    #[test]
    fn a_union_keeps_outlines_that_run_the_other_way_round() {
        let disc = circle(Vector2::new(0.0, 0.0), 10.0);
        let mut other = circle(Vector2::new(5.0, 0.0), 10.0);
        other.exterior_mut(|ring| ring.0.reverse());
        let joined = union(&[disc.clone(), other]);
        assert!(joined.unsigned_area() > 1.2 * disc.unsigned_area());
        assert!(joined.contains(&Point::new(-9.0, 0.0)) && joined.contains(&Point::new(14.0, 0.0)));
        assert!(joined.contains(&Point::new(2.5, 0.0)), "where both lie");
    }

    fn placed(weather: &Weather, height: f64) -> Placed {
        let release = known_rate::release((100.0, 50.0), height, 3.0, 600.0);
        let plume = Plume::new(&release, find("CO").expect("in the table"), weather, 1.5, 600.0);
        Placed::new(plume, release.x, release.y, weather.heading())
    }

    fn zone_of(name: &str, plumes: &[Placed], spread: f64) -> Zone {
        let level = level(find("CO").expect("in the table"), name).expect(name);
        let threshold = crate::units::mass_concentration(level.fraction, 0.0280101, 288.15, 101_325.0);
        zone(&level, plumes, &vec![threshold; plumes.len()], &vec![spread; plumes.len()])
    }

    #[test]
    fn the_ends_of_a_zone_lie_on_its_threshold() {
        for height in [0.0, 15.0] {
            let placed = placed(&neutral(3.0), height);
            let threshold = 0.2 * placed.plume.on_axis(300.0);
            let found = extent(&placed.plume, threshold).expect("it exceeds");
            assert!((placed.plume.on_axis(found.far) / threshold - 1.0).abs() < 1e-9);
            assert!((placed.plume.on_axis(found.near) / threshold - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn a_zone_barely_above_the_peak_is_none_and_barely_below_is_found() {
        let placed = placed(&neutral(3.0), 40.0);
        let peak = (1..200_000).map(|i| placed.plume.on_axis(f64::from(i) * 0.1)).fold(0.0, f64::max);
        assert!(extent(&placed.plume, peak * (1.0 + 1e-6)).is_none());
        let found = extent(&placed.plume, peak * (1.0 - 1e-8)).expect("just exceeded");
        assert!(found.near < found.far && found.far - found.near < 5.0);
    }

    #[test]
    fn the_outline_has_the_area_of_the_integral() {
        let plumes = [placed(&neutral(3.0), 0.0)];
        for name in ["AEGL-3", "AEGL-2", "IDLH"] {
            let zone = zone_of(name, &plumes, 0.3);
            let drawn = zone.outline.unsigned_area();
            assert!((drawn / zone.area - 1.0).abs() < 1e-3, "{name} {drawn} {}", zone.area);
        }
    }

    #[test]
    fn the_area_is_that_of_the_cells_above_the_level() {
        let placed = placed(&neutral(3.0), 5.0);
        let zone = zone_of("AEGL-2", std::slice::from_ref(&placed), 0.3);
        let (step, reach) = (1.0, zone.distance as i32 + 10);
        let mut cells = 0;
        for i in -10..reach {
            for j in -200..200 {
                let (x, y) = (100.0 + (f64::from(i) + 0.5) * step, 50.0 + (f64::from(j) + 0.5) * step);
                cells += i32::from(placed.concentration(x, y) >= zone.threshold);
            }
        }
        let counted = f64::from(cells) * step * step;
        assert!((counted / zone.area - 1.0).abs() < 0.01, "{counted} {}", zone.area);
    }

    #[test]
    fn the_outline_is_right_within_half_a_metre_everywhere() {
        let placed = placed(&Weather { wind_direction_deg: 37.0, ..neutral(3.0) }, 0.0);
        let zone = zone_of("AEGL-3", std::slice::from_ref(&placed), 0.3);
        for polygon in &zone.outline {
            for line in polygon.exterior().lines() {
                let middle =
                    placed.in_wind(0.5 * (line.start.x + line.end.x), 0.5 * (line.start.y + line.end.y));
                if middle.x > 0.01 && middle.x < zone.distance - 0.5 {
                    let edge = placed.plume.half_width(middle.x, zone.threshold);
                    assert!((middle.y.abs() - edge).abs() < 0.5, "{middle} {edge}");
                }
            }
        }
    }

    #[test]
    fn worse_levels_lie_inside_milder_ones() {
        for class in Stability::ALL {
            let plumes = [placed(&Weather { stability: class, ..neutral(3.0) }, 3.0)];
            let (worse, milder) = (zone_of("AEGL-3", &plumes, 0.3), zone_of("AEGL-2", &plumes, 0.3));
            assert!(worse.distance < milder.distance && worse.area < milder.area, "{class:?}");
            for point in worse.outline.0[0].exterior().points().step_by(7) {
                assert!(milder.outline.intersects(&point), "{class:?}");
            }
        }
    }

    #[test]
    fn the_wedge_holds_the_zone_turned_by_any_angle_within_the_spread() {
        let spread = 25.0_f64.to_radians();
        let wedge = zone_of("AEGL-2", &[placed(&neutral(3.0), 2.0)], spread).wedge;
        for turn in [-24.9, -10.0, 0.0, 17.0, 24.9] {
            let weather = Weather { wind_direction_deg: 270.0 + turn, ..neutral(3.0) };
            let turned = zone_of("AEGL-2", &[placed(&weather, 2.0)], spread);
            // Outline points pulled a thousandth towards the middle of the zone's axis.
            let axis = placed(&weather, 2.0).on_grid(0.5 * turned.distance, 0.0);
            for point in turned.outline.0[0].exterior().points().step_by(5) {
                let inside = Point::new(
                    point.x() + 2e-3 * (axis.x - point.x()),
                    point.y() + 2e-3 * (axis.y - point.y()),
                );
                assert!(wedge.contains(&inside), "{turn} {point:?}");
            }
        }
    }

    #[test]
    fn the_wedge_of_an_unknown_direction_is_the_whole_circle() {
        let zone = zone_of("AEGL-2", &[placed(&neutral(3.0), 0.0)], PI);
        let circle = PI * zone.distance * zone.distance;
        assert!((zone.wedge.unsigned_area() / circle - 1.0).abs() < 0.01);
        // A circle without a seam: every point of its outline is as far away as the zone reaches.
        for point in zone.wedge.0[0].exterior().points() {
            assert!((point.x() - 100.0).hypot(point.y() - 50.0) >= zone.distance);
        }
    }

    #[test]
    fn a_level_that_passes_below_the_receptors_still_has_a_reach() {
        let release = known_rate::release((100.0, 50.0), 0.0, 0.05, 600.0);
        let gas = find("methane").expect("in the table");
        let plume = Plume::new(&release, gas, &neutral(3.0), 1.5, 600.0);
        let placed = Placed::new(plume, release.x, release.y, 0.0);
        let limit = level(gas, "LEL").expect("it burns");
        let threshold = crate::units::mass_concentration(0.05, 0.0160428, 288.15, 101_325.0);
        let zone = zone(&limit, std::slice::from_ref(&placed), &[threshold], &[0.3]);
        assert_eq!(zone.distance, 0.0, "the plume is thinner than 1.5 m there");
        let ground = extent(&placed.plume.at_height(0.0), threshold).expect("it burns at the ground");
        assert_eq!((zone.any_height, zone.reach()), (ground.far, ground.far));
        assert!(ground.far > 5.0 && zone.clearing.unsigned_area() > 0.0);
    }

    #[test]
    fn two_winds_make_one_zone_of_both() {
        let (west, north) = (neutral(3.0), Weather { wind_direction_deg: 0.0, ..neutral(3.0) });
        let both = zone_of("AEGL-2", &[placed(&west, 0.0), placed(&north, 0.0)], 0.1);
        let one = zone_of("AEGL-2", &[placed(&west, 0.0)], 0.1);
        assert!(both.area > 1.5 * one.area && both.area <= 2.0 * one.area * (1.0 + 1e-3));
        assert_eq!(both.distance, one.distance);
    }
}
