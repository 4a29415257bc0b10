//! Who and what may be hit: layers of zones, buildings, roads and people.

use std::sync::Arc;

use crate::flood::exposure::{Exposed, Things, people_by_cell};
use crate::grid::Field;
use crate::grid::vector::ShapeKind;
use crate::scenario::Context;
use crate::scenario::exposure::{Wish, load, read_wish};
use crate::scenario::names::Names;
use crate::scenario::section::Section;

use super::terrain::{Ground, aligned};

const KINDS: [&str; 4] = ["zones", "buildings", "roads", "people"];

/// Reads the tables `[[exposure]]`.
pub(super) fn read(
    root: &Section<'_>,
    ground: Option<&Ground>,
    context: &mut Context<'_, '_>,
) -> Option<Vec<Arc<Exposed>>> {
    let tables = root.sections("exposure", "who and what may be hit: zones, buildings, roads, people");
    let mut names = Names::new(1092, "layers");
    let mut list: Option<Vec<Arc<Exposed>>> = Some(Vec::new());
    for table in &tables {
        let wish = read_wish(table, &KINDS, true).filter(|wish| names.first(table, wish.name).is_some());
        let exposed = wish.and_then(|wish| {
            let things = things(table, &wish, ground?, context)?;
            Some(Arc::new(Exposed { name: wish.name.to_owned(), things }))
        });
        list = list.zip(exposed).map(|(mut list, exposed)| {
            list.push(exposed);
            list
        });
    }
    list
}

fn things(
    table: &Section<'_>,
    wish: &Wish<'_>,
    ground: &Ground,
    context: &mut Context<'_, '_>,
) -> Option<Things> {
    if let Some(path) = wish.raster {
        return people_of_raster(table, path, ground, context).map(Things::People);
    }
    let kinds = match wish.kind {
        "zones" => vec![ShapeKind::Area],
        "buildings" => vec![ShapeKind::Area, ShapeKind::Points],
        "roads" => vec![ShapeKind::Lines],
        _ => vec![ShapeKind::Points],
    };
    let features = load(table, wish.layer?, &wish.request(kinds), &ground.grid, context)?.features;
    Some(match wish.kind {
        "zones" => Things::Zones(features),
        "buildings" => Things::Buildings(features),
        "roads" => Things::Roads(features),
        _ => Things::People(people_by_cell(&ground.grid, &features)),
    })
}

/// People of a raster; no value means that nobody is there, which is told.
fn people_of_raster(
    table: &Section<'_>,
    path: &str,
    ground: &Ground,
    context: &mut Context<'_, '_>,
) -> Option<Field> {
    let grid = &ground.grid;
    let people = aligned(table, "raster", path, grid, context)?;
    let wrong = people.indexed_iter().filter(|(_, people)| **people < 0.0 || people.is_infinite());
    let count = wrong.clone().count();
    if let Some(((row, column), first)) = wrong.clone().next() {
        let text = format!("{count} cells of {path} have impossible numbers of people, the first {first}");
        let problem = table.problem(2416, "raster", text).at_spot(grid.spot(row, column));
        table.reading.report(problem.fix("declare the no-data value in the raster"));
        return None;
    }
    let empty = people.indexed_iter().filter(|(cell, people)| people.is_nan() && !ground.bed[*cell].is_nan());
    let (empty, all) = (empty.count(), people.len());
    if empty > 0 {
        let text = format!("{empty} of {all} cells of {path} have no value and count as without people");
        table.reading.report(
            table
                .warning(2417, "raster", text)
                .why("population rasters often have no value where nobody lives, but also where nobody counted")
                .fix("write 0 into the cells where nobody lives"),
        );
    }
    Some(people.mapv(|people| if people.is_nan() { 0.0 } else { people }))
}
