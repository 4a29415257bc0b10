//! Who may be harmed: buildings and people, counted inside areas.

use geo::{BoundingRect, Intersects};
use geo_types::{Geometry, MultiPolygon, Point, Rect};

use crate::grid::shape_geometry::geometry;
use crate::grid::vector::VectorFeature;

/// What a layer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Buildings as polygons or points; each may have a number of people.
    Buildings,
    /// Points that stand for a number of people.
    People,
}

/// One layer of what may be harmed.
#[derive(Debug, Clone, PartialEq)]
pub struct Exposed {
    /// Name in the scenario.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Its things, each with its geometry.
    pub things: Vec<Thing>,
}

/// A building, or a place with people.
#[derive(Debug, Clone, PartialEq)]
pub struct Thing {
    /// Its name, or its number in the file.
    pub name: String,
    /// Where it is.
    pub geometry: Geometry<f64>,
    /// People in it, where the file says so.
    pub people: Option<f64>,
}

impl Exposed {
    /// A layer from the features of a file.
    pub fn new(name: String, kind: Kind, features: &[VectorFeature]) -> Self {
        let thing = |feature: &VectorFeature| Thing {
            name: feature.name(),
            geometry: geometry(&feature.shape),
            people: feature.people,
        };
        Self { name, kind, things: features.iter().map(thing).collect() }
    }

    /// Things and people inside an area.
    ///
    /// A building is inside as soon as any part of it is, with all its people: gas that
    /// touches a wall is breathed behind it.
    ///
    /// # Example
    /// ```
    /// use geo_types::{Geometry, Point, Rect, coord};
    /// use sim_core::gas::exposure::{Exposed, Kind, Thing};
    /// let at = |x: f64| Thing { name: "house".into(), geometry: Geometry::Point(Point::new(x, 0.0)), people: Some(3.0) };
    /// let houses = Exposed { name: "houses".into(), kind: Kind::Buildings, things: vec![at(1.0), at(9.0)] };
    /// let area = Rect::new(coord! { x: -2.0, y: -2.0 }, coord! { x: 2.0, y: 2.0 }).to_polygon().into();
    /// let count = houses.count(&area);
    /// assert_eq!((count.things, count.people), (1, 3.0));
    /// ```
    pub fn count(&self, area: &MultiPolygon<f64>) -> Count {
        let Some(bounds) = area.bounding_rect() else { return Count::default() };
        let inside = self.things.iter().filter(|thing| is_inside(thing, area, &bounds));
        inside.fold(Count::default(), |count, thing| Count {
            things: count.things + 1,
            people: count.people + thing.people.unwrap_or(0.0),
        })
    }
}

impl Exposed {
    /// The first building that stands over a place, if the layer holds buildings as areas.
    ///
    /// # Units
    /// - `x`, `y`: in the grid's reference, m
    pub fn building_over(&self, x: f64, y: f64) -> Option<&Thing> {
        let at = Point::new(x, y);
        let is_area =
            |thing: &&Thing| matches!(thing.geometry, Geometry::Polygon(_) | Geometry::MultiPolygon(_));
        let mut areas = self.things.iter().filter(is_area);
        areas.find(|thing| self.kind == Kind::Buildings && thing.geometry.intersects(&at))
    }
}

/// True where any part of a thing is in an area; `bounds` are those of the area.
pub fn is_inside(thing: &Thing, area: &MultiPolygon<f64>, bounds: &Rect<f64>) -> bool {
    thing.geometry.bounding_rect().is_some_and(|own| own.intersects(bounds))
        && thing.geometry.intersects(area)
}

/// What is inside an area.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Count {
    /// Buildings, or places with people.
    pub things: usize,
    /// People.
    pub people: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::coord;
    use proptest::prelude::*;

    fn square(west: f64, south: f64, side: f64) -> MultiPolygon<f64> {
        Rect::new(coord! { x: west, y: south }, coord! { x: west + side, y: south + side })
            .to_polygon()
            .into()
    }

    fn houses(places: &[(f64, f64)]) -> Exposed {
        let thing = |&(x, y): &(f64, f64)| Thing {
            name: String::new(),
            geometry: Geometry::MultiPolygon(square(x, y, 1.0)),
            people: Some(2.0),
        };
        Exposed { name: "houses".into(), kind: Kind::Buildings, things: places.iter().map(thing).collect() }
    }

    proptest! {
        #[test]
        fn a_larger_area_holds_no_fewer(places in proptest::collection::vec((-9.0..9.0f64, -9.0..9.0f64), 0..20), side in 0.1..9.0f64) {
            let houses = houses(&places);
            let (small, large) = (houses.count(&square(-4.0, -4.0, side)), houses.count(&square(-4.5, -4.5, side + 1.0)));
            prop_assert!(small.things <= large.things && small.people <= large.people);
        }
    }

    #[test]
    fn a_house_that_the_gas_touches_counts_whole() {
        let count = houses(&[(0.9, 0.0), (5.0, 5.0)]).count(&square(0.0, 0.0, 1.0));
        assert_eq!((count.things, count.people), (1, 2.0));
    }

    #[test]
    fn a_house_stands_over_the_places_inside_it_and_people_over_none() {
        let houses = houses(&[(0.0, 0.0), (5.0, 5.0)]);
        assert_eq!(houses.building_over(5.5, 5.5), Some(&houses.things[1]));
        assert!(houses.building_over(3.0, 3.0).is_none());
        let people = Exposed { kind: Kind::People, ..houses };
        assert!(people.building_over(5.5, 5.5).is_none());
    }

    #[test]
    fn nobody_is_in_an_empty_area_or_in_a_hole() {
        let ring = geo_types::Polygon::new(
            square(0.0, 0.0, 10.0).0[0].exterior().clone(),
            vec![square(3.0, 3.0, 4.0).0[0].exterior().clone()],
        );
        let place =
            |x, y| Thing { name: String::new(), geometry: Geometry::Point(Point::new(x, y)), people: None };
        let people = Exposed {
            name: "people".into(),
            kind: Kind::People,
            things: vec![place(5.0, 5.0), place(1.0, 1.0)],
        };
        assert_eq!(people.count(&MultiPolygon::new(vec![ring])).things, 1);
        assert_eq!(people.count(&MultiPolygon::new(Vec::new())).things, 0);
    }
}
