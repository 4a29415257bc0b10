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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_does_not_swing_and_longer_averages_swing_more() {
        assert_eq!(meander_variance(0.0, 500.0, 1.0), 0.0);
        let at = |averaging| meander_variance(averaging, 500.0, 1.0);
        assert!(at(10.0) < at(60.0) && at(60.0) < at(600.0));
    }

    #[test]
    fn at_a_quarter_of_an_hour_a_neutral_cloud_has_briggs_width() {
        // briggs1973, class D, open country: 0.08 x/√(1 + 0.0001 x).
        for x in [100.0, 300.0, 1000.0] {
            let instant = 2.0 * 0.08 * width_share(0.0) / 4e-4 * ((1.0_f64 + 4e-4 * x).sqrt() - 1.0);
            let width = (instant * instant + meander_variance(900.0, x, 1.0)).sqrt();
            let briggs = 0.08 * x / (1.0 + 1e-4 * x).sqrt();
            assert!((width / briggs - 1.0).abs() < 0.05, "{x} {width} {briggs}");
        }
    }
}
