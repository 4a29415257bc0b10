//! How long a step may be.
//!
//! Two bounds, whichever is shorter.
//!
//! **Waves.** With the Courant number $C$,
//!
//! $$ \Delta t = C \Big/ \max_{\text{wet}} \Big( \frac{|u| + c}{\Delta x} + \frac{|v| + c}{\Delta y} \Big) $$
//!
//! This keeps every depth positive for $C \le 3/4$. Water leaves a cell fastest
//! into dry neighbours: the flux through one face is then $h (u + 2c)/3$ while the
//! flow is subcritical and $h u$ otherwise, so that two opposite faces take at
//! most $\tfrac43 h c$ or $h|u|$, hence never more than $\tfrac43 h (|u| + c)$. The
//! bound above then takes at most $\tfrac43 C h$ in one step. The second-order
//! scheme keeps the same bound; its slopes of the depth are limited beside dry
//! cells, where the estimate is sharp
//! ([`crate::flood::reconstruction::LARGEST_BESIDE_BANK`]), and what a cell could
//! still lose too much is added back and stands in the ledger as clipped.
//!
//! Local inertia knows no speed but that of the waves: there the rate is
//! $c \sqrt{1/\Delta x^2 + 1/\Delta y^2}$, and discharges are cut to what a cell holds.
//!
//! **Sources.** Water that falls on dry ground makes waves that the old state
//! does not know. A source of $w$ metres per second leaves after $\Delta t$ a depth
//! $w \Delta t$ with waves of speed $\sqrt{g w \Delta t}$; they too must not cross a
//! cell within the step:
//!
//! $$ \Delta t \le \Big( \frac{C}{\sqrt{g w}\,(1/\Delta x + 1/\Delta y)} \Big)^{2/3} $$
//!
//! Steps end exactly on every sample of a series, on every frame and on the end
//! of the run; the time up to such a mark is divided evenly, so that no sliver
//! of a step is left over.

use crate::units::GRAVITY;

/// Longest step, s: bounds the delay with which still ground notices anything.
pub const LONGEST_STEP: f64 = 60.0;

/// Shortest step that is still worth taking, s: water 1 m deep needs longer
/// than this to cross 4 µm, so a shorter one means that a velocity has run away.
pub const SHORTEST_STEP: f64 = 1e-6;

/// Longest step for waves, s.
///
/// # Units
/// - `courant`: Courant number
/// - `wave_rate`: largest (|u|+c)/Δx + (|v|+c)/Δy, 1/s; zero on dry ground
pub fn for_waves(courant: f64, wave_rate: f64) -> f64 {
    if wave_rate > 0.0 { courant / wave_rate } else { f64::INFINITY }
}

/// Longest step for sources on dry ground, s.
///
/// # Units
/// - `courant`: Courant number
/// - `rate`: depth added per second, m/s
/// - `inverse_spacing`: 1/Δx + 1/Δy, 1/m
///
/// # Example
/// ```
/// use sim_core::flood::time_step::for_sources;
/// use sim_core::units::from_mm_h;
/// // 70 mm/h on cells of 2 m: about 13.6 s.
/// let dt = for_sources(0.7, from_mm_h(70.0), 1.0);
/// assert!((dt - 13.6).abs() < 0.1);
/// ```
pub fn for_sources(courant: f64, rate: f64, inverse_spacing: f64) -> f64 {
    if rate > 0.0 {
        (courant / ((GRAVITY * rate).sqrt() * inverse_spacing)).powf(2.0 / 3.0)
    } else {
        f64::INFINITY
    }
}

/// Step that is no longer than `longest` and divides `remaining` evenly, and
/// whether it is the last one before the mark.
///
/// # Example
/// ```
/// use sim_core::flood::time_step::divide;
/// assert_eq!(divide(10.0, 4.0), (10.0 / 3.0, false));
/// assert_eq!(divide(3.0, 4.0), (3.0, true));
/// assert_eq!(divide(f64::INFINITY, 4.0), (4.0, false), "no mark ahead");
/// ```
pub fn divide(remaining: f64, longest: f64) -> (f64, bool) {
    if remaining.is_infinite() {
        return (longest, false);
    }
    let parts = (remaining / longest).ceil().max(1.0);
    (remaining / parts, parts == 1.0)
}
