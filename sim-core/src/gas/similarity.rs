//! A plume near the ground by surface-layer similarity: no classes, but u*, L and the mixed layer.

use std::f64::consts::PI;

use crate::gas::plume::vertical_factor;
use crate::gas::weather::surface_layer::Profile;

/// The turbulent air near the ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurfaceAir {
    /// Friction velocity, roughness and Obukhov's length.
    pub profile: Profile,
    /// Convective velocity w*, m/s; zero at night.
    pub convective_velocity: f64,
    /// Depth of the mixed layer, m.
    pub mixing_height: f64,
}

/// Lowest crosswind turbulence, m/s.
///
/// # Source
/// aermodmfd, limits of the meteorological parameters.
const LEAST_CROSSWIND_TURBULENCE: f64 = 0.2;

/// Lowest vertical turbulence, m/s.
///
/// # Source
/// aermodmfd, as above.
const LEAST_VERTICAL_TURBULENCE: f64 = 0.02;

/// Share of the mixed layer that is the surface layer.
const SURFACE_SHARE: f64 = 0.1;

/// Slices of a layer whose mean is taken: linear to logarithmic profiles to 0.1 %.
const SLICES: usize = 20;

/// Rounds in which the depth of the plume and the wind in it are matched; they converge by
/// more than half in each.
const ROUNDS: usize = 60;

impl SurfaceAir {
    /// True where the ground heats the air.
    fn is_convective(&self) -> bool {
        self.profile.inverse_length < 0.0
    }

    /// Crosswind turbulence, m/s: $\sigma_v^2 = 3.6\,u_*^2 + 0.35\,w_*^2$.
    ///
    /// # Source
    /// aermodmfd (surface values, remembered, not opened).
    pub fn crosswind_turbulence(&self) -> f64 {
        let (mechanical, convective) = (self.profile.friction_velocity, self.convective_velocity);
        let square = 3.6 * mechanical * mechanical + 0.35 * convective * convective;
        square.sqrt().max(LEAST_CROSSWIND_TURBULENCE)
    }

    /// Vertical turbulence at a height, m/s:
    /// $\sigma_w^2 = (1.3 u_*)^2 (1 - z/z_i) + 1.6\, w_*^2 (z/z_i)^{2/3}$, the convective part
    /// $0.35\,w_*^2$ above a tenth of the mixed layer.
    ///
    /// # Source
    /// aermodmfd (remembered, not opened).
    pub fn vertical_turbulence(&self, height: f64) -> f64 {
        let share = (height / self.mixing_height).clamp(0.0, 1.0);
        let mechanical = 1.3 * self.profile.friction_velocity;
        let convective = self.convective_velocity * self.convective_velocity;
        let heated = if share <= SURFACE_SHARE { 1.6 * share.powf(2.0 / 3.0) } else { 0.35 };
        let square = mechanical * mechanical * (1.0 - share) + heated * convective;
        square.sqrt().max(LEAST_VERTICAL_TURBULENCE)
    }

    /// Mean of a profile over a layer.
    fn mean(&self, low: f64, high: f64, of: impl Fn(f64) -> f64) -> f64 {
        let slice = |i: usize| low + (high - low) * (i as f64 + 0.5) / SLICES as f64;
        (0..SLICES).map(|i| of(slice(i))).sum::<f64>() / SLICES as f64
    }
}

/// The size of a plume at a distance and the wind that carries it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Mean wind, m/s.
    pub wind: f64,
    /// Crosswind coefficient, m.
    pub width: f64,
    /// Vertical coefficient, m.
    pub depth: f64,
}

/// A steady plume near the ground, from u*, L, w* and the depth of the mixed layer.
///
/// $$ \sigma_y = \frac{\sigma_v x}{u (1+78X)^{0.3}},\quad X = \frac{\sigma_v x}{u z_i} $$
///
/// $$ \sigma_z = \sqrt{\tfrac{2}{\pi}}\,\frac{u_* x}{u}\left(1 + 0.7\tfrac{x}{L}\right)^{-1/3}\;(L>0),\qquad
/// \sigma_z^2 = \left(\alpha\frac{\sigma_w x}{u}\right)^2
/// + \left[\tfrac12\left(1-\tfrac{10h}{z_i}\right)\left(\tfrac{u_*}{u}\right)^2\frac{x^2}{|L|}\right]^2\;(L<0) $$
///
/// with α = 0.6 + 4h/z_i up to 1. Wind and turbulence are means over the layer between the
/// receptor and the plume's height; in convective air that height grows towards
/// the middle of the mixed layer, which it reaches when the plume has been mixed.
///
/// # Valid for
/// Releases and receptors in the lowest tenth of the mixed layer, averages of an hour or
/// less over flat, even ground, distances to about 1 km: at 3 km it is a factor of 0.5
/// (convective) to 1.6 away from AERMOD, whose updraughts and meander it has not.
///
/// # Source
/// aermodmfd equations 76 to 88.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SimilarityPlume {
    /// Mass rate, kg/s.
    pub rate: f64,
    /// Height of the release, m.
    pub height: f64,
    /// Height of the receptors, m, from which the layer of the means follows.
    pub receptor_height: f64,
    /// The air.
    pub air: SurfaceAir,
}

impl SimilarityPlume {
    /// Size and wind at a distance.
    pub fn spread(&self, downwind: f64) -> Spread {
        let mut spread = Spread { wind: 1.0, width: 0.0, depth: self.height };
        for _ in 0..ROUNDS {
            let next = self.refined(downwind, spread.depth);
            let change = (next.depth - spread.depth).abs();
            // Half of the way, so that wind and depth do not chase each other.
            spread = Spread { depth: 0.5 * (spread.depth + next.depth), ..next };
            if change <= f64::EPSILON * next.depth {
                break;
            }
        }
        spread
    }

