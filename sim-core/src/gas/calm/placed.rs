//! A release in weak wind at its place: what a point sees over all times.

use nalgebra::{Rotation2, Vector2};
use rayon::prelude::*;

use crate::gas::calm::{Calm, growth};
use crate::gas::source::Release;
use crate::gas::substance::Substance;
use crate::gas::sweep::Band;
use crate::gas::terrain::height_in_class;
use crate::gas::weather::{CLASS_WIND_HEIGHT, Regime, Stability, Weather};
use crate::grid::Grid;

/// Halvings of the search for a time: to 3e-8 of the interval, and for a peak to the square of that.
const HALVINGS: usize = 25;

/// Youngest and oldest gas that is looked at, as shares of the age that counts: outside them is
/// less than e^-100 and 1e-6 of what comes.
const AGES: (f64, f64) = (0.05, 1000.0);

/// Times that are looked at while the release goes on, and as many after it.
const TIMES: usize = 96;

/// A release in calm or light air at its place on the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedCalm {
    /// The release; its wind is along x.
    pub calm: Calm,
    /// Position of the source in the grid's reference, m.
    pub source: Vector2<f64>,
    /// Turns the grid's axes into downwind and crosswind.
    pub turn: Rotation2<f64>,
    /// Height of the receptors, m.
    pub receptor_height: f64,
    /// How strong the wind is: in [`Regime::Calm`] this cloud stands alone, in [`Regime::Light`] beside a plume.
    pub regime: Regime,
}

impl PlacedCalm {
    /// The cloud of a release in some weather; none where the wind is strong enough for a plume alone.
    ///
    /// The growth is that of the wind at 10 m, the drift the wind at the release; a chimney's plume
    /// is at its final height from the beginning, as the wind hardly carries it.
    ///
    /// # Units
    /// - `receptor_height`: m above ground
    pub fn new(
        release: &Release,
        substance: &Substance,
        weather: &Weather,
        receptor_height: f64,
    ) -> Option<Self> {
        let regime = weather.regime();
        (regime != Regime::Steady).then(|| Self {
            calm: Calm {
                rate: release.rate,
                duration: release.duration,
                height: release
                    .stack
                    .map_or(release.height, |stack| stack.rise(release.height, weather).final_height()),
                wind: (weather.wind_at(release.height), 0.0),
                growth: growth(weather.stability, weather.wind_at(CLASS_WIND_HEIGHT)),
                pure_gas: substance.gas_density(weather.air_temperature, weather.pressure),
            },
            source: Vector2::new(release.x, release.y),
            turn: Rotation2::new(-weather.heading()),
            receptor_height,
            regime,
        })
    }

    /// The same cloud for receptors at another height, m.
    pub fn at_height(&self, receptor_height: f64) -> Self {
        Self { receptor_height, ..self.clone() }
    }

    /// The same cloud over the ground of a place that lies higher than the foot of the source, m.
    pub fn over(&self, ground: f64, class: Stability) -> Self {
        let height = height_in_class(self.calm.height, ground, class);
        Self { calm: Calm { height, ..self.calm }, ..self.clone() }
    }

    /// Downwind and crosswind coordinates of a point of the grid, m; downwind whichever way the
    /// wind blows where its direction is not known.
    pub fn in_wind(&self, x: f64, y: f64, direction_known: bool) -> Vector2<f64> {
        let from_source = Vector2::new(x, y) - self.source;
        if direction_known { self.turn * from_source } else { Vector2::new(from_source.norm(), 0.0) }
    }

    /// Point of the grid in a direction off the wind's, rad anticlockwise, at a distance, m.
    pub fn on_grid(&self, angle: f64, distance: f64) -> Vector2<f64> {
        self.source + self.turn.inverse() * (distance * Vector2::new(angle.cos(), angle.sin()))
    }

    /// Largest concentration that a point ever sees, kg/m³, and when it comes, s.
    ///
    /// Concentrations rise as long as the oldest gas that arrives outweighs the youngest that is no
    /// longer released: at least until the release ends, at most until its last gas has the
    /// [age that counts](Calm::age_that_counts). Between them both are alike once.
    pub fn largest(&self, at: Vector2<f64>, height: f64) -> (f64, f64) {
        let ends = self.calm.duration;
        let (mut low, mut high) = (ends, ends + self.calm.age_that_counts(at.x, at.y, height));
        let weight = |age: f64| self.calm.weight_of_age(at.x, at.y, height, age);
        for _ in 0..HALVINGS {
            let time = 0.5 * (low + high);
            if weight(time) >= weight(time - ends) { low = time } else { high = time }
        }
        (self.calm.concentration(at.x, at.y, height, high), high)
    }

