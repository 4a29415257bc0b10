//! GeoTIFF: strips and tiles, whole numbers and floats, both byte orders, BigTIFF.
//!
//! The structure is checked first (`tiff_layout.rs`); only then is the
//! picture decoded. What would give wrong places or wrong heights is refused:
//! rotated or sheared rasters, several bands, coloured pictures, masks, scaled
//! values, heights in feet.
//!
//! # Source
//! OGC 19-008r4, *OGC GeoTIFF Standard* 1.1, 2019.

use std::io::{Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use geotiff_reader::crs::{CrsInfo, ModelType};
use geotiff_reader::{GeoTiffFile, GeoTiffOpenOptions};

use crate::error::{Problem, Result};
use crate::grid::Field;

use super::problem_list::ProblemList;
use super::raster::{self, IMPOSSIBLE_VALUE, RasterInfo, SampleKind};
use super::tiff_layout::{self, Directory, Layout};

/// Share of a cell by which axes may be askew and still count as straight: rounding of a writer.
const SKEW_TOLERANCE: f64 = 1e-9;

/// Key of the unit of projected coordinates.
///
/// # Source
/// OGC 19-008r4, requirement class ProjLinearUnitsGeoKey.
const LINEAR_UNITS_KEY: u16 = 3076;

/// EPSG code of the metre as a unit.
const METRE: u16 = 9001;

/// EPSG codes of vertical references in feet; a file may name one of them and no unit.
///
/// # Source
/// EPSG dataset v11.022: every vertical reference whose axis is not in metres.
const VERTICAL_IN_FEET: [u16; 15] =
    [5614, 5702, 5754, 6130, 6131, 6132, 6358, 6359, 6360, 8050, 8051, 8052, 8053, 8228, 8897];

/// Tag of GDAL's own metadata, which may hold a scale and an offset of the values.
///
/// # Source
/// GDAL documentation, *GTiff – GeoTIFF File Format*, TIFFTAG_GDAL_METADATA.
const GDAL_METADATA_TAG: u16 = 42112;

/// Reads the header of a GeoTIFF.
pub(super) fn probe<R: Read + Seek>(
    path: &Path,
    file: &mut R,
    length: u64,
    shown_as: &str,
    cell_limit: usize,
) -> Result<RasterInfo> {
    let mut problems = ProblemList::new(shown_as, raster::MORE);
    let Some((layout, options)) = structure(file, length, cell_limit, &mut problems) else {
        return Err(refused(problems));
    };
    let opened = guarded(|| GeoTiffFile::open_with_options(path, options), &mut problems);
    let Some(mut info) = opened.and_then(|tiff| checked(&tiff, &layout, cell_limit, shown_as, &mut problems))
    else {
        return Err(refused(problems));
    };
    info.warnings.append(&mut problems.finish()?);
    Ok(info)
}

/// Reads a GeoTIFF from all bytes of a file.
pub(super) fn read(data: Vec<u8>, shown_as: &str, cell_limit: usize) -> Result<(RasterInfo, Field)> {
    let mut problems = ProblemList::new(shown_as, raster::MORE);
    let length = data.len() as u64;
    let structure = structure(&mut Cursor::new(&data), length, cell_limit, &mut problems);
    let Some((layout, options)) = structure else {
        return Err(refused(problems));
    };
    let opened = guarded(|| GeoTiffFile::from_bytes_with_options(data, options), &mut problems);
    let Some(tiff) = opened else { return Err(refused(problems)) };
    let Some(mut info) = checked(&tiff, &layout, cell_limit, shown_as, &mut problems) else {
        return Err(refused(problems));
    };
    let values = decoded(&tiff, info.sample_kind, &mut problems)
        .and_then(|values| field(values, &tiff, &layout, &info, &mut problems));
    let Some(values) = values else { return Err(refused(problems)) };
    info.warnings.append(&mut problems.finish()?);
    Ok((info, values))
}

fn refused(problems: ProblemList) -> crate::error::Problems {
    match problems.finish() {
        Err(problems) => problems,
        Ok(_) => unreachable!("a file is refused only with an error"),
    }
}

/// The structure of the file, and what the decoder may reserve for it.
fn structure<R: Read + Seek>(
    file: &mut R,
    length: u64,
    cell_limit: usize,
    problems: &mut ProblemList,
) -> Option<(Layout, GeoTiffOpenOptions)> {
    let layout = problems.value_of(tiff_layout::layout(file, length))?;
    let largest = layout.largest()?;
    // The promises of the picture are checked before any other reader sees the file.
    layout.mistakes(largest, cell_limit).into_iter().for_each(|problem| problems.add(problem));
    if problems.has_errors() {
        return None;
    }
    let mut options = GeoTiffOpenOptions::default();
    // Tags lie inside the file, and together they cannot need more than all of it.
    let bytes = usize::try_from(length).unwrap_or(usize::MAX);
    options.parse_budgets.max_tag_value_bytes = bytes;
    options.parse_budgets.max_metadata_value_bytes = bytes;
    options.decode_output_bytes = cell_limit.saturating_mul(size_of::<f64>());
    Some((layout, options))
}

/// Runs the decoder; its errors and its panics become problems.
///
/// A panic is a mistake of the decoder that a hostile file has found. The
/// decoder's state is dropped with it, so nothing broken can be seen later.
fn guarded<T>(
    work: impl FnOnce() -> std::result::Result<T, geotiff_reader::Error>,
    problems: &mut ProblemList,
) -> Option<T> {
    let reason = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => return Some(value),
        Ok(Err(geotiff_reader::Error::NotGeoTiff)) => {
            problems.add(no_place("the file is a TIFF without the tags of a GeoTIFF"));
            return None;
        }
        Ok(Err(reason)) => reason.to_string(),
        Err(_) => "the decoder gave up on the file".into(),
    };
    problems.add(Problem::error(2027, format!("the raster cannot be decoded: {reason}")).fix(
        "rewrite it: gdal_translate -co COMPRESS=DEFLATE IN.tif OUT.tif; if that fails the file is damaged",
    ));
    None
}

