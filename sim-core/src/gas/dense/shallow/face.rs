//! What crosses a face between two columns of heavy gas.
//!
//! **One Riemann solver for both.** The equations of a layer under reduced gravity $\gamma$
//! become those of water when velocities are measured in another unit: with
//! $s = \sqrt{g/\gamma}$, a layer that moves at $u$ under $\gamma$ does what water does that
//! moves at $s u$ under $g$. So the faces of water ([`crate::layer::flux`]) serve here, its
//! discharge divided by $s$ and its momentum by $s^2$, and dry ground, steps of the ground and
//! still layers are treated the same to the last bit.
//!
//! **Gravity.** With the density $\rho = \rho_a (1 + d)$ of the layer its own inertia, the
//! velocity equation has $\gamma = S_1 g\, d/(1 + d)$: heavy gas is slower than the
//! approximation of small differences of density says, $\gamma = S_1 g\,d$, by
//! $\sqrt{1 + d}$. Where the layers on both sides differ, the density of the face is the
//! mean, and the difference of the weights of the two goes to both sides in
//! the shares of the waves. Momentum is told per density of the face; density changes
//! across contacts only, where velocity does not, so that bores are exact.
//!
//! **Edges.** Water runs out on dry ground in a film of any thinness. Heavy gas does not: the
//! air in front holds it back, and it ends in a head. So an edge stays in its cell until
//! it fills it ([`FILLED`]) to the depth behind, and the air presses against it
//! ([`crate::gas::dense::shallow::mixing::front_resistance`]). Then it leaves as the Riemann
//! problem with a front of its Froude number says.

use crate::layer::extreme::{larger, smaller};
use crate::layer::flux::{Facing, Riemann, Side};
use crate::layer::limits::DRY_DEPTH;
use crate::layer::reconstruction::face_water;
use crate::layer::time_step::about_square_root;
use crate::units::GRAVITY;

/// Share of the depth behind it from which on an edge leaves its cell.
///
/// Numerical: an edge stands somewhere in its cell. With less it runs ahead of its Froude
/// number, with more it lags; at this share the front of a dam break keeps it to 6 %.
pub const FILLED: f32 = 0.7;

/// Least gravity by which velocities are scaled, m/s²: a layer 10 m deep then has waves of
/// 3 mm/s, which nobody sees beside any wind.
pub const LEAST_GRAVITY: f32 = 1e-6;

/// Least sum of depths by which is divided, m.
const LEAST_DEPTH: f32 = 1e-30;

/// Gravity that drives a layer over that of the Earth, $S_1 d/(1 + d)$.
///
/// # Example
/// ```
/// use sim_core::gas::dense::shallow::face::relative_gravity;
/// assert_eq!(relative_gravity(1.0, 0.5), 0.25, "twice as heavy as air, exponential");
/// ```
#[inline(always)]
pub fn relative_gravity(excess: f32, shape: f32) -> f32 {
    larger(shape * excess / (1.0 + excess), LEAST_GRAVITY / GRAVITY as f32)
}

/// A column of the layer as a face sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beside {
    /// Depth and velocity.
    pub side: Side,
    /// (ρ - ρa)/ρa.
    pub excess: f32,
    /// Largest depth of this cell and, above its ground, of its four neighbours, m.
    pub crest: f32,
}

/// What crosses one metre of a face; momentum per density of the face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerFlux {
    /// Volume, m²/s, positive from left to right.
    pub volume: f32,
    /// Normal momentum that the left cell loses beyond its own pressure, m³/s².
    pub left: f32,
    /// Normal momentum that the right cell gains beyond its own pressure, m³/s².
    pub right: f32,
    /// Momentum along the face, m³/s².
    pub along: f32,
    /// 1 where the layer ends with an edge that looks to the right, -1 to the left, else 0.
    pub edge: f32,
}

/// Numbers of a layer that faces need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Shape S1 of the profile.
    pub profile: f32,
    /// Froude number of an edge over the root of S1: its speed over that of waves, in gas that is hardly
    /// heavier than air.
    pub front: f32,
}

/// What leaves a layer over an edge, in units in which it is water.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Edge {
    volume: f32,
    /// Momentum that goes with the volume.
    carried: f32,
    /// Pressure at the face.
    pressure: f32,
    /// 1 where the air presses against an edge within the cell, else 0.
    resisted: f32,
}

impl Edge {
    /// The edge of a layer that moves outwards at u, with waves of speed c.
    ///
    /// Along the rarefaction $u + 2c$ is kept, and the front runs at $u = F c$: it is $(u + 2c)/(2 +
    /// F)$ that is c at the face. A layer that is faster than its front leaves as it is, and is
    /// slowed in its cell. The wind does not count here, but in the motion of the cell.
    #[inline(always)]
    fn of(outward: Facing, c: f32, fills: bool, per_wave: f32) -> Self {
        let g = GRAVITY as f32;
        let fan = larger(outward.normal + 2.0 * c, 0.0) / (2.0 + per_wave);
        let is_fast = outward.normal >= per_wave * c;
        let speed = if is_fast { outward.normal } else { per_wave * fan };
        let depth = if is_fast { outward.depth } else { fan * fan * (1.0 / g) };
        let volume = if fills { depth * speed } else { 0.0 };
        let is_resisted = is_fast || !fills;
        Self {
            volume,
            carried: volume * speed,
            pressure: if is_resisted { 0.0 } else { (0.5 * g) * (depth * depth) },
            resisted: if is_resisted { 1.0 } else { 0.0 },
        }
    }
}

