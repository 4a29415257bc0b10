//! One batch: rows and results that were computed together, in HDF5 that netCDF-4 reads.

use std::path::Path;

use hdf5::plist::file_create::AttrCreationOrder;
use hdf5::{Dataset, File, H5Type};
use ndarray::{ArrayView1, s};
use serde::{Deserialize, Serialize};

use crate::library::flood::STEPS_PER_METRE;
use crate::library::stored::{
    Batch, Body, Figures, LAYOUT, Manifest, Rings, Row, Stored, Summary, ZoneFigures,
};
use crate::output::netcdf::attributes;
use crate::output::netcdf::dimensions::{self, Dimensions};

/// Rows and columns of a compressed chunk of depths; a chunk without water is not stored.
const CHUNK: usize = 128;

/// Longest chunk of a list.
const LIST_CHUNK: usize = 16_384;

/// Level of the deflate filter.
const DEFLATE: u8 = 4;

/// Name of the list of bytes that holds [`Contents`] as JSON.
pub(super) const CONTENTS: &str = "contents_json";

/// Everything of a batch but its arrays: enough to make the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Contents {
    pub(super) rows: Vec<Row>,
    pub(super) results: Vec<Summary>,
}

/// Rows and figures of a batch.
pub(super) fn contents(batch: &Batch) -> Contents {
    let summary = |stored: &Stored| Summary {
        id: stored.id.clone(),
        sha256: stored.sha256(),
        figures: stored.figures.clone(),
    };
    Contents { rows: batch.rows.clone(), results: batch.results.iter().map(summary).collect() }
}

/// Reads rows and figures back.
pub(super) fn read_contents(path: &Path) -> Result<Contents, String> {
    let read = || File::open(path)?.dataset(CONTENTS)?.read_raw::<u8>();
    let bytes = read().map_err(|mistake: hdf5::Error| mistake.to_string())?;
    serde_json::from_slice(&bytes).map_err(|mistake| mistake.to_string())
}

/// Writes a batch.
pub(super) fn write(
    path: &Path,
    batch: &Batch,
    contents: &Contents,
    manifest: &Manifest,
) -> hdf5::Result<()> {
    let mut sheet = Sheet { file: dimensions::create(path)?, dimensions: Dimensions::default() };
    for (name, text) in [
        ("Conventions", "CF-1.11"),
        ("title", manifest.plan.title.as_str()),
        ("source", &format!("Tuiyan {}", manifest.engine)),
        ("library_layout", &LAYOUT.to_string()),
        ("acknowledgement", &manifest.credits.join("; ")),
    ] {
        attributes::text(&sheet.file, name, text)?;
    }
    let json = serde_json::to_vec(contents).unwrap_or_default();
    let length: Vec<i32> = (0..json.len() as i32).collect();
    sheet.axis("byte", &length[..])?;
    let bytes = sheet.list(CONTENTS, &json, "byte")?;
    attributes::text(&bytes, "long_name", "rows and figures of this batch as JSON, UTF-8")?;
    match batch.results.first().map(|stored| &stored.body) {
        Some(Body::Outlines(_)) => write_zones(&mut sheet, batch)?,
        Some(Body::Depths(_)) => write_depths(&mut sheet, batch, manifest)?,
        None => {}
    }
    sheet.dimensions.finish(&sheet.file)
}

/// A file with its dimensions.
struct Sheet {
    file: File,
    dimensions: Dimensions,
}

impl Sheet {
    fn axis<T: H5Type>(&mut self, name: &str, values: &[T]) -> hdf5::Result<Dataset> {
        let scale = self.plain(name, values)?;
        self.dimensions.add(name, &scale)?;
        Ok(scale)
    }

    fn plain<T: H5Type>(&self, name: &str, values: &[T]) -> hdf5::Result<Dataset> {
        let builder = self.file.new_dataset_builder().attr_creation_order(AttrCreationOrder::Indexed);
        let chunk = values.len().clamp(1, LIST_CHUNK);
        builder.chunk([chunk]).shuffle().deflate(DEFLATE).with_data(ArrayView1::from(values)).create(name)
    }

    fn list<T: H5Type>(&mut self, name: &str, values: &[T], axis: &str) -> hdf5::Result<Dataset> {
        let variable = self.plain(name, values)?;
        self.dimensions.attach(&self.file, &variable, name, &[axis])?;
        Ok(variable)
    }
}

fn counted(length: usize) -> Vec<i32> {
    (0..length as i32).collect()
}

/// One figure of a zone.
type Figure = fn(&ZoneFigures) -> f64;

