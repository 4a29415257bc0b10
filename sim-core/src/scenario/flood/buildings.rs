//! Buildings on the ground, from polygons.

use serde_json::json;

use crate::flood::buildings::{Buildings, Cell, RoofRain, Treatment};
use crate::flood::infiltration::Soils;
use crate::grid::polygon_cells::cells_inside;
use crate::grid::vector::{ShapeKind, VectorFeature, VectorRequest};
use crate::scenario::Context;
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;

use super::terrain::Ground;
use crate::scenario::exposure;

const TREATMENTS: [(&str, Treatment); 2] = [("blocked", Treatment::Blocked), ("raised", Treatment::Raised)];

const ROOF_RAIN: [(&str, RoofRain); 3] =
    [("to-street", RoofRain::ToStreet), ("stays", RoofRain::Stays), ("lost", RoofRain::Lost)];

/// Heights by which ground is raised, m: from a doorstep to above the tallest building.
const LOWEST_BUILDING: f64 = 0.01;
const HIGHEST_BUILDING: f64 = 1000.0;

/// Buildings and how high each footprint is.
pub(super) struct Placed {
    pub(super) buildings: Buildings,
    heights: Vec<f64>,
}

impl Placed {
    /// Takes blocked buildings out of the ground, or raises it.
    pub(super) fn shape(&self, ground: &mut Ground) {
        if self.buildings.is_empty() {
            return;
        }
        self.buildings.shape_ground(&mut ground.bed, &self.heights);
        ground.built = Some((self.buildings.treatment(), self.buildings.mask(ground.grid.shape())));
    }

    /// Soils with the ground of the buildings sealed.
    pub(super) fn seal(&self, root: &Section<'_>, ground: &Ground, soils: &Soils) -> Option<Soils> {
        if self.buildings.is_empty() {
            return Some(soils.clone());
        }
        let sealed = soils.sealed_at(ground.grid.shape(), self.buildings.cells());
        if sealed.is_none() {
            let text =
                "the classes of [land_cover] have 256 soils, and the ground under buildings needs one more";
            root.report(
                1117,
                "buildings",
                text,
                "give two classes the same code in the raster, or leave one without a soil",
            );
        }
        sealed
    }
}

/// What `[buildings]` says, before the file is opened.
struct Wish<'s> {
    file: &'s str,
    table: Option<&'s str>,
    treatment: Treatment,
    roof_rain: RoofRain,
    /// The same for all; none where each has its own.
    height: Option<f64>,
    height_column: Option<&'s str>,
}

/// Reads `[buildings]`; none when the section is absent.
pub(super) fn read(
    root: &Section<'_>,
    ground: Option<&Ground>,
    context: &mut Context<'_, '_>,
) -> Option<Placed> {
    let section = root.optional_section("buildings", "buildings on the ground, from polygons");
    if !section.is_present() && !section.describing() {
        return Some(Placed { buildings: Buildings::none(), heights: Vec::new() });
    }
    let wish = read_wish(&section);
    section.finish();
    let (wish, ground) = (wish?, ground?);
    let request = VectorRequest {
        kinds: vec![ShapeKind::Area],
        height: wish.height_column.map(str::to_owned),
        table: wish.table.map(str::to_owned),
        ..VectorRequest::default()
    };
    let features = exposure::load(&section, wish.file, &request, &ground.grid, context)?.features;
    place(&section, &wish, &features, ground)
}

fn read_wish<'s>(section: &Section<'s>) -> Option<Wish<'s>> {
    let file = section.required_text(
        "file",
        "polygons of the footprints: GeoJSON, GeoPackage or shapefile",
        "buildings.geojson",
    );
    let table = section.text("table", "table of a GeoPackage that has several");
    let fits = exposure::fits_the_format(section, file);
    let names = TREATMENTS.map(|(name, _)| name);
    let treatment = section.required_choice(
        "treatment",
        &names,
        "blocked (no water enters the cells whose centres they cover) or raised (their ground is raised; water may flow over it)",
    );
    let names = ROOF_RAIN.map(|(name, _)| name);
    let roof_rain = section.required_choice(
        "roof_rain",
        &names,
        "rain on roofs: to-street (to the cells along the walls, in equal shares), stays (on the roof; raised only), lost (to a sewer; it stands in the water balance)",
    );
    let height = section
        .quantity("height", Dimension::Length, "height of all buildings above the ground, with raised")
        .between(LOWEST_BUILDING, HIGHEST_BUILDING)
        .optional();
    let height_column = section
        .text("height_column", "attribute with the height of each building in metres, instead of height");
    let treatment = find(&TREATMENTS, treatment);
    let heights_are_right = heights_are_right(section, treatment);
    let roof_rain = find(&ROOF_RAIN, roof_rain);
    let stays_nowhere = treatment == Some(Treatment::Blocked) && roof_rain == Some(RoofRain::Stays);
    if stays_nowhere {
        section.report(
            1113,
            "roof_rain",
            "rain cannot stay on the roofs of blocked buildings: no water is computed there",
            "write roof_rain = \"to-street\", or \"lost\" where gutters lead to a sewer",
        );
    }
    let sound = fits && heights_are_right && !stays_nowhere && section.has("height") == height.is_some();
    let wish =
        Wish { file: file?, table, treatment: treatment?, roof_rain: roof_rain?, height, height_column };
    sound.then_some(wish)
}

