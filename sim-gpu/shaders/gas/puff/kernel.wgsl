// How strong a puff is: sim-core/src/gas/puff/kernel.rs.

// What the two horizontal bells of a puff are multiplied by.
fn strength_of(mass: f32, size: vec2<f32>, heights: vec2<f32>, lid: f32) -> f32 {
    return mass / (NORMALISER * size.x * size.x * size.y) * vertical_factor(size.y, heights.x, heights.y, lid);
}
