//! A million buildings against a city of sixteen million cells, prepared and from files, and a
//! shore of a million points.
//!
//! `cargo test --release -p sim-core --test exposure_speed -- --ignored --nocapture`

#![allow(clippy::print_stdout, reason = "a measurement is there to be read")]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
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
    VectorFeature { number, shape: Shape::Area(vec![ring]), label: None, people: Some(3.0), height: None }
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
        crossings: Vec::new(),
        places: Places::default(),
        diaries: Vec::new(),
        exposure: Vec::new(),
        buildings: Default::default(),
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
    let request = VectorRequest { kinds: vec![ShapeKind::Area], ..VectorRequest::default() };
    let started = Instant::now();
    let file = read_vectors(&path, "shore.geojson", &request, &grid).expect("a sound ring");
    let reading = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let spans = cells_inside(&grid, file.layer.features[0].shape.paths());
    let rasterising = started.elapsed().as_secs_f64();
    println!("{reading:.2} s to read and check, {rasterising:.2} s for {} spans", spans.len());
    assert!(reading + rasterising <= LONGEST);
}

/// A grid of 20 km by 20 km in UTM zone 49 N.
fn city() -> Grid {
    let crs = Crs::from_epsg(32649).expect("a known code");
    Grid { columns: SIDE, rows: SIDE, dx: 5.0, dy: 5.0, west: 680_000.0, south: 3_110_000.0, crs }
}

/// Ring of a footprint of eight corners: two wings at a right angle.
fn footprint(number: usize) -> [Coord<f64>; 9] {
    const CORNERS: [(f64, f64); 9] =
        [(0., 0.), (9., 0.), (9., 4.), (5., 4.), (5., 9.), (3., 9.), (3., 11.), (0., 11.), (0., 0.)];
    let pitch = 5.0 * SIDE as f64 / BUILDINGS as f64;
    let (sin, cos) = ((number % 97) as f64 * 0.016).sin_cos();
    let west = 680_000.0 + ((number % BUILDINGS) as f64 + 0.3) * pitch;
    let south = 3_110_000.0 + ((number / BUILDINGS) as f64 + 0.1) * pitch;
    CORNERS.map(|(x, y)| Coord { x: west + x * cos - y * sin, y: south + x * sin + y * cos })
}

const FOOTPRINTS: usize = BUILDINGS * BUILDINGS;

fn write_geojson(path: &Path, grid: &Grid) {
    let mut file = BufWriter::new(File::create(path).expect("writable"));
    write!(file, "{{\"type\":\"FeatureCollection\",\"features\":[").expect("disk");
    for number in 0..FOOTPRINTS {
        let comma = if number == 0 { "" } else { ",\n" };
        write!(file, "{comma}{{\"type\":\"Feature\",\"properties\":{{\"osm_id\":\"{number}\",\"name\":\"house {number}\",\"pop\":3}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[").expect("disk");
        for (i, at) in footprint(number).into_iter().enumerate() {
            let at = grid.crs.to_lon_lat(at.x, at.y).expect("on Earth");
            write!(file, "{}[{:.7},{:.7}]", if i == 0 { "" } else { "," }, at.lon, at.lat).expect("disk");
        }
        write!(file, "]]}}}}").expect("disk");
    }
    write!(file, "]}}").expect("disk");
}

fn write_geo_package(path: &Path) {
    let mut database = rusqlite::Connection::open(path).expect("a new database");
    database
        .execute_batch(
            "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
               organization_coordsys_id INTEGER);
             INSERT INTO gpkg_spatial_ref_sys VALUES ('UTM 49', 32649, 'EPSG', 32649);
             CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT);
             INSERT INTO gpkg_contents VALUES ('houses', 'features');
             CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
             INSERT INTO gpkg_geometry_columns VALUES ('houses', 'geom', 32649);
             CREATE TABLE houses (fid INTEGER PRIMARY KEY, geom BLOB, osm_id TEXT, name TEXT, pop INTEGER);",
        )
        .expect("tables");
    let all = database.transaction().expect("one");
    {
        let insert = "INSERT INTO houses (geom, osm_id, name, pop) VALUES (?1, ?2, ?3, 3)";
        let mut insert = all.prepare(insert).expect("a statement");
        for number in 0..FOOTPRINTS {
            let ring = footprint(number);
            let mut blob = vec![b'G', b'P', 0, 1];
            blob.extend(32649_i32.to_le_bytes());
            blob.push(1);
            for count in [3, 1, ring.len() as u32] {
                blob.extend(count.to_le_bytes());
            }
            ring.iter().for_each(|at| blob.extend([at.x.to_le_bytes(), at.y.to_le_bytes()].concat()));
            insert.execute((blob, number.to_string(), format!("house {number}"))).expect("a row");
        }
    }
    all.commit().expect("disk");
}

