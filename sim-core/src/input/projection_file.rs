//! The coordinate reference in a `.prj` file beside an ESRI ASCII grid.
//!
//! A `.prj` holds well-known text. Its EPSG code is read from the outermost
//! `AUTHORITY["EPSG","…"]` or `ID["EPSG",…]`; Esri programs write none, so the
//! names they give to the references that Chinese and British offices use are
//! known here too.

/// EPSG code in well-known text, if it can be told.
///
/// # Source
/// OGC 01-009 (WKT 1), OGC 18-010 (WKT 2): the identifier of an object is its last element.
///
/// # Example
/// ```
/// use sim_core::input::projection_file::epsg;
/// assert_eq!(epsg(r#"PROJCS["x",GEOGCS["y",AUTHORITY["EPSG","4326"]],AUTHORITY["EPSG","32650"]]"#), Some(32650));
/// assert_eq!(epsg(r#"PROJCS["CGCS2000_3_Degree_GK_CM_114E",GEOGCS["GCS"]]"#), Some(4547));
/// assert_eq!(epsg("unknown"), None);
/// ```
pub fn epsg(text: &str) -> Option<u32> {
    outermost_identifier(text).or_else(|| known_name(text))
}

/// Code of the last EPSG identifier, if it belongs to the outermost object.
fn outermost_identifier(text: &str) -> Option<u32> {
    let upper = text.to_ascii_uppercase();
    let start = upper.rfind("[\"EPSG\"")?;
    // One bracket is open outside of the identifier's own if it belongs to the whole.
    let before = &upper[..start];
    let depth = before.matches('[').count().checked_sub(before.matches(']').count())?;
    if depth != 1 {
        return None;
    }
    let digits: String = upper[start + 7..]
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}

/// Code of a reference by the name that Esri programs give it.
///
/// # Source
/// Names and codes of the EPSG registry; CGCS2000 in zones of 3° and 6°, with
/// and without the zone number before the easting.
fn known_name(text: &str) -> Option<u32> {
    let name = text.split('"').nth(1)?.to_ascii_lowercase().replace([' ', '/'], "_");
    match name.as_str() {
        "gcs_wgs_1984" | "wgs_84" => return Some(4326),
        "gcs_china_geodetic_coordinate_system_2000" | "gcs_cgcs_2000" => return Some(4490),
        "british_national_grid" | "osgb_1936_british_national_grid" => return Some(27700),
        _ => {}
    }
    if let Some(zone) = name.strip_prefix("wgs_1984_utm_zone_") {
        let (base, number) = match zone.strip_suffix('n') {
            Some(number) => (32600, number),
            None => (32700, zone.strip_suffix('s')?),
        };
        return numbered(number, 1, 60, 1).map(|zone| base + zone + 1);
    }
    let meridian = |prefix: &str| Some(name.strip_prefix(prefix)?.strip_suffix('e')?.to_owned());
    if let Some(degrees) = meridian("cgcs2000_3_degree_gk_cm_") {
        return numbered(&degrees, 75, 135, 3).map(|step| 4534 + step);
    }
    if let Some(zone) = name.strip_prefix("cgcs2000_3_degree_gk_zone_") {
        return numbered(zone, 25, 45, 1).map(|step| 4513 + step);
    }
    if let Some(degrees) = meridian("cgcs2000_gk_cm_") {
        return numbered(&degrees, 75, 135, 6).map(|step| 4502 + step);
    }
    numbered(name.strip_prefix("cgcs2000_gk_zone_")?, 13, 23, 1).map(|step| 4491 + step)
}

/// Which step from `first` to `last` a number is, if it is one.
fn numbered(text: &str, first: u32, last: u32, step: u32) -> Option<u32> {
    let number: u32 = text.parse().ok()?;
    let inside = (first..=last).contains(&number) && (number - first).is_multiple_of(step);
    inside.then(|| (number - first) / step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Crs;

    fn of_name(name: &str) -> Option<u32> {
        epsg(&format!("PROJCS[\"{name}\",GEOGCS[\"GCS\"]]"))
    }

    fn definition(code: u32) -> &'static str {
        Crs::from_epsg(code).expect("in the table").proj_string().expect("on Earth")
    }

    #[test]
    fn chinese_zones_have_the_central_meridian_of_their_name() {
        for degrees in (75..=135).step_by(3) {
            let code = of_name(&format!("CGCS2000_3_Degree_GK_CM_{degrees}E")).expect("a known name");
            assert!(definition(code).contains(&format!("+lon_0={degrees} ")), "{code}");
            let zone = of_name(&format!("CGCS2000_3_Degree_GK_Zone_{}", degrees / 3)).expect("a known name");
            assert!(definition(zone).contains(&format!("+x_0={}500000 ", degrees / 3)), "{zone}");
        }
        for zone in 13..=23 {
            let degrees = zone * 6 - 3;
            let code = of_name(&format!("CGCS2000_GK_CM_{degrees}E")).expect("a known name");
            assert!(definition(code).contains(&format!("+lon_0={degrees} ")), "{code}");
            let code = of_name(&format!("CGCS2000_GK_Zone_{zone}")).expect("a known name");
            assert!(definition(code).contains(&format!("+x_0={zone}500000 ")), "{code}");
        }
    }

    #[test]
    fn utm_names_give_the_zone_and_the_hemisphere() {
        for zone in 1..=60 {
            assert_eq!(of_name(&format!("WGS_1984_UTM_Zone_{zone}N")), Some(32600 + zone));
            assert_eq!(of_name(&format!("WGS_1984_UTM_Zone_{zone}S")), Some(32700 + zone));
        }
        assert_eq!(of_name("WGS_1984_UTM_Zone_61N"), None);
    }

    #[test]
    fn the_code_of_a_part_is_not_the_code_of_the_whole() {
        let text = r#"PROJCS["Local Grid",GEOGCS["WGS 84",AUTHORITY["EPSG","4326"]],UNIT["metre",1]]"#;
        assert_eq!(epsg(text), None);
    }

    #[test]
    fn well_known_text_2_is_understood() {
        let text = r#"PROJCRS["x",BASEGEOGCRS["y",ID["EPSG",4326]],ID["EPSG",32649]]"#;
        assert_eq!(epsg(text), Some(32649));
    }
}
