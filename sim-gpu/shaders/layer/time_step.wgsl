// How long a step may be: sim-core/src/layer/time_step.rs.

fn crossing_speed(velocity: f32, c: f32) -> f32 {
    let speed = abs(velocity);
    return speed + larger(c, KINEMATIC_EXCESS * speed);
}