fn write_shapefile(path: &Path) {
    let mut file = BufWriter::new(File::create(path).expect("writable"));
    let mut put = |bytes: &[u8]| file.write_all(bytes).expect("disk");
    put(&9994_i32.to_be_bytes());
    put(&[0; 96]);
    for number in 0..FOOTPRINTS {
        let ring = footprint(number);
        put(&(number as i32 + 1).to_be_bytes());
        put(&((48 + 16 * ring.len() as i32) / 2).to_be_bytes());
        put(&5_i32.to_le_bytes());
        put(&[0; 32]);
        [1, ring.len() as i32, 0].into_iter().for_each(|count| put(&count.to_le_bytes()));
        ring.iter().for_each(|at| put(&[at.x.to_le_bytes(), at.y.to_le_bytes()].concat()));
    }
    let mut file = BufWriter::new(File::create(path.with_extension("dbf")).expect("writable"));
    let mut put = |bytes: &[u8]| file.write_all(bytes).expect("disk");
    put(&[3, 126, 1, 1]);
    put(&(FOOTPRINTS as u32).to_le_bytes());
    put(&[97_u16.to_le_bytes(), 27_u16.to_le_bytes()].concat());
    put(&[0; 20]);
    for (name, kind, length) in [("name", b'C', 20), ("pop", b'N', 6)] {
        let mut field = [0; 32];
        field[..name.len()].copy_from_slice(name.as_bytes());
        (field[11], field[16]) = (kind, length);
        put(&field);
    }
    put(b"\r");
    (0..FOOTPRINTS).for_each(|number| put(format!(" {:<20}{:>6}", format!("house {number}"), 3).as_bytes()));
    std::fs::write(path.with_extension("prj"), "PROJCS[\"WGS_1984_UTM_Zone_49N\",GEOGCS[\"GCS_WGS_1984\"]]")
        .expect("writable");
    std::fs::write(path.with_extension("cpg"), "GBK").expect("writable");
}

#[test]
#[ignore = "measures time; run it in release"]
fn a_million_footprints_come_from_their_file_into_the_sums_in_seconds() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = |name: &str| folder.path().join(name);
    let grid = city();
    write_geojson(&place("houses.geojson"), &grid);
    write_geo_package(&place("houses.gpkg"));
    write_shapefile(&place("houses.shp"));
    let request = VectorRequest {
        kinds: vec![ShapeKind::Area],
        label: Some("name".into()),
        people: Some("pop".into()),
        height: None,
        table: None,
        encoding: None,
    };
    let mut slow = Vec::new();
    for name in ["houses.geojson", "houses.gpkg", "houses.shp"] {
        let mut evidence = Evidence { grid: grid.clone(), ..evidence() };
        let started = Instant::now();
        let file = read_vectors(&place(name), name, &request, &grid).expect("sound");
        let reading = started.elapsed().as_secs_f64();
        let things = Things::Buildings(file.layer.features);
        evidence.exposure = vec![Arc::new(Exposed { name: "buildings".into(), things })];
        let layers = Exposure.layers(&evidence);
        let all = started.elapsed().as_secs_f64();
        let size = std::fs::metadata(place(name)).expect("a file").len() as f64 / 1e6;
        println!("{name}, {size:.0} MB: {reading:.2} s to read and check, {all:.2} s with the sums");
        let Layer::Table(zones) = &layers[0] else { panic!("a table") };
        let at = zones.columns.iter().position(|column| column.name == "buildings").expect("a column");
        assert_eq!(zones.rows[0][at], Value::Integer(FOOTPRINTS as i64));
        if all > LONGEST {
            slow.push(name);
        }
    }
    assert!(slow.is_empty(), "{slow:?}");
}
