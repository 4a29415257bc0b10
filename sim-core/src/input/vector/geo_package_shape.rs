//! The shape in a geometry blob of a GeoPackage: a short header, then well-known binary.
//!
//! # Source
//! OGC 12-128r18, GeoPackage Encoding Standard 1.3, clause 2.1.3 (header); OGC 06-103r4, simple
//! feature access (well-known binary), read by the crate `wkb`.

use geo_traits::{
    CoordTrait, GeometryTrait, GeometryType, LineStringTrait, MultiLineStringTrait, MultiPointTrait,
    MultiPolygonTrait, PointTrait, PolygonTrait,
};

use crate::grid::vector::{Coord, Path, Shape};

use super::RawShape;

/// Bytes of the header without the envelope: two letters, version, flags, reference.
const HEADER: usize = 8;

/// Bytes of the envelope by its kind in the flags: none, two, three, three and four dimensions.
const ENVELOPES: [usize; 5] = [0, 32, 48, 48, 64];

/// The number of well-known binary for a collection; those above it are curves and surfaces.
const COLLECTION: u32 = 7;

/// The shape of a blob; `srs_id` is the reference of its table.
pub(super) fn shape(blob: &[u8], srs_id: i64) -> RawShape {
    match try_shape(blob, srs_id) {
        Ok(shape) => shape,
        Err(why) => RawShape::Broken(why),
    }
}

fn try_shape(blob: &[u8], srs_id: i64) -> Result<RawShape, String> {
    let (Some(header), Some(b"GP")) = (blob.get(..HEADER), blob.get(..2)) else {
        return Err("it does not begin as a geometry of a GeoPackage".into());
    };
    let flags = header[3];
    let id = [header[4], header[5], header[6], header[7]];
    let id = if flags & 1 == 1 { i32::from_le_bytes(id) } else { i32::from_be_bytes(id) };
    if i64::from(id) != srs_id {
        return Err(format!("its reference is {id} and that of its table {srs_id}"));
    }
    let envelope =
        ENVELOPES.get(usize::from(flags >> 1 & 0b111)).ok_or("its envelope is of no known kind")?;
    let body = blob.get(HEADER + envelope..).ok_or("it ends within its envelope")?;
    if let Some(kind) = kind(body).filter(|kind| *kind >= COLLECTION) {
        return Ok(RawShape::Other(if kind == COLLECTION {
            "a collection of geometries".into()
        } else {
            format!("a geometry of type {kind}, such as a curve")
        }));
    }
    let geometry = wkb::reader::read_wkb(body).map_err(|mistake| mistake.to_string())?;
    Ok(RawShape::Known(match geometry.as_type() {
        GeometryType::Point(point) => Shape::Points(point.coord().iter().map(place).collect()),
        GeometryType::MultiPoint(points) => {
            Shape::Points(points.points().filter_map(|point| point.coord().as_ref().map(place)).collect())
        }
        GeometryType::LineString(line) => Shape::Lines(vec![path(line)]),
        GeometryType::MultiLineString(lines) => {
            Shape::Lines(lines.line_strings().map(|line| path(&line)).collect())
        }
        GeometryType::Polygon(polygon) => Shape::Area(rings(polygon).collect()),
        GeometryType::MultiPolygon(polygons) => {
            Shape::Area(polygons.polygons().flat_map(|polygon| rings(&polygon).collect::<Vec<_>>()).collect())
        }
        _ => return Err("its type is not known".into()),
    }))
}

/// The number of the type of well-known binary, without its dimensions.
fn kind(body: &[u8]) -> Option<u32> {
    /// Flags of another dialect for height, measure and reference.
    const FLAGS: u32 = 0xE000_0000;
    let number = [*body.get(1)?, *body.get(2)?, *body.get(3)?, *body.get(4)?];
    let number = if body[0] == 1 { u32::from_le_bytes(number) } else { u32::from_be_bytes(number) };
    Some((number & !FLAGS) % 1000)
}

fn place(at: &impl CoordTrait<T = f64>) -> Coord<f64> {
    Coord { x: at.x(), y: at.y() }
}

fn path(line: &impl LineStringTrait<T = f64>) -> Path {
    line.coords().map(|at| place(&at)).collect()
}

fn rings<'p>(polygon: &'p impl PolygonTrait<T = f64>) -> impl Iterator<Item = Path> + 'p {
    let outer = polygon.exterior().map(|ring| path(&ring));
    outer.into_iter().chain(polygon.interiors().map(|ring| path(&ring)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A blob of a polygon with height, one ring of three points that is left open.
    fn open_triangle(flags: u8, envelope: usize) -> Vec<u8> {
        let mut blob = vec![b'G', b'P', 0, flags];
        blob.extend(4547_i32.to_le_bytes());
        blob.resize(HEADER + envelope, 0);
        blob.push(1);
        blob.extend(1003_u32.to_le_bytes());
        blob.extend(1_u32.to_le_bytes());
        blob.extend(3_u32.to_le_bytes());
        for number in [0.0, 0.0, 9.0, 1.0, 0.0, 9.0, 1.0, 1.0, 9.0_f64] {
            blob.extend(number.to_le_bytes());
        }
        blob
    }

    #[test]
    fn a_ring_left_open_is_seen_as_it_is() {
        let at = |x: f64, y: f64| Coord { x, y };
        for (flags, envelope) in [(0b0001, 0), (0b0011, 32), (0b0101, 48), (0b1001, 64)] {
            let RawShape::Known(shape) = shape(&open_triangle(flags, envelope), 4547) else {
                panic!("flags {flags}")
            };
            assert_eq!(shape, Shape::Area(vec![vec![at(0.0, 0.0), at(1.0, 0.0), at(1.0, 1.0)]]));
        }
    }

    #[test]
    fn another_reference_and_a_cut_end_are_told() {
        let why = |blob: &[u8], srs_id| match shape(blob, srs_id) {
            RawShape::Broken(why) => why,
            _ => panic!("accepted"),
        };
        let blob = open_triangle(1, 0);
        assert!(why(&blob, 4326).contains("4547"));
        assert!(why(&blob[..60], 4547).contains("length"));
        assert!(why(&open_triangle(0b1011, 0), 4547).contains("envelope"));
        assert!(why(b"{}", 4547).contains("begin"));
    }

    #[test]
    fn curves_and_collections_are_called_other() {
        for kind in [7_u32, 8, 10, 1012, 3007] {
            let mut blob = open_triangle(1, 0);
            blob[9..13].copy_from_slice(&kind.to_le_bytes());
            assert!(matches!(shape(&blob, 4547), RawShape::Other(_)), "{kind}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(mut body in proptest::collection::vec(any::<u8>(), 0..200), kind in 0_u8..8) {
            let mut blob = open_triangle(1, 0)[..HEADER].to_vec();
            if body.len() > 5 {
                body[..5].copy_from_slice(&[1, kind, 0, 0, 0]);
            }
            blob.extend(body);
            let _ = shape(&blob, 4547);
        }
    }
}
