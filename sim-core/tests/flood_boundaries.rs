//! Laws of the boundaries: what goes in is what was asked for, still water stays
//! still, and steady flows are those of the textbook.

use sim_core::flood::boundary::{Boundary, Curve, Face, Kind, Side};
use sim_core::flood::flux::Scheme;
use sim_core::flood::params::DEFAULT_COURANT;
use sim_core::flood::{Edge, Edges, Params, Setup, Soils, Solver};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::series::{Between, Series};

struct Case {
    grid: Grid,
    bed: Field,
    depth: Field,
    n: f64,
    rain: Series,
    boundaries: Vec<Boundary>,
}

impl Case {
    /// Level ground at zero, dry, smooth, walled.
    fn new(rows: usize, columns: usize, dx: f64) -> Self {
        let grid = Grid { columns, rows, dx, dy: dx, west: 0.0, south: 0.0, crs: Crs::local() };
        let (bed, depth) = (grid.filled(0.0), grid.filled(0.0));
        Self { bed, depth, n: 0.0, rain: Series::constant(0.0), boundaries: Vec::new(), grid }
    }

    fn bound(&mut self, side: Side, kind: Kind) {
        let (rows, columns) = self.grid.shape();
        let count = if matches!(side, Side::West | Side::East) { rows } else { columns };
        self.bound_part(side, 0..count, kind);
    }

    fn bound_part(&mut self, side: Side, part: std::ops::Range<usize>, kind: Kind) {
        let faces = part.map(|index| Face { side, index }).collect();
        self.boundaries.push(Boundary { name: format!("boundary {}", self.boundaries.len()), faces, kind });
    }

    fn solver(&self) -> Solver {
        Solver::new(&Setup {
            grid: &self.grid,
            bed: &self.bed,
            initial_depth: &self.depth,
            manning_n: &self.grid.filled(self.n),
            rain: &self.rain.clone().into(),
            loss: &Series::constant(0.0),
            soils: &Soils::none(),
            inflows: &[],
            buildings: &Default::default(),
            structures: &[],
            barriers: &[],
            breaches: &[],
            boundaries: &self.boundaries,
            thresholds: &[0.05],
            params: Params {
                courant: DEFAULT_COURANT,
                scheme: Scheme::FirstOrder,
                edges: Edges::all(Edge::Wall),
            },
        })
    }

    fn at(&self, time: f64) -> Solver {
        let mut solver = self.solver();
        run_to(&mut solver, time);
        solver
    }
}

fn run_to(solver: &mut Solver, time: f64) {
    while solver.time() < time {
        solver.step(time).expect("a sound case");
    }
}

fn stage(level: f64) -> Kind {
    Kind::Stage { level: Series::constant(level) }
}

fn discharge(series: Series) -> Kind {
    Kind::Discharge { discharge: series, slope: None }
}

fn line(points: &[(f64, f64)]) -> Series {
    let (times, values) = points.iter().copied().unzip();
    Series::new(times, values, Between::Line).expect("rising")
}

/// In and out over each boundary, m³.
fn passed(solver: &Solver) -> Vec<(f64, f64)> {
    solver.volumes().boundaries.iter().map(|(i, o)| (i.total(), o.total())).collect()
}

fn balance_error(solver: &Solver) -> f64 {
    let volumes = solver.volumes();
    let net: f64 = passed(solver).iter().map(|(i, o)| i - o).sum();
    let arrived = volumes.rain.total() + volumes.clipped.total();
    let turnover = volumes.initial + arrived + passed(solver).iter().map(|p| p.0).sum::<f64>();
    (solver.stored_volume() - volumes.initial - arrived - net) / turnover
}

/// The parabolic bump of Goutal & Maurel: 20 cm high between 8 and 12 m.
fn bump(x: f64) -> f64 {
    (0.2 - 0.05 * (x - 10.0).powi(2)).max(0.0)
}

/// What steady flow may differ by from itself: fluxes whose last digits flicker.
const SINGLE: f64 = 1e-6;

/// A channel of 25 m with the bump, `level` of water in it, flow from west to east.
fn over_the_bump(q: f64, level: f64, downstream: Kind, cells: usize) -> Case {
    let mut case = Case::new(3, cells, 25.0 / cells as f64);
    // Mean ground of each cell.
    case.bed = Field::from_shape_fn(case.grid.shape(), |(_, column)| {
        let x = case.grid.x(column);
        (0..10).map(|i| bump(x + case.grid.dx * ((i as f64 + 0.5) / 10.0 - 0.5))).sum::<f64>() / 10.0
    });
    case.depth = case.bed.mapv(|z| (level - z).max(0.0));
    let width = 3.0 * case.grid.dy;
    case.bound(Side::West, discharge(Series::constant(q * width)));
    case.bound(Side::East, downstream);
    case
}

