//! Whole result folders: read back, refused, replaced, repeated.
//!
//! With `TUIYAN_SAMPLE_DIR` set the sample folders stay there, for
//! `validation/formats/check_outputs.py` and for the eye.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use geo_types::{Geometry, LineString, Point, Polygon};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::output::{FolderLock, Format, Options, write_run};
use sim_core::product::{
    Arrow, Class, Column, Feature, FieldInfo, Frames, Layer, Map, Products, Raster, Scalar, Shapes, Table,
    Value,
};
use sim_core::run::record::InputFile;
use sim_core::run::{Ledger, Record};

const INJECTION: &str = "<script>alert('x')</script> & \"co\" 第一中学";

fn record(hazard: &'static str) -> Record {
    Record {
        version: "0.1.0".into(),
        commit: "abc1234".into(),
        status: "done",
        hazard,
        title: "Sample".into(),
        scenario_sha256: "0".repeat(64),
        overrides: Vec::new(),
        understood: serde_json::json!({"rain": 1.0}),
        inputs: vec![InputFile { path: "/home/someone/dem.tif".into(), sha256: "1".repeat(64) }],
        device: "cpu".into(),
        device_reason: None,
        threads: 2,
        ranks: None,
        cells: 0,
        steps: 10,
        wet_share: 0.1,
        wall_seconds: 1.0,
        cell_steps_per_second: 1e6,
        memory_bytes: 1,
        bytes_per_second: 1.0,
        ledger: Ledger::close("m3", 0.0, 1.0, vec![("rain".into(), 1.0)]),
        summary: vec!["one".into()],
        observed: Vec::new(),
        warnings: vec![],
        changes: vec![],
        not_modelled: vec!["storm sewers".into()],
        products: vec![],
    }
}

fn info(
    name: &str,
    title: &str,
    unit: &str,
    standard_name: Option<&str>,
    methods: Option<&str>,
) -> FieldInfo {
    FieldInfo {
        name: name.into(),
        title: title.into(),
        title_zh: "标题".into(),
        unit: unit.into(),
        meaning: format!("{title} of the sample."),
        standard_name: standard_name.map(Into::into),
        cell_methods: methods.map(Into::into),
    }
}

fn classes(steps: &[(f64, &str, [u8; 3])]) -> Vec<Class> {
    steps
        .iter()
        .map(|(from, label, colour)| Class { from: *from, label: (*label).into(), colour: *colour })
        .collect()
}

/// Hills with a valley through them, m.
fn terrain(grid: &Grid) -> Field {
    Field::from_shape_fn(grid.shape(), |(row, column)| {
        let (x, y) = (column as f64 / grid.columns as f64, row as f64 / grid.rows as f64);
        let bed = 0.5 + 0.18 * (6.0 * x).sin() + 0.05 * (17.0 * x).sin();
        40.0 + 30.0 * ((y - bed).abs() * 3.0).min(1.0).powi(2)
            + 4.0 * (11.0 * x).sin() * (9.0 * y).cos()
            + 1.5 * (31.0 * x + 3.0).sin() * (27.0 * y).sin()
    })
}

fn depth(grid: &Grid, terrain: &Field, level: f64) -> Field {
    let tilt = |column: usize| 1.5 * column as f64 / grid.columns as f64;
    Field::from_shape_fn(grid.shape(), |(row, column)| {
        let depth = level - tilt(column) - terrain[(row, column)];
        if depth > 0.01 { depth } else { f64::NAN }
    })
}

fn circle(x: f64, y: f64, radius: f64, clockwise: bool) -> Polygon<f64> {
    let ring = (0..=72).map(|i| {
        let angle = f64::from(if clockwise { -i } else { i }) * 5_f64.to_radians();
        (x + radius * angle.cos(), y + radius * angle.sin())
    });
    let mut ring: Vec<_> = ring.collect();
    ring[72] = ring[0];
    Polygon::new(LineString::from(ring), vec![])
}

fn plume(x: f64, y: f64, length: f64, width: f64) -> Polygon<f64> {
    let along = (0..=40).map(|i| f64::from(i) / 40.0);
    let side = |sign: f64| {
        move |s: f64| (x + length * s, y + sign * width * (s * (1.0 - s)).sqrt() * (1.0 - 0.3 * s))
    };
    let mut ring: Vec<_> = along.clone().map(side(-1.0)).chain(along.rev().map(side(1.0))).collect();
    ring.push(ring[0]);
    Polygon::new(LineString::from(ring), vec![])
}

