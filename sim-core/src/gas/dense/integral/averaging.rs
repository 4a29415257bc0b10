//! What an averaging time does to a cloud that the wind swings to and fro.

use super::entrainment::{CROSSWIND, CROSSWIND_BENDING};

/// Averaging to which the passive growth of width belongs, s.
///
/// # Source
/// ermak1990 equation 36a: 900 s, second-hand after a public program.
const REFERENCE: f64 = 900.0;

/// Time of the shortest swings, s: a cloud averaged over less is as wide as at an instant.
///
/// # Source
/// ermak1990 equation 36a: 10 s, second-hand after a public program.
const SHORTEST: f64 = 10.0;

/// Exponent with which width grows with averaging.
///
/// # Source
/// ermak1990 equation 36a: 0.2, as in hino1968 and gifford1975 for averages below an hour.
const EXPONENT: f64 = 0.2;

/// Width at an averaging time over that at the reference of 15 minutes.
///
/// $$ F = \left[\frac{t + t_0 e^{-t/t_0}}{900\,\mathrm s}\right]^{0.2} $$
///
/// # Source
/// ermak1990 equation 36a.
///
/// # Example
/// ```
/// use sim_core::gas::dense::integral::averaging::width_share;
/// assert!((width_share(900.0) - 1.0).abs() < 1e-12);
/// assert!((width_share(0.0) - 0.407).abs() < 1e-3);
/// ```
pub fn width_share(averaging: f64) -> f64 {
    ((averaging + SHORTEST * (-averaging / SHORTEST).exp()) / REFERENCE).powf(EXPONENT)
}

/// Variance that the swings add to the width of a cloud at a distance, m².
///
/// $$ \sigma_m^2 = \left[\left(\frac{F(t)}{F(0)}\right)^2 - 1\right]\sigma_{y0}^2,\qquad
/// \sigma_{y0} = \frac{2 a}{4\cdot10^{-4}}\left(\sqrt{1 + 4\cdot10^{-4}x} - 1\right) $$
///
/// with a = 0.08 F(0) S, the growth at an instant.
///
/// # Units
/// - `stability`: S of [`crosswind_stability`](super::entrainment::crosswind_stability)
///
/// # Source
/// ermak1990 equations 48 to 52.
pub fn meander_variance(averaging: f64, distance: f64, stability: f64) -> f64 {
    let (instant, averaged) = (width_share(0.0), width_share(averaging.max(0.0)));
    let bending = CROSSWIND_BENDING;
    let x = distance.max(0.0);
    let width = 2.0 * CROSSWIND * instant * stability / bending * ((1.0 + bending * x).sqrt() - 1.0);
    ((averaged / instant).powi(2) - 1.0).max(0.0) * width * width
}
