//! What a leak may do besides poisoning: fire, explosion, gas in a room; and what to do then.
//!
//! Each file turns what a case asks for ([`Wishes`]) into zones, rows and words
//! ([`Effects`]); the physics is in [`hazard`](crate::gas::hazard).

pub mod approach;
pub mod blast;
pub mod fire;
mod flash;
pub mod line;
pub mod preset;
pub mod room;
pub mod shelter;
pub mod words;

use geo_types::MultiPolygon;

use crate::error::{Problem, Problems, Result};
use crate::gas::dispersion::Dispersion;
use crate::gas::plume::Plume;
use crate::gas::substance::Substance;
use crate::gas::sweep::Placed;

/// What a case asks for besides the zones of the gas itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wishes {
    /// Fires, where any are asked for.
    pub fire: Option<fire::Wish>,
    /// Explosions, where any are asked for.
    pub blast: Option<blast::Wish>,
    /// A leak inside a room.
    pub room: Option<room::Wish>,
    /// Open paths of light along which the gas is measured.
    pub lines: Vec<line::Line>,
    /// Distances of guidebooks, to stand beside the model's.
    pub presets: Vec<preset::Preset>,
}

impl Wishes {
    /// True where what is asked for follows from how much of the cloud can burn.
    pub fn needs_a_cloud(&self) -> bool {
        let flash = self.fire.as_ref().is_some_and(|wish| wish.kinds.contains(&"flash_fire"));
        flash || self.blast.as_ref().is_some_and(|wish| wish.mass.is_none())
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Effects {
    /// Zones of the fires, fire by fire, the most severe level first.
    pub fire: Vec<EffectZone>,
    /// What was found of each fire.
    pub flames: Vec<Found>,
    /// Zones of the explosions, method by method, the most severe level first.
    pub blast: Vec<EffectZone>,
    /// What was found of each explosion.
    pub clouds: Vec<Found>,
    /// The leak in the room.
    pub room: Option<room::Filling>,
    /// What the paths of light have seen.
    pub lines: Vec<line::LineSeen>,
    /// Distances of guidebooks.
    pub presets: Vec<preset::Preset>,
    /// From where to come near; nothing where no side is safe in every weather row.
    pub approach: Option<approach::Sector>,
    /// What people at named places do best.
    pub shelter: Vec<shelter::Hint>,
    /// What to mind.
    pub warnings: Vec<Problem>,
}

/// A level of radiation, of a dose or of overpressure.
#[derive(Debug, Clone, PartialEq)]
pub struct EffectLevel {
    /// Name with its value, e.g. `12.5 kW/m²`.
    pub name: String,
    /// What it does, English.
    pub meaning: String,
    /// The same in Chinese.
    pub meaning_zh: String,
    /// Value in SI units.
    pub value: f64,
    /// Unit of the value.
    pub unit: &'static str,
    /// Where it comes from.
    pub source: String,
    /// Colour of its zone: red, green, blue.
    pub colour: [u8; 3],
}

/// How far a level reaches, as far as the method can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharpness {
    /// As far as given.
    Exact,
    /// At most so far: nearer than where the method begins.
    AtMost,
    /// At least so far: beyond where the method ends.
    AtLeast,
}

/// The area in which a fire or an explosion exceeds a level.
#[derive(Debug, Clone, PartialEq)]
pub struct EffectZone {
    /// Name of the fire or of the method.
    pub event: &'static str,
    /// The level.
    pub level: EffectLevel,
    /// Radius around the middle of the fire or explosion, greatest over all bearings, m.
    pub radius: f64,
    /// Greatest distance from the source, m; zero where the level is not met.
    pub distance: f64,
    /// Whether the method can tell it.
    pub sharpness: Sharpness,
    /// The area in the grid's reference.
    pub outline: MultiPolygon<f64>,
}

/// A number with its name, for a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Name of the fire or of the method.
    pub event: &'static str,
    /// What it is.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// Its unit; empty for a pure number.
    pub unit: &'static str,
    /// Where it comes from, or how.
    pub origin: String,
}

/// Colours from the most to the least severe level.
const COLOURS: [[u8; 3]; 5] = [[150, 0, 60], [192, 0, 0], [237, 125, 0], [242, 200, 0], [120, 170, 220]];

/// Colours for a number of levels, the most severe first.
fn colour(rank: usize, of: usize) -> [u8; 3] {
    let last = COLOURS.len() - 1;
    COLOURS[if of <= 1 { 1 } else { (rank * last / (of - 1)).min(last) }]
}

/// What burns, with its limits and its heat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fuel {
    /// Heat of combustion, J/kg.
    pub heat: f64,
    /// Lower flammable limit, volume fraction.
    pub lower: f64,
    /// Upper flammable limit, volume fraction.
    pub upper: f64,
}

