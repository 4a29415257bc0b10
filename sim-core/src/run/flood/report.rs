//! What the responder reads first: five lines, two maps, the warnings.

use crate::error::Problem;
use crate::flood::Evidence;
use crate::flood::boundary::{Boundary, Kind};
use crate::flood::breach::Breach;
use crate::flood::hazard::Scheme as HazardScheme;
use crate::flood::place::{Diary, Place};
use crate::flood::product::{
    Crossed, EXPOSURE_BUILDINGS, EXPOSURE_SHAPES, EXPOSURE_ZONES, Hazard, MINUTE, Point, WET_DEPTH,
    exposure_markers, exposure_summary, fate, release_told,
};
use crate::flood::structure::{Service, Structure};
use crate::grid::{Field, Grid};
use crate::product::{Layer, Map, Product};
use crate::run::Ledger;
use crate::run::flood::{FloodCase, Scheme, buildings};
use crate::units::GRAVITY;

/// Share of the simulated time after which depths are kept to see whether the water still rises.
pub(super) const LATE_SHARE: f64 = 0.95;

/// Rise in the last part of the run that counts as still rising, m: one centimetre decides a depth class.
const STILL_RISING: f64 = 0.01;

/// Share of the waterlogged cells that must still rise for a warning.
const RISING_SHARE: f64 = 0.01;

/// Clipped volume that is worth a warning, as a share of the water: far above rounding, far below a depth.
const CLIPPED_SHARE: f64 = 1e-9;

/// Points named on the maps.
const MARKERS: usize = 10;

/// Points named in the summary.
const WORST: usize = 3;

/// What no map shows, in one line.
const NOT_ON_THE_MAP: &str = "kerbs, walls, bridges, pumps and culverts that were not given, water \
     inside buildings, waves. Not a forecast of what will happen.";

/// What the maps of a run do not show.
fn not_on_the_map(case: &FloodCase) -> String {
    let sewers = match case.sewers {
        None => "sewers beyond a constant loss",
        Some(_) => "sewers that are not in the network",
    };
    format!("Not modelled: {sewers}, {NOT_ON_THE_MAP}")
}

/// The maps of a run; `layers` are those of its products.
pub(super) fn maps(case: &FloodCase, evidence: &Evidence, points: &[Point], layers: &[Layer]) -> Vec<Map> {
    let named = evidence.places.list.iter().zip(&evidence.diaries).map(|(place, diary)| {
        let (x, y) = (case.grid.x(place.cell.1), case.grid.y(place.cell.0));
        (x, y, format!("{}: {}", place.name, fate(place, diary, case.duration)))
    });
    // A point at a named place is told by its name.
    let is_named = |point: &&Point| evidence.places.list.iter().all(|place| place.cell != point.deepest);
    let found = points.iter().filter(is_named).map(|point| (point.x, point.y, marker_label(point)));
    let markers: Vec<(f64, f64, String)> = named.chain(found).take(MARKERS).collect();
    let wants = |name: &str| case.settings.wants(name);
    let closed = buildings::on_maps(case);
    let mut shapes = if wants("waterlogging") { vec!["waterlogging".to_string()] } else { Vec::new() };
    if wants("manholes") && !evidence.manholes.is_empty() {
        shapes.push("manholes".to_string());
    }
    let map = |name: &str, title: &str, raster: &str, shapes, markers| Map {
        name: name.into(),
        title: title.into(),
        subtitle: format!("{}, {:.0} min simulated", case.title, case.duration / MINUTE),
        terrain: Some(case.bed.clone()),
        closed: closed.clone(),
        raster: Some(raster.into()),
        shapes,
        solid: vec![EXPOSURE_BUILDINGS.to_owned()],
        hollow: vec![EXPOSURE_ZONES.to_owned()],
        markers,
        arrow: None,
        not_modelled: not_on_the_map(case),
    };
    let mut maps = Vec::new();
    if wants("max_depth") {
        maps.push(map("max_depth", "Maximum flood depth", "max_depth", shapes, markers.clone()));
    }
    if wants("arrival_time") {
        maps.push(map("arrival_time", "Arrival of the water", "arrival_time", Vec::new(), markers.clone()));
    }
    for scheme in case.settings.hazards() {
        let (name, title) = (Hazard(scheme).name(), Hazard(scheme).title());
        maps.push(map(name, title, name, Vec::new(), markers.clone()));
    }
    let is_there = |name: &&&str| {
        layers.iter().any(|layer| matches!(layer, Layer::Shapes(shapes) if shapes.info.name == **name))
    };
    let exposed: Vec<String> =
        EXPOSURE_SHAPES.iter().filter(is_there).map(|name| (*name).to_owned()).collect();
    if wants("max_depth") && !exposed.is_empty() {
        let markers = exposure_markers(&case.settings, layers);
        maps.push(map("exposure", "Who and what is hit", "max_depth", exposed, markers));
    }
    maps
}

