//! What pumps, weirs, gates and culverts have done.

use crate::flood::product::{Evidence, MINUTE};
use crate::product::{Column, FieldInfo, Layer, Product, Table, Value};

/// Table `structure_list`: every structure of the scenario with what it moved.
pub struct Structures;

impl Product<Evidence> for Structures {
    fn name(&self) -> &'static str {
        "structures"
    }

    fn meaning(&self) -> &'static str {
        "what pumps, weirs, gates and culverts moved, how fast and from when to when"
    }

    fn layers(&self, evidence: &Evidence) -> Vec<Layer> {
        if evidence.services.is_empty() {
            return Vec::new();
        }
        let minutes =
            |time: f64| if time.is_finite() { Value::Number(time / MINUTE) } else { Value::Missing };
        let row = |(structure, service): &(_, crate::flood::structure::Service)| {
            let structure: &crate::flood::structure::Structure = structure;
            vec![
                Value::Text(structure.name.clone()),
                Value::Text(structure.kind.name().into()),
                Value::Number(service.volume),
                Value::Number(service.peak),
                minutes(service.first),
                minutes(service.last),
                Value::Number(service.seconds / MINUTE),
            ]
        };
        vec![Layer::Table(Table {
            info: FieldInfo {
                name: "structure_list".into(),
                title: "Pumps, weirs, gates and culverts".into(),
                title_zh: "泵站、堰、闸与涵洞".into(),
                meaning: "water moved by every structure of the scenario".into(),
                ..FieldInfo::default()
            },
            columns: vec![
                Column::new("name", "", "name in the scenario"),
                Column::new("kind", "", "what it is"),
                Column::new(
                    "volume_m3",
                    "m3",
                    "moved from its giving to its receiving end, less what ran back",
                ),
                Column::new("peak_m3_s", "m3 s-1", "largest discharge, in either direction"),
                Column::new("first_min", "min", "end of the first step in which it moved water"),
                Column::new("last_min", "min", "end of the last step in which it moved water"),
                Column::new("running_min", "min", "time in which it moved water"),
            ],
            rows: evidence.services.iter().map(row).collect(),
        })]
    }
}
