//! Buildings in the solver: the rain of their roofs, still water around them, the same bits always.

mod kept;

use std::sync::Arc;

use kept::{Back, numbers};
use ndarray::Array2;
use proptest::prelude::*;
use sim_core::flood::buildings::{Buildings, Cell, RoofRain, Treatment};
use sim_core::flood::flux::{ALL, Scheme};
use sim_core::flood::params::DEFAULT_COURANT;
use sim_core::flood::rain::moving::Moving;
use sim_core::flood::rain::zones::Zones;
use sim_core::flood::{Edge, Edges, Inflow, Params, Rain, Setup, Soil, Soils, Solver};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::series::Series;
use sim_core::units::from_mm_h;

/// Ways that differ in what the rain of a roof does.
const KINDS: [(Treatment, RoofRain); 5] = [
    (Treatment::Blocked, RoofRain::ToStreet),
    (Treatment::Blocked, RoofRain::Lost),
    (Treatment::Raised, RoofRain::ToStreet),
    (Treatment::Raised, RoofRain::Stays),
    (Treatment::Raised, RoofRain::Lost),
];

/// A walled town.
struct Town {
    grid: Grid,
    bed: Field,
    depth: Field,
    rain: Rain,
    loss: Series,
    soils: Soils,
    inflows: Vec<Inflow>,
    buildings: Buildings,
    scheme: Scheme,
}

impl Town {
    fn flat(rows: usize, columns: usize, scheme: Scheme) -> Self {
        let grid = Grid { columns, rows, dx: 4.0, dy: 4.0, west: 0.0, south: 0.0, crs: Crs::local() };
        Self {
            bed: grid.filled(0.0),
            depth: grid.filled(0.0),
            rain: Series::block(from_mm_h(60.0), 600.0).into(),
            loss: Series::constant(0.0),
            soils: Soils::none(),
            inflows: Vec::new(),
            buildings: Buildings::none(),
            scheme,
            grid,
        }
    }

    fn hilly(rows: usize, columns: usize, scheme: Scheme) -> Self {
        let mut town = Self::flat(rows, columns, scheme);
        town.bed = Field::from_shape_fn(town.grid.shape(), |(row, column)| {
            0.4 * (0.5 * row as f64).sin() * (0.4 * column as f64).cos()
        });
        town.bed[(0, 0)] = f64::NAN;
        town
    }

    /// With houses that are all of one height.
    fn built(mut self, kind: (Treatment, RoofRain), houses: &[Vec<Cell>], height: f64) -> Self {
        self.buildings = Buildings::new(kind, houses, &self.bed).expect("streets are left");
        self.buildings.shape_ground(&mut self.bed, &vec![height; houses.len()]);
        self
    }

    fn solver(&self) -> Solver {
        Solver::new(&Setup {
            grid: &self.grid,
            bed: &self.bed,
            initial_depth: &self.depth,
            manning_n: &self.grid.filled(0.03),
            rain: &self.rain,
            loss: &self.loss,
            soils: &self.soils,
            inflows: &self.inflows,
            buildings: &self.buildings,
            structures: &[],
            breaches: &[],
            barriers: &[],
            boundaries: &[],
            thresholds: &[0.05],
            params: Params { courant: DEFAULT_COURANT, scheme: self.scheme, edges: Edges::all(Edge::Wall) },
        })
    }
}

fn run_to(solver: &mut Solver, time: f64) {
    while solver.time() < time {
        solver.step(time).expect("a sound case");
    }
}

fn house((row, column): Cell, (rows, columns): (usize, usize)) -> Vec<Cell> {
    (row..row + rows).flat_map(|row| (column..column + columns).map(move |column| (row, column))).collect()
}

