//! Fires of a case: how far they burn, in the wind of every weather row.

use std::f64::consts::PI;

use geo::ConvexHull;
use geo_types::{MultiPoint, MultiPolygon, Polygon};
use nalgebra::{Vector2, Vector3};

use crate::error::{Problem, Problems, Result};
use crate::gas::dispersion::Dispersion;
use crate::gas::effect::{EffectLevel, EffectZone, Effects, Found, Fuel, Sharpness, colour, fuel};
use crate::gas::hazard::fire::fireball::{Fireball, SizeRule, Vessel};
use crate::gas::hazard::fire::harm::{BURNS, BurnProbit, RADIATION, exposure_of_a_runner, thermal_dose};
use crate::gas::hazard::fire::jet_fire::{JetFire, expanded_jet};
use crate::gas::hazard::fire::point_source::PointSource;
use crate::gas::hazard::fire::pool_fire::{Brightness, LengthRule, PoolFire, burning_rate};
use crate::gas::hazard::fire::radiation::{Air, TARGET_HEIGHT};
use crate::gas::hazard::fire::{Fire, FireKind};
use crate::gas::hazard::zones::{circle, union};
use crate::gas::weather::{CLASS_WIND_HEIGHT, Weather};

/// Where a burning jet points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// Along the ground with the wind, where it reaches farthest.
    Downwind,
    /// Straight up.
    Up,
}

/// A vessel that may burst in a fire.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VesselWish {
    /// What burns, kg.
    pub mass: f64,
    /// Pressure at which it bursts, Pa (absolute).
    pub burst_pressure: f64,
}

/// Fires that a case asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// Names of the kinds of fire.
    pub kinds: Vec<&'static str>,
    /// Relative humidity of the air, 0 to 1.
    pub humidity: f64,
    /// Levels of radiation, W/m².
    pub radiation: Vec<f64>,
    /// Where a burning jet points.
    pub aim: Aim,
    /// Share of the heat that a pool or a point radiates.
    pub radiated_share: f64,
    /// Diameter of a burning pool, m; where it is not given, as large as burns what leaks.
    pub pool_diameter: Option<f64>,
    /// What burns of a pool, kg/(m² s); from the heats of combustion and vaporization where not given.
    pub pool_burning_rate: Option<f64>,
    /// The vessel of a fireball.
    pub vessel: Option<VesselWish>,
}

/// Harm by dose that every fire is asked for: which probit, and the share of people.
const DOSES: [(usize, f64); 3] = [(2, 0.5), (2, 0.01), (1, 0.01)];

/// Bearings on each side of the wind along which a fire is followed from its middle.
const BEARINGS: usize = 36;

/// Ratio of two distances along a bearing; between them radiation is interpolated.
const STEP: f64 = 1.02;

/// Nearest distance along a bearing, as a share of the extent of the flame.
const NEAREST: f64 = 0.05;

/// Puts the zones of all fires that are asked for into the effects.
///
/// # Errors
/// E4650 where the substance does not burn, E4651 a jet of which the exit is not known, E4652 a
/// fireball without a vessel, E4653 a pool whose burning rate cannot be told; those of the fires.
pub fn find(wish: &Wish, dispersion: &Dispersion, effects: &mut Effects) -> Result<()> {
    let fuel = fuel(&dispersion.substance)?;
    let mut problems = Vec::new();
    for &kind in &wish.kinds {
        let case = Burning { wish, dispersion, fuel, kind };
        let found = match kind {
            "flash_fire" => case.flash(effects),
            "fireball" => case.fireball(effects),
            _ => case.standing(effects),
        };
        problems.extend(found.err().map(|found| found.0).unwrap_or_default());
    }
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}

/// The kinds of fire that scenarios may ask for.
pub fn kinds() -> Vec<&'static str> {
    crate::gas::hazard::fire::ALL.iter().map(|kind: &&dyn FireKind| kind.name()).collect()
}

/// One fire of a case.
pub(super) struct Burning<'a> {
    wish: &'a Wish,
    pub(super) dispersion: &'a Dispersion,
    pub(super) fuel: Fuel,
    pub(super) kind: &'static str,
}

/// A level with the test of whether it is met.
struct Asked {
    level: EffectLevel,
    test: Test,
}

