//! Largest speed of the run.

use crate::flood::product::Evidence;
use crate::flood::record::SPEED_DEPTH;
use crate::product::{Class, FieldInfo, Layer, Product, Raster, Scalar};

/// Raster `max_speed`: the largest speed of every cell while it was at least
/// [`SPEED_DEPTH`] deep; NaN where it never was.
pub struct MaxSpeed;

/// Legend: people lose their footing in shin-deep water at one to two metres per second.
const CLASSES: [(f64, &str, [u8; 3]); 4] = [
    (0.25, "0.25-0.5 m/s", [254, 217, 142]),
    (0.5, "0.5-1 m/s", [254, 153, 41]),
    (1.0, "1-2 m/s", [217, 95, 14]),
    (2.0, "> 2 m/s", [153, 52, 4]),
];

impl Product<Evidence> for MaxSpeed {
    fn name(&self) -> &'static str {
        "max_speed"
    }

    fn meaning(&self) -> &'static str {
        "largest speed of the water during the run, where it was at least 1 cm deep"
    }

    fn layers(&self, evidence: &Evidence) -> Vec<Layer> {
        let info = FieldInfo {
            name: self.name().into(),
            title: "Maximum flow speed".into(),
            title_zh: "最大流速".into(),
            unit: "m s-1".into(),
            meaning: format!(
                "largest speed over all time steps at which the water was at least {SPEED_DEPTH} m deep"
            ),
            standard_name: Some("flood_water_speed".into()),
            cell_methods: Some("time: maximum".into()),
        };
        let deep = evidence.max_depth.mapv(|depth| depth >= SPEED_DEPTH);
        let mut values = evidence.max_speed.clone();
        values.zip_mut_with(&deep, |speed, &deep| *speed = if deep { *speed } else { f64::NAN });
        let scalars = vec![Scalar {
            name: "speed_depth".into(),
            standard_name: Some("flood_water_thickness".into()),
            unit: "m".into(),
            value: SPEED_DEPTH,
        }];
        let classes = CLASSES
            .iter()
            .map(|&(from, label, colour)| Class { from, label: label.into(), colour })
            .collect();
        vec![Layer::Raster(Raster { info, values, scalars, classes })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::product::tests::evidence;
    use ndarray::array;

    #[test]
    fn cells_that_were_never_a_centimetre_deep_have_no_speed() {
        let layers = MaxSpeed.layers(&evidence(array![[0.005, 0.2]]));
        let [Layer::Raster(raster)] = layers.as_slice() else { panic!("one raster") };
        assert!(raster.values[(0, 0)].is_nan());
        assert_eq!(raster.values[(0, 1)], 0.5);
    }
}
