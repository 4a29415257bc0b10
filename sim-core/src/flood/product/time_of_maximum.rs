//! When the water was deepest.

use crate::flood::product::{Evidence, WET_DEPTH, time_classes};
use crate::product::{FieldInfo, Layer, Product, Raster};

/// Raster `time_of_maximum`: the end of the step that first reached the largest
/// depth; NaN where the depth stayed below [`WET_DEPTH`].
///
/// In a pond that keeps rising this is the end of the run.
pub struct TimeOfMaximum;

impl Product<Evidence> for TimeOfMaximum {
    fn name(&self) -> &'static str {
        "time_of_maximum"
    }

    fn meaning(&self) -> &'static str {
        "time after the start at which the water was deepest"
    }

    fn layers(&self, evidence: &Evidence) -> Vec<Layer> {
        let info = FieldInfo {
            name: self.name().into(),
            title: "Time of maximum depth".into(),
            title_zh: "最大水深出现时间".into(),
            unit: "s".into(),
            meaning: "seconds after the start of the run at which the largest depth was first reached".into(),
            standard_name: Some("time_of_maximum_flood_depth".into()),
            cell_methods: None,
        };
        let mut values = evidence.time_of_maximum.clone();
        values.zip_mut_with(&evidence.max_depth, |time, &depth| {
            *time = if depth >= WET_DEPTH { *time } else { f64::NAN };
        });
        let classes = time_classes(evidence.duration);
        vec![Layer::Raster(Raster { info, values, scalars: Vec::new(), classes })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::product::tests::evidence;
    use ndarray::array;

    #[test]
    fn dry_cells_have_no_time() {
        let layers = TimeOfMaximum.layers(&evidence(array![[0.0, 0.2]]));
        let [Layer::Raster(raster)] = layers.as_slice() else { panic!("one raster") };
        assert!(raster.values[(0, 0)].is_nan());
        assert_eq!(raster.values[(0, 1)], 300.0);
    }
}
