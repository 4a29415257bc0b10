//! Tables `[inflow.reservoir]`: the release they make, and what is refused.

mod small_world;

use sim_core::scenario::{self, Case, Scenario};
use small_world::{SmallWorld, flood};

const DAM: &str = "[[inflow]]\nname = \"dam\"\nat = { x_m = 1, y_m = 1 }\n[inflow.reservoir]\n\
    storage = \"s\"\ninitial_stage = \"105 m\"\ncrest = \"104 m\"\ncrest_length = \"20 m\"\n";

fn read(tables: &str) -> sim_core::error::Result<Scenario> {
    let storage = vec![(100.0, 0.0), (105.0, 1e6), (110.0, 3e6)];
    let mut world = SmallWorld { storage, ..SmallWorld::default() };
    scenario::read(&flood(tables), "f", &[], &mut world)
}

fn codes(tables: &str) -> Vec<u16> {
    read(tables).err().into_iter().flat_map(|problems| problems.0).map(|problem| problem.code.0).collect()
}

#[test]
fn the_release_of_a_reservoir_is_the_discharge_of_its_inflow() {
    let scenario = read(DAM).unwrap_or_else(|problems| panic!("{problems}"));
    let understood = &scenario.understood;
    assert_eq!(understood["inflow[1].reservoir.crest_coefficient"]["value"], 1.7046);
    assert_eq!(understood["inflow[1].reservoir.inflow"]["value"], 0.0);
    let Case::Flood(case) = scenario.case else { panic!("a flood") };
    let (release, discharge) = (&case.releases[0], &case.inflows[0].discharge);
    assert_eq!(release.name, "dam");
    // A metre over twenty metres of crest.
    assert!((discharge.at(0.0) - 20.0 * 1.7046).abs() < 1e-9);
    // The upper metre of the lower part holds 0.2 million m3; less than that leaves in two hours.
    let left = discharge.integral(0.0, 7200.0);
    let stage = release.stages[release.stages.len() - 1];
    assert!((left - (105.0 - stage) * 2e5).abs() < 1e-6 * left && stage > 104.0, "{left} {stage}");
}

#[test]
fn a_gate_lets_water_out_while_it_is_open() {
    let gate = "sill = \"101 m\"\nopening_width = \"2 m\"\nopening_height = \"1 m\"\nopens = \"10 min\"\n\
        closes = \"70 min\"\n";
    let only_gate = DAM.replace("crest = \"104 m\"\ncrest_length = \"20 m\"\n", gate);
    let Case::Flood(case) = read(&only_gate).unwrap_or_else(|problems| panic!("{problems}")).case else {
        panic!("a flood")
    };
    let discharge = &case.inflows[0].discharge;
    assert_eq!((discharge.at(599.0), discharge.at(4300.0)), (0.0, 0.0));
    assert!(discharge.at(602.0) > 5.0 && discharge.at(4199.0) > 5.0);
}

#[test]
fn every_mistake_of_a_reservoir_is_told() {
    for (find, put, expected) in [
        ("crest = \"104 m\"\ncrest_length = \"20 m\"\n", "", vec![1012]),
        ("crest_length = \"20 m\"\n", "", vec![1012]),
        ("crest = \"104 m\"\n", "sill = \"101 m\"\n", vec![1012, 1012, 1124]),
        ("initial_stage = \"105 m\"", "initial_stage = \"115 m\"", vec![1126]),
        ("crest = \"104 m\"", "crest = \"99 m\"", vec![1126]),
        ("crest = ", "inflow = \"9000 m3/s\"\ncrest = ", vec![1127]),
        ("at = ", "discharge = \"1 m3/s\"\nat = ", vec![1020]),
        ("storage = \"s\"\n", "", vec![1012]),
    ] {
        assert_eq!(codes(&DAM.replace(find, put)), expected, "{find} -> {put}");
    }
    let mut world = SmallWorld { storage: vec![(100.0, 5.0), (101.0, 5.0)], ..SmallWorld::default() };
    let problems = scenario::read(&flood(DAM), "f", &[], &mut world).expect_err("it does not rise");
    assert_eq!(problems.0[0].code.0, 1125);
}
