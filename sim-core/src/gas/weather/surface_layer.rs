//! The surface layer: Obukhov's length, the wind near the ground, the depth of the mixed layer.

use crate::gas::weather::Stability;

/// Von Kármán's constant.
pub const VON_KARMAN: f64 = 0.40;

/// Roughness lengths for which Golder's curves are given, m.
///
/// # Source
/// golder1972, figure 5: 1 mm to 0.5 m.
pub const GOLDER_ROUGHNESS: (f64, f64) = (0.001, 0.5);

/// a and b of |1/L| = a z0^b for classes one, two and three away from neutral.
///
/// # Source
/// golder1972, in the fit that a public program uses for its stability (not opened in the paper).
const GOLDER: [(f64, f64); 3] = [(0.0081, -0.3044), (0.0385, -0.1715), (0.0875, -0.1028)];

/// Inverse of Obukhov's length in the middle of a class, 1/m: negative by day, zero in D, positive by night.
///
/// $$ \frac1L = \mp a\, z_0^{b} $$
///
/// # Units
/// - `roughness`: z0, m
///
/// # Valid for
/// Roughness of 1 mm to 0.5 m ([`GOLDER_ROUGHNESS`]); beyond it the nearest end is taken.
///
/// # Example
/// ```
/// use sim_core::gas::weather::{surface_layer::inverse_obukhov_length, Stability};
/// // Class F over 3 cm: 0.0385 · 0.03^(−0.1715) = 0.0702: L = 14 m.
/// assert!((inverse_obukhov_length(Stability::F, 0.03) - 0.0702).abs() < 1e-4);
/// assert_eq!(inverse_obukhov_length(Stability::D, 0.03), 0.0);
/// ```
pub fn inverse_obukhov_length(class: Stability, roughness: f64) -> f64 {
    let roughness = roughness.clamp(GOLDER_ROUGHNESS.0, GOLDER_ROUGHNESS.1);
    let size = |step: usize| GOLDER[step].0 * roughness.powf(GOLDER[step].1);
    match class {
        Stability::A => -size(2),
        Stability::B => -size(1),
        Stability::C => -size(0),
        Stability::D => 0.0,
        Stability::E => size(0),
        Stability::F => size(1),
    }
}

/// Class of an inverse Obukhov length: that whose middle is nearest.
///
/// # Units
/// - `inverse_length`: 1/m; `roughness`: m
///
/// # Example
/// ```
/// use sim_core::gas::weather::{surface_layer::class_of, Stability};
/// assert_eq!(class_of(1.0 / 14.0, 0.03), Stability::F);
/// assert_eq!(class_of(-1e-4, 0.03), Stability::D);
/// ```
pub fn class_of(inverse_length: f64, roughness: f64) -> Stability {
    let distance = |class: Stability| (inverse_obukhov_length(class, roughness) - inverse_length).abs();
    let nearer = |best, class| if distance(class) < distance(best) { class } else { best };
    Stability::ALL.into_iter().fold(Stability::D, nearer)
}

/// What stability takes from the logarithm of the wind profile, ψm(z/L).
///
/// $$ \psi_m = -5\,z/L \;(L>0), \qquad
/// 2\ln\tfrac{1+\mu}{2} + \ln\tfrac{1+\mu^2}{2} - 2\arctan\mu + \tfrac{\pi}{2},\quad
/// \mu = (1 - 16\,z/L)^{1/4} \;(L<0) $$
///
/// # Source
/// dyer1974; the unstable branch as in aermodmfd equations 7 and 8.
pub fn profile_correction(ratio: f64) -> f64 {
    if ratio >= 0.0 {
        return -5.0 * ratio;
    }
    let mu = (1.0 - 16.0 * ratio).powf(0.25);
    2.0 * (0.5 * (1.0 + mu)).ln() + (0.5 * (1.0 + mu * mu)).ln() - 2.0 * mu.atan()
        + std::f64::consts::FRAC_PI_2
}

/// The wind near the ground, by the logarithm of the height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Profile {
    /// Friction velocity u*, m/s.
    pub friction_velocity: f64,
    /// Roughness length z0, m.
    pub roughness: f64,
    /// 1/L, 1/m.
    pub inverse_length: f64,
}

impl Profile {
    /// The profile through a measured wind.
    ///
    /// # Units
    /// - `wind`: m/s at `height`, m, which is above the roughness
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::weather::surface_layer::Profile;
    /// // Neutral, 3 cm, 5 m/s at 10 m: u* = 0.4·5/ln(10/0.03) = 0.344 m/s.
    /// let profile = Profile::through(5.0, 10.0, 0.03, 0.0);
    /// assert!((profile.friction_velocity - 0.344).abs() < 1e-3);
    /// ```
    pub fn through(wind: f64, height: f64, roughness: f64, inverse_length: f64) -> Self {
        let unit = Self { friction_velocity: 1.0, roughness, inverse_length };
        Self { friction_velocity: wind / unit.wind_at(height), ..unit }
    }

