// What receptors remember of the puffs that pass: sim-core/src/gas/puff/record.rs.
//
// A workgroup has a tile of TILE times TILE receptors of one layer, an invocation STRIP of them one above
// the other. Step by step it picks the puffs that reach the tile, and takes PICKED of them at a time: a puff is
// the product of a profile along the columns and one along the rows, which are laid into the memory of
// the workgroup, so that a receptor costs a multiplication and an addition. Puffs are added in their order.

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> layers: array<Layer>;
@group(0) @binding(2) var<storage, read> puffs: array<Puff>;
@group(0) @binding(3) var<storage, read> strengths: array<f32>;
@group(0) @binding(4) var<storage, read> steps: array<Step>;
@group(0) @binding(5) var<storage, read> marks: array<Mark>;
// Largest concentration of each layer, and the number of the step in which it was (zero for none).
@group(0) @binding(6) var<storage, read_write> largest: array<f32>;
@group(0) @binding(7) var<storage, read_write> step_of_largest: array<u32>;
// Number of the step in which each level came; zero for none.
@group(0) @binding(8) var<storage, read_write> arrivals: array<u32>;
// Load of each level of a load in each layer, with what rounding took.
@group(0) @binding(9) var<storage, read_write> loads: array<vec2<f32>>;

// One bit for each puff that reaches the tile.
var<workgroup> reaching: array<atomic<u32>, GROUP / 32u>;
var<workgroup> found: u32;
// These puffs in their order.
var<workgroup> picked: array<u32, GROUP>;
var<workgroup> column_profile: array<f32, PICKED * TILE>;
var<workgroup> row_profile: array<vec4<f32>, PICKED * TILE / STRIP>;

// A bell at a column or row; nothing beyond those that the puff reaches.
fn side(at: u32, cell: i32, aside: f32, per_cell: f32, reached: vec2<u32>) -> f32 {
    let is_near = at >= reached.x && at < reached.y;
    return select(0.0, bell((f32(i32(at) - cell) - aside) * per_cell), is_near);
}

fn reaches(puff: Puff, corner: vec2<u32>) -> bool {
    let end = corner + TILE;
    return puff.columns.x < end.x && puff.columns.y > corner.x && puff.rows.x < end.y && puff.rows.y > corner.y;
}

// How many of the puffs before that of a lane reach the tile.
fn place_of(lane: u32) -> u32 {
    var before = 0u;
    for (var word = 0u; word < lane / 32u; word++) {
        before += countOneBits(atomicLoad(&reaching[word]));
    }
    let lower = (1u << (lane % 32u)) - 1u;
    return before + countOneBits(atomicLoad(&reaching[lane / 32u]) & lower);
}

// Picks those of up to GROUP puffs that reach the tile, and tells how many.
fn pick(first: u32, count: u32, corner: vec2<u32>, lane: u32) -> u32 {
    if lane < GROUP / 32u {
        atomicStore(&reaching[lane], 0u);
    }
    workgroupBarrier();
    var is_picked = false;
    if lane < count {
        is_picked = reaches(puffs[first + lane], corner);
    }
    if is_picked {
        atomicOr(&reaching[lane / 32u], 1u << (lane % 32u));
    }
    workgroupBarrier();
    if is_picked {
        picked[place_of(lane)] = first + lane;
    }
    if lane == GROUP - 1u {
        found = place_of(lane) + select(0u, 1u, is_picked);
    }
    return workgroupUniformLoad(&found);
}

