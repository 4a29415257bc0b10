//! Where a run is computed, and that it is said.

mod gpu;

use std::path::Path;
use std::process::{Command, Output};

use gpu::has_device;

const SCENARIO: &str = r#"schema = 1
hazard = "flood"
title = "on a device"

[site]
crs = "EPSG:32649"

[terrain]
dem = "dem.asc"
manning_n = 0.03

[rain]
intensity = "90 mm/h"
duration = "5 min"

[edges]
all = "open"

[run]
duration = "8 min"
scheme = "hllc-1"
"#;

const CELLS: usize = 32;

fn write_inputs(folder: &Path) {
    let mut text = format!(
        "ncols {CELLS}\nnrows {CELLS}\nxllcorner 500000\nyllcorner 3100000\ncellsize 4\nNODATA_value -9999\n"
    );
    for row in 0..CELLS {
        let level =
            |column: usize| 11.0 - 0.02 * column as f64 + 0.2 * (0.3 * (row + 2 * column) as f64).sin();
        let levels: Vec<String> = (0..CELLS).map(|column| format!("{:.4}", level(column))).collect();
        text += &(levels.join(" ") + "\n");
    }
    std::fs::write(folder.join("dem.asc"), text).expect("a writable folder");
    std::fs::write(folder.join("run.toml"), SCENARIO).expect("a writable folder");
}

const RELEASE: &str = r#"schema = 1
hazard = "gas"
title = "on a device"

[source]
kind = "known_rate"
substance = "carbon monoxide"
at = { lon = 120.9, lat = 30.6 }
height = "2 m"
rate = "1 kg/s"
duration = "5 min"

[weather]
wind_speed = "3 m/s"
wind_from = "W"
stability = "D"
air_temperature = "18 °C"
surroundings = "rural"

[model]
transport = "puffs"

[[receptor]]
name = "school"
at = { lon = 120.902, lat = 30.6 }

[receptors]
extent = "1 km"
cell = "20 m"

[zones]
levels = ["AEGL-2 10 min", "AEGL-3 10 min"]
"#;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("tuiyan"));
    command.current_dir(folder).args(["run", "run.toml"]).args(arguments).output().expect("it runs")
}

