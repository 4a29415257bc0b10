//! A heavy cloud at its place on the grid: what a point sees over all times.

use nalgebra::{Rotation2, Vector2};
use rayon::prelude::*;

use crate::error::Result;
use crate::gas::dense::integral::{
    Ambient, Cloud, IntegralRelease, Kind, Laws, Station, Turbulence, mixture::Material,
};
use crate::gas::hazard::toxic_load::History;
use crate::gas::source::Release;
use crate::gas::substance::Substance;
use crate::gas::sweep::Band;
use crate::gas::weather::{Stability, Weather, WindProfile};
use crate::grid::Grid;

/// What a heavy cloud feels of the air and the ground besides the weather.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeavyAir {
    /// Roughness length of the ground, m.
    pub roughness: f64,
    /// Relative humidity, 0 to 1.
    pub relative_humidity: f64,
    /// Temperature of the ground, K; that of the air if none.
    pub ground_temperature: Option<f64>,
    /// True to go on with puffs where the cloud is passive.
    pub hands_over: bool,
}

/// A heavy cloud in the wind of one weather row.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedHeavy {
    /// The cloud; its wind is along x.
    pub cloud: Cloud,
    /// Position of the source in the grid's reference, m.
    pub source: Vector2<f64>,
    /// Turns the grid's axes into downwind and crosswind.
    pub turn: Rotation2<f64>,
    /// Height of the receptors, m.
    pub receptor_height: f64,
    /// Time over which concentrations are averaged, s.
    pub averaging_time: f64,
    /// Mass concentration of a volume fraction of one in this air, kg/m³.
    pub pure_gas: f64,
}

/// How far a cloud is followed, m.
pub const FOLLOWED: f64 = 50_000.0;

/// Times of a section of a plume around its front and its end, s: steep, as nothing along the
/// wind is modelled there.
const FRONT: f64 = 1.0;

/// How long a place is watched after the cloud has gone, s: closed houses keep the gas.
const AFTERWARDS: f64 = 3600.0;

/// The release as the slab model takes it.
///
/// The strongest rate counts, for as long as it would take to let out all of the mass. What
/// rises from a pool enters over the pool; a jet whose exit is known enters with the area to which it
/// expands; of anything else only the rate is known, and it enters as wide as the wind at 10 m would
/// carry it away, $\sqrt{q/u_{10}}$ (the source of brittermcquaid1988).
///
/// # Errors
/// What [`Material::of`] says of a substance without the numbers of its liquid, where drops fly.
pub fn release_of(release: &Release, substance: &Substance, weather: &Weather) -> Result<IntegralRelease> {
    let peak = release.history.as_ref().map(|history| history.peak().state);
    let liquid_share = peak.map_or(0.0, |state| 1.0 - state.vapour_share).clamp(0.0, 1.0);
    let material = match Material::of(substance, weather.pressure) {
        Ok(material) => material,
        Err(problems) if liquid_share > 0.0 => return Err(problems),
        Err(_) => Material::gas(substance, weather.air_temperature),
    };
    let temperature = match (peak, &release.exit) {
        (Some(state), _) => state.temperature,
        (None, Some(exit)) => {
            // At rest again at the pressure of the air: as dense as it is, a gas has one temperature.
            let at_air = substance.gas_density(weather.air_temperature, weather.pressure);
            weather.air_temperature * at_air / exit.expanded_density
        }
        (None, None) => weather.air_temperature,
    };
    let rate = release.rate;
    let jet = release.exit.filter(|_| release.pool_diameter.is_none());
    let kind = match (release.pool_diameter, jet) {
        (Some(diameter), _) => Kind::Pool { rate, area: std::f64::consts::FRAC_PI_4 * diameter * diameter },
        (None, Some(exit)) => {
            let area = rate / (exit.expanded_density * exit.expanded_velocity);
            Kind::HorizontalJet { rate, area, height: release.height }
        }
        (None, None) => {
            let density = material.density(temperature, liquid_share, weather.pressure);
            Kind::Pool { rate, area: rate / density / weather.wind_at(10.0).max(f64::MIN_POSITIVE) }
        }
    };
    let duration = (release.mass() / rate).max(1.0);
    Ok(IntegralRelease { material, temperature, liquid_share, duration, kind })
}

/// The air as the slab model takes it.
pub fn ambient_of(weather: &Weather, heavy: &HeavyAir) -> Ambient {
    let turbulence = match weather.profile {
        WindProfile::Log { roughness, inverse_length } => Turbulence::Length { inverse_length, roughness },
        WindProfile::Power => {
            let classes = Stability::ALL.iter().position(|&class| class == weather.stability);
            Turbulence::Class { index: 1.0 + classes.unwrap_or(3) as f64, roughness: heavy.roughness }
        }
    };
    Ambient {
        wind: weather.wind_speed,
        wind_height: weather.reference_height,
        turbulence,
        temperature: weather.air_temperature,
        pressure: weather.pressure,
        relative_humidity: heavy.relative_humidity,
        ground_temperature: heavy.ground_temperature,
        mixing_height: weather.mixing_height,
    }
}

