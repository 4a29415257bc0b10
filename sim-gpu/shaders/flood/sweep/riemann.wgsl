// A step of the schemes that solve a Riemann problem at every face: fluxes, then cells.

// All faces of a workgroup go through one and the same loop: two cells, also of two workgroups, then
// find the same bits at the face between them, whatever a compiler makes of a product and a sum, and
// no water is lost.

// One face of the group.
fn flow_through(face: u32, group: vec2<u32>) -> vec4<f32> {
    let is_across_x = face < FACES_X;
    let index = select(face - FACES_X, face, is_across_x);
    let in_row = select(GROUP_X, GROUP_X + 1u, is_across_x);
    let i = index % in_row;
    let j = index / in_row;
    let behind = (j + 2u) * SEEN_X + i + 2u;
    let before = behind - select(SEEN_X, 1u, is_across_x);
    let column = group.x * GROUP_X + i;
    let row = group.y * GROUP_Y + j;
    let number = select(row, column, is_across_x);
    let is_first = number == 0u;
    let is_last = number == select(shape.rows, shape.columns, is_across_x);
    let flux = flux_between(before, behind, is_across_x, is_first, is_last);
    var through = vec2<f32>(flux.water, flux.along);
    if is_first || is_last {
        let along = min(select(column, row, is_across_x), select(shape.columns, shape.rows, is_across_x) - 1u);
        let place = rim_place(is_across_x, is_last, along);
        // A mirror lets exactly nothing through, whatever rounding makes of it.
        through = select(vec2<f32>(0.0, 0.0), through, at_rim(place) != RIM_WALL);
        if at_rim(place) == RIM_GIVEN {
            let cell = velocity[select(before, behind, is_first)];
            through = given_through(place, select(1.0, -1.0, is_first), select(cell.x, cell.y, is_across_x));
        }
    }
    let inverse = select(shape.inverse_dy, shape.inverse_dx, is_across_x);
    return vec4<f32>(through.x * (clock.dt * inverse), flux.left, flux.right, through.y);
}

fn still_or(speed: f32) -> f32 {
    return select(speed, 0.0, abs(speed) < STILL_SPEED);
}

// Velocity after fluxes, weight and friction (xy), and the rate at which the water crosses the cell (z).
fn moved(at: u32, here: u32, left: f32, held_before: f32, sides: array<vec4<f32>, 4>) -> vec3<f32> {
    let dt_dx = clock.dt * shape.inverse_dx;
    let dt_dy = clock.dt * shape.inverse_dy;
    let weight = GRAVITY * carried_depth(here) * surface_slopes(here);
    let x_from_x = (sides[0].z - sides[1].y) - weight.x;
    let y_from_y = (sides[2].z - sides[3].y) - weight.y;
    let change = vec2<f32>(
        dt_dx * x_from_x + dt_dy * (sides[2].w - sides[3].w),
        dt_dy * y_from_y + dt_dx * (sides[0].w - sides[1].w),
    );
    let moves = left >= DRY_DEPTH;
    let held = select(0.0, held_before, moves);
    let inverse = select(0.0, 1.0, moves) / select(1.0, held, moves);
    let momentum = depth[here] * velocity[here] + change;
    let star = vec2<f32>(still_or(momentum.x * inverse), still_or(momentum.y * inverse));
    let slowed = slowing(sqrt(dot(star, star)), root_of_depth(held), clock.dt * friction_at(at));
    let c = sqrt(GRAVITY * held);
    let rate = crossing_speed(star.x * slowed.x, c) * shape.inverse_dx
        + crossing_speed(star.y * slowed.x, c) * shape.inverse_dy;
    return vec3<f32>(star * select(slowed.x, 1.0 - slowed.y, slowed.y < 0.5), rate);
}

// A cell of the group one step on.
fn step_on(group: u32, lane: u32, column: u32, row: u32) -> vec4<f32> {
    let i = lane % GROUP_X;
    let j = lane / GROUP_X;
    let at = place_of(shape.stride, row, column);
    let here = (j + 2u) * SEEN_X + i + 2u;
    let south = FACES_X + j * GROUP_X + i;
    let west = j * (GROUP_X + 1u) + i;
    let sides = array<vec4<f32>, 4>(faces[west], faces[west + 1u], faces[south], faces[south + GROUP_X]);
    let through = array<f32, 4>(sides[0].x, sides[1].x, sides[2].x, sides[3].x);
    let left = settle(group, lane, at, here, through);
    let moving = moved(at, here, left.water.x, left.before, sides);
    new_water[at] = left.water;
    new_velocity[at] = moving.xy;
    if !(is_number(left.water.x) && is_number(moving.z)) {
        atomicMin(&count.broken, at);
    }
    note_records(at, left.water.x, moving.xy);
    note_rim(column, row, through);
    return vec4<f32>(moving.z, select(0.0, 1.0, left.water.x > 0.0), left.lost, left.clipped);
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
        prepare(k, i32(first.x + k % SEEN_X) - 2, i32(first.y + k / SEEN_X) - 2);
    }
    workgroupBarrier();
    for (var face = lane; face < FACES; face += GROUP) {
        faces[face] = flow_through(face, group.xy);
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
