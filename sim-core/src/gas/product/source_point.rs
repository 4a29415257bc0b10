//! Where the gas comes out.

use geo_types::{Geometry, Point};

use crate::gas::dispersion::Dispersion;
use crate::gas::product::significant;
use crate::product::{Column, Feature, FieldInfo, Layer, Product, Shapes, Value};

/// Colour of the source.
const COLOUR: [u8; 3] = [0, 0, 0];

/// The source as a point.
pub struct SourcePoint;

impl Product<Dispersion> for SourcePoint {
    fn name(&self) -> &'static str {
        "source"
    }

    fn meaning(&self) -> &'static str {
        "the point of the release, its rate and duration"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        let release = &outcome.release;
        let info = FieldInfo {
            name: self.name().into(),
            title: "Source".into(),
            title_zh: "泄漏点".into(),
            meaning: "point of the release".into(),
            ..FieldInfo::default()
        };
        let columns = vec![
            Column::new("substance", "", "what leaks"),
            Column::new("substance_zh", "", "what leaks, Chinese"),
            Column::new("rate_kg_s", "kg s-1", "mass rate"),
            Column::new("duration_s", "s", "duration of the release"),
            Column::new("mass_kg", "kg", "mass released"),
            Column::new("height_m", "m", "height above ground"),
            Column::new("description", "", "how the rate was found"),
        ];
        let values = vec![
            Value::Text(outcome.substance.name.clone()),
            Value::Text(outcome.substance.name_zh.clone()),
            Value::Number(release.rate),
            Value::Number(release.duration),
            Value::Number(release.mass()),
            Value::Number(release.height),
            Value::Text(release.description.clone()),
        ];
        let geometry = Geometry::Point(Point::new(release.x, release.y));
        let label = format!("{} {} kg/s", outcome.substance.name, significant(release.rate));
        let features = vec![Feature { geometry, label, values, colour: COLOUR }];
        vec![Layer::Shapes(Shapes { info, columns, features })]
    }
}
