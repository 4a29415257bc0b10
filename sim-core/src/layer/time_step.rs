//! How long a step may be.
//!
//! Two bounds, whichever is shorter.
//!
//! **Waves.** With the Courant number $C$,
//!
//! $$ \Delta t = C \Big/ \max_{\text{wet}} \Big( \frac{|u| + \max(c, \tfrac23 |u|)}{\Delta x} + \frac{|v| + \max(c, \tfrac23 |v|)}{\Delta y} \Big) $$
//!
//! For $C \le 1$ this is stable, as no wave crosses more than a cell: neither those of the
//! water, $|u| + c$, nor those of a film that friction holds to its normal flow, which run at
//! $\tfrac53 |u|$ after Manning, faster than the former once $|u| > \tfrac32 c$. And it keeps
//! every depth positive: through one face no more leaves than flows at its critical depth,
//! $h c\,((u/c + 2)/3)^3$ while $|u| \le c$ and $h|u|$ beyond
//! ([`crate::layer::flux::most_water`]), so that two opposite faces together take at most
//! $\tfrac{16}{27} h c$ from still water and never more than $h (|u| + c)$. The second-order
//! scheme keeps the same bound; its slopes of the depth are limited beside dry
//! cells ([`crate::layer::reconstruction::LARGEST_BESIDE_BANK`]), and what a cell could
//! still lose too much is added back and stands in the ledger as clipped.
//!
//! Local inertia knows no speed but that of the waves: there the rate is
//! $\tfrac43 c \sqrt{1/\Delta x^2 + 1/\Delta y^2}$, and discharges are cut to what a cell holds.
//! Without the factor the scheme is stable up to $C = 0.95$ on even water; it leaves room for
//! water that becomes deeper within the step.
//!
//! **Sources.** Water that falls on dry ground makes waves that the old state
//! does not know. A source of $w$ metres per second leaves after $\Delta t$ a depth
//! $w \Delta t$ with waves of speed $\sqrt{g w \Delta t}$; the bound must hold for them too:
//!
//! $$ \Delta t \le \Big( \frac{C}{\sqrt{g w}\,(1/\Delta x + 1/\Delta y)} \Big)^{2/3} $$
//!
//! Steps end exactly on every sample of a series, on every frame and on the end
//! of the run; the time up to such a mark is divided evenly, so that no sliver
//! of a step is left over.

use crate::layer::extreme::larger;
use crate::units::GRAVITY;

/// By how much the kinematic waves of a film outrun it, as a share of its speed: the power of the
/// depth in Manning's law for the velocity.
///
/// # Source
/// Lighthill & Whitham 1955 (`lighthill1955`): celerity dq/dh of q ~ h^(5/3).
pub const KINEMATIC_EXCESS: f32 = 2.0 / 3.0;

/// Speed with which water and its waves cross a cell in one direction at most, m/s.
///
/// # Units
/// - `velocity`: in this direction, m/s
/// - `c`: speed of its waves, sqrt(g h), m/s
///
/// # Example
/// ```
/// use sim_core::layer::time_step::crossing_speed;
/// assert_eq!(crossing_speed(-2.0, 3.0), 5.0);
/// assert_eq!(crossing_speed(6.0, 1.0), 10.0, "a film on a steep slope");
/// ```
#[inline(always)]
pub fn crossing_speed(velocity: f32, c: f32) -> f32 {
    let speed = velocity.abs();
    speed + larger(c, KINEMATIC_EXCESS * speed)
}

/// Longest step, s: bounds the delay with which still ground notices anything.
pub const LONGEST_STEP: f64 = 60.0;

/// Shortest step that is still worth taking, s: water 1 m deep needs longer
/// than this to cross 4 µm, so a shorter one means that a velocity has run away.
pub const SHORTEST_STEP: f64 = 1e-6;

/// Why a step was not taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stop {
    /// A number is not finite in this cell.
    NotFinite {
        /// Row and column.
        cell: (usize, usize),
    },
    /// The step would be shorter than [`SHORTEST_STEP`] because of this cell.
    StepTooShort {
        /// Row and column.
        cell: (usize, usize),
        /// The step that its waves demand, s.
        dt: f64,
    },
}

/// Square root to within 5e-6 of itself, without the divider, which friction keeps busy: near
/// enough for the length of a step.
///
/// # Valid for
/// Normal numbers; zero and denormal ones give less than 1e-19.
///
/// # Source
/// The bits of a number are about its logarithm, so that half of them, taken away from a
/// constant, are about those of its inverse square root; then two steps of Newton's method.
///
/// # Example
/// ```
/// use sim_core::layer::time_step::about_square_root;
/// assert!((about_square_root(9.0) - 3.0).abs() < 1.5e-5);
/// assert!(about_square_root(0.0) < 1e-19);
/// ```
#[inline(always)]
pub fn about_square_root(x: f32) -> f32 {
    /// Bits of 1 and a half times the bias of the exponent, moved so that the error is smallest.
    const GUESS: u32 = 0x5f37_59df;
    let y = f32::from_bits(GUESS.wrapping_sub(x.to_bits() >> 1));
    let half = 0.5 * x;
    let y = y * (1.5 - half * y * y);
    let y = y * (1.5 - half * y * y);
    x * y
}

/// Longest step for waves, s.
///
/// # Units
/// - `courant`: Courant number
/// - `wave_rate`: largest sum over both directions of [`crossing_speed`] over the spacing, 1/s;
///   zero on dry ground
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
/// use sim_core::layer::time_step::for_sources;
/// use sim_core::units::from_mm_h;
/// // 70 mm/h on cells of 2 m: about 16.7 s.
/// let dt = for_sources(0.95, from_mm_h(70.0), 1.0);
/// assert!((dt - 16.7).abs() < 0.1);
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
/// use sim_core::layer::time_step::divide;
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_square_root_is_near_enough_for_every_depth(exponent in -30.0..30.0f64) {
            let x = 10f64.powf(exponent) as f32;
            prop_assert!((about_square_root(x) / x.sqrt() - 1.0).abs() < 5e-6);
        }
    }

    #[test]
    fn what_is_no_number_goes_through() {
        assert!(about_square_root(f32::NAN).is_nan());
        assert!(!about_square_root(f32::INFINITY).is_finite());
    }
}
