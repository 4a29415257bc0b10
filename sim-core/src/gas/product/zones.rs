//! The zones as a table.

use crate::gas::dispersion::Dispersion;
use crate::gas::product::{zone_columns, zone_values};
use crate::product::{FieldInfo, Layer, Product, Table};

/// One row per level, also where it is nowhere exceeded.
pub struct Zones;

impl Product<Dispersion> for Zones {
    fn name(&self) -> &'static str {
        "zones"
    }

    fn meaning(&self) -> &'static str {
        "distance, width, area and arrival of each level of concern"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        let info = FieldInfo {
            name: self.name().into(),
            title: format!("{}Zones of {}", outcome.mark(), outcome.substance.name),
            title_zh: format!("{}{}各级危险区", outcome.mark_zh(), outcome.substance.name_zh),
            meaning: format!(
                "{}distances are roots of the formula on the axis, not read from cells",
                outcome.mark()
            ),
            ..FieldInfo::default()
        };
        let rows = outcome.zones.iter().map(|zone| zone_values(zone, outcome.averaging_time)).collect();
        vec![Layer::Table(Table { info, columns: zone_columns(), rows })]
    }
}
