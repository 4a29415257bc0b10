//! Sourced constants of toxic loads: who dies of how much.

use std::sync::OnceLock;

use toml::{Table, Value};

use crate::error::{Problem, Problems, Result};
use crate::gas::hazard::probit::Probit;

/// How the source of a number was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// In the publication itself, or its abstract.
    Primary,
    /// In a work that quotes it.
    Secondary,
    /// Remembered; nobody has looked it up. Never a default.
    Remembered,
}

impl Checked {
    fn of_word(word: &str) -> Option<Self> {
        match word {
            "primary" => Some(Self::Primary),
            "secondary" => Some(Self::Secondary),
            "remembered" => Some(Self::Remembered),
            _ => None,
        }
    }
}

/// A probit of death by breathing a substance.
#[derive(Debug, Clone, PartialEq)]
pub struct Lethality {
    /// Substance, its id in the table of substances.
    pub substance: String,
    /// What the constants stand for, e.g. authors and population.
    pub name: String,
    /// Exponent n of the load.
    pub exponent: f64,
    /// Constants for a load in ppm^n min.
    pub probit: Probit,
    /// Key of `references.bib`, then what to look up there.
    pub source: String,
    /// How the source was read.
    pub checked: Checked,
}

/// A dangerous toxic load of the British Health and Safety Executive.
#[derive(Debug, Clone, PartialEq)]
pub struct DangerousLoad {
    /// Substance, its id in the table of substances.
    pub substance: String,
    /// Exponent n of the load.
    pub exponent: f64,
    /// Specified level of toxicity (SLOT), ppm^n min: severe distress to almost all, the most vulnerable may die.
    pub slot: f64,
    /// Significant likelihood of death (SLOD), ppm^n min: half may die; where published.
    pub slod: Option<f64>,
    /// Key of `references.bib`, then what to look up there.
    pub source: String,
    /// How the source was read.
    pub checked: Checked,
}

/// The tables of `data/toxic_load.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct ToxicData {
    /// Probits of death.
    pub lethality: Vec<Lethality>,
    /// Dangerous toxic loads.
    pub dangerous_loads: Vec<DangerousLoad>,
}

impl ToxicData {
    /// Probits of a substance, those read in the publication itself first.
    pub fn lethality_of(&self, substance: &str) -> Vec<&Lethality> {
        let mut rows: Vec<&Lethality> =
            self.lethality.iter().filter(|row| row.substance == substance).collect();
        rows.sort_by_key(|row| row.checked as u8);
        rows
    }

    /// The dangerous toxic load of a substance.
    pub fn dangerous_load_of(&self, substance: &str) -> Option<&DangerousLoad> {
        self.dangerous_loads.iter().find(|row| row.substance == substance)
    }
}

/// The built-in tables.
///
/// # Example
/// ```
/// use sim_core::gas::hazard::toxic_data;
/// let row = toxic_data::all().lethality_of("chlorine")[0];
/// assert_eq!(row.exponent, 2.0);
/// ```
pub fn all() -> &'static ToxicData {
    static ALL: OnceLock<ToxicData> = OnceLock::new();
    ALL.get_or_init(|| match from_toml(include_str!("../../../data/toxic_load.toml"), "toxic_load.toml") {
        Ok(data) => data,
        Err(problems) => unreachable!("data/toxic_load.toml is part of the program: {problems}"),
    })
}

/// Reads tables of toxic loads.
///
/// # Errors
/// All mistakes of the text at once: E4002 a row without source, E4003 an unknown
/// key, a missing key or a value of the wrong kind.
pub fn from_toml(text: &str, file: &str) -> Result<ToxicData> {
    let table: Table = text.parse().map_err(|mistake: toml::de::Error| {
        Problem::error(4003, format!("not a table of toxic loads: {}", mistake.message())).in_file(file)
    })?;
    let mut reader = Reader { file, problems: Vec::new() };
    reader.refuse_unknown(&table, "", &["lethality", "dangerous_load"]);
    let lethality =
        rows(&table, "lethality").filter_map(|(place, row)| reader.lethality(row, &place)).collect();
    let dangerous_loads = rows(&table, "dangerous_load")
        .filter_map(|(place, row)| reader.dangerous_load(row, &place))
        .collect();
    if reader.problems.is_empty() {
        Ok(ToxicData { lethality, dangerous_loads })
    } else {
        Err(Problems(reader.problems))
    }
}

