//! Physical constants with their source, and the only unit conversions of the engine.
//!
//! Everything inside is SI. A value that comes in or goes out in another unit
//! passes through this module, so that a factor of 3600 or 1000 is written once.

/// Metres in a kilometre.
pub const METRES_PER_KILOMETRE: f64 = 1000.0;

/// Standard acceleration of gravity, m/s².
///
/// # Source
/// BIPM, *The International System of Units*, 9th ed. 2019 (3rd CGPM, 1901).
pub const GRAVITY: f64 = 9.806_65;

/// Molar gas constant, J/(mol K).
///
/// # Source
/// CODATA 2018 (exact since the 2019 redefinition of the SI).
pub const GAS_CONSTANT: f64 = 8.314_462_618;

/// Standard atmosphere, Pa.
///
/// # Source
/// ISO 2533:1975.
pub const STANDARD_PRESSURE: f64 = 101_325.0;

/// Molar mass of dry air, kg/mol.
///
/// # Source
/// ISO 2533:1975, *Standard Atmosphere*.
pub const MOLAR_MASS_AIR: f64 = 0.028_964_420;

/// Zero of the Celsius scale, K.
pub const CELSIUS_ZERO: f64 = 273.15;

/// Seconds in a minute.
pub const MINUTE: f64 = 60.0;

/// Seconds in an hour.
pub const HOUR: f64 = 3600.0;

/// One inch, m; exact.
///
/// # Source
/// International yard and pound agreement, 1959.
pub const INCH: f64 = 0.0254;

/// One foot, m; exact.
///
/// # Source
/// International yard and pound agreement, 1959.
pub const FOOT: f64 = 0.3048;

/// Rain or loss rate in m/s from mm/h.
///
/// # Example
/// ```
/// assert_eq!(sim_core::units::from_mm_h(3.6e6), 1.0);
/// ```
pub fn from_mm_h(rate_mm_h: f64) -> f64 {
    rate_mm_h / (1000.0 * HOUR)
}

/// Rain or loss rate in mm/h from m/s.
pub fn to_mm_h(rate: f64) -> f64 {
    rate * 1000.0 * HOUR
}

/// Rain rate in m/s from mm/min.
///
/// # Example
/// ```
/// assert_eq!(sim_core::units::from_mm_min(6e4), 1.0);
/// ```
pub fn from_mm_min(rate_mm_min: f64) -> f64 {
    rate_mm_min / (1000.0 * MINUTE)
}

/// Rain rate in m/s from litres per second on a hectare, the unit of drainage standards.
///
/// # Example
/// ```
/// use sim_core::units::{from_litres_s_hectare, to_mm_h};
/// // 1 L on 10 000 m² is 1e-7 m of water: 0.36 mm/h.
/// assert!((to_mm_h(from_litres_s_hectare(1.0)) - 0.36).abs() < 1e-15);
/// ```
pub fn from_litres_s_hectare(rate_litres_s_hectare: f64) -> f64 {
    const CUBIC_METRES_PER_LITRE: f64 = 1e-3;
    const SQUARE_METRES_PER_HECTARE: f64 = 1e4;
    rate_litres_s_hectare * CUBIC_METRES_PER_LITRE / SQUARE_METRES_PER_HECTARE
}

/// Temperature in °C from K.
pub fn to_celsius(temperature: f64) -> f64 {
    temperature - CELSIUS_ZERO
}

/// Volume fraction (m³ of gas per m³ of air) from a mass concentration in kg/m³.
///
/// $$ y = \frac{c}{M} \frac{R T}{p} $$
///
/// # Units
/// - `concentration`: kg/m³
/// - `molar_mass`: kg/mol
/// - `temperature`: air temperature, K
/// - `pressure`: air pressure, Pa
/// - returns: fraction; multiply by 1e6 for ppm
///
/// # Valid for
/// Dilute gas at the temperature and pressure of the air around it.
///
/// # Source
/// Ideal gas law.
///
/// # Example
/// ```
/// use sim_core::units::volume_fraction;
/// // 2.9 mg/m³ of chlorine is 1 ppm at 25 °C.
/// let y = volume_fraction(2.9e-6, 0.0709, 298.15, 101_325.0);
/// assert!((y * 1e6 - 1.0).abs() < 0.01);
/// ```
pub fn volume_fraction(concentration: f64, molar_mass: f64, temperature: f64, pressure: f64) -> f64 {
    concentration / molar_mass * GAS_CONSTANT * temperature / pressure
}

/// Mass concentration in kg/m³ from a volume fraction; the inverse of [`volume_fraction`].
pub fn mass_concentration(fraction: f64, molar_mass: f64, temperature: f64, pressure: f64) -> f64 {
    fraction * molar_mass * pressure / (GAS_CONSTANT * temperature)
}

/// Density of an ideal gas, kg/m³.
///
/// # Units
/// - `molar_mass`: kg/mol; `temperature`: K; `pressure`: Pa (absolute)
///
/// # Example
/// ```
/// use sim_core::units::{ideal_gas_density, MOLAR_MASS_AIR};
/// let air = ideal_gas_density(MOLAR_MASS_AIR, 288.15, 101_325.0);
/// assert!((air - 1.225).abs() < 0.001, "the standard atmosphere at sea level");
/// ```
pub fn ideal_gas_density(molar_mass: f64, temperature: f64, pressure: f64) -> f64 {
    pressure * molar_mass / (GAS_CONSTANT * temperature)
}

/// Direction a vector points to, in radians anticlockwise from east, from the
/// direction a wind comes **from** in degrees clockwise from north.
///
/// # Example
/// ```
/// use sim_core::units::heading_from_wind_direction;
/// // A west wind (270°) blows towards the east (0 rad).
/// assert!(heading_from_wind_direction(270.0).abs() < 1e-12);
/// ```
pub fn heading_from_wind_direction(direction_deg: f64) -> f64 {
    // East is 90° on the compass; a wind from 270° heads there.
    (270.0 - direction_deg).rem_euclid(360.0).to_radians()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversions_and_their_inverses_cancel() {
        assert!((to_mm_h(from_mm_h(60.0)) - 60.0).abs() < 1e-12);
        let c = mass_concentration(volume_fraction(1e-3, 0.016, 290.0, 1e5), 0.016, 290.0, 1e5);
        assert!((c - 1e-3).abs() < 1e-15);
    }

    #[test]
    fn a_north_wind_blows_to_the_south() {
        let heading = heading_from_wind_direction(0.0);
        assert!((heading.sin() + 1.0).abs() < 1e-12 && heading.cos().abs() < 1e-12);
    }
}
