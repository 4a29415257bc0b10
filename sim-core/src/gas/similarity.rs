//! A plume near the ground by surface-layer similarity: no classes, but u*, L and the mixed layer.

use std::f64::consts::{PI, SQRT_2};

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

/// Lowest crosswind turbulence, m/s, and its lowest share of the wind.
///
/// # Source
/// aermodmfd, limits of the meteorological parameters.
const LEAST_CROSSWIND_TURBULENCE: f64 = 0.2;
const LEAST_CROSSWIND_SHARE: f64 = 0.05;

/// Lowest vertical turbulence, m/s.
///
/// # Source
/// aermodmfd, as above.
const LEAST_VERTICAL_TURBULENCE: f64 = 0.02;

/// Largest square of the mechanical crosswind turbulence at the top of the mixed layer, m²/s².
///
/// # Source
/// aermodcode, the gridded profile of the crosswind turbulence.
const CROSSWIND_SQUARE_ALOFT: f64 = 0.25;

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

    /// Crosswind turbulence at a height, m/s: $\sigma_v^2 = 3.6\,u_*^2 + 0.35\,w_*^2$ at the
    /// ground; the first part falls to at most 0.25 m²/s² at the top of the mixed layer.
    ///
    /// # Source
    /// aermodmfd; aermodcode.
    pub fn crosswind_turbulence(&self, height: f64) -> f64 {
        let share = (height / self.mixing_height).clamp(0.0, 1.0);
        let ground = 3.6 * self.profile.friction_velocity * self.profile.friction_velocity;
        let mechanical = ground + share * (ground.min(CROSSWIND_SQUARE_ALOFT) - ground);
        let convective = 0.35 * self.convective_velocity * self.convective_velocity;
        let least = LEAST_CROSSWIND_TURBULENCE.max(LEAST_CROSSWIND_SHARE * self.profile.wind_at(height));
        (mechanical + convective).sqrt().max(least)
    }

    /// Vertical turbulence at a height, m/s:
    /// $\sigma_w^2 = (1.3 u_*)^2 (1 - z/z_i) + 1.6\, w_*^2 (z/z_i)^{2/3}$, the convective part
    /// $0.35\,w_*^2$ above a tenth of the mixed layer.
    ///
    /// # Source
    /// aermodmfd; aermodcode.
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
    /// Wind with the kinetic energy of its turbulence, m/s.
    pub wind: f64,
    /// Crosswind coefficient, m.
    pub width: f64,
    /// Vertical coefficient, m.
    pub depth: f64,
    /// Share of the gas that the slow turning of the wind carries to any side.
    pub meander: f64,
    /// The air that rises and the air that sinks; one and the same in stable air.
    pub draughts: [Draught; 2],
}

/// Gas in air that rises, or that sinks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Draught {
    /// Share of the gas.
    pub share: f64,
    /// Height of its middle before the ground and the lid throw it back, m.
    pub height: f64,
    /// Vertical coefficient, m.
    pub depth: f64,
}

/// Ratio of the spread of the velocity within a draught to its mean.
///
/// # Source
/// aermodmfd, the distribution of the vertical velocity (Weil, Corio and Brower 1997).
const WITHIN_DRAUGHT: f64 = 2.0;

/// Third moment of the vertical velocity over w*³ above the surface layer.
///
/// # Source
/// aermodmfd, as above.
const THIRD_MOMENT: f64 = 0.125;

/// Share of the gas and mean velocity of rising and of sinking air, m/s, whose mixture has no
/// mean, the variance $\sigma_w^2$ and the third moment $S\sigma_w^3$.
///
/// $$ \frac{w_{1,2}}{\sigma_w} = \frac{\gamma_1 S}{2} \pm \frac12\sqrt{\gamma_1^2 S^2 + \frac{4}{\gamma_2}},\quad
/// \gamma_1 = \frac{1+R^2}{1+3R^2},\quad \gamma_2 = 1+R^2,\quad \lambda_1 = \frac{w_2}{w_2-w_1} $$
///
/// # Units
/// - `turbulence`: σ_w, m/s; `skewness`: S; returns (share, m/s) twice
///
/// # Source
/// aermodmfd; aermodcode.
pub fn draughts(turbulence: f64, skewness: f64) -> [(f64, f64); 2] {
    let square = WITHIN_DRAUGHT * WITHIN_DRAUGHT;
    let (first, second) = ((1.0 + square) / (1.0 + 3.0 * square), 1.0 + square);
    let middle = 0.5 * first * skewness;
    let apart = 0.5 * ((first * skewness).powi(2) + 4.0 / second).sqrt();
    let (rising, sinking) = (turbulence * (middle + apart), turbulence * (middle - apart));
    let share = sinking / (sinking - rising);
    [(share, rising), (1.0 - share, sinking)]
}

