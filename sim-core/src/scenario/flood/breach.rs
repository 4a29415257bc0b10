//! Levees and dams that give way.

use crate::flood::breach::{Breach, Trigger};
use crate::scenario::names::Names;
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;
use crate::scenario::site::read_place;

use super::breach_size;
use super::buildings::lies_in_wall;
use super::place;
use super::terrain::Ground;

/// Reads the tables `[[breach]]`.
pub(super) fn read(root: &Section<'_>, ground: Option<&Ground>) -> Option<Vec<Breach>> {
    let tables = root.sections("breach", "a levee or dam that gives way: ground along a line sinks");
    let mut list: Option<Vec<Breach>> = Some(Vec::new());
    let mut names = Names::new(1120, "breaches");
    for table in &tables {
        let breach = read_one(table, &mut names, ground);
        list = list.zip(breach).map(|(mut list, breach)| {
            list.push(breach);
            list
        });
    }
    list
}

fn read_one(table: &Section<'_>, names: &mut Names, ground: Option<&Ground>) -> Option<Breach> {
    let name = table.required_text("name", "name of the breach", "levee at the mill");
    let name = name.and_then(|name| names.first(table, name));
    let line = table.points(
        "along",
        "line along the crest, [[x_m, y_m], ...] in the site's reference; it breaks in its middle",
    );
    if !table.has("along") && !table.describing() {
        table.report(
            1012,
            "along",
            "missing: it is not said where the breach is",
            "add along = [[x, y], [x, y]]",
        );
    }
    let size = breach_size::read(table);
    let bottom = table
        .quantity("bottom", Dimension::Length, "level of its bottom in the end, on the datum of the terrain")
        .a_level()
        .required();
    let reach = table
        .quantity(
            "reach",
            Dimension::Length,
            "ground within this distance of the line sinks, as wide as the foot of the levee; only the cells on the line when absent",
        )
        .between(0.0, 1000.0)
        .or(0.0, "the cells on the line");
    let trigger = read_trigger(table, ground);
    table.finish();
    let (ground, trigger) = (ground?, trigger?);
    let line = line.filter(|line| line.len() > 1).or_else(|| {
        if table.has("along") {
            table.report(1031, "along", "a line needs two points or more", "write [[x, y], [x, y]]");
        }
        None
    })?;
    let bottom = bottom?;
    let cells = along(ground, &line, reach);
    if cells.is_empty() {
        let text = format!("{} touches no cell of the terrain", place::shown(&line));
        table.report(2304, "along", text, "draw it along the crest of the levee");
        return None;
    }
    let top = cells.iter().map(|&(cell, _)| ground.bed[cell]).fold(f64::NEG_INFINITY, f64::max);
    if bottom >= top {
        let text =
            format!("the bottom of {bottom} m is not below the ground along the line, {top:.2} m at most");
        table.report(1088, "bottom", text, "draw the line along the crest, or give a lower bottom");
        return None;
    }
    let (width, duration) = size.size(table, top - bottom)?;
    Some(Breach { name: name?.into(), trigger, width, bottom, duration, cells })
}

/// When it begins: at a time, or at a water level.
fn read_trigger(table: &Section<'_>, ground: Option<&Ground>) -> Option<Trigger> {
    let begins = table
        .quantity("begins", Dimension::Time, "time after the start at which it begins")
        .between(0.0, 1e8)
        .optional();
    let level = table
        .quantity(
            "water_level",
            Dimension::Length,
            "begins when the water at level_at reaches this level, instead of at a time",
        )
        .a_level()
        .optional();
    let asks_place = table.has("level_at") || table.describing();
    let at = if asks_place {
        read_place(table, "level_at", "where that water level is looked at (with water_level)")
    } else {
        None
    };
    table.know("level_at");
    let ground = ground?;
    match (begins, level) {
        (Some(begins), None) if !table.has("level_at") => Some(Trigger::Time(begins)),
        (None, Some(level)) if asks_place => {
            let (x, y) = at?.in_crs(&ground.grid.crs, table, "level_at")?;
            match ground.grid.cell_at(x, y) {
                Some(cell)
                    if lies_in_wall(table, ("level_at", "the place of the water level"), cell, ground) =>
                {
                    None
                }
                Some(cell) if !ground.bed[cell].is_nan() => Some(Trigger::Level { cell, level }),
                _ => {
                    table.report(
                        2306,
                        "level_at",
                        format!("x {x:.1}, y {y:.1} lies on no cell of the area"),
                        "move it onto the terrain",
                    );
                    None
                }
            }
        }
        _ => {
            table.report(
                1020,
                "begins",
                "a breach begins either at a time or at a water level",
                "give begins, or water_level with level_at",
            );
            None
        }
    }
}

/// Cells within a distance of a line, and those that it crosses, with their distance from
/// its middle measured along it.
fn along(ground: &Ground, line: &[(f64, f64)], reach: f64) -> Vec<((usize, usize), f64)> {
    let grid = &ground.grid;
    let length = |pair: &[(f64, f64)]| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1);
    let whole: f64 = line.windows(2).map(length).sum();
    // Distance from the line and place along it of a point.
    let nearest = |(x, y): (f64, f64)| {
        let (mut before, mut best) = (0.0, (f64::INFINITY, 0.0));
        for pair in line.windows(2) {
            let part = length(pair).max(f64::MIN_POSITIVE);
            let (along_x, along_y) = ((pair[1].0 - pair[0].0) / part, (pair[1].1 - pair[0].1) / part);
            let at = ((x - pair[0].0) * along_x + (y - pair[0].1) * along_y).clamp(0.0, part);
            let away = (x - pair[0].0 - at * along_x).hypot(y - pair[0].1 - at * along_y);
            best = if away < best.0 { (away, before + at) } else { best };
            before += part;
        }
        best
    };
    let crossed = place::cells_along(grid, line);
    let mut cells = Vec::new();
    for row in 0..grid.rows {
        for column in 0..grid.columns {
            let (away, at) = nearest((grid.x(column), grid.y(row)));
            let belongs = away <= reach || crossed.contains(&(row, column));
            if belongs && !ground.bed[(row, column)].is_nan() {
                cells.push(((row, column), (at - 0.5 * whole).abs()));
            }
        }
    }
    cells
}
