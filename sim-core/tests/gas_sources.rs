//! Every kind of release from the text of a scenario to its result.

mod small_world;

use geo_types::{Geometry, Rect, coord};
use sim_core::error::Problems;
use sim_core::gas::exposure::{Exposed, Kind, Thing};
use sim_core::gas::source;
use sim_core::product::{Layer, Table, Value};
use sim_core::run::Unobserved;
use sim_core::run::gas::{GasCase, GasOutcome, Transport, disperse};
use sim_core::scenario::{self, Case};
use sim_core::series::{Between, Series};
use small_world::SmallWorld;

/// A scenario with these keys of its source.
fn text(keys: &str, level: &str) -> String {
    format!(
        "schema = 1\nhazard = \"gas\"\ntitle = \"t\"\n[site]\ncrs = \"local\"\n[source]\nat = {{ x_m = 0.0, y_m = 0.0 }}\n{keys}\n\
         [weather]\nwind_speed = \"4 m/s\"\nwind_from = \"W\"\nstability = \"D\"\nsurroundings = \"rural\"\n\
         [zones]\nlevels = [\"{level}\"]\naccept_invalid = true\naveraging_time = \"1 min\"\n\
         [receptors]\nextent = \"300 m\"\ncell = \"10 m\"\n"
    )
}

fn read(keys: &str, level: &str, world: &mut SmallWorld) -> Result<GasCase, Problems> {
    let scenario = scenario::read(&text(keys, level), "f", &[], world)?;
    let Case::Gas(case) = scenario.case else { panic!("a gas scenario") };
    Ok(*case)
}

fn case(keys: &str, level: &str) -> GasCase {
    read(keys, level, &mut SmallWorld::default()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn codes(keys: &str, level: &str) -> Vec<u16> {
    let problems = read(keys, level, &mut SmallWorld::default()).expect_err("refused");
    problems.0.iter().map(|problem| problem.code.0).collect()
}

fn run(case: &GasCase) -> GasOutcome {
    disperse(case, &mut Unobserved).unwrap_or_else(|problems| panic!("{problems}"))
}

fn table<'o>(outcome: &'o GasOutcome, name: &str) -> &'o Table {
    let Some(Layer::Table(table)) = outcome.products.layer(name) else { panic!("no table {name}") };
    table
}

fn fact(outcome: &GasOutcome, name: &str) -> f64 {
    let rows = &table(outcome, "source_facts").rows;
    let row = rows.iter().find(|row| row[0] == Value::Text(name.into())).expect(name);
    let Value::Number(value) = row[1] else { panic!("{name} is a number") };
    value
}

fn warned(outcome: &GasOutcome) -> Vec<u16> {
    outcome.warnings.iter().map(|warning| warning.code.0).collect()
}

const BED: &str = "[source.pool]\nground = \"concrete\"\nleast_depth = \"5 mm\"\n\
    bund_area = \"80 m2\"\nfollowed_for = \"30 min\"";

const TANK: &str = "kind = \"liquid_tank\"\nsubstance = \"benzene\"\ntank = \"upright\"\ntank_diameter = \"4 m\"\n\
    tank_height = \"6 m\"\nliquid_level = \"5 m\"\nhole_height = \"0.2 m\"\nhole_diameter = \"20 mm\"\n\
    temperature = \"20 °C\"\nduration = \"10 min\"\n";

const FLASHING: &str = "kind = \"flashing\"\nsubstance = \"ammonia\"\nhole_diameter = \"5 mm\"\n\
    temperature = \"20 °C\"\ninventory = \"500 kg\"\nduration = \"5 min\"\n";

const HOLE: &str = "substance = \"carbon monoxide\"\ntemperature = \"15 °C\"\nhole_diameter = \"10 mm\"\n\
    gauge_pressure = \"0.5 MPa\"\n";

const VALVE: &str = "kind = \"relief_valve\"\nsubstance = \"carbon monoxide\"\nvalve_area = \"100 mm2\"\n\
    set_pressure = \"1 MPa\"\naccumulation = \"10 %\"\ntemperature = \"15 °C\"\nduration = \"1 min\"\n";

