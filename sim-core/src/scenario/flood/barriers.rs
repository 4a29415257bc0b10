//! Levees, kerbs and flood walls thinner than a cell; bridges.

use crate::flood::barrier::levee::LARGEST_COEFFICIENT;
use crate::flood::barrier::{Barrier, Bridge, Face, Gap, Kind, Levee, Trigger, bridge};
use crate::flood::structure::weir::BROAD_CRESTED;
use crate::grid::line_faces;
use crate::grid::vector::Coord;
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;

use super::place;
use super::terrain::Ground;

/// Levels that are believed, m: a little beyond the lowest and the highest ground on land.
const LOWEST_LEVEL: f64 = -500.0;
const HIGHEST_LEVEL: f64 = 9000.0;

/// Largest share of the width that piers block: more is a wall with openings.
const MOST_PIERS: f64 = 0.9;

/// Reads the tables `[[levee]]` and `[[bridge]]`.
pub(super) fn read(root: &Section<'_>, ground: Option<&Ground>) -> Option<Vec<Barrier>> {
    let levees = root.sections(
        "levee",
        "a levee, kerb or flood wall thinner than a cell: water passes over its crest only",
    );
    let bridges = root.sections(
        "bridge",
        "a deck over water: free flow below it, pressure flow when it is reached, flow over it",
    );
    let read: Vec<_> = levees
        .iter()
        .map(|table| (table, read_levee(table, ground)))
        .chain(bridges.iter().map(|table| (table, read_bridge(table, ground))))
        .collect();
    let mut list: Option<Vec<Barrier>> = Some(Vec::new());
    let mut names: Vec<String> = Vec::new();
    for (table, barrier) in read {
        if let Some(Barrier { name, .. }) = &barrier {
            if names.contains(name) {
                let text = format!("the name \"{name}\" is used twice");
                table.report(1134, "name", text, "give every levee and bridge a name of its own");
            }
            names.push(name.clone());
        }
        list = list.zip(barrier).map(|(mut list, barrier)| {
            list.push(barrier);
            list
        });
    }
    list
}

/// A line with its length up to every point.
struct Line {
    points: Vec<(f64, f64)>,
    along: Vec<f64>,
}

impl Line {
    fn read(table: &Section<'_>, meaning: &str) -> Option<Self> {
        let points = table.points("along", meaning);
        table.always("along");
        if !table.has("along") && !table.describing() {
            table.report(
                1012,
                "along",
                "missing: it is not said where it stands",
                "add along = [[x, y], [x, y]]",
            );
        }
        let points = points?;
        let length = |ends: &[(f64, f64)]| (ends[1].0 - ends[0].0).hypot(ends[1].1 - ends[0].1);
        let mut along = vec![0.0];
        for ends in points.windows(2) {
            along.push(along[along.len() - 1] + length(ends));
        }
        if points.len() < 2 || along[along.len() - 1] == 0.0 {
            table.report(1031, "along", "a line needs two points or more", "write [[x, y], [x, y]]");
            return None;
        }
        Some(Self { points, along })
    }

    fn length(&self) -> f64 {
        self.along.last().copied().unwrap_or(0.0)
    }

    /// A number along a part, from one at every point.
    fn between(levels: &[f64], part: usize, share: f64) -> f64 {
        levels[part] + share * (levels[part + 1] - levels[part])
    }
}

/// A level for the whole line, or one for each of its points.
fn read_levels(table: &Section<'_>, (key, list): (&str, &str), what: &str) -> Option<Levels> {
    let one = table
        .quantity(key, Dimension::Length, &format!("level of the {what} on the datum of the terrain"))
        .between(LOWEST_LEVEL, HIGHEST_LEVEL)
        .optional();
    let meaning = format!("levels of the {what} at the points of the line, linear between, instead of {key}");
    let each = table.quantities(list, Dimension::Length, (LOWEST_LEVEL, HIGHEST_LEVEL), &meaning);
    if table.describing() {
        return None;
    }
    match (table.has(key), table.has(list)) {
        (true, false) => one.map(Levels::One),
        (false, true) => each.map(Levels::Each),
        _ => {
            let text = format!("the level of the {what} is given by {key} or by {list}: exactly one of them");
            let fix =
                format!("write {key} = \"12.4 m\", or {list} = [\"12.4 m\", ...] with one for every point");
            table.report(1130, key, text, fix);
            None
        }
    }
}

/// Levels as they were written.
enum Levels {
    One(f64),
    Each(Vec<f64>),
}

