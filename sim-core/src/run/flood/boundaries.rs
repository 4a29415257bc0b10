//! What the boundaries of a case must be before the first step.

use std::collections::BTreeMap;

use crate::error::Problem;
use crate::flood::boundary::{Boundary, Face, Kind, Side};
use crate::run::flood::FloodCase;
use crate::series::Series;

/// Names that the water balance uses itself.
const TAKEN: [&str; 5] = ["rain", "inflow", "loss", "clipped", "outflow"];

/// All mistakes of the boundaries.
pub(super) fn check(case: &FloodCase, problems: &mut Vec<Problem>) {
    let mut owners: BTreeMap<Face, &str> = BTreeMap::new();
    let mut names: Vec<&str> = TAKEN.to_vec();
    for boundary in &case.boundaries {
        problems.extend(outside(case, boundary));
        problems.extend(overlap(case, boundary, &mut owners));
        problems.extend(driver(boundary));
        problems.extend(roughness(case, boundary));
        if names.contains(&boundary.name.as_str()) || boundary.name.is_empty() {
            problems.push(
                Problem::error(5046, format!("the boundary name '{}' is empty or used twice", boundary.name))
                    .fix("give every boundary a name of its own"),
            );
        }
        names.push(&boundary.name);
    }
}

/// What the rim of the grid spans, in words.
fn span(case: &FloodCase) -> String {
    let grid = &case.grid;
    format!("the grid spans x {} to {}, y {} to {}", grid.west, grid.east(), grid.south, grid.north())
}

/// True for a face of the rim that has ground on its inner side.
pub(crate) fn is_on_the_rim(case: &FloodCase, face: Face) -> bool {
    let (rows, columns) = case.grid.shape();
    let along = if matches!(face.side, Side::West | Side::East) { rows } else { columns };
    face.index < along && !case.bed[face.cell((rows, columns))].is_nan()
}

fn outside(case: &FloodCase, boundary: &Boundary) -> Option<Problem> {
    let lost = boundary.faces.iter().filter(|face| !is_on_the_rim(case, **face)).count();
    (lost > 0 || boundary.faces.is_empty()).then(|| {
        let text = format!(
            "boundary '{}' has {} faces, {lost} of them not at a cell of the area; {}",
            boundary.name,
            boundary.faces.len(),
            span(case)
        );
        Problem::error(5040, text)
            .why(
                "a boundary that touches no cell does nothing, and a map without its water looks like safety",
            )
            .fix("move it onto the rim of the ground raster")
    })
}

fn overlap<'c>(
    case: &FloodCase,
    boundary: &'c Boundary,
    owners: &mut BTreeMap<Face, &'c str>,
) -> Option<Problem> {
    let mut shared = Vec::new();
    for &face in &boundary.faces {
        if let Some(other) = owners.insert(face, &boundary.name) {
            shared.push((face, other));
        }
    }
    let &(face, other) = shared.first()?;
    let (row, column) = face.cell(case.grid.shape());
    let text =
        format!("boundaries '{other}' and '{}' share {} faces of the rim", boundary.name, shared.len());
    Some(
        Problem::error(5041, text)
            .at_spot(format!("first at {}, {} side", case.grid.spot(row, column), face.side.name()))
            .why("a face can follow only one of them")
            .fix("let one end where the other begins"),
    )
}

/// Mistakes of the series, slope or curve.
fn driver(boundary: &Boundary) -> Vec<Problem> {
    let name = &boundary.name;
    match &boundary.kind {
        Kind::Wall | Kind::Open | Kind::Rating { .. } => Vec::new(),
        Kind::Slope { slope } => sloped(name, *slope).into_iter().collect(),
        Kind::Stage { level } => late(name, level).into_iter().collect(),
        Kind::Discharge { discharge, slope } => {
            negative(name, discharge).into_iter().chain(slope.and_then(|slope| sloped(name, slope))).collect()
        }
    }
}

fn sloped(name: &str, slope: f64) -> Option<Problem> {
    (!(slope > 0.0 && slope.is_finite())).then(|| {
        Problem::error(5044, format!("the slope of boundary '{name}' is {slope}; it must be positive"))
            .fix("give the fall of the ground in metres per metre, for example 0.001")
    })
}

fn late(name: &str, level: &Series) -> Option<Problem> {
    let first = level.times()[0];
    (first > 0.0).then(|| {
        Problem::error(5042, format!("the level of boundary '{name}' is not known before {first} s"))
            .why("until then the level would count as zero, which may be deep water or none")
            .fix("let the samples begin at or before the start of the run")
    })
}

fn negative(name: &str, discharge: &Series) -> Option<Problem> {
    let samples = discharge.times().iter().zip(discharge.values());
    let (time, value) = samples.into_iter().find(|(_, value)| **value < 0.0)?;
    Some(
        Problem::error(5043, format!("the discharge of boundary '{name}' is {value} m3/s at {time} s"))
            .why("a discharge boundary lets water in; what leaves depends on the water inside")
            .fix("use a stage, slope or rating boundary where water leaves"),
    )
}

/// A slope without friction has no normal depth.
fn roughness(case: &FloodCase, boundary: &Boundary) -> Option<Problem> {
    let is_sloped = matches!(boundary.kind, Kind::Slope { .. } | Kind::Discharge { slope: Some(_), .. });
    let smooth = boundary
        .faces
        .iter()
        .filter(|face| is_on_the_rim(case, **face))
        .map(|face| face.cell(case.grid.shape()))
        .find(|&cell| case.manning_n[cell] <= 0.0)?;
    is_sloped.then(|| {
        Problem::error(5045, format!("boundary '{}' has a slope but no roughness", boundary.name))
            .at_spot(case.grid.spot(smooth.0, smooth.1))
            .why("without friction water on a slope never reaches a normal depth")
            .fix("give the cells there a Manning's n, or make the boundary open")
    })
}
