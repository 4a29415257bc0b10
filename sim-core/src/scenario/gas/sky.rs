//! Keys of `[weather]` that say how turbulent the air is: the class, or what it follows from.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::gas::weather::solar::{sky, solar_elevation};
use crate::gas::weather::surface_layer::{GOLDER_ROUGHNESS, class_of, inverse_obukhov_length};
use crate::gas::weather::{
    CLASS_WIND_HEIGHT, Sky, Stability, Surroundings, WindProfile, stability, wind_exponent,
};
use crate::grid::LonLat;
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;

/// Keys that each say how turbulent the air is.
const WAYS: [&str; 5] = ["stability", "sun", "night_cloud_eighths", "cloud_tenths", "obukhov_length"];

/// Height of the sun below which it is night, and above which it is day, degrees: between them,
/// an hour around sunrise and sunset, either may be said.
///
/// # Source
/// pasquill1961: night runs from an hour before sunset to an hour after sunrise; ours as a height.
const TWILIGHT: f64 = 15.0;

/// Shortest Obukhov length, m: turbulence is stronger or weaker nowhere.
const SHORTEST_LENGTH: f64 = 0.5;

/// How turbulent the air is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Turbulence {
    Class(Stability),
    Sky(Sky),
    /// Follows from the height of the sun and the clouds, tenths: total and low.
    Clouds(f64, f64),
}

/// How the wind is to change with the height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum AskedProfile {
    Power,
    /// By the logarithm: the roughness, m, and 1/L, 1/m, where it is given.
    Log(f64, Option<f64>),
}

impl AskedProfile {
    /// The profile in a class: where Obukhov's length is not given, that of the class by Golder.
    pub(super) fn of(self, class: Stability) -> WindProfile {
        match self {
            Self::Power => WindProfile::Power,
            Self::Log(roughness, inverse_length) => WindProfile::Log {
                roughness,
                inverse_length: inverse_length.unwrap_or_else(|| inverse_obukhov_length(class, roughness)),
            },
        }
    }
}

/// What is said of the turbulence and of the profile of the wind; none where nothing is, or it is wrong.
pub(super) struct Said {
    pub(super) turbulence: Option<Turbulence>,
    pub(super) profile: Option<AskedProfile>,
}

/// Where the sun is looked at, and from when on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Under {
    pub(super) place: LonLat,
    pub(super) start: Timestamp,
}

impl Under {
    /// Height of the sun some seconds after the start, degrees.
    fn elevation(self, time: f64) -> f64 {
        let then =
            self.start.checked_add(SignedDuration::from_secs(time.round() as i64)).unwrap_or(self.start);
        let then = then.to_zoned(TimeZone::UTC);
        let hour = f64::from(then.hour()) + f64::from(then.minute()) / 60.0;
        let day = u32::try_from(then.day_of_year() - 1).unwrap_or(0);
        solar_elevation(self.place.lat, self.place.lon, day, hour)
    }
}

/// Reads what is said.
pub(super) fn read(section: &Section<'_>, under: Option<Under>) -> Said {
    let letters = ["A", "B", "C", "D", "E", "F"];
    let class = section.choice("stability", &letters, "Pasquill class, if it is known");
    let sun = section.choice(
        "sun",
        &["strong", "moderate", "slight", "overcast"],
        "by day: strength of the sun, or overcast; gives the class with the wind",
    );
    let cloud = section
        .number(
            "night_cloud_eighths",
            "by night: share of the sky under cloud, 0 to 8; gives the class with the wind",
        )
        .between(0.0, 8.0)
        .optional();
    let clouds = read_clouds(section, under);
    let (obukhov, profile) = read_surface_layer(section);
    if WAYS.iter().filter(|key| section.has(key)).count() > 1 {
        section.report(
            1020,
            "stability",
            format!("more than one of {}", WAYS.join(", ")),
            "keep one of them",
        );
        return Said { turbulence: None, profile };
    }
    let class = class.and_then(|letter| letter.chars().next()).and_then(Stability::from_letter);
    let sun = sun.map(|sun| match sun {
        "strong" => Sky::StrongSun,
        "moderate" => Sky::ModerateSun,
        "slight" => Sky::SlightSun,
        _ => Sky::Overcast,
    });
    let night = cloud.map(|cloud_eighths| Sky::Night { cloud_eighths });
    let turbulence =
        class.or(obukhov).map(Turbulence::Class).or(sun.or(night).map(Turbulence::Sky)).or(clouds);
    Said { turbulence, profile }
}