fn no_place(text: &str) -> Problem {
    Problem::error(2026, text)
        .why("without an origin and a cell size nobody knows where the heights are")
        .fix("gdal_translate -a_srs EPSG:… -a_ullr WEST NORTH EAST SOUTH IN.tif OUT.tif; .tfw files are not read")
}

/// The directory of the picture that is decoded.
fn picture<'a>(tiff: &GeoTiffFile, layout: &'a Layout) -> Option<&'a Directory> {
    let offset = tiff.tiff().ifd(tiff.base_ifd_index()).ok()?.offset();
    layout.at(offset)
}

/// What the header says, if nothing about it is wrong.
fn checked(
    tiff: &GeoTiffFile,
    layout: &Layout,
    cell_limit: usize,
    shown_as: &str,
    problems: &mut ProblemList,
) -> Option<RasterInfo> {
    let Some(picture) = picture(tiff, layout) else {
        problems.add(no_place("the picture and its place are in different directories"));
        return None;
    };
    layout.mistakes(picture, cell_limit).into_iter().for_each(|problem| problems.add(problem));
    if layout.has_mask() {
        problems.add(
            Problem::error(2024, "the file holds a transparency mask")
                .why("the mask says which cells have data, and masks are not read")
                .fix("gdal_translate -mask none -a_nodata … writes a no-data value instead"),
        );
    }
    check_scale(tiff, problems);
    check_units(tiff, problems);
    check_vertical_reference(tiff.crs(), problems);
    let place = place(tiff, picture, problems);
    let no_data_value = no_data(tiff, problems);
    let (dx, dy, west, south) = place?;
    if problems.has_errors() {
        return None;
    }
    let bits = u8::try_from(picture.bits()).ok()?;
    let mut info = RasterInfo {
        columns: picture.columns(),
        rows: picture.rows(),
        dx,
        dy,
        west,
        south,
        crs: None,
        sample_kind: match picture.sample_format() {
            1 => SampleKind::Unsigned(bits),
            2 => SampleKind::Signed(bits),
            _ => SampleKind::Float(bits),
        },
        no_data_value: no_data_value?,
        warnings: Vec::new(),
    };
    add_reference(tiff.crs(), &mut info, shown_as);
    Some(info)
}