fn profile(solver: &Solver) -> (Vec<f64>, Vec<f64>) {
    let (depth, (u, _)) = (solver.depth(), solver.velocity());
    (depth.row(1).to_vec(), depth.row(1).iter().zip(u.row(1)).map(|(h, u)| h * u).collect())
}

/// Depth at a place, between the middles of two cells.
fn depth_at(case: &Case, depth: &[f64], x: f64) -> f64 {
    let at = x / case.grid.dx - 0.5;
    let left = (at.floor().max(0.0) as usize).min(depth.len() - 2);
    let share = at - left as f64;
    depth[left] * (1.0 - share) + depth[left + 1] * share
}

#[test]
fn subcritical_flow_over_a_bump_has_bernoullis_depths() {
    // q = 4.42 m2/s, 2 m downstream: flood benchmark 3.1.3 of Delestre et al. 2013.
    let mut errors = Vec::new();
    for cells in [100, 200] {
        let case = over_the_bump(4.42, 2.0, stage(2.0), cells);
        let solver = case.at(400.0);
        let (depth, flow) = profile(&solver);
        let exact = [(0.0, 2.0), (9.0, 1.78718), (10.0, 1.70735), (11.0, 1.78718), (25.0, 2.0)];
        errors.push(exact.iter().map(|&(x, h)| (depth_at(&case, &depth, x) - h).abs()).fold(0.0, f64::max));
        let worst = |flow: &[f64]| flow.iter().map(|q| (q / 4.42 - 1.0).abs()).fold(0.0f64, f64::max);
        let (before, behind) = (worst(&flow[..7 * cells / 25]), worst(&flow[13 * cells / 25..]));
        assert!(before < SINGLE && behind < SINGLE, "{cells}: {before} {behind}");
        assert!(balance_error(&solver).abs() < 1e-13);
    }
    assert!(errors[0] < 0.015 && errors[1] < 0.6 * errors[0], "{errors:?}");
}

#[test]
fn critical_flow_over_a_bump_leaves_supercritical_whatever_the_level_behind() {
    // q = 1.53 m2/s: 1.014447 m upstream, critical on the crest, 0.405781 m behind (benchmark 3.1.4).
    for level in [0.66, 0.2, -1.0] {
        let case = over_the_bump(
            1.53,
            0.66,
            Kind::Stage { level: line(&[(0.0, 0.66), (60.0, 0.66), (90.0, level)]) },
            200,
        );
        let (depth, flow) = profile(&case.at(400.0));
        let (upstream, behind) = (depth_at(&case, &depth, 2.0), depth_at(&case, &depth, 20.0));
        assert!((upstream - 1.014_447).abs() < 0.003, "{level}: {upstream}");
        assert!((behind - 0.405_781).abs() < 0.003, "{level}: {behind}");
        assert!(flow[110..].iter().all(|q| (q / 1.53 - 1.0).abs() < SINGLE), "{level}: {:?}", &flow[110..]);
        assert!((depth[199] - depth[160]).abs() < SINGLE, "nothing is felt at the rim");
    }
}

#[test]
fn a_jump_stands_where_the_level_downstream_puts_it() {
    // q = 0.18 m2/s, 0.33 m downstream: 0.413736 m upstream, jump at x = 11.66562 m (benchmark 3.1.5).
    let case = over_the_bump(0.18, 0.33, stage(0.33), 500);
    let solver = case.at(1000.0);
    let (depth, flow) = profile(&solver);
    let jump = (0..499)
        .max_by(|&a, &b| (depth[a + 1] - depth[a]).total_cmp(&(depth[b + 1] - depth[b])))
        .expect("cells");
    let at = 0.5 * (case.grid.x(jump) + case.grid.x(jump + 1));
    assert!((at - 11.665_62).abs() <= case.grid.dx, "{at}");
    assert!((depth_at(&case, &depth, 2.0) - 0.413_736).abs() < 0.002);
    assert!((depth_at(&case, &depth, 20.0) - 0.33).abs() < SINGLE, "level water behind the bump");
    // Away from crest and jump the discharge is even; how many cells are off there is measured by the case `bump`.
    let even = |cells: &[f64]| cells.iter().all(|q| (q / 0.18 - 1.0).abs() < 1e-3);
    assert!(even(&flow[..150]) && even(&flow[260..]), "{flow:?}");
}