/// A scenario of each kind, with the level that it is judged by.
fn of_every_kind() -> Vec<(String, &'static str)> {
    vec![
        (format!("kind = \"gas_hole\"\nduration = \"5 min\"\n{HOLE}"), "AEGL-2"),
        (
            "kind = \"known_rate\"\nsubstance = \"chlorine\"\nrate = \"0.1 kg/s\"\nduration = \"5 min\"".into(),
            "ERPG-2",
        ),
        (
            "kind = \"known_mass\"\nsubstance = \"chlorine\"\nmass = \"5 kg\"\nduration = \"30 s\"".into(),
            "ERPG-2",
        ),
        (
            "kind = \"series\"\nsubstance = \"chlorine\"\ntimes = [\"0 s\", \"1 min\", \"2 min\"]\n\
             rates = [\"0.3 kg/s\", \"0.1 kg/s\", \"0 kg/s\"]\nsamples = \"interval_start\""
                .into(),
            "ERPG-2",
        ),
        (
            "kind = \"city_gas\"\nsubstance = \"methane\"\npressure_class = \"medium_b\"\ntemperature = \"15 °C\"\n\
             damage = \"fifth_of_diameter\"\npipe_diameter = \"100 mm\"\nduration = \"5 min\""
                .into(),
            "LEL",
        ),
        (
            format!(
                "kind = \"pipeline_blowdown\"\npipe_diameter = \"100 mm\"\nupstream_length = \"200 m\"\n\
                 roughness = \"0.05 mm\"\n{HOLE}"
            ),
            "AEGL-2",
        ),
        (format!("kind = \"vessel_blowdown\"\nvolume = \"2 m3\"\n{HOLE}"), "AEGL-2"),
        (VALVE.into(), "AEGL-2"),
        (format!("{TANK}{BED}"), "AEGL-2"),
        (FLASHING.into(), "AEGL-2"),
        (
            format!("kind = \"pool\"\nsubstance = \"benzene\"\nmass = \"300 kg\"\ntemperature = \"20 °C\"\n{BED}"),
            "AEGL-2",
        ),
    ]
}

#[test]
fn every_kind_of_release_runs_and_keeps_its_mass() {
    let kinds = of_every_kind();
    for kind in source::ALL {
        let name = format!("kind = \"{}\"", kind.name());
        assert!(kinds.iter().any(|entry| entry.0.starts_with(&name)), "{name} has no scenario here");
    }
    for (keys, level) in kinds {
        let case = case(&keys, level);
        let outcome = run(&case);
        assert!(outcome.ledger.relative_error.abs() < 1e-6, "{keys}: {:?}", outcome.ledger);
        assert_eq!(case.source.history.is_some(), outcome.products.layer("release_rate").is_some(), "{keys}");
    }
}

#[test]
fn a_series_means_what_its_samples_are_said_to_mean() {
    let series = |samples: &str| {
        format!(
            "kind = \"series\"\nsubstance = \"chlorine\"\ntimes = [\"0 s\", \"100 s\"]\n\
             rates = [\"0.3 kg/s\", \"0 kg/s\"]\nsamples = \"{samples}\""
        )
    };
    assert!((case(&series("interval_start"), "ERPG-2").source.mass() - 30.0).abs() < 1e-9);
    assert!((case(&series("line"), "ERPG-2").source.mass() - 15.0).abs() < 1e-9);
    assert_eq!(codes(&series("interval_end"), "ERPG-2"), [1177]);
    let endless = series("interval_start").replace("\"0 kg/s\"", "\"0.1 kg/s\"");
    assert_eq!(codes(&endless, "ERPG-2"), [1172]);
    let stopped = case(&format!("{endless}\nduration = \"200 s\""), "ERPG-2");
    assert!((stopped.source.mass() - 40.0).abs() < 1e-9);
    let odd = series("line").replace("[\"0 s\", \"100 s\"]", "[\"0 s\", \"50 s\", \"100 s\"]");
    assert_eq!(codes(&odd, "ERPG-2"), [1170]);
    let back = series("line").replace("[\"0 s\", \"100 s\"]", "[\"100 s\", \"0 s\"]");
    assert_eq!(codes(&back, "ERPG-2"), [1171]);
}

#[test]
fn a_table_of_rates_is_the_release_and_the_cloud_is_followed() {
    let rates = Series::new(vec![0.0, 60.0, 120.0], vec![0.0, 0.5, 0.0], Between::Line).expect("rises");
    let mut world = SmallWorld { series: Some(rates), ..SmallWorld::default() };
    let keys = "kind = \"series\"\nsubstance = \"chlorine\"\nseries = \"rates.csv\"\nsamples = \"line\"";
    let case = read(keys, "ERPG-2", &mut world).expect("sound");
    assert_eq!((case.source.mass(), case.source.rate, case.transport), (30.0, 0.5, Transport::Puffs));
}

#[test]
fn a_short_mass_goes_by_puffs_and_passes() {
    let keys = "kind = \"known_mass\"\nsubstance = \"chlorine\"\nmass = \"2 kg\"\nduration = \"2 s\"";
    let case = case(keys, "ERPG-2");
    assert_eq!(case.transport, Transport::Puffs);
    let entry = |outcome: &GasOutcome, name: &str| {
        outcome.ledger.entries.iter().find(|entry| entry.0 == name).expect(name).1
    };
    let outcome = run(&case);
    assert!((entry(&outcome, "released") - 2.0).abs() < 1e-12);
    assert!(entry(&outcome, "left the grid") <= 0.0);
}

