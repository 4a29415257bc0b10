// Horton's law: sim-core/src/flood/infiltration/horton.rs.
//
// What falls short of one is formed and not one less it, so that short steps keep their digits.

// One less e^(-x).
fn rise_of(x: f32) -> f32 {
    let r = 0.125 * x;
    let even = 120.0 + 12.0 * r * r;
    let odd = r * (60.0 + r * r);
    let eighth = 2.0 * odd / (even + odd);
    let fourth = eighth * (2.0 - eighth);
    let half = fourth * (2.0 - fourth);
    return half * (2.0 - half);
}

// First rate, last rate, decay; what one less the store has left.
fn horton_capacity(soil: vec3<f32>, left: f32, dt: f32) -> f32 {
    return soil.y * dt + (soil.x - soil.y) / soil.z * rise_of(soil.z * dt) * left;
}

// What the store gains.
fn horton_gain(soil: vec3<f32>, left: f32, dt: f32, taken: f32, capacity: f32) -> f32 {
    let whole = larger(capacity, SMALLEST_NORMAL);
    let share = taken / whole;
    let falling = (capacity - soil.y * dt) / whole;
    let turn = soil.z * dt;
    return left * rise_of(turn * (share / (1.0 + 0.5 * falling * turn * (1.0 - share))));
}
