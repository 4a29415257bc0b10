//! Buildings with water at their walls.

use rayon::prelude::*;

use crate::flood::exposure::Things;
use crate::flood::product::{Evidence, MINUTE};
use crate::grid::Grid;
use crate::grid::line_cells::pieces;
use crate::grid::polygon_cells::{Span, cells_inside};
use crate::grid::shape_geometry::geometry;
use crate::grid::vector::{Shape, VectorFeature};
use crate::product::{Column, Feature, FieldInfo, Shapes, Table, Value};

use super::walls::Walls;
use super::{class_number, info, layers_of};

/// What a building meets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Building<'e> {
    /// Name of its layer.
    pub(super) layer: &'e str,
    /// The building in its file.
    pub(super) feature: &'e VectorFeature,
    /// Cell of the middle of its extent, at the rim if the middle lies beyond it. The building
    /// counts in the zones that have this cell.
    pub(super) home: (usize, usize),
    /// Largest depth at its walls, m.
    pub(super) depth: f64,
    /// Class of this depth; zero below all classes.
    pub(super) class: usize,
    /// First time above the waterlogging depth at its walls, s; infinite if never.
    pub(super) arrival: f64,
}

/// All buildings of all layers, in the order of layers and files.
pub(super) fn all<'e>(evidence: &'e Evidence, walls: &Walls<'_>) -> Vec<Building<'e>> {
    let mut found = Vec::new();
    for layer in layers_of(evidence) {
        if let Things::Buildings(features) = &layer.things {
            found.par_extend(
                features.par_iter().map(|feature| building(evidence, walls, &layer.name, feature)),
            );
        }
    }
    found
}

fn building<'e>(
    evidence: &'e Evidence,
    walls: &Walls<'_>,
    layer: &'e str,
    feature: &'e VectorFeature,
) -> Building<'e> {
    let grid = &evidence.grid;
    let spans = own_cells(grid, &feature.shape);
    let (mut depth, mut arrival) = (0.0_f64, f64::INFINITY);
    // An outline has the ground along its walls beside it; a point may lie deep in a blocked building.
    let (depths, arrivals) = match feature.shape {
        Shape::Points(_) => (&*walls.depth, &*walls.arrival),
        _ => (&evidence.max_depth, walls.open_arrival),
    };
    for span in &spans {
        let rows = span.row.saturating_sub(1)..(span.row + 2).min(grid.rows);
        let columns = span.from.saturating_sub(1)..(span.to + 1).min(grid.columns);
        for row in rows {
            for cell in columns.clone().map(|column| (row, column)) {
                depth = depth.max(depths[cell]);
                arrival = arrival.min(arrivals[cell]);
            }
        }
    }
    let middle = feature.shape.extent().middle();
    let place = |at: f64, low: f64, size: f64, count: usize| {
        (((at - low) / size).floor().max(0.0) as usize).min(count - 1)
    };
    let home =
        (place(middle.y, grid.south, grid.dy, grid.rows), place(middle.x, grid.west, grid.dx, grid.columns));
    Building { layer, feature, home, depth, class: class_number(evidence, depth), arrival }
}

/// Cells whose centres lie in a building. One that is smaller than a cell, or a point, has
/// the cells that its outline passes through.
fn own_cells(grid: &Grid, shape: &Shape) -> Vec<Span> {
    let single = |(row, column)| Span { row, from: column, to: column + 1 };
    match shape {
        Shape::Points(points) => {
            points.iter().filter_map(|at| grid.cell_at(at.x, at.y)).map(single).collect()
        }
        Shape::Area(paths) | Shape::Lines(paths) => {
            let inside = cells_inside(grid, paths);
            if !inside.is_empty() {
                return inside;
            }
            paths.iter().flat_map(|path| pieces(grid, path)).map(|piece| single(piece.cell)).collect()
        }
    }
}

/// One row for every building at or above the first depth class.
pub(super) fn table(evidence: &Evidence, buildings: &[Building<'_>]) -> Table {
    let hit: Vec<&Building<'_>> = buildings.iter().filter(|building| building.class > 0).collect();
    Table {
        info: about(),
        columns: columns(),
        rows: hit.par_iter().map(|building| row(evidence, building)).collect(),
    }
}

/// The same buildings in the colours of their classes, the deepest first.
pub(super) fn shapes(evidence: &Evidence, buildings: &[Building<'_>]) -> Shapes {
    let mut hit: Vec<&Building<'_>> = buildings.iter().filter(|building| building.class > 0).collect();
    hit.par_sort_by(|one, other| other.class.cmp(&one.class));
    let feature = |building: &&Building<'_>| {
        let class = &evidence.settings.classes[building.class - 1];
        Feature {
            geometry: geometry(&building.feature.shape),
            label: format!("{}: {:.2} m", building.feature.name(), building.depth),
            values: row(evidence, building),
            colour: class.colour,
        }
    };
    Shapes { info: about(), columns: columns(), features: hit.par_iter().map(feature).collect() }
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("layer", "", "layer of the scenario"),
        Column::new("building", "", "name in the file, or # and its position there"),
        Column::new("lon", "degrees_east", "longitude of the cell of its middle, WGS 84"),
        Column::new("lat", "degrees_north", "latitude of the cell of its middle, WGS 84"),
        Column::new("x", "m", "x of the cell of its middle in the reference of the grid"),
        Column::new("y", "m", "y of the cell of its middle in the reference of the grid"),
        Column::new("max_depth_m", "m", "largest depth over its cells and those around them"),
        Column::new("class", "", "depth class of this depth"),
        Column::new("arrival_min", "min", "first time above the waterlogging depth there, after the start"),
        Column::new("people", "1", "people in it, where the file says so"),
    ]
}

fn about() -> FieldInfo {
    info(
        "exposure_buildings",
        "Buildings with water at their walls",
        "受淹建筑",
        "buildings at or above the first depth class; the depth is the largest over the cells of the \
             building and the ring of cells around them, because the water stands at its walls"
            .into(),
    )
}

fn row(evidence: &Evidence, building: &Building<'_>) -> Vec<Value> {
    let (grid, home) = (&evidence.grid, building.home);
    let lon_lat = grid.lon_lat(home.0, home.1);
    let number = |value: Option<f64>| value.map_or(Value::Missing, Value::Number);
    let class = &evidence.settings.classes[building.class - 1];
    vec![
        Value::Text(building.layer.into()),
        Value::Text(building.feature.name()),
        number(lon_lat.map(|at| at.lon)),
        number(lon_lat.map(|at| at.lat)),
        Value::Number(grid.x(home.1)),
        Value::Number(grid.y(home.0)),
        Value::Number(building.depth),
        Value::Text(class.label.clone()),
        number(Some(building.arrival / MINUTE).filter(|minutes| minutes.is_finite())),
        number(building.feature.people),
    ]
}
