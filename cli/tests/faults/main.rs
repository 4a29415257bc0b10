//! Wrong inputs: each gives its message, the right exit code, and no result.
//!
//! One file per subject lists its faults; `harness` has the sound inputs and runs them.

#[path = "../../../sim-core/tests/rain_file/mod.rs"]
mod rain_file;

mod buildings;
mod exposure;
mod gas;
mod harness;
mod observed;
mod rain;
mod rain_grid;
mod scenario;
mod sewers;
mod source;
mod storm;
mod terrain;
mod water;
mod weather;

use assert_cmd::Command;
use harness::{FLOOD, Fault, GAS, S, write_inputs};

#[test]
fn the_sound_inputs_of_the_faults_run() {
    for base in [FLOOD, GAS] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let text = if base == GAS {
            GAS.replace("levels = [\"20 % LEL\"]", "levels = [\"20 % LEL\"]\naccept_invalid = true")
        } else {
            base.to_owned()
        };
        write_inputs(
            folder.path(),
            &Fault { name: "sound", base: "", changes: &[], arguments: &[], exit: 0, grid: None },
        );
        std::fs::write(folder.path().join(S), text).expect("a writable folder");
        let output = Command::cargo_bin("tuiyan")
            .expect("the program is built")
            .current_dir(folder.path())
            .args(["run", S, "--out", "result"])
            .output()
            .expect("the program runs");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(folder.path().join("result/run.json").exists());
    }
}
