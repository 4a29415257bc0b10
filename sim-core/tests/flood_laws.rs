//! Laws that the flood solver obeys, and exact solutions that it approaches.

use ndarray::{Array2, Axis};
use sim_core::flood::flux::{ALL, Scheme};
use sim_core::flood::params::DEFAULT_COURANT;
use sim_core::flood::{Edge, Edges, Inflow, Params, Rain, Setup, Soils, Solver};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::series::{Between, Series};
use sim_core::units::{GRAVITY, from_mm_h};

/// A case in parts that tests may change one by one.
#[derive(Clone)]
struct Case {
    scheme: Scheme,
    grid: Grid,
    bed: Field,
    depth: Field,
    n: Field,
    rain: Rain,
    loss: Series,
    soils: Soils,
    inflows: Vec<Inflow>,
    edges: Edges,
    thresholds: Vec<f64>,
}

impl Case {
    /// Flat, dry, walled, smooth.
    fn new(scheme: Scheme, rows: usize, columns: usize, dx: f64, dy: f64) -> Self {
        let grid = Grid { columns, rows, dx, dy, west: 0.0, south: 0.0, crs: Crs::local() };
        let zero = grid.filled(0.0);
        Self {
            scheme,
            bed: zero.clone(),
            depth: zero.clone(),
            n: zero,
            rain: Rain::none(),
            loss: Series::constant(0.0),
            soils: Soils::none(),
            inflows: Vec::new(),
            edges: Edges::all(Edge::Wall),
            thresholds: vec![0.05],
            grid,
        }
    }

    fn solver(&self) -> Solver {
        Solver::new(&Setup {
            grid: &self.grid,
            bed: &self.bed,
            initial_depth: &self.depth,
            manning_n: &self.n,
            rain: &self.rain,
            loss: &self.loss,
            soils: &self.soils,
            inflows: &self.inflows,
            buildings: &Default::default(),
            structures: &[],
            barriers: &[],
            breaches: &[],
            boundaries: &[],
            thresholds: &self.thresholds,
            params: Params { courant: DEFAULT_COURANT, scheme: self.scheme, edges: self.edges },
        })
    }

    fn at(&self, time: f64) -> Solver {
        let mut solver = self.solver();
        run_to(&mut solver, time);
        solver
    }
}

/// All schemes, for laws that each must obey.
fn schemes() -> impl Iterator<Item = Scheme> {
    ALL.iter().map(|entry| entry.0)
}

/// The schemes that solve the full equations.
const FULL: [Scheme; 2] = [Scheme::FirstOrder, Scheme::SecondOrder];

fn run_to(solver: &mut Solver, time: f64) {
    while solver.time() < time {
        solver.step(time).expect("a sound case");
    }
}

fn steps(solver: &mut Solver, count: usize) {
    for _ in 0..count {
        solver.step(f64::INFINITY).expect("a sound case");
    }
}

/// Reproducible numbers from 0 to 1 (a linear congruential generator, Knuth's MMIX constants).
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn rough(grid: &Grid, seed: u64, height: f64) -> Field {
    let mut noise = noise(seed);
    Field::from_shape_simple_fn(grid.shape(), || height * noise())
}

fn fastest(solver: &Solver) -> f64 {
    let (u, v) = solver.velocity();
    u.iter().chain(&v).fold(0.0, |a: f64, &b| a.max(b.abs()))
}

/// Error of the water balance as a share of the water.
fn balance_error(solver: &Solver) -> f64 {
    let volumes = solver.volumes();
    let outflow: f64 = solver.open_edges().iter().map(|edge| edge.1).sum();
    let arrived = volumes.rain.total() + volumes.inflow.total() + volumes.clipped.total();
    let net = arrived - volumes.loss.total() - outflow;
    (solver.stored_volume() - volumes.initial - net) / (volumes.initial + arrived)
}

/// Wild ground, part of it dry, part of it outside, with water thrown on one side.
fn wild(scheme: Scheme, rows: usize, columns: usize) -> Case {
    let mut case = Case::new(scheme, rows, columns, 2.0, 2.0);
    case.bed = rough(&case.grid, 7, 2.0);
    case.bed.indexed_iter_mut().for_each(|((row, column), bed)| {
        if (row / 5 + column / 7) % 6 == 5 {
            *bed = f64::NAN;
        }
    });
    case.n = rough(&case.grid, 9, 0.05);
    let thrown = |column: usize| if column < columns / 3 { 3.0 } else { 0.0 };
    case.depth = Field::from_shape_fn(case.grid.shape(), |(row, column)| {
        if case.bed[(row, column)].is_nan() { 0.0 } else { thrown(column) }
    });
    case.rain = Series::constant(from_mm_h(80.0)).into();
    case.loss = Series::constant(from_mm_h(20.0));
    case
}

