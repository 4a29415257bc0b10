//! Waterlogging points: where water stands in the way, how deep, from when and for how long.

use std::collections::BTreeSet;

use geo_types::{Geometry, MultiPolygon};

use crate::flood::area::{self, Areas};
use crate::flood::product::{Evidence, MINUTE};
use crate::grid::LonLat;
use crate::product::{Column, Feature, FieldInfo, Layer, Product, Shapes, Table, Value};

/// Shapes `waterlogging` and table `waterlogging_points`: connected areas in which
/// the largest depth reached the waterlogging depth, if they are large enough.
///
/// Cells belong together when they share a side ([`crate::flood::area`]). Points
/// are ranked by the depth class of their deepest cell (danger to people), within
/// a class by volume (pumps to send). Place, onset, time of the peak and
/// duration are those of the deepest cell. Mean depth and volume add up the largest
/// depth of every cell, which need not all occur at one time. A manhole that gave water to
/// the street outside these areas is a point of its own, however shallow the water on it.
pub struct Waterlogging;

/// One waterlogging point.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Position in the list, from one.
    pub rank: usize,
    /// Row and column of the deepest cell.
    pub deepest: (usize, usize),
    /// Longitude and latitude of the deepest cell, where they are known.
    pub lon_lat: Option<LonLat>,
    /// Centre of the deepest cell, m.
    pub x: f64,
    /// Centre of the deepest cell, m.
    pub y: f64,
    /// Largest depth, m.
    pub max_depth: f64,
    /// Mean of the largest depths of its cells, m.
    pub mean_depth: f64,
    /// Area, m².
    pub area: f64,
    /// Sum of the largest depths times the area of a cell, m³.
    pub volume: f64,
    /// First time above the waterlogging depth, s.
    pub onset: f64,
    /// Time of the largest depth, s.
    pub time_of_peak: f64,
    /// Time above the waterlogging depth, s.
    pub duration: f64,
    /// Class of the largest depth by its position in the settings, from one; zero below all classes.
    pub class: usize,
    /// When the water had gone, s; infinite if it still stands there at the end.
    pub recedes: f64,
    /// Manholes that gave water to it: name and volume, m³.
    pub manholes: Vec<(String, f64)>,
    /// Position of its area in the list of areas; none for a manhole by itself.
    area_number: Option<usize>,
}

impl Point {
    /// Where its water came from, as far as it is known.
    pub fn source(&self) -> String {
        let spilled: f64 = self.manholes.iter().map(|(_, volume)| volume).sum();
        let mut sources: Vec<String> =
            self.manholes.iter().map(|(name, volume)| format!("manhole {name} {volume:.0} m3")).collect();
        if self.volume > spilled {
            sources.push(SURFACE.into());
        }
        sources.join("; ")
    }
}

/// Water that did not come out of the sewers.
const SURFACE: &str = "surface";

/// All waterlogging points, most important first.
pub fn points(evidence: &Evidence) -> Vec<Point> {
    ranked(evidence, &areas(evidence))
}

fn areas(evidence: &Evidence) -> Areas {
    let threshold = evidence.settings.waterlogging_depth;
    area::connected(&evidence.max_depth.mapv(|depth| depth >= threshold))
}

fn ranked(evidence: &Evidence, areas: &Areas) -> Vec<Point> {
    let cell_area = evidence.grid.cell_area();
    let smallest = evidence.settings.waterlogging_area;
    let mut points: Vec<Point> = areas
        .list
        .iter()
        .enumerate()
        .filter(|(_, area)| area.cells.len() as f64 * cell_area >= smallest)
        .map(|(number, area)| point(evidence, Some(number), &area.cells))
        .collect();
    points.extend(manholes_by_themselves(evidence, areas, &points));
    points.sort_by(|a, b| {
        let by_class = b.class.cmp(&a.class);
        by_class.then(b.volume.total_cmp(&a.volume)).then(a.area_number.cmp(&b.area_number))
    });
    for (position, point) in points.iter_mut().enumerate() {
        point.rank = position + 1;
    }
    points
}

/// Manholes that spilled outside the areas of the points.
fn manholes_by_themselves(evidence: &Evidence, areas: &Areas, points: &[Point]) -> Vec<Point> {
    let listed: BTreeSet<(usize, usize)> = points
        .iter()
        .filter_map(|point| point.area_number)
        .flat_map(|number| areas.list[number].cells.iter().copied())
        .collect();
    let cells: BTreeSet<(usize, usize)> = evidence
        .manholes
        .iter()
        .filter(|(manhole, record)| record.has_spilled() && !listed.contains(&manhole.cell))
        .map(|(manhole, _)| manhole.cell)
        .collect();
    let alone = |cell| {
        let mut point = point(evidence, None, &[cell]);
        let records = evidence.manholes.iter().filter(|(manhole, _)| manhole.cell == cell);
        point.onset = records.map(|(_, record)| record.first_spill).fold(f64::INFINITY, f64::min);
        point
    };
    cells.into_iter().map(alone).collect()
}