impl Levels {
    /// One for every point of the line.
    fn at_points(self, table: &Section<'_>, list: &str, line: &Line) -> Option<Vec<f64>> {
        match self {
            Self::One(level) => Some(vec![level; line.points.len()]),
            Self::Each(levels) if levels.len() == line.points.len() => Some(levels),
            Self::Each(levels) => {
                let text = format!("{} levels for {} points", levels.len(), line.points.len());
                table.report(1131, list, text, "give one level for every point of the line, in its order");
                None
            }
        }
    }
}

/// The faces that a line cuts, with levels given at its points.
fn faces(
    table: &Section<'_>,
    ground: &Ground,
    line: &Line,
    (top, soffit): (&[f64], &[f64]),
) -> Option<Vec<Face>> {
    let coords: Vec<Coord<f64>> = line.points.iter().map(|&(x, y)| Coord { x, y }).collect();
    let is_inside = |cell: (usize, usize)| !ground.bed[cell].is_nan();
    let faces: Vec<Face> = line_faces::cuts(&ground.grid, &coords)
        .into_iter()
        .map(|cut| Face {
            cell: cut.cell,
            is_across_x: cut.is_across_x,
            from_left: cut.from_left,
            top: Line::between(top, cut.part, cut.share),
            soffit: Line::between(soffit, cut.part, cut.share),
            along: Line::between(&line.along, cut.part, cut.share),
        })
        .filter(|face| is_inside(face.cell) && face.other().is_some_and(is_inside))
        .collect();
    if faces.is_empty() {
        let text = format!("{} passes between no two cells of the terrain", place::shown(&line.points));
        let fix = "draw it across the terrain; a line within one cell stops nothing";
        table.report(1132, "along", text, fix);
        return None;
    }
    Some(faces)
}

/// Higher ground of the two cells of a face, m.
fn ground_at(ground: &Ground, face: &Face) -> f64 {
    face.other().map_or(ground.bed[face.cell], |other| ground.bed[face.cell].max(ground.bed[other]))
}

fn read_levee(table: &Section<'_>, ground: Option<&Ground>) -> Option<Barrier> {
    let name = table.required_text("name", "name of the levee in tables", "levee of the east bank");
    let line = Line::read(table, "line of the crest, [[x_m, y_m], ...] in the site's reference");
    let crest = read_levels(table, ("crest", "crests"), "crest");
    let coefficient = table
        .number("coefficient", "coefficient of discharge of the crest as a weir, m^(1/2)/s")
        .between(0.1, LARGEST_COEFFICIENT)
        .or(BROAD_CRESTED, "1.705, a broad crest");
    let gap = read_gap(table, line.as_ref());
    table.finish();
    let (ground, line) = (ground?, line?);
    let crest = crest?.at_points(table, "crests", &line)?;
    let faces = faces(table, ground, &line, (&crest, &crest))?;
    let idle = faces.iter().filter(|face| face.top <= ground_at(ground, face)).count();
    if idle > 0 {
        let text = if idle == faces.len() {
            "the crest lies nowhere above the ground beside it: it has no effect".to_owned()
        } else {
            format!("the crest is not above the ground beside it on {idle} of {} faces", faces.len())
        };
        let warning = table.warning(1133, if table.has("crests") { "crests" } else { "crest" }, text);
        let fix = "compare the datum of the levels with that of the terrain; where the terrain holds the levee already, its ground is the crest";
        table.reading.report(warning.fix(fix));
    }
    let gap = finish_gap(table, gap?, &faces)?;
    Some(Barrier { name: name?.into(), kind: Kind::Levee(Levee { coefficient, gap }), faces })
}

