//! Small plans, and the program that builds them.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

/// A flood on 12 by 9 cells that takes some hundredths of a second.
pub(crate) const FLOOD: &str = r#"schema = 1
hazard = "flood"
title = "base"

[site]
crs = "EPSG:32649"

[terrain]
dem = "dem.asc"
manning_n = 0.03

[rain]
intensity = "60 mm/h"
duration = "10 min"

[edges]
all = "wall"

[run]
duration = "10 min"
"#;

pub(crate) const FLOOD_PLAN: &str = r#"plan = 1
title = "rain by intensity and roughness"
base = "base.toml"
event_frequency_per_year = 0.5
leave_free_gb = 0

[[axis]]
name = "rain"
key = "rain.intensity"
range = { start = "20 mm/h", stop = "80 mm/h", step = "20 mm/h" }

[[axis]]
name = "roughness"
key = "terrain.manning_n"
values = [0.02, 0.03, 0.05]
"#;

pub(crate) const GAS: &str = r#"schema = 1
hazard = "gas"
title = "base"

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
wind_from = "N"
stability = "D"
surroundings = "urban"

[zones]
levels = ["20 % LEL", "100 % LEL"]
"#;

pub(crate) const GAS_PLAN: &str = r#"plan = 1
title = "winds over a hole"
base = "base.toml"
leave_free_gb = 0

[[axis]]
name = "wind"
key = "weather.wind_from"
range = { start = "0 deg", stop = "270 deg", step = "90 deg" }

[[axis]]
name = "hole"
key = "source.hole_diameter"
values = ["20 mm", "40 mm", "80 mm"]
"#;

/// A hollow with a rim: rain gathers in the middle.
fn dem() -> String {
    let mut text = String::from(
        "ncols 12\nnrows 9\nxllcorner 500000\nyllcorner 3100000\ncellsize 2\nNODATA_value -9999\n",
    );
    for row in 0..9_i32 {
        let levels: Vec<String> = (0..12_i32)
            .map(|column| format!("{:.2}", 0.05 * f64::from((row - 4).abs() + (column - 6).abs())))
            .collect();
        text.push_str(&levels.join(" "));
        text.push('\n');
    }
    text
}

/// A folder with a plan, its base and what they need.
pub(crate) struct Workplace {
    pub(crate) at: tempfile::TempDir,
}

impl Workplace {
    pub(crate) fn new(plan: &str, base: &str) -> Self {
        let at = tempfile::tempdir().expect("a temporary folder");
        let place = Self { at };
        place.write("plan.toml", plan);
        place.write("base.toml", base);
        place.write("dem.asc", &dem());
        place
    }

    pub(crate) fn flood() -> Self {
        Self::new(FLOOD_PLAN, FLOOD)
    }

    pub(crate) fn gas() -> Self {
        Self::new(GAS_PLAN, GAS)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.at.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("writable");
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("tuiyan").expect("the program");
        command.current_dir(self.at.path()).arg("library").args(arguments);
        command
    }

    /// Runs a command that must end well, and gives its JSON document.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let output = self.command(arguments).arg("--json").assert().code(0).get_output().clone();
        serde_json::from_slice(&output.stdout).expect("one JSON document")
    }

    /// Exit code and message numbers of a command that must fail.
    pub(crate) fn refusal(&self, arguments: &[&str]) -> (i32, Vec<u64>, String) {
        let output = self.command(arguments).arg("--json").output().expect("it runs");
        let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
        let problems = document["problems"].as_array().expect("a list of problems");
        let codes = problems.iter().filter_map(|problem| problem["code"].as_u64()).collect();
        (output.status.code().unwrap_or(-1), codes, String::from_utf8_lossy(&output.stderr).into_owned())
    }

    pub(crate) fn build(&self, out: &str, more: &[&str]) -> Value {
        self.json(&[&["build", "plan.toml", "--out", out, "--quiet"], more].concat())
    }

    /// Hash of the content of a library.
    pub(crate) fn content(&self, dir: &str) -> String {
        self.json(&["status", dir])["content_hash"].as_str().expect("a hash").to_owned()
    }
}

/// Batches of a library.
pub(crate) fn batches(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(dir.join("batches")).expect("batches").flatten().map(|entry| entry.path()).collect();
    found.sort();
    found
}
