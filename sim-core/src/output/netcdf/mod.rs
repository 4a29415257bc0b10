//! `results.nc`: every raster and every series of rasters, CF-1.11 in netCDF-4.
//!
//! netCDF-4 is HDF5 with dimension scales; the file is written through HDF5
//! alone and opens in libnetcdf, GDAL, h5netcdf and MATLAB. Values are single
//! precision, NaN where there is nothing to say; rows run from south to north as y does.

pub(super) mod attributes;
pub(super) mod dimensions;
mod grid_mapping;

use std::path::Path;

use hdf5::plist::file_create::AttrCreationOrder;
use hdf5::{Dataset, File, H5Type};
use ndarray::{ArrayView, Dimension};

use super::{Format, Job, cannot_write};
use crate::error::{Problem, Result};
use crate::grid::Grid;
use crate::product::{FieldInfo, Frames, Layer, Raster, Scalar};
use dimensions::Dimensions;
use grid_mapping::GridMapping;

/// Name of the file.
const FILE: &str = "results.nc";

/// Rows and columns of a compressed chunk: 256 kB of single precision, which
/// readers fetch and unpack in a few milliseconds.
const CHUNK: usize = 256;

/// Level of the deflate filter; higher levels take longer and save little.
const DEFLATE: u8 = 4;

/// Name of the variable that holds the coordinate reference.
const CRS: &str = "crs";

/// Name of the scalar coordinate that holds the end of the run.
const PERIOD: &str = "run_time";

/// Names of variables that the file needs for itself.
pub(super) const RESERVED: [&str; 5] = ["x", "y", "time", CRS, PERIOD];

/// Writes `results.nc` if there is a raster.
///
/// # Errors
/// E6000.
pub(super) fn write(job: &mut Job<'_>) -> Result<()> {
    for frames in job.products.layers.iter().filter_map(frames) {
        if frames.times.is_empty() {
            job.warn(
                Problem::warning(6032, format!("`{}` is not written: it holds no time", frames.info.name))
                    .fix("choose an output interval shorter than the run"),
            );
        }
    }
    let has_rasters = job.products.layers.iter().any(|layer| match layer {
        Layer::Raster(_) => true,
        Layer::Frames(frames) => !frames.times.is_empty(),
        _ => false,
    });
    if !has_rasters {
        return Ok(());
    }
    warn_of_nameless_projection(job);
    write_file(job).map_err(|mistake| cannot_write(FILE, &mistake))?;
    for layer in &job.products.layers {
        if let Layer::Raster(_) | Layer::Frames(_) = layer
            && !frames(layer).is_some_and(|frames| frames.times.is_empty())
        {
            job.list(&layer.info().name, FILE, Format::NetCdf, &layer.info().unit);
        }
    }
    Ok(())
}

fn frames(layer: &Layer) -> Option<&Frames> {
    if let Layer::Frames(frames) = layer { Some(frames) } else { None }
}

fn warn_of_nameless_projection(job: &mut Job<'_>) {
    let crs = &job.products.grid.crs;
    if crs.epsg().is_some() && GridMapping::of(crs).is_none() {
        job.warn(
            Problem::warning(6031, format!("{FILE} names {crs} by its well-known text only"))
                .why("the CF conventions have no name for this projection")
                .fix("software that reads crs_wkt places the grid correctly; others need the EPSG code by hand"),
        );
    }
}

fn write_file(job: &Job<'_>) -> hdf5::Result<()> {
    let mut writer = Writer::create(&job.dir.join(FILE), job)?;
    writer.global_attributes()?;
    writer.axes()?;
    writer.crs()?;
    for layer in &job.products.layers {
        match layer {
            Layer::Raster(raster) => writer.raster(raster)?,
            Layer::Frames(frames) if !frames.times.is_empty() => writer.frames(frames)?,
            _ => {}
        }
    }
    writer.dimensions.finish(&writer.file)
}

