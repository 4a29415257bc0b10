//! A cloud that is no longer fed, or not yet: its mass as a whole, integrated in time.

use super::entrainment::{Slab, shear_entrainment};
use super::plume::Reach;
use super::profile::depth;
use super::section::{Setting, Station};
use super::source::{IntegralRelease, Kind};
use super::spreading::{frontal_entrainment, spreading_force};
use super::step;
use crate::units::GRAVITY;

/// Integrated quantities, one index each.
///
/// A quarter of the mass R = ρ Bx By h; half widths across and along with their cores; momenta of
/// the spreading to the sides and along; momentum in excess of the wind's; enthalpy; momentum of
/// the rising; height and place of the centre.
const MASS: usize = 0;
const WIDTH: usize = 1;
const CORE: usize = 2;
const LENGTH: usize = 3;
const CORE_LENGTH: usize = 4;
const SIDEWAYS: usize = 5;
const ALONG: usize = 6;
const EXCESS: usize = 7;
const HEAT: usize = 8;
const RISE: usize = 9;
const CENTRE: usize = 10;
const PLACE: usize = 11;
const SIZE: usize = 12;

type State = [f64; SIZE];

/// Share of the half width of an instantaneous cloud that is flat, across and along.
///
/// # Source
/// ermak1990 section 2.3: 0.9, second-hand after a public program; the same along by symmetry.
const FLAT: f64 = 0.9;

/// Share of the half length that is flat where a plume becomes a puff: its front and back are sharp.
///
/// # Source
/// ermak1990 section 2.3.3, second-hand after a public program.
const SHARP: f64 = 0.9999;

/// Most steps.
const MOST_STEPS: usize = 20_000;

/// A puff in the course of time, with its speed along the wind by its weight.
#[derive(Debug, Clone)]
pub(super) struct Puff {
    pub(super) stations: Vec<Station>,
    /// Place where the numbers failed, if they did, m.
    pub(super) failed: Option<f64>,
}

/// What a puff starts from.
struct Start {
    state: State,
    time: f64,
    anchor: Anchor,
}

#[derive(Clone, Copy)]
struct Anchor {
    density: f64,
    height: f64,
    width: f64,
    length: f64,
    temperature: f64,
}

struct Run<'a> {
    release: &'a IntegralRelease,
    setting: &'a Setting<'a>,
    /// Gas at the end of the release, kg.
    total: f64,
    /// Rate at which the source still feeds it, kg/s, and until when, s.
    feeding: Option<(f64, f64)>,
    source_half: f64,
}

/// The puff that a plume becomes when its release has ended.
///
/// The section where half of the gas is behind is the middle; half the length is what passes it in
/// half of the duration. Its gas is on average half the duration old when it gets there, half the
/// duration after the mean of the release: the time is the end of the release.
///
/// # Source
/// ermak1990 section 2.3.3, equation 30.
pub(super) fn after_plume(
    release: &IntegralRelease,
    setting: &Setting<'_>,
    last: &Station,
    reach: Reach,
) -> Puff {
    let total = release.mass();
    let mass = 0.25 * total / last.mass_fraction;
    let length = mass / (last.density * last.half_width * last.height);
    let mut state = [0.0; SIZE];
    state[MASS] = mass;
    (state[WIDTH], state[CORE]) = (last.half_width, last.core);
    (state[LENGTH], state[CORE_LENGTH]) = (length, SHARP * length);
    state[SIDEWAYS] = mass * last.spreading;
    state[ALONG] = mass * last.spreading * (last.half_width / length).min(1.0);
    state[EXCESS] = mass * (last.velocity - (1.0 - last.mass_fraction) * last.wind);
    state[HEAT] = mass * last.enthalpy;
    state[RISE] = if last.is_lofted() { mass * last.rising } else { 0.0 };
    (state[CENTRE], state[PLACE]) = (last.centre, last.x);
    let anchor = Anchor {
        density: last.density,
        height: last.height,
        width: last.half_width,
        length,
        temperature: last.temperature,
    };
    let run = Run { release, setting, total, feeding: None, source_half: 0.0 };
    run.integrate(Start { state, time: release.duration, anchor }, reach)
}

