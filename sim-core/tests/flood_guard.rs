//! The guard really stops a run, says where, when and why, and what was kept is good.

use std::io::{self, Read, Write};

use sim_core::error::{Problem, Problems};
use sim_core::flood::boundary::{Face, Kind, Side};
use sim_core::flood::place::{Place, Places};
use sim_core::flood::product;
use sim_core::grid::{Crs, Field, Grid};
use sim_core::product::Layer;
use sim_core::run::checkpoint::{self, Checkpoints, Identity, Keeper, Writing};
use sim_core::run::flood::{
    Boundary, DEFAULT_COURANT, Edge, Edges, FloodCase, FloodOutcome, Inflow, ProductSettings, Scheme, Soils,
    simulate, simulate_from,
};
use sim_core::run::guard::{Moment, lost_balance};
use sim_core::run::{Ledger, Observer, Progress, Unobserved};
use sim_core::series::{Between, Series};
use sim_core::units::from_mm_h;

/// A basin of 30 by 20 cells of 5 m under rain.
fn basin() -> FloodCase {
    let grid = Grid {
        columns: 30,
        rows: 20,
        dx: 5.0,
        dy: 5.0,
        west: 712_000.0,
        south: 3_121_000.0,
        crs: Crs::from_epsg(32649).expect("UTM 49 N"),
    };
    let bed = Field::from_shape_fn(grid.shape(), |(row, column)| {
        10.0 + 0.4 * (row as f64 * 0.5).sin() * (column as f64 * 0.4).cos()
    });
    FloodCase {
        title: "basin".into(),
        initial_depth: grid.filled(0.0),
        manning_n: grid.filled(0.02),
        rain: Series::block(from_mm_h(60.0), 1800.0).into(),
        loss: Series::constant(0.0),
        soils: Soils::none(),
        inflows: Vec::new(),
        releases: Vec::new(),
        buildings: Default::default(),
        structures: Vec::new(),
        barriers: Vec::new(),
        breaches: Vec::new(),
        sewers: None,
        boundaries: Vec::new(),
        edges: Edges::all(Edge::Wall),
        courant: DEFAULT_COURANT,
        scheme: Scheme::SecondOrder,
        duration: 2400.0,
        frame_times: vec![0.0, 800.0, 2400.0],
        places: Places {
            list: vec![Place {
                name: "gauge".into(),
                kind: "gauge".into(),
                cell: (7, 8),
                closing_depth: 0.02,
            }],
            depths: vec![0.01, 0.05],
            interval: 60.0,
        },
        exposure: Vec::new(),
        settings: ProductSettings {
            arrival_depth: 0.05,
            waterlogging_depth: 0.15,
            waterlogging_area: 50.0,
            classes: Vec::new(),
            wanted: product::ALL.iter().map(|product| product.name().to_string()).collect(),
        },
        bed,
        grid,
    }
}

fn identity() -> Identity {
    Identity { engine: "1".into(), commit: "c".into(), scenario_sha256: "s".into(), inputs: Vec::new() }
}

/// Keeps every checkpoint in memory.
#[derive(Default)]
struct Shelf(Vec<Vec<u8>>);

impl Keeper for Shelf {
    fn is_due(&mut self) -> bool {
        true
    }
    fn keep(&mut self, writing: Writing<'_>) -> Result<(), Problems> {
        let mut bytes = Vec::new();
        writing(&mut bytes as &mut dyn Write).expect("memory does not fail");
        self.0.push(bytes);
        Ok(())
    }
}

fn kept(case: &FloodCase) -> (Shelf, Option<Problem>) {
    let mut shelf = Shelf::default();
    let checkpoints = Checkpoints { identity: Some(identity()), keeper: Some(&mut shelf), resume: None };
    let stopped = simulate_from(case, &mut Unobserved, checkpoints).err().map(|mut all| all.0.remove(0));
    (shelf, stopped)
}

fn numbers_of(bytes: &[u8]) -> Box<dyn Read + Send> {
    let mut input = io::Cursor::new(bytes.to_vec());
    checkpoint::read_header(&mut input).expect("a header");
    Box::new(input)
}

/// A pipe that bursts after ten minutes: 1e300 m³/s, a typing error.
fn bursting() -> FloodCase {
    let mut case = basin();
    let discharge = Series::new(vec![0.0, 600.0], vec![0.1, 1e300], Between::Step).expect("rising");
    case.inflows = vec![Inflow { name: "burst pipe".into(), cells: vec![(4, 7)], discharge }];
    case
}

