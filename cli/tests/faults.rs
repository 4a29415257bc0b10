//! Wrong inputs: each gives its message, the right exit code, and no result.

#[path = "../../sim-core/tests/rain_file/mod.rs"]
mod rain_file;

use std::collections::BTreeSet;
use std::path::Path;

use assert_cmd::Command;
use rain_file::RainFile;

const FLOOD: &str = r#"schema = 1
hazard = "flood"
title = "fault"

[site]
crs = "EPSG:32649"

[terrain]
dem = "dem.asc"
manning_n = 0.03

[rain]
hyetograph = "rain.csv"
samples = "interval_start"

[edges]
all = "open"

[run]
duration = "10 min"
"#;

const GAS: &str = r#"schema = 1
hazard = "gas"
title = "fault"

[source]
kind = "gas_hole"
substance = "methane"
at = { lon = 112.976, lat = 28.195 }
gauge_pressure = "0.4 MPa"
temperature = "15 °C"
pipe_diameter = "200 mm"
hole_diameter = "20 mm"
duration = "30 min"

[weather]
wind_speed = "3 m/s"
wind_from = "NNE"
sun = "slight"
surroundings = "urban"

[zones]
levels = ["20 % LEL"]
"#;

const DEM: &str = "ncols 4\nnrows 3\nxllcorner 500000\nyllcorner 3100000\ncellsize 2\nNODATA_value -9999\n\
1 2 3 4\n5 6 7 8\n9 10 11 12\n";

const RAIN: &str = "time_s,rain_mm_h\n0,60\n600,0\n";

/// Keys of `[rain]` in the sound flood, and those of a design storm instead.
const RAIN_KEYS: &str = "hyetograph = \"rain.csv\"\nsamples = \"interval_start\"\n";
const STORM: &str = "storm = \"noboribetsu\"\nreturn_period = 7\nstorm_duration = \"1 h\"\npattern = \"chicago\"\npeak_ratio = 0.4\n";

const FORMULA: &str = r#"place = "fault"
source_title = "made up"
source_url = "doi:1"
sampling = "not stated"
valid_return_period_years = [7, 7]
valid_duration_min = [5, 120]
form = "one return period"
unit = "mm/h"
rain_power = 4860.0
duration_offset_min = 39.0
exponent = 1.0
check = [[7, 60, 49.1]]
"#;

/// Put before `[edges]`: villages from a file.
const ZONES: &str = "[[exposure]]\nname = \"villages\"\nkind = \"zones\"\nlayer = \"zones.geojson\"\n\
people = \"pop\"\n\n[edges]";

/// One wrong input: what is changed in the sound ones.
struct Fault {
    name: &'static str,
    base: &'static str,
    /// File, text to find, text to put in its place.
    changes: &'static [(&'static str, &'static str, &'static str)],
    arguments: &'static [&'static str],
    exit: i32,
    /// What `rain.nc` holds, if it is there.
    grid: Option<fn() -> RainFile>,
}

const fn fault(
    name: &'static str,
    base: &'static str,
    changes: &'static [(&'static str, &'static str, &'static str)],
) -> Fault {
    Fault { name, base, changes, arguments: &[], exit: 4, grid: None }
}

const S: &str = "scenario.toml";

/// Keys of `[rain]` that name a grid instead, with the time of the run.
const FROM_GRID: &[(&str, &str, &str)] = &[(S, RAIN_KEYS, GRID_KEYS), (S, "title", DATED)];
const GRID_KEYS: &str = "grid = \"rain.nc\"\nsamples = \"interval_start\"\n";
const DATED: &str = "start = 2026-07-01T00:00:00Z\ntitle";

/// A flood with the rain of a wrong grid.
const fn grid_fault(name: &'static str, grid: fn() -> RainFile) -> Fault {
    Fault { grid: Some(grid), ..fault(name, FLOOD, FROM_GRID) }
}