    /// When a point first has a concentration, s; none where it never has it.
    pub fn arrival(&self, at: Vector2<f64>, height: f64, threshold: f64) -> Option<f64> {
        self.arrival_before(at, height, threshold, self.largest(at, height))
    }

    /// The same where its largest concentration and the time of it are known.
    fn arrival_before(
        &self,
        at: Vector2<f64>,
        height: f64,
        threshold: f64,
        (peak, time): (f64, f64),
    ) -> Option<f64> {
        if peak < threshold {
            return None;
        }
        let (mut before, mut after) = (0.0, time);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (before + after);
            let reached = self.calm.concentration(at.x, at.y, height, middle) >= threshold;
            if reached { after = middle } else { before = middle }
        }
        Some(after)
    }

    /// Times at which what a point sees is worth looking at, s, rising from zero.
    pub fn times(&self, at: Vector2<f64>, height: f64) -> Vec<f64> {
        let (counts, ends) = (self.calm.age_that_counts(at.x, at.y, height), self.calm.duration);
        let counts = counts.max(1e-6 * ends);
        let (first, last) = (AGES.0 * counts, AGES.1 * counts);
        let between = |from: f64, to: f64, share: f64| from * (to / from).powf(share);
        let shares = (0..=TIMES).map(|i| i as f64 / TIMES as f64);
        let mut times = vec![0.0];
        if first < ends {
            times.extend(shares.clone().map(|share| between(first, ends, share)));
        } else {
            times.push(ends);
        }
        let soonest = 1e-3 * counts;
        times.extend(shares.map(|share| ends + between(soonest, last, share)));
        times.dedup();
        times
    }

    /// The steady concentration that gives in the time of the release the load ∫ cⁿ dt that comes in all, kg/m³.
    pub fn steady_of_load(&self, at: Vector2<f64>, height: f64, exponent: f64) -> f64 {
        let times = self.times(at, height);
        let power = |time: f64| self.calm.concentration(at.x, at.y, height, time).powf(exponent);
        let load: f64 =
            times.windows(2).map(|pair| 0.5 * (power(pair[0]) + power(pair[1])) * (pair[1] - pair[0])).sum();
        (load / self.calm.duration).powf(1.0 / exponent)
    }
}

