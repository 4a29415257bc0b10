// The smaller and the larger of two numbers, as sim-core/src/layer/extreme.rs has them.

fn smaller(a: f32, b: f32) -> f32 {
    return select(b, a, a < b);
}

fn larger(a: f32, b: f32) -> f32 {
    return select(b, a, a > b);
}
