//! Cell-updates per second of the flood solver, for every scheme: one million
//! cells of a dam break over a wavy bed, with friction, records and every sum of a
//! real run; wet everywhere, and wet on one cell in twenty.

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use sim_core::flood::flux::{ALL, Scheme};
use sim_core::flood::{Edge, Edges, Params, Setup, Soils, Solver};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::series::Series;
use sim_core::units::from_mm_h;

/// Cells along each side.
const SIDE: usize = 1000;
/// Steps before the clock starts, so that nothing is at rest any more.
const STEPS_BEFORE: usize = 20;
/// Side of the square that holds all water of the dry case: 5 % of the cells.
const LAKE: usize = 224;

fn grid() -> Grid {
    Grid { columns: SIDE, rows: SIDE, dx: 2.0, dy: 2.0, west: 0.0, south: 0.0, crs: Crs::local() }
}

fn waves(grid: &Grid) -> Field {
    let wave = |cell: usize| (cell as f64 * 0.05).sin();
    Field::from_shape_fn(grid.shape(), |(row, column)| 0.3 * wave(row) * wave(column))
}

fn solver(bed: &Field, depth: &Field, rain: f64, thresholds: &[f64], scheme: Scheme) -> Solver {
    let grid = grid();
    Solver::new(&Setup {
        grid: &grid,
        bed,
        initial_depth: depth,
        manning_n: &grid.filled(0.03),
        rain: &Series::constant(from_mm_h(rain)).into(),
        loss: &Series::constant(from_mm_h(0.2 * rain)),
        soils: &Soils::none(),
        inflows: &[],
        buildings: &Default::default(),
        structures: &[],
        barriers: &[],
        breaches: &[],
        boundaries: &[],
        thresholds,
        params: Params { courant: scheme.courant(), scheme, edges: Edges::all(Edge::Wall) },
    })
}

/// A dam break over waves of the ground, wet everywhere; under rain and loss.
fn wet_everywhere(thresholds: &[f64], scheme: Scheme) -> Solver {
    let bed = waves(&grid());
    let depth = Field::from_shape_fn(grid().shape(), |(row, column)| {
        let level = if column < SIDE / 2 { 3.0 } else { 1.0 };
        level - bed[(row, column)]
    });
    solver(&bed, &depth, 50.0, thresholds, scheme)
}

/// Waves in a square basin behind high walls; the rest of the grid is dry.
fn one_in_twenty(scheme: Scheme) -> Solver {
    let from = (SIDE - LAKE) / 2;
    let inside = |cell: usize| (from..from + LAKE).contains(&cell);
    let mut bed = waves(&grid());
    let mut depth = grid().filled(0.0);
    for ((row, column), level) in bed.indexed_iter_mut() {
        if inside(row) && inside(column) {
            depth[(row, column)] = if column < SIDE / 2 { 3.0 } else { 1.0 };
        } else {
            *level += 20.0;
        }
    }
    solver(&bed, &depth, 0.0, &[], scheme)
}

/// A start of a run with a scheme.
type Start = fn(Scheme) -> Solver;

fn flood_step(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("flood_step");
    group.throughput(Throughput::Elements((SIDE * SIDE) as u64));
    group.sampling_mode(SamplingMode::Flat).sample_size(20);
    for (scheme, name, _) in ALL {
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            let cases: [(&str, Start); 3] = [
                ("wet", |scheme| wet_everywhere(&[], scheme)),
                ("wet_with_threshold", |scheme| wet_everywhere(&[0.15], scheme)),
                ("one_in_twenty", one_in_twenty),
            ];
            for (case, start) in cases {
                let mut solver = pool.install(|| start(scheme));
                let mut step = || pool.install(|| solver.step(f64::INFINITY)).expect("a sound case");
                (0..STEPS_BEFORE).for_each(|_| step());
                group.bench_function(format!("{name}/{case}/{threads}_threads"), |bencher| {
                    bencher.iter(&mut step);
                });
            }
        }
    }
    group.finish();
}

criterion_group!(benches, flood_step);
criterion_main!(benches);
