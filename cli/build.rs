//! Writes the commit the program is built from into the program.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=../.git/HEAD");
    println!("cargo:rerun-if-changed=../.git/refs/heads");
    let answer = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).output();
    let commit = answer
        .ok()
        .filter(|answer| answer.status.success())
        .and_then(|answer| String::from_utf8(answer.stdout).ok())
        .map_or_else(|| "unknown".to_owned(), |text| text.trim().to_owned());
    println!("cargo:rustc-env=TUIYAN_COMMIT={commit}");
}
