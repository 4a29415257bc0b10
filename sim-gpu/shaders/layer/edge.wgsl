// The edges of the grid: sim-core/src/layer/edge.rs.

// Outward velocity of the ghost beside a cell: on an open edge, or a wall.
fn ghost_velocity(is_open: bool, outward: f32) -> f32 {
    return select(-outward, abs(outward), is_open);
}
