//! Everything that may be wrong with a plan ends in one clear error before work is lost.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::{FLOOD, FLOOD_PLAN, GAS, GAS_PLAN, Workplace, batches};

/// Text of the gas plan to find, what stands there instead, and the message.
const BAD_PLANS: [(&str, &str, u64); 14] = [
    ("values = [\"20 mm\", \"40 mm\", \"80 mm\"]", "values = []", 8601),
    ("step = \"90 deg\"", "step = \"-90 deg\"", 8601),
    ("values = [\"20 mm\", \"40 mm\", \"80 mm\"]", "values = [\"20 mm\", \"20 mm\"]", 8602),
    ("key = \"source.hole_diameter\"", "key = \"weather.wind_from\"", 8602),
    ("stop = \"270 deg\"", "stop = \"4 rad\"", 8603),
    (
        "values = [\"20 mm\", \"40 mm\", \"80 mm\"]",
        "draw = { distribution = \"uniform\", low = \"9 mm\", high = \"1 mm\", count = 3, seed = 1 }",
        8604,
    ),
    (
        "values = [\"20 mm\", \"40 mm\", \"80 mm\"]",
        "values = [\"20 mm\", \"40 mm\"]\nweights = [1, -1]",
        8605,
    ),
    ("step = \"90 deg\"", "step = \"1e-9 deg\"", 8606),
    ("name = \"hole\"\n", "name = \"hole\"\ntable = \"x.csv\"\n", 8607),
    (
        "key = \"source.hole_diameter\"\nvalues = [\"20 mm\", \"40 mm\", \"80 mm\"]",
        "table = \"missing.csv\"",
        8608,
    ),
    ("key = \"source.hole_diameter\"", "key = \"source.hole_diametre\"", 1011),
    ("\"80 mm\"", "\"80 kg\"", 1014),
    ("base = \"base.toml\"", "base = \"elsewhere.toml\"", 1004),
    ("plan = 1", "plan = 2", 1010),
];

#[test]
fn every_bad_plan_is_refused_before_anything_is_written() {
    for (find, put, code) in BAD_PLANS {
        let plan = GAS_PLAN.replace(find, put);
        assert_ne!(plan, GAS_PLAN, "{find} is in the plan");
        let place = Workplace::new(&plan, GAS);
        for command in ["plan", "build"] {
            let (exit, codes, text) = place.refusal(&[command, "plan.toml", "--out", "lib"]);
            assert!(codes.contains(&code), "{put}: wanted {code}, found {codes:?}\n{text}");
            assert_eq!(exit, 4, "{put}: {text}");
            assert!(!place.path("lib").exists(), "{put}: nothing is begun");
        }
    }
}

#[test]
fn all_mistakes_of_a_plan_come_at_once_with_a_suggestion() {
    let plan = GAS_PLAN
        .replace("weather.wind_from", "weather.wind_form")
        .replace("source.hole_diameter", "source.hole_diametre");
    let place = Workplace::new(&plan, GAS);
    let (_, codes, text) = place.refusal(&["plan", "plan.toml"]);
    assert_eq!(codes.iter().filter(|&&code| code == 1011).count(), 2, "{text}");
    assert!(
        text.contains("did you mean wind_from?") && text.contains("did you mean hole_diameter?"),
        "{text}"
    );
}

#[test]
fn a_million_million_members_are_refused() {
    let mut plan = String::from("plan = 1\ntitle = \"many\"\nbase = \"base.toml\"\n");
    for key in ["weather.wind_from", "weather.wind_speed", "source.hole_diameter", "source.gauge_pressure"] {
        plan.push_str(&format!(
            "[[axis]]\nkey = \"{key}\"\nrange = {{ start = 1, stop = 1000, step = 1 }}\n"
        ));
    }
    let (_, codes, text) = Workplace::new(&plan, GAS).refusal(&["plan", "plan.toml"]);
    assert_eq!(codes, [8606]);
    assert!(text.contains("1.000e12 members"), "{text}");
}

#[test]
fn a_disk_that_is_too_small_is_found_before_the_build() {
    let place = Workplace::new(&GAS_PLAN.replace("leave_free_gb = 0", "leave_free_gb = 1e8"), GAS);
    let (exit, codes, text) = place.refusal(&["build", "plan.toml", "--out", "lib"]);
    assert_eq!((exit, codes), (6, vec![8609]), "{text}");
    assert!(batches(&place.path("lib")).is_empty());
}

