//! `tuiyan library build`: members over all processors into a store.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sim_core::error::{Problem, Problems};
use sim_core::library::fingerprint;
use sim_core::library::plan::Part;
use sim_core::library::stored::{Batch, Ending, Row, Stored, StoredGrid};
use sim_core::output::library::LibraryWriter;
use sim_core::run::{Observer, Progress};

use super::member::{CANCELLED, DEVICE_FAILED, unbroken};
use super::prepared::Prepared;
use super::progress::Watch;
use super::{accuracy, estimate, needed_out, refuse_overrides, status};
use crate::args::Shared;
use crate::command::Outcome;
use crate::progress::cancel_on_interrupt;
use crate::report;

/// A killed build loses no more than the members that ended within this time.
const STORE_EVERY: Duration = Duration::from_secs(5);

/// A young build stores more often: whenever this share of its age has passed, but not within [`STORE_FIRST`].
const SHARE_OF_AGE: u32 = 4;

/// Shortest time between two batches.
const STORE_FIRST: Duration = Duration::from_millis(250);

/// Rows that are stored at once at the latest.
const MOST_ROWS: usize = 2000;

/// Time between two looks at the progress.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Builds a library or a part of it, or goes on with one.
pub(crate) fn build(
    plan: &Path,
    range: Option<(u64, u64)>,
    shard: Option<(u64, u64)>,
    shared: &Shared,
) -> Outcome {
    refuse_overrides(shared)?;
    let out = needed_out(shared, "library build")?;
    let mut prepared = Prepared::read(plan, shared)?;
    let part = part_of(prepared.plan.members(), range, shard)?;
    let survey = crate::command::run::in_pool(shared, || prepared.survey())??;
    prepared.choose(&survey)?;
    let workers = prepared.place.workers(threads_of(shared));
    estimate::check_memory(&survey.first.case, workers)?;
    if let Some(line) = prepared.place.line.as_ref().filter(|_| !shared.quiet) {
        report::wrapped(line, 2).iter().for_each(|line| report::remark(line));
    }
    let manifest = prepared.manifest(&survey.first);
    let mut writer = LibraryWriter::open(&out, &manifest)?;
    let ended = writer.ended()?;
    let lines: Vec<u64> = (part.first..part.end).filter(|line| !ended.contains_key(line)).collect();
    if !lines.is_empty() {
        if ended.is_empty() {
            let share = lines.len() as f64 / prepared.plan.members() as f64;
            estimate::check_disk(&prepared, &survey, share, &out)?;
        } else {
            estimate::check_rest(&prepared, (ended.len(), lines.len()), &out)?;
        }
        let cancelled = cancel_on_interrupt();
        let crew = Crew {
            prepared: &prepared,
            lines: &lines,
            next: AtomicU64::new(0),
            claimed: Mutex::new(writer.results()?),
            grid: manifest.grid,
            cancelled: Arc::clone(&cancelled),
            shares: (0..workers).map(|_| AtomicU64::new(0)).collect(),
            failure: Mutex::default(),
        };
        crew.work(&mut writer, shared)?;
        if cancelled.load(Ordering::Relaxed) {
            return Err(Problem::error(CANCELLED, "the build was cancelled")
                .in_file(out.display().to_string())
                .why("what was computed is kept")
                .fix("build again: it goes on where it stopped")
                .into());
        }
    }
    accuracy::note(&out, &writer)?;
    drop(writer);
    status::tell(&out, shared)
}

/// Worker threads.
fn threads_of(shared: &Shared) -> usize {
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    shared.threads.map_or_else(all, usize::from)
}

/// The lines that `--range` or `--shard` ask for; all without them.
fn part_of(members: u64, range: Option<(u64, u64)>, shard: Option<(u64, u64)>) -> Result<Part, Problems> {
    if let Some((number, count)) = shard {
        return Ok(Part::shard(members, number, count));
    }
    let Some((first, end)) = range else { return Ok(Part { first: 0, end: members }) };
    if end > members {
        return Err(Problem::error(
            8618,
            format!("--range {first}..{end}: the plan has the lines 0..{members}"),
        )
        .fix("take a range inside them; the end is not part of it")
        .into());
    }
    Ok(Part { first, end })
}

