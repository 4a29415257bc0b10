//! Keys of a gas scenario.

mod effect;
mod exposure;
mod heavy;
mod model;
mod receptor;
mod sky;
mod source;
mod weather;

use crate::error::{Problem, Problems};
use crate::gas::hazard::levels::{self, Level};
use crate::gas::product;
use crate::gas::source::Release;
use crate::gas::substance::Substance;
use crate::grid::{Crs, Grid};
use crate::run::gas::{GasCase, Transport, Wishes, is_led_by_ground, reach};

use super::quantity::Dimension;
use super::section::Section;
use super::site::{Place, Site};
use super::{Context, plane};
use source::{Source, read_source};
use weather::{read_air, read_weather};

/// Height of a breathing person, m.
const DEFAULT_HEIGHT: f64 = 1.5;

/// Cells along one side of the receptor grid when the scenario names none.
const DEFAULT_CELLS: f64 = 500.0;

/// The same where puffs are followed, which takes as many looks at the grid as there are steps.
const CELLS_OF_PUFFS: f64 = 250.0;

/// Reads all sections of a gas scenario.
pub(super) fn read(
    root: &Section<'_>,
    site: Option<&Site>,
    context: &mut Context<'_, '_>,
) -> Option<GasCase> {
    let air = read_air(root);
    let mut source = read_source(root, air.as_ref(), context);
    let lasts = source.as_ref().and_then(Source::lasts);
    let place = source.as_ref().and_then(|source| source.place);
    let weather = read_weather(root, air.as_ref(), (lasts, place), context);
    if let (Some(source), Some(weather)) = (&mut source, &weather) {
        source.evaporate(root, &weather.rows);
    }
    let zones = read_zones(root, source.as_ref().and_then(|source| source.substance));
    let receptors = read_receptors(root);
    let model = model::read(root);
    let heavy = heavy::read(root);
    let ground = super::flood::terrain::read_levels(root, site, context);
    let wanted = read_wanted(root);
    let wishes = exposure::read(root);
    let asked = effect::read(root, receptors.as_ref().map_or(DEFAULT_HEIGHT, |receptors| receptors.height));
    let places =
        receptor::read(root, receptors.as_ref().map_or(DEFAULT_HEIGHT, |receptors| receptors.height));
    let (mut source, weather, zones, receptors) = (source?, weather?, zones?, receptors?);
    let (model, wishes, places, asked, heavy) = (model?, wishes?, places?, asked?, heavy?);
    check_pool_fire(root, &asked, &source)?;
    let place = source.place?;
    let at = root.section("source", "");
    let crs = plane_of(&at, site?, place)?;
    let (x, y) = place.in_crs(&crs, &at, "at")?;
    if !plane::is_true(&at, "at", &crs, x, y) {
        return None;
    }
    let release = release_at(&mut source, (x, y))?;
    // The grid is laid out last, because its default size follows from the reach of the cloud.
    let mut case = GasCase {
        title: context.title.clone(),
        grid: Grid { columns: 1, rows: 1, dx: 1.0, dy: 1.0, west: x, south: y, crs },
        substance: source.substance?.clone(),
        compare: model.compare,
        ground: None,
        heavy: heavy.over(weather.rows.first()?),
        source: release,
        weather: weather.rows,
        weather_times: weather.times,
        transport: Transport::Plume,
        coefficients: model.coefficients,
        deposition_velocity: model.deposition_velocity,
        receptor_height: receptors.height,
        averaging_time: zones.averaging_time,
        levels: zones.levels,
        accept_invalid: zones.accept_invalid,
        direction_known: weather.direction_known,
        receptors: Vec::new(),
        exposure: Vec::new(),
        wishes: Wishes::default(),
        wanted,
    };
    if let Some((grid, levels)) = ground? {
        check_on_ground(root, &case, &grid)?;
        (case.grid, case.ground) = (grid, Some(levels));
    }
    case.transport = model.transport(root, &case)?;
    if case.transport == Transport::Slab && !receptor::are_level(&places) {
        return None;
    }
    let ground_is_level =
        case.transport == Transport::Slab && model.is_left_to_the_engine() && !is_led_by_ground(&case);
    lay_grid(root, &mut case, &receptors, ground_is_level)?;
    case.receptors = receptor::places(&places, &case.grid)?;
    case.wishes = asked.in_plane(&case.grid)?;
    case.exposure = exposure::layers(&wishes, &case.grid, context)?;
    Some(case)
}