fn flood(grid: Grid) -> Products {
    let ground = terrain(&grid);
    let blues = classes(&[
        (0.15, "0.15 – 0.30", [198, 219, 239]),
        (0.30, "0.30 – 0.50", [133, 188, 220]),
        (0.50, "0.50 – 1.00", [66, 146, 198]),
        (1.00, "1.00 – 2.00", [21, 96, 168]),
        (2.00, "more than 2.00", [8, 40, 98]),
    ]);
    let deep = depth(&grid, &ground, 44.0);
    let arrival = deep.mapv(|d| if d > 0.15 { 7200.0 / (d + 1.0) } else { f64::NAN });
    let threshold = Scalar {
        name: "threshold".into(),
        standard_name: Some("flood_water_thickness".into()),
        unit: "m".into(),
        value: 0.15,
    };
    let times = vec![0.0, 1800.0, 3600.0];
    let frames = [42.5, 43.2, 44.0].map(|level| depth(&grid, &ground, level).mapv(|d| d as f32)).to_vec();
    let (mx, my) = (0.5 * (grid.west + grid.east()), 0.5 * (grid.south + grid.north()));
    let span = grid.east() - grid.west;
    let place = |x: f64, y: f64| Geometry::Point(Point::new(mx + x * span, my + y * span));
    let point = |label: &str, x: f64, y: f64, depth: f64| Feature {
        geometry: place(x, y),
        label: label.into(),
        values: vec![Value::Text(label.into()), Value::Number(depth), Value::Missing],
        colour: [213, 94, 0],
    };
    let columns = vec![
        Column::new("site", "", "Name of the point."),
        Column::new("max_depth", "m", "Largest depth."),
        Column::new("onset_min", "min", "Minutes until 0.15 m."),
    ];
    let points = vec![
        point("Wuyi Underpass", -0.13, 0.09, 1.2),
        point("Railway Station", 0.18, -0.03, 0.4),
        point(INJECTION, 0.05, -0.14, 0.3),
    ];
    let rows = points.iter().map(|feature| feature.values.clone()).collect();
    let depth_info =
        info("max_depth", "Maximum depth", "m", Some("flood_water_thickness"), Some("time: maximum"));
    let arrival_info =
        info("arrival", "Arrival time", "s", Some("time_when_flood_water_rises_above_threshold"), None);
    let frame_info = info("depth", "Depth", "m", Some("flood_water_thickness"), Some("time: point"));
    let hot = classes(&[(0.0, "first half hour", [189, 0, 38]), (1800.0, "first hour", [253, 141, 60])]);
    let layers = vec![
        Layer::Raster(Raster { info: depth_info, values: deep, scalars: vec![], classes: blues }),
        Layer::Raster(Raster { info: arrival_info, values: arrival, scalars: vec![threshold], classes: hot }),
        Layer::Frames(Frames { info: frame_info, times, values: frames }),
        Layer::Shapes(Shapes {
            info: info("waterlogging", "Waterlogging points", "", None, None),
            columns: columns.clone(),
            features: points,
        }),
        Layer::Table(Table {
            info: info("waterlogging", "Waterlogging points", "", None, None),
            columns,
            rows,
        }),
    ];
    let map = Map {
        name: "map_max_depth".into(),
        title: "Maximum depth of water".into(),
        subtitle: "Changsha, return period 50 years, 2 h of rain; where and how deep".into(),
        terrain: Some(ground),
        closed: None,
        raster: Some("max_depth".into()),
        shapes: vec!["waterlogging".into()],
        solid: Vec::new(),
        hollow: Vec::new(),
        markers: vec![
            (mx - 0.3 * span, my + 0.05 * span, "People's Hospital".into()),
            (mx - 0.295 * span, my + 0.052 * span, "Primary school 第一小学".into()),
            (mx + 9.0 * span, my, "Far away".into()),
        ],
        arrow: None,
        not_modelled: "storm sewers, buildings as obstacles, infiltration".into(),
    };
    Products {
        grid,
        layers,
        maps: vec![map],
        plots: Vec::new(),
        not_modelled: vec!["storm sewers".into(), "buildings".into()],
        credits: vec!["Ground: a made-up survey".into()],
    }
}

