//! Explosions of a case: what of the cloud can burn, and the pressure of its blast.

use geo_types::MultiPolygon;
use nalgebra::Vector2;

use crate::error::{Problem, Result};
use crate::gas::dispersion::Dispersion;
use crate::gas::effect::{
    EffectLevel, EffectZone, Effects, Found, Fuel, MOMENTARY, Sharpness, colour, fuel, momentary_plumes,
};
use crate::gas::hazard::blast::baker_strehlow;
use crate::gas::hazard::blast::flame_speed::{Confinement, Congestion, Reactivity, flame_speed};
use crate::gas::hazard::blast::multi_energy::MultiEnergy;
use crate::gas::hazard::blast::overpressure::{BlastReach, OVERPRESSURE, distance_to};
use crate::gas::hazard::blast::tnt::Tnt;
use crate::gas::hazard::blast::{BlastKind, scaled_curve};
use crate::gas::hazard::flammable::flammable_mass;
use crate::gas::hazard::zones::{circle, union};
use crate::units;

/// What drives a flame of the method of Baker, Strehlow and Tang.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Flame {
    /// Its Mach number.
    Mach(f64),
    /// Where it runs.
    Among(Congestion, Confinement),
}

/// Explosions that a case asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// Names of the methods.
    pub models: Vec<&'static str>,
    /// Mass of gas that explodes, kg; that in the flammable range of the cloud where it is not given.
    pub mass: Option<f64>,
    /// Share of the energy that a charge of TNT has.
    pub tnt_yield: f64,
    /// Class of strength of TNO's method.
    pub tno_class: Option<u8>,
    /// What drives the flame of the method of Baker, Strehlow and Tang.
    pub flame: Option<Flame>,
    /// Levels of overpressure, Pa.
    pub overpressures: Vec<f64>,
}

/// The methods that scenarios may ask for; a curve of one's own is for programs.
pub fn models() -> Vec<&'static str> {
    let own = scaled_curve::ScaledCurveKind.name();
    let all = crate::gas::hazard::blast::ALL.iter().map(|kind: &&dyn BlastKind| kind.name());
    all.filter(|&name| name != own).collect()
}

/// What explodes, and where.
struct Cloud {
    /// Mass, kg.
    mass: f64,
    /// Middle of the explosion in each weather row.
    middles: Vec<Vector2<f64>>,
    /// Distance of the middle from the source, m.
    away: f64,
    /// How far the middle may lie from where it is drawn, m: where the direction is not known.
    astray: f64,
}

/// Puts the zones of all methods that are asked for into the effects.
///
/// # Errors
/// E4650 where the substance does not burn, E4659 a method without what it needs; those of the methods.
pub fn find(wish: &Wish, dispersion: &Dispersion, effects: &mut Effects) -> Result<()> {
    let fuel = fuel(&dispersion.substance)?;
    let cloud = cloud(wish, dispersion, fuel)?;
    if cloud.mass <= 0.0 {
        effects.warnings.push(
            Problem::warning(4655, "no part of the cloud lies between the flammable limits: there is no explosion")
                .why("the plume is thinner than the lower limit wherever people and houses are; gas in rooms is not in it")
                .fix("give blast.mass for gas that gathers in a yard, a room or a sewer"),
        );
        return Ok(());
    }
    for &model in &wish.models {
        let pressure = dispersion.weather.iter().map(|row| row.pressure).fold(f64::INFINITY, f64::min);
        let note =
            |effects: &mut Effects, name: &'static str, value: f64, unit: &'static str, origin: &str| {
                effects.clouds.push(Found { event: model, name, value, unit, origin: origin.to_owned() });
            };
        let origin = if wish.mass.is_some() {
            "given"
        } else {
            "between the flammable limits of the momentary plume of the largest rate, as if it lasted: an upper bound where the rate falls"
        };
        note(effects, "mass that explodes", cloud.mass, "kg", origin);
        let energy = cloud.mass * fuel.heat;
        let reaches: Vec<BlastReach> = match model {
            "tnt" => {
                note(effects, "yield", wish.tnt_yield, "1", "share of the energy");
                let charge = Tnt::equivalent(cloud.mass, fuel.heat, wish.tnt_yield)?;
                note(effects, "mass of TNT", charge.mass, "kg", "share of the energy over that of TNT");
                reaches(wish, &charge)?
            }
            "tno" => {
                let class = wish.tno_class.ok_or_else(|| lacks("tno", "tno_class"))?;
                note(effects, "class of strength", f64::from(class), "1", "given");
                note(effects, "energy", energy, "J", "mass times heat of combustion");
                reaches(wish, &MultiEnergy::new(energy, pressure, class)?)?
            }
            _ => {
                let speed = speed(wish, dispersion, effects)?;
                note(effects, "Mach number of the flame", speed, "1", "given, or pierorazio2005");
                note(effects, "energy", energy, "J", "mass times heat of combustion; doubled by the ground");
                reaches(wish, &baker_strehlow::blast(energy, pressure, speed)?)?
            }
        };
        let zones = levels(wish).into_iter().zip(reaches);
        // Inside the weaker clouds of TNO the pressure is even: what is not met there is met nowhere.
        let is_even = model == "tno" && wish.tno_class.is_some_and(|class| class < 10);
        effects.blast.extend(zones.map(|(level, reach)| zone(model, level, reach, &cloud, is_even)));
    }
    Ok(())
}

fn lacks(model: &str, key: &str) -> Problem {
    Problem::error(4659, format!("the method \"{model}\" needs blast.{key}"))
        .why("the strength of an explosion follows from the obstacles around, which no table knows")
        .fix("give it, or take another method")
}

