//! Sewers under the streets.

use serde_json::json;

use crate::error::Problems;
use crate::flood::drainage::{Inlet, Manhole, Sewers};
use crate::run::Change;
use crate::scenario::Context;
use crate::scenario::plane::LARGEST_COORDINATE;
use crate::scenario::quantity::Dimension;
use crate::scenario::resolver::{SewerRead, SewerRequest};
use crate::scenario::section::Section;

use super::places::lowest_cell;
use super::terrain::Ground;

/// Where the rain falls: on the ground of this run, or on the catchments of the network.
const RAIN: [&str; 2] = ["surface", "network"];

/// Step of the exchange, s: short beside the filling of a manhole, long beside the work of a step.
const STEP: f64 = 1.0;

/// Difference between the rim of a manhole and the ground of its cell that is told, m.
const RIM_TOLERANCE: f64 = 0.5;

/// Largest perimeter of the inlets of one manhole, m, and largest opening, m²: a hundred gullies.
const LARGEST_PERIMETER: f64 = 300.0;
const LARGEST_OPENING: f64 = 50.0;

/// What `[sewers]` says before the network is opened.
struct Wish<'s> {
    network: &'s str,
    step: f64,
    rain_on_surface: bool,
    shift: (f64, f64),
    within: f64,
    usual: Inlet,
    /// Inlets of single manholes.
    own: Vec<(String, Inlet)>,
}

/// Reads `[sewers]`.
pub(super) fn read(
    root: &Section<'_>,
    ground: Option<&Ground>,
    duration: Option<f64>,
    context: &mut Context<'_, '_>,
) -> Option<Option<Sewers>> {
    let section = root.optional_section("sewers", "a sewer network under the streets, routed by EPA SWMM 5");
    if !section.is_present() && !section.describing() {
        return Some(None);
    }
    let wish = read_wish(&section, root);
    let (wish, ground, duration) = (wish?, ground?, duration?);
    let steps = duration / wish.step;
    if (steps - steps.round()).abs() > 1e-9 * steps {
        let text = format!("the run of {duration} s is not a whole number of steps of {} s", wish.step);
        section.report(1150, "step", text, "choose a step that divides the duration");
        return None;
    }
    let request = SewerRequest { interval: wish.step, duration, rain_on_surface: wish.rain_on_surface };
    let read = match context.resolver.as_mut()?.sewers(wish.network, &request) {
        Ok(read) => read,
        Err(Problems(problems)) => {
            problems.into_iter().for_each(|problem| section.reading.report(problem));
            return None;
        }
    };
    tell(&section, &wish, &read, context);
    let manholes = manholes(&section, &wish, &read, ground)?;
    Some(Some(Sewers { manholes, nodes: read.nodes.len(), interval: wish.step, network: read.network }))
}

fn read_wish<'s>(section: &Section<'s>, root: &Section<'_>) -> Option<Wish<'s>> {
    let network = section.required_text("network", "input file of SWMM 5 (.inp)", "sewers.inp");
    let step = section
        .quantity("step", Dimension::Time, "step of the routing and of the exchange with the surface")
        .between(0.05, 60.0)
        .or(STEP, "1 s");
    let rain = section.choice_or(
        "rain",
        &RAIN,
        RAIN[0],
        "where the rain falls: on the surface of this scenario, or on the catchments of the network",
    );
    let shift = |key: &str, axis: &str| {
        section
            .number(
                key,
                &format!("added to {axis} of the network, m; for networks in coordinates of their own"),
            )
            .between(-LARGEST_COORDINATE, LARGEST_COORDINATE)
            .or(0.0, "0")
    };
    let shift = (shift("shift_x_m", "x"), shift("shift_y_m", "y"));
    let within = section
        .quantity(
            "within",
            Dimension::Length,
            "join a manhole to the lowest ground within this distance; its own cell when absent",
        )
        .between(0.0, 1000.0)
        .or(0.0, "its own cell");
    let usual = read_inlet(section);
    let mut own = Some(Vec::new());
    for table in section.sections("inlet", "openings of one manhole that differ from those of the others") {
        let name = table.required_text("manhole", "name of the manhole in the network", "J12");
        let inlet = read_inlet(&table);
        table.finish();
        own = own.zip(name.zip(inlet)).map(|(mut own, (name, inlet))| {
            own.push((name.to_owned(), inlet));
            own
        });
    }
    section.finish();
    if rain == RAIN[1] && root.has("rain") {
        section.report(
            1020,
            "rain",
            "the rain would fall twice, on the surface by [rain] and on the catchments of the network",
            "remove [rain], or write rain = \"surface\"",
        );
        return None;
    }
    Some(Wish {
        network: network?,
        step,
        rain_on_surface: rain == RAIN[0],
        shift,
        within,
        usual: usual?,
        own: own?,
    })
}