fn point(evidence: &Evidence, area_number: Option<usize>, cells: &[(usize, usize)]) -> Point {
    let grid = &evidence.grid;
    let depth = |cell: (usize, usize)| evidence.max_depth[cell];
    // The first of equals, so that the order of cells decides and not chance.
    let deepest = cells.iter().copied().fold(cells[0], |a, b| if depth(b) > depth(a) { b } else { a });
    let max_depth = depth(deepest);
    let sum: f64 = cells.iter().map(|&cell| depth(cell)).sum();
    let exceedance = evidence.exceedance(evidence.settings.waterlogging_depth);
    let class = evidence.settings.classes.iter().filter(|class| max_depth >= class.from).count();
    let (onset, duration) = (exceedance.first_above[deepest], exceedance.time_above[deepest]);
    let still_there = evidence.last_depth[deepest] >= evidence.settings.waterlogging_depth;
    let within: BTreeSet<(usize, usize)> = cells.iter().copied().collect();
    let manholes = evidence
        .manholes
        .iter()
        .filter(|(manhole, record)| record.has_spilled() && within.contains(&manhole.cell))
        .map(|(manhole, record)| (manhole.name.clone(), record.spilled))
        .collect();
    Point {
        rank: 0,
        deepest,
        lon_lat: grid.lon_lat(deepest.0, deepest.1),
        x: grid.x(deepest.1),
        y: grid.y(deepest.0),
        max_depth,
        mean_depth: sum / cells.len() as f64,
        area: cells.len() as f64 * grid.cell_area(),
        volume: sum * grid.cell_area(),
        onset,
        time_of_peak: evidence.time_of_maximum[deepest],
        duration,
        recedes: if still_there { f64::INFINITY } else { onset + duration },
        manholes,
        class,
        area_number,
    }
}

impl Product<Evidence> for Waterlogging {
    fn name(&self) -> &'static str {
        "waterlogging"
    }

    fn meaning(&self) -> &'static str {
        "areas of standing water with place, depth, volume, onset and duration"
    }

    fn layers(&self, evidence: &Evidence) -> Vec<Layer> {
        let areas = areas(evidence);
        let points = ranked(evidence, &areas);
        let rows: Vec<Vec<Value>> = points.iter().map(|point| values(evidence, point)).collect();
        let features = points
            .iter()
            .zip(&rows)
            .map(|(point, row)| Feature {
                geometry: Geometry::MultiPolygon(MultiPolygon(vec![match point.area_number {
                    Some(number) => areas.outline(number, &evidence.grid),
                    None => evidence.grid.cell_outline(point.deepest),
                }])),
                label: format!("{}: {:.2} m", point.rank, point.max_depth),
                values: row.clone(),
                colour: evidence
                    .settings
                    .class_of(point.max_depth)
                    .map_or(BELOW_CLASSES, |class| class.colour),
            })
            .collect();
        let threshold = evidence.settings.waterlogging_depth;
        let info = |name: &str, what: &str| FieldInfo {
            name: name.into(),
            title: format!("Waterlogging points deeper than {threshold} m"),
            title_zh: format!("水深 {threshold} m 以上的积水点"),
            unit: String::new(),
            meaning: format!(
                "{what} whose largest depth reached {threshold} m on at least {} m2, \
                 by depth class and then by volume",
                evidence.settings.waterlogging_area
            ),
            standard_name: None,
            cell_methods: None,
        };
        vec![
            Layer::Shapes(Shapes {
                info: info("waterlogging", "connected areas"),
                columns: columns(),
                features,
            }),
            Layer::Table(Table {
                info: info("waterlogging_points", "deepest cells of connected areas"),
                columns: columns(),
                rows,
            }),
        ]
    }
}

/// Colour of areas below the first class: grey.
const BELOW_CLASSES: [u8; 3] = [128, 128, 128];

fn columns() -> Vec<Column> {
    vec![
        Column::new("rank", "1", "position by depth class, then by volume"),
        Column::new("lon", "degrees_east", "longitude of the deepest cell, WGS 84"),
        Column::new("lat", "degrees_north", "latitude of the deepest cell, WGS 84"),
        Column::new("x", "m", "x of the deepest cell in the reference of the grid"),
        Column::new("y", "m", "y of the deepest cell in the reference of the grid"),
        Column::new("max_depth_m", "m", "largest depth"),
        Column::new("mean_depth_m", "m", "mean of the largest depths of all its cells"),
        Column::new("area_m2", "m2", "area that reached the waterlogging depth"),
        Column::new("volume_m3", "m3", "sum of the largest depths of all its cells times their area"),
        Column::new("onset_min", "min", "first time above the waterlogging depth, after the start"),
        Column::new("time_of_peak_min", "min", "time of the largest depth, after the start"),
        Column::new("duration_min", "min", "time above the waterlogging depth until the end of the run"),
        Column::new(
            "recedes_min",
            "min",
            "onset and duration together; none if the water still stands there at the end",
        ),
        Column::new("source", "", "where the water came from: manholes that spilled there, or the surface"),
        Column::new("depth_class", "", "class of the largest depth"),
        Column::new("depth_class_zh", "", "class of the largest depth, Chinese"),
    ]
}

