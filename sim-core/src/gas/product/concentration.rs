//! Concentration on the grid, by mass and by volume.

use crate::gas::dispersion::Dispersion;
use crate::gas::product::level_classes;
use crate::product::{FieldInfo, Layer, Product, Raster, Scalar};

/// Concentration by volume.
pub struct ConcentrationPpm;

/// Concentration by mass.
pub struct MassConcentration;

impl Product<Dispersion> for ConcentrationPpm {
    fn name(&self) -> &'static str {
        "concentration_ppm"
    }

    fn meaning(&self) -> &'static str {
        "largest mean concentration at the receptors' height, ppm by volume"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        let values = outcome.concentration.mapv(|value| outcome.ppm(value));
        let info = FieldInfo { name: self.name().into(), unit: "1e-6".into(), ..info(outcome) };
        let classes = level_classes(outcome, |zone| zone.level.ppm());
        vec![Layer::Raster(Raster { info, values, scalars: scalars(outcome), classes })]
    }
}

impl Product<Dispersion> for MassConcentration {
    fn name(&self) -> &'static str {
        "concentration"
    }

    fn meaning(&self) -> &'static str {
        "largest mean concentration at the receptors' height, kg/m³"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        let info = FieldInfo {
            name: self.name().into(),
            unit: "kg m-3".into(),
            standard_name: outcome.substance.standard_name.clone(),
            ..info(outcome)
        };
        let classes = level_classes(outcome, |zone| zone.threshold);
        let values = outcome.concentration.clone();
        vec![Layer::Raster(Raster { info, values, scalars: scalars(outcome), classes })]
    }
}

fn info(outcome: &Dispersion) -> FieldInfo {
    let (mark, substance) = (outcome.mark(), &outcome.substance);
    FieldInfo {
        title: format!("{mark}{} concentration", substance.name),
        title_zh: format!("{}{}浓度", outcome.mark_zh(), substance.name_zh),
        meaning: format!(
            "{mark}concentration of {} (CAS {}) {} m above ground, {}, largest over {} weather row(s); \
             cut to the pure gas within metres of the source",
            substance.name,
            substance.cas,
            outcome.receptor_height,
            outcome.mean_in_words(),
            outcome.weather.len()
        ),
        cell_methods: Some("time: mean".into()),
        ..FieldInfo::default()
    }
}

fn scalars(outcome: &Dispersion) -> Vec<Scalar> {
    let scalar = |name: &str, standard_name: Option<&str>, unit: &str, value: f64| Scalar {
        name: name.into(),
        standard_name: standard_name.map(str::to_owned),
        unit: unit.into(),
        value,
    };
    vec![
        scalar("receptor_height", Some("height"), "m", outcome.receptor_height),
        scalar("averaging_time", None, "s", outcome.averaging_time),
    ]
}
