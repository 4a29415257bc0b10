//! The plume on a grid: receptors per second, one thread and all.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rayon::ThreadPoolBuilder;
use sim_core::gas::plume::Plume;
use sim_core::gas::source::known_rate;
use sim_core::gas::substance;
use sim_core::gas::sweep::{Band, Placed, fill_band};
use sim_core::gas::weather::{Stability, Surroundings, Weather, WindProfile};
use sim_core::grid::{Crs, Grid};

/// Receptors along each side.
const SIDE: usize = 1000;

/// A grid that lies wholly downwind of the source.
fn grid() -> Grid {
    Grid { columns: SIDE, rows: SIDE, dx: 5.0, dy: 2.0, west: 10.0, south: -1000.0, crs: Crs::local() }
}

fn placed(stability: Stability, mixing_height: Option<f64>) -> Placed {
    let weather = Weather {
        wind_speed: 3.0,
        reference_height: 10.0,
        wind_direction_deg: 270.0,
        stability,
        air_temperature: 288.15,
        pressure: 101_325.0,
        mixing_height,
        surroundings: Surroundings::Rural,
        profile: WindProfile::Power,
        direction_spread_deg: 20.0,
    };
    let release = known_rate::release((0.0, 0.0), 5.0, 1.0, 600.0);
    let gas = substance::find("methane").expect("in the table");
    Placed::new(Plume::new(&release, gas, &weather, 1.5, 600.0), 0.0, 0.0, weather.heading())
}

fn plume(criterion: &mut Criterion) {
    let grid = grid();
    let mut group = criterion.benchmark_group("plume");
    group.throughput(Throughput::Elements(grid.cells() as u64));
    let cases = [
        ("two images, class D", placed(Stability::D, None)),
        ("two images, class F", placed(Stability::F, None)),
        ("lid, class D", placed(Stability::D, Some(300.0))),
    ];
    for threads in [1, std::thread::available_parallelism().map_or(1, usize::from)] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        for (name, placed) in &cases {
            let (mut values, mut arrival) = (vec![0.0; grid.cells()], vec![0.0; grid.cells()]);
            group.bench_function(BenchmarkId::new(*name, format!("{threads} threads")), |bencher| {
                bencher.iter(|| {
                    let band = Band { first_row: 0, concentration: &mut values, arrival: &mut arrival };
                    pool.install(|| fill_band(std::slice::from_ref(placed), &grid, true, 1e-6, band));
                });
            });
        }
    }
    group.finish();
}

fn row(criterion: &mut Criterion) {
    let xs: Vec<f64> = (0..SIDE).map(|i| 10.0 + 5.0 * i as f64).collect();
    let mut values = vec![0.0; SIDE];
    let mut group = criterion.benchmark_group("plume row");
    group.throughput(Throughput::Elements(SIDE as u64));
    for (name, placed) in [("class D", placed(Stability::D, None)), ("class F", placed(Stability::F, None))] {
        group.bench_function(name, |bencher| bencher.iter(|| placed.row(&xs, 30.0, &mut values)));
    }
    group.finish();
}

criterion_group!(benches, plume, row);
criterion_main!(benches);