// Lays the profiles of some of the picked puffs into the memory of the workgroup.
fn lay(layer: Layer, first: u32, count: u32, corner: vec2<u32>, lane: u32) {
    for (var slot = lane / TILE; slot < count; slot += GROUP / TILE) {
        let at = picked[first + slot];
        let puff = puffs[at];
        let profile = side(corner.x + lane % TILE, puff.cell.x, puff.aside.x, puff.per_cell.x, puff.columns);
        column_profile[slot * TILE + lane % TILE] =
            strengths[layer.strengths + at - layer.first_puff] * profile;
    }
    let strips = TILE / STRIP;
    for (var slot = lane / strips; slot < count; slot += GROUP / strips) {
        let puff = puffs[picked[first + slot]];
        let row = corner.y + STRIP * (lane % strips);
        var rows = vec4<f32>(0.0);
        for (var k = 0u; k < STRIP; k++) {
            rows[k] = side(row + k, puff.cell.y, puff.aside.y, puff.per_cell.y, puff.rows);
        }
        row_profile[slot * strips + lane % strips] = rows;
    }
}

// Concentrations of a lane's receptors in a step.
fn concentrations(layer: Layer, step: Step, corner: vec2<u32>, lane: u32) -> vec4<f32> {
    var sums = vec4<f32>(0.0);
    let column = lane % TILE;
    let strip = lane / TILE;
    for (var begun = 0u; begun < step.count; begun += GROUP) {
        let all = pick(step.first + begun, min(step.count - begun, GROUP), corner, lane);
        for (var first = 0u; first < all; first += PICKED) {
            let count = min(all - first, PICKED);
            lay(layer, first, count, corner, lane);
            workgroupBarrier();
            for (var slot = 0u; slot < count; slot++) {
                sums += column_profile[slot * TILE + column] * row_profile[slot * (TILE / STRIP) + strip];
            }
            workgroupBarrier();
        }
    }
    return min(sums, vec4<f32>(layer.pure_gas));
}

// Notes that a level has come, unless it had before.
fn arrive(layer: Layer, level: u32, cell: u32, number: u32) {
    if layer.arrivals != NO_ARRIVALS {
        let at = layer.arrivals + level * layer.rows * layer.columns + cell;
        if arrivals[at] == 0u {
            arrivals[at] = number;
        }
    }
}

// Takes the concentration of a receptor into its levels.
fn note(layer: Layer, step: Step, cell: u32, value: f32) {
    for (var level = 0u; level < LEVELS; level++) {
        let mark = marks[layer.marks + level];
        if mark.load == NO_LOAD {
            if value >= mark.threshold {
                arrive(layer, level, cell, step.number);
            }
        } else if value > 0.0 {
            let at = layer.first_load + mark.load * layer.rows * layer.columns + cell;
            let before = loads[at];
            let gained = pow(value * mark.per_scale, mark.exponent) * step.length;
            let sum = sum_and_rest(before.x, gained + before.y);
            loads[at] = sum;
            if sum.x >= mark.threshold {
                arrive(layer, level, cell, step.number);
            }
        }
    }
}

@compute @workgroup_size(GROUP)
fn record(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    unknown_bits = shape.nothing.x;
    let layer = layers[group.z];
    let corner = group.xy * TILE;
    if corner.x >= layer.columns || corner.y >= layer.rows {
        return;
    }
    let column = corner.x + lane % TILE;
    let row = corner.y + STRIP * (lane / TILE);
    let at = layer.first_cell + row * layer.columns + column;
    var most = vec4<f32>(0.0);
    var when = vec4<u32>(0u);
    for (var k = 0u; k < STRIP; k++) {
        if column < layer.columns && row + k < layer.rows {
            most[k] = largest[at + k * layer.columns];
            when[k] = step_of_largest[at + k * layer.columns];
        }
    }
    for (var i = 0u; i < layer.steps; i++) {
        let step = steps[layer.first_step + i];
        var values = concentrations(layer, step, corner, lane);
        when = select(when, vec4<u32>(step.number), values > most);
        most = max(most, values);
        for (var k = 0u; k < STRIP; k++) {
            if column < layer.columns && row + k < layer.rows && values[k] > 0.0 {
                note(layer, step, (row + k) * layer.columns + column, values[k]);
            }
        }
    }
    for (var k = 0u; k < STRIP; k++) {
        if column < layer.columns && row + k < layer.rows {
            largest[at + k * layer.columns] = most[k];
            step_of_largest[at + k * layer.columns] = when[k];
        }
    }
}
