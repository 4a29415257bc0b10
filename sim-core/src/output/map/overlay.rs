//! Shapes, markers and names over the ground.

use std::collections::BTreeSet;

use geo::{BoundingRect, Contains};
use geo_types::{Geometry, LineString, Point, Polygon};

use super::canvas::{Area, Canvas, Colour};
use super::text::{Align, Fonts, Style};
use super::view::View;
use crate::product::{Feature, Map, Shapes};

/// Opacity of areas, over paper and over a raster.
const AREA_ALPHA: u8 = 140;
const AREA_ALPHA_OVER_RASTER: u8 = 30;
const OPAQUE: u8 = 255;

/// Widths of an outline and of the pale line under it, pixels.
const LINE: f32 = 2.4;
const RIM: f32 = 4.6;

/// Width of the outline of an area that hides the raster, pixels: a pale rim would be larger
/// than a building.
const THIN: f32 = 1.0;

/// Radius of the dot of a building of which only a point is known, pixels.
const SOLID_DOT: f32 = 4.0;

/// Radius of the dot of a point, pixels.
const DOT: f32 = 6.0;

/// More names than this make a map unreadable.
const MOST_NAMES: usize = 40;

/// Most features of a layer that get their names on the map.
const MOST_NAMED: usize = 12;

/// Longest name on the map, pixels; the whole of it is in the data files.
const NAME_WIDTH: f32 = 300.0;

/// Free room around a name, pixels.
const NAME_ROOM: f32 = 3.0;

pub(super) const DARK: Colour = [31, 41, 55, 255];
pub(super) const WHITE: Colour = [255, 255, 255, 255];
const PALE: Colour = [255, 255, 255, 190];
const NAME: Style = Style { size: 19.0, bold: true, colour: DARK, halo: Some([255, 255, 255, 235]) };

/// Boxes on the page that nothing else may cover.
pub(super) type Taken = Vec<Area>;

/// Draws the layers, the most important feature of each on top.
pub(super) fn draw_shapes(canvas: &mut Canvas, view: &View, map: &Map, layers: &[&Shapes]) {
    for layer in layers {
        let alpha = layer_alpha(map, layer);
        for feature in layer.features.iter().rev() {
            let [red, green, blue] = feature.colour;
            let line = darker(feature.colour);
            if alpha == OPAQUE {
                draw_solid(canvas, view, &feature.geometry, [red, green, blue, alpha], line);
            } else {
                draw_geometry(canvas, view, &feature.geometry, [red, green, blue, alpha], line);
            }
        }
    }
}

fn draw_solid(canvas: &mut Canvas, view: &View, geometry: &Geometry<f64>, area: Colour, line: Colour) {
    let points = match geometry {
        Geometry::Point(point) => std::slice::from_ref(point),
        Geometry::MultiPoint(points) => points.0.as_slice(),
        _ => &[],
    };
    for point in points {
        canvas.disc(view.pixel(point.x(), point.y()), SOLID_DOT, line);
        canvas.disc(view.pixel(point.x(), point.y()), SOLID_DOT - THIN, area);
    }
    for polygon in polygons(geometry) {
        let rings: Vec<_> = std::iter::once(polygon.exterior())
            .chain(polygon.interiors())
            .map(|ring| pixels(view, ring))
            .collect();
        canvas.fill_rings(&rings, area);
        canvas.stroke(&rings, true, THIN, line);
    }
}

/// Opacity of the areas of a layer: outlined only, hiding the raster, or letting it through.
pub(super) fn layer_alpha(map: &Map, layer: &Shapes) -> u8 {
    if map.hollow.contains(&layer.info.name) {
        0
    } else if map.solid.contains(&layer.info.name) {
        OPAQUE
    } else if map.raster.is_some() {
        AREA_ALPHA_OVER_RASTER
    } else {
        AREA_ALPHA
    }
}

fn draw_geometry(canvas: &mut Canvas, view: &View, geometry: &Geometry<f64>, area: Colour, line: Colour) {
    match geometry {
        Geometry::Point(point) => dot(canvas, view.pixel(point.x(), point.y()), area, line),
        Geometry::MultiPoint(points) => {
            points.iter().for_each(|point| dot(canvas, view.pixel(point.x(), point.y()), area, line));
        }
        Geometry::Line(part) => outline(canvas, &[pixels(view, &LineString::from(part))], false, line),
        Geometry::LineString(part) => outline(canvas, &[pixels(view, part)], false, line),
        Geometry::MultiLineString(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| pixels(view, part)).collect();
            outline(canvas, &parts, false, line);
        }
        Geometry::GeometryCollection(parts) => {
            parts.iter().for_each(|part| draw_geometry(canvas, view, part, area, line));
        }
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => {
            for polygon in polygons(geometry) {
                let rings: Vec<_> = std::iter::once(polygon.exterior())
                    .chain(polygon.interiors())
                    .map(|ring| pixels(view, ring))
                    .collect();
                canvas.fill_rings(&rings, area);
                outline(canvas, &rings, true, line);
            }
        }
    }
}

fn polygons(geometry: &Geometry<f64>) -> Vec<Polygon<f64>> {
    match geometry {
        Geometry::Polygon(polygon) => vec![polygon.clone()],
        Geometry::MultiPolygon(polygons) => polygons.0.clone(),
        Geometry::Rect(rect) => vec![rect.to_polygon()],
        Geometry::Triangle(triangle) => vec![triangle.to_polygon()],
        _ => Vec::new(),
    }
}

