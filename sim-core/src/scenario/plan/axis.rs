//! One axis of a plan.

use crate::library::draw::Spread;
use crate::library::plan::{Axis, Key, MOST_MEMBERS, Scale};
use crate::scenario::document::{Item, Node};
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;

use super::Tables;

/// Ways to give the values of one key.
const WAYS: [&str; 5] = ["values", "range", "log_range", "draw", "table"];

/// Name of the column of a table that holds weights.
const WEIGHT: &str = "weight";

/// Dimensions by which values of an axis are compared, the likeliest first.
const DIMENSIONS: [Dimension; 15] = [
    Dimension::Length,
    Dimension::Time,
    Dimension::Speed,
    Dimension::RainRate,
    Dimension::Pressure,
    Dimension::Temperature,
    Dimension::Mass,
    Dimension::MassRate,
    Dimension::Discharge,
    Dimension::Area,
    Dimension::Volume,
    Dimension::HeatFlux,
    Dimension::Direction,
    Dimension::Angle,
    Dimension::Fraction,
];

/// Reads `[[axis]]` number `index`.
pub(super) fn read(section: &Section<'_>, index: u64, tables: Tables<'_>) -> Option<Axis> {
    let name = section.text("name", "name of the axis in questions; the last part of its key when absent");
    let key = section.text("key", "key of the scenario that it sets, e.g. weather.wind_speed");
    let given: Vec<&str> = WAYS.into_iter().filter(|way| section.has(way)).collect();
    let [way] = given.as_slice() else {
        WAYS.iter().chain(&["weights"]).for_each(|way| section.know(way));
        section.finish();
        let found = if given.is_empty() { "nothing".into() } else { given.join(" and ") };
        let text = format!("an axis has exactly one of {}; found {found}", WAYS.join(", "));
        section.report(8607, "key", text, "write values = [\"2 m/s\", \"4 m/s\"], or range = { start = \"2 m/s\", stop = \"8 m/s\", step = \"2 m/s\" }");
        return None;
    };
    if *way == "table" {
        return read_table(section, name, key, tables);
    }
    let values = match *way {
        "values" => values(section),
        "range" => range(section),
        "log_range" => log_range(section),
        _ => draw(section, index),
    };
    let weights = read_weights(section, values.as_ref().map_or(0, Vec::len));
    section.finish();
    let Some(key) = key else {
        section.missing("key", "\"weather.wind_speed\"");
        return None;
    };
    let (values, weights) = (values?, weights?);
    let name = name.map_or_else(|| last_part(key), str::to_owned);
    let scale = scale_of(key, &values);
    let rows = values.into_iter().map(|value| vec![value]).collect();
    Some(Axis { name, keys: vec![Key { path: key.to_owned(), scale }], rows, weights })
}

fn last_part(key: &str) -> String {
    key.rsplit('.').next().unwrap_or(key).replace('_', "-")
}

/// The numbers behind the values of a key, where all of them are of one kind.
///
/// A direction is known by its words; in degrees alone it is one where its key speaks of a wind.
pub(super) fn scale_of(key: &str, values: &[String]) -> Option<Scale> {
    let bare: Option<Vec<f64>> = values.iter().map(|value| value.parse().ok()).collect();
    if let Some(numbers) = bare.filter(|numbers| numbers.iter().all(|number| number.is_finite())) {
        return Some(Scale { unit: String::new(), is_circle: false, numbers });
    }
    DIMENSIONS.iter().find_map(|&dimension| {
        let numbers: Option<Vec<f64>> = values.iter().map(|value| dimension.parse(value).ok()).collect();
        let numbers = numbers?;
        let is_circle =
            dimension == Dimension::Direction && (key.ends_with("wind_from") || key.ends_with("towards"));
        let unit = dimension.si_unit().to_owned();
        Some(Scale { unit, is_circle, numbers })
    })
}

