//! Half a step ahead within a cell, before the faces are looked at.

use std::hint::select_unpredictable;

use crate::flood::extreme::larger;
use crate::flood::friction::{inverse_cube_root, slowing};
use crate::flood::params::DRY_DEPTH;
use crate::units::GRAVITY;

/// Depth and velocity of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Depth, m.
    pub depth: f64,
    /// Velocity along x, m/s.
    pub u: f64,
    /// Velocity along y, m/s.
    pub v: f64,
}

/// Differences across a cell in one direction, from one side to the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slopes {
    /// Of the depth, m.
    pub depth: f64,
    /// Of the bed, m; with the depth it makes the slope of the water surface.
    pub bed: f64,
    /// Of the velocity along x, m/s.
    pub u: f64,
    /// Of the velocity along y, m/s.
    pub v: f64,
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
/// The depth is kept large enough that it is not negative at any side.
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
/// use sim_core::flood::flux::half_step::{Cell, Slopes, half_step};
/// let still = Cell { depth: 1.0, u: 0.0, v: 0.0 };
/// let level = Slopes { depth: 0.3, bed: -0.3, u: 0.0, v: 0.0 };
/// assert_eq!(half_step(still, level, level, (0.1, 0.1), 0.0, 0.0), still);
/// ```
#[inline(always)]
pub fn half_step(
    cell: Cell,
    x: Slopes,
    y: Slopes,
    shares: (f64, f64),
    half_rain: f64,
    half_dt_g_n2: f64,
) -> Cell {
    let root = inverse_cube_root(select_unpredictable(cell.depth >= DRY_DEPTH, cell.depth, 1.0));
    half_step_from(cell, root, x, y, shares, half_rain, half_dt_g_n2)
}

/// The same where the inverse cube root of the depth is known; one where the cell is dry.
#[inline(always)]
pub fn half_step_from(
    cell: Cell,
    root: f64,
    x: Slopes,
    y: Slopes,
    shares: (f64, f64),
    half_rain: f64,
    half_dt_g_n2: f64,
) -> Cell {
    let Cell { depth, u, v } = cell;
    let (share_x, share_y) = shares;
    let gained = share_x * (u * x.depth + depth * x.u) + share_y * (v * y.depth + depth * y.v);
    let u_star = u - (share_x * (u * x.u + GRAVITY * (x.depth + x.bed)) + share_y * (v * y.u));
    let v_star = v - (share_y * (v * y.v + GRAVITY * (y.depth + y.bed)) + share_x * (u * x.v));
    let floor = 0.5 * larger(x.depth.abs(), y.depth.abs());
    let is_wet = depth >= DRY_DEPTH;
    let diluted = depth / select_unpredictable(is_wet, depth + half_rain, 1.0);
    let (u_star, v_star) = (u_star * diluted, v_star * diluted);
    let speed = (u_star * u_star + v_star * v_star).sqrt();
    let factor = slowing(speed, root * root * root, root, half_dt_g_n2);
    Cell {
        depth: larger(depth - gained + half_rain, floor),
        u: select_unpredictable(is_wet, u_star * factor, 0.0),
        v: select_unpredictable(is_wet, v_star * factor, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LEVEL: Slopes = Slopes { depth: 0.0, bed: 0.0, u: 0.0, v: 0.0 };

    proptest! {
        #[test]
        fn no_side_is_left_with_less_than_nothing(
            depth in 0.0..2.0f64, share in 0.0..0.3f64, u in -5.0..5.0f64,
            h_x in -1.0..1.0f64, h_y in -1.0..1.0f64, u_x in -5.0..5.0f64, v_y in -5.0..5.0f64
        ) {
            let x = Slopes { depth: 2.0 * depth * h_x, bed: 0.1, u: u_x, v: 0.2 };
            let y = Slopes { depth: 2.0 * depth * h_y, bed: -0.1, u: 0.3, v: v_y };
            let ahead = half_step(Cell { depth, u, v: 0.4 }, x, y, (share, share), 0.001, 0.01);
            for slope in [x.depth, -x.depth, y.depth, -y.depth] {
                prop_assert!(ahead.depth + 0.5 * slope >= 0.0);
            }
        }

        #[test]
        fn normal_flow_on_a_plane_is_a_fixed_point(
            depth in 0.001..2.0f64, slope in 0.0001..0.1f64, n in 0.01..0.2f64, half_dt in 0.001..10.0f64
        ) {
            let u = slope.sqrt() / n * depth.powf(2.0 / 3.0);
            let down = Slopes { bed: -slope, ..LEVEL };
            let cell = Cell { depth, u, v: 0.0 };
            let ahead = half_step(cell, down, LEVEL, (half_dt, half_dt), 0.0, half_dt * GRAVITY * n * n);
            prop_assert!((ahead.u / u - 1.0).abs() < 1e-9);
            prop_assert_eq!(ahead.depth, depth);
        }
    }

    #[test]
    fn rain_adds_depth_and_no_momentum() {
        let cell = Cell { depth: 0.3, u: 1.0, v: -0.5 };
        let ahead = half_step(cell, LEVEL, LEVEL, (0.2, 0.1), 0.1, 0.0);
        assert_eq!(ahead.depth, 0.4);
        assert!((ahead.depth * ahead.u - 0.3).abs() < 1e-15 && (ahead.depth * ahead.v + 0.15).abs() < 1e-15);
    }

    #[test]
    fn uniform_flow_without_slope_goes_on() {
        let cell = Cell { depth: 0.7, u: 1.3, v: -0.4 };
        assert_eq!(half_step(cell, LEVEL, LEVEL, (0.2, 0.1), 0.0, 0.0), cell);
    }
}
