//! Answers of libraries: between members, never beyond them.

use serde_json::{Value, json};
use sim_core::grid::{Crs, LonLat};

use crate::harness::{FLOOD_PLAN, Workplace};

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn a_question_at_a_member_is_that_member_and_one_between_lies_between() {
    let place = Workplace::flood();
    place.build("lib", &[]);
    let ask = |rain: &str| {
        place.json(&["query", "lib", "--rain", rain, "--roughness", "0.03", "--at", "500013,3100009"])
    };
    let (low, middle, high) = (ask("40 mm/h"), ask("50 mm/h"), ask("60 mm/h"));
    assert_eq!(low["nearest"][0]["distance"], json!(0.0));
    assert_eq!(low["between"].as_array().map(Vec::len), Some(1));
    assert_eq!(middle["between"].as_array().map(Vec::len), Some(2));
    let depths = [&low, &middle, &high].map(|answer| number(&answer["at"]["depth_m"]));
    assert!(depths[0] > 0.01, "the middle of the hollow is wet: {depths:?}");
    assert!((depths[1] - 0.5 * (depths[0] + depths[2])).abs() < 1e-9, "{depths:?}");
    let error = &middle["leave_one_out"];
    assert!((0.0..0.1).contains(&number(&error["percentile_95"])), "{error}");
    let same =
        place.json(&["query", "lib", "--set", "rain.intensity=5 cm/h", "--set", "terrain.manning_n=0.03"]);
    assert_eq!(same["figures"], middle["figures"]);
}

#[test]
fn a_question_outside_is_refused_with_the_nearest_member() {
    let place = Workplace::flood();
    place.build("lib", &[]);
    let (exit, codes, text) = place.refusal(&["query", "lib", "--rain", "90 mm/h", "--roughness", "0.03"]);
    assert_eq!((exit, codes), (4, vec![8644]));
    assert!(text.contains("rain.intensity=80 mm/h") && text.contains("nothing is extrapolated"), "{text}");
    for (arguments, code) in [
        (&["--roughness", "0.03"][..], 8642),
        (&["--snow", "3 mm", "--roughness", "0.03"][..], 8641),
        (&["--rain", "3 kg", "--roughness", "0.03"][..], 8643),
        (&["--rain", "50 mm/h", "--roughness", "0.03", "--at", "1000000,0"][..], 8646),
        (&[][..], 8640),
    ] {
        let (_, codes, text) = place.refusal(&[&["query", "lib"], arguments].concat());
        assert!(codes.contains(&code), "{code}: {text}");
    }
}

#[test]
fn an_answer_that_needs_a_missing_member_is_refused() {
    let place = Workplace::flood();
    place.build("lib", &["--range", "0..6"]);
    assert_eq!(place.refusal(&["query", "lib", "--rain", "50 mm/h", "--roughness", "0.02"]).1, [8645]);
    place.json(&["query", "lib", "--rain", "30 mm/h", "--roughness", "0.02"]);
}

#[test]
fn the_members_that_flood_a_place_are_listed() {
    let place = Workplace::flood();
    place.build("lib", &[]);
    let middle = place.json(&["query", "lib", "--at", "500013,3100009"]);
    assert_eq!((middle["hits"].as_array().map(Vec::len), &middle["members"]), (Some(12), &json!(12)));
    assert!((number(&middle["share_by_weight"]) - 1.0).abs() < 1e-12);
}

#[test]
fn the_wind_turns_the_answer_exactly() {
    let place = Workplace::gas();
    place.build("lib", &[]);
    let ask = |wind: &str, hole: &str| place.json(&["query", "lib", "--wind", wind, "--hole", hole]);
    let (north, odd) = (ask("N", "40 mm"), ask("33 deg", "40 mm"));
    assert_eq!(north["figures"], odd["figures"]);
    assert_eq!(odd["between"].as_array().map(Vec::len), Some(1), "a direction needs no members around it");
    let distance = number(&odd["figures"]["zones"][1]["distance_m"]);
    assert!(distance > 1.0, "{odd}");
    // A place down a south-west wind, and the same with the wind from the north-east.
    let answer = place.json(&["query", "lib", "--at", "112.976,28.195"]);
    let (x, y) = (number(&answer["x"]), number(&answer["y"]));
    let down = format!("{},{}", x + 0.5 * distance * 0.5_f64.sqrt(), y + 0.5 * distance * 0.5_f64.sqrt());
    let inside = |wind: &str| {
        place.json(&["query", "lib", "--wind", wind, "--hole", "40 mm", "--at", &down])["at"]["inside_zones"]
            .clone()
    };
    assert_eq!(inside("NE"), json!([]));
    assert!(inside("SW").as_array().is_some_and(|levels| !levels.is_empty()));
}

