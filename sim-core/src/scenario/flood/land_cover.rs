//! Land cover: a raster of classes, and for every class its roughness and its soil.

use ndarray::Array2;

use crate::flood::infiltration::{Soil, Soils};
use crate::grid::{Field, Grid};
use crate::scenario::Context;
use crate::scenario::section::Section;

use super::soil;
use super::terrain::aligned;

/// Largest code of a class, as rasters of one byte have it.
const LARGEST_CODE: f64 = 255.0;

/// What the land cover says of every cell.
pub(super) struct LandCover {
    /// Manning's n, s/m^(1/3), where every class has one.
    pub(super) manning_n: Option<Field>,
    /// Soils, where any class takes water.
    pub(super) soils: Option<Soils>,
}

struct Class {
    code: f64,
    manning_n: Option<f64>,
    soil: Option<Soil>,
}

/// Reads `[land_cover]`; nothing when the section is absent.
pub(super) fn read(
    root: &Section<'_>,
    ground: Option<(&Grid, &Field)>,
    context: &mut Context<'_, '_>,
) -> Option<LandCover> {
    let section =
        root.optional_section("land_cover", "classes of the ground with their roughness and their soil");
    if !section.is_present() && !section.describing() {
        return Some(LandCover { manning_n: None, soils: None });
    }
    let path = section.required_text(
        "raster",
        "raster of class codes from 0 to 255 on the grid of the terrain",
        "land_cover.tif",
    );
    let classes = read_classes(&section);
    section.finish();
    let ((grid, bed), path, classes) = (ground?, path?, classes?);
    let codes = aligned(&section, "raster", path, grid, context)?;
    let class_of = classify(&section, grid, bed, &codes, &classes)?;
    let rough = classes.iter().map(|class| class.manning_n).collect::<Option<Vec<f64>>>();
    let manning_n = rough.map(|rough| class_of.mapv(|class| rough[usize::from(class)]));
    let soils: Vec<Soil> = classes.iter().map(|class| class.soil.unwrap_or(Soil::Sealed)).collect();
    let drinks = classes.iter().any(|class| class.soil.is_some());
    let soils = if drinks { Some(Soils::by_class(soils, class_of)?) } else { None };
    Some(LandCover { manning_n, soils })
}

fn read_classes(section: &Section<'_>) -> Option<Vec<Class>> {
    let tables = section.sections("class", "one class of ground");
    let mut classes: Option<Vec<Class>> = Some(Vec::new());
    for table in &tables {
        table.text("name", "name of the class, for the reader of the scenario");
        let code = table.number("code", "code in the raster").between(0.0, LARGEST_CODE).required();
        let manning_n = table
            .number("manning_n", "Manning's roughness n of the class, s/m^(1/3)")
            .between(0.005, 1.0)
            .optional();
        let soil = soil::of_class(table);
        table.finish();
        let sound = table.has("manning_n") == manning_n.is_some() && soil.is_some();
        let repeated = code.is_some_and(|code| classes.iter().flatten().any(|known| known.code == code));
        if repeated {
            table.report(1082, "code", "the code stands twice among the classes", "keep one of the two");
        }
        let whole = code.is_none_or(|code| code.fract() == 0.0);
        if !whole {
            table.report(1018, "code", "a code is a whole number", "write the number of the raster");
        }
        let class = code.filter(|_| sound && whole && !repeated).map(|code| Class {
            code,
            manning_n,
            soil: soil.flatten(),
        });
        classes = classes.zip(class).map(|(mut classes, class)| {
            classes.push(class);
            classes
        });
    }
    if tables.is_empty() && !section.describing() {
        section.report(
            1012,
            "class",
            "no class is given",
            "add [[land_cover.class]] for every code of the raster",
        );
        return None;
    }
    let classes = classes?;
    let rough = classes.iter().filter(|class| class.manning_n.is_some()).count();
    if rough != 0 && rough != classes.len() {
        section.report(
            1012,
            "class",
            format!("{} of {} classes have no roughness", classes.len() - rough, classes.len()),
            "give manning_n to every class, or to none and a roughness to [terrain]",
        );
        return None;
    }
    Some(classes)
}

/// Number of the class of every cell; cells of the area with an unknown code are a mistake.
fn classify(
    section: &Section<'_>,
    grid: &Grid,
    bed: &Field,
    codes: &Field,
    classes: &[Class],
) -> Option<Array2<u8>> {
    let find = |code: f64| classes.iter().position(|class| class.code == code);
    let unknown =
        || codes.indexed_iter().filter(|&(cell, &code)| !bed[cell].is_nan() && find(code).is_none());
    if let Some(((row, column), code)) = unknown().next() {
        let known: Vec<String> = classes.iter().map(|class| class.code.to_string()).collect();
        let shown = if code.is_nan() { "no code".to_owned() } else { format!("the code {code}") };
        let problem = section
            .problem(2305, "raster", format!("{} cells have no class, the first {shown}", unknown().count()))
            .at_spot(grid.spot(row, column))
            .why(format!("the classes have the codes {}", known.join(", ")))
            .fix("add the class, or correct the raster");
        section.reading.report(problem);
        return None;
    }
    Some(codes.mapv(|code| find(code).map_or(0, |class| class as u8)))
}
