//! `[[boundary]]`: what happens at parts of the rim.

use crate::flood::boundary::{ALL, Boundary, Curve, Face, Kind, Side};
use crate::scenario::section::Section;
use crate::scenario::{Context, forcing};

use super::place;
use super::terrain::Ground;

/// Slopes that are believed, metres per metre: from a tidal flat to a wall of rock.
const FLATTEST: f64 = 1e-6;
const STEEPEST: f64 = 10.0;

/// Sides as a scenario names them.
const SIDES: [&str; 4] = ["west", "east", "south", "north"];

/// Reads all boundaries; none when there is no table.
pub(super) fn read(
    root: &Section<'_>,
    ground: Option<&Ground>,
    context: &mut Context<'_, '_>,
) -> Option<Vec<Boundary>> {
    let meaning = "what happens at a part of the rim; the rest follows [edges]";
    let mut all = Some(Vec::new());
    for section in root.sections("boundary", meaning) {
        let boundary = read_one(&section, ground, context);
        all = boundary.and_then(|boundary| {
            let mut list = all.take()?;
            if let Some(ground) = ground {
                report_overlap(&section, &list, &boundary, ground);
            }
            list.push(boundary);
            Some(list)
        });
    }
    all
}

fn read_one(
    section: &Section<'_>,
    ground: Option<&Ground>,
    context: &mut Context<'_, '_>,
) -> Option<Boundary> {
    let name = section.required_text("name", "name in the water balance", "river").map(str::to_owned);
    let kinds = ALL.map(|kind| kind.0);
    let about: Vec<String> = ALL.iter().map(|(name, about)| format!("{name} ({about})")).collect();
    let kind = section.required_choice("kind", &kinds, &about.join("; "));
    let faces = read_faces(section, ground);
    let kind = read_kind(section, kind, context);
    section.finish();
    Some(Boundary { name: name?, kind: kind?, faces: faces? })
}

/// What drives the boundary; a key that another kind needs is an unknown key here.
fn read_kind(section: &Section<'_>, kind: Option<&str>, context: &mut Context<'_, '_>) -> Option<Kind> {
    let asks = |name: &str| kind == Some(name) || section.describing();
    let slope = if asks("slope") || asks("discharge") { read_slope(section, kind) } else { None };
    let level = if asks("stage") { forcing::stage(section, context) } else { None };
    let discharge = if asks("discharge") { forcing::discharge(section, context) } else { None };
    let curve = if asks("rating") { read_curve(section) } else { None };
    match kind? {
        "wall" => Some(Kind::Wall),
        "open" => Some(Kind::Open),
        "slope" => Some(Kind::Slope { slope: slope? }),
        "stage" => Some(Kind::Stage { level: level? }),
        "discharge" => Some(Kind::Discharge { discharge: discharge?, slope }),
        _ => Some(Kind::Rating { curve: curve? }),
    }
}

fn read_slope(section: &Section<'_>, kind: Option<&str>) -> Option<f64> {
    let meaning = "fall of the ground beyond the rim, metres per metre (with kind = slope, and with \
                   kind = discharge where the river is faster than its waves)";
    let asked = section.number("slope", meaning).between(FLATTEST, STEEPEST);
    if kind == Some("slope") { asked.required() } else { asked.optional() }
}

fn read_curve(section: &Section<'_>) -> Option<Curve> {
    let meaning = "points [level in m, discharge in m3/s] of the rating curve (with kind = rating)";
    let points = section.points("rating_m_m3_s", meaning);
    if points.is_none() && !section.has("rating_m_m3_s") && !section.describing() {
        section.report(
            1012,
            "rating_m_m3_s",
            "missing beside kind = \"rating\"",
            "add rating_m_m3_s = [[12.0, 0.0], [12.5, 8.0], [13.0, 25.0]]",
        );
    }
    let curve = Curve::new(&points?);
    if curve.is_none() {
        section.report(
            1032,
            "rating_m_m3_s",
            "not a rating curve",
            "give two points or more with rising levels, discharges that do not fall, and the first of them 0",
        );
    }
    curve
}

/// Where the boundary lies: a line or polygon, or a part of a side.
fn read_faces(section: &Section<'_>, ground: Option<&Ground>) -> Option<Vec<Face>> {
    let line = section.points(
        "along",
        "line or polygon (first point repeated at the end) at the rim, [[x_m, y_m], ...] in the site's reference",
    );
    let edge = section.choice("edge", &SIDES, "a whole side of the terrain instead of along");
    let from =
        section.number("from_m", "where on the side it begins: x or y in the site's reference, m").optional();
    let to = section.number("to_m", "where on the side it ends, m").optional();
    if section.describing() {
        return None;
    }
    if section.has("along") == section.has("edge") {
        section.report(
            1033,
            "along",
            "it is not said, or said twice, where the boundary lies",
            "write along = [[x, y], [x, y]] or edge = \"west\", the latter with from_m and to_m for a part of it",
        );
        return None;
    }
    let ground = ground?;
    let (key, given, faces) = match (line, edge) {
        (Some(line), _) => {
            ("along", place::shown(&line), place::faces_along(&ground.grid, &ground.bed, &line))
        }
        (None, Some(edge)) => {
            let side = Side::ALL.into_iter().find(|side| side.name() == edge)?;
            let (low, high) = (from.unwrap_or(f64::NEG_INFINITY), to.unwrap_or(f64::INFINITY));
            let faces = place::faces_between(&ground.grid, &ground.bed, side, low, high);
            ("edge", format!("{edge} from {low} to {high} m"), faces)
        }
        (None, None) => return None,
    };
    if faces.is_empty() {
        let grid = &ground.grid;
        section.report(
            1034,
            key,
            format!("{given} touches no cell at the rim of the terrain"),
            format!(
                "the terrain spans x {} to {}, y {} to {}; draw the line along its rim, at most one cell off",
                grid.west,
                grid.east(),
                grid.south,
                grid.north()
            ),
        );
        return None;
    }
    Some(faces)
}

fn report_overlap(section: &Section<'_>, before: &[Boundary], new: &Boundary, ground: &Ground) {
    for other in before {
        let shared: Vec<&Face> = new.faces.iter().filter(|face| other.faces.contains(face)).collect();
        let Some(face) = shared.first() else { continue };
        let (row, column) = face.cell(ground.grid.shape());
        let text = format!("'{}' and '{}' share {} faces of the rim", other.name, new.name, shared.len());
        let problem = section
            .problem(1035, "name", text)
            .at_spot(format!("first at {}, {} side", ground.grid.spot(row, column), face.side.name()))
            .why("a face can follow only one of them")
            .fix("let one end where the other begins");
        section.reading.report(problem);
    }
}
