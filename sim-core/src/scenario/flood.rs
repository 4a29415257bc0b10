//! Keys of a flood scenario.

use crate::error::Problems;
use crate::flood::boundary::{Edge, Edges};
use crate::flood::flux::{self, Scheme};
use crate::flood::inflow::Inflow;
use crate::flood::product;
use crate::grid::{Crs, Field, Grid};
use crate::run::flood::{DepthClass, FloodCase, ProductSettings};

use super::depth_classes::depth_presets;
use super::quantity::Dimension;
use super::resolver::TerrainFile;
use super::section::Section;
use super::site::{Site, read_place};
use super::{Context, forcing, quarter};

/// Ground levels on land, m: from the Dead Sea shore to Mount Everest, with some room.
const LOWEST_GROUND: f64 = -500.0;
const HIGHEST_GROUND: f64 = 9000.0;

/// Courant number: stable below 1 for every scheme, see `flood::time_step`.
const COURANT: f64 = 0.7;

/// Depth from which standing water counts, m: one lane's depth at most 15 cm.
///
/// # Source
/// Chinese outdoor drainage design code, revision of 2014: criterion for waterlogging.
const WATERLOGGING_DEPTH: f64 = 0.15;

/// Area from which standing water counts, m²: about one parked car with room to get out.
const WATERLOGGING_AREA: f64 = 20.0;

/// Reads all sections of a flood scenario.
pub(super) fn read(
    root: &Section<'_>,
    site: Option<&Site>,
    context: &mut Context<'_, '_>,
) -> Option<FloodCase> {
    let run = read_run(root);
    let rain = forcing::rain(root, context);
    let loss = forcing::losses(root, context);
    let edges = read_edges(root);
    let ground = read_ground(root, site, context);
    let initial_depth = read_initial(root, ground.as_ref(), context);
    let inflows = read_inflows(root, ground.as_ref().map(|ground| &ground.grid), context);
    let settings = read_products(root);
    if !root.describing() && !root.has("rain") && !root.has("inflow") && !root.has("initial") {
        root.report(
            1023,
            "rain",
            "nothing brings water: no [rain], no [[inflow]], no [initial]",
            "add [rain] with intensity = \"60 mm/h\" and duration = \"1 h\"",
        );
    }
    let (run, ground) = (run?, ground?);
    Some(FloodCase {
        title: context.title.clone(),
        manning_n: ground.manning_n,
        bed: ground.bed,
        initial_depth: initial_depth?,
        rain: rain?,
        loss: loss?,
        inflows: inflows?,
        edges: edges?,
        courant: run.courant,
        scheme: run.scheme,
        duration: run.duration,
        frame_times: run.frame_times,
        settings: settings?,
        grid: ground.grid,
    })
}

struct Run {
    duration: f64,
    courant: f64,
    scheme: Scheme,
    frame_times: Vec<f64>,
}

fn read_run(root: &Section<'_>) -> Option<Run> {
    let section = root.section("run", "run control");
    let duration =
        section.quantity("duration", Dimension::Time, "how long to simulate").between(1.0, 1e8).required();
    let courant = section
        .number("courant", "Courant number of the time step; smaller is slower and no more accurate")
        .between(0.05, 0.95)
        .or(COURANT, "0.7");
    let names: Vec<&str> = flux::ALL.iter().map(|scheme| scheme.1).collect();
    let scheme = section.choice(
        "scheme",
        &names,
        "numerical scheme: hllc-1 (first order), hllc-2 (second order; default), inertial (slow wide floods only)",
    );
    let interval = section
        .quantity("frame_interval", Dimension::Time, "keep the depth at this interval as frames in time")
        .between(0.1, 1e8)
        .optional();
    section.finish();
    let duration = duration?;
    let frame_times = match interval {
        None => Vec::new(),
        Some(interval) if interval <= duration => {
            (0..=(duration / interval).floor() as usize).map(|i| i as f64 * interval).collect()
        }
        Some(interval) => {
            section.report(
                1024,
                "frame_interval",
                format!("{interval} s is longer than the run of {duration} s"),
                "choose a shorter interval or remove the key",
            );
            return None;
        }
    };
    let scheme = scheme.map_or(Some(flux::DEFAULT), Scheme::find)?;
    Some(Run { duration, courant, scheme, frame_times })
}

