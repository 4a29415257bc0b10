//! Reads the table of substances and refuses what has no source.

use toml::{Table, Value};

use super::{ExposureLevel, Sourced, Substance, Tabulated, ToxicLoad};
use crate::error::{Problem, Problems, Result};

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
const KEYS: [&str; 23] = [
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
    "heat_of_combustion",
    "level",
    "acentric_factor",
    "vapour_pressure",
    "heat_of_vaporization",
    "liquid_density",
    "liquid_heat_capacity",
    "toxic_load",
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
            acentric_factor: self.acentric_factor(row, &place)?,
            heat_capacity_ratio: self.tabulated(row, "heat_capacity_ratio", &place, 1.0)?,
            vapour_pressure: self.optional_tabulated(row, "vapour_pressure", &place)?,
            heat_of_vaporization: self.optional_tabulated(row, "heat_of_vaporization", &place)?,
            liquid_density: self.optional_tabulated(row, "liquid_density", &place)?,
            liquid_heat_capacity: self.optional_tabulated(row, "liquid_heat_capacity", &place)?,
            lower_flammable_limit: self.optional_sourced(row, "lower_flammable_limit", &place)?,
            upper_flammable_limit: self.optional_sourced(row, "upper_flammable_limit", &place)?,
            heat_of_combustion: self.optional_sourced(row, "heat_of_combustion", &place)?,
            levels: levels
                .iter()
                .map(|level| self.level(level.as_table()?, &place))
                .collect::<Option<_>>()?,
            toxic_load: self.toxic_load(row, &place)?,
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

    /// The acentric factor, the only property that may be negative (hydrogen).
    fn acentric_factor(&mut self, row: &Table, place: &str) -> Option<Option<Sourced>> {
        let place = format!("{place}acentric_factor");
        let Some(entry) = row.get("acentric_factor") else { return Some(None) };
        let entry = entry.as_table()?;
        self.refuse_unknown(entry, &format!("{place}."), &["value", "source"]);
        let source = self.source(entry, &place)?;
        let value = entry.get("value").and_then(number).filter(|value| (-1.0..2.0).contains(value));
        if value.is_none() {
            self.complain(4003, &place, "value must be a number between -1 and 2");
        }
        Some(Some(Sourced { value: value?, source }))
    }

    fn toxic_load(&mut self, row: &Table, place: &str) -> Option<Option<ToxicLoad>> {
        let place = format!("{place}toxic_load");
        let Some(entry) = row.get("toxic_load") else { return Some(None) };
        let entry = entry.as_table()?;
        self.refuse_unknown(entry, &format!("{place}."), &["exponent", "probit_a", "probit_b", "source"]);
        let source = self.source(entry, &place)?;
        let read = |key: &str| entry.get(key).and_then(number);
        let (exponent, probit_a, probit_b) = (read("exponent"), read("probit_a"), read("probit_b"));
        let sound = exponent.is_some_and(|n| n > 0.0) && probit_b.is_some_and(|b| b > 0.0);
        if !sound || probit_a.is_none() {
            self.complain(4003, &place, "needs exponent and probit_b above 0, and probit_a");
        }
        Some(Some(ToxicLoad { exponent: exponent?, probit_a: probit_a?, probit_b: probit_b?, source }))
    }

    fn optional_tabulated(&mut self, row: &Table, key: &str, place: &str) -> Option<Option<Tabulated>> {
        if row.contains_key(key) { self.tabulated(row, key, place, 0.0).map(Some) } else { Some(None) }
    }

    /// A property against temperature whose values all lie above a bound.
    fn tabulated(&mut self, row: &Table, key: &str, place: &str, above: f64) -> Option<Tabulated> {
        let place = format!("{place}{key}");
        let Some(entry) = row.get(key).and_then(Value::as_table) else {
            self.complain(4003, &place, "a table { temperatures, values, source } is missing here");
            return None;
        };
        self.refuse_unknown(entry, &format!("{place}."), &["temperatures", "values", "source"]);
        let source = self.source(entry, &place)?;
        let (temperatures, values) = (numbers(entry, "temperatures"), numbers(entry, "values"));
        let rising = temperatures.windows(2).all(|pair| pair[0] < pair[1]);
        let high = values.iter().all(|value| *value > above);
        if temperatures.is_empty() || temperatures.len() != values.len() || !rising || !high {
            let text = format!("needs as many values (above {above}) as rising temperatures");
            self.complain(4003, &place, text);
            return None;
        }
        Some(Tabulated { temperatures, values, source })
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
