//! Values that carry their unit as text: `"0.4 MPa"`, `"60 mm/h"`, `"NNE"`.
//!
//! Units are those of the `uom` crate; this file says which dimension a key has,
//! and composes rates (`mm/h`) from two of them.

use uom::si::f64::{
    Angle, Area, HeatFluxDensity, Length, Mass, MassRate, Pressure, Ratio, ThermodynamicTemperature, Time,
    Velocity, Volume, VolumeRate,
};
use uom::si::{
    angle, area, heat_flux_density, length, mass, mass_rate, pressure, ratio, thermodynamic_temperature,
    time, velocity, volume, volume_rate,
};

/// The dimension of a key's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// m
    Length,
    /// s
    Time,
    /// m/s
    Speed,
    /// m/s of water depth
    RainRate,
    /// Pa
    Pressure,
    /// K
    Temperature,
    /// kg
    Mass,
    /// kg/s
    MassRate,
    /// m³/s
    Discharge,
    /// m²
    Area,
    /// m³
    Volume,
    /// W/m²
    HeatFlux,
    /// degrees
    Angle,
    /// pure number
    Fraction,
    /// degrees clockwise from north; also one of the 16 points of the compass
    Direction,
}

impl Dimension {
    /// Units in the words of a message, the commonest first.
    pub fn allowed(self) -> &'static str {
        match self {
            Self::Length => "a length such as \"20 mm\", \"1.5 m\", \"2 km\"",
            Self::Time => "a time such as \"30 s\", \"10 min\", \"2 h\", \"1 d\"",
            Self::Speed => "a speed such as \"3 m/s\", \"12 km/h\", \"6 kn\"",
            Self::RainRate => "a rain rate such as \"60 mm/h\", \"1 mm/min\"",
            Self::Pressure => "a pressure such as \"0.4 MPa\", \"3 kPa\", \"2 bar\"",
            Self::Temperature => "a temperature such as \"15 °C\" (or \"15 degC\"), \"288 K\"",
            Self::Mass => "a mass such as \"500 kg\", \"2 t\"",
            Self::MassRate => "a mass rate such as \"0.3 kg/s\", \"5 t/h\"",
            Self::Discharge => "a discharge such as \"20 m3/s\", \"300 L/s\"",
            Self::Area => "an area such as \"25 m2\", \"1 ha\"",
            Self::Volume => "a volume such as \"3000 m3\", \"3e6 m3\", \"0.4 km3\"",
            Self::HeatFlux => "a radiation such as \"12.5 kW/m2\", \"4000 W/m2\"",
            Self::Angle => "an angle such as \"20 deg\"",
            Self::Fraction => "a fraction such as \"20 %\", \"50 ppm\" or a bare number",
            Self::Direction => {
                "the direction the wind comes from: one of N, NNE, NE … (or 北, 北东北, 北风 …), or degrees such as \"225 deg\""
            }
        }
    }

    /// SI unit of the parsed number (degrees for angles).
    pub fn si_unit(self) -> &'static str {
        match self {
            Self::Length => "m",
            Self::Time => "s",
            Self::Speed | Self::RainRate => "m/s",
            Self::Pressure => "Pa",
            Self::Temperature => "K",
            Self::Mass => "kg",
            Self::MassRate => "kg/s",
            Self::Discharge => "m3/s",
            Self::Area => "m2",
            Self::Volume => "m3",
            Self::HeatFlux => "W/m2",
            Self::Angle | Self::Direction => "deg",
            Self::Fraction => "1",
        }
    }

    /// Number in SI units of a text with its unit, or the reason why it is none.
    ///
    /// # Example
    /// ```
    /// use sim_core::scenario::Dimension;
    /// let rate = Dimension::RainRate.parse("36 mm/h").expect("a rain rate");
    /// assert!((rate - 1e-5).abs() < 1e-18);
    /// assert_eq!(Dimension::Direction.parse("NNE"), Ok(22.5));
    /// assert!(Dimension::Time.parse("3 MPa").is_err());
    /// ```
    pub fn parse(self, text: &str) -> Result<f64, Mistake> {
        if self == Self::Direction
            && let Some(point) = compass_point(text)
        {
            return Ok(point);
        }
        let (number, unit) = split(text)?;
        let value: f64 = number.parse().map_err(|_| Mistake::NoNumber)?;
        if !value.is_finite() {
            return Err(Mistake::NoNumber);
        }
        if unit.is_empty() && self != Self::Fraction {
            return Err(Mistake::NoUnit);
        }
        self.convert(value, &plain(unit)).ok_or(Mistake::WrongUnit)
    }

    fn convert(self, value: f64, unit: &str) -> Option<f64> {
        let quantity = format!("{value:e} {unit}");
        let text = quantity.as_str();
        match self {
            Self::Length => text.parse::<Length>().ok().map(|q| q.get::<length::meter>()),
            Self::Time => text.parse::<Time>().ok().map(|q| q.get::<time::second>()),
            Self::Speed => text.parse::<Velocity>().ok().map(|q| q.get::<velocity::meter_per_second>()),
            Self::RainRate => ratio_of(unit, value, Self::Length, Self::Time),
            Self::Pressure => text.parse::<Pressure>().ok().map(|q| q.get::<pressure::pascal>()),
            Self::Temperature => text
                .parse::<ThermodynamicTemperature>()
                .ok()
                .map(|q| q.get::<thermodynamic_temperature::kelvin>()),
            Self::Mass => text.parse::<Mass>().ok().map(|q| q.get::<mass::kilogram>()),
            Self::MassRate => {
                text.parse::<MassRate>().ok().map(|q| q.get::<mass_rate::kilogram_per_second>())
            }
            Self::Discharge => text
                .parse::<VolumeRate>()
                .ok()
                .map(|q| q.get::<volume_rate::cubic_meter_per_second>())
                .or_else(|| {
                    let (above, below) = unit.split_once('/')?;
                    let volume = format!("{value:e} {above}").parse::<Volume>().ok()?;
                    Some(volume.get::<volume::cubic_meter>() / Self::Time.convert(1.0, below)?)
                }),
            Self::Area => text.parse::<Area>().ok().map(|q| q.get::<area::square_meter>()),
            Self::Volume => text.parse::<Volume>().ok().map(|q| q.get::<volume::cubic_meter>()),
            Self::HeatFlux => text
                .parse::<HeatFluxDensity>()
                .ok()
                .map(|q| q.get::<heat_flux_density::watt_per_square_meter>()),
            Self::Angle | Self::Direction => text.parse::<Angle>().ok().map(|q| q.get::<angle::degree>()),
            Self::Fraction => text.parse::<Ratio>().ok().map(|q| q.get::<ratio::ratio>()),
        }
    }
}

