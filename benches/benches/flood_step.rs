//! Cell-updates per second of the flood solver: one million wet cells of a dam
//! break over a wavy bed, with friction, records and every sum of a real run.

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use sim_core::flood::flux::Scheme;
use sim_core::flood::params::DEFAULT_COURANT;
use sim_core::flood::{Edge, Edges, Params, Setup, Solver};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::series::Series;
use sim_core::units::from_mm_h;

/// Cells along each side.
const SIDE: usize = 1000;
/// Steps before the clock starts, so that nothing is at rest any more.
const STEPS_BEFORE: usize = 20;

/// A dam break over waves of the ground, wet everywhere; under rain and loss.
fn dam_break(thresholds: &[f64]) -> Solver {
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
        manning_n: &grid.filled(0.03),
        rain: &Series::constant(from_mm_h(50.0)),
        loss: &Series::constant(from_mm_h(10.0)),
        inflows: &[],
        boundaries: &[],
        thresholds,
        params: Params { courant: DEFAULT_COURANT, scheme: Scheme::Hllc, edges: Edges::all(Edge::Wall) },
    })
}

fn flood_step(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("flood_step");
    group.throughput(Throughput::Elements((SIDE * SIDE) as u64));
    group.sampling_mode(SamplingMode::Flat).sample_size(20);
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        for (name, thresholds) in [("peaks", vec![]), ("peaks_and_threshold", vec![0.15])] {
            let mut solver = pool.install(|| dam_break(&thresholds));
            let mut step = || pool.install(|| solver.step(f64::INFINITY)).expect("a sound case");
            (0..STEPS_BEFORE).for_each(|_| step());
            group.bench_function(format!("{name}/{threads}_threads"), |bencher| bencher.iter(&mut step));
        }
    }
    group.finish();
}

criterion_group!(benches, flood_step);
criterion_main!(benches);
