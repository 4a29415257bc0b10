//! A raster file becomes a field on a grid, or a list of everything that is wrong with it.

use std::fmt;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::error::{Problem, Problems, Result};
use crate::grid::{Crs, Field, Grid};

use super::bytes::{self, FileCodes};
use super::problem_list::ProblemList;
use super::{esri_ascii, geotiff, projection_file};

/// Message that counts the mistakes of a raster that are not shown.
pub(super) const MORE: u16 = 2099;

const CODES: FileCodes = FileCodes { unreadable: 2001, empty: 2002, too_long: 2005 };

/// Size from which a number is no height, depth or roughness, in any unit.
///
/// Programs fill cells without data with ±1e30, 1e38 or the largest float
/// (3.4e38); every quantity of the engine is far below.
pub(super) const IMPOSSIBLE_VALUE: f64 = 1e30;

/// Numbers that programs write where they have no data, often without declaring them.
const USUAL_MARKS: [f64; 5] = [-9999.0, -32768.0, -32767.0, -99999.0, -999_999.0];

/// Bytes from which the header of a text grid is read.
const HEAD_BYTES: u64 = 8192;

/// Largest `.prj` file; well-known text has a few kilobytes.
const MAX_PROJECTION_BYTES: u64 = 64 * 1024;

/// How much a raster may ask for; every limit can be raised by the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Cells of one raster.
    pub cells: usize,
    /// Bytes of one file.
    pub file_bytes: u64,
}

impl Default for Limits {
    /// 100 million cells (0.8 GB as numbers of 8 bytes; 10 km × 10 km at 1 m) and 4 GiB of file.
    fn default() -> Self {
        Self { cells: 100_000_000, file_bytes: 4 << 30 }
    }
}

/// How the numbers are stored in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleKind {
    /// Decimal text.
    Text,
    /// Whole numbers without sign, with their bits.
    Unsigned(u8),
    /// Whole numbers with sign, with their bits.
    Signed(u8),
    /// Floating-point numbers, with their bits.
    Float(u8),
}

impl fmt::Display for SampleKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => write!(f, "text"),
            Self::Unsigned(bits) => write!(f, "uint{bits}"),
            Self::Signed(bits) => write!(f, "int{bits}"),
            Self::Float(bits) => write!(f, "float{bits}"),
        }
    }
}

/// What the header of a raster says. Lengths are in units of its coordinate reference.
#[derive(Debug, Clone, PartialEq)]
pub struct RasterInfo {
    /// Number of columns.
    pub columns: usize,
    /// Number of rows.
    pub rows: usize,
    /// Cell size along x.
    pub dx: f64,
    /// Cell size along y.
    pub dy: f64,
    /// Western edge (not the centre of the first column).
    pub west: f64,
    /// Southern edge (not the centre of the first row).
    pub south: f64,
    /// Coordinate reference; `None` if the file does not say, or not by an EPSG code.
    pub crs: Option<Crs>,
    /// How the numbers are stored.
    pub sample_kind: SampleKind,
    /// Number that marks a cell without data, if the file or its format declares one.
    pub no_data_value: Option<f64>,
    /// What the user should know.
    pub warnings: Vec<Problem>,
}

impl RasterInfo {
    /// The grid of the raster; a raster without reference lies on a local plane.
    pub fn grid(&self) -> Grid {
        Grid {
            columns: self.columns,
            rows: self.rows,
            dx: self.dx,
            dy: self.dy,
            west: self.west,
            south: self.south,
            crs: self.crs.clone().unwrap_or_else(Crs::local),
        }
    }

    /// Number of cells.
    pub fn cells(&self) -> usize {
        self.rows * self.columns
    }
}

/// A raster with its numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct RasterFile {
    /// What the header says.
    pub info: RasterInfo,
    /// Values, shape (rows, columns), row 0 in the south; NaN where there is no data, finite elsewhere.
    pub values: Field,
    /// Cells without data.
    pub no_data_cells: usize,
    /// SHA-256 of the bytes of the file, hexadecimal.
    pub sha256: String,
}

/// Formats that are read, told by the first bytes and not by the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    GeoTiff,
    EsriAscii,
}