fn rows<'a>(table: &'a Table, key: &'a str) -> impl Iterator<Item = (String, &'a Table)> {
    let list = table.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .enumerate()
        .filter_map(move |(index, row)| Some((format!("{key}[{index}]."), row.as_table()?)))
}

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

    fn text(&mut self, row: &Table, key: &str, place: &str) -> Option<String> {
        let text = row.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        if text.is_none() {
            let (code, what) = if key == "source" {
                (4002, "this row has no source")
            } else {
                (4003, "a text is missing here")
            };
            self.complain(code, &format!("{place}{key}"), what);
        }
        text.map(str::to_owned)
    }

    fn number(&mut self, row: &Table, key: &str, place: &str) -> Option<f64> {
        let value = row
            .get(key)
            .and_then(|value| value.as_float().or_else(|| value.as_integer().map(|integer| integer as f64)));
        let found = value.filter(|value| value.is_finite());
        if found.is_none() {
            self.complain(4003, &format!("{place}{key}"), "a number is missing here");
        }
        found
    }

    fn positive(&mut self, row: &Table, key: &str, place: &str) -> Option<f64> {
        let value = self.number(row, key, place)?;
        if value <= 0.0 {
            self.complain(4003, &format!("{place}{key}"), format!("{value} must be above zero"));
        }
        (value > 0.0).then_some(value)
    }

    fn checked(&mut self, row: &Table, place: &str) -> Option<Checked> {
        let word = self.text(row, "checked", place)?;
        let found = Checked::of_word(&word);
        if found.is_none() {
            self.complain(4003, &format!("{place}checked"), "must be primary, secondary or remembered");
        }
        found
    }

    fn lethality(&mut self, row: &Table, place: &str) -> Option<Lethality> {
        self.refuse_unknown(
            row,
            place,
            &["substance", "name", "exponent", "intercept", "slope", "source", "checked"],
        );
        let (substance, name) = (self.text(row, "substance", place), self.text(row, "name", place));
        let (exponent, slope) = (self.positive(row, "exponent", place), self.positive(row, "slope", place));
        let intercept = self.number(row, "intercept", place);
        let (source, checked) = (self.text(row, "source", place), self.checked(row, place));
        Some(Lethality {
            substance: substance?,
            name: name?,
            exponent: exponent?,
            probit: Probit { intercept: intercept?, slope: slope? },
            source: source?,
            checked: checked?,
        })
    }

    fn dangerous_load(&mut self, row: &Table, place: &str) -> Option<DangerousLoad> {
        self.refuse_unknown(row, place, &["substance", "exponent", "slot", "slod", "source", "checked"]);
        let substance = self.text(row, "substance", place);
        let (exponent, slot) = (self.positive(row, "exponent", place), self.positive(row, "slot", place));
        let slod =
            if row.contains_key("slod") { self.positive(row, "slod", place).map(Some) } else { Some(None) };
        let (source, checked) = (self.text(row, "source", place), self.checked(row, place));
        Some(DangerousLoad {
            substance: substance?,
            exponent: exponent?,
            slot: slot?,
            slod: slod?,
            source: source?,
            checked: checked?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = include_str!("../../../data/toxic_load.toml");

    #[test]
    fn every_source_is_a_key_of_the_references() {
        let references = include_str!("../../../references.bib");
        let data = all();
        let sources = data.lethality.iter().map(|row| &row.source);
        for source in sources.chain(data.dangerous_loads.iter().map(|row| &row.source)) {
            let key = source.split(';').next().unwrap_or_default().trim();
            assert!(references.contains(&format!("{{{key},")), "{key}");
        }
    }

    #[test]
    fn a_row_without_source_is_refused() {
        let text = TEXT.replacen("source = ", "# ", 1);
        let problems = from_toml(&text, "mine.toml").expect_err("no source");
        assert_eq!(problems.0[0].code.0, 4002);
        assert_eq!(problems.0[0].place.key.as_deref(), Some("lethality[0].source"));
    }

    #[test]
    fn unknown_keys_and_impossible_numbers_are_refused_at_once() {
        let text = TEXT.replacen("slope = 0.92", "slope = -0.92\nslop = 1", 1);
        let problems = from_toml(&text, "mine.toml").expect_err("two mistakes");
        assert!(problems.0.iter().all(|problem| problem.code.0 == 4003) && problems.0.len() == 2);
    }

    #[test]
    fn no_row_that_was_only_remembered_is_in_the_table() {
        assert!(all().lethality.iter().all(|row| row.checked != Checked::Remembered));
        assert!(all().dangerous_loads.iter().all(|row| row.checked != Checked::Remembered));
    }

    #[test]
    fn the_row_read_in_the_publication_comes_first() {
        let rows = all().lethality_of("chlorine");
        assert_eq!(rows[0].checked, Checked::Primary);
        assert!(rows.windows(2).all(|pair| pair[0].checked as u8 <= pair[1].checked as u8));
        assert!(all().lethality_of("argon").is_empty());
    }

    #[test]
    fn death_is_likelier_at_the_dangerous_load_of_death_than_at_that_of_distress() {
        for row in &all().dangerous_loads {
            assert!(row.slod.is_none_or(|slod| slod > row.slot), "{}", row.substance);
        }
    }
}
