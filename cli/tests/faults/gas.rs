//! Faults of gas.

use crate::harness::{Fault, GAS, S, check, fault};

fn faults() -> Vec<Fault> {
    vec![
        fault("lon_lat_swapped", GAS, &[(S, "lon = 112.976, lat = 28.195", "lon = 28.195, lat = 112.976")]),
        fault("pressure_twice", GAS, &[(S, "temperature", "absolute_pressure = \"0.5 MPa\"\ntemperature")]),
        fault(
            "plane_of_another_country",
            GAS,
            &[(S, "[source]", "[site]\ncrs = \"EPSG:27700\"\n\n[source]")],
        ),
        fault("level_twice", GAS, &[(S, "[\"20 % LEL\"]", "[\"LEL\", \"100 % LEL\"]")]),
        fault("gas_lon_lat_on_a_local_plane", GAS, &[(S, "[source]", "[site]\ncrs = \"local\"\n\n[source]")]),
        fault("gas_at_the_pole", GAS, &[(S, "lat = 28.195", "lat = 89.9")]),
        fault("gas_place_too_far", GAS, &[(S, "lon = 112.976, lat = 28.195", "x_m = 1e17, y_m = 0")]),
        fault("substance_unknown", GAS, &[(S, "\"methane\"", "\"methan\"")]),
        fault("hole_wider_than_pipe", GAS, &[(S, "\"20 mm\"", "\"300 mm\"")]),
        fault("more_than_there_is", GAS, &[(S, "duration", "inventory = \"10 kg\"\nduration")]),
        fault("level_unknown", GAS, &[(S, "20 % LEL", "AEGL-9")]),
        fault("wind_km_h_as_number", GAS, &[(S, "\"3 m/s\"", "3")]),
        fault("wind_as_a_force", GAS, &[(S, "\"3 m/s\"", "\"3级\"")]),
        fault("gasoline_has_no_row", GAS, &[(S, "\"methane\"", "\"汽油\"")]),
        fault("own_level_of_nothing", GAS, &[(S, "20 % LEL", "0 ppm")]),
        fault(
            "pool_fire_of_a_gas",
            GAS,
            &[(S, "[zones]", "[fire]\nkinds = [\"pool_fire\"]\nhumidity = \"50 %\"\n\n[zones]")],
        ),
        fault(
            "isolation_beyond_protection",
            GAS,
            &[(
                S,
                "[zones]",
                "[[preset]]\nname = \"rule\"\nedition = \"2024\"\nsource = \"page 1\"\nisolate = \"1 km\"\nprotect = \"100 m\"\n\n[zones]",
            )],
        ),
        fault(
            "higher_ground_under_a_heavy_cloud",
            GAS,
            &[(
                S,
                "[zones]",
                "[model]\ntransport = \"slab\"\n\n[[receptor]]\nname = \"school\"\nat = { lon = 112.977, lat = 28.195 }\nground_above_source = \"30 m\"\n\n[zones]",
            )],
        ),
        fault(
            "jet_of_a_known_rate",
            GAS,
            &[
                (
                    S,
                    "kind = \"gas_hole\"",
                    "kind = \"known_rate\"\nrate = \"1 kg/s\"\njet_elevation = \"0 deg\"",
                ),
                (
                    S,
                    "gauge_pressure = \"0.4 MPa\"\ntemperature = \"15 °C\"\npipe_diameter = \"200 mm\"\nhole_diameter = \"20 mm\"\n",
                    "",
                ),
            ],
        ),
        fault("jet_below_the_horizon", GAS, &[(S, "[weather]", "jet_elevation = \"-30 deg\"\n\n[weather]")]),
        fault("jet_without_elevation", GAS, &[(S, "[weather]", "jet_towards = \"E\"\n\n[weather]")]),
        fault(
            "jet_of_a_slab",
            GAS,
            &[
                (S, "[weather]", "jet_elevation = \"90 deg\"\n\n[weather]"),
                (S, "[zones]", "[model]\ntransport = \"slab\"\n\n[zones]"),
                (S, "\"methane\"", "\"chlorine\""),
                (S, "[\"20 % LEL\"]", "[\"AEGL-2 60 min\"]"),
            ],
        ),
        fault(
            "jet_to_a_point_in_an_unknown_wind",
            GAS,
            &[
                (S, "[weather]", "jet_elevation = \"0 deg\"\njet_towards = \"E\"\n\n[weather]"),
                (S, "\"NNE\"", "\"unknown\""),
            ],
        ),
        fault("direction_word", GAS, &[(S, "\"NNE\"", "\"up\"")]),
        fault(
            "puffs_without_direction",
            GAS,
            &[(S, "\"NNE\"", "\"unknown\""), (S, "[zones]", "[model]\ntransport = \"puffs\"\n\n[zones]")],
        ),
        fault("layer_without_a_ground", GAS, &[(S, "[zones]", "[model]\ntransport = \"layer\"\n\n[zones]")]),
        fault(
            "path_of_light_over_a_layer",
            GAS,
            &[
                (S, "at = { lon = 112.976, lat = 28.195 }", "at = { x_m = 500004.0, y_m = 3100003.0 }"),
                (S, "[source]", "[site]\ncrs = \"EPSG:32649\"\n\n[terrain]\ndem = \"dem.asc\"\n\n[source]"),
                (S, "\"methane\"", "\"chlorine\""),
                (S, "[\"20 % LEL\"]", "[\"AEGL-2 60 min\"]"),
                (
                    S,
                    "[zones]",
                    "[model]\ntransport = \"layer\"\n\n[[line_receptor]]\nname = \"gate\"\nfrom = { x_m = 500002.0, y_m = 3100001.0 }\nto = { x_m = 500006.0, y_m = 3100001.0 }\n\n[zones]",
                ),
            ],
        ),
        fault("hand_over_of_a_plume", GAS, &[(S, "[zones]", "[heavy_gas]\nhand_over = true\n\n[zones]")]),
        fault(
            "hills_under_a_plume",
            GAS,
            &[
                (S, "at = { lon = 112.976, lat = 28.195 }", "at = { x_m = 500004.0, y_m = 3100003.0 }"),
                (S, "[source]", "[site]\ncrs = \"EPSG:32649\"\n\n[terrain]\ndem = \"dem.asc\"\n\n[source]"),
            ],
        ),
        fault(
            "layer_of_a_light_gas",
            GAS,
            &[
                (S, "at = { lon = 112.976, lat = 28.195 }", "at = { x_m = 500004.0, y_m = 3100003.0 }"),
                (S, "[source]", "[site]\ncrs = \"EPSG:32649\"\n\n[terrain]\ndem = \"dem.asc\"\n\n[source]"),
                (S, "[zones]", "[model]\ntransport = \"layer\"\n\n[zones]"),
            ],
        ),
        fault(
            "averaging_time_of_a_layer",
            GAS,
            &[
                (S, "at = { lon = 112.976, lat = 28.195 }", "at = { x_m = 500004.0, y_m = 3100003.0 }"),
                (S, "[source]", "[site]\ncrs = \"EPSG:32649\"\n\n[terrain]\ndem = \"dem.asc\"\n\n[source]"),
                (S, "\"methane\"", "\"chlorine\""),
                (S, "[\"20 % LEL\"]", "[\"AEGL-2 60 min\"]"),
                (S, "[zones]", "[model]\ntransport = \"layer\"\n\n[zones]\naveraging_time = \"10 min\""),
            ],
        ),
        fault(
            "deposition_from_a_plume",
            GAS,
            &[(S, "[zones]", "[model]\ndeposition_velocity = \"1 cm/s\"\n\n[zones]")],
        ),
        fault(
            "coefficients_unknown",
            GAS,
            &[(S, "[zones]", "[model]\ncoefficients = \"turnip\"\n\n[zones]")],
        ),
        fault(
            "places_of_one_name",
            GAS,
            &[(
                S,
                "[zones]",
                "[[receptor]]\nname = \"school\"\nat = { lon = 112.977, lat = 28.195 }\n\n[[receptor]]\nname = \"school\"\nat = { lon = 112.978, lat = 28.195 }\n\n[zones]",
            )],
        ),
        fault(
            "place_too_far_away",
            GAS,
            &[(
                S,
                "[zones]",
                "[[receptor]]\nname = \"school\"\nat = { lon = 114.977, lat = 28.195 }\n\n[zones]",
            )],
        ),
        fault(
            "air_changes_twice",
            GAS,
            &[(
                S,
                "[zones]",
                "[[receptor]]\nname = \"school\"\nat = { lon = 112.977, lat = 28.195 }\nhouse = \"tight\"\nair_changes_per_hour = 1\n\n[zones]",
            )],
        ),
        fault(
            "blowdown_of_a_pipe_without_diameter",
            GAS,
            &[
                (
                    S,
                    "\"gas_hole\"",
                    "\"pipeline_blowdown\"\nupstream_length = \"1 km\"\nroughness = \"0.05 mm\"",
                ),
                (S, "pipe_diameter = \"200 mm\"\n", ""),
            ],
        ),
        fault(
            "pressure_class_unknown",
            GAS,
            &[
                (S, "\"gas_hole\"", "\"city_gas\"\npressure_class = \"middle\"\ndamage = \"full_bore\""),
                (S, "gauge_pressure = \"0.4 MPa\"\n", ""),
                (S, "hole_diameter = \"20 mm\"\n", ""),
            ],
        ),
        fault(
            "vessel_that_is_weak",
            GAS,
            &[
                (S, "\"gas_hole\"", "\"vessel_blowdown\"\nvolume = \"0 m3\""),
                (S, "gauge_pressure = \"0.4 MPa\"", "absolute_pressure = \"90 kPa\""),
            ],
        ),
        fault(
            "fire_without_humidity_and_vessel",
            GAS,
            &[(S, "[zones]", "[fire]\nkinds = [\"jet_fire\", \"fireball\"]\n\n[zones]")],
        ),
        fault(
            "fire_key_that_nothing_uses",
            GAS,
            &[(
                S,
                "[zones]",
                "[fire]\nkinds = [\"flash_fire\"]\npool_diameter = \"5 m\"\nradiation = [\"4 kW\"]\n\n[zones]",
            )],
        ),
        fault(
            "blast_that_is_not_described",
            GAS,
            &[(
                S,
                "[zones]",
                "[blast]\nmodels = [\"tno\", \"bst\"]\ntno_class = 6.5\nflame_mach = 1\ncongestion = \"low\"\n\n[zones]",
            )],
        ),
        fault(
            "path_of_light_without_length",
            GAS,
            &[(
                S,
                "[zones]",
                "[[line_receptor]]\nname = \"gate\"\nfrom = { lon = 112.977, lat = 28.195 }\nto = { lon = 112.977, lat = 28.195 }\n\n[zones]",
            )],
        ),
        fault(
            "rule_without_a_distance",
            GAS,
            &[(
                S,
                "[zones]",
                "[[preset]]\nname = \"guide\"\nedition = \"2024\"\nsource = \"page 1\"\n\n[zones]",
            )],
        ),
        fault(
            "room_whose_leak_is_at_the_ceiling",
            GAS,
            &[(
                S,
                "[zones]",
                "[indoor_leak]\nvolume = \"30 m3\"\nair_changes_per_hour = 0.5\nrate = \"1 g/s\"\nleak_height = \"3 m\"\nroom_height = \"2.5 m\"\n\n[zones]",
            )],
        ),
        fault(
            "fire_of_a_gas_that_does_not_burn",
            GAS,
            &[
                (S, "\"methane\"", "\"SO2\""),
                (S, "0.4 MPa", "0.1 MPa"),
                (S, "20 % LEL", "AEGL-2"),
                (S, "[zones]", "[fire]\nkinds = [\"flash_fire\"]\n\n[zones]\naccept_invalid = true"),
            ],
        ),
        fault("load_that_is_not_published", GAS, &[(S, "20 % LEL", "lethality 1 %")]),
    ]
}

#[test]
fn faults_of_gas_have_their_messages_and_leave_no_result() {
    check(&faults());
}