#[test]
fn a_lake_with_islands_and_a_rough_shore_stays_at_rest_for_ten_thousand_steps() {
    for scheme in schemes() {
        for manning_n in [0.0, 0.03] {
            let mut case = Case::new(scheme, 40, 50, 1.0, 2.0);
            case.bed = rough(&case.grid, 1, 1.5);
            case.bed[(20, 20)] = f64::NAN;
            case.depth = case.bed.mapv(|bed| (1.0 - bed).max(0.0));
            case.n = case.grid.filled(manning_n);
            let mut solver = case.solver();
            let volume = solver.stored_volume();
            steps(&mut solver, 10_000);
            assert!(fastest(&solver) <= 1e-12, "speed {:e}", fastest(&solver));
            assert!((solver.stored_volume() / volume - 1.0).abs() < 1e-13);
        }
    }
}

#[test]
fn turning_the_world_by_a_right_angle_turns_the_result_bit_by_bit() {
    for scheme in schemes() {
        // A turn is a transposition and a mirror; both are checked on their own.
        let case = wild(scheme, 40, 40);
        let transposed = Case {
            bed: case.bed.t().to_owned(),
            depth: case.depth.t().to_owned(),
            n: case.n.t().to_owned(),
            edges: Edges { west: Edge::Wall, east: Edge::Wall, south: Edge::Open, north: Edge::Wall },
            ..case.clone()
        };
        let case = Case { edges: Edges { west: Edge::Open, ..case.edges }, ..case };
        let mirror = |field: &Field| {
            let mut field = field.clone();
            field.invert_axis(Axis(1));
            field.as_standard_layout().to_owned()
        };
        let mirrored = Case {
            bed: mirror(&case.bed),
            depth: mirror(&case.depth),
            n: mirror(&case.n),
            edges: Edges { west: Edge::Wall, east: Edge::Open, ..case.edges },
            ..case.clone()
        };
        let (mut here, mut turned, mut seen) = (case.solver(), transposed.solver(), mirrored.solver());
        for solver in [&mut here, &mut turned, &mut seen] {
            steps(solver, 500);
        }
        assert!(fastest(&here) > 0.1, "there is something to turn");
        assert_eq!(here.time().to_bits(), turned.time().to_bits());
        assert_eq!(here.depth(), turned.depth().t());
        assert_eq!(here.velocity().0, turned.velocity().1.t());
        assert_eq!(here.depth(), mirror(&seen.depth()));
        assert_eq!(here.velocity().1, mirror(&seen.velocity().1));
        assert_eq!(here.velocity().0, mirror(&seen.velocity().0.mapv(|u| -u)));
    }
}

#[test]
fn a_closed_basin_keeps_its_water_and_the_rain() {
    for scheme in schemes() {
        let mut case = wild(scheme, 70, 300);
        case.loss = Series::constant(0.0);
        let mut solver = case.solver();
        steps(&mut solver, 1000);
        assert!(solver.volumes().rain.total() > 1.0);
        assert_eq!(solver.volumes().clipped.total(), 0.0, "no depth came out negative");
        assert!(balance_error(&solver).abs() < 1e-13, "{:e}", balance_error(&solver));
    }
}

#[test]
fn every_drop_is_booked_with_loss_inflow_and_open_edges() {
    for scheme in schemes() {
        let mut case = wild(scheme, 70, 300);
        case.edges = Edges::all(Edge::Open);
        let cell = case.bed.indexed_iter().find(|(_, bed)| !bed.is_nan()).map(|found| found.0);
        let hydrograph = Series::new(vec![0.0, 50.0, 80.0], vec![0.0, 3.0, 0.0], Between::Line);
        let (cell, discharge) = (cell.expect("ground"), hydrograph.expect("rising times"));
        case.inflows = vec![Inflow { name: "main".into(), cells: vec![cell], discharge }];
        let solver = case.at(100.0);
        let volumes = solver.volumes();
        assert!((volumes.inflow.total() / 120.0 - 1.0).abs() < 1e-12, "the area under the hydrograph");
        assert!(
            volumes.loss.total() > 0.0 && solver.open_edges().iter().map(|edge| edge.1).sum::<f64>() > 0.0
        );
        assert!(balance_error(&solver).abs() < 1e-12, "{:e}", balance_error(&solver));
    }
}