#[test]
fn a_runaway_number_is_stopped_with_cell_place_time_cause_and_what_was_kept() {
    let (shelf, problem) = kept(&bursting());
    let problem = problem.expect("no water is that much");
    assert!([5101, 5102].contains(&problem.code.0), "{problem}");
    let spot = problem.place.spot.clone().expect("a place");
    // Row 4 from the south is row 16 of 20 from the north; a neighbour may be the first to break.
    assert!(["row 15", "row 16", "row 17"].iter().any(|row| spot.contains(row)), "{spot}");
    assert!(spot.contains("lon ") && spot.contains("lat "), "{spot}");
    let time: f64 = problem
        .text
        .split("after ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next()?.parse().ok())
        .expect("a time");
    assert!((600.0..620.0).contains(&time), "{problem}");
    let fix = problem.fix.expect("a remedy");
    assert!(fix.contains("inflow 'burst pipe'") && fix.contains("1.000e300"), "{fix}");
    let last = shelf.0.last().expect("checkpoints before the burst");
    let header = checkpoint::verify(&mut last.as_slice(), last.len() as u64).expect("whole");
    assert!(header.time <= 600.0, "the last good state, not the broken one: {}", header.time);
    assert!(fix.contains(&format!("the last good state, at {:.3} s", header.time)), "{fix}");
}

#[test]
fn numbers_beyond_all_measure_at_the_start_are_not_finite_at_once() {
    let mut case = basin();
    case.initial_depth[(9, 9)] = 1e160;
    let problem = simulate(&case, &mut Unobserved).expect_err("its square has no number").0.remove(0);
    assert_eq!(problem.code.0, 5101, "{problem}");
    let spot = problem.place.spot.clone().expect("a place");
    assert!(["row 10", "row 11", "row 12"].iter().any(|row| spot.contains(row)), "{spot}");
    assert!(problem.fix.expect("a remedy").contains("initial depth"));
}

#[test]
fn water_too_fast_for_the_run_to_end_is_stopped_and_the_boundary_is_named() {
    let mut case = basin();
    let faces = (0..20).map(|index| Face { side: Side::West, index }).collect();
    let kind = Kind::Stage { level: Series::constant(1e13) };
    case.boundaries = vec![Boundary { name: "sea".into(), faces, kind }];
    let problem = simulate(&case, &mut Unobserved).expect_err("a wave that fast").0.remove(0);
    assert_eq!(problem.code.0, 5102, "{problem}");
    assert!(problem.fix.expect("a remedy").contains("boundary 'sea'"));
}

#[test]
fn a_balance_that_does_not_close_is_lost() {
    let moment = Moment { time: 12.0, kept: Some(10.0) };
    let ledger = |stored: f64| Ledger::close("m3", 0.0, stored, vec![("rain".into(), 10.0)]);
    assert!(lost_balance(&ledger(10.0 * (1.0 + 9e-7)), moment).is_none());
    let problem = lost_balance(&ledger(10.0 * (1.0 + 2e-6)), moment).expect("off by two millionths");
    assert_eq!(problem.code.0, 5103);
    assert!(problem.text.contains("2.0e-6") && problem.fix.expect("a remedy").contains("10.000 s"));
    assert!(lost_balance(&ledger(f64::NAN), moment).is_some(), "no number is no balance");
}

/// Every value of every layer, layer by layer; equal words mean equal bits, and NaN equals NaN.
fn words(outcome: &FloodOutcome) -> Vec<String> {
    let layer = |layer: &Layer| match layer {
        Layer::Raster(raster) => format!("{:?}", raster.values.iter().collect::<Vec<_>>()),
        Layer::Frames(frames) => {
            format!("{:?}", frames.values.iter().map(|frame| frame.iter().collect()).collect::<Vec<Vec<_>>>())
        }
        other => format!("{other:?}"),
    };
    let named = |one: &Layer| format!("{}: {}", one.info().name, layer(one));
    outcome.products.layers.iter().map(named).collect()
}

#[test]
fn every_checkpoint_leads_to_the_same_end() {
    let mut case = basin();
    let faces = (3..9).map(|index| Face { side: Side::South, index }).collect();
    let kind = Kind::Discharge { discharge: Series::block(0.4, 900.0), slope: None };
    case.boundaries = vec![Boundary { name: "brook".into(), faces, kind }];
    let whole = simulate(&case, &mut Unobserved).expect("sound");
    let (shelf, stopped) = kept(&case);
    assert!(stopped.is_none() && shelf.0.len() > 20, "{}", shelf.0.len());
    for bytes in shelf.0.iter().step_by(shelf.0.len() / 12) {
        let checkpoints = Checkpoints { resume: Some(numbers_of(bytes)), ..Checkpoints::default() };
        let carried_on = simulate_from(&case, &mut Unobserved, checkpoints).expect("sound");
        assert!(words(&carried_on) == words(&whole), "a layer differs");
        assert_eq!((carried_on.ledger, carried_on.steps), (whole.ledger.clone(), whole.steps));
        assert_eq!((carried_on.wet_share, carried_on.summary), (whole.wet_share, whole.summary.clone()));
    }
}

#[test]
fn a_checkpoint_that_ends_too_early_is_an_error() {
    let case = basin();
    let (shelf, _) = kept(&case);
    let numbers = Box::new(numbers_of(&shelf.0[0]).take(1000));
    let checkpoints = Checkpoints { resume: Some(numbers), ..Checkpoints::default() };
    let problems = simulate_from(&case, &mut Unobserved, checkpoints).expect_err("half a state");
    assert_eq!(problems.0[0].code.0, 6317);
}

/// Stops the run at its first look after some time.
struct Impatient(f64);

impl Observer for Impatient {
    fn progress(&mut self, progress: &Progress) -> bool {
        progress.time < self.0
    }
}

/// A keeper that is never asked for by the clock.
struct OnlyAtTheEnd(Shelf);

impl Keeper for OnlyAtTheEnd {
    fn is_due(&mut self) -> bool {
        false
    }
    fn keep(&mut self, writing: Writing<'_>) -> Result<(), Problems> {
        self.0.keep(writing)
    }
}

#[test]
fn a_cancelled_run_keeps_its_state() {
    let case = basin();
    let mut keeper = OnlyAtTheEnd(Shelf::default());
    let checkpoints = Checkpoints { identity: Some(identity()), keeper: Some(&mut keeper), resume: None };
    // The look after the last step is the first that is sure to come.
    let problems = simulate_from(&case, &mut Impatient(1e-9), checkpoints).expect_err("cancelled");
    assert_eq!(problems.0[0].code.0, 7001);
    assert!(problems.0[0].fix.as_ref().is_some_and(|fix| fix.contains("--resume")), "{problems}");
    assert_eq!(keeper.0.0.len(), 1);
}
