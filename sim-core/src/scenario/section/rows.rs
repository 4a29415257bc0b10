//! Keys that hold rows of numbers.

use serde_json::json;

use super::{KeyKind, Section};
use crate::scenario::document::{Item, Node};
use crate::scenario::quantity::Dimension;

impl Section<'_> {
    /// Rows of `N` bare numbers each, `[[1, 2, 3], [4, 5, 6]]`; `None` when absent or wrong.
    pub(in crate::scenario) fn rows<const N: usize>(
        &self,
        key: &str,
        meaning: &str,
        example: &str,
    ) -> Option<Vec<[f64; N]>> {
        let item = self.ask(key, KeyKind::Points, meaning)?;
        let rows = match &item.node {
            Node::List(items) if !items.is_empty() => items.iter().map(row_of).collect::<Option<Vec<_>>>(),
            _ => None,
        };
        match &rows {
            Some(rows) => {
                let rows: Vec<&[f64]> = rows.iter().map(<[f64; N]>::as_slice).collect();
                self.reading.understand(self.path_of(key), json!(rows));
            }
            None => self.wrong_type(key, item, &format!("rows of {N} numbers: {example}")),
        }
        rows
    }

    /// Values of one kind, each with its unit, `["12.4 m", "12.9 m"]`, which may repeat; `None`
    /// when absent or wrong.
    pub(in crate::scenario) fn quantities(
        &self,
        key: &str,
        dimension: Dimension,
        (low, high): (f64, f64),
        meaning: &str,
    ) -> Option<Vec<f64>> {
        let item = self.ask(key, KeyKind::Quantities, meaning)?;
        let Node::List(items) = &item.node else {
            self.wrong_type(
                key,
                item,
                &format!("a list with one entry after the other, each {}", dimension.allowed()),
            );
            return None;
        };
        let mut values = Some(Vec::new());
        for element in items {
            let value = match &element.node {
                Node::Text(text) => dimension.parse(text).ok().filter(|value| (low..=high).contains(value)),
                _ => None,
            };
            if value.is_none() {
                let unit = dimension.si_unit();
                let text = format!(
                    "{} is not a value with its unit between {low} and {high} {unit}",
                    element.node.shown()
                );
                let mut problem =
                    self.problem(1014, key, text).fix(format!("write {} for each", dimension.allowed()));
                problem.place =
                    self.reading.document.place(&self.path_of(key), element.at, element.at.is_none());
                self.reading.report(problem);
            }
            values = values.zip(value).map(|(mut values, value)| {
                values.push(value);
                values
            });
        }
        if let Some(values) = &values {
            let path = self.path_of(key);
            self.reading.understand(path, json!({"values": values, "unit": dimension.si_unit()}));
        }
        values
    }

    /// `N` bare numbers that must be there, `[1, 2]`; `None` when absent or wrong.
    pub(in crate::scenario) fn row<const N: usize>(
        &self,
        key: &str,
        meaning: &str,
        example: &str,
    ) -> Option<[f64; N]> {
        let Some(item) = self.ask(key, KeyKind::Points, meaning) else {
            self.missing(key, example);
            return None;
        };
        let row = row_of(item);
        match &row {
            Some(row) => self.reading.understand(self.path_of(key), json!(row.as_slice())),
            None => self.wrong_type(key, item, &format!("{N} numbers: {example}")),
        }
        row
    }
}

/// A list of exactly `N` finite numbers.
fn row_of<const N: usize>(item: &Item) -> Option<[f64; N]> {
    let Node::List(items) = &item.node else { return None };
    let number = |item: &Item| match item.node {
        Node::Number(number) => Some(number).filter(|number| number.is_finite()),
        Node::Integer(number) => Some(number as f64),
        _ => None,
    };
    items.iter().map(number).collect::<Option<Vec<f64>>>()?.try_into().ok()
}
