//! Cell-updates per second of the layer of heavy gas, one thread: one million cells of a dam
//! break over a wavy bed in wind, as the flood's bench has it, with every record of a real run.

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use sim_core::gas::dense::shallow::{Load, Params, Receptors, Release, Setup, Solver, Wind};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::series::Series;

/// Cells along each side.
const SIDE: usize = 1000;
/// Steps before the clock starts, so that nothing is at rest any more.
const STEPS_BEFORE: usize = 10;

fn solver(receptors: &Receptors) -> Solver {
    let grid = Grid { columns: SIDE, rows: SIDE, dx: 2.0, dy: 2.0, west: 0.0, south: 0.0, crs: Crs::local() };
    let wave = |cell: usize| (cell as f64 * 0.05).sin();
    let bed = Field::from_shape_fn(grid.shape(), |(row, column)| 0.3 * wave(row) * wave(column));
    let initial_depth = Field::from_shape_fn(grid.shape(), |(row, column)| {
        let level = if column < SIDE / 2 { 3.0 } else { 1.0 };
        level - bed[(row, column)]
    });
    Solver::new(&Setup {
        grid: &grid,
        bed: &bed,
        initial_depth: &initial_depth,
        release: Release { density: 2.0, gas: 2.0, air_density: 1.2 },
        sources: &[],
        wind: &Wind { east: Series::constant(2.0), north: Series::constant(-0.7), ..Wind::calm(0.01) },
        receptors,
        params: Params::default(),
    })
}

fn gas_layer(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("gas_layer");
    group.throughput(Throughput::Elements((SIDE * SIDE) as u64));
    group.sampling_mode(SamplingMode::Flat).sample_size(20);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let load = Load { exponent: 2.0, per_share: 1e6 };
    let cases = [
        ("peaks", Receptors { height: 1.5, levels: vec![], load: None }),
        ("peaks_level_and_load", Receptors { height: 1.5, levels: vec![0.01], load: Some(load) }),
    ];
    for (name, receptors) in cases {
        let mut solver = pool.install(|| solver(&receptors));
        let mut step = || pool.install(|| solver.step(f64::INFINITY)).expect("a sound case");
        (0..STEPS_BEFORE).for_each(|_| step());
        group.bench_function(name, |bencher| bencher.iter(&mut step));
    }
    group.finish();
}

criterion_group!(benches, gas_layer);
criterion_main!(benches);
