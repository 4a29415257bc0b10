//! Every function of the shaders beside its twin of the engine, on the same numbers.
//!
//! Drivers may join a product and a sum into one rounding and divide to 2.5 last digits, so that
//! the two agree within a tolerance, never to the bit. Differences are told as a share of the largest number that went
//! into the result, since a difference of two large numbers cannot be better than they are.

use sim_core::error::Result;
use sim_core::flood::friction;
use sim_core::layer::flux::{Facing, Hllc, Riemann, Side, face_flux, most_water};
use sim_core::layer::{reconstruction, time_step};

use crate::compute::{Device, WORKGROUP};
use crate::shader;

/// A function of the shaders.
pub struct Twin {
    /// Its name in WGSL.
    pub name: &'static str,
    /// Largest difference as a share of the size of the result.
    pub tolerance: f64,
    /// Ranges of its arguments; a negative first number draws both signs.
    arguments: &'static [(f32, f32)],
    /// A call in WGSL with the arguments a(0), a(1), ..., that puts its results by put(0, ...), ...
    call: &'static str,
    /// The same by the engine: results, each with its size.
    twin: fn(&[f32]) -> Vec<(f32, f32)>,
}

/// What a comparison found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Name of the function.
    pub name: &'static str,
    /// Largest difference as a share of the size of the result.
    pub largest: f64,
    /// Largest that is allowed.
    pub tolerance: f64,
    /// Arguments where it is largest.
    pub at: Vec<f32>,
}

/// A few last digits of a single: 16 roundings.
const CLOSE: f64 = 16.0 * f32::EPSILON as f64;

/// A few hundred last digits: quotients of sums of which the largest terms cancel.
const QUOTIENTS: f64 = 256.0 * f32::EPSILON as f64;

/// Depths, m, and velocities, m/s.
const DEPTH: (f32, f32) = (0.0, 8.0);
const SPEED: (f32, f32) = (-9.0, 9.0);
const RISE: (f32, f32) = (-4.0, 4.0);

fn through(values: [f32; 3], depth: f32, speed: f32) -> Vec<(f32, f32)> {
    let c = speed + (9.81 * depth).sqrt();
    let water = depth * c;
    vec![(values[0], water), (values[1], water * c), (values[2], water * c)]
}

/// All functions of all modules.
pub const ALL: [Twin; 13] = [
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
        name: "crossing_speed",
        tolerance: CLOSE,
        arguments: &[SPEED, DEPTH],
        call: "put(0u, crossing_speed(a(0u), a(1u)));",
        twin: |a| vec![(time_step::crossing_speed(a[0], a[1]), a[0].abs() + a[1])],
    },
    Twin {
        name: "surface_rise",
        tolerance: CLOSE,
        arguments: &[RISE, RISE, DEPTH, DEPTH],
        call: "put(0u, surface_rise(a(0u), a(1u), a(2u), a(3u)));",
        twin: |a| {
            let [bed_before, bed_behind, before, behind] = [a[0], a[1], a[2], a[3]].map(f64::from);
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
];

/// Items of each comparison.
const ITEMS: usize = 20_000;

/// A number between 0 and 1 from a counter (Steele, Lea & Flood 2014, splitmix).
fn share(counter: u64) -> f32 {
    let z = counter.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 40) as f32 / (1_u64 << 24) as f32
}

/// Compares one function on a device with its twin.
///
/// # Errors
/// E6100 the device failed.
pub fn compare(device: &Device, twin: &Twin) -> Result<Found> {
    let (n, counted) = (twin.arguments.len(), (twin.twin)(&vec![1.0; twin.arguments.len()]).len());
    let input: Vec<f32> = (0..ITEMS * n)
        .map(|i| {
            let (low, high) = twin.arguments[i % n];
            // A tenth of the depths are dry, a tenth of the differences nothing.
            let drawn = share(i as u64);
            if drawn < 0.1 && low <= 0.0 { 0.0 } else { low + (high - low) * drawn }
        })
        .collect();
    let text = shader::compose(&format!(
        "@group(0) @binding(0) var<storage, read> input: array<f32>;\n\
         @group(0) @binding(1) var<storage, read_write> output: array<f32>;\n\
         var<private> item: u32;\n\
         fn a(k: u32) -> f32 {{ return input[item * {n}u + k]; }}\n\
         fn put(k: u32, value: f32) {{ output[item * {counted}u + k] = value; }}\n\
         @compute @workgroup_size({WORKGROUP})\n\
         fn main(@builtin(global_invocation_id) id: vec3<u32>) {{\n\
         if id.x >= {ITEMS}u {{ return; }}\n item = id.x;\n {}\n}}\n",
        twin.call
    ));
    let output = device.map(&text, &input, ITEMS, counted)?;
    let mut found = Found { name: twin.name, largest: 0.0, tolerance: twin.tolerance, at: Vec::new() };
    for (arguments, results) in input.chunks_exact(n).zip(output.chunks_exact(counted)) {
        for (&got, (expected, size)) in results.iter().zip((twin.twin)(arguments)) {
            let off = f64::from(got - expected).abs();
            let difference = if off == 0.0 { 0.0 } else { off / f64::from(size) };
            // What is not a number must not slip through a comparison.
            if difference > found.largest || !difference.is_finite() {
                found.largest = if difference.is_finite() { difference } else { f64::INFINITY };
                found.at = arguments.to_vec();
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_function_of_the_shaders_lacks_a_line_here() {
        let known: Vec<&str> = ALL.iter().map(|twin| twin.name).collect();
        for module in shader::MODULES {
            for function in shader::functions(module.text) {
                assert!(known.contains(&function), "{function} of {} has no parity line", module.path);
            }
        }
    }

    #[test]
    fn every_function_agrees_with_its_twin_on_every_device() {
        for index in 0..crate::adapter::devices_for_tests().len() {
            let device = Device::open(index).expect("it opens");
            for twin in &ALL {
                let found = compare(&device, twin).expect("it computes");
                assert!(found.largest <= found.tolerance, "{}: {found:?}", device.name);
            }
        }
    }
}
