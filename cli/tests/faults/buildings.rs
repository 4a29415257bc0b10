//! Faults of buildings on the ground.

use assert_cmd::Command;

use crate::harness::{FLOOD, Fault, S, check, fault, write_inputs};

/// Polygons in the plane of the sound flood, with one attribute each: four cells, and less than one.
const HOUSES: &str = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:32649"}},"features":[
{"type":"Feature","properties":{"h":6},"geometry":{"type":"Polygon","coordinates":[[[500002,3100000],[500006,3100000],[500006,3100004],[500002,3100004],[500002,3100000]]]}},
{"type":"Feature","properties":{"h":3},"geometry":{"type":"Polygon","coordinates":[[[500000.2,3100004.2],[500000.6,3100004.2],[500000.6,3100004.6],[500000.2,3100004.6],[500000.2,3100004.2]]]}}]}"#;

/// Put before `[edges]`: buildings from a file.
const BLOCKED: &str =
    "[buildings]\nfile = \"houses.geojson\"\ntreatment = \"blocked\"\nroof_rain = \"to-street\"\n\n[edges]";
const RAISED: &str = "[buildings]\nfile = \"houses.geojson\"\ntreatment = \"raised\"\nheight_column = \"h\"\nroof_rain = \"stays\"\n\n[edges]";

fn faults() -> Vec<Fault> {
    vec![
        fault("buildings_missing_file", FLOOD, &[(S, "[edges]", BLOCKED)]),
        fault("buildings_empty_section", FLOOD, &[(S, "[edges]", "[buildings]\n\n[edges]")]),
        fault(
            "buildings_words",
            FLOOD,
            &[
                (S, "[edges]", BLOCKED),
                (S, "\"blocked\"", "\"blockd\""),
                (S, "\"to-street\"", "\"to street\""),
                ("houses.geojson", "", HOUSES),
            ],
        ),
        fault(
            "buildings_blocked_with_height",
            FLOOD,
            &[
                (S, "[edges]", BLOCKED),
                (S, "\"to-street\"", "\"stays\"\nheight = \"3 m\"\nheight_column = \"h\""),
                ("houses.geojson", "", HOUSES),
            ],
        ),
        fault(
            "buildings_raised_without_height",
            FLOOD,
            &[(S, "[edges]", RAISED), (S, "height_column = \"h\"\n", ""), ("houses.geojson", "", HOUSES)],
        ),
        fault(
            "buildings_height_twice",
            FLOOD,
            &[
                (S, "[edges]", RAISED),
                (S, "height_column", "height = \"3 m\"\nheight_column"),
                ("houses.geojson", "", HOUSES),
            ],
        ),
        fault(
            "buildings_height_not_positive",
            FLOOD,
            &[
                (S, "[edges]", RAISED),
                (S, "height_column = \"h\"", "height = \"-3 m\""),
                ("houses.geojson", "", HOUSES),
            ],
        ),
        fault(
            "buildings_height_column_missing",
            FLOOD,
            &[(S, "[edges]", RAISED), (S, "\"h\"", "\"height\""), ("houses.geojson", "", HOUSES)],
        ),
        fault(
            "buildings_heights_in_the_file",
            FLOOD,
            &[
                (S, "[edges]", RAISED),
                ("houses.geojson", "", HOUSES),
                ("houses.geojson", "\"h\":6", "\"h\":-6"),
                ("houses.geojson", "\"h\":3", "\"h\":null"),
            ],
        ),
        fault(
            "buildings_elsewhere",
            FLOOD,
            &[
                (S, "[edges]", BLOCKED),
                ("houses.geojson", "", HOUSES),
                ("houses.geojson", "EPSG:32649", "EPSG:32650"),
            ],
        ),
        fault(
            "buildings_of_points",
            FLOOD,
            &[
                (S, "[edges]", BLOCKED),
                (
                    "houses.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Point\",\"coordinates\":[111.0,28.02]}}]}",
                ),
            ],
        ),
        fault(
            "buildings_smaller_than_cells",
            FLOOD,
            &[
                (S, "[edges]", BLOCKED),
                ("houses.geojson", "", HOUSES),
                (
                    "houses.geojson",
                    "[[[500002,3100000],[500006,3100000],[500006,3100004],[500002,3100004],[500002,3100000]]]",
                    "[[[500002.2,3100000.2],[500002.6,3100000.2],[500002.6,3100000.6],[500002.2,3100000.2]]]",
                ),
            ],
        ),
        fault(
            "buildings_on_all_ground",
            FLOOD,
            &[
                (S, "[edges]", BLOCKED),
                ("houses.geojson", "", HOUSES),
                (
                    "houses.geojson",
                    "[[[500002,3100000],[500006,3100000],[500006,3100004],[500002,3100004],[500002,3100000]]]",
                    "[[[499999,3099999],[500009,3099999],[500009,3100009],[499999,3100009],[499999,3099999]]]",
                ),
            ],
        ),
        fault(
            "buildings_over_other_things",
            FLOOD,
            &[(S, "[edges]", BLOCKED), (S, "[edges]", INSIDE), ("houses.geojson", "", HOUSES)],
        ),
    ]
}

/// Things at a point that a house covers.
const INSIDE: &str = r#"[[inflow]]
name = "main"
at = { x_m = 500003.0, y_m = 3100001.0 }
discharge = "0.1 m3/s"
[[place]]
name = "cellar"
at = { x_m = 500003.0, y_m = 3100001.0 }
[[structure]]
name = "pump"
kind = "pump"
from = { x_m = 500003.0, y_m = 3100001.0 }
capacity = "0.1 m3/s"
on_depth = "0.2 m"
off_depth = "0.1 m"
[[breach]]
name = "levee"
along = [[500001, 3100005], [500007, 3100005]]
width = "2 m"
bottom = "0 m"
duration = "1 min"
water_level = "5 m"
level_at = { x_m = 500003.0, y_m = 3100001.0 }

[edges]"#;

#[test]
fn faults_of_buildings_have_their_messages_and_leave_no_result() {
    check(&faults());
}

#[test]
fn raised_houses_run_and_what_is_left_out_or_lies_on_a_roof_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let changes: &[(&str, &str, &str)] = &[
        (S, "[edges]", RAISED),
        (S, "[edges]", "[[place]]\nname = \"roof\"\nat = { x_m = 500003.0, y_m = 3100001.0 }\n\n[edges]"),
        ("houses.geojson", "", HOUSES),
    ];
    write_inputs(folder.path(), &Fault { changes, ..fault("sound", FLOOD, &[]) });
    let output = Command::cargo_bin("tuiyan")
        .expect("the program is built")
        .current_dir(folder.path())
        .args(["run", S, "--out", "result"])
        .output()
        .expect("the program runs");
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{text}");
    for code in ["W1111", "W1116"] {
        assert!(text.contains(code), "{code} is missing in\n{text}");
    }
    let record = std::fs::read_to_string(folder.path().join("result/run.json")).expect("a record");
    for line in ["Buildings: 1 on 4 cells (16 m2), raised", "\"buildings.cells\": 4"] {
        assert!(record.contains(line), "{line} is missing in\n{record}");
    }
}