/// What a word stands for.
fn find<T: Copy>(words: &[(&str, T)], word: Option<&str>) -> Option<T> {
    words.iter().find(|known| Some(known.0) == word).map(|known| known.1)
}

/// Raised buildings have one height or one column of heights, blocked ones none.
fn heights_are_right(section: &Section<'_>, treatment: Option<Treatment>) -> bool {
    let given: Vec<&str> = ["height", "height_column"].into_iter().filter(|key| section.has(key)).collect();
    match (treatment, given.as_slice()) {
        (Some(Treatment::Blocked), keys) => {
            for key in keys {
                let text = format!(
                    "blocked buildings have no use for {key}: no water enters them, however high it stands"
                );
                section.report(1112, key, text, format!("remove {key}, or write treatment = \"raised\""));
            }
            keys.is_empty()
        }
        (Some(Treatment::Raised), []) => {
            let fix = "add height = \"8 m\", or height_column = \"height\" with the attribute that holds it in metres";
            section.report(1012, "height", "it is not said how high the buildings are", fix);
            false
        }
        (Some(Treatment::Raised), [_, _]) => {
            let text = "heights are given twice, by height and by height_column";
            section.report(1020, "height_column", text, "keep one of the two");
            false
        }
        _ => true,
    }
}

/// Finds the cells of the footprints and tells what became of them.
fn place(
    section: &Section<'_>,
    wish: &Wish<'_>,
    features: &[VectorFeature],
    ground: &Ground,
) -> Option<Placed> {
    let grid = &ground.grid;
    let cells = |feature: &VectorFeature| -> Vec<Cell> {
        let spans = cells_inside(grid, feature.shape.paths());
        spans.iter().flat_map(|span| (span.from..span.to).map(|column| (span.row, column))).collect()
    };
    let footprints: Vec<Vec<Cell>> = features.iter().map(cells).collect();
    let Some(buildings) = Buildings::new((wish.treatment, wish.roof_rain), &footprints, &ground.bed) else {
        let text = "the buildings cover every cell of the area; no ground is left for the water";
        section.report(1114, "file", text, "check the layer: footprints are needed, not plots or districts");
        return None;
    };
    tell_left_out(section, features, (&footprints, &buildings), ground)?;
    let covered = buildings.cells().count();
    let enclosed = buildings.list().iter().filter(|building| building.is_enclosed).count();
    let understand = |key: &str, value| section.reading.understand(section.path_of(key), value);
    understand("count", json!(buildings.list().len()));
    understand("cells", json!(covered));
    understand("area_m2", json!(covered as f64 * grid.cell_area()));
    understand("enclosed_by_others", json!(enclosed));
    let heights = features.iter().map(|feature| feature.height.or(wish.height).unwrap_or(0.0)).collect();
    Some(Placed { buildings, heights })
}

/// Tells of buildings that cover no cell; a mistake where none covers any.
fn tell_left_out(
    section: &Section<'_>,
    features: &[VectorFeature],
    (footprints, buildings): (&[Vec<Cell>], &Buildings),
    ground: &Ground,
) -> Option<()> {
    let (all, placed) = (features.len(), buildings.list().len());
    let size = format!("{} m by {} m", ground.grid.dx, ground.grid.dy);
    let small: Vec<&VectorFeature> = features
        .iter()
        .zip(footprints)
        .filter(|(_, cells)| cells.is_empty())
        .map(|(feature, _)| feature)
        .collect();
    if placed == 0 {
        let text = format!(
            "none of the {all} buildings covers a cell of the area; {} cover the centre of no cell of {size}",
            small.len()
        );
        section.report(1110, "file", text, "take a finer terrain, or check the place of the layer");
        return None;
    }
    if placed < all {
        let first =
            small.first().map_or_else(String::new, |feature| format!(" (the first is {})", feature.name()));
        let text = format!(
            "{} of {all} buildings on the grid are left out: {} cover the centre of no cell of {size}{first}, {} lie in others or off the ground",
            all - placed,
            small.len(),
            all - placed - small.len()
        );
        let warning = section.warning(1111, "file", text);
        let warning = warning.why("water flows through them, and rain on them counts as rain on the ground");
        section.reading.report(warning.fix("nothing, if they are sheds; else take a finer terrain"));
    }
    Some(())
}

/// Tells of a thing that lies in a building; true if no water is computed there.
pub(super) fn lies_in_wall(
    table: &Section<'_>,
    (key, name): (&str, &str),
    cell: Cell,
    ground: &Ground,
) -> bool {
    let Some((treatment, mask)) = &ground.built else { return false };
    if !mask[cell] {
        return false;
    }
    let is_blocked = *treatment == Treatment::Blocked;
    let problem = if is_blocked {
        let text = format!("{name} lies in a blocked building, where no water is computed");
        table.problem(1116, key, text)
    } else {
        table.warning(1116, key, format!("{name} lies on the roof of a raised building"))
    };
    let spot = ground.grid.spot(cell.0, cell.1);
    table.reading.report(problem.at_spot(spot).fix("move it to the street beside the building"));
    is_blocked
}