fn pixels(view: &View, line: &LineString<f64>) -> Vec<(f32, f32)> {
    line.coords().map(|at| view.pixel(at.x, at.y)).collect()
}

fn outline(canvas: &mut Canvas, parts: &[Vec<(f32, f32)>], closed: bool, colour: Colour) {
    canvas.stroke(parts, closed, RIM, PALE);
    canvas.stroke(parts, closed, LINE, colour);
}

/// A dot with a rim.
pub(super) fn dot(canvas: &mut Canvas, at: (f32, f32), area: Colour, line: Colour) {
    canvas.disc(at, DOT + 3.0, WHITE);
    canvas.disc(at, DOT + 1.0, line);
    canvas.disc(at, DOT - 1.0, [area[0], area[1], area[2], 255]);
}

/// The colour at two thirds of its brightness: readable on any ground.
pub(super) fn darker(colour: [u8; 3]) -> Colour {
    let [red, green, blue] = colour.map(|part| (u16::from(part) * 2 / 3) as u8);
    [red, green, blue, 255]
}

/// Draws the names of features where there is room; the same name of an area only once.
///
/// A layer of more than [`MOST_NAMED`] areas would cover the map with names; its
/// places are numbered by markers instead.
pub(super) fn draw_names(
    canvas: &mut Canvas,
    fonts: &Fonts,
    view: &View,
    layers: &[&Shapes],
    taken: &mut Taken,
) {
    let mut drawn = 0;
    let mut seen = BTreeSet::new();
    // What lies on top gets its name first.
    for layer in layers.iter().rev() {
        let is_crowd = layer.features.len() > MOST_NAMED;
        for (i, feature) in layer.features.iter().enumerate().filter(|_| !is_crowd) {
            let is_point = matches!(feature.geometry, Geometry::Point(_));
            if feature.label.is_empty() || drawn == MOST_NAMES || (!is_point && !seen.insert(&feature.label))
            {
                continue;
            }
            let name = fonts.cut(&feature.label, NAME_WIDTH, &NAME);
            let size = (fonts.width(&name, &NAME), NAME.size);
            let places = match &feature.geometry {
                Geometry::Point(point) => around(view.pixel(point.x(), point.y()), size),
                _ => inside(feature, &layer.features[..i], view, size),
            };
            let is_free = |area: &Area| view.area.holds(area) && !taken.iter().any(|other| other.meets(area));
            if let Some(area) = places.into_iter().map(|area| area.grown(NAME_ROOM)).find(is_free) {
                let middle = (area.left + 0.5 * area.width, area.top + 0.5 * area.height);
                fonts.draw(canvas, &name, middle, Align::Centre, &NAME);
                taken.push(area);
                drawn += 1;
            }
        }
    }
}

/// Boxes beside a dot, the best first.
fn around((x, y): (f32, f32), (width, height): (f32, f32)) -> Vec<Area> {
    const ASIDE: f32 = DOT + 6.0;
    [
        (x + ASIDE, y - 0.5 * height),
        (x - ASIDE - width, y - 0.5 * height),
        (x - 0.5 * width, y - ASIDE - height),
        (x - 0.5 * width, y + ASIDE),
    ]
    .map(|(left, top)| Area { left, top, width, height })
    .to_vec()
}

/// Boxes wholly inside a shape and outside the more important ones, nearest to
/// its middle first; then boxes above and below it.
fn inside(feature: &Feature, above: &[Feature], view: &View, (width, height): (f32, f32)) -> Vec<Area> {
    let Some(bounds) = feature.geometry.bounding_rect() else { return Vec::new() };
    let (left, bottom) = view.pixel(bounds.min().x, bounds.min().y);
    let (right, top) = view.pixel(bounds.max().x, bounds.max().y);
    let (x, y) = (0.5 * (left + right), 0.5 * (top + bottom));
    let centred = |x: f32, y: f32| Area { left: x - 0.5 * width, top: y - 0.5 * height, width, height };
    let holds = |geometry: &Geometry<f64>, corner: (f32, f32)| {
        let (x, y) = view.place(f64::from(corner.0), f64::from(corner.1));
        geometry.contains(&Point::new(x, y))
    };
    let is_inside = |area: &Area| {
        probes(area).all(|at| holds(&feature.geometry, at) && !above.iter().any(|f| holds(&f.geometry, at)))
    };
    const STEPS: usize = 24;
    let along = |low: f32, high: f32, i: usize| low + (high - low) * (i as f32 + 0.5) / STEPS as f32;
    let mut boxes: Vec<Area> = (0..STEPS * STEPS)
        .map(|i| centred(along(left, right, i % STEPS), along(top, bottom, i / STEPS)))
        .filter(|area| is_inside(&area.grown(NAME_ROOM)))
        .collect();
    let distance =
        |area: &Area| (area.left + 0.5 * width - x).powi(2) + (area.top + 0.5 * height - y).powi(2);
    boxes.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
    boxes.extend([centred(x, top - height), centred(x, bottom + height)]);
    boxes
}

/// Points along the rim of a box.
fn probes(area: &Area) -> impl Iterator<Item = (f32, f32)> {
    const STEPS: usize = 6;
    let (left, width) = (area.left, area.width);
    let rows = [area.top, area.top + 0.5 * area.height, area.bottom()];
    rows.into_iter().flat_map(move |y| (0..=STEPS).map(move |i| (left + width * i as f32 / STEPS as f32, y)))
}
