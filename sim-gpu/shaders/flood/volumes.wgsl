// Volume in the cells of each workgroup: sim-core/src/flood/volumes.rs.

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> water: array<vec2<f32>>;
@group(0) @binding(2) var<storage, read_write> totals: array<vec2<f32>>;

const GROUP: u32 = GROUP_X * GROUP_Y;
const SUMMED: u32 = 16u;

var<workgroup> parts: array<vec2<f32>, GROUP>;

fn added(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
    let sum = sum_and_rest(a.x, b.x);
    return vec2<f32>(sum.x, sum.y + (a.y + b.y));
}

@compute @workgroup_size(GROUP_X, GROUP_Y)
fn total(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    unknown_bits = shape.nothing;
    let column = group.x * GROUP_X + lane % GROUP_X;
    let row = group.y * GROUP_Y + lane / GROUP_X;
    var sum = vec2<f32>(0.0, 0.0);
    if column < shape.columns && row < shape.rows {
        sum = water[place_of(shape.stride, row, column)];
    }
    parts[lane] = sum;
    workgroupBarrier();
    if lane < SUMMED {
        sum = parts[lane * (GROUP / SUMMED)];
        for (var k = 1u; k < GROUP / SUMMED; k += 1u) {
            sum = added(sum, parts[lane * (GROUP / SUMMED) + k]);
        }
        parts[lane * (GROUP / SUMMED)] = sum;
    }
    workgroupBarrier();
    if lane == 0u {
        for (var k = 1u; k < SUMMED; k += 1u) {
            sum = added(sum, parts[k * (GROUP / SUMMED)]);
        }
        totals[group.y * groups.x + group.x] = sum;
    }
}
