//! What is wrong with the features of a file, and their places in the plane of a grid.

use rayon::prelude::*;

use crate::error::{Problem, Problems};
use crate::grid::vector::{Coord, Extent, Shape, ShapeKind, VectorFeature, VectorRequest};
use crate::grid::{Crs, Grid, LonLat};
use crate::input::problem_list::ProblemList;

use super::crossing::crossing;
use super::{Attribute, RawFeature, RawLayer, RawShape, Reference};

/// Points of the smallest closed ring: three corners and the first one again.
const SMALLEST_RING: usize = 4;

/// Largest latitude and longitude, degrees.
const POLE: f64 = 90.0;
const HALF_TURN: f64 = 180.0;

/// Largest height that is believed, m: above the tallest building.
const HIGHEST: f64 = 1000.0;

/// Features of a layer with their position in the file, from 0.
type Placed = Vec<(usize, Shape)>;

/// The features that lie on the grid; all mistakes go to `problems`.
pub(super) fn on_the_grid(
    raw: RawLayer,
    request: &VectorRequest,
    grid: &Grid,
    problems: &mut ProblemList,
) -> Vec<VectorFeature> {
    if raw.features.is_empty() {
        problems.add(
            Problem::error(2407, "the layer has no features")
                .why("nothing would be counted, which looks like safety")
                .fix("export it again, or remove it from the scenario"),
        );
        return Vec::new();
    }
    let found: Vec<Vec<Problem>> =
        raw.features.par_iter().enumerate().map(|(at, feature)| mistakes(at + 1, feature, request)).collect();
    found.into_iter().flatten().for_each(|problem| problems.add(problem));
    missing_attributes(&raw, request, problems);
    let plane = plane(&raw.reference, grid, problems);
    let Some(plane) = plane.filter(|_| !problems.has_errors()) else { return Vec::new() };
    let RawLayer { features, .. } = raw;
    let mut shapes: Placed = Vec::new();
    let mut rest: Vec<Option<[Attribute; 3]>> = Vec::new();
    for (at, feature) in features.into_iter().enumerate() {
        match feature.shape {
            Some(RawShape::Known(shape)) if has_points(&shape) => shapes.push((at, shape)),
            _ => {}
        }
        rest.push(Some([feature.label, feature.people, feature.height]));
    }
    let without_place = rest.len() - shapes.len();
    if without_place > 0 {
        let text =
            format!("{without_place} of {} features have no place or are marked as deleted", rest.len());
        problems.add(Problem::warning(2415, text).fix("they are left out; look at them in a map program"));
    }
    let placed = place(shapes, rest.len(), &plane, grid, problems);
    placed
        .into_iter()
        .filter_map(|(at, shape)| {
            let [label, people, height] = rest[at].take()?;
            let (people, height) = (number_of(&people), number_of(&height));
            Some(VectorFeature { number: at + 1, shape, label: label_of(label), people, height })
        })
        .collect()
}

fn has_points(shape: &Shape) -> bool {
    shape.paths().iter().any(|path| !path.is_empty())
}

