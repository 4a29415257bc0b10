//! Coordinate references by EPSG code, and the way to longitude and latitude.

use std::sync::LazyLock;

use proj4rs::Proj;
use proj4rs::adaptors::transform_xy;

use crate::error::{Problem, Result};

/// Longitude and latitude on WGS 84, degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LonLat {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
}

/// A coordinate reference: an EPSG code, or a local plane without a place on Earth.
#[derive(Clone)]
pub struct Crs {
    epsg: Option<u16>,
    projection: Option<Proj>,
}

/// EPSG code of WGS 84 longitude and latitude.
pub const WGS84: u16 = 4326;

impl Crs {
    /// A plane in metres that is nowhere on Earth, for laboratory and textbook cases.
    pub fn local() -> Self {
        Self { epsg: None, projection: None }
    }

    /// The reference of an EPSG code.
    ///
    /// # Errors
    /// E2201 when the code is unknown to the table of definitions or its
    /// projection is not supported.
    ///
    /// # Source
    /// Definitions from the EPSG registry through the `crs-definitions` table.
    pub fn from_epsg(code: u32) -> Result<Self> {
        let known = u16::try_from(code).ok().and_then(crs_definitions::from_code);
        let Some(definition) = known else {
            return Err(Problem::error(2201, format!("EPSG:{code} is not a known coordinate reference"))
                .fix("use the code of the raster, e.g. 4326 (lon/lat), 32650 (UTM 50 N), 4547 (CGCS2000 3-degree, 114 E)")
                .into());
        };
        let projection = Proj::from_proj_string(definition.proj4).map_err(|mistake| {
            Problem::error(2201, format!("EPSG:{code} cannot be projected: {mistake}"))
                .fix("reproject the data to a UTM zone first (for example with gdalwarp -t_srs EPSG:32650)")
        })?;
        Ok(Self { epsg: Some(definition.code), projection: Some(projection) })
    }

    /// EPSG code, if the plane lies on Earth.
    pub fn epsg(&self) -> Option<u16> {
        self.epsg
    }

    /// True when x and y are longitude and latitude in degrees.
    pub fn is_geographic(&self) -> bool {
        self.projection.as_ref().is_some_and(Proj::is_latlong)
    }

    /// Metres in one unit of the projected axes (1 for a local plane).
    pub fn metres_per_unit(&self) -> f64 {
        self.projection.as_ref().map_or(1.0, Proj::to_meter)
    }

    /// Definition as well-known text (OGC WKT 1), if the plane lies on Earth.
    pub fn wkt(&self) -> Option<&'static str> {
        self.epsg.and_then(crs_definitions::from_code).map(|definition| definition.wkt)
    }

    /// Definition as a PROJ string, if the plane lies on Earth.
    pub fn proj_string(&self) -> Option<&'static str> {
        self.epsg.and_then(crs_definitions::from_code).map(|definition| definition.proj4)
    }

    /// Longitude and latitude (WGS 84) of a point.
    ///
    /// `None` on a local plane and where the projection has no inverse.
    ///
    /// # Example
    /// ```
    /// use sim_core::grid::Crs;
    /// let utm50 = Crs::from_epsg(32650)?;
    /// let at = utm50.to_lon_lat(500_000.0, 0.0).expect("the central meridian at the equator");
    /// assert!((at.lon - 117.0).abs() < 1e-9 && at.lat.abs() < 1e-9);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn to_lon_lat(&self, x: f64, y: f64) -> Option<LonLat> {
        let projection = self.projection.as_ref()?;
        let (x, y) = if projection.is_latlong() { (x.to_radians(), y.to_radians()) } else { (x, y) };
        let (lon, lat) = transform_xy(projection, wgs84(), x, y).ok()?;
        let at = LonLat { lon: lon.to_degrees(), lat: lat.to_degrees() };
        (at.lon.is_finite() && at.lat.is_finite()).then_some(at)
    }

    /// Point of this reference at a longitude and latitude (WGS 84).
    pub fn from_lon_lat(&self, at: LonLat) -> Option<(f64, f64)> {
        let projection = self.projection.as_ref()?;
        let (x, y) = transform_xy(wgs84(), projection, at.lon.to_radians(), at.lat.to_radians()).ok()?;
        let (x, y) = if projection.is_latlong() { (x.to_degrees(), y.to_degrees()) } else { (x, y) };
        (x.is_finite() && y.is_finite()).then_some((x, y))
    }

    /// Metres of this plane for one metre of ground at a point, eastwards and northwards.
    ///
    /// A projection is true to scale only near its own meridian or parallel;
    /// Web Mercator stretches by 1/cos(latitude) everywhere. `None` on a local
    /// plane and where the projection has no inverse.
    ///
    /// # Source
    /// Radii of curvature of the WGS 84 ellipsoid: NIMA TR8350.2, 3rd ed.
    ///
    /// # Example
    /// ```
    /// use sim_core::grid::Crs;
    /// let utm50 = Crs::from_epsg(32650)?;
    /// let (east, north) = utm50.length_scale(500_000.0, 3_100_000.0).expect("in zone 50");
    /// // UTM has 0.9996 on its central meridian.
    /// assert!((east - 0.9996).abs() < 1e-5 && (north - 0.9996).abs() < 1e-5);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn length_scale(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        /// Half the distance over which the scale is measured, in units of the
        /// plane: long against rounding, short against the curvature of the Earth.
        const REACH: f64 = 500.0;
        let plane = 2.0 * REACH * self.metres_per_unit();
        let along = |dx: f64, dy: f64| {
            let ground = ground_distance(self.to_lon_lat(x - dx, y - dy)?, self.to_lon_lat(x + dx, y + dy)?);
            (ground > 0.0 && ground.is_finite()).then(|| plane / ground)
        };
        Some((along(REACH, 0.0)?, along(0.0, REACH)?))
    }

    /// The UTM zone (WGS 84) of a longitude and latitude.
    ///
    /// # Errors
    /// E2201 outside 80° S to 84° N, where UTM is not defined.
    pub fn utm_zone_of(at: LonLat) -> Result<Self> {
        if !(-80.0..=84.0).contains(&at.lat) || !(-180.0..=180.0).contains(&at.lon) {
            return Err(Problem::error(2201, format!("lon {}, lat {} has no UTM zone", at.lon, at.lat))
                .fix("give longitude first, then latitude, in degrees; |lat| at most 80")
                .into());
        }
        // Zones are 6° wide and counted from 180° W.
        let zone = ((at.lon + 180.0) / 6.0).floor().min(59.0) as u32 + 1;
        Self::from_epsg(if at.lat >= 0.0 { 32600 } else { 32700 } + zone)
    }
}

