//! Opens the files that a scenario names.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sim_core::error::{Problem, Result};
use sim_core::grid::Grid;
use sim_core::grid::vector::{VectorLayer, VectorRequest};
use sim_core::input::rain_grid::{self, read_rain_grid};
use sim_core::input::raster::{Limits, read_raster};
use sim_core::input::series::{self, SeriesQuantity, read_series};
use sim_core::input::storage::read_storage;
use sim_core::input::text;
use sim_core::input::vector::read_vectors;
use sim_core::input::weather::read_weather;
use sim_core::run::record::InputFile;
use sim_core::scenario::{
    RainGridRead, RainGridRequest, Resolver, SampleMeaning, SeriesKind, SeriesRead, SewerNode, SewerRead,
    SewerRequest, StorageRead, TerrainFile, WeatherRead, WeatherSample,
};
use sim_core::sewer::{self, Library, Terms};

use crate::args::Shared;

/// The file system as a scenario may see it.
pub(crate) struct Files {
    folder: PathBuf,
    data: Option<PathBuf>,
    /// Library of SWMM, if one was named.
    swmm: Option<PathBuf>,
    inputs: Vec<InputFile>,
}

/// How a scenario path begins that lies under `--data`.
const DATA: &str = "${data}/";

impl Files {
    /// Paths are relative to `folder`; `${data}` stands for the folder of the data.
    pub(crate) fn new(folder: PathBuf, shared: &Shared) -> Self {
        Self { folder, data: shared.data.clone(), swmm: shared.swmm.clone(), inputs: Vec::new() }
    }

    /// Files that were read, with their fingerprints.
    pub(crate) fn inputs(&self) -> Vec<InputFile> {
        self.inputs.clone()
    }

    /// Where a file lies that a scenario or a plan names.
    pub(crate) fn locate(&self, path: &str) -> Result<PathBuf> {
        if path.starts_with(DATA) { self.named_on_command_line(path) } else { Ok(self.folder.join(path)) }
    }

    /// Where a file of the command line lies: from the working folder on, or below `--data`.
    pub(crate) fn named_on_command_line(&self, path: &str) -> Result<PathBuf> {
        let Some(rest) = path.strip_prefix(DATA) else { return Ok(PathBuf::from(path)) };
        match &self.data {
            Some(data) => Ok(data.join(rest)),
            None => Err(Problem::error(1006, format!("{path} lies under ${{data}}, which is not known"))
                .fix("add --data DIR with the folder of the data")
                .into()),
        }
    }

    /// Adds a file to those that were read.
    pub(crate) fn note(&mut self, path: &str, sha256: &str) {
        if !self.inputs.iter().any(|input| input.path == path) {
            self.inputs.push(InputFile { path: path.to_owned(), sha256: sha256.to_owned() });
        }
    }
}

impl Resolver for Files {
    fn terrain(&mut self, path: &str) -> Result<TerrainFile> {
        let file = read_raster(&self.locate(path)?, path, &Limits::default())?;
        self.note(path, &file.sha256);
        Ok(TerrainFile {
            cell: (file.info.dx, file.info.dy),
            corner: (file.info.west, file.info.south),
            crs: file.info.crs,
            levels: file.values,
            warnings: file.info.warnings,
        })
    }

    fn series(&mut self, path: &str, kind: SeriesKind, meaning: SampleMeaning) -> Result<SeriesRead> {
        let quantity = match kind {
            SeriesKind::Rain => SeriesQuantity::Rain,
            SeriesKind::Loss => SeriesQuantity::Loss,
            SeriesKind::Discharge => SeriesQuantity::Discharge,
            SeriesKind::Stage => SeriesQuantity::Stage,
            SeriesKind::MassRate => SeriesQuantity::MassRate,
        };
        let file = read_series(&self.locate(path)?, path, quantity)?;
        let reading = file.series(input_meaning(meaning))?;
        self.note(path, &file.sha256);
        let mut warnings = file.warnings;
        warnings.extend(reading.warnings);
        Ok(SeriesRead {
            series: reading.series,
            start: reading.start.map(|start| start.as_second()),
            warnings,
        })
    }

    fn weather(&mut self, path: &str) -> Result<WeatherRead> {
        let file = read_weather(&self.locate(path)?, path)?;
        self.note(path, &file.sha256);
        let rows = file
            .rows
            .iter()
            .map(|row| WeatherSample {
                time: row.time,
                wind_speed: row.wind_speed,
                wind_direction_deg: row.wind_direction,
                stability: row.stability,
                air_temperature: row.air_temperature,
                air_pressure: row.pressure,
                mixing_height: row.mixing_height,
            })
            .collect();
        Ok(WeatherRead { rows, start: file.start.map(|start| start.as_second()), warnings: file.warnings })
    }