/// What is compared.
#[derive(Clone, Copy)]
enum Test {
    /// Radiation, W/m².
    Radiation(f64),
    /// Thermal dose, (W/m²)^(4/3) s.
    Dose(f64),
}

impl Burning<'_> {
    fn air(&self, row: &Weather) -> Air {
        Air { temperature: row.air_temperature, pressure: row.pressure, humidity: self.wish.humidity }
    }

    /// All levels, radiation from the strongest and then doses from the worst.
    fn levels(&self) -> Vec<Asked> {
        let mut radiation = self.wish.radiation.clone();
        radiation.sort_by(|a, b| b.total_cmp(a));
        let count = radiation.len();
        let of_radiation = radiation.iter().enumerate().map(|(rank, &value)| Asked {
            level: radiation_level(value, colour(rank, count)),
            test: Test::Radiation(value),
        });
        let of_dose = DOSES.iter().enumerate().filter_map(|(rank, &(row, share))| {
            let dose = BURNS[row].probit.dose(share)?;
            Some(Asked {
                level: dose_level(
                    &BURNS[row],
                    share,
                    dose,
                    self.kind == "fireball",
                    colour(rank, DOSES.len()),
                ),
                test: Test::Dose(dose),
            })
        });
        of_radiation.chain(of_dose).collect()
    }

    fn note(&self, effects: &mut Effects, name: &'static str, value: f64, unit: &'static str, origin: &str) {
        effects.flames.push(Found { event: self.kind, name, value, unit, origin: origin.to_owned() });
    }

    /// A jet, a pool or a point that burns as long as gas comes.
    fn standing(&self, effects: &mut Effects) -> Result<()> {
        let mut problems = Vec::new();
        let mut flames: Vec<(&Weather, Rays)> = Vec::new();
        for row in &self.dispersion.weather {
            let same = flames.iter().find(|(known, _)| burns_alike(known, row)).map(|(_, rays)| rays.clone());
            let rays = match same {
                Some(rays) => Ok(rays),
                None => self.rays(row, effects),
            };
            match rays {
                Ok(rays) => flames.push((row, rays)),
                Err(found) => problems.extend(found.0),
            }
            if !problems.is_empty() {
                return Err(Problems(problems));
            }
        }
        for asked in self.levels() {
            effects.fire.push(self.zone(asked, &flames));
        }
        Ok(())
    }

    /// Radiation along the bearings around the fire in the wind of a row.
    fn rays(&self, row: &Weather, effects: &mut Effects) -> Result<Rays> {
        let air = self.air(row);
        air.check()?;
        let wind = Vector3::x() * row.wind_at(self.dispersion.release.height.max(CLASS_WIND_HEIGHT));
        let least = self.wish.radiation.iter().copied().fold(f64::INFINITY, f64::min);
        match self.kind {
            "jet_fire" => {
                let jet = self.jet(row, wind)?;
                let flame = jet.flame(&air)?;
                self.note(effects, "length of the flame", flame.length, "m", "chamberlain1987");
                self.note(effects, "lift-off", flame.lift_off, "m", "chamberlain1987");
                self.note(effects, "radiated share", flame.radiant_fraction, "1", "chamberlain1987");
                self.note(effects, "emissive power", flame.emissive_power, "W m-2", "chamberlain1987");
                warn_once(effects, &flame.warnings);
                let middle = 0.5 * (flame.frustum.base + flame.frustum.tip);
                Ok(Rays::around(&flame, middle.x, &air, least))
            }
            "pool_fire" => {
                let pool = self.pool(row, wind, effects)?;
                let flame = pool.flame(&air)?;
                self.note(effects, "length of the flame", flame.length, "m", "Pritchard and Binding");
                self.note(effects, "lean of the flame", flame.lean, "degree", "Pritchard and Binding");
                self.note(
                    effects,
                    "emissive power",
                    flame.emissive_power,
                    "W m-2",
                    "radiated share of the heat",
                );
                let middle = 0.5 * (flame.frustum.base + flame.frustum.tip);
                Ok(Rays::around(&flame, middle.x, &air, least))
            }
            _ => {
                let middle = Vector3::z() * self.dispersion.release.height;
                let (rate, share) = (self.dispersion.release.rate, self.wish.radiated_share);
                let point = PointSource::of_flame(middle, rate, self.fuel.heat, share)?;
                self.note(effects, "radiated power", point.power, "W", "API 521: share of the heat");
                Ok(Rays::around(&point, 0.0, &air, least))
            }
        }
    }

    fn jet(&self, row: &Weather, wind: Vector3<f64>) -> Result<JetFire> {
        let release = &self.dispersion.release;
        let substance = &self.dispersion.substance;
        let Some(exit) = release.exit else {
            return Err(Problem::error(
                4651,
                "a jet fire needs the hole and the pressure; only a rate is known",
            )
            .why("the length of the flame follows from the speed with which the gas leaves")
            .fix("take source.kind = \"gas_hole\", or ask for \"point_source\", which needs the rate only")
            .into());
        };
        let gamma = substance.heat_capacity_ratio.at(exit.temperature);
        // Back to rest: the pressure and temperature from which the throat is reached without loss.
        let heated = exit.velocity * exit.velocity / (2.0 * substance.gas_heat_capacity(exit.temperature));
        let at_rest = exit.temperature + heated;
        let pressure = exit.pressure * (at_rest / exit.temperature).powf(gamma / (gamma - 1.0));
        let molar_mass = substance.molar_mass.value;
        let expanded = expanded_jet(pressure, at_rest, gamma, molar_mass, row.pressure);
        let axis = match self.wish.aim {
            Aim::Downwind => Vector3::x(),
            Aim::Up => Vector3::z(),
        };
        Ok(JetFire {
            rate: release.rate,
            jet_velocity: expanded.velocity,
            jet_temperature: expanded.temperature,
            molar_mass,
            heat_of_combustion: self.fuel.heat,
            height: release.height,
            axis,
            wind,
        })
    }

    fn pool(&self, row: &Weather, wind: Vector3<f64>, effects: &mut Effects) -> Result<PoolFire> {
        let substance = &self.dispersion.substance;
        let (rate, origin) = match self.wish.pool_burning_rate {
            Some(rate) => (rate, "given"),
            None => (
                burning_rate(substance, self.fuel.heat, row.air_temperature)?,
                "heats of combustion and vaporization (cpr14e)",
            ),
        };
        self.note(effects, "burning rate", rate, "kg m-2 s-1", origin);
        let (diameter, origin) = match (self.wish.pool_diameter, self.dispersion.release.pool_diameter) {
            (Some(given), _) => (given, "given"),
            (None, Some(widest)) => (widest, "the pool of the release at its widest"),
            (None, None) => {
                ((4.0 * self.dispersion.release.rate / (PI * rate)).sqrt(), "as much burns as leaks")
            }
        };
        self.note(effects, "diameter of the pool", diameter, "m", origin);
        Ok(PoolFire {
            diameter,
            burning_rate: rate,
            heat_of_combustion: self.fuel.heat,
            wind,
            length_rule: LengthRule::PritchardBinding,
            brightness: Brightness::RadiantFraction(self.wish.radiated_share),
        })
    }

    /// The zone of a level in all weather rows together.
    fn zone(&self, asked: Asked, flames: &[(&Weather, Rays)]) -> EffectZone {
        let (release, duration) = (&self.dispersion.release, self.dispersion.release.duration);
        let source = Vector2::new(release.x, release.y);
        let (mut parts, mut radius, mut distance) = (Vec::new(), 0.0_f64, 0.0_f64);
        for (row, rays) in flames {
            let reaches: Vec<f64> = rays.rays.iter().map(|ray| reach(ray, asked.test, duration)).collect();
            let greatest = reaches.iter().copied().fold(0.0, f64::max);
            if greatest <= 0.0 {
                continue;
            }
            let (area, farthest) = outline(source, row.heading(), rays.middle, &reaches);
            (radius, distance) = (radius.max(greatest), distance.max(farthest));
            parts.push(if self.dispersion.direction_holds() { area } else { circle(source, farthest) });
        }
        EffectZone {
            event: self.kind,
            level: asked.level,
            radius,
            distance,
            sharpness: Sharpness::Exact,
            outline: union_of(&parts),
        }
    }

    /// A vessel that bursts and burns at once.
    fn fireball(&self, effects: &mut Effects) -> Result<()> {
        let Some(vessel) = self.wish.vessel else {
            return Err(Problem::error(
                4652,
                "a fireball needs the mass in the vessel and the pressure at which it bursts",
            )
            .fix("add fire.vessel_mass and fire.burst_pressure")
            .into());
        };
        let ball = Vessel {
            mass: vessel.mass,
            heat_of_combustion: self.fuel.heat,
            burst_pressure: vessel.burst_pressure,
            size_rule: SizeRule::Tno,
        }
        .fireball()?;
        self.note(effects, "diameter of the fireball", ball.diameter, "m", "TNO");
        self.note(effects, "duration of the fireball", ball.duration, "s", "TNO");
        self.note(effects, "radiated share", ball.radiant_fraction, "1", "TNO");
        self.note(effects, "emissive power", ball.emissive_power, "W m-2", "TNO");
        let release = &self.dispersion.release;
        let source = Vector2::new(release.x, release.y);
        for asked in self.levels() {
            let mut radius = 0.0_f64;
            for row in &self.dispersion.weather {
                let air = self.air(row);
                air.check()?;
                radius = radius.max(reach_of_ball(&ball, &air, asked.test));
            }
            let outline =
                MultiPolygon::new((radius > 0.0).then(|| circle(source, radius)).into_iter().collect());
            let sharpness = Sharpness::Exact;
            effects.fire.push(EffectZone {
                event: self.kind,
                level: asked.level,
                radius,
                distance: radius,
                sharpness,
                outline,
            });
        }
        Ok(())
    }
}

