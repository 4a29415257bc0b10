//! A coordinate reference in the words of the CF conventions, appendix F.
//!
//! The numbers come from the PROJ string and the well-known text of the EPSG
//! code; nothing is assumed that they do not say.

use crate::grid::Crs;

/// A projection of the CF conventions with its parameters.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GridMapping {
    /// `grid_mapping_name`.
    pub name: &'static str,
    /// Numeric attributes.
    pub numbers: Vec<(&'static str, f64)>,
    /// Text attributes.
    pub texts: Vec<(&'static str, String)>,
}

/// Scale factor and false origin of UTM.
///
/// # Source
/// EPSG method 9807 with the parameters of the UTM system; NGA.SIG.0012 (2014).
const UTM_SCALE: f64 = 0.9996;
const UTM_FALSE_EASTING: f64 = 500_000.0;
const UTM_SOUTH_FALSE_NORTHING: f64 = 10_000_000.0;

/// Width of a UTM zone, degrees, and the central meridian of zone 0.
const UTM_ZONE_WIDTH: f64 = 6.0;
const UTM_ZONE_0_MERIDIAN: f64 = -183.0;

impl GridMapping {
    /// The mapping of a reference; `None` on a local plane and for projections
    /// that CF has no name for.
    pub(super) fn of(crs: &Crs) -> Option<Self> {
        let (proj, wkt) = (crs.proj_string()?, crs.wkt()?);
        let (name, mut numbers) = projection(proj)?;
        let mut texts = vec![
            ("geographic_crs_name", quoted(wkt, "GEOGCS")?),
            ("horizontal_datum_name", quoted(wkt, "DATUM")?),
            ("reference_ellipsoid_name", quoted(wkt, "SPHEROID")?),
            ("prime_meridian_name", quoted(wkt, "PRIMEM")?),
        ];
        if let Some(projected) = quoted(wkt, "PROJCS") {
            texts.push(("projected_crs_name", projected));
        }
        let (radius, flattening) = ellipsoid(wkt)?;
        numbers.push(("semi_major_axis", radius));
        numbers.push(("inverse_flattening", flattening));
        numbers.push(("longitude_of_prime_meridian", prime_meridian(wkt)?));
        Some(Self { name, numbers, texts })
    }
}

/// Parameters of a PROJ string.
struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    fn text(&self, key: &str) -> Option<&'a str> {
        let words = self.0.split_whitespace().filter_map(|word| word.strip_prefix('+'));
        words.filter_map(|word| word.split_once('=')).find(|(name, _)| *name == key).map(|(_, text)| text)
    }

    /// A number that must be there.
    fn number(&self, key: &str) -> Option<f64> {
        self.text(key)?.parse().ok()
    }

    /// A number for which PROJ has a value when it is not given.
    fn number_or(&self, key: &str, default: f64) -> Option<f64> {
        self.text(key).map_or(Some(default), |text| text.parse().ok())
    }
}

type Numbers = Vec<(&'static str, f64)>;

/// CF name and parameters of a PROJ string.
///
/// # Source
/// CF-1.11, appendix F; PROJ manual for the values of parameters not given
/// (angles and offsets 0, scale 1).
fn projection(proj: &str) -> Option<(&'static str, Numbers)> {
    let words = Words(proj);
    Some(match words.text("proj")? {
        "longlat" | "latlong" => ("latitude_longitude", Numbers::new()),
        "utm" => ("transverse_mercator", utm(&words)?),
        "tmerc" => {
            let scale = words.number("k").or(words.number_or("k_0", 1.0))?;
            let mut numbers = origin(&words, "longitude_of_central_meridian")?;
            numbers.push(("scale_factor_at_central_meridian", scale));
            ("transverse_mercator", numbers)
        }
        "laea" => ("lambert_azimuthal_equal_area", origin(&words, "longitude_of_projection_origin")?),
        _ => return None,
    })
}

fn utm(words: &Words<'_>) -> Option<Numbers> {
    let is_south = words.0.split_whitespace().any(|word| word == "+south");
    Some(vec![
        ("latitude_of_projection_origin", 0.0),
        ("longitude_of_central_meridian", UTM_ZONE_0_MERIDIAN + UTM_ZONE_WIDTH * words.number("zone")?),
        ("false_easting", UTM_FALSE_EASTING),
        ("false_northing", if is_south { UTM_SOUTH_FALSE_NORTHING } else { 0.0 }),
        ("scale_factor_at_central_meridian", UTM_SCALE),
    ])
}

fn origin(words: &Words<'_>, longitude: &'static str) -> Option<Numbers> {
    Some(vec![
        ("latitude_of_projection_origin", words.number_or("lat_0", 0.0)?),
        (longitude, words.number_or("lon_0", 0.0)?),
        ("false_easting", words.number_or("x_0", 0.0)?),
        ("false_northing", words.number_or("y_0", 0.0)?),
    ])
}

/// Name of the first object of a kind in a well-known text.
fn quoted(wkt: &str, kind: &str) -> Option<String> {
    object(wkt, kind)?.split('"').nth(1).map(str::to_owned)
}

/// Semi-major axis in metres and inverse flattening.
fn ellipsoid(wkt: &str) -> Option<(f64, f64)> {
    let mut numbers = after_name(wkt, "SPHEROID")?;
    Some((numbers.next()?, numbers.next()?))
}

fn prime_meridian(wkt: &str) -> Option<f64> {
    after_name(wkt, "PRIMEM")?.next()
}

/// Numbers behind the name of the first object of a kind.
fn after_name<'a>(wkt: &'a str, kind: &str) -> Option<impl Iterator<Item = f64> + use<'a>> {
    let behind = object(wkt, kind)?.splitn(3, '"').nth(2)?;
    Some(behind.split([',', ']']).filter_map(|word| word.parse().ok()))
}

/// The text from the first object of a kind on.
fn object<'a>(wkt: &'a str, kind: &str) -> Option<&'a str> {
    wkt.find(&format!("{kind}[\"")).map(|start| &wkt[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: u32) -> Option<GridMapping> {
        GridMapping::of(&Crs::from_epsg(code).expect("a common reference"))
    }

    fn number(mapping: &GridMapping, key: &str) -> Option<f64> {
        mapping.numbers.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }

    #[test]
    fn the_british_grid_has_the_published_parameters() {
        // Ordnance Survey, A guide to coordinate systems in Great Britain (2020), annex A.
        let grid = of(27700).expect("transverse Mercator");
        assert_eq!(grid.name, "transverse_mercator");
        for (key, value) in [
            ("latitude_of_projection_origin", 49.0),
            ("longitude_of_central_meridian", -2.0),
            ("false_easting", 400_000.0),
            ("false_northing", -100_000.0),
            ("scale_factor_at_central_meridian", 0.999_601_271_7),
            ("semi_major_axis", 6_377_563.396),
            ("inverse_flattening", 299.324_964_6),
        ] {
            assert_eq!(number(&grid, key), Some(value), "{key}");
        }
    }

    #[test]
    fn a_utm_zone_is_the_transverse_mercator_of_its_meridian() {
        let zone = of(32649).expect("UTM");
        assert_eq!(number(&zone, "longitude_of_central_meridian"), Some(111.0));
        let south = of(32749).expect("UTM");
        assert_eq!(number(&south, "false_northing"), Some(1e7));
    }

    #[test]
    fn a_projection_without_a_cf_name_has_no_mapping() {
        assert_eq!(GridMapping::of(&Crs::local()), None);
        assert_eq!(of(3857), None, "the sphere of web maps is not the Mercator of CF");
    }
}
