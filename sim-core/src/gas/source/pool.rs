//! A pool of liquid: it spreads, takes heat, boils or evaporates.

use std::f64::consts::PI;

use crate::error::{Problem, Result};
use crate::gas::source::SourceKind;
use crate::gas::source::evaporation::{Mass, Wind};
use crate::gas::source::history::{History, Sample, State};
use crate::gas::source::hj169::Ground;
use crate::gas::source::term::{Fact, Range, SourceTerm, refuse_outside, settle};
use crate::gas::substance::{Liquid, Substance};
use crate::units::{GRAVITY, ideal_gas_density, to_celsius};

/// A spilled liquid.
pub struct PoolKind;

impl SourceKind for PoolKind {
    fn name(&self) -> &'static str {
        "pool"
    }

    fn meaning(&self) -> &'static str {
        "liquid spilled at once that evaporates or boils from its pool"
    }
}

/// What the pool lies on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bed {
    /// Ground that conducts heat and keeps a layer in its roughness.
    Land {
        /// Its thermal properties.
        ground: Ground,
        /// Depth below which it spreads no further, m.
        least_depth: f64,
    },
    /// Open water; the liquid must be lighter than it.
    Water {
        /// Depth below which it spreads no further, m.
        least_depth: f64,
    },
}

/// Heat transfer from water to a pool on it, W/(m² K).
///
/// # Source
/// aloha2013 (after Webber), read through pyELDQM. For LNG on water of 20 °C it
/// gives 0.178 kg/(m² s); experiments lie between 0.085 and 0.2.
pub const WATER_HEAT_TRANSFER: f64 = 500.0;

/// Density of fresh water, kg/m³.
const WATER_DENSITY: f64 = 1000.0;

/// Heat from sun and sky, given by the user or the weather.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Radiation {
    /// Heat that the pool takes from sun and sky, W/m².
    pub absorbed: f64,
    /// True if the pool radiates heat of its own.
    pub emits: bool,
}

impl Radiation {
    /// Neither sun nor sky nor own radiation.
    pub const NONE: Self = Self { absorbed: 0.0, emits: false };
}

/// Emissivity of a liquid surface, aloha2013.
const EMISSIVITY: f64 = 0.97;

/// Constant of Stefan and Boltzmann, W/(m² K⁴), CODATA 2018.
const STEFAN_BOLTZMANN: f64 = 5.670_374_419e-8;

/// Heat capacity of air, J/(kg K).
const AIR_HEAT_CAPACITY: f64 = 1004.0;

/// A pool that is fed over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool {
    /// Liquid that comes in over time, with its temperature.
    pub feed: History,
    /// What it lies on.
    pub bed: Bed,
    /// Temperature of the bed, K.
    pub bed_temperature: f64,
    /// Area inside a bund, m²; none if nothing holds it.
    pub bund_area: Option<f64>,
    /// Wind over it.
    pub wind: Wind,
    /// How the wind takes vapour away.
    pub mass: Mass,
    /// Temperature of the air, K.
    pub air_temperature: f64,
    /// Pressure of the air, Pa.
    pub air_pressure: f64,
    /// Heat from sun and sky.
    pub radiation: Radiation,
    /// How long it is followed, s.
    pub duration: f64,
}

/// A pool at one moment.
#[derive(Debug, Clone)]
struct Moment {
    time: f64,
    mass: f64,
    temperature: f64,
    radius: f64,
    /// Rings of bed: outer radius, m, and time at which they were wetted, s.
    rings: Vec<(f64, f64)>,
    evaporated: f64,
    widest: f64,
}

/// One step's evaporation.
struct Step {
    rate: f64,
    temperature: f64,
}

/// Share of the time passed that a step may take.
const STEP_SHARE: f64 = 0.02;

/// Shortest and longest step, s.
const SHORTEST_STEP: f64 = 0.05;
const LONGEST_STEP: f64 = 60.0;

/// Halvings of the search for a temperature: below rounding.
const HALVINGS: usize = 60;

