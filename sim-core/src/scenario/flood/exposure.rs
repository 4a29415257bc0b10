//! Who and what may be hit: layers of zones, buildings, roads and people.

use std::sync::Arc;

use crate::error::Problems;
use crate::flood::exposure::{Exposed, Things, people_by_cell};
use crate::grid::Field;
use crate::grid::vector::{ShapeKind, TextEncoding, VectorLayer, VectorRequest};
use crate::scenario::Context;
use crate::scenario::names::Names;
use crate::scenario::section::Section;

use super::terrain::{Ground, aligned};

const KINDS: [&str; 4] = ["zones", "buildings", "roads", "people"];

/// What one table says, before any file is opened.
struct Wish<'s> {
    name: &'s str,
    kind: &'s str,
    layer: Option<&'s str>,
    raster: Option<&'s str>,
    label: Option<&'s str>,
    people: Option<&'s str>,
    table: Option<&'s str>,
    encoding: Option<TextEncoding>,
}

/// Encodings of attributes by their words.
const ENCODINGS: [(&str, TextEncoding); 3] =
    [("utf-8", TextEncoding::Utf8), ("gbk", TextEncoding::Gbk), ("big5", TextEncoding::Big5)];

/// Reads the tables `[[exposure]]`.
pub(super) fn read(
    root: &Section<'_>,
    ground: Option<&Ground>,
    context: &mut Context<'_, '_>,
) -> Option<Vec<Arc<Exposed>>> {
    let tables = root.sections("exposure", "who and what may be hit: zones, buildings, roads, people");
    let mut names = Names::new(1092, "layers");
    let mut list: Option<Vec<Arc<Exposed>>> = Some(Vec::new());
    for table in &tables {
        let wish = read_wish(table).filter(|wish| names.first(table, wish.name).is_some());
        let exposed = wish.and_then(|wish| {
            let things = things(table, &wish, ground?, context)?;
            Some(Arc::new(Exposed { name: wish.name.to_owned(), things }))
        });
        list = list.zip(exposed).map(|(mut list, exposed)| {
            list.push(exposed);
            list
        });
    }
    list
}

fn read_wish<'s>(table: &Section<'s>) -> Option<Wish<'s>> {
    let name = table.required_text("name", "name of the layer in results", "villages");
    let kind = table.required_choice("kind", &KINDS, "what the layer holds");
    let layer = table.text(
        "layer",
        "file of polygons, lines or points: GeoJSON, GeoPackage or shapefile; all kinds may have one",
    );
    let raster =
        table.text("raster", "people per cell on the grid of the terrain, instead of a layer of people");
    let label = table.text("label", "attribute that names a feature");
    let people = table.text("people", "attribute with a number of people, for zones, buildings and people");
    let within = table.text("table", "table of a GeoPackage that has several");
    let words = ENCODINGS.map(|(word, _)| word);
    let encoding = table.choice(
        "encoding",
        &words,
        "encoding of the attributes of a shapefile, instead of what it says",
    );
    let encoding = ENCODINGS.iter().find(|(word, _)| Some(*word) == encoding).map(|(_, encoding)| *encoding);
    table.finish();
    let (name, kind) = (name?, kind?);
    let foreign: &[&str] = match kind {
        "roads" => &["raster", "people"],
        "people" => &["label"],
        _ => &["raster"],
    };
    let right = table.has_only_own(
        foreign.iter().map(|&key| (key, false)),
        (1091, &format!("the kind \"{kind}\""), "remove it, or choose the kind that it belongs to"),
    );
    let fits = fits_the_format(table, layer);
    let sources = [layer, raster].into_iter().flatten().count();
    if kind == "people" && table.has("layer") && table.has("raster") {
        table.report(1090, "raster", "people are given twice, by layer and by raster", "keep one of the two");
        return None;
    }
    if !table.has("layer") && (kind != "people" || !table.has("raster")) {
        let or = if kind == "people" { ", or raster = \"people.tif\"" } else { "" };
        table.report(
            1012,
            "layer",
            format!("no file of {kind} is named"),
            format!("add layer = \"{kind}.geojson\"{or}"),
        );
        return None;
    }
    if kind == "people" && table.has("layer") && !table.has("people") {
        let fix = "add people = \"NAME\" with the attribute that holds the number of people";
        table.report(1012, "people", "it is not said how many people a point stands for", fix);
        return None;
    }
    let sound = right && fits && sources == 1;
    sound.then_some(Wish { name, kind, layer, raster, label, people, table: within, encoding })
}

