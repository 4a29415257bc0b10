//! Tables of a GeoPackage: what is read, what is refused, and that nothing is written.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use sim_core::error::Problem;
use sim_core::grid::vector::{Coord, Shape, ShapeKind, VectorRequest};
use sim_core::grid::{Crs, Grid};
use sim_core::input::vector::{VectorFile, read_vectors};

fn grid() -> Grid {
    let crs = Crs::from_epsg(32649).expect("a known code");
    Grid { columns: 100, rows: 100, dx: 10.0, dy: 10.0, west: 690_000.0, south: 3_120_000.0, crs }
}

fn request() -> VectorRequest {
    VectorRequest {
        kinds: vec![ShapeKind::Area],
        label: Some("name".into()),
        people: Some("pop".into()),
        height: None,
        table: None,
        encoding: None,
    }
}

/// The blob of a polygon: header without envelope, then little-endian well-known binary.
fn polygon(srs_id: i32, ring: &[(f64, f64)]) -> Vec<u8> {
    let mut blob = vec![b'G', b'P', 0, 1];
    blob.extend(srs_id.to_le_bytes());
    blob.push(1);
    blob.extend(3_u32.to_le_bytes());
    blob.extend(1_u32.to_le_bytes());
    blob.extend((ring.len() as u32).to_le_bytes());
    for (x, y) in ring {
        blob.extend(x.to_le_bytes());
        blob.extend(y.to_le_bytes());
    }
    blob
}

fn block(west: f64) -> [(f64, f64); 5] {
    let (south, east, north) = (3_120_100.0, west + 100.0, 3_120_200.0);
    [(west, south), (west, north), (east, north), (east, south), (west, south)]
}

/// A package with one table of features after the standard, and a table without places.
fn package(path: &Path, table: &str, srs_id: i32) -> Connection {
    let database = Connection::open(path).expect("a new database");
    database
        .execute_batch(
            "PRAGMA application_id = 1196444487;
             CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,
               organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL);
             INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined', -1, 'NONE', -1, 'undefined'),
               ('UTM 49', 32649, 'epsg', 32649, ''), ('WGS 84', 4326, 'EPSG', 4326, ''),
               ('City plane', 900001, 'city', 7, '');
             CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL);
             CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
               geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL);
             CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT);
             INSERT INTO gpkg_contents VALUES ('notes', 'attributes');",
        )
        .expect("tables of the standard");
    add_table(&database, table, srs_id);
    database
}

fn add_table(database: &Connection, table: &str, srs_id: i32) {
    let quoted = table.replace('"', "\"\"");
    let create =
        format!("CREATE TABLE \"{quoted}\" (fid INTEGER PRIMARY KEY, geom BLOB, name TEXT, pop REAL)");
    database.execute(&create, []).expect("a table");
    database.execute("INSERT INTO gpkg_contents VALUES (?1, 'features')", [table]).expect("listed");
    database
        .execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', 'POLYGON', ?2)",
            params![table, srs_id],
        )
        .expect("described");
}

fn add(database: &Connection, table: &str, blob: Option<Vec<u8>>, name: &str, people: Option<f64>) {
    let insert =
        format!("INSERT INTO \"{}\" (geom, name, pop) VALUES (?1, ?2, ?3)", table.replace('"', "\"\""));
    database.execute(&insert, params![blob, name, people]).expect("a row");
}

fn read(path: &Path, request: &VectorRequest, grid: &Grid) -> Result<VectorFile, Vec<Problem>> {
    read_vectors(path, "a.gpkg", request, grid).map_err(|problems| problems.0)
}

fn codes(path: &Path, request: &VectorRequest) -> Vec<u16> {
    let problems = read(path, request, &grid()).expect_err("mistakes");
    problems.iter().map(|problem| problem.code.0).collect()
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.gpkg");
    (folder, path)
}

#[test]
fn a_table_is_read_with_its_attributes_and_its_reference() {
    let (_folder, path) = folder();
    let database = package(&path, "odd \"name\"", 32649);
    add(&database, "odd \"name\"", Some(polygon(32649, &block(690_100.0))), "\u{5317}\u{6751}", Some(17.0));
    add(&database, "odd \"name\"", None, "nowhere", Some(3.0));
    drop(database);
    let file = read(&path, &request(), &grid()).expect("sound");
    let feature = &file.layer.features[0];
    assert_eq!(
        (feature.number, feature.name().as_str(), feature.people),
        (1, "\u{5317}\u{6751}", Some(17.0))
    );
    assert_eq!(feature.shape.extent().middle(), Coord { x: 690_150.0, y: 3_120_150.0 });
    let warned: Vec<u16> = file.layer.warnings.iter().map(|warning| warning.code.0).collect();
    assert_eq!(warned, [2415], "a row without geometry");
    assert!(file.layer.understood[0].1.contains("odd \"name\""));
    assert_eq!((file.files.len(), file.files[0].1.len()), (1, 64));
}

