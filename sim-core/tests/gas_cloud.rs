//! Clouds of puffs from case to products: releases and winds that change.

mod leak;

use leak::leak;
use sim_core::gas::hazard::levels::usual_levels;
use sim_core::gas::source::history::{History, Sample, State};
use sim_core::gas::source::known_rate;
use sim_core::gas::substance::find;
use sim_core::gas::weather::{Stability, Surroundings, Weather, WindProfile};
use sim_core::grid::{Crs, Grid};
use sim_core::product::{Layer, Raster, Table, Value};
use sim_core::run::Unobserved;
use sim_core::run::gas::{GasCase, GasOutcome, Receptor, Transport, disperse, transport_of};

/// Where the source is.
const SOURCE: (f64, f64) = (3.0, 4.0);

fn weather(from_deg: f64) -> Weather {
    Weather {
        wind_speed: 3.0,
        reference_height: 10.0,
        wind_direction_deg: from_deg,
        stability: Stability::D,
        air_temperature: 288.15,
        pressure: 101_325.0,
        mixing_height: None,
        surroundings: Surroundings::Rural,
        profile: WindProfile::Power,
        direction_spread_deg: 20.0,
    }
}

fn case(duration: f64, rows: &[(f64, f64)]) -> GasCase {
    let substance = find("carbon monoxide").expect("in the table").clone();
    GasCase {
        grid: Grid {
            columns: 101,
            rows: 101,
            dx: 10.0,
            dy: 10.0,
            west: -502.0,
            south: -501.0,
            crs: Crs::local(),
        },
        levels: usual_levels(&substance),
        source: known_rate::release(SOURCE, 2.0, 1.0, duration),
        substance,
        weather: rows.iter().map(|row| weather(row.1)).collect(),
        weather_times: rows.iter().map(|row| row.0).collect(),
        transport: Transport::Puffs,
        ..leak("carbon monoxide", 1.0, &["AEGL-2"])
    }
}

fn run(case: &GasCase) -> GasOutcome {
    disperse(case, &mut Unobserved).expect("a sound case")
}

fn ppm(outcome: &GasOutcome) -> &Raster {
    match outcome.products.layer("concentration_ppm") {
        Some(Layer::Raster(raster)) => raster,
        _ => panic!("a raster"),
    }
}

fn table<'a>(outcome: &'a GasOutcome, name: &str) -> &'a Table {
    match outcome.products.layer(name) {
        Some(Layer::Table(table)) => table,
        _ => panic!("no table {name}"),
    }
}

