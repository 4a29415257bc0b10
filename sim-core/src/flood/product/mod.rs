//! What a flood run leaves for people.
//!
//! Each product is one file with a type that implements
//! [`Product<Evidence>`](crate::product::Product); it joins runs, scenarios and
//! lists by its line in [`ALL`].

mod arrival_time;
mod barriers;
mod duration;
mod exposure;
mod hazard;
mod manholes;
mod max_depth;
mod max_speed;
mod places;
mod releases;
mod structures;
mod time_of_maximum;
mod waterlogging;

pub use arrival_time::ArrivalTime;
pub use barriers::{Barriers, Crossed};
pub use duration::Duration;
pub use exposure::{
    BUILDINGS as EXPOSURE_BUILDINGS, Exposure, SHAPES as EXPOSURE_SHAPES, ZONES as EXPOSURE_ZONES,
    markers as exposure_markers, summary as exposure_summary,
};
pub use hazard::Hazard;
pub use manholes::Manholes;
pub use max_depth::MaxDepth;
pub use max_speed::MaxSpeed;
pub use places::{Places, fate};
pub use releases::{Releases, release_told};
pub use structures::Structures;
pub use time_of_maximum::TimeOfMaximum;
pub use waterlogging::{Point, Waterlogging, points};

use std::sync::Arc;

use crate::flood::buildings::Buildings;
use crate::flood::drainage::{Manhole, ManholeRecord};
use crate::flood::exposure::Exposed;
use crate::flood::hazard::Scheme;
use crate::flood::place;
use crate::flood::reservoir::Release;
use crate::flood::structure::{Service, Structure};
use crate::grid::{Field, Grid};
use crate::product::{Class, Product, Scalar};

/// Every product, in the order in which results list them.
pub const ALL: [&dyn Product<Evidence>; 16] = [
    &MaxDepth,
    &MaxSpeed,
    &TimeOfMaximum,
    &ArrivalTime,
    &Duration,
    &Waterlogging,
    &Places,
    &Structures,
    &Manholes,
    &Releases,
    &Barriers,
    &Exposure,
    &Hazard(Scheme::Aidr),
    &Hazard(Scheme::DefraPasture),
    &Hazard(Scheme::DefraWoodland),
    &Hazard(Scheme::DefraUrban),
];

/// Depth below which a cell counts as never wet on rasters, m.
///
/// A millimetre is the film that rain leaves on every roof; drawing it would
/// paint the whole map.
pub const WET_DEPTH: f64 = 0.001;

/// Minute in seconds, for columns and legends.
pub const MINUTE: f64 = 60.0;

/// One class of depth, for legends and tables.
#[derive(Debug, Clone, PartialEq)]
pub struct DepthClass {
    /// Lower bound, m.
    pub from: f64,
    /// Label, English.
    pub label: String,
    /// Label, Chinese.
    pub label_zh: String,
    /// Red, green, blue.
    pub colour: [u8; 3],
}

/// Which products are wanted, and the thresholds they use.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductSettings {
    /// Depth that counts as arrival, and whose duration is recorded, m.
    pub arrival_depth: f64,
    /// Depth from which water stands in the way, m.
    pub waterlogging_depth: f64,
    /// Smallest area of a waterlogging point, m².
    pub waterlogging_area: f64,
    /// Classes of depth in rising order.
    pub classes: Vec<DepthClass>,
    /// Names of products; see [`ALL`].
    pub wanted: Vec<String>,
}

impl ProductSettings {
    /// True if a product was asked for.
    pub fn wants(&self, name: &str) -> bool {
        self.wanted.iter().any(|wanted| wanted == name)
    }

    /// Ratings of hazard that the wanted products need.
    pub fn hazards(&self) -> Vec<Scheme> {
        crate::flood::hazard::ALL.into_iter().filter(|&scheme| self.wants(Hazard(scheme).name())).collect()
    }

    /// Class of a depth, or none below the first class.
    pub fn class_of(&self, depth: f64) -> Option<&DepthClass> {
        self.classes.iter().rev().find(|class| depth >= class.from)
    }

    /// Depths whose first exceedance and duration the wanted products need, m, each once.
    pub fn thresholds(&self) -> Vec<f64> {
        let mut depths = Vec::new();
        if self.wants("arrival_time") || self.wants("duration") {
            depths.push(self.arrival_depth);
        }
        let cuts = self.wants("waterlogging") || self.wants("exposure");
        if cuts && !depths.contains(&self.waterlogging_depth) {
            depths.push(self.waterlogging_depth);
        }
        depths
    }
}

/// When cells were first deeper than a depth, and for how long.
#[derive(Debug, Clone, PartialEq)]
pub struct Exceedance {
    /// The depth, m.
    pub depth: f64,
    /// First time, s; infinite if never.
    pub first_above: Field,
    /// Duration in all, s.
    pub time_above: Field,
}

