//! Water that stands there at the start, and water that enters at places.

use crate::flood::inflow::Inflow;
use crate::flood::reservoir::Release;
use crate::grid::{Field, Grid};
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;
use crate::scenario::site::read_place;
use crate::scenario::{Context, forcing};
use crate::series::Series;

use super::buildings::lies_in_wall;
use super::place;
use super::reservoir;
use super::terrain::{Ground, aligned};

pub(super) fn read_initial(
    root: &Section<'_>,
    ground: Option<&Ground>,
    context: &mut Context<'_, '_>,
) -> Option<Field> {
    let section = root.section("initial", "water that stands there at the start");
    let path = section.text("depth", "raster of water depth in metres on the grid of the terrain");
    section.finish();
    let ground = ground?;
    let Some(path) = path else {
        return (!section.is_present() || section.has("depth")).then(|| ground.grid.filled(0.0)).or_else(
            || {
                section.report(1012, "depth", "missing in [initial]", "add depth = \"water.tif\"");
                None
            },
        );
    };
    let mut depth = aligned(&section, "depth", path, &ground.grid, context)?;
    let negative = depth.indexed_iter().find(|(_, depth)| **depth < 0.0 || depth.is_infinite());
    if let Some(((row, column), value)) = negative {
        let problem = section
            .problem(2303, "depth", format!("a depth of {value} m"))
            .at_spot(ground.grid.spot(row, column))
            .fix("depths are zero or positive, in metres");
        section.reading.report(problem);
        return None;
    }
    depth.mapv_inplace(|depth| if depth.is_nan() { 0.0 } else { depth });
    Some(depth)
}

pub(super) fn read_inflows(
    root: &Section<'_>,
    ground: Option<&Ground>,
    duration: Option<f64>,
    context: &mut Context<'_, '_>,
) -> Option<(Vec<Inflow>, Vec<Release>)> {
    let mut inflows = Some(Vec::new());
    let mut releases = Vec::new();
    for section in root.sections("inflow", "water that enters at a place: a burst main, a stream, a manhole")
    {
        let name = section.required_text("name", "name in the mass balance", "burst main").map(str::to_owned);
        let is_line = section.has("along");
        let line = section.points(
            "along",
            "line along which the water enters instead of at, [[x_m, y_m], ...] in the site's reference",
        );
        let place = if is_line { None } else { read_place(&section, "at", "where the water enters") };
        let radius = section
            .quantity(
                "radius",
                Dimension::Length,
                "spread over the cells within this distance that no blocked building covers; one cell when absent",
            )
            .between(0.0, 1e5)
            .or(0.0, "one cell");
        let (discharge, release) = read_discharge(&section, name.as_deref(), duration, context).unzip();
        releases.extend(release.flatten());
        section.finish();
        let inflow = (|| {
            let grid = &ground?.grid;
            let (key, given, cells) = if is_line {
                let line = line.filter(|line| line.len() > 1).or_else(|| {
                    section.report(
                        1031,
                        "along",
                        "a line needs two points or more",
                        "write [[x, y], [x, y]]",
                    );
                    None
                })?;
                let cells = place::cells_along(grid, &line);
                ("along", place::shown(&line), inside(&ground?.bed, cells))
            } else {
                let (x, y) = place?.in_crs(&grid.crs, &section, "at")?;
                let name = name.as_deref().unwrap_or_default();
                if let (Some(home), Some(ground)) = (grid.cell_at(x, y), ground)
                    && lies_in_wall(&section, ("at", name), home, ground)
                {
                    return None;
                }
                let cells = cells_within(grid, x, y, radius);
                let open = |cell: &(usize, usize)| !ground.is_some_and(|ground| ground.is_blocked(*cell));
                ("at", format!("x {x:.1}, y {y:.1}"), cells.into_iter().filter(open).collect())
            };
            if cells.is_empty() {
                section.report(
                    2304,
                    key,
                    format!("{given} touches no cell of the terrain"),
                    format!(
                        "the terrain spans x {} to {}, y {} to {}",
                        grid.west,
                        grid.east(),
                        grid.south,
                        grid.north()
                    ),
                );
                return None;
            }
            Some(Inflow { name: name?, cells, discharge: discharge? })
        })();
        inflows = inflow.and_then(|inflow| {
            let mut all = inflows.take()?;
            all.push(inflow);
            Some(all)
        });
    }
    Some((inflows?, releases))
}

/// The discharge of an inflow, and how the release came about if a reservoir gives it.
fn read_discharge(
    section: &Section<'_>,
    name: Option<&str>,
    duration: Option<f64>,
    context: &mut Context<'_, '_>,
) -> Option<(Series, Option<Release>)> {
    let release = reservoir::read(section, name, duration, context);
    if !section.has("reservoir") {
        return forcing::discharge(section, context).map(|series| (series, None));
    }
    let others = ["discharge", "hydrograph"];
    others.iter().for_each(|key| section.know(key));
    if let Some(key) = others.into_iter().find(|key| section.has(key)) {
        let text = "the discharge is given twice, by a reservoir and in another way";
        section.report(1020, key, text, "keep one of the two");
        return None;
    }
    let release = release.flatten()?;
    Some((release.series()?, Some(release)))
}

/// A line that crosses ground outside the area brings water to the rest of it.
fn inside(bed: &Field, cells: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    cells.into_iter().filter(|&cell| !bed[cell].is_nan()).collect()
}

fn cells_within(grid: &Grid, x: f64, y: f64, radius: f64) -> Vec<(usize, usize)> {
    let Some(home) = grid.cell_at(x, y) else { return Vec::new() };
    let mut cells = vec![home];
    for row in 0..grid.rows {
        for column in 0..grid.columns {
            let near = (grid.x(column) - x).hypot(grid.y(row) - y) <= radius;
            if near && (row, column) != home {
                cells.push((row, column));
            }
        }
    }
    cells.sort_unstable();
    cells
}