fn number(table: &Table, row: usize, column: &str) -> f64 {
    let at = table.columns.iter().position(|known| known.name == column).expect("a column");
    match table.rows[row][at] {
        Value::Number(number) => number,
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn all_mass_is_in_the_ledger_also_when_the_ground_takes_some() {
    for velocity in [0.0, 0.01] {
        let cloud = GasCase { deposition_velocity: velocity, ..case(900.0, &[(0.0, 270.0), (300.0, 300.0)]) };
        let ledger = run(&cloud).ledger;
        assert!(ledger.relative_error.abs() < 1e-9, "{}", ledger.relative_error);
        assert!((ledger.entries[0].1 / 900.0 - 1.0).abs() < 1e-12, "1 kg/s for 900 s");
        assert_eq!(ledger.entries[2].1 < 0.0, velocity > 0.0);
    }
}

#[test]
fn a_long_release_in_a_steady_wind_is_the_plume() {
    let cloud = run(&case(3600.0, &[(0.0, 270.0)]));
    let plume = run(&GasCase { transport: Transport::Plume, ..case(3600.0, &[(0.0, 270.0)]) });
    let (cloud, plume) = (ppm(&cloud), ppm(&plume));
    let grid = case(1.0, &[(0.0, 0.0)]).grid;
    for distance in [100.0, 200.0, 400.0] {
        let cell = grid.cell_at(SOURCE.0 + distance, SOURCE.1).expect("on the grid");
        let ratio = cloud.values[cell] / plume.values[cell];
        assert!((ratio - 1.0).abs() < 0.05, "{distance} m: {ratio}");
    }
}

#[test]
fn a_wind_that_turns_bends_the_cloud() {
    // From the west, then from the south: gas in the east and in the north, none in the west.
    let cloud = run(&case(600.0, &[(0.0, 270.0), (300.0, 180.0)]));
    let grid = case(1.0, &[(0.0, 0.0)]).grid;
    let at = |east: f64, north: f64| {
        ppm(&cloud).values[grid.cell_at(SOURCE.0 + east, SOURCE.1 + north).expect("on the grid")]
    };
    assert!(at(200.0, 0.0) > 100.0 && at(0.0, 200.0) > 100.0);
    assert!(at(-200.0, 0.0) < 1e-6 && at(0.0, -200.0) < 1e-6);
    // What had gone east goes north from there.
    assert!(at(200.0, 250.0) > 1.0, "{}", at(200.0, 250.0));
}

#[test]
fn turning_the_wind_turns_the_zones() {
    let zones = [270.0, 0.0].map(|from| run(&case(600.0, &[(0.0, from)])));
    let [west, north] = zones.each_ref().map(|outcome| {
        let zones = table(outcome, "zones");
        [number(zones, 0, "distance_m"), number(zones, 0, "area_m2")]
    });
    // A cell is 10 m: contours differ by parts of it.
    assert!(
        (west[0] - north[0]).abs() < 4.0 && (west[1] / north[1] - 1.0).abs() < 0.03,
        "{west:?} {north:?}"
    );
}

#[test]
fn twice_the_rate_is_twice_the_concentration_and_wider_zones() {
    let (mut once, mut twice) = (case(300.0, &[(0.0, 250.0)]), case(300.0, &[(0.0, 250.0)]));
    (once.source.rate, twice.source.rate) = (0.5, 1.0);
    let (once, twice) = (run(&once), run(&twice));
    let ratio =
        ppm(&twice).values.iter().zip(&ppm(&once).values).filter(|(_, b)| **b > 1.0).map(|(a, b)| a / b);
    assert!(ratio.into_iter().all(|ratio| (ratio - 2.0).abs() < 1e-9));
    let distance = |outcome| number(table(outcome, "zones"), 0, "distance_m");
    assert!(distance(&once) < distance(&twice));
    let zones = table(&twice, "zones");
    assert!(number(zones, 0, "distance_m") < number(zones, 1, "distance_m"), "zones nest");
}

#[test]
fn a_release_that_falls_reaches_less_far_than_its_first_rate_kept_up() {
    let state = State { temperature: 288.15, vapour_share: 1.0, velocity: 0.0, density: 1.18 };
    let sample = |time, rate| Sample { time, rate, state };
    let mut falling = case(600.0, &[(0.0, 270.0)]);
    let history = History::from_samples(vec![sample(0.0, 1.0), sample(60.0, 0.2), sample(600.0, 0.0)]);
    falling.source.history = Some(history.expect("sound samples"));
    assert_eq!(transport_of(&falling), Transport::Puffs);
    let steady = case(600.0, &[(0.0, 270.0)]);
    assert_eq!(transport_of(&steady), Transport::Plume);
    let mildest = |case: &GasCase| {
        let outcome = run(case);
        let zones = table(&outcome, "zones");
        (number(zones, zones.rows.len() - 1, "distance_m"), outcome.ledger.entries[0].1)
    };
    let (falling, steady) = (mildest(&falling), mildest(&steady));
    assert!(falling.0 < steady.0, "{falling:?} {steady:?}");
    assert!((falling.1 - (36.0 + 54.0)).abs() < 1e-9, "the integral of the rate");
}

#[test]
fn a_closed_house_on_the_way_of_the_cloud_sees_less_and_later() {
    let mut cloud = case(300.0, &[(0.0, 270.0)]);
    let place = |name: &str, air_changes_per_hour| Receptor {
        name: name.into(),
        x: SOURCE.0 + 150.0,
        y: SOURCE.1,
        height: 1.5,
        ground: 0.0,
        air_changes_per_hour,
    };
    cloud.receptors = vec![place("house", Some(0.5)), place("street", None)];
    for transport in [Transport::Puffs, Transport::Plume] {
        let outcome = run(&GasCase { transport, ..cloud.clone() });
        let rows = table(&outcome, "receptors");
        assert_eq!(rows.rows.len(), 3, "the house twice, the street once");
        let largest = |row| number(rows, row, "largest_ppm");
        assert_eq!(largest(0), largest(2), "the same place outdoors");
        assert!(largest(1) < 0.2 * largest(0) && largest(1) > 0.0);
        assert!(number(rows, 1, "time_of_largest_s") > number(rows, 0, "time_of_largest_s"));
    }
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let cloud = case(400.0, &[(0.0, 270.0), (120.0, 200.0)]);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| ppm(&run(&cloud)).values.clone())
    };
    let one = on(1);
    assert!([2, 3].into_iter().all(|threads| on(threads) == one));
}

#[test]
fn a_cloud_that_no_cell_has_seen_yet_is_followed() {
    // A hundred kilograms in one second: after it the puff is smaller than a cell.
    let mut short = case(1.0, &[(0.0, 270.0)]);
    short.source.rate = 100.0;
    let outcome = run(&short);
    assert!(outcome.evacuation_radius > 100.0, "{}", outcome.evacuation_radius);
    let Some(sim_core::product::Layer::Shapes(area)) = outcome.products.layer("evacuation") else {
        panic!("an area to clear")
    };
    assert!(!area.features.is_empty());
}
