//! Ratings of hazard over a whole run, against a look at every step.

use sim_core::flood::hazard::{ALL, Scheme};
use sim_core::flood::place::Places;
use sim_core::flood::product::Hazard;
use sim_core::flood::record::SPEED_DEPTH;
use sim_core::flood::{Solver, flux};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::product::{Layer, Product, Value};
use sim_core::run::Unobserved;
use sim_core::run::checkpoint::Checkpoints;
use sim_core::run::flood::{
    DEFAULT_COURANT, Edge, Edges, FloodCase, FloodOutcome, Probe, ProductSettings, Soils, memory_bytes,
    simulate_probed,
};
use sim_core::series::Series;

/// Water of 1.5 m that falls down a slope with a bump, and a terrace beside it on which a film runs.
fn dam_break(schemes: &[Scheme]) -> FloodCase {
    let grid = Grid { columns: 60, rows: 40, dx: 2.0, dy: 2.0, west: 0.0, south: 0.0, crs: Crs::local() };
    let bed = Field::from_shape_fn(grid.shape(), |(row, column)| {
        let bump = (-((row as f64 - 12.0).powi(2) + (column as f64 - 40.0).powi(2)) / 20.0).exp();
        5.0 - 0.05 * column as f64 + bump + if row > 30 { 4.0 } else { 0.0 }
    });
    let initial_depth = Field::from_shape_fn(grid.shape(), |(row, column)| match (row, column) {
        (31.., _) => 0.02 + 0.004 * column as f64,
        (..=30, ..15) => 1.5,
        _ => 0.0,
    });
    FloodCase {
        buildings: Default::default(),
        title: "dam break".into(),
        initial_depth,
        manning_n: grid.filled(0.03),
        rain: Series::constant(0.0).into(),
        loss: Series::constant(0.0),
        soils: Soils::none(),
        inflows: Vec::new(),
        releases: Vec::new(),
        structures: Vec::new(),
        sewers: None,
        breaches: Vec::new(),
        barriers: Vec::new(),
        boundaries: Vec::new(),
        edges: Edges::all(Edge::Open),
        courant: DEFAULT_COURANT,
        scheme: flux::DEFAULT,
        duration: 20.0,
        frame_times: Vec::new(),
        places: Places::default(),
        exposure: Vec::new(),
        settings: ProductSettings {
            arrival_depth: 0.15,
            waterlogging_depth: 0.15,
            waterlogging_area: 20.0,
            classes: Vec::new(),
            wanted: std::iter::once("max_depth")
                .chain(schemes.iter().map(|&scheme| Hazard(scheme).name()))
                .map(str::to_owned)
                .collect(),
        },
        bed,
        grid,
    }
}

/// Rates every cell after every step by itself.
struct Watcher(Vec<(Scheme, Field)>);

impl Probe for Watcher {
    fn look(&mut self, solver: &Solver) {
        let (depth, (u, v)) = (solver.depth(), solver.velocity());
        for (scheme, worst) in &mut self.0 {
            for (cell, worst) in worst.indexed_iter_mut() {
                let (h, u, v) = (depth[cell] as f32, u[cell] as f32, v[cell] as f32);
                if h >= SPEED_DEPTH as f32 {
                    *worst = worst.max(f64::from(scheme.rate(h, (u * u + v * v).sqrt())));
                }
            }
        }
    }
}

fn run(case: &FloodCase, watcher: &mut Watcher) -> FloodOutcome {
    simulate_probed(case, &mut Unobserved, watcher, Checkpoints::default()).expect("a sound case")
}

fn raster<'o>(outcome: &'o FloodOutcome, name: &str) -> &'o Field {
    match outcome.products.layer(name) {
        Some(Layer::Raster(raster)) => &raster.values,
        _ => panic!("no raster {name}"),
    }
}

#[test]
fn the_raster_is_the_worst_rating_of_every_step() {
    let case = dam_break(&ALL);
    let mut watcher = Watcher(ALL.iter().map(|&scheme| (scheme, case.grid.filled(0.0))).collect());
    let outcome = run(&case, &mut watcher);
    for (scheme, worst) in &watcher.0 {
        let found = raster(&outcome, Hazard(*scheme).name())
            .mapv(|rating| if rating.is_nan() { 0.0 } else { rating });
        assert_eq!(&found, worst, "{scheme:?}");
        let classes = worst.iter().filter_map(|&rating| scheme.class_of(rating as f32));
        let classes: std::collections::BTreeSet<usize> = classes.collect();
        assert!(classes.len() >= 3, "the case is worth it: {scheme:?} {classes:?}");
    }
}

#[test]
fn ratings_change_nothing_else_and_cost_four_bytes_a_cell() {
    let (with, without) = (dam_break(&[Scheme::Aidr]), dam_break(&[]));
    let (rated, plain) = (run(&with, &mut Watcher(Vec::new())), run(&without, &mut Watcher(Vec::new())));
    assert_eq!(
        raster(&rated, "max_depth").mapv(f64::to_bits),
        raster(&plain, "max_depth").mapv(f64::to_bits)
    );
    assert_eq!(rated.steps, plain.steps);
    assert_eq!(memory_bytes(&with) - memory_bytes(&without), 4 * 62 * 42);
    assert_eq!(rated.memory_bytes, memory_bytes(&with), "as foretold");
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let case = dam_break(&ALL);
    let with_threads = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let outcome = pool.install(|| run(&case, &mut Watcher(Vec::new())));
        ALL.map(|scheme| raster(&outcome, Hazard(scheme).name()).mapv(f64::to_bits))
    };
    assert_eq!(with_threads(1), with_threads(3));
}

#[test]
fn table_map_and_summary_tell_the_worst_class() {
    let outcome = run(&dam_break(&[Scheme::Aidr]), &mut Watcher(Vec::new()));
    let worst =
        raster(&outcome, "hazard_aidr").iter().copied().filter(|rating| !rating.is_nan()).fold(0.0, f64::max);
    let Some(Layer::Table(table)) = outcome.products.layer("hazard_aidr_area") else { panic!("a table") };
    let areas: Vec<f64> = table
        .rows
        .iter()
        .map(|row| match row[3] {
            Value::Number(area) => area,
            _ => f64::NAN,
        })
        .collect();
    assert_eq!(areas.iter().rposition(|&area| area > 0.0), Some(worst as usize - 1));
    assert!(outcome.products.maps.iter().any(|map| map.name == "hazard_aidr"));
    let line = outcome.summary.iter().find(|line| line.starts_with("Flood hazard")).expect("a line");
    assert!(line.contains(&format!("H{worst}")), "{line}");
}
