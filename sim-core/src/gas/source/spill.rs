//! Liquid outside its tank: what drifts at once, and what rises from the pool.
//!
//! A [`Spill`] is what left the tank; [`Spill::release`] lays it on a [`Surface`]
//! in some weather and hands on all that becomes gas.

use crate::error::{Problem, Result};
use crate::gas::source::evaporation::{Mass, Wind};
use crate::gas::source::flash::{self, RainOut};
use crate::gas::source::history::{History, State};
use crate::gas::source::hj169::{self, Air};
use crate::gas::source::liquid_outflow::LiquidOutflow;
use crate::gas::source::pool::{Bed, Pool, Radiation};
use crate::gas::source::term::{Fact, Range, SourceTerm, refuse_outside, settle};
use crate::gas::source::two_phase::TwoPhaseDischarge;
use crate::gas::substance::Substance;
use crate::gas::weather::{CALM_WIND, CLASS_WIND_HEIGHT, Stability, Weather, wind_exponent};

/// What left a tank over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Spill {
    /// Vapour and drops in the air; none if all of it is liquid on the ground.
    pub airborne: Option<History>,
    /// Liquid that comes into the pool; none if nothing falls.
    pub into_pool: Option<History>,
    /// How it was found, in words.
    pub found: String,
    /// Numbers that a report shows beside it.
    pub facts: Vec<Fact>,
}

/// What the liquid lies on, and how it is followed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surface {
    /// What it lies on.
    pub bed: Bed,
    /// Temperature of the bed, K; that of the air if none.
    pub bed_temperature: Option<f64>,
    /// What holds it; none if it spreads freely.
    pub bund: Option<Bund>,
    /// Which formula the wind takes its vapour by.
    pub wind_law: WindLaw,
    /// Heat from sun and sky.
    pub radiation: Radiation,
    /// How long it is followed after the last liquid has come, s.
    pub followed_for: f64,
}

/// A wall around a pool.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bund {
    /// Area inside, m².
    pub area: f64,
    /// Height of the wall, m, where it is known.
    pub height: Option<f64>,
}

/// Formula by which the wind takes vapour from a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindLaw {
    /// Brighton's turbulent boundary layer.
    Brighton,
    /// Equation F.12 of HJ 169-2018.
    Hj169,
}

/// Time within which a spill at once comes down, s: short beside the spread of any pool.
const AT_ONCE: f64 = 1.0;

/// Age of a boiling pool at which the guideline's heat formula is shown, s.
const TEN_MINUTES: f64 = 600.0;

impl Spill {
    /// Liquid that runs out of a tank and boils nowhere on its way.
    ///
    /// # Errors
    /// As [`LiquidOutflow::release`].
    pub fn of_tank(tank: &LiquidOutflow, substance: &Substance, air_pressure: f64) -> Result<Self> {
        let SourceTerm { history, found, facts, .. } = tank.release(substance, air_pressure)?;
        Ok(Self { airborne: None, into_pool: Some(history), found, facts })
    }

    /// Liquid that boils as it leaves, divided into what drifts and what falls.
    ///
    /// # Errors
    /// As [`TwoPhaseDischarge::release`]; E4041 for a share outside 0 to 1.
    pub fn of_flashing(
        discharge: &TwoPhaseDischarge,
        rule: RainOut,
        substance: &Substance,
        air_pressure: f64,
    ) -> Result<Self> {
        let SourceTerm { history, found, mut facts, .. } = discharge.release(substance, air_pressure)?;
        let parts = flash::split(history.peak().state.vapour_share, rule)?;
        let divided = flash::divide(&history, &substance.liquid()?, rule, air_pressure)?;
        let flashed = "crowl2011 4-89";
        facts.extend([
            Fact::number("share that flashes", parts.vapour, "", flashed),
            Fact::number("share that drifts as drops", parts.drops, "", "rule of rain-out"),
            Fact::number("share that rains out", parts.rained_out, "", "rule of rain-out"),
        ]);
        Ok(Self { airborne: divided.airborne, into_pool: divided.into_pool, found, facts })
    }

    /// Liquid that is spilled at once.
    ///
    /// # Units
    /// - `mass`: kg; `temperature`: K
    ///
    /// # Errors
    /// E4600 a temperature at which there is no liquid, E4043 and E4045 as for the
    /// properties of the liquid, E4040 a mass that cannot be.
    pub fn at_once(substance: &Substance, mass: f64, temperature: f64) -> Result<Self> {
        let liquid = substance.liquid()?;
        liquid.check_temperature(temperature)?;
        let state =
            State { temperature, vapour_share: 0.0, velocity: 0.0, density: liquid.density(temperature) };
        let feed = History::steady(mass / AT_ONCE, AT_ONCE, state)?;
        let found = format!("{mass} kg spilled at once");
        Ok(Self { airborne: None, into_pool: Some(feed), found, facts: Vec::new() })
    }