/// Cell size, western and southern edge.
fn place(
    tiff: &GeoTiffFile,
    picture: &Directory,
    problems: &mut ProblemList,
) -> Option<(f64, f64, f64, f64)> {
    let Some(transform) = tiff.transform() else {
        problems.add(no_place("the file has no origin with a cell size"));
        return None;
    };
    let (dx, dy) = (transform.pixel_width, -transform.pixel_height);
    let (west, north) = (transform.origin_x, transform.origin_y);
    let skew = transform.skew_x.abs().max(transform.skew_y.abs());
    if skew > SKEW_TOLERANCE * dx.abs().max(dy.abs()) || dx < 0.0 || dy < 0.0 {
        problems.add(
            Problem::error(
                2025,
                format!(
                    "the raster is rotated, sheared or mirrored: a column moves ({dx}, {}), a row moves ({}, {})",
                    transform.skew_y, transform.skew_x, -dy
                ),
            )
            .why("cells are computed in rows from west to east, north up")
            .fix("gdalwarp -t_srs EPSG:… IN.tif OUT.tif straightens it"),
        );
        return None;
    }
    let south = north - dy * picture.rows() as f64;
    let sound = [dx, dy, west, south].iter().all(|number| number.is_finite()) && dx > 0.0 && dy > 0.0;
    if !sound {
        problems
            .add(no_place(&format!("origin ({west}, {north}) and cell size ({dx}, {dy}) are not usable")));
        return None;
    }
    Some((dx, dy, west, south))
}

/// The declared mark for no data; the outer `None` means that it is wrong.
fn no_data(tiff: &GeoTiffFile, problems: &mut ProblemList) -> Option<Option<f64>> {
    let Some(text) = tiff.nodata().map(|text| text.trim_matches(['\0', ' '])) else { return Some(None) };
    if text.is_empty() {
        return Some(None);
    }
    let number = text.parse::<f64>();
    if number.is_err() {
        problems.add(
            Problem::error(2028, format!("the no-data value '{text}' is not a number"))
                .fix("gdal_translate -a_nodata -9999 IN.tif OUT.tif"),
        );
    }
    number.ok().map(Some)
}

/// Refuses values that are stored scaled or shifted.
fn check_scale(tiff: &GeoTiffFile, problems: &mut ProblemList) {
    let Ok(directory) = tiff.tiff().ifd(tiff.base_ifd_index()) else { return };
    let Some(text) = directory.tag(GDAL_METADATA_TAG).and_then(|tag| tag.value.as_str()) else { return };
    for (role, neutral) in [("scale", 1.0), ("offset", 0.0)] {
        let mark = format!("role=\"{role}\"");
        let value = text.split(mark.as_str()).nth(1).and_then(|rest| rest.split(['>', '<']).nth(1));
        if value.is_some_and(|value| value.trim().parse::<f64>() != Ok(neutral)) {
            problems.add(
                Problem::error(
                    2029,
                    format!("the values are stored with the {role} {}", value.unwrap_or_default()),
                )
                .why("taken as they are they would be wrong by that factor or sum")
                .fix("gdal_translate -unscale -ot Float32 IN.tif OUT.tif"),
            );
        }
    }
}

/// Refuses lengths and heights that are not in metres.
fn check_units(tiff: &GeoTiffFile, problems: &mut ProblemList) {
    let heights = tiff.crs().vertical_units();
    let lengths = tiff.geokeys().get_short(LINEAR_UNITS_KEY);
    for (what, unit) in [("heights", heights), ("coordinates", lengths)] {
        // 0 and 32767 mean undefined and user-defined: OGC 19-008r4.
        if unit.is_some_and(|unit| ![METRE, 0, 32767].contains(&unit)) {
            let unit = unit.unwrap_or_default();
            problems.add(
                Problem::error(
                    2032,
                    format!("the {what} are declared in EPSG unit {unit}, not in metres (9001)"),
                )
                .at_spot("9002 is the foot, 9003 the US survey foot")
                .why("a foot taken as a metre makes everything three times as large")
                .fix("convert: gdalwarp -t_srs EPSG:… for coordinates, gdal_calc.py for heights"),
            );
        }
    }
}

