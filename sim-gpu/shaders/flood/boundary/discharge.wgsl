// A discharge that comes in: sim-core/src/flood/boundary/discharge.rs.

fn conveyance(depth: f32, manning_n: f32) -> f32 {
    let root = cube_root(larger(depth, 0.0));
    return larger(depth, 0.0) * (root * root) / larger(manning_n, SMOOTHEST);
}

// No normal depth is less than nothing.
fn discharge_ghost(inside: vec2<f32>, inflow: f32, normal_depth: f32) -> vec2<f32> {
    if inflow <= SMALLEST_NORMAL {
        return vec2<f32>(inside.x, -inside.y);
    }
    if normal_depth > 0.0 && normal_depth < critical_depth(inflow) {
        return vec2<f32>(normal_depth, -inflow / normal_depth);
    }
    return with_inflow(inside, inflow);
}

// The power is only a start: its digits are those of a logarithm.
fn normal_depth(discharge: f32, slope: f32, manning_n: f32) -> f32 {
    let carried = discharge * manning_n / sqrt(slope);
    let about = pow(larger(carried, SMALLEST_NORMAL), 0.6);
    // One step of Newton's method for depth^(5/3) = carried.
    let root = cube_root(about);
    let nearer = about - 0.6 * (about - carried / (root * root));
    return select(0.0, nearer, carried > SMALLEST_NORMAL);
}