fn read_edges(root: &Section<'_>) -> Option<Edges> {
    let kinds = ["wall", "open"];
    let section = root.section("edges", "what happens at the edges of the area");
    let all = section.choice("all", &kinds, "all four edges: wall (closed) or open (water leaves freely)");
    let sides = ["west", "east", "south", "north"];
    let each = sides.map(|side| section.choice(side, &kinds, "this edge alone; goes before all"));
    section.finish();
    if section.describing() {
        return None;
    }
    let incomplete = !section.has("all") && !sides.iter().all(|side| section.has(side));
    if incomplete {
        section.report(
            1012,
            "all",
            "it is not said what happens at the edges",
            "add [edges] with all = \"open\" (water leaves the map) or \"wall\" (it stays)",
        );
        return None;
    }
    let edge = |own: Option<&str>| match own.or(all) {
        Some("wall") => Some(Edge::Wall),
        Some(_) => Some(Edge::Open),
        None => None,
    };
    Some(Edges { west: edge(each[0])?, east: edge(each[1])?, south: edge(each[2])?, north: edge(each[3])? })
}

struct Ground {
    grid: Grid,
    bed: Field,
    manning_n: Field,
}

fn read_ground(root: &Section<'_>, site: Option<&Site>, context: &mut Context<'_, '_>) -> Option<Ground> {
    let section = root.section("terrain", "ground levels and roughness");
    let dem = section.text("dem", "raster of ground levels in metres: GeoTIFF or ESRI ASCII grid");
    let generated = section.choice("generated", &["city-quarter"], "a made-up terrain instead of a raster");
    let centre = read_generated_centre(&section, generated);
    let no_data = section.choice(
        "no_data",
        &["error", "wall"],
        "cells without a level: error (default) or wall (outside the area)",
    );
    let n = section
        .number("manning_n", "Manning's roughness n, s/m^(1/3): streets about 0.015, lawns 0.03, scrub 0.1")
        .between(0.005, 1.0)
        .optional();
    let n_raster = section.text("manning_n_raster", "raster of Manning's n on the grid of the terrain");
    section.finish();
    if section.describing() {
        return None;
    }
    let terrain = match (dem, generated) {
        (Some(dem), None) => {
            let file = load(&section, dem, context)?;
            on_a_grid(&section, file, site)
        }
        (None, Some(_)) => quarter::generate(centre?),
        _ if section.has("dem") != section.has("generated") => None,
        _ => {
            section.report(1012, "dem", "the terrain is missing or given twice", "add dem = \"ground.tif\"");
            None
        }
    };
    let roughness_once = roughness_is_given_once(&section);
    let (grid, bed) = terrain?;
    let levels_are_right = check_levels(&section, &grid, &bed, no_data == Some("wall"));
    let manning_n = match n_raster {
        Some(path) => aligned(&section, "manning_n_raster", path, &grid, context),
        None => n.map(|n| grid.filled(n)),
    }?;
    let bad_n = manning_n.iter().zip(&bed).position(|(n, z)| z.is_finite() && !(0.005..=1.0).contains(n));
    if let Some(i) = bad_n {
        let problem = section
            .problem(2302, "manning_n_raster", "a cell has no roughness between 0.005 and 1")
            .at_spot(grid.spot(i / grid.columns, i % grid.columns))
            .fix("give every cell of the area a roughness");
        section.reading.report(problem);
        return None;
    }
    (levels_are_right && roughness_once).then_some(Ground { grid, bed, manning_n })
}

fn read_generated_centre(section: &Section<'_>, generated: Option<&str>) -> Option<super::site::Place> {
    let wanted = generated.is_some() || section.has("centre") || section.describing();
    wanted
        .then(|| read_place(section, "centre", "middle of the generated terrain (with generated)"))
        .flatten()
}

fn roughness_is_given_once(section: &Section<'_>) -> bool {
    let once = section.has("manning_n") != section.has("manning_n_raster");
    if !once {
        section.report(
            1012,
            "manning_n",
            "roughness is missing or given twice",
            "add manning_n = 0.03 or manning_n_raster = \"n.tif\"; there is no safe default",
        );
    }
    once
}

fn load(section: &Section<'_>, path: &str, context: &mut Context<'_, '_>) -> Option<TerrainFile> {
    match context.resolver.as_mut()?.terrain(path) {
        Ok(file) => {
            file.warnings.iter().for_each(|warning| section.reading.report(warning.clone()));
            Some(file)
        }
        Err(Problems(problems)) => {
            for problem in problems {
                section.reading.report(problem);
            }
            None
        }
    }
}

