//! A table of times and the raster of each: GeoTIFF or ESRI ASCII grids of one shape.

use std::path::{Path, PathBuf};

use ndarray::Array2;

use crate::error::{Problem, Problems, Result};
use crate::input::problem_list::ProblemList;
use crate::input::raster::{self, RasterInfo, read_raster};
use crate::input::table::Table;
use crate::input::time_column::{self, Times};

use super::places::Places;
use super::{Header, Limits, MORE, rain_unit};

/// An index that was read, with the header of its first raster.
pub(super) struct Index {
    pub(super) header: Header,
    pub(super) sha256: String,
    pub(super) warnings: Vec<Problem>,
    rasters: Vec<Entry>,
    first: RasterInfo,
}

struct Entry {
    line: usize,
    path: PathBuf,
    shown_as: String,
}

/// What reading all rasters gives.
pub(super) struct Values {
    /// Shape (times, cells); NaN where a raster has no data.
    pub(super) values: Array2<f64>,
    /// Path as shown and SHA-256 of each raster.
    pub(super) inputs: Vec<(String, String)>,
}

/// Reads the table and the header of its first raster.
///
/// # Errors
/// Those of tables (3001 to 3021), of rasters, and 3344, 3346, 3354.
pub(super) fn open(path: &Path, shown_as: &str, unit: Option<&str>, limits: &Limits) -> Result<Index> {
    let mut problems = ProblemList::new(shown_as, MORE);
    let table = Table::read(path, shown_as, &mut problems)?;
    let times = time_column::times(&table, &mut problems);
    let files = table.fitting(|name| name.name == "file");
    let column = files.first().copied();
    if files.len() != 1 {
        problems.add(
            table.not_one(3354, "the raster of each time", &files).fix("name the columns time and file"),
        );
    }
    let unit = unit.and_then(rain_unit);
    if unit.is_none() {
        problems.add(
            Problem::error(3343, "rasters do not name the unit of their rain")
                .why("a number without unit can be wrong by 60, 1000 or 3600")
                .fix("add grid_unit = \"mm/h\" or \"mm\" to [rain]"),
        );
    }
    if let Some(Times { seconds, .. }) = &times
        && !problems.has_errors()
        && let Some(mistake) = super::intervals::mistake(seconds)
    {
        problems.add(mistake);
    }
    if let (Some(times), Some(column)) = (&times, column) {
        table.warn_unused(&[times.column, column], &mut problems);
    }
    let warnings = problems.finish()?;
    let (Some(times), Some(column), Some(unit)) = (times, column, unit) else {
        unreachable!("each is missing only with an error")
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let beside = shown_as.rfind('/').map_or("", |end| &shown_as[..=end]);
    let entry = |row: &crate::input::table::Row| Entry {
        line: row.line,
        path: folder.join(row.text(column)),
        shown_as: format!("{beside}{}", row.text(column)),
    };
    let rasters: Vec<Entry> = table.rows.iter().map(entry).collect();
    let first = raster::probe_raster(&rasters[0].path, &rasters[0].shown_as, &limits.raster())?;
    let header = Header {
        name: String::from("rain"),
        places: places(&first, &rasters[0].shown_as)?,
        times: times.seconds,
        start: times.start.map(|start| start.as_second()),
        unit,
        names_its_offset: true,
    };
    Ok(Index { header, sha256: table.sha256, warnings, rasters, first })
}

/// Where the cells of a raster lie; its rows are kept from south to north.
fn places(info: &RasterInfo, shown_as: &str) -> Result<Places> {
    if info.rows < 2 || info.columns < 2 {
        let text = format!("a rain grid of {} x {} cells is too small", info.columns, info.rows);
        return Err(Problem::error(3344, text)
            .in_file(shown_as)
            .fix("give at least 2 x 2 cells; a hyetograph is rain that is the same everywhere")
            .into());
    }
    let grid = info.grid();
    Ok(Places::Axes {
        y: (0..grid.rows).map(|row| grid.y(row)).collect(),
        x: (0..grid.columns).map(|column| grid.x(column)).collect(),
        crs: info.crs.clone().map(Box::new),
    })
}

impl Index {
    /// Values of some cells at all times.
    ///
    /// # Errors
    /// Those of rasters; 3353 for one that lies on another grid than the first.
    pub(super) fn read(&self, cells: &[(usize, usize)], limits: &Limits) -> Result<Values> {
        let mut values = Array2::from_elem((self.rasters.len(), cells.len()), f64::NAN);
        let mut inputs: Vec<(String, String)> = Vec::new();
        let (mut mistakes, mut left_out) = (Vec::new(), 0_usize);
        for (entry, mut values) in self.rasters.iter().zip(values.rows_mut()) {
            let outcome = read_raster(&entry.path, &entry.shown_as, &limits.raster());
            let outcome = outcome.and_then(|file| match self.difference(&file.info) {
                None => Ok(file),
                Some(what) => {
                    let text = format!("the raster of line {} has another {what} than the first", entry.line);
                    Err(Problem::error(3353, text)
                        .in_file(&entry.shown_as)
                        .why("all times of a rain grid lie on one grid")
                        .fix("warp it to the first: gdalwarp -te XMIN YMIN XMAX YMAX -ts COLUMNS ROWS IN OUT")
                        .into())
                }
            });
            match outcome {
                Ok(file) => {
                    for (value, &cell) in values.iter_mut().zip(cells) {
                        *value = file.values[cell];
                    }
                    if !inputs.iter().any(|known| known.0 == entry.shown_as) {
                        inputs.push((entry.shown_as.clone(), file.sha256));
                    }
                }
                Err(Problems(problems)) => {
                    let room = crate::input::problem_list::SHOWN.saturating_sub(mistakes.len());
                    left_out += problems.len().saturating_sub(room);
                    mistakes.extend(problems.into_iter().take(room));
                }
            }
        }
        if left_out > 0 {
            let text = format!("{left_out} more mistakes in the rasters are not shown");
            mistakes.push(Problem::error(MORE, text).fix("mend the first ones and check again"));
        }
        if mistakes.is_empty() { Ok(Values { values, inputs }) } else { Err(Problems(mistakes)) }
    }

    /// What makes a raster another grid than the first one.
    fn difference(&self, info: &RasterInfo) -> Option<&'static str> {
        /// Edges may differ by so much of a cell: they are written with few digits.
        const OF_A_CELL: f64 = 1e-3;
        let first = &self.first;
        let apart = |a: f64, b: f64| (a - b).abs() > OF_A_CELL * first.dx.min(first.dy);
        if (info.rows, info.columns) != (first.rows, first.columns) {
            Some("number of rows or columns")
        } else if apart(info.dx, first.dx) || apart(info.dy, first.dy) {
            Some("cell size")
        } else if apart(info.west, first.west) || apart(info.south, first.south) {
            Some("corner")
        } else if info.crs != first.crs {
            Some("coordinate reference")
        } else {
            None
        }
    }
}
