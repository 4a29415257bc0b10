//! What a scenario may ask of the outside world.

use std::sync::Arc;

use ndarray::Array2;

use crate::error::{Problem, Result};
use crate::flood::drainage::Network;
use crate::grid::vector::{VectorLayer, VectorRequest};
use crate::grid::{Crs, Field, Grid};
use crate::series::Series;

/// Opens the files a scenario names; paths are as the scenario wrote them.
pub trait Resolver {
    /// Ground levels from a raster.
    ///
    /// # Errors
    /// Every mistake found in the file.
    fn terrain(&mut self, path: &str) -> Result<TerrainFile>;

    /// Samples of a quantity from a table.
    ///
    /// # Errors
    /// Every mistake found in the file.
    fn series(&mut self, path: &str, kind: SeriesKind, meaning: SampleMeaning) -> Result<SeriesRead>;

    /// Rows of weather from a table.
    ///
    /// # Errors
    /// Every mistake found in the file.
    fn weather(&mut self, path: &str) -> Result<WeatherRead>;

    /// Polygons, lines or points that lie on a grid, in its plane.
    ///
    /// # Errors
    /// Every mistake found in the file; always, where no such files are opened.
    fn vectors(&mut self, path: &str, _request: &VectorRequest, _grid: &Grid) -> Result<VectorLayer> {
        Err(Problem::error(2401, "files of polygons, lines and points are not opened here")
            .in_file(path)
            .fix("run the scenario from its file")
            .into())
    }

    /// Text of the file of a storm formula.
    ///
    /// # Errors
    /// Why it cannot be read; always, where no texts are opened.
    fn storm_formula(&mut self, path: &str) -> Result<String> {
        Err(Problem::error(3330, "files of storm formulas are not opened here")
            .in_file(path)
            .fix("name a formula of `tuiyan list storms`")
            .into())
    }

    /// A sewer network and the engine that routes it.
    ///
    /// # Errors
    /// Every mistake found in the file, and why there is no engine; always, where no networks
    /// are opened.
    fn sewers(&mut self, path: &str, _request: &SewerRequest) -> Result<SewerRead> {
        Err(Problem::error(2480, "sewer networks are not opened here")
            .in_file(path)
            .fix("run the scenario from its file")
            .into())
    }

    /// Stage and storage of a reservoir from a table.
    ///
    /// # Errors
    /// Every mistake found in the file; always, where no such tables are opened.
    fn storage(&mut self, path: &str) -> Result<StorageRead> {
        Err(Problem::error(1128, "tables of reservoirs are not opened here")
            .in_file(path)
            .fix("run the scenario from its file")
            .into())
    }

    /// Rain by place and time from a grid.
    ///
    /// # Errors
    /// Every mistake found in the file; always, where no grids are opened.
    fn rain_grid(&mut self, path: &str, _request: &RainGridRequest<'_>) -> Result<RainGridRead> {
        Err(Problem::error(3340, "rain grids are not opened here")
            .in_file(path)
            .fix("give the rain by a hyetograph or by gauges")
            .into())
    }
}

/// What is asked of a sewer network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SewerRequest {
    /// Step of the routing, s.
    pub interval: f64,
    /// Simulated time, s.
    pub duration: f64,
    /// Rain falls on the surface, so that the network's own must not fall.
    pub rain_on_surface: bool,
}

/// A sewer network.
#[derive(Debug, Clone)]
pub struct SewerRead {
    /// Nodes that can exchange water with the surface, in the order of the engine.
    pub nodes: Vec<SewerNode>,
    /// The network, ready to be routed.
    pub network: Arc<dyn Network>,
    /// The engine and its version.
    pub engine: String,
    /// Number of catchments that the network has of its own.
    pub catchments: usize,
    /// Date and time of the network at time zero, in words.
    pub begins: String,
}

/// A node of a sewer network.
#[derive(Debug, Clone, PartialEq)]
pub struct SewerNode {
    /// Its name.
    pub name: String,
    /// Its place on the map of the network.
    pub place: Option<(f64, f64)>,
    /// Level of its rim, m on the datum of the network; none where the file does not say.
    pub rim: Option<f64>,
}

/// What is asked of a rain grid.
#[derive(Debug, Clone, Copy)]
pub struct RainGridRequest<'a> {
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

/// Rain of a grid over the ground.
#[derive(Debug, Clone)]
pub struct RainGridRead {
    /// Place in `cells` for each cell of the ground; 0 where no rain is needed.
    pub zone_of: Array2<u32>,
    /// Rain of each rain cell that is used, m/s over s, and where it lies, in words.
    pub cells: Vec<(Series, String)>,
    /// Seconds since 1970 of time zero, when the file has dates.
    pub start: Option<i64>,
    /// What the user should know.
    pub warnings: Vec<Problem>,
}

/// What a series is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesKind {
    /// Rain intensity, m/s.
    Rain,
    /// Loss rate, m/s.
    Loss,
    /// Discharge, m³/s.
    Discharge,
    /// Water level, m.
    Stage,
    /// Mass that leaks, kg/s.
    MassRate,
}

/// What the samples of a table stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleMeaning {
    /// A sample holds until the next one.
    IntervalStart,
    /// A sample held since the one before it.
    IntervalEnd,
    /// Straight lines run from sample to sample.
    Line,
}

/// A raster of ground levels.
#[derive(Debug, Clone)]
pub struct TerrainFile {
    /// Cell size along x and y, in the units of the reference.
    pub cell: (f64, f64),
    /// Western and southern edge.
    pub corner: (f64, f64),
    /// Coordinate reference, if the file declares one.
    pub crs: Option<Crs>,
    /// What the user should know.
    pub warnings: Vec<Problem>,
    /// Levels, row 0 in the south, NaN where the file has none.
    pub levels: Field,
}

/// A series from a table.
#[derive(Debug, Clone)]
pub struct SeriesRead {
    /// SI units; time in seconds, counted from `start` when the table has dates.
    pub series: Series,
    /// Seconds since 1970 of time zero, when the table has dates.
    pub start: Option<i64>,
    /// What the user should know.
    pub warnings: Vec<Problem>,
}

/// Stage and storage from a table.
#[derive(Debug, Clone)]
pub struct StorageRead {
    /// Stage, m, and volume, m³, as they stand in the table.
    pub points: Vec<(f64, f64)>,
    /// What the user should know.
    pub warnings: Vec<Problem>,
}

/// Rows from a weather table.
#[derive(Debug, Clone)]
pub struct WeatherRead {
    /// Rows at rising times.
    pub rows: Vec<WeatherSample>,
    /// Seconds since 1970 of time zero, when the table has dates.
    pub start: Option<i64>,
    /// What the user should know.
    pub warnings: Vec<Problem>,
}

/// One row of a weather table; SI units, direction in degrees the wind comes from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WeatherSample {
    /// Seconds; counted from `start` when the table has dates.
    pub time: f64,
    /// m/s
    pub wind_speed: f64,
    /// Degrees clockwise from north; none in a calm.
    pub wind_direction_deg: Option<f64>,
    /// Pasquill class as a letter A to F.
    pub stability: Option<char>,
    /// K
    pub air_temperature: Option<f64>,
    /// Pa
    pub air_pressure: Option<f64>,
    /// m
    pub mixing_height: Option<f64>,
}
