//! Who and what is hit: zones, buildings, roads, people.
//!
//! | file | holds |
//! |---|---|
//! | [`sums`] | sums over sets of cells by depth class |
//! | [`zones`] | the sums of villages, districts, blocks: rows and outlines |
//! | [`buildings`] | every building with water at its walls |
//! | [`roads`] | every road: where it is cut, from when, how deep, who gets through |
//! | [`summary`] | the lines and places that a responder reads first |
//! | [`walls`] | the water around blocked buildings |
//!
//! All of it rests on the largest depth of every cell. The rules by which a cell belongs
//! to a polygon or a line are those of [`crate::grid::polygon_cells`] and
//! [`crate::grid::line_cells`]. Cells outside the area, which have no ground level, count as dry;
//! but who is in a blocked building has the water that stands at its walls ([`walls`]).

mod buildings;
mod roads;
mod summary;
mod sums;
mod walls;
mod zones;

pub use summary::{markers, summary};

use crate::flood::exposure::{Exposed, Things};
use crate::flood::product::{Evidence, ProductSettings};
use crate::product::{Column, FieldInfo, Layer, Product};

/// Layers of shapes, as maps draw them: zones under buildings under roads.
pub const SHAPES: [&str; 3] = [ZONES, BUILDINGS, "roads_cut"];

/// Name of the layers of zones.
pub const ZONES: &str = "exposure_zones";

/// Name of the layers of buildings.
pub const BUILDINGS: &str = "exposure_buildings";

/// Tables and shapes `exposure_zones`, `exposure_buildings` and `roads_cut`; nothing where the scenario names no layer of things that may be hit.
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
        let walls = walls::Walls::new(evidence);
        let buildings = buildings::all(evidence, &walls);
        let roads = roads::all(evidence);
        let (known, zones) = zones::all(evidence, &walls, &buildings, &roads);
        let mut layers = vec![Layer::Table(zones::table(evidence, &known, &zones))];
        if zones.len() > 1 {
            layers.push(Layer::Shapes(zones::shapes(evidence, &known, &zones)));
        }
        if layers_of(evidence).any(|layer| matches!(layer.things, Things::Buildings(_))) {
            layers.push(Layer::Table(buildings::table(evidence, &buildings)));
            layers.push(Layer::Shapes(buildings::shapes(evidence, &buildings)));
        }
        if !roads.is_empty() {
            layers.extend([
                Layer::Table(roads::table(evidence, &roads)),
                Layer::Shapes(roads::shapes(evidence, &roads)),
            ]);
        }
        layers
    }
}

/// The layers of the scenario.
fn layers_of(evidence: &Evidence) -> impl Iterator<Item = &Exposed> {
    evidence.exposure.iter().map(AsRef::as_ref)
}

/// Depth from which still water carries away a small car and is a danger to people, m.
///
/// # Source
/// The limit of a small car in [`crate::flood::passability::ALL`].
const DANGEROUS: f64 = 0.30;

/// The deepest class that begins no deeper than [`DANGEROUS`], which is on the safe side, by its
/// position in the settings, and its lower bound, m; the first class if all begin deeper.
fn danger(settings: &ProductSettings) -> (usize, f64) {
    let classes = &settings.classes;
    let at = classes.iter().rposition(|class| class.from <= DANGEROUS).unwrap_or(0);
    (at, classes.get(at).map_or(DANGEROUS, |class| class.from))
}

/// A count with a comma after every three digits: `12,345`.
fn grouped(count: f64) -> String {
    let digits = format!("{count:.0}");
    let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    groups.iter().map(|group| String::from_utf8_lossy(group)).collect::<Vec<_>>().join(",")
}

/// Class of a depth by its position in the settings, from one; zero below all classes.
fn class_number(evidence: &Evidence, depth: f64) -> usize {
    evidence.settings.classes.iter().filter(|class| depth >= class.from).count()
}