#[test]
fn another_engine_plan_or_grid_may_not_go_on() {
    let place = Workplace::flood();
    place.build("lib", &["--range", "0..3"]);
    let manifest = place.path("lib/library.json");
    let text = fs::read_to_string(&manifest).expect("text");
    let own = serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["engine"]
        .as_str()
        .expect("a version")
        .to_owned();
    fs::write(&manifest, text.replace(&own, "0.0.9 (deadbeef)")).expect("writable");
    let (_, codes, words) = place.refusal(&["build", "plan.toml", "--out", "lib"]);
    assert_eq!(codes, [8612]);
    assert!(words.contains("0.0.9 (deadbeef)"), "{words}");
    fs::write(&manifest, text).expect("writable");
    place.write("plan.toml", &FLOOD_PLAN.replace("0.05]", "0.06]"));
    assert_eq!(place.refusal(&["build", "plan.toml", "--out", "lib"]).1, [8613]);
    place.write("plan.toml", FLOOD_PLAN);
    place.write(
        "base.toml",
        &FLOOD.replace("duration = \"10 min\"\n\n[edges]", "duration = \"9 min\"\n\n[edges]"),
    );
    assert_eq!(place.refusal(&["build", "plan.toml", "--out", "lib"]).1, [8613]);
    place.write("base.toml", FLOOD);
    place.build("lib", &[]);
}

