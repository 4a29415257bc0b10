//! Places that matter: underpasses, basements, gauges, any named place.

use crate::flood::place::{Place, Places};
use crate::grid::Grid;
use crate::scenario::names::Names;
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;
use crate::scenario::site::read_place;

use super::buildings::lies_in_wall;
use super::products::Wanted;
use super::terrain::Ground;

const KINDS: [&str; 5] = ["underpass", "basement", "road", "gauge", "other"];

/// Depth from which an underpass is closed unless the scenario says otherwise, m.
///
/// # Source
/// Practice of the traffic police of Beijing, as told in 2013 to the newspaper Xin Jing Bao:
/// caution at 20 cm, closed above 27 cm (about the exhaust of a car).
const CLOSING_DEPTH: f64 = 0.27;

/// Reads the tables `[[place]]`.
pub(super) fn read(root: &Section<'_>, ground: Option<&Ground>, wanted: Option<&Wanted>) -> Option<Places> {
    let tables =
        root.sections("place", "a place that matters: when it closes, who gets through, depth in time");
    let mut list: Option<Vec<Place>> = Some(Vec::new());
    let mut names = Names::new(1084, "places");
    for table in &tables {
        let name = table.required_text("name", "name of the place", "Station Road underpass");
        let name = name.and_then(|name| names.first(table, name));
        let kind = table.choice_or("kind", &KINDS, "other", "what it is");
        let at = read_place(table, "at", "where it is");
        let within = table
            .quantity(
                "within",
                Dimension::Length,
                "take the lowest ground within this distance; one cell when absent",
            )
            .between(0.0, 1000.0)
            .or(0.0, "one cell");
        let closing_depth = table
            .quantity("closing_depth", Dimension::Length, "depth from which it is closed")
            .between(0.001, 100.0)
            .or(CLOSING_DEPTH, "27 cm");
        table.finish();
        let place = (|| {
            let (ground, name) = (ground?, name?);
            let (x, y) = at?.in_crs(&ground.grid.crs, table, "at")?;
            let Some(cell) = lowest_cell(ground, (x, y), within) else {
                let home = ground.grid.cell_at(x, y);
                if home.is_some_and(|cell| lies_in_wall(table, ("at", name), cell, ground)) {
                    return None;
                }
                let Grid { west, south, .. } = ground.grid;
                let (east, north) = (ground.grid.east(), ground.grid.north());
                let text = format!("'{name}' at x {x:.1}, y {y:.1} lies on no cell of the area");
                let fix = format!("the terrain spans x {west} to {east}, y {south} to {north}");
                table.report(2306, "at", text, fix);
                return None;
            };
            lies_in_wall(table, ("at", name), cell, ground);
            Some(Place { name: name.into(), kind: kind.into(), cell, closing_depth })
        })();
        list = list.zip(place).map(|(mut list, place)| {
            list.push(place);
            list
        });
    }
    let wanted = wanted?;
    Some(Places { list: list?, depths: wanted.place_depths.clone(), interval: wanted.place_interval })
}

/// The lowest cell of the area within a distance of a point; of equals the nearest.
pub(super) fn lowest_cell(ground: &Ground, (x, y): (f64, f64), within: f64) -> Option<(usize, usize)> {
    let grid = &ground.grid;
    let home = grid.cell_at(x, y)?;
    let (across, up) = ((within / grid.dx) as usize, (within / grid.dy) as usize);
    let rows = home.0.saturating_sub(up)..(home.0 + up + 1).min(grid.rows);
    let mut best: Option<((usize, usize), f64, f64)> = None;
    for row in rows {
        for column in home.1.saturating_sub(across)..(home.1 + across + 1).min(grid.columns) {
            let distance = (grid.x(column) - x).hypot(grid.y(row) - y);
            let level = ground.bed[(row, column)];
            let near = distance <= within || (row, column) == home;
            if near && !level.is_nan() && best.is_none_or(|(_, z, d)| level < z || level == z && distance < d)
            {
                best = Some(((row, column), level, distance));
            }
        }
    }
    best.map(|(cell, ..)| cell)
}
