//! Keys of fires, explosions, a leak in a room, paths of light and distances of guidebooks.

use crate::gas::effect::blast::{self, Flame};
use crate::gas::effect::fire::{self, Aim, VesselWish};
use crate::gas::effect::line::Line;
use crate::gas::effect::preset::Preset;
use crate::gas::effect::{Wishes, room};
use crate::gas::hazard::blast::flame_speed::{Confinement, Congestion};
use crate::gas::hazard::fire::point_source::CAUTIOUS_RADIANT_FRACTION;
use crate::grid::Grid;
use crate::scenario::names::Names;
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;
use crate::scenario::site::{Place, read_place};

/// Levels of radiation where none are given, W/m²: public, fire spreads, equipment (hazard::fire::harm).
const RADIATION: [f64; 3] = [4_000.0, 12_500.0, 37_500.0];

/// Levels of overpressure where none are given, Pa, of Clancey's table (hazard::blast::overpressure).
const OVERPRESSURES: [f64; 4] = [2_070.0, 6_900.0, 13_800.0, 34_500.0];

/// Share of the energy of a cloud that a charge of TNT has: EPA 550-B-99-009.
const YIELD: f64 = 0.1;

/// Keys of `[fire]` with the kinds of fire that use them.
const FIRE_KEYS: [(&str, &[&str]); 8] = [
    ("humidity", &["jet_fire", "point_source", "pool_fire", "fireball"]),
    ("radiation", &["jet_fire", "point_source", "pool_fire", "fireball"]),
    ("jet_direction", &["jet_fire"]),
    ("radiated_share", &["point_source", "pool_fire"]),
    ("pool_diameter", &["pool_fire"]),
    ("pool_burning_rate_kg_m2_s", &["pool_fire"]),
    ("vessel_mass", &["fireball"]),
    ("burst_pressure", &["fireball"]),
];

/// Keys of `[blast]` with the methods that use them.
const BLAST_KEYS: [(&str, &[&str]); 5] = [
    ("tnt_yield", &["tnt"]),
    ("tno_class", &["tno"]),
    ("flame_mach", &["bst"]),
    ("congestion", &["bst"]),
    ("confinement", &["bst"]),
];

/// What was asked for; the paths of light still without their plane.
pub(super) struct Asked<'s> {
    wishes: Wishes,
    lines: Vec<LineWish<'s>>,
}

struct LineWish<'s> {
    table: Section<'s>,
    name: String,
    ends: (Place, Place),
    height: f64,
}

/// Reads `[fire]`, `[blast]`, `[indoor_leak]`, `[[line_receptor]]` and `[[preset]]`.
pub(super) fn read<'s>(root: &Section<'s>, height: f64) -> Option<Asked<'s>> {
    let (fire, blast) = (read_fire(root), read_blast(root));
    let (room, lines, presets) = (read_room(root), read_lines(root, height), read_presets(root));
    let wishes = Wishes { fire: fire?, blast: blast?, room: room?, lines: Vec::new(), presets: presets? };
    Some(Asked { wishes, lines: lines? })
}

impl Asked<'_> {
    /// True where a pool is to burn.
    pub(super) fn burns_a_pool(&self) -> bool {
        self.wishes.fire.as_ref().is_some_and(|fire| fire.kinds.contains(&"pool_fire"))
    }

    /// The wishes with the paths of light in the plane of a grid.
    pub(super) fn in_plane(self, grid: &Grid) -> Option<Wishes> {
        let lines = self.lines.iter().map(|wish| {
            let end = |place: Place, key: &str| {
                let (x, y) = place.in_crs(&grid.crs, &wish.table, key)?;
                Some([x, y, wish.height])
            };
            let (from, to) = (end(wish.ends.0, "from"), end(wish.ends.1, "to"));
            let line = Line { name: wish.name.clone(), from: from?, to: to? };
            if line.length() <= 0.0 {
                let fix = "give two ends that are apart";
                wish.table.report(1183, "to", "the path of light has no length", fix);
                return None;
            }
            Some(line)
        });
        let lines: Vec<Option<Line>> = lines.collect();
        Some(Wishes { lines: lines.into_iter().collect::<Option<_>>()?, ..self.wishes })
    }
}

/// Names out of a list, as the physics spells them.
fn chosen(
    section: &Section<'_>,
    key: &str,
    known: &[&'static str],
    meaning: &str,
) -> Option<Vec<&'static str>> {
    let texts = section.texts(key, known, meaning);
    section.always(key);
    if section.describing() {
        return None;
    }
    if !section.has(key) {
        section.report(1012, key, format!("no {key} are named"), format!("add {key} = [\"{}\"]", known[0]));
    }
    let found: Vec<&'static str> =
        texts?.iter().filter_map(|(text, _)| known.iter().copied().find(|&name| name == text)).collect();
    (!found.is_empty()).then_some(found)
}