/// Why a text is not a value of its dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// It does not begin with a finite number.
    NoNumber,
    /// The number stands alone.
    NoUnit,
    /// The unit is unknown or of another dimension.
    WrongUnit,
}

/// Value of a unit written as one unit over another.
fn ratio_of(unit: &str, value: f64, above: Dimension, below: Dimension) -> Option<f64> {
    let (numerator, denominator) = unit.split_once('/')?;
    Some(above.convert(value, numerator)? / below.convert(1.0, denominator)?)
}

/// Splits a text into its leading number and the unit after it.
fn split(text: &str) -> Result<(&str, &str), Mistake> {
    let text = text.trim();
    let is_number_part = |(i, c): (usize, char)| {
        let exponent = matches!(c, 'e' | 'E')
            && text[i + 1..].starts_with(|next: char| next.is_ascii_digit() || matches!(next, '+' | '-'));
        c.is_ascii_digit() || matches!(c, '.' | '+' | '-') || exponent
    };
    let end = text.char_indices().find(|&entry| !is_number_part(entry)).map_or(text.len(), |entry| entry.0);
    let (number, unit) = text.split_at(end);
    if number.is_empty() { Err(Mistake::NoNumber) } else { Ok((number, unit.trim())) }
}

/// Spellings of units that people use, turned into those of the unit library.
fn plain(unit: &str) -> String {
    const SPELLINGS: [(&str, &str); 37] = [
        ("m3", "m³"),
        ("m2", "m²"),
        ("cm2", "cm²"),
        ("mm2", "mm²"),
        ("km2", "km²"),
        ("km3", "km³"),
        ("degC", "°C"),
        ("℃", "°C"),
        ("C", "°C"),
        ("F", "°F"),
        ("deg", "°"),
        ("degrees", "°"),
        ("hr", "h"),
        ("hour", "h"),
        ("hours", "h"),
        ("sec", "s"),
        ("day", "d"),
        ("days", "d"),
        ("minutes", "min"),
        ("l", "L"),
        ("knots", "kn"),
        ("mph", "mi/h"),
        ("kph", "km/h"),
        ("毫米", "mm"),
        ("厘米", "cm"),
        ("米", "m"),
        ("公里", "km"),
        ("千米", "km"),
        ("秒", "s"),
        ("分钟", "min"),
        ("小时", "h"),
        ("天", "d"),
        ("千克", "kg"),
        ("吨", "t"),
        ("兆帕", "MPa"),
        ("千帕", "kPa"),
        ("度", "°"),
    ];
    let spelt = |part: &str| {
        let part = part.trim();
        SPELLINGS.iter().find(|entry| entry.0 == part).map_or(part, |entry| entry.1).to_owned()
    };
    match unit {
        "mph" | "kph" => spelt(unit),
        _ => unit.split('/').map(spelt).collect::<Vec<_>>().join("/"),
    }
}

