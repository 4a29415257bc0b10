//! The plan of a library: which keys of a base scenario take which values.

mod axis;

use crate::error::{Problem, Problems, Result};
use crate::library::plan::{Axis, Key, MOST_MEMBERS, Plan};
use crate::library::question::Target;

use super::document::Document;
use super::section::Reading;

/// Version of the schema of plans that this engine reads.
const PLAN_SCHEMA: f64 = 1.0;

/// Bytes in a gigabyte.
const GIGABYTE: f64 = 1e9;

/// A table of values for several keys.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanTable {
    /// Headers: keys of the scenario, or `weight`.
    pub columns: Vec<String>,
    /// Cells as they stand.
    pub rows: Vec<Vec<String>>,
}

/// Opens the tables that a plan names; paths are as the plan wrote them.
pub type Tables<'t> = &'t mut dyn FnMut(&str) -> Result<PlanTable>;

/// Reads and checks a plan; the values are not yet held against the base scenario.
///
/// # Errors
/// All mistakes at once: those of any scenario text, and E8601 no axis or an empty one, E8602 a key twice, E8603 a
/// range, E8604 a draw, E8605 weights, E8606 more members than any library may have, E8607 what an axis is.
pub fn read_plan(text: &str, file: &str, tables: Tables<'_>) -> Result<Plan> {
    let mut mistakes = Vec::new();
    let document = Document::parse(text, file, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(Problems(mistakes));
    }
    let reading = Reading::new(&document, false);
    let plan = read_root(&reading, tables);
    let problems: Vec<Problem> = reading.problems.into_inner();
    match plan {
        Some(plan) if problems.is_empty() => Ok(plan),
        _ => Err(Problems(problems)),
    }
}

/// What a question says about an axis, from `--KEY value` or `--AXIS value`; none where the value is of another kind.
pub fn target(axis: &Axis, values: &[&str]) -> Option<Target> {
    let same = |row: &Vec<String>| row.iter().map(String::as_str).eq(values.iter().copied());
    if let Some(row) = axis.rows.iter().position(same) {
        return Some(Target::Row(row));
    }
    if values.len() != axis.keys.len() {
        return None;
    }
    let number = |(key, text): (&Key, &&str)| axis::number_in(key.scale.as_ref()?, text);
    let numbers: Option<Vec<f64>> = axis.keys.iter().zip(values).map(number).collect();
    numbers.map(Target::Numbers)
}

fn read_root(reading: &Reading<'_>, tables: Tables<'_>) -> Option<Plan> {
    let root = reading.root();
    let version = root.number("plan", "version of the schema of plans; this engine reads 1").required_as("1");
    if let Some(version) = version.filter(|&version| version != PLAN_SCHEMA) {
        root.report(
            1010,
            "plan",
            format!("found {version}; this engine reads plans of schema 1"),
            "write plan = 1",
        );
    }
    let title = root.required_text("title", "title of the library", "Gas main, all winds");
    let base = root.required_text("base", "scenario that the axes change", "gas_main.toml");
    let frequency = root
        .number("event_frequency_per_year", "how often the event happens that the members describe")
        .between(0.0, 1e6)
        .optional();
    let leave_free = root
        .number("leave_free_gb", "room that must stay free on the disk, GB")
        .between(0.0, 1e9)
        .or(1.0, "1");
    let sections = root.sections("axis", "keys and the values they take");
    if sections.is_empty() && !root.has("axis") {
        root.report(
            8601,
            "axis",
            "the plan has no axis",
            "add [[axis]] with key = \"weather.wind_speed\" and values = [\"2 m/s\", \"4 m/s\"]",
        );
    }
    let count = sections.len();
    let read: Vec<Axis> = sections
        .iter()
        .enumerate()
        .filter_map(|(i, section)| axis::read(section, i as u64, tables))
        .collect();
    root.finish();
    let axes = Some(read).filter(|read| read.len() == count && count > 0)?;
    let plan = Plan {
        title: title?.to_owned(),
        base: base?.to_owned(),
        axes,
        event_frequency_per_year: frequency,
        leave_free_bytes: (leave_free * GIGABYTE) as u64,
    };
    check_whole(&plan, &root);
    Some(plan)
}

/// What is wrong with the axes together.
fn check_whole(plan: &Plan, root: &super::section::Section<'_>) {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for axis in &plan.axes {
        for key in &axis.keys {
            if let Some((_, other)) = seen.iter().find(|known| known.0 == key.path) {
                let text = format!("{} stands in the axes \"{other}\" and \"{}\"", key.path, axis.name);
                root.report(8602, "axis", text, "let one axis set the key");
            }
            seen.push((&key.path, &axis.name));
        }
    }
    for (i, axis) in plan.axes.iter().enumerate() {
        if plan.axes[..i].iter().any(|other| other.name == axis.name) {
            let text = format!("two axes are called \"{}\"", axis.name);
            root.report(8602, "axis", text, "give one of them another name = \"...\"");
        }
    }
    let size = plan.size();
    if size > MOST_MEMBERS as f64 {
        let counts: Vec<String> =
            plan.axes.iter().map(|axis| format!("{} {}", axis.rows.len(), axis.name)).collect();
        let text = format!(
            "the axes give {size:.3e} members ({}); at most {MOST_MEMBERS} are possible",
            counts.join(" × ")
        );
        root.report(
            8606,
            "axis",
            text,
            "take fewer values, or draw them at random: draw = { count = 1000, ... } for one axis",
        );
    }
}