/// The puff of an instantaneous release, or of one so short that it ends before a plume stands.
pub(super) fn at_once(release: &IntegralRelease, setting: &Setting<'_>, reach: Reach) -> Puff {
    let air = setting.air;
    let total = release.mass();
    let half = 0.5 * release.area().sqrt();
    let density = release.density(air.pressure);
    let mut state = [0.0; SIZE];
    let feeding = match release.kind {
        Kind::Instantaneous { .. } => None,
        _ => Some((release.rate(), release.duration)),
    };
    // A fed puff begins with a hundredth of a second's share of gas in as much air.
    let begun = feeding.map_or(total, |(rate, duration)| rate * BEGUN * duration);
    let dilution = if feeding.is_some() { 0.5 } else { 1.0 };
    let mass = 0.25 * begun / dilution;
    state[MASS] = mass;
    state[HEAT] = 0.25 * begun * release.enthalpy(air.temperature, air.pressure);
    (state[WIDTH], state[CORE]) = (half, FLAT * half);
    (state[LENGTH], state[CORE_LENGTH]) = (half, FLAT * half);
    let mixture = if feeding.is_some() {
        setting.balance(dilution, state[HEAT] / mass, air.temperature).density
    } else {
        density
    };
    let anchor = Anchor {
        density: mixture,
        height: mass / (mixture * half * half),
        width: half,
        length: half,
        temperature: release.temperature,
    };
    let run = Run { release, setting, total, feeding, source_half: half };
    let time = feeding.map_or(0.0, |(_, duration)| BEGUN * duration);
    run.integrate(Start { state, time, anchor }, reach)
}

/// Share of a short release with which a fed puff begins.
const BEGUN: f64 = 0.01;

