//! Substances: what they are made of, when they burn, and which levels harm.
//!
//! The table `data/substances.toml` holds every number with its source. An
//! entry without a source is refused, as is a key nobody knows.

mod liquid;
mod sheet;
mod table;
mod tabulated;

use std::sync::OnceLock;

use crate::error::{Problem, Result};
use crate::units;

pub use liquid::Liquid;
pub use sheet::Line;
pub use table::from_toml;
pub use tabulated::Tabulated;

/// A number and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced {
    /// The number, SI.
    pub value: f64,
    /// Key of `references.bib`, then what to look up there.
    pub source: String,
}

/// A published level of concern at one or more durations of exposure.
#[derive(Debug, Clone, PartialEq)]
pub struct ExposureLevel {
    /// Name as published, e.g. `AEGL-2`.
    pub name: String,
    /// Durations of exposure, minutes, rising.
    pub minutes: Vec<u32>,
    /// Level at each duration, ppm by volume.
    pub ppm: Vec<f64>,
    /// Key of `references.bib`, then what to look up there.
    pub source: String,
}

/// A substance that can leak as a gas.
#[derive(Debug, Clone, PartialEq)]
pub struct Substance {
    /// Short name for files and scenarios, ASCII, e.g. `hydrogen_sulphide`.
    pub id: String,
    /// English name.
    pub name: String,
    /// Chinese name.
    pub name_zh: String,
    /// Chemical formula in ASCII.
    pub formula: String,
    /// Chemical Abstracts number.
    pub cas: String,
    /// Other names by which it is found.
    pub aliases: Vec<String>,
    /// CF standard name of its mass concentration in air, where one exists.
    pub standard_name: Option<String>,
    /// What it stands for, where it is a mixture taken as one substance.
    pub note: Option<String>,
    /// Molar mass, kg/mol.
    pub molar_mass: Sourced,
    /// Boiling point at 101 325 Pa, K.
    pub boiling_point: Sourced,
    /// Critical temperature, K.
    pub critical_temperature: Sourced,
    /// Critical pressure, Pa.
    pub critical_pressure: Sourced,
    /// Acentric factor, where it is known.
    pub acentric_factor: Option<Sourced>,
    /// cp/cv of the ideal gas.
    pub heat_capacity_ratio: Tabulated,
    /// Vapour pressure, Pa, where it is known.
    pub vapour_pressure: Option<Tabulated>,
    /// Heat of vaporization, J/kg, where it is known.
    pub heat_of_vaporization: Option<Tabulated>,
    /// Density of the saturated liquid, kg/m³, where it is known.
    pub liquid_density: Option<Tabulated>,
    /// Heat capacity of the liquid, J/(kg K), where it is known.
    pub liquid_heat_capacity: Option<Tabulated>,
    /// Lower flammable limit in air, volume fraction; none if it does not burn.
    pub lower_flammable_limit: Option<Sourced>,
    /// Upper flammable limit in air, volume fraction.
    pub upper_flammable_limit: Option<Sourced>,
    /// Heat of combustion of the gas, J/kg: the lower heating value; none where it is not known.
    pub heat_of_combustion: Option<Sourced>,
    /// Published levels of concern.
    pub levels: Vec<ExposureLevel>,
    /// How deadly a dose is, where it is published.
    pub toxic_load: Option<ToxicLoad>,
}

/// Constants of a probit of death against toxic load.
///
/// $$ \mathrm{Pr} = a + b \ln \int C^n\,dt $$ with C in ppm and t in minutes.
#[derive(Debug, Clone, PartialEq)]
pub struct ToxicLoad {
    /// Exponent n of the concentration.
    pub exponent: f64,
    /// Constant a.
    pub probit_a: f64,
    /// Factor b.
    pub probit_b: f64,
    /// Key of `references.bib`, then what to look up there.
    pub source: String,
}

impl Substance {
    /// Density of the pure gas, kg/m³, as an ideal gas.
    ///
    /// # Units
    /// - `temperature`: K; `pressure`: Pa (absolute)
    pub fn gas_density(&self, temperature: f64, pressure: f64) -> f64 {
        units::ideal_gas_density(self.molar_mass.value, temperature, pressure)
    }

