//! Boundaries at parts of the rim, on a device beside the engine in double precision.

mod scene;

use scene::compare::{hold, hold_by, on_device, on_processor, raster};
use scene::{case, devices, fill, noise, rough};
use sim_core::flood::boundary::{Boundary, Curve, Edge, Face, Kind, Side};
use sim_core::flood::flux::{self, Scheme};
use sim_core::run::flood::FloodCase;
use sim_core::series::{Between, Series};

fn line(samples: &[(f64, f64)]) -> Series {
    let (times, values) = samples.iter().copied().unzip();
    Series::new(times, values, Between::Line).expect("rising times")
}

fn boundary(name: &str, side: Side, faces: std::ops::Range<usize>, kind: Kind) -> Boundary {
    Boundary { name: name.into(), faces: faces.map(|index| Face { side, index }).collect(), kind }
}

#[test]
fn a_tide_that_comes_and_goes_is_as_in_double_precision() {
    let mut bay = case((40, 60), 5.0, |row, column| {
        0.02 * column as f64 + 0.05 * (row as f64 - 20.0).abs() + 0.1 * noise(row, column)
    });
    fill(&mut bay, 0.6);
    let tide = line(&[(0.0, 0.6), (120.0, 1.3), (200.0, 1.3), (400.0, 0.2)]);
    bay.boundaries = vec![
        boundary("sea", Side::West, 4..36, Kind::Stage { level: tide }),
        boundary("pier", Side::West, 36..40, Kind::Wall),
    ];
    bay.edges.east = Edge::Open;
    bay.duration = 450.0;
    hold("tide", &bay);
}

#[test]
fn a_river_that_comes_and_leaves_by_slope_and_by_curve_is_as_in_double_precision() {
    let mut river = case((48, 72), 4.0, |row, column| {
        let bank = 0.12 * (row as f64 - 24.0).abs().min(8.0);
        140.0 - 0.01 * column as f64 + bank + 0.03 * noise(row, column)
    });
    river.manning_n.indexed_iter_mut().for_each(|((row, _), n)| *n = 0.02 + 0.0005 * row as f64);
    let flood = line(&[(0.0, 0.0), (60.0, 12.0), (300.0, 20.0), (400.0, 3.0)]);
    let curve = Curve::new(&[(139.35, 0.0), (139.8, 2.0), (140.4, 9.0)]).expect("a sound curve");
    river.boundaries = vec![
        boundary("river", Side::West, 14..34, Kind::Discharge { discharge: flood.clone(), slope: None }),
        boundary("mouth", Side::East, 10..24, Kind::Slope { slope: 0.004 }),
        boundary("weir", Side::East, 24..40, Kind::Rating { curve }),
    ];
    river.duration = 500.0;
    hold("river", &river);
    for mut device in devices() {
        let (found, right) = (on_device(&river, &mut device), on_processor(&river));
        let entries = |ledger: &sim_core::run::Ledger| ledger.entries.clone();
        for (ours, theirs) in entries(&found.ledger).iter().zip(&entries(&right.ledger)) {
            assert_eq!(ours.0, theirs.0);
            let off = (ours.1 - theirs.1).abs();
            assert!(off <= 1e-4 * theirs.1.abs() + 0.01, "{}: {} and {} m³", ours.0, ours.1, theirs.1);
        }
    }
}

#[test]
fn a_fast_inflow_at_normal_depth_over_the_north_is_as_in_double_precision() {
    let mut chute = case((60, 24), 2.0, |row, _| 30.0 + 0.03 * row as f64);
    let flood = line(&[(0.0, 0.0), (10.0, 30.0), (100.0, 30.0)]);
    chute.boundaries = vec![
        boundary("chute", Side::North, 4..20, Kind::Discharge { discharge: flood, slope: Some(0.015) }),
        boundary("below", Side::South, 0..24, Kind::Stage { level: Series::constant(30.9) }),
    ];
    chute.duration = 100.0;
    // Local inertia is not for water this fast: there the smallest difference grows.
    hold_by(&[Scheme::FirstOrder, Scheme::SecondOrder], "chute", &chute);
}

#[test]
fn a_lake_at_the_level_of_the_sea_stays_still() {
    let mut lake = case((70, 90), 5.0, |row, column| 812.3 + rough(row, column));
    fill(&mut lake, 812.6);
    lake.boundaries = vec![
        boundary("sea", Side::West, 0..70, Kind::Stage { level: Series::constant(812.6) }),
        boundary("other sea", Side::North, 10..80, Kind::Stage { level: Series::constant(812.6) }),
    ];
    lake.duration = 100.0;
    hold("lake beside the sea", &lake);
    for mut device in devices() {
        for (scheme, _, _) in flux::ALL {
            let found =
                on_device(&FloodCase { scheme, courant: scheme.courant(), ..lake.clone() }, &mut device);
            let speed = raster(&found, "max_speed");
            let fastest = speed.iter().copied().filter(|speed| !speed.is_nan()).fold(0.0, f64::max);
            assert!(fastest < 1e-5, "still water moves at {fastest} m/s");
        }
    }
}
