// Hazard to people, United Kingdom: sim-core/src/flood/hazard/defra.rs.

// The debris factors of a land use: of deeper water, of deep or fast water.
fn defra_rate(depth: f32, speed: f32, factors: vec2<f32>) -> f32 {
    let middle = select(0.0, factors.x, depth > DEFRA_SHALLOW);
    let debris = select(middle, factors.y, depth > DEFRA_DEEP || speed > DEFRA_FAST);
    return select(0.0, depth * (speed + DEFRA_STILL) + debris, depth > 0.0);
}
