//! Discharge through a face under local inertia: gravity and friction, without
//! the transport of momentum by the water itself.

use std::hint::select_unpredictable;

use crate::flood::extreme::larger;
use crate::flood::friction::{inverse_cube_root, slowing};
use crate::flood::params::DRY_DEPTH;
use crate::units::GRAVITY;

/// Weight of a face's own discharge against the mean of its two neighbours along
/// the flow: damps the oscillations of the centred scheme.
///
/// # Source
/// The mean is that of de Almeida et al. 2012 (`dealmeida2012`); the value is ours.
pub const OWN_WEIGHT: f64 = 0.9;

/// Depth of the water that can flow through a face, m.
///
/// From the higher of the two beds to the higher of the two surfaces; formed
/// from differences, never from levels.
///
/// # Units
/// - `left`, `right`: depths of the cells, m; `rise`: bed right minus bed left, m
///
/// # Example
/// ```
/// use sim_core::flood::flux::local_inertia::flow_depth;
/// assert_eq!(flow_depth(2.0, 0.5, 1.0), 1.0);
/// assert_eq!(flow_depth(0.5, 0.0, 1.0), 0.0, "the bank is higher than the water");
/// ```
#[inline(always)]
pub fn flow_depth(left: f64, right: f64, rise: f64) -> f64 {
    let (over_left, over_right) = (left - larger(rise, 0.0), right - larger(-rise, 0.0));
    larger(larger(over_left, over_right), 0.0)
}

/// A face between two cells, with the discharges around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Face {
    /// Depth of the cell on the left, m.
    pub left: f64,
    /// Depth of the cell on the right, m.
    pub right: f64,
    /// Bed on the right minus bed on the left, m.
    pub rise: f64,
    /// Unit discharge through the face, m²/s.
    pub own: f64,
    /// Unit discharge through the face before it, m²/s.
    pub before: f64,
    /// Unit discharge through the face behind it, m²/s.
    pub behind: f64,
    /// Unit discharge along the face, mean of the four faces around it, m²/s.
    pub along: f64,
}

/// Unit discharge through a face after a step, m²/s.
///
/// $$ q^\* = \theta q_i + \tfrac{1-\theta}{2} (q_{i-1} + q_{i+1}) - g h_f \frac{\Delta t}{\Delta x} \Delta \eta $$
///
/// then slowed by friction. The papers take friction with the old discharge in
/// one factor and the new one in the other; here it is fully implicit, as in the
/// other schemes, which has the same fixed point (normal flow) and does not
/// alternate in thin films.
///
/// # Units
/// - `dt_over_spacing`: time step over the distance of the cells, s/m
/// - `dt_g_n2`: time step times g n², m^(1/3)
///
/// # Valid for
/// Froude numbers below about 0.5: the transport of momentum is left out.
///
/// # Source
/// Bates et al. 2010 (`bates2010`); de Almeida et al. 2012 (`dealmeida2012`) for
/// the weights; de Almeida & Bates 2013 (`dealmeida2013`) for two dimensions and for the limits.
#[inline(always)]
pub fn discharge(face: Face, dt_over_spacing: f64, dt_g_n2: f64) -> f64 {
    let depth = flow_depth(face.left, face.right, face.rise);
    let is_wet = depth >= DRY_DEPTH;
    let fall = (face.right - face.left) + face.rise;
    let mixed = OWN_WEIGHT * face.own + (0.5 * (1.0 - OWN_WEIGHT)) * (face.before + face.behind);
    let q_star = mixed - GRAVITY * depth * (dt_over_spacing * fall);
    let root = inverse_cube_root(select_unpredictable(is_wet, depth, 1.0));
    let inverse_depth = root * root * root;
    let total = (q_star * q_star + face.along * face.along).sqrt();
    let factor = slowing(total * inverse_depth, inverse_depth, root, dt_g_n2);
    select_unpredictable(is_wet, q_star * factor, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn face(left: f64, right: f64, rise: f64, own: f64) -> Face {
        Face { left, right, rise, own, before: own, behind: own, along: 0.0 }
    }

    proptest! {
        #[test]
        fn still_water_stays_beside_any_bank(level in 0.0..3.0f64, bed_left in -3.0..3.0f64, bed_right in -3.0..3.0f64) {
            let depth = |bed: f64| (level - bed).max(0.0);
            let still = face(depth(bed_left), depth(bed_right), bed_right - bed_left, 0.0);
            prop_assert!(discharge(still, 0.1, 0.001).abs() < 1e-14);
        }

        #[test]
        fn a_mirror_turns_the_discharge_and_keeps_its_bits(
            left in 0.0..3.0f64, right in 0.0..3.0f64, rise in -3.0..3.0f64, q in -2.0..2.0f64
        ) {
            let here = Face { before: 0.5 * q, ..face(left, right, rise, q) };
            let seen = Face { before: -q, behind: -0.5 * q, ..face(right, left, -rise, -q) };
            prop_assert_eq!(discharge(here, 0.1, 0.001), -discharge(seen, 0.1, 0.001));
        }

        #[test]
        fn normal_flow_is_a_fixed_point(depth in 0.01..3.0f64, slope in 0.0001..0.01f64, n in 0.01..0.2f64) {
            let q = slope.sqrt() / n * depth.powf(5.0 / 3.0);
            let after = discharge(face(depth, depth, -slope * 10.0, q), 0.05, 0.5 * GRAVITY * n * n);
            // The flow depth is taken above the higher bed and below the higher surface: one step more.
            let deeper = flow_depth(depth, depth, -slope * 10.0);
            prop_assert!((deeper - depth).abs() < 1e-12);
            prop_assert!((after / q - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn a_face_between_dry_cells_carries_nothing() {
        assert_eq!(discharge(face(0.0, 0.0, -1.0, 3.0), 0.1, 0.0), 0.0);
    }
}
