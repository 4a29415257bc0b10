//! Discharge through a face under local inertia: gravity and friction, without
//! the transport of momentum by the water itself.

use std::hint::select_unpredictable;

use crate::flood::extreme::{larger, smaller};
use crate::flood::friction::{Slowing, slowing};
use crate::flood::params::DRY_DEPTH;
use crate::units::GRAVITY;

/// Weight of a face's own discharge against the mean of its two neighbours along
/// the flow: damps the oscillations of the centred scheme.
///
/// # Source
/// The mean is that of de Almeida et al. 2012 (`dealmeida2012`); the value is ours.
pub const OWN_WEIGHT: f64 = 0.9;

/// By how much faster than on even water waves are taken to be: room for water that becomes
/// deeper within the step.
pub const ROOM: f64 = 4.0 / 3.0;

/// Depth of the water that can flow through a face, m.
///
/// From the higher of the two beds to the higher of the two surfaces; formed
/// from differences, never from levels.
///
/// # Units
/// - `left`, `right`: depths of the cells, m
/// - `rise`: level of the surface on the right less that on the left, m; where a cell is
///   dry the surface is its ground
///
/// # Example
/// ```
/// use sim_core::flood::flux::local_inertia::flow_depth;
/// assert_eq!(flow_depth(2.0, 0.5, -0.5), 1.0, "on the right the bed is 1 m higher");
/// assert_eq!(flow_depth(0.5, 0.0, 0.5), 0.0, "the bank is higher than the water");
/// ```
#[inline(always)]
pub fn flow_depth(left: f32, right: f32, rise: f32) -> f32 {
    let over_left = smaller(left, larger(right - rise, 0.0));
    let over_right = smaller(right, larger(left + rise, 0.0));
    larger(over_left, over_right)
}

/// Discharges through a face and the ones before and behind it, m²/s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Discharges {
    /// Through the face before it.
    pub before: f64,
    /// Through the face.
    pub own: f64,
    /// Through the face behind it.
    pub behind: f64,
}

impl Discharges {
    /// Their weighted mean.
    #[inline(always)]
    pub fn mixed(self) -> f64 {
        OWN_WEIGHT * self.own + (0.5 * (1.0 - OWN_WEIGHT)) * (self.before + self.behind)
    }
}

/// Unit discharge that gravity adds in a step, m²/s.
///
/// `dt_over_spacing` is the time step over the distance of the cells, s/m.
#[inline(always)]
pub fn push(flow_depth: f32, rise: f32, dt_over_spacing: f32) -> f32 {
    -(GRAVITY as f32) * flow_depth * (dt_over_spacing * rise)
}

/// What friction does to the discharge; between dry cells nothing of it is kept.
///
/// # Units
/// - `root`: that of the flow depth, [`crate::flood::friction::root_of_depth`]
/// - `q_star`: discharge before friction, m²/s; `along`: along the face, m²/s
/// - `dt_g_n2`: time step times g n², m^(1/3)
#[inline(always)]
pub fn hindrance(flow_depth: f32, root: f32, q_star: f32, along: f32, dt_g_n2: f32) -> Slowing {
    let total = (q_star * q_star + along * along).sqrt();
    let Slowing { kept, lost } = slowing(total * (root * root * root), root, dt_g_n2);
    let is_wet = flow_depth >= DRY_DEPTH as f32;
    Slowing { kept: select_unpredictable(is_wet, kept, 0.0), lost: select_unpredictable(is_wet, lost, 1.0) }
}

/// Unit discharge through a face after a step, m²/s.
///
/// $$ q^\* = \theta q_i + \tfrac{1-\theta}{2} (q_{i-1} + q_{i+1}) - g h_f \frac{\Delta t}{\Delta x} \Delta \eta $$
///
/// ($\theta q_i + \dots$ is [`Discharges::mixed`], the rest [`push`]), then slowed by
/// friction ([`hindrance`]). The papers take friction with the old discharge in
/// one factor and the new one in the other; here it is fully implicit, as in the
/// other schemes, which has the same fixed point (normal flow) and does not
/// alternate in thin films. Discharges are summed in double precision, so that a small
/// push is not lost beside a large one.
///
/// # Valid for
/// Froude numbers below about 0.5: the transport of momentum is left out.
///
/// # Source
/// Bates et al. 2010 (`bates2010`); de Almeida et al. 2012 (`dealmeida2012`) for
/// the weights; de Almeida & Bates 2013 (`dealmeida2013`) for two dimensions and for the limits.
#[inline(always)]
pub fn discharge(mixed: f64, push: f32, hindrance: Slowing) -> f64 {
    (mixed + f64::from(push)) * hindrance.factor()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::friction::root_of_depth;
    use proptest::prelude::*;

    /// Discharge through a face between cells of these depths on ground that rises so much.
    fn step(depths: (f64, f64), ground: f64, q: (f64, f64, f64), dt_over_spacing: f32, dt_g_n2: f32) -> f64 {
        let rise = ((depths.1 - depths.0) + ground) as f32;
        let flow = flow_depth(depths.0 as f32, depths.1 as f32, rise);
        let mixed = Discharges { before: q.0, own: q.1, behind: q.2 }.mixed();
        let push = push(flow, rise, dt_over_spacing);
        let q_star = mixed as f32 + push;
        discharge(mixed, push, hindrance(flow, root_of_depth(flow), q_star, 0.0, dt_g_n2))
    }

    proptest! {
        #[test]
        fn still_water_stays_beside_any_bank(level in 0.0..3.0f64, bed_left in -3.0..3.0f64, bed_right in -3.0..3.0f64) {
            let depth = |bed: f64| (level - bed).max(0.0);
            let after = step((depth(bed_left), depth(bed_right)), bed_right - bed_left, (0.0, 0.0, 0.0), 0.1, 0.001);
            prop_assert!(after.abs() < 1e-14);
        }

        #[test]
        fn a_mirror_turns_the_discharge_and_keeps_its_bits(
            left in 0.0..3.0f64, right in 0.0..3.0f64, rise in -3.0..3.0f64, q in -2.0..2.0f64
        ) {
            let here = step((left, right), rise, (0.5 * q, q, q), 0.1, 0.001);
            let seen = step((right, left), -rise, (-q, -q, -0.5 * q), 0.1, 0.001);
            prop_assert_eq!(here, -seen);
        }

        #[test]
        fn normal_flow_is_a_fixed_point(depth in 0.01..3.0f64, slope in 0.0001..0.01f64, n in 0.01..0.2f64) {
            let q = slope.sqrt() / n * depth.powf(5.0 / 3.0);
            let dt_g_n2 = (0.5 * GRAVITY * n * n) as f32;
            let after = step((depth, depth), -slope * 10.0, (q, q, q), 0.05, dt_g_n2);
            prop_assert!((after / q - 1.0).abs() < 2e-6);
        }
    }

    #[test]
    fn a_face_between_dry_cells_carries_nothing() {
        assert_eq!(step((0.0, 0.0), -1.0, (3.0, 3.0, 3.0), 0.1, 0.0), 0.0);
    }

    #[test]
    fn a_push_below_the_last_digit_of_the_discharge_in_single_precision_counts() {
        let (mut q, steps) = (1.0, 1000);
        for _ in 0..steps {
            q = step((1.0, 1.0), -1e-9, (q, q, q), 0.1, 0.0);
        }
        let expected = GRAVITY * 1e-10 * f64::from(steps);
        assert!(((q - 1.0) / expected - 1.0).abs() < 1e-6);
    }
}
