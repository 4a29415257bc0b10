//! Rain that differs from place to place and from time to time, from grids of radars and models.
//!
//! | file | holds |
//! |---|---|
//! | `netcdf` | a rain variable of a netCDF-4 file |
//! | `index` | a table of times and the raster of each |
//! | `places` | which rain cell lies over each cell of the ground |
//! | `intervals` | the times to which the values belong |
//! | `cf_time` | times as the CF conventions write them |
//! | `attributes` | attributes of a netCDF-4 file |
//!
//! Every cell of the ground takes the rain of the cell in which its centre lies, or, of
//! cells that have a longitude and a latitude each, of the nearest; nothing is smoothed,
//! so that no rain is lost or won. Only the cells that are used are read and checked.
//!
//! Times without an offset are UTC, as the CF conventions say; this is told with a warning.

mod attributes;
mod cf_time;
mod index;
mod intervals;
mod netcdf;
mod places;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use ndarray::Array2;

use crate::error::{Problem, Problems, Result};
use crate::grid::Grid;
use crate::series::{Between, Series};

use super::bytes::{self, FileCodes};
use super::column_name::{Dimension, Unit, unit_of};
use super::problem_list::ProblemList;
use super::raster;
use super::series::SampleMeaning;
use intervals::Intervals;
use places::{Cover, Places};

/// Message that counts the mistakes of a rain grid that are not shown.
const MORE: u16 = 3359;

const CODES: FileCodes = FileCodes { unreadable: 3340, empty: 3340, too_long: 3351 };

/// First bytes of HDF5 and of classic netCDF.
const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";
const CLASSIC: &[u8] = b"CDF";

/// How much a rain grid may ask for; every limit can be raised by the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Cells of the grid at one time.
    pub cells: usize,
    /// Values that are kept: times by the cells that lie over the area.
    pub values: usize,
    /// Bytes of one file.
    pub file_bytes: u64,
}

impl Default for Limits {
    /// 100 million cells, 100 million values (0.8 GB as numbers of 8 bytes) and 64 GiB of file.
    fn default() -> Self {
        Self { cells: 100_000_000, values: 100_000_000, file_bytes: 64 << 30 }
    }
}

impl Limits {
    fn raster(&self) -> raster::Limits {
        raster::Limits { cells: self.cells, file_bytes: self.file_bytes }
    }
}

/// What is asked of a rain grid.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Grid of the ground.
    pub ground: &'a Grid,
    /// Cells of the ground that need rain.
    pub inside: &'a Array2<bool>,
    /// What a value means around its time.
    pub meaning: SampleMeaning,
    /// Name of the variable, where the file has several.
    pub variable: Option<&'a str>,
    /// Unit of the values, where the file names none.
    pub unit: Option<&'a str>,
}

/// One cell of a rain grid that lies over the area.
#[derive(Debug, Clone, PartialEq)]
pub struct RainCell {
    /// Its rain, m/s over s.
    pub rain: Series,
    /// Where it lies, in words.
    pub spot: String,
}

/// The rain of a grid over an area.
#[derive(Debug, Clone, PartialEq)]
pub struct RainGridFile {
    /// Place in `cells` for each cell of the ground; 0 where no rain is needed.
    pub zone_of: Array2<u32>,
    /// The rain cells that are used.
    pub cells: Vec<RainCell>,
    /// Seconds since 1970 of time zero, if the file has dates.
    pub start: Option<i64>,
    /// Path as shown and SHA-256 of every file that was read.
    pub inputs: Vec<(String, String)>,
    /// What the user should know.
    pub warnings: Vec<Problem>,
}

/// What a file says before its values are read.
#[derive(Debug)]
struct Header {
    name: String,
    places: Places,
    /// s, strictly rising, from `start` if there is one.
    times: Vec<f64>,
    start: Option<i64>,
    unit: Unit,
    names_its_offset: bool,
}

/// The unit of rain that a text names: `mm`, `mm/h`, `kg m-2 s-1`, `m s-1`.
fn rain_unit(text: &str) -> Option<Unit> {
    let plain = text.trim().to_lowercase().replace("**", "").replace('^', "");
    // A kilogram of water on a square metre stands a millimetre deep.
    let on_a_square_metre = ["kg m-2", "kg/m2", "kg.m-2"];
    let plain = on_a_square_metre
        .iter()
        .find_map(|mass| plain.strip_prefix(mass).map(|rest| format!("mm{rest}")))
        .unwrap_or(plain);
    unit_of(&plain).filter(netcdf::is_of_rain)
}

