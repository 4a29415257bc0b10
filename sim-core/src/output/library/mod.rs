//! Stores of scenario libraries: the only place that writes them.
//!
//! | file | what it holds |
//! |---|---|
//! | `library.json` | the manifest: engine, plan with every value, grid |
//! | `batches/NAME.h5` | rows and results that were computed together, HDF5 |
//! | `catalogue.sqlite` | one row per member, made from the batches |
//!
//! Batches are written aside, synchronised and renamed: each is whole or not there. The catalogue
//! is only an index. After a kill it takes up the batches it does not know, and where it is
//! missing or broken it is made anew.

mod batch_file;
mod catalogue;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::staging::{sync_folder, try_lock};
use crate::error::{Problem, Result};
use crate::library::fingerprint::Fingerprint;
use crate::library::stored::{Batch, LAYOUT, Manifest};
use catalogue::Catalogue;

/// Name of the manifest.
pub const MANIFEST: &str = "library.json";

/// Name of the catalogue.
pub const CATALOGUE: &str = "catalogue.sqlite";

/// Name of the folder of batches.
pub const BATCHES: &str = "batches";

/// Ending of a batch that is being written.
const UNFINISHED: &str = ".part";

/// The right to write one library.
#[derive(Debug)]
pub struct LibraryWriter {
    dir: PathBuf,
    catalogue: Catalogue,
    manifest: Manifest,
    /// Held for its lock.
    _lock: File,
}

impl LibraryWriter {
    /// Begins a library, or goes on with one that was begun from the same plan by the same engine.
    ///
    /// # Errors
    /// - E8610 another build writes into it
    /// - E8611 the folder holds something else, or a library of another layout
    /// - E8612 the library was begun by another version of the engine
    /// - E8613 it was begun from another plan, base scenario or grid
    /// - E6000 a file cannot be written, E8614 a batch cannot be read back
    pub fn open(dir: &Path, manifest: &Manifest) -> Result<Self> {
        let path = dir.join(MANIFEST);
        refuse_foreign(dir, &path)?;
        fs::create_dir_all(dir.join(BATCHES)).map_err(|mistake| cannot(dir, &mistake))?;
        let lock = try_lock(&dir.join(".lock")).map_err(|mistake| cannot(dir, &mistake))?;
        let Some(lock) = lock else {
            return Err(Problem::error(8610, "another build is writing into this library")
                .in_file(dir.display().to_string())
                .why("two builds in one folder would compute the same members")
                .fix("wait for it; or build parts in folders of their own (--shard 1/2 --out A, --shard 2/2 --out B) and join them: tuiyan library merge A B --out C")
                .into());
        };
        match fs::read(&path) {
            Ok(text) => refuse_another(dir, &text, manifest)?,
            Err(_) => write_aside(&path, json(manifest).as_bytes())?,
        }
        let catalogue = Catalogue::open(&dir.join(CATALOGUE), manifest)?;
        let mut writer = Self { dir: dir.to_path_buf(), catalogue, manifest: manifest.clone(), _lock: lock };
        writer.take_up()?;
        Ok(writer)
    }

    /// Takes up batches that the catalogue does not know, and removes what a killed build left.
    ///
    /// # Errors
    /// E8614 a batch cannot be read, E8615 the catalogue cannot be written.
    pub fn take_up(&mut self) -> Result<()> {
        let folder = self.dir.join(BATCHES);
        let mut names = BTreeSet::new();
        for entry in fs::read_dir(&folder).map_err(|mistake| cannot(&folder, &mistake))?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(UNFINISHED) {
                fs::remove_file(entry.path()).map_err(|mistake| cannot(&entry.path(), &mistake))?;
            } else if name.ends_with(".h5") {
                names.insert(name);
            }
        }
        let known = self.catalogue.batches()?;
        if !known.is_subset(&names) {
            // A batch was taken away: what the catalogue says of its members is not true any more.
            self.catalogue.clear()?;
        }
        let known = self.catalogue.batches()?;
        for name in names.difference(&known) {
            let path = folder.join(name);
            let contents = batch_file::read_contents(&path).map_err(|mistake| {
                Problem::error(8614, format!("is not a batch of a library: {mistake}"))
                    .in_file(path.display().to_string())
                    .fix("remove the file; its members are computed again")
            })?;
            self.catalogue.add(name, &contents, &self.manifest.plan)?;
        }
        Ok(())
    }

    /// Lines that have ended, well or not.
    ///
    /// # Errors
    /// E8615 the catalogue cannot be read.
    pub fn ended(&self) -> Result<BTreeMap<u64, bool>> {
        self.catalogue.ended()
    }

    /// Ids of the results that are stored.
    ///
    /// # Errors
    /// E8615 the catalogue cannot be read.
    pub fn results(&self) -> Result<BTreeSet<String>> {
        self.catalogue.results()
    }

    /// Stores rows with their results.
    ///
    /// # Errors
    /// E6000 the disk is full or not writable, E8615 the catalogue cannot be written.
    pub fn add(&mut self, batch: &Batch) -> Result<()> {
        if batch.rows.is_empty() {
            return Ok(());
        }
        let name = name_of(batch);
        let path = self.dir.join(BATCHES).join(&name);
        let aside = self.dir.join(BATCHES).join(format!("{name}{UNFINISHED}"));
        let contents = batch_file::contents(batch);
        batch_file::write(&aside, batch, &contents, &self.manifest)
            .map_err(|mistake| cannot(&path, &mistake))?;
        put_in_place(&aside, &path)?;
        self.catalogue.add(&name, &contents, &self.manifest.plan)
    }

    /// Takes in a batch of another library of the same plan, as it is; [`LibraryWriter::take_up`] puts it in the catalogue.
    ///
    /// # Errors
    /// E6000 it cannot be copied.
    pub fn adopt(&self, from: &Path) -> Result<()> {
        let Some(name) = from.file_name() else { return Ok(()) };
        let path = self.dir.join(BATCHES).join(name);
        if path.exists() {
            return Ok(());
        }
        let aside = self.dir.join(BATCHES).join(format!("{}{UNFINISHED}", name.to_string_lossy()));
        fs::copy(from, &aside).map_err(|mistake| cannot(&path, &mistake))?;
        put_in_place(&aside, &path)
    }

    /// Notes something about the library that can be found again from its batches.
    ///
    /// # Errors
    /// E8615 the catalogue cannot be written.
    pub fn note(&self, name: &str, value: &str) -> Result<()> {
        self.catalogue.note(name, value)
    }

    /// Notes how fast members are computed, members per second, for those who ask how long it takes.
    ///
    /// # Errors
    /// E8615 the catalogue cannot be written.
    pub fn note_rate(&self, rate: f64) -> Result<()> {
        self.catalogue.note("members_per_second", &rate.to_string())
    }
}

