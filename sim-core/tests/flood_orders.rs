//! Orders of convergence against exact solutions of the flood solver.

use sim_core::flood::flux::Scheme;
use sim_core::flood::params::DEFAULT_COURANT;
use sim_core::flood::{Edge, Edges, Params, Rain, Setup, Soils, Solver};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::series::Series;
use sim_core::units::GRAVITY;

fn grid(rows: usize, columns: usize, cell: f64) -> Grid {
    Grid { columns, rows, dx: cell, dy: cell, west: 0.0, south: 0.0, crs: Crs::local() }
}

fn solver(grid: &Grid, bed: &Field, depth: &Field, scheme: Scheme) -> Solver {
    Solver::new(&Setup {
        grid,
        bed,
        initial_depth: depth,
        manning_n: &grid.filled(0.0),
        rain: &Rain::none(),
        loss: &Series::constant(0.0),
        soils: &Soils::none(),
        inflows: &[],
        buildings: &Default::default(),
        structures: &[],
        barriers: &[],
        breaches: &[],
        boundaries: &[],
        thresholds: &[],
        params: Params { courant: DEFAULT_COURANT, scheme, edges: Edges::all(Edge::Wall) },
    })
}

fn run_to(solver: &mut Solver, time: f64) {
    while solver.time() < time {
        solver.step(time).expect("a sound case");
    }
}

/// Orders of convergence from errors on grids of which each is twice as fine as the one before.
fn orders(errors: &[f64]) -> Vec<f64> {
    errors.windows(2).map(|pair| (pair[0] / pair[1]).log2()).collect()
}

/// Mean difference between the depths on a grid and on one twice as fine, m.
fn difference(coarse: &Field, fine: &Field) -> f64 {
    let of_four = |(row, column): (usize, usize)| {
        let (row, column) = (2 * row, 2 * column);
        0.25 * (fine[(row, column)]
            + fine[(row, column + 1)]
            + fine[(row + 1, column)]
            + fine[(row + 1, column + 1)])
    };
    coarse.indexed_iter().map(|(cell, depth)| (depth - of_four(cell)).abs()).sum::<f64>()
        / coarse.len() as f64
}

/// Water that sloshes in a closed basin over a wavy ground, in both directions at
/// once: smooth for as long as it runs, at walls too.
fn sloshing(cells: usize, scheme: Scheme) -> Field {
    let grid = grid(cells, cells, 10.0 / cells as f64);
    let wave = |x: f64| (std::f64::consts::PI * x / 10.0).cos();
    let bed =
        Field::from_shape_fn(grid.shape(), |(r, c)| 0.1 * wave(2.0 * grid.x(c)) * wave(2.0 * grid.y(r)));
    let depth = Field::from_shape_fn(grid.shape(), |(r, c)| {
        1.0 - bed[(r, c)] + 0.02 * wave(grid.x(c)) + 0.01 * wave(grid.y(r))
    });
    let mut solver = solver(&grid, &bed, &depth, scheme);
    run_to(&mut solver, 4.0);
    solver.depth()
}

#[test]
fn smooth_waves_over_smooth_ground_converge_with_the_order_of_the_scheme() {
    // Local inertia weighs its discharges with their neighbours: first order.
    for (scheme, least) in [(Scheme::FirstOrder, 0.9), (Scheme::SecondOrder, 1.9), (Scheme::Inertial, 0.9)] {
        let depths = [32, 64, 128, 256].map(|cells| sloshing(cells, scheme));
        let errors: Vec<f64> = depths.windows(2).map(|pair| difference(&pair[0], &pair[1])).collect();
        let orders = orders(&errors);
        assert!(orders.iter().all(|&order| order > least), "{scheme:?} {errors:?} {orders:?}");
    }
}

/// Delestre et al. 2013, 4.2.2: L = 4, a = 1, r0 = 0.8, h0 = 0.1; error of the
/// depth after three periods relative to the water.
fn bowl(cells: usize, scheme: Scheme) -> f64 {
    let (a, r0, h0) = (1.0f64, 0.8f64, 0.1f64);
    let grid = grid(cells, cells, 4.0 / cells as f64);
    let r2 = |row: usize, column: usize| (grid.x(column) - 2.0).powi(2) + (grid.y(row) - 2.0).powi(2);
    let omega = (8.0 * GRAVITY * h0).sqrt() / a;
    let amplitude = (a * a - r0 * r0) / (a * a + r0 * r0);
    let bed = Field::from_shape_fn(grid.shape(), |(row, column)| -h0 * (1.0 - r2(row, column) / (a * a)));
    // After whole periods the water is where it was.
    let start = Field::from_shape_fn(grid.shape(), |(row, column)| {
        let root = (1.0 - amplitude * amplitude).sqrt() / (1.0 - amplitude);
        let level = h0 * (root - 1.0 - r2(row, column) / (a * a) * (root * root - 1.0));
        (level - bed[(row, column)]).max(0.0)
    });
    let mut solver = solver(&grid, &bed, &start, scheme);
    run_to(&mut solver, 3.0 * std::f64::consts::TAU / omega);
    assert_eq!(solver.volumes().clipped.total(), 0.0);
    let depth = solver.depth();
    depth.iter().zip(&start).map(|(a, b)| (a - b).abs()).sum::<f64>() / start.sum()
}

#[test]
fn water_in_a_round_bowl_is_back_after_three_periods() {
    let first = bowl(80, Scheme::FirstOrder);
    let errors = [80, 160, 320].map(|cells| bowl(cells, Scheme::SecondOrder));
    assert!(errors[2] < 0.01, "{errors:?}");
    assert!(errors[0] < 0.6 * first, "{errors:?} against {first}");
    assert!(orders(&errors).iter().all(|&order| order > 1.5), "{errors:?} {:?}", orders(&errors));
}
