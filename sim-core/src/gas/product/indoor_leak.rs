//! A leak in a room: when its air becomes dangerous.

use crate::gas::dispersion::Dispersion;
use crate::product::{Column, FieldInfo, Layer, Product, Table, Value};

/// Table `indoor_leak`; nothing where the scenario has no room.
pub struct IndoorLeak;

impl Product<Dispersion> for IndoorLeak {
    fn name(&self) -> &'static str {
        "indoor_leak"
    }

    fn meaning(&self) -> &'static str {
        "when the air of a room with a leak reaches shares of the lower flammable limit"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        let Some(filling) = &outcome.effects.room else { return Vec::new() };
        let info = FieldInfo {
            name: self.name().into(),
            title: "Leak in a room".into(),
            title_zh: "室内泄漏".into(),
            meaning: "one well-mixed room, or its part above the leak for a light gas, clean at the start"
                .into(),
            ..FieldInfo::default()
        };
        let columns = vec![
            Column::new("share_of_lower_limit", "1", "share of the lower flammable limit"),
            Column::new("volume_fraction", "1", "the same as a volume fraction of the gas"),
            Column::new("time_s", "s", "when it is reached; nothing where it never is"),
            Column::new("steady_fraction", "1", "volume fraction that is reached in the end"),
            Column::new("leak_m3_s", "m3 s-1", "leak as a volume of gas"),
            Column::new("air_changes_per_hour", "h-1", "air changes of the room"),
        ];
        let row = |&(share, time): &(f64, Option<f64>)| {
            vec![
                Value::Number(share),
                Value::Number(share * filling.lower_limit),
                time.map_or(Value::Missing, Value::Number),
                Value::Number(filling.steady),
                Value::Number(filling.room.leak),
                Value::Number(filling.room.air_changes_per_hour),
            ]
        };
        vec![Layer::Table(Table { info, columns, rows: filling.times.iter().map(row).collect() })]
    }
}
