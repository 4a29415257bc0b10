//! Levels of concern: from the name a user writes to a concentration.

use crate::error::{Problem, Result};
use crate::gas::substance::{ExposureLevel, Substance};

/// What a level protects from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LevelKind {
    /// Poisoning, within a duration of exposure.
    Toxic {
        /// Duration of exposure for which the level was set, s.
        exposure: f64,
    },
    /// Fire: a share of the lower flammable limit.
    Flammable {
        /// Share of the lower flammable limit, 0 to 1.
        share: f64,
    },
}

/// A level of concern of one substance.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// Name with its duration or share, e.g. `AEGL-2 (60 min)` or `20 % LEL`.
    pub name: String,
    /// The same in Chinese.
    pub name_zh: String,
    /// Volume fraction from which it is exceeded.
    pub fraction: f64,
    /// What it protects from.
    pub kind: LevelKind,
    /// Where the number comes from.
    pub source: String,
    /// Colour of its zone: red, green, blue.
    pub colour: [u8; 3],
}

impl Level {
    /// The level in ppm by volume.
    pub fn ppm(&self) -> f64 {
        self.fraction * 1e6
    }
}

/// Exposure that is meant where a name gives none, minutes.
const USUAL_MINUTES: u32 = 60;

/// Colours from the most to the least severe level.
const COLOURS: [[u8; 3]; 4] = [[192, 0, 0], [237, 125, 0], [242, 200, 0], [120, 170, 220]];

/// Shares of the lower flammable limit that are drawn by default.
///
/// 20 % is where gas engineers stop work and leave; 10 % leaves a margin for
/// the peaks that a mean does not show.
const USUAL_SHARES: [f64; 4] = [1.0, 0.5, 0.2, 0.1];

/// The level of a name: `AEGL-2`, `AEGL-2 30 min`, `ERPG-2`, `IDLH`, `PAC-3`, `LEL`, `20% LEL`.
///
/// A name without a duration means 60 minutes, or the only duration there is.
///
/// # Errors
/// E4010 with the levels the substance has.
///
/// # Example
/// ```
/// use sim_core::gas::{hazard::levels::level, substance};
/// let chlorine = substance::find("chlorine")?;
/// assert_eq!(level(chlorine, "AEGL-2")?.ppm(), 2.0);
/// assert_eq!(level(chlorine, "aegl-2 10 min")?.ppm(), 2.8);
/// let methane = substance::find("methane")?;
/// assert!((level(methane, "20% LEL")?.ppm() - 10_000.0).abs() < 1e-6);
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
pub fn level(substance: &Substance, name: &str) -> Result<Level> {
    let asked = name.trim().to_uppercase();
    let found = if asked.ends_with("LEL") || asked.ends_with("LFL") {
        share(&asked).and_then(|share| flammable(substance, share))
    } else {
        toxic_of_name(substance, &asked)
    };
    found.ok_or_else(|| {
        Problem::error(4010, format!("{} has no level \"{name}\"", substance.name))
            .fix(format!("it has: {}", names(substance).join(", ")))
            .into()
    })
}

/// The levels that are drawn where a case names none: AEGL-3, -2, -1 for 60
/// minutes where they exist, and the flammable limit and its half, fifth and
/// tenth for what burns and has no AEGL; both would hide each other.
///
/// # Example
/// ```
/// use sim_core::gas::{hazard::levels::usual_levels, substance};
/// let names: Vec<String> = usual_levels(substance::find("methane")?).into_iter().map(|l| l.name).collect();
/// assert_eq!(names, ["100 % LEL", "50 % LEL", "20 % LEL", "10 % LEL"]);
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
pub fn usual_levels(substance: &Substance) -> Vec<Level> {
    let flammable_first =
        substance.lower_flammable_limit.as_ref().map_or(f64::INFINITY, |limit| limit.value * 1e6);
    let toxic: Vec<Level> =
        ["AEGL-3", "AEGL-2", "AEGL-1"].iter().filter_map(|name| toxic_of_name(substance, name)).collect();
    // Where even the deadly level is at or above a third of the flammable limit, fire comes first.
    let fire_first = toxic.first().is_none_or(|worst| worst.ppm() > flammable_first / 3.0);
    if fire_first {
        USUAL_SHARES.iter().filter_map(|&share| flammable(substance, share)).collect()
    } else {
        toxic
    }
}