    /// Wind at a height, m/s; zero at the roughness length and below.
    ///
    /// $$ u = \frac{u_*}{\kappa}\left[\ln\frac{z}{z_0} - \psi_m\!\left(\frac zL\right)
    /// + \psi_m\!\left(\frac{z_0}L\right)\right] $$
    ///
    /// # Valid for
    /// z up to some 100 m, in stable air to the height L.
    ///
    /// # Source
    /// aermodmfd equation 6 (Monin and Obukhov's similarity).
    pub fn wind_at(&self, height: f64) -> f64 {
        if height <= self.roughness {
            return 0.0;
        }
        let correction = profile_correction(height * self.inverse_length)
            - profile_correction(self.roughness * self.inverse_length);
        self.friction_velocity / VON_KARMAN * ((height / self.roughness).ln() - correction)
    }
}

/// Rate at which the earth turns, 1/s.
const ROTATION: f64 = 7.292_115e-5;

/// Depth of the mixed layer in neutral air, m.
///
/// $$ z_i = 0.3\,\frac{u_*}{f}, \qquad f = 2\,\Omega\,|\sin\varphi| $$
///
/// A lower bound by day, when heat deepens the layer. In stable air no lid is put on a
/// plume ([`Weather::lid`](crate::gas::weather::Weather::lid)).
///
/// # Units
/// - `friction_velocity`: m/s; `latitude`: degrees, at least 10 from the equator, where f vanishes
///
/// # Source
/// ccps1999 section 2.3 (neutral mixing height), as coded in a public program.
///
/// # Example
/// ```
/// use sim_core::gas::weather::surface_layer::neutral_mixing_height;
/// // 0.3 m/s at 40°: f = 9.37e-5, 960 m.
/// assert!((neutral_mixing_height(0.3, 40.0) - 960.0).abs() < 1.0);
/// ```
pub fn neutral_mixing_height(friction_velocity: f64, latitude: f64) -> f64 {
    0.3 * friction_velocity / (2.0 * ROTATION * latitude.to_radians().sin().abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_gives_the_class() {
        for roughness in [0.001, 0.03, 0.1, 0.5] {
            for class in Stability::ALL {
                assert_eq!(class_of(inverse_obukhov_length(class, roughness), roughness), class);
            }
        }
    }

    #[test]
    fn classes_follow_each_other_as_the_length_does() {
        for roughness in [0.001, 0.03, 0.5] {
            let values = Stability::ALL.map(|class| inverse_obukhov_length(class, roughness));
            assert!(values.windows(2).all(|pair| pair[0] < pair[1]), "{values:?}");
        }
    }

    #[test]
    fn agrees_with_pasquills_lengths_to_three_per_cent() {
        // ccps1999 after Pasquill 1974: L = −11.4 z0^0.10 (A), −26 z0^0.17 (B), ±123 z0^0.30 (C, E), 26 z0^0.17 (F).
        let table = [
            (Stability::A, -11.4, 0.10),
            (Stability::B, -26.0, 0.17),
            (Stability::C, -123.0, 0.30),
            (Stability::E, 123.0, 0.30),
            (Stability::F, 26.0, 0.17),
        ];
        for roughness in [0.01_f64, 0.1, 0.5] {
            for (class, a, b) in table {
                let ratio = inverse_obukhov_length(class, roughness) * a * roughness.powf(b);
                assert!((ratio - 1.0).abs() < 0.03, "{class:?} {roughness}: {ratio}");
            }
        }
    }

    #[test]
    fn the_correction_vanishes_in_neutral_air_from_both_sides() {
        assert_eq!(profile_correction(0.0), 0.0);
        assert!(profile_correction(-1e-6).abs() < 1e-5 && profile_correction(-1e-6) > 0.0);
        assert!(profile_correction(1e-6) < 0.0);
    }

    #[test]
    fn the_profile_passes_through_the_measurement_and_grows_faster_in_stable_air() {
        let at = |inverse_length: f64| Profile::through(4.0, 10.0, 0.05, inverse_length);
        for inverse_length in [-0.1, 0.0, 0.05] {
            assert!((at(inverse_length).wind_at(10.0) - 4.0).abs() < 1e-12);
            assert_eq!(at(inverse_length).wind_at(0.05), 0.0);
        }
        assert!(at(0.05).wind_at(20.0) > at(0.0).wind_at(20.0));
        assert!(at(0.0).wind_at(20.0) > at(-0.1).wind_at(20.0));
    }
}