/// What is missing from the balance, as a share of the water that was there or came.
fn imbalance(solver: &Solver, loses_rain: bool) -> f64 {
    let volumes = solver.volumes();
    let lost = if loses_rain { volumes.roof.total() } else { 0.0 };
    let kept = volumes.initial + volumes.rain.total() + volumes.inflow.total() + volumes.clipped.total()
        - volumes.loss.total()
        - volumes.infiltration.total()
        - lost;
    (solver.stored_volume() - kept) / (volumes.initial + volumes.rain.total() + volumes.inflow.total())
}

/// A storm that comes over the town from the west.
fn moving_storm(grid: &Grid) -> Rain {
    let storm = Moving::new(Series::block(from_mm_h(90.0), 300.0), (3.0, 1.0), (0.0, 0.0), grid.clone());
    Rain::Spread(Arc::new(storm.expect("it moves")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn rain_on_roofs_is_neither_lost_nor_doubled(
        corners in proptest::collection::vec((0_usize..14, 0_usize..17, 1_usize..5, 1_usize..5), 1..8),
        moves in any::<bool>(),
    ) {
        let houses: Vec<Vec<Cell>> = corners
            .into_iter()
            .map(|(row, column, rows, columns)| {
                let cells = house((row, column), (rows, columns));
                cells.into_iter().filter(|&(row, column)| row < 15 && column < 18).collect()
            })
            .collect();
        for (scheme, name, _) in ALL {
            let town = || {
                let mut town = Town::hilly(15, 18, scheme);
                town.loss = Series::constant(from_mm_h(2.0));
                if moves {
                    town.rain = moving_storm(&town.grid);
                }
                town
            };
            let mut open = town().solver();
            run_to(&mut open, 400.0);
            let without = open.volumes().rain.total();
            for kind in KINDS {
                let mut solver = town().built(kind, &houses, 5.0).solver();
                run_to(&mut solver, 400.0);
                let with = solver.volumes().rain.total();
                // A moving storm has rates in single precision; they are the same rates.
                prop_assert!((with / without - 1.0).abs() < 1e-12, "{} {:?}: {} of {}", name, kind, with, without);
                let error = imbalance(&solver, kind.1 == RoofRain::Lost);
                prop_assert!(error.abs() < 1e-12, "{} {:?}: {:e}", name, kind, error);
                let clipped = solver.volumes().clipped.total();
                prop_assert!(clipped <= 1e-9 * with, "{} {:?}: {:e}", name, kind, clipped);
            }
        }
    }
}

#[test]
fn a_pond_around_a_house_has_the_rain_of_the_ground_and_of_the_roof() {
    let (all, roof, rain) = (100.0, 20.0, 0.06 / 6.0);
    for (scheme, name, _) in ALL {
        for kind in KINDS {
            let town = Town::flat(10, 10, scheme).built(kind, &[house((3, 2), (4, 5))], 5.0);
            let mut solver = town.solver();
            run_to(&mut solver, 7200.0);
            let depth = solver.depth();
            let on_roof = depth.slice(ndarray::s![3..7, 2..7]);
            let expected = match kind.1 {
                // The whole rain on what is left of the ground.
                RoofRain::ToStreet => rain * all / (all - roof),
                RoofRain::Lost => rain,
                // A film stays on the roof; the rest runs off.
                RoofRain::Stays => (rain * all - on_roof.sum()) / (all - roof),
            };
            if kind.1 == RoofRain::Stays {
                assert!((0.0..0.2 * roof * rain).contains(&on_roof.sum()), "{name}: {on_roof:?}");
            } else {
                assert!(on_roof.iter().all(|&depth| depth == 0.0), "{name} {kind:?}: {on_roof:?}");
            }
            let mask = town.buildings.mask(town.grid.shape());
            for (cell, &depth) in depth.indexed_iter().filter(|(cell, _)| !mask[*cell]) {
                assert!((depth - expected).abs() < 1e-5, "{name} {kind:?} {cell:?}: {depth}, not {expected}");
            }
            let volume = (depth.sum() - on_roof.sum()) / ((all - roof) * expected) - 1.0;
            assert!(volume.abs() < 1e-12, "{name} {kind:?}: {volume:e}");
        }
    }
}

#[test]
fn a_lake_around_houses_stays_at_rest() {
    for (scheme, name, _) in ALL {
        for (treatment, height) in
            [(Treatment::Blocked, 0.0), (Treatment::Raised, 0.3), (Treatment::Raised, 9.0)]
        {
            let houses = [house((3, 4), (5, 3)), house((12, 10), (2, 6)), house((8, 4), (3, 3))];
            let mut town =
                Town::hilly(20, 24, scheme).built((treatment, RoofRain::ToStreet), &houses, height);
            town.rain = Rain::none();
            // The lower houses are under water.
            town.depth = town.bed.mapv(|bed| if bed.is_nan() { 0.0 } else { (0.5 - bed).max(0.0) });
            let mut solver = town.solver();
            let volume = solver.stored_volume();
            for _ in 0..500 {
                solver.step(1e9).expect("a sound case");
            }
            let (u, v) = solver.velocity();
            let fastest = u.iter().chain(&v).fold(0.0_f64, |fastest, speed| fastest.max(speed.abs()));
            assert!(fastest <= 1e-12, "{name} {treatment:?} {height}: {fastest:e} m/s");
            assert!((solver.stored_volume() / volume - 1.0).abs() < 1e-13);
        }
    }
}

#[test]
fn no_water_enters_a_blocked_house_however_high_it_stands() {
    for (scheme, name, _) in ALL {
        let houses = [house((3, 4), (4, 4))];
        let mut town = Town::flat(12, 14, scheme).built((Treatment::Blocked, RoofRain::Lost), &houses, 0.0);
        // A dam break against its walls, and water put into it at the start, which is left out.
        town.depth =
            Field::from_shape_fn(town.grid.shape(), |(_, column)| if column < 6 { 30.0 } else { 0.1 });
        let mut solver = town.solver();
        run_to(&mut solver, 20.0);
        let depth = solver.depth();
        assert!(houses[0].iter().all(|&cell| depth[cell] == 0.0), "{name}");
        assert!(
            houses[0]
                .iter()
                .all(|&(row, column)| solver.peaks().max_depth[solver.layout().at(row, column)] == 0.0)
        );
        assert!(imbalance(&solver, true).abs() < 1e-12, "{name}");
    }
}

#[test]
fn the_ground_under_raised_houses_drinks_nothing_of_the_water_that_stands_on_them() {
    let rate = from_mm_h(100.0);
    for (scheme, name, _) in ALL {
        let houses = [house((2, 3), (2, 2))];
        let mut town = Town::flat(6, 8, scheme).built((Treatment::Raised, RoofRain::Stays), &houses, 0.1);
        town.rain = Rain::none();
        town.depth = town.bed.mapv(|bed| 0.6 - bed);
        town.soils = Soils::everywhere(Soil::Constant { rate })
            .sealed_at(town.grid.shape(), town.buildings.cells())
            .expect("room for one more soil");
        let mut solver = town.solver();
        run_to(&mut solver, 600.0);
        let depth = solver.depth();
        assert!(houses[0].iter().all(|&cell| depth[cell] > 0.4), "{name}: the roofs are under water");
        let open = (town.grid.cells() - houses[0].len()) as f64 * town.grid.cell_area();
        let drunk = solver.volumes().infiltration.total();
        assert!((drunk / (open * rate * 600.0) - 1.0).abs() < 1e-9, "{name}: {drunk} m3");
    }
}

#[test]
fn sleeping_tiles_wake_for_the_rain_of_a_roof() {
    // It rains on one roof alone, whose walls lie beyond the border of two bands of tiles.
    let rows = sim_core::flood::sweep::BAND_ROWS;
    for (scheme, name, _) in ALL {
        for treatment in [Treatment::Blocked, Treatment::Raised] {
            let roof = house((rows - 3, 4), (3, 5));
            let mut town = Town::flat(2 * rows, 20, scheme);
            let zone_of = Array2::from_shape_fn(town.grid.shape(), |cell| u32::from(roof.contains(&cell)));
            let series = vec![Series::constant(0.0), Series::block(from_mm_h(60.0), 600.0)];
            town.rain = Rain::Spread(Arc::new(Zones::new(zone_of, series).expect("two zones")));
            let town = town.built((treatment, RoofRain::ToStreet), &[roof], 5.0);
            let mut solver = town.solver();
            solver.step(10.0).expect("a sound case");
            let depth = solver.depth();
            let street = &town.buildings.list()[0].street;
            assert_eq!(street.len(), 16);
            assert!(street.iter().all(|&cell| depth[cell] > 0.0), "{name} {treatment:?}");
            let fallen = from_mm_h(60.0) * solver.time() * 15.0 * 16.0;
            assert!((solver.stored_volume() / fallen - 1.0).abs() < 1e-6, "{name}: rates are singles");
            assert!(imbalance(&solver, false).abs() < 1e-12, "{name}");
        }
    }
}

/// Houses over several bands under a moving storm or under one rain, with inflow and soil.
fn busy(scheme: Scheme, kind: (Treatment, RoofRain), moves: bool) -> Town {
    let houses: Vec<Vec<Cell>> = (0..12)
        .map(|i| house((3 + 5 * i, (7 * i) % 40), (4, 3 + i % 5)))
        .chain([house((30, 20), (9, 12))])
        .collect();
    let mut town = Town::hilly(70, 50, scheme);
    if moves {
        town.rain = moving_storm(&town.grid);
    }
    town.inflows = vec![Inflow {
        name: "main".into(),
        cells: vec![(2, 1), (29, 22)],
        discharge: Series::constant(0.02),
    }];
    let soils =
        Soils::everywhere(Soil::GreenAmpt { conductivity: from_mm_h(6.5), suction: 0.1668, deficit: 0.3 });
    let town = town.built(kind, &houses, 4.0);
    let soils = soils.sealed_at(town.grid.shape(), town.buildings.cells()).expect("room for one more soil");
    Town { soils, ..town }
}

#[test]
fn one_two_three_and_eight_threads_give_the_same_bits() {
    for (scheme, name, _) in ALL {
        for (kind, moves) in [(KINDS[0], true), (KINDS[0], false), (KINDS[2], true), (KINDS[2], false)] {
            let with = |threads: usize| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
                pool.install(|| {
                    let mut solver = busy(scheme, kind, moves).solver();
                    run_to(&mut solver, 500.0);
                    numbers(&mut solver)
                })
            };
            let one = with(1);
            for threads in [2, 3, 8] {
                assert!(one == with(threads), "{name} {kind:?} on {threads} threads");
            }
        }
    }
}

#[test]
fn a_run_that_goes_on_from_what_was_kept_ends_in_the_same_bits() {
    for (scheme, name, _) in ALL {
        for kind in KINDS {
            let town = busy(scheme, kind, true);
            let mut whole = town.solver();
            run_to(&mut whole, 200.0);
            let kept = numbers(&mut whole);
            run_to(&mut whole, 450.0);
            let mut resumed = town.solver();
            resumed.restore(&mut Back(kept.into_iter()));
            run_to(&mut resumed, 450.0);
            assert!(numbers(&mut whole) == numbers(&mut resumed), "{name} {kind:?}");
        }
    }
}

#[test]
fn a_town_without_buildings_has_the_bits_it_always_had() {
    for (scheme, name, _) in ALL {
        let town = Town::hilly(40, 30, scheme);
        let far = Town {
            buildings: Buildings::new(KINDS[3], &[house((5, 5), (2, 2))], &town.bed).expect("streets"),
            ..Town::hilly(40, 30, scheme)
        };
        let run = |town: &Town| {
            let mut solver = town.solver();
            run_to(&mut solver, 300.0);
            numbers(&mut solver)
        };
        // Rain that stays on ground that nobody raised is plain rain.
        assert!(run(&town) == run(&far), "{name}");
    }
}