/// A batch is called after its lines, so that parts of a library never clash.
fn name_of(batch: &Batch) -> String {
    let rows = batch.rows.iter();
    let hash = rows.fold(Fingerprint::default(), |hash, row| hash.text(&row.id).shown(&row.line)).end();
    let first = batch.rows.iter().map(|row| row.line).min().unwrap_or_default();
    format!("{first:08}-{}.h5", &hash[..16])
}

fn refuse_foreign(dir: &Path, manifest: &Path) -> Result<()> {
    let Ok(mut entries) = fs::read_dir(dir) else {
        if dir.exists() {
            return Err(foreign(dir, "is a file, not a folder").into());
        }
        return Ok(());
    };
    // A build that was killed at once leaves an empty folder of batches and a lock.
    let is_ours = |name: &str| [BATCHES, ".lock"].contains(&name) || name.ends_with(UNFINISHED);
    let has_others =
        entries.any(|entry| entry.is_ok_and(|entry| !is_ours(&entry.file_name().to_string_lossy())));
    if has_others && !manifest.is_file() {
        return Err(foreign(dir, "holds files but no library.json: it is not a library").into());
    }
    Ok(())
}

fn foreign(dir: &Path, text: &str) -> Problem {
    Problem::error(8611, text)
        .in_file(dir.display().to_string())
        .fix("choose a new or an empty folder with --out, or the folder of a library")
}

fn refuse_another(dir: &Path, text: &[u8], manifest: &Manifest) -> Result<()> {
    let found: Manifest = serde_json::from_slice(text)
        .map_err(|mistake| foreign(dir, &format!("its library.json cannot be understood: {mistake}")))?;
    let path = dir.join(MANIFEST).display().to_string();
    if found.layout != LAYOUT {
        return Err(foreign(dir, &format!("has layout {}; this engine writes {LAYOUT}", found.layout)).into());
    }
    if found.engine != manifest.engine {
        return Err(Problem::error(
            8612,
            format!("the library was begun by engine {}; this is {}", found.engine, manifest.engine),
        )
        .in_file(path)
        .why("members of two engines side by side could not be compared")
        .fix("go on with the engine that began it, or build anew in another folder")
        .into());
    }
    let differs = [
        ("the plan", found.plan != manifest.plan),
        ("the base scenario", found.base_sha256 != manifest.base_sha256),
        ("the grid", (found.grid, found.epsg) != (manifest.grid, manifest.epsg)),
        ("the hazard", found.hazard != manifest.hazard),
    ];
    let differs: Vec<&str> = differs.into_iter().filter(|pair| pair.1).map(|pair| pair.0).collect();
    if differs.is_empty() {
        return Ok(());
    }
    Err(Problem::error(8613, format!("{} changed since the library was begun", differs.join(" and ")))
        .in_file(path)
        .why("a line of the plan would mean two members")
        .fix("build the changed plan in another folder")
        .into())
}

fn json(manifest: &Manifest) -> String {
    serde_json::to_string_pretty(manifest).unwrap_or_default()
}

fn write_aside(path: &Path, bytes: &[u8]) -> Result<()> {
    let aside = path.with_extension(&UNFINISHED[1..]);
    fs::write(&aside, bytes).map_err(|mistake| cannot(path, &mistake))?;
    put_in_place(&aside, path)
}

fn put_in_place(aside: &Path, path: &Path) -> Result<()> {
    let placed = File::open(aside)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(aside, path))
        .and_then(|()| path.parent().map_or(Ok(()), sync_folder));
    placed.map_err(|mistake| cannot(path, &mistake).into())
}

fn cannot(path: &Path, mistake: &dyn std::fmt::Display) -> Problem {
    Problem::error(6000, format!("cannot be written: {mistake}"))
        .in_file(path.display().to_string())
        .why("what was computed before is kept")
        .fix("check free space and permissions of the folder, then build again: it goes on where it stopped")
}