#[test]
fn the_discharge_that_enters_is_the_integral_of_its_series() {
    let mut case = Case::new(7, 40, 5.0);
    case.n = 0.03;
    case.bed = Field::from_shape_fn(case.grid.shape(), |(row, _)| 0.3 * (row as f64 - 3.0).abs());
    let wave = line(&[(0.0, 0.0), (100.0, 30.0), (333.3, 12.0), (500.0, 0.0)]);
    let asked = wave.integral(0.0, 700.0);
    case.bound(Side::West, discharge(wave));
    case.bound_part(Side::East, 2..5, Kind::Slope { slope: 0.002 });
    case.bound_part(Side::North, 5..25, discharge(Series::block(2.5, 250.0)));
    let solver = case.at(700.0);
    let passed = passed(&solver);
    assert!((passed[0].0 / asked - 1.0).abs() < 1e-12, "{passed:?} {asked}");
    assert_eq!((passed[0].1, passed[2].1, passed[1].0), (0.0, 0.0, 0.0));
    assert!((passed[2].0 / 625.0 - 1.0).abs() < 1e-12);
    assert!(passed[1].1 > 100.0, "some of it has left");
    assert!(balance_error(&solver).abs() < 1e-13, "{:e}", balance_error(&solver));
    assert_eq!(solver.volumes().clipped.total(), 0.0);
}

#[test]
fn still_water_stays_still_at_its_own_level() {
    let mut case = Case::new(20, 30, 2.0);
    case.bed = Field::from_shape_fn(case.grid.shape(), |(row, column)| {
        0.5 * (row as f64 * 0.7).sin() + 0.6 * (column as f64 * 0.9).cos() + 0.02 * column as f64
    });
    case.depth = case.bed.mapv(|z| (0.4 - z).max(0.0));
    case.n = 0.02;
    case.bound(Side::West, stage(0.4));
    case.bound(Side::North, stage(0.4));
    case.bound_part(Side::South, 3..20, discharge(Series::constant(0.0)));
    let curve = Curve::new(&[(0.5, 0.0), (2.0, 40.0)]).expect("rises");
    case.bound_part(Side::East, 0..15, Kind::Rating { curve });
    let mut solver = case.solver();
    for _ in 0..2000 {
        solver.step(f64::INFINITY).expect("sound");
    }
    let (u, v) = solver.velocity();
    let fastest = u.iter().chain(&v).fold(0.0f64, |a, b| a.max(b.abs()));
    assert!(fastest < 1e-12, "{fastest:e}");
}

/// Uniform flow of 1 m²/s at S = 0.001, n = 0.03: 0.968886 m deep.
fn uniform(slope: f64, n: f64, outlet: Kind) -> Case {
    let mut case = Case::new(3, 100, 10.0);
    case.bed = Field::from_shape_fn(case.grid.shape(), |(_, column)| slope * (1000.0 - case.grid.x(column)));
    case.n = n;
    case.depth.fill(0.5);
    let width = 3.0 * case.grid.dy;
    case.bound(Side::West, Kind::Discharge { discharge: Series::constant(width), slope: Some(slope) });
    case.bound(Side::East, outlet);
    case
}

#[test]
fn a_slope_outflow_keeps_normal_depth_up_to_the_rim() {
    for (slope, n) in [(0.001, 0.03), (0.005, 0.06), (0.02, 0.02)] {
        let case = uniform(slope, n, Kind::Slope { slope });
        let (depth, flow) = profile(&case.at(6000.0));
        let normal = (n / f64::sqrt(slope)).powf(0.6);
        let worst = |values: &[f64], wanted: f64| {
            values.iter().map(|value| (value / wanted - 1.0).abs()).fold(0.0f64, f64::max)
        };
        // Froude numbers of 0.33, 0.37 and 1.86.
        assert!(worst(&flow, 1.0) < 1e-5 && worst(&depth, normal) < 1e-5, "{slope} {n}");
    }
}

#[test]
fn a_level_at_normal_depth_does_not_disturb_uniform_flow() {
    let normal = (0.03 / 0.001f64.sqrt()).powf(0.6);
    let case = uniform(0.001, 0.03, stage(normal));
    let (depth, _) = profile(&case.at(6000.0));
    let worst = depth.iter().map(|h| (h / normal - 1.0).abs()).fold(0.0f64, f64::max);
    assert!(worst < 1e-6, "{worst}");
}

#[test]
fn a_weir_passes_what_its_curve_says() {
    let mut case = Case::new(5, 40, 5.0);
    case.n = 0.03;
    case.depth.fill(1.0);
    case.bound(Side::West, discharge(Series::constant(3.0)));
    let curve = Curve::new(&[(1.0, 0.0), (1.5, 2.0), (2.0, 6.0)]).expect("rises");
    case.bound(Side::East, Kind::Rating { curve });
    let mut solver = case.at(20_000.0);
    let before = passed(&solver)[1].1;
    run_to(&mut solver, 21_000.0);
    let rate = (passed(&solver)[1].1 - before) / 1000.0;
    assert!((rate - 3.0).abs() < 1e-3, "steady: {rate}");
    let level = solver.depth()[(2, 39)];
    assert!((level - 1.625).abs() < 1e-3, "the level at which the curve gives 3 m3/s, not {level}");
    assert!(solver.above_curve().next().is_none());
}