/// What a worker reports.
enum Report {
    /// A line with the id of the result that it waits for.
    Line { row: Row, result: Option<String> },
    /// A result.
    Result(Box<Stored>),
    /// A result that cannot be had.
    Lost { result: String, message: String },
}

/// Workers and what they share.
struct Crew<'p> {
    prepared: &'p Prepared,
    lines: &'p [u64],
    next: AtomicU64,
    /// Ids of results that are stored or that some worker computes.
    claimed: Mutex<BTreeSet<String>>,
    grid: Option<StoredGrid>,
    cancelled: Arc<AtomicBool>,
    /// Share that each worker has done of its member, in millionths.
    shares: Vec<AtomicU64>,
    /// Why nothing more can be computed.
    failure: Mutex<Option<Problems>>,
}

/// An observer that passes on how far a member has come.
struct Mate<'c> {
    share: &'c AtomicU64,
    cancelled: &'c AtomicBool,
}

/// Unit of the shares of workers.
const MILLION: f64 = 1e6;

impl Observer for Mate<'_> {
    fn progress(&mut self, progress: &Progress) -> bool {
        self.share.store((progress.share * MILLION) as u64, Ordering::Relaxed);
        !self.cancelled.load(Ordering::Relaxed)
    }
}

impl Crew<'_> {
    /// Computes all lines and stores them.
    fn work(&self, writer: &mut LibraryWriter, shared: &Shared) -> Result<(), Problems> {
        let (sender, receiver) = channel();
        // Members run side by side, each on one thread; where there are fewer, each gets more.
        let workers = self.shares.len().min(self.lines.len());
        let threads = (threads_of(shared) / workers).max(1);
        std::thread::scope(|scope| {
            for share in self.shares.iter().take(workers) {
                let sender = sender.clone();
                scope.spawn(move || self.worker(share, threads, &sender));
            }
            drop(sender);
            let stored = Desk::new(writer, self, shared).receive(&receiver);
            if stored.is_err() {
                self.cancelled.store(true, Ordering::Relaxed);
            }
            let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner).take();
            stored.and(failure.map_or(Ok(()), Err))
        })
    }

    fn worker(&self, share: &AtomicU64, threads: usize, sender: &Sender<Report>) {
        let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads).build() else { return };
        while !self.cancelled.load(Ordering::Relaxed) {
            let next = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(&line) = self.lines.get(next as usize) else { return };
            pool.install(|| self.member(line, share, sender));
            share.store(0, Ordering::Relaxed);
        }
    }

    fn member(&self, line: u64, share: &AtomicU64, sender: &Sender<Report>) {
        let begun = Instant::now();
        let overrides = self.prepared.plan.overrides(line);
        let seconds = || begun.elapsed().as_secs_f64();
        let read = || unbroken(|| self.prepared.scenario(&overrides));
        let (scenario, inputs) = match read().or_else(|_| read()) {
            Ok(read) => read,
            Err(problems) => {
                let id =
                    fingerprint::of_text(&self.prepared.base_sha256, &overrides, &self.prepared.place.engine);
                let ending = Ending::Failed { message: message(&problems) };
                let _ = sender
                    .send(Report::Line { row: Row { line, id, ending, seconds: seconds() }, result: None });
                return;
            }
        };
        let work = self.prepared.work(&scenario.case, &inputs);
        let result = work.result_id.clone();
        if self.claimed.lock().unwrap_or_else(PoisonError::into_inner).insert(result.clone()) {
            let mut mate = Mate { share, cancelled: &self.cancelled };
            let report = match self.prepared.place.compute(&work, self.grid, &mut mate) {
                Ok(stored) => Report::Result(Box::new(stored)),
                Err(_) if self.cancelled.load(Ordering::Relaxed) => return,
                Err(problems) if problems.0.iter().any(|problem| problem.code.0 == DEVICE_FAILED) => {
                    return self.give_up(problems);
                }
                Err(problems) => Report::Lost { result: result.clone(), message: message(&problems) },
            };
            let _ = sender.send(report);
        }
        let ending = Ending::Done { result: result.clone(), pose: work.pose };
        let row = Row { line, id: work.id, ending, seconds: seconds() };
        let _ = sender.send(Report::Line { row, result: Some(result) });
    }

    /// Stops all workers: what has failed would fail for every other member, too.
    fn give_up(&self, problems: Problems) {
        self.cancelled.store(true, Ordering::Relaxed);
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(problems);
    }

    fn under_way(&self) -> f64 {
        self.shares.iter().map(|share| share.load(Ordering::Relaxed) as f64 / MILLION).sum()
    }
}

