//! A steady cloud: fluxes through sections across the wind, integrated downwind.

use super::entrainment::{Slab, felt_ground};
use super::section::{Setting, Station, matched};
use super::source::{IntegralRelease, Kind, apex};
use super::spreading::{downwind_speed, spreading_force};
use super::step;
use crate::units::GRAVITY;

/// Integrated quantities, one index each.
///
/// Half the mass flux R = ρ U B h; half widths B and b; momentum of the spreading R V and of the
/// rising R W; momentum in excess of the wind's; flux of enthalpy; height of the centre; mass of
/// gas between the source and here.
const FLUX: usize = 0;
const WIDTH: usize = 1;
const CORE: usize = 2;
const SPREAD: usize = 3;
const EXCESS: usize = 4;
const HEAT: usize = 5;
const RISE: usize = 6;
const CENTRE: usize = 7;
const CARRIED: usize = 8;
const SIZE: usize = 9;

type State = [f64; SIZE];

/// Share of the half width that is flat at the source.
///
/// # Source
/// ermak1990 section 2.2.6: 0.9, second-hand after a public program.
const FLAT: f64 = 0.9;

/// Steps over a pool at least.
const STEPS_OVER_SOURCE: f64 = 10.0;

/// Share of a pool's length where the integration begins, with a film of gas on the ground.
const FILM: f64 = 1e-3;

/// Rounds in which a film's speed and dilution are matched, each by halves.
const FILM_ROUNDS: usize = 25;

/// Factors between which a pool that is too small is widened at once.
const LEAST_ENLARGEMENT: f64 = 1.5;
const MOST_ENLARGEMENT: f64 = 2.0;

/// Share to which the width of a widened pool is known.
const ENLARGED_WITHIN: f64 = 2e-2;

/// Crowding at which a widened pool is wide enough and not much wider.
const NEARLY_CROWDED: f64 = 0.97;

/// Largest area over that of the source.
const LARGEST: f64 = 1e4;

/// Most steps of a cloud; they grow with the distance.
const MOST_STEPS: usize = 20_000;

/// How a steady cloud ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Ending {
    /// At the distance that was asked for, or so thin that nothing is left to say.
    Reached,
    /// Half of the gas is in it: a puff goes on.
    HalfReleased,
    /// The release ends before the cloud is steady over its source.
    TooShort,
    /// The area where the gas enters must be larger.
    Crowded(f64),
    /// The steps became too small or the numbers failed at a distance.
    Failed(f64),
}

/// A steady cloud.
#[derive(Debug, Clone)]
pub(super) struct Plume {
    pub(super) stations: Vec<Station>,
    pub(super) ending: Ending,
    /// Half the side of the square in which gas enters, m; zero for a jet.
    pub(super) source_half: f64,
}

/// How far to go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    /// Distance, m.
    pub(super) distance: f64,
    /// Mean volume fraction below which nothing is asked.
    pub(super) fraction: f64,
}

/// A steady cloud of a release, its source enlarged upwind as far as its weight drives it.
pub(super) fn plume(release: &IntegralRelease, setting: &Setting<'_>, reach: Reach) -> Plume {
    let geometric = match release.kind {
        Kind::Pool { area, .. } => 0.5 * area.sqrt(),
        _ => 0.0,
    };
    // Whether the gas enters without creeping upwind is known behind the source.
    let crowding = |half: f64| {
        let near = Reach { distance: half, ..reach };
        let over_source = (Run { release, setting, half }).integrate(near);
        match over_source.ending {
            Ending::Crowded(crowding) => crowding.max(1.0),
            _ => over_source.stations.iter().fold(0.0, |most: f64, here| most.max(here.crowding)),
        }
    };
    let (mut small, mut large) = (geometric, geometric);
    let mut crowded = if geometric > 0.0 { crowding(large) } else { 0.0 };
    while crowded >= 1.0 {
        small = large;
        large *= crowded.sqrt().clamp(LEAST_ENLARGEMENT, MOST_ENLARGEMENT);
        if large * large > LARGEST * geometric * geometric {
            return Plume { stations: Vec::new(), ending: Ending::Crowded(crowded), source_half: large };
        }
        crowded = crowding(large);
    }
    // The smallest that suffices: crowding falls about as the side grows.
    while large > small * (1.0 + ENLARGED_WITHIN) && crowded < NEARLY_CROWDED {
        let within = (1.0 + ENLARGED_WITHIN).sqrt();
        let guess = large * crowded / NEARLY_CROWDED;
        let middle = if guess > small { guess } else { (small * large).sqrt() };
        let middle = middle.clamp(small * within, large / within);
        let there = crowding(middle);
        if there < 1.0 {
            (large, crowded) = (middle, there);
        } else {
            small = middle;
        }
    }
    Run { release, setting, half: large }.integrate(reach)
}