#[test]
fn depths_are_never_negative_and_outside_stays_dry() {
    for scheme in schemes() {
        let case = wild(scheme, 40, 60);
        let mut solver = case.solver();
        for _ in 0..1000 {
            solver.step(f64::INFINITY).expect("a sound case");
            assert!(solver.depth().iter().all(|&depth| depth >= 0.0));
        }
        let outside =
            case.bed.iter().zip(&solver.depth()).filter(|(bed, _)| bed.is_nan()).all(|(_, &h)| h == 0.0);
        assert!(outside);
        assert_eq!(solver.volumes().clipped.total(), 0.0);
    }
}

#[test]
fn one_two_three_and_eight_threads_give_the_same_bits() {
    for scheme in schemes() {
        let mut case = wild(scheme, 150, 300);
        case.edges = Edges::all(Edge::Open);
        let outcome = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| {
                let mut solver = case.solver();
                steps(&mut solver, 300);
                let (u, v) = solver.velocity();
                let records = (solver.peaks().clone(), solver.thresholds().to_vec());
                (solver.time().to_bits(), solver.depth(), u, v, records, solver.volumes().clone())
            })
        };
        let one = outcome(1);
        for threads in [2, 3, 8] {
            assert_eq!(one, outcome(threads), "{scheme:?}, {threads} threads");
        }
    }
}

#[test]
fn skipping_dry_tiles_changes_nothing() {
    for scheme in schemes() {
        // Rain of 1e-200 m/s wakes every tile and is lost in the rounding of any water.
        let mut case = Case::new(scheme, 100, 800, 1.0, 1.0);
        case.bed = rough(&case.grid, 3, 0.2);
        for row in 30..40 {
            for column in 200..260 {
                case.depth[(row, column)] = 1.0;
            }
        }
        let skipping = case.at(20.0);
        case.rain = Series::constant(1e-200).into();
        let whole = case.at(20.0);
        let wet = |depth: f64| if depth > 1e-100 { depth } else { 0.0 };
        assert_eq!(skipping.depth().mapv(wet), whole.depth().mapv(wet));
        assert_eq!(skipping.steps(), whole.steps());
        assert!(skipping.wet_cells() < 0.5 * whole.wet_cells(), "most of the ground is dry");
    }
}

/// L1 error of the depth relative to the water of the exact solution.
fn relative_error(numerical: &Field, exact: impl Fn(f64) -> f64, grid: &Grid) -> f64 {
    let mut error = 0.0;
    let mut water = 0.0;
    for (column, &depth) in numerical.row(0).iter().enumerate() {
        let truth = exact(grid.x(column));
        error += (depth - truth).abs();
        water += truth;
    }
    error / water
}

/// A dam at 5 m in a channel of 10 m after 6 s (Delestre et al. 2013, 4.1).
fn dam_break(scheme: Scheme, cells: usize, left: f64, right: f64) -> (Case, Solver) {
    let mut case = Case::new(scheme, 1, cells, 10.0 / cells as f64, 1e6);
    case.depth =
        Field::from_shape_fn((1, cells), |(_, column)| if 2 * column < cells { left } else { right });
    let solver = case.at(6.0);
    (case, solver)
}

/// Orders of convergence from errors on grids of which each is twice as fine as the one before.
fn orders(errors: &[f64]) -> Vec<f64> {
    errors.windows(2).map(|pair| (pair[0] / pair[1]).log2()).collect()
}