#[test]
fn a_milder_level_never_has_the_shorter_zone() {
    let place = Workplace::gas();
    place.build("lib", &[]);
    for hole in ["22 mm", "30 mm", "38 mm", "45 mm", "60 mm", "75 mm"] {
        let answer = place.json(&["query", "lib", "--wind", "N", "--hole", hole]);
        let zones = answer["figures"]["zones"].as_array().expect("zones");
        let distances: Vec<f64> = zones.iter().map(|zone| number(&zone["distance_m"])).collect();
        assert!(distances.windows(2).all(|pair| pair[0] <= pair[1]), "{hole}: {distances:?}");
    }
}

#[test]
fn a_stored_zone_is_the_zone_of_a_run() {
    let place = Workplace::gas();
    place.build("lib", &[]);
    let answer = place.json(&["query", "lib", "--wind", "E", "--hole", "80 mm"]);
    let mut run = assert_cmd::Command::cargo_bin("tuiyan").expect("the program");
    let sets = ["--set", "weather.wind_from=90 deg", "--set", "source.hole_diameter=80 mm"];
    run.current_dir(place.at.path())
        .args(["run", "base.toml", "--out", "run", "--quiet"])
        .args(sets)
        .assert()
        .success();
    let text = std::fs::read_to_string(place.path("run/threat_zones.geojson")).expect("zones");
    let zones: Value = serde_json::from_str(&text).expect("GeoJSON");
    let largest = |list: &Value, pick: &dyn Fn(&Value) -> Option<f64>| {
        list.as_array().into_iter().flatten().filter_map(pick).fold(0.0, f64::max)
    };
    let of_run = largest(&zones["features"], &|feature| {
        feature["properties"]["distance_m"].as_f64().or(feature["properties"]["distance"].as_f64())
    });
    let of_library = largest(&answer["figures"]["zones"], &|zone| zone["distance_m"].as_f64());
    assert!(of_run > 0.0 && (of_run - of_library).abs() <= 0.01 * of_run, "{of_run} {of_library}");
}

#[test]
fn answers_and_statistics_are_files_like_those_of_a_run() {
    let place = Workplace::flood();
    place.build("lib", &[]);
    place.json(&["query", "lib", "--rain", "50 mm/h", "--roughness", "0.04", "--out", "answer"]);
    for file in ["max_depth.tif", "results.nc", "max_depth.png", "run.json"] {
        assert!(place.path("answer").join(file).is_file(), "{file}");
    }
    let matrix = include_str!("../../../examples/risk_matrix.toml");
    place.write(
        "matrix.toml",
        &matrix.replace("0.6 m", "0.05 m").replace("0.3 m", "0.02 m").replace("0.15 m", "0.01 m"),
    );
    place.write("sites.csv", "name,x_m,y_m\npump house,500013,3100009\n");
    let done = place.json(&[
        "export",
        "lib",
        "--depth",
        "2 cm",
        "--percentile",
        "95",
        "--matrix",
        "matrix.toml",
        "--sites",
        "sites.csv",
        "--out",
        "statistics",
    ]);
    assert_eq!(done["members_without_result"], json!(0));
    for file in [
        "probability_2_cm.tif",
        "depth_p95.tif",
        "risk_cells.geojson",
        "risk_cells.csv",
        "risk_sites.csv",
        "risk_sites.geojson",
    ] {
        assert!(place.path("statistics").join(file).is_file(), "{file} of {done}");
    }
    let sites = std::fs::read_to_string(place.path("statistics/risk_sites.csv")).expect("sites");
    assert!(sites.contains("pump house") && !sites.contains("none"), "{sites}");
}

#[test]
fn the_preset_of_the_matrix_is_used_and_printed_for_editing() {
    let place = Workplace::flood();
    place.build("lib", &[]);
    place.json(&["export", "lib", "--matrix", "four-colours", "--out", "preset"]);
    let printed =
        assert_cmd::Command::cargo_bin("tuiyan").expect("the program").args(["list", "matrices"]).output();
    place.write("mine.toml", &String::from_utf8(printed.expect("it runs").stdout).expect("text"));
    place.json(&["export", "lib", "--matrix", "mine.toml", "--out", "mine"]);
    let cells = |out: &str| std::fs::read_to_string(place.path(out).join("risk_cells.csv")).expect("cells");
    assert_eq!(cells("preset"), cells("mine"));
}