/// Reads a GeoTIFF or an ESRI ASCII grid.
///
/// Numbers are taken as they are in the file: no unit is changed, no cell is
/// filled. `shown_as` is the path as the user wrote it.
///
/// # Errors
/// Every mistake of the file that can be found, at most
/// [`super::problem_list::SHOWN`] in full: 2001–2005 the file and its size,
/// 2010–2016 its text and numbers, 2020–2032 a TIFF.
///
/// # Example
/// ```
/// use sim_core::input::raster::{Limits, read_raster};
/// let path = std::env::temp_dir().join("sim-core-example.asc");
/// std::fs::write(&path, "ncols 2\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 5\nNODATA_value -9999\n3.5 -9999\n")?;
/// let raster = read_raster(&path, "example.asc", &Limits::default())?;
/// assert_eq!(raster.values[(0, 0)], 3.5);
/// assert!(raster.values[(0, 1)].is_nan());
/// assert_eq!(raster.no_data_cells, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_raster(path: &Path, shown_as: &str, limits: &Limits) -> Result<RasterFile> {
    let data = bytes::read(path, shown_as, limits.file_bytes, &CODES)?;
    let sha256 = bytes::sha256(&data);
    let (mut info, values) = match format(&data, shown_as)? {
        Format::GeoTiff => geotiff::read(data, shown_as, limits.cells)?,
        Format::EsriAscii => esri_ascii::read(&data, shown_as, limits.cells)?,
    };
    if info.sample_kind == SampleKind::Text {
        add_projection_file(path, shown_as, &mut info);
    }
    let no_data_cells = values.iter().filter(|value| value.is_nan()).count();
    Ok(RasterFile { info, values, no_data_cells, sha256 })
}

/// Reads only the header of a raster, and checks its promises against the length of the file.
///
/// # Errors
/// As [`read_raster`], without what only the numbers can show.
pub fn probe_raster(path: &Path, shown_as: &str, limits: &Limits) -> Result<RasterInfo> {
    let (mut file, length) = bytes::open(path, shown_as, limits.file_bytes, &CODES)?;
    let mut head = Vec::new();
    let outcome =
        (&mut file).take(HEAD_BYTES).read_to_end(&mut head).and_then(|_| file.seek(SeekFrom::Start(0)));
    outcome.map_err(|reason| {
        Problem::error(CODES.unreadable, format!("cannot be read: {reason}"))
            .in_file(shown_as)
            .fix("check the disk the file lies on")
    })?;
    match format(&head, shown_as)? {
        Format::GeoTiff => geotiff::probe(path, &mut file, length, shown_as, limits.cells),
        Format::EsriAscii => {
            let mut info = esri_ascii::probe(&head, length, shown_as, limits.cells)?;
            add_projection_file(path, shown_as, &mut info);
            Ok(info)
        }
    }
}

fn format(head: &[u8], shown_as: &str) -> Result<Format> {
    // Marks of TIFF (42) and BigTIFF (43) in both byte orders: TIFF 6.0, section 2.
    const TIFF: [&[u8]; 4] = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];
    if TIFF.iter().any(|mark| head.starts_with(mark)) {
        return Ok(Format::GeoTiff);
    }
    let start = bytes::without_mark(head).trim_ascii_start();
    if start.first().is_some_and(u8::is_ascii_alphabetic) && !head.contains(&0)
        || head.starts_with(&[0xff, 0xfe])
        || head.starts_with(&[0xfe, 0xff])
    {
        return Ok(Format::EsriAscii);
    }
    Err(Problem::error(2003, "the file is neither a GeoTIFF nor an ESRI ASCII grid")
        .in_file(shown_as)
        .at_spot(format!("it begins with the bytes {:02x?}", &head[..head.len().min(8)]))
        .fix("convert it: gdal_translate IN OUT.tif writes a GeoTIFF")
        .into())
}

/// Takes the coordinate reference from the `.prj` file beside a text grid, if there is one.
fn add_projection_file(path: &Path, shown_as: &str, info: &mut RasterInfo) {
    let beside = ["prj", "PRJ"].map(|ending| path.with_extension(ending));
    let Some(file) = beside.iter().find(|file| file.is_file()) else { return };
    let unknown = |text: String, why: String| {
        Problem::warning(2030, text).in_file(shown_as).why(why).fix("give the EPSG code in the scenario")
    };
    let data = match bytes::read(file, shown_as, MAX_PROJECTION_BYTES, &CODES) {
        Ok(data) => data,
        Err(Problems(problems)) => {
            let why = problems.iter().map(|problem| problem.text.as_str()).collect::<Vec<_>>().join("; ");
            info.warnings.push(unknown("the .prj file beside the grid was not used".into(), why));
            return;
        }
    };
    let text = String::from_utf8_lossy(bytes::without_mark(&data));
    match projection_file::epsg(&text) {
        Some(code) => set_reference(info, code, shown_as),
        None => info.warnings.push(unknown(
            "the .prj file beside the grid names no EPSG code".into(),
            "a reference is taken from its EPSG identifier or from a name that is known".into(),
        )),
    }
}

