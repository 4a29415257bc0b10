// A depth first, then one rate: sim-core/src/flood/infiltration/initial_continuing.rs.

fn initial_capacity(left: f32, afterwards: f32) -> f32 {
    return select(afterwards, left, left > 0.0);
}
