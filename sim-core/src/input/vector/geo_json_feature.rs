//! The shape and the wanted attributes in the text of one feature of GeoJSON.
//!
//! # Source
//! RFC 7946, sections 3.1 (geometry) and 3.2 (feature).

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::grid::vector::{Coord, Shape, VectorRequest};

use super::{Attribute, RawFeature, RawShape};

/// Which of the wanted attributes a feature has, be they empty.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Has {
    pub(super) label: bool,
    pub(super) people: bool,
    pub(super) height: bool,
}

/// A feature whose geometry has the members that it should have.
#[derive(Deserialize)]
struct Sound<'t> {
    #[serde(borrow)]
    geometry: Option<Geometry<'t>>,
    #[serde(borrow)]
    properties: Option<&'t RawValue>,
}

/// A feature whose geometry may be anything.
#[derive(Deserialize)]
struct Item<'t> {
    #[serde(borrow)]
    geometry: Option<&'t RawValue>,
    #[serde(borrow)]
    properties: Option<&'t RawValue>,
}

#[derive(Deserialize)]
struct Geometry<'t> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'t, str>,
    #[serde(borrow)]
    coordinates: Option<&'t RawValue>,
}

/// The feature of a text; what cannot be understood is a broken shape.
pub(super) fn read(text: &RawValue, request: &VectorRequest) -> (RawFeature, Has) {
    let broken = |why: &str| RawFeature {
        shape: Some(RawShape::Broken(why.to_owned())),
        label: Attribute::Absent,
        people: Attribute::Absent,
        height: Attribute::Absent,
    };
    let (shape, properties) = match parts(text) {
        Ok(parts) => parts,
        Err(mistake) => return (broken(&words(&mistake)), Has::default()),
    };
    let mut wanted = Wanted {
        request,
        has: Has::default(),
        label: Attribute::Absent,
        people: Attribute::Absent,
        height: Attribute::Absent,
    };
    if let Some(properties) = properties {
        let mut reader = serde_json::Deserializer::from_str(properties.get());
        if let Err(mistake) = reader.deserialize_map(&mut wanted) {
            return (broken(&format!("its properties: {}", words(&mistake))), wanted.has);
        }
    }
    let Wanted { label, people, height, has, .. } = wanted;
    (RawFeature { shape, label, people, height }, has)
}

/// The shape of a feature and the text of its attributes.
fn parts(text: &RawValue) -> serde_json::Result<(Option<RawShape>, Option<&RawValue>)> {
    if let Ok(Sound { geometry, properties }) = serde_json::from_str(text.get()) {
        let shape = geometry.map(|geometry| shape(Ok(geometry)));
        return Ok((shape, properties));
    }
    // Gone through once more, so that a broken geometry does not hide the attributes.
    let item: Item<'_> = serde_json::from_str(text.get())?;
    Ok((item.geometry.map(|text| shape(serde_json::from_str(text.get()))), item.properties))
}

/// Names of all attributes of a feature.
pub(super) fn names(text: &RawValue) -> Vec<String> {
    let item: serde_json::Result<Item<'_>> = serde_json::from_str(text.get());
    let properties = item.ok().and_then(|item| item.properties);
    let map: Option<serde_json::Map<String, Value>> =
        properties.and_then(|text| serde_json::from_str(text.get()).ok());
    map.map_or_else(Vec::new, |map| map.into_iter().map(|(name, _)| name).collect())
}

/// What is wrong, without the place within the feature: the feature is named already.
fn words(mistake: &serde_json::Error) -> String {
    let text = mistake.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(words, _)| words.to_owned())
}

/// Takes the wanted attributes and passes over the others.
struct Wanted<'r> {
    request: &'r VectorRequest,
    has: Has,
    label: Attribute,
    people: Attribute,
    height: Attribute,
}

impl<'de> Visitor<'de> for &mut Wanted<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with attributes")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(is) = map.next_key_seed(Name { request: self.request })? {
            if !is.label && !is.people && !is.height {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = attribute(map.next_value()?);
            if is.height {
                (self.has.height, self.height) = (true, value.clone());
            }
            if is.people {
                (self.has.people, self.people) = (true, value.clone());
            }
            if is.label {
                (self.has.label, self.label) = (true, value);
            }
        }
        Ok(())
    }
}

/// Compares a name with the wanted ones without keeping it.
struct Name<'r> {
    request: &'r VectorRequest,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Has;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Has, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Has;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name of an attribute")
    }

    fn visit_str<E>(self, name: &str) -> Result<Has, E> {
        let is = |wanted: &Option<String>| wanted.as_deref() == Some(name);
        let VectorRequest { label, people, height, .. } = self.request;
        Ok(Has { label: is(label), people: is(people), height: is(height) })
    }
}

fn attribute(value: Value) -> Attribute {
    match value {
        Value::Null => Attribute::Absent,
        Value::String(text) => Attribute::Text(text),
        Value::Number(number) => number.as_f64().map_or(Attribute::Other, Attribute::Number),
        _ => Attribute::Other,
    }
}

/// Longitude, latitude; heights are not used.
#[derive(Clone, Copy)]
struct Position(Coord<f64>);

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Numbers;
        impl<'de> Visitor<'de> for Numbers {
            type Value = Position;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a position of two numbers")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<Position, A::Error> {
                let few = || A::Error::custom("a position has fewer than two numbers");
                let x = numbers.next_element()?.ok_or_else(few)?;
                let y = numbers.next_element()?.ok_or_else(few)?;
                while numbers.next_element::<f64>()?.is_some() {}
                Ok(Position(Coord { x, y }))
            }
        }
        from.deserialize_seq(Numbers)
    }
}

