// A discharge that leaves: sim-core/src/flood/boundary/rating.rs.

fn most_that_leaves(inside: vec2<f32>) -> f32 {
    let fall = falling_out(inside);
    return select(fall.x * fall.y, inside.x * inside.y, is_leaving_fast(inside));
}

fn rating_ghost(inside: vec2<f32>, outflow: f32) -> vec2<f32> {
    if outflow <= SMALLEST_NORMAL {
        return vec2<f32>(inside.x, -inside.y);
    }
    if is_leaving_fast(inside) {
        return inside;
    }
    return with_outflow(inside, outflow);
}
