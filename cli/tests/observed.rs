//! `tuiyan run --observed`: a flood held against gauges.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// A flat yard between walls under rain that fills it by a millimetre a minute: the depth is
/// known everywhere and at all times.
const SCENARIO: &str = r#"schema = 1
hazard = "flood"
title = "a yard that fills"
start = 2026-07-01T08:00:00+08:00

[site]
crs = "EPSG:32649"

[terrain]
dem = "dem.asc"
manning_n = 0.03

[rain]
intensity = "60 mm/h"
duration = "2 h"

[edges]
all = "wall"

[[place]]
name = "Mill gate"
kind = "gauge"
at = { x_m = 500009.0, y_m = 3100009.0 }

[[place]]
name = "yard"
at = { x_m = 500003.0, y_m = 3100003.0 }

[outputs]
formats = ["csv", "png"]

[run]
duration = "40 min"
"#;

/// The model has 0, 10, 20, 30 mm: errors 0, -10, 0, -10 mm; the mean of the readings is 20 mm.
const GAUGES: &str = "time_min,mill_gate_depth_mm,yard_level_m\n\
    0,0,12\n10,20,12.01\n20,20,\n30,40,12.03\n50,1,12.05\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let row = "12 12 12 12 12 12 12 12\n";
    let dem = format!(
        "ncols 8\nnrows 8\nxllcorner 500000\nyllcorner 3100000\ncellsize 2\nNODATA_value -9999\n{}",
        row.repeat(8)
    );
    write(folder.path(), "dem.asc", &dem);
    write(folder.path(), "yard.toml", SCENARIO);
    write(folder.path(), "gauges.csv", GAUGES);
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("a writable folder");
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tuiyan"))
        .current_dir(folder)
        .args(["run", "yard.toml", "--out", "r"])
        .args(arguments)
        .output()
        .expect("the program runs")
}

fn record(folder: &Path) -> Value {
    let text = std::fs::read_to_string(folder.join("r/run.json")).expect("a record");
    serde_json::from_str(&text).expect("JSON")
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is a number"))
}

#[test]
fn measures_are_those_reckoned_by_hand() {
    let folder = folder();
    let output = run(folder.path(), &["--observed", "gauges.csv"]);
    let (said, remarks) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{remarks}");
    let record = record(folder.path());
    let mill = &record["observed"][0];
    assert_eq!((&mill["place"], &mill["quantity"]), (&"Mill gate".into(), &"depth".into()));
    assert_eq!((&mill["pairs"], &mill["outside"], &mill["gaps"]), (&4.into(), &1.into(), &0.into()));
    // 1 - (1e-4 + 1e-4) / (4e-4 + 4e-4), root of 2e-4 / 4, mean of 0, -10, 0, -10 mm.
    assert!((number(&mill["nash_sutcliffe"]) - 0.75).abs() < 1e-6, "{mill}");
    assert!((number(&mill["rmse_m"]) - 0.5e-4_f64.sqrt()).abs() < 1e-8, "{mill}");
    assert!((number(&mill["bias_m"]) + 0.005).abs() < 1e-8, "{mill}");
    assert!((number(&mill["observed_peak_m"]) - 0.04).abs() < 1e-12);
    assert!((number(&mill["modelled_peak_m"]) - 0.03).abs() < 1e-8);
    assert_eq!(number(&mill["modelled_peak_s"]), 1800.0);
    // The other gauge reads what the model has.
    let yard = &record["observed"][1];
    assert_eq!((&yard["pairs"], &yard["gaps"], &yard["outside"]), (&3.into(), &1.into(), &1.into()));
    assert!(number(&yard["nash_sutcliffe"]) > 1.0 - 1e-9 && number(&yard["rmse_m"]) < 1e-8, "{yard}");
    for part in ["Mill gate, depth against readings", "NSE 0.75", "RMSE 7.1 mm", "bias -5.0 mm", "4 pairs"] {
        assert!(said.replace("\n    ", " ").contains(part), "{part} is missing in\n{said}");
    }
    for code in ["W2437", "W2438"] {
        assert!(remarks.contains(code), "{code} is missing in\n{remarks}");
    }
    for name in [
        "observed_comparison.csv",
        "observed_series.csv",
        "observed_Mill_gate_depth.png",
        "observed_yard_level.png",
    ] {
        assert!(folder.path().join("r").join(name).metadata().is_ok_and(|about| about.len() > 200), "{name}");
    }
    let paths: Vec<&str> =
        record["inputs"].as_array().into_iter().flatten().filter_map(|i| i["path"].as_str()).collect();
    assert!(paths.contains(&"gauges.csv"), "{paths:?}");
}

#[test]
fn a_model_against_itself_scores_one() {
    let folder = folder();
    assert_eq!(run(folder.path(), &[]).status.code(), Some(0));
    assert_eq!(record(folder.path()).get("observed"), None);
    // Lines of the table of places: name, time in minutes, depth, speed, level.
    let series = std::fs::read_to_string(folder.path().join("r/place_series.csv")).expect("a table");
    let lines = series.lines().filter(|line| line.starts_with("Mill gate,")).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        format!("{},{},{}\n", cells[0], cells[1], cells[4])
    });
    write(folder.path(), "gauges.csv", &format!("place,time_min,level_m\n{}", lines.collect::<String>()));
    assert_eq!(run(folder.path(), &["--observed", "gauges.csv"]).status.code(), Some(0));
    let gauge = record(folder.path())["observed"][0].clone();
    assert!(number(&gauge["pairs"]) > 40.0 && gauge["outside"] == 0, "{gauge}");
    assert_eq!((number(&gauge["nash_sutcliffe"]), number(&gauge["rmse_m"])), (1.0, 0.0), "{gauge}");
}

#[test]
fn gauges_are_held_against_a_run_that_goes_on() {
    let folder = folder();
    let arguments = ["--observed", "gauges.csv", "--quiet"];
    assert_eq!(run(folder.path(), &arguments).status.code(), Some(0));
    let whole = record(folder.path())["observed"].clone();
    let output = run(folder.path(), &["--observed", "gauges.csv", "--quiet", "--resume"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(record(folder.path())["observed"], whole);
}

#[test]
fn every_gauge_that_is_not_understood_is_told_before_the_run() {
    let folder = folder();
    write(
        folder.path(),
        "gauges.csv",
        "time_min,mil_gate_depth_m,yard_m,yard_depth_m,harbour_level_m\n0,0,0,-9999,1\n10,0,0,x,1\n",
    );
    let output = run(folder.path(), &["--observed", "gauges.csv"]);
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{text}");
    for part in ["E2431", "mill_gate_depth_m", "E2430", "yard_level_m", "E2436", "E3015", "harbour"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    assert!(!folder.path().join("r").exists());
}

#[test]
fn a_place_that_is_missing_and_a_gas_run_are_refused() {
    let folder = folder();
    let places = SCENARIO.split("[[place]]").next().expect("a beginning");
    write(folder.path(), "yard.toml", &format!("{places}[run]\nduration = \"1 min\"\n"));
    let output = run(folder.path(), &["--observed", "gauges.csv"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&output.stderr).contains("E1101"));
    let gas = include_str!("../../examples/gas_main.toml");
    write(folder.path(), "yard.toml", gas);
    let output = run(folder.path(), &["--observed", "gauges.csv"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&output.stderr).contains("E1100"));
}
