//! Paths of light: the largest mean along each, and its course.

use geo_types::{Coord, Geometry, LineString};

use crate::gas::dispersion::Dispersion;
use crate::gas::effect::line::LineSeen;
use crate::gas::receptor::largest;
use crate::product::{Column, Feature, FieldInfo, Layer, Product, Shapes, Table, Value};

/// Table `line_receptors`, their series and the paths; nothing where the scenario names none.
pub struct LineReceptors;

/// Colour of a path of light.
const COLOUR: [u8; 3] = [150, 40, 160];

impl Product<Dispersion> for LineReceptors {
    fn name(&self) -> &'static str {
        "line_receptors"
    }

    fn meaning(&self) -> &'static str {
        "paths of light: largest mean concentration along each, its product with the length, and series"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        let lines = &outcome.effects.lines;
        if lines.is_empty() {
            return Vec::new();
        }
        let info = |name: &str| FieldInfo {
            name: name.into(),
            title: format!("{}Paths of light", outcome.mark()),
            title_zh: format!("{}激光光路浓度", outcome.mark_zh()),
            meaning: format!("mean along a straight path, {}", outcome.mean_in_words()),
            ..FieldInfo::default()
        };
        let columns = vec![
            Column::new("name", "", "name of the path"),
            Column::new("length_m", "m", "length of the path"),
            Column::new("largest_mean_ppm", "1e-6", "largest mean concentration along the path by volume"),
            Column::new("ppm_m", "1e-6 m", "the same times the length, what an open-path detector shows"),
            Column::new("time_of_largest_s", "s", "when it is first there"),
        ];
        let row = |seen: &LineSeen| {
            let (ppm, time) = largest(&seen.history);
            vec![
                Value::Text(seen.line.name.clone()),
                Value::Number(seen.line.length()),
                Value::Number(ppm),
                Value::Number(ppm * seen.line.length()),
                if time.is_finite() { Value::Number(time) } else { Value::Missing },
            ]
        };
        let rows: Vec<Vec<Value>> = lines.iter().map(row).collect();
        let features = lines.iter().zip(&rows).map(|(seen, values)| Feature {
            geometry: Geometry::LineString(LineString::new(
                [seen.line.from, seen.line.to].map(|end| Coord { x: end[0], y: end[1] }).to_vec(),
            )),
            label: seen.line.name.clone(),
            values: values.clone(),
            colour: COLOUR,
        });
        let shapes =
            Shapes { info: info("line_paths"), columns: columns.clone(), features: features.collect() };
        let table = Table { info: info("line_receptors"), columns, rows };
        vec![Layer::Table(table), Layer::Table(series(info("line_series"), lines)), Layer::Shapes(shapes)]
    }
}

fn series(info: FieldInfo, lines: &[LineSeen]) -> Table {
    let columns = vec![
        Column::new("name", "", "name of the path"),
        Column::new("time_s", "s", "time after the start of the release"),
        Column::new("mean_ppm", "1e-6", "mean concentration along the path by volume"),
    ];
    let rows = lines.iter().flat_map(|seen| {
        let samples = seen.history.times.iter().zip(&seen.history.ppm);
        samples.map(|(&time, &ppm)| {
            vec![Value::Text(seen.line.name.clone()), Value::Number(time), Value::Number(ppm)]
        })
    });
    Table { info, columns, rows: rows.collect() }
}
