//! The functions of the spread of gas with their twins, in the order of the modules.

use sim_core::gas::exponential::exponential;
use sim_core::gas::plume::{Lidded, bell, concentration_of, vertical_factor};
use sim_core::gas::puff::kernel::strength_of;

use super::Twin;

/// Exponentials, which a device may give to 3 + 2|x| last digits (Vulkan, precision of operations): at most
/// 180 of them where they are smallest.
const EXPONENTIALS: f64 = 256.0 * f32::EPSILON as f64;

/// Heights of puffs and receptors, m, and coefficients, m.
const HEIGHT: (f32, f32) = (0.0, 80.0);
const COEFFICIENT: (f32, f32) = (0.5, 200.0);
/// Lids, m: above every height of these.
const LID: (f32, f32) = (80.0, 400.0);

/// One over twice the square of a coefficient.
fn decay(depth: f32) -> f32 {
    0.5 / (depth * depth)
}

/// Both series for a release, a receptor, a lid and a coefficient.
fn under_lid(a: &[f32]) -> (f64, f64) {
    let [release, height, lid] = [a[0], a[1], a[2]].map(f64::from);
    Lidded::new(release, height, lid).both_sums(f64::from(decay(a[3])))
}

/// All functions of the modules of gas.
pub(super) static ALL: [Twin; 7] = [
    Twin {
        name: "exponential",
        tolerance: EXPONENTIALS,
        arguments: &[(-86.0, 0.0)],
        call: "put(0u, exponential(a(0u)));",
        twin: |a| {
            let found = exponential(f64::from(a[0])) as f32;
            vec![(found, found)]
        },
    },
    Twin {
        name: "bell",
        tolerance: EXPONENTIALS,
        arguments: &[(-15.0, 15.0)],
        call: "put(0u, bell(a(0u)));",
        // Far out it is nothing beside its height.
        twin: |a| vec![(bell(f64::from(a[0])) as f32, 1.0)],
    },
    Twin {
        name: "image_sums",
        tolerance: EXPONENTIALS,
        arguments: &[HEIGHT, HEIGHT, LID, COEFFICIENT],
        call: "put(0u, image_sums(vec2<f32>(a(0u), a(1u)), a(2u), 0.5 / (a(3u) * a(3u))));",
        twin: |a| {
            let images = under_lid(a).0 as f32;
            vec![(images, images.max(1.0))]
        },
    },
    Twin {
        name: "cosine_sums",
        tolerance: EXPONENTIALS,
        // Where it is used: from a coefficient of more than half the lid on.
        arguments: &[HEIGHT, HEIGHT, (80.0, 200.0), (120.0, 400.0)],
        call: "put(0u, cosine_sums(vec2<f32>(a(0u), a(1u)), a(2u), 0.5 / (a(3u) * a(3u))));",
        twin: |a| {
            let cosines = under_lid(a).1 as f32;
            vec![(cosines, cosines.max(1.0))]
        },
    },
    Twin {
        name: "vertical_factor",
        tolerance: EXPONENTIALS,
        // Two lids in three are none.
        arguments: &[COEFFICIENT, HEIGHT, HEIGHT, LID, (-2.0, 1.0)],
        call: "put(0u, vertical_factor(a(0u), a(1u), a(2u), select(NO_LID, a(3u), a(4u) > 0.0)));",
        twin: |a| {
            let lid = (a[4] > 0.0).then_some(f64::from(a[3]));
            let [depth, release, height] = [a[0], a[1], a[2]].map(f64::from);
            let found = vertical_factor(depth, release, height, lid) as f32;
            vec![(found, found.max(1.0))]
        },
    },
    Twin {
        name: "concentration_of",
        tolerance: EXPONENTIALS,
        arguments: &[
            (0.01, 50.0),
            (1.5, 20.0),
            COEFFICIENT,
            COEFFICIENT,
            (-300.0, 300.0),
            HEIGHT,
            HEIGHT,
            LID,
            (-2.0, 1.0),
        ],
        call: "put(0u, concentration_of(a(0u), a(1u), vec2<f32>(a(2u), a(3u)), a(4u), \
               vec2<f32>(a(5u), a(6u)), select(NO_LID, a(7u), a(8u) > 0.0)));",
        twin: |a| {
            let lid = (a[8] > 0.0).then_some(f64::from(a[7]));
            let [rate, wind, width, depth, crosswind, axis, height] =
                [a[0], a[1], a[2], a[3], a[4], a[5], a[6]].map(f64::from);
            let at = |crosswind, height| {
                concentration_of((rate, wind), (width, depth), crosswind, (axis, height), lid) as f32
            };
            // Beside that on its axis.
            vec![(at(crosswind, height), at(0.0, axis))]
        },
    },
    Twin {
        name: "strength_of",
        tolerance: EXPONENTIALS,
        arguments: &[(1e-3, 50.0), COEFFICIENT, COEFFICIENT, HEIGHT, HEIGHT, LID, (-2.0, 1.0)],
        call: "put(0u, strength_of(a(0u), vec2<f32>(a(1u), a(2u)), vec2<f32>(a(3u), a(4u)), \
               select(NO_LID, a(5u), a(6u) > 0.0)));",
        twin: |a| {
            let lid = (a[6] > 0.0).then_some(f64::from(a[5]));
            let [mass, width, depth, axis, height] = [a[0], a[1], a[2], a[3], a[4]].map(f64::from);
            let found = strength_of(mass, (width, depth), (axis, height), lid);
            // Beside that of its axis.
            let size = strength_of(mass, (width, depth), (axis, axis), lid);
            vec![(found as f32, size as f32)]
        },
    },
];
