//! The JSON Schema of the scenario says what the reader reads.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sim_core::error::{Problem, Result};
use sim_core::scenario::{self, Resolver, SampleMeaning, SeriesKind, SeriesRead, TerrainFile, WeatherRead};

const EXAMPLES: [(&str, &str); 3] = [
    ("city_quarter.toml", include_str!("../../examples/city_quarter.toml")),
    ("gas_main.toml", include_str!("../../examples/gas_main.toml")),
    ("newcastle.toml", include_str!("../../examples/newcastle.toml")),
];

/// A world without files.
struct NoFiles;

impl Resolver for NoFiles {
    fn terrain(&mut self, path: &str) -> Result<TerrainFile> {
        Err(Problem::error(2001, path).into())
    }

    fn series(&mut self, path: &str, _: SeriesKind, _: SampleMeaning) -> Result<SeriesRead> {
        Err(Problem::error(3001, path).into())
    }

    fn weather(&mut self, path: &str) -> Result<WeatherRead> {
        Err(Problem::error(3001, path).into())
    }
}

/// The schema of a key inside a table, through lists.
fn inside<'s>(schema: &'s Value, key: &str) -> Option<&'s Value> {
    let table = if schema["type"] == "array" { &schema["items"] } else { schema };
    table["properties"].get(key)
}

/// Keys of a table that the schema knows.
fn keys_of(schema: &Value) -> BTreeSet<String> {
    let table = if schema["type"] == "array" { &schema["items"] } else { schema };
    table["properties"].as_object().into_iter().flatten().map(|entry| entry.0.clone()).collect()
}

fn unknown_keys(value: &toml::Value, schema: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                match inside(schema, key) {
                    Some(schema) => unknown_keys(value, schema, &format!("{path}.{key}"), found),
                    None => found.push(format!("{path}.{key}")),
                }
            }
        }
        toml::Value::Array(items) => items.iter().for_each(|item| unknown_keys(item, schema, path, found)),
        _ => {}
    }
}

#[test]
fn every_key_of_the_examples_is_in_the_schema() {
    let schema = scenario::schema();
    for (name, text) in EXAMPLES {
        let document: toml::Value = toml::from_str(text).expect("an example is TOML");
        let mut found = Vec::new();
        unknown_keys(&document, &schema, name, &mut found);
        assert!(found.is_empty(), "{found:?}");
    }
}

#[test]
fn what_a_hazard_needs_is_in_its_examples_and_what_it_does_not_know_is_not() {
    let schema = scenario::schema();
    for (name, text) in EXAMPLES {
        let document: toml::Value = toml::from_str(text).expect("an example is TOML");
        let hazard = document["hazard"].as_str().expect("a hazard");
        let branches = schema["allOf"].as_array().expect("a branch for each hazard");
        let branch = branches
            .iter()
            .find(|branch| branch["if"]["properties"]["hazard"]["const"] == hazard)
            .unwrap_or_else(|| panic!("{hazard} has a branch"));
        let needed = branch["then"]["required"].as_array().expect("a list");
        assert!(needed.len() >= 3, "{hazard} needs {needed:?}");
        assert!((1..needed.len()).all(|i| !needed[..i].contains(&needed[i])), "{needed:?} has one twice");
        for table in needed.iter().chain(schema["required"].as_array().expect("a list")) {
            let table = table.as_str().expect("a name");
            assert!(document.get(table).is_some(), "{name} runs without {table}, which is called required");
        }
        for (table, allowed) in branch["then"]["properties"].as_object().expect("tables") {
            assert!(allowed == false && document.get(table).is_none(), "{name} has {table}");
        }
    }
}

#[test]
fn a_table_that_is_called_required_is_missed_by_the_reader() {
    let schema = scenario::schema();
    for branch in schema["allOf"].as_array().expect("a branch for each hazard") {
        let hazard = branch["if"]["properties"]["hazard"]["const"].as_str().expect("a hazard");
        let text = format!("schema = 1\nhazard = \"{hazard}\"\ntitle = \"t\"\n");
        let problems =
            scenario::read(&text, "f", &[], &mut NoFiles).expect_err("nearly everything is missing");
        for table in branch["then"]["required"].as_array().expect("a list") {
            let table = table.as_str().expect("a name");
            let missed = problems.0.iter().any(|problem| {
                problem.place.key.as_deref().is_some_and(|key| key.starts_with(&format!("{table}.")))
            });
            assert!(missed, "{hazard}: nobody misses {table}:\n{problems}");
        }
    }
}

