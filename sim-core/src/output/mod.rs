//! Result files: the only place that writes them, one file per format.
//!
//! | file | what it holds | who opens it |
//! |---|---|---|
//! | `results.nc` | every raster and time series of rasters, CF-1.11 | xarray, MATLAB, QGIS, GDAL |
//! | `NAME.tif` | one raster as a Cloud-Optimised GeoTIFF | QGIS, ArcGIS, SuperMap |
//! | `NAME.geojson` | one layer of shapes, RFC 7946 | web maps, QGIS |
//! | `NAME.kml` | the same shapes with styles | Google Earth, Ovital |
//! | `NAME.csv` | one table | Excel, pandas |
//! | `NAME.png` | one map or plot | people |
//! | `scenario.toml` | the scenario as it was run | `tuiyan run` |
//! | `run.json` | the [`Record`]; written last | scripts |
//!
//! A result folder appears whole or not at all: everything is written into a
//! hidden sibling folder, synchronised to disk, and renamed into place. The same
//! products and the same record give the same bytes.
//!
//! To add a format: a file beside these with one function that gets the
//! [`Products`] and the folder, a member of [`Format`], and a line in `write_all`.

mod canvas;
mod check;
mod csv;
mod geojson;
mod geotiff;
mod json;
mod kml;
pub mod library;
mod lon_lat;
mod map;
mod netcdf;
mod plot;
mod slots;
mod staging;
mod text;

use std::path::Path;

use crate::error::{Problem, Result};
use crate::product::{Layer, Products};
use crate::run::{Record, WrittenProduct};

pub use slots::Slots;
pub use staging::FolderLock;

/// A kind of result file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `results.nc`.
    NetCdf,
    /// One Cloud-Optimised GeoTIFF per raster.
    GeoTiff,
    /// One GeoJSON file per layer of shapes.
    GeoJson,
    /// One KML file per layer of shapes.
    Kml,
    /// One CSV file per table.
    Csv,
    /// One picture per map and plot.
    Png,
}

impl Format {
    /// Every format, in the order in which the files are written.
    pub const ALL: [Self; 6] = [Self::NetCdf, Self::GeoTiff, Self::GeoJson, Self::Kml, Self::Csv, Self::Png];

    /// Name in scenarios and in `run.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::NetCdf => "netcdf",
            Self::GeoTiff => "geotiff",
            Self::GeoJson => "geojson",
            Self::Kml => "kml",
            Self::Csv => "csv",
            Self::Png => "png",
        }
    }
}

/// What is written and how it is dated.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// UTC date and time of second 0 of the run in ISO 8601, e.g. `2026-07-01T08:00:00Z`.
    pub start: Option<String>,
    /// Simulated time, s: the period over which maxima and durations were taken.
    pub duration: Option<f64>,
    /// Kinds of files wanted.
    pub formats: Vec<Format>,
    /// Text of the scenario, kept as `scenario.toml` beside the results.
    pub scenario_text: Option<String>,
}

impl Default for Options {
    /// Every format, no date, no duration, no scenario.
    fn default() -> Self {
        Self { start: None, duration: None, formats: Format::ALL.to_vec(), scenario_text: None }
    }
}

/// Writes the result folder of a run; it appears whole or not at all.
///
/// An existing result folder (one with a `run.json`) is replaced, an empty
/// folder is filled, anything else is left alone. `record.products` is filled
/// with the files written, and `record.warnings` with what could not be
/// written and why; after an error the record is as it was.
///
/// # Errors
/// - E6000 a file cannot be written
/// - E6001 another run writes into the same folder
/// - E6002, E6003 the folder holds something else, or cannot be a folder
/// - E6010, E6011, E6012 the products contradict themselves
/// - E6013 the start time cannot be read
pub fn write_run(dir: &Path, products: &Products, record: &mut Record, options: &Options) -> Result<()> {
    FolderLock::take(dir)?.write_run(products, record, options)
}

impl FolderLock {
    /// [`write_run`] into a folder that was locked before, for example when the run began.
    ///
    /// # Errors
    /// As [`write_run`], but for E6001.
    pub fn write_run(&self, products: &Products, record: &mut Record, options: &Options) -> Result<()> {
        let start = options.start.as_deref().map(check::start_time).transpose()?;
        check::products(products)?;
        let mut written = record.clone();
        written.products.clear();
        let staging = self.stage()?;
        let duration = options.duration;
        let mut job = Job { dir: staging.dir(), products, record: &mut written, start, duration };
        job.write_all(options)?;
        staging.publish()?;
        *record = written;
        Ok(())
    }
}

/// One folder being written.
struct Job<'a> {
    dir: &'a Path,
    products: &'a Products,
    record: &'a mut Record,
    start: Option<jiff::Timestamp>,
    duration: Option<f64>,
}

impl Job<'_> {
    fn write_all(&mut self, options: &Options) -> Result<()> {
        for format in Format::ALL.into_iter().filter(|format| options.formats.contains(format)) {
            match format {
                Format::NetCdf => netcdf::write(self)?,
                Format::GeoTiff => self.each_layer(geotiff::write)?,
                Format::GeoJson => self.each_layer(geojson::write)?,
                Format::Kml => self.each_layer(kml::write)?,
                Format::Csv => self.each_layer(csv::write)?,
                Format::Png => {
                    map::write(self)?;
                    plot::write(self)?;
                }
            }
        }
        if let Some(text) = &options.scenario_text {
            self.write_file("scenario.toml", text.as_bytes())?;
        }
        json::write(self)
    }

    fn each_layer(&mut self, write: fn(&mut Self, &Layer) -> Result<()>) -> Result<()> {
        let products = self.products;
        products.layers.iter().try_for_each(|layer| write(self, layer))
    }

    /// Writes one file of the folder.
    fn write_file(&self, name: &str, bytes: &[u8]) -> Result<()> {
        std::fs::write(self.dir.join(name), bytes).map_err(|mistake| cannot_write(name, &mistake).into())
    }

    /// Notes a file in `run.json`.
    fn list(&mut self, name: &str, path: &str, format: Format, unit: &str) {
        self.record.products.push(WrittenProduct {
            name: name.into(),
            path: path.into(),
            kind: format.name(),
            unit: unit.into(),
        });
    }

    /// Notes something that was not written, once.
    fn warn(&mut self, warning: Problem) {
        if !self.record.warnings.contains(&warning) {
            self.record.warnings.push(warning);
        }
    }

    /// Name and version of the engine.
    fn engine(&self) -> String {
        format!("Tuiyan {} (commit {})", self.record.version, self.record.commit)
    }
}

/// E6000: a file of the result cannot be written.
fn cannot_write(name: &str, mistake: &dyn std::fmt::Display) -> Problem {
    Problem::error(6000, format!("cannot be written: {mistake}"))
        .in_file(name)
        .why("a result folder appears whole or not at all, so nothing was kept")
        .fix("check free space and permissions of the folder, then run again")
}
