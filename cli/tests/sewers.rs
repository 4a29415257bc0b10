//! A scenario with sewers from the command line, where the library of SWMM is.

use std::path::Path;
use std::process::Command;

const SCENARIO: &str = r#"schema = 1
hazard = "flood"
title = "two manholes"

[site]
crs = "local"

[terrain]
dem = "dem.asc"
manning_n = 0.03

[rain]
intensity = "150 mm/h"
duration = "15 min"

[sewers]
network = "net.inp"
perimeter = "2.4 m"
opening = "0.15 m2"

[edges]
all = "wall"

[run]
duration = "20 min"
"#;

/// The pipe to the outfall is too small for the storm.
const NET: &str = "[OPTIONS]\nFLOW_UNITS LPS\nFLOW_ROUTING DYNWAVE\n\
    [JUNCTIONS]\nA 7.6 2.4\nB 7.5 2.5\n[OUTFALLS]\nO 7.0 FREE\n\
    [CONDUITS]\nPA A B 35 0.013 0 0\nPB B O 30 0.013 0 0\n\
    [XSECTIONS]\nPA CIRCULAR 0.3 0 0 0 1\nPB CIRCULAR 0.1 0 0 0 1\n\
    [COORDINATES]\nA 12.5 22.5\nB 47.5 22.5\nO 60 22.5\n";

fn write_inputs(folder: &Path) {
    let level = |row: f64, column: f64| {
        let from = |r: f64, c: f64| (row - r).hypot(column - c);
        10.0 + 0.1 * from(3.0, 2.0).min(from(3.0, 9.0))
    };
    let mut dem =
        String::from("ncols 12\nnrows 8\nxllcorner 0\nyllcorner 0\ncellsize 5\nNODATA_value -9999\n");
    for row in 0..8 {
        let levels: Vec<String> =
            (0..12).map(|column| format!("{:.3}", level(f64::from(row), f64::from(column)))).collect();
        dem.push_str(&levels.join(" "));
        dem.push('\n');
    }
    for (name, text) in [("dem.asc", dem.as_str()), ("net.inp", NET), ("scenario.toml", SCENARIO)] {
        std::fs::write(folder.join(name), text).expect("a writable folder");
    }
}

#[test]
fn a_run_with_sewers_tells_what_it_took_what_it_gave_back_and_what_was_changed() {
    // The library is not part of the project; TUIYAN_SWMM names it.
    if std::env::var_os("TUIYAN_SWMM").is_none() {
        assert!(std::env::var("SIM_SWMM_TESTS").as_deref() != Ok("require"), "TUIYAN_SWMM is not set");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_inputs(folder.path());
    let output = Command::new(env!("CARGO_BIN_EXE_tuiyan"))
        .current_dir(folder.path())
        .args(["run", "scenario.toml", "--out", "r", "--json", "--quiet"])
        .output()
        .expect("the program runs");
    let record: serde_json::Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    assert_eq!(record["status"], "done");
    assert!(record["ledger"]["relative_error"].as_f64().expect("a number").abs() <= 1e-9);
    let told = record.to_string();
    for wanted in ["EPA SWMM 5", "Sewers: took", "Surface and sewers together", "net.inp"] {
        assert!(told.contains(wanted), "{wanted} in {told}");
    }
    let out = folder.path().join("r");
    let manholes = std::fs::read_to_string(out.join("manhole_list.csv")).expect("a table");
    assert!(manholes.lines().any(|line| line.starts_with("A,")), "{manholes}");
    let points = std::fs::read_to_string(out.join("waterlogging_points.csv")).expect("a table");
    assert!(points.contains("manhole "), "a manhole that spills is listed: {points}");
}