/// Faults of rain that comes from a grid.
fn grid_faults() -> Vec<Fault> {
    const RASTER: &str = "ncols 2\nnrows 2\nxllcorner 499500\nyllcorner 3099500\ncellsize 1000\n1 1\n1 1\n";
    const OTHER: &str = "ncols 2\nnrows 2\nxllcorner 499000\nyllcorner 3099500\ncellsize 1000\n1 1\n1 1\n";
    let sound = RainFile::sound;
    let with = |name, changes| Fault { grid: Some(sound), ..fault(name, FLOOD, changes) };
    vec![
        fault("rain_grid_missing", FLOOD, FROM_GRID),
        fault(
            "rain_grid_classic",
            FLOOD,
            &[(S, RAIN_KEYS, GRID_KEYS), (S, "title", DATED), ("rain.nc", "", "CDF\u{1}\0\0\0\0\0\0\0\0")],
        ),
        grid_fault("rain_grid_with_two_variables", || RainFile {
            second: Some("rain_2"),
            ..RainFile::sound()
        }),
        grid_fault("rain_grid_unit", || RainFile { units: "dBZ", ..RainFile::sound() }),
        grid_fault("rain_grid_axes", || RainFile { x: ("x", "m", vec![5.0, 5.0]), ..RainFile::sound() }),
        grid_fault("rain_grid_calendar", || RainFile { calendar: "360_day", ..RainFile::sound() }),
        grid_fault("rain_grid_times", || RainFile { times: vec![1.0, 0.0], ..RainFile::sound() }),
        grid_fault("rain_grid_running_total", || RainFile {
            long_name: "rain accumulated since 00 UTC",
            ..RainFile::sound()
        }),
        grid_fault("rain_grid_missing_value", || RainFile { fill: 10.0, ..RainFile::sound() }),
        grid_fault("rain_grid_negative", || RainFile {
            values: -RainFile::sound().values,
            fill: 99.0,
            ..RainFile::sound()
        }),
        grid_fault("rain_grid_elsewhere", || RainFile {
            x: ("x", "m", vec![600_000.0, 601_000.0]),
            ..RainFile::sound()
        }),
        grid_fault("rain_grid_too_large", || RainFile {
            promised: Some((2, 20_000, 20_000)),
            ..RainFile::sound()
        }),
        grid_fault("rain_grid_above_the_record", || RainFile {
            values: RainFile::sound().values * 60.0,
            units: "mm/min",
            ..RainFile::sound()
        }),
        Fault {
            grid: Some(|| RainFile {
                x: ("lon", "degrees_east", vec![110.0, 112.0]),
                y: ("lat", "degrees_north", vec![27.0, 29.0]),
                ..RainFile::sound()
            }),
            ..fault(
                "rain_grid_in_degrees_on_a_local_plane",
                FLOOD,
                &[(S, RAIN_KEYS, GRID_KEYS), (S, "title", DATED), (S, "EPSG:32649", "local")],
            )
        },
        fault(
            "rain_grid_of_rasters_that_differ",
            FLOOD,
            &[
                (S, RAIN_KEYS, "grid = \"grids.csv\"\ngrid_unit = \"mm\"\nsamples = \"interval_end\"\n"),
                ("grids.csv", "", "time_min,file\n5,a.asc\n10,b.asc\n"),
                ("a.asc", "", RASTER),
                ("b.asc", "", OTHER),
            ],
        ),
        fault(
            "rain_grid_of_rasters_without_unit",
            FLOOD,
            &[(S, RAIN_KEYS, GRID_KEYS), ("rain.nc", "", "time_min,file\n5,a.asc\n10,b.asc\n")],
        ),
        fault(
            "rain_grid_of_many_rasters_that_differ",
            FLOOD,
            &[
                (S, RAIN_KEYS, "grid = \"grids.csv\"\ngrid_unit = \"mm\"\nsamples = \"interval_end\"\n"),
                (
                    "grids.csv",
                    "",
                    "time_min,file\n1,a.asc\n2,b.asc\n3,b.asc\n4,b.asc\n5,b.asc\n6,b.asc\n7,b.asc\n8,b.asc\n\
                     9,b.asc\n10,b.asc\n11,b.asc\n12,b.asc\n13,b.asc\n14,b.asc\n15,b.asc\n16,b.asc\n17,b.asc\n\
                     18,b.asc\n19,b.asc\n20,b.asc\n21,b.asc\n22,b.asc\n23,b.asc\n24,b.asc\n",
                ),
                ("a.asc", "", RASTER),
                ("b.asc", "", OTHER),
            ],
        ),
        with(
            "rain_grid_with_two_units",
            &[(S, RAIN_KEYS, GRID_KEYS), (S, "title", DATED), (S, "samples", "grid_unit = \"mm\"\nsamples")],
        ),
        with(
            "rain_grid_with_lines",
            &[(S, RAIN_KEYS, GRID_KEYS), (S, "title", DATED), (S, "interval_start", "line")],
        ),
        with("rain_grid_without_meaning", &[(S, RAIN_KEYS, "grid = \"rain.nc\"\n"), (S, "title", DATED)]),
        with("rain_grid_without_start", &[(S, RAIN_KEYS, GRID_KEYS)]),
        with(
            "rain_grid_and_hyetograph",
            &[(S, "hyetograph", "grid = \"rain.nc\"\nhyetograph"), (S, "title", DATED)],
        ),
        fault(
            "rain_grid_variable_without_grid",
            FLOOD,
            &[(S, "samples", "grid_variable = \"rain\"\nsamples")],
        ),
        with(
            "rain_grid_of_another_year",
            &[(S, RAIN_KEYS, GRID_KEYS), (S, "title", "start = 2027-07-01T00:00:00Z\ntitle")],
        ),
    ]
}

