//! The cloud of a release: where it is, how thin, when.

use crate::error::{Problem, Result};

use super::averaging::meander_variance;
use super::entrainment::crosswind_stability;
use super::plume::{Ending, Reach, plume};
use super::profile::{across, along, vertical};
use super::puff::{after_plume, at_once};
use super::section::{Laws, Setting, Station};
use super::source::{IntegralRelease, Kind};
use super::surface_air::{Ambient, SurfaceAir};

/// Mean volume fraction below which no cloud is followed.
pub const LEAST_FRACTION: f64 = 1e-10;

/// Richardson number below which the weight no longer holds down the turbulence at the top.
pub const PASSIVE_RICHARDSON: f64 = 0.15;

/// Share of the growth in width by turbulence below which the weight no longer widens: the two add
/// as squares, so that it adds an eighth.
pub const PASSIVE_SPREADING: f64 = 0.5;

/// Difference to the wind, as a share of it, below which the cloud moves with it.
pub const PASSIVE_SPEED: f64 = 0.1;

/// The cloud of a release.
#[derive(Debug, Clone, PartialEq)]
pub struct Cloud {
    /// The release.
    pub release: IntegralRelease,
    /// The air as the model uses it.
    pub air: SurfaceAir,
    /// What was doubtful.
    pub warnings: Vec<Problem>,
    /// Half the side of the square in which gas enters, enlarged upwind by its weight, m; zero for a jet.
    pub source_half_width: f64,
    /// Sections of the steady plume, downwind.
    plume: Vec<Station>,
    /// The puff in the course of time.
    puff: Vec<Station>,
    /// S of the growth in width.
    stability: f64,
}

/// What becomes of the mass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ledger {
    /// Released: kg/s of a plume that does not end, else kg.
    pub released: f64,
    /// Largest difference between it and what a section or the puff holds, as a share.
    pub largest_error: f64,
}

/// What a plume or puffs go on with where the cloud has become passive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Handover {
    /// Rate of a plume, kg/s; zero for a puff.
    pub rate: f64,
    /// Mass of a puff, kg; zero for a plume.
    pub mass: f64,
    /// Place of the section or of the puff's middle, m.
    pub x: f64,
    /// Time when the first gas is there, or the puff's middle, s.
    pub time: f64,
    /// Standard deviation across the wind, m.
    pub sigma_y: f64,
    /// Standard deviation along the wind of a puff, m.
    pub sigma_x: f64,
    /// Standard deviation upwards: from the ground where it lies on it, else around `height`, m.
    pub sigma_z: f64,
    /// Height of the middle, m.
    pub height: f64,
    /// Speed, m/s.
    pub velocity: f64,
    /// Enthalpy below (negative) that of the air around it, J per kg of gas and air.
    pub enthalpy: f64,
    /// Mean volume fraction.
    pub fraction: f64,
}