/// Clouds in tenths, from which and the height of the sun the class follows.
fn read_clouds(section: &Section<'_>, under: Option<Under>) -> Option<Turbulence> {
    let total = section
        .number(
            "cloud_tenths",
            "share of the sky under cloud, 0 to 10; gives the class with the wind and the height of the sun at the start and the place",
        )
        .between(0.0, 10.0)
        .optional();
    let low = section
        .number("low_cloud_tenths", "the same of low cloud; with cloud_tenths")
        .between(0.0, 10.0)
        .optional();
    if section.describing() {
        return None;
    }
    for (key, other) in [("cloud_tenths", "low_cloud_tenths"), ("low_cloud_tenths", "cloud_tenths")] {
        if section.has(key) && !section.has(other) {
            let fix = format!("add {other}: the table of the sun's strength needs both");
            section.report(1012, other, format!("missing beside {key}"), fix);
        }
    }
    let (total, low) = (total?, low?);
    if low > total {
        section.report(
            1164,
            "low_cloud_tenths",
            format!("{low} tenths of low cloud are more than the {total} of all cloud"),
            "give the low cloud as a part of all cloud",
        );
        return None;
    }
    if under.is_none() {
        section.report(
            1165,
            "cloud_tenths",
            "the height of the sun needs a time and a place on Earth",
            "add start = \"2026-07-01T08:30:00+08:00\" at the top and give source.at in lon and lat",
        );
        return None;
    }
    Some(Turbulence::Clouds(total, low))
}

/// The class of an Obukhov length over a roughness, and the profile of the wind.
fn read_surface_layer(section: &Section<'_>) -> (Option<Stability>, Option<AskedProfile>) {
    let length = section
        .quantity(
            "obukhov_length",
            Dimension::Length,
            "Obukhov length of the surface layer, negative by day; gives the class with the roughness",
        )
        .between(-1e6, 1e6)
        .optional();
    let roughness = section
        .quantity(
            "roughness",
            Dimension::Length,
            "roughness of the ground; with obukhov_length or wind_profile = \"log\"",
        )
        .between(GOLDER_ROUGHNESS.0, GOLDER_ROUGHNESS.1)
        .optional();
    let profile = section.choice_or(
        "wind_profile",
        &["power", "log"],
        "power",
        "how the wind changes with the height: power law of the class, or logarithm with roughness and Obukhov length (given, or that of the class)",
    );
    if section.describing() {
        return (None, None);
    }
    let is_log = profile == "log";
    let missing = |key: &str, other: &str| {
        let fix = if key == "roughness" {
            "add roughness = \"10 cm\"".to_owned()
        } else {
            "add wind_profile = \"log\" for the wind by the logarithm, obukhov_length = \"-50 m\" for the class by measured turbulence, or remove roughness".to_owned()
        };
        section.report(1012, key, format!("missing beside {other}"), fix);
    };
    if section.has("obukhov_length") && !section.has("roughness") {
        missing("roughness", "obukhov_length");
    } else if is_log && !section.has("roughness") {
        missing("roughness", "wind_profile = \"log\"");
    } else if section.has("roughness") && !section.has("obukhov_length") && !is_log {
        missing("obukhov_length", "roughness");
    }
    let too_short = length.is_some_and(|length| length.abs() < SHORTEST_LENGTH);
    if let Some(length) = length.filter(|_| too_short) {
        section.report(
            1166,
            "obukhov_length",
            format!("an Obukhov length of {length} m: allowed are {SHORTEST_LENGTH} m and more, or negative ones as long"),
            "give a length of tens of metres in stable or sunny air, thousands in neutral air",
        );
    }
    let length = length.filter(|_| !too_short);
    let class = length.zip(roughness).map(|(length, roughness)| class_of(1.0 / length, roughness));
    let is_wrong = too_short || (section.has("obukhov_length") && length.is_none());
    let profile = if is_log {
        roughness
            .filter(|_| !is_wrong)
            .map(|roughness| AskedProfile::Log(roughness, length.map(|length| 1.0 / length)))
    } else {
        Some(AskedProfile::Power)
    };
    (class, profile)
}

