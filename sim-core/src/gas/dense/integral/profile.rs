//! How the concentration is distributed over a cross-section whose means are known.

use crate::gas::normal::normal_share;

/// Largest share of the mean: of a bell over the thickness of a slab on the ground, √(6/π).
const BELL: f64 = 1.381_976_597_885_342;

/// Share of the largest concentration across the wind: flat over the core b, with the slopes of a
/// bell of width β.
///
/// $$ \tfrac12\left[\operatorname{erf}\frac{y+b}{\sqrt2\beta} - \operatorname{erf}\frac{y-b}{\sqrt2\beta}\right] $$
/// whose integral over y is 2b.
///
/// # Source
/// ermak1990 equation 13.
pub fn across(y: f64, core: f64, slope: f64) -> f64 {
    if slope <= 0.0 {
        return f64::from(u8::from(y.abs() <= core));
    }
    normal_share((y + core) / slope) - normal_share((y - core) / slope)
}

/// Depth σ of the bell of a slab: h/(2√3) off the ground, (h − z)/√3 on it.
///
/// # Source
/// ermak1990 section 2.2.4.
pub fn depth(height: f64, centre: f64) -> f64 {
    let root = 3.0_f64.sqrt();
    if centre > 0.5 * height { 0.5 * height / root } else { (height - centre) / root }
}

/// Concentration at a height over the mean of the slab: a bell around the centre and its image
/// in the ground.
///
/// $$ \frac{h}{\sqrt{2\pi}\,\sigma}\left[e^{-(z-z_c)^2/2\sigma^2} + e^{-(z+z_c)^2/2\sigma^2}\right] $$
/// whose integral over z > 0 is h.
///
/// # Source
/// ermak1990 equation 13.
///
/// # Example
/// ```
/// use sim_core::gas::dense::integral::profile::vertical;
/// // On the ground the bottom has √(6/π) = 1.38 of the mean.
/// assert!((vertical(0.0, 2.0, 0.0) - 1.382).abs() < 1e-3);
/// ```
pub fn vertical(z: f64, height: f64, centre: f64) -> f64 {
    let sigma = depth(height, centre);
    if sigma <= 0.0 {
        return 0.0;
    }
    let bell = |from: f64| (-0.5 * (from / sigma) * (from / sigma)).exp();
    height / ((2.0 * std::f64::consts::PI).sqrt() * sigma) * (bell(z - centre) + bell(z + centre))
}

/// The bottom's concentration over the mean.
pub fn bottom() -> f64 {
    BELL
}

/// Mean over a window of the flat-topped profile along the wind, as [`across`], at a distance from its middle.
///
/// # Units
/// - `window`: length of the window, m
///
/// # Source
/// ermak1990 equation 55b.
pub fn along(x: f64, core: f64, slope: f64, window: f64) -> f64 {
    if window <= 1e-9 * (core + slope) {
        return across(x, core, slope);
    }
    // ∫Φ = z Φ + φ.
    let integral = |place: f64| {
        let z = place / slope;
        slope * (z * normal_share(z) + (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt())
    };
    let (low, high) = (x - 0.5 * window, x + 0.5 * window);
    let rise = integral(high + core) - integral(low + core) - integral(high - core) + integral(low - core);
    (rise / window).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integral(low: f64, high: f64, of: impl Fn(f64) -> f64) -> f64 {
        let slices = 40_000;
        let step = (high - low) / f64::from(slices);
        (0..slices).map(|i| of(low + (f64::from(i) + 0.5) * step)).sum::<f64>() * step
    }

    #[test]
    fn profiles_hold_what_the_slab_holds() {
        for (core, slope) in [(5.0, 0.1), (5.0, 4.0), (0.3, 10.0)] {
            let sum = integral(-200.0, 200.0, |y| across(y, core, slope));
            assert!((sum / (2.0 * core) - 1.0).abs() < 1e-6, "{core} {slope}");
        }
        for (height, centre) in [(3.0, 0.0), (3.0, 1.0), (3.0, 1.5001), (3.0, 20.0)] {
            let sum = integral(0.0, 100.0, |z| vertical(z, height, centre));
            assert!((sum / height - 1.0).abs() < 1e-3, "{height} {centre} {sum}");
        }
    }

    #[test]
    fn the_mean_over_a_window_is_the_mean_over_a_window() {
        for (x, window) in [(0.0, 3.0), (4.0, 10.0), (9.0, 1.0)] {
            let mean = integral(x - 0.5 * window, x + 0.5 * window, |x| across(x, 5.0, 1.5)) / window;
            assert!((along(x, 5.0, 1.5, window) - mean).abs() < 1e-7);
        }
        assert_eq!(along(0.0, 5.0, 1.5, 0.0), across(0.0, 5.0, 1.5));
    }
}
