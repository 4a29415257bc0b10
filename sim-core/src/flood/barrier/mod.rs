//! Barriers: things on the faces between cells that are thinner than a cell.
//!
//! A levee, kerb or flood wall ([`levee`]) and a bridge deck ([`bridge`]) are lines; the
//! faces that a line cuts ([`crate::grid::line_faces`]) form a chain without gaps. What
//! passes such a face is told by a law from the water beside it, in place of what the
//! scheme would let through, or mixed with it ([`Flow::share`]).
//!
//! **Water.** A law tells the steady discharge at the heads at the start of a step. The
//! water between the two cells is heavy, so that the discharge follows its law with a
//! delay ([`driven`]): without it, small differences of level under a large discharge
//! would change sign from step to step. It is never more than two thirds of depth times
//! wave speed of the giving cell, the bound that keeps depths positive
//! ([`crate::flood::time_step`]).
//!
//! **Momentum.** Each cell feels a wall that moves with the speed of the water that passes
//! ([`flux_past`]): at rest the pressure of its own depth, so that lakes of different
//! levels stand still on both sides; in steady flow exactly the momentum that the water
//! carries; before a dry crest the full reflection of a wall.
//!
//! **Slopes.** No slope within the cells beside a face that is shut or half shut looks
//! across it: such a cell is level in that direction.
//!
//! # Valid for
//! Lines whose cells resolve the water on both sides; a levee wider than a cell belongs
//! into the ground. Forces on walls, waves that spill over, scour and debris are left out.
//!
//! To add a barrier: one file with its law, a variant of [`Kind`] and a line in [`ALL`].

pub mod bridge;
pub mod levee;
mod placed;

pub use bridge::Bridge;
pub use levee::{Gap, Levee, Trigger};
pub(crate) use placed::{Barriers, FaceNow};

use crate::flood::flux::{FaceFlux, Facing, Riemann, Side};
use crate::flood::params::DRY_DEPTH;
use crate::units::GRAVITY;

/// Names of the kinds, with what they are.
pub const ALL: [(&str, &str); 2] = [
    ("levee", "a levee, kerb or flood wall thinner than a cell: water passes over its crest only"),
    ("bridge", "a deck over water: free below it, under pressure when it is reached, over it as over a weir"),
];

/// A barrier along a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Barrier {
    /// Name in tables.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// The faces that it stands on.
    pub faces: Vec<Face>,
}

/// Barriers by kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// [`levee`].
    Levee(Levee),
    /// [`bridge`].
    Bridge(Bridge),
}

impl Kind {
    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Levee(_) => ALL[0].0,
            Self::Bridge(_) => ALL[1].0,
        }
    }
}

/// A face of a barrier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Face {
    /// Row and column of the cell east (or north) of the face.
    pub cell: (usize, usize),
    /// True for the western face of that cell, false for its southern face.
    pub is_across_x: bool,
    /// True if the cell west (or south) of the face lies left of the line.
    pub from_left: bool,
    /// Level of the crest, or of the top of the deck, m.
    pub top: f64,
    /// Level of the underside of the deck, m; that of the top for what has none.
    pub soffit: f64,
    /// Distance along the line from its first point, m.
    pub along: f64,
}

impl Face {
    /// Row and column of the cell on the other side; none for a face of the rim.
    pub fn other(&self) -> Option<(usize, usize)> {
        let (row, column) = self.cell;
        if self.is_across_x {
            Some((row, column.checked_sub(1)?))
        } else {
            Some((row.checked_sub(1)?, column))
        }
    }
}

/// Water beside a face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beside {
    /// Level of the water, m; of the ground where it is dry.
    pub level: f64,
    /// Depth, m.
    pub depth: f64,
    /// Velocity towards the face, m/s.
    pub towards: f64,
}

/// What a law finds at a face; positive from left to right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flow {
    /// Steady unit discharge of the law, m²/s.
    pub water: f64,
    /// Difference of the heads that drives it, m.
    pub head: f64,
    /// Height of the water that can pass from the left and from the right, m; zero below a crest.
    pub heights: (f64, f64),
    /// Share of the law in what passes; the rest is what the scheme lets through.
    pub share: f64,
    /// Drag coefficient of what stands in the free flow times the share that it blocks.
    pub drag: f64,
    /// True if water stands above the top.
    pub is_over: bool,
}

impl Flow {
    /// Nothing stands in the way.
    pub const FREE: Self =
        Self { water: 0.0, head: 0.0, heights: (0.0, 0.0), share: 0.0, drag: 0.0, is_over: false };
}

/// Share of depth times wave speed that may leave a cell through one face: what leaves
/// still water for dry ground at most ([`crate::flood::time_step`]).
const LARGEST_RATE: f64 = 2.0 / 3.0;