fn on_a_grid(section: &Section<'_>, file: TerrainFile, site: Option<&Site>) -> Option<(Grid, Field)> {
    let declared = site?.crs.clone();
    let crs = match (file.crs, declared) {
        (Some(own), Some(declared)) if own != declared => {
            section.report(
                2203,
                "dem",
                format!("the raster declares {own} but site.crs is {declared}"),
                "remove site.crs, or reproject the raster",
            );
            return None;
        }
        (Some(crs), _) | (None, Some(crs)) => crs,
        (None, None) => {
            section.report(
                2202,
                "dem",
                "neither the raster nor the scenario says in which coordinate reference it is",
                "add [site] crs = \"EPSG:32649\" (or \"local\" for a plane without a place on Earth)",
            );
            return None;
        }
    };
    metric(section, &crs)?;
    let (rows, columns) = file.levels.dim();
    let grid = Grid {
        columns,
        rows,
        dx: file.cell.0,
        dy: file.cell.1,
        west: file.corner.0,
        south: file.corner.1,
        crs,
    };
    Some((grid, file.levels))
}

/// The solver needs metres along both axes.
fn metric(section: &Section<'_>, crs: &Crs) -> Option<()> {
    let problem = if crs.is_geographic() {
        "is in degrees; depths and speeds need metres"
    } else if (crs.metres_per_unit() - 1.0).abs() > 1e-9 {
        "is not in metres"
    } else {
        return Some(());
    };
    section.report(
        2204,
        "dem",
        format!("{crs} {problem}"),
        "reproject it to the UTM or CGCS2000 3-degree zone, e.g. gdalwarp -t_srs EPSG:4547 -tr 2 2 -r bilinear in.tif out.tif",
    );
    None
}

fn check_levels(section: &Section<'_>, grid: &Grid, bed: &Field, no_data_is_wall: bool) -> bool {
    let empty = bed.iter().filter(|level| !level.is_finite()).count();
    let strange = bed
        .indexed_iter()
        .filter(|(_, level)| level.is_finite() && !(LOWEST_GROUND..=HIGHEST_GROUND).contains(*level));
    let count = strange.clone().count();
    if let Some(((row, column), level)) = strange.clone().next() {
        let problem = section
            .problem(2308, "dem", format!("{count} cells have impossible levels, the first {level}"))
            .at_spot(grid.spot(row, column))
            .why(format!("ground on land lies between {LOWEST_GROUND} and {HIGHEST_GROUND} m"))
            .fix("declare the no-data value in the raster, and check that levels are in metres");
        section.reading.report(problem);
        return false;
    }
    if empty == bed.len() {
        section.report(2309, "dem", "no cell has a level", "check the no-data value of the raster");
        return false;
    }
    if empty > 0 && !no_data_is_wall {
        let first = bed.indexed_iter().find(|(_, level)| !level.is_finite());
        let spot = first.map_or_else(String::new, |((row, column), _)| grid.spot(row, column));
        let problem = section
            .problem(2107, "dem", format!("{empty} of {} cells have no level", bed.len()))
            .at_spot(format!("first at {spot}"))
            .why("water would have nowhere to stand there")
            .fix("fill them, or set terrain.no_data = \"wall\" to treat them as outside the area");
        section.reading.report(problem);
        return false;
    }
    true
}

/// A second raster, which must lie exactly on the terrain's grid.
fn aligned(
    section: &Section<'_>,
    key: &str,
    path: &str,
    grid: &Grid,
    context: &mut Context<'_, '_>,
) -> Option<Field> {
    let file = load(section, path, context)?;
    /// Edges may differ by this share of a cell.
    const TOLERANCE: f64 = 1e-3;
    let near = |a: f64, b: f64, cell: f64| (a - b).abs() <= TOLERANCE * cell;
    let same = file.levels.dim() == grid.shape()
        && near(file.corner.0, grid.west, grid.dx)
        && near(file.corner.1, grid.south, grid.dy)
        && near(file.cell.0, grid.dx, grid.dx)
        && near(file.cell.1, grid.dy, grid.dy);
    if same {
        return Some(file.levels);
    }
    let (rows, columns) = file.levels.dim();
    let extent = |west: f64, south: f64, dx: f64, dy: f64, columns: usize, rows: usize| {
        let (east, north) = (west + columns as f64 * dx, south + rows as f64 * dy);
        format!("{columns} x {rows} cells, x {west} to {east}, y {south} to {north}")
    };
    let own = extent(file.corner.0, file.corner.1, file.cell.0, file.cell.1, columns, rows);
    let ground = extent(grid.west, grid.south, grid.dx, grid.dy, grid.columns, grid.rows);
    section.report(
        2301,
        key,
        format!("{path} ({own}) does not lie on the grid of the terrain ({ground})"),
        "warp it to the terrain's grid, e.g. gdalwarp -te ... -tr ...",
    );
    None
}

