//! Faults of terrain, its reference, and the ground.

use crate::harness::{DEM, FLOOD, Fault, S, check, fault};

fn faults() -> Vec<Fault> {
    vec![
        fault("roughness_out_of_range", FLOOD, &[(S, "0.03", "-0.03")]),
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
        fault("plane_web_mercator", FLOOD, &[(S, "EPSG:32649", "EPSG:3857")]),
        fault(
            "dem_far_away",
            FLOOD,
            &[("dem.asc", "xllcorner 500000", "xllcorner 1e15"), (S, "EPSG:32649", "local")],
        ),
    ]
}

#[test]
fn faults_of_terrain_have_their_messages_and_leave_no_result() {
    check(&faults());
}