/// Refuses a vertical reference that is in feet by its definition, where no unit is written beside it.
fn check_vertical_reference(declared: &CrsInfo, problems: &mut ProblemList) {
    let Some(code) = declared.vertical_epsg().filter(|code| VERTICAL_IN_FEET.contains(code)) else { return };
    if declared.vertical_units().is_none() {
        problems.add(
            Problem::error(
                2032,
                format!("the heights are declared in EPSG:{code}, a vertical reference in feet"),
            )
            .why("a foot taken as a metre makes everything three times as large")
            .fix("convert: gdalwarp -t_srs with a vertical reference in metres, or gdal_calc.py"),
        );
    }
}

/// Takes the horizontal reference that the file declares.
fn add_reference(declared: &CrsInfo, info: &mut RasterInfo, shown_as: &str) {
    let code = match declared.model_type_enum() {
        ModelType::Projected => declared.projected_epsg(),
        ModelType::Geographic => declared.geodetic_epsg(),
        _ => declared.projected_epsg().or(declared.geodetic_epsg()),
    };
    // 0 and 32767 mean undefined and user-defined: OGC 19-008r4.
    match code.filter(|code| ![0, 32767].contains(code)) {
        Some(code) => raster::set_reference(info, u32::from(code), shown_as),
        None if declared.model_type == 0 => {}
        None => info.warnings.push(
            Problem::warning(2030, "the file describes its coordinate reference without an EPSG code")
                .in_file(shown_as)
                .why("only EPSG codes are read")
                .fix("give the EPSG code in the scenario, or gdal_edit.py -a_srs EPSG:… FILE"),
        ),
    }
}

/// All samples as f64, in the order of the file.
fn decoded(tiff: &GeoTiffFile, kind: SampleKind, problems: &mut ProblemList) -> Option<Vec<f64>> {
    /// Samples of one type, widened.
    macro_rules! samples {
        ($kind:ty) => {
            tiff.read_raster::<$kind>().map(|samples| samples.iter().map(|&sample| sample as f64).collect())
        };
    }
    guarded(
        || match kind {
            SampleKind::Unsigned(8) => samples!(u8),
            SampleKind::Unsigned(16) => samples!(u16),
            SampleKind::Unsigned(32) => samples!(u32),
            SampleKind::Unsigned(_) => samples!(u64),
            SampleKind::Signed(8) => samples!(i8),
            SampleKind::Signed(16) => samples!(i16),
            SampleKind::Signed(32) => samples!(i32),
            SampleKind::Signed(_) => samples!(i64),
            SampleKind::Float(32) => samples!(f32),
            SampleKind::Float(_) | SampleKind::Text => samples!(f64),
        },
        problems,
    )
}

/// Turns the samples over and marks cells without data.
fn field(
    samples: Vec<f64>,
    tiff: &GeoTiffFile,
    layout: &Layout,
    info: &RasterInfo,
    problems: &mut ProblemList,
) -> Option<Field> {
    let mut values = Field::from_shape_vec((info.rows, info.columns), samples).ok()?;
    // A block that was never written holds no data, whatever a decoder fills in.
    for (rows, columns) in picture(tiff, layout)?.unwritten() {
        values.slice_mut(ndarray::s![rows, columns]).fill(f64::NAN);
    }
    values.invert_axis(ndarray::Axis(0));
    let mut values = values.as_standard_layout().into_owned();
    let mark = info.no_data_value.map(|mark| match info.sample_kind {
        // The tag is decimal text; the samples are rounded to their own type.
        SampleKind::Float(32) => f64::from(mark as f32),
        _ => mark,
    });
    values.mapv_inplace(|value| if Some(value) == mark { f64::NAN } else { value });
    report_strange(&values, info, problems);
    Some(values)
}

/// Reports values that cannot be numbers of the ground, and undeclared marks for no data.
fn report_strange(values: &Field, info: &RasterInfo, problems: &mut ProblemList) {
    let grid = info.grid();
    for ((row, column), &value) in values.indexed_iter() {
        if value.is_infinite() || value.abs() >= IMPOSSIBLE_VALUE {
            problems.add(raster::not_a_height(&value.to_string()).at_spot(grid.spot(row, column)));
        }
    }
    raster::report_undeclared_marks(values, info, problems);
}