struct Writer<'a> {
    file: File,
    job: &'a Job<'a>,
    dimensions: Dimensions,
    /// Times of the series written so far with the name of their dimension.
    times: Vec<(String, &'a [f64])>,
    /// Scalar coordinates written so far.
    scalars: Vec<(String, &'a Scalar)>,
}

impl<'a> Writer<'a> {
    fn create(path: &Path, job: &'a Job<'a>) -> hdf5::Result<Self> {
        let file = dimensions::create(path)?;
        Ok(Self { file, job, dimensions: Dimensions::default(), times: Vec::new(), scalars: Vec::new() })
    }

    fn grid(&self) -> &'a Grid {
        &self.job.products.grid
    }

    fn global_attributes(&self) -> hdf5::Result<()> {
        let record = &*self.job.record;
        let engine = self.job.engine();
        let mut history =
            format!("{engine}: {} run of scenario sha256:{}", record.hazard, record.scenario_sha256);
        for input in &record.inputs {
            let name = Path::new(&input.path).file_name().unwrap_or_default().to_string_lossy();
            history.push_str(&format!("\ninput {name} sha256:{}", input.sha256));
        }
        let comment = if self.job.products.not_modelled.is_empty() {
            String::new()
        } else {
            format!("Not modelled: {}.", self.job.products.not_modelled.join("; "))
        };
        for (name, text) in [
            ("Conventions", "CF-1.11"),
            ("title", &record.title),
            ("institution", "not stated by the scenario"),
            ("source", &format!("{engine}, device {}", record.device)),
            ("history", &history),
            (
                "references",
                "Model description and validation: README of Tuiyan; inputs: run.json beside this file",
            ),
            ("comment", &comment),
            ("acknowledgement", &self.job.products.credits.join("; ")),
            ("run_status", record.status),
        ] {
            attributes::text(&self.file, name, text)?;
        }
        Ok(())
    }

    fn axes(&mut self) -> hdf5::Result<()> {
        let grid = self.grid();
        let y: Vec<f64> = (0..grid.rows).map(|row| grid.y(row)).collect();
        let x: Vec<f64> = (0..grid.columns).map(|column| grid.x(column)).collect();
        for (name, letter, values) in [("y", "Y", y), ("x", "X", x)] {
            let axis = self.axis(name, &values)?;
            let is_north = name == "y";
            let (standard_name, long_name, unit) = if grid.crs.is_geographic() {
                if is_north {
                    ("latitude", "latitude of the cell centre", "degrees_north")
                } else {
                    ("longitude", "longitude of the cell centre", "degrees_east")
                }
            } else if is_north {
                ("projection_y_coordinate", "northing of the cell centre", "m")
            } else {
                ("projection_x_coordinate", "easting of the cell centre", "m")
            };
            attributes::text(&axis, "standard_name", standard_name)?;
            attributes::text(&axis, "long_name", long_name)?;
            attributes::text(&axis, "units", unit)?;
            attributes::text(&axis, "axis", letter)?;
        }
        Ok(())
    }

    /// A coordinate variable with the dimension of its name.
    fn axis(&mut self, name: &str, values: &[f64]) -> hdf5::Result<Dataset> {
        let scale = self.variable(name, ArrayView::from(values), &[])?;
        self.dimensions.add(name, &scale)?;
        Ok(scale)
    }

    fn crs(&self) -> hdf5::Result<()> {
        let grid = self.grid();
        let Some(wkt) = grid.crs.wkt().map(with_axes) else { return Ok(()) };
        let crs = self.file.new_dataset::<i32>().create(CRS)?;
        crs.write_scalar(&0)?;
        if let Some(mapping) = GridMapping::of(&grid.crs) {
            attributes::text(&crs, "grid_mapping_name", mapping.name)?;
            for (name, value) in &mapping.numbers {
                attributes::number(&crs, name, *value)?;
            }
            for (name, text) in &mapping.texts {
                attributes::text(&crs, name, text)?;
            }
        }
        attributes::text(&crs, "long_name", &format!("coordinate reference {}", grid.crs))?;
        attributes::text(&crs, "crs_wkt", &wkt)?;
        attributes::text(&crs, "spatial_ref", &wkt)?;
        // In the order of the rows of this file: the first row is the southernmost.
        let transform = format!("{} {} 0 {} 0 {}", grid.west, grid.dx, grid.south, grid.dy);
        attributes::text(&crs, "GeoTransform", &transform)
    }

    fn raster(&mut self, raster: &'a Raster) -> hdf5::Result<()> {
        let values = raster.values.mapv(|value| value as f32);
        let variable = self.variable(&raster.info.name, values.view(), &["y", "x"])?;
        self.describe(&variable, &raster.info)?;
        let names: hdf5::Result<Vec<String>> =
            raster.scalars.iter().map(|scalar| self.scalar(&raster.info.name, scalar)).collect();
        let mut names = names?;
        if raster.info.cell_methods.as_deref().is_some_and(|methods| methods.starts_with("time:")) {
            names.extend(self.period()?);
        }
        attributes::text(&variable, "coordinates", &names.join(" "))
    }

    /// Name of the scalar time coordinate that ends the period of statistics, if it is known.
    fn period(&mut self) -> hdf5::Result<Option<String>> {
        let Some(duration) = self.job.duration else { return Ok(None) };
        if !self.file.link_exists(PERIOD) {
            let period = self.file.new_dataset::<f64>().create(PERIOD)?;
            period.write_scalar(&duration)?;
            self.describe_time(
                &period,
                "end of the run; statistics over time cover the run from its start to here",
            )?;
        }
        Ok(Some(PERIOD.into()))
    }

    fn frames(&mut self, frames: &'a Frames) -> hdf5::Result<()> {
        let time = self.time_axis(&frames.times)?;
        let (rows, columns) = self.grid().shape();
        let variable = self
            .file
            .new_dataset::<f32>()
            .shape((frames.times.len(), rows, columns))
            .chunk((1, rows.min(CHUNK), columns.min(CHUNK)))
            .shuffle()
            .deflate(DEFLATE)
            .fill_value(f32::NAN)
            .attr_creation_order(AttrCreationOrder::Indexed)
            .create(frames.info.name.as_str())?;
        for (i, values) in frames.values.iter().enumerate() {
            // Standard layout: HDF5 copies rows as they lie in memory.
            variable.write_slice(values.as_standard_layout().view(), (i, .., ..))?;
        }
        let dimensions = [time.as_str(), "y", "x"];
        self.dimensions.attach(&self.file, &variable, &frames.info.name, &dimensions)?;
        self.describe(&variable, &frames.info)
    }

    /// Name, unit and meaning of a data variable.
    fn describe(&self, variable: &Dataset, info: &FieldInfo) -> hdf5::Result<()> {
        attributes::fill_value(variable, f32::NAN)?;
        attributes::text(variable, "standard_name", info.standard_name.as_deref().unwrap_or_default())?;
        attributes::text(variable, "long_name", &info.title)?;
        attributes::text(variable, "units", &info.unit)?;
        attributes::text(variable, "cell_methods", info.cell_methods.as_deref().unwrap_or_default())?;
        attributes::text(variable, "comment", &info.meaning)?;
        if self.grid().crs.epsg().is_some() {
            attributes::text(variable, "grid_mapping", CRS)?;
        }
        Ok(())
    }

    /// Name of the dimension for some times; equal times share one.
    fn time_axis(&mut self, times: &'a [f64]) -> hdf5::Result<String> {
        if let Some((name, _)) = self.times.iter().find(|(_, known)| *known == times) {
            return Ok(name.clone());
        }
        let name = match self.times.len() {
            0 => String::from("time"),
            others => format!("time_{}", others + 1),
        };
        let axis = self.axis(&name, times)?;
        self.describe_time(&axis, "time")?;
        attributes::text(&axis, "axis", "T")?;
        self.times.push((name.clone(), times));
        Ok(name)
    }

    fn describe_time(&self, variable: &Dataset, long_name: &str) -> hdf5::Result<()> {
        let start = self.job.start.unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        attributes::text(variable, "standard_name", "time")?;
        attributes::text(variable, "long_name", long_name)?;
        attributes::text(
            variable,
            "units",
            &format!("seconds since {}", start.strftime("%Y-%m-%d %H:%M:%S")),
        )?;
        attributes::text(variable, "calendar", "proleptic_gregorian")?;
        // Seconds of the simulation are counted without leap seconds.
        attributes::text(variable, "units_metadata", "leap_seconds: none")?;
        if self.job.start.is_none() {
            let comment = "The scenario has no date; 1970-01-01 00:00:00 stands for the start of the run.";
            attributes::text(variable, "comment", comment)?;
        }
        Ok(())
    }

    /// Name of the scalar coordinate variable; equal ones are shared.
    fn scalar(&mut self, layer: &str, scalar: &'a Scalar) -> hdf5::Result<String> {
        if let Some((name, _)) = self.scalars.iter().find(|(_, known)| *known == scalar) {
            return Ok(name.clone());
        }
        let is_taken = self.file.link_exists(&scalar.name)
            || RESERVED.contains(&scalar.name.as_str())
            || self.job.products.layer(&scalar.name).is_some();
        let name = if is_taken { format!("{layer}_{}", scalar.name) } else { scalar.name.clone() };
        let variable = self.file.new_dataset::<f64>().create(name.as_str())?;
        variable.write_scalar(&scalar.value)?;
        attributes::text(&variable, "standard_name", scalar.standard_name.as_deref().unwrap_or_default())?;
        attributes::text(&variable, "long_name", &scalar.name.replace('_', " "))?;
        attributes::text(&variable, "units", &scalar.unit)?;
        if scalar.standard_name.as_deref() == Some("height") {
            attributes::text(&variable, "positive", "up")?;
        }
        self.scalars.push((name.clone(), scalar));
        Ok(name)
    }

    /// A variable with its values, compressed, on some dimensions.
    fn variable<T: H5Type, D: Dimension>(
        &mut self,
        name: &str,
        values: ArrayView<'_, T, D>,
        dimensions: &[&str],
    ) -> hdf5::Result<Dataset> {
        let builder = self.file.new_dataset_builder().attr_creation_order(AttrCreationOrder::Indexed);
        let builder = if dimensions.is_empty() {
            builder
        } else {
            let chunk: Vec<usize> = values.shape().iter().map(|&length| length.min(CHUNK)).collect();
            builder.chunk(chunk).shuffle().deflate(DEFLATE)
        };
        let variable = builder.with_data(values).create(name)?;
        if !dimensions.is_empty() {
            self.dimensions.attach(&self.file, &variable, name, dimensions)?;
        }
        Ok(variable)
    }
}

/// Well-known text that names the order of its axes.
///
/// The table of definitions leaves the axes out where the register has northing
/// before easting, as in the Gauss-Krüger zones; without them readers do not find
/// the EPSG code again. The columns of the file still run along the easting:
/// CF tells axes by their standard names.
fn with_axes(wkt: &str) -> String {
    const TRANSVERSE_MERCATOR: &str = "PROJECTION[\"Transverse_Mercator\"]";
    match wkt.rfind(",AUTHORITY[") {
        Some(end) if wkt.contains(TRANSVERSE_MERCATOR) && !wkt.contains("AXIS[") => {
            format!("{},AXIS[\"Northing\",NORTH],AXIS[\"Easting\",EAST]{}", &wkt[..end], &wkt[end..])
        }
        _ => wkt.into(),
    }
}