/// Lowest pool temperature searched, as a share of the boiling point.
const LOWEST_SHARE: f64 = 0.4;

/// How far above its boiling point a feed may come in, K: rounding of tables.
const BOILING_ROUNDING: f64 = 1.0;

/// Mass below which a pool counts as dry, kg.
const DRY: f64 = 1e-9;

impl Pool {
    /// The vapour that rises, until the pool is dry or is followed no longer.
    ///
    /// Steps of mass, heat and spread:
    ///
    /// - mass: what comes in less what evaporates, exactly;
    /// - spread: the front of a layer of depth h runs at
    ///   $$ \dot r = \sqrt{2 g' (h - h_{min})} $$ until it is as thin as the roughness
    ///   of its bed or stands at the bund;
    /// - heat: the temperature at the end of the step balances bed, air, sun and
    ///   evaporation (found by halving, so that boiling needs no case): the bed
    ///   gives λ (T_g - T)/√(π α t) on each ring since it was wetted, or 500 W/(m² K)
    ///   from water; the air by Chilton and Colburn;
    /// - evaporation by wind as [`Mass`] says, boiling as the heat allows.
    ///
    /// Left out: ice under a pool on water, dissolving, the bed's memory of an
    /// earlier pool temperature.
    ///
    /// # Errors
    /// E4041 an input that cannot be, E4042 a liquid heavier than the water under
    /// it, E4043 as for the properties of the liquid.
    ///
    /// # Source
    /// aloha2013 (energy balance, water, wind), read through pyELDQM; hj169 F.11
    /// for the heat of the ground; yellowbook chapter 3 for spread and least depth.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::{source::{evaporation::*, history::*, hj169::CONCRETE, pool::*}, substance};
    /// let state = State { temperature: 239.2, vapour_share: 0.0, velocity: 0.0, density: 1560.0 };
    /// let pool = Pool {
    ///     feed: History::steady(2.0, 300.0, state)?,
    ///     bed: Bed::Land { ground: CONCRETE, least_depth: 0.005 }, bed_temperature: 293.15,
    ///     bund_area: Some(50.0), wind: Wind { speed: 2.0, exponent: 0.142 },
    ///     mass: Mass::Brighton, air_temperature: 293.15, air_pressure: 101_325.0,
    ///     radiation: Radiation::NONE, duration: 3600.0,
    /// };
    /// // 600 kg of cold chlorine: what has risen and what is left make up 600 kg.
    /// let term = pool.release(substance::find("chlorine")?)?;
    /// let left = term.fact("liquid left").unwrap_or_default();
    /// assert!((term.history.total() + left - 600.0).abs() < 1e-6);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn release(&self, substance: &Substance) -> Result<SourceTerm> {
        settle(self.problems())?;
        let liquid = substance.liquid()?;
        let boiling = liquid.boiling_temperature(self.air_pressure);
        self.refuse_sinking(&liquid, boiling)?;
        self.refuse_flashing(&liquid, boiling)?;
        let mut now = Moment {
            time: self.feed.start(),
            mass: 0.0,
            temperature: boiling.min(self.feed.samples()[0].state.temperature),
            radius: 0.0,
            rings: Vec::new(),
            evaporated: 0.0,
            widest: 0.0,
        };
        let end = self.feed.start() + self.duration;
        let mut samples: Vec<Sample> = Vec::new();
        let mut peak = 0.0_f64;
        while now.time < end && !self.is_over(&now) {
            let start = now.time;
            let dt = self.step_length(&now, end);
            let step = self.step(&mut now, &liquid, boiling, dt);
            peak = peak.max(step.rate);
            for time in [start, now.time] {
                samples.push(Sample { time, rate: step.rate, state: self.vapour(&liquid, step.temperature) });
            }
        }
        let history = History::from_samples(samples)?;
        let fed = self.feed.mass_between(self.feed.start(), now.time);
        let facts = vec![
            Fact::number("rate at the peak", peak, "kg/s", self.mass.equation()),
            Fact::number("evaporated", now.evaporated, "kg", "mass balance"),
            Fact::number("liquid left", now.mass, "kg", "mass balance"),
            Fact::number("liquid fed", fed, "kg", "mass balance"),
            Fact::number("largest radius", now.widest, "m", "spread"),
            Fact::number("temperature at the end", now.temperature, "K", "heat balance"),
        ];
        let found = format!("pool of {} up to {:.1} m in radius", substance.name, now.widest);
        Ok(SourceTerm { history, found, facts, warnings: Vec::new() })
    }

    fn is_over(&self, now: &Moment) -> bool {
        now.time >= self.feed.end() && now.mass <= DRY
    }

    fn step_length(&self, now: &Moment, end: f64) -> f64 {
        let passed = now.time - self.feed.start();
        let wished = (STEP_SHARE * passed).clamp(SHORTEST_STEP, LONGEST_STEP);
        let stop = if now.time < self.feed.end() { self.feed.end().min(end) } else { end };
        let left = stop - now.time;
        // No sliver of a step before a stop.
        if wished > 0.5 * left { left } else { wished }
    }

    /// Takes in the feed, spreads, and gives off vapour over a step.
    fn step(&self, now: &mut Moment, liquid: &Liquid<'_>, boiling: f64, dt: f64) -> Step {
        let fed = self.feed.mass_between(now.time, now.time + dt);
        let warm = self.feed.state_at(now.time + 0.5 * dt).map_or(now.temperature, |state| state.temperature);
        let mixed = now.mass + fed;
        if mixed <= DRY {
            now.time += dt;
            return Step { rate: 0.0, temperature: now.temperature };
        }
        now.temperature = (now.mass * now.temperature + fed * warm) / mixed;
        now.mass = mixed;
        self.spread(now, liquid, dt);
        let area = PI * now.radius * now.radius;
        let (temperature, rate) = self.heat_balance(now, liquid, boiling, area, dt);
        let lost = (rate * dt).min(now.mass);
        now.mass -= lost;
        now.evaporated += lost;
        now.temperature = temperature;
        now.time += dt;
        self.shrink(now, liquid);
        Step { rate: lost / dt, temperature }
    }

    fn least_depth(&self) -> f64 {
        match self.bed {
            Bed::Land { least_depth, .. } | Bed::Water { least_depth } => least_depth,
        }
    }

    fn spread(&self, now: &mut Moment, liquid: &Liquid<'_>, dt: f64) {
        let density = liquid.density(now.temperature);
        let volume = now.mass / density;
        let thinnest = (volume / (PI * self.least_depth())).sqrt();
        let bund = self.bund_area.map_or(f64::INFINITY, |area| (area / PI).sqrt());
        let limit = thinnest.min(bund);
        let gravity = match self.bed {
            Bed::Land { .. } => GRAVITY,
            Bed::Water { .. } => GRAVITY * (1.0 - density / WATER_DENSITY),
        };
        if now.radius == 0.0 {
            // Nothing lies there yet: a round heap as high as wide.
            now.radius = (volume / PI).cbrt().min(limit);
        }
        let depth = volume / (PI * now.radius * now.radius);
        let speed = (2.0 * gravity * (depth - self.least_depth()).max(0.0)).sqrt();
        now.radius = (now.radius + speed * dt).min(limit.max(now.radius));
        now.widest = now.widest.max(now.radius);
        let wetted = now.rings.last().map_or(0.0, |ring| ring.0);
        if now.radius > wetted {
            now.rings.push((now.radius, now.time));
        }
    }

    /// A pool thinner than its least depth breaks up: its outer rings fall dry.
    fn shrink(&self, now: &mut Moment, liquid: &Liquid<'_>) {
        let volume = now.mass / liquid.density(now.temperature);
        let thinnest = (volume / (PI * self.least_depth())).sqrt();
        if thinnest < now.radius {
            now.radius = thinnest;
            while now.rings.len() > 1 && now.rings[now.rings.len() - 2].0 >= thinnest {
                now.rings.pop();
            }
            if let Some(last) = now.rings.last_mut() {
                last.0 = last.0.min(thinnest);
            }
        }
    }

    /// Heat from the bed over a step, W, divided by the difference of temperature.
    fn bed_conductance(&self, now: &Moment, area: f64, dt: f64) -> f64 {
        let Bed::Land { ground, .. } = self.bed else { return WATER_HEAT_TRANSFER * area };
        let root = ground.conductivity / (PI * ground.diffusivity).sqrt();
        let mut inner = 0.0;
        let mut sum = 0.0;
        for &(outer, wetted) in &now.rings {
            let age = now.time - wetted;
            // Mean of 1/sqrt(t) over the step.
            let mean = 2.0 * ((age + dt).sqrt() - age.sqrt()) / dt;
            sum += PI * (outer * outer - inner * inner) * root * mean;
            inner = outer;
        }
        sum
    }

    /// Temperature at the end of the step and mass rate over it.
    fn heat_balance(
        &self,
        now: &Moment,
        liquid: &Liquid<'_>,
        boiling: f64,
        area: f64,
        dt: f64,
    ) -> (f64, f64) {
        let conductance = self.bed_conductance(now, area, dt);
        let latent = liquid.heat_of_vaporization(now.temperature);
        let capacity = now.mass * liquid.heat_capacity(now.temperature);
        let radius = (area / PI).sqrt();
        let transfer = self.mass.transfer(&self.wind, liquid.substance().molar_mass.value, radius);
        let air = ideal_gas_density(crate::units::MOLAR_MASS_AIR, self.air_temperature, self.air_pressure)
            * AIR_HEAT_CAPACITY
            * transfer.heat;
        let gain = |t: f64| {
            let emitted = if self.radiation.emits { EMISSIVITY * STEFAN_BOLTZMANN * t.powi(4) } else { 0.0 };
            let sky = self.radiation.absorbed - emitted;
            conductance * (self.bed_temperature - t) + area * (air * (self.air_temperature - t) + sky)
                - capacity * (t - now.temperature) / dt
        };
        let loss = |t: f64| {
            let pressure = liquid.vapour_pressure(t);
            transfer.mass_rate(self, liquid, t, pressure, area)
        };
        let surplus = gain(boiling);
        if surplus > latent * loss(boiling) {
            return (boiling, surplus / latent);
        }
        let (mut low, mut high) = (LOWEST_SHARE * boiling, boiling);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if gain(middle) > latent * loss(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        let temperature = 0.5 * (low + high);
        // The heat decides close to the boiling point, where the wind's share is steep.
        (temperature, (gain(temperature) / latent).max(0.0))
    }

    fn vapour(&self, liquid: &Liquid<'_>, temperature: f64) -> State {
        State {
            temperature,
            vapour_share: 1.0,
            velocity: 0.0,
            density: liquid.ideal_vapour_density(temperature, self.air_pressure),
        }
    }

    fn refuse_sinking(&self, liquid: &Liquid<'_>, boiling: f64) -> Result<()> {
        let density = liquid.density(boiling.min(self.bed_temperature));
        let Bed::Water { .. } = self.bed else { return Ok(()) };
        if density < WATER_DENSITY {
            return Ok(());
        }
        let text = format!("{} of {density:.0} kg/m³ sinks in water", liquid.substance().name);
        Err(Problem::error(4042, text)
            .why("a pool on water floats; what sinks or dissolves is not modelled")
            .fix("give the vapour rate as a known rate")
            .into())
    }

    fn refuse_flashing(&self, liquid: &Liquid<'_>, boiling: f64) -> Result<()> {
        let hottest = self.feed.samples().iter().map(|sample| sample.state.temperature).fold(0.0, f64::max);
        if hottest <= boiling + BOILING_ROUNDING {
            return Ok(());
        }
        let name = &liquid.substance().name;
        let text = format!(
            "{name} comes in at {:.1} °C, above its boiling point of {:.1} °C",
            to_celsius(hottest),
            to_celsius(boiling)
        );
        Err(Problem::error(4042, text)
            .why("part of it flashes before it reaches the pool")
            .fix("use kind = \"flashing\"; a liquid that lies on the ground is at most at its boiling point")
            .into())
    }

    fn problems(&self) -> Vec<Problem> {
        let mut ranges = vec![
            Range::new("temperature of the bed", self.bed_temperature, 200.0, 350.0, "K"),
            Range::new("wind speed", self.wind.speed, 0.1, 60.0, "m/s"),
            Range::new("exponent of the wind", self.wind.exponent, 0.01, 0.6, ""),
            Range::new("air temperature", self.air_temperature, 200.0, 350.0, "K"),
            Range::new("air pressure", self.air_pressure, 5e4, 1.1e5, "Pa"),
            Range::new("heat from sun and sky", self.radiation.absorbed, 0.0, 2000.0, "W/m²"),
            Range::new("least depth of the pool", self.least_depth(), 1e-4, 1.0, "m"),
            Range::new("time for which the pool is followed", self.duration, 1.0, 30.0 * 86_400.0, "s"),
        ];
        ranges.extend(self.bund_area.map(|area| Range::new("area of the bund", area, 1e-3, 1e7, "m²")));
        if let Bed::Land { ground, .. } = self.bed {
            ranges.push(Range::new(
                "conductivity of the ground",
                ground.conductivity,
                1e-3,
                100.0,
                "W/(m K)",
            ));
            ranges.push(Range::new("diffusivity of the ground", ground.diffusivity, 1e-9, 1e-4, "m²/s"));
        }
        refuse_outside(&ranges)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::source::hj169::{self, Air, CONCRETE};
    use crate::gas::substance::find;

    fn pool(feed_temperature: f64, rate: f64, duration: f64) -> Pool {
        let state = State { temperature: feed_temperature, vapour_share: 0.0, velocity: 0.0, density: 800.0 };
        Pool {
            feed: History::steady(rate, duration, state).expect("a feed"),
            bed: Bed::Land { ground: CONCRETE, least_depth: 0.005 },
            bed_temperature: 293.15,
            bund_area: None,
            wind: Wind { speed: 3.0, exponent: 0.142 },
            mass: Mass::Brighton,
            air_temperature: 293.15,
            air_pressure: 101_325.0,
            radiation: Radiation::NONE,
            duration: 7200.0,
        }
    }

    fn release(name: &str, pool: &Pool) -> SourceTerm {
        pool.release(find(name).expect("in the table")).expect("a release")
    }

    fn fact(term: &SourceTerm, name: &str) -> f64 {
        term.fact(name).expect("a fact")
    }

    #[test]
    fn what_came_in_has_risen_or_is_left() {
        let water = Bed::Water { least_depth: 0.002 };
        for (name, temperature, bed) in [
            ("chlorine", 239.0, pool(1.0, 1.0, 1.0).bed),
            ("methane", 111.6, water),
            ("benzene", 293.15, pool(1.0, 1.0, 1.0).bed),
        ] {
            for bund_area in [None, Some(40.0)] {
                let pool = Pool { bed, bund_area, ..pool(temperature, 5.0, 600.0) };
                let term = release(name, &pool);
                let (fed, left) = (fact(&term, "liquid fed"), fact(&term, "liquid left"));
                let risen = term.history.total();
                assert!(((risen + left) / fed - 1.0).abs() < 1e-9, "{name} {risen} {left} {fed}");
                assert!((risen / fact(&term, "evaporated") - 1.0).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn a_boiling_pool_in_a_bund_takes_the_heat_of_the_guideline() {
        // Methane boils at 111.7 K: air and wind give little beside concrete at 293 K. After 100 s
        // the bund of 100 m² has long been full; hj169 F.11 for the time since.
        let calm = Wind { speed: 0.1, exponent: 0.142 };
        let term =
            release("methane", &Pool { bund_area: Some(100.0), wind: calm, ..pool(111.6, 1000.0, 10.0) });
        let methane = find("methane").expect("in the table").liquid().expect("a liquid");
        let latent = methane.heat_of_vaporization(111.667);
        let expected = hj169::heat_evaporation(&CONCRETE, 100.0, 293.15, 111.667, latent, 100.0);
        let found = term.history.rate_at(100.0);
        assert!((found / expected - 1.0).abs() < 0.05, "{found} {expected}");
    }

    #[test]
    fn lng_on_water_boils_at_the_rate_of_the_experiments() {
        // 0.085 to 0.2 kg/(m² s) was measured and 0.167 to 0.178 is used by others.
        let bed = Bed::Water { least_depth: 0.002 };
        let term = release("methane", &Pool { bed, bund_area: Some(100.0), ..pool(111.6, 500.0, 60.0) });
        let per_area = term.history.rate_at(30.0) / 100.0;
        assert!((0.167..0.195).contains(&per_area), "{per_area}");
    }

    #[test]
    fn a_liquid_below_its_boiling_point_cools_and_evaporates_slowly() {
        let term = release("benzene", &Pool { bund_area: Some(50.0), ..pool(293.15, 10.0, 60.0) });
        let coldest = fact(&term, "temperature at the end");
        assert!(coldest < 293.15 && coldest > 250.0, "{coldest}");
        let ratio = term.history.rate_at(3000.0)
            / hj169::mass_evaporation(Air::Neutral, 1e4, 0.0781, 293.15, 3.0, (50.0 / PI).sqrt());
        assert!((0.1..3.0).contains(&ratio), "{ratio}");
    }

    #[test]
    fn the_pool_stands_at_its_bund_and_spreads_no_thinner_than_its_bed_allows() {
        let held = release("benzene", &Pool { bund_area: Some(50.0), ..pool(293.15, 10.0, 60.0) });
        assert!((fact(&held, "largest radius") - (50.0 / PI).sqrt()).abs() < 1e-9);
        let free = release("benzene", &pool(293.15, 10.0, 60.0));
        let widest = fact(&free, "largest radius");
        let limit = (600.0 / 879.0 / (PI * 0.005)).sqrt();
        assert!(widest < limit * 1.01 && widest > 0.8 * limit, "{widest} {limit}");
    }

    #[test]
    fn halving_the_heat_of_the_ground_slows_a_boiling_pool() {
        let poor = hj169::Ground { conductivity: 0.5 * CONCRETE.conductivity, ..CONCRETE };
        let bed = Bed::Land { ground: poor, least_depth: 0.005 };
        let slow = release("chlorine", &Pool { bed, bund_area: Some(50.0), ..pool(239.0, 20.0, 60.0) });
        let fast = release("chlorine", &Pool { bund_area: Some(50.0), ..pool(239.0, 20.0, 60.0) });
        assert!(slow.history.mass_between(0.0, 600.0) < fast.history.mass_between(0.0, 600.0));
    }

    #[test]
    fn the_guideline_is_the_second_formula() {
        let term = release(
            "benzene",
            &Pool { mass: Mass::Hj169(Air::Neutral), bund_area: Some(50.0), ..pool(293.15, 10.0, 60.0) },
        );
        assert!(term.facts[0].equation == "HJ 169 F.12" && term.history.total() > 0.0);
    }

    #[test]
    fn impossible_pools_are_refused() {
        let code = |pool: Pool, name: &str| {
            pool.release(find(name).expect("in the table")).expect_err("refused").0[0].code.0
        };
        assert_eq!(code(Pool { bund_area: Some(-1.0), ..pool(293.15, 1.0, 60.0) }, "benzene"), 4041);
        let water = Bed::Water { least_depth: 0.002 };
        assert_eq!(code(Pool { bed: water, ..pool(239.0, 1.0, 60.0) }, "chlorine"), 4042);
        assert_eq!(code(pool(280.0, 1.0, 60.0), "phosgene"), 4043);
        assert_eq!(code(pool(280.0, 1.0, 60.0), "chlorine"), 4042);
    }
}