/// First line of every problem.
fn message(problems: &Problems) -> String {
    let errors = problems.0.iter().filter(|problem| problem.is_error());
    let first_lines = errors.map(|problem| problem.to_string().lines().next().unwrap_or_default().to_owned());
    first_lines.collect::<Vec<_>>().join("\n")
}

/// Where reports are put together and stored.
struct Desk<'w, 'c> {
    writer: &'w mut LibraryWriter,
    crew: &'c Crew<'c>,
    watch: Watch,
    batch: Batch,
    /// Results that are stored or in the batch.
    known: BTreeSet<String>,
    /// Why results cannot be had.
    lost: BTreeMap<String, String>,
    /// Rows that wait for a result.
    waiting: BTreeMap<String, Vec<Row>>,
    stored: Instant,
    ended: u64,
    failed: u64,
}

impl<'w, 'c> Desk<'w, 'c> {
    fn new(writer: &'w mut LibraryWriter, crew: &'c Crew<'c>, shared: &Shared) -> Self {
        let known = crew.claimed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Self {
            writer,
            crew,
            watch: Watch::new(crew.lines.len() as u64, shared.quiet),
            batch: Batch::default(),
            known,
            lost: BTreeMap::new(),
            waiting: BTreeMap::new(),
            stored: Instant::now(),
            ended: 0,
            failed: 0,
        }
    }

    fn receive(mut self, reports: &Receiver<Report>) -> Result<(), Problems> {
        loop {
            match reports.recv_timeout(LOOK_EVERY) {
                Ok(report) => self.take(report),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.watch.show(self.ended, self.failed, self.crew.under_way());
            if self.batch.rows.len() >= MOST_ROWS || self.stored.elapsed() >= self.interval() {
                self.store()?;
            }
        }
        self.store()
    }

    /// Time between two batches: as the build grows older, up to [`STORE_EVERY`].
    fn interval(&self) -> Duration {
        (self.watch.age() / SHARE_OF_AGE).clamp(STORE_FIRST, STORE_EVERY)
    }

    fn take(&mut self, report: Report) {
        match report {
            Report::Line { row, result: None } => self.end(row),
            Report::Line { mut row, result: Some(result) } => {
                if let Some(message) = self.lost.get(&result) {
                    row.ending = Ending::Failed { message: message.clone() };
                    self.end(row);
                } else if self.known.contains(&result) {
                    self.end(row);
                } else {
                    self.waiting.entry(result).or_default().push(row);
                }
            }
            Report::Result(stored) => {
                let rows = self.waiting.remove(&stored.id).unwrap_or_default();
                self.known.insert(stored.id.clone());
                self.batch.results.push(*stored);
                rows.into_iter().for_each(|row| self.end(row));
            }
            Report::Lost { result, message } => {
                for mut row in self.waiting.remove(&result).unwrap_or_default() {
                    row.ending = Ending::Failed { message: message.clone() };
                    self.end(row);
                }
                self.lost.insert(result, message);
            }
        }
    }

    fn end(&mut self, row: Row) {
        self.ended += 1;
        if let Ending::Failed { message } = &row.ending {
            self.failed += 1;
            if self.failed <= 3 {
                report::remark(&format!(
                    "line {} failed: {}",
                    row.line,
                    message.lines().next().unwrap_or_default()
                ));
            }
        }
        self.batch.rows.push(row);
    }

    fn store(&mut self) -> Result<(), Problems> {
        self.stored = Instant::now();
        let batch = std::mem::take(&mut self.batch);
        if batch.rows.is_empty() {
            // A result whose rows have not come yet stays for the next time.
            self.batch = batch;
            return Ok(());
        }
        self.writer.add(&batch)?;
        self.writer.note_rate(self.watch.rate(self.ended))
    }
}
