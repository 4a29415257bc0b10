//! The program among other programs: pipes, scripts, odd paths, narrow terminals.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn tuiyan() -> Command {
    Command::new(env!("CARGO_BIN_EXE_tuiyan"))
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name)
}

fn output_of(arguments: &[&str]) -> Output {
    tuiyan().args(arguments).output().expect("the program runs")
}

#[test]
fn scripts_get_one_document_whatever_goes_wrong() {
    let wrong: [(&[&str], i32); 8] = [
        (&["run", "--json"], 2),
        (&["runn", "x.toml", "--json"], 2),
        (&["run", "x.toml", "--json", "--threads", "0"], 2),
        (&["run", "x.toml", "--json", "--bogus"], 2),
        (&["list", "nothing", "--json"], 2),
        (&["explain", "9998", "--json"], 2),
        (&["validate", "no-such-case", "--json"], 2),
        (&["run", "no-such-file.toml", "--json"], 4),
    ];
    for (arguments, code) in wrong {
        let output = output_of(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|mistake| {
            panic!("{arguments:?}: {mistake}: {}", String::from_utf8_lossy(&output.stdout))
        });
        assert_eq!(document["status"], "error");
        assert!(document["problems"][0]["text"].as_str().is_some_and(|text| text.len() > 5), "{document}");
        assert!(!output.stderr.is_empty(), "{arguments:?} says it to people too");
    }
}

#[test]
fn every_command_has_help_with_an_example() {
    for command in ["demo", "run", "check", "compare", "list", "validate", "schema", "show", "explain"] {
        let output = output_of(&[command, "--help"]);
        assert_eq!(output.status.code(), Some(0));
        let help = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(help.contains(&format!("  tuiyan {command}")), "{command}:\n{help}");
    }
}

#[test]
fn a_substance_is_shown_by_any_of_its_names_and_a_wrong_one_is_answered() {
    for name in ["chlorine", "氯气", "Cl2", "7782-50-5"] {
        let output = output_of(&["show", name]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success() && text.contains("60 min 2 ppm") && text.contains("nrc2004v4"),
            "{text}"
        );
    }
    let json: serde_json::Value =
        serde_json::from_slice(&output_of(&["show", "ammonia", "--json"]).stdout).expect("JSON");
    assert_eq!(json["substance"], "ammonia");
    let wrong = output_of(&["show", "chlorin"]);
    let answer = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(wrong.status.code() == Some(4) && answer.contains("did you mean chlorine"), "{answer}");
}

#[test]
fn every_message_is_explained() {
    let list: serde_json::Value =
        serde_json::from_slice(&output_of(&["list", "messages", "--json"]).stdout).expect("JSON");
    let pages = list.as_array().expect("a list");
    assert!(pages.len() > 50);
    for page in pages.iter().step_by(17) {
        let code = page["code"].to_string();
        for spelling in [code.clone(), format!("E{code}"), format!("w{code}")] {
            let output = output_of(&["explain", &spelling]);
            assert_eq!(output.status.code(), Some(0), "{spelling}");
            assert!(String::from_utf8_lossy(&output.stdout).contains(&code));
        }
    }
}

