//! The catalogue of a library: SQLite, one row per member, for any tool that speaks SQL.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, params};

use super::batch_file::Contents;
use crate::error::{Problem, Result};
use crate::library::plan::Plan;
use crate::library::stored::{Ending, Figures, LAYOUT, Manifest, Row, Summary};

/// The open catalogue.
#[derive(Debug)]
pub(super) struct Catalogue {
    database: Connection,
    path: PathBuf,
}

/// Tables of the catalogue; the columns of the plan's keys come on top.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS batch (name TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS result (
    id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, batch TEXT NOT NULL, place INTEGER NOT NULL, first_zone INTEGER,
    evacuation_radius_m REAL, longest_zone_m REAL, largest_zone_m2 REAL,
    max_depth_m REAL, flooded_area_m2 REAL, wet_area_m2 REAL, volume_m3 REAL, balance_error REAL,
    figures_json TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS zone (
    result TEXT NOT NULL, place INTEGER NOT NULL, level TEXT NOT NULL, threshold_kg_m3 REAL NOT NULL,
    distance_m REAL NOT NULL, reach_m REAL NOT NULL, width_m REAL, area_m2 REAL NOT NULL,
    arrival_s REAL, is_valid INTEGER NOT NULL, PRIMARY KEY (result, place)) WITHOUT ROWID;
";

impl Catalogue {
    /// Opens the catalogue, or makes a new one where there is none or a broken one.
    pub(super) fn open(path: &Path, manifest: &Manifest) -> Result<Self> {
        let opened = Self::begin(path, manifest);
        if let Ok(database) = opened {
            return Ok(Self { database, path: path.to_path_buf() });
        }
        for ending in ["", "-journal", "-wal", "-shm"] {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            let _ = fs::remove_file(PathBuf::from(name));
        }
        let database = Self::begin(path, manifest).map_err(|mistake| trouble(path, &mistake))?;
        Ok(Self { database, path: path.to_path_buf() })
    }

    fn begin(path: &Path, manifest: &Manifest) -> rusqlite::Result<Connection> {
        let database = Connection::open(path)?;
        database.busy_timeout(std::time::Duration::from_secs(30))?;
        // It can be made anew from the batches: a crash of the machine may lose its last rows.
        database.execute_batch("PRAGMA synchronous = NORMAL;")?;
        database.execute_batch(TABLES)?;
        database.execute_batch(&member_table(&manifest.plan))?;
        let check: String = database.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if check != "ok" {
            return Err(rusqlite::Error::InvalidQuery);
        }
        for (name, value) in [
            ("layout", LAYOUT.to_string()),
            ("engine", manifest.engine.clone()),
            ("title", manifest.plan.title.clone()),
            ("members", manifest.plan.members().to_string()),
        ] {
            database.execute("INSERT OR REPLACE INTO note VALUES (?1, ?2)", [name, value.as_str()])?;
        }
        Ok(database)
    }

    fn told<T>(&self, outcome: rusqlite::Result<T>) -> Result<T> {
        outcome.map_err(|mistake| trouble(&self.path, &mistake).into())
    }

    pub(super) fn note(&self, name: &str, value: &str) -> Result<()> {
        let noted = self.database.execute("INSERT OR REPLACE INTO note VALUES (?1, ?2)", [name, value]);
        self.told(noted.map(drop))
    }

    /// Names of the batches whose rows it has.
    pub(super) fn batches(&self) -> Result<BTreeSet<String>> {
        self.texts("SELECT name FROM batch")
    }

    /// Ids of the results that are stored.
    pub(super) fn results(&self) -> Result<BTreeSet<String>> {
        self.texts("SELECT id FROM result")
    }

    fn texts(&self, query: &str) -> Result<BTreeSet<String>> {
        let read = || {
            let mut statement = self.database.prepare(query)?;
            statement.query_map([], |row| row.get(0))?.collect()
        };
        self.told(read())
    }

    /// Lines that have ended, and whether well.
    pub(super) fn ended(&self) -> Result<BTreeMap<u64, bool>> {
        let read = || {
            let mut statement = self.database.prepare("SELECT line, state = 'done' FROM member")?;
            statement.query_map([], |row| Ok((row.get::<_, i64>(0)? as u64, row.get(1)?)))?.collect()
        };
        self.told(read())
    }

    /// Forgets all batches.
    pub(super) fn clear(&mut self) -> Result<()> {
        let cleared = self.database.execute_batch(
            "BEGIN; DELETE FROM batch; DELETE FROM member; DELETE FROM result; DELETE FROM zone; COMMIT;",
        );
        self.told(cleared)
    }

    /// Adds the rows of a batch, all or none.
    pub(super) fn add(&mut self, name: &str, contents: &Contents, plan: &Plan) -> Result<()> {
        let path = self.path.clone();
        let mut insert = || {
            let change = self.database.transaction()?;
            let mut first_zone = 0;
            for (place, result) in contents.results.iter().enumerate() {
                add_result(&change, result, (name, place, first_zone))?;
                if let Figures::Gas { zones, .. } = &result.figures {
                    first_zone += zones.len();
                }
            }
            for row in &contents.rows {
                add_member(&change, row, plan)?;
            }
            change.execute("INSERT OR REPLACE INTO batch VALUES (?1)", [name])?;
            change.commit()
        };
        insert().map_err(|mistake: rusqlite::Error| trouble(&path, &mistake).into())
    }
}