/// The 16 points of the compass, clockwise from north, 22.5° apart.
const COMPASS: [(&str, &str); 16] = [
    ("N", "北"),
    ("NNE", "北东北"),
    ("NE", "东北"),
    ("ENE", "东东北"),
    ("E", "东"),
    ("ESE", "东东南"),
    ("SE", "东南"),
    ("SSE", "南东南"),
    ("S", "南"),
    ("SSW", "南西南"),
    ("SW", "西南"),
    ("WSW", "西西南"),
    ("W", "西"),
    ("WNW", "西西北"),
    ("NW", "西北"),
    ("NNW", "北西北"),
];

/// Degrees of a point of the compass, also as the name of its wind (`西风`).
pub fn compass_point(text: &str) -> Option<f64> {
    let text = text.trim();
    let text = text.strip_suffix('风').unwrap_or(text);
    let point = COMPASS.iter().position(|names| names.0.eq_ignore_ascii_case(text) || names.1 == text)?;
    Some(point as f64 * 22.5)
}

/// Slowest wind of each force of Beaufort's scale from 0 to 12, and the fastest of 12, 10 m above ground, m/s.
///
/// # Source
/// The scale of the World Meteorological Organization (wmo2018, chapter on surface wind); remembered.
const BEAUFORT: [f64; 14] = [0.0, 0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7, 37.0];

/// Slowest and fastest wind of a force of Beaufort's scale, m/s, of a text such as `3级` or `force 3`.
///
/// # Example
/// ```
/// use sim_core::scenario::beaufort;
/// assert_eq!(beaufort("3级"), Some((3.4, 5.4)));
/// assert_eq!(beaufort("3 m/s"), None);
/// ```
pub fn beaufort(text: &str) -> Option<(f64, f64)> {
    let lower = text.trim().to_lowercase();
    let number = lower
        .strip_suffix("级风")
        .or_else(|| lower.strip_suffix('级'))
        .or_else(|| lower.strip_suffix("bft"))
        .or_else(|| lower.strip_prefix("force"))
        .or_else(|| lower.strip_prefix("bft"))?;
    let force: usize = number.trim().parse().ok()?;
    let (slowest, next) = (*BEAUFORT.get(force)?, *BEAUFORT.get(force + 1)?);
    Some((slowest, ((next - 0.1) * 10.0).round() / 10.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_units_of_the_field_are_read() {
        let cases = [
            (Dimension::Pressure, "0.4 MPa", 4e5),
            (Dimension::RainRate, "60 mm/h", 60.0 / 3.6e6),
            (Dimension::RainRate, "1mm/min", 1.0 / 6e4),
            (Dimension::RainRate, "60 毫米/小时", 60.0 / 3.6e6),
            (Dimension::Time, "2 h", 7200.0),
            (Dimension::Time, "10 min", 600.0),
            (Dimension::Length, "20 mm", 0.02),
            (Dimension::Temperature, "15 °C", 288.15),
            (Dimension::Temperature, "-5 degC", 268.15),
            (Dimension::Discharge, "20 m3/s", 20.0),
            (Dimension::Discharge, "300 L/s", 0.3),
            (Dimension::Discharge, "3600 m3/h", 1.0),
            (Dimension::MassRate, "3.6 t/h", 1.0),
            (Dimension::Speed, "36 km/h", 10.0),
            (Dimension::Area, "25 m2", 25.0),
            (Dimension::Fraction, "20 %", 0.2),
            (Dimension::Fraction, "0.5", 0.5),
            (Dimension::Direction, "225 deg", 225.0),
            (Dimension::Direction, "wsw", 247.5),
            (Dimension::Direction, "西风", 270.0),
            (Dimension::Direction, "东南风", 135.0),
            (Dimension::Mass, "1.5e3 kg", 1500.0),
        ];
        for (dimension, text, expected) in cases {
            let value = dimension.parse(text).unwrap_or(f64::NAN);
            assert!((value - expected).abs() <= 1e-12 * expected.abs(), "{text}: {value} is not {expected}");
        }
    }

    #[test]
    fn what_is_not_a_quantity_is_refused_with_its_reason() {
        assert_eq!(Dimension::Pressure.parse("high"), Err(Mistake::NoNumber));
        assert_eq!(Dimension::Pressure.parse("0.4"), Err(Mistake::NoUnit));
        assert_eq!(Dimension::Pressure.parse("0.4 kg"), Err(Mistake::WrongUnit));
        assert_eq!(Dimension::RainRate.parse("60 mm"), Err(Mistake::WrongUnit));
        assert_eq!(Dimension::Time.parse("1e999 s"), Err(Mistake::NoNumber));
    }
}
