//! A reservoir whose release is an inflow: `[inflow.reservoir]`.

use crate::error::Problems;
use crate::flood::reservoir::{Halt, Outlet, Release, Reservoir, Storage};
use crate::flood::structure::gate::USUAL_COEFFICIENT;
use crate::flood::structure::weir::BROAD_CRESTED;
use crate::flood::structure::{Gate, Weir};
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;
use crate::scenario::{Context, forcing};
use crate::series::Series;

/// Keys that need the crest of a spillway, and those that need the sill of a gate.
const OF_WEIR: [&str; 2] = ["crest_length", "crest_coefficient"];
const OF_GATE: [&str; 5] = ["opening_width", "opening_height", "opening_coefficient", "opens", "closes"];

/// Reads the table and routes its inflow through the reservoir; the outer `None` is a mistake,
/// the inner one a table that is not there.
pub(super) fn read(
    inflow: &Section<'_>,
    name: Option<&str>,
    duration: Option<f64>,
    context: &mut Context<'_, '_>,
) -> Option<Option<Release>> {
    let table = inflow.optional_section(
        "reservoir",
        "a reservoir whose release is the discharge, instead of discharge or hydrograph",
    );
    let file = table.text("storage", "CSV with a stage column (m) and a storage column (m3)");
    let initial = table
        .quantity("initial_stage", Dimension::Length, "water level at the start, on the datum of the table")
        .a_level()
        .optional();
    let supply = supply(&table, context);
    let (weir, gate) = (read_weir(&table), read_gate(&table));
    table.finish();
    if !table.is_present() {
        return Some(None);
    }
    let missing = |key: &str, example: &str| {
        if !table.has(key) {
            table.report(1012, key, "missing for a reservoir", format!("add {key} = {example}"));
        }
    };
    missing("storage", "\"storage.csv\"");
    missing("initial_stage", "\"103.2 m\"");
    if !table.has("crest") && !table.has("sill") {
        table.report(
            1012,
            "crest",
            "missing: the reservoir has no way out",
            "add crest and crest_length (spillway), or sill, opening_width and opening_height (gate)",
        );
    }
    let storage = storage(&table, file, context);
    let (weir, gate) = (weir?, gate?);
    let outlets: Vec<Outlet> = weir.into_iter().chain(gate).collect();
    let (storage, initial_stage) = (storage?, initial?);
    if !lies_in_the_table(&table, &storage, initial_stage, &outlets) || outlets.is_empty() {
        return None;
    }
    let reservoir = Reservoir { storage, initial_stage, inflow: supply?, outlets };
    route(&table, &reservoir, name?, duration?).map(Some)
}

/// What flows into the reservoir; nothing where it is not said.
fn supply(table: &Section<'_>, context: &mut Context<'_, '_>) -> Option<Series> {
    let constant = table
        .quantity("inflow", Dimension::Discharge, "constant discharge into the reservoir")
        .between(0.0, 1e6)
        .optional();
    let file = table.text(
        "inflow_hydrograph",
        "CSV with a time column and a discharge column, into the reservoir, instead of inflow",
    );
    match (constant, file) {
        (None, Some(file)) if !table.has("inflow") => {
            forcing::hydrograph(table, "inflow_hydrograph", file, context)
        }
        (constant, None) if !table.has("inflow_hydrograph") => {
            let is_wrong = table.has("inflow") && constant.is_none();
            let usual = (0.0, Some(Dimension::Discharge));
            let rate = if table.is_present() { table.or_of_kind("inflow", constant, usual) } else { 0.0 };
            (!is_wrong).then(|| Series::constant(rate))
        }
        (Some(_), Some(_)) => {
            let text = "what flows into the reservoir is given twice";
            table.report(1020, "inflow", text, "keep inflow or inflow_hydrograph");
            None
        }
        _ => None,
    }
}

/// A spillway; the outer `None` is a mistake.
fn read_weir(table: &Section<'_>) -> Option<Option<Outlet>> {
    let crest =
        table.quantity("crest", Dimension::Length, "level of the crest of the spillway").a_level().optional();
    let length = table
        .quantity("crest_length", Dimension::Length, "length of that crest")
        .between(0.01, 10_000.0)
        .optional();
    let coefficient = table
        .number("crest_coefficient", "its coefficient of discharge, m^(1/2)/s; 1.7046 when absent")
        .between(0.1, 2.5)
        .optional();
    if !outlet_is_whole(table, "crest", &OF_WEIR, &["crest_length"]) {
        return None;
    }
    if !table.has("crest") {
        return Some(None);
    }
    let coefficient = table.or_of_kind("crest_coefficient", coefficient, (BROAD_CRESTED, None));
    Some(Some(Outlet::Weir(Weir { crest: crest?, length: length?, coefficient })))
}

