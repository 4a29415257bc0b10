//! Friction of the bed after Manning, taken implicitly.

use std::hint::select_unpredictable;

use crate::flood::params::DRY_DEPTH;
use crate::units::GRAVITY;

/// Bits of the first guess of [`inverse_cube_root`]: the high word of a number is
/// about its logarithm, so that 4/3 of the bias less a third of the word is about
/// the word of the inverse cube root. The offset makes the residual 1 - x y³
/// smallest over [1, 8): at most 0.106.
pub const INVERSE_CUBE_ROOT_GUESS: u32 = 0x54a0;

/// 2¹⁶/3, rounded up: multiplying a 16-bit word by it and keeping the high half divides by three.
pub const THIRD: u32 = 0x5556;

/// One over the cube root, without division, branch or call, so that it vectorises.
///
/// A guess from the bits is corrected by the series of $(1-e)^{-1/3}$ in the
/// residual $e = 1 - x y^3$, up to the third power and then up to the first.
///
/// # Valid for
/// Normal positive numbers; the relative error is below 3e-7. Zero gives a
/// large finite number.
///
/// # Example
/// ```
/// use sim_core::flood::friction::inverse_cube_root;
/// assert!((inverse_cube_root(8.0) - 0.5).abs() < 1e-7);
/// ```
#[inline(always)]
pub fn inverse_cube_root(x: f32) -> f32 {
    let word = x.to_bits() >> 16;
    // Neither can overflow; checks for it would keep the loop from vectorising.
    let guess = INVERSE_CUBE_ROOT_GUESS.wrapping_sub(word.wrapping_mul(THIRD) >> 16);
    let y = f32::from_bits(guess << 16);
    let e = 1.0 - x * (y * y * y);
    let y = y + y * (e * (1.0 / 3.0 + e * (2.0 / 9.0 + e * (14.0 / 81.0))));
    let e = 1.0 - x * (y * y * y);
    y + y * (e * (1.0 / 3.0))
}

/// Inverse cube root of a depth, m^(-1/3); one where the water does not move.
#[inline(always)]
pub fn root_of_depth(depth: f32) -> f32 {
    inverse_cube_root(select_unpredictable(depth >= DRY_DEPTH as f32, depth, 1.0))
}

/// What friction does to the water in one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slowing {
    /// Share of the velocity that is kept, between 0 and 1.
    pub kept: f32,
    /// Share that is lost: what is missing to 1, to its own last digit.
    pub lost: f32,
}

impl Slowing {
    /// The share that is kept, as close as the two shares tell it: a velocity that is
    /// multiplied by it step after step loses what friction takes, not what rounding does.
    #[inline(always)]
    pub fn factor(self) -> f64 {
        select_unpredictable(self.lost < 0.5, 1.0 - f64::from(self.lost), f64::from(self.kept))
    }
}

/// Shares of the velocity that one step of friction keeps and takes.
///
/// $$ \frac{2}{1 + \sqrt{1 + 4a}}, \qquad a = g\,\Delta t\,n^2\,|u^\*|\,h^{-4/3} $$
///
/// # Units
/// - `speed`: |u*| over both directions before friction, m/s
/// - `inverse_root`: h^(-1/3), see [`inverse_cube_root`]
/// - `dt_g_n2`: time step times g n², m^(1/3)
#[inline(always)]
pub fn slowing(speed: f32, inverse_root: f32, dt_g_n2: f32) -> Slowing {
    let squared = inverse_root * inverse_root;
    let a = dt_g_n2 * speed * (squared * squared);
    let kept = 2.0 / (1.0 + (1.0 + 4.0 * a).sqrt());
    Slowing { kept, lost: a * (kept * kept) }
}

/// Unit discharge after one time step of Manning bed friction.
///
/// Friction is taken implicitly, so that the flow slows down but never turns
/// round, however thin the water and however long the step, and so that uniform
/// flow at normal depth is kept exactly:
///
/// $$ q^{n+1} = \frac{2 q^\*}{1 + \sqrt{1 + 4 a}}, \qquad a = g\,\Delta t\,n^2\,|q^\*|\,h^{-7/3} $$
///
/// # Units
/// - `q_star`: unit discharge after the other terms, m²/s
/// - `total`: |q*| over both directions, m²/s
/// - `depth`: water depth, m, positive
/// - `manning_n`: Manning's n, s/m^(1/3)
/// - `dt`: time step, s
/// - returns: unit discharge, m²/s, same sign as `q_star`
///
/// # Source
/// The exact root of q = q* - a q|q|/|q*|; Manning's law as in Chow 1959 (`chow1959`), (5-6).
///
/// # Example
/// ```
/// use sim_core::flood::friction::manning;
/// let q = manning(1.0, 1.0, 0.5, 0.03, 10.0);
/// assert!(q > 0.0 && q < 1.0, "friction slows the flow and keeps its sign");
/// ```
pub fn manning(q_star: f64, total: f64, depth: f64, manning_n: f64, dt: f64) -> f64 {
    let dt_g_n2 = (dt * GRAVITY * manning_n * manning_n) as f32;
    q_star * slowing((total / depth) as f32, inverse_cube_root(depth as f32), dt_g_n2).factor()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn inverse_cube_root_agrees_with_the_standard_library(exponent in -30.0..30.0f64) {
            let x = 10f64.powf(exponent) as f32;
            let exact = 1.0 / f64::from(x).cbrt();
            prop_assert!((f64::from(inverse_cube_root(x)) / exact - 1.0).abs() < 3e-7);
        }

        #[test]
        fn never_reverses_the_flow_at_any_depth(
            q in -10.0..10.0f64, exponent in -10.0..1.0f64, n in 0.0..1.0f64, dt in 0.0..100.0f64
        ) {
            let after = manning(q, q.abs(), 10f64.powf(exponent), n, dt);
            prop_assert!(after.is_finite() && after * q >= 0.0 && after.abs() <= q.abs());
        }

        #[test]
        fn is_the_root_of_the_implicit_step(q in 0.01..10.0f64, depth in 0.01..5.0f64, n in 0.01..0.2f64, dt in 0.01..10.0f64) {
            let after = manning(q, q, depth, n, dt);
            let law = dt * GRAVITY * n * n * after * after * depth.powf(-7.0 / 3.0);
            prop_assert!((after + law - q).abs() < 1e-6 * (q - after), "within what single precision makes of friction");
        }
    }

    #[test]
    fn normal_depth_is_a_fixed_point_for_every_step() {
        // q = 1 m²/s, slope 0.001, n = 0.03: h = (q n / sqrt(S))^(3/5) = 0.968886 m.
        let (q, slope, n) = (1.0, 0.001f64, 0.03);
        let depth = (q * n / slope.sqrt()).powf(0.6);
        assert!((depth - 0.968_886).abs() < 5e-7);
        for dt in [0.01, 1.0, 100.0] {
            let q_star = q + dt * GRAVITY * depth * slope;
            let drift = (manning(q_star, q_star, depth, n, dt) - q).abs();
            assert!(drift < 1e-6 * (q_star - q), "dt {dt}: {drift:e}");
        }
    }

    #[test]
    fn halving_the_step_changes_less_each_time() {
        let after =
            |parts: u32| (0..parts).fold(1.0, |q: f64, _| manning(q, q, 0.2, 0.03, 10.0 / f64::from(parts)));
        let changes: Vec<f64> = (3..8).map(|k| (after(1 << k) - after(2 << k)).abs()).collect();
        assert!(changes.windows(2).all(|pair| pair[1] < 0.6 * pair[0]), "{changes:?}");
    }
}