/// Distance between two points a few kilometres apart, m.
///
/// # Source
/// NIMA TR8350.2, *Department of Defense World Geodetic System 1984*, 3rd ed. 2000:
/// semi-major axis and first eccentricity squared; radii of curvature in the
/// meridian and in the prime vertical from any textbook of geodesy.
fn ground_distance(a: LonLat, b: LonLat) -> f64 {
    const SEMI_MAJOR_AXIS: f64 = 6_378_137.0;
    const ECCENTRICITY_SQUARED: f64 = 6.694_379_990_14e-3;
    let lat = (0.5 * (a.lat + b.lat)).to_radians();
    let bend = 1.0 - ECCENTRICITY_SQUARED * lat.sin().powi(2);
    let prime_vertical = SEMI_MAJOR_AXIS / bend.sqrt();
    let meridian = prime_vertical * (1.0 - ECCENTRICITY_SQUARED) / bend;
    let turn = (b.lon - a.lon + 540.0).rem_euclid(360.0) - 180.0;
    let east = turn.to_radians() * prime_vertical * lat.cos();
    let north = (b.lat - a.lat).to_radians() * meridian;
    east.hypot(north)
}

/// Longitude and latitude on WGS 84; made once, as millions of cells ask for it.
fn wgs84() -> &'static Proj {
    static DEGREES: LazyLock<Proj> =
        LazyLock::new(|| match Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs") {
            Ok(projection) => projection,
            Err(mistake) => unreachable!("the definition of WGS 84 is constant: {mistake}"),
        });
    &DEGREES
}

impl std::fmt::Debug for Crs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

impl std::fmt::Display for Crs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.epsg {
            Some(code) => write!(f, "EPSG:{code}"),
            None => write!(f, "local plane"),
        }
    }
}

impl PartialEq for Crs {
    fn eq(&self, other: &Self) -> bool {
        self.epsg == other.epsg
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_is_the_same_place() {
        let changsha = LonLat { lon: 112.976, lat: 28.195 };
        for code in [4326, 4490, 32649, 4547, 3857] {
            let crs = Crs::from_epsg(code).expect("a common reference");
            let (x, y) = crs.from_lon_lat(changsha).expect("inside the zone");
            let back = crs.to_lon_lat(x, y).expect("inside the zone");
            assert!(
                (back.lon - changsha.lon).abs() < 1e-8 && (back.lat - changsha.lat).abs() < 1e-8,
                "{code}"
            );
        }
    }

    #[test]
    fn changsha_lies_in_utm_zone_49() {
        let crs = Crs::utm_zone_of(LonLat { lon: 112.976, lat: 28.195 }).expect("China has UTM zones");
        assert_eq!(crs.epsg(), Some(32649));
    }

    #[test]
    fn an_unknown_code_is_an_error() {
        assert!(Crs::from_epsg(99_999).is_err());
    }

    #[test]
    fn a_plane_used_far_from_home_shows_its_stretch() {
        let scale = |code, lon, lat| {
            let crs = Crs::from_epsg(code).expect("a known code");
            let (x, y) = crs.from_lon_lat(LonLat { lon, lat }).expect("a place on Earth");
            crs.length_scale(x, y).expect("a place on Earth")
        };
        // Web Mercator stretches by nearly 1/cos(60°) = 2 (it takes the ellipsoid for a sphere).
        let (east, north) = scale(3857, 112.0, 60.0);
        assert!((east - 2.0).abs() < 0.02 && (north - 2.0).abs() < 0.02, "{east} {north}");
        // CGCS2000 3-degree zones are true on their meridian; a degree and a half away they
        // stretch by (1.5° cos lat)²/2, with the angle in radians.
        let (east, _) = scale(4547, 114.0, 30.0);
        assert!((east - 1.0).abs() < 1e-6, "{east}");
        let (east, _) = scale(4547, 115.5, 30.0);
        assert!((east - 1.000_257).abs() < 2e-6, "{east}");
        assert_eq!(Crs::local().length_scale(0.0, 0.0), None);
    }
}
