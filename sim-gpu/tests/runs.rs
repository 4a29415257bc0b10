//! Whole runs on a device beside the same runs of the engine in double precision.

mod scene;

use std::sync::Arc;

use ndarray::Array2;
use scene::compare::{hold, last_depth, on_device, on_processor, raster};
use scene::{case, devices, fill, noise, rough};
use sim_core::flood::Rain;
use sim_core::flood::boundary::Edge;
use sim_core::flood::buildings::{RoofRain, Treatment};
use sim_core::flood::flux;
use sim_core::flood::infiltration::{Soil, Soils};
use sim_core::flood::inflow::Inflow;
use sim_core::flood::place::{Place, Places};
use sim_core::flood::rain::zones::Zones;
use sim_core::run::flood::{Buildings, FloodCase, FloodOutcome};
use sim_core::series::{Between, Series};
use sim_core::units::from_mm_h;

#[test]
fn a_lake_between_islands_stays_still() {
    let mut lake = case((70, 90), 5.0, |row, column| 812.3 + rough(row, column));
    fill(&mut lake, 812.6);
    lake.duration = 100.0;
    hold("lake", &lake);
    for mut device in devices() {
        for (scheme, _, _) in flux::ALL {
            let found =
                on_device(&FloodCase { scheme, courant: scheme.courant(), ..lake.clone() }, &mut device);
            let speed = raster(&found, "max_speed");
            let fastest = speed.iter().copied().filter(|speed| !speed.is_nan()).fold(0.0, f64::max);
            assert!(fastest < 1e-6, "still water moves at {fastest} m/s");
        }
    }
}

#[test]
fn a_dam_break_runs_as_in_double_precision() {
    let mut dam = case((64, 128), 1.0, |_, _| 0.0);
    for ((_, column), depth) in dam.initial_depth.indexed_iter_mut() {
        *depth = if column < 50 { 2.0 } else { 0.0 };
    }
    dam.duration = 10.0;
    hold("dam break", &dam);
}

/// The V of two planes at 5 % with a channel at 2 % between them, open in the south.
#[test]
fn the_tilted_v_runs_as_in_double_precision() {
    let dx = 10.0;
    let side = 800.0;
    let columns = 162;
    let bed = |row: usize, column: usize| {
        let x = (column as f64 + 0.5) * dx;
        let from_channel = (side - x).max(x - side - 20.0).max(0.0);
        0.02 * (row as f64 + 0.5) * dx + 0.05 * from_channel
    };
    let mut v = case((50, columns), dx, bed);
    v.manning_n
        .indexed_iter_mut()
        .for_each(|((_, column), n)| *n = if column == 80 || column == 81 { 0.15 } else { 0.015 });
    v.rain = Series::block(from_mm_h(10.8), 600.0).into();
    v.edges.south = Edge::Open;
    v.duration = 900.0;
    hold("tilted V", &v);
}

#[test]
fn rain_on_rough_ground_runs_as_in_double_precision() {
    let mut hills = case((96, 120), 4.0, |row, column| 230.0 + rough(row, column));
    let storm = Series::new(vec![0.0, 300.0, 600.0], vec![0.0, from_mm_h(120.0), 0.0], Between::Line);
    hills.rain = storm.expect("rising times").into();
    hills.loss = Series::constant(from_mm_h(5.0));
    hills.inflows = vec![Inflow {
        name: "river".into(),
        cells: vec![(40, 40), (40, 41), (47, 64)],
        discharge: Series::new(vec![0.0, 200.0], vec![0.0, 0.4], Between::Line).expect("rising times"),
    }];
    hills.bed[(30, 30)] = f64::NAN;
    hills.bed[(31, 30)] = f64::NAN;
    hills.edges.east = Edge::Open;
    hills.duration = 700.0;
    hold("rain", &hills);
}

#[test]
fn ground_that_takes_water_is_as_in_double_precision() {
    let mut fields = case((48, 64), 4.0, |row, column| 60.0 + rough(row, column));
    let classes = vec![
        Soil::Sealed,
        Soil::Constant { rate: from_mm_h(20.0) },
        Soil::InitialContinuing { initial: 0.004, rate: from_mm_h(8.0) },
        Soil::Horton { first_rate: from_mm_h(90.0), last_rate: from_mm_h(6.0), decay: 1e-3 },
        Soil::GreenAmpt { conductivity: from_mm_h(5.0), suction: 0.2, deficit: 0.3 },
        Soil::CurveNumber { number: 75.0, initial_share: 0.2 },
    ];
    let class_of = Array2::from_shape_fn((48, 64), |(row, column)| ((row / 8 + column / 16) % 6) as u8);
    fields.soils = Soils::by_class(classes, class_of).expect("a class for every cell");
    fields.rain = Series::block(from_mm_h(90.0), 600.0).into();
    fields.loss = Series::constant(from_mm_h(2.0));
    fields.duration = 900.0;
    hold("soils", &fields);
    for mut device in devices() {
        let (found, right) = (on_device(&fields, &mut device), on_processor(&fields));
        let taken = |outcome: &FloodOutcome| {
            let entry = outcome.ledger.entries.iter().find(|entry| entry.0.contains("infiltrat"));
            entry.expect("what the ground took").1
        };
        let (found, right) = (taken(&found), taken(&right));
        assert!(right.abs() > 100.0 && (found / right - 1.0).abs() < 1e-4, "{found} and {right} m³");
    }
}

