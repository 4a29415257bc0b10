// What a sweep reads and writes, and the memory of a workgroup: GROUP_X by GROUP_Y cells.

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> clock: Clock;
@group(0) @binding(2) var<storage, read_write> count: Count;
@group(0) @binding(3) var<storage, read> bed_of: array<f32>;
@group(0) @binding(4) var<storage, read> friction_of: array<f32>;
@group(0) @binding(5) var<storage, read> rain_rates: array<f32>;
// Depth with its rest, and velocity, before and after the step.
@group(0) @binding(6) var<storage, read> old_water: array<vec2<f32>>;
@group(0) @binding(7) var<storage, read> old_velocity: array<vec2<f32>>;
@group(0) @binding(8) var<storage, read_write> new_water: array<vec2<f32>>;
@group(0) @binding(9) var<storage, read_write> new_velocity: array<vec2<f32>>;
// Largest depth, its time, square of the largest speed: one array after the other.
@group(0) @binding(10) var<storage, read_write> peaks: array<f32>;
// For each threshold: first time above, time since when or less than zero, sum of the times before.
@group(0) @binding(11) var<storage, read_write> above: array<f32>;
// Depths lost and clipped in each workgroup, with their rests.
@group(0) @binding(12) var<storage, read_write> tallies: array<vec4<f32>>;
// Depth that left over each face of the rim and that came in, each with its rest.
@group(0) @binding(13) var<storage, read_write> outward: array<vec4<f32>>;
@group(0) @binding(14) var<storage, read> lists: array<u32>;
// Thresholds, then the rate at the start and its growth of each inflow.
@group(0) @binding(15) var<storage, read> drives: array<vec2<f32>>;

// Of each workgroup, before and after the step: HELD where its cells hold water, WAS_HELD where only
// the array that is written next still does, nothing where both are dry.
@group(0) @binding(16) var<storage, read> held: array<u32>;
@group(0) @binding(17) var<storage, read_write> held_now: array<u32>;
// One for each workgroup on which rain by cell falls.
@group(0) @binding(18) var<storage, read> falls: array<u32>;

// Largest rating by each scheme of hazard, one array after the other.
@group(0) @binding(19) var<storage, read_write> worst: array<f32>;

// Unit discharge out over the faces of the rim where it is given.
@group(0) @binding(20) var<storage, read> given: array<f32>;

const WAS_HELD: u32 = 1u;
const HELD: u32 = 2u;

const SEEN_X: u32 = GROUP_X + 4u;
const SEEN_Y: u32 = GROUP_Y + 4u;
const SEEN: u32 = SEEN_X * SEEN_Y;
const FACES_X: u32 = (GROUP_X + 1u) * GROUP_Y;
const FACES: u32 = FACES_X + GROUP_X * (GROUP_Y + 1u);
const GROUP: u32 = GROUP_X * GROUP_Y;
const SUMMED: u32 = 16u;

// The cells of the group and two more on every side.
var<workgroup> depth: array<f32, SEEN>;
var<workgroup> bed: array<f32, SEEN>;
var<workgroup> velocity: array<vec2<f32>, SEEN>;
// Rise of the water surface from every cell to the next one along x and along y.
var<workgroup> rises: array<vec2<f32>, SEEN>;
// Of every face: depth that goes through, momentum for the left and the right, momentum along it.
// Before that the rests of the depths, and once they are read the sums of the cells.
var<workgroup> faces: array<vec4<f32>, FACES>;

// Places of the faces of a row or column among those of the rim: west, east, south, north.
fn rim_place(is_across_x: bool, is_far: bool, along: u32) -> u32 {
    let side = select(2u * shape.rows, 0u, is_across_x);
    let length = select(shape.columns, shape.rows, is_across_x);
    return side + select(0u, length, is_far) + along;
}

// What a face of the rim is.
fn at_rim(place: u32) -> u32 {
    return lists[shape.at_rim + place] & RIM_KIND;
}

// Velocity along the rim of the ghost beside a cell: water that comes in from a boundary brings none,
// also where that is a wall on a part of a side, which is a mirror.
fn along_rim(place: u32, outward: f32, along: f32) -> f32 {
    return select(along, 0.0, (lists[shape.at_rim + place] & RIM_PIER) != 0u && outward < 0.0);
}

// Rises from a cell of the group to the next ones.
fn look_round(at: u32) {
    let here = vec2<f32>(depth[at], faces[at].x);
    let east = min(at + 1u, SEEN - 1u);
    let north = min(at + SEEN_X, SEEN - 1u);
    rises[at] = vec2<f32>(
        surface_rise(bed[at], bed[east], here, vec2<f32>(depth[east], faces[east].x)),
        surface_rise(bed[at], bed[north], here, vec2<f32>(depth[north], faces[north].x)),
    );
}

// A cell into the memory of the group; beyond the rim its ghost.
fn load(at: u32, column: i32, row: i32) {
    let last = vec2<i32>(i32(shape.columns) - 1, i32(shape.rows) - 1);
    let wanted = vec2<i32>(column, row);
    let cell = clamp(wanted, vec2<i32>(0, 0), last);
    let ghost = clamp(wanted, vec2<i32>(-1, -1), last + vec2<i32>(1, 1));
    let place = place_of(shape.stride, u32(cell.y), u32(cell.x));
    let ghost_place = u32(ghost.y + 1) * shape.stride + u32(ghost.x + 1);
    var moving = old_velocity[place];
    var deep = old_water[place];
    if wanted.x != cell.x {
        let sign = select(-1.0, 1.0, wanted.x > 0);
        let face = rim_place(true, wanted.x > 0, u32(cell.y));
        let kind = at_rim(face);
        moving.x = sign * ghost_velocity(kind == RIM_OPEN, sign * moving.x);
        moving.y = along_rim(face, sign * moving.x, moving.y);
        if kind >= RIM_GHOST && wanted.y == cell.y {
            moving = old_velocity[ghost_place];
            deep = old_water[ghost_place];
        }
    }
    if wanted.y != cell.y {
        let sign = select(-1.0, 1.0, wanted.y > 0);
        let face = rim_place(false, wanted.y > 0, u32(cell.x));
        let kind = at_rim(face);
        moving.y = sign * ghost_velocity(kind == RIM_OPEN, sign * moving.y);
        moving.x = along_rim(face, sign * moving.y, moving.x);
        if kind >= RIM_GHOST && wanted.x == cell.x {
            moving = old_velocity[ghost_place];
            deep = old_water[ghost_place];
        }
    }
    depth[at] = deep.x;
    faces[at].x = deep.y;
    bed[at] = bed_of[ghost_place];
    velocity[at] = moving;
}