    /// Heat capacity of the ideal gas at constant pressure, J/(kg K).
    ///
    /// From the ratio of heat capacities: cp = γ/(γ-1) R/M.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::substance;
    /// // Methane at 300 K: 1.3028/0.3028 · 8.3145/0.016043 = 2230 J/(kg K).
    /// assert!((substance::find("methane")?.gas_heat_capacity(300.0) - 2230.0).abs() < 1.0);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn gas_heat_capacity(&self, temperature: f64) -> f64 {
        let ratio = self.heat_capacity_ratio.at(temperature);
        ratio / (ratio - 1.0) * units::GAS_CONSTANT / self.molar_mass.value
    }

    /// Every name by which it can be asked for.
    fn names(&self) -> impl Iterator<Item = &str> {
        [&self.id, &self.name, &self.name_zh, &self.cas].into_iter().chain(&self.aliases).map(String::as_str)
    }
}

/// All substances of the built-in table.
pub fn all() -> &'static [Substance] {
    static ALL: OnceLock<Vec<Substance>> = OnceLock::new();
    ALL.get_or_init(|| match from_toml(include_str!("../../../data/substances.toml"), "substances.toml") {
        Ok(substances) => substances,
        Err(problems) => unreachable!("data/substances.toml is part of the program: {problems}"),
    })
}

/// The substance of a name: English, Chinese, alias, formula or CAS number, in any case.
///
/// # Errors
/// E4001 for an unknown name, with the names that are near to it.
///
/// # Example
/// ```
/// use sim_core::gas::substance;
/// let methane = substance::find("甲烷")?;
/// assert_eq!(methane.cas, "74-82-8");
/// assert!(substance::find("CHLORINE").is_ok());
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
pub fn find(name: &str) -> Result<&'static Substance> {
    let asked = normal(name);
    if let Some(found) = all().iter().find(|s| s.names().any(|known| normal(known) == asked)) {
        return Ok(found);
    }
    if let Some(problem) = unknown_number(&asked).or_else(|| mixture(name, &asked)) {
        return Err(problem.into());
    }
    let mut near: Vec<(f64, &str)> = all()
        .iter()
        .flat_map(|s| s.names().map(|known| (strsim::jaro_winkler(&asked, &normal(known)), known)))
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    near.dedup_by_key(|entry| entry.1);
    let names: Vec<&str> = near.iter().take(SUGGESTIONS).map(|entry| entry.1).collect();
    Err(Problem::error(4001, format!("\"{name}\" is not a known substance"))
        .fix(format!("did you mean {}? `tuiyan list substances` shows them all", names.join(", ")))
        .into())
}

/// What is asked for by the name of a mixture that has no row of its own, and what of the table is near:
/// names, kind, nearest rows.
///
/// # Source
/// Our own choice of neighbours: the light ends decide what evaporates and burns first, carbon monoxide
/// what poisons.
const MIXTURES: [(&[&str], &str, &str); 4] = [
    (
        &["gasoline", "petrol", "汽油", "naphtha", "石脑油"],
        "a mixture of hydrocarbons from C4 to C12",
        "for fire take n-pentane (the light ends that evaporate first) and n-hexane, and keep the farther zones; for poison take benzene with its share",
    ),
    (
        &[
            "coal gas",
            "town gas",
            "煤气",
            "人工煤气",
            "coke oven gas",
            "焦炉煤气",
            "blast furnace gas",
            "高炉煤气",
        ],
        "a mixture of hydrogen, carbon monoxide, methane and others that differs from works to works",
        "for poison take carbon monoxide with its share of the rate, for fire methane or hydrogen; for natural gas in a city main take natural gas",
    ),
    (
        &["diesel", "柴油", "kerosene", "煤油", "航空煤油", "jet fuel"],
        "a mixture of heavy hydrocarbons that hardly evaporates",
        "n-octane evaporates faster and so is an upper bound",
    ),
    (
        &["crude oil", "原油", "crude"],
        "a mixture that differs from field to field and may hold hydrogen sulphide",
        "for fire take n-pentane, for poison hydrogen sulphide with its share",
    ),
];

