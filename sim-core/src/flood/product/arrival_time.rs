//! When the water came.

use crate::flood::product::{Evidence, threshold_scalar, time_classes};
use crate::product::{FieldInfo, Layer, Product, Raster};

/// Raster `arrival_time`: the end of the first step that left the cell deeper
/// than the arrival depth; NaN where none did.
pub struct ArrivalTime;

impl Product<Evidence> for ArrivalTime {
    fn name(&self) -> &'static str {
        "arrival_time"
    }

    fn meaning(&self) -> &'static str {
        "time after the start at which the water first rose above the arrival depth"
    }

    fn layers(&self, evidence: &Evidence) -> Vec<Layer> {
        let threshold = evidence.settings.arrival_depth;
        let info = FieldInfo {
            name: self.name().into(),
            title: format!("Arrival of {threshold} m of water"),
            title_zh: format!("积水达到 {threshold} m 的时间"),
            unit: "s".into(),
            meaning: format!(
                "seconds after the start of the run at which the depth first rose above {threshold} m"
            ),
            standard_name: Some("time_when_flood_water_rises_above_threshold".into()),
            cell_methods: None,
        };
        let first = &evidence.exceedance(threshold).first_above;
        let values = first.mapv(|time| if time.is_finite() { time } else { f64::NAN });
        let scalars = vec![threshold_scalar("arrival_depth", threshold)];
        let classes = time_classes(evidence.duration);
        vec![Layer::Raster(Raster { info, values, scalars, classes })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::product::tests::evidence;
    use ndarray::array;

    #[test]
    fn the_threshold_travels_with_the_times() {
        let layers = ArrivalTime.layers(&evidence(array![[0.04, 0.2]]));
        let [Layer::Raster(raster)] = layers.as_slice() else { panic!("one raster") };
        assert!(raster.values[(0, 0)].is_nan());
        assert_eq!(raster.values[(0, 1)], 60.0);
        assert_eq!(raster.scalars[0].value, 0.05);
    }
}
