// The shape of plumes and puffs across their axis: sim-core/src/gas/plume.rs.

fn bell(ratio: f32) -> f32 {
    return exponential(-0.5 * ratio * ratio);
}

// Sum over the images of a release at heights.x in the ground and in the lid, seen at heights.y;
// decay is 1/(2 depth^2).
fn image_sums(heights: vec2<f32>, lid: f32, decay: f32) -> f32 {
    var sum = 0.0;
    for (var j = -IMAGES; j <= IMAGES; j++) {
        let shift = 2.0 * f32(j) * lid;
        let direct = heights.y - heights.x + shift;
        let mirrored = heights.y + heights.x + shift;
        sum += exponential(-direct * direct * decay) + exponential(-mirrored * mirrored * decay);
    }
    return sum;
}

// The same as a series of cosines. Devices may give their own cosine to no more than three digits, so that
// the first is summed here: that of x is the sine of what is left to a quarter turn, of which seven terms are
// enough. The others follow from it by cos (k + 1)x = 2 cos x cos kx - cos (k - 1)x.
fn cosine_sums(heights: vec2<f32>, lid: f32, decay: f32) -> f32 {
    let slowness = 0.25 * (PI / lid) * (PI / lid);
    let x = PI * (0.5 - heights / lid);
    let s = x * x;
    let first = x * (1.0 + s * (-1.0 / 6.0 + s * (1.0 / 120.0 + s * (-1.0 / 5040.0
        + s * (1.0 / 362880.0 + s * (-1.0 / 39916800.0 + s * (1.0 / 6227020800.0)))))));
    var before = vec2<f32>(1.0, 1.0);
    var waves = first;
    var sum = 0.0;
    for (var k = 1u; k <= COSINES; k++) {
        sum += 2.0 * waves.x * waves.y * exponential(-slowness * f32(k * k) / decay);
        let next = 2.0 * first * waves - before;
        before = waves;
        waves = next;
    }
    return sqrt(PI / decay) / lid * (1.0 + sum);
}

// A lid of NO_LID is none.
fn vertical_factor(depth: f32, release_height: f32, height: f32, lid: f32) -> f32 {
    if lid == NO_LID {
        return bell((height - release_height) / depth) + bell((height + release_height) / depth);
    }
    let heights = vec2<f32>(release_height, height);
    let decay = 0.5 / (depth * depth);
    if depth <= SWITCH * lid {
        return image_sums(heights, lid, decay);
    }
    return cosine_sums(heights, lid, decay);
}

// A plume of some width and depth (size), at heights.y where its axis is at heights.x.
fn concentration_of(rate: f32, wind: f32, size: vec2<f32>, crosswind: f32, heights: vec2<f32>, lid: f32) -> f32 {
    let spread = rate / (2.0 * PI * wind * size.x * size.y);
    return spread * bell(crosswind / size.x) * vertical_factor(size.y, heights.x, heights.y, lid);
}
