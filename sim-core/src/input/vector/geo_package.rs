//! The features of a table of a GeoPackage as they are written.
//!
//! A GeoPackage is a database of SQLite. Its bytes are read once, as of any other file, and
//! SQLite is given the bytes and not the file: nothing can be written beside it, and the
//! fingerprint is that of what was read.
//!
//! # Source
//! OGC 12-128r18, GeoPackage Encoding Standard 1.3: `gpkg_contents` (1.1.3), `gpkg_spatial_ref_sys`
//! (1.1.2), `gpkg_geometry_columns` (2.1.5). Format versions 18 and 19 of the header: SQLite,
//! "Database File Format", 1.3.3.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use crate::error::{Problem, Result};
use crate::grid::vector::VectorRequest;
use crate::input::bytes;

use super::geo_package_shape;
use super::{Attribute, CODES, MAX_BYTES, RawFeature, RawLayer, Reference};

/// What every file of SQLite begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// Bytes of the header that say how changes are kept, and their value for "in the file itself".
const CHANGES: std::ops::RangeInclusive<usize> = 18..=19;
const IN_THE_FILE: u8 = 1;

/// Endings of the files in which a program that has the database open keeps changes.
const OPEN_ELSEWHERE: [&str; 2] = ["-wal", "-journal"];

/// Number of the reference that stands for a plane without a name.
const PLANE_WITHOUT_NAME: i64 = -1;

/// Reads the shapes, the wanted attributes and the reference of a table.
///
/// # Errors
/// What leaves no feature at all: E2401, E2402, E2407, E2453, E2454.
pub(super) fn read(path: &Path, shown_as: &str, request: &VectorRequest) -> Result<RawLayer> {
    let mut data = bytes::read(path, shown_as, MAX_BYTES, &CODES)?;
    let fingerprint = bytes::sha256(&data);
    if !data.starts_with(MAGIC) || data.len() <= *CHANGES.end() {
        return Err(broken(shown_as, "it does not begin as a GeoPackage").into());
    }
    no_changes_elsewhere(path, shown_as)?;
    data[CHANGES].fill(IN_THE_FILE);
    let database = open(data).map_err(|mistake| broken(shown_as, &mistake.to_string()))?;
    let tables = tables(&database).map_err(|mistake| broken(shown_as, &mistake.to_string()))?;
    let table = choose(tables, request.table.as_deref(), shown_as)?;
    let mut layer = features(&database, &table, request).map_err(|mistake| {
        broken(shown_as, &format!("its table '{}' cannot be read: {mistake}", table.name))
    })?;
    layer.files = vec![(shown_as.to_owned(), fingerprint)];
    if request.table.is_none() {
        layer.understood.push(("table", format!("{}: the only one with features", table.name)));
    }
    Ok(layer)
}

fn broken(shown_as: &str, mistake: &str) -> Problem {
    Problem::error(2402, mistake).in_file(shown_as).fix("export or copy the GeoPackage again")
}

/// Refuses a file whose last changes lie in a file beside it.
fn no_changes_elsewhere(path: &Path, shown_as: &str) -> Result<()> {
    for ending in OPEN_ELSEWHERE {
        let mut beside = path.as_os_str().to_owned();
        beside.push(ending);
        if std::fs::metadata(&beside).is_ok_and(|about| about.len() > 0) {
            return Err(Problem::error(2454, format!("changes of it lie in {shown_as}{ending}"))
                .in_file(shown_as)
                .why("another program has it open, or was stopped; without them the layer may be old or torn")
                .fix("close the layer in the map program; or copy it: ogr2ogr -f GPKG copy.gpkg in.gpkg")
                .into());
        }
    }
    Ok(())
}

/// A database in memory that cannot be changed and runs nothing that its file brings along.
fn open(data: Vec<u8>) -> rusqlite::Result<Connection> {
    let mut database = Connection::open_in_memory()?;
    let length = data.len();
    database.deserialize_read_exact("main", data.as_slice(), length, true)?;
    drop(data);
    database
        .execute_batch("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA cell_size_check = ON;")?;
    Ok(database)
}

/// One table with features.
struct FeatureTable {
    name: String,
    geometry: String,
    srs_id: i64,
    reference: Reference,
}

