//! A run that is killed goes on from its last checkpoint and ends in the same bytes.
//!
//! The number of kills is that of `TUIYAN_KILLS` (8 when absent); the long form is
//! `TUIYAN_KILLS=50 cargo test --release -p tuiyan --test checkpoint`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A quarter of made-up terrain, a storm, frames, and a river over the western side.
const SCENARIO: &str = r#"schema = 1
hazard = "flood"
title = "killed and carried on"

[site]
crs = "EPSG:32649"

[terrain]
dem = "dem.asc"
manning_n = 0.03

[rain]
intensity = "90 mm/h"
duration = "10 min"

[losses]
rate = "10 mm/h"

[edges]
all = "open"

[[boundary]]
name = "river"
kind = "discharge"
edge = "west"
from_m = 3100080.0
to_m = 3100180.0
discharge = "3 m3/s"

[[boundary]]
name = "pond"
kind = "stage"
edge = "east"
level = "10.1 m"

[run]
duration = "40 min"
frame_interval = "4 min"
"#;

const CELLS: usize = 64;

fn write_inputs(folder: &Path) {
    let mut text = format!(
        "ncols {CELLS}\nnrows {CELLS}\nxllcorner 500000\nyllcorner 3100000\ncellsize 4\nNODATA_value -9999\n"
    );
    for row in 0..CELLS {
        let level = |column: usize| {
            let (x, y) = (column as f64, row as f64);
            11.0 - 0.01 * x + 0.3 * (0.21 * x).sin() * (0.17 * y).cos() + 0.1 * (1.3 * x + 0.7 * y).sin()
        };
        let levels: Vec<String> = (0..CELLS).map(|column| format!("{:.4}", level(column))).collect();
        text += &(levels.join(" ") + "\n");
    }
    std::fs::write(folder.join("dem.asc"), text).expect("a writable folder");
    std::fs::write(folder.join("run.toml"), SCENARIO).expect("a writable folder");
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("tuiyan"));
    command.current_dir(folder).args(["run", "run.toml", "--quiet", "--threads", "2"]).args(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

fn finish(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = command(folder, arguments).output().expect("the program runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Bytes of every product; of `run.json` all that does not tell of clock and machine.
fn products(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("a result").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let mut bytes = std::fs::read(entry.path()).expect("readable");
        if name == "run.json" {
            let mut record: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
            let record_map = record.as_object_mut().expect("an object");
            for key in ["wall_seconds", "cell_steps_per_second", "bytes_per_second"] {
                record_map.remove(key).expect("a known key");
            }
            bytes = record.to_string().into_bytes();
        }
        all.insert(name, bytes);
    }
    all
}

fn assert_same(found: &BTreeMap<String, Vec<u8>>, wanted: &BTreeMap<String, Vec<u8>>, what: &str) {
    assert_eq!(found.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>(), "{what}");
    let different: Vec<_> =
        found.iter().filter(|(name, bytes)| wanted[*name] != **bytes).map(|e| e.0).collect();
    assert!(different.is_empty(), "{what}: {different:?}");
}

/// Reproducible numbers from 0 to 1 (a linear congruential generator, Knuth's MMIX constants).
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Waits for a while and kills; returns false if the run was over before.
fn kill_after(mut child: Child, wait: Duration) -> bool {
    std::thread::sleep(wait);
    let was_running = child.try_wait().expect("a child").is_none();
    let _ = child.kill();
    child.wait().expect("a child");
    was_running
}

#[test]
fn a_run_killed_at_random_moments_ends_in_the_same_bytes() {
    let kills: usize = std::env::var("TUIYAN_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(8);
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_inputs(folder.path());
    let begun = std::time::Instant::now();
    assert_eq!(finish(folder.path(), &["--out", "whole"]).0, Some(0));
    let whole_run = begun.elapsed();
    let wanted = products(&folder.path().join("whole"));
    assert!(wanted.len() > 10 && wanted.contains_key("results.nc"), "{:?}", wanted.keys());

    let (mut noise, mut killed, mut finished, mut resumed) = (noise(2024), 0, 0, 0);
    while killed < kills {
        let beside = folder.path().join("out.checkpoint");
        resumed += usize::from(beside.join("a.state").exists());
        let arguments = ["--out", "out", "--checkpoint", "0s", "--resume"];
        let child = command(folder.path(), &arguments).spawn().expect("the program starts");
        // From before the first step to after the last one.
        if kill_after(child, whole_run.mul_f64(1.2 * noise())) {
            killed += 1;
        }
        if folder.path().join("out").exists() {
            assert_same(&products(&folder.path().join("out")), &wanted, "published by a killed run");
            std::fs::remove_dir_all(folder.path().join("out")).expect("removable");
            finished += 1;
        }
    }
    let (code, text) = finish(folder.path(), &["--out", "out", "--resume"]);
    assert_eq!(code, Some(0), "{text}");
    assert_same(&products(&folder.path().join("out")), &wanted, "after the last kill");
    assert!(resumed * 2 > kills, "{resumed} of {killed} kills left a checkpoint ({finished} runs were done)");
    assert!(!folder.path().join("out.checkpoint").exists(), "nothing is left after success");
}

/// Starts a run with checkpoints and kills it as soon as both slots are there.
fn leave_both_slots(folder: &Path) {
    let arguments = ["--out", "out", "--checkpoint", "0s"];
    let mut child = command(folder, &arguments).spawn().expect("the program starts");
    let slot = |name: &str| folder.join("out.checkpoint").join(name).exists();
    for _ in 0..2000 {
        if slot("a.state") && slot("b.state") {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    child.wait().expect("a child");
    assert!(slot("a.state") && slot("b.state"));
}

#[test]
fn checkpoints_of_another_run_and_torn_ones_are_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_inputs(folder.path());
    leave_both_slots(folder.path());
    let at = folder.path();
    let refused = |arguments: &[&str], code: &str| {
        let (exit, text) = finish(at, arguments);
        assert!(exit == Some(6) && text.contains(code), "{code}: {exit:?} {text}");
        assert!(!at.join("out").exists());
    };
    refused(&["--out", "out", "--checkpoint", "1h"], "E6313");
    refused(&["--out", "out", "--resume", "--set", "rain.duration=9 min"], "E6314");
    let dem = std::fs::read_to_string(at.join("dem.asc")).expect("readable");
    std::fs::write(at.join("dem.asc"), dem.replacen("10.9", "10.8", 1)).expect("writable");
    refused(&["--out", "out", "--resume"], "dem.asc has changed");
    std::fs::write(at.join("dem.asc"), &dem).expect("writable");
    let slot = |name: &str| at.join("out.checkpoint").join(name);
    let tear = |name: &str| {
        let bytes = std::fs::read(slot(name)).expect("readable");
        std::fs::write(slot(name), &bytes[..bytes.len() / 2]).expect("writable");
    };
    tear("a.state");
    let (code, text) = finish(at, &["--out", "out", "--resume"]);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(finish(at, &["--out", "whole"]).0, Some(0));
    assert_same(&products(&at.join("out")), &products(&at.join("whole")), "from the older slot");
    std::fs::remove_dir_all(at.join("out")).expect("removable");
    leave_both_slots(at);
    tear("a.state");
    tear("b.state");
    refused(&["--out", "out", "--resume"], "E6311");
}

#[test]
fn a_result_folder_is_never_used_for_checkpoints_and_gas_has_none() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_inputs(folder.path());
    let mut command = command(folder.path(), &["--out", "out", "--resume", "--set", "run.duration=4 min"]);
    let output = command.output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "nothing to go on from is no mistake");
    let left: Vec<String> = std::fs::read_dir(folder.path().join("out"))
        .expect("a result")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("state") || name.contains("checkpoint"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    let gas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/gas_main.toml");
    std::fs::copy(gas, folder.path().join("run.toml")).expect("copied");
    let (code, text) = finish(folder.path(), &["--out", "gas", "--checkpoint", "1min"]);
    assert!(code == Some(6) && text.contains("E6316"), "{code:?} {text}");
}
