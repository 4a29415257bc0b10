//! Where it happens: the coordinate reference and places in it.

use crate::error::{Problem, Problems};
use crate::grid::{Crs, LonLat};

use super::asked::Asked;
use super::plane::LARGEST_COORDINATE;
use super::section::Section;

/// The coordinate reference a scenario declares.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// The declared reference; `None` leaves it to the terrain file or to UTM.
    pub crs: Option<Crs>,
}

/// Reads `[site]`.
pub(super) fn read(section: &Section<'_>) -> Option<Site> {
    let name = section.text(
        "crs",
        "coordinate reference: EPSG code such as \"EPSG:32649\" or \"local\" (a plane in metres); default: what the terrain declares, or the UTM zone of the place",
    );
    let crs = match name {
        None => None,
        Some("local") => Some(Crs::local()),
        Some(name) => {
            let code = name.strip_prefix("EPSG:").or(name.strip_prefix("epsg:")).unwrap_or(name);
            let found = code.trim().parse::<u32>().map(Crs::from_epsg);
            match found {
                Ok(Ok(crs)) => Some(crs),
                _ => {
                    section.report(
                        2201,
                        "crs",
                        format!("\"{name}\" is not a known coordinate reference"),
                        "write \"EPSG:4326\" (lon/lat), \"EPSG:32649\" (UTM 49 N), \"EPSG:4547\" (CGCS2000 3-degree, 114 E) or \"local\"",
                    );
                    return None;
                }
            }
        }
    };
    section.finish();
    Some(Site { crs })
}

/// A place as it was typed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// Longitude and latitude.
    LonLat(LonLat),
    /// x and y in the site's reference.
    Xy(f64, f64),
}

impl Place {
    /// The UTM zone of a longitude and latitude, a local plane for x and y.
    pub(super) fn home_plane(self, section: &Section<'_>, key: &str) -> Option<Crs> {
        let Self::LonLat(at) = self else { return Some(Crs::local()) };
        match Crs::utm_zone_of(at) {
            Ok(crs) => Some(crs),
            Err(Problems(problems)) => {
                for problem in problems {
                    let place = section.problem(problem.code.0, key, "").place;
                    section.reading.report(Problem { place, ..problem });
                }
                None
            }
        }
    }

    /// The place in a reference; a place that has none is reported under `key`.
    pub(super) fn in_crs(self, crs: &Crs, section: &Section<'_>, key: &str) -> Option<(f64, f64)> {
        let at = match self {
            Self::Xy(x, y) => return Some((x, y)),
            Self::LonLat(at) => at,
        };
        let found = crs.from_lon_lat(at);
        if found.is_none() {
            let text = format!("lon {}, lat {} has no x and y in the reference {crs}", at.lon, at.lat);
            let fix = if crs.epsg().is_none() {
                "write { x_m = 10.0, y_m = 20.0 }, or name the reference of the plane in [site] crs"
            } else {
                "check longitude and latitude, and [site] crs"
            };
            section.report(1061, key, text, fix);
        }
        found
    }
}

/// Reads a place: `{ lon = 112.976, lat = 28.195 }` or `{ x_m = 1.0, y_m = 2.0 }`.
pub(super) fn read_place(section: &Section<'_>, key: &str, meaning: &str) -> Option<Place> {
    let place = section.section(key, meaning);
    let lon = place.number("lon", "longitude, degrees east (WGS 84)").between(-180.0, 180.0).optional();
    let lat = place.number("lat", "latitude, degrees north (WGS 84)").between(-90.0, 90.0).optional();
    let on_earth = |asked: Asked<'_, '_>| asked.between(-LARGEST_COORDINATE, LARGEST_COORDINATE).optional();
    let x = on_earth(place.number("x_m", "easting in the site's reference, m"));
    let y = on_earth(place.number("y_m", "northing in the site's reference, m"));
    if place.describing() {
        return None;
    }
    place.finish();
    match (lon, lat, x, y) {
        (Some(lon), Some(lat), None, None) => Some(Place::LonLat(LonLat { lon, lat })),
        (None, None, Some(x), Some(y)) => Some(Place::Xy(x, y)),
        _ => {
            let swapped = ["lon", "lat"].iter().all(|key| place.has(key)) && lat.is_none() && lon.is_some();
            let fix = if swapped {
                "longitude and latitude look swapped: China lies at lon 73 to 135, lat 18 to 54"
            } else {
                "write { lon = 112.976, lat = 28.195 } or { x_m = 424900.0, y_m = 565300.0 }"
            };
            section.report(1019, key, "a place needs either lon and lat or x_m and y_m", fix);
            None
        }
    }
}
