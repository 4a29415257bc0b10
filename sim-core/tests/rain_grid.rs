//! Rain grids on disk become the rain of the ground: nothing is lost, nothing is won.

mod rain_file;

use ndarray::{Array2, Array3};
use rain_file::RainFile;
use sim_core::error::Result;
use sim_core::flood::rain::Spread;
use sim_core::flood::rain::zones::Zones;
use sim_core::grid::{Crs, Grid, LonLat};
use sim_core::input::rain_grid::{Limits, RainGridFile, Request, read_rain_grid};
use sim_core::input::series::SampleMeaning;

/// Cells of 100 m that cover the sound file exactly.
fn ground() -> Grid {
    let crs = Crs::from_epsg(32649).expect("UTM 49 N");
    Grid { columns: 20, rows: 20, dx: 100.0, dy: 100.0, west: 499_500.0, south: 3_099_500.0, crs }
}

fn read(file: &RainFile, ground: &Grid, meaning: SampleMeaning) -> Result<RainGridFile> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("rain.nc");
    file.write(&path);
    let inside = Array2::from_elem(ground.shape(), true);
    let request = Request { ground, inside: &inside, meaning, variable: None, unit: None };
    read_rain_grid(&path, "rain.nc", &request, &Limits::default())
}

fn sound(file: &RainFile, ground: &Grid) -> RainGridFile {
    read(file, ground, SampleMeaning::IntervalStart).unwrap_or_else(|problems| panic!("{problems}"))
}

fn codes(file: &RainFile) -> Vec<u16> {
    let problems = read(file, &ground(), SampleMeaning::IntervalStart).expect_err("a mistake");
    problems.0.iter().map(|problem| problem.code.0).collect()
}

/// Rain of the cell of the ground in a row and column over the first hour, mm.
fn millimetres(rain: &RainGridFile, at: (usize, usize)) -> f64 {
    1000.0 * rain.cells[rain.zone_of[at] as usize].rain.integral(0.0, 3600.0)
}

#[test]
fn the_volume_over_the_area_is_that_of_the_rain_cells() {
    // Powers of two in m/s over seconds, so that every sum is exact in binary.
    let values = Array3::from_shape_fn((2, 2, 2), |(time, row, column)| {
        if time == 0 { 2.0_f32.powi(-20 + (2 * row + column) as i32) } else { 0.0 }
    });
    let file = RainFile {
        values,
        units: "m s-1",
        times: vec![0.0, 1024.0],
        time_units: "seconds since 2026-07-01 00:00:00Z",
        ..RainFile::sound()
    };
    let ground = ground();
    let rain = sound(&file, &ground);
    let zones = Zones::new(rain.zone_of.clone(), rain.cells.iter().map(|cell| cell.rain.clone()).collect())
        .expect("every zone has a series");
    let interval = zones.interval(0.0);
    assert_eq!(interval, (0.0, 1024.0));
    let mut volume = 0.0;
    for row in 0..ground.rows {
        let mut rates = vec![0.0; ground.columns];
        zones.rates(interval, row, &mut rates);
        volume += rates.iter().map(|&rate| f64::from(rate) * 1024.0 * ground.cell_area()).sum::<f64>();
    }
    // Each rain cell of one square kilometre lies over a hundred cells.
    let expected: f64 = [1.0, 2.0, 4.0, 8.0].iter().map(|cell| cell * 2.0_f64.powi(-20) * 1024.0 * 1e6).sum();
    assert_eq!(volume, expected);
}

#[test]
fn an_area_off_the_edges_of_the_rain_cells_keeps_their_shares() {
    let ground = Grid { columns: 7, rows: 4, west: 499_800.0, south: 3_100_300.0, ..ground() };
    let rain = sound(&RainFile::sound(), &ground);
    // Centres at x 499850 to 500450 and y 3100350 to 3100650: edges at 500500 and 3100500.
    let total: f64 = rain.zone_of.indexed_iter().map(|(at, _)| millimetres(&rain, at)).sum();
    assert!((total - (7.0 * 2.0 * 10.0 + 7.0 * 2.0 * 30.0)).abs() < 1e-9, "{total}");
    assert_eq!(rain.cells.len(), 2, "rain cells beside the area are not read");
}

#[test]
fn rising_and_falling_axes_tell_the_same_rain() {
    let rising = sound(&RainFile::sound(), &ground());
    let mut file = RainFile::sound();
    file.y.2.reverse();
    file.values.invert_axis(ndarray::Axis(1));
    file.values = file.values.as_standard_layout().to_owned();
    let falling = sound(&file, &ground());
    for (at, _) in rising.zone_of.indexed_iter() {
        assert_eq!(millimetres(&rising, at), millimetres(&falling, at), "{at:?}");
    }
    assert!((millimetres(&rising, (0, 0)) - 10.0).abs() < 1e-9, "the south-west has 10 mm/h");
    assert!((millimetres(&rising, (19, 0)) - 30.0).abs() < 1e-9, "the north-west has 30 mm/h");
}

