//! Sound inputs, what makes them wrong, and what the program then says.

use std::path::Path;

use assert_cmd::Command;

use crate::rain_file::RainFile;

pub(crate) const FLOOD: &str = r#"schema = 1
hazard = "flood"
title = "fault"

[site]
crs = "EPSG:32649"

[terrain]
dem = "dem.asc"
manning_n = 0.03

[rain]
hyetograph = "rain.csv"
samples = "interval_start"

[edges]
all = "open"

[run]
duration = "10 min"
"#;

pub(crate) const GAS: &str = r#"schema = 1
hazard = "gas"
title = "fault"

[source]
kind = "gas_hole"
substance = "methane"
at = { lon = 112.976, lat = 28.195 }
gauge_pressure = "0.4 MPa"
temperature = "15 °C"
pipe_diameter = "200 mm"
hole_diameter = "20 mm"
duration = "30 min"

[weather]
wind_speed = "3 m/s"
wind_from = "NNE"
sun = "slight"
surroundings = "urban"

[zones]
levels = ["20 % LEL"]
"#;

pub(crate) const DEM: &str = "ncols 4\nnrows 3\nxllcorner 500000\nyllcorner 3100000\ncellsize 2\nNODATA_value -9999\n\
1 2 3 4\n5 6 7 8\n9 10 11 12\n";

pub(crate) const RAIN: &str = "time_s,rain_mm_h\n0,60\n600,0\n";

/// Keys of `[rain]` in the sound flood, and those of a design storm instead.
pub(crate) const RAIN_KEYS: &str = "hyetograph = \"rain.csv\"\nsamples = \"interval_start\"\n";

/// One wrong input: what is changed in the sound ones.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) base: &'static str,
    /// File, text to find, text to put in its place.
    pub(crate) changes: &'static [(&'static str, &'static str, &'static str)],
    pub(crate) arguments: &'static [&'static str],
    pub(crate) exit: i32,
    /// What `rain.nc` holds, if it is there.
    pub(crate) grid: Option<fn() -> RainFile>,
}

pub(crate) const fn fault(
    name: &'static str,
    base: &'static str,
    changes: &'static [(&'static str, &'static str, &'static str)],
) -> Fault {
    Fault { name, base, changes, arguments: &[], exit: 4, grid: None }
}

pub(crate) const S: &str = "scenario.toml";

pub(crate) fn write_inputs(folder: &Path, fault: &Fault) {
    let mut files = vec![
        (S.to_owned(), fault.base.to_owned()),
        ("dem.asc".to_owned(), DEM.to_owned()),
        ("rain.csv".to_owned(), RAIN.to_owned()),
    ];
    for &(file, find, put) in fault.changes {
        match files.iter_mut().find(|entry| entry.0 == file) {
            Some(entry) => {
                assert!(entry.1.contains(find), "{}: {find:?} is in {file}", fault.name);
                entry.1 = entry.1.replacen(find, put, 1);
            }
            None => files.push((file.to_owned(), put.to_owned())),
        }
    }
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("a writable folder");
    }
    if let Some(grid) = fault.grid {
        grid().write(&folder.join("rain.nc"));
    }
}

/// Runs a fault and returns its message.
pub(crate) fn message(fault: &Fault) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_inputs(folder.path(), fault);
    let output = Command::cargo_bin("tuiyan")
        .expect("the program is built")
        .current_dir(folder.path())
        .args(["run", S, "--out", "result"])
        .args(fault.arguments)
        .output()
        .expect("the program runs");
    let text = String::from_utf8(output.stderr).expect("messages are UTF-8");
    assert_eq!(output.status.code(), Some(fault.exit), "{}: {text}", fault.name);
    assert!(!folder.path().join("result").exists(), "{}: a result was left", fault.name);
    let left = std::fs::read_dir(folder.path()).expect("the folder is there").flatten();
    let left: Vec<_> = left.map(|entry| entry.file_name()).filter(|name| name != "scenario.toml").collect();
    assert!(left.iter().all(|name| name.to_string_lossy().contains('.')), "{}: {left:?}", fault.name);
    assert!(text.contains("fix "), "{} has no remedy: {text}", fault.name);
    text
}

/// Runs all faults and holds each message against its snapshot.
pub(crate) fn check(faults: &[Fault]) {
    let mut wrong = Vec::new();
    for fault in faults {
        let text = message(fault);
        // One folder and one form of name, whichever subject a fault belongs to.
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        let name = format!("faults__{}", fault.name);
        let held = || settings.bind(|| insta::assert_snapshot!(name, text));
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(held)).is_err() {
            wrong.push(fault.name);
        }
    }
    assert!(wrong.is_empty(), "messages changed: {wrong:?}");
}
