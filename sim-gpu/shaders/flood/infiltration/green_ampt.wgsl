// The law of Green and Ampt: sim-core/src/flood/infiltration/green_ampt.rs.

// `weight` is what the conductivity takes in a step.
fn green_ampt_capacity(weight: f32, suction: f32, store: f32) -> f32 {
    let half = store - 0.5 * weight;
    let product = 2.0 * weight * (store + suction);
    let root = sqrt(half * half + product);
    return select(product / larger(root + half, SMALLEST_NORMAL), root - half, half < 0.0);
}
