// Cells half a step ahead and the faces between them, of the second-order scheme:
// sim-core/src/flood/sweep/second_order.rs.
//
// As in the first order all faces of a workgroup go through one and the same loop, and all cells
// too: what two workgroups find of a cell that both look at has the same bits.

// Cells half a step ahead: depth, what it has gained, velocity.
var<workgroup> ahead: array<vec4<f32>, SEEN>;
// Differences across them along x and y: depth, surface, velocity in this direction and across it.
var<workgroup> slopes_x: array<vec4<f32>, SEEN>;
var<workgroup> slopes_y: array<vec4<f32>, SEEN>;

fn carried_depth(at: u32) -> f32 {
    return ahead[at].x;
}

// Differences of the surface within a cell along x and y.
fn surface_slopes(at: u32) -> vec2<f32> {
    return vec2<f32>(slopes_x[at].y, slopes_y[at].y);
}

// Differences across a cell in the direction of its neighbours at `far`; `before` and `behind` are
// the rises of the surface on both sides.
fn slopes_across(at: u32, far: u32, before: f32, behind: f32) -> vec4<f32> {
    let is_across_x = far == 1u;
    let ground = vec2<f32>(bed[at] - bed[at - far], bed[at + far] - bed[at]);
    let deep = vec3<f32>(depth[at - far], depth[at], depth[at + far]);
    let u = vec3<f32>(velocity[at - far].x, velocity[at].x, velocity[at + far].x);
    let v = vec3<f32>(velocity[at - far].y, velocity[at].y, velocity[at + far].y);
    let banks = banks_of(ground, deep);
    return vec4<f32>(
        depth_and_surface(ground, vec2<f32>(before, behind), deep, banks),
        velocity_towards(deep, select(v, u, is_across_x), banks),
        velocity_along(deep, select(u, v, is_across_x)),
    );
}

// A ghost in the direction of the edge, from the cell beside it: the mirror image of it, or one value
// on ground as tilted as there.
fn ghost_slopes(is_mirror: bool, cell: vec4<f32>) -> vec4<f32> {
    let mirrored = vec4<f32>(-cell.x, -cell.y, cell.z, -cell.w);
    return select(vec4<f32>(0.0, cell.y - cell.x, 0.0, 0.0), mirrored, is_mirror);
}

// A cell, or a ghost beside one, half a step ahead.
fn prepare(at: u32, column: i32, row: i32) {
    let last = vec2<i32>(i32(shape.columns) - 1, i32(shape.rows) - 1);
    let cell = clamp(vec2<i32>(column, row), vec2<i32>(0, 0), last);
    let beyond = vec2<i32>(column, row) - cell;
    let i = at % SEEN_X;
    let j = at / SEEN_X;
    let has_neighbours = i > 0u && i + 1u < SEEN_X && j > 0u && j + 1u < SEEN_Y;
    if !has_neighbours || abs(beyond.x) + abs(beyond.y) > 1 {
        return;
    }
    let here = u32(i32(at) - beyond.x - i32(SEEN_X) * beyond.y);
    let x = slopes_across(here, 1u, rises[here - 1u].x, rises[here].x);
    let y = slopes_across(here, SEEN_X, rises[here - SEEN_X].y, rises[here].y);
    let place = place_of(shape.stride, u32(cell.y), u32(cell.x));
    let falls_here = select(0.0, 0.5 * rain_at(place), bed[here] < GROUND_ENDS);
    let half_dt = 0.5 * clock.dt;
    let found = half_step_from(
        vec3<f32>(depth[here], velocity[here]),
        root_of_depth(depth[here]),
        vec4<f32>(x.x, x.y, x.z, x.w),
        vec4<f32>(y.x, y.y, y.w, y.z),
        vec2<f32>(half_dt * shape.inverse_dx, half_dt * shape.inverse_dy),
        falls_here,
        half_dt * friction_at(place),
    );
    let inside = vec4<f32>(depth[here] + found.x, found);
    let turned = vec2<f32>(select(1.0, -1.0, beyond.x != 0), select(1.0, -1.0, beyond.y != 0));
    // In the direction of the edge; a ghost with water of its own may move along it as it likes.
    let turns = select(velocity[at].y == -velocity[here].y, velocity[at].x == -velocity[here].x, beyond.x != 0);
    let is_mirror = turns && depth[at] == depth[here];
    let is_ghost = any(beyond != vec2<i32>(0, 0));
    let image = vec4<f32>(inside.xy, turned * inside.zw);
    let own = vec4<f32>(depth[at], 0.0, velocity[at]);
    ahead[at] = select(inside, select(own, image, is_mirror), is_ghost);
    slopes_x[at] = select(x, ghost_slopes(is_mirror, x), beyond.x != 0);
    slopes_y[at] = select(y, ghost_slopes(is_mirror, y), beyond.y != 0);
}

// A cell at its far (half = 1/2) or near (-1/2) side.
fn side_of(at: u32, is_across_x: bool, half: f32) -> Side {
    let slopes = select(slopes_y[at], slopes_x[at], is_across_x);
    let moving = select(ahead[at].wz, ahead[at].zw, is_across_x);
    return Side(ahead[at].x + half * slopes.x, moving.x + half * slopes.z, moving.y + half * slopes.w);
}

// The flux between two cells of the group.
fn flux_between(before: u32, behind: u32, is_across_x: bool, is_first: bool, is_last: bool) -> FaceFlux {
    let surface = select(rises[before].y, rises[before].x, is_across_x);
    let within = 0.5
        * (select(slopes_y[before].y, slopes_x[before].y, is_across_x)
            + select(slopes_y[behind].y, slopes_x[behind].y, is_across_x));
    let rise = (surface - within) + (ahead[behind].y - ahead[before].y);
    return face_flux(side_of(before, is_across_x, 0.5), side_of(behind, is_across_x, -0.5), rise);
}
