//! `tuiyan`: the command line of the engine.
//!
//! Reads arguments, opens files for the scenario, shows progress, chooses the
//! exit code. It holds no formula and no physical constant.

mod args;
mod command;
mod device;
mod files;
mod memory;
mod observed;
mod progress;
mod report;
mod table;
mod team;

use std::process::ExitCode;

use clap::Parser;
use sim_core::error::Problem;

use args::{Cli, Command};
use command::bench::Forecast;
use command::run::Keeping;

/// Gives the Vulkan loader a folder for sockets where the user has none: a layer of it that looks for displays would
/// complain on standard error, though nothing is wrong.
#[allow(unsafe_code, reason = "the environment is changed before any other thread runs")]
fn quieten_displays() {
    const FOLDER: &str = "XDG_RUNTIME_DIR";
    if std::env::var_os(FOLDER).is_none() {
        // SAFETY: this is the only thread of the process.
        unsafe { std::env::set_var(FOLDER, std::env::temp_dir()) };
    }
}

fn main() -> ExitCode {
    quieten_displays();
    let cli = match Cli::try_parse_from(command::library::named_axes(std::env::args_os())) {
        Ok(cli) => cli,
        Err(mistake) => return usage(&mistake),
    };
    let shared = cli.shared;
    let outcome = match cli.command {
        Command::Demo { hazard } => command::demo::demo(hazard, &shared),
        Command::Run { scenario, model, checkpoint, resume, observed, parts } => {
            if model.is_some() && shared.overrides.iter().any(|set| set.starts_with("model.transport")) {
                let twice = "--model and --set model.transport=... name the same key: keep one of them\n";
                return usage(&clap::Error::raw(clap::error::ErrorKind::ArgumentConflict, twice));
            }
            let keeping = Keeping::new(checkpoint, resume);
            let wish = command::run::Wish { model, keeping, observed: observed.as_deref(), parts };
            command::run::run(&scenario, wish, &shared)
        }
        Command::Check { scenario } => command::check::check(&scenario, &shared),
        Command::Compare { first, second } => command::compare::compare(&first, &second, &shared),
        Command::Show { substance } => command::show::show(&substance, &shared),
        Command::List { what } => command::list::list(what, &shared),
        Command::Library { command } => command::library::library(command, &shared),
        Command::Validate { names, scheme, long, report } => {
            let wish = command::validate::Wish { names, scheme, long, report };
            command::validate::validate(&wish, &shared)
        }
        Command::Bench { side, wet, grid, cell_size, simulated } => {
            let forecast =
                grid.map(|grid| Forecast { grid, cell: cell_size, duration: simulated.as_secs_f64() });
            let wet = wet.map(|percent| f64::from(percent) / 100.0);
            let wish = command::bench::Wish { side: side.map(usize::from), wet, forecast };
            command::bench::bench(&wish, &shared)
        }
        Command::Schema => command::schema::schema(),
        Command::Explain { code } => command::explain::explain(&code, &shared),
    };
    let code = outcome.unwrap_or_else(|problems| {
        report::problems(&problems, &shared);
        report::exit_code(&problems)
    });
    // A document that was asked for and could not be written is not "done".
    let lost = report::lost_output().map(|problem| {
        report::remark(&problem.to_string());
        report::exit_code(&problem.into())
    });
    ExitCode::from(lost.map_or(code, |lost| lost.max(code)))
}

/// Help on standard output, or what is wrong with the command line on standard error.
///
/// A closed pipe is nobody's mistake; `--json` gets its one document also here.
fn usage(mistake: &clap::Error) -> ExitCode {
    let _ = mistake.print();
    if !mistake.use_stderr() {
        return ExitCode::from(report::DONE);
    }
    if std::env::args_os().any(|argument| argument == "--json") {
        let words = mistake.to_string();
        let first = words.lines().next().unwrap_or_default();
        let text = first.strip_prefix("error: ").unwrap_or(first);
        let problem = Problem::error(1066, text).fix("tuiyan --help shows commands and flags");
        report::document(&problem.into());
    }
    ExitCode::from(report::USAGE)
}