#[test]
fn degrees_come_into_the_plane_and_a_local_plane_takes_only_a_plane() {
    let (_folder, path) = folder();
    let at = grid().lon_lat(50, 50).expect("on Earth");
    let ring: Vec<(f64, f64)> =
        [(0.0, 0.0), (1e-4, 0.0), (1e-4, 1e-4), (0.0, 0.0)].map(|(x, y)| (at.lon + x, at.lat + y)).to_vec();
    let database = package(&path, "zones", 4326);
    add(&database, "zones", Some(polygon(4326, &ring)), "a", Some(1.0));
    let file = read(&path, &request(), &grid()).expect("sound");
    let Shape::Area(rings) = &file.layer.features[0].shape else { panic!("an area") };
    assert!((rings[0][0].x - grid().x(50)).abs() < 0.02 && (rings[0][0].y - grid().y(50)).abs() < 0.02);
    let local = Grid { crs: Crs::local(), west: 0.0, south: 0.0, ..grid() };
    assert_eq!(read(&path, &request(), &local).expect_err("on Earth")[0].code.0, 2412);
    add_table(&database, "plane", -1);
    add(
        &database,
        "plane",
        Some(polygon(-1, &[(1.0, 1.0), (5.0, 1.0), (5.0, 5.0), (1.0, 1.0)])),
        "a",
        Some(1.0),
    );
    let plane = VectorRequest { table: Some("plane".into()), ..request() };
    assert_eq!(read(&path, &plane, &local).expect("the same plane").layer.features.len(), 1);
    assert_eq!(codes(&path, &plane), [2412]);
    add_table(&database, "city", 900_001);
    add(&database, "city", Some(polygon(900_001, &block(1.0))), "a", Some(1.0));
    let city = VectorRequest { table: Some("city".into()), ..request() };
    let problems = read(&path, &city, &grid()).expect_err("a reference of the city");
    assert!(problems[0].code.0 == 2412 && problems[0].text.contains("City plane"), "{problems:?}");
}

#[test]
fn the_table_is_named_where_there_are_several() {
    let (_folder, path) = folder();
    let database = package(&path, "zones", 32649);
    add_table(&database, "houses", 32649);
    add(&database, "houses", Some(polygon(32649, &block(690_100.0))), "a", Some(1.0));
    let problems = read(&path, &request(), &grid()).expect_err("which one");
    assert!(problems[0].code.0 == 2453 && problems[0].text.contains("'houses', 'zones'"), "{problems:?}");
    let named = |table: &str| VectorRequest { table: Some(table.into()), ..request() };
    assert_eq!(read(&path, &named("houses"), &grid()).expect("named").layer.features.len(), 1);
    assert_eq!(codes(&path, &named("zones")), [2407], "no rows");
    assert_eq!(codes(&path, &named("notes")), [2453], "no places");
    let other = VectorRequest { label: Some("Name".into()), ..named("houses") };
    assert_eq!(codes(&path, &other), [2410], "case counts, and no text takes the place of a column");
}

#[test]
fn every_mistake_of_a_table_is_told_with_its_row() {
    let (_folder, path) = folder();
    let database = package(&path, "zones", 32649);
    add(&database, "zones", Some(polygon(32649, &block(690_100.0)[..4])), "open", Some(1.0));
    add(&database, "zones", Some(polygon(4326, &block(690_100.0))), "elsewhere", Some(1.0));
    add(&database, "zones", Some(polygon(32649, &block(690_100.0))[..70].to_vec()), "cut", Some(1.0));
    add(&database, "zones", Some(b"POLYGON EMPTY".to_vec()), "text", Some(1.0));
    add(&database, "zones", Some(polygon(32649, &block(690_100.0))), "nobody", None);
    database
        .execute(
            "INSERT INTO zones (geom, name, pop) VALUES (?1, CAST(x'B1B1' AS TEXT), 1)",
            [polygon(32649, &block(690_100.0))],
        )
        .expect("a row in GBK");
    let problems = read(&path, &request(), &grid()).expect_err("mistakes");
    let found: Vec<(u16, &str)> = problems
        .iter()
        .map(|problem| (problem.code.0, problem.place.spot.as_deref().unwrap_or_default()))
        .collect();
    let expected = [
        (2403, "feature 1"),
        (2402, "feature 2"),
        (2402, "feature 3"),
        (2402, "feature 4"),
        (2450, "feature 6"),
        (2410, "feature 5"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_is_no_package_is_refused() {
    let (folder, path) = folder();
    let write = |bytes: &[u8]| std::fs::write(&path, bytes).expect("writable");
    write(b"PK not a database");
    assert_eq!(codes(&path, &request()), [2402]);
    write(b"SQLite format 3\0");
    assert_eq!(codes(&path, &request()), [2402]);
    let other = folder.path().join("b.gpkg");
    let database = package(&other, "zones", 32649);
    add(&database, "zones", Some(polygon(32649, &block(690_100.0))), "a", Some(1.0));
    drop(database);
    let bytes = std::fs::read(&other).expect("just written");
    write(&bytes[..bytes.len() / 2]);
    assert_eq!(codes(&path, &request()), [2402], "cut off");
    let plain = folder.path().join("c.gpkg");
    Connection::open(&plain).expect("new").execute_batch("CREATE TABLE t (a)").expect("a table");
    assert_eq!(codes(&plain, &request()), [2402], "a database without the tables of the standard");
}

/// Names and bytes of all files of a folder.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read(path).expect("readable"))).collect()
}

#[test]
fn reading_writes_nothing_and_changes_beside_the_file_are_not_overlooked() {
    let (folder, path) = folder();
    let database = package(&path, "zones", 32649);
    add(&database, "zones", Some(polygon(32649, &block(690_100.0))), "a", Some(1.0));
    let mode: String = database.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).expect("a mode");
    assert_eq!(mode, "wal");
    add(&database, "zones", Some(polygon(32649, &block(690_300.0))), "late", Some(1.0));
    let before = contents(folder.path());
    assert!(before.len() > 1, "the program that has it open keeps its changes beside it");
    assert_eq!(codes(&path, &request()), [2454]);
    assert_eq!(contents(folder.path()), before);
    drop(database);
    let before = contents(folder.path());
    assert_eq!((before.len(), before[0].1[18]), (1, 2), "merged, and still marked as WAL");
    let file = read(&path, &request(), &grid()).expect("sound");
    assert_eq!(file.layer.features.len(), 2);
    assert_eq!(contents(folder.path()), before);
}
