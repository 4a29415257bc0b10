//! Writes small netCDF-4 files of rain, sound and wrong ones, for the tests of their reader.
#![allow(dead_code, reason = "every test uses a part of it")]

use std::path::Path;
use std::str::FromStr;

use hdf5::types::{FixedAscii, VarLenArray, VarLenUnicode};
use hdf5::{Dataset, File, Location, ObjectReference1};
use ndarray::{Array2, Array3};

/// An axis with its name, its unit and its values.
pub(crate) type Axis = (&'static str, &'static str, Vec<f64>);

/// What a file of rain holds.
#[derive(Clone)]
pub(crate) struct RainFile {
    pub(crate) time_units: &'static str,
    pub(crate) calendar: &'static str,
    pub(crate) times: Vec<f64>,
    pub(crate) y: Axis,
    pub(crate) x: Axis,
    /// Longitude and latitude of every cell; the axes then have no values.
    pub(crate) lon_lat: Option<(Array2<f64>, Array2<f64>)>,
    pub(crate) name: &'static str,
    pub(crate) units: &'static str,
    pub(crate) long_name: &'static str,
    /// Shape (times, rows, columns).
    pub(crate) values: Array3<f32>,
    pub(crate) fill: f32,
    /// Name of a second variable with the same values.
    pub(crate) second: Option<&'static str>,
    /// Shape that the file promises instead of holding the values.
    pub(crate) promised: Option<(usize, usize, usize)>,
}

impl RainFile {
    /// Two hours on two by two cells of 1 km: 10, 20, 30, 40 mm/h, then nothing.
    pub(crate) fn sound() -> Self {
        let values = Array3::from_shape_fn((2, 2, 2), |(time, row, column)| {
            if time == 0 { 10.0 * (1 + 2 * row + column) as f32 } else { 0.0 }
        });
        Self {
            time_units: "hours since 2026-07-01 00:00:00 +00:00",
            calendar: "proleptic_gregorian",
            times: vec![0.0, 1.0],
            y: ("y", "m", vec![3_100_000.0, 3_101_000.0]),
            x: ("x", "m", vec![500_000.0, 501_000.0]),
            lon_lat: None,
            name: "rain",
            units: "mm/h",
            long_name: "rain rate",
            values,
            fill: -1.0,
            second: None,
            promised: None,
        }
    }

    /// Writes the file, compressed.
    ///
    /// HDF5 locks what it writes, and a program that another test starts meanwhile inherits
    /// the lock; so a copy is what the reader opens.
    pub(crate) fn write(&self, path: &Path) {
        let written = path.with_extension("written.nc");
        self.try_write(&written).unwrap_or_else(|reason| panic!("{}: {reason}", path.display()));
        std::fs::copy(&written, path).expect("a writable folder");
        std::fs::remove_file(&written).expect("a writable folder");
    }

    fn try_write(&self, path: &Path) -> hdf5::Result<()> {
        let file = File::create(path)?;
        let time = axis(&file, "time", self.time_units, &self.times)?;
        text(&time, "calendar", self.calendar)?;
        for (name, units, values) in [&self.y, &self.x] {
            match self.lon_lat {
                None => drop(axis(&file, name, units, values)?),
                Some(_) => bare_axis(&file, name, values.len())?,
            }
        }
        let (y, x) = (self.y.0, self.x.0);
        if let Some((lon, lat)) = &self.lon_lat {
            for (name, units, values) in [("lon", "degrees_east", lon), ("lat", "degrees_north", lat)] {
                let variable = file.new_dataset_builder().with_data(values.view()).create(name)?;
                text(&variable, "units", units)?;
                attach(&file, &variable, &[y, x])?;
            }
        }
        for name in std::iter::once(self.name).chain(self.second) {
            let variable = match self.promised {
                Some(shape) => file.new_dataset::<f32>().chunk((1, 1, 1)).shape(shape).create(name)?,
                None => file
                    .new_dataset_builder()
                    .with_data(self.values.view())
                    .chunk((1, 1, self.x.2.len()))
                    .deflate(4)
                    .create(name)?,
            };
            text(&variable, "units", self.units)?;
            text(&variable, "long_name", self.long_name)?;
            variable.new_attr_builder().with_data(&[self.fill]).create("_FillValue")?;
            attach(&file, &variable, &["time", y, x])?;
        }
        Ok(())
    }
}

fn text(place: &Location, name: &str, text: &str) -> hdf5::Result<()> {
    let text = VarLenUnicode::from_str(text).expect("no zero byte");
    place.new_attr::<VarLenUnicode>().create(name)?.write_scalar(&text)
}

fn make_scale(scale: &Dataset, name: &str) -> hdf5::Result<()> {
    for (key, value) in [("CLASS", "DIMENSION_SCALE"), ("NAME", name)] {
        let value = FixedAscii::<64>::from_ascii(value).expect("plain letters");
        scale.new_attr::<FixedAscii<64>>().create(key)?.write_scalar(&value)?;
    }
    Ok(())
}

fn axis(file: &File, name: &str, units: &str, values: &[f64]) -> hdf5::Result<Dataset> {
    let scale = file.new_dataset_builder().with_data(values).create(name)?;
    make_scale(&scale, name)?;
    text(&scale, "units", units)?;
    Ok(scale)
}

fn bare_axis(file: &File, name: &str, length: usize) -> hdf5::Result<()> {
    let scale = file.new_dataset::<f32>().shape(length).create(name)?;
    make_scale(&scale, "This is a netCDF dimension but not a netCDF variable.")
}

fn attach(file: &File, variable: &Dataset, dimensions: &[&str]) -> hdf5::Result<()> {
    let scales: hdf5::Result<Vec<VarLenArray<ObjectReference1>>> = dimensions
        .iter()
        .map(|name| Ok(VarLenArray::from_slice(&[file.reference::<ObjectReference1>(name)?])))
        .collect();
    variable.new_attr_builder().with_data(&scales?).create("DIMENSION_LIST").map(drop)
}
