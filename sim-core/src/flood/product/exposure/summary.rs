//! The lines and places that a responder reads first, from the table of zones.

use geo::BoundingRect;

use crate::flood::product::ProductSettings;
use crate::product::{Column, Layer, Value};

use super::zones::WHOLE_GRID;
use super::{danger, grouped};

/// Name of the layers that hold the zones.
const NAME: &str = super::ZONES;

/// Zones whose names fit on a map.
const MOST_ON_A_MAP: usize = 12;

/// Zones that are named; the others are counted.
const NAMED: usize = 5;

/// What one row of the table says of a zone.
struct Told {
    name: String,
    people: Option<f64>,
    buildings: Option<f64>,
    area: f64,
    roads: Option<(f64, Option<f64>)>,
}

impl Told {
    fn is_hit(&self) -> bool {
        self.people.unwrap_or(0.0) > 0.0 || self.buildings.unwrap_or(0.0) > 0.0 || self.area > 0.0
    }

    /// What comes first: people, then buildings, then ground.
    fn weight(&self) -> [f64; 3] {
        [self.people.unwrap_or(0.0), self.buildings.unwrap_or(0.0), self.area]
    }

    fn line(&self, depth: f64) -> String {
        let mut parts = Vec::new();
        parts.extend(self.people.map(|people| format!("{} people", grouped(people))));
        parts.extend(self.buildings.map(|buildings| several(buildings, "building")));
        if parts.is_empty() {
            parts.push(format!("{} m2", grouped(self.area)));
        }
        let roads = match self.roads {
            None => String::new(),
            Some((0.0, _)) => "; no road cut".to_owned(),
            Some((count, from)) => {
                let from = from.map_or_else(String::new, |from| format!(", first at {from:.0} min"));
                format!("; {} cut{from}", several(count, "road"))
            }
        };
        format!("{}: {} at {depth} m of water or more{roads}", self.name, parts.join(", "))
    }
}

/// A line for all cells, one for each of the worst zones, and one that counts the others;
/// nothing where nothing is exposed.
pub fn summary(settings: &ProductSettings, layers: &[Layer]) -> Vec<String> {
    let depth = danger(settings).1;
    let table = layers.iter().find_map(|layer| match layer {
        Layer::Table(table) if table.info.name == NAME => Some(table),
        _ => None,
    });
    let Some(table) = table else { return Vec::new() };
    let mut rows = told(settings, &table.columns, table.rows.iter().map(Vec::as_slice)).into_iter();
    let Some(whole) = rows.next() else { return Vec::new() };
    let (mut hit, spared): (Vec<Told>, Vec<Told>) = rows.partition(Told::is_hit);
    hit.sort_by(worst_first);
    let mut lines = vec![whole.line(depth)];
    lines.extend(hit.iter().take(NAMED).map(|zone| format!("Zone {}", zone.line(depth))));
    let more = hit.len().saturating_sub(NAMED);
    if more + spared.len() > 0 {
        lines.push(format!("Zones: {more} more with water of {depth} m, {} without", spared.len()));
    }
    lines
}

fn several(count: f64, what: &str) -> String {
    format!("{} {what}{}", grouped(count), if count == 1.0 { "" } else { "s" })
}

fn worst_first(one: &Told, other: &Told) -> std::cmp::Ordering {
    other.weight().partial_cmp(&one.weight()).unwrap_or(std::cmp::Ordering::Equal)
}

/// The middles of the worst zones with what is told of them, where there are too many zones
/// to write their names on a map.
pub fn markers(settings: &ProductSettings, layers: &[Layer]) -> Vec<(f64, f64, String)> {
    let shapes = layers.iter().find_map(|layer| match layer {
        Layer::Shapes(shapes) if shapes.info.name == NAME && shapes.features.len() > MOST_ON_A_MAP => {
            Some(shapes)
        }
        _ => None,
    });
    let Some(shapes) = shapes else { return Vec::new() };
    let rows = shapes.features.iter().map(|feature| feature.values.as_slice());
    let mut found: Vec<(Told, usize)> = told(settings, &shapes.columns, rows).into_iter().zip(0..).collect();
    found.retain(|(zone, _)| zone.is_hit());
    found.sort_by(|one, other| worst_first(&one.0, &other.0));
    let depth = danger(settings).1;
    let marker = |(zone, at): (Told, usize)| {
        let middle = shapes.features[at].geometry.bounding_rect()?.center();
        Some((middle.x, middle.y, zone.line(depth)))
    };
    found.into_iter().take(NAMED).filter_map(marker).collect()
}

fn told<'r>(
    settings: &ProductSettings,
    columns: &[Column],
    rows: impl Iterator<Item = &'r [Value]>,
) -> Vec<Told> {
    let first = danger(settings).0;
    let column = |name: &str| columns.iter().position(|column| column.name == name);
    let from_class = |name: &str| -> Option<Vec<usize>> {
        let classes = settings.classes[first.min(settings.classes.len())..].iter();
        classes.map(|class| column(&format!("{name}_from_{}_m", class.from))).collect()
    };
    let people = ["people", "people_in_buildings", "people_of_zone"].map(from_class);
    let (buildings, area) = (from_class("buildings"), from_class("area"));
    let (layer, name) = (column("layer"), column("zone"));
    let roads = column("roads_cut").zip(column("roads_cut_from_min"));
    let one = |row: &[Value]| {
        let number = |at: usize| match row[at] {
            Value::Number(number) => Some(number),
            Value::Integer(number) => Some(number as f64),
            _ => None,
        };
        let sum = |columns: &Option<Vec<usize>>| {
            columns.as_ref().and_then(|columns| columns.iter().map(|&at| number(at)).sum::<Option<f64>>())
        };
        let text = |at: Option<usize>| match at.map(|at| &row[at]) {
            Some(Value::Text(text)) => text.as_str(),
            _ => "",
        };
        let name = match (text(layer), text(name)) {
            ("", WHOLE_GRID) => "Whole grid".to_owned(),
            (layer, name) => format!("{name} ({layer})"),
        };
        Told {
            name,
            people: people.iter().find_map(sum),
            buildings: sum(&buildings),
            area: sum(&area).unwrap_or(0.0),
            roads: roads.and_then(|(count, from)| Some((number(count)?, number(from)))),
        }
    };
    rows.map(one).collect()
}
