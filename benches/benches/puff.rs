//! Puffs on a grid and at points: pairs of a puff and a receptor per second, one thread.

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rayon::ThreadPoolBuilder;
use sim_core::gas::puff::source::Steady;
use sim_core::gas::puff::{Air, GridRecord, Losses, PointRecord, Remember, Settings, Source, Spread, Train};
use sim_core::gas::sigma::briggs_rural::BriggsRural;
use sim_core::gas::weather::Stability;
use sim_core::grid::{Crs, Grid};

/// Receptors along each side of the grid.
const SIDE: usize = 1000;

/// Scattered receptors, all within reach of most puffs.
const POINTS: usize = 20_000;

fn grid() -> Grid {
    Grid { columns: SIDE, rows: SIDE, dx: 2.0, dy: 2.0, west: 0.0, south: -1000.0, crs: Crs::local() }
}

fn puff(criterion: &mut Criterion) {
    let pool = ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let steady = Steady { rate: 1.0, begin: 0.0, end: 1e9 };
    let sources = [Source::point(0.0, 0.0, 5.0, &steady)];
    let settings =
        Settings { set: &BriggsRural, averaging_time: 600.0, step: 2.0, losses: Losses::default() };
    let air = |_: f64, _: f64, _: f64, _: f64| Air {
        east: 5.0,
        north: 0.2,
        class: Stability::C,
        lid: None,
        spread: Spread::WithWay,
    };
    let mut train = Train::new(&sources, settings).expect("sound settings");
    (0..200).for_each(|_| train.step(&air));
    let remember = Remember { threshold: 1e-6, exponent: 1.0, pure_gas: 1.8 };
    let mut group = criterion.benchmark_group("puff");
    group.sample_size(10).measurement_time(Duration::from_secs(3)).warm_up_time(Duration::from_secs(1));
    let mut on_grid = GridRecord::new(grid(), 1.5, remember);
    let pairs = pool.install(|| on_grid.observe(&train));
    group.throughput(Throughput::Elements(pairs as u64));
    group.bench_function("grid, 200 puffs, 1 thread", |bencher| {
        bencher.iter(|| pool.install(|| on_grid.observe(&train)));
    });
    let points: Vec<[f64; 3]> =
        (0..POINTS).map(|i| [900.0 + 0.01 * i as f64, 30.0 - 0.003 * i as f64, 1.5]).collect();
    let mut at_points = PointRecord::new(&points, remember);
    group.throughput(Throughput::Elements((train.len() * POINTS) as u64));
    group.bench_function("points, 200 puffs, 1 thread", |bencher| {
        bencher.iter(|| pool.install(|| at_points.observe(&train)));
    });
    group.finish();
}

criterion_group!(benches, puff);
criterion_main!(benches);