/// Scenarios that between them have every table, each with a key that nobody knows.
const STRANGE: [&str; 14] = [
    "schema = 1\nhazard = \"flood\"\ntitle = \"t\"\nqqqq = 1\n\
     [site]\nqqqq = 1\n[terrain]\nqqqq = 1\ncentre = { qqqq = 1 }\n[initial]\nqqqq = 1\n[rain]\nqqqq = 1\n\
     [losses]\nqqqq = 1\n[edges]\nqqqq = 1\n[run]\nqqqq = 1\n[outputs]\nqqqq = 1\n[products]\nqqqq = 1\n\
     [[products.depth_class]]\nqqqq = 1\n[[inflow]]\nqqqq = 1\nat = { qqqq = 1 }\n\
     reservoir = { qqqq = 1 }\n",
    "schema = 1\nhazard = \"gas\"\ntitle = \"t\"\nqqqq = 1\n[site]\nqqqq = 1\n\
     [source]\nkind = \"gas_hole\"\nqqqq = 1\nat = { qqqq = 1 }\n[weather]\nqqqq = 1\nstation = { qqqq = 1 }\n[receptors]\nqqqq = 1\n\
     [zones]\nqqqq = 1\n[outputs]\nqqqq = 1\n[products]\nqqqq = 1\n",
    "schema = 1\nhazard = \"flood\"\ntitle = \"t\"\n\
     [[boundary]]\nkind = \"stage\"\nqqqq = 1\n[[boundary]]\nkind = \"discharge\"\nqqqq = 1\n\
     [[boundary]]\nkind = \"rating\"\nqqqq = 1\n[[boundary]]\nkind = \"slope\"\nqqqq = 1\n",
    "schema = 1\nhazard = \"flood\"\ntitle = \"t\"\n[infiltration]\nqqqq = 1\n\
     [land_cover]\nqqqq = 1\n[[land_cover.class]]\nqqqq = 1\n\
     [rain]\nqqqq = 1\nmovement = { qqqq = 1, at = { qqqq = 1 } }\n\
     [[rain.gauge]]\nqqqq = 1\nat = { qqqq = 1 }\n[[place]]\nqqqq = 1\nat = { qqqq = 1 }\n\
     [[breach]]\nqqqq = 1\nlevel_at = { qqqq = 1 }\n\
     [[structure]]\nkind = \"pump\"\nqqqq = 1\nfrom = { qqqq = 1 }\nto = { qqqq = 1 }\n\
     [[exposure]]\nqqqq = 1\n[buildings]\nqqqq = 1\n[[levee]]\nqqqq = 1\ngap = { qqqq = 1 }\n[[bridge]]\nqqqq = 1\n\
     [sewers]\nqqqq = 1\n[[sewers.inlet]]\nqqqq = 1\n",
    "schema = 1\nhazard = \"gas\"\ntitle = \"t\"\n[source]\nkind = \"known_rate\"\nqqqq = 1\n[model]\nqqqq = 1\n[heavy_gas]\nqqqq = 1\n\
     [[receptor]]\nqqqq = 1\nat = { qqqq = 1 }\n\
     [fire]\nqqqq = 1\n[blast]\nqqqq = 1\n[indoor_leak]\nqqqq = 1\n[[preset]]\nqqqq = 1\n\
     [[line_receptor]]\nqqqq = 1\nfrom = { qqqq = 1 }\nto = { qqqq = 1 }\n",
    "schema = 1\nhazard = \"gas\"\ntitle = \"t\"\n[source]\nkind = \"city_gas\"\nqqqq = 1\n",
    "schema = 1\nhazard = \"gas\"\ntitle = \"t\"\n[source]\nkind = \"pipeline_blowdown\"\nqqqq = 1\n",
    "schema = 1\nhazard = \"gas\"\ntitle = \"t\"\n[source]\nkind = \"vessel_blowdown\"\nqqqq = 1\n",
    "schema = 1\nhazard = \"gas\"\ntitle = \"t\"\n[source]\nkind = \"known_mass\"\nqqqq = 1\n",
    "schema = 1\nhazard = \"gas\"\ntitle = \"t\"\n[source]\nkind = \"series\"\nqqqq = 1\n",
    "schema = 1\nhazard = \"gas\"\ntitle = \"t\"\n[source]\nkind = \"relief_valve\"\nqqqq = 1\n",
    "schema = 1\nhazard = \"gas\"\ntitle = \"t\"\n[source]\nkind = \"liquid_tank\"\nqqqq = 1\npool = { qqqq = 1 }\n",
    "schema = 1\nhazard = \"gas\"\ntitle = \"t\"\n[source]\nkind = \"flashing\"\nqqqq = 1\n",
    "schema = 1\nhazard = \"gas\"\ntitle = \"t\"\n[source]\nkind = \"pool\"\nqqqq = 1\n",
];

#[test]
fn the_reader_and_the_schema_know_the_same_keys_in_every_table() {
    // The message about an unknown key lists every key that the reader asked for.
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for text in STRANGE {
        let problems = scenario::read(text, "f", &[], &mut NoFiles).expect_err("a strange key");
        for problem in problems.0.iter().filter(|problem| problem.code.0 == 1011) {
            let key = problem.place.key.as_deref().unwrap_or_default();
            let table = key.strip_suffix("qqqq").expect("only qqqq is unknown").trim_end_matches('.');
            // The tables of a list are numbered; the schema describes them once.
            let table = table.replace(['[', '1', '2', '3', '4', ']'], "");
            let fix = problem.fix.as_deref().unwrap_or_default();
            let keys = fix.split_once("keys here: ").expect("a list of keys").1;
            known.entry(table).or_default().extend(keys.split(", ").map(str::to_owned));
        }
    }
    let schema = scenario::schema();
    let mut described = BTreeMap::from([(String::new(), keys_of(&schema))]);
    let mut open = vec![(String::new(), &schema)];
    while let Some((path, table)) = open.pop() {
        for key in keys_of(table) {
            let inner = inside(table, &key).expect("a key of the table");
            if !keys_of(inner).is_empty() {
                let path = format!("{path}.{key}").trim_start_matches('.').to_owned();
                described.insert(path.clone(), keys_of(inner));
                open.push((path, inner));
            }
        }
    }
    assert_eq!(known, described);
}
