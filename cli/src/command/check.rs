//! `tuiyan check`: what was understood, without running.

use std::path::Path;

use serde_json::{Value, json};
use sim_core::error::Problems;
use sim_core::grid::Grid;
use sim_core::run::estimate;
use sim_core::run::flood::FloodCase;
use sim_core::run::gas::GasCase;
use sim_core::scenario::{self, Case};
use sim_core::units::to_mm_h;

use crate::args::Shared;
use crate::command::Outcome;
use crate::command::run::in_pool;
use crate::files::{Files, read_text};
use crate::progress::span;
use crate::{memory, report};

/// Reads a scenario and everything it names, and says what was understood.
pub(crate) fn check(path: &Path, shared: &Shared) -> Outcome {
    let text = read_text(path)?;
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let mut files = Files::new(folder, shared);
    let scenario = scenario::read(&text, &path.display().to_string(), &shared.overrides, &mut files)?;
    report::warnings(&scenario.warnings, shared);
    memory::check(&scenario.case)?;
    let needed = memory::needed(&scenario.case);
    let mut facts: Vec<(&str, Value, String)> =
        vec![("title", json!(scenario.title), scenario.title.clone())];
    match &scenario.case {
        Case::Flood(case) => flood_facts(case, shared, &mut facts)?,
        Case::Gas(case) => gas_facts(case, &mut facts),
    }
    facts.push(("memory", json!(needed), format!("{:.1} MB", needed as f64 / 1e6)));
    if shared.json {
        let mut document = serde_json::Map::new();
        document.insert("status".into(), json!("ok"));
        for (name, value, _) in facts {
            document.insert(name.replace(' ', "_"), value);
        }
        document.insert("understood".into(), scenario.understood);
        document.insert("inputs".into(), json!(files.inputs()));
        document.insert("warnings".into(), json!(scenario.warnings));
        report::say(&report::json(&Value::Object(document)));
        return Ok(report::DONE);
    }
    for (name, _, words) in facts {
        report::say(&format!("{name:<16} {words}"));
    }
    for input in files.inputs() {
        report::say(&format!("{:<16} {} (sha256 {})", "input", input.path, &input.sha256[..12]));
    }
    report::say("understood");
    for (key, value) in scenario.understood.as_object().into_iter().flatten() {
        let words = match value.get("value") {
            Some(number) => format!("{number} {}", value["unit"].as_str().unwrap_or_default()),
            None => value.to_string(),
        };
        report::say(&format!("  {key:<30} {words}"));
    }
    Ok(report::DONE)
}

type Facts = Vec<(&'static str, Value, String)>;

fn grid_facts(grid: &Grid, facts: &mut Facts) {
    let corner = |row: usize, column: usize| {
        grid.lon_lat(row, column)
            .map_or_else(String::new, |at| format!("lon {:.5} lat {:.5}", at.lon, at.lat))
    };
    facts.push((
        "grid",
        json!({
            "columns": grid.columns, "rows": grid.rows, "dx_m": grid.dx, "dy_m": grid.dy,
            "west_m": grid.west, "south_m": grid.south, "crs": grid.crs.to_string(),
        }),
        format!(
            "{} x {} cells of {} x {} m, {}, SW corner {} to NE corner {}",
            grid.columns,
            grid.rows,
            grid.dx,
            grid.dy,
            grid.crs,
            corner(0, 0),
            corner(grid.rows - 1, grid.columns - 1)
        ),
    ));
    facts.push(("cells", json!(grid.cells()), grid.cells().to_string()));
}

fn flood_facts(case: &FloodCase, shared: &Shared, facts: &mut Facts) -> Result<(), Problems> {
    grid_facts(&case.grid, facts);
    let (rain, peak) = case.rain.outlook(&case.grid, case.duration);
    let mm = |series: &sim_core::series::Series| series.integral(0.0, case.duration) * 1000.0;
    facts.push((
        "rain",
        json!({ "total_mm": 1000.0 * rain, "peak_mm_h": to_mm_h(peak) }),
        format!("{:.1} mm in {}, peak {:.1} mm/h", 1000.0 * rain, span(case.duration), to_mm_h(peak)),
    ));
    facts.push(("losses", json!({ "most_mm": mm(&case.loss) }), format!("at most {:.1} mm", mm(&case.loss))));
    for inflow in &case.inflows {
        let volume = inflow.discharge.integral(0.0, case.duration);
        facts.push((
            "inflow",
            json!({ "name": inflow.name, "volume_m3": volume, "cells": inflow.cells.len() }),
            format!("{}: {volume:.0} m3 over {} cells", inflow.name, inflow.cells.len()),
        ));
    }
    let estimate = in_pool(shared, || estimate::flood(case))??;
    facts.push((
        "run time",
        json!({ "seconds": estimate.wall_seconds, "steps": estimate.steps }),
        format!(
            "roughly {} for about {:.0} steps (this machine does {:.0} M cell-steps/s)",
            span(estimate.wall_seconds),
            estimate.steps,
            estimate.cell_steps_per_second / 1e6
        ),
    ));
    Ok(())
}

fn gas_facts(case: &GasCase, facts: &mut Facts) {
    grid_facts(&case.grid, facts);
    facts.push((
        "source",
        json!({ "rate_kg_s": case.source.rate, "duration_s": case.source.duration, "substance": case.substance.name }),
        format!(
            "{:.3} kg/s of {} for {} ({})",
            case.source.rate,
            case.substance.name,
            span(case.source.duration),
            case.source.description
        ),
    ));
    facts.push(("weather rows", json!(case.weather.len()), case.weather.len().to_string()));
    facts.push(("run time", json!({ "seconds": 1.0 }), "about a second".into()));
}
