//! A flood in parts is the flood of one process, to the last bit.

use std::sync::Arc;

use ndarray::Array2;
use proptest::prelude::*;
use sim_core::error::Result;
use sim_core::flood::boundary::{Boundary, Curve, Face, Kind, Side};
use sim_core::flood::buildings::{Buildings, RoofRain, Treatment};
use sim_core::flood::part::{Alone, Slab};
use sim_core::flood::place::{Place, Places};
use sim_core::flood::product;
use sim_core::flood::rain::moving::Moving;
use sim_core::flood::rain::zones::Zones;
use sim_core::flood::structure::pump::Pump;
use sim_core::flood::structure::{Kind as StructureKind, Structure};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::product::Layer;
use sim_core::run::flood::{
    DepthClass, Edge, Edges, FloodCase, FloodOutcome, Inflow, ProductSettings, Rain, Scheme, Soil, Soils,
    simulate, simulate_in_parts, simulate_part,
};
use sim_core::run::{Observer, Progress, Unobserved};
use sim_core::series::{Between, Series};
use sim_core::units::from_mm_h;

/// Numbers without pattern that depend on a seed alone.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, n: usize) -> usize {
        self.roll() as usize % n
    }

    fn share(&mut self) -> f64 {
        self.below(1 << 20) as f64 / f64::from(1 << 20)
    }

    fn is(&mut self, share: f64) -> bool {
        self.share() < share
    }
}

fn settings() -> ProductSettings {
    let class = |from| DepthClass { from, label: "wet".into(), label_zh: "wet".into(), colour: [0, 0, 200] };
    ProductSettings {
        arrival_depth: 0.02,
        waterlogging_depth: 0.1,
        waterlogging_area: 50.0,
        classes: vec![class(0.1), class(0.3)],
        wanted: product::ALL.iter().map(|product| product.name().to_string()).collect(),
    }
}

/// Rough ground that falls towards the south-west, dry and walled, of no special kind.
fn ground(rows: usize, columns: usize, dice: &mut Dice) -> FloodCase {
    let grid = Grid { columns, rows, dx: 4.0, dy: 5.0, west: 0.0, south: 0.0, crs: Crs::local() };
    let (tilt, waves) = (0.01 * dice.share(), 0.3 + 0.5 * dice.share());
    let bed = Field::from_shape_fn(grid.shape(), |(row, column)| {
        let rough = 0.05 * dice.share();
        5.0 + tilt * (row + column) as f64
            + waves * (0.3 * row as f64).sin() * (0.4 * column as f64).cos()
            + rough
    });
    FloodCase {
        title: "Rough ground".into(),
        initial_depth: grid.filled(0.0),
        manning_n: grid.filled(0.03),
        rain: Rain::none(),
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
        courant: 0.8,
        scheme: Scheme::SecondOrder,
        duration: 40.0,
        frame_times: vec![0.0, 17.0, 40.0],
        places: Places::default(),
        exposure: Vec::new(),
        settings: settings(),
        bed,
        grid,
    }
}

fn series(dice: &mut Dice, peak: f64) -> Series {
    let values = (0..4).map(|_| peak * dice.share()).collect();
    Series::new(vec![0.0, 9.0, 20.0, 33.0], values, Between::Line).expect("rising times")
}

