//! A dam that vanishes at once, on a flat bed without friction.

use sim_core::units::GRAVITY;

use super::root::bisect;

/// Depth of a dam break onto a dry, flat, frictionless bed.
///
/// With $c = \sqrt{g h_l}$ and $s = x/t$: $h = h_l$ for $s < -c$,
/// $h = (2c - s)^2 / 9g$ up to the front at $s = 2c$, dry beyond.
///
/// # Units
/// - `x`: distance from the dam, m; `time`: s; `left`: depth behind the dam, m
///
/// # Source
/// Ritter 1892; Delestre et al. 2013, Int. J. Numer. Meth. Fluids 72, 269, section 4.1.2.
///
/// # Example
/// ```
/// let at_the_dam = validation::exact::ritter_depth(0.0, 6.0, 0.005);
/// assert!((at_the_dam - 4.0 / 9.0 * 0.005).abs() < 1e-15);
/// ```
pub fn ritter_depth(x: f64, time: f64, left: f64) -> f64 {
    let celerity = (GRAVITY * left).sqrt();
    let ray = x / time;
    if ray < -celerity {
        left
    } else if ray < 2.0 * celerity {
        (2.0 * celerity - ray).powi(2) / (9.0 * GRAVITY)
    } else {
        0.0
    }
}

/// Distance of the dry front from the dam, m: twice the celerity behind the dam times the time.
///
/// # Units
/// - `time`: s; `left`: depth behind the dam, m
///
/// # Source
/// As [`ritter_depth`].
///
/// # Example
/// ```
/// // Published for 0.005 m after 6 s: 2.657668 m (g = 9.81).
/// assert!((validation::exact::ritter_front(6.0, 0.005) - 2.657668).abs() < 1e-3);
/// ```
pub fn ritter_front(time: f64, left: f64) -> f64 {
    2.0 * (GRAVITY * left).sqrt() * time
}

/// Depth of a dam break onto shallower water on a flat, frictionless bed.
///
/// # Units
/// - `x`: distance from the dam, m; `time`: s; `left`, `right`: depths, m
///
/// # Source
/// Stoker 1957, *Water Waves*, ch. 10; Delestre et al. 2013, section 4.1.1.
pub fn stoker_depth(x: f64, time: f64, left: f64, right: f64) -> f64 {
    let (middle, velocity, shock) = stoker_middle(left, right);
    let (c_left, c_middle) = ((GRAVITY * left).sqrt(), (GRAVITY * middle).sqrt());
    let ray = x / time;
    if ray < -c_left {
        left
    } else if ray < velocity - c_middle {
        (2.0 * c_left - ray).powi(2) / (9.0 * GRAVITY)
    } else if ray < shock {
        middle
    } else {
        right
    }
}

/// Depth and velocity between rarefaction and shock, and the speed of the shock.
///
/// The middle depth makes the velocity behind the rarefaction,
/// $2(\sqrt{g h_l} - \sqrt{g h_m})$, equal to the one behind the shock,
/// $(h_m - h_r)\sqrt{g (h_m + h_r) / (2 h_m h_r)}$; found by bisection.
///
/// # Source
/// As [`stoker_depth`].
///
/// # Example
/// ```
/// // Published for 0.005 m over 0.001 m: 0.002539 m, 0.127280 m/s, 0.209963 m/s (g = 9.81).
/// let (depth, velocity, shock) = validation::exact::stoker_middle(0.005, 0.001);
/// assert!((depth - 0.002539).abs() < 1e-6);
/// assert!((velocity - 0.12728).abs() < 1e-4 && (shock - 0.20996).abs() < 1e-4);
/// ```
pub fn stoker_middle(left: f64, right: f64) -> (f64, f64, f64) {
    let behind_wave = |h: f64| 2.0 * ((GRAVITY * left).sqrt() - (GRAVITY * h).sqrt());
    let behind_shock = |h: f64| (h - right) * (GRAVITY * (h + right) / (2.0 * h * right)).sqrt();
    let depth = bisect(right, left, |h| behind_shock(h) - behind_wave(h));
    let velocity = behind_wave(depth);
    (depth, velocity, depth * velocity / (depth - right))
}
