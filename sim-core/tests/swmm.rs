//! The real EPA SWMM 5 under a surface.
//!
//! Needs its library: `TUIYAN_SWMM` names it. Without it these tests pass without a look, unless
//! `SIM_SWMM_TESTS=require` says that it must be there.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use sim_core::flood::drainage::{Inlet, Manhole, Sewers};
use sim_core::flood::place::Places;
use sim_core::grid::{Crs, Field, Grid};
use sim_core::run::Unobserved;
use sim_core::run::flood::{
    DEFAULT_COURANT, Edge, Edges, FloodCase, FloodOutcome, ProductSettings, Scheme, Soils, simulate,
};
use sim_core::series::Series;
use sim_core::sewer::{self, Library, ReadyNetwork, Terms};
use sim_core::units::from_mm_h;

/// Two manholes and an outfall; the pipe between them is too small for the storm.
const NET: &str = "[OPTIONS]\nFLOW_UNITS LPS\nFLOW_ROUTING DYNWAVE\nSTART_DATE 07/01/2026\n\n\
    [JUNCTIONS]\nA 97.6 2.4\nB 97.5 2.5\n\n[OUTFALLS]\nO 97.0 FREE\n\n\
    [CONDUITS]\nPA A B 35 0.013 0 0\nPB B O 30 0.013 0 0\n\n\
    [XSECTIONS]\nPA CIRCULAR 0.3 0 0 0 1\nPB CIRCULAR 0.1 0 0 0 1\n\n\
    [COORDINATES]\nA 12.5 22.5\nB 47.5 22.5\nO 60 22.5\n";

/// One network at a time: the tests of this file run side by side.
static ENGINE: Mutex<()> = Mutex::new(());

fn library() -> Option<(Arc<Library>, MutexGuard<'static, ()>)> {
    let turn = ENGINE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    match Library::find(None) {
        Ok(library) => Some((Arc::new(library), turn)),
        Err(problem) => {
            assert!(std::env::var("SIM_SWMM_TESTS").as_deref() != Ok("require"), "{problem}");
            None
        }
    }
}

fn ready(text: &str, library: &Arc<Library>, duration: f64) -> ReadyNetwork {
    let terms = Terms { interval: 1.0, duration, rain_on_surface: true };
    sewer::ready(text, Path::new("/net.inp"), "net.inp", || Ok(Arc::clone(library)), &terms).expect("sound")
}

/// A walled street of 12 by 8 cells of 5 m at 100 m with two hollows over the manholes.
fn street(network: &ReadyNetwork) -> FloodCase {
    let grid = Grid { columns: 12, rows: 8, dx: 5.0, dy: 5.0, west: 0.0, south: 0.0, crs: Crs::local() };
    let bed = Field::from_shape_fn(grid.shape(), |(row, column)| {
        let from = |r: f64, c: f64| (row as f64 - r).hypot(column as f64 - c);
        100.0 + 0.1 * from(4.0, 2.0).min(from(4.0, 9.0))
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
        rain: Series::block(from_mm_h(120.0), 900.0).into(),
        loss: Series::constant(0.0),
        soils: Soils::none(),
        inflows: Vec::new(),
        releases: Vec::new(),
        structures: Vec::new(),
        barriers: Vec::new(),
        breaches: Vec::new(),
        sewers: Some(Sewers {
            manholes: vec![manhole("A", 0, 2), manhole("B", 1, 9)],
            nodes: 2,
            interval: 1.0,
            network: Arc::clone(&network.network),
        }),
        boundaries: Vec::new(),
        edges: Edges::all(Edge::Wall),
        courant: DEFAULT_COURANT,
        scheme: Scheme::SecondOrder,
        duration: 1800.0,
        frame_times: Vec::new(),
        places: Places::default(),
        exposure: Vec::new(),
        settings: ProductSettings {
            arrival_depth: 0.05,
            waterlogging_depth: 0.15,
            waterlogging_area: 100.0,
            classes: Vec::new(),
            wanted: vec!["manholes".into()],
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

#[test]
fn a_storm_leaves_through_the_pipes_and_every_run_has_the_same_bits() {
    let Some((library, _turn)) = library() else { return };
    let network = ready(NET, &library, 1800.0);
    let (first, second) = (run(&street(&network)), run(&street(&network)));
    assert_eq!(first.ledger, second.ledger);
    assert_eq!(first.summary, second.summary);
    let taken = -entry(&first, "sewers_in") - entry(&first, "sewers_back");
    // Half an hour of what a pipe of 0.1 m carries under 0.5 m to 3.5 m of head, 6 to 17 L/s.
    assert!((10.0..36.0).contains(&taken), "{taken}");
    assert!(first.ledger.relative_error.abs() < 1e-12);
    let engine = first.summary.iter().find(|line| line.starts_with("Surface and sewers")).expect("a line");
    let error: f64 = engine.rsplit(' ').next().expect("a word").parse().expect("a number");
    assert!(error.abs() < 5e-3, "{engine}");
}

#[test]
fn a_second_network_in_one_process_is_refused_until_the_first_is_done() {
    let Some((library, _turn)) = library() else { return };
    let network = ready(NET, &library, 60.0).network;
    let first = network.open().expect("opens");
    let problems = network.open().err().expect("refused");
    assert_eq!(problems.0[0].code.0, 2482);
    drop(first);
    network.open().expect("opens again");
}

#[test]
fn what_is_put_in_at_a_steady_rate_comes_out_at_the_outfall() {
    let Some((library, _turn)) = library() else { return };
    let network = ready(NET, &library, 3600.0).network;
    let mut engine = network.open().expect("opens");
    for _ in 0..3600 {
        engine.advance(&[0.002, 0.003]).expect("routes");
    }
    let now = engine.now();
    assert!((now.outfalls - 0.005).abs() < 2e-5, "{}", now.outfalls);
    assert!(now.spilled.iter().all(|&spilled| spilled == 0.0) && now.own.abs() < 1e-9);
    let lost = engine.close().expect("closes");
    assert!(lost.abs() < 0.02 * 18.0, "{lost} of 18 m3");
}

#[test]
fn a_flood_of_water_spills_what_the_pipes_do_not_carry() {
    let Some((library, _turn)) = library() else { return };
    let network = ready(NET, &library, 3600.0).network;
    let mut engine = network.open().expect("opens");
    for _ in 0..1800 {
        engine.advance(&[0.2, 0.0]).expect("routes");
    }
    let now = engine.now();
    let out = now.spilled.iter().sum::<f64>() + now.outfalls;
    assert!(now.spilled[0] > 0.05 && (out - 0.2).abs() < 0.002, "{now:?}");
}

#[test]
fn what_swmm_refuses_is_told_in_its_own_words() {
    let Some((library, _turn)) = library() else { return };
    let broken = NET.replace("PB B O", "PB B NOWHERE");
    let problems = ready(&broken, &library, 60.0).network.open().err().expect("refused");
    assert_eq!(problems.0[0].code.0, 2483);
    assert!(problems.0[0].text.contains("NOWHERE"), "{}", problems.0[0].text);
}