fn gas(grid: Grid) -> Products {
    let (x, y) = (grid.west + 0.2 * (grid.east() - grid.west), 0.5 * (grid.south + grid.north()));
    let zone = |label: &str, length: f64, width: f64, colour| Feature {
        geometry: plume(x, y, length, width).into(),
        label: label.into(),
        values: vec![
            Value::Text(label.into()),
            Value::Number(length),
            Value::Integer(120),
            Value::Flag(true),
        ],
        colour,
    };
    let columns = vec![
        Column::new("level", "", "Level of concern."),
        Column::new("distance", "m", "Farthest reach."),
        Column::new("people", "1", "Residents inside."),
        Column::new("evacuate", "", "Whether to leave."),
    ];
    let features = vec![
        zone("AEGL-3 (20 ppm)", 620.0, 210.0, [189, 0, 38]),
        zone("AEGL-2 (2 ppm)", 1500.0, 520.0, [253, 141, 60]),
        zone("AEGL-1 (0.5 ppm)", 2600.0, 980.0, [254, 217, 118]),
    ];
    let mut ring = circle(x, y, 400.0, true);
    ring.interiors_push(circle(x, y, 300.0, true).exterior().clone());
    let radius = Feature {
        geometry: ring.into(),
        label: "Initial isolation".into(),
        values: vec![],
        colour: [0, 114, 178],
    };
    let values = Field::from_shape_fn(grid.shape(), |(row, column)| {
        let (dx, dy) = (grid.x(column) - x, grid.y(row) - y);
        let width = 30.0 + 0.12 * dx;
        if dx > 0.0 { 0.02 / (1.0 + dx / 100.0).powi(2) * (-(dy / width).powi(2)).exp() } else { 0.0 }
    });
    let peak = info("peak", "Peak concentration of chlorine", "kg m-3", None, Some("time: maximum"));
    let warm = classes(&[
        (1.45e-6, "0.5 ppm and more", [254, 217, 118]),
        (5.8e-6, "2 ppm and more", [253, 141, 60]),
        (5.8e-5, "20 ppm and more", [189, 0, 38]),
    ]);
    let map = |name: &str, raster: Option<&str>, markers| Map {
        name: name.into(),
        title: "Threat zones of the chlorine release".into(),
        subtitle: "Chemical park, 50 kg/s for 10 min; who must leave, how far".into(),
        terrain: None,
        closed: None,
        raster: raster.map(Into::into),
        shapes: vec!["zones".into(), "isolation".into()],
        solid: Vec::new(),
        hollow: Vec::new(),
        markers,
        arrow: Some(Arrow { heading: 0.0, label: "Wind from W (270°), 2.0 m/s, class D".into() }),
        not_modelled: "buildings, terrain, changes of the wind".into(),
    };
    let markers = vec![(x, y, "Release".to_string()), (x + 1200.0, y - 300.0, "Kindergarten".to_string())];
    Products {
        credits: Vec::new(),
        maps: vec![map("map_zones", None, markers.clone()), map("map_peak", Some("peak"), markers)],
        plots: Vec::new(),
        layers: vec![
            Layer::Raster(Raster { info: peak, values, scalars: vec![], classes: warm }),
            Layer::Shapes(Shapes { info: info("zones", "Threat zones", "", None, None), columns, features }),
            Layer::Shapes(Shapes {
                info: info("isolation", "Isolation distance", "", None, None),
                columns: vec![],
                features: vec![radius],
            }),
        ],
        grid,
        not_modelled: vec!["buildings".into()],
    }
}

fn grid(epsg: Option<u32>, west: f64, south: f64, columns: usize, rows: usize, cell: f64) -> Grid {
    let crs = epsg.map_or_else(Crs::local, |code| Crs::from_epsg(code).expect("a known code"));
    Grid { columns, rows, dx: cell, dy: cell, west, south, crs }
}

fn utm49() -> Grid {
    grid(Some(32649), 694_000.0, 3_119_000.0, 640, 520, 10.0)
}

fn small() -> Grid {
    grid(Some(32649), 694_000.0, 3_119_000.0, 60, 40, 100.0)
}

fn options() -> Options {
    Options {
        start: Some("2026-07-01T08:00:00Z".into()),
        duration: Some(3600.0),
        scenario_text: Some("hazard = \"flood\"\n".into()),
        ..Options::default()
    }
}

struct Folder {
    path: PathBuf,
    _temporary: Option<tempfile::TempDir>,
}

