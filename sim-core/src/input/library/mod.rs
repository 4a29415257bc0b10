//! A library of scenarios, read back: catalogue, figures, outlines and depths.

mod batch_file;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ndarray::Array2;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::error::{Problem, Result};
use crate::library::stored::{Ending, Figures, LAYOUT, Manifest, Pose, Rings, Row, content_hash};

/// A library that is open for questions.
#[derive(Debug)]
pub struct Library {
    /// What it is about.
    pub manifest: Manifest,
    dir: PathBuf,
    database: Connection,
}

/// One result and where its body lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// Id of the result.
    pub id: String,
    /// Figures.
    pub figures: Figures,
    batch: String,
    place: usize,
    first_zone: usize,
}

/// How far a library has come.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// Lines of the plan.
    pub members: u64,
    /// Lines with a result.
    pub done: u64,
    /// Lines that failed.
    pub failed: u64,
    /// Results, each counted once.
    pub results: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// Hash of the content.
    pub content_hash: String,
    /// Members per second of the last build.
    pub rate: Option<f64>,
    /// Some lines that failed, and why.
    pub failures: Vec<(u64, String)>,
}

/// Failures that a status shows.
const SHOWN_FAILURES: usize = 10;

impl Library {
    /// Opens a library.
    ///
    /// # Errors
    /// E8620 when the folder is no library, or one of another layout; E8615 when its catalogue cannot be read.
    pub fn open(dir: &Path) -> Result<Self> {
        let refuse = |text: String| {
            Problem::error(8620, text)
                .in_file(dir.display().to_string())
                .fix("name the folder that tuiyan library build has written (its --out)")
        };
        let text = fs::read(dir.join("library.json"))
            .map_err(|mistake| refuse(format!("is not a library: library.json: {mistake}")))?;
        let manifest: Manifest = serde_json::from_slice(&text)
            .map_err(|mistake| refuse(format!("library.json cannot be understood: {mistake}")))?;
        if manifest.layout != LAYOUT {
            return Err(refuse(format!("has layout {}; this engine reads {LAYOUT}", manifest.layout)).into());
        }
        let path = dir.join("catalogue.sqlite");
        let open = |access: OpenFlags| {
            let database = Connection::open_with_flags(&path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
            database.busy_timeout(std::time::Duration::from_secs(10))?;
            database.query_row("SELECT count(*) FROM note", [], |_| Ok(()))?;
            Ok(database)
        };
        // A killed build may have left a change half done, which only someone who may write can undo.
        let database =
            open(OpenFlags::SQLITE_OPEN_READ_WRITE).or_else(|_| open(OpenFlags::SQLITE_OPEN_READ_ONLY));
        let database = database.map_err(|mistake: rusqlite::Error| trouble(dir, &mistake))?;
        Ok(Self { manifest, dir: dir.to_path_buf(), database })
    }

    fn told<T>(&self, outcome: rusqlite::Result<T>) -> Result<T> {
        outcome.map_err(|mistake| trouble(&self.dir, &mistake).into())
    }

    /// What was noted under a name.
    ///
    /// # Errors
    /// E8615 when the catalogue cannot be read.
    pub fn note(&self, name: &str) -> Result<Option<String>> {
        let query = "SELECT value FROM note WHERE name = ?1";
        self.told(self.database.query_row(query, [name], |row| row.get(0)).optional())
    }

    /// Paths of its batches.
    ///
    /// # Errors
    /// E8615 when the catalogue cannot be read.
    pub fn batches(&self) -> Result<Vec<PathBuf>> {
        let read = || -> rusqlite::Result<Vec<String>> {
            let mut statement = self.database.prepare("SELECT name FROM batch ORDER BY name")?;
            statement.query_map([], |row| row.get(0))?.collect()
        };
        Ok(self.told(read())?.into_iter().map(|name| self.dir.join("batches").join(name)).collect())
    }

    /// The rows of some lines; lines that have not been computed are left out.
    ///
    /// # Errors
    /// E8615 when the catalogue cannot be read.
    pub fn rows(&self, lines: &[u64]) -> Result<Vec<Row>> {
        let read = || -> rusqlite::Result<Vec<Row>> {
            let mut statement = self.database.prepare_cached(&format!("{ROW} WHERE line = ?1"))?;
            let rows = lines.iter().map(|&line| statement.query_row([line as i64], row_of).optional());
            Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().flatten().collect())
        };
        self.told(read())
    }

    /// All rows in the order of their lines.
    ///
    /// # Errors
    /// E8615 when the catalogue cannot be read.
    pub fn all_rows(&self) -> Result<Vec<Row>> {
        let read = || -> rusqlite::Result<Vec<Row>> {
            let mut statement = self.database.prepare(&format!("{ROW} ORDER BY line"))?;
            statement.query_map([], row_of)?.collect()
        };
        self.told(read())
    }

    /// A result by its id.
    ///
    /// # Errors
    /// E8615 when the catalogue cannot be read or does not have it.
    pub fn result(&self, id: &str) -> Result<Located> {
        let read = || -> rusqlite::Result<Located> {
            let query = "SELECT figures_json, batch, place, first_zone FROM result WHERE id = ?1";
            self.database.prepare_cached(query)?.query_row([id], |row| {
                let json: String = row.get(0)?;
                let figures = serde_json::from_str(&json).map_err(|_| rusqlite::Error::InvalidQuery)?;
                let first_zone = row.get::<_, Option<i64>>(3)?.unwrap_or(0) as usize;
                Ok(Located {
                    id: id.to_owned(),
                    figures,
                    batch: row.get(1)?,
                    place: row.get::<_, i64>(2)? as usize,
                    first_zone,
                })
            })
        };
        self.told(read())
    }

