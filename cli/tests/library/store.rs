//! A library ends the same however it was built.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;
use sim_core::input::library::Library;
use sim_core::library::draw::uniform;

use crate::gpu::has_device;
use crate::harness::{FLOOD, FLOOD_PLAN, GAS, GAS_PLAN, Workplace, batches};

#[test]
fn a_plan_tells_members_size_and_time_before_anything_runs() {
    let place = Workplace::gas();
    let plan = place.json(&["plan", "plan.toml"]);
    assert_eq!((&plan["members"], &plan["distinct_results"]), (&json!(12), &json!(3.0)));
    assert!(plan["estimated_seconds"].as_f64().is_some_and(|seconds| seconds > 0.0));
    assert!(plan["estimated_bytes"].as_f64().is_some_and(|bytes| bytes > 1000.0));
    let flood = Workplace::flood().json(&["plan", "plan.toml"]);
    assert_eq!(flood["members"], json!(12));
    assert_eq!(fs::read_dir(place.at.path()).expect("readable").count(), 3, "nothing was written");
}

/// Kills of a build in the test, and how many more until one of them leaves a part.
const FEWEST_KILLS: u64 = 20;
const MOST_KILLS: u64 = 200;

/// True for some but not all members.
fn is_part((done, members): &(u64, u64)) -> bool {
    (1..*members).contains(done)
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

#[test]
fn twenty_random_kills_end_in_the_same_store() {
    // Enough members that kills fall into every stage; the walls are small so that it is over soon.
    let plan = FLOOD_PLAN.replace("step = \"20 mm/h\"", "step = \"1 mm/h\"");
    for (plan, base) in
        [(plan.as_str(), FLOOD), (&GAS_PLAN.replace("step = \"90 deg\"", "step = \"1 deg\""), GAS)]
    {
        let place = Workplace::new(plan, base);
        let begun = Instant::now();
        place.build("whole", &[]);
        let longest = begun.elapsed().as_secs_f64();
        let program = place.command(&[]).get_program().to_owned();
        let mut parts = BTreeSet::new();
        let mut kills = 0;
        while kills < FEWEST_KILLS || !parts.iter().any(is_part) && kills < MOST_KILLS {
            let mut child = Command::new(&program)
                .current_dir(place.at.path())
                .args(["library", "build", "plan.toml", "--out", "killed", "--quiet"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("it starts");
            sleep(Duration::from_secs_f64(longest * uniform(11, 0, kills)));
            // A build that has ended cannot be killed: that is a moment, too.
            let _ = child.kill();
            child.wait().expect("it ends");
            kills += 1;
            if let Ok(library) = Library::open(&place.path("killed")) {
                let status = library.status().expect("a status after a kill");
                parts.insert((status.done, status.members));
                // Every kill came too early or too late: once more from the start.
                if status.done == status.members && kills >= FEWEST_KILLS && !parts.iter().any(is_part) {
                    drop(library);
                    fs::remove_dir_all(place.path("killed")).expect("it can be removed");
                }
            }
        }
        println!("done after {kills} kills, of all: {parts:?}");
        assert!(parts.iter().any(is_part), "some kill left a part");
        let end = place.build("killed", &[]);
        assert_eq!(end["done"], end["members"]);
        assert_eq!(place.content("killed"), place.content("whole"));
    }
}

#[test]
fn a_second_build_computes_nothing() {
    let place = Workplace::flood();
    place.build("lib", &[]);
    let before = batches(&place.path("lib"));
    let hash = place.content("lib");
    place.build("lib", &["--threads", "1"]);
    assert_eq!(batches(&place.path("lib")), before);
    assert_eq!(place.content("lib"), hash);
}

#[test]
fn parts_in_any_order_join_to_the_whole() {
    for place in [Workplace::flood(), Workplace::gas()] {
        let whole = place.build("whole", &[])["content_hash"].clone();
        place.build("a", &["--shard", "1/3"]);
        place.build("b", &["--shard", "2/3"]);
        place.build("c", &["--range", "7..12"]);
        place.json(&["merge", "a", "b", "--out", "ab", "--quiet"]);
        place.json(&["merge", "b", "c", "--out", "bc", "--quiet"]);
        let left = place.json(&["merge", "ab", "c", "--out", "ab-c", "--quiet"]);
        let right = place.json(&["merge", "a", "bc", "--out", "a-bc", "--quiet"]);
        let at_once = place.json(&["merge", "c", "a", "b", "--out", "cab", "--quiet"]);
        for merged in [left, right, at_once] {
            assert_eq!(merged["content_hash"], whole);
            assert_eq!(merged["done"], json!(12));
        }
    }
}

#[test]
fn members_that_say_the_same_are_computed_once() {
    let plan = FLOOD_PLAN.replace(
        "range = { start = \"20 mm/h\", stop = \"80 mm/h\", step = \"20 mm/h\" }",
        "values = [\"60 mm/h\", \"1 mm/min\", \"6 cm/h\"]",
    );
    let place = Workplace::new(&plan, FLOOD);
    let end = place.build("lib", &[]);
    assert_eq!((&end["done"], &end["results"]), (&json!(9), &json!(3)));
    let winds = Workplace::gas();
    let end = winds.build("lib", &[]);
    assert_eq!((&end["done"], &end["results"]), (&json!(12), &json!(3)), "the wind only turns the result");
}

#[test]
fn a_member_that_fails_is_recorded_with_its_reason() {
    // A hole wider than its pipe: each value is sound beside the first of the other axis.
    let plan = GAS_PLAN.replace("key = \"weather.wind_from\"", "key = \"source.pipe_diameter\"").replace(
        "range = { start = \"0 deg\", stop = \"270 deg\", step = \"90 deg\" }",
        "values = [\"200 mm\", \"50 mm\"]",
    );
    let place = Workplace::new(&plan, GAS);
    let output = place
        .command(&["build", "plan.toml", "--out", "lib", "--json"])
        .assert()
        .code(5)
        .get_output()
        .clone();
    let end: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&end["done"], &end["failed"], &end["members"]), (&json!(5), &json!(1), &json!(6)));
    let failure = &end["failures"][0];
    assert_eq!(failure["line"], json!(5));
    assert!(failure["message"].as_str().is_some_and(|text| text.contains("error[E")), "{failure}");
    assert_eq!(place.content("lib"), end["content_hash"].as_str().expect("a hash"));
}

#[test]
fn a_lost_or_broken_catalogue_is_made_anew() {
    for place in [Workplace::flood(), Workplace::gas()] {
        place.build("lib", &[]);
        let hash = place.content("lib");
        let catalogue = place.path("lib/catalogue.sqlite");
        fs::remove_file(&catalogue).expect("there");
        assert_eq!(place.refusal(&["status", "lib"]).1, [8615]);
        place.build("lib", &[]);
        assert_eq!(place.content("lib"), hash);
        fs::write(&catalogue, "not a database at all, but long enough to be looked at as one")
            .expect("writable");
        place.build("lib", &[]);
        assert_eq!(place.content("lib"), hash);
    }
}

#[test]
fn members_of_a_lost_batch_are_computed_again() {
    let place = Workplace::flood();
    place.build("a", &["--range", "0..6"]);
    place.build("a", &["--range", "6..12"]);
    let hash = place.content("a");
    let files = batches(&place.path("a"));
    assert!(files.len() >= 2);
    fs::remove_file(&files[0]).expect("there");
    let end = place.build("a", &[]);
    assert_eq!((&end["done"], end["content_hash"].as_str()), (&json!(12), Some(hash.as_str())));
}

#[test]
fn every_way_to_give_values_makes_members() {
    let plan = r#"plan = 1
title = "every axis"
base = "base.toml"
leave_free_gb = 0

[[axis]]
key = "weather.wind_speed"
log_range = { start = "2 m/s", stop = "8 m/s", count = 3 }

[[axis]]
key = "source.hole_diameter"
draw = { distribution = "log_uniform", low = "10 mm", high = "100 mm", count = 4, seed = 9 }

[[axis]]
name = "days"
table = "days.csv"
"#;
    let place = Workplace::new(plan, GAS);
    place.write("days.csv", "weather.stability,weather.air_temperature,weight\nC,30 degC,1\nD,5 degC,3\n");
    let end = place.build("lib", &[]);
    assert_eq!(end["done"], json!(24));
    let library = Library::open(&place.path("lib")).expect("it opens");
    let plan = &library.manifest.plan;
    assert_eq!(plan.axes[0].rows, [["2 m/s"], ["4 m/s"], ["8 m/s"]]);
    assert_eq!(plan.axes[2].weights, [0.25, 0.75]);
    assert_eq!(plan.overrides(0).len(), 4);
    let again = Workplace::new(&fs::read_to_string(place.path("plan.toml")).expect("text"), GAS);
    again.write("days.csv", "weather.stability,weather.air_temperature,weight\nC,30 degC,1\nD,5 degC,3\n");
    assert_eq!(again.build("lib", &[])["content_hash"], end["content_hash"], "draws do not change");
}

#[test]
fn the_scripts_of_clusters_build_every_part_once() {
    let place = Workplace::gas();
    let text = |arguments: &[&str]| {
        let output = place.command(arguments).assert().success().get_output().stdout.clone();
        String::from_utf8(output).expect("text")
    };
    let slurm = text(&["submit", "plan.toml", "--slurm", "--tasks", "4", "--out", "parts", "--threads", "2"]);
    assert!(slurm.starts_with("#!/bin/sh\n"));
    for line in [
        "#SBATCH --array=1-4\n",
        "#SBATCH --cpus-per-task=2\n",
        "#SBATCH --requeue\n",
        "--shard \"$SLURM_ARRAY_TASK_ID/4\"",
        " --device cpu ",
    ] {
        assert!(slurm.contains(line), "{line} in {slurm}");
    }
    let kubernetes = text(&["submit", "plan.toml", "--kubernetes", "--tasks", "3", "--out", "parts"]);
    for line in ["completionMode: Indexed", "completions: 3", "--shard $part/3", "JOB_COMPLETION_INDEX + 1"] {
        assert!(kubernetes.contains(line), "{line} in {kubernetes}");
    }
    let on_device =
        text(&["submit", "plan.toml", "--slurm", "--tasks", "2", "--out", "parts", "--device", "gpu:1"]);
    assert!(on_device.contains(" --device gpu:1 "), "{on_device}");
}

#[test]
#[cfg(unix)]
fn the_slurm_script_builds_the_store_of_one_process() {
    let place = Workplace::gas();
    let whole = place.build("whole", &[])["content_hash"].clone();
    place
        .command(&["submit", "plan.toml", "--slurm", "--tasks", "3", "--out", "parts", "--script", "job.sh"])
        .assert()
        .success();
    let program = place.command(&[]).get_program().to_owned();
    let folder = std::path::Path::new(&program).parent().expect("a folder").to_owned();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
    for task in 1..=3 {
        let status = Command::new("sh")
            .arg("job.sh")
            .current_dir(place.at.path())
            .env("PATH", &path)
            .env("SLURM_ARRAY_TASK_ID", task.to_string())
            .env("SLURM_CPUS_PER_TASK", "1")
            .stdout(Stdio::null())
            .status()
            .expect("a shell");
        assert!(status.success());
    }
    let merged =
        place.json(&["merge", "parts/part-1", "parts/part-2", "parts/part-3", "--out", "joined", "--quiet"]);
    assert_eq!(merged["content_hash"], whole);
}

#[test]
fn the_examples_are_sound_and_their_first_members_run() {
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let folder = tempfile::tempdir().expect("a folder");
    for (name, members, range) in [("gas_library.toml", 1080, "0..12"), ("flood_library.toml", 6, "0..1")] {
        let out = folder.path().join(name);
        let build = |range: &str| {
            let mut command = assert_cmd::Command::cargo_bin("tuiyan").expect("the program");
            command
                .args(["library", "build", "--json", "--quiet", "--range", range])
                .arg(examples.join(name))
                .arg("--out")
                .arg(&out);
            let output = command.assert().success().get_output().stdout.clone();
            serde_json::from_slice::<serde_json::Value>(&output).expect("JSON")
        };
        let end = build(range);
        let done = range.split("..").nth(1).and_then(|end| end.parse::<u64>().ok());
        assert_eq!((end["members"].as_u64(), end["done"].as_u64()), (Some(members), done), "{name}");
    }
}