/// A folder that stays if `TUIYAN_SAMPLE_DIR` is set.
fn sample_folder(name: &str) -> Folder {
    match std::env::var_os("TUIYAN_SAMPLE_DIR") {
        Some(root) => Folder { path: Path::new(&root).join(name), _temporary: None },
        None => {
            let temporary = tempfile::tempdir().expect("a temporary folder");
            Folder { path: temporary.path().join(name), _temporary: Some(temporary) }
        }
    }
}

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(dir)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable"))
        .map(|entry| {
            (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).expect("readable"))
        })
        .collect()
}

#[test]
fn every_sample_holds_every_file_that_its_record_lists() {
    for (name, products, hazard) in [
        ("flood_utm49", flood(utm49()), "flood"),
        ("flood_british", flood(grid(Some(27700), 530_000.0, 180_000.0, 300, 200, 20.0)), "flood"),
        ("flood_cgcs2000", flood(grid(Some(4547), 398_000.0, 3_120_000.0, 1200, 300, 5.0)), "flood"),
        ("flood_geographic", flood(grid(Some(4490), 112.9, 28.1, 240, 160, 0.0002)), "flood"),
        ("flood_local", flood(grid(None, 0.0, 0.0, 150, 200, 1.0)), "flood"),
        ("gas_utm49", gas(grid(Some(32649), 694_000.0, 3_119_000.0, 500, 400, 10.0)), "gas"),
    ] {
        let folder = sample_folder(name);
        let mut record = record(hazard);
        write_run(&folder.path, &products, &mut record, &options()).expect("sound products");
        let files = files(&folder.path);
        assert!(files.contains_key("run.json") && files.contains_key("scenario.toml"));
        for product in &record.products {
            assert!(files.contains_key(&product.path), "{name}: {} is listed but not there", product.path);
        }
        for map in &products.maps {
            assert!(files.contains_key(&format!("{}.png", map.name)));
        }
        let is_local = products.grid.crs.epsg().is_none();
        assert_eq!(
            record.warnings.iter().filter(|warning| warning.code.0 == 6030).count(),
            usize::from(is_local)
        );
        assert_eq!(files.keys().any(|name| name.ends_with(".geojson")), !is_local);
    }
}

#[test]
fn netcdf_gives_back_values_times_and_places() {
    let folder = sample_folder("read_netcdf");
    let products = flood(small());
    write_run(&folder.path, &products, &mut record("flood"), &options()).expect("sound products");
    let file = hdf5::File::open(folder.path.join("results.nc")).expect("HDF5 opens it");
    let Some(Layer::Raster(deep)) = products.layer("max_depth") else { panic!("the sample has depths") };
    let read = file.dataset("max_depth").expect("a variable").read_2d::<f32>().expect("two dimensions");
    for (read, written) in read.iter().zip(&deep.values) {
        assert!((read.is_nan() && written.is_nan()) || *read == *written as f32);
    }
    let y = file.dataset("y").expect("an axis").read_1d::<f64>().expect("one dimension");
    assert_eq!(y[0], products.grid.y(0), "the first row is the southernmost");
    let time = file.dataset("time").expect("an axis").read_1d::<f64>().expect("one dimension");
    assert_eq!(time.to_vec(), [0.0, 1800.0, 3600.0]);
    let frames = file.dataset("depth").expect("a variable");
    assert_eq!(frames.shape(), [3, 40, 60]);
    let Some(Layer::Frames(written)) = products.layer("depth") else { panic!("the sample has frames") };
    let last = frames.read_slice_2d::<f32, _>((2, .., ..)).expect("two dimensions");
    assert!(last.iter().zip(&written.values[2]).all(|(a, b)| a == b || (a.is_nan() && b.is_nan())));
    assert_eq!(file.dataset("run_time").expect("a scalar").read_scalar::<f64>().expect("a number"), 3600.0);
    assert_eq!(file.dataset("threshold").expect("a scalar").read_scalar::<f64>().expect("a number"), 0.15);
}