/// A gap whose crest is not known yet; the outer option is whether all is right.
fn read_gap(table: &Section<'_>, line: Option<&Line>) -> Option<Option<Gap>> {
    let section = table.optional_section("gap", "a stretch of the crest that sinks: the levee gives way");
    if !section.is_present() && !section.describing() {
        return Some(None);
    }
    let begins = section
        .quantity(
            "begins",
            Dimension::Time,
            "time after the start at which it begins; when water first runs over the crest if absent",
        )
        .between(0.0, 1e8)
        .optional();
    let duration = section
        .quantity("duration", Dimension::Time, "from its begin to its full size")
        .between(1.0, 1e7)
        .required();
    let width = section
        .quantity("width", Dimension::Length, "width of the gap in the end")
        .between(0.1, 10_000.0)
        .required();
    let bottom = section
        .quantity("bottom", Dimension::Length, "level of the crest in the gap in the end")
        .between(LOWEST_LEVEL, HIGHEST_LEVEL)
        .required();
    let middle = section
        .quantity(
            "middle",
            Dimension::Length,
            "distance of its middle from the first point, along the line; half of the line if absent",
        )
        .between(0.0, 1e7)
        .optional();
    section.finish();
    let line = line?;
    if let Some(middle) = middle
        && middle > line.length()
    {
        let text = format!("{middle} m is beyond the end of the line, which is {:.1} m long", line.length());
        section.report(1136, "middle", text, "give a distance along the line");
        return None;
    }
    let middle = middle.unwrap_or(0.5 * line.length());
    let trigger = begins.map_or(Trigger::Overtopped, Trigger::Time);
    Some(Some(Gap { trigger, duration: duration?, middle, width: width?, bottom: bottom?, top: f64::NAN }))
}

/// The gap with the highest crest of its stretch.
fn finish_gap(table: &Section<'_>, gap: Option<Gap>, faces: &[Face]) -> Option<Option<Gap>> {
    let Some(gap) = gap else { return Some(None) };
    let stretch = faces.iter().filter(|face| (face.along - gap.middle).abs() <= 0.5 * gap.width);
    let top = stretch.map(|face| face.top).fold(f64::NEG_INFINITY, f64::max);
    if gap.bottom >= top {
        let text = if top.is_finite() {
            format!("the bottom of the gap, {} m, is not below the crest there, {top:.2} m", gap.bottom)
        } else {
            format!("the gap, {} m wide, takes in no face of the line", gap.width)
        };
        table.report(1137, "gap", text, "give a lower bottom, or a gap wider than a cell");
        return None;
    }
    Some(Some(Gap { top, ..gap }))
}

fn read_bridge(table: &Section<'_>, ground: Option<&Ground>) -> Option<Barrier> {
    let name = table.required_text("name", "name of the bridge in tables", "bridge of the mill road");
    let line = Line::read(table, "line along the bridge, [[x_m, y_m], ...] in the site's reference");
    let soffit = read_levels(table, ("soffit", "soffits"), "underside of the deck");
    let top = read_levels(table, ("deck", "decks"), "top of the deck, or of parapets that hold");
    let share = |key: &str, meaning: &str, low: f64, high: f64| table.number(key, meaning).between(low, high);
    let piers = share("piers", "share of the width that piers block", 0.0, MOST_PIERS).or(0.0, "no piers");
    let drag = share("pier_drag", "drag coefficient of the piers in free flow", 0.0, 2.0)
        .or(bridge::PIER_DRAG, "1.33, long piers with round ends");
    let sluice =
        share("sluice_coefficient", "coefficient of the opening while its downstream end is free", 0.1, 1.0)
            .or(bridge::SLUICE, "0.5");
    let orifice =
        share("orifice_coefficient", "coefficient of the opening when both ends are under water", 0.1, 1.0)
            .or(bridge::ORIFICE, "0.8");
    let deck =
        share("deck_coefficient", "coefficient of the deck as a weir, m^(1/2)/s", 0.1, LARGEST_COEFFICIENT)
            .or(bridge::DECK, "1.44");
    table.finish();
    let (ground, line) = (ground?, line?);
    let (soffit, top) = (soffit, top?.at_points(table, "decks", &line));
    let (soffit, top) = (soffit?.at_points(table, "soffits", &line)?, top?);
    if let Some(at) = (0..top.len()).find(|&at| soffit[at] >= top[at]) {
        let text = format!(
            "at point {} of the line the underside, {} m, is not below the top of the deck, {} m",
            at + 1,
            soffit[at],
            top[at]
        );
        table.report(1135, "soffit", text, "give levels of the underside (soffit) and of the top (deck)");
        return None;
    }
    let faces = faces(table, ground, &line, (&top, &soffit))?;
    if faces.iter().all(|face| face.soffit <= ground_at(ground, face)) {
        let text = "the underside lies nowhere above the ground beside it: the bridge has no opening";
        let fix = "compare the datum of the levels with that of the terrain; for a wall use [[levee]]";
        table.report(1138, "soffit", text, fix);
        return None;
    }
    let kind = Kind::Bridge(Bridge { piers, drag, sluice, orifice, deck });
    Some(Barrier { name: name?.into(), kind, faces })
}
