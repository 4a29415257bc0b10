// New values of the cells of a workgroup, records and sums: sim-core/src/flood/sweep/cells.rs.

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

// What goes along x or y through a face of the rim whose discharge is given: water, and momentum along it.
fn given_through(place: u32, sign: f32, along: f32) -> vec2<f32> {
    let out = given_at(place);
    return vec2<f32>(sign * out, select(0.0, sign * out * along, out > 0.0));
}

// What a cell adds to the sums of its step, and how two such go together: rate at which water
// crosses it (the largest counts), wet cells, depth lost, depth clipped.
fn together(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
    return vec4<f32>(larger(b.x, a.x), a.yzw + b.yzw);
}

// Depth that inflows bring to a cell.
fn fed(group: u32, lane: u32) -> f32 {
    var sum = 0.0;
    let end = lists[shape.fed_before + group + 1u];
    for (var k = lists[shape.fed_before + group]; k < end; k += 1u) {
        let source = drives[THRESHOLDS + lists[shape.fed + 2u * k + 1u]];
        let depth_now = (source.x + source.y * clock.middle) * clock.dt;
        sum += select(0.0, depth_now, lists[shape.fed + 2u * k] == lane);
    }
    return sum;
}

// Books a depth that left over a face of the rim, or came in.
fn add_outward(place: u32, amount: f32) {
    if at_rim(place) != RIM_WALL {
        let before = outward[place];
        let left = sum_and_rest(before.x, larger(amount, 0.0));
        let came = sum_and_rest(before.z, larger(-amount, 0.0));
        outward[place] = vec4<f32>(left.x, left.y + before.y, came.x, came.y + before.w);
    }
}

fn note_worst(to: u32, rating: f32) {
    if rating > worst[to] {
        worst[to] = rating;
    }
}

// Largest depth with its time, largest speed, thresholds; written only where they change.
fn note_records(at: u32, deep: f32, moving: vec2<f32>) {
    if deep > peaks[at] {
        peaks[at] = deep;
        peaks[shape.cells + at] = clock.now;
    }
    let squared = dot(moving, moving);
    if deep >= SPEED_DEPTH && squared > peaks[2u * shape.cells + at] {
        peaks[2u * shape.cells + at] = squared;
    }
    if deep >= SPEED_DEPTH {
        note_hazards(at, deep, sqrt(squared));
    }
    for (var k = 0u; k < THRESHOLDS; k += 1u) {
        let first = 3u * k * shape.cells + at;
        let since = above[first + shape.cells];
        let is_above = deep > drives[k].x;
        if is_above && since < 0.0 {
            above[first] = min(above[first], clock.now);
            above[first + shape.cells] = clock.now - clock.dt;
        }
        if !is_above && since >= 0.0 {
            above[first + 2u * shape.cells] += (clock.now - clock.dt) - since;
            above[first + shape.cells] = -1.0;
        }
    }
}

fn still_or(speed: f32) -> f32 {
    return select(speed, 0.0, abs(speed) < STILL_SPEED);
}

// Depth before the loss, with its rest, and what had to be added to it.
fn balance(at: u32, sides: array<f32, 4>, arrived: f32) -> vec3<f32> {
    let old = old_water[at];
    let w = sum_and_rest(old.x, sides[0]);
    let e = sum_and_rest(w.x, -sides[1]);
    let s = sum_and_rest(e.x, sides[2]);
    let n = sum_and_rest(s.x, -sides[3]);
    let raw = sum_and_rest(n.x, ((w.y + e.y) + (s.y + n.y)) + (old.y + arrived));
    return select(vec3<f32>(raw, 0.0), vec3<f32>(0.0, 0.0, -(raw.x + raw.y)), raw.x < 0.0);
}

// Depth after the loss, with its rest, and what was lost.
fn after_loss(holds: vec2<f32>) -> vec3<f32> {
    let spared = sum_and_rest(holds.x, -clock.loss);
    let left = sum_and_rest(spared.x, spared.y + holds.y);
    return select(vec3<f32>(0.0, 0.0, holds.x + holds.y), vec3<f32>(left, clock.loss), clock.loss < holds.x);
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
    let falls = rain_at(at) + fed(group, lane);
    let holds = balance(at, through, select(0.0, falls, bed[here] < GROUND_ENDS));
    let left = after_loss(holds.xy);
    let moving = moved(at, here, left.x, holds.x, sides);
    new_water[at] = left.xy;
    new_velocity[at] = moving.xy;
    if !(is_number(left.x) && is_number(moving.z)) {
        atomicMin(&count.broken, at);
    }
    note_records(at, left.x, moving.xy);
    if column == 0u {
        add_outward(rim_place(true, false, row), -through[0]);
    }
    if column + 1u == shape.columns {
        add_outward(rim_place(true, true, row), through[1]);
    }
    if row == 0u {
        add_outward(rim_place(false, false, column), -through[2]);
    }
    if row + 1u == shape.rows {
        add_outward(rim_place(false, true, column), through[3]);
    }
    return vec4<f32>(moving.z, select(0.0, 1.0, left.x > 0.0), left.z, holds.z);
}

fn holds_water(group: u32) -> bool {
    return held[group] == HELD;
}

// True where nothing can happen: no water here nor beside it, none that arrives.
fn is_idle(group: vec2<u32>, groups: vec2<u32>, number: u32) -> bool {
    let is_fed = lists[shape.fed_before + number + 1u] > lists[shape.fed_before + number];
    let beside = (group.x > 0u && holds_water(max(number, 1u) - 1u))
        || (group.x + 1u < groups.x && holds_water(number + 1u))
        || (group.y > 0u && holds_water(max(number, groups.x) - groups.x))
        || (group.y + 1u < groups.y && holds_water(number + groups.x));
    return held[number] == 0u && !beside && !is_fed && !rains_on(number) && !meets_boundary(number);
}

// Books the sums of the group.
fn book(group: u32, sums: vec4<f32>) {
    held_now[group] = select(select(0u, WAS_HELD, holds_water(group)), HELD, sums.y > 0.0);
    atomicMax(&count.wave_bits, bitcast<u32>(sums.x));
    atomicAdd(&count.wet, u32(sums.y));
    if sums.z != 0.0 || sums.w != 0.0 {
        let before = tallies[group];
        let lost = sum_and_rest(before.x, sums.z);
        let clipped = sum_and_rest(before.z, sums.w);
        tallies[group] = vec4<f32>(lost.x, lost.y + before.y, clipped.x, clipped.y + before.w);
    }
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
    for (var k = lane; k < SEEN; k += GROUP) {
        load(k, i32(first.x + k % SEEN_X) - 2, i32(first.y + k / SEEN_X) - 2);
    }
    workgroupBarrier();
    for (var k = lane; k < SEEN; k += GROUP) {
        look_round(k);
    }
    workgroupBarrier();
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
    workgroupBarrier();
    faces[lane] = sums;
    workgroupBarrier();
    if lane < SUMMED {
        sums = faces[lane * (GROUP / SUMMED)];
        for (var k = 1u; k < GROUP / SUMMED; k += 1u) {
            sums = together(sums, faces[lane * (GROUP / SUMMED) + k]);
        }
        faces[lane * (GROUP / SUMMED)] = sums;
    }
    workgroupBarrier();
    if lane == 0u {
        for (var k = 1u; k < SUMMED; k += 1u) {
            sums = together(sums, faces[k * (GROUP / SUMMED)]);
        }
        book(number, sums);
    }
}
