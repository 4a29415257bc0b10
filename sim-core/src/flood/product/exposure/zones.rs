//! Sums over zones by depth class, as a table and as outlines for the map.

use rayon::prelude::*;

use crate::flood::exposure::Things;
use crate::flood::product::{Evidence, MINUTE};
use crate::grid::Grid;
use crate::grid::polygon_cells::{Span, cells_inside};
use crate::grid::shape_geometry::geometry;
use crate::grid::vector::VectorFeature;
use crate::product::{Column, Feature, Shapes, Table, Value};

use super::buildings::Building;
use super::roads::Road;
use super::sums::{ByClass, Ledger, Sums};
use super::walls::Walls;
use super::{class_columns, danger, grouped, info, layers_of};

/// Name of the row that sums over all cells.
pub(super) const WHOLE_GRID: &str = "whole grid";

/// Outlines of zones in which people, buildings or ground are under water: purple, which no
/// class of depth has; and of the others: grey.
const HIT: [u8; 3] = [126, 34, 206];
const SPARED: [u8; 3] = [107, 114, 128];

/// Which quantities the scenario knows anything about.
pub(super) struct Known {
    people: bool,
    buildings: bool,
    people_in_buildings: bool,
    roads: bool,
    people_of_zones: bool,
}

/// A zone, or the whole grid, with its sums.
pub(super) struct Zone<'e> {
    layer: &'e str,
    name: String,
    feature: Option<&'e VectorFeature>,
    sums: Sums,
}