#[test]
fn geotiff_gives_back_values_with_north_up_and_its_place() {
    let folder = sample_folder("read_geotiff");
    let products = flood(grid(Some(4547), 398_000.0, 3_120_000.0, 700, 530, 5.0));
    write_run(&folder.path, &products, &mut record("flood"), &options()).expect("sound products");
    let file = geotiff_reader::GeoTiffFile::open(folder.path.join("max_depth.tif")).expect("a GeoTIFF");
    assert_eq!(file.epsg(), Some(4547));
    assert_eq!(file.nodata(), Some("-9999"));
    assert_eq!(file.overview_count(), 1);
    let grid = &products.grid;
    assert_eq!(file.pixel_to_geo(0.0, 0.0), Some((grid.west, grid.north())));
    let Some(Layer::Raster(deep)) = products.layer("max_depth") else { panic!("the sample has depths") };
    let read = file.read_raster::<f32>().expect("readable");
    for ((row, column), written) in deep.values.indexed_iter() {
        let read = read[[grid.rows - 1 - row, column]];
        assert!(if written.is_nan() { read == -9999.0 } else { read == *written as f32 });
    }
    let overview = file.read_overview::<f32>(0).expect("readable");
    let deepest = deep.values.iter().copied().fold(f64::NEG_INFINITY, f64::max) as f32;
    assert!(
        overview.iter().all(|v| *v == -9999.0 || (*v > 0.0 && *v <= deepest)),
        "nodata is not averaged in"
    );
}

#[test]
fn geojson_keeps_to_rfc_7946() {
    let folder = sample_folder("read_geojson");
    let products = gas(utm49());
    write_run(&folder.path, &products, &mut record("gas"), &options()).expect("sound products");
    let text = std::fs::read_to_string(folder.path.join("isolation.geojson")).expect("readable");
    assert!(!text.contains("\"crs\""));
    let collection: geojson::FeatureCollection =
        text.parse::<geojson::GeoJson>().expect("GeoJSON").try_into().expect("a collection");
    let geometry = collection.features[0].geometry.clone().expect("a geometry");
    let geojson::GeometryValue::Polygon { coordinates } = geometry.value else { panic!("a polygon") };
    let area = |ring: &[geojson::Position]| {
        ring.windows(2)
            .map(|p| {
                (p[0][0] - ring[0][0]) * (p[1][1] - ring[0][1])
                    - (p[1][0] - ring[0][0]) * (p[0][1] - ring[0][1])
            })
            .sum::<f64>()
    };
    assert!(area(&coordinates[0]) > 0.0 && area(&coordinates[1]) < 0.0, "the right-hand rule");
    for ring in &coordinates {
        assert_eq!(ring.first(), ring.last());
        for degree in ring.iter().flat_map(|at| [at[0], at[1]]) {
            let decimals = degree.to_string().split_once('.').map_or(0, |(_, behind)| behind.len());
            assert!(decimals <= 7, "{degree}");
        }
    }
    let bbox = collection.bbox.expect("a box");
    // The release lies at x 695 280 m, y 3 121 600 m of zone 49: about 112.98° E, 28.20° N.
    assert!(bbox[0] > 112.97 && bbox[2] < 113.0 && bbox[1] > 28.19 && bbox[3] < 28.22, "{bbox:?}");
}

#[test]
fn a_hostile_name_stays_a_name() {
    let folder = sample_folder("injection");
    write_run(&folder.path, &flood(small()), &mut record("flood"), &options()).expect("sound products");
    let kml = std::fs::read_to_string(folder.path.join("waterlogging.kml")).expect("readable");
    assert!(!kml.contains("<script"), "escaped in the name");
    assert!(kml.contains("<name>&lt;script&gt;"), "escaped once where text is plain");
    assert!(kml.contains("&amp;lt;script&amp;gt;"), "escaped twice in the description, which is HTML");
    let json: serde_json::Value = serde_json::from_str(
        &std::fs::read_to_string(folder.path.join("waterlogging.geojson")).expect("readable"),
    )
    .expect("JSON");
    assert_eq!(json["features"][2]["properties"]["label"], INJECTION);
}

#[test]
fn the_same_products_give_the_same_bytes() {
    let folder = sample_folder("repeat");
    let again = sample_folder("repeat_again");
    let products = flood(small());
    write_run(&folder.path, &products, &mut record("flood"), &options()).expect("sound products");
    // Object times in HDF5 count seconds.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    write_run(&again.path, &products, &mut record("flood"), &options()).expect("sound products");
    let (first, second) = (files(&folder.path), files(&again.path));
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    for (name, bytes) in &first {
        assert!(bytes == &second[name], "{name} differs");
    }
}

