//! Named places: schools, hospitals, control rooms.

use crate::gas::hazard::indoor::{PRESETS, preset};
use crate::gas::receptor::Receptor;
use crate::grid::Grid;
use crate::scenario::names::Names;
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;
use crate::scenario::site::{Place, read_place};

/// A table that is sound, with its place.
pub(super) struct Wish<'s> {
    table: Section<'s>,
    name: String,
    place: Place,
    height: f64,
    ground: f64,
    air_changes_per_hour: Option<f64>,
}

/// Reads the tables `[[receptor]]`.
pub(super) fn read<'s>(root: &Section<'s>, height: f64) -> Option<Vec<Wish<'s>>> {
    let tables = root.sections("receptor", "a named place: what people breathe there outdoors and indoors");
    let mut names = Names::new(1162, "places");
    let count = tables.len();
    let wishes: Vec<Wish<'s>> = tables
        .into_iter()
        .filter_map(|table| {
            let name = table.required_text("name", "name of the place in results", "school");
            let place = read_place(&table, "at", "where it is");
            let height = table
                .quantity("height", Dimension::Length, "height above ground; that of [receptors] when absent")
                .between(0.0, 200.0)
                .optional()
                .unwrap_or(height);
            let ground = table
                .quantity(
                    "ground_above_source",
                    Dimension::Length,
                    "ground there above the foot of the source: the plume passes nearer to it; lower ground is taken as level",
                )
                .between(-2000.0, 2000.0)
                .or(0.0, "0 m");
            let air_changes_per_hour = read_air_changes(&table);
            table.finish();
            let name = names.first(&table, name?)?.to_owned();
            Some(Wish { name, place: place?, height, ground, air_changes_per_hour: air_changes_per_hour?, table })
        })
        .collect();
    (wishes.len() == count).then_some(wishes)
}

/// Air changes of the building: none for a place outdoors; the outer none where they are wrong.
fn read_air_changes(table: &Section<'_>) -> Option<Option<f64>> {
    let houses: Vec<&str> = PRESETS.iter().map(|house| house.name).collect();
    let house =
        table.choice("house", &houses, "kind of house, doors and windows closed; outdoors alone when absent");
    let rate = table
        .number(
            "air_changes_per_hour",
            "air changes per hour with doors and windows closed, instead of a kind of house",
        )
        .between(0.01, 60.0)
        .optional();
    if table.has("house") && table.has("air_changes_per_hour") {
        table.report(
            1020,
            "air_changes_per_hour",
            "the air changes are given twice: there is also a kind of house",
            "keep one of the two",
        );
        return None;
    }
    if (table.has("house") && house.is_none()) || (table.has("air_changes_per_hour") && rate.is_none()) {
        return None;
    }
    Some(house.and_then(|name| preset(name).ok()).map(|house| house.air_changes_per_hour).or(rate))
}

/// The places in the plane of a grid.
pub(super) fn places(wishes: &[Wish<'_>], grid: &Grid) -> Option<Vec<Receptor>> {
    let mut found = Some(Vec::new());
    for wish in wishes {
        let place =
            wish.place.in_crs(&grid.crs, &wish.table, "at").filter(|&(x, y)| is_on(grid, (x, y), wish));
        found = found.zip(place).map(|(mut found, (x, y))| {
            let Wish { name, height, ground, air_changes_per_hour, .. } = wish;
            found.push(Receptor {
                name: name.clone(),
                x,
                y,
                height: *height,
                ground: *ground,
                air_changes_per_hour: *air_changes_per_hour,
            });
            found
        });
    }
    found
}

/// Reports ground that a heavy cloud would have to climb, which is not modelled.
pub(super) fn are_level(wishes: &[Wish<'_>]) -> bool {
    let uneven: Vec<&Wish<'_>> = wishes.iter().filter(|wish| wish.ground != 0.0).collect();
    for wish in &uneven {
        wish.table.report(
            1194,
            "ground_above_source",
            "the cloud is carried as a heavy one, which flows along the ground and down slopes",
            "remove it: heavy gas is computed on level ground",
        );
    }
    uneven.is_empty()
}

/// True for a place so near that the plane of the grid holds there.
fn is_on(grid: &Grid, (x, y): (f64, f64), wish: &Wish<'_>) -> bool {
    /// Farthest place from the source, m.
    const FARTHEST: f64 = 100_000.0;
    let middle = (0.5 * (grid.west + grid.east()), 0.5 * (grid.south + grid.north()));
    let away = (x - middle.0).hypot(y - middle.1);
    if away > FARTHEST {
        wish.table.report(
            1163,
            "at",
            format!("'{}' is {:.0} km from the source", wish.name, away / 1e3),
            "at most 100 km; check the order of the coordinates and their reference",
        );
    }
    away <= FARTHEST
}
