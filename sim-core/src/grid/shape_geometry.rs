//! Shapes as geometries of `geo_types`, for files and maps.

use geo::coordinate_position::{CoordPos, CoordinatePosition};
use geo_types::{Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use crate::grid::vector::{Path, Shape};

/// The geometry of a shape; rings become polygons with holes.
///
/// # Example
/// ```
/// use sim_core::grid::shape_geometry::geometry;
/// use sim_core::grid::vector::{Coord, Shape};
/// let at = |x: f64, y: f64| Coord { x, y };
/// let shape = Shape::Points(vec![at(1.0, 2.0)]);
/// assert_eq!(geometry(&shape), geo_types::Geometry::Point(geo_types::Point::new(1.0, 2.0)));
/// ```
pub fn geometry(shape: &Shape) -> Geometry<f64> {
    match shape {
        Shape::Points(points) => match points.as_slice() {
            [point] => Geometry::Point(Point(*point)),
            points => Geometry::MultiPoint(MultiPoint(points.iter().copied().map(Point).collect())),
        },
        Shape::Lines(lines) => {
            Geometry::MultiLineString(MultiLineString(lines.iter().cloned().map(LineString).collect()))
        }
        Shape::Area(rings) => match rings.as_slice() {
            [ring] => Geometry::Polygon(Polygon::new(LineString(ring.clone()), Vec::new())),
            rings => Geometry::MultiPolygon(MultiPolygon(polygons(rings))),
        },
    }
}

/// Polygons that cover what the even-odd rule makes of rings that do not cross: a ring within
/// an even number of others is the outside of a polygon, any other a hole.
fn polygons(rings: &[Path]) -> Vec<Polygon<f64>> {
    let closed: Vec<LineString<f64>> = rings.iter().cloned().map(LineString).collect();
    let around: Vec<Vec<usize>> = (0..closed.len())
        .map(|ring| {
            (0..closed.len()).filter(|&other| other != ring && holds(&closed[other], &closed[ring])).collect()
        })
        .collect();
    let mut found: Vec<Polygon<f64>> = Vec::new();
    for (outer, _) in around.iter().enumerate().filter(|(_, around)| around.len().is_multiple_of(2)) {
        let is_hole =
            |ring: &usize| around[*ring].len() == around[outer].len() + 1 && around[*ring].contains(&outer);
        let holes = (0..closed.len()).filter(is_hole).map(|ring| closed[ring].clone());
        found.push(Polygon::new(closed[outer].clone(), holes.collect()));
    }
    found
}

/// True where a ring lies within another; the first point that is not on it decides.
fn holds(outer: &LineString<f64>, ring: &LineString<f64>) -> bool {
    let outer = Polygon::new(outer.clone(), Vec::new());
    let place =
        ring.coords().map(|at| outer.coordinate_position(at)).find(|place| *place != CoordPos::OnBoundary);
    place == Some(CoordPos::Inside)
}

#[cfg(test)]
mod tests {
    use geo::Area;

    use super::*;
    use crate::grid::vector::Coord;

    fn square(low: f64, high: f64) -> Path {
        [(low, low), (high, low), (high, high), (low, high), (low, low)].map(|(x, y)| Coord { x, y }).to_vec()
    }

    #[test]
    fn an_island_in_a_hole_is_a_polygon_of_its_own() {
        // Whatever the order of the rings: 100 less 64 and 16, and a square of 1 far away.
        for rings in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
            let all = [square(0.0, 10.0), square(1.0, 9.0), square(3.0, 7.0), square(20.0, 21.0)];
            let shape = Shape::Area(rings.map(|ring| all[ring].clone()).to_vec());
            let Geometry::MultiPolygon(found) = geometry(&shape) else { panic!("polygons") };
            assert_eq!((found.0.len(), found.unsigned_area()), (3, 100.0 - 64.0 + 16.0 + 1.0));
        }
    }

    #[test]
    fn a_hole_that_touches_its_outside_is_a_hole() {
        let hole = [(0.0, 0.0), (4.0, 2.0), (2.0, 4.0), (0.0, 0.0)].map(|(x, y)| Coord { x, y }).to_vec();
        let Geometry::MultiPolygon(found) = geometry(&Shape::Area(vec![square(0.0, 10.0), hole])) else {
            panic!("polygons")
        };
        assert_eq!((found.0.len(), found.unsigned_area()), (1, 94.0));
    }
}
