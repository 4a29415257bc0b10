//! Geometry in longitude and latitude as web maps want it (RFC 7946).

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use crate::error::Problem;
use crate::grid::Crs;
use crate::product::Shapes;

/// Seven decimals of a degree are 11 mm at the equator: finer than any input.
///
/// # Source
/// RFC 7946, section 11.2, which calls six decimals enough for most purposes.
const DECIMALS: f64 = 1e7;

/// A ring is closed and has at least four positions (RFC 7946, section 3.1.6).
const SMALLEST_RING: usize = 4;

/// A span of longitudes that only a shape across the antimeridian has, degrees.
const HALF_TURN: f64 = 180.0;

/// West, south, east, north in degrees.
pub(super) type Bounds = [f64; 4];

/// Geometries, or the reason why there are none.
type Outcome = std::result::Result<Vec<Option<Geometry<f64>>>, Box<Problem>>;

/// The geometries of a layer on WGS 84, one per feature, in the same order.
///
/// `None` stands for a feature that is smaller than the last decimal.
///
/// # Errors
/// W6030 on a local plane or where the projection has no inverse, W6033 for a
/// layer across the antimeridian: such a layer is not written.
pub(super) fn shapes(shapes: &Shapes, crs: &Crs) -> Outcome {
    let name = &shapes.info.name;
    if crs.epsg().is_none() {
        return Err(not_written(6030, name)
            .why("the grid is a local plane, which has no longitude and latitude")
            .fix("give the grid an EPSG code")
            .into());
    }
    let mut geometries = Vec::with_capacity(shapes.features.len());
    for feature in &shapes.features {
        let Some(geometry) = geometry(&feature.geometry, crs) else {
            return Err(not_written(6030, name)
                .at_spot(format!("feature `{}`", feature.label))
                .why(format!("a point of it has no longitude and latitude in {crs}"))
                .fix("use a coordinate reference that covers the place")
                .into());
        };
        geometries.push(sound(geometry));
    }
    if bounds(geometries.iter().flatten()).is_some_and(|b| b[2] - b[0] > HALF_TURN) {
        return Err(not_written(6033, name)
            .why("it crosses the antimeridian, where its shapes would have to be cut")
            .fix("read it from the projected files")
            .into());
    }
    Ok(geometries)
}

fn not_written(code: u16, name: &str) -> Problem {
    Problem::warning(code, format!("`{name}` is not written as GeoJSON or KML"))
}

/// Smallest box around some geometries.
pub(super) fn bounds<'a>(geometries: impl Iterator<Item = &'a Geometry<f64>>) -> Option<Bounds> {
    use geo::CoordsIter;
    let mut found: Option<Bounds> = None;
    for at in geometries.flat_map(|geometry| geometry.coords_iter()) {
        let b = found.get_or_insert([at.x, at.y, at.x, at.y]);
        *b = [b[0].min(at.x), b[1].min(at.y), b[2].max(at.x), b[3].max(at.y)];
    }
    found
}

fn geometry(from: &Geometry<f64>, crs: &Crs) -> Option<Geometry<f64>> {
    Some(match from {
        Geometry::Point(point) => Geometry::Point(Point(coord(point.0, crs)?)),
        Geometry::Line(line) => Geometry::LineString(self::line(&LineString::from(line), crs)?),
        Geometry::LineString(line) => Geometry::LineString(self::line(line, crs)?),
        Geometry::Polygon(polygon) => Geometry::Polygon(self::polygon(polygon, crs)?),
        Geometry::MultiPoint(points) => {
            let points: Option<Vec<_>> = points.iter().map(|p| Some(Point(coord(p.0, crs)?))).collect();
            Geometry::MultiPoint(MultiPoint::new(points?))
        }
        Geometry::MultiLineString(lines) => {
            let lines: Option<Vec<_>> = lines.iter().map(|l| self::line(l, crs)).collect();
            Geometry::MultiLineString(MultiLineString::new(lines?))
        }
        Geometry::MultiPolygon(polygons) => {
            let polygons: Option<Vec<_>> = polygons.iter().map(|p| self::polygon(p, crs)).collect();
            Geometry::MultiPolygon(MultiPolygon::new(polygons?))
        }
        Geometry::Rect(rect) => Geometry::Polygon(self::polygon(&rect.to_polygon(), crs)?),
        Geometry::Triangle(triangle) => Geometry::Polygon(self::polygon(&triangle.to_polygon(), crs)?),
        Geometry::GeometryCollection(parts) => {
            let parts: Option<Vec<_>> = parts.iter().map(|part| self::geometry(part, crs)).collect();
            Geometry::GeometryCollection(parts?.into())
        }
    })
}

