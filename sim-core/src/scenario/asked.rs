//! A number of a section: its bounds, its default, and what was understood of it.

use serde_json::json;

use super::quantity::{Dimension, Mistake, beaufort};
use super::section::{KeyKind, Section};
use crate::units::to_celsius;

/// A number that was read, or will be defaulted, with where it stands.
pub(super) struct Asked<'s, 'a> {
    pub(super) section: &'s Section<'a>,
    pub(super) key: String,
    pub(super) value: Option<f64>,
    pub(super) wrong: bool,
    pub(super) dimension: Option<Dimension>,
}

impl Asked<'_, '_> {
    pub(super) fn refuse(&mut self, text: &str, mistake: Mistake) {
        self.wrong = true;
        let Some(dimension) = self.dimension else { return };
        let (code, what) = match mistake {
            Mistake::NoNumber => (1013, "does not begin with a number"),
            Mistake::NoUnit => (1014, "has no unit"),
            Mistake::WrongUnit => (1014, "has a unit that is unknown or of another kind"),
        };
        let fix = match beaufort(text).filter(|_| dimension == Dimension::Speed) {
            Some((slowest, fastest)) => format!(
                "a force is a range: this one is {slowest} to {fastest} m/s 10 m above ground; write the wind in m/s, and run both ends"
            ),
            None => format!("write {}", dimension.allowed()),
        };
        self.section.report(code, &self.key, format!("\"{text}\" {what}"), fix);
    }

    /// Keeps the value only between two bounds, both allowed, in SI units.
    pub(super) fn between(mut self, low: f64, high: f64) -> Self {
        self.section.amend(&self.key, |doc| {
            if let KeyKind::Number { low: l, high: h } = &mut doc.kind {
                (*l, *h) = (low, high);
            }
        });
        if let Some(value) = self.value
            && !(low..=high).contains(&value)
        {
            let unit = self.dimension.map_or("", Dimension::si_unit);
            let written = self.section.item(&self.key).map_or_else(String::new, |item| item.node.shown());
            self.section.report(
                1018,
                &self.key,
                format!("{written} is outside what is possible"),
                match self.dimension {
                    // People give and read temperatures in degrees Celsius.
                    Some(Dimension::Temperature) => {
                        format!("allowed: {:.1} to {:.1} °C", to_celsius(low), to_celsius(high))
                    }
                    _ => format!("allowed: {low} to {high} {unit}").trim_end().to_owned(),
                },
            );
            self.value = None;
            self.wrong = true;
        }
        self
    }

    /// The value, if there is a right one.
    pub(super) fn optional(self) -> Option<f64> {
        self.understood(self.value);
        self.value
    }

    /// The value; its absence is a mistake.
    pub(super) fn required(self) -> Option<f64> {
        let allowed = self.dimension.map_or("a number", Dimension::allowed);
        self.required_as(allowed)
    }

    /// The value; its absence is a mistake that shows `example`.
    pub(super) fn required_as(self, example: &str) -> Option<f64> {
        self.section.amend(&self.key, |doc| doc.required = true);
        if self.value.is_none() && !self.wrong {
            self.section.missing(&self.key, example);
        }
        self.understood(self.value);
        self.value
    }

    /// The value, or a documented default.
    pub(super) fn or(self, default: f64, shown: &str) -> f64 {
        self.section.amend(&self.key, |doc| doc.default = Some(shown.to_owned()));
        let value = self.value.unwrap_or(default);
        self.understood(Some(value));
        value
    }

    fn understood(&self, value: Option<f64>) {
        if let Some(value) = value {
            let unit = self.dimension.map_or("", Dimension::si_unit);
            let path = self.section.path_of(&self.key);
            self.section.reading.understand(path, json!({"value": value, "unit": unit}));
        }
    }
}
