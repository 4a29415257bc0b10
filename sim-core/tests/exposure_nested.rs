//! Counties, towns and villages as layers of one scenario: their sums nest, and are told.

use std::sync::Arc;

use proptest::prelude::*;
use sim_core::flood::exposure::{Exposed, Things};
use sim_core::flood::place::Places;
use sim_core::flood::product::{
    DepthClass, Evidence, Exceedance, Exposure, ProductSettings, exposure_markers, exposure_summary,
};
use sim_core::grid::vector::{Coord, Shape, VectorFeature};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::product::{Layer, Product, Shapes, Table, Value};

/// Cells on a side of the county; towns are halves of it, villages sixths.
const SIDE: usize = 12;
const CELL: f64 = 10.0;

fn rectangle(west: f64, south: f64, width: f64, height: f64) -> Shape {
    let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height), (0.0, 0.0)];
    Shape::Area(vec![corners.map(|(x, y)| Coord { x: west + x, y: south + y }).to_vec()])
}

/// Zones that tile the county in columns and rows.
fn tiles(columns: usize, rows: usize) -> Things {
    let side = SIDE as f64 * CELL;
    let (width, height) = (side / columns as f64, side / rows as f64);
    let zone = |at: usize| VectorFeature {
        number: at + 1,
        shape: rectangle((at % columns) as f64 * width, (at / columns) as f64 * height, width, height),
        label: Some(format!("z{}", at + 1)),
        people: None,
        height: None,
    };
    Things::Zones((0..columns * rows).map(zone).collect())
}

/// A house at the middle of each of the given cells; a road along each row.
fn houses(cells: &[(usize, usize)]) -> Things {
    let house = |(at, &(row, column)): (usize, &(usize, usize))| VectorFeature {
        number: at + 1,
        shape: rectangle(column as f64 * CELL + 2.0, row as f64 * CELL + 2.0, 6.0, 6.0),
        label: None,
        people: Some(3.0),
        height: None,
    };
    Things::Buildings(cells.iter().enumerate().map(house).collect())
}

fn roads() -> Things {
    let road = |row: usize| VectorFeature {
        number: row + 1,
        shape: Shape::Lines(vec![
            [0.0, SIDE as f64 * CELL].map(|x| Coord { x, y: (row as f64 + 0.5) * CELL }).to_vec(),
        ]),
        label: None,
        people: None,
        height: None,
    };
    Things::Roads((0..SIDE).map(road).collect())
}

fn evidence(max_depth: Field, layers: Vec<(&str, Things)>) -> Evidence {
    let grid =
        Grid { columns: SIDE, rows: SIDE, dx: CELL, dy: CELL, west: 0.0, south: 0.0, crs: Crs::local() };
    let class =
        |from: f64| DepthClass { from, label: from.to_string(), label_zh: String::new(), colour: [0; 3] };
    let exceedance = Exceedance {
        depth: 0.15,
        first_above: max_depth.mapv(|depth| if depth > 0.15 { 1260.0 } else { f64::INFINITY }),
        time_above: max_depth.mapv(|depth| if depth > 0.15 { 900.0 } else { 0.0 }),
    };
    Evidence {
        bed: grid.filled(0.0),
        time_of_maximum: grid.filled(0.0),
        max_speed: grid.filled(0.1),
        exceedances: vec![exceedance],
        settings: ProductSettings {
            arrival_depth: 0.15,
            waterlogging_depth: 0.15,
            waterlogging_area: 20.0,
            classes: vec![class(0.15), class(0.3), class(0.5)],
            wanted: vec!["exposure".into()],
        },
        services: Vec::new(),
        crossings: Vec::new(),
        places: Places::default(),
        diaries: Vec::new(),
        manholes: Vec::new(),
        hazards: Vec::new(),
        releases: Vec::new(),
        buildings: Default::default(),
        last_depth: grid.filled(0.0),
        exposure: layers
            .into_iter()
            .map(|(name, things)| Arc::new(Exposed { name: name.into(), things }))
            .collect(),
        duration: 3600.0,
        max_depth,
        grid,
    }
}

fn zones(layers: &[Layer]) -> &Table {
    let table = layers.iter().find_map(|layer| match layer {
        Layer::Table(table) if table.info.name == "exposure_zones" => Some(table),
        _ => None,
    });
    table.expect("a table of zones")
}

fn shapes<'l>(layers: &'l [Layer], name: &str) -> &'l Shapes {
    let shapes = layers.iter().find_map(|layer| match layer {
        Layer::Shapes(shapes) if shapes.info.name == name => Some(shapes),
        _ => None,
    });
    shapes.expect("shapes")
}

/// A column of the rows of one layer.
fn column(table: &Table, layer: &str, name: &str) -> Vec<f64> {
    let at = table.columns.iter().position(|column| column.name == name).expect("a column");
    let of_layer = table.rows.iter().filter(|row| row[0] == Value::Text(layer.into()));
    of_layer
        .map(|row| match row[at] {
            Value::Number(number) => number,
            Value::Integer(number) => number as f64,
            _ => f64::NAN,
        })
        .collect()
}

