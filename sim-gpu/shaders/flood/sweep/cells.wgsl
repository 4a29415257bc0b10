// What every scheme does with the cells of a workgroup, records and sums:
// sim-core/src/flood/sweep/cells.rs.

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
fn after_loss(holds: vec2<f32>, wanted: f32) -> vec3<f32> {
    let spared = sum_and_rest(holds.x, -wanted);
    let left = sum_and_rest(spared.x, spared.y + holds.y);
    return select(vec3<f32>(0.0, 0.0, holds.x + holds.y), vec3<f32>(left, wanted), wanted < holds.x);
}

// Water that a step leaves in a cell, depth with its rest; what was lost, held before the loss, and clipped.
struct Left {
    water: vec2<f32>,
    lost: f32,
    before: f32,
    clipped: f32,
}

// Water of a cell after what came through its sides, rain, inflows, losses and soil.
fn settle(group: u32, lane: u32, at: u32, here: u32, through: array<f32, 4>) -> Left {
    let falls = rain_at(at) + fed(group, lane);
    let holds = balance(at, through, select(0.0, falls, bed[here] < GROUND_ENDS));
    let capacity = soil_capacity(at, rain_at(at));
    let left = after_loss(holds.xy, clock.loss + capacity);
    soak(at, rain_at(at), capacity, left.z);
    return Left(left.xy, left.z, holds.x, holds.z);
}

// Loads the cells that a group sees, and looks from each at those beside it.
fn see(first: vec2<u32>, lane: u32) {
    for (var k = lane; k < SEEN; k += GROUP) {
        load(k, i32(first.x + k % SEEN_X) - 2, i32(first.y + k / SEEN_X) - 2);
    }
    workgroupBarrier();
    for (var k = lane; k < SEEN; k += GROUP) {
        look_round(k);
    }
    workgroupBarrier();
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

// Books what went over the rim at a cell; depths through its west, east, south and north.
fn note_rim(column: u32, row: u32, through: array<f32, 4>) {
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
}

// Sums of the cells of a group, one by each invocation, in one order; the first one books them.
fn add_up(group: u32, lane: u32, mine: vec4<f32>) {
    var sums = mine;
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
        book(group, sums);
    }
    add_up_soaked(group, lane);
}