/// What crosses a face between two columns.
///
/// `rise` is that of the surface of the layer from left to right, m (of the ground, where a
/// side is dry).
///
/// # Example
/// ```
/// use sim_core::gas::dense::shallow::face::{Beside, Shape, layer_flux};
/// use sim_core::layer::flux::{Hllc, Side};
/// let column = |depth: f32, excess| Beside { side: Side { depth, normal: 0.0, along: 0.0 }, excess, crest: depth };
/// let shape = Shape { profile: 1.0, front: 1.1 };
/// // A level surface over a step of the ground: nothing moves.
/// let still = layer_flux::<Hllc>(column(2.0, 0.7), column(0.5, 0.7), 0.0, shape);
/// assert_eq!((still.volume, still.left, still.right), (0.0, 0.0, 0.0));
/// // The heavier of two equal depths pushes: what the left cell gains is what the right one loses.
/// let pushed = layer_flux::<Hllc>(column(2.0, 0.7), column(2.0, 0.5), 0.0, shape);
/// assert!(pushed.left < 0.0 && pushed.right > 0.0);
/// ```
#[inline(always)]
pub fn layer_flux<R: Riemann>(left: Beside, right: Beside, rise: f32, shape: Shape) -> LayerFlux {
    flux_between::<R, true>(left, right, rise, shape)
}

