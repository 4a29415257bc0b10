// A level outside: sim-core/src/flood/boundary/stage.rs.

fn stage_ghost(inside: vec2<f32>, wanted: f32) -> vec2<f32> {
    let depth = larger(wanted, 0.0);
    if is_leaving_fast(inside) {
        let stopped = vec2<f32>(depth, inside.y * inside.x / larger(depth, DRY_DEPTH));
        return select(inside, stopped, depth > conjugate_depth(inside));
    }
    return with_depth(inside, depth);
}
