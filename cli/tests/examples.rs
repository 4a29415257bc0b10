//! Every example runs; threads do not change a byte; a cancelled run leaves nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

fn tuiyan() -> Command {
    Command::new(env!("CARGO_BIN_EXE_tuiyan"))
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name)
}

/// Runs an example into a folder and returns its JSON document.
fn run(name: &str, out: &Path, arguments: &[&str]) -> serde_json::Value {
    let output = tuiyan()
        .arg("run")
        .arg(example(name))
        .arg("--out")
        .arg(out)
        .args(["--json", "--quiet"])
        .args(arguments)
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("standard output is one JSON document")
}

/// Every file of a result folder with its bytes, but for the record of the run.
fn products(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .expect("a result folder")
        .flatten()
        .filter(|entry| entry.file_name() != "run.json")
        .map(|entry| {
            let bytes = std::fs::read(entry.path()).expect("a readable file");
            (entry.file_name().to_string_lossy().into_owned(), bytes)
        })
        .collect()
}

const SHORT: [&str; 4] = ["--set", "run.duration=\"4 min\"", "--set", "run.frame_interval=\"2 min\""];

#[test]
fn the_city_quarter_runs_and_keeps_its_water() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let record = run("city_quarter.toml", &folder.path().join("r"), &SHORT);
    assert_eq!(record["status"], "done");
    let error = record["ledger"]["relative_error"].as_f64().expect("a number");
    assert!(error.abs() <= 1e-9, "{error}");
    assert!(record["steps"].as_u64().expect("a number") > 10);
}

#[test]
fn the_pump_of_the_underpass_runs_and_fails_and_the_underpass_closes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("r");
    let record = run("underpass_pump.toml", &out, &["--set", "run.duration=\"30 min\""]);
    assert!(record["ledger"]["relative_error"].as_f64().expect("a number").abs() <= 1e-9);
    let row = |file: &str, name: &str| {
        let text = std::fs::read_to_string(out.join(file)).expect("a table");
        let row = text.lines().find(|line| line.starts_with(name)).expect("its row").to_owned();
        row.split(',').map(str::to_owned).collect::<Vec<String>>()
    };
    let last_run: f64 = row("structure_list.csv", "pump of the underpass")[5].parse().expect("a time");
    assert!((24.0..25.1).contains(&last_run), "it fails after 25 min: {last_run}");
    let closes: f64 = row("place_list.csv", "underpass")[14].parse().expect("a time");
    assert!((25.0..30.0).contains(&closes), "{closes}");
}

#[test]
fn the_zones_of_the_quarter_share_its_houses_and_are_told_and_drawn() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("r");
    let record = run("who_is_hit.toml", &out, &["--set", "run.duration=\"20 min\""]);
    let text = std::fs::read_to_string(out.join("exposure_zones.csv")).expect("a table");
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let at = header.iter().position(|name| name.starts_with("buildings")).expect("a column");
    let counts: Vec<u32> =
        lines.map(|line| line.split(',').nth(at).expect("a cell").parse().expect("a count")).collect();
    assert_eq!((counts.len(), counts[0]), (5, 96), "the whole grid and four zones");
    assert_eq!(counts[1..].iter().sum::<u32>(), counts[0]);
    let told = |name: &str| {
        let lines = record["summary"].as_array().expect("lines").iter();
        lines.filter_map(|line| line.as_str()).any(|line| line.starts_with(name))
    };
    assert!(told("Whole grid: ") && told("Zone "), "{}", record["summary"]);
    for name in ["exposure.png", "exposure_zones.geojson", "exposure_buildings.geojson"] {
        assert!(out.join(name).exists(), "{name}");
    }
}

