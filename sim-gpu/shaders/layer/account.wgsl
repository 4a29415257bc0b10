// Sums that keep what rounding would lose: sim-core/src/layer/account.rs.

// All zeros, which no compiler knows before the program runs: without it some take the sums below
// apart and find that what rounding took "is" nothing.
var<private> unknown_bits: u32;

// A sum (x) and what it lacks (y): together exact.
fn sum_and_rest(a: f32, b: f32) -> vec2<f32> {
    let sum = bitcast<f32>(bitcast<u32>(a + b) ^ unknown_bits);
    let from_b = bitcast<f32>(bitcast<u32>(sum - a) ^ unknown_bits);
    return vec2<f32>(sum, (a - (sum - from_b)) + (b - from_b));
}
