//! The functions of floods and of all layers with their twins, in the order of the modules.
//!
//! To add one: its name, ranges of its arguments, a call in WGSL, and the same call of the engine.

use sim_core::flood::boundary::{Water, characteristic, discharge, rating, slope, stage};
use sim_core::flood::flux::half_step::{self, Cell, Slopes};
use sim_core::flood::flux::local_inertia::{self, Discharges};
use sim_core::flood::infiltration::curve_number::CurveNumber;
use sim_core::flood::infiltration::green_ampt::GreenAmpt;
use sim_core::flood::infiltration::horton::{self, Horton};
use sim_core::flood::infiltration::initial_continuing::InitialContinuing;
use sim_core::flood::infiltration::{StepNumbers, Uptake};
use sim_core::flood::{friction, hazard};
use sim_core::layer::edge::{Edge, ghost_velocity};
use sim_core::layer::flux::{Facing, Hllc, Riemann, Side, face_flux, most_water};
use sim_core::layer::reconstruction::{Banks, Three};
use sim_core::layer::{account, reconstruction, time_step};

use super::Twin;

/// A few last digits of a single: 16 roundings.
const CLOSE: f64 = 16.0 * f32::EPSILON as f64;

/// A few hundred last digits: quotients of sums of which the largest terms cancel.
const QUOTIENTS: f64 = 256.0 * f32::EPSILON as f64;

/// Depths, m, and velocities, m/s.
const DEPTH: (f32, f32) = (0.0, 8.0);
const SPEED: (f32, f32) = (-9.0, 9.0);
const RISE: (f32, f32) = (-4.0, 4.0);
/// What a depth stored as a single lacks.
const REST: (f32, f32) = (-1e-7, 1e-7);

fn through(values: [f32; 3], depth: f32, speed: f32) -> Vec<(f32, f32)> {
    let c = speed + (9.81 * depth).sqrt();
    let water = depth * c;
    vec![(values[0], water), (values[1], water * c), (values[2], water * c)]
}

