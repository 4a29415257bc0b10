//! Roads: where they are cut, from when, how deep, and who gets through.

use geo_types::{Geometry, LineString, MultiLineString};
use rayon::prelude::*;

use crate::flood::exposure::Things;
use crate::flood::passability::{self, Traveller};
use crate::flood::product::{Evidence, MINUTE};
use crate::grid::line_cells::{Piece, pieces};
use crate::grid::vector::VectorFeature;
use crate::product::{Column, Feature, Shapes, Table, Value};

use super::{info, layers_of};

/// Depths at which the length of a road under water is told, m.
///
/// # Source
/// Kerb height and criterion for waterlogging of the Chinese drainage design code, 0.15 m;
/// limits of still water for a small car, 0.30 m, and a large off-road car, 0.50 m, as in
/// [`passability::ALL`].
const DEPTHS: [f64; 3] = [0.15, 0.30, 0.50];

/// Travellers whose passage is told.
const TRAVELLERS: [&str; 2] = ["car", "fire_engine"];

/// What a road meets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Road<'e> {
    layer: &'e str,
    feature: &'e VectorFeature,
    /// Its pieces on the grid, line by line.
    pub(super) lines: Vec<Vec<Piece>>,
}

impl Road<'_> {
    /// Its pieces in order.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.lines.iter().flatten()
    }

    fn depth(&self, evidence: &Evidence) -> f64 {
        self.pieces().fold(0.0, |depth, piece| depth.max(evidence.max_depth[piece.cell]))
    }
}

/// All roads of all layers with a piece on the grid, in the order of layers and files.
pub(super) fn all(evidence: &Evidence) -> Vec<Road<'_>> {
    let mut found: Vec<Road<'_>> = Vec::new();
    for layer in layers_of(evidence) {
        if let Things::Roads(features) = &layer.things {
            found.par_extend(features.par_iter().map(|feature| road(evidence, &layer.name, feature)));
        }
    }
    found.retain(|road| road.pieces().next().is_some());
    found
}

fn road<'e>(evidence: &'e Evidence, layer: &'e str, feature: &'e VectorFeature) -> Road<'e> {
    let lines = feature.shape.paths().iter().map(|path| pieces(&evidence.grid, path));
    Road { layer, feature, lines: lines.collect() }
}