#[test]
fn gas_statistics_are_shares_of_the_winds() {
    let place = Workplace::gas();
    place.build("lib", &[]);
    let done = place.json(&["export", "lib", "--cell", "2 m", "--out", "statistics"]);
    let layers: Vec<&str> =
        done["layers"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(layers.contains(&"probability_20_lel"), "{layers:?}");
    place.json(&["query", "lib", "--wind", "SW", "--hole", "80 mm", "--out", "answer"]);
    assert!(place.path("answer/threat_zones.geojson").is_file());
}

/// Cells of a table of an export: the rows without the header.
fn table(place: &Workplace, name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(place.path("reached").join(name)).expect(name);
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn people_are_counted_by_place_and_by_axis() {
    let place = Workplace::gas();
    place.build("lib", &[]);
    // One school 12 m to the south of the hole, where a north wind blows; nobody anywhere else.
    let at = LonLat { lon: 112.976, lat: 28.195 };
    let (x, y) = Crs::utm_zone_of(at).expect("a zone").from_lon_lat(at).expect("in it");
    place.write(
        "people.csv",
        &format!("name,x_m,y_m,people\nschool,{x},{},250\nfar,{x},{},9000\n", y - 12.0, y + 1e5),
    );
    place.json(&["export", "lib", "--people", "people.csv", "--out", "reached"]);
    let places = table(&place, "places_reached.csv");
    let share = |row: &[String]| row[4].parse::<f64>().expect("a number");
    assert!(share(&places[0]) > 0.0 && share(&places[0]) <= 0.25, "one wind of four: {places:?}");
    assert_eq!(share(&places[1]), 0.0);
    let axes = table(&place, "people_by_axis.csv");
    let winds: Vec<_> = axes.iter().filter(|row| row[0] == "wind").collect();
    assert_eq!(winds.len(), 4);
    assert!(winds[0][3].parse::<f64>().expect("members") >= 1.0, "{winds:?}");
    assert!(winds[1..].iter().all(|row| row[3].parse::<f64>().expect("members") == 0.0), "{winds:?}");
    assert_eq!(winds[0][6].parse::<f64>().expect("people"), 250.0);
    place.write("people.csv", "name,x_m,y_m,people\na,1,2,few\nb,here,2,3\n");
    let (_, codes, said) = place.refusal(&["export", "lib", "--people", "people.csv", "--out", "x"]);
    assert_eq!(codes, [8655, 8655], "all at once: {said}");
    place.write("people.csv", "name,x_m,y_m\na,1,2\n");
    assert_eq!(place.refusal(&["export", "lib", "--people", "people.csv", "--out", "x"]).1, [8655]);
}

#[test]
fn floods_reach_people_where_they_are_deep_enough() {
    let place = Workplace::flood();
    place.build("lib", &[]);
    place.write("people.csv", "name,x_m,y_m,people\nhollow,500013,3100009,40\ncorner,500001,3100001,70\n");
    place.json(&["export", "lib", "--people", "people.csv", "--depth", "2 cm", "--out", "reached"]);
    let places = table(&place, "places_reached.csv");
    let share = |row: &[String]| row[4].parse::<f64>().expect("a number");
    assert!(share(&places[0]) > share(&places[1]), "the hollow is wetter than the corner: {places:?}");
    let rain: Vec<_> =
        table(&place, "people_by_axis.csv").into_iter().filter(|row| row[0] == "rain").collect();
    let mean: Vec<f64> = rain.iter().map(|row| row[5].parse().expect("people")).collect();
    assert!(mean.windows(2).all(|pair| pair[0] <= pair[1]), "more rain reaches no fewer: {mean:?}");
}

#[test]
fn risk_needs_a_frequency() {
    let place =
        Workplace::new(&FLOOD_PLAN.replace("event_frequency_per_year = 0.5\n", ""), crate::harness::FLOOD);
    place.build("lib", &[]);
    place.write("matrix.toml", include_str!("../../../examples/risk_matrix.toml"));
    assert_eq!(place.refusal(&["export", "lib", "--matrix", "matrix.toml", "--out", "risk"]).1, [8650]);
}