/// A case with a bit of everything that crosses the borders between parts.
fn random(seed: u64) -> FloodCase {
    let mut dice = Dice(seed);
    let (rows, columns) = (99 + dice.below(60), 5 + dice.below(40));
    let mut case = ground(rows, columns, &mut dice);
    case.scheme = [Scheme::FirstOrder, Scheme::SecondOrder, Scheme::Inertial][dice.below(3)];
    for _ in 0..dice.below(30) {
        case.bed[(1 + dice.below(rows - 2), 1 + dice.below(columns - 2))] = f64::NAN;
    }
    if dice.is(0.6) {
        // A lake somewhere, also across a border.
        let (middle, half, level) = (dice.below(rows), 2 + dice.below(30), 5.0 + dice.share());
        for ((row, column), depth) in case.initial_depth.indexed_iter_mut() {
            let bed = case.bed[(row, column)];
            if row.abs_diff(middle) < half && !bed.is_nan() {
                *depth = (level - bed).max(0.0);
            }
        }
    }
    if dice.is(0.5) {
        case.manning_n = case.manning_n.mapv(|_| 0.02 + 0.04 * dice.share());
    }
    case.edges = if dice.is(0.5) { Edges::all(Edge::Open) } else { case.edges };
    if dice.is(0.5) {
        build(&mut case, &mut dice);
    }
    case.rain = rain(&case.grid, &mut dice);
    if dice.is(0.5) {
        case.loss = Series::constant(from_mm_h(20.0));
    }
    if dice.is(0.5) {
        let soils = vec![
            Soil::Sealed,
            Soil::GreenAmpt { conductivity: 3e-6, suction: 0.1, deficit: 0.3 },
            Soil::Horton { first_rate: 2e-5, last_rate: 2e-6, decay: 1e-3 },
        ];
        let class_of = Array2::from_shape_fn(case.grid.shape(), |_| dice.below(3) as u8);
        case.soils = Soils::by_class(soils, class_of).expect("known classes");
    }
    for number in 0..dice.below(3) {
        let cells = (0..1 + dice.below(5)).map(|_| ground_cell(&case, &mut dice)).collect();
        let discharge = series(&mut dice, 3.0);
        case.inflows.push(Inflow { name: format!("inflow {number}"), cells, discharge });
    }
    bound(&mut case, &mut dice);
    let place = |number: usize, cell| Place {
        name: format!("place {number}"),
        kind: "gauge".into(),
        cell,
        closing_depth: 0.1,
    };
    let list = (0..dice.below(6)).map(|number| place(number, ground_cell(&case, &mut dice))).collect();
    case.places = Places { list, depths: vec![0.05], interval: 3.0 };
    case
}

fn ground_cell(case: &FloodCase, dice: &mut Dice) -> (usize, usize) {
    loop {
        let cell = (dice.below(case.grid.rows), dice.below(case.grid.columns));
        if !case.bed[cell].is_nan() {
            return cell;
        }
    }
}

fn build(case: &mut FloodCase, dice: &mut Dice) {
    let kinds = [
        (Treatment::Blocked, RoofRain::ToStreet),
        (Treatment::Raised, RoofRain::ToStreet),
        (Treatment::Raised, RoofRain::Stays),
        (Treatment::Raised, RoofRain::Lost),
    ];
    let houses: Vec<Vec<(usize, usize)>> = (0..8)
        .map(|_| {
            let at = (1 + dice.below(case.grid.rows - 6), 1 + dice.below(case.grid.columns - 4));
            (0..4).flat_map(|row| (0..2).map(move |column| (at.0 + row, at.1 + column))).collect()
        })
        .collect();
    case.buildings = Arc::new(Buildings::new(kinds[dice.below(4)], &houses, &case.bed).expect("streets"));
    let heights = vec![3.0; houses.len()];
    let buildings = Arc::clone(&case.buildings);
    buildings.shape_ground(&mut case.bed, &heights);
    let closed = case.bed.clone();
    case.initial_depth.zip_mut_with(&closed, |depth, bed| *depth = if bed.is_nan() { 0.0 } else { *depth });
}

fn rain(grid: &Grid, dice: &mut Dice) -> Rain {
    match dice.below(4) {
        0 => Rain::none(),
        1 => series(dice, from_mm_h(150.0)).into(),
        2 => {
            let zones = vec![
                series(dice, from_mm_h(200.0)),
                Series::constant(0.0),
                Series::block(from_mm_h(90.0), 22.0),
            ];
            let border = dice.below(grid.rows);
            let zone_of = Array2::from_shape_fn(grid.shape(), |(row, column)| {
                u32::from(row > border) + u32::from(row > border + 9 && column > 3)
            });
            Rain::Spread(Arc::new(Zones::new(zone_of, zones).expect("known zones")))
        }
        _ => {
            let storm = Series::block(from_mm_h(120.0), 15.0);
            let moving = Moving::new(storm, (2.0, 11.0), (0.0, 0.0), grid.clone());
            Rain::Spread(Arc::new(moving.expect("it moves")))
        }
    }
}

