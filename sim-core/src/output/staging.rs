//! A folder that appears whole or not at all.
//!
//! Beside a result folder `out` live, hidden and only while it is written:
//! `.out.lock` (one writer at a time), `.out.staging` (the new files) and
//! `.out.replaced` (the old result, for the instant between two renames).

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::json::RUN_JSON;
use crate::error::{Problem, Result};

/// The right to write one result folder; no other process has it until it is dropped.
#[derive(Debug)]
pub struct FolderLock {
    target: PathBuf,
    lock_path: PathBuf,
    // Held for its lock; the system lets go of it even if the process is killed.
    _file: File,
}

impl FolderLock {
    /// Takes the lock of a result folder and mends what a killed run left beside it.
    ///
    /// Parent folders are created; the folder itself is not touched.
    ///
    /// # Errors
    /// - E6000 the lock file cannot be written
    /// - E6001 another run holds it
    /// - E6002 the folder holds something that is not a result
    /// - E6003 the path cannot be a folder
    pub fn take(dir: &Path) -> Result<Self> {
        let target = resolve(dir)?;
        let lock_path = sibling(&target, "lock");
        let Some(file) = try_lock(&lock_path).map_err(|mistake| trouble(dir, &mistake))? else {
            return Err(Problem::error(6001, "another run is writing into this folder")
                .in_file(dir.display().to_string())
                .why("two runs in one folder would mix their files")
                .fix("wait for the other run, or choose another folder with --out")
                .into());
        };
        let lock = Self { target, lock_path, _file: file };
        lock.mend().map_err(|mistake| trouble(dir, &mistake))?;
        lock.refuse_foreign_content(dir)?;
        Ok(lock)
    }

    /// The result folder.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// An empty hidden folder beside the target.
    pub(super) fn stage(&self) -> Result<Staging<'_>> {
        let dir = sibling(&self.target, "staging");
        fs::create_dir(&dir).map_err(|mistake| trouble(&dir, &mistake))?;
        Ok(Staging { lock: self, dir })
    }

    /// Removes what a killed run left; brings back an old result that it had moved aside.
    fn mend(&self) -> io::Result<()> {
        remove_folder(&sibling(&self.target, "staging"))?;
        let replaced = sibling(&self.target, "replaced");
        if replaced.exists() && !self.target.exists() {
            return fs::rename(&replaced, &self.target);
        }
        remove_folder(&replaced)
    }

    fn refuse_foreign_content(&self, dir: &Path) -> Result<()> {
        if !self.target.exists() || self.target.join(RUN_JSON).is_file() {
            return Ok(());
        }
        if !self.target.is_dir() {
            return Err(Problem::error(6003, "is a file, not a folder")
                .in_file(dir.display().to_string())
                .fix("choose another folder with --out")
                .into());
        }
        let mut entries = fs::read_dir(&self.target).map_err(|mistake| trouble(dir, &mistake))?;
        if entries.next().is_none() {
            return Ok(());
        }
        Err(Problem::error(6002, format!("holds files but no {RUN_JSON}: it is not a result folder"))
            .in_file(dir.display().to_string())
            .why("a result replaces the whole folder; files of yours would be lost")
            .fix("choose a new or an empty folder with --out")
            .into())
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Only where a locked file can be removed safely: `try_lock` compares inodes.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.lock_path);
        }
    }
}

/// A folder being filled; removed again unless it is published.
pub(super) struct Staging<'a> {
    lock: &'a FolderLock,
    dir: PathBuf,
}

impl Staging<'_> {
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Synchronises the files to disk and puts the folder in its place.
    pub(super) fn publish(self) -> Result<()> {
        self.swap().map_err(|mistake| trouble(&self.lock.target, &mistake).into())
    }

    fn swap(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.dir)? {
            File::options().read(true).write(true).open(entry?.path())?.sync_all()?;
        }
        sync_folder(&self.dir)?;
        let target = &self.lock.target;
        let replaced = sibling(target, "replaced");
        let had_result = target.exists();
        if had_result {
            fs::rename(target, &replaced)?;
        }
        if let Err(mistake) = fs::rename(&self.dir, target) {
            if had_result {
                fs::rename(&replaced, target)?;
            }
            return Err(mistake);
        }
        target.parent().map_or(Ok(()), sync_folder)?;
        remove_folder(&replaced)
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        // After publishing nothing is left to remove; after a failure the next
        // run removes what could not be removed now.
        let _ = remove_folder(&self.dir);
    }
}