/// What the list beside the map says of a point.
fn marker_label(point: &Point) -> String {
    format!("{:.2} m deep, from {:.0} min", point.max_depth, point.onset / MINUTE)
}

/// A cell as a responder reads it: longitude and latitude, or x and y on a local plane.
fn place(grid: &Grid, (row, column): (usize, usize)) -> String {
    match grid.lon_lat(row, column) {
        Some(at) => format!("lon {:.5} lat {:.5}", at.lon, at.lat),
        None => format!("x {:.1} y {:.1}", grid.x(column), grid.y(row)),
    }
}

/// A line for every named place, then five: the peak, the points, the worst of them, the area,
/// the balance.
pub(super) fn summary(
    evidence: &Evidence,
    points: &[Point],
    ledger: &Ledger,
    layers: &[Layer],
) -> Vec<String> {
    let settings = &evidence.settings;
    let threshold = settings.waterlogging_depth;
    let cell_area = evidence.grid.cell_area();
    let over = |depth: f64| {
        evidence.max_depth.iter().filter(|&&deepest| deepest >= depth).count() as f64 * cell_area
    };
    let listed = if settings.wants("waterlogging") {
        format!(
            "{} waterlogging points of at least {} m2 reach {threshold} m",
            points.len(),
            settings.waterlogging_area
        )
    } else {
        "waterlogging points were not asked for".to_string()
    };
    let mut lines = vec![
        peak(evidence),
        listed,
        worst(evidence, points),
        format!(
            "Area that reached {threshold} m: {:.4} km2; that got wet at all ({WET_DEPTH} m): {:.4} km2",
            over(threshold) / 1e6,
            over(WET_DEPTH) / 1e6
        ),
        balance(ledger),
    ];
    let places = evidence.places.list.iter().zip(&evidence.diaries);
    let tell = |(place, diary): (&Place, &Diary)| {
        format!("{}: {}", place.name, fate(place, diary, evidence.duration))
    };
    lines.splice(0..0, places.map(tell));
    lines.extend(evidence.services.iter().map(service));
    lines.extend(evidence.crossings.iter().map(crossed));
    lines.extend(exposure_summary(&evidence.settings, layers));
    lines.extend(evidence.releases.iter().map(release_told));
    lines.extend(evidence.hazards.iter().map(|(scheme, worst)| hazard(evidence, *scheme, worst)));
    lines
}

/// How much area each class of hazard took, the worst first, and where the worst was.
fn hazard(evidence: &Evidence, scheme: HazardScheme, worst: &Field) -> String {
    let areas: Vec<String> = Hazard(scheme)
        .areas(evidence)
        .into_iter()
        .rev()
        .filter(|(_, area)| *area > 0.0)
        .map(|(class, area)| format!("{} {:.4} km2", class.name, area / 1e6))
        .collect();
    let title = Hazard(scheme).title();
    let Some(class) = worst.iter().filter_map(|&rating| scheme.class_of(rating as f32)).max() else {
        return format!("{title}: nowhere");
    };
    let is_worst = |rating: f64| scheme.class_of(rating as f32) == Some(class);
    // The deepest cell of the worst class: where a responder would look first.
    let cells = worst.indexed_iter().filter(|(_, rating)| is_worst(**rating)).map(|(cell, _)| cell);
    let deepest = cells.fold(None, |best: Option<(usize, usize)>, cell| match best {
        Some(best) if evidence.max_depth[best] >= evidence.max_depth[cell] => Some(best),
        _ => Some(cell),
    });
    let at =
        deepest.map_or_else(String::new, |cell| format!("; the worst at {}", place(&evidence.grid, cell)));
    format!("{title}: {}{at}", areas.join(", "))
}

/// When a breach began.
pub(super) fn breach(breach: &Breach, begun: f64) -> String {
    if begun.is_finite() {
        format!("{}: gave way at {:.0} min", breach.name, begun / MINUTE)
    } else {
        format!("{}: held", breach.name)
    }
}

