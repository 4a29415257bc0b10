//! Libraries whose members need an engine of which there is one: a graphics device, or that of sewers.

use std::path::Path;

use serde_json::json;
use sim_core::input::library::Library;

use crate::harness::{FLOOD, FLOOD_PLAN, GAS, GAS_PLAN, Workplace};

/// `SIM_GPU_TESTS` is `require` (no device is a failure, as in CI), `off`, or `auto`, the default.
fn has_device() -> bool {
    let wish = std::env::var("SIM_GPU_TESTS").unwrap_or_else(|_| "auto".into());
    let found = wish != "off" && !sim_gpu::adapters().is_empty();
    assert!(found || wish != "require", "SIM_GPU_TESTS=require, but there is no device");
    found
}

fn deepest(dir: &Path) -> Vec<f64> {
    let catalogue = rusqlite::Connection::open(dir.join("catalogue.sqlite")).expect("a catalogue");
    let sql = "SELECT max_depth_m FROM member JOIN result ON result = result.id ORDER BY line";
    let mut rows = catalogue.prepare(sql).expect("columns");
    let depths = rows.query_map([], |row| row.get(0)).expect("rows");
    depths.collect::<Result<_, _>>().expect("numbers")
}

#[test]
fn a_library_on_a_device_is_the_same_flood_and_says_where_it_was_computed() {
    if !has_device() {
        return;
    }
    let base = FLOOD.to_owned() + "scheme = \"hllc-1\"\n";
    let place = Workplace::new(FLOOD_PLAN, &base);
    let on_device = place.build("gpu", &["--device", "gpu:0"]);
    assert_eq!((&on_device["done"], &on_device["failed"]), (&json!(12), &json!(0)));
    place.build("again", &["--device", "gpu:0"]);
    assert_eq!(place.content("gpu"), place.content("again"), "a device gives the same bytes twice");
    place.build("cpu", &[]);
    for (ours, theirs) in deepest(&place.path("gpu")).iter().zip(deepest(&place.path("cpu"))) {
        assert!((ours - theirs).abs() < 1e-4, "{ours} m on the device, {theirs} m on the processor");
    }
    let engine = Library::open(&place.path("gpu")).expect("a library").manifest.engine.clone();
    assert!(engine.contains("gpu:0 "), "{engine}");
    let (exit, codes, said) =
        place.refusal(&["build", "plan.toml", "--out", "gpu", "--device", "cpu", "--quiet"]);
    assert_eq!((exit, codes.as_slice()), (4, &[8612][..]), "bits of two engines do not mix: {said}");
}

#[test]
fn a_plan_for_a_device_is_refused_if_any_member_asks_for_more() {
    if !has_device() {
        return;
    }
    let plan = FLOOD_PLAN.replace(
        "key = \"terrain.manning_n\"\nvalues = [0.02, 0.03, 0.05]",
        "key = \"run.scheme\"\nvalues = [\"hllc-1\", \"inertial\"]",
    );
    let place = Workplace::new(&plan, FLOOD);
    let (exit, codes, said) = place.refusal(&["build", "plan.toml", "--out", "lib", "--device", "gpu:0"]);
    assert_eq!((exit, codes.as_slice()), (6, &[6250][..]), "{said}");
    assert!(!place.path("lib").exists());
}

/// Carried by puffs over a coarse grid.
const PUFFS: &str = "\n[model]\ntransport = \"puffs\"\n\n[receptors]\nextent = \"400 m\"\ncell = \"8 m\"\n";

/// Methane of a short release.
fn puffs() -> (String, String) {
    let base = GAS.replace("\"30 min\"", "\"2 min\"") + PUFFS;
    let plan = GAS_PLAN.replace("stop = \"270 deg\"", "stop = \"90 deg\"").replace(", \"80 mm\"", "");
    (plan, base)
}

#[test]
fn members_on_a_device_have_the_same_zones_and_do_not_mix_with_others() {
    if !has_device() {
        return;
    }
    let (plan, base) = puffs();
    let place = Workplace::new(&plan, &base);
    for (out, device) in [("cpu", "cpu"), ("gpu", "gpu:0"), ("again", "gpu:0")] {
        let status = place.build(out, &["--device", device, "--threads", "3"]);
        assert_eq!((&status["done"], &status["failed"]), (&json!(4), &json!(0)), "{out}: {status}");
    }
    assert_eq!(place.content("gpu"), place.content("again"), "whoever shares a submission");
    let reach = |out: &str| {
        let hole = ["--wind", "90 deg", "--hole", "40 mm"];
        let answer = place.json(&[&["query", out], &hole[..]].concat());
        answer["figures"]["evacuation_radius_m"].as_f64().expect("a radius")
    };
    assert!((reach("gpu") / reach("cpu") - 1.0).abs() < 1e-3, "{} and {}", reach("gpu"), reach("cpu"));
    let mixed = ["build", "plan.toml", "--out", "gpu", "--device", "cpu"];
    assert_eq!(place.refusal(&mixed).1, [8612], "another engine began it");
    let plumes = Workplace::gas();
    let (exit, codes, text) = plumes.refusal(&["build", "plan.toml", "--out", "lib", "--device", "gpu:0"]);
    assert_eq!((exit, codes), (6, vec![6250]), "{text}");
}

/// Two manholes in the hollow and a pipe that is too small for the storm.
const NET: &str = "[OPTIONS]\nFLOW_UNITS LPS\nFLOW_ROUTING DYNWAVE\n\
    [JUNCTIONS]\nA -2.4 2.4\nB -2.5 2.5\n[OUTFALLS]\nO -3.0 FREE\n\
    [CONDUITS]\nPA A B 12 0.013 0 0\nPB B O 12 0.013 0 0\n\
    [XSECTIONS]\nPA CIRCULAR 0.3 0 0 0 1\nPB CIRCULAR 0.1 0 0 0 1\n\
    [COORDINATES]\nA 500009 3100009\nB 500015 3100009\nO 500023 3100009\n";

#[test]
fn members_with_sewers_are_computed_one_after_another() {
    // The library of SWMM is not part of the project; TUIYAN_SWMM names it.
    if std::env::var_os("TUIYAN_SWMM").is_none() {
        assert!(std::env::var("SIM_SWMM_TESTS").as_deref() != Ok("require"), "TUIYAN_SWMM is not set");
        return;
    }
    let sewers = "[sewers]\nnetwork = \"net.inp\"\nperimeter = \"2.4 m\"\nopening = \"0.15 m2\"\n\n[edges]";
    let place = Workplace::new(FLOOD_PLAN, &FLOOD.replace("[edges]", sewers));
    place.write("net.inp", NET);
    let built = place.build("lib", &["--threads", "2"]);
    assert_eq!((&built["done"], &built["failed"]), (&json!(12), &json!(0)), "{built}");
    place.build("a", &["--shard", "1/2"]);
    place.build("b", &["--shard", "2/2"]);
    let merged = place.json(&["merge", "b", "a", "--out", "merged"]);
    assert_eq!(merged["content_hash"], built["content_hash"]);
    let dry = Workplace::flood();
    dry.build("lib", &[]);
    for (with, without) in deepest(&place.path("lib")).iter().zip(deepest(&dry.path("lib"))) {
        assert!(*with < without, "sewers take water: {with} m with them, {without} m without");
    }
}
