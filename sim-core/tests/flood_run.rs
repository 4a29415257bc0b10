//! Whole runs: from a case to products, balance, summary, warnings and errors.

use std::sync::Arc;

use sim_core::error::Problems;
use sim_core::flood::buildings::{Buildings, RoofRain, Treatment};
use sim_core::flood::place::{Place, Places};
use sim_core::flood::product;
use sim_core::grid::{Crs, Field, Grid};
use sim_core::product::{Layer, Value};
use sim_core::run::flood::{
    DEFAULT_COURANT, DepthClass, Edge, Edges, FloodCase, FloodOutcome, Inflow, ProductSettings, Scheme,
    Soils, memory_bytes, simulate,
};
use sim_core::run::{Observer, Progress, Unobserved};
use sim_core::series::Series;
use sim_core::units::from_mm_h;

fn class(from: f64, label: &str, label_zh: &str) -> DepthClass {
    DepthClass { from, label: label.into(), label_zh: label_zh.into(), colour: [0, 0, 200] }
}

fn settings() -> ProductSettings {
    ProductSettings {
        arrival_depth: 0.05,
        waterlogging_depth: 0.15,
        waterlogging_area: 50.0,
        classes: vec![class(0.15, "15-30 cm", "轻度"), class(0.3, "> 30 cm", "重度")],
        wanted: product::ALL
            .iter()
            .filter(|product| !product.is_on_request())
            .map(|product| product.name().to_string())
            .collect(),
    }
}

/// A street of 40 by 20 cells of 5 m with two hollows, under an hour of 60 mm/h.
fn street() -> FloodCase {
    let grid = Grid {
        columns: 40,
        rows: 20,
        dx: 5.0,
        dy: 5.0,
        west: 712_000.0,
        south: 3_121_000.0,
        crs: Crs::from_epsg(32649).expect("UTM 49 N"),
    };
    let hollow = |row: usize, column: usize, at: (f64, f64), depth: f64| {
        let r2 = (row as f64 - at.0).powi(2) + (column as f64 - at.1).powi(2);
        -depth * (-r2 / 12.0).exp()
    };
    let mut bed = Field::from_shape_fn(grid.shape(), |(row, column)| {
        10.0 + hollow(row, column, (9.5, 9.5), 1.0) + hollow(row, column, (9.5, 29.5), 0.6)
    });
    bed[(0, 0)] = f64::NAN;
    FloodCase {
        title: "Street with two hollows".into(),
        initial_depth: grid.filled(0.0),
        manning_n: grid.filled(0.02),
        rain: Series::block(from_mm_h(60.0), 3600.0).into(),
        loss: Series::block(from_mm_h(10.0), 3600.0),
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
        scheme: Scheme::FirstOrder,
        duration: 7200.0,
        frame_times: vec![0.0, 1800.0, 7200.0],
        places: Places::default(),
        exposure: Vec::new(),
        settings: settings(),
        bed,
        grid,
    }
}

fn run(case: &FloodCase) -> FloodOutcome {
    simulate(case, &mut Unobserved).expect("a sound case")
}

fn codes(problems: &Problems) -> Vec<u16> {
    problems.0.iter().map(|problem| problem.code.0).collect()
}

fn refused(change: impl Fn(&mut FloodCase)) -> Vec<u16> {
    let mut case = street();
    change(&mut case);
    codes(&simulate(&case, &mut Unobserved).expect_err("the case is not sound"))
}

#[test]
fn a_storm_fills_the_two_hollows_and_every_product_says_so() {
    let outcome = run(&street());
    let names: Vec<&str> = outcome.products.layers.iter().map(|layer| layer.info().name.as_str()).collect();
    let expected = ["max_depth", "max_speed", "time_of_maximum", "arrival_time", "duration"];
    assert_eq!(names[..5], expected);
    assert_eq!(names[5..], ["waterlogging", "waterlogging_points", "depth"]);
    let Some(Layer::Table(table)) = outcome.products.layer("waterlogging_points") else { panic!("a table") };
    assert_eq!(table.rows.len(), 2, "two hollows");
    let (Value::Number(lon), Value::Number(lat)) = (&table.rows[0][1], &table.rows[0][2]) else {
        panic!("a place")
    };
    assert!((113.0..113.4).contains(lon) && (28.1..28.3).contains(lat), "{lon} {lat}");
    let Some(Layer::Frames(frames)) = outcome.products.layer("depth") else { panic!("frames") };
    assert_eq!(frames.values.len(), 3);
    assert!(frames.values[0].iter().all(|&depth| depth == 0.0), "dry at the start");
    assert_eq!(outcome.products.maps.len(), 2);
    assert_eq!(outcome.summary.len(), 5);
    assert!(!outcome.products.not_modelled.is_empty());
}

