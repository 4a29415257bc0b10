//! A rain variable of a netCDF-4 file with the coordinates of the CF conventions.
//!
//! netCDF-4 is HDF5 with dimension scales, and is read as such; chunked and
//! compressed variables are unpacked by HDF5. Only the part of the variable that
//! lies over the area is read, a chunk of times after another.

use std::path::Path;

use hdf5::{Dataset, File, Hyperslab, SliceOrIndex};
use ndarray::{Array2, Ix2};

use crate::error::{Problem, Result};
use crate::grid::{Crs, WGS84};
use crate::input::column_name::{Dimension, Unit};
use crate::input::projection_file;

use super::attributes::{dimensions, is_numeric, name_of, number, text};
use super::cf_time::Clock;
use super::places::Places;
use super::{Header, Limits, rain_unit};

/// Largest amount that is a value: fill values of netCDF are 9.97e36.
const LARGEST_VALUE: f64 = 1e30;

/// What a dimension of the rain runs along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Runs {
    InTime,
    AlongY,
    AlongX,
    Nowhere,
}

/// A rain variable that was found and understood.
pub(super) struct RainVariable {
    variable: Dataset,
    pub(super) header: Header,
    /// Dimension of time, of the rows and of the columns.
    order: [usize; 3],
    missing: Vec<f64>,
    scale: f64,
    offset: f64,
}

fn cannot(reason: &hdf5::Error) -> Problem {
    Problem::error(3340, format!("cannot be read as netCDF-4: {reason}"))
        .fix("copy the file again; test it with ncdump -h FILE")
}

/// Opens a file and finds its rain.
///
/// # Errors
/// 3340 to 3347 and 3351 to 3354.
pub(super) fn open(path: &Path, wanted: Option<&str>, limits: &Limits) -> Result<RainVariable> {
    let file = File::open(path).map_err(|reason| cannot(&reason))?;
    let (variable, unit) = choose(&file, wanted)?;
    check_running_total(&variable)?;
    let scales = dimensions(&file, &variable).ok_or_else(|| axes_mistake(&variable, "has no dimensions"))?;
    check_size(&variable, limits)?;
    if scales.iter().zip(variable.shape()).any(|(scale, length)| scale.size() != length) {
        return Err(axes_mistake(&variable, "has an axis of another length").into());
    }
    let runs: Vec<Runs> = scales.iter().map(runs).collect();
    let find = |what: Runs| runs.iter().position(|&runs| runs == what);
    let time = find(Runs::InTime).ok_or_else(|| axes_mistake(&variable, "has no dimension of time"))?;
    let (times, clock) = times(&scales[time])?;
    let (y, x, places) = match points(&file, &variable, &scales, time)? {
        Some(found) => found,
        None => {
            let (Some(y), Some(x)) = (find(Runs::AlongY), find(Runs::AlongX)) else {
                return Err(axes_mistake(&variable, "has no axes y and x, or lat and lon").into());
            };
            let crs = reference(&file, &variable, &scales[x])?;
            (y, x, Places::Axes { y: axis(&scales[y])?, x: axis(&scales[x])?, crs })
        }
    };
    let start = times[0].floor();
    let header = Header {
        name: name_of(&variable),
        places,
        times: times.iter().map(|time| time - start).collect(),
        start: Some(start as i64),
        unit,
        names_its_offset: clock.names_its_offset,
    };
    let missing = ["_FillValue", "missing_value"].iter().filter_map(|name| number(&variable, name)).collect();
    let scale = number(&variable, "scale_factor").unwrap_or(1.0);
    let offset = number(&variable, "add_offset").unwrap_or(0.0);
    Ok(RainVariable { variable, header, order: [time, y, x], missing, scale, offset })
}