    fn vectors(&mut self, path: &str, request: &VectorRequest, grid: &Grid) -> Result<VectorLayer> {
        let file = read_vectors(&self.locate(path)?, path, request, grid)?;
        for (shown, sha256) in &file.files {
            self.note(shown, sha256);
        }
        Ok(file.layer)
    }

    fn storage(&mut self, path: &str) -> Result<StorageRead> {
        let file = read_storage(&self.locate(path)?, path)?;
        self.note(path, &file.sha256);
        Ok(StorageRead { points: file.points, warnings: file.warnings })
    }

    fn storm_formula(&mut self, path: &str) -> Result<String> {
        let file = text::read_text(&self.locate(path)?, path)?;
        self.note(path, &file.sha256);
        Ok(file.text)
    }

    fn sewers(&mut self, path: &str, request: &SewerRequest) -> Result<SewerRead> {
        let located = self.locate(path)?;
        let file = text::read_network(&located, path)?;
        self.note(path, &file.sha256);
        let library = || Ok(Arc::new(Library::find(self.swmm.as_deref())?));
        let terms = Terms {
            interval: request.interval,
            duration: request.duration,
            rain_on_surface: request.rain_on_surface,
        };
        let whole = std::path::absolute(&located).unwrap_or(located);
        let ready = sewer::ready(&file.text, &whole, path, library, &terms)?;
        for (line, named) in &ready.inp.files {
            let beside = whole.parent().unwrap_or(Path::new(".")).join(named);
            let sha256 = text::fingerprint(&beside, named)
                .map_err(|problems| {
                    problems.0.into_iter().map(|problem| problem.why(format!("{path}:{line} names it")))
                })
                .map_err(|problems| sim_core::error::Problems(problems.collect()))?;
            self.note(named, &sha256);
        }
        let nodes = ready.inp.nodes.iter().map(|node| SewerNode {
            name: node.name.clone(),
            place: node.place,
            rim: (node.depth > 0.0).then_some(node.bottom + node.depth),
        });
        Ok(SewerRead {
            nodes: nodes.collect(),
            network: ready.network,
            engine: ready.engine,
            catchments: ready.inp.subcatchments,
            begins: ready.begins,
        })
    }

    fn rain_grid(&mut self, path: &str, request: &RainGridRequest<'_>) -> Result<RainGridRead> {
        let request = rain_grid::Request {
            ground: request.ground,
            inside: request.inside,
            meaning: input_meaning(request.meaning),
            variable: request.variable,
            unit: request.unit,
        };
        let file = read_rain_grid(&self.locate(path)?, path, &request, &rain_grid::Limits::default())?;
        file.inputs.iter().for_each(|(path, sha256)| self.note(path, sha256));
        Ok(RainGridRead {
            zone_of: file.zone_of,
            cells: file.cells.into_iter().map(|cell| (cell.rain, cell.spot)).collect(),
            start: file.start,
            warnings: file.warnings,
        })
    }
}

/// What samples mean, in the words of the readers of files.
fn input_meaning(meaning: SampleMeaning) -> series::SampleMeaning {
    match meaning {
        SampleMeaning::IntervalStart => series::SampleMeaning::IntervalStart,
        SampleMeaning::IntervalEnd => series::SampleMeaning::IntervalEnd,
        SampleMeaning::Line => series::SampleMeaning::Instant,
    }
}

/// Longest scenario that is read, bytes; one with a thousand inflows has about 100 kB.
const LONGEST_SCENARIO: u64 = 16 << 20;

/// Text of a scenario file.
pub(crate) fn read_text(path: &Path) -> Result<String> {
    let shown = path.display().to_string();
    let mut bytes = Vec::new();
    // A pipe may be meant; one that never ends is not.
    let read = File::open(path).and_then(|file| file.take(LONGEST_SCENARIO + 1).read_to_end(&mut bytes));
    read.map_err(|reason| {
        Problem::error(1004, format!("cannot be read: {reason}"))
            .in_file(&shown)
            .fix("check the path; tuiyan demo needs no file")
    })?;
    if bytes.len() as u64 > LONGEST_SCENARIO {
        return Err(Problem::error(
            1004,
            format!("is longer than {LONGEST_SCENARIO} bytes: it is not a scenario"),
        )
        .in_file(&shown)
        .fix("name the scenario file (TOML); grids and tables are named inside it")
        .into());
    }
    String::from_utf8(bytes).map_err(|mistake| {
        let line =
            mistake.as_bytes()[..mistake.utf8_error().valid_up_to()].iter().filter(|&&b| b == b'\n').count()
                + 1;
        Problem::error(1004, "is not UTF-8 text; it may be GBK (ANSI) or UTF-16")
            .in_file(&shown)
            .at_line(line, 1)
            .fix("save the file as UTF-8 in the editor")
            .into()
    })
}
