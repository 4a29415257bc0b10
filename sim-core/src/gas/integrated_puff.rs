//! A release of finite duration in a steady wind, in closed form.

use crate::gas::normal::normal_share;
use crate::gas::plume::Plume;

/// A plume whose source opens at time zero and closes after a duration.
///
/// Every part of the release is a puff that drifts with the wind; the sum of the
/// puffs over the duration is the steady plume times a share:
///
/// $$ c = c_{plume}\, G, \qquad G = \begin{cases}
/// \Phi\!\left(\frac{u t - x}{\sigma_x}\right) - \Phi\!\left(\frac{-x}{\sigma_x}\right) & t \le T \\
/// \Phi\!\left(\frac{u t - x}{\sigma_x}\right) - \Phi\!\left(\frac{u (t - T) - x}{\sigma_x}\right) & t > T
/// \end{cases} $$
///
/// Along the wind a puff is as long as it is wide, σx = σy; all coefficients are
/// those at the receptor. The plume's averaging time should not exceed the
/// duration: a short puff is not widened by wind that turns after it has passed.
///
/// # Valid for
/// Winds from 1.5 m/s (below: [`Calm`](crate::gas::calm::Calm)) that do not change while
/// the gas is on its way (else the puffs of [`puff`](crate::gas::puff)).
///
/// # Source
/// palazzi1982; hj169 (accidental release, wind from 1.5 m/s), as coded in a public program.
///
/// # Example
/// ```
/// # use sim_core::gas::{integrated_puff::IntegratedPuff, plume::Plume, source::known_rate, substance, weather};
/// # let weather = weather::Weather { wind_speed: 5.0, reference_height: 10.0, wind_direction_deg: 270.0,
/// #     stability: weather::Stability::D, air_temperature: 288.15, pressure: 101_325.0, mixing_height: None,
/// #     surroundings: weather::Surroundings::Rural, direction_spread_deg: 20.0,
/// #     profile: weather::WindProfile::Power };
/// let release = known_rate::release((0.0, 0.0), 10.0, 1.0, 600.0);
/// let plume = Plume::new(&release, substance::find("CO")?, &weather, 1.5, 600.0);
/// let puff = IntegratedPuff { plume: plume.clone(), duration: 300.0 };
/// // 5 m/s: at 1 km the middle of the front is due after 200 s, when half of the plume's value is reached.
/// let share = puff.concentration(1000.0, 0.0, 1.5, 200.0) / plume.concentration(1000.0, 0.0, 1.5);
/// assert!((share - 0.5).abs() < 1e-9);
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct IntegratedPuff {
    /// The plume of a release that never ends.
    pub plume: Plume,
    /// How long the release lasts, s.
    pub duration: f64,
}

impl IntegratedPuff {
    /// Concentration at a point and time after the release began, kg/m³.
    ///
    /// # Units
    /// - `downwind`, `crosswind`, `height`: m; `time`: s
    pub fn concentration(&self, downwind: f64, crosswind: f64, height: f64, time: f64) -> f64 {
        let uncut = Plume { pure_gas: f64::INFINITY, ..self.plume.clone() };
        let steady = uncut.concentration(downwind, crosswind, height);
        (steady * self.share(downwind, time)).min(self.plume.pure_gas)
    }

    /// Share of the steady plume that is present at a distance and time, 0 to 1.
    pub fn share(&self, downwind: f64, time: f64) -> f64 {
        let length = self.plume.width_at(downwind);
        if time <= 0.0 || length <= 0.0 {
            return 0.0;
        }
        let front = (self.plume.wind * time - downwind) / length;
        let tail = (self.plume.wind * (time - self.duration).max(0.0) - downwind) / length;
        // Written with the smaller tails, which keep their digits.
        if tail > 0.0 {
            normal_share(-tail) - normal_share(-front)
        } else {
            normal_share(front) - normal_share(tail)
        }
    }

    /// Largest concentration that a point ever sees, kg/m³.
    ///
    /// It comes when the middle of the cloud passes, at x/u + T/2, or with the
    /// last of the release where that is later.
    pub fn largest(&self, downwind: f64, crosswind: f64, height: f64) -> f64 {
        let passing = downwind / self.plume.wind + 0.5 * self.duration;
        self.concentration(downwind, crosswind, height, passing.max(self.duration))
    }