/// Discharge at the end of a step, m²/s, of water that a head drives against the resistance
/// of a barrier.
///
/// The water between the two cells is set in motion by what the law leaves of the head:
///
/// $$ \frac{dq}{dt} = \frac{g a}{\Delta x} \Big( H - H \frac{q |q|}{q_s^2} \Big) $$
///
/// with the steady discharge $q_s$ of the law at the head $H$ and the height $a$ of what
/// passes; the resistance is taken implicitly. The steady state is that of the law.
///
/// # Units
/// - `before`: unit discharge before the step, m²/s
/// - `spacing`: distance of the cells, m; `dt`: time step, s
///
/// # Source
/// The equation of unsteady flow through a short opening, as local inertia
/// ([`crate::flood::flux::local_inertia`]) with the resistance of the law in place of Manning's.
///
/// # Example
/// ```
/// use sim_core::flood::barrier::{Flow, driven};
/// let flow = Flow { water: 3.0, head: 0.4, heights: (2.0, 1.6), share: 1.0, ..Flow::FREE };
/// assert!((driven(3.0, flow, 10.0, 0.5) - 3.0).abs() < 1e-12, "steady");
/// let first = driven(0.0, flow, 10.0, 0.5);
/// assert!(first > 0.0 && first < 3.0, "it takes its time");
/// ```
pub fn driven(before: f64, flow: Flow, spacing: f64, dt: f64) -> f64 {
    let height = flow.heights.0.max(flow.heights.1);
    let weight = dt * GRAVITY * height / spacing;
    let pushed = before + weight * flow.head;
    let is_stopped = flow.water == 0.0 && flow.head != 0.0;
    if pushed == 0.0 || is_stopped {
        return 0.0;
    }
    let resistance =
        if flow.head == 0.0 { 0.0 } else { weight * flow.head.abs() / (flow.water * flow.water) };
    let after = 2.0 * pushed / (1.0 + (1.0 + 4.0 * resistance * pushed.abs()).sqrt());
    let giving = if after > 0.0 { flow.heights.0 } else { flow.heights.1 };
    if giving > 0.0 { after } else { 0.0 }
}

/// A discharge within what the giving cell can lose, m²/s.
///
/// # Units
/// - `water`: unit discharge, m²/s; `giving`: depth of the cell that it leaves, m
///
/// # Example
/// ```
/// use sim_core::flood::barrier::limited;
/// assert_eq!(limited(-0.1, 1.0), -0.1);
/// // 2/3 × 1 m × √(g 1 m).
/// assert!((limited(9.0, 1.0) - 2.0877).abs() < 1e-4);
/// ```
pub fn limited(water: f64, giving: f64) -> f64 {
    let most = LARGEST_RATE * giving * (GRAVITY * giving).sqrt();
    water.clamp(-most, most)
}

/// Speed at which water that passes a barrier moves in a cell of this depth, m/s: never faster
/// than at critical depth over the crest, and not at all where the cell is dry.
fn passing_speed(water: f32, depth: f32) -> f32 {
    if depth < DRY_DEPTH as f32 {
        return 0.0;
    }
    let critical = (GRAVITY as f32 * water.abs()).cbrt();
    (water / depth).clamp(-critical, critical)
}

/// What passes one metre of a face whose discharge is given.
///
/// In the frame of the water that passes, each cell sees a wall: the Riemann problem
/// between the cell and its mirror image.
///
/// # Units
/// - `water`: unit discharge from left to right, m²/s
///
/// # Example
/// ```
/// use sim_core::flood::barrier::flux_past;
/// use sim_core::flood::flux::{Hllc, Side};
/// let (high, low) = (Side { depth: 3.0, normal: 0.0, along: 0.0 }, Side { depth: 1.0, normal: 0.0, along: 0.0 });
/// let shut = flux_past::<Hllc>(high, low, 0.0);
/// assert_eq!((shut.left, shut.right), (0.0, 0.0), "two lakes at rest");
/// ```
pub fn flux_past<R: Riemann>(left: Side, right: Side, water: f32) -> FaceFlux {
    let facing = |depth: f32, normal: f32| Facing { depth, normal };
    let mirrored = |side: Side| 2.0 * passing_speed(water, side.depth) - side.normal;
    let at_left = R::flux(facing(left.depth, left.normal), facing(left.depth, mirrored(left)), 0.0);
    let at_right = R::flux(facing(right.depth, mirrored(right)), facing(right.depth, right.normal), 0.0);
    FaceFlux {
        water,
        left: at_left.left,
        right: at_right.right,
        along: water * if water > 0.0 { left.along } else { right.along },
    }
}

/// Drag of piers on the free flow, m³/s² per metre of face, with the sign of the flow.
///
/// $$ F = \tfrac12 C_D\, b\, \frac{q |q|}{h} $$
///
/// with the share $b$ of the width that they block.
///
/// # Source
/// The drag of piers in the momentum balance of HEC-RAS (`hecras2016`, chapter 5, low flow).
pub fn pier_drag(water: f64, depth: f64, drag: f64) -> f64 {
    if depth < DRY_DEPTH { 0.0 } else { 0.5 * drag * water * water.abs() / depth }
}