impl Cloud {
    /// The cloud of a release in air, followed to a distance.
    ///
    /// # Units
    /// - `distance`: m downwind
    ///
    /// # Errors
    /// E4700 wind too weak, E4701 air and E4702 turbulence out of range, E4703 a release out of
    /// range, E4704 a cloud whose weight outruns the wind, E4705 numbers that fail.
    ///
    /// # Valid for
    /// Flat open ground without obstacles, a wind that does not change, gas as heavy as the air or
    /// heavier. Not modelled: slopes, walls, chemical reaction (hydrogen fluoride with water too),
    /// drops that fall out of the cloud or evaporate slower than in balance, fluctuations beyond
    /// the swinging of the wind.
    ///
    /// # Source
    /// ermak1990; with [`Laws::STANDARD`] vanulden1978 for the passive limit, vanulden1984 and
    /// havens1985 for the front.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::dense::integral::mixture::Material;
    /// use sim_core::gas::dense::integral::{Ambient, Cloud, IntegralRelease, Kind, Laws, Turbulence};
    /// use sim_core::gas::substance;
    /// let methane = Material::of(substance::find("methane")?, 94_100.0)?;
    /// let spill = IntegralRelease {
    ///     material: methane, temperature: methane.boiling_point, liquid_share: 0.0, duration: 107.0,
    ///     kind: Kind::Pool { rate: 117.0, area: 700.0 },
    /// };
    /// let air = Ambient {
    ///     wind: 1.94, wind_height: 3.0, temperature: 306.0, pressure: 94_100.0, relative_humidity: 0.045,
    ///     turbulence: Turbulence::Length { inverse_length: 1.0 / 16.5, roughness: 2e-4 },
    ///     ground_temperature: None, mixing_height: None,
    /// };
    /// let cloud = Cloud::solve(&spill, &air, Laws::STANDARD, 2000.0)?;
    /// // Burro 8: 6.1 % were measured at 400 m, 1 m above ground.
    /// let share = cloud.axis_maximum(400.0, 1.0, 10.0);
    /// assert!((0.05..0.08).contains(&share));
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn solve(release: &IntegralRelease, ambient: &Ambient, laws: Laws, distance: f64) -> Result<Self> {
        let air = SurfaceAir::of(ambient, laws.stratification)?;
        release.check(ambient.pressure)?;
        let setting = Setting::new(release.material, &air, laws);
        let reach = Reach { distance: distance.max(1.0), fraction: LEAST_FRACTION };
        let mut cloud = Self {
            release: *release,
            warnings: SurfaceAir::warnings(ambient),
            source_half_width: 0.0,
            plume: Vec::new(),
            puff: Vec::new(),
            stability: crosswind_stability(&air),
            air: air.clone(),
        };
        if matches!(release.kind, Kind::Instantaneous { .. }) {
            cloud.take_puff(at_once(release, &setting, reach))?;
            return Ok(cloud);
        }
        let steady = plume(release, &setting, reach);
        cloud.source_half_width = steady.source_half;
        match steady.ending {
            Ending::Reached => cloud.plume = steady.stations,
            Ending::HalfReleased => {
                if let Some(last) = steady.stations.last() {
                    cloud.take_puff(after_plume(release, &setting, last, reach))?;
                }
                cloud.plume = steady.stations;
            }
            Ending::TooShort => cloud.take_puff(at_once(release, &setting, reach))?,
            Ending::Crowded(_) => return Err(outrun().into()),
            Ending::Failed(place) => return Err(failed(place).into()),
        }
        Ok(cloud)
    }

    fn take_puff(&mut self, puff: super::puff::Puff) -> Result<()> {
        if let Some(place) = puff.failed {
            return Err(failed(place).into());
        }
        self.puff = puff.stations;
        Ok(())
    }

    /// Sections of the plume downwind, then the puff in the course of time.
    pub fn stations(&self) -> impl Iterator<Item = &Station> {
        self.plume.iter().chain(&self.puff)
    }

    /// The section of the steady plume at a distance; none outside it.
    pub fn at(&self, x: f64) -> Option<Station> {
        self.section(x)
    }

    /// Where the plume becomes a puff, m; none for a plume that does not end or a puff from the start.
    pub fn switch(&self) -> Option<f64> {
        if self.puff.is_empty() { None } else { self.plume.last().map(|last| last.x) }
    }

    /// Volume fraction at a point and time, averaged.
    ///
    /// # Units
    /// - `x`: downwind, `y`: across, `z`: up, m; `time`: since the release began, the middle of the average, s
    /// - `averaging`: s; zero for the cloud at an instant, that does not swing
    pub fn concentration(&self, x: f64, y: f64, z: f64, time: f64, averaging: f64) -> f64 {
        if let Some(station) = self.section(x) {
            let duration = self.release.duration;
            let arrival = station.time;
            let (from, to) = (time - 0.5 * averaging, time + 0.5 * averaging);
            let share = if averaging > 0.0 {
                ((to.min(arrival + duration) - from.max(arrival)) / averaging).clamp(0.0, 1.0)
            } else {
                f64::from(u8::from(time >= arrival && time <= arrival + duration))
            };
            return share * self.in_section(&station, y, z, averaging);
        }
        match self.puff_at(time) {
            Some(puff) if x >= self.puff_begins() => self.in_puff(&puff, x, y, z, averaging),
            _ => 0.0,
        }
    }

