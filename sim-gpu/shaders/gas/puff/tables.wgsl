// What the host and the kernels of puffs tell each other.

// Constant during a run.
struct Shape {
    // All zeros.
    nothing: vec4<u32>,
}

// A puff; distances on the grid in cells.
struct Puff {
    // The cell whose middle is nearest to its own: column, row.
    cell: vec2<i32>,
    // Its middle beyond that.
    aside: vec2<f32>,
    // Widths in a cell along x and y.
    per_cell: vec2<f32>,
    // Columns and rows that it reaches: the first, and the one after the last.
    columns: vec2<u32>,
    rows: vec2<u32>,
    mass: f32,
    // Horizontal and vertical coefficient, m.
    width: f32,
    depth: f32,
    // Of its middle above ground, m.
    height: f32,
    lid: f32,
    // Fills it up.
    rest: u32,
}

// Receptors at one height in one scenario.
struct Layer {
    height: f32,
    pure_gas: f32,
    // Its steps of this submission.
    first_step: u32,
    steps: u32,
    // Its puffs of this submission, and where their strengths begin.
    first_puff: u32,
    puffs: u32,
    strengths: u32,
    // Where its levels begin.
    marks: u32,
    rows: u32,
    columns: u32,
    // Where its numbers begin in the arrays of concentrations, of loads and of arrivals; NO_ARRIVALS where
    // it keeps none.
    first_cell: u32,
    first_load: u32,
    arrivals: u32,
}

// A time step of one scenario.
struct Step {
    // Its puffs.
    first: u32,
    count: u32,
    // From one on.
    number: u32,
    length: f32,
}

// A level whose arrival is kept.
struct Mark {
    // Concentration, kg/m3; of a load the load from which it is reached, in (c/scale)^n s.
    threshold: f32,
    // One over the concentration in which load is reckoned.
    per_scale: f32,
    exponent: f32,
    // Which load of the layer; NO_LOAD for none.
    load: u32,
}