    /// Mass that left the tank, kg.
    pub fn mass(&self) -> f64 {
        self.parts().map(History::total).sum()
    }

    /// When the last of it has left the tank, s.
    pub fn end(&self) -> f64 {
        self.parts().map(History::end).fold(0.0, f64::max)
    }

    fn parts(&self) -> impl Iterator<Item = &History> {
        self.airborne.iter().chain(&self.into_pool)
    }

    /// All that becomes gas: what drifts at once, and what rises from a pool in some weather.
    ///
    /// The pool's diameter is that at its widest; none without a pool.
    ///
    /// # Errors
    /// As [`Pool::release`]; E4603 a bund that overflows, E4604 liquid that falls
    /// but no surface to fall on.
    ///
    /// # Source
    /// The sources of its parts; both flows add up at every moment.
    pub fn release(
        &self,
        substance: &Substance,
        surface: Option<&Surface>,
        weather: &Weather,
    ) -> Result<(SourceTerm, Option<f64>)> {
        let Some(feed) = &self.into_pool else {
            let history = self.airborne.clone().ok_or_else(nothing_leaves)?;
            return Ok((self.term(history, Vec::new(), String::new(), Vec::new()), None));
        };
        let surface = surface.ok_or_else(no_surface)?;
        let pool = surface.pool(feed, weather);
        refuse_overflow(feed, surface, substance)?;
        let SourceTerm { history: vapour, found, mut facts, .. } = pool.release(substance)?;
        let risen = SourceTerm { history: vapour.clone(), found: String::new(), facts, warnings: Vec::new() };
        let radius = risen.fact("largest radius").unwrap_or_default();
        let left = risen.fact("liquid left").unwrap_or_default();
        facts = risen.facts;
        facts.extend(guideline(substance, surface, &pool, weather, radius)?);
        let history = self.airborne.as_ref().map_or_else(|| vapour.clone(), |drifts| drifts.and(&vapour));
        let warnings = still_there(left, feed.total(), pool.duration);
        Ok((self.term(history, facts, found, warnings), Some(2.0 * radius)))
    }

    fn term(&self, history: History, more: Vec<Fact>, pool: String, warnings: Vec<Problem>) -> SourceTerm {
        let mut facts = self.facts.clone();
        facts.push(Fact::number("liquid that left the tank", self.mass(), "kg", "mass balance"));
        facts.extend(more);
        facts.extend([
            Fact::number("gas in all", history.total(), "kg", "mass balance"),
            Fact::number("largest rate of gas", history.peak().rate, "kg/s", "mass balance"),
        ]);
        facts.extend(Fact::of_state(&history.peak().state));
        let found = if pool.is_empty() { self.found.clone() } else { format!("{}; {pool}", self.found) };
        SourceTerm { history, found, facts, warnings }
    }
}

impl Surface {
    /// # Errors
    /// E4041 for a number that cannot be.
    pub fn check(&self) -> Result<()> {
        let mut ranges = vec![Range::new(
            "time for which the pool is followed",
            self.followed_for,
            1.0,
            30.0 * 86_400.0,
            "s",
        )];
        if let Some(Bund { area, height }) = self.bund {
            ranges.push(Range::new("area of the bund", area, 1e-3, 1e7, "m²"));
            ranges.extend(height.map(|height| Range::new("height of the bund", height, 0.01, 50.0, "m")));
        }
        settle(refuse_outside(&ranges))
    }

    fn pool(&self, feed: &History, weather: &Weather) -> Pool {
        let mass = match self.wind_law {
            WindLaw::Brighton => Mass::Brighton,
            WindLaw::Hj169 => Mass::Hj169(air_of(weather.stability)),
        };
        Pool {
            feed: feed.clone(),
            bed: self.bed,
            bed_temperature: self.bed_temperature.unwrap_or(weather.air_temperature),
            bund_area: self.bund.map(|bund| bund.area),
            wind: Wind {
                // The laws of a wind over a pool give nothing without one; air over a pool is never at rest.
                speed: weather.at_least(CALM_WIND).wind_at(CLASS_WIND_HEIGHT),
                exponent: wind_exponent(weather.stability, weather.surroundings),
            },
            mass,
            air_temperature: weather.air_temperature,
            air_pressure: weather.pressure,
            radiation: self.radiation,
            duration: feed.end() - feed.start() + self.followed_for,
        }
    }
}

