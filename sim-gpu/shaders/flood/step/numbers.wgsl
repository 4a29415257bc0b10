// What the host, the plan of a step and its sweep tell each other.

// Constant during a run.
struct Shape {
    rows: u32,
    columns: u32,
    // Numbers from one padded row to the next.
    stride: u32,
    // Length of a padded array.
    cells: u32,
    // Where in the lists things begin: faces of the rim, fed cells by group, fed cells, watched cells,
    // groups that meet a boundary.
    at_rim: u32,
    fed_before: u32,
    fed: u32,
    watched: u32,
    watched_count: u32,
    met: u32,
    // Parts of the rim that are more than walls and open edges.
    boundaries: u32,
    // All zeros.
    nothing: u32,
    // g n2 where it is the same everywhere.
    friction: f32,
    courant: f32,
    dx: f32,
    dy: f32,
    inverse_dx: f32,
    inverse_dy: f32,
}

// Constant until the next sample of a series.
struct Drive {
    // Start and length of the interval, s, each with its rest.
    start: vec2<f32>,
    length: vec2<f32>,
    // Rates at its start and their growth.
    rain: vec2<f32>,
    loss: vec2<f32>,
    // Longest step that the sources allow, s.
    longest: f32,
    // Depth per second that sources within the grid, and a level at the rim that rises, bring.
    source_rate: f32,
    rising_rate: f32,
}

// Where the steps of a submission are.
struct Clock {
    // From the start of the interval, s, with its rest.
    elapsed: vec2<f32>,
    dt: f32,
    // Time at the end of the step, s.
    now: f32,
    // The middle of the step from the start of the interval, s.
    middle: f32,
    // Depth that falls and depth that is lost in the step, m.
    rain: f32,
    loss: f32,
    // One while steps are taken.
    runs: u32,
    // One if the step has not been noted yet.
    is_new: u32,
    // Steps of this submission.
    steps: u32,
    // One if the step became too short.
    is_stuck: u32,
}

// What the cells of a step add up to.
struct Count {
    // Bits of the largest rate at which water crosses a cell: those of positive numbers are in their order.
    wave_bits: atomic<u32>,
    wet: atomic<u32>,
    // First place in the padded arrays where a number is none.
    broken: atomic<u32>,
}

fn place_of(shape_stride: u32, row: u32, column: u32) -> u32 {
    return (row + 1u) * shape_stride + column + 1u;
}

// True for numbers; by their bits, as compilers may take for granted that all are.
fn is_number(x: f32) -> bool {
    return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}