/// One row for every road.
pub(super) fn table(evidence: &Evidence, roads: &[Road<'_>]) -> Table {
    let rows = roads.iter().map(|road| row(evidence, road)).collect();
    Table { info: about(evidence, "roads"), columns: columns(evidence), rows }
}

/// The parts of roads whose largest depth reached the waterlogging depth.
pub(super) fn shapes(evidence: &Evidence, roads: &[Road<'_>]) -> Shapes {
    let features = roads.iter().filter_map(|road| {
        let parts: Vec<LineString<f64>> =
            road.lines.iter().flat_map(|line| cut_parts(evidence, line)).collect();
        let depth = road.depth(evidence);
        (!parts.is_empty()).then(|| Feature {
            geometry: Geometry::MultiLineString(MultiLineString(parts)),
            label: format!("{}: {depth:.2} m", road.feature.name()),
            values: row(evidence, road),
            colour: evidence.settings.class_of(depth).map_or(BELOW_CLASSES, |class| class.colour),
        })
    });
    Shapes {
        info: about(evidence, "parts of roads"),
        columns: columns(evidence),
        features: features.collect(),
    }
}

/// Colour of roads below the first class: grey.
const BELOW_CLASSES: [u8; 3] = [128, 128, 128];

/// Lines made of the pieces that reached the waterlogging depth, as long as they follow each other.
fn cut_parts(evidence: &Evidence, line: &[Piece]) -> Vec<LineString<f64>> {
    let threshold = evidence.settings.waterlogging_depth;
    let mut parts: Vec<LineString<f64>> = Vec::new();
    for piece in line.iter().filter(|piece| evidence.max_depth[piece.cell] >= threshold) {
        match parts.last_mut().filter(|part| part.0.last() == Some(&piece.start)) {
            Some(part) => part.0.push(piece.end),
            None => parts.push(LineString(vec![piece.start, piece.end])),
        }
    }
    parts
}

fn about(evidence: &Evidence, what: &str) -> crate::product::FieldInfo {
    let threshold = evidence.settings.waterlogging_depth;
    info(
        "roads_cut",
        &format!("Roads under {threshold} m of water or more"),
        &format!("水深 {threshold} m 以上的道路"),
        format!(
            "{what} by the largest depth and speed of the cells that they pass through; depth and speed need not \
             be largest at one time, so that more roads count as closed than are closed at any moment"
        ),
    )
}

fn travellers() -> impl Iterator<Item = &'static Traveller> {
    let all: &'static [Traveller] = &passability::ALL;
    TRAVELLERS.iter().filter_map(move |name| all.iter().find(|traveller| traveller.name == *name))
}

fn columns(evidence: &Evidence) -> Vec<Column> {
    let threshold = evidence.settings.waterlogging_depth;
    let mut columns = vec![
        Column::new("layer", "", "layer of the scenario"),
        Column::new("road", "", "name in the file, or # and its position there"),
        Column::new("length_m", "m", "length on the grid"),
        Column::new("max_depth_m", "m", "largest depth on its cells"),
        Column::new("max_speed_m_s", "m s-1", "largest speed on its cells"),
        Column::new("cut_from_min", "min", &format!("first time above {threshold} m on any of its cells")),
        Column::new(
            "cut_until_at_least_min",
            "min",
            "latest first time plus duration of any of its cells: the end if the water came once, earlier than it if it came again",
        ),
        Column::new("cut_longest_min", "min", &format!("longest time above {threshold} m on one cell")),
    ];
    columns.extend(DEPTHS.map(|depth| {
        Column::new(
            &format!("length_from_{depth}_m"),
            "m",
            &format!("length with a largest depth of {depth} m or more"),
        )
    }));
    columns.extend(travellers().map(|traveller| {
        let meaning = format!(
            "true if {} gets through the largest depth and speed of every cell ({})",
            traveller.title, traveller.source
        );
        Column::new(&format!("{}_passes", traveller.name), "", &meaning)
    }));
    columns
}

fn row(evidence: &Evidence, road: &Road<'_>) -> Vec<Value> {
    let exceedance = evidence.exceedance(evidence.settings.waterlogging_depth);
    let depth = |piece: &Piece| evidence.max_depth[piece.cell].max(0.0);
    let speed = |piece: &Piece| evidence.max_speed[piece.cell].max(0.0);
    let (mut from, mut until, mut longest) = (f64::INFINITY, f64::NEG_INFINITY, 0.0_f64);
    for piece in road.pieces() {
        let (first, time) = (exceedance.first_above[piece.cell], exceedance.time_above[piece.cell]);
        if first.is_finite() {
            from = from.min(first);
            until = until.max((first + time).min(evidence.duration));
            longest = longest.max(time);
        }
    }
    let minutes = |time: f64| if from.is_finite() { Value::Number(time / MINUTE) } else { Value::Missing };
    // A sum that begins with zero: that of nothing is then no negative zero.
    let length_from = |limit: f64| {
        let counted = road.pieces().filter(|piece| depth(piece) >= limit);
        Value::Number(counted.fold(0.0, |sum, piece| sum + piece.length))
    };
    let mut row = vec![
        Value::Text(road.layer.into()),
        Value::Text(road.feature.name()),
        length_from(0.0),
        Value::Number(road.depth(evidence)),
        Value::Number(road.pieces().fold(0.0, |fastest, piece| speed(piece).max(fastest))),
        minutes(from),
        minutes(until),
        minutes(longest),
    ];
    row.extend(DEPTHS.map(length_from));
    let passes =
        |traveller: &Traveller| road.pieces().all(|piece| traveller.passes(depth(piece), speed(piece)));
    row.extend(travellers().map(|traveller| Value::Flag(passes(traveller))));
    row
}
