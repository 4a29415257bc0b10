//! Rain on a plane: the kinematic wave.

use super::root::bisect;

/// Exponent of the depth in Manning's law, $q = \alpha h^m$.
const POWER: f64 = 5.0 / 3.0;

/// Depth at which a unit discharge flows uniformly down a slope, m: $(q n / \sqrt S)^{3/5}$.
///
/// # Units
/// - `discharge`: m²/s; `slope`: m/m; `manning_n`: s/m^(1/3)
///
/// # Source
/// Manning's law for a wide channel, Chow 1959 (`chow1959`).
///
/// # Example
/// ```
/// let depth = validation::exact::normal_depth(1.0, 0.001, 0.03);
/// assert!((depth - 0.968886).abs() < 1e-6);
/// ```
pub fn normal_depth(discharge: f64, slope: f64, manning_n: f64) -> f64 {
    (discharge * manning_n / slope.sqrt()).powf(1.0 / POWER)
}

/// A plane on which steady rain falls from time zero on.
///
/// # Source
/// Henderson and Wooding 1964, J. Geophys. Res. 69, 1531.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    /// Length from the crest to the foot, m.
    pub length: f64,
    /// Slope, m/m.
    pub slope: f64,
    /// Manning's n, s/m^(1/3).
    pub manning_n: f64,
    /// Rain, m/s.
    pub rain: f64,
}

impl Plane {
    fn alpha(self) -> f64 {
        self.slope.sqrt() / self.manning_n
    }

    /// Time after which the whole plane flows steadily, s.
    ///
    /// # Example
    /// ```
    /// use sim_core::units::from_mm_h;
    /// let plane = validation::exact::Plane { length: 100.0, slope: 0.05, manning_n: 0.02, rain: from_mm_h(100.0) };
    /// assert!((plane.equilibrium_time() - 247.43).abs() < 0.01);
    /// ```
    pub fn equilibrium_time(self) -> f64 {
        (self.length / (self.alpha() * self.rain.powf(POWER - 1.0))).powf(1.0 / POWER)
    }

    /// Depth at a distance from the crest while it rains, m.
    ///
    /// The film is as deep as the rain that fell, until the wave from the crest
    /// comes past; from then on it carries the rain of all the plane above.
    pub fn depth(self, x: f64, time: f64) -> f64 {
        let steady = normal_depth(self.rain * x, self.slope, self.manning_n);
        steady.min(self.rain * time)
    }

    /// Unit discharge at the foot, m²/s, where the rain stops at `rain_ends`, after equilibrium.
    ///
    /// While it rains $q = \alpha (i t)^{5/3}$ up to $i L$; after it
    /// $q = i L - i m \alpha^{1/m} q^{(m-1)/m} (t - t_r)$, from the characteristics
    /// that leave the plane.
    ///
    /// # Example
    /// ```
    /// use sim_core::units::from_mm_h;
    /// let plane = validation::exact::Plane { length: 100.0, slope: 0.05, manning_n: 0.02, rain: from_mm_h(100.0) };
    /// assert!((plane.discharge_at_foot(400.0, 600.0) - 0.00277778).abs() < 1e-8);
    /// assert!(plane.discharge_at_foot(700.0, 600.0) < 0.0015, "it recedes");
    /// ```
    pub fn discharge_at_foot(self, time: f64, rain_ends: f64) -> f64 {
        let full = self.rain * self.length;
        if time <= rain_ends {
            return full.min(self.alpha() * (self.rain * time).powf(POWER));
        }
        let pull = self.rain * POWER * self.alpha().powf(1.0 / POWER) * (time - rain_ends);
        bisect(0.0, full, |q| q + pull * q.powf((POWER - 1.0) / POWER) - full)
    }
}
