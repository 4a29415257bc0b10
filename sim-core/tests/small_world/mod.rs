//! A plain of four cells with what a test puts there, for scenarios without files.
#![allow(dead_code, reason = "every test uses a part of it")]

use sim_core::error::{Problem, Result};
use sim_core::grid::Field;
use sim_core::scenario::{
    Resolver, SampleMeaning, SeriesKind, SeriesRead, StorageRead, TerrainFile, WeatherRead, WeatherSample,
};
use sim_core::series::Series;

/// The plain; a file that it does not hold is missing.
#[derive(Default)]
pub(crate) struct SmallWorld {
    /// Text of every storm formula.
    pub(crate) storm_formula: Option<&'static str>,
    /// What every table of a series holds.
    pub(crate) series: Option<Series>,
    /// Points of every table of a reservoir.
    pub(crate) storage: Vec<(f64, f64)>,
    /// Rows of every table of weather.
    pub(crate) weather: Vec<WeatherSample>,
}

impl Resolver for SmallWorld {
    fn terrain(&mut self, _: &str) -> Result<TerrainFile> {
        Ok(TerrainFile {
            cell: (2.0, 2.0),
            corner: (0.0, 0.0),
            crs: None,
            levels: Field::zeros((2, 2)),
            warnings: Vec::new(),
        })
    }

    fn series(&mut self, path: &str, _: SeriesKind, _: SampleMeaning) -> Result<SeriesRead> {
        let series = self.series.clone().ok_or_else(|| Problem::error(3001, path))?;
        Ok(SeriesRead { series, start: None, warnings: Vec::new() })
    }

    fn weather(&mut self, path: &str) -> Result<WeatherRead> {
        if self.weather.is_empty() {
            return Err(Problem::error(3001, path).into());
        }
        Ok(WeatherRead { rows: self.weather.clone(), start: None, warnings: Vec::new() })
    }

    fn storage(&mut self, path: &str) -> Result<StorageRead> {
        if self.storage.is_empty() {
            return Err(Problem::error(3001, path).into());
        }
        Ok(StorageRead { points: self.storage.clone(), warnings: Vec::new() })
    }

    fn storm_formula(&mut self, path: &str) -> Result<String> {
        let text = self.storm_formula.ok_or_else(|| Problem::error(3001, path))?;
        Ok(text.to_owned())
    }
}

/// A flood of the plain, with rain of an hour and more tables.
pub(crate) fn flood(tables: &str) -> String {
    format!(
        "schema = 1\nhazard = \"flood\"\ntitle = \"t\"\n[site]\ncrs = \"local\"\n\
         [terrain]\ndem = \"d\"\nmanning_n = 0.03\n\
         [rain]\nintensity = \"36 mm/h\"\nduration = \"1 h\"\n\
         [edges]\nall = \"open\"\n[run]\nduration = \"2 h\"\n{tables}"
    )
}