/// Number of a text in the unit of a scale; none where it has another unit.
pub(super) fn number_in(scale: &Scale, text: &str) -> Option<f64> {
    if scale.unit.is_empty() {
        return text.parse().ok().filter(|number: &f64| number.is_finite());
    }
    let same = DIMENSIONS.iter().filter(|dimension| dimension.si_unit() == scale.unit);
    same.filter_map(|dimension| dimension.parse(text).ok()).next()
}

/// A value of a list as `--set` would have it.
fn written(item: &Item) -> Option<String> {
    match &item.node {
        Node::Text(text) => Some(text.clone()),
        Node::Number(_) | Node::Integer(_) | Node::Flag(_) | Node::DateTime(_) => Some(item.node.shown()),
        Node::List(items) => {
            let inner: Option<Vec<String>> = items.iter().map(quoted).collect();
            Some(format!("[{}]", inner?.join(", ")))
        }
        Node::Table(table) => {
            let inner: Option<Vec<String>> =
                table.iter().map(|(key, item)| Some(format!("{key} = {}", quoted(item)?))).collect();
            Some(format!("{{ {} }}", inner?.join(", ")))
        }
    }
}

/// A value inside another one: text in quotes.
fn quoted(item: &Item) -> Option<String> {
    match &item.node {
        Node::Text(text) => Some(format!("{text:?}")),
        _ => written(item),
    }
}

fn values(section: &Section<'_>) -> Option<Vec<String>> {
    section.know("values");
    let item = section.item("values")?;
    let Node::List(items) = &item.node else {
        section.report(
            8607,
            "values",
            format!("found {}", item.node.shown()),
            "write a list: values = [\"2 m/s\", \"4 m/s\"]",
        );
        return None;
    };
    if items.is_empty() {
        section.report(8601, "values", "the axis is empty", "give at least one value, or remove the axis");
        return None;
    }
    let values: Option<Vec<String>> = items.iter().map(written).collect();
    let values = values?;
    if let Some((i, value)) = values.iter().enumerate().find(|(i, value)| values[..*i].contains(value)) {
        let text = format!("\"{value}\" stands twice, the second time as number {}", i + 1);
        section.report(8602, "values", text, "keep one of the two; give it more weight with weights = [...]");
        return None;
    }
    Some(values)
}

/// Number and unit of a key of an inner table: a bare number, or a text with its unit.
fn amount(section: &Section<'_>, key: &str, code: u16) -> Option<(f64, String)> {
    section.know(key);
    let Some(item) = section.item(key) else {
        section.report(
            code,
            key,
            format!("{key} is missing"),
            format!("add {key} = \"2 m/s\", with the unit of the others"),
        );
        return None;
    };
    let split = |text: &str| {
        let end = text
            .char_indices()
            .map(|(at, c)| at + c.len_utf8())
            .rev()
            .find(|&end| text[..end].trim().parse::<f64>().is_ok())?;
        Some((text[..end].trim().parse::<f64>().ok()?, text[end..].trim().to_owned()))
    };
    let found = match &item.node {
        Node::Integer(number) => Some((*number as f64, String::new())),
        Node::Number(number) => Some((*number, String::new())),
        Node::Text(text) => split(text),
        _ => None,
    };
    let found = found.filter(|found| found.0.is_finite());
    if found.is_none() {
        section.report(
            code,
            key,
            format!("{} is not a number with its unit", item.node.shown()),
            "write \"2 m/s\", or a bare number where the key has no unit",
        );
    }
    found
}

/// Amounts of several keys that share one unit.
fn amounts<const N: usize>(section: &Section<'_>, keys: [&str; N], code: u16) -> Option<([f64; N], String)> {
    let found = keys.map(|key| amount(section, key, code));
    let mut numbers = [0.0; N];
    let unit = found[0].as_ref()?.1.clone();
    for ((number, found), key) in numbers.iter_mut().zip(&found).zip(keys) {
        let (value, own) = found.as_ref()?;
        if *own != unit {
            section.report(
                code,
                key,
                format!("has the unit \"{own}\", {} has \"{unit}\"", keys[0]),
                "write all of them in one unit",
            );
            return None;
        }
        *number = *value;
    }
    Some((numbers, unit))
}