/// The openings of a manhole: both numbers must be known, there is no usual one.
fn read_inlet(section: &Section<'_>) -> Option<Inlet> {
    let perimeter = section
        .quantity(
            "perimeter",
            Dimension::Length,
            "clear rim of the gullies of a manhole over which water falls in; 0 m for a closed cover",
        )
        .between(0.0, LARGEST_PERIMETER)
        .required_as("\"2.4 m\"");
    let opening = section
        .quantity("opening", Dimension::Area, "clear area of the openings of the gullies of a manhole")
        .between(0.0, LARGEST_OPENING)
        .required_as("\"0.15 m2\"");
    Some(Inlet { perimeter: perimeter?, opening: opening? })
}

/// What routes the network and how; what of the file was left out.
fn tell(section: &Section<'_>, wish: &Wish<'_>, read: &SewerRead, context: &mut Context<'_, '_>) {
    let engine = format!(
        "{}, fixed step, no ponding at nodes; time zero is {} of the network",
        read.engine, read.begins
    );
    section.reading.understand(section.path_of("engine"), json!(engine));
    if wish.rain_on_surface && read.catchments > 0 {
        let text = format!(
            "the rain on its {} catchments was left out, because rain falls on the surface",
            read.catchments
        );
        context.changes.push(Change { what: section.path_of("network"), text });
    }
}

/// Manholes inside the area, each with its cell and its openings.
fn manholes(
    section: &Section<'_>,
    wish: &Wish<'_>,
    read: &SewerRead,
    ground: &Ground,
) -> Option<Vec<Manhole>> {
    let mut is_right = true;
    for (name, _) in &wish.own {
        if read.nodes.iter().all(|node| node.name != *name) {
            let known = read.nodes.iter().map(|node| node.name.as_str());
            let fix = crate::scenario::word::nearest(name, known).map_or_else(
                || "name a junction, storage or divider".to_owned(),
                |meant| format!("did you mean {meant}?"),
            );
            section.report(1151, "inlet", format!("the network has no manhole '{name}'"), fix);
            is_right = false;
        }
    }
    let mut manholes = Vec::new();
    let (mut homeless, mut outside, mut rims) = (Vec::new(), Vec::new(), Vec::new());
    for (number, node) in read.nodes.iter().enumerate() {
        let Some((x, y)) = node.place else {
            homeless.push(node.name.as_str());
            continue;
        };
        let at = (x + wish.shift.0, y + wish.shift.1);
        let Some(cell) = lowest_cell(ground, at, wish.within) else {
            outside.push(node.name.as_str());
            continue;
        };
        rims.extend(node.rim.map(|rim| (node.name.as_str(), rim - ground.bed[cell])));
        let own = wish.own.iter().find(|(name, _)| *name == node.name);
        let inlet = own.map_or(wish.usual, |(_, inlet)| *inlet);
        manholes.push(Manhole { name: node.name.clone(), node: number, cell, inlet });
    }
    if manholes.is_empty() {
        let grid = &ground.grid;
        let text = format!("none of the {} nodes of {} lies inside the area", read.nodes.len(), wish.network);
        let fix = format!(
            "the terrain spans x {} to {}, y {} to {}; give shift_x_m and shift_y_m if the network has coordinates of its own",
            grid.west,
            grid.east(),
            grid.south,
            grid.north()
        );
        section.report(1152, "network", text, fix);
        return None;
    }
    warn(section, wish, (&homeless, &outside, &rims));
    is_right.then_some(manholes)
}

/// Warnings about nodes that do not fit the ground.
fn warn(
    section: &Section<'_>,
    wish: &Wish<'_>,
    (homeless, outside, rims): (&[&str], &[&str], &[(&str, f64)]),
) {
    let left_out = [(homeless, "have no coordinates"), (outside, "lie outside the area")];
    for (names, what) in left_out.into_iter().filter(|(names, _)| !names.is_empty()) {
        let text = format!("{} nodes of {} {what}, the first '{}'", names.len(), wish.network, names[0]);
        let warning = section
            .warning(1153, "network", text)
            .why("they take no water from the surface, and what spills from them is lost")
            .fix("give them coordinates on the terrain");
        section.reading.report(warning);
    }
    let off: Vec<&(&str, f64)> = rims.iter().filter(|(_, gap)| gap.abs() > RIM_TOLERANCE).collect();
    let worst = off.iter().copied().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
    if let Some((name, gap)) = worst {
        let text = format!(
            "the rims of {} of {} manholes differ from the ground by more than {RIM_TOLERANCE} m, '{name}' by {gap:+.2} m",
            off.len(),
            rims.len()
        );
        let warning = section
            .warning(1154, "network", text)
            .why("manholes spill at the level of the ground here, not at that of the network; outfalls keep the network's level")
            .fix("look at the datum of the network and at its coordinates");
        section.reading.report(warning);
    }
}
