//! What leaves by a chimney or as a jet: by plume and by puffs alike.

mod leak;

use leak::{leak, weather};
use sim_core::gas::plume_rise::Exit;
use sim_core::gas::source::gas_hole::GasHole;
use sim_core::gas::substance::find;
use sim_core::gas::weather::{Stability, Weather, WindProfile};
use sim_core::product::{Layer, Raster, Table, Value};
use sim_core::run::Unobserved;
use sim_core::run::gas::{GasCase, GasOutcome, Transport, disperse};
use sim_core::units::MOLAR_MASS_AIR;

fn run(case: &GasCase) -> GasOutcome {
    disperse(case, &mut Unobserved).expect("a sound case")
}

fn ppm(outcome: &GasOutcome) -> &Raster {
    match outcome.products.layer("concentration_ppm") {
        Some(Layer::Raster(raster)) => raster,
        other => panic!("{other:?}"),
    }
}

fn table<'a>(outcome: &'a GasOutcome, name: &str) -> &'a Table {
    match outcome.products.layer(name) {
        Some(Layer::Table(table)) => table,
        other => panic!("{name} is {other:?}"),
    }
}

/// The value of a fact by its name.
fn fact(outcome: &GasOutcome, name: &str) -> f64 {
    let found = table(outcome, "transport_facts").rows.iter().find(|row| row[1] == Value::Text(name.into()));
    match found.unwrap_or_else(|| panic!("no {name}"))[2] {
        Value::Number(number) => number,
        ref other => panic!("{name} is {other:?}"),
    }
}

/// Flue gas with carbon monoxide out of a chimney of 20 m.
fn chimney(wind: f64, class: Stability, stack: Option<Exit>) -> GasCase {
    let mut case =
        GasCase { weather: vec![weather(wind, class)], ..leak("carbon monoxide", 0.5, &["AEGL-2"]) };
    case.source.height = 20.0;
    case.source.duration = 3600.0;
    case.source.stack = stack;
    case
}

const HOT: Exit = Exit { diameter: 1.0, velocity: 12.0, temperature: 420.0, molar_mass: MOLAR_MASS_AIR };

fn at(case: &GasCase, outcome: &GasOutcome, downwind: f64) -> f64 {
    // The wind comes from the north.
    ppm(outcome).values[case.grid.cell_at(0.0, -downwind).expect("on the grid")]
}

#[test]
fn a_hot_chimney_lifts_its_plume_and_says_how_far() {
    let (cold, hot) = (chimney(3.0, Stability::D, None), chimney(3.0, Stability::D, Some(HOT)));
    let (without, with) = (run(&cold), run(&hot));
    for downwind in [200.0, 500.0, 900.0] {
        assert!(at(&hot, &with, downwind) < at(&cold, &without, downwind));
    }
    // isc3: Fb = 9.80665·12·1·(1 − 288.15/420)/4 = 9.235; wind at 20 m 3·2^0.15 = 3.329;
    // 21.425 Fb^(3/4)/u = 34.1 m.
    assert!((fact(&with, "buoyancy flux") - 9.235).abs() < 0.01, "{}", fact(&with, "buoyancy flux"));
    assert!((fact(&with, "final rise") - 34.1).abs() < 0.1, "{}", fact(&with, "final rise"));
    assert!((fact(&with, "height of the plume in the end") - 54.1).abs() < 0.1);
    assert!(with.ledger.relative_error.abs() < 1e-9);
    assert!(with.products.layer("jets").is_none(), "never both a jet and a rise");
}

#[test]
fn puffs_out_of_a_chimney_rise_as_the_plume_does() {
    for class in [Stability::C, Stability::D] {
        let plume = chimney(4.0, class, Some(HOT));
        let puffs = GasCase { transport: Transport::Puffs, ..plume.clone() };
        let (of_plume, of_puffs) = (run(&plume), run(&puffs));
        // Where the plume has come down: above it the bell is so steep that the puffs beside the
        // receptor, which have sizes of their own, count for more.
        for downwind in [600.0, 750.0, 900.0] {
            let ratio = at(&puffs, &of_puffs, downwind) / at(&plume, &of_plume, downwind);
            assert!((ratio - 1.0).abs() < 0.1, "{class:?} {downwind}: {ratio}");
        }
    }
}

#[test]
fn calm_air_lifts_a_hot_plume_at_least_as_the_weakest_wind_of_a_plume() {
    let (cold, hot) = (chimney(0.0, Stability::D, None), chimney(0.0, Stability::D, Some(HOT)));
    let (without, with) = (run(&cold), run(&hot));
    assert!(at(&hot, &with, 100.0) < at(&cold, &without, 100.0));
    let light = chimney(1.0, Stability::D, Some(HOT));
    let (calm, light) = (fact(&with, "final rise"), fact(&run(&light), "final rise"));
    assert!((calm / light - 1.0).abs() < 1e-9);
}

#[test]
fn beyond_the_end_of_a_jet_puffs_are_as_thick_as_the_plume() {
    let methane = find("methane").expect("in the table");
    let out = GasHole::round(0.02, 501_325.0, 288.15).outflow(methane, 101_325.0).expect("gas");
    let mut plume = leak("methane", out.rate, &["LEL"]);
    plume.source.exit = Some(out.exit);
    plume.source.duration = 3600.0;
    plume.weather = vec![weather(5.0, Stability::D)];
    let puffs = GasCase { transport: Transport::Puffs, ..plume.clone() };
    let (of_plume, of_puffs) = (run(&plume), run(&puffs));
    // The jet outruns the wind for about 25 m.
    for downwind in [60.0, 120.0, 300.0, 700.0] {
        let ratio = at(&puffs, &of_puffs, downwind) / at(&plume, &of_plume, downwind);
        assert!((ratio - 1.0).abs() < 0.1, "{downwind}: {ratio}");
    }
}

#[test]
fn the_profile_by_the_logarithm_changes_the_wind_at_the_chimney_and_is_told() {
    let log = |class| {
        let mut case = chimney(3.0, class, None);
        let row = case.weather.remove(0);
        let profile = WindProfile::Log { roughness: 0.3, inverse_length: 0.0 };
        case.weather.push(Weather { profile, ..row });
        case
    };
    let case = log(Stability::D);
    let outcome = run(&case);
    // 3 ln(20/0.3)/ln(10/0.3); u* = 0.4·3/ln(10/0.3).
    assert!((fact(&outcome, "wind at the release") - 3.593).abs() < 1e-3);
    assert!((fact(&outcome, "friction velocity") - 0.3422).abs() < 1e-3);
    let power = chimney(3.0, Stability::D, None);
    let wind = 3.0 * 2.0_f64.powf(0.15);
    let ratio = at(&case, &outcome, 500.0) / at(&power, &run(&power), 500.0);
    assert!((ratio - wind / 3.593).abs() < 1e-3, "{ratio}");
}
