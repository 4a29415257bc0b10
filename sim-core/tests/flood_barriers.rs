//! Levees thinner than a cell and bridges, in the solver.

mod kept;

use kept::{Back, numbers};
use sim_core::flood::barrier::{Barrier, Bridge, Face, Gap, Kind, Levee, Trigger, bridge};
use sim_core::flood::boundary::{self, Boundary, Side};
use sim_core::flood::flux::{ALL, Scheme};
use sim_core::flood::params::DEFAULT_COURANT;
use sim_core::flood::structure::weir::BROAD_CRESTED;
use sim_core::flood::{Edge, Edges, Params, Rain, Setup, Soils, Solver};
use sim_core::grid::line_faces::cuts;
use sim_core::grid::vector::Coord;
use sim_core::grid::{Crs, Field, Grid};
use sim_core::series::Series;
use sim_core::units::{GRAVITY, from_mm_h};

/// A walled basin.
struct Basin {
    grid: Grid,
    bed: Field,
    depth: Field,
    rain: Rain,
    barriers: Vec<Barrier>,
    boundaries: Vec<Boundary>,
    manning_n: f64,
    scheme: Scheme,
}

impl Basin {
    /// Level and dry.
    fn flat(rows: usize, columns: usize, scheme: Scheme) -> Self {
        let grid = Grid { columns, rows, dx: 4.0, dy: 4.0, west: 0.0, south: 0.0, crs: Crs::local() };
        Self {
            bed: grid.filled(0.0),
            depth: grid.filled(0.0),
            rain: Rain::none(),
            barriers: Vec::new(),
            boundaries: Vec::new(),
            manning_n: 0.03,
            scheme,
            grid,
        }
    }

    /// With hills of 0.8 m.
    fn hilly(rows: usize, columns: usize, scheme: Scheme) -> Self {
        let mut basin = Self::flat(rows, columns, scheme);
        basin.bed = Field::from_shape_fn(basin.grid.shape(), |(row, column)| {
            0.4 * (0.5 * row as f64).sin() * (0.4 * column as f64).cos()
        });
        basin
    }

    fn solver(&self) -> Solver {
        Solver::new(&Setup {
            buildings: &Default::default(),
            grid: &self.grid,
            bed: &self.bed,
            initial_depth: &self.depth,
            manning_n: &self.grid.filled(self.manning_n),
            rain: &self.rain,
            loss: &Series::constant(0.0),
            soils: &Soils::none(),
            inflows: &[],
            structures: &[],
            barriers: &self.barriers,
            breaches: &[],
            boundaries: &self.boundaries,
            thresholds: &[0.05],
            params: Params { courant: DEFAULT_COURANT, scheme: self.scheme, edges: Edges::all(Edge::Wall) },
        })
    }

    /// Faces along a line of (x, y) in cells.
    fn faces(&self, line: &[(f64, f64)], top: f64, soffit: f64) -> Vec<Face> {
        let points: Vec<Coord<f64>> =
            line.iter().map(|&(x, y)| Coord { x: x * self.grid.dx, y: y * self.grid.dy }).collect();
        cuts(&self.grid, &points)
            .into_iter()
            .map(|cut| Face {
                cell: cut.cell,
                is_across_x: cut.is_across_x,
                from_left: cut.from_left,
                top,
                soffit,
                along: cut.part as f64 + cut.share,
            })
            .collect()
    }

    fn levee(&mut self, line: &[(f64, f64)], crest: f64, gap: Option<Gap>) {
        let kind = Kind::Levee(Levee { coefficient: BROAD_CRESTED, gap });
        let faces = self.faces(line, crest, crest);
        self.barriers.push(Barrier { name: format!("barrier {}", self.barriers.len()), kind, faces });
    }

    fn bridge(&mut self, line: &[(f64, f64)], (soffit, top): (f64, f64), piers: f64) {
        let kind = Kind::Bridge(Bridge {
            piers,
            drag: bridge::PIER_DRAG,
            sluice: bridge::SLUICE,
            orifice: bridge::ORIFICE,
            deck: bridge::DECK,
        });
        let faces = self.faces(line, top, soffit);
        self.barriers.push(Barrier { name: format!("barrier {}", self.barriers.len()), kind, faces });
    }