/// What has passed a barrier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossing {
    /// Volume from its left to its right, m³.
    pub to_right: f64,
    /// Volume from its right to its left, m³.
    pub to_left: f64,
    /// Largest discharge over the whole of it by absolute value, m³/s.
    pub peak: f64,
    /// End of the first step in which water ran over its top, s; infinite if never.
    pub first_over: f64,
    /// End of the first step in which the flow below a deck was under pressure, s; likewise.
    pub first_pressed: f64,
}

impl Crossing {
    /// Nothing has passed yet.
    pub const NONE: Self = Self {
        to_right: 0.0,
        to_left: 0.0,
        peak: 0.0,
        first_over: f64::INFINITY,
        first_pressed: f64::INFINITY,
    };

    /// Every number in it, in a fixed order.
    pub fn numbers(&mut self) -> [&mut f64; 5] {
        let Self { to_right, to_left, peak, first_over, first_pressed } = self;
        [to_right, to_left, peak, first_over, first_pressed]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::flux::Hllc;
    use proptest::prelude::*;

    fn side(depth: f32, normal: f32) -> Side {
        Side { depth, normal, along: 0.4 }
    }

    proptest! {
        #[test]
        fn steady_flow_carries_its_own_momentum(depth in 0.2..5.0f32, speed in 0.0..1.0f32) {
            let water = depth * speed;
            let flux = flux_past::<Hllc>(side(depth, speed), side(depth, speed), water);
            let carried = water * passing_speed(water, depth);
            prop_assert!((flux.left - carried).abs() <= 1e-4 * (1.0 + carried));
            prop_assert!((flux.right - carried).abs() <= 1e-4 * (1.0 + carried));
        }

        #[test]
        fn a_mirror_turns_the_flux_and_keeps_its_bits(
            hl in 0.0..4.0f32, hr in 0.0..4.0f32, ul in -2.0..2.0f32, ur in -2.0..2.0f32, q in -1.0..1.0f32
        ) {
            let there = flux_past::<Hllc>(side(hl, ul), side(hr, ur), q);
            let back = flux_past::<Hllc>(side(hr, -ur), side(hl, -ul), -q);
            prop_assert_eq!(there.water, -back.water);
            prop_assert_eq!(there.left, back.right);
            prop_assert_eq!(there.right, back.left);
        }

        #[test]
        fn a_discharge_comes_to_that_of_its_law_from_anywhere(
            before in -5.0..5.0f64, law in 0.01..5.0f64, head in 0.05..2.0f64, dt in 0.1..2.0f64
        ) {
            let flow = Flow { water: law, head, heights: (1.0, 0.5), share: 1.0, ..Flow::FREE };
            let mut q = before;
            for _ in 0..20_000 {
                let next = driven(q, flow, 10.0, dt);
                prop_assert!((next - law).abs() <= (q - law).abs() + 1e-12 || next * q <= 0.0);
                q = next;
            }
            prop_assert!((q / law - 1.0).abs() < 0.01, "{}", q);
            let turned = Flow { water: -law, head: -head, heights: (0.5, 1.0), ..flow };
            prop_assert_eq!(driven(-before, turned, 10.0, dt), -driven(before, flow, 10.0, dt));
        }
    }

    #[test]
    fn water_below_a_crest_does_not_pass_however_it_moved_before() {
        let shut = Flow { share: 1.0, head: 0.5, ..Flow::FREE };
        assert_eq!(driven(2.0, shut, 10.0, 0.5), 0.0);
        let from_right = Flow { water: -0.1, head: -0.1, heights: (0.0, 0.1), ..shut };
        assert_eq!(driven(2.0, from_right, 10.0, 0.1), 0.0, "the left no longer reaches the crest");
    }

    #[test]
    fn a_shut_face_throws_water_back_as_a_wall_does() {
        let flux = flux_past::<Hllc>(side(2.0, 1.0), side(0.0, 0.0), 0.0);
        let wall = Hllc::flux(Facing { depth: 2.0, normal: 1.0 }, Facing { depth: 2.0, normal: -1.0 }, 0.0);
        assert_eq!((flux.left, flux.right, flux.water), (wall.left, 0.0, 0.0));
        assert!(flux.left > 0.0, "it is braked");
    }

    #[test]
    fn drag_of_piers_is_that_of_bodies_in_a_stream() {
        // Piers that block a tenth, C_D = 1.33, 3 m of water at 1.6 m/s.
        let force = pier_drag(3.0 * 1.6, 3.0, 0.133);
        assert!((force - 0.5 * 0.133 * 3.0 * 1.6 * 1.6).abs() < 1e-12);
        assert!((pier_drag(-4.8, 3.0, 0.133) + force).abs() < 1e-12);
    }
}