/// The answer to the name of a mixture that has no row.
fn mixture(name: &str, asked: &str) -> Option<Problem> {
    let (_, what, near) = MIXTURES.iter().find(|row| row.0.iter().any(|known| normal(known) == asked))?;
    let text = format!("\"{name}\" is not in the table: {what}");
    Some(Problem::error(4001, text).fix(format!("{near}; `tuiyan list substances` shows all")))
}

/// The answer to a CAS number that no substance has: it is mistyped, or the substance is not there.
fn unknown_number(asked: &str) -> Option<Problem> {
    let parts: Vec<&str> = asked.split('_').collect();
    let &[first, second, check] = parts.as_slice() else { return None };
    let digits = |text: &str| text.bytes().map(|byte| u32::from(byte.wrapping_sub(b'0'))).collect::<Vec<_>>();
    let is_number = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_number || !(2..=7).contains(&first.len()) || second.len() != 2 || check.len() != 1 {
        return None;
    }
    let written = format!("{first}-{second}-{check}");
    // The last digit is the sum of the others, each times its place from the right, without its tens.
    let body = [digits(first), digits(second)].concat();
    let sum: u32 = body.iter().rev().zip(1..).map(|(digit, place)| digit * place).sum();
    let mut near: Vec<(usize, &Substance)> =
        all().iter().map(|substance| (strsim::osa_distance(&written, &substance.cas), substance)).collect();
    near.sort_by_key(|entry| entry.0);
    let meant: Vec<String> = near
        .iter()
        .take_while(|entry| entry.0 <= MISTYPED)
        .take(SUGGESTIONS)
        .map(|entry| format!("{} ({})", entry.1.cas, entry.1.name))
        .collect();
    let (text, mistyped) = if vec![sum % 10] == digits(check) {
        (format!("no substance of CAS number {written} is in the table"), "")
    } else {
        (format!("{written} is no CAS number: its last digit would be {}", sum % 10), "check the number; ")
    };
    let fix = if meant.is_empty() {
        "ask by name".to_owned()
    } else {
        format!("did you mean {}?", meant.join(", "))
    };
    Some(Problem::error(4001, text).fix(format!("{mistyped}{fix} `tuiyan list substances` shows them all")))
}

/// Digits by which a mistyped CAS number may differ.
const MISTYPED: usize = 2;

/// How many near names an unknown name is answered with.
const SUGGESTIONS: usize = 3;

