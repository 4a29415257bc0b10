// Ground and depths at a face between two cells: sim-core/src/layer/reconstruction.rs.

struct FaceWater {
    left: f32,
    right: f32,
    rise: f32,
    left_weight: f32,
    right_weight: f32,
}

// Bed and depth of the two cells are stored in single precision: their differences are taken apart.
fn surface_rise(bed_before: f32, bed_behind: f32, depth_before: f32, depth_behind: f32) -> f32 {
    return (bed_behind - bed_before) + (depth_behind - depth_before);
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