#[test]
fn a_dam_break_on_wet_ground_approaches_stokers_solution() {
    for scheme in FULL {
        let (high, low, time) = (0.005f64, 0.001f64, 6.0);
        // Middle state, velocity and shock: flood.md 6.4 for g = 9.81; speeds go with the root of g.
        let scale = (GRAVITY / 9.81).sqrt();
        let (middle, velocity, shock) = (0.002_539, 0.127_280 * scale, 0.209_963 * scale);
        let c = (GRAVITY * high).sqrt();
        let exact = |x: f64| {
            let s = (x - 5.0) / time;
            let tail = velocity - (GRAVITY * middle).sqrt();
            match s {
                s if s <= -c => high,
                s if s <= tail => (2.0 * c - s).powi(2) / (9.0 * GRAVITY),
                s if s <= shock => middle,
                _ => low,
            }
        };
        let mut errors = Vec::new();
        for cells in [200, 400, 800] {
            let (case, solver) = dam_break(scheme, cells, high, low);
            errors.push(relative_error(&solver.depth(), exact, &case.grid));
            let depth = solver.depth();
            let front = (0..cells).rev().find(|&column| depth[(0, column)] > 0.5 * (low + middle));
            let front = case.grid.x(front.expect("water moved"));
            assert!(
                (front - 5.0 - shock * time).abs() < 3.0 * case.grid.dx,
                "{cells} cells: front at {front}"
            );
            let at = case.grid.cell_at(5.5, 1.0).expect("inside");
            assert!((depth[at] / middle - 1.0).abs() < 0.005, "{cells} cells: {}", depth[at]);
            assert!((solver.velocity().0[at] / velocity - 1.0).abs() < 0.01);
        }
        let orders = orders(&errors);
        assert!(errors[2] < 0.005, "{errors:?}");
        assert!(orders.iter().all(|&order| order > 0.6), "{errors:?} {orders:?}");
    }
}

#[test]
fn a_dam_break_on_dry_ground_approaches_ritters_solution() {
    for scheme in FULL {
        let (high, time) = (0.005f64, 6.0);
        let c = (GRAVITY * high).sqrt();
        let exact = |x: f64| {
            let s = (x - 5.0) / time;
            match s {
                s if s <= -c => high,
                s if s <= 2.0 * c => (2.0 * c - s).powi(2) / (9.0 * GRAVITY),
                _ => 0.0,
            }
        };
        let (mut errors, mut at_dam, mut tips) = (Vec::new(), Vec::new(), Vec::new());
        for cells in [200, 400, 800] {
            let (case, solver) = dam_break(scheme, cells, high, 0.0);
            let depth = solver.depth();
            errors.push(relative_error(&depth, exact, &case.grid));
            at_dam.push(0.5 * (depth[(0, cells / 2 - 1)] + depth[(0, cells / 2)]) / (4.0 / 9.0 * high) - 1.0);
            // The tip is a film: it counts from a hundredth of the height of the dam.
            let tip = (0..cells).rev().find(|&column| depth[(0, column)] > 0.01 * high).expect("water moved");
            let exact_tip = 5.0 + time * c * (2.0 - 3.0 * 0.01f64.sqrt());
            // On the straight line to the cell behind it, so that a cell's width does not count.
            let (here, behind) = (depth[(0, tip)], depth[(0, tip + 1)]);
            let found = case.grid.x(tip) + case.grid.dx * (here - 0.01 * high) / (here - behind);
            tips.push((found - exact_tip).abs() / (exact_tip - 5.0));
            assert!(
                solver.velocity().0.iter().all(|&u| u <= 2.0 * c * 1.001),
                "no faster than the exact front"
            );
        }
        let orders = orders(&errors);
        assert!(errors[2] < 0.008, "{errors:?}");
        assert!(tips[2] < 0.045 && tips[2] < 0.8 * tips[0].max(tips[1]), "{tips:?}");
        assert!(
            at_dam[2].abs() < 0.002 && at_dam.windows(2).all(|pair| pair[1].abs() < 0.67 * pair[0].abs()),
            "{at_dam:?}"
        );
        assert!(orders.iter().all(|&order| order > 0.6), "{errors:?} {orders:?}");
    }
}

/// A plane that falls to the open southern edge, under rain until nothing changes.
fn rained_plane(
    scheme: Scheme,
    slope: f64,
    manning_n: f64,
    rain: f64,
    rows: usize,
    dy: f64,
) -> (Case, Solver) {
    let mut case = Case::new(scheme, rows, 3, 2.0, dy);
    case.bed = Field::from_shape_fn(case.grid.shape(), |(row, _)| slope * case.grid.y(row));
    case.n = case.grid.filled(manning_n);
    case.rain = Series::constant(rain).into();
    case.edges.south = Edge::Open;
    let length = rows as f64 * dy;
    let alpha = slope.sqrt() / manning_n;
    let to_equilibrium = (length / (alpha * rain.powf(2.0 / 3.0))).powf(0.6);
    let solver = case.at(6.0 * to_equilibrium);
    (case, solver)
}

/// Where in a cell of a plane the numbers hold that it carries, in cells from its
/// lower side: at first order what a cell holds is what leaves it, at second
/// order it is the mean over the cell.
fn place_of_value(scheme: Scheme) -> f64 {
    if scheme == Scheme::FirstOrder { 0.0 } else { 0.5 }
}

