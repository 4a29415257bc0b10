// Ground of a given fall outside: sim-core/src/flood/boundary/slope.rs.

fn slope_ghost(inside: vec2<f32>, slope: f32, manning_n: f32) -> vec2<f32> {
    return leaving_uniformly(inside, sqrt(slope) / manning_n);
}
