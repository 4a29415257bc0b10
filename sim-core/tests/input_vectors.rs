//! Files of polygons, lines and points: what is read, and what is refused.

use std::path::PathBuf;

use sim_core::error::Problem;
use sim_core::grid::polygon_cells::cells_inside;
use sim_core::grid::vector::{Coord, Shape, ShapeKind, TextEncoding, VectorRequest};
use sim_core::grid::{Crs, Grid, LonLat};
use sim_core::input::vector::{VectorFile, read_vectors};

/// A grid of 100 by 100 cells of 10 m in UTM zone 49 N, and the longitude and latitude of its middle.
fn grid() -> (Grid, LonLat) {
    let crs = Crs::from_epsg(32649).expect("a known code");
    let grid = Grid { columns: 100, rows: 100, dx: 10.0, dy: 10.0, west: 690_000.0, south: 3_120_000.0, crs };
    let middle = grid.lon_lat(50, 50).expect("on Earth");
    (grid, middle)
}

fn request(kinds: &[ShapeKind]) -> VectorRequest {
    VectorRequest {
        kinds: kinds.to_vec(),
        label: Some("name".into()),
        people: Some("pop".into()),
        table: None,
        encoding: None,
        height: None,
    }
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn with(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).expect("writable");
        path
    }
}

fn read(text: &str, request: &VectorRequest, grid: &Grid) -> Result<VectorFile, Vec<Problem>> {
    let folder = Folder::new();
    let path = folder.with("layer.geojson", text);
    read_vectors(&path, "layer.geojson", request, grid).map_err(|problems| problems.0)
}

fn codes(text: &str, kinds: &[ShapeKind]) -> Vec<u16> {
    let problems = read(text, &request(kinds), &grid().0).expect_err("mistakes");
    problems.iter().map(|problem| problem.code.0).collect()
}

/// A feature with a geometry at the middle of the grid; `offsets` are ten-thousandths of a degree.
fn feature(kind: &str, offsets: &str, properties: &str) -> String {
    let (_, middle) = grid();
    let numbers: Vec<f64> = offsets.split(' ').map(|number| number.parse().expect("a number")).collect();
    let point =
        |pair: &[f64]| format!("[{:.7},{:.7}]", middle.lon + pair[0] * 1e-4, middle.lat + pair[1] * 1e-4);
    let points: Vec<String> = numbers.chunks_exact(2).map(point).collect();
    let coordinates = match kind {
        "Point" => points[0].clone(),
        "LineString" => format!("[{}]", points.join(",")),
        _ => format!("[[{}]]", points.join(",")),
    };
    format!(
        "{{\"type\":\"Feature\",\"geometry\":{{\"type\":\"{kind}\",\"coordinates\":{coordinates}}},\"properties\":{{{properties}}}}}"
    )
}

fn collection(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"bbox\":[0,0,1,1],\"features\":[{}]}}", features.join(","))
}

const SQUARE: &str = "0 0 10 0 10 10 0 10 0 0";
const NAMED: &str = "\"name\":\"north\",\"pop\":12";

#[test]
fn a_polygon_comes_into_the_plane_of_the_grid_with_its_attributes() {
    let (grid, middle) = grid();
    let text = collection(&[feature("Polygon", SQUARE, NAMED)]);
    let file = read(&text, &request(&[ShapeKind::Area]), &grid).expect("sound");
    let feature = &file.layer.features[0];
    assert_eq!((feature.number, feature.name().as_str(), feature.people), (1, "north", Some(12.0)));
    let Shape::Area(rings) = &feature.shape else { panic!("an area") };
    let (x, y) = grid.crs.from_lon_lat(middle).expect("in the zone");
    assert!((rings[0][0].x - x).abs() < 0.02 && (rings[0][0].y - y).abs() < 0.02, "{:?}", rings[0][0]);
    assert!(file.layer.warnings.is_empty());
    assert_eq!(file.files[0].1.len(), 64);
}

