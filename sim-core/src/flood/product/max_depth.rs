//! Largest depth of the run.

use crate::flood::product::{Evidence, WET_DEPTH};
use crate::product::{Class, FieldInfo, Layer, Product, Raster};

/// Raster `max_depth`: the largest depth of every cell over all steps, not only
/// over the frames; NaN where it stayed below [`WET_DEPTH`].
pub struct MaxDepth;

impl Product<Evidence> for MaxDepth {
    fn name(&self) -> &'static str {
        "max_depth"
    }

    fn meaning(&self) -> &'static str {
        "largest depth of water during the run"
    }

    fn layers(&self, evidence: &Evidence) -> Vec<Layer> {
        let info = FieldInfo {
            name: self.name().into(),
            title: "Maximum flood depth".into(),
            title_zh: "最大积水深度".into(),
            unit: "m".into(),
            meaning: "largest depth of water above the ground over all time steps".into(),
            standard_name: Some("flood_water_thickness".into()),
            cell_methods: Some("time: maximum".into()),
        };
        let values = evidence.max_depth.mapv(|depth| if depth >= WET_DEPTH { depth } else { f64::NAN });
        vec![Layer::Raster(Raster { info, values, scalars: Vec::new(), classes: classes(evidence) })]
    }
}

/// Legend classes of depth from the settings.
fn classes(evidence: &Evidence) -> Vec<Class> {
    let class = |class: &crate::flood::product::DepthClass| Class {
        from: class.from,
        label: class.label.clone(),
        colour: class.colour,
    };
    evidence.settings.classes.iter().map(class).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::product::tests::evidence;
    use ndarray::array;

    #[test]
    fn a_film_is_not_drawn_and_water_keeps_its_depth() {
        let layers = MaxDepth.layers(&evidence(array![[0.0005, 0.2]]));
        let [Layer::Raster(raster)] = layers.as_slice() else { panic!("one raster") };
        assert!(raster.values[(0, 0)].is_nan());
        assert_eq!(raster.values[(0, 1)], 0.2);
        assert_eq!(raster.classes.len(), 2);
    }
}