fn faults() -> Vec<Fault> {
    vec![
        fault("syntax", FLOOD, &[(S, "manning_n = 0.03", "manning_n = = 0.03")]),
        fault("duplicate_key", FLOOD, &[(S, "manning_n = 0.03", "manning_n = 0.03\nmanning_n = 0.02")]),
        fault("unknown_key", FLOOD, &[(S, "manning_n", "maning_n")]),
        fault("unknown_table", FLOOD, &[(S, "[rain]", "[rainfall]")]),
        fault("wrong_schema", FLOOD, &[(S, "schema = 1", "schema = 2")]),
        fault("missing_edges", FLOOD, &[(S, "[edges]\nall = \"open\"\n", "")]),
        fault("wrong_type", FLOOD, &[(S, "manning_n = 0.03", "manning_n = \"rough\"")]),
        fault("unit_missing", FLOOD, &[(S, "duration = \"10 min\"", "duration = 600")]),
        fault("unit_of_another_kind", GAS, &[(S, "\"0.4 MPa\"", "\"0.4 mm\"")]),
        fault("empty_text", FLOOD, &[(S, "\"dem.asc\"", "\"\"")]),
        fault("choice", FLOOD, &[(S, "\"open\"", "\"opne\"")]),
        fault("start_without_offset", FLOOD, &[(S, "title", "start = 2026-07-01T08:00:00\ntitle")]),
        fault("roughness_out_of_range", FLOOD, &[(S, "0.03", "-0.03")]),
        fault("lon_lat_swapped", GAS, &[(S, "lon = 112.976, lat = 28.195", "lon = 28.195, lat = 112.976")]),
        fault("pressure_twice", GAS, &[(S, "temperature", "absolute_pressure = \"0.5 MPa\"\ntemperature")]),
        fault("samples_without_meaning", FLOOD, &[(S, "samples = \"interval_start\"\n", "")]),
        fault(
            "dates_without_start",
            FLOOD,
            &[(
                "rain.csv",
                "time_s,rain_mm_h\n0,60\n600,0\n",
                "time,rain_mm_h\n2026-07-01T08:00:00+08:00,60\n2026-07-01T08:10:00+08:00,0\n",
            )],
        ),
        fault(
            "no_water",
            FLOOD,
            &[(S, "[rain]\nhyetograph = \"rain.csv\"\nsamples = \"interval_start\"\n", "")],
        ),
        fault(
            "frames_longer_than_run",
            FLOOD,
            &[(S, "duration = \"10 min\"", "duration = \"10 min\"\nframe_interval = \"1 h\"")],
        ),
        fault(
            "classes_not_rising",
            FLOOD,
            &[(
                S,
                "[run]",
                "[[products.depth_class]]\nfrom = \"30 cm\"\nlabel = \"a\"\ncolour = \"#112233\"\n\
             [[products.depth_class]]\nfrom = \"15 cm\"\nlabel = \"b\"\ncolour = \"#445566\"\n[run]",
            )],
        ),
        fault("dem_missing", FLOOD, &[(S, "dem.asc", "no-such.asc")]),
        fault("dem_empty", FLOOD, &[("dem.asc", DEM, "")]),
        fault("dem_garbage", FLOOD, &[("dem.asc", DEM, "\u{1}\u{2}PK garbage")]),
        fault("dem_truncated", FLOOD, &[("dem.asc", "9 10 11 12\n", "9 10\n")]),
        fault("dem_text_cell", FLOOD, &[("dem.asc", "5 6 7 8", "5 six 7 8")]),
        fault(
            "dem_promises_too_much",
            FLOOD,
            &[("dem.asc", "ncols 4\nnrows 3", "ncols 2000000\nnrows 2000000")],
        ),
        fault("dem_holes", FLOOD, &[("dem.asc", "5 6 7 8", "5 -9999 -9999 8")]),
        fault("dem_no_data_undeclared", FLOOD, &[("dem.asc", "NODATA_value -9999\n1 2 3 4", "1 -9999 3 4")]),
        fault(
            "dem_all_no_data",
            FLOOD,
            &[(
                "dem.asc",
                "1 2 3 4\n5 6 7 8\n9 10 11 12",
                "-9999 -9999 -9999 -9999\n-9999 -9999 -9999 -9999\n-9999 -9999 -9999 -9999",
            )],
        ),
        fault("crs_unknown", FLOOD, &[(S, "EPSG:32649", "EPSG:99999")]),
        fault("crs_missing", FLOOD, &[(S, "[site]\ncrs = \"EPSG:32649\"\n", "")]),
        fault("crs_geographic", FLOOD, &[(S, "EPSG:32649", "EPSG:4326")]),
        fault(
            "rasters_do_not_overlap",
            FLOOD,
            &[
                (S, "[rain]", "[initial]\ndepth = \"water.asc\"\n\n[rain]"),
                (
                    "water.asc",
                    "",
                    "ncols 4\nnrows 3\nxllcorner 600000\nyllcorner 3100000\ncellsize 2\n0 0 0 0\n0 0 0 0\n0 0 0 0\n",
                ),
            ],
        ),
        fault(
            "negative_water",
            FLOOD,
            &[
                (S, "[rain]", "[initial]\ndepth = \"water.asc\"\n\n[rain]"),
                (
                    "water.asc",
                    "",
                    "ncols 4\nnrows 3\nxllcorner 500000\nyllcorner 3100000\ncellsize 2\n0 0 0 0\n0 -1 0 0\n0 0 0 0\n",
                ),
            ],
        ),
        fault(
            "roughness_raster",
            FLOOD,
            &[
                (S, "manning_n = 0.03", "manning_n_raster = \"n.asc\""),
                (
                    "n.asc",
                    "",
                    "ncols 4\nnrows 3\nxllcorner 500000\nyllcorner 3100000\ncellsize 2\n0.03 0.03 30 0.03\n0.03 0.03 0.03 0.03\n0.03 0.03 0.03 0.03\n",
                ),
            ],
        ),
        fault(
            "inflow_outside",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[inflow]]\nname = \"burst\"\nat = { x_m = 1.0, y_m = 2.0 }\ndischarge = \"1 m3/s\"\n\n[edges]",
            )],
        ),
        fault(
            "infiltration_number_of_another_law",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[infiltration]\nmodel = \"constant\"\nrate = \"3 mm/h\"\nsuction = \"110 mm\"\n\n[edges]",
            )],
        ),
        fault(
            "horton_rates_exchanged",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[infiltration]\nmodel = \"horton\"\nfirst_rate = \"5 mm/h\"\nlast_rate = \"75 mm/h\"\n\
                 decay_time = \"15 min\"\n\n[edges]",
            )],
        ),
        fault(
            "infiltration_number_missing",
            FLOOD,
            &[(S, "[edges]", "[infiltration]\nmodel = \"green-ampt\"\nsuction = \"110 mm\"\n\n[edges]")],
        ),
        fault(
            "land_cover_code_twice",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[land_cover]\nraster = \"dem.asc\"\n[[land_cover.class]]\ncode = 1\n\
                 [[land_cover.class]]\ncode = 1\n\n[edges]",
            )],
        ),
        fault(
            "land_cover_code_unknown",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[land_cover]\nraster = \"dem.asc\"\n[[land_cover.class]]\ncode = 1\n\n[edges]",
            )],
        ),
        fault(
            "land_cover_and_roughness_both",
            FLOOD,
            &[
                (
                    S,
                    "[edges]",
                    "[land_cover]\nraster = \"cover.asc\"\n[[land_cover.class]]\ncode = 1\n\
                     manning_n = 0.02\n\n[edges]",
                ),
                (
                    "cover.asc",
                    "",
                    "ncols 4\nnrows 3\nxllcorner 500000\nyllcorner 3100000\ncellsize 2\n1 1 1 1\n1 1 1 1\n1 1 1 1\n",
                ),
            ],
        ),
        fault(
            "place_outside_and_one_name_twice",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[place]]\nname = \"subway\"\nat = { x_m = 500001, y_m = 3100001 }\n\
                 [[place]]\nname = \"subway\"\nat = { x_m = 500003, y_m = 3100001 }\n\
                 [[place]]\nname = \"far\"\nat = { x_m = 5, y_m = 3100001 }\n\n[edges]",
            )],
        ),
        fault(
            "zones_with_every_mistake",
            FLOOD,
            &[
                (S, "[edges]", ZONES),
                (
                    "zones.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:32649\"}},\"features\":[{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3100000],[500004,3100000],[500004,3100004],[500000,3100004]]]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3100000],[500004,3100000],[500000,3100000]]]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3100000],[500004,3100004],[500004,3100000],[500000,3100004],[500000,3100000]]]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[500001,3100001]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[1]]]}},{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3100000],[500004,3100000],[500004,3100004],[500000,3100004],[500000,3100000]]]}},{\"type\":\"Feature\",\"properties\":{\"pop\":-1},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3100000],[500004,3100000],[500004,3100004],[500000,3100004],[500000,3100000]]]}}]}",
                ),
            ],
        ),
        fault(
            "zones_with_more_mistakes_than_are_shown",
            FLOOD,
            &[
                (S, "[edges]", ZONES),
                (
                    "zones.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:32649\"}},\"features\":[{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}}]}",
                ),
            ],
        ),
        fault(
            "zones_with_coordinates_exchanged",
            FLOOD,
            &[
                (S, "[edges]", ZONES),
                (
                    "zones.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[28.02,111.0],[28.02,111.1],[28.03,111.1],[28.02,111.0]]]}}]}",
                ),
            ],
        ),
        fault(
            "zones_in_metres_without_a_reference",
            FLOOD,
            &[
                (S, "[edges]", ZONES),
                (
                    "zones.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3100000],[500004,3100000],[500004,3100004],[500000,3100004],[500000,3100000]]]}}]}",
                ),
            ],
        ),
        fault(
            "zones_elsewhere",
            FLOOD,
            &[
                (S, "[edges]", ZONES),
                (
                    "zones.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:32649\"}},\"features\":[{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[590000,3100000],[590004,3100000],[590004,3100004],[590000,3100004],[590000,3100000]]]}}]}",
                ),
            ],
        ),
        fault(
            "zones_without_people",
            FLOOD,
            &[
                (S, "[edges]", ZONES),
                (
                    "zones.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:32649\"}},\"features\":[{\"type\":\"Feature\",\"properties\":{\"population\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3100000],[500004,3100000],[500004,3100004],[500000,3100004],[500000,3100000]]]}}]}",
                ),
            ],
        ),
        fault(
            "zones_empty",
            FLOOD,
            &[
                (S, "[edges]", ZONES),
                (
                    "zones.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:32649\"}},\"features\":[]}",
                ),
            ],
        ),
        fault(
            "zones_on_a_local_plane",
            FLOOD,
            &[
                (S, "EPSG:32649", "local"),
                (S, "[edges]", ZONES),
                (
                    "zones.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3100000],[500004,3100000],[500004,3100004],[500000,3100004],[500000,3100000]]]}}]}",
                ),
            ],
        ),
        fault("zones_missing", FLOOD, &[(S, "[edges]", ZONES)]),
        fault(
            "zones_not_geojson",
            FLOOD,
            &[
                (S, "[edges]", ZONES),
                ("zones.geojson", "", "{\"type\": \"FeatureCollection\",\n\"features\": ["),
            ],
        ),
        fault(
            "exposure_keys_of_another_kind",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[exposure]]\nname = \"a\"\nkind = \"roads\"\nlayer = \"dem.asc\"\nraster = \"dem.asc\"\npeople = \"pop\"\n[[exposure]]\nname = \"b\"\nkind = \"people\"\nlayer = \"dem.asc\"\nraster = \"dem.asc\"\npeople = \"pop\"\n[[exposure]]\nname = \"c\"\nkind = \"people\"\nlayer = \"dem.asc\"\n[[exposure]]\nname = \"d\"\nkind = \"zones\"\n\n[edges]",
            )],
        ),
        fault(
            "exposure_keys_of_another_format",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[exposure]]\nname = \"a\"\nkind = \"zones\"\nlayer = \"zones.geojson\"\ntable = \"zones\"\nencoding = \"gbk\"\n[[exposure]]\nname = \"b\"\nkind = \"people\"\nraster = \"dem.asc\"\nencoding = \"gb\"\n\n[edges]",
            )],
        ),
        fault(
            "exposure_twice",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[exposure]]\nname = \"a\"\nkind = \"people\"\nraster = \"dem.asc\"\n[[exposure]]\nname = \"a\"\nkind = \"people\"\nraster = \"dem.asc\"\n\n[edges]",
            )],
        ),
        fault(
            "people_negative",
            FLOOD,
            &[
                (
                    S,
                    "[edges]",
                    "[[exposure]]\nname = \"a\"\nkind = \"people\"\nraster = \"people.asc\"\n\n[edges]",
                ),
                (
                    "people.asc",
                    "",
                    "ncols 4\nnrows 3\nxllcorner 500000\nyllcorner 3100000\ncellsize 2\n1 1 1 1\n1 -99 1 1\n1 1 1 1\n",
                ),
            ],
        ),
        fault(
            "place_depth_without_unit",
            FLOOD,
            &[(S, "[edges]", "[products]\nplace_depths = [\"15\"]\n\n[edges]")],
        ),
        fault(
            "structures_with_mistakes",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[structure]]\nname = \"a\"\nkind = \"pump\"\nfrom = { x_m = 500001, y_m = 3100001 }\n\
                 capacity = \"0.2 m3/s\"\non_depth = \"10 cm\"\noff_depth = \"20 cm\"\n\
                 [[structure]]\nname = \"b\"\nkind = \"weir\"\nfrom = { x_m = 500001, y_m = 3100001 }\n\
                 crest = \"3 m\"\nsill = \"3 m\"\n\
                 [[structure]]\nname = \"c\"\nkind = \"gate\"\nfrom = { x_m = 500001, y_m = 3100001 }\n\
                 to = { x_m = 500001.5, y_m = 3100001 }\nsill = \"3 m\"\nwidth = \"1 m\"\nheight = \"1 m\"\n\
                 [[structure]]\nname = \"d\"\nkind = \"culvert\"\nfrom = { x_m = 500001, y_m = 3100001 }\n\
                 to = { x_m = 500003, y_m = 3100001 }\ninlet = \"box, parallel wingwalls\"\n\
                 diameter = \"1 m\"\nlength = \"10 m\"\n\n[edges]",
            )],
        ),
        fault(
            "breaches_with_mistakes",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[breach]]\nname = \"a\"\nalong = [[500001, 3100001], [500003, 3100001]]\nwidth = \"4 m\"\n\
                 bottom = \"90 m\"\nduration = \"10 min\"\nbegins = \"1 min\"\n\
                 [[breach]]\nname = \"b\"\nalong = [[500001, 3100001], [500003, 3100001]]\nwidth = \"4 m\"\n\
                 bottom = \"0 m\"\nduration = \"10 min\"\n\
                 [[breach]]\nname = \"c\"\nwidth = \"4 m\"\nbottom = \"0 m\"\nduration = \"10 min\"\n\
                 begins = \"1 min\"\n\n[edges]",
            )],
        ),
        fault(
            "levees_with_mistakes",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[levee]]\nname = \"a\"\nalong = [[500004, 3100000], [500004, 3100006]]\n\
                 [[levee]]\nname = \"b\"\nalong = [[500004, 3100000], [500004, 3100006]]\n\
                 crests = [\"20 m\", \"21\"]\n\
                 [[levee]]\nname = \"c\"\nalong = [[500004, 3100000], [500004, 3100006]]\n\
                 crests = [\"20 m\", \"21 m\", \"22 m\"]\n\
                 [[levee]]\nname = \"d\"\nalong = [[500001, 3100001], [500001.5, 3100001]]\ncrest = \"20 m\"\n\
                 [[levee]]\nname = \"e\"\nalong = [[500004, 3100000], [500004, 3100006]]\ncrest = \"20 km\"\n\
                 [levee.gap]\nmiddle = \"80 m\"\nduration = \"1 min\"\nwidth = \"4 m\"\nbottom = \"3 m\"\n\
                 [[levee]]\nname = \"f\"\nalong = [[500004, 3100000], [500004, 3100006]]\ncrest = \"20 m\"\n\
                 coefficient = 2.5\n\
                 [levee.gap]\nduration = \"1 min\"\nwidth = \"4 m\"\nbottom = \"30 m\"\n\
                 [[levee]]\nname = \"g\"\ncrest = \"20 m\"\n\n[edges]",
            )],
        ),
        fault(
            "bridges_with_mistakes",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[bridge]]\nname = \"a\"\nalong = [[500004, 3100000], [500004, 3100006]]\n\
                 soffit = \"20 m\"\ndeck = \"19 m\"\n\
                 [[bridge]]\nname = \"b\"\nalong = [[500004, 3100000], [500004, 3100006]]\n\
                 soffit = \"1 m\"\ndeck = \"19 m\"\npiers = 1.5\n\
                 [[bridge]]\nname = \"c\"\nalong = [[500004, 3100000], [500004, 3100006]]\n\
                 soffit = \"18 m\"\nsoffits = [\"18 m\", \"18 m\"]\ndecks = [\"19 m\", \"19 m\"]\n\
                 [[bridge]]\nname = \"d\"\nalong = [[500004, 3100000], [500004, 3100006]]\n\
                 soffit = \"18 m\"\ndeck = \"19 m\"\n\
                 [[levee]]\nname = \"d\"\nalong = [[500002, 3100000], [500002, 3100006]]\n\
                 crest = \"18 m\"\n\n[edges]",
            )],
        ),
        fault(
            "gauges_and_hyetograph",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[rain.gauge]]\nname = \"a\"\nat = { x_m = 500001, y_m = 3100001 }\n\
                 hyetograph = \"rain.csv\"\n\n[edges]",
            )],
        ),
        fault(
            "gauges_without_a_way_between",
            FLOOD,
            &[
                (S, "hyetograph = \"rain.csv\"\n", ""),
                (
                    S,
                    "[edges]",
                    "[[rain.gauge]]\nname = \"a\"\nat = { x_m = 500001, y_m = 3100001 }\n\
                     hyetograph = \"rain.csv\"\n\n[edges]",
                ),
            ],
        ),
        fault(
            "storm_that_stands_still",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[rain.movement]\nspeed = \"0 m/s\"\nfrom = \"W\"\n\
                 at = { x_m = 500001, y_m = 3100001 }\n\n[edges]",
            )],
        ),
        fault("rain_times_unsorted", FLOOD, &[("rain.csv", "0,60\n600,0", "600,60\n0,0")]),
        fault("rain_negative", FLOOD, &[("rain.csv", "0,60", "0,-60")]),
        fault("rain_unit_missing", FLOOD, &[("rain.csv", "rain_mm_h", "rain")]),
        fault("rain_mm_min_for_mm_h", FLOOD, &[("rain.csv", "rain_mm_h", "rain_mm_min")]),
        fault("rain_not_a_number", FLOOD, &[("rain.csv", "0,60", "0,sixty")]),
        fault(
            "rain_one_sample",
            FLOOD,
            &[("rain.csv", "0,60\n600,0\n", "0,60\n"), (S, "interval_start", "interval_end")],
        ),
        fault("rain_empty", FLOOD, &[("rain.csv", RAIN, "")]),
        fault("storm_unknown", FLOOD, &[(S, RAIN_KEYS, STORM), (S, "noboribetsu", "noboribetu")]),
        fault("storm_file_missing", FLOOD, &[(S, RAIN_KEYS, STORM), (S, "noboribetsu", "none.toml")]),
        fault(
            "storm_without_source",
            FLOOD,
            &[
                (S, RAIN_KEYS, STORM),
                (S, "noboribetsu", "own.toml"),
                ("own.toml", "", FORMULA),
                ("own.toml", "source_url = \"doi:1\"\n", ""),
            ],
        ),
        fault(
            "storm_outside_its_range",
            FLOOD,
            &[
                (S, RAIN_KEYS, STORM),
                (S, "return_period = 7", "return_period = 50"),
                (S, "\"1 h\"", "\"3 h\""),
            ],
        ),
        fault(
            "storm_with_a_slip_in_a_number",
            FLOOD,
            &[
                (S, RAIN_KEYS, STORM),
                (S, "noboribetsu", "own.toml"),
                ("own.toml", "", FORMULA),
                ("own.toml", "39.0", "93.0"),
            ],
        ),
        fault(
            "storm_that_is_no_formula",
            FLOOD,
            &[
                (S, RAIN_KEYS, STORM),
                (S, "noboribetsu", "own.toml"),
                ("own.toml", "", FORMULA),
                ("own.toml", "exponent = 1.0", "exponent = -1.0"),
            ],
        ),
        fault(
            "storm_file_with_many_mistakes",
            FLOOD,
            &[
                (S, RAIN_KEYS, STORM),
                (S, "noboribetsu", "own.toml"),
                ("own.toml", "", FORMULA),
                ("own.toml", "exponent", "exponnent"),
                ("own.toml", "mm/h", "mm per hour"),
                ("own.toml", "[5, 120]", "[5]"),
            ],
        ),
        fault(
            "storm_steps_longer_than_it",
            FLOOD,
            &[(S, RAIN_KEYS, STORM), (S, "peak_ratio = 0.4", "peak_ratio = 0.4\ntime_step = \"2 h\"")],
        ),
        fault("storm_without_peak", FLOOD, &[(S, RAIN_KEYS, STORM), (S, "peak_ratio = 0.4\n", "")]),
        fault("storm_key_without_storm", FLOOD, &[(S, "samples", "return_period = 50\nsamples")]),
        fault(
            "storm_and_intensity",
            FLOOD,
            &[(S, RAIN_KEYS, STORM), (S, "peak_ratio", "intensity = \"60 mm/h\"\npeak_ratio")],
        ),
        fault("rain_after_the_run", FLOOD, &[("rain.csv", "0,60\n600,0", "7200,60\n9000,0")]),
        fault(
            "inflow_before_the_run",
            FLOOD,
            &[
                (
                    S,
                    "[edges]",
                    "[[inflow]]\nname = \"burst\"\nat = { x_m = 500003.0, y_m = 3100003.0 }\nhydrograph = \"q.csv\"\n\n[edges]",
                ),
                ("q.csv", "", "time_s,discharge_m3_s\n-900,0\n-600,2\n-300,0\n"),
            ],
        ),
        fault(
            "inflow_lon_lat_on_a_local_plane",
            FLOOD,
            &[
                (S, "EPSG:32649", "local"),
                (
                    S,
                    "[edges]",
                    "[[inflow]]\nname = \"burst\"\nat = { lon = 111.0, lat = 28.0 }\ndischarge = \"1 m3/s\"\n\n[edges]",
                ),
            ],
        ),
        fault("plane_web_mercator", FLOOD, &[(S, "EPSG:32649", "EPSG:3857")]),
        fault(
            "plane_of_another_country",
            GAS,
            &[(S, "[source]", "[site]\ncrs = \"EPSG:27700\"\n\n[source]")],
        ),
        fault(
            "dem_far_away",
            FLOOD,
            &[("dem.asc", "xllcorner 500000", "xllcorner 1e15"), (S, "EPSG:32649", "local")],
        ),
        fault("list_empty", FLOOD, &[(S, "[edges]", "[outputs]\nformats = []\n\n[edges]")]),
        fault("list_as_text", GAS, &[(S, "[\"20 % LEL\"]", "\"20 % LEL\"")]),
        fault("format_twice", FLOOD, &[(S, "[edges]", "[outputs]\nformats = [\"csv\", \"csv\"]\n\n[edges]")]),
        fault("level_twice", GAS, &[(S, "[\"20 % LEL\"]", "[\"LEL\", \"100 % LEL\"]")]),
        fault("gas_lon_lat_on_a_local_plane", GAS, &[(S, "[source]", "[site]\ncrs = \"local\"\n\n[source]")]),
        fault("gas_at_the_pole", GAS, &[(S, "lat = 28.195", "lat = 89.9")]),
        fault("gas_place_too_far", GAS, &[(S, "lon = 112.976, lat = 28.195", "x_m = 1e17, y_m = 0")]),
        fault("substance_unknown", GAS, &[(S, "\"methane\"", "\"methan\"")]),
        fault("hole_wider_than_pipe", GAS, &[(S, "\"20 mm\"", "\"300 mm\"")]),
        fault("more_than_there_is", GAS, &[(S, "duration", "inventory = \"10 kg\"\nduration")]),
        fault("level_unknown", GAS, &[(S, "20 % LEL", "AEGL-9")]),
        fault("wind_km_h_as_number", GAS, &[(S, "\"3 m/s\"", "3")]),
        fault("calm", GAS, &[(S, "\"3 m/s\"", "\"0.2 m/s\"")]),
        fault("direction_word", GAS, &[(S, "\"NNE\"", "\"up\"")]),
        fault(
            "many_at_once",
            FLOOD,
            &[
                (S, "manning_n = 0.03", "maning_n = 0.03\ncolour = 3"),
                (S, "\"10 min\"", "\"10 kg\""),
                (S, "dem.asc", "no-such.asc"),
                (S, "EPSG:32649", "EPSG:1"),
            ],
        ),
        Fault { arguments: &["--device", "gpu"], exit: 6, ..fault("gpu", FLOOD, &[]) },
        Fault { arguments: &["--set", "rain"], exit: 2, ..fault("set_without_value", FLOOD, &[]) },
        Fault { arguments: &["--set", "rain.=5"], exit: 2, ..fault("set_with_an_empty_part", FLOOD, &[]) },
        Fault {
            arguments: &["--set", "inflow[1].name=a"],
            exit: 2,
            ..fault("set_in_a_list_not_there", FLOOD, &[])
        },
    ]
}

