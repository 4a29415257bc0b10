//! Rasters written by another program are read as that program reads them.
//!
//! `input_gdal/*.tif` were written by GDAL 3.10.3, and `expected.csv` says what
//! GDAL reads from them; the weighted sum fixes the place of every value.

use std::path::Path;

use sim_core::input::raster::{Limits, probe_raster, read_raster};

#[test]
fn rasters_of_gdal_are_read_as_gdal_reads_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/input_gdal");
    let mut table =
        csv::Reader::from_path(folder.join("expected.csv")).expect("the table of expected values");
    let mut files = 0;
    for record in table.records().map(|record| record.expect("a line")) {
        let name = &record[0];
        let number = |column: usize| record[column].parse::<f64>().expect("a number");
        let path = folder.join(name);
        let file =
            read_raster(&path, name, &Limits::default()).unwrap_or_else(|problems| panic!("{problems}"));
        let info = &file.info;
        assert_eq!(info.crs.as_ref().and_then(|crs| crs.epsg()).map(f64::from), Some(number(1)), "{name}");
        let place = [info.west, info.south, info.dx, info.dy];
        for (column, found) in place.into_iter().enumerate() {
            assert!((found - number(column + 2)).abs() < 1e-9, "{name}: {found}");
        }
        assert_eq!(file.no_data_cells as f64, number(6), "{name}");
        let weight = |row: usize, column: usize| (1 + (info.rows - 1 - row) * 100 + column) as f64;
        let known = file.values.indexed_iter().filter(|(_, value)| !value.is_nan());
        let sum: f64 = known.map(|((row, column), value)| value * weight(row, column)).sum();
        assert!((sum / number(7) - 1.0).abs() < 1e-9, "{name}: {sum}");
        assert_eq!(info.sample_kind.to_string(), &record[8], "{name}");
        assert_eq!(&probe_raster(&path, name, &Limits::default()).expect("a sound header"), info, "{name}");
        files += 1;
    }
    assert_eq!(files, 12, "every file of the table was read");
}

#[test]
fn a_mask_as_large_as_its_picture_is_called_a_mask() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/input_gdal/internal_mask.tif");
    let problems =
        read_raster(&path, "internal_mask.tif", &Limits::default()).expect_err("masks are not read");
    assert_eq!(problems.0.iter().map(|problem| problem.code.0).collect::<Vec<_>>(), [2024]);
    assert!(problems.to_string().contains("mask"), "{problems}");
}
