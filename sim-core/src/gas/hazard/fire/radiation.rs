//! Radiation through air, and how far a fire is dangerous.

use std::f64::consts::PI;

use nalgebra::Vector3;

use crate::error::Result;
use crate::gas::hazard::bounds::{Bound, none_of, refuse};
use crate::gas::hazard::fire::Fire;
use crate::units::CELSIUS_ZERO;

/// The air between a fire and what it heats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Air {
    /// Temperature, K.
    pub temperature: f64,
    /// Pressure, Pa.
    pub pressure: f64,
    /// Relative humidity, 0 to 1.
    pub humidity: f64,
}

impl Air {
    /// Refuses air that cannot be.
    ///
    /// # Errors
    /// E4530 a temperature, pressure or humidity out of range.
    pub fn check(&self) -> Result<()> {
        let bounds = [
            Bound::from("air temperature", self.temperature, 213.0, 333.0, "K"),
            Bound::from("air pressure", self.pressure, 40_000.0, 110_000.0, "Pa"),
            Bound::from("relative humidity", self.humidity, 0.0, 1.0, ""),
        ];
        none_of(refuse(4530, &bounds, "temperatures are kelvin, humidity is a share of 1"))
    }

    /// Pressure of the water vapour, Pa.
    pub fn vapour_pressure(&self) -> f64 {
        self.humidity * saturation_pressure(self.temperature)
    }

    /// Density of the air, kg/m³, taken as dry.
    pub fn density(&self) -> f64 {
        crate::units::ideal_gas_density(crate::units::MOLAR_MASS_AIR, self.temperature, self.pressure)
    }

    /// Share of a fire's radiation that passes a length of this air.
    ///
    /// $$ \tau = 2.02\, (p_w x)^{-0.09}, \quad \text{at most } 1 $$
    ///
    /// # Units
    /// - `length`: m; `p_w` the vapour pressure, Pa
    ///
    /// # Valid for
    /// Products p_w x of 1e4 to 1e5 N/m. Below, where the formula would pass 1, all
    /// radiation passes, so that nobody is told a fire is cooler than it is; above it
    /// is carried on as it stands, and fog or rain would take away more.
    ///
    /// # Source
    /// assael2010 equation C-2.47 (Bagster and Pittblado 1989).
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::hazard::fire::radiation::Air;
    /// let air = Air { temperature: 293.15, pressure: 101_325.0, humidity: 0.5 };
    /// // 1170 Pa of vapour over 50 m: 2.02 · 58 470^−0.09 = 0.752.
    /// assert!((air.transmissivity(50.0) - 0.752).abs() < 0.001);
    /// ```
    pub fn transmissivity(&self, length: f64) -> f64 {
        (2.02 * (self.vapour_pressure() * length.max(0.0)).powf(-0.09)).min(1.0)
    }
}

/// Saturation pressure of water vapour over water, Pa.
///
/// $$ e_s = 610.94 \exp \frac{17.625\,\vartheta}{\vartheta + 243.04} $$
///
/// # Units
/// - `temperature`: K, ϑ in °C; −40 to 50 °C within 0.4 %
///
/// # Source
/// Magnus's form with the constants of Alduchov and Eskridge 1996 (remembered; checked
/// against 2339 Pa at 20 °C and 611.7 Pa at 0 °C of the steam tables).
pub fn saturation_pressure(temperature: f64) -> f64 {
    let celsius = temperature - CELSIUS_ZERO;
    610.94 * (17.625 * celsius / (celsius + 243.04)).exp()
}

/// Height of people above the ground at which radiation is taken, m.
///
/// Reason: breathing height, as receptors of gas.
pub const TARGET_HEIGHT: f64 = 1.5;

/// Distances tried between the farthest possible one and the flame, each so much nearer.
const STEP: f64 = 1.02;

/// Halvings of the interval in which the threshold is met.
const HALVINGS: usize = 50;

/// A distance at which a threshold is met.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// Farthest distance from the origin at which it is met, m; zero if nowhere.
    pub distance: f64,
    /// True where the radiation falls all the way from the flame outwards, so that
    /// everything nearer is hotter; false where some place nearer is cooler.
    pub is_monotone: bool,
}

