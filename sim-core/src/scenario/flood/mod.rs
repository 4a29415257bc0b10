//! Keys of a flood scenario.

mod barriers;
mod boundary;
mod breach;
mod breach_size;
mod buildings;
mod exposure;
mod land_cover;
mod place;
mod places;
mod products;
mod rain;
mod rain_grid;
mod reservoir;
mod sewers;
mod soil;
mod structures;
pub(in crate::scenario) mod terrain;
mod water;

use std::sync::Arc;

use crate::flood::boundary::{Edge, Edges};
use crate::flood::flux::{self, Scheme};
use crate::flood::infiltration::Soils;
use crate::run::flood::FloodCase;

use super::quantity::Dimension;
use super::section::Section;
use super::site::Site;
use super::{Context, forcing};

/// Reads all sections of a flood scenario.
pub(super) fn read(
    root: &Section<'_>,
    site: Option<&Site>,
    context: &mut Context<'_, '_>,
) -> Option<FloodCase> {
    let run = read_run(root);
    let loss = forcing::losses(root, context);
    let edges = read_edges(root);
    let mut ground = terrain::read_ground(root, site, context);
    let duration = run.as_ref().map(|run| run.duration);
    // Rain falls on roofs too: it is read before the ground has holes.
    let rain = rain::read(root, ground.as_ref(), duration, context);
    let soils = soils(root, ground.as_ref());
    let buildings = buildings::read(root, ground.as_ref(), context);
    if let (Some(ground), Some(buildings)) = (&mut ground, &buildings) {
        buildings.shape(ground);
    }
    let initial_depth = water::read_initial(root, ground.as_ref(), context);
    let inflows = water::read_inflows(root, ground.as_ref(), duration, context);
    let structures = structures::read(root, ground.as_ref());
    let barriers = barriers::read(root, ground.as_ref());
    let breaches = breach::read(root, ground.as_ref());
    let sewers = sewers::read(root, ground.as_ref(), duration, context);
    let boundaries = boundary::read(root, ground.as_ref(), context);
    let wanted = products::read_products(root);
    let places = places::read(root, ground.as_ref(), wanted.as_ref());
    let exposure = exposure::read(root, ground.as_ref(), context);
    let brings_water = ["rain", "inflow", "initial", "boundary", "sewers"].iter().any(|key| root.has(key));
    if !root.describing() && !brings_water {
        root.report(
            1023,
            "rain",
            "nothing brings water: no [rain], no [[inflow]], no [initial], no [[boundary]]",
            "add [rain] with intensity = \"60 mm/h\" and duration = \"1 h\"",
        );
    }
    let (run, ground, buildings) = (run?, ground?, buildings?);
    if !forcing::falls_into_the_run(
        root,
        run.duration,
        rain.as_ref(),
        inflows.as_ref().map(|inflows| inflows.0.as_slice()),
    ) {
        return None;
    }
    let (inflows, releases) = inflows?;
    let soils = buildings.seal(root, &ground, &soils?)?;
    Some(FloodCase {
        title: context.title.clone(),
        manning_n: ground.manning_n,
        bed: ground.bed,
        initial_depth: initial_depth?,
        rain: rain?,
        loss: loss?,
        soils,
        inflows,
        releases,
        buildings: Arc::new(buildings.buildings),
        structures: structures?,
        barriers: barriers?,
        breaches: breaches?,
        sewers: sewers?,
        boundaries: boundaries?,
        edges: edges?,
        courant: run.courant,
        scheme: run.scheme,
        duration: run.duration,
        frame_times: run.frame_times,
        places: places?,
        exposure: exposure?,
        settings: wanted?.settings,
        grid: ground.grid,
    })
}

/// The soil of the whole area, or those of the land cover.
fn soils(root: &Section<'_>, ground: Option<&terrain::Ground>) -> Option<Soils> {
    let everywhere = soil::read(root);
    match ground.and_then(|ground| ground.soils.clone()) {
        None => everywhere,
        Some(_) if root.has("infiltration") => {
            root.report(
                1020,
                "infiltration",
                "[infiltration] and the classes of [land_cover] both say what the ground takes",
                "keep one of the two",
            );
            None
        }
        soils => soils,
    }
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
        .number("courant", "Courant number of the time step; 0.9 when absent, 0.8 with hllc-2; smaller is slower and no more accurate")
        .between(0.05, 1.0)
        .optional();
    let names: Vec<&str> = flux::ALL.iter().map(|scheme| scheme.1).collect();
    let scheme = section.choice_or(
        "scheme",
        &names,
        flux::DEFAULT.name(),
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
    let scheme = Scheme::find(scheme)?;
    let courant = section.or_of_kind("courant", courant, (scheme.courant(), None));
    Some(Run { duration, courant, scheme, frame_times })
}

fn read_edges(root: &Section<'_>) -> Option<Edges> {
    let kinds = ["wall", "open"];
    let section = root.section("edges", "what happens at the edges of the area");
    root.always("edges");
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
