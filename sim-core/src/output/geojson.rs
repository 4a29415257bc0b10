//! Shapes as GeoJSON after RFC 7946: longitude and latitude on WGS 84, right-hand rule.

use geo_types::{Coord, Geometry, LineString, Polygon};
use geojson::{Feature, FeatureCollection, GeometryValue, JsonObject, Position};
use serde_json::json;

use super::{Format, Job, cannot_write, lon_lat};
use crate::error::Result;
use crate::product::{Layer, Products, Shapes, Value};

/// Writes a layer of shapes; other layers are none of its business.
///
/// # Errors
/// E6000.
pub(super) fn write(job: &mut Job<'_>, layer: &Layer) -> Result<()> {
    let Layer::Shapes(shapes) = layer else { return Ok(()) };
    let geometries = match lon_lat::shapes(shapes, &job.products.grid.crs) {
        Ok(geometries) => geometries,
        Err(reason) => {
            job.warn(*reason);
            return Ok(());
        }
    };
    let path = format!("{}.geojson", shapes.info.name);
    let text = serde_json::to_string(&collection(shapes, &geometries, job.products))
        .map_err(|mistake| cannot_write(&path, &mistake))?;
    job.write_file(&path, text.as_bytes())?;
    job.list(&shapes.info.name, &path, Format::GeoJson, &shapes.info.unit);
    Ok(())
}

fn collection(
    shapes: &Shapes,
    geometries: &[Option<Geometry<f64>>],
    products: &Products,
) -> FeatureCollection {
    let features = shapes.features.iter().zip(geometries).enumerate().map(|(i, (feature, geometry))| {
        let mut properties = JsonObject::new();
        properties.insert("label".into(), json!(feature.label));
        let [red, green, blue] = feature.colour;
        properties.insert("colour".into(), json!(format!("#{red:02x}{green:02x}{blue:02x}")));
        for (column, value) in shapes.columns.iter().zip(&feature.values) {
            properties.insert(column.name.clone(), self::value(value));
        }
        Feature {
            bbox: geometry.iter().find_map(|g| lon_lat::bounds(std::iter::once(g))).map(|b| b.to_vec()),
            geometry: geometry.as_ref().map(|g| geojson::Geometry::new(self::geometry(g))),
            id: Some(geojson::feature::Id::Number((i + 1).into())),
            properties: Some(properties),
            foreign_members: None,
        }
    });
    FeatureCollection {
        bbox: lon_lat::bounds(geometries.iter().flatten()).map(|b| b.to_vec()),
        features: features.collect(),
        foreign_members: Some(about(shapes, products)),
    }
}

/// Name and meaning of the layer, as members that readers of RFC 7946 skip.
fn about(shapes: &Shapes, products: &Products) -> JsonObject {
    let info = &shapes.info;
    let mut about = JsonObject::new();
    about.insert("name".into(), json!(info.name));
    about.insert("title".into(), json!(info.title));
    about.insert("title_zh".into(), json!(info.title_zh));
    about.insert("description".into(), json!(info.meaning));
    about.insert("columns".into(), json!(shapes.columns));
    about.insert("not_modelled".into(), json!(products.not_modelled));
    about
}

fn value(value: &Value) -> serde_json::Value {
    match value {
        Value::Text(text) => json!(text),
        Value::Number(number) => json!(number),
        Value::Integer(number) => json!(number),
        Value::Flag(flag) => json!(flag),
        Value::Missing => serde_json::Value::Null,
    }
}

fn geometry(from: &Geometry<f64>) -> GeometryValue {
    match from {
        Geometry::Point(point) => GeometryValue::Point { coordinates: position(&point.0) },
        Geometry::LineString(line) => GeometryValue::LineString { coordinates: positions(line) },
        Geometry::Polygon(polygon) => GeometryValue::Polygon { coordinates: rings(polygon) },
        Geometry::MultiPoint(points) => {
            GeometryValue::MultiPoint { coordinates: points.iter().map(|point| position(&point.0)).collect() }
        }
        Geometry::MultiLineString(lines) => {
            GeometryValue::MultiLineString { coordinates: lines.iter().map(positions).collect() }
        }
        Geometry::MultiPolygon(polygons) => {
            GeometryValue::MultiPolygon { coordinates: polygons.iter().map(rings).collect() }
        }
        Geometry::GeometryCollection(parts) => GeometryValue::GeometryCollection {
            geometries: parts.iter().map(|part| geojson::Geometry::new(geometry(part))).collect(),
        },
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => {
            unreachable!("lon_lat::shapes turns these into line strings and polygons")
        }
    }
}

fn position(at: &Coord<f64>) -> Position {
    Position::from([at.x, at.y])
}

fn positions(line: &LineString<f64>) -> Vec<Position> {
    line.0.iter().map(position).collect()
}

fn rings(polygon: &Polygon<f64>) -> Vec<Vec<Position>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(positions).collect()
}