    /// Largest average over time of the volume fraction on the axis.
    ///
    /// # Units
    /// - `x`: downwind, `z`: up, m; `averaging`: s
    pub fn axis_maximum(&self, x: f64, z: f64, averaging: f64) -> f64 {
        self.maximum(x, 0.0, z, averaging)
    }

    /// Largest average over time of the volume fraction at a point.
    pub fn maximum(&self, x: f64, y: f64, z: f64, averaging: f64) -> f64 {
        if let Some(station) = self.section(x) {
            let share = if averaging > 0.0 { (self.release.duration / averaging).min(1.0) } else { 1.0 };
            return share * self.in_section(&station, y, z, averaging);
        }
        if x < self.puff_begins() {
            return 0.0;
        }
        // Of a puff that was a plume, gas of one age is at one place: what passes with its middle is what is felt.
        let passing = self.puff_over(x).map_or(0.0, |puff| self.in_puff(&puff, x, y, z, averaging));
        if self.plume.is_empty() { passing.max(self.fullest_average(x, y, z, averaging)) } else { passing }
    }

    /// Largest running mean of a cloud let out at once while it lies over its source: it slumps over a
    /// place before its middle passes.
    fn fullest_average(&self, x: f64, y: f64, z: f64, averaging: f64) -> f64 {
        let start = -0.5 * self.release.area().sqrt();
        let felt = |puff: &Station| {
            let passing = 2.0 * puff.half_length / puff.velocity.max(f64::MIN_POSITIVE);
            let slope = self.swung_slope(puff, averaging.min(passing), puff.x - start);
            let core = puff.half_width / puff.core * puff.half_length / puff.core_length;
            (puff.fraction
                * core
                * across(y, puff.core, slope)
                * across(x - puff.x, puff.core_length, puff.slope_length())
                * vertical(z, puff.height, puff.centre))
            .min(1.0)
        };
        let over_source = self.puff.iter().take_while(|puff| puff.x < puff.half_length);
        let course: Vec<(f64, f64)> = over_source.map(|puff| (puff.time, felt(puff))).collect();
        if averaging <= 0.0 {
            return course.iter().fold(0.0, |most: f64, &(_, value)| most.max(value));
        }
        let mean = |middle: f64| {
            let (from, to) = (middle - 0.5 * averaging, middle + 0.5 * averaging);
            course.windows(2).map(|pair| within(pair[0], pair[1], from, to)).sum::<f64>() / averaging
        };
        course.iter().map(|&(time, _)| mean(time)).fold(0.0, f64::max).min(1.0)
    }

    /// Half width of the area at a height where the largest average reaches a level, for each of
    /// a row of distances that refines with the cloud: (x, half width), m; zero where it is not reached.
    pub fn contour(&self, level: f64, z: f64, averaging: f64) -> Vec<(f64, f64)> {
        let places = self.stations().map(|station| station.x);
        let mut sorted: Vec<f64> = places.filter(|x| x.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        sorted.into_iter().map(|x| (x, self.half_width_at(x, level, z, averaging))).collect()
    }

    /// Half width at a distance where the largest average at a height reaches a level, m; zero where it is not reached.
    pub fn half_width_at(&self, x: f64, level: f64, z: f64, averaging: f64) -> f64 {
        let inside = |y: f64| self.maximum(x, y, z, averaging) >= level;
        if !inside(0.0) {
            return 0.0;
        }
        let mut far = 1.0;
        while inside(far) && far < WIDEST {
            far *= 2.0;
        }
        let (mut low, mut high) = (0.0, far);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if inside(middle) { low = middle } else { high = middle }
        }
        low
    }

    /// Time when the cloud's front comes to a distance, s since the release began; none where it does not.
    pub fn arrival(&self, x: f64) -> Option<f64> {
        if let Some(station) = self.section(x) {
            return Some(station.time);
        }
        let front = |station: &Station| station.x + station.half_length;
        let first = self.puff.iter().position(|station| front(station) >= x)?;
        let after = &self.puff[first];
        let Some(before) = first.checked_sub(1).map(|index| &self.puff[index]) else {
            return Some(self.plume.last().map_or(after.time, |last| last.time));
        };
        let share = (x - front(before)) / (front(after) - front(before));
        let time = before.time + share * (after.time - before.time);
        Some(time)
    }