/// Group of table F.3 of the guideline; it has no row for class C, which is taken as neutral.
pub fn air_of(class: Stability) -> Air {
    match class {
        Stability::A | Stability::B => Air::Unstable,
        Stability::C | Stability::D => Air::Neutral,
        Stability::E | Stability::F => Air::Stable,
    }
}

/// The guideline's rates for the pool at its widest: by wind, and by heat after ten minutes.
fn guideline(
    substance: &Substance,
    surface: &Surface,
    pool: &Pool,
    weather: &Weather,
    radius: f64,
) -> Result<Vec<Fact>> {
    let liquid = substance.liquid()?;
    let boiling = liquid.boiling_temperature(pool.air_pressure);
    let warmest = pool.feed.peak().state.temperature.min(boiling);
    let by_wind = hj169::mass_evaporation(
        air_of(weather.stability),
        liquid.vapour_pressure(warmest),
        substance.molar_mass.value,
        pool.air_temperature,
        pool.wind.speed,
        radius,
    );
    let equation = match weather.stability {
        Stability::C => "HJ 169 F.12, class C taken as D; largest radius",
        _ => "HJ 169 F.12, largest radius",
    };
    let mut facts = vec![hj169::fact("HJ 169 evaporation by wind", by_wind, "kg/s", equation)];
    if let Bed::Land { ground, .. } = surface.bed
        && boiling < pool.bed_temperature
    {
        let latent = liquid.heat_of_vaporization(boiling);
        let area = std::f64::consts::PI * radius * radius;
        let by_heat =
            hj169::heat_evaporation(&ground, area, pool.bed_temperature, boiling, latent, TEN_MINUTES);
        facts.push(hj169::fact(
            "HJ 169 evaporation by heat after 600 s",
            by_heat,
            "kg/s",
            "HJ 169 F.11, largest radius",
        ));
    }
    Ok(facts)
}

/// E4603 where more liquid comes than the bund holds.
fn refuse_overflow(feed: &History, surface: &Surface, substance: &Substance) -> Result<()> {
    let Some(Bund { area, height: Some(height) }) = surface.bund else { return Ok(()) };
    let density = substance.liquid()?.density(feed.peak().state.temperature);
    let depth = feed.total() / density / area;
    if depth <= height {
        return Ok(());
    }
    let text = format!(
        "{:.1} m³ come into a bund of {area} m²: {depth:.2} m deep, and its wall is {height} m high",
        feed.total() / density
    );
    Err(Problem::error(4603, text)
        .why("what flows over the wall spreads outside, and the pool would be larger than the bund")
        .fix("correct area or height of the bund, or leave the bund out and let the pool spread")
        .into())
}

/// W4602 where the pool is not dry when it is followed no longer.
fn still_there(left: f64, fed: f64, duration: f64) -> Vec<Problem> {
    /// Share of the liquid that counts as a rest.
    const REST: f64 = 0.01;
    if left <= REST * fed {
        return Vec::new();
    }
    let text = format!("{left:.0} kg of {fed:.0} kg still lie in the pool after {duration:.0} s");
    vec![
        Problem::warning(4602, text)
            .why("the pool gives off vapour until it is dry or covered; the result ends before")
            .fix("set source.pool.followed_for to the time at which the pool will be covered or pumped off"),
    ]
}

fn nothing_leaves() -> Problem {
    Problem::error(4601, "nothing leaves the tank").fix("check the hole and the liquid in the tank")
}