/// Largest deviation of discharge and of depth from uniform flow, relative, over
/// the lower half of a rained plane of 100 m. Towards the crest the water is no
/// longer in balance with the slope, and normal depth is not the exact solution.
fn from_normal_flow(scheme: Scheme, slope: f64, manning_n: f64, dy: f64) -> (f64, f64) {
    let (rain, rows) = (from_mm_h(100.0), (100.0 / dy) as usize);
    let (_, solver) = rained_plane(scheme, slope, manning_n, rain, rows, dy);
    assert!(balance_error(&solver).abs() < 1e-12);
    let (depth, (_, v)) = (solver.depth(), solver.velocity());
    let (mut by_discharge, mut by_depth) = (0.0f64, 0.0f64);
    // The slopes of the last cell see the ghost.
    let from = if scheme == Scheme::FirstOrder { 0 } else { 1 };
    for row in from..rows / 2 {
        let cell = (row, 1);
        let discharge = rain * (100.0 - (row as f64 + place_of_value(scheme)) * dy);
        let normal = (discharge * manning_n / slope.sqrt()).powf(0.6);
        by_discharge = by_discharge.max((-depth[cell] * v[cell] / discharge - 1.0).abs());
        by_depth = by_depth.max((depth[cell] / normal - 1.0).abs());
    }
    (by_discharge, by_depth)
}

#[test]
fn rain_on_a_plane_of_five_per_cent_runs_off_at_normal_depth_on_any_grid() {
    for scheme in FULL {
        // L = 100 m, S = 0.05, n = 0.02, 100 mm/h: q = 0.00277778 m2/s, h = 6.873 mm at the foot.
        for dy in [0.5, 1.0, 4.0] {
            let (_, solver) = rained_plane(scheme, 0.05, 0.02, from_mm_h(100.0), (100.0 / dy) as usize, dy);
            let foot = (solver.depth()[(0, 1)], -solver.velocity().1[(0, 1)]);
            // The slopes of the last cell see the ghost: at second order it holds
            // something between the mean over the cell and what leaves it.
            let least = 1.0 - place_of_value(scheme) * dy / 100.0;
            let (by_depth, by_discharge) = (foot.0 / 0.006_873, foot.0 * foot.1 / 0.002_777_78);
            let held = (least.powf(0.6) - 0.003..1.003).contains(&by_depth);
            assert!(held, "{scheme:?} dy {dy}: depth {}", foot.0);
            assert!((least - 0.001..1.001).contains(&by_discharge), "{scheme:?} dy {dy}: {by_discharge}");
            let (by_discharge, by_depth) = from_normal_flow(scheme, 0.05, 0.02, dy);
            assert!(by_depth < 0.005, "{scheme:?} dy {dy}: {by_depth}");
            assert!(by_discharge < 0.005, "{scheme:?} dy {dy}: {by_discharge}");
        }
    }
}

#[test]
fn thin_slow_runoff_keeps_normal_depth_on_steps_higher_than_itself() {
    for scheme in FULL {
        // Froude numbers of 0.3 to 0.7; 5 to 18 mm of water on steps of 5 to 50 mm.
        for (slope, manning_n, dy) in
            [(0.005, 0.03, 1.0), (0.005, 0.03, 4.0), (0.05, 0.1, 1.0), (0.02, 0.03, 2.0)]
        {
            let (by_discharge, by_depth) = from_normal_flow(scheme, slope, manning_n, dy);
            assert!(by_depth < 0.015, "{scheme:?} slope {slope} n {manning_n} dy {dy}: {by_depth}");
            assert!(by_discharge < 0.015, "{scheme:?} slope {slope} n {manning_n} dy {dy}: {by_discharge}");
        }
    }
}

#[test]
fn water_on_roofs_runs_off_over_steps_of_ten_metres_and_none_is_lost() {
    for scheme in schemes() {
        let mut case = Case::new(scheme, 40, 300, 2.0, 2.0);
        case.bed = Field::from_shape_fn(case.grid.shape(), |(row, column)| {
            let roof = (row / 8) % 2 == 1 && (column / 10) % 2 == 1;
            if roof { 10.0 } else { 0.0 }
        });
        case.n = case.grid.filled(0.02);
        case.rain = Series::block(from_mm_h(60.0), 600.0).into();
        let mut solver = case.solver();
        run_to(&mut solver, 600.0);
        run_to(&mut solver, 3600.0);
        let roofs: Vec<f64> =
            case.bed.iter().zip(&solver.depth()).filter(|(bed, _)| **bed > 0.0).map(|(_, &h)| h).collect();
        let mean = roofs.iter().sum::<f64>() / roofs.len() as f64;
        assert!(mean < 0.001, "10 mm fell; {:.2} mm are left on the roofs", mean * 1000.0);
        assert_eq!(solver.volumes().clipped.total(), 0.0);
        assert!(balance_error(&solver).abs() < 1e-12, "{:e}", balance_error(&solver));
        assert!(solver.peaks().max_speed_squared.iter().all(|&speed| speed.sqrt() < 15.0));
    }
}