#[test]
fn the_balance_of_a_storm_closes_and_names_every_part() {
    let outcome = run(&street());
    let entry = |name: &str| outcome.ledger.entries.iter().find(|entry| entry.0 == name).expect("an entry").1;
    let area = (40.0 * 20.0 - 1.0) * 25.0;
    assert!((entry("rain") / (0.060 * area) - 1.0).abs() < 1e-12, "60 mm on every cell of the area");
    assert!(entry("loss") < 0.0 && entry("loss") >= -0.010 * area * (1.0 + 1e-12));
    assert_eq!(entry("clipped"), 0.0);
    assert!(outcome.ledger.relative_error.abs() < 1e-12, "{:e}", outcome.ledger.relative_error);
    assert!(outcome.wet_share > 0.9 && outcome.wet_share <= 1.0);
}

#[test]
fn only_the_products_that_were_asked_for_are_made() {
    let mut case = street();
    case.settings.wanted = vec!["max_depth".into()];
    case.frame_times.clear();
    let outcome = run(&case);
    assert_eq!(outcome.products.layers.len(), 1);
    assert_eq!(outcome.memory_bytes, memory_bytes(&case), "as foretold");
    assert!(memory_bytes(&case) < memory_bytes(&street()), "no thresholds are kept");
}

#[test]
fn a_finer_look_at_time_does_not_change_the_peak_much() {
    let mut case = street();
    let peak = |case: &FloodCase| {
        let outcome = run(case);
        let Some(Layer::Raster(raster)) = outcome.products.layer("max_depth") else { panic!("a raster") };
        raster.values.iter().copied().filter(|depth| depth.is_finite()).fold(0.0, f64::max)
    };
    let usual = peak(&case);
    case.courant = 0.2;
    assert!((peak(&case) / usual - 1.0).abs() < 0.01);
}

/// Stops at the first call after the start.
struct Impatient(u32);

impl Observer for Impatient {
    fn progress(&mut self, progress: &Progress) -> bool {
        assert!((0.0..=1.0).contains(&progress.share));
        self.0 += 1;
        self.0 < 2
    }
}

#[test]
fn an_observer_can_stop_the_run() {
    let problems = simulate(&street(), &mut Impatient(0)).expect_err("stopped");
    assert_eq!(codes(&problems), [7001]);
}

#[test]
fn every_mistake_of_a_case_has_its_number() {
    assert_eq!(refused(|case| case.manning_n = Field::zeros((3, 3))), [5001]);
    assert_eq!(refused(|case| case.courant = 1.1), [5002]);
    assert_eq!(refused(|case| (case.duration, case.frame_times) = (f64::NAN, Vec::new())), [5003]);
    assert_eq!(refused(|case| case.frame_times = vec![10.0, 5.0]), [5004]);
    assert_eq!(refused(|case| case.grid.dx = 0.0), [5005]);
    assert_eq!(refused(|case| case.bed.fill(f64::NAN)), [5006]);
    assert_eq!(refused(|case| case.bed[(3, 3)] = -1e38), [5007]);
    assert_eq!(refused(|case| case.initial_depth[(3, 3)] = f64::NAN), [5008]);
    assert_eq!(refused(|case| case.manning_n[(3, 3)] = -0.1), [5009]);
    let outside = |case: &mut FloodCase| {
        let discharge = Series::constant(1.0);
        case.inflows = vec![Inflow { name: "lost".into(), cells: vec![(0, 0)], discharge }];
    };
    assert_eq!(refused(outside), [5010]);
    assert_eq!(refused(|case| case.rain = Series::constant(-1e-6).into()), [5011]);
    assert_eq!(refused(|case| case.settings.wanted = vec!["max_depht".into()]), [5012]);
    let both = refused(|case| (case.courant, case.bed[(3, 3)]) = (0.0, f64::INFINITY));
    assert_eq!(both, [5002, 5007], "all mistakes at once");
}