/// The variable that is meant, with its unit.
fn choose(file: &File, wanted: Option<&str>) -> Result<(Dataset, Unit)> {
    let variables: Vec<Dataset> = file.datasets().map_err(|reason| cannot(&reason))?;
    let candidates: Vec<&Dataset> =
        variables.iter().filter(|variable| variable.ndim() == 3 && is_numeric(variable)).collect();
    let shown = |list: &[&Dataset]| {
        let shown = list.iter().map(|one| format!("{} ({})", name_of(one), text(one, "units")));
        shown.collect::<Vec<_>>().join(", ")
    };
    if let Some(wanted) = wanted {
        let Some(found) = candidates.iter().find(|candidate| name_of(candidate) == wanted) else {
            let problem =
                Problem::error(3342, format!("the file has no variable '{wanted}' of three dimensions"));
            return Err(problem
                .at_spot(format!("it has: {}", shown(&candidates)))
                .fix("name one of them in grid_variable")
                .into());
        };
        let units = text(found, "units");
        let unit = rain_unit(&units).ok_or_else(|| unit_mistake(wanted, &units))?;
        return Ok(((*found).clone(), unit));
    }
    let is_rain = |candidate: &&Dataset| rain_unit(&text(candidate, "units")).is_some();
    let rains: Vec<&Dataset> = candidates.iter().copied().filter(is_rain).collect();
    match (rains.as_slice(), candidates.as_slice()) {
        (&[one], _) => {
            let units = text(one, "units");
            let unit = rain_unit(&units).ok_or_else(|| unit_mistake(&name_of(one), &units))?;
            Ok((one.clone(), unit))
        }
        ([], &[one]) => Err(unit_mistake(&name_of(one), &text(one, "units")).into()),
        ([], _) => {
            Err(Problem::error(3342, "the file has no variable with a unit of rain in three dimensions")
                .at_spot(format!("it has: {}", shown(&candidates)))
                .fix("rain is on (time, y, x) or (time, lat, lon), in mm, mm/h, kg m-2 s-1 or m s-1")
                .into())
        }
        (several, _) => Err(Problem::error(3342, format!("{} variables could be the rain", several.len()))
            .at_spot(shown(several))
            .fix(format!("choose one: grid_variable = \"{}\"", name_of(several[0])))
            .into()),
    }
}

fn unit_mistake(name: &str, units: &str) -> Problem {
    let text = if units.is_empty() {
        format!("variable '{name}' has no unit")
    } else {
        format!("the unit '{units}' of variable '{name}' is no unit of rain")
    };
    Problem::error(3343, text)
        .why("a number without unit can be wrong by 60, 1000 or 3600")
        .fix("set its attribute units to mm, mm/h, kg m-2 s-1 or m s-1")
}

/// Amounts since a start that is not the end of the time before.
fn check_running_total(variable: &Dataset) -> Result<()> {
    let words = ["name", "long_name", "standard_name", "comment"].map(|attribute| match attribute {
        "name" => name_of(variable).replace('_', " "),
        _ => text(variable, attribute).replace('_', " "),
    });
    let says = |text: &String| {
        let text = text.to_lowercase();
        let sums = text.contains("accumulat") || text.contains("total") || text.contains("sum ");
        let from_start = ["since", "from start", "from the start", "accumulated total"];
        text.split_whitespace().any(|word| word.starts_with("cumul"))
            || text.contains("累计")
            || text.contains("累积")
            || sums && from_start.iter().any(|words| text.contains(words))
    };
    let Some(found) = words.iter().find(|text| says(text)) else { return Ok(()) };
    let text = format!("variable '{}' is a running total: \"{found}\"", name_of(variable));
    Err(Problem::error(3347, text)
        .why("every interval would count all the rain before it once more")
        .fix("store the amount of each interval, the difference of neighbouring times")
        .into())
}

fn axes_mistake(variable: &Dataset, what: &str) -> Problem {
    let text = format!("variable '{}' {what}", name_of(variable));
    Problem::error(3344, text)
        .at_spot(format!("its shape is {:?}", variable.shape()))
        .fix("rain is on (time, y, x) or (time, lat, lon), each with its coordinate variable")
}

/// Checks what the file promises before memory is reserved for it.
fn check_size(variable: &Dataset, limits: &Limits) -> Result<()> {
    let shape = variable.shape();
    let cells = shape.iter().skip(1).try_fold(1_usize, |cells, &length| cells.checked_mul(length));
    let chunk = variable.chunk().unwrap_or_default();
    let chunk = chunk.iter().try_fold(1_usize, |values, &length| values.checked_mul(length));
    let small = |count: Option<usize>| count.is_some_and(|count| count <= limits.cells);
    if shape.first().is_some_and(|&times| times <= limits.values) && small(cells) && small(chunk) {
        return Ok(());
    }
    Err(Problem::error(3351, format!("variable '{}' has the shape {shape:?}", name_of(variable)))
        .at_spot(format!("at most {} cells and {} values are read", limits.cells, limits.values))
        .why("a file that does not fit would exhaust the memory")
        .fix("cut the file to the area and time of the scenario (ncks -d), or raise the limit")
        .into())
}