/// Positions in order.
struct Positions(Vec<Coord<f64>>);

impl<'de> Deserialize<'de> for Positions {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Positions;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a list of positions")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Positions, A::Error> {
                let mut found = Vec::new();
                while let Some(Position(at)) = items.next_element()? {
                    found.push(at);
                }
                Ok(Positions(found))
            }
        }
        from.deserialize_seq(List)
    }
}

fn shape(geometry: serde_json::Result<Geometry<'_>>) -> RawShape {
    geometry.and_then(try_shape).unwrap_or_else(|mistake| RawShape::Broken(words(&mistake)))
}

fn try_shape(Geometry { kind, coordinates }: Geometry<'_>) -> serde_json::Result<RawShape> {
    if kind == "GeometryCollection" {
        return Ok(RawShape::Other("GeometryCollection".into()));
    }
    let text =
        coordinates.map(RawValue::get).ok_or_else(|| serde_json::Error::missing_field("coordinates"))?;
    let path = |Positions(path): Positions| path;
    let paths = |list: Vec<Positions>| list.into_iter().map(path).collect::<Vec<_>>();
    Ok(RawShape::Known(match kind.as_ref() {
        "Point" => Shape::Points(vec![serde_json::from_str::<Position>(text)?.0]),
        "MultiPoint" => Shape::Points(path(serde_json::from_str(text)?)),
        "LineString" => Shape::Lines(vec![path(serde_json::from_str(text)?)]),
        "MultiLineString" => Shape::Lines(paths(serde_json::from_str(text)?)),
        "Polygon" => Shape::Area(paths(serde_json::from_str(text)?)),
        "MultiPolygon" => {
            let polygons: Vec<Vec<Positions>> = serde_json::from_str(text)?;
            Shape::Area(polygons.into_iter().flat_map(paths).collect())
        }
        other => {
            return Ok(RawShape::Broken(format!(
                "its type is '{}'",
                other.chars().take(32).collect::<String>()
            )));
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> RawFeature {
        let raw = RawValue::from_string(text.into()).expect("JSON");
        let request = VectorRequest {
            kinds: Vec::new(),
            label: Some("n".into()),
            people: Some("p".into()),
            height: None,
            table: None,
            encoding: None,
        };
        read(&raw, &request).0
    }

    #[test]
    fn every_kind_of_geometry_has_its_points_whatever_the_order_of_its_members() {
        let at = |x: f64, y: f64| Coord { x, y };
        let line = vec![at(1.0, 2.0), at(3.0, 4.0)];
        let cases = [
            ("Point", "[1,2,9]", Shape::Points(vec![at(1.0, 2.0)])),
            ("MultiPoint", "[[1,2],[3,4]]", Shape::Points(line.clone())),
            ("LineString", "[[1,2],[3,4]]", Shape::Lines(vec![line.clone()])),
            ("MultiLineString", "[[[1,2],[3,4]]]", Shape::Lines(vec![line.clone()])),
            ("Polygon", "[[[1,2],[3,4]],[]]", Shape::Area(vec![line.clone(), vec![]])),
            ("MultiPolygon", "[[[[1,2],[3,4]]],[[[1,2],[3,4]]]]", Shape::Area(vec![line.clone(), line])),
        ];
        for (kind, coordinates, expected) in cases {
            for geometry in [
                format!("{{\"type\":\"{kind}\",\"coordinates\":{coordinates}}}"),
                format!("{{\"coordinates\":{coordinates},\"bbox\":[],\"type\":\"{kind}\"}}"),
            ] {
                let text =
                    format!("{{\"properties\":{{\"p\":3,\"n\":\"\\u5317\"}},\"geometry\":{geometry}}}");
                let feature = of(&text);
                let Some(RawShape::Known(shape)) = feature.shape else { panic!("{kind}") };
                assert_eq!(shape, expected, "{kind}");
                assert_eq!(
                    (feature.label, feature.people),
                    (Attribute::Text("\u{5317}".into()), Attribute::Number(3.0))
                );
            }
        }
    }

    #[test]
    fn what_is_not_understood_is_said_and_the_attributes_are_kept() {
        let why = |text: &str| match of(text).shape {
            Some(RawShape::Broken(why)) => why,
            _ => panic!("{text}"),
        };
        let with = |geometry: &str| format!("{{\"properties\":{{\"p\":3}},\"geometry\":{geometry}}}");
        assert!(why(&with("{\"type\":\"Point\",\"coordinates\":[1]}")).contains("fewer than two numbers"));
        assert!(why(&with("{\"type\":\"Point\",\"coordinates\":[1,\"2\"]}")).contains("string"));
        assert!(why(&with("{\"type\":\"Polygon\"}")).contains("coordinates"));
        assert!(why(&with("{\"type\":\"Circle\",\"coordinates\":[1,2]}")).contains("Circle"));
        assert!(why("5").contains("invalid type"));
        assert_eq!(of(&with("{\"type\":\"Polygon\"}")).people, Attribute::Number(3.0));
        assert!(of("{\"geometry\":null,\"properties\":null}").shape.is_none());
    }
}
