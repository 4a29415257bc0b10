//! What the manholes of a sewer took and gave back.

use geo_types::{Geometry, Point};

use crate::flood::drainage::{Manhole, ManholeRecord};
use crate::flood::product::{Evidence, MINUTE};
use crate::product::{Column, Feature, FieldInfo, Layer, Product, Shapes, Table, Value};

/// Table `manhole_list` and points `manholes`: every manhole joined to the surface.
pub struct Manholes;

/// Colour of a manhole that gave water to the street: red.
const SPILLED: [u8; 3] = [200, 30, 30];

/// Colour of one that did not: grey.
const HELD: [u8; 3] = [110, 110, 110];

impl Product<Evidence> for Manholes {
    fn name(&self) -> &'static str {
        "manholes"
    }

    fn meaning(&self) -> &'static str {
        "what every manhole of the sewers took from the street and gave back, and when"
    }

    fn layers(&self, evidence: &Evidence) -> Vec<Layer> {
        if evidence.manholes.is_empty() {
            return Vec::new();
        }
        let rows: Vec<Vec<Value>> =
            evidence.manholes.iter().map(|(manhole, record)| row(evidence, manhole, record)).collect();
        let feature = |((manhole, record), values): (&(Manhole, ManholeRecord), &Vec<Value>)| Feature {
            geometry: Geometry::Point(Point::new(
                evidence.grid.x(manhole.cell.1),
                evidence.grid.y(manhole.cell.0),
            )),
            label: manhole.name.clone(),
            values: values.clone(),
            colour: if record.has_spilled() { SPILLED } else { HELD },
        };
        let info = |name: &str| FieldInfo {
            name: name.into(),
            title: "Manholes".into(),
            title_zh: "检查井".into(),
            meaning: "water between the street and the sewers at every manhole".into(),
            ..FieldInfo::default()
        };
        vec![
            Layer::Shapes(Shapes {
                info: info("manholes"),
                columns: columns(),
                features: evidence.manholes.iter().zip(&rows).map(feature).collect(),
            }),
            Layer::Table(Table { info: info("manhole_list"), columns: columns(), rows }),
        ]
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("name", "", "name in the network"),
        Column::new("lon", "degrees_east", "longitude of its cell, WGS 84"),
        Column::new("lat", "degrees_north", "latitude of its cell, WGS 84"),
        Column::new("x", "m", "x of its cell in the reference of the grid"),
        Column::new("y", "m", "y of its cell in the reference of the grid"),
        Column::new("taken_m3", "m3", "taken from the street"),
        Column::new("largest_taken_m3_s", "m3 s-1", "largest discharge taken"),
        Column::new("spilled_m3", "m3", "given back to the street"),
        Column::new("largest_spilled_m3_s", "m3 s-1", "largest discharge given back"),
        Column::new("first_spill_min", "min", "when it first spilled, after the start"),
        Column::new("last_spill_min", "min", "when it last spilled, after the start"),
        Column::new("spilling_min", "min", "time in which it spilled"),
        Column::new("max_depth_m", "m", "largest depth of water on its cell"),
    ]
}

fn row(evidence: &Evidence, manhole: &Manhole, record: &ManholeRecord) -> Vec<Value> {
    let number = |value: f64| if value.is_finite() { Value::Number(value) } else { Value::Missing };
    let (row, column) = manhole.cell;
    let at = evidence.grid.lon_lat(row, column);
    vec![
        Value::Text(manhole.name.clone()),
        at.map_or(Value::Missing, |at| Value::Number(at.lon)),
        at.map_or(Value::Missing, |at| Value::Number(at.lat)),
        number(evidence.grid.x(column)),
        number(evidence.grid.y(row)),
        number(record.taken),
        number(record.largest_taken),
        number(record.spilled),
        number(record.largest_spilled),
        number(record.first_spill / MINUTE),
        number(record.last_spill / MINUTE),
        number(record.spilling / MINUTE),
        number(evidence.max_depth[manhole.cell]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::drainage::Inlet;
    use crate::flood::product::tests::evidence;
    use ndarray::array;

    #[test]
    fn table_and_points_tell_the_same_and_a_manhole_that_held_has_no_time() {
        let mut evidence = evidence(array![[0.2, 0.0]]);
        let manhole = |name: &str, column| Manhole {
            name: name.into(),
            node: column,
            cell: (0, column),
            inlet: Inlet { perimeter: 1.0, opening: 0.1 },
        };
        let spilled = ManholeRecord { spilled: 3.0, first_spill: 120.0, ..ManholeRecord::new() };
        evidence.manholes = vec![(manhole("a", 0), spilled), (manhole("b", 1), ManholeRecord::new())];
        let layers = Manholes.layers(&evidence);
        let [Layer::Shapes(shapes), Layer::Table(table)] = layers.as_slice() else {
            panic!("points and table")
        };
        assert_eq!(shapes.features[1].values, table.rows[1]);
        assert_eq!(table.columns.len(), table.rows[0].len());
        assert_eq!((&table.rows[0][9], &table.rows[1][9]), (&Value::Number(2.0), &Value::Missing));
        assert_eq!((shapes.features[0].colour, shapes.features[1].colour), (SPILLED, HELD));
    }
}
