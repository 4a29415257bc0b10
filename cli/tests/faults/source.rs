//! Faults of what leaks.

use crate::harness::{Fault, GAS, S, check, fault};

/// The hole of the sound scenario and its pressure, which other kinds do not have.
const HOLE: &str = "gauge_pressure = \"0.4 MPa\"\ntemperature = \"15 °C\"\npipe_diameter = \"200 mm\"\n\
                    hole_diameter = \"20 mm\"\nduration = \"30 min\"\n";

fn faults() -> Vec<Fault> {
    let mut faults = limits();
    faults.extend(liquids());
    faults.extend(courses());
    faults.extend(chimneys());
    faults
}

/// Numbers, names and masses that cannot be.
fn limits() -> Vec<Fault> {
    vec![
        fault("source_of_no_duration", GAS, &[(S, "\"30 min\"", "\"0 s\"")]),
        fault("cas_number_mistyped", GAS, &[(S, "\"methane\"", "\"7782-50-6\"")]),
        fault("cas_number_unknown", GAS, &[(S, "\"methane\"", "\"57-50-1\"")]),
        fault("gas_source_of_a_liquid", GAS, &[(S, "\"methane\"", "\"benzene\"")]),
        fault(
            "valve_held_shut",
            GAS,
            &[
                (
                    S,
                    "\"gas_hole\"",
                    "\"relief_valve\"\nvalve_area = \"500 mm2\"\nset_pressure = \"0.1 MPa\"\naccumulation = \"10 %\"\nback_pressure = \"1 MPa\"",
                ),
                (S, HOLE, "temperature = \"15 °C\"\nduration = \"30 min\"\n"),
            ],
        ),
        fault(
            "mass_beyond_the_inventory",
            GAS,
            &[
                (S, "\"gas_hole\"", "\"known_mass\"\nmass = \"3 t\"\ninventory = \"2 t\""),
                (S, HOLE, "duration = \"30 s\"\n"),
            ],
        ),
    ]
}

/// Liquids that are none, that boil or do not, and where they fall.
fn liquids() -> Vec<Fault> {
    const TANK: &str = "\"liquid_tank\"\ntank = \"upright\"\ntank_diameter = \"4 m\"\ntank_height = \"6 m\"\nliquid_level = \"5 m\"\nhole_height = \"0 m\"";
    const INTO: &str = "hole_diameter = \"20 mm\"\ntemperature = \"15 °C\"\nduration = \"30 min\"\n\n[source.pool]\nground = \"concrete\"\nleast_depth = \"5 mm\"\n";
    vec![
        fault("tank_of_a_gas", GAS, &[(S, "\"gas_hole\"", TANK), (S, HOLE, INTO)]),
        fault(
            "tank_of_a_boiling_liquid",
            GAS,
            &[(S, "\"gas_hole\"", TANK), (S, HOLE, INTO), (S, "\"methane\"", "\"ammonia\"")],
        ),
        fault(
            "tank_without_ground",
            GAS,
            &[
                (S, "\"gas_hole\"", TANK),
                (S, HOLE, "hole_diameter = \"20 mm\"\ntemperature = \"15 °C\"\n"),
                (S, "\"methane\"", "\"benzene\""),
                (S, "20 % LEL", "AEGL-2"),
            ],
        ),
        fault(
            "tank_fuller_than_it_is_high",
            GAS,
            &[
                (S, "\"gas_hole\"", TANK),
                (S, HOLE, INTO),
                (S, "\"methane\"", "\"benzene\""),
                (S, "liquid_level = \"5 m\"", "liquid_level = \"7 m\""),
            ],
        ),
        fault(
            "bund_that_overflows",
            GAS,
            &[
                (S, "\"gas_hole\"", TANK),
                (S, HOLE, INTO),
                (S, "\"methane\"", "\"benzene\""),
                (S, "least_depth", "bund_area = \"10 m2\"\nbund_height = \"20 cm\"\nleast_depth"),
            ],
        ),
        fault(
            "flashing_without_inventory",
            GAS,
            &[
                (S, "\"gas_hole\"", "\"flashing\""),
                (S, HOLE, "hole_diameter = \"20 mm\"\ntemperature = \"15 °C\"\n"),
                (S, "\"methane\"", "\"ammonia\""),
            ],
        ),
        fault(
            "flashing_of_a_liquid_that_does_not_boil",
            GAS,
            &[
                (S, "\"gas_hole\"", "\"flashing\"\ninventory = \"3 t\""),
                (S, HOLE, "hole_diameter = \"20 mm\"\ntemperature = \"15 °C\"\n"),
                (S, "\"methane\"", "\"benzene\""),
            ],
        ),
        fault(
            "hole_in_liquid_wider_than_its_pipe",
            GAS,
            &[
                (S, "\"gas_hole\"", "\"flashing\"\ninventory = \"3 t\""),
                (S, HOLE, "hole_diameter = \"20 mm\"\npipe_diameter = \"10 mm\"\ntemperature = \"15 °C\"\n"),
                (S, "\"methane\"", "\"ammonia\""),
            ],
        ),
        fault(
            "pool_that_sinks",
            GAS,
            &[
                (S, "\"gas_hole\"", "\"pool\"\nmass = \"300 kg\""),
                (
                    S,
                    HOLE,
                    "temperature = \"15 °C\"\n\n[source.pool]\nground = \"water\"\nleast_depth = \"2 mm\"\n",
                ),
                (S, "\"methane\"", "\"carbon disulphide\""),
            ],
        ),
        fault(
            "pool_with_a_duration",
            GAS,
            &[
                (S, "\"gas_hole\"", "\"pool\"\nmass = \"300 kg\""),
                (S, HOLE, INTO),
                (S, "hole_diameter = \"20 mm\"\n", ""),
                (S, "\"methane\"", "\"benzene\""),
                (S, "20 % LEL", "AEGL-2"),
            ],
        ),
    ]
}

