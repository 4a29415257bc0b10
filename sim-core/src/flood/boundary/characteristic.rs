//! What the outgoing waves say at the rim, and the water that agrees with them.
//!
//! Across the rim the shallow-water equations carry $R = u_n + 2\sqrt{gh}$ out of
//! the grid while $u_n < \sqrt{gh}$ ($u_n$ positive outwards). With the wave speed
//! $c = \sqrt{gh}$ as unknown every condition is one equation with one root,
//! which Newton's method reaches from one side, so that it cannot overshoot.
//!
//! # Source
//! Toro 2001 (`toro2001`), ch. 5: generalised Riemann invariants.

use crate::flood::boundary::Water;
use crate::units::GRAVITY;

/// Most iterations: from these starts ten are enough unless the root is double, where
/// each halves the error.
const ITERATIONS: usize = 60;

/// Change of the wave speed, relative, below which the root is found: a few units in the last place.
const FOUND: f64 = 1e-15;

fn wave_speed(depth: f64) -> f64 {
    (GRAVITY * depth).sqrt()
}

fn depth_of(wave_speed: f64) -> f64 {
    wave_speed * wave_speed / GRAVITY
}

/// The invariant that leaves a cell, m/s.
pub fn outgoing(inside: Water) -> f64 {
    inside.outward + 2.0 * wave_speed(inside.depth)
}

/// True where water leaves faster than its waves: no news comes in.
pub fn is_leaving_fast(inside: Water) -> bool {
    inside.depth > 0.0 && inside.outward >= wave_speed(inside.depth)
}

/// Depth at which a unit discharge flows as fast as its waves, m.
///
/// # Example
/// ```
/// let h = sim_core::flood::boundary::characteristic::critical_depth(1.53);
/// assert!((h - 0.620_256).abs() < 1e-3);
/// ```
pub fn critical_depth(discharge: f64) -> f64 {
    (discharge * discharge / GRAVITY).cbrt()
}

/// Depth behind a standing jump into which a fast flow runs, m.
pub fn conjugate_depth(inside: Water) -> f64 {
    let froude_squared = inside.outward * inside.outward / (GRAVITY * inside.depth);
    0.5 * inside.depth * ((1.0 + 8.0 * froude_squared).sqrt() - 1.0)
}

/// Water that falls out freely: critical depth on the outgoing invariant.
pub fn falling_out(inside: Water) -> Water {
    let c = (outgoing(inside) / 3.0).max(0.0);
    Water { depth: depth_of(c), outward: c }
}

/// Water of a given depth on the outgoing invariant, never faster than its waves.
pub fn with_depth(inside: Water, depth: f64) -> Water {
    let c = wave_speed(depth);
    let outward = outgoing(inside) - 2.0 * c;
    if outward > c { falling_out(inside) } else { Water { depth, outward: outward.max(-c) } }
}

/// Water that carries a unit discharge in, never faster than its waves.
///
/// With $q > 0$ inwards the invariant reads $2c^3 - R c^2 - g q = 0$.
pub fn with_inflow(inside: Water, inflow: f64) -> Water {
    let r = outgoing(inside);
    let supply = GRAVITY * inflow;
    let start = (0.5 * r).max(0.0) + (0.5 * supply).cbrt();
    let c = cubic_root(start, r, supply);
    let depth = depth_of(c).max(critical_depth(inflow));
    Water { depth, outward: -inflow / depth }
}

/// Water that carries a unit discharge out, at most that of a free fall.
///
/// With $q$ outwards the invariant reads $2c^3 - R c^2 + g q = 0$, whose larger
/// root is the flow slower than its waves.
pub fn with_outflow(inside: Water, outflow: f64) -> Water {
    let r = outgoing(inside);
    if r <= 0.0 {
        return Water::default();
    }
    let fall = falling_out(inside);
    if outflow >= fall.depth * fall.outward {
        return fall;
    }
    let c = cubic_root(0.5 * r, r, -(GRAVITY * outflow));
    let depth = depth_of(c);
    Water { depth, outward: outflow / depth }
}

/// Water that runs off uniformly: $u = k h^{2/3}$ on the outgoing invariant.
///
/// With $k = \sqrt S / n$ the invariant reads $k (c^2/g)^{2/3} + 2c = R$.
pub fn leaving_uniformly(inside: Water, factor: f64) -> Water {
    let r = outgoing(inside);
    if is_leaving_fast(inside) {
        return inside;
    }
    if r <= 0.0 {
        return Water::default();
    }
    let speed = |c: f64| factor * depth_of(c).cbrt().powi(2);
    let c = newton(0.5 * r, |c| (speed(c) + 2.0 * c - r, 4.0 / 3.0 * speed(c) / c + 2.0));
    if speed(c) > c { falling_out(inside) } else { Water { depth: depth_of(c), outward: speed(c) } }
}

