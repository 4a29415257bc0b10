//! A release in light wind and calm air, in closed form.

use std::f64::consts::PI;

use crate::gas::normal::normal_share;
use crate::gas::weather::{CALM_WIND, Stability};

pub mod placed;

pub use placed::PlacedCalm;

/// How fast a cloud grows in time, m/s: σ = γ t.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Growth {
    /// Along and across the wind.
    pub horizontal: f64,
    /// Upwards.
    pub vertical: f64,
}

/// γ01 of classes A to F below [`CALM_WIND`].
const HORIZONTAL_CALM: [f64; 6] = [0.93, 0.76, 0.55, 0.47, 0.44, 0.44];

/// γ01 of classes A to F from [`CALM_WIND`] on.
const HORIZONTAL_LIGHT: [f64; 6] = [0.76, 0.56, 0.35, 0.27, 0.24, 0.24];

/// γ02 of classes A to F at either wind.
const VERTICAL: [f64; 6] = [1.57, 0.47, 0.21, 0.12, 0.07, 0.05];

/// Growth of a cloud in a wind below 1.5 m/s.
///
/// # Source
/// hj22, table of light-wind and calm coefficients (30 minutes), as coded in a public program
/// (the standard itself could not be opened).
///
/// # Example
/// ```
/// use sim_core::gas::calm::growth;
/// use sim_core::gas::weather::Stability;
/// assert_eq!(growth(Stability::D, 0.2).horizontal, 0.47);
/// assert_eq!(growth(Stability::D, 1.0).horizontal, 0.27);
/// ```
pub fn growth(class: Stability, wind: f64) -> Growth {
    let horizontal = if wind < CALM_WIND { HORIZONTAL_CALM } else { HORIZONTAL_LIGHT };
    Growth { horizontal: horizontal[class as usize], vertical: VERTICAL[class as usize] }
}

/// Longest step with which puffs in calm air make up for a steady stream from a distance on, s.
///
/// Of the sum over their ages the age that counts most is $r/(\sqrt3\,\gamma_1)$, and the bell about it
/// is as wide as that: puffs a quarter of it apart are 1 % off.
///
/// # Units
/// - `nearest`: distance of the nearest receptor, m
pub fn longest_step(growth: Growth, nearest: f64) -> f64 {
    0.25 * nearest / (3.0_f64.sqrt() * growth.horizontal)
}

/// A release of finite duration whose puffs grow with time and drift slowly or not at all.
///
/// Gas that has left the source for a time T is a puff of σx = σy = γ₁T, σz = γ₂T at a
/// distance uT. With s = 1/T the sum over the release is a bell curve times s, so that
/// it has a closed form, also without any wind:
///
/// $$ c = \frac{Q}{(2\pi)^{3/2}\gamma_1^2\gamma_2}\,
/// \frac{1}{2}\sum_{H = h \mp z} A_3 G, \quad
/// A_0 = x^2+y^2+\left(\tfrac{\gamma_1 H}{\gamma_2}\right)^2,\
/// A_1 = \frac{A_0}{2\gamma_1^2},\ A_2 = \frac{u x + v y}{A_0} $$
///
/// $$ A_3 = \exp\!\left(-\frac{u^2+v^2}{2\gamma_1^2} + A_1 A_2^2\right),\quad
/// G = \left[\frac{e^{-A_1(s-A_2)^2}}{A_1}
/// - 2\sqrt{\tfrac{\pi}{A_1}}\,A_2\,\Phi(\sqrt{2A_1}(s-A_2))\right]_{s_1}^{s_0} $$
///
/// from the youngest gas, s₁ = 1/(t − T) (infinite while the release goes on), to the
/// oldest, s₀ = 1/t. The standard has the release and its image in the ground for
/// receptors on the ground; both images are kept here, so that any height is served.
///
/// # Valid for
/// Winds below 1.5 m/s over flat ground, a gas neither heavy nor light, no lid. Gas in
/// calm air follows every slope: expect a factor of several.
///
/// # Source
/// hj22 (light wind and calm); hj169; the integral checked in the tests.
///
/// # Example
/// ```
/// use sim_core::gas::calm::{Calm, Growth};
/// let calm = Calm { rate: 1.0, duration: 1e9, height: 0.0, wind: (0.0, 0.0),
///     growth: Growth { horizontal: 0.5, vertical: 0.1 }, pure_gas: f64::INFINITY };
/// // No wind, ground to ground, steady: c = 2 Q/((2π)^1.5 γ2 r²) = 2/(15.75·0.1·10⁴).
/// assert!((calm.concentration(100.0, 0.0, 0.0, 1e8) * 15_750.0 / 2.0 - 1.0).abs() < 1e-3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calm {
    /// Mass rate, kg/s.
    pub rate: f64,
    /// How long the release lasts, s.
    pub duration: f64,
    /// Height of the release, m.
    pub height: f64,
    /// Drift along x and y, m/s.
    pub wind: (f64, f64),
    /// How fast a puff grows.
    pub growth: Growth,
    /// Concentration of the pure gas, kg/m³, to which the formula is cut near the source.
    pub pure_gas: f64,
}

