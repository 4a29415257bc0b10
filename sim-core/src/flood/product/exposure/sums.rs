//! Sums over sets of cells by depth class.

use rayon::prelude::*;

use crate::flood::exposure::Things;
use crate::flood::product::Evidence;
use crate::grid::Field;
use crate::grid::polygon_cells::Span;

use super::buildings::Building;
use super::roads::Road;
use super::walls::Walls;
use super::{class_number, layers_of};

/// A quantity by depth class: what lies below all classes first.
pub(super) type ByClass<N> = Vec<N>;

/// What is summed over the cells of a zone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sums {
    pub(super) cells: ByClass<u64>,
    /// Cells by the water with which people in them have to do.
    pub(super) homes: ByClass<u64>,
    pub(super) people: ByClass<f64>,
    pub(super) buildings: ByClass<u64>,
    pub(super) people_in_buildings: ByClass<f64>,
    pub(super) roads: ByClass<f64>,
    /// Number of roads that reach the waterlogging depth on one of the cells.
    pub(super) cut_roads: usize,
    /// First time at which one of them does, s; infinite if none does.
    pub(super) cut_from: f64,
}

/// A piece of a road.
#[derive(Debug, Clone, Copy, PartialEq)]
struct RoadPiece {
    cell: usize,
    road: usize,
    length: f64,
}

/// Everything that is summed, by the number of its cell (row by row from the south-west).
pub(super) struct Ledger<'e> {
    evidence: &'e Evidence,
    walls: &'e Walls<'e>,
    pub(super) people: Vec<&'e Field>,
    /// Cell and position of every building, in the order of cells and then of buildings.
    buildings: Vec<(usize, usize)>,
    hits: &'e [Building<'e>],
    /// Every piece of a road, in the order of cells and then of roads.
    roads: Vec<RoadPiece>,
}

impl<'e> Ledger<'e> {
    pub(super) fn new(
        evidence: &'e Evidence,
        walls: &'e Walls<'e>,
        hits: &'e [Building<'e>],
        roads: &[Road<'_>],
    ) -> Self {
        let number = |cell: (usize, usize)| cell.0 * evidence.grid.columns + cell.1;
        let people = layers_of(evidence).filter_map(|layer| match &layer.things {
            Things::People(people) => Some(people),
            _ => None,
        });
        let mut buildings: Vec<(usize, usize)> =
            hits.iter().enumerate().map(|(at, hit)| (number(hit.home), at)).collect();
        buildings.par_sort_unstable();
        let pieces = roads.iter().enumerate().flat_map(|(road, pieces)| {
            pieces.pieces().map(move |piece| RoadPiece {
                cell: number(piece.cell),
                road,
                length: piece.length,
            })
        });
        let mut roads: Vec<RoadPiece> = pieces.collect();
        roads.par_sort_by_key(|piece| piece.cell);
        Self { evidence, walls, people: people.collect(), buildings, hits, roads }
    }

    /// Sums over cells in their order, so that the same cells give the same bits.
    pub(super) fn sums(&self, spans: impl IntoIterator<Item = Span>) -> Sums {
        let classes = self.evidence.settings.classes.len() + 1;
        let mut sums = Sums {
            cells: vec![0; classes],
            homes: vec![0; classes],
            people: vec![0.0; classes],
            buildings: vec![0; classes],
            people_in_buildings: vec![0.0; classes],
            roads: vec![0.0; classes],
            cut_roads: 0,
            cut_from: f64::INFINITY,
        };
        let mut cut = Vec::new();
        for span in spans {
            self.add(span, &mut sums);
            self.add_roads(span, &mut sums, &mut cut);
        }
        cut.sort_unstable();
        cut.dedup();
        sums.cut_roads = cut.len();
        sums
    }

    fn add(&self, span: Span, sums: &mut Sums) {
        let columns = self.evidence.grid.columns;
        for cell in (span.from..span.to).map(|column| (span.row, column)) {
            let class = class_number(self.evidence, self.evidence.max_depth[cell]);
            sums.cells[class] += 1;
            let home = class_number(self.evidence, self.walls.depth[cell]);
            sums.homes[home] += 1;
            for people in &self.people {
                sums.people[home] += people[cell];
            }
        }
        let (first, end) = (span.row * columns + span.from, span.row * columns + span.to);
        let from = self.buildings.partition_point(|entry| entry.0 < first);
        for &(_, at) in self.buildings[from..].iter().take_while(|entry| entry.0 < end) {
            let hit = &self.hits[at];
            sums.buildings[hit.class] += 1;
            sums.people_in_buildings[hit.class] += hit.feature.people.unwrap_or(0.0);
        }
    }

    /// Adds the lengths of roads, and to `cut` the roads that are cut.
    fn add_roads(&self, span: Span, sums: &mut Sums, cut: &mut Vec<usize>) {
        let evidence = self.evidence;
        let columns = evidence.grid.columns;
        let threshold = evidence.settings.waterlogging_depth;
        let (first, end) = (span.row * columns + span.from, span.row * columns + span.to);
        let from = self.roads.partition_point(|piece| piece.cell < first);
        for piece in self.roads[from..].iter().take_while(|piece| piece.cell < end) {
            let cell = (piece.cell / columns, piece.cell % columns);
            let depth = evidence.max_depth[cell];
            sums.roads[class_number(evidence, depth)] += piece.length;
            if depth >= threshold {
                cut.push(piece.road);
                sums.cut_from = sums.cut_from.min(self.evidence.exceedance(threshold).first_above[cell]);
            }
        }
    }
}