    /// Time integral of the concentration at a point, kg s/m³.
    ///
    /// $$ \int_0^\infty c\,dt = c_{plume}\,T\,\Phi(x/\sigma_x) $$
    pub fn dose(&self, downwind: f64, crosswind: f64, height: f64) -> f64 {
        let length = self.plume.width_at(downwind);
        if length <= 0.0 {
            return 0.0;
        }
        let uncut = Plume { pure_gas: f64::INFINITY, ..self.plume.clone() };
        uncut.concentration(downwind, crosswind, height) * self.duration * normal_share(downwind / length)
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;
    use crate::gas::plume::vertical_factor;
    use crate::gas::source::known_rate;
    use crate::gas::substance::find;
    use crate::gas::weather::tests::neutral;

    fn puff(duration: f64) -> IntegratedPuff {
        let release = known_rate::release((0.0, 0.0), 10.0, 2.0, duration);
        let gas = find("CO").expect("in the table");
        IntegratedPuff { plume: Plume::new(&release, gas, &neutral(3.0), 1.5, 600.0), duration }
    }

    #[test]
    fn is_the_sum_of_its_puffs_to_ten_digits() {
        // Simpson's rule over the release; every puff has the receptor's coefficients.
        let puff = puff(240.0);
        let (x, y, z) = (800.0, 20.0, 1.5);
        let (width, depth) = (puff.plume.width_at(x), puff.plume.depth_at(x));
        let vertical = vertical_factor(depth, 10.0, z, None);
        for time in [100.0, 240.0, 270.0, 400.0, 520.0] {
            let last = puff.duration.min(time);
            let steps = 20_000;
            let step = last / f64::from(steps);
            let sum: f64 = (0..=steps)
                .map(|i| {
                    let weight = if i == 0 || i == steps {
                        1.0
                    } else if i % 2 == 1 {
                        4.0
                    } else {
                        2.0
                    };
                    let centre = puff.plume.wind * (time - f64::from(i) * step);
                    let along = (-0.5 * ((x - centre) / width).powi(2)).exp();
                    weight * along * step / 3.0
                })
                .sum();
            let mass = puff.plume.rate * sum / ((2.0 * PI).powf(1.5) * width * width * depth);
            let expected = mass * (-0.5 * (y / width).powi(2)).exp() * vertical;
            let value = puff.concentration(x, y, z, time);
            assert!((value / expected - 1.0).abs() < 1e-10, "{time}: {value} {expected}");
        }
    }

    #[test]
    fn a_release_that_does_not_end_becomes_the_plume() {
        let puff = puff(1e5);
        let steady = puff.plume.concentration(500.0, 10.0, 1.5);
        assert!((puff.concentration(500.0, 10.0, 1.5, 9e4) / steady - 1.0).abs() < 1e-12);
        assert!((puff.largest(500.0, 10.0, 1.5) / steady - 1.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_arrives_before_its_time_and_nothing_stays() {
        let puff = puff(60.0);
        assert!(puff.share(3000.0, 500.0) < 1e-12);
        assert!(puff.share(3000.0, 5000.0) < 1e-12);
        assert_eq!(puff.concentration(100.0, 0.0, 1.5, 0.0), 0.0);
        assert_eq!(puff.concentration(-1.0, 0.0, 1.5, 50.0), 0.0);
    }

    #[test]
    fn the_dose_is_that_of_the_plume_for_as_long_as_the_release() {
        let puff = puff(120.0);
        let step = 0.25;
        let summed: f64 =
            (0..8000).map(|i| puff.concentration(600.0, 5.0, 1.5, (f64::from(i) + 0.5) * step) * step).sum();
        let expected = puff.plume.concentration(600.0, 5.0, 1.5) * 120.0;
        assert!((summed / expected - 1.0).abs() < 1e-6, "{summed} {expected}");
        assert!((puff.dose(600.0, 5.0, 1.5) / expected - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_largest_value_is_the_largest_of_all_times() {
        let puff = puff(90.0);
        for x in [50.0, 400.0, 2000.0] {
            let largest = puff.largest(x, 0.0, 1.5);
            let seen = (1..4000).map(|i| puff.concentration(x, 0.0, 1.5, f64::from(i) * 0.5));
            assert!(seen.fold(0.0, f64::max) <= largest * (1.0 + 1e-12), "{x}");
        }
    }
}