impl Run<'_> {
    fn integrate(&self, start: Start, reach: Reach) -> Puff {
        let Start { mut state, mut time, mut anchor } = start;
        let mut stations = Vec::with_capacity(128);
        let fed_until = self.feeding.map_or(time, |(_, end)| end);
        let Some(mut here) = self.read(&state, time, &anchor) else {
            return Puff { stations, failed: Some(0.0) };
        };
        stations.push(here);
        let mut step = FIRST * (fed_until - time).max(here.half_width / (1.0 + here.velocity));
        for _ in 0..MOST_STEPS {
            // Where the cloud touches the ground its laws change in a step that no accuracy resolves.
            let shortest = TOUCHING * here.half_width.min(here.half_length)
                / (here.velocity + here.spreading + here.wind);
            let feeding = time < fed_until;
            let last_fed = feeding && step >= fed_until - time;
            let size = if last_fed { fed_until - time } else { step };
            let first = self.slopes(&state, &here, feeding);
            let trial = step::trial(
                &state,
                &first,
                size,
                |next| self.scale(next, &here),
                |next, ahead| {
                    let section = self.read(next, time + ahead, &anchor)?;
                    Some(self.slopes(next, &section, feeding))
                },
            );
            let Some(trial) = trial.filter(|trial| trial.error <= 1.0 || size < shortest) else {
                if size < SMALLEST {
                    return Puff { stations, failed: Some(here.x) };
                }
                step = 0.3 * size;
                continue;
            };
            let was_lofted = here.is_lofted();
            time = if last_fed { fed_until } else { time + size };
            state = trial.state;
            let Some(next) = self.read(&state, time, &anchor) else {
                return Puff { stations, failed: Some(here.x) };
            };
            here = next;
            self.settle(&mut state, &here, was_lofted);
            anchor = Anchor {
                density: here.density,
                height: here.height,
                width: here.half_width,
                length: here.half_length,
                temperature: here.temperature,
            };
            stations.push(here);
            let gone = here.x - here.half_length > reach.distance;
            if !feeding && (gone || here.fraction < reach.fraction) {
                return Puff { stations, failed: None };
            }
            step = size * step::change(trial.error);
        }
        Puff { stations, failed: Some(here.x) }
    }

    /// Takes what was read over into the state.
    fn settle(&self, state: &mut State, here: &Station, was_lofted: bool) {
        (state[WIDTH], state[CORE]) = (here.half_width, here.core);
        (state[LENGTH], state[CORE_LENGTH]) = (here.half_length, here.core_length);
        (state[SIDEWAYS], state[ALONG]) = (state[SIDEWAYS].max(0.0), state[ALONG].max(0.0));
        state[CENTRE] = here.centre;
        if was_lofted && !here.is_lofted() {
            let turned = std::f64::consts::FRAC_1_SQRT_2 * state[RISE].abs();
            state[SIDEWAYS] += turned;
            state[ALONG] += turned;
            state[RISE] = 0.0;
        }
    }

    /// Gas in the whole puff at a time, kg.
    fn gas(&self, time: f64) -> f64 {
        self.feeding.map_or(self.total, |(rate, end)| rate * time.min(end))
    }

    fn read(&self, state: &State, time: f64, anchor: &Anchor) -> Option<Station> {
        let setting = self.setting;
        let mass = state[MASS];
        let quarter = 0.25 * self.gas(time);
        let sizes = [state[WIDTH], state[LENGTH]];
        if !(mass >= quarter * (1.0 - 1e-12) && sizes.iter().all(|&size| size > 0.0)) {
            return None;
        }
        let mass_fraction = (quarter / mass).min(1.0);
        let enthalpy = state[HEAT] / mass;
        let mixture = setting.balance(mass_fraction, enthalpy, anchor.temperature);
        let density = mixture.density;
        // Warming widens a puff in its three directions by the area that each offers.
        let Anchor { height: h, width, length, .. } = *anchor;
        let faces = h * (width + length) + 2.0 * width * length;
        let stretch = anchor.density / density;
        let (across, along) = (stretch.powf(length * h / faces), stretch.powf(width * h / faces));
        let half_width = state[WIDTH] * across;
        let half_length = state[LENGTH] * along;
        let height = mass / (density * half_width * half_length);
        let centre = state[CENTRE].max(0.0);
        let lofted = centre > 0.5 * height;
        let wind = setting.wind_over(centre, height);
        let free = (1.0 - mass_fraction) * wind + state[EXCESS] / mass;
        let (sideways, lengthways) = if lofted {
            (0.0, 0.0)
        } else {
            ((state[SIDEWAYS] / mass).max(0.0), (state[ALONG] / mass).max(0.0))
        };
        let rising = if setting.is_free(lofted, density, height, wind) {
            state[RISE] / mass
        } else {
            -(sideways / half_width + lengthways / half_length) * centre
        };
        let station = Station {
            x: state[PLACE],
            time,
            half_width,
            core: state[CORE] * across,
            half_length,
            core_length: state[CORE_LENGTH] * along,
            height,
            centre,
            velocity: free.max(0.0),
            spreading: sideways,
            rising,
            temperature: mixture.temperature,
            density,
            heat_capacity: mixture.heat_capacity,
            mass_fraction,
            fraction: setting.volume_fraction(mass_fraction),
            drops: mixture.drops,
            enthalpy,
            wind,
            flux: mass,
            carried: self.gas(time),
            friction_velocity: 0.0,
            widening: 0.0,
            crowding: 0.0,
        };
        let mixing = setting.mixing(&station.slab(self.blowing(time, half_width, half_length), setting.air));
        Some(Station {
            friction_velocity: mixing.friction.velocity,
            widening: 3.0_f64.sqrt() * mixing.side,
            ..station
        })
    }

    /// Speed of gas out of the ground under a fed puff, m/s.
    fn blowing(&self, time: f64, half_width: f64, half_length: f64) -> f64 {
        let density = self.release.density(self.setting.air.pressure);
        let area = 4.0 * half_width.max(self.source_half) * half_length.max(self.source_half);
        self.feeding.filter(|&(_, end)| time < end).map_or(0.0, |(rate, _)| rate / (density * area))
    }

    fn slopes(&self, state: &State, section: &Station, feeding: bool) -> State {
        let (setting, air) = (self.setting, self.setting.air);
        let rate = self.feeding.filter(|_| feeding).map_or(0.0, |(rate, _)| rate);
        let slab = section.slab(self.blowing(section.time, section.half_width, section.half_length), air);
        let mixing = setting.mixing(&slab);
        let root = 3.0_f64.sqrt();
        let (b, l, h) = (section.half_width, section.half_length, section.height);
        let along = (state[ALONG] / state[MASS]).max(0.0);
        let lofted = section.is_lofted();
        let lengthways = if lofted { 0.0 } else { along };
        let bent = mixing_along(setting, &slab, l);
        let shear = shear_entrainment(section.centre, depth(h, section.centre), air);
        let ends = bent.hypot(shear);
        let excess = section.density - air.density;
        let mut slopes = [0.0; SIZE];
        let rolled = mixing.front * l + frontal_entrainment(setting.laws.front, h, lengthways) * b;
        let entrained = root * ((ends * b + mixing.side * l) * h + mixing.top * b * l) + rolled;
        slopes[MASS] = air.density * entrained + 0.25 * rate;
        let thinner = root * air.density / section.density;
        slopes[WIDTH] = thinner * mixing.side + section.spreading;
        slopes[CORE] = section.spreading * state[CORE] / state[WIDTH];
        slopes[LENGTH] = thinner * ends + lengthways;
        slopes[CORE_LENGTH] = lengthways * state[CORE_LENGTH] / state[LENGTH];
        if !lofted {
            let force = |speed| spreading_force(setting.laws.front, excess, h, speed, air.density);
            slopes[SIDEWAYS] = force(section.spreading) * l + mixing.exchange.crosswind * l;
            let ratio = if section.spreading > 0.0 { lengthways / section.spreading } else { 1.0 };
            slopes[ALONG] = force(lengthways) * b + mixing.exchange.crosswind * l * ratio * ratio;
        }
        slopes[EXCESS] = mixing.exchange.downwind * l;
        slopes[HEAT] =
            mixing.exchange.heat * l + 0.25 * rate * self.release.enthalpy(air.temperature, air.pressure);
        if setting.is_free(lofted, section.density, h, section.wind) {
            slopes[RISE] = l * (mixing.exchange.vertical - GRAVITY * excess * b * h);
        }
        slopes[CENTRE] = section.rising;
        // New gas enters at the source and draws the centre back.
        slopes[PLACE] = section.velocity - rate / self.gas(section.time) * section.x;
        slopes
    }

    fn scale(&self, state: &State, section: &Station) -> State {
        let mass = state[MASS].abs();
        let mut scale = [0.0; SIZE];
        scale[MASS] = mass;
        scale[WIDTH] = state[WIDTH].abs();
        scale[CORE] = state[CORE].abs();
        scale[LENGTH] = state[LENGTH].abs();
        scale[CORE_LENGTH] = state[CORE_LENGTH].abs();
        scale[SIDEWAYS] = mass * (section.spreading + 0.1 * section.wind);
        scale[ALONG] = scale[SIDEWAYS];
        scale[EXCESS] = mass * (section.velocity + 0.1 * section.wind);
        scale[HEAT] = mass * (section.enthalpy.abs() + section.heat_capacity);
        scale[RISE] = mass * (section.rising.abs() + 0.1 * section.wind);
        scale[CENTRE] = section.height + section.centre;
        scale[PLACE] = section.half_length;
        scale
    }
}

/// Speed at which air enters front and back by the turbulence of the air, m/s.
fn mixing_along(setting: &Setting<'_>, slab: &Slab, half_length: f64) -> f64 {
    use super::entrainment::{Friction, SideEntrainment, side_entrainment};
    let calm = Friction {
        velocity: 0.0,
        ground: 0.0,
        exchange: 0.0,
        shear: 0.0,
        share: 0.0,
        inverse_length: 0.0,
        free_jet: 0.0,
    };
    side_entrainment(SideEntrainment::Slab, slab, half_length, setting.growth, &calm)
}

/// First step over the time of the source or of the cloud's own width.
const FIRST: f64 = 0.01;

/// Share of the way over its own width in which a step is taken however large its error.
const TOUCHING: f64 = 1e-3;

/// Smallest step, s.
const SMALLEST: f64 = 1e-9;
