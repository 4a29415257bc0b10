//! Polygons, lines and points with attributes, from GeoJSON, GeoPackage and shapefiles.
//!
//! | file | holds |
//! |---|---|
//! | `geo_json` | the features of a GeoJSON file as they are written |
//! | `geo_json_feature` | the shape and the attributes in the text of one of them |
//! | `geo_package` | the features of a table of a GeoPackage |
//! | `geo_package_shape` | the shape in a geometry blob of a GeoPackage |
//! | `shapefile` | the features of a shapefile: `.shp`, its table `.dbf`, its reference `.prj` |
//! | `text_encoding` | in which encoding the `.dbf` is written |
//! | `check` | what is wrong with them, and their places in the plane of a grid |
//! | `crossing` | where a ring crosses itself |
//!
//! GeoJSON has longitude and latitude on WGS 84, unless its `crs` member (of the format
//! before RFC 7946) names an EPSG code; `"crs": null` stands for the plane of a local grid.
//! A shapefile has the reference of its `.prj`; without one it is taken for the plane of
//! the grid only if that is a local plane.
//!
//! The winding of rings is not looked at: whether a point is inside is decided by the
//! even-odd rule ([`crate::grid::vector::Shape::Area`]), to which it means nothing.
//!
//! A new format is one file that makes a `RawLayer`, and one arm in [`read_vectors`].

mod check;
mod crossing;
mod geo_json;
mod geo_json_feature;
mod geo_package;
mod geo_package_shape;
mod shapefile;
mod text_encoding;

use std::path::Path;

use crate::error::{Problem, Result};
use crate::grid::Grid;
use crate::grid::vector::{Shape, VectorLayer, VectorRequest};

use super::bytes::FileCodes;
use super::problem_list::ProblemList;

/// Message that counts the mistakes of a file that are not shown.
const MORE: u16 = 2419;

/// Largest file, bytes: a million footprints in GeoJSON have about a third of it.
const MAX_BYTES: u64 = 1 << 30;

const CODES: FileCodes = FileCodes { unreadable: 2401, empty: 2407, too_long: 2401 };

/// What a file of vectors gives.
#[derive(Debug, Clone)]
pub struct VectorFile {
    /// The features on the grid.
    pub layer: VectorLayer,
    /// Files that were read, as they are shown, each with the SHA-256 of its bytes.
    pub files: Vec<(String, String)>,
}

/// The features of a file as they are written, in its own reference.
#[derive(Default)]
struct RawLayer {
    features: Vec<RawFeature>,
    reference: Reference,
    /// Attributes that the file has, as far as they are known.
    attributes: Vec<String>,
    files: Vec<(String, String)>,
    /// What was understood without being asked for, and the reason.
    understood: Vec<(&'static str, String)>,
    warnings: Vec<Problem>,
}

struct RawFeature {
    /// None for a feature without a place.
    shape: Option<RawShape>,
    label: Attribute,
    people: Attribute,
    height: Attribute,
}

enum RawShape {
    Known(Shape),
    /// A kind that has no use here, in the words of the format.
    Other(String),
    /// Coordinates that cannot be understood, and why.
    Broken(String),
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq)]
enum Attribute {
    /// No such attribute, or nothing in it.
    Absent,
    Text(String),
    Number(f64),
    /// Text in another encoding than UTF-8, and nothing says in which.
    Foreign,
    /// Bytes that are no text in the encoding of the file.
    Undecodable {
        encoding: &'static str,
        bytes: Vec<u8>,
    },
    /// True, false, a list.
    Other,
}

/// What a file says of the meaning of its coordinates.
#[derive(Debug, Clone, PartialEq, Default)]
enum Reference {
    Epsg(u32),
    /// Nothing.
    #[default]
    Undeclared,
    /// Something that is not understood.
    Unknown(String),
}

/// The features of a GeoJSON file (`.geojson`, `.json`), a table of a GeoPackage (`.gpkg`) or a
/// shapefile (`.shp`) that lie on a grid.
///
/// Features outside the grid are left out, which a warning tells.
///
/// # Errors
/// E2401 to E2413, E2418, E2450 to E2455, E1115: all mistakes of the file at once, each with the number of its
/// feature, counted from 1; at most [`super::problem_list::SHOWN`] in full.
pub fn read_vectors(path: &Path, shown_as: &str, request: &VectorRequest, grid: &Grid) -> Result<VectorFile> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let mut raw = match ending.as_deref() {
        Some("geojson" | "json") => geo_json::read(path, shown_as, request)?,
        Some("gpkg") => geo_package::read(path, shown_as, request)?,
        Some("shp") => shapefile::read(path, shown_as, request)?,
        _ => {
            return Err(Problem::error(2401, "the ending is none of .geojson, .json, .gpkg and .shp")
                .in_file(shown_as)
                .fix("convert it, e.g. ogr2ogr -f GPKG out.gpkg in.tab")
                .into());
        }
    };
    let mut problems = ProblemList::new(shown_as, MORE);
    let files = std::mem::take(&mut raw.files);
    let understood = std::mem::take(&mut raw.understood);
    raw.warnings.drain(..).for_each(|warning| problems.add(warning));
    let features = check::on_the_grid(raw, request, grid, &mut problems);
    let warnings = problems.finish()?;
    Ok(VectorFile { layer: VectorLayer { features, understood, warnings }, files })
}