    /// What becomes of the mass: what each section and the puff hold against what was released.
    pub fn ledger(&self) -> Ledger {
        let rate = self.release.rate();
        let sections = self.plume.iter().filter(|s| s.x >= self.source_half_width);
        let of_plume = sections
            .map(|s| 2.0 * s.density * s.velocity * s.half_width * s.height * s.mass_fraction / rate - 1.0);
        let of_puff = self.puff.iter().map(|s| {
            4.0 * s.density * s.half_length * s.half_width * s.height * s.mass_fraction / s.carried - 1.0
        });
        let largest_error = of_plume.chain(of_puff).fold(0.0, |most: f64, error| most.max(error.abs()));
        let released = if self.release.mass().is_finite() { self.release.mass() } else { rate };
        Ledger { released, largest_error }
    }

    /// What a plume or puffs go on with: the first section where weight and speed no longer count.
    ///
    /// There the Richardson number is below [`PASSIVE_RICHARDSON`], the weight widens the cloud by
    /// less than [`PASSIVE_SPREADING`] of what turbulence does, and the speed is within
    /// [`PASSIVE_SPEED`] of the wind's. None where the cloud is not passive within its reach. The
    /// width is that at an instant.
    pub fn handover(&self) -> Option<Handover> {
        let passive = |s: &&Station| {
            s.richardson(&self.air).abs() <= PASSIVE_RICHARDSON
                && s.spreading <= PASSIVE_SPREADING * s.widening
                && (s.velocity - s.wind).abs() <= PASSIVE_SPEED * s.wind
                && s.x >= self.source_half_width
        };
        let section = self.plume.iter().find(passive);
        let (station, is_puff) = match section {
            Some(station) => (station, false),
            None => (self.puff.iter().find(passive)?, true),
        };
        let root = 3.0_f64.sqrt();
        Some(Handover {
            rate: if is_puff { 0.0 } else { self.release.rate() },
            mass: if is_puff { station.carried } else { 0.0 },
            x: station.x,
            time: station.time,
            sigma_y: station.half_width / root,
            sigma_x: station.half_length / root,
            sigma_z: super::profile::depth(station.height, station.centre),
            height: station.centre,
            velocity: station.velocity,
            enthalpy: station.enthalpy,
            fraction: station.fraction,
        })
    }

    /// Standard deviation across the wind at the hand-over with the swings of the wind over an averaging time, m.
    pub fn swung_width(&self, over: &Handover, averaging: f64) -> f64 {
        let start = self.plume.first().map_or(-0.5 * self.release.area().sqrt(), |first| first.x);
        let swings = meander_variance(averaging.min(self.release.duration), over.x - start, self.stability);
        (over.sigma_y * over.sigma_y + swings).sqrt()
    }

    /// The cloud up to its hand-over: what is behind it in space or time is left out.
    pub fn up_to(&self, over: &Handover) -> Self {
        let plume = self.plume.iter().filter(|station| over.mass > 0.0 || station.x <= over.x).copied();
        let puff = self.puff.iter().filter(|station| over.mass > 0.0 && station.time <= over.time).copied();
        Self { plume: plume.collect(), puff: puff.collect(), ..self.clone() }
    }

    /// The section of the plume at a distance; none outside it.
    fn section(&self, x: f64) -> Option<Station> {
        let (first, last) = (self.plume.first()?, self.plume.last()?);
        if x < first.x || x > last.x {
            return None;
        }
        let after = self.plume.partition_point(|station| station.x < x).clamp(1, self.plume.len() - 1);
        Some(interpolated(&self.plume, after, |station| station.x, x))
    }

