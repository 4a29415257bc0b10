// A step of the local-inertia scheme: discharges through faces, limited to what the cells hold, then
// the cells: sim-core/src/flood/sweep/inertial.rs.
//
// A cell gives no more than it has, so that the discharges all round the neighbours of the group are
// looked at too. As in the other schemes every face goes through one and the same loop.

// Unit discharge through the western (x) and the southern (y) face of every cell, before and after.
@group(0) @binding(21) var<storage, read> old_flow: array<vec2<f32>>;
@group(0) @binding(22) var<storage, read_write> new_flow: array<vec2<f32>>;

// Share of its water that a cell may give: all but what rounding could turn into less than nothing.
const LARGEST_SHARE: f32 = 0.9999995;

// Discharges through the western and the southern face of each cell, and the share it can give.
var<workgroup> raw: array<vec2<f32>, SEEN>;
var<workgroup> shares: array<f32, SEEN>;

// Discharge kept for a western face; beyond the faces within the grid that of the next one.
fn across(column: i32, row: i32) -> f32 {
    let inside = vec2<i32>(clamp(column, 1, i32(shape.columns) - 1), clamp(row, 0, i32(shape.rows) - 1));
    let found = old_flow[place_of(shape.stride, u32(inside.y), u32(inside.x))].x;
    return select(0.0, found, inside.x > 0 && inside.y == row);
}

// The same of a southern face.
fn northward(column: i32, row: i32) -> f32 {
    let inside = vec2<i32>(clamp(column, 0, i32(shape.columns) - 1), clamp(row, 1, i32(shape.rows) - 1));
    let found = old_flow[place_of(shape.stride, u32(inside.y), u32(inside.x))].y;
    return select(0.0, found, inside.y > 0 && inside.x == column);
}

// Unit discharge through a face of the rim, between a cell and a ghost.
fn rim_discharge(before: u32, behind: u32, is_across_x: bool, place: u32, is_first: bool) -> f32 {
    let rise = select(rises[before].y, rises[before].x, is_across_x);
    let normal = select(
        vec2<f32>(velocity[before].y, velocity[behind].y),
        vec2<f32>(velocity[before].x, velocity[behind].x),
        is_across_x,
    );
    let found = face_flux(Side(depth[before], normal.x, 0.0), Side(depth[behind], normal.y, 0.0), rise).water;
    let given = select(1.0, -1.0, is_first) * given_at(place);
    return select(select(found, given, at_rim(place) == RIM_GIVEN), 0.0, at_rim(place) == RIM_WALL);
}

// Discharge through the face before a cell of the group, before it is limited.
fn raw_discharge(behind: u32, column: i32, row: i32, is_across_x: bool) -> f32 {
    let before = behind - select(SEEN_X, 1u, is_across_x);
    let number = select(row, column, is_across_x);
    let last = i32(select(shape.rows, shape.columns, is_across_x));
    let along_last = i32(select(shape.columns, shape.rows, is_across_x)) - 1;
    let beside = select(column, row, is_across_x);
    if number < 0 || number > last || beside < 0 || beside > along_last {
        return 0.0;
    }
    let place = rim_place(is_across_x, number > 0, u32(beside));
    if number == 0 || number == last {
        return rim_discharge(before, behind, is_across_x, place, number == 0);
    }
    var own = vec3<f32>(across(column - 1, row), across(column, row), across(column + 1, row));
    var around = (northward(column - 1, row) + northward(column, row))
        + (northward(column - 1, row + 1) + northward(column, row + 1));
    if !is_across_x {
        own = vec3<f32>(northward(column, row - 1), northward(column, row), northward(column, row + 1));
        around = (across(column, row - 1) + across(column, row)) + (across(column + 1, row - 1) + across(column + 1, row));
    }
    let at = place_of(shape.stride, u32(row), u32(column));
    let at_before = at - select(shape.stride, 1u, is_across_x);
    let rise = select(rises[before].y, rises[before].x, is_across_x);
    let flow = flow_depth(depth[before], depth[behind], rise);
    let pushed = push(flow, rise, clock.dt * select(shape.inverse_dy, shape.inverse_dx, is_across_x));
    let mean = mixed(own);
    let g_n2 = 0.5 * (friction_at(at_before) + friction_at(at));
    let slowed = hindrance(flow, root_of_depth(flow), mean + pushed, 0.25 * around, clock.dt * g_n2);
    return discharge(mean, pushed, slowed);
}

// Discharges through both faces before a cell.
fn find_raw(at: u32, column: i32, row: i32) {
    var found = vec2<f32>(0.0, 0.0);
    if at % SEEN_X > 0u && at >= SEEN_X {
        found = vec2<f32>(raw_discharge(at, column, row, true), raw_discharge(at, column, row, false));
    }
    raw[at] = found;
}