#[test]
fn two_builds_in_one_folder_are_refused() {
    let place = Workplace::new(&FLOOD_PLAN.replace("step = \"20 mm/h\"", "step = \"0.02 mm/h\""), FLOOD);
    let program = place.command(&[]).get_program().to_owned();
    let mut first = Command::new(program)
        .current_dir(place.at.path())
        .args(["library", "build", "plan.toml", "--out", "lib", "--quiet"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let begun = Instant::now();
    while !place.path("lib/catalogue.sqlite").exists() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let (exit, codes, text) = place.refusal(&["build", "plan.toml", "--out", "lib"]);
    first.kill().expect("it is still building");
    first.wait().expect("it ends");
    assert_eq!((exit, codes), (6, vec![8610]), "{text}");
}

#[test]
fn folders_and_parts_that_do_not_fit_are_refused() {
    let place = Workplace::flood();
    fs::create_dir(place.path("thesis")).expect("writable");
    place.write("thesis/chapter.txt", "years of work");
    assert_eq!(place.refusal(&["build", "plan.toml", "--out", "thesis"]).1, [8611]);
    assert_eq!(place.refusal(&["status", "thesis"]).1, [8620]);
    assert_eq!(place.refusal(&["build", "plan.toml", "--out", "lib", "--range", "5..99"]).1, [8618]);
    assert_eq!(
        place.refusal(&["build", "plan.toml", "--out", "lib", "--set", "rain.intensity=1 mm/h"]).1,
        [8617]
    );
    place.build("a", &["--shard", "1/2"]);
    place.write("plan.toml", &FLOOD_PLAN.replace("0.05]", "0.06]"));
    place.build("b", &["--shard", "2/2"]);
    assert_eq!(place.refusal(&["merge", "a", "b", "--out", "c"]).1, [8621]);
    fs::write(&batches(&place.path("a"))[0], "rubbish").expect("writable");
    fs::remove_file(place.path("a/catalogue.sqlite")).expect("there");
    place.write("plan.toml", FLOOD_PLAN);
    assert_eq!(place.refusal(&["build", "plan.toml", "--out", "a"]).1, [8614]);
}

#[test]
fn a_damaged_part_does_not_join() {
    let place = Workplace::flood();
    place.build("a", &["--shard", "1/2"]);
    place.build("b", &["--shard", "1/2"]);
    let database = rusqlite::Connection::open(place.path("b/catalogue.sqlite")).expect("a database");
    database.execute("UPDATE result SET sha256 = 'other'", []).expect("writable");
    drop(database);
    assert_eq!(place.refusal(&["merge", "a", "b", "--out", "c"]).1, [8622]);
}

#[test]
fn a_member_with_another_grid_is_recorded() {
    let plan = FLOOD_PLAN.replace(
        "name = \"roughness\"\nkey = \"terrain.manning_n\"\nvalues = [0.02, 0.03, 0.05]",
        "name = \"ground\"\nkey = \"terrain.dem\"\nvalues = [\"dem.asc\", \"other.asc\"]",
    );
    let place = Workplace::new(&plan, FLOOD);
    place.write("other.asc", "ncols 3\nnrows 2\nxllcorner 500000\nyllcorner 3100000\ncellsize 2\nNODATA_value -9999\n1 2 3\n1 2 3\n");
    let output = place
        .command(&["build", "plan.toml", "--out", "lib", "--json"])
        .assert()
        .code(5)
        .get_output()
        .clone();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("E8632") && text.contains("\"failed\": 4"), "{text}");
}

#[test]
fn exports_and_jobs_refuse_what_they_do_not_understand() {
    let place = Workplace::gas();
    place.build("lib", &["--range", "0..6"]);
    let matrix = include_str!("../../../examples/risk_matrix.toml");
    place.write("matrix.toml", matrix);
    assert_eq!(place.refusal(&["export", "lib", "--cell", "wide", "--out", "x"]).1, [8653]);
    place.write("broken.toml", &matrix.replace("[\"orange\", \"red\", \"red\"],", ""));
    assert_eq!(place.refusal(&["export", "lib", "--matrix", "broken.toml", "--out", "x"]).1, [8651]);
    let often = Workplace::new(
        &GAS_PLAN.replace("leave_free_gb = 0", "leave_free_gb = 0\nevent_frequency_per_year = 1e-4"),
        GAS,
    );
    often.build("lib", &[]);
    often.write("matrix.toml", matrix);
    assert_eq!(
        often.refusal(&["export", "lib", "--matrix", "matrix.toml", "--out", "x"]).1,
        [8654, 8654, 8654]
    );
    let flood = Workplace::flood();
    flood.build("lib", &[]);
    flood.write("matrix.toml", matrix);
    flood.write("sites.csv", "firm,east\na,b\n");
    assert_eq!(
        flood.refusal(&["export", "lib", "--matrix", "matrix.toml", "--sites", "sites.csv", "--out", "x"]).1,
        [8655]
    );
    let mut send = place.command(&[
        "submit",
        "plan.toml",
        "--slurm",
        "--tasks",
        "2",
        "--out",
        "p",
        "--script",
        "j.sh",
        "--send",
    ]);
    let output = send.env("PATH", "/nowhere").output().expect("it runs");
    assert!(String::from_utf8_lossy(&output.stderr).contains("E8660"));
    assert!(place.path("j.sh").is_file(), "the script is there");
}

#[test]
fn a_library_without_results_or_zones_has_nothing_to_show() {
    // A gas of which not even the source is above the level.
    let weak = GAS.replace("kind = \"gas_hole\"", "kind = \"known_rate\"\nrate = \"1e-9 kg/s\"").replace("gauge_pressure = \"0.4 MPa\"\ntemperature = \"15 °C\"\npipe_diameter = \"200 mm\"\nhole_diameter = \"20 mm\"\n", "");
    let plan = GAS_PLAN
        .replace(
            "key = \"source.hole_diameter\"\nvalues = [\"20 mm\", \"40 mm\", \"80 mm\"]",
            "key = \"source.duration\"\nvalues = [\"20 min\", \"40 min\"]",
        )
        .replace("name = \"hole\"", "name = \"time\"");
    let place = Workplace::new(&plan, &weak);
    place.build("lib", &[]);
    assert_eq!(place.refusal(&["query", "lib", "--wind", "N", "--time", "30 min", "--out", "x"]).1, [8647]);
    let broken = Workplace::new(&GAS_PLAN.replace("name = \"wind\"\nkey = \"weather.wind_from\"\nrange = { start = \"0 deg\", stop = \"270 deg\", step = \"90 deg\" }", "name = \"pipe\"\nkey = \"source.pipe_diameter\"\nvalues = [\"200 mm\", \"50 mm\"]"), GAS);
    broken.command(&["build", "plan.toml", "--out", "lib", "--range", "5..6"]).assert().code(5);
    assert_eq!(broken.refusal(&["export", "lib", "--out", "x"]).1, [8652]);
}
