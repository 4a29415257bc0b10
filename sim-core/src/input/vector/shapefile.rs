//! The features of a shapefile as they are written.
//!
//! Read here and not by a library, so that a ring that is not closed is seen as it is, and
//! no promise of a length is believed before the bytes are there.
//!
//! # Source
//! ESRI Shapefile Technical Description, ESRI White Paper, July 1998 (records); dBASE III
//! table file format (32-byte field descriptors, fixed records of text).

use std::path::Path;

use crate::error::{Problem, Result};
use crate::grid::vector::{self, Coord, Shape, VectorRequest};
use crate::input::bytes;
use crate::input::projection_file;

use super::text_encoding::{self, Taken};
use super::{Attribute, CODES, MAX_BYTES, RawFeature, RawLayer, RawShape, Reference};

/// First number of every `.shp` file.
const MAGIC: i32 = 9994;

/// Bytes of the header of a `.shp` file, and of that of a record.
const HEADER: usize = 100;
const RECORD_HEADER: usize = 8;

/// Bytes of the header of a `.dbf` file, and of one of its fields.
const TABLE_HEADER: usize = 32;

/// Byte of the header of a `.dbf` file that names the encoding.
const DRIVER: usize = 29;

/// Shortest text outside ASCII, bytes, that counts as a sign of UTF-8: one Chinese letter.
const SIGN_OF_UTF8: usize = 3;

/// Reads the shapes, the wanted attributes and the reference.
///
/// # Errors
/// What leaves no feature at all: E2401, E2402, E2407, E2451.
pub(super) fn read(path: &Path, shown_as: &str, request: &VectorRequest) -> Result<RawLayer> {
    let mut files = Vec::new();
    let mut load = |ending: &str| {
        let beside = Path::new(shown_as).with_extension(ending).display().to_string();
        let data = bytes::read(&path.with_extension(ending), &beside, MAX_BYTES, &CODES)?;
        files.push((beside, bytes::sha256(&data)));
        Ok::<_, crate::error::Problems>(data)
    };
    let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
    let shapes = shapes(&load(&ending)?).map_err(|mistake| refused(shown_as, mistake))?;
    let wants_table = request.label.is_some() || request.people.is_some();
    let table = if wants_table {
        let data = load("dbf")?;
        let cpg = if path.with_extension("cpg").exists() { Some(load("cpg")?) } else { None };
        let driver = data.get(DRIVER).copied().unwrap_or_default();
        let taken = text_encoding::of_table(request.encoding, cpg.as_deref(), driver)
            .map_err(|label| strange_encoding(shown_as, &label))?;
        Some(Table::read(data, taken).map_err(|mistake| refused(shown_as, format!("its .dbf: {mistake}")))?)
    } else {
        None
    };
    if let Some(table) = table.as_ref().filter(|table| table.rows() != shapes.len()) {
        let text = format!("there are {} shapes and {} rows of attributes", shapes.len(), table.rows());
        return Err(refused(shown_as, text).into());
    }
    let reference = if path.with_extension("prj").exists() {
        let text = String::from_utf8_lossy(&load("prj")?).into_owned();
        projection_file::epsg(&text)
            .map_or_else(|| Reference::Unknown(text.chars().take(60).collect()), Reference::Epsg)
    } else {
        Reference::Undeclared
    };
    let of = |name: &Option<String>, row: usize| match (name, &table) {
        (Some(name), Some(table)) => table.attribute(name, row),
        _ => Attribute::Absent,
    };
    let features = shapes.into_iter().enumerate().map(|(row, shape)| RawFeature {
        shape: shape.filter(|_| table.as_ref().is_none_or(|table| !table.is_deleted(row))),
        label: of(&request.label, row),
        people: of(&request.people, row),
        height: of(&request.height, row),
    });
    let features = features.collect();
    let mut layer = RawLayer { features, reference, files, ..RawLayer::default() };
    if let Some(table) = table {
        layer.warnings.extend(table.looks_like_utf8(request).then(|| doubtful(&table.taken)));
        layer.understood.push(("encoding", table.taken.shown()));
        layer.attributes = table.fields.into_iter().map(|field| field.name).collect();
    }
    Ok(layer)
}

fn strange_encoding(shown_as: &str, label: &str) -> Problem {
    Problem::error(2451, format!("its .cpg names the encoding '{label}', which is not known"))
        .in_file(shown_as)
        .fix("write UTF-8 or GBK into the .cpg, or encoding = \"gbk\" into the scenario")
}