/// Reports keys that nothing of what was chosen uses.
fn unused(section: &Section<'_>, chosen: &[&str], rows: &[(&str, &[&str])]) -> bool {
    let mut fine = true;
    for (key, users) in rows {
        if section.has(key) && !users.iter().any(|user| chosen.contains(user)) {
            let text = format!("nothing that is asked for uses it; it belongs to {}", users.join(", "));
            section.report(1181, key, text, "remove it, or ask for one of these");
            fine = false;
        }
    }
    fine
}

/// A value that something needs which was chosen.
fn needed<T>(section: &Section<'_>, key: &str, value: Option<T>, user: &str, example: &str) -> Option<T> {
    if value.is_none() && !section.has(key) {
        section.report(1180, key, format!("\"{user}\" needs it"), format!("add {key} = {example}"));
    }
    value
}

/// Levels with their unit, or those that count where none are given.
fn levels(
    section: &Section<'_>,
    key: &str,
    dimension: Dimension,
    bounds: (f64, f64),
    usual: &[f64],
    shown: &str,
    meaning: &str,
) -> Option<Vec<f64>> {
    let given = section.quantities(key, dimension, bounds, meaning);
    section.amend(key, |doc| doc.default = Some(shown.to_owned()));
    if !section.has(key) {
        let values = serde_json::json!({"values": usual, "unit": dimension.si_unit()});
        section.reading.understand(section.path_of(key), values);
        return Some(usual.to_vec());
    }
    let mut levels = given?;
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    if levels.is_empty() {
        section.report(1062, key, "the list is empty", "name at least one level, or remove the key");
        return None;
    }
    Some(levels)
}

fn read_fire(root: &Section<'_>) -> Option<Option<fire::Wish>> {
    let section = root.optional_section("fire", "fires that the leak may feed: zones of radiation and harm");
    if !section.is_present() && !section.describing() {
        return Some(None);
    }
    let kinds = chosen(&section, "kinds", &fire::kinds(), "kinds of fire");
    let humidity = section.quantity(
        "humidity",
        Dimension::Fraction,
        "relative humidity of the air; with all fires that radiate",
    );
    let humidity = humidity.between(0.0, 1.0).optional();
    let radiation = levels(
        &section,
        "radiation",
        Dimension::HeatFlux,
        (500.0, 200_000.0),
        &RADIATION,
        "4, 12.5 and 37.5 kW/m2",
        "levels of radiation whose zones are drawn",
    );
    let aim =
        section.choice_or("jet_direction", &["downwind", "up"], "downwind", "where a burning jet points");
    let radiated_share = section
        .quantity("radiated_share", Dimension::Fraction, "share of the heat that a pool or a point radiates")
        .between(0.01, 1.0)
        .or(CAUTIOUS_RADIANT_FRACTION, "40 % (EPA, cautious)");
    let (pool_diameter, pool_burning_rate) = read_pool(&section);
    let vessel = read_vessel(&section);
    section.finish();
    let kinds = kinds?;
    let fine = unused(&section, &kinds, &FIRE_KEYS);
    let radiating = kinds.iter().find(|&&kind| kind != "flash_fire");
    let humidity = match radiating {
        Some(kind) => needed(&section, "humidity", humidity, kind, "\"50 %\""),
        None => Some(0.0),
    };
    let vessel = if kinds.contains(&"fireball") { Some(needed_vessel(&section, vessel)?) } else { None };
    let aim = if aim == "up" { Aim::Up } else { Aim::Downwind };
    let (humidity, radiation) = (humidity?, radiation?);
    fine.then_some(Some(fire::Wish {
        kinds,
        humidity,
        radiation,
        aim,
        radiated_share,
        pool_diameter,
        pool_burning_rate,
        vessel,
    }))
}

/// Diameter of a burning pool, m, and what burns of it, kg/(m² s).
fn read_pool(section: &Section<'_>) -> (Option<f64>, Option<f64>) {
    let diameter = section
        .quantity(
            "pool_diameter",
            Dimension::Length,
            "diameter of a burning pool; as much burns as leaks when absent",
        )
        .between(0.1, 2000.0)
        .optional();
    let burning_rate = section
        .number("pool_burning_rate_kg_m2_s", "what burns of a pool, kg/(m² s); from its heats when absent")
        .between(1e-3, 1.0)
        .optional();
    (diameter, burning_rate)
}