/// All cells, then every zone, in the order of layers and files.
pub(super) fn all<'e>(
    evidence: &'e Evidence,
    walls: &Walls<'_>,
    buildings: &[Building<'_>],
    roads: &[Road<'_>],
) -> (Known, Vec<Zone<'e>>) {
    let ledger = Ledger::new(evidence, walls, buildings, roads);
    let mut features: Vec<(&str, &VectorFeature)> = Vec::new();
    for layer in layers_of(evidence) {
        if let Things::Zones(zones) = &layer.things {
            features.extend(zones.iter().map(|zone| (layer.name.as_str(), zone)));
        }
    }
    let known = Known {
        people: !ledger.people.is_empty(),
        buildings: !buildings.is_empty(),
        people_in_buildings: buildings.iter().any(|hit| hit.feature.people.is_some()),
        roads: !roads.is_empty(),
        people_of_zones: features.iter().any(|zone| zone.1.people.is_some()),
    };
    let grid = &evidence.grid;
    let mut zones =
        vec![Zone { layer: "", name: WHOLE_GRID.into(), feature: None, sums: ledger.sums(whole(grid)) }];
    zones.par_extend(features.par_iter().map(|&(layer, feature)| {
        let sums = ledger.sums(cells_inside(grid, feature.shape.paths()));
        Zone { layer, name: feature.name(), feature: Some(feature), sums }
    }));
    (known, zones)
}

/// One row for all cells, then one for every zone.
pub(super) fn table(evidence: &Evidence, known: &Known, zones: &[Zone<'_>]) -> Table {
    Table {
        info: about("Who and what is hit, by zone"),
        columns: columns(evidence, known),
        rows: zones.par_iter().map(|zone| row(&evidence.grid, known, zone)).collect(),
    }
}

/// Outlines of the zones with the people in danger, the smallest zones first.
pub(super) fn shapes(evidence: &Evidence, known: &Known, zones: &[Zone<'_>]) -> Shapes {
    let (first, depth) = danger(&evidence.settings);
    let mut placed: Vec<(&Zone<'_>, &VectorFeature)> =
        zones.iter().filter_map(|zone| Some((zone, zone.feature?))).collect();
    placed.sort_by_key(|(zone, _)| zone.sums.cells.iter().sum::<u64>());
    let features = placed.into_iter().map(|(zone, feature)| {
        let (count, of) = in_danger(known, zone, first);
        Feature {
            geometry: geometry(&feature.shape),
            label: format!("{} ({} {of})", zone.name, grouped(count)),
            values: row(&evidence.grid, known, zone),
            colour: if count > 0.0 { HIT } else { SPARED },
        }
    });
    Shapes {
        info: about(&format!("Zones: what has {depth} m of water or more")),
        columns: columns(evidence, known),
        features: features.collect(),
    }
}

/// What is counted of a zone from a class on: people where they are known, else buildings, else ground.
fn in_danger(known: &Known, zone: &Zone<'_>, first: usize) -> (f64, &'static str) {
    let sums = &zone.sums;
    let above = |by_class: &ByClass<f64>| by_class[first + 1..].iter().sum();
    let counted = |by_class: &ByClass<u64>| by_class[first + 1..].iter().sum::<u64>() as f64;
    let cells: u64 = sums.cells.iter().sum();
    match zone.feature.and_then(|feature| feature.people) {
        _ if known.people => (above(&sums.people), "people"),
        _ if known.people_in_buildings => (above(&sums.people_in_buildings), "people"),
        Some(people) if cells > 0 => (people * counted(&sums.homes) / cells as f64, "people"),
        _ if known.buildings => (counted(&sums.buildings), "buildings"),
        _ => (counted(&sums.cells), "cells"),
    }
}

fn about(title: &str) -> crate::product::FieldInfo {
    info(
        "exposure_zones",
        title,
        "分区受影响情况",
        "sums over the cells whose centres lie in a zone, by the class of their largest depth; buildings by the \
         largest depth at their walls, in the zone that has the cell of their middle; the first row of the table \
         sums over the whole grid; people in a blocked building count by the water along its walls; largest \
         depths need not occur at one time"
            .into(),
    )
}

fn whole(grid: &Grid) -> impl Iterator<Item = Span> {
    let columns = grid.columns;
    (0..grid.rows).map(move |row| Span { row, from: 0, to: columns })
}

fn columns(evidence: &Evidence, known: &Known) -> Vec<Column> {
    let mut columns = vec![
        Column::new("layer", "", "layer of the scenario"),
        Column::new("zone", "", "name in the file, or # and its position there"),
    ];
    let groups = [
        (true, "area", "m2", "area of the cells"),
        (known.people, "people", "1", "people in cells"),
        (known.buildings, "buildings", "1", "buildings"),
        (known.people_in_buildings, "people_in_buildings", "1", "people in buildings"),
        (known.roads, "road", "m", "length of roads"),
        (
            known.people_of_zones,
            "people_of_zone",
            "1",
            "people of the zone, shared evenly among its cells, in cells",
        ),
    ];
    for (_, name, unit, what) in groups.into_iter().filter(|group| group.0) {
        columns.push(Column::new(name, unit, &format!("{what}, in all")));
        columns.extend(class_columns(evidence, name, unit, what));
    }
    if known.roads {
        let threshold = evidence.settings.waterlogging_depth;
        let meaning = format!("roads that reach {threshold} m on a cell of the zone");
        columns.push(Column::new("roads_cut", "1", &meaning));
        columns.push(Column::new("roads_cut_from_min", "min", "first time at which one of them does"));
    }
    columns
}

fn row(grid: &Grid, known: &Known, zone: &Zone<'_>) -> Vec<Value> {
    let sums = &zone.sums;
    let mut row = vec![Value::Text(zone.layer.into()), Value::Text(zone.name.clone())];
    let cells: u64 = sums.cells.iter().sum();
    let area = |cells: u64| cells as f64 * grid.cell_area();
    row.push(Value::Number(area(cells)));
    row.extend(sums.cells[1..].iter().map(|&cells| Value::Number(area(cells))));
    if known.people {
        add_numbers(&mut row, &sums.people);
    }
    if known.buildings {
        let count = |count: u64| Value::Integer(i64::try_from(count).unwrap_or(i64::MAX));
        row.push(count(sums.buildings.iter().sum()));
        row.extend(sums.buildings[1..].iter().map(|&number| count(number)));
    }
    if known.people_in_buildings {
        add_numbers(&mut row, &sums.people_in_buildings);
    }
    if known.roads {
        add_numbers(&mut row, &sums.roads);
    }
    if known.people_of_zones {
        match zone.feature.and_then(|feature| feature.people).filter(|_| cells > 0) {
            Some(people) => {
                row.push(Value::Number(people));
                let share = |part: &u64| Value::Number(people * *part as f64 / cells as f64);
                row.extend(sums.homes[1..].iter().map(share));
            }
            None => row.extend(sums.cells.iter().map(|_| Value::Missing)),
        }
    }
    if known.roads {
        row.push(Value::Integer(i64::try_from(sums.cut_roads).unwrap_or(i64::MAX)));
        let minutes = Some(sums.cut_from / MINUTE).filter(|minutes| minutes.is_finite());
        row.push(minutes.map_or(Value::Missing, Value::Number));
    }
    row
}

/// The sum of all classes, then every class without the first.
fn add_numbers(row: &mut Vec<Value>, by_class: &[f64]) {
    row.push(Value::Number(by_class.iter().fold(0.0, |sum, part| sum + part)));
    row.extend(by_class[1..].iter().map(|&part| Value::Number(part)));
}
