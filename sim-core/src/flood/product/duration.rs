//! How long the water stayed.

use crate::flood::product::{Evidence, threshold_scalar, time_classes};
use crate::product::{FieldInfo, Layer, Product, Raster};

/// Raster `duration`: for how long in all the cell was deeper than the arrival
/// depth; NaN where it never was. Water that still stands at the end of the run
/// has stayed at least this long.
pub struct Duration;

impl Product<Evidence> for Duration {
    fn name(&self) -> &'static str {
        "duration"
    }

    fn meaning(&self) -> &'static str {
        "time during which the water was deeper than the arrival depth"
    }

    fn layers(&self, evidence: &Evidence) -> Vec<Layer> {
        let threshold = evidence.settings.arrival_depth;
        let info = FieldInfo {
            name: self.name().into(),
            title: format!("Duration above {threshold} m"),
            title_zh: format!("水深超过 {threshold} m 的历时"),
            unit: "s".into(),
            meaning: format!("seconds of the run during which the depth was above {threshold} m"),
            standard_name: Some("flood_water_duration_above_threshold".into()),
            cell_methods: None,
        };
        let above = &evidence.exceedance(threshold).time_above;
        let values = above.mapv(|time| if time > 0.0 { time } else { f64::NAN });
        let scalars = vec![threshold_scalar("duration_depth", threshold)];
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
    fn cells_that_stayed_below_have_no_duration() {
        let layers = Duration.layers(&evidence(array![[0.04, 0.2]]));
        let [Layer::Raster(raster)] = layers.as_slice() else { panic!("one raster") };
        assert!(raster.values[(0, 0)].is_nan());
        assert_eq!(raster.values[(0, 1)], 600.0);
    }
}