fn label_of(label: Attribute) -> Option<String> {
    match label {
        Attribute::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Attribute::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn number_of(attribute: &Attribute) -> Option<f64> {
    match attribute {
        Attribute::Number(number) => Some(*number),
        _ => None,
    }
}

/// What is wrong with one feature by itself.
fn mistakes(number: usize, feature: &RawFeature, request: &VectorRequest) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut add = |code: u16, text: String, fix: &str| found.push(at(number, code, text).fix(fix));
    match &feature.shape {
        None => {}
        Some(RawShape::Broken(why)) => {
            add(2402, format!("coordinates are not understood: {why}"), "export the layer again")
        }
        Some(RawShape::Other(kind)) => {
            add(2409, wrong_kind(kind, request), "export the layer with one kind of geometry")
        }
        Some(RawShape::Known(shape)) => {
            if request.kinds.contains(&shape.kind()) {
                shape_mistakes(shape, &mut add);
            } else {
                add(
                    2409,
                    wrong_kind(shape.kind().words(), request),
                    "name another file, or another kind in the scenario",
                );
            }
        }
    }
    let wanted = [
        (&request.label, &feature.label),
        (&request.people, &feature.people),
        (&request.height, &feature.height),
    ];
    for (name, value) in wanted {
        let name = name.as_deref().unwrap_or_default();
        match value {
            Attribute::Foreign => {
                let text =
                    format!("the attribute '{name}' is not UTF-8 text; Chinese shapefiles are often GBK");
                add(
                    2418,
                    text,
                    "say encoding = \"gbk\" in the scenario, or put a .cpg with GBK beside the .shp",
                );
            }
            Attribute::Undecodable { encoding, bytes } => {
                let text =
                    format!("the attribute '{name}' is no {encoding} text: bytes {}", hexadecimal(bytes));
                add(
                    2450,
                    text,
                    "correct the encoding, or mend the attribute; a long name may be cut in a letter",
                );
            }
            _ => {}
        }
    }
    if let Some(name) = &request.people {
        match &feature.people {
            Attribute::Number(people) if *people >= 0.0 && people.is_finite() => {}
            Attribute::Absent | Attribute::Foreign | Attribute::Undecodable { .. } => {}
            wrong => add(
                2411,
                format!("'{name}' is {}, not a number of people", shown(wrong)),
                "write a number of 0 or more",
            ),
        }
    }
    if let Some(name) = &request.height {
        match &feature.height {
            Attribute::Number(height) if *height > 0.0 && *height <= HIGHEST => {}
            Attribute::Absent | Attribute::Foreign | Attribute::Undecodable { .. } => {}
            wrong => add(
                1115,
                format!("'{name}' is {}, not a height above 0 and up to {HIGHEST} m", shown(wrong)),
                "write metres above the ground as a number",
            ),
        }
    }
    found
}

/// Bytes as they can be looked for in a file.
fn hexadecimal(bytes: &[u8]) -> String {
    /// More bytes would fill the line.
    const MOST: usize = 16;
    let shown: Vec<String> = bytes.iter().take(MOST).map(|byte| format!("{byte:02X}")).collect();
    let more = if bytes.len() > MOST { " ..." } else { "" };
    format!("{}{more}", shown.join(" "))
}

fn at(number: usize, code: u16, text: String) -> Problem {
    Problem::error(code, text).at_spot(format!("feature {number}"))
}

fn shown(attribute: &Attribute) -> String {
    match attribute {
        Attribute::Number(number) => number.to_string(),
        Attribute::Text(text) => format!("'{}'", text.chars().take(32).collect::<String>()),
        _ => "of another type".into(),
    }
}

fn wrong_kind(found: &str, request: &VectorRequest) -> String {
    let wanted: Vec<&str> = request.kinds.iter().map(|kind| kind.words()).collect();
    format!("found {found}; {} are needed", wanted.join(" or "))
}

fn shape_mistakes(shape: &Shape, add: &mut impl FnMut(u16, String, &str)) {
    if shape.paths().iter().flatten().any(|at| !(at.x.is_finite() && at.y.is_finite())) {
        add(2413, "a coordinate is not a finite number".into(), "repair the feature in a map program");
        return;
    }
    for (position, path) in shape.paths().iter().enumerate() {
        let part = position + 1;
        let points = path.len();
        match shape.kind() {
            ShapeKind::Points => {}
            ShapeKind::Lines if points >= 2 || points == 0 => {}
            ShapeKind::Lines => {
                add(
                    2404,
                    format!("line {part} has {points} point; at least 2 are needed"),
                    "remove or redraw it",
                );
            }
            ShapeKind::Area if points == 0 => {}
            ShapeKind::Area if path.first() != path.last() => {
                let text = format!(
                    "ring {part} is not closed: it begins at {} and ends at {}",
                    place_of(path.first()),
                    place_of(path.last())
                );
                add(2403, text, "repeat the first point at the end");
            }
            ShapeKind::Area if points < SMALLEST_RING => {
                let text = format!("ring {part} has {points} points; at least {SMALLEST_RING} are needed");
                add(2404, text, "remove or redraw it");
            }
            ShapeKind::Area => {
                if let Some(near) = crossing(path) {
                    let text = format!("ring {part} crosses itself near {}", place_of(Some(&near)));
                    add(2405, text, "repair it, e.g. ogr2ogr -makevalid out.geojson in.geojson");
                }
            }
        }
    }
}

fn place_of(at: Option<&Coord<f64>>) -> String {
    at.map_or_else(String::new, |at| format!("({}, {})", at.x, at.y))
}

/// Attributes that no feature has, and people that single features do not have.
fn missing_attributes(raw: &RawLayer, request: &VectorRequest, problems: &mut ProblemList) {
    for name in [&request.label, &request.people, &request.height].into_iter().flatten() {
        if !raw.attributes.contains(name) {
            let text =
                format!("no feature has the attribute '{name}'; there are: {}", raw.attributes.join(", "));
            problems.add(Problem::error(2410, text).fix("write its name as in the file; case counts"));
        }
    }
    let known = |name: &&String| raw.attributes.contains(name);
    for name in request.people.as_ref().into_iter().filter(known) {
        for position in absent(raw, |feature| &feature.people) {
            let problem = at(position + 1, 2410, format!("the attribute '{name}' is missing or empty"));
            problems.add(problem.why("an empty cell is not zero").fix("write the number, 0 where nobody is"));
        }
    }
    for name in request.height.as_ref().into_iter().filter(known) {
        for position in absent(raw, |feature| &feature.height) {
            let problem = at(position + 1, 1115, format!("the height '{name}' is missing or empty"));
            problems.add(problem.fix("write metres above the ground, a guess from the storeys if need be"));
        }
    }
}

/// Positions of the features that do not have an attribute.
fn absent<'r>(
    raw: &'r RawLayer,
    of: impl Fn(&RawFeature) -> &Attribute + 'r,
) -> impl Iterator<Item = usize> + 'r {
    let lacks = move |entry: &(usize, &RawFeature)| *of(entry.1) == Attribute::Absent;
    raw.features.iter().enumerate().filter(lacks).map(|entry| entry.0)
}

