// Classes H1 to H6, Australia: sim-core/src/flood/hazard/aidr.rs.

fn aidr_rate(depth: f32, speed: f32) -> f32 {
    var danger = select(0.0, 1.0, depth > 0.0);
    for (var k = 0u; k < 5u; k += 1u) {
        // Largest depth times speed, depth and speed of the class that it leaves.
        var limits = AIDR_LIMITS;
        let most = limits[k];
        let exceeds = depth * speed > most.x || depth > most.y || speed > most.z;
        danger += select(0.0, 1.0, exceeds && depth > 0.0);
    }
    return danger;
}
