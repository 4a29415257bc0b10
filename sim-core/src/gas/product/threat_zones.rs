//! The threat zones as areas.

use geo_types::Geometry;

use crate::gas::dispersion::Dispersion;
use crate::gas::product::{zone_columns, zone_label, zone_values};
use crate::product::{Feature, FieldInfo, Layer, Product, Shapes};

/// One area per level.
pub struct ThreatZones;

impl Product<Dispersion> for ThreatZones {
    fn name(&self) -> &'static str {
        "threat_zones"
    }

    fn meaning(&self) -> &'static str {
        "where each level of concern is exceeded, for the wind as given (a circle where its direction is not known)"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        let info = FieldInfo {
            name: self.name().into(),
            title: format!("{}Threat zones of {}", outcome.mark(), outcome.substance.name),
            title_zh: format!("{}{}危险区", outcome.mark_zh(), outcome.substance.name_zh),
            meaning: format!(
                "{}areas in which {} exceeds each level {} m above ground, {}{}",
                outcome.mark(),
                outcome.carried_in_words(),
                outcome.receptor_height,
                outcome.mean_in_words(),
                if outcome.direction_known { "" } else { "; from whichever direction the wind comes" }
            ),
            ..FieldInfo::default()
        };
        // The mildest is the widest: drawn first, so that the severe ones lie on top.
        let features =
            outcome.zones.iter().rev().filter(|zone| !zone.outline.0.is_empty()).map(|zone| Feature {
                geometry: Geometry::MultiPolygon(zone.outline.clone()),
                label: zone_label(zone),
                values: zone_values(zone, outcome.averaging_time),
                colour: zone.level.colour,
            });
        vec![Layer::Shapes(Shapes { info, columns: zone_columns(), features: features.collect() })]
    }
}
