//! `tuiyan`: the command line of the engine.
//!
//! Reads arguments, opens files for the scenario, shows progress, chooses the
//! exit code. It holds no formula and no physical constant.

mod args;
mod command;
mod files;
mod memory;
mod progress;
mod report;
mod table;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use command::run::Keeping;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(mistake) => {
            // clap prints help to standard output and mistakes to standard error.
            let code = if mistake.use_stderr() { 2 } else { 0 };
            return if mistake.print().is_ok() { ExitCode::from(code) } else { ExitCode::from(70) };
        }
    };
    let shared = cli.shared;
    let outcome = match cli.command {
        Command::Demo { hazard } => command::demo::demo(hazard, &shared),
        Command::Run { scenario, checkpoint, resume } => {
            command::run::run(&scenario, Keeping::new(checkpoint, resume), &shared)
        }
        Command::Check { scenario } => command::check::check(&scenario, &shared),
        Command::List { what } => command::list::list(what, &shared),
        Command::Validate { names } => command::validate::validate(&names, &shared),
        Command::Schema => command::schema::schema(),
        Command::Explain { code } => command::explain::explain(&code, &shared),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(problems) => {
            report::problems(&problems, &shared);
            ExitCode::from(report::exit_code(&problems))
        }
    }
}