/// Village of the 36 in the town of the 4 in which it lies.
fn town_of(village: usize) -> usize {
    (village % 6) / 3 + 2 * (village / 6 / 3)
}

proptest! {
    #[test]
    fn the_sums_of_villages_that_tile_a_town_are_those_of_the_town(
        depths in proptest::collection::vec(0.0_f64..0.8, SIDE * SIDE),
        people in proptest::collection::vec(0_u8..50, SIDE * SIDE),
        houses_at in proptest::collection::vec((0..SIDE, 0..SIDE), 0..40),
    ) {
        let field = |numbers: Vec<f64>| Field::from_shape_vec((SIDE, SIDE), numbers).expect("a square");
        let people = field(people.into_iter().map(f64::from).collect());
        let evidence = evidence(field(depths), vec![
            ("county", tiles(1, 1)),
            ("town", tiles(2, 2)),
            ("village", tiles(6, 6)),
            ("houses", houses(&houses_at)),
            ("roads", roads()),
            ("people", Things::People(people)),
        ]);
        let layers = Exposure.layers(&evidence);
        let table = zones(&layers);
        prop_assert_eq!(table.rows.len(), 1 + 1 + 4 + 36);
        for name in table.columns[2..].iter().map(|column| column.name.as_str()) {
            // A road that two villages share is cut in both, and the first time is no sum.
            if name.starts_with("roads_cut") {
                continue;
            }
            let (whole, county) = (column(table, "", name), column(table, "county", name));
            let (towns, villages) = (column(table, "town", name), column(table, "village", name));
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(1.0);
            prop_assert_eq!(whole[0], county[0], "{}", name);
            prop_assert!(close(towns.iter().sum(), county[0]), "{}", name);
            for (town, sum) in towns.iter().enumerate() {
                let own = villages.iter().enumerate().filter(|(at, _)| town_of(*at) == town);
                prop_assert!(close(own.map(|(_, part)| part).sum(), *sum), "{} of town {}", name, town);
            }
        }
    }
}

/// Water of 0.4 m on the first row of the first three columns.
fn one_village_under_water() -> Evidence {
    let mut depth = Field::zeros((SIDE, SIDE));
    (0..3).for_each(|column| depth[(0, column)] = 0.4);
    let mut people = Field::zeros((SIDE, SIDE));
    people[(0, 0)] = 1200.0;
    people[(0, 2)] = 40.0;
    people[(5, 5)] = 7.0;
    evidence(
        depth,
        vec![
            ("county", tiles(1, 1)),
            ("village", tiles(6, 6)),
            ("houses", houses(&[(0, 0), (9, 9)])),
            ("roads", roads()),
            ("people", Things::People(people)),
        ],
    )
}

#[test]
fn the_summary_names_the_worst_zones_and_counts_the_others() {
    let evidence = one_village_under_water();
    let lines = exposure_summary(&evidence.settings, &Exposure.layers(&evidence));
    assert_eq!(
        lines,
        [
            "Whole grid: 1,240 people, 1 building at 0.3 m of water or more; 1 road cut, first at 21 min",
            "Zone z1 (county): 1,240 people, 1 building at 0.3 m of water or more; 1 road cut, first at 21 min",
            "Zone z1 (village): 1,200 people, 1 building at 0.3 m of water or more; 1 road cut, first at 21 min",
            "Zone z2 (village): 40 people, 0 buildings at 0.3 m of water or more; 1 road cut, first at 21 min",
            "Zones: 0 more with water of 0.3 m, 34 without",
        ]
    );
    let mut nothing = one_village_under_water();
    nothing.exposure.clear();
    assert!(exposure_summary(&nothing.settings, &Exposure.layers(&nothing)).is_empty());
}

#[test]
fn the_map_has_small_zones_on_top_the_hit_houses_and_the_worst_zones_by_number() {
    let evidence = one_village_under_water();
    let layers = Exposure.layers(&evidence);
    let drawn = shapes(&layers, "exposure_zones");
    assert_eq!(drawn.features.len(), 37);
    assert_eq!(drawn.features[0].label, "z1 (1,200 people)");
    assert_eq!(drawn.features[36].label, "z1 (1,240 people)", "the county is below its villages");
    assert_ne!(drawn.features[0].colour, drawn.features[5].colour, "a village without water");
    assert_eq!(shapes(&layers, "exposure_buildings").features.len(), 1);
    let markers = exposure_markers(&evidence.settings, &layers);
    assert_eq!(markers.len(), 3);
    assert_eq!((markers[0].0, markers[0].1), (60.0, 60.0));
    assert_eq!((markers[1].0, markers[1].1), (10.0, 10.0));
    assert!(markers[1].2.starts_with("z1 (village): 1,200 people"), "{}", markers[1].2);
}
