//! What a table `[[exposure]]` says and the file that it names.

use crate::error::Problems;
use crate::grid::Grid;
use crate::grid::vector::{ShapeKind, TextEncoding, VectorLayer, VectorRequest};

use super::Context;
use super::section::Section;

/// What one table says, before any file is opened.
pub(super) struct Wish<'s> {
    pub(super) name: &'s str,
    pub(super) kind: &'s str,
    pub(super) layer: Option<&'s str>,
    pub(super) raster: Option<&'s str>,
    pub(super) label: Option<&'s str>,
    pub(super) people: Option<&'s str>,
    pub(super) table: Option<&'s str>,
    pub(super) encoding: Option<TextEncoding>,
}

/// Encodings of attributes by their words.
const ENCODINGS: [(&str, TextEncoding); 3] =
    [("utf-8", TextEncoding::Utf8), ("gbk", TextEncoding::Gbk), ("big5", TextEncoding::Big5)];

impl Wish<'_> {
    /// What it asks of its file.
    pub(super) fn request(&self, kinds: Vec<ShapeKind>) -> VectorRequest {
        VectorRequest {
            kinds,
            label: self.label.map(str::to_owned),
            people: self.people.map(str::to_owned),
            height: None,
            table: self.table.map(str::to_owned),
            encoding: self.encoding,
        }
    }
}

/// Reads one table; `kinds` are those that the hazard knows, people may come by a raster where it has one.
pub(super) fn read_wish<'s>(
    table: &Section<'s>,
    kinds: &[&'static str],
    has_raster: bool,
) -> Option<Wish<'s>> {
    let name = table.required_text("name", "name of the layer in results", "villages");
    let kind = table.required_choice("kind", kinds, "what the layer holds");
    let layer = table.text(
        "layer",
        "file of polygons, lines or points: GeoJSON, GeoPackage or shapefile; all kinds may have one",
    );
    let raster = has_raster
        .then(|| {
            table.text("raster", "people per cell on the grid of the terrain, instead of a layer of people")
        })
        .flatten();
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
        let or = if kind == "people" && has_raster { ", or raster = \"people.tif\"" } else { "" };
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

/// The features of a file that lie on a grid; every mistake in it is reported.
pub(super) fn load(
    table: &Section<'_>,
    path: &str,
    request: &VectorRequest,
    grid: &Grid,
    context: &mut Context<'_, '_>,
) -> Option<VectorLayer> {
    match context.resolver.as_mut()?.vectors(path, request, grid) {
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