/// Takes clouds in weak wind into a band of rows of a grid: the largest concentration of all times
/// and the earliest time of `threshold`, beside what the band holds already.
pub fn fill_band(clouds: &[&PlacedCalm], grid: &Grid, direction_known: bool, threshold: f64, band: Band<'_>) {
    let Band { first_row, concentration, arrival } = band;
    if clouds.is_empty() {
        return;
    }
    concentration
        .par_chunks_mut(grid.columns)
        .zip(arrival.par_chunks_mut(grid.columns))
        .enumerate()
        .for_each(|(i, (values, arrivals))| {
            let y = grid.y(first_row + i);
            for cloud in clouds {
                for (column, (value, earliest)) in values.iter_mut().zip(arrivals.iter_mut()).enumerate() {
                    let at = cloud.in_wind(grid.x(column), y, direction_known);
                    let largest = cloud.largest(at, cloud.receptor_height);
                    *value = value.max(largest.0);
                    let reached = cloud.arrival_before(at, cloud.receptor_height, threshold, largest);
                    if let Some(time) = reached {
                        // f64::min passes over the NaN of "not yet reached".
                        *earliest = earliest.min(time);
                    }
                }
            }
        });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::plume::Plume;
    use crate::gas::source::known_rate;
    use crate::gas::substance::find;
    use crate::gas::weather::tests::neutral;
    use crate::gas::weather::{LIGHT_WIND, Stability, Surroundings};

    fn cloud(wind: f64, height: f64, duration: f64) -> PlacedCalm {
        let release = known_rate::release((10.0, -5.0), height, 2.0, duration);
        PlacedCalm::new(&release, find("CO").expect("in the table"), &neutral(wind), 1.5).expect("weak wind")
    }

    #[test]
    fn the_largest_value_is_the_largest_of_all_times() {
        for (wind, duration) in [(0.0, 20.0), (0.0, 3600.0), (0.4, 30.0), (1.2, 30.0), (1.2, 900.0)] {
            let cloud = cloud(wind, 6.0, duration);
            for at in [[15.0, 0.0], [-40.0, 10.0], [150.0, -30.0]] {
                let at = Vector2::from(at);
                let (peak, time) = cloud.largest(at, 1.5);
                let seen = |time: f64| cloud.calm.concentration(at.x, at.y, 1.5, time);
                assert!((seen(time) / peak - 1.0).abs() < 1e-12);
                let searched = (1..20_000).map(|i| seen(0.5 * f64::from(i))).fold(0.0, f64::max);
                assert!(searched <= peak * (1.0 + 1e-9), "{wind} {duration} {at:?}: {searched} {peak}");
            }
        }
    }

    #[test]
    fn a_threshold_is_reached_when_it_is_said_to_be() {
        let cloud = cloud(0.3, 0.0, 600.0);
        let at = Vector2::new(60.0, 10.0);
        let (peak, _) = cloud.largest(at, 1.5);
        let time = cloud.arrival(at, 1.5, 0.5 * peak).expect("reached");
        assert!((cloud.calm.concentration(at.x, at.y, 1.5, time) / (0.5 * peak) - 1.0).abs() < 1e-5);
        assert_eq!(cloud.arrival(at, 1.5, 1.001 * peak), None);
    }

    #[test]
    fn a_load_of_exponent_one_is_the_dose() {
        // ∫ c dt over all times is T times what a release without end would settle at.
        for duration in [30.0, 3000.0] {
            let cloud = cloud(0.6, 3.0, duration);
            let at = Vector2::new(50.0, 5.0);
            let steady = Calm { duration: f64::INFINITY, ..cloud.calm };
            let expected = steady.concentration(at.x, at.y, 1.5, 1e9);
            let found = cloud.steady_of_load(at, 1.5, 1.0);
            assert!((found / expected - 1.0).abs() < 0.01, "{duration}: {found} {expected}");
        }
    }

    #[test]
    fn turning_the_wind_turns_the_cloud_and_no_wind_has_no_direction() {
        let at = |cloud: &PlacedCalm, x: f64, y: f64| cloud.largest(cloud.in_wind(x, y, true), 1.5).0;
        let still = cloud(0.0, 2.0, 600.0);
        assert!((at(&still, 60.0, -5.0) / at(&still, 10.0, 45.0) - 1.0).abs() < 1e-12);
        // A wind from the west carries it east.
        let light = cloud(1.0, 2.0, 600.0);
        assert!(at(&light, 60.0, -5.0) > 3.0 * at(&light, -40.0, -5.0));
    }

    /// Plume over calm rule on the axis at the bound between them.
    fn jump(class: Stability, surroundings: Surroundings, distance: f64) -> f64 {
        let release = known_rate::release((0.0, 0.0), 0.0, 1.0, 36_000.0);
        let gas = find("CO").expect("in the table");
        let weather = |wind| crate::gas::weather::Weather { stability: class, surroundings, ..neutral(wind) };
        let plume = Plume::new(&release, gas, &weather(LIGHT_WIND), 0.0, 1800.0);
        let calm = PlacedCalm::new(&release, gas, &weather(LIGHT_WIND - 1e-9), 0.0).expect("light wind");
        plume.on_axis(distance) / calm.largest(Vector2::new(distance, 0.0), 0.0).0
    }

    #[test]
    fn at_the_bound_the_plume_is_the_larger_so_that_taking_the_larger_leaves_no_jump() {
        for surroundings in [Surroundings::Urban, Surroundings::Rural] {
            for class in Stability::ALL {
                let ratios = [50.0, 200.0, 1000.0].map(|distance| jump(class, surroundings, distance));
                let below = ratios.map(|ratio| ratio.max(1.0) / ratio);
                assert!(below.iter().all(|jump| *jump < 2.0), "{surroundings:?} {class:?}: {ratios:?}");
            }
        }
    }
}
