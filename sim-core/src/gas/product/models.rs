//! The zones of several models beside each other: where they disagree, the numbers are uncertain.

use geo_types::Geometry;

use crate::gas::dispersion::{Dispersion, Transport};
use crate::gas::hazard::Zone;
use crate::product::{Column, Feature, FieldInfo, Layer, Product, Shapes, Table, Value};

/// Layer, table and map.
pub const LAYER: &str = "model_zones";

/// One area per level and model, and a table.
pub struct Models;

/// Colour of a model: red, green, blue.
fn colour(transport: Transport) -> [u8; 3] {
    match transport {
        Transport::Plume => [31, 119, 180],
        Transport::Puffs => [44, 160, 44],
        Transport::Slab => [214, 39, 40],
        Transport::Layer => [148, 103, 189],
    }
}

/// Each model with its zones and whether it holds, the one that carries the gas first.
fn all(outcome: &Dispersion) -> Vec<(Transport, &[Zone], bool)> {
    let own = (outcome.transport, outcome.zones.as_slice(), outcome.is_invalid);
    let others =
        outcome.others.iter().map(|other| (other.transport, other.zones.as_slice(), other.is_invalid));
    std::iter::once(own).chain(others).collect()
}

/// The distances of the mildest level, e.g. `AEGL-1 (60 min): slab 2400 m, plume 1900 m (not valid)`.
pub fn in_words(outcome: &Dispersion) -> String {
    let Some(level) = outcome.zones.last().map(|zone| zone.level.name.clone()) else { return String::new() };
    let distances: Vec<String> = all(outcome)
        .iter()
        .filter_map(|(transport, zones, is_invalid)| {
            let mark = if *is_invalid { " (not valid)" } else { "" };
            let zone = zones.iter().find(|zone| zone.level.name == level)?;
            Some(format!("{} {:.0} m{mark}", transport.name(), zone.distance))
        })
        .collect();
    format!("{level}: {}", distances.join(", "))
}

impl Product<Dispersion> for Models {
    fn name(&self) -> &'static str {
        LAYER
    }

    fn meaning(&self) -> &'static str {
        "zones by every model that can carry the gas, side by side (model.transport = \"all\")"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        if outcome.others.is_empty() {
            return Vec::new();
        }
        let info = |name: &str| FieldInfo {
            name: name.into(),
            title: "Zones by model".into(),
            title_zh: "各模型危险区对照".into(),
            meaning: "the same case by every model that can carry it; those marked do not hold for this gas"
                .into(),
            ..FieldInfo::default()
        };
        let columns = || {
            vec![
                Column::new("model", "", "plume, puffs, slab or layer"),
                Column::new("used", "", "yes for the model whose zones are the result"),
                Column::new("valid", "", "no where a criterion says that it does not hold for this gas"),
                Column::new("level", "", "level of concern"),
                Column::new("distance_m", "m", "greatest downwind distance at the receptors"),
                Column::new("width_m", "m", "greatest width"),
                Column::new("area_m2", "m2", "area"),
                Column::new("arrival_s", "s", "when gas comes to the distance"),
            ]
        };
        let yes = |holds: bool| Value::Text(if holds { "yes" } else { "no" }.into());
        let number = |value: f64| if value.is_nan() { Value::Missing } else { Value::Number(value) };
        let values = |transport: Transport, is_invalid: bool, zone: &Zone| {
            vec![
                Value::Text(transport.name().into()),
                yes(transport == outcome.transport),
                yes(!is_invalid),
                Value::Text(zone.level.name.clone()),
                number(zone.distance),
                number(zone.width),
                number(zone.area),
                number(zone.arrival),
            ]
        };
        let mut features = Vec::new();
        let mut rows = Vec::new();
        for (transport, zones, is_invalid) in all(outcome) {
            for zone in zones.iter().rev() {
                rows.push(values(transport, is_invalid, zone));
                if zone.outline.0.is_empty() {
                    continue;
                }
                let mark = if is_invalid { ", not valid" } else { "" };
                features.push(Feature {
                    geometry: Geometry::MultiPolygon(zone.outline.clone()),
                    label: format!("{}: {} {:.0} m{mark}", transport.name(), zone.level.name, zone.distance),
                    values: values(transport, is_invalid, zone),
                    colour: colour(transport),
                });
            }
        }
        vec![
            Layer::Shapes(Shapes { info: info(LAYER), columns: columns(), features }),
            Layer::Table(Table { info: info("models"), columns: columns(), rows }),
        ]
    }
}