/// Zones of all results one after the other, their outlines in two long lists.
fn write_zones(sheet: &mut Sheet, batch: &Batch) -> hdf5::Result<()> {
    let mut zones: Vec<(i32, &ZoneFigures, &Rings)> = Vec::new();
    for (place, stored) in batch.results.iter().enumerate() {
        if let (Figures::Gas { zones: figures, .. }, Body::Outlines(outlines)) =
            (&stored.figures, &stored.body)
        {
            zones.extend(figures.iter().zip(outlines).map(|(figures, rings)| (place as i32, figures, rings)));
        }
    }
    let (mut x, mut y) = (Vec::new(), Vec::new());
    let (mut starts, mut counts) = (Vec::new(), Vec::new());
    for (_, _, rings) in &zones {
        starts.push(x.len() as i64);
        for (i, ring) in rings.iter().enumerate() {
            if i > 0 {
                x.push(f32::NAN);
                y.push(f32::NAN);
            }
            x.extend(ring.iter().map(|point| point.0));
            y.extend(ring.iter().map(|point| point.1));
        }
        counts.push(x.len() as i64 - starts[starts.len() - 1]);
    }
    sheet.axis("zone", &counted(zones.len()))?;
    sheet.axis("point", &counted(x.len()))?;
    let results: Vec<i32> = zones.iter().map(|zone| zone.0).collect();
    let result = sheet.list("zone_result", &results, "zone")?;
    attributes::text(&result, "long_name", "place of the zone's result in this batch")?;
    let start = sheet.list("outline_start", &starts, "zone")?;
    attributes::text(&start, "long_name", "first point of the zone's outline")?;
    let count = sheet.list("outline_count", &counts, "zone")?;
    attributes::text(
        &count,
        "long_name",
        "number of points of the zone's outline; rings are separated by NaN",
    )?;
    let figures: [(&str, &str, Figure); 5] = [
        ("threshold", "kg m-3", |zone| zone.threshold),
        ("distance", "m", |zone| zone.distance),
        ("reach", "m", |zone| zone.reach),
        ("width", "m", |zone| zone.width.unwrap_or(f64::NAN)),
        ("area", "m2", |zone| zone.area),
    ];
    for (name, unit, value) in figures {
        let values: Vec<f64> = zones.iter().map(|zone| value(zone.1)).collect();
        let variable = sheet.list(name, &values, "zone")?;
        attributes::text(&variable, "units", unit)?;
    }
    for (name, values, words) in
        [("outline_x", x, "along the wind"), ("outline_y", y, "to the left of the wind")]
    {
        let variable = sheet.list(name, &values, "point")?;
        attributes::text(&variable, "units", "m")?;
        let words = format!("{words} from the source, where the member has a pose; else on the ground");
        attributes::text(&variable, "long_name", &words)?;
    }
    Ok(())
}

/// Greatest depths of all results; chunks without water are left out of the file.
fn write_depths(sheet: &mut Sheet, batch: &Batch, manifest: &Manifest) -> hdf5::Result<()> {
    let Some(grid) = manifest.grid else { return Err("a library of floods has a grid".into()) };
    sheet.axis("result", &counted(batch.results.len()))?;
    let y: Vec<f64> = (0..grid.rows).map(|row| grid.south + (row as f64 + 0.5) * grid.dy).collect();
    let x: Vec<f64> = (0..grid.columns).map(|column| grid.west + (column as f64 + 0.5) * grid.dx).collect();
    for (name, values, long_name) in
        [("y", y, "northing of the cell centre"), ("x", x, "easting of the cell centre")]
    {
        let axis = sheet.axis(name, &values)?;
        attributes::text(&axis, "units", "m")?;
        attributes::text(&axis, "long_name", long_name)?;
    }
    let variable = sheet
        .file
        .new_dataset::<u16>()
        .shape((batch.results.len(), grid.rows, grid.columns))
        .chunk((1, grid.rows.min(CHUNK), grid.columns.min(CHUNK)))
        .shuffle()
        .deflate(DEFLATE)
        .fill_value(0_u16)
        .attr_creation_order(AttrCreationOrder::Indexed)
        .create("max_depth")?;
    for (place, stored) in batch.results.iter().enumerate() {
        let Body::Depths(depths) = &stored.body else { continue };
        for row in (0..grid.rows).step_by(CHUNK) {
            for column in (0..grid.columns).step_by(CHUNK) {
                let (row_end, column_end) =
                    ((row + CHUNK).min(grid.rows), (column + CHUNK).min(grid.columns));
                let tile = depths.slice(s![row..row_end, column..column_end]);
                if tile.iter().any(|&depth| depth > 0) {
                    let tile = tile.as_standard_layout();
                    variable.write_slice(tile.view(), (place, row..row_end, column..column_end))?;
                }
            }
        }
    }
    sheet.dimensions.attach(&sheet.file, &variable, "max_depth", &["result", "y", "x"])?;
    attributes::number(&variable, "scale_factor", 1.0 / STEPS_PER_METRE)?;
    attributes::text(&variable, "units", "m")?;
    attributes::text(&variable, "long_name", "greatest depth of water")?;
    attributes::text(&variable, "cell_methods", "time: maximum")?;
    attributes::text(
        &variable,
        "comment",
        "whole millimetres, wrong by 0.5 mm at most; 0 where dry or outside the area",
    )
}