// Share of the discharges out of a cell that its water suffices for; ghosts give what is asked of them.
fn find_share(at: u32, column: i32, row: i32) {
    let east = raw[min(at + 1u, SEEN - 1u)].x;
    let north = raw[min(at + SEEN_X, SEEN - 1u)].y;
    let leaving = clock.dt
        * (shape.inverse_dx * (larger(east, 0.0) + larger(-raw[at].x, 0.0))
            + shape.inverse_dy * (larger(north, 0.0) + larger(-raw[at].y, 0.0)));
    let holds = LARGEST_SHARE * depth[at];
    let is_inside = column >= 0 && row >= 0 && column < i32(shape.columns) && row < i32(shape.rows);
    let exceeds = is_inside && leaving > holds;
    shares[at] = select(1.0, holds / select(1.0, leaving, exceeds), exceeds);
}

// One face of the group: depth that goes through, and discharge.
fn flow_through(face: u32) -> vec4<f32> {
    let is_across_x = face < FACES_X;
    let index = select(face - FACES_X, face, is_across_x);
    let in_row = select(GROUP_X, GROUP_X + 1u, is_across_x);
    let behind = (index / in_row + 2u) * SEEN_X + index % in_row + 2u;
    let before = behind - select(SEEN_X, 1u, is_across_x);
    let wanted = select(raw[behind].y, raw[behind].x, is_across_x);
    let limited = wanted * select(shares[behind], shares[before], wanted > 0.0);
    let inverse = select(shape.inverse_dy, shape.inverse_dx, is_across_x);
    return vec4<f32>(limited * (clock.dt * inverse), limited, 0.0, 0.0);
}

// A cell of the group one step on.
fn step_on(group: u32, lane: u32, column: u32, row: u32) -> vec4<f32> {
    let i = lane % GROUP_X;
    let j = lane / GROUP_X;
    let at = place_of(shape.stride, row, column);
    let here = (j + 2u) * SEEN_X + i + 2u;
    let south = FACES_X + j * GROUP_X + i;
    let west = j * (GROUP_X + 1u) + i;
    let through = array<f32, 4>(faces[west].x, faces[west + 1u].x, faces[south].x, faces[south + GROUP_X].x);
    let flow = vec4<f32>(faces[west].y, faces[west + 1u].y, faces[south].y, faces[south + GROUP_X].y);
    let left = settle(group, lane, at, here, through);
    let moves = left.water.x >= DRY_DEPTH;
    let half_inverse = select(0.0, 0.5, moves) / select(1.0, left.water.x, moves);
    let moving = vec2<f32>(flow.x + flow.y, flow.z + flow.w) * half_inverse;
    new_water[at] = left.water;
    new_velocity[at] = moving;
    new_flow[at] = vec2<f32>(flow.x, flow.z);
    if !(is_number(left.water.x) && is_number(moving.x + moving.y)) {
        atomicMin(&count.broken, at);
    }
    note_records(at, left.water.x, moving);
    note_rim(column, row, through);
    let per_length = shape.inverse_dx * shape.inverse_dx + shape.inverse_dy * shape.inverse_dy;
    let rate = ROOM * sqrt(GRAVITY * left.water.x * per_length);
    return vec4<f32>(rate, select(0.0, 1.0, left.water.x > 0.0), left.lost, left.clipped);
}

@compute @workgroup_size(GROUP_X, GROUP_Y)
fn sweep(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    if clock.runs == 0u {
        return;
    }
    let number = group.y * groups.x + group.x;
    if is_idle(group.xy, groups.xy, number) {
        if lane == 0u {
            held_now[number] = 0u;
        }
        return;
    }
    unknown_bits = shape.nothing;
    let first = vec2<u32>(group.x * GROUP_X, group.y * GROUP_Y);
    see(first, lane);
    for (var k = lane; k < SEEN; k += GROUP) {
        find_raw(k, i32(first.x + k % SEEN_X) - 2, i32(first.y + k / SEEN_X) - 2);
    }
    workgroupBarrier();
    for (var k = lane; k < SEEN; k += GROUP) {
        find_share(k, i32(first.x + k % SEEN_X) - 2, i32(first.y + k / SEEN_X) - 2);
    }
    workgroupBarrier();
    for (var face = lane; face < FACES; face += GROUP) {
        faces[face] = flow_through(face);
    }
    workgroupBarrier();
    let column = first.x + lane % GROUP_X;
    let row = first.y + lane / GROUP_X;
    var sums = vec4<f32>(0.0, 0.0, 0.0, 0.0);
    if column < shape.columns && row < shape.rows {
        sums = step_on(number, lane, column, row);
    }
    add_up(number, lane, sums);
}