/// Farthest distance in a direction at which a threshold is met.
///
/// Looked for from afar inwards, in steps of 2 %: the search begins where the
/// bounding power of the fire proves the radiation to be below the threshold, so
/// that no crossing farther out can be missed; the first place above it, and the
/// one before, hold the last crossing, which is then halved in.
///
/// # Units
/// - `bearing`: radians anticlockwise from x; `threshold`: W/m², above zero
///
/// # Errors
/// E4531 a threshold that is not above zero; those of [`Air::check`].
pub fn distance_to(fire: &impl Fire, bearing: f64, threshold: f64, air: &Air) -> Result<Reach> {
    air.check()?;
    let bound = Bound::above("radiation threshold", threshold, 0.0, 1e7, "W/m²");
    none_of(refuse(4531, &[bound], "give W/m²: 5 kW/m² is 5000"))?;
    let flux = |distance: f64| {
        let place = Vector3::new(distance * bearing.cos(), distance * bearing.sin(), TARGET_HEIGHT);
        fire.irradiance(place, air)
    };
    let farthest = fire.extent() + (fire.bounding_power() / (PI * threshold)).sqrt();
    let nearest = NEAREST_SHARE * fire.extent();
    let (mut outside, mut inside, mut last, mut is_monotone) = (farthest, 0.0, 0.0, true);
    let mut distance = farthest;
    while distance > nearest {
        let value = flux(distance);
        is_monotone &= value >= last;
        last = value;
        if inside == 0.0 && value >= threshold {
            inside = distance;
        }
        if inside == 0.0 {
            outside = distance;
        }
        distance /= STEP;
    }
    if inside == 0.0 {
        return Ok(Reach { distance: 0.0, is_monotone });
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (inside + outside);
        if flux(middle) >= threshold { inside = middle } else { outside = middle }
    }
    Ok(Reach { distance: inside, is_monotone })
}

/// Share of the flame's extent below which nobody asks: it is in the flame.
const NEAREST_SHARE: f64 = 0.05;

/// Where a threshold is met around a fire.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatZone {
    /// Threshold, W/m².
    pub threshold: f64,
    /// Distance for each bearing, radians anticlockwise from x, rising, evenly around.
    pub outline: Vec<(f64, Reach)>,
}

impl HeatZone {
    /// Farthest distance in any direction, m.
    pub fn radius(&self) -> f64 {
        self.outline.iter().map(|point| point.1.distance).fold(0.0, f64::max)
    }
}

/// The outline within which a threshold is met, by bearings evenly around.
///
/// # Errors
/// Those of [`distance_to`].
pub fn heat_zone(fire: &impl Fire, threshold: f64, bearings: usize, air: &Air) -> Result<HeatZone> {
    let outline = (0..bearings)
        .map(|index| {
            let bearing = 2.0 * PI * index as f64 / bearings as f64;
            Ok((bearing, distance_to(fire, bearing, threshold, air)?))
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(HeatZone { threshold, outline })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::hazard::fire::point_source::PointSource;

    const AIR: Air = Air { temperature: 288.15, pressure: 101_325.0, humidity: 0.7 };

    #[test]
    fn the_saturation_pressure_is_that_of_the_steam_tables() {
        // IAPWS: 611.7 Pa at 0 °C, 2339 Pa at 20 °C, 7384 Pa at 40 °C.
        for (celsius, expected) in [(0.01, 611.7), (20.0, 2339.0), (40.0, 7384.0)] {
            let found = saturation_pressure(CELSIUS_ZERO + celsius);
            assert!((found / expected - 1.0).abs() < 0.004, "{celsius}: {found}");
        }
    }

    #[test]
    fn more_air_lets_less_through_and_dry_air_all() {
        let passes = |length: f64| AIR.transmissivity(length);
        assert!(passes(0.0) == 1.0 && passes(10.0) >= passes(100.0) && passes(100.0) > passes(1000.0));
        assert_eq!(Air { humidity: 0.0, ..AIR }.transmissivity(500.0), 1.0);
    }

    #[test]
    fn the_threshold_is_met_at_its_distance_and_not_beyond() {
        let fire = PointSource::new(Vector3::new(0.0, 0.0, 12.0), 50e6);
        let mut last = f64::INFINITY;
        for threshold in [1600.0, 4000.0, 12_500.0, 25_000.0] {
            let reach = distance_to(&fire, 0.7, threshold, &AIR).expect("sound");
            let at = |distance: f64| {
                let place = Vector3::new(distance * 0.7_f64.cos(), distance * 0.7_f64.sin(), TARGET_HEIGHT);
                fire.irradiance(place, &AIR)
            };
            assert!((at(reach.distance) / threshold - 1.0).abs() < 1e-9);
            assert!(at(reach.distance * 1.001) < threshold && reach.is_monotone);
            assert!(reach.distance < last);
            last = reach.distance;
        }
        assert_eq!(distance_to(&fire, 0.0, 5e6, &AIR).expect("sound").distance, 0.0);
    }

    #[test]
    fn a_zone_of_an_upright_source_is_a_circle() {
        let fire = PointSource::new(Vector3::new(0.0, 0.0, 5.0), 20e6);
        let zone = heat_zone(&fire, 5000.0, 12, &AIR).expect("sound");
        assert!(zone.outline.iter().all(|point| (point.1.distance / zone.radius() - 1.0).abs() < 1e-9));
    }

    #[test]
    fn thresholds_and_air_that_cannot_be_are_refused() {
        let fire = PointSource::new(Vector3::zeros(), 1e6);
        for threshold in [0.0, -5.0, f64::NAN] {
            assert_eq!(distance_to(&fire, 0.0, threshold, &AIR).expect_err("refused").0[0].code.0, 4531);
        }
        let wet = Air { humidity: 55.0, ..AIR };
        assert_eq!(distance_to(&fire, 0.0, 5000.0, &wet).expect_err("refused").0[0].code.0, 4530);
    }
}