/// A gate; the outer `None` is a mistake.
fn read_gate(table: &Section<'_>) -> Option<Option<Outlet>> {
    let sill =
        table.quantity("sill", Dimension::Length, "level of the sill of the gate").a_level().optional();
    let length = |key: &str, meaning: &str| {
        table.quantity(key, Dimension::Length, meaning).between(0.01, 1000.0).optional()
    };
    let (width, height) =
        (length("opening_width", "width of its opening"), length("opening_height", "height of its opening"));
    let coefficient = table
        .number("opening_coefficient", "its coefficient of discharge; 0.6 when absent")
        .between(0.1, 1.0)
        .optional();
    let time =
        |key: &str, meaning: &str| table.quantity(key, Dimension::Time, meaning).between(0.0, 1e8).optional();
    let opens = time("opens", "time after the start at which it opens; from the start when absent");
    let closes = time("closes", "time after the start at which it closes; never when absent");
    if !outlet_is_whole(table, "sill", &OF_GATE, &["opening_width", "opening_height"]) {
        return None;
    }
    if !table.has("sill") {
        return Some(None);
    }
    let opens = table.or_of_kind("opens", opens, (0.0, Some(Dimension::Time)));
    let closes = closes.unwrap_or(f64::INFINITY);
    if closes <= opens {
        let text = format!("the gate would close at {closes} s, not after the {opens} s at which it opens");
        table.report(1121, "closes", text, "give a later closes, or leave it out where the gate stays open");
        return None;
    }
    let coefficient = table.or_of_kind("opening_coefficient", coefficient, (USUAL_COEFFICIENT, None));
    let (sill, width, height) = (sill?, width?, height?);
    Some(Some(Outlet::Gate(Gate {
        sill,
        width,
        height,
        coefficient,
        has_flap: false,
        open: (opens, closes),
    })))
}

/// True if an outlet that is there has all it needs, and one that is not there has nothing.
fn outlet_is_whole(table: &Section<'_>, level: &str, own: &[&str], needed: &[&str]) -> bool {
    let is_there = table.has(level);
    let mut right = table.has_only_own(
        own.iter().map(|&key| (key, is_there)),
        (1124, &format!("a reservoir without {level}"), &format!("add {level}, or remove it")),
    );
    for key in needed.iter().filter(|key| is_there && !table.has(key)) {
        table.report(1012, key, format!("missing beside {level}"), format!("add {key} = \"4 m\""));
        right = false;
    }
    right
}

/// The table of the storage.
fn storage(table: &Section<'_>, file: Option<&str>, context: &mut Context<'_, '_>) -> Option<Storage> {
    let read = match context.resolver.as_mut()?.storage(file?) {
        Ok(read) => read,
        Err(Problems(problems)) => {
            problems.into_iter().for_each(|problem| table.reading.report(problem));
            return None;
        }
    };
    read.warnings.iter().for_each(|warning| table.reading.report(warning.clone()));
    let storage = Storage::new(&read.points);
    if storage.is_none() {
        let text = "stage and storage do not both rise from line to line, or there is one line only";
        table.report(1125, "storage", text, "order the lines by stage; a higher stage holds more water");
    }
    storage
}

/// True if the water at the start and all ways out lie within the table.
fn lies_in_the_table(table: &Section<'_>, storage: &Storage, initial_stage: f64, outlets: &[Outlet]) -> bool {
    let (low, high) = storage.range();
    let key = |outlet: &Outlet| match outlet {
        Outlet::Weir(_) => "crest",
        Outlet::Gate(_) => "sill",
    };
    let bottoms = outlets.iter().map(|outlet| (key(outlet), outlet.bottom()));
    let mut right = true;
    for (key, level) in std::iter::once(("initial_stage", initial_stage)).chain(bottoms) {
        if !(low..=high).contains(&level) {
            let text = format!("{level} m lies outside the table, which spans {low} to {high} m");
            table.report(1126, key, text, "add lines to the table, or check the datum of the level");
            right = false;
        }
    }
    right
}

/// The release up to the end of the run.
fn route(table: &Section<'_>, reservoir: &Reservoir, name: &str, duration: f64) -> Option<Release> {
    let highest = reservoir.storage.range().1;
    let (text, fix) = match reservoir.route(name, duration) {
        Ok(release) => return Some(release),
        Err(Halt::Full { time }) => (
            format!("the water rises above the table, {highest} m, {time:.0} s after the start"),
            "add lines to the table up to the crest of the dam, and a [[breach]] for what comes then",
        ),
        Err(Halt::TooFast { time }) => (
            format!("the outlets empty the reservoir at once, {time:.0} s after the start"),
            "check the unit of the storage, and the sizes of the outlets",
        ),
    };
    table.report(1127, "storage", text, fix);
    None
}