fn tables(database: &Connection) -> rusqlite::Result<Vec<FeatureTable>> {
    // A view could bring along any query; only tables are read.
    let mut query = database.prepare(
        "SELECT g.table_name, g.column_name, g.srs_id, s.organization, s.organization_coordsys_id, s.srs_name
         FROM gpkg_contents AS c
         JOIN gpkg_geometry_columns AS g ON g.table_name = c.table_name
         JOIN sqlite_master AS m ON m.name = c.table_name AND m.type = 'table'
         LEFT JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = g.srs_id
         WHERE c.data_type = 'features' ORDER BY g.table_name",
    )?;
    let found = query.query_map([], |row| {
        let srs_id = row.get(2)?;
        Ok(FeatureTable {
            name: row.get(0)?,
            geometry: row.get(1)?,
            srs_id,
            reference: reference(srs_id, row.get(3)?, row.get(4)?, row.get(5)?),
        })
    })?;
    found.collect()
}

/// The reference that the file describes under a number.
fn reference(
    srs_id: i64,
    organization: Option<String>,
    code: Option<i64>,
    name: Option<String>,
) -> Reference {
    if srs_id == PLANE_WITHOUT_NAME {
        return Reference::Undeclared;
    }
    let is_epsg = organization.is_some_and(|name| name.eq_ignore_ascii_case("EPSG"));
    match code.map(u32::try_from) {
        Some(Ok(code)) if is_epsg => Reference::Epsg(code),
        _ => Reference::Unknown(name.unwrap_or_else(|| format!("srs_id {srs_id}"))),
    }
}

fn choose(mut tables: Vec<FeatureTable>, wanted: Option<&str>, shown_as: &str) -> Result<FeatureTable> {
    let names = tables.iter().map(|table| format!("'{}'", table.name)).collect::<Vec<_>>().join(", ");
    let at = match wanted {
        Some(wanted) => tables.iter().position(|table| table.name == wanted),
        None if tables.len() == 1 => Some(0),
        None => None,
    };
    if let Some(at) = at {
        return Ok(tables.swap_remove(at));
    }
    let text = match wanted {
        _ if tables.is_empty() => "it has no table with features".to_owned(),
        Some(wanted) => format!("it has no table '{wanted}' with features; there are: {names}"),
        None => format!("it has {} tables with features: {names}", tables.len()),
    };
    let fix = if tables.is_empty() {
        "export the layer as a table; views are not read"
    } else {
        "name one: table = \"NAME\""
    };
    Err(Problem::error(2453, text).in_file(shown_as).fix(fix).into())
}

/// All rows of a table in the order of their numbers.
fn features(
    database: &Connection,
    table: &FeatureTable,
    request: &VectorRequest,
) -> rusqlite::Result<RawLayer> {
    let mut query = database.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let columns: Vec<String> =
        query.query_map([&table.name], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let attributes: Vec<String> = columns.into_iter().filter(|column| *column != table.geometry).collect();
    // A name that is no column would be read as text.
    let column = |name: &Option<String>| match name {
        Some(name) if attributes.contains(name) => quoted(name),
        _ => "NULL".to_owned(),
    };
    let text = format!(
        "SELECT {}, {}, {}, {} FROM {} ORDER BY rowid",
        quoted(&table.geometry),
        column(&request.label),
        column(&request.people),
        column(&request.height),
        quoted(&table.name)
    );
    let mut query = database.prepare(&text)?;
    let mut rows = query.query([])?;
    let mut features = Vec::new();
    while let Some(row) = rows.next()? {
        features.push(feature(row, table)?);
    }
    Ok(RawLayer { features, reference: table.reference.clone(), attributes, ..RawLayer::default() })
}

fn feature(row: &Row<'_>, table: &FeatureTable) -> rusqlite::Result<RawFeature> {
    let shape = match row.get_ref(0)? {
        ValueRef::Null => None,
        ValueRef::Blob(blob) => Some(geo_package_shape::shape(blob, table.srs_id)),
        _ => Some(super::RawShape::Broken("it is no blob".into())),
    };
    let value = |column: usize| row.get_ref(column).map(attribute);
    Ok(RawFeature { shape, label: value(1)?, people: value(2)?, height: value(3)? })
}

fn attribute(value: ValueRef<'_>) -> Attribute {
    match value {
        ValueRef::Null => Attribute::Absent,
        ValueRef::Integer(number) => Attribute::Number(number as f64),
        ValueRef::Real(number) => Attribute::Number(number),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Attribute::Text(text.to_owned()),
            Err(_) => Attribute::Undecodable { encoding: "UTF-8", bytes: bytes.to_vec() },
        },
        ValueRef::Blob(_) => Attribute::Other,
    }
}

/// A name as SQL takes it, whatever it holds.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
