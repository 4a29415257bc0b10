//! The area to clear.

use geo_types::Geometry;

use crate::gas::dispersion::Dispersion;
use crate::gas::validity::Judgement;
use crate::product::{Column, Feature, FieldInfo, Layer, Product, Shapes, Value};

/// Colour of the area to clear.
const COLOUR: [u8; 3] = [70, 90, 200];

/// The recommended area and its radius.
pub struct EvacuationArea;

impl Product<Dispersion> for EvacuationArea {
    fn name(&self) -> &'static str {
        "evacuation"
    }

    fn meaning(&self) -> &'static str {
        "the area to clear: a circle, or the wedge of the wind and the circle of the jet"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        let plan = &outcome.evacuation;
        let info = FieldInfo {
            name: self.name().into(),
            title: format!("{}Area to clear, radius {:.0} m", outcome.mark(), plan.rounded_radius()),
            title_zh: format!("{}疏散区，半径{:.0}米", outcome.mark_zh(), plan.rounded_radius()),
            meaning: "greatest distance over all levels, by the plume or on the axis of the jet; \
                      enclosed spaces and buildings are not covered"
                .into(),
            ..FieldInfo::default()
        };
        let columns = vec![
            Column::new("radius_m", "m", "greatest distance at which any level of the case may be met"),
            Column::new("rounded_radius_m", "m", "the same, rounded up"),
            Column::new("radius_is_minimum", "", "true where the radius is at least this"),
            Column::new("jet_reach_m", "m", "greatest distance on the axis of a free jet, in any direction"),
            Column::new("is_circle", "", "true where the direction of the wind is not known"),
            Column::new(
                "valid",
                "",
                "true where every zone is valid and every criterion was judged and passed",
            ),
        ];
        let sound = outcome.verdicts.iter().all(|verdict| verdict.judgement == Judgement::Passed);
        let values = vec![
            Value::Number(plan.radius),
            Value::Number(plan.rounded_radius()),
            Value::Flag(plan.is_cut),
            Value::Number(plan.jet_reach),
            Value::Flag(plan.is_circle),
            Value::Flag(sound && outcome.zones.iter().all(crate::gas::hazard::Zone::is_valid)),
        ];
        let doubt = if outcome.is_invalid { " (not valid)" } else { "" };
        let label = format!("clear {:.0} m{doubt}", plan.rounded_radius());
        let geometry = Geometry::MultiPolygon(plan.area.clone());
        let area = Feature { geometry, label, values, colour: COLOUR };
        let features = if plan.area.0.is_empty() { Vec::new() } else { vec![area] };
        vec![Layer::Shapes(Shapes { info, columns, features })]
    }
}