fn read_initial(root: &Section<'_>, ground: Option<&Ground>, context: &mut Context<'_, '_>) -> Option<Field> {
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

fn read_inflows(
    root: &Section<'_>,
    grid: Option<&Grid>,
    context: &mut Context<'_, '_>,
) -> Option<Vec<Inflow>> {
    let mut inflows = Some(Vec::new());
    for section in root.sections("inflow", "water that enters at a place: a burst main, a stream, a manhole")
    {
        let name = section.required_text("name", "name in the mass balance", "burst main").map(str::to_owned);
        let place = read_place(&section, "at", "where the water enters");
        let radius = section
            .quantity(
                "radius",
                Dimension::Length,
                "spread over the cells within this distance; one cell when absent",
            )
            .between(0.0, 1e5)
            .or(0.0, "one cell");
        let discharge = forcing::discharge(&section, context);
        section.finish();
        let inflow = (|| {
            let grid = grid?;
            let (x, y) = place?.in_crs(&grid.crs)?;
            let cells = cells_within(grid, x, y, radius);
            if cells.is_empty() {
                section.report(
                    2304,
                    "at",
                    format!("x {x:.1}, y {y:.1} touches no cell of the terrain"),
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
    inflows
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

fn read_products(root: &Section<'_>) -> Option<ProductSettings> {
    let section = root.section("products", "what to make of the run");
    let names: Vec<&str> = product::ALL.iter().map(|product| product.name()).collect();
    let wanted = section.texts("wanted", &names, "products to make; all when absent");
    let arrival_depth = section
        .quantity("arrival_depth", Dimension::Length, "depth from which water counts as arrived")
        .between(0.001, 100.0)
        .or(WATERLOGGING_DEPTH, "15 cm");
    let waterlogging_depth = section
        .quantity("waterlogging_depth", Dimension::Length, "depth from which an area counts as waterlogged")
        .between(0.001, 100.0)
        .or(WATERLOGGING_DEPTH, "15 cm");
    let waterlogging_area = section
        .quantity("waterlogging_area", Dimension::Area, "smallest area that counts as a waterlogging point")
        .between(0.0, 1e9)
        .or(WATERLOGGING_AREA, "20 m2");
    let classes = read_classes(&section);
    section.finish();
    Some(ProductSettings {
        arrival_depth,
        waterlogging_depth,
        waterlogging_area,
        classes: classes?,
        wanted: wanted.map_or_else(
            || names.iter().map(|&name| name.to_owned()).collect(),
            |wanted| wanted.into_iter().map(|name| name.0).collect(),
        ),
    })
}

fn read_classes(section: &Section<'_>) -> Option<Vec<DepthClass>> {
    let presets = depth_presets();
    let names: Vec<&str> = presets.iter().map(|preset| preset.name.as_str()).collect();
    let preset = section.choice("depth_classes", &names, "preset of depth classes; default cn-15-27-40-60");
    let own: Vec<_> = section
        .sections("depth_class", "own depth classes, in rising order, instead of a preset")
        .iter()
        .map(read_class)
        .collect();
    if own.is_empty() || section.describing() {
        let wanted = preset.unwrap_or("cn-15-27-40-60");
        return presets.iter().find(|preset| preset.name == wanted).map(super::DepthPreset::classes);
    }
    let classes: Vec<DepthClass> = own.into_iter().collect::<Option<_>>()?;
    if classes.windows(2).all(|pair| pair[0].from < pair[1].from) {
        return Some(classes);
    }
    section.report(1025, "depth_class", "the classes do not rise", "order them by from");
    None
}

fn read_class(section: &Section<'_>) -> Option<DepthClass> {
    let from = section
        .quantity("from", Dimension::Length, "lower limit of the class")
        .between(0.0, 100.0)
        .required();
    let label = section.required_text("label", "text of the legend", "over 30 cm");
    let label_zh = section.text("label_zh", "text of the legend, Chinese");
    let colour = section.required_text("colour", "colour as #rrggbb", "#4292c6");
    section.finish();
    let parsed = colour.and_then(|text| {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let channel = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).ok();
        Some([channel(0)?, channel(2)?, channel(4)?])
    });
    if colour.is_some() && parsed.is_none() {
        section.report(1013, "colour", "not a colour", "write six hexadecimal digits: \"#4292c6\"");
    }
    let label = label?.to_owned();
    Some(DepthClass {
        from: from?,
        label_zh: label_zh.map_or_else(|| label.clone(), str::to_owned),
        label,
        colour: parsed?,
    })
}
