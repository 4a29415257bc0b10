//! The features of a GeoJSON file as they are written.

use std::fmt;
use std::path::Path;

use geojson::{Geometry, GeometryValue, Position};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::error::{Problem, Result};
use crate::grid::WGS84;
use crate::grid::vector::{self, Coord, Shape, VectorRequest};
use crate::input::bytes;

use super::{Attribute, CODES, MAX_BYTES, RawFeature, RawLayer, RawShape, Reference};

/// Reads a FeatureCollection.
///
/// # Errors
/// What leaves no feature at all: E2401, E2402, E2407.
pub(super) fn read(path: &Path, shown_as: &str, request: &VectorRequest) -> Result<RawLayer> {
    let data = bytes::read(path, shown_as, MAX_BYTES, &CODES)?;
    let refused = |text: String| Problem::error(2402, text).in_file(shown_as);
    if let Some(mistake) = bytes::encoding_mistake(&data) {
        return Err(refused(format!("not UTF-8 text: {mistake}"))
            .fix("export it again as GeoJSON in UTF-8")
            .into());
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes::without_mark(&data));
    let outcome =
        Collection { request }.deserialize(&mut reader).and_then(|layer| reader.end().map(|()| layer));
    let mut layer = outcome.map_err(|mistake| {
        let problem = refused(format!("not a GeoJSON FeatureCollection: {mistake}"));
        let problem = if mistake.line() > 0 {
            problem.at_line(mistake.line(), mistake.column().max(1))
        } else {
            problem
        };
        problem.fix("export the layer again as GeoJSON")
    })?;
    layer.files = vec![(shown_as.to_owned(), bytes::sha256(&data))];
    Ok(layer)
}

/// Turns each feature into its shape and two attributes as it comes, so that a million of
/// them never lie in the memory as JSON.
#[derive(Clone, Copy)]
struct Collection<'r> {
    request: &'r VectorRequest,
}

impl<'de> DeserializeSeed<'de> for Collection<'_> {
    type Value = RawLayer;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> std::result::Result<RawLayer, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Collection<'_> {
    type Value = RawLayer;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object {{ \"type\": \"FeatureCollection\", \"features\": [...] }}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<RawLayer, A::Error> {
        let mut layer = RawLayer {
            features: Vec::new(),
            reference: Reference::Epsg(WGS84.into()),
            ..RawLayer::default()
        };
        let mut found = false;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "type" => {
                    let kind: Value = map.next_value()?;
                    if kind != "FeatureCollection" {
                        return Err(A::Error::custom(format!("the type is {kind}")));
                    }
                }
                "crs" => layer.reference = reference(&map.next_value()?),
                "features" => {
                    map.next_value_seed(Features { request: self.request, layer: &mut layer })?;
                    found = true;
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if found { Ok(layer) } else { Err(A::Error::missing_field("features")) }
    }
}

/// The reference in a `crs` member of the GeoJSON of 2008.
fn reference(member: &Value) -> Reference {
    if member.is_null() {
        return Reference::Undeclared;
    }
    let Some(name) = member["properties"]["name"].as_str() else {
        return Reference::Unknown(member.to_string());
    };
    let last = name.rsplit([':', '/']).next().unwrap_or_default();
    match last.parse::<u32>() {
        _ if last == "CRS84" => Reference::Epsg(WGS84.into()),
        Ok(code) if name.to_ascii_uppercase().contains("EPSG") => Reference::Epsg(code),
        _ => Reference::Unknown(name.to_owned()),
    }
}

struct Features<'r, 'l> {
    request: &'r VectorRequest,
    layer: &'l mut RawLayer,
}

#[derive(Deserialize)]
struct Item {
    geometry: Option<Value>,
    properties: Option<Map<String, Value>>,
}

impl<'de> DeserializeSeed<'de> for Features<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> std::result::Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<(), A::Error> {
        while let Some(Item { geometry, properties }) = items.next_element::<Item>()? {
            let properties = properties.unwrap_or_default();
            for wanted in [&self.request.label, &self.request.people].into_iter().flatten() {
                note(&mut self.layer.attributes, properties.keys().filter(|key| *key == wanted));
            }
            if self.layer.features.is_empty() {
                note(&mut self.layer.attributes, properties.keys());
            }
            self.layer.features.push(RawFeature {
                shape: geometry.map(shape),
                label: attribute(&properties, self.request.label.as_deref()),
                people: attribute(&properties, self.request.people.as_deref()),
            });
        }
        Ok(())
    }
}

/// Adds names that are not yet there.
fn note<'n>(names: &mut Vec<String>, more: impl Iterator<Item = &'n String>) {
    for name in more {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
}

fn attribute(properties: &Map<String, Value>, name: Option<&str>) -> Attribute {
    match name.and_then(|name| properties.get(name)) {
        None | Some(Value::Null) => Attribute::Absent,
        Some(Value::String(text)) => Attribute::Text(text.clone()),
        Some(Value::Number(number)) => number.as_f64().map_or(Attribute::Other, Attribute::Number),
        Some(_) => Attribute::Other,
    }
}

fn shape(geometry: Value) -> RawShape {
    match serde_json::from_value::<Geometry>(geometry) {
        Ok(geometry) => known(geometry.value)
            .unwrap_or_else(|| RawShape::Broken("a position has fewer than two numbers".into())),
        Err(mistake) => RawShape::Broken(mistake.to_string()),
    }
}

/// The shape of a geometry; none if a position is too short.
fn known(geometry: GeometryValue) -> Option<RawShape> {
    let paths = |lines: &[Vec<Position>]| lines.iter().map(|line| path(line)).collect::<Option<Vec<_>>>();
    Some(RawShape::Known(match geometry {
        GeometryValue::Point { coordinates } => Shape::Points(path(&[coordinates])?),
        GeometryValue::MultiPoint { coordinates } => Shape::Points(path(&coordinates)?),
        GeometryValue::LineString { coordinates } => Shape::Lines(vec![path(&coordinates)?]),
        GeometryValue::MultiLineString { coordinates } => Shape::Lines(paths(&coordinates)?),
        GeometryValue::Polygon { coordinates } => Shape::Area(paths(&coordinates)?),
        GeometryValue::MultiPolygon { coordinates } => {
            let polygons = coordinates.iter().map(|polygon| paths(polygon)).collect::<Option<Vec<_>>>()?;
            Shape::Area(polygons.concat())
        }
        GeometryValue::GeometryCollection { .. } => {
            return Some(RawShape::Other("GeometryCollection".into()));
        }
    }))
}

/// Positions of two numbers or more; heights are not used.
fn path(positions: &[Position]) -> Option<vector::Path> {
    let point = |at: &Position| match at.as_slice() {
        [x, y, ..] => Some(Coord { x: *x, y: *y }),
        _ => None,
    };
    positions.iter().map(point).collect()
}
