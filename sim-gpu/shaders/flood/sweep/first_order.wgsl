// Tilted cells and the faces between them, of the first-order scheme:
// sim-core/src/flood/sweep/first_order.rs.

// Rise of the ground within each cell along x and y.
var<workgroup> tilts: array<vec2<f32>, SEEN>;

fn carried_depth(at: u32) -> f32 {
    return depth[at];
}

// Rises of the surface within a cell along x and y.
fn surface_slopes(at: u32) -> vec2<f32> {
    return tilts[at];
}

fn tilt_across(at: u32, far: u32, before: f32, behind: f32) -> f32 {
    return tilt(vec2<f32>(bed[at] - bed[at - far], bed[at + far] - bed[at]), vec2<f32>(before, behind));
}

// The tilt of a cell, whatever lies there.
fn prepare(at: u32, column: i32, row: i32) {
    let i = at % SEEN_X;
    let j = at / SEEN_X;
    if i > 0u && i + 1u < SEEN_X && j > 0u && j + 1u < SEEN_Y {
        tilts[at] = vec2<f32>(
            tilt_across(at, 1u, rises[at - 1u].x, rises[at].x),
            tilt_across(at, SEEN_X, rises[at - SEEN_X].y, rises[at].y),
        );
    }
}

// The flux between two cells of the group; a ghost is tilted as the cell beside it.
fn flux_between(before: u32, behind: u32, is_across_x: bool, is_first: bool, is_last: bool) -> FaceFlux {
    let tilts_here = tilts[select(before, behind, is_first)] + tilts[select(behind, before, is_last)];
    let surface = select(rises[before].y, rises[before].x, is_across_x);
    let rise = surface - 0.5 * select(tilts_here.y, tilts_here.x, is_across_x);
    let v_before = velocity[before];
    let v_behind = velocity[behind];
    return face_flux(
        Side(depth[before], select(v_before.y, v_before.x, is_across_x), select(v_before.x, v_before.y, is_across_x)),
        Side(depth[behind], select(v_behind.y, v_behind.x, is_across_x), select(v_behind.x, v_behind.y, is_across_x)),
        rise,
    );
}
