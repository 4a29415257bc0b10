//! The HLLC flux of the shallow water equations.

use crate::flood::extreme::{larger, smaller};
use crate::flood::flux::Riemann;
use crate::flood::params::DRY_DEPTH;
use crate::units::GRAVITY;

/// Smallest divisor: two dry sides have no waves and carry 0/0 = 0.
const NO_WAVES: f64 = 1e-300;

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
/// Zero is among the candidates, so that supercritical flow needs no branch. A
/// dry side is given the speed of the front that runs into it, $u + 2c$, and
/// everything else follows from the same formula.
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
    fn flux(depth_left: f64, left: f64, depth_right: f64, right: f64) -> (f64, f64) {
        let (c_left, c_right) = ((GRAVITY * depth_left).sqrt(), (GRAVITY * depth_right).sqrt());
        let u_left = if depth_left < DRY_DEPTH { right - 2.0 * c_right } else { left };
        let u_right = if depth_right < DRY_DEPTH { left + 2.0 * c_left } else { right };
        let u_star = 0.5 * (u_left + u_right) + (c_left - c_right);
        let c_star = 0.5 * (c_left + c_right) + 0.25 * (u_left - u_right);
        let s_left = smaller(0.0, smaller(u_left - c_left, u_star - c_star));
        let s_right = larger(0.0, larger(u_right + c_right, u_star + c_star));
        let q_left = depth_left * u_left;
        let q_right = depth_right * u_right;
        let f_left = q_left * u_left + 0.5 * GRAVITY * (depth_left * depth_left);
        let f_right = q_right * u_right + 0.5 * GRAVITY * (depth_right * depth_right);
        let product = s_left * s_right;
        let per_width = 1.0 / larger(s_right - s_left, NO_WAVES);
        let water =
            ((s_right * q_left - s_left * q_right) + product * (depth_right - depth_left)) * per_width;
        let momentum = ((s_right * f_left - s_left * f_right) + product * (q_right - q_left)) * per_width;
        (water, momentum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equal_sides_give_the_flux_of_the_equations(depth in 0.001..10.0f64, u in -20.0..20.0f64) {
            let (water, momentum) = Hllc::flux(depth, u, depth, u);
            prop_assert!((water - depth * u).abs() < 1e-12 * (1.0 + depth * u.abs()));
            let exact = depth * u * u + 0.5 * GRAVITY * depth * depth;
            prop_assert!((momentum - exact).abs() < 1e-12 * (1.0 + exact));
        }

        #[test]
        fn supercritical_flow_takes_the_upstream_flux(depth in 0.01..2.0f64, other in 0.01..2.0f64, froude in 3.0..6.0f64) {
            let u = froude * (GRAVITY * depth.max(other)).sqrt();
            let (water, _) = Hllc::flux(depth, u, other, u);
            prop_assert!((water - depth * u).abs() < 1e-12 * depth * u);
        }

        #[test]
        fn a_wall_in_a_mirror_lets_no_water_through(depth in 0.0..10.0f64, u in -20.0..20.0f64) {
            prop_assert_eq!(Hllc::flux(depth, u, depth, -u).0, 0.0);
        }
    }

    #[test]
    fn nothing_flows_between_dry_sides() {
        assert_eq!(Hllc::flux(0.0, 0.0, 0.0, 0.0), (0.0, 0.0));
        assert_eq!(Hllc::flux(0.0, 7.0, 0.0, -3.0), (0.0, 0.0));
    }

    #[test]
    fn still_water_beside_dry_ground_has_the_flux_worked_by_hand() {
        // s_L = -c, s_R = 2c: F = h c 2/3 with c = sqrt(9.80665).
        let (water, _) = Hllc::flux(1.0, 0.0, 0.0, 0.0);
        assert!((water - 2.0 / 3.0 * GRAVITY.sqrt()).abs() < 1e-14);
    }
}