#[test]
fn a_tank_stops_leaking_when_it_is_told_to_and_its_pool_goes_on() {
    let outcome = run(&case(&format!("{TANK}{BED}"), "AEGL-2"));
    let (left_tank, gas, left) = (
        fact(&outcome, "liquid that left the tank"),
        fact(&outcome, "gas in all"),
        fact(&outcome, "liquid left"),
    );
    // Torricelli: 0.65 · 3.14e-4 m² · 879 kg/m³ · sqrt(2 · 9.81 · 4.8 m) = 1.74 kg/s for 600 s.
    assert!((left_tank / (1.742 * 600.0) - 1.0).abs() < 0.01, "{left_tank}");
    assert!(((gas + left) / left_tank - 1.0).abs() < 1e-9);
    assert!((fact(&outcome, "HJ 169 liquid outflow") / 1.742 - 1.0).abs() < 0.01);
    assert!(warned(&outcome).iter().all(|code| *code != 4411), "the state of vapour from a pool is known");
    let last = table(&outcome, "release_rate").rows.last().expect("rows")[0].clone();
    assert_eq!(last, Value::Number(2400.0), "ten minutes of leak and half an hour of pool");
}

#[test]
fn the_cold_cloud_of_a_boiling_jet_is_judged_by_its_drops_and_refused() {
    // Ammonia is lighter than air as a gas; with its drops at 240 K it is several times as dense.
    let accepted = case(FLASHING, "AEGL-2");
    let density = accepted.source.exit.expect("a jet").expanded_density;
    assert!(density > 3.0, "{density}");
    let problems = disperse(
        &GasCase { accept_invalid: false, transport: Transport::Plume, ..accepted },
        &mut Unobserved,
    )
    .expect_err("dense");
    assert_eq!(problems.0[0].code.0, 4200);
}

#[test]
fn what_rains_out_of_a_jet_comes_back_from_its_pool() {
    let keys = format!("{FLASHING}rain_out_share = 1.0\n{BED}");
    let all_falls = run(&case(&keys, "AEGL-2"));
    let none_falls = run(&case(FLASHING, "AEGL-2"));
    let leaves = fact(&none_falls, "gas in all");
    assert!((fact(&all_falls, "liquid that left the tank") / leaves - 1.0).abs() < 1e-9);
    assert!((fact(&all_falls, "gas in all") + fact(&all_falls, "liquid left") - leaves).abs() < 1e-6);
    assert!(fact(&all_falls, "largest rate of gas") < fact(&none_falls, "largest rate of gas"));
    assert_eq!(codes(&format!("{FLASHING}rain_out_share = 1.0\n"), "AEGL-2"), [1173]);
    assert_eq!(codes(&format!("{FLASHING}{BED}"), "AEGL-2"), [1174]);
}

#[test]
fn a_valve_passes_what_the_guideline_says_of_a_hole_of_its_area() {
    let outcome = run(&case(VALVE, "AEGL-2"));
    let ratio = fact(&outcome, "rate at the start") / fact(&outcome, "HJ 169 gas outflow");
    assert!((ratio - 1.0).abs() < 1e-3, "{ratio}");
}

#[test]
fn weak_pressure_gives_the_subsonic_rate_and_is_not_refused() {
    // 3 kPa over the air: HJ 169-2018 F.2 with its Y for subsonic flow says the same.
    let weak = HOLE.replace("0.5 MPa", "3 kPa");
    let case = case(&format!("kind = \"gas_hole\"\nduration = \"5 min\"\n{weak}"), "AEGL-2");
    let guideline = case.source.facts.iter().find(|fact| fact.name == "HJ 169 gas outflow").expect("a fact");
    assert!(!case.source.exit.expect("a hole").choked);
    assert!((case.source.rate / guideline.value - 1.0).abs() < 1e-3);
    // Bernoulli with the density of the air's pressure: sqrt(2 · 3000 Pa · 1.19 kg/m³) per m².
    let bernoulli = std::f64::consts::FRAC_PI_4 * 1e-4 * (2.0 * 3000.0 * 1.19_f64).sqrt();
    assert!((case.source.rate / bernoulli - 1.0).abs() < 0.02, "{} {bernoulli}", case.source.rate);
}