    /// Outlines of the zones of a result, in the order of its figures.
    ///
    /// # Errors
    /// E8614 when its batch cannot be read.
    pub fn outlines(&self, result: &Located) -> Result<Vec<Rings>> {
        let Figures::Gas { zones, .. } = &result.figures else { return Ok(Vec::new()) };
        let path = self.path_of(result);
        batch_file::outlines(&path, result.first_zone, zones.len())
            .map_err(|mistake| broken(&path, &mistake).into())
    }

    /// Outlines of many results, each batch opened once.
    ///
    /// # Errors
    /// E8614 when a batch cannot be read.
    pub fn all_outlines(&self, results: &[Located]) -> Result<BTreeMap<String, Vec<Rings>>> {
        let mut by_batch: BTreeMap<PathBuf, Vec<&Located>> = BTreeMap::new();
        for result in results {
            by_batch.entry(self.path_of(result)).or_default().push(result);
        }
        let mut found = BTreeMap::new();
        for (path, results) in by_batch {
            let all = batch_file::all_outlines(&path).map_err(|mistake| broken(&path, &mistake))?;
            for result in results {
                let Figures::Gas { zones, .. } = &result.figures else { continue };
                let own = all.get(result.first_zone..result.first_zone + zones.len());
                found.insert(result.id.clone(), own.map(<[Rings]>::to_vec).unwrap_or_default());
            }
        }
        Ok(found)
    }

    /// Greatest depths of a result over some rows of the grid, mm.
    ///
    /// # Errors
    /// E8614 when its batch cannot be read.
    pub fn depths(&self, result: &Located, rows: std::ops::Range<usize>) -> Result<Array2<u16>> {
        let path = self.path_of(result);
        batch_file::depths(&path, result.place, rows).map_err(|mistake| broken(&path, &mistake).into())
    }

    /// Greatest depth of a result in one cell, mm.
    ///
    /// # Errors
    /// E8614 when its batch cannot be read.
    pub fn depth_at(&self, result: &Located, (row, column): (usize, usize)) -> Result<u16> {
        let path = self.path_of(result);
        batch_file::depth_at(&path, result.place, (row, column))
            .map_err(|mistake| broken(&path, &mistake).into())
    }

    fn path_of(&self, result: &Located) -> PathBuf {
        self.dir.join("batches").join(&result.batch)
    }

    /// Hash of every result by its id.
    ///
    /// # Errors
    /// E8615 when the catalogue cannot be read.
    pub fn result_hashes(&self) -> Result<BTreeMap<String, String>> {
        let read = || -> rusqlite::Result<BTreeMap<String, String>> {
            let mut statement = self.database.prepare("SELECT id, sha256 FROM result")?;
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        };
        self.told(read())
    }

    /// How far the library has come.
    ///
    /// # Errors
    /// E8615 when the catalogue cannot be read.
    pub fn status(&self) -> Result<Status> {
        let rows = self.all_rows()?;
        let rate = self.note("members_per_second")?;
        let hashes = self.result_hashes()?;
        let failed = rows.iter().filter(|row| matches!(row.ending, Ending::Failed { .. }));
        let failures = failed.clone().take(SHOWN_FAILURES).filter_map(|row| match &row.ending {
            Ending::Failed { message } => Some((row.line, message.clone())),
            Ending::Done { .. } => None,
        });
        Ok(Status {
            members: self.manifest.plan.members(),
            done: (rows.len() - failed.clone().count()) as u64,
            failed: failed.clone().count() as u64,
            results: hashes.len() as u64,
            bytes: bytes_below(&self.dir),
            content_hash: content_hash(&rows, &hashes),
            rate: rate.and_then(|rate| rate.parse().ok()),
            failures: failures.collect(),
        })
    }
}

/// Beginning of every question for rows.
const ROW: &str =
    "SELECT line, id, state, result, source_x_m, source_y_m, wind_from_deg, message, seconds FROM member";

fn row_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    let state: String = row.get(2)?;
    let number = |place: usize| row.get::<_, Option<f64>>(place);
    let ending = if state == "done" {
        let pose = match (number(4)?, number(5)?, number(6)?) {
            (Some(x), Some(y), Some(wind_from_deg)) => Some(Pose { x, y, wind_from_deg }),
            _ => None,
        };
        Ending::Done { result: row.get(3)?, pose }
    } else {
        Ending::Failed { message: row.get::<_, Option<String>>(7)?.unwrap_or_default() }
    };
    Ok(Row {
        line: row.get::<_, i64>(0)? as u64,
        id: row.get(1)?,
        ending,
        seconds: number(8)?.unwrap_or(0.0),
    })
}

fn bytes_below(dir: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(dir) else { return 0 };
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(about) if about.is_dir() => bytes_below(&entry.path()),
        Ok(about) => about.len(),
        Err(_) => 0,
    };
    entries.flatten().map(size).sum()
}

fn trouble(dir: &Path, mistake: &rusqlite::Error) -> Problem {
    Problem::error(8615, format!("the catalogue cannot be used: {mistake}"))
        .in_file(dir.join("catalogue.sqlite").display().to_string())
        .why("it is an index of the batches, which are whole")
        .fix("build again: a catalogue that is missing or broken is made anew from the batches")
}

fn broken(path: &Path, mistake: &hdf5::Error) -> Problem {
    Problem::error(8614, format!("is not a batch of a library: {mistake}"))
        .in_file(path.display().to_string())
        .fix("remove the file and build again: its members are computed again")
}
