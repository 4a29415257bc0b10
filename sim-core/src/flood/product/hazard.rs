//! How dangerous the water was.

use crate::flood::hazard::{self, Scheme};
use crate::flood::product::Evidence;
use crate::flood::record::SPEED_DEPTH;
use crate::product::{Class, Column, FieldInfo, Layer, Product, Raster, Scalar, Table, Value};

/// Raster of the largest rating of every cell over all steps by one scheme ([`hazard`]), and table of
/// the area of each of its classes; NaN where the water was never [`SPEED_DEPTH`] deep.
pub struct Hazard(pub Scheme);

impl Hazard {
    /// Title of maps and lines.
    pub fn title(&self) -> &'static str {
        match self.0 {
            Scheme::Aidr => "Flood hazard, AIDR 2017",
            Scheme::DefraPasture => "Hazard rating FD2321, pasture",
            Scheme::DefraWoodland => "Hazard rating FD2321, woodland",
            Scheme::DefraUrban => "Hazard rating FD2321, urban",
        }
    }

    fn title_zh(&self) -> &'static str {
        match self.0 {
            Scheme::Aidr => "洪水危险等级（AIDR 2017）",
            Scheme::DefraPasture => "洪水危险度（FD2321，草地耕地）",
            Scheme::DefraWoodland => "洪水危险度（FD2321，林地）",
            Scheme::DefraUrban => "洪水危险度（FD2321，城区）",
        }
    }

    /// Classes of the scheme, each with the area whose worst it was, m².
    pub fn areas(&self, evidence: &Evidence) -> Vec<(hazard::Class, f64)> {
        let mut areas: Vec<_> = self.0.classes().iter().map(|&class| (class, 0.0)).collect();
        let worst = evidence.hazards.iter().find(|hazard| hazard.0 == self.0);
        for &rating in worst.into_iter().flat_map(|(_, worst)| worst) {
            if let Some(class) = self.0.class_of(rating as f32) {
                areas[class].1 += evidence.grid.cell_area();
            }
        }
        areas
    }

    fn raster(&self, evidence: &Evidence) -> Option<Raster> {
        let (_, worst) = evidence.hazards.iter().find(|hazard| hazard.0 == self.0)?;
        let what = match self.0 {
            Scheme::Aidr => "class H1 to H6 by depth and speed",
            _ => "rating d (v + 0.5) + debris factor",
        };
        let info = FieldInfo {
            name: self.name().into(),
            title: self.title().into(),
            title_zh: self.title_zh().into(),
            unit: "1".into(),
            meaning: format!(
                "{what}, the largest of all time steps at which the water was at least {SPEED_DEPTH} m deep"
            ),
            standard_name: None,
            cell_methods: Some("time: maximum".into()),
        };
        let scalars = vec![Scalar {
            name: "speed_depth".into(),
            standard_name: Some("flood_water_thickness".into()),
            unit: "m".into(),
            value: SPEED_DEPTH,
        }];
        let class = |class: &hazard::Class| Class {
            from: f64::from(class.from),
            label: class.name.into(),
            colour: class.colour,
        };
        let values = worst.mapv(|rating| if rating > 0.0 { rating } else { f64::NAN });
        Some(Raster { info, values, scalars, classes: self.0.classes().iter().map(class).collect() })
    }

    fn table(&self, evidence: &Evidence) -> Table {
        let row = |(class, area): (hazard::Class, f64)| {
            vec![
                Value::Text(class.name.into()),
                Value::Text(class.name_zh.into()),
                Value::Number(f64::from(class.from)),
                Value::Number(area),
            ]
        };
        Table {
            info: FieldInfo {
                name: format!("{}_area", self.name()),
                title: format!("{}: area by class", self.title()),
                title_zh: format!("{}分级面积", self.title_zh()),
                meaning: "area whose worst class over the run it was".into(),
                ..FieldInfo::default()
            },
            columns: vec![
                Column::new("class", "", "class of hazard"),
                Column::new("class_zh", "", "class of hazard, Chinese"),
                Column::new("from", "1", "smallest value of the raster that belongs to it"),
                Column::new("area_m2", "m2", "area whose worst class it was"),
            ],
            rows: self.areas(evidence).into_iter().map(row).collect(),
        }
    }
}

impl Product<Evidence> for Hazard {
    fn name(&self) -> &'static str {
        match self.0 {
            Scheme::Aidr => "hazard_aidr",
            Scheme::DefraPasture => "hazard_uk_pasture",
            Scheme::DefraWoodland => "hazard_uk_woodland",
            Scheme::DefraUrban => "hazard_uk_urban",
        }
    }

    fn meaning(&self) -> &'static str {
        match self.0 {
            Scheme::Aidr => {
                "worst class H1 to H6 by depth and speed (Australia, AIDR 2017); only where named"
            }
            Scheme::DefraPasture => {
                "largest hazard rating on pasture and arable land (UK, FD2321); only where named"
            }
            Scheme::DefraWoodland => "largest hazard rating in woodland (UK, FD2321); only where named",
            Scheme::DefraUrban => "largest hazard rating in towns (UK, FD2321); only where named",
        }
    }

    fn is_on_request(&self) -> bool {
        true
    }

    fn layers(&self, evidence: &Evidence) -> Vec<Layer> {
        let Some(raster) = self.raster(evidence) else { return Vec::new() };
        vec![Layer::Raster(raster), Layer::Table(self.table(evidence))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::product::tests::evidence;
    use ndarray::array;

    #[test]
    fn areas_of_the_classes_add_up_to_what_was_rated() {
        let mut evidence = evidence(array![[0.0, 0.2, 0.4, 0.4]]);
        evidence.hazards = vec![(Scheme::Aidr, array![[0.0, 1.0, 5.0, 5.0]])];
        let layers = Hazard(Scheme::Aidr).layers(&evidence);
        let [Layer::Raster(raster), Layer::Table(table)] = layers.as_slice() else {
            panic!("a raster and a table")
        };
        assert!(raster.values[(0, 0)].is_nan());
        assert_eq!(raster.classes.len(), table.rows.len());
        let areas: Vec<f64> =
            Hazard(Scheme::Aidr).areas(&evidence).into_iter().map(|class| class.1).collect();
        assert_eq!(areas, [4.0, 0.0, 0.0, 0.0, 8.0, 0.0], "cells of 4 m2");
    }

    #[test]
    fn a_scheme_that_was_not_recorded_has_no_layers() {
        assert!(Hazard(Scheme::DefraUrban).layers(&evidence(array![[0.2]])).is_empty());
    }
}