impl PlacedHeavy {
    /// The cloud of a release in some weather.
    ///
    /// # Errors
    /// Those of [`Cloud::solve`] and [`release_of`].
    pub fn new(
        release: &Release,
        substance: &Substance,
        (weather, heavy): (&Weather, &HeavyAir),
        (receptor_height, averaging_time): (f64, f64),
    ) -> Result<Self> {
        let taken = release_of(release, substance, weather)?;
        let cloud = Cloud::solve(&taken, &ambient_of(weather, heavy), Laws::STANDARD, FOLLOWED)?;
        Ok(Self {
            cloud,
            source: Vector2::new(release.x, release.y),
            turn: Rotation2::new(-weather.heading()),
            receptor_height,
            averaging_time,
            pure_gas: substance.gas_density(weather.air_temperature, weather.pressure),
        })
    }

    /// The same cloud for receptors at another height, m.
    pub fn at_height(&self, receptor_height: f64) -> Self {
        Self { receptor_height, ..self.clone() }
    }

    /// Downwind and crosswind coordinates of a point of the grid, m; downwind whichever way the
    /// wind blows where its direction is not known.
    pub fn in_wind(&self, x: f64, y: f64, direction_known: bool) -> Vector2<f64> {
        let from_source = Vector2::new(x, y) - self.source;
        if direction_known { self.turn * from_source } else { Vector2::new(from_source.norm(), 0.0) }
    }

    /// Point of the grid at downwind and crosswind coordinates, m.
    pub fn on_grid(&self, downwind: f64, crosswind: f64) -> Vector2<f64> {
        self.source + self.turn.inverse() * Vector2::new(downwind, crosswind)
    }

    /// Largest average that a point sees, kg/m³ in the air of the weather row.
    pub fn largest(&self, at: Vector2<f64>, height: f64) -> f64 {
        self.pure_gas * self.cloud.maximum(at.x, at.y, height, self.averaging_time)
    }

    /// The same cloud averaged over another time, s.
    pub fn averaged_over(&self, averaging_time: f64) -> Self {
        Self { averaging_time, ..self.clone() }
    }

    /// Mass of gas between two concentrations, kg, and how far downwind the lower one reaches, m.
    ///
    /// Each stretch between two sections of the plume holds the mass that the concentration over a
    /// section gives; of a puff the moment counts at which most lies between the two.
    ///
    /// # Units
    /// - `lower`, `upper`: kg/m³ in the air of the weather row
    pub fn mass_between(&self, lower: f64, upper: f64) -> (f64, f64) {
        let sections: Vec<&Station> = self.cloud.stations().collect();
        let plume: Vec<&Station> =
            sections.iter().copied().filter(|station| station.half_length == 0.0).collect();
        let in_plume = |station: &Station, y: f64, z: f64| {
            self.pure_gas * self.cloud.maximum(station.x, y, z, self.averaging_time)
        };
        let mut reach = 0.0_f64;
        let mut of_section = |station: &Station| {
            if in_plume(station, 0.0, 0.0).max(in_plume(station, 0.0, station.centre)) >= lower {
                reach = reach.max(station.x);
            }
            over_section(station, lower, upper, |y, z| in_plume(station, y, z))
        };
        let areas: Vec<f64> = plume.iter().map(|station| of_section(station)).collect();
        let of_plume: f64 = plume
            .windows(2)
            .zip(areas.windows(2))
            .map(|(pair, area)| 0.5 * (area[0] + area[1]) * (pair[1].x - pair[0].x))
            .sum();
        let mut of_puff = 0.0_f64;
        for station in sections.iter().filter(|station| station.half_length > 0.0) {
            let at = |x: f64, y: f64, z: f64| {
                self.pure_gas * self.cloud.concentration(x, y, z, station.time, self.averaging_time)
            };
            let length = SLICES_REACH * station.half_length;
            let step = 2.0 * length / SLICES as f64;
            let slices = (0..SLICES).map(|i| station.x - length + (i as f64 + 0.5) * step);
            let mut mass = 0.0;
            for x in slices {
                let area = over_section(station, lower, upper, |y, z| at(x, y, z));
                if area > 0.0 {
                    reach = reach.max(x);
                }
                mass += area * step;
            }
            of_puff = of_puff.max(mass);
        }
        (of_plume.max(of_puff), reach)
    }

