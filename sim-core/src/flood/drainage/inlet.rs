//! What an inlet takes from the street.

use crate::units::GRAVITY;

/// Weir coefficient of the rim of a grate, m^(1/2)/s.
///
/// # Source
/// FHWA 2009 (`fhwa2009hec22`), equation 4-26.
pub const RIM_COEFFICIENT: f64 = 1.66;

/// Orifice coefficient of a grate.
///
/// # Source
/// FHWA 2009 (`fhwa2009hec22`), equation 4-27.
pub const GRATE_COEFFICIENT: f64 = 0.67;

/// The openings of a manhole or of the gullies that lead to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inlet {
    /// Length of the rim over which water falls in, m; zero for a closed cover.
    pub perimeter: f64,
    /// Clear area of the openings, m²; zero for a closed cover.
    pub opening: f64,
}

impl Inlet {
    /// Discharge that a grate in a sag takes, m³/s: the lesser of weir and orifice.
    ///
    /// $$ Q = \min\big(1.66\, P\, h^{3/2},\; 0.67\, A \sqrt{2 g h}\big) $$
    ///
    /// # Units
    /// - `depth`: water over the grate, m
    ///
    /// # Valid for
    /// Free outflow below the grate; clear openings: what is clogged must be taken off the
    /// perimeter and the area.
    ///
    /// # Source
    /// FHWA 2009 (`fhwa2009hec22`), section 4.4.5.1.
    ///
    /// # Example
    /// ```
    /// use sim_core::flood::drainage::Inlet;
    /// let inlet = Inlet { perimeter: 2.0, opening: 0.25 };
    /// // 1.66 * 2 * 0.1^1.5 as a weir; as an orifice it would be 0.235 m³/s.
    /// assert!((inlet.discharge(0.1) - 0.10499).abs() < 1e-5);
    /// ```
    pub fn discharge(self, depth: f64) -> f64 {
        let depth = depth.max(0.0);
        let over_rim = RIM_COEFFICIENT * self.perimeter * depth * depth.sqrt();
        let through = GRATE_COEFFICIENT * self.opening * (2.0 * GRAVITY * depth).sqrt();
        over_rim.min(through)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_weir_in_thin_water_and_an_orifice_in_deep_water() {
        let inlet = Inlet { perimeter: 2.4, opening: 0.2 };
        // They meet where 1.66 P h = 0.67 A sqrt(2 g).
        let meet = GRATE_COEFFICIENT * 0.2 * (2.0 * GRAVITY).sqrt() / (RIM_COEFFICIENT * 2.4);
        assert!((inlet.discharge(0.01) - 1.66 * 2.4 * 0.001).abs() < 1e-12);
        assert!((inlet.discharge(1.0) - 0.67 * 0.2 * (2.0 * GRAVITY).sqrt()).abs() < 1e-12);
        let (below, above) = (inlet.discharge(meet * 0.999_999), inlet.discharge(meet * 1.000_001));
        assert!((below - above).abs() < 1e-6 && below < above);
    }

    #[test]
    fn a_closed_cover_and_a_dry_street_give_nothing() {
        let closed = Inlet { perimeter: 0.0, opening: 0.0 };
        assert_eq!(closed.discharge(2.0), 0.0);
        assert_eq!(Inlet { perimeter: 2.0, opening: 0.1 }.discharge(0.0), 0.0);
    }
}