/// Reads the rain of a netCDF-4 file, or of a table of rasters, over an area.
///
/// # Errors
/// Every mistake of one stage at once: 3340, 3341 and 3351 the file and its size, 3342 to
/// 3347 what it says about itself, 3350 and 3352 where it lies, 3348 and 3349 its values,
/// 3353 and 3354 a table of rasters.
///
/// # Example
/// ```
/// use sim_core::grid::{Crs, Grid};
/// use sim_core::input::rain_grid::{Limits, Request, read_rain_grid};
/// use sim_core::input::series::SampleMeaning;
///
/// let folder = std::env::temp_dir().join("sim-core-example-rain-grid");
/// std::fs::create_dir_all(&folder)?;
/// let head = "ncols 2\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 1000\nNODATA_value -9999\n";
/// std::fs::write(folder.join("a.asc"), format!("{head}36 0\n72 0\n"))?;
/// std::fs::write(folder.join("b.asc"), format!("{head}0 0\n0 0\n"))?;
/// std::fs::write(folder.join("rain.csv"), "time_min,file\n0,a.asc\n30,b.asc\n")?;
///
/// let ground = Grid { columns: 1, rows: 2, dx: 1000.0, dy: 1000.0, west: 0.0, south: 0.0, crs: Crs::local() };
/// let request = Request {
///     ground: &ground,
///     inside: &ndarray::Array2::from_elem((2, 1), true),
///     meaning: SampleMeaning::IntervalStart,
///     variable: None,
///     unit: Some("mm/h"),
/// };
/// let rain = read_rain_grid(&folder.join("rain.csv"), "rain.csv", &request, &Limits::default())?;
/// // 72 mm/h for half an hour in the south are 36 mm.
/// assert!((rain.cells[0].rain.integral(0.0, 3600.0) - 0.036).abs() < 1e-12);
/// assert_eq!(rain.cells.len(), 2, "only the western cells lie over the ground");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_rain_grid(
    path: &Path,
    shown_as: &str,
    request: &Request<'_>,
    limits: &Limits,
) -> Result<RainGridFile> {
    let named = |Problems(problems): Problems| {
        let in_file = |problem: Problem| match problem.place.file {
            Some(_) => problem,
            None => problem.in_file(shown_as),
        };
        Problems(problems.into_iter().map(in_file).collect())
    };
    let (mut file, _) = bytes::open(path, shown_as, limits.file_bytes, &CODES)?;
    let mut head = [0; 8];
    let length = file.read(&mut head).unwrap_or(0);
    let head = &head[..length];
    if head.starts_with(HDF5) {
        from_netcdf(path, shown_as, request, limits).map_err(named)
    } else if head.starts_with(CLASSIC) {
        Err(Problem::error(3341, "a classic netCDF-3 file; netCDF-4 is read")
            .in_file(shown_as)
            .why("only netCDF-4 has compressed parts that can be read without the whole")
            .fix("convert it: nccopy -k netCDF-4 IN.nc OUT.nc")
            .into())
    } else if is_text(head) {
        from_index(path, shown_as, request, limits).map_err(named)
    } else {
        Err(Problem::error(3340, "neither a netCDF-4 file nor a table of rasters")
            .in_file(shown_as)
            .at_spot(format!("it begins with the bytes {head:02x?}"))
            .fix("convert it: wgrib2 or cdo -f nc4 write netCDF-4; or name a CSV with the columns time and file")
            .into())
    }
}

fn is_text(head: &[u8]) -> bool {
    // UTF-16 has zero bytes; the reader of tables says so better.
    let is_utf16 = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    is_utf16 || head.iter().all(|&byte| byte >= b'\t')
}