/// What passed a levee or a bridge.
fn crossed(Crossed { name, kind, crossing, gap_begun }: &Crossed) -> String {
    let minutes = |time: f64| format!("{:.0} min", time / MINUTE);
    let both = crossing.to_right + crossing.to_left;
    let mut line = if *kind == "levee" {
        match crossing.first_over {
            first if first.is_finite() => {
                format!("{name}: first overtopped at {}, {both:.0} m3 in all", minutes(first))
            }
            _ => format!("{name}: not overtopped"),
        }
    } else {
        let pressed = match crossing.first_pressed {
            first if first.is_finite() => format!("its underside was reached at {}", minutes(first)),
            _ => "its underside was not reached".into(),
        };
        let over = match crossing.first_over {
            first if first.is_finite() => format!(", water over the deck at {}", minutes(first)),
            _ => String::new(),
        };
        format!("{name}: {both:.0} m3 passed, {:.2} m3/s at most, {pressed}{over}", crossing.peak)
    };
    match gap_begun {
        Some(begun) if begun.is_finite() => line += &format!("; it gave way at {}", minutes(*begun)),
        Some(_) => line += "; it did not give way",
        None => {}
    }
    line
}

/// What a structure did.
fn service((structure, service): &(Structure, Service)) -> String {
    if !service.first.is_finite() {
        return format!("{}: never ran", structure.name);
    }
    format!(
        "{}: {:.0} m3 in {:.0} min, {:.2} m3/s at most, first at {:.0} min",
        structure.name,
        service.volume,
        service.seconds / MINUTE,
        service.peak,
        service.first / MINUTE
    )
}

fn peak(evidence: &Evidence) -> String {
    let deepest = evidence
        .max_depth
        .indexed_iter()
        .fold(((0, 0), 0.0), |best, (cell, &depth)| if depth > best.1 { (cell, depth) } else { best });
    if deepest.1 < WET_DEPTH {
        return format!("No cell got wet: the largest depth is {:.1} mm", deepest.1 * 1000.0);
    }
    let minutes = evidence.time_of_maximum[deepest.0] / MINUTE;
    format!(
        "Deepest water {:.2} m at {}, {minutes:.0} min after the start",
        deepest.1,
        place(&evidence.grid, deepest.0)
    )
}

fn worst(evidence: &Evidence, points: &[Point]) -> String {
    if points.is_empty() {
        return "Worst points: none".to_string();
    }
    let one = |point: &Point| {
        format!(
            "({}) {:.2} m at {} from {:.0} min, {:.0} m2",
            point.rank,
            point.max_depth,
            place(&evidence.grid, point.deepest),
            point.onset / MINUTE,
            point.area
        )
    };
    let list: Vec<String> = points.iter().take(WORST).map(one).collect();
    format!("Worst points: {}", list.join("; "))
}

fn balance(ledger: &Ledger) -> String {
    let entries: Vec<String> = ledger
        .entries
        .iter()
        .filter(|(_, volume)| *volume != 0.0)
        .map(|(name, volume)| format!("{name} {volume:+.1}"))
        .collect();
    format!(
        "Water balance in m3: start {:.1}, {}, end {:.1}; error {:.1e} of the water",
        ledger.initial,
        if entries.is_empty() { "nothing in or out".to_string() } else { entries.join(", ") },
        ledger.stored,
        ledger.relative_error
    )
}