/// Reports that nothing is said about the turbulence, unless something was and is wrong.
pub(super) fn report_missing(section: &Section<'_>) {
    if !WAYS.iter().any(|key| section.has(key)) {
        section.report(
            1012,
            "stability",
            "it is not said how turbulent the air is",
            "add sun = \"slight\" (strong, moderate, slight, overcast), night_cloud_eighths = 2, or stability = \"D\"; or cloud_tenths and low_cloud_tenths, or obukhov_length and roughness",
        );
    }
}

/// The class in a wind, m/s at `wind_height`, some seconds after the start.
pub(super) fn class(
    turbulence: Turbulence,
    under: Option<Under>,
    time: f64,
    (speed, wind_height): (f64, f64),
    surroundings: Surroundings,
) -> Stability {
    // The table of classes wants the wind at 10 m; neutral air is a fair profile for that step.
    let exponent = wind_exponent(Stability::D, surroundings);
    let at_class_height = speed * (CLASS_WIND_HEIGHT / wind_height).powf(exponent);
    match (turbulence, under) {
        (Turbulence::Class(class), _) => class,
        (Turbulence::Sky(sky), _) => stability(at_class_height, sky),
        (Turbulence::Clouds(total, low), Some(under)) => {
            stability(at_class_height, sky(under.elevation(time), total, low))
        }
        // Clouds without a time are refused where they are read; as an overcast sky they would be neutral.
        (Turbulence::Clouds(..), None) => stability(at_class_height, Sky::Overcast),
    }
}

/// Warns where sun and night, or a class of one, are said for the other.
pub(super) fn warn_of_the_hour(section: &Section<'_>, turbulence: Turbulence, under: Under) {
    let elevation = under.elevation(0.0);
    let (of_day, of_night) = match turbulence {
        Turbulence::Class(class) => (class < Stability::D, class > Stability::D),
        Turbulence::Sky(sky) => (
            matches!(sky, Sky::StrongSun | Sky::ModerateSun | Sky::SlightSun),
            matches!(sky, Sky::Night { .. }),
        ),
        Turbulence::Clouds(..) => return,
    };
    let where_it_stands = if elevation < 0.0 {
        format!("{:.0}° below the horizon", -elevation)
    } else {
        format!("{elevation:.0}° high")
    };
    let text = if of_day && elevation < 0.0 {
        format!("the air is said to be as in sunshine, but the sun stands {where_it_stands} at the start")
    } else if of_night && elevation > TWILIGHT {
        format!("the air is said to be as at night, but the sun stands {where_it_stands} at the start")
    } else {
        return;
    };
    let key = WAYS.into_iter().find(|key| section.has(key)).unwrap_or("stability");
    let fix = "check the class, the start with its offset from UTC, and the place; or give cloud_tenths and low_cloud_tenths";
    section.reading.report(section.warning(1167, key, text).fix(fix));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn under(start: &str) -> Under {
        Under { place: LonLat { lon: 112.976, lat: 28.195 }, start: start.parse().expect("a time") }
    }

    #[test]
    fn the_sun_stands_high_at_noon_and_low_at_night() {
        // 1 July: declination 23.1°, so 90 - 28.2 + 23.1 = 84.9° at local noon (12:28 of Beijing time).
        assert!((under("2026-07-01T12:28:00+08:00").elevation(0.0) - 84.9).abs() < 0.3);
        assert!(under("2026-07-01T00:28:00+08:00").elevation(0.0) < -30.0);
        // Twelve hours later it is night.
        assert!(under("2026-07-01T12:28:00+08:00").elevation(43_200.0) < -30.0);
    }

    #[test]
    fn clouds_give_the_class_of_the_hour() {
        let of = |start: &str, total, low| {
            let at = under(start);
            class(Turbulence::Clouds(total, low), Some(at), 0.0, (2.5, 10.0), Surroundings::Rural)
        };
        assert_eq!(of("2026-07-01T12:28:00+08:00", 1.0, 0.0), Stability::B, "strong sun");
        assert_eq!(of("2026-07-01T00:28:00+08:00", 1.0, 0.0), Stability::F, "clear night");
        assert_eq!(of("2026-07-01T00:28:00+08:00", 10.0, 10.0), Stability::D, "overcast");
    }
}