#[test]
fn the_rain_of_roofs_comes_to_the_street_or_stands_in_the_balance_as_lost() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ledger = |name: &str, extra: &[&str]| {
        let out = folder.path().join(name);
        let record = run("roof_rain.toml", &out, &[&["--set", "run.duration=\"3 min\""], extra].concat());
        assert!(record["ledger"]["relative_error"].as_f64().expect("a number").abs() <= 1e-12);
        record["ledger"].clone()
    };
    let led = ledger("led", &[]);
    let lost = ledger("lost", &["--set", "buildings.roof_rain=\"lost\""]);
    let entry = |ledger: &serde_json::Value, name: &str| {
        ledger["entries"]
            .as_array()
            .expect("a list")
            .iter()
            .find(|entry| entry[0] == name)
            .map(|entry| entry[1].as_f64().expect("a number"))
    };
    // 3 mm on 600 m by 600 m, roofs or not.
    for ledger in [&led, &lost] {
        assert!((entry(ledger, "rain").expect("rain") - 1080.0).abs() < 1e-6);
    }
    assert!(entry(&led, "roof_rain_lost").is_none());
    let roofs = ROOF_CELLS * 9.0 * 0.003;
    assert!((entry(&lost, "roof_rain_lost").expect("an entry") + roofs).abs() < 1e-6);
}

/// Cells that the houses of the example cover.
const ROOF_CELLS: f64 = 8599.0;

#[test]
fn the_levee_holds_until_it_gives_way() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let record = run("levee_breach.toml", &folder.path().join("r"), &["--set", "run.duration=\"20 min\""]);
    assert!(record["ledger"]["relative_error"].as_f64().expect("a number").abs() <= 1e-9);
    assert!(record["wet_share"].as_f64().expect("a share") < 0.2, "only the river is wet");
}

#[test]
fn a_flap_keeps_the_surge_out_and_a_sluice_without_one_lets_it_in() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("r");
    let record = run("surge_flap_gates.toml", &out, &["--set", "run.duration=\"5 h\""]);
    assert!(record["ledger"]["relative_error"].as_f64().expect("a number").abs() <= 1e-9);
    let text = std::fs::read_to_string(out.join("structure_list.csv")).expect("a table");
    let volume = |name: &str| -> f64 {
        let row = text.lines().find(|line| line.contains(name)).expect("its row");
        // The name of one of them has a comma and stands in quotes.
        row.rsplit(',').nth(4).expect("a volume").parse().expect("a number")
    };
    assert!(volume("sluice with flap") >= 0.0);
    assert!(volume("old sluice") < -50_000.0, "{text}");
}

#[test]
fn an_unsourced_formula_is_named_in_every_file_of_the_result() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("a writable folder");
    };
    write(
        "own.toml",
        "place = \"somewhere\"\nsampling = \"not stated\"\nvalid_return_period_years = [7, 7]\n\
         valid_duration_min = [5, 120]\nform = \"one return period\"\nunit = \"mm/h\"\nrain_power = 4860.0\n\
         duration_offset_min = 39.0\nexponent = 1.0\ncheck = [[7, 60, 49.1]]\n",
    );
    write(
        "s.toml",
        "schema = 1\nhazard = \"flood\"\ntitle = \"t\"\n[terrain]\ngenerated = \"city-quarter\"\n\
         centre = { lon = 112.976, lat = 28.195 }\nmanning_n = 0.03\n[rain]\nstorm = \"own.toml\"\n\
         return_period = 7\nstorm_duration = \"10 min\"\npattern = \"uniform\"\nallow_unsourced = true\n\
         [edges]\nall = \"open\"\n[run]\nduration = \"10 min\"\n",
    );
    let out = folder.path().join("r");
    let output = tuiyan()
        .current_dir(folder.path())
        .args(["run", "s.toml", "--out", "r", "--quiet"])
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for (name, bytes) in products(&out) {
        // Pictures hold the word as pixels; grids have it beside them, in .aux.xml.
        if name.ends_with(".png") || name.ends_with(".tif") || name == "scenario.toml" {
            continue;
        }
        let has_rows = !name.ends_with(".csv") || bytes.iter().filter(|&&byte| byte == b'\n').count() > 1;
        let told = bytes.windows(9).any(|word| word == b"unsourced");
        assert!(told || !has_rows, "{name} does not say that the formula is unsourced");
    }
    let record = std::fs::read_to_string(out.join("run.json")).expect("a record");
    assert!(record.contains("unsourced"));
}