/// Lays the grid out as it was asked for, or as far as the cloud reaches; with a ground its cells are the receptors.
fn lay_grid(
    root: &Section<'_>,
    case: &mut GasCase,
    receptors: &Receptors,
    ground_is_level: bool,
) -> Option<()> {
    if case.ground.is_some() {
        if case.transport != Transport::Layer && !ground_is_level {
            let found = format!(
                "the model \"{}\" that carries this gas is one of flat ground: hills would change nothing",
                case.transport.name()
            );
            let fix = "remove [terrain] (a [[receptor]] may have ground_above_source), or use transport = \"layer\" where the gas is heavier than air";
            root.section("terrain", "").report(1187, "dem", found, fix);
            return None;
        }
        let section = root.section("receptors", "");
        for (key, given) in [("extent", receptors.extent.is_some()), ("cell", receptors.cell.is_some())] {
            if given {
                let fix = format!("remove {key}: the cells of the ground are the receptors");
                section.report(1187, key, "given beside a ground", fix);
                return None;
            }
        }
        return Some(());
    }
    match receptors.extent.map_or_else(|| reach(case).map(round_up), Ok) {
        Ok(extent) => case.grid = lay_out(case, extent, receptors.cell),
        Err(Problems(problems)) => {
            problems.into_iter().for_each(|problem| root.reading.report(placed(root, problem)));
            return None;
        }
    }
    Some(())
}

/// The release at its place on the plane.
fn release_at(source: &mut Source, (x, y): (f64, f64)) -> Option<Release> {
    let outflow = source.outflow.take()?;
    Some(Release {
        x,
        y,
        height: source.height,
        rate: outflow.rate,
        duration: outflow.duration,
        exit: outflow.exit,
        jet: source.jet,
        pool_diameter: outflow.pool_diameter,
        stack: outflow.stack,
        history: outflow.history,
        facts: outflow.facts,
        description: outflow.description,
    })
}

/// Whether there is a liquid where a pool is to burn.
fn check_pool_fire(root: &Section<'_>, asked: &effect::Asked, source: &Source) -> Option<()> {
    if asked.burns_a_pool() && source.leaks_gas_only() {
        root.section("fire", "").report(
            4341,
            "kinds",
            "\"pool_fire\" needs a liquid on the ground, and this source gives gas only",
            "use jet_fire, or a source of liquid (liquid_tank, flashing, pool)",
        );
        return None;
    }
    Some(())
}

/// Whether the source lies on the ground that was given, in the same reference.
fn check_on_ground(root: &Section<'_>, case: &GasCase, grid: &Grid) -> Option<()> {
    let terrain = root.section("terrain", "");
    if grid.crs != case.grid.crs {
        let found = format!("the ground is in {}, the source in {}", grid.crs, case.grid.crs);
        terrain.report(
            2203,
            "dem",
            found,
            "give [site] crs of the ground, and the source in x_m and y_m of it",
        );
        return None;
    }
    if grid.cell_at(case.source.x, case.source.y).is_none() {
        let found = format!("the source at x {:.1}, y {:.1} lies outside", case.source.x, case.source.y);
        terrain.report(4023, "dem", found, "take a raster that holds the source");
        return None;
    }
    Some(())
}

/// A mistake that the physics found, with the file it comes from.
fn placed(root: &Section<'_>, mut problem: Problem) -> Problem {
    problem.place.file.get_or_insert_with(|| root.reading.document.file.clone());
    problem
}

struct Zones {
    levels: Vec<Level>,
    averaging_time: f64,
    accept_invalid: bool,
}

fn read_zones(root: &Section<'_>, substance: Option<&'static Substance>) -> Option<Zones> {
    let section = root.section("zones", "levels of concern");
    let names = section.texts(
        "levels",
        &[],
        "e.g. \"AEGL-2 60 min\", \"ERPG-2\", \"IDLH\", \"20 % LEL\", \"lethality 1 %\", \"SLOT\", \"SLOD\", \"100 ppm\"",
    );
    section.always("levels");
    let averaging_time = section
        .quantity(
            "averaging_time",
            Dimension::Time,
            "over which the concentration is a mean; longer is wider and weaker",
        )
        .between(1.0, 3600.0)
        .or(600.0, "10 min");
    let accept_invalid = section.flag(
        "accept_invalid",
        false,
        "draw zones although the model does not hold for this cloud; they are marked as not valid",
    );
    section.finish();
    if section.describing() {
        return None;
    }
    if !section.has("levels") {
        section.report(
            1012,
            "levels",
            "no level of concern",
            "add [zones] levels = [\"20 % LEL\", \"100 % LEL\"]",
        );
    }
    let substance = substance?;
    let mut found: Vec<Level> = Vec::new();
    for (name, place) in names? {
        match levels::level(substance, &name) {
            Ok(level) if found.iter().any(|known| known.name == level.name) => {
                let problem = Problem::error(
                    1062,
                    format!("\"{name}\" is the same as a level before it, {}", level.name),
                );
                let problem = problem.fix("keep one of the two");
                section.reading.report(Problem { place: place.place.clone(), ..problem });
            }
            Ok(level) => found.push(level),
            Err(Problems(problems)) => {
                for problem in problems {
                    section.reading.report(Problem { place: place.place.clone(), ..problem });
                }
            }
        }
    }
    levels::colour_own(&mut found);
    (!found.is_empty()).then_some(Zones { levels: found, averaging_time, accept_invalid })
}