fn runs(scale: &Dataset) -> Runs {
    let (standard, units) = (text(scale, "standard_name"), text(scale, "units"));
    let (letter, name) = (text(scale, "axis"), name_of(scale).to_lowercase());
    let is = |words: &[&str], word: &str| words.contains(&word);
    if units.contains(" since ") || standard == "time" || letter == "T" || name == "time" {
        Runs::InTime
    } else if is(&["latitude", "projection_y_coordinate"], &standard)
        || units.starts_with("degrees_n")
        || letter == "Y"
        || is(&["y", "lat", "latitude", "northing"], &name)
    {
        Runs::AlongY
    } else if is(&["longitude", "projection_x_coordinate"], &standard)
        || units.starts_with("degrees_e")
        || letter == "X"
        || is(&["x", "lon", "longitude", "easting"], &name)
    {
        Runs::AlongX
    } else {
        Runs::Nowhere
    }
}

/// True for a dimension that has no values of its own.
fn is_bare(scale: &Dataset) -> bool {
    text(scale, "NAME").starts_with("This is a netCDF dimension but not a netCDF variable")
}

/// Times in seconds since 1970, and the clock that they are on.
fn times(scale: &Dataset) -> Result<(Vec<f64>, Clock)> {
    let name = name_of(scale);
    let clock = Clock::parse(&text(scale, "units"), &text(scale, "calendar")).map_err(|mistake| {
        Problem::error(3345, format!("variable '{name}': {mistake}"))
            .fix("write units = \"hours since 2026-07-01 00:00:00\" (UTC) with the calendar standard")
    })?;
    let times: Vec<f64> = scale.read_raw().map_err(|reason| cannot(&reason))?;
    let times: Vec<f64> = times.into_iter().map(|time| clock.seconds(time)).collect();
    super::intervals::mistake(&times).map_or(Ok((times, clock)), |mistake| Err(mistake.into()))
}

/// Values of an axis in metres or degrees.
fn axis(scale: &Dataset) -> Result<Vec<f64>> {
    let name = name_of(scale);
    let wrong = |what: String| {
        Problem::error(3344, format!("the axis '{name}' {what}"))
            .fix("give the centres of the cells, rising or falling, in m or in degrees")
    };
    if is_bare(scale) {
        return Err(wrong("has no values".into()).into());
    }
    let factor = match text(scale, "units").as_str() {
        "km" | "kilometre" | "kilometres" | "kilometer" | "kilometers" => 1000.0,
        "m" | "metre" | "metres" | "meter" | "meters" => 1.0,
        units if units.starts_with("degree") => 1.0,
        "" => return Err(wrong("has no unit".into()).into()),
        units => return Err(wrong(format!("has the unit '{units}'")).into()),
    };
    let values: Vec<f64> = scale.read_raw().map_err(|reason| cannot(&reason))?;
    let values: Vec<f64> = values.into_iter().map(|value| value * factor).collect();
    let rises = values.windows(2).all(|pair| pair[0] < pair[1]);
    let falls = values.windows(2).all(|pair| pair[0] > pair[1]);
    if values.len() < 2 || !(rises || falls) || values.iter().any(|value| !value.is_finite()) {
        return Err(wrong(format!("with its {} values neither rises nor falls", values.len())).into());
    }
    Ok(values)
}

/// Reference of the axes; `None` where the file does not say, so that it is that of the ground.
fn reference(file: &File, variable: &Dataset, x: &Dataset) -> Result<Option<Box<Crs>>> {
    if text(x, "units").starts_with("degree") {
        return Crs::from_epsg(u32::from(WGS84)).map(|crs| Some(crs.into()));
    }
    let mapping = text(variable, "grid_mapping");
    let Some(mapping) = file.dataset(&mapping).ok().filter(|_| !mapping.is_empty()) else { return Ok(None) };
    let texts = ["crs_wkt", "spatial_ref", "epsg_code"].map(|name| text(&mapping, name));
    let written = |text: &String| text.to_uppercase().strip_prefix("EPSG:")?.trim().parse::<u32>().ok();
    let code = texts.iter().find_map(|text| projection_file::epsg(text).or_else(|| written(text)));
    match code {
        Some(code) => Crs::from_epsg(code).map(|crs| Some(crs.into())),
        None => Err(Problem::error(3352, "the projection of the rain grid has no EPSG code")
            .at_spot(format!("its name is '{}'", text(&mapping, "grid_mapping_name")))
            .fix(
                "add lon and lat of every cell as coordinates, or reproject the grid (gdalwarp, cdo remapnn)",
            )
            .into()),
    }
}

