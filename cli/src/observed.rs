//! The file of `--observed`: what gauges read at the places of the scenario.

use std::path::Path;

use sim_core::error::{Problem, Problems};
use sim_core::input::observed::{ObservedFile, Request, read_observed};
use sim_core::scenario::{Case, Scenario};

use crate::files::Files;

/// Reads the file and matches its gauges with the places of the scenario, before the run starts.
pub(crate) fn read(path: &Path, scenario: &Scenario, files: &mut Files) -> Result<ObservedFile, Problems> {
    let shown = path.display().to_string();
    let Case::Flood(case) = &scenario.case else {
        return Err(Problem::error(1100, "--observed: a gas run has no gauges of water")
            .in_file(shown)
            .fix("leave out --observed")
            .into());
    };
    let places: Vec<&str> = case.places.list.iter().map(|place| place.name.as_str()).collect();
    if places.is_empty() {
        return Err(Problem::error(1101, "--observed: the scenario has no [[place]] to compare at")
            .in_file(shown)
            .why("a gauge is matched with the place of its name")
            .fix("add a [[place]] with name, kind = \"gauge\" and at = { lon = ..., lat = ... } for every gauge")
            .into());
    }
    let request = Request { places: &places, start: scenario.start.as_deref(), duration: case.duration };
    let file = read_observed(&files.named_on_command_line(&shown)?, &shown, &request)?;
    files.note(&shown, &file.sha256);
    Ok(file)
}
