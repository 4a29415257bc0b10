//! Substances: what they are made of, when they burn, and which levels harm.
//!
//! The table `data/substances.toml` holds every number with its source. An
//! entry without a source is refused, as is a key nobody knows.

use std::sync::OnceLock;

use toml::{Table, Value};

use crate::error::{Problem, Problems, Result};
use crate::units;

/// A number and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced {
    /// The number, SI.
    pub value: f64,
    /// Key of `references.bib`, then what to look up there.
    pub source: String,
}

/// Heat-capacity ratio of the ideal gas against temperature.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatCapacityRatio {
    /// Temperatures, K, rising.
    pub temperatures: Vec<f64>,
    /// cp/cv at each temperature.
    pub values: Vec<f64>,
    /// Key of `references.bib`, then what to look up there.
    pub source: String,
}

impl HeatCapacityRatio {
    /// cp/cv at a temperature: linear between the rows, constant outside them.
    pub fn at(&self, temperature: f64) -> f64 {
        let last = self.temperatures.len() - 1;
        if temperature <= self.temperatures[0] {
            return self.values[0];
        }
        if temperature >= self.temperatures[last] {
            return self.values[last];
        }
        let i = self.temperatures.partition_point(|&row| row <= temperature);
        let share =
            (temperature - self.temperatures[i - 1]) / (self.temperatures[i] - self.temperatures[i - 1]);
        self.values[i - 1] + share * (self.values[i] - self.values[i - 1])
    }
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
    /// cp/cv of the ideal gas.
    pub heat_capacity_ratio: HeatCapacityRatio,
    /// Lower flammable limit in air, volume fraction; none if it does not burn.
    pub lower_flammable_limit: Option<Sourced>,
    /// Upper flammable limit in air, volume fraction.
    pub upper_flammable_limit: Option<Sourced>,
    /// Published levels of concern.
    pub levels: Vec<ExposureLevel>,
}

impl Substance {
    /// Density of the pure gas, kg/m³, as an ideal gas.
    ///
    /// # Units
    /// - `temperature`: K; `pressure`: Pa (absolute)
    pub fn gas_density(&self, temperature: f64, pressure: f64) -> f64 {
        units::ideal_gas_density(self.molar_mass.value, temperature, pressure)
    }

    /// Every name by which it can be asked for.
    fn names(&self) -> impl Iterator<Item = &str> {
        [&self.id, &self.name, &self.name_zh, &self.cas].into_iter().chain(&self.aliases).map(String::as_str)
    }
}