fn from_netcdf(path: &Path, shown_as: &str, request: &Request<'_>, limits: &Limits) -> Result<RainGridFile> {
    if request.unit.is_some() {
        let text = "grid_unit is given, and the netCDF file names its unit itself";
        return Err(Problem::error(3354, text).fix("remove grid_unit").into());
    }
    let rain = netcdf::open(path, request.variable, limits)?;
    let cover = cover(&rain.header, request, limits)?;
    let values = rain.read(&cover.cells)?;
    let sha256 = File::open(path).and_then(bytes::sha256_of).map_err(|reason| {
        Problem::error(3340, format!("cannot be read: {reason}")).fix("check the disk the file lies on")
    })?;
    finish(&rain.header, cover, &values, request, shown_as, vec![(shown_as.to_owned(), sha256)])
}

fn from_index(path: &Path, shown_as: &str, request: &Request<'_>, limits: &Limits) -> Result<RainGridFile> {
    if let Some(variable) = request.variable {
        let text = format!("grid_variable names '{variable}', and rasters have no variables");
        return Err(Problem::error(3354, text).fix("remove grid_variable").into());
    }
    let index = index::open(path, shown_as, request.unit, limits)?;
    let cover = cover(&index.header, request, limits)?;
    let read = index.read(&cover.cells, limits)?;
    let inputs = [vec![(shown_as.to_owned(), index.sha256)], read.inputs].concat();
    let mut file = finish(&index.header, cover, &read.values, request, shown_as, inputs)?;
    file.warnings.extend(index.warnings);
    Ok(file)
}

/// The rain cells over the area; too many values are refused.
fn cover(header: &Header, request: &Request<'_>, limits: &Limits) -> Result<Cover> {
    let cover = header.places.cover(request.ground, request.inside)?;
    let values = cover.cells.len().saturating_mul(header.times.len());
    if values > limits.values {
        let text =
            format!("{} rain cells at {} times are {values} values", cover.cells.len(), header.times.len());
        return Err(Problem::error(3351, text)
            .at_spot(format!("at most {} are kept", limits.values))
            .why("a file that does not fit would exhaust the memory")
            .fix("cut the file to the time of the scenario, or raise the limit")
            .into());
    }
    Ok(cover)
}

/// Checks the values and makes a series of each cell.
fn finish(
    header: &Header,
    cover: Cover,
    values: &Array2<f64>,
    request: &Request<'_>,
    shown_as: &str,
    inputs: Vec<(String, String)>,
) -> Result<RainGridFile> {
    let mut problems = ProblemList::new(shown_as, MORE);
    check_values(header, &cover, values, &mut problems);
    if !header.names_its_offset {
        problems.add(
            Problem::warning(3356, "the times have no offset from UTC and are taken as UTC")
                .why("the CF conventions say so; a file made in local time would be hours off")
                .fix("write it into the units: hours since 2026-07-01 00:00:00 +08:00"),
        );
    }
    let Some(intervals) = Intervals::new(&header.times, request.meaning, header.start.is_some()) else {
        problems.add(
            Problem::error(3022, "a rain grid has one value per interval, not straight lines between")
                .fix("say samples = \"interval_start\" or \"interval_end\""),
        );
        return problems.finish().map(|_| unreachable!("an error was added"));
    };
    if let Some(gap) = intervals.gap() {
        problems.add(gap);
    }
    let is_wet_at_the_end = values.rows().into_iter().next_back().is_some_and(|last| last.sum() > 0.0);
    if intervals.assumes_last && is_wet_at_the_end {
        let text = "the last interval is taken as long as the one before it";
        problems.add(Problem::warning(3031, text).fix("add a time with zeros at which the rain ends"));
    }
    if looks_cumulative(values) {
        let text =
            "the rain over the area never falls and ends at its largest: it looks like a running total";
        problems.add(Problem::warning(3034, text).fix("give the amount of each interval"));
    }
    let warnings = problems.finish()?;
    let cells = cover
        .cells
        .iter()
        .zip(values.columns())
        .map(|(&cell, values)| RainCell {
            rain: series(&intervals, values, header.unit),
            spot: header.places.spot(cell),
        })
        .collect();
    Ok(RainGridFile { zone_of: cover.zone_of, cells, start: header.start, inputs, warnings })
}