/// Boundaries of every kind on stretches of the rim that reach over the borders of parts.
fn bound(case: &mut FloodCase, dice: &mut Dice) {
    let (rows, columns) = case.grid.shape();
    for side in Side::ALL {
        if dice.is(0.4) {
            continue;
        }
        let along = if matches!(side, Side::West | Side::East) { rows } else { columns };
        let from = dice.below(along / 2);
        let to = (from + 1 + dice.below(along - from)).min(along);
        let kind = match dice.below(7) {
            0 => Kind::Wall,
            1 => Kind::Open,
            2 => Kind::Slope { slope: 0.01 },
            3 => Kind::Stage { level: Series::constant(5.0 + dice.share()) },
            4 => Kind::Discharge { discharge: series(dice, 20.0), slope: None },
            5 => Kind::Discharge { discharge: series(dice, 20.0), slope: Some(0.005) },
            _ => Kind::Rating { curve: Curve::new(&[(4.8, 0.0), (5.2, 1.0), (6.0, 9.0)]).expect("a curve") },
        };
        let face = |index| Face { side, index };
        let is_ground = |face: &Face| !case.bed[face.cell((rows, columns))].is_nan();
        let faces: Vec<Face> = (from..to).map(face).filter(is_ground).collect();
        if !faces.is_empty() {
            let name = format!("boundary {}", side.name());
            case.boundaries.push(Boundary { name, faces, kind });
        }
    }
}

/// The bits of everything that two results must share, in words where they are words.
fn bits(outcome: &FloodOutcome) -> Vec<(String, Vec<u64>)> {
    let mut all = Vec::new();
    for layer in &outcome.products.layers {
        let numbers = match layer {
            Layer::Raster(raster) => raster.values.iter().map(|value| value.to_bits()).collect(),
            Layer::Frames(frames) => {
                frames.values.iter().flatten().map(|value| u64::from(value.to_bits())).collect()
            }
            _ => Vec::new(),
        };
        let words = match layer {
            Layer::Shapes(_) | Layer::Table(_) => format!("{layer:?}"),
            _ => layer.info().name.clone(),
        };
        all.push((words, numbers));
    }
    let ledger = &outcome.ledger;
    let entries =
        ledger.entries.iter().map(|(name, volume)| (format!("ledger: {name}"), vec![volume.to_bits()]));
    all.extend(entries);
    let numbers = [
        ledger.initial,
        ledger.stored,
        ledger.relative_error,
        outcome.wet_share,
        outcome.steps as f64,
        outcome.memory_bytes as f64,
    ];
    all.push(("run".into(), numbers.map(f64::to_bits).to_vec()));
    all.push((format!("{:?} {:?} {:?}", outcome.summary, outcome.warnings, outcome.places), Vec::new()));
    all
}

