//! Who may be harmed: layers of buildings and people.

use crate::gas::exposure::{Exposed, Kind};
use crate::grid::Grid;
use crate::grid::vector::ShapeKind;
use crate::scenario::Context;
use crate::scenario::exposure::{Wish, load, read_wish};
use crate::scenario::names::Names;
use crate::scenario::section::Section;

const KINDS: [&str; 2] = ["buildings", "people"];

/// A table that is sound, with what it asks for.
pub(super) type Wishes<'s> = Vec<(Section<'s>, Wish<'s>)>;

/// Reads the tables `[[exposure]]`; the files are opened by [`layers`], once there is a grid.
pub(super) fn read<'s>(root: &Section<'s>) -> Option<Wishes<'s>> {
    let tables = root.sections("exposure", "who may be harmed: buildings, people");
    let mut names = Names::new(1092, "layers");
    let count = tables.len();
    let wishes: Wishes<'s> = tables
        .into_iter()
        .filter_map(|table| {
            let wish =
                read_wish(&table, &KINDS, false).filter(|wish| names.first(&table, wish.name).is_some())?;
            Some((table, wish))
        })
        .collect();
    (wishes.len() == count).then_some(wishes)
}

/// The layers of sound tables.
pub(super) fn layers(
    wishes: &Wishes<'_>,
    grid: &Grid,
    context: &mut Context<'_, '_>,
) -> Option<Vec<Exposed>> {
    let mut found = Some(Vec::new());
    for (table, wish) in wishes {
        let (kind, shapes) = match wish.kind {
            "buildings" => (Kind::Buildings, vec![ShapeKind::Area, ShapeKind::Points]),
            _ => (Kind::People, vec![ShapeKind::Points]),
        };
        let layer = wish.layer.and_then(|path| load(table, path, &wish.request(shapes), grid, context));
        let exposed = layer.map(|layer| Exposed::new(wish.name.to_owned(), kind, &layer.features));
        found = found.zip(exposed).map(|(mut found, exposed)| {
            found.push(exposed);
            found
        });
    }
    found
}
