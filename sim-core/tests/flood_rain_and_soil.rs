//! Rain that differs from place to place and ground that takes water, in the solver.

mod kept;

use std::sync::Arc;

use kept::{Back, numbers};
use ndarray::Array2;
use sim_core::flood::breach::{Breach, Trigger};
use sim_core::flood::flux::{ALL, Scheme};
use sim_core::flood::infiltration::curve_number;
use sim_core::flood::params::DEFAULT_COURANT;
use sim_core::flood::rain::inverse_distance::{Gauge, InverseDistance};
use sim_core::flood::rain::moving::Moving;
use sim_core::flood::rain::zones::Zones;
use sim_core::flood::structure::weir::BROAD_CRESTED;
use sim_core::flood::structure::{Kind, Pump, Structure, Weir};
use sim_core::flood::{Edge, Edges, Inflow, Params, Rain, Setup, Soil, Soils, Solver};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::series::{Between, Series};
use sim_core::units::from_mm_h;

/// A walled basin with hills, some of it outside the area.
struct Basin {
    grid: Grid,
    bed: Field,
    depth: Field,
    rain: Rain,
    soils: Soils,
    inflows: Vec<Inflow>,
    structures: Vec<Structure>,
    breaches: Vec<Breach>,
    scheme: Scheme,
}

impl Basin {
    fn new(rows: usize, columns: usize, scheme: Scheme) -> Self {
        let grid = Grid { columns, rows, dx: 4.0, dy: 4.0, west: 0.0, south: 0.0, crs: Crs::local() };
        let mut bed = Field::from_shape_fn(grid.shape(), |(row, column)| {
            0.4 * (0.5 * row as f64).sin() * (0.4 * column as f64).cos()
        });
        bed[(0, 0)] = f64::NAN;
        let depth = grid.filled(0.0);
        Self {
            bed,
            depth,
            rain: Rain::none(),
            soils: Soils::none(),
            inflows: Vec::new(),
            structures: Vec::new(),
            breaches: Vec::new(),
            scheme,
            grid,
        }
    }

    fn flat(scheme: Scheme) -> Self {
        let mut basin = Self::new(6, 9, scheme);
        basin.bed.fill(0.0);
        basin
    }

    fn solver(&self) -> Solver {
        Solver::new(&Setup {
            grid: &self.grid,
            bed: &self.bed,
            initial_depth: &self.depth,
            manning_n: &self.grid.filled(0.03),
            rain: &self.rain,
            loss: &Series::constant(from_mm_h(1.0)),
            soils: &self.soils,
            inflows: &self.inflows,
            buildings: &Default::default(),
            structures: &self.structures,
            barriers: &[],
            breaches: &self.breaches,
            boundaries: &[],
            thresholds: &[0.05],
            params: Params { courant: DEFAULT_COURANT, scheme: self.scheme, edges: Edges::all(Edge::Wall) },
        })
    }
}

fn run_to(solver: &mut Solver, time: f64) {
    while solver.time() < time {
        solver.step(time).expect("a sound case");
    }
}

fn storm(peak_mm_h: f64) -> Series {
    let values = [0.5, 1.0, 0.7, 0.0].map(|share| from_mm_h(share * peak_mm_h));
    Series::new(vec![0.0, 300.0, 700.0, 1200.0], values.to_vec(), Between::Step).expect("rising")
}

/// Every law in stripes, one of them sealed.
fn stripes(grid: &Grid) -> Soils {
    let soils = vec![
        Soil::Sealed,
        Soil::Constant { rate: from_mm_h(4.0) },
        Soil::InitialContinuing { initial: 0.003, rate: from_mm_h(2.0) },
        Soil::Horton { first_rate: from_mm_h(75.0), last_rate: from_mm_h(8.0), decay: 1.0 / 900.0 },
        Soil::GreenAmpt { conductivity: from_mm_h(6.5), suction: 0.1668, deficit: 0.3 },
        Soil::CurveNumber { number: 80.0, initial_share: curve_number::INITIAL_SHARE },
    ];
    let class_of = Array2::from_shape_fn(grid.shape(), |(_, column)| (column / 7 % soils.len()) as u8);
    Soils::by_class(soils, class_of).expect("every class is there")
}