/// A steady plume near the ground, from u*, L, w* and the depth of the mixed layer.
///
/// $$ \sigma_y = \frac{\sigma_v x}{u (1+78X)^{0.3}},\quad X = \frac{\sigma_v x}{u z_i} $$
///
/// $$ \sigma_z = \sqrt{\tfrac{2}{\pi}}\,\frac{u_* x}{u}\left(1 + 0.7\tfrac{x}{L}\right)^{-1/3}\;(L>0),\qquad
/// \sigma_{z,j}^2 = \left(\alpha\frac{R |w_j| x}{u}\right)^2
/// + \left[\tfrac12\left(1-\tfrac{10h}{z_i}\right)\left(\tfrac{u_*}{u}\right)^2\frac{x^2}{|L|}\right]^2\;(L<0) $$
///
/// with α = 0.6 + 4h/z_i up to 1 and h the height of the middle of the gas, which in convective
/// air grows towards the middle of the mixed layer. There a share λ_j of the gas is carried up or
/// down with w_j ([`draughts`]). Wind and turbulence are means over the layer between the
/// receptor and that height, and $u^2$ holds twice the crosswind turbulence squared. Of the
/// gas a share $2\sigma_v^2/u^2$ goes to any side with the slow turning of the wind.
///
/// # Valid for
/// Releases and receptors in the lowest tenth of the mixed layer, averages of an hour or
/// less over flat, even ground.
///
/// # Source
/// aermodmfd equations 76 to 88, the two draughts and the meander; aermodcode.
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

/// Time after which the wind has forgotten its direction, s: a day.
///
/// # Source
/// aermodcode.
const FORGETTING_TIME: f64 = 86_400.0;

/// Means over the layer that the gas is in, and how high its middle is.
#[derive(Debug, Clone, Copy)]
struct Layer {
    middle: f64,
    wind: f64,
    crosswind: f64,
    vertical: f64,
}

impl SimilarityPlume {
    /// Size and wind at a distance.
    pub fn spread(&self, downwind: f64) -> Spread {
        let mut depth = self.height;
        for _ in 0..ROUNDS {
            let next = self.depth(downwind, &self.layer(downwind, depth), None);
            let change = (next - depth).abs();
            // Half of the way, so that wind and depth do not chase each other.
            depth = 0.5 * (depth + next);
            if change <= f64::EPSILON * next {
                break;
            }
        }
        let layer = self.layer(downwind, depth);
        let travelled = layer.crosswind * downwind / layer.wind;
        let width = travelled / (1.0 + 78.0 * travelled / self.air.mixing_height).powf(0.3);
        let draughts = self.draughts(downwind, &layer, depth);
        Spread { wind: layer.wind, width, depth, meander: meander(downwind, &layer), draughts }
    }

    /// Vertical coefficient, with the turbulence of a draught or that of all air, m.
    fn depth(&self, downwind: f64, layer: &Layer, turbulence: Option<f64>) -> f64 {
        let SurfaceAir { profile, mixing_height, .. } = self.air;
        let (friction, inverse_length) = (profile.friction_velocity, profile.inverse_length);
        if !self.air.is_convective() {
            return (2.0 / PI).sqrt() * friction * downwind / layer.wind
                * (1.0 + 0.7 * downwind * inverse_length).powf(-1.0 / 3.0);
        }
        let share = layer.middle / mixing_height;
        let vertical = turbulence.unwrap_or(layer.vertical);
        let ambient = (0.6 + 4.0 * share).min(1.0) * vertical * downwind / layer.wind;
        let ratio = friction * downwind / layer.wind;
        let surface = 0.5 * (1.0 - share / SURFACE_SHARE).max(0.0) * ratio * ratio * inverse_length.abs();
        ambient.hypot(surface)
    }

    /// The gas in rising and in sinking air.
    fn draughts(&self, downwind: f64, layer: &Layer, depth: f64) -> [Draught; 2] {
        if !self.air.is_convective() {
            return [Draught { share: 0.5, height: self.height, depth }; 2];
        }
        let share = layer.middle / self.air.mixing_height;
        let third = THIRD_MOMENT * (share / SURFACE_SHARE).min(1.0) * self.air.convective_velocity.powi(3);
        draughts(layer.vertical, third / layer.vertical.powi(3)).map(|(share, velocity)| Draught {
            share,
            height: self.height + velocity * downwind / layer.wind,
            depth: self.depth(downwind, layer, Some(WITHIN_DRAUGHT * velocity.abs())),
        })
    }

