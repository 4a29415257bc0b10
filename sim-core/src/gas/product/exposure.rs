//! Who is inside the zones: numbers by level, and the buildings one by one.

use geo::BoundingRect;
use geo_types::MultiPolygon;

use crate::gas::dispersion::Dispersion;
use crate::gas::exposure::{Count, Exposed, Kind, Thing, is_inside};
use crate::product::{Column, Feature, FieldInfo, Layer, Product, Shapes, Table, Value};

/// Table `exposure` and shapes `exposure_buildings`; nothing where the scenario names no layer.
pub struct Exposure;

/// Name of the layer of buildings.
pub const BUILDINGS: &str = "exposure_buildings";

/// Colour of a building in the area to clear but in no zone.
const TO_CLEAR: [u8; 3] = [120, 113, 108];

/// An area in which is counted.
struct Area<'d> {
    name: &'static str,
    level: &'d str,
    shape: &'d MultiPolygon<f64>,
}

/// Every zone with its wedge, the most severe first, and the area to clear.
fn areas(outcome: &Dispersion) -> Vec<Area<'_>> {
    let zones = outcome.zones.iter().flat_map(|zone| {
        let level = zone.level.name.as_str();
        [("threat zone", &zone.outline), ("wind wedge", &zone.wedge)].map(|(name, shape)| Area {
            name,
            level,
            shape,
        })
    });
    let all = Area { name: "area to clear", level: "", shape: &outcome.evacuation.area };
    zones.chain(std::iter::once(all)).collect()
}

impl Product<Dispersion> for Exposure {
    fn name(&self) -> &'static str {
        "exposure"
    }

    fn meaning(&self) -> &'static str {
        "buildings and people inside each zone, inside its wedge, and inside the area to clear"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        if outcome.exposure.is_empty() {
            return Vec::new();
        }
        let mut layers = vec![Layer::Table(table(outcome))];
        if outcome.exposure.iter().any(|layer| layer.kind == Kind::Buildings) {
            layers.push(Layer::Shapes(buildings(outcome)));
        }
        layers
    }
}

/// What all layers together hold inside an area: buildings, and people of every layer.
pub fn inside(exposure: &[Exposed], area: &MultiPolygon<f64>) -> Count {
    exposure.iter().fold(Count::default(), |sum, layer| {
        let count = layer.count(area);
        let things = if layer.kind == Kind::Buildings { count.things } else { 0 };
        Count { things: sum.things + things, people: sum.people + count.people }
    })
}

fn table(outcome: &Dispersion) -> Table {
    let columns = vec![
        Column::new("layer", "", "layer of the scenario"),
        Column::new(
            "area",
            "",
            "what is counted in: a zone for the wind as given, its wedge over the wind's spread, the area to clear",
        ),
        Column::new("level", "", "level of concern of the zone"),
        Column::new("things", "", "buildings with any part inside, or points with people"),
        Column::new("people", "", "people in them; zero where the layer says none"),
    ];
    let areas = areas(outcome);
    let row = |layer: &Exposed, area: &Area<'_>| {
        let count = layer.count(area.shape);
        vec![
            Value::Text(layer.name.clone()),
            Value::Text(area.name.into()),
            Value::Text(area.level.into()),
            Value::Integer(count.things as i64),
            Value::Number(count.people),
        ]
    };
    let rows = outcome.exposure.iter().flat_map(|layer| areas.iter().map(move |area| row(layer, area)));
    Table { info: info(outcome, "exposure", "Who is inside"), columns, rows: rows.collect() }
}

fn buildings(outcome: &Dispersion) -> Shapes {
    let columns = vec![
        Column::new("layer", "", "layer of the scenario"),
        Column::new("name", "", "name, or number in the file"),
        Column::new("people", "", "people in it, where the layer says so"),
        Column::new("level", "", "most severe level whose zone reaches it; empty in the area to clear alone"),
    ];
    let layers = outcome.exposure.iter().filter(|layer| layer.kind == Kind::Buildings);
    let features =
        layers.flat_map(|layer| layer.things.iter().filter_map(|thing| feature(outcome, layer, thing)));
    Shapes { info: info(outcome, BUILDINGS, "Buildings to clear"), columns, features: features.collect() }
}

/// A building in a zone or in the area to clear.
fn feature(outcome: &Dispersion, layer: &Exposed, thing: &Thing) -> Option<Feature> {
    let holds =
        |area: &MultiPolygon<f64>| area.bounding_rect().is_some_and(|bounds| is_inside(thing, area, &bounds));
    let zone = outcome.zones.iter().find(|zone| holds(&zone.outline));
    if zone.is_none() && !holds(&outcome.evacuation.area) {
        return None;
    }
    let level = zone.map_or("", |zone| zone.level.name.as_str());
    Some(Feature {
        geometry: thing.geometry.clone(),
        label: String::new(),
        values: vec![
            Value::Text(layer.name.clone()),
            Value::Text(thing.name.clone()),
            thing.people.map_or(Value::Missing, Value::Number),
            Value::Text(level.into()),
        ],
        colour: zone.map_or(TO_CLEAR, |zone| zone.level.colour),
    })
}

fn info(outcome: &Dispersion, name: &str, title: &str) -> FieldInfo {
    FieldInfo {
        name: name.into(),
        title: format!("{}{title}", outcome.mark()),
        title_zh: format!("{}受影响建筑与人员", outcome.mark_zh()),
        meaning: format!(
            "{}a building counts whole as soon as any part of it is inside; zones are means over {} s, {} m above ground",
            outcome.mark(),
            outcome.averaging_time,
            outcome.receptor_height
        ),
        ..FieldInfo::default()
    }
}