fn doubtful(taken: &Taken) -> Problem {
    let text = format!("the attributes were read as {}, and all of them are UTF-8 as well", taken.shown());
    Problem::warning(2452, text)
        .why("text of a few letters can be both, a whole table hardly; names in the result may be garbled")
        .fix("look at the names; if they are garbled, say encoding = \"utf-8\"")
}

fn refused(shown_as: &str, mistake: String) -> Problem {
    Problem::error(2402, mistake)
        .in_file(shown_as)
        .fix("copy all parts of the shapefile again: .shp, .dbf, .prj")
}

/// Bytes at a place, or the words for a file that ends before.
fn take(data: &[u8], at: usize, count: usize) -> std::result::Result<&[u8], String> {
    let end = at.checked_add(count);
    end.and_then(|end| data.get(at..end))
        .ok_or_else(|| format!("the file ends before byte {}", at.saturating_add(count)))
}

fn four(data: &[u8], at: usize) -> std::result::Result<[u8; 4], String> {
    take(data, at, 4).map(|bytes| [bytes[0], bytes[1], bytes[2], bytes[3]])
}

fn little(data: &[u8], at: usize) -> std::result::Result<i32, String> {
    four(data, at).map(i32::from_le_bytes)
}

fn big(data: &[u8], at: usize) -> std::result::Result<i32, String> {
    four(data, at).map(i32::from_be_bytes)
}

/// A number that counts something.
fn count(number: i32) -> std::result::Result<usize, String> {
    usize::try_from(number).map_err(|_| format!("a count is {number}"))
}

fn points(data: &[u8], at: usize, count: usize) -> std::result::Result<vector::Path, String> {
    let bytes = take(data, at, count.checked_mul(16).ok_or("a count is too large")?)?;
    let number = |eight: &[u8]| eight.try_into().map_or(f64::NAN, f64::from_le_bytes);
    Ok(bytes.chunks_exact(16).map(|pair| Coord { x: number(&pair[..8]), y: number(&pair[8..]) }).collect())
}

/// The records of a `.shp` file; none for a record without a place.
fn shapes(data: &[u8]) -> std::result::Result<Vec<Option<RawShape>>, String> {
    if big(data, 0)? != MAGIC {
        return Err("it does not begin as a shapefile".into());
    }
    take(data, 0, HEADER)?;
    let mut shapes = Vec::new();
    let mut at = HEADER;
    while at < data.len() {
        let number = shapes.len() + 1;
        let record = big(data, at + 4)
            .and_then(|words| count(words)?.checked_mul(2).ok_or_else(|| "a count is too large".into()))
            .and_then(|length| take(data, at + RECORD_HEADER, length));
        let record = record.map_err(|mistake| format!("shape {number}: {mistake}"))?;
        shapes.push(shape(record).map_err(|mistake| format!("shape {number}: {mistake}"))?);
        at += RECORD_HEADER + record.len();
    }
    Ok(shapes)
}

/// Kinds of shapes: plain, with height and with measure.
fn shape(record: &[u8]) -> std::result::Result<Option<RawShape>, String> {
    /// Bytes of the number of the kind, and of a box of four numbers after it.
    const KIND: usize = 4;
    const BOX: usize = 32;
    let known = match little(record, 0)? {
        0 => return Ok(None),
        1 | 11 | 21 => Shape::Points(points(record, KIND, 1)?),
        8 | 18 | 28 => Shape::Points(points(record, KIND + BOX + 4, count(little(record, KIND + BOX)?)?)?),
        3 | 13 | 23 => Shape::Lines(parts(record, KIND + BOX)?),
        5 | 15 | 25 => Shape::Area(parts(record, KIND + BOX)?),
        kind => return Ok(Some(RawShape::Other(format!("shape type {kind}")))),
    };
    Ok(Some(RawShape::Known(known)))
}