/// The way from the coordinates of a file to those of a grid.
enum Plane {
    /// They are the same.
    Same,
    Other(Box<Crs>),
}

impl Plane {
    fn place(&self, at: Coord<f64>, grid: &Grid) -> Option<Coord<f64>> {
        let Self::Other(source) = self else { return Some(at) };
        let lon_lat = if source.epsg() == Some(crate::grid::WGS84) {
            LonLat { lon: at.x, lat: at.y }
        } else {
            source.to_lon_lat(at.x, at.y)?
        };
        grid.crs.from_lon_lat(lon_lat).map(|(x, y)| Coord { x, y })
    }

    fn is_geographic(&self) -> bool {
        matches!(self, Self::Other(source) if source.is_geographic())
    }
}

fn plane(reference: &Reference, grid: &Grid, problems: &mut ProblemList) -> Option<Plane> {
    let local = grid.crs.epsg().is_none();
    let problem = match reference {
        Reference::Undeclared if local => return Some(Plane::Same),
        Reference::Epsg(code) if !local => match Crs::from_epsg(*code) {
            Ok(crs) if crs == grid.crs => return Some(Plane::Same),
            Ok(crs) => return Some(Plane::Other(Box::new(crs))),
            Err(Problems(mut found)) => {
                let why = found.pop().map_or_else(String::new, |problem| problem.text);
                Problem::error(2412, why).fix("convert the layer to longitude and latitude on WGS 84")
            }
        },
        Reference::Epsg(code) => Problem::error(2412, format!("the layer is in EPSG:{code} and the grid is a local plane, nowhere on Earth"))
            .fix("name the reference of the plane in [site] crs, or give GeoJSON in the plane a member \"crs\": null"),
        Reference::Undeclared => Problem::error(2412, "the layer does not say in which coordinate reference it is")
            .why("a wrong guess moves every house by hundreds of metres")
            .fix("add the .prj of the shapefile, or remove \"crs\": null from GeoJSON in longitude and latitude"),
        Reference::Unknown(text) => Problem::error(2412, format!("the coordinate reference '{text}' is not understood"))
            .fix("convert the layer: ogr2ogr -t_srs EPSG:4326 out.geojson in.shp"),
    };
    problems.add(problem);
    None
}

