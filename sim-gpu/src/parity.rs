//! Every function of the shaders beside its twin of the engine, on the same numbers.
//!
//! Drivers may join a product and a sum into one rounding and divide to 2.5 last digits, so that
//! the two agree within a tolerance, never to the bit. Differences are told as a share of the largest number that went
//! into the result, since a difference of two large numbers cannot be better than they are.

mod flood;
mod gas;

use sim_core::error::Result;

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

/// All functions of all modules.
pub fn all() -> impl Iterator<Item = &'static Twin> {
    flood::ALL.iter().chain(&gas::ALL)
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

impl Found {
    /// True where the difference is within what is allowed; what is no number never agrees.
    pub fn agrees(&self) -> bool {
        self.largest <= self.tolerance
    }
}

/// Items of each comparison.
const ITEMS: usize = 20_000;

/// A number between 0 and 1 from a counter (Steele, Lea & Flood 2014, splitmix).
pub(crate) fn share(counter: u64) -> f32 {
    let z = counter.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 40) as f32 / (1_u64 << 24) as f32
}

/// The first function of a device that is farther from its twin than it may be; none on a sound device.
///
/// A driver may be wrong in ways that no run shows: a compiler that takes a compensated sum apart loses rain.
///
/// # Errors
/// E6100 the device failed.
pub fn first_disagreement(device: &Device) -> Result<Option<Found>> {
    for twin in all() {
        let found = compare(device, twin)?;
        if !found.agrees() {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Compares one function on a device with its twin.
///
/// # Errors
/// E6100 the device failed.
pub fn compare(device: &Device, twin: &Twin) -> Result<Found> {
    let (n, counted) = (twin.arguments.len(), (twin.twin)(&vec![1.0; twin.arguments.len()]).len());
    let mut input: Vec<f32> = (0..ITEMS * n)
        .map(|i| {
            let (low, high) = twin.arguments[i % n];
            // A tenth of the depths are dry, a tenth of the differences nothing.
            let drawn = share(i as u64);
            if drawn < 0.1 && low <= 0.0 { 0.0 } else { low + (high - low) * drawn }
        })
        .collect();
    // What `unknown_bits` are read from.
    input.push(0.0);
    let text = shader::compose(&format!(
        "@group(0) @binding(0) var<storage, read> input: array<f32>;\n\
         @group(0) @binding(1) var<storage, read_write> output: array<f32>;\n\
         var<private> item: u32;\n\
         fn a(k: u32) -> f32 {{ return input[item * {n}u + k]; }}\n\
         fn put(k: u32, value: f32) {{ output[item * {counted}u + k] = value; }}\n\
         @compute @workgroup_size({WORKGROUP})\n\
         fn main(@builtin(global_invocation_id) id: vec3<u32>) {{\n\
         if id.x >= {ITEMS}u {{ return; }}\n item = id.x;\n unknown_bits = bitcast<u32>(input[{}u]);\n {}\n}}\n",
        ITEMS * n,
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
        let known: Vec<&str> = all().map(|twin| twin.name).collect();
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
            for twin in all() {
                let found = compare(&device, twin).expect("it computes");
                assert!(found.largest <= found.tolerance, "{}: {found:?}", device.name);
            }
        }
    }
}
