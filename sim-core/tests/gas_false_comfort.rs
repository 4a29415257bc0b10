//! Gas runs that could reassure where they must not: each was once too small, too late or misleading.

mod leak;

use leak::{leak, weather};
use sim_core::error::Problems;
use sim_core::gas::source::known_rate;
use sim_core::gas::weather::{Stability, Weather};
use sim_core::product::{Layer, Value};
use sim_core::run::Unobserved;
use sim_core::run::gas::{GasCase, GasOutcome, disperse};

fn run(case: &GasCase) -> GasOutcome {
    disperse(case, &mut Unobserved).expect("a sound case")
}

fn codes(outcome: &GasOutcome) -> Vec<u16> {
    outcome.warnings.iter().map(|warning| warning.code.0).collect()
}

#[test]
fn a_leak_below_breathing_height_is_not_answered_with_a_radius_of_nothing() {
    // The plume to 100 % LEL is thinner than 1.5 m where it ends; c = Q/(π u σy σz) at the ground:
    // 0.05/(π 2.357 0.08 0.06 x²) = 0.0339 kg/m³ at 6.4 m.
    let outcome = run(&leak("methane", 0.05, &["LEL"]));
    assert!((outcome.evacuation_radius - 6.4).abs() < 0.2, "{}", outcome.evacuation_radius);
    assert!(outcome.summary[0].starts_with("Clear 10 m"), "{}", outcome.summary[0]);
    let Some(Layer::Shapes(area)) = outcome.products.layer("evacuation") else { panic!("shapes") };
    assert_eq!(area.features.len(), 1);
}

#[test]
fn an_unknown_direction_points_nowhere() {
    let outcome = run(&GasCase { direction_known: false, ..leak("CO", 1.0, &["AEGL-2", "AEGL-3"]) });
    assert!(outcome.summary[2].contains("not known") && !outcome.summary[2].contains("from N "));
    assert!(outcome.products.maps[0].arrow.is_none());
    let Some(Layer::Raster(ppm)) = outcome.products.layer("concentration_ppm") else { panic!("a raster") };
    // The same in the four directions, 300 m from the source in the middle of the grid.
    let around = [(100, 130), (100, 70), (130, 100), (70, 100)].map(|cell| ppm.values[cell]);
    assert!(
        around[0] > 83.0 && around.iter().all(|value| (value / around[0] - 1.0).abs() < 1e-9),
        "{around:?}"
    );
    let Some(Layer::Shapes(zones)) = outcome.products.layer("threat_zones") else { panic!("shapes") };
    for zone in &zones.features {
        let Value::Number(distance) = zone.values[4] else { panic!("a distance") };
        let geo_types::Geometry::MultiPolygon(outline) = &zone.geometry else { panic!("an area") };
        for at in outline.0[0].exterior().coords() {
            assert!((at.x.hypot(at.y) / distance - 1.0).abs() < 0.01, "{at:?} {distance}");
        }
    }
}

#[test]
fn a_mean_longer_than_the_leak_is_told() {
    let case = leak("CO", 5.0, &["AEGL-2"]);
    let long = run(&GasCase { averaging_time: 3600.0, ..case.clone() });
    assert!(codes(&long).contains(&4330));
    assert!(!codes(&run(&case)).contains(&4330));
    assert!(long.evacuation_radius < run(&case).evacuation_radius, "which is why it must be told");
}

#[test]
fn a_class_of_sunny_calm_in_a_gale_is_told() {
    let case = GasCase { weather: vec![weather(12.0, Stability::A)], ..leak("CO", 5.0, &["AEGL-2"]) };
    assert!(codes(&run(&case)).contains(&4331));
}

#[test]
fn air_that_hardly_moves_at_the_ground_is_told() {
    // 1.6 m/s at 10 m in class F: 1.6 (2/10)^0.55 = 0.66 m/s at 2 m.
    let slow = GasCase { weather: vec![weather(1.6, Stability::F)], ..leak("CO", 0.5, &["AEGL-2"]) };
    assert!(codes(&run(&slow)).contains(&4332));
    let aloft = GasCase { source: known_rate::release((0.0, 0.0), 10.0, 0.5, 1800.0), ..slow };
    assert!(!codes(&run(&aloft)).contains(&4332), "at 10 m the air moves");
}

#[test]
fn ammonia_at_a_known_rate_may_be_liquid_and_then_does_not_rise() {
    assert!(codes(&run(&leak("ammonia", 5.0, &["AEGL-2"]))).contains(&4333));
    let chlorine = GasCase { accept_invalid: true, ..leak("chlorine", 1.0, &["AEGL-2"]) };
    assert!(!codes(&run(&chlorine)).contains(&4333), "heavy as a gas: refused on its own account");
    assert!(!codes(&run(&leak("CO", 5.0, &["AEGL-2"]))).contains(&4333), "nobody says that it rises");
}

#[test]
fn grams_of_chlorine_get_an_answer_and_kilograms_a_refusal_that_says_what_to_do() {
    let small = run(&leak("chlorine", 0.002, &["AEGL-2", "AEGL-3"]));
    assert!(codes(&small).contains(&4334) && !codes(&small).contains(&4406), "{:?}", codes(&small));
    assert!(small.evacuation_radius > 100.0 && !small.summary[0].contains("NOT VALID"));
    let Problems(problems) =
        disperse(&leak("chlorine", 1.0, &["AEGL-2", "AEGL-3"]), &mut Unobserved).expect_err("too dense");
    assert_eq!(problems[0].code.0, 4200);
    let fix = problems[0].fix.clone().unwrap_or_default();
    assert!(fix.contains("clear on all sides") && fix.contains("uphill"), "{fix}");
}

#[test]
fn a_thin_rate_is_shown_as_what_it_is() {
    let outcome = run(&leak("H2S", 0.0005, &["AEGL-3"]));
    assert!(outcome.summary[1].starts_with("0.0005 kg/s"), "{}", outcome.summary[1]);
}

#[test]
fn the_ppm_of_each_weather_row_is_in_its_own_air() {
    let warm = Weather { air_temperature: 308.15, ..weather(3.0, Stability::D) };
    let cold = Weather { air_temperature: 253.15, ..weather(3.0, Stability::D) };
    let case = GasCase { weather: vec![cold, warm], ..leak("CO", 1.0, &["AEGL-2"]) };
    let outcome = run(&case);
    let Some(Layer::Table(axis)) = outcome.products.layer("centreline") else { panic!("a table") };
    let ratio = |row: &Vec<Value>| match (&row[2], &row[3]) {
        (Value::Number(ppm), Value::Number(mass)) => ppm / mass,
        _ => panic!("numbers"),
    };
    let (first, last) = (ratio(&axis.rows[20]), ratio(&axis.rows[axis.rows.len() - 1]));
    assert!((last / first - 308.15 / 253.15).abs() < 1e-9, "{last} {first}");
    // The raster of both is the upper bound, that of the warm and thin air.
    let (Some(Layer::Raster(ppm)), Some(Layer::Raster(mass))) =
        (outcome.products.layer("concentration_ppm"), outcome.products.layer("concentration"))
    else {
        panic!("rasters")
    };
    let cell = (70, 100);
    assert!((ppm.values[cell] / (mass.values[cell] * 1e6) / last - 1.0).abs() < 1e-9);
}