/// All functions of the modules of floods and of all layers.
pub(super) static ALL: [Twin; 52] = [
    Twin {
        name: "smaller",
        tolerance: 0.0,
        arguments: &[RISE, RISE],
        call: "put(0u, smaller(a(0u), a(1u)));",
        twin: |a| vec![(if a[0] < a[1] { a[0] } else { a[1] }, 1.0)],
    },
    Twin {
        name: "larger",
        tolerance: 0.0,
        arguments: &[RISE, RISE],
        call: "put(0u, larger(a(0u), a(1u)));",
        twin: |a| vec![(if a[0] > a[1] { a[0] } else { a[1] }, 1.0)],
    },
    Twin {
        name: "sum_and_rest",
        // Exact, and the rest so as well: a compiler that takes it apart is found here.
        tolerance: 0.0,
        arguments: &[DEPTH, (-1e-5, 1e-5)],
        call: "let s = sum_and_rest(a(0u), a(1u)); put(0u, s.x); put(1u, s.y);",
        twin: |a| {
            let (sum, rest) = account::sum_and_rest(f64::from(a[0]), f64::from(a[1]));
            let single = sum as f32;
            vec![(single, 1.0), (((sum - f64::from(single)) + rest) as f32, 1.0)]
        },
    },
    Twin {
        name: "ghost_velocity",
        tolerance: 0.0,
        arguments: &[SPEED, SPEED],
        call: "put(0u, ghost_velocity(a(0u) > 0.0, a(1u)));",
        twin: |a| {
            let edge = if a[0] > 0.0 { Edge::Open } else { Edge::Wall };
            vec![(ghost_velocity(edge, f64::from(a[1])) as f32, 1.0)]
        },
    },
    Twin {
        name: "crossing_speed",
        tolerance: CLOSE,
        arguments: &[SPEED, DEPTH],
        call: "put(0u, crossing_speed(a(0u), a(1u)));",
        twin: |a| vec![(time_step::crossing_speed(a[0], a[1]), a[0].abs() + a[1])],
    },
    Twin {
        name: "surface_rise",
        // One rounding of the result, whatever cancels.
        tolerance: f32::EPSILON as f64,
        arguments: &[RISE, RISE, DEPTH, DEPTH, REST, REST],
        call: "put(0u, surface_rise(a(0u), a(1u), vec2<f32>(a(2u), a(4u)), vec2<f32>(a(3u), a(5u))));",
        twin: |a| {
            let [bed_before, bed_behind] = [a[0], a[1]].map(f64::from);
            let [before, behind] = [2, 3].map(|at| f64::from(a[at]) + f64::from(a[at + 2]));
            let size = a.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
            vec![(reconstruction::surface_rise((bed_before, bed_behind), (before, behind)), size)]
        },
    },
    Twin {
        name: "face_water",
        tolerance: CLOSE,
        arguments: &[DEPTH, DEPTH, RISE],
        call: "let w = face_water(a(0u), a(1u), a(2u)); put(0u, w.left); put(1u, w.right); put(2u, w.rise); \
               put(3u, w.left_weight); put(4u, w.right_weight);",
        twin: |a| {
            let face = reconstruction::face_water(a[0], a[1], a[2]);
            let size = a[0] + a[1] + a[2].abs();
            let weight = 9.81 * size * size;
            vec![
                (face.left, size),
                (face.right, size),
                (face.rise, size),
                (face.left_weight, weight),
                (face.right_weight, weight),
            ]
        },
    },
    Twin {
        name: "tilt",
        tolerance: CLOSE,
        arguments: &[RISE, RISE, RISE, RISE],
        call: "put(0u, tilt(vec2<f32>(a(0u), a(1u)), vec2<f32>(a(2u), a(3u))));",
        twin: |a| vec![(reconstruction::tilt((a[0], a[1]), (a[2], a[3])), 1.0)],
    },
    Twin {
        name: "limited",
        tolerance: CLOSE,
        arguments: &[(1.0, 2.0), RISE, RISE],
        call: "put(0u, limited(a(0u), a(1u), a(2u)));",
        twin: |a| vec![(reconstruction::limited(a[0], a[1], a[2]), a[1].abs() + a[2].abs())],
    },
    Twin {
        name: "most_water",
        tolerance: CLOSE,
        arguments: &[DEPTH, SPEED, (0.0, 9.0)],
        call: "put(0u, most_water(a(0u), a(1u), a(2u)));",
        twin: |a| {
            let side = Facing { depth: a[0], normal: a[1] };
            let speed = a[1].abs() + 2.0 * a[2];
            vec![(most_water(side, a[1], a[2]), speed.powi(3) / 9.81 + a[0] * speed)]
        },
    },
    Twin {
        name: "hllc",
        tolerance: QUOTIENTS,
        arguments: &[DEPTH, SPEED, DEPTH, SPEED],
        call: "let t = hllc(Facing(a(0u), a(1u)), Facing(a(2u), a(3u)), a(2u) - a(0u)); put(0u, t.water); \
               put(1u, t.left); put(2u, t.right);",
        twin: |a| {
            let (left, right) = (Facing { depth: a[0], normal: a[1] }, Facing { depth: a[2], normal: a[3] });
            let found = Hllc::flux(left, right, a[2] - a[0]);
            through([found.water, found.left, found.right], a[0].max(a[2]), a[1].abs().max(a[3].abs()))
        },
    },
    Twin {
        name: "face_flux",
        tolerance: QUOTIENTS,
        arguments: &[DEPTH, SPEED, SPEED, DEPTH, SPEED, SPEED, RISE],
        call: "let f = face_flux(Side(a(0u), a(1u), a(2u)), Side(a(3u), a(4u), a(5u)), a(6u)); \
               put(0u, f.water); put(1u, f.left); put(2u, f.right); put(3u, f.along);",
        twin: |a| {
            let left = Side { depth: a[0], normal: a[1], along: a[2] };
            let right = Side { depth: a[3], normal: a[4], along: a[5] };
            let found = face_flux::<Hllc>(left, right, a[6]);
            let depth = a[0] + a[3] + a[6].abs();
            let speed = [a[1], a[2], a[4], a[5]].iter().fold(0.0_f32, |most, value| most.max(value.abs()));
            let mut all = through([found.water, found.left, found.right], depth, speed);
            all.push((found.along, all[1].1));
            all
        },
    },
    Twin {
        name: "banks_of",
        tolerance: 0.0,
        arguments: &[RISE, RISE, (0.0, 0.05), DEPTH, (0.0, 0.05)],
        call: "let b = banks_of(vec2<f32>(a(0u), a(1u)), vec3<f32>(a(2u), a(3u), a(4u))); \
               put(0u, f32(b.x)); put(1u, f32(b.y));",
        twin: |a| {
            let banks = Banks::of((a[0], a[1]), Three { before: a[2], here: a[3], behind: a[4] });
            [banks.before, banks.behind].map(|bank| (f32::from(u8::from(bank)), 1.0)).to_vec()
        },
    },
    Twin {
        name: "smallest",
        tolerance: 0.0,
        arguments: &[DEPTH, DEPTH, DEPTH],
        call: "put(0u, smallest(vec3<f32>(a(0u), a(1u), a(2u))));",
        twin: |a| vec![(a[0].min(a[1]).min(a[2]), 1.0)],
    },
    Twin {
        name: "depth_and_surface",
        tolerance: CLOSE,
        arguments: &[RISE, RISE, RISE, RISE, DEPTH, DEPTH, DEPTH, (-1.0, 1.0), (-1.0, 1.0)],
        call: "let s = depth_and_surface(vec2<f32>(a(0u), a(1u)), vec2<f32>(a(2u), a(3u)), \
               vec3<f32>(a(4u), a(5u), a(6u)), vec2<bool>(a(7u) > 0.5, a(8u) > 0.5)); put(0u, s.x); put(1u, s.y);",
        twin: |a| {
            let depth = Three { before: a[4], here: a[5], behind: a[6] };
            let banks = Banks { before: a[7] > 0.5, behind: a[8] > 0.5 };
            let (across, surface) =
                reconstruction::depth_and_surface((a[0], a[1]), (a[2], a[3]), depth, banks);
            let size = a.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
            vec![(across, size), (surface, size)]
        },
    },
    Twin {
        name: "velocity_towards",
        tolerance: CLOSE,
        arguments: &[DEPTH, DEPTH, DEPTH, SPEED, SPEED, SPEED, (-1.0, 1.0), (-1.0, 1.0)],
        call: "put(0u, velocity_towards(vec3<f32>(a(0u), a(1u), a(2u)), vec3<f32>(a(3u), a(4u), a(5u)), \
               vec2<bool>(a(6u) > 0.0, a(7u) > 0.0)));",
        twin: |a| {
            let depth = Three { before: a[0], here: a[1], behind: a[2] };
            let velocity = Three { before: a[3], here: a[4], behind: a[5] };
            let banks = Banks { before: a[6] > 0.0, behind: a[7] > 0.0 };
            vec![(reconstruction::velocity_towards(depth, velocity, banks), SPEED.1)]
        },
    },
    Twin {
        name: "velocity_along",
        tolerance: CLOSE,
        arguments: &[DEPTH, DEPTH, DEPTH, SPEED, SPEED, SPEED],
        call: "put(0u, velocity_along(vec3<f32>(a(0u), a(1u), a(2u)), vec3<f32>(a(3u), a(4u), a(5u))));",
        twin: |a| {
            let depth = Three { before: a[0], here: a[1], behind: a[2] };
            let velocity = Three { before: a[3], here: a[4], behind: a[5] };
            vec![(reconstruction::velocity_along(depth, velocity), SPEED.1)]
        },
    },
    Twin {
        name: "half_step_from",
        tolerance: CLOSE,
        arguments: &[
            DEPTH,
            SPEED,
            SPEED,
            RISE,
            RISE,
            SPEED,
            SPEED,
            RISE,
            RISE,
            SPEED,
            SPEED,
            (0.0, 0.1),
            (0.0, 0.1),
            (0.0, 0.01),
            (0.0, 0.05),
        ],
        call: "let h = half_step_from(vec3<f32>(a(0u), a(1u), a(2u)), root_of_depth(a(0u)), \
               vec4<f32>(a(3u), a(4u), a(5u), a(6u)), vec4<f32>(a(7u), a(8u), a(9u), a(10u)), \
               vec2<f32>(a(11u), a(12u)), a(13u), a(14u)); put(0u, h.x); put(1u, h.y); put(2u, h.z);",
        twin: |a| {
            let cell = Cell { depth: a[0], u: a[1], v: a[2] };
            let slopes = |at: usize| Slopes { depth: a[at], surface: a[at + 1], u: a[at + 2], v: a[at + 3] };
            let root = friction::root_of_depth(a[0]);
            let ahead =
                half_step::half_step_from(cell, root, slopes(3), slopes(7), (a[11], a[12]), a[13], a[14]);
            // Products of two of the largest numbers, two of them, over two directions.
            let lost = 4.0 * DEPTH.1 * SPEED.1 * 0.1;
            vec![
                (ahead.gain, lost),
                (ahead.u, 4.0 * SPEED.1 * SPEED.1 * 0.1),
                (ahead.v, 4.0 * SPEED.1 * SPEED.1 * 0.1),
            ]
        },
    },
    Twin {
        name: "flow_depth",
        tolerance: CLOSE,
        arguments: &[DEPTH, DEPTH, RISE],
        call: "put(0u, flow_depth(a(0u), a(1u), a(2u)));",
        twin: |a| vec![(local_inertia::flow_depth(a[0], a[1], a[2]), a[0] + a[1] + a[2].abs())],
    },
    Twin {
        name: "mixed",
        tolerance: CLOSE,
        arguments: &[SPEED, SPEED, SPEED],
        call: "put(0u, mixed(vec3<f32>(a(0u), a(1u), a(2u))));",
        twin: |a| {
            let [before, own, behind] = [a[0], a[1], a[2]].map(f64::from);
            vec![(Discharges { before, own, behind }.mixed() as f32, SPEED.1)]
        },
    },
    Twin {
        name: "push",
        tolerance: CLOSE,
        arguments: &[DEPTH, RISE, (0.0, 0.5)],
        call: "put(0u, push(a(0u), a(1u), a(2u)));",
        twin: |a| {
            let found = local_inertia::push(a[0], a[1], a[2]);
            vec![(found, found.abs())]
        },
    },
    Twin {
        name: "hindrance",
        tolerance: CLOSE,
        arguments: &[(0.0, 2.0), SPEED, SPEED, (0.0, 0.05)],
        call: "let h = hindrance(a(0u), root_of_depth(a(0u)), a(1u), a(2u), a(3u)); put(0u, h.x); put(1u, h.y);",
        twin: |a| {
            let found = local_inertia::hindrance(a[0], friction::root_of_depth(a[0]), a[1], a[2], a[3]);
            vec![(found.kept, found.kept.max(f32::MIN_POSITIVE)), (found.lost, 1.0)]
        },
    },
    Twin {
        name: "discharge",
        tolerance: CLOSE,
        arguments: &[SPEED, SPEED, (0.0, 1.0)],
        call: "put(0u, discharge(a(0u), a(1u), vec2<f32>(1.0 - a(2u), a(2u))));",
        twin: |a| {
            let slowed = friction::Slowing { kept: 1.0 - a[2], lost: a[2] };
            vec![(local_inertia::discharge(f64::from(a[0]), a[1], slowed) as f32, 2.0 * SPEED.1)]
        },
    },
    Twin {
        name: "aidr_rate",
        tolerance: 0.0,
        arguments: &[(0.0, 5.0), (0.0, 5.0)],
        call: "put(0u, aidr_rate(a(0u), a(1u)));",
        twin: |a| vec![(hazard::Scheme::Aidr.rate(a[0], a[1]), 1.0)],
    },
    Twin {
        name: "defra_rate",
        tolerance: CLOSE,
        arguments: &[(0.0, 3.0), (0.0, 5.0)],
        call: "put(0u, defra_rate(a(0u), a(1u), vec2<f32>(0.5, 1.0)));",
        twin: |a| {
            let rating = hazard::Scheme::DefraWoodland.rate(a[0], a[1]);
            vec![(rating, rating.max(1.0))]
        },
    },
    Twin {
        name: "inverse_cube_root",
        tolerance: CLOSE,
        arguments: &[(1e-9, 50.0)],
        call: "put(0u, inverse_cube_root(a(0u)));",
        twin: |a| {
            let root = friction::inverse_cube_root(a[0]);
            vec![(root, root)]
        },
    },
    Twin {
        name: "root_of_depth",
        tolerance: CLOSE,
        arguments: &[(-1e-10, 50.0)],
        call: "put(0u, root_of_depth(a(0u)));",
        twin: |a| {
            let root = friction::root_of_depth(a[0]);
            vec![(root, root)]
        },
    },
    Twin {
        name: "slowing",
        tolerance: CLOSE,
        arguments: &[(0.0, 9.0), (0.1, 100.0), (0.0, 0.05)],
        call: "let s = slowing(a(0u), a(1u), a(2u)); put(0u, s.x); put(1u, s.y);",
        twin: |a| {
            let found = friction::slowing(a[0], a[1], a[2]);
            vec![(found.kept, found.kept), (found.lost, found.lost.max(f32::MIN_POSITIVE))]
        },
    },
    Twin {
        name: "cube_root",
        tolerance: CLOSE,
        arguments: &[(0.0, 90.0)],
        call: "put(0u, cube_root(a(0u)));",
        twin: |a| vec![(a[0].cbrt(), a[0].cbrt())],
    },
    Twin {
        name: "outgoing",
        tolerance: CLOSE,
        arguments: &[DEPTH, SPEED],
        call: "put(0u, outgoing(vec2<f32>(a(0u), a(1u))));",
        twin: |a| vec![(characteristic::outgoing(beside_rim(a)) as f32, 20.0)],
    },
    Twin {
        name: "is_leaving_fast",
        tolerance: 0.0,
        arguments: &[DEPTH, SPEED],
        // Not at the border itself, where a last digit decides.
        call: "put(0u, select(0.0, 1.0, is_leaving_fast(vec2<f32>(a(0u), a(1u) * 1.0001))));",
        twin: |a| {
            let inside = beside_rim(&[a[0], a[1] * 1.0001]);
            vec![(f32::from(u8::from(characteristic::is_leaving_fast(inside))), 1.0)]
        },
    },
    Twin {
        name: "critical_depth",
        tolerance: CLOSE,
        arguments: &[(0.0, 30.0)],
        call: "put(0u, critical_depth(a(0u)));",
        twin: |a| {
            let depth = characteristic::critical_depth(f64::from(a[0])) as f32;
            vec![(depth, depth)]
        },
    },
    Twin {
        name: "conjugate_depth",
        tolerance: CLOSE,
        arguments: &[(0.1, 8.0), SPEED],
        call: "put(0u, conjugate_depth(vec2<f32>(a(0u), a(1u))));",
        twin: |a| {
            let size = a[0] + a[1].abs() * a[0].sqrt();
            vec![(characteristic::conjugate_depth(beside_rim(a)) as f32, size)]
        },
    },
    Twin {
        name: "falling_out",
        tolerance: CLOSE,
        arguments: &[DEPTH, SPEED],
        call: "let w = falling_out(vec2<f32>(a(0u), a(1u))); put(0u, w.x); put(1u, w.y);",
        twin: |a| ghost(characteristic::falling_out(beside_rim(a))),
    },
    Twin {
        name: "with_depth",
        tolerance: CLOSE,
        arguments: &[DEPTH, SPEED, DEPTH],
        call: "let w = with_depth(vec2<f32>(a(0u), a(1u)), a(2u)); put(0u, w.x); put(1u, w.y);",
        twin: |a| ghost(characteristic::with_depth(beside_rim(a), f64::from(a[2]))),
    },
    Twin {
        name: "cubic_root",
        tolerance: QUOTIENTS,
        arguments: &[(0.0, 9.0), (0.1, 90.0)],
        call: "put(0u, cubic_root(0.5 * a(0u) + cube_root(0.5 * a(1u)), a(0u), a(1u)));",
        twin: |a| {
            let [outgoing, supply] = [a[0], a[1]].map(f64::from);
            let start = 0.5 * outgoing + (0.5 * supply).cbrt();
            vec![(characteristic::cubic_root(start, outgoing, supply) as f32, 9.0)]
        },
    },
    Twin {
        name: "with_inflow",
        tolerance: QUOTIENTS,
        arguments: &[DEPTH, SPEED, (0.01, 30.0)],
        call: "let w = with_inflow(vec2<f32>(a(0u), a(1u)), a(2u)); put(0u, w.x); put(1u, w.y);",
        twin: |a| ghost(characteristic::with_inflow(beside_rim(a), f64::from(a[2]))),
    },
    Twin {
        name: "with_outflow",
        // Near a free fall two roots meet: there half of the digits are lost.
        tolerance: QUOTIENTS,
        arguments: &[(0.5, 8.0), (-0.5, 1.5), (0.0, 0.8)],
        call: "let w = vec2<f32>(a(0u), a(1u)); let f = falling_out(w); \
               let g = with_outflow(w, a(2u) * f.x * f.y); put(0u, g.x); put(1u, g.y);",
        twin: |a| {
            let inside = beside_rim(a);
            let fall = characteristic::falling_out(inside);
            ghost(characteristic::with_outflow(inside, f64::from(a[2]) * fall.depth * fall.outward))
        },
    },
    Twin {
        name: "leaving_uniformly",
        tolerance: QUOTIENTS,
        arguments: &[DEPTH, SPEED, (0.1, 5.0)],
        call: "let w = leaving_uniformly(vec2<f32>(a(0u), a(1u)), a(2u)); put(0u, w.x); put(1u, w.y);",
        twin: |a| ghost(characteristic::leaving_uniformly(beside_rim(a), f64::from(a[2]))),
    },
    Twin {
        name: "stage_ghost",
        tolerance: CLOSE,
        arguments: &[DEPTH, SPEED, (-2.0, 8.0)],
        call: "let w = stage_ghost(vec2<f32>(a(0u), a(1u)), a(2u)); put(0u, w.x); put(1u, w.y);",
        twin: |a| ghost(stage::ghost(beside_rim(a), f64::from(a[2]))),
    },
    Twin {
        name: "slope_ghost",
        tolerance: QUOTIENTS,
        arguments: &[DEPTH, SPEED, (0.0001, 0.05), (0.01, 0.1)],
        call: "let w = slope_ghost(vec2<f32>(a(0u), a(1u)), a(2u), a(3u)); put(0u, w.x); put(1u, w.y);",
        twin: |a| ghost(slope::ghost(beside_rim(a), f64::from(a[2]), f64::from(a[3]))),
    },
    Twin {
        name: "conveyance",
        tolerance: CLOSE,
        arguments: &[(-1.0, 8.0), (0.0, 0.1)],
        call: "put(0u, conveyance(a(0u), a(1u)));",
        twin: |a| {
            let found = discharge::conveyance(f64::from(a[0]), f64::from(a[1])) as f32;
            vec![(found, found)]
        },
    },
    Twin {
        name: "discharge_ghost",
        tolerance: QUOTIENTS,
        arguments: &[DEPTH, SPEED, (0.01, 30.0), (-1.0, 3.0)],
        call: "let w = discharge_ghost(vec2<f32>(a(0u), a(1u)), a(2u), a(3u)); put(0u, w.x); put(1u, w.y);",
        twin: |a| ghost(discharge::ghost(beside_rim(a), f64::from(a[2]), Some(f64::from(a[3])))),
    },
    Twin {
        name: "normal_depth",
        tolerance: CLOSE,
        arguments: &[(0.0, 30.0), (0.0001, 0.05), (0.01, 0.1)],
        call: "put(0u, normal_depth(a(0u), a(1u), a(2u)));",
        twin: |a| {
            let [flow, fall, manning_n] = [a[0], a[1], a[2]].map(f64::from);
            let depth = discharge::normal_depth(flow, fall, manning_n) as f32;
            vec![(depth, depth)]
        },
    },
    Twin {
        name: "most_that_leaves",
        tolerance: CLOSE,
        arguments: &[DEPTH, SPEED],
        call: "put(0u, most_that_leaves(vec2<f32>(a(0u), a(1u))));",
        twin: |a| vec![(rating::most_that_leaves(beside_rim(a)) as f32, 80.0)],
    },
    Twin {
        name: "rating_ghost",
        tolerance: QUOTIENTS,
        arguments: &[(0.5, 8.0), SPEED, (0.0, 0.8)],
        call: "let w = vec2<f32>(a(0u), a(1u)); \
               let g = rating_ghost(w, a(2u) * most_that_leaves(w)); put(0u, g.x); put(1u, g.y);",
        twin: |a| {
            let inside = beside_rim(a);
            ghost(rating::ghost(inside, f64::from(a[2]) * rating::most_that_leaves(inside)))
        },
    },
    Twin {
        name: "initial_capacity",
        tolerance: 0.0,
        arguments: &[(-0.01, 0.01), (0.0, 0.001)],
        call: "put(0u, initial_capacity(a(0u), a(1u)));",
        twin: |a| {
            let numbers = [f64::from(a[0]), f64::from(a[1]), 0.0];
            vec![(InitialContinuing::capacity(numbers, 0.0, 0.0) as f32, 1.0)]
        },
    },
    Twin {
        name: "rise_of",
        tolerance: CLOSE,
        arguments: &[(0.0, 2.0)],
        call: "put(0u, rise_of(a(0u)));",
        twin: |a| {
            let rise = 1.0 - horton::exp_minus(f64::from(a[0]));
            vec![(rise as f32, rise as f32)]
        },
    },
    Twin {
        name: "horton_capacity",
        tolerance: CLOSE,
        arguments: &[(1e-6, 2e-5), (0.0, 1e-6), (1e-4, 1e-2), (0.0, 1.0), (0.001, 20.0)],
        call: "put(0u, horton_capacity(vec3<f32>(a(0u), a(1u), a(2u)), a(3u), a(4u)));",
        twin: |a| {
            let (numbers, store) = horton_numbers(a);
            let found = Horton::capacity(numbers, store, 0.0) as f32;
            vec![(found, found)]
        },
    },
    Twin {
        name: "horton_gain",
        tolerance: CLOSE,
        arguments: &[(1e-6, 2e-5), (0.0, 1e-6), (1e-4, 1e-2), (0.1, 1.0), (0.001, 20.0), (0.0, 1.0)],
        call: "let s = vec3<f32>(a(0u), a(1u), a(2u)); let c = horton_capacity(s, a(3u), a(4u)); \
               put(0u, horton_gain(s, a(3u), a(4u), a(5u) * c, c));",
        twin: |a| {
            let (numbers, store) = horton_numbers(a);
            let capacity = Horton::capacity(numbers, store, 0.0);
            let gain =
                Horton::store_after(numbers, store, 0.0, (f64::from(a[5]) * capacity, capacity)) - store;
            vec![(gain as f32, numbers[2] as f32)]
        },
    },
    Twin {
        name: "green_ampt_capacity",
        tolerance: CLOSE,
        arguments: &[(1e-8, 1e-3), (0.0, 0.2), (0.0, 0.3)],
        call: "put(0u, green_ampt_capacity(a(0u), a(1u), a(2u)));",
        twin: |a| {
            let found =
                GreenAmpt::capacity([f64::from(a[0]), f64::from(a[1]), 0.0], f64::from(a[2]), 0.0) as f32;
            vec![(found, found)]
        },
    },
    Twin {
        name: "curve_capacity",
        tolerance: CLOSE,
        arguments: &[(0.0, 0.02), (0.001, 0.2), (0.0, 0.2), (0.0, 1e-3)],
        call: "put(0u, curve_capacity(a(0u), a(1u), a(2u), a(3u)));",
        twin: |a| {
            let numbers = [f64::from(a[0]), f64::from(a[1]), 0.0];
            let found = CurveNumber::capacity(numbers, f64::from(a[2]), f64::from(a[3])) as f32;
            vec![(found, a[3])]
        },
    },
];

/// Numbers of a step of Horton's law and the store, from its rates, its decay, what is left, and the step.
fn horton_numbers(a: &[f32]) -> (StepNumbers, f64) {
    let [first, last, decay, left, dt] = [a[0], a[1], a[2], a[3], a[4]].map(f64::from);
    (horton::for_step(first, last, decay, dt), 1.0 - left)
}

/// Water beside the rim from the first two arguments.
fn beside_rim(a: &[f32]) -> Water {
    Water { depth: f64::from(a[0]), outward: f64::from(a[1]) }
}

/// A ghost from the ranges above, with the sizes of its depth and its velocity.
fn ghost(water: Water) -> Vec<(f32, f32)> {
    vec![(water.depth as f32, DEPTH.1), (water.outward as f32, 2.0 * SPEED.1)]
}
