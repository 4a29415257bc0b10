// The boundaries laid over the ghosts, before a step is chosen and again at its middle:
// sim-core/src/flood/boundary/rim.rs.
//
// One workgroup has the whole rim. Each face is always that of the same invocation, so that only
// sums and extremes go through the memory of the group; they are formed in one order.

struct RimFace {
    // Place of the cell inside, and numbers from there to the ghost.
    cell: u32,
    outward: i32,
    // Place among the faces of the rim.
    place: u32,
    // One where it looks along x or y; one where water crosses along x.
    is_far: u32,
    is_across_x: u32,
    length: f32,
    depth_of_cell: f32,
    manning_n: f32,
    dry_share: f32,
}

struct RimMember {
    kind: u32,
    // First of its faces, and how many.
    first: u32,
    count: u32,
    // First point of its curve, and how many.
    curve: u32,
    points: u32,
    // Fall of the ground outside; less than nothing where there is none.
    slope: f32,
    // What levels of its curve count from, above the datum, with its rest.
    base: vec2<f32>,
}

// What drives a boundary from the start of the interval on: its value with its rest, its growth,
// its value at the end.
struct RimLine {
    first: vec2<f32>,
    growth: f32,
    last: f32,
}

@group(0) @binding(8) var<storage, read_write> bed: array<f32>;
@group(0) @binding(9) var<storage, read_write> given: array<f32>;
@group(0) @binding(10) var<storage, read> rim_faces: array<RimFace>;
@group(0) @binding(11) var<storage, read> rim_members: array<RimMember>;
@group(0) @binding(12) var<storage, read> rim_lines: array<RimLine>;
// Levels, from the lowest on, and discharges.
@group(0) @binding(13) var<storage, read> rim_curves: array<vec2<f32>>;
// Conveyance of each face per metre, then share of the discharge.
@group(0) @binding(14) var<storage, read_write> rim_shares: array<f32>;
// One for each boundary whose level was above its curve.
@group(0) @binding(15) var<storage, read_write> rim_marks: array<u32>;

var<workgroup> rim_sums: array<vec2<f32>, PLAN_GROUP>;
var<workgroup> rim_discharge: f32;
// Rate at which water crosses a ghost, and depth per second that a discharge brings to a cell.
var<workgroup> rim_rates: vec2<f32>;

// The cell as the boundary sees it; a dry one is dry.
fn rim_inside(face: RimFace) -> vec2<f32> {
    let depth = water[face.cell].x;
    let moving = velocity[face.cell];
    let across = select(moving.y, moving.x, face.is_across_x == 1u);
    let outward = select(-across, across, face.is_far == 1u);
    return select(vec2<f32>(0.0, 0.0), vec2<f32>(depth, outward), depth >= DRY_DEPTH);
}

// Sums up what each invocation has; the result is in the first place.
fn add_up(lane: u32, mine: vec2<f32>) {
    workgroupBarrier();
    rim_sums[lane] = mine;
    workgroupBarrier();
    if lane == 0u {
        var sum = rim_sums[0];
        for (var k = 1u; k < PLAN_GROUP; k += 1u) {
            sum += rim_sums[k];
        }
        rim_sums[0] = sum;
    }
    workgroupBarrier();
}

// Gives every face its share by conveyance, or that of a film where all are dry.
fn spread(lane: u32, member: RimMember) {
    var mine = 0.0;
    for (var k = lane; k < member.count; k += PLAN_GROUP) {
        let face = rim_faces[member.first + k];
        let carried = conveyance(rim_inside(face).x, face.manning_n);
        rim_shares[member.first + k] = carried;
        mine += carried * face.length;
    }
    add_up(lane, vec2<f32>(mine, 0.0));
    let total = rim_sums[0].x;
    for (var k = lane; k < member.count; k += PLAN_GROUP) {
        let carried = rim_shares[member.first + k];
        let dry = rim_faces[member.first + k].dry_share;
        rim_shares[member.first + k] = select(dry, carried / select(1.0, total, total > 0.0), total > 0.0);
    }
}

// Discharge at a level above the first point; above the last one the last line goes on.
fn on_curve(member: RimMember, level: f32) -> f32 {
    var k = 1u;
    while k + 1u < member.points && rim_curves[member.curve + k].x <= level {
        k += 1u;
    }
    let before = rim_curves[member.curve + k - 1u];
    let behind = rim_curves[member.curve + k];
    let found = before.y + (level - before.x) / (behind.x - before.x) * (behind.y - before.y);
    return select(0.0, found, level > 0.0);
}

// Discharge over a boundary: that of its series, or of its curve at the mean level of its wet faces.
fn find_discharge(lane: u32, number: u32, member: RimMember, elapsed: f32) {
    var mine = vec2<f32>(0.0, 0.0);
    for (var k = lane; k < member.count; k += PLAN_GROUP) {
        let face = rim_faces[member.first + k];
        let here = water[face.cell];
        let ground = sum_and_rest(bed[face.cell], -member.base.x);
        let level = (ground.x + here.x) + ((ground.y - member.base.y) + here.y);
        let weight = rim_shares[member.first + k] * face.length;
        mine += select(vec2<f32>(0.0, 0.0), vec2<f32>(weight * level, 1.0), here.x >= DRY_DEPTH);
    }
    add_up(lane, mine);
    if lane == 0u {
        let line = rim_lines[number];
        rim_discharge = line.first.x + line.growth * elapsed;
        if member.kind == RIM_RATING {
            let level = select(0.0, rim_sums[0].x, rim_sums[0].y > 0.0);
            rim_discharge = on_curve(member, level);
            if level > rim_curves[member.curve + member.points - 1u].x {
                rim_marks[number] = 1u;
            }
        }
    }
    workgroupBarrier();
}