/// Lines or rings: their number, the number of all points, where each begins, the points.
fn parts(record: &[u8], at: usize) -> std::result::Result<Vec<vector::Path>, String> {
    let (parts, all) = (count(little(record, at)?)?, count(little(record, at + 4)?)?);
    let starts = take(record, at + 8, parts.checked_mul(4).ok_or("a count is too large")?)?;
    let mut starts = starts
        .chunks_exact(4)
        .map(|bytes| count(little(bytes, 0)?))
        .collect::<std::result::Result<Vec<usize>, String>>()?;
    let points = points(record, at + 8 + 4 * parts, all)?;
    starts.push(all);
    let part = |ends: &[usize]| points.get(ends[0]..ends[1]).map(<[_]>::to_vec);
    starts.windows(2).map(part).collect::<Option<_>>().ok_or_else(|| "its parts are out of order".to_owned())
}

struct Field {
    name: String,
    kind: u8,
    /// Where it begins in a record, and how long it is.
    start: usize,
    length: usize,
}

/// The table of attributes.
struct Table {
    data: Vec<u8>,
    fields: Vec<Field>,
    header: usize,
    record: usize,
    rows: usize,
    taken: Taken,
}

impl Table {
    fn read(data: Vec<u8>, taken: Taken) -> std::result::Result<Self, String> {
        take(&data, 0, TABLE_HEADER)?;
        let short = |at: usize| usize::from(u16::from_le_bytes([data[at], data[at + 1]]));
        let (rows, header, record) = (count(little(&data, 4)?)?, short(8), short(10));
        take(&data, header, rows.checked_mul(record).ok_or("a count is too large")?)?;
        let mut fields = Vec::new();
        // The first byte of a record says whether it is deleted.
        let mut start = 1;
        let descriptions = data.get(TABLE_HEADER..header).unwrap_or_default();
        for field in descriptions.chunks_exact(TABLE_HEADER).take_while(|field| field[0] != b'\r') {
            let name = field[..11].split(|&byte| byte == 0).next().unwrap_or_default();
            let length = usize::from(field[16]);
            // A name of ten bytes may end within a letter; it is then not found, and listed as it is.
            let name = taken.decode(name).unwrap_or_else(|| String::from_utf8_lossy(name).into_owned());
            let name = name.trim().to_owned();
            fields.push(Field { name, kind: field[11], start, length });
            start += length;
        }
        if start > record {
            return Err("its fields are longer than its records".into());
        }
        Ok(Self { data, fields, header, record, rows, taken })
    }

    fn rows(&self) -> usize {
        self.rows
    }

    fn row(&self, row: usize) -> &[u8] {
        &self.data[self.header + row * self.record..][..self.record]
    }

    fn is_deleted(&self, row: usize) -> bool {
        self.row(row).first() == Some(&b'*')
    }

    fn attribute(&self, name: &str, row: usize) -> Attribute {
        let Some(field) = self.fields.iter().find(|field| field.name == name) else {
            return Attribute::Absent;
        };
        let bytes = self.bytes(field, row);
        // Numbers that are not there are blank or a row of stars.
        if bytes.is_empty() || (field.kind != b'C' && bytes.iter().all(|&byte| byte == b'*')) {
            return Attribute::Absent;
        }
        let Some(text) = self.taken.decode(bytes) else {
            return if self.taken.is_said {
                Attribute::Undecodable { encoding: self.taken.name(), bytes: bytes.to_vec() }
            } else {
                Attribute::Foreign
            };
        };
        match field.kind {
            b'N' | b'F' => text.parse().map_or_else(|_| Attribute::Text(text), Attribute::Number),
            _ => Attribute::Text(text),
        }
    }

    /// The bytes of a field without the blanks or zeros that fill it.
    fn bytes(&self, field: &Field, row: usize) -> &[u8] {
        let bytes = self.row(row)[field.start..field.start + field.length].trim_ascii();
        bytes.split(|&byte| byte == 0).next().unwrap_or_default()
    }

    /// True where text was taken for another encoding, has letters outside ASCII, and all of
    /// it is UTF-8 as well.
    fn looks_like_utf8(&self, request: &VectorRequest) -> bool {
        let Some(field) = self.fields.iter().find(|field| request.label.as_ref() == Some(&field.name)) else {
            return false;
        };
        if self.taken.is_utf8() {
            return false;
        }
        let mut foreign = (0..self.rows).map(|row| self.bytes(field, row)).filter(|bytes| !bytes.is_ascii());
        let mut long = false;
        foreign.all(|bytes| {
            long |= bytes.iter().filter(|byte| !byte.is_ascii()).count() >= SIGN_OF_UTF8;
            std::str::from_utf8(bytes).is_ok()
        }) && long
    }
}
