//! A million buildings against a city of sixteen million cells, and a shore of a million points.
//!
//! `cargo test --release -p sim-core --test exposure_speed -- --ignored --nocapture`

#![allow(clippy::print_stdout, reason = "a measurement is there to be read")]

use std::sync::Arc;
use std::time::Instant;

use sim_core::flood::exposure::{Exposed, Things};
use sim_core::flood::place::Places;
use sim_core::flood::product::{DepthClass, Evidence, Exceedance, Exposure, ProductSettings};
use sim_core::grid::polygon_cells::cells_inside;
use sim_core::grid::vector::{Coord, Shape, ShapeKind, VectorFeature, VectorRequest};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::input::vector::read_vectors;
use sim_core::product::{Layer, Product, Value};

/// Cells of 5 m on a side of the area, and buildings on a side of it.
const SIDE: usize = 4000;
const BUILDINGS: usize = 1000;

/// Wall time allowed on two cores, s.
const LONGEST: f64 = 5.0;

fn square(number: usize, west: f64, south: f64, side: f64, turn: f64) -> VectorFeature {
    let (sin, cos) = turn.sin_cos();
    let corner = |x: f64, y: f64| Coord {
        x: west + side * (x * cos - y * sin),
        y: south + side * (x * sin + y * cos),
    };
    let ring = vec![corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.0, 1.0), corner(0.0, 0.0)];
    VectorFeature { number, shape: Shape::Area(vec![ring]), label: None, people: Some(3.0) }
}

fn evidence() -> Evidence {
    let grid = Grid { columns: SIDE, rows: SIDE, dx: 5.0, dy: 5.0, west: 0.0, south: 0.0, crs: Crs::local() };
    // Ponds of a hundred metres: about a third of the ground is under water.
    let max_depth = Field::from_shape_fn(grid.shape(), |(row, column)| {
        let wave = (column as f64 * 0.05).sin() * (row as f64 * 0.05).sin();
        (0.8 * wave).max(0.0)
    });
    let class = |from: f64, label: &str| DepthClass {
        from,
        label: label.into(),
        label_zh: label.into(),
        colour: [0; 3],
    };
    let exceedance = Exceedance {
        depth: 0.15,
        first_above: max_depth.mapv(|depth| if depth > 0.15 { 600.0 } else { f64::INFINITY }),
        time_above: max_depth.mapv(|depth| if depth > 0.15 { 900.0 } else { 0.0 }),
    };
    Evidence {
        bed: grid.filled(0.0),
        time_of_maximum: grid.filled(0.0),
        max_speed: grid.filled(0.1),
        exceedances: vec![exceedance],
        hazards: Vec::new(),
        manholes: Vec::new(),
        last_depth: grid.filled(0.0),
        releases: Vec::new(),
        settings: ProductSettings {
            arrival_depth: 0.15,
            waterlogging_depth: 0.15,
            waterlogging_area: 20.0,
            classes: vec![class(0.15, "15"), class(0.27, "27"), class(0.4, "40"), class(0.6, "60")],
            wanted: vec!["exposure".into()],
        },
        services: Vec::new(),
        places: Places::default(),
        diaries: Vec::new(),
        exposure: Vec::new(),
        duration: 3600.0,
        max_depth,
        grid,
    }
}

#[test]
#[ignore = "measures time; run it in release"]
fn a_million_buildings_and_four_hundred_zones_take_less_than_five_seconds() {
    let mut evidence = evidence();
    let pitch = 5.0 * SIDE as f64 / BUILDINGS as f64;
    let buildings = (0..BUILDINGS * BUILDINGS).map(|i| {
        let (row, column) = (i / BUILDINGS, i % BUILDINGS);
        let turn = (i % 97) as f64 * 0.016;
        square(i + 1, (column as f64 + 0.3) * pitch, (row as f64 + 0.1) * pitch, 10.0, turn)
    });
    let zone = |i: usize| square(i + 1, 1000.0 * (i % 20) as f64, 1000.0 * (i / 20) as f64, 1000.0, 0.0);
    let exposed = |name: &str, things| Arc::new(Exposed { name: name.into(), things });
    evidence.exposure = vec![
        exposed("buildings", Things::Buildings(buildings.collect())),
        exposed("zones", Things::Zones((0..400).map(zone).collect())),
        exposed("people", Things::People(evidence.grid.filled(0.25))),
    ];
    let started = Instant::now();
    let layers = Exposure.layers(&evidence);
    let seconds = started.elapsed().as_secs_f64();
    let tables: Vec<_> = layers
        .iter()
        .filter_map(|layer| if let Layer::Table(table) = layer { Some(table) } else { None })
        .collect();
    let [zones, buildings] = tables[..] else { panic!("two tables") };
    println!("{seconds:.2} s, {} buildings hit", buildings.rows.len());
    let at = zones.columns.iter().position(|column| column.name == "buildings").expect("a column");
    let count =
        |row: &Vec<Value>| if let Value::Integer(count) = row[at] { count } else { panic!("a count") };
    assert_eq!(count(&zones.rows[0]), 1_000_000);
    assert_eq!(
        zones.rows[1..].iter().map(count).sum::<i64>(),
        1_000_000,
        "zones that tile the area share no building"
    );
    assert!(seconds <= LONGEST, "{seconds} s");
}

#[test]
#[ignore = "measures time; run it in release"]
fn a_ring_of_a_million_points_is_read_and_checked_in_seconds() {
    use std::fmt::Write as _;
    const POINTS: u32 = 1_000_000;
    let mut text = String::from(
        "{\"type\":\"FeatureCollection\",\"crs\":null,\"features\":[{\"type\":\"Feature\",\"properties\":{},\
         \"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[",
    );
    for point in (0..POINTS).chain([0]) {
        let angle = f64::from(point) * std::f64::consts::TAU / f64::from(POINTS);
        // A shore with a thousand bays.
        let radius = 9000.0 + 800.0 * (1000.0 * angle).sin();
        let comma = if text.ends_with('[') { "" } else { "," };
        let (x, y) = (10_000.0 + radius * angle.cos(), 10_000.0 + radius * angle.sin());
        write!(text, "{comma}[{x:.6},{y:.6}]").expect("memory");
    }
    text.push_str("]]}}]}");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("shore.geojson");
    std::fs::write(&path, text).expect("writable");
    let grid = Grid { columns: SIDE, rows: SIDE, dx: 5.0, dy: 5.0, west: 0.0, south: 0.0, crs: Crs::local() };
    let request = VectorRequest { kinds: vec![ShapeKind::Area], label: None, people: None };
    let started = Instant::now();
    let file = read_vectors(&path, "shore.geojson", &request, &grid).expect("a sound ring");
    let reading = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let spans = cells_inside(&grid, file.layer.features[0].shape.paths());
    let rasterising = started.elapsed().as_secs_f64();
    println!("{reading:.2} s to read and check, {rasterising:.2} s for {} spans", spans.len());
    assert!(reading + rasterising <= LONGEST);
}