/// A number with its unit as a scenario would have it; of sums of steps the noise of rounding is cut.
fn with_unit(number: f64, unit: &str) -> String {
    let cut: f64 = format!("{number:.12e}").parse().unwrap_or(number);
    format!("{cut} {unit}").trim_end().to_owned()
}

fn range(section: &Section<'_>) -> Option<Vec<String>> {
    let inner = section.section("range", "from start to stop, both included, by steps");
    let found = amounts(&inner, ["start", "stop", "step"], 8603);
    inner.finish();
    let ([start, stop, step], unit) = found?;
    let count = (stop - start) / step;
    if !(count.is_finite() && count >= 0.0) {
        let text = format!(
            "no steps of {} lead from {} to {}",
            with_unit(step, &unit),
            with_unit(start, &unit),
            with_unit(stop, &unit)
        );
        inner.report(8601, "step", text, "let the step have the sign of stop minus start");
        return None;
    }
    // The stop belongs to the range where steps end on it but for rounding.
    let count = (count + 1e-9).floor() + 1.0;
    if !is_possible(&inner, "step", count) {
        return None;
    }
    Some((0..count as u64).map(|i| with_unit(start + i as f64 * step, &unit)).collect())
}

fn log_range(section: &Section<'_>) -> Option<Vec<String>> {
    let inner = section.section("log_range", "from start to stop, both included, by equal factors");
    let count = inner.number("count", "how many values").between(2.0, MOST_MEMBERS as f64).required_as("5");
    let found = amounts(&inner, ["start", "stop"], 8603);
    inner.finish();
    let (count, ([start, stop], unit)) = (count?.floor(), found?);
    if start <= 0.0 || stop <= 0.0 || start == stop {
        inner.report(
            8603,
            "start",
            "start and stop of a log_range lie above zero and differ",
            "use range where a value is zero",
        );
        return None;
    }
    let value = |i: u64| match i {
        0 => start,
        i if i + 1 == count as u64 => stop,
        i => start * (stop / start).powf(i as f64 / (count - 1.0)),
    };
    Some((0..count as u64).map(|i| with_unit(value(i), &unit)).collect())
}

fn draw(section: &Section<'_>, index: u64) -> Option<Vec<String>> {
    let inner = section.section("draw", "random draws, the same for the same seed");
    let kind =
        inner.required_choice("distribution", &["uniform", "log_uniform", "normal"], "how they are spread");
    let count = inner.number("count", "how many").between(1.0, MOST_MEMBERS as f64).required_as("100");
    let seed = inner.number("seed", "seed of the draws").between(0.0, 9e15).required_as("1");
    let found = match kind {
        Some("normal") => amounts(&inner, ["mean", "deviation"], 8604),
        Some(_) => amounts(&inner, ["low", "high"], 8604),
        None => None,
    };
    if kind.is_none() {
        ["low", "high", "mean", "deviation"].iter().for_each(|key| inner.know(key));
    }
    inner.finish();
    let (kind, count, seed, ([a, b], unit)) = (kind?, count?, seed?, found?);
    let spread = match kind {
        "normal" => Spread::Normal { mean: a, deviation: b },
        "uniform" => Spread::Uniform { low: a, high: b },
        _ => Spread::LogUniform { low: a, high: b },
    };
    let is_sound = match spread {
        Spread::Normal { deviation, .. } => deviation > 0.0,
        Spread::Uniform { low, high } => high > low,
        Spread::LogUniform { low, high } => low > 0.0 && high > low,
    };
    if !is_sound {
        inner.report(
            8604,
            "distribution",
            format!("{kind} cannot be drawn from {a} and {b}"),
            "let high lie above low, and low above zero for log_uniform; let the deviation lie above zero",
        );
        return None;
    }
    Some((0..count as u64).map(|i| with_unit(spread.draw(seed as u64, index, i), &unit)).collect())
}

