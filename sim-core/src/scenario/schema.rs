//! The JSON Schema of the scenario file, made of what the reader asks for.

use serde_json::{Map, Value, json};

use super::section::{KeyDoc, KeyKind};

/// JSON Schema (draft 2020-12) of all keys in the order in which they are read.
pub(super) fn json_schema(keys: &[KeyDoc]) -> Value {
    let mut root = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tuiyan scenario",
        "type": "object",
        "additionalProperties": false,
        "properties": {},
        "required": [],
    });
    for key in keys {
        insert(&mut root, key);
    }
    root
}

fn insert(root: &mut Value, key: &KeyDoc) {
    let mut table = root;
    let mut parts = key.path.split('.').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            let leaf = leaf(key);
            // Two variants of a section may ask for the same key; the first stays.
            if let Some(properties) = object(table, "properties") {
                properties.entry(part).or_insert(leaf);
            }
            if key.required
                && !key.meaning.contains("(with ")
                && let Some(Value::Array(required)) = table.get_mut("required")
            {
                let name = json!(part);
                if !required.contains(&name) {
                    required.push(name);
                }
            }
            return;
        }
        let Some(inner) = object(table, "properties").and_then(|properties| properties.get_mut(part)) else {
            return;
        };
        table = if inner["type"] == "array" { &mut inner["items"] } else { inner };
    }
}

fn object<'v>(value: &'v mut Value, name: &str) -> Option<&'v mut Map<String, Value>> {
    value.get_mut(name).and_then(Value::as_object_mut)
}

fn leaf(key: &KeyDoc) -> Value {
    let table = || json!({"type": "object", "additionalProperties": false, "properties": {}, "required": []});
    let mut leaf = match &key.kind {
        KeyKind::Quantity(dimension) => {
            json!({"type": ["string", "number"], "x-unit": dimension.si_unit(), "$comment": dimension.allowed()})
        }
        KeyKind::Number { low, high } => {
            let mut number = json!({"type": "number"});
            if low.is_finite() {
                number["minimum"] = json!(low);
            }
            if high.is_finite() {
                number["maximum"] = json!(high);
            }
            number
        }
        KeyKind::Text => json!({"type": "string"}),
        KeyKind::DateTime => json!({"type": "string", "format": "date-time"}),
        KeyKind::Flag => json!({"type": "boolean"}),
        KeyKind::Choice(choices) => json!({"type": "string", "enum": choices}),
        KeyKind::Texts(choices) if choices.is_empty() => {
            json!({"type": "array", "items": {"type": "string"}})
        }
        KeyKind::Texts(choices) => json!({"type": "array", "items": {"type": "string", "enum": choices}}),
        KeyKind::Points => {
            let pair = json!({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2});
            json!({"type": "array", "items": pair, "minItems": 1})
        }
        KeyKind::Table => table(),
        KeyKind::Tables => json!({"type": "array", "items": table()}),
    };
    leaf["description"] = json!(key.meaning);
    if let Some(default) = &key.default {
        leaf["default"] = json!(default);
    }
    leaf
}
