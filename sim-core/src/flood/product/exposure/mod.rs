//! Who and what is hit: zones, buildings, roads, people.
//!
//! | file | holds |
//! |---|---|
//! | [`zones`] | sums over villages, districts, blocks |
//! | [`buildings`] | every building with water at its walls |
//! | [`roads`] | every road: where it is cut, from when, how deep, who gets through |
//!
//! All of it rests on the largest depth of every cell. The rules by which a cell belongs
//! to a polygon or a line are those of [`crate::grid::polygon_cells`] and
//! [`crate::grid::line_cells`]. Cells outside the area, which have no ground level, count as dry.

mod buildings;
mod roads;
mod zones;

use crate::flood::exposure::{Exposed, Things};
use crate::flood::product::Evidence;
use crate::product::{Column, FieldInfo, Layer, Product};

/// Tables `exposure_zones`, `exposure_buildings` and `roads_cut`, and shapes `roads_cut`;
/// nothing where the scenario names no layer of things that may be hit.
pub struct Exposure;

impl Product<Evidence> for Exposure {
    fn name(&self) -> &'static str {
        "exposure"
    }

    fn meaning(&self) -> &'static str {
        "people, buildings and roads by depth class, in zones and one by one"
    }

    fn layers(&self, evidence: &Evidence) -> Vec<Layer> {
        if evidence.exposure.is_empty() {
            return Vec::new();
        }
        let buildings = buildings::all(evidence);
        let roads = roads::all(evidence);
        let mut layers = vec![Layer::Table(zones::table(evidence, &buildings, &roads))];
        if layers_of(evidence).any(|layer| matches!(layer.things, Things::Buildings(_))) {
            layers.push(Layer::Table(buildings::table(evidence, &buildings)));
        }
        if !roads.is_empty() {
            layers.extend([Layer::Table(roads::table(evidence, &roads)), Layer::Shapes(roads::shapes(evidence, &roads))]);
        }
        layers
    }
}

/// The layers of the scenario.
fn layers_of(evidence: &Evidence) -> impl Iterator<Item = &Exposed> {
    evidence.exposure.iter().map(AsRef::as_ref)
}

/// Class of a depth by its position in the settings, from one; zero below all classes.
fn class_number(evidence: &Evidence, depth: f64) -> usize {
    evidence.settings.classes.iter().filter(|class| depth >= class.from).count()
}

/// Columns of one quantity by depth class: `people_from_0.15_m`, …
fn class_columns<'e>(evidence: &'e Evidence, name: &'e str, unit: &'e str, what: &'e str) -> impl Iterator<Item = Column> + 'e {
    evidence.settings.classes.iter().map(move |class| {
        Column::new(&format!("{name}_from_{}_m", class.from), unit, &format!("{what} with the largest depth in the class {}", class.label))
    })
}

/// Name and meaning of a layer.
fn info(name: &str, title: &str, title_zh: &str, meaning: String) -> FieldInfo {
    FieldInfo {
        name: name.into(),
        title: title.into(),
        title_zh: title_zh.into(),
        meaning,
        ..FieldInfo::default()
    }
}