#[test]
fn more_than_there_is_is_refused_for_every_kind() {
    for (keys, level) in of_every_kind() {
        if keys.starts_with("kind = \"flashing\"") {
            continue;
        }
        let (head, rest) = keys.split_once('\n').expect("keys");
        let codes = codes(&format!("{head}\ninventory = \"0.5 kg\"\n{rest}"), level);
        assert_eq!(codes, [4321], "{keys}");
    }
    // A boiling jet runs dry: its inventory is where it ends.
    let dry = case(&FLASHING.replace("500 kg", "0.5 kg"), "AEGL-2");
    assert!((dry.source.mass() - 0.5).abs() < 1e-9);
}

#[test]
fn liquids_are_no_gas_and_gases_no_liquid() {
    let hole = HOLE.replace("carbon monoxide", "benzene");
    assert_eq!(codes(&format!("kind = \"gas_hole\"\nduration = \"5 min\"\n{hole}"), "AEGL-2"), [4032]);
    assert_eq!(codes(&VALVE.replace("carbon monoxide", "benzene"), "AEGL-2"), [4032]);
    assert_eq!(codes(&format!("{}{BED}", TANK.replace("benzene", "methane")), "LEL"), [4600]);
    assert_eq!(codes(&FLASHING.replace("ammonia", "methane"), "LEL"), [4600]);
    assert_eq!(codes(&FLASHING.replace("ammonia", "benzene"), "AEGL-2"), [4042]);
    assert_eq!(codes(&format!("{}{BED}", TANK.replace("benzene", "ammonia")), "AEGL-2"), [4042]);
    assert_eq!(
        codes(
            &format!(
                "kind = \"pool\"\nsubstance = \"hydrogen\"\nmass = \"3 kg\"\ntemperature = \"20 °C\"\n{BED}"
            ),
            "LEL"
        ),
        [4600]
    );
}

#[test]
fn a_leak_inside_a_building_is_told() {
    let mut case = case(&format!("kind = \"gas_hole\"\nduration = \"5 min\"\n{HOLE}"), "AEGL-2");
    assert!(!warned(&run(&case)).contains(&4605));
    let house = Rect::new(coord! { x: -5.0, y: -5.0 }, coord! { x: 5.0, y: 5.0 }).to_polygon();
    let thing = Thing { name: "hall 3".into(), geometry: Geometry::Polygon(house), people: None };
    case.exposure = vec![Exposed { name: "works".into(), kind: Kind::Buildings, things: vec![thing] }];
    let outcome = run(&case);
    let told = outcome.warnings.iter().find(|warning| warning.code.0 == 4605).expect("a warning");
    assert!(told.text.contains("hall 3"), "{}", told.text);
}

#[test]
fn more_wind_takes_more_from_a_pool_and_the_strongest_of_a_table_is_taken() {
    let keys = format!(
        "kind = \"pool\"\nsubstance = \"benzene\"\nmass = \"300 kg\"\ntemperature = \"20 °C\"\n{BED}"
    );
    let read = |speed: &str| {
        let text = text(&keys, "AEGL-2").replace("4 m/s", speed);
        let scenario = scenario::read(&text, "f", &[], &mut SmallWorld::default()).expect("sound");
        let Case::Gas(case) = scenario.case else { panic!("a gas scenario") };
        case.source.mass()
    };
    assert!(read("8 m/s") > 1.3 * read("4 m/s"));
    let row = |time, wind_speed| sim_core::scenario::WeatherSample {
        time,
        wind_speed,
        wind_direction_deg: Some(270.0),
        ..Default::default()
    };
    let mut world = SmallWorld { weather: vec![row(0.0, 4.0), row(600.0, 8.0)], ..SmallWorld::default() };
    let text =
        text(&keys, "AEGL-2").replace("wind_speed = \"4 m/s\"\nwind_from = \"W\"", "file = \"weather.csv\"");
    let scenario = scenario::read(&text, "f", &[], &mut world).expect("sound");
    assert!(scenario.warnings.iter().any(|warning| warning.code.0 == 1175));
    let Case::Gas(case) = scenario.case else { panic!("a gas scenario") };
    assert!((case.source.mass() / read("8 m/s") - 1.0).abs() < 1e-9);
}

#[test]
fn a_pool_that_burns_over_itself_is_never_answered_with_a_radius_of_nothing() {
    let keys = format!(
        "kind = \"pool\"\nsubstance = \"ethanol\"\nmass = \"300 kg\"\ntemperature = \"25 °C\"\n{BED}"
    );
    let case = case(&keys, "LEL");
    let radius = 0.5 * case.source.pool_diameter.expect("a pool");
    let outcome = run(&case);
    assert!(outcome.evacuation_radius >= radius, "{} {radius}", outcome.evacuation_radius);
    assert!(!outcome.summary[0].starts_with("Clear 0 m"), "{}", outcome.summary[0]);
}