fn record(folder: &Path, out: &str) -> serde_json::Value {
    let text = std::fs::read_to_string(folder.join(out).join("run.json")).expect("a record");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn auto_says_that_a_small_grid_goes_to_the_processor_and_why() {
    let folder = tempfile::tempdir().expect("a folder");
    write_inputs(folder.path());
    let output = run(folder.path(), &["--out", "auto"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words.matches("Device: ").count(), 1, "{said}");
    assert!(words.contains("Device: cpu, as "), "{said}");
    let record = record(folder.path(), "auto");
    assert_eq!(record["device"], "cpu");
    let reason = record["device_reason"].as_str().expect("a reason");
    assert!(words.contains(&format!("Device: cpu, as {reason}")), "{reason}: {said}");
}

#[test]
fn the_processor_that_was_asked_for_needs_no_word() {
    let folder = tempfile::tempdir().expect("a folder");
    write_inputs(folder.path());
    let output = run(folder.path(), &["--out", "cpu", "--device", "cpu"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("Device: "));
    assert!(record(folder.path(), "cpu").get("device_reason").is_none());
}

#[test]
fn a_run_on_a_device_gives_the_same_flood_and_refuses_checkpoints() {
    if !has_device() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    write_inputs(folder.path());
    for (out, device) in [("gpu", "gpu:0"), ("again", "gpu:0"), ("cpu", "cpu")] {
        let output = run(folder.path(), &["--out", out, "--device", device, "--quiet"]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let (gpu, cpu) = (record(folder.path(), "gpu"), record(folder.path(), "cpu"));
    assert!(gpu["device"].as_str().expect("a name").starts_with("gpu:0 "), "{gpu}");
    let error = gpu["ledger"]["relative_error"].as_f64().expect("a number");
    assert!(error.abs() <= 1e-6, "balance {error}");
    assert_eq!(gpu["summary"][0], cpu["summary"][0], "the deepest water, to the centimetre");
    let table = |out: &str| std::fs::read(folder.path().join(out).join("max_depth.tif")).expect("a raster");
    assert_eq!(table("gpu"), table("again"), "two runs on one device give the same bytes");
    let refused = run(folder.path(), &["--out", "kept", "--device", "gpu:0", "--checkpoint", "1min"]);
    assert_eq!(refused.status.code(), Some(6));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("E6250"));
}

#[test]
fn a_cloud_of_puffs_on_a_device_has_the_same_zones_and_a_plume_is_refused() {
    if !has_device() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("run.toml"), RELEASE).expect("a writable folder");
    for (out, device) in [("gpu", "gpu:0"), ("again", "gpu:0"), ("cpu", "cpu"), ("auto", "auto")] {
        let output = run(folder.path(), &["--out", out, "--device", device, "--quiet"]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let [gpu, cpu, auto] = ["gpu", "cpu", "auto"].map(|out| record(folder.path(), out));
    assert!(gpu["device"].as_str().expect("a name").starts_with("gpu:0 "), "{gpu}");
    assert_eq!((&cpu["device"], &auto["device"]), (&"cpu".into(), &"cpu".into()), "a small grid");
    assert_eq!(gpu["summary"], cpu["summary"], "zones and radius, to the metre");
    assert_eq!(gpu["steps"], cpu["steps"]);
    let products = |record: &serde_json::Value| {
        let all = record["products"].as_array().expect("a list").iter();
        all.map(|product| product["path"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(products(&gpu), products(&cpu), "the same files");
    let raster = |out: &str| {
        let path = folder.path().join(out).join("concentration_ppm.tif");
        std::fs::read(path).expect("a raster")
    };
    assert_eq!(raster("gpu"), raster("again"), "two runs on one device give the same bytes");
    let plume = ["--out", "plume", "--device", "gpu:0", "--set", "model.transport=plume"];
    let refused = run(folder.path(), &plume);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(6), "{said}");
    assert!(said.contains("E6250") && said.contains("steady plumes"), "{said}");
}

#[test]
fn bench_measures_every_scheme_and_forecasts_a_run() {
    let tuiyan = |arguments: &[&str]| {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("tuiyan"));
        command.arg("bench").args(arguments).output().expect("it runs")
    };
    let output = tuiyan(&["--device", "cpu", "--side", "64", "--grid", "400x300", "--json", "--quiet"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let cpu = &found["devices"][0];
    assert!(cpu["memory_bytes_per_second"].as_f64().expect("a number") > 0.0);
    let schemes = cpu["schemes"].as_array().expect("a list");
    assert_eq!(schemes.len(), 3);
    for scheme in schemes {
        for number in ["cell_steps_per_second", "bytes_per_second", "expected_seconds"] {
            assert!(scheme[number].as_f64().expect("a number") > 0.0, "{scheme}");
        }
    }
    assert!(cpu["puffs"]["pairs_per_second"].as_f64().expect("a number") > 0.0, "{cpu}");
    let part = tuiyan(&["--device", "cpu", "--side", "64", "--wet", "25", "--json", "--quiet"]);
    let found: serde_json::Value = serde_json::from_slice(&part.stdout).expect("one JSON document");
    let share = found["devices"][0]["schemes"][0]["wet_share"].as_f64().expect("a number");
    assert!((share - 0.25).abs() < 1e-9, "{share}");
    assert_eq!(tuiyan(&["--wet", "100"]).status.code(), Some(2));
    assert_eq!(tuiyan(&["--grid", "400"]).status.code(), Some(2));
    assert_eq!(tuiyan(&["--cell-size", "2 m"]).status.code(), Some(2), "the size of cells of no grid");
}
