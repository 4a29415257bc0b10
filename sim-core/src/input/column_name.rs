//! The name and the unit in the header of a table's column.
//!
//! The unit stands in brackets, `Rainfall intensity (mm/hr)`, or at the end
//! after underscores, `rain_mm_h`; a compound unit may also be the whole name,
//! `mm/h`. The parts of a unit are read by the `uom` crate.

use uom::si::f64::{Length, Mass, Pressure, Time, Velocity, Volume};

use crate::units;

/// What kind of quantity a unit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dimension {
    Time,
    Length,
    Speed,
    Flow,
    MassFlow,
    Volume,
    Pressure,
    Temperature,
    Angle,
    Share,
    Irradiance,
}

/// A unit and its way to SI: value × factor + offset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Unit {
    pub(super) dimension: Dimension,
    factor: f64,
    offset: f64,
}

impl Unit {
    fn new(dimension: Dimension, factor: f64) -> Self {
        Self { dimension, factor, offset: 0.0 }
    }

    /// A value in SI: s, m, m/s, m³/s, kg/s, m³, Pa, K, degrees, a share of 1, W/m².
    pub(super) fn to_si(self, value: f64) -> f64 {
        value * self.factor + self.offset
    }
}

/// Header of one column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ColumnName {
    /// As written.
    pub(super) text: String,
    /// Without the unit, lower case, words joined by `_`.
    pub(super) name: String,
    /// Its unit, if there is one that is known.
    pub(super) unit: Option<Unit>,
    /// What stands in brackets, if it is no known unit.
    pub(super) remark: Option<String>,
}

/// Splits a header into name and unit.
pub(super) fn parse(text: &str) -> ColumnName {
    let text = text.trim();
    let plain = text.replace(['（', '['], "(").replace(['）', ']'], ")");
    let whole = |name: &str, unit, remark| ColumnName {
        text: text.into(),
        name: words(name).join("_"),
        unit,
        remark,
    };
    if let Some((before, inside)) = plain.trim_end().strip_suffix(')').and_then(|rest| rest.rsplit_once('('))
    {
        let unit = unit_of(inside);
        let remark = unit.is_none().then(|| inside.trim().to_owned());
        return whole(before, unit, remark);
    }
    let words = words(&plain);
    let compound = plain.contains(['/', '_']) || plain.eq_ignore_ascii_case("mm");
    if let Some(unit) = unit_of(&words.join("/")).filter(|_| compound && words.len() <= 2) {
        return whole("", Some(unit), None);
    }
    for taken in [2, 1] {
        let Some(rest) = words.len().checked_sub(taken).filter(|&rest| rest > 0) else { continue };
        if let Some(unit) = unit_of(&words[rest..].join("/")) {
            return whole(&words[..rest].join("_"), Some(unit), None);
        }
    }
    whole(&plain, None, None)
}

/// A name as it stands in a header: lower case, words joined by `_`.
pub(super) fn plain(name: &str) -> String {
    words(&name.replace(['（', '['], "(").replace(['）', ']'], ")")).join("_")
}

fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let parts = lower.split(|c: char| c.is_whitespace() || "_/".contains(c));
    parts.filter(|part| !part.is_empty() && *part != "per").map(str::to_owned).collect()
}

/// The unit that a text names, in the spellings that tables use.
///
/// # Source
/// Factors: `uom` crate, after NIST SP 811; fractions of cloud cover: WMO-No. 8
/// (oktas are eighths).
pub(super) fn unit_of(text: &str) -> Option<Unit> {
    let text = text.trim().to_lowercase().replace(" per ", "/").replace("^-1", "-1");
    let single = match text.as_str() {
        "°c" | "degc" | "deg_c" | "c" | "celsius" | "℃" => {
            Unit { offset: units::CELSIUS_ZERO, ..Unit::new(Dimension::Temperature, 1.0) }
        }
        "k" | "kelvin" => Unit::new(Dimension::Temperature, 1.0),
        "deg" | "degree" | "degrees" | "°" | "度" => Unit::new(Dimension::Angle, 1.0),
        "%" | "percent" | "pct" => Unit::new(Dimension::Share, 0.01),
        "1" | "fraction" => Unit::new(Dimension::Share, 1.0),
        "okta" | "oktas" => Unit::new(Dimension::Share, 0.125),
        "tenth" | "tenths" | "成" => Unit::new(Dimension::Share, 0.1),
        "w/m2" | "w/m²" | "w/m^2" => Unit::new(Dimension::Irradiance, 1.0),
        "kmh" | "kph" => return unit_of("km/h"),
        "mph" => return unit_of("mi/h"),
        "mps" => return unit_of("m/s"),
        "cumec" | "cumecs" => return unit_of("m3/s"),
        "lps" => return unit_of("l/s"),
        "kn" | "kt" | "kts" | "knot" | "knots" => {
            Unit::new(Dimension::Speed, "1 kn".parse::<Velocity>().ok()?.value)
        }
        _ => {
            return ratio(&text)
                .or_else(|| length(&text))
                .or_else(|| time(&text))
                .or_else(|| pressure(&text))
                .or_else(|| stored(&text));
        }
    };
    Some(single)
}