/// As [`layer_flux`]; without `EDGES` only where gas lies on both sides, as no layer ends there.
#[inline(always)]
pub(super) fn flux_between<R: Riemann, const EDGES: bool>(
    left: Beside,
    right: Beside,
    rise: f32,
    shape: Shape,
) -> LayerFlux {
    let (dry, g) = (DRY_DEPTH as f32, GRAVITY as f32);
    let (l, r) = (left.side, right.side);
    let face = face_water(l.depth, r.depth, rise);
    // Gas on dry ground has no density of its own.
    let (of_both_left, of_both_right) = (
        if l.depth < dry { right.excess } else { left.excess },
        if r.depth < dry { left.excess } else { right.excess },
    );
    let excess = 0.5 * (of_both_left + of_both_right);
    let weight = shape.profile / (1.0 + excess);
    let least = LEAST_GRAVITY / g;
    let relative = larger(weight * excess, least);
    let (of_left, of_right) = (larger(weight * left.excess, least), larger(weight * right.excess, least));
    let unit = 1.0 / relative.sqrt();
    let inverse_unit = relative * unit;
    let on_left = Facing { depth: face.left, normal: l.normal * unit };
    let on_right = Facing { depth: face.right, normal: r.normal * unit };
    let through = R::flux(on_left, on_right, face.rise);
    let (c_left, c_right) = ((g * face.left).sqrt(), (g * face.right).sqrt());
    // What the weights differ beyond the difference of the depths.
    let (square_left, square_right) = (face.left * face.left, face.right * face.right);
    let jump = (0.5 * g) * ((of_right - relative) * square_right - (of_left - relative) * square_left);
    let froude = (on_left.normal + on_right.normal) / larger(c_left + c_right, LEAST_DEPTH);
    let to_left = smaller(larger(0.5 - 0.5 * froude, 0.0), 1.0);
    let to_right = smaller(larger(0.5 + 0.5 * froude, 0.0), 1.0);
    let (weight_left, weight_right) = (of_left * face.left_weight, of_right * face.right_weight);
    let volume = inverse_unit * through.water;
    let open = LayerFlux {
        volume,
        left: weight_left + (through.left * relative + to_left * jump),
        right: weight_right + (through.right * relative - to_right * jump),
        along: volume * if volume > 0.0 { l.along } else { r.along },
        edge: 0.0,
    };
    if !EDGES {
        return open;
    }
    // Where one side is dry ground within reach of the other, that one ends here.
    let ends_left = r.depth < dry && face.left >= dry;
    let ends = ends_left || (l.depth < dry && face.right >= dry);
    let turned = Facing { normal: -on_right.normal, ..on_right };
    let (outward, c) = if ends_left { (on_left, c_left) } else { (turned, c_right) };
    let fills = if ends_left { l.depth >= FILLED * left.crest } else { r.depth >= FILLED * right.crest };
    let edge = Edge::of(outward, c, fills, shape.front * about_square_root(1.0 + excess));
    let own = (0.5 * g) * (outward.depth * outward.depth);
    let (lost, carried) = (relative * ((edge.carried + edge.pressure) - own), relative * edge.carried);
    let sign = if ends_left { 1.0 } else { -1.0 };
    let volume = inverse_unit * (sign * edge.volume);
    let from_edge = if ends_left { (lost, carried) } else { (carried, lost) };
    let ended = LayerFlux {
        volume,
        left: weight_left + from_edge.0,
        right: weight_right + from_edge.1,
        along: volume * if volume > 0.0 { l.along } else { r.along },
        edge: sign * edge.resisted,
    };
    if ends { ended } else { open }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::flux::{Hllc, face_flux};
    use proptest::prelude::*;

    const SHAPE: Shape = Shape { profile: 0.5, front: 1.1 };

    fn beside(depth: f32, normal: f32, excess: f32) -> Beside {
        Beside { side: Side { depth, normal, along: 0.3 }, excess, crest: depth }
    }

    proptest! {
        #[test]
        fn a_layer_is_water_with_slower_clocks(
            hl in 0.01..5.0f32, hr in 0.01..5.0f32, ul in -3.0..3.0f32, ur in -3.0..3.0f32, excess in 0.01..3.0f32
        ) {
            let unit = 1.0 / relative_gravity(excess, 0.5).sqrt();
            let gas = layer_flux::<Hllc>(beside(hl, ul, excess), beside(hr, ur, excess), hr - hl, SHAPE);
            let side = |depth, normal: f32| Side { depth, normal: normal * unit, along: 0.3 * unit };
            let water = face_flux::<Hllc>(side(hl, ul), side(hr, ur), hr - hl);
            prop_assert!((gas.volume * unit - water.water).abs() <= 1e-5 * (water.water.abs() + 1.0));
            prop_assert!((gas.left * unit * unit - water.left).abs() <= 1e-4 * (water.left.abs() + 1.0));
        }

        #[test]
        fn a_mirror_turns_the_flux_and_keeps_its_bits(
            hl in 0.0..5.0f32, hr in 0.0..5.0f32, ul in -4.0..4.0f32, ur in -4.0..4.0f32,
            dl in 0.0..3.0f32, dr in 0.0..3.0f32, slope in -3.0..3.0f32
        ) {
            let rise = (f64::from(hr) - f64::from(hl) + f64::from(slope)) as f32;
            let there = layer_flux::<Hllc>(beside(hl, ul, dl), beside(hr, ur, dr), rise, SHAPE);
            let back = layer_flux::<Hllc>(beside(hr, -ur, dr), beside(hl, -ul, dl), -rise, SHAPE);
            prop_assert_eq!(there.volume, -back.volume);
            prop_assert_eq!((there.left, there.right), (back.right, back.left));
            prop_assert_eq!(there.edge, -back.edge);
        }

        #[test]
        fn the_momenta_of_both_sides_differ_by_their_weights(
            hl in 0.01..5.0f32, hr in 0.01..5.0f32, ul in -3.0..3.0f32, ur in -3.0..3.0f32, dl in 0.0..3.0f32, dr in 0.0..3.0f32
        ) {
            let through = layer_flux::<Hllc>(beside(hl, ul, dl), beside(hr, ur, dr), hr - hl, SHAPE);
            // Per density of the face.
            let excess = 0.5 * (dl + dr);
            let weight = 0.25 * GRAVITY as f32 / (1.0 + excess);
            let difference = weight * (dr * hr * hr - dl * hl * hl);
            let size = 1.0 + through.left.abs() + through.right.abs() + difference.abs();
            prop_assert!((through.left - through.right - difference).abs() < 1e-4 * size);
        }
    }

    #[test]
    fn an_edge_that_fills_its_cell_leaves_it_and_a_thin_one_waits() {
        let ground = beside(0.0, 0.0, 0.0);
        let full = layer_flux::<Hllc>(beside(1.0, 0.0, 0.5), ground, -1.0, SHAPE);
        // γ = 0.5 g/3, F = 1.1 √1.5 at the face, where c is 2 c0/(2 + F).
        let gravity = GRAVITY as f32 / 6.0;
        let per_wave = 1.1 * 1.5f32.sqrt();
        let c = 2.0 * gravity.sqrt() / (2.0 + per_wave);
        assert!((full.volume / (per_wave * c * c * c / gravity) - 1.0).abs() < 1e-4, "{full:?}");
        assert_eq!(full.edge, 0.0, "the front is beyond");
        let thin = Beside { crest: 3.0, ..beside(1.0, 2.0, 0.5) };
        let waiting = layer_flux::<Hllc>(thin, ground, -1.0, SHAPE);
        assert_eq!((waiting.volume, waiting.edge), (0.0, 1.0));
        let against_wall = layer_flux::<Hllc>(beside(1.0, 2.0, 0.5), ground, 5.0, SHAPE);
        assert_eq!((against_wall.volume, against_wall.edge), (0.0, 0.0), "a wall is no edge");
    }

    #[test]
    fn a_front_at_its_own_speed_passes_as_it_is() {
        let ground = beside(0.0, 0.0, 0.0);
        let gravity = GRAVITY as f32 / 6.0;
        let speed = 1.1 * (1.5 * gravity).sqrt();
        let through = layer_flux::<Hllc>(beside(1.0, speed * 0.999_99, 0.5), ground, -1.0, SHAPE);
        assert!((through.volume / speed - 1.0).abs() < 1e-4, "{through:?}");
        assert!((through.left / (speed * speed) - 1.0).abs() < 1e-3);
    }
}
