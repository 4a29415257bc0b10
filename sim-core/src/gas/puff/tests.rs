use std::f64::consts::PI;

use super::source::Steady;
use super::train::longest_step;
use super::*;
use crate::gas::calm::{Calm, growth};
use crate::gas::integrated_puff::IntegratedPuff;
use crate::gas::plume::Plume;
use crate::gas::sigma::SigmaSet;
use crate::gas::sigma::briggs_rural::BriggsRural;
use crate::gas::weather::{LIGHT_WIND, Stability};
use crate::grid::{Crs, Grid};

const RATE: f64 = 2.0;

const NOTHING: Remember = Remember { threshold: f64::INFINITY, exponent: 1.0, pure_gas: f64::INFINITY };

fn settings(step: f64) -> Settings<'static> {
    Settings { set: &BriggsRural, averaging_time: 600.0, step, losses: Losses::default() }
}

/// The same air everywhere and always.
fn steady_air(east: f64, north: f64, class: Stability) -> impl Fn(f64, f64, f64, f64) -> Air + Sync {
    let speed = f64::hypot(east, north);
    let spread = if speed < LIGHT_WIND { Spread::WithTime(growth(class, speed)) } else { Spread::WithWay };
    move |_, _, _, _| Air { east, north, class, lid: None, spread }
}

fn plume(class: Stability, wind: f64, height: f64) -> Plume {
    Plume {
        rise: None,
        rate: RATE,
        wind,
        front_wind: wind,
        height,
        receptor_height: 1.5,
        curves: BriggsRural.curves(class),
        lid: None,
        pure_gas: f64::INFINITY,
        ahead: Default::default(),
    }
}