/// Features whose extents meet the grid, in its plane.
fn place(shapes: Placed, all: usize, plane: &Plane, grid: &Grid, problems: &mut ProblemList) -> Placed {
    if plane.is_geographic() && !degrees_are_right(&shapes, problems) {
        return Vec::new();
    }
    let area = [Coord { x: grid.west, y: grid.south }, Coord { x: grid.east(), y: grid.north() }];
    let area = area.into_iter().fold(Extent::NOTHING, Extent::with);
    let count = shapes.len();
    let moved: Option<Vec<Option<Shape>>> = match plane {
        Plane::Same => None,
        Plane::Other(_) => {
            Some(shapes.par_iter().map(|(_, shape)| shape.moved(|at| plane.place(at, grid))).collect())
        }
    };
    let extents: Vec<Option<Extent>> = match &moved {
        None => shapes.par_iter().map(|(_, shape)| Some(shape.extent())).collect(),
        Some(moved) => moved.par_iter().map(|shape| shape.as_ref().map(Shape::extent)).collect(),
    };
    let inside = extents.iter().flatten().filter(|extent| extent.meets(&area)).count();
    if inside == 0 && count > 0 {
        let turned = |shape: &Shape| shape.moved(|at| plane.place(Coord { x: at.y, y: at.x }, grid));
        let meets = |shape: Shape| shape.extent().meets(&area);
        let swapped = shapes.par_iter().any(|(_, shape)| turned(shape).is_some_and(meets));
        let whole = extents
            .iter()
            .flatten()
            .fold(Extent::NOTHING, |whole, extent| whole.with(extent.low).with(extent.high));
        problems.add(nothing_inside(swapped, &whole, &area, grid));
        return Vec::new();
    }
    if inside < count {
        let text = format!("{} of {all} features lie outside the grid and are not counted", count - inside);
        problems.add(
            Problem::warning(2414, text).fix("nothing, if the layer is meant to be larger than the area"),
        );
    }
    let (numbers, shapes): (Vec<usize>, Vec<Shape>) = shapes.into_iter().unzip();
    let shapes = moved.unwrap_or_else(|| shapes.into_iter().map(Some).collect());
    let meets = |extent: Option<Extent>| extent.is_some_and(|extent| extent.meets(&area));
    let placed = numbers.into_iter().zip(shapes).zip(extents);
    placed.filter_map(|((at, shape), extent)| Some((at, shape.filter(|_| meets(extent))?))).collect()
}

/// Why no feature lies on the grid.
fn nothing_inside(swapped: bool, whole: &Extent, area: &Extent, grid: &Grid) -> Problem {
    let spans = |extent: &Extent| {
        if !extent.low.x.is_finite() {
            return format!("no place in {}", grid.crs);
        }
        format!(
            "x {:.0} to {:.0}, y {:.0} to {:.0}",
            extent.low.x, extent.high.x, extent.low.y, extent.high.y
        )
    };
    if swapped {
        return Problem::error(2406, "all features lie far outside the area, and in it once their two coordinates are exchanged")
            .why("GeoJSON has longitude first, then latitude; x is the easting")
            .fix("exchange the coordinates, e.g. ogr2ogr -swapxy, or set the right order where the file is exported");
    }
    let text =
        format!("no feature touches the grid: the layer spans {}, the grid {}", spans(whole), spans(area));
    Problem::error(2408, text).fix("check the coordinate reference and the place of the layer")
}

/// Longitudes and latitudes are such; one mistake for the whole layer.
fn degrees_are_right(shapes: &Placed, problems: &mut ProblemList) -> bool {
    let points = || {
        shapes.iter().flat_map(|(at, shape)| shape.paths().iter().flatten().map(move |point| (*at, point)))
    };
    let wrong = |point: &Coord<f64>| point.y.abs() > POLE || point.x.abs() > HALF_TURN;
    let Some((first, point)) = points().find(|(_, point)| wrong(point)) else { return true };
    let spot = format!(
        "feature {}, first of {} points",
        first + 1,
        points().filter(|(_, point)| wrong(point)).count()
    );
    let looks_swapped = points().all(|(_, point)| point.x.abs() <= POLE && point.y.abs() <= HALF_TURN);
    problems.add(if looks_swapped {
        Problem::error(
            2406,
            format!("the latitude {} lies beyond the pole: longitude and latitude are exchanged", point.y),
        )
        .at_spot(spot)
        .why("GeoJSON has longitude first, then latitude")
        .fix("exchange the coordinates, e.g. ogr2ogr -swapxy out.geojson in.geojson")
    } else {
        Problem::error(2413, format!("({}, {}) is no longitude and latitude in degrees", point.x, point.y))
            .at_spot(spot)
            .why("GeoJSON without a crs member is in degrees; numbers like these are metres of a projection")
            .fix("convert it: ogr2ogr -t_srs EPSG:4326 out.geojson in.geojson")
    });
    false
}