#[test]
fn rain_by_cell_and_friction_by_cell_run_as_in_double_precision() {
    let mut hills = case((50, 70), 4.0, rough);
    let series = [0.0, 60.0, 120.0].map(|rate| Series::block(from_mm_h(rate), 200.0)).to_vec();
    let zone_of = Array2::from_shape_fn((50, 70), |(_, column)| column as u32 / 24);
    let zones = Zones::new(zone_of, series).expect("every zone has a series");
    hills.rain = Rain::Spread(Arc::new(zones));
    hills.manning_n.indexed_iter_mut().for_each(|((row, column), n)| *n = 0.02 + 0.05 * noise(row, column));
    hills.duration = 300.0;
    hold("rain by cell", &hills);
}

/// Roofs that lead their rain to the street, under the same rain everywhere and under rain by cell.
#[test]
fn rain_of_roofs_and_ratings_of_hazard_are_as_in_double_precision() {
    let mut quarter =
        case((40, 64), 2.0, |row, column| 0.02 * (row + column) as f64 + 0.05 * noise(row, column));
    let block = |row: usize, column: usize| -> Vec<(usize, usize)> {
        (row..row + 5).flat_map(|row| (column..column + 7).map(move |column| (row, column))).collect()
    };
    let footprints = [block(5, 6), block(5, 20), block(20, 30), block(28, 31)];
    let kind = (Treatment::Raised, RoofRain::ToStreet);
    let buildings = Buildings::new(kind, &footprints, &quarter.bed).expect("streets are left");
    buildings.shape_ground(&mut quarter.bed, &[6.0; 4]);
    quarter.buildings = Arc::new(buildings);
    quarter.rain = Series::block(from_mm_h(80.0), 200.0).into();
    quarter.duration = 300.0;
    quarter.settings.wanted.extend(["hazard_aidr".to_owned(), "hazard_uk_urban".to_owned()]);
    hold("roofs", &quarter);
    for mut device in devices() {
        let (found, expected) = (on_device(&quarter, &mut device), on_processor(&quarter));
        for name in ["hazard_aidr", "hazard_uk_urban"] {
            let off = differing_cells(&raster(&found, name), &raster(&expected, name));
            assert!(off <= 2, "{name}: {off} cells differ");
        }
        let roof = |outcome: &FloodOutcome| outcome.ledger.entries[0].1;
        assert!((roof(&found) / roof(&expected) - 1.0).abs() < 1e-6, "rain in the ledger");
    }
    let lost = (Treatment::Raised, RoofRain::Lost);
    let mut bare = case((40, 64), 2.0, |row, column| 0.02 * (row + column) as f64);
    bare.rain = quarter.rain.clone();
    let buildings = Buildings::new(lost, &footprints, &bare.bed).expect("streets are left");
    buildings.shape_ground(&mut bare.bed, &[6.0; 4]);
    bare.buildings = Arc::new(buildings);
    hold("roofs whose rain is lost", &bare);
    let zone_of = Array2::from_shape_fn((40, 64), |(_, column)| column as u32 / 32);
    let series = [40.0, 100.0].map(|rate| Series::block(from_mm_h(rate), 200.0)).to_vec();
    quarter.rain = Rain::Spread(Arc::new(Zones::new(zone_of, series).expect("every zone has a series")));
    hold("roofs under rain by cell", &quarter);
}

/// Cells whose values are further apart than rounding.
fn differing_cells(a: &[f64], b: &[f64]) -> usize {
    let differ = |a: f64, b: f64| a.is_nan() != b.is_nan() || (a - b).abs() > 1e-3;
    a.iter().zip(b).filter(|(a, b)| differ(**a, **b)).count()
}

#[test]
fn a_thin_rain_on_deep_water_does_not_vanish() {
    let mut pool = case((16, 16), 1.0, |_, _| 0.0);
    fill(&mut pool, 3.0);
    pool.rain = Series::constant(from_mm_h(1.0)).into();
    pool.duration = 120.0;
    hold("thin rain", &pool);
    let fallen = from_mm_h(1.0) * 120.0;
    for mut device in devices() {
        pool.frame_times = vec![pool.duration];
        let depth = last_depth(&on_device(&pool, &mut device));
        let risen = depth.iter().map(|depth| depth - 3.0).sum::<f64>() / depth.len() as f64;
        assert!((risen / fallen - 1.0).abs() < 0.01, "{risen} m of {fallen} m");
    }
}

#[test]
fn a_place_sees_what_it_sees_in_double_precision() {
    let mut dam = case((24, 48), 1.0, |_, _| 0.0);
    fill(&mut dam, 0.1);
    for ((_, column), depth) in dam.initial_depth.indexed_iter_mut() {
        *depth = if column < 20 { 1.0 } else { *depth };
    }
    let place =
        |name: &str, cell| Place { name: name.into(), kind: "gauge".into(), cell, closing_depth: 0.2 };
    dam.places = Places {
        list: vec![place("near", (12, 22)), place("far", (3, 44))],
        depths: vec![0.15],
        interval: 1.0,
    };
    dam.duration = 12.0;
    let expected = on_processor(&dam);
    for mut device in devices() {
        let found = on_device(&dam, &mut device);
        for (found, expected) in found.places.iter().zip(&expected.places) {
            assert_eq!(found.series.len(), expected.series.len());
            let off = found.peak.0 - expected.peak.0;
            assert!(off.abs() < 1e-3, "{}: peak {:?} and {:?}", found.name, found.peak, expected.peak);
        }
    }
}
