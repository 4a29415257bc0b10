//! The exchange of surface and sewers, with a network of buckets whose balance is known exactly.

use std::io::{Cursor, Write};
use std::sync::Arc;

use proptest::prelude::*;
use sim_core::error::Result;
use sim_core::flood::drainage::{Engine, Inlet, Manhole, Network, Now, Sewers};
use sim_core::flood::place::Places;
use sim_core::flood::product;
use sim_core::grid::{Crs, Field, Grid};
use sim_core::product::{Layer, Value};
use sim_core::run::Unobserved;
use sim_core::run::checkpoint::{self, Checkpoints, Identity, Keeper, Writing};
use sim_core::run::flood::{
    DEFAULT_COURANT, Edge, Edges, FloodCase, FloodOutcome, ProductSettings, Scheme, Soils, simulate,
    simulate_from,
};
use sim_core::series::Series;
use sim_core::units::from_mm_h;

/// A bucket under every manhole, emptied at a constant rate and spilling over when full.
#[derive(Debug, Clone)]
struct Buckets {
    capacity: f64,
    drained: f64,
    interval: f64,
    count: usize,
}

struct Filling {
    of: Buckets,
    volumes: Vec<f64>,
    last: Vec<f64>,
    spilled: Vec<f64>,
    outfalls: f64,
}

impl Network for Buckets {
    fn open(&self) -> Result<Box<dyn Engine>> {
        let zeros = vec![0.0; self.count];
        Ok(Box::new(Filling {
            of: self.clone(),
            volumes: zeros.clone(),
            last: zeros.clone(),
            spilled: zeros,
            outfalls: 0.0,
        }))
    }
}

impl Engine for Filling {
    fn advance(&mut self, inflows: &[f64]) -> Result<()> {
        let dt = self.of.interval;
        let mut out = 0.0;
        for (node, &inflow) in inflows.iter().enumerate() {
            let volume = self.volumes[node] + 0.5 * (self.last[node] + inflow) * dt;
            let drained = volume.min(self.of.drained * dt);
            let over = (volume - drained - self.of.capacity).max(0.0);
            self.volumes[node] = volume - drained - over;
            self.spilled[node] = over / dt;
            out += drained / dt;
        }
        // Told so that the mean of two tellings is what left.
        self.outfalls = 2.0 * out - self.outfalls;
        self.last.copy_from_slice(inflows);
        Ok(())
    }

    fn now(&self) -> Now<'_> {
        Now { spilled: &self.spilled, outfalls: self.outfalls, own: 0.0 }
    }

    fn close(&mut self) -> Result<f64> {
        Ok(0.0)
    }
}

/// A walled basin of 12 by 8 cells of 5 m with two hollows, each with a manhole, under rain.
fn basin(capacity: f64, drained: f64, interval: f64) -> FloodCase {
    let grid = Grid { columns: 12, rows: 8, dx: 5.0, dy: 5.0, west: 0.0, south: 0.0, crs: Crs::local() };
    let bed = Field::from_shape_fn(grid.shape(), |(row, column)| {
        let from = |r: f64, c: f64| (row as f64 - r).hypot(column as f64 - c);
        0.1 * from(4.0, 2.0).min(from(4.0, 9.0))
    });
    let manhole = |name: &str, node, column| Manhole {
        name: name.into(),
        node,
        cell: (4, column),
        inlet: Inlet { perimeter: 2.4, opening: 0.15 },
    };
    FloodCase {
        buildings: Default::default(),
        title: "Two manholes".into(),
        initial_depth: grid.filled(0.0),
        manning_n: grid.filled(0.03),
        rain: Series::block(from_mm_h(80.0), 900.0).into(),
        loss: Series::constant(0.0),
        soils: Soils::none(),
        inflows: Vec::new(),
        releases: Vec::new(),
        structures: Vec::new(),
        barriers: Vec::new(),
        breaches: Vec::new(),
        sewers: Some(Sewers {
            manholes: vec![manhole("west", 1, 2), manhole("east", 0, 9)],
            nodes: 2,
            interval,
            network: Arc::new(Buckets { capacity, drained, interval, count: 2 }),
        }),
        boundaries: Vec::new(),
        edges: Edges::all(Edge::Wall),
        courant: DEFAULT_COURANT,
        scheme: Scheme::SecondOrder,
        duration: 1800.0,
        frame_times: vec![900.0],
        places: Places::default(),
        exposure: Vec::new(),
        settings: ProductSettings {
            arrival_depth: 0.05,
            waterlogging_depth: 0.15,
            waterlogging_area: 100.0,
            classes: Vec::new(),
            wanted: product::ALL.iter().map(|product| product.name().to_string()).collect(),
        },
        bed,
        grid,
    }
}

fn run(case: &FloodCase) -> FloodOutcome {
    simulate(case, &mut Unobserved).expect("a sound case")
}

fn entry(outcome: &FloodOutcome, name: &str) -> f64 {
    outcome.ledger.entries.iter().find(|entry| entry.0 == name).expect("an entry").1
}

