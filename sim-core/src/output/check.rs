//! Products that contradict themselves are refused before the first byte is written.

use std::collections::BTreeSet;

use super::netcdf::RESERVED;
use crate::error::{Problem, Problems, Result};
use crate::grid::Grid;
use crate::product::{Column, Frames, Layer, Products, Raster, Value};

/// Stands for "no value" in GeoTIFF files, where readers handle NaN badly; no product may use it.
pub(super) const NODATA: f64 = -9999.0;

/// Reads the start of the run.
///
/// # Errors
/// E6013.
pub(super) fn start_time(text: &str) -> Result<jiff::Timestamp> {
    text.parse().map_err(|mistake| {
        Problem::error(6013, format!("the start `{text}` is not a date and time in UTC: {mistake}"))
            .fix("write it as 2026-07-01T08:00:00Z; Beijing time 16:00 is 08:00Z")
            .into()
    })
}

/// Checks everything that a writer relies on.
///
/// # Errors
/// E6010 for shapes and lengths that do not fit, E6011 for names, E6012 for
/// numbers that are not finite; all of them at once.
pub(super) fn products(products: &Products) -> Result<()> {
    let mut problems = Vec::new();
    names(products, &mut problems);
    for layer in &products.layers {
        match layer {
            Layer::Raster(raster) => self::raster(&products.grid, raster, &mut problems),
            Layer::Frames(frames) => self::frames(&products.grid, frames, &mut problems),
            Layer::Shapes(shapes) => {
                let rows = shapes.features.iter().map(|feature| feature.values.as_slice());
                cells(&shapes.info.name, &shapes.columns, rows, &mut problems);
            }
            Layer::Table(table) => {
                let rows = table.rows.iter().map(Vec::as_slice);
                cells(&table.info.name, &table.columns, rows, &mut problems);
            }
        }
    }
    maps(products, &mut problems);
    plots(products, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}

fn names(products: &Products, problems: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for layer in &products.layers {
        // Rasters and frames share one NetCDF file; the other kinds have files of their own.
        let kind = match layer {
            Layer::Raster(_) | Layer::Frames(_) => "raster",
            Layer::Shapes(_) => "shapes",
            Layer::Table(_) => "table",
        };
        let name = &layer.info().name;
        let is_reserved = kind == "raster" && RESERVED.contains(&name.as_str());
        if !is_plain(name) || is_reserved || !seen.insert((kind, name)) {
            problems.push(bad_name(kind, name));
        }
    }
    // Maps and plots are files of one kind.
    let plots = products.plots.iter().map(|plot| &plot.name);
    for name in products.maps.iter().map(|map| &map.name).chain(plots) {
        if !is_plain(name) || !seen.insert(("picture", name)) {
            problems.push(bad_name("picture", name));
        }
    }
}

/// Safe as a file name on every system and as a CF variable name (CF-1.11 §2.3).
fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn bad_name(kind: &str, name: &str) -> Problem {
    Problem::error(6011, format!("the {kind} name `{name}` is not plain, reserved, or used twice"))
        .why("names become files and variables")
        .fix("use letters, digits and _ and start with a letter")
}

fn raster(grid: &Grid, raster: &Raster, problems: &mut Vec<Problem>) {
    let name = &raster.info.name;
    if raster.values.dim() != grid.shape() {
        problems
            .push(misfit(name, format!("shape {:?}, the grid has {:?}", raster.values.dim(), grid.shape())));
        return;
    }
    let bad = raster.values.indexed_iter().find(|(_, value)| !is_writable(**value));
    if let Some(((row, column), value)) = bad {
        problems.push(not_finite(name, *value).at_spot(grid.spot(row, column)));
    }
    for scalar in raster.scalars.iter().filter(|scalar| !is_plain(&scalar.name)) {
        problems.push(bad_name("scalar", &scalar.name));
    }
    if let Some(scalar) = raster.scalars.iter().find(|scalar| !scalar.value.is_finite()) {
        problems.push(not_finite(&format!("{name}, {}", scalar.name), scalar.value));
    }
}

fn frames(grid: &Grid, frames: &Frames, problems: &mut Vec<Problem>) {
    let name = &frames.info.name;
    if frames.times.len() != frames.values.len() {
        problems.push(misfit(name, format!("{} times, {} frames", frames.times.len(), frames.values.len())));
    }
    if frames.times.windows(2).any(|pair| pair[0] >= pair[1]) || frames.times.iter().any(|t| !t.is_finite()) {
        problems.push(misfit(name, "times do not rise".into()));
    }
    for (time, values) in frames.times.iter().zip(&frames.values) {
        if values.dim() != grid.shape() {
            problems.push(misfit(name, format!("shape {:?} at {time} s", values.dim())));
            return;
        }
        let bad = values.indexed_iter().find(|(_, value)| !is_writable(f64::from(**value)));
        if let Some(((row, column), value)) = bad {
            let spot = format!("{} at {time} s", grid.spot(row, column));
            problems.push(not_finite(name, f64::from(*value)).at_spot(spot));
            return;
        }
    }
}

fn cells<'a>(
    name: &str,
    columns: &[Column],
    rows: impl Iterator<Item = &'a [Value]>,
    problems: &mut Vec<Problem>,
) {
    for (i, row) in rows.enumerate() {
        let spot = format!("row {}", i + 1);
        if row.len() != columns.len() {
            problems.push(
                misfit(name, format!("{} values for {} columns", row.len(), columns.len())).at_spot(spot),
            );
            return;
        }
        for (column, value) in columns.iter().zip(row) {
            if let Value::Number(number) = value
                && !number.is_finite()
            {
                problems.push(not_finite(&format!("{name}, {}", column.name), *number).at_spot(&spot));
            }
        }
    }
}