#[test]
fn depths_and_intensities_of_one_rain_are_the_same() {
    let intensity = sound(&RainFile::sound(), &ground());
    for (units, factor) in [("mm", 1.0), ("kg m-2 s-1", 1.0 / 3600.0), ("m s-1", 1.0 / 3.6e6)] {
        let file = RainFile { units, values: RainFile::sound().values * factor, ..RainFile::sound() };
        let other = sound(&file, &ground());
        for at in [(0, 0), (0, 19), (19, 0), (19, 19)] {
            let (a, b) = (millimetres(&intensity, at), millimetres(&other, at));
            assert!((a / b - 1.0).abs() < 1e-6, "{units}: {a} mm and {b} mm");
        }
    }
}

#[test]
fn what_a_value_means_moves_the_rain_by_one_interval() {
    let starts = sound(&RainFile::sound(), &ground());
    let ends = read(&RainFile::sound(), &ground(), SampleMeaning::IntervalEnd).expect("a sound file");
    let first_rain = |rain: &RainGridFile| rain.start.expect("a date") as f64 + rain.cells[0].rain.times()[0];
    assert_eq!(first_rain(&starts) - first_rain(&ends), 3600.0);
    // 2026-07-01T00:00:00Z
    assert_eq!(starts.start, Some(1_782_864_000));
    let problems = read(&RainFile::sound(), &ground(), SampleMeaning::Instant).expect_err("no lines");
    assert_eq!(problems.0[0].code.0, 3022);
}

/// Longitudes and latitudes of the rain cells of the sound file.
fn lon_lat() -> (Array2<f64>, Array2<f64>) {
    let (file, ground) = (RainFile::sound(), ground());
    let at = |row: usize, column: usize| -> LonLat {
        ground.crs.to_lon_lat(file.x.2[column], file.y.2[row]).expect("in the zone")
    };
    (
        Array2::from_shape_fn((2, 2), |(row, column)| at(row, column).lon),
        Array2::from_shape_fn((2, 2), |(row, column)| at(row, column).lat),
    )
}

#[test]
fn degrees_find_the_same_rain_cells_as_metres() {
    let metres = sound(&RainFile::sound(), &ground());
    let (lon, lat) = lon_lat();
    let axes = RainFile {
        x: ("lon", "degrees_east", vec![lon[(0, 0)], lon[(0, 1)]]),
        y: ("lat", "degrees_north", vec![lat[(0, 0)], lat[(1, 0)]]),
        ..RainFile::sound()
    };
    let points = RainFile { lon_lat: Some((lon, lat)), ..RainFile::sound() };
    // The outermost cells lie on the edges of the rain grid, which bend against each other.
    let ground = Grid { columns: 18, rows: 18, west: 499_600.0, south: 3_099_600.0, ..ground() };
    let shifted = |row: usize, column: usize| (row + 1, column + 1);
    for file in [axes, points] {
        let rain = sound(&file, &ground);
        for (at, _) in rain.zone_of.indexed_iter() {
            assert_eq!(millimetres(&rain, at), millimetres(&metres, shifted(at.0, at.1)), "{at:?}");
        }
    }
}

#[test]
fn a_missing_value_matters_only_over_the_area() {
    let mut file = RainFile::sound();
    file.values[(0, 1, 1)] = file.fill;
    assert_eq!(codes(&file), [3348]);
    let south = Grid { rows: 10, ..ground() };
    assert_eq!(sound(&file, &south).cells.len(), 2);
    file.values[(0, 1, 1)] = f32::NAN;
    assert_eq!(codes(&file), [3348]);
}

#[test]
fn every_mistake_of_a_file_has_its_own_message() {
    let sound = RainFile::sound;
    for (file, code) in [
        (RainFile { second: Some("other"), ..sound() }, 3342),
        (RainFile { units: "dBZ", ..sound() }, 3343),
        (RainFile { y: ("row", "1", vec![0.0, 1.0]), ..sound() }, 3344),
        (RainFile { x: ("x", "m", vec![5.0, 5.0]), ..sound() }, 3344),
        (RainFile { time_units: "months since 2026-07-01", ..sound() }, 3345),
        (RainFile { calendar: "360_day", ..sound() }, 3345),
        (RainFile { times: vec![1.0, 1.0], ..sound() }, 3346),
        (RainFile { times: vec![1.0, 0.0], ..sound() }, 3346),
        (RainFile { long_name: "rain accumulated since 00 UTC", ..sound() }, 3347),
        (RainFile { values: -sound().values, fill: 99.0, ..sound() }, 3349),
        (RainFile { x: ("x", "m", vec![600_000.0, 601_000.0]), ..sound() }, 3350),
    ] {
        assert_eq!(codes(&file), [code]);
    }
}

#[test]
fn a_time_without_offset_is_utc_and_the_user_is_told() {
    let file = RainFile { time_units: "hours since 2026-07-01 00:00:00", ..RainFile::sound() };
    let rain = sound(&file, &ground());
    assert_eq!(rain.start, Some(1_782_864_000));
    assert!(rain.warnings.iter().any(|warning| warning.code.0 == 3356));
    assert!(sound(&RainFile::sound(), &ground()).warnings.is_empty());
}

