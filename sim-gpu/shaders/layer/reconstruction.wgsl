// Ground and depths at a face between two cells: sim-core/src/layer/reconstruction.rs.

struct FaceWater {
    left: f32,
    right: f32,
    rise: f32,
    left_weight: f32,
    right_weight: f32,
}

// Beds are singles, depths singles with their rests: what rounding takes from the differences is
// kept, so that the level of a lake is level.
fn surface_rise(bed_before: f32, bed_behind: f32, before: vec2<f32>, behind: vec2<f32>) -> f32 {
    let ground = sum_and_rest(bed_behind, -bed_before);
    let water = sum_and_rest(behind.x, -before.x);
    let sum = sum_and_rest(ground.x, water.x);
    return sum.x + (sum.y + ((ground.y + water.y) + (behind.y - before.y)));
}

fn face_water(left: f32, right: f32, rise: f32) -> FaceWater {
    let left_cell = select(left, 0.0, left < DRY_DEPTH);
    let right_cell = select(right, 0.0, right < DRY_DEPTH);
    let over_left = right_cell - rise;
    let over_right = left_cell + rise;
    let left_depth = smaller(left_cell, larger(over_left, 0.0));
    let right_depth = smaller(right_cell, larger(over_right, 0.0));
    let both_wet = smaller(left_depth, right_depth) > 0.0;
    return FaceWater(
        left_depth,
        right_depth,
        select(right_depth - left_depth, rise, both_wet),
        (GRAVITY * left_cell) * smaller(over_right, 0.0),
        (GRAVITY * right_cell) * smaller(over_left, 0.0),
    );
}

fn tilt(ground: vec2<f32>, surface: vec2<f32>) -> f32 {
    let least = smaller(smaller(ground.x, ground.y), smaller(surface.x, surface.y));
    let most = larger(larger(ground.x, ground.y), larger(surface.x, surface.y));
    return larger(least, 0.0) + smaller(most, 0.0);
}

fn limited(steepness: f32, before: f32, behind: f32) -> f32 {
    let centred = 0.5 * (before + behind);
    let least = smaller(centred, smaller(steepness * before, steepness * behind));
    let most = larger(centred, larger(steepness * before, steepness * behind));
    return larger(least, 0.0) + smaller(most, 0.0);
}

// Which neighbours are banks: the one before (x), the one behind (y). Depths: before, here, behind.
fn banks_of(ground: vec2<f32>, depth: vec3<f32>) -> vec2<bool> {
    let film = BANK_SHARE * depth.y;
    return vec2<bool>(
        depth.x < film && -ground.x >= depth.y,
        depth.z < film && ground.y >= depth.y,
    );
}

fn smallest(three: vec3<f32>) -> f32 {
    return smaller(smaller(three.x, three.z), three.y);
}

// Differences across a cell of the depth (x) and of the water surface (y).
fn depth_and_surface(ground: vec2<f32>, surface: vec2<f32>, depth: vec3<f32>, banks: vec2<bool>) -> vec2<f32> {
    let rise = larger(abs(ground.x), abs(ground.y));
    let steepness = select(STEEPNESS, 1.0, rise > LARGEST_STEP * smallest(depth));
    let seen_before = select(surface.x, BESIDE_BANK * surface.y, banks.x);
    let seen_behind = select(surface.y, BESIDE_BANK * surface.x, banks.y);
    let level = select(limited(steepness, seen_before, seen_behind), 0.0, banks.x && banks.y);
    let steepest = limited(steepness, ground.x, ground.y);
    let largest = LARGEST_BESIDE_BANK * depth.y;
    let beside_bank = larger(smaller(level - steepest, largest), -largest);
    let between = limited(steepness, depth.y - depth.x, depth.z - depth.y);
    let across = select(between, beside_bank, banks.x || banks.y);
    let paired = level - across;
    let bounded = larger(smaller(paired, larger(steepest, 0.0)), smaller(steepest, 0.0));
    let is_bounded = abs(bounded - paired) > ROUNDING * (depth.x + depth.y + depth.z);
    let over_bounded = select(level, across + bounded, is_bounded);
    let is_wet = depth.y >= DRY_DEPTH;
    return select(vec2<f32>(0.0, tilt(ground, surface)), vec2<f32>(across, over_bounded), is_wet);
}

fn velocity_towards(depth: vec3<f32>, velocity: vec3<f32>, banks: vec2<bool>) -> f32 {
    let mirrored = 2.0 * velocity.y;
    let change = limited(
        STEEPNESS,
        select(velocity.y - velocity.x, mirrored, banks.x),
        select(velocity.z - velocity.y, -mirrored, banks.y),
    );
    let known = vec3<f32>(select(depth.x, depth.y, banks.x), depth.y, select(depth.z, depth.y, banks.y));
    return select(0.0, change, smallest(known) >= DRY_DEPTH);
}

fn velocity_along(depth: vec3<f32>, velocity: vec3<f32>) -> f32 {
    let change = limited(STEEPNESS, velocity.y - velocity.x, velocity.z - velocity.y);
    return select(0.0, change, smallest(depth) >= DRY_DEPTH);
}