fn maps(products: &Products, problems: &mut Vec<Problem>) {
    for map in &products.maps {
        if let Some(terrain) = &map.terrain
            && terrain.dim() != products.grid.shape()
        {
            problems.push(misfit(&map.name, format!("terrain of shape {:?}", terrain.dim())));
        }
        let has_raster = |name: &&String| {
            !products.layers.iter().any(|layer| matches!(layer, Layer::Raster(r) if r.info.name == **name))
        };
        let has_shapes = |name: &&String| {
            !products.layers.iter().any(|layer| matches!(layer, Layer::Shapes(s) if s.info.name == **name))
        };
        for missing in map.raster.iter().filter(has_raster).chain(map.shapes.iter().filter(has_shapes)) {
            problems.push(misfit(&map.name, format!("the map asks for `{missing}`, which is not there")));
        }
        if map.markers.iter().any(|(x, y, _)| !x.is_finite() || !y.is_finite()) {
            problems.push(misfit(&map.name, "a marker has no place".into()));
        }
    }
}

fn plots(products: &Products, problems: &mut Vec<Problem>) {
    for plot in &products.plots {
        let points = plot.curves.iter().flat_map(|curve| &curve.points);
        if let Some(bad) = points.flat_map(|point| [point.0, point.1]).find(|value| !value.is_finite()) {
            problems.push(not_finite(&plot.name, bad));
        }
    }
}

/// NaN says "no value"; everything else must survive the way through single precision.
fn is_writable(value: f64) -> bool {
    value.is_nan() || ((value as f32).is_finite() && value != NODATA)
}

fn misfit(name: &str, text: String) -> Problem {
    Problem::error(6010, format!("layer `{name}` does not fit: {text}"))
        .why("a file written from it would show wrong places or wrong values")
        .fix("this is a mistake of the engine; please report it")
}

fn not_finite(name: &str, value: f64) -> Problem {
    Problem::error(6012, format!("`{name}` holds {value}, which no file can carry as a value"))
        .why("readers would take it for a number")
        .fix("use NaN (rasters) or Missing (tables) where there is nothing to say")
}