/// What looks plausible and may not be.
pub(super) fn warnings(
    case: &FloodCase,
    evidence: &Evidence,
    ledger: &Ledger,
    late: Option<&Field>,
    last: &Field,
) -> Vec<Problem> {
    let entry = |name: &str| ledger.entries.iter().find(|entry| entry.0 == name).map_or(0.0, |entry| entry.1);
    let gained: f64 = ledger.entries.iter().map(|(_, volume)| volume.max(0.0)).sum();
    let arrived = gained - entry("clipped").max(0.0);
    let mut warnings = Vec::new();
    if arrived > 0.0 && evidence.max_depth.iter().all(|&depth| depth < WET_DEPTH) {
        let text =
            format!("{arrived:.1} m3 of water came in and no cell was ever {} mm deep", WET_DEPTH * 1000.0);
        warnings.push(
            Problem::warning(5200, text)
                .why("an empty map looks like safety")
                .fix("look at the unit of the rain, at the loss, and at open edges"),
        );
    }
    let clipped = entry("clipped");
    if clipped > CLIPPED_SHARE * (ledger.initial + arrived) {
        let text =
            format!("{clipped:.3e} m3 were added where a cell would have lost more water than it held");
        warnings.push(Problem::warning(5201, text).fix("lower the Courant number"));
    }
    let outside: f64 = case
        .initial_depth
        .iter()
        .zip(&case.bed)
        .filter(|(depth, bed)| bed.is_nan() && **depth > 0.0)
        .map(|(d, _)| d)
        .sum();
    if outside > 0.0 {
        let text = format!(
            "{:.1} m3 of initial water outside the area or in blocked buildings were left out",
            outside * case.grid.cell_area()
        );
        warnings.push(
            Problem::warning(5202, text)
                .fix("end the initial water where the ground ends and at the walls of buildings"),
        );
    }
    warnings.extend(late.and_then(|late| still_rising(case, late, last)));
    warnings.extend(too_fast_for_local_inertia(case, evidence));
    warnings
}

/// A warning when the water stood higher than the rating curve of a boundary knows.
pub(super) fn above_curve(boundary: &Boundary) -> Problem {
    let highest = match &boundary.kind {
        Kind::Rating { curve } => curve.highest(),
        _ => f64::NAN,
    };
    let text = format!(
        "the water at boundary '{}' rose above {highest} m, the highest level of its rating curve",
        boundary.name
    );
    Problem::warning(5047, text)
        .why("above it the last line of the curve was carried on, which nobody measured")
        .fix("add points to the rating curve up to the highest level that can come")
}

/// Froude number up to which local inertia stands for the full equations.
///
/// # Source
/// The bound usually given for the scheme, after de Almeida & Bates 2013
/// (`dealmeida2013`); taken from memory of the paper and not checked against it.
const LARGEST_FROUDE: f64 = 0.5;

/// Depth from which a cell counts for the Froude number, m: thinner runoff is held
/// by friction and not by inertia.
const FROUDE_DEPTH: f64 = 0.1;

/// Share of the cells of that depth that may be faster without a warning.
const FAST_SHARE: f64 = 0.01;

/// A warning when the local-inertia scheme met flow that it is not made for. The
/// largest speed is held against the waves at the largest depth: an underestimate
/// where the two came at different times.
fn too_fast_for_local_inertia(case: &FloodCase, evidence: &Evidence) -> Option<Problem> {
    if case.scheme != Scheme::Inertial {
        return None;
    }
    let deep =
        evidence.max_depth.iter().zip(&evidence.max_speed).filter(|(depth, _)| **depth >= FROUDE_DEPTH);
    let (mut cells, mut fast) = (0usize, 0usize);
    for (depth, speed) in deep {
        cells += 1;
        fast += usize::from(*speed > LARGEST_FROUDE * (GRAVITY * depth).sqrt());
    }
    let share = fast as f64 / cells.max(1) as f64;
    (share > FAST_SHARE).then(|| {
        let text = format!(
            "in {:.0} % of the cells with {} cm of water or more the Froude number passed {LARGEST_FROUDE}",
            100.0 * share,
            FROUDE_DEPTH * 100.0
        );
        Problem::warning(5020, text)
            .why("the scheme \"inertial\" leaves out what moves water this fast; depths and times can be far off")
            .fix("use run.scheme = \"hllc-2\"")
    })
}

/// A warning when the water is still rising at the end: the largest depths are then too small.
fn still_rising(case: &FloodCase, late: &Field, last: &Field) -> Option<Problem> {
    let threshold = case.settings.waterlogging_depth;
    let deep = last.iter().filter(|&&depth| depth >= threshold).count();
    let rising = late
        .iter()
        .zip(last)
        .filter(|(before, now)| **now >= threshold && **now - **before > STILL_RISING)
        .count();
    if rising as f64 <= RISING_SHARE * deep as f64 {
        return None;
    }
    let text = format!(
        "{rising} of {deep} cells deeper than {threshold} m rose by more than {} cm in the last {:.0} % of the run",
        STILL_RISING * 100.0,
        (1.0 - LATE_SHARE) * 100.0
    );
    Some(
        Problem::warning(5203, text)
            .why("the largest depths and areas come after the end")
            .fix("simulate a longer time"),
    )
}