    /// The puff at a time.
    fn puff_at(&self, time: f64) -> Option<Station> {
        let (first, last) = (self.puff.first()?, self.puff.last()?);
        if time < first.time {
            // Before the plume has ended: what has left its section moves on as it does.
            let back = (first.time - time) * first.velocity;
            let moved = Station { x: first.x - back, time, ..*first };
            return (!self.plume.is_empty()).then_some(moved);
        }
        if time > last.time {
            return None;
        }
        let after = self.puff.partition_point(|station| station.time < time).clamp(1, self.puff.len() - 1);
        Some(interpolated(&self.puff, after, |station| station.time, time))
    }

    /// The puff as its middle passes a distance.
    fn puff_over(&self, x: f64) -> Option<Station> {
        let first = self.puff.first()?;
        if x < first.x - first.half_length {
            return None;
        }
        let after = self.puff.iter().position(|station| station.x >= x)?;
        if after == 0 {
            return Some(*first);
        }
        Some(interpolated(&self.puff, after, |station| station.x, x))
    }

    /// Where the puff takes over from the plume, m.
    fn puff_begins(&self) -> f64 {
        self.plume.last().map_or(f64::NEG_INFINITY, |last| last.x)
    }

    fn in_section(&self, station: &Station, y: f64, z: f64, averaging: f64) -> f64 {
        let swung = averaging.min(self.release.duration);
        let start = self.plume.first().map_or(0.0, |first| first.x);
        let slope = self.swung_slope(station, swung, station.x - start);
        (station.fraction * station.half_width / station.core
            * across(y, station.core, slope)
            * vertical(z, station.height, station.centre))
        .min(1.0)
    }

    fn in_puff(&self, puff: &Station, x: f64, y: f64, z: f64, averaging: f64) -> f64 {
        let passing = 2.0 * puff.half_length / puff.velocity.max(f64::MIN_POSITIVE);
        let start = self.plume.first().map_or(-0.5 * self.release.area().sqrt(), |first| first.x);
        let slope = self.swung_slope(puff, averaging.min(passing), puff.x - start);
        let window = puff.velocity * averaging;
        let core = puff.half_width / puff.core * puff.half_length / puff.core_length;
        (puff.fraction
            * core
            * across(y, puff.core, slope)
            * along(x - puff.x, puff.core_length, puff.slope_length(), window)
            * vertical(z, puff.height, puff.centre))
        .min(1.0)
    }

    /// Width of the slopes with the swings of the wind in them, m.
    fn swung_slope(&self, station: &Station, averaging: f64, distance: f64) -> f64 {
        (station.slope().powi(2) + meander_variance(averaging, distance, self.stability)).sqrt()
    }
}

/// Integral of the straight line between two moments, where it lies between `from` and `to`.
fn within(first: (f64, f64), second: (f64, f64), from: f64, to: f64) -> f64 {
    let (low, high) = (first.0.max(from), second.0.min(to));
    if high <= low {
        return 0.0;
    }
    let at = |time: f64| first.1 + (second.1 - first.1) * (time - first.0) / (second.0 - first.0);
    0.5 * (at(low) + at(high)) * (high - low)
}

/// Widest half width that is looked for, m.
const WIDEST: f64 = 1e6;

/// Halvings of the search for a width.
const HALVINGS: usize = 50;

/// The station at a value of a rising coordinate between the one before `after` and it.
fn interpolated(stations: &[Station], after: usize, of: impl Fn(&Station) -> f64, value: f64) -> Station {
    let (low, high) = (&stations[after - 1], &stations[after]);
    let way = of(high) - of(low);
    let share = if way > 0.0 { ((value - of(low)) / way).clamp(0.0, 1.0) } else { 1.0 };
    low.between(high, share)
}

/// E4704: gas that creeps upwind without end.
fn outrun() -> Problem {
    Problem::error(4704, "the weight of the gas outruns the wind: it creeps upwind without end")
        .why("a section across the wind carries gas only downwind; here the source would have to be more than a hundred times as wide as it is")
        .fix("use the model of shallow layers, or a stronger wind, a smaller rate or a larger pool")
}

/// E4705: an integration that found no step.
fn failed(place: f64) -> Problem {
    Problem::error(4705, format!("the slab model fails at {place:.1} m"))
        .why("the integration of the cloud found no smaller step that keeps its error in bounds")
        .fix("please report the release and the weather; meanwhile change the distance or the roughness a little")
}
