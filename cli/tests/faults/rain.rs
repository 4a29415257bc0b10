//! Faults of rain and its tables.

use crate::harness::{FLOOD, Fault, RAIN, S, check, fault};

fn faults() -> Vec<Fault> {
    vec![
        fault("samples_without_meaning", FLOOD, &[(S, "samples = \"interval_start\"\n", "")]),
        fault(
            "dates_without_start",
            FLOOD,
            &[(
                "rain.csv",
                "time_s,rain_mm_h\n0,60\n600,0\n",
                "time,rain_mm_h\n2026-07-01T08:00:00+08:00,60\n2026-07-01T08:10:00+08:00,0\n",
            )],
        ),
        fault(
            "gauges_and_hyetograph",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[rain.gauge]]\nname = \"a\"\nat = { x_m = 500001, y_m = 3100001 }\n\
                 hyetograph = \"rain.csv\"\n\n[edges]",
            )],
        ),
        fault(
            "gauges_without_a_way_between",
            FLOOD,
            &[
                (S, "hyetograph = \"rain.csv\"\n", ""),
                (
                    S,
                    "[edges]",
                    "[[rain.gauge]]\nname = \"a\"\nat = { x_m = 500001, y_m = 3100001 }\n\
                     hyetograph = \"rain.csv\"\n\n[edges]",
                ),
            ],
        ),
        fault(
            "storm_that_stands_still",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[rain.movement]\nspeed = \"0 m/s\"\nfrom = \"W\"\n\
                 at = { x_m = 500001, y_m = 3100001 }\n\n[edges]",
            )],
        ),
        fault("rain_times_unsorted", FLOOD, &[("rain.csv", "0,60\n600,0", "600,60\n0,0")]),
        fault("rain_negative", FLOOD, &[("rain.csv", "0,60", "0,-60")]),
        fault("rain_unit_missing", FLOOD, &[("rain.csv", "rain_mm_h", "rain")]),
        fault("rain_mm_min_for_mm_h", FLOOD, &[("rain.csv", "rain_mm_h", "rain_mm_min")]),
        fault("rain_not_a_number", FLOOD, &[("rain.csv", "0,60", "0,sixty")]),
        fault(
            "rain_one_sample",
            FLOOD,
            &[("rain.csv", "0,60\n600,0\n", "0,60\n"), (S, "interval_start", "interval_end")],
        ),
        fault("rain_empty", FLOOD, &[("rain.csv", RAIN, "")]),
        fault("rain_after_the_run", FLOOD, &[("rain.csv", "0,60\n600,0", "7200,60\n9000,0")]),
    ]
}

#[test]
fn faults_of_rain_have_their_messages_and_leave_no_result() {
    check(&faults());
}