#[test]
fn a_runaway_inflow_stops_the_run_and_names_the_cell() {
    let mut case = street();
    let discharge = Series::constant(1e300);
    case.inflows = vec![Inflow { name: "typing error".into(), cells: vec![(4, 4)], discharge }];
    let problems = simulate(&case, &mut Unobserved).expect_err("no number is that large");
    assert!([5101, 5102].contains(&problems.0[0].code.0), "{problems}");
    assert!(
        problems.0[0].place.spot.as_ref().is_some_and(|spot| spot.contains("row 16 column 5")),
        "{problems}"
    );
}

#[test]
fn doubtful_results_come_with_a_warning() {
    let warned =
        |case: &FloodCase| -> Vec<u16> { run(case).warnings.iter().map(|warning| warning.code.0).collect() };
    assert_eq!(warned(&street()), [0u16; 0], "nothing is doubtful about the street");
    let mut thirsty = street();
    thirsty.loss = Series::constant(from_mm_h(100.0));
    assert_eq!(warned(&thirsty), [5200]);
    let mut beyond = street();
    beyond.initial_depth[(0, 0)] = 0.2;
    assert_eq!(warned(&beyond), [5202]);
    let mut short = street();
    (short.duration, short.frame_times) = (3000.0, Vec::new());
    assert_eq!(warned(&short), [5203]);
}

#[test]
fn local_inertia_warns_of_a_dam_break_and_the_full_equations_do_not() {
    let warns = |scheme: Scheme| {
        let mut case = street();
        case.scheme = scheme;
        case.initial_depth =
            Field::from_shape_fn(case.grid.shape(), |(_, column)| if column < 10 { 3.0 } else { 0.0 });
        let outcome = simulate(&case, &mut Unobserved).expect("a sound case");
        outcome.warnings.iter().any(|warning| warning.code.0 == 5020)
    };
    assert!(warns(Scheme::Inertial));
    assert!(!warns(Scheme::SecondOrder));
}

#[test]
fn named_places_are_told_with_closing_reopening_and_series() {
    let mut case = street();
    let place =
        |name: &str, cell| Place { name: name.into(), kind: "underpass".into(), cell, closing_depth: 0.27 };
    case.places = Places {
        list: vec![place("hollow", (9, 9)), place("hill", (0, 39))],
        depths: vec![0.15, 0.5],
        interval: 300.0,
    };
    let outcome = run(&case);
    let Some(Layer::Table(table)) = outcome.products.layer("place_list") else { panic!("a table") };
    let column = |name: &str| table.columns.iter().position(|column| column.name == name).expect("a column");
    let number = |row: usize, name: &str| match &table.rows[row][column(name)] {
        Value::Number(number) => Some(*number),
        _ => None,
    };
    let closes = number(0, "closes_min").expect("the hollow fills");
    assert!(number(0, "above_15_cm_from_min").expect("first") < closes);
    assert_eq!(number(0, "reopens_min"), None, "nothing drains a hollow");
    assert!(number(1, "closes_min").is_none() && number(1, "car_stops_min").is_none());
    let Some(Layer::Raster(deepest)) = outcome.products.layer("max_depth") else { panic!("a raster") };
    let peak = number(0, "max_depth_m").expect("a peak");
    assert!((peak - deepest.values[(9, 9)]).abs() < 1e-6, "the raster is in single precision");
    let Some(Layer::Table(series)) = outcome.products.layer("place_series") else { panic!("a table") };
    // Two hours at five minutes and the start, for two places.
    assert_eq!(series.rows.len(), 2 * 25);
    assert!(outcome.summary[0].starts_with("hollow: closed (over 27 cm) from"), "{}", outcome.summary[0]);
    assert!(outcome.summary[1].starts_with("hill: stays below 27 cm"), "{}", outcome.summary[1]);
}

const HOUSES: [(Treatment, RoofRain); 5] = [
    (Treatment::Blocked, RoofRain::ToStreet),
    (Treatment::Blocked, RoofRain::Lost),
    (Treatment::Raised, RoofRain::ToStreet),
    (Treatment::Raised, RoofRain::Stays),
    (Treatment::Raised, RoofRain::Lost),
];