struct Receptors {
    height: f64,
    extent: Option<f64>,
    cell: Option<f64>,
}

fn read_receptors(root: &Section<'_>) -> Option<Receptors> {
    let section = root.section("receptors", "where the concentration is computed");
    let height = section
        .quantity("height", Dimension::Length, "height of a breathing person")
        .between(0.0, 200.0)
        .or(DEFAULT_HEIGHT, "1.5 m");
    let extent = section
        .quantity(
            "extent",
            Dimension::Length,
            "half the side of the square around the source; follows from the reach of the cloud when absent",
        )
        .between(10.0, 50_000.0)
        .optional();
    let cell = section
        .quantity("cell", Dimension::Length, "cell size; a 500th of the side when absent")
        .between(0.1, 1000.0)
        .optional();
    section.finish();
    if let (Some(extent), Some(cell)) = (extent, cell)
        && 2.0 * extent / cell > MOST_CELLS_PER_SIDE
    {
        section.report(
            1018,
            "cell",
            format!("{:.0} cells along one side", 2.0 * extent / cell),
            format!("at most {MOST_CELLS_PER_SIDE}: use larger cells or a smaller extent"),
        );
        return None;
    }
    Some(Receptors { height, extent, cell })
}

/// Cells along one side that still fit into a computer's memory and a picture.
const MOST_CELLS_PER_SIDE: f64 = 20_000.0;

fn read_wanted(root: &Section<'_>) -> Vec<String> {
    let section = root.section("products", "what to make of the run");
    let names: Vec<&str> = product::ALL.iter().map(|product| product.name()).collect();
    let wanted = section.texts("wanted", &names, "products to make; all when absent");
    if !section.describing() {
        section.finish();
    }
    wanted.map_or_else(
        || names.iter().map(|&name| name.to_owned()).collect(),
        |wanted| wanted.into_iter().map(|name| name.0).collect(),
    )
}

/// The plane in metres in which the receptors lie.
fn plane_of(section: &Section<'_>, site: &Site, place: Place) -> Option<Crs> {
    match (&site.crs, place) {
        (Some(crs), Place::LonLat(_)) if crs.is_geographic() => place.home_plane(section, "at"),
        (None, Place::LonLat(_)) => place.home_plane(section, "at"),
        (Some(crs), _) if !crs.is_geographic() => Some(crs.clone()),
        _ => {
            section.report(
                2202,
                "at",
                "x_m and y_m need a coordinate reference in metres",
                "add [site] crs = \"EPSG:32649\" (or \"local\"), or give lon and lat",
            );
            None
        }
    }
}

/// A square grid around the source, its centre cell on the source.
fn lay_out(case: &GasCase, extent: f64, cell: Option<f64>) -> Grid {
    let cells = if case.transport == Transport::Puffs { CELLS_OF_PUFFS } else { DEFAULT_CELLS };
    let cell = cell.unwrap_or(2.0 * extent / cells);
    let half = (extent / cell).ceil().max(1.0);
    let side = 2 * half as usize + 1;
    let (x, y) = (case.source.x, case.source.y);
    let corner = (half + 0.5) * cell;
    Grid {
        columns: side,
        rows: side,
        dx: cell,
        dy: cell,
        west: x - corner,
        south: y - corner,
        crs: case.grid.crs.clone(),
    }
}

/// Next round number: 1, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten.
fn round_up(value: f64) -> f64 {
    let power = 10f64.powf(value.max(1.0).log10().floor());
    [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0]
        .into_iter()
        .map(|step| step * power)
        .find(|&step| step >= value)
        .unwrap_or(10.0 * power)
}