/// True for rows in which a fire burns alike but for the direction of the wind.
fn burns_alike(a: &Weather, b: &Weather) -> bool {
    let key = |row: &Weather| {
        (row.wind_speed, row.air_temperature, row.pressure, row.stability as usize, row.surroundings as usize)
    };
    key(a) == key(b)
}

fn warn_once(effects: &mut Effects, warnings: &[Problem]) {
    for warning in warnings {
        if effects.warnings.iter().all(|known| known.code != warning.code) {
            effects.warnings.push(warning.clone());
        }
    }
}

fn radiation_level(value: f64, colour: [u8; 3]) -> EffectLevel {
    let known = RADIATION.iter().find(|row| (row.value / value - 1.0).abs() < 1e-6);
    let text = |of: fn(&crate::gas::hazard::fire::harm::Threshold) -> &'static str, other: &str| {
        known.map_or_else(|| other.to_owned(), |row| of(row).to_owned())
    };
    EffectLevel {
        name: format!("{} kW/m²", value / 1e3),
        meaning: text(|row| row.effect, "level given by the user"),
        meaning_zh: text(|row| row.effect_zh, "用户给定"),
        value,
        unit: "W m-2",
        source: text(|row| row.source, "the scenario"),
        colour,
    }
}

fn dose_level(burn: &BurnProbit, share: f64, dose: f64, is_ball: bool, colour: [u8; 3]) -> EffectLevel {
    let (name, name_zh) = match burn.harm {
        "death (TNO)" => ("death", "死亡"),
        _ => ("burns of the second degree", "二度烧伤"),
    };
    let (who, who_zh) = if is_ball {
        ("the whole fireball, which nobody outruns", "整个火球持续时间")
    } else {
        ("one who reacts within 5 s and runs away at 4 m/s", "5秒反应后以4米/秒逃离")
    };
    let percent = 100.0 * share;
    EffectLevel {
        name: format!("{name} {percent} %"),
        meaning: format!("{percent} % of people, by the dose of {who}"),
        meaning_zh: format!("{percent}%{name_zh}（{who_zh}）"),
        value: dose,
        unit: "(W m-2)^(4/3) s",
        source: burn.source.to_owned(),
        colour,
    }
}