fn values(evidence: &Evidence, point: &Point) -> Vec<Value> {
    let number = |value: f64| if value.is_finite() { Value::Number(value) } else { Value::Missing };
    let class = evidence.settings.class_of(point.max_depth);
    vec![
        Value::Integer(point.rank as i64),
        point.lon_lat.map_or(Value::Missing, |at| Value::Number(at.lon)),
        point.lon_lat.map_or(Value::Missing, |at| Value::Number(at.lat)),
        number(point.x),
        number(point.y),
        number(point.max_depth),
        number(point.mean_depth),
        number(point.area),
        number(point.volume),
        number(point.onset / MINUTE),
        number(point.time_of_peak / MINUTE),
        number(point.duration / MINUTE),
        number(point.recedes / MINUTE),
        Value::Text(point.source()),
        class.map_or(Value::Missing, |class| Value::Text(class.label.clone())),
        class.map_or(Value::Missing, |class| Value::Text(class.label_zh.clone())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::drainage::{Inlet, Manhole, ManholeRecord};
    use crate::flood::product::tests::evidence;
    use ndarray::array;

    #[test]
    fn points_are_ranked_by_class_and_then_by_volume() {
        // Cells of 4 m²; the smallest point is 8 m² = 2 cells.
        let evidence = evidence(array![
            [0.20, 0.20, 0.20, 0.00, 0.40, 0.16],
            [0.00, 0.00, 0.00, 0.00, 0.00, 0.00],
            [0.90, 0.00, 0.16, 0.16, 0.00, 0.00],
        ]);
        let points = points(&evidence);
        let found: Vec<(usize, f64)> = points.iter().map(|point| (point.class, point.max_depth)).collect();
        assert_eq!(found, [(2, 0.40), (1, 0.20), (1, 0.16)], "one deep cell alone is too small");
        assert!((points[0].volume - 0.56 * 4.0).abs() < 1e-12);
        assert_eq!((points[0].x, points[0].y), (109.0, 201.0));
        assert_eq!((points[0].onset, points[0].duration), (60.0, 600.0));
    }

    #[test]
    fn shapes_and_table_tell_the_same() {
        let layers = Waterlogging.layers(&evidence(array![[0.2, 0.2, 0.0]]));
        let [Layer::Shapes(shapes), Layer::Table(table)] = layers.as_slice() else {
            panic!("shapes and table")
        };
        assert_eq!(shapes.features[0].values, table.rows[0]);
        assert_eq!(table.columns.len(), table.rows[0].len());
        assert_eq!(table.rows[0][14], Value::Text("15-30 cm".into()));
    }

    #[test]
    fn a_manhole_that_spilled_is_listed_inside_its_area_or_by_itself() {
        let mut evidence = evidence(array![[0.2, 0.2, 0.0, 0.02]]);
        let manhole = |name: &str, column| Manhole {
            name: name.into(),
            node: 0,
            cell: (0, column),
            inlet: Inlet { perimeter: 1.0, opening: 0.1 },
        };
        let spilled = |volume| ManholeRecord { spilled: volume, first_spill: 240.0, ..ManholeRecord::new() };
        evidence.manholes = vec![
            (manhole("a", 1), spilled(0.5)),
            (manhole("b", 3), spilled(7.0)),
            (manhole("c", 2), ManholeRecord::new()),
        ];
        let points = points(&evidence);
        let found: Vec<(String, f64, f64)> =
            points.iter().map(|point| (point.source(), point.onset, point.area)).collect();
        let expected =
            [("manhole a 0 m3; surface".to_string(), 60.0, 8.0), ("manhole b 7 m3".into(), 240.0, 4.0)];
        assert_eq!(found, expected);
        assert_eq!(points[0].recedes, 660.0);
        let layers = Waterlogging.layers(&evidence);
        let Layer::Shapes(shapes) = &layers[0] else { panic!("shapes") };
        assert_eq!(shapes.features.len(), 2);
    }

    #[test]
    fn no_water_gives_an_empty_table_and_no_shapes() {
        let layers = Waterlogging.layers(&evidence(array![[0.0, 0.0]]));
        let [Layer::Shapes(shapes), Layer::Table(table)] = layers.as_slice() else {
            panic!("shapes and table")
        };
        assert!(shapes.features.is_empty() && table.rows.is_empty());
    }
}