/// Takes an EPSG code that a file declares; one that the engine does not know leaves a warning.
pub(super) fn set_reference(info: &mut RasterInfo, code: u32, shown_as: &str) {
    match Crs::from_epsg(code) {
        Ok(crs) => info.crs = Some(crs),
        Err(Problems(problems)) => {
            let why = problems.into_iter().map(|problem| problem.text).collect::<Vec<_>>().join("; ");
            info.warnings.push(
                Problem::warning(2031, format!("the file declares EPSG:{code}, which cannot be used"))
                    .in_file(shown_as)
                    .why(why)
                    .fix("reproject the raster, for example with gdalwarp -t_srs EPSG:32650"),
            );
        }
    }
}

/// E2013: a number that is not finite or too large to be one.
pub(super) fn not_a_height(found: &str) -> Problem {
    Problem::error(2013, format!("'{found}' is not a usable number"))
        .why("it would spread to every neighbour, or it is a mark for no data that nobody declared")
        .fix("declare the number as no-data value (gdal_translate -a_nodata), or fill the cell")
}

/// E2016: cells with a number that usually means no data, but is not declared so.
pub(super) fn report_undeclared_marks(values: &Field, info: &RasterInfo, problems: &mut ProblemList) {
    let grid = info.grid();
    for mark in USUAL_MARKS {
        let mut cells = values.indexed_iter().filter(|(_, value)| **value == mark);
        let Some(((row, column), _)) = cells.next() else { continue };
        let text =
            format!("{} cells are exactly {mark}, which is not declared as no-data value", cells.count() + 1);
        problems.add(
            Problem::error(2016, text)
                .at_spot(format!("the southernmost: {}", grid.spot(row, column)))
                .why("this number usually means no data; as a height it would be a hole of that depth")
                .fix(format!(
                    "declare it: gdal_edit.py -a_nodata {mark} FILE, or NODATA_value {mark} in a text grid"
                )),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits::default()
    }

    /// Writes a file into a folder of its own and reads it.
    fn read(name: &str, data: &[u8]) -> Result<RasterFile> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(name);
        std::fs::write(&path, data).expect("a temporary file");
        let probed = probe_raster(&path, name, &limits());
        let whole = read_raster(&path, name, &limits());
        if let Ok(file) = &whole {
            let mut info = probed.expect("the header of a sound file is sound");
            // Some warnings need the numbers.
            info.warnings = file.info.warnings.clone();
            assert_eq!(info, file.info, "the header alone says the same as the whole file");
        }
        whole
    }

    fn codes(outcome: Result<RasterFile>) -> Vec<u16> {
        outcome.expect_err("a mistake").0.iter().map(|problem| problem.code.0).collect()
    }

    const HEADER: &str = "ncols 3\nnrows 2\nxllcorner 100\nyllcorner 50\ncellsize 10\nNODATA_value -9999\n";

    fn ascii(body: &str) -> Result<RasterFile> {
        read("a.asc", format!("{HEADER}{body}").as_bytes())
    }

    #[test]
    fn the_last_line_of_a_text_grid_is_row_0() {
        let file = ascii("1 2 3\n4 5 -9999\n").expect("a sound file");
        assert_eq!(file.values[(0, 0)], 4.0);
        assert_eq!(file.values[(1, 2)], 3.0);
        assert!(file.values[(0, 2)].is_nan());
        assert_eq!((file.no_data_cells, file.info.west, file.info.south), (1, 100.0, 50.0));
    }

    #[test]
    fn header_words_come_in_any_case_and_order_and_with_centres() {
        let text =
            "NROWS 2\r\nNCOLS 3\r\nXLLCENTER 105\r\nyllcenter 52\r\nDX 10\r\nDY 4\r\n1 2 3 4\r\n5\t6\r\n";
        let file = read("a.asc", text.as_bytes()).expect("a sound file");
        assert_eq!((file.info.west, file.info.south), (100.0, 50.0));
        assert_eq!((file.info.dx, file.info.dy), (10.0, 4.0));
        assert_eq!(file.values[(0, 2)], 6.0);
    }

    #[test]
    fn a_byte_order_mark_changes_nothing() {
        let text = format!("\u{feff}{HEADER}1 2 3\n4 5 6\n");
        assert_eq!(read("a.asc", text.as_bytes()).expect("sound").values[(1, 0)], 1.0);
    }

    #[test]
    fn a_word_among_the_numbers_is_named_with_line_and_column() {
        let Problems(problems) = ascii("1 2 3\n4 wet 6\n").expect_err("a word");
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].code.0, 2011);
        assert_eq!((problems[0].place.line, problems[0].place.column), (Some(8), Some(3)));
        assert!(problems[0].text.contains("'wet'"));
    }

    #[test]
    fn every_mistake_of_a_text_grid_is_told_at_once() {
        let found = codes(ascii("nan 1e38 inf\n2,5 x 1.#QNAN\n7\n"));
        assert_eq!(found, [2013, 2013, 2013, 2014, 2011, 2013, 2012]);
    }

    #[test]
    fn a_hundred_thousand_wrong_cells_are_told_briefly() {
        let text =
            format!("ncols 1000\nnrows 100\nxllcorner 0\nyllcorner 0\ncellsize 1\n{}", "x ".repeat(100_000));
        let found = codes(read("a.asc", text.as_bytes()));
        assert_eq!(found.len(), super::super::problem_list::SHOWN + 1);
        assert_eq!(found.last(), Some(&MORE));
    }

    #[test]
    fn header_and_count_must_agree() {
        assert_eq!(codes(ascii("1 2 3\n4 5\n")), [2012]);
        assert_eq!(codes(ascii("1 2 3\n4 5 6 7\n")), [2012]);
        let Problems(problems) = ascii("1 2\n4 5 6\n").expect_err("a short line");
        assert!(problems[0].place.spot.as_deref().is_some_and(|spot| spot.contains("line 7")));
    }

    #[test]
    fn a_header_cannot_promise_more_than_the_file_holds() {
        let text = "ncols 4294967295\nnrows 4294967295\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2 3\n";
        assert_eq!(codes(read("a.asc", text.as_bytes())), [2004]);
        let text = "ncols 9999\nnrows 9999\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2 3\n";
        assert_eq!(codes(read("a.asc", text.as_bytes())), [2012]);
    }

    #[test]
    fn all_mistakes_of_a_header_are_told_at_once() {
        let text = "ncols 2.5\nnrows 2\nxllcorner 0\ncellsize -1\nnodta_value -9999\n1 2 3 4\n";
        let Problems(problems) = read("a.asc", text.as_bytes()).expect_err("a broken header");
        assert!(problems.iter().all(|problem| problem.code.0 == 2010), "{problems:?}");
        assert!(problems.len() >= 4);
        assert!(problems[0].fix.as_deref().is_some_and(|fix| fix.contains("did you mean 'nodata_value'")));
    }

    #[test]
    fn the_default_mark_for_no_data_is_applied_with_a_warning() {
        let text = "ncols 2\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\n-9999 1\n";
        let file = read("a.asc", text.as_bytes()).expect("sound");
        assert_eq!(file.no_data_cells, 1);
        assert_eq!(file.info.warnings[0].code.0, 2034);
    }

    #[test]
    fn the_reference_comes_from_the_projection_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("dem.asc");
        std::fs::write(&path, format!("{HEADER}1 2 3\n4 5 6\n")).expect("a temporary file");
        let undeclared = read_raster(&path, "dem.asc", &limits()).expect("sound");
        assert_eq!(undeclared.info.crs, None);
        let text = r#"PROJCS["WGS_1984_UTM_Zone_49N",GEOGCS["GCS_WGS_1984"]]"#;
        std::fs::write(path.with_extension("prj"), text).expect("a temporary file");
        let declared = read_raster(&path, "dem.asc", &limits()).expect("sound");
        assert_eq!(declared.info.crs.and_then(|crs| crs.epsg()), Some(32649));
        std::fs::write(path.with_extension("prj"), "PROJCS[\"my own\"]").expect("a temporary file");
        let unknown = read_raster(&path, "dem.asc", &limits()).expect("sound");
        assert_eq!((unknown.info.crs, unknown.info.warnings[0].code.0), (None, 2030));
    }

    #[test]
    fn files_that_are_no_raster_are_told_apart() {
        assert_eq!(codes(read("a.asc", b"")), [2002]);
        assert_eq!(codes(read("a.tif", &[0x89, b'P', b'N', b'G', 0, 0])), [2003]);
        assert_eq!(codes(read("a.asc", b"1 2 3\n4 5 6\n")), [2003]);
        assert_eq!(codes(read("a.asc", b"once upon a time\n")), [2010]);
        assert_eq!(codes(read("a.asc", b"\xff\xfen\0c\0o\0l\0s\0")), [2015]);
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert_eq!(codes(read_raster(folder.path(), "folder", &limits())), [2001]);
        assert_eq!(codes(read_raster(&folder.path().join("none.tif"), "none.tif", &limits())), [2001]);
    }

    #[test]
    fn limits_can_be_lowered_and_raised() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.asc");
        std::fs::write(&path, format!("{HEADER}1 2 3\n4 5 6\n")).expect("a temporary file");
        let few = Limits { cells: 5, ..limits() };
        assert_eq!(codes(read_raster(&path, "a.asc", &few)), [2004]);
        assert!(read_raster(&path, "a.asc", &Limits { cells: 6, ..limits() }).is_ok());
        assert_eq!(codes(read_raster(&path, "a.asc", &Limits { file_bytes: 10, ..limits() })), [2005]);
    }
}