fn no_surface() -> Problem {
    Problem::error(4604, "liquid falls to the ground, and it is not said what it falls on")
        .fix("add [source.pool] with ground and least_depth")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::source::hj169::CONCRETE;
    use crate::gas::source::liquid_outflow::Tank;
    use crate::gas::substance::find;
    use crate::gas::weather::Surroundings;

    const AIR: f64 = 101_325.0;

    fn weather(wind_speed: f64) -> Weather {
        Weather {
            wind_speed,
            reference_height: 10.0,
            wind_direction_deg: 0.0,
            stability: Stability::D,
            air_temperature: 293.15,
            pressure: AIR,
            mixing_height: None,
            surroundings: Surroundings::Rural,
            profile: crate::gas::weather::WindProfile::Power,
            direction_spread_deg: 30.0,
        }
    }

    fn concrete(bund: Option<Bund>) -> Surface {
        Surface {
            bed: Bed::Land { ground: CONCRETE, least_depth: 0.005 },
            bed_temperature: None,
            bund,
            wind_law: WindLaw::Brighton,
            radiation: Radiation::NONE,
            followed_for: 3600.0,
        }
    }

    fn chlorine() -> TwoPhaseDischarge {
        TwoPhaseDischarge {
            hole_diameter: 0.01,
            discharge_coefficient: 0.85,
            pressure: None,
            temperature: 298.15,
            inventory: 500.0,
            stopped_after: None,
        }
    }

    fn fact(term: &SourceTerm, name: &str) -> f64 {
        term.fact(name).expect("a fact")
    }

    #[test]
    fn what_left_the_tank_drifts_has_risen_or_is_left() {
        let substance = find("chlorine").expect("in the table");
        for rule in [RainOut::Nothing, RainOut::BeyondTwiceTheFlash, RainOut::Share(1.0)] {
            let spill = Spill::of_flashing(&chlorine(), rule, substance, AIR).expect("a spill");
            assert!((spill.mass() - 500.0).abs() < 1e-6);
            let surface = concrete(Some(Bund { area: 30.0, height: None }));
            let (term, _) = spill.release(substance, Some(&surface), &weather(3.0)).expect("a release");
            let left = term.fact("liquid left").unwrap_or_default();
            assert!((term.history.total() + left - 500.0).abs() < 1e-6, "{rule:?}");
        }
    }

    #[test]
    fn the_more_rains_out_the_weaker_is_the_cloud_at_first() {
        let substance = find("chlorine").expect("in the table");
        let surface = concrete(None);
        let at_first = |rule| {
            let spill = Spill::of_flashing(&chlorine(), rule, substance, AIR).expect("a spill");
            let (term, _) = spill.release(substance, Some(&surface), &weather(3.0)).expect("a release");
            term.history.mass_between(0.0, 60.0)
        };
        let none = at_first(RainOut::Nothing);
        assert!(none > at_first(RainOut::BeyondTwiceTheFlash));
        assert!(none > at_first(RainOut::Share(1.0)));
    }

    #[test]
    fn a_tank_leaks_into_its_bund_and_more_wind_takes_more() {
        let benzene = find("benzene").expect("in the table");
        let tank = LiquidOutflow {
            tank: Tank::Upright { diameter: 4.0, height: 6.0 },
            level: 5.0,
            hole_height: 0.0,
            hole_diameter: 0.05,
            discharge_coefficient: 0.65,
            overpressure: 0.0,
            temperature: 293.15,
            stopped_after: Some(1800.0),
        };
        let spill = Spill::of_tank(&tank, benzene, AIR).expect("a spill");
        let surface = concrete(Some(Bund { area: 60.0, height: Some(1.2) }));
        let gas = |wind: f64| spill.release(benzene, Some(&surface), &weather(wind)).expect("a release");
        let ((calm, width), (windy, _)) = (gas(2.0), gas(6.0));
        assert!(windy.history.total() > 1.5 * calm.history.total());
        assert!((width.expect("a pool") - 2.0 * (60.0 / std::f64::consts::PI).sqrt()).abs() < 1e-9);
        assert_eq!(calm.warnings[0].code.0, 4602);
        let low = concrete(Some(Bund { area: 60.0, height: Some(0.1) }));
        assert_eq!(
            spill.release(benzene, Some(&low), &weather(2.0)).expect_err("overflows").0[0].code.0,
            4603
        );
        assert_eq!(spill.release(benzene, None, &weather(2.0)).expect_err("no ground").0[0].code.0, 4604);
    }

    #[test]
    fn the_guideline_stands_beside_the_pool() {
        let benzene = find("benzene").expect("in the table");
        let spill = Spill::at_once(benzene, 500.0, 293.15).expect("a spill");
        let surface =
            Surface { wind_law: WindLaw::Hj169, ..concrete(Some(Bund { area: 50.0, height: None })) };
        let (term, _) = spill.release(benzene, Some(&surface), &weather(3.0)).expect("a release");
        // The pool cools below the temperature at which the guideline takes its vapour pressure.
        let (ours, guideline) = (fact(&term, "rate at the peak"), fact(&term, "HJ 169 evaporation by wind"));
        assert!(ours <= guideline * 1.0001 && ours > 0.5 * guideline, "{ours} {guideline}");
        assert!(term.fact("HJ 169 evaporation by heat after 600 s").is_none(), "benzene does not boil");
    }

    #[test]
    fn methane_of_a_warm_day_is_no_liquid() {
        let methane = find("methane").expect("in the table");
        assert_eq!(Spill::at_once(methane, 10.0, 293.15).expect_err("a gas").0[0].code.0, 4600);
        assert!(concrete(Some(Bund { area: -1.0, height: None })).check().is_err());
        assert!(concrete(None).check().is_ok());
    }
}
