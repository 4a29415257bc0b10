//! Is a plane in metres true to the ground where a scenario uses it?

use crate::grid::Crs;

use super::section::Section;

/// Largest stretch of lengths that is accepted, as a share of the length.
///
/// Planes made for engineering stay far below: 0.1 % in a UTM zone, 0.03 % in a
/// 3-degree zone of CGCS2000. One per cent of length is two per cent of every
/// area and volume, about what terrain data are good for.
const LARGEST_STRETCH: f64 = 0.01;

/// Largest coordinate in any plane on Earth, m.
///
/// The largest in use are eastings with the number of their zone in front, such
/// as 40 500 000 m. Far beyond, numbers lose the millimetres.
pub(super) const LARGEST_COORDINATE: f64 = 1e8;

/// Reports a plane whose metres are not metres on the ground at x, y.
pub(super) fn is_true(section: &Section<'_>, key: &str, crs: &Crs, x: f64, y: f64) -> bool {
    if !x.is_finite() || !y.is_finite() || x.abs().max(y.abs()) > LARGEST_COORDINATE {
        let text = format!("x {x}, y {y} is further away than any coordinate in metres");
        section.report(1060, key, text, format!("allowed: up to {LARGEST_COORDINATE} m either way"));
        return false;
    }
    if crs.epsg().is_none() {
        return true;
    }
    let utm = || {
        let zone = crs.to_lon_lat(x, y).and_then(|at| Crs::utm_zone_of(at).ok());
        zone.map_or_else(|| "the UTM zone of the place".to_owned(), |zone| zone.to_string())
    };
    let text = match crs.length_scale(x, y) {
        None => format!("x {x:.0}, y {y:.0} in {crs} is not on Earth"),
        Some((east, north)) => {
            let stretch = (east - 1.0).abs().max((north - 1.0).abs());
            if stretch <= LARGEST_STRETCH {
                return true;
            }
            format!(
                "one metre in {crs} is {:.3} m on the ground eastwards and {:.3} m northwards",
                1.0 / east,
                1.0 / north
            )
        }
    };
    let problem = section
        .problem(1060, key, text)
        .at_spot(format!("x {x:.1}, y {y:.1}"))
        .why("distances, areas and volumes would be wrong by that much and look right")
        .fix(format!(
            "use a plane made for the place, such as {}; gdalwarp -t_srs reprojects a raster",
            utm()
        ));
    section.reading.report(problem);
    false
}