#[test]
fn the_reservoir_tells_what_it_released_and_how_dangerous_the_river_got() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("r");
    let record = run("reservoir_release.toml", &out, &["--set", "run.duration=\"15 min\""]);
    assert!(record["ledger"]["relative_error"].as_f64().expect("a number").abs() <= 1e-9);
    let release = std::fs::read_to_string(out.join("reservoir_release.csv")).expect("a table");
    let last = release.lines().last().expect("a row");
    let discharge: f64 = last.split(',').next_back().and_then(|text| text.parse().ok()).expect("a number");
    // 0.6 × 24 m² × √(2 g × 6.5 m) through the gate, at first.
    assert!((150.0..163.0).contains(&discharge), "{last}");
    for file in ["hazard_aidr.tif", "hazard_aidr.png", "hazard_aidr_area.csv", "hazard_uk_pasture.tif"] {
        assert!(out.join(file).exists(), "{file}");
    }
}

#[test]
fn the_gas_main_runs_and_its_files_are_there() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("r");
    let record = run("gas_main.toml", &out, &[]);
    for product in record["products"].as_array().expect("a list") {
        let path = product["path"].as_str().expect("a path");
        assert!(out.join(path).metadata().is_ok_and(|file| file.len() > 0), "{path}");
    }
}

#[test]
fn a_free_jet_begins_its_plume_in_the_air_and_the_steeper_the_farther_from_people() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let farthest = |name: &str, extra: &[&str]| {
        let out = folder.path().join(name);
        run("free_jet.toml", &out, extra);
        let zones = std::fs::read_to_string(out.join("zones.csv")).expect("a table");
        let last = zones.lines().last().expect("a level").split(',').nth(4).expect("a distance").to_owned();
        last.parse::<f64>().expect("a number")
    };
    let (level, upwards) =
        (farthest("level", &[]), farthest("up", &["--set", "source.jet_elevation=\"90 deg\""]));
    let facts = std::fs::read_to_string(folder.path().join("level/transport_facts.csv")).expect("a table");
    let height = facts.lines().find(|line| line.contains("hand-over above ground")).expect("told");
    let height: f64 = height.split(',').nth(2).expect("a value").parse().expect("a number");
    assert!(height > 6.0, "{height}");
    assert!(level > upwards, "{level} {upwards}");
}

#[test]
fn the_cloud_of_the_turning_wind_keeps_its_mass_and_comes_to_the_school() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("r");
    let record = run("turning_wind.toml", &out, &[]);
    let error = record["ledger"]["relative_error"].as_f64().expect("a number");
    assert!(error.abs() < 1e-9, "{error}");
    let places = std::fs::read_to_string(out.join("receptors.csv")).expect("a table");
    let ppm = |name: &str, at: &str| -> f64 {
        let row = places.lines().find(|line| line.starts_with(&format!("{name},{at},"))).expect("a row");
        row.split(',').nth(3).and_then(|cell| cell.parse().ok()).expect("a number")
    };
    assert!(ppm("bus stop", "outdoors") > ppm("school", "outdoors"), "it is nearer");
    assert!(ppm("school", "outdoors") > 10.0 * ppm("school", "indoors"), "windows are closed");
    assert!(out.join("release_rate.csv").exists() && out.join("jets.csv").exists());
}

#[test]
fn the_benzene_of_the_tank_is_in_the_pool_or_in_the_air() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("r");
    let record = run("benzene_tank.toml", &out, &[]);
    assert!(record["ledger"]["relative_error"].as_f64().expect("a number").abs() < 1e-9);
    let facts = std::fs::read_to_string(out.join("source_facts.csv")).expect("a table");
    let fact = |name: &str| -> f64 {
        let row = facts.lines().find(|line| line.starts_with(&format!("{name},"))).expect("a row");
        row.split(',').nth(1).and_then(|cell| cell.parse().ok()).expect("a number")
    };
    let (tank, air, pool) = (fact("liquid that left the tank"), fact("gas in all"), fact("liquid left"));
    assert!(((air + pool) / tank - 1.0).abs() < 1e-9, "{air} {pool} {tank}");
    let ratio = fact("rate at the peak") / fact("HJ 169 evaporation by wind");
    assert!((0.5..2.0).contains(&ratio), "{ratio}");
}

