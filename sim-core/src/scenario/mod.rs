//! The scenario file: one TOML schema for both hazards, read with every mistake
//! reported at once.
//!
//! `document` is what was typed, with positions; `section` asks for keys,
//! checks them and writes down what it asked (so that the JSON Schema cannot
//! differ from the reader); `site`, `flood` and `gas` turn keys into cases.
//! This is the only place that reads settings. It opens no file: a [`Resolver`]
//! does that for it.

mod asked;
mod believed;
mod depth_classes;
mod design_storm;
mod document;
mod exposure;
mod flood;
mod forcing;
mod gas;
mod names;
mod plan;
mod plane;
mod polder;
mod quantity;
mod quarter;
mod resolver;
mod risk_matrix;
mod schema;
mod section;
mod site;
mod storm_formula;
mod word;

pub use depth_classes::{DepthPreset, depth_presets};
pub use plan::{PlanTable, Tables, read_plan, target};
pub use quantity::{Dimension, Mistake, beaufort, compass_point};
pub use resolver::{
    RainGridRead, RainGridRequest, Resolver, SampleMeaning, SeriesKind, SeriesRead, SewerNode, SewerRead,
    SewerRequest, StorageRead, TerrainFile, WeatherRead, WeatherSample,
};
pub use risk_matrix::read_risk_matrix;
pub use storm_formula::{StormFormula, StormSource, storm_formulas};

use sha2::{Digest, Sha256};

use crate::error::{Problem, Problems, Result};
use crate::run::Change;
use crate::run::flood::FloodCase;
use crate::run::gas::GasCase;
use document::Document;
use section::{Reading, Section};

/// Version of the scenario schema that this engine reads.
pub const SCHEMA: i64 = 1;

/// File formats a scenario can ask for.
pub const FORMATS: [&str; 6] = ["netcdf", "geotiff", "geojson", "kml", "csv", "png"];

/// A checked scenario, ready to run.
#[derive(Debug)]
pub struct Scenario {
    /// Title on maps and reports.
    pub title: String,
    /// What to compute.
    pub case: Case,
    /// Time of the start in UTC, ISO 8601, if the scenario has one.
    pub start: Option<String>,
    /// File formats to write, out of [`FORMATS`].
    pub formats: Vec<String>,
    /// Whose data the products show.
    pub credits: Vec<String>,
    /// Everything that was understood, defaults included, in SI units.
    pub understood: serde_json::Value,
    /// What was changed on the user's behalf.
    pub changes: Vec<Change>,
    /// What the user should know before trusting the result.
    pub warnings: Vec<Problem>,
    /// SHA-256 of the text and all overrides, hexadecimal.
    pub sha256: String,
}

/// Warnings of which every file of a result must speak: a formula for rain without a source.
const CAVEATS: [u16; 1] = [1072];

impl Scenario {
    /// What every file of the result must say.
    pub fn caveats(&self) -> Vec<String> {
        let grave = self.warnings.iter().filter(|warning| CAVEATS.contains(&warning.code.0));
        grave.map(|warning| warning.text.clone()).collect()
    }
}

/// One of the hazards with all its numbers.
#[derive(Debug)]
pub enum Case {
    /// Water on the ground.
    Flood(Box<FloodCase>),
    /// Gas in the air.
    Gas(Box<GasCase>),
}

/// Reads and checks a scenario.
///
/// `file` is the name shown in messages; `overrides` are `key=value` texts.
///
/// # Errors
/// All mistakes of the text, its values, and the files it names, at once.
pub fn read(text: &str, file: &str, overrides: &[String], resolver: &mut dyn Resolver) -> Result<Scenario> {
    let mut mistakes = Vec::new();
    let mut document = Document::parse(text, file, &mut mistakes);
    for assignment in overrides {
        if let Err(Problems(problems)) = document.set(assignment) {
            mistakes.extend(problems);
        }
    }
    if !mistakes.is_empty() {
        return Err(Problems(mistakes));
    }
    let reading = Reading::new(&document, false);
    let parts = read_root(&reading, Some(resolver));
    let mut problems = reading.problems.into_inner();
    // The scenario's own mistakes in the order of its lines; then those of other files as each was read.
    problems.sort_by_key(|problem| {
        let own = problem.place.file.as_deref().is_none_or(|own| own == file || own == "--set");
        if own { (0, problem.place.line, problem.place.column) } else { (1, None, None) }
    });
    let (errors, warnings): (Vec<_>, Vec<_>) = problems.into_iter().partition(Problem::is_error);
    let understood = serde_json::Value::Object(reading.understood.into_inner());
    match parts {
        Some(parts) if errors.is_empty() => Ok(Scenario {
            title: parts.title,
            case: parts.case,
            start: parts.start,
            formats: parts.formats,
            credits: parts.credits,
            understood,
            changes: parts.changes,
            warnings,
            sha256: fingerprint(text, overrides),
        }),
        _ if errors.is_empty() => {
            Err(Problem::error(9001, "the scenario was not understood and no reason was found")
                .fix("please report this with the scenario file")
                .into())
        }
        _ => Err(Problems(errors)),
    }
}

