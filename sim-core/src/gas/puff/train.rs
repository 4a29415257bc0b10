//! The puffs and how they move, grow and lose mass.

use std::f64::consts::PI;

use crate::error::{Problem, Problems, Result};
use crate::gas::plume::vertical_factor;
use crate::gas::plume_rise::Rise;
use crate::gas::puff::source::Start;
use crate::gas::puff::{Air, AirField, Source, Spread};
use crate::gas::sigma::{Curves, SigmaSet};
use crate::gas::weather::Stability;

/// How gas is lost on its way.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Losses {
    /// Speed with which the ground takes up gas, m/s: deposited mass is this times the concentration at the ground.
    pub deposition_velocity: f64,
    /// Speed with which a cloud of particles sinks, m/s; zero for a gas.
    pub settling_velocity: f64,
    /// Share that decays or reacts in a second, 1/s.
    pub decay_rate: f64,
}

/// How a train of puffs is computed.
#[derive(Clone, Copy)]
pub struct Settings<'a> {
    /// Dispersion coefficients.
    pub set: &'a dyn SigmaSet,
    /// Averaging time, s: what the crosswind coefficients stand for.
    pub averaging_time: f64,
    /// Step in which puffs are released and moved, s; see [`longest_step`].
    pub step: f64,
    /// What is lost.
    pub losses: Losses,
}

impl Settings<'_> {
    /// Whether the numbers can be.
    ///
    /// # Errors
    /// E4550 a step, an averaging time or a loss that is out of range.
    pub fn check(&self) -> Result<()> {
        let Losses { deposition_velocity, settling_velocity, decay_rate } = self.losses;
        let rows = [
            ("step of the puffs", self.step, SHORTEST_STEP, 3600.0, "s"),
            ("averaging time", self.averaging_time, 1.0, 86_400.0, "s"),
            ("deposition velocity", deposition_velocity, 0.0, 1.0, "m/s"),
            ("settling velocity", settling_velocity, 0.0, 10.0, "m/s"),
            ("decay rate", decay_rate, 0.0, 1.0, "1/s"),
        ];
        let problems: Vec<Problem> = rows
            .iter()
            .filter(|row| !(row.2..=row.3).contains(&row.1))
            .map(|&(name, value, low, high, unit)| {
                Problem::error(4550, format!("{name} is {value} {unit}; allowed is {low} to {high} {unit}"))
                    .fix("check the unit and the value")
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }
}

/// Shortest step of puffs, s: below it a run is all overhead.
const SHORTEST_STEP: f64 = 1e-3;

/// Spacing of puffs in crosswind coefficients up to which their sum is smooth:
/// the ripple is 2 exp(−2π²/1.5²) = 3e-4 of the mean.
pub const SMOOTH_SPACING: f64 = 1.5;

/// Longest step with which the sum of puffs is smooth from a distance on, s.
///
/// # Units
/// - `nearest`: distance of the nearest receptor, m; `wind`: m/s
///
/// # Example
/// ```
/// use sim_core::gas::puff::train::longest_step;
/// use sim_core::gas::sigma::briggs_rural::BriggsRural;
/// use sim_core::gas::weather::Stability;
/// // Class D, 100 m: σy = 7.96 m; puffs every 11.9 m; at 4 m/s every 3 s.
/// assert!((longest_step(&BriggsRural, Stability::D, 100.0, 4.0) - 2.985).abs() < 0.01);
/// ```
pub fn longest_step(set: &dyn SigmaSet, class: Stability, nearest: f64, wind: f64) -> f64 {
    SMOOTH_SPACING * set.curves(class).crosswind.at(nearest) / wind
}

/// Where the mass is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Ledger {
    /// Given off by the sources, kg.
    pub released: f64,
    /// In puffs, kg.
    pub airborne: f64,
    /// Taken up by the ground, kg.
    pub deposited: f64,
    /// Decayed, kg.
    pub decayed: f64,
    /// In puffs that were let go because they had left, kg.
    pub left: f64,
}

impl Ledger {
    /// What is missing, as a share of what was released.
    pub fn relative_error(&self) -> f64 {
        let found = self.airborne + self.deposited + self.decayed + self.left;
        if self.released > 0.0 { (self.released - found) / self.released } else { found }
    }
}

/// Puffs side by side: one array for each of their properties.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Puffs {
    pub(crate) x: Vec<f64>,
    pub(crate) y: Vec<f64>,
    pub(crate) height: Vec<f64>,
    pub(crate) mass: Vec<f64>,
    pub(crate) width: Vec<f64>,
    pub(crate) depth: Vec<f64>,
    /// Lid that acts on it, infinite where none does.
    pub(crate) lid: Vec<f64>,
    /// Virtual distances on the curves of the class, m.
    across: Vec<f64>,
    upwards: Vec<f64>,
    /// How it rises, and how far it has come, m.
    rise: Vec<Option<Rise>>,
    travelled: Vec<f64>,
    /// Class for which they hold; none after growth in calm air.
    class: Vec<Option<Stability>>,
    /// True where the air does not climb over rising ground.
    pub(crate) is_in_stable_air: Vec<bool>,
}

