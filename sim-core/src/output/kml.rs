//! Shapes as KML 2.2 for Google Earth and Ovital: styled areas, names, tables of attributes.
//!
//! The tree is built of plain elements, in the order of the KML schema, and
//! escaped once by the writer; text inside a description is HTML and is escaped
//! for that before.

use std::collections::HashMap;

use geo_types::{Coord, Geometry, LineString, Polygon};
use kml::types::{Element, KmlDocument};
use kml::{Kml, KmlVersion, KmlWriter};

use super::lon_lat::{self, Bounds};
use super::{Format, Job, cannot_write};
use crate::error::Result;
use crate::product::{Column, Feature, Layer, Shapes, Value};

/// Opacity of areas and of lines, 0 to 255: the ground stays visible through an area.
const AREA_ALPHA: u8 = 0x73;
const LINE_ALPHA: u8 = 0xff;

/// Width of outlines, pixels.
const LINE_WIDTH: &str = "2.5";

/// The first view shows the layer with as much room around it as it is wide.
const VIEW_FACTOR: f64 = 2.0;

/// The first view is not closer than this, m.
const CLOSEST_VIEW: f64 = 500.0;

/// Metres in a degree of latitude, for the distance of the first view only.
const METRES_PER_DEGREE: f64 = 111_320.0;

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
    let path = format!("{}.kml", shapes.info.name);
    let bytes = bytes(shapes, &geometries, &job.products.not_modelled)
        .map_err(|mistake| cannot_write(&path, &mistake))?;
    job.write_file(&path, &bytes)?;
    job.list(&shapes.info.name, &path, Format::Kml, &shapes.info.unit);
    Ok(())
}

