//! Zones of fires and explosions: shapes, and a table of their distances with what was found.

use geo_types::Geometry;

use crate::gas::dispersion::Dispersion;
use crate::gas::effect::{EffectZone, Found, Sharpness, events};
use crate::product::{Column, Feature, FieldInfo, Layer, Product, Shapes, Table, Value};

/// Fires: shapes of each, e.g. `jet_fire_zones`, tables `fire` and `fire_facts`.
pub struct FireZones;

/// Explosions: shapes of each method, e.g. `tnt_zones`, tables `blast` and `blast_facts`.
pub struct BlastZones;

/// Names and words of one of the two.
struct Words {
    table: &'static str,
    facts: &'static str,
    title: &'static str,
    title_zh: &'static str,
    meaning: &'static str,
}

const FIRE: Words = Words {
    table: "fire",
    facts: "fire_facts",
    title: "Fire",
    title_zh: "火灾",
    meaning: "areas in which a fire of the largest rate exceeds each level of radiation or harm, \
              1.5 m above ground, facing the flame, without shelter",
};

const BLAST: Words = Words {
    table: "blast",
    facts: "blast_facts",
    title: "Explosion",
    title_zh: "爆炸",
    meaning: "areas in which the incident overpressure of an explosion exceeds each level; \
              a wall that faces the wave bears more",
};

impl Product<Dispersion> for FireZones {
    fn name(&self) -> &'static str {
        FIRE.table
    }

    fn meaning(&self) -> &'static str {
        "zones of radiation and harm of each fire, their distances, and the flames"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        layers(&FIRE, outcome, &outcome.effects.fire, &outcome.effects.flames)
    }
}

impl Product<Dispersion> for BlastZones {
    fn name(&self) -> &'static str {
        BLAST.table
    }

    fn meaning(&self) -> &'static str {
        "zones of overpressure by each method, their distances, and the mass that explodes"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        layers(&BLAST, outcome, &outcome.effects.blast, &outcome.effects.clouds)
    }
}

fn layers(words: &Words, outcome: &Dispersion, zones: &[EffectZone], facts: &[Found]) -> Vec<Layer> {
    if zones.is_empty() {
        return Vec::new();
    }
    let info = |name: &str| FieldInfo {
        name: name.into(),
        title: format!("{}{}", outcome.mark(), words.title),
        title_zh: format!("{}{}", outcome.mark_zh(), words.title_zh),
        meaning: words.meaning.into(),
        ..FieldInfo::default()
    };
    let shapes = events(zones).into_iter().map(|event| {
        // The narrowest is the most severe and comes first, so that maps draw it on top.
        let of_event = zones.iter().filter(|zone| zone.event == event && !zone.outline.0.is_empty());
        let mut drawn: Vec<&EffectZone> = of_event.collect();
        drawn.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        let features = drawn.into_iter().map(|zone| Feature {
            geometry: Geometry::MultiPolygon(zone.outline.clone()),
            label: label(zone),
            values: values(zone),
            colour: zone.level.colour,
        });
        let mut info = info(&layer_of(event));
        info.title = format!("{}: {event}", info.title);
        Layer::Shapes(Shapes { info, columns: columns(), features: features.collect() })
    });
    let rows = zones.iter().map(values).collect();
    let table = Table { info: info(words.table), columns: columns(), rows };
    shapes.chain([Layer::Table(table), Layer::Table(found(info(words.facts), facts))]).collect()
}

/// Label of a zone on a map.
fn label(zone: &EffectZone) -> String {
    let word = match zone.sharpness {
        Sharpness::Exact => "",
        Sharpness::AtMost => "at most ",
        Sharpness::AtLeast => "at least ",
    };
    format!("{} {word}{:.0} m", zone.level.name, zone.distance.ceil())
}

/// Name of the layer of an event's zones.
pub fn layer_of(event: &str) -> String {
    format!("{event}_zones")
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("event", "", "fire, or method of the explosion"),
        Column::new("level", "", "level that is exceeded"),
        Column::new("meaning", "", "what the level does"),
        Column::new("meaning_zh", "", "the same in Chinese"),
        Column::new("threshold", "", "the level as a number"),
        Column::new("threshold_unit", "", "unit of the threshold"),
        Column::new("distance_m", "m", "greatest distance from the source; 0 where the level is nowhere met"),
        Column::new("radius_m", "m", "greatest distance from the middle of the fire or explosion"),
        Column::new("distance_is", "", "exact, at most (nearer than the method begins) or at least"),
        Column::new("source_of_level", "", "where the level comes from"),
    ]
}

fn values(zone: &EffectZone) -> Vec<Value> {
    let sharpness = match zone.sharpness {
        Sharpness::Exact => "exact",
        Sharpness::AtMost => "at most",
        Sharpness::AtLeast => "at least",
    };
    vec![
        Value::Text(zone.event.into()),
        Value::Text(zone.level.name.clone()),
        Value::Text(zone.level.meaning.clone()),
        Value::Text(zone.level.meaning_zh.clone()),
        Value::Number(zone.level.value),
        Value::Text(zone.level.unit.into()),
        Value::Number(zone.distance),
        Value::Number(zone.radius),
        Value::Text(sharpness.into()),
        Value::Text(zone.level.source.clone()),
    ]
}

fn found(info: FieldInfo, facts: &[Found]) -> Table {
    let columns = vec![
        Column::new("event", "", "fire, or method of the explosion"),
        Column::new("quantity", "", "what was found"),
        Column::new("value", "", "its value"),
        Column::new("unit", "", "its unit"),
        Column::new("origin", "", "where it comes from"),
    ];
    let row = |fact: &Found| {
        vec![
            Value::Text(fact.event.into()),
            Value::Text(fact.name.into()),
            Value::Number(fact.value),
            Value::Text(fact.unit.into()),
            Value::Text(fact.origin.clone()),
        ]
    };
    Table { info, columns, rows: facts.iter().map(row).collect() }
}