impl Puffs {
    fn push(&mut self, source: &Source<'_>, mass: f64, time: f64) {
        let rise = source.rise.map(|rise| rise(time));
        let own =
            Start { x: source.x, y: source.y, height: source.height, size: (source.width, source.depth) };
        let start = source.begin.and_then(|begin| begin(time)).unwrap_or(own);
        self.x.push(start.x);
        self.y.push(start.y);
        self.height.push(rise.map_or(start.height, |rise| rise.height_at(0.0)));
        self.rise.push(rise);
        self.travelled.push(0.0);
        self.mass.push(mass);
        self.width.push(start.size.0);
        self.depth.push(start.size.1);
        self.lid.push(f64::INFINITY);
        self.across.push(0.0);
        self.upwards.push(0.0);
        self.class.push(None);
        self.is_in_stable_air.push(false);
    }

    /// Lets puffs go for which a claim does not hold.
    fn retain(&mut self, keep: &[bool]) {
        fn filter<T>(values: &mut Vec<T>, keep: &[bool]) {
            let mut flags = keep.iter();
            values.retain(|_| flags.next().copied().unwrap_or(true));
        }
        for values in [
            &mut self.x,
            &mut self.y,
            &mut self.height,
            &mut self.mass,
            &mut self.width,
            &mut self.depth,
            &mut self.lid,
            &mut self.across,
            &mut self.upwards,
            &mut self.travelled,
        ] {
            filter(values, keep);
        }
        filter(&mut self.class, keep);
        filter(&mut self.rise, keep);
        filter(&mut self.is_in_stable_air, keep);
    }

    pub(crate) fn len(&self) -> usize {
        self.mass.len()
    }
}

/// A train of puffs from any number of sources.
///
/// In each step every source gives off one puff, at the middle of the step, and
/// every puff is moved by the wind at its own place and height. A puff grows
/// along its own path: it has on the curves of the present class a virtual
/// distance that gives its present size, and moves on from there; so it never
/// shrinks when the class changes. In calm air it grows with time instead, as in
/// [`calm`](crate::gas::calm); in light air with its way, as if the wind were at least that of a
/// plume, which is slower than with time: no sudden thinning where the wind falls
/// below a bound, nor where the wind at a low source is weak on an open night. Along
/// the wind a puff is as long as it is wide.
///
/// # Valid for
/// A gas neither heavy nor light; distances from which [`longest_step`] is kept.
/// A puff above the lid carries its lid with it.
///
/// # Source
/// isc3 for the coefficients; the Gaussian puff as in ccps1999 section 2.3.1;
/// source depletion as in isc3 section 1.3.
pub struct Train<'a> {
    sources: &'a [Source<'a>],
    settings: Settings<'a>,
    time: f64,
    pub(crate) puffs: Puffs,
    ledger: Ledger,
}