/// Houses of 4 by 3 cells in the street, with one that the first encloses.
fn with_houses(case: &mut FloodCase, kind: (Treatment, RoofRain)) {
    let cells = |rows: std::ops::Range<usize>, columns: std::ops::Range<usize>| {
        rows.flat_map(|row| columns.clone().map(move |column| (row, column))).collect::<Vec<_>>()
    };
    let mut around = cells(12..16, 5..8);
    let core = around.remove(4);
    let footprints = [around, vec![core], cells(3..7, 20..23)];
    let buildings = Buildings::new(kind, &footprints, &case.bed).expect("streets are left");
    buildings.shape_ground(&mut case.bed, &[6.0; 3]);
    case.buildings = Arc::new(buildings);
}

#[test]
fn the_rain_of_roofs_stands_in_balance_summary_and_maps() {
    let area = (40.0 * 20.0 - 1.0) * 25.0;
    let roofs = 0.060 * 24.0 * 25.0;
    for kind in HOUSES {
        let mut case = street();
        with_houses(&mut case, kind);
        let outcome = run(&case);
        let entry =
            |name: &str| outcome.ledger.entries.iter().find(|entry| entry.0 == name).map(|entry| entry.1);
        assert!(
            (entry("rain").expect("rain") / (0.060 * area) - 1.0).abs() < 1e-12,
            "{kind:?}: roofs or not"
        );
        let lost = entry("roof_rain_lost");
        assert_eq!(lost.is_some(), kind.1 == RoofRain::Lost);
        assert!(lost.is_none_or(|lost| (lost / roofs + 1.0).abs() < 1e-12), "{kind:?}: {lost:?}");
        assert!(outcome.ledger.relative_error.abs() < 1e-12, "{kind:?}: {:e}", outcome.ledger.relative_error);
        let line = outcome.summary.iter().find(|line| line.starts_with("Buildings: ")).expect("a line");
        assert!(line.starts_with("Buildings: 3 on 24 cells (600 m2), "), "{line}");
        assert_eq!(line.contains("36.0 m3 of rain on their roofs"), kind.1 != RoofRain::Stays, "{line}");
        let closed = outcome.products.maps[0].closed.as_ref().expect("houses on the map");
        assert_eq!(closed.cells.iter().filter(|&&closed| closed).count(), 24);
        assert_eq!(outcome.memory_bytes, memory_bytes(&case), "{kind:?}: as foretold");
    }
    assert!(run(&street()).products.maps[0].closed.is_none());
}

#[test]
fn buildings_that_do_not_fit_the_ground_are_refused() {
    let blocked = (Treatment::Blocked, RoofRain::ToStreet);
    let unshaped = |case: &mut FloodCase| {
        let bed = case.bed.clone();
        with_houses(case, blocked);
        case.bed = bed;
    };
    assert_eq!(refused(unshaped), [5051]);
    assert_eq!(refused(|case| with_houses(case, (Treatment::Blocked, RoofRain::Stays))), [5052]);
    let on_a_larger_grid = |case: &mut FloodCase| {
        let larger = Buildings::new(blocked, &[vec![(30, 50)]], &Field::zeros((40, 60)));
        case.buildings = Arc::new(larger.expect("streets are left"));
    };
    assert_eq!(refused(on_a_larger_grid), [5050]);
    let street_without_ground = |case: &mut FloodCase| {
        with_houses(case, blocked);
        let street = case.buildings.list()[2].street[0];
        case.bed[street] = f64::NAN;
    };
    assert_eq!(refused(street_without_ground), [5050]);
}

#[test]
fn water_that_stands_in_a_blocked_house_at_the_start_is_left_out_and_told() {
    let mut case = street();
    case.initial_depth.fill(0.2);
    with_houses(&mut case, HOUSES[0]);
    let outcome = run(&case);
    assert!(outcome.warnings.iter().any(|warning| warning.code.0 == 5202), "{:?}", outcome.warnings);
    assert!((outcome.ledger.initial / (0.2 * 775.0 * 25.0) - 1.0).abs() < 1e-12);
}
