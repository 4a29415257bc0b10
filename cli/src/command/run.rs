//! `tuiyan run`: from a scenario text to a result folder.

mod parts;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use sim_core::error::{Problem, Problems};
use sim_core::input::observed::ObservedFile;
use sim_core::output::{FolderLock, Format, Options, Slots};
use sim_core::product::{Layer, Products, Table};
use sim_core::run::checkpoint::{Checkpoints, Identity};
use sim_core::run::flood::{Backend, Processor};
use sim_core::run::gas::backend::PuffBackend;
use sim_core::run::record::{InputFile, ObservedGauge, Record};
use sim_core::run::{Ranks, flood, gas};
use sim_core::scenario::{self, Case, Scenario};

use crate::args::{Shared, USUAL_CHECKPOINT};
use crate::command::Outcome;
use crate::device::{self, Choice, Opened};
use crate::files::{Files, read_text};
use crate::progress::{Bar, cancel_on_interrupt};
use crate::team::Team;
use crate::{memory, observed, report, table};

/// What the user wants of a run besides its scenario.
pub(crate) struct Wish<'w> {
    /// How a gas is carried.
    pub model: Option<String>,
    /// What to do about checkpoints; nothing when absent.
    pub keeping: Option<Keeping>,
    /// Readings of gauges to hold the run against.
    pub observed: Option<&'w Path>,
    /// Parts that a flood is cut into; as many as there are processes when absent.
    pub parts: Option<u16>,
}

/// Runs one scenario file.
pub(crate) fn run(path: &Path, wish: Wish<'_>, shared: &Shared) -> Outcome {
    let Wish { model, keeping, observed, parts: wanted } = wish;
    let team = match Team::join(wanted) {
        Ok(team) => team,
        Err(outcome) => return outcome,
    };
    let text = read_text(path).and_then(|text| match model {
        Some(_) => refuse_model_of_flood(&text, path).map(|()| text),
        None => Ok(text),
    });
    let text = match team.settle(text, shared) {
        Ok(text) => text,
        Err(outcome) => return outcome,
    };
    let mut shared = shared.clone();
    shared.overrides.extend(model.map(|model| format!("model.transport={model}")));
    let shared = &shared;
    let stem = path.file_stem().map_or_else(|| "run".into(), |stem| stem.to_string_lossy().into_owned());
    let out = shared.out.clone().unwrap_or_else(|| PathBuf::from("out").join(stem));
    let job = Job {
        text: &text,
        file: &path.display().to_string(),
        folder: path.parent().map(Path::to_path_buf).unwrap_or_default(),
        out,
        keeping,
        observed,
    };
    if !matches!(team, Team::Alone) {
        return parts::run(&job, &team, shared);
    }
    let finished = job.execute(shared, &cancel_on_interrupt())?;
    finished.tell(shared);
    Ok(finished.exit_code())
}

/// Refuses `--model` for a flood; whatever else is wrong with the text is told where it is read.
fn refuse_model_of_flood(text: &str, path: &Path) -> Result<(), Problems> {
    let table: toml::Table = text.parse().unwrap_or_default();
    if table.get("hazard").and_then(toml::Value::as_str) != Some("flood") {
        return Ok(());
    }
    Err(Problem::error(1067, "--model chooses how a gas is carried; this scenario is a flood")
        .in_file(path.display().to_string())
        .fix("leave out --model; --set run.scheme=hllc-2 (or hllc-1, inertial) chooses the scheme of a flood")
        .into())
}

/// Message of a grid that is too large for a device.
const TOO_LARGE: u16 = 6101;

/// Tables that a responder wants on the terminal.
const SHOWN_TABLES: [&str; 1] = ["waterlogging_points"];

/// One scenario on its way to a folder.
pub(crate) struct Job<'t> {
    /// Text of the scenario.
    pub text: &'t str,
    /// Its name in messages.
    pub file: &'t str,
    /// Folder to which paths in the scenario are relative.
    pub folder: PathBuf,
    /// Folder for the results.
    pub out: PathBuf,
    /// What to do about checkpoints; nothing when absent.
    pub keeping: Option<Keeping>,
    /// Readings of gauges to hold the run against.
    pub observed: Option<&'t Path>,
}

/// What the user wants of checkpoints.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keeping {
    /// Time between two on the clock.
    every: Duration,
    /// Go on from the newest.
    resume: bool,
}

impl Keeping {
    /// From the two flags; nothing when neither was given.
    pub(crate) fn new(every: Option<Duration>, resume: bool) -> Option<Self> {
        let wanted = every.is_some() || resume;
        wanted.then(|| Self { every: every.unwrap_or(USUAL_CHECKPOINT), resume })
    }
}