/// Rain of three gauges between which it is weighted, on a basin with every soil.
fn everything(rows: usize, columns: usize, scheme: Scheme) -> Basin {
    let mut basin = Basin::new(rows, columns, scheme);
    let gauge = |x: f64, y: f64, peak: f64| Gauge { x, y, rain: storm(peak) };
    let gauges = vec![gauge(10.0, 10.0, 40.0), gauge(100.0, 60.0, 90.0), gauge(180.0, 20.0, 10.0)];
    let rain = InverseDistance::new(gauges, basin.grid.clone()).expect("gauges");
    basin.rain = Rain::Spread(Arc::new(rain));
    basin.soils = stripes(&basin.grid);
    let discharge = Series::constant(0.02);
    basin.inflows = vec![Inflow { name: "burst main".into(), cells: vec![(3, 5), (4, 5)], discharge }];
    let kind = Kind::Pump(Pump { capacity: 0.01, on_depth: 0.004, off_depth: 0.001, failed: None });
    basin.structures = vec![
        Structure { name: "pump".into(), from: (10, 10), to: None, kind },
        Structure {
            name: "weir".into(),
            from: (12, 3),
            to: Some((8, 41)),
            kind: Kind::Weir(Weir { crest: -0.3, length: 2.0, coefficient: BROAD_CRESTED }),
        },
    ];
    let cells = (0..20).map(|column| ((14, column), (column as f64 - 9.5).abs() * 4.0)).collect();
    basin.breaches = vec![Breach {
        name: "levee".into(),
        trigger: Trigger::Level { cell: (15, 9), level: -0.3 },
        width: 60.0,
        bottom: -0.6,
        duration: 300.0,
        cells,
    }];
    basin
}

/// Largest relative error of the balance.
fn balance_error(solver: &Solver) -> f64 {
    let volumes = solver.volumes();
    let arrived = volumes.rain.total() + volumes.inflow.total() + volumes.clipped.total();
    let gone = volumes.loss.total() + volumes.infiltration.total() + volumes.taken_out.total();
    let stored = solver.stored_volume();
    ((arrived - gone - stored) / arrived).abs()
}

#[test]
fn every_scheme_keeps_the_balance_with_every_soil_under_rain_by_place() {
    for (scheme, name, _) in ALL {
        let mut solver = everything(40, 50, scheme).solver();
        run_to(&mut solver, 1800.0);
        let error = balance_error(&solver);
        assert!(error < 1e-12, "{name}: {error:e}");
        assert!(solver.volumes().infiltration.total() > 1.0 && solver.volumes().rain.total() > 10.0);
    }
}

#[test]
fn one_two_three_and_eight_threads_give_the_same_bits() {
    for (scheme, name, _) in ALL {
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| {
                let mut solver = everything(70, 50, scheme).solver();
                run_to(&mut solver, 900.0);
                numbers(&mut solver)
            })
        };
        let one = with(1);
        for threads in [2, 3, 8] {
            assert!(one == with(threads), "{name} on {threads} threads");
        }
    }
}

#[test]
fn a_run_that_goes_on_from_what_was_kept_ends_in_the_same_bits() {
    for (scheme, name, _) in ALL {
        let basin = everything(20, 50, scheme);
        let mut whole = basin.solver();
        run_to(&mut whole, 500.0);
        let kept = numbers(&mut whole);
        run_to(&mut whole, 1500.0);
        assert!(whole.begun().all(f64::is_finite), "{name}: the levee has given way");
        let mut resumed = basin.solver();
        resumed.restore(&mut Back(kept.into_iter()));
        run_to(&mut resumed, 1500.0);
        assert!(numbers(&mut whole) == numbers(&mut resumed), "{name}");
    }
}

