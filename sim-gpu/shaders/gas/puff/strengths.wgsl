// The strength of every puff at the height of every layer.

@group(0) @binding(0) var<storage, read> layers: array<Layer>;
@group(0) @binding(1) var<storage, read> puffs: array<Puff>;
@group(0) @binding(2) var<storage, read_write> strengths: array<f32>;

@compute @workgroup_size(STRENGTHS_GROUP)
fn weigh(@builtin(global_invocation_id) id: vec3<u32>) {
    let layer = layers[id.z];
    if id.x >= layer.puffs {
        return;
    }
    let puff = puffs[layer.first_puff + id.x];
    let size = vec2<f32>(puff.width, puff.depth);
    let heights = vec2<f32>(puff.height, layer.height);
    strengths[layer.strengths + id.x] = strength_of(puff.mass, size, heights, puff.lid);
}