/// What is known of a substance that burns.
///
/// # Errors
/// E4650 for one that does not burn, or of which the heat of combustion or a limit is not known.
pub fn fuel(substance: &Substance) -> Result<Fuel> {
    let name = &substance.name;
    let known =
        (&substance.heat_of_combustion, &substance.lower_flammable_limit, &substance.upper_flammable_limit);
    match known {
        (Some(heat), Some(lower), Some(upper)) => {
            Ok(Fuel { heat: heat.value, lower: lower.value, upper: upper.value })
        }
        (_, None, _) => Err(Problem::error(4650, format!("{name} does not burn in air"))
            .why("the table of substances has no flammable limits for it")
            .fix("take [fire], [blast] and [indoor_leak] out of the scenario, or check the substance")
            .into()),
        _ => Err(Problem::error(
            4650,
            format!("no sourced heat of combustion or upper limit of {name} is known"),
        )
        .why("no fire or explosion can be computed without it, and none is guessed")
        .fix("take a substance that burns like it and is in the table, and say so in the title")
        .into()),
    }
}

/// Averaging time of a momentary concentration, s; the coefficients narrow no further below about 18 s.
const MOMENTARY: f64 = 1.0;

/// Steady plumes of the largest rate as they are at a moment, one for each weather row.
///
/// Gas burns at momentary concentrations, so the mean is taken over the shortest time that the
/// dispersion coefficients know. In calm air they drift at the weakest wind of a plume: what burns
/// is richer than the mean over the half hour in which calm air spreads it on all sides.
pub(crate) fn momentary_plumes(dispersion: &Dispersion) -> Vec<Placed> {
    let release = &dispersion.release;
    let placed = dispersion.weather.iter().map(|row| {
        let set = dispersion.coefficients_in(row);
        let plume = Plume::with_set(set, release, &dispersion.substance, row, release.height, MOMENTARY);
        Placed::new(plume, release.x, release.y, row.heading())
    });
    placed.collect()
}

/// Everything that a case asks for.
///
/// Lines stay as they are in `dispersion`, because they must be watched while the gas passes.
///
/// # Errors
/// All mistakes at once: E4650 to E4659, and those of the physics.
pub fn find(wishes: &Wishes, dispersion: &Dispersion) -> Result<Effects> {
    let mut problems = Vec::new();
    let mut effects = Effects {
        lines: dispersion.effects.lines.clone(),
        presets: wishes.presets.clone(),
        approach: approach::sector(dispersion),
        ..Effects::default()
    };
    let mut take =
        |result: Result<()>| problems.extend(result.err().map(|found| found.0).unwrap_or_default());
    if let Some(wish) = &wishes.fire {
        take(fire::find(wish, dispersion, &mut effects));
    }
    if let Some(wish) = &wishes.blast {
        take(blast::find(wish, dispersion, &mut effects));
    }
    if let Some(wish) = &wishes.room {
        take(room::find(wish, dispersion).map(|found| effects.room = Some(found)));
    }
    take(shelter::hints(dispersion).map(|found| effects.shelter = found));
    effects.warnings.extend(beyond(&effects, dispersion.evacuation.radius));
    if problems.is_empty() { Ok(effects) } else { Err(Problems(problems)) }
}

/// The zone of a fire or an explosion that reaches farthest.
pub(crate) fn farthest(effects: &Effects) -> Option<&EffectZone> {
    effects.fire.iter().chain(&effects.blast).max_by(|a, b| a.distance.total_cmp(&b.distance))
}

/// What must be said where a fire or an explosion reaches beyond the area to clear.
fn beyond(effects: &Effects, radius: f64) -> Option<Problem> {
    let farthest = farthest(effects)?;
    (farthest.distance > radius).then(|| {
        let text = format!(
            "{} {} reaches {:.0} m, the area to clear {radius:.0} m",
            farthest.event, farthest.level.name, farthest.distance
        );
        Problem::warning(4654, text)
            .why("the area to clear follows from the levels of the gas, not from fires and explosions")
            .fix("clear as far as the level of the fire or explosion that you do not accept")
    })
}

/// Fires and methods of a list of zones, each once, in their order.
pub(crate) fn events(zones: &[EffectZone]) -> Vec<&'static str> {
    let mut events: Vec<&'static str> = zones.iter().map(|zone| zone.event).collect();
    events.dedup();
    events
}

/// The zones of one kind in words: each event with the distances of its levels.
pub(crate) fn in_words(zones: &[EffectZone]) -> String {
    let reach = |zone: &EffectZone| {
        let word = match zone.sharpness {
            Sharpness::Exact if zone.distance == 0.0 => return format!("{} nowhere", zone.level.name),
            Sharpness::Exact => "",
            Sharpness::AtMost => "at most ",
            Sharpness::AtLeast => "at least ",
        };
        format!("{} {word}{:.0} m", zone.level.name, zone.distance.ceil())
    };
    let of = |event: &str| {
        let reaches: Vec<String> = zones.iter().filter(|zone| zone.event == event).map(reach).collect();
        format!("{event}: {}", reaches.join(", "))
    };
    events(zones).into_iter().map(of).collect::<Vec<_>>().join("; ")
}