/// Radiation over distance, the farthest first.
type Ray = Vec<(f64, f64)>;

/// Radiation along bearings from downwind to upwind on one side; the other side is its mirror.
#[derive(Debug, Clone)]
struct Rays {
    /// How far downwind of the source the rays begin, m: below the middle of the flame, where it
    /// is hottest, so that no bearing meets a level twice.
    middle: f64,
    rays: Vec<Ray>,
}

impl Rays {
    /// Radiation at the height of a person around a fire whose wind blows along x, from where neither
    /// the least level of radiation nor the safe one can be met.
    fn around(fire: &impl Fire, middle: f64, air: &Air, least: f64) -> Self {
        let farthest = middle + fire.extent() + (fire.bounding_power() / (PI * least.min(SAFE))).sqrt();
        let nearest = NEAREST * fire.extent();
        let ray = |bearing: f64| {
            let (sine, cosine) = bearing.sin_cos();
            let flux = |distance: f64| {
                fire.irradiance(Vector3::new(middle + distance * cosine, distance * sine, TARGET_HEIGHT), air)
            };
            let places = std::iter::successors(Some(farthest), |place| Some(place / STEP));
            places.take_while(|&place| place > nearest).map(|place| (place, flux(place))).collect()
        };
        Self { middle, rays: (0..=BEARINGS).map(|i| ray(PI * i as f64 / BEARINGS as f64)).collect() }
    }
}