/// One integration with a fixed source.
struct Run<'a> {
    release: &'a IntegralRelease,
    setting: &'a Setting<'a>,
    /// Half side of the source as the cloud sees it, m.
    half: f64,
}

/// Where a step began: the stretching by density is counted from there.
#[derive(Clone, Copy)]
struct Anchor {
    density: f64,
    velocity: f64,
    wind: f64,
    temperature: f64,
}

/// Where an integration stands.
struct Walk {
    x: f64,
    state: State,
    anchor: Anchor,
    here: Station,
    step: f64,
    stations: Vec<Station>,
}

impl Run<'_> {
    fn integrate(&self, reach: Reach) -> Plume {
        let (x, state, anchor) = self.start();
        let end = |stations, ending| Plume { stations, ending, source_half: self.half };
        let here = match self.read(&state, x, &anchor) {
            Ok(here) => here,
            Err(crowded) if crowded >= 1.0 => return end(Vec::new(), Ending::Crowded(crowded)),
            Err(_) => return end(Vec::new(), Ending::Failed(x)),
        };
        let step = if self.half > 0.0 { FILM * self.half } else { FIRST * state[WIDTH] };
        let mut walk = Walk { x, state, anchor, here, step, stations: vec![here] };
        for _ in 0..MOST_STEPS {
            if let Some(ending) = self.advance(&mut walk, reach) {
                return end(walk.stations, ending);
            }
        }
        end(walk.stations, Ending::Failed(walk.x))
    }

    /// Tries one step; what ends the cloud, if it ends.
    fn advance(&self, walk: &mut Walk, reach: Reach) -> Option<Ending> {
        let x = walk.x;
        let over_source = x < self.half;
        let limit = if over_source { self.half } else { reach.distance };
        if over_source {
            walk.step = walk.step.min(2.0 * self.half / STEPS_OVER_SOURCE);
        }
        let last = walk.step >= limit - x;
        let size = if last { limit - x } else { walk.step };
        let smallest = SMALLEST * (1.0 + self.half + walk.state[WIDTH]);
        let mut crowding: f64 = 0.0;
        let first = self.slopes(&walk.state, &walk.here, over_source);
        let trial = step::trial(
            &walk.state,
            &first,
            size,
            |next| self.scale(next, &walk.here),
            |next, ahead| match self.read(next, x + ahead, &walk.anchor) {
                Ok(section) => Some(self.slopes(next, &section, over_source)),
                Err(crowded) => {
                    crowding = crowding.max(crowded);
                    None
                }
            },
        );
        let Some(trial) = trial else {
            // A long step may only seem to be crowded.
            if crowding > 1.0 && over_source && size < CROWDED_WITHIN * self.half {
                return Some(Ending::Crowded(crowding));
            }
            walk.step = 0.25 * size;
            return (size < smallest).then_some(Ending::Failed(x));
        };
        // Where the cloud touches the ground its laws change in a step that no accuracy resolves.
        let touching = !over_source && size < TOUCHING * walk.state[WIDTH];
        if trial.error > 1.0 && size > smallest && !touching {
            walk.step = size * step::change(trial.error);
            return None;
        }
        let half_mass = 0.5 * self.release.mass();
        if trial.state[CARRIED] - half_mass > HALF_WITHIN * half_mass {
            let share = (half_mass - walk.state[CARRIED]) / (trial.state[CARRIED] - walk.state[CARRIED]);
            walk.step = size * (share + 0.5 * HALF_WITHIN).min(0.99);
            return None;
        }
        walk.x = if last { limit } else { x + size };
        let kept = if last && over_source { walk.step.max(size) } else { size };
        walk.step = kept * step::change(trial.error);
        match self.read(&trial.state, walk.x, &walk.anchor) {
            Ok(section) => self.accept(walk, trial.state, section),
            Err(crowded) if over_source && crowded >= 1.0 => return Some(Ending::Crowded(crowded)),
            Err(_) => return Some(Ending::Failed(walk.x)),
        }
        self.ending(walk, reach)
    }

    /// Takes a step over.
    fn accept(&self, walk: &mut Walk, state: State, section: Station) {
        let was_lofted = walk.here.is_lofted();
        walk.state = state;
        (walk.state[WIDTH], walk.state[CORE]) = (section.half_width, section.core);
        (walk.state[SPREAD], walk.state[CENTRE]) = (state[SPREAD].max(0.0), section.centre);
        if was_lofted && !section.is_lofted() {
            // What fell turns to the sides.
            walk.state[SPREAD] += state[RISE].abs();
            walk.state[RISE] = 0.0;
        }
        walk.anchor = Anchor {
            density: section.density,
            velocity: section.velocity,
            wind: section.wind,
            temperature: section.temperature,
        };
        walk.here = section;
        walk.stations.push(section);
    }

    /// Whether the cloud ends here.
    fn ending(&self, walk: &Walk, reach: Reach) -> Option<Ending> {
        if walk.state[CARRIED] >= 0.5 * self.release.mass() {
            return Some(if walk.x < self.half { Ending::TooShort } else { Ending::HalfReleased });
        }
        let far = walk.x >= reach.distance.max(self.half);
        (far || (walk.x > self.half && walk.here.fraction < reach.fraction)).then_some(Ending::Reached)
    }

    /// Place, state and anchor at the beginning.
    fn start(&self) -> (f64, State, Anchor) {
        match self.release.kind {
            Kind::Pool { .. } | Kind::Instantaneous { .. } => self.film(),
            Kind::HorizontalJet { rate, area, height } => self.jet(rate, area, height),
            Kind::VerticalJet { rate, area, height } => self.turned_jet(rate, area, height),
        }
    }

    /// A film of gas behind the upwind edge of a pool, its speed and dilution those that gas,
    /// entrained air and the wind's drag keep up together.
    fn film(&self) -> (f64, State, Anchor) {
        let (setting, air) = (self.setting, self.setting.air);
        let film = FILM * 2.0 * self.half;
        let gas = film * self.source_flux();
        let heat = gas * self.release.enthalpy(air.temperature, air.pressure);
        let wind = air.mean_wind(0.0, film);
        let mut entrained = film * 3.0_f64.sqrt() * air.density * air.friction_velocity * self.half;
        let mut anchor = Anchor { density: air.density, velocity: wind, wind, temperature: air.temperature };
        let mut pushed = 0.0;
        for _ in 0..FILM_ROUNDS {
            let flux = gas + entrained;
            let mass_fraction = gas / flux;
            let mixture = setting.balance(mass_fraction, heat / flux, anchor.temperature);
            let free = (1.0 - mass_fraction) * anchor.wind + pushed / flux;
            let velocity = (anchor.velocity * free.max(SLOWEST * anchor.wind)).sqrt();
            let height = flux / (mixture.density * velocity * self.half);
            let wind = air.mean_wind(0.0, height);
            let slab = Slab {
                half_width: self.half,
                height,
                centre: 0.0,
                velocity,
                spreading: 0.0,
                rising: 0.0,
                temperature: mixture.temperature,
                density: mixture.density,
                heat_capacity: mixture.heat_capacity,
                wind,
                blowing: self.blowing(true),
                ground_temperature: felt_ground(mass_fraction, air),
            };
            let mixing = setting.mixing(&slab);
            let taken = film * 3.0_f64.sqrt() * air.density * (mixing.top * self.half + mixing.side * height);
            entrained = (entrained * taken.max(f64::MIN_POSITIVE)).sqrt();
            pushed = (0.5 * (pushed + film * mixing.exchange.downwind)).max(0.0);
            anchor = Anchor { density: mixture.density, velocity, wind, temperature: mixture.temperature };
        }
        let mut state = [0.0; SIZE];
        state[FLUX] = gas + entrained;
        (state[WIDTH], state[CORE]) = (self.half, FLAT * self.half);
        (state[EXCESS], state[HEAT]) = (pushed, heat);
        (film - self.half, state, anchor)
    }

    /// The expanded jet, flattened where its edge is on the ground.
    fn jet(&self, rate: f64, area: f64, height: f64) -> (f64, State, Anchor) {
        let air = self.setting.air;
        let density = self.release.density(air.pressure);
        let velocity = rate / (density * area);
        let round = 0.5 * area.sqrt();
        let flattened = 0.5 * ((height * height + 2.0 * area).sqrt() - height);
        let half = if height <= round { flattened } else { round };
        let mut state = [0.0; SIZE];
        state[FLUX] = 0.5 * rate;
        (state[WIDTH], state[CORE]) = (half, FLAT * half);
        state[EXCESS] = state[FLUX] * velocity;
        state[HEAT] = state[FLUX] * self.release.enthalpy(air.temperature, air.pressure);
        state[CENTRE] = height;
        let wind = air.wind_at(height.max(0.5 * round));
        (0.0, state, Anchor { density, velocity, wind, temperature: self.release.temperature })
    }

    /// A jet upwards where it has bent over, mixed as it is there.
    fn turned_jet(&self, rate: f64, area: f64, height: f64) -> (f64, State, Anchor) {
        let (setting, air) = (self.setting, self.setting.air);
        let density = self.release.density(air.pressure);
        let velocity = rate / (density * area);
        let diameter = (4.0 * area / std::f64::consts::PI).sqrt();
        let apex = apex(diameter, velocity, density, air.wind_at(height.max(1.0)), air.density);
        // The mean of a slab whose middle has that fraction.
        let middle = super::profile::bottom() / FLAT;
        let mean = setting.mass_fraction((apex.fraction / middle).min(1.0 - 1e-9));
        let mut state = [0.0; SIZE];
        state[FLUX] = 0.5 * rate / mean;
        state[HEAT] = 0.5 * rate * self.release.enthalpy(air.temperature, air.pressure);
        state[CENTRE] = height + apex.rise;
        let wind = air.wind_at(state[CENTRE]);
        let mixture = setting.balance(mean, state[HEAT] / state[FLUX], air.temperature);
        let half = (0.5 * state[FLUX] / (mixture.density * wind)).sqrt();
        (state[WIDTH], state[CORE]) = (half, FLAT * half);
        state[EXCESS] = state[FLUX] * wind * mean;
        let anchor =
            Anchor { density: mixture.density, velocity: wind, wind, temperature: mixture.temperature };
        (apex.distance, state, anchor)
    }

    /// Gas that enters from the ground per length of the half, kg/(s m).
    fn source_flux(&self) -> f64 {
        self.release.rate() / (4.0 * self.half)
    }

    /// Gas flux through the half of a section, kg/s.
    fn gas_flux(&self, x: f64) -> f64 {
        let all = 0.5 * self.release.rate();
        if x >= self.half { all } else { all * (x + self.half) / (2.0 * self.half) }
    }

    /// A section from the integrated quantities.
    ///
    /// # Errors
    /// The crowding, where gas creeps upwind of its source; zero where the numbers cannot be.
    fn read(&self, state: &State, x: f64, anchor: &Anchor) -> Result<Station, f64> {
        let (setting, air) = (self.setting, self.setting.air);
        let flux = state[FLUX];
        let gas = self.gas_flux(x);
        if !(flux >= gas && flux > 0.0 && state[WIDTH] > 0.0) {
            return Err(0.0);
        }
        let mass_fraction = gas / flux;
        let enthalpy = state[HEAT] / flux;
        let mixture = setting.balance(mass_fraction, enthalpy, anchor.temperature);
        let density = mixture.density;
        let centre = state[CENTRE].max(0.0);
        let (mut half_width, mut height, mut wind) = (state[WIDTH], 0.0, anchor.wind);
        let mut crowding = 0.0;
        let velocity = matched(anchor.velocity, |speed| {
            half_width = state[WIDTH];
            height = flux / (density * speed * half_width);
            let mut stretched = anchor.density / density;
            if anchor.velocity > anchor.wind {
                stretched *= anchor.velocity / speed;
            }
            half_width *= stretched.powf(height / (height + 2.0 * half_width));
            height = flux / (density * speed * half_width);
            if height > 2.0 * half_width {
                half_width = (0.5 * flux / (density * speed)).sqrt();
                height = 2.0 * half_width;
            }
            wind = setting.wind_over(centre, height);
            let free = (wind * (1.0 - mass_fraction) + state[EXCESS] / flux).max(SLOWEST * wind);
            let excess = if centre > 0.5 * height { 0.0 } else { density - air.density };
            let speed = downwind_speed(free, excess, density, half_width, flux);
            crowding = speed.crowding;
            speed.value
        });
        if crowding >= 1.0 && x < self.half {
            return Err(crowding);
        }
        height = flux / (density * velocity * half_width);
        let lofted = centre > 0.5 * height;
        let spreading = if lofted { 0.0 } else { (state[SPREAD] / flux).max(0.0) };
        let free = setting.is_free(lofted, density, height, wind);
        let rising = if free { state[RISE] / flux } else { -spreading * centre / half_width };
        let slab_station = Station {
            x,
            time: state[CARRIED] / self.release.rate(),
            half_width,
            core: state[CORE] * half_width / state[WIDTH],
            half_length: 0.0,
            core_length: 0.0,
            height,
            centre,
            velocity,
            spreading,
            rising,
            temperature: mixture.temperature,
            density,
            heat_capacity: mixture.heat_capacity,
            mass_fraction,
            fraction: setting.volume_fraction(mass_fraction),
            drops: mixture.drops,
            enthalpy,
            wind,
            flux,
            carried: state[CARRIED],
            friction_velocity: 0.0,
            widening: 0.0,
            crowding,
        };
        let mixing = setting.mixing(&slab_station.slab(self.blowing(x < self.half), air));
        Ok(Station {
            friction_velocity: mixing.friction.velocity,
            widening: 3.0_f64.sqrt() * mixing.side,
            ..slab_station
        })
    }

    /// Speed of the gas out of the ground, m/s.
    fn blowing(&self, over_source: bool) -> f64 {
        if !over_source {
            return 0.0;
        }
        let density = self.release.density(self.setting.air.pressure);
        self.release.rate() / (density * 4.0 * self.half * self.half)
    }

    /// Changes per metre of the integrated quantities.
    fn slopes(&self, state: &State, section: &Station, over_source: bool) -> State {
        let (setting, air) = (self.setting, self.setting.air);
        let slab = section.slab(self.blowing(over_source), air);
        let mixing = setting.mixing(&slab);
        let root = 3.0_f64.sqrt();
        let (b, h, velocity) = (section.half_width, section.height, section.velocity);
        let excess = section.density - air.density;
        let entering = if over_source { self.source_flux() } else { 0.0 };
        let mut slopes = [0.0; SIZE];
        slopes[FLUX] = air.density * (root * (mixing.side * h + mixing.top * b) + mixing.front) + entering;
        slopes[WIDTH] = (root * air.density / section.density * mixing.side + section.spreading) / velocity;
        slopes[CORE] = section.spreading * state[CORE] / (state[WIDTH] * velocity);
        let lofted = section.is_lofted();
        if !lofted {
            slopes[SPREAD] = spreading_force(setting.laws.front, excess, h, section.spreading, air.density)
                + mixing.exchange.crosswind;
        }
        slopes[EXCESS] = mixing.exchange.downwind;
        slopes[HEAT] = mixing.exchange.heat + entering * self.release.enthalpy(air.temperature, air.pressure);
        if setting.is_free(lofted, section.density, h, section.wind) {
            slopes[RISE] = mixing.exchange.vertical - GRAVITY * excess * b * h;
        }
        slopes[CENTRE] = section.rising / velocity;
        slopes[CARRIED] = 2.0 * self.gas_flux(section.x) / velocity;
        slopes
    }

    /// What a change of each quantity is measured by.
    fn scale(&self, state: &State, section: &Station) -> State {
        let flux = state[FLUX].abs();
        let mut scale = [0.0; SIZE];
        scale[FLUX] = flux;
        scale[WIDTH] = state[WIDTH].abs();
        scale[CORE] = state[CORE].abs();
        scale[SPREAD] = flux * (section.spreading + 0.1 * section.velocity);
        scale[EXCESS] = flux * section.velocity;
        scale[HEAT] = flux * (section.enthalpy.abs() + section.heat_capacity * WARMTH);
        scale[RISE] = flux * (section.rising.abs() + 0.1 * section.velocity);
        scale[CENTRE] = section.height + section.centre;
        scale
    }
}

/// First step of a jet over its half width.
const FIRST: f64 = 0.02;

/// Least share of the wind with which a section moves on.
const SLOWEST: f64 = 1e-3;

/// Share of half the gas to which the place is found where it is behind.
const HALF_WITHIN: f64 = 1e-3;

/// Step over half the source's length from which a crowded section is believed.
const CROWDED_WITHIN: f64 = 2e-2;

/// Smallest step over the size of the cloud and a metre.
const SMALLEST: f64 = 1e-9;

/// Share of the half width in which a step is taken however large its error.
const TOUCHING: f64 = 1e-3;

/// Difference of temperature to which enthalpies are compared at least, K.
const WARMTH: f64 = 1.0;
