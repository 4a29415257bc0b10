// The SCS curve number: sim-core/src/flood/infiltration/curve_number.rs.

// What is kept back of a rain more than of the rain before it, from their difference.
fn curve_capacity(initial: f32, retention: f32, before: f32, rain: f32) -> f32 {
    let whole = smaller(rain, larger(initial - before, 0.0));
    let beyond = larger(before - initial, 0.0);
    let more = rain - whole;
    let share = (retention / larger(beyond + retention, SMALLEST_NORMAL))
        * (retention / larger(beyond + more + retention, SMALLEST_NORMAL));
    return whole + more * share;
}