/// Wave speed at which the outgoing invariant carries a discharge: the root of
/// $2c^3 - R c^2 = s$ below a start above it.
///
/// # Units
/// - `start`, `outgoing`: m/s
/// - `supply`: g times the unit discharge inwards, m³/s³; negative where it leaves
///
/// # Source
/// Newton's method; beyond its larger extreme the cubic is convex, so that it comes from one side.
///
/// # Example
/// ```
/// use sim_core::flood::boundary::characteristic::cubic_root;
/// // 2 * 27 - 5 * 9 = 9.
/// assert!((cubic_root(9.0, 5.0, 9.0) - 3.0).abs() < 1e-12);
/// ```
pub fn cubic_root(start: f64, outgoing: f64, supply: f64) -> f64 {
    newton(start, |c| (c * c * (2.0 * c - outgoing) - supply, 2.0 * c * (3.0 * c - outgoing)))
}

/// Root of a convex rising function from a start above it.
fn newton(start: f64, function: impl Fn(f64) -> (f64, f64)) -> f64 {
    let mut c = start;
    for _ in 0..ITERATIONS {
        let (value, slope) = function(c);
        let next = c - value / slope;
        // Also false when a number is not finite: the guard of the run then speaks.
        let goes_on = next > 0.0 && c - next > FOUND * c;
        if !goes_on {
            break;
        }
        c = next;
    }
    c
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn inside() -> impl Strategy<Value = Water> {
        (0.001..10.0f64, -0.99..0.99f64)
            .prop_map(|(depth, froude)| Water { depth, outward: froude * wave_speed(depth) })
    }

    proptest! {
        #[test]
        fn inflow_has_its_discharge_and_is_no_faster_than_its_waves(cell in inside(), inflow in 1e-9..50.0f64) {
            let ghost = with_inflow(cell, inflow);
            prop_assert!((ghost.depth * ghost.outward + inflow).abs() <= 1e-12 * inflow);
            prop_assert!(-ghost.outward <= wave_speed(ghost.depth) * (1.0 + 1e-12));
            let is_slow = ghost.depth > critical_depth(inflow) * (1.0 + 1e-9);
            prop_assert!(!is_slow || (outgoing(ghost) - outgoing(cell)).abs() < 1e-9 * outgoing(cell).abs().max(1.0));
        }

        #[test]
        fn outflow_keeps_discharge_and_invariant(cell in inside(), share in 0.0..0.999f64) {
            let fall = falling_out(cell);
            let outflow = share * fall.depth * fall.outward;
            let ghost = with_outflow(cell, outflow);
            prop_assert!((ghost.depth * ghost.outward - outflow).abs() <= 1e-12);
            prop_assert!((outgoing(ghost) - outgoing(cell)).abs() < 1e-7 * outgoing(cell));
            prop_assert!(ghost.outward <= wave_speed(ghost.depth));
        }

        #[test]
        fn a_free_fall_takes_more_than_any_level(cell in inside(), depth in 0.0..10.0f64) {
            let (fall, ghost) = (falling_out(cell), with_depth(cell, depth));
            prop_assert!(ghost.depth * ghost.outward <= fall.depth * fall.outward * (1.0 + 1e-12));
        }

        #[test]
        fn runoff_has_the_speed_of_its_depth_or_falls(cell in inside(), factor in 0.01..3.0f64) {
            let ghost = leaving_uniformly(cell, factor);
            let c = wave_speed(ghost.depth);
            let uniform = (factor * ghost.depth.powf(2.0 / 3.0) - ghost.outward).abs() < 1e-9;
            prop_assert!(uniform || (ghost.outward - c).abs() < 1e-9);
            prop_assert!((outgoing(ghost) - outgoing(cell)).abs() < 1e-9 * outgoing(cell));
        }
    }

    #[test]
    fn water_that_runs_inwards_too_fast_lets_nothing_out() {
        let cell = Water { depth: 1.0, outward: -3.0 * GRAVITY.sqrt() };
        assert_eq!(with_outflow(cell, 1.0), Water::default());
        assert_eq!(leaving_uniformly(cell, 1.0), Water::default());
    }
}
