//! A library's own error: members are left out and answered by their neighbours.

use std::path::Path;

use serde_json::{Value, json};
use sim_core::error::Problems;
use sim_core::input::library::{Library, Located};
use sim_core::library::question::{LeftOut, between, left_out};
use sim_core::library::statistics::percentile;
use sim_core::library::stored::{Ending, Figures, Row};
use sim_core::output::library::LibraryWriter;

use super::products::metres;

/// Name of the note in the catalogue.
pub(super) const NOTE: &str = "leave_one_out";

/// Members that are left out at most: of a gas only figures are compared, of a flood whole maps.
const MOST_GAS: usize = 400;
const MOST_FLOOD: usize = 24;

/// Share of the differences that the error covers.
const SHARE: f64 = 0.95;

/// The error that was noted; null where none was.
pub(super) fn noted(library: &Library) -> Result<Value, Problems> {
    let note = library.note(NOTE)?;
    Ok(note.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Value::Null))
}

/// 95 % of the differences between members and what their neighbours say of them; null where none lies between others.
pub(super) fn leave_one_out(library: &Library) -> Result<Value, Problems> {
    let is_flood = library.manifest.grid.is_some();
    let left = left_out(&library.manifest.plan, if is_flood { MOST_FLOOD } else { MOST_GAS });
    let (mut differences, mut count) = (Vec::new(), 0);
    for LeftOut { line, neighbours: [low, high] } in left {
        let rows = library.rows(&[line, low.0, high.0])?;
        let results: Option<Vec<&String>> = rows.iter().map(result_of).collect();
        let Some(&[own, below, above]) = results.as_deref() else { continue };
        let three = [library.result(own)?, library.result(below)?, library.result(above)?];
        count += 1;
        let found = if is_flood {
            of_flood(library, &three, (low.1, high.1))?
        } else {
            of_gas(&three, (low.1, high.1))
        };
        differences.extend(found.into_iter().map(|difference| (difference, 1.0)));
    }
    if differences.is_empty() {
        return Ok(Value::Null);
    }
    let (of, unit) =
        if is_flood { ("|Δh| in wet cells", "m") } else { ("differences of distances", "of the distance") };
    Ok(
        json!({"of": of, "unit": unit, "percentile_95": percentile(&mut differences, SHARE), "left_out": count}),
    )
}

fn result_of(row: &Row) -> Option<&String> {
    match &row.ending {
        Ending::Done { result, .. } => Some(result),
        Ending::Failed { .. } => None,
    }
}

fn of_flood(
    library: &Library,
    [own, below, above]: &[Located; 3],
    (low, high): (f64, f64),
) -> Result<Vec<f64>, Problems> {
    let Some(grid) = library.manifest.grid else { return Ok(Vec::new()) };
    let maps = [
        library.depths(own, 0..grid.rows)?,
        library.depths(below, 0..grid.rows)?,
        library.depths(above, 0..grid.rows)?,
    ];
    let cells = maps[0].iter().zip(&maps[1]).zip(&maps[2]);
    let wet = cells.filter(|((own, below), above)| **own > 0 || **below > 0 || **above > 0);
    Ok(wet
        .map(|((own, below), above)| {
            let answer = between(&[(metres(*below), low), (metres(*above), high)], true);
            (answer - metres(*own)).abs()
        })
        .collect())
}

fn of_gas([own, below, above]: &[Located; 3], (low, high): (f64, f64)) -> Vec<f64> {
    let (Figures::Gas { zones, .. }, Figures::Gas { zones: lower, .. }, Figures::Gas { zones: upper, .. }) =
        (&own.figures, &below.figures, &above.figures)
    else {
        return Vec::new();
    };
    let distance = |zones: &[sim_core::library::stored::ZoneFigures], level: &str| {
        zones.iter().find(|zone| zone.level == level).map_or(0.0, |zone| zone.distance)
    };
    zones
        .iter()
        .filter(|zone| zone.distance > 0.0)
        .map(|zone| {
            let answer =
                between(&[(distance(lower, &zone.level), low), (distance(upper, &zone.level), high)], true);
            (answer - zone.distance).abs() / zone.distance
        })
        .collect()
}

/// Notes the error in the catalogue of a library that is complete.
pub(super) fn note(dir: &Path, writer: &LibraryWriter) -> Result<(), Problems> {
    let library = Library::open(dir)?;
    let status = library.status()?;
    if status.done + status.failed < status.members {
        return Ok(());
    }
    let error = leave_one_out(&library)?;
    drop(library);
    writer.note(NOTE, &error.to_string())
}