    /// Size and wind, given a first depth.
    fn refined(&self, downwind: f64, depth: f64) -> Spread {
        let SurfaceAir { profile, mixing_height, .. } = self.air;
        let (low, high) = self.layer(downwind, depth);
        let wind = self.air.mean(low, high, |z| profile.wind_at(z));
        let (friction, inverse_length) = (profile.friction_velocity, profile.inverse_length);
        let crosswind = self.air.crosswind_turbulence();
        let travelled = crosswind * downwind / wind;
        let width = travelled / (1.0 + 78.0 * travelled / mixing_height).powf(0.3);
        let share = self.height / mixing_height;
        let depth = if self.air.is_convective() {
            let vertical = self.air.mean(low, high, |z| self.air.vertical_turbulence(z));
            let ambient = (0.6 + 4.0 * share).min(1.0) * vertical * downwind / wind;
            let surface = 0.5
                * (1.0 - 10.0 * share).max(0.0)
                * (friction / wind).powi(2)
                * downwind
                * downwind
                * inverse_length.abs();
            ambient.hypot(surface)
        } else {
            (2.0 / PI).sqrt() * friction * downwind / wind
                * (1.0 + 0.7 * downwind * inverse_length).powf(-1.0 / 3.0)
        };
        Spread { wind, width, depth }
    }

    /// The layer whose mean wind and turbulence carry the plume: from its height towards the
    /// receptor, at most 2.15 depths.
    fn layer(&self, downwind: f64, depth: f64) -> (f64, f64) {
        let plume = self.plume_height(downwind);
        let toward = if plume > self.receptor_height {
            self.receptor_height.max(plume - LAYER_DEPTHS * depth)
        } else {
            self.receptor_height.min(plume + LAYER_DEPTHS * depth)
        };
        (plume.min(toward), plume.max(toward))
    }

    /// Height of the plume for the means: in convective air it drifts to half of the mixed layer.
    fn plume_height(&self, downwind: f64) -> f64 {
        if !self.air.is_convective() {
            return self.height;
        }
        let top = self.air.mixing_height;
        let wind = self.air.mean(0.0, top, |z| self.air.profile.wind_at(z));
        let vertical = self.air.mean(0.0, top, |z| self.air.vertical_turbulence(z));
        let mixed = wind * top / vertical;
        self.height + (0.5 * top - self.height) * (downwind / mixed).min(1.0)
    }

    /// Concentration at a point, kg/m³; zero upwind.
    pub fn concentration(&self, downwind: f64, crosswind: f64, height: f64) -> f64 {
        if downwind <= 0.0 {
            return 0.0;
        }
        let Spread { wind, width, depth } = self.spread(downwind);
        let lid = Some(self.air.mixing_height).filter(|_| self.air.is_convective());
        let across = (-0.5 * (crosswind / width).powi(2)).exp();
        self.rate / (2.0 * PI * wind * width * depth)
            * across
            * vertical_factor(depth, self.height, height, lid)
    }
}

/// Depths of the plume within which its wind is averaged.
///
/// # Source
/// aermodmfd, effective parameters.
const LAYER_DEPTHS: f64 = 2.15;

#[cfg(test)]
mod tests {
    use super::*;

    fn plume(inverse_length: f64) -> SimilarityPlume {
        let convective_velocity = if inverse_length < 0.0 { 1.5 } else { 0.0 };
        SimilarityPlume {
            rate: 0.1,
            height: 0.46,
            receptor_height: 1.5,
            air: SurfaceAir {
                profile: Profile { friction_velocity: 0.3, roughness: 0.006, inverse_length },
                convective_velocity,
                mixing_height: 800.0,
            },
        }
    }

    #[test]
    fn what_passes_a_plane_is_what_is_released() {
        for inverse_length in [-0.06, 0.0, 0.03] {
            let plume = plume(inverse_length);
            for distance in [50.0, 400.0, 1500.0] {
                let Spread { wind, width, depth } = plume.spread(distance);
                let top: f64 = if inverse_length < 0.0 { 800.0 } else { 10.0 * depth };
                let (dy, dz) = (width / 4.0, (depth / 8.0).min(top / 400.0));
                let levels = (top / dz).round() as i32;
                let dz = top / f64::from(levels);
                let mut sum = 0.0;
                for k in 0..levels {
                    let z = (f64::from(k) + 0.5) * dz;
                    sum += plume.concentration(distance, 0.0, z) * dz;
                }
                let across: f64 = (-32..=32).map(|j| (-0.5 * (f64::from(j) / 4.0).powi(2)).exp() * dy).sum();
                assert!((sum * across * wind / plume.rate - 1.0).abs() < 1e-6, "{inverse_length} {distance}");
            }
        }
    }

    #[test]
    fn heated_air_spreads_more_and_cooled_air_less() {
        for distance in [100.0, 500.0] {
            let depths = [-0.06, 0.0, 0.03].map(|inverse| plume(inverse).spread(distance).depth);
            assert!(depths.windows(2).all(|pair| pair[0] > pair[1]), "{depths:?}");
        }
    }

    #[test]
    fn grows_with_the_distance() {
        for inverse_length in [-0.06, 0.0, 0.03] {
            let sizes: Vec<Spread> =
                (1..40).map(|i| plume(inverse_length).spread(40.0 * f64::from(i))).collect();
            assert!(
                sizes.windows(2).all(|pair| pair[0].width < pair[1].width && pair[0].depth < pair[1].depth)
            );
        }
    }
}
