//! Faults of wind and air.

use crate::harness::{Fault, GAS, S, check, fault};

fn faults() -> Vec<Fault> {
    vec![
        fault("wind_to", GAS, &[(S, "wind_from = \"NNE\"", "wind_to = \"SSW\"")]),
        fault("direction_beyond_a_turn", GAS, &[(S, "\"NNE\"", "\"400 deg\"")]),
        fault("wind_of_no_storm", GAS, &[(S, "\"3 m/s\"", "\"900 km/h\"")]),
        fault("wind_missing", GAS, &[(S, "wind_speed = \"3 m/s\"\n", "")]),
        fault("turbulence_not_said", GAS, &[(S, "sun = \"slight\"\n", "")]),
        fault("turbulence_twice", GAS, &[(S, "sun = \"slight\"", "sun = \"slight\"\nstability = \"D\"")]),
        fault(
            "more_low_cloud_than_cloud",
            GAS,
            &[(S, "sun = \"slight\"", "cloud_tenths = 3\nlow_cloud_tenths = 7")],
        ),
        fault(
            "clouds_without_a_time",
            GAS,
            &[(S, "sun = \"slight\"", "cloud_tenths = 3\nlow_cloud_tenths = 1")],
        ),
        fault("clouds_in_eighths", GAS, &[(S, "sun = \"slight\"", "night_cloud_eighths = 10")]),
        fault("obukhov_without_roughness", GAS, &[(S, "sun = \"slight\"", "obukhov_length = \"-50 m\"")]),
        fault(
            "log_without_roughness",
            GAS,
            &[(S, "sun = \"slight\"", "sun = \"slight\"\nwind_profile = \"log\"")],
        ),
        fault(
            "roughness_for_nothing",
            GAS,
            &[(S, "sun = \"slight\"", "sun = \"slight\"\nroughness = \"10 cm\"")],
        ),
        fault(
            "wind_without_a_direction",
            GAS,
            &[
                (S, "wind_speed = \"3 m/s\"\nwind_from = \"NNE\"", "file = \"weather.csv\""),
                ("weather.csv", "", "time_s,wind_speed_m_s,wind_direction_deg\n0,2.0,\n"),
            ],
        ),
        fault(
            "obukhov_of_nothing",
            GAS,
            &[(S, "sun = \"slight\"", "obukhov_length = \"0 m\"\nroughness = \"10 cm\"")],
        ),
        fault(
            "anemometer_underground",
            GAS,
            &[(S, "sun = \"slight\"", "sun = \"slight\"\nwind_height = \"-2 m\"")],
        ),
    ]
}

#[test]
fn faults_of_weather_have_their_messages_and_leave_no_result() {
    check(&faults());
}
