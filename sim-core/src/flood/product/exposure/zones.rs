//! Sums over zones by depth class.

use rayon::prelude::*;

use crate::flood::exposure::Things;
use crate::flood::product::Evidence;
use crate::grid::polygon_cells::{Span, cells_inside};
use crate::grid::vector::VectorFeature;
use crate::grid::{Field, Grid};
use crate::product::{Column, Table, Value};

use super::buildings::Building;
use super::roads::Road;
use super::{class_columns, class_number, info, layers_of};

/// Name of the row that sums over all cells.
const WHOLE_GRID: &str = "whole grid";

/// A quantity by depth class: what lies below all classes first.
type ByClass<N> = Vec<N>;

/// What is summed over the cells of a zone.
#[derive(Debug, Clone, PartialEq)]
struct Sums {
    cells: ByClass<u64>,
    people: ByClass<f64>,
    buildings: ByClass<u64>,
    people_in_buildings: ByClass<f64>,
    roads: ByClass<f64>,
}

/// Which quantities the scenario knows anything about.
struct Known {
    people: bool,
    buildings: bool,
    people_in_buildings: bool,
    roads: bool,
    people_of_zones: bool,
}

/// Everything that is summed, by the number of its cell (row by row from the south-west).
struct Ledger<'e> {
    evidence: &'e Evidence,
    people: Vec<&'e Field>,
    /// Cell and position of every building, in the order of cells and then of buildings.
    buildings: Vec<(usize, usize)>,
    hits: &'e [Building<'e>],
    /// Cell and length of every piece of a road, in the order of cells and then of roads.
    roads: Vec<(usize, f64)>,
}

impl<'e> Ledger<'e> {
    fn new(evidence: &'e Evidence, hits: &'e [Building<'e>], roads: &[Road<'_>]) -> Self {
        let number = |cell: (usize, usize)| cell.0 * evidence.grid.columns + cell.1;
        let people = layers_of(evidence).filter_map(|layer| match &layer.things {
            Things::People(people) => Some(people),
            _ => None,
        });
        let mut buildings: Vec<(usize, usize)> =
            hits.iter().enumerate().map(|(at, hit)| (number(hit.home), at)).collect();
        buildings.par_sort_unstable();
        let pieces = roads.iter().flat_map(Road::pieces);
        let mut roads: Vec<(usize, f64)> = pieces.map(|piece| (number(piece.cell), piece.length)).collect();
        roads.par_sort_by_key(|piece| piece.0);
        Self { evidence, people: people.collect(), buildings, hits, roads }
    }

    /// Sums over cells in their order, so that the same cells give the same bits.
    fn sums(&self, spans: impl IntoIterator<Item = Span>) -> Sums {
        let classes = self.evidence.settings.classes.len() + 1;
        let mut sums = Sums {
            cells: vec![0; classes],
            people: vec![0.0; classes],
            buildings: vec![0; classes],
            people_in_buildings: vec![0.0; classes],
            roads: vec![0.0; classes],
        };
        for span in spans {
            self.add(span, &mut sums);
        }
        sums
    }

    fn add(&self, span: Span, sums: &mut Sums) {
        let columns = self.evidence.grid.columns;
        for cell in (span.from..span.to).map(|column| (span.row, column)) {
            let class = class_number(self.evidence, self.evidence.max_depth[cell]);
            sums.cells[class] += 1;
            for people in &self.people {
                sums.people[class] += people[cell];
            }
        }
        let (first, end) = (span.row * columns + span.from, span.row * columns + span.to);
        let from = self.buildings.partition_point(|entry| entry.0 < first);
        for &(_, at) in self.buildings[from..].iter().take_while(|entry| entry.0 < end) {
            let hit = &self.hits[at];
            sums.buildings[hit.class] += 1;
            sums.people_in_buildings[hit.class] += hit.feature.people.unwrap_or(0.0);
        }
        let from = self.roads.partition_point(|entry| entry.0 < first);
        for &(number, length) in self.roads[from..].iter().take_while(|entry| entry.0 < end) {
            let depth = self.evidence.max_depth[(number / columns, number % columns)];
            sums.roads[class_number(self.evidence, depth)] += length;
        }
    }
}

/// One row for all cells, then one for every zone, in the order of layers and files.
pub(super) fn table(evidence: &Evidence, buildings: &[Building<'_>], roads: &[Road<'_>]) -> Table {
    let ledger = Ledger::new(evidence, buildings, roads);
    let mut zones: Vec<(&str, &VectorFeature)> = Vec::new();
    for layer in layers_of(evidence) {
        if let Things::Zones(features) = &layer.things {
            zones.extend(features.iter().map(|feature| (layer.name.as_str(), feature)));
        }
    }
    let known = Known {
        people: !ledger.people.is_empty(),
        buildings: !buildings.is_empty(),
        people_in_buildings: buildings.iter().any(|hit| hit.feature.people.is_some()),
        roads: !roads.is_empty(),
        people_of_zones: zones.iter().any(|zone| zone.1.people.is_some()),
    };
    let grid = &evidence.grid;
    let mut rows = vec![row(grid, &known, ("", WHOLE_GRID.into(), None), &ledger.sums(whole(grid)))];
    let found: Vec<Vec<Value>> = zones
        .par_iter()
        .map(|&(layer, zone)| {
            let sums = ledger.sums(cells_inside(grid, zone.shape.paths()));
            row(grid, &known, (layer, zone.name(), zone.people), &sums)
        })
        .collect();
    rows.extend(found);
    Table {
        info: info(
            "exposure_zones",
            "Who and what is hit, by zone",
            "分区受影响情况",
            "sums over the cells whose centres lie in a zone, by the class of their largest depth; buildings by the \
             largest depth at their walls, in the zone that has the cell of their middle; the first row sums over the \
             whole grid; largest depths need not occur at one time"
                .into(),
        ),
        columns: columns(evidence, &known),
        rows,
    }
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
    columns
}

fn row(
    grid: &Grid,
    known: &Known,
    (layer, name, people): (&str, String, Option<f64>),
    sums: &Sums,
) -> Vec<Value> {
    let mut row = vec![Value::Text(layer.into()), Value::Text(name)];
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
        match people.filter(|_| cells > 0) {
            Some(people) => {
                row.push(Value::Number(people));
                let share = |part: &u64| Value::Number(people * *part as f64 / cells as f64);
                row.extend(sums.cells[1..].iter().map(share));
            }
            None => row.extend(sums.cells.iter().map(|_| Value::Missing)),
        }
    }
    row
}

/// The sum of all classes, then every class without the first.
fn add_numbers(row: &mut Vec<Value>, by_class: &[f64]) {
    row.push(Value::Number(by_class.iter().fold(0.0, |sum, part| sum + part)));
    row.extend(by_class[1..].iter().map(|&part| Value::Number(part)));
}