    fn bound(&mut self, side: Side, kind: boundary::Kind) {
        let faces = (0..self.grid.rows).map(|index| boundary::Face { side, index }).collect();
        self.boundaries.push(Boundary { name: format!("boundary {}", self.boundaries.len()), faces, kind });
    }

    /// Fills cells up to a level.
    fn fill(&mut self, level: f64, is_there: impl Fn(f64, f64) -> bool) {
        for ((row, column), depth) in self.depth.indexed_iter_mut() {
            if is_there(column as f64 + 0.5, row as f64 + 0.5) {
                *depth = (level - self.bed[(row, column)]).max(0.0);
            }
        }
    }
}

fn run_to(solver: &mut Solver, time: f64) {
    while solver.time() < time {
        solver.step(time).expect("a sound case");
    }
}

fn worst(field: &Field) -> f64 {
    field.iter().fold(0.0, |worst, number| number.abs().max(worst))
}

/// A quadrangle with slanting sides, in cells, and what lies inside of it.
const RING: [(f64, f64); 5] = [(6.5, 12.0), (20.0, 4.3), (33.5, 13.7), (19.0, 25.2), (6.5, 12.0)];

fn in_ring(x: f64, y: f64) -> bool {
    RING.windows(2).all(|ends| {
        let ((ax, ay), (bx, by)) = (ends[0], ends[1]);
        (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0.0
    })
}

#[test]
fn lakes_of_different_levels_rest_on_both_sides_of_a_dry_crest() {
    for (scheme, name, _) in ALL {
        let mut basin = Basin::hilly(30, 40, scheme);
        basin.levee(&RING, 1.5, None);
        basin.fill(1.2, in_ring);
        basin.fill(0.1, |x, y| !in_ring(x, y));
        let mut solver = basin.solver();
        run_to(&mut solver, 600.0);
        let moved = worst(&(&solver.depth() - &basin.depth));
        let (u, v) = solver.velocity();
        assert!(moved < 1e-12, "{name}: the lakes moved by {moved:e} m");
        assert!(worst(&u).max(worst(&v)) < 1e-9, "{name}: {:e} m/s", worst(&u).max(worst(&v)));
        assert_eq!((solver.crossings()[0].to_left, solver.crossings()[0].to_right), (0.0, 0.0), "{name}");
    }
}

#[test]
fn a_ring_with_slanting_sides_holds_a_storm_of_water_and_not_a_drop_leaks() {
    for (scheme, name, _) in ALL {
        let mut basin = Basin::hilly(30, 40, scheme);
        basin.levee(&RING, 6.0, None);
        basin.fill(2.5, |x, y| in_ring(x, y) && x < 18.0);
        let mut solver = basin.solver();
        let start = solver.stored_volume();
        run_to(&mut solver, 300.0);
        for ((row, column), &depth) in solver.depth().indexed_iter() {
            assert!(
                depth == 0.0 || in_ring(column as f64 + 0.5, row as f64 + 0.5),
                "{name}: {depth} m at {row} {column}"
            );
        }
        let lost = (solver.stored_volume() + 0.0 - start - solver.volumes().clipped.total()) / start;
        assert!(lost.abs() < 1e-12, "{name}: {lost:e}");
        assert!(!solver.crossings()[0].first_over.is_finite(), "{name}");
    }
}

/// Villemonte's discharge per metre, by hand.
fn weir(upper: f64, lower: f64) -> f64 {
    BROAD_CRESTED * upper.powf(1.5) * (1.0 - (lower.max(0.0) / upper).powf(1.5)).powf(0.385)
}

#[test]
fn steady_flow_between_two_basins_is_that_of_the_weir() {
    for (scheme, name, _) in ALL {
        // Basins 6 m deep, so that the head of the velocity is below 1 mm.
        for (high, low) in [(6.5, 5.0), (6.5, 6.3)] {
            let mut basin = Basin::flat(4, 40, scheme);
            basin.manning_n = 0.0;
            basin.levee(&[(20.0, -1.0), (20.0, 5.0)], 6.0, None);
            basin.fill(high, |x, _| x < 20.0);
            basin.fill(low, |x, _| x > 20.0);
            basin.bound(Side::West, boundary::Kind::Stage { level: Series::constant(high) });
            basin.bound(Side::East, boundary::Kind::Stage { level: Series::constant(low) });
            let mut solver = basin.solver();
            run_to(&mut solver, 1500.0);
            let before = solver.crossings()[0].to_right;
            run_to(&mut solver, 2500.0);
            let found = (solver.crossings()[0].to_right - before) / 1000.0 / 16.0;
            let expected = weir(high - 6.0, low - 6.0);
            assert!((found / expected - 1.0).abs() < 0.02, "{name}, {low} m: {found} and {expected} m2/s");
            assert_eq!(solver.crossings()[0].to_left, 0.0, "{name}");
        }
    }
}

#[test]
fn water_under_a_deck_backs_up_to_the_head_of_a_full_opening() {
    for (scheme, name, _) in ALL {
        let mut basin = Basin::flat(4, 60, scheme);
        basin.manning_n = 0.0;
        let (tail, soffit, q) = (4.0, 3.0, 5.0);
        basin.bridge(&[(30.0, -1.0), (30.0, 5.0)], (soffit, 9.0), 0.1);
        basin.fill(tail, |_, _| true);
        let discharge = Series::constant(q * 16.0);
        basin.bound(Side::West, boundary::Kind::Discharge { discharge, slope: None });
        basin.bound(Side::East, boundary::Kind::Stage { level: Series::constant(tail) });
        let mut solver = basin.solver();
        run_to(&mut solver, 4000.0);
        let depth = solver.depth();
        let (upper, lower) = (depth[(2, 29)], depth[(2, 30)]);
        // q = 0.8 a sqrt(2 g (E1 - level beyond)) with a = 0.9 x 3 m.
        let head = (q / (0.8 * 0.9 * soffit)).powi(2) / (2.0 * GRAVITY);
        let found = upper + (q / upper).powi(2) / (2.0 * GRAVITY) - lower;
        assert!((found / head - 1.0).abs() < 0.02, "{name}: {found} and {head} m");
        assert!(solver.crossings()[0].first_pressed < 10.0);
        assert!(!solver.crossings()[0].first_over.is_finite());
    }
}

#[test]
fn a_deck_under_water_lets_through_what_the_opening_and_the_weir_do() {
    for (scheme, name, _) in ALL {
        let mut basin = Basin::flat(4, 40, scheme);
        basin.manning_n = 0.0;
        basin.bridge(&[(20.0, -1.0), (20.0, 5.0)], (1.0, 5.5), 0.0);
        basin.fill(6.0, |x, _| x < 20.0);
        basin.fill(5.0, |x, _| x > 20.0);
        basin.bound(Side::West, boundary::Kind::Stage { level: Series::constant(6.0) });
        basin.bound(Side::East, boundary::Kind::Stage { level: Series::constant(5.0) });
        let mut solver = basin.solver();
        run_to(&mut solver, 1500.0);
        let before = solver.crossings()[0].to_right;
        run_to(&mut solver, 2000.0);
        let found = (solver.crossings()[0].to_right - before) / 500.0 / 16.0;
        let ((h, u, _), beyond) = (solver.water_at(2, 19), solver.water_at(2, 20).0);
        let opening = 0.8 * (2.0 * GRAVITY * (h + u * u / (2.0 * GRAVITY) - beyond)).sqrt();
        let expected = opening + bridge::DECK * (h - 5.5).powf(1.5);
        assert!((found / expected - 1.0).abs() < 0.02, "{name}: {found} and {expected} m2/s");
        assert!((h - 6.0).abs() < 0.2 && (beyond - 5.0).abs() < 0.2, "{name}: {h} and {beyond} m");
        assert!(solver.crossings()[0].first_over < 10.0);
    }
}

#[test]
fn piers_raise_the_water_by_their_drag() {
    for (scheme, name, _) in ALL {
        let rise = |piers: f64| {
            let mut basin = Basin::flat(4, 60, scheme);
            basin.bridge(&[(30.0, -1.0), (30.0, 5.0)], (8.0, 9.0), piers);
            basin.fill(3.0, |_, _| true);
            let discharge = Series::constant(4.5 * 16.0);
            basin.bound(Side::West, boundary::Kind::Discharge { discharge, slope: None });
            basin.bound(Side::East, boundary::Kind::Stage { level: Series::constant(3.0) });
            let mut solver = basin.solver();
            run_to(&mut solver, 4000.0);
            solver.depth()[(2, 26)] - solver.depth()[(2, 33)]
        };
        // Balance of momentum between the depths before and behind: the drag is their difference.
        let (found, q, tail) = (rise(0.2) - rise(0.0), 4.5, 3.0);
        let drag = 0.5 * 1.33 * 0.2 * q * q / tail;
        let transport = if scheme == Scheme::Inertial { 0.0 } else { q * q / (tail * tail) };
        let expected = drag / (GRAVITY * tail - transport);
        assert!((found / expected - 1.0).abs() < 0.1, "{name}: {found} and {expected} m");
    }
}

/// A lake behind a ring that is overtopped and gives way, a slanting wall and a bridge, under rain.
fn everything(rows: usize, columns: usize, scheme: Scheme) -> Basin {
    let mut basin = Basin::hilly(rows, columns, scheme);
    basin.bed[(0, 0)] = f64::NAN;
    basin.rain = Series::block(from_mm_h(60.0), 600.0).into();
    let gap =
        Gap { trigger: Trigger::Overtopped, duration: 120.0, middle: 1.5, width: 0.8, bottom: 0.0, top: 1.0 };
    basin.levee(&RING, 1.0, Some(gap));
    basin.levee(&[(0.0, 27.0), (23.0, 28.8), (40.0, 26.0)], 0.5, None);
    basin.bridge(&[(36.0, -1.0), (38.5, 31.0)], (0.3, 0.6), 0.15);
    basin.fill(4.0, in_ring);
    basin
}

#[test]
fn every_scheme_keeps_the_balance_and_depths_that_are_not_negative() {
    for (scheme, name, _) in ALL {
        let mut solver = everything(40, 50, scheme).solver();
        while solver.time() < 900.0 {
            solver.step(900.0).expect("a sound case");
            assert!(solver.depth().iter().all(|&depth| depth >= 0.0), "{name}");
        }
        let volumes = solver.volumes();
        let arrived = volumes.initial + volumes.rain.total();
        let error = (arrived + volumes.clipped.total() - solver.stored_volume()) / arrived;
        assert!(error.abs() < 1e-12, "{name}: {error:e}");
        let clipped = volumes.clipped.total() / arrived;
        assert!(clipped < 1e-9, "{name}: {clipped:e} of the water was added");
        let [ring, wall, bridge] = solver.crossings() else { panic!("three barriers") };
        assert!(ring.to_right > 10.0 && ring.first_over < 900.0, "{name}: {ring:?}");
        assert!(solver.gap_begun(0).is_some_and(f64::is_finite), "{name}");
        assert!(wall.to_right + wall.to_left > 1.0, "{name}: {wall:?}");
        assert!(bridge.to_right + bridge.to_left > 1.0, "{name}: {bridge:?}");
    }
}

#[test]
fn one_two_three_and_eight_threads_give_the_same_bits() {
    for (scheme, name, _) in ALL {
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| {
                let mut solver = everything(70, 50, scheme).solver();
                run_to(&mut solver, 600.0);
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
        let basin = everything(40, 50, scheme);
        let mut whole = basin.solver();
        run_to(&mut whole, 200.0);
        let kept = numbers(&mut whole);
        run_to(&mut whole, 600.0);
        let mut resumed = basin.solver();
        resumed.restore(&mut Back(kept.into_iter()));
        run_to(&mut resumed, 600.0);
        assert!(numbers(&mut whole) == numbers(&mut resumed), "{name}");
    }
}

/// Depths around a lake that runs over two walls, one west and one north of dry ground,
/// whose corner has a place on the grid.
fn corner(scheme: Scheme, (column, row): (usize, usize)) -> Field {
    let mut basin = Basin::flat(70, 560, scheme);
    let (x, y) = (column as f64, row as f64);
    basin.levee(&[(x, y - 12.0), (x, y), (x - 20.0, y)], 1.0, None);
    let (west, south) = (x - 20.0, y - 12.0);
    basin.fill(1.6, |at, up| at > west && at < x && up > south && up < y);
    let walls = |at: f64, up: f64| (at - x).abs() > 20.0 || (up - y).abs() > 12.0;
    for ((r, c), bed) in basin.bed.indexed_iter_mut() {
        if walls(c as f64 + 0.5, r as f64 + 0.5) {
            *bed = 9.0;
        }
    }
    let mut solver = basin.solver();
    run_to(&mut solver, 30.0);
    let crossing = solver.crossings()[0];
    assert!(crossing.to_right + crossing.to_left > 10.0);
    solver.depth().slice(ndarray::s![row - 12..row + 12, column - 20..column + 20]).to_owned()
}

#[test]
fn water_over_a_crest_wakes_the_tile_beyond() {
    for (scheme, name, _) in ALL {
        // Within one tile; with the corner where four tiles meet.
        let (within, across) = (corner(scheme, (200, 18)), corner(scheme, (512, 32)));
        assert!(within == across, "{name}: {:e}", worst(&(&within - &across)));
        assert!(within[(6, 30)] > 0.0 && within[(18, 6)] > 0.0, "{name}: both walls are overtopped");
    }
}

#[test]
fn barriers_in_nobodys_way_change_no_bit() {
    for (scheme, name, _) in ALL {
        let mut plain = Basin::hilly(40, 50, scheme);
        plain.fill(1.5, |x, _| x < 20.0);
        let mut with = Basin::hilly(40, 50, scheme);
        with.fill(1.5, |x, _| x < 20.0);
        with.levee(&[(0.0, 5.0), (50.0, 33.0)], -1.0, None);
        with.bridge(&[(25.0, 0.0), (25.0, 40.0)], (8.0, 9.0), 0.0);
        let (mut plain, mut with) = (plain.solver(), with.solver());
        run_to(&mut plain, 200.0);
        run_to(&mut with, 200.0);
        assert!(plain.depth() == with.depth() && plain.velocity() == with.velocity(), "{name}");
        assert!(with.crossings()[1].to_right > 100.0, "{name}: what passes is told all the same");
    }
}

#[test]
fn a_kerb_far_under_water_does_not_stop_a_stream() {
    for (scheme, name, _) in ALL {
        let level = |kerb: bool| {
            let mut basin = Basin::flat(4, 60, scheme);
            if kerb {
                basin.levee(&[(30.0, -1.0), (30.0, 5.0)], 0.15, None);
            }
            basin.fill(1.0, |_, _| true);
            let discharge = Series::constant(1.2 * 16.0);
            basin.bound(Side::West, boundary::Kind::Discharge { discharge, slope: None });
            basin.bound(Side::East, boundary::Kind::Stage { level: Series::constant(1.0) });
            let mut solver = basin.solver();
            run_to(&mut solver, 1000.0);
            solver.depth()[(2, 20)]
        };
        assert_eq!(level(true), level(false), "{name}");
    }
}

#[test]
fn levels_beside_a_crest_meet_and_do_not_swing() {
    for (scheme, name, _) in ALL {
        let mut basin = Basin::flat(3, 30, scheme);
        basin.levee(&[(15.0, -1.0), (15.0, 4.0)], 1.0, None);
        basin.fill(1.5, |x, _| x < 15.0);
        basin.fill(1.1, |x, _| x > 15.0);
        let mut solver = basin.solver();
        run_to(&mut solver, 100.0);
        let net = |solver: &Solver| solver.crossings()[0].to_right - solver.crossings()[0].to_left;
        let (mut before, mut last, mut turns) = (net(&solver), 0.0, 0);
        for _ in 0..200 {
            solver.step(f64::INFINITY).expect("a sound case");
            let passed = net(&solver) - before;
            turns += usize::from(passed * last < 0.0);
            (before, last) = (net(&solver), passed);
        }
        // The basin swings once in about 190 steps.
        assert!(turns < 10, "{name}: the flow over the crest turned {turns} times in 200 steps");
        run_to(&mut solver, 6000.0);
        let worst = worst(&(&solver.depth() - 1.3));
        assert!(worst < 0.03, "{name}: {worst} m off the mean");
    }
}
