//! The HLLC flux of the shallow water equations.

use crate::layer::extreme::{larger, smaller};
use crate::layer::flux::{Facing, Riemann, Through, most_water};
use crate::layer::limits::DRY_DEPTH;
use crate::units::GRAVITY;

/// Smallest divisor: two dry sides have no waves and carry 0/0 = 0.
pub const NO_WAVES: f32 = 1e-30;

/// Harten, Lax and van Leer's flux with the contact wave restored by upwinding
/// the momentum along the face.
///
/// $$ F = \frac{s_R F_L - s_L F_R + s_L s_R (U_R - U_L)}{s_R - s_L} $$
///
/// with the fastest waves to the left and right
///
/// $$ s_L = \min(0,\ u_L - c_L,\ u_\* - c_\*), \qquad s_R = \max(0,\ u_R + c_R,\ u_\* + c_\*) $$
/// $$ u_\* = \tfrac12 (u_L + u_R) + (c_L - c_R), \qquad c_\* = \tfrac12 (c_L + c_R) + \tfrac14 (u_L - u_R) $$
///
/// The jump of the depth in $U_R - U_L$, and with it that of the pressure, is the rise
/// that is given, not the difference of two depths. Zero is among the candidates, so that supercritical flow needs no branch. A
/// dry side is given the speed of the front that runs into it, $u + 2c$, and
/// everything else follows from the same formula.
///
/// Beside dry ground, and wherever water falls apart, the formula alone lets through up to
/// twice what the exact solution does. So no more water passes than can leave its side
/// ([`most_water`]).
///
/// # Valid for
/// Depths that are not negative; two dry sides give no flux.
///
/// # Source
/// Toro 2001 (`toro2001`), ch. 10: HLL (10.18), star values of two rarefactions
/// (10.17), dry fronts (10.21-10.22); Einfeldt 1988 (`einfeldt1988`) for taking
/// the extremes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hllc;

impl Riemann for Hllc {
    #[inline(always)]
    fn flux(left: Facing, right: Facing, rise: f32) -> Through {
        let g = GRAVITY as f32;
        let (c_left, c_right) = ((g * left.depth).sqrt(), (g * right.depth).sqrt());
        let dry = DRY_DEPTH as f32;
        let u_left = if left.depth < dry { right.normal - 2.0 * c_right } else { left.normal };
        let u_right = if right.depth < dry { left.normal + 2.0 * c_left } else { right.normal };
        let u_star = 0.5 * (u_left + u_right) + (c_left - c_right);
        let c_star = 0.5 * (c_left + c_right) + 0.25 * (u_left - u_right);
        let s_left = smaller(0.0, smaller(u_left - c_left, u_star - c_star));
        let s_right = larger(0.0, larger(u_right + c_right, u_star + c_star));
        let per_width = 1.0 / larger(s_right - s_left, NO_WAVES);
        let (q_left, q_right) = (left.depth * u_left, right.depth * u_right);
        let product = s_left * s_right;
        let water = (s_right * q_left - s_left * q_right) + product * rise;
        let carried =
            (s_right * (q_left * u_left) - s_left * (q_right * u_right)) + product * (q_right - q_left);
        let pressure = (0.5 * g) * ((left.depth + right.depth) * rise);
        let (from_left, from_right) =
            (most_water(left, u_left, c_left), most_water(right, -u_right, c_right));
        Through {
            water: larger(-from_right, smaller(from_left, water * per_width)),
            left: (carried - s_left * pressure) * per_width,
            right: (carried - s_right * pressure) * per_width,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn facing(depth: f32, normal: f32) -> Facing {
        Facing { depth, normal }
    }

    /// The flux over level ground, where the surface rises with the depth.
    fn level(left: Facing, right: Facing) -> Through {
        Hllc::flux(left, right, right.depth - left.depth)
    }

    proptest! {
        #[test]
        fn equal_sides_give_the_flux_of_the_equations(depth in 0.001..10.0f32, u in -20.0..20.0f32) {
            let through = level(facing(depth, u), facing(depth, u));
            prop_assert!((through.water - depth * u).abs() < 1e-6 * depth * (u.abs() + (10.0 * depth).sqrt()));
            let carried = depth * u * u;
            prop_assert!((through.left - carried).abs() < 2e-6 * (depth * depth * 10.0 + carried));
            prop_assert_eq!(through.left, through.right);
        }

        #[test]
        fn supercritical_flow_takes_the_upstream_flux(depth in 0.01..2.0f32, other in 0.01..2.0f32, froude in 3.0..6.0f32) {
            let u = froude * (GRAVITY as f32 * depth.max(other)).sqrt();
            let through = level(facing(depth, u), facing(other, u));
            prop_assert!((through.water - depth * u).abs() < 1e-6 * depth * u);
            prop_assert!((through.left - depth * u * u).abs() < 1e-6 * depth * u * u);
        }

        #[test]
        fn a_wall_in_a_mirror_lets_no_water_through(depth in 0.0..10.0f32, u in -20.0..20.0f32) {
            prop_assert_eq!(level(facing(depth, u), facing(depth, -u)).water, 0.0);
        }

        #[test]
        fn momentum_on_both_sides_differs_by_the_pressure(hl in 0.01..5.0f32, hr in 0.01..5.0f32, ul in -3.0..3.0f32, ur in -3.0..3.0f32) {
            let through = level(facing(hl, ul), facing(hr, ur));
            let g = GRAVITY as f32;
            let difference = 0.5 * g * (hl * hl - hr * hr);
            prop_assert!((through.right - through.left - difference).abs() < 3e-5 * (1.0 + through.left.abs() + through.right.abs()));
        }
    }

    #[test]
    fn nothing_flows_between_dry_sides() {
        let nothing = Through { water: 0.0, left: 0.0, right: 0.0 };
        assert_eq!(level(facing(0.0, 0.0), facing(0.0, 0.0)), nothing);
        assert_eq!(level(facing(0.0, 7.0), facing(0.0, -3.0)), nothing);
    }

    #[test]
    fn a_rise_too_small_for_the_depths_to_show_still_drives_the_water() {
        let through = Hllc::flux(facing(10.0, 0.0), facing(10.0, 0.0), 1e-12);
        let expected = -0.5 * (GRAVITY * 10.0).sqrt() * 1e-12;
        assert!((f64::from(through.water) / expected - 1.0).abs() < 1e-6);
    }

    #[test]
    fn still_water_beside_dry_ground_has_the_exact_flux() {
        // Ritter's solution at the dam: 4/9 of the depth at 2/3 of the speed of its waves.
        let through = level(facing(1.0, 0.0), facing(0.0, 0.0));
        assert!((f64::from(through.water) - 8.0 / 27.0 * GRAVITY.sqrt()).abs() < 5e-7);
    }
}