/// All substances of the built-in table.
pub fn all() -> &'static [Substance] {
    static ALL: OnceLock<Vec<Substance>> = OnceLock::new();
    ALL.get_or_init(|| match from_toml(include_str!("../../data/substances.toml"), "substances.toml") {
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

/// How many near names an unknown name is answered with.
const SUGGESTIONS: usize = 3;

fn normal(name: &str) -> String {
    name.trim().to_lowercase().replace(['-', ' '], "_")
}

/// Reads a table of substances.
///
/// # Errors
/// All mistakes of the text at once: E4002 an entry without source, E4003 an
/// unknown key, a missing key or a value of the wrong kind.
pub fn from_toml(text: &str, file: &str) -> Result<Vec<Substance>> {
    let table: Table = text.parse().map_err(|mistake: toml::de::Error| {
        Problem::error(4003, format!("not a table of substances: {}", mistake.message())).in_file(file)
    })?;
    let mut reader = Reader { file, problems: Vec::new() };
    reader.refuse_unknown(&table, "", &["substance"]);
    let rows = table.get("substance").and_then(Value::as_array).cloned().unwrap_or_default();
    let substances: Vec<Substance> =
        rows.iter().enumerate().filter_map(|(i, row)| reader.substance(row.as_table()?, i)).collect();
    if reader.problems.is_empty() && substances.len() == rows.len() {
        Ok(substances)
    } else {
        Err(Problems(reader.problems))
    }
}

/// Keys of a substance.
const KEYS: [&str; 16] = [
    "id",
    "name",
    "name_zh",
    "formula",
    "cas",
    "aliases",
    "standard_name",
    "note",
    "molar_mass",
    "boiling_point",
    "critical_temperature",
    "critical_pressure",
    "heat_capacity_ratio",
    "lower_flammable_limit",
    "upper_flammable_limit",
    "level",
];

/// Collects the mistakes of a table while it is read.
struct Reader<'a> {
    file: &'a str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn complain(&mut self, code: u16, key: &str, text: impl Into<String>) {
        self.problems.push(Problem::error(code, text).in_file(self.file).at_key(key));
    }

    fn refuse_unknown(&mut self, table: &Table, place: &str, known: &[&str]) {
        for key in table.keys().filter(|key| !known.contains(&key.as_str())) {
            self.complain(
                4003,
                &format!("{place}{key}"),
                format!("unknown key; known are {}", known.join(", ")),
            );
        }
    }

    fn substance(&mut self, row: &Table, index: usize) -> Option<Substance> {
        let id = row.get("id").and_then(Value::as_str).map_or(format!("substance[{index}]"), str::to_owned);
        let place = format!("{id}.");
        self.refuse_unknown(row, &place, &KEYS);
        let aliases = row.get("aliases").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let optional = |key: &str| row.get(key).and_then(Value::as_str).map(str::to_owned);
        let levels = row.get("level").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        Some(Substance {
            name: self.text(row, "name", &place)?,
            name_zh: self.text(row, "name_zh", &place)?,
            formula: self.text(row, "formula", &place)?,
            cas: self.text(row, "cas", &place)?,
            aliases: aliases.iter().filter_map(|alias| alias.as_str().map(str::to_owned)).collect(),
            standard_name: optional("standard_name"),
            note: optional("note"),
            molar_mass: self.sourced(row, "molar_mass", &place)?,
            boiling_point: self.sourced(row, "boiling_point", &place)?,
            critical_temperature: self.sourced(row, "critical_temperature", &place)?,
            critical_pressure: self.sourced(row, "critical_pressure", &place)?,
            heat_capacity_ratio: self.heat_capacity_ratio(row, &place)?,
            lower_flammable_limit: self.optional_sourced(row, "lower_flammable_limit", &place)?,
            upper_flammable_limit: self.optional_sourced(row, "upper_flammable_limit", &place)?,
            levels: levels
                .iter()
                .map(|level| self.level(level.as_table()?, &place))
                .collect::<Option<_>>()?,
            id,
        })
    }

    fn text(&mut self, row: &Table, key: &str, place: &str) -> Option<String> {
        let text = row.get(key).and_then(Value::as_str).map(str::to_owned);
        if text.is_none() {
            self.complain(4003, &format!("{place}{key}"), "a text is missing here");
        }
        text
    }

    fn source(&mut self, row: &Table, place: &str) -> Option<String> {
        let source = row.get("source").and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        if source.is_none() {
            self.complain(4002, place, "this value has no source");
        }
        source.map(str::to_owned)
    }

    fn optional_sourced(&mut self, row: &Table, key: &str, place: &str) -> Option<Option<Sourced>> {
        if row.contains_key(key) { self.sourced(row, key, place).map(Some) } else { Some(None) }
    }

    fn sourced(&mut self, row: &Table, key: &str, place: &str) -> Option<Sourced> {
        let place = format!("{place}{key}");
        let Some(entry) = row.get(key).and_then(Value::as_table) else {
            self.complain(4003, &place, "a table { value, source } is missing here");
            return None;
        };
        self.refuse_unknown(entry, &format!("{place}."), &["value", "source"]);
        let source = self.source(entry, &place)?;
        let value = entry.get("value").and_then(number).filter(|value| *value > 0.0);
        if value.is_none() {
            self.complain(4003, &place, "value must be a positive number");
        }
        Some(Sourced { value: value?, source })
    }

    fn heat_capacity_ratio(&mut self, row: &Table, place: &str) -> Option<HeatCapacityRatio> {
        let place = format!("{place}heat_capacity_ratio");
        let Some(entry) = row.get("heat_capacity_ratio").and_then(Value::as_table) else {
            self.complain(4003, &place, "a table { temperatures, values, source } is missing here");
            return None;
        };
        self.refuse_unknown(entry, &format!("{place}."), &["temperatures", "values", "source"]);
        let source = self.source(entry, &place)?;
        let (temperatures, values) = (numbers(entry, "temperatures"), numbers(entry, "values"));
        let rising = temperatures.windows(2).all(|pair| pair[0] < pair[1]);
        let above_one = values.iter().all(|ratio| *ratio > 1.0);
        if temperatures.is_empty() || temperatures.len() != values.len() || !rising || !above_one {
            self.complain(4003, &place, "needs as many values (above 1) as rising temperatures");
            return None;
        }
        Some(HeatCapacityRatio { temperatures, values, source })
    }

    fn level(&mut self, entry: &Table, place: &str) -> Option<ExposureLevel> {
        let name = self.text(entry, "name", place)?;
        let place = format!("{place}{name}");
        self.refuse_unknown(entry, &format!("{place}."), &["name", "minutes", "ppm", "source"]);
        let source = self.source(entry, &place)?;
        let minutes: Vec<u32> = numbers(entry, "minutes").iter().map(|&minutes| minutes as u32).collect();
        let ppm = numbers(entry, "ppm");
        let sound = !ppm.is_empty() && ppm.len() == minutes.len() && ppm.iter().all(|value| *value > 0.0);
        if !sound {
            self.complain(4003, &place, "needs as many positive ppm as minutes");
            return None;
        }
        Some(ExposureLevel { name, minutes, ppm, source })
    }
}

fn number(value: &Value) -> Option<f64> {
    value
        .as_float()
        .or_else(|| value.as_integer().map(|integer| integer as f64))
        .filter(|value| value.is_finite())
}

fn numbers(entry: &Table, key: &str) -> Vec<f64> {
    let list = entry.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_substance_is_found_by_each_of_its_names() {
        assert_eq!(all().len(), 10);
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
    }

    #[test]
    fn an_entry_without_source_is_refused() {
        let text = include_str!("../../data/substances.toml").replacen(
            "{ value = 0.0160428, source = \"setzmann1991\" }",
            "{ value = 0.0160428 }",
            1,
        );
        let problems = from_toml(&text, "mine.toml").expect_err("no source");
        assert_eq!(problems.0[0].code.0, 4002);
        assert_eq!(problems.0[0].place.key.as_deref(), Some("methane.molar_mass"));
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let text = include_str!("../../data/substances.toml").replacen("name_zh", "nme_zh", 1);
        let problems = from_toml(&text, "mine.toml").expect_err("a misspelt key");
        assert!(problems.0.iter().all(|problem| problem.code.0 == 4003) && problems.0.len() == 2);
    }

    #[test]
    fn every_source_is_a_key_of_the_references() {
        let references = include_str!("../../references.bib");
        for substance in all() {
            let single = [&substance.molar_mass, &substance.boiling_point, &substance.critical_pressure];
            let sources = single.into_iter().map(|sourced| &sourced.source);
            let limits = substance.lower_flammable_limit.iter().map(|limit| &limit.source);
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