#[test]
fn a_failure_in_the_middle_leaves_the_old_result_and_nothing_else() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let out = root.path().join("out");
    let mut record = record("flood");
    write_run(&out, &flood(small()), &mut record, &options()).expect("sound products");
    let before = files(&out);
    let mut broken = flood(small());
    // A name longer than any file system allows fails after several files are written.
    let Layer::Raster(second) = &mut broken.layers[1] else { panic!("the second layer is a raster") };
    second.info.name = "a".repeat(400);
    let was = record.clone();
    let problems = write_run(&out, &broken, &mut record, &options()).expect_err("the name is too long");
    assert_eq!(problems.0[0].code.0, 6000);
    assert_eq!(record, was, "the record of a failed writing is as it was");
    assert_eq!(files(&out), before);
    assert_eq!(std::fs::read_dir(root.path()).expect("readable").count(), 1, "no other folder is left");
}

#[test]
fn a_result_is_replaced_as_a_whole() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let out = root.path().join("out");
    write_run(&out, &flood(small()), &mut record("flood"), &options()).expect("sound products");
    let only_tables = Options { formats: vec![Format::Csv], ..Options::default() };
    let mut second = record("flood");
    write_run(&out, &flood(small()), &mut second, &only_tables).expect("sound products");
    assert_eq!(files(&out).into_keys().collect::<Vec<_>>(), ["run.json", "waterlogging.csv"]);
    assert_eq!(second.products.len(), 1);
}

#[test]
fn a_folder_in_use_and_a_folder_of_others_are_refused() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let out = root.path().join("out");
    let code = |out: &Path| {
        let outcome = write_run(out, &flood(small()), &mut record("flood"), &options());
        outcome.expect_err("refused").0[0].code.0
    };
    let lock = FolderLock::take(&out).expect("free");
    assert_eq!(code(&out), 6001);
    drop(lock);
    std::fs::create_dir(&out).expect("writable");
    std::fs::write(out.join("thesis.txt"), "mine").expect("writable");
    assert_eq!(code(&out), 6002);
    assert_eq!(files(&out).len(), 1);
}

#[test]
fn contradictory_products_are_refused_all_at_once_with_their_place() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let mut products = flood(small());
    let Layer::Raster(deep) = &mut products.layers[0] else { panic!("the first layer is a raster") };
    deep.values[(3, 5)] = f64::INFINITY;
    let Layer::Frames(frames) = &mut products.layers[2] else { panic!("the third layer is frames") };
    frames.times.pop();
    products.maps[0].name = "../../etc/passwd".into();
    let problems = write_run(&root.path().join("out"), &products, &mut record("flood"), &options())
        .expect_err("contradictory");
    let mut codes: Vec<u16> = problems.0.iter().map(|problem| problem.code.0).collect();
    codes.sort_unstable();
    assert_eq!(codes, [6010, 6011, 6012]);
    let spot = problems.0.iter().find_map(|problem| problem.place.spot.clone()).expect("a place");
    assert!(spot.starts_with("row 37 column 6"), "{spot}");
    let wrong_start = Options { start: Some("yesterday".into()), ..Options::default() };
    let problems = write_run(&root.path().join("out"), &flood(small()), &mut record("flood"), &wrong_start)
        .expect_err("not a date");
    assert_eq!(problems.0[0].code.0, 6013);
}

#[test]
fn a_run_without_a_date_says_so_and_counts_from_the_epoch() {
    let folder = sample_folder("undated");
    let undated = Options { start: None, ..options() };
    write_run(&folder.path, &flood(small()), &mut record("flood"), &undated).expect("sound products");
    let file = hdf5::File::open(folder.path.join("results.nc")).expect("HDF5 opens it");
    let text = |variable: &str, name: &str| {
        let attribute = file.dataset(variable).expect("a variable").attr(name).expect("an attribute");
        attribute.read_scalar::<hdf5::types::FixedUnicode<256>>().expect("a text").as_str().to_owned()
    };
    assert_eq!(text("time", "units"), "seconds since 1970-01-01 00:00:00");
    assert!(text("time", "comment").contains("no date"));
    assert_eq!(text("max_depth", "coordinates"), "run_time");
}

#[test]
fn frames_without_a_time_are_left_out_and_reported() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let mut products = flood(small());
    let Layer::Frames(frames) = &mut products.layers[2] else { panic!("the third layer is frames") };
    frames.times.clear();
    frames.values.clear();
    let mut record = record("flood");
    write_run(&root.path().join("out"), &products, &mut record, &options()).expect("sound products");
    assert!(record.warnings.iter().any(|warning| warning.code.0 == 6032));
    assert!(record.products.iter().all(|product| product.name != "depth"));
}
