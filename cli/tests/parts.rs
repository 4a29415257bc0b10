//! A flood in parts writes the bytes of one process: parts in threads always, parts in processes
//! under `mpirun` where `SIM_MPI_TESTS=require` says that the program was built with `--features mpi`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

/// Rain, losses, soil, an inflow and three kinds of boundaries on stretches that cross the parts.
const SCENARIO: &str = r#"schema = 1
hazard = "flood"
title = "cut into parts"

[site]
crs = "EPSG:32649"

[terrain]
dem = "dem.asc"
manning_n = 0.03

[rain]
intensity = "90 mm/h"
duration = "3 min"

[losses]
rate = "10 mm/h"

[edges]
all = "open"

[[inflow]]
name = "burst main"
at = { x_m = 500090.0, y_m = 3100250.0 }
discharge = "2 m3/s"

[[boundary]]
name = "river"
kind = "discharge"
edge = "west"
from_m = 3100080.0
to_m = 3100420.0
discharge = "5 m3/s"

[[boundary]]
name = "pond"
kind = "stage"
edge = "east"
level = "10.1 m"

[[place]]
name = "underpass"
at = { x_m = 500150.0, y_m = 3100390.0 }

[run]
duration = "6 min"
frame_interval = "2 min"
"#;

const PUMP: &str = r#"
[[structure]]
name = "Mill pump"
kind = "pump"
from = { x_m = 500090.0, y_m = 3100250.0 }
capacity = "1 m3/s"
on_depth = "0.3 m"
off_depth = "0.1 m"
within = "20 m"
"#;

const ROWS: usize = 140;
const COLUMNS: usize = 48;

fn write_inputs(folder: &Path) {
    let mut text = format!(
        "ncols {COLUMNS}\nnrows {ROWS}\nxllcorner 500000\nyllcorner 3100000\ncellsize 4\nNODATA_value -9999\n"
    );
    for row in 0..ROWS {
        let level = |column: usize| {
            let (x, y) = (column as f64, row as f64);
            11.0 - 0.01 * x + 0.3 * (0.21 * x).sin() * (0.17 * y).cos() + 0.1 * (1.3 * x + 0.7 * y).sin()
        };
        let levels: Vec<String> = (0..COLUMNS).map(|column| format!("{:.4}", level(column))).collect();
        let _ = writeln!(text, "{}", levels.join(" "));
    }
    std::fs::write(folder.join("dem.asc"), text).expect("a writable folder");
    std::fs::write(folder.join("run.toml"), SCENARIO).expect("a writable folder");
    std::fs::write(folder.join("pump.toml"), format!("{SCENARIO}{PUMP}")).expect("a writable folder");
}

fn program() -> Command {
    Command::new(assert_cmd::cargo::cargo_bin("tuiyan"))
}

/// The program as so many processes.
fn processes(count: usize) -> Command {
    let mut command = Command::new("mpirun");
    command.args(["--oversubscribe", "-n", &count.to_string()]);
    command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    command.arg(assert_cmd::cargo::cargo_bin("tuiyan"));
    command
}

fn run(mut command: Command, folder: &Path, arguments: &[&str]) -> Output {
    let output = command.current_dir(folder).arg("run").args(arguments).output();
    output.expect("the program starts")
}

fn done(command: Command, folder: &Path, arguments: &[&str]) -> Output {
    let output = run(command, folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Every file of a result but its record, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("a result").map(|entry| entry.expect("an entry")) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != "run.json" {
            found.insert(name, std::fs::read(entry.path()).expect("a readable file"));
        }
    }
    found
}

fn record(folder: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(folder.join("run.json")).expect("a record");
    serde_json::from_str(&text).expect("JSON")
}

/// Compares two results: all files byte by byte, and what the records say of the water.
fn assert_same(folder: &Path, one: &str, other: &str) {
    let (whole, parts) = (files(&folder.join(one)), files(&folder.join(other)));
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&whole), names(&parts));
    assert!(whole.keys().filter(|name| name.ends_with(".tif")).count() > 3, "{:?}", whole.keys());
    for (name, bytes) in &whole {
        assert!(parts[name] == *bytes, "{other}/{name} differs from {one}/{name}");
    }
    let (whole, parts) = (record(&folder.join(one)), record(&folder.join(other)));
    for key in ["ledger", "steps", "wet_share", "cells", "summary", "warnings", "products", "memory_bytes"] {
        assert_eq!(whole[key], parts[key], "{key}");
    }
}

