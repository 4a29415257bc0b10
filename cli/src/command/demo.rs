//! `tuiyan demo`: the embedded examples, no file needed.

use std::path::PathBuf;

use crate::args::{Hazard, Shared};
use crate::command::Outcome;
use crate::command::run::Job;
use crate::progress::cancel_on_interrupt;
use crate::report;

/// A medium-pressure main broken by an excavator in a shopping street.
const GAS: &str = include_str!("../../../examples/gas_main.toml");
/// A cloudburst over a generated city quarter with an underpass.
const FLOOD: &str = include_str!("../../../examples/city_quarter.toml");

/// Runs one or both examples.
pub(crate) fn demo(hazard: Option<Hazard>, shared: &Shared) -> Outcome {
    let parent = shared.out.clone().unwrap_or_else(|| PathBuf::from("tuiyan-demo"));
    // One example asked for by name goes into the folder asked for; otherwise each gets its own inside.
    let folder = |name: &str| match (hazard, &shared.out) {
        (Some(_), Some(out)) => out.clone(),
        _ => parent.join(name),
    };
    let all = [
        (Hazard::Gas, "gas", GAS, "examples/gas_main.toml"),
        (Hazard::Flood, "flood", FLOOD, "examples/city_quarter.toml"),
    ];
    let cancelled = cancel_on_interrupt();
    let mut documents = serde_json::Map::new();
    let mut code = report::DONE;
    for (which, name, text, file) in all {
        if hazard.is_some_and(|wanted| wanted != which) {
            continue;
        }
        let job =
            Job { text, file, folder: PathBuf::new(), out: folder(name), keeping: None, observed: None };
        let finished = job.execute(shared, &cancelled)?;
        code = code.max(finished.exit_code());
        if shared.json {
            documents.insert(name.to_owned(), finished.json());
        } else {
            finished.tell(shared);
        }
    }
    if shared.json {
        report::say(&report::json(&serde_json::Value::Object(documents)));
    } else if !shared.quiet {
        report::say(&format!(
            "\nOpen the maps (*.png), or drag {} into QGIS or Google Earth.",
            parent.display()
        ));
    }
    Ok(code)
}