/// Mach number of the flame, not slower than the slowest curve.
fn speed(wish: &Wish, dispersion: &Dispersion, effects: &mut Effects) -> Result<f64> {
    let asked = match wish.flame {
        Some(Flame::Mach(speed)) => return Ok(speed),
        Some(Flame::Among(congestion, confinement)) => {
            flame_speed(Reactivity::of(&dispersion.substance.id), congestion, confinement)
        }
        None => return Err(lacks("bst", "congestion and blast.confinement, or blast.flame_mach").into()),
    };
    let slowest = baker_strehlow::SLOWEST;
    if asked < slowest {
        effects.warnings.push(
            Problem::warning(
                4656,
                format!("the flame runs at Mach {asked}; the curve of Mach {slowest} is taken"),
            )
            .why("no slower curve is published: the pressure given is an upper bound")
            .fix("take the distances as at most"),
        );
    }
    Ok(asked.max(slowest))
}

/// The mass that explodes in the worst weather row, and where in each.
fn cloud(wish: &Wish, dispersion: &Dispersion, fuel: Fuel) -> Result<Cloud> {
    let release = &dispersion.release;
    let source = Vector2::new(release.x, release.y);
    if let Some(mass) = wish.mass {
        if mass > release.mass() {
            let text = format!("{mass} kg are to explode, but only {:.3} kg come out", release.mass());
            let fix = "give the mass that can hang in the air, or let more come out; leave blast.mass out to have it computed";
            return Err(Problem::error(4660, text).fix(fix).into());
        }
        return Ok(Cloud { mass, middles: vec![source], away: 0.0, astray: 0.0 });
    }
    let molar_mass = dispersion.substance.molar_mass.value;
    let mut cloud = Cloud { mass: 0.0, middles: Vec::new(), away: 0.0, astray: 0.0 };
    for (placed, row) in dispersion.heavy.iter().zip(&dispersion.weather) {
        let limit = |fraction: f64| {
            units::mass_concentration(fraction, molar_mass, row.air_temperature, row.pressure)
        };
        let momentary = placed.averaged_over(MOMENTARY);
        let (mass, reach) = momentary.mass_between(limit(fuel.lower), limit(fuel.upper));
        cloud.mass = cloud.mass.max(mass.min(release.mass()));
        cloud.away = cloud.away.max(0.5 * reach);
        cloud.middles.push(placed.on_grid(0.5 * reach, 0.0));
    }
    let passive = if dispersion.heavy.is_empty() { momentary_plumes(dispersion) } else { Vec::new() };
    for (placed, row) in passive.iter().zip(&dispersion.weather) {
        let limit = |fraction: f64| {
            units::mass_concentration(fraction, molar_mass, row.air_temperature, row.pressure)
        };
        let part = flammable_mass(&placed.plume, limit(fuel.lower), limit(fuel.upper))?;
        // No more can hang in the air than has come out.
        cloud.mass = cloud.mass.max(part.mass.min(release.mass()));
        let middle = 0.5 * part.reach;
        cloud.away = cloud.away.max(middle);
        cloud.middles.push(placed.on_grid(middle, 0.0));
    }
    if !dispersion.direction_holds() {
        cloud.middles = vec![source];
        cloud.astray = cloud.away;
    }
    Ok(cloud)
}

/// Levels from the strongest.
fn levels(wish: &Wish) -> Vec<EffectLevel> {
    let values = strongest_first(wish);
    let count = values.len();
    let level = |(rank, &value): (usize, &f64)| {
        let known = OVERPRESSURE.iter().find(|row| (row.value / value - 1.0).abs() < 1e-6);
        EffectLevel {
            name: format!("{} kPa", value / 1e3),
            meaning: known.map_or("level given by the user", |row| row.effect).to_owned(),
            meaning_zh: known.map_or("用户给定", |row| row.effect_zh).to_owned(),
            value,
            unit: "Pa",
            source: known.map_or("the scenario", |row| row.source).to_owned(),
            colour: colour(rank, count),
        }
    };
    values.iter().enumerate().map(level).collect()
}

fn strongest_first(wish: &Wish) -> Vec<f64> {
    let mut values = wish.overpressures.clone();
    values.sort_by(|a, b| b.total_cmp(a));
    values
}

fn reaches(wish: &Wish, blast: &impl crate::gas::hazard::blast::Blast) -> Result<Vec<BlastReach>> {
    strongest_first(wish).into_iter().map(|value| distance_to(blast, value)).collect()
}

fn zone(
    event: &'static str,
    level: EffectLevel,
    reach: BlastReach,
    cloud: &Cloud,
    is_even: bool,
) -> EffectZone {
    let (radius, sharpness) = match reach {
        BlastReach::NearerThan(_) if is_even => {
            let (outline, sharpness) = (MultiPolygon::new(Vec::new()), Sharpness::Exact);
            return EffectZone { event, level, radius: 0.0, distance: 0.0, sharpness, outline };
        }
        BlastReach::At(radius) => (radius, Sharpness::Exact),
        BlastReach::NearerThan(radius) => (radius, Sharpness::AtMost),
        BlastReach::FartherThan(radius) => (radius, Sharpness::AtLeast),
    };
    let parts: Vec<_> = cloud.middles.iter().map(|&middle| circle(middle, radius + cloud.astray)).collect();
    let outline = if parts.is_empty() { MultiPolygon::new(Vec::new()) } else { union(&parts) };
    EffectZone { event, level, radius, distance: radius + cloud.away, sharpness, outline }
}