#[test]
fn soil_on_flat_ground_takes_what_its_law_says() {
    let rain = from_mm_h(50.0);
    let soils = [
        Soil::Constant { rate: from_mm_h(4.0) },
        Soil::InitialContinuing { initial: 0.003, rate: from_mm_h(2.0) },
        Soil::Horton { first_rate: from_mm_h(75.0), last_rate: from_mm_h(8.0), decay: 1.0 / 900.0 },
        Soil::GreenAmpt { conductivity: from_mm_h(6.5), suction: 0.1668, deficit: 0.3 },
        Soil::CurveNumber { number: 80.0, initial_share: curve_number::INITIAL_SHARE },
    ];
    for soil in soils {
        for (scheme, name, _) in ALL {
            let mut basin = Basin::flat(scheme);
            basin.rain = Series::block(rain, 1800.0).into();
            basin.soils = Soils::everywhere(soil);
            let mut solver = basin.solver();
            // The same law for one cell, step by step.
            let (mut store, mut there, mut taken) = (0.0, 0.0, 0.0);
            while solver.time() < 1800.0 {
                solver.step(1800.0).expect("a sound case");
                let dt = solver.last_step();
                there += rain * dt;
                let (soaked, next) = soil.take(store, rain * dt, there, dt);
                (store, taken, there) = (next, taken + soaked, there - soaked);
                there -= (from_mm_h(1.0) * dt).min(there);
            }
            let found = solver.volumes().infiltration.total() / (54.0 * 16.0);
            assert!((found / taken - 1.0).abs() < 1e-9, "{name} {soil:?}: {found} and {taken}");
            assert!(balance_error(&solver) < 1e-13);
        }
    }
}

#[test]
fn zones_that_rain_alike_are_rain_everywhere() {
    for (scheme, name, _) in ALL {
        let mut basin = Basin::new(40, 50, scheme);
        basin.rain = storm(60.0).into();
        let mut uniform = basin.solver();
        run_to(&mut uniform, 1500.0);
        let zone_of = Array2::from_shape_fn(basin.grid.shape(), |(row, column)| ((row + column) % 3) as u32);
        let zones = Zones::new(zone_of, vec![storm(60.0); 3]).expect("known zones");
        basin.rain = Rain::Spread(Arc::new(zones));
        let mut by_place = basin.solver();
        run_to(&mut by_place, 1500.0);
        let difference = (&uniform.depth() - &by_place.depth()).mapv(f64::abs);
        let worst = difference.iter().copied().fold(0.0, f64::max);
        assert!(worst < 1e-6, "{name}: rates are kept in single precision; {worst:e}");
    }
}

#[test]
fn it_rains_where_it_rains_and_dry_tiles_stay_dry() {
    let mut basin = Basin::flat(Scheme::SecondOrder);
    basin =
        Basin { bed: Field::from_shape_fn((80, 60), |(row, _)| if row == 40 { 5.0 } else { 0.0 }), ..basin };
    basin.grid = Grid { rows: 80, columns: 60, ..basin.grid };
    basin.depth = basin.grid.filled(0.0);
    let zone_of = Array2::from_shape_fn((80, 60), |(row, _)| u32::from(row >= 70));
    let zones = Zones::new(zone_of, vec![Series::constant(0.0), storm(60.0)]).expect("known zones");
    basin.rain = Rain::Spread(Arc::new(zones));
    let mut solver = basin.solver();
    run_to(&mut solver, 600.0);
    let depth = solver.depth();
    assert!(depth.indexed_iter().all(|((row, _), &depth)| row > 40 || depth == 0.0));
    let expected = storm(60.0).integral(0.0, 600.0) * 10.0 * 60.0 * 16.0;
    assert!((solver.volumes().rain.total() / expected - 1.0).abs() < 1e-6);
}

#[test]
fn a_moving_storm_brings_every_place_the_same_rain() {
    let mut basin = Basin::flat(Scheme::FirstOrder);
    let storm = storm(60.0);
    let moving = Moving::new(storm.clone(), (0.5, 0.0), (18.0, 12.0), basin.grid.clone()).expect("it moves");
    basin.rain = Rain::Spread(Arc::new(moving));
    let mut solver = basin.solver();
    run_to(&mut solver, 1500.0);
    // West of the origin part of the storm has passed before the start: 0.5 m/s over 16 m is 32 s.
    let columns = (0..9).map(|column| {
        let late = (f64::from(column) * 4.0 + 2.0 - 18.0) / 0.5;
        storm.integral(-late.min(0.0), 1500.0 - late)
    });
    let expected = columns.sum::<f64>() * 6.0 * 16.0;
    assert!((solver.volumes().rain.total() / expected - 1.0).abs() < 1e-6);
}

