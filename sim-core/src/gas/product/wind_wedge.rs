//! The zones swept over the spread of the wind.

use geo_types::Geometry;

use crate::gas::dispersion::Dispersion;
use crate::gas::product::{zone_columns, zone_label, zone_values};
use crate::product::{Feature, FieldInfo, Layer, Product, Shapes};

/// One wedge per level.
pub struct WindWedge;

impl Product<Dispersion> for WindWedge {
    fn name(&self) -> &'static str {
        "wind_wedge"
    }

    fn meaning(&self) -> &'static str {
        "where each zone can lie if the wind turns within its spread"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        let spread = outcome.weather.iter().map(|row| row.direction_spread_deg).fold(0.0, f64::max);
        let (turn, turn_zh) = if outcome.direction_holds() {
            (format!("within {spread:.0} degrees to either side"), format!("风向摆动±{spread:.0}°"))
        } else {
            ("from any direction".to_owned(), "任意风向".to_owned())
        };
        let info = FieldInfo {
            name: self.name().into(),
            title: format!("{}Threat zones, wind {turn}", outcome.mark()),
            title_zh: format!("{}{turn_zh}内的危险区", outcome.mark_zh()),
            meaning: format!("areas that each zone sweeps, wind {turn}"),
            ..FieldInfo::default()
        };
        let features =
            outcome.zones.iter().rev().filter(|zone| !zone.wedge.0.is_empty()).map(|zone| Feature {
                geometry: Geometry::MultiPolygon(zone.wedge.clone()),
                label: zone_label(zone),
                values: zone_values(zone, outcome.averaging_time),
                colour: zone.level.colour,
            });
        vec![Layer::Shapes(Shapes { info, columns: zone_columns(), features: features.collect() })]
    }
}
