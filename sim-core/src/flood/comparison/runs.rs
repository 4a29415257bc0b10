//! Two floods on one grid beside each other: where is more water, who is hit otherwise.

use crate::flood::comparison::run_lines::{arrival_line, depth_lines, extent_lines, overlap, place_lines};
use crate::flood::comparison::run_tables::{common_places, table_difference};
use crate::flood::product::{DepthClass, MINUTE};
use crate::grid::{Field, Grid};
use crate::product::{Class, Column, FieldInfo, Layer, Map, Products, Raster, Table, Value};

/// One of the two runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// Name in lines and legends, short.
    pub name: String,
    /// Largest depth, m; NaN where it is dry.
    pub max_depth: Field,
    /// Arrival of the water, s; NaN where it never came.
    pub arrival: Option<Field>,
    /// Table of named places.
    pub places: Option<Table>,
    /// Table of zones.
    pub zones: Option<Table>,
}

/// What the comparison leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Layers and maps.
    pub products: Products,
    /// Lines for people.
    pub summary: Vec<String>,
}

/// Change of depth below which two runs are the same for every purpose, m.
pub(super) const SAME_DEPTH: f64 = 0.01;

/// Change of the arrival below which two runs are the same, s.
pub(super) const SAME_ARRIVAL: f64 = 2.0 * MINUTE;

/// Below every depth and time that occurs: the lower end of the lowest class.
const LOWEST: f64 = -1e9;

/// Colours from less or earlier (blue) to more (red), the middle grey.
///
/// # Source
/// C. Brewer, ColorBrewer 2.0, diverging scheme RdBu with nine classes.
const DIVERGING: [[u8; 3]; 9] = [
    [33, 102, 172],
    [67, 147, 195],
    [146, 197, 222],
    [209, 229, 240],
    [214, 214, 214],
    [253, 219, 199],
    [244, 165, 130],
    [214, 96, 77],
    [178, 24, 43],
];

/// Places named on the maps and in the summary.
pub(super) const MARKERS: usize = 10;

/// Holds the second run against the first on their common grid.
///
/// Differences are second minus first. Depths of less than the film that products leave
/// out count as dry. The classes are in rising order.
pub fn compare(grid: &Grid, sides: [&Side; 2], classes: &[DepthClass]) -> Comparison {
    let [first, second] = sides;
    let depth = difference(&wet(&first.max_depth), &wet(&second.max_depth), |a, b| a > 0.0 || b > 0.0);
    let arrivals = first.arrival.as_ref().zip(second.arrival.as_ref());
    let arrival = arrivals.map(|(a, b)| difference(a, b, |a, b| !a.is_nan() && !b.is_nan()));
    let mut summary = extent_lines(grid, sides, classes);
    summary.extend(depth_lines(grid, &depth));
    summary.extend(arrival.as_ref().map(arrival_line));
    let places = first.places.as_ref().zip(second.places.as_ref());
    summary.extend(places.iter().flat_map(|(a, b)| place_lines(a, b)));

    let mut layers = vec![Layer::Raster(depth_raster(depth)), Layer::Table(area_table(grid, sides, classes))];
    layers.extend(arrival.map(|arrival| Layer::Raster(arrival_raster(arrival))));
    layers.extend(places.map(|(a, b)| {
        Layer::Table(table_difference(
            a,
            b,
            &["name"],
            ("places_compared", "Places that matter", "重点部位对比"),
        ))
    }));
    layers.extend(first.zones.as_ref().zip(second.zones.as_ref()).map(|(a, b)| {
        let names = ("zones_compared", "Who and what is hit, by zone", "分区受影响情况对比");
        Layer::Table(table_difference(a, b, &["layer", "zone"], names))
    }));
    let maps = maps(sides, &layers, places);
    let products = Products {
        grid: grid.clone(),
        layers,
        maps,
        plots: Vec::new(),
        not_modelled: vec!["what both runs leave out; neither of them is an observation".into()],
        credits: Vec::new(),
    };
    Comparison { products, summary }
}

/// Depths with zero where it is dry.
fn wet(depth: &Field) -> Field {
    depth.mapv(|depth| if depth.is_nan() { 0.0 } else { depth })
}

/// Second minus first where it says something, NaN elsewhere.
fn difference(first: &Field, second: &Field, says_something: impl Fn(f64, f64) -> bool) -> Field {
    let mut field = second - first;
    ndarray::Zip::from(&mut field).and(first).and(second).for_each(|value, &a, &b| {
        if !says_something(a, b) {
            *value = f64::NAN;
        }
    });
    field
}

fn info(name: &str, title: &str, title_zh: &str, unit: &str, meaning: &str) -> FieldInfo {
    FieldInfo {
        name: name.into(),
        title: title.into(),
        title_zh: title_zh.into(),
        unit: unit.into(),
        meaning: meaning.into(),
        ..FieldInfo::default()
    }
}