/// Numbers of a column of a table.
fn column(outcome: &FloodOutcome, table: &str, name: &str) -> Vec<Value> {
    let Some(Layer::Table(table)) = outcome.products.layer(table) else { panic!("table {table}") };
    let at = table.columns.iter().position(|column| column.name == name).expect("a column");
    table.rows.iter().map(|row| row[at].clone()).collect()
}

fn sum(values: &[Value]) -> f64 {
    values.iter().map(|value| if let Value::Number(number) = value { *number } else { 0.0 }).sum()
}

#[test]
fn large_pipes_drain_the_basin_and_small_ones_give_the_water_back() {
    let large = run(&basin(1e3, 0.05, 1.0));
    let small = run(&basin(2.0, 0.0, 1.0));
    assert_eq!(entry(&large, "sewers_back"), 0.0);
    assert!(-entry(&large, "sewers_in") > 0.9 * entry(&large, "rain"), "{}", entry(&large, "sewers_in"));
    assert!(entry(&small, "sewers_back") > 0.0);
    let kept = -entry(&small, "sewers_in") - entry(&small, "sewers_back");
    assert!((kept - 4.0).abs() < 0.01, "two buckets of 2 m3 hold {kept} m3");
}

#[test]
fn the_table_of_manholes_adds_up_to_the_ledger_and_spilling_ones_are_waterlogging_points() {
    let outcome = run(&basin(2.0, 0.0, 1.0));
    let taken = sum(&column(&outcome, "manhole_list", "taken_m3"));
    let spilled = sum(&column(&outcome, "manhole_list", "spilled_m3"));
    let gone = -entry(&outcome, "sewers_in") - entry(&outcome, "sewers_back");
    assert!((taken - spilled - gone).abs() < 1e-9 * taken, "{taken} {spilled} {gone}");
    assert!(taken <= -entry(&outcome, "sewers_in") && spilled > 0.0);
    let told = format!("{:?}", column(&outcome, "waterlogging_points", "source"));
    assert!(told.contains("manhole west") && told.contains("manhole east"), "{told}");
    let lines = outcome.summary.join("\n");
    assert!(lines.contains("Sewers: took") && lines.contains("Manholes that spill most"), "{lines}");
    assert!(outcome.products.not_modelled.iter().all(|text| !text.starts_with("sewers (only")));
}

#[test]
fn any_number_of_threads_gives_the_same_bits_in_every_scheme() {
    for scheme in [Scheme::FirstOrder, Scheme::SecondOrder, Scheme::Inertial] {
        let case = FloodCase { scheme, ..basin(2.0, 0.001, 1.0) };
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| run(&case)).ledger
        };
        let one = on(1);
        assert!([2, 3, 8].into_iter().all(|threads| on(threads) == one));
    }
}

/// Keeps the first state that it is offered.
#[derive(Default)]
struct First(Option<Vec<u8>>, u32);

impl Keeper for First {
    fn is_due(&mut self) -> bool {
        self.1 += 1;
        self.0.is_none() && self.1 > 20
    }

    fn keep(&mut self, writing: Writing<'_>) -> Result<()> {
        let mut bytes = Vec::new();
        writing(&mut bytes as &mut dyn Write).expect("memory does not fail");
        self.0 = Some(bytes);
        Ok(())
    }
}

#[test]
fn a_run_that_goes_on_ends_in_the_same_bits() {
    let case = basin(2.0, 0.001, 1.0);
    let identity =
        Identity { engine: "1".into(), commit: "c".into(), scenario_sha256: "s".into(), inputs: Vec::new() };
    let mut shelf = First::default();
    let checkpoints = Checkpoints { identity: Some(identity), keeper: Some(&mut shelf), resume: None };
    let whole = simulate_from(&case, &mut Unobserved, checkpoints).expect("a sound case");
    let bytes = shelf.0.expect("a state was kept");
    let mut numbers = Cursor::new(bytes);
    checkpoint::read_header(&mut numbers).expect("a header");
    let checkpoints = Checkpoints { resume: Some(Box::new(numbers)), ..Checkpoints::default() };
    let rest = simulate_from(&case, &mut Unobserved, checkpoints).expect("goes on");
    assert_eq!(whole.ledger, rest.ledger);
    assert_eq!(whole.summary, rest.summary);
    assert!(whole.steps == rest.steps && entry(&whole, "sewers_back") > 0.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_drop_is_lost_between_surface_and_sewers(
        capacity in 0.0..20.0f64,
        drained in 0.0..0.02f64,
        interval in prop::sample::select(vec![0.5, 1.0, 2.0, 5.0]),
    ) {
        let outcome = run(&basin(capacity, drained, interval));
        prop_assert!(outcome.ledger.relative_error.abs() < 1e-12);
        prop_assert_eq!(entry(&outcome, "clipped"), 0.0);
        prop_assert!(-entry(&outcome, "sewers_in") >= entry(&outcome, "sewers_back"));
        let Some(Layer::Raster(depth)) = outcome.products.layer("max_depth") else { panic!("depths") };
        prop_assert!(depth.values.iter().all(|depth| *depth >= 0.0 || depth.is_nan()));
    }
}