fn write_inputs(folder: &Path, fault: &Fault) {
    let mut files = vec![
        (S.to_owned(), fault.base.to_owned()),
        ("dem.asc".to_owned(), DEM.to_owned()),
        ("rain.csv".to_owned(), RAIN.to_owned()),
    ];
    for &(file, find, put) in fault.changes {
        match files.iter_mut().find(|entry| entry.0 == file) {
            Some(entry) => {
                assert!(entry.1.contains(find), "{}: {find:?} is in {file}", fault.name);
                entry.1 = entry.1.replacen(find, put, 1);
            }
            None => files.push((file.to_owned(), put.to_owned())),
        }
    }
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("a writable folder");
    }
    if let Some(grid) = fault.grid {
        grid().write(&folder.join("rain.nc"));
    }
}

/// Runs a fault and returns its message.
fn message(fault: &Fault) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_inputs(folder.path(), fault);
    let output = Command::cargo_bin("tuiyan")
        .expect("the program is built")
        .current_dir(folder.path())
        .args(["run", S, "--out", "result"])
        .args(fault.arguments)
        .output()
        .expect("the program runs");
    let text = String::from_utf8(output.stderr).expect("messages are UTF-8");
    assert_eq!(output.status.code(), Some(fault.exit), "{}: {text}", fault.name);
    assert!(!folder.path().join("result").exists(), "{}: a result was left", fault.name);
    let left = std::fs::read_dir(folder.path()).expect("the folder is there").flatten();
    let left: Vec<_> = left.map(|entry| entry.file_name()).filter(|name| name != "scenario.toml").collect();
    assert!(left.iter().all(|name| name.to_string_lossy().contains('.')), "{}: {left:?}", fault.name);
    assert!(text.contains("fix "), "{} has no remedy: {text}", fault.name);
    text
}