// Rise of the ground from the cell to its ghost, as far as ground and water agree.
fn rise_of_ground(face: RimFace) -> f32 {
    let first = i32(face.cell);
    let second = first - face.outward;
    let beyond = second - face.outward;
    let third = select(second, beyond, beyond >= 0 && u32(beyond) < shape.cells);
    let z = vec3<f32>(bed[first], bed[second], bed[third]);
    let a = water[first];
    let b = water[second];
    let c = water[third];
    let ground = vec2<f32>(z.y - z.z, z.x - z.y);
    let surface = vec2<f32>(surface_rise(z.z, z.y, c, b), surface_rise(z.y, z.x, b, a));
    let is_flow = z.y < GROUND_ENDS && z.z < GROUND_ENDS && smallest(vec3<f32>(a.x, b.x, c.x)) >= DRY_DEPTH;
    return select(0.0, tilt(ground, surface), is_flow);
}

// Depth under the level of a boundary at a face, with its rest.
fn depth_under(line: RimLine, elapsed: f32, bed_here: f32, bed_ghost: f32) -> vec2<f32> {
    let level = sum_and_rest(line.first.x, line.growth * elapsed);
    let above = sum_and_rest(level.x, -bed_here);
    return sum_and_rest(above.x, (above.y + level.y) + (line.first.y - 0.5 * (bed_ghost - bed_here)));
}

// Writes a ghost; water that comes in brings no velocity along the rim.
fn write_ghost(face: RimFace, ghost: vec2<f32>, rest: f32) {
    let at = u32(i32(face.cell) + face.outward);
    let across = select(-ghost.y, ghost.y, face.is_far == 1u);
    let beside = velocity[face.cell];
    let is_across_x = face.is_across_x == 1u;
    let along = select(select(beside.x, beside.y, is_across_x), 0.0, ghost.y < 0.0);
    water[at] = vec2<f32>(ghost.x, rest);
    velocity[at] = select(vec2<f32>(along, across), vec2<f32>(across, along), is_across_x);
}

// The ghost of one face: depth and velocity, then the rest of the depth.
fn ghost_of(face: RimFace, member: RimMember, line: RimLine, elapsed: f32, flow: f32) -> vec3<f32> {
    let inside = rim_inside(face);
    let bed_here = bed[face.cell];
    let bed_ghost = bed_here + rise_of_ground(face);
    bed[u32(i32(face.cell) + face.outward)] = bed_ghost;
    let under = depth_under(line, elapsed, bed_here, bed_ghost);
    var ghost = inside;
    if member.kind == RIM_SLOPE {
        ghost = slope_ghost(inside, member.slope, face.manning_n);
    }
    if member.kind == RIM_STAGE {
        ghost = stage_ghost(inside, under.x + under.y);
    }
    if member.kind == RIM_DISCHARGE {
        let normal = normal_depth(flow, larger(member.slope, SMALLEST_NORMAL), face.manning_n);
        ghost = discharge_ghost(inside, flow, select(0.0, normal, member.slope > 0.0));
        given[face.place] = -flow;
    }
    if member.kind == RIM_RATING {
        let outflow = smaller(flow, most_that_leaves(inside));
        ghost = rating_ghost(inside, outflow);
        given[face.place] = outflow;
    }
    let is_level = member.kind == RIM_STAGE && ghost.x == under.x;
    let rest = select(0.0, water[face.cell].y, ghost.x == inside.x);
    return vec3<f32>(ghost, select(rest, under.y, is_level));
}

fn fill_member(lane: u32, number: u32, elapsed: f32) -> vec2<f32> {
    let member = rim_members[number];
    let line = rim_lines[number];
    if member.kind == RIM_DISCHARGE || member.kind == RIM_RATING {
        spread(lane, member);
        find_discharge(lane, number, member, elapsed);
    }
    var fastest = vec2<f32>(0.0, 0.0);
    for (var k = lane; k < member.count; k += PLAN_GROUP) {
        let face = rim_faces[member.first + k];
        let share = rim_shares[member.first + k];
        let ghost = ghost_of(face, member, line, elapsed, rim_discharge * share);
        write_ghost(face, ghost.xy, ghost.z);
        let c = sqrt(GRAVITY * ghost.x);
        let rate = crossing_speed(ghost.y, c) / face.depth_of_cell + crossing_speed(0.0, c) / face.length;
        let brought = larger(rim_discharge, line.last) * share / face.depth_of_cell;
        let source = select(0.0, brought, member.kind == RIM_DISCHARGE);
        fastest = vec2<f32>(larger(rate, fastest.x), larger(source, fastest.y));
    }
    return fastest;
}

// Ghosts at a time of the interval, s, and the rates that the step depends on.
fn fill_rim(lane: u32, elapsed: f32) {
    if lane == 0u {
        rim_discharge = 0.0;
    }
    workgroupBarrier();
    var mine = vec2<f32>(0.0, 0.0);
    for (var number = 0u; number < shape.boundaries; number += 1u) {
        let found = fill_member(lane, number, elapsed);
        mine = vec2<f32>(larger(found.x, mine.x), larger(found.y, mine.y));
        workgroupBarrier();
    }
    rim_sums[lane] = mine;
    workgroupBarrier();
    if lane == 0u {
        var most = rim_sums[0];
        for (var k = 1u; k < PLAN_GROUP; k += 1u) {
            most = vec2<f32>(larger(rim_sums[k].x, most.x), larger(rim_sums[k].y, most.y));
        }
        rim_rates = most;
    }
    workgroupBarrier();
}