impl<'a> Train<'a> {
    /// A train that has released nothing yet, at time zero.
    ///
    /// # Errors
    /// Those of [`Settings::check`].
    pub fn new(sources: &'a [Source<'a>], settings: Settings<'a>) -> Result<Self> {
        settings.check()?;
        Ok(Self { sources, settings, time: 0.0, puffs: Puffs::default(), ledger: Ledger::default() })
    }

    /// Time since the beginning, s.
    pub fn time(&self) -> f64 {
        self.time
    }

    /// Length of a step, s.
    pub fn step_length(&self) -> f64 {
        self.settings.step
    }

    /// Number of puffs in the air.
    pub fn len(&self) -> usize {
        self.puffs.len()
    }

    /// True where no puff is in the air.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the mass is.
    pub fn ledger(&self) -> Ledger {
        Ledger { airborne: self.puffs.mass.iter().sum(), ..self.ledger }
    }

    /// Releases, moves and grows puffs over one step.
    pub fn step(&mut self, field: &dyn AirField) {
        let step = self.settings.step;
        let end = self.time + step;
        for i in 0..self.puffs.len() {
            self.advance(i, field, self.time, step);
        }
        for source in self.sources {
            let mass = source.emission.mass(self.time, end);
            if mass > 0.0 {
                self.puffs.push(source, mass, self.time);
                self.ledger.released += mass;
                self.advance(self.puffs.len() - 1, field, self.time + 0.5 * step, 0.5 * step);
            }
        }
        self.time = end;
    }

    /// Lets go of puffs that lie wholly outside a rectangle; their mass is kept in the ledger.
    ///
    /// # Units
    /// - the sides of the rectangle on the grid, m
    pub fn leave(&mut self, west: f64, east: f64, south: f64, north: f64) {
        let puffs = &self.puffs;
        let inside = |i: usize| {
            let reach = super::kernel::REACH * puffs.width[i];
            (west - reach..=east + reach).contains(&puffs.x[i])
                && (south - reach..=north + reach).contains(&puffs.y[i])
        };
        let keep: Vec<bool> = (0..puffs.len()).map(inside).collect();
        let gone = puffs.mass.iter().zip(&keep).filter(|(_, keep)| !**keep).map(|(mass, _)| mass);
        self.ledger.left += gone.sum::<f64>();
        self.puffs.retain(&keep);
    }

    /// Concentration that is nowhere exceeded, kg/m³: the middles of all puffs in one place,
    /// on the ground and evenly mixed under their lids where that is more.
    pub fn at_most(&self) -> f64 {
        let puffs = &self.puffs;
        let middle = |i: usize| {
            let (width, depth) = (puffs.width[i], puffs.depth[i]);
            let upright = 2.0 / ((2.0 * PI).sqrt() * depth) + 1.0 / puffs.lid[i];
            puffs.mass[i] * upright / (2.0 * PI * width * width)
        };
        (0..puffs.len()).map(middle).sum()
    }

    /// Moves, grows and depletes one puff, by the midpoint rule.
    fn advance(&mut self, i: usize, field: &dyn AirField, from: f64, span: f64) {
        let puffs = &mut self.puffs;
        // A plume is carried by the wind at the top of its chimney, as its rise is.
        let carried_at = puffs.rise[i].map_or(puffs.height[i], |rise| rise.height);
        let here = field.air(from, puffs.x[i], puffs.y[i], carried_at);
        let (x, y) = (puffs.x[i] + 0.5 * span * here.east, puffs.y[i] + 0.5 * span * here.north);
        let air = field.air(from + 0.5 * span, x, y, carried_at);
        puffs.is_in_stable_air[i] = air.class.is_stable();
        puffs.x[i] += span * air.east;
        puffs.y[i] += span * air.north;
        let gained = puffs.rise[i].map_or(0.0, |rise| {
            let before = rise.height_at(puffs.travelled[i]);
            // In calm air a puff rises while the wind of its rise would carry it.
            puffs.travelled[i] += span * air.speed().max(rise.wind);
            rise.height_at(puffs.travelled[i]) - before
        });
        let fall = self.settings.losses.settling_velocity * span;
        puffs.height[i] = (puffs.height[i] + gained - fall).max(0.0);
        puffs.lid[i] = air.lid.map_or(f64::INFINITY, |lid| lid.max(puffs.height[i]));
        let before = puffs.depth[i];
        self.grow(i, &air, span);
        self.lose(i, 0.5 * (before + self.puffs.depth[i]), span);
    }

    fn grow(&mut self, i: usize, air: &Air, span: f64) {
        let puffs = &mut self.puffs;
        let speed = match air.spread {
            Spread::WithWay => air.speed(),
            Spread::WithWayAtLeast(least) => air.speed().max(least),
            Spread::WithTime(growth) => {
                puffs.width[i] += growth.horizontal * span;
                puffs.depth[i] += growth.vertical * span;
                puffs.class[i] = None;
                return;
            }
        };
        let factor = self.settings.set.averaging_factor(self.settings.averaging_time, air.class);
        let Curves { crosswind, vertical } = self.settings.set.curves(air.class).widened(factor);
        if puffs.class[i] != Some(air.class) {
            puffs.across[i] = crosswind.distance_of(puffs.width[i]);
            puffs.upwards[i] = vertical.distance_of(puffs.depth[i]);
            puffs.class[i] = Some(air.class);
        }
        puffs.across[i] += speed * span;
        puffs.upwards[i] += speed * span;
        puffs.width[i] = crosswind.at(puffs.across[i]).max(puffs.width[i]);
        puffs.depth[i] = vertical.at(puffs.upwards[i]).max(puffs.depth[i]);
    }

    /// First-order losses over a span, at the depth of its middle.
    fn lose(&mut self, i: usize, depth: f64, span: f64) {
        let Losses { deposition_velocity, decay_rate, .. } = self.settings.losses;
        if deposition_velocity == 0.0 && decay_rate == 0.0 {
            return;
        }
        let puffs = &mut self.puffs;
        let lid = Some(puffs.lid[i]).filter(|lid| lid.is_finite());
        let at_ground = vertical_factor(depth, puffs.height[i], 0.0, lid) / (ROOT_TWO_PI * depth);
        let uptake = deposition_velocity * at_ground;
        let rate = uptake + decay_rate;
        let lost = -puffs.mass[i] * (-rate * span).exp_m1();
        let taken = if rate > 0.0 { lost * uptake / rate } else { 0.0 };
        puffs.mass[i] -= lost;
        self.ledger.deposited += taken;
        self.ledger.decayed += lost - taken;
    }
}

/// √(2π).
const ROOT_TWO_PI: f64 = 2.506_628_274_631_000_7;