/// Everything that products are made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Where the cells are.
    pub grid: Grid,
    /// Ground level, m; NaN outside the area.
    pub bed: Field,
    /// Largest depth, m.
    pub max_depth: Field,
    /// First time of the largest depth, s.
    pub time_of_maximum: Field,
    /// Largest speed at depths above [`crate::flood::record::SPEED_DEPTH`], m/s.
    pub max_speed: Field,
    /// One per threshold of the settings.
    pub exceedances: Vec<Exceedance>,
    /// Largest rating of each scheme of hazard that was asked for.
    pub hazards: Vec<(Scheme, Field)>,
    /// What was asked for.
    pub settings: ProductSettings,
    /// Structures and what each has done.
    pub services: Vec<(Structure, Service)>,
    /// What reservoirs released.
    pub releases: Vec<Release>,
    /// Levees and bridges and what has passed each.
    pub crossings: Vec<Crossed>,
    /// Places that matter.
    pub places: place::Places,
    /// What happened at each of them.
    pub diaries: Vec<place::Diary>,
    /// Things that may be hit.
    pub exposure: Vec<Arc<Exposed>>,
    /// Manholes of the sewers and what happened at each.
    pub manholes: Vec<(Manhole, ManholeRecord)>,
    /// Depth at the end, m.
    pub last_depth: Field,
    /// Buildings on the ground.
    pub buildings: Arc<Buildings>,
    /// Simulated time, s.
    pub duration: f64,
}

impl Evidence {
    /// The record of a threshold; every threshold of the settings has one.
    pub fn exceedance(&self, depth: f64) -> &Exceedance {
        match self.exceedances.iter().find(|exceedance| exceedance.depth == depth) {
            Some(exceedance) => exceedance,
            None => unreachable!("a run records every threshold of its settings, and {depth} m is one"),
        }
    }
}

/// The threshold of a layer as a number that travels with it.
fn threshold_scalar(name: &str, depth: f64) -> Scalar {
    Scalar {
        name: name.into(),
        standard_name: Some("flood_water_thickness".into()),
        unit: "m".into(),
        value: depth,
    }
}

/// Lower bounds of the time classes of legends, minutes: doubling from a quarter of an hour.
const TIME_CLASSES_MIN: [f64; 9] = [0.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0, 960.0, 1920.0];

/// Colours of the time classes, early (dark) to late (light).
const TIME_COLOURS: [[u8; 3]; 9] = [
    [122, 1, 119],
    [174, 1, 126],
    [221, 52, 151],
    [247, 104, 161],
    [250, 159, 181],
    [252, 187, 190],
    [252, 205, 200],
    [253, 218, 214],
    [253, 230, 226],
];

/// Legend classes of a time up to the end of the run.
fn time_classes(duration: f64) -> Vec<Class> {
    let bounds: Vec<f64> =
        TIME_CLASSES_MIN.into_iter().filter(|&bound| bound == 0.0 || bound * MINUTE < duration).collect();
    bounds
        .iter()
        .zip(TIME_COLOURS)
        .enumerate()
        .map(|(position, (&bound, colour))| {
            let label = match bounds.get(position + 1) {
                Some(next) => format!("{bound}-{next} min"),
                None => format!("> {bound} min"),
            };
            Class { from: bound * MINUTE, label, colour }
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::grid::Crs;

    /// Settings with everything wanted and two classes.
    pub(crate) fn settings() -> ProductSettings {
        let class = |from: f64, label: &str, label_zh: &str| DepthClass {
            from,
            label: label.into(),
            label_zh: label_zh.into(),
            colour: [10, 20, 30],
        };
        ProductSettings {
            arrival_depth: 0.05,
            waterlogging_depth: 0.15,
            waterlogging_area: 8.0,
            classes: vec![class(0.15, "15-30 cm", "轻度"), class(0.3, "> 30 cm", "重度")],
            wanted: ALL.iter().map(|product| product.name().to_string()).collect(),
        }
    }

    /// A grid of 2 m cells with given largest depths; everything arrives at 60 s and stays 600 s.
    pub(crate) fn evidence(max_depth: Field) -> Evidence {
        let (rows, columns) = max_depth.dim();
        let grid = Grid { columns, rows, dx: 2.0, dy: 2.0, west: 100.0, south: 200.0, crs: Crs::local() };
        let settings = settings();
        let exceedance = |depth: f64| Exceedance {
            depth,
            first_above: max_depth.mapv(|deepest| if deepest > depth { 60.0 } else { f64::INFINITY }),
            time_above: max_depth.mapv(|deepest| if deepest > depth { 600.0 } else { 0.0 }),
        };
        Evidence {
            bed: grid.filled(0.0),
            time_of_maximum: grid.filled(300.0),
            max_speed: max_depth.mapv(|depth| if depth > 0.01 { 0.5 } else { 0.0 }),
            exceedances: settings.thresholds().into_iter().map(exceedance).collect(),
            hazards: Vec::new(),
            settings,
            services: Vec::new(),
            releases: Vec::new(),
            crossings: Vec::new(),
            places: place::Places::default(),
            diaries: Vec::new(),
            exposure: Vec::new(),
            manholes: Vec::new(),
            last_depth: grid.filled(0.0),
            buildings: Arc::new(Buildings::none()),
            duration: 7200.0,
            max_depth,
            grid,
        }
    }

    #[test]
    fn names_are_unique_and_thresholds_are_recorded_once() {
        let mut names: Vec<&str> = ALL.iter().map(|product| product.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
        let mut settings = settings();
        assert_eq!(settings.thresholds(), [0.05, 0.15]);
        settings.arrival_depth = 0.15;
        assert_eq!(settings.thresholds(), [0.15]);
        settings.wanted.clear();
        assert!(settings.thresholds().is_empty());
    }

    #[test]
    fn legends_of_time_end_with_the_run() {
        let labels: Vec<String> = time_classes(3600.0).into_iter().map(|class| class.label).collect();
        assert_eq!(labels, ["0-15 min", "15-30 min", "> 30 min"]);
    }
}
