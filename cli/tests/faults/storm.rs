//! Faults of design storms.

use crate::harness::{FLOOD, Fault, RAIN_KEYS, S, check, fault};

const STORM: &str = "storm = \"noboribetsu\"\nreturn_period = 7\nstorm_duration = \"1 h\"\npattern = \"chicago\"\npeak_ratio = 0.4\n";

const FORMULA: &str = r#"place = "fault"
source_title = "made up"
source_url = "doi:1"
sampling = "not stated"
valid_return_period_years = [7, 7]
valid_duration_min = [5, 120]
form = "one return period"
unit = "mm/h"
rain_power = 4860.0
duration_offset_min = 39.0
exponent = 1.0
check = [[7, 60, 49.1]]
"#;

fn faults() -> Vec<Fault> {
    vec![
        fault("storm_unknown", FLOOD, &[(S, RAIN_KEYS, STORM), (S, "noboribetsu", "noboribetu")]),
        fault("storm_file_missing", FLOOD, &[(S, RAIN_KEYS, STORM), (S, "noboribetsu", "none.toml")]),
        fault(
            "storm_without_source",
            FLOOD,
            &[
                (S, RAIN_KEYS, STORM),
                (S, "noboribetsu", "own.toml"),
                ("own.toml", "", FORMULA),
                ("own.toml", "source_url = \"doi:1\"\n", ""),
            ],
        ),
        fault(
            "storm_outside_its_range",
            FLOOD,
            &[
                (S, RAIN_KEYS, STORM),
                (S, "return_period = 7", "return_period = 50"),
                (S, "\"1 h\"", "\"3 h\""),
            ],
        ),
        fault(
            "storm_with_a_slip_in_a_number",
            FLOOD,
            &[
                (S, RAIN_KEYS, STORM),
                (S, "noboribetsu", "own.toml"),
                ("own.toml", "", FORMULA),
                ("own.toml", "39.0", "93.0"),
            ],
        ),
        fault(
            "storm_that_is_no_formula",
            FLOOD,
            &[
                (S, RAIN_KEYS, STORM),
                (S, "noboribetsu", "own.toml"),
                ("own.toml", "", FORMULA),
                ("own.toml", "exponent = 1.0", "exponent = -1.0"),
            ],
        ),
        fault(
            "storm_file_with_many_mistakes",
            FLOOD,
            &[
                (S, RAIN_KEYS, STORM),
                (S, "noboribetsu", "own.toml"),
                ("own.toml", "", FORMULA),
                ("own.toml", "exponent", "exponnent"),
                ("own.toml", "mm/h", "mm per hour"),
                ("own.toml", "[5, 120]", "[5]"),
            ],
        ),
        fault(
            "storm_steps_longer_than_it",
            FLOOD,
            &[(S, RAIN_KEYS, STORM), (S, "peak_ratio = 0.4", "peak_ratio = 0.4\ntime_step = \"2 h\"")],
        ),
        fault("storm_without_peak", FLOOD, &[(S, RAIN_KEYS, STORM), (S, "peak_ratio = 0.4\n", "")]),
        fault("storm_key_without_storm", FLOOD, &[(S, "samples", "return_period = 50\nsamples")]),
        fault(
            "storm_and_intensity",
            FLOOD,
            &[(S, RAIN_KEYS, STORM), (S, "peak_ratio", "intensity = \"60 mm/h\"\npeak_ratio")],
        ),
    ]
}

#[test]
fn faults_of_design_storms_have_their_messages_and_leave_no_result() {
    check(&faults());
}