fn trouble(path: &Path, mistake: &rusqlite::Error) -> Problem {
    Problem::error(8615, format!("the catalogue cannot be used: {mistake}"))
        .in_file(path.display().to_string())
        .why("it is an index of the batches, which are whole")
        .fix("check free space and permissions; then remove the file and build again: it is made anew")
}

/// A name of a column in SQL.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// One column of text for every key, and one of numbers beside it where its values are numbers.
fn key_columns(plan: &Plan) -> Vec<(String, &'static str)> {
    let keys = plan.axes.iter().flat_map(|axis| &axis.keys);
    keys.flat_map(|key| {
        let number = key.scale.as_ref().map(|scale| (format!("{} [{}]", key.path, scale.unit), "REAL"));
        std::iter::once((key.path.clone(), "TEXT")).chain(number)
    })
    .collect()
}

fn member_table(plan: &Plan) -> String {
    let keys: String =
        key_columns(plan).iter().map(|(name, kind)| format!(", {} {kind}", quoted(name))).collect();
    format!(
        "CREATE TABLE IF NOT EXISTS member (line INTEGER PRIMARY KEY, id TEXT NOT NULL, state TEXT NOT NULL, \
         result TEXT, source_x_m REAL, source_y_m REAL, wind_from_deg REAL, message TEXT, seconds REAL{keys});"
    )
}

fn add_member(change: &Transaction<'_>, row: &Row, plan: &Plan) -> rusqlite::Result<()> {
    let (state, result, pose, message) = match &row.ending {
        Ending::Done { result, pose } => ("done", Some(result), *pose, None),
        Ending::Failed { message } => ("failed", None, None, Some(message)),
    };
    let mut values: Vec<Box<dyn rusqlite::ToSql>> = vec![
        Box::new(row.line as i64),
        Box::new(row.id.clone()),
        Box::new(state),
        Box::new(result.cloned()),
        Box::new(pose.map(|pose| pose.x)),
        Box::new(pose.map(|pose| pose.y)),
        Box::new(pose.map(|pose| pose.wind_from_deg)),
        Box::new(message.cloned()),
        Box::new(row.seconds),
    ];
    for (place, axis) in plan.rows_of(row.line).into_iter().zip(&plan.axes) {
        for (key, value) in axis.keys.iter().zip(&axis.rows[place]) {
            values.push(Box::new(value.clone()));
            if let Some(scale) = &key.scale {
                values.push(Box::new(scale.numbers[place]));
            }
        }
    }
    let marks = vec!["?"; values.len()].join(", ");
    // A line that failed in one part and is done in another is done.
    let verb = if state == "done" { "REPLACE" } else { "IGNORE" };
    let mut statement = change.prepare_cached(&format!("INSERT OR {verb} INTO member VALUES ({marks})"))?;
    statement.execute(rusqlite::params_from_iter(values)).map(drop)
}

fn add_result(
    change: &Transaction<'_>,
    result: &Summary,
    (batch, place, first_zone): (&str, usize, usize),
) -> rusqlite::Result<()> {
    let Summary { id, sha256, figures } = result;
    let json = serde_json::to_string(figures).unwrap_or_default();
    let mut numbers = [None; 8];
    let mut first = None;
    match figures {
        Figures::Gas { radius, zones } => {
            let largest = |value: fn(&crate::library::stored::ZoneFigures) -> f64| {
                zones.iter().map(value).fold(0.0, f64::max)
            };
            numbers[..3].copy_from_slice(&[
                Some(*radius),
                Some(largest(|zone| zone.distance)),
                Some(largest(|zone| zone.area)),
            ]);
            first = Some(first_zone as i64);
            let mut statement =
                change.prepare_cached("INSERT OR REPLACE INTO zone VALUES (?,?,?,?,?,?,?,?,?,?)")?;
            for (i, z) in zones.iter().enumerate() {
                statement.execute(params![
                    id,
                    i as i64,
                    z.level,
                    z.threshold,
                    z.distance,
                    z.reach,
                    z.width,
                    z.area,
                    z.arrival,
                    z.is_valid
                ])?;
            }
        }
        Figures::Flood { max_depth, flooded_area, wet_area, volume, balance_error } => {
            let five = [*max_depth, *flooded_area, *wet_area, *volume, *balance_error].map(Some);
            numbers[3..].copy_from_slice(&five);
        }
    }
    let [a, b, c, d, e, f, g, h] = numbers;
    change
        .prepare_cached("INSERT OR REPLACE INTO result VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)")?
        .execute(params![id, sha256, batch, place as i64, first, a, b, c, d, e, f, g, h, json])
        .map(drop)
}
