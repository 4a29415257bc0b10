// Friction of the bed after Manning, taken implicitly: sim-core/src/flood/friction.rs.

fn inverse_cube_root(x: f32) -> f32 {
    let word = bitcast<u32>(x) >> 16u;
    let guess = INVERSE_CUBE_ROOT_GUESS - ((word * THIRD) >> 16u);
    let y = bitcast<f32>(guess << 16u);
    let e = 1.0 - x * (y * y * y);
    let z = y + y * (e * (1.0 / 3.0 + e * (2.0 / 9.0 + e * (14.0 / 81.0))));
    let f = 1.0 - x * (z * z * z);
    return z + z * (f * (1.0 / 3.0));
}

fn root_of_depth(depth: f32) -> f32 {
    return inverse_cube_root(select(1.0, depth, depth >= DRY_DEPTH));
}

// Shares of the velocity that friction keeps (x) and takes (y).
fn slowing(speed: f32, inverse_root: f32, dt_g_n2: f32) -> vec2<f32> {
    let squared = inverse_root * inverse_root;
    let a = dt_g_n2 * speed * (squared * squared);
    let kept = 2.0 / (1.0 + sqrt(1.0 + 4.0 * a));
    return vec2<f32>(kept, a * (kept * kept));
}
