//! The air above the layer.

use crate::gas::dense::shallow::logarithm::log2;
use crate::gas::weather::surface_layer::{Profile, VON_KARMAN};
use crate::layer::extreme::larger;
use crate::series::Series;

/// Height in a layer, as a share of its depth, whose wind is the wind of the layer: 1/e, where
/// a logarithmic profile has its mean over the depth.
///
/// TWODEE takes the wind at the top of a layer that is twice as deep for the same gas
/// (second-hand), 40 % faster in a metre of gas: clouds arrived too early with it.
pub const WIND_HEIGHT_SHARE: f32 = 0.367_879_44;

/// Slope of the wind profile in stable air, per z/L.
///
/// # Source
/// dyer1974, as in [`crate::gas::weather::surface_layer::profile_correction`].
const STABLE_SLOPE: f32 = 5.0;

/// Least logarithm of depth over roughness when the ground slows the layer: that of ten.
const LEAST_LOGARITHM: f32 = std::f32::consts::LN_10;

/// Wind over the area, the same everywhere, changing in time.
#[derive(Debug, Clone, PartialEq)]
pub struct Wind {
    /// Towards the east (columns) at the height, m/s.
    pub east: Series,
    /// Towards the north (rows) at the height, m/s.
    pub north: Series,
    /// Height at which it is known, m.
    pub height: f64,
    /// Roughness length of the ground, m.
    pub roughness: f64,
    /// 1/L, 1/m; unstable air (negative) only counts for the friction velocity.
    pub inverse_length: f64,
    /// Convective velocity w*, m/s; zero at night.
    pub convective_velocity: f64,
}

impl Wind {
    /// No wind at all.
    pub fn calm(roughness: f64) -> Self {
        Self {
            east: Series::constant(0.0),
            north: Series::constant(0.0),
            height: 10.0,
            roughness,
            inverse_length: 0.0,
            convective_velocity: 0.0,
        }
    }

    /// The air at a time.
    pub fn at(&self, time: f64) -> Air {
        let (east, north) = (self.east.at(time), self.north.at(time));
        let speed = east.hypot(north);
        let friction =
            Profile::through(speed, self.height, self.roughness, self.inverse_length).friction_velocity;
        let towards = if speed > 0.0 { (east / speed, north / speed) } else { (0.0, 0.0) };
        Air {
            friction_velocity: friction as f32,
            towards: (towards.0 as f32, towards.1 as f32),
            inverse_roughness: (1.0 / self.roughness) as f32,
            stable: STABLE_SLOPE * self.inverse_length.max(0.0) as f32,
            convective_velocity: self.convective_velocity as f32,
        }
    }

    /// First change of the wind after a time, s.
    pub(crate) fn next_sample_after(&self, time: f64) -> f64 {
        let next = [&self.east, &self.north].map(|series| series.next_sample_after(time));
        next.into_iter().flatten().fold(f64::INFINITY, f64::min)
    }
}

/// The air during one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Air {
    /// Friction velocity u*, m/s.
    pub friction_velocity: f32,
    /// Unit vector to where the wind blows; zero in calm air.
    pub towards: (f32, f32),
    /// One over the roughness length, 1/m.
    pub inverse_roughness: f32,
    /// What stability adds to the logarithm per metre of height, 1/m.
    pub stable: f32,
    /// Convective velocity, m/s.
    pub convective_velocity: f32,
}

/// The wind in a layer and how the ground slows it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerWind {
    /// Speed of the wind, m/s.
    pub speed: f32,
    /// Square of friction velocity over speed at this depth: the drag coefficient of the ground.
    pub ground_drag: f32,
}

impl Air {
    /// The wind in a layer of a depth, m.
    ///
    /// $$ u_a = \frac{u_*}{\kappa} \Big( \ln\frac{z}{z_0} + \frac{5 z}{L} \Big), \qquad z = h/e, \qquad C_g = \Big( \frac{u_*}{u_a} \Big)^2 $$
    ///
    /// and none where z is less than the roughness. The drag is that of at least ten
    /// roughness lengths: below, the profile says nothing about the ground.
    ///
    /// # Valid for
    /// Depths from some roughness lengths to some tens of metres; in unstable air the
    /// logarithm alone, which is a little too slow above the layer's first metres.
    ///
    /// # Source
    /// The logarithmic law, for both.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::dense::shallow::air::Air;
    /// let air = Air { friction_velocity: 0.2, towards: (1.0, 0.0), inverse_roughness: 100.0, stable: 0.0, convective_velocity: 0.0 };
    /// // 0.2/0.4 · ln(100) = 2.303 m/s in a layer of 2.718 m over 1 cm.
    /// assert!((air.in_layer(2.718).speed - 2.303).abs() < 1e-3);
    /// assert_eq!(air.in_layer(0.02).speed, 0.0);
    /// ```
    #[inline(always)]
    pub fn in_layer(self, depth: f32) -> LayerWind {
        let karman = VON_KARMAN as f32;
        let height = WIND_HEIGHT_SHARE * depth;
        let heights = larger(height * self.inverse_roughness, 1.0);
        let logarithm = std::f32::consts::LN_2 * log2(heights) + self.stable * height;
        let rough = larger(logarithm, LEAST_LOGARITHM);
        let drag = karman / rough;
        LayerWind { speed: self.friction_velocity * (1.0 / karman) * logarithm, ground_drag: drag * drag }
    }
}