/// Rates over time.
fn courses() -> Vec<Fault> {
    const SERIES: &str = "\"series\"\nseries = \"rates.csv\"\nsamples = \"line\"";
    vec![
        fault(
            "rates_without_unit",
            GAS,
            &[(S, "\"gas_hole\"", SERIES), (S, HOLE, ""), ("rates.csv", "", "time_s,rate\n0,1\n60,0\n")],
        ),
        fault(
            "rates_that_are_negative",
            GAS,
            &[
                (S, "\"gas_hole\"", SERIES),
                (S, HOLE, ""),
                ("rates.csv", "", "time_s,rate_kg_s\n0,1\n60,-2\n120,0\n"),
            ],
        ),
        fault(
            "rates_of_nothing",
            GAS,
            &[(S, "\"gas_hole\"", SERIES), (S, HOLE, ""), ("rates.csv", "", "time_s,rate_kg_s\n0,0\n60,0\n")],
        ),
        fault(
            "rates_that_never_end",
            GAS,
            &[
                (S, "\"gas_hole\"", "\"series\"\nseries = \"rates.csv\"\nsamples = \"interval_start\""),
                (S, HOLE, ""),
                ("rates.csv", "", "time_s,rate_kg_s\n0,1\n60,2\n"),
            ],
        ),
        fault(
            "rates_given_twice",
            GAS,
            &[
                (
                    S,
                    "\"gas_hole\"",
                    "\"series\"\nseries = \"rates.csv\"\ntimes = [\"0 s\", \"60 s\"]\nrates = [\"1 kg/s\", \"0 kg/s\"]\nsamples = \"line\"",
                ),
                (S, HOLE, ""),
            ],
        ),
        fault(
            "rates_fewer_than_times",
            GAS,
            &[
                (
                    S,
                    "\"gas_hole\"",
                    "\"series\"\ntimes = [\"0 s\", \"30 s\", \"60 s\"]\nrates = [\"1 kg/s\", \"0 kg/s\"]\nsamples = \"line\"",
                ),
                (S, HOLE, ""),
            ],
        ),
    ]
}

/// Chimneys whose plume is to rise.
fn chimneys() -> Vec<Fault> {
    vec![
        fault("rise_of_a_jet", GAS, &[(S, "\"gas_hole\"", "\"gas_hole\"\nplume_rise = \"briggs\"")]),
        fault(
            "chimney_without_exit",
            GAS,
            &[
                (S, "\"gas_hole\"", "\"known_rate\"\nrate = \"0.1 kg/s\"\nplume_rise = \"briggs\""),
                (S, HOLE, "duration = \"30 min\"\n"),
            ],
        ),
        fault(
            "chimney_that_carries_too_little",
            GAS,
            &[
                (
                    S,
                    "\"gas_hole\"",
                    "\"known_rate\"\nrate = \"50 kg/s\"\nplume_rise = \"briggs\"\nexit_diameter = \"1 m\"\nexit_velocity = \"12 m/s\"\nexit_temperature = \"150 °C\"\nexit_gas = \"air\"",
                ),
                (S, HOLE, "duration = \"30 min\"\n"),
            ],
        ),
        fault(
            "exit_without_a_rise",
            GAS,
            &[
                (S, "\"gas_hole\"", "\"known_rate\"\nrate = \"0.1 kg/s\"\nexit_diameter = \"1 m\""),
                (S, HOLE, "duration = \"30 min\"\n"),
            ],
        ),
    ]
}

#[test]
fn faults_of_what_leaks_have_their_messages_and_leave_no_result() {
    check(&faults());
}