fn concentrations(
    sources: &[Source<'_>],
    field: &dyn AirField,
    settings: Settings<'_>,
    points: &[[f64; 3]],
    until: f64,
) -> PointRecord {
    let mut train = Train::new(sources, settings).expect("sound settings");
    let mut record = PointRecord::new(points, NOTHING);
    while train.time() < until - 1e-9 {
        train.step(field);
        record.observe(&train);
    }
    record
}

#[test]
fn mass_is_kept_to_nine_digits_whatever_happens_to_it() {
    let pulse = |from: f64, to: f64| (to.min(300.0).powi(2) - from.min(300.0).powi(2)) * 1e-3;
    let always = Steady { rate: 0.5, begin: 20.0, end: 500.0 };
    let sources = [Source::point(0.0, 0.0, 10.0, &pulse), Source::point(50.0, -20.0, 0.0, &always)];
    let losses = Losses { deposition_velocity: 0.02, settling_velocity: 0.05, decay_rate: 1e-4 };
    let turning = |time: f64, _: f64, _: f64, _: f64| {
        let class = if time < 200.0 { Stability::B } else { Stability::F };
        let (north, east) = (0.01 * time).sin_cos();
        Air { east: 3.0 * east, north: 3.0 * north, class, lid: Some(400.0), spread: Spread::WithWay }
    };
    let mut train = Train::new(&sources, Settings { losses, ..settings(2.0) }).expect("sound");
    while train.time() < 600.0 {
        train.step(&turning);
        train.leave(-100.0, 100.0, -100.0, 100.0);
    }
    let ledger = train.ledger();
    assert!((ledger.released - (90.0 + 240.0)).abs() < 1e-9, "{ledger:?}");
    assert!(ledger.deposited > 1.0 && ledger.decayed > 0.1 && ledger.left > 0.0, "{ledger:?}");
    assert!(ledger.relative_error().abs() < 1e-9, "{}", ledger.relative_error());
}

#[test]
fn in_a_steady_wind_the_puffs_become_the_plume() {
    // They differ by the square of σx/x: each puff has its own size, the plume that of the receptor.
    for (class, tolerance) in [(Stability::D, 0.02), (Stability::F, 0.01)] {
        let (wind, points) = (4.0, [[300.0, 0.0, 1.5], [700.0, 20.0, 1.5], [1500.0, -30.0, 10.0]]);
        let steady = Steady { rate: RATE, begin: 0.0, end: 1e9 };
        let sources = [Source::point(0.0, 0.0, 3.0, &steady)];
        let step = longest_step(&BriggsRural, class, 200.0, wind);
        let field = steady_air(wind, 0.0, class);
        let record = concentrations(&sources, &field, settings(step), &points, 900.0);
        let plume = plume(class, wind, 3.0);
        for (point, value) in points.iter().zip(&record.seen().concentration) {
            let expected = plume.concentration(point[0], point[1], point[2]);
            assert!((value / expected - 1.0).abs() < tolerance, "{class:?} {point:?}: {}", value / expected);
        }
    }
}

#[test]
fn a_short_release_is_the_closed_form() {
    let (wind, class) = (5.0, Stability::F);
    let steady = Steady { rate: RATE, begin: 0.0, end: 120.0 };
    let sources = [Source::point(0.0, 0.0, 5.0, &steady)];
    let field = steady_air(wind, 0.0, class);
    let closed = IntegratedPuff { plume: plume(class, wind, 5.0), duration: 120.0 };
    for time in [160.0, 200.0, 240.0, 280.0] {
        let record = concentrations(&sources, &field, settings(1.0), &[[1000.0, 5.0, 1.5]], time);
        let (value, expected) =
            (record.seen().concentration[0], closed.concentration(1000.0, 5.0, 1.5, time));
        let largest = closed.largest(1000.0, 5.0, 1.5);
        assert!((value - expected).abs() < 0.015 * largest, "{time}: {value} {expected}");
    }
}

#[test]
fn in_light_wind_the_puffs_become_the_closed_form_of_calm_air() {
    for (east, north) in [(0.0, 0.0), (0.3, 0.2), (1.0, 0.0)] {
        let steady = Steady { rate: RATE, begin: 0.0, end: 1e9 };
        let sources = [Source::point(0.0, 0.0, 2.0, &steady)];
        let field = steady_air(east, north, Stability::E);
        let points = [[40.0, 0.0, 1.5], [-25.0, 10.0, 1.5], [60.0, 30.0, 0.0]];
        let record = concentrations(&sources, &field, settings(0.5), &points, 400.0);
        let speed = f64::hypot(east, north);
        let calm = Calm {
            rate: RATE,
            duration: 1e9,
            height: 2.0,
            wind: (east, north),
            growth: growth(Stability::E, speed),
            pure_gas: f64::INFINITY,
        };
        let largest = calm.concentration(20.0, 0.0, 1.5, 400.0);
        for (point, value) in points.iter().zip(&record.seen().concentration) {
            let expected = calm.concentration(point[0], point[1], point[2], 400.0);
            // What is cut beyond four coefficients is 3e-4 of a puff's peak.
            assert!(
                (value - expected).abs() < 0.01 * expected + 1e-3 * largest,
                "{point:?}: {value} {expected}"
            );
        }
    }
}

#[test]
fn a_puff_never_shrinks_when_the_air_becomes_stable() {
    let once = |from: f64, _: f64| if from == 0.0 { 1.0 } else { 0.0 };
    let sources = [Source::point(0.0, 0.0, 0.0, &once)];
    let field = |time: f64, _: f64, _: f64, _: f64| {
        let class = if time < 100.0 { Stability::A } else { Stability::F };
        Air { east: 3.0, north: 0.0, class, lid: None, spread: Spread::WithWay }
    };
    let mut train = Train::new(&sources, settings(5.0)).expect("sound");
    let mut before = (0.0, 0.0);
    for _ in 0..60 {
        train.step(&field);
        let now = (train.puffs.width[0], train.puffs.depth[0]);
        assert!(now.0 >= before.0 && now.1 >= before.1, "{before:?} {now:?}");
        before = now;
    }
    // At its new virtual distance it grows as a puff of class F of that size: slower than in A.
    let late = train.puffs.width[0];
    train.step(&field);
    let growth = (train.puffs.width[0] - late) / 15.0;
    assert!(growth > 0.0 && growth < 0.05, "{growth}");
}

#[test]
fn turning_the_wind_turns_the_cloud_and_sources_add_up() {
    let steady = Steady { rate: RATE, begin: 0.0, end: 1e9 };
    let (sin, cos) = 0.5_f64.sin_cos();
    let one = [Source::point(0.0, 0.0, 5.0, &steady)];
    let two = [one[0], Source::point(10.0, 30.0, 0.0, &steady)];
    let point = [400.0, 15.0, 1.5];
    let turned = [cos * 400.0 - sin * 15.0, sin * 400.0 + cos * 15.0, 1.5];
    let east = steady_air(4.0, 0.0, Stability::D);
    let slanting = steady_air(4.0 * cos, 4.0 * sin, Stability::D);
    let run = |sources: &[Source<'_>], field: &dyn AirField, point: [f64; 3]| {
        concentrations(sources, field, settings(2.0), &[point], 200.0).seen().concentration[0]
    };
    // Puffs are cut by squares along the axes: what is beyond four coefficients is 3e-4 of a peak.
    assert!((run(&one, &east, point) / run(&one, &slanting, turned) - 1.0).abs() < 1e-3);
    let both = run(&two, &east, point);
    let apart = run(&one, &east, point) + run(&two[1..], &east, point);
    assert!((both / apart - 1.0).abs() < 1e-12);
}

fn grid() -> Grid {
    Grid { columns: 90, rows: 70, dx: 10.0, dy: 8.0, west: -150.0, south: -280.0, crs: Crs::local() }
}

#[test]
fn the_grid_and_the_points_see_the_same() {
    let grid = grid();
    let points: Vec<[f64; 3]> =
        (0..grid.cells()).map(|i| [grid.x(i % grid.columns), grid.y(i / grid.columns), 1.5]).collect();
    let steady = Steady { rate: RATE, begin: 0.0, end: 60.0 };
    let sources = [Source { width: 2.0, depth: 1.0, ..Source::point(3.0, -7.0, 4.0, &steady) }];
    for lid in [None, Some(60.0)] {
        let field = move |time: f64, _: f64, _: f64, _: f64| Air {
            spread: Spread::WithWay,
            east: 3.0,
            north: 0.01 * time,
            class: Stability::C,
            lid,
        };
        let what = Remember { threshold: 1e-5, exponent: 2.5, pure_gas: f64::INFINITY };
        let mut train = Train::new(&sources, settings(2.0)).expect("sound");
        let (mut on_grid, mut at_points) =
            (GridRecord::new(grid.clone(), 1.5, what), PointRecord::new(&points, what));
        for _ in 0..60 {
            train.step(&field);
            on_grid.observe(&train);
            at_points.observe(&train);
        }
        let (one, other) = (on_grid.seen(), at_points.seen());
        let same = |a: f64, b: f64| (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-12 * a.abs();
        for i in 0..points.len() {
            assert!(same(one.largest[i], other.largest[i]), "{} {}", one.largest[i], other.largest[i]);
            assert!(same(one.arrival[i], other.arrival[i]));
            assert!((one.dose[i] - other.dose[i]).abs() <= 1e-11 * one.dose[i]);
        }
        assert!(one.largest.iter().any(|&value| value > 1e-4));
    }
}

#[test]
fn the_grid_holds_the_mass_of_a_puff() {
    // Summed over columns, rows and heights; four coefficients leave 1.3e-4 outside.
    let once = |from: f64, _: f64| if from == 0.0 { 3.0 } else { 0.0 };
    let sources = [Source { width: 20.0, depth: 10.0, ..Source::point(300.0, 0.0, 30.0, &once) }];
    let mut train = Train::new(&sources, settings(2.0)).expect("sound");
    train.step(&steady_air(2.0, 0.0, Stability::D));
    let grid = grid();
    let mut mass = 0.0;
    for k in 0..60 {
        let mut record = GridRecord::new(grid.clone(), 2.0 * (f64::from(k) + 0.5), NOTHING);
        record.observe(&train);
        mass += record.seen().concentration.iter().sum::<f64>() * grid.cell_area() * 2.0;
    }
    assert!((mass / 3.0 - 1.0).abs() < 2e-4, "{mass}");
}

#[test]
fn the_number_of_threads_does_not_change_a_bit() {
    let steady = Steady { rate: RATE, begin: 0.0, end: 1e9 };
    let sources = [Source::point(0.0, 0.0, 5.0, &steady), Source::point(9.0, 9.0, 0.0, &steady)];
    let field = steady_air(3.0, 1.0, Stability::D);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            let mut train = Train::new(&sources, settings(3.0)).expect("sound");
            let mut record = GridRecord::new(grid(), 1.5, Remember { threshold: 1e-6, ..NOTHING });
            for _ in 0..30 {
                train.step(&field);
                record.observe(&train);
            }
            record.seen().dose.iter().map(|value| value.to_bits()).collect::<Vec<_>>()
        })
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn the_dose_is_the_concentration_times_the_time_it_stays() {
    let steady = Steady { rate: RATE, begin: 0.0, end: 200.0 };
    let sources = [Source::point(0.0, 0.0, 5.0, &steady)];
    let field = steady_air(4.0, 0.0, Stability::F);
    let record = concentrations(&sources, &field, settings(1.0), &[[500.0, 0.0, 1.5]], 500.0);
    let expected = plume(Stability::F, 4.0, 5.0).concentration(500.0, 0.0, 1.5) * 200.0;
    assert!((record.seen().dose[0] / expected - 1.0).abs() < 0.01, "{}", record.seen().dose[0] / expected);
    // The front is due after 500 m / 4 m/s = 125 s; the largest value comes after it and before the tail.
    assert!((125.0..=325.0).contains(&record.seen().time_of_largest[0]));
}

#[test]
fn the_level_arrives_with_the_front() {
    let steady = Steady { rate: RATE, begin: 0.0, end: 1e9 };
    let sources = [Source::point(0.0, 0.0, 5.0, &steady)];
    let half = 0.5 * plume(Stability::F, 4.0, 5.0).concentration(800.0, 0.0, 1.5);
    let mut train = Train::new(&sources, settings(1.0)).expect("sound");
    let mut record = PointRecord::new(&[[800.0, 0.0, 1.5]], Remember { threshold: half, ..NOTHING });
    while train.time() < 400.0 {
        train.step(&steady_air(4.0, 0.0, Stability::F));
        record.observe(&train);
    }
    // Half of the plume's value is there when the middle of the front passes, 800 m / 4 m/s.
    assert!((record.seen().arrival[0] - 200.0).abs() <= 2.0, "{}", record.seen().arrival[0]);
}

#[test]
fn no_receptor_sees_more_than_the_pure_gas() {
    let steady = Steady { rate: 1e4, begin: 0.0, end: 1e9 };
    let sources = [Source::point(0.0, 0.0, 1.0, &steady)];
    let mut train = Train::new(&sources, settings(1.0)).expect("sound");
    let what = Remember { pure_gas: 2.0, ..NOTHING };
    let mut on_grid = GridRecord::new(grid(), 1.5, what);
    let mut at_point = PointRecord::new(&[[5.0, 0.0, 1.0]], what);
    for _ in 0..20 {
        train.step(&steady_air(3.0, 0.0, Stability::D));
        on_grid.observe(&train);
        at_point.observe(&train);
    }
    assert_eq!(on_grid.seen().largest.iter().copied().fold(0.0, f64::max), 2.0);
    assert_eq!(at_point.seen().largest[0], 2.0);
    assert!(on_grid.seen().dose.iter().all(|&dose| dose <= 2.0 * 20.0));
}

#[test]
fn losses_follow_their_laws() {
    let once = |from: f64, _: f64| if from == 0.0 { 1.0 } else { 0.0 };
    let sources = [Source { depth: 5.0, ..Source::point(0.0, 0.0, 20.0, &once) }];
    let field = steady_air(3.0, 0.0, Stability::D);
    let run = |losses| {
        let mut train = Train::new(&sources, Settings { losses, ..settings(1.0) }).expect("sound");
        (0..300).for_each(|_| train.step(&field));
        train
    };
    // Decay: e^(−k t), the puff being half a step younger than the run.
    let decayed = run(Losses { decay_rate: 2e-3, ..Losses::default() });
    assert!((decayed.ledger().airborne / (-2e-3 * 299.5_f64).exp() - 1.0).abs() < 1e-12);
    // Settling: 20 m at 0.1 m/s are gone after 200 s, and the ground holds.
    let sunk = run(Losses { settling_velocity: 0.1, ..Losses::default() });
    assert_eq!(sunk.puffs.height[0], 0.0);
    assert_eq!(sunk.ledger().airborne, 1.0);
    // Deposition: exp(−∫ v D dt) by Simpson's rule over the same path.
    let velocity = 0.01;
    let taken = run(Losses { deposition_velocity: velocity, ..Losses::default() });
    let vertical = BriggsRural.curves(Stability::D).vertical;
    let start = vertical.distance_of(5.0);
    let rate = |time: f64| {
        let depth = vertical.at(start + 3.0 * time);
        velocity * 2.0 * (-0.5 * (20.0 / depth).powi(2)).exp() / ((2.0 * PI).sqrt() * depth)
    };
    let step = 299.5 / 2000.0;
    let weight = |i: usize| {
        if i == 0 || i == 2000 {
            1.0
        } else if i % 2 == 1 {
            4.0
        } else {
            2.0
        }
    };
    let integral: f64 = (0..=2000).map(|i| weight(i) * rate(i as f64 * step)).sum::<f64>() * step / 3.0;
    let share = taken.ledger().airborne / (-integral).exp();
    assert!((share - 1.0).abs() < 1e-5, "{share}");
    assert!(taken.ledger().deposited > 0.01);
}

#[test]
fn impossible_settings_are_refused_all_at_once() {
    let losses = Losses { deposition_velocity: -1.0, ..Losses::default() };
    let settings = Settings { losses, averaging_time: f64::NAN, ..settings(0.0) };
    let problems = Train::new(&[], settings).err().expect("refused");
    assert_eq!(problems.0.iter().map(|p| p.code.0).collect::<Vec<_>>(), [4550, 4550, 4550]);
}
