//! Faults of readings that a run is held against.

use crate::harness::{FLOOD, Fault, GAS, S, check, fault};

/// Put before `[edges]`: two places, whose names differ in more than capitals.
const PLACES: &str = "[[place]]\nname = \"Mill gate\"\nat = { x_m = 500003.0, y_m = 3100003.0 }\n\n\
[[place]]\nname = \"underpass\"\nat = { x_m = 500005.0, y_m = 3100003.0 }\n\n[edges]";

fn faults() -> Vec<Fault> {
    const OBSERVED: &[&str] = &["--observed", "gauges.csv"];
    const G: &str = "gauges.csv";
    let with = |name, changes| Fault { arguments: OBSERVED, ..fault(name, FLOOD, changes) };
    vec![
        Fault {
            arguments: OBSERVED,
            ..fault("observed_gas", GAS, &[(G, "", "time_s,underpass_depth_m\n0,1\n")])
        },
        with("observed_without_places", &[(G, "", "time_s,underpass_depth_m\n0,1\n")]),
        with("observed_missing", &[(S, "[edges]", PLACES)]),
        with(
            "observed_many_at_once",
            &[
                (S, "[edges]", PLACES),
                (
                    G,
                    "",
                    "time_s,undrpass_depth_m,mill_gate_m,harbour_level_m,mill_gate_level_m,mill_gate_stage_m\n\
                     0,0,1,1,-9999,1\n60,0,1,1,2,x\n",
                ),
            ],
        ),
        with("observed_no_gauge", &[(S, "[edges]", PLACES), (G, "", "time_s,rain_mm_h\n0,1\n")]),
        with("observed_without_unit", &[(S, "[edges]", PLACES), (G, "", "time_s,underpass_depth\n0,1\n")]),
        with(
            "observed_outside_the_run",
            &[(S, "[edges]", PLACES), (G, "", "time_h,underpass_depth_m\n5,1\n")],
        ),
        with(
            "observed_dates_without_start",
            &[(S, "[edges]", PLACES), (G, "", "time,underpass_depth_m\n2026-07-01T00:00:00Z,1\n")],
        ),
        with(
            "observed_long_without_value",
            &[(S, "[edges]", PLACES), (G, "", "time_s,place,flow_m3_s\n0,underpass,1\n")],
        ),
        with(
            "observed_place_that_may_be_two",
            &[
                (S, "[edges]", PLACES),
                (S, "\"Mill gate\"", "\"Underpass\""),
                (G, "", "time_s,underpass_depth_m\n0,1\n"),
            ],
        ),
    ]
}

#[test]
fn every_fault_of_readings_has_its_message_and_leaves_no_result() {
    check(&faults());
}