/// Columns of one quantity by depth class: `people_from_0.15_m`, …
fn class_columns<'e>(
    evidence: &'e Evidence,
    name: &'e str,
    unit: &'e str,
    what: &'e str,
) -> impl Iterator<Item = Column> + 'e {
    evidence.settings.classes.iter().map(move |class| {
        Column::new(
            &format!("{name}_from_{}_m", class.from),
            unit,
            &format!("{what} with the largest depth in the class {}", class.label),
        )
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::flood::buildings::{Buildings, RoofRain, Treatment};
    use crate::flood::product::tests::evidence;
    use crate::grid::Field;
    use crate::grid::vector::{Coord, Path, Shape, VectorFeature};
    use crate::product::{Table, Value};

    fn path(points: &[(f64, f64)]) -> Path {
        points.iter().map(|&(x, y)| Coord { x, y }).collect()
    }

    fn ring(points: &[(f64, f64)]) -> Path {
        let mut ring = path(points);
        ring.push(ring[0]);
        ring
    }

    fn square(west: f64, south: f64, side: f64) -> Shape {
        let (east, north) = (west + side, south + side);
        Shape::Area(vec![ring(&[(west, south), (east, south), (east, north), (west, north)])])
    }

    fn feature(number: usize, shape: Shape, people: Option<f64>) -> VectorFeature {
        VectorFeature { number, shape, label: None, people, height: None }
    }

    fn exposed(name: &str, things: Things) -> Arc<Exposed> {
        Arc::new(Exposed { name: name.into(), things })
    }

    fn tables(evidence: &Evidence) -> Vec<Table> {
        let layers = Exposure.layers(evidence).into_iter();
        layers.filter_map(|layer| if let Layer::Table(table) = layer { Some(table) } else { None }).collect()
    }

    fn cell(table: &Table, row: usize, column: &str) -> Value {
        let at = table.columns.iter().position(|known| known.name == column);
        table.rows[row][at.unwrap_or_else(|| panic!("a column {column}"))].clone()
    }

    fn number(table: &Table, row: usize, column: &str) -> f64 {
        match cell(table, row, column) {
            Value::Number(number) => number,
            Value::Integer(number) => number as f64,
            other => panic!("{column} is {other:?}"),
        }
    }

    #[test]
    fn it_is_silent_where_nothing_is_named() {
        assert!(Exposure.layers(&evidence(Field::from_elem((3, 4), 1.0))).is_empty());
    }

    #[test]
    fn who_is_in_a_blocked_building_has_the_water_of_its_walls() {
        let mut depth = Field::zeros((6, 7));
        depth[(1, 5)] = 0.4;
        depth[(0, 0)] = 2.0;
        let mut evidence = evidence(depth);
        let covered = (1..5).flat_map(|row| (1..5).map(move |column| (row, column))).collect();
        let kind = (Treatment::Blocked, RoofRain::Lost);
        let buildings = Buildings::new(kind, &[covered], &evidence.bed).expect("streets are left");
        buildings.shape_ground(&mut evidence.bed, &[]);
        evidence.buildings = Arc::new(buildings);
        let mut people = Field::zeros((6, 7));
        people[(3, 3)] = 30.0;
        people[(5, 6)] = 5.0;
        let point = Shape::Points(vec![Coord { x: 105.0, y: 205.0 }]);
        evidence.exposure = vec![
            exposed("people", Things::People(people)),
            exposed("doors", Things::Buildings(vec![feature(1, point, Some(7.0))])),
        ];
        let found = tables(&evidence);
        assert_eq!((number(&found[0], 0, "people"), number(&found[0], 0, "people_from_0.3_m")), (35.0, 30.0));
        assert_eq!(
            number(&found[0], 0, "area_from_0.3_m"),
            2.0 * 4.0,
            "the floor of the building is not flooded area"
        );
        let table = found.iter().find(|table| table.info.name == "exposure_buildings").expect("a table");
        assert_eq!((number(table, 0, "max_depth_m"), number(table, 0, "arrival_min")), (0.4, 1.0));
    }

    #[test]
    fn a_building_is_as_deep_as_the_water_at_its_walls() {
        // Cells of 2 m from (100, 200): the building stands dry on cells (2, 2) to (3, 3).
        let mut depth = Field::zeros((8, 8));
        depth[(4, 4)] = 0.35;
        depth[(6, 2)] = 2.0;
        let mut evidence = evidence(depth);
        let buildings = vec![
            feature(1, square(104.0, 204.0, 4.0), Some(12.0)),
            feature(2, square(100.0, 200.0, 2.0), Some(5.0)),
            // Smaller than a cell and away from its centre.
            feature(3, square(104.1, 210.1, 0.2), None),
        ];
        evidence.exposure = vec![exposed("houses", Things::Buildings(buildings))];
        let found = tables(&evidence);
        let table = found.iter().find(|table| table.info.name == "exposure_buildings").expect("a table");
        assert_eq!(table.rows.len(), 2, "the second building is dry");
        assert_eq!(cell(table, 0, "building"), Value::Text("#1".into()));
        assert_eq!((number(table, 0, "max_depth_m"), number(table, 0, "arrival_min")), (0.35, 1.0));
        assert_eq!((number(table, 1, "max_depth_m"), number(table, 0, "people")), (2.0, 12.0));
        let zones = &found[0];
        assert_eq!((number(zones, 0, "buildings"), number(zones, 0, "buildings_from_0.3_m")), (3.0, 2.0));
        assert_eq!(number(zones, 0, "people_in_buildings_from_0.3_m"), 12.0);
    }

    #[test]
    fn a_road_tells_where_when_and_for_whom_it_is_cut() {
        let mut depth = Field::zeros((3, 10));
        (depth[(1, 3)], depth[(1, 4)], depth[(1, 7)]) = (0.2, 0.4, 0.55);
        let mut evidence = evidence(depth);
        evidence.exceedances[1].first_above[(1, 7)] = 1800.0;
        let roads = vec![
            feature(1, Shape::Lines(vec![path(&[(100.0, 203.0), (120.0, 203.0)])]), None),
            feature(2, Shape::Lines(vec![path(&[(100.0, 201.0), (110.0, 201.0)])]), None),
        ];
        evidence.exposure = vec![exposed("streets", Things::Roads(roads))];
        let found = tables(&evidence);
        let table = found.iter().find(|table| table.info.name == "roads_cut").expect("a table");
        let close =
            |column: &str, wanted: f64| assert!((number(table, 0, column) - wanted).abs() < 1e-9, "{column}");
        close("length_m", 20.0);
        close("max_depth_m", 0.55);
        close("cut_from_min", 1.0);
        close("cut_until_at_least_min", 40.0);
        close("cut_longest_min", 10.0);
        close("length_from_0.15_m", 6.0);
        close("length_from_0.3_m", 4.0);
        close("length_from_0.5_m", 2.0);
        assert_eq!(cell(table, 0, "car_passes"), Value::Flag(false));
        assert_eq!(cell(table, 0, "fire_engine_passes"), Value::Flag(true));
        assert_eq!(cell(table, 1, "cut_from_min"), Value::Missing);
        assert_eq!(cell(table, 1, "car_passes"), Value::Flag(true));
        let shapes = Exposure.layers(&evidence).into_iter().find_map(|layer| match layer {
            Layer::Shapes(shapes) => Some(shapes),
            _ => None,
        });
        let features = shapes.expect("shapes").features;
        assert_eq!(features.len(), 1);
        let geo_types::Geometry::MultiLineString(lines) = &features[0].geometry else { panic!("lines") };
        assert_eq!(lines.0.len(), 2, "two cells side by side are one part");
    }

    #[test]
    fn the_people_of_a_zone_are_shared_among_its_cells() {
        let mut depth = Field::zeros((4, 4));
        depth[(0, 0)] = 1.0;
        let mut evidence = evidence(depth);
        evidence.exposure =
            vec![exposed("z", Things::Zones(vec![feature(1, square(100.0, 200.0, 4.0), Some(80.0))]))];
        let table = &tables(&evidence)[0];
        assert_eq!(
            (number(table, 1, "people_of_zone"), number(table, 1, "people_of_zone_from_0.3_m")),
            (80.0, 20.0)
        );
        assert_eq!((number(table, 1, "area"), number(table, 0, "area")), (16.0, 64.0));
        assert_eq!(cell(table, 0, "people_of_zone"), Value::Missing);
    }

    /// The rule of a polygon, point by point.
    fn is_inside(rings: &[Path], x: f64, y: f64) -> bool {
        let crosses = |side: &&[Coord<f64>]| {
            let (low, high) = if side[0].y <= side[1].y { (side[0], side[1]) } else { (side[1], side[0]) };
            low.y <= y && y < high.y && low.x + (y - low.y) / (high.y - low.y) * (high.x - low.x) > x
        };
        rings.iter().flat_map(|ring| ring.windows(2)).filter(crosses).count() % 2 == 1
    }

    fn corner() -> impl Strategy<Value = (f64, f64)> {
        let anywhere = (95.0..130.0, 195.0..240.0);
        // Centres and corners of cells.
        let on_the_grid =
            (0_u8..24, 0_u8..32).prop_map(|(x, y)| (100.0 + f64::from(x), 200.0 + f64::from(y)));
        prop_oneof![anywhere, on_the_grid]
    }

    proptest! {
        #[test]
        fn sums_over_a_zone_are_to_the_last_bit_those_over_its_cells(
            rings in proptest::collection::vec(proptest::collection::vec(corner(), 3..9), 1..4),
            depths in proptest::collection::vec(0.0..0.6_f64, 16 * 12),
            people in proptest::collection::vec(0.0..50.0_f64, 16 * 12),
        ) {
            let rings: Vec<Path> = rings.iter().map(|points| ring(points)).collect();
            let field = |numbers: Vec<f64>| Field::from_shape_vec((16, 12), numbers).expect("16 times 12");
            let mut evidence = evidence(field(depths));
            let people = field(people);
            evidence.exposure = vec![
                exposed("z", Things::Zones(vec![feature(1, Shape::Area(rings.clone()), None)])),
                exposed("p", Things::People(people.clone())),
            ];
            let (mut cells, mut sums) = ([0_u32; 3], [0.0_f64; 3]);
            for ((row, column), depth) in evidence.max_depth.indexed_iter() {
                if is_inside(&rings, evidence.grid.x(column), evidence.grid.y(row)) {
                    let class = usize::from(*depth >= 0.15) + usize::from(*depth >= 0.3);
                    cells[class] += 1;
                    sums[class] += people[(row, column)];
                }
            }
            let table = &tables(&evidence)[0];
            let area = |cells: u32| f64::from(cells) * 4.0;
            prop_assert_eq!(number(table, 1, "area"), area(cells.iter().sum()));
            prop_assert_eq!(number(table, 1, "area_from_0.15_m"), area(cells[1]));
            prop_assert_eq!(number(table, 1, "area_from_0.3_m"), area(cells[2]));
            prop_assert_eq!(number(table, 1, "people"), sums[0] + sums[1] + sums[2]);
            prop_assert_eq!(number(table, 1, "people_from_0.15_m"), sums[1]);
            prop_assert_eq!(number(table, 1, "people_from_0.3_m"), sums[2]);
        }
    }

    #[test]
    fn zones_that_tile_the_grid_add_up_to_it() {
        let depth = Field::from_shape_fn((12, 12), |(row, column)| 0.01 * (7 * row + 5 * column) as f64);
        let mut evidence = evidence(depth);
        // Borders run through the centres of cells.
        let tiles = [(99.0, 199.0), (113.0, 199.0), (99.0, 213.0), (113.0, 213.0)];
        let zones =
            tiles.iter().enumerate().map(|(i, &(x, y))| feature(i + 1, square(x, y, 14.0), None)).collect();
        let points = (0..50).map(|i| {
            let at = Coord { x: 100.0 + 0.47 * f64::from(i), y: 200.0 + f64::from(i * 7 % 24) };
            feature(i as usize + 1, Shape::Points(vec![at]), None)
        });
        evidence.exposure =
            vec![exposed("z", Things::Zones(zones)), exposed("b", Things::Buildings(points.collect()))];
        let table = &tables(&evidence)[0];
        for column in ["area", "area_from_0.15_m", "area_from_0.3_m", "buildings", "buildings_from_0.3_m"] {
            let sum: f64 = (1..5).map(|row| number(table, row, column)).sum();
            assert_eq!(sum, number(table, 0, column), "{column}");
        }
    }
}