#[test]
fn parts_in_threads_write_the_bytes_of_one_process() {
    let folder = tempfile::tempdir().expect("a folder");
    write_inputs(folder.path());
    done(program(), folder.path(), &["run.toml", "--quiet", "--out", "one"]);
    for parts in ["2", "4"] {
        done(program(), folder.path(), &["run.toml", "--quiet", "--parts", parts, "--out", parts]);
        assert_same(folder.path(), "one", parts);
        assert_eq!(record(&folder.path().join(parts))["ranks"]["count"].to_string(), parts);
    }
    assert!(record(&folder.path().join("one")).get("ranks").is_none());
}

/// What a run that is refused says, and that it leaves nothing.
fn refused(command: Command, folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = run(command, folder, &[arguments, &["--out", "refused"]].concat());
    assert!(!folder.join("refused").exists());
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn what_parts_do_not_compute_is_refused_by_name_before_any_work() {
    let folder = tempfile::tempdir().expect("a folder");
    write_inputs(folder.path());
    let (code, said) =
        refused(program(), folder.path(), &["pump.toml", "--parts", "9", "--checkpoint", "1min"]);
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("E8661") && said.contains("Mill pump") && said.contains("checkpoints"), "{said}");
    assert!(said.contains("E8662") && said.contains("1 to 5"), "{said}");
    let mut started = program();
    started.env("OMPI_COMM_WORLD_RANK", "0").env("OMPI_COMM_WORLD_SIZE", "2");
    let (code, said) = refused(started, folder.path(), &["run.toml", "--parts", "2"]);
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("E8663"), "{said}");
}

#[test]
#[cfg(not(feature = "mpi"))]
fn several_processes_without_mpi_are_refused_with_one_voice() {
    let folder = tempfile::tempdir().expect("a folder");
    write_inputs(folder.path());
    for (rank, is_told) in [("0", true), ("1", false)] {
        let mut started = program();
        started.env("PMI_RANK", rank).env("PMI_SIZE", "2");
        let (code, said) = refused(started, folder.path(), &["run.toml"]);
        assert_eq!(code, Some(4), "{said}");
        assert_eq!(said.contains("E8664"), is_told, "{said}");
        assert_eq!(said.is_empty(), !is_told, "{said}");
    }
}

/// True where processes can be tried; says so where they are not.
fn has_processes() -> bool {
    let required = std::env::var("SIM_MPI_TESTS").is_ok_and(|wish| wish == "require");
    assert!(!required || cfg!(feature = "mpi"), "SIM_MPI_TESTS=require needs --features mpi");
    required
}

#[test]
fn parts_in_processes_write_the_bytes_of_one_process_and_speak_once() {
    if !has_processes() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    write_inputs(folder.path());
    done(program(), folder.path(), &["run.toml", "--quiet", "--out", "one"]);
    for count in [2, 4] {
        let out = count.to_string();
        let output = done(processes(count), folder.path(), &["run.toml", "--out", &out]);
        assert_same(folder.path(), "one", &out);
        assert_eq!(record(&folder.path().join(&out))["ranks"]["count"], count);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(said.matches("Water balance").count(), 1, "{said}");
    }
}

#[test]
fn a_mistake_is_told_by_one_process_and_all_fail() {
    if !has_processes() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    write_inputs(folder.path());
    for (arguments, code, exit) in [
        (&["pump.toml"][..], "error[E8661]", 4),
        (&["missing.toml"][..], "error[", 4),
        (&["run.toml", "--set", "run.duration=0 min"][..], "error[", 4),
    ] {
        let (found, said) = refused(processes(3), folder.path(), arguments);
        assert_eq!(said.matches(code).count(), 1, "{said}");
        assert_eq!(found, Some(exit), "{said}");
    }
}