/// Names of all levels of a substance.
pub fn names(substance: &Substance) -> Vec<String> {
    let published = substance.levels.iter().map(|level| level.name.clone());
    let burns = substance.lower_flammable_limit.is_some();
    published.chain(burns.then(|| "LEL, 50% LEL, 20% LEL, 10% LEL".to_owned())).collect()
}

/// The share in `20% LEL`, `LEL`, `0.5 LEL`.
fn share(asked: &str) -> Option<f64> {
    let number = asked.trim_end_matches("LEL").trim_end_matches("LFL").trim();
    if number.is_empty() {
        return Some(1.0);
    }
    let share = match number.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().ok()? / 100.0,
        None => number.parse().ok()?,
    };
    (share > 0.0 && share <= 1.0).then_some(share)
}

fn flammable(substance: &Substance, share: f64) -> Option<Level> {
    let limit = substance.lower_flammable_limit.as_ref()?;
    let percent = share * 100.0;
    let rank = USUAL_SHARES.iter().filter(|&&usual| usual > share).count();
    Some(Level {
        name: format!("{percent} % LEL"),
        name_zh: format!("爆炸下限的{percent}%"),
        fraction: share * limit.value,
        kind: LevelKind::Flammable { share },
        source: limit.source.clone(),
        colour: COLOURS[rank.min(COLOURS.len() - 1)],
    })
}

/// A published level whose name may be followed by its duration in minutes or hours.
fn toxic_of_name(substance: &Substance, asked: &str) -> Option<Level> {
    let (name, duration) = asked.split_once(char::is_whitespace).unwrap_or((asked, ""));
    let published = substance.levels.iter().find(|level| level.name.to_uppercase() == name)?;
    let minutes = if duration.is_empty() { usual_minutes(published) } else { parse_minutes(duration)? };
    let row = published.minutes.iter().position(|&known| known == minutes)?;
    let severity = published.name.chars().last().and_then(|digit| digit.to_digit(10)).unwrap_or(3);
    Some(Level {
        name: format!("{} ({minutes} min)", published.name),
        name_zh: format!("{}（{minutes}分钟）", published.name),
        fraction: published.ppm[row] * 1e-6,
        kind: LevelKind::Toxic { exposure: f64::from(minutes) * 60.0 },
        source: published.source.clone(),
        colour: COLOURS[3_usize.saturating_sub(severity as usize).min(COLOURS.len() - 1)],
    })
}

fn usual_minutes(published: &ExposureLevel) -> u32 {
    if published.minutes.contains(&USUAL_MINUTES) { USUAL_MINUTES } else { published.minutes[0] }
}

fn parse_minutes(text: &str) -> Option<u32> {
    let text = text.trim().trim_start_matches('(').trim_end_matches(')').trim();
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok()?;
    match text[digits.len()..].trim() {
        "" | "MIN" | "MINUTES" => Some(number),
        "H" | "HR" | "HOUR" | "HOURS" => number.checked_mul(60),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::substance::{all, find};

    #[test]
    fn names_are_read_in_every_common_spelling() {
        let ammonia = find("ammonia").expect("in the table");
        for (name, ppm) in [
            ("AEGL-3", 1100.0),
            ("aegl-3 10", 2700.0),
            ("AEGL-3 (30 min)", 1600.0),
            ("AEGL-2 8 h", 110.0),
            ("IDLH", 300.0),
            ("LEL", 150_000.0),
            ("50 % LEL", 75_000.0),
            ("0.2 LFL", 30_000.0),
        ] {
            assert!((level(ammonia, name).expect(name).ppm() / ppm - 1.0).abs() < 1e-12, "{name}");
        }
    }

    #[test]
    fn a_level_that_does_not_exist_is_an_error_with_those_that_do() {
        for (substance, name) in
            [("chlorine", "LEL"), ("CO", "AEGL-1"), ("ammonia", "AEGL-2 20 min"), ("CO", "0% LEL")]
        {
            let text = level(find(substance).expect("in the table"), name).expect_err(name).to_string();
            assert!(text.contains("E4010") && text.contains("AEGL-2"), "{text}");
        }
    }

    #[test]
    fn every_substance_has_usual_levels_the_most_severe_first() {
        for substance in all() {
            let levels = usual_levels(substance);
            assert!(levels.len() >= 2, "{}", substance.id);
            assert!(levels.windows(2).all(|pair| pair[0].fraction > pair[1].fraction), "{}", substance.id);
        }
        assert!(usual_levels(find("propane").expect("in the table"))[0].name.contains("LEL"));
        assert!(usual_levels(find("H2S").expect("in the table"))[0].name.contains("AEGL-3"));
    }
}
