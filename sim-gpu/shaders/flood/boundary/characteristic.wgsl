// Waves that leave the grid, and the water that agrees with them:
// sim-core/src/flood/boundary/characteristic.rs.
//
// Water beside the rim is a depth (x) and a velocity out of the grid (y).

// Newton's method ends here: a few last digits.
const ROOT_FOUND: f32 = 4e-7;
const ROOT_ITERATIONS: u32 = 60u;
// Smaller numbers have lost digits; smaller volumes are none.
const SMALLEST_NORMAL: f32 = 1.2e-38;

fn cube_root(x: f32) -> f32 {
    let root = inverse_cube_root(larger(x, SMALLEST_NORMAL));
    return select(0.0, x * (root * root), x > SMALLEST_NORMAL);
}

fn outgoing(inside: vec2<f32>) -> f32 {
    return inside.y + 2.0 * sqrt(GRAVITY * inside.x);
}

fn is_leaving_fast(inside: vec2<f32>) -> bool {
    return inside.x > 0.0 && inside.y >= sqrt(GRAVITY * inside.x);
}

fn critical_depth(discharge: f32) -> f32 {
    return cube_root(discharge * (discharge * (1.0 / GRAVITY)));
}

fn conjugate_depth(inside: vec2<f32>) -> f32 {
    let froude_squared = inside.y * inside.y / (GRAVITY * inside.x);
    return 0.5 * inside.x * (sqrt(1.0 + 8.0 * froude_squared) - 1.0);
}

fn falling_out(inside: vec2<f32>) -> vec2<f32> {
    let c = larger(outgoing(inside) * (1.0 / 3.0), 0.0);
    return vec2<f32>(c * c * (1.0 / GRAVITY), c);
}

fn with_depth(inside: vec2<f32>, depth: f32) -> vec2<f32> {
    let c = sqrt(GRAVITY * depth);
    // The difference of the wave speeds, so that water at the same level stays still.
    let outward = inside.y + 2.0 * (sqrt(GRAVITY * inside.x) - c);
    return select(vec2<f32>(depth, larger(outward, -c)), falling_out(inside), outward > c);
}

fn cubic_root(start: f32, outgoing: f32, supply: f32) -> f32 {
    var c = start;
    for (var k = 0u; k < ROOT_ITERATIONS; k += 1u) {
        let value = c * c * (2.0 * c - outgoing) - supply;
        let next = c - value / (2.0 * c * (3.0 * c - outgoing));
        if !(next > 0.0 && c - next > ROOT_FOUND * c) {
            break;
        }
        c = next;
    }
    return c;
}

fn with_inflow(inside: vec2<f32>, inflow: f32) -> vec2<f32> {
    let r = outgoing(inside);
    let supply = GRAVITY * inflow;
    let c = cubic_root(larger(0.5 * r, 0.0) + cube_root(0.5 * supply), r, supply);
    let depth = larger(c * c * (1.0 / GRAVITY), critical_depth(inflow));
    return vec2<f32>(depth, -inflow / depth);
}

fn with_outflow(inside: vec2<f32>, outflow: f32) -> vec2<f32> {
    let r = outgoing(inside);
    if r <= 0.0 {
        return vec2<f32>(0.0, 0.0);
    }
    let fall = falling_out(inside);
    if outflow >= fall.x * fall.y {
        return fall;
    }
    let c = cubic_root(0.5 * r, r, -(GRAVITY * outflow));
    let depth = c * c * (1.0 / GRAVITY);
    return vec2<f32>(depth, outflow / depth);
}

fn leaving_uniformly(inside: vec2<f32>, factor: f32) -> vec2<f32> {
    let r = outgoing(inside);
    if is_leaving_fast(inside) {
        return inside;
    }
    if r <= 0.0 {
        return vec2<f32>(0.0, 0.0);
    }
    var c = 0.5 * r;
    var speed = 0.0;
    for (var k = 0u; k < ROOT_ITERATIONS; k += 1u) {
        let root = cube_root(c * c * (1.0 / GRAVITY));
        speed = factor * (root * root);
        let next = c - (speed + 2.0 * c - r) / (4.0 / 3.0 * speed / c + 2.0);
        if !(next > 0.0 && c - next > ROOT_FOUND * c) {
            break;
        }
        c = next;
    }
    return select(vec2<f32>(c * c * (1.0 / GRAVITY), speed), falling_out(inside), speed > c);
}
