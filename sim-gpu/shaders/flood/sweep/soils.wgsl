// What the ground of a cell takes and remembers: sim-core/src/flood/sweep/soil_row.rs.

// The store of every cell, with its rest.
@group(0) @binding(23) var<storage, read_write> soil_store: array<vec2<f32>>;
// Class of every cell, four to a word.
@group(0) @binding(24) var<storage, read> soil_class: array<u32>;
// Law and three numbers of every class.
@group(0) @binding(25) var<storage, read> soils: array<vec4<f32>>;
// Depth that the ground took in each workgroup, with its rest.
@group(0) @binding(26) var<storage, read_write> soaked: array<vec2<f32>>;

// What the ground took of this cell in the step.
var<private> soaked_here: f32 = 0.0;

fn soil_of(at: u32) -> vec4<f32> {
    return soils[(soil_class[at / 4u] >> (8u * (at % 4u))) & 255u];
}

// Depth that the ground can take in the step, as rain falls on it.
fn soil_capacity(at: u32, rain: f32) -> f32 {
    let soil = soil_of(at);
    let law = bitcast<u32>(soil.x);
    let store = soil_store[at];
    var capacity = soil.y * clock.dt;
    if law == SOIL_INITIAL_CONTINUING {
        capacity = initial_capacity((soil.y - store.x) - store.y, soil.z * clock.dt);
    }
    if law == SOIL_HORTON {
        capacity = horton_capacity(soil.yzw, (1.0 - store.x) - store.y, clock.dt);
    }
    if law == SOIL_GREEN_AMPT {
        capacity = green_ampt_capacity(soil.y * clock.dt, soil.z, store.x + store.y);
    }
    if law == SOIL_CURVE_NUMBER {
        capacity = curve_capacity(soil.y, soil.z, store.x + store.y, rain);
    }
    return capacity;
}

// Notes what the ground took: it drinks first, other losses take the rest.
fn soak(at: u32, rain: f32, capacity: f32, lost: f32) {
    let taken = smaller(lost, capacity);
    let soil = soil_of(at);
    let law = bitcast<u32>(soil.x);
    let store = soil_store[at];
    var gain = taken;
    if law == SOIL_HORTON {
        gain = horton_gain(soil.yzw, (1.0 - store.x) - store.y, clock.dt, taken, capacity);
    }
    if law == SOIL_CURVE_NUMBER {
        gain = rain;
    }
    let sum = sum_and_rest(store.x, gain);
    soil_store[at] = vec2<f32>(sum.x, sum.y + store.y);
    soaked_here = taken;
}

// Books what the ground of a group took; the sums of the step have been booked before.
fn add_up_soaked(group: u32, lane: u32) {
    workgroupBarrier();
    faces[lane] = vec4<f32>(soaked_here, 0.0, 0.0, 0.0);
    workgroupBarrier();
    if lane == 0u {
        let before = soaked[group];
        var sum = before;
        for (var k = 0u; k < GROUP; k += 1u) {
            let next = sum_and_rest(sum.x, faces[k].x);
            sum = vec2<f32>(next.x, next.y + sum.y);
        }
        soaked[group] = sum;
    }
}