#[test]
fn the_tilted_v_discharges_what_falls_on_it() {
    // di Giammarco et al. 1996: 4.8595 m3/s at 5400 s (MODFLOW 6), equilibrium 4.86.
    let mut case = Case::new(50, 81, 20.0);
    case.bed = Field::from_shape_fn(case.grid.shape(), |(row, column)| {
        let x: f64 = case.grid.x(column) - 810.0;
        let (y, off) = (case.grid.y(row), (x.abs() - 10.0).max(0.0));
        0.05 * off + 0.02 * y
    });
    case.rain = Series::block(3e-6, 5400.0);
    let n = Field::from_shape_fn(case.grid.shape(), |(_, column)| if column == 40 { 0.15 } else { 0.015 });
    case.bound_part(Side::South, 40..41, Kind::Slope { slope: 0.02 });
    let mut solver = Solver::new(&Setup {
        grid: &case.grid,
        bed: &case.bed,
        initial_depth: &case.depth,
        manning_n: &n,
        rain: &case.rain.clone().into(),
        loss: &Series::constant(0.0),
        soils: &Soils::none(),
        inflows: &[],
        buildings: &Default::default(),
        structures: &[],
        barriers: &[],
        breaches: &[],
        boundaries: &case.boundaries,
        thresholds: &[0.05],
        params: Params {
            courant: DEFAULT_COURANT,
            scheme: Scheme::FirstOrder,
            edges: Edges::all(Edge::Wall),
        },
    });
    run_to(&mut solver, 5340.0);
    let before = passed(&solver)[0].1;
    run_to(&mut solver, 5400.0);
    let rate = (passed(&solver)[0].1 - before) / 60.0;
    assert!((rate - 4.860).abs() < 0.005, "{rate}");
    run_to(&mut solver, 10_800.0);
    assert!(balance_error(&solver).abs() < 1e-12);
}

#[test]
fn a_tide_fills_and_empties_a_harbour() {
    let mut case = Case::new(3, 50, 20.0);
    case.bed.fill(-2.0);
    case.n = 0.025;
    case.depth.fill(3.0);
    let tide: Vec<(f64, f64)> = (0..=120)
        .map(|i| (i as f64 * 360.0, (i as f64 * 360.0 / 43_200.0 * std::f64::consts::TAU).cos()))
        .collect();
    case.bound(Side::West, Kind::Stage { level: line(&tide) });
    let mut solver = case.solver();
    for &(time, level) in &tide[1..] {
        run_to(&mut solver, time);
        // 1 km of water 2 m deep answers within minutes: the surface stays level within a centimetre or two.
        let depth = solver.depth();
        let off = depth.iter().map(|h| (h - 2.0 - level).abs()).fold(0.0f64, f64::max);
        assert!(off < 0.02, "at {time} s: {off}");
    }
    let (inwards, outwards) = passed(&solver)[0];
    let volume = 2.0 * 1000.0 * 60.0;
    assert!(
        (inwards / volume - 1.0).abs() < 0.02 && (outwards / volume - 1.0).abs() < 0.02,
        "{inwards} {outwards}"
    );
    assert!(balance_error(&solver).abs() < 1e-13);
}

#[test]
fn a_surge_over_dry_ground_runs_in_and_the_first_water_takes_the_lowest_ground() {
    let mut case = Case::new(20, 60, 5.0);
    case.n = 0.03;
    case.bed = Field::from_shape_fn(case.grid.shape(), |(row, _)| 0.2 * (row as f64 - 10.0).abs());
    case.bound(Side::West, discharge(Series::constant(5.0)));
    let solver = case.at(30.0);
    let depth = solver.depth();
    assert!(depth[(10, 0)] > 0.2 && depth[(0, 0)] == 0.0, "the channel carries it");
    let mut surge = Case::new(5, 200, 5.0);
    surge.n = 0.03;
    surge.bound(Side::East, Kind::Stage { level: Series::constant(2.0) });
    let solver = surge.at(60.0);
    assert!(solver.depth()[(2, 190)] > 0.5 && solver.depth()[(2, 10)] == 0.0);
    assert_eq!(solver.volumes().clipped.total(), 0.0);
    assert!(balance_error(&solver).abs() < 1e-13);
}