/// Nine classes about zero from four rising limits, told in `scale` with a unit.
fn diverging(limits: [f64; 4], (scale, unit): (f64, &str), (less, more): (&str, &str)) -> Vec<Class> {
    let [a, b, c, d] = limits;
    let shown = |limit: f64| (limit * scale).round();
    let side = |word: &str| {
        [
            format!("{word} by {}-{} {unit}", shown(a), shown(b)),
            format!("{word} by {}-{} {unit}", shown(b), shown(c)),
            format!("{word} by {}-{} {unit}", shown(c), shown(d)),
            format!("{word} by more than {} {unit}", shown(d)),
        ]
    };
    let froms = [LOWEST, -d, -c, -b, -a, a, b, c, d];
    let (down, up) = (side(less), side(more));
    let same = format!("less than {} {unit} apart", shown(a));
    let labels = down.into_iter().rev().chain([same]).chain(up);
    froms
        .into_iter()
        .zip(labels)
        .zip(DIVERGING)
        .map(|((from, label), colour)| Class { from, label, colour })
        .collect()
}

fn depth_raster(values: Field) -> Raster {
    Raster {
        info: info(
            "max_depth_difference",
            "B against A: largest depth",
            "最大积水深度之差（B 减 A）",
            "m",
            "largest depth of run B minus that of run A where either is wet; no value where both are dry",
        ),
        values,
        scalars: Vec::new(),
        classes: diverging([SAME_DEPTH, 0.05, 0.2, 0.5], (100.0, "cm"), ("shallower", "deeper")),
    }
}

fn arrival_raster(values: Field) -> Raster {
    let limits = [SAME_ARRIVAL, 10.0 * MINUTE, 30.0 * MINUTE, 60.0 * MINUTE];
    let mut classes = diverging(limits, (1.0 / MINUTE, "min"), ("earlier", "later"));
    // Earlier is worse: red, as deeper is.
    let colours: Vec<[u8; 3]> = classes.iter().rev().map(|class| class.colour).collect();
    classes.iter_mut().zip(colours).for_each(|(class, colour)| class.colour = colour);
    Raster {
        info: info(
            "arrival_time_difference",
            "B against A: arrival",
            "来水时间之差（B 减 A）",
            "s",
            "arrival of the water in run B minus that in run A where it comes in both",
        ),
        values,
        scalars: Vec::new(),
        classes,
    }
}

fn area_table(grid: &Grid, sides: [&Side; 2], classes: &[DepthClass]) -> Table {
    let share = |share: Option<f64>| share.map_or(Value::Missing, Value::Number);
    let rows = classes.iter().map(|class| {
        let overlap = overlap(sides, class.from);
        let area = |cells: u64| Value::Number(cells as f64 * grid.cell_area());
        vec![
            Value::Number(class.from),
            Value::Text(class.label.clone()),
            area(overlap.both + overlap.only_first),
            area(overlap.both + overlap.only_second),
            area(overlap.both),
            area(overlap.only_first),
            area(overlap.only_second),
            share(overlap.critical_success_index()),
            share(overlap.hit_rate()),
            share(overlap.false_alarm_ratio()),
        ]
    });
    Table {
        info: info(
            "area_by_depth",
            "Area deeper than",
            "各水深以上面积",
            "",
            "area whose largest depth reaches the lower limit of a class, in run A, run B, both and one alone",
        ),
        columns: vec![
            Column::new("from_m", "m", "depth that is reached"),
            Column::new("depth_class", "", "class that begins there"),
            Column::new("area_a_m2", "m2", "area in run A"),
            Column::new("area_b_m2", "m2", "area in run B"),
            Column::new("both_m2", "m2", "area in both"),
            Column::new("only_a_m2", "m2", "area in run A alone"),
            Column::new("only_b_m2", "m2", "area in run B alone"),
            Column::new(
                "critical_success_index",
                "1",
                "area in both over area in any; empty where there is none",
            ),
            Column::new("hit_rate", "1", "share of the area of run A that run B has too"),
            Column::new("false_alarm_ratio", "1", "share of the area of run B that run A does not have"),
        ],
        rows: rows.collect(),
    }
}