/// The folder behind links and dots, so that its siblings lie on the same disk.
fn resolve(dir: &Path) -> Result<PathBuf> {
    if dir.to_str().is_none() {
        return Err(Problem::error(6003, "its name is not UTF-8, in which NetCDF files are named")
            .in_file(dir.display().to_string())
            .fix("choose a folder with another name with --out")
            .into());
    }
    if dir.is_symlink() && !dir.exists() {
        return Err(Problem::error(6003, "is a link to a folder that is not there")
            .in_file(dir.display().to_string())
            .fix("make the folder, remove the link, or choose another folder with --out")
            .into());
    }
    if dir.exists() {
        let target = fs::canonicalize(dir).map_err(|mistake| trouble(dir, &mistake))?;
        return if target.file_name().is_some() { Ok(target) } else { Err(no_name(dir)) };
    }
    let Some(name) = dir.file_name() else {
        return Err(no_name(dir));
    };
    let parent = match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(|mistake| trouble(dir, &mistake))?;
    Ok(fs::canonicalize(parent).map_err(|mistake| trouble(dir, &mistake))?.join(name))
}

fn no_name(dir: &Path) -> crate::error::Problems {
    Problem::error(6003, "has no name of its own, so that it cannot be replaced as a whole")
        .in_file(dir.display().to_string())
        .fix("choose a folder below it with --out")
        .into()
}

/// `.NAME.role` beside `NAME`.
fn sibling(target: &Path, role: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(".");
    name.push(role);
    target.with_file_name(name)
}

/// The locked file, or `None` when another process holds it.
pub(super) fn try_lock(path: &Path) -> io::Result<Option<File>> {
    loop {
        let file = File::options().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(mistake)) => return Err(mistake),
        }
        // The holder before us may have removed the file between our opening and locking it.
        if is_still_at(&file, path) {
            return Ok(Some(file));
        }
    }
}

#[cfg(unix)]
fn is_still_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(held), Ok(found)) = (file.metadata(), fs::metadata(path)) else {
        return false;
    };
    (held.dev(), held.ino()) == (found.dev(), found.ino())
}

#[cfg(not(unix))]
fn is_still_at(_: &File, _: &Path) -> bool {
    true
}

fn remove_folder(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(mistake) if mistake.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

/// Makes the names in a folder durable; other systems than Unix do so by themselves.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

fn trouble(path: &Path, mistake: &io::Error) -> Problem {
    super::cannot_write(&path.display().to_string(), mistake)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a temporary folder")
    }

    fn codes(outcome: Result<FolderLock>) -> Vec<u16> {
        outcome.err().map(|problems| problems.0.iter().map(|p| p.code.0).collect()).unwrap_or_default()
    }

    #[test]
    fn a_second_writer_is_refused_until_the_first_is_done() {
        let at = folder();
        let out = at.path().join("out");
        let first = FolderLock::take(&out).expect("free");
        assert_eq!(codes(FolderLock::take(&out)), [6001]);
        drop(first);
        assert!(FolderLock::take(&out).is_ok());
    }

    #[test]
    fn foreign_files_are_never_replaced() {
        let at = folder();
        fs::write(at.path().join("thesis.docx"), "years of work").expect("writable");
        assert_eq!(codes(FolderLock::take(at.path())), [6002]);
        assert_eq!(codes(FolderLock::take(&at.path().join("thesis.docx"))), [6003]);
    }

    #[test]
    fn what_a_killed_run_left_is_cleaned_up() {
        let at = folder();
        let out = at.path().join("out");
        fs::create_dir(at.path().join(".out.staging")).expect("writable");
        fs::write(at.path().join(".out.staging/half.tif"), "half").expect("writable");
        drop(FolderLock::take(&out).expect("free"));
        assert_eq!(fs::read_dir(at.path()).expect("readable").count(), 0);
    }

    #[test]
    fn an_old_result_moved_aside_by_a_killed_run_comes_back() {
        let at = folder();
        let out = at.path().join("out");
        fs::create_dir(at.path().join(".out.replaced")).expect("writable");
        fs::write(at.path().join(".out.replaced/run.json"), "{}").expect("writable");
        drop(FolderLock::take(&out).expect("free"));
        assert_eq!(fs::read_to_string(out.join("run.json")).expect("it is back"), "{}");
    }

    #[test]
    fn an_unpublished_folder_vanishes() {
        let at = folder();
        let lock = FolderLock::take(&at.path().join("out")).expect("free");
        let staging = lock.stage().expect("writable");
        fs::write(staging.dir().join("a"), "a").expect("writable");
        drop(staging);
        drop(lock);
        assert_eq!(fs::read_dir(at.path()).expect("readable").count(), 0);
    }
}
