//! Libraries whose members need an engine of which there is one: a graphics device, or that of sewers.

use std::path::Path;

use serde_json::json;
use sim_core::input::library::Library;

use crate::gpu::has_device;
use crate::harness::{FLOOD, FLOOD_PLAN, Workplace};

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
fn a_plan_for_a_device_is_refused_where_its_members_ask_for_more() {
    if !has_device() {
        return;
    }
    let pump = "[[structure]]\nname = \"pump\"\nkind = \"pump\"\nfrom = { x_m = 500013, y_m = 3100009 }\n\
                capacity = \"0.2 m3/s\"\non_depth = \"20 cm\"\noff_depth = \"10 cm\"\n\n[edges]";
    let place = Workplace::new(FLOOD_PLAN, &FLOOD.replace("[edges]", pump));
    let (exit, codes, said) = place.refusal(&["build", "plan.toml", "--out", "lib", "--device", "gpu:0"]);
    assert_eq!((exit, codes.as_slice()), (6, &[6250][..]), "{said}");
    assert!(!place.path("lib").exists());
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