fn coord(from: Coord<f64>, crs: &Crs) -> Option<Coord<f64>> {
    let at = crs.to_lon_lat(from.x, from.y)?;
    let round = |degrees: f64| (degrees * DECIMALS).round() / DECIMALS;
    Some(Coord { x: round(at.lon), y: round(at.lat) })
}

fn line(from: &LineString<f64>, crs: &Crs) -> Option<LineString<f64>> {
    let mut coords = from.0.iter().map(|&at| coord(at, crs)).collect::<Option<Vec<_>>>()?;
    coords.dedup();
    Some(LineString(coords))
}

/// Exterior anticlockwise, holes clockwise (RFC 7946, section 3.1.6).
fn polygon(from: &Polygon<f64>, crs: &Crs) -> Option<Polygon<f64>> {
    let exterior = turned(line(from.exterior(), crs)?, true);
    let holes: Option<Vec<_>> =
        from.interiors().iter().map(|ring| Some(turned(line(ring, crs)?, false))).collect();
    let holes = holes?.into_iter().filter(|ring| ring.0.len() >= SMALLEST_RING).collect();
    Some(Polygon::new(exterior, holes))
}

fn turned(mut ring: LineString<f64>, anticlockwise: bool) -> LineString<f64> {
    if (signed_area(&ring) > 0.0) != anticlockwise {
        ring.0.reverse();
    }
    ring
}

/// Twice the area of a closed ring, positive when it runs anticlockwise; taken
/// about its first point so that large coordinates do not cancel.
fn signed_area(ring: &LineString<f64>) -> f64 {
    let Some(&origin) = ring.0.first() else { return 0.0 };
    ring.0
        .windows(2)
        .map(|pair| {
            let (a, b) = (pair[0] - origin, pair[1] - origin);
            a.x * b.y - b.x * a.y
        })
        .sum()
}

/// The geometry without parts that rounding has made too small, if anything is left.
fn sound(geometry: Geometry<f64>) -> Option<Geometry<f64>> {
    let is_area = |polygon: &Polygon<f64>| polygon.exterior().0.len() >= SMALLEST_RING;
    match geometry {
        Geometry::LineString(line) if line.0.len() < 2 => None,
        Geometry::MultiLineString(MultiLineString(lines)) => {
            let lines: Vec<_> = lines.into_iter().filter(|line| line.0.len() >= 2).collect();
            (!lines.is_empty()).then_some(Geometry::MultiLineString(MultiLineString(lines)))
        }
        Geometry::Polygon(polygon) => is_area(&polygon).then_some(Geometry::Polygon(polygon)),
        Geometry::MultiPolygon(MultiPolygon(polygons)) => {
            let polygons: Vec<_> = polygons.into_iter().filter(is_area).collect();
            (!polygons.is_empty()).then_some(Geometry::MultiPolygon(MultiPolygon(polygons)))
        }
        Geometry::GeometryCollection(parts) => {
            let parts: Vec<_> = parts.into_iter().filter_map(sound).collect();
            (!parts.is_empty()).then_some(Geometry::GeometryCollection(parts.into()))
        }
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;

    fn utm49() -> Crs {
        Crs::from_epsg(32649).expect("a common reference")
    }

    #[test]
    fn exteriors_run_anticlockwise_and_holes_clockwise_whichever_way_they_came() {
        let clockwise = polygon!(
            exterior: [(x: 690e3, y: 3120e3), (x: 690e3, y: 3121e3), (x: 691e3, y: 3121e3), (x: 691e3, y: 3120e3)],
            interiors: [[(x: 690.2e3, y: 3120.2e3), (x: 690.8e3, y: 3120.2e3), (x: 690.8e3, y: 3120.8e3)]],
        );
        let turned = polygon(&clockwise, &utm49()).expect("inside the zone");
        assert!(signed_area(turned.exterior()) > 0.0);
        assert!(signed_area(&turned.interiors()[0]) < 0.0);
    }

    #[test]
    fn a_shape_below_the_last_decimal_is_dropped_and_not_broken() {
        let speck =
            polygon!((x: 690e3, y: 3120e3), (x: 690_000.001, y: 3120e3), (x: 690e3, y: 3_120_000.001));
        assert_eq!(sound(geometry(&speck.into(), &utm49()).expect("inside the zone")), None);
    }
}