#[test]
fn a_pump_empties_its_pond_to_the_outside_and_every_drop_is_booked() {
    for (scheme, name, _) in ALL {
        let mut basin = Basin::flat(scheme);
        basin.depth.fill(0.5);
        let kind = Kind::Pump(Pump { capacity: 0.5, on_depth: 0.3, off_depth: 0.1, failed: None });
        basin.structures = vec![Structure { name: "pump".into(), from: (3, 4), to: None, kind }];
        let mut solver = basin.solver();
        let start = solver.stored_volume();
        run_to(&mut solver, 1800.0);
        let service = solver.services()[0];
        let out = solver.volumes().taken_out.total();
        let lost = solver.volumes().loss.total();
        assert!((start - out - lost - solver.stored_volume()).abs() < 1e-12 * start, "{name}");
        assert!((service.volume / out - 1.0).abs() < 1e-12 && service.peak <= 0.5 * (1.0 + 1e-12));
        let depth = solver.depth()[(3, 4)];
        assert!(depth < 0.3 && depth > 0.02, "{name}: it stops in between, {depth}");
    }
}

#[test]
fn a_weir_through_a_wall_levels_two_ponds() {
    for (scheme, name, _) in ALL {
        let mut basin = Basin::flat(scheme);
        for row in 0..6 {
            basin.bed[(row, 4)] = 5.0;
            for column in 0..4 {
                basin.depth[(row, column)] = 1.0;
            }
        }
        let kind = Kind::Weir(Weir { crest: 0.2, length: 1.0, coefficient: BROAD_CRESTED });
        basin.structures = vec![Structure { name: "gap".into(), from: (2, 3), to: Some((2, 5)), kind }];
        let mut solver = basin.solver();
        let start = solver.stored_volume();
        run_to(&mut solver, 3600.0);
        let (depth, lost) = (solver.depth(), solver.volumes().loss.total());
        assert!((depth[(2, 0)] - depth[(2, 8)]).abs() < 0.01, "{name}: {} {}", depth[(2, 0)], depth[(2, 8)]);
        assert!((start - lost - solver.stored_volume()).abs() < 1e-12 * start, "{name}");
    }
}

#[test]
fn a_levee_that_gives_way_lets_its_water_out_and_keeps_the_balance() {
    for (scheme, name, _) in ALL {
        let mut basin = Basin::flat(scheme);
        for row in 0..6 {
            basin.bed[(row, 4)] = 2.0;
            for column in 0..4 {
                basin.depth[(row, column)] = 1.0;
            }
        }
        let cells = (0..6).map(|row| ((row, 4), (row as f64 - 2.5).abs() * 4.0)).collect();
        let trigger = Trigger::Time(60.0);
        basin.breaches =
            vec![Breach { name: "levee".into(), trigger, width: 9.0, bottom: 0.0, duration: 120.0, cells }];
        let mut solver = basin.solver();
        let start = solver.stored_volume();
        run_to(&mut solver, 59.0);
        assert_eq!(solver.depth()[(2, 8)], 0.0, "{name}: it holds");
        run_to(&mut solver, 1800.0);
        let (depth, lost) = (solver.depth(), solver.volumes().loss.total());
        assert!((depth[(2, 0)] - depth[(2, 8)]).abs() < 0.01, "{name}: {} {}", depth[(2, 0)], depth[(2, 8)]);
        assert!(depth[(2, 4)] > 0.3 && depth[(0, 4)] == 0.0, "{name}: 9 m are open, the rest stands");
        assert!((start - lost - solver.stored_volume()).abs() < 1e-12 * start, "{name}");
    }
}
