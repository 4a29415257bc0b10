// Discharge through a face under local inertia: sim-core/src/flood/flux/local_inertia.rs.

fn flow_depth(left: f32, right: f32, rise: f32) -> f32 {
    let over_left = smaller(left, larger(right - rise, 0.0));
    let over_right = smaller(right, larger(left + rise, 0.0));
    return larger(over_left, over_right);
}

// Discharges through the face before, the face itself, and the one behind.
fn mixed(discharges: vec3<f32>) -> f32 {
    return OWN_WEIGHT * discharges.y + (0.5 - 0.5 * OWN_WEIGHT) * (discharges.x + discharges.z);
}

fn push(flow_depth: f32, rise: f32, dt_over_spacing: f32) -> f32 {
    return -GRAVITY * flow_depth * (dt_over_spacing * rise);
}

// Shares of the discharge that friction keeps (x) and takes (y).
fn hindrance(flow_depth: f32, root: f32, q_star: f32, along: f32, dt_g_n2: f32) -> vec2<f32> {
    let total = sqrt(q_star * q_star + along * along);
    let slowed = slowing(total * (root * root * root), root, dt_g_n2);
    return select(vec2<f32>(0.0, 1.0), slowed, flow_depth >= DRY_DEPTH);
}

fn discharge(mixed: f32, push: f32, hindrance: vec2<f32>) -> f32 {
    return (mixed + push) * select(hindrance.x, 1.0 - hindrance.y, hindrance.y < 0.5);
}
