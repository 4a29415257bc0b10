//! When the gas arrives.

use crate::gas::dispersion::Dispersion;
use crate::product::{FieldInfo, Layer, Product, Raster, Scalar};

/// Arrival of the mildest level of the case.
pub struct ArrivalTime;

impl Product<Dispersion> for ArrivalTime {
    fn name(&self) -> &'static str {
        "arrival_time"
    }

    fn meaning(&self) -> &'static str {
        "time after the start of the release at which the wind brings the mildest level, s"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        let Some(mildest) = outcome.zones.iter().min_by(|a, b| a.threshold.total_cmp(&b.threshold)) else {
            return Vec::new();
        };
        let info = FieldInfo {
            name: self.name().into(),
            title: format!(
                "{}Arrival of {} ({})",
                outcome.mark(),
                outcome.substance.name,
                mildest.level.name
            ),
            title_zh: format!(
                "{}{}到达时间（{}）",
                outcome.mark_zh(),
                outcome.substance.name_zh,
                mildest.level.name_zh
            ),
            unit: "s".into(),
            meaning: format!(
                "distance over wind speed where the concentration comes to {} or more; nothing where it does not. \
                 Gusts carry the front faster",
                mildest.level.name
            ),
            standard_name: None,
            cell_methods: Some("time: minimum".into()),
        };
        let threshold = Scalar {
            name: "threshold".into(),
            standard_name: outcome.substance.standard_name.clone(),
            unit: "kg m-3".into(),
            value: mildest.threshold,
        };
        let values = outcome.arrival.clone();
        vec![Layer::Raster(Raster { info, values, scalars: vec![threshold], classes: Vec::new() })]
    }
}
