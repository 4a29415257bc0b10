//! The ground: levels, coordinate reference and roughness.

use ndarray::Array2;

use crate::error::{Problem, Problems};
use crate::flood::buildings::Treatment;
use crate::flood::infiltration::Soils;
use crate::grid::{Crs, Field, Grid};
use crate::scenario::believed::{HIGHEST_LEVEL, LOWEST_LEVEL};
use crate::scenario::resolver::TerrainFile;
use crate::scenario::section::Section;
use crate::scenario::site::{Place, Site, read_place};
use crate::scenario::{Context, plane, polder, quarter};

use super::land_cover;

/// Ground and roughness of a scenario.
pub(super) struct Ground {
    pub(super) grid: Grid,
    pub(super) bed: Field,
    pub(super) manning_n: Field,
    /// Soils by land cover, if any.
    pub(super) soils: Option<Soils>,
    /// Cells that buildings cover, and what these are to the water.
    pub(super) built: Option<(Treatment, Array2<bool>)>,
}

impl Ground {
    /// True if a blocked building covers a cell.
    pub(super) fn is_blocked(&self, cell: (usize, usize)) -> bool {
        self.built.as_ref().is_some_and(|(treatment, mask)| *treatment == Treatment::Blocked && mask[cell])
    }
}

pub(super) fn read_ground(
    root: &Section<'_>,
    site: Option<&Site>,
    context: &mut Context<'_, '_>,
) -> Option<Ground> {
    let section = root.section("terrain", "ground levels and roughness");
    root.always("terrain");
    let dem = section.text("dem", "raster of ground levels in metres: GeoTIFF or ESRI ASCII grid");
    let generated =
        section.choice("generated", &["city-quarter", "polder"], "a made-up terrain instead of a raster");
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
        land_cover::read(root, None, context);
        return None;
    }
    let terrain = match (dem, generated) {
        (Some(dem), None) => {
            let file = load(&section, dem, context)?;
            on_a_grid(&section, file, site)
        }
        (None, Some(_)) => {
            let crs = centre?.home_plane(&section, "centre")?;
            let middle = centre?.in_crs(&crs, &section, "centre")?;
            Some(if generated == Some("polder") {
                polder::generate(crs, middle)
            } else {
                quarter::generate(crs, middle)
            })
        }
        _ if section.has("dem") != section.has("generated") => None,
        _ => {
            section.report(1012, "dem", "the terrain is missing or given twice", "add dem = \"ground.tif\"");
            None
        }
    };
    let cover = land_cover::read(root, terrain.as_ref().map(|(grid, bed)| (grid, bed)), context);
    let cover_is_rough = cover.as_ref().is_some_and(|cover| cover.manning_n.is_some());
    // Of a land cover with mistakes nobody knows yet whether it says how rough it is.
    let roughness_once = cover.is_none() || roughness_is_given_once(&section, cover_is_rough);
    let (grid, bed) = terrain?;
    let cover = cover?;
    let levels_are_right = check_levels(&section, &grid, &bed, no_data == Some("wall"));
    let manning_n = match (n_raster, cover.manning_n) {
        (Some(path), _) => aligned(&section, "manning_n_raster", path, &grid, context),
        (None, Some(by_class)) => Some(by_class),
        (None, None) => n.map(|n| grid.filled(n)),
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
    let soils = cover.soils;
    (levels_are_right && roughness_once).then_some(Ground { grid, bed, manning_n, soils, built: None })
}

/// The ground alone, for gas that flows over it: the table is optional, and has no roughness.
///
/// None where it is wrong, `Some(None)` where it is absent.
pub(in crate::scenario) fn read_levels(
    root: &Section<'_>,
    site: Option<&Site>,
    context: &mut Context<'_, '_>,
) -> Option<Option<(Grid, Field)>> {
    let section = root.optional_section("terrain", "ground over which heavy gas flows, houses in it");
    let dem = section.text("dem", "raster of ground levels in metres: GeoTIFF or ESRI ASCII grid");
    let no_data = section.choice(
        "no_data",
        &["error", "wall"],
        "cells without a level: error (default) or wall (outside the area)",
    );
    section.finish();
    if section.describing() || !section.is_present() {
        return Some(None);
    }
    let Some(dem) = dem else {
        section.report(1012, "dem", "the ground is missing", "add dem = \"ground.tif\"");
        return None;
    };
    let file = load(&section, dem, context)?;
    let (grid, bed) = on_a_grid(&section, file, site)?;
    check_levels(&section, &grid, &bed, no_data == Some("wall")).then_some(Some((grid, bed)))
}

fn read_generated_centre(section: &Section<'_>, generated: Option<&str>) -> Option<Place> {
    let wanted = generated.is_some() || section.has("centre") || section.describing();
    wanted
        .then(|| read_place(section, "centre", "middle of the generated terrain (with generated)"))
        .flatten()
}

fn roughness_is_given_once(section: &Section<'_>, by_class: bool) -> bool {
    let given = [section.has("manning_n"), section.has("manning_n_raster"), by_class];
    let once = given.into_iter().filter(|&given| given).count() == 1;
    if !once {
        section.report(
            1012,
            "manning_n",
            "roughness is missing or given twice",
            "add manning_n = 0.03, manning_n_raster = \"n.tif\" or [land_cover]; there is no safe default",
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
            let problem = section
                .problem(
                    2202,
                    "dem",
                    "neither the raster nor the scenario says in which coordinate reference it is",
                )
                .fix("add [site] crs = \"EPSG:32649\" (or \"local\" for a plane without a place on Earth)");
            // A file may describe its reference in a way that cannot be used; then that is the story.
            let told = file.warnings.iter().find(|warning| warning.code.0 == 2030);
            let why = told.map(|warning| warning.text.clone());
            section.reading.report(Problem { why, ..problem });
            return None;
        }
    };
    metric(section, &crs)?;
    let (rows, columns) = file.levels.dim();
    let middle = |corner: f64, cell: f64, count: usize| corner + 0.5 * cell * count as f64;
    let (x, y) = (middle(file.corner.0, file.cell.0, columns), middle(file.corner.1, file.cell.1, rows));
    if !plane::is_true(section, "dem", &crs, x, y) {
        return None;
    }
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
        .filter(|(_, level)| level.is_finite() && !(LOWEST_LEVEL..=HIGHEST_LEVEL).contains(*level));
    let count = strange.clone().count();
    if let Some(((row, column), level)) = strange.clone().next() {
        let problem = section
            .problem(2308, "dem", format!("{count} cells have impossible levels, the first {level}"))
            .at_spot(grid.spot(row, column))
            .why(format!("ground on land lies between {LOWEST_LEVEL} and {HIGHEST_LEVEL} m"))
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
pub(super) fn aligned(
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