fn is_possible(section: &Section<'_>, key: &str, count: f64) -> bool {
    if count > MOST_MEMBERS as f64 {
        section.report(
            8606,
            key,
            format!("the axis has {count:.3e} values; a library has at most {MOST_MEMBERS} members"),
            "take a larger step",
        );
        return false;
    }
    true
}

fn read_weights(section: &Section<'_>, count: usize) -> Option<Vec<f64>> {
    section.know("weights");
    let Some(item) = section.item("weights") else { return Some(vec![1.0 / count.max(1) as f64; count]) };
    let number = |item: &Item| match item.node {
        Node::Number(number) => Some(number),
        Node::Integer(number) => Some(number as f64),
        _ => None,
    };
    let weights: Option<Vec<f64>> = match &item.node {
        Node::List(items) => items.iter().map(number).collect(),
        _ => None,
    };
    let shares = weights.filter(|weights| weights.len() == count).and_then(|weights| shares(&weights));
    if shares.is_none() {
        section.report(
            8605,
            "weights",
            format!("not {count} weights"),
            "give one number per value of the axis, none of them negative and not all zero",
        );
    }
    shares
}

/// Weights that add up to one.
fn shares(weights: &[f64]) -> Option<Vec<f64>> {
    let sum: f64 = weights.iter().sum();
    let is_sound = weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0) && sum > 0.0;
    is_sound.then(|| weights.iter().map(|weight| weight / sum).collect())
}

fn read_table(
    section: &Section<'_>,
    name: Option<&str>,
    key: Option<&str>,
    tables: Tables<'_>,
) -> Option<Axis> {
    let path = section.text("table", "table (CSV) with a column per key");
    section.finish();
    if key.is_some() {
        section.report(8607, "key", "the columns of a table are its keys", "remove key");
    }
    let path = path?;
    let table = match tables(path) {
        Ok(table) => table,
        Err(problems) => {
            problems.0.into_iter().for_each(|problem| section.reading.report(problem));
            return None;
        }
    };
    if table.rows.is_empty() {
        section.report(
            8601,
            "table",
            format!("{path} has no rows: the axis is empty"),
            "add rows, or remove the axis",
        );
        return None;
    }
    let weight_column = table.columns.iter().position(|column| column == WEIGHT);
    let weights = match weight_column {
        None => Some(vec![1.0 / table.rows.len() as f64; table.rows.len()]),
        Some(column) => {
            let numbers: Option<Vec<f64>> = table.rows.iter().map(|row| row[column].parse().ok()).collect();
            numbers.and_then(|numbers| shares(&numbers))
        }
    };
    if weights.is_none() {
        section.report(
            8605,
            "table",
            format!("the column weight of {path} is not a list of weights"),
            "give a number in every row, none of them negative and not all zero",
        );
    }
    let columns: Vec<usize> =
        (0..table.columns.len()).filter(|&column| Some(column) != weight_column).collect();
    if columns.is_empty() {
        section.report(
            8601,
            "table",
            format!("{path} has no column with a key"),
            "add a column whose header is a key of the scenario",
        );
        return None;
    }
    let keys = columns.iter().map(|&column| {
        let values: Vec<String> = table.rows.iter().map(|row| row[column].clone()).collect();
        let path = table.columns[column].clone();
        Key { scale: scale_of(&path, &values), path }
    });
    let keys: Vec<Key> = keys.collect();
    let rows =
        table.rows.iter().map(|row| columns.iter().map(|&column| row[column].clone()).collect()).collect();
    let stem = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let name = name.unwrap_or_else(|| stem.split('.').next().unwrap_or(stem)).to_owned();
    Some(Axis { name, keys, rows, weights: weights? })
}