fn maps(sides: [&Side; 2], layers: &[Layer], places: Option<(&Table, &Table)>) -> Vec<Map> {
    let [first, second] = sides;
    let common = places.map(|(a, b)| common_places(a, b)).unwrap_or_default();
    let markers: Vec<(f64, f64, String)> = common
        .into_iter()
        .filter_map(|place| {
            let ((x, y), (a, b)) = (place.at?, place.depths);
            Some((x, y, format!("{}: A {a:.2} m, B {b:.2} m", place.name)))
        })
        .take(MARKERS)
        .collect();
    let titles = [
        ("max_depth_difference", "Where run B has more or less water than run A"),
        ("arrival_time_difference", "Where the water comes earlier or later in run B"),
    ];
    let is_there = |name: &str| layers.iter().any(|layer| layer.info().name == name);
    titles
        .into_iter()
        .filter(|(name, _)| is_there(name))
        .map(|(name, title)| Map {
            name: name.into(),
            title: title.into(),
            subtitle: format!("A: {}.  B: {}", first.name, second.name),
            terrain: None,
            raster: Some(name.into()),
            shapes: Vec::new(),
            solid: Vec::new(),
            hollow: Vec::new(),
            closed: None,
            markers: markers.clone(),
            arrow: None,
            not_modelled:
                "what both runs leave out. The map compares two model runs; it does not say which is right."
                    .into(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::comparison::run_tables::number;
    use crate::flood::product::tests::settings;
    use crate::grid::Crs;
    use ndarray::array;

    fn grid() -> Grid {
        Grid { columns: 3, rows: 1, dx: 2.0, dy: 2.0, west: 0.0, south: 0.0, crs: Crs::local() }
    }

    fn side(name: &str, depth: [f64; 3], arrival: [f64; 3]) -> Side {
        let table = Table {
            info: FieldInfo::default(),
            columns: vec![Column::new("name", "", ""), Column::new("max_depth_m", "m", "")],
            rows: vec![vec![Value::Text("mill".into()), Value::Number(depth[0])]],
        };
        Side {
            name: name.into(),
            max_depth: array![depth],
            arrival: Some(array![arrival]),
            places: Some(table.clone()),
            zones: None,
        }
    }

    const NONE: f64 = f64::NAN;

    fn raster<'c>(comparison: &'c Comparison, name: &str) -> &'c Raster {
        let Some(Layer::Raster(raster)) = comparison.products.layer(name) else { panic!("a raster {name}") };
        raster
    }

    #[test]
    fn a_run_against_itself_has_no_difference() {
        let one = side("one", [0.5, 0.2, NONE], [60.0, 120.0, NONE]);
        let comparison = compare(&grid(), [&one, &one], &settings().classes);
        let depth = raster(&comparison, "max_depth_difference");
        assert_eq!((depth.values[(0, 0)], depth.values[(0, 1)]), (0.0, 0.0));
        assert!(depth.values[(0, 2)].is_nan(), "dry in both");
        assert!(comparison.summary.iter().any(|line| line.contains("the same in every cell")));
        assert!(comparison.summary.iter().any(|line| line.contains("critical success index 1.00")));
    }

    #[test]
    fn changing_places_changes_the_sign() {
        let one = side("one", [0.5, 0.2, NONE], [60.0, 120.0, NONE]);
        let two = side("two", [0.4, NONE, 0.25], [90.0, NONE, 30.0]);
        let forth = compare(&grid(), [&one, &two], &settings().classes);
        let back = compare(&grid(), [&two, &one], &settings().classes);
        for name in ["max_depth_difference", "arrival_time_difference"] {
            for (a, b) in raster(&forth, name).values.iter().zip(&raster(&back, name).values) {
                assert!(*a == -*b || a.is_nan() && b.is_nan(), "{name}: {a} {b}");
            }
        }
        assert_eq!(raster(&forth, "max_depth_difference").values, array![[-0.09999999999999998, -0.2, 0.25]]);
        assert_eq!(raster(&forth, "arrival_time_difference").values[(0, 0)], 30.0);
        assert!(
            forth.summary.iter().any(|line| line == "mill: A 0.50 m, B 0.40 m (-0.10 m)"),
            "{:?}",
            forth.summary
        );
    }

    #[test]
    fn areas_of_both_and_of_one_alone_add_up() {
        let one = side("one", [0.5, 0.2, NONE], [NONE; 3]);
        let two = side("two", [0.4, NONE, 0.25], [NONE; 3]);
        let comparison = compare(&grid(), [&one, &two], &settings().classes);
        let Some(Layer::Table(table)) = comparison.products.layer("area_by_depth") else { panic!("a table") };
        let numbers: Vec<f64> = (2..7).filter_map(|at| number(table.rows[0].get(at))).collect();
        assert_eq!(numbers, [8.0, 8.0, 4.0, 4.0, 4.0]);
        assert!((number(table.rows[0].get(7)).expect("an index") - 1.0 / 3.0).abs() < 1e-15);
        assert!(comparison.summary.iter().any(|line| line.contains("no cell where the water comes in both")));
    }

    #[test]
    fn classes_rise_and_every_change_has_one() {
        for raster in [depth_raster(array![[0.0]]), arrival_raster(array![[0.0]])] {
            assert_eq!(raster.classes.len(), DIVERGING.len());
            assert!(raster.classes.windows(2).all(|pair| pair[0].from < pair[1].from));
            assert!(raster.classes[4].label.starts_with("less than"), "{}", raster.classes[4].label);
        }
    }
}
