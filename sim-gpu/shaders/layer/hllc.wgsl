// The HLLC flux of the shallow water equations: sim-core/src/layer/hllc.rs.

fn hllc(left: Facing, right: Facing, rise: f32) -> Through {
    let c_left = sqrt(GRAVITY * left.depth);
    let c_right = sqrt(GRAVITY * right.depth);
    let u_left = select(left.normal, right.normal - 2.0 * c_right, left.depth < DRY_DEPTH);
    let u_right = select(right.normal, left.normal + 2.0 * c_left, right.depth < DRY_DEPTH);
    let u_star = 0.5 * (u_left + u_right) + (c_left - c_right);
    let c_star = 0.5 * (c_left + c_right) + 0.25 * (u_left - u_right);
    let s_left = smaller(0.0, smaller(u_left - c_left, u_star - c_star));
    let s_right = larger(0.0, larger(u_right + c_right, u_star + c_star));
    let per_width = 1.0 / larger(s_right - s_left, NO_WAVES);
    let q_left = left.depth * u_left;
    let q_right = right.depth * u_right;
    let product = s_left * s_right;
    let water = (s_right * q_left - s_left * q_right) + product * rise;
    let carried =
        (s_right * (q_left * u_left) - s_left * (q_right * u_right)) + product * (q_right - q_left);
    let pressure = (0.5 * GRAVITY) * ((left.depth + right.depth) * rise);
    let from_left = most_water(left.depth, u_left, c_left);
    let from_right = most_water(right.depth, -u_right, c_right);
    return Through(
        larger(-from_right, smaller(from_left, water * per_width)),
        (carried - s_left * pressure) * per_width,
        (carried - s_right * pressure) * per_width,
    );
}