/// True where the keys of one format stand beside a file of that format.
pub(super) fn fits_the_format(table: &Section<'_>, layer: Option<&str>) -> bool {
    let mut fits = true;
    for (key, ending) in [("table", ".gpkg"), ("encoding", ".shp")] {
        let is_that = layer.is_some_and(|layer| layer.to_ascii_lowercase().ends_with(ending));
        if table.has(key) && !is_that {
            let text = format!("{key} means something only for a layer that ends in {ending}");
            table.report(1140, key, text, format!("remove {key}"));
            fits = false;
        }
    }
    fits
}

fn things(
    table: &Section<'_>,
    wish: &Wish<'_>,
    ground: &Ground,
    context: &mut Context<'_, '_>,
) -> Option<Things> {
    if let Some(path) = wish.raster {
        return people_of_raster(table, path, ground, context).map(Things::People);
    }
    let kinds = match wish.kind {
        "zones" => vec![ShapeKind::Area],
        "buildings" => vec![ShapeKind::Area, ShapeKind::Points],
        "roads" => vec![ShapeKind::Lines],
        _ => vec![ShapeKind::Points],
    };
    let request = VectorRequest {
        kinds,
        label: wish.label.map(str::to_owned),
        people: wish.people.map(str::to_owned),
        height: None,
        table: wish.table.map(str::to_owned),
        encoding: wish.encoding,
    };
    let features = load(table, wish.layer?, &request, ground, context)?.features;
    Some(match wish.kind {
        "zones" => Things::Zones(features),
        "buildings" => Things::Buildings(features),
        "roads" => Things::Roads(features),
        _ => Things::People(people_by_cell(&ground.grid, &features)),
    })
}

pub(super) fn load(
    table: &Section<'_>,
    path: &str,
    request: &VectorRequest,
    ground: &Ground,
    context: &mut Context<'_, '_>,
) -> Option<VectorLayer> {
    match context.resolver.as_mut()?.vectors(path, request, &ground.grid) {
        Ok(layer) => {
            for (key, value) in &layer.understood {
                table.reading.understand(table.path_of(key), value.as_str().into());
            }
            layer.warnings.iter().for_each(|warning| table.reading.report(warning.clone()));
            Some(layer)
        }
        Err(Problems(problems)) => {
            problems.into_iter().for_each(|problem| table.reading.report(problem));
            None
        }
    }
}

/// People of a raster; no value means that nobody is there, which is told.
fn people_of_raster(
    table: &Section<'_>,
    path: &str,
    ground: &Ground,
    context: &mut Context<'_, '_>,
) -> Option<Field> {
    let grid = &ground.grid;
    let people = aligned(table, "raster", path, grid, context)?;
    let wrong = people.indexed_iter().filter(|(_, people)| **people < 0.0 || people.is_infinite());
    let count = wrong.clone().count();
    if let Some(((row, column), first)) = wrong.clone().next() {
        let text = format!("{count} cells of {path} have impossible numbers of people, the first {first}");
        let problem = table.problem(2416, "raster", text).at_spot(grid.spot(row, column));
        table.reading.report(problem.fix("declare the no-data value in the raster"));
        return None;
    }
    let empty = people.indexed_iter().filter(|(cell, people)| people.is_nan() && !ground.bed[*cell].is_nan());
    let (empty, all) = (empty.count(), people.len());
    if empty > 0 {
        let text = format!("{empty} of {all} cells of {path} have no value and count as without people");
        table.reading.report(
            table
                .warning(2417, "raster", text)
                .why("population rasters often have no value where nobody lives, but also where nobody counted")
                .fix("write 0 into the cells where nobody lives"),
        );
    }
    Some(people.mapv(|people| if people.is_nan() { 0.0 } else { people }))
}