fn normal(name: &str) -> String {
    name.trim().to_lowercase().replace(['-', ' '], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_substance_is_found_by_each_of_its_names() {
        assert!(all().len() >= 60, "{}", all().len());
        for substance in all() {
            for name in substance.names() {
                assert_eq!(find(name).expect("a name of the table").id, substance.id, "{name}");
            }
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_near_ones() {
        let text = find("clorine").expect_err("a misspelling").to_string();
        assert!(text.contains("E4001") && text.contains("chlorine"), "{text}");
        let text = find("methan").expect_err("a misspelling").to_string();
        assert!(text.contains("methane, methanol, methylamine?"), "{text}");
    }

    #[test]
    fn an_unknown_cas_number_is_told_from_a_mistyped_one() {
        let text = find("7782-50-6").expect_err("a wrong digit").to_string();
        assert!(text.contains("is no CAS number: its last digit would be 5"), "{text}");
        assert!(text.contains("7782-50-5 (chlorine)"), "{text}");
        // Sucrose, which nobody needs here.
        let text = find("57-50-1").expect_err("not in the table").to_string();
        assert!(text.contains("no substance of CAS number 57-50-1 is in the table"), "{text}");
        for substance in all() {
            let (rest, last) = substance.cas.rsplit_once('-').expect("a check digit");
            let wrong = format!("{rest}-{}", (last.parse::<u32>().expect("a digit") + 1) % 10);
            let text = find(&wrong).expect_err("a wrong digit").to_string();
            assert!(text.contains(&format!("its last digit would be {last}")), "{text}");
        }
    }

    #[test]
    fn an_entry_without_source_is_refused() {
        let text = include_str!("../../../data/substances.toml").replacen(
            "{ value = 0.0160428, source = \"setzmann1991\" }",
            "{ value = 0.0160428 }",
            1,
        );
        let problems = from_toml(&text, "mine.toml").expect_err("no source");
        assert_eq!(problems.0[0].code.0, 4002);
        assert_eq!(problems.0[0].place.key.as_deref(), Some("methane.molar_mass"));
    }

    #[test]
    fn a_heat_of_combustion_needs_a_source_and_is_that_of_the_heats_of_formation() {
        let text = include_str!("../../../data/substances.toml");
        let heat = text.lines().find(|line| line.starts_with("heat_of_combustion")).expect("methane has one");
        let bare = text.replacen(heat, "heat_of_combustion = { value = 50030000.0 }", 1);
        let problems = from_toml(&bare, "mine.toml").expect_err("no source");
        assert_eq!((problems.0[0].code.0, problems.0.len()), (4002, 1));
        // Heats of formation, kJ/mol: CO2 -393.5, water vapour -241.8, methane -74.5, propane -104.4.
        for (name, expected) in [
            ("hydrogen", 241.8e3 / 0.002_015_9),
            ("methane", (393.5 + 2.0 * 241.8 - 74.5) * 1e3 / 0.016_043),
            ("propane", (3.0 * 393.5 + 4.0 * 241.8 - 104.4) * 1e3 / 0.044_097),
        ] {
            let heat = find(name).expect("in the table").heat_of_combustion.as_ref().expect("it burns");
            assert!((heat.value / expected - 1.0).abs() < 1e-3, "{name}");
        }
        assert!(find("chlorine").expect("in the table").heat_of_combustion.is_none());
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let text = include_str!("../../../data/substances.toml").replacen("name_zh", "nme_zh", 1);
        let problems = from_toml(&text, "mine.toml").expect_err("a misspelt key");
        assert!(problems.0.iter().all(|problem| problem.code.0 == 4003) && problems.0.len() == 2);
    }

    #[test]
    fn every_source_is_a_key_of_the_references() {
        let references = include_str!("../../../references.bib");
        for substance in all() {
            let single = [&substance.molar_mass, &substance.boiling_point, &substance.critical_pressure];
            let tables = [
                Some(&substance.heat_capacity_ratio),
                substance.vapour_pressure.as_ref(),
                substance.heat_of_vaporization.as_ref(),
                substance.liquid_density.as_ref(),
                substance.liquid_heat_capacity.as_ref(),
            ];
            let sources = single
                .into_iter()
                .chain(&substance.acentric_factor)
                .map(|sourced| &sourced.source)
                .chain(tables.into_iter().flatten().map(|table| &table.source))
                .chain(substance.toxic_load.iter().map(|load| &load.source));
            let burning = substance.lower_flammable_limit.iter().chain(&substance.heat_of_combustion);
            let limits = burning.map(|sourced| &sourced.source);
            for source in sources.chain(limits).chain(substance.levels.iter().map(|level| &level.source)) {
                let key = source.split(';').next().unwrap_or_default().trim();
                assert!(references.contains(&format!("{{{key},")), "{}: {key}", substance.id);
            }
        }
    }

    #[test]
    fn worse_levels_are_higher_and_longer_exposures_bear_less() {
        for substance in all() {
            for level in &substance.levels {
                assert!(
                    level.ppm.windows(2).all(|pair| pair[0] >= pair[1]),
                    "{} {}",
                    substance.id,
                    level.name
                );
            }
            let at = |name: &str| substance.levels.iter().find(|level| level.name == name);
            for (lower, higher) in [("AEGL-1", "AEGL-2"), ("AEGL-2", "AEGL-3")] {
                if let (Some(lower), Some(higher)) = (at(lower), at(higher)) {
                    assert!(
                        lower.ppm.iter().zip(&higher.ppm).all(|(low, high)| low < high),
                        "{}",
                        substance.id
                    );
                }
            }
        }
    }

    #[test]
    fn the_heat_capacity_ratio_is_linear_between_rows() {
        let ratio = &find("methane").expect("in the table").heat_capacity_ratio;
        assert_eq!(ratio.at(300.0), 1.3028);
        assert!((ratio.at(287.5) - 0.5 * (1.3124 + 1.3028)).abs() < 1e-12);
        assert_eq!(ratio.at(100.0), 1.3204);
    }
}
