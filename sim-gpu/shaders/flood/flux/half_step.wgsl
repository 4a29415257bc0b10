// Half a step ahead within a cell: sim-core/src/flood/flux/half_step.rs.

// Cells are depth and velocity; slopes are those of depth, surface, and velocity along x and y. What
// comes back is the depth that is gained, and the velocity.
fn half_step_from(
    cell: vec3<f32>,
    root: f32,
    x: vec4<f32>,
    y: vec4<f32>,
    shares: vec2<f32>,
    half_rain: f32,
    half_dt_g_n2: f32,
) -> vec3<f32> {
    let u = cell.y;
    let v = cell.z;
    let lost = shares.x * (u * x.x + cell.x * x.z) + shares.y * (v * y.x + cell.x * y.w);
    let u_star = u - (shares.x * (u * x.z + GRAVITY * x.y) + shares.y * (v * y.z));
    let v_star = v - (shares.y * (v * y.w + GRAVITY * y.y) + shares.x * (u * x.w));
    let least = 0.5 * larger(abs(x.x), abs(y.x));
    let is_wet = cell.x >= DRY_DEPTH;
    let diluted = cell.x / select(1.0, cell.x + half_rain, is_wet);
    let star = vec2<f32>(u_star * diluted, v_star * diluted);
    let kept = slowing(sqrt(dot(star, star)), root, half_dt_g_n2).x;
    return vec3<f32>(larger(half_rain - lost, least - cell.x), select(vec2<f32>(0.0, 0.0), star * kept, is_wet));
}