#[test]
fn every_fault_has_its_message_and_leaves_no_result() {
    let mut wrong = Vec::new();
    for fault in faults().into_iter().chain(grid_faults()) {
        let text = message(&fault);
        let snapshot = std::panic::catch_unwind(|| insta::assert_snapshot!(fault.name, text));
        if snapshot.is_err() {
            wrong.push(fault.name);
        }
    }
    assert!(wrong.is_empty(), "messages changed: {wrong:?}");
}

#[test]
fn the_sound_inputs_of_the_faults_run() {
    for base in [FLOOD, GAS] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let text = if base == GAS {
            GAS.replace("levels = [\"20 % LEL\"]", "levels = [\"20 % LEL\"]\naccept_invalid = true")
        } else {
            base.to_owned()
        };
        write_inputs(
            folder.path(),
            &Fault { name: "sound", base: "", changes: &[], arguments: &[], exit: 0, grid: None },
        );
        std::fs::write(folder.path().join(S), text).expect("a writable folder");
        let output = Command::cargo_bin("tuiyan")
            .expect("the program is built")
            .current_dir(folder.path())
            .args(["run", S, "--out", "result"])
            .output()
            .expect("the program runs");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(folder.path().join("result/run.json").exists());
    }
}

#[test]
fn a_grid_that_ends_before_the_run_is_told_and_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let grid = || RainFile { time_units: "minutes since 2026-07-01", ..RainFile::sound() };
    write_inputs(folder.path(), &grid_fault("sound", grid));
    let output = Command::cargo_bin("tuiyan")
        .expect("the program is built")
        .current_dir(folder.path())
        .args(["run", S, "--out", "result"])
        .output()
        .expect("the program runs");
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{text}");
    for code in ["W1098", "W3356"] {
        assert!(text.contains(code), "{code} is missing in\n{text}");
    }
}

#[test]
fn many_mistakes_are_reported_at_once() {
    let all = faults();
    let many = all.iter().find(|fault| fault.name == "many_at_once").expect("in the list");
    let text = message(many);
    let codes: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("error[")?.split(']').next()).collect();
    for code in ["E1011", "E1014", "E2201"] {
        assert!(codes.contains(code), "{code} is missing in\n{text}");
    }
    assert!(text.contains("no-such.asc"), "the missing file is reported too:\n{text}");
}
