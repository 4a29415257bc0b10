//! The features of a GeoJSON file as they are written.
//!
//! The file is gone through twice: once by itself, which finds where every feature begins and
//! ends and whether the text is JSON at all, and once by all processors, which make the shapes.
//! A million features never lie in the memory as JSON values.

use std::fmt;
use std::path::Path;

use rayon::prelude::*;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::{Problem, Result};
use crate::grid::WGS84;
use crate::grid::vector::VectorRequest;
use crate::input::bytes;

use super::geo_json_feature::{self, names};
use super::{CODES, MAX_BYTES, RawLayer, Reference};

/// Reads a FeatureCollection.
///
/// # Errors
/// What leaves no feature at all: E2401, E2402, E2407.
pub(super) fn read(path: &Path, shown_as: &str, request: &VectorRequest) -> Result<RawLayer> {
    let data = bytes::read(path, shown_as, MAX_BYTES, &CODES)?;
    let refused = |text: String| Problem::error(2402, text).in_file(shown_as);
    let text = match (bytes::encoding_mistake(&data), std::str::from_utf8(bytes::without_mark(&data))) {
        (None, Ok(text)) => text,
        (mistake, _) => {
            return Err(refused(format!("not UTF-8 text: {}", mistake.unwrap_or_default()))
                .fix("export it again as GeoJSON in UTF-8")
                .into());
        }
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let (fingerprint, outcome) = rayon::join(
        || bytes::sha256(&data),
        || reader.deserialize_map(Collection).and_then(|found| reader.end().map(|()| found)),
    );
    let found = outcome.map_err(|mistake| {
        let problem = refused(format!("not a GeoJSON FeatureCollection: {mistake}"));
        let problem = if mistake.line() > 0 {
            problem.at_line(mistake.line(), mistake.column().max(1))
        } else {
            problem
        };
        problem.fix("export the layer again as GeoJSON")
    })?;
    let mut layer = layer(&found.features, request);
    layer.reference = found.reference;
    layer.files = vec![(shown_as.to_owned(), fingerprint)];
    Ok(layer)
}

/// The features, and the attributes that are known of: those of the first feature, and the
/// wanted ones that any feature has.
fn layer(texts: &[&RawValue], request: &VectorRequest) -> RawLayer {
    let found: Vec<_> = texts.par_iter().map(|text| geo_json_feature::read(text, request)).collect();
    let mut attributes = texts.first().map_or_else(Vec::new, |first| names(first));
    let has = |which: fn(&geo_json_feature::Has) -> bool| found.iter().any(|(_, has)| which(has));
    let wanted = [
        (&request.label, has(|has| has.label)),
        (&request.people, has(|has| has.people)),
        (&request.height, has(|has| has.height)),
    ];
    for (name, is_there) in wanted {
        attributes.extend(name.iter().filter(|_| is_there).cloned());
    }
    let mut seen = std::collections::BTreeSet::new();
    attributes.retain(|name| seen.insert(name.clone()));
    let features = found.into_iter().map(|(feature, _)| feature).collect();
    RawLayer { features, attributes, ..RawLayer::default() }
}

/// The text of every feature, and the reference.
struct Found<'t> {
    features: Vec<&'t RawValue>,
    reference: Reference,
}

struct Collection;

impl<'de> Visitor<'de> for Collection {
    type Value = Found<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object {{ \"type\": \"FeatureCollection\", \"features\": [...] }}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Found<'de>, A::Error> {
        let mut features = None;
        let mut epsg = Reference::Epsg(WGS84.into());
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "type" => {
                    let kind: Value = map.next_value()?;
                    if kind != "FeatureCollection" {
                        return Err(A::Error::custom(format!("the type is {kind}")));
                    }
                }
                "crs" => epsg = reference(&map.next_value()?),
                "features" => features = Some(map.next_value_seed(Features)?),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let features = features.ok_or_else(|| A::Error::missing_field("features"))?;
        Ok(Found { features, reference: epsg })
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

struct Features;

impl<'de> DeserializeSeed<'de> for Features {
    type Value = Vec<&'de RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> std::result::Result<Self::Value, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Self::Value, A::Error> {
        let mut found = Vec::new();
        while let Some(item) = items.next_element()? {
            found.push(item);
        }
        Ok(found)
    }
}