/// A run that has left its results.
pub(crate) struct Finished {
    /// Content of `run.json`.
    pub record: Record,
    /// Folder of the results.
    pub out: PathBuf,
    /// Its tables, for the terminal.
    pub tables: Vec<Table>,
}

/// What both hazards leave, in one shape.
struct Outcomes {
    hazard: &'static str,
    device: String,
    products: Products,
    cells: usize,
    steps: u64,
    wet_share: f64,
    wall_seconds: f64,
    memory_bytes: u64,
    bytes_per_cell_step: f64,
    ledger: sim_core::run::Ledger,
    summary: Vec<String>,
    warnings: Vec<Problem>,
    observed: Vec<ObservedGauge>,
    ranks: Option<Ranks>,
}

impl Outcomes {
    /// Of a flood, held against readings if there are any.
    fn of_flood(
        case: &flood::FloodCase,
        mut outcome: flood::FloodOutcome,
        device: String,
        readings: Option<&ObservedFile>,
    ) -> Self {
        let mut observed = Vec::new();
        if let Some(file) = readings {
            observed = flood::hold_against(&mut outcome, &file.gauges);
            outcome.warnings.extend(file.warnings.iter().cloned());
        }
        Self {
            hazard: "flood",
            device,
            products: outcome.products,
            cells: case.grid.cells(),
            steps: outcome.steps,
            wet_share: outcome.wet_share,
            wall_seconds: outcome.wall_seconds,
            memory_bytes: outcome.memory_bytes,
            bytes_per_cell_step: outcome.bytes_per_cell_step,
            ledger: outcome.ledger,
            summary: outcome.summary,
            warnings: outcome.warnings,
            observed,
            ranks: outcome.ranks,
        }
    }
}

impl Job<'_> {
    /// Reads, checks, runs, writes.
    pub(crate) fn execute(&self, shared: &Shared, cancelled: &Arc<AtomicBool>) -> Result<Finished, Problems> {
        let mut files = Files::new(self.folder.clone(), shared);
        let scenario = scenario::read(self.text, self.file, &shared.overrides, &mut files)?;
        // A checkpoint belongs to the scenario and its files, whatever the run is held against later.
        let inputs = files.inputs();
        let readings = match self.observed {
            Some(path) => Some(observed::read(path, &scenario, &mut files)?),
            None => None,
        };
        memory::check(&scenario.case)?;
        let mut choice = device::choose(shared.device, &scenario.case, self.keeping.is_some())?;
        let folder = FolderLock::take(&self.out)?;
        let mut slots = self.slots(&scenario.case, folder.target())?;
        let checkpoints = self.checkpoints(&scenario, inputs, slots.as_mut(), shared)?;
        let outcomes = in_pool(shared, || {
            let mut bar = Bar::new(&scenario.title, shared.quiet, Arc::clone(cancelled));
            simulate(&scenario.case, &mut bar, (&mut choice, checkpoints), readings.as_ref(), shared)
        })??;
        let options = options(&scenario, self.text);
        let (mut record, products) = record(scenario, outcomes, &files, choice.reason, shared);
        folder.write_run(&products, &mut record, &options)?;
        slots.as_mut().map_or(Ok(()), Slots::clear)?;
        Ok(Finished { record, out: self.out.clone(), tables: tables(products) })
    }

    /// The slots for checkpoints, if the user wants any.
    fn slots(&self, case: &Case, target: &Path) -> Result<Option<Slots>, Problems> {
        let Some(keeping) = self.keeping else { return Ok(None) };
        if matches!(case, Case::Gas(_)) {
            return Err(Problem::error(6316, "a gas run keeps no checkpoints")
                .in_file(self.file)
                .why("it is over in seconds; a flag without effect would promise something")
                .fix("leave out --checkpoint and --resume")
                .into());
        }
        let slots = Slots::beside(target, keeping.every);
        if slots.is_taken() && !keeping.resume {
            return Err(Problem::error(6313, "checkpoints of a run that was not finished lie here")
                .in_file(slots.folder().display().to_string())
                .why("a new run would write over the work that they hold")
                .fix("go on with --resume, or delete the folder to begin anew")
                .into());
        }
        Ok(Some(slots))
    }

    /// Whose run it is, who keeps its checkpoints, and the one to go on from.
    fn checkpoints<'s>(
        &self,
        scenario: &Scenario,
        inputs: Vec<InputFile>,
        slots: Option<&'s mut Slots>,
        shared: &Shared,
    ) -> Result<Checkpoints<'s>, Problems> {
        let (Some(keeping), Some(slots)) = (self.keeping, slots) else { return Ok(Checkpoints::default()) };
        let identity = Identity {
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            commit: env!("TUIYAN_COMMIT").to_owned(),
            scenario_sha256: scenario.sha256.clone(),
            inputs,
        };
        let mut resume = None;
        if keeping.resume {
            match slots.find(&identity)? {
                Some(found) => {
                    report::warnings(&found.warnings, shared);
                    resume = Some(found.numbers);
                }
                None => {
                    let nothing = Problem::warning(6315, "there is no checkpoint: the run begins anew")
                        .in_file(slots.folder().display().to_string())
                        .fix("nothing is to be done: the result is the same");
                    report::warnings(&[nothing], shared);
                }
            }
        }
        Ok(Checkpoints { identity: Some(identity), keeper: Some(slots), resume })
    }
}

