//! `tuiyan compare`: two flood results beside each other.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// A slope that drains into a walled corner with a named place.
const SCENARIO: &str = r#"schema = 1
hazard = "flood"
title = "a yard"

[site]
crs = "EPSG:32649"

[terrain]
dem = "dem.asc"
manning_n = 0.03

[rain]
intensity = "60 mm/h"
duration = "20 min"

[edges]
all = "wall"

[[place]]
name = "drain"
at = { x_m = 500001.0, y_m = 3100001.0 }

[run]
duration = "30 min"
"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut dem = "ncols 12\nnrows 12\nxllcorner 500000\nyllcorner 3100000\ncellsize 2\nNODATA_value -9999\n"
        .to_owned();
    for row in 0..12 {
        let levels: Vec<String> =
            (0..12).map(|column| format!("{:.2}", 10.0 + 0.04 * f64::from(column + 11 - row))).collect();
        dem += &(levels.join(" ") + "\n");
    }
    write(folder.path(), "dem.asc", &dem);
    write(folder.path(), "yard.toml", SCENARIO);
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("a writable folder");
}

fn tuiyan(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tuiyan"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("the program runs")
}

fn run(folder: &Path, out: &str, arguments: &[&str]) {
    let output = tuiyan(folder, &[&["run", "yard.toml", "--quiet", "--out", out], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

fn refused(folder: &Path, arguments: &[&str], parts: &[&str]) {
    let output = tuiyan(folder, &[&["compare"], arguments].concat());
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{text}");
    for part in parts.iter().chain(&["fix "]) {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
}

#[test]
fn more_rain_makes_more_water_and_itself_makes_none() {
    let folder = folder();
    run(folder.path(), "before", &[]);
    run(folder.path(), "again", &[]);
    run(folder.path(), "after", &["--set", "rain.intensity=90 mm/h"]);
    let output = tuiyan(folder.path(), &["compare", "before", "after", "--out", "d"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    for part in [
        "B is deeper",
        "B is nowhere shallower",
        "(after), with rain.intensity=90 mm/h",
        "critical success index",
        "hit rate 1.00",
        "drain: A",
    ] {
        assert!(said.contains(part), "{part} is missing in\n{said}");
    }
    let wide: Vec<&str> = said.lines().filter(|line| line.len() > 80).collect();
    assert!(wide.is_empty(), "{wide:#?}");
    for name in [
        "max_depth_difference.tif",
        "max_depth_difference.png",
        "arrival_time_difference.tif",
        "arrival_time_difference.png",
        "area_by_depth.csv",
        "places_compared.csv",
        "run.json",
    ] {
        assert!(folder.path().join("d").join(name).exists(), "{name}");
    }
    let places = std::fs::read_to_string(folder.path().join("d/places_compared.csv")).expect("a table");
    let peak = places.lines().find(|line| line.starts_with("drain,max_depth_m,")).expect("the peak");
    let numbers: Vec<f64> = peak.split(',').skip(2).filter_map(|cell| cell.parse().ok()).collect();
    assert!(numbers[1] > numbers[0] && (numbers[1] - numbers[0] - numbers[2]).abs() < 1e-12, "{peak}");

    let output = tuiyan(folder.path(), &["compare", "before", "again", "--out", "s", "--json"]);
    let record: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!(record["hazard"], "flood comparison");
    assert!(record["summary"].to_string().contains("the same in every cell"), "{record}");
}

#[test]
fn grids_that_differ_are_refused_with_both_values() {
    let folder = folder();
    run(folder.path(), "one", &[]);
    let dem = std::fs::read_to_string(folder.path().join("dem.asc")).expect("a grid");
    write(folder.path(), "dem.asc", &dem.replace("cellsize 2", "cellsize 4").replace("500000", "500100"));
    write(folder.path(), "yard.toml", &SCENARIO.replace("500001", "500101").replace("32649", "32650"));
    run(folder.path(), "two", &[]);
    let parts = ["E1103", "A has 2 x 2, B has 4 x 4", "x 500000", "x 500100", "EPSG:32649", "EPSG:32650"];
    refused(folder.path(), &["one", "two"], &parts);
    assert!(!folder.path().join("out").exists());
}

#[test]
fn what_is_not_a_finished_flood_is_refused() {
    let folder = folder();
    run(folder.path(), "one", &[]);
    write(folder.path(), "gas.toml", include_str!("../../examples/gas_main.toml"));
    assert_eq!(tuiyan(folder.path(), &["run", "gas.toml", "--quiet", "--out", "gas"]).status.code(), Some(0));
    std::fs::create_dir(folder.path().join("empty")).expect("a folder");
    refused(folder.path(), &["empty", "nowhere"], &["empty", "nowhere", "E1102"]);
    refused(folder.path(), &["one", "gas"], &["E1104", "\"gas\""]);
    refused(folder.path(), &["one", "one"], &["E1106"]);
    run(folder.path(), "two", &["--set", "outputs.formats=[\"csv\"]"]);
    refused(folder.path(), &["one", "two"], &["E1105", "max_depth.tif"]);
    run(folder.path(), "two", &[]);
    refused(folder.path(), &["one", "two", "--out", "two"], &["E1107"]);
    assert_eq!(
        tuiyan(folder.path(), &["compare", "one", "two", "--quiet", "--out", "d"]).status.code(),
        Some(0)
    );
    refused(folder.path(), &["one", "d"], &["E1104", "flood comparison"]);
}