#[test]
fn every_mistake_of_a_file_is_told_with_its_feature() {
    let features = [
        feature("Polygon", "0 0 10 0 10 10 0 10", NAMED),
        feature("Polygon", "0 0 10 0 0 0", NAMED),
        feature("Polygon", "0 0 10 10 10 0 0 10 0 0", NAMED),
        feature("LineString", "0 0 10 10", NAMED),
        feature("Polygon", SQUARE, "\"name\":\"no number\""),
        feature("Polygon", SQUARE, "\"pop\":-3"),
        feature("Polygon", SQUARE, "\"pop\":\"12\""),
        "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[1]]]},\"properties\":{\"pop\":1}}".into(),
        "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Polygon\"},\"properties\":{\"pop\":1}}".into(),
    ];
    let problems =
        read(&collection(&features), &request(&[ShapeKind::Area]), &grid().0).expect_err("mistakes");
    let found: Vec<(u16, &str)> = problems
        .iter()
        .map(|problem| (problem.code.0, problem.place.spot.as_deref().unwrap_or_default()))
        .collect();
    let expected = [
        (2403, "feature 1"),
        (2404, "feature 2"),
        (2405, "feature 3"),
        (2409, "feature 4"),
        (2411, "feature 6"),
        (2411, "feature 7"),
        (2402, "feature 8"),
        (2402, "feature 9"),
        (2410, "feature 5"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn exchanged_coordinates_are_called_so() {
    let (_, at) = grid();
    let place = |x: f64, y: f64| {
        collection(&[format!(
            "{{\"type\":\"Feature\",\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{x},{y}]}},\"properties\":{{\"name\":\"a\",\"pop\":1}}}}"
        )])
    };
    assert_eq!(codes(&place(at.lat, at.lon), &[ShapeKind::Points]), [2406], "a latitude beyond the pole");
    assert_eq!(codes(&place(500_003.0, 3_100_002.0), &[ShapeKind::Points]), [2413], "metres");
    assert_eq!(codes(&place(at.lon + 1.0, at.lat), &[ShapeKind::Points]), [2408], "another place");
    // Northing and easting of a survey in the plane of the grid.
    let swapped = place(3_120_500.0, 690_500.0).replacen(
        '{',
        "{\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::32649\"}},",
        1,
    );
    assert_eq!(codes(&swapped, &[ShapeKind::Points]), [2406]);
}

#[test]
fn layers_that_say_nothing_are_refused() {
    assert_eq!(codes(&collection(&[]), &[ShapeKind::Area]), [2407]);
    assert_eq!(codes("", &[ShapeKind::Area]), [2407]);
    assert_eq!(codes("{\"type\":\"Feature\"}", &[ShapeKind::Area]), [2402]);
    assert_eq!(codes("[1,2", &[ShapeKind::Area]), [2402]);
    assert_eq!(codes(&"[".repeat(100_000), &[ShapeKind::Area]), [2402], "deep nesting");
    let unnamed = collection(&[feature("Polygon", SQUARE, "\"title\":\"x\",\"pop\":1")]);
    assert_eq!(codes(&unnamed, &[ShapeKind::Area]), [2410]);
}

#[test]
fn what_lies_outside_or_nowhere_is_left_out_and_told() {
    let nowhere = "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"pop\":1}}".to_owned();
    let features = [feature("Point", "0 0", NAMED), feature("Point", "9000 0", NAMED), nowhere];
    let file = read(&collection(&features), &request(&[ShapeKind::Points]), &grid().0).expect("sound");
    assert_eq!(file.layer.features.len(), 1);
    let codes: Vec<u16> = file.layer.warnings.iter().map(|warning| warning.code.0).collect();
    assert_eq!(codes, [2415, 2414]);
}

#[test]
fn a_local_plane_takes_only_what_claims_no_place_on_earth() {
    let local = Grid { crs: Crs::local(), west: 0.0, south: 0.0, ..grid().0 };
    let point = "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[5,7,3]},\"properties\":{\"name\":4,\"pop\":1}}";
    let plain = collection(&[point.into()]);
    let request = request(&[ShapeKind::Points]);
    let problems = read(&plain, &request, &local).expect_err("lon and lat have no place here");
    assert_eq!(problems[0].code.0, 2412);
    let in_the_plane = plain.replacen('{', "{\"crs\":null,", 1);
    let file = read(&in_the_plane, &request, &local).expect("sound");
    assert_eq!(file.layer.features[0].shape, Shape::Points(vec![Coord { x: 5.0, y: 7.0 }]));
    assert_eq!(file.layer.features[0].name(), "4");
    let problems = read(&in_the_plane, &request, &grid().0).expect_err("a place on Earth is asked for");
    assert_eq!(problems[0].code.0, 2412);
}

#[test]
fn the_winding_and_the_order_of_rings_and_heights_change_no_cell() {
    let (grid, middle) = grid();
    let at = |x: f64, y: f64, height: bool| {
        let z = if height { ",17.5" } else { "" };
        format!("[{:.7},{:.7}{z}]", middle.lon + x * 1e-4, middle.lat + y * 1e-4)
    };
    let ring = |numbers: [(f64, f64); 4], turned: bool, height: bool| {
        let mut points: Vec<String> =
            numbers.iter().chain(&numbers[..1]).map(|&(x, y)| at(x, y, height)).collect();
        if turned {
            points.reverse();
        }
        format!("[{}]", points.join(","))
    };
    let outer = [(-20.0, -20.0), (20.0, -18.0), (19.0, 22.0), (-21.0, 20.0)];
    let hole = [(-5.0, -5.0), (7.0, -4.0), (6.0, 5.0), (-4.0, 6.0)];
    let far = [(30.0, 30.0), (35.0, 30.0), (35.0, 36.0), (30.0, 35.0)];
    let cells = |polygons: &str| {
        let text = collection(&[format!(
            "{{\"type\":\"Feature\",\"geometry\":{{\"type\":\"MultiPolygon\",\"coordinates\":[{polygons}]}},\"properties\":{{{NAMED}}}}}"
        )]);
        let file = read(&text, &request(&[ShapeKind::Area]), &grid).expect("sound");
        cells_inside(&grid, file.layer.features[0].shape.paths())
    };
    let plain = cells(&format!(
        "[{},{}],[{}]",
        ring(outer, false, false),
        ring(hole, true, false),
        ring(far, false, false)
    ));
    assert!(plain.len() > 40, "{} spans", plain.len());
    for (first, second, third) in [(true, false, true), (true, true, true), (false, false, true)] {
        let other = cells(&format!(
            "[{}],[{},{}]",
            ring(far, third, true),
            ring(outer, first, true),
            ring(hole, second, false)
        ));
        assert_eq!(other, plain);
    }
}

#[test]
fn a_ring_over_the_antimeridian_keeps_its_size() {
    let crs = Crs::from_epsg(32760).expect("UTM zone 60 S");
    let (x, y) = crs.from_lon_lat(LonLat { lon: 180.0, lat: -18.0 }).expect("in the zone");
    let grid = Grid { columns: 200, rows: 200, dx: 10.0, dy: 10.0, west: x - 1000.0, south: y - 1000.0, crs };
    let text = collection(&["{\"type\":\"Feature\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[179.999,-18.001],\
        [-179.999,-18.001],[-179.999,-17.999],[179.999,-17.999],[179.999,-18.001]]]},\"properties\":{\"name\":\"a\",\"pop\":1}}"
        .into()]);
    let file = read(&text, &request(&[ShapeKind::Area]), &grid).expect("sound");
    let extent = file.layer.features[0].shape.extent();
    // 0.002 degrees: 212 m along the parallel, 221 m along the meridian.
    let (width, height) = (extent.high.x - extent.low.x, extent.high.y - extent.low.y);
    assert!((width - 212.0).abs() < 10.0 && (height - 221.0).abs() < 10.0, "{width} m by {height} m");
    assert!((extent.middle().x - x).abs() < 1.0);
}

/// A `.shp` of polygons, each of rings of points.
fn shp(polygons: &[&[&[(f64, f64)]]]) -> Vec<u8> {
    let mut data = vec![0; 100];
    data[..4].copy_from_slice(&9994_i32.to_be_bytes());
    for (number, rings) in polygons.iter().enumerate() {
        let mut record = 5_i32.to_le_bytes().to_vec();
        record.extend([0; 32]);
        let points: usize = rings.iter().map(|ring| ring.len()).sum();
        record.extend((rings.len() as i32).to_le_bytes());
        record.extend((points as i32).to_le_bytes());
        let mut start = 0_i32;
        for ring in *rings {
            record.extend(start.to_le_bytes());
            start += ring.len() as i32;
        }
        for (x, y) in rings.iter().copied().flatten() {
            record.extend(x.to_le_bytes());
            record.extend(y.to_le_bytes());
        }
        data.extend((number as i32 + 1).to_be_bytes());
        data.extend((record.len() as i32 / 2).to_be_bytes());
        data.extend(record);
    }
    data
}

/// A `.dbf` with a name of 8 bytes and a number of 6.
fn dbf(rows: &[(&[u8], &str)]) -> Vec<u8> {
    let mut data = vec![3, 126, 1, 1];
    data.extend((rows.len() as u32).to_le_bytes());
    data.extend(97_u16.to_le_bytes());
    data.extend(15_u16.to_le_bytes());
    data.resize(32, 0);
    for (name, kind, length) in [("name", b'C', 8), ("pop", b'N', 6)] {
        let mut field = name.as_bytes().to_vec();
        field.resize(32, 0);
        (field[11], field[16]) = (kind, length);
        data.extend(field);
    }
    data.push(b'\r');
    for (name, number) in rows {
        data.push(b' ');
        let mut cell = name.to_vec();
        cell.resize(8, b' ');
        data.extend(cell);
        data.extend(format!("{number:>6}").as_bytes());
    }
    data
}

const BLOCK: [(f64, f64); 5] = [
    (690_100.0, 3_120_100.0),
    (690_100.0, 3_120_200.0),
    (690_200.0, 3_120_200.0),
    (690_200.0, 3_120_100.0),
    (690_100.0, 3_120_100.0),
];

#[test]
fn a_shapefile_is_read_with_its_table_and_its_reference() {
    let folder = Folder::new();
    let path = folder.with("a.shp", shp(&[&[&BLOCK]]));
    let read = |request: &VectorRequest| {
        read_vectors(&path, "a.shp", request, &grid().0).map_err(|problems| problems.0[0].code.0)
    };
    let areas = request(&[ShapeKind::Area]);
    assert_eq!(read(&areas).expect_err("no table"), 2401);
    folder.with("a.dbf", dbf(&[("north".as_bytes(), "17")]));
    assert_eq!(read(&areas).expect_err("no reference"), 2412);
    folder.with("a.prj", "PROJCS[\"WGS_1984_UTM_Zone_49N\",GEOGCS[\"GCS_WGS_1984\"]]");
    let file = read(&areas).expect("sound");
    let feature = &file.layer.features[0];
    assert_eq!((feature.name().as_str(), feature.people), ("north", Some(17.0)));
    assert_eq!(feature.shape.extent().middle(), Coord { x: 690_150.0, y: 3_120_150.0 });
    let names: Vec<&str> = file.files.iter().map(|file| file.0.as_str()).collect();
    assert_eq!(names, ["a.shp", "a.dbf", "a.prj"]);
    assert_eq!(read(&request(&[ShapeKind::Lines])).expect_err("no lines"), 2409);
    // Ring left open; names in GBK; more rows than shapes; a number of points that is not there.
    folder.with("a.shp", shp(&[&[&BLOCK[..4]]]));
    assert_eq!(read(&areas).expect_err("open"), 2403);
    folder.with("a.shp", shp(&[&[&BLOCK]]));
    folder.with("a.dbf", dbf(&[(b"\xb1\xb1", "17")]));
    assert_eq!(read(&areas).expect_err("GBK"), 2418);
    folder.with("a.dbf", dbf(&[(b"a", "17"), (b"b", "18")]));
    assert_eq!(read(&areas).expect_err("two rows"), 2402);
    let mut data = shp(&[&[&BLOCK]]);
    data[148..152].copy_from_slice(&i32::MAX.to_le_bytes());
    folder.with("a.shp", data);
    assert_eq!(read(&areas).expect_err("a promise"), 2402);
    folder.with("a.shp", &shp(&[&[&BLOCK]])[..180]);
    assert_eq!(read(&areas).expect_err("cut off"), 2402);
}

/// A shapefile of one block whose name is written in some bytes, with a language driver.
fn named(folder: &Folder, name: &[u8], driver: u8) -> PathBuf {
    let path = folder.with("a.shp", shp(&[&[&BLOCK]]));
    let mut table = dbf(&[(name, "17")]);
    table[29] = driver;
    folder.with("a.dbf", table);
    folder.with("a.prj", "PROJCS[\"WGS_1984_UTM_Zone_49N\",GEOGCS[\"GCS_WGS_1984\"]]");
    path
}

/// "North village" in Chinese: U+5317 U+6751.
const NORTH_GBK: &[u8] = b"\xb1\xb1\xb4\xe5";
const NORTH: &str = "\u{5317}\u{6751}";

#[test]
fn names_in_gbk_are_read_where_the_file_or_the_user_says_so() {
    let areas = request(&[ShapeKind::Area]);
    let name_of = |folder: &Folder, driver: u8, request: &VectorRequest| {
        let path = named(folder, NORTH_GBK, driver);
        let file = read_vectors(&path, "a.shp", request, &grid().0).map_err(|problems| problems.0)?;
        assert!(file.layer.warnings.is_empty(), "{:?}", file.layer.warnings);
        let [("encoding", why)] = file.layer.understood.as_slice() else { panic!("one value") };
        Ok::<_, Vec<Problem>>((file.layer.features[0].name(), why.clone(), file.files.len()))
    };
    let folder = Folder::new();
    let (name, why, files) = name_of(&folder, 0x4D, &areas).expect("a driver");
    assert_eq!((name.as_str(), files), (NORTH, 3));
    assert!(why.starts_with("GBK") && why.contains("0x4D"), "{why}");
    let problems = name_of(&folder, 0, &areas).expect_err("nothing says GBK");
    assert_eq!(problems[0].code.0, 2418);
    let told = VectorRequest { encoding: Some(TextEncoding::Gbk), ..areas.clone() };
    let (name, why, _) = name_of(&folder, 0, &told).expect("the user says so");
    assert!(name == NORTH && why.contains("scenario"), "{why}");
    for label in ["GBK", "GB2312", "936", "cp936\r\n"] {
        folder.with("a.cpg", label);
        let (name, why, files) = name_of(&folder, 0x57, &areas).expect("a .cpg");
        assert_eq!((name.as_str(), files), (NORTH, 4), "the .cpg has its fingerprint");
        assert!(why.contains(label.trim()), "{why}");
    }
    folder.with("a.cpg", "UTF-8");
    let problems = name_of(&folder, 0x4D, &areas).expect_err("no UTF-8");
    assert_eq!((problems[0].code.0, problems[0].place.spot.as_deref()), (2450, Some("feature 1")));
    assert!(problems[0].text.contains("'name'") && problems[0].text.contains("B1 B1 B4 E5"));
    folder.with("a.cpg", "Klingon");
    assert_eq!(name_of(&folder, 0x4D, &areas).expect_err("no encoding")[0].code.0, 2451);
}

#[test]
fn a_letter_cut_in_two_is_told_and_utf_8_under_the_name_of_gbk_is_doubted() {
    let folder = Folder::new();
    let areas = request(&[ShapeKind::Area]);
    let path = named(&folder, b"\xb1\xb1\xb4", 0x4D);
    let problems = read_vectors(&path, "a.shp", &areas, &grid().0).expect_err("half a letter").0;
    assert_eq!((problems[0].code.0, problems[0].place.spot.as_deref()), (2450, Some("feature 1")));
    let path = named(&folder, NORTH.as_bytes(), 0x4D);
    let file = read_vectors(&path, "a.shp", &areas, &grid().0).expect("it decodes as GBK too");
    assert_eq!(file.layer.warnings[0].code.0, 2452);
    assert_ne!(file.layer.features[0].name(), NORTH);
}

#[test]
fn other_formats_are_named_as_such() {
    let folder = Folder::new();
    let path = folder.with("a.tab", "x");
    let problems =
        read_vectors(&path, "a.tab", &request(&[ShapeKind::Area]), &grid().0).expect_err("not read");
    assert_eq!(problems.0[0].code.0, 2401);
    assert!(problems.0[0].fix.as_deref().is_some_and(|fix| fix.contains("ogr2ogr")));
}