/// How the results of a scenario are written.
fn options(scenario: &Scenario, text: &str) -> Options {
    Options {
        start: scenario.start.clone(),
        duration: duration(&scenario.case),
        formats: formats(&scenario.formats),
        scenario_text: Some(text.to_owned()),
    }
}

/// The tables among some products, for the terminal.
fn tables(products: Products) -> Vec<Table> {
    let table = |layer| match layer {
        Layer::Table(table) => Some(table),
        _ => None,
    };
    products.layers.into_iter().filter_map(table).collect()
}

/// Time that the result covers, s.
fn duration(case: &Case) -> Option<f64> {
    match case {
        Case::Flood(case) => Some(case.duration),
        Case::Gas(case) => Some(case.source.duration),
    }
}

fn formats(names: &[String]) -> Vec<Format> {
    Format::ALL.into_iter().filter(|format| names.iter().any(|name| name == format.name())).collect()
}

/// Runs work on the number of threads the user asked for.
pub(crate) fn in_pool<T: Send>(shared: &Shared, work: impl FnOnce() -> T + Send) -> Result<T, Problems> {
    let threads = shared.threads.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|reason| {
        Problems::from(
            Problem::error(6301, format!("no worker threads: {reason}")).fix("ask for fewer --threads"),
        )
    })?;
    Ok(pool.install(work))
}