/// Rain of one cell, m/s.
fn series(intervals: &Intervals, values: ndarray::ArrayView1<'_, f64>, unit: Unit) -> Series {
    let is_depth = unit.dimension == Dimension::Length;
    let rate = |(&value, pair): (&f64, &[f64])| {
        let value = unit.to_si(value);
        if is_depth { value / (pair[1] - pair[0]) } else { value }
    };
    let mut rates: Vec<f64> = values.iter().zip(intervals.edges.windows(2)).map(rate).collect();
    // After the last interval it is dry.
    rates.push(0.0);
    match Series::new(intervals.edges.clone(), rates, Between::Step) {
        Some(series) => series,
        None => unreachable!("times rise and numbers are finite: both were checked"),
    }
}

/// E3348 and E3349, each with its first time and cell and the number of the others.
fn check_values(header: &Header, cover: &Cover, values: &Array2<f64>, problems: &mut ProblemList) {
    let spot = |(time, cell): (usize, usize)| {
        let moment = match header.start.map(|start| start + header.times[time] as i64) {
            Some(second) => jiff::Timestamp::from_second(second)
                .map_or_else(|_| format!("{second} s after 1970"), |stamp| stamp.to_string()),
            None => format!("{} s", header.times[time]),
        };
        format!("the first: time {} ({moment}), {}", time + 1, header.places.spot(cover.cells[cell]))
    };
    let first = |is_wrong: fn(f64) -> bool| {
        let mut wrong = values.indexed_iter().filter(|(_, value)| is_wrong(**value));
        wrong.next().map(|((time, cell), value)| (wrong.count() + 1, spot((time, cell)), *value))
    };
    if let Some((count, spot, _)) = first(f64::is_nan) {
        let text = format!("values of '{}' that are missing over the area: {count}", header.name);
        problems.add(
            Problem::error(3348, text)
                .at_spot(spot)
                .why("a missing value is not a dry one")
                .fix("fill the gaps from gauges or from neighbouring times, or choose a time without gaps"),
        );
    }
    if let Some((count, spot, value)) = first(|value| value < 0.0) {
        let text = format!("values of '{}' that are negative over the area: {count}", header.name);
        problems.add(
            Problem::error(3349, text)
                .at_spot(format!("{spot}: {value}"))
                .why("rain does not fall upwards; a mark for missing data is often a negative number")
                .fix("declare the mark as _FillValue, or set what rounding made negative to zero"),
        );
    }
}

/// True for amounts over the area that never fall, as those of a running total.
fn looks_cumulative(values: &Array2<f64>) -> bool {
    /// Fewest times from which this is worth a warning.
    const FEWEST_TIMES: usize = 5;
    let sums: Vec<f64> = values.rows().into_iter().map(|row| row.sum()).collect();
    let rises = sums.windows(2).filter(|pair| pair[0] < pair[1]).count();
    sums.windows(2).all(|pair| pair[0] <= pair[1]) && rises + 1 >= FEWEST_TIMES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_units_of_radars_and_models_are_understood() {
        let si = |text: &str| {
            let unit = rain_unit(text).unwrap_or_else(|| panic!("{text} is a unit of rain"));
            (unit.dimension == Dimension::Length, unit.to_si(1.0))
        };
        for (text, is_depth, one) in [
            ("mm", true, 1e-3),
            ("kg m-2", true, 1e-3),
            ("kg/m2", true, 1e-3),
            ("kg m**-2", true, 1e-3),
            ("m", true, 1.0),
            ("mm/h", false, 1e-3 / 3600.0),
            ("mm h-1", false, 1e-3 / 3600.0),
            ("mm hr^-1", false, 1e-3 / 3600.0),
            ("mm/hr", false, 1e-3 / 3600.0),
            ("kg m-2 s-1", false, 1e-3),
            ("kg m^-2 s^-1", false, 1e-3),
            ("kg/m2/s", false, 1e-3),
            ("m s-1", false, 1.0),
            ("mm/day", false, 1e-3 / 86_400.0),
        ] {
            let (depth, found) = si(text);
            assert!(depth == is_depth && (found / one - 1.0).abs() < 1e-12, "{text}: {depth} {found}");
        }
        for text in ["", "dBZ", "K", "1", "m2", "kg", "kg s-1", "degrees_north", "s"] {
            assert!(rain_unit(text).is_none(), "{text}");
        }
    }
}
