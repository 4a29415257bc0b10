//! How the gas is spread over the height of the layer.

use crate::gas::dense::shallow::logarithm::exp2;
use crate::layer::extreme::{larger, smaller};

/// Shape S1 of the profile: weight of the gas over that of a layer of the same depth and mean
/// that is mixed to its top.
///
/// It sets what is called the depth, no more: a layer with S1 = 1/2 that is twice as deep has
/// the same gas, the same concentrations at every height and the same pressure. Only down a slope
/// they differ, where the equations with S1 count S1 of the weight (so that still layers
/// are level), and the true weight is all of it. Hence 1: the depth is twice the mean
/// height of the gas, and the ground has twice the mean of the layer.
///
/// # Source
/// Ours. TWODEE has 1/2 (hankin1999, second-hand), where ground and mean differ by 4.
pub const DEFAULT_SHAPE: f64 = 1.0;

/// Least depth by which heights are divided, m.
const LEAST_DEPTH: f32 = 1e-6;

/// Concentration at a height over that of the layer, as a share of the gas that was released.
///
/// $$ c(z) = \bar c\, \frac{2}{S_1}\, e^{-2z/(S_1 h)}, \qquad c(z) \le 1 $$
///
/// Its integral over the height is that of the layer, $h \bar c$, and its weight is the pressure
/// that drives the layer, $\tfrac12 S_1 h^2 \bar c$. At the ground it is $2/S_1$ times the mean, 4
/// times with S1 = 1/2: **mean and ground must not be compared with each other.** Where the layer is still almost pure
/// it would be more than pure; there it is cut, and the profile does not integrate to the layer.
///
/// # Units
/// - `mean`: share of the released gas in the layer, 0 to 1
/// - `depth`, `height`: m; `shape`: S1
///
/// # Source
/// hankin1999 and folch2009 (second-hand, after a public program of its author).
///
/// # Example
/// ```
/// use sim_core::gas::dense::shallow::profile::share_at;
/// assert_eq!(share_at(0.01, 2.0, 0.0, 0.5), 0.04);
/// // At half the depth exp(-2) of it.
/// assert!((share_at(0.01, 2.0, 1.0, 0.5) - 0.04 * (-2f32).exp()).abs() < 1e-7);
/// ```
#[inline(always)]
pub fn share_at(mean: f32, depth: f32, height: f32, shape: f32) -> f32 {
    let fall = 2.0 * std::f32::consts::LOG2_E / shape;
    let heights = height / larger(depth, LEAST_DEPTH);
    smaller(mean * (2.0 / shape) * exp2(-fall * heights), 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_holds_the_gas_and_the_weight_of_the_layer() {
        let (mean, depth, shape) = (0.01, 3.0, 0.5);
        let slice = 1e-3;
        let (mut gas, mut moment) = (0.0, 0.0);
        for k in 0..20_000 {
            let z = (f64::from(k) + 0.5) * slice;
            let share = f64::from(share_at(mean, depth, z as f32, shape));
            gas += share * slice;
            moment += share * z * slice;
        }
        assert!((gas / f64::from(mean * depth) - 1.0).abs() < 1e-4, "{gas}");
        assert!((moment / f64::from(0.5 * shape * depth * depth * mean) - 1.0).abs() < 1e-4, "{moment}");
    }
}