impl Calm {
    /// Concentration at a point, with the source at x = y = 0, and a time after the release began, kg/m³.
    ///
    /// # Units
    /// - `x`, `y`, `height`: m; `time`: s
    pub fn concentration(&self, x: f64, y: f64, height: f64, time: f64) -> f64 {
        if time <= 0.0 {
            return 0.0;
        }
        let Growth { horizontal, vertical } = self.growth;
        let strength = self.rate / ((2.0 * PI).powf(1.5) * horizontal * horizontal * vertical);
        let images =
            self.image(x, y, self.height - height, time) + self.image(x, y, self.height + height, time);
        (0.5 * strength * images).min(self.pure_gas)
    }

    /// Age of the puff that counts most at a point, s: the later of the release's and its image's.
    ///
    /// $$ \frac{d}{da}\left[a^{-3} e^{-A_1(1/a-A_2)^2}\right] = 0:\quad a = \tfrac13\left(\sqrt{A_1^2A_2^2+6A_1}-A_1A_2\right) $$
    ///
    /// A release that lasts longer is felt most when it ends; one that is shorter some time
    /// between its end and this age after it.
    pub fn age_that_counts(&self, x: f64, y: f64, height: f64) -> f64 {
        let age = |above: f64| {
            let (u, v) = self.wind;
            let spread = self.growth.horizontal;
            let square = x * x + y * y + (spread * above / self.growth.vertical).powi(2);
            let steepness = square / (2.0 * spread * spread);
            let shift = (u * x + v * y) / (2.0 * spread * spread);
            ((shift * shift + 6.0 * steepness).sqrt() - shift) / 3.0
        };
        age(self.height - height).max(age(self.height + height))
    }

    /// How much gas of an age adds at a point, in proportion: $a^{-3} e^{-A_1(1/a-A_2)^2}$ over both images.
    pub fn weight_of_age(&self, x: f64, y: f64, height: f64, age: f64) -> f64 {
        if age <= 0.0 {
            return 0.0;
        }
        let (wide, high) = (self.growth.horizontal * age, self.growth.vertical * age);
        let (dx, dy) = (x - self.wind.0 * age, y - self.wind.1 * age);
        let flat = -0.5 * (dx * dx + dy * dy) / (wide * wide);
        let image = |above: f64| (flat - 0.5 * (above / high).powi(2)).exp();
        (image(self.height - height) + image(self.height + height)) / age.powi(3)
    }

