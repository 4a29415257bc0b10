// One workgroup before every sweep: notes the step that was taken and chooses the next one
// (sim-core/src/flood/step/span.rs).

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read_write> clock: Clock;
@group(0) @binding(2) var<storage, read_write> count: Count;
@group(0) @binding(3) var<uniform> drive: Drive;
@group(0) @binding(4) var<storage, read> lists: array<u32>;
@group(0) @binding(5) var<storage, read_write> water: array<vec2<f32>>;
@group(0) @binding(6) var<storage, read_write> velocity: array<vec2<f32>>;
@group(0) @binding(7) var<storage, read_write> notes: array<u32>;

// Writes down the step that was taken: elapsed time with its rest, length, wet cells, then depth
// and velocity of the watched cells.
fn note(lane: u32) {
    let first = (clock.steps - 1u) * (NOTE_HEAD + NOTE_CELL * shape.watched_count);
    if lane == 0u {
        notes[first] = bitcast<u32>(clock.elapsed.x);
        notes[first + 1u] = bitcast<u32>(clock.elapsed.y);
        notes[first + 2u] = bitcast<u32>(clock.dt);
        notes[first + 3u] = atomicLoad(&count.wet);
    }
    for (var k = lane; k < shape.watched_count; k += PLAN_GROUP) {
        let at = lists[shape.watched + k];
        let to = first + NOTE_HEAD + NOTE_CELL * k;
        notes[to] = bitcast<u32>(water[at].x);
        notes[to + 1u] = bitcast<u32>(velocity[at].x);
        notes[to + 2u] = bitcast<u32>(velocity[at].y);
    }
}

// Longest step that the sources allow, with depths per second that the rim brings.
fn longest_for_sources(at_rim: f32) -> f32 {
    let rate = drive.source_rate + at_rim;
    let share = shape.courant / (sqrt(GRAVITY * larger(rate, SMALLEST_NORMAL)) * (shape.inverse_dx + shape.inverse_dy));
    let root = cube_root(share);
    return smaller(drive.longest, select(drive.longest, root * root, at_rim > drive.rising_rate));
}

// The length of the next step and what falls during it.
fn choose() {
    if clock.runs == 0u {
        return;
    }
    let at_rim = rates_at_rim();
    let rate = larger(bitcast<f32>(atomicLoad(&count.wave_bits)), at_rim.x);
    let for_sources = longest_for_sources(at_rim.y);
    let for_waves = select(for_sources, shape.courant / rate, rate > 0.0);
    let longest = smaller(for_waves, for_sources);
    let remaining = (drive.length.x - clock.elapsed.x) + (drive.length.y - clock.elapsed.y);
    let is_broken = atomicLoad(&count.broken) != NOTHING_BROKEN;
    let is_stuck = longest < SHORTEST_STEP;
    if is_broken || is_stuck || remaining <= 0.0 {
        clock.runs = 0u;
        clock.is_stuck = select(0u, 1u, is_stuck);
        return;
    }
    let parts = larger(1.0, ceil(remaining / longest));
    let dt = remaining / parts;
    let begun = clock.elapsed;
    let sum = sum_and_rest(begun.x, dt);
    let elapsed = sum_and_rest(sum.x, sum.y + begun.y);
    clock.elapsed = select(elapsed, drive.length, parts == 1.0);
    clock.dt = dt;
    clock.middle = begun.x + 0.5 * dt;
    clock.rain = (drive.rain.x + drive.rain.y * clock.middle) * dt;
    clock.loss = (drive.loss.x + drive.loss.y * clock.middle) * dt;
    clock.now = drive.start.x + (clock.elapsed.x + (drive.start.y + clock.elapsed.y));
    clock.steps += 1u;
    clock.is_new = 1u;
    atomicStore(&count.wave_bits, 0u);
    atomicStore(&count.wet, 0u);
}

@compute @workgroup_size(PLAN_GROUP)
fn plan(@builtin(local_invocation_index) lane: u32) {
    unknown_bits = shape.nothing;
    if clock.is_new == 1u {
        note(lane);
    }
    storageBarrier();
    fill_rim(lane, clock.elapsed.x);
    if lane == 0u {
        clock.is_new = 0u;
        choose();
    }
    storageBarrier();
    fill_rim(lane, clock.middle);
}

// After the last sweep of a submission.
@compute @workgroup_size(PLAN_GROUP)
fn close(@builtin(local_invocation_index) lane: u32) {
    if clock.is_new == 1u {
        note(lane);
    }
    storageBarrier();
    if lane == 0u {
        clock.is_new = 0u;
    }
}
