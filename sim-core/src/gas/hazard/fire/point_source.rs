//! A fire as a point that radiates evenly.

use std::f64::consts::PI;

use nalgebra::Vector3;

use crate::error::Result;
use crate::gas::hazard::bounds::{Bound, none_of, refuse};
use crate::gas::hazard::fire::radiation::Air;
use crate::gas::hazard::fire::{Fire, FireKind};

/// A flame seen from afar: a point in its middle.
pub struct PointSourceKind;

impl FireKind for PointSourceKind {
    fn name(&self) -> &'static str {
        "point_source"
    }

    fn meaning(&self) -> &'static str {
        "any flame seen from afar: a share of its heat, radiated evenly from its middle (API 521)"
    }
}

/// A point that radiates evenly in all directions.
///
/// $$ q = \frac{\tau\,\chi\,\dot m\,\Delta H_c}{4 \pi R^2} $$
///
/// # Valid for
/// Distances of two flame lengths and more from its middle; nearer, the flame is no point.
///
/// # Source
/// neqsim (class JetFireModel, after API 521 section on flares); EPA uses the same for
/// pools and fireballs (rmp1999).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PointSource {
    /// Middle of the flame, m.
    pub middle: Vector3<f64>,
    /// Radiated power χ ṁ ΔH, W.
    pub power: f64,
}

/// Share of the heat of combustion that EPA takes to be radiated by pool fires and fireballs.
///
/// A cautious share for a fire about which nothing better is known; measured shares
/// of natural gas are 0.14 to 0.25 (fdsvalidation).
///
/// # Source
/// rmp1999, default radiative fraction 0.4, as listed by JRC RAPID-N.
pub const CAUTIOUS_RADIANT_FRACTION: f64 = 0.4;

impl PointSource {
    /// A point of a radiated power, W.
    pub fn new(middle: Vector3<f64>, power: f64) -> Self {
        Self { middle, power }
    }

    /// A flame of a burning rate, kg/s, a heat of combustion, J/kg, and a radiated share.
    ///
    /// # Errors
    /// E4532 a rate, heat or share out of range.
    ///
    /// # Example
    /// ```
    /// use nalgebra::Vector3;
    /// use sim_core::gas::hazard::fire::{Fire, point_source::PointSource, radiation::Air};
    /// // 1 kg/s of methane (50 MJ/kg), a fifth radiated: 10 MW; dry air, 100 m: 79.6 W/m².
    /// let flame = PointSource::of_flame(Vector3::zeros(), 1.0, 50e6, 0.2)?;
    /// let dry = Air { temperature: 288.15, pressure: 101_325.0, humidity: 0.0 };
    /// let flux = flame.irradiance(Vector3::new(100.0, 0.0, 0.0), &dry);
    /// assert!((flux - 79.577).abs() < 1e-3);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn of_flame(
        middle: Vector3<f64>,
        rate: f64,
        heat_of_combustion: f64,
        radiant_fraction: f64,
    ) -> Result<Self> {
        let bounds = [
            Bound::above("burning rate", rate, 0.0, 1e5, "kg/s"),
            Bound::above("heat of combustion", heat_of_combustion, 0.0, 150e6, "J/kg"),
            Bound::above("radiated share", radiant_fraction, 0.0, 1.0, ""),
        ];
        none_of(refuse(4532, &bounds, "check the unit; hydrogen has 120e6 J/kg, methane 50e6"))?;
        Ok(Self::new(middle, rate * heat_of_combustion * radiant_fraction))
    }
}

impl Fire for PointSource {
    fn irradiance(&self, target: Vector3<f64>, air: &Air) -> f64 {
        let distance = (target - self.middle).norm();
        air.transmissivity(distance) * self.power / (4.0 * PI * distance * distance)
    }

    fn irradiance_facing(&self, target: Vector3<f64>, facing: Vector3<f64>, air: &Air) -> f64 {
        let line = self.middle - target;
        self.irradiance(target, air) * (line.dot(&facing) / line.norm()).max(0.0)
    }

    fn extent(&self) -> f64 {
        self.middle.norm().max(SMALLEST)
    }

    fn bounding_power(&self) -> f64 {
        self.power
    }
}

/// Extent of a point at the origin, m: the search for a distance needs an end.
const SMALLEST: f64 = 0.1;

#[cfg(test)]
mod tests {
    use super::*;

    const DRY: Air = Air { temperature: 288.15, pressure: 101_325.0, humidity: 0.0 };

    #[test]
    fn the_power_through_a_sphere_is_the_power_of_the_point() {
        let point = PointSource::new(Vector3::new(1.0, 2.0, 3.0), 1e6);
        for radius in [1.0, 50.0] {
            let flux = point.irradiance(point.middle + Vector3::new(0.0, radius, 0.0), &DRY);
            assert!((flux * 4.0 * PI * radius * radius / 1e6 - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_surface_edge_on_gets_nothing_and_one_turned_away_neither() {
        let point = PointSource::new(Vector3::zeros(), 1e6);
        let place = Vector3::new(10.0, 0.0, 0.0);
        assert_eq!(point.irradiance_facing(place, Vector3::y(), &DRY), 0.0);
        assert_eq!(point.irradiance_facing(place, Vector3::x(), &DRY), 0.0);
        let facing = point.irradiance_facing(place, -Vector3::x(), &DRY);
        assert_eq!(facing, point.irradiance(place, &DRY));
    }

    #[test]
    fn a_flame_that_cannot_be_is_refused() {
        let problems = PointSource::of_flame(Vector3::zeros(), 0.0, -1.0, 1.5).expect_err("three mistakes");
        assert!(problems.0.len() == 3 && problems.0.iter().all(|problem| problem.code.0 == 4532));
    }
}