/// A length, a volume or a mass per time: `mm/h`, `m3/s`, `mm h-1`.
fn ratio(text: &str) -> Option<Unit> {
    let by_power = || text.strip_suffix("-1").and_then(|rest| rest.rsplit_once(' '));
    let (above, below) = text.split_once('/').or_else(by_power)?;
    let per = time(below.trim())?.factor;
    let above = above.trim();
    if let Some(length) = length(above) {
        return Some(Unit::new(Dimension::Speed, length.factor / per));
    }
    match mass(above) {
        Some(mass) => Some(Unit::new(Dimension::MassFlow, mass / per)),
        None => Some(Unit::new(Dimension::Flow, volume(above)? / per)),
    }
}

fn length(text: &str) -> Option<Unit> {
    let known = match text {
        "mm" | "毫米" => "mm",
        "m" | "米" => "m",
        "cm" | "km" | "in" | "ft" | "mi" => text,
        _ => return None,
    };
    Some(Unit::new(Dimension::Length, format!("1 {known}").parse::<Length>().ok()?.value))
}

fn time(text: &str) -> Option<Unit> {
    let known = match text {
        "s" | "sec" | "secs" | "second" | "seconds" | "秒" => "s",
        "min" | "mins" | "minute" | "minutes" | "分" | "分钟" => "min",
        "h" | "hr" | "hrs" | "hour" | "hours" | "小时" | "时" => "h",
        "d" | "day" | "days" | "天" => "d",
        _ => return None,
    };
    Some(Unit::new(Dimension::Time, format!("1 {known}").parse::<Time>().ok()?.value))
}

fn volume(text: &str) -> Option<f64> {
    let known = match text {
        "m3" | "m³" | "m^3" | "立方米" => "m³",
        "l" | "litre" | "liter" | "litres" | "liters" => "L",
        _ => return None,
    };
    Some(format!("1 {known}").parse::<Volume>().ok()?.value)
}

fn mass(text: &str) -> Option<f64> {
    let known = match text {
        "kg" | "千克" | "公斤" => "kg",
        "t" | "吨" => "t",
        "g" | "克" => "g",
        _ => return None,
    };
    Some(format!("1 {known}").parse::<Mass>().ok()?.value)
}

/// A volume of stored water: `m3`, `万m³`.
fn stored(text: &str) -> Option<Unit> {
    let (count, unit) = match text.chars().next()? {
        '万' => (1e4, &text['万'.len_utf8()..]),
        '亿' => (1e8, &text['亿'.len_utf8()..]),
        _ => (1.0, text),
    };
    let is_cubic_metre = matches!(unit, "m3" | "m³" | "m^3" | "立方米");
    is_cubic_metre.then(|| Unit::new(Dimension::Volume, count))
}

fn pressure(text: &str) -> Option<Unit> {
    let known = match text {
        "pa" => "Pa",
        "hpa" => "hPa",
        "kpa" => "kPa",
        "mbar" | "mb" => "mbar",
        "bar" => "bar",
        _ => return None,
    };
    Some(Unit::new(Dimension::Pressure, format!("1 {known}").parse::<Pressure>().ok()?.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn si(header: &str) -> (Dimension, f64) {
        let unit = parse(header).unit.unwrap_or_else(|| panic!("{header} has a unit"));
        (unit.dimension, unit.to_si(1.0))
    }

    #[test]
    fn the_spellings_of_one_unit_mean_the_same() {
        let spellings = [
            "rain_mm_h",
            "mm/h",
            "mm_h",
            "Rainfall intensity (mm/hr)",
            "rain [mm h-1]",
            "R (mm per hour)",
            "rain_mm_per_h",
            "雨强（毫米/小时）",
            "rain mm/h",
            "Drainage losses (mm/hr)",
        ];
        for header in spellings {
            let (dimension, one) = si(header);
            assert_eq!(dimension, Dimension::Speed, "{header}");
            assert!((one * 3.6e6 - 1.0).abs() < 1e-12, "{header}: {one}");
        }
        for header in
            ["q_m3_s", "discharge (m3/s)", "discharge (m³/s)", "m3/s", "Q (m^3 s^-1)", "flow (cumecs)"]
        {
            assert_eq!(si(header), (Dimension::Flow, 1.0), "{header}");
        }
        for header in ["rate_kg_s", "rate (kg/s)", "泄漏速率（千克/秒）"] {
            assert_eq!(si(header), (Dimension::MassFlow, 1.0), "{header}");
        }
    }

    #[test]
    fn units_are_not_taken_for_each_other() {
        assert_eq!(si("time_min"), (Dimension::Time, 60.0));
        assert!((si("rate_t_h").1 * 3.6 - 1.0).abs() < 1e-12);
        assert!((si("rain (mm/min)").1 / si("rain (mm/h)").1 - 60.0).abs() < 1e-12);
        assert_eq!(si("rain_mm"), (Dimension::Length, 1e-3));
        assert!((si("wind_speed (km/h)").1 * 3.6 - 1.0).abs() < 1e-12);
        assert_eq!(si("air_temperature (degC)"), (Dimension::Temperature, 274.15));
        assert_eq!(si("cloud (oktas)"), (Dimension::Share, 0.125));
    }

    #[test]
    fn a_name_without_unit_has_none() {
        for header in ["rain", "h", "time", "q", "min", "Rain (gauge 3)", "rain_mm_5min", ""] {
            assert_eq!(parse(header).unit, None, "{header}");
        }
        assert_eq!(parse("Rain (gauge 3)").remark.as_deref(), Some("gauge 3"));
        assert_eq!(parse("Wind speed (m/s)").name, "wind_speed");
        assert_eq!(parse("wind_speed_m_s").name, "wind_speed");
    }
}
