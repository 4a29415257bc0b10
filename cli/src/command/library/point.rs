//! Which members reach a place.

use serde_json::json;
use sim_core::error::Problems;
use sim_core::input::library::Library;
use sim_core::library::stored::Ending;

use super::products;
use super::query::levels_at;
use crate::args::Shared;
use crate::command::Outcome;
use crate::report::{self, say};

/// Lines that are printed in words.
const SHOWN: usize = 20;

/// Lists the members that flood a place or whose zones hold it.
pub(super) fn members_at(library: &Library, at: (f64, f64), shared: &Shared) -> Outcome {
    let (x, y) = products::in_plane(library, at)?;
    let plan = &library.manifest.plan;
    let rows = library.all_rows()?;
    let (mut hits, mut share, mut all) = (Vec::new(), 0.0, 0.0);
    let cell = library.manifest.grid.map(|_| products::cell_of(library, (x, y))).transpose()?;
    for row in &rows {
        let Ending::Done { result, .. } = &row.ending else { continue };
        let located = library.result(result)?;
        let what = match cell {
            Some(cell) => {
                let depth = products::metres(library.depth_at(&located, cell)?);
                (depth > 0.0).then(|| json!({"depth_m": depth}))
            }
            None => {
                let levels = levels_at(library, row, &located, (x, y))?;
                (!levels.is_empty()).then(|| json!({"inside_zones": levels}))
            }
        };
        let weight = plan.weight(row.line);
        all += weight;
        if let Some(what) = what {
            share += weight;
            hits.push((row.line, what));
        }
    }
    tell(library, (x, y), &hits, (rows.len(), if all > 0.0 { share / all } else { 0.0 }), shared)
}

fn tell(
    library: &Library,
    (x, y): (f64, f64),
    hits: &[(u64, serde_json::Value)],
    (members, share): (usize, f64),
    shared: &Shared,
) -> Result<u8, Problems> {
    let plan = &library.manifest.plan;
    if shared.json {
        let hits: Vec<_> = hits
            .iter()
            .map(|(line, what)| json!({"line": line, "set": plan.overrides(*line), "what": what}))
            .collect();
        say(&report::json(
            &json!({"x": x, "y": y, "members": members, "share_by_weight": share, "hits": hits}),
        ));
        return Ok(report::DONE);
    }
    say(&format!(
        "{} of {members} members reach x {x:.1}, y {y:.1}: {:.1} % by weight",
        hits.len(),
        100.0 * share
    ));
    for (line, what) in hits.iter().take(SHOWN) {
        say(&format!("  line {line:>6}  {what}  {}", plan.overrides(*line).join(", ")));
    }
    if hits.len() > SHOWN {
        say(&format!("  and {} more: --json lists them all", hits.len() - SHOWN));
    }
    Ok(report::DONE)
}
