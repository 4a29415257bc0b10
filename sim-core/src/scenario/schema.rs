//! The JSON Schema of the scenario file, made of what the reader asks for.

use serde_json::{Map, Value, json};

use super::quantity::Dimension;
use super::section::{KeyDoc, KeyKind};

/// JSON Schema (draft 2020-12) of all keys in the order in which they are read.
///
/// Both hazards share one list of keys; what one of them needs or does not know
/// stands in an `if`/`then` of its own.
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
    root["allOf"] = json!(["flood", "gas"].map(|hazard| of_one_hazard(keys, hazard)));
    root
}

/// The tables that one hazard needs, and those that it does not know.
fn of_one_hazard(keys: &[KeyDoc], hazard: &str) -> Value {
    let own = |key: &&KeyDoc| key.hazard == Some(hazard);
    let is_table = |key: &&KeyDoc| !key.path.contains('.') && key.hazard.is_some();
    // A table is needed if it is said so, or if a key inside it is needed; lists and some tables may be left out.
    let is_inside =
        |key: &KeyDoc, table: &str| key.path.strip_prefix(table).is_some_and(|rest| rest.starts_with('.'));
    let lists: Vec<&str> = keys
        .iter()
        .filter(|key| matches!(key.kind, KeyKind::Tables | KeyKind::OptionalTable))
        .map(|key| key.path.as_str())
        .collect();
    let has_needed = |table: &str| {
        let certain = |key: &KeyDoc| key.required && !lists.iter().any(|list| is_inside(key, list));
        keys.iter().filter(own).any(|key| certain(key) && is_inside(key, table))
    };
    let tables = || keys.iter().filter(is_table);
    let needed = tables()
        .filter(own)
        .filter(|key| key.required || matches!(key.kind, KeyKind::Table) && has_needed(&key.path));
    let mut required: Vec<&str> = Vec::new();
    for key in needed {
        // Several readers may share a table.
        if !required.contains(&key.path.as_str()) {
            required.push(&key.path);
        }
    }
    let known: Vec<&str> = tables().filter(own).map(|key| key.path.as_str()).collect();
    let foreign = tables().filter(|key| !known.contains(&key.path.as_str()));
    let unknown: Map<String, Value> = foreign.map(|key| (key.path.clone(), json!(false))).collect();
    json!({
        "if": { "properties": { "hazard": { "const": hazard } }, "required": ["hazard"] },
        "then": { "required": required, "properties": unknown },
    })
}

fn insert(root: &mut Value, key: &KeyDoc) {
    let mut table = root;
    let mut parts = key.path.split('.').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            let leaf = leaf(key);
            let belongs_to_one_hazard = !key.path.contains('.') && key.hazard.is_some();
            if let Some(properties) = object(table, "properties") {
                match properties.get_mut(part) {
                    Some(known) => widen(known, &leaf),
                    None => drop(properties.insert(part.to_owned(), leaf)),
                }
            }
            if key.required
                && !belongs_to_one_hazard
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

/// Two readers may ask for the same key; the choices of both are allowed.
fn widen(known: &mut Value, other: &Value) {
    for path in ["/enum", "/items/enum"] {
        let Some(Value::Array(more)) = other.pointer(path) else { continue };
        if let Some(Value::Array(choices)) = known.pointer_mut(path) {
            let new: Vec<Value> = more.iter().filter(|choice| !choices.contains(choice)).cloned().collect();
            choices.extend(new);
        }
    }
}

fn object<'v>(value: &'v mut Value, name: &str) -> Option<&'v mut Map<String, Value>> {
    value.get_mut(name).and_then(Value::as_object_mut)
}

fn leaf(key: &KeyDoc) -> Value {
    let table = || json!({"type": "object", "additionalProperties": false, "properties": {}, "required": []});
    let mut leaf = match &key.kind {
        KeyKind::Quantity(dimension) => {
            // Only a fraction may be a bare number; everything else names its unit.
            let kinds =
                if *dimension == Dimension::Fraction { json!(["string", "number"]) } else { json!("string") };
            json!({"type": kinds, "x-unit": dimension.si_unit(), "$comment": format!("write {}", dimension.allowed())})
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
            json!({"type": "array", "minItems": 1, "uniqueItems": true, "items": {"type": "string"}})
        }
        KeyKind::Texts(choices) => {
            json!({"type": "array", "minItems": 1, "uniqueItems": true, "items": {"type": "string", "enum": choices}})
        }
        KeyKind::Quantities => json!({"type": "array", "minItems": 1, "items": {"type": "string"}}),
        KeyKind::Points => {
            let pair = json!({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2});
            json!({"type": "array", "items": pair, "minItems": 1})
        }
        KeyKind::Table | KeyKind::OptionalTable => table(),
        KeyKind::Tables => json!({"type": "array", "items": table()}),
    };
    leaf["description"] = json!(key.meaning);
    if let Some(default) = &key.default {
        leaf["default"] = json!(default);
    }
    leaf
}
