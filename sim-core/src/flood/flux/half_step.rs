//! Half a step ahead within a cell, before the faces are looked at.

use std::hint::select_unpredictable;

use crate::flood::extreme::larger;
use crate::flood::friction::{root_of_depth, slowing};
use crate::flood::params::DRY_DEPTH;
use crate::units::GRAVITY;

/// Depth and velocity of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Depth, m.
    pub depth: f32,
    /// Velocity along x, m/s.
    pub u: f32,
    /// Velocity along y, m/s.
    pub v: f32,
}

/// Differences across a cell in one direction, from one side to the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slopes {
    /// Of the depth, m.
    pub depth: f32,
    /// Of the water surface, m.
    pub surface: f32,
    /// Of the velocity along x, m/s.
    pub u: f32,
    /// Of the velocity along y, m/s.
    pub v: f32,
}

/// A cell after half a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ahead {
    /// Depth that it has gained, m.
    pub gain: f32,
    /// Velocity along x, m/s.
    pub u: f32,
    /// Velocity along y, m/s.
    pub v: f32,
}

/// A cell after half a step under its own slopes and friction.
///
/// $$ \partial_t h = -u h_x - h u_x - v h_y - h v_y $$
/// $$ \partial_t u = -u u_x - v u_y - g \eta_x - g n^2 u |u| h^{-4/3} $$
///
/// (and the same for $v$). The pressure enters as the slope of the water surface,
/// so that still water is still after half a step too. Friction is taken
/// implicitly as at the end of the step: uniform flow is a fixed point of this
/// half step, and hence of the whole one.
///
/// The depth is kept large enough that it is not negative at any side. It comes as what
/// the cell gains, which is far smaller than itself.
///
/// # Units
/// - `shares`: half the time step over the spacing along x and along y, s/m
/// - `half_rain`: depth that falls in half the time step, m; it brings no momentum
/// - `half_dt_g_n2`: half the time step times g n², m^(1/3)
///
/// # Source
/// Toro 2001 (`toro2001`), ch. 11 for the MUSCL-Hancock scheme; primitive form
/// with the slope of the surface as in Audusse & Bristeau 2005 (`audusse2005`).
///
/// # Example
/// ```
/// use sim_core::flood::flux::half_step::{Ahead, Cell, Slopes, half_step};
/// let still = Cell { depth: 1.0, u: 0.0, v: 0.0 };
/// let level = Slopes { depth: 0.3, surface: 0.0, u: 0.0, v: 0.0 };
/// let ahead = half_step(still, level, level, (0.1, 0.1), 0.0, 0.0);
/// assert_eq!(ahead, Ahead { gain: 0.0, u: 0.0, v: 0.0 });
/// ```
#[inline(always)]
pub fn half_step(
    cell: Cell,
    x: Slopes,
    y: Slopes,
    shares: (f32, f32),
    half_rain: f32,
    half_dt_g_n2: f32,
) -> Ahead {
    half_step_from(cell, root_of_depth(cell.depth), x, y, shares, half_rain, half_dt_g_n2)
}

/// The same where the inverse cube root of the depth is known; one where the cell is dry.
#[inline(always)]
pub fn half_step_from(
    cell: Cell,
    root: f32,
    x: Slopes,
    y: Slopes,
    shares: (f32, f32),
    half_rain: f32,
    half_dt_g_n2: f32,
) -> Ahead {
    let Cell { depth, u, v } = cell;
    let (share_x, share_y) = shares;
    let g = GRAVITY as f32;
    let lost = share_x * (u * x.depth + depth * x.u) + share_y * (v * y.depth + depth * y.v);
    let u_star = u - (share_x * (u * x.u + g * x.surface) + share_y * (v * y.u));
    let v_star = v - (share_y * (v * y.v + g * y.surface) + share_x * (u * x.v));
    let floor = 0.5 * larger(x.depth.abs(), y.depth.abs());
    let is_wet = depth >= DRY_DEPTH as f32;
    let diluted = depth / select_unpredictable(is_wet, depth + half_rain, 1.0);
    let (u_star, v_star) = (u_star * diluted, v_star * diluted);
    let speed = (u_star * u_star + v_star * v_star).sqrt();
    let factor = slowing(speed, root, half_dt_g_n2).kept;
    Ahead {
        gain: larger(half_rain - lost, floor - depth),
        u: select_unpredictable(is_wet, u_star * factor, 0.0),
        v: select_unpredictable(is_wet, v_star * factor, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LEVEL: Slopes = Slopes { depth: 0.0, surface: 0.0, u: 0.0, v: 0.0 };

    proptest! {
        #[test]
        fn no_side_is_left_with_less_than_nothing(
            depth in 0.0..2.0f32, share in 0.0..0.3f32, u in -5.0..5.0f32,
            h_x in -1.0..1.0f32, h_y in -1.0..1.0f32, u_x in -5.0..5.0f32, v_y in -5.0..5.0f32
        ) {
            let x = Slopes { depth: 2.0 * depth * h_x, surface: 0.1, u: u_x, v: 0.2 };
            let y = Slopes { depth: 2.0 * depth * h_y, surface: -0.1, u: 0.3, v: v_y };
            let ahead = half_step(Cell { depth, u, v: 0.4 }, x, y, (share, share), 0.001, 0.01);
            for slope in [x.depth, -x.depth, y.depth, -y.depth] {
                prop_assert!(depth + ahead.gain + 0.5 * slope >= -1e-6 * depth);
            }
        }

        #[test]
        fn normal_flow_on_a_plane_is_a_fixed_point(
            depth in 0.001..2.0f32, slope in 0.0001..0.1f32, n in 0.01..0.2f32, half_dt in 0.001..10.0f32
        ) {
            let u = slope.sqrt() / n * depth.powf(2.0 / 3.0);
            let down = Slopes { surface: -slope, ..LEVEL };
            let cell = Cell { depth, u, v: 0.0 };
            let dt_g_n2 = half_dt * GRAVITY as f32 * n * n;
            let ahead = half_step(cell, down, LEVEL, (half_dt, half_dt), 0.0, dt_g_n2);
            prop_assert!((ahead.u / u - 1.0).abs() < 2e-6);
            prop_assert_eq!(ahead.gain, 0.0);
        }
    }

    #[test]
    fn rain_adds_depth_and_no_momentum() {
        let cell = Cell { depth: 0.3, u: 1.0, v: -0.5 };
        let ahead = half_step(cell, LEVEL, LEVEL, (0.2, 0.1), 0.1, 0.0);
        assert_eq!(ahead.gain, 0.1);
        let depth = cell.depth + ahead.gain;
        assert!((depth * ahead.u - 0.3).abs() < 1e-7 && (depth * ahead.v + 0.15).abs() < 1e-7);
    }

    #[test]
    fn uniform_flow_without_slope_goes_on() {
        let cell = Cell { depth: 0.7, u: 1.3, v: -0.4 };
        let ahead = half_step(cell, LEVEL, LEVEL, (0.2, 0.1), 0.0, 0.0);
        assert_eq!(ahead, Ahead { gain: 0.0, u: 1.3, v: -0.4 });
    }
}