#[test]
fn the_records_agree_with_a_look_at_every_step() {
    for scheme in schemes() {
        let case = wild(scheme, 20, 30);
        let mut solver = case.solver();
        let mut deepest = solver.depth();
        let mut first = deepest.mapv(|depth| if depth > 0.05 { 0.0 } else { f64::INFINITY });
        let mut above = Array2::<f64>::zeros(deepest.dim());
        for _ in 0..400 {
            solver.step(f64::INFINITY).expect("a sound case");
            for (cell, &depth) in solver.depth().indexed_iter() {
                deepest[cell] = deepest[cell].max(depth);
                if depth > 0.05 {
                    first[cell] = first[cell].min(solver.time());
                    above[cell] += solver.last_step();
                }
            }
        }
        let (layout, threshold) = (solver.layout(), &solver.thresholds()[0]);
        let single = deepest.mapv(|depth| f64::from(depth as f32));
        assert_eq!(layout.unpad(&solver.peaks().max_depth), single);
        assert_eq!(layout.unpad(&threshold.first_above), first);
        assert_eq!(layout.unpad(&threshold.time_above), above);
    }
}

#[test]
fn steps_end_exactly_on_samples_and_marks() {
    for scheme in schemes() {
        let mut case = wild(scheme, 10, 10);
        case.rain =
            Series::new(vec![0.0, 1.7, 9.3], vec![1e-5, 2e-5, 0.0], Between::Step).expect("rising").into();
        let mut solver = case.solver();
        let mut times = Vec::new();
        while solver.time() < 10.0 {
            solver.step(10.0).expect("a sound case");
            times.push(solver.time());
        }
        for mark in [1.7, 9.3, 10.0] {
            assert!(times.contains(&mark), "{mark}");
        }
    }
}

#[test]
fn the_planar_bowl_swings_with_thackers_period() {
    for scheme in FULL {
        // Radial case of Delestre et al. 2013, 4.2.2: L = 4, a = 1, r0 = 0.8, h0 = 0.1.
        let (a, r0, h0, cells) = (1.0f64, 0.8f64, 0.1f64, 160);
        let mut case = Case::new(scheme, cells, cells, 4.0 / cells as f64, 4.0 / cells as f64);
        let r2 = |row: usize, column: usize| {
            (case.grid.x(column) - 2.0).powi(2) + (case.grid.y(row) - 2.0).powi(2)
        };
        let omega = (8.0 * GRAVITY * h0).sqrt() / a;
        let amplitude = (a * a - r0 * r0) / (a * a + r0 * r0);
        let level = |r2: f64, time: f64| {
            let k = 1.0 - amplitude * (omega * time).cos();
            let root = (1.0 - amplitude * amplitude).sqrt();
            h0 * (root / k - 1.0 - r2 / (a * a) * (root * root / (k * k) - 1.0))
        };
        let bed =
            Field::from_shape_fn(case.grid.shape(), |(row, column)| -h0 * (1.0 - r2(row, column) / (a * a)));
        let exact = |time: f64| {
            Field::from_shape_fn(case.grid.shape(), |cell| {
                (level(r2(cell.0, cell.1), time) - bed[cell]).max(0.0)
            })
        };
        let start = exact(0.0);
        let period = std::f64::consts::TAU / omega;
        let half = exact(0.5 * period);
        case.bed = bed;
        case.depth = start;
        let mut solver = case.solver();
        run_to(&mut solver, 0.5 * period);
        let depth = solver.depth();
        let error: f64 = depth.iter().zip(&half).map(|(a, b)| (a - b).abs()).sum();
        assert!(error / half.sum() < 0.05, "{}", error / half.sum());
        let middle = depth[(cells / 2, cells / 2)];
        assert!((middle - 0.080).abs() < 0.005, "0.080 m in the middle after half a period, not {middle}");
        assert!(balance_error(&solver).abs() < 1e-13);
    }
}
