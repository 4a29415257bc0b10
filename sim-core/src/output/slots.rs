//! Two places for the checkpoints of a run, so that one good one is always there.
//!
//! They lie in `NAME.checkpoint` beside the result folder `NAME`, as `a.state`
//! and `b.state`. A new one is written aside, synchronised to disk and renamed
//! over the **older** of the two; a kill at any moment leaves the newer one whole.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::{Problem, Result};
use crate::output::staging::sync_folder;
use crate::run::checkpoint::{self, Header, Identity, Keeper, Writing};

/// Names of the two slots.
const NAMES: [&str; 2] = ["a.state", "b.state"];

/// Name under which a checkpoint is written before it takes its place.
const ASIDE: &str = "next.state";

/// The checkpoints of one result folder.
#[derive(Debug)]
pub struct Slots {
    folder: PathBuf,
    every: Duration,
    last: Instant,
    /// The slot that holds the newest good checkpoint.
    newest: Option<usize>,
}

/// A checkpoint from which a run can go on.
pub struct Found {
    /// Whose it is and how far it had come.
    pub header: Header,
    /// Its numbers, to be read once.
    pub numbers: Box<dyn Read + Send>,
    /// What the user should know.
    pub warnings: Vec<Problem>,
}

impl Slots {
    /// The slots beside a result folder; nothing is written yet.
    ///
    /// `every` is the time between two checkpoints on the clock on the wall.
    pub fn beside(target: &Path, every: Duration) -> Self {
        let mut name = OsString::from(target.file_name().unwrap_or_default());
        name.push(".checkpoint");
        Self { folder: target.with_file_name(name), every, last: Instant::now(), newest: None }
    }

    /// The folder of the checkpoints.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// True when checkpoints of an unfinished run lie here, whole or not.
    pub fn is_taken(&self) -> bool {
        NAMES.iter().any(|name| self.folder.join(name).exists())
    }

    /// The newest whole checkpoint, or `None` where there are none at all.
    ///
    /// # Errors
    /// - E6311 there are checkpoints and none of them is whole
    /// - E6314 the newest is of another run
    /// - E6317 it cannot be read
    pub fn find(&mut self, identity: &Identity) -> Result<Option<Found>> {
        let mut best: Option<(usize, Header)> = None;
        let mut torn = Vec::new();
        for (slot, name) in NAMES.iter().enumerate() {
            match look(&self.folder.join(name)) {
                Ok(None) => {}
                Ok(Some(header)) if best.as_ref().is_some_and(|(_, other)| other.steps >= header.steps) => {}
                Ok(Some(header)) => best = Some((slot, header)),
                Err(reason) => torn.push((name, reason)),
            }
        }
        let reasons: Vec<String> = torn.iter().map(|(name, reason)| format!("{name}: {reason}")).collect();
        let Some((slot, header)) = best else {
            return if torn.is_empty() { Ok(None) } else { Err(self.lost(&reasons).into()) };
        };
        checkpoint::belongs(&header, identity)
            .map_err(|problems| problems.0.into_iter().map(|p| p.in_file(self.shown())).collect::<Vec<_>>())
            .map_err(crate::error::Problems)?;
        self.newest = Some(slot);
        let warnings = reasons.iter().map(|reason| self.torn(reason, &header)).collect();
        let numbers = open(&self.folder.join(NAMES[slot])).map_err(|reason| self.unreadable(&reason))?;
        Ok(Some(Found { header, numbers, warnings }))
    }

    /// Removes the checkpoints of a run that is done, and the folder if nothing else is in it.
    ///
    /// # Errors
    /// E6000 when they cannot be removed.
    pub fn clear(&mut self) -> Result<()> {
        self.newest = None;
        for name in NAMES.iter().chain([&ASIDE]) {
            match fs::remove_file(self.folder.join(name)) {
                Err(mistake) if mistake.kind() != io::ErrorKind::NotFound => {
                    return Err(super::cannot_write(&self.shown(), &mistake).into());
                }
                _ => {}
            }
        }
        // Files that somebody else put there keep the folder.
        let _ = fs::remove_dir(&self.folder);
        Ok(())
    }

    fn shown(&self) -> String {
        self.folder.display().to_string()
    }

    fn lost(&self, reasons: &[String]) -> Problem {
        Problem::error(6311, format!("no checkpoint is whole: {}", reasons.join("; ")))
            .in_file(self.shown())
            .why("one of the two is always whole unless the disk or somebody changed it")
            .fix("look at the disk; delete the folder and begin anew without --resume")
    }

    fn torn(&self, reason: &str, header: &Header) -> Problem {
        Problem::warning(6312, format!("{reason}; going on from the other one, at {:.3} s", header.time))
            .in_file(self.shown())
            .fix("nothing is to be done: the result is the same")
    }

    fn unreadable(&self, reason: &io::Error) -> Problem {
        Problem::error(6317, format!("the checkpoint cannot be read: {reason}"))
            .in_file(self.shown())
            .fix("look at the disk; delete the folder to begin anew")
    }

    /// Writes aside, synchronises, renames over the older slot.
    fn put(&self, slot: usize, writing: Writing<'_>) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let aside = self.folder.join(ASIDE);
        let mut file = File::create(&aside)?;
        writing(&mut file)?;
        file.flush()?;
        file.sync_all()?;
        fs::rename(&aside, self.folder.join(NAMES[slot]))?;
        sync_folder(&self.folder)
    }
}