fn assert_same(one: &FloodOutcome, other: &FloodOutcome, what: &str) {
    let (one, other) = (bits(one), bits(other));
    assert_eq!(one.len(), other.len(), "{what}");
    for ((name, numbers), (other_name, others)) in one.iter().zip(&other) {
        assert_eq!(name, other_name, "{what}");
        let differ = numbers.iter().zip(others).position(|(a, b)| a != b);
        assert_eq!(differ, None, "{what}: number in '{name}'");
        assert_eq!(numbers.len(), others.len(), "{what}: '{name}'");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_flood_has_the_same_bits_in_one_two_three_and_four_parts(seed in any::<u64>()) {
        let case = random(seed);
        let whole = simulate(&case, &mut Unobserved);
        let alone = simulate_part(&case, &mut Unobserved, Box::new(Alone));
        assert_alike(&whole, &alone.map(|found| found.expect("the first part has the result")), "alone");
        for parts in 1..=4 {
            let found = simulate_in_parts(&case, &mut Unobserved, parts);
            assert_alike(&whole, &found, &format!("{parts} parts, {:?}", case.scheme));
            prop_assert!(found.is_err() || found.is_ok_and(|found| found.ranks.is_some_and(|ranks| ranks.count == parts)));
        }
    }
}

/// Two runs end alike: with the same bits, or for the same reason. Local inertia gives up on some
/// of the floods here that are too fast for it.
fn assert_alike(one: &Result<FloodOutcome>, other: &Result<FloodOutcome>, what: &str) {
    match (one, other) {
        (Ok(one), Ok(other)) => assert_same(one, other, what),
        (one, other) => {
            let reason =
                |end: &Result<FloodOutcome>| end.as_ref().err().map(|problems| format!("{problems:?}"));
            assert!(one.is_err(), "{what}: {:?}", reason(other));
            assert_eq!(reason(one), reason(other), "{what}");
        }
    }
}

#[test]
fn nearly_all_of_these_floods_reach_their_end() {
    let ends =
        (0..30).filter(|&seed| simulate(&random(seed), &mut Unobserved).is_ok_and(|found| found.steps > 3));
    assert!(ends.count() >= 27);
}

#[test]
fn strips_that_are_wide_apart_keep_their_bits_too() {
    for scheme in [Scheme::FirstOrder, Scheme::SecondOrder, Scheme::Inertial] {
        let mut case = ground(70, 1100, &mut Dice(5));
        case.scheme = scheme;
        case.duration = 4.0;
        case.frame_times = vec![4.0];
        for row in 25..45 {
            case.initial_depth[(row, 1023)] = 1.5;
        }
        let whole = simulate(&case, &mut Unobserved).expect("a sound case");
        for parts in 2..=3 {
            let found = simulate_in_parts(&case, &mut Unobserved, parts).expect("a sound case");
            assert_same(&whole, &found, &format!("{parts} parts, {scheme:?}"));
        }
    }
}

#[test]
fn parts_tell_how_much_they_sent_and_a_lonely_one_sent_nothing() {
    let mut case = ground(130, 20, &mut Dice(1));
    case.initial_depth = case.grid.filled(0.5);
    let sent = |parts| simulate_in_parts(&case, &mut Unobserved, parts).expect("sound").ranks.expect("parts");
    assert_eq!((sent(1).swapped_bytes_per_step, sent(1).gathered_bytes_per_step), (0.0, 0.0));
    // Three rows of three arrays of 22 numbers, one tile of four numbers, both ways, at one border.
    let message = 8.0 * (3.0 * 3.0 * 22.0 + 4.0);
    let per_step = sent(2).swapped_bytes_per_step;
    assert!(per_step >= 2.0 * message && per_step < 2.2 * message, "{per_step}: every step, and the start");
    let more = sent(4).swapped_bytes_per_step / per_step;
    assert!((more - 3.0).abs() < 1e-12, "three borders and not one: {more}");
}

#[test]
fn what_is_not_computed_in_parts_is_refused_by_name_with_all_else_that_is_wrong() {
    let mut case = ground(60, 20, &mut Dice(1));
    case.structures = vec![Structure {
        name: "Mill pump".into(),
        from: (3, 3),
        to: None,
        kind: StructureKind::Pump(Pump { capacity: 1.0, on_depth: 0.2, off_depth: 0.1, failed: None }),
    }];
    let problems = simulate_in_parts(&case, &mut Unobserved, 3).expect_err("two mistakes").0;
    let codes: Vec<u16> = problems.iter().map(|problem| problem.code.0).collect();
    assert_eq!(codes, [8661, 8662]);
    assert!(problems[0].text.contains("Mill pump"), "{}", problems[0].text);
    assert_eq!(Slab::most(60), 2);
}

/// Stops the run when it is asked for the second time.
struct Impatient(u32);

impl Observer for Impatient {
    fn progress(&mut self, _: &Progress) -> bool {
        self.0 += 1;
        self.0 < 2
    }
}

#[test]
fn one_observer_stops_all_parts_and_a_stop_of_the_water_is_told_of_the_right_cell() {
    let mut case = ground(130, 20, &mut Dice(1));
    case.rain = Series::constant(from_mm_h(60.0)).into();
    let problems = simulate_in_parts(&case, &mut Impatient(0), 3).expect_err("cancelled").0;
    assert_eq!(problems[0].code.0, 7001);
    case.inflows = vec![Inflow {
        name: "a river in a gutter".into(),
        cells: vec![(100, 7)],
        discharge: Series::constant(1e30),
    }];
    let whole = simulate(&case, &mut Unobserved).expect_err("too fast").0;
    let parts = simulate_in_parts(&case, &mut Unobserved, 4).expect_err("too fast").0;
    assert_eq!(format!("{whole:?}"), format!("{parts:?}"));
    assert!(whole[0].code.0 == 5101 || whole[0].code.0 == 5102);
}
