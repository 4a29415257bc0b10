//! Levels of concern: from the name a user writes to a concentration.

use crate::error::{Problem, Result};
use crate::gas::hazard::toxic_data::{self, Checked};
use crate::gas::hazard::toxic_load::steady_ppm;
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
    /// Poisoning by all that is breathed while the cloud passes.
    Load {
        /// Exponent n of the concentration.
        exponent: f64,
        /// Toxic load, ppmⁿ min.
        load: f64,
    },
}

/// A level of concern of one substance.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// Name with its duration or share, e.g. `AEGL-2 (60 min)` or `20 % LEL`.
    pub name: String,
    /// The same in Chinese.
    pub name_zh: String,
    /// Volume fraction from which it is exceeded; for a toxic load that which gives the load
    /// when it stands for the time of [`Level::within`].
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

    /// The level for people who breathe for some time, s: a toxic load becomes the steady
    /// concentration that gives it; other levels stay as they are.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::{hazard::levels::level, substance};
    /// // SO2: 395 ppm for 30 min are the dangerous load of HSE (4.66e6 ppm² min).
    /// let slot = level(substance::find("SO2")?, "SLOT")?.within(1800.0);
    /// assert!((slot.ppm() - 394.1).abs() < 0.1);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn within(self, duration: f64) -> Self {
        match self.kind {
            LevelKind::Load { exponent, load } => {
                Self { fraction: steady_ppm(load, exponent, duration) * 1e-6, ..self }
            }
            LevelKind::Toxic { .. } | LevelKind::Flammable { .. } => self,
        }
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

/// The level of a name: `AEGL-2`, `AEGL-2 30 min`, `ERPG-2`, `IDLH`, `PAC-3`, `LEL`, `20% LEL`,
/// `lethality 1 %`, `SLOT`, `SLOD`; or a concentration of the user's own, `100 ppm`.
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
    } else if let Some(number) = asked.strip_suffix("PPM") {
        own(number)
    } else if let Some(found) = of_a_load(substance, &asked) {
        Some(found)
    } else {
        toxic_of_name(substance, &asked)
    };
    found.ok_or_else(|| {
        Problem::error(4010, format!("{} has no level \"{name}\"", substance.name))
            .fix(format!(
                "it has: {}; or give a concentration of your own, e.g. \"100 ppm\"",
                names(substance).join(", ")
            ))
            .into()
    })
}

/// Where a level of the user's own comes from.
const OWN: &str = "given in the case";

/// A concentration of the user's own, ppm by volume, above zero and at most the pure gas. It stands for
/// no exposure.
fn own(number: &str) -> Option<Level> {
    let ppm: f64 = number.trim().parse().ok()?;
    (ppm > 0.0 && ppm <= 1e6).then(|| Level {
        name: format!("{ppm} ppm"),
        name_zh: format!("自定{ppm} ppm"),
        fraction: ppm * 1e-6,
        kind: LevelKind::Toxic { exposure: f64::INFINITY },
        source: OWN.into(),
        colour: COLOURS[0],
    })
}

/// Gives the levels of the user's own the colours from the most severe on, the highest first.
pub fn colour_own(levels: &mut [Level]) {
    let mut own: Vec<&mut Level> = levels.iter_mut().filter(|level| level.source == OWN).collect();
    own.sort_by(|a, b| b.fraction.total_cmp(&a.fraction));
    for (rank, level) in own.into_iter().enumerate() {
        level.colour = COLOURS[rank.min(COLOURS.len() - 1)];
    }
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
    let data = toxic_data::all();
    let kills = lethality(substance).map(|_| "lethality 1 %, lethality 50 %".to_owned());
    let load = data.dangerous_load_of(&substance.id);
    let slot = load.map(|load| if load.slod.is_some() { "SLOT, SLOD" } else { "SLOT" }.to_owned());
    let burning = burns.then(|| "LEL, 50% LEL, 20% LEL, 10% LEL".to_owned());
    published.chain(kills).chain(slot).chain(burning).collect()
}

/// The best sourced probit of death of a substance.
fn lethality(substance: &Substance) -> Option<&'static toxic_data::Lethality> {
    let rows = toxic_data::all().lethality_of(&substance.id);
    rows.into_iter().find(|row| row.checked != Checked::Remembered)
}

/// A level of the toxic load: a share of people who die, or a dangerous load of the British HSE.
fn of_a_load(substance: &Substance, asked: &str) -> Option<Level> {
    /// Time for which the level stands until a release says more, s.
    const USUAL: f64 = 3600.0;
    let level = |name: String, name_zh: String, exponent: f64, load: f64, source: String, colour: usize| {
        let kind = LevelKind::Load { exponent, load };
        Level { name, name_zh, fraction: 0.0, kind, source, colour: COLOURS[colour] }.within(USUAL)
    };
    let dangerous = || toxic_data::all().dangerous_load_of(&substance.id);
    match asked {
        "SLOT" => dangerous().map(|row| {
            let name = "SLOT".to_owned();
            level(name, "危险毒负荷（SLOT）".into(), row.exponent, row.slot, row.source.clone(), 1)
        }),
        "SLOD" => dangerous().and_then(|row| {
            let name = "SLOD".to_owned();
            Some(level(name, "致死毒负荷（SLOD）".into(), row.exponent, row.slod?, row.source.clone(), 0))
        }),
        _ => {
            let number = asked.strip_prefix("LETHALITY")?.trim().strip_suffix('%')?.trim();
            let percent: f64 = number.parse().ok()?;
            let row = lethality(substance)?;
            let load = row.probit.dose(percent / 100.0)?;
            let source = format!("{}: {}", row.name, row.source);
            // Half and more, a tenth and more, less.
            let colour = [50.0, 10.0].iter().filter(|&&from| percent < from).count();
            let name = format!("lethality {percent} %");
            Some(level(name, format!("{percent}%死亡率"), row.exponent, load, source, colour))
        }
    }
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
    fn a_level_of_ones_own_is_the_concentration_it_says() {
        let chlorine = find("chlorine").expect("in the table");
        let mut levels: Vec<Level> =
            ["2.5 ppm", "40ppm"].iter().map(|name| level(chlorine, name).expect(name)).collect();
        assert!((levels[0].ppm() - 2.5).abs() < 1e-12 && levels[1].name == "40 ppm");
        colour_own(&mut levels);
        assert_ne!(levels[0].colour, levels[1].colour);
        assert_eq!(levels[1].colour, COLOURS[0], "the highest is the most severe");
        for wrong in ["0 ppm", "-3 ppm", "2e6 ppm", "x ppm", "NaN ppm"] {
            assert_eq!(level(chlorine, wrong).expect_err(wrong).0[0].code.0, 4010);
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