#[test]
fn a_reader_that_leaves_early_is_nobodys_mistake() {
    for arguments in [&["--help"][..], &["run", "--help"], &["schema"], &["list", "messages"]] {
        let mut child = tuiyan().args(arguments).stdout(Stdio::piped()).spawn().expect("the program runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        assert_eq!(child.wait().expect("it ends").code(), Some(0), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_document_that_is_lost_on_a_full_disk_is_not_done() {
    let full = std::fs::File::options().write(true).open("/dev/full").expect("Linux has it");
    let output = tuiyan().arg("schema").stdout(full).stderr(Stdio::piped()).output().expect("it runs");
    assert_eq!(output.status.code(), Some(6));
    assert!(String::from_utf8_lossy(&output.stderr).contains("E6000"));
}

#[cfg(unix)]
#[test]
fn a_scenario_comes_through_a_pipe_and_an_endless_one_is_refused() {
    let text = std::fs::read(example("gas_main.toml")).expect("an example");
    let mut child = tuiyan()
        .args(["check", "/dev/stdin", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child.stdin.take().expect("a pipe").write_all(&text).expect("it listens");
    let mut document = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut document).expect("UTF-8");
    assert_eq!(child.wait().expect("it ends").code(), Some(0), "{document}");
    let output = output_of(&["check", "/dev/zero"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&output.stderr).contains("E1004"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_hold_the_result_is_refused_before_the_run() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let dangling = folder.path().join("link");
    std::os::unix::fs::symlink(folder.path().join("nowhere"), &dangling).expect("a link");
    let not_text = folder.path().join(std::ffi::OsStr::from_bytes(b"bad\xff"));
    for out in [dangling, not_text] {
        let output = tuiyan()
            .arg("run")
            .arg(example("city_quarter.toml"))
            .arg("--out")
            .arg(&out)
            .output()
            .expect("the program runs");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(6), "{text}");
        assert!(text.contains("E6003") && !text.contains("simulated"), "{text}");
        assert!(!out.exists());
    }
}

#[test]
fn storm_formulas_are_listed_with_their_range_and_source() {
    let text = String::from_utf8(output_of(&["list", "storms"]).stdout).expect("UTF-8");
    for part in ["noboribetsu", "4860 / (t + 39)", "valid: P 7", "source: ", "https://"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    let storms: serde_json::Value =
        serde_json::from_slice(&output_of(&["list", "storms", "--json"]).stdout).expect("JSON");
    for storm in storms.as_array().expect("a list") {
        assert!(storm["source"]["title"].is_string() && storm["source"]["url"].is_string(), "{storm}");
    }
}

/// Columns of a text: the characters of Chinese take two.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if ('\u{2e80}'..='\u{ffef}').contains(&c) { 2 } else { 1 }).sum()
}

#[test]
fn the_summary_fits_on_a_narrow_terminal() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let both: [(&str, &[&str]); 2] =
        [("gas_main.toml", &[]), ("city_quarter.toml", &["--set", "run.duration=20 min"])];
    for (name, arguments) in both {
        let output = tuiyan()
            .current_dir(folder.path())
            .args(["run", "--out", name])
            .args(arguments)
            .arg(example(name).canonicalize().expect("an example"))
            .output()
            .expect("the program runs");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        for text in [&output.stdout, &output.stderr] {
            let text = String::from_utf8_lossy(text);
            let wide: Vec<&str> = text.lines().filter(|line| columns(line) > 80).collect();
            assert!(wide.is_empty(), "{wide:#?}");
        }
    }
}

#[test]
fn every_model_that_applies_stands_beside_the_best_with_one_flag() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("r");
    let output = tuiyan()
        .args(["run", "--quiet", "--model", "all", "--out"])
        .arg(&out)
        .arg(example("chlorine_leak.toml"))
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let table = std::fs::read_to_string(out.join("models.csv")).expect("the table of models");
    assert!(table.contains("slab") && table.contains("plume"), "{table}");
    let twice = tuiyan()
        .args(["run", "--model", "slab", "--set", "model.transport=plume"])
        .arg(example("chlorine_leak.toml"))
        .output()
        .expect("the program runs");
    assert_eq!(twice.status.code(), Some(2));
}

#[test]
fn a_wind_without_direction_is_not_called_a_north_wind() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = tuiyan()
        .args(["run", "--json", "--quiet", "--set", "weather.wind_from=unknown", "--out"])
        .arg(folder.path().join("r"))
        .arg(example("gas_main.toml"))
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let record: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let summary = record["summary"].to_string();
    assert!(summary.contains("direction not known") && !summary.contains("wind from N"), "{summary}");
}