/// Greatest distance along a ray at which a level is met, m; zero where it is nowhere.
///
/// For a dose it is that of somebody who stands there, reacts and runs to where the least level
/// of radiation of the ray ends, as if the radiation stayed what it was: an upper bound.
fn reach(ray: &Ray, test: Test, burns_for: f64) -> f64 {
    let safe = ray.iter().find(|sample| sample.1 >= SAFE).map_or(0.0, |sample| sample.0);
    let excess = |&(place, flux): &(f64, f64)| match test {
        Test::Radiation(level) => flux / level,
        Test::Dose(level) => thermal_dose(flux, exposure_of_a_runner(safe - place, burns_for)) / level,
    };
    let Some(index) = ray.iter().position(|sample| excess(sample) >= 1.0) else { return 0.0 };
    if index == 0 {
        return ray[0].0;
    }
    let (outside, inside) = (excess(&ray[index - 1]).max(f64::MIN_POSITIVE).ln(), excess(&ray[index]).ln());
    let share = inside / (inside - outside);
    ray[index].0 * (ray[index - 1].0 / ray[index].0).powf(share)
}

/// Radiation from which people are safe without limit of time, W/m² (api521: work clothes).
const SAFE: f64 = 1_580.0;

/// Greatest distance at which a fireball meets a level, m: people do not outrun it.
fn reach_of_ball(ball: &Fireball, air: &Air, test: Test) -> f64 {
    /// Farthest distance that is looked at, in diameters.
    const FARTHEST: f64 = 50.0;
    /// Halvings of the distance.
    const HALVINGS: usize = 40;
    let meets = |distance: f64| match test {
        Test::Radiation(level) => ball.irradiance(Vector3::new(distance, 0.0, TARGET_HEIGHT), air) >= level,
        Test::Dose(level) => ball.dose_at(distance, air) >= level,
    };
    let (mut inside, mut outside) = (0.0, FARTHEST * ball.diameter);
    if !meets(NEAREST * ball.diameter) {
        return 0.0;
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (inside + outside);
        if meets(middle) { inside = middle } else { outside = middle }
    }
    inside
}

/// The outline of reaches around the middle of a flame from downwind to upwind, mirrored, turned
/// into the wind; and its greatest distance from the source, m.
///
/// The source and all between it and the reaches belong to it: seen along its axis a flame is no
/// more than its end, so that the model leaves out the ground at its foot.
fn outline(source: Vector2<f64>, heading: f64, middle: f64, reaches: &[f64]) -> (Polygon<f64>, f64) {
    let last = reaches.len() - 1;
    let bearing = |i: usize| PI * i as f64 / last as f64;
    let left = (0..=last).map(|i| (bearing(i), reaches[i]));
    let right = (1..last).rev().map(|i| (-bearing(i), reaches[i]));
    let corners = left.chain(right).map(|(bearing, reach)| {
        let (sine, cosine) = bearing.sin_cos();
        Vector2::new(middle + reach * cosine, reach * sine)
    });
    let corners: Vec<Vector2<f64>> = corners.collect();
    let farthest = corners.iter().map(|corner| corner.norm()).fold(0.0, f64::max);
    let (sine, cosine) = heading.sin_cos();
    let turned = corners
        .iter()
        .map(|at| source + Vector2::new(at.x * cosine - at.y * sine, at.x * sine + at.y * cosine));
    let with_source: MultiPoint<f64> = turned.chain([source]).map(|at| (at.x, at.y)).collect();
    (with_source.convex_hull(), farthest)
}

fn union_of(parts: &[Polygon<f64>]) -> MultiPolygon<f64> {
    if parts.is_empty() { MultiPolygon::new(Vec::new()) } else { union(parts) }
}