    /// Mass in the air some time after the release began, kg, summed from the formula.
    ///
    /// Half of the release and half of its image lie above the ground each way, so that together
    /// they are one release in open air; in coordinates stretched by the growths that has
    /// the wind as its axis, and two sums remain. Used as the mass balance of a run.
    pub fn mass_in_the_air(&self, time: f64) -> f64 {
        /// Intervals of the angle (even) and steps of the logarithm of the distance.
        const ANGLES: usize = 600;
        const STEPS: usize = 1200;
        let Growth { horizontal, vertical } = self.growth;
        let (u, v) = self.wind;
        let open = Self { height: 0.0, wind: (u.hypot(v), 0.0), pure_gas: f64::INFINITY, ..*self };
        let strength = self.rate / ((2.0 * PI).powf(1.5) * horizontal * horizontal * vertical);
        // Farther or nearer than this no puff of any age counts.
        let reach = (u.hypot(v) + 10.0 * horizontal) * time;
        let (near, far) = ((1e-8 * reach).ln(), reach.ln());
        let step = (far - near) / STEPS as f64;
        // The cosine is 1 - 2 w⁴: places crowd along the wind, where all of it lies when it is swift.
        let ring = |log: f64, w: f64| {
            let distance = log.exp();
            let half_gap = w.powi(4);
            let (cosine, sine) = (1.0 - 2.0 * half_gap, 2.0 * (half_gap * (1.0 - half_gap)).max(0.0).sqrt());
            // Along the wind and across it; the stretched height stands for the third direction.
            8.0 * w.powi(3) * distance.powi(3) * open.image(distance * cosine, distance * sine, 0.0, time)
        };
        let shell = |log: f64| {
            let at = |i: usize| ring(log, i as f64 / ANGLES as f64);
            let weight = |i: usize| if i == 0 || i == ANGLES { 1.0 } else { (2 + 2 * (i % 2)) as f64 };
            (0..=ANGLES).map(|i| weight(i) * at(i)).sum::<f64>() / (3.0 * ANGLES as f64)
        };
        let sum: f64 = (0..=STEPS).map(|i| shell(near + i as f64 * step)).sum();
        0.5 * strength * 2.0 * PI * sum * step * vertical / horizontal
    }

    /// A₃ G of one image at a height below or above the receptor.
    fn image(&self, x: f64, y: f64, above: f64, time: f64) -> f64 {
        let (u, v) = self.wind;
        let spread = self.growth.horizontal;
        let square = x * x + y * y + (spread * above / self.growth.vertical).powi(2);
        let age = time - self.duration;
        if square == 0.0 {
            // The source itself, and once it is closed the integral of s alone.
            let still = (-(u * u + v * v) / (2.0 * spread * spread)).exp();
            return if age > 0.0 { still * (age.powi(-2) - time.powi(-2)) } else { f64::INFINITY };
        }
        let steepness = square / (2.0 * spread * spread);
        let middle = (u * x + v * y) / square;
        let base = -(u * u + v * v) / (2.0 * spread * spread);
        let young = if age > 0.0 { Self::primitive(1.0 / age, steepness, middle, base) } else { 0.0 };
        // The difference of two nearly equal tails can fall below zero by rounding.
        (Self::primitive(1.0 / time, steepness, middle, base) - young).max(0.0)
    }