/// JSON Schema of the scenario file.
pub fn schema() -> serde_json::Value {
    let document = Document { file: String::new(), root: Vec::new() };
    let reading = Reading::new(&document, true);
    read_root(&reading, None);
    schema::json_schema(&reading.keys.into_inner())
}

/// Title of a scenario text without checking the rest, for messages and folder names.
pub fn title_of(text: &str) -> Option<String> {
    let document = Document::parse(text, "", &mut Vec::new());
    match &document::get(&document.root, "title")?.node {
        document::Node::Text(title) => Some(title.clone()),
        _ => None,
    }
}

fn fingerprint(text: &str, overrides: &[String]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(text.as_bytes());
    for assignment in overrides {
        hasher.update(b"\n--set ");
        hasher.update(assignment.as_bytes());
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

struct Parts {
    title: String,
    case: Case,
    start: Option<String>,
    formats: Vec<String>,
    credits: Vec<String>,
    changes: Vec<Change>,
}

/// What every part of the reader may need besides its own section.
struct Context<'c, 'r> {
    title: String,
    resolver: Option<&'c mut (dyn Resolver + 'r)>,
    start: Option<jiff::Timestamp>,
    changes: Vec<Change>,
}

fn read_root(reading: &Reading<'_>, resolver: Option<&mut dyn Resolver>) -> Option<Parts> {
    let root = reading.root();
    let version =
        root.number("schema", "version of this file's schema; this engine reads 1").required_as("1");
    if let Some(version) = version.filter(|&version| version != SCHEMA as f64) {
        root.report(
            1010,
            "schema",
            format!("found {version}; this engine reads schema 1"),
            "write schema = 1",
        );
    }
    let hazards = ["flood", "gas"];
    let hazard = root.required_choice("hazard", &hazards, "which hazard: flood (water) or gas");
    let title = root.required_text("title", "title on maps and reports", "North gate, 60 mm/h for 2 h");
    let start = root.date_time("start", "time of the start with its offset, e.g. 2026-07-01T08:30:00+08:00");
    let title = title.unwrap_or_default().to_owned();
    let mut context = Context { title, resolver, start, changes: Vec::new() };

    let site = site::read(&root.section("site", "where it happens"));
    let describing = root.describing();
    reading.hazard.set(Some("flood"));
    let flood = (describing || hazard == Some("flood"))
        .then(|| flood::read(&root, site.as_ref(), &mut context).map(|case| Case::Flood(Box::new(case))));
    reading.hazard.set(Some("gas"));
    let gas = (describing || hazard == Some("gas"))
        .then(|| gas::read(&root, site.as_ref(), &mut context).map(|case| Case::Gas(Box::new(case))));
    reading.hazard.set(None);
    let formats = read_formats(&root);
    let credits = root
        .texts("credits", &[], "whose data the maps show, in the words their licence asks for")
        .unwrap_or_default()
        .into_iter()
        .map(|credit| credit.0)
        .collect();
    if hazard.is_some() || describing {
        root.finish();
    }
    let case = gas.or(flood).flatten()?;
    let start = start.map(|stamp| stamp.to_string());
    Some(Parts { title: context.title, case, start, formats, credits, changes: context.changes })
}

fn read_formats(root: &Section<'_>) -> Vec<String> {
    let outputs = root.section("outputs", "files to write");
    let formats = outputs.texts("formats", &FORMATS, "formats to write; all when absent").map_or_else(
        || FORMATS.map(str::to_owned).to_vec(),
        |texts| texts.into_iter().map(|text| text.0).collect(),
    );
    outputs.finish();
    formats
}