/// Dimensions of rows and columns with the longitude and latitude of every cell, if the file has them.
fn points(
    file: &File,
    variable: &Dataset,
    scales: &[Dataset],
    time: usize,
) -> Result<Option<(usize, usize, Places)>> {
    let across: Vec<usize> = (0..scales.len()).filter(|&dimension| dimension != time).collect();
    let named = text(variable, "coordinates");
    let all = file.datasets().map_err(|reason| cannot(&reason))?;
    let find = |standard: &str, unit: &str| {
        let fits = |one: &&Dataset| {
            one.ndim() == 2
                && (named.is_empty() || named.split_whitespace().any(|name| name == name_of(one)))
                && (text(one, "standard_name") == standard || text(one, "units").starts_with(unit))
        };
        all.iter().find(fits)
    };
    let (Some(lon), Some(lat)) = (find("longitude", "degrees_e"), find("latitude", "degrees_n")) else {
        return Ok(None);
    };
    let names =
        |of: &Dataset| -> Option<Vec<String>> { Some(dimensions(file, of)?.iter().map(name_of).collect()) };
    let own: Vec<String> = across.iter().map(|&dimension| name_of(&scales[dimension])).collect();
    let swapped: Vec<String> = own.iter().rev().cloned().collect();
    let (y, x) = match names(lon) {
        Some(of_lon) if of_lon == own => (across[0], across[1]),
        Some(of_lon) if of_lon == swapped => (across[1], across[0]),
        _ => return Ok(None),
    };
    let read = |of: &Dataset| -> Result<Array2<f64>> {
        of.read::<f64, Ix2>().map_err(|reason| cannot(&reason).into())
    };
    let (lon, lat) = (read(lon)?, read(lat)?);
    if lon.dim() != lat.dim() || lon.nrows() < 2 || lon.ncols() < 2 {
        return Err(axes_mistake(variable, "has lon and lat of another or too small a shape").into());
    }
    Ok(Some((y, x, Places::Points { lon, lat })))
}

impl RainVariable {
    /// Values of some cells, shape (times, cells), in the unit of the file; NaN where it has none.
    pub(super) fn read(&self, cells: &[(usize, usize)]) -> Result<Array2<f64>> {
        let range = |of: fn(&(usize, usize)) -> usize| {
            let (low, high) = (cells.iter().map(of).min(), cells.iter().map(of).max());
            low.zip(high).unwrap_or((0, 0))
        };
        let (rows, columns) = (range(|cell| cell.0), range(|cell| cell.1));
        let times = self.header.times.len();
        let mut values = Array2::from_elem((times, cells.len()), f64::NAN);
        let [time_dimension, y, x] = self.order;
        let at_once = self.times_at_once((rows.1 - rows.0 + 1) * (columns.1 - columns.0 + 1));
        for begin in (0..times).step_by(at_once) {
            let end = times.min(begin + at_once);
            let mut window = vec![SliceOrIndex::from(0..1); 3];
            window[time_dimension] = SliceOrIndex::from(begin..end);
            window[y] = SliceOrIndex::from(rows.0..rows.1 + 1);
            window[x] = SliceOrIndex::from(columns.0..columns.1 + 1);
            let part = self
                .variable
                .read_slice::<f64, _, ndarray::Ix3>(Hyperslab::new(window))
                .map_err(|reason| cannot(&reason))?
                .permuted_axes(self.order);
            for (time, part) in (begin..end).zip(part.outer_iter()) {
                for (value, &(row, column)) in values.row_mut(time).iter_mut().zip(cells) {
                    *value = self.value(part[(row - rows.0, column - columns.0)]);
                }
            }
        }
        Ok(values)
    }

    /// Times that are read together: those of a chunk, so that none is unpacked twice.
    fn times_at_once(&self, window: usize) -> usize {
        /// Values of one reading: 128 MB.
        const LARGEST: usize = 1 << 24;
        let of_a_chunk = self.variable.chunk().map_or(1, |chunk| chunk[self.order[0]]);
        of_a_chunk.min(LARGEST / window.max(1)).max(1)
    }

    /// A stored number as the value it means.
    fn value(&self, stored: f64) -> f64 {
        if self.missing.contains(&stored) || stored.is_nan() || stored.abs() >= LARGEST_VALUE {
            return f64::NAN;
        }
        stored * self.scale + self.offset
    }
}

/// True for a unit that rain can have.
pub(super) fn is_of_rain(unit: &Unit) -> bool {
    matches!(unit.dimension, Dimension::Length | Dimension::Speed)
}