impl Keeper for Slots {
    fn is_due(&mut self) -> bool {
        self.last.elapsed() >= self.every
    }

    fn keep(&mut self, writing: Writing<'_>) -> Result<()> {
        let slot = self.newest.map_or(0, |newest| 1 - newest);
        let outcome = self.put(slot, writing);
        // Also after a failure: a full disk is not asked at every step.
        self.last = Instant::now();
        match outcome {
            Ok(()) => {
                self.newest = Some(slot);
                Ok(())
            }
            Err(mistake) => {
                Err(Problem::warning(6310, format!("a checkpoint could not be written: {mistake}"))
                    .in_file(self.shown())
                    .why("if the run is killed it goes on from an older checkpoint or begins anew")
                    .fix("make room on the disk, or choose another place with --out")
                    .into())
            }
        }
    }
}

/// The header of a whole checkpoint; `None` where there is no file.
fn look(path: &Path) -> io::Result<Option<Header>> {
    let file = match File::open(path) {
        Err(mistake) if mistake.kind() == io::ErrorKind::NotFound => return Ok(None),
        outcome => outcome?,
    };
    let length = file.metadata()?.len();
    checkpoint::verify(&mut BufReader::new(file), length).map(Some)
}

/// The numbers of a checkpoint, behind its header.
fn open(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    let mut input = BufReader::new(File::open(path)?);
    checkpoint::read_header(&mut input)?;
    Ok(Box::new(input))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::snapshot::Tape;

    fn identity(scenario: &str) -> Identity {
        Identity {
            engine: "1".into(),
            commit: "c".into(),
            scenario_sha256: scenario.into(),
            inputs: Vec::new(),
        }
    }

    fn keep(slots: &mut Slots, steps: u64) {
        let mut number = [steps as f64];
        let outcome = slots.keep(&mut |out| {
            let mut pass = |tape: &mut dyn Tape| tape.doubles(&mut number);
            checkpoint::write(out, &identity("s"), (steps as f64, steps), &mut pass)
        });
        outcome.expect("a writable folder");
    }

    fn slots(at: &tempfile::TempDir) -> Slots {
        Slots::beside(&at.path().join("out"), Duration::ZERO)
    }

    fn found(at: &tempfile::TempDir) -> Option<Found> {
        slots(at).find(&identity("s")).expect("a whole one")
    }

    #[test]
    fn the_newest_is_found_and_the_older_one_is_replaced() {
        let at = tempfile::tempdir().expect("a temporary folder");
        assert!(found(&at).is_none() && !slots(&at).is_taken());
        let mut first = slots(&at);
        for steps in 1..=5 {
            keep(&mut first, steps);
            assert_eq!(found(&at).map(|found| found.header.steps), Some(steps));
        }
        // Another process goes on: it must not write over the newest.
        let mut second = slots(&at);
        second.find(&identity("s")).expect("whole");
        let newest = second.newest;
        keep(&mut second, 6);
        assert_ne!(second.newest, newest);
        second.clear().expect("removable");
        assert_eq!(fs::read_dir(at.path()).expect("readable").count(), 0);
    }

    #[test]
    fn a_torn_slot_gives_way_to_the_other_and_two_torn_ones_are_an_error() {
        let at = tempfile::tempdir().expect("a temporary folder");
        let mut writer = slots(&at);
        keep(&mut writer, 1);
        keep(&mut writer, 2);
        let path = |slot: usize| at.path().join("out.checkpoint").join(NAMES[slot]);
        let newest = writer.newest.expect("written");
        let whole = fs::read(path(newest)).expect("readable");
        fs::write(path(newest), &whole[..whole.len() - 5]).expect("writable");
        let found = found(&at).expect("the other one");
        assert_eq!(found.header.steps, 1);
        assert_eq!(found.warnings.iter().map(|problem| problem.code.0).collect::<Vec<_>>(), [6312]);
        fs::write(path(1 - newest), "").expect("writable");
        let problems = slots(&at).find(&identity("s")).err().expect("nothing is left");
        assert_eq!(problems.0[0].code.0, 6311);
    }

    #[test]
    fn a_half_written_one_aside_is_never_taken() {
        let at = tempfile::tempdir().expect("a temporary folder");
        keep(&mut slots(&at), 4);
        fs::write(at.path().join("out.checkpoint").join(ASIDE), "half").expect("writable");
        assert_eq!(found(&at).map(|found| (found.header.steps, found.warnings.len())), Some((4, 0)));
    }

    #[test]
    fn another_scenario_is_refused() {
        let at = tempfile::tempdir().expect("a temporary folder");
        keep(&mut slots(&at), 1);
        let problems = slots(&at).find(&identity("other")).err().expect("another scenario");
        assert_eq!(problems.0[0].code.0, 6314);
    }

    #[test]
    fn what_cannot_be_written_is_told_and_the_good_one_stays() {
        let at = tempfile::tempdir().expect("a temporary folder");
        let mut writer = slots(&at);
        keep(&mut writer, 1);
        let full = writer.keep(&mut |_| Err(io::ErrorKind::StorageFull.into())).expect_err("no room");
        assert_eq!(full.0[0].code.0, 6310);
        assert_eq!(found(&at).map(|found| found.header.steps), Some(1));
    }
}
