// An exponential for bells: sim-core/src/gas/exponential.rs.

// e^x for x up to zero; zero where the result would be no number of normal size.
fn exponential(x: f32) -> f32 {
    return select(0.0, exp(x), x > SMALLEST_SINGLE_ARGUMENT);
}