#[test]
fn a_limit_is_checked_before_anything_is_read() {
    let promised = Some((2, 20_000, 20_000));
    assert_eq!(codes(&RainFile { promised, ..RainFile::sound() }), [3351]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("rain.nc");
    RainFile::sound().write(&path);
    let (ground, inside) = (ground(), Array2::from_elem((20, 20), true));
    let meaning = SampleMeaning::IntervalStart;
    let request = Request { ground: &ground, inside: &inside, meaning, variable: None, unit: None };
    for limits in [Limits { cells: 3, ..Limits::default() }, Limits { values: 7, ..Limits::default() }] {
        let problems = read_rain_grid(&path, "rain.nc", &request, &limits).expect_err("too large");
        assert_eq!(problems.0[0].code.0, 3351);
    }
}

#[test]
fn half_a_file_is_an_error_and_no_rain() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("rain.nc");
    RainFile::sound().write(&path);
    let whole = std::fs::read(&path).expect("the file");
    let (ground, inside) = (ground(), Array2::from_elem((20, 20), true));
    let meaning = SampleMeaning::IntervalStart;
    let request = Request { ground: &ground, inside: &inside, meaning, variable: None, unit: None };
    for length in [9, whole.len() / 4, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..length]).expect("a writable folder");
        let problems = read_rain_grid(&path, "rain.nc", &request, &Limits::default()).expect_err("cut off");
        assert_eq!(problems.0[0].code.0, 3340, "{length} bytes");
    }
}

/// One hour of the table of hourly radar rain below a folder, mm, by row and column.
fn radar_hour(folder: &std::path::Path, stamp: &str) -> std::io::Result<Vec<(usize, usize, f64)>> {
    let text = std::fs::read_to_string(folder.join("hourly_mm.csv"))?;
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let (row, column, depth) = (cells[1].parse().ok()?, cells[2].parse().ok()?, cells[3].parse().ok()?);
        (cells[0] == stamp).then_some((row, column, depth))
    };
    Ok(text.lines().skip(1).filter_map(row).collect())
}

#[test]
#[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
fn a_radar_field_of_a_hurricane_keeps_its_amounts() {
    // The data is not part of the project; TUIYAN_DATA names its folder.
    let Some(data) = std::env::var_os("TUIYAN_DATA") else {
        eprintln!("skipped: TUIYAN_DATA does not name the folder of the data");
        return;
    };
    let folder = std::path::Path::new(&data).join("flood/radar_rain_stageiv");
    let text = std::fs::read_to_string(folder.join("cells.csv")).expect("the cells of the radar");
    // Rows 40 to 90 and columns 45 to 86, every one of them.
    let (shape, first) = ((51, 42), (40, 45));
    let (mut lon, mut lat) = (Array2::from_elem(shape, f64::NAN), Array2::from_elem(shape, f64::NAN));
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |cell: usize| cells[cell].parse::<f64>().expect("a number");
        let at = (number(0) as usize - first.0, number(1) as usize - first.1);
        (lat[at], lon[at]) = (number(2), number(3));
    }
    let hour = radar_hour(&folder, "2018-09-14T12:00Z").expect("the hours of the radar");
    let mut values = Array3::zeros((2, shape.0, shape.1));
    hour.iter().for_each(|&(row, column, depth)| values[(0, row - first.0, column - first.1)] = depth as f32);
    let file = RainFile {
        time_units: "hours since 2018-09-14 12:00:00Z",
        x: ("x", "1", vec![0.0; shape.1]),
        y: ("y", "1", vec![0.0; shape.0]),
        lon_lat: Some((lon.clone(), lat.clone())),
        units: "mm",
        values: values.clone(),
        ..RainFile::sound()
    };
    let crs = Crs::from_epsg(32618).expect("UTM 18 N");
    let (x, y) = crs.from_lon_lat(LonLat { lon: -77.2, lat: 34.6 }).expect("in the zone");
    let ground = Grid { columns: 120, rows: 120, dx: 250.0, dy: 250.0, west: x, south: y, crs };
    let rain =
        read(&file, &ground, SampleMeaning::IntervalEnd).unwrap_or_else(|problems| panic!("{problems}"));
    let (mut found, mut expected) = (0.0, 0.0);
    for (at, &zone) in rain.zone_of.indexed_iter() {
        // Time zero is the first time of the file, at which its hour ends.
        found += 1000.0 * rain.cells[zone as usize].rain.integral(-3600.0, 0.0);
        let place = ground.lon_lat(at.0, at.1).expect("in the zone");
        // Nearest of all cells of the table, on a sphere.
        let away =
            |lon: f64, lat: f64| ((lon - place.lon) * place.lat.to_radians().cos()).hypot(lat - place.lat);
        let nearest = lon.indexed_iter().min_by(|a, b| away(*a.1, lat[a.0]).total_cmp(&away(*b.1, lat[b.0])));
        expected += f64::from(values[[0, nearest.expect("a cell").0.0, nearest.expect("a cell").0.1]]);
    }
    assert!(expected > 0.0 && (found / expected - 1.0).abs() < 1e-3, "{found} and {expected}");
}
