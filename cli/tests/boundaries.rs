//! Boundaries as a scenario gives them: by line, polygon, side and file, several at once.

use std::path::Path;

use assert_cmd::Command;

/// A reach of 40 by 12 cells of 10 m that falls to the east by 1 in 500.
fn terrain() -> String {
    let mut text = String::from(
        "ncols 40\nnrows 12\nxllcorner 500000\nyllcorner 3100000\ncellsize 10\nNODATA_value -9999\n",
    );
    for row in 0..12 {
        let bank = f64::from((row - 6_i32).abs().max(1) - 1) * 0.4;
        let levels: Vec<String> =
            (0..40).map(|column| format!("{:.3}", 20.0 - 0.02 * f64::from(column) + bank)).collect();
        text += &(levels.join(" ") + "\n");
    }
    text
}

const HEAD: &str = r#"schema = 1
hazard = "flood"
title = "a river through the quarter"

[site]
crs = "EPSG:32649"

[terrain]
dem = "dem.asc"
manning_n = 0.03

[edges]
all = "wall"

[run]
duration = "30 min"

[outputs]
formats = ["csv"]
"#;

const RIVER: &str = r#"
[[boundary]]
name = "river"
kind = "discharge"
along = [[500000.0, 3100010.0], [500000.0, 3100110.0]]
hydrograph = "river.csv"
"#;

const SEA: &str = r#"
[[boundary]]
name = "sea"
kind = "stage"
along = [[500390.0, 3100000.0], [500410.0, 3100000.0], [500410.0, 3100120.0], [500390.0, 3100120.0], [500390.0, 3100000.0]]
stage = "tide.csv"
"#;

const WEIR: &str = r#"
[[boundary]]
name = "weir"
kind = "rating"
edge = "north"
from_m = 500100.0
to_m = 500200.0
rating_m_m3_s = [[21.0, 0.0], [22.0, 3.0]]
"#;

const DITCH: &str = r#"
[[inflow]]
name = "ditch"
along = [[500100.0, 3100055.0], [500180.0, 3100055.0]]
discharge = "0.5 m3/s"
"#;

fn write(folder: &Path, scenario: &str) {
    let put = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a writable folder");
    put("dem.asc", &terrain());
    put("river.csv", "time_s,discharge_m3_s\n0,0\n600,12\n1800,6\n");
    put("tide.csv", "time_s,stage_m\n0,19.0\n1800,20.2\n");
    put("late.csv", "time_s,stage_m\n60,19.0\n1800,20.2\n");
    put("scenario.toml", scenario);
}

/// Exit code and standard error of a run in a folder.
fn run(folder: &Path) -> (Option<i32>, String) {
    let output = Command::cargo_bin("tuiyan")
        .expect("the program is built")
        .current_dir(folder)
        .args(["run", "scenario.toml", "--out", "result"])
        .output()
        .expect("the program runs");
    (output.status.code(), String::from_utf8(output.stderr).expect("messages are UTF-8"))
}

#[test]
fn several_boundaries_have_entries_of_their_own_in_the_balance() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), &[HEAD, RIVER, SEA, WEIR, DITCH].concat());
    let (code, text) = run(folder.path());
    assert_eq!(code, Some(0), "{text}");
    let record = std::fs::read(folder.path().join("result/run.json")).expect("a record");
    let record: serde_json::Value = serde_json::from_slice(&record).expect("JSON");
    let entries = record["ledger"]["entries"].as_array().expect("entries");
    let entry = |name: &str| {
        let found = entries.iter().find(|entry| entry[0] == name);
        found.and_then(|entry| entry[1].as_f64()).unwrap_or_else(|| panic!("{name} in {entries:?}"))
    };
    // Straight lines from 0 to 12 to 6 m3/s.
    let asked = 0.5 * 600.0 * 12.0 + 0.5 * 1200.0 * 18.0;
    assert!((entry("river_in") / asked - 1.0).abs() < 1e-12, "{}", entry("river_in"));
    assert!((entry("inflow") / 900.0 - 1.0).abs() < 1e-12);
    assert!(entry("sea_out") < -100.0, "the river reaches the sea");
    assert_eq!((entry("river_out"), entry("weir_in")), (0.0, 0.0));
    let error = record["ledger"]["relative_error"].as_f64().expect("a number");
    assert!(error.abs() < 1e-12, "{error:e}");
}

#[test]
fn wrong_boundaries_are_told_with_what_was_given_and_what_the_terrain_spans() {
    let faults = [
        (
            "E1034",
            RIVER.replace("500000.0", "499900.0"),
            "the terrain spans x 500000 to 500400, y 3100000 to 3100120",
        ),
        (
            "E1035",
            [RIVER, "[[boundary]]\nname = \"dam\"\nkind = \"wall\"\nedge = \"west\"\n"].concat(),
            "share 10 faces",
        ),
        ("E1033", RIVER.replace("along =", "edge = \"west\"\nalong ="), "said twice"),
        (
            "E1033",
            "[[boundary]]\nname = \"dam\"\nkind = \"wall\"\n[rain]\nintensity=\"9 mm/h\"\nduration=\"1 h\"\n"
                .into(),
            "not said",
        ),
        ("E1030", RIVER.replace("[[500000.0, 3100010.0], ", "[500000.0, "), "pairs"),
        ("E1031", DITCH.replace("[500100.0, 3100055.0], ", ""), "two points"),
        ("E2304", DITCH.replace("31000", "41000"), "touches no cell"),
        ("E1032", [RIVER, &WEIR.replace("[22.0, 3.0]", "[22.0, -3.0]")].concat(), "rating"),
        (
            "E1011",
            SEA.replace("stage = \"tide.csv\"", "level = \"19 m\"\ndischarge = \"1 m3/s\""),
            "unknown key",
        ),
        ("E1012", RIVER.replace("kind = \"discharge\"\n", ""), "kind"),
        ("E5042", SEA.replace("tide.csv", "late.csv"), "not known before 60 s"),
        ("E5046", SEA.replace("\"sea\"", "\"rain\""), "'rain'"),
    ];
    for (code, scenario, words) in faults {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(folder.path(), &[HEAD, &scenario].concat());
        let (exit, text) = run(folder.path());
        assert_eq!(exit, Some(4), "{code}: {text}");
        assert!(text.contains(code) && text.contains(words), "{code} {words}:\n{text}");
        assert!(!folder.path().join("result").exists());
    }
}