fn bytes(
    shapes: &Shapes,
    geometries: &[Option<Geometry<f64>>],
    not_modelled: &[String],
) -> std::result::Result<Vec<u8>, kml::Error> {
    let mut bytes = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_vec();
    let root = KmlDocument {
        version: KmlVersion::V22,
        attrs: HashMap::from([("xmlns".into(), "http://www.opengis.net/kml/2.2".into())]),
        elements: vec![Kml::Element(document(shapes, geometries, not_modelled))],
    };
    KmlWriter::<_, f64>::from_writer(&mut bytes).write(&Kml::KmlDocument(root))?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn document(shapes: &Shapes, geometries: &[Option<Geometry<f64>>], not_modelled: &[String]) -> Element {
    let mut about = html(&shapes.info.meaning);
    if !not_modelled.is_empty() {
        about = format!("{about}<br/>Not modelled: {}.", html(&not_modelled.join("; ")));
    }
    let mut children = vec![text("name", &shapes.info.title), text("description", &about)];
    children.extend(lon_lat::bounds(geometries.iter().flatten()).map(look_at));
    let mut colours: Vec<[u8; 3]> = shapes.features.iter().map(|feature| feature.colour).collect();
    colours.sort_unstable();
    colours.dedup();
    children.extend(colours.into_iter().map(style));
    // Features come most important first; later ones are drawn on top.
    for (feature, geometry) in shapes.features.iter().zip(geometries).rev() {
        if let Some(geometry) = geometry {
            children.push(placemark(feature, &shapes.columns, geometry));
        }
    }
    parent("Document", children)
}

fn look_at(bounds: Bounds) -> Element {
    let [west, south, east, north] = bounds;
    let (lon, lat) = (0.5 * (west + east), 0.5 * (south + north));
    let across = ((east - west) * lat.to_radians().cos()).max(north - south) * METRES_PER_DEGREE;
    let range = (VIEW_FACTOR * across).max(CLOSEST_VIEW);
    parent(
        "LookAt",
        vec![
            text("longitude", &format!("{lon:.7}")),
            text("latitude", &format!("{lat:.7}")),
            text("altitude", "0"),
            text("heading", "0"),
            text("tilt", "0"),
            text("range", &format!("{range:.0}")),
        ],
    )
}

fn style_name(colour: [u8; 3]) -> String {
    let [red, green, blue] = colour;
    format!("c{red:02x}{green:02x}{blue:02x}")
}

fn style(colour: [u8; 3]) -> Element {
    let [red, green, blue] = colour;
    // KML writes colours as alpha, blue, green, red.
    let paint = |alpha: u8| format!("{alpha:02x}{blue:02x}{green:02x}{red:02x}");
    let line = paint(LINE_ALPHA);
    let mut style = parent(
        "Style",
        vec![
            parent("IconStyle", vec![text("color", &line)]),
            parent("LineStyle", vec![text("color", &line), text("width", LINE_WIDTH)]),
            parent("PolyStyle", vec![text("color", &paint(AREA_ALPHA))]),
        ],
    );
    style.attrs.insert("id".into(), style_name(colour));
    style
}

fn placemark(feature: &Feature, columns: &[Column], geometry: &Geometry<f64>) -> Element {
    parent(
        "Placemark",
        vec![
            text("name", &feature.label),
            text("description", &description(feature, columns)),
            text("styleUrl", &format!("#{}", style_name(feature.colour))),
            self::geometry(geometry),
        ],
    )
}

/// The attributes as an HTML table.
fn description(feature: &Feature, columns: &[Column]) -> String {
    let mut table = String::from("<table>");
    for (column, value) in columns.iter().zip(&feature.values) {
        let unit = if column.unit == "1" { "" } else { column.unit.as_str() };
        let shown = match value {
            Value::Text(text) => html(text),
            Value::Number(number) => format!("{number} {}", html(unit)),
            Value::Integer(number) => format!("{number} {}", html(unit)),
            Value::Flag(flag) => String::from(if *flag { "yes" } else { "no" }),
            Value::Missing => String::from("–"),
        };
        table.push_str(&format!("<tr><td>{}</td><td>{}</td></tr>", html(&column.name), shown.trim_end()));
    }
    table.push_str("</table>");
    table
}

fn geometry(from: &Geometry<f64>) -> Element {
    match from {
        Geometry::Point(point) => parent("Point", vec![coordinates(&[point.0])]),
        Geometry::LineString(line) => line_string(line),
        Geometry::Polygon(polygon) => self::polygon(polygon),
        Geometry::MultiPoint(points) => {
            let points = points.iter().map(|point| parent("Point", vec![coordinates(&[point.0])]));
            parent("MultiGeometry", points.collect())
        }
        Geometry::MultiLineString(lines) => parent("MultiGeometry", lines.iter().map(line_string).collect()),
        Geometry::MultiPolygon(polygons) => {
            parent("MultiGeometry", polygons.iter().map(self::polygon).collect())
        }
        Geometry::GeometryCollection(parts) => parent("MultiGeometry", parts.iter().map(geometry).collect()),
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => {
            unreachable!("lon_lat::shapes turns these into line strings and polygons")
        }
    }
}

fn line_string(line: &LineString<f64>) -> Element {
    parent("LineString", vec![text("tessellate", "1"), coordinates(&line.0)])
}

fn polygon(polygon: &Polygon<f64>) -> Element {
    let ring = |name: &str, line: &LineString<f64>| {
        parent(name, vec![parent("LinearRing", vec![coordinates(&line.0)])])
    };
    let mut children = vec![text("tessellate", "1"), ring("outerBoundaryIs", polygon.exterior())];
    children.extend(polygon.interiors().iter().map(|hole| ring("innerBoundaryIs", hole)));
    parent("Polygon", children)
}

fn coordinates(line: &[Coord<f64>]) -> Element {
    let words: Vec<String> = line.iter().map(|at| format!("{},{}", at.x, at.y)).collect();
    text("coordinates", &words.join(" "))
}

fn parent(name: &str, children: Vec<Element>) -> Element {
    Element { name: name.into(), attrs: HashMap::new(), content: None, children }
}

fn text(name: &str, content: &str) -> Element {
    // XML 1.0 has no way to carry control characters, not even escaped ones.
    let content = content
        .chars()
        .map(|c| if c.is_control() && !"\n\r\t".contains(c) { '\u{fffd}' } else { c })
        .collect();
    Element { name: name.into(), attrs: HashMap::new(), content: Some(content), children: Vec::new() }
}

/// Text that HTML shows as it is.
fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