    /// Twice the integral of s e^(−A₁(s−A₂)²) from s to infinity, times A₃.
    fn primitive(s: f64, steepness: f64, middle: f64, base: f64) -> f64 {
        let from = s - middle;
        // A₃ e^(−A₁(s−A₂)²) in one exponent, which is never positive.
        let bell = (base + steepness * (middle * middle - from * from)).exp();
        let shift = (base + steepness * middle * middle).exp();
        let tail = normal_share(-(2.0 * steepness).sqrt() * from);
        bell / steepness + 2.0 * (PI / steepness).sqrt() * middle * shift * tail
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calm(wind: (f64, f64), height: f64, duration: f64) -> Calm {
        let growth = growth(Stability::D, wind.0.hypot(wind.1));
        Calm { rate: 2.0, duration, height, wind, growth, pure_gas: f64::INFINITY }
    }

    /// The sum of puffs by Simpson's rule over the logarithm of their age.
    fn summed(calm: &Calm, x: f64, y: f64, z: f64, time: f64) -> f64 {
        let oldest = time.ln();
        let youngest = (time - calm.duration).max(1e-3).ln();
        let steps = 200_000;
        let step = (oldest - youngest) / f64::from(steps);
        let puff = |log_age: f64| {
            let age = log_age.exp();
            let (wide, high) = (calm.growth.horizontal * age, calm.growth.vertical * age);
            let (dx, dy) = (x - calm.wind.0 * age, y - calm.wind.1 * age);
            let flat = -(dx * dx + dy * dy) / (2.0 * wide * wide);
            let bell = |above: f64| (flat - 0.5 * (above / high).powi(2)).exp();
            let images = bell(calm.height - z) + bell(calm.height + z);
            age * calm.rate * images / ((2.0 * PI).powf(1.5) * wide * wide * high)
        };
        let weight = |i: i32| {
            if i == 0 || i == steps {
                1.0
            } else if i % 2 == 1 {
                4.0
            } else {
                2.0
            }
        };
        (0..=steps).map(|i| weight(i) * puff(youngest + f64::from(i) * step)).sum::<f64>() * step / 3.0
    }

    #[test]
    fn is_the_integral_over_its_puffs() {
        for wind in [(0.0, 0.0), (0.3, 0.0), (1.2, 0.0), (0.7, -0.6)] {
            for (height, z) in [(0.0, 1.5), (10.0, 1.5), (10.0, 12.0)] {
                let calm = calm(wind, height, 300.0);
                for (x, y) in [(40.0, 0.0), (-20.0, 15.0), (150.0, -60.0)] {
                    for time in [120.0, 300.0, 500.0] {
                        let (value, expected) =
                            (calm.concentration(x, y, z, time), summed(&calm, x, y, z, time));
                        let error = (value - expected).abs();
                        let largest = calm.concentration(0.0, 3.0, z, 300.0);
                        assert!(
                            error < 1e-8 * expected + 1e-13 * largest,
                            "{wind:?} {height} {z} {x} {y} {time}: {value:e} {expected:e}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn without_wind_all_directions_are_alike() {
        let calm = calm((0.0, 0.0), 5.0, 600.0);
        let east = calm.concentration(50.0, 0.0, 1.5, 400.0);
        for degrees in [30.0_f64, 90.0, 200.0] {
            let (sin, cos) = degrees.to_radians().sin_cos();
            assert!((calm.concentration(50.0 * cos, 50.0 * sin, 1.5, 400.0) / east - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn the_steady_state_without_wind_falls_with_the_square_of_the_distance() {
        let calm = calm((0.0, 0.0), 0.0, f64::INFINITY);
        let at = |r: f64| calm.concentration(r, 0.0, 0.0, 1e9);
        assert!((at(50.0) / at(100.0) - 4.0).abs() < 1e-6);
    }

    #[test]
    fn the_ground_holds_the_gas_back() {
        let calm = calm((0.4, 0.1), 8.0, 300.0);
        let (up, down) =
            (calm.concentration(20.0, 5.0, 0.01, 200.0), calm.concentration(20.0, 5.0, -0.01, 200.0));
        assert!((up / down - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_in_the_air_is_what_was_released() {
        // Midpoint sums over boxes; the release ends at 60 s, the cloud is looked at after 100 s.
        let calm = Calm { growth: Growth { horizontal: 0.4, vertical: 0.3 }, ..calm((0.3, 0.0), 5.0, 60.0) };
        let (step, reach) = (4.0, 240.0);
        let cells = (2.0 * reach / step) as i32;
        let mut mass = 0.0;
        for i in 0..cells {
            for j in 0..cells {
                for k in 0..cells / 2 {
                    let at = |n: i32| (f64::from(n) + 0.5) * step;
                    mass += calm.concentration(at(i) - reach, at(j) - reach, at(k), 100.0);
                }
            }
        }
        let expected = 2.0 * 60.0;
        assert!((mass * step.powi(3) / expected - 1.0).abs() < 1e-6, "{}", mass * step.powi(3) / expected);
    }

    #[test]
    fn the_mass_in_the_air_is_found_at_once() {
        for wind in [(0.0, 0.0), (0.4, 0.0), (0.9, 0.9)] {
            for (duration, time) in [(60.0, 100.0), (600.0, 400.0), (1e4, 1e4), (5.0, 3000.0)] {
                let calm = calm(wind, 12.0, duration);
                let expected = calm.rate * duration.min(time);
                let found = calm.mass_in_the_air(time);
                assert!((found / expected - 1.0).abs() < 1e-6, "{wind:?} {duration}: {found} {expected}");
            }
        }
    }

    #[test]
    fn the_source_itself_is_the_limit_of_its_surroundings() {
        let calm = calm((0.3, 0.0), 0.0, 60.0);
        let (at, beside) =
            (calm.concentration(0.0, 0.0, 0.0, 90.0), calm.concentration(1e-4, 0.0, 0.0, 90.0));
        assert!((at / beside - 1.0).abs() < 1e-3, "{at} {beside}");
        assert!(calm.concentration(0.0, 0.0, 0.0, 30.0).is_infinite());
    }

    #[test]
    fn never_exceeds_the_pure_gas() {
        let calm = Calm { pure_gas: 1.2, ..calm((0.0, 0.0), 0.0, 600.0) };
        assert_eq!(calm.concentration(0.0, 0.0, 0.0, 10.0), 1.2);
    }
}