    /// Times at which what a distance sees is worth looking at, s, rising from zero.
    pub fn times(&self, downwind: f64) -> Vec<f64> {
        let arrival = self.cloud.arrival(downwind).unwrap_or(0.0);
        let is_in_plume = self.cloud.switch().is_none_or(|end| downwind <= end)
            && !matches!(self.cloud.release.kind, Kind::Instantaneous { .. })
            && self.cloud.stations().any(|station| station.half_length == 0.0);
        let mut times = vec![0.0];
        if is_in_plume {
            let ends = arrival + self.cloud.release.duration;
            let half = 0.5 * self.averaging_time;
            // An average rises from half its time before the front to half of it behind.
            for bend in [arrival - half, arrival + half.max(FRONT), ends - half.max(FRONT), ends + half] {
                times.push(bend.max(0.0));
            }
        } else {
            let puff = self.cloud.stations().filter(|station: &&Station| station.half_length > 0.0);
            times.extend(puff.map(|station| station.time));
        }
        times.sort_by(f64::total_cmp);
        times.dedup_by(|after, before| *after <= *before + 1e-9);
        times
    }

    /// What a point sees, ppm over time.
    ///
    /// # Errors
    /// Those of [`History::new`].
    pub fn history(&self, at: Vector2<f64>, height: f64, ppm: impl Fn(f64) -> f64) -> Result<History> {
        let mut times = self.times(at.x);
        let last = times.last().copied().unwrap_or(0.0);
        let value = |&time: &f64| self.cloud.concentration(at.x, at.y, height, time, self.averaging_time);
        let mut values: Vec<f64> = times.iter().map(|time| ppm(self.pure_gas * value(time))).collect();
        values.extend([0.0, 0.0]);
        times.extend([last + FRONT, last + AFTERWARDS]);
        History::new(times, values)
    }

    /// The steady concentration that gives in the time of the release the load ∫ cⁿ dt that comes in all, kg/m³.
    pub fn steady_of_load(&self, at: Vector2<f64>, height: f64, exponent: f64) -> f64 {
        let times = self.times(at.x);
        let power = |time: f64| {
            let share = self.cloud.concentration(at.x, at.y, height, time, self.averaging_time);
            (self.pure_gas * share).powf(exponent)
        };
        let values: Vec<f64> = times.iter().map(|&time| power(time)).collect();
        let load: f64 = times
            .windows(2)
            .zip(values.windows(2))
            .map(|(time, value)| 0.5 * (value[0] + value[1]) * (time[1] - time[0]))
            .sum();
        (load / self.cloud.release.duration).powf(1.0 / exponent)
    }
}

/// Slices of a section to each side and upwards, and how many half widths and heights they reach.
const SLICES: usize = 40;
const SLICES_REACH: f64 = 2.5;

/// Gas between two concentrations in a section, kg/m; the section is its own image across the wind.
fn over_section(station: &Station, lower: f64, upper: f64, at: impl Fn(f64, f64) -> f64) -> f64 {
    let (width, height) = (SLICES_REACH * station.half_width, station.centre + SLICES_REACH * station.height);
    let (dy, dz) = (width / SLICES as f64, height / SLICES as f64);
    let mut sum = 0.0;
    for j in 0..SLICES {
        for k in 0..SLICES {
            let value = at((j as f64 + 0.5) * dy, (k as f64 + 0.5) * dz);
            if (lower..=upper).contains(&value) {
                sum += value;
            }
        }
    }
    2.0 * sum * dy * dz
}

/// Takes heavy clouds into a band of rows of a grid: the largest average of all times and the
/// earliest arrival where `threshold` is exceeded, beside what the band holds already.
pub fn fill_band(clouds: &[PlacedHeavy], grid: &Grid, direction_known: bool, threshold: f64, band: Band<'_>) {
    let Band { first_row, concentration, arrival } = band;
    concentration
        .par_chunks_mut(grid.columns)
        .zip(arrival.par_chunks_mut(grid.columns))
        .enumerate()
        .for_each(|(i, (values, arrivals))| {
            let y = grid.y(first_row + i);
            for cloud in clouds {
                for (column, (value, earliest)) in values.iter_mut().zip(arrivals.iter_mut()).enumerate() {
                    let at = cloud.in_wind(grid.x(column), y, direction_known);
                    let peak = cloud.largest(at, cloud.receptor_height);
                    *value = value.max(peak);
                    if peak >= threshold
                        && let Some(time) = cloud.cloud.arrival(at.x)
                    {
                        // f64::min passes over the NaN of "not yet reached".
                        *earliest = earliest.min(time);
                    }
                }
            }
        });
}
