//! Faults of rain from a grid.

use assert_cmd::Command;

use crate::harness::{FLOOD, Fault, RAIN_KEYS, S, check, fault, write_inputs};
use crate::rain_file::RainFile;

/// Keys of `[rain]` that name a grid instead, with the time of the run.
const FROM_GRID: &[(&str, &str, &str)] = &[(S, RAIN_KEYS, GRID_KEYS), (S, "title", DATED)];
const GRID_KEYS: &str = "grid = \"rain.nc\"\nsamples = \"interval_start\"\n";
const DATED: &str = "start = 2026-07-01T00:00:00Z\ntitle";

/// A flood with the rain of a wrong grid.
const fn grid_fault(name: &'static str, grid: fn() -> RainFile) -> Fault {
    Fault { grid: Some(grid), ..fault(name, FLOOD, FROM_GRID) }
}

fn faults() -> Vec<Fault> {
    const RASTER: &str = "ncols 2\nnrows 2\nxllcorner 499500\nyllcorner 3099500\ncellsize 1000\n1 1\n1 1\n";
    const OTHER: &str = "ncols 2\nnrows 2\nxllcorner 499000\nyllcorner 3099500\ncellsize 1000\n1 1\n1 1\n";
    let sound = RainFile::sound;
    let with = |name, changes| Fault { grid: Some(sound), ..fault(name, FLOOD, changes) };
    vec![
        fault("rain_grid_missing", FLOOD, FROM_GRID),
        fault(
            "rain_grid_classic",
            FLOOD,
            &[(S, RAIN_KEYS, GRID_KEYS), (S, "title", DATED), ("rain.nc", "", "CDF\u{1}\0\0\0\0\0\0\0\0")],
        ),
        grid_fault("rain_grid_with_two_variables", || RainFile {
            second: Some("rain_2"),
            ..RainFile::sound()
        }),
        grid_fault("rain_grid_unit", || RainFile { units: "dBZ", ..RainFile::sound() }),
        grid_fault("rain_grid_axes", || RainFile { x: ("x", "m", vec![5.0, 5.0]), ..RainFile::sound() }),
        grid_fault("rain_grid_calendar", || RainFile { calendar: "360_day", ..RainFile::sound() }),
        grid_fault("rain_grid_times", || RainFile { times: vec![1.0, 0.0], ..RainFile::sound() }),
        grid_fault("rain_grid_running_total", || RainFile {
            long_name: "rain accumulated since 00 UTC",
            ..RainFile::sound()
        }),
        grid_fault("rain_grid_missing_value", || RainFile { fill: 10.0, ..RainFile::sound() }),
        grid_fault("rain_grid_negative", || RainFile {
            values: -RainFile::sound().values,
            fill: 99.0,
            ..RainFile::sound()
        }),
        grid_fault("rain_grid_elsewhere", || RainFile {
            x: ("x", "m", vec![600_000.0, 601_000.0]),
            ..RainFile::sound()
        }),
        grid_fault("rain_grid_too_large", || RainFile {
            promised: Some((2, 20_000, 20_000)),
            ..RainFile::sound()
        }),
        grid_fault("rain_grid_above_the_record", || RainFile {
            values: RainFile::sound().values * 60.0,
            units: "mm/min",
            ..RainFile::sound()
        }),
        Fault {
            grid: Some(|| RainFile {
                x: ("lon", "degrees_east", vec![110.0, 112.0]),
                y: ("lat", "degrees_north", vec![27.0, 29.0]),
                ..RainFile::sound()
            }),
            ..fault(
                "rain_grid_in_degrees_on_a_local_plane",
                FLOOD,
                &[(S, RAIN_KEYS, GRID_KEYS), (S, "title", DATED), (S, "EPSG:32649", "local")],
            )
        },
        fault(
            "rain_grid_of_rasters_that_differ",
            FLOOD,
            &[
                (S, RAIN_KEYS, "grid = \"grids.csv\"\ngrid_unit = \"mm\"\nsamples = \"interval_end\"\n"),
                ("grids.csv", "", "time_min,file\n5,a.asc\n10,b.asc\n"),
                ("a.asc", "", RASTER),
                ("b.asc", "", OTHER),
            ],
        ),
        fault(
            "rain_grid_of_rasters_without_unit",
            FLOOD,
            &[(S, RAIN_KEYS, GRID_KEYS), ("rain.nc", "", "time_min,file\n5,a.asc\n10,b.asc\n")],
        ),
        fault(
            "rain_grid_of_many_rasters_that_differ",
            FLOOD,
            &[
                (S, RAIN_KEYS, "grid = \"grids.csv\"\ngrid_unit = \"mm\"\nsamples = \"interval_end\"\n"),
                (
                    "grids.csv",
                    "",
                    "time_min,file\n1,a.asc\n2,b.asc\n3,b.asc\n4,b.asc\n5,b.asc\n6,b.asc\n7,b.asc\n8,b.asc\n\
                     9,b.asc\n10,b.asc\n11,b.asc\n12,b.asc\n13,b.asc\n14,b.asc\n15,b.asc\n16,b.asc\n17,b.asc\n\
                     18,b.asc\n19,b.asc\n20,b.asc\n21,b.asc\n22,b.asc\n23,b.asc\n24,b.asc\n",
                ),
                ("a.asc", "", RASTER),
                ("b.asc", "", OTHER),
            ],
        ),
        with(
            "rain_grid_with_two_units",
            &[(S, RAIN_KEYS, GRID_KEYS), (S, "title", DATED), (S, "samples", "grid_unit = \"mm\"\nsamples")],
        ),
        with(
            "rain_grid_with_lines",
            &[(S, RAIN_KEYS, GRID_KEYS), (S, "title", DATED), (S, "interval_start", "line")],
        ),
        with("rain_grid_without_meaning", &[(S, RAIN_KEYS, "grid = \"rain.nc\"\n"), (S, "title", DATED)]),
        with("rain_grid_without_start", &[(S, RAIN_KEYS, GRID_KEYS)]),
        with(
            "rain_grid_and_hyetograph",
            &[(S, "hyetograph", "grid = \"rain.nc\"\nhyetograph"), (S, "title", DATED)],
        ),
        fault(
            "rain_grid_variable_without_grid",
            FLOOD,
            &[(S, "samples", "grid_variable = \"rain\"\nsamples")],
        ),
        with(
            "rain_grid_of_another_year",
            &[(S, RAIN_KEYS, GRID_KEYS), (S, "title", "start = 2027-07-01T00:00:00Z\ntitle")],
        ),
    ]
}

#[test]
fn faults_of_rain_grids_have_their_messages_and_leave_no_result() {
    check(&faults());
}

#[test]
fn a_grid_that_ends_before_the_run_is_told_and_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let grid = || RainFile { time_units: "minutes since 2026-07-01", ..RainFile::sound() };
    write_inputs(folder.path(), &grid_fault("sound", grid));
    let output = Command::cargo_bin("tuiyan")
        .expect("the program is built")
        .current_dir(folder.path())
        .args(["run", S, "--out", "result"])
        .output()
        .expect("the program runs");
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{text}");
    for code in ["W1098", "W3356"] {
        assert!(text.contains(code), "{code} is missing in\n{text}");
    }
}