fn simulate(
    case: &Case,
    bar: &mut Bar,
    (choice, checkpoints): (&mut Choice, Checkpoints<'_>),
    readings: Option<&ObservedFile>,
    shared: &Shared,
) -> Result<Outcomes, Problems> {
    match case {
        Case::Flood(case) => {
            let (outcome, device) = flood_on(case, bar, (choice, checkpoints), shared)?;
            Ok(Outcomes::of_flood(case, outcome, device, readings))
        }
        Case::Gas(case) => {
            let cells = case.grid.cells();
            let (outcome, device) = gas_on(case, bar, choice, shared)?;
            Ok(Outcomes {
                hazard: "gas",
                device,
                products: outcome.products,
                cells,
                steps: outcome.steps,
                wet_share: 1.0,
                wall_seconds: outcome.wall_seconds,
                memory_bytes: outcome.memory_bytes,
                bytes_per_cell_step: outcome.bytes_per_cell_step,
                ledger: outcome.ledger,
                summary: outcome.summary,
                warnings: outcome.warnings,
                observed: Vec::new(),
                ranks: None,
            })
        }
    }
}

/// A flood where it was chosen to be computed; on the processor, with a word, if `auto` chose a device
/// that turns out to be too small.
fn flood_on(
    case: &flood::FloodCase,
    bar: &mut Bar,
    (choice, checkpoints): (&mut Choice, Checkpoints<'_>),
    shared: &Shared,
) -> Result<(flood::FloodOutcome, String), Problems> {
    if let Some(Opened::Flood(mut device)) = choice.device.take() {
        let name = device.name();
        tell_device(choice, &name, shared);
        let outcome = flood::simulate_on(case, bar, &mut *device);
        match outcome {
            Err(Problems(problems)) if choice.reason.is_some() && is_too_large(&problems) => {
                *choice = Choice::rather_processor(problems[0].text.clone());
            }
            outcome => return outcome.map(|outcome| (outcome, name)),
        }
    }
    let name = Processor::default().name();
    tell_device(choice, &name, shared);
    Ok((flood::simulate_from(case, bar, checkpoints)?, name))
}

/// A release where it was chosen to be computed, as with a flood.
fn gas_on(
    case: &gas::GasCase,
    bar: &mut Bar,
    choice: &mut Choice,
    shared: &Shared,
) -> Result<(gas::GasOutcome, String), Problems> {
    if let Some(Opened::Puffs(mut device)) = choice.device.take() {
        let name = device.name();
        tell_device(choice, &name, shared);
        match gas::disperse_on(case, bar, &mut *device) {
            Err(Problems(problems)) if choice.reason.is_some() && is_too_large(&problems) => {
                *choice = Choice::rather_processor(problems[0].text.clone());
            }
            outcome => return outcome.map(|outcome| (outcome, name)),
        }
    }
    let name = Processor::default().name();
    tell_device(choice, &name, shared);
    Ok((gas::disperse(case, bar)?, name))
}

/// Says where a run goes, unless the user did.
fn tell_device(choice: &Choice, name: &str, shared: &Shared) {
    if let Some(line) = choice.line(name).filter(|_| !shared.quiet) {
        report::wrapped(&line, 2).iter().for_each(|line| report::remark(line));
    }
}

fn is_too_large(problems: &[Problem]) -> bool {
    problems.first().is_some_and(|problem| problem.code.0 == TOO_LARGE)
}

fn record(
    scenario: Scenario,
    outcomes: Outcomes,
    files: &Files,
    device_reason: Option<String>,
    shared: &Shared,
) -> (Record, Products) {
    let rate = outcomes.cells as f64 * outcomes.steps as f64 / outcomes.wall_seconds.max(f64::MIN_POSITIVE);
    let mut products = outcomes.products;
    scenario.caveats().iter().for_each(|caveat| products.warn_of(caveat));
    products.credits = scenario.credits;
    let mut warnings = scenario.warnings;
    warnings.extend(outcomes.warnings);
    let record = Record {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: env!("TUIYAN_COMMIT").to_owned(),
        status: if scenario.changes.is_empty() { "done" } else { "done_with_changes" },
        hazard: outcomes.hazard,
        title: scenario.title,
        scenario_sha256: scenario.sha256,
        overrides: shared.overrides.clone(),
        understood: scenario.understood,
        inputs: files.inputs(),
        device: outcomes.device,
        device_reason,
        threads: shared.threads.map_or_else(rayon::current_num_threads, usize::from),
        ranks: outcomes.ranks,
        cells: outcomes.cells,
        steps: outcomes.steps,
        wet_share: outcomes.wet_share,
        wall_seconds: outcomes.wall_seconds,
        cell_steps_per_second: rate,
        memory_bytes: outcomes.memory_bytes,
        bytes_per_second: rate * outcomes.bytes_per_cell_step,
        ledger: outcomes.ledger,
        summary: outcomes.summary,
        observed: outcomes.observed,
        warnings,
        changes: scenario.changes,
        not_modelled: products.not_modelled.clone(),
        products: Vec::new(),
    };
    (record, products)
}

impl Finished {
    /// The exit code of a run that is done.
    pub(crate) fn exit_code(&self) -> u8 {
        if self.record.changes.is_empty() { report::DONE } else { report::DONE_WITH_CHANGES }
    }

    /// The document for machines.
    pub(crate) fn json(&self) -> serde_json::Value {
        let mut document = serde_json::to_value(&self.record).unwrap_or_default();
        document["out"] = serde_json::json!(self.out.display().to_string());
        document
    }

    /// Says what a responder needs, or the same for machines.
    pub(crate) fn tell(&self, shared: &Shared) {
        if shared.json {
            report::say(&report::json(&self.json()));
        } else if !shared.quiet {
            self.say_summary();
            report::warnings(&self.record.warnings, shared);
        }
    }

    fn say_summary(&self) {
        let record = &self.record;
        report::say(&format!("\n{}", record.title));
        for line in &record.summary {
            report::say_wrapped(&format!("  {line}"));
        }
        for table in self.tables.iter().filter(|table| SHOWN_TABLES.contains(&table.info.name.as_str())) {
            table::print(table);
        }
        report::say_wrapped(&format!("  Not modelled: {}", record.not_modelled.join(", ")));
        for change in &record.changes {
            report::say_wrapped(&format!("  Changed: {}: {}", change.what, change.text));
        }
        report::say_wrapped(&format!(
            "  {} cells, {} steps, {:.2} s, {:.0} M cell-steps/s, {:.1} GB/s at least, balance error {:.1e}",
            record.cells,
            record.steps,
            record.wall_seconds,
            record.cell_steps_per_second / 1e6,
            record.bytes_per_second / 1e9,
            record.ledger.relative_error
        ));
        report::say(&format!("  Results: {} ({} files)", self.out.display(), record.products.len() + 1));
    }
}