    /// Means over the layer whose wind and turbulence carry the gas: from its middle towards the
    /// receptor, at most 2.15 depths.
    fn layer(&self, downwind: f64, depth: f64) -> Layer {
        let middle = self.middle(downwind);
        let toward = if middle > self.receptor_height {
            self.receptor_height.max(middle - LAYER_DEPTHS * depth)
        } else {
            self.receptor_height.min(middle + LAYER_DEPTHS * depth)
        };
        let (low, high) = (middle.min(toward), middle.max(toward));
        let mean = self.air.mean(low, high, |z| self.air.profile.wind_at(z));
        let crosswind = self.air.mean(low, high, |z| self.air.crosswind_turbulence(z));
        let vertical = self.air.mean(low, high, |z| self.air.vertical_turbulence(z));
        Layer { middle, wind: mean.hypot(SQRT_2 * crosswind), crosswind, vertical }
    }

    /// Height of the middle of the gas: in convective air it drifts to half of the mixed layer.
    fn middle(&self, downwind: f64) -> f64 {
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
        let spread = self.spread(downwind);
        let across = (-0.5 * (crosswind / spread.width).powi(2)).exp() / ((2.0 * PI).sqrt() * spread.width);
        let around = 1.0 / (2.0 * PI * downwind.hypot(crosswind));
        let aside = (1.0 - spread.meander) * across + spread.meander * around;
        self.rate / spread.wind * aside * self.vertical_share(&spread, height)
    }

    /// Share of the gas per metre of height, 1/m.
    fn vertical_share(&self, spread: &Spread, height: f64) -> f64 {
        let lid = Some(self.air.mixing_height).filter(|_| self.air.is_convective());
        let of = |draught: &Draught| {
            let factor = vertical_factor(draught.depth, between(draught.height, lid), height, lid);
            draught.share * factor / ((2.0 * PI).sqrt() * draught.depth)
        };
        spread.draughts.iter().map(of).sum()
    }
}

/// A height thrown back by the ground and the lid until it lies between them.
fn between(height: f64, lid: Option<f64>) -> f64 {
    let Some(lid) = lid else { return height };
    let folded = height.rem_euclid(2.0 * lid);
    folded.min(2.0 * lid - folded)
}

/// Share of the energy of the wind that has no direction.
///
/// # Source
/// aermodmfd, the meander; aermodcode.
fn meander(downwind: f64, layer: &Layer) -> f64 {
    let all = layer.wind * layer.wind;
    let aside = 2.0 * layer.crosswind * layer.crosswind;
    let forgotten = -(-downwind / layer.wind / FORGETTING_TIME).exp_m1();
    ((aside + (all - aside).max(0.0) * forgotten) / all).min(1.0)
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
    fn between_the_ground_and_the_lid_is_all_of_the_gas() {
        for inverse_length in [-0.06, 0.0, 0.03] {
            let plume = plume(inverse_length);
            for distance in [50.0, 400.0, 1500.0] {
                let spread = plume.spread(distance);
                let top: f64 = if inverse_length < 0.0 { 800.0 } else { 10.0 * spread.depth };
                let least = spread.draughts.iter().fold(spread.depth, |least, d| least.min(d.depth));
                let levels = (top / (least / 8.0).min(top / 400.0)).round() as i32;
                let dz = top / f64::from(levels);
                let sum: f64 =
                    (0..levels).map(|k| plume.vertical_share(&spread, (f64::from(k) + 0.5) * dz) * dz).sum();
                assert!((sum - 1.0).abs() < 1e-6, "{inverse_length} {distance} {sum}");
            }
        }
    }

    #[test]
    fn a_mixture_of_draughts_has_the_moments_of_the_air() {
        for (turbulence, skewness) in [(0.5, 0.0), (0.8, 0.5), (1.2, 0.9)] {
            let pair = draughts(turbulence, skewness);
            let moment = |of: fn(f64, f64) -> f64| -> f64 {
                pair.iter().map(|&(share, mean)| share * of(mean, WITHIN_DRAUGHT * mean)).sum()
            };
            assert!((moment(|_, _| 1.0) - 1.0).abs() < 1e-12);
            assert!(moment(|mean, _| mean).abs() < 1e-12, "air neither gathers below nor above");
            let second = moment(|mean, spread| mean * mean + spread * spread);
            assert!((second / turbulence.powi(2) - 1.0).abs() < 1e-12);
            let third = moment(|mean, spread| mean.powi(3) + 3.0 * mean * spread * spread);
            assert!((third / turbulence.powi(3) - skewness).abs() < 1e-12, "{third}");
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