/// What burns of a vessel, kg, and the pressure at which it bursts, Pa.
fn read_vessel(section: &Section<'_>) -> (Option<f64>, Option<f64>) {
    let mass = section
        .quantity("vessel_mass", Dimension::Mass, "what burns of a vessel that bursts; with fireball")
        .between(1.0, 5e6)
        .optional();
    let burst_pressure = section
        .quantity(
            "burst_pressure",
            Dimension::Pressure,
            "absolute pressure at which the vessel bursts; with fireball",
        )
        .between(101_325.0, 6e6)
        .optional();
    (mass, burst_pressure)
}

fn needed_vessel(section: &Section<'_>, given: (Option<f64>, Option<f64>)) -> Option<VesselWish> {
    let mass = needed(section, "vessel_mass", given.0, "fireball", "\"20 t\"");
    let burst_pressure = needed(section, "burst_pressure", given.1, "fireball", "\"1.5 MPa\"");
    Some(VesselWish { mass: mass?, burst_pressure: burst_pressure? })
}

fn read_blast(root: &Section<'_>) -> Option<Option<blast::Wish>> {
    let section = root.optional_section("blast", "an explosion of the cloud: zones of overpressure");
    if !section.is_present() && !section.describing() {
        return Some(None);
    }
    let models = chosen(&section, "models", &blast::models(), "methods, each with its own zones");
    let mass = section
        .quantity(
            "mass",
            Dimension::Mass,
            "gas that explodes, at the source; what is between the flammable limits of the cloud when absent",
        )
        .between(1e-3, 1e8)
        .optional();
    let tnt_yield = section
        .quantity("tnt_yield", Dimension::Fraction, "share of the energy that a charge of TNT has")
        .between(1e-3, 1.0)
        .or(YIELD, "10 % (EPA 550-B-99-009)");
    let tno_class = section
        .number("tno_class", "class of strength of TNO's method, 1 (in the open) to 10 (detonation)")
        .between(1.0, 10.0)
        .optional();
    let flame_mach = section
        .number("flame_mach", "Mach number of the flame of the method bst, instead of what is around it")
        .between(0.0742, 5.2)
        .optional();
    let words = |all: [(&'static str, Congestion); 3]| all.map(|row| row.0);
    let congestion =
        section.choice("congestion", &words(Congestion::ALL), "how densely obstacles stand; with bst");
    let confinements = Confinement::ALL.map(|row| row.0);
    let confinement = section.choice(
        "confinement",
        &confinements,
        "into how many directions the gas expands: 3D free, 2.5D under a weak roof or a dense pipe rack, 2D between planes; with bst",
    );
    let overpressures = levels(
        &section,
        "overpressures",
        Dimension::Pressure,
        (100.0, 1e6),
        &OVERPRESSURES,
        "2.07, 6.9, 13.8 and 34.5 kPa",
        "levels of overpressure whose zones are drawn",
    );
    section.finish();
    let models = models?;
    let fine = unused(&section, &models, &BLAST_KEYS);
    let tno_class = tno_class.filter(|class| {
        let is_whole = class.fract() == 0.0;
        if !is_whole {
            section.report(
                1182,
                "tno_class",
                format!("{class} is no class"),
                "give a whole number from 1 to 10",
            );
        }
        is_whole
    });
    let (asks_tno, asks_bst) = (models.contains(&"tno"), models.contains(&"bst"));
    let tno_class = asks_tno.then(|| needed(&section, "tno_class", tno_class, "tno", "7"));
    let flame = asks_bst.then(|| flame(&section, flame_mach, congestion, confinement));
    let tno_class = match tno_class {
        Some(class) => Some(class? as u8),
        None => None,
    };
    let flame = match flame {
        Some(flame) => Some(flame?),
        None => None,
    };
    let overpressures = overpressures?;
    fine.then_some(Some(blast::Wish { models, mass, tnt_yield, tno_class, flame, overpressures }))
}

/// What drives the flame: its speed, or the obstacles around; not both.
fn flame(
    section: &Section<'_>,
    mach: Option<f64>,
    congestion: Option<&str>,
    confinement: Option<&str>,
) -> Option<Flame> {
    if section.has("flame_mach") {
        if section.has("congestion") || section.has("confinement") {
            let text = "the speed of the flame is given twice: obstacles are named too";
            section.report(1182, "flame_mach", text, "keep flame_mach alone, or congestion with confinement");
            return None;
        }
        return mach.map(Flame::Mach);
    }
    let congestion = needed(section, "congestion", congestion, "bst", "\"medium\" (or flame_mach)");
    let confinement = needed(section, "confinement", confinement, "bst", "\"3D\" (or flame_mach)");
    let (congestion, confinement) = (congestion?, confinement?);
    let congestion = Congestion::ALL.into_iter().find(|row| row.0 == congestion)?.1;
    let confinement = Confinement::ALL.into_iter().find(|row| row.0 == confinement)?.1;
    Some(Flame::Among(congestion, confinement))
}

fn read_room(root: &Section<'_>) -> Option<Option<room::Wish>> {
    let section = root.optional_section("indoor_leak", "a leak of the same gas inside a room");
    if !section.is_present() && !section.describing() {
        return Some(None);
    }
    let volume =
        section.quantity("volume", Dimension::Volume, "volume of the room").between(1.0, 1e6).required();
    let air_changes_per_hour = section
        .number("air_changes_per_hour", "air changes of the room per hour")
        .between(0.0, 100.0)
        .required_as("0.5");
    let rate = section
        .quantity("rate", Dimension::MassRate, "what leaks into the room")
        .between(1e-9, 100.0)
        .required();
    let height = |key: &str, meaning: &str| {
        section.quantity(key, Dimension::Length, meaning).between(0.0, 100.0).optional()
    };
    let leak_height =
        height("leak_height", "height of the leak above the floor: a light gas mixes only above it");
    let room_height = height("room_height", "height of the room; with leak_height");
    section.finish();
    let heights = match (leak_height, room_height) {
        (Some(leak), Some(room)) if leak < room => Some(Some((leak, room))),
        (Some(_), Some(_)) => {
            section.report(
                1182,
                "leak_height",
                "the leak is not below the ceiling",
                "give a leak_height below room_height",
            );
            None
        }
        (None, None) => Some(None),
        _ => {
            let key = if leak_height.is_some() { "leak_height" } else { "room_height" };
            section.report(
                1182,
                key,
                "one of two heights is missing",
                "give leak_height and room_height, or neither",
            );
            None
        }
    };
    let (volume, air_changes_per_hour, rate) = (volume?, air_changes_per_hour?, rate?);
    Some(Some(room::Wish { volume, air_changes_per_hour, rate, heights: heights? }))
}

fn read_lines<'s>(root: &Section<'s>, height: f64) -> Option<Vec<LineWish<'s>>> {
    let tables =
        root.sections("line_receptor", "a path of light between two posts, along which the gas is measured");
    let mut names = Names::new(1162, "paths of light");
    let count = tables.len();
    let wishes = tables.into_iter().filter_map(|table| {
        let name = table.required_text("name", "name of the path in results", "north fence");
        let from = read_place(&table, "from", "one end");
        let to = read_place(&table, "to", "the other end");
        let height = table
            .quantity("height", Dimension::Length, "height above ground; that of [receptors] when absent")
            .between(0.0, 200.0)
            .optional()
            .unwrap_or(height);
        table.finish();
        let name = names.first(&table, name?)?.to_owned();
        Some(LineWish { name, ends: (from?, to?), height, table })
    });
    let wishes: Vec<LineWish<'s>> = wishes.collect();
    (wishes.len() == count).then_some(wishes)
}

