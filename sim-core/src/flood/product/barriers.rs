//! What has passed levees and bridges.

use crate::flood::barrier::Crossing;
use crate::flood::product::{Evidence, MINUTE};
use crate::product::{Column, FieldInfo, Layer, Product, Table, Value};

/// A levee or bridge and what has passed it.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossed {
    /// Name in the scenario.
    pub name: String,
    /// What it is; see [`crate::flood::barrier::ALL`].
    pub kind: &'static str,
    /// What has passed.
    pub crossing: Crossing,
    /// When its gap began, s, infinite if it did not; none where no gap was given.
    pub gap_begun: Option<f64>,
}

/// Table `barrier_list`: every levee and bridge of the scenario with what passed it.
pub struct Barriers;

impl Product<Evidence> for Barriers {
    fn name(&self) -> &'static str {
        "barriers"
    }

    fn meaning(&self) -> &'static str {
        "what passed over levees and under and over bridges, and when first"
    }

    fn layers(&self, evidence: &Evidence) -> Vec<Layer> {
        if evidence.crossings.is_empty() {
            return Vec::new();
        }
        let minutes =
            |time: f64| if time.is_finite() { Value::Number(time / MINUTE) } else { Value::Missing };
        let row = |crossed: &Crossed| {
            let Crossed { name, kind, crossing, gap_begun } = crossed;
            vec![
                Value::Text(name.clone()),
                Value::Text((*kind).into()),
                Value::Number(crossing.to_right),
                Value::Number(crossing.to_left),
                Value::Number(crossing.peak),
                minutes(crossing.first_over),
                minutes(crossing.first_pressed),
                minutes(gap_begun.unwrap_or(f64::INFINITY)),
            ]
        };
        vec![Layer::Table(Table {
            info: FieldInfo {
                name: "barrier_list".into(),
                title: "Levees and bridges".into(),
                title_zh: "堤防、挡墙与桥梁".into(),
                meaning: "water that passed every levee and bridge of the scenario".into(),
                ..FieldInfo::default()
            },
            columns: vec![
                Column::new("name", "", "name in the scenario"),
                Column::new("kind", "", "what it is"),
                Column::new("to_right_m3", "m3", "passed from the left to the right of its line"),
                Column::new("to_left_m3", "m3", "passed from the right to the left of its line"),
                Column::new(
                    "peak_m3_s",
                    "m3 s-1",
                    "largest discharge over its whole length, in either direction",
                ),
                Column::new(
                    "first_over_min",
                    "min",
                    "end of the first step in which water ran over its crest or deck",
                ),
                Column::new(
                    "first_pressed_min",
                    "min",
                    "end of the first step in which water touched the underside of a bridge",
                ),
                Column::new("gave_way_min", "min", "when its crest began to sink"),
            ],
            rows: evidence.crossings.iter().map(row).collect(),
        })]
    }
}