#[test]
fn the_burning_main_has_zones_of_fire_and_of_explosion() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("r");
    let record = run("burning_main.toml", &out, &[]);
    for file in
        ["jet_fire.png", "tno.png", "jet_fire_zones.geojson", "bst_zones.kml", "fire.csv", "presets.kml"]
    {
        assert!(out.join(file).exists(), "{file} is there");
    }
    let rooms = std::fs::read_to_string(out.join("indoor_leak.csv")).expect("a table");
    assert_eq!(rooms.lines().count(), 4, "a head and three shares of the limit");
    let left_out = record["not_modelled"].to_string();
    assert!(!left_out.contains("fire and explosion effects"), "{left_out}");
}

#[test]
fn one_and_two_threads_leave_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, extra) in
        [("city_quarter.toml", &SHORT[..]), ("gas_main.toml", &[]), ("turning_wind.toml", &[])]
    {
        let [one, two] = ["1", "2"].map(|threads| {
            let out = folder.path().join(format!("{name}-{threads}"));
            run(name, &out, &[extra, &["--threads", threads]].concat());
            products(&out)
        });
        assert!(one.len() > 5, "{name} left files");
        for (file, bytes) in &one {
            assert!(two.get(file) == Some(bytes), "{name}: {file} differs between 1 and 2 threads");
        }
    }
}

#[test]
fn a_heavy_cloud_has_the_zones_of_every_model_beside() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("r");
    let record = run("chlorine_leak.toml", &out, &[]);
    assert!(record["ledger"]["relative_error"].as_f64().expect("a number").abs() < 1e-9);
    let models = std::fs::read_to_string(out.join("models.csv")).expect("a table");
    for model in ["slab,yes,yes,", "plume,no,no,", "puffs,no,no,"] {
        assert_eq!(models.lines().filter(|line| line.starts_with(model)).count(), 2, "{model}");
    }
    for file in ["model_zones.png", "model_zones.geojson", "heavy_gas_screening.csv", "threat_zones.kml"] {
        assert!(out.join(file).exists(), "{file} is there");
    }
}

#[test]
fn chlorine_flows_through_the_real_city_where_its_data_is() {
    let Some(data) = std::env::var_os("TUIYAN_DATA") else { return };
    let data = data.to_string_lossy().into_owned();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let record = run("chlorine_valley.toml", &folder.path().join("r"), &["--data", &data]);
    assert!(record["ledger"]["relative_error"].as_f64().expect("a number").abs() <= 1e-9);
    assert_eq!(record["cells"], 342 * 195);
}

#[test]
fn the_real_city_runs_where_its_data_is() {
    // The data is not part of the project; TUIYAN_DATA names its folder.
    let Some(data) = std::env::var_os("TUIYAN_DATA") else { return };
    let data = data.to_string_lossy().into_owned();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let record = run(
        "newcastle.toml",
        &folder.path().join("r"),
        &["--data", &data, "--set", "run.duration=\"5 min\""],
    );
    assert!(record["ledger"]["relative_error"].as_f64().expect("a number").abs() <= 1e-9);
    assert_eq!(record["cells"], 342 * 195);
}

#[test]
fn the_real_city_runs_with_sewers_where_its_data_and_the_engine_are() {
    let Some(data) = std::env::var_os("TUIYAN_DATA") else { return };
    if std::env::var_os("TUIYAN_SWMM").is_none() {
        return;
    }
    let data = data.to_string_lossy().into_owned();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let arguments = ["--data", &data, "--set", "run.duration=\"5 min\""];
    let record = run("city_sewers.toml", &folder.path().join("r"), &arguments);
    assert!(record["ledger"]["relative_error"].as_f64().expect("a number").abs() <= 1e-9);
    assert!(record["summary"].to_string().contains("Sewers: took"));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_says_so_and_leaves_no_result() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("r");
    let child = tuiyan()
        .arg("run")
        .arg(example("city_quarter.toml"))
        .arg("--out")
        .arg(&out)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    std::thread::sleep(Duration::from_millis(1000));
    // The shell's own kill: a bare system has no other.
    let killed = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status();
    assert!(killed.is_ok_and(|status| status.success()), "the run was still going");
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(7), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!out.exists(), "a cancelled run leaves no result");
}