fn read_presets(root: &Section<'_>) -> Option<Vec<Preset>> {
    let tables =
        root.sections("preset", "distances of a guidebook or a company rule, shown beside the model's");
    let count = tables.len();
    let presets = tables.into_iter().filter_map(|table| {
        let name = table.required_text("name", "name of the rule", "ERG guide 115");
        let edition = table.required_text("edition", "its edition or year", "2024");
        let source = table.required_text("source", "book, page or row", "table 1, large spill, day");
        let far = |key: &str, meaning: &str| {
            table.quantity(key, Dimension::Length, meaning).between(1.0, 1e5).optional()
        };
        let isolate = far("isolate", "first isolation on all sides");
        let protect = far("protect", "protection downwind");
        table.finish();
        if !table.describing() && !table.has("isolate") && !table.has("protect") {
            table.report(
                1180,
                "isolate",
                "the rule has no distance",
                "add isolate = \"100 m\", protect = \"1 km\" or both",
            );
            return None;
        }
        if let (Some(near), Some(far)) = (isolate, protect)
            && near > far
        {
            table.report(
                1193,
                "isolate",
                format!("the area to isolate reaches {near} m, the one to protect only {far} m"),
                "guidebooks protect downwind at least as far as they isolate on all sides: swap or correct them",
            );
            return None;
        }
        let (name, edition, source) = (name?.to_owned(), edition?.to_owned(), source?.to_owned());
        Some(Preset { name, edition, source, isolate, protect })
    });
    let presets: Vec<Preset> = presets.collect();
    (presets.len() == count).then_some(presets)
}
