//! Faults of scenario file itself.

use std::collections::BTreeSet;

use crate::harness::{FLOOD, Fault, GAS, S, check, fault, message};

fn faults() -> Vec<Fault> {
    vec![
        fault("syntax", FLOOD, &[(S, "manning_n = 0.03", "manning_n = = 0.03")]),
        fault("duplicate_key", FLOOD, &[(S, "manning_n = 0.03", "manning_n = 0.03\nmanning_n = 0.02")]),
        fault("unknown_key", FLOOD, &[(S, "manning_n", "maning_n")]),
        fault("unknown_table", FLOOD, &[(S, "[rain]", "[rainfall]")]),
        fault("wrong_schema", FLOOD, &[(S, "schema = 1", "schema = 2")]),
        fault("missing_edges", FLOOD, &[(S, "[edges]\nall = \"open\"\n", "")]),
        fault("wrong_type", FLOOD, &[(S, "manning_n = 0.03", "manning_n = \"rough\"")]),
        fault("unit_missing", FLOOD, &[(S, "duration = \"10 min\"", "duration = 600")]),
        fault("unit_of_another_kind", GAS, &[(S, "\"0.4 MPa\"", "\"0.4 mm\"")]),
        fault("empty_text", FLOOD, &[(S, "\"dem.asc\"", "\"\"")]),
        fault("choice", FLOOD, &[(S, "\"open\"", "\"opne\"")]),
        fault("start_without_offset", FLOOD, &[(S, "title", "start = 2026-07-01T08:00:00\ntitle")]),
        fault(
            "no_water",
            FLOOD,
            &[(S, "[rain]\nhyetograph = \"rain.csv\"\nsamples = \"interval_start\"\n", "")],
        ),
        fault(
            "frames_longer_than_run",
            FLOOD,
            &[(S, "duration = \"10 min\"", "duration = \"10 min\"\nframe_interval = \"1 h\"")],
        ),
        fault(
            "classes_not_rising",
            FLOOD,
            &[(
                S,
                "[run]",
                "[[products.depth_class]]\nfrom = \"30 cm\"\nlabel = \"a\"\ncolour = \"#112233\"\n\
             [[products.depth_class]]\nfrom = \"15 cm\"\nlabel = \"b\"\ncolour = \"#445566\"\n[run]",
            )],
        ),
        fault("list_empty", FLOOD, &[(S, "[edges]", "[outputs]\nformats = []\n\n[edges]")]),
        fault("list_as_text", GAS, &[(S, "[\"20 % LEL\"]", "\"20 % LEL\"")]),
        fault("format_twice", FLOOD, &[(S, "[edges]", "[outputs]\nformats = [\"csv\", \"csv\"]\n\n[edges]")]),
        fault(
            "many_at_once",
            FLOOD,
            &[
                (S, "manning_n = 0.03", "maning_n = 0.03\ncolour = 3"),
                (S, "\"10 min\"", "\"10 kg\""),
                (S, "dem.asc", "no-such.asc"),
                (S, "EPSG:32649", "EPSG:1"),
            ],
        ),
        Fault {
            arguments: &["--device", "gpu"],
            exit: 6,
            ..fault("gpu", FLOOD, &[(S, "[run]", "[run]\nscheme = \"inertial\"")])
        },
        Fault { arguments: &["--model", "slab"], exit: 2, ..fault("model_of_a_flood", FLOOD, &[]) },
        Fault { arguments: &["--device", "gpu:0"], exit: 6, ..fault("gpu_for_gas", GAS, &[]) },
        Fault { arguments: &["--set", "rain"], exit: 2, ..fault("set_without_value", FLOOD, &[]) },
        Fault { arguments: &["--set", "rain.=5"], exit: 2, ..fault("set_with_an_empty_part", FLOOD, &[]) },
        Fault {
            arguments: &["--set", "inflow[1].name=a"],
            exit: 2,
            ..fault("set_in_a_list_not_there", FLOOD, &[])
        },
    ]
}

#[test]
fn faults_of_the_scenario_file_have_their_messages_and_leave_no_result() {
    check(&faults());
}

#[test]
fn many_mistakes_are_reported_at_once() {
    let all = faults();
    let many = all.iter().find(|fault| fault.name == "many_at_once").expect("in the list");
    let text = message(many);
    let codes: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("error[")?.split(']').next()).collect();
    for code in ["E1011", "E1014", "E2201"] {
        assert!(codes.contains(code), "{code} is missing in\n{text}");
    }
    assert!(text.contains("no-such.asc"), "the missing file is reported too:\n{text}");
}
