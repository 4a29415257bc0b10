//! Keys whose use and whose default depend on the kind of the thing they describe.

use serde_json::json;

use super::Section;
use crate::scenario::quantity::Dimension;

impl Section<'_> {
    /// Reports every key that stands there but that its kind has no use for; true if there is none.
    ///
    /// `keys` says of each key whether it belongs to the kind, `kind` names the kind with its
    /// article ("a weir"), `fix` is the way out.
    pub(in crate::scenario) fn has_only_own<'k>(
        &self,
        keys: impl IntoIterator<Item = (&'k str, bool)>,
        (code, kind, fix): (u16, &str, &str),
    ) -> bool {
        let foreign = keys.into_iter().filter(|(key, is_own)| !is_own && self.has(key));
        let mut right = true;
        for (key, _) in foreign {
            self.report(code, key, format!("{key} says nothing to {kind}"), fix);
            right = false;
        }
        right
    }

    /// The value of a key, or the default of its kind, which then counts as understood.
    ///
    /// A key that other kinds do not use has no default of its own in the reader.
    pub(in crate::scenario) fn or_of_kind(
        &self,
        key: &str,
        value: Option<f64>,
        (default, dimension): (f64, Option<Dimension>),
    ) -> f64 {
        if value.is_none() && !self.has(key) {
            let unit = dimension.map_or("", Dimension::si_unit);
            self.reading.understand(self.path_of(key), json!({"value": default, "unit": unit}));
        }
        value.unwrap_or(default)
    }
}
